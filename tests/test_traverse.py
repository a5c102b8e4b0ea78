"""Traverses: outlines by bearings and distances, against published ones, by hand, by simulation; and out of tables."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.crs import GEOD
from hazardgeo.errors import FormatError, GeometryError, HazardgeoError
from hazardgeo.measure._traverse._book import Leg, traverse
from hazardgeo.measure._traverse._chain import MeasuredLeg, chain_of
from hazardgeo.measure._traverse._draw import draw
from hazardgeo.measure._traverse._errors import CHI2_95, SurveyErrors, explained
from hazardgeo.measure._traverse._north import north_of
from hazardgeo.measure._traverse._units import metres_of, read_bearing, read_distance
from hazardgeo.measure._traverse._value import Traverse
from hazardgeo.registers._formats._traverse_columns import COLUMNS
from hazardgeo.schema import Spelling

EXACT = SurveyErrors(0, 0, 0, 0, 0)
# A square of 100 m, its landmark 50 m west of the start point A; at the equator a plane is one to the millimetre.
SQUARE = [("LM", "A", 90, 50), ("A", "B", 0, 100), ("B", "C", 90, 100), ("C", "D", 180, 100), ("D", "A", 270, 100)]
LANDMARK = {"LM": "landmark"}


def loop(azimuths_and_lengths: list[tuple[float, float]]) -> list[Leg]:
    """Legs A to B to … to A."""
    names = [chr(65 + i) for i in range(len(azimuths_and_lengths))]
    return [
        Leg(name, names[(i + 1) % len(names)], azimuth, length)
        for i, (name, (azimuth, length)) in enumerate(zip(names, azimuths_and_lengths, strict=True))
    ]


def east_north(found: Traverse, origin: str) -> np.ndarray:
    """East and north of each point from one of them [m]."""
    lon, lat = found.points["lon"].to_numpy(), found.points["lat"].to_numpy()
    at = found.points.index.get_loc(origin)
    azimuth, _, length = GEOD.inv(np.full(len(lon), lon[at]), np.full(len(lat), lat[at]), lon, lat)
    return np.column_stack([length * np.sin(np.radians(azimuth)), length * np.cos(np.radians(azimuth))])


# Against what others published


def test_the_line_from_flinders_peak_to_buninyong():
    """Geoscience Australia's test line (GRS80, which is WGS 84 to 0.1 mm of half-axis): 54,972.271 m, 306°52'05.37"."""

    def dms(degrees: int, minutes: int, seconds: float) -> float:
        return degrees + minutes / 60 + seconds / 3600

    start = (dms(144, 25, 29.52440), -dms(37, 57, 3.72030))
    legs = [
        ("Flinders Peak", "Buninyong", "306°52'05.37\"", 54972.271),
        ("Buninyong", "C", 90, 900),
        ("C", "D", 0, 900),
    ]
    found = traverse(start, legs, north="true")
    there = (dms(143, 55, 35.38390), -dms(37, 39, 10.15610))
    _, _, off = GEOD.inv(*found.points.loc["Buninyong", ["lon", "lat"]].astype(float), *there)
    assert off < 0.002  # 0.005" over 55 km are 1.3 mm


# "Sample Traverse Computations", scribd.com/doc/279716815, seen 2026: six lines, their latitudes and departures, the
# compass rule, and the area by double meridian distances.
PUBLISHED = [
    (5 + 30 / 60, 495.85),
    (46 + 2 / 60, 850.62),
    (180 - (67 + 38 / 60), 855.45),
    (180 - (12 + 25 / 60), 1020.87),
    (180 + 83 + 44 / 60, 1117.26),
    (360 - (55 + 9 / 60), 660.08),
]


def test_a_published_closed_traverse_with_its_area():
    """Closing error 24.6876 in 5,000.13 (1:200, as rounded there); adjusted latitudes and departures; area 1,715,250.0494."""
    found = traverse((0.0, 0.0), loop(PUBLISHED), north="true")
    assert found.misclosure_m == pytest.approx(24.6876, abs=2e-4)
    assert found.closure is not None
    assert found.closure.length_m == pytest.approx(5000.13)
    assert round(found.closure.ratio, -1) == 200
    latitudes = [491.8995, 587.6733, -328.4036, -1000.4252, -125.7134, 374.9694]
    departures = [45.7328, 609.1538, 788.0003, 215.8168, -1114.6225, -544.0812]
    corners = np.vstack([[0, 0], np.cumsum(np.column_stack([departures, latitudes]), axis=0)[:-1]])
    assert east_north(found, "A") == pytest.approx(corners, abs=2e-3)
    assert found.area_m2 == pytest.approx(1_715_250.0494, rel=2e-6)


def test_another_published_adjustment_by_the_compass_rule():
    """ "Compass Rule", scribd.com/document/493615208: four lines; balanced latitudes and departures to four decimals.

    The slides round the first latitudes and departures to a millimetre, which leaves 1.4 mm in the sums.
    """
    lines = [(76, 80.40), (180 - 36, 46.30), (180 + 61, 72.80), (360 - 38, 68.00)]
    found = traverse((0.0, 0.0), loop(lines), north="true")
    balanced = np.cumsum([[78.1055, 19.3653], [27.2678, -37.5063], [-63.5874, -35.3716]], axis=0)
    assert east_north(found, "A")[1:] == pytest.approx(balanced, abs=2e-3)


def test_a_published_misclosure_in_feet():
    """J. Mahun, Traverse Computations, chapter I: +0.083 ft north and +0.075 ft east after 1,347.57 ft."""
    lines = [
        (180 + 68 + 5 / 60 + 35 / 3600, 472.68),
        (360 - (19 + 46 / 60), 216.13),
        (45 + 55 / 60 + 20 / 3600, 276.52),
        (180 - (54 + 59 / 60 + 15 / 3600), 382.24),
    ]
    found = traverse((0.0, 0.0), loop(lines), north="true", lengths="ft")
    assert found.misclosure_m == pytest.approx(math.hypot(0.083, 0.075) * 0.3048, abs=2e-4)
    assert found.closure is not None
    assert found.closure.length_m == pytest.approx(1347.57 * 0.3048)


# By hand


def test_a_square_with_its_landmark():
    found = traverse((16.0, 45.0), SQUARE, north="true", roles=LANDMARK)
    assert found.area_m2 == pytest.approx(10_000, rel=1e-5)
    # Meridians lean by 100 m / 6,370 km · tan 45° over the square: 100 m of it, east and south, are 1.57 mm each.
    assert found.misclosure_m == pytest.approx(0.00222, abs=3e-5)
    assert found.points["role"].to_dict() == {
        "LM": "landmark", "A": "start point", "B": "turning point", "C": "turning point", "D": "turning point",
    }  # fmt: skip
    assert len(found.polygon.exterior.coords) == 5  # the landmark is no corner
    assert found.passes
    assert any("No second point has coordinates" in said for said in found.remarks())


def test_every_unit_of_bearings_draws_the_same_square():
    """A right angle is 90 degrees, 100 gon, 1600 mils of 6400 and 1500 mils of 6000; 100 m are 328.0840 ft."""
    wanted = traverse((16.0, 45.0), SQUARE, north="true", roles=LANDMARK).points[["lon", "lat"]].to_numpy()
    for unit, right in (("gon", 100), ("mils_6400", 1600), ("mils_6000", 1500)):
        legs = [(a, b, bearing / 90 * right, d / 0.3048) for a, b, bearing, d in SQUARE]
        found = traverse((16.0, 45.0), legs, north="true", angles=unit, lengths="ft", roles=LANDMARK)
        assert found.points[["lon", "lat"]].to_numpy() == pytest.approx(wanted, abs=1e-11)


def test_a_traverse_in_paces():
    legs = [(a, b, bearing, d / 0.75) for a, b, bearing, d in SQUARE]
    found = traverse((16.0, 45.0), legs, north="true", lengths=0.75, roles=LANDMARK)
    assert found.area_m2 == pytest.approx(10_000, rel=1e-5)


@pytest.mark.parametrize("at", ["LM", "A", "B", "C", "D"])
def test_the_known_point_may_stand_anywhere(at):
    """Drawn from each of its points in turn, the traverse is one and the same."""
    whole = traverse((16.0, 45.0), SQUARE, north="magnetic", declination_deg=4.5, roles=LANDMARK)
    there = tuple(whole.points.loc[at, ["lon", "lat"]].astype(float))
    again = traverse(there, SQUARE, north="magnetic", declination_deg=4.5, roles=LANDMARK, at=at)
    assert again.points[["lon", "lat"]].to_numpy() == pytest.approx(whole.points[["lon", "lat"]].to_numpy(), abs=1e-9)


def test_declination_is_east_positive():
    """A needle that points 10° east of true north and reads 80° looks due east."""
    found = traverse(
        (16.0, 0.0), [("A", "B", 80, 1000), ("B", "C", 350, 1000), ("C", "A", 215, 1000 * math.sqrt(2))], north="magnetic",
        declination_deg=10.0,
    )  # fmt: skip
    assert found.points.loc["B", "lat"] == pytest.approx(0.0, abs=1e-9)
    assert found.points.loc["B", "lon"] > 16.008


def test_grid_north_leads_along_the_grid():
    """Bearing 0 from grid north in HTRS96/TM at 19.02° E, far east of its meridian 16.5°, leaves the easting as it is.

    The convergence there is +1.8°: taken for true north, 1,000 m would end 31 m (1,000 · sin 1.8°) off to the side.
    """
    to_grid = pyproj.Transformer.from_crs(4326, 3765, always_xy=True).transform
    legs = [("A", "B", 0, 1000), ("B", "C", 90, 500), ("C", "A", "206°33'54\"", 1118.034)]
    found = traverse((19.02, 44.88), legs, north="grid", crs="EPSG:3765")
    (xa, _), (xb, _) = (to_grid(*found.points.loc[name, ["lon", "lat"]]) for name in "AB")
    assert xb - xa == pytest.approx(0, abs=0.05)
    true = traverse((19.02, 44.88), legs, north="true")
    assert to_grid(*true.points.loc["B", ["lon", "lat"]])[0] - xa == pytest.approx(-31, abs=1)


def test_fore_and_back_bearings_give_their_mean():
    """Iron at B turns all that is read there by +4°: A-B reads 0 and back 184, B-C reads 94 and back 270.

    Both means are 2° too large. The gaps are 184 − 180 − 0 = +4 and 270 − 180 − 94 = −4: they sum to zero.
    """
    legs = [("A", "B", 0, 100, 184), ("B", "C", 94, 100, 270), ("C", "D", 180, 100, 0), ("D", "A", 270, 100, 90)]
    found = traverse((0.0, 0.0), legs, north="true")
    back = found.back_bearings
    assert back is not None
    assert (back.legs, back.worst_leg in ("A to B", "B to C")) == (4, True)
    assert abs(back.worst_deg) == pytest.approx(4, abs=1e-4)
    assert found.angular_misclosure_deg == pytest.approx(0, abs=1e-4)
    assert not back.passes
    assert found.misclosure_m == pytest.approx(100 * 2 * math.sin(math.radians(1)) * math.sqrt(2), abs=0.01)
    # 0.95 ** (1/4) = 0.98726 lie within 2.491 standard deviations of √2 · 1°.
    assert back.explained_deg == pytest.approx(2.491 * math.sqrt(2), abs=0.002)
    assert ", by 4.0°; more than" in back.in_words()


def test_what_balances_and_what_does_not():
    """D lies 8 m too far: the loop misses by 8 m of 408; C, D take 208 / 408 and 308 / 408 of it, and B 100 / 408."""
    legs = [("A", "B", 0, 100), ("B", "C", 90, 108), ("C", "D", 180, 100), ("D", "A", 270, 100)]
    found = traverse((0.0, 0.0), legs, north="true")
    assert found.misclosure_m == pytest.approx(8, abs=1e-4)
    assert found.closure is not None
    assert found.closure.ratio == pytest.approx(51, abs=0.01)
    at = east_north(found, "A")
    wanted = [(0, 0), (-8 * 100 / 408, 100), (108 - 8 * 208 / 408, 100), (108 - 8 * 308 / 408, 0)]
    assert at == pytest.approx(np.array(wanted), abs=1e-3)
    assert found.area_unbalanced_m2 == pytest.approx(10_800, rel=1e-5)
    # Shoelace of the balanced corners: width 108 − 4 − 4 … = half the sum of its two parallel sides, times 100.
    top, bottom = 108 - 8 * 108 / 408, 108 - 8 * 308 / 408
    assert found.area_m2 == pytest.approx((top + bottom) / 2 * 100, rel=1e-5)


def test_a_misclosure_that_compass_and_tape_do_not_explain_is_told():
    legs = [("A", "B", 0, 100), ("B", "C", 90, 130), ("C", "D", 180, 100), ("D", "A", 270, 100)]
    found = traverse((16.0, 45.0), legs, north="true")
    assert not found.passes
    assert "more than compass and tape explain" in found.remarks()[0]
    assert found.vertex_sd_m == pytest.approx(found.misclosure_m)  # 30 m: the errors were larger than said
    assert traverse((16.0, 45.0), SQUARE, north="true", roles=LANDMARK).vertex_sd_m < 11


def test_without_a_closing_leg_the_misclosure_is_not_a_number():
    found = traverse((16.0, 45.0), SQUARE[:-1], north="true", roles=LANDMARK)
    assert math.isnan(found.misclosure_m)
    assert math.isnan(found.angular_misclosure_deg)
    assert found.remarks()[0] == "No leg closes: its misclosure is not known."
    assert found.area_m2 == pytest.approx(10_000, rel=1e-5)


def test_five_degrees_of_declination_forgotten():
    """The area and the misclosure do not change; only a second known point tells, and how much.

    At 600 m, 5° are 2 · 600 · sin 2.5° = 52.3 m. Points known to 2 m: half a degree of north is 5 m, one bearing 1 m a leg.
    """
    errors = SurveyErrors(known_sd_m=2.0)
    book = [("LM", "A", 90, 500), *SQUARE[1:]]
    right = traverse((16.0, 45.0), book, north="magnetic", declination_deg=5.0, roles=LANDMARK, errors=errors)
    known = {"D": tuple(right.points.loc["D", ["lon", "lat"]].astype(float))}
    forgotten = traverse(
        (16.0, 45.0), book, north="magnetic", declination_deg=0.0, roles=LANDMARK, errors=errors, known=known
    )
    assert forgotten.area_m2 == pytest.approx(right.area_m2, rel=1e-6)
    assert forgotten.misclosure_m == pytest.approx(right.misclosure_m, abs=0.001)
    assert forgotten.closure is not None
    assert forgotten.closure.passes
    (check,) = forgotten.checks
    assert check.distance_m == pytest.approx(52.3, abs=0.1)
    assert not check.passes
    assert check.turn_deg == pytest.approx(5.0, abs=0.01)
    assert check.stretch == pytest.approx(1.0, abs=1e-4)
    assert "if all bearings turned by +5.0°" in check.in_words()
    assert forgotten.vertex_sd_m == pytest.approx(check.distance_m)
    named = traverse(
        (16.0, 45.0), book, north="magnetic", declination_deg=5.0, roles=LANDMARK, errors=errors, known=known
    )
    assert named.passes
    assert named.metres_per_degree == pytest.approx(math.hypot(600, 100) * math.pi / 180, rel=1e-4)


# Errors


def test_the_error_of_one_leg_by_hand():
    """1,000 m east: across 1,000 m · 1° = 17.45 m of its own and 8.73 m in common, along 0.5 m and 5 m; 3 m at the start."""
    legs = [("A", "B", 90, 1000), ("B", "C", 0, 10), ("C", "D", 0, 10)]
    found = traverse((0.0, 0.0), legs, north="true", errors=SurveyErrors(known_sd_m=3.0))
    assert found.points.loc["B", "position_sd_m"] == pytest.approx(math.sqrt(17.453**2 + 8.727**2 + 9), abs=0.01)
    assert found.points.loc["A", "position_sd_m"] == pytest.approx(3.0)


def test_the_errors_of_positions_misclosure_and_area_against_a_simulation():
    """4,000 traverses with errors drawn anew in a plane, balanced by hand; a standard deviation is then good to 1.1 %."""
    errors = SurveyErrors(bearing_sd_deg=1.0, distance_sd_m=0.5, north_sd_deg=0.7, scale_sd=0.01, known_sd_m=4.0)
    book = [("LM", "A", 30, 250.0), ("A", "B", 0, 200.0), ("B", "C", 80, 150.0), ("C", "D", 190, 180.0)]
    ahead = np.array([[d * math.sin(math.radians(a)), d * math.cos(math.radians(a))] for *_, a, d in book])
    closing = -ahead[1:].sum(axis=0)
    book.append(("D", "A", math.degrees(math.atan2(*closing)) % 360, float(np.hypot(*closing))))
    found = traverse((0.0, 0.0), book, north="true", roles=LANDMARK, errors=errors)

    draws, random = 4000, np.random.default_rng(20240229)
    azimuth = np.radians([a for *_, a, _ in book]) + np.radians(random.normal(0, 1.0, (draws, 5)))
    azimuth += np.radians(random.normal(0, 0.7, (draws, 1)))
    measured = np.array([d for *_, d in book]) * (1 + random.normal(0, 0.01, (draws, 1))) + random.normal(
        0, 0.5, (draws, 5)
    )
    vectors = np.stack([measured * np.sin(azimuth), measured * np.cos(azimuth)], axis=-1)
    misclosures = vectors[:, 1:].sum(axis=1)
    shares = measured[:, 1:] / measured[:, 1:].sum(axis=1, keepdims=True)
    vectors[:, 1:] -= shares[..., None] * misclosures[:, None, :]
    starts = random.normal(0, 4.0, (draws, 1, 2))
    corners = starts + np.cumsum(vectors, axis=1)[:, :4]

    for i, name in enumerate("ABCD"):
        worst = math.sqrt(np.linalg.eigvalsh(np.cov(corners[:, i].T))[-1])
        assert found.points.loc[name, "position_sd_m"] == pytest.approx(worst, rel=0.04), name
    x, y = corners[..., 0], corners[..., 1]
    areas = (x * np.roll(y, -1, axis=1) - np.roll(x, -1, axis=1) * y).sum(axis=1) / 2
    assert found.area_sd_m2 == pytest.approx(areas.std(), rel=0.04)
    assert found.closure is not None
    reach = [explained(one, np.cov(misclosures.T)) for one in misclosures]
    assert np.mean(np.hypot(*misclosures.T) <= reach) == pytest.approx(0.95, abs=0.01)
    axes = np.linalg.eigvalsh(np.cov(misclosures.T))
    assert (
        math.sqrt(axes[0] * CHI2_95.value) * 0.95
        < found.closure.explained_m
        < math.sqrt(axes[1] * CHI2_95.value) * 1.05
    )


def test_a_common_error_of_all_bearings_leaves_the_area_and_one_of_all_distances_does_not():
    """The area of 10,000 m² errs by 2 · 1 % where all distances err by 1 %."""
    turned = traverse((0.0, 0.0), SQUARE, north="true", roles=LANDMARK, errors=SurveyErrors(0, 0, 2.0, 0, 0))
    assert turned.area_sd_m2 == pytest.approx(0, abs=0.1)
    scaled = traverse((0.0, 0.0), SQUARE, north="true", roles=LANDMARK, errors=SurveyErrors(0, 0, 0, 0.01, 0))
    assert scaled.area_sd_m2 == pytest.approx(200, rel=1e-3)


def test_two_readings_that_differ_do_not_make_a_leg_surer():
    """Half of the 8° that they differ by: 4° over 1,000 m are 69.8 m; alike, 1° / √2 are 12.3 m."""
    sds = {}
    for back in (180, 188):
        legs = [("A", "B", 0, 1000, back), ("B", "C", 90, 10), ("C", "D", 180, 10)]
        found = traverse((0.0, 0.0), legs, north="true", errors=SurveyErrors(1.0, 0, 0, 0, 0))
        sds[back] = found.points.loc["B", "position_sd_m"]
    assert sds == pytest.approx({180: 12.34, 188: 69.8}, abs=0.05)


# Laws

ANGLES = st.floats(0, 359.9)
OUTLINES = st.lists(st.tuples(st.floats(0.2, 0.9), st.floats(20, 400)), min_size=3, max_size=9)


def star(steps: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A closed outline around a point, as azimuths and lengths in a plane."""
    turns = np.cumsum([step for step, _ in steps])
    turns = turns / (turns[-1] + 0.3) * 2 * np.pi
    corners = np.array([[r * np.sin(t), r * np.cos(t)] for t, (_, r) in zip(turns, steps, strict=True)])
    sides = np.roll(corners, -1, axis=0) - corners
    return [(float(np.degrees(np.arctan2(*side)) % 360), float(np.hypot(*side))) for side in sides]


@given(OUTLINES)
def test_an_exact_traverse_balances_to_itself(steps):
    found = traverse((20.0, 0.0), loop(star(steps)), north="true")
    assert found.misclosure_m < 0.002
    assert found.points["moved_m"].max() <= found.misclosure_m + 1e-9
    assert found.area_m2 == pytest.approx(found.area_unbalanced_m2, rel=1e-4)


@given(OUTLINES, ANGLES, st.floats(0.1, 10))
def test_turning_leaves_area_and_misclosure_and_scaling_scales_them(steps, turn, scale):
    lines = [(a, d + 3 * (i == 0)) for i, (a, d) in enumerate(star(steps))]
    try:
        plain = traverse((20.0, 0.0), loop(lines), north="true")
    except GeometryError:
        return  # three metres can make a flat triangle cross itself
    turned = traverse((20.0, 0.0), loop(lines), north="magnetic", declination_deg=turn / 2)
    assert turned.area_m2 == pytest.approx(plain.area_m2, rel=1e-5, abs=0.01)
    assert turned.misclosure_m == pytest.approx(plain.misclosure_m, abs=0.003)
    scaled = traverse((20.0, 0.0), loop(lines), north="true", lengths=scale)
    assert scaled.area_m2 == pytest.approx(plain.area_m2 * scale**2, rel=1e-4, abs=0.01)
    assert scaled.misclosure_m == pytest.approx(plain.misclosure_m * scale, rel=1e-3, abs=0.01)


@given(st.integers(0, 4), ANGLES)
def test_a_leg_drawn_backwards_ends_where_it_began(at, turn):
    names = ["LM", "A", "B", "C", "D"]
    legs = [MeasuredLeg(*one, back_deg=None) for one in SQUARE]
    north = north_of("magnetic", turn / 2)
    ahead = draw(legs, chain_of(legs, "LM"), (16.0, 60.0), north=north, geod=GEOD)
    again = draw(legs, chain_of(legs, names[at]), tuple(ahead.lonlat[at]), north=north, geod=GEOD)
    assert again.lonlat == pytest.approx(ahead.lonlat, abs=1e-9)


# Refusals


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"north": None}, "Say which north"),
        ({"north": "magnetc"}, "Say which north"),
        ({"north": "magnetic"}, "need the declination"),
        ({"north": "magnetic", "declination_deg": math.nan}, "declination nan is none"),
        ({"north": "magnetic", "declination_deg": 200}, "declination 200 is none"),
        ({"north": "true", "declination_deg": 3.0}, "Take one of the two away"),
        ({"north": "grid"}, "need the grid"),
        ({"north": "grid", "crs": "EPSG:4326"}, "is no grid"),
        ({"north": "grid", "crs": "EPSG:2048"}, "is no grid of eastings and northings"),  # westings and southings
        ({"north": "true", "crs": "EPSG:3765"}, "Take one of the two away"),
        (
            {"north": "magnetic", "declination_deg": 4.5, "crs": "EPSG:3765"},
            "start must be longitude and latitude on WGS 84",
        ),
        ({"north": "true", "angles": "mils"}, "which circle"),
        ({"north": "true", "angles": "grad"}, "no unit of bearings"),
        ({"north": "true", "lengths": "paces"}, "how many metres one is"),
        ({"north": "true", "lengths": 0}, "how many metres one is"),
        ({"north": "true", "roles": {"A": "corner"}}, "Use one of"),
        ({"north": "true", "roles": {"X": "landmark"}}, "no leg has such a point"),
        ({"north": "true", "known": {"X": (16, 45)}}, "no leg has such a point"),
        ({"north": "true", "known": {"LM": (16, 45)}}, "Give it once"),
        ({"north": "true", "known": {"A": (16, 95)}}, "is no longitude and latitude"),
        ({"north": "true", "at": "X"}, "No leg leads from or to 'X'"),
    ],
)
def test_what_is_not_said_or_not_whole_is_refused(more, words):
    with pytest.raises(HazardgeoError, match=words):
        traverse((16.0, 45.0), SQUARE, **more)


def test_north_has_no_default():
    with pytest.raises(TypeError, match="north"):
        traverse((16.0, 45.0), SQUARE)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("legs", "words"),
    [
        ([], "There are no legs"),
        (SQUARE[:2], "2 corners|3 corners|has 3"),
        ([("A", "B", 0, 100), ("C", "D", 0, 100), ("D", "E", 0, 9)], "No leg joins 'C', 'D', 'E' to 'A'"),
        ([("A", "A", 0, 100)], "ends where it begins"),
        ([*SQUARE, ("B", "D", 130, 140)], "closes more than once"),
        ([("A", "B", 0, 100, 200), ("B", "C", 90, 9), ("C", "D", 90, 9)], "contradict each other.*20.0°"),
        ([("A", "B", 361, 100)], "none of 0 to 360"),
        ([("A", "B", -1, 100)], "none of 0 to 360"),
        ([("A", "B", "12°75'", 100)], "60 or more minutes"),
        ([("A", "B", "N 76 E", 100)], "none of 0 to 360"),
        ([("A", "B", 0, 0)], "none that a leg can have"),
        ([("A", "B", 0, math.nan)], "none that a leg can have"),
        ([("A", "B", 0, "1.234")], "is 1.234 or 1234"),
        ([("A", "B", 0, 100), ("B", "C", 135, 141.4), ("C", "D", 0, 100), ("D", "A", 225, 141.4)], "not valid"),
    ],
)
def test_what_cannot_be_drawn_is_refused(legs, words):
    with pytest.raises(GeometryError, match=words):
        traverse((16.0, 45.0), legs, north="true", roles={"LM": "landmark"} if legs == SQUARE[:2] else None)


@pytest.mark.parametrize(
    ("cell", "unit", "degrees"),
    [
        (90, "degrees", 90),
        ("90", "degrees", 90),
        ("90,5", "degrees", 90.5),
        ("90.125", "degrees", 90.125),  # 90,125 degrees there are not
        ("90°", "degrees", 90),
        ("90° 30’", "degrees", 90.5),
        ("90º30′36″", "degrees", 90.51),
        ("90 30 36", "degrees", 90.51),
        ("90-30", "degrees", 90.5),
        ("360", "degrees", 360),
        (50, "gon", 45),
        ("15-00", "mils_6000", 90),
        (800, "mils_6400", 45),
    ],
)
def test_bearings_as_people_write_them(cell, unit, degrees):
    assert read_bearing(cell, unit) == pytest.approx(degrees, abs=1e-9)


def test_numbers_with_two_readings_need_a_spelling():
    assert read_distance("1.234", "m", Spelling(",", ".")) == 1234
    assert read_distance("1.234,5", "m") == 1234.5
    with pytest.raises(GeometryError, match=r"is 1\.234 or 1234"):
        read_bearing("1.234", "mils_6400")
    assert metres_of("ft") == 0.3048


@pytest.mark.parametrize("name", ["bearing_sd_deg", "distance_sd_m", "north_sd_deg", "scale_sd", "known_sd_m"])
@pytest.mark.parametrize("value", [-1, math.nan, math.inf, True, "1"])
def test_errors_are_standard_deviations(name, value):
    with pytest.raises(HazardgeoError, match=name):
        SurveyErrors(**{name: value})


# What is handed over


def test_a_traverse_becomes_a_hazard():
    found = traverse((16.0, 45.0), SQUARE, north="true", roles=LANDMARK)
    frame = found.to_frame("H1", register="REG", country="HRV", classification="CHA")
    assert frame.index.tolist() == ["H1"]
    assert frame.loc["H1", "vertex_sd_m"] == found.vertex_sd_m
    assert (frame.loc["H1", "work_status"], frame.loc["H1", "geometry_kind"]) == ("unstated", "surveyed")
    assert hz.area_m2(frame).tolist() == pytest.approx([found.area_m2])
    assert hz.net_area_m2(frame) == pytest.approx(found.area_m2, rel=1e-6)


def test_it_reads_as_sentences_and_runs_nothing():
    found = traverse((16.0, 45.0), [("<b>", "A", 90, 50), *SQUARE[1:]], north="true", roles={"<b>": "landmark"})
    assert repr(found).startswith("Traverse of 4 corners: 10")
    assert "bearings from true north" in repr(found)
    html = found._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<b>A" not in html
    assert "5 legs from <b>" not in html


def test_across_the_antimeridian():
    found = traverse((179.9999, 0.0), SQUARE, north="true", roles=LANDMARK)
    assert found.area_m2 == pytest.approx(10_000, rel=1e-4)
    assert hz.area_m2(found.to_frame("H1")).tolist() == pytest.approx([found.area_m2], rel=1e-6)


# Out of tables

HEADER = (
    "hazard_id,register,country,classification,work_status,number,point,point type,"
    "bearing,distance,from,back bearing,lon,lat"
)
SAID = "REG,HRV,CHA,open"
ROWS = f"""H1,{SAID},1,LM,Landmark,,,,,16.00012,45.20034
H1,{SAID},2,BM,Benchmark,40,80.5,,,,
H1,{SAID},3,SP,Start point,85.5,60,,,,
H1,{SAID},4,TP1,Turning point,355.5,100,,,,
H1,{SAID},5,TP2,Turning point,85.5,120,,,,
H1,{SAID},6,TP3,Turning point,175.5,100,,,,
H1,{SAID},7,SP,Start point,265.5,120,,,,"""
PROFILE = """
[traverse]
north = "magnetic"
declination_deg = 4.5
angle_unit = "degrees"
length_unit = "m"
"""


def intake(folder: Path, rows: str, profile: str = PROFILE, header: str = HEADER, **options: object) -> hz.Intake:
    table, said = folder / "points.csv", folder / "my.toml"
    table.write_text(f"{header}\n{rows}\n", encoding="utf-8")
    said.write_text(profile, encoding="utf-8")
    taken = hz.intake(table, "hazards", profile=said, **{"crs": "EPSG:4326", **options})  # type: ignore[arg-type]
    assert taken.records_in == len(taken.records) + len(taken.quarantine)
    return taken


def same(shape: shapely.Polygon, other: shapely.Polygon, degrees: float = 1e-9) -> bool:
    """Whether two outlines are one, wherever they begin."""
    return len(shape.exterior.coords) == len(other.exterior.coords) and shape.hausdorff_distance(other) < degrees


def told(taken: hz.Intake, rule: str) -> str:
    return " ".join(taken.findings.loc[taken.findings["rule"] == rule, "seen"])


def remedy(taken: hz.Intake, rule: str) -> str:
    return " ".join(taken.findings.loc[taken.findings["rule"] == rule, "remedy"])


def rules_of(taken: hz.Intake) -> set[str]:
    return set(taken.findings["rule"]) - {"points-not-vertices", "traverse-drawn"}


def from_python() -> Traverse:
    """The traverse of `ROWS`."""
    legs = [
        ("LM", "BM", 40, 80.5), ("BM", "SP", 85.5, 60), ("SP", "TP1", 355.5, 100), ("TP1", "TP2", 85.5, 120),
        ("TP2", "TP3", 175.5, 100), ("TP3", "SP", 265.5, 120),
    ]  # fmt: skip
    roles = {"LM": "landmark", "BM": "benchmark", "SP": "start point"}
    return traverse((16.00012, 45.20034), legs, north="magnetic", declination_deg=4.5, roles=roles)


def test_a_table_gives_the_same_outline_as_python(tmp_path):
    taken = intake(tmp_path, ROWS)
    wanted = from_python()
    assert rules_of(taken) == set()
    assert "declination 4.5° east" in told(taken, "traverse-drawn")
    assert "6 bearings and distances" in told(taken, "traverse-drawn")
    shape = taken.records.geometry["H1"]
    assert same(shape, wanted.polygon)
    assert hz.area_m2(taken.records)["H1"] == pytest.approx(12_000, rel=1e-5)  # 100 m by 120 m
    assert taken.records.loc["H1", "vertex_sd_m"] == pytest.approx(wanted.vertex_sd_m, abs=0.01)
    assert taken.records.loc["H1", "vertex_sd_m"] >= wanted.vertex_sd_m
    assert "geometry_kind" not in taken.records or pd.isna(taken.records.loc["H1", "geometry_kind"])


def test_without_a_north_nothing_is_drawn(tmp_path):
    units = 'angle_unit = "degrees"\nlength_unit = "m"'
    for said, words in (
        ("", "does not say which north"),
        ('north = "magnetic"', "the declination is not said"),
        ('north = "grid"', "no grid is named"),
    ):
        taken = intake(tmp_path, ROWS, f"[traverse]\n{said}\n{units}")
        assert rules_of(taken) == {"traverse-north-unstated"}
        assert words in told(taken, "traverse-north-unstated")
        assert taken.ids == ("H1",)
        assert len(taken.quarantine) == 1


def test_north_and_declination_in_columns_go_before_the_profile(tmp_path):
    rows = "\n".join(f"{row},{'Magnetic north,4°30′E' if i == 0 else ','}" for i, row in enumerate(ROWS.splitlines()))
    taken = intake(tmp_path, rows, PROFILE.replace("4.5", "9"), f"{HEADER},north,declination")
    assert rules_of(taken) == set()
    assert same(taken.records.geometry["H1"], from_python().polygon)
    west = intake(tmp_path, rows.replace("4°30′E", "-4.5"), PROFILE, f"{HEADER},north,declination")
    assert "declination 4.5° west" in told(west, "traverse-drawn")


def test_units_in_the_names_of_columns_and_in_columns(tmp_path):
    """40° is 666.67 mils of 6000; 80.5 m are 264.108 ft."""

    def converted(row: str) -> str:
        cells = row.split(",")
        if cells[8]:
            cells[8], cells[9] = f"{float(cells[8]) / 360 * 6000:.9f}", f"{float(cells[9]) / 0.3048:.9f}"
        return ",".join(cells)

    rows = "\n".join(map(converted, ROWS.splitlines()))
    only_north = '[traverse]\nnorth = "magnetic"\ndeclination_deg = 4.5'
    header = HEADER.replace("bearing,distance", "bearing_mils_6000,distance (ft)")
    taken = intake(tmp_path, rows, only_north, header)
    assert same(taken.records.geometry["H1"], from_python().polygon)
    rows = "\n".join(f"{row},mils 6000,feet" for row in rows.splitlines())
    taken = intake(tmp_path, rows, only_north, f"{HEADER},angle unit,length unit")
    assert same(taken.records.geometry["H1"], from_python().polygon)
    bare = intake(tmp_path, rows.replace("mils 6000", "mils"), only_north, f"{HEADER},angle unit,length unit")
    assert "which circle" in told(bare, "traverse-not-drawn")


def change(row_number: int, **cells: str) -> str:
    """The rows with cells of one row changed."""
    rows = [dict(zip(HEADER.split(","), row.split(","), strict=True)) for row in ROWS.splitlines()]
    rows[row_number - 1] |= {
        name.replace("_", " ") if name != "hazard_id" else name: cell for name, cell in cells.items()
    }
    return "\n".join(",".join(row.values()) for row in rows)


@pytest.mark.parametrize(
    ("rows", "profile", "words"),
    [
        (change(1, lon="", lat=""), PROFILE, "None of the points LM, BM, SP, TP1, TP2, TP3 has coordinates"),
        (change(1, lon="sixteen"), PROFILE, "None of the points .* It has coordinates that cannot be read"),
        (change(5, distance=""), PROFILE, "Row 6: the leg to TP2 has no distance"),
        (change(5, bearing=""), PROFILE, "Row 6: the leg to TP2 has no bearing"),
        (change(5, bearing="", distance=""), PROFILE, "Row 6: TP2 has neither coordinates nor"),
        (change(5, bearing="400"), PROFILE, "The bearing '400' is none of 0 to 360"),
        (change(5, distance="1.234"), PROFILE, "'1.234' is 1.234 or 1234"),
        (change(5, back_bearing="300"), PROFILE, "contradict each other"),
        (change(5, **{"from": "TP9"}), PROFILE, "starts from 'TP9', which is no point"),
        (change(5, point="TP1", number="9"), PROFILE, ""),
        (change(1, bearing="10", distance="5"), PROFILE, "nothing that they start from"),
        (ROWS, PROFILE.replace('angle_unit = "degrees"', ""), "which unit its bearings are in"),
        (ROWS, PROFILE.replace('length_unit = "m"', ""), "which unit its distances are in"),
        (ROWS.replace("Landmark", "").replace("Benchmark", "").replace("Start point", "").replace("Turning point", ""),
         PROFILE, "which of its points are corners"),
        (change(4, number="x"), PROFILE, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_quarantined_with_its_reason(tmp_path, rows, profile, words):
    taken = intake(tmp_path, rows, profile)
    if not words:  # a name that comes again closes there; names alone give the order of the rows
        assert taken.records_in == 1
        return
    assert len(taken.quarantine) == 1
    assert "traverse-not-drawn" in rules_of(taken)
    assert pd.Series([told(taken, "traverse-not-drawn")]).str.contains(words).all(), told(taken, "traverse-not-drawn")


def test_a_type_that_is_not_known_is_not_drawn(tmp_path):
    taken = intake(tmp_path, change(5, point_type="Corner"))
    assert len(taken.quarantine) == 1
    assert "whether it is a corner" in told(taken, "geometry-unreadable")
    assert "vertex_types, under [places]" in remedy(taken, "geometry-unreadable")
    named = PROFILE + '[places]\nvertex_types = ["Start point", "Turning point", "Corner"]'
    assert same(intake(tmp_path, change(5, point_type="Corner"), named).records.geometry["H1"], from_python().polygon)


def test_a_landmark_whose_coordinates_cannot_be_read_is_told(tmp_path):
    """The benchmark's are known, and the outline hangs on it."""
    rows = change(1, lon="sixteen").splitlines()
    rows[1] = f"{rows[1].removesuffix(',,')},16.00078,45.20085"
    taken = intake(tmp_path, "\n".join(rows))
    assert len(taken.records) == 1
    assert "Row 2: LM was not used as a known point: It has coordinates" in told(taken, "traverse-drawn")


def test_points_by_name_alone_go_in_the_order_of_the_rows(tmp_path):
    names = "\n".join(",".join([*row.split(",")[:5], *row.split(",")[6:]]) for row in ROWS.splitlines())
    taken = intake(tmp_path, names, header=HEADER.replace("number,", ""))
    assert same(taken.records.geometry["H1"], from_python().polygon)


@given(st.permutations(range(7)))
@settings(max_examples=15)
def test_the_order_of_numbered_rows_does_not_matter(tmp_path_factory, order):
    rows = ROWS.splitlines()
    taken = intake(tmp_path_factory.mktemp("t"), "\n".join(rows[i] for i in order))
    assert same(taken.records.geometry["H1"], from_python().polygon)


def test_legs_from_a_named_point(tmp_path):
    """TP3 measured from SP instead of from TP2: 120 m on bearing 85.5; the last leg then closes the same loop."""
    taken = intake(tmp_path, change(6, **{"from": "SP"}, bearing="85.5", distance="120"))
    assert same(taken.records.geometry["H1"], from_python().polygon, 1e-7)
    by_number = intake(tmp_path, change(6, **{"from": "3"}, bearing="85.5", distance="120"))
    assert by_number.records.geometry["H1"] == taken.records.geometry["H1"]


def test_findings_of_a_traverse(tmp_path):
    open_ended = intake(tmp_path, "\n".join(ROWS.splitlines()[:-1]))
    assert rules_of(open_ended) == {"traverse-not-closed"}
    assert open_ended.is_clean
    off = intake(tmp_path, change(5, distance="150"))
    assert rules_of(off) == {"traverse-misclosure"}
    assert "closes to 30.0 m" in told(off, "traverse-misclosure")
    assert off.records.loc["H1", "vertex_sd_m"] == pytest.approx(30.0, abs=0.02)
    pulled = intake(tmp_path, change(5, back_bearing="272.5"))  # 85.5 + 180 = 265.5
    assert "traverse-local-attraction" in rules_of(pulled)
    assert "TP1 to TP2, by 7.0°" in told(pulled, "traverse-local-attraction")


def test_a_second_known_point_tells_a_wrong_declination(tmp_path):
    """A landmark 1,000 m away: 5° of declination are 87 m and more; two points known to 10 m and north to 0.5° are not."""
    far = change(2, distance="1000")
    right = intake(tmp_path, far)
    lon, lat = right.records.geometry["H1"].exterior.coords[0]
    rows = far.splitlines()
    rows[2] = f"{rows[2].removesuffix(',,')},{lon:.8f},{lat:.8f}"
    known = "\n".join(rows)
    assert rules_of(intake(tmp_path, known)) == set()
    wrong = intake(tmp_path, known, PROFILE.replace("4.5", "-0.5"))
    assert "traverse-off-position" in rules_of(wrong)
    assert "SP lies 9" in told(wrong, "traverse-off-position")
    assert "turned by +5.0°" in told(wrong, "traverse-off-position")
    assert wrong.records.loc["H1", "vertex_sd_m"] > 85
    assert hz.area_m2(wrong.records)["H1"] == pytest.approx(12_000, rel=1e-5)


def test_an_accuracy_that_the_record_states_is_kept(tmp_path):
    rows = "\n".join(f"{row},{2.5 if i == 0 else ''}" for i, row in enumerate(ROWS.splitlines()))
    taken = intake(tmp_path, rows, header=f"{HEADER},vertex_sd_m")
    assert taken.records.loc["H1", "vertex_sd_m"] == 2.5
    both = ROWS + "\n" + ROWS.replace("H1", "H2").replace("16.00012", "16.10012")
    half = "\n".join(f"{row},{250 if row.startswith('H1') else ''}" for row in both.splitlines())
    profile = f'[columns]\nvertex_sd_m = "Accuracy (cm)"\n[units]\nvertex_sd_m = "cm"\n{PROFILE}'
    mixed = intake(tmp_path, half, profile, f"{HEADER},Accuracy (cm)")
    assert mixed.records["vertex_sd_m"].tolist() == pytest.approx([2.5, from_python().vertex_sd_m], abs=0.02)


def test_records_with_coordinates_stay_as_they_are(tmp_path):
    """A record whose corners all have coordinates needs no north; a leg that closes it is no corner."""
    rows = f"""H2,{SAID},1,A,Start point,,,,,16.10012,45.20034
H2,{SAID},2,B,Turning point,1,2,,,16.10112,45.20034
H2,{SAID},3,C,Turning point,,,,,16.10112,45.20134
H2,{SAID},4,A,Start point,200,130,,,,"""
    taken = intake(tmp_path, rows, "[traverse]")
    assert rules_of(taken) == set()
    assert shape_of(taken) == [(16.10012, 45.20034), (16.10112, 45.20034), (16.10112, 45.20134), (16.10012, 45.20034)]
    assert "vertex_sd_m" not in taken.records


def shape_of(taken: hz.Intake) -> list[tuple[float, float]]:
    return list(taken.records.geometry.iloc[0].exterior.coords)


def test_a_corner_of_its_own_coordinates_among_legs_keeps_them(tmp_path):
    """TP1 has a receiver's coordinates, 3 m north of where the bearings put it: within the errors, and taken as they are."""
    lon, lat = from_python().points.loc["TP1", ["lon", "lat"]].astype(float)
    rows = ROWS.splitlines()
    rows[3] = f"{rows[3].removesuffix(',,')},,{lon:.8f},{lat + 3 / 111_132:.8f}".replace(",,,,,16", ",,,16")
    cells = rows[3].split(",")
    rows[3] = ",".join([*cells[:12], cells[-2], cells[-1]])
    taken = intake(tmp_path, "\n".join(rows))
    assert rules_of(taken) == set()
    assert (round(lon, 8), round(lat + 3 / 111_132, 8)) in [(round(x, 8), round(y, 8)) for x, y in shape_of(taken)]


def test_grid_north_of_an_old_datum(tmp_path):
    """Legs along the axes of MGI 1901 / Balkans zone 6: 100 m of grid are 100.01 m of ground at a scale of 0.9999.

    Drawn on Bessel's ellipsoid, in the grid of the table, and only then moved by the one operation of the layer: the
    outline in the grid is the rectangle that the book says, whatever the operation.
    """
    from hazardgeo.registers._formats import read_layer
    from hazardgeo.registers._profiles import load_profile

    rows = f"""H1,{SAID},1,LM,Landmark,,,,,6500000,4990000
H1,{SAID},2,SP,Start point,90,50,,,,
H1,{SAID},3,TP1,Turning point,0,100,,,,
H1,{SAID},4,TP2,Turning point,90,120,,,,
H1,{SAID},5,TP3,Turning point,180,100,,,,
H1,{SAID},6,SP,Start point,270,120,,,,"""
    profile = '[places]\nx = "y"\ny = "x"\n[traverse]\nnorth = "grid"\nangle_unit = "degrees"\nlength_unit = "m"\n'
    (tmp_path / "a.toml").write_text(profile, encoding="utf-8")
    (tmp_path / "a.csv").write_text(f"{HEADER.replace('lon,lat', 'y,x')}\n{rows}\n", encoding="utf-8")
    raw = read_layer(tmp_path / "a.csv", None, load_profile(tmp_path / "a.toml"), pyproj.CRS("EPSG:8678"))
    west, south, east, north = raw.shapes[0].bounds
    wanted = (6500000 + 50 * 0.9999, 4990000, 6500000 + 170 * 0.9999, 4990000 + 100 * 0.9999)
    assert (west, south, east, north) == pytest.approx(wanted, abs=0.002)
    assert raw.crs is not None
    assert raw.crs.to_epsg() == 8678


def test_excel_gives_the_same_outline(tmp_path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    file = tmp_path / "points.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for r, row in enumerate([HEADER, *ROWS.splitlines()]):
            for c, cell in enumerate(row.split(",")):
                try:
                    sheet.write_number(r, c, float(cell))
                except ValueError:
                    sheet.write_string(r, c, cell)
    (tmp_path / "my.toml").write_text(PROFILE, encoding="utf-8")
    taken = hz.intake(file, "hazards", profile=tmp_path / "my.toml", crs="EPSG:4326")
    assert same(taken.records.geometry["H1"], from_python().polygon)


def test_parts_are_traverses_of_their_own(tmp_path):
    """The same loop twice from one landmark, the second led 500 m further east."""
    header = HEADER.replace("number,", "part,number,")
    rows = [row.replace(f"{SAID},", f"{SAID},,", 1) for row in ROWS.splitlines()[:1]]
    for part, lead in (("a", "60"), ("b", "560")):
        led = ROWS.replace("85.5,60", f"85.5,{lead}").splitlines()[1:]
        rows += [row.replace(f"{SAID},", f"{SAID},{part},", 1) for row in led]
    taken = intake(tmp_path, "\n".join(rows), header=header)
    assert rules_of(taken) == set()
    assert taken.records.geometry["H1"].geom_type == "MultiPolygon"
    assert hz.area_m2(taken.records)["H1"] == pytest.approx(24_000, rel=1e-5)


def test_points_of_imsma_whose_profile_states_the_north(tmp_path):
    """The flat points view with relative points: each led from its frompoint_guid; north and units stand in the profile."""
    header = "hazard_localid,hazard_guid,geospatialinfo_guid,geopoint_guid,pointno,pointtypeenum,longitude,latitude,"
    header += "bearing,distance,frompoint_guid"
    rows = """H-1,h1,s1,g1,1,Reference Point,16.00012,45.20034,,,
H-1,h1,s1,g2,2,Start Point,,,90,50,g1
H-1,h1,s1,g3,3,Turning Point,,,0,100,g2
H-1,h1,s1,g4,4,End Point,,,90,120,g3"""
    profile = (
        hz.profile_text("imsma-ng-flat") + '\n[traverse]\nnorth = "true"\nangle_unit = "degrees"\nlength_unit = "m"\n'
    )
    taken = intake(tmp_path, rows, profile, header)
    assert "traverse-not-closed" in rules_of(taken)
    assert hz.area_m2(taken.records).tolist() == pytest.approx([6000], rel=1e-5)  # half of 100 m by 120 m
    silent = intake(tmp_path, rows, hz.profile_text("imsma-ng-flat"), header)
    assert "traverse-north-unstated" in rules_of(silent)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('north = "up"', "traverse.north"),
        ('north = "true"\ndeclination_deg = 3', "traverse.declination_deg"),
        ('declination_deg = "3"', "traverse.declination_deg"),
        ('grid = "EPSG:4326"', "traverse.grid"),
        ('angle_unit = "mils"', "which circle"),
        ("length_unit = 0", "traverse.length_unit"),
        ("bearing_sd_deg = -1", "bearing_sd_deg"),
        ('bering = "x"', "is not a key"),
        ('[traverse.columns]\nbering = "x"', "is not a key"),
    ],
)
def test_profiles_that_cannot_be(tmp_path, said, words):
    with pytest.raises(HazardgeoError, match=words):
        intake(tmp_path, ROWS, f"[traverse]\n{said}")


def test_columns_that_are_not_there_or_could_be_two(tmp_path):
    with pytest.raises(FormatError, match="there is no column 'Azimut'"):
        intake(tmp_path, ROWS, PROFILE + '[traverse.columns]\nbearing = "Azimut"')
    rows = "\n".join(f"{row}," for row in ROWS.splitlines())
    taken = intake(tmp_path, rows, header=f"{HEADER},azimuth")
    assert len(taken.quarantine) == 1
    assert "The columns 'bearing' and 'azimuth' could hold the bearing" in told(taken, "traverse-not-drawn")


CORNERS_OF_H3 = [(16.2, 45.2), (16.2, 45.201), (16.2015, 45.201), (16.2015, 45.2)]


@pytest.mark.parametrize("names", ["bearing,distance", "bearing,azimuth,distance", "bearing,distance,distance_m",
                                   "bearing,distance,from,from_point", "bearing,distance,point,station"])  # fmt: skip
def test_columns_that_lead_nowhere_stay_as_they_are(tmp_path, names):
    """Where every corner has its coordinates, a bearing and a distance may be those of the next village."""
    columns = names.split(",")
    rows = "\n".join(
        f"H3,{SAID},{n},{lon},{lat}{',45' * len(columns)}" for n, (lon, lat) in enumerate(CORNERS_OF_H3, start=1)
    )
    taken = intake(tmp_path, rows, "", f"hazard_id,register,country,classification,work_status,number,lon,lat,{names}")
    assert rules_of(taken) == set()
    assert shape_of(taken)[:4] == CORNERS_OF_H3
    assert taken.records.loc["H3", columns].astype(str).tolist() == ["45"] * len(columns)


def test_columns_stay_where_only_another_record_is_drawn(tmp_path):
    rows = [f"H3,{SAID},{n},,,7,8,,,{lon},{lat}" for n, (lon, lat) in enumerate(CORNERS_OF_H3, start=1)]
    taken = intake(tmp_path, "\n".join([ROWS, *rows]))
    assert len(taken.records) == 2
    assert taken.records.loc["H3", ["bearing", "distance"]].astype(str).tolist() == ["7", "8"]
    assert taken.records.loc["H1", ["bearing", "distance"]].isna().all()
    rows = "\n".join(f"{row}," for row in [ROWS.splitlines()[0], *rows])
    unsure = intake(tmp_path, rows, header=f"{HEADER},azimuth")
    assert "H3" in unsure.records.index


def test_a_table_of_shapes_is_no_table_of_legs(tmp_path):
    header = "hazard_id,register,country,classification,work_status,wkt,distance,leg,bearing,azimuth"
    ring = ", ".join(f"{lon} {lat}" for lon, lat in [*CORNERS_OF_H3, CORNERS_OF_H3[0]])
    taken = intake(tmp_path, f'H3,{SAID},"POLYGON(({ring}))",1,2,3,4', "", header)
    assert shape_of(taken)[:4] == CORNERS_OF_H3
    assert {"distance", "leg", "bearing", "azimuth"} <= set(taken.records.columns)


def test_a_column_of_northings_is_no_north_of_bearings(tmp_path):
    """East and north name the coordinates. 100 m by 120 m at a grid scale of 0.9996: 120 · 100 of ground, as walked."""
    rows = f"""H1,{SAID},1,LM,Landmark,,,,,500000,5000000
H1,{SAID},2,SP,Start point,90,50,,,,
H1,{SAID},3,TP1,Turning point,0,100,,,,
H1,{SAID},4,TP2,Turning point,90,120,,,,
H1,{SAID},5,TP3,Turning point,180,100,,,,"""
    profile = PROFILE.replace('"magnetic"\ndeclination_deg = 4.5', '"grid"')
    taken = intake(tmp_path, rows, profile, HEADER.replace("lon,lat", "east,north"), crs="EPSG:32633")
    assert hz.area_m2(taken.records)["H1"] == pytest.approx(12_000, rel=1e-4)


def test_two_points_of_one_number_have_no_order(tmp_path):
    """Only the start point comes again, and a benchmark to which the last leg leads back."""
    for number, row in (("4", 5), ("4", 6), ("3", 6)):
        taken = intake(tmp_path, change(row, number=number))
        words = told(taken, "traverse-not-drawn")
        assert "have the same number" in words or "goes on after" in words, number
    assert same(intake(tmp_path, change(7, number="3")).records.geometry["H1"], from_python().polygon)


def test_a_turning_point_that_comes_again_is_not_taken_for_the_close(tmp_path):
    taken = intake(tmp_path, "\n".join(change(6, point="TP1").splitlines()[:-1]))
    assert "Two of its points are called 'TP1'" in told(taken, "traverse-not-drawn")


def test_a_closing_row_of_another_name_is_a_point_without_coordinates(tmp_path):
    """All corners have coordinates but the last, whose leg leads to a start point of another name."""
    rows = [f"H3,{SAID},{n},P{n},{'Turning' if n > 1 else 'Start'} point,,,,,{lon},{lat}" for n, (lon, lat) in
            enumerate(CORNERS_OF_H3, start=1)]  # fmt: skip
    last = f"H3,{SAID},5,Q1,Start point,135,300,,,,"
    taken = intake(tmp_path, "\n".join([*rows, last]), "[traverse]")
    assert "traverse-north-unstated" in rules_of(taken)  # it has to be drawn
    assert len(intake(tmp_path, "\n".join([*rows, last.replace("Q1", "P1")]), "[traverse]").records) == 1


def test_what_follows_a_close_is_no_corner_of_the_same_outline(tmp_path):
    taken = intake(tmp_path, f"{ROWS}\nH1,{SAID},8,U1,Turning point,180,50,,,,")
    assert "goes on after SP has closed" in told(taken, "traverse-not-drawn")


@pytest.mark.parametrize("north", ["true", "grid"])
def test_a_declination_beside_another_north_is_refused(tmp_path, north):
    rows = "\n".join(f"{row},4.5,{north}" for row in ROWS.splitlines())
    profile = PROFILE.replace('north = "magnetic"\ndeclination_deg = 4.5', 'grid = "EPSG:32633"')
    taken = intake(tmp_path, rows, profile, f"{HEADER},declination_deg,north")
    assert f"counted from {north} north, and a declination of 4.5°" in told(taken, "traverse-north-unstated")


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("mils_6000", "Its declination, 75, is in mils_6000; it is read in degrees only"),
        ("gon", "Its declination, 75, is in gon; it is read in degrees only"),
    ],
)
def test_a_declination_in_another_unit_is_refused(tmp_path, unit, words):
    rows = "\n".join(f"{row},75" for row in ROWS.splitlines())
    taken = intake(tmp_path, rows, PROFILE, f"{HEADER},declination_{unit}")
    assert words in told(taken, "traverse-not-drawn")
    gon = PROFILE.replace('"degrees"', '"gon"')
    bare = intake(tmp_path, rows, gon, f"{HEADER},declination")
    assert "has no unit, and its bearings are not in degrees" in told(bare, "traverse-not-drawn")


def test_back_bearings_in_another_unit_are_refused(tmp_path):
    header = HEADER.replace("back bearing", "back_bearing_gon")
    taken = intake(tmp_path, change(5, back_bearing="295"), header=header)
    assert "Its bearings are in degrees, its back bearings in gon" in told(taken, "traverse-not-drawn")
    assert len(intake(tmp_path, ROWS, header=header).records) == 1  # a column without a cell says nothing


def test_a_grid_counted_from_paris_is_refused():
    """Its convergence would be taken at a longitude 2.3 degrees off."""
    with pytest.raises(HazardgeoError, match="elsewhere than Greenwich"):
        traverse((7.0, 46.0), SQUARE, north="grid", crs="EPSG:27572", roles=LANDMARK)


def test_an_accuracy_that_a_check_shows_to_be_wrong_is_raised(tmp_path):
    """A leg of 150 m for 120 m: it closes to 30 m, and 1 m, or 100 cm, cannot be."""
    rows = "\n".join(f"{row},1" for row in change(5, distance="150").splitlines())
    taken = intake(tmp_path, rows, header=f"{HEADER},vertex_sd_m")
    assert taken.records.loc["H1", "vertex_sd_m"] == pytest.approx(30.0, abs=0.02)
    assert "said to be known to 1 m; they are taken to be known to 30.0 m" in told(taken, "traverse-misclosure")
    profile = f'[columns]\nvertex_sd_m = "cm"\n[units]\nvertex_sd_m = "cm"\n{PROFILE}'
    in_cm = intake(tmp_path, rows.replace(",1\n", ",100\n"), profile, f"{HEADER},cm")
    assert in_cm.records.loc["H1", "vertex_sd_m"] == pytest.approx(30.0, abs=0.02)
    wide = intake(tmp_path, rows.replace(",1\n", ",45\n"), header=f"{HEADER},vertex_sd_m")
    assert wide.records.loc["H1", "vertex_sd_m"] == 45
    words = intake(tmp_path, rows.replace(",1\n", ",good\n"), header=f"{HEADER},vertex_sd_m")
    assert "30.0" not in words.findings.loc[words.findings["rule"] == "traverse-misclosure", "seen"].str.cat()[-40:]


def test_a_wrong_bearing_is_not_excused_by_its_right_back_bearing():
    """Of 99.8° and 270° the mean is 94.9°, 4.9° off: the end of 300 m moves by 2 · 300 · sin(2.45°) = 25.65 m.

    Each leg errs by 300 m · 1° = 5.2 m across and 0.5 m along; two such east and two north make 7.4 m in each direction, times
    2.448 for 95 % 18.2 m, and less with a back bearing. Half of 9.8° taken as the error of that leg would explain 63 m.
    """
    legs = [("A", "B", 0, 300), ("B", "C", 99.8, 300, 270), ("C", "D", 180, 300), ("D", "A", 270, 300)]
    found = traverse((16.0, 45.0), legs, north="true")
    assert found.misclosure_m == pytest.approx(25.65, abs=0.05)
    assert found.closure is not None
    assert found.closure.explained_m < 18.2
    assert not found.closure.passes
    assert found.vertex_sd_m >= 25.6


def test_a_leg_after_an_evidence_point_says_where_it_starts(tmp_path):
    """The evidence point is 40 m along the way from TP2 to TP3: 100 m from TP2, or 60 m from it, is the same outline."""
    rows = ROWS.splitlines()
    evidence = f"H1,{SAID},,EV,Evidence point,175.5,40,TP2,,,"
    for number, from_point, distance in (("", "TP2", 100), ("5.5", "EV", 60)):
        after = rows[5].replace("175.5,100,,", f"175.5,{distance},{from_point},")
        aside = evidence.replace(f"{SAID},,", f"{SAID},{number},")
        taken = intake(tmp_path, "\n".join([*rows[:5], aside, after, rows[6]]))
        assert rules_of(taken) == set(), from_point
        assert same(taken.records.geometry["H1"], from_python().polygon, 1e-8)
    silent = intake(tmp_path, "\n".join([*rows[:5], evidence, rows[5], rows[6]]))
    assert "TP3 follows the evidence point EV, and does not say" in told(silent, "traverse-not-drawn")
    numbered = [row.replace(f"{SAID},{n}", f"{SAID},{10 * n}") for n, row in enumerate(rows, start=1)]
    last = intake(tmp_path, "\n".join([*numbered, evidence.replace(f"{SAID},,", f"{SAID},55,")]))
    assert "TP3 follows the evidence point EV" in told(last, "traverse-not-drawn")


def test_decimal_commas(tmp_path):
    rows = "\n".join(
        ",".join(f'"{cell.replace(".", ",")}"' if "." in cell else cell for cell in row.split(","))
        for row in ROWS.splitlines()
    )
    taken = intake(tmp_path, rows, locale="hr")
    assert same(taken.records.geometry["H1"], from_python().polygon)
    points = intake(tmp_path, ROWS, locale="hr")
    assert len(points.quarantine) == 1  # 80.5 is no number in Croatian, and never 805


def test_an_old_datum_through_intake(tmp_path):
    """A landmark on MGI 1901 / Balkans zone 6; GeographicLib walks on Bessel's ellipsoid, PROJ moves by the same operation."""
    geodesic = Geodesic(6377397.155, 1 / 299.1528128)
    to_datum = pyproj.Transformer.from_crs("EPSG:8678", "EPSG:3906", always_xy=True)
    lon, lat = to_datum.transform(6500000, 4900000)
    corners = []
    for azimuth, length in ((90, 50), (0, 100), (90, 120), (180, 100)):
        there = geodesic.Direct(lat, lon, azimuth, length)
        lon, lat = there["lon2"], there["lat2"]
        corners.append((lon, lat))
    rows = f"""H1,{SAID},1,LM,Landmark,,,,,6500000,4900000
H1,{SAID},2,SP,Start point,90,50,,,,
H1,{SAID},3,TP1,Turning point,0,100,,,,
H1,{SAID},4,TP2,Turning point,90,120,,,,
H1,{SAID},5,TP3,Turning point,180,100,,,,"""
    profile = PROFILE.replace('"magnetic"\ndeclination_deg = 4.5', '"true"')
    header = HEADER.replace("lon,lat", "easting,northing")
    taken = intake(tmp_path, rows, profile, header, crs="EPSG:8678", datum_operation="EPSG:8823")
    operation = pyproj.transformer.TransformerGroup("EPSG:3906", "EPSG:4326", always_xy=True).transformers
    named = next(one for one in operation if "MGI 1901 to WGS 84 (13)" in one.description)
    wanted = [named.transform(*corner) for corner in corners]
    assert same(taken.records.geometry["H1"], shapely.Polygon(wanted), 1e-8)


WRITTEN = st.one_of(st.none(), st.floats(), st.integers(-10, 10_000).map(str), st.text(max_size=6), st.sampled_from(
    ["12°30'", "1.234", "SP", "LM", "15-00", "magnetic", "grid", "1e999", "-", "NaN", "90"]
))  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(5, 13), WRITTEN), max_size=6))
@settings(max_examples=120, deadline=None)
def test_no_cell_brings_the_reader_down_and_no_record_is_lost(changes):
    """Whatever stands in the cells, each id is a record, drawn or told why not."""
    from hazardgeo.registers._formats._places import Places, shapes_of
    from hazardgeo.registers._formats._sheet import Sheet
    from hazardgeo.registers._formats._traverse_columns import Legs, Stated
    from hazardgeo.registers._rules import RULES

    cells: list[list[object]] = [list(row.split(",")) for row in ROWS.splitlines()]
    for row, column, written in changes:
        cells[row][column] = written
    stated = Stated(north="true", angle_unit="degrees", length_unit="m")
    sheet = Sheet("t", tuple(HEADER.split(",")), cells, tuple(range(2, 9)), (), "t.csv")
    raw = shapes_of(sheet, Places(record="hazard_id", number="number", legs=Legs(stated=stated)), pyproj.CRS(4326))
    assert raw.count == 1
    refused = any(RULES[fault.rule].severity == "quarantined" for fault in raw.faults)
    assert refused or raw.shapes[0] is not None or any(fault.rule == "geometry-too-few-points" for fault in raw.faults)


def test_the_page_of_instructions_runs(tmp_path, monkeypatch):
    """Its Python, and its table with its profile, as a reader would copy them."""
    page = (Path(__file__).parents[1] / "docs/how_to/traverse.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    blocks = page.split("```")[1::2]
    for name, kind in (("points.csv", "text"), ("my.toml", "toml")):
        block = next(one for one in blocks if one.startswith(f"{kind}\n"))
        (tmp_path / name).write_text(block.removeprefix(f"{kind}\n"), encoding="utf-8")
    for block in (one.removeprefix("python\n") for one in blocks if one.startswith("python\n")):
        exec(block, {})  # noqa: S102  (what a reader of the page runs)
    taken = hz.intake("points.csv", profile="my.toml")
    assert (len(taken.records), len(taken.quarantine)) == (1, 0)


def imsma_tables(folder):
    """A hazard whose corners are led from its landmark: 50 m east, then round a square of 100 m and back."""
    tables = {
        "hazard": "hazard_guid,hazard_localid,areatype_guid,status_guid\nh1,H-1,CHA,Open",
        "hazard_has_geospatialinfo": "hazard_guid,geospatialinfo_guid\nh1,s1",
        "geospatialinfo": "geospatialinfo_guid,shapeenum_guid,isactive\ns1,Polygon,true",
        "geopoint": """geospatialinfo_guid,geopoint_guid,pointno,pointtypeenum_guid,longitude,latitude,bearing,distance,\
frompoint_guid
s1,g1,1,Reference Point,16.00012,45.20034,,,
s1,g2,2,Start Point,,,90,50,g1
s1,g3,3,Turning Point,,,0,100,g2
s1,g4,4,Turning Point,,,90,100,g3
s1,g5,5,End Point,,,180,100,g4
s1,g6,6,Start Point,,,270,100,g5""",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    own = '[traverse]\nnorth = "true"\nangle_unit = "degrees"\nlength_unit = "m"\n[traverse.columns]\nbearing = "bearing"\n'
    own += 'distance = "distance"\nfrom_point = "frompoint_guid"\npoint_name = "geopoint_guid"\n'
    (folder / "my.toml").write_text(hz.profile_text("imsma-ng") + "\n" + own, encoding="utf-8")
    return folder


def test_relative_points_of_imsma_tables(tmp_path):
    taken = hz.intake(imsma_tables(tmp_path), "hazards", profile=tmp_path / "my.toml")
    assert len(taken.records) == 1
    assert hz.area_m2(taken.records).tolist() == pytest.approx([10_000], rel=1e-5)
    assert taken.records["vertex_sd_m"].tolist() == pytest.approx([10.3], abs=0.3)
    assert "traverse-drawn" in set(taken.findings["rule"])


def test_an_accuracy_that_a_profile_states_of_all_records(tmp_path):
    """2 m as stated; 50 m as stated; 2 m raised to a misclosure of 30 m."""
    for constant, rows, wanted in ((2, ROWS, 2), (50, ROWS, 50), (2, change(5, distance="150"), 30)):
        taken = intake(tmp_path, rows, f"[constants]\nvertex_sd_m = {constant}\n{PROFILE}")
        assert taken.records.loc["H1", "vertex_sd_m"] == pytest.approx(wanted, abs=0.02)


# As newcomers write them

SHORT = (("Landmark", "LM"), ("Benchmark", "bm"), ("Start point", "Sp"), ("Turning point", "TP1"))


def shortened(rows: str) -> str:
    for word, short in SHORT:
        rows = rows.replace(word, short)
    return rows


def in_mils(rows: str, circle: float) -> str:
    cells = [row.split(",") for row in rows.splitlines()]
    return "\n".join(
        ",".join([*row[:8], f"{float(row[8]) / 360 * circle:.9f}" if row[8] else "", *row[9:]]) for row in cells
    )


@pytest.mark.parametrize("circle", [6000, 6400])
def test_mils_in_the_name_of_a_column_take_the_circle_that_the_profile_states(tmp_path, circle):
    header = HEADER.replace("bearing,distance", "bearing_mils,distance")
    profile = PROFILE.replace('"degrees"', f'"mils_{circle}"')
    taken = intake(tmp_path, in_mils(ROWS, circle), profile, header)
    assert same(taken.records.geometry["H1"], from_python().polygon)
    column = "\n".join(f"{row},{circle}" for row in in_mils(ROWS, circle).splitlines())
    taken = intake(tmp_path, column, PROFILE.replace('angle_unit = "degrees"', ""), f"{header},angle unit")
    assert same(taken.records.geometry["H1"], from_python().polygon)


def test_mils_in_the_name_of_a_column_without_a_circle_are_not_drawn(tmp_path):
    header = HEADER.replace("bearing,distance", "bearing_mils,distance")
    taken = intake(tmp_path, in_mils(ROWS, 6000), PROFILE.replace('angle_unit = "degrees"', ""), header)
    assert rules_of(taken) == {"traverse-not-drawn"}
    assert "the column 'bearing_mils' names no circle" in told(taken, "traverse-not-drawn")
    other = intake(tmp_path, in_mils(ROWS, 6000), PROFILE, header)
    assert "in mils by one word, and in degrees by another" in told(other, "traverse-not-drawn")


def test_back_bearings_in_mils_are_of_the_circle_of_the_bearings(tmp_path):
    """The first leg back: 40° + 180° are 220°, on a circle of 6000 mils 220 / 360 · 6000 = 3666.667."""
    header = HEADER.replace("bearing,distance", "bearing_mils,distance").replace("back bearing", "back_bearing_mils")
    rows = in_mils(change(2, back_bearing="3666.667"), 6000)
    taken = intake(tmp_path, rows, PROFILE.replace('"degrees"', '"mils_6000"'), header)
    assert same(taken.records.geometry["H1"], from_python().polygon, 1e-7)


@pytest.mark.parametrize(
    ("header", "what"),
    [
        (HEADER.replace("bearing,distance", "Brg,distance"), "bearing"),
        (HEADER.replace("bearing,distance", "bearing,Lgth"), "distance"),
        (HEADER.replace("bearing,distance", "Brg,Lgth"), "bearing and for the distance"),
    ],
)
@pytest.mark.parametrize("numbered", [True, False])
def test_a_traverse_whose_columns_were_not_found_says_so(tmp_path, header, what, numbered):
    if not numbered:  # each row is then a record, and lacks as much
        header = header.replace("number", "remark")
    taken = intake(tmp_path, ROWS.splitlines()[2] if not numbered else ROWS, PROFILE, header)
    assert f"There is a [traverse] in the profile, but no column was taken for the {what}." in told(
        taken, "traverse-not-drawn"
    )
    assert "[traverse.columns]" in remedy(taken, "traverse-not-drawn")
    assert rules_of(taken) == {"traverse-not-drawn"}
    assert len(taken.quarantine) == 1


def test_a_profile_of_traverses_takes_nothing_from_records_that_have_coordinates(tmp_path):
    """A landmark without coordinates is no corner; without [traverse], nothing is said of one."""
    corners = [f"H3,{SAID},{n},P{n},TP{n},,,,,{x},{y}" for n, (x, y) in enumerate(CORNERS_OF_H3, start=2)]
    rows = "\n".join([f"H3,{SAID},1,LM,Landmark,,,,,,", *corners])
    header = HEADER.replace("bearing,distance", "Brg,Lgth")
    taken = intake(tmp_path, rows, PROFILE, header)
    assert shape_of(taken)[:4] == CORNERS_OF_H3
    assert "traverse-not-drawn" not in rules_of(taken)
    plain = intake(tmp_path, ROWS, "", header)
    assert "traverse-not-drawn" not in rules_of(plain)
    assert "geometry-missing" in rules_of(plain)


def test_types_as_field_books_shorten_them(tmp_path):
    taken = intake(tmp_path, shortened(ROWS))
    assert rules_of(taken) == set()
    assert same(taken.records.geometry["H1"], from_python().polygon)
    assert "landmark" in told(taken, "points-not-vertices")
    assert remedy(taken, "points-not-vertices") == "Nothing has to be done: points of these types are never corners."
    for kind in ("TPX", "TP12345", "TP1a", "XTP"):
        unknown = intake(tmp_path, change(5, point_type=kind))
        assert "whether it is a corner" in told(unknown, "geometry-unreadable")


def test_a_profile_goes_before_what_is_short_for_something(tmp_path):
    """TP is a corner there, and SP is none: three turning points of 100 m and 120 m enclose half of 12,000 m²."""
    taken = intake(tmp_path, shortened(ROWS), PROFILE + '[places]\nvertex_types = ["TP"]')
    assert hz.area_m2(taken.records)["H1"] == pytest.approx(6_000, rel=1e-4)
    assert "add its type to vertex_types" in remedy(taken, "points-not-vertices")


def corners(*points: tuple[str, float, float]) -> str:
    return "\n".join(f"H3,{SAID},{n},P{n},{kind},,,,,{x},{y}" for n, (kind, x, y) in enumerate(points, start=1))


@pytest.mark.parametrize(
    ("at", "place", "is_drawn"),
    [
        (3, (16.2015, 45.2), True),  # the last corner of the rectangle
        (3, (16.2003, 45.2008), False),  # last, but within the triangle of the others: evidence found there, it may be
        (1, (16.2015, 45.2), False),  # not the last
    ],
)
@pytest.mark.parametrize("word", ["EP", "ep1", "End point"])
def test_an_end_point_in_short_may_be_an_evidence_point(tmp_path, at, place, is_drawn, word):
    points = [("SP", 16.2, 45.2), ("TP1", 16.2, 45.201), ("TP2", 16.2015, 45.201)]
    points.insert(at, (word, *place))
    taken = intake(tmp_path, corners(*points), "")
    said = told(taken, "geometry-unreadable")
    assert ("may be its end point or an evidence point" in said) == (not is_drawn and word != "End point")
    assert (len(taken.records) == 1) == (is_drawn or (word == "End point" and at == 3))


@pytest.mark.parametrize("cell", ["59-25", "16-00", "16–00"])
def test_a_dash_is_how_mils_of_6000_are_written(tmp_path, cell):
    """16-00 of 6000 is 1600 / 6000 · 360 = 96 degrees; taken for 6400 it would be 90."""
    with pytest.raises(GeometryError, match="written as mils of a circle of 6000"):
        read_bearing(cell, "mils_6400")
    if cell != "59-25":
        assert read_bearing(cell, "mils_6000") == pytest.approx(96)
    profile = PROFILE.replace('"degrees"', '"mils_6400"')
    taken = intake(tmp_path, change(5, bearing=cell), profile)
    assert "say mils_6000" in remedy(taken, "traverse-not-drawn")


def test_the_page_names_every_column_and_every_type_in_short():
    page = Path("docs/how_to/traverse.md").read_text(encoding="utf-8")
    columns = page.partition("[traverse.columns]  ")[2].partition("```")[0]
    assert all(f"{name} = " in columns for name in COLUMNS)
    assert all(f"`{short.upper()}`" in page for short in ("LM", "BM", "SP", "TP", "IP", "EP", "RP"))
    assert "vertex_types" in page


@pytest.mark.parametrize(("word", "is_broken"), [("TP3", False), ("EP", True)])
def test_types_in_a_column_that_is_not_taken_for_them(tmp_path, word, is_broken):
    """All are corners there, unless one may be an evidence point."""
    kinds = ["SP", "TP1", "TP2", word]
    rows = corners(*((kind, x, y) for kind, (x, y) in zip(kinds, CORNERS_OF_H3, strict=True)))
    taken = intake(tmp_path, rows, "", HEADER.replace("point type", "type"))
    assert ("row-broken" in rules_of(taken)) == is_broken
