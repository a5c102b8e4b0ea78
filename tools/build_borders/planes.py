"""Local planes, and lengths and nearest distances in metres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer

GEOD = Geod(ellps="WGS84")
METRES_PER_DEGREE = 111_320.0  # for screening and tolerances only; measures use the ellipsoid
Coords = NDArray[np.float64]


@dataclass(frozen=True)
class Plane:
    """An azimuthal equidistant plane about a point."""

    lon: float
    lat: float

    @classmethod
    def about(cls, geometry: shapely.Geometry) -> Plane:
        """The plane about the middle of a geometry's box."""
        x0, y0, x1, y1 = geometry.bounds
        return cls(round((x0 + x1) / 2, 3), round((y0 + y1) / 2, 3))

    @cached_property
    def _forward(self) -> Transformer:
        plane = f"+proj=aeqd +lat_0={self.lat} +lon_0={self.lon} +ellps=WGS84 +units=m"
        return Transformer.from_crs("EPSG:4326", plane, always_xy=True)

    def to_plane(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Longitude and latitude to metres."""
        return shapely.transform(geometry, self.forward)

    def to_degrees(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Metres back to longitude and latitude."""
        return shapely.transform(geometry, self._back)

    def forward(self, coords: Coords) -> Coords:
        """Longitudes and latitudes to metres."""
        return np.column_stack(self._forward.transform(coords[:, 0], coords[:, 1]))

    def _back(self, coords: Coords) -> Coords:
        return np.column_stack(self._forward.transform(coords[:, 0], coords[:, 1], direction="INVERSE"))


def length_m(geometry: shapely.Geometry) -> float:
    """Geodesic length on WGS 84."""
    return float(GEOD.geometry_length(geometry))


def area_m2(geometry: shapely.Geometry) -> float:
    """Geodesic area on WGS 84, always positive."""
    return float(sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(geometry)))


def distance_m(a: Coords, b: Coords) -> NDArray[np.float64]:
    """Geodesic distances between two arrays of longitude and latitude."""
    return np.asarray(GEOD.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2])


def buffer_m(geometry: shapely.Geometry, metres: float, *, quad_segs: int = 8) -> shapely.Geometry:
    """A buffer in metres, in the local plane of the geometry."""
    plane = Plane.about(geometry)
    return plane.to_degrees(shapely.buffer(plane.to_plane(geometry), metres, quad_segs=quad_segs))
