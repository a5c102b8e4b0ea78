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
    from hazardgeo.overlay._outlines import Outlines

_NEIGHBOURS_M = 2_000.0
_BITS = 13  # the Earth is no wider than so many halvings of it
_HAIR_M = 1.0  # an edge of 1 km runs up to 2 cm below the surface
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
def _laid(rings: Any, k: int, xyz: Any, longest: Any, begun: int) -> int:
    """An outline in metres about the middle of the Earth, as `on_earth` gives it, and how long its edges are; its vertices."""
    lon, lat, offsets, order, begins = rings
    count = begun
    for at in range(begins[k], begins[k + 1]):
        first, last = offsets[order[at]], offsets[order[at] + 1]
        lon0, lat0 = lon[first] * _RAD, lat[first] * _RAD
        sin_lon, cos_lon, sin_lat, cos_lat = math.sin(lon0), math.cos(lon0), math.sin(lat0), math.cos(lat0)
        for v in range(first, last):
            east, north = lon[v] * _RAD - lon0, lat[v] * _RAD - lat0
            if abs(east) <= _SMALL and abs(north) <= _SMALL:
                s, c = _turned(sin_lat, cos_lat, north)
                sin_east, cos_east = _turned(sin_lon, cos_lon, east)
            else:
                s, c = math.sin(lat0 + north), math.cos(lat0 + north)
                sin_east, cos_east = math.sin(lon0 + east), math.cos(lon0 + east)
            normal = _A / math.sqrt(1 - _E2 * s * s)
            xyz[count, 0], xyz[count, 1] = normal * c * cos_east, normal * c * sin_east
            xyz[count, 2], longest[count] = normal * (1 - _E2) * s, 0.0
            if v > first:
                x, y = xyz[count, 0] - xyz[count - 1, 0], xyz[count, 1] - xyz[count - 1, 1]
                longest[count - 1] = math.sqrt(x * x + y * y + (xyz[count, 2] - xyz[count - 1, 2]) ** 2)
            count += 1
    return count


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _from_outline(outline: Any, ball: Any, start: Any, end: Any, edge: int, best: float) -> float:
    """The distance of an edge from an outline where it may be the best or as good, else none is found."""
    xyz, longest, first, last = outline
    least = math.inf
    for v in range(first, last):
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
def _middle(xyz: Any, first: int, last: int) -> tuple[float, float, float, float]:
    x = y = z = far = 0.0
    for v in range(first, last):
        x, y, z = x + xyz[v, 0], y + xyz[v, 1], z + xyz[v, 2]
    x, y, z = x / (last - first), y / (last - first), z / (last - first)
    for v in range(first, last):
        far = max(far, (xyz[v, 0] - x) ** 2 + (xyz[v, 1] - y) ** 2 + (xyz[v, 2] - z) ** 2)
    return x, y, z, math.sqrt(far)


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _left_of(ax: float, ay: float, bx: float, by: float, x: float, y: float) -> float:
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax)


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _crosses(rings: Any, k: int, edge: Any) -> bool:
    """Whether a line's edge crosses the outline, or begins in it; straight in degrees, as where it is cut."""
    lon, lat, offsets, order, begins = rings
    ax, ay, bx, by = edge[0], edge[1], edge[2], edge[3]
    inside = False
    for at in range(begins[k], begins[k + 1]):
        for v in range(offsets[order[at]], offsets[order[at] + 1] - 1):
            x, y, next_x, next_y = lon[v], lat[v], lon[v + 1], lat[v + 1]
            if (y > ay) != (next_y > ay):
                inside ^= (_left_of(x, y, next_x, next_y, ax, ay) > 0) == (next_y > y)
            if min(x, next_x) > max(ax, bx) or max(x, next_x) < min(ax, bx):
                continue
            if min(y, next_y) > max(ay, by) or max(y, next_y) < min(ay, by):
                continue
            one, other = _left_of(ax, ay, bx, by, x, y), _left_of(ax, ay, bx, by, next_x, next_y)
            begin, end = _left_of(x, y, next_x, next_y, ax, ay), _left_of(x, y, next_x, next_y, bx, by)
            if min(one, other) <= 0 <= max(one, other) and min(begin, end) <= 0 <= max(begin, end):
                return True
    return inside


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _runs_in_reach(balls: Any, tree: Any, centre: Any, reach: float, found: Any, stack: Any) -> int:
    """Runs of edges whose ball is in reach of a place, in order."""
    fan, begins, top, _ = tree
    x, y, z = centre
    count = waiting = 0
    for k in range(begins[top + 1] - begins[top] - 1, -1, -1):
        stack[waiting, 0], stack[waiting, 1] = top, k
        waiting += 1
    while waiting:
        waiting -= 1
        level, place = stack[waiting]
        b = begins[level] + place
        far = reach + balls[b, 3]
        if (balls[b, 0] - x) ** 2 + (balls[b, 1] - y) ** 2 + (balls[b, 2] - z) ** 2 > far * far:
            continue
        if level == min(1, top):
            found[count] = place
            count += 1
            continue
        for k in range(min((place + 1) * fan, begins[level] - begins[level - 1]) - 1, place * fan - 1, -1):
            stack[waiting, 0], stack[waiting, 1] = level - 1, k
            waiting += 1
    return count


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _distance(balls: Any, b: int, place: Any) -> float:
    return math.sqrt((balls[b, 0] - place[0]) ** 2 + (balls[b, 1] - place[1]) ** 2 + (balls[b, 2] - place[2]) ** 2)


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _one_that_crosses(lines: Any, tree: Any, rings: Any, k: int, ball: Any, box: Any, found: Any, apart: Any) -> int:
    """The first of the edges that run through an outline or lie in it, or -1."""
    balls, _, _, ends = lines
    edges, runs, size = tree[1][1], tree[1][min(1, tree[2])], tree[3]
    for q in range(len(found)):
        if apart[q] - balls[runs + found[q], 3] > ball[3] + _HAIR_M:
            continue
        for edge in range(found[q] * size, min((found[q] + 1) * size, edges)):
            west, east = min(ends[edge, 0], ends[edge, 2]), max(ends[edge, 0], ends[edge, 2])
            south, north = min(ends[edge, 1], ends[edge, 3]), max(ends[edge, 1], ends[edge, 3])
            beside = west > box[2] or east < box[0] or south > box[3] or north < box[1]
            if not beside and _crosses(rings, k, ends[edge]):
                return edge
    return -1


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _nearest_of(lines: Any, tree: Any, outline: Any, ball: Any, seed: Any, found: Any, apart: Any) -> Any:
    """The nearest edge to an outline, the first of those equally near, and how near it is."""
    balls, start, end, _ = lines
    edges, runs, size = tree[1][1], tree[1][min(1, tree[2])], tree[3]
    nearest, best = seed
    first = np.argmin(apart[: len(found)])
    # The edge of the nearest run that is nearest by its middle before all others, so that few of these are looked at.
    likely, least = nearest, math.inf
    for edge in range(found[first] * size, min((found[first] + 1) * size, edges)):
        far = _distance(balls, edge, ball)
        if far < least:
            likely, least = edge, far
    other = _from_outline(outline, balls, start, end, likely, best)
    if other < best or (other == best and likely < nearest):
        nearest, best = likely, other
    for q in range(len(found)):
        if apart[q] - balls[runs + found[q], 3] - ball[3] > best:
            continue
        for edge in range(found[q] * size, min((found[q] + 1) * size, edges)):
            far = best + balls[edge, 3] + ball[3]
            x, y, z = balls[edge, 0] - ball[0], balls[edge, 1] - ball[1], balls[edge, 2] - ball[2]
            if x * x + y * y + z * z <= far * far:
                other = _from_outline(outline, balls, start, end, edge, best)
                if other < best or (other == best and edge < nearest):
                    nearest, best = edge, other
    return nearest, best


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _search(lines: Any, tree: Any, rings: Any, boxes: Any, order: Any, cuts: Any, room: int, answers: Any) -> None:
    balls, start, end, _ = lines
    begins, top, run = tree[1], tree[2], tree[3]
    edges, distances = answers
    level = begins[min(1, top)]
    found, stack = np.empty(begins[min(1, top) + 1] - level, np.int64), np.empty((len(balls), 2), np.int64)
    apart, xyz, longest = np.empty(len(found)), np.empty((room, 3)), np.empty(room)
    most = np.max(cuts[1:] - cuts[:-1])
    at, mine, best = np.zeros(most + 1, np.int64), np.empty((most, 4)), np.empty(most)
    seed = 0
    for group in range(len(cuts) - 1):
        members = order[cuts[group] : cuts[group + 1]]
        x = y = z = 0.0
        for i in range(len(members)):
            at[i + 1] = _laid(rings, members[i], xyz, longest, at[i])
            mine[i, 0], mine[i, 1], mine[i, 2], mine[i, 3] = _middle(xyz, at[i], at[i + 1])
            x, y, z = x + mine[i, 0], y + mine[i, 1], z + mine[i, 2]
        centre = x / len(members), y / len(members), z / len(members)
        # What is the nearest to neighbours is not far, and most balls need not be opened then; once for all of them.
        reach = _distance(balls, seed, centre)
        count = _runs_in_reach(balls, tree, centre, reach, found, stack)
        least = math.inf
        for q in range(count):
            far = _distance(balls, level + found[q], centre)
            if far < least:
                least, seed = far, found[q] * run
        needed = 0.0
        for i in range(len(members)):
            best[i] = _from_outline((xyz, longest, at[i], at[i + 1]), balls, start, end, seed, math.inf)
            from_centre = math.sqrt(
                (mine[i, 0] - centre[0]) ** 2 + (mine[i, 1] - centre[1]) ** 2 + (mine[i, 2] - centre[2]) ** 2
            )
            needed = max(needed, best[i] + mine[i, 3] + from_centre + _HAIR_M)
        count = _runs_in_reach(balls, tree, centre, needed, found, stack)
        for i in range(len(members)):
            h = members[i]
            for q in range(count):
                apart[q] = _distance(balls, level + found[q], mine[i])
            edges[h] = _one_that_crosses(lines, tree, rings, h, mine[i], boxes[h], found[:count], apart)
            distances[h] = 0.0
            if edges[h] < 0:
                edges[h], distances[h] = _nearest_of(
                    lines, tree, (xyz, longest, at[i], at[i + 1]), mine[i], (seed, best[i]), found[:count], apart
                )


def _cells(lonlat: NDArray[np.float64]) -> NDArray[np.int64]:
    """Number of the cube that each place lies in; the bits of its three places are mixed, so that neighbours have like ones."""
    place = (on_earth(lonlat) / _NEIGHBOURS_M + (1 << _BITS - 1)).astype(np.int64)
    cell = np.zeros(len(place), dtype=np.int64)
    for bit in range(_BITS):
        cell |= ((place >> bit & 1) << (3 * bit) + np.arange(3)).sum(axis=1)
    return cell


def nearest_compiled(balls: Balls, outlines: Outlines) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The nearest edge to each outline, its distance straight through the Earth; 0 where it runs through it or within."""
    count = len(outlines.size)
    answers = np.empty(count, dtype=np.int64), np.empty(count)
    begins, top = np.append(0, np.cumsum([len(level) for level in balls.levels])), len(balls.levels) - 1
    # Neighbours together, since they open the same balls, and those of one square after those of the square beside it.
    cell = _cells((outlines.boxes[:, :2] + outlines.boxes[:, 2:]) / 2)
    order = np.argsort(cell)
    cuts = np.flatnonzero(np.diff(cell[order], prepend=cell[order[:1]] - 1))
    cuts = np.append(cuts, count)
    room = int(np.add.reduceat(outlines.size[order], cuts[:-1]).max(initial=0)) if count else 0
    lines = np.vstack(balls.levels), balls.start, balls.end, balls.ends
    tree = FAN, begins, top, FAN if top else 1
    rings = outlines.lon, outlines.lat, outlines.offsets, outlines.order, outlines.begins
    if count:
        _search(lines, tree, rings, outlines.boxes, order, cuts, room, answers)
    return answers
