"""An intake as bytes, from the worker process to its parent: JSON and plain shapes, which cannot run anything."""

from __future__ import annotations

import base64
import datetime
import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from hazardgeo.registers._intake import Intake

_TABLES = ("quarantine", "findings", "repairs")
_PLAIN = ("file", "records_in", "ids", "all_rows", "rows", "crs", "datum_operation")
_AS_THEY_ARE = {str, int, float, bool, type(None)}
_GEOMETRY = "geometry"


def to_bytes(taken: Intake) -> bytes:
    """Write an intake as bytes: the length of the JSON, the JSON, and the shapes behind it."""
    shapes: list[bytes] = []
    content = {name: getattr(taken, name) for name in _PLAIN}
    content |= {name: _table(getattr(taken, name), shapes) for name in _TABLES}
    content["frames"] = {kind: _table(frame, shapes) for kind, frame in taken.frames.items()}
    said = json.dumps(content).encode("ascii")
    return b"".join([struct.pack(">Q", len(said)), said, *shapes])


def from_bytes(content: bytes) -> Intake:
    """Read an intake that `to_bytes` wrote."""
    from hazardgeo.registers._intake import Intake

    (length,) = struct.unpack_from(">Q", content)
    said = json.loads(content[8 : 8 + length])
    shapes = memoryview(content)[8 + length :]
    plain = {name: said[name] for name in _PLAIN}
    plain |= {"ids": tuple(said["ids"]), "all_rows": tuple(said["all_rows"])}
    plain |= {"rows": {kind: tuple(rows) for kind, rows in said["rows"].items()}}
    tables = {name: _frame(said[name], shapes) for name in _TABLES}
    frames = {kind: _frame(table, shapes) for kind, table in said["frames"].items()}
    return Intake(**plain, **tables, frames=frames)


def _table(table: pd.DataFrame, shapes: list[bytes]) -> dict[str, Any]:
    columns = [[name, str(column.dtype), *_column(column, shapes)] for name, column in table.items()]
    return {"index": _cells(table.index), "name": table.index.name, "columns": columns}


def _column(column: pd.Series[Any], shapes: list[bytes]) -> tuple[Any, ...]:
    """The cells of a column; of a column of shapes, where they begin among the shapes, and how long each is."""
    if str(column.dtype) == _GEOMETRY:
        start, own = sum(map(len, shapes)), shapely.to_wkb(np.asarray(column.array)).tolist()
        shapes.extend(own)
        return [len(shape) for shape in own], start
    if column.dtype.kind == "M":
        return (column.to_numpy().astype("datetime64[s]").astype(np.int64).tolist(),)
    return (_cells(column),)


def _cells(cells: Any) -> list[Any]:
    values = cells.tolist()
    return values if set(map(type, values)) <= _AS_THEY_ARE else [_cell(value) for value in values]


def _cell(value: Any) -> Any:
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, datetime.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"time": value.isoformat()}
    if type(value) is datetime.timedelta:
        return {"duration": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, dict):
        return {"areas": list(value.items())}
    return None if str(value) in ("<NA>", "NaT") else str(value)


_BACK: dict[str, Callable[[Any], Any]] = {
    "bytes": base64.b64decode,
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "areas": dict,
    "duration": lambda parts: datetime.timedelta(*parts),
}


def _frame(said: dict[str, Any], shapes: memoryview) -> Any:
    import geopandas as gpd
    import pandas as pd

    # Ids are what they are, rows are numbers, also where there is none; findings have no names.
    kind = {"row": int, None: None}.get(said["name"], object)
    index: pd.Index[Any] = pd.Index(_values(said["index"]), name=said["name"], dtype=kind)
    if kind is None:
        index = pd.RangeIndex(len(index))
    data: dict[str, Any] = {}
    for name, kind, cells, *start in said["columns"]:
        if kind == _GEOMETRY:
            data[name] = gpd.GeoSeries(_shapes(shapes, cells, *start), index=index, crs="EPSG:4326")
        elif kind.startswith("datetime64"):
            data[name] = pd.Series(np.array(cells, dtype=np.int64).astype("datetime64[s]"), index=index).astype(kind)
        else:
            data[name] = pd.Series(_values(cells), index=index, dtype=kind)
    frame = pd.DataFrame(data, index=index)
    return gpd.GeoDataFrame(frame, geometry=_GEOMETRY) if _GEOMETRY in data else frame


def _shapes(shapes: memoryview, lengths: list[int], start: int) -> Any:
    ends = (start + np.cumsum(lengths)).tolist()
    wkb = np.array([bytes(shapes[end - length : end]) for end, length in zip(ends, lengths, strict=True)], dtype=object)
    return shapely.from_wkb(wkb)


def _values(cells: list[Any]) -> list[Any]:
    return [_value(cell) for cell in cells] if dict in set(map(type, cells)) else cells


def _value(cell: Any) -> Any:
    if isinstance(cell, dict):
        ((kind, text),) = cell.items()
        return _BACK[kind](text)
    return cell
