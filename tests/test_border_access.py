"""Joint tasks as one list, and what lies beside hazards along the meridian 16° E, in metres east of it and north of 45°."""

from __future__ import annotations

import math

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from by_hand import hazards_of, meridian_border
from test_priority_criteria import at, box_m, points_m

import hazardgeo as hz
from hazardgeo.errors import BorderError, GeometryError, HazardgeoError, SchemaError
from hazardgeo.priority import border_access, rank_joint

NAN = math.nan


def lines_m(*lines: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    shapes = [shapely.LineString([at(x, y) for x, y in line]) for line in lines]
    return gpd.GeoDataFrame(geometry=shapes, index=[f"r{i}" for i in range(len(lines))], crs=4326)


def belts() -> gpd.GeoDataFrame:
    """Two on the west side, 20 km apart, one far from the line, one closed, one without an outline."""
    near, other = box_m(-300, -200, 0, 1000), box_m(-300, -200, 20_000, 21_000)
    status = ["open", "worked_on", "open", "closed", "open"]
    return hazards_of(near, other, box_m(-9000, -8000), near, None, work_status=status)


def test_what_lies_beside_hazards_by_side_and_stretch():
    """Within 500 m: a crossing on the line counts on both sides, one 5 km along on none."""
    roads = lines_m([(100, -4000), (100, 5000)], [(-2000, 500), (200, 500)])
    found = border_access(
        belts(),
        meridian_border(20.0),
        within_m=500,
        crossings=points_m((10, 500), (0, 6000)),
        roads=roads,
        settlements=points_m((150, 500), (-600, 500), (-700, 20_500), (-900, 0)),
    )
    totals = found.totals.set_index("side")
    assert totals.index.tolist() == ["together", "AAA", "BBB"]
    assert totals["crossings"].tolist() == [1, 1, 1]
    assert totals["settlements"].tolist() == [3, 2, 1]
    # East: 1 km + 2 · √(500² - 300²) along 100 m east, and 200 m across. West: from 800 m west to the line.
    assert totals["roads_km"].tolist() == pytest.approx([1.8 + 1.0, 0.8, 1.8 + 0.2], abs=2e-3)
    assert totals["hazards"].tolist() == [2] * 3
    # Along the line, 200 m from both belts: 1 km + 2 · √(500² - 200²) each.
    assert totals["line_km"].iloc[0] == pytest.approx(2 * (1 + 2 * math.sqrt(0.21)), abs=2e-3)
    assert (found.records, found.beyond, found.without_outline, found.left_out) == (4, 1, 1, 1)
    stretches = found.stretches.set_index(["hazards", "side"])
    assert len(stretches) == 6
    assert stretches.loc[("h0", "together"), "settlements"] == "p0;p1"
    assert stretches.loc[("h1", "together"), ["settlements", "crossings", "roads_km"]].tolist() == ["p2", "", 0]
    assert stretches.loc[("h0", "BBB"), ["settlements", "settlements_count"]].tolist() == ["p0", 1]
    said = found.sentences
    assert said[0] == (
        "AAA-BBB: within 500 m of the 2 hazards along the line as drawn: crossings 1 (AAA 1, BBB 1); "
        "km of road 2.8 (AAA 0.8, BBB 2.0); "
        "settlements 3 (AAA 2, BBB 1)."
    )
    assert "not shown to have none" in said[-1]


def test_what_was_not_given_is_not_nought():
    found = border_access(belts(), meridian_border(), within_m=500, settlements=points_m((9000, 0)).iloc[:0])
    assert found.totals[["crossings", "roads_km"]].isna().all(axis=None)
    assert found.totals["settlements"].tolist() == [0, 0, 0]
    assert found.to_frame()["crossings"].tolist() == [""] * 6


def test_without_a_hazard_near_the_line_there_is_no_stretch():
    found = border_access(
        belts().iloc[[2]], meridian_border(), within_m=500, crossings=points_m((0, 0)), roads=lines_m([(0, 0), (9, 0)])
    )
    assert found.stretches.empty
    assert found.totals[["hazards", "line_km", "crossings", "roads_km"]].to_numpy().tolist() == [[0, 0, 0, 0]] * 3


def test_closed_hazards_on_request():
    """h3 is closed, on the ground of h0."""
    found = border_access(belts(), meridian_border(), within_m=500, closed_too=True)
    assert found.totals["hazards"].tolist() == [3] * 3
    assert found.left_out == 0


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"within_m": NAN}, BorderError, "within_m is nan"),
        ({"roads": points_m((0, 0))}, GeometryError, "'p0': no line"),
        ({"crossings": points_m((0, 0)).set_crs(None, allow_override=True)}, SchemaError, "no CRS"),
    ],
)
def test_what_cannot_be_asked_is_refused(change, error, message):
    with pytest.raises(error, match=message):
        border_access(belts(), meridian_border(), **({"within_m": 500} | change))


def test_one_country_alone_has_no_line():
    with pytest.raises(BorderError, match="share no land border"):
        border_access(belts(), meridian_border(codes=("AAA",)), within_m=500)


@pytest.fixture
def joint():
    """Two tasks: REG-A/h0 with REG-B/h0, and REG-A/h1 with REG-B/h1 and h2; REG-A/h2 is in none."""
    a = hazards_of(box_m(-300, -200), box_m(-300, -200, 9000, 9200), box_m(-9000, -8900), register="REG-A")
    east = [box_m(150, 250), box_m(150, 250, 9000, 9200), box_m(150, 250, 9200, 9400)]
    b = hazards_of(*east, register="REG-B", country="BBB")
    return hz.borders.joint_tasks(a, b, meridian_border(20.0), within_m=400)


IDS = ["REG-A/h0", "REG-B/h0", "REG-A/h1", "REG-B/h1", "REG-B/h2", "REG-A/h2"]


def test_joint_tasks_are_one_list(joint):
    """Nearest settlements at 900 and 100 m: a task is as near as its nearest hazard. People 50 and 80."""
    assert joint.tasks.index.tolist() == ["REG-A/h0", "REG-A/h1"]
    distance = pd.Series([900.0, 1500, 100, 300, 5000, 1], index=IDS)
    people = pd.Series([50, 20, 30, 80, 0, 999], index=IDS)
    criteria, options = {"distance_m": distance, "people_1km": people}, {"less_is_more": ["distance_m"]}
    found = rank_joint(joint, criteria, {"distance_m": 1, "people_1km": 1}, **options)
    assert found.columns[:6].tolist() == ["sides", "across", "hazards", "registers", "records", "ground_m2"]
    assert found[["distance_m", "people_1km"]].to_numpy().tolist() == [[900, 50], [100, 80]]
    assert found["rank"].tolist() == [2, 1]
    assert found["registers"].tolist() == ["REG-A;REG-B"] * 2
    summed = rank_joint(joint, criteria, {"distance_m": 1, "people_1km": 1}, take={"people_1km": "sum"}, **options)
    assert summed["people_1km"].tolist() == [70, 110]


def test_criteria_of_the_tasks_themselves_and_unknown_values(joint):
    people = pd.Series([50, 20, 30, NAN, 0, 999], index=IDS)
    found = rank_joint(joint, {"ground": joint.tasks["ground_m2"], "people": people}, {"ground": 1, "people": 1})
    assert found["ground"].tolist() == joint.tasks["ground_m2"].tolist()
    assert found.loc["REG-A/h1", "remark"] == "people is not known"


@pytest.mark.parametrize(
    ("criteria", "options", "message"),
    [
        ({"x": pd.Series([1, 2], index=IDS[:2])}, {}, "x says nothing of 'REG-A/h1', 'REG-B/h1'"),
        ({"x": pd.Series(1, index=IDS)}, {"take": {"x": "mean"}}, "take of 'x' is not known"),
        ({"x": pd.Series(1, index=IDS)}, {"take": {"y": "sum"}}, "take names 'y'"),
        ({"x": pd.Series(1, index=[*IDS, IDS[0]])}, {}, "'REG-A/h0' stands more than once"),
        ({"sides": pd.Series(1, index=IDS)}, {}, "'sides': the list has a column"),
        ({"x": [1, 2]}, {}, "x: has no ids"),
    ],
)
def test_criteria_that_do_not_fit_the_tasks_are_refused(joint, criteria, options, message):
    with pytest.raises(HazardgeoError, match=message):
        rank_joint(joint, criteria, dict.fromkeys(criteria, 1), **options)
