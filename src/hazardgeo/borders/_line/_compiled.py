"""The nearest edges, compiled by numba: the ball that is nearest is opened first. Imported only where it is used."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from hazardgeo.borders._line._nearest import FAN, on_earth
from hazardgeo.crs import GEOD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.borders._line._nearest import Balls

_NEIGHBOURS_M = 2_000.0
# Radians. To there what `_turned` leaves out, step⁷ / 5040, is less than what a float rounds off: on the Earth a few nanometres.
_SMALL = 0.02
_RAD, _A, _E2 = math.pi / 180, GEOD.a, GEOD.es
_OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy"}


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _turned(sine: float, cosine: float, step: float) -> tuple[float, float]:
    """Sine and cosine of an angle a small step further on."""
    step2 = step * step
    s = step * (1 - step2 / 6 * (1 - step2 / 20))
    c = 1 - step2 / 2 * (1 - step2 / 12 * (1 - step2 / 30))
    return sine * c + cosine * s, cosine * c - sine * s


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
def _laid(lonlat: Any, joined: Any, first: int, last: int, xyz: Any, longest: Any) -> None:
    """An outline in metres about the middle of the Earth, as `on_earth` gives it, and how long its edges are."""
    lon, lat = lonlat[first, 0] * _RAD, lonlat[first, 1] * _RAD
    sin_lon, cos_lon, sin_lat, cos_lat = math.sin(lon), math.cos(lon), math.sin(lat), math.cos(lat)
    for v in range(first, last):
        at, east, north = v - first, lonlat[v, 0] * _RAD - lon, lonlat[v, 1] * _RAD - lat
        if abs(east) <= _SMALL and abs(north) <= _SMALL:
            s, c = _turned(sin_lat, cos_lat, north)
            sin_east, cos_east = _turned(sin_lon, cos_lon, east)
        else:
            s, c = math.sin(lat + north), math.cos(lat + north)
            sin_east, cos_east = math.sin(lon + east), math.cos(lon + east)
        normal = _A / math.sqrt(1 - _E2 * s * s)
        across = normal * c
        xyz[at, 0], xyz[at, 1], xyz[at, 2] = across * cos_east, across * sin_east, normal * (1 - _E2) * s
    for at in range(last - first):
        longest[at] = 0.0
        if joined[first + at]:
            x, y, z = xyz[at + 1, 0] - xyz[at, 0], xyz[at + 1, 1] - xyz[at, 1], xyz[at + 1, 2] - xyz[at, 2]
            longest[at] = math.sqrt(x * x + y * y + z * z)


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _from_outline(xyz: Any, longest: Any, count: int, ball: Any, start: Any, end: Any, edge: int, best: float) -> float:
    """The distance of an edge from an outline where it may be the best or as good, else none is found."""
    least = math.inf
    for v in range(count):
        w = v + 1 if longest[v] > 0 else v
        x = (xyz[v, 0] + xyz[w, 0]) / 2 - ball[edge, 0]
        y = (xyz[v, 1] + xyz[w, 1]) / 2 - ball[edge, 1]
        z = (xyz[v, 2] + xyz[w, 2]) / 2 - ball[edge, 2]
        # Two edges are no nearer than their middles are, less half the length of either.
        reach = best + ball[edge, 3] + longest[v] / 2
        if x * x + y * y + z * z > reach * reach:
            continue
        square = _square(xyz, v, start, edge, end, edge)
        if w > v:
            square = min(square, _square(start, edge, xyz, v, xyz, w), _square(end, edge, xyz, v, xyz, w))
        least = min(least, math.sqrt(square))
        best = min(best, least)
    return least


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _middle(xyz: Any, count: int) -> tuple[float, float, float, float]:
    x = y = z = 0.0
    for v in range(count):
        x, y, z = x + xyz[v, 0], y + xyz[v, 1], z + xyz[v, 2]
    x, y, z = x / count, y / count, z / count
    far = 0.0
    for v in range(count):
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
    lonlat: Any,
    joined: Any,
    offsets: Any,
    edges: Any,
    distances: Any,
) -> None:
    top, found = len(begins) - 2, 0
    levels, places, least = np.empty(4096, np.int64), np.empty(4096, np.int64), np.empty(4096)
    most = max(1, np.max(offsets[1:] - offsets[:-1])) if len(offsets) > 1 else 1
    xyz, longest = np.empty((most, 3)), np.empty(most)
    for h in order:
        size = offsets[h + 1] - offsets[h]
        _laid(lonlat, joined, offsets[h], offsets[h + 1], xyz, longest)
        x, y, z, radius = _middle(xyz, size)
        # What is the nearest to a neighbour is not far, and most balls need not be opened then.
        best, count = _from_outline(xyz, longest, size, balls, start, end, found, math.inf), 1
        levels[0], places[0], least[0] = top + 1, 0, -math.inf
        while count:
            count -= 1
            if least[count] > best:
                continue
            level, begin = levels[count] - 1, places[count] * fan
            if level < 0:
                edge = places[count]
                other = _from_outline(xyz, longest, size, balls, start, end, edge, best)
                # Where two are as near, which neighbours a hazard has must not matter.
                if other < best or (other == best and edge < found):
                    best, found = other, edge
                continue
            floor = count
            for k in range(begin, min(begin + fan, begins[level + 1] - begins[level])):
                b = begins[level] + k
                square = (balls[b, 0] - x) ** 2 + (balls[b, 1] - y) ** 2 + (balls[b, 2] - z) ** 2
                reach = best + balls[b, 3] + radius
                if square > reach * reach:
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
    balls: Balls, lonlat: NDArray[np.float64], joined: NDArray[np.bool_], offsets: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The nearest edge to each outline, and its distance straight through the Earth."""
    edges, distances = np.empty(len(offsets) - 1, dtype=np.intp), np.empty(len(offsets) - 1)
    begins = np.append(0, np.cumsum([len(level) for level in balls.levels]))
    # Neighbours one after the other, since they open the same balls.
    order = np.lexsort(np.floor(on_earth(lonlat[offsets[:-1]]) / _NEIGHBOURS_M).T)
    outlines = lonlat, joined, offsets
    _search(FAN, order, np.vstack(balls.levels), begins, balls.start, balls.end, *outlines, edges, distances)
    return edges, distances
