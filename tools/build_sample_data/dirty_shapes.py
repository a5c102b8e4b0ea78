"""What happens to outlines on their way into a register."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely

from .dirty_records import COUNTRIES, Record, Twin, area_text

NO_GEOMETRY = "no geometry"
BOW_TIE = "two corners swapped (bow-tie)"
TOO_FEW = "two corners only"
OPEN_RING = "outline that does not close"
CIRCLE = "circle in place of the outline"
LONG_EDGE = "one corner 6 km off (a digit mistyped)"
TWICE_POINT = "one corner twice in a row"
ZERO = "coordinates that begin at nought"
TO_100_M = "grid coordinates cut to whole 100 m"
TO_10_M = "grid coordinates rounded to 10 m"
EXCHANGED = "easting and northing exchanged"
SWAPPED = "latitude and longitude exchanged"
TO_3_DECIMALS = "degrees cut to three decimals"
TO_2_DECIMALS = "degrees cut to two decimals, so that one point is left"
SLIVER = "sliver left over at the edge of a map sheet"
_SPIKE_M = 6000.0


def ring_of(shape: Any) -> np.ndarray[Any, Any]:
    """Corners of an outline, the first not repeated."""
    return shapely.get_coordinates(shape.exterior)[:-1]


def no_geometry(twin: Twin, count: int) -> None:
    """Leave the geometry out."""
    for record in twin.draw(count):
        record.shape = None
        twin.tell(record, NO_GEOMETRY, "geometry-missing", lost=True)


def bow_ties(twin: Twin, count: int) -> None:
    """Swap two neighbouring corners so that the outline crosses itself."""
    for record in twin.draw(count, fits=lambda one: _crossed(one.shape) is not None):
        record.geometry, record.shape = twin.to_file(_crossed(record.shape)), None
        twin.tell(record, BOW_TIE, "geometry-broken", lost=True)


def _crossed(shape: Any) -> Any:
    if shape.geom_type != "Polygon" or shape.interiors:
        return None
    ring = ring_of(shape)
    for k in range(len(ring) - 1):
        other = ring.copy()
        other[[k, k + 1]] = other[[k + 1, k]]
        if not (crossed := shapely.Polygon(other)).is_valid:
            return crossed
    return None


def open_rings(twin: Twin, count: int, rule: str = "geometry-unreadable") -> None:
    """Leave the closing point out; each format says so in its own way, so the writer does it."""
    for record in twin.draw(count, fits=lambda one: one.shape.geom_type == "Polygon" and not one.shape.interiors):
        record.geometry, record.shape = [ring_of(twin.to_file(record.shape))], None
        twin.tell(record, OPEN_RING, rule, lost=True)


def too_few(twin: Twin, count: int, rule: str) -> None:
    """Keep two corners."""
    for record in twin.draw(count, fits=lambda one: one.shape.geom_type == "Polygon"):
        ring = ring_of(twin.to_file(record.shape))
        record.geometry, record.shape = [ring[[0, 1, 0]]], None
        twin.tell(record, TOO_FEW, rule, lost=True)


def circles(twin: Twin, count: int) -> None:
    """Draw a circle of the same area."""

    def circle(record: Record) -> Any:
        radius = math.sqrt(record.shape.area / math.pi)
        at = shapely.get_coordinates(record.shape.centroid)[0]
        turn = np.linspace(0, 2 * math.pi, 64, endpoint=False)
        return shapely.Polygon(np.round(at + radius * np.column_stack([np.cos(turn), np.sin(turn)]), 2))

    for record in twin.draw(count, fits=lambda one: twin.is_plain(one) and twin.is_free(circle(one), one)):
        record.shape = circle(record)
        record.cells["geometry_kind"] = None
        twin.tell(record, CIRCLE, "outline-circle")


def long_edges(twin: Twin, count: int) -> None:
    """Mistype a digit of one corner's northing."""

    def spiked(record: Record) -> Any:
        ring = ring_of(record.shape)
        for k, way in ((k, way) for k in range(len(ring)) for way in (_SPIKE_M, -_SPIKE_M)):
            other = ring.copy()
            other[k, 1] += way
            shape = shapely.Polygon(other)
            if shape.is_valid and twin.is_free(shape, record):
                return shape
        return None

    def fits(one: Record) -> bool:
        return bool(twin.is_plain(one) and one.value("declared_area_m2") and spiked(one) is not None)

    for record in twin.draw(count, fits=fits):
        record.shape = spiked(record)
        twin.tell(record, LONG_EDGE, "edge-long", "declared-area-differs")


def points_twice(twin: Twin, count: int) -> None:
    """Record one corner twice in a row."""
    for record in twin.draw(count, fits=twin.is_plain):
        ring = ring_of(record.shape)
        record.shape = shapely.Polygon(ring[[0, 1, 1, *range(2, len(ring))]])
        twin.tell(record, TWICE_POINT, "point-repeated")


def to_grid(twin: Twin, count: int, step_m: int) -> None:
    """Keep whole tens or hundreds of metres; the area declared is then the one that was computed from them."""

    def cut(record: Record) -> Any:
        return shapely.Polygon(np.round(ring_of(record.shape) / step_m) * step_m)

    def fits(one: Record) -> bool:
        if not (twin.is_plain(one) and cut(one).is_valid and twin.is_free(cut(one), one)):
            return False
        return bool(np.hypot(*np.diff(shapely.get_coordinates(cut(one)), axis=0).T).min() > 0)

    for record in twin.draw(count, fits=fits):
        record.shape = cut(record)
        record.cells["declared_area_m2"] = area_text(record.shape)
        what, rule = (TO_100_M, "coordinates-cut") if step_m == 100 else (TO_10_M, "coordinates-rounded")
        # A number rounded to a step has the standard deviation step / √12. What is cut is told as such.
        claims_more = step_m != 100 and step_m / 12**0.5 > record.value("vertex_sd_m")
        twin.tell(record, what, rule, *(["decimals-against-accuracy"] if claims_more else []))


def exchanged_grid(twin: Twin, count: int) -> None:
    """Write the northing where the easting belongs."""
    for record in twin.draw(count):
        record.geometry, record.shape = shapely.transform(record.shape, lambda xy: xy[:, ::-1]), None
        twin.tell(record, EXCHANGED, "place-swapped", lost=True)


def at_nought(twin: Twin, count: int, *, in_degrees: bool) -> None:
    """Lose the origin, so that the outline lies where the coordinates begin.

    Degrees are longer there, so the area changes too; in a grid it hardly does.
    """
    for record in twin.draw(count, fits=twin.is_plain):
        moved = shapely.transform(twin.to_file(record.shape), lambda xy: np.round(xy - xy.min(axis=0), 7))
        record.geometry, record.shape = moved, None
        twin.tell(record, ZERO, "place-zero", *(area_too(record) if in_degrees else ()), lost=True)
        twin.tell(record, ZERO, "place-outside-country", needs=COUNTRIES)


def area_too(record: Record) -> list[str]:
    """The rule that speaks as well where degrees were moved to where they are longer, if an area is declared."""
    return ["declared-area-differs"] if record.value("declared_area_m2") else []


def slivers(twin: Twin, count: int) -> None:
    """Add a strip 0.8 m wide and 240 m long beside a hazard, as when two map sheets were laid together."""

    def strip(record: Record) -> Any:
        _, _, east, north = record.shape.bounds
        edge = np.array([[east, north], [east + 240, north], [east + 240, north + 0.8], [east, north + 0.8]])
        return shapely.Polygon(edge + 40)

    for record in twin.draw(count, fits=lambda one: twin.is_plain(one) and twin.is_free(strip(one), one)):
        shape = strip(record)
        # A circle of 192 m² has a radius of 7.8 m.
        new = twin.copy(record, twin.next_name(record), shape, declared_area_m2=area_text(shape), vertex_sd_m=10.0)
        twin.add(new)
        twin.tell(new, SLIVER, "accuracy-exceeds-shape")
