"""Excel workbooks as sheets: every value as it is stored, and what a spreadsheet hides said aloud."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._archive import MAGIC as ZIP_MAGIC
from hazardgeo.registers._formats._layer import RawFault
from hazardgeo.registers._formats._sheet import Sheet, is_blank, lay_out, letters
from hazardgeo.registers._formats._sheet_xml import Marks, place_of, scan_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
_OLD = b"\xd0\xcf\x11\xe0"
_LONGEST = 32_767
_EXACT = 2**53


def excel_sheets(file: Path, header_row: int = 1) -> dict[str, Sheet]:
    """Read the sheets of a workbook that hold something.

    Parameters
    ----------
    file : pathlib.Path
        ``.xlsx``, ``.xlsm``, ``.xls`` or ``.ods``.
    header_row : int
        Row that names the columns.

    Returns
    -------
    dict of str to Sheet
        Text as text, numbers as int where they are whole, else float, dates, times and durations as such, true and
        false as they are, None where there is nothing.

    Raises
    ------
    FormatError
        If it is no workbook, is locked, or holds rows that two ways of reading count differently.
    """
    marks = _look(file)
    sheets: dict[str, Sheet] = {}
    for name, rows in _values(file):
        seen = marks.get(name) if marks is not None else None
        if marks is not None and seen is None:
            raise FormatError(f"{file}: the sheet {name!r} leads nowhere. Get the file again from its source.")
        table = _table(file, name, rows, seen)
        if any(number >= header_row and not all(map(is_blank, row)) for number, row in table):
            # A row of nothing but formulas without results is a record all the same; what it says is not known.
            keep = {row for row, _ in seen.formulas} if seen else ()
            sheets[name] = _sheet(lay_out(file, name, table, header_row, keep), seen)
    return sheets


def _look(file: Path) -> dict[str, Marks] | None:
    """What the XML of the sheets says; None for the forms of a workbook that are not looked through."""
    with file.open("rb") as stream:
        magic = stream.read(4)
    suffix = file.suffix.casefold()
    if magic == _OLD and suffix != ".xls":
        raise FormatError(f"{file}: is locked with a password, or is an old .xls. Save it as .xlsx without a password.")
    if magic != (_OLD if suffix == ".xls" else ZIP_MAGIC):
        raise FormatError(f"{file}: is named like a workbook and is none. Open it in a spreadsheet, save it as .xlsx.")
    if suffix in (".xlsx", ".xlsm"):
        return scan_workbook(file)
    if suffix == ".ods":
        from hazardgeo.registers._formats._archive import check_zip

        check_zip(file)
    return None


def _values(file: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    try:
        import python_calamine as calamine
    except ImportError as error:
        raise FormatError(f'{file}: workbooks need one more package: pip install "hazardgeo[excel]".') from error
    try:
        with calamine.CalamineWorkbook.from_path(str(file)) as book:
            for one in book.sheets_metadata:
                if one.typ == calamine.SheetTypeEnum.WorkSheet:
                    yield one.name, book.get_sheet_by_name(one.name).to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit, GeneratorExit, FormatError):
        raise
    except BaseException as error:  # a panic of the parser is no Exception, and a damaged file can bring one about
        raise FormatError(
            f"{file}: cannot be read as a workbook ({str(error)[:200]}). Save it anew as .xlsx."
        ) from error


def _table(file: Path, name: str, rows: list[list[Any]], marks: Marks | None) -> list[tuple[int, list[Any]]]:
    """Numbered rows of one width, error values put back where they stand."""
    errors = {(row, column): text for row, column, text in marks.errors} if marks else {}
    width = max([len(row) for row in rows] + [column + 1 for _, column in errors], default=0)
    height = max([len(rows)] + [row for row, _ in errors] + ([row for row, _ in marks.formulas] if marks else []))
    rows = [[_value(cell) for cell in row] + [None] * (width - len(row)) for row in rows]
    rows += [[None] * width for _ in range(height - len(rows))]
    for (row, column), text in errors.items():
        rows[row - 1][column] = text
    filled = {number for number, row in enumerate(rows, start=1) if not all(map(is_blank, row))}
    if marks is not None and filled != marks.filled:
        row = min(filled ^ marks.filled)
        raise FormatError(
            f"{file}: of the sheet {name!r}, one way of reading sees {len(filled)} rows and another {len(marks.filled)}; "
            f"the first that differs is row {row}. Save it anew in Excel, or as CSV UTF-8."
        )
    while width and all(row[width - 1] is None for row in rows):
        width -= 1
    return [(number, row[:width]) for number, row in enumerate(rows, start=1)]


def _value(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return int(cell)
    return cell


def _sheet(sheet: Sheet, marks: Marks | None) -> Sheet:
    faults = list(sheet.faults)
    faults += [
        _cut(i, sheet.columns[k]) for i, row in enumerate(sheet.rows) for k, cell in enumerate(row) if _full(cell)
    ]
    faults += _unchecked() if marks is None else _marked(sheet, marks)
    return replace(sheet, faults=tuple(faults))


def _full(cell: Any) -> bool:
    return isinstance(cell, str) and len(cell) >= _LONGEST


def _cut(at: int, column: str) -> RawFault:
    seen = f"{column} fills the cell to the last letter that a sheet can hold ({_LONGEST}); the rest may be cut off."
    return RawFault(at, "text-cut", seen, "Export the table as CSV UTF-8 or GeoPackage from its source.")


def _unchecked() -> list[RawFault]:
    seen = "In a workbook of this form, formulas without a result, error values and hidden rows cannot be seen."
    return [RawFault(None, "workbook-unchecked", seen, "Save it as .xlsx and read that.")]


def _marked(sheet: Sheet, marks: Marks) -> Iterator[RawFault]:
    at = {number: i for i, number in enumerate(sheet.row_numbers)}
    for row, column, text in marks.errors:
        if row in at:
            seen = f"Cell {letters(column)}{row} holds the error {text}, not a value."
            yield RawFault(at[row], "cell-error", seen, "Mend the formula in the workbook.")
    for row, column in marks.formulas:
        if row in at:
            seen = f"Cell {letters(column)}{row} holds a formula without its result."
            remedy = "Open the workbook in a spreadsheet, let it calculate, and save it."
            yield RawFault(at[row], "formula-without-value", seen, remedy)
    for row in sorted(marks.hidden & at.keys()):
        seen = f"Row {row} is hidden in the workbook; it is read like the others."
        yield RawFault(at[row], "row-hidden", seen, "Show the row, and say whether it counts.")
    yield from _merged(sheet, marks)


def _merged(sheet: Sheet, marks: Marks) -> Iterator[RawFault]:
    first = min(sheet.row_numbers, default=0)
    ranges = [text for text in marks.merged if first and place_of(text.partition(":")[2])[0] >= first]
    if ranges:
        more = f" and {len(ranges) - 1} more places" if len(ranges) > 1 else ""
        seen = (
            f"Cells are merged ({ranges[0]}{more}); only the first cell of each holds the value, the others are empty."
        )
        yield RawFault(None, "cells-merged", seen, "Part the cells and fill each row.")
