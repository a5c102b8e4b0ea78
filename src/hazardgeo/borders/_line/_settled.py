"""Which hazards lie whole on one side and out of reach of every line: most of a register does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._index import NOWHERE, TWICE, Index, index_of
from hazardgeo.overlay._planes import split_long_edges

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet

HAIR_M = 2.0  # an edge of 1 km, straight in degrees, lies within centimetres of its geodesic


def settled(border: BorderSet, polygons: NDArray[Any], reach_m: Any = None) -> NDArray[np.object_]:
    """Tell the side of each hazard that no outline of a country runs through, and near which nothing divides two.

    Parameters
    ----------
    border : BorderSet
    polygons : ndarray of shapely geometries
        In EPSG:4326; some may be missing.
    reach_m : float or ndarray of float, optional
        How far from a line, or from the ground of a second country, it matters, for all or for each [m]; without it
        neither is looked at.

    Returns
    -------
    ndarray of str
        A code, or ``no_country`` or ``beyond_extent``; empty where it takes a closer look, and where there is no geometry.
    """
    shapes = np.asarray(split_long_edges(polygons), dtype=object)
    far = np.arange(len(shapes)) if reach_m is None else np.flatnonzero(~divided(border, shapes, reach_m))
    index = index_of(border)
    return side_of_all(index, shapes, far[~index.outlines.within(shapes[far], HAIR_M)])


def side_of_all(index: Index, shapes: NDArray[Any], at: NDArray[np.intp]) -> NDArray[np.object_]:
    """The side of each of some shapes that no outline runs through; the words of `settled`."""
    at = at[~(shapely.is_missing(shapes[at]) | shapely.is_empty(shapes[at]))]
    of, lonlat = _corners(shapes[at])
    row = index.country_at(lonlat)
    codes = np.unique(index.codes)
    word = np.where(row == TWICE, len(codes) + 2, index.code_numbers[row])
    nobodys = np.flatnonzero(row == NOWHERE)
    word[nobodys] = np.where(index.in_extent(lonlat[nobodys]), len(codes), len(codes) + 1)
    # A hazard of several parts may have them in several places, with no line through any.
    first = np.flatnonzero(np.diff(of, prepend=-1))
    same = np.logical_and.reduceat(word == word[first][of], first) if len(first) else np.zeros(0, dtype=bool)
    side = np.full(len(shapes), "", dtype=object)
    names = np.array([*codes, "no_country", "beyond_extent", ""], dtype=object)
    side[at[same]] = names[word[first[same]]]
    return side


def divided(border: BorderSet, polygons: NDArray[Any], reach_m: Any) -> NDArray[np.bool_]:
    """Which hazards may lie within reach of a line, or of the ground of two countries, whether or not a line is between them."""
    shapes = np.asarray(split_long_edges(polygons), dtype=object)
    near = index_of(border).line_chunks.within(shapes, np.asarray(reach_m) + HAIR_M)
    far = np.flatnonzero(~near)
    near[far] = beside_several(border, shapes[far], np.broadcast_to(reach_m, len(shapes))[far])
    return near


def beside_several(
    border: BorderSet, polygons: NDArray[Any], reach_m: Any, codes: Collection[str] | None = None
) -> NDArray[np.bool_]:
    """Which hazards may lie within reach of the ground of two countries or more; none that does is left out.

    Parameters
    ----------
    border : BorderSet
    polygons : ndarray of shapely geometries
        In EPSG:4326; some may be missing.
    reach_m : float or ndarray of float
        How far from a country it matters, for all or for each [m].
    codes : collection of str, optional
        The countries that are asked about; all unless given.
    """
    index = index_of(border)
    there = np.flatnonzero(~(shapely.is_missing(polygons) | shapely.is_empty(polygons)))
    known, code = np.unique(index.codes, return_inverse=True)
    asked = np.ones(len(known), dtype=bool) if codes is None else np.isin(known, list(codes))
    reach = np.broadcast_to(reach_m, len(polygons))[there] + HAIR_M
    at, row = index.outlines.in_reach(np.asarray(split_long_edges(polygons[there]), dtype=object), reach)
    ground = row < len(code)  # the last outline is that of the extent
    near = np.zeros((len(there), len(known)), dtype=bool)
    near[at[ground], code[row[ground]]] = True
    # Far from every outline of a country a hazard may still lie in it, and then all of it does, or all of a part.
    of, lonlat = _corners(polygons[there])
    for country, inside in zip(code, index.inside(lonlat), strict=True):
        near[of[inside], country] = True
    several = np.zeros(len(polygons), dtype=bool)
    several[there] = near[:, asked].sum(axis=1) > 1
    return several


def _corners(shapes: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The first corner of each part: of which shape, and where."""
    parts, of = shapes, np.arange(len(shapes))
    if (shapely.get_type_id(shapes) != shapely.GeometryType.POLYGON).any():
        parts, of = shapely.get_parts(shapes, return_index=True)
    lonlat, part = shapely.get_coordinates(parts, return_index=True)
    return of, lonlat[np.flatnonzero(np.diff(part, prepend=-1))]
