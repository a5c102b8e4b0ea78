"""Ground that several registers report: pairs, conflicts and totals whose answers are known by hand.

Boxes are given in metres east of 16° E and north of 45° N.
"""

from __future__ import annotations

import itertools
import math
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from by_hand import LON, hazards_of
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.borders._twice._conflicts import conflicts
from hazardgeo.borders._twice._counted import count_once
from hazardgeo.borders._twice._overlaps import moved_twins, overlaps
from hazardgeo.crs import GEOD
from hazardgeo.errors import GeometryError, HazardgeoError, SchemaError
from hazardgeo.registers import Thresholds

LAT = 45.0
M = 1 / GEOD.inv(LON, LAT, LON + 0.01, LAT)[2] / 100
N = 1 / GEOD.inv(LON, LAT, LON, LAT + 0.01)[2] / 100


def box_m(west: float, east: float, south: float = 0, north: float = 200) -> shapely.Polygon:
    return shapely.box(LON + west * M, LAT + south * N, LON + east * M, LAT + north * N)


def area(value: float) -> object:
    """Boxes of a kilometre are good to 2 in 10,000 when their sides are taken as metres."""
    return pytest.approx(value, rel=5e-4)


def kind_of(one: object, other: object, **columns: object) -> str:
    (kind,) = overlaps(hazards_of(one, **columns), hazards_of(other, register="B", **columns))["kind"]
    return str(kind)


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (box_m(0, 500), "same"),
        (box_m(0, 510), "same"),  # 500 of 510 joint: 98 %
        (box_m(-20, 480), "same"),  # 480 of 520: 92 %
        (box_m(-30, 470), "partly"),  # 470 of 530: 89 %
        (box_m(-500, 1000), "a_in_b"),
        (box_m(10, 1000), "a_in_b"),  # 490 of 500: 98 %
        (box_m(30, 1000), "partly"),  # 470 of 500: 94 %
        (box_m(100, 200, 50, 150), "b_in_a"),
        (box_m(480, 900), "sliver"),  # 20 m wide at most, less than 1.96 · hypot(10, 10) = 27.7 m
    ],
)
def test_kinds_by_hand(other, kind):
    assert kind_of(box_m(0, 500), other) == kind
    turned = {"a_in_b": "b_in_a", "b_in_a": "a_in_b"}.get(kind, kind)
    assert kind_of(other, box_m(0, 500)) == turned


def test_a_small_hazard_within_another_is_contained_and_no_sliver():
    """10 m by 10 m is narrower than any outline is known, and yet one record lies in the other."""
    row = overlaps(hazards_of(box_m(0, 500)), hazards_of(box_m(100, 110, 100, 110), register="B")).iloc[0]
    assert row["sliver"]
    assert row["kind"] == "b_in_a"


def test_thresholds_move_the_kinds():
    a, b = hazards_of(box_m(0, 500)), hazards_of(box_m(-30, 470), register="B")
    looser = Thresholds(near_duplicate_share=0.85)
    assert overlaps(a, b, thresholds=looser)["kind"].tolist() == ["same"]
    strict = Thresholds(near_duplicate_share=1.0, cover_share=0.99)
    assert overlaps(a, hazards_of(box_m(0, 510), register="B"), thresholds=strict)["kind"].tolist() == ["a_in_b"]


def test_class_and_status_stand_beside_each_pair():
    a = hazards_of(box_m(0, 500), classification="CHA", work_status="worked_on")
    b = hazards_of(box_m(0, 500), register="B", work_status="closed")
    row = overlaps(a, b).iloc[0]
    assert row[["class_a", "class_b", "status_a", "status_b"]].tolist() == ["CHA", "SHA", "worked_on", "closed"]
    bare = overlaps(a[["geometry"]], b[["geometry"]]).iloc[0]
    assert bare[["class_a", "status_b"]].tolist() == ["unstated", "unstated"]


def test_edges_that_run_together_are_no_ground_beside_the_ground():
    """An L and a box that share ground in one place and an edge in another."""
    ell = shapely.union_all([box_m(0, 100, 0, 300), box_m(0, 300, 0, 100)])
    row = overlaps(hazards_of(ell), hazards_of(box_m(50, 300, 100, 200), register="B")).iloc[0]
    assert row["area_m2"] == area(50 * 100)
    assert row["width_m"] == pytest.approx(2 * 5000 / 300, rel=1e-3)


def test_many_pairs_over_several_planes_are_the_pairs_one_by_one():
    """Hazards a degree apart lie in planes of their own."""
    shapes = [shapely.box(lon, 45, lon + 0.01, 45.01) for lon in np.arange(14, 20, 0.7)]
    others = [shapely.box(lon + 0.004, 45.003, lon + 0.02, 45.02) for lon in np.arange(14, 20, 0.7)]
    a, b = hazards_of(*shapes), hazards_of(*others, register="B")
    table = overlaps(a, b)
    assert table["hazard_a"].tolist() == table["hazard_b"].tolist() == a.index.tolist()
    each = [overlaps(a.loc[[one]], b.loc[[one]])["area_m2"].iloc[0] for one in a.index]
    assert table["area_m2"].tolist() == pytest.approx(each, rel=1e-12)


def planted(words: str) -> list[list[str]]:
    """Pairs of records that the sample data's README names in the line that holds these words."""
    text = (hz.sample_data("bih_register.gpkg").parent / "README.md").read_text(encoding="utf-8")
    (line,) = [one for one in text.splitlines() if words in one]
    return [re.findall(r"(?:BIH|HR)-[0-9]+", one) for one in line.rpartition(": ")[2].split(", ")]


def test_the_pairs_that_were_planted_in_the_sample_data_are_found_and_of_their_kind():
    """The builder of the sample data drew them, and wrote down which."""
    a, b = (hz.read_hazards(hz.sample_data(name)) for name in ("bih_register.gpkg", "hrv_register.geojson"))
    table = overlaps(a, b).set_index(["hazard_a", "hazard_b"]).sort_index()
    twice, partly, within = (
        table.loc[[tuple(pair) for pair in planted(words)]]
        for words in ("drawn twice:", "overlap in part:", "of the other register:")
    )
    assert (twice[["share_a", "share_b"]].max(axis=1) > 0.8).all()
    assert "sliver" not in set(twice["kind"])
    assert (partly["kind"] == np.where(partly["sliver"], "sliver", "partly")).all()
    assert set(within["kind"]) == {"a_in_b", "b_in_a"}
    assert {*zip(within["class_a"], within["class_b"], strict=True)} <= {("CHA", "SHA"), ("SHA", "CHA")}


CORNERS = [(0, 0), (300, 0), (320, 110), (120, 140), (90, 400), (-20, 200)]


def outline(east_m: float = 0, north_m: float = 0, lon: float = 19.0, lat: float = 44.9) -> shapely.Polygon:
    """An outline of six corners in Srem, where MGI 1901 and WGS 84 lie some 413 m apart."""
    per_lon = GEOD.inv(lon, lat, lon + 0.01, lat)[2] * 100
    return shapely.Polygon([(lon + (x + east_m) / per_lon, lat + (y + north_m) * N) for x, y in CORNERS])


def on_mgi_1901() -> shapely.Polygon:
    """The same numbers on MGI 1901, brought to WGS 84 by EPSG:3962."""
    import pyproj

    way = pyproj.Transformer.from_pipeline("EPSG:3962")
    lon, lat = shapely.get_coordinates(outline()).T
    there = way.transform(lat, lon)
    return shapely.Polygon(np.column_stack(there[::-1]))


def test_a_twin_moved_by_a_datum_is_named_as_such():
    a, b = hazards_of(outline()), hazards_of(on_mgi_1901(), register="B")
    row = moved_twins(a, b).iloc[0]
    assert (row["hazard_a"], row["hazard_b"]) == ("h0", "h0")
    assert row["shift_m"] == pytest.approx(413, abs=2)
    assert row["residual_m"] < 1
    assert "MGI 1901" in row["signature"]
    assert "in the first register" in row["signature"]
    assert row["words"].startswith(f"The same outline twice, {row['shift_m']:.0f} m apart")
    assert row["area_a_m2"] == pytest.approx(row["area_b_m2"], rel=1e-3)  # an ellipsoid of another size
    back = moved_twins(b, a).iloc[0]
    assert back["shift_m"] == pytest.approx(row["shift_m"], abs=1e-6)
    assert abs(back["azimuth_deg"] - row["azimuth_deg"]) == pytest.approx(180, abs=0.1)


def test_a_twin_that_no_datum_explains_says_so():
    a, b = hazards_of(outline()), hazards_of(outline(north_m=1500), register="B")
    row = moved_twins(a, b).iloc[0]
    assert row["signature"] == ""
    assert "no known datum explains it" in row["words"]
    assert row["sharing"] == 1


def test_twins_that_share_a_shift_say_how_many():
    shapes = [outline(k * 5000, k * 300) for k in range(3)]
    moved = [outline(k * 5000, k * 300 + 700) for k in range(3)]
    table = moved_twins(hazards_of(*shapes), hazards_of(*moved, register="B"))
    assert table["sharing"].tolist() == [3, 3, 3]
    assert table["words"].str.endswith("3 pairs share this shift.").all()


def test_no_twin_is_an_empty_table_with_its_columns():
    a, b = hazards_of(outline()), hazards_of(box_m(0, 500), register="B")
    assert moved_twins(a, b).empty
    assert list(moved_twins(a, b).columns) == list(moved_twins(a, hazards_of(outline(0, 700), register="B")).columns)


THREE = (
    hazards_of(box_m(0, 300), register="A"),
    hazards_of(box_m(100, 400), register="B"),
    hazards_of(box_m(200, 500), register="C"),
)
"""Each 300 m wide and 200 m high; 0 to 500 m together; 100 to 400 m in two or more."""


def test_three_registers_by_hand():
    counted = count_once(*THREE)
    assert [one.net_m2 for one in counted.registers] == [area(60_000)] * 3
    assert counted.once_m2 == area(500 * 200)
    assert counted.overlap_m2 == area(300 * 200)
    table = counted.to_frame()
    assert table.index.tolist() == ["A", "B", "C", "in two registers or more", "counted once"]
    assert table.loc["counted once", "records"] == 3


def test_any_order_gives_one_result():
    results = [count_once(*order) for order in itertools.permutations(THREE)]
    for one in results[1:]:
        assert one.once_m2 == pytest.approx(results[0].once_m2, rel=1e-9)
        assert one.overlap_m2 == pytest.approx(results[0].overlap_m2, rel=1e-9)
        assert sorted(each.register for each in one.registers) == ["A", "B", "C"]


def test_a_register_with_itself_is_the_register():
    a = THREE[0]
    counted = count_once(a, a, a)
    assert counted.once_m2 == pytest.approx(counted.a.net_m2, rel=1e-12)
    assert counted.overlap_m2 == pytest.approx(counted.a.net_m2, rel=1e-12)


def test_a_confirmed_area_takes_its_ground_out_of_the_suspected_total():
    """SHA of 500 m by 200 m, in it a CHA of 100 m by 200 m of the other register, and 100 m by 200 m of no class beside both."""
    a = hazards_of(box_m(0, 500), register="A")
    b = hazards_of(box_m(100, 200), box_m(450, 600), register="B", classification=["CHA", "unstated"])
    table = count_once(a, b).by_class()
    once = table.loc["counted once"]
    assert once.loc["CHA", "once_m2"] == area(100 * 200)
    assert once.loc["SHA", "once_m2"] == area(400 * 200)
    assert once.loc["unstated", "once_m2"] == area(100 * 200)
    assert once["sum_m2"].tolist() == [area(100 * 200), area(500 * 200), area(150 * 200)]
    assert table.loc[("A", "SHA"), "once_m2"] == area(500 * 200)  # each register's own totals stay as they are
    assert once["records"].tolist() == [1, 1, 1]


def test_a_class_that_was_not_measured_is_not_zero():
    a = hazards_of(box_m(0, 100), None, register="A", classification=["SHA", "CHA"])
    b = hazards_of(box_m(0, 100), register="B")
    counted = count_once(a, b)
    once = counted.by_class().loc["counted once"]
    assert math.isnan(once.loc["CHA", "once_m2"])
    assert once.loc["CHA", "unmeasured"] == 1
    assert once.loc["SHA", "once_m2"] == pytest.approx(counted.once_m2, rel=1e-12)
    assert once.loc["unstated", "once_m2"] == 0  # no record of that class is no ground of it


def test_a_register_that_was_not_measured_leaves_the_total_unknown():
    counted = count_once(*THREE, hazards_of(None, register="D"))
    assert math.isnan(counted.once_m2)
    assert math.isnan(counted.overlap_m2)
    assert counted.by_class().loc["counted once", "once_m2"].isna().all()
    assert counted.registers[0].net_m2 == area(60_000)


def test_a_class_that_nobody_knows_is_counted_as_unstated():
    a = hazards_of(box_m(0, 100), register="A", classification="DHA")
    once = count_once(a, THREE[2]).by_class().loc["counted once"]
    assert once.loc["unstated", "records"] == 1


def test_an_empty_register_adds_nothing():
    counted = count_once(*THREE[:2], THREE[2].iloc[:0])
    assert counted.registers[2].register == "(empty)"
    assert counted.once_m2 == pytest.approx(count_once(*THREE[:2]).once_m2, rel=1e-12)


boxes = st.tuples(st.integers(0, 900), st.integers(1, 400), st.integers(0, 300), st.integers(1, 300)).map(
    lambda e: box_m(e[0], e[0] + e[1], e[2], e[2] + e[3])
)
registers = st.lists(
    st.lists(st.tuples(boxes, st.sampled_from(["CHA", "SHA", "unstated"])), min_size=1, max_size=4),
    min_size=2,
    max_size=4,
)


@settings(max_examples=60)
@given(registers)
def test_laws_of_what_is_counted_once(drawn):
    """Once ≤ sum; the overlap ≤ once; each register ≤ once; classes sum up; the order of the registers is all one."""
    frames = [
        hazards_of(*(shape for shape, _ in one), register=f"R{k}", classification=[word for _, word in one])
        for k, one in enumerate(drawn)
    ]
    counted = count_once(*frames)
    nets = [one.net_m2 for one in counted.registers]
    slack = 1 + 1e-6
    assert max(nets) <= counted.once_m2 * slack
    assert counted.once_m2 <= math.fsum(nets) * slack
    assert counted.overlap_m2 <= counted.once_m2 * slack
    assert counted.once_m2 == pytest.approx(hz.net_area_m2(pd.concat(frames)), rel=1e-6)
    for one in counted.registers:
        assert one.net_m2 <= one.sum_m2 * slack
        assert counted.by_class().loc[one.register, "once_m2"].sum() == pytest.approx(one.net_m2, rel=1e-9)
    classes = counted.by_class().loc["counted once"]
    assert classes["once_m2"].sum() == pytest.approx(counted.once_m2, rel=1e-9)
    assert (classes["once_m2"] <= classes["sum_m2"] * slack + 1e-3).all()
    turned = count_once(*frames[::-1])
    assert turned.once_m2 == pytest.approx(counted.once_m2, rel=1e-9)
    assert turned.overlap_m2 == pytest.approx(counted.overlap_m2, rel=1e-6, abs=1e-3)
    if len(frames) == 2:  # what is in both is what is in each, less what is in either
        assert counted.overlap_m2 == pytest.approx(sum(nets) - counted.once_m2, rel=1e-6, abs=1e-2)


@settings(max_examples=60)
@given(st.lists(boxes, min_size=1, max_size=4), st.lists(boxes, min_size=1, max_size=4))
def test_laws_of_pairs(ours, theirs):
    a, b = hazards_of(*ours), hazards_of(*theirs, register="B")
    there, back = overlaps(a, b), overlaps(b, a)
    assert len(there) == len(back)
    keys = ["hazard_a", "hazard_b"]
    back = back.rename(columns={"hazard_a": "hazard_b", "hazard_b": "hazard_a"}).set_index(keys)
    turn = {"a_in_b": "b_in_a", "b_in_a": "a_in_b"}
    for row in there.set_index(keys).itertuples():
        other = back.loc[row.Index]
        assert row.area_m2 == pytest.approx(
            other["area_m2"], rel=1e-6
        )  # of a square metre, coordinates leave that many digits
        assert row.kind == turn.get(other["kind"], other["kind"])
        assert max(row.share_a, row.share_b) <= 1 + 1e-6


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_registers_are_refused(count):
    with pytest.raises(HazardgeoError, match="two registers or more"):
        count_once(*THREE[:count])


def test_faults_of_any_register_are_refused():
    twice = hazards_of(box_m(0, 10), box_m(0, 10), register="D")
    twice.index = ["same", "same"]
    with pytest.raises(SchemaError, match="same"):
        count_once(*THREE, twice)
    with pytest.raises(SchemaError, match="register"):
        count_once(*THREE, THREE[0].drop(columns="register"))
    with pytest.raises(GeometryError, match="h0"):
        count_once(*THREE, hazards_of(shapely.Point(16, 45), register="D"))


def releases_of(*shapes: object, register: str = "B", **columns: object) -> gpd.GeoDataFrame:
    data = {"register": register, "country": "BBB", "kind": "cleared", "hazard_id": ""} | columns
    index = pd.Index([f"r{i}" for i in range(len(shapes))], name="release_id", dtype=object)
    return gpd.GeoDataFrame(data, geometry=list(shapes), index=index, crs=4326)


def test_cleared_ground_of_one_over_open_hazard_of_the_other():
    """100 m of a release 300 m wide lie on a hazard 500 m wide, both 200 m high."""
    hazards = hazards_of(box_m(0, 500), classification="CHA", date_of_information=pd.to_datetime(["2024-05-01"]))
    releases = releases_of(box_m(-200, 100), completed_on=pd.to_datetime(["2023-03-01"]))
    (row,) = conflicts(hazards, releases).itertuples()
    assert (row.release_id, row.hazard_id, row.register_of_release, row.register_of_hazard) == ("r0", "h0", "B", "REG")
    assert (row.kind, row.classification, row.work_status, row.later) == ("cleared", "CHA", "open", "hazard")
    assert row.area_m2 == area(100 * 200)
    assert (row.share_of_release, row.share_of_hazard) == (area(1 / 3), area(0.2))
    assert row.width_m == pytest.approx(2 * 20_000 / 600, rel=1e-3)
    assert row.accuracy_m == pytest.approx(1.96 * math.hypot(10, 10))
    assert not row.sliver


def test_the_gravest_conflict_comes_first():
    hazards = hazards_of(
        *(box_m(x, x + 300) for x in (0, 1000, 2000, 3000)), classification=["SHA", "CHA", "CHA", "unstated"]
    )
    releases = releases_of(
        box_m(0, 300), box_m(1000, 1300), box_m(2000, 2300), box_m(3000, 3200), box_m(1100, 1110),
        kind=["cleared", "reduced", "cleared", "cancelled", "cleared"],
    )  # fmt: skip
    table = conflicts(hazards, releases)
    assert table["release_id"].tolist() == ["r2", "r1", "r3", "r0", "r4"]
    assert table["sliver"].tolist() == [False] * 4 + [True]


def test_nothing_is_subtracted_and_no_input_is_touched():
    hazards, releases = hazards_of(box_m(0, 500)), releases_of(box_m(0, 500))
    before = hazards.copy(), releases.copy()
    conflicts(hazards, releases)
    assert hazards.equals(before[0])
    assert releases.equals(before[1])


@pytest.mark.parametrize("status", ["closed", "handed_over"])
def test_ground_of_a_closed_hazard_is_no_conflict(status):
    assert conflicts(hazards_of(box_m(0, 500), work_status=status), releases_of(box_m(0, 500))).empty


@pytest.mark.parametrize("status", ["open", "worked_on", "suspended", "unstated"])
def test_ground_of_any_other_hazard_is(status):
    assert len(conflicts(hazards_of(box_m(0, 500), work_status=status), releases_of(box_m(0, 500)))) == 1


def test_within_a_register_the_hazard_that_a_release_names_is_no_conflict():
    hazards = hazards_of(box_m(0, 500), box_m(400, 900))
    own = releases_of(box_m(0, 500), register="REG", hazard_id="h0")
    assert conflicts(hazards, own).empty  # what h1 has in common with h0 is released with h0
    beyond = releases_of(box_m(0, 600), register="REG", hazard_id="h0")
    (row,) = conflicts(hazards, beyond).itertuples()
    assert (row.hazard_id, row.register_of_release) == ("h1", "REG")
    assert row.area_m2 == area(100 * 200)


def test_the_rule_of_the_readers_says_the_same_within_a_register():
    """`release-over-open-hazard` speaks of the same releases."""
    from hazardgeo.registers._rules import between

    hazards = hazards_of(box_m(0, 500), box_m(400, 900), box_m(2000, 2300))
    releases = releases_of(
        box_m(0, 600), box_m(2000, 2100), box_m(2000, 2010), box_m(0, 500),
        register="REG", hazard_id=["h0", "", "", "h0"],
    )  # fmt: skip
    table = conflicts(hazards, releases)
    told = {
        one.release_id for one in between(hazards, releases, Thresholds()) if one.rule == "release-over-open-hazard"
    }
    assert told == set(table.loc[~table["sliver"], "release_id"]) == {"r0", "r1"}


def test_the_neighbour_s_hazard_is_never_excused_by_a_link_of_the_same_name():
    """Register B releases its own h0; register REG has another h0, open, on the same ground."""
    releases = releases_of(box_m(0, 500), hazard_id="h0")
    assert len(conflicts(hazards_of(box_m(0, 500)), releases)) == 1
    both = hz.combine(hazards_of(box_m(0, 500)), hazards_of(box_m(0, 500), register="B"))
    (row,) = conflicts(both, hz.combine(releases)).itertuples()
    assert row.hazard_id == "REG/h0"


def test_conflicts_of_two_registers_do_not_depend_on_their_order():
    first, second = hazards_of(box_m(0, 500)), hazards_of(box_m(300, 900), register="B", classification="CHA")
    releases = [releases_of(box_m(200, 400), register=name) for name in ("REG", "B")]
    tables = [
        conflicts(hz.combine(*hazards), hz.combine(*released))
        for hazards, released in itertools.product(
            itertools.permutations([first, second]), itertools.permutations(releases)
        )
    ]
    assert all(table.equals(tables[0]) for table in tables[1:])


def test_records_without_outline_or_dates_cost_the_others_nothing():
    hazards = hazards_of(None, box_m(0, 500))
    releases = releases_of(box_m(0, 300), None)
    (row,) = conflicts(hazards, releases).itertuples()
    assert (row.hazard_id, row.later) == ("h1", "")
    assert pd.isna(row.completed_on)


def test_empty_frames_have_no_conflict_and_all_columns():
    full = conflicts(hazards_of(box_m(0, 500)), releases_of(box_m(0, 500)))
    for hazards, releases in (
        (hazards_of(box_m(0, 500)).iloc[:0], releases_of(box_m(0, 500))),
        (hazards_of(box_m(0, 500)), releases_of(box_m(0, 500)).iloc[:0]),
    ):
        table = conflicts(hazards, releases)
        assert table.empty
        assert list(table.columns) == list(full.columns)


@pytest.mark.parametrize("column", ["register", "kind", "hazard_id"])
def test_releases_without_a_needed_column_are_refused(column):
    with pytest.raises(SchemaError, match=column):
        conflicts(hazards_of(box_m(0, 500)), releases_of(box_m(0, 500)).drop(columns=column))


def test_hazards_without_a_status_or_with_an_id_twice_are_refused():
    with pytest.raises(SchemaError, match="work_status"):
        conflicts(hazards_of(box_m(0, 500)).drop(columns="work_status"), releases_of(box_m(0, 500)))
    twice = hazards_of(box_m(0, 500), box_m(0, 500))
    twice.index = ["same", "same"]
    with pytest.raises(SchemaError, match="same"):
        conflicts(twice, releases_of(box_m(0, 500)))


STRIP_AND_BULGE = shapely.union_all([box_m(-100, 1, 0, 10_000), box_m(0, 60, 5000, 5060)])
"""On a hazard that begins at 0 m: a strip 1 m wide and 10 km long, and one bulge of 60 m by 60 m."""


@pytest.mark.parametrize("apart", [0, 5])
def test_a_bulge_on_a_long_thin_strip_is_no_sliver(apart):
    """The mean width is 2 · (10,000 + 59 · 60) / (2 · 10,000 + 4 · 60) = 1.3 m, less than 1.96 · hypot(2, 2) = 5.5 m; the bulge
    is 60 m wide, whether it hangs on the strip or lies beside it."""
    hazards = hazards_of(box_m(0, 100, 0, 10_000), vertex_sd_m=2.0)
    shape = shapely.union_all([box_m(-100, 1, 0, 10_000), box_m(apart, apart + 60, 5000, 5060)])
    releases = releases_of(shape, vertex_sd_m=2.0)
    (row,) = conflicts(hazards, releases).itertuples()
    assert row.width_m == pytest.approx(1.3, abs=0.1)
    assert row.accuracy_m == pytest.approx(5.54, abs=0.01)
    assert not row.sliver
    (pair,) = overlaps(hazards, hazards_of(shape, register="B", vertex_sd_m=2.0)).itertuples()
    assert (pair.kind, pair.sliver) == ("partly", False)
    strip_alone = releases_of(box_m(-100, 1, 0, 10_000), vertex_sd_m=2.0)
    assert conflicts(hazards, strip_alone)["sliver"].tolist() == [True]


def test_the_rule_of_the_readers_sees_the_bulge_too():
    """`release-over-open-hazard` and `conflicts` have one notion of a sliver."""
    from hazardgeo.registers._rules import between

    hazards = hazards_of(box_m(0, 100, 0, 10_000), vertex_sd_m=2.0)
    releases = releases_of(STRIP_AND_BULGE, box_m(-100, 1, 0, 10_000), register="REG", vertex_sd_m=2.0)
    assert [one.release_id for one in between(hazards, releases, Thresholds())] == ["r0"]


def test_a_release_of_a_closed_hazard_does_not_excuse_the_open_one_on_its_ground():
    """h0 was released and closed; h1 was opened on the same ground afterwards: 80 m by 80 m are told, as with h1 alone."""
    from hazardgeo.registers._rules import between

    hazards = hazards_of(box_m(0, 100, 0, 100), box_m(0, 100, 0, 100), work_status=["closed", "open"])
    releases = releases_of(box_m(10, 90, 10, 90), register="REG", hazard_id="h0")
    (row,) = conflicts(hazards, releases).itertuples()
    assert (row.hazard_id, row.area_m2) == ("h1", area(80 * 80))
    assert len(conflicts(hazards[hazards["work_status"] == "open"], releases)) == 1
    assert "release-over-open-hazard" in {one.rule for one in between(hazards, releases, Thresholds())}
    assert conflicts(hazards.assign(work_status="open"), releases).empty


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (float("nan"), None),
        (pd.NaT, None),
        (None, None),
        ("05.01.2021", None),
        ("2021-02-31", None),
        (2021.0, None),
        ("2021-01-05", "2021-01-05"),
        (pd.Timestamp("2021-01-05T23:30+02:00"), "2021-01-05"),
        (pd.Timestamp("2021-01-05").date(), "2021-01-05"),
    ],
)
def test_a_date_of_any_kind_never_keeps_a_conflict_from_being_told(value, day):
    """What is no day is not known, and a number is no day; the hazard's information is of 2020, so a known day is later."""
    hazards = hazards_of(box_m(0, 500), date_of_information="2020-06-01")
    releases = releases_of(box_m(0, 500))
    releases["completed_on"] = pd.Series([value], dtype=object, index=releases.index)
    (row,) = conflicts(hazards, releases).itertuples()
    assert row.later == ("release" if day else "")
    assert (pd.isna(row.completed_on) and day is None) or row.completed_on == pd.Timestamp(day)


def test_ground_between_a_long_edge_and_its_geodesic_is_found():
    """The edge of 1° at 45.1° N is a geodesic, whose middle lies some L² tan(45.1°) / 8R = 122 m north of the parallel; a release
    55 to 89 m north of it lies on the hazard, all of it."""
    hazards = hazards_of(shapely.box(16, 45, 17, 45.1))
    place = shapely.box(16.45, 45.1005, 16.55, 45.1008)
    (row,) = conflicts(hazards, releases_of(place)).itertuples()
    assert row.share_of_release == pytest.approx(1, abs=1e-6)
    other = hazards_of(place, register="B")
    assert overlaps(hazards, other)["kind"].tolist() == ["b_in_a"]
    assert count_once(hazards, other).overlap_m2 == pytest.approx(hz.area_m2(other).iloc[0], rel=1e-6)


@pytest.mark.parametrize(
    ("west", "south", "east", "north"),
    [
        (16.065441388136467, 44.918884264266595, 16.101324041798296, 44.929026052002236),
        (16.049123652732472, 45.11531027185407, 16.066234201365276, 45.14109985041626),
    ],
)
def test_pairs_that_only_touch_have_no_row(west, south, east, north):
    """Two boxes with one edge in common, which rounding lays over itself by some 1e-10 m: that is no ground."""
    below, above = shapely.box(west, south, east, north), shapely.box(west, north, east, north + 0.005)
    assert overlaps(hazards_of(below), hazards_of(above, register="B")).empty
    assert conflicts(hazards_of(below), releases_of(above)).empty
    wider = shapely.box(west, north - 1e-7, east, north + 0.005)  # 11 mm of it are
    assert overlaps(hazards_of(below), hazards_of(wider, register="B"))["kind"].tolist() == ["sliver"]
