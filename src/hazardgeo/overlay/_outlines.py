"""Outlines as what is compiled takes them: plain arrays, read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from hazardgeo.measure._ragged import Rings


class Outlines(NamedTuple):
    """Polygons as their rings, which may be in any order, and what is asked of each again and again.

    Parameters
    ----------
    lon, lat : ndarray of float
        Vertices, ring after ring, each ring closed [degrees].
    offsets : ndarray of int
        Where each ring begins among the vertices, and the end of the last.
    turn : ndarray of float
        1 for a ring that has the polygon's ground on its left, else -1.
    order, begins : ndarray of int
        The rings, those of one polygon after those of the other, and where in `order` each polygon begins.
    boxes : ndarray, shape (n, 4)
        West, south, east, north of each polygon.
    edge_deg, edge_m : ndarray of float
        No edge of a polygon leads further in longitude or in latitude [degrees], and none is longer [m].
    size : ndarray of int
        Vertices of each polygon.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    offsets: NDArray[np.int64]
    turn: NDArray[np.float64]
    order: NDArray[np.int64]
    begins: NDArray[np.int64]
    boxes: NDArray[np.float64]
    edge_deg: NDArray[np.float64]
    edge_m: NDArray[np.float64]
    size: NDArray[np.int64]

    @classmethod
    def of(cls, rings: Rings) -> Outlines:
        """Look through the rings of some polygons."""
        from hazardgeo.overlay._compiled import look

        count = rings.geometries
        order = np.argsort(rings.owner, kind="stable")
        begins = np.append(0, np.cumsum(np.bincount(rings.owner, minlength=count)))
        turn, boxes, size = np.empty(len(order)), np.empty((count, 4)), np.empty(count, dtype=np.int64)
        deg, metres = np.empty(count), np.empty(count)
        found = cls(rings.lon, rings.lat, rings.offsets, turn, order, begins, boxes, deg, metres, size)
        look(tuple(found), rings.hole)
        return found

    @classmethod
    def joined(cls, several: Sequence[Outlines]) -> Outlines:
        """Those of one after those of the other."""
        vertices, rings, polygons = (
            np.cumsum([0, *(len(part) for part in parts)])
            for parts in ([one.lon for one in several], [one.turn for one in several], [one.edge_m for one in several])
        )
        lon, lat, offsets, turn, order, begins, boxes, deg, metres, size = zip(*several, strict=True)
        x, y = np.column_stack([np.concatenate(lon), np.concatenate(lat)]).T
        return cls(
            x,
            y,
            _run_on(offsets, vertices, rings),
            np.concatenate(turn),
            np.concatenate(order) + np.repeat(rings[:-1], np.diff(rings)),
            _run_on(begins, rings, polygons),
            np.concatenate(boxes),
            np.concatenate(deg),
            np.concatenate(metres),
            np.concatenate(size),
        )


def _run_on(
    cuts: Iterable[NDArray[np.int64]], shift: NDArray[np.int64], counts: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Cuts of several runs as cuts of one."""
    later = np.concatenate([some[1:] for some in cuts]) + np.repeat(shift[:-1], np.diff(counts))
    return np.append(0, later)
