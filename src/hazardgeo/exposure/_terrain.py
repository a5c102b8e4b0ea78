"""Slope, direction, ruggedness and surface of the ground in hazards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hazardgeo.constants import FLAT_DEG, STEEP_DEG, VERY_STEEP_DEG
from hazardgeo.errors import FormatError
from hazardgeo.exposure._raster import Raster, Window, open_raster
from hazardgeo.exposure._relief import relief
from hazardgeo.exposure._steps import cell_steps
from hazardgeo.exposure._vertical import metres_per_unit, refuse_impossible
from hazardgeo.exposure._zonal import Zones
from hazardgeo.measure import area_m2, wgs84_polygons

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_LIMITS_DEG = (STEEP_DEG.value, VERY_STEEP_DEG.value)
_NO_WAY = 1e-4
"""Agreement of directions below which the one that is left over is chance: half faces one way and half the other."""


def terrain(
    hazards: gpd.GeoDataFrame | gpd.GeoSeries,
    dem: str | os.PathLike[str] | Raster,
    *,
    limits_deg: tuple[float, ...] = _LIMITS_DEG,
    vertical_unit: str | None = None,
) -> pd.DataFrame:
    """Describe the ground in each hazard by a raster of elevations: slope, direction, ruggedness, surface.

    A slope is one over three cells of the raster: the coarser the cells, the gentler a mountain looks, so that no slope here is
    steeper than what a person will stand on. ``cell_m`` and ``cells`` say how coarse it is.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame or geopandas.GeoSeries
        Polygons with a CRS.
    dem : path or Raster
        A GeoTIFF of elevations, or what `open_raster` gave of it.
    limits_deg : tuple of float
        Slopes [degree], at least 0 and below 90; 15 and 30 unless given (unverified defaults).
    vertical_unit : {"m", "ft", "us-ft"}, optional
        Unit of the elevations, where the file does not say it.

    Returns
    -------
    pandas.DataFrame
        On the hazards' index:

        ``area_m2``, the geodesic ground plan, which stays the reference number; ``surface_area_m2``, the area of the sloping
        ground, never smaller; ground of which no slope is known is taken as level in it;

        ``slope_mean_deg`` and ``slope_max_deg`` (of all cells that are touched);

        ``aspect_deg``, the mean direction downhill, clockwise from true north, and ``aspect_agreement``, 1 where all ground
        faces that way and 0 where no way prevails; ``flat_share``, the share that is less steep than 1° and faces no way, of the
        ground whose slope is known;

        ``ruggedness_m``, mean over the cells of the root of the summed squares of a cell's height above its eight neighbours;
        only rasters of one cell size can be compared by it;

        ``steeper_than_15_deg_share`` and so on for each limit, of the whole hazard;

        ``cell_m``, side of a square as large as a cell; ``cells``, how many the hazard covers; ``covered_share`` of it with a
        slope, ``void_share`` over cells without elevation (the rest lies beside a void, at the edge of the raster or beyond),
        and ``at_least``: whether the surface, the largest slope and the shares of steep ground may be larger, for want of cover.

        NaN where no slope is known; NaN throughout where there is no geometry.

    Raises
    ------
    FormatError
        If the raster cannot be used (`open_raster`), nobody says its unit, what is given contradicts it, or a cell about a hazard
        is the elevation of no land; if a limit is no such slope.
    CRSError, GeometryError
        If the hazards cannot be measured, or not be laid into the CRS of the raster by a known operation.

    Notes
    -----
    Slope and direction by Horn's eight neighbours; surface by the eight triangles between a cell and its neighbours, as Jenness
    divides it. Cells are as wide and as high as they are on the ellipsoid at their place, whatever the CRS of the raster, and
    north is true north. A cell has a slope where it and its eight neighbours have an elevation; nothing is filled in. Means weigh
    each cell by the ground of it that lies in the hazard, exactly.

    References
    ----------
    Horn, B. K. P. (1981): Hill shading and the reflectance map (not read; the formula as commonly given, and tested on planes).
    Jenness, J. S. (2004): Calculating landscape surface area from digital elevation models, Wildlife Society Bulletin 32(3),
    829-839 (abstract read).
    Riley, S. J. et al. (1999): A terrain ruggedness index that quantifies topographic heterogeneity (not read).
    docs/explanation/terrain.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("central_asia.geojson"))
    >>> ground = terrain(hazards, hz.sample_data("central_asia_elevation.tif"))
    >>> known = ground[ground["covered_share"] == 1]
    >>> bool((known["surface_area_m2"] >= known["area_m2"]).all())
    True
    """
    import pandas as pd

    _refuse_limits(limits_deg)
    raster = dem if isinstance(dem, Raster) else open_raster(dem)
    unit_m = metres_per_unit(raster, vertical_unit)
    zones = Zones(wgs84_polygons(hazards), raster)
    sums = _sums(zones, unit_m, limits_deg)
    plan_m2 = np.asarray(area_m2(hazards), dtype=float)
    return pd.DataFrame(_columns(zones, sums, plan_m2, limits_deg), index=hazards.index)


def _refuse_limits(limits_deg: tuple[float, ...]) -> None:
    if not all(0 <= limit < 90 for limit in limits_deg) or len(set(limits_deg)) < len(limits_deg):
        raise FormatError(f"limits_deg={limits_deg!r}: give slopes in degrees, at least 0 and below 90, each once.")


def _sums(zones: Zones, unit_m: float, limits_deg: tuple[float, ...]) -> dict[str, NDArray[np.float64]]:
    """Over the ground of each hazard whose slope is known, in m²; shares of cover in cells, as in sums over other rasters."""
    raster = zones.raster
    current: list[_Tile] = []
    names = ["valued", "covered", "plan", "slope", "east", "north", "flat", "rugged", "surface", *map(str, limits_deg)]
    sums = {name: np.zeros(zones.count) for name in names} | {"steepest": np.full(zones.count, -np.inf)}

    with raster.reading() as read:

        def remember(window: Window, values: np.ma.MaskedArray[Any, Any]) -> NDArray[np.float64]:
            current[:] = [_tile(raster, read, window, unit_m)]
            return values.data

        for part, found in zones.extract(["cell_id", "coverage"], remember):
            each = np.repeat(part, [len(cells) for cells in found["cell_id"]])
            cells, cover = np.concatenate(found["cell_id"]), np.concatenate(found["coverage"])
            window, elevation, tile = current[0]
            refuse_impossible(raster, window, elevation, cells)
            sums["valued"] += zones.add(each, cover)
            known = np.isfinite(tile["slope"][cells])
            each, cells, cover = each[known], cells[known], cover[known]
            sums["covered"] += zones.add(each, cover)
            plan = cover * tile["plan"][cells]
            slope = tile["slope"][cells]
            sums["plan"] += zones.add(each, plan)
            for name in ("slope", "east", "north", "flat", "rugged", "surface"):
                sums[name] += zones.add(each, plan * tile[name][cells])
            for limit in limits_deg:
                sums[str(limit)] += zones.add(each, plan * (slope > limit))
            np.maximum.at(sums["steepest"], zones.owner[each], slope)
    return sums


class _Tile(NamedTuple):
    """Elevations of a window and the cells about it [m], and what is summed of each of its cells, row after row."""

    window: Window
    elevation: NDArray[np.float64]
    cells: dict[str, NDArray[np.float64]]


def _tile(
    raster: Raster, read: Callable[[Window], np.ma.MaskedArray[Any, Any]], window: Window, unit_m: float
) -> _Tile:
    steps = cell_steps(raster, window)
    elevation = _with_neighbours(raster, read, window) * unit_m
    ground = relief(elevation, steps)
    flat = ground.slope_deg < FLAT_DEG.value
    cells = {
        "plan": np.broadcast_to(steps.area_m2, flat.shape).ravel(),
        "slope": ground.slope_deg.ravel(),
        "east": np.where(flat, 0, ground.east).ravel(),
        "north": np.where(flat, 0, ground.north).ravel(),
        "flat": flat.ravel().astype(float),
        "rugged": ground.ruggedness_m.ravel(),
        "surface": ground.surface_ratio.ravel(),
    }
    return _Tile(window, elevation, cells)


def _with_neighbours(
    raster: Raster, read: Callable[[Window], np.ma.MaskedArray[Any, Any]], window: Window
) -> NDArray[np.float64]:
    """A window with one row and column more on each side; NaN where there is no value."""
    row, column = max(window.row - 1, 0), max(window.column - 1, 0)
    rows = min(window.row + window.rows + 1, raster.height) - row
    columns = min(window.column + window.columns + 1, raster.width) - column
    whole = np.full((window.rows + 2, window.columns + 2), np.nan)
    down, right = row - window.row + 1, column - window.column + 1
    whole[down : down + rows, right : right + columns] = read(Window(row, column, rows, columns)).filled(np.nan)
    return whole


def _columns(
    zones: Zones, sums: dict[str, NDArray[np.float64]], plan_m2: NDArray[np.float64], limits_deg: tuple[float, ...]
) -> dict[str, NDArray[Any]]:
    cover = zones.shares(sums["covered"])
    covered = cover["covered_share"]
    known = np.where(covered > 0, sums["plan"], np.nan)
    mean = {name: sums[name] / known for name in ("slope", "flat", "rugged", "surface")}
    sloping = np.where(known - sums["flat"] > 0, known - sums["flat"], np.nan)
    agreement = np.minimum(np.hypot(sums["east"], sums["north"]) / sloping, 1)
    aspect = np.degrees(np.arctan2(sums["east"], sums["north"])) % 360
    return {
        "area_m2": plan_m2,
        "surface_area_m2": plan_m2 * (1 + covered * (mean["surface"] - 1)),
        "slope_mean_deg": mean["slope"],
        "slope_max_deg": np.where(covered > 0, sums["steepest"], np.nan),
        "aspect_deg": np.where(agreement > _NO_WAY, aspect, np.nan),
        "aspect_agreement": agreement,
        "flat_share": mean["flat"],
        "ruggedness_m": mean["rugged"],
        **{f"steeper_than_{limit:g}_deg_share": covered * sums[str(limit)] / known for limit in limits_deg},
        "cell_m": np.sqrt(known / sums["covered"]),
        "cells": zones.cells,
        "covered_share": covered,
        "void_share": zones.shares(sums["valued"])["nodata_share"],
        "at_least": cover["at_least"],
    }
