"""Frontage on a border whose answers are known by hand: the meridian 16° E.

A hazard is a box from x₁ to x₂ metres east of the line, h metres high. The line within d of it is the h metres beside
it, and beyond each end √(d² - x₁²) more.
"""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from by_hand import LON, NORTH, SOUTH, fine, hazards_of, meridian_border
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.borders._along._frontage import frontage
from hazardgeo.crs import GEOD
from hazardgeo.errors import BorderError, SchemaError

LAT = 45.0
LENGTH_KM = GEOD.inv(LON, SOUTH, LON, NORTH)[2] / 1000


def box_m(west: float, east: float, south: float = 0, north: float = 1000, at: float = LAT) -> shapely.Polygon:
    """A box given in metres east of the line and north of 45°, or of another latitude."""
    corners = []
    for x, y in ((west, south), (east, south), (east, north), (west, north)):
        _, lat, _ = GEOD.fwd(LON, at, 0, y)
        corners.append(GEOD.fwd(LON, lat, 90, x)[:2])
    return shapely.Polygon(corners)


def front(*boxes: shapely.Polygon, within_m: float = 500, offset: float = 100.0, sd: float = 0.0, **columns: object):
    return frontage(hazards_of(*boxes, vertex_sd_m=sd, **columns), meridian_border(offset), within_m=within_m)


def row_of(answer, side="together"):
    return answer.totals[answer.totals["side"] == side].loc["AAA-BBB"]


def side_km(beside_m: float, from_m: float, within_m: float) -> float:
    return (beside_m + 2 * math.sqrt(max(0, within_m**2 - from_m**2))) / 1000 if within_m >= from_m else 0.0


def test_beside_the_line_low_best_and_high_by_hand():
    """x₁ = 300: within 400, 500 and 600 m, since the line may be 100 m off: 1,529, 1,800 and 2,039 m."""
    answer = front(box_m(300, 400))
    for side in ("together", "BBB"):
        row = row_of(answer, side)
        found = row[["frontage_low_km", "frontage_km", "frontage_high_km"]].tolist()
        assert found == pytest.approx([side_km(1000, 300, d) for d in (400, 500, 600)], rel=2e-4)
        assert row["hazards"] == 1
    assert row_of(answer, "AAA")[["frontage_low_km", "frontage_km", "frontage_high_km"]].tolist() == [0, 0, 0]


def test_across_the_line_low_best_and_high_by_hand():
    """300 m on either side of the line, so 0 m away from it: 1,000 + 2 · 500 m.

    Low of all of it is within 400 m: 1,800 m. Low of a side takes ground beyond the band, 100 m away:
    1,000 + 2 √(400² - 100²).
    """
    answer = front(box_m(-300, 300))
    together, side = row_of(answer), row_of(answer, "AAA")
    assert together["frontage_low_km"] == pytest.approx(1.8, rel=2e-4)
    assert together["frontage_km"] == pytest.approx(2.0, rel=2e-4)
    assert side["frontage_km"] == pytest.approx(2.0, rel=2e-4)
    assert side["frontage_low_km"] == pytest.approx(side_km(1000, 100, 400), rel=2e-4)
    assert row_of(answer, "BBB")["frontage_low_km"] == pytest.approx(side["frontage_low_km"], rel=1e-5)


def test_deep_in_a_hazard_both_sides_are_certain_whatever_is_asked():
    """Within 0 m of a hazard that reaches 300 m to both sides: where it holds all of the band of ±100 m, 1,000 - 2 · 100 m."""
    answer = front(box_m(-300, 300), within_m=0)
    for side in ("together", "AAA", "BBB"):
        assert row_of(answer, side)["frontage_low_km"] == pytest.approx(0.8, rel=1e-3)
        assert row_of(answer, side)["frontage_km"] == pytest.approx(1.0, rel=1e-4)
    assert np.isnan(row_of(answer)["belt_width_m"])


def test_ground_within_the_offset_may_lie_on_the_other_side():
    """50 to 400 m east: what lies within 100 m of the line may be west of it: 0 for certain, at most 1,000 + 2 √(600² - 50²)."""
    row = row_of(front(box_m(50, 400)), "AAA")
    assert row[["frontage_low_km", "frontage_km"]].tolist() == [0, 0]
    assert row["frontage_high_km"] == pytest.approx(side_km(1000, 50, 600), rel=2e-4)


def test_the_outlines_own_accuracy_joins_the_offset():
    """hypot(60, 1.96 · 40.816) = 100: as with an offset of 100 m and an exact outline."""
    vague = row_of(front(box_m(300, 400), offset=60, sd=80 / 1.96))
    exact = row_of(front(box_m(300, 400)))
    columns = ["frontage_low_km", "frontage_km", "frontage_high_km"]
    assert vague[columns].tolist() == pytest.approx(exact[columns].tolist(), rel=1e-6)


def test_belt_by_hand():
    """600 m by 1,000 m across the line, all within 500 m: by 2,000 m of frontage a belt of 300 m; half of it on each side."""
    answer = front(box_m(-300, 300))
    row, side = row_of(answer), row_of(answer, "AAA")
    assert row["belt_m2"] == pytest.approx(600_000, rel=1e-4)
    assert row["belt_width_m"] == pytest.approx(300, rel=3e-4)
    assert side["belt_m2"] == pytest.approx(300_000, rel=1e-3)


def test_ground_of_a_belt_beyond_reach_does_not_count():
    """From 300 to 2,000 m, of which 200 m lie within 500 m: 1,000 m high, and beyond its ends no ground."""
    assert row_of(front(box_m(300, 2000)))["belt_m2"] == pytest.approx(200_000, rel=1e-2)


def test_ground_that_two_records_hold_counts_once():
    twice = front(box_m(300, 400), box_m(300, 400))
    once = front(box_m(300, 400))
    columns = ["frontage_low_km", "frontage_km", "frontage_high_km", "belt_m2", "belt_width_m"]
    assert row_of(twice)[columns].tolist() == pytest.approx(row_of(once)[columns].tolist())
    assert row_of(twice)["hazards"] == 2


def test_stretches_by_hand():
    """Two boxes 100 m apart make one stretch, one 10 km further north another; each says where it is and what is there."""
    answer = front(box_m(300, 400), box_m(-400, -300, 1100, 2100), box_m(300, 400, 10_000, 11_000))
    together = answer.stretches[answer.stretches["side"] == "together"]
    assert together["hazards"].tolist() == ["h0;h1", "h2"]
    assert together["records"].tolist() == [2, 1]
    start = GEOD.inv(LON, SOUTH, LON, LAT)[2] / 1000
    assert together["from_km"].tolist() == pytest.approx([start - 0.4, start + 9.6], abs=2e-4)
    assert together["to_km"].tolist() == pytest.approx([start + 2.5, start + 11.4], abs=2e-4)
    assert together["length_mi"].tolist() == pytest.approx((together["length_km"] / 1.609344).tolist())
    for row in together.itertuples():
        assert GEOD.geometry_length(row.geometry) / 1000 == pytest.approx(row.length_km, abs=1e-6)
        assert shapely.get_coordinates(row.geometry)[:, 0] == pytest.approx(LON)


def test_the_line_is_told_with_its_length_source_and_version():
    row = row_of(front(box_m(300, 400)))
    assert row["line_km"] == pytest.approx(LENGTH_KM, rel=1e-9)
    assert row["line_mi"] == pytest.approx(LENGTH_KM / 1.609344, rel=1e-9)
    assert row["share"] == pytest.approx(row["frontage_km"] / LENGTH_KM)
    assert (row["source"], row["version"], row["offset_95_m"], row["within_m"]) == ("by hand", "2026-01-01", 100, 500)
    sentence = front(box_m(300, 400)).sentences[0]
    assert sentence.startswith("AAA-BBB: 1.8 km (1.1 mi) of 166.7 km of line have a hazard within 500 m; 1.5 to 2.0 km")
    assert "Line: by hand 2026-01-01." in sentence


def test_only_open_ground_unless_asked_and_every_record_is_accounted_for():
    boxes = [box_m(300, 400, y, y + 1000) for y in (0, 5000, 10_000, 15_000)]
    hazards = hazards_of(*boxes, vertex_sd_m=0.0).assign(work_status=["open", "closed", "unstated", "handed_over"])
    hazards.loc["h2", "geometry"] = None
    answer = frontage(hazards, meridian_border(), within_m=500)
    assert (answer.records, answer.without_outline, answer.left_out) == (2, 1, 2)
    assert row_of(answer)["frontage_km"] == pytest.approx(1.8, rel=2e-4)
    whole = frontage(hazards, meridian_border(), within_m=500, closed_too=True)
    assert (whole.records, whole.without_outline, whole.left_out) == (4, 1, 0)
    assert row_of(whole)["frontage_km"] == pytest.approx(5.4, rel=2e-4)


def test_each_stretch_of_line_has_its_own_offset():
    border = meridian_border()
    two = gpd.GeoDataFrame(
        {
            "country_a": "AAA", "country_b": "BBB", "status": ["demarcated", "unstated"], "claimants": "",
            "offset_95_m": [5.0, 250.0], "offset_evidence": "by hand",
        },
        geometry=[shapely.LineString([(LON, 45.2), (LON, NORTH)]), shapely.LineString([(LON, SOUTH), (LON, 45.2)])],
        crs=4326,
    )  # fmt: skip
    hazards = hazards_of(box_m(300, 400), box_m(300, 400, at=45.6), vertex_sd_m=0.0)
    answer = frontage(hazards, meridian_border(lines=two), within_m=500)
    one = answer.stretches[answer.stretches["side"] == "together"].set_index("hazards")
    assert one["offset_95_m"].to_dict() == {"h0": 250, "h1": 5}
    assert one.loc["h1", "from_km"] < one.loc["h0", "from_km"]  # each along its own line
    row = row_of(answer)
    assert row["line_km"] == pytest.approx(LENGTH_KM, rel=1e-9)
    assert row["frontage_low_km"] == pytest.approx(side_km(1000, 300, 495), rel=2e-4)  # at h0 500 - 250 < 300
    assert border.lines["offset_95_m"].tolist() == [100]


def test_on_the_antimeridian_as_anywhere():
    grounds = [fine(shapely.box(179, SOUTH, 180, NORTH)), fine(shapely.box(-180, SOUTH, -179, NORTH))]
    line = shapely.LineString([(180, SOUTH), (180, NORTH)])
    border = meridian_border()
    there = meridian_border(
        countries=border.countries.assign(geometry=grounds),
        lines=border.lines.assign(geometry=[line]),
        extent=shapely.MultiPolygon(grounds),
    )
    boxes = [box_m(-300, 300, 0, 1000), box_m(300, 400, 5000, 6000)]
    moved = [shapely.transform(box, lambda lonlat: lonlat + np.array([180 - LON, 0])) for box in boxes]
    here = frontage(hazards_of(*boxes), border, within_m=500).totals
    far = frontage(hazards_of(*moved), there, within_m=500).totals
    numbers = [name for name in here.columns if here[name].dtype == float]
    pd.testing.assert_frame_equal(far[numbers], here[numbers], rtol=1e-5)


def test_edges_of_contested_ground_are_lines_of_their_own():
    pocket = fine(shapely.box(LON - 0.05, 45.2, LON + 0.05, 45.3))
    border = meridian_border()
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "BBB", "disputed"], "name": "", "claimants": ["", "", "AAA;BBB"]},
        geometry=[*(shapely.difference(shape, pocket) for shape in border.countries.geometry), pocket],
        crs=4326,
    )
    edges = [shapely.line_merge(shapely.intersection(pocket.boundary, s.boundary)) for s in countries.geometry[:2]]
    rest = shapely.difference(border.lines.geometry.iloc[0], pocket)
    lines = pd.concat([border.lines] * 3, ignore_index=True).assign(
        country_b=["BBB", "disputed", "disputed"], country_a=["AAA", "AAA", "BBB"], claimants=["", "AAA;BBB", "AAA;BBB"]
    )
    lines = lines.set_geometry(gpd.GeoSeries([rest, *edges], crs=4326))
    hazard = shapely.box(LON - 0.055, 45.24, LON - 0.045, 45.26)  # across the pocket's western edge
    hazards = hazards_of(hazard, vertex_sd_m=0.0)
    totals = frontage(hazards, meridian_border(countries=countries, lines=lines), within_m=0).totals
    best = totals.set_index("side", append=True)["frontage_km"]
    high = GEOD.inv(LON, 45.24, LON, 45.26)[2] / 1000
    assert best["AAA-disputed", "disputed"] == pytest.approx(high, rel=1e-3)
    assert best["AAA-disputed", "AAA"] == pytest.approx(high, rel=1e-3)
    assert best["BBB-disputed"].tolist() == [0, 0, 0]
    assert best["AAA-BBB"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("within_m", [-1, math.nan, 60_000])
def test_no_distance_is_refused(within_m):
    with pytest.raises(BorderError, match="Give a length in metres"):
        front(box_m(300, 400), within_m=within_m)


def test_countries_without_a_line_are_refused():
    hazards = hazards_of(box_m(300, 400))
    with pytest.raises(BorderError, match="share no land border"):
        frontage(hazards, hz.borders.load("THA", "VNM"), within_m=500)


def test_a_frame_without_status_is_refused():
    with pytest.raises(SchemaError, match="work_status"):
        frontage(hazards_of(box_m(300, 400)).drop(columns="work_status"), meridian_border(), within_m=500)


def test_no_hazard_near_is_nought_and_no_stretch():
    for hazards in (hazards_of(box_m(300, 400)).iloc[:0], hazards_of(box_m(30_000, 31_000))):
        answer = frontage(hazards, meridian_border(), within_m=500)
        assert answer.totals["frontage_high_km"].tolist() == [0, 0, 0]
        assert answer.totals["belt_width_m"].isna().all()
        assert answer.stretches.empty
        assert answer.stretches.crs.to_epsg() == 4326


def test_a_long_line_in_detail_against_points_along_it():
    """Independently: points every 20 m along the embedded line, each asked for its distance to the hazards in UTM 33."""
    border = hz.borders.load("HRV", "BIH")
    hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg")).query("work_status == 'open'").iloc[:60]
    answer = frontage(hazards, border, within_m=1000)
    utm = hazards.to_crs(32633)
    line = shapely.union_all(border.asked_lines.to_crs(32633).geometry.to_numpy())  # on land and in water
    points = np.concatenate(
        [shapely.line_interpolate_point(p, np.arange(10, p.length, 20)) for p in shapely.get_parts(line)]
    )
    union = utm.union_all()
    shapely.prepare(union)
    share = shapely.dwithin(union, points, 1000).mean()
    assert row_of_pair(answer)["share"] == pytest.approx(share, abs=0.002)


def row_of_pair(answer):
    return answer.totals[answer.totals["side"] == "together"].loc["BIH-HRV"]


BOXES = st.lists(
    st.tuples(
        st.floats(-1500, 1400), st.floats(20, 800), st.floats(-4000, 4000), st.floats(20, 2000)
    ).map(lambda b: box_m(b[0], b[0] + b[1], b[2], b[2] + b[3])),
    min_size=1,
    max_size=4,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(BOXES, st.sampled_from([0, 100, 350, 900]), st.floats(10, 400))
def test_laws(boxes, within_m, offset):
    """Frontage grows with the distance; low ≤ best ≤ high; a side is at most together, and that at most both sides; stretches
    sum up and do not overlap; the order of the records does not matter.
    """
    answer, farther = (front(*boxes, within_m=d, offset=offset) for d in (within_m, within_m + 50))
    levels = ["frontage_low_km", "frontage_km", "frontage_high_km"]
    table, more = answer.totals[levels].to_numpy(), farther.totals[levels].to_numpy()
    hair = 1e-5
    assert (table <= more + hair).all()
    assert (np.diff(table, axis=1) >= 0).all()
    assert (table[1:] <= table[0] + hair).all()
    assert (table[0] <= table[1:].sum(axis=0) + hair)[1:].all()  # best and high: together is the sides' union
    for side, some in answer.stretches.groupby("side"):
        assert some["length_km"].sum() == pytest.approx(row_of(answer, side)["frontage_km"])
        assert (some["from_km"].to_numpy()[1:] > some["to_km"].to_numpy()[:-1]).all()
    turned = frontage(hazards_of(*boxes, vertex_sd_m=0.0).iloc[::-1], meridian_border(offset), within_m=within_m)
    pd.testing.assert_frame_equal(turned.totals, answer.totals)
    pd.testing.assert_frame_equal(turned.stretches, answer.stretches)


@settings(max_examples=8, deadline=None)
@given(BOXES)
def test_mirrored_at_the_line_the_sides_are_exchanged(boxes):
    mirrored = [
        shapely.transform(box, lambda lonlat: lonlat * np.array([-1, 1]) + np.array([2 * LON, 0])) for box in boxes
    ]
    one, other = front(*boxes), front(*mirrored)
    levels = ["frontage_low_km", "frontage_km", "frontage_high_km", "belt_m2"]
    for side, across in (("together", "together"), ("AAA", "BBB"), ("BBB", "AAA")):
        assert row_of(one, side)[levels].tolist() == pytest.approx(
            row_of(other, across)[levels].tolist(), rel=1e-6, abs=1e-6
        )


def test_a_hazard_whose_status_is_not_known_is_open():
    """Nothing says that its ground is closed: 300 m away; within 500 m are its 1,000 m and √(500² - 300²) = 400 m at each end."""
    for status in (None, "Open", "unstated"):
        answer = front(box_m(300, 400), work_status=status)
        assert (answer.records, answer.left_out) == (1, 0)
        assert row_of(answer)["frontage_km"] == pytest.approx(1.8, rel=2e-4)
    assert front(box_m(300, 400), work_status="closed").left_out == 1
