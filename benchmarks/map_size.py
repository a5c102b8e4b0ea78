"""100,000 hazards with six columns in one HTML file: ours against folium.GeoJson on canvas, in the same browser, in turn.

Usage: python benchmarks/map_size.py [COUNT]

Leaflet is written into folium's page, which without a network is blank otherwise. First drawing counts from the start of loading
to the second frame after all is drawn; a zoom from the call to the second frame after it. Heap is what lives after a collection
of garbage. Chromium draws by software here: compare within the table only.
"""

from __future__ import annotations

import base64
import io
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import matplotlib.image
import numpy as np
import pandas as pd
import shapely
from _results import write_section
from areas import outlines, polygons_of

import hazardgeo as hz
from hazardgeo.maps import _assets

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from browser import canvas_counts, open_browser

ROUNDS, SEED, SPREAD_DEG, SAMPLE = 2, 7, 0.18, 2000
COLUMNS = ("register", "country", "classification", "work_status", "date_of_information", "contamination")
PAIRS = (("KHM", "THA"), ("LAO", "VNM"), ("KHM", "VNM"), ("LAO", "THA"))
FRAMES = "requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - from)))"
SET_VIEW = "map.setView([13.9, 104.2], arguments[0], {animate: false});"
MAP = "const map = Object.values(window).find(v => v instanceof L.Map);"


def hazards_along_borders(count: int) -> gpd.GeoDataFrame:
    """Outlines of `areas.py`, moved to embedded borders and scattered about 20 km around them; fictional."""
    rng = np.random.default_rng(SEED)
    lines = np.concatenate([hz.borders.load(*pair).asked_lines.geometry.explode().to_numpy() for pair in PAIRS])
    length = shapely.length(lines)
    at = shapely.line_interpolate_point(
        lines[rng.choice(len(lines), count, p=length / length.sum())], rng.random(count), normalized=True
    )
    centres = shapely.get_coordinates(at) + rng.normal(0, SPREAD_DEG, (count, 2))
    lonlat, offsets = outlines(count)
    middle = np.add.reduceat(lonlat, offsets[:-1]) / np.diff(offsets)[:, None]
    lonlat = lonlat + np.repeat(centres - middle, np.diff(offsets), axis=0)
    days = pd.Timestamp("2009-01-01") + pd.to_timedelta(rng.integers(0, 5800, count), unit="D")
    words = {
        "register": ["KHM-FICTIONAL", "LAO-FICTIONAL", "THA-FICTIONAL", "VNM-FICTIONAL"],
        "country": ["KHM", "LAO", "THA", "VNM"],
        "classification": ["CHA", "SHA", "unstated"],
        "work_status": ["open", "worked_on", "suspended", "closed", "handed_over"],
        "contamination": ["AP", "AV", "AP;AV", "UXO"],
    }
    columns = {name: rng.choice(some, count) for name, some in words.items()}
    return gpd.GeoDataFrame(
        {**columns, "date_of_information": days.strftime("%Y-%m-%d")},
        geometry=polygons_of(lonlat, offsets),
        crs=4326,
        index=pd.Index([f"H-{i:06d}" for i in range(count)], name="hazard_id"),
    )


def ours(hazards: gpd.GeoDataFrame, path: Path) -> None:
    """Map with all six columns in its popups."""
    hz.hazard_map(hazards, columns=["contamination"], renderer="canvas").save(path)


def foliums(hazards: gpd.GeoDataFrame, path: Path) -> None:
    """What one writes with folium."""
    made = folium.Map(prefer_canvas=True, tiles=None)
    folium.GeoJson(hazards.reset_index(), popup=folium.GeoJsonPopup(fields=list(COLUMNS))).add_to(made)
    made.fit_bounds([[*hazards.total_bounds[1::-1]], [*hazards.total_bounds[:1:-1]]])
    made.save(str(path))


def inlined(path: Path) -> None:
    """Put Leaflet into folium's page; the links to the network go."""
    page = re.sub(r'<script src="[^"]*"></script>|<link rel="stylesheet" href="[^"]*"/>', "", path.read_text("utf-8"))
    head = f"<head><style>{_assets.leaflet_css()}</style><script>{_assets.leaflet_js()}</script>"
    path.write_text(page.replace("<head>", head, 1), "utf-8")


def first_drawing(driver: Any, path: Path) -> float:
    """Milliseconds from the start of loading to the drawn map."""
    driver.get("about:blank")
    driver.get(path.as_uri())
    ready = "!document.querySelector('.hz-page') || document.documentElement.classList.contains('hz-ready')"
    return driver.execute_async_script(
        f"const done = arguments[0], from = 0; const wait = () => {ready} ? {FRAMES} : setTimeout(wait, 5); wait();"
    )


def zooms(driver: Any) -> list[float]:
    """Milliseconds of steps to closer and wider scales about the middle of the data, from the whole view."""
    start = driver.execute_script(f"{MAP} return Math.floor(map.getZoom())")
    script = f"{MAP} const done = arguments[1], from = performance.now(); {SET_VIEW} {FRAMES};"
    return [driver.execute_async_script(script, start + step) for step in (1, 2, 1, 3, 2, 1)]


def heap_mb(driver: Any) -> float:
    """JavaScript heap after a collection of garbage."""
    driver.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
    return driver.execute_cdp_cmd("Runtime.getHeapUsage", {})["usedSize"] / 1e6


def measure(driver: Any, make: Callable[..., None], hazards: gpd.GeoDataFrame, path: Path) -> dict[str, float]:
    """Build a page and look at it."""
    wall, cpu = time.perf_counter(), time.process_time()
    make(hazards, path)
    built = {"build s": time.perf_counter() - wall, "build cpu s": time.process_time() - cpu}
    if make is foliums:
        inlined(path)
    first = first_drawing(driver, path)
    if make is ours:
        assert sum(canvas_counts(driver).values()) == len(hazards)
    seen = {"MB": path.stat().st_size / 1e6, "first ms": first, "zoom ms": statistics.median(zooms(driver))}
    return {**built, **seen, "heap MB": heap_mb(driver)}


def picture(driver: Any, zoom: float) -> np.ndarray:
    """Pixels of the map alone."""
    driver.execute_async_script(f"{MAP} const done = arguments[1], from = 0; {SET_VIEW} {FRAMES};", zoom)
    png = base64.b64decode(driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"])
    return matplotlib.image.imread(io.BytesIO(png))[..., :3] * 255


def differing(driver: Any, hazards: gpd.GeoDataFrame, folder: Path) -> list[str]:
    """Share of pixels that differ between SVG and canvas, at three zooms."""
    shots = {}
    for renderer in ("svg", "canvas"):
        path = folder / f"{renderer}.html"
        hz.hazard_map(hazards, renderer=renderer).save(path)
        first_drawing(driver, path)
        shots[renderer] = [picture(driver, zoom) for zoom in (7, 10, 13)]
    gaps = [np.abs(a - b).max(axis=-1) for a, b in zip(shots["svg"], shots["canvas"], strict=True)]
    return [
        f"- zoom {zoom}: {(gap > 0).mean():.2%} of the pixels differ at all, {(gap > 64).mean():.2%} plainly"
        for zoom, gap in zip((7, 10, 13), gaps, strict=True)
    ]


def main() -> None:
    """Measure, and write the results."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    hazards = hazards_along_borders(count)
    browser = open_browser()
    driver = next(browser)
    driver.set_script_timeout(600)
    ours(hazards.iloc[:10], Path(tempfile.mkdtemp()) / "warm.html")
    runs: dict[str, list[dict[str, float]]] = {"hazardgeo": [], "folium": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for name, make in (("hazardgeo", ours), ("folium", foliums)):
                runs[name].append(measure(driver, make, hazards, Path(folder) / f"{name}.html"))
                print(name, runs[name][-1], flush=True)
        pixels = differing(driver, hazards.iloc[:SAMPLE], Path(folder))
    browser.close()
    middle = {
        name: {key: statistics.median(run[key] for run in some) for key in some[0]} for name, some in runs.items()
    }
    keys = list(middle["folium"])
    vertices = int(shapely.get_num_coordinates(hazards.geometry.to_numpy()).sum()) - count
    table = [f"| {name} | {' | '.join(f'{own[key]:.1f}' for key in keys)} |" for name, own in middle.items()]
    ratios = " | ".join(f"{middle['folium'][key] / middle['hazardgeo'][key]:.1f}x" for key in keys)
    write_section(
        "Map of 100,000 hazards (`benchmarks/map_size.py`)",
        [
            f"{count} hazards, {vertices} vertices, six columns; median of {ROUNDS}, in turn.",
            "",
            f"| map | {' | '.join(keys)} |",
            f"|{'---|' * (len(keys) + 1)}",
            *table,
            f"| folium / hazardgeo | {ratios} |",
            "",
            f"The same {SAMPLE} hazards by SVG and by canvas:",
            "",
            *pixels,
        ],
    )


if __name__ == "__main__":
    main()
