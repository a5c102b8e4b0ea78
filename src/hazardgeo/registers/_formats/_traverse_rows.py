"""Rows of one record that are legs: from which point to which, and which row closes the traverse."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo.measure._traverse._chain import MeasuredLeg
from hazardgeo.measure._traverse._roles import CORNERS
from hazardgeo.measure._traverse._units import (
    NotDrawnError,
    is_sexagesimal,
    read_bearing,
    read_distance,
)
from hazardgeo.registers._formats._corners import ASIDE, folded, point_number
from hazardgeo.registers._formats._sheet import is_blank
from hazardgeo.registers._formats._traverse_columns import unit_in_name, unit_of_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hazardgeo.registers._formats._places import Places
    from hazardgeo.registers._formats._sheet import Sheet

_START = frozenset({"start point", "datum point"})
_CLOSING = frozenset({"closing point", "closing leg", "closing", "close"})
_SIGNED = re.compile(r"([EW]?)\s*([+\-−]?)\s*(\d.*?)\s*([EW]?)", re.ASCII | re.IGNORECASE)
_IN_TABLE_OR_PROFILE = "in a column of the table, or in a profile, under [traverse]"


@dataclass(frozen=True)
class Station:
    """One row of a traverse."""

    row: int
    name: str
    leg: MeasuredLeg | None
    closes: bool = False


class LegRows:
    """The cells of legs, row by row."""

    def __init__(self, sheet: Sheet, places: Places) -> None:
        def cells(name: str) -> list[Any]:
            return sheet.cells(name) if name else [None] * len(sheet.rows)

        legs = places.legs
        self._legs, self._row_numbers = legs, sheet.row_numbers
        self._bearings, self._distances, self._backs = map(cells, (legs.bearing, legs.distance, legs.back_bearing))
        self._froms, self._norths, self._declinations = map(cells, (legs.from_point, legs.north, legs.declination))
        self._angle_units, self._length_units = map(cells, (legs.angle_unit, legs.length_unit))
        self._names = [_text(cell) for cell in cells(legs.point_name)]
        self._written = [_text(cell) for cell in cells(places.number)]
        self._numbers = [point_number(cell) for cell in cells(places.number)]
        self.types = [folded(cell) for cell in cells(places.point_type)]
        self._parts = [_text(cell) for cell in cells(places.part)]
        self._corner_types = frozenset(map(folded, places.vertex_types)) or CORNERS

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

        Raises
        ------
        NotDrawnError
            If some have numbers, and these do not rise.
        """
        rows = [i for i in rows if self.types[i] not in ASIDE]
        numbers = [number for i in rows if (number := self._numbers[i]) is not None]
        if len(numbers) == len(rows):
            first = {number: i for i, number in reversed(list(zip(rows, numbers, strict=True)))}
            # A number that comes again is that of the point where the traverse closes.
            return sorted(rows, key=lambda i: (first[self._numbers[i] or 0] != i, self._numbers[i] or 0))
        if any(a > b for a, b in itertools.pairwise(numbers)):
            raise NotDrawnError(
                "Only some of its points have a number, and these do not stand in their order.", "Number all points."
            )
        return rows

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
        return next((k for k in before if self.name(k) == self.name(i)), None)

    def stations(self, rows: Sequence[int]) -> list[Station]:
        """Read the legs of rows that stand in order; each leads from the row before, unless it names another point.

        Raises
        ------
        NotDrawnError
            If a leg is not whole, or it is not known where one starts.
        """
        angle, length, closing = self._angle_unit(rows), self._length_unit(rows), self.closing(rows)
        stations: list[Station] = []
        for i in rows:
            name = self.name(closing.get(i, i))
            if i not in closing and any(one.name == name for one in stations):
                raise NotDrawnError(f"Two of its points are called {name!r}.", "Give each point its own name.")
            before = stations[-1].name if stations else ""
            leg = self._leg(i, name, before, (angle, length)) if self.has_leg(i) else None
            stations.append(Station(i, name, leg, closes=i in closing))
        return self._from_named(stations)

    def _leg(self, i: int, to: str, before: str, units: tuple[str, str | float]) -> MeasuredLeg:
        row = f"Row {self._row_numbers[i]}"
        for what, cell in (("bearing", self._bearings[i]), ("distance", self._distances[i])):
            if is_blank(cell):
                raise NotDrawnError(f"{row}: the leg to {to} has no {what}.", "Look it up in the report.")
        start = _text(self._froms[i]) or before
        if not start:
            seen = f"{row}: {to} is its first point and has a bearing and a distance, but nothing that they start from."
            remedy = (
                "Write each bearing and distance in the row of the point that they lead to, or name where they start"
            )
            raise NotDrawnError(seen, f"{remedy} (from_point).")
        spelling, back = self._legs.stated.spelling, self._backs[i]
        try:
            return MeasuredLeg(
                start,
                to,
                read_bearing(self._bearings[i], units[0], spelling),
                read_distance(self._distances[i], units[1], spelling),
                None if is_blank(back) else read_bearing(back, units[0], spelling),
            )
        except NotDrawnError as error:
            raise NotDrawnError(f"{row}: {error.seen}", error.remedy) from error

    def _from_named(self, stations: list[Station]) -> list[Station]:
        """Legs whose starting point is named by its number have it called by its name."""
        called = {self._written[one.row]: one.name for one in stations if not one.closes and self._written[one.row]}
        called |= {one.name: one.name for one in stations}
        for k, one in enumerate(stations):
            if one.leg is None:
                continue
            if one.leg.from_point not in called:
                seen = f"The leg to {one.name} starts from {one.leg.from_point!r}, which is no point of the record."
                raise NotDrawnError(seen, "Add that point with its coordinates, or correct its name.")
            leg = MeasuredLeg(called[one.leg.from_point], *_rest(one.leg))
            stations[k] = Station(one.row, one.name, leg, one.closes)
        return stations

    def _angle_unit(self, rows: Sequence[int]) -> str:
        legs = self._legs
        said = self._agreed(self._angle_units, rows, "unit of bearings")
        unit = (
            unit_of_word(said, "bearing") if said else unit_in_name(legs.bearing, "bearing") or legs.stated.angle_unit
        )
        if not unit and all(is_sexagesimal(self._bearings[i]) for i in rows if not is_blank(self._bearings[i])):
            return "degrees"
        if not unit:
            raise NotDrawnError(
                "It does not say which unit its bearings are in.",
                f'Say angle_unit = "degrees", "gon", "mils_6400" or "mils_6000" {_IN_TABLE_OR_PROFILE}.',
            )
        return unit

    def _length_unit(self, rows: Sequence[int]) -> str | float:
        legs = self._legs
        said = self._agreed(self._length_units, rows, "unit of distances")
        unit = (
            unit_of_word(said, "distance")
            if said
            else unit_in_name(legs.distance, "distance") or legs.stated.length_unit
        )
        if not unit:
            raise NotDrawnError(
                "It does not say which unit its distances are in.",
                f'Say length_unit = "m" or "ft" {_IN_TABLE_OR_PROFILE}.',
            )
        return unit

    def north_word(self, rows: Sequence[int]) -> str:
        """Which north the rows name, as they write it; empty where they do not."""
        return self._agreed(self._norths, rows, "north")

    def declination(self, rows: Sequence[int]) -> float | None:
        """The declination that the rows state, in degrees, east positive.

        Raises
        ------
        NotDrawnError
            If it cannot be read, or its unit is not certain.
        """
        text = self._agreed(self._declinations, rows, "declination")
        if not text:
            return None
        found = _SIGNED.fullmatch(text)
        in_degrees = is_sexagesimal(text) or unit_in_name(self._legs.declination, "declination") == "degrees"
        if not in_degrees and self._angle_unit(rows) != "degrees":
            raise NotDrawnError(
                f"Its declination is {text}, and its bearings are not in degrees: the unit of the declination is not known.",
                "Write it in degrees, and call the column declination_deg.",
            )
        if not found or (found[1] and found[4]) or (found[2] and (found[1] or found[4])):
            raise NotDrawnError(
                f"Its declination {text!r} cannot be read.", "Write degrees, east positive, such as 4.5 or -2."
            )
        value = read_bearing(found[3], "degrees", self._legs.stated.spelling)
        return -value if found[2] in ("-", "−") or "W" in (found[1] + found[4]).upper() else value

    def _agreed(self, cells: Sequence[Any], rows: Iterable[int], what: str) -> str:
        said = {folded(cells[i]): _text(cells[i]) for i in rows if not is_blank(cells[i])}
        if len(said) > 1:
            listed = " and ".join(map(repr, said.values()))
            raise NotDrawnError(
                f"Its rows do not agree on the {what}: {listed}.", "Write the same in every row of a record."
            )
        return next(iter(said.values()), "")


def _rest(leg: MeasuredLeg) -> tuple[str, float, float, float | None]:
    return leg.to_point, leg.bearing_deg, leg.distance_m, leg.back_deg


def _text(cell: Any) -> str:
    """A cell as the name of a point: a number that a spreadsheet gave a fraction of nothing is written without it."""
    if is_blank(cell):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
