"""Ready criteria on ground that is known by hand: metres east of 16° E and north of 45° N, laid out on the ellipsoid."""

from __future__ import annotations

import math
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from by_hand import LON, hazards_of, meridian_border

import hazardgeo as hz
from hazardgeo.crs import GEOD
from hazardgeo.errors import BorderError, CRSError, GeometryError, HazardgeoError, SchemaError
from hazardgeo.priority import accidents_near, distance_m, frontage_at_crossings_m, land_under_m2

NAN = math.nan


def at(x: float, y: float) -> tuple[float, float]:
    _, lat, _ = GEOD.fwd(LON, 45.0, 0, y)
    return GEOD.fwd(LON, lat, 90, x)[:2]


def box_m(west: float, east: float, south: float = 0, north: float = 200) -> shapely.Polygon:
    return shapely.Polygon([at(west, south), at(east, south), at(east, north), at(west, north)])


def points_m(*places: tuple[float, float], **columns: object) -> gpd.GeoDataFrame:
    shapes = [shapely.Point(at(x, y)) for x, y in places]
    index = [f"p{i}" for i in range(len(places))]
    return gpd.GeoDataFrame(dict(columns), geometry=shapes, index=index, crs=4326)


def test_distance_is_from_the_edge_and_over_the_border():
    """A settlement 400 m east of h0's edge, across the line; h1 ends 1,000 m west of it; h2 holds a place; h3 has no outline."""
    hazards = hazards_of(box_m(-300, -100), box_m(-900, -700), box_m(900, 1100), None)
    found = distance_m(hazards, points_m((300, 100), (1000, 100)))
    assert found.name == "distance_to_settlement_m"
    assert found.index.equals(hazards.index)
    assert found.tolist() == pytest.approx([400, 1000, 0, NAN], abs=0.02, nan_ok=True)


def test_distance_to_a_road_is_to_its_nearest_point_in_any_crs():
    """A road along 250 m east, drawn with two ends alone; the hazard ends at 100 m east."""
    road = gpd.GeoSeries([shapely.LineString([at(250, -3000), at(250, 3000)])], index=["road"], crs=4326).to_crs(32633)
    found = distance_m(hazards_of(box_m(0, 100)), road, to="road")
    assert found.name == "distance_to_road_m"
    assert found.tolist() == pytest.approx([150], abs=0.05)


def test_distances_agree_with_a_search_over_all_corners():
    """An oracle of its own: the least geodesic distance from any of 400 points along each edge to any place."""
    polygons = [box_m(x, x + 150, y, y + 90) for x, y in ((0, 0), (2500, 700), (-4000, -900))]
    places = points_m((5000, 300), (-1500, -1500), (700, 4000))
    found = distance_m(hazards_of(*polygons), places)
    for polygon, distance in zip(polygons, found, strict=True):
        edge = shapely.get_coordinates(shapely.segmentize(polygon.exterior, 1e-5))
        least = min(GEOD.inv(lon, lat, p.x, p.y)[2] for lon, lat in edge for p in places.geometry)
        assert distance == pytest.approx(least, abs=0.1)


@pytest.mark.parametrize(
    ("places", "to", "error", "message"),
    [
        (points_m((0, 0)), "a school", HazardgeoError, "to='a school' is no word"),
        (points_m((0, 0)).iloc[:0], "well", GeometryError, "No place was given"),
        (points_m((0, 0)).set_geometry([None], crs=4326), "well", GeometryError, "'p0': no place"),
        (gpd.GeoDataFrame(geometry=[shapely.Point(16, 45)]), "well", SchemaError, "no CRS"),
        (shapely.Point(16, 45), "well", None, ""),
    ],
)
def test_places_that_cannot_be_used_are_refused(places, to, error, message):
    if error is None:  # one bare geometry is longitude and latitude
        assert distance_m(hazards_of(box_m(0, 100)), places, to=to).notna().all()
        return
    with pytest.raises(error, match=message):
        distance_m(hazards_of(box_m(0, 100)), places, to=to)


def test_hazards_without_a_crs_are_refused():
    with pytest.raises((CRSError, SchemaError), match="no CRS"):
        distance_m(hazards_of(box_m(0, 100)).set_crs(None, allow_override=True), points_m((0, 0)))


DAYS = ["2024-12-31", "2023-01-01", "2022-12-31", "2025-01-01"]


def test_accidents_of_two_years_to_the_day():
    """24 months to 31 December 2024 begin on 1 January 2023; 99 m from the edge is near, 101 m is not."""
    hazards = hazards_of(box_m(0, 100), box_m(5000, 5100), None)
    days = pd.to_datetime([*DAYS, DAYS[0], DAYS[0]])
    kinds = ["accident"] * 5 + ["reference"]
    points = points_m(
        (-99, 100), (50, 100), (50, 90), (50, 80), (-101, 100), (50, 50), kind=kinds, date_of_information=days
    )
    found = accidents_near(hazards, points, within_m=100, months=24, until="2024-12-31")
    assert found.name == "accidents_100m_24mo"
    assert found.tolist() == pytest.approx([2, 0, NAN], nan_ok=True)


@pytest.mark.parametrize(
    ("kind", "day", "count"),
    [
        ("accident", None, NAN), ("unstated", "2024-05-31", NAN), ("unstated", None, NAN), (None, "2024-05-31", NAN),
        ("unstated", "2001-05-31", 0), ("evidence", None, 0), ("accident", "2024-12-31T18:00", 1),
        ("accident", "last spring", NAN),
    ],
)  # fmt: skip
def test_what_may_be_an_accident_leaves_the_count_unknown(kind, day, count):
    points = points_m((50, 100), kind=[kind], date_of_information=[day])
    found = accidents_near(hazards_of(box_m(0, 100)), points, within_m=0, months=24, until="2024-12-31")
    assert found.tolist() == pytest.approx([count], nan_ok=True)


def test_no_points_at_all_are_no_accidents():
    points = points_m((0, 0), kind=["accident"], date_of_information=["2024-01-01"]).iloc[:0]
    found = accidents_near(hazards_of(box_m(0, 100)), points, within_m=100, months=24, until="2024-12-31")
    assert found.tolist() == [0]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"within_m": -1}, BorderError, "within_m is -1"),
        ({"months": 0}, HazardgeoError, "months=0"),
        ({"months": 1.5}, HazardgeoError, "months=1.5"),
        ({"until": "soon"}, HazardgeoError, "until='soon'"),
        ({"until": None}, HazardgeoError, "until=None"),
    ],
)
def test_times_and_distances_that_are_none_are_refused(change, error, message):
    points = points_m((0, 0), kind=["accident"], date_of_information=["2024-01-01"])
    options = {"within_m": 100, "months": 24, "until": "2024-12-31"} | change
    with pytest.raises(error, match=message):
        accidents_near(hazards_of(box_m(0, 100)), points, **options)


def test_points_without_a_kind_column_are_refused():
    with pytest.raises(SchemaError, match="kind"):
        accidents_near(hazards_of(box_m(0, 100)), points_m((0, 0)), within_m=1, months=1, until="2024-12-31")


def test_land_under_a_hazard_by_use_counts_once():
    """h0 is 400 m by 200 m: pasture on its west 100 m, in two parcels that overlap; crops on 200 m of the rest, beyond it too."""
    hazards = hazards_of(box_m(0, 400), box_m(9000, 9100), None)
    parcels = [box_m(-50, 70, -20, 220), box_m(40, 100, 0, 200), box_m(200, 800, -100, 300)]
    land = gpd.GeoDataFrame({"land_use": ["pasture", "pasture", "crops"]}, geometry=parcels, crs=4326)
    found = land_under_m2(hazards, land)
    assert found.columns.tolist() == ["crops_m2", "pasture_m2", "not_covered_m2"]
    assert found.iloc[0].tolist() == pytest.approx([200 * 200, 100 * 200, 100 * 200], rel=1e-4)
    assert found.iloc[1].tolist() == pytest.approx([NAN, NAN, 100 * 200], rel=1e-4, nan_ok=True)
    assert found.iloc[2].isna().all()
    # Without an overlap of uses the parts sum to the reference number.
    assert found.iloc[0].sum() == pytest.approx(hz.area_m2(hazards).iloc[0], rel=1e-9)


def test_land_that_touches_only_an_edge_is_not_land_under_it():
    land = gpd.GeoDataFrame({"use": ["crops"]}, geometry=[box_m(100, 200)], crs=4326)
    found = land_under_m2(hazards_of(box_m(0, 100)), land, by="use")
    assert math.isnan(found["crops_m2"].iloc[0])


@pytest.mark.parametrize(
    ("use", "error", "message"),
    [
        (None, HazardgeoError, "no text in 'land_use'"),
        (" ", HazardgeoError, "no text"),
        ("not_covered", HazardgeoError, "Rename"),
    ],
)
def test_land_without_a_use_is_refused(use, error, message):
    land = gpd.GeoDataFrame({"land_use": [use]}, geometry=[box_m(0, 50)], crs=4326)
    with pytest.raises(error, match=message):
        land_under_m2(hazards_of(box_m(0, 100)), land)


def test_land_needs_its_column():
    with pytest.raises(SchemaError, match="land_use"):
        land_under_m2(hazards_of(box_m(0, 100)), hazards_of(box_m(0, 50)))


def test_frontage_at_a_crossing():
    """A hazard from 0 to 1,000 m north, 300 m from the line, within 500 m: the line from -400 to 1,400 m (3-4-5). A crossing at
    1,300 m with 200 m about it: from 1,100 to 1,400. One at -1,000 m is too far, and two that overlap count once."""
    hazards = hazards_of(box_m(-500, -300, 0, 1000), box_m(300, 400, 20_000, 21_000), None)
    border = meridian_border()
    one = frontage_at_crossings_m(hazards, border, points_m((0, 1300), (0, -1000)), within_m=500, at_m=200)
    assert one.tolist() == pytest.approx([300, 0, NAN], abs=0.5, nan_ok=True)
    two = frontage_at_crossings_m(hazards, border, points_m((0, 1300), (0, 1200)), within_m=500, at_m=200)
    assert two.iloc[0] == pytest.approx(400, abs=0.5)


def test_frontage_at_crossings_refuses_what_borders_refuse():
    hazards, points = hazards_of(box_m(-500, -300)), points_m((0, 0))
    with pytest.raises(BorderError, match="at_m is -1"):
        frontage_at_crossings_m(hazards, meridian_border(), points, within_m=1, at_m=-1)
    with pytest.raises(BorderError, match="share no land border"):
        frontage_at_crossings_m(hazards, meridian_border(codes=("AAA",)), points, within_m=1, at_m=1)


def test_criteria_go_into_a_ranking_as_they_are():
    hazards = hazards_of(box_m(-300, -100), box_m(-900, -700), None)
    criteria = {one.name: one for one in (distance_m(hazards, points_m((300, 100))), hz.area_m2(hazards))}
    found = hz.rank(hazards, criteria, dict.fromkeys(criteria, 1), less_is_more=["distance_to_settlement_m"])
    assert found.loc["h2", ["score_low", "score_high", "rank_best"]].tolist() == [0, 1, 1]
    assert found.loc["h2", "remark"] == "distance_to_settlement_m, area_m2 are not known"


def test_the_how_to_runs(tmp_path, monkeypatch, capsys):
    page = (Path(__file__).parents[1] / "docs/how_to/priorities.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in page.split("```python\n")[1:]:
        exec(block.split("```")[0], names)  # noqa: S102  (what the page tells a reader to run)
    said = capsys.readouterr().out
    assert "A late rank says that others come first" in said
    assert "hold it whatever these weights are" in said
    assert "not shown to have none" in said
    assert (tmp_path / "ranks.xlsx").stat().st_size > 10_000
