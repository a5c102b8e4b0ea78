"""Declared areas against outlines: slips made by hand, and outlines whose areas others have declared."""

from __future__ import annotations

import math
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.crs import GEOD
from hazardgeo.errors import GeometryError, HazardgeoError, SchemaError
from hazardgeo.overlay._areas._slips import _UNITS

LON, LAT = 15.0, 45.0


def box(east: float, north: float, west: float = 0, south: float = 0) -> shapely.Polygon:
    """Metres east and north of 15° E 45° N, on the ellipsoid."""
    w = math.sqrt(1 - GEOD.es * math.sin(math.radians(LAT)) ** 2)
    x, y = math.degrees(1 / (GEOD.a / w * math.cos(math.radians(LAT)))), math.degrees(w**3 / (GEOD.a * (1 - GEOD.es)))
    return shapely.box(LON + west * x, LAT + south * y, LON + east * x, LAT + north * y)


def frame_of(*shapes: object, declared: object, **columns: object) -> gpd.GeoDataFrame:
    index = [f"h{i}" for i in range(len(shapes))]
    return gpd.GeoDataFrame({"declared_area_m2": declared} | columns, geometry=list(shapes), index=index, crs=4326)


def row(shape: object, declared: float, **columns: object) -> pd.Series:
    return hz.area_discrepancy(frame_of(shape, declared=[declared], **columns)).iloc[0]


HECTARES_20 = box(500, 400)  # 200,000 m²
SECANT_2 = 1 / math.cos(math.radians(LAT)) ** 2


@pytest.mark.parametrize(
    ("declared", "slip"),
    [
        (20.0, "hectares"),
        (0.2, "square_kilometres"),
        (200.0, "dunams"),
        (100.0, "jeribs"),
        (49.42, "acres"),  # 200,000 / 4046.856
        (2_152_782.0, "square_feet"),  # 200,000 / 0.09290304
        (0.0772, "square_miles"),  # 0.2 / 2.58999
        (2_000.0, "hundreds"),
        (2e7, "hundredfold"),
        (2e8, "thousandfold"),
        (2e9, "hectares_twice"),
        (2e11, "square_kilometres_twice"),
        (20_000.0, "digit_lacking"),
        (2e6, "digit_too_many"),
        (200_000 * SECANT_2, "web_mercator"),  # whose scale is 1 / cos φ, on a sphere
        (20 * SECANT_2, "web_mercator_hectares"),
        (0.2 * SECANT_2, "web_mercator_square_kilometres"),
        (500 / 78_847 * 400 / 111_132, "square_degrees"),  # metres in a degree at 45°
        (300_000.0, ""),
        (0.0, ""),
    ],
)
def test_each_slip_by_hand(declared, slip):
    found = row(HECTARES_20, declared)
    assert (found["word"], found["slip"]) == ("differs", slip)
    assert found["ratio"] == pytest.approx(declared / 200_000, rel=1e-4)
    assert found["difference_m2"] == pytest.approx(declared - 200_000, abs=20)
    assert ("fits if it" in found["evidence"]) == bool(slip)
    if not slip:
        assert found["evidence"].endswith("No slip that is known here explains it.")


def test_a_hole_that_was_ignored():
    """A hole of 200 m by 150 m in 400 m by 300 m: 90,000 m², and 120,000 m² with the hole filled."""
    holed = box(400, 300).difference(box(300, 225, 100, 75))
    found = row(holed, 120_000.0)
    assert (found["word"], found["slip"]) == ("differs", "hole_ignored")
    assert "leaves the holes out of account" in found["evidence"]
    assert row(box(400, 300), 160_000.0)["slip"] == ""  # which has none


def test_a_small_hole_is_told_where_the_figure_has_the_digits():
    """A hole of 20 m by 20 m in 400 m by 300 m is a third of a per cent: both figures agree, one of them to its last digit."""
    shell, hole = box(400, 300), box(120, 120, 100, 100)
    filled = float(hz.area_m2(gpd.GeoSeries([shell], crs=4326)).iloc[0])
    found = row(shell.difference(hole), round(filled, 1))
    assert (found["word"], found["slip"]) == ("agrees", "hole_ignored")
    assert "With its holes filled the outline has" in found["evidence"]
    assert row(shell.difference(hole), 120_000.0)["slip"] == ""  # a figure rounded to ten thousands tells nothing


def test_an_area_taken_in_utm_or_in_its_own_grid_is_told_by_its_digits():
    """On the central meridian UTM makes areas 0.9996² as large, 800 parts per million too small: 160 of 200,000 m²."""
    frame = frame_of(HECTARES_20, declared=[0.0])
    planar = float(frame.to_crs("EPSG:32633").area.iloc[0])
    assert planar / 200_000 - 1 == pytest.approx(
        -8e-4, abs=5e-5
    )  # of a parallel, as the box has them, and of a geodesic
    found = row(HECTARES_20, round(planar, 1))
    assert (found["word"], found["slip"]) == ("agrees", "utm")
    assert "In the plane of UTM (EPSG:32633), edges straight, the outline has" in found["evidence"]
    hectares = row(HECTARES_20, round(planar / 1e4, 5))
    assert hectares["slip"] == "hectares"
    assert "In the plane of UTM (EPSG:32633)" in hectares["evidence"]
    grid = frame.to_crs("EPSG:3765")
    declared = grid.assign(declared_area_m2=grid.area.round(1))
    assert hz.area_discrepancy(declared)["slip"].tolist() == ["source_plane"]
    recorded = declared.to_crs(4326).assign(source_crs="EPSG:3765")
    assert hz.area_discrepancy(recorded)["slip"].tolist() == ["source_plane"]
    assert "In the plane of EPSG:3765, edges straight," in hz.area_discrepancy(recorded)["evidence"].iloc[0]
    assert row(HECTARES_20, 200_000.0)["slip"] == ""


@pytest.mark.parametrize("text", ["EPSG:4326", "nonsense", "+init=file", "", None])
def test_a_source_crs_that_is_no_grid_says_nothing(text):
    assert row(HECTARES_20, 20.0, source_crs=text)["slip"] == "hectares"


def test_two_slips_that_fit_are_both_named():
    """At 50.5° Web Mercator makes areas 1 / cos² = 2.4716 times as large, and an acre is 1 / 2.4711 of a hectare."""
    north = shapely.affinity.translate(HECTARES_20, 0, 5.5)
    measured = float(hz.area_m2(gpd.GeoSeries([north], crs=4326)).iloc[0])
    found = row(north, measured / 4046.856)
    assert found["slip"] == "acres"
    assert (
        "is in acres, or if it was measured in Web Mercator, the plane of web maps, and is in hectares"
        in found["evidence"]
    )


def test_what_agrees_and_what_is_not_known():
    frame = frame_of(HECTARES_20, HECTARES_20, None, box(10, 10), declared=[205_000.0, None, 5.0, 190.0])
    table = hz.area_discrepancy(frame)
    assert table["word"].tolist() == ["agrees", "not declared", "not measured", "agrees"]  # 90 m² off
    assert table["slip"].tolist() == [""] * 4
    assert table["evidence"].tolist() == [""] * 4
    assert np.isnan(table["ratio"].tolist()[1:3]).all()
    assert table.index.equals(frame.index)
    strict = hz.area_discrepancy(frame, share=0.01, m2=10)
    assert strict["word"].tolist() == ["differs", "not declared", "not measured", "differs"]


def test_the_intake_says_the_same(tmp_path):
    """One piece serves the rule and the table: the same figures, the same hint."""
    frame = frame_of(
        HECTARES_20, declared=[49.42], register="R", country="HRV", classification="SHA", work_status="open"
    )
    frame.rename_axis("hazard_id").to_file(tmp_path / "r.gpkg")
    findings = hz.intake(tmp_path / "r.gpkg").findings
    (seen,) = findings.loc[findings["rule"] == "declared-area-differs", "seen"]
    assert seen == hz.area_discrepancy(frame)["evidence"].iloc[0]


def test_what_cannot_be_compared_is_refused():
    frame = frame_of(HECTARES_20, declared=[1.0])
    with pytest.raises(SchemaError, match="no column 'declared_area_m2'"):
        hz.area_discrepancy(frame.drop(columns="declared_area_m2"))
    for value in (-1.0, math.inf):
        with pytest.raises(GeometryError, match="'h0': declared_area_m2 is negative or infinite"):
            hz.area_discrepancy(frame.assign(declared_area_m2=value))
        for name in ("share", "m2"):
            with pytest.raises(HazardgeoError, match=f"{name} is"):
                hz.area_discrepancy(frame, **{name: value})


@settings(max_examples=80)
@given(st.floats(30, 3000), st.floats(30, 3000), st.sampled_from(_UNITS), st.floats(-0.015, 0.015))
def test_a_slip_of_unit_or_digits_is_named_whatever_the_size(east, north, unit, off):
    """A figure in another unit, rounded by up to 1.5 %; at 45° no two slips lie nearer than that."""
    name, m2, _ = unit
    shape = box(east, north)
    measured = float(hz.area_m2(gpd.GeoSeries([shape], crs=4326)).iloc[0])
    found = row(shape, measured / m2 * (1 + off))
    if abs(found["difference_m2"]) > 100:
        assert found["slip"] == name
        assert found["word"] == "differs"


TRIALS = os.environ.get("HAZARDGEO_TRIALS")
needs_trials = pytest.mark.skipif(
    TRIALS is None, reason="HAZARDGEO_TRIALS names no folder of outlines with declared areas"
)


@needs_trials
def test_the_glaciers_of_the_oetztal_agree_to_their_declared_rounding():
    """Randolph Glacier Inventory 6.0: `Area` in km² to three decimals, so 500 m² either way. Three outlines touch themselves and
    are repaired first, as all their readings agree; two, divided by hand into drainage basins (_d01, _d02), declare more digits
    and areas taken otherwise, 0.07 % smaller.
    """
    glaciers = gpd.read_file(Path(str(TRIALS)) / "areas/rgi6_oetztal/rgi_oetztal.shp").set_index("RGIId")
    sound, log = hz.repair_geometry(glaciers, role="hazard")
    assert len(sound) == len(glaciers) == 20
    assert (log["action"] == "repaired").sum() == 3
    table = hz.area_discrepancy(sound.assign(declared_area_m2=(sound["Area"] * 1e6).round(3)))
    whole = ~table.index.str.contains("_d0")
    assert (table.loc[whole, "difference_m2"].abs() <= 500).all()
    assert (table["word"] == "agrees").all()
    assert (table.loc[whole, "slip"] == "").all()
    assert (table.loc[~whole, "ratio"] - 1).abs().max() < 1e-3


@needs_trials
def test_the_boroughs_of_new_york_are_recognised_as_planar_square_feet():
    """`Shape_Area` is in square US survey feet on the plane of EPSG:2263, to which it agrees to 1.4e-6; geodesic by ±1e-5."""
    folder = Path(str(TRIALS)) / "areas/nybb"
    boroughs = gpd.read_file(f"zip://{folder / 'nybb_16a.zip'}").set_index("BoroName")
    assert ((boroughs.area / boroughs["Shape_Area"] - 1).abs() < 2e-6).all()
    table = hz.area_discrepancy(hz.bring_to_wgs84(boroughs.assign(declared_area_m2=boroughs["Shape_Area"])))
    assert (table["slip"] == "square_feet").all()
    feet = table["declared_m2"] * (1200 / 3937) ** 2
    assert ((feet / table["measured_m2"] - 1).abs() < 2e-5).all()
    told = table["evidence"].str.contains(
        "In the plane of EPSG:2263 (square US survey foot), edges straight,", regex=False
    )
    assert told.sum() >= 4  # of Brooklyn the geodesic area is too near to tell
