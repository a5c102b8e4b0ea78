"""The rules on records that are well-formed: each with a record that it must speak of and one that it must not.

Near the equator a degree of longitude is 111 319.49 m and a degree of latitude 110 574.3 m (WGS 84: a = 6 378 137 m,
a · π / 180, and a (1 − e²) · π / 180 with e² = 0.00669438), so that lengths and areas can be worked out by hand.
"""

from __future__ import annotations

import datetime
import math
import re

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
from hazardgeo import constants
from hazardgeo.errors import HazardgeoError
from hazardgeo.registers._rules import (
    RULES,
    Seen,
    Thresholds,
    between,
    declare,
    repeated_parts,
    rules,
    zone_prefix,
)
from hazardgeo.registers._rules._rings import Rings
from hazardgeo.schema import HAZARDS, SCHEMAS
from hazardgeo.sources import Grade, Source
from hazardgeo.vocabulary import SEVERITY

LON_M, LAT_M = 111_319.49, 110_574.3
TODAY = datetime.date(2026, 1, 15)
AT = (0.501234, 0.000123)  # a place near the equator whose coordinates are not round
L_SHAPE = [(0, 0), (300, 0), (300, 100), (120, 140), (90, 400), (10, 380), (-20, 200)]
"""Seven corners, in metres, of an outline that nobody draws twice."""


def metres(corners, at=AT, **moved):
    """A polygon near the equator from corners in metres."""
    east, north = moved.get("east", 0.0), moved.get("north", 0.0)
    return shapely.Polygon([(at[0] + (x + east) / LON_M, at[1] + (y + north) / LAT_M) for x, y in corners])


def box(width, height, **moved):
    return metres([(0, 0), (width, 0), (width, height), (0, height)], **moved)


def regular(n, radius):
    return [(radius * math.cos(2 * math.pi * k / n), radius * math.sin(2 * math.pi * k / n)) for k in range(n)]


def seen_of(frame, *, schema=HAZARDS, shapes=None, crs=4326, countries=None, **thresholds):
    recorded = np.asarray(frame.geometry.array if shapes is None else shapes, dtype=object)
    return Seen(frame, schema, recorded, pyproj.CRS(crs), Thresholds(**thresholds), countries, TODAY)


def hits(rule, *shapes, **options):
    """What a rule says: (id, words) for each record that it speaks of."""
    given_to = {key: options.pop(key) for key in ("schema", "shapes", "crs", "countries") if key in options}
    thresholds = {key: options.pop(key) for key in list(options) if key in Thresholds.__dataclass_fields__}
    seen = seen_of(hazards_of(*shapes, **options), **given_to, **thresholds)
    return [("" if hit.at is None else seen.ids[hit.at], hit.seen) for hit in RULES[rule].find(seen)]


def who(found):
    return [record for record, *_ in found]


# --- the catalogue -----------------------------------------------------------------------------------------------


def test_every_rule_says_what_it_finds_what_that_means_and_where_it_comes_from():
    table = rules()
    assert list(table.columns) == ["name", "severity", "scope", "what", "means", "source", "grade"]
    assert set(table["name"]) == set(RULES)
    assert set(table["severity"]) <= set(SEVERITY.words)
    assert set(table["grade"]) <= set(map(str, Grade))
    assert table["scope"].drop_duplicates().tolist() == ["file", "cell", "geometry", "record", "register"]
    for column in ("what", "means"):
        assert table[column].str.fullmatch(r"[A-Z].*[.)]", flags=re.DOTALL).all(), column
        assert not table[column].str.endswith("!").any()
    assert table["name"].str.fullmatch("[a-z]+(-[a-z]+)+").all()


def test_a_rule_is_entered_once():
    with pytest.raises(ValueError, match="id-twice is entered twice"):
        declare("id-twice", "note", "file", "What.", "Means.", Source("nobody", Grade.ASSUMED))


def test_every_threshold_is_a_constant_with_a_source():
    values = {constant.value for constant in vars(constants).values() if isinstance(constant, constants.Constant)}
    assert all(value in values for value in vars(Thresholds()).values())


@pytest.mark.parametrize(
    ("given_as", "why"),
    [
        ({"edge_m": 0}, "edge_m is 0. Give a number above 0"),
        ({"edge_m": math.nan}, "above 0"),
        ({"zero_m": math.inf}, "above 0"),
        ({"cover_share": 1.2}, "Give a share"),
        ({"twin_nearest_m": 3000.0}, "not below twin_farthest_m"),
    ],
)
def test_a_threshold_that_cannot_be_one_is_refused(given_as, why):
    with pytest.raises(HazardgeoError, match=why):
        Thresholds(**given_as)


def test_no_rule_stumbles_over_points_or_over_no_records_at_all():
    border = meridian_border().countries
    points = hazards_of(shapely.Point(15.123456, 45.123456), shapely.MultiPoint([(15.2123456, 45.2123456)]))
    for rule in RULES.values():
        if rule.find:
            assert not list(rule.find(seen_of(points, countries=border))), rule.name
            for schema in SCHEMAS.values():
                assert not list(rule.find(seen_of(points.iloc[:0], schema=schema, countries=border))), rule.name


# --- measuring many at once --------------------------------------------------------------------------------------


@given(
    st.floats(-179, 179), st.floats(-80, 80), st.floats(10, 5000),
    st.lists(st.floats(0.5, 1.0), min_size=5, max_size=12),
)  # fmt: skip
def test_areas_and_lengths_at_once_are_the_geodesic_ones(lon, lat, radius, reach):
    """Against Karney's geodesics (hazardgeo.area_m2, perimeter_m), to the 1e-3 that is claimed."""
    per_lon = LON_M * math.cos(math.radians(lat))
    star = zip(regular(len(reach), radius), reach, strict=True)
    outline = [(lon + x * part / per_lon, lat + y * part / LAT_M) for (x, y), part in star]
    hole = [(lon + x / 4 / per_lon, lat + y / 4 / LAT_M) for x, y in regular(5, radius)]
    shape = shapely.Polygon(outline, [hole])
    frame = gpd.GeoSeries([shape], crs=4326)
    rings = Rings(np.array([shape], dtype=object))
    assert rings.area_m2[0] == pytest.approx(hz.area_m2(frame)[0], rel=1e-3)
    assert rings.perimeter_m[0] == pytest.approx(hz.perimeter_m(frame)[0], rel=1e-3)


def test_across_the_antimeridian_nothing_is_as_wide_as_the_globe():
    """0.01° by 0.01° at the equator, on either side of 180°: 1 113.19 m by 1 105.74 m."""
    across = shapely.Polygon([(179.995, 0), (-179.995, 0), (-179.995, 0.01), (179.995, 0.01)])
    rings = Rings(np.array([across], dtype=object))
    assert rings.area_m2[0] == pytest.approx(1113.19 * 1105.74, rel=1e-4)
    assert not hits("edge-long", across)


# --- outlines ----------------------------------------------------------------------------------------------------


def test_an_edge_beyond_five_kilometres_is_named_by_its_corners():
    assert not hits("edge-long", box(4_999, 100))
    ((record, words),) = hits("edge-long", box(100, 100), box(5_001, 100))
    assert record == "h1"
    assert words.startswith(
        "The edge from corner 1 to corner 2 is 5001 m long, and 1 more of its edges are longer than"
    )
    assert hits("edge-long", box(600, 100), edge_m=500)


def test_the_edge_that_closes_a_ring_and_the_edge_of_a_hole_are_found():
    closing = metres([(0, 0), (0, 100), (3_000, 200), (6_000, 100), (6_000, 0)])
    assert "from corner 5 to corner 1 is 6000 m" in hits("edge-long", closing)[0][1]
    holed = metres([(0, 0), (4_000, -4_000), (8_000, 0), (4_000, 4_000), (400, 400)])
    hole = box(7_000, 10, east=500, north=0)
    ((_, words),) = hits("edge-long", holed.difference(hole), edge_m=6_500.0)
    assert "of its ring 2" in words


def test_a_corner_that_stands_twice_is_counted_to_a_millionth_of_a_degree():
    def with_repeat(gap):
        x, y = AT
        return shapely.Polygon([(x, y), (x + 0.01, y), (x + 0.01, y + gap), (x + 0.01, y + 0.01), (x, y + 0.01)])

    assert hits("point-repeated", with_repeat(0.9e-6)) == [("h0", "Corner 2 stands twice.")]
    assert not hits("point-repeated", with_repeat(1.1e-6))


def test_last_two_corners_that_are_the_first_two_again_are_found():
    x, y = AT
    begun = [(x, y), (x + 0.01, y), (x + 0.01, y + 0.01), (x, y + 0.01)]
    again = [(x + 5e-7, y + 5e-7), (x + 0.01 - 5e-7, y + 5e-7)]
    assert hits("point-repeated", shapely.Polygon(begun + again)) == [("h0", "Corner 5 stands twice.")]
    assert not hits("point-repeated", shapely.Polygon(begun))


def test_a_drawn_circle_is_told_from_shapes_that_are_walked():
    circle = metres(regular(36, 100))
    ((record, words),) = hits("outline-circle", metres(L_SHAPE), circle)
    assert (record, words) == ("h1", "Its outline is a circle of 100 m radius.")  # √(18 sin 10° / π) · 100 = 99.75
    assert not hits("outline-circle", circle, geometry_kind="symbolic")
    assert hits("outline-circle", circle, geometry_kind="digitised")


@pytest.mark.parametrize(
    "corners",
    [
        regular(4, 100),
        regular(6, 100),
        regular(11, 100),
        # A square with twelve more corners along its sides: its quotient is π/4 = 0.785, that of a 16-gon 0.987.
        [(x, 0) for x in (0, 25, 50, 75)] + [(100, y) for y in (0, 25, 50, 75)]
        + [(x, 100) for x in (100, 75, 50, 25)] + [(0, y) for y in (100, 75, 50, 25)],
        [(2 * x, y) for x, y in regular(36, 100)],
    ],
)  # fmt: skip
def test_regular_and_rounded_shapes_of_the_field_are_no_circles(corners):
    assert not hits("outline-circle", metres(corners))


def test_a_part_that_stands_twice_is_found_whatever_its_first_corner_and_direction():
    a, b = box(100, 100), box(100, 100, east=500)
    turned = shapely.Polygon([*reversed(list(a.exterior.coords)[2:]), a.exterior.coords[1]])
    shapes = np.array(
        [shapely.MultiPolygon([a, b]), shapely.MultiPolygon([a, b, turned]), shapely.MultiPolygon([a, box(90, 90, east=100)]), a],
        dtype=object,
    )  # fmt: skip
    assert [(hit.at, hit.seen) for hit in repeated_parts(shapes)] == [(1, "1 of its 3 parts stand twice.")]


# --- values ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "slip"),
    [
        (20_900.0, None),  # 4.5 % more than 200 m × 100 m = 20 000 m²
        (2.0, "is in hectares"),
        (0.02, "is in km²"),
        (20.0, "in thousands of m²"),
        (20.3, "in thousands of m²"),
        (4.942, "is in acres"),  # 20 000 / 4 046.86
        (215_278.0, "is in square feet"),  # 20 000 / 0.092903
        (20_000_000.0, "1,000 times too large"),
        (200_000_000.0, "from hectares twice"),
        (2_000.0, "lacks a digit"),
        (200_000.0, "has a digit too many"),
        (31_000.0, ""),
        (0.0, ""),
    ],
)
def test_a_declared_area_that_does_not_fit_names_the_slip_that_does(declared, slip):
    found = hits("declared-area-differs", box(200, 100), declared_area_m2=declared)
    assert len(found) == (slip is not None)
    if slip:
        assert slip in found[0][1]
    elif found:
        assert "fits if" not in found[0][1]


def test_a_declared_area_is_left_alone_where_it_is_missing_or_near_or_there_is_no_outline():
    assert not hits("declared-area-differs", box(200, 100), declared_area_m2=np.nan)
    assert not hits("declared-area-differs", box(10, 10), declared_area_m2=190.0)  # 90 m² off, and a third
    assert hits("declared-area-differs", box(10, 10), declared_area_m2=190.0, declared_off_m2=80.0)


def test_areas_that_no_one_records_are_found():
    wide = box(30_000, 20_000)  # 600 km²
    fine = box(20_000, 20_000)  # 400 km²
    assert who(hits("area-implausible", fine, wide, box(0.9, 0.9), box(1.1, 1.1))) == ["h1", "h2"]


def test_an_accuracy_wider_than_the_shape_is_found_unless_the_shape_is_a_symbol():
    """A square of 100 m has the area of a circle of 56.4 m radius."""
    square = box(100, 100)
    assert not hits("accuracy-exceeds-shape", square, vertex_sd_m=56.0)
    assert "a circle of its area has a radius of 56 m" in hits("accuracy-exceeds-shape", square, vertex_sd_m=57.0)[0][1]
    assert not hits("accuracy-exceeds-shape", square, vertex_sd_m=57.0, geometry_kind="symbolic")
    assert not hits("accuracy-exceeds-shape", square, vertex_sd_m=np.nan)


def test_dates_of_the_future_and_from_before_1914_are_found():
    day = [pd.Timestamp(text) for text in ("2026-01-15", "2026-01-16", "1914-01-01", "1913-12-31", "NaT")]
    shapes = [box(100, 100)] * 5
    assert who(hits("date-in-future", *shapes, date_of_information=day)) == ["h1"]
    assert who(hits("date-too-early", *shapes, date_of_information=day)) == ["h3"]
    assert who(hits("date-too-early", *shapes, date_of_information=day, earliest_year=1910)) == []


def releases(*shapes, **columns):
    frame = hazards_of(*shapes).drop(columns=["classification", "work_status"])
    frame.index = pd.Index([f"r{i}" for i in range(len(shapes))], name="release_id", dtype=object)
    return frame.assign(**({"kind": "cleared", "hazard_id": "h0"} | columns))


def release_hits(rule, frame):
    seen = seen_of(frame, schema=SCHEMAS["releases"])
    return [("" if hit.at is None else seen.ids[hit.at], hit.seen) for hit in RULES[rule].find(seen)]


def test_work_that_ended_before_it_began_is_found():
    started = [pd.Timestamp("2024-03-01")] * 3
    completed = [pd.Timestamp(text) for text in ("2024-03-01", "2024-02-29", "NaT")]
    frame = releases(*[box(100, 100)] * 3, started_on=started, completed_on=completed)
    assert release_hits("dates-reversed", frame) == [
        ("r1", "It was completed on 2024-02-29 and started on 2024-03-01.")
    ]
    assert not release_hits("dates-reversed", frame.drop(columns="started_on"))


def test_a_missing_depth_is_told_by_record_or_once_for_all():
    shapes = [box(100, 100)] * 3
    some = releases(*shapes, kind=["cleared", "cleared", "cancelled"], depth_m=[0.2, np.nan, np.nan])
    assert who(release_hits("depth-missing", some)) == ["r1"]
    none = some.drop(columns="depth_m")
    assert release_hits("depth-missing", none) == [
        ("", "None of the 2 cleared releases of this layer states its depth.")
    ]
    assert not hits("depth-missing", *shapes)


# --- coordinates -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decimals", "count", "off"),
    [
        (3, "3 decimals", "157 m"),  # hypot(111.32, 110.57) m
        (2, "2 decimals", "1569 m"),
        (1, "1 decimal", "15.7 km"),
        (0, "no decimals", "156.9 km"),
    ],
)
def test_coordinates_without_four_decimals_are_cut(decimals, count, off):
    step = 10.0**-decimals
    corner = np.array([(3, 2), (7, 2), (8, 5), (3, 5)]) * step
    assert hits("coordinates-cut", shapely.Polygon(corner))[0][1] == (
        f"Its coordinates have {count} of a degree: a place may be off by {off}."
    )
    corner[2] += 0.0001
    assert not hits("coordinates-cut", shapely.Polygon(corner))
    assert who(hits("coordinates-cut", shapely.Polygon(corner), decimals=5)) == ["h0"]


def test_a_box_of_round_coordinates_was_drawn_and_is_only_noted():
    """Whoever draws a cell of a map's grid writes 16.01 and means it; a triangle so written has lost its decimals."""
    drawn, cut = shapely.box(16, 45, 16.01, 45.02), shapely.Polygon([(16, 45), (16.01, 45), (16.01, 45.02)])
    assert (len(hits("coordinates-cut", drawn)), len(hits("outline-box", drawn))) == (0, 1)
    assert (len(hits("coordinates-cut", cut)), len(hits("outline-box", cut))) == (1, 0)
    assert not hits("outline-box", shapely.box(16.0001, 45, 16.01, 45.02))


def test_grid_coordinates_in_hundreds_are_cut_and_in_tens_rounded():
    def grid(step):
        return np.array([shapely.Polygon(np.array([(5000, 49000), (5030, 49000), (5030, 49021)]) * step)], dtype=object)

    shape = box(100, 100)
    for step, rule in ((100, "coordinates-cut"), (10, "coordinates-rounded"), (1, None)):
        for name in ("coordinates-cut", "coordinates-rounded"):
            assert bool(hits(name, shape, shapes=grid(step), crs=32633)) == (name == rule), (step, name)
    assert not hits("coordinates-rounded", box(100, 100))


def packed(degrees):
    """Degrees, minutes and seconds one after the other, as a hasty hand writes them: 45.5042 is 45.301512 so."""
    seconds = np.round(np.abs(degrees) * 3600, 2)
    whole, rest = np.divmod(seconds, 3600)
    minutes, seconds = np.divmod(rest, 60)
    return np.sign(degrees) * (whole + minutes / 100 + seconds / 10_000)


def places(count, seed, spread=1.0):
    random = np.random.default_rng(seed)
    corner = np.column_stack([random.uniform(18, 18 + spread, count), random.uniform(-45, -45 + spread, count)])
    return [corner[i] + np.array([(0, 0), (0.0021, 0.0003), (0.0017, 0.0024)]) for i in range(count)]


@given(st.integers(0, 10_000))
def test_minutes_written_as_decimals_are_told_once_for_the_layer(seed):
    corners = places(30, seed)
    found = hits("minutes-as-decimals", *[shapely.Polygon(packed(xy)) for xy in corners])
    assert who(found) == [""]
    assert "30 records" in found[0][1]
    assert not hits("minutes-as-decimals", *[shapely.Polygon(xy) for xy in corners])


def test_few_or_crowded_places_and_cut_ones_prove_nothing_of_minutes():
    """Corners within one minute share their first decimals: they are one trial, not many."""
    assert not hits("minutes-as-decimals", *[shapely.Polygon(packed(xy)) for xy in places(3, 1)])
    crowded = [shapely.Polygon(xy / 1e3 + np.array([18.2, 45.2])) for xy in places(40, 1)]
    assert not hits("minutes-as-decimals", *crowded)
    cut = [shapely.Polygon(np.floor(packed(xy * 40)) / 100) for xy in places(40, 1)]
    assert not hits("minutes-as-decimals", *cut)
    grid = np.array([shapely.Polygon(packed(xy)) for xy in places(30, 1)], dtype=object)
    assert not hits("minutes-as-decimals", *grid, shapes=grid, crs=32633)


def test_a_corner_at_zero_is_found_within_a_kilometre():
    far = shapely.Polygon([(0.0091, 0), (0.02, 0), (0.02, 0.01)])  # 1 013 m
    near = shapely.Polygon([(0.0089, 0), (0.02, 0), (0.02, 0.01)])  # 991 m
    lost = shapely.Polygon([(0, 0), (18.1, 45.1), (18.2, 45.1)])
    found = hits("place-zero", far, near, lost)
    assert found == [
        ("h1", "2 of its points lie within 1000 m of longitude 0, latitude 0."),
        ("h2", "2 of its points lie within 1000 m of longitude 0, latitude 0."),
    ]


@pytest.mark.parametrize(
    ("easting", "crs", "seen"),
    [
        (5_512_345.0, 8677, None),
        (512_345.0, 8677, "carry no zone number; those of MGI 1901 / Balkans zone 5 begin with 5"),
        (6_412_345.0, 8677, "begin with 6; those of MGI 1901 / Balkans zone 5 begin with 5"),
        (11_512_345.0, 28412, "begin with 11; those of Pulkovo 1942 / Gauss-Kruger zone 12 begin with 12"),
        (512_345.0, 32633, None),
        (512_345.0, 3765, None),
        (16.1, 4326, None),
    ],
)
def test_eastings_must_begin_with_the_number_of_their_zone(easting, crs, seen):
    shapes = np.array([shapely.box(easting, 4_950_000, easting + 100, 4_950_100)], dtype=object)
    found = [hit.seen for hit in zone_prefix(shapes, pyproj.CRS(crs))]
    assert len(found) == (seen is not None)
    assert all(seen in words for words in found)


def test_exchanged_axes_are_suggested_where_the_northing_bears_the_zone():
    swapped = np.array([shapely.box(4_950_000, 5_512_345, 4_950_100, 5_512_445)], dtype=object)
    (hit,) = zone_prefix(swapped, pyproj.CRS(8677))
    assert hit.remedy.startswith("Check whether easting and northing are exchanged.")


# --- countries ---------------------------------------------------------------------------------------------------


def at(lon, lat, size=0.002):
    return shapely.Polygon([(lon, lat), (lon + size, lat + size / 7), (lon + size / 3, lat + size)])


def test_a_place_in_the_wrong_part_of_the_world_says_what_would_bring_it_home():
    """AAA is 15° to 16° E, 44.5° to 46° N; at 45° N a degree of longitude is 78 847 m."""
    shapes = [
        at(15.5123, 45.2123),
        at(45.2123, 15.5123),
        at(-15.5123, 45.2123),
        at(15.5123, -45.2123),
        at(16 + 4_900 / 78_847, 45.0),
        at(16 + 5_100 / 78_847, 45.0),
        at(17.5, 45.2),
    ]
    countries = meridian_border().countries
    found = {rule: hits(rule, *shapes, countries=countries) for rule in RULES if rule.startswith("place-")
             if RULES[rule].find}  # fmt: skip
    assert {rule: who(records) for rule, records in found.items()} == {
        "place-swapped": ["h1"],
        "place-sign-lost": ["h2", "h3"],
        "place-outside-country": ["h5", "h6"],
        "place-zero": [],
    }
    assert found["place-swapped"][0][1].endswith("outside AAA; inside it if latitude and longitude are exchanged.")
    assert "outside AAA by 5100 m" in found["place-outside-country"][0][1]
    assert "outside AAA by 117.9 km" in found["place-outside-country"][1][1]  # 1.5° at 45.2° N: 78 573 m a degree


def test_without_countries_or_with_others_no_place_is_wrong():
    far = at(100.123, 10.123)
    assert not hits("place-outside-country", far)
    assert not hits("place-outside-country", far, country="CCC", countries=meridian_border().countries)


def test_an_outline_that_stops_at_a_border_is_noted():
    """A side of 0.01° (1 112 m at 45° N) of a square-like outline on the meridian between AAA and BBB."""
    countries = meridian_border().countries
    stops = shapely.box(15.99, 45.0, 16.0, 45.01)
    crosses = shapely.box(15.995, 45.0, 16.005, 45.01)
    beside = shapely.box(15.99, 45.0, 16.0 - 2 / 78_847, 45.01)
    ((record, words),) = hits("outline-along-border", crosses, stops, beside, countries=countries)
    assert record == "h1"
    assert (
        words == "1113 m of its outline (29%) run along the edge of AAA and BBB."
    )  # 1 111.4 + 2 · 1 of 2 (1 111.4 + 788.3)
    assert not hits("outline-along-border", stops)


@pytest.mark.parametrize(("file", "prefix"), [("bih_register.gpkg", "BIH-"), ("hrv_register.geojson", "HR-")])
def test_the_outlines_cut_off_in_the_samples_are_exactly_those_found(file, prefix):
    """The samples' README lists them; it was written by the program that cut them off."""
    frame = gpd.read_file(hz.sample_data(file)).set_index("hazard_id")
    seen = Seen(
        frame.to_crs(4326), HAZARDS, np.asarray(frame.geometry.array, dtype=object), frame.crs, Thresholds(),
        hz.borders.load("HRV", "BIH").countries, TODAY,
    )  # fmt: skip
    lines = hz.sample_data("README.md").read_text(encoding="utf-8").splitlines()
    listed = " ".join(line for line in lines if line.startswith("- outlines cut off along the line"))
    cut = {record for record in re.findall(r"[A-Z]+-\d+", listed) if record.startswith(prefix)}
    beyond = set(re.findall(r"[A-Z]+-\d+ with ([A-Z]+-\d+)", listed))
    assert {seen.ids[hit.at] for hit in RULES["outline-along-border"].find(seen)} == cut | {
        record for record in beyond if record.startswith(prefix)
    }


# --- several records ---------------------------------------------------------------------------------------------


@given(st.integers(0, 6), st.booleans())
def test_an_outline_that_stands_twice_is_found_whatever_its_first_corner_and_direction(first, reverse):
    corners = L_SHAPE[first:] + L_SHAPE[:first]
    again = metres(corners[::-1] if reverse else corners)
    assert hits("outline-repeated", metres(L_SHAPE), box(50, 50), again) == [
        ("h2", "Its outline is that of 'h0', corner by corner.")
    ]


def test_an_outline_a_little_different_is_not_the_same_but_nearly():
    a, b = metres(L_SHAPE), metres(L_SHAPE, east=1)
    assert not hits("outline-repeated", a, b)
    assert who(hits("outline-nearly-repeated", a, b)) == ["h1"]
    assert not hits("outline-nearly-repeated", a, a)  # that is another finding


def test_common_ground_of_nine_tenths_makes_a_near_duplicate_and_less_an_overlap():
    """Two squares of 1 000 m, moved by d: common 1 − d, together 1 + d. 0.95 / 1.05 = 0.905 and 0.94 / 1.06 = 0.887."""
    square = box(1000, 1000)
    near, less = box(1000, 1000, east=50), box(1000, 1000, east=60)
    ((record, words),) = hits("outline-nearly-repeated", square, near)
    assert (record, words) == ("h1", "Of the ground of it and 'h0' together, 90% are common.")
    assert not hits("outline-nearly-repeated", square, less)
    assert not hits("outline-overlaps", square, near)
    assert who(hits("outline-overlaps", square, less)) == ["h1"]


@pytest.mark.parametrize(
    ("east", "north", "to"),
    [(413, 0, "east"), (-413, 0, "west"), (300, 300, "north-east"), (0, -500, "south"), (1_900, 0, "east")],
)
def test_an_outline_moved_as_a_whole_names_how_far_and_where_to(east, north, to):
    ((record, words),) = hits("outline-moved", metres(L_SHAPE), box(90, 80), metres(L_SHAPE, east=east, north=north))
    assert record == "h2"
    assert words == f"Its outline is that of 'h0', moved by {math.hypot(east, north):.0f} m to the {to}."


@given(st.floats(31, 1990), st.floats(0, 360), st.integers(0, 6), st.floats(-60, 60))
def test_every_move_between_the_thresholds_is_found(shift, towards, first, lat):
    """A datum moves all corners alike on the ground; the second outline begins at another corner."""
    geod = pyproj.Geod(ellps="WGS84")
    east = LON_M * math.cos(math.radians(lat))
    corners = np.array([(20.0 + x / east, lat + y / LAT_M) for x, y in L_SHAPE])
    moved = np.array([geod.fwd(x, y, towards, shift)[:2] for x, y in corners])
    assert who(hits("outline-moved", shapely.Polygon(corners), shapely.Polygon(np.roll(moved, first, axis=0)))) == [
        "h1"
    ]


@pytest.mark.parametrize(
    "shapes",
    [
        [metres(L_SHAPE), metres(L_SHAPE, east=25)],
        [metres(L_SHAPE), metres(L_SHAPE, east=2_100)],
        [box(100, 50), box(100, 50, east=400)],
        [metres(regular(24, 100)), metres(regular(24, 100), east=400)],
        [metres(L_SHAPE), metres([(x, y + 4 * (x == 300)) for x, y in L_SHAPE], east=400)],
        [metres(L_SHAPE, east=150 * k) for k in range(11)],
        [metres(L_SHAPE)],
    ],
)
def test_survey_boxes_circles_symbols_and_other_shapes_are_no_datum(shapes):
    assert not hits("outline-moved", *shapes)


def test_two_registers_may_hold_one_area_twice():
    frame = pd.concat(
        [hazards_of(metres(L_SHAPE)), hazards_of(metres(L_SHAPE, east=5), metres(L_SHAPE, east=400), register="B")]
    )
    frame.index = pd.Index(["a", "b", "c"], name="hazard_id")
    seen = seen_of(frame)
    assert not list(RULES["outline-nearly-repeated"].find(seen))
    assert [hit.at for hit in RULES["outline-moved"].find(seen)] == [2]  # within B, and not of a


def test_ground_shared_within_a_register_is_noted_with_its_size():
    """Squares of 1 000 m, moved by 400 m to the east: 600 m by 1 000 m in common."""
    a, b, c = box(1000, 1000), box(1000, 1000, east=400), box(100, 100, east=5_000)
    ((record, words),) = hits("outline-overlaps", a, b, c)
    assert record == "h1"
    assert words.replace("\u202f", ",") == "It shares 600,000 m² with 'h0'."


@pytest.mark.parametrize(
    "columns",
    [
        {"classification": ["SHA", "CHA"]},
        {"work_status": ["open", "closed"]},
        {"register": ["A", "B"]},
    ],
)
def test_a_confirmed_area_in_a_suspected_one_and_closed_and_foreign_ones_are_no_overlap(columns):
    outer, inner = box(1000, 1000), box(300, 300, east=200, north=200)
    assert not hits("outline-overlaps", outer, inner, **columns)
    assert hits("outline-overlaps", outer, inner)
    assert hits("outline-overlaps", inner, outer, classification=["SHA", "CHA"])  # the wrong way round


def test_a_sliver_that_the_accuracy_explains_is_no_overlap():
    """30 m by 1 000 m is 2 · 30 000 / 2 060 = 29.1 m wide; 1.96 · hypot(10, 10) = 27.7 m, with 11 m each 30.5 m."""
    a, b = box(1000, 1000), box(1000, 1000, east=970)
    assert hits("outline-overlaps", a, b, vertex_sd_m=10.0)
    assert not hits("outline-overlaps", a, b, vertex_sd_m=11.0)


@pytest.mark.parametrize(
    "pair",
    [("HR-1", "hr-1"), ("HR-1", "HR-1 "), ("HR 1", "HR1"), ("HR-1", "HR–1"), ("Šibenik-1", "S\u030cibenik-1")],
)
def test_ids_that_differ_only_in_writing_are_found(pair):
    frame = hazards_of(box(10, 10), box(20, 20)).set_axis(pd.Index(pair), axis=0)
    assert [hit.at for hit in RULES["id-alike"].find(seen_of(frame))] == [1]


@pytest.mark.parametrize("pair", [("HR-1", "HR-11"), ("HR-1", "HR_1"), ("7", "007"), ("HR-1", "HR1")])
def test_ids_that_are_two_ids_are_left_alone(pair):
    frame = hazards_of(box(10, 10), box(20, 20)).set_axis(pd.Index(pair), axis=0)
    assert not list(RULES["id-alike"].find(seen_of(frame)))


def test_an_update_with_the_date_of_what_it_updates_is_noted():
    ids = ["H-1", "H-1-DUP01", "H-1 rev2", "H-2", "H-3", "H-3 (2)", "H-4"]
    days = ["2021-10-03", "2021-10-03", "2022-10-03", "2021-10-03", None, None, "2021-10-03"]
    shapes = [box(10 + k, 10) for k in range(6)] + [box(13, 10)]  # that of H-2 once more
    frame = hazards_of(*shapes, date_of_information=pd.to_datetime(days)).set_axis(pd.Index(ids), axis=0)
    seen = seen_of(frame)
    assert [(ids[hit.at], hit.seen) for hit in RULES["date-of-information-equal"].find(seen)] == [
        ("H-1-DUP01", "It and 'H-1' carry the same date of information, 2021-10-03."),
        ("H-4", "It and 'H-2' carry the same date of information, 2021-10-03."),
    ]


@pytest.mark.parametrize(
    ("names", "alike"),
    [
        (["Nugaal", "Nugaal", "nugal"], ["h2"]),
        (["Đakovo", "Djakovo", "Đakovo"], ["h1"]),
        (["Lovas", "Lovaš"], ["h1"]),
        (["Sisak", "Sisek", "Sisak"], ["h1"]),
        (["Trebinje", "Trebnje"], ["h1"]),
        (["Zone11", "Zone12"], []),
        (["Zone 1", "Zone 11"], []),
        (["Brod", "Grod"], []),
        (["Bosanska Krupa", "Bosanski Petrovac", ""], []),
    ],
)
def test_one_name_in_several_spellings_is_noted(names, alike):
    assert who(hits("name-spelled-differently", *[box(10, 10)] * len(names), District_Name=names)) == alike


def test_spellings_are_listed_with_their_use_and_other_columns_are_left_alone():
    shapes = [box(10, 10)] * 3
    found = hits("name-spelled-differently", *shapes, adm1_name=["Nugaal", "Nugaal", "Nugal"])
    assert found == [("h2", "adm1_name is written 'Nugaal' (2 records), 'Nugal' (1 record).")]
    assert not hits("name-spelled-differently", *shapes, adm1_code=["Nugaal", "Nugaal", "Nugal"])
    assert not hits("name-spelled-differently", *shapes, village=["Nugaal", "Nugaal", "Nugal"])


def test_a_district_in_several_regions_is_noted():
    districts, regions = ["Lug", "Lug", "Lug", "Brod"], ["North", "NORTH", "South", "South"]
    found = hits("district-in-several-regions", *[box(10, 10)] * 4, opcina=districts, Region=regions)
    assert found == [("h2", "opcina 'Lug' has 2 different entries in Region: 'North', 'South'.")]


# --- hazards and releases ----------------------------------------------------------------------------------------


def said(hazards, released, **thresholds):
    return [(one.release_id, one.rule) for one in between(hazards, released, Thresholds(**thresholds))]


def test_a_release_on_its_own_open_hazard_is_normal():
    hazards = hazards_of(box(1000, 1000), work_status="worked_on")
    assert not said(hazards, releases(box(300, 1000)))
    assert not said(hazards, releases(box(300, 1000)).iloc[:0])
    assert not said(hazards.iloc[:0], releases(box(300, 1000)))


def test_a_release_of_a_hazard_that_its_register_does_not_hold_is_serious():
    hazards = hazards_of(box(1000, 1000), work_status="closed")
    (one,) = between(hazards, releases(box(300, 300), hazard_id="h9"), Thresholds())
    assert (one.release_id, one.rule) == ("r0", "release-hazard-missing")
    assert one.seen == "It names the hazard 'h9', which 'REG' does not hold."
    assert not said(hazards, releases(box(300, 300), hazard_id="h9", register="OTHER"))  # not given: not judged
    assert not said(hazards, releases(box(300, 300), hazard_id=""))  # another rule says so


def test_a_release_apart_from_its_hazard_is_serious():
    """1.96 · hypot(10, 10) = 27.7 m is what the accuracy of both explains."""
    hazards = hazards_of(box(100, 100), work_status="closed")
    assert not said(hazards, releases(box(50, 50, east=125)))
    (one,) = between(hazards, releases(box(50, 50, east=130)), Thresholds())
    assert (one.rule, one.seen) == ("release-apart", "It lies 30 m from 'h0', the hazard that it names.")


def test_a_release_before_what_is_known_of_its_open_hazard_is_serious():
    ground = box(1000, 1000)
    day = {"date_of_information": pd.Timestamp("2024-05-01")}
    before = releases(box(300, 300), completed_on=pd.Timestamp("2024-04-30"))
    assert said(hazards_of(ground, **day), before) == [("r0", "release-before-hazard")]
    assert not said(hazards_of(ground, **day), before.assign(completed_on=pd.Timestamp("2024-05-01")))
    assert not said(hazards_of(ground, **day), before.assign(completed_on=pd.NaT))
    assert not said(hazards_of(ground, work_status="closed", **day), before)  # the date is that of the closing


def test_released_ground_on_an_open_hazard_that_is_not_linked_is_serious():
    hazards = hazards_of(box(1000, 1000), box(1000, 1000, east=1000), work_status=["closed", "open"])
    beyond = releases(box(200, 1000, east=900))  # 100 m into h1
    (one,) = between(hazards, beyond, Thresholds())
    assert one.rule == "release-over-open-hazard"
    assert one.seen.replace("\u202f", ",") == "100,000 m² of it lie on the open hazard 'h1', which it does not name."
    assert said(hazards, releases(box(200, 1000, east=900), hazard_id="")) == [("r0", "release-over-open-hazard")]
    # 20 m of fade-out is within what the accuracy explains: 2 · 20 000 / 2 040 = 19.6 m.
    assert not said(hazards, releases(box(120, 1000, east=900)))
    assert not said(hazards.assign(register=["REG", "OTHER"]), beyond)
    assert not said(hazards.assign(work_status="closed"), beyond)


def test_a_status_that_is_not_stated_counts_as_open():
    hazards = hazards_of(box(1000, 1000), box(1000, 1000, east=1000), work_status=["closed", "unstated"])
    assert said(hazards, releases(box(200, 1000, east=900))) == [("r0", "release-over-open-hazard")]


def test_work_on_a_confirmed_area_within_a_suspected_one_is_no_contradiction():
    confirmed, suspected = box(300, 300, east=200, north=200), box(1000, 1000)
    hazards = hazards_of(confirmed, suspected, classification=["CHA", "SHA"], work_status=["closed", "open"])
    assert not said(hazards, releases(box(300, 300, east=200, north=200)))


def test_releases_that_cover_their_hazard_ask_for_its_closing():
    ground = hazards_of(box(1000, 1000))
    assert not said(ground, releases(box(940, 1000)))
    (one,) = between(ground, releases(box(960, 1000)), Thresholds())
    assert (one.rule, one.seen) == ("release-covers-open-hazard", "It covers 96% of its hazard 'h0', which is open.")
    two = releases(box(500, 1000), box(500, 1000, east=500))
    (one,) = between(ground, two, Thresholds())
    assert one.seen == "It and 1 other release cover 100% of its hazard 'h0', which is open."
    assert not said(ground, releases(box(500, 1000), box(500, 1000)))  # the same half twice is a half
    assert not said(ground.assign(work_status="closed"), two)


# --- the samples -------------------------------------------------------------------------------------------------

_FILES = {"bih_register.gpkg": "hazards", "hrv_register.geojson": "hazards",
          "bih_releases.gpkg": "releases", "hrv_releases.geojson": "releases"}  # fmt: skip


def sample(file):
    schema = SCHEMAS[_FILES[file]]
    return gpd.read_file(hz.sample_data(file)).set_index(schema.index), schema


@pytest.mark.parametrize("file", _FILES)
def test_the_samples_are_valid_and_nothing_serious_is_said_of_them(file):
    frame, schema = sample(file)
    countries = hz.borders.load("HRV", "BIH").countries
    recorded = np.asarray(frame.geometry.array, dtype=object)
    seen = Seen(frame.to_crs(4326), schema, recorded, frame.crs, Thresholds(), countries, TODAY)
    found = {rule.name: len(list(rule.find(seen))) for rule in RULES.values() if rule.find and rule.severity != "note"}
    assert not {name: count for name, count in found.items() if count}


@pytest.mark.parametrize("side", ["bih", "hrv"])
def test_between_the_hazards_and_releases_of_the_samples_all_is_well(side):
    ending = {"bih": "gpkg", "hrv": "geojson"}
    hazards, _ = sample(f"{side}_register.{ending[side]}")
    released, _ = sample(f"{side}_releases.{ending[side]}")
    assert not said(hazards.to_crs(4326), released.to_crs(4326))
