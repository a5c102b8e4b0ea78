"""How far each hazard is from the nearest of many edges: straight through the Earth, and then along its surface."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import GEOD

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hazardgeo.borders._line._chunks import Chunks

FAN = 6  # balls in a ball
_AT_ONCE = 2000  # hazards
# Fewer hazards are answered sooner than what was compiled is loaded.
COMPILED_FROM = 3000


@dataclass(frozen=True)
class Balls:
    """Edges, in balls about each few that follow each other, in balls about each few of those, up to a few.

    Lines run on, so what follows each other lies together, and no sorting is needed.

    Parameters
    ----------
    start, end : ndarray, shape (n, 3)
        Of each edge, in metres about the middle of the Earth.
    row : ndarray of int
        Line of each edge.
    levels : tuple of ndarray, shape (m, 4)
        Middle and radius of each ball: level 0 about each edge, level 1 about `FAN` of these, and so on.
    """

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    row: NDArray[np.intp]
    levels: tuple[NDArray[np.float64], ...]

    @classmethod
    def of(cls, chunks: Chunks) -> Balls:
        """Put the edges of chunks into balls."""
        size = chunks.stop - chunks.start
        edge = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size - chunks.start, size)
        xyz = on_earth(chunks.lonlat)
        start, end = xyz[edge], xyz[edge + 1]
        levels = [np.column_stack([(start + end) / 2, np.linalg.norm(end - start, axis=1) / 2])]
        while len(levels[-1]) > FAN:
            levels.append(_around(levels[-1]))
        return cls(start, end, np.repeat(chunks.row, size), tuple(levels))


def _around(balls: NDArray[np.float64]) -> NDArray[np.float64]:
    first = np.arange(0, len(balls), FAN)
    of = np.arange(len(balls)) // FAN
    middle = (np.minimum.reduceat(balls[:, :3], first) + np.maximum.reduceat(balls[:, :3], first)) / 2
    radius = np.maximum.reduceat(np.linalg.norm(balls[:, :3] - middle[of], axis=1) + balls[:, 3], first)
    return np.column_stack([middle, radius])


def on_earth(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres about the middle of the Earth, on the ellipsoid."""
    lon, lat = np.radians(lonlat).T
    normal = GEOD.a / np.sqrt(1 - GEOD.es * np.sin(lat) ** 2)
    across = normal * np.cos(lat)
    return np.column_stack([across * np.cos(lon), across * np.sin(lon), normal * (1 - GEOD.es) * np.sin(lat)])


def nearest_edges(balls: Balls, shapes: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Find the nearest edge to each outline, and the geodesic distance to it.

    Parameters
    ----------
    balls : Balls
    shapes : ndarray of shapely geometries
        In EPSG:4326, none missing, edges of at most 1 km.

    Returns
    -------
    edge : ndarray of int
    distance : ndarray of float
        From the outline [m]; that a line runs through it, or within it, it does not see.

    Notes
    -----
    Between points of two straight edges of at most 1 km the straight way through the Earth is the shorter, the shorter the way
    on its surface is. With R the mean radius of curvature the way on the surface is 2 R asin(straight / 2 R), to 2e-6 at
    500 km. An edge lies up to 2 cm below the surface, which two metres off is no longer 0.1 mm.
    """
    lonlat, of = shapely.get_coordinates(shapes, return_index=True)
    offsets = np.append(0, np.cumsum(np.bincount(of, minlength=len(shapes))))
    joined = np.diff(of, append=-1) == 0
    simple = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    simple &= shapely.get_num_interior_rings(shapes) == 0
    if not simple.all():  # no edge from ring to ring
        rings, parts = _ring_ends(shapes[~simple])
        joined[np.flatnonzero(~simple[of])[rings]] = parts
    compiled = _compiled() if len(shapes) >= COMPILED_FROM else None
    edge, straight = (compiled or _by_numpy)(balls, lonlat, joined, offsets)
    sine2 = np.sin(np.radians(lonlat[offsets[:-1], 1])) ** 2
    radius = GEOD.b / (1 - GEOD.es * sine2)
    return edge, 2 * radius * np.arcsin(np.minimum(1, straight / 2 / radius))


def _ring_ends(shapes: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    _, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shapes)), return_index=True)
    return np.arange(len(ring)), np.diff(ring, append=-1) == 0


@functools.cache
def _compiled() -> Callable[..., tuple[NDArray[np.intp], NDArray[np.float64]]] | None:
    try:
        from hazardgeo.borders._line._compiled import nearest_compiled
    except (
        ImportError,
        RuntimeError,
    ):  # no extra `fast`, one that this numpy does not suit, or nowhere to keep what is compiled
        return None
    return nearest_compiled


def _by_numpy(
    balls: Balls, lonlat: NDArray[np.float64], joined: NDArray[np.bool_], offsets: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    edges, distances = [], []
    for first in range(0, len(offsets) - 1, _AT_ONCE):
        own = offsets[first : first + _AT_ONCE + 1]
        at = slice(own[0], own[-1])
        edge, distance = _some_by_numpy(balls, on_earth(lonlat[at]), joined[at], own - own[0])
        edges.append(edge)
        distances.append(distance)
    return np.concatenate([*edges, np.zeros(0, dtype=np.intp)]), np.concatenate([*distances, np.zeros(0)])


def _some_by_numpy(
    balls: Balls, xyz: NDArray[np.float64], joined: NDArray[np.bool_], offsets: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    first, size = offsets[:-1], np.diff(offsets)
    owner = np.repeat(np.arange(len(size)), size)
    middle = np.add.reduceat(xyz, first) / size[:, None]
    from_middle = np.linalg.norm(xyz - middle[owner], axis=1)
    inner, outer = np.minimum.reduceat(from_middle, first), np.maximum.reduceat(from_middle, first)
    hazard, ball = (part.ravel() for part in np.indices((len(size), len(balls.levels[-1]))))
    for level in reversed(range(len(balls.levels))):
        here = balls.levels[level]
        if level < len(balls.levels) - 1:
            hazard, ball = np.repeat(hazard, FAN), (ball[:, None] * FAN + np.arange(FAN)).ravel()
            hazard, ball = hazard[ball < len(here)], ball[ball < len(here)]
        apart = np.linalg.norm(middle[hazard] - here[ball, :3], axis=1)
        most = np.full(len(size), np.inf)
        np.minimum.at(most, hazard, apart + here[ball, 3] + inner[hazard])
        kept = apart - here[ball, 3] - outer[hazard] <= most[hazard]
        hazard, ball = hazard[kept], ball[kept]
    return _exact(balls, xyz, joined, first, size, hazard, ball)


def _exact(
    balls: Balls,
    xyz: NDArray[np.float64],
    joined: NDArray[np.bool_],
    first: NDArray[np.intp],
    size: NDArray[np.intp],
    hazard: NDArray[np.intp],
    ball: NDArray[np.intp],
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The nearest edge of those that are left for each hazard, by all vertices that may be the nearest."""
    many = size[hazard]
    pair = np.repeat(np.arange(len(hazard)), many)
    vertex = np.arange(len(pair)) - np.repeat(np.cumsum(many) - many - first[hazard], many)
    follows = np.where(joined[vertex], np.minimum(vertex + 1, len(xyz) - 1), vertex)
    apart = np.linalg.norm(xyz[vertex] - balls.levels[0][ball[pair], :3], axis=1)
    most = np.full(len(size), np.inf)
    np.minimum.at(most, hazard[pair], apart)  # the middle of an edge is a place on it
    length = np.linalg.norm(xyz[np.minimum(np.arange(len(xyz)) + 1, len(xyz) - 1)] - xyz, axis=1) * joined
    kept = apart - balls.levels[0][ball[pair], 3] - length[vertex] <= most[hazard[pair]]
    pair, vertex, follows = pair[kept], vertex[kept], follows[kept]
    start, end = balls.start[ball[pair]], balls.end[ball[pair]]
    square = _square(xyz[vertex], start, end)
    for point in (start, end):
        np.minimum(square, _square(point, xyz[vertex], xyz[follows]), out=square)
    order = np.lexsort((ball[pair], square, hazard[pair]))
    best = order[np.unique(hazard[pair][order], return_index=True)[1]]
    return ball[pair[best]], np.sqrt(square[best])


def _square(point: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squares of the distances of points from edges."""
    along, to_point = end - start, point - start
    length2 = np.einsum("ij,ij->i", along, along)
    share = np.einsum("ij,ij->i", to_point, along) / np.maximum(length2, 1e-300)
    off = to_point - np.clip(share, 0, 1)[:, None] * along
    return np.asarray(np.einsum("ij,ij->i", off, off))
