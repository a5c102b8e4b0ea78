"""100,000 hazards in a GeoPackage: what it costs to account for every record, against a bare read.

Usage: python benchmarks/intake.py

The peer reads the file and checks nothing; it is the floor of any check. Each is run in turn, several times; the median
counts. The records that both give are compared: ids, and outlines point by point.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from _results import write_section

import hazardgeo as hz

COUNT, CORNERS, RUNS, SEED = 100_000, 20, 5, 7


def register(folder: Path) -> Path:
    """Star-shaped outlines of some hectares in rows and columns, no two on the same ground, with nine columns."""
    rng = np.random.default_rng(SEED)
    side = int(np.ceil(COUNT**0.5))
    at = np.arange(COUNT)
    centre = np.stack([15 + at % side * 0.012, 43 + at // side * 0.010], -1) + rng.uniform(0, 0.003, (COUNT, 2))
    # One corner in each sector, so that no outline crosses itself.
    angle = (np.arange(CORNERS) + rng.uniform(0.1, 0.9, (COUNT, CORNERS))) * 2 * np.pi / CORNERS
    radius = rng.uniform(0.0008, 0.0014, (COUNT, CORNERS))
    corners = centre[:, None] + np.stack([1.4 * radius * np.cos(angle), radius * np.sin(angle)], -1)
    frame = gpd.GeoDataFrame(
        {
            "hazard_id": [f"H-{i:06}" for i in range(COUNT)],
            "register": "R",
            "country": "HRV",
            "classification": rng.choice(["SHA", "CHA"], COUNT),
            "work_status": rng.choice(["open", "closed"], COUNT),
            "contamination": rng.choice(["AP", "UXO", "AP;UXO"], COUNT),
            "date_of_information": pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 3000, COUNT), "D"),
            "vertex_sd_m": rng.choice([2.0, 10.0, 20.0], COUNT),
        },
        geometry=shapely.polygons(corners),
        crs=4326,
    )
    frame["declared_area_m2"] = hz.area_m2(frame.set_index("hazard_id")).round().to_numpy()
    path = folder / "register.gpkg"
    frame.to_file(path, driver="GPKG")
    return path


def seconds(jobs: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Median seconds of each job, run in turn."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(RUNS):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(some) for name, some in times.items()}


def main() -> None:
    """Measure, and write the results."""
    with tempfile.TemporaryDirectory() as folder:
        path = register(Path(folder))
        jobs: dict[str, Callable[[], Any]] = {
            "bare `geopandas.read_file`": lambda: gpd.read_file(path),
            '`hz.intake(checks="records")`: every record by itself': lambda: hz.intake(path, checks="records"),
            "`hz.intake`: and all records with each other": lambda: hz.intake(path),
            "`hz.intake(worker=True)`: in a process of its own": lambda: hz.intake(path, worker=True),
        }
        peer, taken = gpd.read_file(path), hz.intake(path)
        assert taken.records_in == len(peer) == COUNT
        assert taken.records.index.tolist() == peer["hazard_id"].tolist()
        assert shapely.equals_exact(taken.records.geometry.array, peer.geometry.array).all()
        found = seconds(jobs)
    floor = next(iter(found.values()))
    write_section(
        "Intake of 100,000 hazards (`benchmarks/intake.py`)",
        [
            f"{COUNT:,} polygons of {CORNERS} corners in a GeoPackage, nine columns; median of {RUNS}, in turn. "
            f"All give the same records. Rules: {len(hz.rules())}.",
            "",
            "| | s | ratio |",
            "|---|---|---|",
            *(f"| {name} | {time:.2f} | {time / floor:.1f} |" for name, time in found.items()),
        ],
    )


if __name__ == "__main__":
    main()
