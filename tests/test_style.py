"""One table of how things are drawn: whether its rows stay apart for every eye, and whether every renderer takes them."""

from __future__ import annotations

import itertools
import re
import sqlite3
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from by_hand import hazards_of

import hazardgeo as hz
from hazardgeo import maps, style
from hazardgeo import vocabulary as voc
from hazardgeo.accounting._tables import _draw
from hazardgeo.errors import FormatError
from hazardgeo.registers import _qgis_style
from hazardgeo.sources import Grade, Source
from hazardgeo.style import AREA_STYLES, BORDER_STYLES, LEGEND_ORDER, PALETTE, area_style, hazard_style

SQUARE = shapely.box(16, 45, 16.01, 45.01)

MACHADO = Source(
    "Machado, Oliveira and Fernandes (2009), A Physiologically-based Model for Simulation of Color Vision Deficiency, IEEE "
    "TVCG 15(6), severity 1.0; the numbers as several public programs carry them",
    Grade.SECONDARY,
)
# On linear RGB. Rows sum to 1, so that a grey stays as it is: a check of the copy, made below.
EYES = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    # Luminance alone (WCAG 2.2, relative luminance): what achromatopsia and a grey print leave.
    "achromatopsia": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}


def linear(colour: str) -> np.ndarray:
    levels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def seen(colour: np.ndarray, eye: str) -> float:
    """Relative luminance (WCAG 2.2) of a linear colour as an eye sees it."""
    return float(np.clip(EYES[eye] @ colour, 0, 1) @ [0.2126, 0.7152, 0.0722])


def contrast(one: np.ndarray, other: np.ndarray, eye: str = "usual") -> float:
    dark, light = sorted((seen(one, eye), seen(other, eye)))
    return (light + 0.05) / (dark + 0.05)


def on_land(row: style.AreaStyle) -> np.ndarray:
    """The fill as it is seen: drawn over the land, as screens do it, on the levels of sRGB."""
    levels = [
        round(
            int(row.fill[i : i + 2], 16) * row.fill_opacity + int(PALETTE.land[i : i + 2], 16) * (1 - row.fill_opacity)
        )
        for i in (1, 3, 5)
    ]
    return linear("#" + "".join(f"{level:02x}" for level in levels))


def test_the_simulation_of_eyes_leaves_grey_as_it_is():
    for matrix in EYES.values():
        assert matrix.sum(axis=1) == pytest.approx([1, 1, 1], abs=2e-6)
    assert MACHADO.grade is Grade.SECONDARY


def test_every_pair_of_classes_differs_in_hatch_and_in_symbol():
    """So that no eye, and no grey print, has to rely on colour; the sides of a border differ in their dashes likewise."""
    for one, other in itertools.combinations(AREA_STYLES, 2):
        assert one.hatch != other.hatch, (one.key, other.key)
        assert one.symbol != other.symbol, (one.key, other.key)
        assert (one.dash, one.outline_width) != (other.dash, other.outline_width), (one.key, other.key)
    settled = {"agreed", "delimited", "demarcated"}
    dashes = {row.dash for row in BORDER_STYLES if row.key in settled}
    assert dashes == {""}
    rest = [row.dash for row in BORDER_STYLES if row.key not in settled]
    assert len(set(rest) | dashes) == len(rest) + 1


@pytest.mark.parametrize("eye", EYES)
def test_outlines_and_hatches_are_seen_by_every_eye(eye):
    """WCAG 2.2, 1.4.11: 3:1 between what is drawn and what it is drawn on: outline on land, hatch on its own fill."""
    land = linear(PALETTE.land)
    for row in AREA_STYLES:
        assert contrast(linear(row.outline), land, eye) >= 3, row.key
        assert contrast(linear(row.outline), on_land(row), eye) >= 3, row.key
    for colour in PALETTE.borders:
        assert contrast(linear(colour), land, eye) >= 3
        assert contrast(linear(colour), linear(PALETTE.sea), eye) >= 3


@pytest.mark.parametrize("eye", EYES)
def test_text_is_read_by_every_eye(eye):
    """WCAG 2.2, 1.4.3: 4.5:1."""
    for ground in (PALETTE.land, PALETTE.sea, "#FFFFFF"):
        assert contrast(linear(PALETTE.names), linear(ground), eye) >= 4.5


def test_each_row_says_where_it_comes_from():
    for row in AREA_STYLES:
        assert row.fill_source.grade in Grade
        assert row.form_source.grade in Grade
    assert all(row.source.grade in Grade for row in (*BORDER_STYLES, *style.FINDING_STYLES, PALETTE))


# Renderers. Each must take the table's own values.


def styles_of(file: Path) -> dict[str, ElementTree.Element]:
    """The style of each layer, as SQLite itself reads it; QGIS 3.22 was seen to load and draw the same text."""
    with sqlite3.connect(file) as database:
        rows = database.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault").fetchall()
        listed = database.execute("SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'").fetchall()
    assert listed == [("attributes",)]
    return {name: ElementTree.fromstring(text) for name, text in rows}  # noqa: S314  (our own file)


def properties(layer: ElementTree.Element) -> dict[str, str]:
    return {each.get("k"): each.get("v") for each in layer.findall("prop")}


def test_qgis_draws_hazards_as_the_table_says(tmp_path):
    root = styles_of(hz.write(hazards_of(SQUARE), tmp_path / "x.gpkg", qgis_style=True))["x"]
    rules = [rule for rule in root.iter("rule") if not rule.get("scalemindenom")]
    assert [rule.get("label") for rule in rules] == [area_style(key).label for key in LEGEND_ORDER[:4]]
    symbols = {symbol.get("name"): symbol for symbol in root.find("renderer-v2/symbols")}
    for rule in rules:
        row = next(each for each in AREA_STYLES if each.label == rule.get("label"))
        layers = {layer.get("class"): layer for layer in symbols[rule.get("symbol")].findall("layer")}
        red, green, blue = (int(row.fill[i : i + 2], 16) for i in (1, 3, 5))
        assert properties(layers["SimpleFill"])["color"] == f"{red},{green},{blue},{round(255 * row.fill_opacity)}"
        assert ("customdash" in properties(layers["SimpleLine"])) == bool(row.dash)
        assert ("LinePatternFill" in layers) == (row.hatch != "none")
    passes = {
        rule.get("label"): int(symbols[rule.get("symbol")].find("layer").get("pass")) for rule in root.iter("rule")
    }
    assert max(passes, key=passes.get).startswith(area_style("CHA").label)


def test_qgis_leaves_no_hazard_undrawn_and_takes_none_for_another(tmp_path):
    """Every pair of words, and cells that are empty or unknown: SQLite asks the rules' own conditions; ELSE is what is left.

    `hazard_style` is the oracle; a class that is not known is drawn as one that is not stated.
    """
    root = styles_of(hz.write(hazards_of(SQUARE), tmp_path / "x.gpkg", qgis_style=True))["x"]
    rules = {rule.get("label"): rule.get("filter") for rule in root.iter("rule") if not rule.get("scalemindenom")}
    asked = {label: text for label, text in rules.items() if text != "ELSE"}
    database = sqlite3.connect(":memory:")
    for word, status in itertools.product((*voc.CLASSIFICATION.words, None, "?"), (*voc.WORK_STATUS.words, None)):
        row = "SELECT ? AS classification, ? AS work_status"
        met = [
            label
            for label, text in asked.items()
            if database.execute(f"SELECT count(*) FROM ({row}) WHERE {text}", (word, status)).fetchone()[0]  # noqa: S608
        ] or [next(label for label, text in rules.items() if text == "ELSE")]
        known = word if word in voc.CLASSIFICATION.words else "unstated"
        assert met == [hazard_style(known, status or "unstated").label], (word, status)
    database.close()


def test_qgis_draws_releases_and_border_lines_too_and_leaves_other_layers_alone(tmp_path):
    released = gpd.GeoDataFrame(
        {"hazard_id": ["h"], "register": ["A"], "country": ["HRV"], "kind": ["cleared"]},
        geometry=[SQUARE], crs="EPSG:4326", index=pd.Index(["r"], name="release_id"),
    )  # fmt: skip
    root = styles_of(hz.write(released, tmp_path / "r.gpkg", qgis_style=True))["r"]
    assert [rule.get("label") for rule in root.iter("rule")][::2] == ["Cleared", "Reduced", "Cancelled"]
    border = styles_of(hz.borders.write(hz.borders.load("HRV", "BIH"), tmp_path / "b.gpkg"))
    assert set(border) == {"lines"}
    assert {rule.get("label") for rule in border["lines"].iter("rule")} == {row.label for row in BORDER_STYLES}
    plain = gpd.GeoDataFrame({"what": [1]}, geometry=[SQUARE], crs="EPSG:4326", index=pd.Index(["a"], name="id"))
    for frame, name in ((plain, "p"), (hazards_of(SQUARE), "layer_styles")):
        hz.write(frame, tmp_path / f"{name}.gpkg", qgis_style=True)
        with sqlite3.connect(tmp_path / f"{name}.gpkg") as database:
            assert not database.execute("SELECT 1 FROM gpkg_contents WHERE data_type = 'attributes'").fetchall()


def test_every_hatch_and_symbol_of_the_table_has_its_form_in_every_renderer():
    hatches, symbols = {row.hatch for row in AREA_STYLES}, {row.symbol for row in AREA_STYLES}
    page = (Path(maps.__file__).parent / "areas.js").read_text("utf-8")
    for name in hatches | symbols:
        assert re.search(rf'^  "?{name}"?: \(', page, re.MULTILINE), name
    hollow = {row.symbol for row in AREA_STYLES if row.is_hollow}
    assert set(re.findall(r'"([\w-]+)"', re.search(r"HOLLOW = new Set\((.*?)\)", page)[1])) == hollow
    assert hatches == set(_draw._HATCH) == set(_qgis_style._ANGLES)
    assert symbols == set(_qgis_style._MARKERS)


def test_kml_takes_its_colours_from_the_table(tmp_path):
    hz.export(hazards_of(SQUARE), tmp_path / "x.kml")
    root = ElementTree.parse(tmp_path / "x.kml").getroot()  # noqa: S314  (our own file)
    space = {"k": "http://www.opengis.net/kml/2.2"}
    for row in AREA_STYLES:
        made = root.find(f".//k:Style[@id='{row.key}']", space)
        fill = made.find("k:PolyStyle/k:color", space).text
        assert fill == f"{round(255 * row.fill_opacity):02x}{row.fill[5:7]}{row.fill[3:5]}{row.fill[1:3]}".lower()
        assert float(made.find("k:LineStyle/k:width", space).text) == row.outline_width


def test_a_style_that_a_format_cannot_carry_is_refused_and_none_is_added_unasked(tmp_path):
    with pytest.raises(FormatError, match="only a GeoPackage carries a style"):
        hz.write(hazards_of(SQUARE), tmp_path / "x.geojson", qgis_style=True)
    assert not list(tmp_path.iterdir())
    assert len(gpd.list_layers(hz.write(hazards_of(SQUARE), tmp_path / "x.gpkg"))) == 1


def test_equal_frames_give_equal_geopackages(tmp_path):
    written = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        written.append(hz.write(hazards_of(SQUARE), folder / "x.gpkg", qgis_style=True).read_bytes())
    assert written[0] == written[1]
