"""Switches, search, pages, tools and reading aids of the page, driven by real clicks and keys, with every host blocked."""

from __future__ import annotations

import base64
import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from browser import (
    complaints,
    count,
    drawn,
    fictional_border,
    fictional_findings,
    fictional_hazards,
    fictional_releases,
    rows,
    set_size,
    set_view,
    show,
    text,
    wait_for,
)
from geographiclib.geodesic import Geodesic

import hazardgeo as hz
from hazardgeo.maps import _assets

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.browser

MAP = "window[document.querySelector('.hz-map').id]"


@pytest.fixture
def shown(browser: Any, tmp_path: Path, renderer: Any) -> Any:
    made = hz.hazard_map(
        fictional_hazards(),
        releases=fictional_releases(),
        border=fictional_border(),
        findings=fictional_findings(),
        renderer=renderer,
    )
    return show(browser, made, tmp_path / "map.html")


def keys() -> Any:
    from selenium.webdriver.common.keys import Keys

    return Keys


def press(driver: Any, *pressed: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(driver).send_keys(*pressed).perform()


def click_at(driver: Any, x: float, y: float) -> None:
    """Click that far from the upper left corner of the map, as a hand does."""
    from selenium.webdriver import ActionChains

    left, top = driver.execute_script(
        "const r = document.querySelector('.hz-map').getBoundingClientRect(); return [r.left, r.top]"
    )
    actions = ActionChains(driver)
    actions.w3c_actions.pointer_action.move_to_location(round(left + x), round(top + y))
    actions.w3c_actions.pointer_action.click()
    actions.perform()


def button(driver: Any, words: str, within: str = "body") -> Any:
    return next(b for b in driver.find_elements("css selector", f"{within} button") if b.text == words)


def switch(driver: Any, words: str) -> Any:
    """The box of the legend whose label has these words first."""
    labels = driver.find_elements("css selector", "#hz-legend label")
    label = next(one for one in labels if one.find_element("css selector", ".hz-words").text.startswith(words))
    return label.find_element("css selector", "input")


def print_pdf(driver: Any) -> bytes:
    said = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    return base64.b64decode(said["data"])


# Switches


def test_a_country_and_a_register_are_switched_off_and_said_so_on_page_and_paper(shown: Any) -> None:
    """Half of the 260 fictional records is of each register; the border names the countries."""
    hidden = "#hz-hidden-note"
    assert text(shown, hidden) == ""
    switch(shown, "Croatia (HRV)").click()
    assert drawn(shown) == 130
    assert "Switched off on this map: reported by Croatia (HRV) (130 of 260 records)" in text(shown, hidden)
    switch(shown, "BIH-FICTIONAL").click()
    assert drawn(shown) == 0
    assert "reported by Croatia (HRV), register BIH-FICTIONAL (260 of 260 records)" in text(shown, hidden)
    shown.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    assert shown.find_element("css selector", hidden).is_displayed()
    shown.execute_script("window.dispatchEvent(new Event('afterprint'))")
    switch(shown, "Croatia (HRV)").click()
    switch(shown, "BIH-FICTIONAL").click()
    assert text(shown, hidden) == ""
    assert drawn(shown) == 260
    assert complaints(shown) == []


def test_a_switch_works_by_key_and_a_row_switches_on_whatever_hides_it(shown: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    for words in ("Confirmed", "Croatia", "HRV-FICTIONAL"):
        switch(shown, words).send_keys(Keys.SPACE)
        assert not switch(shown, words).is_selected()
    frame = fictional_hazards()
    name = frame.query("classification == 'CHA' and work_status == 'open' and country == 'HRV'").index[0]
    button(shown, name, "#hz-records").click()
    assert text(shown, ".hz-popup h3") == name
    assert all(switch(shown, words).is_selected() for words in ("Confirmed", "Croatia", "HRV-FICTIONAL"))


def test_a_page_of_one_register_has_no_switch_that_would_empty_it(browser: Any, tmp_path: Path) -> None:
    hazards = fictional_hazards(5).assign(register="A", country="HRV")
    show(browser, hz.hazard_map(hazards), tmp_path / "map.html")
    assert count(browser, ".hz-axis") == 0


# Search and pages


def test_search_finds_ids_registers_and_named_columns_and_enter_goes_to_the_first(browser: Any, tmp_path: Path) -> None:
    hazards = fictional_hazards(30).assign(remarks="")
    hazards.loc["H-0007", "remarks"] = "Near the Čačak road"
    hazards.loc["H-0003", "geometry"] = None
    show(browser, hz.hazard_map(hazards, columns=["remarks"]), tmp_path / "map.html")
    field = browser.find_element("id", "hz-filter")
    field.send_keys("cacak ROAD")
    assert rows(browser) == ["H-0007"]
    field.send_keys(keys().ENTER)
    assert text(browser, ".hz-popup h3") == "H-0007"
    assert "Near the Čačak road" in text(browser, ".hz-popup dl")
    field.clear()
    field.send_keys("HRV-fictional")
    assert len(rows(browser)) == 15
    field.clear()
    field.send_keys("h-0003", keys().ENTER)  # listed without an outline: there is nothing to go to
    assert rows(browser) == ["H-0003"]
    assert complaints(browser) == []


def test_the_table_is_turned_by_pages_and_printed_whole(browser: Any, tmp_path: Path) -> None:
    show(browser, hz.hazard_map(fictional_hazards(450)), tmp_path / "map.html")
    seen = rows(browser)
    assert len(seen) == 200
    on = button(browser, "Next", ".hz-pager")
    for expected in (200, 50):
        on.send_keys(keys().ENTER)
        assert len(rows(browser)) == expected
        seen += rows(browser)
    on.send_keys(keys().ENTER)  # at the end it stays, and keeps the keyboard's place
    assert text(browser, ".hz-pager span") == "Rows 401 to 450 of 450"
    assert browser.switch_to.active_element == on
    assert sorted(seen) == sorted(fictional_hazards(450).index)
    browser.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    assert sorted(rows(browser)) == sorted(seen)
    browser.execute_script("window.dispatchEvent(new Event('afterprint'))")
    assert len(rows(browser)) == 50
    browser.find_element("id", "hz-filter").send_keys("h-000")
    assert len(rows(browser)) == 10
    assert not browser.find_element("css selector", ".hz-pager").is_displayed()


# Measuring and the read-out


@pytest.mark.parametrize("across_deg", [0.001, 0.1, 4.0])
@pytest.mark.parametrize("lat", [0.0, 45.0, -70.0])
def test_distance_and_area_are_those_of_geographiclib(browser: Any, across_deg: float, lat: float) -> None:
    """Distances to a millimetre or 1e-9 of them, areas to 3e-5, as the source says."""
    ring = [(lat, 16.0), (lat + across_deg, 16.0 + 0.3 * across_deg), (lat + 0.2 * across_deg, 16 + across_deg)]
    code = (Path(_assets.__file__).parent / "geodesy.js").read_text("utf-8")
    asked = "return [geodesicDistance(arguments[0][0], arguments[0][1]), geodesicArea(arguments[0])]"
    distance, area = browser.execute_script(f"{code}\n{asked}", ring)
    assert distance == pytest.approx(Geodesic.WGS84.Inverse(*ring[0], *ring[1])["s12"], rel=1e-9, abs=1e-3)
    polygon = Geodesic.WGS84.Polygon()
    for corner in ring:
        polygon.AddPoint(*corner)
    assert area == pytest.approx(abs(polygon.Compute()[2]), rel=3e-5)


def test_measuring_by_clicks_and_by_keys(shown: Any) -> None:
    """Three clicks that are the corners of a triangle, in pixels; what they are on the ground is asked of the map itself."""
    set_view(shown, 45.1, 17, 10)
    measure = button(shown, "Measure")
    measure.click()
    assert measure.get_attribute("aria-pressed") == "true"
    clicks = [(300, 250), (500, 250), (500, 400)]
    for x, y in clicks:
        click_at(shown, x, y)
    asked = f"return arguments[0].map(p => {MAP}.containerPointToLatLng(p)).map(({{lat, lng}}) => [lat, lng])"
    corners = shown.execute_script(asked, clicks)
    metres = sum(Geodesic.WGS84.Inverse(*a, *b)["s12"] for a, b in itertools.pairwise(corners))
    polygon = Geodesic.WGS84.Polygon()
    for corner in corners:
        polygon.AddPoint(*corner)
    m2 = abs(polygon.Compute()[2])
    km, mi, km2, mi2 = map(
        float, re.findall(r"([\d.]+) (?:km²?|mi²?)", text(shown, ".hz-measure").replace("\u202f", ""))
    )
    assert km == pytest.approx(metres / 1000, rel=2e-3)  # a click lies on a whole pixel of the map's own
    assert mi == pytest.approx(km / 1.609344, rel=1e-3)
    assert km2 == pytest.approx(m2 / 1e6, rel=4e-3)
    assert mi2 == pytest.approx(km2 / 2.589988110336, rel=1e-3)
    assert "WGS 84" in text(shown, ".hz-measure")
    assert count(shown, ".leaflet-popup") == 0, "a click on an area measures and opens nothing"
    click_at(shown, 300, 400)
    assert "Area enclosed" in text(shown, ".hz-measure")
    press(shown, keys().BACKSPACE)
    click_at(shown, 400, 150)  # the edge to it crosses the one between the first two: a bow
    assert "the outline crosses itself" in text(shown, ".hz-measure")
    press(shown, keys().ESCAPE)
    assert measure.get_attribute("aria-pressed") == "false"
    assert count(shown, ".hz-measure") == count(shown, ".leaflet-hz-measure-pane path") == 0
    measure.send_keys(keys().ENTER)
    press(shown, keys().ENTER, keys().ARROW_RIGHT)
    wait_for(shown, f"return {MAP}.getCenter().lng > 17.01")
    press(shown, keys().ENTER)
    wait_for(shown, "return document.querySelector('.hz-measure').textContent.includes(' km = ')")
    press(shown, keys().BACKSPACE)
    assert "set two points or more" in text(shown, ".hz-measure")
    button(shown, "End").click()
    assert count(shown, ".hz-measure") == 0
    assert complaints(shown) == []


def test_the_read_out_is_never_empty(shown: Any) -> None:
    set_view(shown, 45.12345, 17.54321, 10)
    said = re.compile(r"45\.123\d\d° N, 17\.543\d\d° E · WGS 84 · centre of the map")
    assert said.fullmatch(text(shown, ".hz-position"))
    click_at(shown, 200, 300)
    assert text(shown, ".hz-position").endswith("WGS 84 · pointer")
    lat, lng = map(float, re.findall(r"\d+\.\d{5}", text(shown, ".hz-position")))
    there = shown.execute_script(f"const p = {MAP}.containerPointToLatLng([200, 300]); return [p.lat, p.lng]")
    assert [lat, lng] == pytest.approx(there, abs=2e-3)
    from selenium.webdriver import ActionChains

    ActionChains(shown).move_to_element(shown.find_element("css selector", "h1")).perform()
    assert text(shown, ".hz-position").endswith("centre of the map")


def test_zoom_to_a_country_a_register_or_a_line(shown: Any) -> None:
    from selenium.webdriver.support.ui import Select

    choice = Select(shown.find_element("css selector", ".hz-tools select[aria-label='Zoom to']"))
    assert [option.text for option in choice.options][1:] == [
        "Bosnia and Herzegovina (BIH)", "Croatia (HRV)", "BIH-FICTIONAL", "HRV-FICTIONAL", "BIH – HRV",
    ]  # fmt: skip
    set_view(shown, 45.1, 17, 15)
    choice.select_by_visible_text("BIH – HRV")
    inside = f"const b = {MAP}.getBounds(); return [b.getWest(), b.getEast(), b.getSouth(), b.getNorth()]"
    west, east, south, north = shown.execute_script(inside)
    assert west < 15.78
    assert east > 18.98
    set_view(shown, 45.1, 17, 15)
    choice.select_by_visible_text("Croatia (HRV)")
    own = pd.concat([fictional_hazards(), fictional_releases()]).query("country == 'HRV'").total_bounds
    west, east, south, north = shown.execute_script(inside)
    assert west < own[0]
    assert south < own[1]
    assert east > own[2]
    assert north > own[3]


def test_full_screen_shows_the_whole_page(shown: Any) -> None:
    full = button(shown, "Full screen")
    full.click()
    wait_for(shown, "return document.fullscreenElement === document.documentElement")
    assert full.get_attribute("aria-pressed") == "true"
    full.click()
    wait_for(shown, "return document.fullscreenElement === null")


# Paper


@pytest.mark.parametrize(("paper", "points"), [("A4", (842, 595)), ("A3", (1191, 842))])
def test_paper_is_chosen_on_the_page(shown: Any, paper: str, points: tuple[int, int]) -> None:
    """A4 is 297 × 210 mm, A3 420 × 297 mm; a point is 25.4 / 72 mm."""
    from selenium.webdriver.support.ui import Select

    Select(shown.find_element("id", "hz-paper-size")).select_by_visible_text(paper)
    sizes = {
        tuple(map(float, found)) for found in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", print_pdf(shown))
    }
    assert len(sizes) == 1
    assert next(iter(sizes)) == pytest.approx(points, abs=1)


def test_the_first_sheet_holds_map_legend_and_footer(shown: Any) -> None:
    from selenium.webdriver.support.ui import Select

    for paper, height_mm in (("A4", 210 - 18), ("A3", 297 - 18)):
        Select(shown.find_element("id", "hz-paper-size")).select_by_visible_text(paper)
        shown.execute_script("window.dispatchEvent(new Event('beforeprint'))")
        bottoms = shown.execute_script(
            "const top = document.querySelector('.hz-page').getBoundingClientRect().top;"
            "return ['.hz-map', '.hz-footer', '.hz-legend']"
            ".map(s => document.querySelector(s).getBoundingClientRect().bottom - top)"
        )
        assert max(bottoms) <= height_mm * 96 / 25.4, paper
        assert bottoms[0] >= 0.6 * height_mm * 96 / 25.4, "the map is the largest thing on it"
        shown.execute_script("window.dispatchEvent(new Event('afterprint'))")


def test_every_sheet_says_how_far_it_may_travel(browser: Any, tmp_path: Path) -> None:
    hazards = fictional_hazards(12).assign(confidentiality="public")
    hazards.loc["H-0003", "confidentiality"] = 'in"ternal \\ } </style>'
    show(browser, hz.hazard_map(hazards), tmp_path / "map.html")
    said = text(browser, ".hz-confidential")
    assert 'in"ternal \\ } </style>' in said
    assert browser.find_element("css selector", ".hz-confidential").is_displayed()
    found = browser.execute_script(
        "const rules = [...document.getElementById('hz-paper-rule').sheet.cssRules];"
        "return [rules.length, rules[0].cssText]"
    )
    assert found[0] == 2, "no text of the records ends the rule"
    assert "Confidentiality as stated" in found[1]
    assert complaints(browser) == []


# Reading aids


def test_crowded_places_are_counted_by_class_and_nothing_is_lost(browser: Any, tmp_path: Path) -> None:
    hazards, releases = fictional_hazards(1500), fictional_releases(300)
    show(browser, hz.hazard_map(hazards, releases=releases, border=fictional_border()), tmp_path / "map.html")
    blocks = ".hz-map .hz-block"
    assert count(browser, blocks) > 5
    for zoom in (7, 8.5, 10, 12, 14):
        set_view(browser, 45.1, 17, zoom)
        assert drawn(browser) == 1800, zoom
    assert count(browser, blocks) == 0, "close up each record is drawn by itself"
    set_view(browser, 45.1, 17, 8)
    overlaps = browser.execute_script("""
      const boxes = [...document.querySelectorAll('.hz-map .hz-block')].map(e => e.getBoundingClientRect());
      const hit = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      return boxes.filter((a, i) => boxes.some((b, j) => i !== j && hit(a, b))).length""")
    assert overlaps == 0
    levels = browser.execute_script(
        "return ['hz-blocks', 'hz-areas-CHA', 'hz-symbols-CHA']"
        ".map(n => +document.querySelector(`.leaflet-${n}-pane`).style.zIndex)"
    )
    assert levels[0] < levels[1] < levels[2]
    switch(browser, "Many areas close together").click()
    assert count(browser, blocks) == 0
    assert count(browser, ".hz-symbol") + count(browser, ".hz-area") == 1800
    switch(browser, "Many areas close together").click()
    before = browser.execute_script(f"return {MAP}.getZoom()")
    browser.execute_script(f"{MAP}.panTo([45.05, 18])")
    wait_for(browser, f"return Math.abs({MAP}.getCenter().lng - 18) < 0.01")
    browser.find_elements("css selector", blocks)[0].click()
    wait_for(browser, f"return {MAP}.getZoom() > {before}")
    assert complaints(browser) == []


def test_few_records_are_never_put_into_a_block(browser: Any, tmp_path: Path) -> None:
    show(browser, hz.hazard_map(fictional_hazards(10)), tmp_path / "map.html")
    assert count(browser, ".hz-map .hz-block") == 0
    assert not browser.find_element("id", "hz-crowd-row").is_displayed()


def test_an_indeterminate_hazard_is_marked_and_explained(browser: Any, tmp_path: Path) -> None:
    relation = ["indeterminate", "crossing", "near", "away"] * 5
    show(browser, hz.hazard_map(fictional_hazards(20).assign(relation=relation)), tmp_path / "map.html")
    edges = (
        "return [...document.querySelectorAll('.hz-symbol')].filter(s => s.getAttribute('stroke') === '#000').length"
    )
    set_view(browser, 45.1, 17, 7)
    assert browser.execute_script(edges) == 5
    set_view(browser, 45.1, 17, 16)
    assert count(browser, ".hz-unsure") == 5
    assert drawn(browser) == 20
    legend = text(browser, "#hz-legend")
    assert "side cannot be told" in legend
    assert "5 within the border’s offset (indeterminate)" in legend
    show(browser, hz.hazard_map(fictional_hazards(20)), tmp_path / "plain.html")
    assert "side cannot be told" not in text(browser, "#hz-legend")


def test_a_popup_tells_each_side_from_low_to_high(browser: Any, tmp_path: Path) -> None:
    hazards = fictional_hazards(2)
    sides = pd.DataFrame(
        {
            "hazard_id": ["H-0001", "H-0001"],
            "side": ["BIH", "HRV"],
            "area_low_m2": [0.0, 1_000_000.0],
            "area_m2": [500_000.0, 1_500_000.0],
            "area_high_m2": [1_000_000.0, 2_000_000.0],
        }
    )
    show(browser, hz.hazard_map(hazards, sides=sides), tmp_path / "map.html")
    button(browser, "H-0001", "#hz-records").click()
    said = text(browser, ".hz-popup dl").replace("\u202f", " ")
    assert "Side BIH0 – 500 000 – 1 000 000 m² = 0.000 – 0.500 – 1.000 km²" in said
    assert "Side HRV1 000 000 – 1 500 000 – 2 000 000 m²" in said
    assert said.count("(low – drawn – high)") == 2


def test_names_and_signs_stand_on_no_symbol_and_on_no_other(browser: Any, tmp_path: Path) -> None:
    one = fictional_findings()["conflicts"]
    corners = [(0, 0), (0.3, 0.2), (0.9, 0.1), (1.6, 0.12)]
    many = pd.concat([one.assign(geometry=one.geometry.translate(*by)) for by in corners], ignore_index=True)
    show(browser, hz.hazard_map(fictional_hazards(120), findings={"conflicts": many}), tmp_path / "map.html")
    for zoom in (7.5, 9):
        set_view(browser, 45.0, 16.6, zoom)
        names, signs, hits = browser.execute_script("""
          const inside = document.querySelector('.hz-map').getBoundingClientRect();
          const boxes = s => [...document.querySelectorAll(s)].map(e => e.getBoundingClientRect())
            .filter(b => b.left > inside.left && b.right < inside.right && b.top > inside.top && b.bottom < inside.bottom);
          const hit = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
          const names = boxes('.hz-country span, .hz-place span'), signs = boxes('.hz-sign span');
          const others = boxes('.hz-symbol, .hz-map .hz-block');
          const crossed = [...names, ...signs].filter((a, i, all) =>
            others.some(b => hit(a, b)) || all.some((b, j) => i !== j && hit(a, b)));
          return [names.length, signs.length, crossed.length]""")
        assert names >= 2
        assert signs >= 3
        assert hits == 0, zoom


@pytest.mark.parametrize("size", [(1400, 900), (1000, 600), (360, 740), (1920, 500)])
def test_the_base_fills_the_view_at_every_zoom_that_is_allowed(
    browser: Any, tmp_path: Path, size: tuple[int, int]
) -> None:
    """At the lowest zoom, wherever the map is pushed: limits are those of the base, and the view stays within."""
    set_size(browser, *size)
    show(browser, hz.hazard_map(fictional_hazards(20)), tmp_path / "map.html")
    for lat, lon in ((45, 17), (60, 40), (20, -10)):
        within = browser.execute_script(
            f"""
          const map = {MAP};
          map.setView([arguments[0], arguments[1]], map.getMinZoom(), {{ animate: false }});
          const limits = L.latLngBounds(map.options.maxBounds);
          map.panInsideBounds(limits, {{ animate: false }});
          return limits.pad(0.002).contains(map.getBounds())""",
            lat,
            lon,
        )
        assert within, (lat, lon)
    assert complaints(browser) == []


@pytest.mark.parametrize("size", [(1400, 900), (1000, 600)])
def test_a_map_of_a_whole_region_shows_all_of_it_and_no_edge_of_the_base(
    browser: Any, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Southeast Europe is tall, the window wide; the map is fitted to the height that the row of tools leaves it."""
    set_size(browser, *size)
    hazards = hz.read_hazards(hz.sample_data("southeast_europe.geojson"))
    show(browser, hz.hazard_map(hazards), tmp_path / "map.html")
    within, all_in = browser.execute_script(
        f"const map = {MAP}; return [L.latLngBounds(map.options.maxBounds).pad(0.002).contains(map.getBounds()),"
        "map.getBounds().contains([[arguments[1], arguments[0]], [arguments[3], arguments[2]]])]",
        *hazards.total_bounds,
    )
    assert within
    assert all_in
    covered = browser.execute_script("""
      const boxes = s => [...document.querySelectorAll(s)].map(e => e.getBoundingClientRect());
      const hit = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      return boxes('.hz-symbol').filter(a => boxes('.leaflet-control').some(b => hit(a, b))).length""")
    assert covered == 0


# Whole pages


@pytest.mark.parametrize("records", [10, 2000])
def test_a_page_is_driven_through_without_a_request_or_a_message(browser: Any, tmp_path: Path, records: int) -> None:
    from selenium.webdriver.common.keys import Keys

    made = hz.hazard_map(
        fictional_hazards(records).assign(relation="indeterminate", note="x"),
        releases=fictional_releases(max(3, records // 10)),
        border=[fictional_border(), fictional_border(60, "Another line", 0.01)],
        findings=fictional_findings(),
        columns=["note"],
    )
    show(browser, made, tmp_path / "map.html")
    for box in browser.find_elements("css selector", "#hz-legend input"):
        if box.is_displayed():
            browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", box)
            box.send_keys(Keys.SPACE)
            box.send_keys(Keys.SPACE)
    for words in ("Show all", "Measure", "Measure"):
        button(browser, words).click()
    browser.find_element("id", "hz-filter").send_keys("h-0004", Keys.ENTER)
    assert text(browser, ".hz-popup h3") == "H-0004"
    press(browser, Keys.ESCAPE)
    set_view(browser, 45.1, 17, 12)
    set_view(browser, 45.1, 17, 8)
    assert print_pdf(browser).startswith(b"%PDF")
    assert complaints(browser) == []
    assert text(browser, "#hz-fault") == ""


def test_the_keyboard_walks_from_the_tools_over_the_map_to_legend_and_table(browser: Any, tmp_path: Path) -> None:
    """Every stop has a name and a focus that is seen; none is a path of the map."""
    show(browser, hz.hazard_map(fictional_hazards(3), border=fictional_border()), tmp_path / "map.html")
    stops = []
    for _ in range(60):
        press(browser, keys().TAB)
        stop = browser.execute_script("""
          const e = document.activeElement;
          if (e === document.body) return null;
          const part = ['hz-tools', 'hz-map', 'hz-legend', 'hz-records', 'hz-footer'].find(c => e.closest(`.${c}`));
          const name = e.ariaLabel || e.labels?.[0]?.textContent || e.textContent || e.title;
          return [part, name.trim(), getComputedStyle(e).outlineStyle !== 'none', e.tagName]""")
        if stop is None:
            break
        stops.append(stop)
    parts = list(dict.fromkeys(part for part, *_ in stops))
    assert parts == ["hz-tools", "hz-map", "hz-legend", "hz-records", "hz-footer"]
    assert all(name and seen for _, name, seen, _ in stops), stops
    assert not {tag for *_, tag in stops} & {"path", "g", "svg"}
    assert len(stops) < 60


def test_the_tools_work_in_a_frame_of_a_notebook(browser: Any, tmp_path: Path) -> None:
    made = hz.hazard_map(fictional_hazards(300), border=fictional_border())
    path = tmp_path / "notebook.html"
    path.write_text(f"<!DOCTYPE html><meta charset='utf-8'><title>n</title>{made._repr_html_()}", "utf-8")
    browser.get("about:blank")
    complaints(browser)
    browser.get(path.as_uri())
    browser.switch_to.frame(0)
    assert drawn(browser) == 300
    switch(browser, "Croatia").click()
    assert "130" not in text(browser, "#hz-hidden-note")
    assert "(150 of 300 records)" in text(browser, "#hz-hidden-note")
    button(browser, "Measure").click()
    press(browser, keys().ENTER)
    wait_for(browser, "return document.querySelectorAll('.leaflet-hz-measure-pane path').length > 0")
    press(browser, keys().ESCAPE)
    browser.find_element("id", "hz-filter").send_keys("h-0005", keys().ENTER)
    assert text(browser, ".hz-popup h3") == "H-0005"
    assert complaints(browser) == []
    browser.switch_to.default_content()


@pytest.mark.parametrize("size", [(1400, 900), (360, 740)])
def test_axe_finds_nothing_serious(browser: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    """The rules of axe-core, on a page with everything, with a popup open and a layer hidden."""
    axe = pytest.importorskip("axe_core_python")
    set_size(browser, *size)
    hazards = fictional_hazards(260).assign(relation="indeterminate", confidentiality="internal")
    made = hz.hazard_map(
        hazards,
        releases=fictional_releases(),
        border=[fictional_border(), fictional_border(60, "Another line", 0.01)],
        findings=fictional_findings(),
        notice="12 records are NOT on this map.",
        online=True,
    )
    show(browser, made, tmp_path / "map.html")
    switch(browser, "Cleared").click()
    button(browser, "H-0001", "#hz-records").click()
    button(browser, "Measure").click()
    browser.execute_script((Path(axe.__file__).parent / "axe.min.js").read_text("utf-8"))
    found = browser.execute_async_script(
        "const done = arguments[0]; axe.run(document, { resultTypes: ['violations'] }).then("
        "r => done(r.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.target.join(' ')).slice(0, 5)])))"
    )
    assert [one for one in found if one[0] in ("serious", "critical")] == []


@pytest.mark.parametrize("size", [(700, 450), (360, 740)])
def test_twice_the_size_and_a_telephone_need_no_sideways_scrolling(shown: Any, size: tuple[int, int]) -> None:
    """A screen of 1400 × 900 at 200 % is one of 700 × 450."""
    set_size(shown, *size)
    shown.refresh()
    assert shown.execute_script("return document.documentElement.scrollWidth") <= size[0]
    narrow = shown.execute_script(
        "return [...document.querySelectorAll('.hz-tools :is(button, select), #hz-filter')]"
        ".map(e => e.getBoundingClientRect()).filter(r => r.left < 0 || r.right > innerWidth || r.height < 22).length"
    )
    assert narrow == 0
    button(shown, "Measure").click()
    box = shown.execute_script(
        "const r = document.querySelector('.hz-measure').getBoundingClientRect(); return [r.left, r.right]"
    )
    assert box[0] >= 0
    assert box[1] <= size[0]
