"""What the page says of its records: confidentiality, completeness, registers, sides, relation; and how large it is."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from browser import fictional_border, fictional_findings, fictional_hazards, fictional_releases
from hypothesis import given
from hypothesis import strategies as st
from test_map import data_of, facts_of, page_of

import hazardgeo as hz
from hazardgeo.errors import MapError
from hazardgeo.maps import _assets
from hazardgeo.maps._confidentiality import LEVELS, confidentiality_line
from hazardgeo.maps._coordinates import packed
from hazardgeo.maps._page import json_block


def stating(*levels: object) -> pd.DataFrame:
    return pd.DataFrame({"confidentiality": pd.Series(levels, dtype=object)})


def test_the_strictest_level_stands_on_top_in_words() -> None:
    line = confidentiality_line([stating("public", "Internal", None), stating("confidential")])
    assert line == (
        "Confidentiality: CONFIDENTIAL, the strictest level stated (1 of 4 records; others: internal 1, public 1, "
        "not stated 1)."
    )
    page = page_of(hz.hazard_map(fictional_hazards(3).assign(confidentiality=["public", "internal", "public"])))
    header = page.split("<header")[1].split("</header>")[0]
    assert "Confidentiality: INTERNAL, the strictest level stated (1 of 3 records; others: public 2)." in header
    assert "no register was seen to publish one (unverified default)." in page.split("<details")[1]


@given(st.permutations([row[0] for row in LEVELS]), st.integers(1, len(LEVELS)))
def test_no_level_that_is_stated_is_stricter_than_the_one_on_top(order: list[str], many: int) -> None:
    stated = order[:many]
    strictest = max(stated, key=[row[0] for row in LEVELS].index)
    assert f"Confidentiality: {strictest.upper()}" in confidentiality_line([stating(*stated)])


def test_a_wording_that_is_not_known_is_quoted_and_never_ranked_below_a_known_one() -> None:
    line = confidentiality_line([stating("amber", "public", "public", "secret")])
    assert line == (
        "Confidentiality as stated: “amber” (1 record), secret (1), public (2). Keep to the strictest of them."
    )


def test_many_wordings_do_not_fill_the_page() -> None:
    line = confidentiality_line([stating(*(f"wording {i}" for i in range(200)))])
    assert line == (
        "Confidentiality as stated: “wording 0” (1 record), “wording 1” (1 record), “wording 10” (1 record), "
        "197 other wordings. Keep to the strictest of them."
    )


def test_nothing_is_said_where_nothing_is_stated() -> None:
    assert confidentiality_line([stating(None, ""), None]) == ""
    assert "Confidentiality" not in page_of(hz.hazard_map(fictional_hazards(2)))


def test_releases_count_as_well() -> None:
    releases = fictional_releases(2).assign(confidentiality=["public", "secret"])
    assert "Confidentiality: SECRET" in page_of(hz.hazard_map(fictional_hazards(1), releases=releases))


def test_the_subtitle_tells_registers_dates_and_completeness() -> None:
    hazards = fictional_hazards(4).assign(date_of_information=["2019-05-04", "2020-01-01", "2018-02-03", "2999-01-01"])
    hazards.loc["H-0003", "geometry"] = None
    page = page_of(hz.hazard_map(hazards))
    assert (
        "Information as of 2020-01-01 · oldest date 2018-02-03 · Registers: BIH-FICTIONAL, newest 2019-05-04; "
        "HRV-FICTIONAL, newest 2020-01-01 · 4 records, 1 of them without an outline and not drawn"
    ) in page
    many = fictional_hazards(5).assign(register=list("ABCDE"))
    page = page_of(hz.hazard_map(many))
    assert " · 5 registers · 5 records, all drawn" in page
    assert re.search(r"Registers: A, newest [\d-]{10}; B, .*; E, newest [\d-]{10}\.", page.split("<details")[1])


def test_countries_have_the_names_that_the_border_gives_them() -> None:
    hazards = fictional_hazards(4)
    plain, named = (data_of(page_of(hz.hazard_map(hazards, border=border))) for border in (None, fictional_border()))
    assert [one["label"] for one in plain["countries"]] == ["BIH", "HRV"]
    assert [one["label"] for one in named["countries"]] == ["Bosnia and Herzegovina (BIH)", "Croatia (HRV)"]
    assert [one["count"] for one in named["registers"]] == ["2", "2"]


def test_the_relation_needs_no_naming_and_marks_what_cannot_be_told() -> None:
    page = page_of(hz.hazard_map(fictional_hazards(2).assign(relation=["indeterminate", "near"])))
    assert ["Relation to the border", "Indeterminate"] in facts_of(page)
    assert [record.get("unsure") for record in data_of(page)["records"]] == [1, None]


def test_sides_are_those_of_split_by_country() -> None:
    hazards, border = fictional_hazards(20), fictional_border()
    sides = hz.borders.split_by_country(hazards, border)
    page = page_of(hz.hazard_map(hazards, border=border, sides=sides))
    said = [[word for word, _ in facts_of(page, i) if word.startswith("Side ")] for i in range(20)]
    expected = [
        [f"Side {side}".replace("_", " ") for side in sides.loc[sides["hazard_id"] == name, "side"]]
        for name in hazards.index
    ]
    assert said == expected


def test_sides_of_other_hazards_are_refused() -> None:
    sides = pd.DataFrame(
        {"hazard_id": ["H-0001", "X"], "side": "BIH", "area_low_m2": 0.0, "area_m2": 1.0, "area_high_m2": 2.0}
    )
    with pytest.raises(MapError, match="not on the map: X"):
        hz.hazard_map(fictional_hazards(3), sides=sides)
    with pytest.raises(MapError, match="no column 'area_low_m2'"):
        hz.hazard_map(fictional_hazards(3), sides=sides.drop(columns="area_low_m2"))


@given(
    st.lists(
        st.tuples(st.floats(-90, 90, allow_nan=False), st.floats(-180, 180, allow_nan=False)), min_size=1, max_size=20
    )
)
def test_packed_corners_come_back_to_the_last_digit(corners: list[tuple[float, float]]) -> None:
    path = [[round(lat, 7) + 0.0, round(lon, 7) + 0.0] for lat, lon in corners]
    back = np.array(packed(path, 7)).reshape(-1, 2).cumsum(axis=0) / 1e7
    assert back.tolist() == path


def test_two_hundred_hazards_with_everything_stay_within_the_budget() -> None:
    """400 KB beyond the geometry of border and base, Leaflet included; what each part weighs is printed."""
    hazards = fictional_hazards(200).assign(relation="indeterminate", confidentiality="internal")
    made = hz.hazard_map(hazards, border=fictional_border(), findings=fictional_findings())
    page = page_of(made)
    data = data_of(page)
    geometry = {name: len(json_block(data[name]).encode()) for name in ("base", "borders")}
    whole = len(page.encode())
    parts = {
        "Leaflet": len(_assets.leaflet_js()),
        "page": len(_assets.page_js().encode()),
        "records": len(json_block(data["records"])),
    }
    print(f"\n200 hazards: {whole} bytes, of which {geometry}; {parts}")
    assert whole - sum(geometry.values()) <= 400_000


def test_a_frame_without_polygons_of_one_register_is_still_described() -> None:
    hazards = gpd.GeoDataFrame(fictional_hazards(1).assign(geometry=None), geometry="geometry", crs=4326)
    assert "1 record, 1 of them without an outline and not drawn" in page_of(hz.hazard_map(hazards))
