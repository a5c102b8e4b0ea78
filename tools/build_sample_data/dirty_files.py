"""The dirty twins of the fictional office in Croatia: GeoJSON, and a Shapefile in an archive."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from .dirty_records import Record

_FIXED_TIME = (2026, 1, 9, 0, 0, 0)
_CP1250 = b"\xc8"  # the language byte of a dBASE header; see hazardgeo's reader of such tables for its source


def geojson_bytes(records: list[Record], columns: list[str]) -> bytes:
    """Write a feature collection, one record a line, columns by our names.

    Parameters
    ----------
    records : list of Record
        With outlines in degrees as `geometry`.
    columns : list of str

    Returns
    -------
    bytes
    """
    features = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {"hazard_id": record.name, **{name: _json(record, name) for name in columns}},
                "geometry": _geometry(record.geometry),
            },
            ensure_ascii=False,
        )
        for record in records
    ]
    head = '{"type": "FeatureCollection", "name": "hrv_register_dirty", "features": [\n'
    return (head + ",\n".join(features) + "\n]}\n").encode()


def _json(record: Record, column: str) -> Any:
    if column in record.written:
        return record.written[column]
    value = record.cells.get(column)
    if value is None or pd.isna(value):
        return None
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else value


def _geometry(geometry: Any) -> Any:
    if geometry is None:
        return None
    if isinstance(geometry, list):
        return {"type": "Polygon", "coordinates": [ring.tolist() for ring in geometry]}
    return shapely.geometry.mapping(geometry)


def shapefile_bytes(records: list[Record], columns: list[str], stem: str) -> bytes:
    """Write a Shapefile into an archive: names cut to ten characters, dates as text, letters of Windows' Central Europe.

    Parameters
    ----------
    records : list of Record
        With outlines in degrees as `geometry`.
    columns : list of str
    stem : str

    Returns
    -------
    bytes
        The archive.
    """
    data: dict[str, Any] = {"release_id": [record.name for record in records]}
    for name in columns:
        cells = [_dbf(record, name) for record in records]
        numbers = all(cell is None or isinstance(cell, (int, float)) for cell in cells)
        data[name[:10]] = pd.array(cells, dtype="Float64") if numbers else cells
        if numbers and all(cell is None or float(cell).is_integer() for cell in cells):
            data[name[:10]] = data[name[:10]].astype("Int64")
    frame = gpd.GeoDataFrame(data, geometry=np.array([r.geometry for r in records], dtype=object), crs=4326)
    with tempfile.TemporaryDirectory() as folder:
        # Said, as the first record may have no geometry to tell it from.
        pyogrio.write_dataframe(frame, Path(folder, f"{stem}.shp"), encoding="CP1250", geometry_type="Polygon")
        return _archive(Path(folder), stem)


def _dbf(record: Record, column: str) -> Any:
    if column in record.written:
        return record.written[column]
    value = record.cells.get(column)
    if value is None or pd.isna(value):
        return None
    return f"{value.day:02}.{value.month:02}.{value.year}" if isinstance(value, pd.Timestamp) else value


def _archive(folder: Path, stem: str) -> bytes:
    target = folder / "archive.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for suffix in (".dbf", ".prj", ".shp", ".shx"):  # no .cpg: such archives seldom have one
            content = (folder / f"{stem}{suffix}").read_bytes()
            if suffix == ".dbf":  # the day of writing is of no interest, and would make every copy another
                content = content[:1] + bytes([126, 1, 9]) + content[4:29] + _CP1250 + content[30:]
            member = zipfile.ZipInfo(f"{stem}{suffix}", _FIXED_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return target.read_bytes()
