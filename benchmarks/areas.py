"""100,000 outlines of 8 to 60 vertices: area and perimeter of each, against what else measures them on the ellipsoid.

Usage: python benchmarks/areas.py

Each job is run in turn, several times; the median counts. All areas are compared with ours from coordinates, and a peer that
differs by more than 1e-6 is printed but not ranked. DuckDB (its wheel of 1.5.5 and `duckdb-extension-spatial`) and PostGIS
(a server of its own in a temporary folder, through `psycopg`) take part where they are installed, with the data loaded
before the clock starts. On a hundred of the outlines everything is compared with 40 digits besides.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pyproj
import shapely
from _peers import MISSING, duckdb_spatial, postgis
from _results import write_section

import hazardgeo as hz
from hazardgeo.measure import _rings, geodesic_area_m2

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import geodesic_oracle

COUNT, MANY, RUNS, SEED, SAMPLE = 100_000, 1_000_000, 5, 7, 100
SAME = 1e-6
GEOD = pyproj.Geod(ellps="WGS84")
Jobs = dict[str, Callable[[], Any]]


def outlines(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Star-shaped closed rings of 0.001 to 2 km² between 12° S and 52° N: coordinates and offsets."""
    rng = np.random.default_rng(SEED)
    counts = np.clip((8 + rng.gamma(1.3, 10, count)).astype(int), 8, 60)
    offsets = np.append(0, np.cumsum(counts + 1))
    owner = np.repeat(np.arange(count), counts + 1)
    # One corner in each sector, so that no outline crosses itself; the first comes once more at the end.
    angle = (np.arange(offsets[-1]) - offsets[owner] + rng.uniform(0.1, 0.9, offsets[-1])) / counts[owner] * 2 * np.pi
    radius = np.exp(rng.uniform(np.log(20), np.log(800), count))[owner] * rng.uniform(0.7, 1, offsets[-1]) / 111_000
    lat = rng.uniform(-12, 52, count)[owner]
    lon = rng.uniform(-170, 170, count)[owner] + radius * np.cos(angle) / np.cos(np.radians(lat))
    lonlat = np.stack([lon, lat + radius * np.sin(angle)], -1)
    lonlat[offsets[1:] - 1] = lonlat[offsets[:-1]]
    return lonlat, offsets


def polygons_of(lonlat: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The same as geometry objects."""
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    return shapely.polygons(shapely.linearrings(lonlat, indices=owner))


def loop(polygons: Any) -> np.ndarray:
    """What one writes without hazardgeo."""
    return np.array([abs(GEOD.geometry_area_perimeter(polygon)[0]) for polygon in polygons])


def loop_on_arrays(lonlat: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The same without geometry objects."""
    lon, lat = np.ascontiguousarray(lonlat.T)
    pairs = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    return np.array([abs(GEOD.polygon_area_perimeter(lon[a:b], lat[a:b])[0]) for a, b in pairs])


def by(way: str, job: Callable[[], Any]) -> Callable[[], Any]:
    """Measure by numpy or by what numba compiled, whatever the number of vertices."""

    def run() -> Any:
        before, _rings.COMPILED_FROM = _rings.COMPILED_FROM, 0 if way == "fast" else sys.maxsize
        try:
            return job()
        finally:
            _rings.COMPILED_FROM = before

    return run


def peers(polygons: np.ndarray, stack: contextlib.ExitStack) -> tuple[Jobs, list[str]]:
    """Those that are installed here, with the polygons loaded, and what to say of the others."""
    jobs: Jobs = {}
    missing = []
    every = np.arange(len(polygons))
    try:
        duck, load = duckdb_spatial()
        load("o", polygons, every)
        import duckdb

        jobs[f"DuckDB {duckdb.__version__} `ST_Area_Spheroid`, 2 threads"] = lambda: duck.execute(
            "SELECT ST_Area_Spheroid(g) AS a FROM o ORDER BY i"
        ).fetchnumpy()["a"]
    except MISSING as error:
        missing.append(f"DuckDB with its spatial extension could not be had here ({type(error).__name__}: {error}).")
    try:
        base, load = stack.enter_context(postgis())
        load("p", polygons, every)
        base.execute("CREATE TABLE o AS SELECT i, g::geography AS g FROM p ORDER BY i; ANALYZE o")
        version, server = base.execute("SELECT postgis_lib_version()").fetchone()[0], base.info.server_version // 10000
        jobs[f"PostGIS {version} (PostgreSQL {server}) `ST_Area(geography)`, 1 process"] = lambda: np.array(
            base.execute("SELECT ST_Area(g) FROM o ORDER BY i", binary=True).fetchall()
        )[:, 0]
    except MISSING as error:
        missing.append(f"PostGIS could not be had here ({type(error).__name__}: {error}).")
    return jobs, missing


def seconds(jobs: Jobs, runs: int) -> dict[str, float]:
    """Median seconds of each job, run in turn."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(some) for name, some in times.items()}


def table(jobs: Jobs, runs: int, expected: np.ndarray, truth: dict[int, float], vertices: int) -> list[str]:
    """Run and compare the jobs, of which the first is what the others are ratios to."""
    areas = {name: np.asarray(job(), dtype=float) for name, job in jobs.items()}  # once before the clock starts
    apart = {name: float(np.max(np.abs(some / expected - 1))) for name, some in areas.items()}
    wrong = {
        name: max([abs(float(some[i] / area - 1)) for i, area in truth.items()], default=np.nan)
        for name, some in areas.items()
    }
    found = seconds(jobs, runs)
    first = next(iter(found.values()))
    lines = [
        "| | s | ns/vertex | times faster | differs from ours by | from 40 digits by |",
        "|---|---|---|---|---|---|",
    ]
    for name, took in found.items():
        rank = f"{first / took:.1f}" if apart[name] <= SAME else "not ranked"
        error = "" if np.isnan(wrong[name]) else f"{wrong[name]:.1e}"
        lines.append(f"| {name} | {took:.3f} | {took / vertices * 1e9:.0f} | {rank} | {apart[name]:.1e} | {error} |")
    return lines


def from_memory() -> list[str]:
    """Outlines in memory."""
    lonlat, offsets = outlines(COUNT)
    polygons = polygons_of(lonlat, offsets)
    frame = gpd.GeoSeries(polygons, crs=4326)
    truth = {
        i: geodesic_oracle.ring([tuple(vertex) for vertex in lonlat[offsets[i] : offsets[i + 1] - 1].tolist()])[0]
        for i in range(0, COUNT, COUNT // SAMPLE)
    }
    with contextlib.ExitStack() as stack:
        others, missing = peers(polygons, stack)
        jobs: Jobs = {
            "`pyproj.Geod.geometry_area_perimeter` in a loop": lambda: loop(polygons),
            "`pyproj.Geod.polygon_area_perimeter` on arrays": lambda: loop_on_arrays(lonlat, offsets),
            **others,
            "ours, numpy, from shapely objects": by("numpy", lambda: geodesic_area_m2(polygons)),
            "ours, numpy, from coordinates": by("numpy", lambda: hz.measure_rings(lonlat, offsets).area_m2),
            "ours, `fast`, from shapely objects": by("fast", lambda: geodesic_area_m2(polygons)),
            "ours, `fast`, from coordinates": by("fast", lambda: hz.measure_rings(lonlat, offsets).area_m2),
            "`hz.area_m2` of a frame: validity, datum and width checked, numpy": by("numpy", lambda: hz.area_m2(frame)),
        }
        lines = table(jobs, RUNS, hz.measure_rings(lonlat, offsets).area_m2, truth, len(lonlat))
    head = (
        f"{COUNT:,} outlines, {len(lonlat):,} vertices; median of {RUNS}, in turn. Ours, and the loops, give area and "
        f"perimeter; the databases the area, from loaded data. {SAMPLE} outlines were compared with 40 digits."
    )
    return [head, *missing, "", *lines]


def from_files() -> list[str]:
    """Outlines in GeoParquet, to all areas."""
    lonlat, offsets = outlines(MANY)
    expected = hz.measure_rings(lonlat, offsets).area_m2
    frame = gpd.GeoDataFrame(geometry=polygons_of(lonlat, offsets), crs=4326)
    with tempfile.TemporaryDirectory() as folder:
        paths = {encoding: Path(folder) / f"{encoding}.parquet" for encoding in ("WKB", "geoarrow")}
        for encoding, path in paths.items():
            frame.to_parquet(path, geometry_encoding=encoding)
        del frame

        def ours(encoding: str) -> np.ndarray:
            return hz.measure_column(pq.read_table(paths[encoding], columns=["geometry"])["geometry"]).area_m2

        jobs: Jobs = {
            "`geopandas.read_parquet` (WKB) and the loop": lambda: loop(gpd.read_parquet(paths["WKB"]).geometry),
            "ours, numpy, from WKB": by("numpy", lambda: ours("WKB")),
            "ours, numpy, from GeoArrow": by("numpy", lambda: ours("geoarrow")),
            "ours, `fast`, from WKB": by("fast", lambda: ours("WKB")),
            "ours, `fast`, from GeoArrow": by("fast", lambda: ours("geoarrow")),
        }
        lines = table(jobs, 3, expected, {}, len(lonlat))
    return ["", f"GeoParquet of {MANY:,} outlines to all areas; median of 3, in turn:", "", *lines]


if __name__ == "__main__":
    write_section("Areas of many outlines (`benchmarks/areas.py`)", [*from_memory(), *from_files()])
