"""The records of a file as another program sees them: an independent count, and the cells as they came."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sqlite3
import struct
import tempfile
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pyarrow.parquet as pq
import pyogrio


def raw_rows(file: Path) -> list[dict[str, Any]]:
    """Every record of a file with its cells, without hazardgeo."""
    suffix = file.suffix
    if suffix == ".zip":
        with tempfile.TemporaryDirectory() as folder:
            zipfile.ZipFile(file).extractall(folder)
            return _shapefile(next(Path(folder).rglob("*.shp")))
    readers = {
        ".csv": csv_rows, ".geojson": _geojson, ".gpkg": _geopackage, ".kml": _kml, ".kmz": _kml, ".gpx": _gpx,
        ".xlsx": _workbook, ".parquet": _parquet, ".shp": _shapefile, ".fgb": _gdal, ".gdb": _gdal,
    }  # fmt: skip
    return readers[suffix](file)


def csv_rows(file: Path) -> list[dict[str, Any]]:
    """The rows of a CSV by the standard library; blank lines are none."""
    limit = csv.field_size_limit(2**31 - 1)
    try:
        # As bytes give it: to take lines apart oneself would make rows of form feeds.
        header, *rows = csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""))
    finally:
        csv.field_size_limit(limit)
    return [dict(zip(header, row, strict=False)) for row in rows if row]


def _geojson(file: Path) -> list[dict[str, Any]]:
    features = json.loads(file.read_text("utf-8-sig"))["features"]
    # What is no feature is shown as the text that stands there.
    return [dict(one["properties"]) if one else {"text": json.dumps(one)} for one in features]


def _geopackage(file: Path) -> list[dict[str, Any]]:
    with contextlib.closing(sqlite3.connect(file)) as database:
        ((layer, shape),) = database.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        database.text_factory = lambda text: text.decode("utf-8", "backslashreplace")
        cursor = database.execute(f'SELECT * FROM "{layer}"')  # noqa: S608  (our own file)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
    return [{k: v for k, v in row.items() if k not in (shape, "fid")} for row in rows]


def _elements(file: Path, tag: str) -> list[ElementTree.Element]:
    content = zipfile.ZipFile(file).read("doc.kml") if file.suffix == ".kmz" else file.read_bytes()
    return [one for one in ElementTree.fromstring(content).iter() if one.tag.rpartition("}")[2] == tag]  # noqa: S314


def _kml(file: Path) -> list[dict[str, Any]]:
    return [
        {data.get("name", ""): data.findtext("{*}value") for data in placemark.iter() if data.tag.endswith("}Data")}
        for placemark in _elements(file, "Placemark")
    ]


def _gpx(file: Path) -> list[dict[str, Any]]:
    return [{"name": one.findtext("{*}name")} for one in _elements(file, "wpt")]


def _workbook(file: Path) -> list[dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows if any(cell is not None for cell in row)]


def _parquet(file: Path) -> list[dict[str, Any]]:
    table = pq.ParquetFile(file).read()
    return [{k: v for k, v in row.items() if k != "geometry"} for row in table.to_pylist()]


def _shapefile(file: Path) -> list[dict[str, Any]]:
    """Rows of the .dbf by its header, the deleted ones too, and as many as there are records in the .shp at least."""
    content, shapes = file.with_suffix(".dbf").read_bytes(), file.read_bytes()
    count, first, width = struct.unpack_from("<IHH", content, 4)
    fields = [content[at : at + 32] for at in range(32, first - 1, 32)]
    columns = [(one[:11].split(b"\0")[0].decode(), one[16]) for one in fields]
    rows = []
    for n in range(count):
        at, row = first + n * width + 1, {}
        for name, length in columns:
            row[name], at = content[at : at + length].decode("utf-8", "replace").strip(" \0") or None, at + length
        rows.append(row)
    at = number = 0
    at = 100
    while at + 8 <= len(shapes):
        number, words = struct.unpack_from(">ii", shapes, at)
        at += 8 + 2 * words
    return rows + [dict.fromkeys(dict(columns))] * (number - len(rows))


def _gdal(file: Path) -> list[dict[str, Any]]:
    table = pyogrio.read_dataframe(file, read_geometry=False)
    return [dict(row) for row in table.astype(object).to_dict("records")]
