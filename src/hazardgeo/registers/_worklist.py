"""The worklist: what the person who keeps the source has to mend, as a sheet to work through."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.crs._versions import versions_line
from hazardgeo.errors import FormatError, StorageError
from hazardgeo.registers._account import gravest_first
from hazardgeo.registers._workbook import LONGEST_CELL, open_workbook
from hazardgeo.registers._writers import require_extra
from hazardgeo.storage import replacing, write_rows

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import pandas as pd

    from hazardgeo.registers._intake import Intake

_HEADINGS = {
    "severity": ("What becomes of the record", 14),
    "file": ("File", 24),
    "row": ("Row", 7),
    "record": ("Record", 16),
    "seen": ("What was seen", 56),
    "means": ("What it means", 44),
    "remedy": ("What to do", 48),
    "rule": ("Rule", 20),
}
_DONE = ("Done", 8)
_LINE_POINTS = 15
_COLOURS = {"quarantined": "#F8D0C8", "serious": "#FCE8C0", "note": "#FFFFFF"}
_READ_ME = (
    "quarantined: the record is not used, not in any total and not on any map, until its source is mended.",
    "serious: the record is used; whoever uses it has to know of this.",
    "note: worth knowing; changes no number.",
    "Row is the row of the file as a spreadsheet counts it; 0 is the file as a whole.",
    "Mend the source, not this list; then run hazardgeo check on the source again.",
    "The absence of a finding does not say that a record is right, and the absence of a record does not say that "
    "ground is without hazard.",
)


def write_worklist(intakes: Sequence[Intake], path: str | os.PathLike[str]) -> Path:
    """Write what has to be mended as a list to work through.

    Parameters
    ----------
    intakes : sequence of Intake
    path : str or path
        ``.xlsx`` (needs the extra *excel*): the account, the list, the quarantined rows as they came, and the repairs; or
        ``.csv``: the list alone.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    FormatError
        If the ending is another, or Excel support is not installed.
    StorageError
        If it could not be written; what stood there is untouched.

    References
    ----------
    hazardgeo's own form.

    Examples
    --------
    >>> import hazardgeo as hz, tempfile, pathlib
    >>> taken = hz.intake(hz.sample_data("hrv_register.geojson"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     hz.write_worklist([taken], pathlib.Path(folder, "worklist.csv")).name
    'worklist.csv'
    """
    target = Path(path)
    suffix = target.suffix.casefold()
    if suffix not in (".xlsx", ".csv"):
        raise FormatError(f"{target}: a worklist is .xlsx or .csv. Choose one of these endings.")
    for taken in intakes:
        if target.resolve() == Path(taken.file).resolve():
            raise StorageError(
                f"{target} is the file that was checked; it is kept. Name another file for the worklist."
            )
    rows = _rows(intakes)
    with replacing(target) as part:
        if suffix == ".csv":
            write_rows([tuple(heading for heading, _ in (*_HEADINGS.values(), _DONE)), *rows], part)
        else:
            _write_workbook(intakes, rows, part, target)
    return target


def _rows(intakes: Sequence[Intake]) -> list[tuple[str, ...]]:
    """The findings, the gravest first, then by file and row."""
    findings = gravest_first(intakes)
    return [(*map(str, row), "") for row in findings[list(_HEADINGS)].itertuples(index=False)]


def _write_workbook(intakes: Sequence[Intake], rows: Sequence[tuple[str, ...]], part: Path, target: Path) -> None:
    require_extra(target)
    content = io.BytesIO()
    with open_workbook(content) as book:
        _write_read_me(book, intakes)
        _write_list(book, rows)
        for i, taken in enumerate(intakes, start=1):
            if len(taken.quarantine):
                _write_quarantine(book, f"Quarantined {i}" if len(intakes) > 1 else "Quarantined", taken.quarantine)
            if len(taken.repairs):
                _write_quarantine(book, f"Repairs {i}" if len(intakes) > 1 else "Repairs", _readable(taken.repairs))
    part.write_bytes(content.getvalue())


def _write_read_me(book: Any, intakes: Sequence[Intake]) -> None:
    sheet, bold = book.add_worksheet("Read me"), book.add_format({"bold": True})
    header = ("File", "Records in the file", "Accepted", "Quarantined", "Findings")
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 4, 18)
    for column, heading in enumerate(header):
        sheet.write_string(0, column, heading, bold)
    for row, taken in enumerate(intakes, start=1):
        sheet.write_string(row, 0, taken.file)
        counts = (taken.records_in, taken.accepted, len(taken.quarantine), len(taken.findings))
        for column, count in enumerate(counts, start=1):
            sheet.write_number(row, column, count)
    for row, line in enumerate((*_READ_ME, f"Made with {versions_line()}."), start=len(intakes) + 2):
        sheet.write_string(row, 0, line)
    _print_wide(sheet)


def _write_list(book: Any, rows: Sequence[tuple[str, ...]]) -> None:
    sheet = book.add_worksheet("To do")
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {
        severity: book.add_format(
            {"text_wrap": True, "valign": "top", "bg_color": colour, "border": 1, "border_color": "#D0D0D0"}
        )
        for severity, colour in _COLOURS.items()
    }
    headings = (*_HEADINGS.values(), _DONE)
    for column, (heading, width) in enumerate(headings):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, bold)
    sheet.set_row(0, 2 * _LINE_POINTS)
    number = list(_HEADINGS).index("row")
    for i, cells in enumerate(rows, start=1):
        # Not every program makes a row as high as its text needs.
        lines = max(math.ceil(len(cell) / width) for cell, (_, width) in zip(cells, headings, strict=True))
        sheet.set_row(i, _LINE_POINTS * max(lines, 1))
        for column, cell in enumerate(cells):
            if column == number:
                sheet.write_number(i, column, int(cell), formats[cells[0]])
            else:
                sheet.write_string(i, column, cell[:LONGEST_CELL], formats[cells[0]])
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)
    sheet.repeat_rows(0)
    _print_wide(sheet)


def _readable(repairs: pd.DataFrame) -> pd.DataFrame:
    """What became of broken outlines, the outline as recorded in hexadecimal well-known binary."""
    wkb = [shape.hex() for shape in repairs["original_wkb"]]
    return repairs.drop(columns=["candidates_m2"]).assign(original_wkb=wkb)


def _print_wide(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _write_quarantine(book: Any, name: str, quarantine: pd.DataFrame) -> None:
    sheet, bold = book.add_worksheet(name), book.add_format({"bold": True, "bottom": 1})
    for column, heading in enumerate(("row", *quarantine.columns)):
        sheet.write_string(0, column, str(heading), bold)
    for i, (row, cells) in enumerate(zip(quarantine.index, quarantine.itertuples(index=False), strict=True), start=1):
        sheet.write_number(i, 0, int(row))
        for column, cell in enumerate(cells, start=1):
            if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell == cell:
                sheet.write_number(i, column, cell)
            elif cell is not None and cell == cell:
                sheet.write_string(i, column, str(cell)[:LONGEST_CELL])
    sheet.freeze_panes(1, 1)
    _print_wide(sheet)
