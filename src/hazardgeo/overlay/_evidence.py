"""Areas around evidence points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import GEOD, WGS84, on_arrays, to_wgs84
from hazardgeo.errors import CRSError, GeometryError, named
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay._pairs import groups_that_touch

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_CHORDS = 64
_R_M = 6_335_000.0  # meridional radius of curvature at the equator, the smallest there is on WGS 84
_LARGEST_M = 10_000.0  # what is drawn around the circle is proved to lie outside it up to here (tests/test_overlay.py)


def evidence_areas(points: gpd.GeoDataFrame | gpd.GeoSeries, *, radius_m: float) -> gpd.GeoDataFrame:
    """Draw areas around evidence points and join those that touch.

    An evidence area says that something was found or fell here. It is not the boundary of a hazard: a hazard may reach
    further, and ground outside an evidence area is not thereby known to be without hazard.

    Parameters
    ----------
    points : geopandas.GeoDataFrame or geopandas.GeoSeries
        Points with a CRS, one a record.
    radius_m : float
        Radius around each point [m], at most 10 000.

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
        If a row is no point, lies within 5 degrees of a pole, or the radius is not such a length.

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

    if not 0 < radius_m <= _LARGEST_M:
        raise GeometryError(
            f"radius_m is {radius_m!r}. Give a length in metres, more than 0 and at most {_LARGEST_M:.0f}."
        )
    distinct, first, counts = np.unique(_lonlat(points), axis=0, return_index=True, return_counts=True)
    order = np.argsort(first)
    circles = _circles(distinct[order], radius_m)
    groups = groups_that_touch(circles)
    columns = {
        "members": [int(counts[order][group].sum()) for group in groups],
        "distinct_points": [len(group) for group in groups],
        "radius_m": float(radius_m),
    }
    joined = gpd.GeoSeries([shapely.union_all(circles[group]) for group in groups], crs=WGS84)
    frame = gpd.GeoDataFrame(columns, geometry=wgs84_polygons(joined), crs=WGS84)
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
    lonlat = shapely.get_coordinates(to_wgs84(geometries, series.crs, "the points")[0])
    polar = np.abs(lonlat[:, 1]) > 85
    if polar.any():
        raise GeometryError(f"{named(points.index[polar])}: within 5 degrees of a pole, where circles are not drawn.")
    if np.abs(lonlat[:, 0]).max(initial=0) > 179:
        # Neighbours across the antimeridian are neighbours: count longitudes from the widest gap between points.
        lon = np.unique(lonlat[:, 0] % 360)
        gaps = np.diff(lon, append=lon[0] + 360)
        start = lon[(gaps.argmax() + 1) % len(lon)]
        lonlat[:, 0] = (lonlat[:, 0] - start) % 360 + start - 360 * (start > 0)
    return lonlat


def _circles(lonlat: NDArray[np.float64], radius_m: float) -> NDArray[Any]:
    azimuth = np.tile(np.linspace(0, 360, _CHORDS, endpoint=False), len(lonlat))
    lon, lat = np.repeat(lonlat, _CHORDS, axis=0).T
    # Corners of a polygon drawn around the circle, on the sphere of the ellipsoid's strongest curvature; away from the
    # equator a chord that is straight in longitude and latitude bends inward of its geodesic by chord² tan(lat) / 8R.
    corner = _R_M * np.arctan(np.tan(radius_m / _R_M) / np.cos(np.pi / _CHORDS))
    chord = 2 * radius_m * np.tan(np.pi / _CHORDS)
    bend = chord**2 * np.tan(np.radians(np.abs(lat)) + radius_m / _R_M) / (8 * _R_M)
    reach = corner + 1.1 * bend
    x, y, _ = on_arrays(GEOD.fwd, lon, lat, azimuth, reach)
    x += 360 * np.round((lon - x) / 360)
    return np.asarray(shapely.polygons(np.column_stack([x, y]).reshape(len(lonlat), _CHORDS, 2)), dtype=object)
