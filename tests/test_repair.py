"""Repair: every reading of a broken outline; hazards never shrink, cleared land never grows, nothing is lost."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

import hazardgeo as hz
from hazardgeo.cli import main
from hazardgeo.errors import CRSError, GeometryError
from hazardgeo.overlay import RecordedPlane, candidates_in_words, mend, repair_geometry
from hazardgeo.overlay._readings import (
    AS_DRAWN,
    EVEN_ODD,
    HOLES_OUT,
    LINEWORK,
    LOOSENED,
    STRUCTURE,
    SWAPPED,
    readings_of,
)
from hazardgeo.overlay._untangle import open_ring, untangled
from hazardgeo.registers._account import Account
from hazardgeo.registers._formats._layer import RawLayer, shape_array
from hazardgeo.registers._limits import Limits
from hazardgeo.registers._shapes import check_shapes
from hazardgeo.registers._watch import Watch
from hazardgeo.schema import HAZARDS, RELEASES, Schema

# Equal-area, and true in every direction at its centre: there a square metre of the plane is one of the ground.
EAST, NORTH, LAEA = 4_321_000.0, 3_210_000.0, "EPSG:3035"


def box(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def of(*parts: list[tuple[float, float]]) -> MultiPolygon:
    return MultiPolygon([Polygon(part) for part in parts])


BOW_TIE = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
UNEQUAL = Polygon([(0, 0), (4, 0), (1, 4), (3, 4)])
OVERLAPPING_RING = Polygon([(0, 0), (4, 0), (4, 3), (1, 3), (1, 1), (3, 1), (3, 4), (0, 4)])
NESTED = of(box(0, 0, 4, 4), box(1, 1, 1, 1))
OVERLAPPING_PARTS = of(box(0, 0, 2, 2), box(1, 0, 2, 2))
HOLE_OUTSIDE = Polygon(box(0, 0, 2, 2), [box(3, 0, 1, 1)])
HOLE_IS_SHELL = Polygon(box(0, 0, 2, 2), [box(0, 0, 2, 2)])
OVERLAPPING_HOLES = Polygon(box(0, 0, 10, 10), [box(1, 1, 4, 4), box(3, 3, 4, 4)])
SPIKE = Polygon([(0, 0), (4, 0), (4, 4), (9, 4), (4, 4), (0, 4)])
SLIT = Polygon([(0, 0), (4, 0), (4, 2), (2, 2), (4, 2), (4, 4), (0, 4)])
FLAT_HOLE = Polygon(box(0, 0, 4, 4), [[(1, 1), (2, 1), (3, 1)]])
BANANA = Polygon([(0, 0), (4, 0), (4, 4), (2, 4), (3, 2), (1, 2), (2, 4), (0, 4)])
TWICE_ROUND = Polygon([(0, 0), (4, 0), (4, 4), (2, 4), (1, 2), (3, 2), (2, 4), (0, 4)])
SHARED_EDGE = of(box(0, 0, 2, 2), box(2, 0, 2, 2))
SAME_PART_TWICE = of(box(0, 0, 2, 2), box(0, 0, 2, 2))

# Ours: smallest, largest. Theirs: make_valid by linework and by structure, buffer(0), shoelace (rings by absolute value).
TABLE = {
    # Two triangles of base 2 and height 1; the square with two corners swapped back.
    "bow-tie": (BOW_TIE, (2, 4), (2, 2, 1, 0)),
    # The diagonals cut at 2/3 of the height: triangles of 4 · 8/3 / 2 = 16/3 and 2 · 4/3 / 2 = 4/3. Swapped back, a trapezium
    # of (4 + 2) / 2 · 4 = 12. The shoelace is the difference of the two, 16/3 - 4/3 = 4.
    "bow-tie with unequal wings": (UNEQUAL, (20 / 3, 12), (20 / 3, 20 / 3, 16 / 3, 4)),
    # A square of 4 by 4 without a corner of 1: 15; the inner square of 2 by 2 is covered twice: 15 - 4 = 11, 15 + 4 = 19. With
    # the corners between (4 3) and (3 4) turned round, triangles of (3 1) (4 3) (3 3) and (1 3) (3 3) (3 4), 1 each, go too: 9.
    "ring that overlaps itself": (OVERLAPPING_RING, (9, 15), (11, 15, 15, 19)),
    # 4 · 4 = 16; the inner part as a hole: 15; counted twice: 17.
    "part in a part": (NESTED, (15, 16), (15, 16, 16, 17)),
    # 4 + 4, of which 2 are common: 6 together, 4 if what is common is left out, 8 counted twice.
    "parts that overlap": (OVERLAPPING_PARTS, (4, 6), (6, 6, 6, 8)),
    # A square of 4; the hole of 1 is ground of its own, or nothing.
    "hole outside": (HOLE_OUTSIDE, (4, 5), (5, 5, 4, 3)),
    "hole equal to its shell": (HOLE_IS_SHELL, (0, 4), (4, 0, 0, 0)),
    # 100 - 16 - 16 = 68; the common 4 taken out once: 72; ground again where it is in both: 76.
    "holes that overlap": (OVERLAPPING_HOLES, (72, 76), (76, 72, 72, 68)),
}


def shoelace(shape: object) -> float:
    """Outlines minus holes by the surveyor's formula, each by absolute value."""

    def ring(line: object) -> float:
        x, y = shapely.get_coordinates(line)[:-1].T
        return abs(float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())) / 2

    return sum(ring(part.exterior) - sum(map(ring, part.interiors)) for part in shapely.get_parts(shape))


@pytest.mark.parametrize("name", TABLE)
def test_our_readings_beside_what_the_library_functions_give(name):
    shape, ours, theirs = TABLE[name]
    found = readings_of(shape)
    assert (found.ground(found.smallest).area, found.ground(found.largest).area) == pytest.approx(ours)
    functions = (
        shapely.make_valid(shape, method="linework").area,
        shapely.make_valid(shape, method="structure").area,
        shape.buffer(0).area,
        shoelace(shape),
    )
    assert functions == pytest.approx(theirs)
    # Neither buffer(0) nor the shoelace can be had as a reading, and both may fall short of the smallest.
    for made, cover in zip(functions, (LINEWORK, STRUCTURE), strict=False):
        assert shapely.area(found.faces[found.covers[cover]]).sum() == pytest.approx(made)


def test_a_touch_has_one_reading_and_a_ring_that_goes_round_twice_has_two():
    """A square of 16 with a triangle of base 2 and height 2 inside, that hangs at a corner of the ring.

    Where the ring goes through itself there, the corner may have been recorded at a crossing. Without it and with (1 2) and
    (3 2) swapped, the square lacks a trapezium of (4 + 2) / 2 · 2 = 6.
    """
    inverted, twice = readings_of(BANANA), readings_of(TWICE_ROUND)
    assert {inverted.ground(cover).area for cover in inverted.covers.values()} == {14.0}
    assert {twice.ground(cover).area for cover in twice.covers.values()} == {10.0, 14.0, 16.0}
    assert twice.ground(twice.covers[AS_DRAWN]).area == 16
    assert twice.ground(twice.covers[EVEN_ODD]).area == 14


def test_a_line_that_goes_through_a_corner_of_another_edge_crosses_it():
    """The bow-tie with its crossing recorded as a corner of one wing: two triangles, or the square.

    With the corner kept and the stretch turned round, 4 less a triangle of base 2 and height 1.
    """
    found = readings_of(Polygon([(0, 0), (2, 2), (2, 0), (1, 1), (0, 2)]))
    assert (found.ground(found.smallest).area, found.ground(found.largest).area) == (2, 4)
    assert found.ground(found.covers[SWAPPED]).area == 3
    assert found.ground(found.covers[LOOSENED]).area == 4


def dense(shape: Polygon, pieces: int, digits: int) -> Polygon:
    """With so many corners on each edge, as software puts them there, and rounded."""
    xy = shapely.get_coordinates(shape.exterior)
    steps = np.linspace(0, 1, pieces, endpoint=False)[:, None]
    corners = np.vstack([a + (b - a) * steps for a, b in itertools.pairwise(xy)])
    return Polygon(np.round(np.roll(corners, 5, axis=0), digits))


FIELD_CROSSED = {
    "noted on both lines": (Polygon([(0, 0), (10, 10), (20, 20), (20, 0), (10, 10), (0, 20)]), 200),
    "rounded": (Polygon([(0, 0), (10, 10), (20, 20), (20, 0), (10, 10.002), (0, 20)]), 200),
    "with a bend": (Polygon([(0, 0), (12, 8), (20, 20), (20, 0), (12, 8), (0, 20)]), 200),
    "noted on one line": (Polygon([(0, 0), (10, 10), (20, 20), (20, 0), (0, 20)]), 200),
    "many corners on its edges": (dense(Polygon([(0, 0), (20, 20), (20, 0), (0, 20)]), 9, 2), 200),
}


@pytest.mark.parametrize("role", ["hazard", "cleared"])
@pytest.mark.parametrize("name", FIELD_CROSSED)
def test_a_bow_tie_whose_crossing_was_recorded_is_no_half_of_its_field(name, role):
    """Two triangles of 20 by 10 / 2 each (those of the bend: 20 · 12 / 2 and 20 · 8 / 2), or the field of 20 by 20."""
    shape, smallest = FIELD_CROSSED[name]
    found = readings_of(shape)
    areas = found.ground(found.smallest).area, found.ground(found.largest).area
    assert areas == pytest.approx((smallest, 400), abs=0.5)
    kept, log = repair_geometry(frame_of(on_the_ground(shape, 1)), role)
    assert len(kept) == 0
    assert log["action"].tolist() == ["quarantined"]


ONE_GROUND = {
    # Lobes that touch where both lines turn back: two triangles of 20 by 10 / 2.
    "hourglass": (Polygon([(0, 0), (10, 10), (20, 0), (20, 20), (10, 10), (0, 20)]), 200),
    # A hole of 20 by 20 in a field of 100 by 100, to which a cut leads from the outline, and one from its corner.
    "keyhole": (
        Polygon([(0, 0), (100, 0), (100, 100), (0, 100), (0, 50), *[(40, 50), (40, 60), (60, 60), (60, 40), (40, 40)],
                 (40, 50), (0, 50)]), 9600),
    "keyhole from a corner": (Polygon([*box(0, 0, 100, 100), (0, 0), (20, 20), (20, 40), (40, 40), (40, 20), (20, 20)]), 9600),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_GROUND)
def test_lines_that_only_touch_have_one_reading(name):
    shape, area = ONE_GROUND[name]
    found = readings_of(shape)
    assert {round(found.ground(cover).area, 9) for cover in found.covers.values()} == {area}
    kept, _ = repair_geometry(frame_of(on_the_ground(shape, 1)), "hazard")
    assert kept.geometry["h0"].area == pytest.approx(area)


def test_corners_that_are_not_at_a_crossing_stay():
    """The small loop of the overshot square is a trifle whether its crossing was recorded or not."""
    noted = Polygon([(0, 0), (CUT, 0), *box(0, 0, 100, 100)[1:], (CUT, 0), (0.05, -0.05)])
    found = readings_of(noted)
    assert found.ground(found.largest).area == pytest.approx(OVERSHOT_M2["hazard"], abs=1e-6)
    assert repair_geometry(frame_of(on_the_ground(noted, 1)), "hazard")[1]["action"].tolist() == ["repaired"]


def test_every_crossing_is_swapped_back_not_only_the_first():
    """A belt of 8 by 2, its two corners swapped at either end: at each end a bow-tie of 2 by 2 covers 2 of its square of 4."""
    belt = Polygon([(2, 0), (6, 0), (8, 2), (8, 0), (6, 2), (2, 2), (0, 0), (0, 2)])
    turned = untangled(open_ring(shapely.get_coordinates(belt)))
    assert Polygon(turned).is_valid
    assert {tuple(corner) for corner in turned} == {tuple(corner) for corner in belt.exterior.coords}
    found = readings_of(belt)
    assert (found.ground(found.smallest).area, found.ground(found.largest).area) == (12, 16)
    assert shapely.area(found.faces[found.covers[SWAPPED]]).sum() == 16


# The frame


def on_the_ground(shape: object, metre: float = 10.0) -> object:
    """The drawing where one unit is so many metres, at the centre of the plane."""
    return shapely.transform(shape, lambda xy: xy * metre + (EAST, NORTH))


def frame_of(*shapes: object, crs: object = LAEA) -> gpd.GeoDataFrame:
    index = pd.Index([f"h{i}" for i in range(len(shapes))], name="hazard_id")
    return gpd.GeoDataFrame({"note": range(len(shapes))}, geometry=list(shapes), index=index, crs=crs)


@pytest.mark.parametrize("role", ["hazard", "cleared"])
@pytest.mark.parametrize("name", TABLE)
def test_a_field_with_several_readings_is_left_for_a_person_with_all_their_areas(name, role):
    shape, (smallest, largest), theirs = TABLE[name]
    kept, log = repair_geometry(frame_of(on_the_ground(shape)), role)
    assert len(kept) == 0
    one = log.loc["h0"]
    assert one["action"] == "quarantined"
    assert (one["smallest_m2"], one["largest_m2"]) == pytest.approx((100 * smallest, 100 * largest), rel=1e-5)
    assert one["area_before_m2"] == pytest.approx(100 * theirs[3], rel=1e-5, abs=1e-2)
    assert np.isnan(one["area_after_m2"])
    assert one["method"] == ""
    assert one["candidates_m2"][LINEWORK] == pytest.approx(100 * theirs[0], rel=1e-5, abs=1e-3)
    assert one["candidates_m2"][STRUCTURE] == pytest.approx(100 * theirs[1], rel=1e-5, abs=1e-3)
    assert shapely.from_wkb(one["original_wkb"]).equals_exact(on_the_ground(shape))


def test_a_bow_tie_says_what_it_would_be_either_way():
    _, log = repair_geometry(frame_of(on_the_ground(BOW_TIE)), "hazard")
    assert log.loc["h0", "candidates"] == "as drawn 200 m², corners swapped 400 m²"
    assert log.loc["h0", "reason"] == (
        "Self-intersection at 4321010 3210010. Its readings differ by 200 m², 50.00% of the largest."
    )


# The tape ends 5 cm past the first corner and 5 cm beside it. The last edge cuts the first at x = 0.05 · 100 / 100.05. As drawn,
# the square of 10,000 m² lacks a triangle of 100 m by that, and has another of 0.05 m by that; with the corners swapped it has
# one of 100 m by 0.05 m more.
OVERSHOOT = Polygon([(0, 0), (100, 0), (100, 100), (0, 100), (0.05, -0.05)])
CUT = 0.05 * 100 / 100.05
OVERSHOT_M2 = {"cleared": 10_000 - 50 * CUT + 0.05 * CUT / 2, "hazard": 10_000 + 100 * 0.05 / 2}


@pytest.mark.parametrize("role", OVERSHOT_M2)
def test_a_few_centimetres_are_repaired_to_the_safe_side(role):
    shape = on_the_ground(OVERSHOOT, 1)
    kept, log = repair_geometry(frame_of(shape), role)
    assert log.loc["h0", "action"] == "repaired"
    assert log.loc["h0", "method"] == ("largest reading" if role == "hazard" else "smallest reading")
    assert log.loc["h0", "area_after_m2"] == pytest.approx(OVERSHOT_M2[role], abs=1e-2)
    assert hz.area_m2(kept)["h0"] == pytest.approx(OVERSHOT_M2[role], abs=1e-2)
    assert shapely.from_wkb(log.loc["h0", "original_wkb"]).equals_exact(shape)
    assert log.loc["h0", "reason"].endswith("Its readings differ by 5.0 m².")


def test_the_two_limits_hold_each_by_itself():
    """The readings of the overshot square differ by 5 m², 0.05 %; those of one of ten times the size by 50 m², 0.005 %."""
    shape, field = on_the_ground(OVERSHOOT, 1), on_the_ground(Polygon([*box(0, 0, 1000, 1000), (0.05, -0.05)]), 1)
    assert len(repair_geometry(frame_of(shape), "hazard", share=4e-4)[0]) == 0
    assert len(repair_geometry(frame_of(shape), "hazard", m2=4.9)[0]) == 0
    assert len(repair_geometry(frame_of(field), "hazard")[0]) == 0
    assert len(repair_geometry(frame_of(field), "hazard", m2=51)[0]) == 1


def test_valid_records_pass_untouched_in_their_order_and_the_frame_given_is_not_changed():
    tall = Polygon([(EAST, NORTH, 5), (EAST + 9, NORTH, 6), (EAST, NORTH + 9, 7)])
    frame = frame_of(tall, on_the_ground(OVERSHOOT, 1), shapely.box(EAST, NORTH, EAST + 5, NORTH + 5))
    before = frame.copy()
    kept, log = repair_geometry(frame, "hazard")
    assert kept.index.tolist() == ["h0", "h1", "h2"]
    assert kept["note"].tolist() == [0, 1, 2]
    assert kept.geometry["h0"].wkb == tall.wkb
    assert kept.geometry["h2"].wkb == frame.geometry["h2"].wkb
    assert log.index.tolist() == ["h1"]
    assert kept.crs == frame.crs
    pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(before))
    again, nothing = repair_geometry(kept, "hazard")
    assert len(nothing) == 0
    assert again.geometry.to_wkb().tolist() == kept.geometry.to_wkb().tolist()


with np.errstate(invalid="ignore"):
    NOWHERE = Polygon([(0, 0), (1, 0), (np.nan, np.nan)])
HOPELESS = {
    "no geometry": (None, "It has no geometry."),
    "empty": (Polygon(), "Its geometry is empty."),
    "point": (shapely.Point(EAST, NORTH), "It is a Point, not a polygon."),
    "collection": (shapely.GeometryCollection([BOW_TIE]), "It is a GeometryCollection, not a polygon."),
    "no number": (NOWHERE, "A coordinate is not a number."),
    "two corners": (
        Polygon([(EAST, NORTH), (EAST + 1, NORTH), (EAST, NORTH), (EAST, NORTH)]),
        "fewer than three corners",
    ),
    "flat": (Polygon([(EAST, NORTH), (EAST + 1, NORTH), (EAST + 3, NORTH)]), "It encloses no ground in any reading."),
    "huge": (on_the_ground(BOW_TIE, 3000), "km long"),
}


@pytest.mark.parametrize("role", ["hazard", "cleared"])
def test_no_record_is_lost_and_each_is_told_why(role):
    shapes = [shape for shape, _ in HOPELESS.values()]
    frame = frame_of(*shapes, shapely.box(EAST, NORTH, EAST + 5, NORTH + 5), on_the_ground(OVERSHOOT, 1))
    kept, log = repair_geometry(frame, role)
    assert len(frame) == len(kept) + (log["action"] == "quarantined").sum()
    assert set(frame.index) == set(kept.index) | set(log.index)
    for (name, (shape, why)), reason, wkb in zip(HOPELESS.items(), log["reason"], log["original_wkb"], strict=False):
        assert why in reason, name
        assert wkb == (b"" if shape is None else shapely.to_wkb(shape))


def test_readings_that_all_come_to_nothing_are_no_cleared_land():
    _, log = repair_geometry(frame_of(on_the_ground(HOLE_IS_SHELL)), "cleared", share=0.99)
    assert log["action"].tolist() == ["quarantined"]


# A line without width, 5, 2 and 2 units of 10 m long: out of a hazard it may be a belt, into cleared land ground that was left.
@pytest.mark.parametrize(
    ("shape", "role", "words"),
    [(SPIKE, "hazard", "leads 50.0 m out of"), (SLIT, "cleared", "20.0 m into"), (FLAT_HOLE, "cleared", "20.0 m into")],
)
def test_a_line_without_width_is_left_for_a_person_where_it_could_be_ground(shape, role, words):
    _, log = repair_geometry(frame_of(on_the_ground(shape)), role)
    assert log.loc["h0", "action"] == "quarantined"
    assert words in log.loc["h0", "reason"]


@pytest.mark.parametrize(("shape", "role"), [(SPIKE, "cleared"), (SLIT, "hazard"), (FLAT_HOLE, "hazard")])
def test_a_line_without_width_is_dropped_on_the_safe_side(shape, role):
    kept, _ = repair_geometry(frame_of(on_the_ground(shape)), role)
    assert kept.geometry["h0"].equals(on_the_ground(Polygon(box(0, 0, 4, 4))))


def test_a_spike_of_five_centimetres_is_no_reason_to_leave_a_hazard_out():
    spike = Polygon([(0, 0), (40, 0), (40, 40), (40.05, 40), (40, 40), (0, 40)])
    kept, log = repair_geometry(frame_of(on_the_ground(spike, 1)), "hazard")
    assert log["action"].tolist() == ["repaired"]
    assert kept.geometry["h0"].area == pytest.approx(1600)


@pytest.mark.parametrize("role", ["hazard", "cleared"])
def test_parts_that_share_an_edge_are_joined_and_a_part_that_stands_twice_is_not_guessed(role):
    kept, log = repair_geometry(frame_of(on_the_ground(SHARED_EDGE), on_the_ground(SAME_PART_TWICE)), role)
    assert kept.index.tolist() == ["h0"]
    assert kept.geometry["h0"].equals(on_the_ground(Polygon(box(0, 0, 4, 2))))
    assert log.loc["h0", "reason"].endswith("All its readings are the same ground.")
    assert (log.loc["h1", "smallest_m2"], log.loc["h1", "largest_m2"]) == pytest.approx((0, 400), rel=1e-5)


def test_a_hole_that_hangs_on_the_outline_stays_a_hole():
    kept, log = repair_geometry(frame_of(on_the_ground(BANANA)), "hazard")
    assert log["action"].tolist() == ["repaired"]
    assert kept.geometry["h0"].area == pytest.approx(1400)
    assert len(kept.geometry["h0"].interiors) + kept.geometry["h0"].exterior.is_ccw >= 1


def test_corners_come_back_to_the_last_bit_in_degrees_too():
    corners = [(16.1234567, 45.7654321), (16.1244567, 45.7654321), (16.1244567, 45.7664321), (16.1234567, 45.7664321)]
    late = (16.1234570, 45.7654318)
    frame = frame_of(Polygon([*corners, late]), crs=4326)
    for role in ("hazard", "cleared"):
        kept, log = repair_geometry(frame, role)
        found = set(map(tuple, shapely.get_coordinates(kept.geometry["h0"]).tolist()))
        assert found >= set(corners[1:])
        assert hz.area_m2(kept)["h0"] == pytest.approx(log["area_after_m2"]["h0"], abs=0.02)


def test_what_the_overlay_cannot_tell_apart_is_left_for_a_person_and_takes_no_other_record_with_it():
    """Two parts whose common edge is the same line but for rounding: GEOS finds no rings among their edges."""
    shell = [(499931.1479024961, 5000072.521642765), (499904.7211785125, 5000030.363566588),
             (499900.1017304089, 5000004.509515795), (500019.82071699423, 4999901.983985095)]  # fmt: skip
    other = [(499931.1479024961, 5000072.521642765), (499925.6756906024, 5000063.79192182),
             (499904.7211785125, 5000030.363566588), (499887.8579480416, 5000040.934256181),
             (499914.2846720252, 5000083.0923323585)]  # fmt: skip
    frame = frame_of(of(shell, other), shapely.box(500500, 5000000, 500600, 5000100), crs=32633)
    kept, log = repair_geometry(frame, "hazard")
    assert "h1" in kept.index
    assert log.index.tolist() == ["h0"]
    assert len(frame) == len(kept) + (log["action"] == "quarantined").sum()


def test_a_face_that_is_lost_among_edges_too_close_is_noticed():
    """Edges of 3 m that pass corners by a ten-millionth of a millimetre: MakeValid finds ground where no face came to be."""
    xy = [(16.000023333333335, 45.00001), (16.000017837129985, 45.00000108143501), (16.000006666666668, 45.000006666666664),
          (16.00002, 45), (16.00002, 45.000013333333335), (16.00001, 45.00002333333333), (16.00002, 45.00000333333333),
          (16, 45.000013333333335)]  # fmt: skip
    kept, log = repair_geometry(frame_of(Polygon(xy), crs=4326), "hazard", share=0.99, m2=1e9)
    assert len(kept) == 0
    assert "cannot be told apart" in log.loc["h0", "reason"]


def test_the_areas_of_the_log_against_another_computation():
    """A bow-tie of degrees that crosses on the equator: two triangles, and the field, by GeographicLib in pure Python."""

    def area(*corners: tuple[float, float]) -> float:
        polygon = Geodesic.WGS84.Polygon()
        for lon, lat in corners:
            polygon.AddPoint(lat, lon)
        return abs(polygon.Compute(False, True)[2])

    a, b, c, d, middle = (16, -0.001), (16.002, 0.001), (16.002, -0.001), (16, 0.001), (16.001, 0)
    _, log = repair_geometry(frame_of(Polygon([a, b, c, d]), crs=4326), "hazard")
    assert log.loc["h0", "smallest_m2"] == pytest.approx(area(a, middle, d) + area(b, c, middle), rel=1e-7)
    assert log.loc["h0", "largest_m2"] == pytest.approx(area(a, c, b, d), rel=1e-7)
    assert log.loc["h0", "area_before_m2"] == pytest.approx(0, abs=1e-3)


def test_a_shape_across_the_antimeridian_is_not_guessed():
    tie = Polygon([(179.99, 10), (-179.99, 10.01), (-179.99, 10), (179.99, 10.01)])
    _, log = repair_geometry(frame_of(tie, crs=4326), "hazard")
    assert "antimeridian" in log.loc["h0", "reason"]


def test_what_is_tangled_is_left_before_work_becomes_endless():
    """A ring of 3,000 corners at random crosses itself about a million times; MakeValid works on it for minutes."""
    tangle = Polygon(np.random.default_rng(1).random((3000, 2)) * 500 + (EAST, NORTH))
    back_and_forth = Polygon([*[(EAST, NORTH), (EAST + 9, NORTH + 3)] * 4000, (EAST, NORTH + 5)])
    angle = np.linspace(0, 2 * np.pi, 10_001, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle)]) * 500 + (EAST, NORTH)
    circle[[5, 6]] = circle[[6, 5]]
    # 101 petals from one place; overlays of rings that meet there grow with the square.
    petals = np.full((303, 2), (EAST, NORTH))
    petals[np.arange(303) % 3 > 0] = circle[: 202 * 49 : 49]
    # 51 pairs of neighbours swapped: each is a crossing of its own.
    swapped = circle[::10].copy()
    swapped[9:1000:19], swapped[10:1000:19] = swapped[10:1000:19].copy(), swapped[9:1000:19].copy()
    shapes = [tangle, back_and_forth, Polygon(circle), Polygon(petals), Polygon(swapped)]
    _, log = repair_geometry(frame_of(*shapes), "hazard")
    said = ["too tangled: its edges meet", "of its corners are the same place", "10,001 corners, more than"]
    said += ["too tangled: 101 of its corners are the same place", "no order of its corners was found"]
    for reason, words in zip(log["reason"], said, strict=True):
        assert words in reason


@pytest.mark.parametrize("change", [{"role": "release"}, {"share": -1}, {"share": 1}, {"m2": np.nan}, {"m2": -1}])
def test_arguments_that_mean_nothing_are_refused(change):
    with pytest.raises(GeometryError, match=r"role=|share="):
        repair_geometry(frame_of(BOW_TIE), **({"role": "hazard"} | change))


def test_a_frame_without_a_crs_is_refused():
    with pytest.raises(CRSError, match="no CRS"):
        repair_geometry(frame_of(BOW_TIE, crs=None), "hazard")


@pytest.mark.parametrize(
    ("crs", "a", "b", "unit"),
    [
        ("EPSG:4326", 6378137.0, 6356752.314245, 1.0),
        ("EPSG:3906", 6377397.155, 6356078.962818, 1.0),  # MGI 1901, Bessel 1841
        ("EPSG:4807", 6378249.2, 6356515.0, 10 / 9),  # NTF (Paris), in grads
    ],
)
def test_areas_are_those_of_the_ellipsoid_of_the_datum(crs, a, b, unit):
    """GeographicLib in pure Python on the same ellipsoid; corners in degrees, then in the unit of the CRS."""
    degrees = [(2.0, 45.0), (2.01, 45.0), (2.01, 45.01), (2.0, 45.01)]
    polygon = Geodesic(a, (a - b) / a).Polygon()
    for lon, lat in degrees:
        polygon.AddPoint(lat, lon)
    shape = Polygon(np.array(degrees) * unit)
    assert RecordedPlane(pyproj.CRS(crs)).area_m2(shape) == pytest.approx(polygon.Compute(False, True)[2], rel=1e-9)


def test_areas_in_words_are_named_by_the_first_reading_that_comes_to_them():
    areas = {AS_DRAWN: 1234.4, EVEN_ODD: 1000.0, HOLES_OUT: 1234.2, SWAPPED: 7.06}
    words = "as drawn 1_234 m², ground enclosed twice left out 1_000 m², corners swapped 7.1 m²"
    assert candidates_in_words(areas).replace("\u202f", "_") == words


# Laws over random broken outlines


whole = st.integers(0, 12).map(float)
broken_number = st.floats(0, 12, allow_subnormal=False).map(lambda value: round(value, 6))


def rings(number: st.SearchStrategy[float], most: int = 9) -> st.SearchStrategy[list[tuple[float, float]]]:
    return st.lists(st.tuples(number, number), min_size=3, max_size=most, unique=True)


def outlines(number: st.SearchStrategy[float]) -> st.SearchStrategy[object]:
    part = st.builds(Polygon, rings(number), st.lists(rings(number, 5), max_size=2))
    return part | st.lists(part, min_size=2, max_size=3).map(MultiPolygon)


any_outline = st.one_of(outlines(whole), outlines(broken_number), outlines(st.floats(0, 12, allow_subnormal=False)))


def made_valid(shape: object) -> list[object]:
    """What MakeValid makes, without lines and points."""
    pieces = [shapely.get_parts(shapely.make_valid(shape, method=method)) for method in ("linework", "structure")]
    pieces = [shapely.get_parts(some) for some in pieces]
    return [shapely.union_all(some[shapely.get_dimensions(some) == 2]) for some in pieces]


@given(any_outline)
def test_the_largest_contains_every_reading_and_the_smallest_lies_in_every_one(shape):
    """With MakeValid as a witness of its own: what it covers is added and cut by overlays, not read from our faces."""
    found = readings_of(shape)
    largest, smallest = found.ground(found.largest), found.ground(found.smallest)
    assert largest.is_valid
    assert smallest.is_valid
    assert largest.geom_type in ("Polygon", "MultiPolygon")
    made = made_valid(shape)
    for reading in [*(found.ground(cover) for cover in found.covers.values()), *made, shape.buffer(0)]:
        assert shapely.area(shapely.difference(reading, largest)) <= 1e-9
    for reading in [*(found.ground(cover) for cover in found.covers.values()), *made]:
        assert shapely.area(shapely.difference(smallest, reading)) <= 1e-9


def angle_winding(ring: object, x: float, y: float) -> int:
    """Winding number as the sum of the angles under which the edges are seen, by the sign of the whole ring."""
    xy = shapely.get_coordinates(ring)
    seen = np.unwrap(np.arctan2(xy[:, 1] - y, xy[:, 0] - x))
    signed = shapely.Polygon(ring).exterior
    u, v = (shapely.get_coordinates(signed) - xy[0]).T
    turns = round(float(seen[-1] - seen[0]) / (2 * np.pi))
    return turns if float((u[:-1] * v[1:] - u[1:] * v[:-1]).sum()) >= 0 else -turns


@given(any_outline, st.lists(st.tuples(st.floats(-1, 13), st.floats(-1, 13)), min_size=5, max_size=20))
def test_the_readings_agree_with_windings_counted_otherwise(shape, places):
    found = readings_of(shape)
    lines = shapely.union_all(shapely.get_rings(shapely.get_parts(shape)))
    drawn, odd = (found.ground(found.covers[name]) for name in (AS_DRAWN, EVEN_ODD))
    for x, y in places:
        if lines.distance(shapely.Point(x, y)) < 1e-6:
            continue
        parts = [
            (angle_winding(part.exterior, x, y), [-angle_winding(hole, x, y) for hole in part.interiors])
            for part in shapely.get_parts(shape)
        ]
        assert drawn.intersects(shapely.Point(x, y)) == any(outer + sum(holes) for outer, holes in parts)
        assert odd.intersects(shapely.Point(x, y)) == bool(sum(outer + sum(holes) for outer, holes in parts) % 2)


@given(any_outline)
def test_no_corner_moves_and_new_ones_lie_where_edges_are(shape):
    found = readings_of(shape)
    recorded = set(map(tuple, shapely.get_coordinates(shape).tolist()))
    lines = shapely.union_all(shapely.get_rings(shapely.get_parts(shape)))
    for name in (AS_DRAWN, EVEN_ODD, HOLES_OUT):
        corners = shapely.get_coordinates(found.ground(found.covers[name]))
        new = [shapely.Point(corner) for corner in corners.tolist() if tuple(corner) not in recorded]
        assert all(lines.distance(corner) <= 1e-12 for corner in new)


@given(any_outline, st.sampled_from(["hazard", "cleared"]))
def test_cover_never_shrinks_for_hazards_and_never_grows_for_cleared_land(shape, role):
    """With limits so wide that nearly all are repaired."""
    recorded = on_the_ground(shape)
    frame = frame_of(recorded, on_the_ground(Polygon(box(0, 0, 1, 1))))
    kept, log = repair_geometry(frame, role, share=0.99, m2=1e9)
    assert len(frame) == len(kept) + (log["action"] == "quarantined").sum()
    again, nothing = repair_geometry(kept, role)
    assert len(nothing) == 0
    assert again.geometry.to_wkb().tolist() == kept.geometry.to_wkb().tolist()
    if "h0" not in kept.index or shape.is_valid:
        return
    assert (hz.area_m2(kept) > 0).all()  # what was repaired can be measured: it is valid on WGS 84 too
    for reading in made_valid(recorded):
        too_much = (reading, kept.geometry["h0"]) if role == "hazard" else (kept.geometry["h0"], reading)
        assert shapely.area(shapely.difference(*too_much)) <= 1e-4  # a square centimetre
    one = log.loc["h0"]
    expected = one["largest_m2"] if role == "hazard" else one["smallest_m2"]
    assert one["area_after_m2"] == pytest.approx(expected)
    # With corners less than a thousandth of a millimetre apart a geodesic area is good to some 0.01 m² a ring.
    assert all(one["smallest_m2"] - 0.1 <= area <= one["largest_m2"] + 0.1 for area in one["candidates_m2"].values())


@settings(max_examples=30)
@given(st.lists(any_outline, min_size=2, max_size=4))
def test_the_order_of_the_rows_does_not_matter(shapes):
    frame = frame_of(*map(on_the_ground, shapes))
    kept, log = repair_geometry(frame, "hazard", share=0.5, m2=1e9)
    turned, turned_log = repair_geometry(frame[::-1], "hazard", share=0.5, m2=1e9)
    assert turned.index.tolist() == kept.index.tolist()[::-1]
    assert turned.geometry[::-1].to_wkb().tolist() == kept.geometry.to_wkb().tolist()
    pd.testing.assert_frame_equal(turned_log[::-1], log)


# Taking files in


def taken(schema: Schema, *shapes: object, repair: bool = True) -> tuple[Account, np.ndarray]:
    layer = RawLayer("file", "", len(shapes), {}, shape_array(list(shapes)), pyproj.CRS(LAEA))
    account = Account(layer, [f"h{i}" for i in range(len(shapes))])
    crs = layer.crs if repair else None
    return account, check_shapes(account, schema, Limits(), Watch(), repair_in=crs)


@pytest.mark.parametrize(("schema", "role"), [(HAZARDS, "hazard"), (RELEASES, "cleared")])
def test_a_reader_repairs_on_demand_to_the_side_of_the_schema(schema, role):
    tall = shapely.force_3d(on_the_ground(OVERSHOOT, 1), 7.0)
    account, shapes = taken(schema, tall, on_the_ground(BOW_TIE))
    assert account.usable.tolist() == [True, False]
    assert shapes[0].is_valid
    assert shapes[0].area == pytest.approx(OVERSHOT_M2[role])
    repaired, broken = account.findings
    assert (repaired.rule, repaired.severity) == ("geometry-repaired", "note")
    before = "10_002.5" if role == "hazard" else "9_997.5"
    # As drawn the last edge cuts a triangle of 0.05 m by 100 m off the field, 10,000 - 2.5 m²; any other reading has more.
    named = "largest reading (corners swapped)" if role == "hazard" else "smallest reading (as drawn)"
    assert named in repaired.seen
    assert "the worklist's sheet Repairs" in repaired.remedy
    assert before in repaired.seen.replace("\u202f", "_")
    assert broken.rule == "geometry-broken"
    assert broken.seen.endswith("Readings: as drawn 200 m², corners swapped 400 m².")
    log = account.repair_table()
    assert log["action"].to_dict() == {1: "repaired", 2: "quarantined"}
    assert log["record"].tolist() == ["h0", "h1"]
    assert shapely.from_wkb(log.loc[1, "original_wkb"]).has_z


def test_a_reader_repairs_nothing_unless_asked_and_says_that_it_could():
    account, shapes = taken(HAZARDS, on_the_ground(OVERSHOOT, 1), on_the_ground(SHARED_EDGE), repair=False)
    assert account.usable.tolist() == [False, False]
    assert [one.rule for one in account.findings] == ["geometry-broken", "parts-overlap"]
    assert "or cut off what overshoots" in account.findings[0].remedy
    assert all("repair=True" in one.remedy and "--repair" in one.remedy for one in account.findings)
    assert account.repairs == {}
    assert shapes[0].equals_exact(on_the_ground(OVERSHOOT, 1))


def test_parts_that_share_an_edge_or_overlap_a_little_are_joined_and_others_are_not():
    """Two squares of 100 m by 100 m that overlap by 4 cm: 4 m² of 19,996, 0.02 %."""
    near = of(box(0, 0, 100, 100), box(99.96, 0, 100, 100))
    account, shapes = taken(
        HAZARDS, on_the_ground(SHARED_EDGE), on_the_ground(near, 1), on_the_ground(OVERLAPPING_PARTS)
    )
    assert account.usable.tolist() == [True, True, False]
    assert shapes[0].equals(on_the_ground(Polygon(box(0, 0, 4, 2))))
    assert shapes[1].area == pytest.approx(19_996)
    assert account.findings[-1].rule == "parts-overlap"
    assert "as drawn 600 m², ground enclosed twice left out 400 m²" in account.findings[-1].seen
    released, cleared = taken(RELEASES, on_the_ground(near, 1))
    assert released.usable.all()
    assert cleared[0].area == pytest.approx(19_992)


def written(folder, rows: list[str], header: str) -> object:
    path = folder / "register.csv"
    head = "hazard_id,register,country,classification,work_status"
    path.write_text("\n".join([f"{head},{header}", *(f"h1,REG,AAA,SHA,open,{row}" for row in rows)]), encoding="utf-8")
    return path


# The square in a bow-tie's order of rows; its numbers say how it was walked.
CROSSED = [(1, 16.0, 45.0), (3, 16.01, 45.01), (2, 16.01, 45.0), (4, 16.0, 45.01)]


def test_points_out_of_order_are_taken_by_their_numbers(tmp_path):
    path = written(tmp_path, [f"{n},{x},{y}" for n, x, y in CROSSED], "point_number,longitude,latitude")
    found = hz.intake(path, "hazards")
    assert found.records.geometry["h1"].equals(shapely.box(16, 45, 16.01, 45.01))
    assert "points-reordered" in found.findings["rule"].tolist()


def test_points_without_numbers_are_put_in_no_order(tmp_path):
    found = hz.intake(written(tmp_path, [f"{x},{y}" for _, x, y in CROSSED], "longitude,latitude"), "hazards")
    assert (found.records_in, len(found.records)) == (4, 0)
    text = "POLYGON ((" + ", ".join(f"{x} {y}" for _, x, y in [*CROSSED, CROSSED[0]]) + "))"
    drawn = hz.intake(written(tmp_path, [f'"{text}"'], "wkt"), "hazards", crs="EPSG:4326")
    assert drawn.findings["rule"].tolist() == ["geometry-broken"]
    assert mend(shapely.from_wkt(text), RecordedPlane(pyproj.CRS(4326)), "hazard").shape is None


def test_the_report_and_the_worklist_list_what_was_repaired(tmp_path, capsys):
    """A square of 100 m whose outline walks one edge there and back by 1 cm, repaired on demand, and told."""
    openpyxl = pytest.importorskip("openpyxl")
    corners = [(0, 0), (100, 0), (100, 50), (100.01, 50.01), (99.99, 50.01), (100, 50), (100, 100), (0, 100)]
    shape = shapely.Polygon([(500_000 + x, 5_000_000 + y) for x, y in corners])
    assert not shape.is_valid
    columns = {"hazard_id": ["H1"], "register": "R", "country": "HRV", "classification": "SHA", "work_status": "open"}
    path = tmp_path / "x.gpkg"
    gpd.GeoDataFrame(columns, geometry=[shape], crs=32633).to_file(path)
    taken = hz.intake(path, repair=True)
    assert taken.repairs["action"].tolist() == ["repaired"]
    hz.write_worklist([taken], tmp_path / "list.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx")["Repairs"]
    assert bytes.fromhex(dict(zip(*list(sheet.values)[:2], strict=True))["original_wkb"]) == shapely.to_wkb(shape)
    assert main(["report", str(path), "--repair", "--out", str(tmp_path / "out")]) == 0
    assert "1 outline was repaired, as asked." in capsys.readouterr().out
    assert "Outlines that were repaired, as asked" in (tmp_path / "out/report.html").read_text(encoding="utf-8")
