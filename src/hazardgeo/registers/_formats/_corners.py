"""The points of one record: which are corners of its outline, in which order, and whether any is missing."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.measure._traverse._roles import CORNERS, OUTSIDE, point_type
from hazardgeo.registers._formats._sheet import Sheet, is_blank

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from hazardgeo.registers._formats._places import Places
    from hazardgeo.registers._formats._positions import Positions

# Found within the perimeter, and no part of it (IMSMA wiki, "Point Types").
ASIDE = frozenset({"evidence point", "usage point"})
_NO_CORNERS = OUTSIDE | ASIDE
_NUMBER = re.compile(r"(\d{1,9})(\.0*)?", re.ASCII)
_FEWEST = 3
_SHOWN = 5
_NAME_TYPE = (
    "Write its type as IMSMA does, such as turning point; or name all types that are corners in a profile: vertex_types, "
    "under [places]."
)


@dataclass
class PointRows:
    """The rows of one record, by position in the sheet, and what is found of them."""

    id: str
    """Empty where the row names no record."""
    rows: list[int] = field(default_factory=list)
    parts: dict[str, list[int]] = field(default_factory=dict)
    """Rows that are corners, in the order of the outline, by part."""
    numbers: dict[str, dict[int, int]] = field(default_factory=dict)
    """Numbers of the points by row, corners and others, by part."""
    remarks: list[tuple[str, str, str]] = field(default_factory=list)
    why: str = ""
    """Why its outline is not known; completes *It …*."""
    remedy: str = ""
    order: dict[int, int] = field(default_factory=dict)
    """Rows of a traverse in the order walked."""
    closing: set[int] = field(default_factory=set)
    """Rows that come back to a point that is there already."""
    is_undrawn: bool = False
    """Whether it is a traverse that cannot be drawn, which is told."""

    @property
    def is_traverse(self) -> bool:
        """Whether its bearings and distances lead from point to point."""
        return bool(self.order or self.closing or self.is_undrawn)

    def tell(self, rule: str, seen: str, remedy: str) -> None:
        """Enter what is to be said of the record."""
        self.remarks.append((rule, seen, remedy))

    def spoil(self, why: str, remedy: str = "Mend the points in the source.") -> None:
        """The outline cannot be known; the first reason is kept."""
        if not self.why:
            self.why, self.remedy = why, remedy

    def leave_undrawn(self, rule: str, seen: str, remedy: str) -> None:
        """A traverse that cannot be drawn has no outline."""
        self.tell(rule, seen, remedy)
        self.is_undrawn = True

    def sequences(self) -> list[set[int]]:
        """Numbers as they were counted: through all parts, or anew in each."""
        each = [set(numbers.values()) for numbers in self.numbers.values()]
        through = set().union(*each)
        return [through] if len(through) == sum(map(len, each)) else each


def sort_out(sheet: Sheet, places: Places, positions: Positions, records: Sequence[PointRows]) -> None:
    """Find the corners of every record and their order."""
    rows = _Rows(sheet, places, positions)
    for record in records:
        if record.is_undrawn:
            continue
        corners = rows.corners_of(record)
        if rows.has_no_position(corners):
            continue  # nothing is there, which is said of it as of any record without a shape
        rows.refuse_positions(record, corners)
        rows.put_in_order(record, corners)


class _Rows:
    """The columns that make outlines."""

    def __init__(self, sheet: Sheet, places: Places, positions: Positions) -> None:
        def cells(name: str) -> list[Any]:
            return sheet.cells(name) if name else [None] * len(sheet.rows)

        self._row_numbers = sheet.row_numbers
        self._written = cells(places.number)
        self._numbers = [point_number(cell) for cell in self._written]
        self._parts = ["" if is_blank(cell) else str(cell).strip() for cell in cells(places.part)]
        self._corner_types = frozenset(map(folded, places.vertex_types))
        self._written_types = [folded(cell) for cell in cells(places.point_type)]
        self._types = [point_type(word, self._corner_types) for word in self._written_types]
        self._positions = positions

    def _name(self, i: int) -> str:
        written = self._written[i]
        return f"point {'without a number' if is_blank(written) else written} (row {self._row_numbers[i]})"

    def corners_of(self, record: PointRows) -> list[int]:
        """Rows that are corners; a type of which that is not known makes the outline unknown."""
        if not any(self._types[i] for i in record.rows):
            return record.rows
        corners, others = [], []
        for i in record.rows:
            kind = self._types[i]
            if i in record.closing:
                continue
            if kind in (self._corner_types or CORNERS):
                corners.append(i)
            elif kind in _NO_CORNERS or (self._corner_types and kind):
                others.append(i)
            else:
                what, remedy = (f"is a {kind!r}", _NAME_TYPE) if kind else ("has no type", "Fill in its type.")
                why = f"has a {self._name(i)} that {what}: whether it is a corner of the outline is not known"
                record.spoil(why, remedy)
        if others:
            listed = ", ".join(f"{self._types[i]}, {self._name(i)}" for i in others[:_SHOWN])
            more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
            seen = f"These points are no corners and were left out of its outline: {listed}{more}."
            record.tell("points-not-vertices", seen, self._remedy_left_out(others))
        return corners

    def _remedy_left_out(self, rows: Iterable[int]) -> str:
        if all(self._types[i] in _NO_CORNERS for i in rows):
            return "Nothing has to be done: points of these types are never corners."
        return "If one of them is a corner, add its type to vertex_types in the profile, under [places]."

    def has_no_position(self, rows: Iterable[int]) -> bool:
        """Whether nothing at all is said of where the rows lie."""
        return all(i not in self._positions.faults and np.isnan(self._positions.xy[i]).all() for i in rows)

    def refuse_positions(self, record: PointRows, corners: Iterable[int]) -> None:
        """A corner whose place is not known makes the outline unknown."""
        for i in corners:
            if fault := self._positions.faults.get(i):
                if fault.rule != "geometry-unreadable":
                    record.tell(fault.rule, f"{self._name(i).capitalize()}: {fault.seen}", fault.remedy)
                said = fault.seen.removesuffix(".").removeprefix("It ")
                record.spoil(f"has a {self._name(i)} whose place is not known: it {said}", fault.remedy)
            elif np.isnan(self._positions.xy[i]).any():
                record.spoil(f"has a {self._name(i)} without coordinates")

    def put_in_order(self, record: PointRows, corners: Sequence[int]) -> None:
        """Sort the corners by number, or as they were walked, part by part."""
        numbers = {i: record.order.get(i, self._numbers[i]) for i in corners}
        for i in record.rows:
            if (number := self._numbers[i]) is not None:
                record.numbers.setdefault(self._parts[i], {})[i] = number
        by_part: dict[str, list[int]] = defaultdict(list)
        for i in corners:
            by_part[self._parts[i]].append(i)
            if numbers[i] is None:
                record.spoil(f"has a {self._name(i)} whose number cannot be read: its order is not known")
        if record.why:
            return
        for part, rows in by_part.items():
            # Stable, and every corner has a number here.
            record.parts[part] = sorted(rows, key=lambda i: numbers[i] or 0)
            self._refuse_repeated(record, record.parts[part])
            self._refuse_unsure_end(record, record.parts[part])
        if any(record.parts[part] != rows for part, rows in by_part.items()):
            seen = "Its rows do not stand in the order of the points' numbers; the outline goes by the numbers."
            record.tell("points-reordered", seen, "Check that the numbers are right.")

    def _refuse_repeated(self, record: PointRows, rows: Sequence[int]) -> None:
        for i, k in itertools.pairwise(rows):
            same_place = bool((self._positions.xy[i] == self._positions.xy[k]).all())
            if self._numbers[i] == self._numbers[k] and i not in record.order and not same_place:
                record.spoil(f"has two places for its {self._name(i)} and {self._name(k)}")

    def _refuse_unsure_end(self, record: PointRows, rows: Sequence[int]) -> None:
        """EP may stand for an evidence point too, which lies within the outline and would cut ground off as a corner."""
        for k, i in enumerate(rows):
            if self._types[i] != "end point" or self._written_types[i] == "end point":
                continue
            others = self._positions.xy[[row for row in rows if row != i]]
            lies_within = len(others) >= _FEWEST and shapely.covers(
                shapely.Polygon(others).convex_hull, shapely.Point(self._positions.xy[i])
            )
            if k + 1 < len(rows) or lies_within:
                why = f"has a {self._name(i)} of type {self._written_types[i]!r}, which may be its end point or an evidence point"
                record.spoil(why, "Write the type in full.")


def point_number(cell: Any) -> int | None:
    """Number of a point, None where it has none.

    Examples
    --------
    >>> point_number("3.0"), point_number("TP1")
    (3, None)
    """
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    found = _NUMBER.fullmatch(str(cell).strip())
    return int(found[1]) if found else None


def folded(cell: Any) -> str:
    """A word without its capitals and underscores; nothing is an empty word."""
    return "" if is_blank(cell) else " ".join(str(cell).replace("_", " ").casefold().split())


def refuse_parted_ids(records: Sequence[PointRows]) -> None:
    """Ids alike but for capitals and spaces, over numbers that go on: one record it may be, and an outline cut in two."""
    alike: dict[str, list[PointRows]] = defaultdict(list)
    for record in records:
        if record.id:
            alike[" ".join(record.id.casefold().split())].append(record)
    for group in alike.values():
        numbers = [set().union(*record.sequences()) for record in group]
        if len(group) > 1 and len(set().union(*numbers)) == sum(map(len, numbers)):
            ids = " and ".join(repr(record.id) for record in group[:_SHOWN])
            for record in group:
                record.spoil(f"may have its points under several ids, {ids}, whose numbers go on from one to the other")


def tell_missing_points(records: Sequence[PointRows]) -> None:
    """Numbers that are left out, between two or, where the other records begin lower, at the beginning.

    A record of which every second point is missing counts evenly by itself: the steps of the others are looked at too.
    """
    sequences = [(record, numbers) for record in records for numbers in record.sequences() if numbers]
    starts = Counter(min(numbers) for _, numbers in sequences)
    usual, times = starts.most_common(1)[0] if starts else (0, 0)
    step = _usual_step([numbers for _, numbers in sequences])
    for record, numbers in sequences:
        gaps = _gaps(sorted(numbers), step)
        if times * 2 > len(sequences) and min(numbers) > usual:
            gaps.insert(0, f"they begin at {min(numbers)}, those of the other records at {usual}")
        if gaps:
            seen = f"The numbers of its points are not complete: {'; '.join(gaps[:_SHOWN])}."
            record.tell("points-skipped", seen, "Find the missing points, or number the points anew.")


def _usual_step(sequences: Iterable[Collection[int]]) -> int:
    """The step by which most records count, each by its smallest: a record of many points has one voice."""
    least = [min(b - a for a, b in itertools.pairwise(sorted(numbers))) for numbers in sequences if len(numbers) > 1]
    return Counter(sorted(least)).most_common(1)[0][0] if least else 1


def _gaps(numbers: Sequence[int], usual: int) -> list[str]:
    steps = [b - a for a, b in itertools.pairwise(numbers)]
    least = min([usual, *steps])
    return [f"after {a} comes {a + step}" for a, step in zip(numbers, steps, strict=False) if step > least]


def draw(record: PointRows, positions: Positions) -> BaseGeometry | None:
    """The outline of a record; open or closed in the table, it is closed here."""
    if record.why or not record.parts:
        return None
    rings: Mapping[str, Any] = {part: positions.xy[rows] for part, rows in record.parts.items()}
    for part, ring in rings.items():
        if (distinct := len(np.unique(ring, axis=0))) < _FEWEST:
            of_part = f"Part {part!r} of its outline" if len(rings) > 1 else "Its outline"
            seen = f"{of_part} has only {'1 point' if distinct == 1 else f'{distinct} different points'}."
            record.tell("geometry-too-few-points", seen, "Add the missing points; an outline has three at least.")
            return None
    polygons = [shapely.Polygon(ring) for ring in rings.values()]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
