"""Ground that two polygons have in common, and whether it is more than a strip that their accuracy explains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.overlay._parts import polygonal
from hazardgeo.overlay._planes import plane_cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SEGMENTS = 16
_ROUNDING_M = 1e-6  # coordinates in degrees are good to some nanometres; what is no wider is an edge, not ground


def ground_in_common(
    a: NDArray[Any], b: NDArray[Any], left: NDArray[np.intp], right: NDArray[np.intp]
) -> tuple[NDArray[Any], ...]:
    """Cut each pair in a local equal-area plane.

    Parameters
    ----------
    a, b : ndarray of shapely geometries
        Polygons in EPSG:4326.
    left, right : ndarray of int
        Positions of each pair's members.

    Returns
    -------
    ndarray of int, ndarray of int, ndarray of int, ndarray of shapely geometries, ndarray of float, ndarray of float
        Positions of the pairs that have ground in common, and not only an edge; `left` and `right` of those; that ground in its
        plane; and the areas of both members there [m²].
    """
    common, flat_a, flat_b = np.full(len(left), None, dtype=object), np.zeros(len(left)), np.zeros(len(left))
    for plane, members in plane_cells(a[left]).items():
        (one, of_one), (other, of_other) = (
            (plane.project(shapes[used]), of)
            for shapes, at in ((a, left), (b, right))
            for used, of in [np.unique(at[members], return_inverse=True)]
        )
        common[members] = shapely.intersection(one[of_one], other[of_other])
        flat_a[members], flat_b[members] = shapely.area(one)[of_one], shapely.area(other)[of_other]
    some = np.flatnonzero(shapely.area(common) > 0)
    ground = _polygons_of(common[some])
    wide = width_of(ground) > _ROUNDING_M
    some, ground = some[wide], ground[wide]
    return some, left[some], right[some], ground, flat_a[some], flat_b[some]


def _polygons_of(shapes: NDArray[Any]) -> NDArray[Any]:
    # Where edges also run together, an intersection holds lines and points besides the ground.
    for k in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION):
        shapes[k] = polygonal(shapes[k])
    return shapes


def width_of(flat: NDArray[Any]) -> NDArray[np.float64]:
    """Mean width of ground in a plane, 2 · area / perimeter [m]."""
    return np.asarray(2 * shapely.area(flat) / shapely.length(flat), dtype=np.float64)


def is_sliver(flat: NDArray[Any], explained_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether ground in a plane is nowhere as wide as what accuracy explains.

    A long strip along an edge draws the mean width of all ground down, and says nothing of a bulge that hangs on it: so the
    widest place counts.

    Parameters
    ----------
    flat : ndarray of shapely geometries
        Polygons in a plane.
    explained_m : ndarray of float
        For each, the width that the accuracy of the outlines explains [m].

    Returns
    -------
    ndarray of bool

    Notes
    -----
    Nothing is left of a sliver when it is narrowed by half that width from every edge. Ground whose mean width is as much is
    no sliver and is not narrowed: the widest place is no less than the mean.

    Examples
    --------
    >>> strip, bulge = shapely.box(0, 0, 1000, 1), shapely.box(0, 0, 60, 60)
    >>> is_sliver(np.array([strip, shapely.union(strip, bulge)]), np.array([5.0, 5.0])).tolist()
    [True, False]
    """
    narrow = width_of(flat) < explained_m
    left = shapely.buffer(flat[narrow], -np.asarray(explained_m)[narrow] / 2, quad_segs=_SEGMENTS)
    narrow[narrow] = shapely.is_empty(left)
    return np.asarray(narrow, dtype=bool)
