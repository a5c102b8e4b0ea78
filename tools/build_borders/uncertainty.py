"""The offset and the error field of every line, as columns."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
import shapely

from . import field, lines, offsets, osm_2017, stretches
from .config import Config
from .lines import Pair

Key = tuple[Pair, str]
_NORMAL_95 = 1.959964
_EDITION_2017 = "edition of December 2017, dry stretches"


@dataclass(frozen=True)
class Uncertainty:
    """An offset, and how it is made up of a part common to the whole line and a local part."""

    offset: offsets.Offset
    bias_east_m: float
    bias_north_m: float
    common_sd_m: float
    local_sd_m: float
    correlation_km: float
    evidence: str


@dataclass(frozen=True)
class StandIn:
    """A line that stands in for the truth, and of what edition it is."""

    line: shapely.Geometry
    edition: str


def _unknown(offset: offsets.Offset, why: str) -> Uncertainty:
    return Uncertainty(offset, math.nan, math.nan, math.nan, math.nan, math.nan, why)


def from_truth(offset: offsets.Offset, fitted: field.Field | None) -> Uncertainty:
    """Of a line measured against a stand-in for the truth: both parts as fitted, scaled to the offset."""
    if fitted is None:
        return _unknown(offset, "Too short to fit; taken as common to the whole line.")
    sigma = offset.metres / _NORMAL_95
    evidence = (
        f"Displacement along the normal every {field.STEP_M:.0f} m, {fitted.count} samples: one shift of "
        f"{fitted.east_m:.0f} m east and {fitted.north_m:.0f} m north explains {fitted.share:.0%} of its square; what is "
        f"left falls to 1/e within {fitted.correlation_km:.1f} km. Its root mean square is {fitted.rms_m:.0f} m; the parts "
        "are scaled to make up offset_95_m."
    )
    common, local = sigma * math.sqrt(fitted.share), sigma * math.sqrt(1 - fitted.share)
    return Uncertainty(offset, fitted.east_m, fitted.north_m, common, local, fitted.correlation_km, evidence)


def from_editions(offset: offsets.Offset, fitted: field.Field | None, floor_m: float) -> Uncertainty:
    """Of a line measured against an older edition of itself: what is only assumed is common, what changed beyond it is local.

    Two editions can share one error, and no comparison of them shows it. The floor stands for that, so it never averages out.
    """
    if fitted is None:
        return _unknown(
            offset, "Not fitted: no other edition long enough. Taken as common to the whole line; graded assumed."
        )
    sigma = offset.metres / _NORMAL_95
    common = min(sigma, max(floor_m / _NORMAL_95, math.sqrt(max(0.0, sigma**2 - fitted.rms_m**2))))
    evidence = (
        f"Local part: displacement from the OpenStreetMap {_EDITION_2017}, every {field.STEP_M:.0f} m, {fitted.count} "
        f"samples, root mean square {fitted.rms_m:.0f} m, falling to 1/e within {fitted.correlation_km:.1f} km; it counts "
        "where offset_95_m is above the floor. The rest is assumed, and taken as common to the whole line, because nothing "
        "says that it averages out; graded assumed."
    )
    local = math.sqrt(max(0.0, sigma**2 - common**2))
    return Uncertainty(offset, math.nan, math.nan, common, local, fitted.correlation_km, evidence)


def stand_ins(
    osm: pd.DataFrame, fine: dict[str, shapely.Geometry], drawn: dict[Pair, shapely.Geometry], within: shapely.Geometry,
    config: Config,
) -> dict[Pair, StandIn]:  # fmt: skip
    """For each pair the line that Natural Earth is measured against: OpenStreetMap's own, or that of 2017 where it has none."""
    own = lines.by_base_pair(osm[osm["kind"] != stretches.BORROWED])
    found = {}
    for pair, line in drawn.items():
        if pair in own:
            found[pair] = StandIn(offsets.lines_within(own[pair], within), config.sources["osm"].version)
        elif set(pair) <= set(fine):
            dry = osm_2017.dry_line(fine[pair[0]], fine[pair[1]], line, config.settings.dry_m)
            found[pair] = StandIn(offsets.lines_within(dry, within), _EDITION_2017)
    return found


def of_natural_earth(
    drawn: dict[Pair, shapely.Geometry], truth: dict[Pair, StandIn], config: Config
) -> tuple[dict[Pair, Uncertainty], dict[Pair, offsets.Measured | None]]:
    """Every pair of Natural Earth against its stand-in."""
    spacing = config.settings.sample_m
    measured = {
        pair: offsets.measure(line, truth[pair].line, spacing) if pair in truth else None
        for pair, line in drawn.items()
    }
    worst = max(found.p95_m for found in measured.values() if found is not None)
    found = {}
    for pair, line in drawn.items():
        edition = truth[pair].edition if pair in truth else ""
        offset = offsets.natural_earth_offset("–".join(pair), measured[pair], worst, edition)
        found[pair] = from_truth(offset, field.fit(line, truth[pair].line) if pair in truth else None)
    return found, measured


def of_osm(
    osm: pd.DataFrame, fine: dict[str, shapely.Geometry], lent: dict[Pair, Uncertainty], within: shapely.Geometry, config: Config
) -> dict[Key, Uncertainty]:  # fmt: skip
    """Every pair and kind of stretch of OpenStreetMap against its edition of 2017, the banks, or as Natural Earth lends it."""
    found: dict[Key, Uncertainty] = {}
    own = osm[osm["kind"] != stretches.BORROWED]
    for pair, line in lines.by_base_pair(own).items():
        dry = osm_2017.dry_line(fine[pair[0]], fine[pair[1]], line, config.settings.dry_m)
        dry = offsets.lines_within(dry, within)
        inside = offsets.lines_within(line, within)
        editions, fitted = offsets.measure(inside, dry, config.settings.sample_m), field.fit(inside, dry)
        for kind, bank_m in _banks(own, pair).items():
            offset = offsets.osm_offset("–".join(pair), editions, bank_m, config.settings)
            found[pair, kind] = from_editions(offset, fitted, config.settings.osm_floor_m)
    for pair in lines.by_base_pair(osm[osm["kind"] == stretches.BORROWED]):
        known = lent[pair]
        found[pair, stretches.BORROWED] = Uncertainty(
            **{**vars(known), "offset": offsets.borrowed_offset(known.offset)}
        )
    return found


def _banks(edges: pd.DataFrame, pair: Pair) -> dict[str, float | None]:
    """The kinds of stretches of a pair, and for those in water how far the farther bank is."""
    mine = [group for (la, lb), group in edges.groupby(["la", "lb"]) if pair in lines.base_pairs(la, lb)]
    group = pd.concat(mine)
    wet = {kind: group[group["kind"] == kind] for kind in (stretches.WATER, stretches.WIDE_WATER)}
    # A pocket may be on land beside one pair and in water beside another: then each kind is asked for.
    return {stretches.LAND: None} | {kind: stretches.bank_p95_m(some) for kind, some in wet.items() if len(some)}


def columns(found: Uncertainty) -> dict[str, float | str]:
    """As columns of the layer ``lines``."""
    said = vars(found) | {"offset_95_m": found.offset.metres, "offset_evidence": found.offset.evidence}
    numbers = ("bias_east_m", "bias_north_m", "common_sd_m", "local_sd_m", "correlation_km")
    rounded = {name: round(said[name], 2) for name in numbers}
    return {"offset_95_m": said["offset_95_m"], "offset_evidence": said["offset_evidence"], **rounded,
            "field_evidence": found.evidence}  # fmt: skip
