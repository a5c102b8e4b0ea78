"""Polygons that can be measured: checked, on WGS 84, and never across the antimeridian."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import to_wgs84
from hazardgeo.errors import CRSError, GeometryError, named
from hazardgeo.measure._ragged import of_shapely

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def wgs84_polygons(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> NDArray[Any]:
    """Take the polygons of a frame, checked, as longitude and latitude, cut at the antimeridian.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame or geopandas.GeoSeries
        Polygons or multipolygons with a CRS. A row without geometry stays without.

    Returns
    -------
    ndarray of shapely geometries
        In EPSG:4326, in the frame's order, each coordinate within ±180 degrees of longitude.

    Raises
    ------
    CRSError
        If the frame has no CRS, or one that needs a datum operation to be named.
    GeometryError
        If a geometry is no polygon, is not valid, or spans half the globe or more; the message names the records.
    """
    series = frame.geometry
    if series.crs is None:
        raise CRSError("The frame has no CRS. Set the CRS that the coordinates were recorded in.")
    geometries = np.asarray(series.array, dtype=object)
    present = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    _refuse(frame.index, present & ~np.isin(shapely.get_type_id(geometries), _POLYGONAL), "no polygon")
    checked = np.full(len(geometries), None, dtype=object)
    if present.any():
        lonlat, _ = to_wgs84(geometries[present], series.crs, "the frame")
        checked[present] = _measurable(lonlat, frame.index[present])
    return checked


def geodesic_area_m2(polygons: NDArray[Any]) -> NDArray[np.float64]:
    """Measure polygons that are already checked and on WGS 84.

    Parameters
    ----------
    polygons : ndarray of shapely geometries
        As `wgs84_polygons` gives them.

    Returns
    -------
    ndarray of float
        Areas [m²]; NaN where there is no geometry.
    """
    return _measured(polygons)[0]


def geodesic_perimeter_m(polygons: NDArray[Any]) -> NDArray[np.float64]:
    """Length of all rings of checked polygons [m]; NaN where there is no geometry."""
    return _measured(polygons)[1]


def _measured(polygons: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    polygons = np.asarray(polygons, dtype=object)
    present = ~shapely.is_missing(polygons)
    if present.all():
        return of_shapely(polygons).measured()
    area, perimeter = np.full(len(polygons), np.nan), np.full(len(polygons), np.nan)
    area[present], perimeter[present] = of_shapely(polygons[present]).measured()
    return area, perimeter


def _measurable(lonlat: NDArray[Any], index: pd.Index[Any]) -> NDArray[Any]:
    recorded = _widths(lonlat)
    unwrapped = lonlat.copy()
    for i in np.flatnonzero(recorded >= 180):
        unwrapped[i] = _unwrap(lonlat[i])
    _refuse(index, shapely.is_missing(unwrapped), "a ring around a pole, or spanning half the globe")
    valid = shapely.is_valid(unwrapped)
    if not valid.all():
        reason = shapely.is_valid_reason(unwrapped[~valid][0])
        _refuse(index, ~valid, f"not valid ({reason.lower()}); mend the outline in its source")
    # Across the antimeridian the recorded longitudes allow a second reading, the long way round.
    widest = np.where(recorded < 180, 180, 90)
    _refuse(index, _widths(unwrapped) > widest, "spanning half the globe or more")
    west, _, east, _ = shapely.bounds(unwrapped).T
    for i in np.flatnonzero((west < -180) | (east > 180)):
        unwrapped[i] = _cut(unwrapped[i])
    return unwrapped


def _widths(geometries: NDArray[Any]) -> NDArray[np.float64]:
    """Width of the widest part of each geometry, in degrees of longitude; below 90, that of the whole geometry.

    No limit lies below 90, no part is wider than its whole, and to take all geometries apart would copy them.
    """
    west, _, east, _ = shapely.bounds(geometries).T
    widths: NDArray[np.float64] = east - west
    wide = np.flatnonzero(widths >= 90)
    parts, owner = shapely.get_parts(geometries[wide], return_index=True)
    west, _, east, _ = shapely.bounds(parts).T
    of_parts = np.zeros(len(wide))
    np.maximum.at(of_parts, owner, east - west)
    widths[wide] = of_parts
    return widths


def _unwrap(geometry: Any) -> Any:
    """Make longitudes continuous along each ring; None where a ring then does not close."""
    parts = shapely.get_parts(geometry)
    wide = _widths(parts) >= 180
    unwrapped = [_unwrap_part(part) if is_wide else part for part, is_wide in zip(parts, wide, strict=True)]
    if any(part is None for part in unwrapped):
        return None
    return unwrapped[0] if len(unwrapped) == 1 else shapely.MultiPolygon(unwrapped)


def _unwrap_part(part: Any) -> Any:
    rings: list[NDArray[np.float64]] = []
    for ring in (part.exterior, *part.interiors):
        xy = shapely.get_coordinates(ring)
        xy[:, 0] = np.unwrap(xy[:, 0], period=360)
        if xy[0, 0] != xy[-1, 0]:
            return None
        if rings:  # a hole goes where its shell went
            xy[:, 0] += 360 * np.round((rings[0][0, 0] - xy[0, 0]) / 360)
        rings.append(xy)
    return shapely.Polygon(rings[0], rings[1:])


def _cut(geometry: Any) -> Any:
    """Cut at ±180 degrees, so that no part lies across the antimeridian."""
    west, _, east, _ = shapely.bounds(geometry)
    pieces = []
    for turn in range(math.floor((west + 180) / 360), math.ceil((east + 180) / 360)):
        strip = shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90)
        piece = shapely.intersection(geometry, strip)
        moved = _turned(piece, -turn)
        pieces += [part for part in shapely.get_parts(moved) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(pieces)


def _turned(shape: Any, turns: int) -> Any:
    return shapely.transform(shape, lambda lonlat: lonlat + np.array([360.0 * turns, 0.0]))


def _refuse(index: pd.Index[Any], wrong: NDArray[np.bool_], why: str) -> None:
    if wrong.any():
        raise GeometryError(f"{named(index[wrong])}: {why}. Nothing was measured.")
