"""Ground within a distance of something: never less than all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.constants import EDGE_M
from hazardgeo.crs import WGS84
from hazardgeo.errors import GeometryError
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay._planes import LocalPlane, box_of, outward

if TYPE_CHECKING:
    from numpy.typing import NDArray

FARTHEST_M = 50_000.0
"""Further from its middle a plane is no picture of the ground."""

_SEGMENTS = 32  # chords in a quarter of a circle, laid around it: at most 0.03 % too wide
_R_M = 6_335_000.0  # meridional radius of curvature at the equator, the smallest there is on WGS 84
_HAIR_M = 2e-3  # an edge, straight in the plane, departs by less from its geodesic
_NEAREST_POLE_DEG = 5.0


def ground_around(geometries: NDArray[Any], distances_m: NDArray[np.float64]) -> NDArray[Any]:
    """Draw the ground within a distance of each geometry, measured from its edge; the geometry itself is part of it.

    Parameters
    ----------
    geometries : ndarray of shapely geometries
        Points, lines or polygons in EPSG:4326.
    distances_m : ndarray of float
        One a geometry [m], at most 50 000; NaN where nothing is to be drawn.

    Returns
    -------
    ndarray of shapely geometries
        In EPSG:4326, cut at the antimeridian: every place within the geodesic distance, and at most 0.1 % of the distance and
        1 m more, whether edges are taken for geodesics or for straight in longitude and latitude. None where a geometry or a
        distance is missing.

    Raises
    ------
    GeometryError
        If a distance is negative or above 50 km, or the ground reaches within 5 degrees of a pole.
    """
    import geopandas as gpd

    distances_m = np.asarray(distances_m, dtype=float)
    known = np.isfinite(distances_m) & ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    wrong = np.isinf(distances_m) | (distances_m < 0) | (distances_m > FARTHEST_M)
    if wrong.any():
        raise GeometryError(
            f"A distance of {distances_m[wrong][0]:g} m cannot be drawn. Give metres from 0 to {FARTHEST_M:.0f}."
        )
    around = np.full(len(geometries), None, dtype=object)
    for at in np.flatnonzero(known):
        around[at] = _around(geometries[at], float(distances_m[at]))
    return wgs84_polygons(gpd.GeoSeries(around, crs=WGS84))


def _around(geometry: Any, distance_m: float) -> Any:
    west, south, east, north = box_of(geometry)
    highest = max(abs(south), abs(north)) + np.degrees(distance_m / _R_M)
    if highest > 90 - _NEAREST_POLE_DEG:
        raise GeometryError(
            f"Ground within {_NEAREST_POLE_DEG:g} degrees of a pole, where nothing is drawn around anything."
        )
    plane = LocalPlane((west + east) / 2, (south + north) / 2)
    flat = plane.project(geometry)
    # Away from the middle of the plane a length across its radius is drawn too long by (reach / R)² / 8 of itself, and a
    # chord that is straight in longitude and latitude bends inward of its geodesic by chord² tan(latitude) / 8R.
    reach = float(shapely.hausdorff_distance(flat, shapely.Point(0, 0))) + distance_m
    chord = max(EDGE_M.value, 2 * np.pi * distance_m / (4 * _SEGMENTS))
    bend = chord**2 * np.tan(np.radians(highest)) / (8 * _R_M) if distance_m else 0.0
    radius = outward(distance_m * (1 + (reach / _R_M) ** 2 / 8) + 1.1 * bend + _HAIR_M, _SEGMENTS)
    return plane.unproject(shapely.buffer(flat, radius, quad_segs=_SEGMENTS))
