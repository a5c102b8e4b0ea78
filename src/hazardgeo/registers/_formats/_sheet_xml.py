"""The XML of an Excel sheet, looked through by itself: what a reader of values cannot see.

It counts the rows that hold something, a second time and in another way, and finds formulas without a stored result,
error values, hidden rows and merged cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from hazardgeo.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_MOST_CELLS = 20_000_000


@dataclass
class Marks:
    """What the XML of a sheet says, rows and columns counted from 1 and 0."""

    filled: set[int] = field(default_factory=set)
    """Rows that hold something."""
    hidden: set[int] = field(default_factory=set)
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    """Row, column and text of a cell whose value is an error such as #REF!."""
    formulas: list[tuple[int, int]] = field(default_factory=list)
    """Row and column of a cell with a formula and no result."""
    merged: list[str] = field(default_factory=list)
    twice: int = 0
    """A row that stands twice."""
    columns: int = 0


def scan_workbook(file: Path) -> dict[str, Marks]:
    """Look through the sheets of an .xlsx or .xlsm file.

    Parameters
    ----------
    file : pathlib.Path

    Returns
    -------
    dict of str to Marks
        By the name of the sheet.

    Raises
    ------
    FormatError
        If its XML is damaged or declares entities, a row stands twice, or it is too wide and long to be read.
    """
    from hazardgeo.registers._formats._archive import check_zip

    members = {name.casefold(): name for name in check_zip(file)}
    relations = _Relations()
    _parse(file, members, "xl/_rels/workbook.xml.rels", relations)
    workbook = _Sheets()
    _parse(file, members, "xl/workbook.xml", workbook)
    strings = _Strings()
    for target in relations.shared:
        _parse(file, members, target, strings)
    marks: dict[str, Marks] = {}
    for name, relation in workbook.sheets:
        if relation not in relations.sheets:  # a chart, not a table
            continue
        cells = _Cells(strings.blank)
        _parse(file, members, relations.sheets[relation], cells)
        marks[name] = cells.marks
        _refuse(file, name, cells.marks)
    return marks


def _refuse(file: Path, name: str, marks: Marks) -> None:
    if marks.twice:
        raise FormatError(f"{file}: row {marks.twice} of the sheet {name!r} stands twice in it. Save it anew in Excel.")
    if max(marks.filled, default=0) * marks.columns > _MOST_CELLS:
        raise FormatError(
            f"{file}: the sheet {name!r} reaches to row {max(marks.filled)} and {marks.columns} columns, more than is read. "
            "Delete the cells far below and far right, or save the sheet as CSV UTF-8."
        )


def _parse(file: Path, members: Mapping[str, str], name: str, handler: ContentHandler) -> None:
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parseString

    from hazardgeo.registers._formats._archive import read_member

    if name.casefold() not in members:
        raise FormatError(f"{file}: is no Excel workbook ({name} is not in it). Save it anew as .xlsx.")
    try:
        parseString(read_member(file, members[name.casefold()]), handler, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FormatError(f"{file}: its XML declares what no workbook needs ({error}). It is not read.") from error
    except (SAXException, ValueError, LookupError) as error:
        raise FormatError(f"{file}: is damaged ({name}: {str(error)[:200]}). Get it again from its source.") from error


def _plain(tag: str) -> str:
    return tag.rpartition(":")[2]


class _Relations(ContentHandler):
    """Which file of the archive a relation of the workbook leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: dict[str, str] = {}
        self.shared: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  (the name that SAX calls)
        if _plain(name) != "Relationship" or attrs.get("TargetMode") == "External":
            return
        target, kind = attrs.get("Target", ""), attrs.get("Type", "").rpartition("/")[2]
        path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        if kind == "worksheet":
            self.sheets[attrs.get("Id", "")] = path
        elif kind == "sharedStrings":
            self.shared.append(path)


class _Sheets(ContentHandler):
    """Names of the sheets, with the relation of each."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        if _plain(name) == "sheet":
            relation = next((attrs[key] for key in attrs.keys() if _plain(key) == "id"), "")  # noqa: SIM118  (no dict)
            self.sheets.append((attrs.get("name", ""), relation))


class _Strings(ContentHandler):
    """Which of the texts that the cells share are blank."""

    def __init__(self) -> None:
        super().__init__()
        self.blank: set[str] = set()
        self._count = -1
        self._text: list[str] = []
        self._spoken = False

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802, ARG002
        tag = _plain(name)
        if tag == "si":
            self._count += 1
            self._text = []
        elif tag == "rPh":  # how a text is pronounced
            self._spoken = True

    def characters(self, content: str) -> None:
        if not self._spoken:
            self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        tag = _plain(name)
        if tag == "rPh":
            self._spoken = False
        elif tag == "si" and not "".join(self._text).strip():
            self.blank.add(str(self._count))


class _Cells(ContentHandler):
    """The cells of one sheet."""

    def __init__(self, blank: set[str]) -> None:
        super().__init__()
        self.marks = Marks()
        self._blank = blank
        self._seen: set[int] = set()
        self._row = self._column = 0
        self._kind = ""
        self._formula = self._listening = self._spoken = False
        self._text: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        tag = _plain(name)
        if tag == "c":
            self._start_cell(attrs)
        elif tag in ("v", "t"):
            self._listening = True
        elif tag == "row":
            self._start_row(attrs)
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._spoken = True
        elif tag == "mergeCell":
            self.marks.merged.append(attrs.get("ref", ""))

    def _start_row(self, attrs: Any) -> None:
        self._row = int(attrs.get("r", self._row + 1))
        self._column = -1
        if self._row in self._seen:
            self.marks.twice = self._row
        self._seen.add(self._row)
        if attrs.get("hidden") in ("1", "true"):
            self.marks.hidden.add(self._row)

    def _start_cell(self, attrs: Any) -> None:
        self._column += 1
        self._kind = attrs.get("t", "n")
        self._formula = False
        self._text = []
        if "r" in attrs:
            row, self._column = place_of(attrs["r"])
            if row != self._row:
                raise ValueError(f"the cell {attrs['r']} stands in row {self._row}")

    def characters(self, content: str) -> None:
        if self._listening and not self._spoken:
            self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        tag = _plain(name)
        if tag == "c":
            self._end_cell("".join(self._text).strip())
        elif tag in ("v", "t"):
            self._listening = False
        elif tag == "rPh":
            self._spoken = False

    def _end_cell(self, text: str) -> None:
        if not text:
            if self._formula and self._kind != "str":  # a formula may well give a text without a letter
                self.marks.formulas.append((self._row, self._column))
            return
        if self._kind == "s" and text in self._blank:
            return
        if self._kind == "e":
            self.marks.errors.append((self._row, self._column, text))
        self.marks.filled.add(self._row)
        self.marks.columns = max(self.marks.columns, self._column + 1)


def place_of(reference: str) -> tuple[int, int]:
    """Row and column, counted from 1 and 0, of a cell such as ``B3``.

    Examples
    --------
    >>> place_of("B3"), place_of("AA10")
    ((3, 1), (10, 26))
    """
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise ValueError(f"{reference!r} names no cell")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column - 1
