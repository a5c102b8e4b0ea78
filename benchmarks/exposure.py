"""People in 100,000 hazards on a raster of 20,000 by 20,000 cells, against exactextract as it is called and rasterstats.

Usage: python benchmarks/exposure.py

Hazards lie in a belt along a winding border, as they do, or anywhere; either way in no order, as in a file. exactextract is
given the same polygons and the path of the raster, and its sums are compared with ours. rasterstats, where it is installed,
counts cells by their middles: another answer, so only its time is told, at 10,000 hazards. CPU seconds, medians of jobs run in
turn. Where hazards lie anywhere, nearly every stored block has to be decoded, which is the floor for all. Peak memory is that
of processes of their own, on a small and on the large raster.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from _peers import MISSING, cpu_seconds
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


def make_hazards(count: int, side: int, *, anywhere: bool = False) -> gpd.GeoDataFrame:
    """Star-shaped outlines of 8 to 40 corners and 30 to 500 m, in no order: within 10 km or so of a line, or anywhere."""
    rng = np.random.default_rng(SEED + 1)
    reach = np.exp(rng.uniform(np.log(30), np.log(500), count)) / 111_000
    at = rng.uniform(0.02, 0.98, (count, 2))
    if not anywhere:
        at[:, 1] = 0.5 + 0.2 * np.sin(9 * at[:, 0]) + 0.03 * np.sin(70 * at[:, 0])
        at[:, 1] += np.clip(rng.normal(0, 0.06, count), -0.15, 0.15) / (side * CELL)
    middle = at * side * CELL * [1, -1] + [WEST, NORTH]
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


def by_middles(raster: Path, hazards: gpd.GeoDataFrame) -> object:
    """The habit."""
    from rasterstats import zonal_stats

    return zonal_stats(hazards, str(raster), stats=["sum"], nodata=-1)


def peak_mb(raster: Path, side: int) -> float:
    """Peak memory of a process that sums 10,000 hazards over a raster, as its system tells it (Linux)."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import exposure; from pathlib import Path;"
        "exposure.ours(Path(sys.argv[2]), exposure.make_hazards(exposure.FEW, int(sys.argv[3]), anywhere=True));"
        "print(next(one.split()[1] for one in open('/proc/self/status') if one.startswith('VmHWM')))"
    )
    here = str(Path(__file__).parent)
    line = [sys.executable, "-c", code, here, str(raster), str(side)]
    return float(subprocess.run(line, capture_output=True, text=True, check=True).stdout) / 1024  # noqa: S603


def measure(folder: Path) -> list[str]:
    """All jobs on one pair of rasters."""
    large, small = make_raster(folder / "large.tif", SIDE), make_raster(folder / "small.tif", SMALL)
    belt, anywhere = make_hazards(COUNT, SIDE), make_hazards(COUNT, SIDE, anywhere=True)
    mine, other = ours(large, belt), theirs(large, belt)
    apart = float(np.max(np.abs(mine - other) / np.maximum(other, 1e-3)))
    assert apart < SAME, apart
    lines = [
        f"{SIDE:,} x {SIDE:,} cells of 32 bits, {large.stat().st_size / 1e6:,.0f} MB; CPU seconds, median of {RUNS}. Sums differ "
        f"from exactextract's by {apart:.1e} at most.",
        "",
        "| hazards | hazardgeo | peer | ratio |",
        "| --- | --- | --- | --- |",
        *row("in a belt", belt.iloc[:FEW], large, "exactextract, as called", theirs),
        *row("in a belt", belt.iloc[:FEW], large, "rasterstats, cells by their middles", by_middles, runs=1),
        *row("in a belt", belt, large, "exactextract, as called", theirs),
        *row("anywhere", anywhere, large, "exactextract, as called", theirs),
    ]
    memory = ", ".join(f"{side:,}²: {peak_mb(path, side):.0f} MB" for path, side in ((small, SMALL), (large, SIDE)))
    return [*lines, "", f"Peak memory of a process that sums {FEW:,} hazards anywhere, by the raster's size: {memory}."]


def row(
    where: str, hazards: gpd.GeoDataFrame, raster: Path, name: str, peer: Callable[..., object], runs: int = RUNS
) -> list[str]:
    """A line of the table; none where the peer is not installed."""
    try:
        took = cpu_seconds({"ours": lambda: ours(raster, hazards), name: lambda: peer(raster, hazards)}, runs)
    except MISSING as error:
        return [f"| {len(hazards):,} {where} | | {name}: not installed ({error}) | |"]
    return [
        f"| {len(hazards):,} {where} | {took['ours']:.2f} | {name}: {took[name]:.2f} | {took[name] / took['ours']:.1f} |"
    ]


def main() -> None:
    """Measure, and write the section."""
    with tempfile.TemporaryDirectory() as folder:
        write_section("People in hazards on a raster", measure(Path(folder)))


if __name__ == "__main__":
    main()
