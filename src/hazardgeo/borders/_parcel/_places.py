"""Places that somebody asks about, checked and in longitude and latitude."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import WGS84, to_wgs84
from hazardgeo.errors import CRSError, GeometryError, named
from hazardgeo.overlay._planes import split_long_edges
from hazardgeo.schema import require

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_KINDS = range(shapely.GeometryType.POINT, shapely.GeometryType.GEOMETRYCOLLECTION)
_WIDEST_DEG = 5.0
_FAR_DEG = 1.0


def places_of(geometry: Any) -> pd.Series[Any]:
    """Take one geometry, or several with a CRS, as a series in longitude and latitude.

    Parameters
    ----------
    geometry : shapely geometry, geopandas.GeoSeries or geopandas.GeoDataFrame

    Returns
    -------
    pandas.Series
        Of geometries in EPSG:4326, on their index; one alone has the name of its longitude and latitude.
    """
    import geopandas as gpd
    import pandas as pd

    if isinstance(geometry, gpd.GeoSeries | gpd.GeoDataFrame):
        require(geometry, what="places")
        names, shapes = geometry.index, np.asarray(geometry.geometry.array, dtype=object)
        _refuse(shapes, names)
        lonlat, _ = to_wgs84(shapes, geometry.geometry.crs, "the places")
    elif isinstance(geometry, shapely.Geometry):
        lonlat = shapely.force_2d(np.array([geometry], dtype=object))
        names = pd.Index([_where(geometry)], dtype=object)
    else:
        raise CRSError("A place is a shapely geometry in longitude and latitude, or a GeoSeries that has a CRS.")
    _refuse(lonlat, names)
    _refuse_off_the_globe(lonlat, names)
    return pd.Series(list(split_long_edges(lonlat)), index=names, dtype=object)


def refuse_swapped(places: pd.Series[Any], polygons: NDArray[Any]) -> None:
    """Refuse a place that lies far from every record, and among them with longitude and latitude exchanged.

    Parameters
    ----------
    places : pandas.Series
    polygons : ndarray of shapely geometries
        Of all records, in EPSG:4326; some may be missing.
    """
    present = polygons[~shapely.is_missing(polygons)]
    if not len(present):
        return
    west, south, east, north = shapely.total_bounds(present)
    for place in places:
        lon, lat = shapely.get_coordinates(place)[0]
        near = west - _FAR_DEG <= lon <= east + _FAR_DEG and south - _FAR_DEG <= lat <= north + _FAR_DEG
        if not near and west <= lat <= east and south <= lon <= north:
            raise GeometryError(
                f"{_where(place)} is far from every record, and {_where(shapely.Point(lat, lon))} is among them. Give longitude "
                "first, then latitude; if the place is right, leave out the registers that are far from it."
            )


def _where(geometry: Any) -> str:
    if geometry.is_empty or not np.isfinite(shapely.bounds(geometry)).all():
        return "the place"
    lon, lat = shapely.get_coordinates(shapely.point_on_surface(geometry))[0]
    return f"{abs(lat):.5f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.5f}° {'E' if lon >= 0 else 'W'}"


def _refuse(shapes: NDArray[Any], names: pd.Index[Any]) -> None:
    if not len(shapes):
        raise GeometryError("No place was given. Give one or more.")
    wrong = shapely.is_missing(shapes) | shapely.is_empty(shapes) | ~np.isin(shapely.get_type_id(shapes), _KINDS)
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    wrong[of[~np.isfinite(xy).all(axis=1)]] = True
    if wrong.any():
        raise GeometryError(f"{named(names[wrong])}: no place. Give a point, a line or a polygon.")
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        reason = shapely.is_valid_reason(shapes[broken])[0].lower()
        raise GeometryError(f"{named(names[broken])}: not valid ({reason}). Mend the outline of the place.")


def _refuse_off_the_globe(lonlat: NDArray[Any], names: pd.Index[Any]) -> None:
    west, south, east, north = shapely.bounds(lonlat).T
    off = ~((west >= -180) & (east <= 180) & (south >= -90) & (north <= 90))
    if off.any():
        raise GeometryError(
            f"{named(names[off])}: not on the globe. Give longitude, then latitude, in degrees of {WGS84}; a place in another "
            "CRS as a GeoSeries that has it."
        )
    wide = (east - west > _WIDEST_DEG) | (north - south > _WIDEST_DEG)
    if wide.any():
        raise GeometryError(f"{named(names[wide])}: wider than {_WIDEST_DEG:g} degrees. Ask about its parts.")
