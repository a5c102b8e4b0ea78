"""Common areas by sums over pairs of edges, compiled by numba. Imported only where it is used."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from hazardgeo.constants import EDGE_M
from hazardgeo.overlay._series import ROOM_DEG

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.overlay._outlines import Outlines

# All in one file: numba compiles anew what has changed in the file of a function, and looks into no other.
_OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy"}
_M_PER_DEGREE = 111_700.0  # of latitude or longitude, at most
_EDGE_M2 = EDGE_M.value**2
# More than the edge of a box bends in a plane, along which is laid what lies beyond the box.
_MARGIN_DEG = 0.01
_AT_ONCE = 32  # pairs
_FEW = 100  # vertices; more are looked through before they are laid


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def look(outlines: Any, hole: Any) -> None:
    """Fill in what `Outlines` tells of the rings and of the polygons."""
    lon, lat, offsets, turn, order, begins, boxes, edge_deg, edge_m, size = outlines
    for k in range(len(begins) - 1):
        west = south = math.inf
        east = north = -math.inf
        wide, high, size[k] = 0.0, 0.0, 0
        for at in range(begins[k], begins[k + 1]):
            ring = order[at]
            first, last = offsets[ring], offsets[ring + 1]
            if first == last:
                continue
            size[k] += last - first
            twice, before_x, before_y = 0.0, lon[first], lat[first]
            for v in range(first, last):
                x, y = lon[v], lat[v]
                west, east, south, north = min(west, x), max(east, x), min(south, y), max(north, y)
                dx, dy = x - before_x, y - before_y
                wide, high = max(wide, abs(dx)), max(high, abs(dy))
                twice += (x - lon[first]) * dy - (y - lat[first]) * dx
                before_x, before_y = x, y
            turn[ring] = 1.0 if (twice > 0) != hole[ring] else -1.0
        boxes[k, 0], boxes[k, 1], boxes[k, 2], boxes[k, 3] = west, south, east, north
        edge_deg[k] = max(wide, high)
        narrow = math.cos(math.radians(max(0.0, south, -north)))
        longest2 = (wide * narrow) ** 2 + high**2
        if longest2 * _M_PER_DEGREE**2 > _EDGE_M2:  # not both steps need be of one edge
            longest2 = 0.0
            for at in range(begins[k], begins[k + 1]):
                for v in range(offsets[order[at]], offsets[order[at] + 1] - 1):
                    longest2 = max(longest2, ((lon[v + 1] - lon[v]) * narrow) ** 2 + (lat[v + 1] - lat[v]) ** 2)
        edge_m[k] = _M_PER_DEGREE * math.sqrt(longest2)


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _gathered(rings: Any, ring: int, centre: Any, count: int, east: Any, north: Any, on: Any) -> int:
    """Put a ring behind the vertices that are there, about a centre, in units of `ROOM_DEG`; `on` is 0 where no edge goes on."""
    lon, lat, offsets, turn = rings[0], rings[1], rings[2], rings[3]
    first, last = offsets[ring], offsets[ring + 1]
    for k in range(last - first):
        east[count + k] = (lon[first + k] - centre[0]) * (1 / ROOM_DEG)
        north[count + k] = (lat[first + k] - centre[1]) * (1 / ROOM_DEG)
        on[count + k] = turn[ring]
    count += last - first
    on[count - 1] = 0.0
    return count


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _boxed(box: Any, begun: int, count: int, east: Any, north: Any, on: Any) -> int:
    """Move to the edge of a box what of a ring lies beyond it, and leave out what is of no use there.

    That is, of vertices beyond the same side that follow each other, all but both ends. The ground in the box stays what it is.
    """
    before = latest = 0
    kept = begun
    for k in range(begun, count):
        x, y = min(max(east[k], box[0]), box[2]), min(max(north[k], box[1]), box[3])
        beyond = 1 * (x <= box[0]) + 2 * (x >= box[2]) + 4 * (y <= box[1]) + 8 * (y >= box[3])
        if before & latest & beyond:
            kept -= 1
        else:
            before = latest
        latest = beyond
        east[kept], north[kept], on[kept] = x, y, on[k]
        kept += 1
    return kept


# A product and a sum may be rounded once.
@numba.njit(fastmath={"contract"}, **_OPTIONS)  # type: ignore[untyped-decorator]
def _laid(east: Any, north: Any, count: int, f: Any, x: Any, y: Any) -> None:
    """Lay places into the plane of which `series_of` gives the factors; so written four are done at a time."""
    for k in range(count):
        s, t = east[k], north[k]
        s2 = s * s
        first = f[0] + t * (f[1] + t * (f[2] + t * (f[3] + t * (f[4] + t * f[5]))))
        third = f[6] + t * (f[7] + t * (f[8] + t * f[9]))
        x[k] = s * (first + s2 * (third + s2 * (f[10] + t * f[11])))
        zeroth = f[12] + t * (f[13] + t * (f[14] + t * (f[15] + t * (f[16] + t * (f[17] + t * f[18])))))
        second = f[19] + t * (f[20] + t * (f[21] + t * (f[22] + t * f[23])))
        y[k] = zeroth + s2 * (second + s2 * (f[24] + t * (f[25] + t * f[26]) + s2 * f[27]))


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _box(x: Any, y: Any, count: int) -> tuple[float, float, float, float]:
    west = south = math.inf
    east = north = -math.inf
    for k in range(count):
        west, east = min(west, x[k]), max(east, x[k])
        south, north = min(south, y[k]), max(north, y[k])
    return west, south, east, north


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _taken(x: Any, y: Any, on: Any, count: int, box: tuple[float, float, float, float], kept: Any) -> int:
    """Edges within the strip of a box, cut to it: west and east end, height above its foot at the west end, slope, sign."""
    west, south, east, _ = box
    taken = 0
    for k in range(count - 1):
        if on[k] == 0.0 or x[k] == x[k + 1]:
            continue
        x0, y0, x1, y1 = x[k], y[k], x[k + 1], y[k + 1]
        # Ground to the left lies below an edge that runs west, above one that runs east; if it is to the right, all signs turn.
        sign = on[k] if x1 < x0 else -on[k]
        if x1 < x0:
            x0, y0, x1, y1 = x1, y1, x0, y0
        if x1 <= west or x0 >= east or max(y0, y1) <= south:
            continue
        slope = (y1 - y0) / (x1 - x0)
        if x0 < west:
            y0 += slope * (west - x0)
            x0 = west
        kept[taken, 0], kept[taken, 1] = x0 - west, min(x1, east) - west
        kept[taken, 2], kept[taken, 3], kept[taken, 4] = y0 - south, slope, sign
        taken += 1
    return taken


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _above_foot(y0: float, y1: float, width: float) -> float:
    """Area under an edge and above the foot."""
    if y0 >= 0.0 and y1 >= 0.0:
        return 0.5 * (y0 + y1) * width
    if y0 <= 0.0 and y1 <= 0.0:
        return 0.0
    high = max(y0, y1)
    return 0.5 * high * width * high / (high - min(y0, y1))


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _under_both(a0: float, a1: float, b0: float, b1: float, width: float) -> Any:
    """Area under the lower of two edges and above the foot, by their heights at either end."""
    if a0 <= b0 and a1 <= b1:
        return _above_foot(a0, a1, width)
    if b0 <= a0 and b1 <= a1:
        return _above_foot(b0, b1, width)
    share = (b0 - a0) / ((b0 - a0) + (a1 - b1))
    middle = a0 + share * (a1 - a0)
    return _above_foot(min(a0, b0), middle, share * width) + _above_foot(middle, min(a1, b1), (1 - share) * width)


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _sum_over_pairs(mine: Any, count_a: int, its: Any, count_b: int) -> float:
    total = 0.0
    for i in range(count_a):
        west_a, east_a, height_a, slope_a = mine[i, 0], mine[i, 1], mine[i, 2], mine[i, 3]
        part = 0.0
        for j in range(count_b):
            west, east = max(west_a, its[j, 0]), min(east_a, its[j, 1])
            if west < east:
                a0, a1 = height_a + slope_a * (west - west_a), height_a + slope_a * (east - west_a)
                from_b, slope_b = its[j, 0], its[j, 3]
                b0, b1 = its[j, 2] + slope_b * (west - from_b), its[j, 2] + slope_b * (east - from_b)
                part += its[j, 4] * _under_both(a0, a1, b0, b1, east - west)
        total += mine[i, 4] * part
    return total


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _ground(x: Any, y: Any, on: Any, count: int) -> float:
    twice = 0.0
    for k in range(count - 1):
        if on[k] != 0.0:
            twice += on[k] * ((x[k] - x[0]) * (y[k + 1] - y[k]) - (y[k] - y[0]) * (x[k + 1] - x[k]))
    return twice / 2


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _in_plane(a: Any, i: int, centre: Any, box: Any, f: Any, east: Any, north: Any, on: Any, x: Any, y: Any) -> int:
    """Lay what of a polygon is within a box into a plane; how many vertices that makes."""
    order, begins, boxes = a[4], a[5], a[6]
    beyond = max(abs(boxes[i, 0] - centre[0]), abs(boxes[i, 2] - centre[0])) > ROOM_DEG
    beyond |= max(abs(boxes[i, 1] - centre[1]), abs(boxes[i, 3] - centre[1])) > ROOM_DEG
    count = 0
    for at in range(begins[i], begins[i + 1]):
        begun, count = count, _gathered(a, order[at], centre, count, east, north, on)
        if beyond or count - begun > _FEW:
            count = _boxed(box, begun, count, east, north, on)
    _laid(east, north, count, f, x, y)
    return count


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _fetched(a: Any, used: Any) -> float:
    """Bring polygons into the cache: one after the other, each would be waited for."""
    lon, offsets, order, begins = a[0], a[2], a[4], a[5]
    touched = 0.0
    for k in used:
        touched += begins[k + 1] + offsets[order[begins[k]]]
    for k in used:
        for v in range(offsets[order[begins[k]]], offsets[order[begins[k + 1] - 1] + 1], 4):
            touched += lon[v]
    return touched


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _shares(a: Any, b: Any, left: Any, right: Any, most: Any, planes: Any, shares: Any) -> float:
    boxes, edge_deg, (plane, centres, factors), (most_a, most_b) = a[6], b[7], planes, most
    east, north, f = np.empty(max(most)), np.empty(max(most)), np.empty(factors.shape[1])
    on_a, x_a, y_a, edges_a = np.empty(most_a), np.empty(most_a), np.empty(most_a), np.empty((most_a, 5))
    on_b, x_b, y_b, edges_b = np.empty(most_b), np.empty(most_b), np.empty(most_b), np.empty((most_b, 5))
    latest, of, count_a, whole, one, touched = -1, -1, 0, 0.0, (0.0, 0.0, 0.0, 0.0), 0.0
    for k in range(len(left)):
        if k % _AT_ONCE == 0:
            touched += _fetched(b, right[k : k + _AT_ONCE])
        i, j = left[k], right[k]
        lon, lat = centres[plane[i], 0], centres[plane[i], 1]
        margin = _MARGIN_DEG + edge_deg[j]
        west, south = (boxes[i, 0] - margin - lon) / ROOM_DEG, (boxes[i, 1] - margin - lat) / ROOM_DEG
        far_east, far_north = (boxes[i, 2] + margin - lon) / ROOM_DEG, (boxes[i, 3] + margin - lat) / ROOM_DEG
        if math.isnan(factors[plane[i], 0]) or min(west, south) < -1 or max(far_east, far_north) > 1:
            shares[k] = math.nan
            continue
        if plane[i] != of:
            of = plane[i]
            f[:] = factors[of]
        if i != latest:
            count_a = _in_plane(a, i, (lon, lat), (-1.0, -1.0, 1.0, 1.0), f, east, north, on_a, x_a, y_a)
            latest, one, whole = i, _box(x_a, y_a, count_a), _ground(x_a, y_a, on_a, count_a)
        count_b = _in_plane(b, j, (lon, lat), (west, south, far_east, far_north), f, east, north, on_b, x_b, y_b)
        other = _box(x_b, y_b, count_b)
        # The foot is that of the box in common: what lies further down is in no common ground, and would only cost digits.
        both = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
        shares[k] = 0.0
        if both[0] < both[2] and both[1] < both[3]:
            some_a = _taken(x_a, y_a, on_a, count_a, both, edges_a)
            some_b = _taken(x_b, y_b, on_b, count_b, both, edges_b)
            shares[k] = abs(_sum_over_pairs(edges_a, some_a, edges_b, some_b)) / whole
    return touched


def common_shares(
    a: Outlines,
    b: Outlines,
    left: NDArray[np.intp],
    right: NDArray[np.intp],
    plane: NDArray[np.intp],
    centres: NDArray[np.float64],
    factors: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Share of each polygon of `a` that its partner of `b` has in common with it.

    Parameters
    ----------
    a, b : Outlines
    left, right : ndarray of int
        Positions of each pair's members.
    plane : ndarray of int
        For each polygon of `a`, the row of `centres`, shape (m, 2), and of `factors`, as `series_of` gives them.

    Returns
    -------
    ndarray of float
        NaN where the polygon of `a` does not lie well within the room of its plane.

    Notes
    -----
    Along a line to the north, ground of one polygon is the sum of the signs of its edges above each place. So
    ground of both is the sum, over an edge of either, of both signs where the place lies below both.
    """
    shares = np.empty(len(left))
    most = int(a.size[left].max(initial=0)), int(b.size[right].max(initial=0))
    _shares(tuple(a), tuple(b), left, right, most, (plane, centres, factors), shares)
    return shares
