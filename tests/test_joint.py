"""Joint tasks on a border whose answers are known by hand: the meridian 16° E, places in metres east of it and north of 45°."""

from __future__ import annotations

import math

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from by_hand import LON, hazards_of, meridian_border
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.borders._along._joint import joint_tasks
from hazardgeo.crs import GEOD
from hazardgeo.errors import BorderError, GeometryError, HazardgeoError, SchemaError

LAT = 45.0


def at(x: float, y: float) -> tuple[float, float]:
    _, lat, _ = GEOD.fwd(LON, LAT, 0, y)
    return GEOD.fwd(LON, lat, 90, x)[:2]


def box_m(west: float, east: float, south: float = 0, north: float = 200) -> shapely.Polygon:
    return shapely.Polygon([at(west, south), at(east, south), at(east, north), at(west, north)])


def registers(a: list[shapely.Polygon], b: list[shapely.Polygon], sd: float = 0.0):
    """A register of each side, with exact outlines."""
    one = hazards_of(*a, register="REG-A", vertex_sd_m=sd)
    return one, hazards_of(*b, register="REG-B", vertex_sd_m=sd, country="BBB")


def joint(a, b, within_m: float = 400, offset: float = 20.0, **options: object):
    return joint_tasks(*registers(a, b), meridian_border(offset), within_m=within_m, **options)


@pytest.mark.parametrize(("within_m", "tasks"), [(349, 0), (351, 1)])
def test_two_hazards_opposite_each_other(within_m, tasks):
    """200 m west and 150 m east of the line: 350 m apart."""
    answer = joint([box_m(-300, -200)], [box_m(150, 250)], within_m)
    assert len(answer.tasks) == tasks
    assert (answer.records, answer.in_tasks) == (2, 2 * tasks)
    if tasks:
        row = answer.tasks.loc["REG-A/h0"]
        assert row["nearest_m"] == pytest.approx(350, abs=0.01)
        assert (row["hazards"], row["registers"]) == ("REG-A/h0;REG-B/h0", "REG-A;REG-B")
        assert (row["sides"], row["across"], row["records"]) == ("AAA;BBB", "certain", 2)
        assert row["ground_m2"] == pytest.approx(2 * 100 * 200, rel=1e-4)


def test_areas_per_side_are_those_of_the_split_summed():
    answer = joint([box_m(-300, -200), box_m(-300, 100, 300, 500)], [box_m(150, 250)])
    sides = answer.sides.loc["REG-A/h0"]
    levels = ["area_low_m2", "area_m2", "area_high_m2"]
    west = [100 * 200 + 280 * 200, 100 * 200 + 300 * 200, 100 * 200 + 320 * 200]
    east = [100 * 200 + 80 * 200, 100 * 200 + 100 * 200, 100 * 200 + 120 * 200]
    assert sides.loc["AAA", levels].tolist() == pytest.approx(west, rel=1e-3)
    assert sides.loc["BBB", levels].tolist() == pytest.approx(east, rel=1e-3)
    assert sides["hazards"].to_dict() == {"AAA": 2, "BBB": 2}


def test_a_chain_across_the_line_is_one_task_and_what_is_near_on_its_own_side_alone_is_none():
    """A0 – B0 – A1 hang together across the line; A2 is 50 m from A0 and 750 m from any ground in the east."""
    a = [box_m(-300, -200), box_m(-300, -200, 500, 700), box_m(-800, -350)]
    answer = joint(a, [box_m(150, 250, 250, 450)], 500)
    assert answer.tasks["hazards"].tolist() == ["REG-A/h0;REG-A/h1;REG-B/h0"]
    lone = joint([box_m(-300, -200), box_m(-800, -350)], [box_m(150, 250)], 400)
    assert lone.tasks["hazards"].tolist() == ["REG-A/h0;REG-B/h0"]
    assert (lone.records, lone.in_tasks) == (3, 2)


def test_how_sure_it_is_that_a_hazard_lies_on_both_sides():
    """One that reaches 100 m over is a task by itself, certain at ±20 m, as drawn at ±150 m; 50 m off it is possible."""
    crossing, beside = [box_m(-100, 100)], [box_m(50, 200)]
    assert joint(crossing, []).tasks["across"].tolist() == ["certain"]
    assert joint(crossing, [], offset=150).tasks["across"].tolist() == ["as_drawn"]
    assert joint(beside, [], offset=150).tasks["across"].tolist() == ["possible"]
    assert joint(beside, [], offset=20).tasks.empty
    assert joint(crossing, []).tasks["nearest_m"].tolist() == [0]


@pytest.mark.parametrize(("team_m", "overlap"), [(500, 150), (300, 0), (math.nan, math.nan)])
def test_distances_of_two_teams(team_m, overlap):
    options = {} if math.isnan(team_m) else {"team_distance_m": team_m}
    answer = joint([box_m(-300, -200)], [box_m(150, 250)], **options)
    assert answer.tasks["team_overlap_m"].iloc[0] == pytest.approx(overlap, abs=0.01, nan_ok=True)
    assert answer.team_distance_m == pytest.approx(team_m, nan_ok=True)


def test_the_hull_holds_every_member_and_says_what_it_is():
    a, b = [box_m(-300, -200)], [box_m(150, 250)]
    task = joint(a, b).tasks.iloc[0]
    assert task["geometry_is"] == "convex hull"
    assert all(task["geometry"].covers(shape) for shape in a + b)


def ways(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(index=[f"way {i}" for i in range(len(shapes))], geometry=list(shapes), crs=4326)


def test_nearest_access_on_each_side_by_hand():
    """A track along 1,000 m west ends 700 m from the hazard's edge; in the east a place 400 m from the other's."""
    track = shapely.LineString([at(-1000, -3000), at(-1000, 3000)])
    access = ways(track, shapely.Point(at(650, 100)), shapely.Point(at(9000, 0)))
    sides = joint([box_m(-300, -200)], [box_m(150, 250)], access=access).sides.loc["REG-A/h0"]
    assert sides["access"].to_dict() == {"AAA": "way 0", "BBB": "way 1"}
    assert sides["access_m"].tolist() == pytest.approx([700, 400], abs=0.05)
    assert sides[["access_longitude", "access_latitude"]].loc["BBB"].tolist() == pytest.approx(at(650, 100), abs=1e-6)
    assert sides["access_side_certain"].tolist() == [True, True]


def test_a_road_over_the_border_gives_access_on_both_sides_and_beside_the_line_its_side_is_not_certain():
    """The road crosses 1,000 m north of both: its eastern piece begins at the line, within what the line may be off."""
    road = ways(shapely.LineString([at(-5000, 1200), at(100, 1200)]))
    sides = joint([box_m(-300, -200)], [box_m(150, 250)], access=road, offset=120).sides.loc["REG-A/h0"]
    assert sides["access_m"].tolist() == pytest.approx([1000, math.hypot(1000, 50)], abs=0.5)
    assert sides["access_side_certain"].to_dict() == {"AAA": True, "BBB": False}


def test_no_access_on_a_side_is_not_a_distance():
    sides = joint([box_m(-300, -200)], [box_m(150, 250)], access=ways(shapely.Point(at(650, 100)))).sides.loc[
        "REG-A/h0"
    ]
    assert math.isnan(sides.loc["AAA", "access_m"])
    assert sides.loc["AAA", "access"] is None or pd.isna(sides.loc["AAA", "access"])
    assert not sides.loc["AAA", "access_side_certain"]


def test_access_that_is_ground_is_refused():
    with pytest.raises(GeometryError, match=r"way 0.*neither a point nor a line"):
        joint([box_m(-300, -200)], [box_m(150, 250)], access=ways(box_m(0, 5)))


def test_closed_ground_only_where_asked_and_every_record_is_accounted_for():
    a, b = registers([box_m(-300, -200)], [box_m(150, 250), box_m(150, 250, 300, 400)])
    b = b.assign(work_status=["closed", "open"])
    a = pd.concat([a, a.rename(index={"h0": "h1"})])
    a = a.set_geometry(gpd.GeoSeries([a.geometry.iloc[0], None], index=a.index, crs=a.crs))
    answer = joint_tasks(a, b, meridian_border(20), within_m=400)
    assert (answer.records, answer.in_tasks, answer.without_outline, answer.left_out) == (3, 2, 1, 1)
    whole = joint_tasks(a, b, meridian_border(20), within_m=400, closed_too=True)
    assert (whole.records, whole.in_tasks, whole.left_out) == (4, 3, 0)


def test_contested_ground_is_a_matter_of_both():
    border = meridian_border(20)
    pocket = shapely.segmentize(shapely.box(LON, 44.9, 16.2, 45.2), 0.01)
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "BBB", "disputed"], "name": "", "claimants": ["", "", "AAA;BBB"]},
        geometry=[border.countries.geometry.iloc[0], border.countries.geometry.iloc[1].difference(pocket), pocket],
        crs=4326,
    )
    lines = border.lines.assign(status="disputed", claimants="AAA;BBB", geometry=[pocket.exterior])
    disputed = meridian_border(20, countries=countries, lines=lines)
    a, b = registers([box_m(3000, 3200)], [])
    answer = joint_tasks(a, b, disputed, within_m=400)
    assert answer.tasks["sides"].tolist() == ["disputed"]


def test_registers_with_the_same_ids_and_combined_frames_are_told_apart():
    a, b = registers([box_m(-300, -200)], [box_m(150, 250)])
    plain = joint_tasks(a, b, meridian_border(20), within_m=400)
    both = hz.combine(a, b)
    combined = joint_tasks(
        both[both["register"] == "REG-A"], both[both["register"] == "REG-B"], meridian_border(20), within_m=400
    )
    pd.testing.assert_frame_equal(plain.to_frame(), combined.to_frame())


def test_a_register_put_to_itself_is_refused():
    a, _ = registers([box_m(-300, -200)], [])
    with pytest.raises(SchemaError, match=r"REG-A/h0.*in two of them.*names of their own"):
        joint_tasks(a, a, meridian_border(20), within_m=400)


def test_three_registers_are_one_question():
    """A's hazard is 250 m from B's and 300 m from C's, across the line: one task of three, the same in any order."""
    a, b = registers([box_m(-200, -100)], [box_m(150, 250)])
    c = hazards_of(box_m(200, 300, 250, 400), register="REG-C", vertex_sd_m=0.0, country="BBB")
    answers = [joint_tasks(*some, meridian_border(20), within_m=400) for some in ((a, b, c), (c, b, a))]
    for answer in answers:
        assert answer.tasks["hazards"].tolist() == ["REG-A/h0;REG-B/h0;REG-C/h0"]
    with pytest.raises(HazardgeoError, match="at least one border"):
        joint_tasks(a, b, within_m=400)
    with pytest.raises(HazardgeoError, match="one version"):
        joint_tasks(a, b, meridian_border(20), meridian_border(30), within_m=400)


@pytest.mark.parametrize(
    "options", [{"within_m": -1}, {"within_m": 60_000}, {"team_distance_m": -5}, {"team_distance_m": math.inf}]
)
def test_no_distance_is_refused(options):
    with pytest.raises(BorderError, match="Give"):
        joint([box_m(-300, -200)], [box_m(150, 250)], **({"within_m": 400} | options))


def test_countries_without_a_line_are_refused():
    with pytest.raises(BorderError, match="share no land border"):
        joint_tasks(*registers([box_m(-300, -200)], []), hz.borders.load("THA", "VNM"), within_m=400)


def test_nothing_near_is_an_empty_table():
    answer = joint([box_m(-9000, -8000)], [])
    assert answer.tasks.empty
    assert answer.sides.empty
    assert answer.tasks.crs.to_epsg() == 4326


PLACES = st.lists(st.tuples(st.floats(-900, 800), st.floats(-3000, 3000)), min_size=0, max_size=5)


@settings(max_examples=25, deadline=None)
@given(PLACES, PLACES, st.sampled_from([50, 300, 800]))
def test_laws(west, east, within_m):
    """Groups are a partition of what is in them; swapping the registers and turning the rows changes nothing; what is in a task
    stays in one when more is near.
    """
    a, b = registers(*([box_m(x, x + 90, y, y + 150) for x, y in some] for some in (west, east)))
    border = meridian_border(20)
    answer = joint_tasks(a, b, border, within_m=within_m)
    members = [name for text in answer.tasks["hazards"] for name in text.split(";")]
    assert len(members) == len(set(members)) == answer.in_tasks
    assert (answer.tasks["nearest_m"] <= within_m).all()
    assert sorted(answer.tasks.index) == answer.tasks.index.tolist()
    assert [text.split(";")[0] for text in answer.tasks["hazards"]] == answer.tasks.index.tolist()
    swapped = joint_tasks(b.iloc[::-1], a.iloc[::-1], border, within_m=within_m)
    pd.testing.assert_frame_equal(swapped.to_frame(), answer.to_frame())
    pd.testing.assert_frame_equal(swapped.sides, answer.sides)
    wider = joint_tasks(a, b, border, within_m=within_m + 100)
    assert set(members) <= {name for text in wider.tasks["hazards"] for name in text.split(";")}


@pytest.mark.parametrize("closed_too", [False, True])
def test_a_hazard_whose_status_is_not_known_is_in_a_task(closed_too):
    one, other = registers([box_m(-300, -200)], [box_m(150, 250)])
    answer = joint_tasks(
        one.assign(work_status=None), other.assign(work_status="Open"), meridian_border(20.0), within_m=400,
        closed_too=closed_too,
    )  # fmt: skip
    assert (len(answer.tasks), answer.left_out) == (1, 0)


def test_registers_that_keep_ids_of_their_source_are_told_apart():
    """Both hold an h0 that their source called 7; a frame that was combined has its ids qualified already."""
    one, other = registers([box_m(-300, -200)], [box_m(150, 250)])
    kept = joint_tasks(one.assign(source_id="7"), other.assign(source_id="7"), meridian_border(20.0), within_m=400)
    assert kept.tasks["hazards"].tolist() == ["REG-A/h0;REG-B/h0"]
    combined = joint_tasks(hz.combine(one), hz.combine(other), meridian_border(20.0), within_m=400)
    assert combined.tasks["hazards"].tolist() == ["REG-A/h0;REG-B/h0"]
