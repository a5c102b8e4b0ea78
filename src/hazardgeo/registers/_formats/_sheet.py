"""A sheet of cells as it stands in a file: names of the columns, rows, and the numbers of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._layer import RawFault

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Sheet:
    """The rows of one table in the order of the file, all as long as `columns`."""

    name: str
    columns: tuple[str, ...]
    rows: list[list[Any]]
    row_numbers: tuple[int, ...]
    """Numbers of the rows as a spreadsheet counts them."""
    faults: tuple[RawFault, ...] = ()
    file: str = ""

    def cells(self, column: str) -> list[Any]:
        """The cells of one column."""
        at = self.columns.index(column)
        return [row[at] for row in self.rows]


def is_blank(cell: Any) -> bool:
    """Whether a cell holds nothing but space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def letters(column: int) -> str:
    """Letters of a column, counted from 0, as a spreadsheet shows them.

    Examples
    --------
    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def lay_out(
    file: Path, name: str, table: Sequence[tuple[int, list[Any]]], header_row: int, keep: Collection[int] = ()
) -> Sheet:
    """Make a sheet of numbered rows.

    Parameters
    ----------
    file : pathlib.Path
    name : str
        Of the sheet.
    table : sequence of (int, list)
        Number and cells of each row.
    header_row : int
        The names of the columns stand in this row, or in the first row after it that is not blank.
    keep : collection of int
        Rows that hold a record even if they look blank.

    Returns
    -------
    Sheet
        Blank rows hold no record and are left out. A row that is longer or shorter than the header has a fault.

    Raises
    ------
    FormatError
        If there is no row, or a name stands twice.
    """
    filled = [(n, row) for n, row in table if n >= header_row and (n in keep or not all(map(is_blank, row)))]
    if not filled:
        raise FormatError(f"{file}: is empty" + (f" from row {header_row} on." if header_row > 1 else "."))
    header, records = filled[0][1], filled[1:]
    rows = [_padded(row, len(header)) for _, row in records]
    names, kept, faults = _names(file, header, rows)
    faults += [_uneven(i, row, len(header)) for i, (_, row) in enumerate(records) if len(row) != len(header)]
    if len(kept) < len(header):
        rows = [[row[k] for k in kept] for row in rows]
    return Sheet(name, tuple(names), rows, tuple(n for n, _ in records), tuple(faults), str(file))


def _padded(row: list[Any], width: int) -> list[Any]:
    return row if len(row) == width else [*row[:width], *[None] * (width - len(row))]


def _uneven(at: int, row: list[Any], width: int) -> RawFault:
    seen = f"It has {len(row)} cells where the header has {width}."
    if beyond := [str(cell) for cell in row[width:] if not is_blank(cell)]:
        seen += f" Beyond the last column: {' | '.join(beyond)[:200]!r}."
    return RawFault(
        at, "row-broken", seen, "Give it as many cells as the header; put a cell with a separator in quotes."
    )


def _names(
    file: Path, header: Sequence[Any], rows: Sequence[Sequence[Any]]
) -> tuple[list[str], list[int], list[RawFault]]:
    """Names of the columns, which of them are kept, and what is to be said; an empty one without a name is left out."""
    texts = ["" if is_blank(name) else str(name) for name in header]
    names: list[str] = []
    kept: list[int] = []
    faults: list[RawFault] = []
    for at, text in enumerate(texts):
        if not text and all(is_blank(row[at]) for row in rows):
            continue
        if not text:
            seen = f"Its column {letters(at)} has cells and no name."
            faults.append(RawFault(None, "column-unnamed", seen, "Name the column."))
        names.append(text or f"column {letters(at)}")
        kept.append(at)
    if twice := {name for name in names if names.count(name) > 1}:
        raise FormatError(f"{file}: the column {sorted(twice)[0]!r} stands twice. Rename one.")
    return names, kept, faults
