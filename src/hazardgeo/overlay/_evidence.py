"""Areas around evidence points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import GEOD, WGS84, on_arrays, to_wgs84
from hazardgeo.errors import CRSError, GeometryError, named
from hazardgeo.overlay._pairs import groups_that_touch
from hazardgeo.overlay._planes import outward

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_QUADRANT_SEGMENTS = 16


def evidence_areas(points: gpd.GeoDataFrame | gpd.GeoSeries, *, radius_m: float) -> gpd.GeoDataFrame:
    """Draw areas around evidence points and join those that touch.

    An evidence area says that something was found or fell here. It is not the boundary of a hazard: a hazard may reach
    further, and ground outside an evidence area is not thereby known to be without hazard.

    Parameters
    ----------
    points : geopandas.GeoDataFrame or geopandas.GeoSeries
        Points with a CRS, one a record.
    radius_m : float
        Radius around each point [m].

    Returns
    -------
    geopandas.GeoDataFrame
        One row an area, index ``area_id`` from 1; ``members`` (records inside), ``distinct_points``, ``radius_m``;
        polygons in EPSG:4326 that lie outside the true circles. The sum of ``members`` is the number of records.

    Raises
    ------
    CRSError
        If the points have no CRS, or a coordinate is no longitude and latitude.
    GeometryError
        If a row is no point, or the radius is not a positive length.

    Notes
    -----
    Circles are geodesic, of 64 chords drawn around the true circle (at most 0.12 % too wide, never too small).

    References
    ----------
    GICHD IMSMA wiki, Point Types: cluster munition evidence is recorded as points; the radius is national policy.

    Examples
    --------
    >>> import geopandas as gpd
    >>> points = gpd.GeoSeries.from_xy([106.0, 106.0, 106.5], [17.0, 17.0, 17.0], crs="EPSG:4326")
    >>> evidence_areas(points, radius_m=50)[["members", "distinct_points"]]
             members  distinct_points
    area_id
    1              2                1
    2              1                1
    """
    import geopandas as gpd

    if not 0 < radius_m < np.inf:
        raise GeometryError(f"radius_m is {radius_m!r}. Give a positive length in metres.")
    distinct, first, counts = np.unique(_lonlat(points), axis=0, return_index=True, return_counts=True)
    order = np.argsort(first)
    circles = _circles(distinct[order], radius_m)
    groups = groups_that_touch(circles)
    columns = {
        "members": [int(counts[order][group].sum()) for group in groups],
        "distinct_points": [len(group) for group in groups],
        "radius_m": float(radius_m),
    }
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.union_all(circles[group]) for group in groups], crs=WGS84)
    frame.index = frame.index.rename("area_id") + 1
    return frame


def _lonlat(points: gpd.GeoDataFrame | gpd.GeoSeries) -> NDArray[np.float64]:
    series = points.geometry
    if series.crs is None:
        raise CRSError("The points have no CRS. Set the CRS that the coordinates were recorded in.")
    geometries = np.asarray(series.array, dtype=object)
    wrong = (shapely.get_type_id(geometries) != shapely.GeometryType.POINT) | shapely.is_empty(geometries)
    if wrong.any():
        raise GeometryError(f"{named(points.index[wrong])}: no point. Set those records aside, or mend them, first.")
    return shapely.get_coordinates(to_wgs84(geometries, series.crs, "the points")[0])


def _circles(lonlat: NDArray[np.float64], radius_m: float) -> NDArray[Any]:
    chords = 4 * _QUADRANT_SEGMENTS
    azimuth = np.tile(np.linspace(0, 360, chords, endpoint=False), len(lonlat))
    lon, lat = np.repeat(lonlat, chords, axis=0).T
    # Corners of a polygon drawn around the circle; away from the equator a chord that is straight in longitude and
    # latitude bends inward of its geodesic by up to chord² · tan(latitude) / 8R.
    chord = 2 * radius_m * np.tan(np.pi / chords)
    bend = chord**2 * np.tan(np.radians(np.minimum(np.abs(lat), 89.0))) / (8 * GEOD.b)
    reach = outward(radius_m, _QUADRANT_SEGMENTS) + 1.1 * bend
    x, y, _ = on_arrays(GEOD.fwd, lon, lat, azimuth, reach)
    x += 360 * np.round((lon - x) / 360)
    return np.asarray(shapely.polygons(np.column_stack([x, y]).reshape(len(lonlat), chords, 2)), dtype=object)
