"""Hazards that end at the meridian 16° E: what lies opposite, known by hand.

Boxes are given in metres east of the line and north of 45°; along a meridian the line is straight, so that a stretch is the
height of a box and a gap the distance between two of its sides.
"""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from by_hand import LON, NORTH, SOUTH, fine, hazards_of, meridian_border
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.borders._along._continuations import find_continuations
from hazardgeo.borders._line._beside import straightened
from hazardgeo.crs import GEOD
from hazardgeo.errors import BorderError, HazardgeoError, SchemaError
from hazardgeo.registers import Thresholds

LAT = 45.0
M = 1 / GEOD.inv(LON, LAT, LON + 0.01, LAT)[2] / 100
N = 1 / GEOD.inv(LON, LAT, LON, LAT + 0.01)[2] / 100
FREE = {"vertex_sd_m": 0.0}  # outlines without error, so that the band is the line's offset alone


def box_m(west: float, east: float, south: float = 0, north: float = 400) -> shapely.Polygon:
    return shapely.box(LON + west * M, LAT + south * N, LON + east * M, LAT + north * N)


def west_of(*shapes: object, **columns: object) -> gpd.GeoDataFrame:
    return hazards_of(*shapes, register="A", **(FREE | columns))


def east_of(*shapes: object, **columns: object) -> gpd.GeoDataFrame:
    return hazards_of(*shapes, register="B", **(FREE | {"country": "BBB"} | columns))


FAR = box_m(50_000, 50_400)
NOBODY = east_of(FAR)


def metres(value: float) -> object:
    return pytest.approx(value, rel=2e-4, abs=0.05)


def test_a_hazard_that_ends_at_the_line_with_nothing_opposite():
    """400 m of its side lie on the line; the line runs from 45° N over 400 m."""
    (row,) = find_continuations(west_of(box_m(-300, 0)), NOBODY, meridian_border(100)).itertuples()
    assert (row.hazard_a, row.kind, row.priority, row.pair) == ("h0", "nothing_opposite", 1, "AAA-BBB")
    assert row.cut_a
    assert row.ends_a
    assert not row.ends_b
    assert row.stretch_m == metres(400)
    assert np.isnan(row.gap_m)
    assert row.hazard_b != row.hazard_b or row.hazard_b is None
    assert GEOD.geometry_length(row.geometry) == metres(400)
    assert row.geometry.bounds == pytest.approx((LON, LAT, LON, LAT + 400 * N), abs=1e-7)
    assert row.border == "AAA–BBB, by hand 2026-01-01"
    assert "no other register has anything opposite" in row.why


def test_two_that_end_apart_at_the_line():
    """Sides 20 m before the line here and 30 m there: 50 m between them, over the 300 m that both face."""
    a, b = west_of(box_m(-300, -20, 0, 400)), east_of(box_m(30, 300, 100, 500))
    table = find_continuations(a, b, meridian_border(100))
    pair = table[table["kind"] == "both_end"].iloc[0]
    assert (pair["hazard_a"], pair["hazard_b"]) == ("h0", "h0")
    assert pair["stretch_m"] == metres(300)
    assert (pair["gap_m"], pair["gap_least_m"], pair["gap_most_m"]) == (metres(50), metres(50), metres(50))
    assert (pair["beyond_a_m"], pair["beyond_b_m"]) == (metres(-20), metres(-30))
    assert not pair["cut_a"]
    assert pair["across_m"] == metres(200)
    alone = table[table["kind"] == "nothing_opposite"]
    assert sorted(alone["stretch_m"]) == [metres(100), metres(100)]


def test_two_that_overlap_at_the_line():
    """One reaches 40 m over the line, the other ends on it: an overlap of 40 m."""
    a, b = west_of(box_m(-300, 40)), east_of(box_m(0, 300))
    (row,) = find_continuations(a, b, meridian_border(100)).itertuples()
    assert row.kind == "both_end"
    assert row.gap_m == metres(-40)
    assert "overlapping by 40 m" in row.why


def test_a_gap_that_both_outlines_explain_says_nothing():
    """With 10 m of standard deviation each, 1.96 · hypot(10, 10) = 27.7 m."""
    a, b = west_of(box_m(-300, -5), vertex_sd_m=10.0), east_of(box_m(5, 300), vertex_sd_m=10.0)
    (row,) = find_continuations(a, b, meridian_border(100)).itertuples()
    assert row.accuracy_m == pytest.approx(27.7, abs=0.1)
    assert "no more than both outlines may be off" in row.why


def test_a_slanted_gap_has_a_least_and_a_most():
    """From 20 m at the south to 60 m at the north over 400 m: 40 m on average."""
    slanted = shapely.Polygon([(x * M + LON, y * N + LAT) for x, y in ((20, 0), (300, 0), (300, 400), (60, 400))])
    (row,) = find_continuations(west_of(box_m(-300, 0)), east_of(slanted), meridian_border(100)).itertuples()
    assert row.gap_m == pytest.approx(40, abs=0.5)
    assert (row.gap_least_m, row.gap_most_m) == (pytest.approx(20, abs=1), pytest.approx(60, abs=1))


def test_one_that_stays_back_from_the_line_is_opposite_and_does_not_end_there():
    """150 m behind a line of ±100 m: further back than the line may be off, and within 200 m of the other's end."""
    a, b = west_of(box_m(-300, 0)), east_of(box_m(150, 500))
    (row,) = find_continuations(a, b, meridian_border(100)).itertuples()
    assert (row.kind, row.ends_a, row.ends_b) == ("one_ends", True, False)
    assert row.gap_m == metres(150)


def test_across_decides_what_is_opposite():
    a, b = west_of(box_m(-300, 0)), east_of(box_m(150, 500))
    near, far = (find_continuations(a, b, meridian_border(100), across_m=m)["kind"].tolist() for m in (149, 151))
    assert (near, far) == (["nothing_opposite"], ["one_ends"])


def test_the_first_that_is_met_is_opposite_and_what_lies_behind_its_own_does_not_end_there():
    """Two of one register, one behind the other: the line is met by the first alone."""
    a, b = west_of(box_m(-300, 0)), east_of(box_m(20, 50), box_m(80, 200))
    table = find_continuations(a, b, meridian_border(100))
    assert table[["hazard_a", "hazard_b"]].to_numpy().tolist() == [["h0", "h0"]]
    assert table["gap_m"].tolist() == [metres(20)]


def test_a_hazard_whose_own_register_goes_on_over_the_line_is_no_end():
    """What the same register holds on the same ground reaches 400 m beyond the line."""
    a = west_of(box_m(-300, 0), box_m(-500, 400))
    assert find_continuations(a, NOBODY, meridian_border(100)).empty


def test_a_hazard_that_crosses_the_line_does_not_end_there():
    assert find_continuations(west_of(box_m(-300, 300)), NOBODY, meridian_border(100)).empty


def test_a_hazard_beyond_the_offset_does_not_end_at_the_line():
    assert find_continuations(west_of(box_m(-300, -101)), NOBODY, meridian_border(100)).empty
    assert len(find_continuations(west_of(box_m(-300, -99)), NOBODY, meridian_border(100))) == 1


def test_own_accuracy_joins_the_offset():
    """hypot(100, 1.96 · 40) = 127 m."""
    one = box_m(-300, -120)
    assert find_continuations(west_of(one), NOBODY, meridian_border(100)).empty
    assert len(find_continuations(west_of(one, vertex_sd_m=40.0), NOBODY, meridian_border(100))) == 1


def test_a_corner_at_the_line_is_no_end():
    """An edge of 40 m on the line is shorter than 50 m; one of 60 m is less than a tenth of an outline of 2,060 m or so."""
    assert find_continuations(west_of(box_m(-300, 0, 0, 40)), NOBODY, meridian_border(1)).empty
    assert find_continuations(west_of(box_m(-1000, 0, 0, 60)), NOBODY, meridian_border(1)).empty
    looser = Thresholds(along_border_share=0.01)
    found = find_continuations(west_of(box_m(-1000, 0, 0, 60)), NOBODY, meridian_border(1), thresholds=looser)
    assert found["stretch_m"].tolist() == [metres(60)]


def test_a_thin_hazard_within_the_band_ends_on_its_own_side():
    """All of it lies within ±500 m, so that its country tells the side: its far edge faces away from the line."""
    a = west_of(box_m(-200, -100))
    (row,) = find_continuations(a, NOBODY, meridian_border(500)).itertuples()
    assert row.beyond_a_m == metres(-100)
    (row,) = find_continuations(west_of(box_m(-200, -100), country="BBB"), NOBODY, meridian_border(500)).itertuples()
    assert row.beyond_a_m == metres(100 + 100)  # as BBB sees it, it begins 200 m beyond the line


def test_ground_beyond_the_band_outranks_the_country_that_reports():
    """Reported by BBB, and far in AAA: its end at the line looks to BBB."""
    (row,) = find_continuations(west_of(box_m(-900, 0), country="BBB"), NOBODY, meridian_border(100)).itertuples()
    assert row.beyond_a_m == metres(0)


def test_a_third_country_s_record_is_asked_by_where_its_ground_lies():
    (row,) = find_continuations(west_of(box_m(-90, -10), country="CCC"), NOBODY, meridian_border(100)).itertuples()
    assert row.beyond_a_m == metres(-10)


def shifted(by_m: float, offset_95_m: float):
    """The same border, `by_m` further east."""
    line = LON + by_m * M
    base = meridian_border(offset_95_m)
    countries = base.countries.assign(
        geometry=[fine(shapely.box(15, 44.5, line, 46)), fine(shapely.box(line, 44.5, 17, 46))]
    )
    lines = base.lines.assign(geometry=[shapely.LineString([(line, 44.5), (line, 46)])])
    return meridian_border(offset_95_m, countries=countries, lines=lines, version="shifted")


def test_each_side_cut_at_its_own_line_leaves_a_gap():
    """Lines 120 m apart, each side cut at the western one or at the eastern one: a gap of 120 m, or an overlap."""
    versions = meridian_border(10), shifted(120, 200)
    gap = find_continuations(west_of(box_m(-300, 0)), east_of(box_m(120, 500)), *versions)
    over = find_continuations(west_of(box_m(-300, 120)), east_of(box_m(0, 500)), *versions)
    for table, metres_apart in ((gap, 120), (over, -120)):
        assert table["kind"].tolist() == ["both_end"]
        assert table["gap_m"].tolist() == [metres(metres_apart)]
        assert table[["cut_a", "cut_b"]].to_numpy().tolist() == [[True, True]]


def test_what_was_not_cut_is_asked_along_the_line_that_is_known_best():
    """150 m from a line of ±10 m it does not end there, though it is within ±500 m of the other version."""
    a = west_of(box_m(-600, -150))
    assert len(find_continuations(a, NOBODY, shifted(120, 500))) == 1
    for versions in ((shifted(120, 500), meridian_border(10)), (meridian_border(10), shifted(120, 500))):
        assert find_continuations(a, NOBODY, *versions).empty
    cut = west_of(box_m(-600, 120))
    assert find_continuations(cut, NOBODY, meridian_border(10), shifted(120, 500))["border"].tolist() == [
        "AAA–BBB, by hand shifted"
    ]


def test_visited_first_is_what_was_cut_then_what_lacks_a_counterpart_then_the_longest():
    a = west_of(
        box_m(-300, -50, 0, 300), box_m(-300, 0, 1000, 1100), box_m(-300, 0, 2000, 2200), box_m(-300, 0, 3000, 3400)
    )
    b = east_of(box_m(20, 300, 3000, 3400))
    table = find_continuations(a, b, meridian_border(100))
    assert table["hazard_a"].tolist() == ["h2", "h1", "h3", "h0"]
    assert table["kind"].tolist() == ["nothing_opposite", "nothing_opposite", "both_end", "nothing_opposite"]
    assert table["priority"].tolist() == [1, 2, 3, 4]


def test_class_and_status_stand_beside_each_hazard():
    a, b = west_of(box_m(-300, 0), classification="CHA"), east_of(box_m(0, 300), work_status="closed")
    row = find_continuations(a, b, meridian_border(100)).iloc[0]
    assert row[["class_a", "class_b", "status_a", "status_b"]].tolist() == ["CHA", "SHA", "open", "closed"]
    alone = find_continuations(a, NOBODY, meridian_border(100))
    assert alone[["class_b", "status_b"]].isna().all(axis=None)


def test_a_winding_line_is_looked_along_without_its_bends():
    """A zigzag of 2 · 20 m about the meridian, one bend every 50 m: a box cut at the meridian faces it over its whole height."""
    north = np.arange(-2000, 2001, 50)
    zigzag = shapely.LineString([(LON + (20 if k % 2 else -20) * M, LAT + n * N) for k, n in enumerate(north)])
    box = shapely.box(15.9, LAT - 1990 * N, 16.1, LAT + 1990 * N)
    west, east = sorted(shapely.get_parts(shapely.ops.split(box, zigzag)), key=lambda part: part.centroid.x)
    base = meridian_border(50)
    border = meridian_border(
        50,
        countries=base.countries.assign(geometry=[west, east]),
        lines=base.lines.assign(geometry=[zigzag]),
        extent=box,
    )
    assert shapely.get_num_points(straightened(np.array([zigzag]), 100)) < 10
    a, b = west_of(box_m(-300, -30, 0, 400)), east_of(box_m(30, 300, 0, 400))
    (row,) = find_continuations(a, b, border).itertuples()
    assert row.stretch_m == pytest.approx(400, abs=10)
    assert row.gap_m == pytest.approx(60, abs=3)
    assert row.kind == "both_end"


def test_an_enclave_has_the_other_country_all_around():
    """A box of AAA within BBB, cut at the edge of the enclave on its four sides of 400 m."""
    inner = box_m(20_000, 20_400, 0, 400)
    base = meridian_border(10)
    countries = base.countries.assign(
        geometry=[
            shapely.MultiPolygon([base.countries.geometry.iloc[0], inner]),
            shapely.difference(base.countries.geometry.iloc[1], inner),
        ]
    )
    ring = shapely.LineString(inner.exterior.coords)
    lines = base.lines.assign(geometry=[shapely.MultiLineString([base.lines.geometry.iloc[0], ring])])
    border = meridian_border(10, countries=countries, lines=lines)
    table = find_continuations(west_of(inner), NOBODY, border)
    assert table["kind"].tolist() == ["nothing_opposite"]
    assert table["stretch_m"].tolist() == [pytest.approx(1600, abs=25)]


extents = st.tuples(st.integers(-400, 350), st.integers(60, 400), st.integers(0, 1500), st.integers(60, 500)).map(
    lambda e: box_m(e[0], e[0] + e[1], e[2], e[2] + e[3])
)


@settings(max_examples=20)  # each asks a whole border twice
@given(st.lists(extents, min_size=1, max_size=4), st.lists(extents, min_size=1, max_size=4), st.floats(1, 500))
def test_laws(ours, theirs, offset):
    """Swapping the registers swaps the columns; every stretch is on the line; least ≤ mean ≤ most."""
    a, b, border = west_of(*ours), east_of(*theirs), meridian_border(offset)
    there, back = find_continuations(a, b, border), find_continuations(b, a, border)
    swapped = back.rename(columns={"hazard_a": "hazard_b", "hazard_b": "hazard_a"})
    keys = ["hazard_a", "hazard_b", "kind"]
    assert there[keys].fillna("").sort_values(keys).to_numpy().tolist() == (
        swapped[keys].fillna("").sort_values(keys).to_numpy().tolist()
    )
    assert sorted(there["stretch_m"]) == pytest.approx(sorted(back["stretch_m"]), abs=1e-6)
    assert sorted(there["gap_m"].dropna()) == pytest.approx(sorted(back["gap_m"].dropna()), abs=1e-6)
    assert (there["gap_least_m"].dropna() <= there["gap_m"].dropna() + 1e-6).all()
    assert (there["gap_m"].dropna() <= there["gap_most_m"].dropna() + 1e-6).all()
    assert (there["gap_m"].dropna() <= there["across_m"][there["gap_m"].notna()] + 1e-6).all()
    assert shapely.get_coordinates(there.geometry)[:, 0] == pytest.approx(LON, abs=1e-9)
    heights = [(s.bounds[3] - s.bounds[1]) / N for s in (*ours, *theirs)]
    assert there["stretch_m"].max() <= max(heights) * 1.001 + 1 if len(there) else True


@settings(max_examples=15)
@given(st.lists(extents, min_size=1, max_size=3), st.floats(1, 200), st.floats(0, 300))
def test_a_wider_offset_finds_no_fewer(ours, offset, more):
    a = west_of(*ours)
    narrow, wide = (set(find_continuations(a, NOBODY, meridian_border(u))["hazard_a"]) for u in (offset, offset + more))
    crossing = {f"h{k}" for k, s in enumerate(ours) if s.bounds[0] < LON < s.bounds[2]}
    assert narrow - crossing <= wide


def test_inputs_are_not_touched():
    a, b, border = west_of(box_m(-300, 0)), east_of(box_m(0, 300)), meridian_border(100)
    before = a.copy(), b.copy(), border.lines.copy()
    find_continuations(a, b, border)
    assert a.equals(before[0])
    assert b.equals(before[1])
    assert border.lines.equals(before[2])


def test_a_record_without_outline_costs_the_others_nothing():
    table = find_continuations(west_of(None, box_m(-300, 0)), east_of(None, FAR), meridian_border(100))
    assert table["hazard_a"].tolist() == ["h1"]


def test_no_end_at_all_is_an_empty_table_with_all_its_columns():
    table = find_continuations(west_of(box_m(-5000, -4000)), NOBODY, meridian_border(100))
    assert table.empty
    full = find_continuations(west_of(box_m(-300, 0)), NOBODY, meridian_border(100))
    assert list(table.columns) == list(full.columns)
    assert table.crs == full.crs


def test_a_register_without_any_outline_is_refused():
    none = NOBODY.iloc[:0]
    with pytest.raises(HazardgeoError, match="Register 2 holds no outline"):
        find_continuations(west_of(box_m(-300, 0)), none, meridian_border(100))
    with pytest.raises(HazardgeoError, match="Register 1 holds no outline"):
        find_continuations(west_of(None), NOBODY, meridian_border(100))


@pytest.mark.parametrize(
    ("borders", "across", "why"),
    [
        ((), None, "at least one border"),
        ((meridian_border(),), -1.0, "across_m is -1.0. Give a length"),
        ((meridian_border(),), np.nan, "across_m is nan. Give a length"),
    ],
)
def test_a_question_without_a_border_or_a_length_is_refused(borders, across, why):
    with pytest.raises(HazardgeoError, match=why):
        find_continuations(west_of(box_m(-300, 0)), NOBODY, *borders, across_m=across)


def test_of_three_registers_the_third_may_have_what_lies_opposite():
    """C keeps the 400 m opposite the first outline of A, B has nothing there: one pair, 30 m apart, and no row for B.

    A second outline of A has nothing of B or C opposite: one row, though there are two registers to look in.
    """
    a = west_of(box_m(-300, -10), box_m(-300, -10, 2000, 2400))
    c = east_of(box_m(20, 300)).assign(register="C")
    table = find_continuations(a, NOBODY, c, meridian_border(100))
    assert table["kind"].tolist() == ["nothing_opposite", "both_end"]
    assert table["hazard_a"].tolist() == ["h1", "h0"]
    pair = table.iloc[1]
    assert (pair["register_a"], pair["register_b"], pair["hazard_b"]) == ("A", "C", "h0")
    assert pair["gap_m"] == metres(30)


def test_the_order_of_three_registers_changes_only_who_comes_first():
    a, b, c = west_of(box_m(-300, 0)), east_of(box_m(10, 300, 0, 150)), east_of(box_m(30, 300, 250, 400))
    c = c.assign(register="C")
    there, back = (find_continuations(*some, meridian_border(100)) for some in ((a, b, c), (c, b, a)))
    ends = [
        sorted(
            {tuple(sorted((str(one), str(other)))) for one, other in zip(t["register_a"], t["register_b"], strict=True)}
        )
        for t in (there, back)
    ]
    assert ends[0] == ends[1]
    assert sorted(there["stretch_m"].round(3)) == sorted(back["stretch_m"].round(3))


def test_a_missing_column_and_an_id_twice_are_refused():
    a = west_of(box_m(-300, 0))
    with pytest.raises(SchemaError, match="country"):
        find_continuations(a.drop(columns="country"), NOBODY, meridian_border(100))
    twice = west_of(box_m(-300, 0), box_m(-300, 0, 500, 900))
    twice.index = ["same", "same"]
    with pytest.raises(SchemaError, match="same"):
        find_continuations(twice, NOBODY, meridian_border(100))


def test_countries_that_overlap_at_the_line_are_refused():
    border = meridian_border(100)
    both = border.countries.assign(geometry=[shapely.box(15, 44.5, 16.01, 46), shapely.box(LON, 44.5, 17, 46)])
    with pytest.raises(BorderError, match="overlap"):
        find_continuations(west_of(box_m(-300, 0)), NOBODY, meridian_border(100, countries=both))


def test_a_line_that_is_not_between_its_countries_is_refused():
    border = meridian_border(100)
    astray = border.lines.assign(geometry=[shapely.LineString([(16.5, 44.5), (16.5, 46)])])
    with pytest.raises(BorderError, match="one version"):
        find_continuations(west_of(box_m(-300, 0)), NOBODY, meridian_border(100, lines=astray))


def test_a_border_of_other_countries_is_refused():
    border = hz.borders.load("KHM", "VNM", source="natural_earth")
    apart = type(border)(border.countries, border.lines[:0], border.extent, border.codes, "x", "y", "z", "")
    with pytest.raises(BorderError, match="share no land border"):
        find_continuations(west_of(box_m(-300, 0)), NOBODY, apart)


def planted(words: str) -> list[list[str]]:
    """Records that the sample data's README names in the line that holds these words, pair by pair."""
    text = (hz.sample_data("bih_register.gpkg").parent / "README.md").read_text(encoding="utf-8")
    (line,) = [one for one in text.splitlines() if words in one]
    return [re.findall(r"(?:BIH|HR)-[0-9]+", one) for one in line.rpartition(": ")[2].split(", ")]


@pytest.mark.parametrize("own", [True, False])
def test_the_outlines_that_were_cut_in_the_sample_data_are_found_and_no_others(own):
    """The builder of the sample data cut them along the line, and wrote down which."""
    a, b = (hz.read_hazards(hz.sample_data(name)) for name in ("bih_register.gpkg", "hrv_register.geojson"))
    border = hz.borders.read(hz.sample_data("demarcated_border.gpkg")) if own else hz.borders.load("HRV", "BIH")
    table = find_continuations(a, b, border)
    alone = {name for one in planted("with nothing of the neighbour's beyond") for name in one}
    pairs = [one for one in planted("with the neighbour's record of the rest beyond") if len(one) == 2]
    cut = {*table.loc[table["cut_a"], "hazard_a"], *table.loc[table["cut_b"], "hazard_b"]}
    assert cut == alone | {name for pair in pairs for name in pair}
    both = table[table["cut_a"] & table["cut_b"]]
    assert sorted(both[["hazard_a", "hazard_b"]].to_numpy().tolist()) == sorted(pairs)
    assert set(both["kind"]) == {"both_end"}
    lacking = table[table["kind"] == "nothing_opposite"]
    assert alone <= {*lacking["hazard_a"].dropna(), *lacking["hazard_b"].dropna()}


def test_what_reaches_far_over_the_line_is_opposite_however_far_it_reaches():
    """The neighbour's hazard lies 700 m over the line, and over all of ours: an overlap of 700 m, not a lack."""
    (row,) = find_continuations(west_of(box_m(-300, 0)), east_of(box_m(-700, 900)), meridian_border(100)).itertuples()
    assert (row.hazard_b, row.kind) == ("h0", "one_ends")
    assert row.gap_m == metres(-700)


ENCLAVE = box_m(-5500, -4500, -500, 500)


def around_an_enclave() -> hz.BorderSet:
    """BBB holds 1 km by 1 km in AAA, 5 km west of 16° E, with a line around it."""
    border = meridian_border(20)
    west, east = border.countries.geometry
    countries = border.countries.assign(geometry=[west.difference(ENCLAVE), shapely.MultiPolygon([east, ENCLAVE])])
    lines = gpd.GeoDataFrame(
        pd.concat([border.lines, border.lines.assign(geometry=[ENCLAVE.exterior])], ignore_index=True), crs=4326
    )
    return meridian_border(countries=countries, lines=lines)


def test_a_hazard_cut_out_round_an_enclave_ends_there():
    """Its hole runs on the enclave's line, 4 · 1,000 m of it; the line is straightened at its corners by some metres."""
    around = west_of(box_m(-6500, -3500, -1500, 1500).difference(ENCLAVE))
    (row,) = find_continuations(around, NOBODY, around_an_enclave()).itertuples()
    assert (row.kind, row.cut_a, row.stretch_m) == ("nothing_opposite", True, pytest.approx(4000, rel=0.01))
    filled = find_continuations(around, east_of(ENCLAVE), around_an_enclave())
    assert filled[["kind", "cut_a", "cut_b"]].to_numpy().tolist() == [["both_end", True, True]]
    assert filled["gap_m"].tolist() == [pytest.approx(0, abs=0.1)]


def test_a_hole_behind_the_edge_of_its_own_hazard_is_no_end():
    """A hazard that reaches 500 m over the line has a hole 400 m long whose western edge, 150 m before the line, faces it."""
    through = west_of(box_m(-1000, 500).difference(box_m(-150, -50, 50, 350)))
    b = east_of(box_m(600, 900))
    assert find_continuations(through, b, meridian_border(100)).empty
    opposite = find_continuations(through, east_of(box_m(20, 900)), meridian_border(100))
    assert opposite["ends_a"].tolist() == [False]


def test_a_part_of_another_record_over_the_line_does_not_hide_a_cut():
    """h1 lies in two parts, one behind h0 and one 150 m over the line: what is on the other side is not looked for."""
    parts = shapely.MultiPolygon([box_m(-400, -300, 0, 1000), box_m(150, 250, 0, 1000)])
    table = find_continuations(west_of(box_m(-200, 0, 0, 1000), parts), NOBODY, meridian_border(100))
    assert table[["hazard_a", "kind"]].to_numpy().tolist() == [["h0", "nothing_opposite"]]
    assert table["stretch_m"].tolist() == [metres(1000)]


def test_a_line_on_the_antimeridian_is_a_line_like_any_other():
    """The countries lie on either side of 180°; 400 m of a hazard run along the line."""
    west, east = fine(shapely.box(179, SOUTH, 180, NORTH)), fine(shapely.box(-180, SOUTH, -179, NORTH))
    border = meridian_border(100)
    there = meridian_border(
        countries=border.countries.assign(geometry=[west, east]),
        lines=border.lines.assign(geometry=[shapely.LineString([(180, SOUTH), (180, NORTH)])]),
        extent=shapely.MultiPolygon([west, east]),
    )
    a = west_of(shapely.box(180 - 300 * M, LAT, 180, LAT + 400 * N))
    nobody = east_of(shapely.box(-179.5, LAT, -179.49, LAT + 0.01))
    (row,) = find_continuations(a, nobody, there).itertuples()
    assert (row.kind, row.cut_a, row.stretch_m) == ("nothing_opposite", True, metres(400))
