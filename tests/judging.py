"""Whether ranges and words are right and of use: random hazards near a line, and scores against a truth.

A truth is a table of shares: for each hazard, how much of it lies on each side. It comes from another version of the border, or
from a line moved by a known field.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import hazardgeo as hz
from hazardgeo.borders import BorderSet
from hazardgeo.crs import GEOD

SIZES_M = (100.0, 400.0, 1500.0)
MISS = 40  # 2 / alpha: what the interval score charges for a miss, for an alpha of 5 %
_EARTH_KM = 6371.0
_CERTAIN = 1e-6


def with_field(border: BorderSet, **columns: float) -> BorderSet:
    """The border with other figures on all its lines."""
    return dataclasses.replace(border, lines=border.lines.assign(**columns))


def places_on(line: Any, spacing_m: float) -> np.ndarray:
    """Longitude and latitude of points along a line, and how far along they lie [m]."""
    found, before = [], 0.0
    for part in shapely.get_parts(shapely.line_merge(line) if line.geom_type == "MultiLineString" else line):
        lonlat = shapely.get_coordinates(part)
        steps = GEOD.inv(*lonlat[:-1].T, *lonlat[1:].T)[2]
        along = np.concatenate([[0.0], np.cumsum(steps)])
        at = np.arange(spacing_m / 2, along[-1], spacing_m)
        found.append(np.column_stack([*(np.interp(at, along, axis) for axis in lonlat.T), at + before]))
        before += float(along[-1])
    return np.concatenate(found)


def moved(lonlat: np.ndarray, metres: np.ndarray) -> np.ndarray:
    """Points moved by metres east and north."""
    east, north = metres.T
    lon, lat, _ = GEOD.fwd(*lonlat.T, np.degrees(np.arctan2(east, north)), np.hypot(east, north))
    return np.column_stack([lon, lat])


def hazards_at(lonlat: np.ndarray, sizes_m: np.ndarray, turns: np.ndarray) -> gpd.GeoDataFrame:
    """Boxes twice as long as wide about each place, turned; the longer side is `sizes_m`."""
    corner = np.array([[-0.5, -0.25], [0.5, -0.25], [0.5, 0.25], [-0.5, 0.25]])
    sin, cos = np.sin(turns), np.cos(turns)
    turned = np.einsum("nij,kj->nki", np.array([[cos, -sin], [sin, cos]]).transpose(2, 0, 1), corner)
    metres = turned * sizes_m[:, None, None]
    corners = moved(np.repeat(lonlat, 4, axis=0), metres.reshape(-1, 2)).reshape(-1, 4, 2)
    index = pd.Index([f"h{i}" for i in range(len(lonlat))], name="hazard_id", dtype=object)
    facts = {"register": "REG", "country": "AAA", "classification": "SHA", "work_status": "open", "vertex_sd_m": 0.0}
    return gpd.GeoDataFrame(facts, geometry=shapely.polygons(corners), index=index, crs=4326)


def random_hazards(lonlat: np.ndarray, rng: np.random.Generator, *, farthest_m: float) -> gpd.GeoDataFrame:
    """A hazard for each place, of a size of three, anywhere on the disc about it."""
    n = len(lonlat)
    angle, distance = rng.uniform(0, 2 * np.pi, n), farthest_m * np.sqrt(rng.uniform(0, 1, n))
    at = moved(lonlat, distance[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))
    return hazards_at(at, rng.choice(SIZES_M, n), rng.uniform(0, np.pi, n))


def simulated_shifts(
    lonlat: np.ndarray, rng: np.random.Generator, *, common_sd_m: float, local_sd_m: float, correlation_km: float
) -> np.ndarray:
    """Metres east and north by which the true line lies off at each place: a common part and a local one."""
    lon, lat = np.radians(lonlat).T
    xyz = _EARTH_KM * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    apart = np.sqrt(((xyz[:, None] - xyz) ** 2).sum(axis=2))
    alike = np.exp(-apart / correlation_km) if correlation_km > 0 else np.eye(len(lonlat))
    root = np.linalg.cholesky(alike + 1e-9 * np.eye(len(lonlat)))
    return common_sd_m * rng.standard_normal(2) + local_sd_m * (root @ rng.standard_normal((len(lonlat), 2)))


def shares(hazards: gpd.GeoDataFrame, border: BorderSet) -> pd.DataFrame:
    """Share of each hazard on each side, this border taken as true."""
    sides = hz.borders.split_by_country(hazards, border)
    sides["share"] = sides["area_m2"] / sides["whole_area_m2"]
    return sides.pivot_table(index="hazard_id", columns="side", values="share").reindex(hazards.index).fillna(0.0)


def shares_if_moved(hazards: gpd.GeoDataFrame, border: BorderSet, shifts: np.ndarray) -> pd.DataFrame:
    """Shares if the true line lies off by `shifts` at each hazard: the same as moving the hazard the other way."""
    corners = shapely.get_coordinates(hazards.geometry.to_numpy()).reshape(len(hazards), -1, 2)
    there = moved(corners.reshape(-1, 2), np.repeat(-shifts, corners.shape[1], axis=0)).reshape(corners.shape)
    return shares(hazards.set_geometry(shapely.polygons(there)).set_crs(4326, allow_override=True), border)


def _winkler(low: np.ndarray, high: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Interval score: the width, and 2 / alpha for each unit that the truth lies outside; lower is better."""
    return high - low + MISS * (np.maximum(0, low - truth) + np.maximum(0, truth - high))


def judged_hazards(hazards: gpd.GeoDataFrame, border: BorderSet, truth: pd.DataFrame, p99_m: float) -> pd.DataFrame:
    """A row of scores for each hazard, of its range on the side of the border's first country and of its word."""
    side, index = border.codes[0], hazards.index
    of_side = hz.borders.split_by_country(hazards, border).query("side == @side").set_index("hazard_id").reindex(index)
    areas = (of_side[f"area_{name}"] / of_side["whole_area_m2"] for name in ("low_m2", "m2", "high_m2"))
    low, best, high = (share.fillna(0.0).to_numpy() for share in areas)
    true = truth.get(side, pd.Series(0.0, index=index)).to_numpy()
    words = hz.borders.relation(hazards, border)
    decided, beyond = words["relation"] != "indeterminate", words["distance_m"] > p99_m
    crosses, drawn = ((share > _CERTAIN) & (share < 1 - _CERTAIN) for share in (true, best))
    return pd.DataFrame(
        {
            "covered": (true >= low - _CERTAIN) & (true <= high + _CERTAIN),
            "width": high - low,
            "decided": decided,
            "decided_wrong": np.where(decided, _wrong(words, truth, border.codes), np.nan),
            "beyond_p99_decided": np.where(beyond, decided, np.nan),
            "brier": (words["crossing_probability"].fillna(0.5) - crosses) ** 2,
            "brier_plain": (drawn.astype(float) - crosses) ** 2,
            "brier_always": 0.25,
            "interval": _winkler(low, high, true),
            "interval_plain": _winkler(best, best, true),
            "interval_always": 1.0,
        },
        index=index,
    ).astype(float)


def _wrong(words: pd.DataFrame, truth: pd.DataFrame, codes: tuple[str, ...]) -> np.ndarray:
    """Where a word says crossing and the truth does not, or the other way round, or names a country that it does not lie in."""
    there = truth > _CERTAIN
    crosses = there.reindex(columns=list(codes), fill_value=False).sum(axis=1) > 1
    true_sides = [set(row.index[row]) for _, row in there.iterrows()]
    named = [set(text.split(";")) - {""} for text in words["lies_in"]]
    elsewhere = [not one <= true for one, true in zip(named, true_sides, strict=True)]
    return ((words["relation"] == "crossing") != crosses).to_numpy() | np.array(elsewhere)


def judged_totals(sides: pd.DataFrame, truth: pd.DataFrame, groups: list[Any], side: str) -> pd.DataFrame:
    """A row for each group of hazards: is the truth in the range of their total on one side, and how wide is it."""
    whole = sides.drop_duplicates("hazard_id").set_index("hazard_id")["whole_area_m2"]
    rows = []
    for group in groups:
        total = hz.borders.side_totals(sides[sides["hazard_id"].isin(group)]).loc[side]
        true, ground = float((truth.loc[group, side] * whole[group]).sum()), float(whole[group].sum())
        rows.append({})
        for name, kind in KINDS.items():
            low, high = total[f"{kind}_low_m2"], total[f"{kind}_high_m2"]
            slack = _CERTAIN * ground
            rows[-1][f"covered, {name}"] = float(low - slack <= true <= high + slack)
            rows[-1][f"width, {name}"] = (high - low) / ground
            rows[-1][f"missed, {name}"] = max(0.0, low - true, true - high) / ground
    return pd.DataFrame(rows)


KINDS = {"independent": "independent", "fitted": "area", "fully correlated": "correlated"}
