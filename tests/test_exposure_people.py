"""People near hazards on a border whose answers are known by hand: the meridian 16° E, 100 people on each km² everywhere."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import rasterio
import shapely
from by_hand import LON, hazards_of, meridian_border
from hypothesis import given, settings
from hypothesis import strategies as st
from rasters_by_hand import from_origin, write

import hazardgeo as hz
from hazardgeo.errors import GeometryError
from hazardgeo.exposure import distance_rings, open_raster, people_near, pieces_by_side, raster_sum

pytest.importorskip("exactextract")

LAT = 45.0
GEOD = pyproj.Geod(ellps="WGS84")
M = 1 / GEOD.inv(LON, LAT, LON + 1, LAT)[2]  # degrees of longitude in a metre at 45°, good to 1e-4 near the line
N = 1 / GEOD.inv(LON, LAT, LON, LAT + 1)[2]
PER_KM2 = 100.0


def box_m(west: float, east: float, south: float = 0, north: float = 200) -> shapely.Polygon:
    """A box given in metres east of the line and north of 45°."""
    return shapely.box(LON + west * M, LAT + south * N, LON + east * M, LAT + north * N)


@pytest.fixture(scope="module")
def even(tmp_path_factory):
    """100 people on each km², in cells of 0.01° from 15.5 to 16.5° E and 44.5 to 45.5° N."""
    grid = from_origin(15.5, 45.5, 0.01, 0.01)
    return write(tmp_path_factory.mktemp("even") / "even.tif", np.full((100, 100), PER_KM2), "EPSG:4326", grid)


# --- rings -------------------------------------------------------------------------------------------------------


def test_rings_have_the_size_of_true_rings_and_are_never_narrower():
    """Within d of a square of side a lie a² + 4ad + πd²; drawn, 0 to 0.3 % more."""
    hazards = hazards_of(box_m(1000, 1200))
    rings = distance_rings(hazards, (500, 1000))
    area = hz.area_m2(rings).to_numpy().cumsum()
    for drawn, far in zip(area[1:], (500, 1000), strict=True):
        true = 200**2 + 4 * 200 * far + math.pi * far**2
        assert true < drawn < 1.003 * true
    assert rings["zone"].tolist() == ["inside", "0–500 m", "500–1000 m"]
    assert rings["hazard_id"].tolist() == ["h0"] * 3
    assert rings[["from_m", "to_m"]].to_numpy().tolist() == [[0, 0], [0, 500], [500, 1000]]


@pytest.mark.parametrize("lat", [0.0, 45.0, 69.0])
def test_no_edge_of_a_ring_is_nearer_than_it_says(lat):
    """By geodesics from points along the edge, vertices and middles of chords, to points every metre along the outline."""
    outline = shapely.Polygon([(20, lat), (20.004, lat + 0.001), (20.001, lat + 0.003)])
    ring = distance_rings(hazards_of(outline), (500, 5000)).geometry.to_numpy()
    along = shapely.get_coordinates(shapely.segmentize(outline.exterior, 1e-5))
    for far, shape in zip((500, 5000), ring[1:], strict=True):
        edge = shapely.get_parts(shape)[0].exterior
        points = shapely.get_coordinates(edge.interpolate(np.linspace(0, 1, 200), normalized=True))
        nearest = [GEOD.inv(*np.tile(point, (len(along), 1)).T, *along.T)[2].min() for point in points]
        assert far <= min(nearest)
        assert max(nearest) < 1.0014 * far + 1


def test_rings_together_hold_no_ground_twice():
    """Two squares 300 m apart: their rings of 500 m overlap, and together cover what the union of both discs covers."""
    hazards = hazards_of(box_m(1000, 1200), box_m(1500, 1700))
    each = distance_rings(hazards, (500,))
    once = distance_rings(hazards, (500,), together=True)
    assert once["hazard_id"].tolist() == ["", ""]
    assert hz.area_m2(once).iloc[0] == pytest.approx(hz.area_m2(each)[each["zone"] == "inside"].sum(), rel=1e-9)
    # 500 m about a rectangle of 700 x 200 m, less nothing: the gap between the squares is nearer than 500 m to both.
    true = 700 * 200 + 2 * (700 + 200) * 500 + math.pi * 500**2
    assert hz.area_m2(once).sum() == pytest.approx(true, rel=3e-3)


def test_rings_over_the_antimeridian_and_of_what_has_no_outline():
    hazards = hazards_of(shapely.box(179.999, 10, 180, 10.001), None)
    rings = distance_rings(hazards, (500,))
    assert rings.geometry.isna().tolist() == [False, False, True, True]
    west, _, east, _ = rings.geometry.iloc[1].bounds
    assert (west, east) == (-180, 180)
    assert hz.area_m2(rings).iloc[1] == pytest.approx(
        2 * (109.6 + 110.6) * 500 + math.pi * 500**2, rel=5e-3
    )  # 0.001° of longitude is 109.6 m there, and of latitude 110.6 m


@pytest.mark.parametrize("distances", [(), (500, 500), (1000, 500), (0, 500), (-1,), (math.nan,), (60_000,)])
def test_distances_that_are_no_rings_are_refused(distances):
    with pytest.raises(GeometryError, match=r"distances of rings|too wide"):
        distance_rings(hazards_of(box_m(0, 100)), distances)


# --- sides -------------------------------------------------------------------------------------------------------


def test_pieces_by_side_by_hand():
    """300 m in A and 700 m in B, a band of ±100 m: certain 200 and 600 m, possible 100 m of the other each, all 200 m high."""
    pieces = pieces_by_side(hazards_of(box_m(-300, 700)), meridian_border(100.0)).set_index("side")
    areas = {
        name: hz.area_m2(gpd.GeoSeries(pieces[name], crs=4326)) / 200 for name in ("geometry", "certain", "possible")
    }
    for side, expected in (("AAA", (300, 200, 100)), ("BBB", (700, 600, 100))):
        assert [areas[name][side] for name in areas] == pytest.approx(expected, rel=2e-3)


def test_pieces_agree_with_the_areas_of_the_split():
    """The split of an outline that is known exactly asks the same band; its low, best and high are these pieces' areas."""
    hazards = hazards_of(box_m(-300, 700), box_m(-50, 60, 500, 900), box_m(5000, 5100), vertex_sd_m=0.0)
    border = meridian_border(100.0)
    split = hz.borders.split_by_country(hazards, border).set_index(["hazard_id", "side"])
    pieces = pieces_by_side(hazards, border).set_index(["hazard_id", "side"])
    assert split.index.equals(pieces.index)
    drawn, certain, possible = (
        np.nan_to_num([hz.area_m2(gpd.GeoSeries([shape], crs=4326)).iloc[0] for shape in pieces[name]])
        for name in ("geometry", "certain", "possible")
    )
    assert drawn == pytest.approx(split["area_m2"].to_numpy(), rel=1e-6)
    assert certain == pytest.approx(split["area_low_m2"].to_numpy(), rel=1e-6, abs=0.1)
    assert drawn + possible == pytest.approx(split["area_high_m2"].to_numpy(), rel=1e-6, abs=0.1)


def test_without_a_border_there_is_one_piece_and_without_an_outline_none():
    pieces = pieces_by_side(hazards_of(box_m(0, 100), None), None)
    assert pieces[["hazard_id", "side"]].to_numpy().tolist() == [["h0", "not_asked"], ["h1", "no_country"]]
    assert pieces["certain"].isna().tolist() == [False, True]


# --- people ------------------------------------------------------------------------------------------------------


def of(table: pd.DataFrame, zone: str, side: str) -> pd.Series:
    return table[(table["zone"] == zone) & (table["side"] == side)].iloc[0]


def test_people_on_both_sides_by_hand(even):
    """A hazard of 1000 m by 200 m, 300 m of it in A, on ground with 100 people on each km²; the line is known to ±100 m.

    Inside: A 6 (4 to 8), B 14 (12 to 16). To 1 km: 20 + 100 · (2 · 1200 · 1000 + π 1000²) / 1e6 = 574 in all.
    """
    near = people_near(hazards_of(box_m(-300, 700)), even, meridian_border(100.0), (1000,), kind="density")
    for table in (near.by_hazard, near.totals):
        for side, expected in (("AAA", (4, 6, 8)), ("BBB", (12, 14, 16))):
            row = of(table, "inside", side)
            assert row[["people_low", "people", "people_high"]].tolist() == pytest.approx(expected, rel=3e-3)
            assert row["covered_share"] == pytest.approx(1)
            assert not row["at_least"]
    everybody = near.together["people"].sum()
    assert everybody == pytest.approx(20 + 100 * (2.4 + math.pi), rel=3e-3)
    assert near.totals["people"].sum() == pytest.approx(everybody, rel=1e-9)
    # Inside, those within the band of 200 m by 200 m.
    assert near.together["people_unattributed"].iloc[0] == pytest.approx(4, rel=3e-3)


def test_people_near_two_hazards_count_in_both_and_once_in_all(even):
    """Two records of one outline: twice 20 by hazard, 20 in all."""
    near = people_near(hazards_of(box_m(-300, 700), box_m(-300, 700)), even, meridian_border(), (500,), kind="density")
    assert near.by_hazard.groupby("zone")["people"].sum()["inside"] == pytest.approx(40, rel=3e-3)
    assert near.totals.groupby("zone")["people"].sum()["inside"] == pytest.approx(20, rel=3e-3)
    assert near.together["people"].iloc[0] == pytest.approx(20, rel=3e-3)


def test_low_of_one_side_and_high_of_the_other_are_all(even):
    hazards = hazards_of(box_m(-300, 700), box_m(-40, 30, 2000, 2100), box_m(8000, 8200))
    near = people_near(hazards, even, meridian_border(250.0), kind="density")
    for _, some in near.totals.groupby("zone"):
        low, best, high = (some.set_index("side")[f"people{name}"] for name in ("_low", "", "_high"))
        assert low["AAA"] + high["BBB"] == pytest.approx(best.sum(), rel=1e-5)
        assert low["BBB"] + high["AAA"] == pytest.approx(best.sum(), rel=1e-5)
    assert (near.by_hazard["people_low"] <= near.by_hazard["people"]).all()
    assert (near.by_hazard["people"] <= near.by_hazard["people_high"]).all()


@settings(max_examples=15)
@given(
    corners=st.lists(st.tuples(st.floats(-4000, 4000), st.floats(-4000, 4000)), min_size=1, max_size=4),
    size=st.floats(20, 2500),
    offset=st.floats(10, 1500),
    seed=st.integers(0, 99),
)
def test_people_are_conserved(tmp_path_factory, corners, size, offset, seed):
    """Those inside, in the rings of every side, and outside the last ring are all people of the raster."""
    values = np.random.default_rng(seed).gamma(0.3, 50, (40, 40))
    path = write(
        tmp_path_factory.mktemp("people") / "people.tif", values, "EPSG:4326", from_origin(15.8, 45.15, 0.01, 0.0075)
    )
    hazards = hazards_of(*(box_m(x, x + size, y, y + size) for x, y in corners))
    near = people_near(hazards, path, meridian_border(offset), (500, 2000))
    once = distance_rings(hazards, (500, 2000), together=True)
    whole = shapely.segmentize(shapely.box(15.8, 44.85, 16.2, 45.15), 0.005)  # so that its parallels are parallels
    outside = gpd.GeoSeries([shapely.difference(whole, shapely.union_all(once.geometry.to_numpy()))], crs=4326)
    rest = raster_sum(outside, path, kind="count")["sum"].iloc[0]
    assert near.totals["people"].sum() + rest == pytest.approx(values.sum(), rel=1e-5)
    assert near.together["people"].sum() == pytest.approx(near.totals["people"].sum(), rel=1e-9)
    assert (near.together["people_unattributed"] <= near.together["people"] * (1 + 1e-6)).all()


def test_ground_that_the_raster_does_not_know_makes_at_least(tmp_path):
    """The raster ends at the line: of a hazard of 1000 m it knows 300, all on one side; of the other side nothing is known."""
    path = write(tmp_path / "west.tif", np.full((100, 50), PER_KM2), "EPSG:4326", from_origin(15.5, 45.5, 0.01, 0.01))
    near = people_near(hazards_of(box_m(-300, 700)), path, meridian_border(100.0), (500,), kind="density")
    a, b = (of(near.totals, "inside", side) for side in ("AAA", "BBB"))
    assert a[["people_low", "people"]].tolist() == pytest.approx([4, 6], rel=3e-3)
    assert a["people_high"] == pytest.approx(6, rel=3e-3)  # what may be A's beyond the line is not known
    assert a["covered_share"] == pytest.approx(0.75, rel=3e-3)  # 300 of the 400 m that are or may be A's
    assert a["at_least"]
    assert b["at_least"]
    assert math.isnan(b["people"])
    assert math.isnan(b["people_low"])
    assert b["people_high"] == pytest.approx(2, rel=3e-3)  # 100 m of A may be B's
    whole = near.together.iloc[0]
    assert whole["people"] == pytest.approx(6, rel=3e-3)
    assert whole["covered_share"] == pytest.approx(0.3, rel=3e-3)
    assert whole["at_least"]


def test_hazards_far_from_the_raster_have_no_number_and_no_nought(tmp_path):
    far = write(tmp_path / "far.tif", np.ones((5, 5)), "EPSG:4326", from_origin(40, 10, 1, 1))
    near = people_near(hazards_of(box_m(-300, 700)), far, meridian_border(), (500,))
    assert near.together["people"].isna().all()
    assert (near.together["covered_share"] == 0).all()
    assert near.totals["people_high"].isna().all()
    assert near.totals["at_least"].all()


def test_a_hazard_without_an_outline_keeps_its_rows(even):
    near = people_near(hazards_of(box_m(-300, 700), None), even, meridian_border(), (500,), kind="density")
    mine = near.by_hazard[near.by_hazard["hazard_id"] == "h1"]
    assert mine["zone"].tolist() == ["inside", "0–500 m"]
    assert set(mine["side"]) == {"no_country"}
    assert mine["people"].isna().all()
    assert mine["at_least"].all()
    assert near.together["people"].iloc[0] == pytest.approx(20, rel=3e-3)


def test_ground_of_no_country_is_counted_and_attributed_to_nobody(even):
    """The border set ends at 46° N and the countries with it; a hazard beyond 15° E is beyond its extent."""
    near = people_near(hazards_of(box_m(-300, 700)), even, None, (500,), kind="density")
    assert set(near.totals["side"]) == {"not_asked"}
    assert near.together["people_unattributed"].tolist() == pytest.approx(near.together["people"].tolist())


def test_no_hazards_are_near_nobody(even):
    near = people_near(hazards_of(box_m(0, 1)).iloc[:0], even, meridian_border(), (500,), kind="density")
    assert near.by_hazard.empty
    assert near.together["people"].isna().all()


def test_inputs_stay_as_they_are(even):
    hazards = hazards_of(box_m(-300, 700))
    before = hazards.copy(deep=True)
    people_near(hazards, open_raster(even), meridian_border(), (500,), kind="density")
    pd.testing.assert_frame_equal(hazards, before)


def test_the_method_travels_with_the_numbers(even):
    near = people_near(hazards_of(box_m(-300, 700)), even, meridian_border(), (500,), kind="density")
    assert "even.tif (people on each km²)" in near.method
    assert "by hand 2026-01-01" in near.method


def test_sample_people_lie_within_what_the_raster_holds():
    """All people near the sample's hazards are no more than there are, and those of the line's two countries stand apart."""
    hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    path = hz.sample_data("fictional_population.tif")
    near = people_near(hazards, path, hz.borders.load("HRV", "BIH"))
    with rasterio.open(path) as dataset:
        everybody = float(dataset.read(1, masked=True).sum())
    assert 0 < near.together["people"].sum() < everybody
    assert {"BIH", "HRV"} <= set(near.totals["side"])
    assert (near.together["people_unattributed"] > 0).all()


def test_the_operation_to_an_old_datum_is_told(tmp_path):
    """A grid on MGI 1901 in Bosnia, with the operation that its keeper named; without hazards there is nothing to lay onto it."""
    path = write(tmp_path / "old.tif", np.ones((60, 60)), "EPSG:8678", from_origin(6_480_000, 4_930_000, 1000, 1000))
    grid = open_raster(path, datum_operation="EPSG:8823")
    hazards = hazards_of(shapely.box(18, 44.2, 18.01, 44.21))
    near = people_near(hazards, grid, None, (500,))
    assert "Zones laid onto the raster by EPSG:8823" in near.method
    assert not near.together["at_least"].any()
    assert people_near(hazards.iloc[:0], grid, None, (500,)).datum_operation == ""
