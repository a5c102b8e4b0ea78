"""What the columns of a frame mean, and one check that finds every fault of every row.

Frames are plain GeoDataFrames. The readers guarantee the schema; each function re-checks in one line
(`require`) that the columns it needs are there. A column that is not listed passes through untouched.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from hazardgeo import vocabulary as voc
from hazardgeo.constants import Constant
from hazardgeo.errors import SchemaError, named
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    import pandas as pd

Kind = Literal["id", "text", "code", "term", "terms", "date", "number", "count"]

# Bounds of plausibility, wide on purpose: beyond them a number is a slip of a pen or of a column, not a measurement.
VERTEX_SD_MAX_M = Constant(
    "VERTEX_SD_MAX_M",
    10_000.0,
    "m",
    "A standard deviation of a vertex above this is taken for a mistake.",
    Source("hazardgeo design choice", Grade.ASSUMED),
)
COUNT_MAX = Constant(
    "COUNT_MAX",
    1e9,
    "1",
    "A count of items above this is taken for a mistake.",
    Source("hazardgeo design choice", Grade.ASSUMED),
)


@dataclass(frozen=True)
class ColumnSpec:
    """One column: its name, kind of value, unit, meaning, and whether every record must have it."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    vocabulary: voc.Vocabulary | None = None
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Schema:
    """The columns of one kind of record."""

    name: str
    index: str
    columns: tuple[ColumnSpec, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that every record must fill."""
        return tuple(column.name for column in self.columns if column.required)


@dataclass(frozen=True)
class Finding:
    """One fault or remark about one record, in words that its keeper can act on."""

    file: str
    record: str
    row: int
    rule: str
    severity: str
    seen: str
    means: str
    remedy: str


def _register_and_country() -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec("register", "text", "Who keeps the record.", required=True),
        ColumnSpec(
            "country", "code", "Who reports it: ISO 3166-1 alpha-3, or a user's code such as XKX.", required=True
        ),
    )


def _provenance() -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec("declared_area_m2", "number", "Area as the register declares it.", unit="m²", minimum=0),
        ColumnSpec("source", "text", "Document or system that the record comes from."),
        ColumnSpec("source_crs", "text", "CRS that the coordinates were recorded in."),
        ColumnSpec("datum_operation", "text", "Operation that brought them to WGS 84."),
        ColumnSpec("datum_accuracy_m", "number", "Accuracy of that operation.", unit="m", minimum=0),
    )


def _count(name: str, meaning: str) -> ColumnSpec:
    return ColumnSpec(name, "count", meaning, minimum=0, maximum=COUNT_MAX.value)


HAZARDS = Schema(
    "hazards",
    "hazard_id",
    (
        *_register_and_country(),
        ColumnSpec("classification", "term", "Evidence.", required=True, vocabulary=voc.CLASSIFICATION),
        ColumnSpec("work_status", "term", "Process.", required=True, vocabulary=voc.WORK_STATUS),
        ColumnSpec("contamination", "terms", "Contents.", vocabulary=voc.CONTAMINATION),
        ColumnSpec("date_of_information", "date", "Date that the record speaks of."),
        ColumnSpec(
            "vertex_sd_m",
            "number",
            "Standard deviation of a vertex.",
            unit="m",
            minimum=0,
            maximum=VERTEX_SD_MAX_M.value,
        ),
        ColumnSpec("geometry_kind", "term", "How the outline was obtained.", vocabulary=voc.GEOMETRY_KIND),
        *_provenance(),
        ColumnSpec("confidentiality", "text", "How far the record may travel."),
    ),
)

RELEASES = Schema(
    "releases",
    "release_id",
    (
        ColumnSpec("hazard_id", "id", "The hazard that this land is released from.", required=True),
        *_register_and_country(),
        ColumnSpec("kind", "term", "How the land was released.", required=True, vocabulary=voc.RELEASE_KIND),
        ColumnSpec("method", "text", "Method or asset."),
        ColumnSpec("depth_m", "number", "Depth cleared to.", unit="m", minimum=0),
        ColumnSpec("organisation", "text", "Who did the work."),
        ColumnSpec("started_on", "date", "First day of the work."),
        ColumnSpec("completed_on", "date", "Last day of the work."),
        _count("ap_mines", "Anti-personnel mines found."),
        _count("av_mines", "Anti-vehicle mines found."),
        _count("submunitions", "Submunitions found."),
        _count("uxo", "Other unexploded ordnance found."),
        *_provenance(),
    ),
)

SCHEMAS = {schema.name: schema for schema in (HAZARDS, RELEASES)}


def findings_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """Lay findings out as a table, one row each.

    Parameters
    ----------
    findings : iterable of Finding

    Returns
    -------
    pandas.DataFrame
        Columns ``file``, ``record``, ``row``, ``rule``, ``severity``, ``seen``, ``means``, ``remedy``.
    """
    import pandas as pd

    return pd.DataFrame([astuple(one) for one in findings], columns=[field.name for field in fields(Finding)])


def require(frame: gpd.GeoDataFrame, *columns: str, what: str = "hazards") -> None:
    """Refuse a frame that cannot be reasoned about: no CRS, ids twice, or a needed column missing.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
    *columns : str
        Names that must be there.
    what : str
        What the frame holds, for the message.

    Raises
    ------
    SchemaError
        With one problem for each thing that is missing.
    """
    faults: list[tuple[str, str, str, str]] = []
    if getattr(frame, "crs", None) is None:
        faults.append(
            ("crs-missing", "-", "The frame has no CRS.", "Set the CRS that the coordinates were recorded in.")
        )
    twice = frame.index[frame.index.duplicated()].unique()
    if len(twice):
        faults.append(("id-twice", named(twice), "The id stands more than once.", "Give each record its own id."))
    faults += [
        (
            "column-missing",
            "-",
            f"There is no column {name!r}.",
            f"Add {name!r}, or read the file with hazardgeo's readers.",
        )
        for name in columns
        if name not in frame.columns
    ]
    if faults:
        problems = [Finding(what, rec, 0, rule, "quarantined", seen, "", do) for rule, rec, seen, do in faults]
        raise SchemaError(f"These {what} cannot be used as they are:", findings_table(problems))


@dataclass(frozen=True)
class Cell:
    """What one cell of text was read as, or why it could not be."""

    value: Any
    fault: tuple[str, str, str] | None = None


def parse_cell(text: str | None, column: ColumnSpec) -> Cell:
    """Read one cell of text as its column says.

    Parameters
    ----------
    text : str or None
        The cell as it stands in the source.
    column : ColumnSpec

    Returns
    -------
    Cell
        The value, or ``(rule, what was seen, remedy)``.

    Examples
    --------
    >>> spec = next(column for column in HAZARDS.columns if column.name == "contamination")
    >>> parse_cell("UXO; AP", spec).value
    'AP;UXO'
    >>> parse_cell("mines", spec).fault[0]
    'term-unknown'
    """
    text = text or ""
    if not text.strip():
        if column.required:
            return Cell(None, ("value-missing", f"{column.name} is empty.", f"Fill in {column.name}."))
        return Cell(None)
    # An id is the text as it stands: a link must find the id that it was copied from.
    return _PARSERS[column.kind](text if column.kind == "id" else text.strip(), column)


def _text(text: str, column: ColumnSpec) -> Cell:  # noqa: ARG001  (all parsers are called alike)
    return Cell(text)


def _code(text: str, column: ColumnSpec) -> Cell:
    if re.fullmatch("[A-Z]{3}", text):
        return Cell(text)
    hint = f" Did you mean {text.upper()!r}?" if re.fullmatch("[A-Za-z]{3}", text) else ""
    remedy = f"Use the three-letter code (ISO 3166-1 alpha-3, such as HRV, or a code of your own such as XKX).{hint}"
    return Cell(None, ("code-unknown", f"{column.name} is {text!r}.", remedy))


def _terms(text: str, column: ColumnSpec) -> Cell:
    words = [text] if column.kind == "term" else sorted({word.strip() for word in text.split(";")} - {""})
    assert column.vocabulary is not None  # noqa: S101  (a term column without a vocabulary is a fault of ours)
    unknown = [word for word in words if word not in column.vocabulary.words]
    if not unknown:
        return Cell(";".join(words))
    return Cell(None, ("term-unknown", f"{column.name} is {text!r}.", _suggest(unknown[0], column.vocabulary)))


def _suggest(word: str, vocabulary: voc.Vocabulary) -> str:
    meant = _by_label(word, vocabulary) or _by_spelling(word, vocabulary.words)
    hint = f" Did you mean {meant!r}?" if meant else ""
    return f"Use one of {', '.join(vocabulary.words)}.{hint}"


def _by_label(word: str, vocabulary: voc.Vocabulary) -> str | None:
    """The only term in whose label all words of `word` stand."""
    said = set(re.findall(r"\w+", word.casefold()))
    found = [term.word for term in vocabulary.terms if said and said <= set(re.findall(r"\w+", term.label.casefold()))]
    return found[0] if len(found) == 1 else None


def _by_spelling(word: str, words: Sequence[str]) -> str | None:
    folded = {known.casefold(): known for known in words}
    close = difflib.get_close_matches(word.casefold(), folded, n=1)
    return folded[close[0]] if close else None


def _date(text: str, column: ColumnSpec) -> Cell:
    import datetime

    try:
        # A time of day that a database added is of no interest here; a day that does not exist is.
        return Cell(datetime.datetime.fromisoformat(text).date())
    except ValueError:
        return Cell(None, ("date-unreadable", f"{column.name} is {text!r}.", "Write dates as YYYY-MM-DD."))


def _number(text: str, column: ColumnSpec) -> Cell:
    import math

    try:
        value = float(text) if "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        remedy = "Write numbers with a point and without grouping, such as 1234.5."
        return Cell(None, ("number-unreadable", f"{column.name} is {text!r}.", remedy))
    if column.minimum is not None and value < column.minimum:
        seen = f"{column.name} is {text}, below {column.minimum:g}."
        return Cell(None, ("number-out-of-range", seen, "Correct the number."))
    if column.maximum is not None and value > column.maximum:
        seen = f"{column.name} is {text}, above {column.maximum:g}."
        return Cell(None, ("number-out-of-range", seen, "Correct the number."))
    if column.kind == "count":
        if value != int(value):
            return Cell(None, ("number-unreadable", f"{column.name} is {text!r}.", "Write a whole number."))
        return Cell(int(value))
    return Cell(value)


_PARSERS = {
    "id": _text,
    "text": _text,
    "code": _code,
    "term": _terms,
    "terms": _terms,
    "date": _date,
    "number": _number,
    "count": _number,
}
