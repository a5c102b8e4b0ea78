"""Land release accounts: hand numbers, an oracle that counts cells, and laws.

Ground is laid out in cells of 0.001° by 0.001° on a grid whose nodes are vertices of every outline, so that neighbours share
their edges to the last bit. Cells of one row are of one size (the ellipsoid is the same at all longitudes), so that shares of
a row are whole numbers of cells.
"""

from __future__ import annotations

import datetime
import itertools
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.accounting import balance, balances, forecast, over_time, remaining
from hazardgeo.constants import M2_PER_KM2, M2_PER_MI2
from hazardgeo.errors import HazardgeoError, SchemaError

EAST, NORTH, STEP = 16.0, 45.0, 0.001
ADDED = ("opening_m2", "new_m2", "increase_m2", "reappraisal_m2")
TAKEN = ("decrease_m2", "cancelled_m2", "reduced_m2", "cleared_m2")
KINDS = ("cancelled", "reduced", "cleared")


def cells(x0, x1, y0=0, y1=1):
    """The ground of cells x0 to x1 (excluded) in columns y0 to y1, with a vertex at every node."""
    edge = [
        *((x, y0) for x in range(x0, x1)),
        *((x1, y) for y in range(y0, y1)),
        *((x, y1) for x in range(x1, x0, -1)),
        *((x0, y) for y in range(y1, y0, -1)),
    ]
    return shapely.Polygon([(EAST + x * STEP, NORTH + y * STEP) for x, y in edge])


def hazards_of(*shapes, **columns):
    data = {"register": "R", "country": "AAA", "classification": "SHA", "work_status": "open"}
    data |= {"date_of_information": "2000-01-01"} | columns
    index = pd.Index([f"h{i}" for i in range(len(shapes))], name="hazard_id", dtype=object)
    return gpd.GeoDataFrame(data, geometry=list(shapes), index=index, crs=4326)


def releases_of(*shapes, **columns):
    data = {"register": "R", "country": "AAA", "hazard_id": "h0", "kind": "cleared", "depth_m": 0.2, "method": "manual"}
    data |= {"completed_on": "2020-06-01"} | columns
    index = pd.Index([f"r{i}" for i in range(len(shapes))], name="release_id", dtype=object)
    return gpd.GeoDataFrame(data, geometry=list(shapes), index=index, crs=4326)


def row(result, basis="geometry"):
    table = result.to_frame()
    return table[table["basis"] == basis].iloc[0]


def cell_m2(y=0):
    return float(hz.area_m2(gpd.GeoSeries([cells(0, 1, y, y + 1)], crs=4326)).iloc[0])


def in_cells(value):
    return pytest.approx(value * cell_m2(), rel=1e-9, abs=1e-6)


def rules_of(findings):
    return sorted(zip(findings["record"], findings["rule"], strict=True))


# --- by hand ------------------------------------------------------------------------------------------------------

HAND = {"shapes": [cells(0, 4), cells(2, 6), cells(8, 12)], "kind": ["cleared", "reduced", "cancelled"]}
HAND_DAYS = ["2020-06-01", "2021-06-01", "2022-06-01"]


def hand():
    """A hazard of ten cells in a row: 0–3 cleared, 2–5 reduced, 8–11 cancelled, in that order.

    Cells 2 and 3 were cleared first, so 2 are reduced (4 and 5); 10 and 11 lie outside. Left are 6 and 7.
    """
    return hazards_of(cells(0, 10)), releases_of(*HAND["shapes"], kind=HAND["kind"], completed_on=HAND_DAYS)


def test_three_products_one_over_another_one_partly_outside():
    hazards, releases = hand()
    found = remaining(hazards, releases, on="2022-12-31")
    left = found.frame.loc["h0"]
    assert left["area_m2"] == in_cells(10)
    assert left["remaining_m2"] == in_cells(2)
    assert [left[f"{kind}_m2"] for kind in KINDS] == [in_cells(2), in_cells(2), in_cells(4)]
    assert left["twice_released_m2"] == in_cells(2)
    assert left["outside_m2"] == in_cells(2)
    assert shapely.area(shapely.symmetric_difference(left.geometry, cells(6, 8))) < 1e-4 * STEP**2
    assert rules_of(found.findings) == [("r1", "released-twice"), ("r2", "release-outside-hazard")]
    assert found.on == datetime.date(2022, 12, 31)
    assert list(found.to_frame().columns) == [name for name in found.frame.columns if name != "geometry"]


def test_three_products_year_by_year():
    """2020: opening 10, 4 cleared. 2021: 2 more reduced. 2022: 2 cancelled within, 2 left. 2023: nothing happens."""
    hazards, releases = hand()
    for one, opening, taken in zip(
        balances(hazards, releases, years=range(2020, 2024)),
        (10, 6, 4, 2),
        ((0, 0, 4), (0, 2, 0), (2, 0, 0), (0, 0, 0)),
        strict=True,
    ):
        got = row(one)
        assert got["opening_m2"] == in_cells(opening)
        assert [got[f"{kind}_m2"] for kind in KINDS] == [in_cells(n) for n in taken]
        assert got["expected_m2"] == in_cells(opening - sum(taken))
        assert got["residual_m2"] == pytest.approx(0, abs=1e-6)
    assert any("nothing was recorded" in note for note in one.notes)
    assert any(f"{2 * cell_m2():.0f}" in n.replace("\u202f", "") for n in balance(hazards, releases, year=2022).notes)


def test_a_day_before_and_the_day_itself():
    hazards, releases = hand()
    left = [remaining(hazards, releases, on=day).frame["remaining_m2"].iloc[0] for day in ("2020-05-31", "2020-06-01")]
    assert left == [in_cells(10), in_cells(6)]


def test_across_the_antimeridian():
    """Ten cells from 179.995° E to 179.995° W; four of them, two on either side, are cleared."""

    def there(x0, x1):
        return shapely.transform(cells(x0, x1), lambda lonlat: lonlat + np.array([180 - EAST - 5 * STEP, 0]))

    left = remaining(hazards_of(there(0, 10)), releases_of(there(3, 7)), on="2021-01-01").frame
    assert left["area_m2"].iloc[0] == in_cells(10)
    assert left["remaining_m2"].iloc[0] == in_cells(6)
    assert row(balance(hazards_of(there(0, 10), there(8, 12)), releases_of(there(3, 7)), year=2020))[
        "reported_m2"
    ] == in_cells(8)


def test_kinds_of_one_day():
    """Both on one day over the same ground: cleared counts, whichever is told first."""
    for order in (["reduced", "cleared"], ["cleared", "reduced"]):
        left = remaining(hazards_of(cells(0, 4)), releases_of(cells(0, 2), cells(0, 2), kind=order), on="2021-01-01")
        assert left.frame["cleared_m2"].iloc[0] == in_cells(2)
        assert left.frame["reduced_m2"].iloc[0] == pytest.approx(0, abs=1e-6)


def test_confirmed_area_inside_a_suspected_one():
    """SHA of ten cells since 2000, CHA on four of them since 2020: a transfer, not new. Clearing the CHA releases them."""
    hazards = hazards_of(
        cells(0, 10), cells(2, 6), classification=["SHA", "CHA"], date_of_information=["2000-01-01", "2020-03-01"]
    )
    releases = releases_of(cells(2, 6), hazard_id="h1", completed_on="2021-05-01")
    first, second = balances(hazards, releases, years=(2020, 2021), by="classification")
    table = first.to_frame().query("basis == 'geometry'")
    assert table["opening_m2"].tolist() == [in_cells(10), in_cells(0)]
    assert table["new_m2"].tolist() == [0, 0]
    assert table["reappraisal_m2"].tolist() == [in_cells(-4), in_cells(4)]
    assert table["confirmed_m2"].tolist() == [0, in_cells(4)]
    assert table["reported_m2"].tolist() == [in_cells(6), in_cells(4)]
    table = second.to_frame().query("basis == 'geometry'")
    assert table["cleared_m2"].tolist() == [0, in_cells(4)]
    assert table["reported_m2"].tolist() == [in_cells(6), in_cells(0)]
    whole = row(balance(hazards, releases, year=2020))
    assert whole["new_m2"] == whole["reappraisal_m2"] == 0
    assert whole["confirmed_m2"] == in_cells(4)


def test_released_land_that_returns_to_suspicion_is_new():
    hazards = hazards_of(
        cells(0, 4), cells(1, 3), classification=["CHA", "SHA"], date_of_information=["2000-01-01", "2022-02-01"]
    )
    got = row(balance(hazards, releases_of(cells(0, 4)), year=2022))
    assert [got["opening_m2"], got["new_m2"], got["reported_m2"]] == [in_cells(0), in_cells(2), in_cells(2)]


def test_two_records_of_one_class_are_released_with_both():
    """Ground under two suspected areas is left until the releases of both cover it."""
    hazards = hazards_of(cells(0, 4), cells(2, 6))
    one = releases_of(cells(0, 4))
    both = releases_of(cells(0, 4), cells(2, 6), hazard_id=["h0", "h1"])
    assert row(balance(hazards, one, year=2020))["cleared_m2"] == in_cells(2)
    assert row(balance(hazards, both, year=2020))["cleared_m2"] == in_cells(6)


def test_registers_do_not_know_each_other():
    """Two registers that record the same four cells hold eight; a release of one lowers one of them."""
    hazards = hazards_of(cells(0, 4), cells(0, 4), register=["A", "B"])
    result = balance(hazards, releases_of(cells(0, 4), register="A"), year=2020)
    assert [row(result)["opening_m2"], row(result)["cleared_m2"]] == [in_cells(8), in_cells(4)]
    assert any("count_once" in note for note in result.notes)


def test_exclusions_stand_apart():
    hazards = hazards_of(
        *(cells(k, k + 1) for k in range(0, 8, 2)), exclusion=[None, "military", "inaccessible", "secret"]
    )
    result = balance(hazards, releases_of(cells(2, 3), hazard_id="h1", completed_on="2019-01-01"), year=2020)
    got = row(result)
    assert got["opening_m2"] == in_cells(2)
    assert [got["military_m2"], got["inaccessible_m2"]] == [in_cells(0), in_cells(1)]
    assert ("h3", "exclusion-unknown") in rules_of(result.findings)


def test_closed_with_ground_left_stays_in_the_account_and_is_told():
    hazards = hazards_of(cells(0, 40, 0, 4), cells(50, 90, 0, 4), work_status="closed")
    releases = releases_of(cells(0, 20, 0, 4), cells(50, 90, 0, 4), hazard_id=["h0", "h1"])
    result = balance(hazards, releases, year=2020)
    area = hz.area_m2(hazards)
    assert row(result)["closed_left_m2"] == pytest.approx(area["h0"] / 2, rel=1e-9)
    assert row(result)["reported_m2"] == pytest.approx(area["h0"] / 2, rel=1e-9)
    assert rules_of(result.findings) == [("h0", "closed-with-ground-left")]


# --- published figures --------------------------------------------------------------------------------------------


def test_the_programme_of_2003_to_2006():
    """P1: 1.74 km² = 1,740,000 m² = 174 ha = 0.67 mi² (1.74 / 2.589988110336 = 0.6718)."""
    hazards = hazards_of(cells(0, 10), declared_area_m2=2_000_000.0)
    releases = releases_of(cells(0, 5), completed_on="2005-06-01", declared_area_m2=1_740_000.0)
    got = row(balance(hazards, releases, since="2003-04-01", until="2006-12-31"), "declared")
    assert got["cleared_m2"] == 1_740_000
    assert f"{got['cleared_m2'] / M2_PER_KM2.value:.2f} {got['cleared_m2'] / M2_PER_MI2.value:.2f}" == "1.74 0.67"
    assert hz.format_area(got["cleared_m2"], unit="ha", total=True) == "174.0 ha"


def test_zimbabwe_at_the_end_of_2014():
    """P2: six belts of 187, 4, 1, 5, 1 and 1 areas; 62,991,706 m² in 199 areas = 62.99 km² = 24.32 mi²."""
    counts = (187, 4, 1, 5, 1, 1)
    totals = (28_025_706, 13_600_000, 15_000_000, 5_000_000, 806_000, 560_000)
    belts, figures = [], []
    for belt, (count, total) in enumerate(zip(counts, totals, strict=True)):
        belts += [f"belt {belt}"] * count
        figures += [float(total // count)] * (count - 1) + [float(total - total // count * (count - 1))]
    hazards = hazards_of(*(cells(2 * k, 2 * k + 1) for k in range(199)), belt=belts, declared_area_m2=figures)
    table = balance(hazards, until="2014-12-31", by="belt").to_frame().query("basis == 'declared'")
    assert table["reported_m2"].tolist() == list(totals)
    assert table["hazards_new"].tolist() == list(counts)
    total = row(balance(hazards, until="2014-12-31"), "declared")["reported_m2"]
    assert total == 62_991_706
    assert (round(total / M2_PER_KM2.value, 2), round(total / M2_PER_MI2.value, 2)) == (62.99, 24.32)


def test_bosnia_and_herzegovina_in_2017():
    """P3: cleared 0.30, reduced 2.48, cancelled 2.45 km²: 5.23 km² in all."""
    hazards = hazards_of(cells(0, 10), declared_area_m2=9e6)
    releases = releases_of(
        *(cells(k, k + 1) for k in range(3)),
        kind=list(KINDS),
        completed_on="2017-07-01",
        declared_area_m2=[2.45e6, 2.48e6, 0.30e6],
    )
    got = row(balance(hazards, releases, year=2017), "declared")
    assert [got[f"{kind}_m2"] for kind in KINDS] == [2_450_000, 2_480_000, 300_000]
    assert sum(got[f"{kind}_m2"] for kind in KINDS) == 5_230_000
    assert got["expected_m2"] == got["reported_m2"] == 3_770_000
    years = over_time(releases)
    assert years["declared_m2"].sum() == 5_230_000


# --- declared figures ---------------------------------------------------------------------------------------------


def test_a_balance_that_does_not_close_prints_its_residual():
    """1000 declared, 700 released in 2020, and closed: 300 left the register without a release."""
    hazards = hazards_of(cells(0, 10), declared_area_m2=1000.0, work_status="closed")
    releases = releases_of(cells(0, 7), declared_area_m2=700.0)
    result = balance(hazards, releases, year=2020)
    got = row(result, "declared")
    assert [got[name] for name in ("opening_m2", "cleared_m2", "expected_m2", "reported_m2", "residual_m2")] == [
        *(1000, 700, 300, 0, -300)
    ]
    assert "Declared: of the residual, 300 m² left the register without a release or a word." in result.notes
    assert row(balance(hazards, releases, year=2021), "declared")["opening_m2"] == 0


def test_more_released_than_declared_is_a_reappraisal():
    """1000 declared, 1400 released: 400 that the register did not know of; nothing falls below nothing."""
    hazards = hazards_of(cells(0, 10), declared_area_m2=1000.0)
    releases = releases_of(cells(0, 5), cells(5, 9), declared_area_m2=[900.0, 500.0], completed_on="2020-05-05")
    result = balance(hazards, releases, year=2020)
    got = row(result, "declared")
    assert [got["reappraisal_m2"], got["cleared_m2"], got["expected_m2"], got["reported_m2"]] == [400, 1400, 0, 0]
    assert ("h0", "declared-release-exceeds-hazard") in rules_of(result.findings)


def test_a_release_without_a_hazard_is_told_and_lowers_nothing():
    """It declares 500 m²: taken at its word, and lowering no hazard's figure; by geometry it is nothing."""
    hazards = hazards_of(cells(0, 10), declared_area_m2=1000.0)
    releases = releases_of(cells(0, 5), cells(0, 5), hazard_id=["", "nobody"], declared_area_m2=[200.0, 300.0])
    result = balance(hazards, releases, year=2020)
    got, other = row(result, "declared"), row(result)
    assert [got["cleared_m2"], got["reappraisal_m2"], got["reported_m2"]] == [500, 500, 1000]
    assert [other["cleared_m2"], other["reported_m2"]] == [0, in_cells(10)]
    assert [rule for _, rule in rules_of(result.findings)].count("release-hazard-missing") == 2
    by_country = balance(hazards, releases, year=2020, by="country").to_frame()
    assert by_country.index.unique().tolist() == ["AAA"]
    assert balance(hazards, releases, year=2020, by="classification").to_frame().index.unique().tolist() == [
        "SHA",
        "unstated",
    ]


# --- on the safe side ---------------------------------------------------------------------------------------------

BOWTIE = shapely.Polygon([(EAST, NORTH), (EAST + STEP, NORTH + STEP), (EAST + STEP, NORTH), (EAST, NORTH + STEP)])


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"kind": "swept"}, "release-kind-unknown"),
        ({"kind": None}, "release-kind-unknown"),
        ({"completed_on": None}, "release-undated"),
        ({"depth_m": math.nan}, "depth-missing"),
        ({"started_on": "2020-07-01"}, "dates-reversed"),
        ({"geometry": None}, "release-outline-unclear"),
        ({"geometry": BOWTIE}, "release-outline-unclear"),
        ({"geometry": shapely.Point(EAST, NORTH)}, "release-outline-unclear"),
        ({"geometry_kind": "symbolic"}, "release-outline-unclear"),
        ({"completed_on": "1999-12-31"}, "release-before-hazard"),
        ({"hazard_id": "h9"}, "release-hazard-missing"),
        ({"hazard_id": ""}, "release-hazard-missing"),
        ({"register": "S"}, "release-hazard-missing"),
        ({"geometry": cells(90, 94)}, "release-apart"),
        ({"geometry": cells(90_000, 90_004)}, "release-apart"),
    ],
)
def test_what_lowers_nothing_and_why(changed, rule):
    hazards, good = hazards_of(cells(0, 10)), releases_of(cells(0, 4))
    shapes = changed.pop("geometry", cells(0, 4))
    bad = releases_of(shapes, **changed)
    assert remaining(hazards, good, on="2021-01-01").frame["remaining_m2"].iloc[0] == in_cells(6)
    assert not len(remaining(hazards, good, on="2021-01-01").findings)
    found = remaining(hazards, bad, on="2021-01-01")
    assert found.frame["remaining_m2"].iloc[0] == in_cells(10)
    assert ("r0", rule) in rules_of(found.findings)
    assert found.findings["means"].str.len().min() > 0
    account = balance(hazards, bad, year=2020, declared=False)
    assert row(account)["reported_m2"] == in_cells(10)
    assert ("r0", rule) in rules_of(account.findings)


def test_a_cancelled_area_needs_no_depth_and_a_cleared_one_a_method():
    hazards = hazards_of(cells(0, 10))
    assert not len(
        remaining(hazards, releases_of(cells(0, 4), kind="cancelled", depth_m=np.nan), on="2021-01-01").findings
    )
    found = remaining(hazards, releases_of(cells(0, 4), method=""), on="2021-01-01")
    assert rules_of(found.findings) == [("r0", "method-missing")]
    assert found.frame["remaining_m2"].iloc[0] == in_cells(6)


def test_no_depth_anywhere_is_said_once():
    releases = releases_of(cells(0, 1), cells(2, 3), depth_m=np.nan)
    found = remaining(hazards_of(cells(0, 10)), releases, on="2021-01-01")
    assert rules_of(found.findings) == [("-", "depth-missing")]


def test_cancelled_after_work():
    releases = releases_of(
        cells(0, 4), cells(2, 6), kind=["cleared", "cancelled"], completed_on=["2020-01-01", "2021-01-01"]
    )
    hazards = hazards_of(cells(0, 10))
    assert ("r1", "cancelled-after-work") in rules_of(remaining(hazards, releases, on="2022-01-01").findings)
    swapped = releases.assign(completed_on=["2021-01-01", "2020-01-01"])
    assert "cancelled-after-work" not in set(remaining(hazards, swapped, on="2022-01-01").findings["rule"])


def test_a_release_of_a_closed_hazard_may_be_older_than_its_last_information():
    """The completion report gave the closed hazard its date; the ground that was released counts in the year of that report."""
    hazards = hazards_of(cells(0, 10), work_status="closed", date_of_information="2021-02-01")
    releases = releases_of(cells(0, 10))
    assert remaining(hazards, releases, on="2020-12-31").frame["remaining_m2"].iloc[0] == in_cells(0)
    got = row(balance(hazards, releases, year=2021))
    assert [got["new_m2"], got["cleared_m2"], got["reported_m2"]] == [in_cells(10), in_cells(10), in_cells(0)]


def test_without_an_outline_nothing_is_measured():
    hazards = hazards_of(None, cells(0, 10), country=["AAA", "BBB"])
    left = remaining(hazards, releases_of(cells(0, 4)), on="2021-01-01")
    assert left.frame.loc["h0", ["area_m2", "remaining_m2", "cleared_m2"]].isna().all()
    table = balance(hazards, year=2020, by="country", declared=False).to_frame()
    assert math.isnan(table.loc["AAA", "reported_m2"])
    assert table.loc["BBB", "reported_m2"] == in_cells(10)
    assert table["unmeasured"].tolist() == [1, 0]


def test_a_hazard_that_was_opened_again_is_whole_whatever_was_cleared_before():
    """Closed and cleared in 2019, open again for what was found in May 2024: all ten cells are reported at the end of 2024."""
    opening = hazards_of(cells(0, 10), date_of_information="2019-06-01", work_status="closed")
    closing = opening.assign(work_status="open", date_of_information="2024-05-01")
    cleared = releases_of(cells(0, 10), completed_on="2019-05-01")
    assert row(balance(opening, cleared, year=2024, closing=closing, declared=False))["reported_m2"] == in_cells(10)


def opened_again(**columns):
    """Ten cells, closed; 0–5 cleared in 2019; open again since May 2024. Another, not touched by it, is open all the time."""
    opening = hazards_of(
        cells(0, 10),
        cells(20, 30),
        date_of_information="2019-06-01",
        work_status=["closed", "open"],
        declared_area_m2=1000.0,
    )
    return opening, opening.assign(work_status="open", date_of_information=["2024-05-01", "2019-06-01"], **columns)


def test_ground_that_is_opened_again_is_new():
    """Of the closed one cells 6–9 were never released: they are in the opening, 0–5 are new in 2024 and in no other column."""
    opening, closing = opened_again()
    cleared = releases_of(cells(0, 6), completed_on="2019-05-01", declared_area_m2=600.0)
    result = balance(opening, cleared, year=2024, closing=closing)
    got = row(result)
    assert [got[name] for name in ("opening_m2", "new_m2", "reported_m2")] == [in_cells(14), in_cells(6), in_cells(20)]
    assert got["residual_m2"] == pytest.approx(0, abs=1e-9 * got["reported_m2"])
    assert [got[name] for name in (*ADDED[2:], *TAKEN)] == [0] * 6
    assert [got["hazards_opening"], got["hazards_new"], got["hazards_closed"]] == [2, 1, 0]
    assert got["closed_left_m2"] == 0
    # The register's word: a closed hazard holds nothing, so all that it declares is new.
    said = row(result, "declared")
    assert [said[name] for name in ("opening_m2", "new_m2", "reported_m2", "residual_m2")] == [1000, 1000, 2000, 0]
    assert not len(result.findings)
    assert any("Opened again in the period: 1 hazard." in note for note in result.notes)
    before = balance(opening, cleared, year=2023)
    assert row(before)["reported_m2"] == got["opening_m2"], "the years chain"
    still = balance(opening, cleared, year=2024, closing=opening)
    assert [row(still)[name] for name in ("new_m2", "reported_m2")] == [0, in_cells(14)]
    assert not any("Opened again" in note for note in still.notes)


def test_what_is_opened_again_is_released_again():
    """0–5 cleared in 2019, 2–3 and 6–7 again in September 2024, after the hazard was opened again in May: all four were
    open then. What was cleared in February, before, is new in May like the rest."""
    opening, closing = opened_again()
    releases = releases_of(
        cells(0, 6),
        cells(6, 7),
        cells(2, 4),
        cells(7, 8),
        completed_on=["2019-05-01", "2024-02-01", "2024-09-01", "2024-09-01"],
        declared_area_m2=[600.0, 100.0, 200.0, 100.0],
    )
    result = balance(opening, releases, year=2024, closing=closing)
    got = row(result)
    assert [got[name] for name in ("opening_m2", "new_m2", "cleared_m2", "reported_m2")] == [
        *(in_cells(14), in_cells(7), in_cells(4), in_cells(17))
    ]
    assert got["residual_m2"] == pytest.approx(0, abs=1e-9 * got["opening_m2"])
    assert "released-twice" not in set(result.findings["rule"])
    assert not any("had been released before" in note for note in result.notes)
    # Declared: 100 in February beyond what a closed hazard holds, 1000 new in May, 300 released in September.
    said = row(result, "declared")
    assert [said[name] for name in ("opening_m2", "reappraisal_m2", "new_m2", "cleared_m2", "reported_m2")] == [
        *(1000, 100, 1000, 400, 1700)
    ]
    assert said["residual_m2"] == 0


def test_what_is_opened_again_and_declares_what_is_left():
    """1000 m² were declared, 700 are now, after 200 were cleared in September: 900 came back in May."""
    opening, closing = opened_again(declared_area_m2=[700.0, 1000.0])
    releases = releases_of(cells(0, 2), completed_on="2024-09-01", declared_area_m2=200.0)
    said = row(balance(opening, releases, year=2024, closing=closing), "declared")
    assert [said[name] for name in ("opening_m2", "new_m2", "cleared_m2", "reported_m2")] == [1000, 900, 200, 1700]


@pytest.mark.parametrize(
    ("day", "new"), [("2024-05-01", 6), (None, 6), ("2023-05-01", 6), ("2019-06-01", 6), ("2025-01-01", 6)]
)
def test_opened_again_is_new_in_the_period_whatever_its_date(day, new):
    """Two states say that it was opened again between them; a date that says otherwise, or none, changes nothing of that."""
    opening, closing = opened_again()
    closing["date_of_information"] = [day, "2019-06-01"]
    got = row(balance(opening, releases_of(cells(0, 6), completed_on="2019-05-01"), year=2024, closing=closing))
    assert [got["new_m2"], got["reported_m2"]] == [in_cells(new), in_cells(20)]


def test_a_confirmed_area_released_before_takes_nothing_of_what_is_opened_again():
    """A suspected area was closed after the confirmed one within it had been cleared in 2019. Opened again, it is whole."""
    opening = hazards_of(
        cells(0, 10),
        cells(2, 6),
        classification=["SHA", "CHA"],
        work_status="closed",
        date_of_information=["2010-01-01", "2024-08-01"],
    )
    closing = opening.assign(work_status=["open", "closed"], date_of_information=["2024-05-01", "2024-08-01"])
    cleared = releases_of(cells(2, 6), hazard_id="h1", completed_on="2019-05-01")
    assert row(balance(opening, cleared, year=2024, closing=closing))["reported_m2"] == in_cells(10)


@pytest.mark.parametrize("shape", [None, shapely.Polygon()])
@pytest.mark.parametrize("also", [{}, {"classification": "CHA"}, {"work_status": "closed"}, {"country": "BBB"}])
def test_an_outline_that_is_lost_is_named_and_is_no_decrease(shape, also):
    """Ten cells of which four were cleared are drawn at the opening and not at the end: six are left, whatever else changes."""
    opening = hazards_of(cells(0, 10), cells(20, 30))
    closing = opening.assign(**also, date_of_information="2020-12-31").set_geometry([shape, cells(20, 30)], crs=4326)
    result = balance(opening, releases_of(cells(0, 4)), year=2020, closing=closing, by="country")
    table = result.to_frame().query("basis == 'geometry'")
    assert table["decrease_m2"].sum() == 0
    assert table["residual_m2"].abs().max() <= 1e-9 * 20 * cell_m2()
    assert table["reported_m2"].sum() == in_cells(16)
    assert ("h0", "outline-lost") in rules_of(result.findings)
    kept = balance(opening, releases_of(cells(0, 4)), year=2020, closing=opening.assign(**also))
    assert "outline-lost" not in set(kept.findings["rule"])


@pytest.mark.parametrize("depth", [0.0, -0.2, math.inf, -math.inf, math.nan, None])
def test_what_is_no_depth_states_none(depth):
    """Of two cleared cells one states 0.2 m and counts; the other states no depth, and lowers nothing."""
    releases = releases_of(cells(0, 1), cells(2, 3), depth_m=[0.2, depth])
    found = remaining(hazards_of(cells(0, 10)), releases, on="2021-01-01")
    assert found.frame["remaining_m2"].iloc[0] == in_cells(9)
    assert rules_of(found.findings) == [("r1", "depth-missing")]
    shown = "empty" if depth is None or math.isnan(depth) else str(depth)
    assert found.findings["seen"].iloc[0] == f"It is cleared, and depth_m is {shown}."
    assert row(balance(hazards_of(cells(0, 10)), releases, year=2020))["cleared_m2"] == in_cells(1)


def test_an_outline_or_a_figure_that_is_lost_in_the_later_state_stands_as_it_was():
    opening = hazards_of(cells(0, 10), declared_area_m2=[1000.0])
    bare = opening.set_geometry(gpd.GeoSeries([None], index=opening.index, crs=4326)).assign(declared_area_m2=np.nan)
    table = balance(opening, year=2020, closing=bare).to_frame().set_index("basis")
    assert table.loc["geometry", "reported_m2"] == in_cells(10)
    assert table.loc["declared", "reported_m2"] == 1000.0


def test_a_frame_without_a_status_is_open():
    hazards = hazards_of(cells(0, 10)).drop(columns="work_status")
    assert row(balance(hazards, releases_of(cells(0, 4)), year=2020, declared=False))["reported_m2"] == in_cells(6)


def test_an_undated_hazard_is_in_every_opening():
    result = balance(hazards_of(cells(0, 10), date_of_information=None), year=1950)
    assert row(result)["opening_m2"] == in_cells(10)
    assert row(result)["undated"] == 1
    assert any("no date of information" in note for note in result.notes)


def test_nothing_recorded_at_all():
    empty = hazards_of()
    got = row(balance(empty, year=2020))
    assert got["opening_m2"] == got["reported_m2"] == 0
    assert not len(remaining(empty, releases_of(), on="2020-01-01").frame)
    assert not len(balance(empty, year=2020, by="country").to_frame())


# --- two states of a register -------------------------------------------------------------------------------------


def test_two_states_by_hand():
    """Rows of ten cells. h0 shrinks by 4 that were cleared; h1 shrinks by 2 and grows by 1 without a word; h2 is gone; h3 is new;
    h4 becomes confirmed."""
    opening = hazards_of(cells(0, 10), cells(20, 30), cells(40, 50), cells(80, 90)).rename(index={"h3": "h4"})
    closing = hazards_of(cells(4, 10), cells(22, 31), cells(60, 63), cells(80, 90)).rename(
        index={"h2": "h3", "h3": "h4"}
    )
    closing = closing.assign(classification=["SHA", "SHA", "SHA", "CHA"], date_of_information="2020-12-31")
    closing.loc["h3", "date_of_information"] = "2020-05-01"
    result = balance(opening, releases_of(cells(0, 4)), year=2020, closing=closing)
    got = row(result)
    assert got["opening_m2"] == in_cells(40)
    assert got["new_m2"] == in_cells(3)
    assert [got["increase_m2"], got["decrease_m2"]] == [in_cells(1), in_cells(2)]
    assert got["cleared_m2"] == in_cells(4)
    assert got["expected_m2"] == in_cells(38)
    assert got["reported_m2"] == in_cells(28)
    assert got["residual_m2"] == in_cells(-10)
    assert got["confirmed_m2"] == in_cells(10)
    assert [got["hazards_opening"], got["hazards_new"], got["hazards_closed"]] == [4, 1, 1]
    assert rules_of(result.findings) == [("h2", "hazard-vanished")]


def test_suspected_ground_recorded_after_a_release_is_left_in_two_states_too():
    """Confirmed, cleared in 2015; suspected again since 2018: in the opening of 2020, whether or not states are given."""
    hazards = hazards_of(
        cells(0, 4), cells(0, 4), classification=["CHA", "SHA"], date_of_information=["2010-01-01", "2018-01-01"]
    )
    releases = releases_of(cells(0, 4), completed_on="2015-01-01")
    for options in ({}, {"closing": hazards}):
        assert row(balance(hazards, releases, year=2020, **options))["opening_m2"] == in_cells(4)


def test_a_register_that_keeps_its_outlines_balances_as_one_with_dates():
    hazards, releases = hand()
    one, two = balance(hazards, releases, year=2021), balance(hazards, releases, year=2021, closing=hazards)
    pd.testing.assert_frame_equal(one.to_frame(), two.to_frame(), rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ({"work_status": "closed"}, {"work_status": "open"}, "status-backwards"),
        ({"work_status": "handed_over"}, {"work_status": "closed"}, "status-backwards"),
        ({"classification": "CHA"}, {"classification": "SHA"}, "class-backwards"),
        ({}, {"date_of_information": "1999-01-01"}, "information-backwards"),
        ({}, {"work_status": "worked_on"}, "information-tied"),
    ],
)
def test_states_that_contradict_each_other(before, after, rule):
    opening, closing = (hazards_of(cells(0, 10), **columns) for columns in (before, after))
    assert ("h0", rule) in rules_of(balance(opening, year=2020, closing=closing).findings)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"work_status": "closed"}, {"work_status": "open", "date_of_information": "2020-03-01"}),
        ({"work_status": "suspended"}, {"work_status": "worked_on", "date_of_information": "2020-03-01"}),
        ({"work_status": "open"}, {"work_status": "suspended", "date_of_information": "2020-03-01"}),
        ({"classification": "SHA"}, {"classification": "CHA", "date_of_information": "2020-03-01"}),
        ({}, {}),
    ],
)
def test_states_that_follow(before, after):
    opening, closing = (hazards_of(cells(0, 10), **columns) for columns in (before, after))
    assert not len(balance(opening, year=2020, closing=closing).findings)


def test_declared_figures_of_two_states():
    """h0: 1000 less 300 released is 700, and 650 are reported: 50 unexplained. h1: 500, then 450. h2: as it was."""
    opening = hazards_of(cells(0, 10), cells(20, 30), cells(40, 50), declared_area_m2=[1000.0, 500.0, 100.0])
    closing = opening.assign(declared_area_m2=[650.0, 450.0, 100.0], date_of_information="2020-12-31")
    got = row(
        balance(opening, releases_of(cells(0, 3), declared_area_m2=300.0), year=2020, closing=closing), "declared"
    )
    assert [got[name] for name in ("opening_m2", "reappraisal_m2", "cleared_m2", "expected_m2", "reported_m2")] == [
        *(1600, -50, 300, 1250, 1200)
    ]
    assert got["residual_m2"] == -50


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "Give year="),
        ({"year": 2020, "since": "2020-01-01"}, "not both"),
        ({"year": "last"}, "no year"),
        ({"since": "2021-01-01", "until": "2020-01-01"}, "before it begins"),
        ({"since": "soon", "until": "2020-01-01"}, "since='soon'"),
        ({"until": "2020-01-01", "closing": True}, "of two days"),
    ],
)
def test_periods_that_are_none(options, words):
    hazards = hazards_of(cells(0, 10))
    if options.pop("closing", False):
        options["closing"] = hazards
    with pytest.raises(HazardgeoError, match=words):
        balance(hazards, **options)
    assert row(balance(hazards, since="2020-01-01", until="2020-12-31"))["opening_m2"] == in_cells(10)


def test_frames_that_are_none():
    hazards, releases = hand()
    with pytest.raises(SchemaError, match="kind"):
        remaining(hazards, releases.drop(columns="kind"))
    with pytest.raises(SchemaError, match="district"):
        balance(hazards, releases, year=2020, by="district")
    with pytest.raises(SchemaError, match="more than once"):
        remaining(pd.concat([hazards, hazards]), releases)


def test_inputs_stay_as_they_were():
    hazards, releases = hand()
    before = hazards.copy(), releases.copy()
    balance(hazards, releases, year=2020, by="country")
    remaining(hazards, releases)
    over_time(releases, hazards=hazards)
    pd.testing.assert_frame_equal(hazards, before[0])
    pd.testing.assert_frame_equal(releases, before[1])


# --- over time ----------------------------------------------------------------------------------------------------


def test_release_by_month_and_by_year():
    """Two in 2020 (March, May), none in 2021, one in 2022, one without a day; kinds cleared, reduced, cleared, nobody knows."""
    releases = releases_of(
        *(cells(2 * k, 2 * k + 2) for k in range(4)),
        kind=["cleared", "reduced", "cleared", "swept"],
        completed_on=["2020-03-31", "2020-05-01", "2022-01-01", None],
        declared_area_m2=[100.0, 200.0, np.nan, 400.0],
    )
    years = over_time(releases, hazards=hazards_of(cells(0, 8)))
    assert years["releases"].sum() == 4
    assert years.loc[("2020", "cleared"), "area_m2"] == in_cells(2)
    assert years.loc[("2020", "unstated"), "area_m2"] == 0
    assert years.loc["2021", "releases"].sum() == 0
    assert years.loc["2021", ["area_m2", "declared_m2", "released_m2"]].isna().all().all()
    assert years.loc[("undated", "unstated"), ["releases", "declared_m2", "released_m2"]].tolist() == [1, 400, 0]
    assert math.isnan(years.loc[("2022", "cleared"), "declared_m2"])
    months = over_time(releases, freq="month", by=())
    assert months.index.get_level_values(0).tolist()[:3] == ["2020-03", "2020-04", "2020-05"]
    assert len(months) == 23 + 1
    with pytest.raises(HazardgeoError, match="month"):
        over_time(releases, freq="week")


def test_over_time_sums_to_the_balances():
    hazards, releases = hand()
    years = over_time(releases, hazards=hazards)["released_m2"]
    for one in balances(hazards, releases, years=(2020, 2021, 2022)):
        for kind in KINDS:
            assert row(one)[f"{kind}_m2"] == pytest.approx(
                np.nan_to_num(years.loc[(str(one.until.year), kind)]), rel=1e-9
            )


# --- a projection -------------------------------------------------------------------------------------------------


def strips(cells_a_year, total=100, first=2019):
    """A row of cells of which so many were reduced in each year."""
    ends = np.cumsum([0, *cells_a_year])
    shapes = [cells(int(a), int(b)) for a, b in itertools.pairwise(ends) if b > a]
    years = [first + k for k, n in enumerate(cells_a_year) if n]
    hazards = hazards_of(cells(0, total), date_of_information=f"{first}-01-01")
    return hazards, releases_of(*shapes, kind="reduced", completed_on=[f"{year}-06-01" for year in years])


def test_a_projection_by_hand():
    """Rates 4, 2, 3 a year, mean 3; of 36 cells 27 are left at the end of 2021. 27/4 = 6.75: in 2028. 27/3 = 9: with 2030.
    27/2 = 13.5: in 2035. So that no answer hangs on rounding, half a cell less is left: 26.5 → 2028, 2030, 2035."""
    hazards, releases = strips([4, 2, 3], total=36)
    half = shapely.box(EAST + 35.5 * STEP, NORTH - STEP, EAST + 37 * STEP, NORTH + 2 * STEP)
    hazards.loc["h0", "geometry"] = hazards.geometry.iloc[0].difference(half)
    projection = forecast(hazards, releases, on="2021-12-31")
    assert projection.left_m2 == pytest.approx(26.5 * cell_m2(), rel=1e-6)
    assert projection.yearly_m2.to_dict() == {2019: in_cells(4), 2020: in_cells(2), 2021: in_cells(3)}
    assert (projection.earliest, projection.middle, projection.latest) == (2028, 2030, 2035)
    table = projection.to_frame()
    assert table["basis"].tolist() == ["observed"] + ["projection"] * 14
    assert table["left_m2"].iloc[1] == pytest.approx(23.5 * cell_m2(), rel=1e-6)
    assert table[["left_low_m2", "left_m2", "left_high_m2"]].iloc[-1].tolist() == [0, 0, 0]
    assert projection.as_words().startswith("Projection, not a plan")
    assert projection.new_m2 == pytest.approx(35.5 * cell_m2(), rel=1e-6)


def test_a_year_without_release_makes_the_latest_never():
    hazards, releases = strips([4, 0, 3], total=36)
    projection = forecast(hazards, releases, on="2021-12-31")
    assert projection.latest is None
    assert projection.earliest is not None
    assert "never" in projection.as_words()
    assert len(projection.to_frame())


@pytest.mark.parametrize(
    ("rates", "options", "words"),
    [
        ([4, 2], {"on": "2020-12-31"}, "2 whole years"),
        ([4, 2, 3], {"on": "2021-06-30"}, "2 whole years"),
        ([4, 2, 3], {"on": "2021-12-31", "years": 2}, "or more"),
        ([4, 2, 30], {"on": "2021-12-31"}, "nothing is left"),
        ([4, 2, 3], {"on": "2018-06-30"}, "nothing is left"),
    ],
)
def test_nothing_to_project_from(rates, options, words):
    hazards, releases = strips(rates, total=36)
    with pytest.raises(HazardgeoError, match=words):
        forecast(hazards, releases, **options)


def test_no_rate_to_project_from():
    hazards, releases = strips([4, 0, 0, 0], total=36)
    with pytest.raises(HazardgeoError, match="no rate"):
        forecast(hazards, releases, on="2022-12-31", years=3)


# --- laws ---------------------------------------------------------------------------------------------------------

WIDE, HIGH = 6, 3
FIRST = datetime.date(2020, 1, 1)


@st.composite
def rectangles(draw):
    x0, y0 = draw(st.integers(0, WIDE - 1)), draw(st.integers(0, HIGH - 1))
    return x0, draw(st.integers(x0 + 1, WIDE)), y0, draw(st.integers(y0 + 1, HIGH))


@st.composite
def histories(draw):
    """Hazards (rectangle, class, day, status) and releases (rectangle, hazard, kind, day) on a small grid, days 0 to 3 years."""
    days = st.integers(0, 1100)
    hazards = draw(
        st.lists(
            st.tuples(
                rectangles(), st.sampled_from(["SHA", "CHA", "unstated"]), days, st.sampled_from(["open", "closed"])
            ),
            min_size=1,
            max_size=4,
        )
    )
    releases = draw(
        st.lists(
            st.tuples(rectangles(), st.integers(0, len(hazards) - 1), st.sampled_from(KINDS), days),
            min_size=0,
            max_size=6,
        )
    )
    return hazards, releases


def date_of(day):
    return FIRST + datetime.timedelta(days=day)


def frames_of(hazards, releases):
    boxes, classes, days, statuses = zip(*hazards, strict=True)
    first = hazards_of(
        *(cells(*box) for box in boxes),
        classification=list(classes),
        work_status=list(statuses),
        date_of_information=[date_of(day) for day in days],
        declared_area_m2=[1000.0 * (b - a) * (d - c) for a, b, c, d in boxes],
    )
    if not releases:
        return first, releases_of()
    boxes, own, kinds, days = zip(*releases, strict=True)
    second = releases_of(
        *(cells(*box) for box in boxes),
        hazard_id=[f"h{one}" for one in own],
        kind=list(kinds),
        completed_on=[date_of(day) for day in days],
        declared_area_m2=[1000.0 * (b - a) * (d - c) for a, b, c, d in boxes],
    )
    return first, second


def covers(box, cell):
    return box[0] <= cell[0] < box[1] and box[2] <= cell[1] < box[3]


def holder_after(hazards, released, cell, moment):
    """The oracle: who holds a cell open after a moment, from what is stated and nothing else.

    Moments are (day, phase, place among the releases); hazards come in phase 0 of their day. A hazard holds the cell from its
    own day until a release of its own covers it, or, if it is suspected, one of a confirmed hazard that covers the cell and
    came after it was recorded.
    """
    holding = []
    for at, (box, word, day, _) in enumerate(hazards):
        if not covers(box, cell) or day > moment[0]:
            continue
        gone = any(
            covers(ground, cell) and (own == at or (word == "SHA" == other(hazards[own], cell) and day <= when[0]))
            for when, ground, own, _ in released
            if when <= moment
        )
        if not gone:
            holding.append((("CHA", "SHA", "unstated").index(word), day, at))
    return min(holding)[2] if holding else None


def other(hazard, cell):
    """What a release from a hazard releases besides: suspected ground under a confirmed hazard."""
    return "SHA" if hazard[1] == "CHA" and covers(hazard[0], cell) else None


def counted_by_cells(hazards, releases, before, last):
    """The oracle's balance of a period, in m²: each cell of the grid by itself, every moment asked anew."""
    released = []
    for at, (box, own, kind, day) in enumerate(releases):
        told = hazards[own][2]
        if day >= told or hazards[own][3] == "closed":
            place = (day, ("cleared", "reduced", "cancelled").index(kind), f"r{at}")
            released.append(((max(day, told), 1, *place), box, own, kind))
    moments = sorted({(day, 0) for _, _, day, _ in hazards} | {one[0] for one in released})
    sums = dict.fromkeys(("opening", "new", *KINDS, "reported"), 0.0)
    for x, y in itertools.product(range(WIDE), range(HIGH)):
        held, stock = None, {before: None, last: None}
        for moment in moments:
            now = holder_after(hazards, released, (x, y), moment)
            if before < moment[0] <= last and (held is None) != (now is None):
                kind = next((one[3] for one in released if one[0] == moment), None)
                sums["new" if held is None else kind] += cell_m2(y)
            stock |= {day: now for day in stock if moment[0] <= day}
            held = now
        sums["opening"] += cell_m2(y) * (stock[before] is not None)
        sums["reported"] += cell_m2(y) * (stock[last] is not None)
    return sums


@given(histories(), st.tuples(st.integers(-10, 1100), st.integers(0, 600)))
@settings(max_examples=30)
def test_geometry_agrees_with_counting_cells(history, period):
    before, last = period[0], period[0] + period[1] + 1
    got = row(balance(*frames_of(*history), since=date_of(before + 1), until=date_of(last), declared=False))
    want = counted_by_cells(*history, before, last)
    for name, value in want.items():
        assert got[f"{name}_m2"] == pytest.approx(value, rel=1e-7, abs=1e-3), name


@given(histories())
@settings(max_examples=30)
def test_the_identity_holds_and_nothing_else_is_negative(history):
    hazards, releases = frames_of(*history)
    results = balances(hazards, releases, years=range(2019, 2024), by="classification")
    results += balances(hazards, releases, years=range(2019, 2024))
    for table in (one.to_frame() for one in results):
        size = np.maximum(table["opening_m2"], table["opening_m2"] + table["new_m2"]).clip(lower=1)
        expected = table[list(ADDED)].sum(axis=1) - table[list(TAKEN)].sum(axis=1)
        by_geometry = table["basis"] == "geometry"
        assert ((expected - table["expected_m2"]).abs() <= 1e-9 * size + 1e-9 * table["reappraisal_m2"].abs()).all()
        assert (table["residual_m2"].abs() <= 1e-9 * size)[by_geometry].all()
        signed = ["basis", "reappraisal_m2", "residual_m2"]
        assert (table.drop(columns=signed) >= 0).all().all()
    for basis in ("geometry", "declared"):
        whole = [row(one, basis) for one in results[5:]]
        for one, other in itertools.pairwise(whole):
            assert one["reported_m2"] == other["opening_m2"]
        for one, grouped in zip(whole, results[:5], strict=True):
            table = grouped.to_frame().query("basis == @basis")
            for name in (*ADDED, *TAKEN, "expected_m2", "reported_m2", "confirmed_m2"):
                assert table[name].sum() == pytest.approx(one[name], rel=1e-9, abs=1e-6), name


@given(histories(), rectangles(), st.integers(0, 3), st.sampled_from(KINDS), st.integers(0, 1100), st.integers(0, 1200))
@settings(max_examples=30)
def test_more_release_never_raises_what_is_left(history, box, own, kind, day, on):
    hazards, releases = history
    more = [*releases, (box, own % len(hazards), kind, day)]
    one, other = frames_of(hazards, releases), frames_of(hazards, more)
    left = [remaining(*frames, on=date_of(on)).frame["remaining_m2"] for frames in (one, other)]
    assert (left[1] <= left[0] * (1 + 1e-9) + 1e-6).all()
    reported = [row(balance(*frames, until=date_of(on), declared=False))["reported_m2"] for frames in (one, other)]
    assert reported[1] <= reported[0] * (1 + 1e-9) + 1e-6


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_reports_has_no_say(history, random):
    hazards, releases = frames_of(*history)
    order, other = list(range(len(hazards))), list(range(len(releases)))
    random.shuffle(order)
    random.shuffle(other)
    shuffled = hazards.iloc[order], releases.iloc[other]
    one, two = (remaining(*frames, on="2023-01-01") for frames in ((hazards, releases), shuffled))
    pd.testing.assert_frame_equal(one.to_frame(), two.to_frame().loc[hazards.index], rtol=1e-9, atol=1e-6)
    pd.testing.assert_frame_equal(one.findings, two.findings)
    one, two = (row(balance(*frames, year=2021)) for frames in ((hazards, releases), shuffled))
    pd.testing.assert_series_equal(one[1:].astype(float), two[1:].astype(float), rtol=1e-9, atol=1e-6)


@given(histories(), st.integers(1, WIDE - 1))
@settings(max_examples=25)
def test_splitting_a_release_changes_nothing(history, cut):
    hazards, releases = history
    assume(releases)
    split = []
    for (a, b, c, d), *rest in releases:
        middle = [(a, cut, c, d), (cut, b, c, d)] if a < cut < b else [(a, b, c, d)]
        split += [(box, *rest) for box in middle]
    one, two = (remaining(*frames_of(hazards, which), on="2022-01-01").frame for which in (releases, split))
    areas = [name for name in one.columns if name.endswith("_m2")]
    pd.testing.assert_frame_equal(one[areas], two[areas], rtol=1e-9, atol=1e-6)
    names = ["opening_m2", "new_m2", "cancelled_m2", "reduced_m2", "cleared_m2", "reported_m2"]
    one, two = (row(balance(*frames_of(hazards, which), year=2021))[names] for which in (releases, split))
    pd.testing.assert_series_equal(one.astype(float), two.astype(float), rtol=1e-9, atol=1e-6)


@given(histories(), st.integers(1, 500))
@settings(max_examples=25)
def test_ground_released_twice_counts_once(history, later):
    hazards, releases = history
    assume(releases)
    again = [*releases, *((box, own, kind, day + later) for box, own, kind, day in releases)]
    # A release before its open hazard counts for nothing; told again later it would.
    assume(all(day >= hazards[own][2] or hazards[own][3] == "closed" for _, own, _, day in releases))
    one, two = (remaining(*frames_of(hazards, which), on="2026-01-01").frame for which in (releases, again))
    names = ["remaining_m2", "cancelled_m2", "reduced_m2", "cleared_m2", "outside_m2"]
    pd.testing.assert_frame_equal(one[names], two[names], rtol=1e-9, atol=1e-6)
    assert (two["twice_released_m2"] >= one["twice_released_m2"] - 1e-6).all()


@given(histories())
@settings(max_examples=25)
def test_area_is_what_is_left_and_what_was_released(history):
    frame = remaining(*frames_of(*history), on="2022-01-01").frame
    released = frame[[f"{kind}_m2" for kind in KINDS]].sum(axis=1)
    np.testing.assert_allclose(frame["area_m2"], frame["remaining_m2"] + released, rtol=1e-9)
    np.testing.assert_allclose(
        frame["area_m2"], hz.area_m2(frame.set_geometry(frames_of(*history)[0].geometry)), rtol=1e-12
    )
    np.testing.assert_allclose(hz.area_m2(frame).fillna(0), frame["remaining_m2"], rtol=1e-6, atol=1e-3)


@given(histories(), histories())
@settings(max_examples=30)
def test_two_states_chain_and_leave_no_residual_where_no_record_is_gone(history, other):
    """The opening is what a register with dates had the day before; what is there in the end is explained by geometry."""
    hazards, releases = history
    opening, releases = frames_of([(box, word, day % 365, status) for box, word, day, status in hazards], releases)
    closing, _ = frames_of((other[0] * len(hazards))[: len(hazards)], [])
    got = row(balance(opening, releases, year=2021, closing=closing, declared=False))
    size = max(1.0, got["opening_m2"], got["opening_m2"] + got["new_m2"] + got["increase_m2"])
    assert abs(got["residual_m2"]) <= 1e-9 * size
    before = row(balance(opening, releases, year=2020, declared=False))
    assert got["opening_m2"] == pytest.approx(before["reported_m2"], rel=1e-9, abs=1e-6)


@given(histories(), histories(), st.data())
@settings(max_examples=30)
def test_two_states_of_any_kind_balance(history, other, data):
    """Whatever two states look like, the columns add up, and the residual is what left without a word."""
    opening, releases = frames_of(*history)
    closing, _ = frames_of(*other)
    closing = closing.rename(index=lambda name: data.draw(st.sampled_from([name, f"new-{name}"])))
    result = balance(opening, releases, year=2021, closing=closing)
    for basis in ("geometry", "declared"):
        got = row(result, basis)
        expected = sum(got[name] for name in ADDED) - sum(got[name] for name in TAKEN)
        size = max(1.0, got["opening_m2"] + got["new_m2"] + got["increase_m2"] + abs(got["reappraisal_m2"]))
        assert abs(expected - got["expected_m2"]) <= 1e-9 * size
        assert abs(got["reported_m2"] - got["expected_m2"] - got["residual_m2"]) <= 1e-9 * size
        signed = ["basis", "reappraisal_m2", "residual_m2"]
        assert (got.drop(signed).astype(float) >= 0).all()
