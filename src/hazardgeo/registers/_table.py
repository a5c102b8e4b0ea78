"""What a frame holds beside its shapes, cell by cell as files hold it; what no file can hold is refused by name."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.errors import StorageError, named
from hazardgeo.registers._formats._wkt import GEOMETRY_COLUMNS
from hazardgeo.schema._spelling import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

_MIDNIGHT = "T00:00:00"


def table_of(frame: gpd.GeoDataFrame, target: Path) -> pd.DataFrame:
    """All columns but the shapes, the index first.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
    target : pathlib.Path
        Where it shall be written, for the message and the rules of the format.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    StorageError
        If a column or a value cannot be told apart from another in the file, or cannot stand there.
    """
    import pandas as pd

    if not frame.index.is_unique:
        raise StorageError(
            f"{target}: {named(frame.index[frame.index.duplicated()])} would stand twice. Nothing was written."
        )
    index_name = frame.index.name or "id"
    others = [name for name in frame.columns if name != frame.geometry.name]
    _refuse_names([index_name, *others], target, target.suffix.casefold())
    table = pd.DataFrame(frame[others])
    table.insert(0, index_name, frame.index)
    return table.reset_index(drop=True)


def _refuse_names(names: Sequence[Any], target: Path, suffix: str) -> None:
    if wrong := [name for name in names if not isinstance(name, str)]:
        raise StorageError(f"{target}: the column {wrong[0]!r} has no text for a name. Rename it.")
    seen: dict[str, str] = {}
    for place, name in enumerate(names):
        key = name.casefold() if suffix == ".gpkg" else name
        if key in seen:
            what = "is also the name of the index" if seen[key] == names[0] and place else "stands twice"
            alike = f" (a GeoPackage tells no capital from a small letter: {seen[key]!r})" if seen[key] != name else ""
            raise StorageError(f"{target}: the column {name!r} {what}{alike}. Rename one. Nothing was written.")
        seen[key] = name
        if suffix == ".csv" and name.strip().casefold() in GEOMETRY_COLUMNS:
            raise StorageError(
                f"{target}: the column {name!r} would be taken for the shapes. Rename it. Nothing was written."
            )


def rows_of(table: pd.DataFrame, target: Path) -> list[dict[str, Any]]:
    """The table row by row, each cell None, text, number, true or false."""
    columns = {name: [_plain(value, name, target) for value in table[name]] for name in table.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _plain(value: Any, name: str, target: Path) -> Any:
    import pandas as pd

    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time() and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (datetime.time, datetime.timedelta)):
        return str(value)
    if isinstance(value, float) and math.isinf(value) and target.suffix.casefold() == ".geojson":
        raise StorageError(f"{target}: the column {name!r} holds {value}, which JSON cannot. Nothing was written.")
    if not isinstance(value, (str, int, float)):
        kind = type(value).__name__
        raise StorageError(
            f"{target}: the column {name!r} holds a {kind}, which is no text, number or date. Nothing was written."
        )
    return value


def kind_of(column: pd.Series[Any]) -> str:
    """What a column holds: ``day``, ``whole`` or ``number``, ``truth``, or ``text`` where it is anything else."""
    kind = getattr(column.dtype, "kind", "O")
    if kind == "M" and getattr(column.dt, "tz", None) is None and _all_days(column):
        return "day"
    return {"i": "whole", "u": "whole", "f": "number", "b": "truth"}.get(kind, "text")


def _all_days(column: pd.Series[Any]) -> bool:
    return bool((column.isna() | (column == column.dt.normalize())).all())


def field_of(column: pd.Series[Any], target: Path) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """A column as GDAL and Arrow take it, and where it is empty."""
    mask = column.isna().to_numpy(dtype=bool)
    kind = kind_of(column)
    if kind == "day":
        return column.to_numpy(dtype="datetime64[D]"), mask
    if kind == "whole":
        return column.fillna(0).to_numpy(dtype="int64"), mask
    if kind == "number":
        return column.to_numpy(dtype="float64", na_value=np.nan), mask
    if kind == "truth":
        return column.to_numpy(dtype="bool", na_value=False), mask
    plain = (_plain(value, str(column.name), target) for value in column)
    return np.array([None if value is None else as_written(value) for value in plain], dtype=object), mask


def as_written(value: Any) -> str:
    """A cell as text; a number so that it can be read in one way only.

    Examples
    --------
    >>> as_written(1.5), as_written(1.234), as_written(7)
    ('1.5', '1.2340', '7')
    """
    return number_text(value) if isinstance(value, float) else str(value)


def same_cell(value: Any, again: Any) -> bool:
    """Whether a cell reads back as it was written; files do not tell an empty text from nothing."""
    if value is None or again is None or again == "":
        return value in (None, "") and again in (None, "")
    if isinstance(value, (int, float)):
        return bool(value == _number(again))
    if isinstance(again, datetime.date):
        again = again.isoformat()
    # Some formats write a day as its midnight.
    return value in (again, str(again).removesuffix(_MIDNIGHT)) if isinstance(again, str) else False


def _number(again: Any) -> Any:
    """What a text says as a number, whole numbers to the last digit; what is none as it is."""
    if not isinstance(again, str):
        return again
    if again in ("True", "False"):
        return again == "True"
    for read in (int, float):
        try:
            return read(again)
        except ValueError:
            continue
    return again
