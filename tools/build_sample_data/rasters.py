"""Rasters of people and of land cover about the border of Croatia and Bosnia and Herzegovina, drawn by lot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine

import hazardgeo as hz

WEST, NORTH, PER_DEGREE = 15.5, 46.25, 120
ROWS, COLUMNS = 4 * PER_DEGREE, 5 * PER_DEGREE
NOTHING = 65_535
_TOWNS = 450
LAND_COVER = {1: "cropland", 2: "pasture", 3: "forest", 4: "built-up", 5: "water"}
TAGS = {
    "FICTIONAL": "Everything here was drawn by lot. Nobody was counted, and no place is meant.",
    "LICENCE": "CC0 1.0; which cells hold a value follows OpenStreetMap, © OpenStreetMap contributors, ODbL 1.0",
}


def build(folder: Path, border: hz.BorderSet, rng: np.random.Generator) -> int:
    """Write both rasters; give how many people there are.

    Parameters
    ----------
    folder : pathlib.Path
    border : hazardgeo.BorderSet
        Cells outside its countries hold nothing.
    rng : numpy.random.Generator

    Returns
    -------
    int
    """
    lon, lat = np.meshgrid(_middles(WEST, 1, COLUMNS), _middles(NORTH, -1, ROWS))
    shapely.prepare(grounds := border.countries.geometry.to_numpy())
    land = np.any([shapely.contains_xy(ground, lon, lat) for ground in grounds], axis=0)
    town = _towns(lon, lat, rng)
    people = np.where(land, np.rint(np.minimum(town + rng.exponential(1.2, lon.shape), 60_000)), NOTHING)
    cover = _cover(lon, lat, town, rng)
    _write(
        folder / "fictional_population.tif", people.astype(np.uint16), NOTHING, "people per cell", "population count"
    )
    legend = ", ".join(f"{number} {name}" for number, name in LAND_COVER.items())
    _write(folder / "fictional_land_cover.tif", np.where(land, cover, 0).astype(np.uint8), 0, "class", legend)
    return int(people[land].sum())


def _middles(start: float, sign: int, count: int) -> NDArray[np.float64]:
    return start + sign * (np.arange(count) + 0.5) / PER_DEGREE


def _towns(lon: NDArray[Any], lat: NDArray[Any], rng: np.random.Generator) -> NDArray[np.float64]:
    """People of each cell who live in a town: dense in its middle, and fewer outwards."""
    x, y = rng.uniform(WEST, WEST + COLUMNS / PER_DEGREE, _TOWNS), rng.uniform(NORTH - ROWS / PER_DEGREE, NORTH, _TOWNS)
    size = np.exp(rng.normal(np.log(900), 1.1, _TOWNS))
    found = np.zeros(lon.shape)
    for east, north, people in zip(x, y, size, strict=True):
        reach_km = 0.35 * people**0.25
        away_km = 111.2 * np.hypot((lon - east) * 0.71, lat - north)
        near = away_km < 12 * reach_km
        weight = np.exp(-away_km[near] / reach_km)
        if weight.sum() > 0:
            found[near] += people * weight / weight.sum()
    return found


def _cover(lon: NDArray[Any], lat: NDArray[Any], town: NDArray[Any], rng: np.random.Generator) -> NDArray[np.intp]:
    """Classes in patches of some kilometres; where many people live it is built up."""
    field = np.zeros(lon.shape)
    for _ in range(24):
        turn, phase = rng.uniform(0, np.pi), rng.uniform(0, 2 * np.pi)
        waves = rng.uniform(5, 60)  # in a degree
        field += np.sin(waves * (lon * np.cos(turn) + lat * np.sin(turn)) + phase)
    cuts = np.quantile(field, (0.04, 0.3, 0.55))
    natural = np.array([5, 1, 2, 3])[np.searchsorted(cuts, field)]
    return np.where(town > 150, 4, natural)


def _write(path: Path, cells: NDArray[Any], nodata: int, unit: str, what: str) -> None:
    grid = Affine(1 / PER_DEGREE, 0, WEST, 0, -1 / PER_DEGREE, NORTH)
    with rasterio.open(
        path, "w", driver="GTiff", width=COLUMNS, height=ROWS, count=1, dtype=cells.dtype, crs="EPSG:4326", transform=grid,
        nodata=nodata, compress="deflate", zlevel=9, predictor=2, tiled=True, blockxsize=128, blockysize=128,
    ) as dataset:  # fmt: skip
        dataset.write(cells, 1)
        dataset.descriptions = (f"FICTIONAL {what}",)
        dataset.units = (unit,)
        dataset.update_tags(**TAGS)
