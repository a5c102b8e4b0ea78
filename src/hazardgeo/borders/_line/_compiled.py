"""The nearest edges, compiled by numba: the ball that is nearest is opened first. Imported only where it is used."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from hazardgeo.borders._line._nearest import FAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.borders._line._nearest import Balls

_NEIGHBOURS_M = 10_000.0
_OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy"}


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _square(p: Any, i: int, a: Any, j: int, b: Any, k: int) -> Any:
    """Square of the distance of a point from an edge."""
    dx, dy, dz = b[k, 0] - a[j, 0], b[k, 1] - a[j, 1], b[k, 2] - a[j, 2]
    x, y, z = p[i, 0] - a[j, 0], p[i, 1] - a[j, 1], p[i, 2] - a[j, 2]
    length2 = dx * dx + dy * dy + dz * dz
    share = min(1.0, max(0.0, (x * dx + y * dy + z * dz) / length2)) if length2 > 0 else 0.0
    x, y, z = x - share * dx, y - share * dy, z - share * dz
    return x * x + y * y + z * z


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _from_outline(
    xyz: Any, longest: Any, first: int, last: int, ball: Any, start: Any, end: Any, edge: int, best: float
) -> float:
    """The distance of an edge from an outline where it is less than the best, which else stays."""
    for v in range(first, last):
        w = v + 1 if longest[v - first] > 0 else v
        x = (xyz[v, 0] + xyz[w, 0]) / 2 - ball[edge, 0]
        y = (xyz[v, 1] + xyz[w, 1]) / 2 - ball[edge, 1]
        z = (xyz[v, 2] + xyz[w, 2]) / 2 - ball[edge, 2]
        # Two edges are no nearer than their middles are, less half the length of either.
        reach = best + ball[edge, 3] + longest[v - first] / 2
        if x * x + y * y + z * z >= reach * reach:
            continue
        square = _square(xyz, v, start, edge, end, edge)
        if w > v:
            square = min(square, _square(start, edge, xyz, v, xyz, w), _square(end, edge, xyz, v, xyz, w))
        best = min(best, math.sqrt(square))
    return best


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _lengths(xyz: Any, joined: Any, first: int, last: int, longest: Any) -> None:
    for v in range(first, last):
        longest[v - first] = 0.0
        if joined[v]:
            x, y, z = xyz[v + 1, 0] - xyz[v, 0], xyz[v + 1, 1] - xyz[v, 1], xyz[v + 1, 2] - xyz[v, 2]
            longest[v - first] = math.sqrt(x * x + y * y + z * z)


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _middle(xyz: Any, first: int, last: int) -> tuple[float, float, float, float]:
    x = y = z = 0.0
    for v in range(first, last):
        x, y, z = x + xyz[v, 0], y + xyz[v, 1], z + xyz[v, 2]
    count = last - first
    x, y, z = x / count, y / count, z / count
    far = 0.0
    for v in range(first, last):
        far = max(far, (xyz[v, 0] - x) ** 2 + (xyz[v, 1] - y) ** 2 + (xyz[v, 2] - z) ** 2)
    return x, y, z, math.sqrt(far)


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _search(
    fan: int,
    order: Any,
    balls: Any,
    begins: Any,
    start: Any,
    end: Any,
    xyz: Any,
    joined: Any,
    offsets: Any,
    edges: Any,
    distances: Any,
) -> None:
    top = len(begins) - 2
    levels, places, least = np.empty(4096, np.int64), np.empty(4096, np.int64), np.empty(4096)
    longest = np.empty(max(1, np.max(offsets[1:] - offsets[:-1])) if len(offsets) > 1 else 1)
    for h in order:
        first, last = offsets[h], offsets[h + 1]
        x, y, z, radius = _middle(xyz, first, last)
        _lengths(xyz, joined, first, last, longest)
        best, found, count = math.inf, -1, 1
        levels[0], places[0], least[0] = top + 1, 0, 0.0
        while count:
            count -= 1
            if least[count] >= best:
                continue
            level, begin = levels[count] - 1, places[count] * fan
            if level < 0:
                less = _from_outline(xyz, longest, first, last, balls, start, end, places[count], best)
                if less < best:
                    best, found = less, places[count]
                continue
            floor = count
            for k in range(begin, min(begin + fan, begins[level + 1] - begins[level])):
                b = begins[level] + k
                square = (balls[b, 0] - x) ** 2 + (balls[b, 1] - y) ** 2 + (balls[b, 2] - z) ** 2
                reach = best + balls[b, 3] + radius
                if square >= reach * reach:
                    continue
                bound = math.sqrt(square) - balls[b, 3] - radius
                # The nearest last, so that it is taken up first.
                at = count
                while at > floor and least[at - 1] < bound:
                    levels[at], places[at], least[at] = levels[at - 1], places[at - 1], least[at - 1]
                    at -= 1
                levels[at], places[at], least[at] = level, k, bound
                count += 1
        edges[h], distances[h] = found, best


def nearest_compiled(
    balls: Balls, xyz: NDArray[np.float64], joined: NDArray[np.bool_], offsets: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The nearest edge to each outline, and its distance straight through the Earth."""
    edges, distances = np.empty(len(offsets) - 1, dtype=np.intp), np.empty(len(offsets) - 1)
    begins = np.append(0, np.cumsum([len(level) for level in balls.levels]))
    # Neighbours one after the other, since they open the same balls.
    order = np.lexsort(np.floor(xyz[offsets[:-1]] / _NEIGHBOURS_M).T)
    outlines = xyz, joined, offsets
    _search(FAN, order, np.vstack(balls.levels), begins, balls.start, balls.end, *outlines, edges, distances)
    return edges, distances
