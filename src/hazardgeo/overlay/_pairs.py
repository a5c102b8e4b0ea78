"""Which polygons touch which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


def pairs_that_touch(a: NDArray[Any], b: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find all pairs of `a` and `b` whose geometries have a point in common.

    Parameters
    ----------
    a, b : ndarray of shapely geometries
        In one CRS.

    Returns
    -------
    ndarray of int, ndarray of int
        Positions in `a` and in `b`, sorted.
    """
    left, right = shapely.STRtree(b).query(a, predicate="intersects")
    order = np.lexsort((right, left))
    return left[order], right[order]


def groups_that_touch(geometries: NDArray[Any]) -> list[NDArray[np.intp]]:
    """Find the groups of geometries that hang together.

    Parameters
    ----------
    geometries : ndarray of shapely geometries

    Returns
    -------
    list of ndarray of int
        Positions of each group's members, in order; groups in the order of their first member.
    """
    parent = list(range(len(geometries)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j in zip(*pairs_that_touch(geometries, geometries), strict=True):
        low, high = sorted((root(int(i)), root(int(j))))
        parent[high] = low
    groups: dict[int, list[int]] = {}
    for i in range(len(parent)):
        groups.setdefault(root(i), []).append(i)
    return [np.array(members, dtype=np.intp) for members in groups.values()]
