"""The page of `hazard_map` in a browser that can reach no host."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from browser import (
    IN_SVG,
    canvas_counts,
    complaints,
    count,
    drawn,
    fictional_border,
    fictional_findings,
    fictional_hazards,
    fictional_releases,
    forget,
    open_browser,
    rows,
    set_size,
    set_view,
    show,
    text,
    wait_for,
)

import hazardgeo as hz

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.browser

HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)>{% 5 {# `${1+1}` \\ </script><script>alert(2)</script>"


@pytest.fixture
def shown(browser: Any, tmp_path: Path, renderer: Any) -> Any:
    made = hz.hazard_map(
        fictional_hazards(),
        releases=fictional_releases(),
        border=[fictional_border(), fictional_border(60, "Another line", 0.01)],
        subtitle="FICTIONAL DATA",
        renderer=renderer,
    )
    return show(browser, made, tmp_path / "map.html")


def test_a_missing_browser_is_a_skip_unless_it_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("browser.CHROMIUM", None)
    monkeypatch.delenv("HAZARDGEO_REQUIRE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="not installed"):
        next(open_browser())
    monkeypatch.setenv("HAZARDGEO_REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="HAZARDGEO_REQUIRE_BROWSER"):
        next(open_browser())


def panes(driver: Any) -> dict[str, int]:
    script = "return [...document.querySelectorAll('.leaflet-pane')].map(p => [p.className, +p.style.zIndex])"
    return {name.split(" leaflet-hz-")[-1]: z for name, z in driver.execute_script(script) if "leaflet-hz-" in name}


def test_the_page_draws_every_record_and_asks_for_nothing(shown: Any) -> None:
    assert drawn(shown) == 260
    assert "Rows 1 to 200 of 260" in text(shown, ".hz-pager")
    set_view(shown, 45.1, 17, 13)
    assert drawn(shown) == 260
    assert canvas_counts(shown) or count(shown, ".hz-area") > 200
    assert complaints(shown) == []
    assert text(shown, "#hz-fault") == ""


@IN_SVG
def test_small_areas_are_symbols_and_large_ones_polygons(shown: Any) -> None:
    assert count(shown, ".hz-symbol") > 200
    set_view(shown, 45.1, 17, 17)
    assert count(shown, ".hz-symbol") == 0
    hatches = shown.execute_script("return [...document.querySelectorAll('.hz-area')].map(p => p.getAttribute('fill'))")
    there = shown.execute_script("return [...document.querySelectorAll('pattern')].map(p => `url(#${p.id})`)")
    assert set(hatches) <= set(there)


def test_a_confirmed_area_is_never_hidden(shown: Any) -> None:
    levels = {
        name: z for name, z in panes(shown).items() if name != "measure-pane"
    }  # what the reader draws for a moment
    confirmed = {"areas-CHA-pane", "symbols-CHA-pane"}
    assert min(levels[name] for name in confirmed) > max(z for name, z in levels.items() if name not in confirmed)
    for kind in ("cleared", "reduced", "cancelled"):
        assert levels[f"symbols-{kind}-pane"] < levels["areas-SHA-pane"]
    assert levels["borders-pane"] < levels["areas-cancelled-pane"]


def test_close_up_the_line_lies_on_the_areas_and_under_confirmed_symbols(shown: Any) -> None:
    """It catches no click, so that the area below it still answers."""
    set_view(shown, 45.1, 17, 12)
    levels = panes(shown)
    areas = [z for name, z in levels.items() if name.startswith("areas-")]
    assert max(areas) < levels["casing-pane"] < levels["borders-pane"] < levels["symbols-CHA-pane"]
    assert all(levels[name] < levels["areas-CHA-pane"] for name in levels if "CHA" not in name and name[:3] == "sym")
    events = "return getComputedStyle(document.querySelector('.leaflet-hz-borders-pane')).pointerEvents"
    assert shown.execute_script(events) == "none"
    set_view(shown, 45.1, 17, 10)
    assert panes(shown)["borders-pane"] < min(areas)


def test_a_strip_along_the_line_is_drawn_wider_than_the_line_and_its_casing(browser: Any, tmp_path: Path) -> None:
    """At zoom 11.25 it is less than a pixel wide, and the line with its casing five."""
    border = fictional_border()
    strip = shapely.ops.substring(border.lines.geometry.iloc[0], 0.3, 0.36).buffer(0.0001)
    hazards = fictional_hazards(1).set_geometry([strip], crs=4326).assign(classification="CHA", work_status="open")
    show(browser, hz.hazard_map(hazards, border=border), tmp_path / "strip.html")
    widths = "return ['.hz-area', '.hz-border'].map(s => Math.max(...[...document.querySelectorAll(s)]"
    widths += ".map(e => +e.getAttribute('stroke-width'))))"
    set_view(browser, strip.centroid.y, strip.centroid.x, 11.25)
    area, line = browser.execute_script(widths)
    assert area > line + 1
    set_view(browser, strip.centroid.y, strip.centroid.x, 16)
    assert browser.execute_script(widths)[0] == pytest.approx(2.4)
    opacity = "return +getComputedStyle(document.querySelector('.leaflet-hz-casing-pane')).opacity"
    assert browser.execute_script(opacity) < 1


@IN_SVG
def test_symbols_grow_with_the_scale(shown: Any) -> None:
    """Small where a whole border is in view; a suspected area shows behind the confirmed one before it."""
    sizes = (
        "return arguments[0].map(k => Math.max("
        "...[...document.querySelectorAll(`.hz-symbol.hz-${k}`)].map(s => s.getBoundingClientRect().width)))"
    )
    far = shown.execute_script(sizes, ["CHA", "SHA"])
    set_view(shown, 45.1, 17, 10.5)
    near = shown.execute_script(sizes, ["CHA", "SHA"])
    assert far[0] < far[1] < 16
    assert all(f < n for f, n in zip(far, near, strict=True))


def test_the_legend_names_known_classes_first_and_only_statuses_in_question(browser: Any, tmp_path: Path) -> None:
    border = fictional_border()
    other = border.lines.iloc[[0]].assign(country_a="HRV", country_b="SRB", status="undetermined")
    lines = gpd.GeoDataFrame(pd.concat([border.lines, other], ignore_index=True), crs=border.lines.crs)
    made = hz.hazard_map(fictional_hazards(60), border=dataclasses.replace(border, lines=lines))
    show(browser, made, tmp_path / "map.html")
    legend = text(browser, "#hz-legend")
    places = [legend.index(word) for word in ("(CHA)", "(SHA)", "Class not stated", "Closed or")]
    assert places == sorted(places)
    assert "Disputed" in legend
    assert "Undetermined" not in legend
    assert "borders between other countries" in legend


def test_a_row_opens_its_popup_beside_the_area(shown: Any) -> None:
    button = next(b for b in shown.find_elements("css selector", "#hz-records tbody button") if b.text == "H-0003")
    button.click()
    hazards = fictional_hazards()
    record, area = hazards.loc["H-0003"], hz.area_m2(hazards).loc["H-0003"]
    popup = text(shown, ".hz-popup")
    grouped = f"{area:,.0f}".replace(",", "\u202f")
    assert f"{grouped} m² = {area / 1e6:.3f} km² = {area / 2_589_988.110336:.3f} mi²" in popup
    assert record["register"] in popup
    assert str(record["date_of_information"]) in popup
    inside = """
      const [p, m] = ['.leaflet-popup', '.hz-map'].map(s => document.querySelector(s).getBoundingClientRect());
      return p.left >= m.left && p.right <= m.right && p.top >= m.top && p.bottom <= m.bottom"""
    wait_for(shown, inside)


def test_clicking_an_area_opens_its_popup(browser: Any, tmp_path: Path) -> None:
    show(browser, hz.hazard_map(fictional_hazards(1)), tmp_path / "one.html")
    from selenium.webdriver import ActionChains

    ActionChains(browser).move_to_element(browser.find_element("css selector", ".hz-area")).click().perform()
    assert "H-0000" in text(browser, ".hz-popup")


def test_the_filter_narrows_the_table_and_leaves_the_map_whole(shown: Any) -> None:
    field = shown.find_element("id", "hz-filter")
    field.send_keys("h-0003")
    assert rows(shown) == ["H-0003", "R-0003"]  # the release names its hazard
    assert "Records: 2 of 260" in text(shown, ".hz-found")
    assert drawn(shown) == 260
    field.clear()
    field.send_keys("cleared")
    assert len(rows(shown)) == 20


def test_a_layer_that_is_switched_off_is_named(shown: Any) -> None:
    hazards = fictional_hazards()
    confirmed = (
        (hazards["classification"] == "CHA") & hazards["work_status"].isin(["open", "worked_on", "suspended"])
    ).sum()
    box = shown.find_element("css selector", "#hz-legend input")
    box.click()
    assert drawn(shown) == 260 - confirmed
    assert "Switched off on this map: Confirmed hazardous area (CHA)" in text(shown, "#hz-hidden-note")
    assert f"({confirmed} of 260 records)" in text(shown, "#hz-hidden-note")
    box.click()
    assert drawn(shown) == 260
    assert text(shown, "#hz-hidden-note") == ""


def test_a_row_of_a_switched_off_layer_switches_it_on(shown: Any) -> None:
    open_confirmed = fictional_hazards().query("classification == 'CHA' and work_status == 'open'").index[0]
    shown.find_element("css selector", "#hz-legend input").click()
    next(b for b in shown.find_elements("css selector", "#hz-records tbody button") if b.text == open_confirmed).click()
    assert shown.find_element("css selector", "#hz-legend input").is_selected()
    assert open_confirmed in text(shown, ".hz-popup")


def test_versions_of_the_border_can_be_laid_over_each_other(shown: Any) -> None:
    before = count(shown, ".hz-border")
    boxes = shown.find_elements("css selector", "#hz-legend input")
    assert [box.is_selected() for box in boxes[-2:]] == [True, False]
    boxes[-1].click()
    assert count(shown, ".hz-border") > before


def test_the_band_of_the_border_is_as_wide_as_its_offset(shown: Any) -> None:
    """Twice 300 m; a pixel at zoom z is 40 075 016.686 · cos(lat) / 256 / 2^z m, at the line's highest latitude."""
    import math

    set_view(shown, 45.05, 16.3, 14)
    widths = shown.execute_script(
        "return [...document.querySelectorAll('.hz-band')].map(b => +b.getAttribute('stroke-width'))"
    )
    pixel = 40_075_016.686 * math.cos(math.radians(45.24)) / 256 / 2**14
    assert min(widths) == pytest.approx(600 / pixel, rel=0.01)
    set_view(shown, 45.05, 16.3, 7.5)
    assert count(shown, ".hz-band") == 0


@pytest.mark.parametrize("framed", [False, True])
def test_hostile_text_is_shown_and_never_runs(browser: Any, tmp_path: Path, framed: bool) -> None:
    hazards = fictional_hazards(1).assign(register=HOSTILE, country=HOSTILE, note=HOSTILE)
    hazards.index = [HOSTILE]
    border = fictional_border(source=HOSTILE)
    said = {"title": HOSTILE, "subtitle": HOSTILE, "disclaimer": HOSTILE, "findings": fictional_findings(HOSTILE)}
    made = hz.hazard_map(hazards, border=border, columns=["note"], **said)
    path = tmp_path / "map.html"
    if framed:
        path.write_text(f"<!DOCTYPE html><meta charset='utf-8'><title>n</title>{made._repr_html_()}", "utf-8")
        forget(browser)
        browser.get(path.as_uri())
        browser.switch_to.frame(0)
    else:
        show(browser, made, path)
    from selenium.common.exceptions import NoAlertPresentException

    browser.find_element("css selector", "#hz-records tbody button").click()
    parts = ("h1", ".hz-header p", "#hz-records tbody button", "#hz-records td:nth-of-type(3)")
    for selector in (*parts, ".hz-popup h3", ".hz-popup dl", "#hz-legend", ".hz-footer"):
        assert HOSTILE in text(browser, selector), selector
    for kind in fictional_findings():
        assert HOSTILE in text(browser, f".hz-list-{kind}"), kind
    assert framed or browser.title == HOSTILE
    assert count(browser, "img") == 0
    with pytest.raises(NoAlertPresentException):
        _ = browser.switch_to.alert
    assert complaints(browser) == []
    browser.switch_to.default_content()


def test_findings_are_drawn_listed_and_found_by_mouse_and_key(browser: Any, tmp_path: Path) -> None:
    made = hz.hazard_map(fictional_hazards(20), border=fictional_border(), findings=fictional_findings())
    show(browser, made, tmp_path / "findings.html")
    # Conflicts are shown at once, a sign beside the ground where the scale makes it a speck; the others wait.
    assert count(browser, ".hz-sign") == 1
    assert count(browser, "path.hz-finding") == 0
    set_view(browser, 44.9, 15.8, 13)
    assert count(browser, "path.hz-finding-conflicts") == 1
    assert count(browser, "path.hz-finding") == 1
    boxes = browser.find_elements("css selector", ".hz-kinds input")
    for box in boxes[1:]:
        box.click()
    assert count(browser, "path.hz-finding") == 5
    # A row of a list that is closed and switched off: opened by key, it switches its layer on and tells what was seen.
    boxes[2].click()
    assert count(browser, "path.hz-finding-continuations") == 0
    summary = browser.find_element("css selector", ".hz-list-continuations summary")
    summary.send_keys("\n")
    row = browser.find_element("css selector", ".hz-list-continuations button")
    row.send_keys("\n")
    assert count(browser, "path.hz-finding-continuations") == 1
    assert boxes[2].is_selected()
    assert "H-0001 ends here." in text(browser, ".hz-popup")
    assert complaints(browser) == []


def test_no_sign_and_no_stroke_of_a_finding_hides_a_confirmed_area(browser: Any, tmp_path: Path) -> None:
    made = hz.hazard_map(fictional_hazards(20), findings=fictional_findings())
    show(browser, made, tmp_path / "findings.html")
    levels = panes(browser)
    lowest = min(z for name, z in levels.items() if name.startswith(("areas-", "symbols-")))
    assert levels["signs-conflicts-pane"] < lowest
    set_view(browser, 44.9, 15.8, 13)
    fills = browser.execute_script(
        "return [...document.querySelectorAll('path.hz-finding')].map(p => getComputedStyle(p).fill)"
    )
    assert fills
    assert set(fills) == {"none"}


def test_signs_that_would_lie_on_each_other_are_one_with_their_number(browser: Any, tmp_path: Path) -> None:
    one = fictional_findings()["conflicts"]
    beside = one.assign(geometry=one.geometry.translate(xoff=0.001))
    sliver = one.assign(sliver=True)
    many = pd.concat([one, beside, sliver], ignore_index=True)
    show(browser, hz.hazard_map(fictional_hazards(5), findings={"conflicts": many}), tmp_path / "many.html")
    set_view(browser, 44.9, 15.8, 7)
    assert text(browser, ".hz-sign") == "! 2"  # the sliver is listed, and has no sign
    assert count(browser, ".hz-list-conflicts li") == 3


def test_the_map_works_in_a_frame_of_a_notebook(browser: Any, tmp_path: Path) -> None:
    made = hz.hazard_map(fictional_hazards(50), border=fictional_border())
    path = tmp_path / "notebook.html"
    path.write_text(f"<!DOCTYPE html><meta charset='utf-8'><title>n</title>{made._repr_html_()}", "utf-8")
    forget(browser)
    browser.get(path.as_uri())
    browser.switch_to.frame(0)
    assert count(browser, ".hz-area") + count(browser, ".hz-symbol") == 50
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert complaints(browser) == []
    browser.switch_to.default_content()


def test_layers_of_folium_are_drawn(browser: Any, tmp_path: Path) -> None:
    made = hz.hazard_map(fictional_hazards(5))
    folium.Marker([45.1, 17], popup="a <b>popup</b> of folium", tooltip="tip").add_to(made)
    folium.PolyLine([[45, 16], [45.1, 18]], color="#123456").add_to(made)
    layer = folium.GeoJson(gpd.GeoDataFrame(geometry=[shapely.box(16, 44, 17, 45)], crs=4326), name="more")
    layer.add_to(made)
    folium.LayerControl().add_to(made)
    made.keep_in_front(layer)
    show(browser, made, tmp_path / "map.html")
    assert count(browser, "path[stroke='#123456']") == 1
    assert count(browser, ".leaflet-marker-icon[src^='data:']") == 1
    browser.execute_script("document.querySelector(\".leaflet-marker-icon[src^='data:']\").click()")
    assert "a popup of folium" in text(browser, ".leaflet-popup-content")
    assert complaints(browser) == []
    assert text(browser, "#hz-fault") == ""


def test_what_the_policy_stops_is_said_aloud(browser: Any, tmp_path: Path) -> None:
    """A request that is written so that Python cannot see it."""
    made = hz.hazard_map(fictional_hazards(1))
    sly = folium.MacroElement()
    sly._template = folium.template.Template(
        "{% macro script(this, kwargs) %}"
        "new Image().src = ['https:', '', 'example.org', 'a.png'].join('/');"
        "{% endmacro %}"
    )
    made.add_child(sly)
    show(browser, made, tmp_path / "map.html")
    wait_for(browser, "return document.getElementById('hz-fault').textContent.includes('example.org')")
    assert any("'blockedReason': 'csp'" in said for said in complaints(browser))


def test_a_narrow_screen_needs_no_sideways_scrolling(shown: Any) -> None:
    set_size(shown, 360, 740)
    shown.refresh()
    assert shown.execute_script("return document.documentElement.scrollWidth") <= 360
    tops = shown.execute_script(
        "return ['.hz-map', '.hz-panel', '.hz-footer'].map(s => document.querySelector(s).getBoundingClientRect().top)"
    )
    assert tops == sorted(tops)
    assert drawn(shown) == 260


def test_a_row_on_a_narrow_screen_brings_the_map_into_view(shown: Any) -> None:
    set_size(shown, 360, 740)
    shown.refresh()
    shown.execute_script("document.querySelectorAll('#hz-records tbody button')[60].click()")
    inside = """
      const [p, b, m] = ['.leaflet-popup-content-wrapper', '.leaflet-control-zoom', '.hz-map']
        .map(s => document.querySelector(s).getBoundingClientRect());
      return p.left >= b.right && p.right <= m.right && m.top >= 0 && m.top < innerHeight"""
    wait_for(shown, inside)  # Leaflet pans the popup into view within a quarter of a second


def test_the_printed_legend_names_only_what_is_drawn(shown: Any) -> None:
    visible = (
        "return [...document.querySelectorAll('#hz-legend li')].filter(e => e.offsetParent).map(e => e.textContent)"
    )
    shown.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    words = " ".join(shown.execute_script(visible))
    assert "A made-up line" in words
    assert "Another line" not in words


def test_paper_shows_what_the_screen_showed_and_says_where_it_comes_from(shown: Any) -> None:
    bounds = "const b = window[document.querySelector('.hz-map').id].getBounds();"
    bounds += "return [b.getSouth(), b.getWest(), b.getNorth(), b.getEast()]"
    set_view(shown, 45.1, 17, 11)
    south, west, north, east = shown.execute_script(bounds)
    shown.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    printed = shown.execute_script(bounds)
    assert printed[0] <= south + 1e-4
    assert printed[1] <= west + 1e-4
    assert printed[2] >= north - 1e-4
    assert printed[3] >= east - 1e-4
    assert (printed[2] - printed[0]) * (printed[3] - printed[1]) < 1.3 * (north - south) * (east - west)
    assert shown.execute_script("return document.getElementById('hz-details').open")
    first_page = "return ['.hz-header', '.hz-map', '.hz-footer'].map(s => document.querySelector(s)"
    first_page += ".getBoundingClientRect().bottom - document.querySelector('.hz-page').getBoundingClientRect().top)"
    heights = shown.execute_script(first_page)
    assert heights == sorted(heights)
    assert heights[-1] <= 192 * 96 / 25.4, "the footer must not spill onto the next page"
    shown.execute_script("window.dispatchEvent(new Event('afterprint'))")
    assert not shown.execute_script("return document.getElementById('hz-details').open")


def test_a_long_table_is_printed_in_part_and_says_so(browser: Any, tmp_path: Path) -> None:
    show(browser, hz.hazard_map(fictional_hazards(1100)), tmp_path / "many.html")
    browser.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    said = text(browser, "#hz-rest")
    assert said == "Printed here: the first 1000 of 1100 records. 100 more are in the file, which holds all 1100."
    assert len(rows(browser)) == 1000
    browser.execute_script("window.dispatchEvent(new Event('afterprint'))")
    assert len(rows(browser)) == 200


def test_the_footer_leaves_the_room_to_the_map(shown: Any) -> None:
    set_size(shown, 1000, 600)
    shown.refresh()
    assert shown.execute_script("return document.querySelector('.hz-footer').getBoundingClientRect().height") <= 70
    seen = shown.find_element("css selector", ".hz-footer").text
    assert "not thereby known to be safe" in seen
    assert "official endorsement" in seen
    assert "© A made-up line" in seen
    assert "geodesic" not in seen
    shown.find_element("css selector", ".hz-footer summary").click()
    assert "geodesic" in shown.find_element("css selector", ".hz-footer").text
    wait_for(shown, "return document.querySelector('.hz-footer').getBoundingClientRect().bottom <= innerHeight")


def test_the_buttons_of_the_map_say_what_they_do(shown: Any) -> None:
    buttons = shown.find_elements("css selector", ".hz-tools button")
    assert [button.text for button in buttons] == ["Show all", "Measure", "Full screen", "Print"]
    for button in buttons:
        assert button.get_attribute("aria-label").startswith(button.text)
        assert button.get_attribute("title")
    state = "return window[document.querySelector('.hz-map').id].getZoom()"
    before = shown.execute_script(state)
    set_view(shown, 45.1, 17, 14)
    buttons[0].click()
    assert shown.execute_script(state) == before


def test_a_click_on_a_heading_sorts_each_group(shown: Any) -> None:
    """And leaves open, closed and released apart, with every record in place."""
    heads = {head.text: head for head in shown.find_elements("css selector", "#hz-records thead th")}
    assert list(heads) == ["Id", "Class", "Status", "Register", "km²"]
    is_open = fictional_hazards()["work_status"].isin(["open", "worked_on", "suspended"])
    hazards = fictional_hazards()[is_open]
    areas = hz.area_m2(hazards)
    count_open = len(hazards)
    heads["km²"].find_element("css selector", "button").click()
    assert heads["km²"].get_attribute("aria-sort") == "ascending"
    assert rows(shown)[:count_open] == areas.sort_values().index.tolist()
    heads["km²"].find_element("css selector", "button").click()
    assert heads["km²"].get_attribute("aria-sort") == "descending"
    assert rows(shown)[:count_open] == areas.sort_values(ascending=False).index.tolist()
    heads["Class"].find_element("css selector", "button").click()
    assert heads["km²"].get_attribute("aria-sort") is None
    classes = hazards.loc[rows(shown)[:count_open], "classification"].tolist()
    assert classes == sorted(classes, key=["CHA", "SHA", "unstated"].index)
    heads["Id"].find_element("css selector", "button").click()
    assert rows(shown)[:count_open] == hazards.index.tolist()
    assert len(rows(shown)) == 200
    next(b for b in shown.find_elements("css selector", ".hz-pager button") if b.text == "Next").click()
    assert len(rows(shown)) == 60
    assert count(shown, "#hz-records .hz-group") == 1


def test_an_id_stands_without_its_register_where_that_has_its_column(browser: Any, tmp_path: Path) -> None:
    hazards = fictional_hazards(2).assign(relation=["crossing", "near"])
    hazards.index = [f"{register}/H {i}" for i, register in enumerate(hazards["register"])]
    show(browser, hz.hazard_map(hazards, columns=("relation",)), tmp_path / "map.html")
    assert sorted(rows(browser)) == ["H 0", "H 1"]
    button = next(b for b in browser.find_elements("css selector", "#hz-records tbody button") if b.text == "H 0")
    assert button.get_attribute("aria-label") == button.get_attribute("title") == "BIH-FICTIONAL/H 0"
    button.click()
    assert text(browser, ".hz-popup h3") == "BIH-FICTIONAL/H 0"
    assert "Relation to the borderCrossing" in text(browser, ".hz-popup dl")
    browser.find_element("id", "hz-filter").send_keys("crossing")
    assert rows(browser) == ["H 0"]


def test_every_control_can_be_reached_and_named(shown: Any) -> None:
    unnamed = shown.execute_script("""
      const named = e => e.textContent.trim() || e.ariaLabel || e.title || e.labels?.[0]?.textContent.trim();
      return [...document.querySelectorAll('button, input, a[href], [tabindex="0"]')]
        .filter(e => e.offsetParent && !named(e)).map(e => e.outerHTML)""")
    assert unnamed == []
    assert count(shown, "path[tabindex]") == 0
    assert count(shown, "th:not([scope])") == 0
    assert shown.execute_script("return document.documentElement.lang") == "en"


def test_names_of_countries_and_places_cover_no_symbol(shown: Any) -> None:
    overlaps = shown.execute_script("""
      const boxes = s => [...document.querySelectorAll(s)].map(e => e.getBoundingClientRect());
      const names = boxes('.hz-country span, .hz-place span');
      const hit = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      return [names.length, names.filter(n => boxes('.hz-symbol').some(s => hit(n, s))).length]""")
    assert overlaps[0] >= 3
    assert overlaps[1] == 0


def test_printing_leaves_the_screen_as_it_was(shown: Any) -> None:
    import base64

    state = (
        "const m = window[document.querySelector('.hz-map').id]; return [m.getZoom(), m.getCenter().lat, m.getSize().x]"
    )
    before = shown.execute_script(state)
    for _ in range(2):
        pdf = shown.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
        assert base64.b64decode(pdf).startswith(b"%PDF")
    assert shown.execute_script(state) == pytest.approx(before, abs=1e-6)
    assert shown.execute_script("return document.getElementById('hz-records').parentElement.id") == "hz-panel"
    assert complaints(shown) == []


def test_nothing_is_still_a_page(browser: Any, tmp_path: Path) -> None:
    show(browser, hz.hazard_map(fictional_hazards(3).iloc[:0]), tmp_path / "empty.html")
    assert "That does not mean that there is none." in text(browser, "#hz-legend")
    assert complaints(browser) == []


def test_data_beyond_the_base_are_drawn_all_the_same(browser: Any, tmp_path: Path) -> None:
    hazards = fictional_hazards(3)
    hazards = hazards.set_geometry(hazards.translate(-80, -60))
    show(browser, hz.hazard_map(hazards), tmp_path / "far.html")
    assert count(browser, ".hz-area") + count(browser, ".hz-symbol") == 3
    assert count(browser, ".hz-land") == 0
    assert count(browser, ".hz-degrees") > 2
    assert complaints(browser) == []
