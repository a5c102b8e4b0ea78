"""Ground counted once by groups: answers that boxes give by hand, and laws."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from by_hand import hazards_of
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.errors import HazardgeoError, SchemaError


def box(west: float, east: float, south: float = 0, north: float = 1) -> shapely.Polygon:
    """In hundredths of a degree about 16° E 45° N; areas are asked as shares of the unit box, alike to 1 in 1000."""
    return shapely.box(16 + west / 100, 45 + south / 100, 16 + east / 100, 45 + north / 100)


UNIT_M2 = float(hz.area_m2(gpd.GeoSeries([box(0, 1)], crs=4326)).iloc[0])


def units(values: pd.Series) -> list[float]:
    return (values / UNIT_M2).round(2).tolist()


def test_a_confirmed_area_takes_its_ground_out_of_the_suspected_and_both_out_of_the_unstated():
    """Unstated 0-4, SHA 1-4, CHA 2-3, and the same CHA again: CHA 1 of a sum of 2, SHA 2 of 3, unstated 1 of 4; 4 in all."""
    frame = hazards_of(box(0, 4), box(1, 4), box(2, 3), box(2, 3), classification=["unstated", "SHA", "CHA", "CHA"])
    table = hz.net_area_by(frame, "classification")
    assert table.index.tolist() == ["CHA", "SHA", "unstated"]
    assert table["records"].tolist() == [2, 1, 1]
    assert units(table["sum_m2"]) == [2, 3, 4]
    assert units(table["net_m2"]) == [1, 2, 1]
    assert units(table["counted_twice_m2"]) == [1, 1, 3]
    assert table["net_m2"].sum() == pytest.approx(hz.net_area_m2(frame), rel=1e-9)


def test_groups_without_a_class_are_independent_and_stand_in_their_order():
    """B has 0-2 and 1-3: 3 of a sum of 4; A has 0-2: 2 of 2. What both have in common is in both."""
    frame = hazards_of(box(0, 2), box(0, 2), box(1, 3)).assign(register=["B", "A", "B"])
    table = hz.net_area_by(frame, "register")
    assert table.index.tolist() == ["B", "A"]
    assert table.index.name == "register"
    assert units(table["sum_m2"]) == [4, 2]
    assert units(table["net_m2"]) == [3, 2]
    assert units(table["counted_twice_m2"]) == [1, 0]


def test_by_several_columns_classes_add_up_within_each_group():
    """In A a CHA lies in a SHA; in B the same SHA stands alone, and A's CHA takes nothing from it."""
    frame = hazards_of(box(0, 2), box(0, 1), box(0, 2), classification=["SHA", "CHA", "SHA"])
    table = hz.net_area_by(frame.assign(register=["A", "A", "B"]), ["classification", "register"])
    assert table.index.tolist() == [("CHA", "A"), ("SHA", "A"), ("SHA", "B")]
    assert table.index.names == ["classification", "register"]
    assert units(table["net_m2"]) == [1, 1, 2]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_records_without_a_key_are_kept(missing):
    frame = hazards_of(box(0, 1), box(2, 4)).assign(country=pd.Series(["AAA", missing], dtype=object).to_numpy())
    table = hz.net_area_by(frame, "country")
    assert table["records"].sum() == 2
    assert table.index.isna().tolist() == [False, True]
    assert units(table["net_m2"]) == [1, 2]
    both = hz.net_area_by(frame, ["country", "register"])
    assert units(both["net_m2"]) == [1, 2]


@pytest.mark.parametrize("word", [None, "DHA", "unstated"])
def test_a_class_that_nobody_knows_counts_as_unstated(word):
    table = hz.net_area_by(hazards_of(box(0, 1), box(0, 3), classification=["SHA", word]), "classification")
    assert table.index.tolist() == ["SHA", "unstated"]
    assert units(table["net_m2"]) == [1, 2]


def test_what_was_not_measured_is_counted_and_is_not_0():
    frame = hazards_of(box(0, 1), None, None).assign(register=["A", "A", "B"])
    table = hz.net_area_by(frame, "register")
    assert table["records"].tolist() == [2, 1]
    assert table["unmeasured"].tolist() == [1, 1]
    assert units(table["net_m2"])[0] == 1
    assert table.loc["B", ["sum_m2", "net_m2", "counted_twice_m2"]].isna().all()


def test_a_frame_without_rows_has_no_groups():
    table = hz.net_area_by(hazards_of(box(0, 1)).iloc[:0], ["register", "classification"])
    assert table.empty
    assert table.columns.tolist() == ["records", "unmeasured", "sum_m2", "net_m2", "counted_twice_m2"]
    assert hz.net_area_by(hazards_of(box(0, 1)).iloc[:0], "country").empty


def test_the_frame_is_not_touched_and_the_figures_are_those_of_count_once():
    a, b = (hazards_of(box(0, 3), box(2, 4), register=name, classification=["SHA", "CHA"]) for name in "AB")
    b = b.set_geometry(b.geometry.translate(0.015, 0.002))
    frame = hz.combine(a, b)
    before = frame.copy()
    table, counted = hz.net_area_by(frame, "register"), hz.borders.count_once(a, b)
    pd.testing.assert_frame_equal(frame, before)
    assert table["net_m2"].tolist() == [one.net_m2 for one in counted.registers]
    classes = hz.net_area_by(frame, "classification")["net_m2"]
    assert classes.tolist() == pytest.approx(counted.by_class().loc["counted once", "once_m2"].tolist()[:2], rel=1e-12)


def test_what_cannot_be_grouped_is_refused():
    frame = hazards_of(box(0, 1))
    with pytest.raises(SchemaError, match="no column 'province'"):
        hz.net_area_by(frame, "province")
    for by in ([], ["register", "register"], "geometry"):
        with pytest.raises(HazardgeoError, match="Name one or more columns, each once"):
            hz.net_area_by(frame, by)
    with pytest.raises(SchemaError, match="more than once"):
        hz.net_area_by(pd.concat([frame, frame]), "register")


shapes = st.tuples(st.integers(0, 8), st.integers(1, 5), st.integers(0, 4), st.integers(1, 3)).map(
    lambda e: box(e[0], e[0] + e[1], e[2], e[2] + e[3])
)
records = st.lists(
    st.tuples(shapes, st.sampled_from(["CHA", "SHA", "unstated"]), st.sampled_from(["A", "B", None])), min_size=1, max_size=6
)  # fmt: skip


@settings(max_examples=60)
@given(records, st.randoms(use_true_random=False))
def test_laws(drawn, random):
    """Records in = records out; net ≤ sum, the rest is counted twice; classes add up; the order of rows is all one."""
    frame = hazards_of(*(one[0] for one in drawn), classification=[one[1] for one in drawn])
    frame = frame.assign(register=pd.Series([one[2] for one in drawn], dtype=object).to_numpy())
    table = hz.net_area_by(frame, ["register", "classification"])
    assert table["records"].sum() == len(frame)
    assert (table["net_m2"] <= table["sum_m2"] * (1 + 1e-9) + 1e-3).all()
    assert (table["net_m2"] + table["counted_twice_m2"]).tolist() == pytest.approx(table["sum_m2"].tolist(), rel=1e-9)
    assert math.fsum(table["sum_m2"]) == pytest.approx(math.fsum(hz.area_m2(frame)), rel=1e-12)
    for name, group in table.groupby(level="register", dropna=False):
        mine = frame[frame["register"].isna() if pd.isna(name) else frame["register"] == name]
        assert group["net_m2"].sum() == pytest.approx(hz.net_area_m2(mine), rel=1e-6)
    order = list(range(len(frame)))
    random.shuffle(order)
    turned = hz.net_area_by(frame.iloc[order], ["register", "classification"])
    assert sorted(turned["net_m2"]) == pytest.approx(sorted(table["net_m2"]), rel=1e-9, abs=1e-3)
