"""Munitions sites, accidents at them and villages about them, on the real border strip of Kazakhstan: all fictional.

Real sites are not public, and none is in here: where a site lies along a line, and what it holds, is drawn by lot.
"""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import affinity

import hazardgeo as hz

from .ground import Ground, between, ground, lonlat

CODE = "KAZ"
REGISTER = "FICTIONAL-KAZ"
_NEIGHBOURS = ("KGZ", "UZB", "TKM")
_BUILDING_M = (60.0, 18.0)
# Distance from the line [m], net explosive quantity [kg], hazard division: some reach across the line, some do not; of one
# neither quantity nor division is known, as in real registers.
_SITES = (
    (900.0, 40_000.0, "1.1"), (2_600.0, 350_000.0, "1.1;1.3"), (3_800.0, 1_200_000.0, "1.1"), (6_500.0, 90_000.0, "1.2"),
    (1_700.0, math.nan, ""), (12_000.0, 2_400_000.0, "1.1"),
)  # fmt: skip
_NEXT_DOOR_M = 700.0


def build(rng: np.random.Generator) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Make the depots, and the points: accidents and villages.

    Parameters
    ----------
    rng : numpy.random.Generator

    Returns
    -------
    geopandas.GeoDataFrame, geopandas.GeoDataFrame
        In longitude and latitude.
    """
    border = hz.borders.load(CODE, *_NEIGHBOURS, source="osm")
    depots, points = [], []
    for at, (inland, quantity, division) in enumerate(_SITES):
        pair = (CODE, _NEIGHBOURS[at % len(_NEIGHBOURS)])
        land = ground(border, pair, between(border, pair).geometry.estimate_utm_crs())
        middle, across = _place(land, rng, inland)
        buildings = [(middle, quantity, division)]
        if at == 2:  # two buildings whose zones overlap
            beside = middle + _NEXT_DOOR_M * np.array([-math.sin(across), math.cos(across)])
            buildings.append((beside, 150_000.0, "1.1"))
        depots += [_depot(land, rng, *one) for one in buildings]
        points += _villages(land, rng, middle, across, inland, pair)
        if at in (0, 3, 5):
            points.append(_point(land, middle + rng.normal(0, 40, 2), CODE, "accident", "unplanned explosion"))
    return _frame(depots, "depot_id", "D", rng), _frame(points, "point_id", "P", rng)


def _place(land: Ground, rng: np.random.Generator, inland_m: float) -> tuple[np.ndarray[Any, Any], float]:
    """A place so far from the line, where no other bend of it is nearer, and the direction away from the line."""
    while True:
        along = land.at(rng.uniform(0.15, 0.85))
        across = land.inland(along, CODE)
        middle = land.point(along) + inland_m * np.array([math.cos(across), math.sin(across)])
        if abs(shapely.distance(land.line, shapely.Point(middle)) - inland_m) < 0.1 * inland_m:
            return middle, across


def _depot(land: Ground, rng: np.random.Generator, middle: Any, quantity: float, division: str) -> dict[str, Any]:
    long, wide = _BUILDING_M
    shape = affinity.rotate(shapely.box(-long / 2, -wide / 2, long / 2, wide / 2), rng.uniform(0, 180))
    told = {
        "net_explosive_quantity_kg": quantity,
        "hazard_division": division,
        "country": CODE,
        "confidentiality": "restricted",
    }
    return {**told, "geometry": _lonlat(land, affinity.translate(shape, *middle))}


def _villages(
    land: Ground, rng: np.random.Generator, middle: Any, across: float, inland_m: float, pair: tuple[str, str]
) -> list[dict[str, Any]]:
    """One on the way to the line, one beyond it."""
    found = []
    for code, away in ((pair[0], rng.uniform(0.3, 0.7)), (pair[1], rng.uniform(1.15, 1.5))):
        place = middle - away * inland_m * np.array([math.cos(across), math.sin(across)])
        side = next(name for name, shape in land.sides.items() if shapely.contains(shape, shapely.Point(place)))
        found.append(_point(land, place, side if side != code else code, "place", "village"))
    return found


def _point(land: Ground, place: Any, code: str, kind: str, what: str) -> dict[str, Any]:
    return {"kind": kind, "country": code, "what": what, "geometry": _lonlat(land, shapely.Point(place))}


def _lonlat(land: Ground, shape: Any) -> Any:
    placed = lonlat(gpd.GeoDataFrame(geometry=[shape], crs=land.plane)).geometry.iloc[0]
    return shapely.set_precision(placed, 1e-6, mode="pointwise")


def _frame(rows: list[dict[str, Any]], index: str, letter: str, rng: np.random.Generator) -> gpd.GeoDataFrame:
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 2000, len(rows)), unit="D")
    ids = pd.Index([f"KAZ-{letter}{at:02}" for at in range(1, len(rows) + 1)], name=index)
    frame = gpd.GeoDataFrame(rows, geometry="geometry", index=ids, crs="EPSG:4326")
    return frame.assign(register=REGISTER, date_of_information=days.strftime("%Y-%m-%d"), source="drawn by lot")
