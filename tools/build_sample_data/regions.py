"""Registers of whole regions: a few records along each line, all registers in one file, as a regional body keeps it.

Which states keep a register here is part of the story: those of the cross-border programme of 2003 to 2006 in Southeast
Europe, the six of Central Asia, the three of the South Caucasus. Nothing is drawn from any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import hazardgeo as hz

from . import attributes, crossings, releases
from .drafts import Draft, Scene
from .ground import Ground, between, ground, lonlat
from .outlines import patch, redrawn, sized, usable

_EARLIEST, _LATEST = 0.12, 0.88  # of the way along a line; at its ends other countries are near
_STEP = 0.02
_AWAY_M = (3000.0, 9000.0)
_HAND_DEG = 2e-6


@dataclass(frozen=True)
class Region:
    """Who keeps a register, what other countries their borders are asked with, and where something special lies."""

    registers: tuple[str, ...]
    neighbours: tuple[str, ...] = ()
    enclaves: tuple[tuple[str, str], ...] = ()
    contested: tuple[str, str] | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """All countries whose borders with each other are asked."""
        return (*self.registers, *self.neighbours)

    def pairs(self, border: hz.BorderSet) -> Iterator[tuple[str, str]]:
        """Every two countries that share a line, one of which at least keeps a register."""
        table = hz.borders.pairs(self.codes, border)
        for row in table[table["shared"]].itertuples():
            if {row.country_a, row.country_b} & set(self.registers):
                yield row.country_a, row.country_b


REGIONS = {
    "southeast_europe": Region(
        ("ALB", "BIH", "HRV", "SRB"), ("GRC", "MKD", "MNE", "XKX"), contested=("HRV", "SRB")
    ),
    "central_asia": Region(
        ("AFG", "KAZ", "KGZ", "TJK", "TKM", "UZB"), enclaves=(("KGZ", "UZB"), ("KGZ", "TJK"))
    ),
    "south_caucasus": Region(("ARM", "AZE", "GEO")),
}  # fmt: skip


def build(name: str, rng: np.random.Generator) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Make the hazards and the releases of a region.

    Parameters
    ----------
    name : str
        Of one of `REGIONS`.
    rng : numpy.random.Generator

    Returns
    -------
    geopandas.GeoDataFrame, geopandas.GeoDataFrame
        In longitude and latitude, all registers in one frame each.
    """
    region = REGIONS[name]
    border = hz.borders.load(*region.codes, source="osm")
    scenes = [_along(border, pair, region, rng) for pair in region.pairs(border) if _beside_them(pair, region)]
    scenes += [_enclave(border, pair, rng) for pair in region.enclaves]
    if region.contested:
        scenes.append(_contested(border, region.contested, rng))
    hazards: list[gpd.GeoDataFrame] = []
    released: list[gpd.GeoDataFrame] = []
    for code in region.registers:
        for scene in scenes:
            if own := scene.of(code):
                first, first_release = (1 + sum(map(len, _of(code, frames))) for frames in (hazards, released))
                plane = scene.ground.plane
                frame = attributes.register(rng, code, own, plane=plane, first=first)
                hazards.append(lonlat(frame))
                if set(frame["work_status"]) != {"open"}:
                    released.append(staked(lonlat(releases.register(rng, code, own, frame, first=first_release))))
    return pd.concat(hazards), pd.concat(released)


def staked(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Without corners a hand apart and holes a few hands wide, where the outline stays one without them."""
    shapes = frame.geometry.to_numpy()
    apart = shapely.remove_repeated_points(np.array([_without_slits(shape) for shape in shapes]), _HAND_DEG)
    return frame.set_geometry(np.where(shapely.is_valid(apart), apart, shapes), crs=frame.crs)


def _without_slits(shape: Any) -> Any:
    parts = [
        shapely.Polygon(
            part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area > _HAND_DEG * hole.length]
        )
        for part in shapely.get_parts(shape)
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _of(code: str, frames: list[gpd.GeoDataFrame]) -> list[gpd.GeoDataFrame]:
    return [frame for frame in frames if frame["country"].iloc[0] == code]


def _beside_them(pair: tuple[str, str], region: Region) -> bool:
    """Of a neighbour without a register only the line with Albania is in the story."""
    return set(pair) <= set(region.registers) or "ALB" in pair


def plane_between(border: hz.BorderSet, pair: tuple[str, str]) -> Any:
    """The zone of UTM that a line lies in."""
    return between(border, pair).geometry.estimate_utm_crs()


def _along(border: hz.BorderSet, pair: tuple[str, str], region: Region, rng: np.random.Generator) -> Scene:
    """What lies along one line: a belt across it, cut outlines, ground in both registers, records of one side alone."""
    scene = Scene(ground(border, pair, plane_between(border, pair)), rng)
    keepers = [code for code in pair if code in region.registers]
    reach = max(600.0, 1.3 * float(between(border, pair)["offset_95_m"].min()))
    stretches = spans(rng)
    for code in keepers:
        somewhere(stretches, lambda span, code=code: crossings.add_belt(scene, code, span[0], reach, 220.0))
        somewhere(stretches, lambda span, code=code: crossings.add_stop_dead(scene, code, span, continued=False))
        for _ in range(2):
            inland = rng.uniform(*_AWAY_M)
            somewhere(stretches, lambda span, code=code, inland=inland: crossings.add_inland(scene, code, span, inland))
    if len(keepers) > 1:
        cleared_by = keepers[1] if rng.random() < 0.5 else ""
        somewhere(stretches, lambda span: crossings.add_stop_dead(scene, keepers[0], span, continued=True))
        somewhere(stretches, lambda span: crossings.add_twice(scene, span, cleared_by=cleared_by))
        somewhere(stretches, lambda span: crossings.add_confirmed_in_suspected(scene, keepers[1], span))
        somewhere(stretches, lambda span: crossings.add_partly_twice(scene, span))
    return scene


def somewhere(spans: Iterator[tuple[float, float]], add: Callable[[tuple[float, float]], None]) -> None:
    """Try one stretch of the line after the other: beside a coast or a third country not everything has a place."""
    for span in spans:
        try:
            return add(span)
        except crossings.NoPlaceError:
            continue
    raise RuntimeError("No stretch of the line is left. Allow more of them.")


def spans(rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    """Short stretches of a line in an order by lot, none of them twice."""
    starts = np.linspace(_EARLIEST, _LATEST - _STEP, 30)
    yield from ((float(start), float(start) + _STEP) for start in rng.permutation(starts))


def _enclave(border: hz.BorderSet, pair: tuple[str, str], rng: np.random.Generator) -> Scene:
    """Ground in both registers at the edge of the largest enclave between two countries."""
    scene = Scene(ground(border, pair, plane_between(border, pair), part=1), rng)
    crossings.add_twice(scene, (0.1, 0.4))
    crossings.add_stop_dead(scene, pair[0], (0.5, 0.9), continued=False)
    return scene


def _contested(border: hz.BorderSet, pair: tuple[str, str], rng: np.random.Generator) -> Scene:
    """One outline in both registers, on ground that both states claim."""
    land: Ground = ground(border, pair, plane_between(border, pair))
    pockets = border.countries[border.countries["claimants"] == ";".join(sorted(pair))].to_crs(land.plane)
    middle = shapely.get_coordinates(shapely.point_on_surface(max(pockets.geometry.explode(), key=shapely.area)))[0]
    scene = Scene(land, rng)
    while not scene.drafts:
        shape = sized(patch(rng, middle, rng.uniform(0, 3), 1.8, 11), 60_000)
        ours, theirs = redrawn(rng, shape, 2.0, 1.0), redrawn(rng, shape, 8.0, 4.0)
        if usable(ours) and usable(theirs):
            scene.add(*(Draft(code, one, "SHA", "contested") for code, one in zip(pair, (ours, theirs), strict=True)))
    return scene
