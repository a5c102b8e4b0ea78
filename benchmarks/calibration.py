"""Whether the ranges along a border are right, and narrow enough to be of use.

Usage: python benchmarks/calibration.py COUNTRY_CODER_BORDERS.json

The file is package/src/data/borders.json of the npm package @rapideditor/country-coder 5.6.1 (ISC; `npm pack
@rapideditor/country-coder@5.6.1`). Nothing of it is kept in this repository.

Nothing is judged by what it was fitted to. *By stretches*: offset and field of Natural Earth (or country-coder) are fitted to
OpenStreetMap on every second stretch of 50 km of a line and judged by OpenStreetMap on the others, and the other way round.
*As shipped*: what stands in the embedded sets, fitted to OpenStreetMap, is judged by country-coder. *Simulated*: the true line
lies off the drawn one by a random field of known parameters, as a vector and on a real, winding line; the formulas assume a
displacement along the normal. Hazards lie anywhere within three offsets of points of the line.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from _results import write_section

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from judging import (
    KINDS,
    judged_hazards,
    judged_totals,
    places_on,
    random_hazards,
    shares,
    shares_if_moved,
    simulated_shifts,
    with_field,
)  # fmt: skip

import hazardgeo as hz
from hazardgeo.borders import BorderSet
from hazardgeo.constants import NORMAL_95
from hazardgeo.crs import GEOD
from hazardgeo.errors import BorderError
from hazardgeo.vocabulary import SIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

# Armenia – Azerbaijan is left out: stretches of its line in the OpenStreetMap set are Natural Earth's.
PAIRS = (
    ("BIH", "HRV"), ("KHM", "LAO"), ("KHM", "THA"), ("KHM", "VNM"), ("LAO", "THA"), ("LAO", "VNM"), ("ALB", "XKX"),
    ("HRV", "SRB"), ("BIH", "SRB"), ("KGZ", "UZB"), ("KGZ", "TJK"), ("TJK", "UZB"), ("AFG", "TJK"),
)  # fmt: skip
ISO2 = {
    "AFG": "AF", "ALB": "AL", "BIH": "BA", "HRV": "HR", "KGZ": "KG", "KHM": "KH", "LAO": "LA",
    "SRB": "RS", "THA": "TH", "TJK": "TJ", "UZB": "UZ", "VNM": "VN", "XKX": "XK",
}  # fmt: skip
STRETCH_M = 50_000.0
SPACING_M = 500.0
ON_LAND_DEG = 0.1  # of the embedded line, which is cut to land; country-coder's goes on to sea
PER_STRETCH, REGISTERS, PER_REGISTER = 60, 200, 80
OFFSETS = 3.0
NORMAL_99 = 2.576
FIELDS = (
    (0.0, 0.0, "no correlation"),
    (0.0, 7.0, "correlation length 7 km"),
    (0.34, 7.0, "7 km, a third in common"),
    (0.83, 7.0, "7 km, five sixths in common"),
)
SEED = 20261123


def line_of(border: BorderSet) -> shapely.Geometry:
    """All lines between the asked countries."""
    return shapely.union_all(border.asked_lines.geometry.to_numpy())


def country_coder(path: Path, pair: tuple[str, str], land: BorderSet) -> BorderSet:
    """The two countries of another version, and the line between them where it runs over land."""
    features = {one["properties"].get("iso1A2"): one["geometry"] for one in json.loads(path.read_text())["features"]}
    a, b = (shapely.geometry.shape(features[ISO2[code]]) for code in pair)
    countries = gpd.GeoDataFrame({"code": pair, "name": pair, "claimants": ""}, geometry=[a, b], crs=4326)
    shared = shapely.intersection(shapely.boundary(a), shapely.boundary(b))
    edges = [part for part in shapely.get_parts(shared) if part.geom_type != "Point"]
    on_land = shapely.buffer(line_of(land), ON_LAND_DEG)
    line = shapely.line_merge(shapely.intersection(shapely.union_all(edges), on_land))
    facts = {"country_a": pair[0], "country_b": pair[1], "status": "unstated", "claimants": "", "offset_95_m": 1000.0}
    lines = gpd.GeoDataFrame([facts | {"offset_evidence": "to be fitted"}], geometry=[line], crs=4326)
    extent = shapely.union(a, b)
    return BorderSet(countries, lines, extent, pair, "country-coder", "5.6.1", "ISC", "country-coder contributors")


def distances(lonlat: np.ndarray, border: BorderSet) -> np.ndarray:
    """Metres from points to the line of a border, positive where the point lies in its first country."""
    line = line_of(border)
    squeeze = np.array([np.cos(np.radians(lonlat[:, 1].mean())), 1.0])
    points = shapely.points(lonlat * squeeze)
    coords = [shapely.get_coordinates(part) * squeeze for part in shapely.get_parts(line)]
    edges = np.concatenate([shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)) for xy in coords])
    nearest = edges[shapely.STRtree(edges).nearest(points)]
    ends = shapely.get_coordinates(shapely.shortest_line(points, nearest)).reshape(-1, 4) / np.tile(squeeze, 2)
    metres = np.asarray(GEOD.inv(*ends.T)[2])
    first = shapely.union_all(border.countries.loc[border.countries["code"] == border.codes[0]].geometry.to_numpy())
    shapely.prepare(first)
    return np.where(shapely.contains_xy(first, *lonlat.T), metres, -metres)


def fitted(found: np.ndarray, stretch: np.ndarray) -> dict[str, float]:
    """Offset and field of signed distances along a line, sampled evenly: common part, local part, correlation length."""
    common = float(found.mean())
    local = found - common
    alike = [1.0]
    for lag in range(1, 200):
        together = stretch[lag:] == stretch[:-lag]
        if together.sum() < 100:
            break
        alike.append(float((local[lag:] * local[:-lag])[together].mean() / local.var()))
    below = next((k for k, value in enumerate(alike) if value < np.exp(-1)), len(alike))
    return {
        "offset_95_m": float(np.percentile(np.abs(found), 95)),
        "common_sd_m": abs(common),
        "local_sd_m": float(local.std()),
        "correlation_km": max(1, below) * SPACING_M / 1000,
    }


@dataclass(frozen=True)
class Line:
    """A drawn line as it is judged: points along it, the stretch of 50 km each is on, and how far 99 % lie off at most."""

    border: BorderSet
    places: np.ndarray
    stretch: np.ndarray
    p99_m: float


@dataclass(frozen=True)
class Scores:
    """A row for each hazard, for each total of a stretch (or register), and for each total of a line."""

    hazards: pd.DataFrame
    stretches: pd.DataFrame
    lines: pd.DataFrame | None = None


def by_stretches(drawn: BorderSet, truth: BorderSet, rng: np.random.Generator) -> Iterator[Scores]:
    """Fit on every second stretch and judge on the others, then the other way round."""
    places = places_on(line_of(drawn), SPACING_M)
    found, stretch = distances(places[:, :2], truth), (places[:, 2] // STRETCH_M).astype(int)
    p99_m = float(np.percentile(np.abs(found), 99))
    for fit in (stretch % 2 == 0, stretch % 2 == 1):
        border = with_field(drawn, **fitted(found[fit], stretch[fit]))
        yield judged(Line(border, places[~fit], stretch[~fit], p99_m), truth, rng)


def as_shipped(drawn: BorderSet, truth: BorderSet, rng: np.random.Generator) -> Iterator[Scores]:
    """Judge what is embedded by a version that it was not fitted to."""
    places = places_on(line_of(drawn), SPACING_M)
    p99_m = float(np.percentile(np.abs(distances(places[:, :2], truth)), 99))
    yield judged(Line(drawn, places, (places[:, 2] // STRETCH_M).astype(int), p99_m), truth, rng)


def judged(line: Line, truth: BorderSet, rng: np.random.Generator) -> Scores:
    """Scores of random hazards up to two offsets from a line: one by one, by stretch, and all together."""
    border, side = line.border, line.border.codes[0]
    long_enough = [k for k in np.unique(line.stretch) if (line.stretch == k).sum() > 20]
    picked = np.concatenate([rng.choice(np.flatnonzero(line.stretch == k), PER_STRETCH) for k in long_enough])
    farthest = OFFSETS * float(border.asked_lines["offset_95_m"].max())
    hazards = random_hazards(line.places[picked, :2], rng, farthest_m=farthest)
    true = shares(hazards, truth)
    # Where the truth knows no country, nothing can be judged.
    known = true[[code for code in true if code not in SIDE.words]].sum(axis=1) > 1 - 1e-9
    hazards, true, of = hazards[known], true[known], line.stretch[picked][known.to_numpy()]
    sides = hz.borders.split_by_country(hazards, border)
    groups = [hazards.index[of == k] for k in np.unique(of)]
    return Scores(
        judged_hazards(hazards, border, true, line.p99_m),
        judged_totals(sides, true, groups, side),
        judged_totals(sides, true, [hazards.index], side),
    )


def simulated(border: BorderSet, rng: np.random.Generator, *, common: float, km: float, beyond: bool) -> Scores:
    """Judge known fields on a real line: registers of 80 hazards on 200 km of it, each with a true line of its own."""
    u, side = 1000.0, border.codes[0]
    sd = u / NORMAL_95.value
    field = {"common_sd_m": sd * common**0.5, "local_sd_m": sd * (1 - common) ** 0.5, "correlation_km": km}
    border = with_field(border, offset_95_m=u, **field)
    places = places_on(line_of(border), SPACING_M)
    steps = int(4 * STRETCH_M / SPACING_M)
    registers, truths = [], []
    for k in range(REGISTERS):
        at = rng.integers(0, len(places) - steps) + rng.integers(0, steps, 20 * PER_REGISTER)
        hazards = random_hazards(places[at, :2], rng, farthest_m=OFFSETS * u)
        keep = np.flatnonzero(_just_beyond(hazards, border, u) if beyond else np.ones(len(at), bool))[:PER_REGISTER]
        hazards = hazards.iloc[keep]
        true = shares_if_moved(hazards, border, simulated_shifts(places[at[keep], :2], rng, **field))
        names = pd.Index([f"{k}-{name}" for name in hazards.index], name="hazard_id")
        registers.append(hazards.set_axis(names))
        truths.append(true.set_axis(names))
    hazards, true = pd.concat(registers), pd.concat(truths).fillna(0.0)
    sides = hz.borders.split_by_country(hazards, border)
    totals = judged_totals(sides, true, [one.index for one in registers], side)
    return Scores(judged_hazards(hazards, border, true, NORMAL_99 * sd), totals)


def _just_beyond(hazards: gpd.GeoDataFrame, border: BorderSet, u: float) -> np.ndarray:
    """Those of which all corners lie 1.05 to 1.6 offsets from the line, on one side."""
    corners = shapely.get_coordinates(hazards.geometry.to_numpy())
    found = distances(corners, border).reshape(len(hazards), -1) / u
    return (
        (np.abs(found).min(axis=1) > 1.05) & (np.abs(found).max(axis=1) < 1.6) & (np.ptp(np.sign(found), axis=1) == 0)
    )


def versions(path: Path, rng: np.random.Generator) -> Iterator[tuple[str, str, Scores]]:
    """What was judged, on which pair, and the scores."""
    for pair in PAIRS:
        try:
            osm, natural = (hz.borders.load(*pair, source=source) for source in hz.borders.SOURCES)
        except BorderError as error:
            print(f"Left out: {'–'.join(pair)}. {error}", file=sys.stderr)
            continue
        other, name = country_coder(path, pair, osm), "–".join(pair)
        for what, found in (
            ("Natural Earth, by stretches, against OpenStreetMap", by_stretches(natural, osm, rng)),
            ("country-coder, by stretches, against OpenStreetMap", by_stretches(other, osm, rng)),
            ("Natural Earth as shipped, against country-coder", as_shipped(natural, other, rng)),
        ):
            yield from ((what, name, scores) for scores in found)


def fields(rng: np.random.Generator) -> Iterator[tuple[str, str, Scores]]:
    """The same for simulated fields."""
    border = hz.borders.load("HRV", "BIH", source="natural_earth")
    for common, km, words in FIELDS:
        for beyond, near in ((False, ""), (True, "; all 1.05 to 1.6 offsets off")):
            yield f"simulated, {words}{near}", "BIH–HRV", simulated(border, rng, common=common, km=km, beyond=beyond)


def table(frames: dict[str, list[pd.DataFrame]], columns: dict[str, str], counted: str) -> list[str]:
    """A Markdown table of means; shares in per cent, scores with three decimals."""
    lines = [f"| | {counted} | {' | '.join(columns)} |", "|---" * (len(columns) + 2) + "|"]
    for what, some in frames.items():
        pooled = pd.concat(some)
        cells = [_cell(pooled, names) for names in columns.values()]
        lines.append(f"| {what} | {len(pooled)} | {' | '.join(cells)} |")
    return lines


def _cell(pooled: pd.DataFrame, names: str) -> str:
    means = [float(pooled[name].mean()) for name in names.split(" / ")]
    score = names.startswith(("brier", "interval"))
    return " / ".join("–" if np.isnan(one) else f"{one:.3f}" if score else _percent(one) for one in means)


def _percent(share: float) -> str:
    return f"{100 * share:.2f}" if 0 < share < 0.01 else f"{100 * share:.1f}"


ONE_BY_ONE = {
    "covered %": "covered",
    "mean width % of the hazard": "width",
    "decided %": "decided",
    "of them wrong %": "decided_wrong",
    "beyond p99 decided %": "beyond_p99_decided",
    "Brier: ours / plain / always": "brier / brier_plain / brier_always",
    "interval score: ours / plain / always": "interval / interval_plain / interval_always",
}
TOTALS = {
    f"{name}: covered / width / missed by, %": f"covered, {name} / width, {name} / missed, {name}" for name in KINDS
}


def main() -> None:
    """Judge, and write the tables."""
    rng = np.random.default_rng(SEED)
    pooled: dict[str, list[Scores]] = {}
    pairs: dict[str, list[Scores]] = {}
    for what, pair, scores in (*versions(Path(sys.argv[1]), rng), *fields(rng)):
        pooled.setdefault(what, []).append(scores)
        if not what.startswith("simulated"):
            pairs.setdefault(f"{pair}: {what}", []).append(scores)
    text = ["Hazard by hazard, all pairs together:", ""]
    text += table({k: [one.hazards for one in some] for k, some in pooled.items()}, ONE_BY_ONE, "hazards")
    text += ["", f"Totals of a stretch of 50 km (60 hazards), or of a simulated register ({PER_REGISTER}):", ""]
    text += table({k: [one.stretches for one in some] for k, some in pooled.items()}, TOTALS, "totals")
    text += ["", "Totals of a whole line:", ""]
    whole = {k: [one.lines for one in some if one.lines is not None] for k, some in pooled.items()}
    text += table({k: some for k, some in whole.items() if some}, TOTALS, "totals")
    text += ["", "By pair:", ""]
    text += table({k: [one.hazards for one in some] for k, some in pairs.items()}, ONE_BY_ONE, "hazards")
    write_section("Ranges along a border (`benchmarks/calibration.py`)", text)


if __name__ == "__main__":
    main()
