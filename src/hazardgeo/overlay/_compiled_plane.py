"""Outlines laid into a plane, compiled by numba: for many small ones PROJ and what is copied for it take longest.

Imported only where it is used.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from hazardgeo.crs import GEOD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.overlay._planes import LocalPlane

HIGHEST_DEG = 65.0
"""To there hardly a digit is lost in the cosine of the authalic latitude, which is taken from its sine."""
# Radians. To there what `turned` leaves out, step⁷ / 5040, is less than what a float rounds off: on the Earth a few nanometres.
SMALL = 0.02
_OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy"}
_RAD, _A, _E2 = math.pi / 180, GEOD.a, GEOD.es


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def turned(sine: float, cosine: float, step: float) -> tuple[float, float]:
    """Sine and cosine of an angle a small step further on."""
    step2 = step * step
    s = step * (1 - step2 / 6 * (1 - step2 / 20))
    c = 1 - step2 / 2 * (1 - step2 / 12 * (1 - step2 / 30))
    return sine * c + cosine * s, cosine * c - sine * s


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _authalic(s: float) -> float:
    """Snyder's q of a latitude's sine, in a series: what it leaves out is below 1e-17."""
    t = _E2 * s * s
    series = 2 + t * (4 / 3 + t * (6 / 5 + t * (8 / 7 + t * (10 / 9 + t * (12 / 11 + t * (14 / 13 + t * 16 / 15))))))
    return (1 - _E2) * s * series


@numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def _lay(
    lonlat: Any, follows: Any, offsets: Any, used: Any, begins: Any, centre: tuple[float, float], xy: Any, on: Any
) -> None:
    pole = _authalic(1.0)
    per_pole = 1 / pole
    radius = _A * math.sqrt(pole / 2)
    sine = math.sin(centre[1] * _RAD)
    sin_1 = _authalic(sine) * per_pole
    cos_1 = math.sqrt((1 - sin_1) * (1 + sin_1))
    d = _A * math.cos(centre[1] * _RAD) / math.sqrt(1 - _E2 * sine * sine) / (radius * cos_1)
    per_d = 1 / d
    for k in range(len(used)):
        first = offsets[used[k]]
        lon, lat = (lonlat[first, 0] - centre[0]) * _RAD, lonlat[first, 1] * _RAD
        sin_lon, cos_lon, sin_lat, cos_lat = math.sin(lon), math.cos(lon), math.sin(lat), math.cos(lat)
        for at in range(begins[k], begins[k + 1]):
            v = first + at - begins[k]
            east, north = (lonlat[v, 0] - lonlat[first, 0]) * _RAD, (lonlat[v, 1] - lonlat[first, 1]) * _RAD
            if abs(east) <= SMALL and abs(north) <= SMALL:
                s, _ = turned(sin_lat, cos_lat, north)
                sin_east, cos_east = turned(sin_lon, cos_lon, east)
            else:
                s = math.sin(lat + north)
                sin_east, cos_east = math.sin(lon + east), math.cos(lon + east)
            sin_b = _authalic(s) * per_pole
            cos_b = math.sqrt((1 - sin_b) * (1 + sin_b))
            b = radius * math.sqrt(2 / (1 + sin_1 * sin_b + cos_1 * cos_b * cos_east))
            xy[at, 0] = b * d * cos_b * sin_east
            xy[at, 1] = b * per_d * (cos_1 * sin_b - sin_1 * cos_b * cos_east)
            on[at] = follows[v]


def laid_compiled(
    edges: tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]], used: NDArray[np.intp], plane: LocalPlane
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """Lay the edges of some polygons, none beyond `HIGHEST_DEG`, into a plane: `LocalPlane.forward` to 3e-8 m within 100 km.

    References
    ----------
    Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395, 1987, equations 3-11, 3-12 and 24-17 to 24-20.
    """
    lonlat, follows, offsets = edges
    begins = np.append(0, np.cumsum(offsets[used + 1] - offsets[used]))
    xy, on = np.empty((begins[-1], 2)), np.empty(begins[-1], dtype=bool)
    _lay(lonlat, follows, offsets, used, begins, (plane.lon, plane.lat), xy, on)
    return xy, on, begins
