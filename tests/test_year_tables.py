"""The tables that a year ends in: published figures to the last digit, hand-drawn ground, and every form that a table takes."""

from __future__ import annotations

import csv
import datetime
import json
import math
from html.parser import HTMLParser

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from by_hand import hazards_of, meridian_border
from hypothesis import given
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.accounting import Area, Figure, Table
from hazardgeo.accounting._tables._treaties import title_of
from hazardgeo.cli import COULD_NOT, FOUND, OK, main
from hazardgeo.errors import BorderError, FormatError, HazardgeoError, StorageError
from hazardgeo.measure._print import NARROW

A = hz.accounting
HOSTILE = "=1+1|<img src=x onerror=alert(1)>*"
DAY = datetime.date(2024, 12, 31)


def plain(text: object) -> str:
    return str(text).replace(NARROW, " ")


def cells(row) -> list[str]:
    return [plain(cell) for cell in row]


def releases_of(*shapes: object, hazard_id: object, **columns: object) -> gpd.GeoDataFrame:
    """Cleared ground with what the schema requires."""
    data = {
        "hazard_id": hazard_id, "register": "REG", "country": "AAA", "kind": "cleared", "method": "manual", "depth_m": 0.2,
        "completed_on": pd.Timestamp("2024-06-01"),
    } | columns  # fmt: skip
    index = pd.Index([f"r{i}" for i in range(len(shapes))], name="release_id", dtype=object)
    return gpd.GeoDataFrame(data, geometry=list(shapes), index=index, crs=4326)


def box(west: float, south: float, wide: float = 0.01, high: float = 0.01) -> object:
    return shapely.box(west, south, west + wide, south + high)


@pytest.fixture(scope="module")
def two_states():
    """AAA: two suspected squares, of the first the western half is cleared; BBB: one confirmed square."""
    hazards = hazards_of(
        box(15.9, 45), box(15.9, 45.1), box(16.1, 45),
        country=["AAA", "AAA", "BBB"], register=["A", "A", "B"], classification=["SHA", "SHA", "CHA"],
        contamination=["AP", "AP;UXO", "CMR"],
        date_of_information=pd.Timestamp("2023-05-01"), declared_area_m2=[800_000.0, math.nan, 900_000.0],
    )  # fmt: skip
    half = box(15.9, 45, wide=0.005)
    return hazards, releases_of(
        half, hazard_id=["h0"], register="A", declared_area_m2=[400_000.0], ap_mines=[7], uxo=[None]
    )


# Published figures.


def test_p1_the_programme_of_2003_to_2006_to_the_last_digit_printed():
    """Buhin (2009): 1.74 km² = 1,740,000 m² = 174 ha; / 2,589,988.110336 = 0.67182 mi²; 4,151,000 / 2,850,000 = 1.45649;
    2,850,000 / 1,740,000 = 1.63793; 4,151,000 / 1,740,000 = 2.38563.
    """
    programme = A.read_programme(hz.sample_data("programme_2003_2006.toml"))
    releases = hz.read_releases(hz.sample_data("programme_2003_2006_releases.geojson"))
    table = A.programme_table(programme, releases)
    printed = {(plain(row[0]), row[2]): plain(row[1]) for row in table.rows[:6]}
    assert printed == {
        ("area cleared", "km²"): "1.74", ("area cleared", "mi²"): "0.67", ("mines found, more than", "mines"): "2 700",
        ("unexploded ordnance found", "items"): "536", ("cost", "EUR"): "2 850 000",
        ("cost, at the rate of 9 September 2009", "USD"): "4 151 000",
    }  # fmt: skip
    computed = [(row[2], plain(row[1])) for row in table.rows[6:12]]
    assert computed == [
        ("m²", "1 740 000"), ("ha", "174"), ("mi²", "0.6718"), ("USD/EUR", "1.4565"), ("EUR/m²", "1.6379"), ("USD/m²", "2.3856"),
    ]  # fmt: skip
    assert plain(table.rows[12][1]) == "1 740 000"
    assert all(str(row[3]).startswith("fictional") for row in table.rows[12:])
    split = A.programme_states_table(programme, releases)
    assert cells(split.rows[-1])[2:5] == ["1 740 000", "1.74", "0.67"]
    assert cells(split.rows[-1])[-1] == "536"
    assert int(split.to_frame()["mines"].iloc[-1]) > 2_700
    assert "fictional split" in split.caption
    assert "FICTIONAL split" in split.note


def test_p2_the_belts_of_zimbabwe_at_the_end_of_2014():
    """Landmine Monitor 2015: six named belts, confirmed areas only, as declared; 187+4+1+5+1+1 = 199 areas, 62,991,706 m²
    = 62.99 km² = 24.32 mi² (62,991,706 / 2,589,988.110336 = 24.3212).
    """
    belts = {
        "one": (187, 28_025_706), "two": (4, 13_600_000), "three": (1, 15_000_000), "four": (5, 5_000_000), "five": (1, 806_000),
        "six": (1, 560_000),
    }  # fmt: skip
    names = [name for name, (count, _) in belts.items() for _ in range(count)]
    areas = [m2 - 1000.0 * (count - 1) if k == 0 else 1000.0 for count, m2 in belts.values() for k in range(count)]
    hazards = hazards_of(
        *[None] * len(names), country="ZWE", classification="CHA", belt=names, declared_area_m2=areas,
        date_of_information=pd.Timestamp("2014-06-01"),
    )  # fmt: skip
    table = A.contamination_table(hazards, on="2014-12-31", by="belt", basis="declared")
    found = {row[0]: (int(row[1].value), float(row[2].base)) for row in table.rows}
    assert found == {name: (count, float(m2)) for name, (count, m2) in belts.items()} | {"Total": (199, 62_991_706.0)}
    assert "Total: 62 991 706 m² = 62.99 km² = 24.32 mi²." in plain(table.note)
    geodesic = table.to_frame()["geodesic_m2"]
    assert geodesic.isna().all(), "without an outline nothing is measured, which is not 0"
    assert (
        A.contamination_table(hazards, on="2014-12-31", by="belt", basis="declared", unit="km2").rows[-1][-2].plain
        == 62.991706
    )


def test_p3_land_release_in_bosnia_and_herzegovina_in_2017():
    """Landmine Monitor 2018: cleared 0.30, reduced 2.48, cancelled 2.45 km², 635 AP and 26 AV mines; in all 5.23."""
    releases = releases_of(
        None, None, None, hazard_id=["", "", ""], country="BIH", kind=["cleared", "reduced", "cancelled"],
        completed_on=pd.Timestamp("2017-10-01"), declared_area_m2=[300_000.0, 2_480_000.0, 2_450_000.0],
        ap_mines=[635, 0, None], av_mines=[26, 0, None],
    )  # fmt: skip
    hazards = hazards_of(country="BIH").assign(date_of_information=pd.NaT)
    table = A.release_table(hazards, releases, year=2017, basis="declared", unit="km2")
    frame = table.to_frame().set_index("country")
    row = dict(zip(table.columns, cells(table.rows[-1]), strict=True))
    assert [row[name] for name in ("cancelled_m2", "reduced_m2", "cleared_m2", "total_m2")] == [
        "2.45",
        "2.48",
        "0.30",
        "5.23",
    ]
    assert (row["ap_mines"], row["av_mines"]) == ("635", "26")
    assert frame.loc["Total", "total_m2"] == 5_230_000.0


# Hand-drawn ground.


def test_contamination_is_what_is_left_net_and_by_class(two_states):
    """Squares of one size at one latitude: of the first half is left, so AAA has one and a half squares, BBB one.

    To 5 in a million: an edge along a parallel is a geodesic, and that of half a square bulges a little less.
    """
    hazards, releases = two_states
    square = hz.area_m2(hazards)
    frame = A.contamination_table(hazards, releases, on=DAY).to_frame().set_index("country")
    assert frame.loc["AAA", "sha_m2"] == pytest.approx(square["h0"] / 2 + square["h1"], rel=1e-5)
    assert frame.loc["BBB", "cha_m2"] == pytest.approx(square["h2"], rel=1e-9)
    assert frame.loc["AAA", "cha_areas"] == 0
    assert frame.loc["Total", "areas"] == 3
    assert frame.loc["Total", "geodesic_m2"] == pytest.approx(2.5 * square["h0"], rel=1e-2)
    assert frame.loc["AAA", "declared_m2"] == 400_000.0
    before = A.contamination_table(hazards, releases, on="2023-04-30")
    assert before.to_frame()["areas"].iloc[-1] == 0
    assert "hazards dated later, which are in no row: 3" in before.note


def test_a_confirmed_area_is_taken_out_of_the_suspected_one_around_it():
    hazards = hazards_of(
        box(15.9, 45),
        box(15.902, 45.002, 0.005, 0.005),
        classification=["SHA", "CHA"],
        date_of_information=pd.Timestamp("2023-01-01"),
    )
    frame = A.contamination_table(hazards, on=DAY).to_frame()
    area = hz.area_m2(hazards)
    assert frame["sha_m2"].iloc[0] == pytest.approx(area["h0"] - area["h1"], rel=1e-6)
    assert frame["geodesic_m2"].iloc[0] == pytest.approx(area["h0"], rel=1e-6)


def test_the_three_tables_say_the_same(two_states):
    hazards, releases = two_states
    stock = A.contamination_table(hazards, releases, on=DAY).to_frame()
    done = A.release_table(hazards, releases, year=2024).to_frame()
    account = A.balance(hazards, releases, year=2024)
    row = A.balance_table(account).to_frame().set_index("basis")
    assert stock["geodesic_m2"].iloc[-1] == pytest.approx(row.loc["measured", "reported_m2"], rel=1e-9)
    assert stock["declared_m2"].iloc[-1] == pytest.approx(row.loc["declared", "reported_m2"], rel=1e-9)
    assert done["cleared_m2"].iloc[-1] == pytest.approx(row.loc["measured", "cleared_m2"], rel=1e-9)
    assert row.loc["measured", "difference_m2"] == 0
    for table in (stock, done):
        numbers = table.select_dtypes("number").dropna(axis=1)
        assert numbers.iloc[:-1].sum().to_numpy() == pytest.approx(numbers.iloc[-1].to_numpy(), rel=1e-12)


def test_a_hazard_of_unknown_size_is_an_area_nevertheless(two_states):
    """Of two suspected areas of AAA one has no outline: two areas, the ground of one, and a footnote; BBB has none: a dash."""
    hazards, releases = two_states
    shapes = [hazards.geometry.iloc[0], None, None]
    table = A.contamination_table(hazards.set_geometry(shapes, crs=4326), releases, on=DAY)
    frame = table.to_frame().set_index("country")
    assert frame.loc["AAA", "sha_areas"] == 2
    assert frame.loc["AAA", "sha_m2"] == pytest.approx(hz.area_m2(hazards)["h0"] / 2, rel=1e-5)
    assert (frame.loc["BBB", "cha_areas"], math.isnan(frame.loc["BBB", "cha_m2"])) == (1, True)
    assert "no outline and no area by geometry: that is not 0" in table.note
    closed = hazards.assign(work_status=["open", "open", "closed"]).set_geometry(shapes, crs=4326)
    assert A.contamination_table(closed, releases, on=DAY).to_frame().set_index("country").loc["Total", "areas"] == 2


def test_a_total_is_of_unrounded_areas():
    """Four times 0.004 km² prints as 0.00 each (0.004, as a small area is never 0) and 0.02 in all: 0.016 rounded once."""
    hazards = hazards_of(
        *[None] * 4,
        country=["AAA", "BBB", "CCC", "DDD"],
        declared_area_m2=4000.0,
        date_of_information=pd.Timestamp("2020-01-01"),
    )
    table = A.contamination_table(hazards, on=DAY, basis="declared", unit="km2")
    assert [plain(row[-2]) for row in table.rows] == ["0.004", "0.004", "0.004", "0.004", "0.02"]
    assert "summed before rounding" in table.note


def test_items_that_nobody_counted_are_a_dash_and_not_nought(two_states):
    hazards, releases = two_states
    row = A.release_table(hazards, releases, year=2024).to_frame().set_index("country").loc["Total"]
    assert row["ap_mines"] == 7
    assert math.isnan(row["uxo"])


def test_what_no_release_declares_is_not_known_and_no_release_is_nought(two_states):
    """Declared: one release was reduced and declares nothing, one cleared and declares 400 000 m², none was cancelled."""
    hazards, releases = two_states
    silent = releases_of(box(15.9, 45.1, 0.005), hazard_id=["h1"], register="A", kind="reduced").rename({"r0": "r1"})
    table = A.release_table(hazards, pd.concat([releases, silent]), year=2024, basis="declared")
    row = table.to_frame().set_index("country").loc["Total"]
    assert (row["cancelled_m2"], row["cleared_m2"], row["declared_m2"]) == (0.0, 400_000.0, 400_000.0)
    assert math.isnan(row["reduced_m2"])
    assert math.isnan(row["total_m2"]), "part of a total is none"
    assert "Total released: not known." in table.note
    assert "declare no area: 1 of 2" in table.note
    shown = dict(zip(table.columns, cells(table.rows[-1]), strict=True))
    assert [shown[f"{name}_m2"] for name in ("cancelled", "reduced", "cleared", "total")] == ["0", "–", "400 000", "–"]
    stated = A.release_table(hazards, releases, year=2024, basis="declared")
    assert stated.to_frame()["total_m2"].iloc[-1] == 400_000.0
    assert "Total released: 400 000 m²" in plain(stated.note)


@pytest.mark.parametrize("by", ["country", "method"])
def test_release_from_hazards_without_an_outline_is_not_known(two_states, by):
    hazards, releases = two_states
    table = A.release_table(hazards.set_geometry([None] * 3, crs=4326), releases, year=2024, by=by)
    frame = table.to_frame().set_index(by)
    kinds = ["cancelled_m2", "reduced_m2", "cleared_m2", "total_m2"]
    assert frame.loc["Total", kinds].isna().all()
    assert "Total released: not known." in table.note
    drawn = A.release_table(hazards, releases, year=2024, by=by).to_frame().set_index(by)
    assert not drawn.loc["Total", kinds].isna().any()
    assert drawn.loc["Total", "cancelled_m2"] == 0


def test_release_by_team_counts_ground_for_the_first_of_them(two_states):
    """Western 0.004° by B in March, 0.002° to 0.006° by A in May, all cleared: 0.4 and 0.2 of a square, whatever the names."""
    hazards, _ = two_states
    both = releases_of(
        box(15.902, 45, 0.004), box(15.9, 45, 0.004), hazard_id="h0", register="A",
        completed_on=[pd.Timestamp("2024-05-01"), pd.Timestamp("2024-03-01")],
    ).assign(team=["A", "B"])  # fmt: skip
    frame = A.release_table(hazards, both, year=2024, by="team").to_frame().set_index("team")
    square = hz.area_m2(hazards)["h0"]
    assert frame.loc["B", "cleared_m2"] == pytest.approx(0.4 * square, rel=2e-5)
    assert frame.loc["A", "cleared_m2"] == pytest.approx(0.2 * square, rel=2e-5)
    assert frame.loc["Total", "cleared_m2"] == pytest.approx(frame["cleared_m2"].iloc[:-1].sum(), rel=1e-12)
    whole = A.release_table(hazards, both, year=2024).to_frame()["cleared_m2"].iloc[-1]
    assert frame.loc["Total", "cleared_m2"] == pytest.approx(whole, rel=1e-12)


def test_release_by_team_holds_what_counts_from_the_date_of_a_closing_report(two_states):
    """Completed in 2023; the closing report gave its hazard the date 2024: it counts in 2024, in the balance and by team."""
    hazards, releases = two_states
    closed = hazards.assign(work_status="closed", date_of_information=pd.Timestamp("2024-02-01"))
    done = releases.assign(completed_on=pd.Timestamp("2023-06-01"), team="A")
    frame = A.release_table(closed, done, year=2024, by="team").to_frame().set_index("team")
    account = A.balance(closed, done, year=2024, declared=False).to_frame().iloc[0]
    assert account["cleared_m2"] > 0
    assert frame.loc[["A", "Total"], "cleared_m2"].tolist() == pytest.approx([account["cleared_m2"]] * 2, rel=1e-12)


def test_release_by_a_column_that_only_releases_have_sums_to_the_same(two_states):
    hazards, releases = two_states
    two = pd.concat(
        [releases, releases_of(box(15.903, 45, 0.004), hazard_id=["h0"], register="A").rename({"r0": "r1"})]
    )
    two["method"] = ["dogs", "machines"]
    frame = A.release_table(hazards, two, year=2024, by="method").to_frame().set_index("method")
    square = hz.area_m2(hazards)["h0"]
    assert frame.loc["dogs", "cleared_m2"] == pytest.approx(square * 0.5, rel=1e-5)
    assert frame.loc["machines", "cleared_m2"] == pytest.approx(square * 0.2, rel=2e-5), (
        "0.003 to 0.005 was released before"
    )
    assert frame.loc["Total", "cleared_m2"] == pytest.approx(square * 0.7, rel=1e-5)


def test_areas_stand_side_by_side_and_a_part_is_no_total(two_states):
    hazards, _ = two_states
    table = A.area_methods_table(hazards, national_grid={"AAA": "EPSG:3765"})
    frame = table.to_frame().set_index("country")
    grid = hz.compare_area_methods(hazards.iloc[:2], national_grid="EPSG:3765").areas_m2["national_grid_straight"]
    assert frame.loc["AAA", "national_grid_m2"] == pytest.approx(grid.sum(), rel=1e-12)
    assert frame.loc["AAA", "declaring"] == 1
    assert math.isnan(frame.loc["Total", "national_grid_m2"]), "BBB has no grid, so there is no total in it"
    assert "3765" in table.note
    one = A.area_methods_table(hazards.iloc[:2], national_grid="EPSG:3765").to_frame()["national_grid_m2"]
    assert one.iloc[-1] == pytest.approx(grid.sum(), rel=1e-12)


def test_grid_areas_of_what_is_left_are_those_of_the_grid(two_states):
    """All that is left of BBB is its whole square, so the column is that square in the grid."""
    hazards, releases = two_states
    frame = (
        A.contamination_table(hazards, releases, on=DAY, national_grid={"BBB": "EPSG:3765"})
        .to_frame()
        .set_index("country")
    )
    grid = hz.compare_area_methods(hazards.iloc[2:], national_grid="EPSG:3765").areas_m2["national_grid_straight"]
    assert frame.loc["BBB", "national_grid_m2"] == pytest.approx(grid.iloc[0], rel=1e-9)
    assert math.isnan(frame.loc["Total", "national_grid_m2"])


def test_ground_in_two_registers_is_said():
    hazards = hazards_of(
        box(16, 45),
        box(16.005, 45),
        register=["A", "B"],
        country=["AAA", "BBB"],
        date_of_information=pd.Timestamp("2023-01-01"),
    )
    table = A.contamination_table(hazards, on=DAY)
    twice = hz.area_m2(hazards).sum() - hz.net_area_m2(hazards)
    assert f"figures of both: {plain(hz.format_area(twice))}" in plain(table.note)


# The balance and the plan.


def test_a_balance_that_does_not_close_prints_its_residual():
    """Declared: 1000 m² were there, 300 are released, and the register has closed the hazard: 700 are gone without a word."""
    hazards = hazards_of(
        box(16, 45), work_status="closed", declared_area_m2=[1000.0], date_of_information=pd.Timestamp("2020-01-01")
    )
    releases = releases_of(box(16, 45, 0.003), hazard_id=["h0"], declared_area_m2=[300.0])
    table = A.balance_table(A.balance(hazards, releases, year=2024))
    row = table.to_frame().set_index("basis").loc["declared"]
    assert (row["opening_m2"], row["cleared_m2"], row["expected_m2"], row["reported_m2"], row["difference_m2"]) == (
        1000.0, 300.0, 700.0, 0.0, -700.0,
    )  # fmt: skip
    assert "the balance does not close. 700 m² less are reported than expected" in table.note


def test_every_table_can_stand_by_itself(two_states):
    """Fiction is said under each, two tables have no caption in common, and a state without a release is no state of nought."""
    hazards, releases = two_states
    asked = hazards.assign(register=["FICTIONAL-A", "FICTIONAL-A", "B"])
    made = A.year_tables(asked, releases.assign(register="FICTIONAL-A"), year=2024)
    assert all("FICTIONAL DATA: no hazard and no release of FICTIONAL-A here exists." in t.note for t in made.tables)
    captions = [(table.caption, table.name.split()[-1]) for table in made.tables]
    assert len(set(captions)) == len(captions)
    assert "Balance of recorded ground, 2024, by state" in dict(captions)
    done = next(table for table in made.tables if table.name == "R2 release")
    assert "No release of the period is on record for BBB. That is no statement that none was made." in done.note
    real = A.year_tables(hazards, releases, year=2024)
    assert not any("FICTIONAL" in table.note for table in real.tables)


def test_a_register_that_declares_nothing_is_told_so(two_states):
    """Measured, the balance closes; by declared figures there is nothing to ask about. Where some declare, both are asked."""
    hazards, releases = two_states
    made = A.year_tables(hazards.drop(columns="declared_area_m2"), releases, year=2024)
    assert made.closes
    note = next(table.note for table in made.tables if table.name == "R3 balance")
    assert "2024: no record declares an area" in note
    assert "does not close" not in note
    stated = A.balance_table(A.balance(hazards, releases, year=2024)).note
    assert "no record declares an area" not in stated
    bare = hazards.drop(columns="declared_area_m2").set_geometry([None] * 3, crs=4326)
    assert not A.year_tables(bare, releases, year=2024).closes, "nothing is known, so nothing closes"


def test_balances_of_several_years_stand_below_each_other(two_states):
    hazards, releases = two_states
    table = A.balance_table(*A.balances(hazards, releases, years=(2023, 2024), by="country"))
    frame = table.to_frame()
    assert list(frame["period"].unique()) == ["2023", "2024"]
    assert len(frame) == 2 * 2 * 2
    for _, rows in frame.groupby(["country", "basis"]):
        assert rows["reported_m2"].iloc[0] == pytest.approx(rows["opening_m2"].iloc[1], rel=1e-12)
    with pytest.raises(HazardgeoError, match="grouped by the same columns"):
        A.balance_table(A.balance(hazards, releases, year=2023), A.balance(hazards, releases, year=2024, by="country"))


def test_a_year_without_data_is_named_and_is_no_nought(two_states):
    hazards, releases = two_states
    done = A.release_table(hazards, releases, year=2022)
    assert "No release of 2022 is in the records. That is no statement that none was made." in done.note
    assert (
        "No hazard and no release is dated in this period"
        in A.balance_table(A.balance(hazards, releases, year=2022)).note
    )
    plan = A.plan_table(hazards, releases, {2022: 5e6, 2024: 1e6, 2030: 0.0})
    frame = plan.to_frame().set_index("year")
    assert frame.loc[["2022", "2030"], "actual_m2"].isna().all()
    assert "do not reach 2022, 2030" in plan.note
    account = A.balance(hazards, releases, year=2024).to_frame()
    left = account.loc[account["basis"] == "geometry", "reported_m2"].iloc[0]
    assert frame.loc["2024", "difference_m2"] == pytest.approx(left - 1e6, rel=1e-12)
    with pytest.raises(HazardgeoError, match="at least one year"):
        A.plan_table(hazards, releases, {})


def test_release_without_hazard_unknown_kind_and_no_date_are_named(two_states):
    hazards, releases = two_states
    odd = releases_of(
        box(17, 45), box(15.9, 45.1, 0.005), box(15.9, 45.1), hazard_id=["nowhere", "h1", "h1"], register="A",
        kind=["cleared", "blessed", "cleared"],
        completed_on=[pd.Timestamp("2024-03-01"), pd.Timestamp("2024-03-01"), pd.NaT],
    ).rename({"r0": "x0", "r1": "x1", "r2": "x2"})  # fmt: skip
    both = pd.concat([releases, odd])
    table = A.release_table(hazards, both, year=2024)
    assert "'x0'" in table.note
    assert "name no hazard of these registers: 1" in table.note
    assert "kind that is not known ('blessed'): 1" in table.note
    assert "without a readable date: 1" in table.note
    assert table.to_frame()["releases"].iloc[-1] == 3
    alone = A.release_table(hazards, releases, year=2024).to_frame()["cleared_m2"].iloc[-1]
    assert table.to_frame()["cleared_m2"].iloc[-1] == pytest.approx(alone, rel=1e-12), "none of them lowers anything"


def test_exclusions_stand_apart(two_states):
    hazards, releases = two_states
    table = A.contamination_table(hazards.assign(exclusion=[None, "military", None]), releases, on=DAY)
    area = hz.format_area(float(hz.area_m2(hazards)["h1"]))
    assert f"Military areas, stated apart and in no row: {area}" in table.note
    assert table.to_frame().set_index("country").loc["AAA", "areas"] == 1


# Treaties.


@pytest.mark.parametrize(
    ("treaty", "states", "on", "given", "bears"),
    [
        ("APMBC", ["HRV", "BIH"], DAY, None, True),
        ("APMBC", ["HRV", "KAZ"], DAY, None, False),
        ("CCM", ["SRB"], DAY, None, False),
        ("CCM", ["SRB"], DAY, {"CCM": {"SRB": "2024-01-01"}}, True),
        ("CCM", ["HRV"], DAY, {"CCM": {"HRV": False}}, False),
        ("CCM", ["HRV"], datetime.date(2010, 7, 31), None, False),
        ("CCM", ["HRV"], datetime.date(2010, 8, 1), None, True),
        ("APMBC", ["SCG"], datetime.date(2006, 6, 2), None, True),
        ("APMBC", ["SCG"], datetime.date(2006, 12, 31), None, False),
        ("APMBC", ["ATL"], DAY, None, False),
        ("APMBC", [], DAY, None, False),
    ],
)
def test_only_parties_bear_a_treatys_title(treaty, states, on, given, bears):
    title = title_of(treaty, states, on, given)
    assert bool(title.heading) is bears
    assert ("bears no treaty's title" in title.note) is not bears


def test_a_table_of_a_state_that_is_no_party_has_the_figures_and_no_title(two_states):
    hazards, releases = two_states
    named = {"CCM": {"BBB": "2010-08-01", "AAA": "2010-08-01"}}
    party, none = (
        A.cluster_munition_table(hazards, releases, year=2024, treaties=t) for t in (named, {"CCM": {"BBB": False}})
    )
    assert party.caption.startswith("Convention on Cluster Munitions, Article 7 report, Form F: ")
    assert none.caption == "Areas with cluster munition remnants, 2024"
    assert party.rows == none.rows
    assert "Convention" not in A.mined_area_table(hazards, releases, year=2024).caption


def test_each_status_has_a_source_and_what_is_not_certain_is_assumed():
    table = A.treaty_status()
    assert set(table["treaty"]) == {"APMBC", "CCM"}
    assert (table["source"].str.len() > 10).all()
    assert set(table["grade"]) == {"read", "secondary", "assumed"}
    assert (table["party"] == table["since"].notna()).all()
    assert {"ALB", "BIH", "HRV", "SRB", "SCG", "AFG", "KAZ", "KGZ", "TJK", "TKM", "UZB"} <= set(table["state"])


STATUSES = sorted(A.treaty_status()[["treaty", "state"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(("treaty", "state"), STATUSES)
def test_tables_say_which_status_is_an_unverified_default_and_who_is_no_party(two_states, treaty, state):
    """R5 or R6 of each state: the title only where the treaty is in force for it, and a default printed as what it is."""
    hazards, releases = two_states
    make = {"CCM": A.cluster_munition_table, "APMBC": A.mined_area_table}[treaty]
    own = hazards.assign(country=state, contamination="AP;CMR")
    known = A.treaty_status().set_index(["treaty", "state"]).loc[(treaty, state)]
    table = make(own, releases, year=2024)
    in_force = known["party"] and known["since"] <= DAY and not (known["until"] and known["until"] <= DAY)
    assert ("Convention" in table.caption) is bool(in_force)
    assert ("The table therefore bears no treaty's title." in table.note) is not in_force
    first = next(line for line in table.footnotes if line.startswith(("Anti-Personnel", "Convention")))
    assert ("(unverified default" in first) is (known["grade"] == "assumed")
    assert str(known["as_of"]) in first
    stated = make(
        own, releases, year=2024, treaties={treaty: {state: {"since": "2001-01-01", "source": "our ministry"}}}
    )
    assert "Convention" in stated.caption
    assert "our ministry" in stated.note
    assert "unverified default" not in stated.note


def test_a_table_of_treaties_of_ones_own_is_read(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('[APMBC]\nKAZ = { since = 2031-03-01, source = "our ministry" }\n', encoding="utf-8")
    row = A.treaty_status(path).set_index(["treaty", "state"]).loc[("APMBC", "KAZ")]
    assert (row["party"], row["since"], row["source"]) == (True, datetime.date(2031, 3, 1), "our ministry")
    path.write_text("[APMBC]\nKAZ = [", encoding="utf-8")
    with pytest.raises(FormatError, match="table of treaties"):
        A.treaty_status(path)
    with pytest.raises(HazardgeoError, match="'CTBT' is not known"):
        A.treaty_status({"CTBT": {"KAZ": True}})
    with pytest.raises(HazardgeoError, match="is no day"):
        A.treaty_status({"CCM": {"KAZ": "soon"}})


def test_mined_areas_one_by_one(two_states):
    """h0 and h1 hold AP; h0 is half cleared. Nobody is told where they are unless it is asked for."""
    hazards, releases = two_states
    table = A.mined_area_table(hazards, releases, year=2024)
    frame = table.to_frame().set_index("hazard_id")
    assert list(frame.index) == ["h0", "h1", "Total"]
    assert frame.loc["h0", "left_m2"] == pytest.approx(frame.loc["h0", "recorded_m2"] / 2, rel=1e-5)
    assert frame.loc["h0", "ap_mines"] == 7
    assert math.isnan(frame.loc["h1", "ap_mines"])
    assert "latitude" not in frame
    placed = A.mined_area_table(hazards, releases, year=2024, locations=True).to_frame().set_index("hazard_id")
    assert shapely.contains_xy(hazards.geometry["h1"], placed.loc["h1", "longitude"], placed.loc["h1", "latitude"])
    assert placed.loc["Total", "latitude"] == ""


def test_what_is_no_group_no_unit_and_no_basis_is_refused(two_states):
    hazards, releases = two_states
    for by in ("nope", "geometry", "classification"):
        with pytest.raises(HazardgeoError, match=f"by='{by}' is no column to group by"):
            A.year_tables(hazards, releases, year=2024, by=by)
    with pytest.raises(HazardgeoError, match="unit='furlong' is not known"):
        A.year_tables(hazards, releases, year=2024, unit="furlong")
    with pytest.raises(HazardgeoError, match="basis='guess'"):
        A.contamination_table(hazards, releases, on=DAY, basis="guess")


@pytest.mark.parametrize("what", ["no releases", "no hazards", "nothing", "no dates", "no outlines", "bare"])
def test_empty_and_bare_frames_make_tables_that_say_so(what, two_states):
    hazards, releases = two_states
    if what in ("no releases", "nothing"):
        releases = releases.iloc[:0]
    if what in ("no hazards", "nothing"):
        hazards = hazards.iloc[:0]
    if what == "no dates":
        hazards, releases = hazards.drop(columns="date_of_information"), releases.drop(columns="completed_on")
    if what == "no outlines":
        hazards, releases = (f.set_geometry([None] * len(f), crs=4326) for f in (hazards, releases))
    if what == "bare":
        hazards = hazards[["register", "country", "classification", "work_status", "geometry"]]
        releases = releases[["hazard_id", "register", "country", "kind", "geometry"]]
    made = A.year_tables(hazards, releases, year=2024)
    assert [table.name for table in made.tables][:3] == ["R1 contamination", "areas by method", "R2 release"]
    stock = made.tables[0].to_frame()
    assert stock["areas"].iloc[-1] == len(hazards)
    if what == "no outlines":
        assert stock["geodesic_m2"].isna().all()
    assert made.to_html()
    assert made.to_markdown()


def test_contents_that_nobody_knows_are_said(two_states):
    hazards, releases = two_states
    table = A.cluster_munition_table(hazards.assign(contamination=["unknown", None, "CMR"]), releases, year=2024)
    assert "contents are not known or not stated: 2" in table.note


@pytest.mark.parametrize(
    ("contents", "rows", "silent", "unread"),
    [
        (["CMR", "CMR", "CMR"], 3, 0, 0),
        ([" CMR ", "AP; CMR", "CMR;AP"], 3, 0, 0),
        (["AP", "AP ;UXO", "AXO"], 0, 0, 0),
        (["CMR;", ";;", None], 1, 2, 2),
        (["CMR;bombs", "AP;bombs", "unknown"], 1, 2, 3),
        (["cmr", "CMRS", "X-CMR"], 0, 3, 3),
    ],
)
def test_contents_are_read_word_by_word(two_states, contents, rows, silent, unread):
    """A word that nobody knows may be anything; a hazard that names the content is in a row, whatever else it names."""
    hazards, releases = two_states
    asked = hazards.assign(contamination=contents)
    table = A.cluster_munition_table(asked, releases, year=2024)
    frame = table.to_frame()
    assert frame.loc[frame.index[-1], ["cha_areas", "sha_areas"]].sum() == rows
    said = f"contents are not known or not stated: {silent}"
    assert (said in table.note) == (silent > 0)
    mined = A.mined_area_table(
        hazards.assign(contamination=[word and word.replace("AP", "zz").replace("CMR", "AP") for word in contents]),
        releases,
        year=2024,
    )
    assert len(mined.rows) - 1 == rows
    made = A.year_tables(asked, releases, year=2024)
    assert any(table.name.startswith("R5") for table in made.tables) == (rows > 0)
    assert any(line.startswith(f"{unread} hazards have contents that are not known") for line in made.about) == (
        unread > 0
    )


# The border belt.


def test_a_belt_takes_what_may_lie_within_it_and_says_so():
    """West of the meridian 16° E at 45° N, 0.01° is 788 m. Offset 100 m, corners known to 10 m: what may be off is
    hypot(100, 19.6) = 102 m. Squares that end 0.01° (788 m), 0.0132° (1,041 m) and 0.03° (2,365 m) from the line.
    """
    hazards = hazards_of(
        box(15.98, 45), box(15.9768, 45.1), box(15.96, 45.2), None, box(16.01, 45.3),
        country=["AAA"] * 4 + ["BBB"], vertex_sd_m=10.0, date_of_information=pd.Timestamp("2023-01-01"),
    )  # fmt: skip
    releases = releases_of(
        box(15.98, 45, 0.005), box(15.96, 45.2, 0.005), box(15.99, 45.4, 0.005), box(15.8, 45.4, 0.005),
        hazard_id=["h0", "h2", "gone", "gone"], vertex_sd_m=10.0,
    )  # fmt: skip
    belt = A.border_belt(hazards, releases, meridian_border(100.0), within_m=1000)
    assert list(belt.hazards.index) == ["h0", "h1", "h4"]
    assert list(belt.releases.index) == ["r0", "r2"]
    note = " ".join(belt.notes)
    assert "3 hazards of 5" in note
    assert "by hand, 2026-01-01" in note
    assert "Of 1 of them it cannot be told" in note
    assert "without an outline cannot be placed and are not in the table: 1 ('h3')" in note
    assert "2 of 4" in note
    table = A.contamination_table(belt.hazards, belt.releases, on=DAY, notes=belt.notes)
    assert set(table.to_frame()["country"]) == {"AAA", "BBB", "Total"}
    assert table.footnotes[: len(belt.notes)] == belt.notes
    with pytest.raises(BorderError, match="above 0"):
        A.border_belt(hazards, releases, meridian_border(), within_m=0)
    with pytest.raises(HazardgeoError, match="needs both"):
        A.year_tables(hazards, releases, year=2024, within_m=1000)


# Costs.


def test_money_of_two_currencies_is_never_added_up():
    """100 EUR + 50 EUR over 300 m² are 0.5 EUR/m²; 60 USD over 300 m² are 0.2; at 1.2 USD/EUR 150 EUR are 180 USD, 240 with
    the rest, 0.8 a square metre. 7 of no currency stay apart.
    """
    costs = pd.DataFrame(
        {
            "country": ["HRV"] * 5,
            "amount": [100.0, 50.0, 60.0, 7.0, math.nan],
            "currency": ["EUR", "EUR", "USD", None, "USD"],
        }
    )
    table = A.cost_table(costs, {"HRV": 300.0})
    frame = table.to_frame().set_index("currency")
    assert frame.loc["EUR", ["amounts", "amount", "cost_per_m2"]].tolist() == [2, 150.0, 0.5]
    assert frame.loc["USD", ["amounts", "amount", "cost_per_m2"]].tolist() == [2, 60.0, 0.2]
    assert frame.loc["(currency not stated)", "amount"] == 7.0
    assert "not added up" in table.note
    assert "state no currency: 1" in table.note
    assert "state no amount: 1" in table.note
    turned = A.cost_table(costs, {"HRV": 300.0}, rates={"EUR": 1.2}, into="USD").to_frame()
    assert turned.iloc[-1][["amount", "cost_per_m2"]].tolist() == [240.0, 0.8]
    with pytest.raises(HazardgeoError, match="no rate into GBP"):
        A.cost_table(costs, {"HRV": 300.0}, rates={"EUR": 0.9}, into="GBP")
    with pytest.raises(HazardgeoError, match="no column 'currency'"):
        A.cost_table(costs.drop(columns="currency"), {"HRV": 300.0})
    nothing = A.cost_table(costs, {"HRV": 0.0}).to_frame()
    assert nothing["cost_per_m2"].isna().all()


# Forms.


class Cells(HTMLParser):
    """Header and cells of a table, by a real parser."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside = ""
        self.parts: dict[str, list[str]] = {"caption": [], "li": []}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag in self.parts:
            self.parts[tag].append("")

    def handle_endtag(self, tag):  # noqa: ARG002  (the parser's signature)
        self.inside = ""

    def handle_data(self, data):
        if self.inside in ("td", "th"):
            self.rows[-1][-1] += data
        if self.inside in self.parts:
            self.parts[self.inside][-1] += data


words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20)


@given(st.lists(st.tuples(words, words, st.floats(-1e9, 1e9)), max_size=4), words, words)
def test_whatever_a_text_says_it_is_text_in_html_and_csv(tmp_path_factory, rows, caption, note):
    table = Table(caption, ("Name", "Second", "m²"), tuple((a, b, Figure(c, 2)) for a, b, c in rows), 2, note)
    page = Cells(table.to_html())
    assert page.rows == [list(table.header), *([a, b, str(Figure(c, 2))] for a, b, c in rows)]
    assert page.parts["caption"] == [caption]
    assert page.parts["li"] == list(table.footnotes)
    assert {tag for tag, _ in page.tags} <= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "ol", "li"}
    path = table.to_csv(tmp_path_factory.mktemp("csv") / "t.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        read = list(csv.reader(stream))[1:]
    assert [float(row[2]) for row in read] == pytest.approx([c for _, _, c in rows], abs=1e-6)
    frame = table.to_frame()
    assert frame["Name"].tolist() == [a for a, _, _ in rows]


def test_headers_have_their_scope():
    page = Cells(Table("c", ("A", "B"), (("x", Figure(1)), ("Total", Figure(2))), totals=(1,)).to_html())
    scopes = [attrs.get("scope") for tag, attrs in page.tags if tag == "th"]
    assert scopes == ["col", "col", "row", "row"]


def test_markdown_takes_no_text_for_a_sign():
    table = Table("c", ("A", "m²"), ((HOSTILE, Figure(1234.5, 1)),), note="first\nsecond")
    lines = table.to_markdown().splitlines()
    assert lines[0] == "**c**"
    assert plain(lines[4]) == "| =1+1\\|\\<img src=x onerror=alert(1)\\>\\* | 1 234.5 |"
    assert lines[3] == "| --- | ---: |"
    assert lines[-2:] == ["1. first", "2. second"]


def test_csv_holds_numbers_and_marks_what_a_spreadsheet_would_run(tmp_path):
    table = Table(
        "c",
        ("A", "m²", "km²"),
        ((HOSTILE, Area(-1234.56), Area(1_740_000.0, "km2")), ("x", Area(math.nan), Area(0.0, "km2"))),
    )
    with table.to_csv(tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[1] == ["'" + HOSTILE, "-1234.56", "1.74"]
    assert rows[2] == ["x", "", "0.0"]


def test_the_workbook_has_numbers_as_numbers_and_nothing_that_runs(tmp_path, two_states):
    hazards, releases = two_states
    hostile = hazards.assign(country=[HOSTILE, HOSTILE, "@SUM(1)"])
    made = A.year_tables(hostile, releases.assign(country=HOSTILE), year=2024)
    path = made.write(tmp_path / "tables.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:4] == ["Read me", "R1 contamination", "areas by method", "R2 release"]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)
    sheet = book["R1 contamination"]
    assert sheet.freeze_panes == "B3"
    assert [cell.value for cell in sheet[2]] == list(made.tables[0].header)
    assert sheet["A3"].value in (HOSTILE, "@SUM(1)")
    wanted = [cell if isinstance(cell, str) else cell.value for cell in made.tables[0].rows[-1]]
    assert [cell.value for cell in sheet[5]] == pytest.approx(wanted)
    assert all(cell.data_type == "n" for cell in sheet[5][1:])
    text = " ".join(str(cell.value) for row in book["Read me"].iter_rows() for cell in row)
    for said in ("EPSG:4326", "geodesic", "PROJ", "hazardgeo", "never 0", "2024"):
        assert said in text
    again = tmp_path / "again.xlsx"
    made.write(again)
    assert again.read_bytes() == path.read_bytes()


def test_sheets_get_names_that_excel_takes(tmp_path):
    tables = [Table(f"a/b:c [{k}] " + "x" * 40, ("A",), (("x",),)) for k in range(2)] + [
        Table("Read Me", ("A",), (("x",),))
    ]
    names = openpyxl.load_workbook(A.write_workbook(tables, tmp_path / "t.xlsx")).sheetnames
    assert len({name.casefold() for name in names}) == 4
    assert all(len(name) <= 31 for name in names)
    with pytest.raises(FormatError, match=r"ends in \.xlsx"):
        A.write_workbook(tables, tmp_path / "t.xls")


def test_a_folder_holds_everything_and_is_never_lost(tmp_path, two_states):
    hazards, releases = two_states
    made = A.year_tables(hazards, releases, year=2024, plan={2024: 1e6})
    out = made.write(tmp_path / "out")
    names = {file.name for file in out.iterdir()}
    assert {
        "tables.xlsx",
        "tables.html",
        "tables.md",
        "manifest.json",
        "release_by_year.png",
        "remaining.svg",
        "01_r1_contamination.csv",
    } <= names
    assert sum(name.endswith(".csv") for name in names) >= len(made.tables)
    with pytest.raises(StorageError, match="is kept"):
        made.write(out)
    made.write(out, overwrite=True)
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StorageError, match=r"mine\.txt"):
        made.write(out, overwrite=True)
    assert (out / "mine.txt").read_text(encoding="utf-8") == "mine"
    book = made.write(tmp_path / "t.xlsx")
    with pytest.raises(StorageError, match="exists and is kept"):
        made.write(book)
    page = (out / "tables.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert page.count("<table") == len(made.tables)


# Figures.


def test_figures_tell_methods_apart_without_colour(two_states):
    hazards, releases = two_states
    others = [
        releases_of(box(15.9, 45.1, 0.001 * k), hazard_id=["h1"], register="A", kind=kind).rename({"r0": kind})
        for k, kind in ((3, "reduced"), (5, "cancelled"))
    ]
    three = pd.concat([releases, *others])
    accounts = A.balances(hazards, three, years=(2023, 2024))
    axes = A.release_figure(accounts).axes[0]
    bars = axes.containers
    assert len({bar[0].get_hatch() for bar in bars}) == 3
    heights = {bar.get_label(): bar[1].get_height() for bar in bars}
    table = accounts[1].to_frame()
    row = table[table["basis"] == "geometry"].iloc[0]
    assert heights == pytest.approx(
        {"Cleared": row["cleared_m2"] / 1e6, "Reduced": row["reduced_m2"] / 1e6, "Cancelled": row["cancelled_m2"] / 1e6}
    )
    lines = A.remaining_figure(accounts).axes[0].lines
    assert len({line.get_linestyle() for line in lines}) == len({line.get_marker() for line in lines}) == 2
    assert lines[0].get_ydata()[1] == pytest.approx(row["reported_m2"] / 1e6)
    with pytest.raises(HazardgeoError, match="no balance to draw"):
        A.release_figure([])


# The command.


@pytest.fixture(scope="module")
def files(tmp_path_factory, two_states):
    folder = tmp_path_factory.mktemp("files")
    hazards, releases = two_states
    square = hz.area_m2(hazards).round()
    hz.write(hazards.assign(declared_area_m2=square), folder / "h.geojson")
    hz.write(releases.assign(declared_area_m2=hz.area_m2(releases).round()), folder / "r.geojson")
    return [str(folder / "h.geojson"), "--releases", str(folder / "r.geojson")]


def test_the_command_writes_all_tables_and_its_status_says_whether_it_closes(files, tmp_path, capsys):
    assert main(["balance", *files, "--year", "2024", "--out", str(tmp_path / "out")]) == OK
    said = capsys.readouterr().out
    assert "The balance closes." in said
    assert "Recorded contamination on 2024-12-31" in said
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["closes"] is True
    assert [one["file"] for one in manifest["inputs"]] == ["h.geojson", "r.geojson"]
    assert main(["balance", *files, "--year", "2024", "--out", str(tmp_path / "t.xlsx"), "--unit", "km2"]) == OK


def test_the_command_tells_what_it_found_as_json(files, tmp_path, capsys):
    frame = gpd.read_file(files[2]).set_index("release_id")
    lost = pd.concat([frame, frame.assign(hazard_id="nowhere").rename({"r0": "r9"})])
    hz.write(lost, tmp_path / "r.geojson")
    assert main(["balance", files[0], "--releases", str(tmp_path / "r.geojson"), "--year", "2024", "--json"]) == FOUND
    found = json.loads(capsys.readouterr().out)
    assert "release-hazard-missing" in {one["rule"] for one in found["findings"]}
    assert found["tables"][0]["rows"][-1]["country"] == "Total"
    assert [one["records_in"] for one in found["files"]] == [3, 2]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ([], "A balance is of a period"),
        (["--year", "2024", "--since", "2024-01-01"], "not both"),
        (["--year", "2024", "--border", "x.gpkg"], "only with its width"),
        (["--year", "2024", "--plan", "missing.csv"], "cannot be read as a plan"),
        (["--year", "2024", "--treaties", "missing.toml"], "cannot be read as a table of treaties"),
    ],
)
def test_the_command_refuses_what_is_no_question(files, more, words, capsys):
    assert main(["balance", *files, *more]) == COULD_NOT
    assert words in capsys.readouterr().err


def test_the_command_never_replaces_what_it_reads(files, capsys):
    assert main(["balance", *files, "--year", "2024", "--out", files[0], "--overwrite"]) == COULD_NOT
    assert "it is kept" in capsys.readouterr().err
    assert main(["balance", files[0], "--year", "2024"]) == COULD_NOT
    assert "None of the files holds releases" in capsys.readouterr().err


def test_the_command_makes_the_tables_of_a_belt(tmp_path, capsys):
    samples = [str(hz.sample_data(name)) for name in ("bih_register.gpkg", "hrv_register.geojson")]
    plan = tmp_path / "plan.csv"
    plan.write_text("year,planned_m2\n2024,25000000\n", encoding="utf-8")
    status = main([
        "balance", *samples, "--releases", str(hz.sample_data("bih_releases.gpkg")), "--year", "2024", "--within", "2000",
        "--border", str(hz.sample_data("demarcated_border.gpkg")), "--grid", "HRV=EPSG:3765", "--plan", str(plan), "--json",
    ])  # fmt: skip
    found = json.loads(capsys.readouterr().out)
    assert status == FOUND
    names = [table["name"] for table in found["tables"]]
    assert {"R1 contamination", "R2 release", "R3 balance", "R4 plan", "R5 BIH", "R6 HRV"} <= set(names)
    assert all(table["caption"].endswith("border belt of 2\u202f000 m") for table in found["tables"])
    assert any("FICTIONAL joint demarcation" in line for line in found["about"])
