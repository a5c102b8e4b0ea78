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
from hazardgeo.registers._formats._wkt import GEOMETRY_COLUMNS, is_shape
from hazardgeo.storage import unescape_cell

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["GEOMETRY_COLUMNS", "csv_sheet"]

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_BREAK = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"[^"]*"')


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
    return replace(sheet, faults=sheet.faults + tuple(_faults(sheet, delimiter)))


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


def _faults(sheet: Sheet, delimiter: str) -> list[RawFault]:
    faults: list[RawFault] = []
    for i, row in enumerate(sheet.rows):
        for cell in row:
            if not cell:
                continue
            if "\0" in cell:
                faults.append(RawFault(i, "row-broken", "A cell of it holds a zero byte.", "Write the row again."))
            if ("\n" in cell or "\r" in cell) and (count := _swallowed(cell, len(sheet.columns), delimiter)):
                faults.append(_rows_in_cell(i, cell, count))
    return faults


def _swallowed(cell: str, width: int, delimiter: str) -> int:
    """How many further rows a cell seems to hold: with k line breaks, k times the separators of a row."""
    breaks = len(_BREAK.findall(cell))
    return breaks if width > 2 and cell.count(delimiter) == breaks * (width - 1) and not is_shape(cell) else 0


def _rows_in_cell(at: int, cell: str, count: int) -> RawFault:
    rows = "another row" if count == 1 else f"{count} other rows"
    seen = f"A cell of it seems to hold {rows}: {cell[:80]!r}."
    return RawFault(
        at, "rows-in-cell", seen, "Look for a quote mark that should not be there, here and some rows below."
    )
