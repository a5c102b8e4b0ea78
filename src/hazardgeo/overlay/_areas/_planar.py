"""Areas of polygons in planes: UTM, Web Mercator, or any other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from hazardgeo.constants import Constant
from hazardgeo.crs import on_arrays, parse_file_crs
from hazardgeo.overlay._planes import box_of, split_long_edges
from hazardgeo.schema import texts_of
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

METHOD_EDGE_M = Constant(
    "METHOD_EDGE_M",
    100.0,
    "m",
    "Longest edge that is laid straight where projections are compared; longer ones are first split on the geodesic.",
    Source(
        "hazardgeo design choice: an edge then departs from its geodesic by at most 0.2 mm at 45° in Web Mercator, less in UTM",
        Grade.ASSUMED,
    ),
)
_UTM_NORTH, _UTM_SOUTH = 84.0, -80.0


def with_geodesic_edges(polygons: NDArray[Any]) -> NDArray[Any]:
    """Split edges to 100 m on their geodesics, so that laid into a plane only the projection counts.

    Without it edges are straight lines of the plane, as software that looks no further takes them.
    """
    split = polygons.copy()
    there = ~shapely.is_missing(polygons)
    split[there] = split_long_edges(polygons[there], METHOD_EDGE_M.value)
    return split


def planar_m2(polygons: NDArray[Any], forward: Callable[..., Any]) -> NDArray[np.float64]:
    """Measure polygons in a plane.

    Parameters
    ----------
    polygons : ndarray of shapely geometries
        In EPSG:4326, as `wgs84_polygons` or `with_geodesic_edges` give them.
    forward : callable
        From an array of longitude and latitude to one of x and y [m].

    Returns
    -------
    ndarray of float
        [m²]; NaN without geometry, or where the plane has no place for it.
    """
    areas = np.full(len(polygons), np.nan)
    there = ~shapely.is_missing(polygons)
    with np.errstate(invalid="ignore"):
        found = shapely.area(shapely.transform(polygons[there], forward))
    areas[there] = np.where(np.isfinite(found), found, np.nan)
    return areas


def mercator_m2(polygons: NDArray[Any]) -> NDArray[np.float64]:
    """Measure polygons in Web Mercator, which nobody should."""
    return planar_m2(polygons, partial(_projected, pyproj.Proj(proj="webmerc", ellps="WGS84")))


def utm_m2(polygons: NDArray[Any], zones: NDArray[np.int_]) -> NDArray[np.float64]:
    """Measure polygons in the zone of UTM of each, as `utm_zones` gives it."""
    areas = np.full(len(polygons), np.nan)
    for zone in np.unique(zones[zones != 0]).tolist():
        plane = pyproj.Proj(proj="utm", zone=abs(zone), south=zone < 0, ellps="WGS84")
        mine = zones == zone
        areas[mine] = planar_m2(polygons[mine], partial(_projected, plane))
    return areas


def utm_zones(polygons: NDArray[Any]) -> NDArray[np.int_]:
    """The zone of UTM that the middle of each polygon's box lies in, negative in the south; 0 without geometry or near a pole.

    Zones are six degrees wide everywhere: the exceptions about Norway and Svalbard are not made.
    """
    boxes = shapely.bounds(polygons)
    for i in np.flatnonzero(boxes[:, 2] - boxes[:, 0] > 180):
        boxes[i] = box_of(polygons[i])
    lon, lat = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    within = (lat >= _UTM_SOUTH) & (lat < _UTM_NORTH)
    number = np.where(within, np.floor((np.where(within, lon, 0.0) + 180) / 6) % 60 + 1, 0).astype(int)
    return np.where(lat < 0, -number, number)


def utm_label(zone: int) -> str:
    """Code of a zone of UTM on WGS 84.

    Examples
    --------
    >>> utm_label(33), utm_label(-36), utm_label(0)
    ('EPSG:32633', 'EPSG:32736', '')
    """
    return f"EPSG:{(32600 if zone > 0 else 32700) + abs(zone)}" if zone else ""


def source_planes(frame: gpd.GeoDataFrame, polygons: NDArray[Any]) -> Iterator[tuple[pyproj.CRS, NDArray[np.float64]]]:
    """Measure outlines in the grids that they were recorded in, edges straight, in the unit of each grid.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        In a grid, or with the column ``source_crs``.
    polygons : ndarray of shapely geometries
        The same, as `wgs84_polygons` gives them.

    Yields
    ------
    pyproj.CRS, ndarray of float
        A grid and areas in it; NaN for records from elsewhere. Where a grid is only named, the operation between the datums is
        left out: it moves a record as a whole. On an ellipsoid of another size the figure is then off by some 200 parts per
        million.
    """
    own = frame.geometry.crs
    if own is not None and own.is_projected:
        areas = shapely.area(np.asarray(frame.geometry.array, dtype=object))
        yield own, np.where(shapely.is_missing(polygons), np.nan, areas)
        return
    named = texts_of(frame, "source_crs")
    for text in sorted(set(named) - {""}):
        crs = parse_file_crs(text)
        if crs is not None and crs.is_projected and crs.geodetic_crs is not None:
            move = pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)
            mine, areas = named == text, np.full(len(polygons), np.nan)
            areas[mine] = planar_m2(polygons[mine], partial(_moved, move))
            yield crs, areas


def _moved(move: pyproj.Transformer, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(on_arrays(move.transform, *lonlat.T))


def _projected(plane: pyproj.Proj, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(on_arrays(plane, *lonlat.T))
