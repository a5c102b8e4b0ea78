"""Traverses among the records of a table: corners that have a bearing and a distance in place of coordinates."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.errors import CRSError, HazardgeoError
from hazardgeo.measure._traverse._north import North, north_of
from hazardgeo.measure._traverse._survey import Survey, survey
from hazardgeo.measure._traverse._units import NotDrawnError
from hazardgeo.registers._formats._traverse_findings import LOOK_UP, tell_of_traverse
from hazardgeo.registers._formats._traverse_ground import Ground, ground_of
from hazardgeo.registers._formats._traverse_rows import LegRows, Station

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hazardgeo.registers._formats._corners import PointRows
    from hazardgeo.registers._formats._places import Places
    from hazardgeo.registers._formats._positions import Positions
    from hazardgeo.registers._formats._sheet import Sheet

NORTH_UNSTATED, NOT_DRAWN = "traverse-north-unstated", "traverse-not-drawn"
_NORTHS = {"true north": "true", "geographic": "true", "grid north": "grid", "magnetic north": "magnetic"}
_SAY_NORTH = 'Say north = "true", "grid" or "magnetic" in a column of the table, or in a profile, under [traverse].'
_SAY_DECLINATION = (
    "Write the declination of the place on the day of the survey (degrees, east positive) in a column declination_deg, or in a "
    "profile, under [traverse]."
)


class _NorthUnstatedError(NotDrawnError):
    """It is not known which north bearings are counted from."""


def draw_traverses(
    sheet: Sheet, places: Places, positions: Positions, records: Sequence[PointRows]
) -> tuple[Positions, dict[int, float]]:
    """Find the places of corners that have a bearing and a distance in place of coordinates.

    They are drawn on the ellipsoid of the coordinates' own datum, in true metres, and only then, with all others, brought
    to WGS 84 by the one operation of the layer: a metre is a metre on both ellipsoids to a few parts in 100,000, and the
    seconds of arc between their norths are nothing to a compass.

    Parameters
    ----------
    sheet : Sheet
    places : Places
        Names the columns of legs.
    positions : Positions
        Of every row; what is known.
    records : sequence of PointRows
        What cannot be drawn is told of the record, and is then not drawn.

    Returns
    -------
    Positions
        Of every row, drawn ones among them.
    dict of int to float
        Standard deviation of the worst corner [m], by position of the record: of those drawn whose rows state none, or less
        than what a check that fails shows.
    """
    if not places.legs.are_there:
        _tell_lacking(LegRows(sheet, places), places, positions, records)
        return positions, {}
    rows = LegRows(sheet, places)
    drawn = replace(positions, xy=positions.xy.copy())
    sds: dict[int, float] = {}
    for at, record in enumerate(records):
        try:
            if _needs_drawing(rows, positions, record):
                places.legs.refuse_unsure()
                sd_m = _Traverse(rows, places, drawn, record).draw()
                sds |= {} if sd_m is None else {at: sd_m}
        except NotDrawnError as error:
            rule = NORTH_UNSTATED if isinstance(error, _NorthUnstatedError) else NOT_DRAWN
            record.leave_undrawn(rule, error.seen, error.remedy)
        except HazardgeoError as error:
            record.leave_undrawn(NOT_DRAWN, str(error), "")
    return drawn, sds


def _tell_lacking(rows: LegRows, places: Places, positions: Positions, records: Sequence[PointRows]) -> None:
    """Tell of records with a corner without coordinates that the columns of their traverse were not found."""
    try:
        places.legs.refuse_lacking()
    except NotDrawnError as error:
        for record in records:
            if _lacking(rows, positions, record):
                record.leave_undrawn(NOT_DRAWN, error.seen, error.remedy)


def _needs_drawing(rows: LegRows, positions: Positions, record: PointRows) -> bool:
    """Whether a record has legs, and a point that may be a corner has no coordinates.

    A leg that comes back to a point of known place needs none.
    """
    if not any(rows.has_leg(i) for i in record.rows):
        return False
    lacking = _lacking(rows, positions, record)
    if not lacking:
        return False
    closing = {
        i: back
        for part in rows.parts_of(record.rows)
        for i, back in rows.closing(rows.in_order(part)).items()
        if not _has_none(positions, back) and rows.name(i) == rows.name(back)
    }
    if any(i not in closing for i in lacking):
        return True
    record.closing |= {i for i in closing if _has_none(positions, i)}
    return False


def _lacking(rows: LegRows, positions: Positions, record: PointRows) -> list[int]:
    """Rows without coordinates that are corners, or may be."""
    typed = any(rows.types[i] for i in record.rows)
    return [i for i in record.rows if (rows.is_corner(i) or not typed) and _has_none(positions, i)]


def _has_none(positions: Positions, i: int) -> bool:
    return i not in positions.faults and bool(np.isnan(positions.xy[i]).any())


class _Traverse:
    """The traverse of one record."""

    def __init__(self, rows: LegRows, places: Places, positions: Positions, record: PointRows) -> None:
        self._rows, self._stated, self._positions, self._record = rows, places.legs.stated, positions, record
        self._parts = rows.parts_of(record.rows)

    def draw(self) -> float | None:
        """Place its points, and tell what it says of itself.

        Returns
        -------
        float or None
            The accuracy to be written down [m]; None where what the record states stays.
        """
        if not any(self._rows.types[i] for i in self._record.rows):
            seen = "It does not say which of its points are corners; a landmark or a benchmark is none."
            raise NotDrawnError(
                seen, "Fill in the type of each point, such as landmark, benchmark, start point, turning point."
            )
        ground = ground_of(self._positions.crs)
        north = self._north()
        surveys = [one for part in self._parts for one in self._draw_part(part, ground, north)]
        shown, stated = max((found.shown_m for found, _ in surveys), default=0.0), self._sd_m()
        too_sure_m = stated if stated is not None and stated < shown else None
        said = f"counted from {north.label}; {self._stated.errors.in_words()}.{self._unread()}"
        tell_of_traverse(self._record, surveys, said=said, too_sure_m=too_sure_m)
        if stated is not None:
            return shown if stated < shown else None
        corners = [[one.name for one in stations if self._rows.is_corner(one.row)] for _, stations in surveys]
        sds = [found.outline_sd_m(names) for (found, _), names in zip(surveys, corners, strict=True) if names]
        return max([*sds, self._stated.errors.known_sd_m])

    def _sd_m(self) -> float | None:
        """The accuracy that is stated of the record, or of all of them [m]."""
        stated = self._rows.stated_sd_m(self._record.rows)
        return self._stated.vertex_sd_m if stated is None else stated

    def _north(self) -> North:
        word = self._rows.north_word(self._record.rows)
        plain = " ".join(word.casefold().split())
        kind = _NORTHS.get(plain, plain) or self._stated.north
        if not kind:
            raise _NorthUnstatedError("It does not say which north its bearings are counted from.", _SAY_NORTH)
        if kind not in ("true", "grid", "magnetic"):
            raise _NorthUnstatedError(f"Its bearings are counted from {word!r}, which is not known here.", _SAY_NORTH)
        if kind == "magnetic":
            return self._magnetic()
        if declination := self._rows.declination(self._record.rows):
            seen = f"Its bearings are counted from {kind} north, and a declination of {declination:g}° is given."
            raise _NorthUnstatedError(seen, "Say magnetic north, or take the declination away.")
        return north_of("true") if kind == "true" else self._grid()

    def _magnetic(self) -> North:
        declination = self._rows.declination(self._record.rows)
        declination = self._stated.declination_deg if declination is None else declination
        if declination is None:
            seen = "Its bearings are counted from magnetic north, and the declination is not said."
            raise _NorthUnstatedError(seen, _SAY_DECLINATION)
        return north_of("magnetic", declination)

    def _grid(self) -> North:
        crs = self._positions.crs
        given = self._stated.grid or (crs if crs is not None and crs.is_projected else None)
        if given is None:
            seen = "Its bearings are counted from grid north, its coordinates are degrees, and no grid is named."
            raise _NorthUnstatedError(seen, 'Say grid = "EPSG:…" in a profile, under [traverse].')
        try:
            return north_of("grid", crs=given)
        except CRSError as error:
            raise _NorthUnstatedError(f"Grid north: {error}", "Name the grid of the map.") from error

    def _draw_part(self, part: Sequence[int], ground: Ground, north: North) -> Iterator[tuple[Survey, list[Station]]]:
        self._rows.refuse_unsure_starts(part)
        stations = self._rows.stations(self._rows.in_order(part))
        for one in stations[1:]:
            if one.leg is None and _has_none(self._positions, one.row):
                raise NotDrawnError(
                    f"{self._rows.label(one.row)} has neither coordinates nor a bearing and a distance.", LOOK_UP
                )
        for group in _joined(stations):
            legs = [one.leg for one in group if one.leg is not None]
            if not legs and not self._rows.is_corner(group[0].row):
                continue
            known = self._known(group, ground)
            if not legs:
                continue
            at = next(name for name in (*self._without_leg(group), *known) if name in known)
            found = survey(legs, at, known, north=north, errors=self._stated.errors, geod=ground.geod)
            for one in group:
                self._place(one, at, found, ground)
            yield found, group
        self._record.order |= {one.row: k for k, one in enumerate(stations)}

    @staticmethod
    def _without_leg(group: Sequence[Station]) -> list[str]:
        return [one.name for one in group if one.leg is None]

    def _known(self, group: Sequence[Station], ground: Ground) -> dict[str, tuple[float, float]]:
        """Points of a group that have coordinates of their own."""
        known: dict[str, tuple[float, float]] = {}
        for one in group:
            xy = self._positions.xy[one.row]
            if one.row in self._positions.faults or np.isnan(xy).any():
                continue
            lonlat = ground.lonlat(xy, one.name)
            if known.setdefault(one.name, lonlat) != lonlat:
                raise NotDrawnError(f"Its point {one.name} has two places.", "Keep the right one.")
        if known:
            return known
        listed = ", ".join(dict.fromkeys(one.name for one in group))
        why = next((fault.seen for one in group if (fault := self._positions.faults.get(one.row))), "")
        raise NotDrawnError(
            f"None of the points {listed} has coordinates. {why}".strip(), "Write the coordinates of one of them."
        )

    def _place(self, one: Station, at: str, found: Survey, ground: Ground) -> None:
        if one.closes:
            self._record.closing.add(one.row)
        fits = any(check.name == one.name and check.passes for check in found.checks)
        if one.name != at and not (fits and not one.closes):
            self._positions.xy[one.row] = ground.xy(found.at(one.name), one.name)

    def _unread(self) -> str:
        """Points beside the outline whose own coordinates cannot be read."""
        beside = [i for i in self._record.rows if not self._rows.is_corner(i) and i in self._positions.faults]
        return "".join(
            f" {self._rows.label(i)} was not used as a known point: {self._positions.faults[i].seen}" for i in beside
        )


def _joined(stations: Sequence[Station]) -> list[list[Station]]:
    """Stations by which of them legs join."""
    group = {one.name: one.name for one in stations}

    def root(name: str) -> str:
        while group[name] != name:
            name = group[name]
        return name

    for one in stations:
        if one.leg is not None:
            group[root(one.leg.to_point)] = root(one.leg.from_point)
    found: dict[str, list[Station]] = defaultdict(list)
    for one in stations:
        found[root(one.name)].append(one)
    return list(found.values())


def fill_in_sds(columns: dict[str, list[Any]], places: Places, sds: Mapping[int, float], count: int) -> None:
    """Write the accuracy of drawn corners, to the centimetre and never smaller.

    Parameters
    ----------
    columns : dict of str to list
        Of the records; changed.
    places : Places
    sds : mapping of int to float
        What `draw_traverses` gives: standard deviation of the worst corner [m], by record.
    count : int
        How many records there are.
    """
    stated = places.legs.stated
    if sds:
        column = columns.setdefault(stated.vertex_sd, [None] * count)
        for at, sd_m in sds.items():
            column[at] = math.ceil(sd_m * 100) / 100 / stated.vertex_sd_factor
