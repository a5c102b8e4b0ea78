"""Corners that were recorded at a crossing: left out, the order of the others shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from hazardgeo.constants import Constant
from hazardgeo.overlay._untangle import as_lines, crossings, edges_between, meetings
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

REPAIR_NEAR = Constant(
    "REPAIR_NEAR",
    1e-3,
    "1",
    "A corner is at a crossing, or on the straight line between others, within this share of the extent of its ring.",
    Source("hazardgeo design choice: 0.1 m in a field of 100 m, which is what rounded degrees are off", Grade.ASSUMED),
)
_LEAST_CORNERS = 3
_ROUNDING = 1e-12


def loosened(ring: NDArray[np.float64], *, share: float = _ROUNDING) -> NDArray[np.float64] | None:
    """Give the corners of a ring without those that were recorded where it crosses itself.

    Two edges that cross are no longer seen to do so where a corner was recorded at their crossing, on one of them or on both:
    what is left are two loops that touch. Corners at such places, and those on a straight line, are left out for a trial; where
    the line then goes through itself, they stay out.

    Parameters
    ----------
    ring : ndarray of float
        Corners, as `open_ring` gives them.
    share : float
        How near to a crossing or to a straight line is there, as a share of the extent of the ring.

    Returns
    -------
    ndarray of float or None
        None where there is no such corner.

    Examples
    --------
    A bow-tie whose crossing is a corner of both its lines; then two lobes that touch:

    >>> loosened(np.array([(0, 0), (1, 1), (2, 2), (2, 0), (1, 1), (0, 2)], dtype=float)).tolist()
    [[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0]]
    >>> loosened(np.array([(0, 0), (1, 1), (2, 0), (2, 2), (1, 1), (0, 2)], dtype=float)) is None
    True
    """
    near = share * float(np.hypot(*np.ptp(ring, axis=0)))
    on_trial = _is_at_a_meeting(ring, near) | _is_on_a_straight_line(ring, near)
    kept = np.flatnonzero(~on_trial)
    if len(kept) in (len(ring), *range(_LEAST_CORNERS)):
        return None
    through = np.isin(np.arange(len(kept)), crossings(ring[kept]))
    # Corners on trial lie on the edge that begins at the last one kept before them.
    edge = np.searchsorted(kept, np.arange(len(ring)), side="right") - 1
    out = on_trial & through[edge]
    return ring[~out] if out.any() else None


def _is_at_a_meeting(ring: NDArray[np.float64], near: float) -> NDArray[np.bool_]:
    """Which corners stand twice, or lie where two edges meet elsewhere than at a corner of both."""
    _, place, times = np.unique(ring, axis=0, return_inverse=True, return_counts=True)
    found = np.asarray(times[place.ravel()] > 1)
    edges = edges_between(ring)
    pairs = meetings(edges)
    if len(pairs):
        lines = as_lines(edges)
        places = shapely.points(shapely.get_coordinates(shapely.intersection(*lines[pairs.T])))
        corners = shapely.STRtree(np.asarray(shapely.points(ring)))
        found[corners.query(places, predicate="dwithin", distance=near)[1]] = True
    return found


def _is_on_a_straight_line(ring: NDArray[np.float64], near: float) -> NDArray[np.bool_]:
    """Which corners add nothing to the course of the ring, such as those that software puts into long edges."""
    first = np.lexsort(ring.T[::-1])[0]  # a true corner: none lies further west
    order = np.append(np.roll(np.arange(len(ring)), -first), first)
    # The height of each corner is its number, by which those that stay are known.
    line = shapely.linestrings(np.column_stack([ring[order], order]))
    kept = shapely.get_coordinates(shapely.simplify(line, near, preserve_topology=False), include_z=True)[:, 2]
    found = np.ones(len(ring), dtype=bool)
    found[kept.astype(int)] = False
    return found
