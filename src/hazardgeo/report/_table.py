"""A table once, for the page and for a file: figures stay numbers until they are printed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo.constants import M2_PER_KM2, M2_PER_MI2
from hazardgeo.measure import grouped
from hazardgeo.storage import write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd


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
            return "–"
        return f"{self.value:.0%}" if self.percent else grouped(self.value, self.decimals)

    @property
    def plain(self) -> str:
        """The number as a file holds it, with more digits than are printed."""
        if math.isnan(self.value):
            return ""
        return str(self.value) if isinstance(self.value, int) else str(round(self.value, self.decimals + 4))


Rows = tuple[tuple[str | Figure, ...], ...]


@dataclass(frozen=True)
class Table:
    """A table of a report: the first `words` columns are text, the others figures; `totals` are printed bold."""

    caption: str
    header: tuple[str, ...]
    rows: Rows
    words: int = 1
    note: str = ""
    totals: tuple[int, ...] = ()


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


def _plain(cell: str | Figure) -> str:
    return cell.plain if isinstance(cell, Figure) else cell
