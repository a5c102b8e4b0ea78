"""Local equal-area planes: project first, then cut; cut and measure in the same plane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from hazardgeo.constants import EDGE_M
from hazardgeo.crs import GEOD, on_arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Centres are snapped to this grid so that neighbours share a plane: at most 0.25 degree (28 km) off either way.
_GRID_DEG = 0.5


@dataclass(frozen=True)
class LocalPlane:
    """A Lambert azimuthal equal-area plane about one point, in metres.

    Within 100 km of the centre lengths are true to 3e-5 and an edge of 1 km, laid straight, stays within 1 mm of
    its geodesic; areas are true everywhere.
    """

    lon: float
    lat: float

    def project(self, geometries: Any) -> Any:
        """Lay longitude and latitude into the plane, long edges first split on their geodesics.

        Parameters
        ----------
        geometries : shapely geometry or ndarray of them
            In EPSG:4326.

        Returns
        -------
        shapely geometry or ndarray of them
            In metres about the centre.
        """
        return self.place(split_long_edges(geometries))

    def place(self, geometries: Any) -> Any:
        """Lay longitude and latitude into the plane vertex by vertex, where no edge is long or a long one may be straight."""
        return shapely.transform(geometries, self.forward)

    def unproject(self, geometries: Any) -> Any:
        """Bring geometries of the plane back to longitude and latitude."""
        return shapely.transform(geometries, self._inverse)

    def forward(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Lay places into the plane."""
        return np.column_stack(on_arrays(partial(_laea(self.lon, self.lat), errcheck=True), *lonlat.T))

    def _inverse(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(on_arrays(partial(_laea(self.lon, self.lat), inverse=True, errcheck=True), *xy.T))


@lru_cache(maxsize=4096)
def _laea(lon: float, lat: float) -> pyproj.Proj:
    return pyproj.Proj(proj="laea", lon_0=lon, lat_0=lat, ellps="WGS84")


def plane_at(lon: float, lat: float) -> LocalPlane:
    """Give the plane whose centre is nearest to a point.

    Examples
    --------
    >>> plane_at(16.1, 45.3)
    LocalPlane(lon=16.0, lat=45.5)
    """
    lat = min(90.0, max(-90.0, round(lat / _GRID_DEG) * _GRID_DEG))
    return LocalPlane(round(lon / _GRID_DEG) * _GRID_DEG, lat)


def plane_of(geometries: NDArray[Any]) -> LocalPlane:
    """Give the plane for what is handled together, on one side of the antimeridian or on both."""
    west, south, east, north = box_of(geometries)
    return plane_at((west + east) / 2, (south + north) / 2)


def box_of(geometries: Any) -> tuple[float, float, float, float]:
    """West, south, east and north of what is handled together; east beyond 180 where it is cut at the antimeridian."""
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(geometries))
    if east - west > 180:  # the middle is there, not at Greenwich
        lon = shapely.get_coordinates(geometries)[:, 0] % 360
        west, east = float(lon.min()), float(lon.max())
    return west, south, east, north


def plane_cells(geometries: NDArray[Any]) -> dict[LocalPlane, NDArray[np.intp]]:
    """Group geometries by the plane that their box's centre is nearest to.

    Parameters
    ----------
    geometries : ndarray of shapely geometries
        In EPSG:4326.

    Returns
    -------
    dict of LocalPlane to ndarray of int
        Positions in `geometries`; those without geometry are in none.
    """
    there = np.flatnonzero(~(shapely.is_missing(geometries) | shapely.is_empty(geometries)))
    west, south, east, north = shapely.bounds(geometries[there]).T
    lon, lat = (np.rint((low + high) / 2 / _GRID_DEG) * _GRID_DEG for low, high in ((west, east), (south, north)))
    for k in np.flatnonzero(east - west > 180).tolist():  # cut at the antimeridian
        plane = plane_of(geometries[there[k : k + 1]])
        lon[k], lat[k] = plane.lon, plane.lat
    # One number for both, since rows of two are sorted many times more slowly.
    _, first, cell = np.unique(lon * 1000 + lat, return_index=True, return_inverse=True)
    order = np.argsort(cell, kind="stable")
    members = np.split(there[order], np.cumsum(np.bincount(cell))[:-1]) if len(there) else []
    return {LocalPlane(float(lon[k]), float(lat[k])): at for k, at in zip(first.tolist(), members, strict=True)}


def split_long_edges(geometries: Any, longest_m: float = EDGE_M.value) -> Any:
    """Split edges longer than `longest_m` on the geodesic between their vertices.

    Parameters
    ----------
    geometries : shapely geometry or ndarray of them
        Lines or polygons in EPSG:4326.
    longest_m : float
        Longest edge that stays [m].

    Returns
    -------
    shapely geometry or ndarray of them
    """
    if np.ndim(geometries) == 0:
        return _split_one(geometries, longest_m)
    split = np.array(geometries, dtype=object)
    for i in _with_long_edges(split, longest_m):
        split[i] = _split_one(split[i], longest_m)
    return split


def _with_long_edges(geometries: NDArray[Any], longest_m: float) -> NDArray[np.intp]:
    """Positions of the geometries that may have a long edge, by a quick bound from above."""
    west, south, east, north = shapely.bounds(geometries).T
    # No edge is longer than its box from corner to corner.
    wide = np.flatnonzero(_at_most(east - west, north - south, south, north) > longest_m)
    lonlat, owner = shapely.get_coordinates(geometries[wide], return_index=True)
    east, north = np.abs(np.diff(lonlat, axis=0)).T
    long = _at_most(east, north, lonlat[1:, 1], lonlat[:-1, 1]) > longest_m
    return np.unique(wide[owner[1:][long & (owner[1:] == owner[:-1])]])


def _at_most(
    east: NDArray[np.float64], north: NDArray[np.float64], lat: NDArray[np.float64], other: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Length [m] of at least what leads so many degrees east and north between two latitudes."""
    nearest_equator = np.where(lat * other > 0, np.minimum(np.abs(lat), np.abs(other)), 0)
    return np.asarray(111_700 * np.hypot(east * np.cos(np.radians(nearest_equator)), north))


def _split_one(geometry: Any, longest_m: float) -> Any:
    if geometry is None or geometry.is_empty:
        return geometry
    if geometry.geom_type in ("LineString", "LinearRing"):
        return type(geometry)(_split_chain(shapely.get_coordinates(geometry), longest_m))
    if geometry.geom_type == "Polygon":
        rings = [_split_chain(shapely.get_coordinates(r), longest_m) for r in (geometry.exterior, *geometry.interiors)]
        return shapely.Polygon(rings[0], rings[1:])
    if geometry.geom_type == "Point":
        return geometry
    return type(geometry)([_split_one(part, longest_m) for part in geometry.geoms])


def _split_chain(lonlat: NDArray[np.float64], longest_m: float) -> NDArray[np.float64]:
    lon, lat = lonlat.T
    azimuth, _, length = on_arrays(GEOD.inv, lon[:-1], lat[:-1], lon[1:], lat[1:])
    pieces = np.maximum(1, np.ceil(length / longest_m).astype(int))
    if (pieces == 1).all():
        return lonlat
    edge = np.repeat(np.arange(len(pieces)), pieces)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    new_lon, new_lat, _ = on_arrays(GEOD.fwd, lon[edge], lat[edge], azimuth[edge], length[edge] * step / pieces[edge])
    # Recorded vertices stay to the last bit, and longitudes stay on their side of the antimeridian.
    recorded = step == 0
    new_lon = np.where(recorded, lon[edge], new_lon + 360 * np.round((lon[edge] - new_lon) / 360))
    return np.vstack([np.column_stack([new_lon, np.where(recorded, lat[edge], new_lat)]), lonlat[-1:]])


def outward(radius_m: float, quadrant_segments: int) -> float:
    """Radius that keeps a drawn polygon outside the true circle.

    A circle drawn with n chords lies inside by up to 1 - cos(pi/n); a hazard must never be drawn too small.
    """
    return radius_m / math.cos(math.pi / (4 * quadrant_segments))
