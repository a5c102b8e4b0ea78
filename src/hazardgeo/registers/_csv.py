"""CSV with shapes as well-known text, with or without ``SRID=…;`` before it."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

import pyproj
import shapely

from hazardgeo.errors import FormatError
from hazardgeo.registers._layer import RawLayer, Shape
from hazardgeo.storage import unescape_cell

if TYPE_CHECKING:
    from pathlib import Path

GEOMETRY_COLUMNS = ("geometry", "wkt", "geom", "the_geom")
_SRID = re.compile(r"\s*SRID\s*=\s*(\d+)\s*;\s*", re.IGNORECASE)
_SHAPES = re.compile(r"\s*(MULTI)?(POINT|LINESTRING|POLYGON)\b", re.IGNORECASE)


def read_csv(file: Path) -> RawLayer:
    """Read a CSV file with a column of well-known text.

    Parameters
    ----------
    file : pathlib.Path
        UTF-8, separated by commas, semicolons or tabs; the first row names the columns.

    Returns
    -------
    RawLayer

    Raises
    ------
    FormatError
        If it is not UTF-8, a quote is not closed, a column name stands twice, or no column holds shapes.
    """
    header, records = _table(file)
    geometry = next((name for name in header if name.strip().casefold() in GEOMETRY_COLUMNS), None)
    if geometry is None:
        raise FormatError(
            f"{file}: no column holds shapes. Name it one of {', '.join(GEOMETRY_COLUMNS)} (well-known text)."
        )
    rows: list[dict[str, Any]] = []
    faults: dict[int, str] = {}
    for i, record in enumerate(records):
        if len(record) != len(header):
            faults[i] = f"has {len(record)} cells where the header has {len(header)}"
        padded = [*record, *[""] * (len(header) - len(record))]
        rows.append({name: unescape_cell(cell) for name, cell in zip(header, padded, strict=False)})
    texts = [row.pop(geometry) for row in rows]
    columns = tuple(name for name in header if name != geometry)
    crs = _crs(file, texts)
    return RawLayer(str(file), file.stem, columns, rows, [_shape(text) for text in texts], crs, faults, first_row=2)


def _table(file: Path) -> tuple[list[str], list[list[str]]]:
    # Shapes are long; the module's limit on a cell is for the whole process, so it is put back.
    limit = csv.field_size_limit(2**31 - 1)
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            table = [row for row in csv.reader(stream, delimiter=_delimiter(first), strict=True) if row]
    except UnicodeDecodeError as error:
        raise FormatError(f"{file}: is not UTF-8 at byte {error.start}. Save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise FormatError(
            f"{file}: cannot be taken apart as CSV ({error}). Look for a quote that is not closed."
        ) from error
    finally:
        csv.field_size_limit(limit)
    if not table:
        raise FormatError(f"{file}: is empty.")
    if twice := {name for name in table[0] if table[0].count(name) > 1}:
        raise FormatError(f"{file}: the column {sorted(twice)[0]!r} stands twice. Rename one.")
    return table[0], table[1:]


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _crs(file: Path, texts: list[str]) -> pyproj.CRS | None:
    codes = {found[1] for text in texts if (found := _SRID.match(text))}
    if len(codes) > 1:
        raise FormatError(f"{file}: its shapes name several SRIDs ({', '.join(sorted(codes))}). Use one file for each.")
    try:
        return pyproj.CRS.from_epsg(int(codes.pop())) if codes else None
    except pyproj.exceptions.CRSError as error:
        raise FormatError(f"{file}: its SRID is no EPSG code ({error}).") from error


def _shape(text: str) -> Shape:
    text = _SRID.sub("", text, count=1).strip()
    if not text:
        return Shape(None, "has no geometry")
    if not _SHAPES.match(text):  # also keeps nested collections, which can crash the parser, away from it
        return Shape(None, f"has a geometry that is no point, line or polygon ({text[:30]!r})")
    try:
        return Shape(shapely.from_wkt(text))
    except shapely.errors.GEOSException as error:
        return Shape(None, f"has a geometry that cannot be read ({error})")
