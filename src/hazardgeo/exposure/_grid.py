"""The grid that hazards are to be written on, and how long its cells are at least."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.constants import RASTERIZED_CELLS
from hazardgeo.crs import crs_label
from hazardgeo.errors import FormatError
from hazardgeo.exposure._raster import Raster, Window, open_raster
from hazardgeo.exposure._steps import steps_at
from hazardgeo.measure import grouped, wgs84_polygons
from hazardgeo.overlay import choose_equal_area
from hazardgeo.overlay._planes import split_long_edges

if TYPE_CHECKING:
    import os

    import geopandas as gpd
    import pyproj
    from numpy.typing import NDArray

_BLOCK = (512, 512)
_LATTICE = 33
_BETWEEN = 1e-5
"""By how much, as a share, a length may be shorter between the places of a lattice where lengths are compared."""
_EARTH_M = 6.35e6


class Grid(NamedTuple):
    """Where cells lie, as a raster that nobody has written yet, and in words."""

    raster: Raster
    words: str


def grid_like(like: str | os.PathLike[str] | Raster, path: Path) -> Grid:
    """The grid of another raster."""
    raster = like if isinstance(like, Raster) else open_raster(like, band=1)
    west, _, east, _ = raster.bounds
    if raster.crs.is_geographic and (west < -180.001 or east > 180.001):
        raise FormatError(
            f"{raster.path}: its grid runs beyond 180° of longitude. Give the grid of a region, or resolution_m=."
        )
    if raster.path.resolve() == path.resolve():
        raise FormatError(f"{path}: is the raster whose grid was to be taken; it is kept. Name another file to write.")
    place = raster.west, raster.north, raster.cell_width, raster.cell_height, raster.width, raster.height
    return Grid(_unwritten(path, raster.crs, place), f"that of {raster.path.name}, in {crs_label(raster.crs)}")


def _unwritten(path: Path, crs: pyproj.CRS, place: tuple[float, float, float, float, int, int]) -> Raster:
    return Raster(path, 1, crs, *place, nodata=None, scale=1.0, offset=0.0, block=_BLOCK, about="")


def grid_about(hazards: gpd.GeoDataFrame, resolution_m: float, path: Path) -> Grid:
    """An equal-area grid about hazards, one cell wider than they are on each side."""
    if not (math.isfinite(resolution_m) and resolution_m > 0):
        raise FormatError(f"resolution_m={resolution_m!r}: give the side of a cell in metres, more than 0.")
    choice = choose_equal_area(hazards)
    laid = shapely.transform(split_long_edges(wgs84_polygons(hazards)), choice.forward)
    west, south, east, north = (float(edge) / resolution_m for edge in shapely.total_bounds(laid))
    first, top = math.floor(west) - 1, math.ceil(north) + 1
    size = math.ceil(east) + 1 - first, top - math.floor(south) + 1
    place = first * resolution_m, top * resolution_m, resolution_m, resolution_m, *size
    return Grid(_unwritten(path, choice.crs, place), f"cells of {resolution_m:g} m; {choice.sentence}")


def widened(raster: Raster, parts: NDArray[Any]) -> tuple[Raster, Window]:
    """A grid that holds all parts whole, and where the one that was asked for lies in it.

    What lies outside a grid may be what is nearest to its edge.

    Parameters
    ----------
    raster : Raster
    parts : ndarray of shapely geometries
        In cells of it, y northwards from its north edge.
    """
    west, south, east, north = shapely.total_bounds(parts).tolist()
    first, top = min(0, math.floor(west) - 1), min(0, math.floor(-north) - 1)
    width = max(raster.width, math.ceil(east) + 1) - first
    height = max(raster.height, math.ceil(-south) + 1) - top
    if raster.crs.is_geographic and width * raster.cell_width > 180:
        raise FormatError(
            f"{raster.path}: the grid and every hazard together span more than half the globe, where the nearest hazard may lie "
            "the other way round. Give resolution_m=, or divide the hazards by region."
        )
    _refuse_size(raster, width, height)
    wide = replace(
        raster,
        west=raster.west + first * raster.cell_width,
        north=raster.north - top * raster.cell_height,
        width=width,
        height=height,
    )
    return wide, Window(-top, -first, raster.height, raster.width)


def _refuse_size(raster: Raster, width: int, height: int) -> None:
    if width * height > RASTERIZED_CELLS.value:
        raise FormatError(
            f"{raster.path}: would need {grouped(width)} x {grouped(height)} cells to hold the grid and every hazard, more than "
            f"{grouped(RASTERIZED_CELLS.value)}. Ask for larger cells (resolution_m=), or divide the hazards by region."
        )


def least_cell_m(raster: Raster) -> tuple[float, float]:
    """Width and height such that no way on the ground within a grid is shorter than Pythagoras says of its columns and rows [m].

    Notes
    -----
    J is the matrix of metres east and north by column and row; D holds the least lengths of its columns anywhere on the grid.
    Where the least singular value of J D⁻¹ anywhere is s, a way of c columns and r rows is at least s |D (c, r)| long, since each
    of its steps is. A geodesic may leave the grid: it is asked as far beyond as one as long as the grid's diagonal can bulge.
    """
    west, south, east, north = raster.bounds
    about = steps_at(raster, np.array([(west + east) / 2]), np.array([(south + north) / 2]))
    wide, high = (float(np.hypot(about[i], about[i + 1])[0, 0]) for i in (0, 2))
    bulge = math.hypot(wide * raster.width, high * raster.height) ** 2 / (2 * _EARTH_M)
    beyond_x, beyond_y = bulge / wide * raster.cell_width, bulge / high * raster.cell_height
    x = np.linspace(west - beyond_x, east + beyond_x, _LATTICE)
    steps = steps_at(raster, x, np.linspace(north + beyond_y, south - beyond_y, _LATTICE))
    matrix = np.stack([np.stack(steps[::2], axis=-1), np.stack(steps[1::2], axis=-1)], axis=-2)
    if not np.isfinite(matrix).all():
        raise FormatError(
            f"{raster.path}: {crs_label(raster.crs)} does not hold all ground about the grid, so that distances on it are not "
            "known. Divide the hazards by region, or give resolution_m=."
        )
    least = np.linalg.norm(matrix, axis=-2).min(axis=(0, 1))
    if not least.min() > 0:  # a pole: all longitudes are one place
        return 0.0, 0.0
    share = float(np.linalg.svd(matrix / least, compute_uv=False).min())
    width, height = (least * min(share, 1) * (1 - _BETWEEN)).tolist()
    return width, height
