"""What a shape in well-known binary is made of, seen before it is given to the parser.

The parser calls itself for each shape within a shape; some hundred thousand of them, one in another, end the process. So
only plain shapes, and one level of plain shapes of one kind, are given to it.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hazardgeo.registers._formats._layer import RawFault, plain_reason, unreadable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POINT, _LINE, _POLYGON = 1, 2, 3
_SINGLE_OF = {4: _POINT, 5: _LINE, 6: _POLYGON}
_PLAIN = {bytes([1, kind, 0, 0, 0]) for kind in (_POINT, _LINE, _POLYGON)}
"""How a plain shape begins in the byte order of nearly all files; it needs no closer look."""


def read_wkb(wkb: NDArray[np.object_]) -> tuple[NDArray[np.object_], list[RawFault]]:
    """Read many shapes; one that cannot be read costs only itself.

    Parameters
    ----------
    wkb : ndarray of bytes or None

    Returns
    -------
    ndarray of shapely geometries
        None where there is none, or none that can be read.
    list of RawFault
    """
    faults: list[RawFault] = []
    wkb = wkb.copy()
    for i, data in enumerate(wkb):
        if data is not None and data[:5] not in _PLAIN and (why := refuse_wkb(data)):
            faults.append(unreadable(i, why))
            wkb[i] = None
    shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    unread = np.flatnonzero(shapely.is_missing(shapes) & (wkb != None)).tolist()  # noqa: E711  (element by element)
    faults += [unreadable(at, f"has a geometry that cannot be read ({_reason(wkb[at])})") for at in unread]
    return shapes, faults


def _reason(wkb: bytes) -> str:
    try:
        shapely.from_wkb(wkb)
    except shapely.errors.GEOSException as error:
        return plain_reason(error)
    return "no reason is known"


def refuse_wkb(wkb: bytes) -> str:
    """Say why a shape cannot be read; empty if it can be tried.

    Parameters
    ----------
    wkb : bytes
        In the ISO form or the one with flags.

    Returns
    -------
    str

    Examples
    --------
    >>> import shapely
    >>> refuse_wkb(shapely.box(0, 0, 1, 1).wkb)
    ''
    >>> refuse_wkb(shapely.GeometryCollection([shapely.Point(0, 0)]).wkb)
    'has a collection of geometries, not one shape'
    """
    try:
        kind, _, order, at = _header(wkb, 0)
        if kind in (_POINT, _LINE, _POLYGON):
            return ""
        if kind not in _SINGLE_OF:
            is_curve = 8 <= kind <= 14
            return (
                "is a curve; convert it to straight edges"
                if is_curve
                else "has a collection of geometries, not one shape"
            )
        (members,) = struct.unpack_from(f"{order}I", wkb, at)
        at += 4
        for _ in range(members):
            member, dimensions, its_order, at = _header(wkb, at)
            if member != _SINGLE_OF[kind]:
                return "has a collection of geometries, not one shape"
            at = _end(wkb, at, member, dimensions, its_order)
    except struct.error:
        return "has a geometry that is cut short"
    return ""


def _header(wkb: bytes, at: int) -> tuple[int, int, str, int]:
    """Kind, dimensions, byte order, and where the content begins."""
    (first,) = struct.unpack_from("B", wkb, at)
    order = "<" if first else ">"
    (code,) = struct.unpack_from(f"{order}I", wkb, at + 1)
    plain = code & 0x1FFFFFFF
    with_z, with_m = (
        bool(code & 0x80000000) or plain // 1000 in (1, 3),
        bool(code & 0x40000000) or plain // 1000 in (2, 3),
    )
    return plain % 1000, 2 + with_z + with_m, order, at + 5 + 4 * bool(code & 0x20000000)


def _end(wkb: bytes, at: int, kind: int, dimensions: int, order: str) -> int:
    """Where the content of a plain shape ends."""
    size = 8 * dimensions
    if kind == _POINT:
        return at + size
    if kind == _LINE:
        (points,) = struct.unpack_from(f"{order}I", wkb, at)
        return at + 4 + int(points) * size
    (rings,) = struct.unpack_from(f"{order}I", wkb, at)
    at += 4
    for _ in range(rings):
        (points,) = struct.unpack_from(f"{order}I", wkb, at)
        at += 4 + points * size
    return at
