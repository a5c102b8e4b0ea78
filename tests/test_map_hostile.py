"""Hostile text through every door of the page: nothing fires, saving never fails, and each is shown as it stands."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import pandas as pd
import pytest
from browser import (
    complaints,
    count,
    fictional_border,
    fictional_findings,
    fictional_hazards,
    fictional_releases,
    forget,
    set_size,
    show,
    text,
)
from test_map_overlays import write

import hazardgeo as hz

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.browser

HOSTILE = {
    "html": "<img src=x onerror=\"window.fired='html'\"><svg onload=\"window.fired='svg'\">",
    "script": "</script><script>window.fired='script'</script><!-- <script>",
    "javascript": "';window.fired='js';//\"+(window.fired='js')+\"",
    "template": "{{ 7*7 }}{% raw %}{# {% 5",
    "literal": "`${window.fired='literal'}`",
    "backslash": "C:\\path\\2019\\u0041 \\",
    "style": '</style>"; } * { display: none } /*',
    "right to left": "abc\u202egnp.exe\u2066",
    "nothing": "a\0b",
    "lines": "one\u2028two\u2029three",
}


def everywhere(said: str, folder: Path) -> Any:
    """A page on which `said` stands in every column, name, title and label that a user can fill."""
    own = pd.Series([said], dtype=object).iloc[0]
    hazards = fictional_hazards(2)
    columns = ("register", "country", "confidentiality", "datum_operation", "remarks", "relation", said)
    hazards = hazards.assign(
        **{name: pd.Series([own, f"{own}2"], index=hazards.index, dtype=object) for name in columns}
    )
    hazards.index = pd.Index([own, f"{own}2"], dtype=object)
    releases = fictional_releases(1)
    marked = {
        name: pd.Series([own], index=releases.index, dtype=object) for name in ("hazard_id", "register", "country")
    }
    releases = releases.assign(**marked)
    releases.index = pd.Index([own], dtype=object)
    border = fictional_border(source=said)
    countries = border.countries.assign(name=pd.Series([own] * 2, index=border.countries.index, dtype=object))
    border = dataclasses.replace(border, countries=countries, version=said, licence=said, attribution=said)
    sides = pd.DataFrame({"hazard_id": pd.Series([own], dtype=object), "side": pd.Series([own], dtype=object)})
    sides = sides.assign(area_low_m2=0.0, area_m2=1.0, area_high_m2=2.0)
    name = "".join(sign for sign in said if sign not in '/\0"<>|*?\\:')[:40]
    raster = write(folder / f"{name}.tif", np.arange(100, dtype=np.uint8).reshape(1, 10, 10))
    return hz.hazard_map(
        hazards,
        releases=releases,
        border=border,
        sides=sides,
        findings=fictional_findings(said),
        columns=["remarks", said],
        raster=raster,
        online=("https://example.org/{z}/{x}/{y}.png", said),
        **dict.fromkeys(("title", "subtitle", "notice", "disclaimer"), said),
    )


@pytest.mark.parametrize(
    ("kind", "framed"), [*((kind, False) for kind in HOSTILE), ("html", True), ("template", True), ("nothing", True)]
)
def test_nothing_fires_and_each_is_shown_as_it_stands(driver: Any, tmp_path: Path, kind: str, framed: bool) -> None:
    said = HOSTILE[kind]
    set_size(driver, 1400, 900)
    made = everywhere(said, tmp_path)
    path = tmp_path / "map.html"
    if framed:
        page = f"<!DOCTYPE html><meta charset='utf-8'><title>n</title>{made._repr_html_()}"
        path.write_text(page.replace("\0", "\ufffd"), "utf-8")
        forget(driver)
        driver.get(path.as_uri())
        driver.switch_to.frame(0)
    else:
        show(driver, made, path)
    driver.execute_script(
        "for (const box of document.querySelectorAll('#hz-legend input')) { box.click(); box.click(); }"
    )
    driver.find_element("css selector", "#hz-records tbody button").click()
    plain = said.strip()
    in_page = plain.replace("\0", "\ufffd")  # what HTML and UTF-8 cannot hold
    places = ["#hz-records tbody button", ".hz-popup h3", ".hz-popup dl", "#hz-legend", ".hz-axis", ".hz-tools select"]
    for selector in places:
        assert plain in text(driver, selector), selector
    for selector in ("h1", ".hz-header", ".hz-confidential", ".hz-notice", ".hz-footer", "#hz-details"):
        assert in_page in text(driver, selector), selector
    for finding in fictional_findings():
        assert plain in text(driver, f".hz-list-{finding}"), finding
    assert driver.execute_script("return window.fired") is None
    assert count(driver, "script") == 3
    assert count(driver, "body img:not(.leaflet-image-layer, .leaflet-tile)") == 0
    assert driver.find_element("css selector", "h1").is_displayed()
    asked = [one for one in complaints(driver) if "example.org" not in one and "ERR_NAME_NOT_RESOLVED" not in one]
    assert asked == []
    driver.switch_to.default_content()


@pytest.mark.parametrize("kind", HOSTILE)
def test_literal_text_is_shown_by_the_layers_of_folium(driver: Any, tmp_path: Path, kind: str) -> None:
    """As popup, tooltip, icon, and name of a layer, each of which folium reads in its own way."""
    said = HOSTILE[kind]
    made = hz.hazard_map(fictional_hazards(3))
    layer = folium.FeatureGroup(name=hz.literal(said)).add_to(made)
    told = {"popup": hz.literal(said), "tooltip": hz.literal(said)}
    folium.Marker([45.1, 17], icon=folium.DivIcon(html=hz.literal(said), class_name="told"), **told).add_to(layer)
    folium.LayerControl(collapsed=False).add_to(made)
    set_size(driver, 1400, 900)
    show(driver, made, tmp_path / "map.html")
    driver.execute_script("document.querySelector('.told').click()")
    plain = " ".join(said.replace("\0", "\ufffd").split())
    for selector in (".told", ".leaflet-popup-content", ".leaflet-control-layers-overlays"):
        assert plain in " ".join(text(driver, selector).split()), selector
    driver.execute_script(
        "document.querySelector('.told').dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))"
    )
    assert plain in " ".join(text(driver, ".leaflet-tooltip").split())
    assert driver.execute_script("return window.fired") is None
    assert complaints(driver) == []
