"""A polygon from rings of which nobody says which is a hole in which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from hazardgeo.registers._formats._layer import shape_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

_CONTRADICT = (
    "has rings that contradict each other: the direction of one says outline where its place says hole, or the reverse"
)


def polygon_of_rings(rings: Sequence[NDArray[np.float64]]) -> tuple[BaseGeometry | None, str]:
    """Put a polygon together from its rings.

    Two readings are made: by direction (an outline runs clockwise, a hole the other way) and by what lies in what (a ring
    within an odd number of others is a hole). The polygon is taken where both agree; a ring alone is an outline however
    it runs.

    Parameters
    ----------
    rings : sequence of ndarray
        Each with a row of x and y for each point, the last as the first.

    Returns
    -------
    geometry or None
    str
        Why there is none.

    Raises
    ------
    ValueError
        If a ring is not closed.

    Examples
    --------
    >>> outline = np.array([(0, 0), (0, 9), (9, 9), (9, 0), (0, 0)], dtype=float)
    >>> hole = np.array([(1, 1), (2, 1), (2, 2), (1, 1)], dtype=float)
    >>> polygon_of_rings([outline, hole])[0].area
    80.5
    >>> polygon_of_rings([outline, hole[::-1]])[0] is None
    True
    """
    for ring in rings:
        refuse_open_ring(ring)
    alone = shape_array([shapely.Polygon(ring) for ring in rings])
    if len(alone) == 1:
        return alone[0], ""
    if not shapely.is_valid(alone).all():
        # No reading can be trusted; the check for validity refuses this, and says where the ring crosses itself.
        return shapely.MultiPolygon(alone.tolist()), ""
    within = _within(alone)
    depth = np.array([len(outer) for outer in within])
    is_hole = depth % 2 == 1
    if not np.array_equal(is_hole, shapely.is_ccw(shapely.get_exterior_ring(alone))):
        return None, _CONTRADICT
    return _assembled(alone, within, depth, is_hole)


def refuse_open_ring(ring: NDArray[np.float64]) -> None:
    """Raise ValueError where a ring does not end where it began, or has fewer than three corners."""
    if len(ring) < 4 or not np.array_equal(ring[0], ring[-1]):
        raise ValueError("a ring is not closed (its last point is not its first) or has fewer than three corners")


def _within(alone: NDArray[np.object_]) -> list[list[int]]:
    """For each ring, the others that it lies in."""
    within: list[list[int]] = [[] for _ in alone]
    for inner, outer in shapely.STRtree(alone).query(alone, predicate="covered_by").T.tolist():
        if inner != outer:
            within[inner].append(outer)
    return within


def _assembled(
    alone: NDArray[np.object_], within: list[list[int]], depth: NDArray[np.int_], is_hole: NDArray[np.bool_]
) -> tuple[BaseGeometry | None, str]:
    holes: dict[int, list[shapely.LinearRing]] = {int(i): [] for i in np.flatnonzero(~is_hole)}
    for i in np.flatnonzero(is_hole):
        parents = [outer for outer in within[i] if depth[outer] == depth[i] - 1]
        if len(parents) != 1:
            return None, "has rings that overlap, so that it cannot be told which is a hole in which"
        holes[parents[0]].append(alone[i].exterior)
    polygons = [shapely.Polygon(alone[i].exterior, inner) for i, inner in holes.items()]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons), ""
