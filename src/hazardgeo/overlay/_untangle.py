"""Edges that meet elsewhere than at a common corner, and the order of corners in which none crosses another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.constants import Constant
from hazardgeo.errors import GeometryError
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

REPAIR_CORNERS = Constant(
    "REPAIR_CORNERS",
    10_000,
    "1",
    "An outline that is not valid and has more corners than this is not read in several ways.",
    Source("hazardgeo design choice: bounds the work on one record to seconds", Grade.ASSUMED),
)
REPAIR_MEETINGS = Constant(
    "REPAIR_MEETINGS",
    1000,
    "1",
    "An outline of which more pairs of edges than this meet outside their corners is not read in several ways.",
    Source("hazardgeo design choice: bounds the work on one record to seconds", Grade.ASSUMED),
)
REPAIR_SWAPS = Constant(
    "REPAIR_SWAPS",
    50,
    "1",
    "A ring in which this many turns of a stretch of corners leave edges that cross is not read in several ways.",
    Source("hazardgeo design choice: bounds the work on one record to seconds", Grade.ASSUMED),
)
REPAIR_VISITS = Constant(
    "REPAIR_VISITS",
    100,
    "1",
    "An outline that has a corner in the same place more often than this is not read in several ways.",
    Source("hazardgeo design choice: bounds the work on one record to seconds", Grade.ASSUMED),
)
_AT_ONCE = 128  # a query then holds 128 times 10,000 pairs at most


def open_ring(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """The corners of a ring, none twice in a row and the first not again at the end.

    Examples
    --------
    >>> open_ring(np.array([(0, 0), (2, 0), (2, 0), (0, 2), (0, 0)], dtype=float)).tolist()
    [[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]]
    """
    moves = (xy != np.roll(xy, -1, axis=0)).any(axis=1)
    return xy[moves] if moves.any() else xy[:1]


def refuse_tangle(rings: list[NDArray[np.float64]]) -> None:
    """Refuse rings on which work could become endless.

    Parameters
    ----------
    rings : list of ndarray
        Corners of each ring, as `open_ring` gives them.

    Raises
    ------
    GeometryError
        Says what there is too much of.
    """
    if (corners := sum(map(len, rings))) > REPAIR_CORNERS.value:
        raise GeometryError(
            f"it has {corners:,} corners, more than the {REPAIR_CORNERS.value:,} that are looked through"
        )
    visits = np.unique(np.concatenate(rings), axis=0, return_counts=True)[1].max()
    if visits > REPAIR_VISITS.value:
        raise GeometryError(f"it is too tangled: {visits:,} of its corners are the same place")
    edges = np.concatenate([edges_between(ring) for ring in rings])
    alike = len(edges) - len(distinct := distinct_edges(edges))
    if alike > REPAIR_MEETINGS.value:
        raise GeometryError(f"it is too tangled: {alike:,} of its edges stand twice")
    meetings(distinct)


def distinct_edges(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each edge once, whichever way it runs.

    Parameters
    ----------
    edges : ndarray of float
        A row of x, y, x, y an edge.

    Returns
    -------
    ndarray of float
    """
    start, end = edges[:, :2], edges[:, 2:]
    back = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    return np.unique(np.where(back[:, None], np.hstack([end, start]), edges), axis=0)


def edges_of(rings: list[NDArray[np.float64]]) -> NDArray[Any]:
    """Each edge of the rings once, as lines."""
    return as_lines(distinct_edges(np.concatenate([edges_between(ring) for ring in rings])))


def as_lines(edges: NDArray[np.float64]) -> NDArray[Any]:
    """Edges as lines."""
    return np.asarray(shapely.linestrings(edges.reshape(-1, 2, 2)))


def edges_between(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """The edge from each corner of a ring to the next: a row of x, y, x, y each."""
    return np.hstack([ring, np.roll(ring, -1, axis=0)])


def untangled(ring: NDArray[np.float64], *, last_first: bool = False) -> NDArray[np.float64] | None:
    """Give the corners of a ring in an order in which no edge crosses another.

    Where two edges cross, the stretch of corners between them is turned round. Two neighbouring corners that were swapped are
    so put back: the commonest cause of a bow-tie.

    Parameters
    ----------
    ring : ndarray of float
        Corners, as `open_ring` gives them.
    last_first : bool
        Begin with the last crossing instead of the first; where there are several, this may come to another order.

    Returns
    -------
    ndarray of float or None
        None where no edge crosses another.

    Raises
    ------
    GeometryError
        If there are too many crossings.

    Examples
    --------
    >>> bow_tie = np.array([(0, 0), (2, 2), (2, 0), (0, 2)], dtype=float)
    >>> untangled(bow_tie).tolist()
    [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]]
    """
    turned = ring
    for _ in range(int(REPAIR_SWAPS.value)):
        pairs = crossings(turned)
        if not len(pairs):
            return None if turned is ring else turned
        i, j = pairs[-1 if last_first else 0]
        turned = np.concatenate([turned[: i + 1], turned[i + 1 : j + 1][::-1], turned[j + 1 :]])
    raise GeometryError("it is too tangled: no order of its corners was found in which no edge crosses another")


def crossings(ring: NDArray[np.float64]) -> NDArray[np.intp]:
    """Pairs of edges of a ring at which its line goes through itself; a mere touch is none."""
    i, j = meetings(edges_between(ring)).T
    a, b, after_b = (ring[(i + k) % len(ring)] for k in range(3))
    c, d, after_d = (ring[(j + k) % len(ring)] for k in range(3))
    # An edge that ends on the other one goes through it if the next edge goes on to the other side.
    of_d, of_b = _side(a, b, d), _side(c, d, b)
    of_d = np.where(of_d == 0, _side(a, b, after_d), of_d)
    of_b = np.where(of_b == 0, _side(c, d, after_b), of_b)
    through = (_side(a, b, c) * of_d < 0) & (_side(c, d, a) * of_b < 0)
    pairs = np.column_stack([i, j])[through]
    return np.asarray(pairs[np.lexsort(pairs.T[::-1])])


def _side(a: NDArray[np.float64], b: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    """On which side of the line from `a` to `b` a point lies: 1 left, -1 right, 0 on it."""
    return np.asarray(np.sign((b[:, 0] - a[:, 0]) * (p[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (p[:, 0] - a[:, 0])))


def meetings(edges: NDArray[np.float64]) -> NDArray[np.intp]:
    """Pairs of edges with a point in common that is not a corner of both."""
    lines = as_lines(edges)
    tree = shapely.STRtree(lines)
    found: list[NDArray[np.intp]] = []
    for start in range(0, len(lines), _AT_ONCE):
        i, j = tree.query(lines[start : start + _AT_ONCE], predicate="intersects")
        i = i + start
        pairs = np.column_stack([i, j])[i < j]
        found.append(pairs[~_only_at_a_corner(edges[pairs[:, 0]], edges[pairs[:, 1]])])
        if sum(map(len, found)) > REPAIR_MEETINGS.value:
            raise GeometryError(
                f"it is too tangled: its edges meet outside their corners more than {REPAIR_MEETINGS.value:,} times"
            )
    return np.concatenate(found)


def _only_at_a_corner(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether two edges that meet do so at a corner of both, and nowhere else."""
    ends = ((slice(0, 2), slice(2, 4)), (slice(2, 4), slice(0, 2)))
    at_corner = np.zeros(len(one), dtype=bool)
    overlap = np.zeros(len(one), dtype=bool)
    for near, far in ends:
        for other_near, other_far in ends:
            corner = (one[:, near] == other[:, other_near]).all(axis=1)
            along, other_along = one[:, far] - one[:, near], other[:, other_far] - other[:, other_near]
            parallel = along[:, 0] * other_along[:, 1] == along[:, 1] * other_along[:, 0]
            at_corner |= corner
            overlap |= corner & parallel & ((along * other_along).sum(axis=1) > 0)
    return at_corner & ~overlap
