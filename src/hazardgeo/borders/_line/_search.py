"""Which hazards lie near a line at all: most of a register does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._index import index_of
from hazardgeo.borders._line._nearest import nearest_edges

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet


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
    found[there], metres[there] = nearest_edges(balls, chunks, polygons[there])
    # What is a little further off is looked at too, for the depths that the answer then has.
    return found, metres, np.flatnonzero(metres <= 1.1 * reach_m + 100)
