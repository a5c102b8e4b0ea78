"""Tables as one Excel workbook: a read-me sheet, and a sheet for each table with its footnotes."""

from __future__ import annotations

import io
import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.crs._versions import versions
from hazardgeo.errors import FormatError
from hazardgeo.registers._workbook import fitting, open_workbook
from hazardgeo.registers._writers import require_extra
from hazardgeo.storage import replacing

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from hazardgeo.accounting._tables._table import Cell, Table

METHOD = (
    "Coordinates: WGS 84 (EPSG:4326); what was recorded otherwise was brought there by the operation that its record names.",
    "Areas: geodesic, on the WGS 84 ellipsoid. Cuts and ground counted once: in local equal-area planes, scaled to the geodesic "
    "area. 1 km² = 1 000 000 m², 1 ha = 10 000 m², 1 mi² = 2 589 988.110336 m².",
    "Totals are summed before anything is rounded.",
    "Numbers are numbers: the separators are those of your Excel. An empty cell means not measured or not stated, never 0.",
    "The absence of a record does not say that ground is without hazard.",
)
_TAKEN = set("[]:*?/\\")
_LONGEST_NAME = 31
_WORDS, _FIGURES, _LINE_POINTS = 26, 14, 15
_PER_WIDTH, _PER_SMALL = 1.15, 1.3  # letters of running text, and of small text, in a unit of width
_NOTES_WIDTH = 110  # of the read-me sheet


def write_workbook(tables: Sequence[Table], path: str | os.PathLike[str], *, about: Sequence[str] = ()) -> Path:
    """Write tables as one Excel workbook: numbers as numbers, headers that stay in sight, a read-me sheet first.

    Parameters
    ----------
    tables : sequence of Table
    path : str or path
        ``.xlsx``; what stands there is replaced when the new file is whole.
    about : sequence of str
        What the read-me sheet says besides: files, registers, border source and date.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    FormatError
        If the ending is another, or the extra *excel* is not installed.
    StorageError
        If it cannot be written; what stood there is untouched.

    References
    ----------
    hazardgeo's own form.

    Examples
    --------
    >>> import hazardgeo as hz, tempfile, pathlib
    >>> status = hz.accounting.Table("Two areas", ("Area", "m²"), (("=1+1", hz.accounting.Figure(12.0)),))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     hz.accounting.write_workbook([status], pathlib.Path(folder, "tables.xlsx")).name
    'tables.xlsx'
    """
    target = Path(path)
    if target.suffix.casefold() != ".xlsx":
        raise FormatError(f"{target}: a workbook ends in .xlsx. Name it so.")
    require_extra(target)
    content = io.BytesIO()
    with replacing(target) as part:
        with open_workbook(content) as book:
            _write_read_me(book, tables, about)
            names: list[str] = ["read me"]
            for table in tables:
                names.append(_sheet_name(table, names))
                _write_table(book, names[-1], table)
        part.write_bytes(content.getvalue())
    return target


def _sheet_name(table: Table, taken: Sequence[str]) -> str:
    """A name that Excel takes and no other sheet has, whatever its capitals."""
    wanted = "".join(" " if sign in _TAKEN else sign for sign in table.name or table.caption).strip("' ") or "Table"
    name, k = wanted[:_LONGEST_NAME], 1
    while name.casefold() in {one.casefold() for one in taken}:
        k += 1
        ending = f" {k}"
        name = wanted[: _LONGEST_NAME - len(ending)] + ending
    return name


def _write_read_me(book: Any, tables: Sequence[Table], about: Sequence[str]) -> None:
    sheet, bold = book.add_worksheet("Read me"), book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, _NOTES_WIDTH)
    rows = [("Tables", ""), *((table.name or str(i), table.caption) for i, table in enumerate(tables, start=1))]
    parts = {"About": about, "Method": METHOD}
    for heading, lines in parts.items():
        rows += [("", ""), (heading, ""), *(("", line) for line in lines)] if lines else []
    rows += [("", ""), ("Made with", ""), *versions().items()]
    for i, (first, second) in enumerate(rows):
        sheet.write_string(i, 0, fitting(first), bold if not second else wrapped)
        sheet.write_string(i, 1, fitting(second), wrapped)
        sheet.set_row(i, _LINE_POINTS * _lines(second, round(_PER_WIDTH * _NOTES_WIDTH)))
    _print_on_one_page_wide(sheet)


def _write_table(book: Any, name: str, table: Table) -> None:
    sheet = book.add_worksheet(name)
    title, head = book.add_format({"bold": True, "font_size": 12}), {"bold": True, "bottom": 1, "text_wrap": True}
    left, right = (book.add_format({**head, "valign": "top", "align": side}) for side in ("left", "right"))
    sheet.write_string(0, 0, fitting(table.caption), title)
    last = len(table.header) - 1
    widths = _widths(table)
    for column, heading in enumerate(table.header):
        figures = table.is_figures(column)
        sheet.set_column(column, column, widths[column])
        sheet.write_string(1, column, fitting(heading), right if figures else left)
    sheet.set_row(1, _LINE_POINTS * max(_lines(cell, width) for cell, width in zip(table.header, widths, strict=True)))
    formats = _Formats(book)
    for i, row in enumerate(table.rows):
        for column, cell in enumerate(row):
            _write_cell(sheet, i + 2, column, cell, formats.of(cell, total=i in table.totals))
        lines = (_lines(cell, width) for cell, width in zip(row, widths, strict=True) if isinstance(cell, str))
        sheet.set_row(i + 2, _LINE_POINTS * max(lines, default=1))
    _write_notes(book, sheet, table, len(table.rows) + 3, max(last, 1), sum(widths))
    sheet.freeze_panes(2, table.words)
    sheet.repeat_rows(1)
    _print_on_one_page_wide(sheet)


def _widths(table: Table) -> list[int]:
    """Of each column: a figure needs what its longest number needs, a text at most so much."""
    widths = []
    for column in range(len(table.header)):
        longest = max((len(str(row[column])) for row in table.rows), default=0)
        word = max(map(len, table.header[column].split()), default=0)
        most = _FIGURES if table.is_figures(column) else 2 * _WORDS
        widths.append(max(min(longest, most) + 3, word + 3, 8))
    return widths


def _lines(text: str, width: int) -> int:
    """Lines that a text takes in a cell: not every program makes a row as high as its text needs."""
    return max(1, len(textwrap.wrap(text, width)))


class _Formats:
    """The formats of a book's cells, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[str, bool], Any] = {}

    def of(self, cell: Cell, *, total: bool) -> Any:
        key = ("" if isinstance(cell, str) else cell.excel_format), total
        if key not in self.made:
            form: dict[str, Any] = {"valign": "top"} | ({"num_format": key[0]} if key[0] else {"text_wrap": True})
            self.made[key] = self.book.add_format(form | ({"bold": True, "top": 1} if total else {}))
        return self.made[key]


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, form: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, fitting(cell), form)
    elif math.isnan(cell.value):
        sheet.write_blank(row, column, None, form)
    else:
        sheet.write_number(row, column, cell.value, form)


def _write_notes(book: Any, sheet: Any, table: Table, row: int, last: int, width: int) -> None:
    """Footnotes below the table, as wide as it is."""
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "font_size": 9})
    for i, note in enumerate(table.footnotes, start=1):
        text = fitting(f"{i}. {note}")
        sheet.merge_range(row, 0, row, last, "", wrapped)
        sheet.write_string(row, 0, text, wrapped)
        sheet.set_row(row, _LINE_POINTS * _lines(text, round(_PER_SMALL * max(width, _WORDS))))
        row += 1


def _print_on_one_page_wide(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
