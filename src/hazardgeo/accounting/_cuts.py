"""Cutting products out of hazards: project first, then cut, and measure in the same plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.measure import geodesic_area_m2
from hazardgeo.overlay import plane_cells, polygonal

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEAR_DEG = 5.0  # a product farther off than this is measured by itself: a plane holds what lies about its centre
_SHARE = 1e-12  # of an area; what rounding leaves behind is no ground
_MANY = 8  # products of one hazard; more are united first, fewer are cut out one after the other


class Cuts(NamedTuple):
    """What products take from their hazards [m²], brought to each hazard's geodesic area by one factor."""

    area_m2: NDArray[np.float64]
    """Of each hazard; NaN where it has no outline."""
    inside_m2: NDArray[np.float64]
    """Ground of each product within its hazard."""
    first_m2: NDArray[np.float64]
    """The part of it that no product before has released."""
    outside_m2: NDArray[np.float64]
    """Ground of each product beyond its hazard, and beyond that of the products before."""
    outside_edge_m: NDArray[np.float64]
    """Length of the edge of all its ground beyond its hazard [m]."""
    left: NDArray[Any]
    """What is left of each hazard, in EPSG:4326; None where it was not asked for or has no outline."""
    left_m2: NDArray[np.float64]

    def of(self, mine: NDArray[np.bool_]) -> Cuts:
        """What some of the products take."""
        return self._replace(
            inside_m2=self.inside_m2[mine],
            first_m2=self.first_m2[mine],
            outside_m2=self.outside_m2[mine],
            outside_edge_m=self.outside_edge_m[mine],
        )


def cuts(
    hazards: NDArray[Any], areas: NDArray[np.float64], products: NDArray[Any], link: NDArray[np.intp], *, left: bool
) -> Cuts:
    """Cut products out of their hazards.

    Parameters
    ----------
    hazards : ndarray of shapely geometries
        In EPSG:4326, checked; None where there is no outline.
    areas : ndarray of float
        Geodesic areas of the hazards [m²].
    products : ndarray of shapely geometries
        In EPSG:4326, checked, in the order in which they release ground.
    link : ndarray of int
        Position of the hazard of each.
    left : bool
        Whether to give what is left as geometry, and its area.

    Returns
    -------
    Cuts
    """
    none = np.full(len(hazards), None, dtype=object)
    inside, first, outside, edge = np.zeros((4, len(products)))
    found = Cuts(areas, inside, first, outside, edge, none, areas.copy())
    of_hazard = np.argsort(link, kind="stable")
    starts = np.searchsorted(link[of_hazard], np.arange(len(hazards) + 1))
    for plane, members in plane_cells(hazards).items():
        counts = starts[members + 1] - starts[members]
        cut = members[counts > 0]
        if left:
            found.left[members[counts == 0]] = hazards[members[counts == 0]]
        if not len(cut):
            continue
        mine = np.concatenate([of_hazard[starts[h] : starts[h + 1]] for h in cut])
        far = _far(hazards[link[mine]], products[mine])
        found.outside_m2[mine[far]] = geodesic_area_m2(products[mine[far]])
        found.outside_edge_m[mine[far]] = np.sqrt(found.outside_m2[mine[far]])  # whatever its shape, it is no sliver
        mine = mine[~far]
        ground, pieces, owner = (
            plane.project(hazards[cut]),
            plane.project(products[mine]),
            np.searchsorted(cut, link[mine]),
        )
        scale = areas[cut] / shapely.area(ground)
        *shares, found.outside_edge_m[mine] = _shares(ground, pieces, owner)
        for column, value in zip((found.inside_m2, found.first_m2, found.outside_m2), shares, strict=True):
            column[mine] = value * scale[owner]
        if left:
            rest = _without(ground, pieces, owner)
            found.left_m2[cut] = shapely.area(rest) * scale
            found.left[cut] = plane.unproject(rest)
    return found


def _far(hazards: NDArray[Any], products: NDArray[Any]) -> NDArray[np.bool_]:
    a, b = shapely.bounds(hazards), shapely.bounds(products)
    gap = np.abs(a[:, :2] + a[:, 2:] - b[:, :2] - b[:, 2:]) / 2
    east = np.minimum(gap[:, 0], np.abs(360 - gap[:, 0]))
    for box in (a, b):  # what is cut at the antimeridian has its middle there, wherever that of its box is
        east = np.where(box[:, 2] - box[:, 0] > 180, 0.0, east)
    # Longitudes crowd towards the poles; there any is near.
    return (gap[:, 1] > _NEAR_DEG) | (east * np.cos(np.radians(np.abs(b[:, 1]))) > _NEAR_DEG)


def _shares(
    ground: NDArray[Any], pieces: NDArray[Any], owner: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Areas in the plane: of each piece within its ground, first released by it, and beyond its ground; and the edge of that."""
    whole = shapely.area(pieces)
    within = shapely.covers(ground[owner], pieces)
    inner = pieces.copy()
    inner[~within] = shapely.intersection(pieces[~within], ground[owner[~within]])
    inside = np.where(within, whole, shapely.area(inner))
    first = first_of(inner, owner)
    beyond = np.flatnonzero(whole - inside > _SHARE * whole)
    outside, edge = np.zeros((2, len(pieces)))
    outer = shapely.difference(pieces[beyond], ground[owner[beyond]])
    outside[beyond], edge[beyond] = first_of(outer, owner[beyond]), shapely.length(outer)
    return inside, first, outside, edge


def first_of(pieces: NDArray[Any], owner: NDArray[np.intp]) -> NDArray[np.float64]:
    """Area of each piece that no earlier piece of the same owner covers."""
    rest = pieces.copy()
    later, earlier = shapely.STRtree(pieces).query(pieces, predicate="intersects")
    keep = (earlier < later) & (owner[earlier] == owner[later])
    later, earlier = later[keep], earlier[keep]
    order = np.lexsort((earlier, later))
    later, earlier = later[order], earlier[order]
    for turn in _turns(later):
        rest[later[turn]] = shapely.difference(rest[later[turn]], pieces[earlier[turn]])
    return np.asarray(shapely.area(rest))


def _turns(sorted_owner: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Positions of the first of each owner, of the second of each, and so on: what can be done at once."""
    if not len(sorted_owner):
        return []
    place = np.arange(len(sorted_owner)) - np.searchsorted(sorted_owner, sorted_owner)
    by_place = np.argsort(place, kind="stable")
    return np.split(by_place, np.cumsum(np.bincount(place))[:-1])


def _without(ground: NDArray[Any], pieces: NDArray[Any], owner: NDArray[np.intp]) -> NDArray[Any]:
    """Ground without its pieces, as multipolygons."""
    order = np.argsort(owner, kind="stable")
    counts = np.bincount(owner, minlength=len(ground))
    many = counts > _MANY
    rest = ground.copy()
    few = order[~many[owner[order]]]
    for turn in _turns(owner[few]):
        rest[owner[few[turn]]] = shapely.difference(rest[owner[few[turn]]], pieces[few[turn]])
    ends = np.cumsum(counts)
    for h in np.flatnonzero(many):
        rest[h] = shapely.difference(ground[h], shapely.union_all(pieces[order[ends[h] - counts[h] : ends[h]]]))
    odd = np.flatnonzero(shapely.get_type_id(rest) == shapely.GeometryType.GEOMETRYCOLLECTION)
    rest[odd] = [polygonal(shape) for shape in rest[odd]]
    return rest
