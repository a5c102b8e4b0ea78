"""Totals by side with a range, what would settle a word, and whether a record lies where its register says.

On the meridian 16° E (by_hand.py) a box from x to y metres east, h metres high, has its area by side in proportion to the metres.
"""

from __future__ import annotations

import dataclasses
import math
from statistics import NormalDist

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from by_hand import LON, fine, hazards_of, meridian_border
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import (
    judged_hazards,
    judged_totals,
    places_on,
    random_hazards,
    shares_if_moved,
    simulated_shifts,
    with_field,
)

import hazardgeo as hz
from hazardgeo.borders import BorderSet
from hazardgeo.borders._sides._exposure import expected
from hazardgeo.constants import NORMAL_95
from hazardgeo.crs import GEOD
from hazardgeo.errors import BorderError

LAT = 45.0
M = 1 / GEOD.inv(LON, LAT, LON + 1, LAT)[2]
N = 1 / GEOD.inv(LON, LAT, LON, LAT + 1)[2]
RANGES = ("independent", "area", "correlated")  # from the narrowest to the widest


def box_m(west: float, east: float, south: float = 0, north: float = 200) -> shapely.Polygon:
    return shapely.box(LON + west * M, LAT + south * N, LON + east * M, LAT + north * N)


def border_with(offset: float, common: float, local: float, km: float) -> BorderSet:
    return with_field(meridian_border(offset), common_sd_m=common, local_sd_m=local, correlation_km=km)


def totals_of(hazards: gpd.GeoDataFrame, border: BorderSet, side: str = "AAA") -> pd.Series:
    return hz.borders.side_totals(hz.borders.split_by_country(hazards, border)).loc[side]


def half_widths(total: pd.Series, whole: float) -> list[float]:
    """Independent, fitted and fully correlated, as shares of the ground of one hazard."""
    return [float(total[f"{kind}_high_m2"] - total[f"{kind}_low_m2"]) / 2 / whole for kind in RANGES]


def two_across(apart_m: float, **columns: object) -> gpd.GeoDataFrame:
    """Two boxes of 1 km across the line, of which a band of 100 m takes a tenth on either side."""
    return hazards_of(box_m(-500, 500), box_m(-500, 500, apart_m, apart_m + 200), **columns)


def test_two_places_by_hand():
    """Each may lose or win a tenth. For a correlation r together √(2 + 2r) tenths; L ln 2 apart r is a half, so √3."""
    hazards = two_across(5000 * math.log(2), vertex_sd_m=0.0)
    total = totals_of(hazards, border_with(100, 0, 51, 5))
    got = half_widths(total, hz.area_m2(hazards).mean())
    assert got == pytest.approx([math.sqrt(2) / 10, math.sqrt(3) / 10, 0.2], rel=2e-3)
    assert total["correlation"] == "fitted"


def test_what_is_common_is_not_forgotten_however_far():
    """Common 3 and local 4 of 5: the share of the variance is 9/25. 10 km apart and L = 100 m, r = 0.36."""
    hazards = two_across(10_000, vertex_sd_m=0.0)
    got = half_widths(totals_of(hazards, border_with(100, 3, 4, 0.1)), hz.area_m2(hazards).mean())
    assert got[1] == pytest.approx(math.sqrt(2 + 2 * 0.36) / 10, rel=2e-3)


def test_outlines_err_on_their_own_and_ways_to_wgs84_together():
    """1.96 sd = 75 m beside a line of 100 m make 125 m, of which the line's variance is 0.64: r = 0.64 for a line that is off
    the same way everywhere; with the same 75 m from the way to WGS 84, which all records came, r = 0.64 + 0.36 = 1.
    """
    border = border_with(100, 51, 0, 0)
    outlines = two_across(1000, vertex_sd_m=75 / 1.96)
    ways = two_across(1000, vertex_sd_m=0.0, datum_accuracy_m=75 / 1.96)
    whole = hz.area_m2(outlines).mean()
    assert half_widths(totals_of(outlines, border), whole)[1] == pytest.approx(math.sqrt(2 + 1.28) / 8, rel=2e-3)
    assert half_widths(totals_of(ways, border), whole)[1] == pytest.approx(0.25, rel=2e-3)


@pytest.mark.parametrize("columns", [{}, dict.fromkeys(("common_sd_m", "local_sd_m", "correlation_km"), math.nan)])
def test_a_line_that_states_no_field_is_off_the_same_way_everywhere(columns):
    hazards = two_across(50_000, vertex_sd_m=0.0)
    total = totals_of(hazards, with_field(meridian_border(100), **columns))
    assert total["correlation"] == "fully correlated"
    assert (total["area_low_m2"], total["area_high_m2"]) == (total["correlated_low_m2"], total["correlated_high_m2"])


def test_only_the_shares_of_a_field_count_and_the_offset_says_how_large_it_is():
    hazards = two_across(3000, vertex_sd_m=0.0)
    one, tenfold = (totals_of(hazards, border_with(100, common, 4 * common / 3, 2)) for common in (3.0, 30.0))
    assert one["area_low_m2"] == pytest.approx(tenfold["area_low_m2"], rel=1e-12)


def test_the_total_of_one_hazard_is_its_own_range():
    for west, east in ((-300, 700), (40, 140), (60, 61)):
        sides = hz.borders.split_by_country(hazards_of(box_m(west, east), vertex_sd_m=0.0), border_with(100, 30, 40, 5))
        totals = hz.borders.side_totals(sides)
        for row in sides.itertuples():
            got = totals.loc[row.side, ["area_low_m2", "area_m2", "area_high_m2"]].to_numpy(dtype=float)
            assert got == pytest.approx(np.array([row.area_low_m2, row.area_m2, row.area_high_m2]), rel=1e-9, abs=1e-6)


def test_many_small_hazards_on_one_side_are_not_all_there():
    """100 boxes of 2 m, a metre from a line of 1 km: each lies over there with probability one half, whatever is drawn. If their
    lines had nothing to do with each other, 50 ± 1.96 · 5 of 100 would be here; all may be.
    """
    boxes = [box_m(1, 3, 1000 * k, 1000 * k + 2) for k in range(-40, 60)]
    hazards = hazards_of(*boxes, vertex_sd_m=0.0)
    total = totals_of(hazards, border_with(1000, 0, 510, 0), "BBB")
    whole = hz.area_m2(hazards).sum()
    assert total["area_m2"] == pytest.approx(whole)
    assert total["independent_low_m2"] / whole == pytest.approx(0.50 - 0.098, abs=5e-3)
    assert total["independent_high_m2"] == pytest.approx(whole)


def just_beyond(count: int, half_widths_off: float, apart_m: float, offset: float = 100.0) -> gpd.GeoDataFrame:
    """Specks of 1 m by 1 m on the side of AAA, so many half-widths of the band off the line, one after the other along it."""
    off = half_widths_off * offset
    boxes = [box_m(-off - 1, -off, k * apart_m, k * apart_m + 1) for k in range(count)]
    return hazards_of(*boxes, vertex_sd_m=0.0)


def test_of_many_records_just_beyond_the_band_a_few_lie_across():
    """A speck 1.2 half-widths off is lost where the line is further off: with probability Φ(-1.2 · 1.96) = 0.00934.

    Of 100 that err by themselves (60 km of line, forgotten within 10 m) the lost are binomial: 3 or fewer in 98.5 of 100 cases,
    2 or fewer in 93.4. So 97.5 % is reached at 3; a gamma variable of the same mean and spread, which has no steps, may lie one
    to either side.
    """
    chance = NormalDist().cdf(-1.2 * NORMAL_95.value)
    assert [sum(math.comb(100, k) * chance**k * (1 - chance) ** (100 - k) for k in range(most + 1)) for most in (2, 3)] == [
        pytest.approx(0.934, abs=2e-3), pytest.approx(0.985, abs=2e-3)
    ]  # fmt: skip
    sides = hz.borders.split_by_country(just_beyond(100, 1.2, 600), border_with(100, 0, 51, 0.01))
    assert (sides["area_low_m2"] == sides["area_high_m2"]).all()  # each by itself is decided
    assert (
        sides["beyond_chance"].tolist() == [pytest.approx(chance, rel=0.08)] * 100
    )  # further north the same degrees are fewer metres
    totals = hz.borders.side_totals(sides)
    one = float(sides["whole_area_m2"].mean())
    here, there = totals.loc["AAA"], totals.loc["BBB"]
    lost = (here["area_m2"] - here["area_low_m2"]) / one
    assert 2 < lost < 4
    assert here["area_high_m2"] == pytest.approx(here["area_m2"])
    assert (there["hazards"], there["area_low_m2"], there["area_m2"]) == (0, 0.0, 0.0)
    assert there["area_high_m2"] / one == pytest.approx(lost, rel=1e-3)
    assert here["correlated_low_m2"] <= here["area_low_m2"] <= here["independent_low_m2"]


@pytest.mark.parametrize(
    ("count", "off", "common", "local"),
    [
        (1, 1.0, 0, 51),  # one alone: it is decided, and right 97.5 times in 100
        (5, 1.4, 0, 51),  # each lost in 3 of 1,000 cases, any of them in 15 at most
        (100, 2.1, 0, 51),  # too far to matter
    ],
)
def test_where_any_loss_is_rare_the_total_is_decided(count, off, common, local):
    totals = hz.borders.side_totals(
        hz.borders.split_by_country(just_beyond(count, off, 600), border_with(100, common, local, 0.01))
    )
    assert totals.index.tolist() == ["AAA"]
    here = totals.loc["AAA"]
    assert here["area_low_m2"] == here["area_m2"] == here["area_high_m2"]


def test_a_range_is_never_narrower_than_if_errors_had_nothing_to_do_with_each_other():
    """Where a line states no field all is taken to be off together: of one loss for all, 97.5 cases of 100 have none.

    That is no reason to promise more than for errors that are independent, which is the other end of what could be.
    """
    specks = just_beyond(100, 1.2, 600)
    bare = hz.borders.side_totals(hz.borders.split_by_country(specks, meridian_border(100))).loc["AAA"]
    assert bare["area_low_m2"] == bare["independent_low_m2"] == bare["correlated_low_m2"] < bare["area_m2"]


def test_ground_beyond_the_band_is_lost_little_by_little():
    """A belt from 1 to 2 half-widths off, w = 100 m: lost is (t - 1) of it where the line is t half-widths off.

    Mean ∫ (t - 1) over the upper tail, from 1.96 standard deviations z on: (φ(z) - z Φ(-z)) / z with z = 1.96, of which what lies
    beyond 2 half-widths counts no more than the whole: less than 1e-4 of it, and left out of the derivation.
    """
    sides = hz.borders.split_by_country(hazards_of(box_m(-200.2, -100.2), vertex_sd_m=0.0), meridian_border(100))
    z, normal = NORMAL_95.value, NormalDist()
    derived = (normal.pdf(z) - z * normal.cdf(-z)) / z
    (row,) = sides.itertuples()
    assert (row.side, row.across) == ("AAA", "BBB")
    assert row.beyond_chance == pytest.approx(normal.cdf(-1.002 * z), rel=1e-3)
    assert row.beyond_mean_m2 / row.whole_area_m2 == pytest.approx(derived, rel=0.05)


def test_expected_area_by_hand():
    """Ground that the band takes evenly: E[min(|Z|/1.96, 1)]/2 = (φ(0) - φ(1.96))/1.96 + (1 - Φ(1.96)). Ground at the line
    itself: one half, with a standard deviation of one half. Across the line, evenly on both sides: what is drawn.
    """
    normal = NormalDist()
    even = (normal.pdf(0) - normal.pdf(1.96)) / 1.96 + 1 - normal.cdf(1.96)
    areas = np.array([[0.0, 1.0, 1.0], [0.0, 1.0, 1.0], [4.0, 5.0, 6.0]])
    mean, sd = expected(areas, np.array([[0, 1], [0, 0], [0, 1.0]]), np.array([[1, 1], [1, 1], [0, 1.0]]))
    assert mean == pytest.approx([1 - even, 0.5, 5.0], abs=1e-3)
    assert sd[1] == pytest.approx(0.5, abs=1e-3)


def test_several_versions_are_spanned():
    """By a line 100 m further east a box across the line has a tenth more in the west; the ranges of both are spanned."""
    hazards = two_across(1000, vertex_sd_m=0.0)
    edge = LON + 100 * M
    grounds = [fine(shapely.box(15, 44.5, edge, 46)), fine(shapely.box(edge, 44.5, 17, 46))]
    border = border_with(100, 30, 40, 5)
    other = dataclasses.replace(
        border,
        countries=border.countries.assign(geometry=grounds),
        lines=border.lines.assign(geometry=[shapely.LineString([(edge, 44.5), (edge, 46)])]),
    )
    splits = [hz.borders.split_by_country(hazards, one) for one in (border, other)]
    both, one, two = (hz.borders.side_totals(*some).loc["AAA"] for some in (splits, splits[:1], splits[1:]))
    assert two["area_m2"] == pytest.approx(1.2 * one["area_m2"], rel=1e-3)
    assert both["area_m2"] == one["area_m2"]
    for kind in RANGES:
        assert both[f"{kind}_low_m2"] == one[f"{kind}_low_m2"]
        assert both[f"{kind}_high_m2"] == two[f"{kind}_high_m2"]


def test_a_side_that_only_one_version_knows_has_no_ground_by_the_other():
    hazards = hazards_of(box_m(1000, 1200), vertex_sd_m=0.0)
    border = border_with(10, 3, 4, 5)
    grounds = [
        border.countries.geometry.iloc[0],
        shapely.difference(border.countries.geometry.iloc[1], fine(box_m(500, 5000, -5000, 5000))),
    ]
    splits = [
        hz.borders.split_by_country(hazards, one)
        for one in (border, dataclasses.replace(border, countries=border.countries.assign(geometry=grounds)))
    ]
    totals = hz.borders.side_totals(*splits)
    assert totals.index.tolist() == ["BBB", "no_country"]
    assert totals["area_low_m2"].tolist() == [0, 0]
    assert totals.loc["no_country", "area_high_m2"] == pytest.approx(hz.area_m2(hazards).sum())
    assert totals.loc["no_country", "area_m2"] == 0  # the first version's


def test_rows_for_ground_that_is_no_countrys():
    pocket = fine(box_m(-5000, 5000, 0, 10_000))
    border = border_with(10, 3, 4, 5)
    a, b = (shapely.difference(shape, pocket) for shape in border.countries.geometry)
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "BBB", "disputed"], "name": "", "claimants": ["", "", "AAA;BBB"]},
        geometry=[a, b, pocket],
        crs=4326,
    )
    line = shapely.difference(border.lines.geometry.iloc[0], pocket)
    border = dataclasses.replace(border, countries=countries, lines=border.lines.assign(geometry=[line]))
    hazards = hazards_of(box_m(-1000, 1000, 4000, 6000), shapely.box(18, 45, 18.01, 45.01), box_m(-9000, -8000), None)
    totals = hz.borders.side_totals(hz.borders.split_by_country(hazards, border))
    assert totals.index.tolist() == ["AAA", "beyond_extent", "disputed", "no_country"]
    assert totals["hazards"].tolist() == [1, 1, 1, 1]
    assert math.isnan(totals.loc["no_country", "area_m2"])  # not measured is not 0


def test_where_no_line_divides_two_countries_everything_may_be():
    """Countries that meet 3 km from the line: nothing is known of how well they are divided, by no field either."""
    border = border_with(10, 0, 5, 1)
    border = dataclasses.replace(
        border, lines=border.lines.assign(geometry=[shapely.LineString([(LON + 3000 * M, 44.5), (LON + 3000 * M, 46)])])
    )
    hazards = two_across(1000, vertex_sd_m=0.0)
    totals = hz.borders.side_totals(hz.borders.split_by_country(hazards, border))
    assert totals["area_low_m2"].tolist() == [0, 0]
    assert totals["area_high_m2"].tolist() == pytest.approx([hz.area_m2(hazards).sum()] * 2)
    assert set(totals["correlation"]) == {"fully correlated"}


def test_no_hazards_have_no_totals():
    none = hazards_of(box_m(0, 10)).iloc[:0]
    sides = hz.borders.split_by_country(none, border_with(100, 3, 4, 5))
    assert hz.borders.side_totals(sides).empty
    assert hz.borders.relation(none, border_with(100, 3, 4, 5)).empty


def test_another_table_is_refused():
    with pytest.raises(BorderError, match="no column 'half_width_m'"):
        hz.borders.side_totals(pd.DataFrame(columns=["hazard_id", "side", "area_low_m2", "area_m2", "area_high_m2"]))


# Laws

few = settings(max_examples=20)  # each lays a border into a plane
extents = st.tuples(st.floats(-3000, 3000), st.floats(30, 3000), st.floats(-30_000, 30_000), st.floats(30, 2000))
registers = st.lists(extents, min_size=1, max_size=5)
offsets, shares_, lengths = st.floats(1, 3000), st.floats(0, 1), st.floats(0, 30)


def register_of(extents: list[tuple[float, float, float, float]], sd: float) -> gpd.GeoDataFrame:
    return hazards_of(*(box_m(x, x + w, y, y + h) for x, w, y, h in extents), vertex_sd_m=sd)


def shared(offset: float, share: float, km: float) -> BorderSet:
    return border_with(offset, math.sqrt(share), math.sqrt(1 - share), km)


@few
@given(registers, offsets, shares_, lengths, st.floats(0, 50))
def test_laws_of_the_totals(extents, offset, share, km, sd):
    """Low ≤ best ≤ high; independent within fitted within fully correlated; the best sum to the whole, and on two sides the low
    of one and the high of the other.
    """
    hazards = register_of(extents, sd)
    totals = hz.borders.side_totals(hz.borders.split_by_country(hazards, shared(offset, share, km)))
    whole = hz.area_m2(hazards).sum()
    slack = 1e-6 * whole
    for narrow, wide in (("independent", "area"), ("area", "correlated")):
        assert (totals[f"{wide}_low_m2"] <= totals[f"{narrow}_low_m2"] + slack).all()
        assert (totals[f"{narrow}_high_m2"] <= totals[f"{wide}_high_m2"] + slack).all()
    assert (totals["independent_low_m2"] <= totals["area_m2"] + slack).all()
    assert (totals["area_m2"] <= totals["independent_high_m2"] + slack).all()
    assert math.fsum(totals["area_m2"]) == pytest.approx(whole)
    if len(totals) == 2:
        for kind in RANGES:
            both = totals[f"{kind}_low_m2"] + totals[f"{kind}_high_m2"].to_numpy()[::-1]
            assert both.to_numpy() == pytest.approx(np.full(2, whole), rel=1e-5)


@few
@given(registers, offsets, st.floats(0.2, 0.8))
def test_cutting_a_hazard_in_two_changes_no_total(extents, offset, at):
    """Where the error is the same everywhere, not its range either."""
    hazards = register_of(extents, 5.0)
    x, w, y, h = extents[0]
    cut = register_of([(x, w, y, at * h), (x, w, y + at * h, (1 - at) * h), *extents[1:]], 5.0)
    one, two = (
        hz.borders.side_totals(hz.borders.split_by_country(some, meridian_border(offset))) for some in (hazards, cut)
    )
    columns = ["area_low_m2", "area_m2", "area_high_m2"]
    assert two[columns].to_numpy() == pytest.approx(
        one[columns].to_numpy(), rel=1e-5, abs=1e-6 * hz.area_m2(hazards).sum()
    )


@few
@given(registers, offsets, shares_, lengths)
def test_more_offset_never_narrows_the_widest_range(extents, offset, share, km):
    hazards = register_of(extents, 5.0)
    one, wider = (
        hz.borders.side_totals(hz.borders.split_by_country(hazards, shared(u, share, km)))
        for u in (offset, 1.5 * offset + 1)
    )
    slack = 1e-6 * hz.area_m2(hazards).sum()
    assert set(one.index) <= set(wider.index)
    wider = wider.loc[one.index]
    assert (wider["correlated_low_m2"] <= one["correlated_low_m2"] + slack).all()
    assert (wider["correlated_high_m2"] >= one["correlated_high_m2"] - slack).all()


@few
@given(registers, offsets, shares_, lengths)
def test_a_hazard_far_from_the_line_adds_its_area_and_no_width(extents, offset, share, km):
    hazards = register_of(extents, 5.0)
    far = register_of([*extents, (-30_000, 500, 0, 500)], 5.0)
    border = shared(offset, share, km)
    one, more = (hz.borders.side_totals(hz.borders.split_by_country(some, border)) for some in (hazards, far))
    area = float(hz.area_m2(far).iloc[-1])
    columns = [f"{kind}_{end}_m2" for kind in RANGES for end in ("low", "high")]
    before = one.loc["AAA", columns].to_numpy(dtype=float) if "AAA" in one.index else np.zeros(6)
    assert more.loc["AAA", columns].to_numpy(dtype=float) == pytest.approx(before + area, rel=1e-9)


@few
@given(registers, offsets, shares_, lengths)
def test_the_order_of_records_is_no_matter(extents, offset, share, km):
    hazards, border = register_of(extents, 5.0), shared(offset, share, km)
    one, turned = (
        hz.borders.side_totals(hz.borders.split_by_country(some, border)) for some in (hazards, hazards.iloc[::-1])
    )
    columns = list(one.columns[:-1])
    assert turned[columns].to_numpy(dtype=float) == pytest.approx(one[columns].to_numpy(dtype=float), rel=1e-9)


# What would settle it


def answer(west: float, east: float, offset: float = 100, sd: float = 0.0) -> pd.Series:
    return hz.borders.relation(hazards_of(box_m(west, east), vertex_sd_m=sd), meridian_border(offset)).iloc[0]


def test_what_would_settle_it_by_hand():
    """120 m off with 1.96 · 50 = 98 m of its own: a line of √(120² - 98²) m, or corners of √(120² - 100²) / 1.96 m."""
    one = answer(120, 300, sd=50)
    assert one["settling_offset_m"] == pytest.approx(math.sqrt(120**2 - 98**2), abs=0.05)
    assert one["settling_sd_m"] == pytest.approx(math.sqrt(120**2 - 100**2) / 1.96, abs=0.05)
    assert "known to ±69 m would settle it, or an outline whose corners are known to 33 m" in one["why"]


def test_where_only_the_line_or_neither_would_settle_it():
    line_alone, neither = answer(60, 300), answer(50, 300, sd=50)
    assert line_alone["settling_offset_m"] == pytest.approx(60, abs=0.05)
    assert math.isnan(line_alone["settling_sd_m"])
    assert neither[["settling_offset_m", "settling_sd_m"]].isna().all()
    assert "neither a better line nor a better outline alone" in neither["why"]


def test_where_only_a_survey_would_settle_it():
    """150 m off, the line known to 100 m, the corners to 1.96 · 100 = 196 m."""
    one = answer(150, 300, sd=100)
    assert math.isnan(one["settling_offset_m"])
    assert one["settling_sd_m"] == pytest.approx(math.sqrt(150**2 - 100**2) / 1.96, abs=0.05)


def test_what_is_decided_or_contested_needs_no_settling():
    for west, east in ((-300, 300), (500, 600), (9000, 9100)):
        assert answer(west, east)[["settling_offset_m", "settling_sd_m"]].isna().all()


@few
@given(st.floats(-400, 400), st.floats(30, 600), st.floats(0, 100))
def test_what_is_said_to_settle_it_does(west, width, sd):
    one = answer(west, west + width, offset=300, sd=sd)
    if one["settling_offset_m"] > 1:
        assert answer(west, west + width, offset=one["settling_offset_m"] * 0.999, sd=sd)["relation"] != "indeterminate"
        assert answer(west, west + width, offset=one["settling_offset_m"] * 1.01, sd=sd)["relation"] == "indeterminate"
    if one["settling_sd_m"] > 1:
        assert answer(west, west + width, offset=300, sd=one["settling_sd_m"] * 0.999)["relation"] != "indeterminate"


# Does it lie where its register says


def test_recorded_by_one_country_and_lying_in_another():
    """Recorded by AAA, which lies in the west; the line may be off by 100 m."""
    hazards = hazards_of(
        box_m(-900, -500), box_m(500, 900), box_m(20, 90), box_m(-500, 500), box_m(50_000, 50_100),
        shapely.box(18, 45, 18.01, 45.01), None, vertex_sd_m=0.0,
    )  # fmt: skip
    found = hz.borders.relation(hazards, meridian_border(100))
    assert found["country_fits"].tolist() == [
        "yes",
        "no",
        "indeterminate",
        "yes",
        "no",
        "indeterminate",
        "indeterminate",
    ]
    assert found["lies_in"].tolist() == ["AAA", "BBB", "", "AAA;BBB", "BBB", "", ""]


@pytest.mark.parametrize("country", [None, "unstated", math.nan])
def test_a_record_that_names_no_country_fits_none(country):
    hazards = hazards_of(box_m(500, 900), country=[country])
    assert hz.borders.relation(hazards, meridian_border(100))["country_fits"].tolist() == ["unstated"]
    bare = hazards.drop(columns="country")
    assert hz.borders.relation(bare, meridian_border(100))["country_fits"].tolist() == ["unstated"]


def test_the_line_of_a_third_country_counts_for_where_a_record_lies():
    """Asked for AAA and BBB; a record of BBB 50 m north of its line with CCC, which may be off by 100 m."""
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
        facts | {"offset_95_m": 100.0, "offset_evidence": "by hand"},
        geometry=[fine(shapely.LineString(end)) for end in ends],
        crs=4326,
    )
    border = meridian_border(countries=countries, lines=lines)
    north = (turn - LAT) / N
    hazards = hazards_of(
        box_m(9000, 9200, north + 50, north + 90),
        box_m(9000, 9200, north + 500, north + 900),
        country="BBB",
        vertex_sd_m=0.0,
    )
    found = hz.borders.relation(hazards, border)
    assert found["country_fits"].tolist() == ["indeterminate", "no"]
    assert found["lies_in"].tolist() == ["", "CCC"]


# Calibrated, and of use


@pytest.mark.parametrize(("share", "km"), [(0.0, 0.0), (0.25, 7.0)])
def test_ranges_on_a_real_line_are_right_and_of_use(share, km):
    """Registers of 30 hazards on 100 km of the Croatia – Bosnia line, each with a true line of its own, off by a known field.
    The whole table is made by benchmarks/calibration.py.
    """
    rng, u, side = np.random.default_rng(11), 1000.0, "BIH"
    sd = u / NORMAL_95.value
    field = {"common_sd_m": share**0.5 * sd, "local_sd_m": (1 - share) ** 0.5 * sd, "correlation_km": km}
    border = with_field(hz.borders.load("HRV", "BIH", source="natural_earth"), offset_95_m=u, **field)
    places = places_on(border.asked_lines.geometry.iloc[0], 500.0)
    hazards, truths = [], []
    for k in range(16):
        lonlat = places[rng.integers(0, len(places) - 200) + rng.integers(0, 200, 30), :2]
        register = random_hazards(lonlat, rng, farthest_m=3 * u)
        names = pd.Index([f"{k}-{name}" for name in register.index], name="hazard_id")
        truths.append(shares_if_moved(register, border, simulated_shifts(lonlat, rng, **field)).set_axis(names))
        hazards.append(register.set_axis(names))
    every, truth = pd.concat(hazards), pd.concat(truths).fillna(0.0)
    scores = judged_hazards(every, border, truth, 2.576 * sd).mean()
    assert scores["covered"] >= 0.93
    assert scores["decided_wrong"] <= 0.05
    assert scores["beyond_p99_decided"] >= 0.95
    assert scores["brier"] < min(scores["brier_plain"], scores["brier_always"])
    assert scores["interval"] < min(scores["interval_plain"], scores["interval_always"])
    totals = judged_totals(
        hz.borders.split_by_country(every, border), truth, [one.index for one in hazards], side
    ).mean()
    assert totals["covered, fitted"] >= 0.93
    assert totals["width, fitted"] < 0.9 * totals["width, fully correlated"]


def half_a_line() -> BorderSet:
    """The meridian 16° E with its line from 45.25° N on; the countries meet from 44.5° N."""
    border = meridian_border(250)
    return dataclasses.replace(
        border, lines=border.lines.assign(geometry=[shapely.LineString([(LON, 45.25), (LON, 46)])])
    )


@pytest.mark.parametrize(("away_m", "certain"), [(1, False), (200, False), (-100, False), (300, True)])
def test_beside_an_edge_without_a_line_nothing_is_certain(away_m, certain):
    """At 45° N, 28 km from the line: their edge is known no better there than where it has a line, 250 m, and the outline to
    1.96 · 10 m: within hypot(250, 19.6) = 250.8 m of it no side is certain."""
    hazards = hazards_of(box_m(-away_m - 100, -away_m), vertex_sd_m=10.0)
    answer = hz.borders.relation(hazards, half_a_line()).iloc[0]
    sides = hz.borders.split_by_country(hazards, half_a_line()).set_index("side")
    if certain:
        assert (answer["relation"], answer["lies_in"], answer["country_fits"]) == ("away", "AAA", "yes")
        assert sides.loc["AAA", "area_low_m2"] == sides.loc["AAA", "whole_area_m2"]
    else:
        assert (answer["relation"], answer["lies_in"], answer["country_fits"]) == ("indeterminate", "", "indeterminate")
        assert "no line of the set is there" in answer["why"]
        assert sides["area_low_m2"].tolist() == [0, 0]
        assert sides["area_high_m2"].tolist() == sides["whole_area_m2"].tolist()


def test_what_lies_on_one_side_for_certain_may_lie_on_no_other():
    """AAA west of 16° E, known to 10 m; east of it BBB and CCC meet on 45.1° N, known to 1,000 m. A hazard in AAA, 500 m off the
    place where the three meet, is within 1,000 m of that line and on AAA's side for certain."""
    north, south = fine(shapely.box(LON, 45.1, 17, 46)), fine(shapely.box(LON, 44.5, 17, 45.1))
    west = fine(shapely.box(15, 44.5, LON, 46))
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "BBB", "CCC"], "name": "", "claimants": ""}, geometry=[west, north, south], crs=4326
    )
    lines = gpd.GeoDataFrame(
        {"country_a": ["AAA", "AAA", "BBB"], "country_b": ["BBB", "CCC", "CCC"], "status": "agreed", "claimants": "",
         "offset_95_m": [10.0, 10.0, 1000.0], "offset_evidence": ""},
        geometry=[shapely.LineString([(LON, 45.1), (LON, 46)]), shapely.LineString([(LON, 44.5), (LON, 45.1)]),
                  fine(shapely.LineString([(LON, 45.1), (17, 45.1)]))],
        crs=4326,
    )  # fmt: skip
    border = meridian_border(countries=countries, lines=lines, codes=("AAA", "BBB", "CCC"))
    place = box_m(-700, -500, 11_000, 11_200)
    sides = hz.borders.split_by_country(hazards_of(place, vertex_sd_m=0.0), border).set_index("side")
    assert sides.loc["AAA", "area_low_m2"] == pytest.approx(sides.loc["AAA", "whole_area_m2"], rel=1e-9)
    assert sides["area_high_m2"].drop("AAA").tolist() == pytest.approx([0, 0], abs=1e-3)


def test_totals_of_versions_that_split_other_hazards_are_refused():
    border = meridian_border(100)
    both = hz.borders.split_by_country(hazards_of(box_m(-50, 50), box_m(200, 300)), border)
    one = both[both["hazard_id"] == "h0"]
    with pytest.raises(BorderError, match="Tables 1 and 2 are not of the same hazards: 'h1' stand"):
        hz.borders.side_totals(both, one)
    assert hz.borders.side_totals(one, one)["hazards"].tolist() == [1, 1]
