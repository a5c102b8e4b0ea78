"""The tables of a joined register, found by their names, with the words that stand as keys in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import FormatError, HazardgeoError
from hazardgeo.registers._formats._layer import regular_file
from hazardgeo.registers._profiles._match import fold
from hazardgeo.schema._cells import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hazardgeo.registers._formats._sheet import Sheet
    from hazardgeo.registers._profiles._profile import Join, Profile

_TEXTS = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Tables:
    """The tables that a join names, and the words of its keys."""

    join: Join
    records: Sheet
    links: Sheet
    shapes: Sheet
    points: Sheet
    words: Mapping[str, str]

    def decoded(self, cell: Any) -> Any:
        """A cell, or the word whose key it is."""
        return self.words.get(key_of(cell), cell)


def key_of(cell: Any) -> str:
    """A cell as a key."""
    return as_text(cell).strip()


def keys_in(sheet: Sheet, column: str) -> list[str]:
    """The cells of a column as keys."""
    return [key_of(cell) for cell in sheet.cells(theirs_in(sheet, column))]


def theirs_in(sheet: Sheet, column: str) -> str:
    """Name of a column in a sheet, whatever its capitals; a word may stand where a profile expects its key.

    Raises
    ------
    FormatError
        If it is not there.
    """
    folded = {fold(name): name for name in sheet.columns}
    # A view gives the word itself, and leaves the ending away that says that it is a key.
    for name in (column, column.removesuffix("_guid")):
        if fold(name) in folded:
            return folded[fold(name)]
    listed = ", ".join(sheet.columns)
    raise FormatError(f"{sheet.file}: the table {sheet.name!r} has no column {column!r}. It has: {listed}.")


def tables_of(sheets: Mapping[str, Sheet], profile: Profile) -> Tables:
    """Find the tables that a profile joins.

    Raises
    ------
    FormatError
        If one is missing.
    """
    join = profile.join
    if join is None:
        raise HazardgeoError(f"The profile {profile.name!r} joins no tables. Copy imsma-ng, which does, and adapt it.")
    named = {fold(name): sheet for name, sheet in sheets.items()}
    wanted = (join.records, join.links, join.shapes, join.points)
    if missing := [name for name in wanted if fold(name) not in named]:
        there = ", ".join(sheets) or "none"
        raise FormatError(f"There is no table {missing[0]!r} beside these: {there}. Export {', '.join(wanted)}.")
    words: dict[str, str] = {}
    if join.words and (sheet := named.get(fold(join.words))) is not None:
        words = dict(zip(keys_in(sheet, join.word_key), keys_in(sheet, join.word), strict=True))
    records, links, shapes, points = (named[fold(name)] for name in wanted)
    return Tables(join, records, links, shapes, points, words)


def read_tables(path: Path, profile: Profile) -> dict[str, Sheet]:
    """Read the tables that a profile joins: text files in a folder, or the sheets of a workbook.

    Raises
    ------
    FormatError
        If it is neither, or a table is there twice.
    """
    from hazardgeo.registers._formats._tables import read_sheets

    if not path.is_dir():
        file = regular_file(path)
        if file.suffix.casefold() in _TEXTS:
            raise FormatError(f"{file}: is one table of several. Name the folder that holds them all: {file.parent}.")
        return read_sheets(file, encoding=profile.encoding, header_row=profile.header_row)
    wanted = _wanted(profile)
    files = [file for file in sorted(path.iterdir()) if file.suffix.casefold() in _TEXTS and fold(file.stem) in wanted]
    sheets: dict[str, Sheet] = {}
    for file in files:
        if (name := fold(file.stem)) in sheets:
            raise FormatError(f"{path}: holds the table {name!r} twice, as {file.name} too. Take one of them away.")
        (sheets[name],) = read_sheets(file, encoding=profile.encoding, header_row=profile.header_row).values()
    return sheets


def _wanted(profile: Profile) -> set[str]:
    join = profile.join
    return {fold(name) for name in (join.records, join.links, join.shapes, join.points, join.words)} if join else set()
