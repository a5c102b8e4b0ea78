"""The embedded borders and base map: bytes, topology, towns, lines, uncertainty. No network."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from hazardgeo.crs import GEOD, on_arrays

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "src" / "hazardgeo"
CONFIG = tomllib.loads((ROOT / "tools" / "borders.toml").read_text(encoding="utf-8"))
SOURCES = ("natural_earth", "osm")
CASES = [(source, region) for source in SOURCES for region in sorted(CONFIG["regions"])]
STATUSES = {"agreed", "delimited", "demarcated", "undetermined", "disputed", "unstated"}
EDGE_M = 1000.001
FILE_BYTES = 4_000_000
ALL_BYTES = 15_000_000

each_set = pytest.mark.parametrize(("source", "region"), CASES)
each_region = pytest.mark.parametrize("region", sorted(CONFIG["regions"]))


def folder(source: str) -> Path:
    return DATA / "_borders" / source


def index(source: str) -> dict:
    return json.loads((folder(source) / "index.json").read_text(encoding="utf-8"))


@cache
def layer(source: str, region: str, name: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(folder(source) / f"{region}.gpkg", layer=name)


def rings(geometry: shapely.Geometry) -> list[np.ndarray]:
    parts = shapely.get_parts(geometry)
    lines = shapely.get_rings(parts) if shapely.get_dimensions(geometry) == 2 else parts
    return [shapely.get_coordinates(line) for line in lines]


def edges(geometry: shapely.Geometry) -> set[tuple]:
    """Edges with their ends in one order; a set of exact coordinates."""
    found = set()
    for coords in rings(geometry):
        points = [tuple(point) for point in coords.tolist()]
        found |= {(min(pair), max(pair)) for pair in pairwise(points)}
    return found


def longest_edge_m(geometry: shapely.Geometry) -> float:
    worst = 0.0
    for coords in rings(geometry):
        worst = max(worst, float(np.max(on_arrays(GEOD.inv, *coords[:-1].T, *coords[1:].T)[2])))
    return worst


def boundary_edges(source: str, region: str, code: str, claimants: str) -> set[tuple]:
    countries = layer(source, region, "countries")
    chosen = countries[countries["code"] == code]
    if code == "disputed":
        chosen = chosen[chosen["claimants"] == claimants]
    return set().union(*(edges(geometry) for geometry in chosen.geometry))


def pair_length_m(source: str, region: str, a: str, b: str) -> float:
    """Length of a pair; of a pocket between the two, half of both sides together."""
    lines = layer(source, region, "lines")
    direct = lines[(lines["country_a"] == a) & (lines["country_b"] == b)]
    pocket = (lines["country_b"] == "disputed") & (lines["claimants"] == f"{a};{b}")
    beside = lines[pocket & lines["country_a"].isin([a, b])]
    return sum(map(GEOD.geometry_length, direct.geometry)) + sum(map(GEOD.geometry_length, beside.geometry)) / 2


@pytest.mark.parametrize("source", SOURCES)
def test_index_names_every_region_and_its_bytes(source):
    entries = index(source)["regions"]
    assert set(entries) == set(CONFIG["regions"])
    for name, entry in entries.items():
        found = hashlib.sha256((folder(source) / entry["file"]).read_bytes()).hexdigest()
        assert found == entry["sha256"], name


@pytest.mark.parametrize("source", SOURCES)
def test_index_is_sorted_and_says_where_the_data_come_from(source):
    text = (folder(source) / "index.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert all(index(source)[key] for key in ("source", "version", "date", "licence", "attribution"))


@pytest.mark.parametrize("place", ["_borders/osm", "_borders/natural_earth", "_basemap"])
def test_a_licence_stands_beside_the_data(place):
    text = (DATA / place / "LICENCE.md").read_text(encoding="utf-8")
    assert ("© OpenStreetMap contributors" in text) == (place == "_borders/osm")
    assert ("Open Database License 1.0" if place == "_borders/osm" else "Public domain") in text


def test_sizes():
    files = [*(DATA / "_borders").rglob("*.gpkg"), DATA / "_basemap" / "basemap.gpkg"]
    assert max(path.stat().st_size for path in files) <= FILE_BYTES
    assert sum(path.stat().st_size for path in files) <= ALL_BYTES


@each_set
def test_countries_form_a_valid_coverage_inside_the_extent(source, region):
    countries = layer(source, region, "countries")
    extent = layer(source, region, "extent").geometry
    assert len(extent) == 1
    assert countries.crs.to_epsg() == 4326
    assert countries.is_valid.all()
    assert extent.is_valid.all()
    assert shapely.coverage_is_valid(countries.geometry.to_numpy())
    outside = shapely.difference(shapely.union_all(countries.geometry.to_numpy()), extent.iloc[0])
    assert outside.area < 1e-9


@each_set
def test_no_two_countries_overlap(source, region):
    shapes = layer(source, region, "countries").geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for i, j in zip(left[left < right], right[left < right], strict=True):
        assert not shapely.relate_pattern(shapes[i], shapes[j], "T********")


@each_set
def test_no_hole_between_neighbours_on_land(source, region):
    """What is in the extent and in no country touches the sea: it is not a hole among countries."""
    countries = shapely.union_all(layer(source, region, "countries").geometry.to_numpy())
    rest = shapely.get_parts(shapely.difference(layer(source, region, "extent").geometry.iloc[0], countries))
    outline = shapely.boundary(layer(source, region, "extent").geometry.iloc[0])
    holes = [part for part in rest if shapely.distance(part, outline) > 0 and part.area > 1e-9]
    assert holes == []


@each_set
def test_three_towns_of_each_country_lie_in_it(source, region):
    countries = layer(source, region, "countries")
    wanted = CONFIG["regions"][region]
    for code in wanted["asked"] + wanted["neighbours"]:
        towns = CONFIG["countries"][code]["towns"]
        assert len(towns) == 3
        for town, place in towns.items():
            holders = countries.loc[countries.intersects(shapely.Point(place)), "code"]
            assert list(holders) == [code], town


@each_set
def test_codes_are_those_of_the_index(source, region):
    countries = layer(source, region, "countries")
    entry = index(source)["regions"][region]
    ordinary = countries[~countries["code"].isin(["disputed", "undetermined"])]
    assert sorted(ordinary["code"]) == sorted(entry["codes"] + entry["neighbours"])
    assert (ordinary["claimants"] == "").all()
    assert set(ordinary.loc[ordinary["complete"] == 1, "code"]) == set(entry["codes"])
    assert not set(countries["code"]) & {"KOS"}


@each_set
def test_each_line_is_exactly_an_edge_of_both_its_sides(source, region):
    for row in layer(source, region, "lines").itertuples():
        drawn = edges(row.geometry)
        assert drawn
        assert drawn <= boundary_edges(source, region, row.country_a, row.claimants)
        assert drawn <= boundary_edges(source, region, row.country_b, row.claimants)


@each_set
def test_every_line_has_status_uncertainty_and_provenance(source, region):
    lines = layer(source, region, "lines")
    assert set(lines["status"]) <= STATUSES
    assert (lines["country_a"] < lines["country_b"]).all()
    assert (lines["offset_95_m"] > 0).all()
    assert (lines["offset_evidence"].str.len() > 40).all()
    for column in ("source", "version", "licence"):
        assert (lines[column].str.len() > 0).all()
    assert (lines.loc[lines["status"] == "disputed", "claimants"] != "").all()


@each_region
def test_offsets_are_not_below_what_each_source_allows(region):
    assert (layer("osm", region, "lines")["offset_95_m"] >= CONFIG["settings"]["osm_floor_m"]).all()
    assert layer("osm", region, "lines")["offset_evidence"].str.contains("graded assumed").all()
    assert (layer("natural_earth", region, "lines")["offset_95_m"] >= 1000).all()


@each_set
def test_no_edge_is_longer_than_a_kilometre(source, region):
    for name in ("countries", "lines", "extent"):
        assert max(map(longest_edge_m, layer(source, region, name).geometry)) <= EDGE_M


@each_region
def test_lengths_agree_between_the_sources_within_a_factor_of_two(region):
    lines = layer("natural_earth", region, "lines")
    for a, b in {(row.country_a, row.country_b) for row in lines.itertuples()}:
        ratio = pair_length_m("osm", region, a, b) / pair_length_m("natural_earth", region, a, b)
        assert 0.5 <= ratio <= 2, (a, b)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("region", "pairs"),
    [("croatia_bosnia", {"BIH HRV"}), ("mekong", {"KHM LAO", "KHM THA", "KHM VNM", "LAO THA", "LAO VNM"})],
)
def test_every_pair_of_the_countries_asked_for_that_meets_has_a_line(source, region, pairs):
    lines = layer(source, region, "lines")
    assert pairs <= {f"{row.country_a} {row.country_b}" for row in lines.itertuples()}


def test_offsets_of_natural_earth_are_those_measured_independently():
    """Medians and percentiles of an earlier, separate measurement: BIH-HRV 2835 m and BIH-SRB 2043 m."""
    lines = layer("natural_earth", "croatia_bosnia", "lines").set_index(["country_a", "country_b"])
    assert lines.loc[("BIH", "HRV"), "offset_95_m"].max() == pytest.approx(2835, rel=0.02)
    assert lines.loc[("BIH", "SRB"), "offset_95_m"].max() == pytest.approx(2043, rel=0.02)


def test_the_pockets_on_the_danube_are_disputed_and_belong_to_neither():
    countries = layer("osm", "croatia_bosnia", "countries")
    pocket = countries[(countries["code"] == "disputed") & (countries["claimants"] == "HRV;SRB")]
    assert len(pocket) == 1
    area = sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in pocket.geometry.iloc[0].geoms)
    assert area == pytest.approx(107.4e6, rel=0.01)
    holders = countries.loc[countries.intersects(pocket.representative_point().iloc[0]), "code"]
    assert list(holders) == ["disputed"]


def test_the_territorial_sea_is_in_the_country_of_osm_and_maritime_lines_are_not_drawn():
    at_sea = shapely.Point(18.30, 42.45)  # some 10 km off the coast south of Dubrovnik
    countries = layer("osm", "croatia_bosnia", "countries")
    assert list(countries.loc[countries.intersects(at_sea), "code"]) == ["HRV"]
    drawn = shapely.union_all(layer("osm", "croatia_bosnia", "lines").geometry.to_numpy())
    assert drawn.bounds[0] > 13.3
    assert shapely.intersection(drawn, shapely.box(17.0, 42.0, 18.4, 42.38)).is_empty


def test_base_map_is_a_small_valid_coverage_with_places():
    path = DATA / "_basemap" / "basemap.gpkg"
    countries = pyogrio.read_dataframe(path, layer="countries")
    places = pyogrio.read_dataframe(path, layer="places")
    assert path.stat().st_size <= 500_000
    for _, group in countries.groupby("extent"):
        assert shapely.coverage_is_valid(group.geometry.to_numpy())
    assert {"HRV", "BIH", "XKX", "KHM", "LAO", "THA", "VNM"} <= set(countries["code"])
    assert "KOS" not in {*countries["code"], *places["code"]}
    assert {"Sarajevo", "Phnom Penh", "Hanoi"} <= set(places.loc[places["capital"] == 1, "name"])
    assert (places["pop_max"] >= 0).all()


@pytest.mark.rebuild
@pytest.mark.skipif(
    "HAZARDGEO_REBUILD_BORDERS" not in os.environ,
    reason="downloads 150 MB and takes minutes; set HAZARDGEO_REBUILD_BORDERS to a cache folder to run it",
)
def test_a_rebuild_gives_the_same_bytes(tmp_path):
    """The same bytes need the same GDAL and SQLite; PROVENANCE.md names those that were used."""
    cache_folder = os.environ["HAZARDGEO_REBUILD_BORDERS"]
    command = [sys.executable, "-m", "tools.build_borders", "--cache", cache_folder, "--out", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT)
    for source in SOURCES:
        rebuilt = json.loads((tmp_path / "_borders" / source / "index.json").read_text(encoding="utf-8"))
        assert rebuilt == index(source)
    assert (tmp_path / "_basemap" / "basemap.gpkg").read_bytes() == (DATA / "_basemap" / "basemap.gpkg").read_bytes()
