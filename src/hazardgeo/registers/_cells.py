"""The ids and the cells of a layer, each read as the schema says."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import shapely

from hazardgeo.schema import Cell, as_text, parse_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hazardgeo.registers._account import Account
    from hazardgeo.registers._profiles import Profile
    from hazardgeo.registers._reading import Reading
    from hazardgeo.schema import ColumnSpec, Schema

_MOST = 30
_SHOWN = 80


def check_rows(account: Account) -> None:
    """Enter what the format has to say about its records."""
    for fault in account.raw.faults:
        if fault.at is None:
            account.add_file(fault.rule, fault.seen, fault.remedy)
        else:
            account.add(fault.at, fault.rule, fault.seen, fault.remedy)


def check_ids(account: Account, schema: Schema, names: Mapping[str, str]) -> None:
    """Find the ids that are missing, not text, or used twice."""
    if schema.index not in names:
        if not account.raw.count:
            return
        _add_missing(account, "id-missing", schema.index)
        return
    column = names[schema.index]
    cells = account.raw.columns[column]
    if (
        len(set(account.ids)) == account.raw.count
        and all(map(str.strip, account.ids))
        and set(map(type, cells)) <= {str}
    ):
        return
    users = defaultdict(list)
    for i, record in enumerate(account.ids):
        users[record].append(i)
        if not record.strip():
            account.add(i, "id-missing", "The id is empty.", "Give it an id.")
        elif not isinstance(cells[i], str):
            _check_is_text(account, i, column, cells[i])
    for record, positions in users.items():
        if len(positions) > 1 and record.strip():
            _used_twice(account, positions)


def _used_twice(account: Account, positions: Sequence[int]) -> None:
    rows = _listed([account.raw.row_number(k) for k in positions])
    first, *others = positions
    if all(_same(account, first, other) for other in others):
        for i in others:
            seen = f"It repeats the record of row {account.raw.row_number(first)}, cell by cell and point by point."
            account.add(i, "record-repeated", seen, "Delete the repetition.")
        return
    for i in positions:
        seen = f"The id is used by {len(positions)} records (rows {rows}), which differ."
        account.add(i, "id-twice", seen, "Give each record its own id.")


def _same(account: Account, i: int, k: int) -> bool:
    raw = account.raw
    a, b = raw.shapes[i], raw.shapes[k]
    same_shape = (a is None and b is None) or (a is not None and b is not None and shapely.equals_exact(a, b))
    same_text = all(cells[i] == cells[k] for cells in raw.written.values())
    return bool(same_shape and same_text) and raw.row(i) == raw.row(k)


def _check_is_text(account: Account, i: int, column: str, value: Any) -> None:
    kind = next((words for types, words in _NO_TEXT if isinstance(value, types)), "")
    if kind and as_text(value):
        remedy = f"Store {column} as text in the source."
        account.add(i, "id-not-text", f"{column} is {as_text(value)}, {kind}.", remedy)


_NO_TEXT: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a true or false"),
    (float, "a number with a fraction"),
    (bytes, "binary data"),
    ((datetime.date, datetime.time, datetime.timedelta), "a date or a time, which a spreadsheet may have made of it"),
)


def _listed(rows: Sequence[int]) -> str:
    """Write rows as in a sentence.

    Examples
    --------
    >>> _listed([2, 3, 5])
    '2, 3 and 5'
    """
    if len(rows) > _MOST:
        return f"{', '.join(map(str, rows[:_MOST]))} and {len(rows) - _MOST} more"
    return f"{', '.join(map(str, rows[:-1]))} and {rows[-1]}"


def columns_of(account: Account, schema: Schema, names: Mapping[str, str], reading: Reading) -> dict[str, list[Any]]:
    """Read every cell of the schema's columns; a bad cell is a finding and costs no more than itself.

    Parameters
    ----------
    account : Account
    schema : Schema
    names : mapping of str to str
        Column of the file, by column of the schema.
    reading : Reading

    Returns
    -------
    dict of str to list
        Values by column, as long as the layer.
    """
    columns: dict[str, list[Any]] = {}
    for spec in schema.columns:
        fill = reading.given(spec.name) or reading.profile.constants.get(spec.name)
        if spec.name in names:
            cells = account.raw.columns[names[spec.name]]
            columns[spec.name] = _read(account, cells, spec, names[spec.name], reading, fill)
        elif fill is not None:
            columns[spec.name] = [parse_cell(fill, spec).value] * account.raw.count
        elif spec.required:
            if account.raw.count:  # where there is no record, nothing lacks
                _add_missing(account, _rule("column-missing", spec), spec.name)
            columns[spec.name] = [spec.stand_in or None] * account.raw.count
    return columns


def _read(
    account: Account, cells: Sequence[Any], spec: ColumnSpec, theirs: str, reading: Reading, fill: str | None
) -> list[Any]:
    # Registers repeat themselves: each cell that is written alike is read once. 1, 1.0 and True are one key otherwise.
    keys = cells if len(set(map(type, cells)) - {type(None)}) < 2 else [(type(cell), cell) for cell in cells]
    read = {key: _cell(cell, spec, theirs, reading, fill) for key, cell in dict(zip(keys, cells, strict=True)).items()}
    if any(one.fault for one in read.values()):
        _add_faults(account, [read[key].fault for key in keys], spec.name, theirs)
    if (given := reading.given(spec.name)) is not None:
        _add_conflicts(account, cells, spec.name, theirs, given)
    return [read[key].value for key in keys]


def _add_faults(account: Account, faults: Sequence[tuple[str, str, str] | None], name: str, theirs: str) -> None:
    for i, fault in enumerate(faults):
        if fault is not None:
            rule, seen, remedy = fault
            # The officer knows the column by the name in the file.
            account.add(i, rule, seen if theirs == name else seen.replace(name, f"{name} ({theirs!r})", 1), remedy)


def _add_conflicts(account: Account, cells: Sequence[Any], name: str, theirs: str, given: str) -> None:
    for i, cell in enumerate(cells):
        if as_text(cell).strip() not in ("", given):
            seen = f"{theirs} is {as_text(cell)!r} in the file and {given!r} was given."
            account.add(i, "fill-conflict", seen, f"Correct the file, or do not say {name}=.")


def _cell(cell: Any, spec: ColumnSpec, theirs: str, reading: Reading, fill: str | None) -> Cell:
    if isinstance(cell, str) and len(cell) > reading.limits.cell_characters:
        seen = f"{theirs} has {len(cell):,} characters, such as {cell[:_SHOWN]!r}."
        read = Cell(None, ("limit-cell", seen, f"Shorten it to {reading.limits.cell_characters:,}."))
    else:
        read = _said(cell, spec, reading.profile, fill)
    if read.fault and spec.required:
        rule, seen, remedy = read.fault
        return Cell(spec.stand_in or None, (_rule(rule, spec), seen, remedy))
    return read


def _said(cell: Any, spec: ColumnSpec, profile: Profile, fill: str | None) -> Cell:
    said = profile.translate(spec.name, cell)
    if not as_text(said).strip():
        return parse_cell(fill, spec)  # ours, in our spelling and unit
    read = parse_cell(said, spec, profile.spelling, factor=profile.factor(spec.name))
    if read.fault and said is not cell:  # what stands in the file, not what a profile made of it
        rule, seen, remedy = read.fault
        return Cell(read.value, (rule, seen.replace(repr(as_text(said)), repr(as_text(cell)), 1), remedy))
    return read


def _rule(rule: str, spec: ColumnSpec) -> str:
    """The rule of a required cell that cannot be read, by what can stand in its place."""
    if spec.stand_in is None:
        return "kind-unknown"
    return rule if spec.stand_in else "link-missing"


def _add_missing(account: Account, rule: str, name: str) -> None:
    option = f", or say {name}= (command: --{name})" if name in ("register", "country") else ""
    seen = f"There is no column {name!r}."
    if name in account.raw.columns:
        seen = f"There is no column {name!r} but the one with the ids of the records themselves."
    if not any("There is no column" in finding.seen for finding in account.findings):
        columns = list(account.raw.columns)
        more = f" and {len(columns) - _MOST} more" if len(columns) > _MOST else ""
        seen += f" The file has: {', '.join(columns[:_MOST]) or 'none'}{more}."
    account.add_file(rule, seen, f"Add {name!r}{option}, or name theirs in a profile.")
