"""Tables with a row for each point: the rows of one record made into one, in the order of the points' numbers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hazardgeo.measure._traverse._roles import CORNERS, point_type
from hazardgeo.registers._formats._corners import (
    PointRows,
    draw,
    folded,
    refuse_parted_ids,
    sort_out,
    tell_missing_points,
)
from hazardgeo.registers._formats._layer import RawFault, RawLayer, shape_array
from hazardgeo.registers._formats._sheet import Sheet, is_blank
from hazardgeo.registers._formats._traverses import draw_traverses, fill_in_sds
from hazardgeo.vocabulary import CLASSIFICATION, RELEASE_KIND, WORK_STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hazardgeo.registers._formats._places import Places
    from hazardgeo.registers._formats._positions import Positions

_SHOWN = 5
# What a record is stands in columns called so, or in any that says it in our words.
_SAY_WHAT = frozenset({"classification", "kind", "work status", "status", "type"})
_WORDS = frozenset(
    folded(text)
    for vocabulary in (CLASSIFICATION, RELEASE_KIND, WORK_STATUS)
    for term in vocabulary.terms
    for text in (term.word, term.label, term.label.partition(" (")[0])
)


def outlines(sheet: Sheet, places: Places, positions: Positions) -> RawLayer:
    """Make one record of all rows that bear its id.

    Parameters
    ----------
    sheet : Sheet
    places : Places
        Names the columns of the record, the number of the point, and the part and type of the point where there are such.
    positions : Positions
        Of every row.

    Returns
    -------
    RawLayer
        A row without an id is a record of its own. A cell is that of the first row where it is filled. The column ``rows``
        says which rows a record was made of. Rows that do not agree on what the record is make it a broken one.
    """
    records = _grouped(sheet, places)
    positions, sds = draw_traverses(sheet, places, positions, records)
    sort_out(sheet, places, positions, records)
    refuse_parted_ids(records)
    tell_missing_points(records)
    columns = _cells(sheet, places, records)
    fill_in_sds(columns, places, sds, len(records))
    _tell_rows_below(sheet, records)
    _tell_merged(sheet, records)
    shapes = [draw(record, positions) for record in records]
    of_rows: dict[int, list[RawFault]] = defaultdict(list)
    faults: list[RawFault] = []
    for fault in (*sheet.faults, *positions.remarks):
        (faults if fault.at is None else of_rows[fault.at]).append(fault)
    for at, record in enumerate(records):
        faults += _told(at, sheet, record, of_rows)
    first = tuple(sheet.row_numbers[record.rows[0]] for record in records)
    return RawLayer(
        sheet.file,
        sheet.name,
        len(records),
        columns,
        shape_array(shapes),
        positions.crs,
        tuple(faults),
        first,
    )


def _grouped(sheet: Sheet, places: Places) -> list[PointRows]:
    records: dict[str, PointRows] = {}
    for i, cell in enumerate(sheet.cells(places.record)):
        # A row without an id may belong to any record; it is made part of none.
        key, text = (f"row {i}", "") if is_blank(cell) else (f"id {cell}", str(cell))
        records.setdefault(key, PointRows(text)).rows.append(i)
    return list(records.values())


def _cells(sheet: Sheet, places: Places, records: Sequence[PointRows]) -> dict[str, list[Any]]:
    used = {places.x, places.y, places.text, places.number, places.part, places.point_type}
    of_points = places.legs.of_points
    if all(record.is_traverse for record in records):
        used |= of_points
    columns: dict[str, list[Any]] = {}
    disagreeing: dict[int, list[str]] = defaultdict(list)
    for name in sheet.columns:
        if name in used:
            continue
        cells = sheet.cells(name)
        columns[name] = []
        for at, record in enumerate(records):
            if name in of_points and record.is_traverse:
                columns[name].append(None)
                continue
            filled = [cells[i] for i in record.rows if not is_blank(cells[i])]
            columns[name].append(filled[0] if filled else cells[record.rows[0]])
            differ = any(cell != filled[0] for cell in filled[1:]) and not _two_in_one(record, name, filled)
            # Where the columns of legs were not found, any that differs may be one: it is asked again once they are named.
            if differ and not (record.is_undrawn and not places.legs.are_there):
                disagreeing[at].append(name)
    for at, names in disagreeing.items():
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        seen = f"Its rows do not agree in {', '.join(map(repr, names[:_SHOWN]))}{more}; what stands first is kept."
        records[at].tell("rows-disagree", seen, "Write the same in every row of a record.")
    name = "rows"
    while name in sheet.columns:
        name += "_"
    columns[name] = [_ranges([sheet.row_numbers[i] for i in record.rows]) for record in records]
    return columns


def _two_in_one(record: PointRows, name: str, cells: Iterable[Any]) -> bool:
    """Whether two things bear one id: cleared ground and a hazard, it may be, whose corners would make one outline."""
    said: dict[str, str] = {}
    for cell in cells:
        said.setdefault(folded(cell), str(cell))
    says_what = folded(name) in _SAY_WHAT or len(said.keys() & _WORDS) > 1
    # EP may be an evidence point, which is no corner.
    if len(said) < 2 or not says_what or {point_type(word, {"ep"}) for word in said} <= CORNERS:
        return False
    listed = " and ".join(map(repr, list(said.values())[:_SHOWN]))
    seen = f"Its rows say in {name!r} that it is {listed}; which of its points belong to which is not known."
    remedy = "Give each its own id; or, if the column says what each point is, name it in a profile (point_type)."
    record.tell("row-broken", seen, remedy)
    return True


def _ranges(numbers: Sequence[int]) -> str:
    """Rows in short, such as ``2-5, 9``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


def _tell_rows_below(sheet: Sheet, records: Sequence[PointRows]) -> None:
    """Rows without an id stand below those of a record: its outline may lack their points."""
    owner = {i: record for record in records for i in record.rows}
    below: dict[int, list[int]] = defaultdict(list)
    last: PointRows | None = None
    for i in range(len(sheet.rows)):
        if owner[i].id:
            last = owner[i]
        elif last is not None:
            below[last.rows[0]].append(sheet.row_numbers[i])
    for first, numbers in below.items():
        rows = f"Row {numbers[0]} below it names" if len(numbers) == 1 else f"Rows {_ranges(numbers)} below it name"
        seen = f"{rows} no record; corners of its outline may stand there."
        owner[first].tell("points-unassigned", seen, "Write the id in every row.")


def _tell_merged(sheet: Sheet, records: Sequence[PointRows]) -> None:
    """Rows without an id in a sheet with merged cells: the id may stand in the first cell of a merge."""
    if any(fault.rule == "cells-merged" for fault in sheet.faults):
        for record in records:
            if not record.id:
                why = "names no record, and cells of its sheet are merged: only the first cell of each holds the value"
                record.spoil(why, "Part the cells and fill each row.")


def _told(at: int, sheet: Sheet, record: PointRows, of_rows: dict[int, list[RawFault]]) -> Iterator[RawFault]:
    """What is to be said of one record: of it as a whole, and of its rows, one line for each rule."""
    if record.why:
        yield RawFault(at, "geometry-unreadable", f"It {record.why}.", record.remedy)
    for rule, seen, remedy in record.remarks:
        yield RawFault(at, rule, seen, remedy)
    by_rule: dict[str, list[RawFault]] = defaultdict(list)
    for i in record.rows:
        for fault in of_rows.get(i, ()):
            by_rule[fault.rule].append(fault)
    for faults in by_rule.values():
        yield _of_row(at, sheet, record, faults)


def _of_row(at: int, sheet: Sheet, record: PointRows, faults: Sequence[RawFault]) -> RawFault:
    if len(record.rows) == 1:
        return replace(faults[0], at=at)
    rows: Iterable[int] = sorted({sheet.row_numbers[one.at] for one in faults if one.at is not None})
    return replace(faults[0], at=at, seen=f"Row {_ranges(list(rows))}: {faults[0].seen}")
