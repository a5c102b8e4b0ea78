"""An intake as bytes, from the worker process to its parent: JSON, which cannot run anything."""

from __future__ import annotations

import base64
import datetime
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from hazardgeo.registers._intake import Intake

_TABLES = ("quarantine", "findings")
_PLAIN = ("file", "records_in", "ids", "rows", "crs", "datum_operation")


def to_bytes(taken: Intake) -> bytes:
    """Write an intake as bytes."""
    content = {name: getattr(taken, name) for name in _PLAIN}
    content |= {name: _table(getattr(taken, name)) for name in _TABLES}
    content["frames"] = {kind: _table(frame) for kind, frame in taken.frames.items()}
    return json.dumps(content).encode("ascii")


def from_bytes(content: bytes) -> Intake:
    """Read an intake that `to_bytes` wrote."""
    from hazardgeo.registers._intake import Intake

    said = json.loads(content)
    plain = {name: said[name] for name in _PLAIN}
    plain |= {"ids": tuple(said["ids"]), "rows": {kind: tuple(rows) for kind, rows in said["rows"].items()}}
    tables = {name: _frame(said[name]) for name in _TABLES}
    frames = {kind: _frame(table) for kind, table in said["frames"].items()}
    return Intake(**plain, **tables, frames=frames)


def _table(table: pd.DataFrame) -> dict[str, Any]:
    columns = []
    for name, column in table.items():
        values = column.array
        if str(column.dtype) == "geometry":
            columns.append([name, "geometry", [shape.hex() for shape in shapely.to_wkb(np.asarray(values))]])
        elif column.dtype.kind == "M":
            columns.append(
                [
                    name,
                    str(column.dtype),
                    [None if column.isna().iloc[i] else str(value) for i, value in enumerate(values)],
                ]
            )
        else:
            columns.append([name, str(column.dtype), [_cell(value) for value in values]])
    return {"index": [_cell(key) for key in table.index], "name": table.index.name, "columns": columns}


def _cell(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, datetime.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"time": value.isoformat()}
    return None if str(value) in ("<NA>", "NaT") else str(value)


_BACK: dict[str, Callable[[str], Any]] = {
    "bytes": base64.b64decode,
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
}


def _frame(said: dict[str, Any]) -> Any:
    import geopandas as gpd
    import pandas as pd

    index = pd.Index([_value(key) for key in said["index"]], name=said["name"])
    index = index.astype(object) if said["name"] != "row" else index.astype(int)
    data: dict[str, Any] = {}
    is_geographic = False
    for name, kind, cells in said["columns"]:
        if kind == "geometry":
            is_geographic = True
            data[name] = gpd.GeoSeries(shapely.from_wkb([bytes.fromhex(cell) for cell in cells]), index=index)
        else:
            data[name] = pd.Series([_value(cell) for cell in cells], index=index, dtype=kind)
    frame = pd.DataFrame(data, index=index)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4326") if is_geographic else frame


def _value(cell: Any) -> Any:
    if isinstance(cell, dict):
        ((kind, text),) = cell.items()
        return _BACK[kind](text)
    return cell
