"""The page that `hazard_map` writes, read as text."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import io
import json
import math
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from branca.colormap import LinearColormap
from branca.element import Figure
from browser import fictional_border, fictional_findings, fictional_hazards, fictional_releases
from folium.plugins import HeatMap, MarkerCluster

import hazardgeo as hz
from hazardgeo import vocabulary as voc
from hazardgeo.errors import HazardgeoError, MapError, SchemaError
from hazardgeo.maps import _assets, _records
from hazardgeo.maps._coordinates import HAZARD_DECIMALS, LINE_DECIMALS
from hazardgeo.maps._page import json_block
from hazardgeo.sources import Grade
from hazardgeo.style import AREA_STYLES, BORDER_STYLES, FINDING_STYLES, LEGEND_ORDER, PALETTE, area_style

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = (
    "{{ 7*7 }}<img src=x onerror=alert(1)>",
    "Area {% 5",
    "No {# 12",
    "back`tick ${1+1} C:\\path\\2019",
    "</script><script>alert(2)</script>",
    "<!-- <script>",
    "\u2028\u2029 & &amp; \" '",
)


def page_of(made: folium.Map) -> str:
    return made.get_root().render()


def data_of(page: str) -> dict:
    block = re.search(r'<script type="application/json" id="hazardgeo-data">(.*?)</script>', page, re.DOTALL)
    return json.loads(block[1])


def corners_of(ring: list[int]) -> np.ndarray:
    """Longitude and latitude of a ring as the page holds it: steps of the seventh decimal, latitude first."""
    return np.array(ring).reshape(-1, 2).cumsum(axis=0)[:, ::-1] / 1e7


def facts_of(page: str, place: int = 0) -> list[list[str]]:
    data = data_of(page)
    return [[data["words"][word], value] for word, value in data["records"][place]["facts"]]


def one_hazard(**columns: object) -> gpd.GeoDataFrame:
    filled = {"register": "A", "country": "HRV", "classification": "CHA", "work_status": "open", **columns}
    square = shapely.box(16, 45, 16.01, 45.01)
    return gpd.GeoDataFrame({k: [v] for k, v in filled.items()}, geometry=[square], index=["HR-1"], crs="EPSG:4326")


@pytest.fixture(scope="module")
def full() -> str:
    return page_of(
        hz.hazard_map(
            fictional_hazards(),
            releases=fictional_releases(),
            border=[fictional_border(), fictional_border(60, "Another line", 0.01)],
            subtitle="FICTIONAL DATA",
        )
    )


class Elements(HTMLParser):
    """Every start tag and attribute as a parser sees them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_map_is_a_folium_map_without_tiles() -> None:
    made = hz.hazard_map(one_hazard())
    assert isinstance(made, folium.Map)
    assert made.default_js == made.default_css == []
    assert not made._children


def test_equal_calls_give_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        made = hz.hazard_map(fictional_hazards(), releases=fictional_releases(), border=fictional_border())
        made.save(str(tmp_path / name))
        made.save(str(tmp_path / f"{name}-again"))
    texts = {file.read_bytes() for file in tmp_path.iterdir()}
    assert len(texts) == 1
    assert datetime.datetime.now(datetime.UTC).date().isoformat() not in next(iter(texts)).decode()


def test_the_page_asks_no_host_for_anything(full: str) -> None:
    """No element with a source, no import, and no URL but the namespace of SVG and those Leaflet itself carries."""
    for tag, attributes in Elements(full).seen:
        assert tag not in {"link", "iframe", "object", "embed", "base", "img", "image", "a"}
        assert not {"src", "href", "action", "srcset"} & set(attributes)
    ours = full
    for text in (_assets.leaflet_js(), _assets.leaflet_css()):
        assert text in full
        ours = ours.replace(text, "")
    assert set(re.findall(r"https?:[^\s\"'`)]*", ours)) == {"http://www.w3.org/2000/svg"}
    assert "@import" not in full
    assert set(re.findall(r"url\((?!#)[^),]{0,22}", full)) == {"url(data:image/png;base64"}
    assert "sourceMappingURL" not in full


def test_the_policy_forbids_all_that_is_not_inline(full: str) -> None:
    meta = [attributes for tag, attributes in Elements(full).seen if tag == "meta"]
    policy = next(each["content"] for each in meta if each.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'unsafe-inline'"
    assert rules["img-src"] == "data:"
    assert any(each.get("name") == "referrer" and each["content"] == "no-referrer" for each in meta)
    assert full.index("Content-Security-Policy") < full.index("<script")


def test_only_named_columns_are_in_the_file() -> None:
    hazards = one_hazard(remarks="SECRET-PERSON", source="SECRET-SOURCE", contamination="AP", landowner="SECRET-OWNER")
    releases = fictional_releases(1).assign(organisation="SECRET-ORGANISATION")
    assert "SECRET" not in page_of(hz.hazard_map(hazards, releases=releases))
    named = page_of(hz.hazard_map(hazards, releases=releases, columns=["landowner", "organisation"]))
    assert set(re.findall(r"SECRET-\w+", named)) == {"SECRET-OWNER", "SECRET-ORGANISATION"}


def test_a_column_that_nobody_has_is_refused() -> None:
    with pytest.raises(SchemaError, match="no column 'landower'"):
        hz.hazard_map(one_hazard(), columns=["landower"])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_data_and_nothing_else(text: str) -> None:
    """It stands in the JSON as it stood in the frame, and adds no element to the page."""
    plain = hz.hazard_map(one_hazard(note="n"), columns=["note"], title="t", subtitle="s", disclaimer="d")
    hazards = one_hazard(note=text, register=text, country=text)
    hazards.index = [text]
    made = hz.hazard_map(hazards, columns=["note"], title=text, subtitle=text, disclaimer=text)
    page = page_of(made)
    record = data_of(page)["records"][0]
    shown = text.strip()
    assert record["id"] == text
    assert record["row"][2] == shown
    assert ["Note", shown] in facts_of(page)
    assert [tag for tag, _ in Elements(page).seen] == [tag for tag, _ in Elements(page_of(plain)).seen]
    assert "49<img" not in page
    assert text.encode() not in page.split("<h1>")[0].encode() or "<" not in text


def test_a_hostile_column_name_is_data_too() -> None:
    name = HOSTILE[0]
    assert [name, "x"] in facts_of(page_of(hz.hazard_map(one_hazard(**{name: "x"}), columns=[name])))


def test_text_of_ours_passes_through_no_template() -> None:
    """Rendering within any other figure, or showing in a notebook, evaluates nothing either."""
    hazards = one_hazard()
    hazards.index = ["{{ 7*7 }}{% raw %}{#"]
    inner = hz.hazard_map(hazards, title="{{ 7*7 }}")
    outer = Figure()
    outer.add_child(inner)
    for page in (outer.render(), inner._repr_html_()):
        assert "{{ 7*7 }}{% raw %}{#" in page
        assert "49" not in re.findall(r"title(?:>|&gt;)(.*?)(?:<|&lt;)", page)


def test_json_survives_any_character() -> None:
    """Every code point of the first planes comes back, lone surrogates too, and none of the markup ones is literal."""
    text = "".join(map(chr, range(0x3000))) + "\ud800 \udfff"
    block = json_block({"t": text})
    assert json.loads(block)["t"] == text
    assert not set(block) & set("<>&\u2028\u2029\ud800\udfff")
    block.encode("utf-8")


def a_script(code: str) -> folium.MacroElement:
    """An element of a user's own that writes one line of script."""
    element = folium.MacroElement()
    element._template = folium.template.Template("{% macro script(this, kwargs) %}" + code + "{% endmacro %}")
    return element


def test_text_that_is_no_text_can_still_be_saved(tmp_path: Path) -> None:
    """Lone surrogates come out of files that were decoded with ``surrogateescape``."""
    hazards = one_hazard(note="")
    hazards["note"] = pd.Series(["\udcff"], index=hazards.index, dtype=object)
    hz.hazard_map(hazards, columns=["note"], title="\udcff\0").save(tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text("utf-8")
    assert ["Note", "\udcff"] in facts_of(page)
    assert "<title>\ufffd\ufffd</title>" in page


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: HeatMap([[45, 16]]), "HeatMap"),
        (lambda: folium.FeatureGroup("g").add_child(MarkerCluster()), "MarkerCluster"),
        (lambda: folium.TileLayer("OpenStreetMap"), "TileLayer"),
        (lambda: folium.WmsTileLayer("https://example.org/wms", layers="a"), "WmsTileLayer"),
        (lambda: folium.Marker([45, 16], icon=folium.Icon(color="red")), "Icon"),
        (lambda: LinearColormap(["red", "blue"]), "d3"),
        (lambda: folium.Marker([45, 16], icon=folium.CustomIcon("https://example.org/a.png")), "example.org"),
        (lambda: folium.Marker([45, 16], popup='<img src="//example.org/a.png">'), "example.org"),
        (lambda: a_script('fetch("https://example.org/a.geojson")'), "example.org"),
    ],
)
def test_a_child_that_needs_the_network_is_refused_by_name(make: Callable[[], Any], name: str) -> None:
    made = hz.hazard_map(one_hazard())
    made.add_child(make())
    with pytest.raises(HazardgeoError, match=name):
        made._repr_html_()
    with pytest.raises(HazardgeoError, match="without internet"):
        made.get_root().render()


def test_a_refused_map_writes_no_file_that_looks_whole(tmp_path: Path) -> None:
    made = hz.hazard_map(one_hazard())
    made.add_child(HeatMap([[45, 16]]))
    path = tmp_path / "map.html"
    path.write_text("an older map")
    with pytest.raises(HazardgeoError):
        made.save(str(path))
    assert path.read_text() == "an older map"


def test_a_map_saves_as_folium_maps_do(tmp_path: Path) -> None:
    made = hz.hazard_map(one_hazard())
    stream = io.BytesIO()
    made.save(stream, close_file=False)
    made.save(tmp_path / "a.html")
    made.save(str(tmp_path / "b.html"))
    assert stream.getvalue() == (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


@pytest.mark.parametrize("text", ["see https://example.org", '<a href="https://example.org/">a link</a>'])
def test_a_link_that_a_reader_may_follow_asks_for_nothing_by_itself(text: str) -> None:
    made = hz.hazard_map(one_hazard())
    folium.Marker([45, 16], popup=text).add_to(made)
    assert "example.org" in page_of(made)


def test_links_added_to_the_map_itself_are_refused() -> None:
    made = hz.hazard_map(one_hazard())
    made.add_js_link("extra", "https://example.org/extra.js")
    with pytest.raises(HazardgeoError, match="extra"):
        page_of(made)
    assert "example.org" not in page_of(hz.hazard_map(one_hazard())), "one map must not change the next"


def test_layers_of_folium_can_be_added() -> None:
    made = hz.hazard_map(one_hazard())
    folium.Marker([45, 16], popup="a marker", tooltip="tip").add_to(made)
    folium.PolyLine([[45, 16], [45.1, 16.1]], color="#123456").add_to(made)
    folium.GeoJson(one_hazard()[["geometry"]], tooltip="more").add_to(made)
    folium.LayerControl().add_to(made)
    page = page_of(made)
    assert "a marker" in page
    assert "#123456" in page
    assert page.index("hazardgeoMap(") < page.index("#123456")


def test_inputs_are_not_changed() -> None:
    hazards, releases, border = fictional_hazards(20), fictional_releases(10), fictional_border()
    before = [frame.copy(deep=True) for frame in (hazards, releases, border.lines, border.countries)]
    page_of(hz.hazard_map(hazards, releases=releases, border=border, columns=["declared_area_m2"]))
    for frame, was in zip((hazards, releases, border.lines, border.countries), before, strict=True):
        assert frame.equals(was)
        assert list(frame.columns) == list(was.columns)


def test_two_hundred_hazards_stay_within_the_budget() -> None:
    """400 KB beyond the border and the base, Leaflet included."""
    page = page_of(hz.hazard_map(fictional_hazards(200)))
    base = len(json_block(data_of(page)["base"]).encode())
    assert len(page.encode()) - base <= 400_000


def test_every_vertex_is_in_the_file_to_seven_decimals() -> None:
    hazards = fictional_hazards(50)
    records = data_of(page_of(hz.hazard_map(hazards)))["records"]
    for polygon, record in zip(hazards.geometry, records, strict=True):
        sent = corners_of(record["parts"][0][0])
        assert sent.shape == (len(polygon.exterior.coords) - 1, 2)
        assert np.abs(sent - shapely.get_coordinates(polygon)[:-1]).max() <= 0.5e-7 + 1e-12


def test_a_hole_and_a_second_part_are_kept() -> None:
    ring = shapely.box(16, 45, 16.1, 45.1).difference(shapely.box(16.02, 45.02, 16.04, 45.04))
    hazards = one_hazard().set_geometry([shapely.MultiPolygon([ring, shapely.box(17, 45, 17.1, 45.1)])], crs=4326)
    parts = data_of(page_of(hz.hazard_map(hazards)))["records"][0]["parts"]
    assert [len(rings) for rings in parts] == [2, 1]


def test_totals_are_summed_before_rounding() -> None:
    """A thousand areas print as 0.0004 km² each; together they are what the unrounded ones sum to, and not 0.400."""
    side = 20 / 111_320
    boxes = [shapely.box(i * 1e-3, 0, i * 1e-3 + side, side) for i in range(1000)]
    hazards = gpd.GeoDataFrame(
        {"register": "A", "country": "HRV", "classification": "CHA", "work_status": "open"},
        geometry=boxes,
        index=[f"h{i}" for i in range(1000)],
        crs="EPSG:4326",
    )
    data = data_of(page_of(hz.hazard_map(hazards)))
    exact = math.fsum(hz.area_m2(hazards)) / 1e6
    assert exact == pytest.approx(0.4, rel=0.02)
    assert data["records"][0]["row"][3] == "0.0004"
    assert f"{exact:.3f} km²" in next(style["total"] for style in data["styles"] if style["key"] == "CHA")


def test_ground_is_counted_once() -> None:
    """Two outlines that are the same: the sum is twice the ground."""
    hazards = one_hazard()
    both = gpd.GeoDataFrame(pd.concat([hazards, hazards.set_axis(["HR-2"])]), crs="EPSG:4326")
    totals = dict(data_of(page_of(hz.hazard_map(both)))["totals"])
    single = hz.area_km2(hazards).iloc[0]
    assert totals["Sum of their areas"].startswith(f"{2 * single:.3f} km²")
    assert totals["Ground counted once"].startswith(f"{single:.3f} km²")


def test_closed_records_are_kept_and_listed_apart() -> None:
    hazards = fictional_hazards(100)
    records = data_of(page_of(hz.hazard_map(hazards)))["records"]
    closed = hazards["work_status"].isin(["closed", "handed_over"])
    assert len(records) == 100
    assert [record["group"] == "closed" for record in records] == closed.tolist()
    assert {record["style"] for record in records if record["group"] == "closed"} == {"closed"}


def test_a_record_without_an_outline_is_listed_and_in_no_sum() -> None:
    hazards = one_hazard()
    hazards = gpd.GeoDataFrame(pd.concat([hazards, hazards.set_axis(["HR-2"])]), crs="EPSG:4326")
    hazards.loc["HR-2", "geometry"] = None
    data = data_of(page_of(hz.hazard_map(hazards)))
    assert data["undrawn"] == 1
    assert data["records"][1]["row"][3] == "not measured"
    assert dict(data["totals"])["Sum of their areas"].startswith(f"{hz.area_km2(hazards).iloc[0]:.3f}")
    assert [record["id"] for record in data["records"]] == ["HR-1", "HR-2"]


@pytest.mark.parametrize("wrong", [{"classification": "cha"}, {"work_status": "done"}, {"classification": None}])
def test_a_word_that_is_not_known_is_refused_rather_than_drawn_as_something(wrong: dict) -> None:
    with pytest.raises(SchemaError, match="HR-1"):
        hz.hazard_map(one_hazard(**wrong))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(SchemaError, match="work_status"):
        hz.hazard_map(one_hazard().drop(columns="work_status"))
    with pytest.raises(SchemaError, match="kind"):
        hz.hazard_map(one_hazard(), releases=fictional_releases(1).drop(columns="kind"))


def test_nothing_is_still_a_page() -> None:
    page = page_of(hz.hazard_map(one_hazard().iloc[:0]))
    data = data_of(page)
    assert data["records"] == data["totals"] == []
    assert "Date of information not stated" in page
    bordered = data_of(page_of(hz.hazard_map(one_hazard().iloc[:0], border=fictional_border())))
    assert "No base map: there is no outline to draw it around." in page
    (south, west), (north, east) = bordered["view"]
    assert (south, west, north, east) == pytest.approx((44.86, 15.78, 45.24, 18.98), abs=1e-9)


def test_every_kind_of_finding_has_its_layer_and_its_list() -> None:
    found = fictional_findings()
    kinds = data_of(page_of(hz.hazard_map(one_hazard(), findings=found)))["findings"]
    assert [kind["key"] for kind in kinds] == [style.key for style in FINDING_STYLES] == list(found)
    assert [kind["shown"] for kind in kinds] == [True, False, False, False, False]
    for kind in kinds:
        (item,) = kind["items"]
        assert "H-0001" in item["name"] + item["words"]
        (path,) = item["paths"]
        lat_lon = {(round(y, 6), round(x, 6)) for x, y in shapely.get_coordinates(found[kind["key"]].geometry)}
        assert {tuple(corner) for corner in path} == lat_lon
    assert "1\u202f234 m²" in kinds[0]["items"][0]["words"]
    assert "Until it is cleared up, the ground is hazardous." in kinds[0]["items"][0]["words"]


def test_findings_are_strokes_that_hide_no_hazard() -> None:
    """A fill could hide a confirmed area; the table of styles has none to give, and the script asks for none."""
    assert not {"fill", "fill_opacity"} & {field.name for field in dataclasses.fields(FINDING_STYLES[0])}
    code = (Path(_assets.__file__).parent / "findings.js").read_text("utf-8")
    assert "fill: false" in code
    assert "AREAS_FROM - 2" in code


def test_a_page_without_findings_carries_nothing_of_them(full: str) -> None:
    assert "findings" not in data_of(full)
    assert "hz-findings" not in full
    empty = {"overlaps": fictional_findings()["overlaps"].iloc[:0]}
    assert page_of(hz.hazard_map(one_hazard(), findings=empty)) == page_of(hz.hazard_map(one_hazard()))


def test_a_finding_that_cannot_be_drawn_is_refused() -> None:
    found = fictional_findings()
    with pytest.raises(MapError, match=r"'conflict'.*Kinds: conflicts, overlaps"):
        hz.hazard_map(one_hazard(), findings={"conflict": found["conflicts"]})
    with pytest.raises(MapError, match=r"overlaps have no geometry.*ground=True"):
        hz.hazard_map(one_hazard(), findings={"overlaps": pd.DataFrame(found["overlaps"].drop(columns="geometry"))})
    with pytest.raises(SchemaError, match="why"):
        hz.hazard_map(one_hazard(), findings={"continuations": found["continuations"].drop(columns="why")})


def test_where_two_bases_overlap_one_is_drawn() -> None:
    """The Caspian lies in the boxes of the South Caucasus and of Central Asia; each country stands once."""
    baku = one_hazard().set_geometry([shapely.box(49.5, 40.3, 49.6, 40.4)], crs=4326)
    names = [country["name"] for country in data_of(page_of(hz.hazard_map(baku)))["base"]["countries"]]
    assert len(names) == len(set(names))
    assert {"Azerbaijan", "Georgia"} <= set(names)


@pytest.mark.parametrize(("at", "country"), [((69.3, 41.3), "Uzbekistan"), ((44.5, 40.2), "Armenia")])
def test_every_region_of_the_mission_has_a_base(at: tuple[float, float], country: str) -> None:
    place = one_hazard().set_geometry([shapely.Point(at).buffer(0.01)], crs=4326)
    base = data_of(page_of(hz.hazard_map(place)))["base"]
    assert country in {one["name"] for one in base["countries"]}
    assert base["places"]


def test_data_beyond_the_embedded_base_say_so() -> None:
    far = one_hazard().set_geometry([shapely.box(-70, -30, -69.9, -29.9)], crs=4326)
    page = page_of(hz.hazard_map(far))
    assert data_of(page)["base"] is None
    assert "No base map: the data lie outside the embedded one." in page


def test_the_embedded_base_surrounds_the_data() -> None:
    data = data_of(page_of(hz.hazard_map(fictional_hazards(20))))
    names = {country["name"] for country in data["base"]["countries"]}
    assert {"Croatia", "Bosnia and Herzegovina", "Serbia", "Slovenia"} <= names
    assert "Zagreb" in {place["name"] for place in data["base"]["places"]}
    assert data["base"]["sea"] == data["limits"]


def test_the_subtitle_speaks_of_the_data_and_of_nothing_else() -> None:
    page = page_of(hz.hazard_map(one_hazard(date_of_information=datetime.date(2019, 5, 4)), subtitle="FICTIONAL DATA"))
    said = "FICTIONAL DATA · Information as of 2019-05-04 · Register: A, newest 2019-05-04 · 1 record, all drawn"
    assert f"<p>{said}</p>" in page


def test_the_newest_date_of_either_frame_counts() -> None:
    hazards = one_hazard(date_of_information=pd.Timestamp("2019-05-04"))
    releases = fictional_releases(1).assign(completed_on=datetime.date(2021, 1, 2))
    assert "Information as of 2021-01-02 · oldest date 2019-05-04" in page_of(hz.hazard_map(hazards, releases=releases))


def test_the_footer_says_what_the_map_is_not() -> None:
    page = page_of(hz.hazard_map(one_hazard()))
    assert "do not imply official endorsement or acceptance." in page
    for disclaimer in (None, "Ours.", ""):
        page = page_of(hz.hazard_map(one_hazard(), disclaimer=disclaimer))
        assert (
            "Land outside the polygons is not thereby known to be safe. Not for navigation in hazardous areas." in page
        )
        assert ("official endorsement" in page) == (disclaimer is None)
        assert "geodesic on WGS 84" in page
        assert "±6 mm" in page
        assert f"hazardgeo {hz.__version__}" in page


def test_rounding_moves_a_vertex_no_further_than_the_page_says() -> None:
    """Half a unit of the seventh decimal of a degree along the equator, the longest degree there is, is 5.57 mm."""
    from hazardgeo.crs import GEOD

    assert GEOD.inv(0, 0, 0.5e-7, 0)[2] <= 0.006
    assert GEOD.inv(0, 89, 0, 89 + 0.5e-7)[2] <= 0.006
    assert (HAZARD_DECIMALS, LINE_DECIMALS) == (7, 6)


def test_a_border_brings_its_source_and_its_offset() -> None:
    page = page_of(hz.hazard_map(one_hazard(), border=[fictional_border(300), fictional_border(60, "Another line")]))
    first, second = data_of(page)["borders"]
    assert first["shown"]
    assert not second["shown"]
    assert "±300–600 m" in first["note"]
    assert "±60–120 m" in second["note"]
    assert {line["status"] for line in first["lines"]} == {"agreed", "disputed"}
    assert "© A made-up line (CC0)" in page
    assert "© Another line (CC0)" in page
    assert "<h1>Explosive hazards along the border Bosnia and Herzegovina – Croatia</h1>" in page


def test_a_licence_is_named_once() -> None:
    border = dataclasses.replace(fictional_border(), attribution="© Contributors, ODbL 1.0", licence="ODbL-1.0")
    page = page_of(hz.hazard_map(one_hazard(), border=border))
    assert "<p>© Contributors, ODbL 1.0. Base map:" in page


def test_the_footer_credits_each_source_once_and_names_each_version_once() -> None:
    older = dataclasses.replace(fictional_border(60), version="2024")
    page = page_of(hz.hazard_map(one_hazard(), border=[fictional_border(), older]))
    footer = page.split("<footer", 1)[1].split("</footer>")[0]
    assert footer.count("© A made-up line (CC0).") == 1
    assert "Border as in A made-up line, 2025; A made-up line, 2024." in footer
    in_sight = footer.split("<details")[0]
    assert "not thereby known to be safe" in in_sight
    assert "official endorsement" in in_sight
    assert "© A made-up line" in in_sight
    assert "geodesic" not in in_sight


def test_the_page_is_accessible_in_its_bones(full: str) -> None:
    elements = Elements(full).seen
    assert ("html", {"lang": "en"}) in elements
    assert "<title>Explosive hazards along" in full
    region = next(attributes for _, attributes in elements if attributes.get("role") == "region")
    assert region["aria-label"].startswith("Map: ")
    assert "user-scalable" not in full


def test_a_notebook_shows_the_same_page() -> None:
    made = hz.hazard_map(one_hazard())
    shown = made._repr_html_()
    assert 'srcdoc="' in shown
    assert "&lt;html lang=&quot;en&quot;&gt;" in shown


def test_every_word_that_can_be_drawn_has_its_own_look() -> None:
    words = {"closed", *voc.CLASSIFICATION.words, *voc.RELEASE_KIND.words}
    assert {style.key for style in AREA_STYLES} == words
    assert {style.key for style in BORDER_STYLES} == set(voc.BORDER_STATUS.words)
    for aspect in ("fill", "hatch", "symbol", "outline"):
        assert len({getattr(style, aspect) for style in AREA_STYLES}) == len(AREA_STYLES), aspect
    assert len({(style.dash, style.hatch) for style in AREA_STYLES}) == len(AREA_STYLES)


def test_the_legend_lists_each_look_once_and_the_known_classes_first() -> None:
    assert sorted(LEGEND_ORDER) == sorted(style.key for style in AREA_STYLES)
    assert LEGEND_ORDER[:3] == ("CHA", "SHA", "unstated")


def test_no_capital_is_marked() -> None:
    """Which town is a capital can itself be in dispute; places are ranked by population alone."""
    places = data_of(page_of(hz.hazard_map(fictional_hazards(20))))["base"]["places"]
    assert {key for place in places for key in place} == {"name", "at"}
    assert "capital" not in _assets.page_js() + _assets.page_css()


def test_the_relation_to_the_border_is_told_in_words() -> None:
    page = page_of(hz.hazard_map(one_hazard(relation="crossing"), columns=("relation",)))
    assert ["Relation to the border", "Crossing"] in facts_of(page)
    odd = page_of(hz.hazard_map(one_hazard(relation="as their own register says"), columns=("relation",)))
    assert ["Relation to the border", "as their own register says"] in facts_of(odd)


def test_what_is_more_certain_lies_on_top() -> None:
    order = [style.key for style in AREA_STYLES]
    assert order[-1] == "CHA"
    assert order.index("cleared") < order.index("SHA") < order.index("unstated") < order.index("CHA")
    assert max(order.index(kind) for kind in voc.RELEASE_KIND.words) < order.index("closed") < order.index("SHA")


def test_the_published_colours_carry_their_source() -> None:
    assert (area_style("CHA").fill, area_style("SHA").fill) == ("#FF0000", "#F4A718")
    assert area_style("CHA").fill_opacity == area_style("SHA").fill_opacity == 0.5
    assert area_style("CHA").fill_source.grade is Grade.SECONDARY
    others = [style.fill_source for style in AREA_STYLES if style.key not in {"CHA", "SHA"}]
    assert {source.grade for source in (*others, PALETTE.source)} == {Grade.ASSUMED}


def _luminance(colour: str) -> float:
    levels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_outlines_and_names_stand_out_from_the_land() -> None:
    """WCAG 2.2: 3:1 for graphics, 4.5:1 for text."""
    for style in AREA_STYLES:
        assert _contrast(style.outline, PALETTE.land) >= 3, style.key
    for colour in PALETTE.borders:
        assert _contrast(colour, PALETTE.land) >= 4.5
    assert _contrast(PALETTE.names, PALETTE.land) >= 4.5


def test_leaflet_is_the_published_one() -> None:
    folder = Path(_assets.__file__).parent / "_vendor"
    sums = re.findall(r"`([\w.-]+)` \| `([0-9a-f]{64})`", (folder / "README.md").read_text("utf-8"))
    assert {name for name, _ in sums} | {"README.md"} == {file.name for file in folder.iterdir()}
    for name, digest in sums:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_leaflet_brings_its_licence(full: str) -> None:
    assert "Redistribution and use in source and binary forms" in full
    assert "Volodymyr Agafonkin" in full


def test_the_script_reads_no_text_as_markup() -> None:
    code = _assets.page_js()
    for sink in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "bindPopup",
        "bindTooltip",
    ):
        assert sink not in code
    assert "</script" not in code
    assert "</style" not in _assets.page_css()


def test_records_leave_by_one_door() -> None:
    """What the page gets of a record is spelled out in one place."""
    layer = _records.hazard_layer(fictional_hazards(1), ())
    words = [word for word, _ in layer.records[0].facts]
    assert set(layer.records[0].as_json(words)) == {"id", "group", "style", "row", "country", "m2", "facts", "parts"}
