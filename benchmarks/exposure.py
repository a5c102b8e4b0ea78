"""People in 100,000 hazards on a raster of 20,000 by 20,000 cells, against exactextract as it is called and rasterstats.

Usage: python benchmarks/exposure.py

Hazards stand in no order, as in a file. exactextract is given the same polygons and the path of the raster; sums that weigh alike
are compared. rasterstats, where it is installed, counts cells by their middles: another answer, so only its time is told, at
10,000 hazards. CPU seconds, medians of jobs run in turn. Peak memory is that of processes of their own, on a small and on the
large raster.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from _peers import MISSING, Job, cpu_seconds
from _results import write_section
from rasterio.transform import Affine

from hazardgeo.exposure import raster_sum

COUNT, FEW, SIDE, SMALL, RUNS, SEED = 100_000, 10_000, 20_000, 5_000, 3, 11
WEST, NORTH, CELL = 15.0, 50.0, 1 / 1200
SAME = 1e-6


def make_raster(path: Path, side: int) -> Path:
    """People in cells of 3": many empty ones, tiles of 512, deflated."""
    rng = np.random.default_rng(SEED)
    grid = Affine(CELL, 0, WEST, 0, -CELL, NORTH)
    with rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=1, dtype="float32", crs="EPSG:4326", transform=grid,
        tiled=True, blockxsize=512, blockysize=512, compress="deflate", zlevel=1, BIGTIFF="YES",
    ) as dataset:  # fmt: skip
        for row in range(0, side, 512):
            rows = min(512, side - row)
            cells = rng.gamma(0.5, 4, (rows, side)).astype(np.float32)
            cells[rng.random((rows, side)) < 0.5] = 0
            dataset.write(cells, 1, window=rasterio.windows.Window(0, row, side, rows))
    return path


def make_hazards(count: int, side: int) -> gpd.GeoDataFrame:
    """Star-shaped outlines of 8 to 40 corners and 30 to 500 m, anywhere on the raster and in no order."""
    rng = np.random.default_rng(SEED + 1)
    reach = np.exp(rng.uniform(np.log(30), np.log(500), count)) / 111_000
    middle = rng.uniform(0.01, side * CELL - 0.01, (count, 2)) * [1, -1] + [WEST, NORTH]
    polygons = []
    for (lon, lat), radius, corners in zip(middle, reach, rng.integers(8, 41, count), strict=True):
        angle = (np.arange(corners) + rng.uniform(0.1, 0.9, corners)) / corners * 2 * np.pi
        away = radius * rng.uniform(0.6, 1, corners)
        polygons.append(
            np.column_stack([lon + away * np.cos(angle) / np.cos(np.radians(lat)), lat + away * np.sin(angle)])
        )
    return gpd.GeoDataFrame(geometry=[shapely.Polygon(ring) for ring in polygons], crs="EPSG:4326")


def theirs(raster: Path, hazards: gpd.GeoDataFrame) -> np.ndarray:
    """What one writes without hazardgeo."""
    from exactextract import exact_extract

    return exact_extract(str(raster), hazards, ["sum"], output="pandas")["sum"].to_numpy(dtype=float)


def ours(raster: Path, hazards: gpd.GeoDataFrame) -> np.ndarray:
    """The same sums, with the share of each hazard that the raster knows beside them."""
    return raster_sum(hazards, raster, kind="count")["sum"].to_numpy()


def rasterstats_job(raster: Path, hazards: gpd.GeoDataFrame) -> Job:
    """The habit; cells count by their middles."""
    from rasterstats import zonal_stats

    return lambda: zonal_stats(hazards, str(raster), stats=["sum"], nodata=-1)


def peak_mb(raster: Path, side: int) -> float:
    """Peak memory of a process that sums 10,000 hazards over a raster."""
    code = (
        "import resource, sys; sys.path.insert(0, sys.argv[1]); import exposure; from pathlib import Path;"
        "exposure.ours(Path(sys.argv[2]), exposure.make_hazards(exposure.FEW, int(sys.argv[3])));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    here = str(Path(__file__).parent)
    line = [sys.executable, "-c", code, here, str(raster), str(side)]
    return float(subprocess.run(line, capture_output=True, text=True, check=True).stdout)  # noqa: S603


def measure(folder: Path) -> list[str]:
    """All jobs on one pair of rasters."""
    large, small = make_raster(folder / "large.tif", SIDE), make_raster(folder / "small.tif", SMALL)
    hazards = make_hazards(COUNT, SIDE)
    few = hazards.iloc[:FEW]
    mine, other = ours(large, hazards), theirs(large, hazards)
    apart = float(np.max(np.abs(mine - other) / np.maximum(other, 1e-3)))
    assert apart < SAME, apart
    lines = [
        f"{COUNT:,} hazards, {SIDE:,} x {SIDE:,} cells, {large.stat().st_size / 1e6:,.0f} MB; CPU seconds, median of {RUNS}.",
        f"Sums differ from exactextract's by {apart:.1e} at most.",
        "",
        "| hazards | hazardgeo | peer | ratio |",
        "| --- | --- | --- | --- |",
    ]
    lines += row(FEW, "exactextract, as called", few, large, lambda: theirs(large, few))
    try:
        lines += row(FEW, "rasterstats (cells by their middles)", few, large, rasterstats_job(large, few), runs=1)
    except MISSING:
        lines.append(f"| {FEW:,} | | rasterstats is not installed | |")
    lines += row(COUNT, "exactextract, as called", hazards, large, lambda: theirs(large, hazards))
    memory = ", ".join(f"{side:,}²: {peak_mb(path, side):.0f} MB" for path, side in ((small, SMALL), (large, SIDE)))
    return [*lines, "", f"Peak memory of a process that sums {FEW:,} hazards, by the raster's size: {memory}."]


def row(count: int, name: str, hazards: Any, raster: Path, job: Job, runs: int = RUNS) -> list[str]:
    """A line of the table."""
    took = cpu_seconds({"ours": lambda: ours(raster, hazards), name: job}, runs)
    return [f"| {count:,} | {took['ours']:.2f} | {name}: {took[name]:.2f} | {took[name] / took['ours']:.1f} |"]


def main() -> None:
    """Measure, and write the section."""
    with tempfile.TemporaryDirectory() as folder:
        write_section("People in hazards on a raster", measure(Path(folder)))


if __name__ == "__main__":
    main()
