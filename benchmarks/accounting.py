"""Twenty years of 100,000 hazards and 300,000 releases, against one `geopandas.overlay(how="difference")` of the same frames.

Usage: python benchmarks/accounting.py

The overlay answers one question: what is left in the end, whoever released it and whenever. Ours answer for every year what was
there, what came, what went and by which method, by geometry and by declared figures, and name what contradicts itself.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from _results import write_section

import hazardgeo as hz
from hazardgeo.measure import geodesic_area_m2

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT = 100_000
YEARS = range(2005, 2025)
PER_HAZARD = 3
ROUNDS = 2
CORNERS = 12
_STEP_DEG = 0.01  # between the middles of hazards, which are about 400 m across: none touches another


def stars(lon: Any, lat: Any, radius_deg: Any, rng: np.random.Generator) -> Any:
    """Outlines of irregular corners about middles."""
    angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    reach = np.asarray(radius_deg)[:, None] * rng.uniform(0.7, 1.0, (len(lon), CORNERS))
    x, y = lon[:, None] + reach * np.cos(angle) * 1.4, lat[:, None] + reach * np.sin(angle)
    return shapely.polygons(np.stack([x, y], axis=-1))


def made(count: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Hazards recorded over the years, and three releases of each, which overlap each other and reach beyond it."""
    rng = np.random.default_rng(7)
    side = int(np.ceil(np.sqrt(count)))
    at = np.arange(count)
    lon, lat = 15 + at % side * _STEP_DEG, 44 + at // side * _STEP_DEG
    outlines = stars(lon, lat, np.full(count, 0.002), rng)
    start = np.datetime64("2003-01-01") + rng.integers(0, 365 * 14, count)
    hazards = gpd.GeoDataFrame(
        {
            "register": "R",
            "country": "AAA",
            "classification": rng.choice(["SHA", "CHA"], count),
            "work_status": "worked_on",
            "date_of_information": start.astype("datetime64[s]"),
            "declared_area_m2": geodesic_area_m2(outlines).round(),
        },
        geometry=outlines,
        index=pd.Index([f"H{i}" for i in at], name="hazard_id", dtype=object),
        crs=4326,
    )
    own = np.repeat(at, PER_HAZARD)
    away = rng.uniform(-0.0015, 0.0015, (2, len(own)))
    pieces = stars(lon[own] + away[0], lat[own] + away[1], rng.uniform(0.0004, 0.0012, len(own)), rng)
    done = start[own] + rng.integers(1, 365 * 8, len(own))
    releases = gpd.GeoDataFrame(
        {
            "register": "R",
            "country": "AAA",
            "hazard_id": hazards.index.to_numpy()[own],
            "kind": rng.choice(["cancelled", "reduced", "cleared"], len(own)),
            "method": "manual",
            "depth_m": 0.2,
            "completed_on": done.astype("datetime64[s]"),
            "declared_area_m2": geodesic_area_m2(pieces).round(),
        },
        geometry=pieces,
        index=pd.Index([f"R{i}" for i in range(len(own))], name="release_id", dtype=object),
        crs=4326,
    )
    return hazards, releases


def overlaid(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame) -> Any:
    """What is left, by geopandas."""
    return gpd.overlay(hazards.reset_index(), releases[["geometry"]], how="difference")


def balanced(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame) -> Any:
    """The balances of twenty years."""
    return hz.accounting.balances(hazards, releases, years=YEARS)


def left(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame) -> Any:
    """What is left, by us, with its geometry and findings."""
    return hz.accounting.remaining(hazards, releases, on="2024-12-31")


WAYS: dict[str, Callable[..., Any]] = {
    "frames": lambda *frames: frames,
    "overlay": overlaid,
    "balances": balanced,
    "remaining": left,
}


def main() -> None:
    """Measure in turn, compare, and write the results."""
    if len(sys.argv) > 1:  # in a process of its own, for its memory
        frames = made(COUNT)
        WAYS[sys.argv[1]](*frames)
        # Not ru_maxrss: that of a started process begins with the memory of the one that started it.
        print(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))[1])
        return
    hazards, releases = made(COUNT)
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    results: dict[str, Any] = {}
    for _ in range(ROUNDS):
        for name, way in WAYS.items():
            start = time.perf_counter()
            results[name] = way(hazards, releases)
            seconds[name].append(time.perf_counter() - start)
            print(name, round(seconds[name][-1], 1), "s", flush=True)
    peak = {name: peak_mb(name) for name in WAYS}
    words = compared(results)
    middle = {name: statistics.mean(times) for name, times in seconds.items() if name != "frames"}
    labels = {
        "overlay": '`geopandas.overlay(how="difference")`: what is left in the end',
        "balances": f"`hz.accounting.balances`: {len(YEARS)} years, by geometry and declared, with findings",
        "remaining": "`hz.accounting.remaining`: what is left in the end, with findings",
    }
    lines = [
        f"{COUNT:,} hazards of {CORNERS} corners, {len(releases):,} releases that overlap each other and reach "
        f"beyond their hazards; mean of {ROUNDS}, in turn. Memory is the peak of a process of its own; the frames alone take "
        f"{peak['frames']:,.0f} MB.",
        "",
        "| | s | ratio | MB |",
        "|---|---|---|---|",
        *(
            f"| {label} | {middle[name]:.1f} | {middle[name] / middle['overlay']:.2f} | {peak[name]:,.0f} |"
            for name, label in labels.items()
        ),
        "",
        words,
    ]
    assert middle["balances"] <= 3 * middle["overlay"]
    write_section("Twenty years of land release (`benchmarks/accounting.py`)", lines)


def peak_mb(name: str) -> float:
    """Peak memory of one way in a process of its own."""
    done = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, check=True)  # noqa: S603
    return int(done.stdout.split()[-1]) / 1024


def compared(results: dict[str, Any]) -> str:
    """That all ways come to the same ground."""
    rest = results["overlay"]
    theirs = pd.Series(geodesic_area_m2(np.asarray(rest.geometry.array, dtype=object)), index=rest["hazard_id"])
    ours = results["remaining"].frame["remaining_m2"]
    apart = (ours - theirs.reindex(ours.index).fillna(0.0)).abs()
    tables = [one.to_frame().iloc[0] for one in results["balances"]]
    last, total = tables[-1]["reported_m2"], float(ours.sum())
    residual = max(
        abs(one["residual_m2"]) / max(one["opening_m2"], one["opening_m2"] + one["new_m2"]) for one in tables
    )
    assert apart.max() <= 1e-6 * results["remaining"].frame["area_m2"].max()
    assert abs(last - total) <= 1e-9 * total
    assert residual <= 1e-9
    mean = results["remaining"].frame["area_m2"].mean()
    return (
        f"The same ground is left: by hazard the two differ by {apart.max():.3f} m² at most, of hazards of some "
        f"{mean:,.0f} m² (the overlay's edges are straight in degrees, ours geodesics); the last year reports what is left, to "
        f"{abs(last - total) / total:.0e}; no year's residual exceeds {residual:.0e} of its opening."
    )


if __name__ == "__main__":
    main()
