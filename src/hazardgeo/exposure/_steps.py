"""How far the cells of a raster lead over the ground."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from hazardgeo.crs import metres_per_degree, on_arrays
from hazardgeo.exposure._relief import Steps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.exposure._raster import Raster, Window

_EVERY = 16
"""Cells of a plane grid between two places where it is compared with the ground: between them its scale hardly bends."""


def cell_steps(raster: Raster, window: Window) -> Steps:
    """Metres eastwards and northwards that one column and one row of a window lead, on the ellipsoid.

    Parameters
    ----------
    raster : Raster
    window : Window

    Returns
    -------
    Steps
        Of the cells' middles; NaN beyond the edge of a map of the world.

    Notes
    -----
    A grid of longitudes and latitudes: the radii of curvature of WGS 84 at the latitude of each row. Any other grid: places half
    a cell to either side of its middles are brought to longitude and latitude, every 16 cells, and what lies between is
    interpolated. So the scale of a projection and the turn of its grid north against true north are in.
    """
    west, south, east, north = raster.bounds_of(window)
    x = np.linspace(west, east, window.columns + 1)[:-1] + raster.cell_width / 2
    y = np.linspace(north, south, window.rows + 1)[:-1] - raster.cell_height / 2
    if raster.crs.is_geographic:
        return steps_at(raster, x[:1], y)
    (some_x, across), (some_y, down) = _thinned(x), _thinned(y)
    return Steps(*(down @ part @ across.T for part in steps_at(raster, some_x, some_y)))


def steps_at(raster: Raster, x: NDArray[np.float64], y: NDArray[np.float64]) -> Steps:
    """As `cell_steps`, about the places of a lattice in the CRS of a raster, row after row."""
    if raster.crs.is_geographic:
        by_lon, by_lat = (np.repeat(one[:, None], len(x), 1) for one in metres_per_degree(np.clip(y, -90, 90)))
        return Steps(by_lon * raster.cell_width, 0 * by_lon, 0 * by_lat, by_lat * raster.cell_height)
    own = pyproj.Transformer.from_crs(raster.crs, raster.crs.geodetic_crs, always_xy=True)
    shape = len(y), len(x)
    x, y = (part.ravel() for part in np.meshgrid(x, y))
    columns = _metres(own, (x - raster.cell_width / 2, y), (x + raster.cell_width / 2, y))
    rows = _metres(own, (x, y - raster.cell_height / 2), (x, y + raster.cell_height / 2))
    return Steps(*(part.reshape(shape) for part in (*columns, *rows)))


def _thinned(places: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Some of evenly spaced places, and what each of them weighs at all."""
    some = np.linspace(places[0], places[-1], 1 if len(places) == 1 else math.ceil((len(places) - 1) / _EVERY) + 1)
    at = np.linspace(0, len(some) - 1, len(places))[:, None]
    return some, np.clip(1 - np.abs(at - np.arange(len(some))), 0, None)


def _metres(own: pyproj.Transformer, start: Any, end: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    (lon, lat), (far_lon, far_lat) = on_arrays(own.transform, *start), on_arrays(own.transform, *end)
    beyond = ~(np.isfinite(lon + lat) & np.isfinite(far_lon + far_lat))
    lon, lat, far_lon, far_lat = (np.where(beyond, 0, part) for part in (lon, lat, far_lon, far_lat))
    by_lon, by_lat = metres_per_degree((lat + far_lat) / 2)
    east = by_lon * ((far_lon - lon + 180) % 360 - 180)
    return np.where(beyond, np.nan, east), np.where(beyond, np.nan, by_lat * (far_lat - lat))
