"""Rows of one record that are legs: from which point to which, and which row closes the traverse."""

from __future__ import annotations

import math
import numbers
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo.measure._traverse._chain import MeasuredLeg
from hazardgeo.measure._traverse._units import (
    NotDrawnError,
    is_sexagesimal,
    read_bearing,
    read_distance,
)
from hazardgeo.registers._formats._corners import folded
from hazardgeo.registers._formats._sheet import is_blank
from hazardgeo.registers._formats._traverse_columns import unit_in_name, unit_of_word
from hazardgeo.registers._formats._traverse_order import WalkedRows, cell_text
from hazardgeo.schema._spelling import number_readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hazardgeo.registers._formats._places import Places
    from hazardgeo.registers._formats._sheet import Sheet

_SIGNED = re.compile(r"([EW]?)\s*([+\-−]?)\s*(\d.*?)\s*([EW]?)", re.ASCII | re.IGNORECASE)
_IN_TABLE_OR_PROFILE = "in a column of the table, or in a profile, under [traverse]"


@dataclass(frozen=True)
class Station:
    """One row of a traverse."""

    row: int
    name: str
    leg: MeasuredLeg | None
    closes: bool = False


class LegRows(WalkedRows):
    """The cells of legs, row by row."""

    def __init__(self, sheet: Sheet, places: Places) -> None:
        super().__init__(sheet, places)
        legs = self._legs = places.legs
        self._backs, self._norths, self._declinations = map(
            self._cells, (legs.back_bearing, legs.north, legs.declination)
        )
        self._angle_units, self._length_units = map(self._cells, (legs.angle_unit, legs.length_unit))
        self._sds = self._cells(legs.stated.vertex_sd if legs.stated.vertex_sd in sheet.columns else "")

    def stations(self, rows: Sequence[int]) -> list[Station]:
        """Read the legs of rows that stand in order; each leads from the row before, unless it names another point.

        Raises
        ------
        NotDrawnError
            If a leg is not whole, or it is not known where one starts.
        """
        angle, length, closing = self._angle_unit(rows), self._length_unit(rows), self.closing(rows)
        back = unit_in_name(self._legs.back_bearing, "back_bearing")
        of_circle = back == "mils" and angle.startswith("mils_")
        if back and back != angle and not of_circle and not all(is_blank(self._backs[i]) for i in rows):
            raise NotDrawnError(f"Its bearings are in {angle}, its back bearings in {back}.", "Write both in one unit.")
        stations: list[Station] = []
        for i in rows:
            name = self.name(closing.get(i, i))
            if i not in closing and any(one.name == name for one in stations):
                raise NotDrawnError(f"Two of its points are called {name!r}.", "Give each point its own name.")
            before = stations[-1].name if stations else ""
            if stations and stations[-1].closes and self.is_corner(i) and self.has_leg(i) and not self._froms[i]:
                seen = f"{self.label(i)} goes on after {before} has closed the outline."
                raise NotDrawnError(
                    seen, "Give a second outline its own part; or name where the leg starts (from_point)."
                )
            leg = self._leg(i, name, before, (angle, length)) if self.has_leg(i) else None
            stations.append(Station(i, name, leg, closes=i in closing))
        return self._from_named(stations)

    def _leg(self, i: int, to: str, before: str, units: tuple[str, str | float]) -> MeasuredLeg:
        row = f"Row {self._row_numbers[i]}"
        for what, cell in (("bearing", self._bearings[i]), ("distance", self._distances[i])):
            if is_blank(cell):
                raise NotDrawnError(f"{row}: the leg to {to} has no {what}.", "Look it up in the report.")
        start = self._froms[i] or before
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
        said = self._agreed(self._angle_units, rows, "unit of bearings")
        in_name, stated = unit_in_name(self._legs.bearing, "bearing"), self._legs.stated.angle_unit
        units = [one for one in (unit_of_word(said, "bearing") if said else "", in_name, stated) if one]
        unit = next(iter(units), "")
        if unit == "mils":
            return self._circle(units[1:], said)
        if not unit and all(is_sexagesimal(self._bearings[i]) for i in rows if not is_blank(self._bearings[i])):
            return "degrees"
        if not unit:
            raise NotDrawnError(
                "It does not say which unit its bearings are in.",
                f'Say angle_unit = "degrees", "gon", "mils_6400" or "mils_6000" {_IN_TABLE_OR_PROFILE}.',
            )
        return unit

    def _circle(self, others: Sequence[str], said: str) -> str:
        """The unit of bearings that are said to be in mils, by what else is said of them."""
        circle = next((one for one in others if one != "mils"), "")
        if circle.startswith("mils_"):
            return circle
        what = f"its unit of bearings, {said!r}," if said else f"the column {self._legs.bearing!r}"
        seen = f"It does not say which circle its mils are of: {what} names no circle."
        if circle:
            seen = f"Its bearings are in mils by one word, and in {circle} by another."
        raise NotDrawnError(
            seen,
            f'Say angle_unit = "mils_6400" (NATO) or "mils_6000" (Warsaw Pact, and compasses of the former Yugoslavia and '
            f"Soviet Union) {_IN_TABLE_OR_PROFILE}.",
        )

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
        unit = unit_in_name(self._legs.declination, "declination")
        if not (is_sexagesimal(text) or (unit or self._angle_unit(rows)) == "degrees"):
            in_unit = f"is in {unit}" if unit else "has no unit, and its bearings are not in degrees"
            raise NotDrawnError(
                f"Its declination, {text}, {in_unit}; it is read in degrees only.",
                "Write it in degrees, in a column declination_deg.",
            )
        found = _SIGNED.fullmatch(text)
        if not found or (found[1] and found[4]) or (found[2] and (found[1] or found[4])):
            raise NotDrawnError(
                f"Its declination {text!r} cannot be read.", "Write degrees, east positive, such as 4.5 or -2."
            )
        value = read_bearing(found[3], "degrees", self._legs.stated.spelling)
        return -value if found[2] in ("-", "−") or "W" in (found[1] + found[4]).upper() else value

    def stated_sd_m(self, rows: Sequence[int]) -> float | None:
        """The accuracy that a record states [m]: None without one, NaN where it cannot be read, which is told elsewhere."""
        cell = next((self._sds[i] for i in rows if not is_blank(self._sds[i])), None)
        if cell is None:
            return None
        stated = self._legs.stated
        values = number_readings(cell, stated.spelling) if isinstance(cell, str) else (cell,)
        is_number = len(values) == 1 and isinstance(values[0], numbers.Real)
        return float(values[0]) * stated.vertex_sd_factor if is_number else math.nan

    def _agreed(self, cells: Sequence[Any], rows: Iterable[int], what: str) -> str:
        said = {folded(cells[i]): cell_text(cells[i]) for i in rows if not is_blank(cells[i])}
        if len(said) > 1:
            listed = " and ".join(map(repr, said.values()))
            raise NotDrawnError(
                f"Its rows do not agree on the {what}: {listed}.", "Write the same in every row of a record."
            )
        return next(iter(said.values()), "")


def _rest(leg: MeasuredLeg) -> tuple[str, float, float, float | None]:
    return leg.to_point, leg.bearing_deg, leg.distance_m, leg.back_deg
