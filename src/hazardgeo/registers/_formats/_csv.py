"""CSV as a sheet: how its text is encoded, what separates its cells, and rows as a spreadsheet counts them."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._layer import RawFault
from hazardgeo.registers._formats._sheet import Sheet, lay_out
from hazardgeo.registers._formats._wkt import is_shape
from hazardgeo.storage import unescape_cell

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_BREAK = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"[^"]*"')
_NARROW = 3
_STRAY = "Look for a quote mark that should not be there, here and some rows below; if there is none, write the text in one line."
_COORDINATES = re.compile(r"[-+\d.,()\seEzZmM]*")


def csv_sheet(file: Path, encoding: str = "", header_row: int = 1) -> Sheet:
    """Read a CSV file: cells separated by commas, semicolons or tabs.

    Parameters
    ----------
    file : pathlib.Path
    encoding : str
        How its text is encoded, such as ``"cp1250"``; empty: UTF-8, or UTF-16 where its mark says so.
    header_row : int
        Row that names the columns.

    Returns
    -------
    Sheet
        All cells are text. Blank rows count in the numbers of the rows, line breaks in a cell do not.

    Raises
    ------
    FormatError
        If it is not encoded so, a quote is not closed, or a column name stands twice.
    """
    text, delimiter = _without_separator_line(_text(file, encoding))
    delimiter = delimiter or _delimiter(text, header_row)
    try:
        rows = _rows(text, delimiter)
    except csv.Error as error:
        raise FormatError(
            f"{file}: cannot be taken apart as CSV ({error}). Look for a quote that is not closed."
        ) from error
    sheet = lay_out(file, file.stem, [(n, _unescaped(row)) for n, row in enumerate(rows, start=1)], header_row)
    if any("\0" in name for name in sheet.columns):
        raise FormatError(f"{file}: its header holds zero bytes. Save it as CSV UTF-8.")
    width = next(len(row) for row in rows[header_row - 1 :] if any(map(str.strip, row)))
    return replace(sheet, faults=sheet.faults + tuple(_faults(sheet, width, delimiter)))


def _unescaped(row: list[str]) -> list[Any]:
    return [unescape_cell(cell) for cell in row]


def _text(file: Path, encoding: str) -> str:
    content = file.read_bytes()
    codec = next((name for mark, name in _MARKS if content.startswith(mark)), encoding or "utf-8")
    try:
        return content.decode(codec).removeprefix("\ufeff")
    except LookupError as error:
        raise FormatError(f"{file}: no encoding is called {encoding!r}. Say one such as utf-8 or cp1250.") from error
    except UnicodeDecodeError as error:
        raise FormatError(_not_encoded(file, content, codec, error)) from error


def _not_encoded(file: Path, content: bytes, codec: str, error: UnicodeDecodeError) -> str:
    name = codec.upper() if codec.startswith("utf") else codec
    where = f"at byte {error.start + 1}"
    with contextlib.suppress(
        csv.Error, UnicodeDecodeError
    ):  # one more letter, so that a row that has just begun counts
        text, delimiter = _without_separator_line(content[: error.start].decode(codec) + "?")
        row = len(_rows(text, delimiter or _delimiter(text, 1), strict=False))
        where = f"in row {row} (byte {error.start + 1})"
    return f'{file}: is not {name} {where}. Save it as CSV UTF-8, or state its encoding in a profile (encoding = "cp1250").'


def _without_separator_line(text: str) -> tuple[str, str]:
    """The text without the line by which a spreadsheet is told the separator, and that separator; it shows no such row."""
    told = _SEPARATOR_LINE.match(text)
    return (text[told.end() :], told[1]) if told else (text, "")


def _rows(text: str, delimiter: str, *, strict: bool = True) -> list[list[str]]:
    # Shapes are long; the module's limit on a cell is for the whole process, so it is put back.
    limit = csv.field_size_limit(2**31 - 1)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict))
    finally:
        csv.field_size_limit(limit)


def _delimiter(text: str, header_row: int) -> str:
    lines = io.StringIO(text)
    for _ in range(header_row - 1):
        lines.readline()
    header = _QUOTED.sub("", next((line for line in lines if line.strip("\r\n")), ""))
    return max(",;\t", key=header.count)


def _faults(sheet: Sheet, width: int, delimiter: str) -> list[RawFault]:
    faults = [_rows_in_cell(None, name, rows) for name in sheet.columns if (rows := _swallowed(name, width, delimiter))]
    for i, row in enumerate(sheet.rows):
        for cell in row:
            if not cell:
                continue
            if "\0" in cell:
                faults.append(RawFault(i, "row-broken", "A cell of it holds a zero byte.", "Write the row again."))
            if ("\n" in cell or "\r" in cell) and (count := _swallowed(cell, width, delimiter)):
                faults += [_rows_in_cell(i, cell, count, sheet.row_numbers[i]), _not_its_own(i)]
    return faults


def _swallowed(cell: str, width: int, delimiter: str) -> int:
    """How many further rows a cell seems to hold: its line breaks, where its lines have separators as rows have.

    A row may be short, or have a separator too many: half of them will do for a line, which a text over several lines
    rarely has. The first line and the last are both parts of rows, and make one together.
    """
    first, *later = _BREAK.split(cell)
    if not later or (is_shape(cell) and all(map(_COORDINATES.fullmatch, later))):
        return 0
    counts = [line.count(delimiter) for line in later if line.strip()]
    if not counts:
        return 0
    whole = width - 1
    like_a_row = whole in counts if width < _NARROW else max(counts) >= max(1, whole / 2)
    return len(later) if like_a_row or first.count(delimiter) + counts[-1] == whole else 0


def _rows_in_cell(at: int | None, cell: str, count: int, row: int | None = None) -> RawFault:
    rows = "another row" if count == 1 else f"{count} other rows"
    where = "The name of a column" if row is None else f"A cell of row {row}"
    return RawFault(at, "rows-in-cell", f"{where} seems to hold {rows}: {cell[:80]!r}.", _STRAY)


def _not_its_own(at: int) -> RawFault:
    seen = "It seems to begin in one row and to end in another, so its cells are not known to be its own."
    return RawFault(at, "row-broken", seen, _STRAY)
