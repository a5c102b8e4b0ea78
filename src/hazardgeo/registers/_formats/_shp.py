"""The shapes of a shapefile, record by record, from the bytes.

Layout: Esri, "ESRI Shapefile Technical Description", July 1998.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._layer import RawFault, plain_reason, unreadable
from hazardgeo.registers._formats._rings import polygon_of_rings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

MAGIC = b"\x00\x00\x27\x0a"
_HEADER_BYTES = 100
_ENTRY_BYTES = 8
_NULL, _MULTIPATCH = 0, 31
_POINT, _LINE, _POLYGON, _MULTIPOINT = 1, 3, 5, 8
_KINDS = (_POINT, _LINE, _POLYGON, _MULTIPOINT)
_AGAIN = "Export the register again, or copy all its files."


@dataclass(frozen=True)
class Shp:
    """Shapes by record, None where there is none, and what is to be said about them."""

    shapes: list[BaseGeometry | None]
    faults: list[RawFault]


@dataclass(frozen=True)
class _Slots:
    """Where the content of each record begins and ends; None where that cannot be told."""

    places: list[tuple[int, int] | None]
    whole: bool


def read_shp(file: Path, index: bytes | None) -> Shp:
    """Read the shapes of a shapefile.

    Parameters
    ----------
    file : pathlib.Path
    index : bytes or None
        Content of the file ``.shx`` beside it; used only where the records do not follow one another.

    Returns
    -------
    Shp

    Raises
    ------
    FormatError
        If it is no shapefile.
    """
    content = file.read_bytes()
    if len(content) < _HEADER_BYTES or content[:4] != MAGIC:
        raise FormatError(f"{file}: is named like a shapefile and is none. Copy it from the source again.")
    version, _ = struct.unpack_from("<ii", content, 28)
    if version != 1000:
        raise FormatError(f"{file}: is a shapefile of version {version}; 1000 is the only one. Copy it again.")
    slots, faults = _choose(content, index)
    shapes: list[BaseGeometry | None] = []
    for i, place in enumerate(slots.places):
        shape, why = (
            (None, "cannot be found in the .shp file, which is damaged") if place is None else _shape(content, *place)
        )
        shapes.append(shape)
        if why:
            faults.append(unreadable(i, why))
    return Shp(shapes, faults)


def _choose(content: bytes, index: bytes | None) -> tuple[_Slots, list[RawFault]]:
    """The records one after another; by the index where they do not stand so and the index finds more of them."""
    walked = _walk(content)
    listed = _listed(content, index) if index is not None else None
    (declared,) = struct.unpack_from(">i", content, 24)
    faults = []
    if 2 * declared != len(content):
        seen = f"The header of the .shp file says {2 * declared} bytes, and it has {len(content)}."
        faults.append(RawFault(None, "count-differs", seen, _AGAIN))
    if listed is not None and not walked.whole and _found(listed) >= _found(walked):
        return listed, faults
    if not walked.whole:
        seen = f"The .shp file is damaged after {_found(walked)} shapes; what follows cannot be read."
        faults.append(RawFault(None, "count-differs", seen, _AGAIN))
    elif listed is None or listed.places != walked.places:
        seen = (
            "There is no readable .shx file (index) beside it."
            if listed is None
            else "Its .shx file (index) is not its own."
        )
        faults.append(RawFault(None, "index-stale", f"{seen} The shapes were read without it.", "Copy all its files."))
    return walked, faults


def _found(slots: _Slots) -> int:
    return sum(place is not None for place in slots.places)


def _walk(content: bytes) -> _Slots:
    """Go from record to record; each says its number and how long it is."""
    places: list[tuple[int, int] | None] = []
    at, first = _HEADER_BYTES, None
    while at + _ENTRY_BYTES <= len(content):
        number, words = struct.unpack_from(">ii", content, at)
        first = number if first is None and number in (0, 1) else first
        if first is None or number != first + len(places) or words < 2:
            return _Slots(places, whole=False)
        end = at + _ENTRY_BYTES + 2 * words
        places.append((at + _ENTRY_BYTES, end))  # where the file ends before it, the shape says so
        at = end
    return _Slots(places, whole=at == len(content))


def _listed(content: bytes, index: bytes) -> _Slots | None:
    """The records that the index lists; None if it is no index."""
    if len(index) < _HEADER_BYTES or index[:4] != MAGIC:
        return None
    entries = np.frombuffer(index, ">i4", (len(index) - _HEADER_BYTES) // 4, _HEADER_BYTES)
    entries = entries[: len(entries) // 2 * 2].reshape(-1, 2)
    return _Slots([_place(content, i, 2 * int(offset)) for i, (offset, _) in enumerate(entries.tolist())], whole=True)


def _place(content: bytes, i: int, at: int) -> tuple[int, int] | None:
    """Where the content of a record stands, if a record of that number begins there."""
    if not _HEADER_BYTES <= at <= len(content) - _ENTRY_BYTES:
        return None
    number, words = struct.unpack_from(">ii", content, at)
    return (at + _ENTRY_BYTES, at + _ENTRY_BYTES + 2 * words) if number in (i, i + 1) and words >= 2 else None


def _shape(content: bytes, start: int, end: int) -> tuple[BaseGeometry | None, str]:
    """The shape of one record, or why it cannot be read."""
    if end > len(content):
        return None, "is cut off: the .shp file ends in the middle of it"
    try:
        return _read(content[start:end])
    except (struct.error, ValueError, OverflowError, shapely.errors.GEOSException) as error:
        return None, f"has a geometry that cannot be read ({plain_reason(error)})"


def _read(record: bytes) -> tuple[BaseGeometry | None, str]:
    (code,) = struct.unpack_from("<i", record)
    kind, dimensions = code % 10, code // 10
    if code == _NULL:
        return None, ""
    if code == _MULTIPATCH:
        return None, "is a multipatch (a surface in space), not a point, line or polygon"
    if kind not in _KINDS or dimensions not in (0, 1, 2):
        return None, f"is of the type {code}, which no shapefile has"
    if kind == _POINT:
        return shapely.Point(struct.unpack_from("<2d", record, 4)), ""
    if kind == _MULTIPOINT:
        (points,) = struct.unpack_from("<i", record, 36)
        return shapely.MultiPoint(_coordinates(record, 40, points, dimensions)), ""
    parts = list(_parts(record, dimensions))
    if kind == _LINE:
        return shapely.LineString(parts[0]) if len(parts) == 1 else shapely.MultiLineString(parts), ""
    return polygon_of_rings(parts)


def _parts(record: bytes, dimensions: int) -> Iterator[NDArray[np.float64]]:
    count, points = struct.unpack_from("<2i", record, 36)
    if count < 1 or count > points:
        raise ValueError(f"{count} parts of {points} points")
    first = list(struct.unpack_from(f"<{count}i", record, 44))
    if first[0] != 0 or any(a >= b for a, b in zip(first, [*first[1:], points], strict=True)):
        raise ValueError("its parts do not follow one another")
    coordinates = _coordinates(record, 44 + 4 * count, points, dimensions)
    yield from np.split(coordinates, first[1:])


def _coordinates(record: bytes, at: int, points: int, dimensions: int) -> NDArray[np.float64]:
    """Longitudes and latitudes, or x and y; heights and measures stand behind them."""
    heights = 16 + 8 * points if dimensions == 1 else 0
    if points < 1 or at + 16 * points + heights > len(record):
        raise ValueError(f"{points} points do not fit into it")
    return np.frombuffer(record, "<f8", 2 * points, at).reshape(points, 2).astype(float)
