"""Which stretches of a line have ground within reach: intervals along edges, merged into stretches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.overlay._planes import outward

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.borders._line._course import Course

_SEGMENTS = 64  # a circle drawn so is within 0.008 % of a round one
_HAIR_M = 1e-3
_EDGE_M = 0.01  # ground that ends at a line has its edge on it only to rounding


def within(ground: Any, distance_m: float, *, certain: bool = False) -> Any:
    """Ground within a distance of `ground`, in its plane; of a negative distance, what lies that deep in it.

    Never too small; with `certain`, never too large.
    """
    if not certain:
        distance_m += _EDGE_M
    larger = (distance_m >= 0) != certain
    radius = outward(distance_m, _SEGMENTS) if larger else distance_m
    return shapely.buffer(ground, radius, quad_segs=_SEGMENTS)


def shares_within(zone: Any, flat: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The pieces of edges that lie in a zone.

    Parameters
    ----------
    zone : shapely geometry
    flat : ndarray of shapely geometries
        Edges, in the plane of the zone.

    Returns
    -------
    ndarray of int, ndarray of float
        Positions of the edges, and for each piece the shares of the edge where it begins and ends, n by 2.
    """
    shapely.prepare(zone)
    touched = np.flatnonzero(shapely.intersects(zone, flat))
    whole = shapely.covers(zone, flat[touched])
    cut = touched[~whole]
    pieces, of_piece = shapely.get_parts(shapely.intersection(flat[cut], zone), return_index=True)
    lines = shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING
    edge = np.concatenate([touched[whole], cut[of_piece[lines]]])
    shares = np.vstack([np.tile([0.0, 1.0], (int(whole.sum()), 1)), _shares(pieces[lines], flat[cut[of_piece[lines]]])])
    return edge, shares


def _shares(pieces: NDArray[Any], edges: NDArray[Any]) -> NDArray[np.float64]:
    start, end = (shapely.get_coordinates(shapely.get_point(edges, at)) for at in (0, -1))
    along = end - start
    both = [shapely.get_coordinates(shapely.get_point(pieces, at)) - start for at in (0, -1)]
    shares = [(ends * along).sum(axis=1) / (along**2).sum(axis=1) for ends in both]
    return np.asarray(np.clip(np.sort(np.column_stack(shares), axis=1), 0, 1))


@dataclass(frozen=True)
class Stretch:
    """An unbroken piece of a part of a line, and what has ground in reach of it."""

    part: int
    from_m: float
    to_m: float
    members: tuple[int, ...]

    @property
    def length_m(self) -> float:
        """Length along the line [m]."""
        return self.to_m - self.from_m


class Reached:
    """Pieces of edges gathered for one question, each with the record it is there for."""

    def __init__(self) -> None:
        self._edges: list[NDArray[np.intp]] = []
        self._shares: list[NDArray[np.float64]] = []
        self._members: list[NDArray[np.intp]] = []

    def add(self, member: int, edge: NDArray[np.intp], shares: NDArray[np.float64]) -> None:
        """Take in the pieces of edges that one record reaches."""
        self._edges.append(edge)
        self._shares.append(shares)
        self._members.append(np.full(len(edge), member, dtype=np.intp))

    def stretches(self, course: Course) -> list[Stretch]:
        """Merge what touches; longest possible stretches, none of which overlap, in the order of the course."""
        if not sum(map(len, self._edges)):
            return []
        edge, member = np.concatenate(self._edges), np.concatenate(self._members)
        at = course.start_m[edge][:, None] + np.vstack(self._shares) * course.length_m[edge][:, None]
        rows = sorted(zip(course.part[edge].tolist(), *at.T.tolist(), member.tolist(), strict=True))
        merged: list[tuple[int, float, float, set[int]]] = []
        for part, start, end, who in rows:
            if merged and merged[-1][0] == part and start <= merged[-1][2] + _HAIR_M:
                merged[-1] = (part, merged[-1][1], max(merged[-1][2], end), merged[-1][3] | {who})
            else:
                merged.append((part, start, end, {who}))
        return [Stretch(p, a, b, tuple(sorted(m))) for p, a, b, m in merged if b - a > _HAIR_M]
