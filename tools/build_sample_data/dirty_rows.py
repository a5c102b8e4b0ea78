"""What happens to whole records: they come twice, in two versions, under one number or under two."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely import affinity

from .dirty_records import Record, Twin, area_text
from .dirty_shapes import ring_of
from .outlines import redrawn

REPEATED = "the same row a second time"
ONE_ID = "one id for two different records"
SPACE = "id that differs from another by a space at its end"
MAP_SHEET = "one area from two map sheets, under two ids"
COPY = "copy of a record, marked -DUP01"
MOVED = "one area again, its coordinates in another datum (412 m to the north-west)"
OVERLAP = "suspected area laid over another"
_SHIFT_M = np.array([-345.0, 225.0])  # 411.9 m


def repeated(twin: Twin, kind: str, count: int) -> None:
    """Enter a row a second time, somewhere below the first."""
    for record in twin.draw(count, kind):
        new = twin.copy(record, record.name, record.shape)
        first = twin.records.index(record)
        twin.records.insert(int(twin.rng.integers(first + 1, len(twin.records) + 1)), new)
        new.lost = True
        twin.tell(new, REPEATED, "record-repeated", lost=True)


def one_id(twin: Twin, kind: str, pairs: int) -> None:
    """Give two records one id."""
    for _ in range(pairs):
        one, other = twin.draw(2, kind)
        other.name = one.name
        for record in (one, other):
            twin.tell(record, ONE_ID, "id-twice", lost=True)


def spaced_id(twin: Twin, kind: str, count: int) -> None:
    """Give a record the id of an earlier one, and a space."""
    for _ in range(count):
        one, other = twin.draw(2, kind, twin.is_inland)
        other.name = f"{one.name} "
        twin.tell(other, SPACE, "id-alike")


def _is_open_and_plain(twin: Twin, record: Record) -> bool:
    return (
        twin.is_plain(record) and twin.is_inland(record) and record.is_open and record.value("classification") == "SHA"
    )


def map_sheet(twin: Twin, count: int) -> None:
    """Add an area as a second clerk drew it from the next sheet."""
    for record in twin.draw(count, fits=lambda one: _is_open_and_plain(twin, one) and len(ring_of(one.shape)) <= 9):
        off = record.shape.area / record.shape.length / 40  # small against its width, so that it is the same ground
        shape = shapely.transform(redrawn(twin.rng, record.shape, off, off), lambda xy: np.round(xy, 2))
        new = twin.copy(record, twin.next_name(record), shape, declared_area_m2=area_text(shape))
        twin.add(new)
        twin.tell(new, MAP_SHEET, "outline-nearly-repeated")


def copies(twin: Twin, count: int) -> None:
    """Add a record again under its id with a mark, as programs that merge two databases do."""
    for record in twin.draw(count, fits=lambda one: _is_open_and_plain(twin, one) and one.value("date_of_information")):
        new = twin.copy(record, f"{record.name}-DUP01", record.shape)
        twin.add(new)
        twin.tell(new, COPY, "outline-repeated", "date-of-information-equal")


def moved(twin: Twin, count: int) -> None:
    """Add an area again as it comes out when coordinates of one datum are read as another's."""

    def fits(one: Record) -> bool:
        if not _is_open_and_plain(twin, one) or len(ring_of(one.shape)) < 8:
            return False
        return twin.is_free(affinity.translate(one.shape, *_SHIFT_M))

    for record in twin.draw(count, fits=fits):
        new = twin.copy(record, twin.next_name(record), affinity.translate(record.shape, *_SHIFT_M))
        new.shape = shapely.transform(new.shape, lambda xy: np.round(xy, 2))
        twin.add(new)
        twin.tell(new, MOVED, "outline-moved")


def overlapping(twin: Twin, count: int) -> None:
    """Add a suspected area drawn partly over another one."""

    def beside(record: Record) -> Any:
        west, south, east, north = record.shape.bounds
        shape = affinity.translate(record.shape, 0.3 * (east - west), 0.3 * (north - south))
        # Larger by a tenth, so that nobody takes it for the same outline moved.
        return shapely.transform(affinity.scale(shape, 1.1, 1.1), lambda xy: np.round(xy, 2))

    def fits(one: Record) -> bool:
        if not _is_open_and_plain(twin, one) or not twin.is_free(beside(one), one):
            return False
        common = shapely.intersection(one.shape, beside(one))
        # Wide enough that no accuracy explains it: two vertices of 25 m differ by 69 m in one case of twenty.
        return bool(2 * common.area / max(common.length, 1.0) > 75)

    for record in twin.draw(count, fits=fits):
        shape = beside(record)
        new = twin.copy(record, twin.next_name(record), shape, declared_area_m2=area_text(shape))
        twin.add(new)
        twin.tell(new, OVERLAP, "outline-overlaps")
