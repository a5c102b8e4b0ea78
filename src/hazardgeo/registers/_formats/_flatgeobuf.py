"""FlatGeobuf, read from its bytes.

Through GDAL a text ends at its first NUL and whole numbers beside an empty cell lose digits; here a cell is what stands
there, and one damaged record costs only itself. Layout: header.fbs and feature.fbs of the FlatGeobuf repository.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._flatbuffer import Table
from hazardgeo.registers._formats._layer import (
    RawFault,
    RawLayer,
    columns_of_rows,
    one_layer,
    shape_array,
    text_broken,
    unreadable,
)
from hazardgeo.registers._formats._rings import refuse_open_ring
from hazardgeo.registers._formats._two_names import crs_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyproj
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

MAGIC = b"fgb\x03"
_START = 8
_NODE_BYTES = 40
# Fields of Header, Column, Crs, Feature and Geometry, by their number.
_NAME, _KIND, _COLUMNS, _COUNT, _NODE_SIZE, _CRS = 0, 2, 7, 8, 9, 10
_ENDS, _XY, _ITS_KIND, _PARTS = 0, 1, 6, 7
_POINT, _LINE, _POLYGON, _MULTIPOINT, _MULTILINE, _MULTIPOLYGON = 1, 2, 3, 4, 5, 6
_NUMBERS = {0: "b", 1: "B", 2: "?", 3: "h", 4: "H", 5: "i", 6: "I", 7: "q", 8: "Q", 9: "f", 10: "d"}
_TEXTS, _BINARY = (11, 12, 13), 14
_DAMAGE = (struct.error, ValueError, OverflowError, MemoryError, shapely.errors.GEOSException)
_AGAIN = "Export it again, or copy it from the source again."


@dataclass(frozen=True)
class _Column:
    name: str
    kind: int


class _Text(bytes):
    """The bytes of a text, as they stand in a cell."""


def read_flatgeobuf(file: Path, layer: str | None = None) -> RawLayer:
    """Read a FlatGeobuf file.

    Parameters
    ----------
    file : pathlib.Path
    layer : str, optional
        Its name, if the caller wants to be sure of it.

    Returns
    -------
    RawLayer

    Raises
    ------
    FormatError
        If it is no such file, its header cannot be read, or it holds more or fewer records than it says.
    """
    content = file.read_bytes()
    if content[:4] != MAGIC:
        raise FormatError(f"{file}: is named like a FlatGeobuf file (version 3) and is none. {_AGAIN}")
    try:
        header, first = _header(content)
        columns = _columns(header, _COLUMNS)
        name = one_layer(file, [header.text(_NAME) or file.stem], layer)
        declared = header.number(_COUNT, "Q")
        crs, conflict, unread = _crs(header.table(_CRS))
    except _DAMAGE as error:
        raise FormatError(f"{file}: has a header that cannot be read ({error}). {_AGAIN}") from error
    features = _features(file, content, first, declared)
    names = [column.name for column in columns]
    if twice := sorted({one for one in names if names.count(one) > 1}):
        raise FormatError(f"{file}: the column {twice[0]!r} stands twice. Rename one.")
    rows, shapes, faults = _records(features, columns, header.number(_KIND, "B"))
    faults += [RawFault(None, "crs-conflict", conflict, "Correct the file.")] if conflict else []
    names = list(dict.fromkeys([*names, *(key for row in rows for key in row)]))
    cells = columns_of_rows(rows, names)
    return RawLayer(str(file), name, len(rows), cells, shape_array(shapes), crs, tuple(faults), unread_crs=unread)


def _header(content: bytes) -> tuple[Table, int]:
    """The header, and where the first record begins: after the index, if there is one."""
    (size,) = struct.unpack_from("<I", content, _START)
    begin = _START + 4
    header = Table.root(content[begin : begin + size])
    count, per_node = header.number(_COUNT, "Q"), header.number(_NODE_SIZE, "H", 16)
    nodes = level = count if per_node else 0
    while level > 1 or nodes == level == 1:
        level = -(-level // max(per_node, 2))
        nodes += level
    return header, begin + size + nodes * _NODE_BYTES


def _columns(table: Table, field: int) -> list[_Column]:
    return [_Column(column.text(_NAME), column.number(1, "B")) for column in table.tables(field)]


def _features(file: Path, content: bytes, at: int, declared: int) -> list[bytes]:
    """The records one after another, as many as the header says (0: it does not say)."""
    features = []
    while at + 4 <= len(content):
        (size,) = struct.unpack_from("<I", content, at)
        if size < 4 or at + 4 + size > len(content):
            break
        features.append(content[at + 4 : at + 4 + size])
        at += 4 + size
    if (declared and len(features) != declared) or at != len(content):
        rest = "" if at == len(content) else f", and {max(len(content) - at, 0)} bytes more that are no record"
        counted = f"counts {declared} records" if declared else "does not count its records"
        raise FormatError(f"{file}: its header {counted}, and {len(features)} are in the file{rest}. {_AGAIN}")
    return features


def _records(
    features: list[bytes], columns: list[_Column], kind: int
) -> tuple[list[dict[str, Any]], list[BaseGeometry | None], list[RawFault]]:
    rows: list[dict[str, Any]] = []
    shapes: list[BaseGeometry | None] = []
    faults: list[RawFault] = []
    for i, content in enumerate(features):
        row: dict[str, Any] = {}
        rows.append(row)
        shapes.append(None)
        try:
            feature = Table.root(content)
            # A record may bring its own columns, where the header has none.
            row.update(_cells(feature.vector(1, 1), _columns(feature, 2) or columns))
        except _DAMAGE as error:
            seen = f"Its cells cannot be taken apart ({str(error)[:200]})."
            faults.append(RawFault(i, "row-broken", seen, _AGAIN))
        faults += [text_broken(i)] if _decode(row) else []
        try:
            geometry = Table.root(content).table(0)
            shapes[-1] = None if geometry is None else _shape(geometry, kind)
        except _DAMAGE as error:
            faults.append(unreadable(i, f"has a geometry that cannot be read ({str(error)[:200]})"))
    return rows, shapes, faults


def _cells(content: bytes, columns: list[_Column]) -> Iterator[tuple[str, Any]]:
    """The cells of a record: number of the column, then the value, as long as its kind says."""
    at, seen = 0, set()
    while at < len(content):
        (number,) = struct.unpack_from("<H", content, at)
        if number >= len(columns) or number in seen:
            raise ValueError(f"column {number} of {len(columns)} is not there, or stands twice")
        seen.add(number)
        column, at = columns[number], at + 2
        if form := _NUMBERS.get(column.kind):
            (value,) = struct.unpack_from(f"<{form}", content, at)
            at += struct.calcsize(f"<{form}")
            yield column.name, value
            continue
        if column.kind not in (*_TEXTS, _BINARY):
            raise ValueError(f"the column {column.name!r} is of the kind {column.kind}, which is not known")
        (length,) = struct.unpack_from("<I", content, at)
        value, at = content[at + 4 : at + 4 + length], at + 4 + length
        if at > len(content):
            raise ValueError(f"its {column.name} is cut off")
        yield column.name, _Text(value) if column.kind in _TEXTS else value


def _decode(row: dict[str, Any]) -> bool:
    """Turn the bytes of texts into texts; whether one is not whole."""
    broken = False
    for name, value in row.items():
        if isinstance(value, _Text):
            text = value.decode("utf-8", "backslashreplace")
            broken |= text.encode("utf-8") != value or "\0" in text
            row[name] = text
    return broken


def _shape(geometry: Table, kind: int) -> BaseGeometry | None:
    kind = kind or geometry.number(_ITS_KIND, "B")
    if kind == _MULTIPOLYGON:
        polygons = [_polygon(part) for part in geometry.tables(_PARTS)]
        return shapely.MultiPolygon(polygons) if polygons else None
    if kind not in (_POINT, _LINE, _POLYGON, _MULTIPOINT, _MULTILINE):
        raise ValueError(f"it is of the kind {kind}, not a point, line or polygon")
    points = _points(geometry)
    if not len(points):
        return None
    if kind == _POLYGON:
        return _polygon(geometry)
    if kind == _MULTILINE:
        return shapely.MultiLineString(_split(geometry, points))
    if kind == _POINT and len(points) != 1:
        raise ValueError(f"a point has {len(points)} positions")
    if kind == _POINT:
        return shapely.Point(points[0])
    return shapely.LineString(points) if kind == _LINE else shapely.MultiPoint(points)


def _points(geometry: Table) -> NDArray[np.float64]:
    numbers = np.frombuffer(geometry.vector(_XY, 8), "<f8").astype(float)
    if len(numbers) % 2:
        raise ValueError("a position lacks its second number")
    return numbers.reshape(-1, 2)


def _split(geometry: Table, points: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The points by line or ring; their ends are listed where there are several."""
    ends = np.frombuffer(geometry.vector(_ENDS, 4), "<u4").astype(int)
    if not len(ends):
        return [points]
    if ends[-1] != len(points) or (np.diff(ends, prepend=0) < 1).any():
        raise ValueError("its lines or rings do not follow one another")
    return np.split(points, ends[:-1])


def _polygon(geometry: Table) -> shapely.Polygon:
    rings = _split(geometry, _points(geometry))
    for ring in rings:
        refuse_open_ring(ring)
    return shapely.Polygon(rings[0], rings[1:])


def _crs(table: Table | None) -> tuple[pyproj.CRS | None, str, str]:
    """The CRS, what was seen where the file names two, and how it names one that is not read."""
    if table is None:
        return None, "", ""
    number, text, wkt = table.number(1, "i"), table.text(5), table.text(4)
    code = f"{table.text(0) or 'EPSG'}:{number or text}" if number or text else ""
    return crs_of(code, wkt)
