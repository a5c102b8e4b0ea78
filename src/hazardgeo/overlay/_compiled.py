"""Common areas by sums over pairs of edges, compiled by numba. Imported only where it is used."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy"}


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _box(xy: Any, start: int, stop: int) -> tuple[float, float, float, float]:
    west = south = math.inf
    east = north = -math.inf
    for k in range(start, stop):
        west, east = min(west, xy[k, 0]), max(east, xy[k, 0])
        south, north = min(south, xy[k, 1]), max(north, xy[k, 1])
    return west, south, east, north


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _taken(xy: Any, follows: Any, start: int, stop: int, box: tuple[float, float, float, float], kept: Any) -> int:
    """Edges within the strip of a box, cut to it: west and east end, height above its foot at the west end, slope, sign."""
    west, south, east, _ = box
    count = 0
    for k in range(start, stop):
        if not follows[k] or xy[k, 0] == xy[k + 1, 0]:
            continue
        x0, y0, x1, y1 = xy[k, 0], xy[k, 1], xy[k + 1, 0], xy[k + 1, 1]
        # Ground to the left lies below an edge that runs west, above one that runs east; if it is to the right, all signs turn.
        sign = 1.0 if x1 < x0 else -1.0
        if x1 < x0:
            x0, y0, x1, y1 = x1, y1, x0, y0
        if x1 <= west or x0 >= east or max(y0, y1) <= south:
            continue
        slope = (y1 - y0) / (x1 - x0)
        if x0 < west:
            y0 += slope * (west - x0)
            x0 = west
        kept[count, 0], kept[count, 1] = x0 - west, min(x1, east) - west
        kept[count, 2], kept[count, 3], kept[count, 4] = y0 - south, slope, sign
        count += 1
    return count


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
def _areas(a: Any, on_a: Any, of_a: Any, b: Any, on_b: Any, of_b: Any, left: Any, right: Any, areas: Any) -> None:
    most_a, most_b = 0, 0
    for k in range(len(left)):
        most_a = max(most_a, of_a[left[k] + 1] - of_a[left[k]])
        most_b = max(most_b, of_b[right[k] + 1] - of_b[right[k]])
    mine, its = np.empty((most_a, 5)), np.empty((most_b, 5))
    for k in range(len(left)):
        start_a, stop_a = of_a[left[k]], of_a[left[k] + 1]
        start_b, stop_b = of_b[right[k]], of_b[right[k] + 1]
        one, other = _box(a, start_a, stop_a), _box(b, start_b, stop_b)
        # The foot is that of the box in common: what lies further down is in no common ground, and would only cost digits.
        box = (max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]))
        areas[k] = 0.0
        if box[0] >= box[2] or box[1] >= box[3]:
            continue
        count_a, count_b = _taken(a, on_a, start_a, stop_a, box, mine), _taken(b, on_b, start_b, stop_b, box, its)
        areas[k] = abs(_sum_over_pairs(mine, count_a, its, count_b))


def common_areas(
    a: NDArray[np.float64],
    on_a: NDArray[np.bool_],
    of_a: NDArray[np.int64],
    b: NDArray[np.float64],
    on_b: NDArray[np.bool_],
    of_b: NDArray[np.int64],
    left: NDArray[np.intp],
    right: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Area of the ground in common of each pair of polygons, given by their edges as `edges_of` gives them.

    Along a line to the north, ground of one polygon is the sum of the signs of its edges above each place. So
    ground of both is the sum, over an edge of either, of both signs where the place lies below both.
    """
    areas = np.empty(len(left))
    _areas(a, on_a, of_a, b, on_b, of_b, left, right, areas)
    return areas
