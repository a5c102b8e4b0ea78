"""Real input by others: 52 784 strike records of 1965 against the borders of Laos, Viet Nam and Cambodia.

Usage: python benchmarks/evidence.py STRIKES.csv

The file is static/data/by-year/1965.csv of the public repository
ParametricPress/01-anything-that-flies-on-anything-that-moves (MIT), cut from the US Department of Defense's
Theater History of Operations (THOR). It has no header; its columns are date, latitude, longitude. Nothing of it is
kept in this repository.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd
from _results import write_section

import hazardgeo as hz
from hazardgeo.constants import M2_PER_KM2, M2_PER_MI2
from hazardgeo.vocabulary import RELATION

PAIRS = (("LAO", "VNM"), ("KHM", "LAO"), ("KHM", "VNM"))
RADIUS_M = 50.0


def usable_points(path: Path) -> tuple[int, gpd.GeoSeries, pd.DataFrame]:
    """Rows in the file, usable points, and the rows set aside with the reason."""
    rows = pd.read_csv(path, header=None, names=["date", "latitude", "longitude"])
    impossible = ~(rows["latitude"].between(-90, 90) & rows["longitude"].between(-180, 180))
    aside = rows[impossible].assign(reason="impossible latitude or longitude")
    good = rows[~impossible]
    return len(rows), gpd.GeoSeries.from_xy(good["longitude"], good["latitude"], crs=4326), aside


def table_of_relations(areas: gpd.GeoDataFrame) -> list[str]:
    """One line of a Markdown table for each pair and version of the border."""
    lines = []
    for codes in PAIRS:
        for source in hz.borders.SOURCES:
            start = time.perf_counter()
            border = hz.borders.load(*codes, source=source)
            counts = hz.borders.relation(areas, border)["relation"].value_counts()
            seconds = time.perf_counter() - start
            offsets = border.asked_lines["offset_95_m"]
            cells = [str(counts.get(word, 0)) for word in ("away", "near", "indeterminate", "crossing")]
            assert counts.sum() == len(areas)
            assert set(counts.index) <= set(RELATION.words)
            lines.append(
                f"| {'–'.join(codes)} | {source} ±{offsets.max():.0f} m | {' | '.join(cells)} | {seconds:.1f} |"
            )
    return lines


def main() -> None:
    """Measure, and write the results."""
    rows, points, aside = usable_points(Path(sys.argv[1]))
    start = time.perf_counter()
    areas = hz.evidence_areas(points, radius_m=RADIUS_M)
    made = time.perf_counter() - start
    assert rows == len(points) + len(aside) == areas["members"].sum() + len(aside)
    net = hz.net_area_m2(areas)
    start = time.perf_counter()
    sides = hz.borders.split_by_country(areas, hz.borders.load("KHM", "LAO", "VNM"))
    split = time.perf_counter() - start
    totals = hz.borders.side_totals(sides)
    km2 = totals[["area_low_m2", "area_m2", "area_high_m2"]] / M2_PER_KM2.value
    reasons = ", ".join(f"{n} {reason}" for reason, n in aside["reason"].value_counts().items())
    text = [
        f"- rows {rows} = usable {len(points)} + set aside {len(aside)} ({reasons})",
        f"- distinct points {areas['distinct_points'].sum()}; evidence areas of {RADIUS_M:.0f} m, joined where they touch: "
        f"{len(areas)} (made in {made:.1f} s)",
        f"- ground {net / M2_PER_KM2.value:.3f} km² = {net / M2_PER_MI2.value:.3f} mi²",
        "",
        "| border | version | away | near | indeterminate | crossing | s |",
        "|---|---|---|---|---|---|---|",
        *table_of_relations(areas),
        "",
        f"By side (OpenStreetMap version, split in {split:.1f} s); an area near a line may lie on two sides:",
        "",
        "| side | areas | km² low | km² best | km² high |",
        "|---|---|---|---|---|",
        *(
            f"| {side} | {totals.loc[side, 'hazards']} | "
            + " | ".join(f"{value:.3f}" for value in km2.loc[side])
            + " |"
            for side in totals.index
        ),
        "",
        f"Best areas sum to {km2['area_m2'].sum():.3f} km²; evidence areas do not overlap, so this is the ground above.",
    ]
    write_section("Strike records of 1965 (`benchmarks/evidence.py`)", text)


if __name__ == "__main__":
    main()
