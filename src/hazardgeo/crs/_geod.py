"""The ellipsoid of WGS 84, and PROJ called with arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

GEOD = pyproj.Geod(ellps="WGS84")


def on_arrays(function: Callable[..., Any], *arrays: Any) -> tuple[NDArray[np.float64], ...]:
    """Call a function of PROJ with arrays and get arrays, for one point as for many.

    Under numpy before 2.4 an array of one would be taken for a number, with a warning, and give numbers back.
    """
    given = [np.ravel(array).tolist() for array in arrays] if np.size(arrays[0]) == 1 else arrays
    return tuple(np.asarray(result, dtype=float) for result in function(*given))


_POINTS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def compass_point(azimuth_deg: float) -> str:
    """Name the direction of an azimuth.

    Examples
    --------
    >>> compass_point(-86.1), compass_point(96.9)
    ('west', 'east')
    """
    return _POINTS[round(azimuth_deg / 45) % 8]


def metres_per_degree(lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Length of one degree of longitude and of latitude at each latitude [m]."""
    phi = np.radians(lat)
    w = np.sqrt(1 - GEOD.es * np.sin(phi) ** 2)
    return np.radians(GEOD.a * np.cos(phi) / w), np.radians(GEOD.a * (1 - GEOD.es) / w**3)
