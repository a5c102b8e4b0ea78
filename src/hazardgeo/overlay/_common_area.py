"""Area of the ground that pairs of polygons have in common, without making that ground."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.measure import geodesic_area_m2
from hazardgeo.overlay._planes import plane_cells, split_long_edges

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hazardgeo.overlay._planes import LocalPlane

Edges = tuple["NDArray[np.float64]", "NDArray[np.bool_]", "NDArray[np.int64]"]
# Fewer pairs are cut sooner than what was compiled is loaded.
COMPILED_FROM = 10_000


def common_area_m2(
    a: NDArray[Any], b: NDArray[Any], left: NDArray[np.intp], right: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Measure the ground that each pair of polygons has in common.

    Parameters
    ----------
    a, b : ndarray of shapely geometries
        Polygons in EPSG:4326, as `wgs84_polygons` gives them.
    left, right : ndarray of int
        Positions of each pair's members in `a` and in `b`.

    Returns
    -------
    ndarray of float
        Area [m²]; 0 where they only touch, or do not.

    Notes
    -----
    The share of the polygon of `a` in a local equal-area plane, times its geodesic area: what
    `hazardgeo.borders.overlaps` says of the same pair, to 1e-9 of the smaller polygon or 1e-8 m². With the extra ``fast`` and
    many pairs it is the sum over all pairs of edges of the signed area under the lower one of both, which needs no
    topology, and is good to 1e-12 of the smaller polygon's box; vertices are laid into the plane by what is compiled,
    to 3e-8 m of where PROJ lays them, up to latitude 65, and by PROJ beyond.

    References
    ----------
    docs/explanation/planes.md of this project.

    Examples
    --------
    >>> a, b = np.array([shapely.box(16, 45, 16.02, 45.01)]), np.array([shapely.box(16.01, 45, 16.03, 45.01)])
    >>> both = common_area_m2(a, b, np.array([0]), np.array([0]))
    >>> (both / geodesic_area_m2(a)).round(3).tolist()
    [0.5]
    """
    if not len(left):
        return np.zeros(0)
    compiled = _compiled() if len(left) >= COMPILED_FROM else None
    share = _by_cutting(a, b, left, right) if compiled is None else _by_edges(a, b, left, right, compiled)
    used, of = np.unique(left, return_inverse=True)
    return share * geodesic_area_m2(a[used])[of]


def _by_cutting(
    a: NDArray[Any], b: NDArray[Any], left: NDArray[np.intp], right: NDArray[np.intp]
) -> NDArray[np.float64]:
    share = np.zeros(len(left))
    for plane, pairs in plane_cells(a[left]).items():
        (one, of_one), (other, of_other) = (
            (plane.project(shapes[used]), of)
            for shapes, at in ((a, left), (b, right))
            for used, of in [np.unique(at[pairs], return_inverse=True)]
        )
        share[pairs] = shapely.area(shapely.intersection(one[of_one], other[of_other])) / shapely.area(one)[of_one]
    return share


def _by_edges(
    a: NDArray[Any],
    b: NDArray[Any],
    left: NDArray[np.intp],
    right: NDArray[np.intp],
    compiled: Callable[..., NDArray[np.float64]],
) -> NDArray[np.float64]:
    """The same, without making polygons of the plane."""
    from hazardgeo.overlay._compiled_plane import HIGHEST_DEG, laid_compiled

    share, both = np.zeros(len(left)), [edges_of(np.asarray(split_long_edges(shapes))) for shapes in (a, b)]
    low = all(np.abs(xy[:, 1]).max(initial=0) <= HIGHEST_DEG for xy, _, _ in both)
    lay = laid_compiled if low else _laid
    cell = np.full(len(a), -1)
    planes = plane_cells(a)
    for k, members in enumerate(planes.values()):
        cell[members] = k
    order = np.argsort(cell[left], kind="stable")
    cuts = np.searchsorted(cell[left][order], np.arange(len(planes) + 1))
    for plane, start, stop in zip(planes, cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        pairs = order[start:stop]
        if len(pairs):
            (one, of_one), (other, of_other) = (
                (lay(edges, used, plane), of)
                for edges, at in zip(both, (left, right), strict=True)
                for used, of in [_used(at[pairs], len(edges[2]) - 1)]
            )
            share[pairs] = compiled(*one, *other, of_one, of_other) / _areas(*one)[of_one]
    return share


def _used(at: NDArray[np.intp], count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which of so many positions occur, and which of those each is; without sorting."""
    place = np.zeros(count, dtype=np.intp)
    place[at] = 1
    used = np.flatnonzero(place)
    place[used] = np.arange(len(used))
    return used, place[at]


def _laid(edges: Edges, used: NDArray[np.intp], plane: LocalPlane) -> Edges:
    """The edges of some polygons in a plane."""
    xy, follows, offsets = edges
    counts = offsets[used + 1] - offsets[used]
    begins = np.append(0, np.cumsum(counts))
    vertex = np.arange(begins[-1]) + np.repeat(offsets[used] - begins[:-1], counts)
    return plane.forward(xy[vertex]), follows[vertex], begins


def _areas(xy: NDArray[np.float64], follows: NDArray[np.bool_], offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    x, y = (xy - np.repeat(xy[offsets[:-1]], np.diff(offsets), axis=0)).T
    cross = np.append(x[:-1] * y[1:] - x[1:] * y[:-1], 0.0) * follows
    return np.asarray(np.abs(np.add.reduceat(cross, offsets[:-1])) / 2)


def flat_common_area(
    a: NDArray[Any], b: NDArray[Any], left: NDArray[np.intp], right: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Area of the common ground of pairs of which each is laid into one plane; their number decides how it is found."""
    compiled = _compiled() if len(left) >= COMPILED_FROM else None
    if compiled is None:
        return np.asarray(shapely.area(shapely.intersection(a[left], b[right])), dtype=np.float64)
    return compiled(*edges_of(a), *edges_of(b), left, right)


@functools.cache
def _compiled() -> Callable[..., NDArray[np.float64]] | None:
    try:
        from hazardgeo.overlay._compiled import common_areas
    except (
        ImportError,
        RuntimeError,
    ):  # no extra `fast`, one that this numpy does not suit, or nowhere to keep what is compiled
        return None
    return common_areas


def edges_of(polygons: NDArray[Any]) -> Edges:
    """Vertices of polygons, whether an edge goes on from each to the next, and where each polygon begins.

    All ground of a polygon lies on one side of its edges, be it the left or the right.
    """
    bare = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    bare &= shapely.get_num_interior_rings(polygons) == 0
    xy, owner = shapely.get_coordinates(polygons[bare], return_index=True)
    follows = np.diff(owner, append=-1) == 0
    owner = np.flatnonzero(bare)[owner]
    if not bare.all():  # several rings must be turned to go with each other
        parts, of_part = shapely.get_parts(shapely.orient_polygons(polygons[~bare]), return_index=True)
        rings, of_ring = shapely.get_rings(parts, return_index=True)
        more, of = shapely.get_coordinates(rings, return_index=True)
        xy, follows = np.vstack([xy, more]), np.append(follows, np.diff(of, append=-1) == 0)
        owner = np.append(owner, np.flatnonzero(~bare)[of_part[of_ring[of]]])
        order = np.argsort(owner, kind="stable")
        xy, follows, owner = xy[order], follows[order], owner[order]
    return xy, follows, np.append(0, np.cumsum(np.bincount(owner, minlength=len(polygons))))
