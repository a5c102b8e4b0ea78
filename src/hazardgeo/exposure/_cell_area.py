"""How much ground the cells of a grid cover."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from hazardgeo.crs import GEOD, on_arrays
from hazardgeo.measure import geodesic_area_m2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.exposure._raster import Raster, Window

_E = math.sqrt(GEOD.es)


def cell_areas_m2(raster: Raster, window: Window) -> NDArray[np.float64]:
    """Area of each cell of a window on the ellipsoid [m²]; a column where all cells of a row are alike.

    Parameters
    ----------
    raster : Raster
    window : Window

    Returns
    -------
    ndarray of float, shape (rows, 1) or (rows, columns)

    Notes
    -----
    Of a grid of longitudes and latitudes: the zone between two parallels, in closed form (Snyder 1987, equation 3-12). Of any
    other grid: the polygon between the four corners of each cell, which are brought to longitude and latitude.
    """
    _, south, _, north = raster.bounds_of(window)
    if raster.crs.is_geographic:
        edges = np.clip(np.linspace(north, south, window.rows + 1), -90, 90)
        zones = -np.diff(_authalic(np.sin(np.radians(edges))))
        return np.asarray(GEOD.b**2 / 2 * math.radians(raster.cell_width) * zones)[:, None]
    return _quadrilaterals_m2(raster, window)


def _authalic(sine: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(sine / (1 - GEOD.es * sine**2) + np.arctanh(_E * sine) / _E)


def _quadrilaterals_m2(raster: Raster, window: Window) -> NDArray[np.float64]:
    west, south, east, north = raster.bounds_of(window)
    x, y = np.meshgrid(np.linspace(west, east, window.columns + 1), np.linspace(north, south, window.rows + 1))
    own = pyproj.Transformer.from_crs(raster.crs, raster.crs.geodetic_crs, always_xy=True)
    corners = np.stack([part.reshape(x.shape) for part in on_arrays(own.transform, x.ravel(), y.ravel())], axis=-1)
    rings = np.stack(
        [corners[:-1, :-1], corners[1:, :-1], corners[1:, 1:], corners[:-1, 1:], corners[:-1, :-1]], axis=2
    )
    # Beyond the edge of a map of the world there is no ground.
    there = np.isfinite(rings).all(axis=(2, 3)) & (np.ptp(rings[..., 0], axis=2) < 180)
    areas = np.full(there.shape, np.nan)
    areas[there] = geodesic_area_m2(shapely.polygons(rings[there]))
    return areas
