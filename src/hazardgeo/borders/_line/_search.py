"""Which hazards lie near a line at all: most of a register does not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import GEOD, on_arrays
from hazardgeo.overlay import plane_cells
from hazardgeo.overlay._planes import split_long_edges

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_M_PER_DEGREE = 110_000.0  # of latitude, at least
_SEGMENTS = 16  # a search tree over whole border lines would look at all of a line for each hazard


def close_to(
    polygons: NDArray[Any], lines: gpd.GeoDataFrame, reach_m: float
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
    """Find the nearest line of each hazard, and the hazards that need a closer look.

    Parameters
    ----------
    polygons : ndarray of shapely geometries
        In EPSG:4326; some may be missing.
    lines : geopandas.GeoDataFrame
    reach_m : float
        How far from a line it matters [m].

    Returns
    -------
    nearest : ndarray of int
        Row of `lines`; -1 for what has no geometry.
    distance : ndarray of float
        To it [m], good to a few per cent.
    close : ndarray of int
        Positions of the hazards that may lie within `reach_m` of a line.
    """
    chunks, row = _chunks(lines)
    found, metres = np.full(len(polygons), -1, dtype=np.intp), np.full(len(polygons), np.nan)
    for plane, members in plane_cells(polygons).items():
        # Degrees, with longitude shrunk to the length it has here, rank distances well enough to find the nearest.
        shrink = max(0.01, math.cos(math.radians(plane.lat)))
        here = _around(chunks, plane.lon, shrink)
        west, _, east, _ = shapely.bounds(here).T
        whole = np.flatnonzero(east - west < 180)  # a chunk that is torn lies on the other side of the globe
        tree = shapely.STRtree(here[whole])
        shapes = _around(polygons[members], plane.lon, shrink)
        nearest = tree.nearest(shapes)
        ends = shapely.get_coordinates(shapely.shortest_line(shapes, tree.geometries[nearest])) / [shrink, 1]
        # Longitudes are about the plane's; only their difference counts.
        found[members], metres[members] = row[whole[nearest]], on_arrays(GEOD.inv, *ends.reshape(-1, 4).T)[2]
    # The ranking is good to a few per cent near by; whatever could be within reach is looked at in its plane.
    return found, metres, np.flatnonzero(metres <= 1.1 * reach_m + 100)


def beside_several(polygons: NDArray[Any], reach_m: float, countries: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Which hazards may lie within reach of the ground of two countries or more; none that does is left out.

    Parameters
    ----------
    polygons : ndarray of shapely geometries
        In EPSG:4326; some may be missing.
    reach_m : float
        How far from a country it matters [m].
    countries : geopandas.GeoDataFrame
        With ``code``; all rows of one code are one country.
    """
    _, south, _, north = shapely.bounds(polygons).T
    highest = np.nan_to_num(np.maximum(np.abs(south), np.abs(north)))
    reach_deg = reach_m / _M_PER_DEGREE / np.cos(np.radians(np.minimum(89.0, highest + reach_m / _M_PER_DEGREE)))
    count = np.zeros(len(polygons), dtype=int)
    for _, rows in countries.groupby("code"):
        grounds = rows.geometry.to_numpy()
        shapely.prepare(grounds)
        count += np.any([shapely.dwithin(ground, polygons, reach_deg) for ground in grounds], axis=0)
    return count > 1


def _around(shapes: NDArray[Any], lon: float, shrink: float) -> NDArray[Any]:
    """Degrees about a meridian, so that the antimeridian is nothing special, longitudes shrunk."""

    def about(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([((lonlat[:, 0] - lon + 180) % 360 - 180) * shrink, lonlat[:, 1]])

    return np.asarray(shapely.transform(shapes, about), dtype=object)


def _chunks(lines: gpd.GeoDataFrame) -> tuple[NDArray[Any], NDArray[np.intp]]:
    chunks, rows = [], []
    for k, shape in enumerate(lines.geometry):
        for part in shapely.get_parts(split_long_edges(shape)):
            xy = shapely.get_coordinates(part)
            starts = range(0, len(xy) - 1, _SEGMENTS)
            chunks += [shapely.LineString(xy[s : s + _SEGMENTS + 1]) for s in starts]
            rows += [k] * len(starts)
    return np.array(chunks, dtype=object), np.array(rows, dtype=np.intp)
