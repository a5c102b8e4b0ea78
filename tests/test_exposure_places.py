"""The nearest place to a hazard and the length of ways inside it, about the meridian 16° E, by geodesics."""

from __future__ import annotations

import math

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
import shapely
from by_hand import hazards_of, meridian_border
from hypothesis import given, settings
from hypothesis import strategies as st

from hazardgeo.errors import FormatError, GeometryError, SchemaError
from hazardgeo.exposure import embedded_places, length_inside_m, nearest_places

GEOD = pyproj.Geod(ellps="WGS84")


def frame(*shapes: object, names: tuple[str, ...] | None = None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes), index=list(names or map(str, range(len(shapes)))), crs=4326)


def geodesic(*lonlat: float) -> float:
    return float(GEOD.inv(*lonlat)[2])


# --- the nearest -------------------------------------------------------------------------------------------------


def test_the_nearest_place_by_a_geodesic_from_the_outline():
    """East of a box that ends at 16.01° E: a school at 16.02° and one at 16.05° on the same parallel, within its latitudes."""
    hazards = hazards_of(shapely.box(16, 45, 16.01, 45.01))
    schools = frame(shapely.Point(16.05, 45.005), shapely.Point(16.02, 45.005), names=("far", "near"))
    row = nearest_places(hazards, schools).iloc[0]
    assert row[["hazard_id", "side", "place"]].tolist() == ["h0", "not_asked", "near"]
    assert row["distance_m"] == pytest.approx(geodesic(16.01, 45.005, 16.02, 45.005), abs=0.01)
    assert row["azimuth_deg"] == pytest.approx(90, abs=0.1)
    assert (row["longitude"], row["latitude"]) == pytest.approx((16.02, 45.005))


def test_a_place_inside_is_at_no_distance_and_in_no_direction():
    row = nearest_places(hazards_of(shapely.box(16, 45, 16.01, 45.01)), frame(shapely.Point(16.005, 45.005))).iloc[0]
    assert row["distance_m"] == 0
    assert math.isnan(row["azimuth_deg"])


def test_the_nearest_on_each_side_and_whether_the_side_is_certain():
    """A hazard 0.01° east of the line; in B a road 0.02° further, in A a village 50 m from the line, which is known to ±100 m."""
    metre = 1 / geodesic(16, 45, 17, 45)
    hazards = hazards_of(shapely.box(16.01, 45, 16.02, 45.01))
    places = frame(
        shapely.Point(16 - 50 * metre, 45.005),
        shapely.LineString([(16.04, 44.9), (16.04, 45.1)]),
        names=("village", "road"),
    )
    found = nearest_places(hazards, places, meridian_border(100.0)).set_index("side")
    assert found["place"].to_dict() == {"AAA": "village", "BBB": "road"}
    assert found["distance_m"].to_dict() == pytest.approx(
        {"AAA": geodesic(16 - 50 * metre, 45.005, 16.01, 45.005), "BBB": geodesic(16.02, 45.005, 16.04, 45.005)},
        rel=1e-4,
    )
    assert found["side_certain"].to_dict() == {"AAA": False, "BBB": True}


def test_a_way_across_the_line_counts_on_both_sides():
    hazards = hazards_of(shapely.box(16.01, 45, 16.02, 45.01))
    found = nearest_places(hazards, frame(shapely.LineString([(15.9, 44.9), (16.1, 44.9)])), meridian_border())
    assert found["place"].tolist() == ["0", "0"]


def test_where_there_is_none_nothing_is_said():
    hazards = hazards_of(shapely.box(16.01, 45, 16.02, 45.01), None)
    found = nearest_places(hazards, frame(shapely.Point(16.5, 45)), meridian_border())
    assert found["hazard_id"].tolist() == ["h0", "h0", "h1", "h1"]
    assert found["place"].isna().tolist() == [True, False, True, True]
    assert found["distance_m"].isna().tolist() == [True, False, True, True]
    assert nearest_places(hazards, frame(shapely.Point()))["place"].isna().all()


def test_places_may_be_polygons_and_are_of_known_kinds():
    hazards = hazards_of(shapely.box(16, 45, 16.01, 45.01))
    village = frame(shapely.box(16.02, 45, 16.03, 45.01))
    assert nearest_places(hazards, village)["distance_m"].iloc[0] == pytest.approx(
        geodesic(16.01, 45.01, 16.02, 45.01), rel=1e-4
    )
    with pytest.raises(GeometryError, match="places may have"):
        nearest_places(hazards, frame(shapely.GeometryCollection([shapely.Point(16, 45)])))
    with pytest.raises(SchemaError, match="no CRS"):
        nearest_places(hazards, gpd.GeoDataFrame(geometry=[shapely.Point(16, 45)]))


@settings(max_examples=20)
@given(places=st.lists(st.tuples(st.floats(10, 22), st.floats(40, 50)), min_size=1, max_size=8, unique=True))
def test_none_is_nearer_than_the_nearest(places):
    """By geodesics to the corners and middles of the edges of a small hazard, which lie within 30 m of its nearest point."""
    hazard = shapely.box(16, 45, 16.0005, 45.0003)
    found = nearest_places(hazards_of(hazard), frame(*map(shapely.Point, places))).iloc[0]
    edge = shapely.get_coordinates(shapely.segmentize(hazard.exterior, 0.0001))
    least = min(geodesic(*place, *corner) for place in places for corner in edge.tolist())
    assert found["distance_m"] <= least + 0.01
    assert found["distance_m"] >= least - 30


# --- length ------------------------------------------------------------------------------------------------------


def test_the_length_inside_is_geodesic():
    """A road along the meridian 16.005° E through a box of 0.01°: as long as the geodesic between its edges."""
    hazards = hazards_of(shapely.box(16, 45, 16.01, 45.01), shapely.box(17, 45, 17.01, 45.01), None)
    road = frame(shapely.LineString([(16.005, 44), (16.005, 46)]))
    length = length_inside_m(hazards, road)
    assert length.name == "length_m"
    assert length.iloc[0] == pytest.approx(geodesic(16.005, 45, 16.005, 45.01), rel=1e-6)
    assert length.iloc[1] == 0
    assert math.isnan(length.iloc[2])
    pd.testing.assert_index_equal(length.index, hazards.index)


def test_lengths_of_several_ways_add_up_and_a_way_beside_adds_nothing():
    hazards = hazards_of(shapely.box(16, 45, 16.01, 45.01))
    meridian = shapely.LineString([(16.005, 44.9), (16.005, 45.1)])
    there_and_back = shapely.LineString([(16.002, 45.1), (16.002, 44.9), (16.008, 44.9), (16.008, 45.1)])
    beside = shapely.LineString([(16.02, 44.9), (16.02, 45.1)])
    one = geodesic(16.005, 45, 16.005, 45.01)
    assert length_inside_m(hazards, frame(meridian, there_and_back, beside)).iloc[0] == pytest.approx(3 * one, rel=1e-6)
    with pytest.raises(GeometryError, match="ways may have"):
        length_inside_m(hazards, frame(shapely.Point(16, 45)))


def test_embedded_places_are_named_once_and_lie_where_they_are():
    places = embedded_places()
    assert places.index.is_unique
    assert set(embedded_places("BIH")["country"]) == {"BIH"}
    with pytest.raises(FormatError, match="no places of ATL"):
        embedded_places("ATL", "BIH")
    zagreb = places.loc["Zagreb, HRV"].geometry
    assert geodesic(zagreb.x, zagreb.y, 15.978, 45.815) < 5000  # the city as commonly given
