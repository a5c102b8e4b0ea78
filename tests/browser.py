"""What browser tests share: a Chromium that can reach no host, what it complained of, and fictional records."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMEDRIVER = shutil.which("chromedriver")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-device-scale-factor=1",
    "--window-size=1400,900",
)


# Of tests that look at elements of SVG; what they say of canvas is in test_map_large.py.
IN_SVG = pytest.mark.parametrize("renderer", ["svg"], indirect=True)


def open_browser() -> Iterator[Any]:
    """Give a driver and close it; skip where there is no Chromium, unless it is required."""
    if not (CHROMIUM and CHROMEDRIVER):
        why = "Chromium or chromedriver is not installed"
        if os.environ.get("HAZARDGEO_REQUIRE_BROWSER"):
            pytest.fail(f"{why}, and HAZARDGEO_REQUIRE_BROWSER is set")
        pytest.skip(why)
    from selenium import webdriver

    with tempfile.TemporaryDirectory(prefix="hazardgeo-chromium-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
        try:
            set_size(driver, 1400, 900)
            yield driver
        finally:
            driver.quit()


def set_size(driver: Any, width: int, height: int) -> None:
    """Give the page this many CSS pixels."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def forget(driver: Any) -> None:
    """Leave what the browser has logged so far behind."""
    driver.get("about:blank")
    driver.get_log("browser")
    driver.get_log("performance")


def show(driver: Any, page: Any, path: Path) -> Any:
    """Save a map and open it; the driver's logs then speak of this page alone."""
    page.save(str(path))
    forget(driver)
    driver.get(path.as_uri())
    wait_until_ready(driver)
    return driver


def wait_until_ready(driver: Any) -> None:
    """Wait until the records are on the map, or a fault is told: those of a large page are unpacked first."""
    from selenium.webdriver.support.ui import WebDriverWait

    ready = (
        "return document.documentElement.classList.contains('hz-ready') || !document.getElementById('hz-fault').hidden"
    )
    WebDriverWait(driver, 60, poll_frequency=0.02).until(lambda d: d.execute_script(ready))


def canvas_counts(driver: Any) -> dict[str, int] | None:
    """What the canvas has done with each record, as it counted them; None for a page of SVG."""
    return driver.execute_script("return window[document.querySelector('.hz-map').id].hazardgeo.canvas?.counts ?? null")


def complaints(driver: Any) -> list[str]:
    """Console messages, and requests other than for the page itself, data URIs and about: pages."""
    said = [entry["message"] for entry in driver.get_log("browser")]
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.loadingFailed":
            said.append(str(message["params"]))
        if message["method"] == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            if not url.startswith(("data:", "about:")) and message["params"].get("type") != "Document":
                said.append(url)
    return said


def count(driver: Any, selector: str) -> int:
    return driver.execute_script("return document.querySelectorAll(arguments[0]).length", selector)


def text(driver: Any, selector: str) -> str:
    return driver.execute_script("return document.querySelector(arguments[0])?.textContent ?? ''", selector)


def wait_for(driver: Any, script: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(driver, 5, poll_frequency=0.05).until(lambda d: d.execute_script(script), script)


def set_view(driver: Any, lat: float, lon: float, zoom: float) -> None:
    driver.execute_script(
        "window[document.querySelector('.hz-map').id].setView([arguments[0], arguments[1]], arguments[2],"
        " {animate: false})",
        lat, lon, zoom,
    )  # fmt: skip


def rows(driver: Any) -> list[str]:
    """Ids of the rows that the table shows now."""
    script = "return [...document.querySelectorAll('#hz-records tbody tr:not(.hz-group) button')]"
    return driver.execute_script(f"{script}.map(b => b.textContent)")


def drawn(driver: Any) -> int:
    """Records on the map: polygons, symbols, and those that a block counts; on canvas also those out of view."""
    if counts := canvas_counts(driver):
        return sum(counts[name] for name in ("polygons", "symbols", "blocks", "outside"))
    blocks = (
        "[...document.querySelectorAll('.hz-map .hz-block text')].reduce((sum, t) => sum + Number(t.textContent), 0)"
    )
    return driver.execute_script(f"return document.querySelectorAll('.hz-area, .hz-symbol').length + {blocks}")


# A line made up to look like a border; no coordinate of a register is in it.
LINE = shapely.LineString(
    [(15.78, 44.86), (15.83, 45.18), (16.35, 45.02), (16.95, 45.24), (17.85, 45.06), (18.55, 45.09), (18.98, 44.87)]
)


def fictional(count: int, seed: int = 1, *, vertices: int = 24) -> gpd.GeoDataFrame:
    """Random star-shaped outlines along `LINE`, with the provenance columns of any record."""
    rng = np.random.default_rng(seed)
    along = LINE.interpolate(rng.random(count), normalized=True)
    centres = np.column_stack([[p.x for p in along], [p.y for p in along]]) + rng.normal(0, 0.02, (count, 2))
    turns = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    radii = rng.lognormal(-6.3, 0.7, (count, 1)) * (0.6 + 0.4 * rng.random((count, vertices)))
    rings = np.stack([radii * np.cos(turns) * 1.4, radii * np.sin(turns)], axis=-1) + centres[:, None, :]
    days = pd.Timestamp("2009-01-01") + pd.to_timedelta(rng.integers(0, 5800, count), unit="D")
    return gpd.GeoDataFrame(
        {
            "register": ["HRV-FICTIONAL" if i % 2 else "BIH-FICTIONAL" for i in range(count)],
            "country": ["HRV" if i % 2 else "BIH" for i in range(count)],
            "day": days.date,
            "declared_area_m2": rng.integers(1_000, 900_000, count).astype(float),
        },
        geometry=shapely.polygons(rings),
        crs="EPSG:4326",
    )


def fictional_hazards(count: int = 200, seed: int = 1) -> gpd.GeoDataFrame:
    """Fictional hazards of every class and status."""
    rng = np.random.default_rng(seed + 100)
    frame = fictional(count, seed).rename(columns={"day": "date_of_information"})
    frame["classification"] = rng.choice(["CHA", "SHA", "unstated"], count, p=[0.4, 0.5, 0.1])
    statuses = ["open", "worked_on", "suspended", "closed", "handed_over"]
    frame["work_status"] = rng.choice(statuses, count, p=[0.6, 0.1, 0.1, 0.1, 0.1])
    frame.index = pd.Index([f"H-{i:04d}" for i in range(count)], name="hazard_id")
    return frame


def fictional_releases(count: int = 60, seed: int = 2) -> gpd.GeoDataFrame:
    """Fictional releases of every kind."""
    frame = fictional(count, seed).rename(columns={"day": "completed_on"})
    frame["kind"] = [("cleared", "reduced", "cancelled")[i % 3] for i in range(count)]
    frame["hazard_id"] = [f"H-{i:04d}" for i in range(count)]
    frame.index = pd.Index([f"R-{i:04d}" for i in range(count)], name="release_id")
    return frame


def fictional_border(offset_m: float = 300.0, source: str = "A made-up line", shift: float = 0.0) -> Any:
    """A border of two countries along `LINE`, with two stretches of different status."""
    from hazardgeo.borders import BorderSet

    line = shapely.transform(LINE, lambda xy: xy + np.array([0, shift]))
    half = line.length / 2
    first, second = shapely.ops.substring(line, 0, half), shapely.ops.substring(line, half, line.length)
    countries = gpd.GeoDataFrame(
        {"code": ["HRV", "BIH"], "name": ["Croatia", "Bosnia and Herzegovina"], "claimants": ["", ""]},
        geometry=[shapely.box(15, 45.3, 20, 47), shapely.box(15, 42, 20, 44.5)],
        crs="EPSG:4326",
    )
    lines = gpd.GeoDataFrame(
        {
            "country_a": ["BIH", "BIH"],
            "country_b": ["HRV", "HRV"],
            "status": ["agreed", "disputed"],
            "claimants": ["", "BIH;HRV"],
            "offset_95_m": [offset_m, 2 * offset_m],
            "offset_evidence": ["made up", "made up"],
        },
        geometry=[first, second],
        crs="EPSG:4326",
    )
    about = {"source": source, "version": "2025", "licence": "CC0", "attribution": f"© {source}"}
    return BorderSet(countries, lines, shapely.box(14, 42, 20, 47), ("BIH", "HRV"), **about)


def fictional_findings(name: str = "H-0001") -> dict[str, gpd.GeoDataFrame]:
    """One finding of each kind, as the functions give them, at the first corners of `LINE`; `name` stands in every text."""
    square = shapely.box(15.8, 44.9, 15.83, 44.92)
    stretch = shapely.LineString([(15.78, 44.86), (15.79, 44.93)])

    def one(geometry: Any, **columns: Any) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame({key: [value] for key, value in columns.items()}, geometry=[geometry], crs="EPSG:4326")

    return {
        "conflicts": one(
            square, release_id=name, hazard_id=name, register_of_release=name, register_of_hazard=name, kind="cleared",
            classification="CHA", work_status="open", area_m2=1234.5, sliver=False,
        ),
        "overlaps": one(
            square, hazard_a=name, hazard_b=name, kind="partly", area_m2=1234.5, share_a=0.5, share_b=0.25,
        ),
        "continuations": one(
            stretch, hazard_a=name, hazard_b=None, priority=1, why=f"{name} ends here.", border=name,
        ),
        "frontage": one(
            stretch, pair=name, side="together", from_km=0.0, to_km=1.5, length_km=1.5, length_mi=0.9, hazards=name,
            source=name, version="1", offset_95_m=250.0,
        ),
        "joint_tasks": one(
            square, task=name, hazards=name, across="as_drawn", ground_m2=1234.5, nearest_m=120.0,
        ).set_index("task"),
    }  # fmt: skip
