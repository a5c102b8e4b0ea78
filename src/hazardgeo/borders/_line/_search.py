"""Which hazards lie near a line at all: most of a register does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._index import index_of
from hazardgeo.borders._line._nearest import nearest_edges
from hazardgeo.overlay._planes import split_long_edges

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet

_M_PER_DEGREE = 112_000.0  # of latitude or longitude, at most
_HAIR_M = (
    10.0  # an edge of 1 km, straight in degrees or through the Earth, lies as close to its geodesic up to 89.9 degrees
)


def close_to(
    border: BorderSet, lines: gpd.GeoDataFrame, polygons: NDArray[Any], reach_m: float
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
    """Find the nearest line of each hazard, and the hazards that need a closer look.

    Parameters
    ----------
    border : BorderSet
    lines : geopandas.GeoDataFrame
        Those of its lines that are asked about.
    polygons : ndarray of shapely geometries
        In EPSG:4326; some may be missing.
    reach_m : float
        How far from a line it matters [m].

    Returns
    -------
    nearest : ndarray of int
        Row of `lines`; -1 for what has no geometry.
    distance : ndarray of float
        To it [m], good to 1e-5; 0 where it runs through the hazard, or within it.
    close : ndarray of int
        Positions of the hazards that may lie within `reach_m` of a line.
    """
    chunks, balls = index_of(border).asked(border.lines.index.get_indexer(lines.index))
    found, metres = np.full(len(polygons), -1, dtype=np.intp), np.full(len(polygons), np.nan)
    there = np.flatnonzero(~(shapely.is_missing(polygons) | shapely.is_empty(polygons)))
    shapes = np.asarray(split_long_edges(polygons[there]), dtype=object)
    edge, distance = nearest_edges(balls, shapes)
    found[there], metres[there] = balls.row[edge], distance
    # No place in an outline is further from it than half its box from corner to corner, nor are all ends of two edges that cross.
    west, south, east, north = shapely.bounds(shapes).T
    wide = np.flatnonzero(distance <= _M_PER_DEGREE / 2 * np.hypot(east - west, north - south) + _HAIR_M)
    row, through = chunks.through(shapes[wide])
    found[there[wide[through]]], metres[there[wide[through]]] = row, 0.0
    # What is a little further off is looked at too, for the depths that the answer then has.
    return found, metres, np.flatnonzero(metres <= 1.1 * reach_m + 100)
