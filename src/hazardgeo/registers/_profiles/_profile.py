"""What a profile says, and the three questions that a reader asks it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from hazardgeo.registers._profiles._match import fold
from hazardgeo.schema._cells import as_text
from hazardgeo.schema._spelling import PLAIN, Spelling, number_readings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hazardgeo.registers._formats._places import Places


@dataclass(frozen=True)
class About:
    """Where a profile comes from."""

    title: str = ""
    source: str = ""
    grade: str = ""
    note: str = ""


@dataclass(frozen=True)
class Route:
    """Which records of a mixed sheet are of which kind."""

    column: str
    """Their column that says so."""
    words: Mapping[str, tuple[str, str]]
    """By their word: the kind of record, and our word for it (class of a hazard, kind of a release)."""


@dataclass(frozen=True)
class Join:
    """Names of the tables of IMSMA NG, and of the columns and words by which they are joined."""

    LISTS: ClassVar = ("polygons", "not_polygons", "inactive")

    records: str
    """Table with one row for each record."""
    record_key: str
    links: str
    """Table that says which record has which shape."""
    shapes: str
    """Table with one row for each shape."""
    shape_key: str
    shape_kind: str
    polygons: tuple[str, ...]
    """Words for a shape that is a polygon."""
    not_polygons: tuple[str, ...]
    """Words for a shape that is none; any other word makes the record's outline unreadable."""
    points: str
    """Table with one row for each point of a shape."""
    active: str = ""
    inactive: tuple[str, ...] = ()
    """Words, in the column `active`, for a shape that is no longer in use."""
    words: str = ""
    """Table of the words that stand as keys elsewhere."""
    word_key: str = ""
    word: str = ""


def _anywhere() -> Places:
    # Late: where the shapes of a table stand is said by the reader of tables, which may in turn be asked by a profile.
    from hazardgeo.registers._formats._places import Places

    return Places()


@dataclass(frozen=True)
class Profile:
    """How a register names and writes what we name and write otherwise; an empty one is our own way.

    Parameters
    ----------
    name : str
    kind : str
        Kind of record of every row: ``hazards``, ``releases``, ``points`` or ``depots``. Empty: to be found out.
    columns : mapping of str to str
        Their column, by ours.
    columns_by_kind : mapping of str to mapping
        The same, where it differs by kind of record, as in a mixed sheet.
    terms : mapping of str to mapping
        By our column: our word, by theirs.
    constants : mapping of str to str
        By our column: what stands where theirs is empty or missing.
    factors : mapping of str to float
        By our column: what a number is multiplied by to come into our unit.
    separator : str
        What stands between several terms in one cell.
    spelling : Spelling
        How numbers and dates are written.
    places : Places
        Where the shapes of a table stand.
    crs, datum_operation, encoding, header_row, layer : optional
        As for reading a file.
    route : Route, optional
        Which rows of a mixed sheet are hazards, and which releases.
    join : Join, optional
        For registers in several tables.
    about : About
    """

    name: str = ""
    kind: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    columns_by_kind: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    separator: str = ";"
    spelling: Spelling = PLAIN
    places: Places = field(default_factory=_anywhere)
    crs: str = ""
    datum_operation: str = ""
    encoding: str = ""
    header_row: int = 1
    layer: str = ""
    route: Route | None = None
    join: Join | None = None
    about: About = field(default_factory=About)

    def __post_init__(self) -> None:
        # The reader of tables sees the places alone, and reads numbers of legs as all others.
        legs, own = self.places.legs, self.theirs("vertex_sd_m", "hazards")
        said = replace(legs.stated, spelling=self.spelling, vertex_sd=own, vertex_sd_factor=self.factor("vertex_sd_m"))
        if constant := number_readings(self.constants.get("vertex_sd_m", "")):
            said = replace(said, vertex_sd_m=constant[-1])
        object.__setattr__(self, "places", replace(self.places, legs=replace(legs, stated=said)))

    def theirs(self, name: str, kind: str = "") -> str:
        """Their name of a column of ours, for records of a kind where that matters.

        Examples
        --------
        >>> Profile(columns={"hazard_id": "MSP"}).theirs("hazard_id"), Profile().theirs("hazard_id")
        ('MSP', 'hazard_id')
        """
        return self.columns_by_kind.get(kind, {}).get(name) or self.columns.get(name, name)

    def translate(self, name: str, cell: Any) -> Any:
        """A cell of theirs in our words; what is not said how stays as it is, and becomes a finding.

        Examples
        --------
        >>> Profile(terms={"classification": {"Suspected": "SHA"}}).translate("classification", " suspected")
        'SHA'
        >>> Profile(terms={"contamination": {"PPM": "AP"}}, separator=",").translate("contamination", "PPM, UXO")
        'AP;UXO'
        """
        words = self._folded.get(name)
        several = name in SEVERAL
        if not words and not (several and self.separator != ";"):
            return cell
        text = _as_word(cell)
        if words and (whole := words.get(fold(text))) is not None:
            return whole
        if not several or self.separator not in text:
            return cell
        parts = [part.strip() for part in text.split(self.separator)]
        return ";".join((words or {}).get(fold(part), part) for part in parts if part)

    def factor(self, name: str) -> float:
        """What a number in a column of ours is multiplied by to come into our unit."""
        return self.factors.get(name, 1.0)

    @cached_property
    def _folded(self) -> dict[str, dict[str, str]]:
        return {name: {fold(theirs): ours for theirs, ours in words.items()} for name, words in self.terms.items()}


def _as_word(cell: Any) -> str:
    """A cell as the key of a word: a code that a spreadsheet made a number is written without a fraction."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else as_text(cell)


def _columns_of_several() -> frozenset[str]:
    from hazardgeo.schema import SCHEMAS

    return frozenset(column.name for schema in SCHEMAS.values() for column in schema.columns if column.kind == "terms")


SEVERAL = _columns_of_several()
"""Columns that hold several terms."""
