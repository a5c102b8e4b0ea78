"""CSV with shapes as well-known text, with or without ``SRID=…;`` before it."""

from __future__ import annotations

import contextlib
import csv
import io
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
        If it is not UTF-8, a quote is not closed, a column name stands twice, or it is not one column that holds shapes.
    """
    header, records, numbers = _table(file)
    geometry = _shape_column(file, header)
    rows: list[dict[str, Any]] = []
    faults: dict[int, str] = {}
    for i, record in enumerate(records):
        if len(record) != len(header):
            faults[i] = f"has {len(record)} cells where the header has {len(header)}"
        padded = [*record, *[""] * (len(header) - len(record))]
        rows.append({name: unescape_cell(cell) for name, cell in zip(header, padded, strict=False)})
    texts = [row.pop(geometry) for row in rows]
    columns = tuple(name for name in header if name != geometry)
    shapes = [_shape(text) for text in texts]
    without_crs = tuple(i for i, text in enumerate(texts) if text.strip() and not _SRID.match(text))
    crs = _crs(file, texts)
    return RawLayer(
        str(file), file.stem, columns, rows, shapes, crs, faults, row_numbers=numbers, without_crs=without_crs
    )


def _shape_column(file: Path, header: list[str]) -> str:
    found = [name for name in header if name.strip().casefold() in GEOMETRY_COLUMNS]
    if not found:
        raise FormatError(
            f"{file}: no column holds shapes. Name it one of {', '.join(GEOMETRY_COLUMNS)} (well-known text)."
        )
    if len(found) > 1:
        raise FormatError(f"{file}: the columns {' and '.join(map(repr, found))} could hold the shapes. Rename one.")
    return found[0]


def _table(file: Path) -> tuple[list[str], list[list[str]], tuple[int, ...]]:
    """Header, records, and the row of each as a spreadsheet counts: blank rows count, line breaks in a cell do not."""
    try:
        rows = list(enumerate(_rows(_text(file)), start=1))
    except csv.Error as error:
        raise FormatError(
            f"{file}: cannot be taken apart as CSV ({error}). Look for a quote that is not closed."
        ) from error
    table = [(number, row) for number, row in rows if row]
    if not table:
        raise FormatError(f"{file}: is empty.")
    header = [unescape_cell(name) for name in table[0][1]]
    if twice := {name for name in header if header.count(name) > 1}:
        raise FormatError(f"{file}: the column {sorted(twice)[0]!r} stands twice. Rename one.")
    return header, [row for _, row in table[1:]], tuple(number for number, _ in table[1:])


def _text(file: Path) -> str:
    content = file.read_bytes()
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        with contextlib.suppress(csv.Error):  # one more letter, so that a row that has just begun counts
            row = len(_rows(before + "?", strict=False))
            raise FormatError(
                f"{file}: is not UTF-8 in row {row} (byte {error.start + 1}). Save it as CSV UTF-8."
            ) from error
        raise FormatError(f"{file}: is not UTF-8 at byte {error.start + 1}. Save it as CSV UTF-8.") from error


def _rows(text: str, *, strict: bool = True) -> list[list[str]]:
    # Shapes are long; the module's limit on a cell is for the whole process, so it is put back.
    limit = csv.field_size_limit(2**31 - 1)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=strict))
    finally:
        csv.field_size_limit(limit)


def _delimiter(text: str) -> str:
    header = text.lstrip("\r\n").partition("\n")[0]
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
        return Shape(None)
    if not _SHAPES.match(text):  # also keeps nested collections, which can crash the parser, away from it
        return Shape(None, f"has a geometry that is no point, line or polygon ({text[:30]!r})")
    try:
        return Shape(shapely.from_wkt(text))
    except shapely.errors.GEOSException as error:
        return Shape(None, f"has a geometry that cannot be read ({error})")
