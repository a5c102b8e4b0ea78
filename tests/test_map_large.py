"""The page of many records: what is packed comes out again, and canvas draws and says what SVG does."""

from __future__ import annotations

import base64
import zlib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from browser import (
    canvas_counts,
    complaints,
    fictional_border,
    fictional_hazards,
    fictional_releases,
    forget,
    show,
    wait_until_ready,
)
from hypothesis import given
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.errors import MapError
from hazardgeo.maps import _renderer
from hazardgeo.maps._compact import STEP_M, compact_records
from hazardgeo.maps._records import hazard_layer
from hazardgeo.maps._words import METHOD_PACKED

if TYPE_CHECKING:
    pass

EARTH_M = 6_378_137.0


def unpacked(packed: dict[str, Any], count: int) -> list[list[list[np.ndarray]]]:
    """Outlines by an independent reading of the format: four planes, zigzag, steps; longitude and latitude by the sphere."""
    planes = np.frombuffer(zlib.decompress(base64.b64decode(packed["outlines"])), dtype=np.uint8)
    at = 0

    def numbers(many: int) -> np.ndarray:
        nonlocal at
        own = planes[at : at + 4 * many].reshape(4, many).astype(np.int64)
        at += 4 * many
        return own[0] + own[1] * 256 + own[2] * 65536 + own[3] * 16777216

    parts = numbers(count)
    rings = numbers(int(parts.sum()))
    corners = numbers(int(rings.sum()))
    zigzag = numbers(2 * int(corners.sum())).reshape(-1, 2)
    assert at == len(planes)
    steps = np.where(zigzag % 2, -(zigzag + 1) // 2, zigzag // 2)
    first, k, paths = np.zeros(2), 0, []
    for many in corners:
        own = steps[k : k + many].astype(float)
        own[0] += first
        own, first, k = own.cumsum(axis=0), own[0], k + many
        x, y = (own / packed["world"]).T
        lat = np.degrees(2 * np.arctan(np.exp((0.5 - y) * 2 * np.pi)) - np.pi / 2)
        paths.append(np.column_stack([(x - 0.5) * 360, lat]))
    of_ring, of_part = iter(paths), iter(rings)
    return [[[next(of_ring) for _ in range(next(of_part))] for _ in range(many)] for many in parts]


def metres_apart(a: np.ndarray, b: np.ndarray) -> float:
    """In the worse of both directions."""
    steps = np.radians(np.abs(a - b)) * EARTH_M * 1.0034
    return float((steps * np.column_stack([np.cos(np.radians(a[:, 1])), np.ones(len(a))])).max())


def packed_of(polygons: list[Any]) -> dict[str, Any]:
    hazards = fictional_hazards(len(polygons)).set_geometry(polygons, crs=4326)
    layer = hazard_layer(hazards, ())
    return compact_records([layer], [word for word, _ in layer.facts])


@given(
    st.lists(st.tuples(st.floats(-179, 179), st.floats(-84, 84), st.floats(1e-5, 0.5)), min_size=1, max_size=6),
    st.booleans(),
)
def test_no_vertex_is_lost_and_none_moves_by_more_than_six_centimetres(
    places: list[tuple[float, float, float]], holed: bool
) -> None:
    """At any latitude, of any size, with holes and in several parts; METHOD_PACKED says it on the page."""
    boxes = [shapely.box(x, y, x + size, y + size) for x, y, size in places]
    polygons = [box.difference(box.centroid.buffer(box.length / 16)) if holed else box for box in boxes]
    polygons.append(shapely.MultiPolygon([shapely.box(10, 50, 10.1, 50.1), shapely.box(11, 50, 11.1, 50.1)]))
    sent = unpacked(packed_of(polygons), len(polygons))
    for polygon, parts in zip(polygons, sent, strict=True):
        rings = [[part.exterior, *part.interiors] for part in shapely.get_parts(polygon)]
        assert [len(own) for own in rings] == [len(own) for own in parts]
        for ring, path in zip(chain(*rings), chain(*parts), strict=True):
            assert metres_apart(shapely.get_coordinates(ring)[:-1], path) <= 0.06
    assert "±0.06 m" in METHOD_PACKED
    assert f"{STEP_M} m" in METHOD_PACKED


def test_more_records_than_a_page_holds_are_refused_with_a_way_out() -> None:
    assert _renderer.on_canvas("auto", 100_000)
    for name in ("auto", "svg", "canvas"):
        with pytest.raises(MapError, match=r"100.001 records, .* of each register"):
            _renderer.on_canvas(name, 100_001)
    with pytest.raises(MapError, match="no renderer 'webgl'"):
        hz.hazard_map(fictional_hazards(2), renderer="webgl")


def test_only_named_columns_are_packed() -> None:
    hazards = fictional_hazards(3).assign(remarks="SECRET-PERSON", note="told")
    packed = hz.hazard_map(hazards, columns=["note"], renderer="canvas").page.data["compact"]
    texts = zlib.decompress(base64.b64decode(packed["texts"])).decode()
    assert "told" in texts
    assert "SECRET" not in texts


PAGE = "const map = window[document.querySelector('.hz-map').id], page = map.hazardgeo;"
RECORDS = PAGE + "return page.data.records.map(r => [r.id, r.group, r.style, r.row, r.country, !!r.unsure, r.facts])"


def many(count: int) -> gpd.GeoDataFrame:
    """Hazards of all sizes, some unsure, one without an outline, and areas that Python and a browser might round apart."""
    hazards = fictional_hazards(count)
    hazards["relation"] = np.where(np.arange(count) % 7 == 0, "indeterminate", "near")
    hazards["declared_area_m2"] = [
        (0.2, 499.9, 500.5, 1_499.7, 1_500.2, 62_500.0, 999_999.6, 2_589_988.1, 3e9, np.nan, -5.0)[i % 11]
        for i in range(count)
    ]
    hazards.loc["H-0005", "geometry"] = None
    return hazards


@pytest.mark.browser
def test_records_say_the_same_to_the_letter(browser: Any, tmp_path: Path) -> None:
    """Ids, rows and facts of the packed page are those that Python wrote into the small one."""
    hazards = many(600)
    scales = np.geomspace(0.01, 30, 600)
    shapes = [
        None if shape is None else shapely.affinity.scale(shape, k, k)
        for shape, k in zip(hazards.geometry, scales, strict=True)
    ]
    hazards = hazards.set_geometry(shapes, crs=4326)
    said = {}
    for renderer in ("svg", "canvas"):
        made = hz.hazard_map(hazards, releases=fictional_releases(), columns=["relation"], renderer=renderer)
        said[renderer] = show(browser, made, tmp_path / f"{renderer}.html").execute_script(RECORDS)
        assert complaints(browser) == []
    assert len(said["svg"]) == 660
    assert said["canvas"] == said["svg"]


@pytest.mark.browser
@pytest.mark.parametrize("zoom", [7.5, 10, 11.5, 13, 15])
def test_no_record_is_missing_at_any_zoom(browser: Any, tmp_path: Path, zoom: float) -> None:
    """The renderer counts what it painted, record by record."""
    path = tmp_path / "map.html"
    show(browser, hz.hazard_map(many(3000), border=fictional_border(), renderer="canvas"), path)
    browser.execute_script(f"{PAGE} map.setView([45.05, 16.4], {zoom}, {{animate: false}})")
    counts = canvas_counts(browser)
    assert sum(counts.values()) == 3000
    assert counts["undrawn"] == 1
    assert counts["off"] == 0
    browser.find_element("css selector", "#hz-legend input").click()
    after = canvas_counts(browser)
    assert sum(after.values()) == 3000
    assert after["off"] > 500


@pytest.mark.browser
def test_canvas_paints_where_svg_does(browser: Any, tmp_path: Path) -> None:
    """At three zooms, with the crowded places switched off too, fewer than one pixel in a hundred differs plainly."""
    hazards = many(400)
    shots: dict[str, list[np.ndarray]] = {}
    for renderer in ("svg", "canvas"):
        show(browser, hz.hazard_map(hazards, border=fictional_border(), renderer=renderer), tmp_path / "map.html")
        for zoom in (8, 11.5, 14):
            browser.execute_script(f"{PAGE} map.setView([45.05, 16.4], {zoom}, {{animate: false}})")
            browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
            shots.setdefault(renderer, []).append(pixels(browser))
    for svg, canvas in zip(shots["svg"], shots["canvas"], strict=True):
        assert (np.abs(svg - canvas).max(axis=-1) > 64).mean() < 0.01


def pixels(driver: Any) -> np.ndarray:
    import io

    import matplotlib.image

    png = base64.b64decode(driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"])
    return matplotlib.image.imread(io.BytesIO(png))[..., :3] * 255


@pytest.mark.browser
def test_a_click_opens_the_uppermost_area_and_leaves_the_rest_alone(browser: Any, tmp_path: Path) -> None:
    """A small confirmed area on a large suspected one: within it the first answers, beside it the other, off both none."""
    from selenium.webdriver import ActionChains

    shapes = [shapely.box(16.1, 45.0, 16.11, 45.007), shapely.box(16.104, 45.003, 16.106, 45.0045)]
    hazards = fictional_hazards(2).set_geometry(shapes, crs=4326).assign(work_status="open")
    hazards["classification"] = ["SHA", "CHA"]
    show(browser, hz.hazard_map(hazards, renderer="canvas"), tmp_path / "two.html")
    where = PAGE + "const r = map.getContainer().getBoundingClientRect(), p = map.latLngToContainerPoint(arguments[0]);"
    where += "return [Math.round(p.x + r.x), Math.round(p.y + r.y)]"
    popup = "return document.querySelector('.hz-popup h3')?.textContent ?? null"
    for at, name in (([45.0038, 16.105], "H-0001"), ([45.001, 16.101], "H-0000"), ([45.0075, 16.105], None)):
        browser.execute_script(f"{PAGE} map.closePopup()")
        x, y = browser.execute_script(where, at)
        chain = ActionChains(browser)
        chain.w3c_actions.pointer_action.move_to_location(x, y).click()
        chain.perform()
        assert browser.execute_script(popup) == name


@pytest.mark.browser
@pytest.mark.parametrize("fault", ["no DecompressionStream", "cut short"])
def test_records_that_cannot_be_unpacked_are_told_aloud(browser: Any, tmp_path: Path, fault: str) -> None:
    made = hz.hazard_map(fictional_hazards(300), renderer="canvas")
    path = tmp_path / "map.html"
    made.save(str(path))
    page = path.read_text("utf-8")
    if fault == "cut short":
        outlines = made.page.data["compact"]["outlines"]
        page = page.replace(outlines, outlines[: len(outlines) // 2 // 4 * 4])
    else:
        page = page.replace("<script>", "<script>delete window.DecompressionStream;</script><script>", 1)
    path.write_text(page, "utf-8")
    forget(browser)
    browser.get(path.as_uri())
    wait_until_ready(browser)
    said = browser.execute_script("return document.getElementById('hz-fault').textContent")
    assert said.startswith("No record of this map could be drawn: ")
    assert fault == "cut short" or "DecompressionStream" in said


@pytest.mark.browser
def test_paper_is_drawn_finer_and_the_screen_as_before(browser: Any, tmp_path: Path) -> None:
    show(browser, hz.hazard_map(fictional_hazards(50), renderer="canvas"), tmp_path / "map.html")
    fineness = "return document.querySelector('.hz-canvas').width / document.querySelector('.hz-canvas').clientWidth"
    for event, expected in (("beforeprint", 3), ("afterprint", 1)):
        browser.execute_script(f"window.dispatchEvent(new Event('{event}'))")
        assert browser.execute_script(fineness) == pytest.approx(expected, rel=0.01)
        assert sum(canvas_counts(browser).values()) == 50
