"""Area of the ground that pairs of polygons have in common, without making that ground."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.constants import EDGE_M
from hazardgeo.measure import geodesic_area_m2
from hazardgeo.measure._ragged import of_shapely
from hazardgeo.overlay._planes import plane_cells, split_long_edges
from hazardgeo.overlay._series import FACTORS, series_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hazardgeo.measure._ragged import Rings
    from hazardgeo.overlay._outlines import Outlines

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
    topology, and is good to 1e-12 of the smaller polygon's box; the plane is then a pair of polynomials, as near to it as PROJ
    rounds, and only what is wider than these reach is cut.

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
    (a, left), (b, right) = _used(a, left), _used(b, right)
    if not compiled_for(len(left)):
        return _by_cutting(a, b, left, right) * geodesic_area_m2(a)[left]
    rings = of_shapely(a)
    one, other = _in_short_edges(a, rings), _in_short_edges(b, of_shapely(b))
    return shares_by_edges(a, b, one, other, left, right) * rings.measured()[0][left]


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


def _in_short_edges(polygons: NDArray[Any], rings: Rings) -> Outlines:
    from hazardgeo.overlay._outlines import Outlines

    outlines = Outlines.of(rings)
    if (long := np.flatnonzero(outlines.edge_m > EDGE_M.value)).size:
        split = polygons.copy()
        split[long] = split_long_edges(polygons[long])
        outlines = Outlines.of(of_shapely(split))
    return outlines


def shares_by_edges(
    a: NDArray[Any],
    b: NDArray[Any],
    outlines_a: Outlines,
    outlines_b: Outlines,
    left: NDArray[np.intp],
    right: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Share of the polygon of `a` that each pair has in common; no polygon is made where `compiled_for` the number of pairs."""
    cells = plane_cells(a)
    plane = np.full(len(a), -1)
    for k, members in enumerate(cells.values()):
        plane[members] = k
    centres = np.array([(cell.lon, cell.lat) for cell in cells]).reshape(-1, 2)
    factors = np.array([series_of(cell) for cell in cells]).reshape(-1, FACTORS)
    share = _compiled()(outlines_a, outlines_b, left, right, plane, centres, factors)  # type: ignore[misc]
    beyond = np.flatnonzero(np.isnan(share))
    share[beyond] = _by_cutting(a, b, left[beyond], right[beyond])
    return share


def _used(polygons: NDArray[Any], at: NDArray[np.intp]) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Those of the polygons that occur, and which of these each is; without sorting."""
    place = np.zeros(len(polygons), dtype=np.intp)
    place[at] = 1
    used = np.flatnonzero(place)
    place[used] = np.arange(len(used))
    return polygons[used], place[at]


def compiled_for(pairs: int) -> bool:
    """Whether for so many pairs what is compiled is there and worth to be loaded."""
    return pairs >= COMPILED_FROM and _compiled() is not None


@functools.cache
def _compiled() -> Callable[..., NDArray[np.float64]] | None:
    try:
        from hazardgeo.overlay._compiled import common_shares
    except (
        ImportError,
        RuntimeError,
    ):  # no extra `fast`, one that this numpy does not suit, or nowhere to keep what is compiled
        return None
    return common_shares
