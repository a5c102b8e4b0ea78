"""The table of a shapefile (dBASE), every cell as it stands there.

A whole number stays the text that was written, so that 007 stays 007; a day that does not exist stays readable; a row that is
marked as deleted stays a record.
"""

from __future__ import annotations

import datetime
import re
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._code_page import Letters
from hazardgeo.registers._formats._layer import RawFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_VERSIONS = (0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5, 0xFB)
_DESCRIPTOR_BYTES = 32
_DESCRIPTORS_END = 0x0D
_NAME_BYTES = 10
_LONGEST_TEXT = 254
_LIVE, _DELETED = b" ", b"*"
_TEXT, _NUMBERS, _LOGICAL, _DATE = "C", "NF", "L", "D"
_READ_TYPES = _TEXT + _NUMBERS + _LOGICAL + _DATE
_FRACTION = re.compile(r"[+-]?[0-9]*\.[0-9]+(e[+-]?[0-9]+)?", re.IGNORECASE)


@dataclass(frozen=True)
class _Column:
    """Where the cells of one column stand in each row."""

    name: str
    kind: str
    start: int
    width: int


@dataclass
class DbfTable:
    """Rows of the table in the order of the file."""

    count: int
    columns: dict[str, Sequence[Any]] = field(default_factory=dict)
    faults: list[RawFault] = field(default_factory=list)


def read_dbf(file: Path, *, encoding: str | None = None, cpg: str | None = None, known: Sequence[str] = ()) -> DbfTable:
    """Read a dBASE table.

    Parameters
    ----------
    file : pathlib.Path
    encoding : str, optional
        How letters are stored, where the caller knows better than the file.
    cpg : str, optional
        What the file ``.cpg`` beside it says about that.
    known : sequence of str
        Names of columns that a name of ten characters may be the beginning of.

    Returns
    -------
    DbfTable

    Raises
    ------
    FormatError
        If the header is no such header, or contradicts itself.
    """
    content = file.read_bytes()
    declared, header_bytes, row_bytes = _header(file, content)
    stored = _columns(file, content[:header_bytes], row_bytes)
    rows, flags = _rows(content[header_bytes:], row_bytes, declared)
    table = DbfTable(len(rows))
    table.faults += _row_faults(flags, declared, len(content) - header_bytes, row_bytes)
    cells = {column: _bytes_of(rows, column) for column in stored}
    letters = Letters.chosen(file, encoding, cpg, content[29], (cell for column in cells.values() for cell in column))
    names = _names(file, [letters.of_name(column.name) for column in stored], known, table)
    for name, (column, stripped) in zip(names, cells.items(), strict=True):
        table.columns[name] = _cells(name, column, stripped, letters, table)
    return table


def _header(file: Path, content: bytes) -> tuple[int, int, int]:
    if len(content) < _DESCRIPTOR_BYTES + 1 or content[0] not in _VERSIONS:
        raise FormatError(f"{file}: is named like the table of a shapefile and is none. Copy it from the source again.")
    declared, header_bytes, row_bytes = struct.unpack_from("<IHH", content, 4)
    if not _DESCRIPTOR_BYTES < header_bytes <= len(content) or row_bytes < 1:
        raise FormatError(f"{file}: its header does not fit the file. Copy it from the source again.")
    return declared, header_bytes, row_bytes


def _columns(file: Path, header: bytes, row_bytes: int) -> list[_Column]:
    """The columns; a text longer than 255 bytes keeps the rest of its width where others keep decimals."""
    fields = []
    for at in range(_DESCRIPTOR_BYTES, len(header) - _DESCRIPTOR_BYTES + 1, _DESCRIPTOR_BYTES):
        if header[at] == _DESCRIPTORS_END:
            break
        name, kind, width, more = struct.unpack_from("11sc4xBB", header, at)
        fields.append((name.partition(b"\0")[0].strip().decode("latin-1"), kind.decode("latin-1"), width, more))
    for wide in (False, True):
        widths = [width + 256 * more if wide and kind == _TEXT else width for _, kind, width, more in fields]
        if 1 + sum(widths) == row_bytes:
            starts = [1 + sum(widths[:i]) for i in range(len(widths))]
            return [
                _Column(name, kind, start, width)
                for (name, kind, _, _), start, width in zip(fields, starts, widths, strict=True)
            ]
    raise FormatError(
        f"{file}: its columns take {1 + sum(f[2] for f in fields)} bytes and its rows {row_bytes}, so it cannot be told "
        "where a cell begins. Copy it from the source again."
    )


def _rows(body: bytes, row_bytes: int, declared: int) -> tuple[np.ndarray, list[bytes]]:
    """The rows that are there, also the last where it is cut, and those after the declared ones if they look like rows."""
    whole = len(body) // row_bytes
    if whole < declared and (rest := body[whole * row_bytes :].rstrip(b"\x1a")):
        body, whole = body[: whole * row_bytes] + rest.ljust(row_bytes), whole + 1
    flags = [body[i * row_bytes : i * row_bytes + 1] for i in range(whole)]
    count = min(whole, declared)
    while count < whole and flags[count] in (_LIVE, _DELETED):
        count += 1
    rows = np.frombuffer(body, np.uint8, count * row_bytes).reshape(count, row_bytes)
    return rows, flags[:count]


def _row_faults(flags: list[bytes], declared: int, body_bytes: int, row_bytes: int) -> Iterator[RawFault]:
    again = "Export the register again, or copy all its files."
    for i, flag in enumerate(flags):
        if flag == _DELETED:
            remedy = "Pack the table in the source if it is to go; restore it if not."
            yield RawFault(
                i, "record-deleted", "Its row is marked as deleted in the table, and still stands there.", remedy
            )
        elif flag != _LIVE:
            yield RawFault(i, "row-broken", f"Its row begins with {flag!r}, as no row does.", again)
        if i >= declared:
            seen = f"It stands after the {declared} rows that the header of the table counts."
            yield RawFault(i, "row-broken", seen, again)
        if (i + 1) * row_bytes > body_bytes:
            yield RawFault(i, "row-broken", "The table ends in the middle of its row.", again)
    if len(flags) < declared:
        seen = f"The header of the table counts {declared} rows, and {len(flags)} are there."
        yield RawFault(None, "count-differs", seen, again)


def _bytes_of(rows: np.ndarray, column: _Column) -> list[bytes]:
    """The cells of a column, padding taken away: before numbers and after all."""
    if not column.width:
        return [b""] * len(rows)
    block = np.ascontiguousarray(rows[:, column.start : column.start + column.width])
    cells = [cell.rstrip(b" \0") for cell in block.view(f"S{column.width}").ravel().tolist()]
    return cells if column.kind == _TEXT else [cell.lstrip(b" \0") for cell in cells]


def _names(file: Path, stored: list[str], known: Sequence[str], table: DbfTable) -> list[str]:
    """The names of the columns; one that was cut is completed where only one known name begins so."""
    if twice := sorted({name for name in stored if stored.count(name) > 1}):
        raise FormatError(f"{file}: the column {twice[0]!r} stands twice. Rename one.")
    names = []
    for name in stored:
        whole = [full for full in known if full.startswith(name) and len(full) > len(name) == _NAME_BYTES]
        full = whole[0] if len(whole) == 1 and name not in known and whole[0] not in stored else name
        names.append(full)
        if full != name:
            seen = f"Its column {name!r} is read as {full!r}: a shapefile cuts names to {_NAME_BYTES} characters."
            table.faults.append(RawFault(None, "column-name-cut", seen, "Check that this column is meant."))
    return names


def _cells(name: str, column: _Column, stripped: list[bytes], letters: Letters, table: DbfTable) -> Sequence[Any]:
    if column.kind not in _READ_TYPES:
        if any(stripped):
            seen = (
                f"Its column {name!r} is of the type {column.kind!r}, which keeps no text in the table. It is not read."
            )
            table.faults.append(RawFault(None, "column-not-read", seen, "Export it as text."))
        return [None] * len(stripped)
    if column.kind == _TEXT:
        return _texts(name, column, stripped, letters, table)
    plain = (cell.decode("ascii", "backslashreplace") for cell in stripped)
    return [_READ[column.kind](text) for text in plain]


def _texts(name: str, column: _Column, stripped: list[bytes], letters: Letters, table: DbfTable) -> list[str | None]:
    texts: list[str | None] = []
    for i, cell in enumerate(stripped):
        text, fault = letters.read(i, name, cell)
        if len(cell) == column.width and (column.width >= _LONGEST_TEXT or letters.is_cut(cell)):
            seen = (
                f"Its {name} fills all {column.width} bytes that a text can have here, so its end is probably cut off."
            )
            table.faults.append(RawFault(i, "text-cut", seen, "Look the text up in the source."))
        elif fault is not None:
            table.faults.append(fault)
        texts.append(text or None)
    return texts


def _day(text: str) -> str | None:
    """A day as YYYY-MM-DD; what is no day stays as it stands, for a person to see."""
    if not text or text == "00000000":  # so programs write that there is none
        return None
    try:
        return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat() if len(text) == 8 else text
    except ValueError:
        return text


def _truth(text: str) -> str | None:
    """True or false as it stands; question marks say that neither is known."""
    return text if text.strip("?") else None


def _number(text: str) -> str | float | None:
    """A number, which the format writes with a point whatever the language; anything else as it stands.

    Asterisks say that there is none.
    """
    if not text.strip("*"):
        return None
    # A whole number has one reading in every language, and 007 is an id.
    return float(text) if _FRACTION.fullmatch(text) else text


_READ: dict[str, Callable[[str], Any]] = {"N": _number, "F": _number, _LOGICAL: _truth, _DATE: _day}
