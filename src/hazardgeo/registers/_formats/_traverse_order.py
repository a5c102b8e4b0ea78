"""Rows of one record in the order walked: what each point is called, and which row comes back to another."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from hazardgeo.measure._traverse._roles import CORNERS, point_type
from hazardgeo.measure._traverse._units import NotDrawnError
from hazardgeo.registers._formats._corners import ASIDE, folded, point_number
from hazardgeo.registers._formats._sheet import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hazardgeo.registers._formats._places import Places
    from hazardgeo.registers._formats._sheet import Sheet

_START = frozenset({"start point", "datum point"})
_CLOSING = frozenset({"closing point", "closing leg", "closing", "close"})


class WalkedRows:
    """The cells that say which point a row is, and where it stands in the order walked."""

    def __init__(self, sheet: Sheet, places: Places) -> None:
        legs = places.legs
        self._sheet, self._row_numbers = sheet, sheet.row_numbers
        self._bearings, self._distances = map(self._cells, (legs.bearing, legs.distance))
        self._froms = [cell_text(cell) for cell in self._cells(legs.from_point)]
        self._names = [cell_text(cell) for cell in self._cells(legs.point_name)]
        self._written = [cell_text(cell) for cell in self._cells(places.number)]
        self._numbers = [point_number(cell) for cell in self._cells(places.number)]
        given = frozenset(map(folded, places.vertex_types))
        self.types = [point_type(folded(cell), given) for cell in self._cells(places.point_type)]
        self._parts = [cell_text(cell) for cell in self._cells(places.part)]
        self._corner_types = given or CORNERS

    def _cells(self, name: str) -> list[Any]:
        return self._sheet.cells(name) if name else [None] * len(self._sheet.rows)

    def has_leg(self, i: int) -> bool:
        """Whether a row says anything of a leg."""
        return not (is_blank(self._bearings[i]) and is_blank(self._distances[i]))

    def is_corner(self, i: int) -> bool:
        """Whether a row is a corner by its type; one that closes is none of its own."""
        return self.types[i] in self._corner_types

    def name(self, i: int) -> str:
        """What a row is called."""
        return self._names[i] or self._written[i] or f"row {self._row_numbers[i]}"

    def label(self, i: int) -> str:
        """A row with its number, as a sentence begins with it."""
        return f"Row {self._row_numbers[i]}: {self.name(i)}"

    def parts_of(self, rows: Sequence[int]) -> list[list[int]]:
        """Rows by part; those of no part, such as a landmark, belong to every part."""
        parts = dict.fromkeys(self._parts[i] for i in rows if self._parts[i])
        return [[i for i in rows if self._parts[i] in ("", part)] for part in parts] or [list(rows)]

    def in_order(self, rows: Sequence[int]) -> list[int]:
        """The stations in the order walked: by their numbers where all have one, else as they stand.

        Points found within the perimeter are no stations, unless a leg is said to start from one.

        Raises
        ------
        NotDrawnError
            If some have numbers, and these do not rise.
        """
        started_from = {self._froms[i] for i in rows} - {""}
        named = [i for i in rows if {self._names[i], self._written[i]} & started_from]
        return self._ordered([i for i in rows if self.types[i] not in ASIDE or i in named])

    def refuse_unsure_starts(self, rows: Sequence[int]) -> None:
        """Refuse a leg that follows a point within the perimeter: it may start from it, or from the station before.

        Raises
        ------
        NotDrawnError
            If there is such a leg, and it names no point where it starts.
        """
        numbered = all(self._numbers[i] is not None for i in rows)
        stations = [i for i in rows if self.types[i] not in ASIDE]
        for before, i in itertools.pairwise(sorted(rows, key=self._by_number(stations)) if numbered else rows):
            if i in stations and before not in stations and self.has_leg(i) and not self._froms[i]:
                seen = f"{self.label(i)} follows the {self.types[before]} {self.name(before)}, and does not say whether its"
                raise NotDrawnError(
                    f"{seen} bearing and distance start there or at the station before.",
                    "Name where they start (from_point).",
                )

    def _ordered(self, rows: Sequence[int]) -> list[int]:
        numbers = [number for i in rows if (number := self._numbers[i]) is not None]
        if len(numbers) == len(rows):
            for i in rows:
                self._refuse_twice(i, rows)
            return sorted(rows, key=self._by_number(rows))
        if any(a > b for a, b in itertools.pairwise(numbers)):
            raise NotDrawnError(
                "Only some of its points have a number, and these do not stand in their order.", "Number all points."
            )
        return list(rows)

    def _by_number(self, rows: Sequence[int]) -> Callable[[int], tuple[bool, int]]:
        """A number that comes again is that of the point where the traverse closes."""
        first = {self._numbers[i]: i for i in reversed(rows)}
        return lambda i: (first.get(self._numbers[i], i) != i, self._numbers[i] or 0)

    def _refuse_twice(self, i: int, rows: Sequence[int]) -> None:
        """A number may come again only where the traverse closes: else nobody knows which of the two goes where."""
        before = next(k for k in rows if self._numbers[k] == self._numbers[i])
        typed = any(self.types[k] for k in rows)
        start = next((k for k in rows if self.is_corner(k) or not typed), None)
        comes_back = before == start or (self.name(i) == self.name(before) and not self.is_corner(before))
        if i != before and not comes_back and self.has_leg(i) and self.types[i] not in _START | _CLOSING:
            both = f"{self.label(before)} and {self.name(i)} (row {self._row_numbers[i]})"
            raise NotDrawnError(f"{both} have the same number.", "Number the points in the order walked.")

    def closing(self, rows: Sequence[int]) -> dict[int, int]:
        """Of rows that stand in order, those that come back, each with the row that it comes back to.

        A row comes back to a point of its name, or to the start point if it is called so again.
        """
        found: dict[int, int] = {}
        before: list[int] = []
        for i in rows:
            back = self._comes_back_to(i, before) if self.has_leg(i) else None
            if back is None:
                before.append(i)
            else:
                found[i] = back
        return found

    def _comes_back_to(self, i: int, before: Sequence[int]) -> int | None:
        starts = [k for k in before if self.types[k] in _START] or [k for k in before if self.is_corner(k)]
        if self.types[i] in _CLOSING and starts:
            return starts[0]
        if self.types[i] in _START and starts and self.types[starts[0]] in _START:
            return starts[0]
        same_name = [k for k in before if self.name(k) == self.name(i)]
        # A turning point that comes again may be another one, written wrongly.
        return next((k for k in same_name if k in starts[:1] or not self.is_corner(k)), None)


def cell_text(cell: Any) -> str:
    """A cell as the name of a point: a number that a spreadsheet gave a fraction of nothing is written without it."""
    if is_blank(cell):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
