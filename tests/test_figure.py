"""Hazards on one sheet of paper: every record on it, in its place, true to scale, and no text that runs."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from browser import complaints, fictional_border, fictional_hazards, fictional_releases, forget
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo import vocabulary as voc
from hazardgeo.errors import FormatError, MapError, SchemaError, StorageError
from hazardgeo.maps import _figure_borders as borders_on
from hazardgeo.maps._figure import SIZES
from hazardgeo.maps._figure_areas import AREAS_FROM, SHAPES, SMALLEST_POLYGON_MM, draw_areas
from hazardgeo.maps._figure_canvas import HazardFigure, paper_axes
from hazardgeo.maps._figure_frame import Frame, frame_around, graticule, scale_bars
from hazardgeo.maps._figure_text import literal, width_mm, wrapped
from hazardgeo.maps._records import hazard_layer
from hazardgeo.measure import print_large_area
from hazardgeo.overlay._planes import LocalPlane
from hazardgeo.style import AREA_STYLES, area_style, hazard_style

if TYPE_CHECKING:
    pass

GEOD = pyproj.Geod(ellps="WGS84")
HOSTILE = "$x^2$ \\frac{1}{2} <script>alert(1)</script> & {{ 7*7 }} % \x00\x07 \u202egnp.exe \U0001f4a3"


def hazards_at(*shapes: Any, words: tuple[str, str] = ("CHA", "open"), **columns: Any) -> gpd.GeoDataFrame:
    filled = {"register": "A", "country": "HRV", "classification": words[0], "work_status": words[1], **columns}
    names = pd.Index([f"h{i}" for i in range(len(shapes))], name="hazard_id")
    return gpd.GeoDataFrame(filled, geometry=list(shapes), index=names, crs="EPSG:4326")


def releases_at(*shapes: Any, kind: str = "cleared") -> gpd.GeoDataFrame:
    filled = {"hazard_id": "h0", "register": "A", "country": "HRV", "kind": kind}
    names = pd.Index([f"r{i}" for i in range(len(shapes))], name="release_id")
    return gpd.GeoDataFrame(filled, geometry=list(shapes), index=names, crs="EPSG:4326")


def square(lon: float = 16.0, lat: float = 45.0, size: float = 0.01) -> shapely.Polygon:
    return shapely.box(lon, lat, lon + size, lat + size)


def written(figure: HazardFigure, form: str) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=form)
    return buffer.getvalue()


def texts(figure: HazardFigure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def artists(figure: HazardFigure) -> dict[str, Any]:
    """Collections of the map itself, by their name."""
    return {
        each.get_gid(): each for axes in figure.axes for each in axes.collections if each.get_zorder() >= AREAS_FROM
    }


@pytest.fixture(scope="module")
def full() -> HazardFigure:
    versions = [fictional_border(), fictional_border(60, "Another line", 0.01)]
    return hz.hazard_figure(
        fictional_hazards(), releases=fictional_releases(), border=versions, notice="3 of 9 are NOT here."
    )


# What it is.


def test_it_is_a_figure_of_matplotlib_on_a_sheet_of_paper(full):
    assert isinstance(full, mpl.figure.Figure)
    assert full.get_size_inches() * 25.4 == pytest.approx(SIZES["A4"])
    larger = hz.hazard_figure(hazards_at(square()), size="A3")
    assert larger.get_size_inches() * 25.4 == pytest.approx([420, 297])


def test_a_sheet_that_there_is_not_and_a_map_of_nothing_are_refused():
    with pytest.raises(MapError, match=r"no sheet 'B7'. Sheets: A4, A3, A2"):
        hz.hazard_figure(hazards_at(square()), size="B7")
    bare = hazards_at(None)
    with pytest.raises(MapError, match="nothing to draw a map of"):
        hz.hazard_figure(bare)
    with pytest.raises(SchemaError):
        hz.hazard_figure(hazards_at(square(), words=("Minefield", "open")))


def test_without_matplotlib_the_command_that_installs_it_is_named(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("hazardgeo.maps._figure_")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(FormatError, match=re.escape('pip install "hazardgeo[plot]"')):
        hz.hazard_figure(hazards_at(square()))


def test_inputs_are_not_changed():
    hazards, releases = fictional_hazards(10), fictional_releases(5)
    before = hazards.copy(deep=True), releases.copy(deep=True)
    hz.hazard_figure(hazards, releases=releases, border=fictional_border())
    pd.testing.assert_frame_equal(hazards, before[0])
    pd.testing.assert_frame_equal(releases, before[1])


# Every record, in its order.


def written_pixels(figure: HazardFigure) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(written(figure, "png"))).convert("RGB")


def pixel_at(pixels: np.ndarray, mm: np.ndarray) -> tuple[int, ...]:
    """Colour of a place on the paper; rows of a picture run downwards."""
    per_mm = pixels.shape[1] / 297
    column, row = (mm * per_mm).astype(int)
    return tuple(pixels[pixels.shape[0] - 1 - row, column].tolist())


def shown(figure: HazardFigure) -> dict[str, int]:
    """How many records of each class are drawn, as polygon or as symbol."""
    found = artists(figure)
    counts = {}
    for style in AREA_STYLES:
        fills, symbols = found.get(f"{style.key}-fills"), found.get(f"{style.key}-symbols")
        counts[style.key] = (len(fills.get_paths()) if fills else 0) + (len(symbols.get_offsets()) if symbols else 0)
    return counts


def test_every_record_is_drawn_once(full):
    hazards, releases = fictional_hazards(), fictional_releases()
    keys = [hazard_style(*words).key for words in zip(hazards["classification"], hazards["work_status"], strict=True)]
    expected = pd.Series([*keys, *releases["kind"]]).value_counts().to_dict()
    assert {key: count for key, count in shown(full).items() if count} == expected


@given(
    st.lists(st.tuples(st.floats(15, 17), st.floats(44, 46), st.floats(1e-5, 0.3)), min_size=1, max_size=12), st.data()
)
@settings(max_examples=30)
def test_law_every_record_is_drawn_once_at_any_scale(places, data):
    """A polygon where it is at least `SMALLEST_POLYGON_MM` wide or high on paper, else a symbol; never both, never neither."""
    words = st.sampled_from([(a, b) for a in voc.CLASSIFICATION.words for b in voc.WORK_STATUS.words])
    given_words = [data.draw(words) for _ in places]
    shapes = [square(*place) for place in places]
    frame_of_records = hazards_at(*shapes).assign(
        classification=[word for word, _ in given_words], work_status=[status for _, status in given_words]
    )
    layer = hazard_layer(frame_of_records, ())
    frame = frame_around(layer.polygons, 180, 140)
    figure = HazardFigure(297, 210, "")
    _, has_symbols = draw_areas(paper_axes(figure, 0, 0, 180, 140), [layer], frame)
    counts = shown(figure)
    assert sum(counts.values()) == len(places)
    expected = pd.Series([hazard_style(*each).key for each in given_words]).value_counts().to_dict()
    assert {key: count for key, count in counts.items() if count} == expected
    sizes = [shapely.bounds(frame.on_paper(shape, split=True)) for shape in shapes]
    small = [max(east - west, north - south) < SMALLEST_POLYGON_MM for west, south, east, north in sizes]
    assert has_symbols == any(small)


def test_nothing_lies_on_a_confirmed_hazard_and_no_release_on_an_open_one(full):
    everything = {style.key: [] for style in AREA_STYLES}
    for name, artist in artists(full).items():
        everything[name.rpartition("-")[0]].append(artist.get_zorder())
    order = {key: (min(found), max(found)) for key, found in everything.items() if found}
    assert order["CHA"][0] > max(high for key, (_, high) in order.items() if key != "CHA")
    released = max(order[kind][1] for kind in voc.RELEASE_KIND.words if kind in order)
    assert released < min(order[key][0] for key in ("SHA", "CHA", "closed") if key in order)
    # Base, graticule, border, names: all else of the map lies below; the frame around it covers no more than its own line.
    (map_axes,) = [axes for axes in full.axes if any(each.get_gid() == "CHA-symbols" for each in axes.collections)]
    rest = [
        each for each in (*map_axes.collections, *map_axes.lines, *map_axes.texts) if each.get_zorder() < AREAS_FROM
    ]
    assert len(rest) + len(artists(full)) >= len(map_axes.collections)
    assert any(each.get_gid() == "border-casing" for each in rest)


def test_a_record_without_an_outline_is_told():
    figure = hz.hazard_figure(hazards_at(square(), None))
    assert any("1 record without an outline is NOT drawn" in text for text in texts(figure))


def test_every_symbol_has_its_form():
    assert set(SHAPES) == {style.symbol for style in AREA_STYLES}
    for path in SHAPES.values():
        assert np.abs(path.vertices).max() <= 1.1 + 1e-9


# In its place, and of its size.


def test_no_vertex_is_lost_and_holes_stay_holes():
    holed = shapely.Polygon(square(size=0.1).exterior, [square(16.01, 45.01, 0.04).exterior])
    two = shapely.MultiPolygon([square(16.2, 45), square(16.3, 45.05)])
    layer = hazard_layer(hazards_at(holed, two), ())
    frame = frame_around(layer.polygons, 180, 140)
    figure = HazardFigure(297, 210, "")
    draw_areas(paper_axes(figure, 0, 0, 180, 140), [layer], frame)
    paths = artists(figure)["CHA-fills"].get_paths()
    for path, shape in zip(paths, (holed, two), strict=True):
        corners = shapely.get_coordinates(frame.on_paper(shape))
        drawn = path.vertices
        gaps = np.hypot(*(corners[:, None] - drawn[None]).transpose(2, 0, 1)).min(axis=1)
        assert gaps.max() < 1e-9
    hole = shapely.get_coordinates(frame.on_paper(shapely.Point(16.03, 45.03)))[0]
    solid = shapely.get_coordinates(frame.on_paper(shapely.Point(16.005, 45.005)))[0]
    pixels = np.asarray(written_pixels(figure))
    assert pixel_at(pixels, hole) == (255, 255, 255)
    assert pixel_at(pixels, solid) != (255, 255, 255)


@given(st.floats(-170, 170), st.floats(-70, 70), st.floats(0.002, 4.0))
@settings(max_examples=40)
def test_law_areas_on_paper_are_areas_on_the_ground(lon, lat, size):
    """The plane is equal-area: paper area times the square of the scale is the geodesic area (GeographicLib through pyproj).

    The oracle's edges are geodesics, and so are the drawn ones once they are split; what is left is the straight bit between two
    splits, far below a thousandth.
    """
    shape = square(lon, lat, size)
    frame = frame_around(np.array([shape]), 180, 140)
    paper_m2 = shapely.area(frame.on_paper(shape, split=True)) * frame.metres_per_mm**2
    geodesic_m2 = abs(GEOD.geometry_area_perimeter(shape)[0])
    assert paper_m2 == pytest.approx(geodesic_m2, rel=1e-3)


@given(st.floats(-179, 179), st.floats(-75, 75), st.floats(0.001, 10))
@settings(max_examples=40)
def test_law_all_of_it_is_on_the_sheet_at_a_round_scale(lon, lat, size):
    shape = square(lon - size / 2, lat - size / 2, size)
    frame = frame_around(np.array([shape]), 180, 140)
    on_paper = frame.on_paper(shape, split=True)
    assert frame.paper.contains(on_paper)
    assert float(f"{frame.scale:.2e}") == frame.scale  # three digits at most


def test_ground_on_both_sides_of_the_antimeridian_is_one_map():
    both = shapely.MultiPolygon([square(179.9, 50, 0.1), square(-180, 50, 0.1)])
    layer = hazard_layer(hazards_at(both), ())
    frame = frame_around(layer.polygons, 180, 140)
    assert frame.scale <= 150_000
    west, _, east, _ = frame.ground()
    assert west < 180 < east
    labels = [each.label for each in graticule(frame) if each.is_meridian]
    assert any(label.endswith("W") for label in labels)
    assert any(label.endswith("E") for label in labels)
    hz.hazard_figure(hazards_at(both))


@given(st.floats(-170, 170), st.floats(-70, 70), st.floats(20, 30_000))
@settings(max_examples=40)
def test_law_the_scale_bar_is_true_at_the_centre_and_elsewhere_within_what_the_sheet_says(lon, lat, metres_per_mm):
    """Ends of the bar, laid about the centre, are as far apart on the ground as its label says (geodesic, Karney)."""
    frame = Frame(LocalPlane(lon, lat), 180, 140, metres_per_mm)
    for bar, metre in zip(scale_bars(frame, 45), (1.0, 1609.344), strict=True):
        number, unit = re.fullmatch(r"([\d.\u202f]+) (km|m|mi)", bar.label).groups()
        stated = float(number.replace("\u202f", "")) * (1000 if unit == "km" else metre)
        assert 45 / 2.6 <= bar.mm <= 45 + 1e-9
        (lon_a, lat_a), (lon_b, lat_b) = frame.lonlat([(90 - bar.mm / 2, 70), (90 + bar.mm / 2, 70)])
        *_, length = GEOD.inv(lon_a, lat_a, lon_b, lat_b)
        assert length == pytest.approx(stated, rel=3e-3)
    for x, y in ((1, 1), (179, 1), (1, 139), (179, 139)):
        for dx, dy in ((0.5, 0), (0, 0.5)):
            (lon_a, lat_a), (lon_b, lat_b) = frame.lonlat([(x, y), (x + dx, y + dy)])
            *_, length = GEOD.inv(lon_a, lat_a, lon_b, lat_b)
            assert abs(length / (0.5 * metres_per_mm) - 1) <= frame.stretch * 1.02 + 1e-4


@given(st.floats(-170, 170), st.floats(-60, 60), st.floats(20, 10_000))
@settings(max_examples=30)
def test_law_north_is_up_at_the_centre_and_leans_no_further_than_said(lon, lat, metres_per_mm):
    """Oracle: the meridian convergence that PROJ itself gives for the same projection."""
    frame = Frame(LocalPlane(lon, lat), 180, 140, metres_per_mm)
    (x, y), (x2, y2) = (shapely.get_coordinates(frame.on_paper(shapely.Point(lon, lat + d)))[0] for d in (0, 1e-3))
    assert (x, y) == pytest.approx((90, 70), abs=1e-6)
    assert x2 == pytest.approx(90, abs=1e-6)
    assert y2 > y
    projection = pyproj.Proj(proj="laea", lon_0=lon, lat_0=lat, ellps="WGS84")
    corners = frame.lonlat([(0, 0), (180, 0), (0, 140), (180, 140)])
    leans = [abs(projection.get_factors(*corner).meridian_convergence) for corner in corners.tolist()]
    assert frame.convergence_deg == pytest.approx(max(leans), abs=0.02)
    assert ("leans" in frame.said()) == (frame.convergence_deg > 1)


def test_the_graticule_names_each_line_where_it_is():
    frame = frame_around(np.array([square(15, 44, 3)]), 180, 140)
    for each in graticule(frame):
        value, sign = re.fullmatch(r"([\d.]+)° ([NSEW])", each.label).groups()
        degrees = float(value) * (-1 if sign in "SW" else 1)
        lonlat = frame.lonlat(shapely.get_coordinates(each.line))
        assert np.abs(lonlat[:, 0 if each.is_meridian else 1] - degrees).max() < 1e-6


@pytest.mark.parametrize("offset", [40.0, 400.0, 3000.0])
def test_the_band_is_never_narrower_than_the_line_may_be_off(offset):
    """Places at the stated distance on either side of the line, laid off by geodesics, are in the band."""
    border = fictional_border(offset)
    line = border.asked_lines.geometry.iloc[0]
    frame = frame_around(
        np.array([shapely.box(*shapely.bounds(line.interpolate(0.5, normalized=True).buffer(0.05)))]), 180, 140
    )
    band = borders_on.band_of(borders_on._on_sheet(border.asked_lines, frame), frame)
    corners = shapely.get_coordinates(shapely.intersection(line, shapely.box(*frame.ground())))
    for (lon_a, lat_a), (lon_b, lat_b) in itertools.pairwise(corners):
        azimuth, _, length = GEOD.inv(lon_a, lat_a, lon_b, lat_b)
        lon, lat, _ = GEOD.fwd(lon_a, lat_a, azimuth, length / 2)
        for turn in (90, -90):
            at = shapely.Point(GEOD.fwd(lon, lat, azimuth + turn, offset * 0.9999)[:2])
            assert band.contains(frame.on_paper(at))


def test_a_band_that_the_line_itself_hides_is_not_claimed():
    far = hz.hazard_figure(hazards_at(square(14), square(20, 45)), border=fictional_border(10))
    near = hz.hazard_figure(hazards_at(square(16.35, 45.02, 0.002)), border=fictional_border(300))
    assert not any("pale band" in text for text in texts(far))
    assert any("pale band" in text for text in texts(near))


def test_names_cover_no_hazard(full):
    """The boxes of all names, as the renderer lays them out, hold no symbol's centre."""
    renderer = full._get_renderer()
    (map_axes,) = [axes for axes in full.axes if any(each.get_gid() == "CHA-symbols" for each in axes.collections)]
    centres = [each.get_offsets() for name, each in artists(full).items() if name.endswith("-symbols")]
    pixels = map_axes.transData.transform(np.concatenate(centres))
    names = [text for text in map_axes.texts if text.get_gid() in ("country", "place")]
    assert len(names) > 3
    for name in names:
        box = name.get_window_extent(renderer)
        assert not ((pixels > box.min) & (pixels < box.max)).all(axis=1).any(), name.get_text()


def test_country_names_are_of_the_border_where_the_base_is_too_coarse():
    figure = hz.hazard_figure(hazards_at(square(17.0, 45.2, 0.01)), border=hz.borders.load("HRV", "BIH"))
    assert {"CROATIA", "BOSNIA AND\nHERZEGOVINA"} & set(texts(figure)) or "BOSNIA AND HERZEGOVINA" in texts(figure)
    assert any("too coarse for this scale" in text for text in texts(figure))


# What it says.


def test_the_legend_tells_the_totals_that_the_map_tells(full):
    said = texts(full)
    hazards = fictional_hazards()
    is_cha = (hazards["classification"] == "CHA") & ~hazards["work_status"].isin(voc.CLOSED_STATUSES)
    total = print_large_area(float(hz.area_m2(hazards[is_cha]).sum()))
    assert any(text.endswith(total) for text in said)
    assert area_style("CHA").label in said
    assert any(text.startswith("Ground counted once: ") for text in said)
    assert any("3 of 9 are NOT here." in text for text in said)
    assert any("FICTIONAL" in text for text in said)


def test_the_foot_says_what_has_to_be_said(full):
    said = " ".join(texts(full))
    for words in (
        "Land outside the polygons is not thereby known to be safe.",
        "do not imply official endorsement",
        "Lambert's azimuthal equal-area projection",
        "Outlines are not simplified.",
        f"hazardgeo {hz.__version__}",
        "Information as of",
        "Natural Earth 1:10m (public domain)",
        "Another line",
    ):
        assert words in said.replace("\u00a0", " "), words
    without = " ".join(texts(hz.hazard_figure(hazards_at(square()), disclaimer="")))
    assert "endorsement" not in without


def test_a_legend_with_everything_in_it_stays_on_the_sheet():
    kinds = [releases_at(square(16 + i / 50, 45.1), kind=kind) for i, kind in enumerate(voc.RELEASE_KIND.words)]
    released = pd.concat(kinds).set_axis(pd.Index(["a", "b", "c"], name="release_id"))
    classes = [(word, "open") for word in voc.CLASSIFICATION.words] + [("CHA", "closed")]
    shapes = [square(16 + i / 50) for i in range(len(classes))]
    hazards = hazards_at(*shapes).assign(classification=[c for c, _ in classes], work_status=[s for _, s in classes])
    versions = [
        fictional_border(300, f"Line {i} of a commission with a long name and a long date", i / 1000) for i in range(6)
    ]
    figure = hz.hazard_figure(hazards, releases=released, border=versions, title="Long " * 60, notice="Much " * 200)
    assert "And 2 more, named at the foot." in texts(figure)
    renderer = figure._get_renderer()
    sheet = figure.bbox
    for axes in figure.axes:
        for text in axes.texts:
            box = text.get_window_extent(renderer)
            assert box.x0 >= 0, text.get_text()
            assert box.y0 >= 0, text.get_text()
            assert box.x1 <= sheet.x1, text.get_text()
            assert box.y1 <= sheet.y1, text.get_text()


def test_a_border_alone_is_a_map():
    figure = hz.hazard_figure(hazards_at(square()).iloc[:0], border=fictional_border())
    assert any("Border: " in text for text in texts(figure))


# Text is text.


@given(st.text(max_size=60))
def test_law_text_is_shown_literally_or_with_a_sign_in_its_place(text):
    """No control sign, no turning of direction, nothing that XML lacks or the font cannot draw; all else as it was."""
    shown_text = literal(text)
    assert len(shown_text) == len(text)
    for before, after in zip(text, shown_text, strict=True):
        assert after in (before, " ", "\ufffd")
        assert unicodedata.category(after) not in ("Cc", "Cs", "Cn")
        assert unicodedata.bidirectional(after) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    if text.isascii() and text.isprintable():
        assert shown_text == text
    ElementTree.fromstring(f"<a>{shown_text.replace('&', '').replace('<', '')}</a>")  # noqa: S314  (our own text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x17F), max_size=200), st.floats(5, 80), st.booleans())
def test_law_lines_are_no_wider_than_they_may_be_and_lose_no_letter(text, width, bold):
    text = literal(text)
    lines = wrapped(text, width, 7, bold=bold)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert width_mm(line, 7, bold=bold) <= width or len(line) == 1
    short = wrapped(text, width, 7, bold=bold, most=2)
    assert len(short) <= 2
    assert (short == lines) == (len(lines) <= 2)


def test_hostile_text_is_neither_formula_nor_markup():
    border = fictional_border(300, f"Line {HOSTILE}")
    hazards = hazards_at(square(), register=HOSTILE)
    figure = hz.hazard_figure(
        hazards, border=border, title=HOSTILE, subtitle=HOSTILE, notice=HOSTILE, disclaimer=HOSTILE
    )
    with mpl.rc_context({"text.parse_math": True}):
        svg, pdf, png = (written(figure, form) for form in ("svg", "pdf", "png"))
    assert pdf.startswith(b"%PDF")
    assert png.startswith(b"\x89PNG")
    root = ElementTree.fromstring(svg)  # noqa: S314  (our own file)
    said = "".join(each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text"))
    assert said.count("$x^2$ \\frac{1}{2} <script>alert(1)</script> & {{ 7*7 }} %".replace(" %", "\u00a0%")) >= 3
    assert "\ufffdgnp.exe" in said
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    assert not [text for axes in figure.axes for text in axes.texts if text.get_parse_math() or text.get_usetex()]


def test_an_svg_refers_to_nothing_outside_it(full):
    svg = written(full, "svg").decode("utf-8")
    assert "<!DOCTYPE" not in svg
    assert {ref[:1] for ref in re.findall(r'(?:href|src)="([^"]*)"', svg)} <= {"#"}
    assert {ref[:1] for ref in re.findall(r"url\(([^)]*)\)", svg)} <= {"#"}
    assert "<image" not in svg
    assert ">Confirmed hazardous area (CHA)</text>" in svg
    assert 'id="CHA-symbols"' in svg


# Equal, and untouched by what is set around it.


def test_equal_calls_give_equal_bytes_whatever_is_set_around_them(full):
    """User settings, a second call and another seed of Python's hashes change nothing; and nothing of theirs is changed."""
    code = (
        "import sys, hashlib, io; sys.path.insert(0, 'tests'); import hazardgeo as hz, matplotlib as mpl;"
        "from browser import fictional_border, fictional_hazards, fictional_releases;"
        "mpl.rcParams.update({'figure.facecolor': 'black', 'lines.scale_dashes': False, 'font.family': 'serif'});"
        "now = lambda: {n: mpl.rcParams[n] for n in mpl.rcParams if n != 'backend'}; before = now();"
        "f = hz.hazard_figure(fictional_hazards(40), releases=fictional_releases(9), border=fictional_border());\n"
        "for form in ('png', 'svg', 'pdf'):\n"
        "    b = io.BytesIO(); f.savefig(b, format=form); print(hashlib.sha256(b.getvalue()).hexdigest())\n"
        "assert now() == before; assert 'matplotlib.pyplot' not in sys.modules"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
            cwd=Path(__file__).parents[1],
        ).stdout.split()
        for seed in ("1", "2")
    ]  # fmt: skip
    assert said[0] == said[1]
    figure = hz.hazard_figure(fictional_hazards(40), releases=fictional_releases(9), border=fictional_border())
    assert said[0] == [hashlib.sha256(written(figure, form)).hexdigest() for form in ("png", "svg", "pdf")]


def test_it_is_written_whole_or_not_at_all(full, tmp_path):
    full.savefig(tmp_path / "sheet")
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")
    (tmp_path / "old.svg").write_text("old")
    with pytest.raises(ValueError, match="not supported"):
        full.savefig(tmp_path / "old.svg", format="nonsense")
    assert (tmp_path / "old.svg").read_text() == "old"
    with pytest.raises(StorageError, match="is not there"):
        full.savefig(tmp_path / "absent" / "x.png")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["old.svg", "sheet.png"]


def test_a_notebook_shows_it(full):
    assert full._repr_png_().startswith(b"\x89PNG")


@pytest.mark.browser
def test_a_browser_shows_the_svg_and_asks_nobody(driver, full, tmp_path):
    full.savefig(tmp_path / "sheet.svg")
    forget(driver)
    driver.get((tmp_path / "sheet.svg").as_uri())
    box = "const b = document.querySelector('#CHA-symbols').getBoundingClientRect(); return [b.width, b.height]"
    assert min(driver.execute_script(box)) > 10
    shown_text = driver.execute_script("return [...document.querySelectorAll('text')].map(t => t.textContent)")
    assert "Confirmed hazardous area (CHA)" in shown_text
    assert complaints(driver) == []
