"""Which hazards lie whole on one side and out of reach of every line: most of a register does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._index import NOWHERE, TWICE, index_of
from hazardgeo.overlay._planes import split_long_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet

_HAIR_M = 2.0  # an edge of 1 km, straight in degrees, lies within centimetres of its geodesic


def settled(border: BorderSet, polygons: NDArray[Any], reach_m: Any = None) -> NDArray[np.object_]:
    """Tell the side of each hazard that no outline of a country runs through, and near which nothing divides two.

    Parameters
    ----------
    border : BorderSet
    polygons : ndarray of shapely geometries
        In EPSG:4326; some may be missing.
    reach_m : float or ndarray of float, optional
        How far from a line, or from an edge between two countries without one, it matters, for all or for each [m];
        without it neither is looked at.

    Returns
    -------
    ndarray of str
        A code, or ``no_country`` or ``beyond_extent``; empty where it takes a closer look, and where there is no geometry.
    """
    index = index_of(border)
    side = np.full(len(polygons), "", dtype=object)
    there = np.flatnonzero(~(shapely.is_missing(polygons) | shapely.is_empty(polygons)))
    shapes = split_long_edges(polygons[there])
    alone = np.ones(len(there), dtype=bool)
    if reach_m is not None:
        alone = ~index.divides.within(shapes, np.broadcast_to(reach_m, len(polygons))[there] + _HAIR_M)
    alone[alone] = ~index.outlines.within(shapes[alone], _HAIR_M)
    # A hazard of several parts may have them in several places, with no line through any.
    parts, of = shapely.get_parts(shapes[alone], return_index=True)
    first = np.flatnonzero(np.diff(of, prepend=-1))
    xy, of_part = shapely.get_coordinates(parts, return_index=True)
    lonlat = xy[np.flatnonzero(np.diff(of_part, prepend=-1))]
    row = index.country_at(lonlat)
    names = np.array([*index.codes, "no_country", "beyond_extent", ""], dtype=object)
    nobodys = np.where(index.in_extent(lonlat), len(index.codes), len(index.codes) + 1)
    name = names[np.select([row == NOWHERE, row == TWICE], [nobodys, len(index.codes) + 2], row)]
    same = np.logical_and.reduceat(name == name[first][of], first) if len(first) else np.zeros(0, dtype=bool)
    side[there[alone]] = np.where(same, name[first], "")
    return side
