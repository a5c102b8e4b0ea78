"""Many states at once, by hand: AAA lies west of 16° E; east of it lie BBB north and CCC south of 45.25° N."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from by_hand import LON, NORTH, SOUTH, fine, hazards_of, meridian_border

import hazardgeo as hz
from hazardgeo.borders._states._each_pair import by_register, over_pairs, stacked
from hazardgeo.borders._states._matrix import enclaves, matrix, pairs, tripoints
from hazardgeo.crs import GEOD
from hazardgeo.errors import BorderError, SchemaError

MIDDLE = 45.25
POCKET = shapely.box(15.4, 45.0, 15.5, 45.1)  # of BBB, within AAA


def parallel(west: float, east: float, lat: float) -> shapely.LineString:
    return fine(shapely.LineString([(west, lat), (east, lat)]))


def three_states() -> hz.BorderSet:
    west = shapely.difference(fine(shapely.box(15, SOUTH, LON, NORTH)), fine(POCKET))
    north = fine(shapely.box(LON, MIDDLE, 17, NORTH))
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "BBB", "CCC"], "name": ["A", "B", "C"], "claimants": ""},
        geometry=[west, shapely.MultiPolygon([north, fine(POCKET)]), fine(shapely.box(LON, SOUTH, 17, MIDDLE))],
        crs=4326,
    )
    lines = gpd.GeoDataFrame(
        {"country_a": ["AAA", "AAA", "BBB", "AAA"], "country_b": ["BBB", "CCC", "CCC", "BBB"], "claimants": "",
         "status": ["agreed", "agreed", "unstated", "delimited"], "offset_95_m": [100.0, 50.0, 30.0, 200.0],
         "offset_evidence": "by construction"},
        geometry=[
            shapely.LineString([(LON, MIDDLE), (LON, NORTH)]), shapely.LineString([(LON, SOUTH), (LON, MIDDLE)]),
            parallel(LON, 17, MIDDLE), fine(POCKET).exterior,
        ],
        crs=4326,
    )  # fmt: skip
    return meridian_border(countries=countries, lines=lines, codes=("AAA", "BBB", "CCC"))


def test_pairs_by_hand():
    """A parallel with vertices 0.01° apart is their geodesics; AAA–BBB is the meridian and the ring of the enclave."""
    border = three_states()
    table = pairs(["CCC", "AAA", "BBB", "DDD"], border)
    assert table.index.tolist() == ["AAA-BBB", "AAA-CCC", "AAA-DDD", "BBB-CCC", "BBB-DDD", "CCC-DDD"]
    assert table["shared"].tolist() == [True, True, False, True, False, False]
    ring = GEOD.geometry_length(fine(POCKET).exterior)
    lengths = [GEOD.inv(LON, MIDDLE, LON, NORTH)[2] + ring, GEOD.inv(LON, SOUTH, LON, MIDDLE)[2]]
    assert table.loc[["AAA-BBB", "AAA-CCC"], "length_km"].tolist() == pytest.approx(
        [m / 1000 for m in lengths], rel=1e-6
    )
    steps = GEOD.line_length(np.arange(0, 100.5) / 100 + LON, np.full(101, MIDDLE))
    assert table.loc["BBB-CCC", "length_km"] == pytest.approx(steps / 1000, rel=1e-6)
    assert table.loc["AAA-BBB", ["status", "offset_95_m"]].tolist() == ["agreed;delimited", 200]
    assert table["length_km"].isna().tolist() == [False, False, True, False, True, True]
    assert table.loc["AAA-DDD", "why"] == "DDD is not in this set (by hand 2026-01-01)."
    assert (table["length_mi"] * 1.609344).dropna().tolist() == pytest.approx(table["length_km"].dropna().tolist())
    assert set(table["source"]) == {"by hand"}


def test_pairs_of_hazards_are_those_of_the_countries_that_report_them():
    hazards = hazards_of(POCKET, POCKET).assign(country=["BBB", "AAA"])
    table = pairs(hazards, three_states())
    assert table.index.tolist() == ["AAA-BBB"]
    with pytest.raises(BorderError, match="named: AAA"):
        pairs(hazards.assign(country="AAA"), three_states())
    with pytest.raises(SchemaError, match="country"):
        pairs(hazards.drop(columns="country"), three_states())


def test_matrix_is_square_and_the_same_both_ways():
    square = matrix(pairs(["AAA", "BBB", "CCC", "DDD"], three_states()))
    assert square.shape == (4, 4)
    assert square.equals(square.T.rename_axis(index="country_a", columns="country_b"))
    assert square["DDD"].isna().all()
    assert np.isnan(np.diag(square)).all()


def test_of_the_countries_on_the_mekong_two_share_no_line():
    table = pairs(["THA", "VNM", "KHM", "LAO"], hz.borders.load("KHM", "LAO", "THA", "VNM"))
    assert table.index[~table["shared"]].tolist() == ["THA-VNM"]
    assert table.loc["THA-VNM", "why"].startswith("They share no land line in OpenStreetMap")


def test_contested_ground_between_two_without_a_line():
    border = three_states()
    lines = border.lines.iloc[[2]].assign(country_b="disputed", claimants="BBB;CCC", status="disputed")
    extra = gpd.GeoDataFrame(
        {"code": ["disputed"], "name": [""], "claimants": ["BBB;CCC"]},
        geometry=[shapely.box(18, 45, 18.1, 45.1)],
        crs=4326,
    )
    contested = meridian_border(
        countries=pd.concat([border.countries, extra], ignore_index=True), lines=lines, codes=("AAA", "BBB", "CCC")
    )  # fmt: skip
    row = pairs(["BBB", "CCC"], contested).loc["BBB-CCC"]
    assert not row["shared"]
    assert row["contested_km"] == pytest.approx(pairs(["BBB", "CCC"], border)["length_km"].iloc[0])
    assert row["why"].endswith("and both claim ground in it.")


def test_the_tripoint_by_hand():
    found = tripoints(three_states())
    assert found["countries"].tolist() == ["AAA;BBB;CCC"]
    assert shapely.get_coordinates(found.geometry.iloc[0]).tolist() == [[LON, MIDDLE]]
    assert found["offset_95_m"].tolist() == [100]
    assert found["contested"].tolist() == [False]
    assert tripoints(meridian_border()).empty


def test_tripoints_of_two_versions_are_the_same_places():
    """The two versions know the same meeting places; an offset holds at 95 %, so twice of it is allowed to each."""
    sets = [hz.borders.load("KHM", "LAO", "THA", "VNM", source=source) for source in hz.borders.SOURCES]
    one, other = (tripoints(border).set_index("countries") for border in sets)
    assert one.index.tolist() == other.index.tolist()
    for name in ("KHM;LAO;THA", "KHM;LAO;VNM"):
        place, there = one.geometry[name], other.geometry[name]
        reach = math.hypot(one["offset_95_m"][name], other["offset_95_m"][name])
        assert GEOD.inv(place.x, place.y, there.x, there.y)[2] < 2 * reach


def test_the_enclave_by_hand():
    found = enclaves(three_states())
    assert found[["country", "within"]].to_numpy().tolist() == [["BBB", "AAA"]]
    assert found["area_m2"].iloc[0] == pytest.approx(abs(GEOD.geometry_area_perimeter(fine(POCKET))[0]), rel=1e-9)
    assert enclaves(meridian_border()).empty


def test_an_enclave_that_only_the_detailed_version_has():
    """Sastavci, a part of Bosnia and Herzegovina within Serbia, about 4 km²."""
    osm, other = (enclaves(hz.borders.load("HRV", "BIH", source=source)) for source in hz.borders.SOURCES)
    row = osm.set_index(["country", "within"]).loc[("BIH", "SRB")]
    assert row["area_m2"] == pytest.approx(4e6, rel=0.05)
    assert row.geometry.covers(shapely.Point(19.41, 43.556))
    assert other.empty


BOX = shapely.box(16, 45, 16.01, 45.01)


def three_registers() -> gpd.GeoDataFrame:
    frames = [hazards_of(BOX, register=name, vertex_sd_m=0.0) for name in ("C", "A", "B")]
    return hz.combine(*frames)


def test_every_two_of_three_registers_once():
    answers = over_pairs(hz.borders.overlaps, three_registers())
    assert list(answers) == [("A", "B"), ("A", "C"), ("B", "C")]
    table = stacked(answers)
    assert table[["register_a", "register_b"]].to_numpy().tolist() == [["A", "B"], ["A", "C"], ["B", "C"]]
    assert table["hazard_a"].tolist() == ["A/h0", "A/h0", "B/h0"]
    assert table["share_a"].tolist() == pytest.approx([1, 1, 1])


def test_options_go_on_to_the_function():
    answers = over_pairs(lambda a, b, more, *, times: (len(a) + len(b)) * times + more, three_registers(), 1, times=2)
    assert list(answers.values()) == [5, 5, 5]


def test_values_with_a_table_are_stacked_with_their_names():
    table = stacked(over_pairs(hz.borders.count_once, three_registers()))
    assert len(set(table.loc[table["register"] == "counted once", "net_m2"].round(3))) == 1
    assert set(zip(table["register_a"], table["register_b"], strict=True)) == {("A", "B"), ("A", "C"), ("B", "C")}


def test_nothing_found_keeps_its_columns():
    far = three_registers()
    far = far.set_geometry([shapely.box(x, 45, x + 0.01, 45.01) for x in (16, 17, 18)], crs=4326)
    table = stacked(over_pairs(hz.borders.overlaps, far))
    assert table.empty
    assert {"register_a", "hazard_a", "area_m2"} <= set(table.columns)


def test_every_record_is_in_one_register_and_an_empty_one_can_be_named():
    registers = by_register(three_registers(), names=["A", "D"])
    assert list(registers) == ["A", "B", "C", "D"]
    assert sum(map(len, registers.values())) == 3
    assert registers["D"].empty


def test_one_register_is_no_pair():
    with pytest.raises(SchemaError, match=r"Registers: REG. Combine the registers"):
        over_pairs(hz.borders.overlaps, hazards_of(BOX))
    with pytest.raises(KeyError, match="no table"):
        stacked({})


def test_an_enclave_in_two_polygons_or_partly_disputed_is_one():
    """The pocket in halves that adjoin, and with its southern half disputed: then its northern half is what lies within AAA."""
    border = three_states()
    west, north_and_pocket, south = border.countries.geometry
    north = max(shapely.get_parts(north_and_pocket), key=shapely.area)
    halves = [fine(shapely.box(15.4, 45.0, 15.5, 45.05)), fine(shapely.box(15.4, 45.05, 15.5, 45.1))]
    for codes, enclave in ((["BBB", "BBB"], POCKET), (["disputed", "BBB"], halves[1])):
        countries = gpd.GeoDataFrame(
            {"code": ["AAA", "BBB", "CCC", *codes], "name": "", "claimants": ""},
            geometry=[west, north, south, *halves],
            crs=4326,
        )
        found = enclaves(meridian_border(countries=countries, lines=border.lines, codes=("AAA", "BBB", "CCC")))
        assert found[["country", "within"]].to_numpy().tolist() == [["BBB", "AAA"]]
        assert found["area_m2"].tolist() == [
            pytest.approx(abs(GEOD.geometry_area_perimeter(fine(enclave))[0]), rel=1e-6)
        ]


def test_records_without_a_register_are_told_as_unstated():
    hazards = hazards_of(*[POCKET] * 3).assign(register=["B", None, "A"])
    registers = by_register(hazards)
    assert {name: len(one) for name, one in registers.items()} == {"A": 1, "B": 1, "unstated": 1}
    assert list(over_pairs(lambda a, b: len(a) + len(b), hazards)) == [("A", "B"), ("A", "unstated"), ("B", "unstated")]
