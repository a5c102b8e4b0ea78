"""A table once, for the page and for every file: figures stay numbers until they are printed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting._tables._forms import as_html, as_markdown
from hazardgeo.constants import M2_PER_KM2, M2_PER_MI2
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import format_area, grouped
from hazardgeo.measure._print import UNITS
from hazardgeo.storage import replacing, write_rows

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

DASH = "–"


@dataclass(frozen=True)
class Figure:
    """A number and how it is printed; NaN prints as a dash.

    Examples
    --------
    >>> str(Figure(0.25, percent=True)), str(Figure(float("nan")))
    ('25%', '–')
    """

    value: float
    decimals: int = 0
    percent: bool = False

    def __str__(self) -> str:
        if math.isnan(self.value):
            return DASH
        return f"{self.value:.0%}" if self.percent else grouped(self.value, self.decimals)

    @property
    def base(self) -> float:
        """The number as a frame holds it."""
        return self.value

    @property
    def plain(self) -> float | str:
        """The number as a file holds it, with more digits than are printed; empty where there is none."""
        if math.isnan(self.value):
            return ""
        value = self.value if isinstance(self.value, int) else round(self.value, self.decimals + 4)
        return int(value) if not self.decimals and value == int(value) else value

    @property
    def excel_format(self) -> str:
        """How Excel prints it, in the reader's own separators."""
        return "0%" if self.percent else "#,##0" + (f".{'0' * self.decimals}" if self.decimals else "")


@dataclass(frozen=True)
class Area:
    """An area [m²] and the unit that it is printed in, without its sign; a frame holds m² whatever the unit.

    Examples
    --------
    >>> str(Area(1_740_000.0, "km2")), str(Area(1_740_000.0, "mi2")), Area(1_740_000.0, "km2").plain
    ('1.74', '0.67', 1.74)
    """

    base: float
    unit: str = "m2"

    def __str__(self) -> str:
        return DASH if math.isnan(self.base) else printed(self.base, self.unit).rpartition(" ")[0]

    @property
    def value(self) -> float:
        """The number in its unit."""
        return self.base / UNITS[self.unit].m2

    @property
    def plain(self) -> float | str:
        """The number as a file holds it, in its unit, with more digits than are printed; empty where there is none."""
        return "" if math.isnan(self.base) else round(self.value, UNITS[self.unit].of_total + 6) + 0.0  # never -0.0

    @property
    def excel_format(self) -> str:
        """How Excel prints it: with the decimals that a page prints."""
        return Figure(0.0, len(str(self).partition(".")[2])).excel_format


def sign_of(unit: str) -> str:
    """The sign of a unit of area.

    Raises
    ------
    HazardgeoError
        If there is no such unit.
    """
    if unit not in UNITS:
        raise HazardgeoError(f"unit={unit!r} is not known. Give one of {', '.join(UNITS)}.")
    return UNITS[unit].sign


def printed(area_m2: float, unit: str) -> str:
    """A total as a table prints it: mi² with as many decimals as the km² beside it.

    Examples
    --------
    >>> printed(1_740_000.0, "km2"), printed(1_740_000.0, "mi2")
    ('1.74 km²', '0.67 mi²')
    """
    if unit != "mi2":
        return format_area(area_m2, unit=unit, total=True)
    decimals = len(format_area(area_m2, unit="km2", total=True).partition(" ")[0].partition(".")[2])
    return f"{grouped(area_m2 / UNITS[unit].m2, decimals)} {UNITS[unit].sign}"


Cell = str | Figure | Area
Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Table:
    """A table of figures with its footnotes, the same on a page, in a file and in a frame.

    Parameters
    ----------
    caption : str
        What it says, of what and when.
    header : tuple of str
        What a person reads above each column, with its unit.
    rows : tuple of tuple
        Texts and figures; a figure stays a number until it is printed.
    words : int
        How many of the first columns are text.
    note : str
        Footnotes, one a line: counts, what is excluded, method.
    totals : tuple of int
        Positions of the rows that are totals.
    columns : tuple of str
        Names of the columns in a frame, with the unit that it holds; the header where there are none.
    name : str
        Short name, such as R1, for a sheet or a file.
    """

    caption: str
    header: tuple[str, ...]
    rows: Rows
    words: int = 1
    note: str = ""
    totals: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    name: str = ""

    @property
    def footnotes(self) -> tuple[str, ...]:
        """The footnotes, one a sentence or two."""
        return tuple(line for line in self.note.splitlines() if line)

    def is_figures(self, column: int) -> bool:
        """Whether a column holds figures; one of words alone is text, wherever it stands."""
        cells = [row[column] for row in self.rows]
        return any(not isinstance(cell, str) for cell in cells) if cells else column >= self.words

    def to_frame(self) -> pd.DataFrame:
        """The table as a frame: areas in m², not rounded; NaN where a cell has a dash."""
        import pandas as pd

        names = self.columns or self.header
        values = [[cell if isinstance(cell, str) else cell.base for cell in row] for row in self.rows]
        return pd.DataFrame(values, columns=list(names))

    def to_markdown(self) -> str:
        """The table as Markdown, its footnotes numbered below it; nothing of a register's text is taken for a sign."""
        return as_markdown(self)

    def to_html(self) -> str:
        """The table as HTML to paste into a page or a letter: caption, headers with their scope, footnotes; no script."""
        return as_html(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    def __str__(self) -> str:
        return as_markdown(self)

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write rows and header for a spreadsheet: numbers with a point, more digits than are printed; not the footnotes.

        Parameters
        ----------
        path : str or path
            What stands there is replaced when the new file is whole.

        Returns
        -------
        pathlib.Path
            `path`.

        Raises
        ------
        StorageError
            If it cannot be written; what stood there is untouched.
        """
        from pathlib import Path

        target = Path(path)
        with replacing(target) as part:
            write_table(self, part)
        return target


def each(table: pd.DataFrame) -> Iterator[Any]:
    """Rows by name; what the columns hold is known to whoever made the table, not to a type checker."""
    yield from table.itertuples()


def areas(area_m2: float, *units: str) -> list[Figure]:
    """An area in the units that are asked for, of m², km² and mi².

    Examples
    --------
    >>> [str(figure) for figure in areas(2_589_988.110336, "km²", "mi²")]
    ['2.590', '1.000']
    """
    figures = {
        "m²": Figure(area_m2),
        "km²": Figure(area_m2 / M2_PER_KM2.value, 3),
        "mi²": Figure(area_m2 / M2_PER_MI2.value, 3),
    }
    return [figures[unit] for unit in units]


def write_table(table: Table, path: Path) -> None:
    """Write a table to a CSV file for a spreadsheet; text that it would run gets its text mark."""
    write_rows([table.header, *(tuple(map(_plain, row)) for row in table.rows)], path)


def _plain(cell: Cell) -> str | float:
    return cell if isinstance(cell, str) else cell.plain
