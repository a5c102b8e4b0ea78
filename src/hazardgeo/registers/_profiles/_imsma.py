"""Hazards of IMSMA NG, put together from its tables: record, link, shape, point.

Every row of the table of records is a record. Where a link, a shape or a point of it is lost, its outline is not drawn
from the rest: it would be too small.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from hazardgeo.crs import WGS84, parse_crs
from hazardgeo.registers._formats._layer import RawFault, RawLayer, shape_array, unreadable
from hazardgeo.registers._formats._sheet import Sheet
from hazardgeo.registers._formats._traverse_columns import COLUMNS
from hazardgeo.registers._formats._traverses import fill_in_sds
from hazardgeo.registers._profiles._match import fold
from hazardgeo.registers._profiles._tables import Tables, keys_in, read_tables, tables_of, theirs_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from hazardgeo.registers._formats._places import Places
    from hazardgeo.registers._profiles._profile import Profile

_RECORD, _PART = "record of the outline", "part of the outline"
_SHOWN = 10


def read_joined(path: Path, profile: Profile) -> RawLayer:
    """Read a register that stands in several tables.

    Parameters
    ----------
    path : pathlib.Path
        A folder of CSV files named as the tables, or a workbook with a sheet for each.
    profile : Profile
        With a `join`.

    Returns
    -------
    RawLayer

    Raises
    ------
    FormatError
        If it is neither, or a table or a column that joins them is missing.
    """
    return dataclasses.replace(join_imsma(read_tables(path, profile), profile), file=str(path))


def join_imsma(sheets: Mapping[str, Sheet], profile: Profile) -> RawLayer:
    """Join the tables of IMSMA NG.

    Parameters
    ----------
    sheets : mapping of str to Sheet
        By the name of the table.
    profile : Profile
        With a `join`, and with the columns of the points as `places`.

    Returns
    -------
    RawLayer
        One record for each row of the table of records, in its order. A record whose outline has lost a link, a shape or
        a point has a fault and no shape.

    Raises
    ------
    FormatError
        If a table or a column that joins them is missing.
    """
    tables = tables_of(sheets, profile)
    joined = _Joined(tables)
    joined.follow_links()
    joined.follow_broken_rows()
    joined.sort_shapes()
    shapes, sds = _outlines(joined, profile)
    columns = {name: tables.records.cells(name) for name in tables.records.columns}
    fill_in_sds(columns, profile.places, sds, len(tables.records.rows))
    for name in {profile.theirs(ours) for ours in profile.columns} & columns.keys():
        columns[name] = [tables.decoded(cell) for cell in columns[name]]
    return RawLayer(
        tables.records.file,
        tables.records.name,
        len(tables.records.rows),
        columns,
        shape_array(shapes),
        parse_crs(profile.crs) if profile.crs else WGS84,
        (*tables.records.faults, *joined.faults, *(unreadable(i, why) for i, why in sorted(joined.bad.items()))),
        tables.records.row_numbers,
    )


class _Joined:
    """What the tables say of each record, by its position, and what is wrong with it."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.faults: list[RawFault] = []
        self.bad: dict[int, str] = {}
        self.at: dict[str, list[int]] = defaultdict(list)
        self.shapes_of: dict[int, dict[str, None]] = defaultdict(dict)
        self.users_of: dict[str, set[int]] = defaultdict(set)
        self.drawn: list[tuple[int, str]] = []
        for i, key in enumerate(keys_in(tables.records, tables.join.record_key)):
            if key:
                self.at[key].append(i)
        for key, positions in self.at.items():
            if len(positions) > 1:
                rows = _rows(tables.records, positions)
                self.spoil(positions, f"has the {tables.join.record_key} {key!r} together with others ({rows})")

    def spoil(self, positions: Iterable[int], why: str) -> None:
        """Records whose outline cannot be told; the first reason stands."""
        for i in positions:
            self.bad.setdefault(i, why)

    def follow_links(self) -> None:
        """Which record has which shape."""
        join, links = self.tables.join, self.tables.links
        lost = []
        pairs = zip(keys_in(links, join.record_key), keys_in(links, join.shape_key), strict=True)
        for n, (record, shape) in enumerate(pairs):
            lost += [] if record in self.at else [n]
            for i in self.at.get(record, ()):
                self.shapes_of[i][shape] = None
                self.users_of[shape].add(i)
        self.lost(links, lost, f"no row of {join.records}")

    def lost(self, sheet: Sheet, at: Sequence[int], where: str) -> None:
        """Rows that lead nowhere."""
        if at:
            seen = f"In the table {sheet.name}, {len(at):,} of {len(sheet.rows):,} rows lead to {where}: {_rows(sheet, at)}."
            self.faults.append(RawFault(None, "join-leads-nowhere", seen, "Export all tables anew, at one time."))

    def follow_broken_rows(self) -> None:
        """What the formats say of rows of other tables than that of the records, led to the record where that is known."""
        join, tables = self.tables.join, self.tables
        for sheet, key in (
            (tables.links, join.record_key),
            (tables.shapes, join.shape_key),
            (tables.points, join.shape_key),
        ):
            keys, told = keys_in(sheet, key), defaultdict(list)
            for fault in sheet.faults:
                users: Iterable[int] = ()
                if fault.at is not None and fault.rule == "row-broken":
                    users = (
                        self.at.get(keys[fault.at], ())
                        if sheet is tables.links
                        else self.users_of.get(keys[fault.at], ())
                    )
                    self.spoil(users, f"rests on {_rows(sheet, [fault.at])} of {sheet.name}. {fault.seen}".rstrip("."))
                if not users:
                    told[fault.rule].append(fault)
            for rule, faults in told.items():
                rows = _rows(sheet, [fault.at for fault in faults if fault.at is not None]) or "the table"
                seen = f"In the table {sheet.name}, {rows}: {faults[0].seen} ({rule})"
                self.faults.append(RawFault(None, "join-table-fault", seen, faults[0].remedy))

    def sort_shapes(self) -> None:
        """Which shapes are drawn: polygons that are in use; the others are told."""
        join, shapes = self.tables.join, self.tables.shapes
        rows = defaultdict(list)
        for n, key in enumerate(keys_in(shapes, join.shape_key)):
            rows[key].append(n)
        kinds = [fold(str(self.tables.decoded(key))) for key in keys_in(shapes, join.shape_kind)]
        actives = [fold(key) for key in keys_in(shapes, join.active)] if join.active else [""] * len(shapes.rows)
        polygons, others, inactive = (
            {fold(word) for word in words} for words in (join.polygons, join.not_polygons, join.inactive)
        )
        for i, keys in self.shapes_of.items():
            left_out: dict[str, list[str]] = defaultdict(list)
            for key in keys:
                if len(rows.get(key, ())) != 1:
                    times = "is not" if key not in rows else "stands more than once"
                    self.spoil([i], f"is linked to the shape {key!r}, which {times} in {join.shapes}")
                elif actives[n := rows[key][0]] in inactive:
                    left_out["shape-inactive"].append(key)
                elif kinds[n] in polygons:
                    self.drawn.append((i, key))
                elif kinds[n] in others:
                    left_out["shape-no-polygon"].append(key)
                else:
                    self.spoil([i], f"has the shape {key!r} of a kind that is not known ({kinds[n]!r})")
            self.faults += [_left_out(i, rule, shapes_left) for rule, shapes_left in left_out.items()]


def _left_out(i: int, rule: str, keys: Sequence[str]) -> RawFault:
    what = {"shape-inactive": "no longer in use", "shape-no-polygon": "points or lines"}[rule]
    seen = f"{len(keys)} of its shapes ({', '.join(keys[:_SHOWN])}) are {what}, and are no part of its outline."
    return RawFault(i, rule, seen, "Check in IMSMA that its outline is complete without them.")


def _outlines(joined: _Joined, profile: Profile) -> tuple[list[BaseGeometry | None], dict[int, float]]:
    """The outline of each record, from the points of its polygons, and the accuracy of those that were drawn by bearings."""
    from hazardgeo.registers._formats._places import shapes_of

    tables = joined.tables
    shapes: list[BaseGeometry | None] = [None] * len(tables.records.rows)
    points, places = _points(joined, profile.places)
    if not points.rows:
        return shapes, {}
    raw = shapes_of(points, places, parse_crs(profile.crs) if profile.crs else WGS84)
    positions = [int(record) for record in raw.columns[_RECORD]]
    for shape, i in zip(raw.shapes, positions, strict=True):
        shapes[i] = shape
    joined.faults += [
        fault if fault.at is None else dataclasses.replace(fault, at=positions[fault.at]) for fault in raw.faults
    ]
    stated = places.legs.stated
    drawn = zip(raw.columns.get(stated.vertex_sd, ()), positions, strict=False)
    return shapes, {i: sd * stated.vertex_sd_factor for sd, i in drawn if sd is not None}


def _points(joined: _Joined, places: Places) -> tuple[Sheet, Places]:
    """The points of every outline, one row each, with the record and the part that they belong to."""
    join, points = joined.tables.join, joined.tables.points
    rows_of = defaultdict(list)
    for n, key in enumerate(keys_in(points, join.shape_key)):
        rows_of[key].append(n)
    known = joined.users_of.keys() | set(keys_in(joined.tables.shapes, join.shape_key))
    joined.lost(
        points, [n for key, rows in rows_of.items() if key not in known for n in rows], f"no row of {join.shapes}"
    )
    for i, key in joined.drawn:
        if key not in rows_of:
            joined.spoil([i], f"has the polygon {key!r}, of which no point is in {join.points}")
    used = [(i, key, n) for i, key in joined.drawn if i not in joined.bad for n in rows_of[key]]
    named: dict[str, Any] = {
        name: theirs_in(points, column)
        for name in ("x", "y", "text", "number", "point_type")
        if (column := getattr(places, name))
    }
    legs: dict[str, Any] = {
        name: theirs_in(points, column) for name in COLUMNS if (column := getattr(places.legs, name))
    }
    cells: dict[str, list[Any]] = {theirs: points.cells(theirs) for theirs in (*named.values(), *legs.values())}
    if "point_type" in named:
        cells[named["point_type"]] = [joined.tables.decoded(cell) for cell in cells[named["point_type"]]]
    rows = [[str(i), key, *(column[n] for column in cells.values())] for i, key, n in used]
    numbers = tuple(points.row_numbers[n] for _, _, n in used)
    sheet = Sheet(points.name, (_RECORD, _PART, *cells), rows, numbers, (), points.file)
    named["legs"] = dataclasses.replace(places.legs, **legs)
    return sheet, dataclasses.replace(places, record=_RECORD, part=_PART, **named)


def _rows(sheet: Sheet, at: Sequence[int]) -> str:
    """Rows as a person counts them."""
    numbers = [str(sheet.row_numbers[n]) for n in at[:_SHOWN]]
    more = f" and {len(at) - _SHOWN:,} more" if len(at) > _SHOWN else ""
    return f"{'row' if len(at) == 1 else 'rows'} {', '.join(numbers)}{more}" if numbers else ""
