"""What a format could not hold, cell by cell: what was to be written beside what reads back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.errors import StorageError
from hazardgeo.registers._account import WHOLE_FILE
from hazardgeo.registers._read_back import moves_m, refuse_lost_records, refuse_other_crs
from hazardgeo.registers._table import rows_of, same_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.registers._formats import RawLayer

COLUMNS = ("id", "column", "was", "is", "why")
_SPACES = "Spaces at the end of a text are not kept."


@dataclass(frozen=True)
class Reasons:
    """What a format cannot do, in words."""

    name: str
    """Of a column that has another."""
    text: str
    """Of a text that is cut."""
    sign: str
    """Of a text that reads otherwise."""
    number: str
    added: str
    """Of a column that the format adds."""


@dataclass(frozen=True)
class Written:
    """What was given to a writer."""

    table: pd.DataFrame
    """Every column but the shapes, the id first, under its own name."""
    names: Sequence[str]
    """The names under which the columns were written."""
    geometries: NDArray[Any]
    frame: gpd.GeoDataFrame
    target: Path


def find_losses(written: Written, back: RawLayer, reasons: Reasons) -> pd.DataFrame:
    """List everything that reads back otherwise than it was.

    Parameters
    ----------
    written : Written
    back : RawLayer
    reasons : Reasons

    Returns
    -------
    pandas.DataFrame
        Columns ``id``, ``column``, ``was``, ``is`` and ``why``, a row for each difference.

    Raises
    ------
    StorageError
        If a record, a column or an outline would be lost, or an id changed.
    """
    import pandas as pd

    ids = written.table.iloc[:, 0].tolist()
    refuse_lost_records(ids, back, written.target)
    losses = [
        (WHOLE_FILE, was, was, name, reasons.name)
        for was, name in zip(written.table.columns, written.names, strict=True)
        if was != name
    ]
    if ids:
        if not shapely.is_missing(written.geometries).all():
            refuse_other_crs(written.frame, back, written.target)
        losses += _cells(written, back, reasons)
        losses += _outlines(ids, written, back)
    return pd.DataFrame(losses, columns=list(COLUMNS), dtype=object)


def _cells(written: Written, back: RawLayer, reasons: Reasons) -> Iterator[tuple[Any, ...]]:
    columns: dict[str, Sequence[Any]] = {}
    for was, name in zip(written.table.columns, written.names, strict=True):
        # A reader may know a name that was cut, and give it back whole.
        there = [one for one in (name, was) if one in back.columns]
        if not there:
            raise StorageError(f"{written.target}: the column {was!r} would be lost. Nothing was changed.")
        columns[was] = back.columns[there[0]]
    for name in back.columns:
        if name not in (*written.names, *columns):
            yield WHOLE_FILE, name, None, name, reasons.added
    for i, row in enumerate(rows_of(written.table, written.target)):
        record = next(iter(row.values()))
        for at, (column, value) in enumerate(row.items()):
            again = columns[column][i]
            if same_cell(value, again):
                continue
            if not at:
                raise StorageError(f"{written.target}: the id {value!r} would become {again!r}. Nothing was changed.")
            yield record, column, value, again, _why(value, again, reasons)


def _why(was: Any, again: Any, reasons: Reasons) -> str:
    if not isinstance(was, str):
        return reasons.number
    if was.rstrip(" ") == (again or ""):
        return _SPACES
    return reasons.text if was.startswith(again or "") else reasons.sign


def _outlines(ids: Sequence[Any], written: Written, back: RawLayer) -> Iterator[tuple[Any, ...]]:
    name = written.frame.geometry.name
    moves = moves_m(written.geometries, written.frame, back)
    if (other := np.isnan(moves)).any():
        first = ids[int(np.flatnonzero(other)[0])]
        raise StorageError(f"{written.target}: the outline of {first!r} would be another. Nothing was changed.")
    for i in np.flatnonzero(moves).tolist():
        moved = f"moved by at most {moves[i]:.2g} m"
        yield ids[i], name, "as recorded", moved, "It was written with fewer decimals, to fit a cell."
    for i in np.flatnonzero(shapely.has_z(written.geometries)).tolist():
        yield ids[i], name, "with heights", "without heights", "Heights of the corners are left out."
