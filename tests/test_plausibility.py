"""Coordinates that are possible and not plausible: exchanged, coarser than they claim, shifted by a known datum.

What lies between two readings of old coordinates is computed here by pyproj from the operation's own code, latitude first as
the register has it, and by hand where three translations are all there is to it.
"""

from __future__ import annotations

import datetime
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from by_hand import hazards_of, meridian_border
from hypothesis import given
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.crs._signatures import Signature, explain_shift, signatures
from hazardgeo.errors import CRSError, GeometryError, SchemaError
from hazardgeo.registers._rules import RULES, Seen, Thresholds
from hazardgeo.registers._rules._exchanged import exchanged
from hazardgeo.registers._signatures import find_datum_shifts
from hazardgeo.schema import HAZARDS

GEOD = pyproj.Geod(ellps="WGS84")
TRIPOINT = (19.0, 44.9)
"""Where Bosnia and Herzegovina, Croatia and Serbia meet."""
KOSOVO = (20.9, 42.5)
MGI = "MGI 1901 (EPSG:3906)"
OUTLINE = [(0, 0), (300, 0), (300, 100), (120, 140), (90, 400), (10, 380), (-20, 200)]
OTHER = [(0, 0), (210, -30), (260, 90), (180, 260), (40, 310), (-60, 150), (-30, 40)]
LON_M, LAT_M = 111_319.49, 110_574.3  # of a degree at the equator


def outline(corners, at, east=0.0, north=0.0):
    """A polygon from corners in metres."""
    per_lon = LON_M * math.cos(math.radians(at[1]))
    return shapely.Polygon([(at[0] + (x + east) / per_lon, at[1] + (y + north) / LAT_M) for x, y in corners])


def by_operation(code, shape, direction="FORWARD"):
    """The shape's numbers, which are on the old datum, brought to WGS 84 by one operation of the EPSG register."""
    operation = pyproj.Transformer.from_pipeline(f"urn:ogc:def:coordinateOperation:EPSG::{code}")

    def move(lonlat):
        lat, lon = operation.transform(lonlat[:, 1].tolist(), lonlat[:, 0].tolist(), direction=direction)
        return np.column_stack([lon, lat])

    return shapely.transform(shape, move)


def between(one, other):
    """How far apart, and whereto, two points lie."""
    azimuth, _, shift = GEOD.inv(one.x, one.y, other.x, other.y)
    return shift, azimuth % 360


def layer(*shapes, ids=None, **columns):
    index = pd.Index(ids or [f"h{i}" for i in range(len(shapes))])
    return gpd.GeoDataFrame(columns, geometry=list(shapes), index=index, crs=4326)


def hits(rule, *shapes, recorded=None, crs=4326, countries=None, **columns):
    frame = hazards_of(*shapes, **columns)
    given_as = np.asarray(frame.geometry.array if recorded is None else recorded, dtype=object)
    seen = Seen(frame, HAZARDS, given_as, pyproj.CRS(crs), Thresholds(), countries, datetime.date(2026, 1, 15))
    return [(seen.ids[hit.at], hit.seen) for hit in RULES[rule].find(seen)]


@pytest.mark.parametrize(
    "rule",
    [
        "zone-prefix",
        "place-swapped",
        "place-sign-lost",
        "place-zero",
        "place-outside-country",
        "decimals-against-accuracy",
        "coordinates-cut",
        "outline-moved",
    ],
)
def test_every_known_mistake_of_coordinates_has_a_rule_that_lets_nothing_pass_as_right(rule):
    assert RULES[rule].severity in ("quarantined", "serious")


# --- what lies between two readings ------------------------------------------------------------------------------


def test_mgi_1901_taken_for_wgs_84_lies_four_hundred_metres_to_the_east_near_the_tripoint():
    """EPSG:3962 is three translations, 682, -203 and 480 m. Of these, -682 sin 19° - 203 cos 19° = -414.0 m point east: the
    true place lies so far to the west of the one that the numbers are taken for. The sum to the north, -68.5 m, is made up for
    by the difference of the ellipsoids but for 2 m."""
    east = 682 * math.sin(math.radians(19)) + 203 * math.cos(math.radians(19))
    (one,) = [
        one
        for one in signatures(*TRIPOINT)
        if one.crs == MGI and one.there.endswith("EPSG:3962") and one.here == "taken for WGS 84"
    ]
    assert one.shift_m * math.sin(math.radians(one.azimuth_deg)) == pytest.approx(east, abs=0.1)
    assert abs(one.azimuth_deg - 90) < 1
    assert one.claim_m == 5


@pytest.mark.parametrize("code", [3964, 8823, 9486])
def test_every_signature_is_what_the_operation_itself_does(code):
    here = shapely.Point(TRIPOINT)
    shift, azimuth = between(by_operation(code, here), here)
    found = [
        one
        for one in signatures(*TRIPOINT)
        if (one.there, one.here) == (f"brought to WGS 84 by EPSG:{code}", "taken for WGS 84")
    ]
    assert [one.crs for one in found] == [MGI]
    assert (found[0].shift_m, found[0].azimuth_deg) == (
        pytest.approx(shift, abs=1e-6),
        pytest.approx(azimuth, abs=1e-6),
    )


def test_in_kosovo_one_operation_for_another_is_a_mile():
    numbers = shapely.Point(KOSOVO)
    shift, azimuth = between(by_operation(9486, numbers), by_operation(9143, numbers))
    assert 1600 < shift < 1630
    best = explain_shift(KOSOVO, shift, azimuth, 1.0)[0]
    assert best.told("A", "B") == (
        f"coordinates on {MGI}, brought to WGS 84 by EPSG:9486 in A and brought to WGS 84 by EPSG:9143 in B"
    )
    assert best.off_m(shift, azimuth) < 1e-6


def test_each_pair_of_readings_stands_in_both_directions():
    found = {(one.crs, one.there, one.here): one for one in signatures(*KOSOVO)}
    for (crs, there, here), one in found.items():
        back = found[crs, here, there]
        assert back.shift_m == pytest.approx(one.shift_m)
        assert (back.azimuth_deg - one.azimuth_deg) % 360 == pytest.approx(180, abs=0.1)


@pytest.mark.parametrize(
    "at", [TRIPOINT, KOSOVO, (102.6, 14.4), (33.08, -15.0), (179.7, -17.0), (-180.0, 65.0), (0.5, 0.0)]
)
def test_nothing_that_explains_any_shift_and_nothing_of_wgs_84_itself_is_a_signature(at):
    """An operation that claims 999 m, the register's word for not known, would fit everything."""
    for one in signatures(*at):
        assert one.shift_m >= 30
        assert one.claim_m <= 60
        assert "WGS" not in one.crs


@given(st.floats(1, 2000), st.floats(0, 360), st.floats(1, 2000), st.floats(0, 360))
def test_what_is_left_unexplained_is_the_difference_of_two_arrows(seen, seen_to, known, known_to):
    def arrow(length, azimuth):
        return np.array([math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))]) * length

    off = Signature("", "", "", known, known_to, 0.0).off_m(seen, seen_to)
    assert off == pytest.approx(np.linalg.norm(arrow(seen, seen_to) - arrow(known, known_to)), abs=1e-6)


def test_of_each_datum_the_best_reading_is_named_and_the_best_of_all_first():
    shift, azimuth = between(by_operation(1133, shapely.Point(TRIPOINT)), shapely.Point(TRIPOINT))  # ED50
    found = explain_shift(TRIPOINT, shift, azimuth, 1.0)
    off = [one.off_m(shift, azimuth) for one in found]
    assert found[0].crs == "ED50 (EPSG:4230)"
    assert off[0] < 1e-6
    assert off == sorted(off)
    assert len({one.crs for one in found}) == len(found)


# --- two layers --------------------------------------------------------------------------------------------------


def test_a_register_on_the_old_datum_is_told_from_its_neighbour_by_what_all_twins_share():
    """Three outlines whose numbers are on MGI 1901; the neighbour has them brought to WGS 84, one more of his own, and the
    register takes the numbers as they are."""
    numbers = [
        outline(corners, TRIPOINT, east, 900) for corners, east in ((OUTLINE, 0), (OTHER, 900), (OUTLINE[::-1], 5000))
    ]
    theirs = layer(
        *(by_operation(8823, one) for one in numbers), outline(OTHER, TRIPOINT, -3000), ids=["a", "b", "c", "d"]
    )
    found = find_datum_shifts(layer(*numbers, ids=[1, 2, 3]), theirs)
    shift, azimuth = zip(*(between(by_operation(8823, one.centroid), one.centroid) for one in numbers), strict=True)
    assert found[["record", "reference"]].to_numpy().tolist() == [[1, "a"], [2, "b"], [3, "c"]]
    assert all(400 < one < 430 for one in shift)
    assert found["shift_m"].to_numpy() == pytest.approx(shift, abs=0.02)
    assert found["azimuth_deg"].to_numpy() == pytest.approx(azimuth, abs=0.01)
    assert set(found["signature"]) == {
        f"coordinates on {MGI}, brought to WGS 84 by EPSG:8823 in the reference and taken for WGS 84 in the record"
    }
    assert found["signature_shift_m"].to_numpy() == pytest.approx(shift, abs=0.05)
    assert (found["residual_m"] < 0.2).all()
    assert found["sharing"].tolist() == [3, 3, 3]


def test_a_shift_is_shared_across_a_country_and_not_with_another_one():
    """By 682 sin λ + 203 cos λ one datum moves a place at 16° E by 383.1 m and one at 19° E by 414.0 m; another pair near the
    first of these lies 333 m to the north."""
    numbers = [outline(OUTLINE, at) for at in (TRIPOINT, (16.0, 44.9), (16.1, 45.0))]
    theirs = layer(
        *(by_operation(3962, one) for one in numbers[:2]),
        shapely.transform(numbers[2], lambda xy: xy + np.array([0, 0.003])),
    )
    found = find_datum_shifts(layer(*numbers), theirs).set_index("record")
    assert found["shift_m"].tolist() == pytest.approx([414.0, 383.1, 333.4], abs=0.5)
    assert found["sharing"].to_dict() == {"h0": 2, "h1": 2, "h2": 1}


def test_coordinates_of_wgs_84_that_were_shifted_needlessly_are_told_too():
    numbers = outline(OUTLINE, TRIPOINT)
    found = find_datum_shifts(layer(by_operation(9486, numbers)), layer(numbers))
    assert found.loc[0, "signature"] == (
        f"coordinates on {MGI}, taken for WGS 84 in the reference and brought to WGS 84 by EPSG:9486 in the record"
    )


def test_a_shift_that_no_datum_explains_is_told_without_a_name():
    found = find_datum_shifts(layer(outline(OUTLINE, TRIPOINT, north=700)), layer(outline(OUTLINE, TRIPOINT)))
    assert found.loc[0, "shift_m"] == pytest.approx(700, rel=0.01)
    assert found.loc[0, "signature"] == ""
    assert found.loc[0, ["signature_shift_m", "signature_azimuth_deg", "residual_m"]].isna().all()
    assert found.loc[0, "sharing"] == 1


def test_twins_within_one_layer_and_outlines_in_place_are_no_pairs():
    ours = layer(outline(OUTLINE, TRIPOINT), outline(OUTLINE, TRIPOINT, east=413))
    assert find_datum_shifts(ours, layer(outline(OTHER, TRIPOINT))).empty
    assert find_datum_shifts(ours.iloc[:1], ours.iloc[:1]).empty


def test_a_twin_stands_once_for_each_place_that_it_has_in_the_other_layer():
    reference = layer(outline(OUTLINE, TRIPOINT), outline(OUTLINE, TRIPOINT, east=60))
    found = find_datum_shifts(layer(outline(OUTLINE, TRIPOINT, east=413)), reference)
    assert sorted(found["reference"]) == ["h0", "h1"]


def test_a_symbol_that_is_drawn_everywhere_says_nothing():
    many = layer(*(outline(OUTLINE, TRIPOINT, east=1500 * k) for k in range(12)))
    assert find_datum_shifts(layer(outline(OUTLINE, TRIPOINT, east=413)), many).empty
    drawn = layer(outline(OUTLINE, TRIPOINT, east=413), geometry_kind=["symbolic"])
    assert find_datum_shifts(drawn, layer(outline(OUTLINE, TRIPOINT))).empty


@pytest.mark.parametrize("empty", [0, 1, 2])
def test_an_empty_layer_gives_the_same_columns_and_no_rows(empty):
    one, none = layer(outline(OUTLINE, TRIPOINT)), layer(outline(OUTLINE, TRIPOINT)).iloc[:0]
    found = find_datum_shifts(none if empty in (0, 2) else one, none if empty in (1, 2) else one)
    full = find_datum_shifts(one, layer(outline(OUTLINE, TRIPOINT, east=413)))
    assert found.empty
    assert found.columns.tolist() == full.columns.tolist()
    assert found["shift_m"].dtype == full["shift_m"].dtype == float


def test_a_layer_in_a_grid_is_brought_to_wgs_84_first_and_a_record_without_shape_is_passed_over():
    shape = outline(OUTLINE, TRIPOINT)
    grid = layer(by_operation(8823, shape), None).to_crs(32634)
    found = find_datum_shifts(layer(shape), grid)
    assert found["reference"].tolist() == ["h0"]
    assert found.loc[0, "residual_m"] < 0.2


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda one: one.set_crs(None, allow_override=True), (CRSError, SchemaError)),
        (lambda one: pd.concat([one, one]), SchemaError),
        (lambda one: one.set_geometry(one.geometry.centroid), GeometryError),
        (lambda one: one.set_geometry([shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], crs=4326), GeometryError),
    ],
    ids=["no crs", "id twice", "points", "broken outline"],
)
@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
def test_a_layer_that_cannot_be_placed_is_refused(spoil, error):
    good = layer(outline(OUTLINE, TRIPOINT))
    for layers in ((spoil(good), good), (good, spoil(good))):
        with pytest.raises(error):
            find_datum_shifts(*layers)


# --- within one register -----------------------------------------------------------------------------------------


def test_twins_of_one_register_name_the_datum_that_explains_them_and_correct_nothing():
    numbers = outline(OUTLINE, TRIPOINT)
    ((record, words),) = hits("outline-moved", by_operation(8823, numbers), numbers)
    assert record == "h1"
    assert words.startswith(
        "Its outline is that of 'h0', moved by 413 m to the east. So far apart lie "
        f"coordinates on {MGI}, brought to WGS 84 by EPSG:8823 in 'h0' and taken for WGS 84 in this record; it fits to 0."
    )


def test_other_datums_that_would_explain_it_are_named_with_the_best():
    numbers = outline(OUTLINE, TRIPOINT)
    ((_, words),) = hits("outline-moved", by_operation(1133, numbers), numbers)
    assert "coordinates on ED50 (EPSG:4230), brought to WGS 84 by EPSG:1133 in 'h0'" in words
    assert "; others fit too: " in words
    assert "ED79 (EPSG:4668)" in words.split("others fit too: ")[1]


def test_a_shift_of_no_datum_is_told_as_before():
    ((_, words),) = hits("outline-moved", outline(OUTLINE, TRIPOINT), outline(OUTLINE, TRIPOINT, north=700))
    assert words == "Its outline is that of 'h0', moved by 704 m to the north."  # 700 / 110 574.3 · 111 135 m a degree


# --- exchanged ---------------------------------------------------------------------------------------------------


def there(shapes, crs):
    return list(exchanged(np.array(shapes, dtype=object), pyproj.CRS(crs)))


@pytest.mark.parametrize(
    ("crs", "box", "both"),
    [
        (32633, (500_000, 4_950_000, 500_300, 4_950_100), "easting and northing"),
        (32733, (500_000, 8_200_000, 500_300, 8_200_100), "easting and northing"),
        (3765, (500_000, 5_000_000, 500_300, 5_000_100), "easting and northing"),
        (8678, (6_500_000, 4_960_000, 6_500_300, 4_960_100), "easting and northing"),
        (28412, (12_500_000, 4_200_000, 12_500_300, 4_200_100), "easting and northing"),
        (4258, (15.5, 45.2, 15.6, 45.3), "latitude and longitude"),
    ],
)
def test_coordinates_the_wrong_way_round_are_told_and_right_ones_are_left_alone(crs, box, both):
    right = shapely.box(*box)
    wrong = shapely.transform(right, lambda xy: xy[:, ::-1])
    assert not there([right], crs)
    (hit,) = there([right, wrong, right], crs)
    assert hit.at == 1
    assert f"EPSG:{crs} is made for. They lie inside it if {both} are exchanged." in hit.seen
    assert hit.remedy == f"Exchange {both} in the source, or name its columns the other way round."


def test_a_whole_layer_the_wrong_way_round_is_told_once():
    wrong = [shapely.box(4_950_000 + 500 * k, 500_000, 4_950_100 + 500 * k, 500_300) for k in range(3)]
    (hit,) = there(wrong, 32633)
    assert hit.at is None
    assert hit.seen == (
        "All 3 records (x 4950000 to 4951100, y 500000 to 500300) lie outside the area that EPSG:32633 is made for, and "
        "inside it if easting and northing are exchanged."
    )
    (alone,) = there(wrong[:1], 32633)
    assert alone.at == 0


@pytest.mark.parametrize(
    ("crs", "box"),
    [
        (32633, (4_950_000, 4_950_000, 4_950_300, 4_950_100)),  # wrong both ways
        (32633, (-24_000_000, 26_000_000, -23_999_000, 26_000_100)),
        (4326, (16, 95, 16.1, 95.1)),  # the globe has room for either
        (32633, (9_500_000, 500_000, 9_500_300, 500_100)),  # exchanged, it lies north of 84° N
    ],
)
def test_coordinates_that_fit_neither_way_are_not_explained_away(crs, box):
    assert not there([shapely.box(*box)], crs)


def test_no_shapes_are_no_hits():
    assert there([], 32633) == []


def test_in_a_grid_whose_axes_overlap_the_country_tells_which_way_round_it_is():
    """Bern is 600 000 E, 200 000 N in the Swiss grid; the other way round it lies in Belgium, not far enough to be refused."""
    grid = pyproj.CRS(21781)
    bern = shapely.Polygon([(600_010, 200_020), (600_310, 200_050), (600_100, 200_330)])
    wrong = shapely.transform(bern, lambda xy: xy[:, ::-1])
    placed = [gpd.GeoSeries([one], crs=grid).to_crs(4326)[0] for one in (bern, wrong)]
    countries = meridian_border().countries.iloc[:1].set_geometry([shapely.box(6, 45.8, 10.5, 47.8)], crs=4326)
    ((record, words),) = hits("place-swapped", *placed, recorded=[bern, wrong], crs=grid, countries=countries)
    assert record == "h1"
    assert words.endswith("outside AAA; inside it if easting and northing are exchanged.")
    assert not there([wrong], 21781)  # the grid alone cannot tell
    for rule in ("place-outside-country", "place-sign-lost"):
        assert not hits(rule, *placed, recorded=[bern, wrong], crs=grid, countries=countries)


def test_degrees_the_wrong_way_round_are_still_told_by_their_country():
    countries = meridian_border().countries
    ((record, words),) = hits("place-swapped", shapely.box(45.1, 15.1, 45.101, 15.102), countries=countries)
    assert record == "h0"
    assert words.endswith("inside it if latitude and longitude are exchanged.")


# --- coarser than claimed ----------------------------------------------------------------------------------------


def rounded(decimals):
    """Seven corners near the equator, kept to so many decimals of a degree."""
    shape = outline(OUTLINE, (0.512345678, 0.001234567))
    return shapely.transform(shape, lambda lonlat: np.round(lonlat, decimals))


@pytest.mark.parametrize(
    ("decimals", "spread"),
    [(4, 3.203), (5, 0.3203), (6, 0.03203)],  # 10^-n · hypot(111 319.49, 110 574.3) / √24
)
def test_decimals_allow_no_better_accuracy_than_their_step(decimals, spread):
    shape = rounded(decimals)
    ((record, words),) = hits("decimals-against-accuracy", shape, vertex_sd_m=0.99 * spread)
    assert record == "h0"
    assert f"rounded ({decimals} decimals of a degree, steps of {111_319.49 * 10**-decimals:.2g} m)" in words
    assert f"spreads a corner by {spread:.2g} m; it states a vertex_sd_m of {0.99 * spread:g} m." in words
    assert not hits("decimals-against-accuracy", shape, vertex_sd_m=1.01 * spread)
    assert not hits("decimals-against-accuracy", outline(OUTLINE, (0.512345678, 0.0)), vertex_sd_m=0.99 * spread)


@pytest.mark.parametrize(
    ("crs", "step", "spread_m"),
    [
        (32633, 10, 2.887),  # 10 / √12
        (32633, 1, 0.2887),
        (2225, 10, 0.8799),  # US survey feet: 3.048 m / √12
    ],
)
def test_whole_metres_or_feet_of_a_grid_allow_no_better_accuracy_either(crs, step, spread_m):
    corners = np.array([(500_003, 4_950_007), (500_031, 4_950_002), (500_027, 4_950_048), (500_009, 4_950_055)])
    recorded = [shapely.Polygon(corners * step)]
    shape = outline(OUTLINE, (15, 44))
    for share in (0.99, 1.01):
        found = hits("decimals-against-accuracy", shape, recorded=recorded, crs=crs, vertex_sd_m=share * spread_m)
        assert bool(found) == (share < 1)


@given(st.integers(0, 1000), st.floats(-60, 60))
def test_the_spread_is_that_of_rounding_tried_out(seed, lat):
    """Ten thousand random places, rounded to four decimals: the root mean square of what is lost, over both directions."""
    random = np.random.default_rng(seed)
    lonlat = np.column_stack([random.uniform(15, 16, 10_000), random.uniform(lat, lat + 0.001, 10_000)])
    lost = (np.round(lonlat, 4) - lonlat) * (math.cos(math.radians(lat)) * 111_320, 111_132)
    tried = math.sqrt((lost**2).mean())
    shape = shapely.transform(outline(OUTLINE, (15.123456, lat)), lambda xy: np.round(xy, 4))
    assert hits("decimals-against-accuracy", shape, vertex_sd_m=0.96 * tried)
    assert not hits("decimals-against-accuracy", shape, vertex_sd_m=1.04 * tried)


def test_what_other_rules_tell_and_what_may_be_chance_is_left_to_them():
    """A box was drawn between round numbers; three decimals are cut; two numbers of a point end in nought by chance."""
    assert not hits("decimals-against-accuracy", shapely.box(15.12, 45.12, 15.13, 45.14), vertex_sd_m=1.0)
    assert not hits("decimals-against-accuracy", rounded(3), vertex_sd_m=1.0)
    assert hits("coordinates-cut", rounded(3))
    assert not hits("decimals-against-accuracy", shapely.Point(15.12345, 45.12345), vertex_sd_m=0.1)
    assert not hits("decimals-against-accuracy", rounded(4))
    assert not hits("decimals-against-accuracy", rounded(4), vertex_sd_m=np.nan)


def test_a_layer_whose_axes_are_exchanged_is_quarantined_with_the_one_remedy(tmp_path):
    boxes = [shapely.box(4_950_003 + 500 * k, 500_007, 4_950_111 + 500 * k, 500_301) for k in range(3)]
    frame = hazards_of(*boxes).set_crs(32633, allow_override=True)
    frame.to_file(tmp_path / "x.gpkg")
    taken = hz.intake(tmp_path / "x.gpkg")
    assert (taken.records_in, taken.accepted, len(taken.quarantine)) == (3, 0, 3)
    assert taken.findings["rule"].unique().tolist() == ["place-swapped"]
    (seen,) = taken.findings["seen"]
    assert "All 3 records" in seen
    mixed = gpd.GeoDataFrame(
        frame, geometry=[boxes[0], boxes[1], shapely.box(500_007, 4_950_003, 500_311, 4_950_109)], crs=32633
    )
    mixed.to_file(tmp_path / "y.gpkg")
    taken = hz.intake(tmp_path / "y.gpkg")
    assert (taken.accepted, len(taken.quarantine)) == (1, 2)
    assert taken.findings["rule"].tolist() == ["place-swapped"] * 2
