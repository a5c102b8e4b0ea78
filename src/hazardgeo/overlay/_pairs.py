"""Which polygons touch which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.overlay._planes import split_long_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray


def pairs_that_touch(a: NDArray[Any], b: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find all pairs of `a` and `b` whose geometries have a point in common.

    Parameters
    ----------
    a, b : ndarray of shapely geometries
        Polygons in EPSG:4326. Their edges are geodesics, as where they are cut: a long one bulges over ground that lies beyond
        the straight line between its ends.

    Returns
    -------
    ndarray of int, ndarray of int
        Positions in `a` and in `b`, sorted.
    """
    left, right = shapely.STRtree(split_long_edges(b)).query(split_long_edges(a), predicate="intersects")
    order = np.lexsort((right, left))
    return left[order], right[order]


def groups_that_touch(geometries: NDArray[Any]) -> list[NDArray[np.intp]]:
    """Find the groups of geometries that hang together.

    Parameters
    ----------
    geometries : ndarray of shapely geometries
        Polygons in EPSG:4326, as in `pairs_that_touch`.

    Returns
    -------
    list of ndarray of int
        Positions of each group's members, in order; groups in the order of their first member.
    """
    return groups_of_links(len(geometries), *pairs_that_touch(geometries, geometries))


def groups_of_links(count: int, left: NDArray[np.intp], right: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Find the groups of things that hang together by links.

    Parameters
    ----------
    count : int
        How many things there are; what no link names is a group by itself.
    left, right : ndarray of int
        Both ends of each link.

    Returns
    -------
    list of ndarray of int
        Positions of each group's members, in order; groups in the order of their first member.

    Examples
    --------
    >>> [group.tolist() for group in groups_of_links(5, np.array([4, 1]), np.array([2, 4]))]
    [[0], [1, 2, 4], [3]]
    """
    label, before = np.arange(count), np.full(count, -1)
    while (label != before).any():
        before = label.copy()
        np.minimum.at(label, left, label[right])
        np.minimum.at(label, right, label[left])
        label = label[label]
    order = np.argsort(label, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if count else []
