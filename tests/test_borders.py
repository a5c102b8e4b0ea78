"""Two-sided questions on a border whose answers are known by hand: the meridian 16° E.

On the parallel of latitude a longitude difference d is R·d metres to the line, by symmetry the same on both sides.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from by_hand import LON, fine, hazards_of, meridian_border
from hypothesis import given
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.crs import GEOD
from hazardgeo.errors import BorderError, GeometryError, SchemaError

LAT = 45.0
M = 1 / GEOD.inv(LON, LAT, LON + 1, LAT)[2]  # degrees of longitude in a metre at 45°, good to 1e-4 near the line
N = 1 / GEOD.inv(LON, LAT, LON, LAT + 1)[2]


def box_m(west: float, east: float, south: float = 0, north: float = 200) -> shapely.Polygon:
    """A box given in metres east of the line and north of 45°."""
    return shapely.box(LON + west * M, LAT + south * N, LON + east * M, LAT + north * N)


def relation_of(west: float, east: float, offset: float = 100, sd: float = 0.0, near_m: float = 2000):
    hazards = hazards_of(box_m(west, east), vertex_sd_m=sd)
    return hz.borders.relation(hazards, meridian_border(offset), near_m=near_m).iloc[0]


@pytest.mark.parametrize(
    ("west", "east", "word"),
    [
        (-300, 300, "crossing"),
        (-101, 101, "crossing"),
        (-99, 300, "indeterminate"),  # reaches less than the offset on one side
        (-50, 50, "indeterminate"),
        (99, 300, "indeterminate"),
        (101, 300, "near"),
        (-500, -1990, "near"),
        (1990, 5000, "near"),
        (2010, 5000, "away"),
        (-90_000, -80_000, "away"),
    ],
)
def test_the_four_words(west, east, word):
    assert relation_of(min(west, east), max(west, east))["relation"] == word


def test_distance_and_depth_by_hand():
    answer = relation_of(-300, 700)
    assert answer["distance_m"] == 0
    assert answer["depth_a_m"] == pytest.approx(300, abs=0.1)
    assert answer["depth_b_m"] == pytest.approx(700, abs=0.1)
    assert answer["pair"] == "AAA-BBB"
    assert relation_of(400, 500)["distance_m"] == pytest.approx(400, abs=0.1)
    assert relation_of(50_000, 50_100)["distance_m"] == pytest.approx(50_000, rel=0.01)


def test_crossing_probability_by_hand():
    """With sigma = 100 / 1.96 the line must lie between the extremes: Φ(700/σ) - Φ(-300/σ), and Φ(500/σ) - Φ(120/σ)."""
    sigma, normal = 100 / 1.96, NormalDist()
    straddling = normal.cdf(700 / sigma) - normal.cdf(-300 / sigma)
    beside = normal.cdf(500 / sigma) - normal.cdf(120 / sigma)
    assert relation_of(-300, 700)["crossing_probability"] == pytest.approx(straddling, abs=1e-4)
    assert relation_of(120, 500)["crossing_probability"] == pytest.approx(beside, abs=1e-3)
    assert relation_of(5000, 6000)["crossing_probability"] == 0


def test_own_accuracy_joins_the_offset():
    """hypot(100, 1.96 · 50) = 140.01: a hazard 120 m off is near with exact vertices and indeterminate with these."""
    assert relation_of(120, 300)["relation"] == "near"
    vague = relation_of(120, 300, sd=50)
    assert vague["relation"] == "indeterminate"
    assert vague["half_width_m"] == pytest.approx(math.hypot(100, 98))


def test_vertex_sd_that_is_not_stated_is_taken_as_ten_metres_and_said():
    answer = hz.borders.relation(hazards_of(box_m(101, 300)), meridian_border(100))
    assert answer["half_width_m"].iloc[0] == pytest.approx(math.hypot(100, 19.6))
    assert not answer["vertex_sd_stated"].iloc[0]


def test_tongue_of_the_neighbour_deep_inside_a_hazard_is_crossing():
    """All corners of the hazard are on side A; a spur of B, 1 km wide, reaches far into it."""
    spur = box_m(-3000, 0, 4000, 5000)
    west, east = shapely.box(15, 44.5, LON, 46), shapely.box(LON, 44.5, 17, 46)
    border = meridian_border(100)
    countries = border.countries.assign(geometry=[shapely.difference(west, spur), shapely.union(east, spur)])
    line = shapely.intersection(countries.geometry.iloc[0].boundary, countries.geometry.iloc[1].boundary)
    lines = border.lines.assign(geometry=[shapely.line_merge(line)])
    hazard = hazards_of(box_m(-4000, -500, 2000, 7000), vertex_sd_m=0.0)
    answer = hz.borders.relation(hazard, meridian_border(100, countries=countries, lines=lines)).iloc[0]
    assert answer["relation"] == "crossing"
    assert 100 <= answer["depth_b_m"] <= 500  # beyond the band, and no deeper than the middle of the spur


def test_disputed_ground_is_indeterminate_however_wide():
    pocket = fine(box_m(-5000, 5000, 0, 10_000))
    border = meridian_border(10)
    a, b = (shapely.difference(shape, pocket) for shape in border.countries.geometry)
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "BBB", "disputed"], "name": ["A", "B", "pocket"], "claimants": ["", "", "AAA;BBB"]},
        geometry=[a, b, pocket],
        crs=4326,
    )
    edge = shapely.LineString(pocket.exterior.coords)
    lines = border.lines.assign(status="disputed", claimants="AAA;BBB", geometry=[edge])
    disputed = meridian_border(10, countries=countries, lines=lines)
    hazards = hazards_of(box_m(-1000, 1000, 4000, 6000), vertex_sd_m=1.0)
    answer = hz.borders.relation(hazards, disputed).iloc[0]
    assert answer["relation"] == "indeterminate"
    assert "both sides claim" in answer["why"]
    sides = hz.borders.split_by_country(hazards, disputed)
    assert sides["side"].tolist() == ["disputed"]


def test_offset_of_each_stretch_counts_for_itself():
    """North of 45.2° the line is demarcated to 5 m: 50 m off it is decided there and not in the south."""
    border = meridian_border(250)
    two = gpd.GeoDataFrame(
        {
            "country_a": "AAA", "country_b": "BBB", "status": ["demarcated", "unstated"], "claimants": "",
            "offset_95_m": [5.0, 250.0], "offset_evidence": "by hand",
        },
        geometry=[shapely.LineString([(LON, 45.2), (LON, 46)]), shapely.LineString([(LON, 44.5), (LON, 45.2)])],
        crs=4326,
    )  # fmt: skip
    north = box_m(50, 150, 0.5 / N, 0.5 / N + 100)
    answer = hz.borders.relation(hazards_of(north, box_m(50, 150), vertex_sd_m=1.0), meridian_border(lines=two))
    assert answer["relation"].tolist() == ["near", "indeterminate"]
    assert border.lines["offset_95_m"].tolist() == [250.0]


def test_split_by_hand():
    """A box from 300 m west to 700 m east with a band of 100 m: 200/300/400 of 1000 on A, 600/700/800 on B."""
    hazards = hazards_of(box_m(-300, 700), vertex_sd_m=0.0)
    sides = hz.borders.split_by_country(hazards, meridian_border(100)).set_index("side")
    whole = hz.area_m2(hazards).iloc[0]
    for side, shares in {"AAA": (0.2, 0.3, 0.4), "BBB": (0.6, 0.7, 0.8)}.items():
        got = sides.loc[side, ["area_low_m2", "area_m2", "area_high_m2"]].to_numpy(dtype=float) / whole
        assert got == pytest.approx(np.array(shares), abs=1e-3)


def test_hazard_beside_the_line_may_lie_on_the_other_side():
    """From 40 to 140 m east, band 100 m: none certain, all best on B, 60 of 100 possible on A, 40 certain on B."""
    sides = hz.borders.split_by_country(hazards_of(box_m(40, 140), vertex_sd_m=0.0), meridian_border(100)).set_index(
        "side"
    )
    whole = sides["whole_area_m2"].iloc[0]
    a, b = sides.loc["AAA"], sides.loc["BBB"]
    assert (a["area_low_m2"], a["area_m2"]) == (0, 0)
    assert a["area_high_m2"] / whole == pytest.approx(0.6, abs=2e-3)
    assert b["area_low_m2"] / whole == pytest.approx(0.4, abs=2e-3)
    assert b["area_high_m2"] == pytest.approx(whole, rel=1e-12)


def test_ground_that_no_country_covers_is_named():
    inside, outside = box_m(-2000, -1900, 111_000 * 0.9, 111_000 * 1.1), shapely.box(18, 45, 18.01, 45.01)
    sides = hz.borders.split_by_country(hazards_of(inside, outside, None), meridian_border(100))
    assert set(sides.loc[sides["hazard_id"] == "h0", "side"]) == {"AAA", "beyond_extent"}
    assert sides.loc[sides["hazard_id"] == "h1", "side"].tolist() == ["beyond_extent"]
    lost = sides[sides["hazard_id"] == "h2"]
    assert lost["side"].tolist() == ["no_country"]
    assert lost["area_m2"].isna().all()


extents = st.tuples(st.floats(-3000, 3000), st.floats(30, 3000), st.floats(0, 500), st.floats(30, 2000))


@given(st.lists(extents, min_size=1, max_size=4), st.floats(1, 3000), st.floats(0, 50))
def test_laws_of_the_split(extents, offset, sd):
    """Sides sum to the whole, low ≤ best ≤ high, low of A and high of B make the whole, a wider offset never narrows."""
    shapes = [box_m(x, x + w, y, y + h) for x, w, y, h in extents]
    hazards = hazards_of(*shapes, vertex_sd_m=sd)
    sides = hz.borders.split_by_country(hazards, meridian_border(offset))
    whole = hz.area_m2(hazards)
    assert (sides["area_low_m2"] <= sides["area_m2"] + 1e-9).all()
    assert (sides["area_m2"] <= sides["area_high_m2"] + 1e-9).all()
    for name, rows in sides.groupby("hazard_id"):
        assert math.fsum(rows["area_m2"]) == pytest.approx(whole[name], rel=1e-9)
        if set(rows["side"]) == {"AAA", "BBB"}:
            by = rows.set_index("side")
            for low, high in (("AAA", "BBB"), ("BBB", "AAA")):
                assert by.loc[low, "area_low_m2"] + by.loc[high, "area_high_m2"] == pytest.approx(whole[name], rel=1e-6)
    wider = hz.borders.split_by_country(hazards, meridian_border(offset * 1.5 + 1))
    both = sides.merge(wider, on=["hazard_id", "side"], suffixes=("", "_wider"))
    assert len(both) == len(sides)
    assert (both["area_low_m2_wider"] <= both["area_low_m2"] * (1 + 1e-9) + 1e-6).all()
    assert (both["area_high_m2_wider"] >= both["area_high_m2"] * (1 - 1e-9) - 1e-6).all()


@given(st.lists(extents, min_size=1, max_size=4), st.floats(1, 3000), st.floats(0, 50))
def test_relation_agrees_with_the_split(extents, offset, sd):
    hazards = hazards_of(*(box_m(x, x + w, y, y + h) for x, w, y, h in extents), vertex_sd_m=sd)
    words = hz.borders.relation(hazards, meridian_border(offset))
    sides = hz.borders.split_by_country(hazards, meridian_border(offset))
    low = sides.pivot_table(index="hazard_id", columns="side", values="area_low_m2", aggfunc="sum").fillna(0)
    for name, answer in words.iterrows():
        sure = [side for side in ("AAA", "BBB") if side in low and low.loc[name, side] > 0]
        assert (answer["relation"] == "crossing") == (len(sure) == 2)
        if answer["relation"] in ("near", "away"):
            assert len(sides[sides["hazard_id"] == name]) == 1
        assert 0 <= answer["crossing_probability"] <= 1


def test_mirrored_hazards_get_mirrored_answers():
    west, east = (
        hz.borders.split_by_country(hazards_of(box_m(*x)), meridian_border(100)) for x in ((-300, 700), (-700, 300))
    )
    columns = ["area_low_m2", "area_m2", "area_high_m2"]
    assert west[columns].to_numpy() == pytest.approx(east[columns].to_numpy()[::-1], rel=1e-6)


def test_totals_are_the_fully_correlated_range():
    hazards = hazards_of(box_m(-300, 700), box_m(-300, 700, 1000, 1200), vertex_sd_m=0.0)
    sides = hz.borders.split_by_country(hazards, meridian_border(100))
    totals = hz.borders.side_totals(sides)
    for column in ("area_low_m2", "area_m2", "area_high_m2"):
        assert totals.loc["AAA", column] == pytest.approx(math.fsum(sides.loc[sides["side"] == "AAA", column]))
    assert totals["hazards"].tolist() == [2, 2]


def test_overlap_by_hand():
    """Boxes of 200 m and 100 m height between the same meridians; the lower one covers 50 m of the upper."""
    a, b = hazards_of(box_m(0, 500, 0, 200)), hazards_of(box_m(0, 500, 150, 250), register="B")
    row = hz.borders.overlaps(a, b).iloc[0]
    assert row["share_a"] == pytest.approx(0.25, rel=1e-4)
    assert row["share_b"] == pytest.approx(0.5, rel=1e-4)
    assert row["area_m2"] == pytest.approx(0.25 * hz.area_m2(a).iloc[0], rel=1e-4)
    assert row["width_m"] == pytest.approx(2 * 500 * 50 / (2 * 550), rel=1e-3)
    assert not row["sliver"]
    swapped = hz.borders.overlaps(b, a).iloc[0]
    assert swapped["area_m2"] == pytest.approx(row["area_m2"], rel=1e-9)


def test_slivers_are_named_and_not_dropped():
    """5 m of common ground is less than 1.96 · hypot(10, 10) = 27.7 m; touching is no overlap at all."""
    a = hazards_of(box_m(0, 500, 0, 200))
    b = hazards_of(box_m(0, 500, 195, 400), box_m(500, 900, 0, 200), register="B")
    found = hz.borders.overlaps(a, b)
    assert found["sliver"].tolist() == [True]


def test_counted_once_by_hand():
    a = hazards_of(box_m(0, 500, 0, 200), box_m(1000, 1500, 0, 200), declared_area_m2=[100_000.0, np.nan])
    b = hazards_of(box_m(0, 500, 150, 250), register="B")
    counted = hz.borders.count_once(a, b)
    assert (counted.a.records, counted.a.declared_records, counted.a.declared_m2) == (2, 1, 100_000)
    assert math.isnan(counted.b.declared_m2)
    assert counted.overlap_m2 == pytest.approx(500 * 50, rel=1e-3)
    assert counted.a.net_m2 + counted.b.net_m2 - counted.overlap_m2 == pytest.approx(counted.once_m2, rel=1e-9)
    assert counted.to_frame().loc["counted once", "net_m2"] == counted.once_m2


def test_counted_once_keeps_a_row_for_each_register_whatever_its_name():
    a, b = (hazards_of(box_m(x, x + 100), register="in both registers") for x in (0, 50))
    table = hz.borders.count_once(a, b).to_frame()
    assert len(table) == 4
    assert table["net_m2"].tolist()[:2] == pytest.approx(hz.area_m2(pd.concat([a, b])).tolist(), rel=1e-9)


def test_ground_that_was_not_measured_is_not_zero():
    lost, some = hazards_of(None), hazards_of(box_m(0, 100), None, register="B")
    counted = hz.borders.count_once(lost, some)
    assert math.isnan(counted.a.net_m2)
    assert math.isnan(counted.once_m2)
    assert (counted.a.unmeasured, counted.b.unmeasured) == (1, 1)
    assert counted.b.net_m2 == pytest.approx(100 * 200, rel=1e-3)


def test_a_long_edge_of_ones_own_border_is_a_geodesic_whatever_is_asked():
    """Countries that meet in one edge of 2° along 45° N: its middle is a geodesic's, 0.0044° further north."""
    west, east, (_, arch) = 15.0, 17.0, GEOD.npts(15, 45, 17, 45, 1)[0]
    edge = [(west, 45.0), (east, 45.0)]
    south = shapely.Polygon([*edge, (17, 44), (15, 44)])
    north = shapely.Polygon([*edge, (17, 46), (15, 46)])
    border = meridian_border(5)
    countries = border.countries.assign(geometry=[south, north])
    lines = border.lines.assign(geometry=[shapely.LineString(edge)])
    border = meridian_border(5, countries=countries, lines=lines, extent=shapely.union(south, north))
    below, above = (shapely.box(16, y, 16.001, y + 0.001) for y in (arch - 0.002, arch + 0.001))
    hazards = hazards_of(below, above, vertex_sd_m=1.0)
    sides = hz.borders.split_by_country(hazards, border)
    assert sides["side"].tolist() == ["AAA", "BBB"]
    near, far = (hz.borders.relation(hazards, border, near_m=m) for m in (2000, 50_000))
    assert (near["depth_a_m"] > 0).tolist() == (far["depth_a_m"] > 0).tolist() == [True, False]
    expected = [0.001 / N, 0.001 / N]
    assert near["distance_m"].to_numpy() == pytest.approx(np.array(expected), abs=0.5)


@pytest.mark.parametrize(("shift", "west", "east"), [(300, 0, 600), (300, -100, 500), (120, -600, 600)])
def test_an_edge_of_countries_that_no_line_covers_makes_nothing_certain(shift, west, east):
    """The countries meet `shift` metres east of the line, whose band is 50 m: no word but *indeterminate*."""
    edge = LON + shift * M
    countries = meridian_border().countries.assign(
        geometry=[fine(shapely.box(15, 44.5, edge, 46)), fine(shapely.box(edge, 44.5, 17, 46))]
    )
    border = meridian_border(50, countries=countries)
    hazards = hazards_of(box_m(west, east), vertex_sd_m=0.0)
    answer = hz.borders.relation(hazards, border).iloc[0]
    assert answer["relation"] == "indeterminate"
    assert math.isnan(answer["crossing_probability"])
    sides = hz.borders.split_by_country(hazards, border)
    assert (sides["area_low_m2"] == 0).all()
    assert sides["area_high_m2"].to_numpy() == pytest.approx(sides["whole_area_m2"].to_numpy())


def test_ground_of_no_country_beside_a_line_is_not_certain_either():
    """A strip 200 m wide east of the line belongs to nobody; the line may be off by 500 m."""
    countries = meridian_border().countries.assign(
        geometry=[fine(shapely.box(15, 44.5, LON, 46)), fine(shapely.box(LON + 200 * M, 44.5, 17, 46))]
    )
    border = meridian_border(500, countries=countries)
    sides = hz.borders.split_by_country(hazards_of(box_m(50, 150), vertex_sd_m=0.0), border).set_index("side")
    assert sides.loc["no_country", "area_low_m2"] == 0
    assert sides.loc["AAA", "area_high_m2"] > 0


def test_contested_ground_without_claimants_or_lines_is_indeterminate():
    block = fine(box_m(-20_000, 20_000, -20_000, 20_000))
    a, b = (shapely.difference(shape, block) for shape in meridian_border().countries.geometry)
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "BBB", "disputed"], "name": ["A", "B", "block"], "claimants": ""},
        geometry=[a, b, block],
        crs=4326,
    )
    line = shapely.difference(meridian_border().lines.geometry.iloc[0], block)
    border = meridian_border(50, countries=countries, lines=meridian_border().lines.assign(geometry=[line]))
    assert hz.borders.relation(hazards_of(box_m(-100, 100)), border)["relation"].tolist() == ["indeterminate"]


def test_a_country_in_two_rows_is_one_country():
    border = meridian_border(50)
    _, east = border.countries.geometry
    halves = [fine(shapely.box(15, 44.5, 15.5, 46)), fine(shapely.box(15.5, 44.5, LON, 46)), east]
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "AAA", "BBB"], "name": "", "claimants": ""}, geometry=halves, crs=4326
    )
    seam = shapely.box(15.499, 45, 15.501, 45.001)
    answer = hz.borders.relation(hazards_of(seam), meridian_border(50, countries=countries))
    assert answer["relation"].tolist() == ["away"]


def test_the_antimeridian_is_no_distance():
    """A line that begins at 180° W and a hazard at 179.98° E, on the parallel of 60° N: 0.01° of longitude, 558 m."""
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "BBB"], "name": "", "claimants": ""},
        geometry=[fine(shapely.box(-180, 59, -170, 60)), fine(shapely.box(-180, 60, -170, 61))],
        crs=4326,
    )
    line = shapely.segmentize(shapely.LineString([(-180, 60), (-170, 60)]), 0.01)
    border = meridian_border(
        10,
        countries=countries,
        lines=meridian_border().lines.assign(geometry=[line]),
        extent=fine(shapely.box(-180, 59, -170, 61)),
    )
    hazard = hazards_of(shapely.box(179.98, 59.999, 179.99, 60.001), vertex_sd_m=1.0)
    answer = hz.borders.relation(hazard, border).iloc[0]
    assert answer["distance_m"] == pytest.approx(GEOD.inv(179.99, 60, 180, 60)[2], rel=0.01)
    across = hazards_of(shapely.box(179.99, 60.001, 180.01, 60.002), vertex_sd_m=1.0)
    sides = hz.borders.split_by_country(across, border).set_index("side")["area_m2"]
    assert sides["BBB"] == pytest.approx(sides["beyond_extent"], rel=1e-3)  # half of it lies east of 180°


def test_a_line_of_another_version_than_the_countries_is_refused(tmp_path):
    border = meridian_border(10)
    beside = border.lines.assign(geometry=[fine(shapely.LineString([(LON + 300 * M, 44.5), (LON + 300 * M, 46)]))])
    path = hz.borders.write(meridian_border(10, lines=beside), tmp_path / "border.gpkg")
    with pytest.raises(BorderError, match="leaves the edge of AAA by more than its offset"):
        hz.borders.read(path)


def test_a_line_that_is_not_where_the_countries_meet_makes_nothing_certain():
    """The line lies 3 km beside the edge of the countries: no low, no high that is less than the whole, no *away*."""
    border = meridian_border(10)
    beside = border.lines.assign(geometry=[shapely.LineString([(LON + 3000 * M, 44.5), (LON + 3000 * M, 46)])])
    border = meridian_border(10, lines=beside)
    hazards = hazards_of(box_m(-100, 100), vertex_sd_m=1.0)
    sides = hz.borders.split_by_country(hazards, border)
    assert (sides["area_low_m2"] == 0).all()
    assert sides["area_high_m2"].to_numpy() == pytest.approx(sides["whole_area_m2"].to_numpy())
    answer = hz.borders.relation(hazards, border).iloc[0]
    assert answer["relation"] == "indeterminate"
    assert "do not fit" in answer["why"]


@pytest.mark.parametrize("metres", [500, 30_000])
def test_parts_on_both_sides_cross_however_far_from_the_line(metres):
    west, east = box_m(-metres - 200, -metres), box_m(metres, metres + 200)
    answer = hz.borders.relation(hazards_of(shapely.union(west, east), vertex_sd_m=1.0), meridian_border(100)).iloc[0]
    assert answer["relation"] == "crossing"
    assert "parts" in answer["why"]
    assert answer["crossing_probability"] == pytest.approx(1, abs=1e-6)


def test_the_edge_of_a_third_country_is_no_matter_of_the_asked_line():
    """CCC lies north of BBB; a hazard across their edge, 1 km east of AAA–BBB, is near that line and not *indeterminate*."""
    west, turn = meridian_border().countries.geometry.iloc[0], 45.1
    grounds = [west, fine(shapely.box(LON, 44.5, 17, turn)), fine(shapely.box(LON, turn, 17, 46))]
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "BBB", "CCC"], "name": "", "claimants": ""}, geometry=grounds, crs=4326
    )
    ends = [[(LON, 44.5), (LON, turn)], [(LON, turn), (LON, 46)], [(LON, turn), (17, turn)]]
    facts = {
        "country_a": ["AAA", "AAA", "BBB"],
        "country_b": ["BBB", "CCC", "CCC"],
        "status": "agreed",
        "claimants": "",
    }
    lines = gpd.GeoDataFrame(
        facts | {"offset_95_m": 50.0, "offset_evidence": "by hand"},
        geometry=[fine(shapely.LineString(end)) for end in ends],
        crs=4326,
    )
    border = meridian_border(50, countries=countries, lines=lines)
    hazard = hazards_of(shapely.box(LON + 1000 * M, turn - 300 * N, LON + 1300 * M, turn + 300 * N), vertex_sd_m=0.0)
    assert hz.borders.relation(hazard, border)["relation"].tolist() == ["near"]
    sides = hz.borders.split_by_country(hazard, border).set_index("side")["area_m2"]
    assert sides["BBB"] == pytest.approx(sides["CCC"], rel=1e-2)


def test_depth_of_a_large_hazard_is_from_the_nearest_point_of_the_whole_line():
    """The line runs north along 16° E and then east along 45.9° N, 100 km north of where the hazard leaves it. The hazard
    rises 0.4° (44.5 km) over 60 km: x km east, the first stretch is x km off and the second 100 - 44.5 x / 60. The deepest
    point is where both are the same: x = 100 / (1 + 44.5 / 60) = 57.5 km, not the 60 km of the far corner.
    """
    corner, far = 45.9, LON + 60_000 * M
    inner = fine(shapely.box(LON, 44.5, 17, corner))
    outer = shapely.difference(fine(shapely.box(15, 44.5, 17, 46)), inner)
    countries = meridian_border().countries.assign(geometry=[outer, inner])
    line = fine(shapely.LineString([(LON, 44.5), (LON, corner), (17, corner)]))
    border = meridian_border(50, countries=countries, lines=meridian_border().lines.assign(geometry=[line]))
    hazard = shapely.Polygon(
        [(LON - 0.01, LAT), (far, LAT + 0.4), (far - 0.001, LAT + 0.401), (LON - 0.01, LAT + 0.01)]
    )
    answer = hz.borders.relation(hazards_of(hazard, vertex_sd_m=1.0), border).iloc[0]
    assert answer["relation"] == "crossing"
    deepest = 0.9 / N / (1 + 0.4 / N / 60_000)
    assert deepest - 1000 <= answer["depth_b_m"] <= deepest + 100  # measured at corners, one in a kilometre


def test_a_wide_line_further_off_does_not_hide_a_near_one():
    """1.9 km from a line known to 5 m, and 2.4 km from one known to 400 m: near, by the first."""
    border = meridian_border(5)
    lines = pd.concat([border.lines, border.lines], ignore_index=True).assign(offset_95_m=[5.0, 400.0])
    lines = lines.set_geometry(
        [border.lines.geometry.iloc[0], shapely.LineString([(LON + 4400 * M, 44.5), (LON + 4400 * M, 46)])]
    )
    answer = hz.borders.relation(
        hazards_of(box_m(1900, 2000), vertex_sd_m=0.0), meridian_border(lines=lines.set_crs(4326))
    )
    assert answer["relation"].iloc[0] == "near"
    assert answer["distance_m"].iloc[0] == pytest.approx(1900, abs=0.5)


def test_a_belt_as_long_as_the_extent_stays_in_it():
    """8° along 44.5° N; the clipping box must not bow into it."""
    south = shapely.box(10, 44, 20, 45)
    countries = meridian_border().countries.assign(geometry=[fine(shapely.box(10, 45, 20, 46)), fine(south)])
    line = shapely.LineString([(10 + i / 100, 45) for i in range(1001)])
    border = meridian_border(
        10,
        countries=countries,
        lines=meridian_border().lines.assign(geometry=[line]),
        extent=fine(shapely.box(10, 44, 20, 46)),
    )
    sides = hz.borders.split_by_country(hazards_of(fine(shapely.box(11, 44.5, 19, 44.501))), border)
    assert sides["side"].tolist() == ["BBB"]


@pytest.mark.parametrize("sd", [-10.0, math.inf])
def test_impossible_accuracy_is_refused(sd):
    with pytest.raises(GeometryError, match="'h0': vertex_sd_m"):
        hz.borders.relation(hazards_of(box_m(0, 10), vertex_sd_m=sd), meridian_border())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source": ""}, "no source"),
        ({"version": " "}, "no version"),
        ({"codes": ("AAA", "CCC")}, "no country CCC"),
    ],
)
def test_a_border_without_provenance_is_refused(change, words):
    with pytest.raises(BorderError, match=words):
        meridian_border(100, **change)


@pytest.mark.parametrize("offset", [0.0, float("nan"), -5.0])
def test_a_border_without_offset_is_refused(offset):
    with pytest.raises(BorderError, match="states no offset"):
        meridian_border(offset)


def test_countries_that_overlap_are_refused():
    border = meridian_border(100)
    countries = border.countries.assign(geometry=[shapely.box(15, 44.5, 16.01, 46), shapely.box(LON, 44.5, 17, 46)])
    with pytest.raises(BorderError, match="overlap"):
        hz.borders.split_by_country(hazards_of(box_m(-300, 700)), meridian_border(100, countries=countries))


def test_id_twice_is_refused():
    hazards = hazards_of(box_m(0, 10), box_m(0, 10))
    hazards.index = ["same", "same"]
    with pytest.raises(SchemaError, match="same"):
        hz.borders.relation(hazards, meridian_border(100))


def test_empty_register_has_empty_answers():
    none = hazards_of(box_m(0, 10)).iloc[:0]
    assert hz.borders.relation(none, meridian_border(100)).empty
    assert hz.borders.split_by_country(none, meridian_border(100)).empty
    assert hz.borders.overlaps(none, hazards_of(box_m(0, 10))).empty


def test_inputs_are_not_touched():
    hazards, border = hazards_of(box_m(-300, 700)), meridian_border(100)
    before = hazards.copy(), border.lines.copy(), border.countries.copy()
    hz.borders.relation(hazards, border)
    hz.borders.split_by_country(hazards, border)
    assert hazards.equals(before[0])
    assert border.lines.equals(before[1])
    assert border.countries.equals(before[2])


def test_border_of_ones_own_goes_there_and_back(tmp_path):
    border = meridian_border(100)
    again = hz.borders.read(hz.borders.write(border, tmp_path / "border.gpkg"))
    assert again.title == border.title
    assert again.lines["offset_95_m"].tolist() == [100.0]
    assert shapely.equals(again.extent, border.extent)


def test_border_of_ones_own_must_say_what_it_is(tmp_path):
    from hazardgeo.registers._write import write_layers

    border = meridian_border(100)
    bare = {"countries": border.countries, "lines": border.lines[["country_a", "country_b", "geometry"]]}
    path = write_layers(bare, tmp_path / "bare.gpkg")
    for said, missing in (
        ({}, "source"),
        ({"source": "s", "version": "v", "licence": "l"}, "offset_95_m"),
        ({"source": "s", "version": "v", "licence": "l", "offset_95_m": 5.0}, "offset_evidence"),
    ):
        with pytest.raises(BorderError, match=f"no {missing}"):
            hz.borders.read(path, **said)
    whole = hz.borders.read(path, source="s", version="v", licence="l", offset_95_m=5.0, offset_evidence="survey")
    assert whole.lines["status"].tolist() == ["unstated"]


@pytest.mark.parametrize(
    ("codes", "source", "words"),
    [
        (("HRV",), "osm", "two sides"),
        (("HRV", "FRA"), "osm", "No embedded set"),
        (("HRV", "BIH"), "gadm", "no embedded version"),
    ],
)
def test_what_is_not_embedded_is_refused(codes, source, words):
    with pytest.raises(BorderError, match=words):
        hz.borders.load(*codes, source=source)


@pytest.mark.parametrize("text", ["AAA;BBB", "AAA; BBB", "BBB, AAA", "AAA / BBB", " AAA;BBB; "])
def test_claimants_are_read_however_they_are_parted(text):
    """A pocket 1 km wide, 500 m of it on either side of 16° E, that both claim: a hazard in it lies on contested ground."""
    pocket = box_m(-500, 500, 0, 20_000)
    border = meridian_border(20)
    grounds = [shapely.difference(ground, pocket) for ground in border.countries.geometry]
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "BBB", "disputed"], "name": "", "claimants": [None, math.nan, text]},
        geometry=[*grounds, pocket],
        crs=4326,
    )
    west, east = (
        shapely.LineString([(LON, LAT), (LON + x * M, LAT), (LON + x * M, LAT + 20_000 * N)]) for x in (-500, 500)
    )
    lines = gpd.GeoDataFrame(
        {"country_a": ["AAA", "BBB", "AAA"], "country_b": ["disputed", "disputed", "BBB"], "claimants": [text, text, None],
         "status": ["disputed", "disputed", "agreed"], "offset_95_m": 20.0, "offset_evidence": ""},
        geometry=[west, east, shapely.LineString([(LON, 44.5), (LON, LAT)])],
        crs=4326,
    )  # fmt: skip
    contested = meridian_border(countries=countries, lines=lines)
    assert contested.lines["claimants"].tolist() == ["AAA;BBB", "AAA;BBB", ""]
    assert len(contested.asked_lines) == 3
    answer = hz.borders.relation(hazards_of(box_m(-100, 100, 9000, 9100)), contested).iloc[0]
    assert (answer["relation"], answer["why"][:31]) == ("indeterminate", "Lies on ground that both sides ")


@pytest.mark.parametrize("code", ["GB-NIR", "A;B", "A B", "", None, "A/B"])
def test_what_is_no_code_of_a_country_is_refused_with_what_to_do(code):
    """A pair is written AAA-BBB and claimants AAA;BBB: a code that holds such a sign would be taken apart."""
    border = meridian_border(20)
    with pytest.raises(BorderError, match=r"is no code of a country.*such as 'GB_NIR'"):
        meridian_border(
            countries=border.countries.assign(code=[code, "BBB"]), lines=border.lines.assign(country_a=[code])
        )
    if code == "A B":
        with pytest.raises(BorderError, match="is no code"):
            meridian_border(countries=border.countries.assign(claimants=["", "Bosnia and Herzegovina"]))


def test_a_line_without_geometry_is_refused():
    border = meridian_border(20)
    for shape in (None, shapely.LineString()):
        with pytest.raises(BorderError, match="AAA–BBB has no geometry"):
            meridian_border(lines=border.lines.assign(geometry=gpd.GeoSeries([shape], crs=4326)))


def test_parts_on_both_sides_nearer_than_the_line_is_known_cross_for_certain():
    """Parts from 10 m to 1 km on either side of a line of ±20 m, sigma = 20 / 1.96: Φ(1000/σ) - Φ(-1000/σ) = 1."""
    shape = shapely.MultiPolygon([box_m(-1000, -10), box_m(10, 1000)])
    answer = hz.borders.relation(hazards_of(shape, vertex_sd_m=0.0), meridian_border(20)).iloc[0]
    assert answer["relation"] == "crossing"
    assert answer["crossing_probability"] == pytest.approx(1, abs=1e-9)


def test_parts_on_both_sides_that_may_not_cross_say_what_would_settle_it():
    """Parts from 10 m to 15 m and to 1 km off: the line lies between the extremes with Φ(1000/σ) - Φ(-15/σ), and one that is
    known to less than 15 m leaves ground on both sides for certain."""
    shape = shapely.MultiPolygon([box_m(-1000, -10), box_m(10, 15)])
    answer = hz.borders.relation(hazards_of(shape, vertex_sd_m=0.0), meridian_border(20)).iloc[0]
    normal, sigma = NormalDist(), 20 / 1.96
    assert answer["relation"] == "indeterminate"
    assert answer["crossing_probability"] == pytest.approx(normal.cdf(1000 / sigma) - normal.cdf(-15 / sigma), abs=1e-4)
    assert answer["settling_offset_m"] == pytest.approx(15, rel=0.01)
    assert "Its parts lie on both sides" in answer["why"]
    better = hz.borders.relation(hazards_of(shape, vertex_sd_m=0.0), meridian_border(14.5)).iloc[0]
    assert better["relation"] == "crossing"


def around_an_enclave(offset: float):
    """BBB has an enclave of 200 m by 200 m in AAA, 5 km from 16° E, with a line of this offset around it."""
    enclave, border = box_m(-5100, -4900, -100, 100), meridian_border(20)
    west, east = border.countries.geometry
    countries = border.countries.assign(geometry=[west.difference(enclave), shapely.MultiPolygon([east, enclave])])
    lines = pd.concat(
        [border.lines, border.lines.assign(geometry=[enclave.exterior], offset_95_m=offset)], ignore_index=True
    )
    return meridian_border(countries=countries, lines=lines)


def test_the_ground_of_an_enclave_reaches_as_deep_as_its_middle():
    """All its corners lie on its line; its middle lies 100 m from it. A hazard 2 km wide lies over it, its line known to 200 m:
    that lies between the extremes with 1 - Φ(-100/σ), and one that is known to less than 100 m settles it."""
    hazard = hazards_of(box_m(-6000, -4000, -1000, 1000), vertex_sd_m=0.0)
    answer = hz.borders.relation(hazard, around_an_enclave(200)).iloc[0]
    assert (answer["relation"], answer["depth_b_m"]) == ("indeterminate", pytest.approx(100, abs=0.2))
    assert answer["crossing_probability"] == pytest.approx(1 - NormalDist().cdf(-100 * 1.96 / 200), abs=2e-3)
    assert answer["settling_offset_m"] == pytest.approx(99.8, abs=0.2)
    assert hz.borders.relation(hazard, around_an_enclave(99)).iloc[0]["relation"] == "crossing"


def test_far_from_the_line_the_outline_counts_in_the_half_width_too():
    """hypot(100, 1.96 · 1000) = 1,962.5 m."""
    assert relation_of(10_000, 11_000, sd=1000.0)["half_width_m"] == pytest.approx(math.hypot(100, 1960), rel=1e-4)


def test_ground_in_a_bend_reaches_as_deep_as_the_middle_of_its_edge():
    """From 1 km south to 1 km north of 45° N the line bends 200 m westwards and back, so that a box that ends at
    16° E holds a triangle of BBB. All its corners lie on the line; the middle of its chord lies 200 m · cos(atan(0.2)) off it.
    """
    top, tip, foot = ((LON, LAT + 1000 * N), (LON - 200 * M, LAT), (LON, LAT - 1000 * N))
    border = meridian_border(220)
    bend = shapely.Polygon([top, tip, foot])
    west, east = border.countries.geometry
    line = shapely.LineString([(LON, 44.5), foot, tip, top, (LON, 46)])
    bent = meridian_border(
        countries=border.countries.assign(geometry=[west.difference(bend), east.union(bend)]),
        lines=border.lines.assign(geometry=[line]),
    )
    hazard = hazards_of(box_m(-2000, 0, -1000, 1000), vertex_sd_m=0.0)
    answer = hz.borders.relation(hazard, bent).iloc[0]
    assert answer["relation"] == "indeterminate"
    assert answer["depth_b_m"] == pytest.approx(200 * math.cos(math.atan(0.2)), rel=0.01)


def test_parts_beyond_the_band_on_both_sides_cross_with_what_both_reach():
    """Parts from 101 m to 1 km off a line of ±100 m: Φ(1000/σ) - Φ(-1000/σ) is 1, whatever their nearest points say."""
    shape = shapely.MultiPolygon([box_m(-1000, -101), box_m(101, 1000)])
    answer = hz.borders.relation(hazards_of(shape, vertex_sd_m=0.0), meridian_border(100)).iloc[0]
    assert (answer["relation"], answer["crossing_probability"]) == ("crossing", pytest.approx(1, abs=1e-9))
