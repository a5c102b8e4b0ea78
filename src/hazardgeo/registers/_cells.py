"""The ids and the cells of a layer, each read as the schema says."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from hazardgeo.registers._account import as_text
from hazardgeo.schema import parse_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hazardgeo.registers._account import Account, Fill
    from hazardgeo.schema import ColumnSpec, Schema

_MOST = 30


def check_rows(account: Account, schema: Schema) -> None:
    """Find the rows that could not be taken apart and the ids that are missing, not text, or used twice."""
    raw = account.raw
    for i, seen in raw.row_faults.items():
        account.add(i, "row-broken", f"The row {seen}.", "It cannot be told which cell is which.", "Mend the row.")
    for fault in raw.faults:
        if fault.at is None:
            account.add_all(fault.rule, fault.seen, fault.means, fault.remedy)
        else:
            account.add(fault.at, fault.rule, fault.seen, fault.means, fault.remedy)
    if schema.index not in raw.columns:
        _add_missing_column(account, schema.index, "Records without an id cannot be accounted for.", "")
        return
    users = defaultdict(list)
    for i, record in enumerate(account.ids):
        users[record].append(i)
    for i, record in enumerate(account.ids):
        if not record.strip():
            account.add(
                i, "id-missing", "The id is empty.", "A record without an id cannot be accounted for.", "Give it an id."
            )
            continue
        _check_is_text(account, i, schema.index)
        if len(users[record]) > 1:
            rows = _listed([raw.row_number(k) for k in users[record]])
            seen = f"The id is used by {len(users[record])} records (rows {rows})."
            account.add(i, "id-twice", seen, "It cannot be told which record is meant.", "Give each record its own id.")


def _check_is_text(account: Account, i: int, column: str) -> None:
    value = account.raw.rows[i].get(column)
    if isinstance(value, (bool, float, bytes)) and as_text(value):
        kind = {bool: "a true or false", float: "a number with a fraction", bytes: "binary data"}[type(value)]
        account.add(
            i,
            "id-not-text",
            f"{column} is {as_text(value)}, {kind}.",
            "How the id is written in the register cannot be told from it (7, 7.0 and 007 are three ids).",
            f"Store {column} as text in the source.",
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


def columns_of(account: Account, schema: Schema, fill: Fill) -> dict[str, list[Any]]:
    """Read every cell of the schema's columns; what cannot be read is a fault of its record.

    Parameters
    ----------
    account : Account
    schema : Schema
    fill : Fill

    Returns
    -------
    dict of str to list
        Values by column, as long as the layer.
    """
    columns: dict[str, list[Any]] = {}
    for spec in schema.columns:
        given = fill.items().get(spec.name)
        if spec.name in account.raw.columns or given is not None or (spec.required and not account.raw.rows):
            columns[spec.name] = [_value(account, i, spec, given) for i in range(len(account.raw.rows))]
        elif spec.required:
            option = f", or say {spec.name}=" if spec.name in ("register", "country") else ""
            _add_missing_column(account, spec.name, spec.meaning, option)
    return columns


def _value(account: Account, i: int, spec: ColumnSpec, given: str | None) -> Any:
    cell = account.raw.rows[i].get(spec.name)
    text = as_text(cell)
    if given is not None and text.strip() not in ("", given):
        seen = f"{spec.name} is {text!r} in the file and {given!r} was given."
        account.add(
            i, "fill-conflict", seen, "One of the two is wrong.", f"Correct the file, or do not say {spec.name}=."
        )
    if spec.kind == "id":
        _check_is_text(account, i, spec.name)
    elif isinstance(cell, bytes):
        account.add(
            i, "cell-not-text", f"{spec.name} is binary data ({text}).", spec.meaning, f"Store {spec.name} as text."
        )
        return None
    read = parse_cell(text if text.strip() else given, spec)
    if read.fault:
        rule, seen, remedy = read.fault
        account.add(i, rule, seen, spec.meaning, remedy)
    return read.value


def _add_missing_column(account: Account, name: str, means: str, option: str) -> None:
    seen = f"There is no column {name!r}."
    if not any(finding.rule == "column-missing" for finding in account.findings):
        columns = account.raw.columns
        more = f" and {len(columns) - _MOST} more" if len(columns) > _MOST else ""
        seen += f" The file has: {', '.join(columns[:_MOST]) or 'none'}{more}."
    account.add_all("column-missing", seen, means, f"Add {name!r}{option}.")
