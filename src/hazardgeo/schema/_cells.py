"""One cell, read as its column says, or the reason why it cannot be."""

from __future__ import annotations

import datetime
import difflib
import math
import numbers
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo.schema._spelling import EPOCH_MS, PLAIN, Spelling, date_readings, number_readings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hazardgeo.schema._columns import ColumnSpec
    from hazardgeo.vocabulary import Vocabulary

_WITH_UNIT = re.compile(r"[+-]?\d(?:[\d.,' \u00a0\u202f\u2009]*\d)?\s*([^\W\d_][\w²³]*)\.?")
_NUMERIC_DATE = re.compile(r"(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})(\.?)")
_DAY_NUMBER = re.compile(r"(\d{5})(?:\.\d+)?")
_SPREADSHEET_DAYS = range(10_000, 100_000)  # 1927 to 2173
_SPREADSHEET_START = datetime.date(1899, 12, 30)


@dataclass(frozen=True)
class Cell:
    """What one cell was read as, or why it could not be."""

    value: Any
    fault: tuple[str, str, str] | None = None


def parse_cell(cell: object, column: ColumnSpec, spelling: Spelling = PLAIN, *, factor: float = 1.0) -> Cell:
    """Read one cell as its column says.

    Parameters
    ----------
    cell : str, int, float, bool, datetime.date, datetime.datetime, bytes or None
        As it stands in the source. A number or a date that is stored as one is taken as it is; text is read.
    column : ColumnSpec
    spelling : Spelling
        How text states numbers and dates.
    factor : float
        What a number is multiplied by to come into the unit of the column.

    Returns
    -------
    Cell
        The value, or ``(rule, what was seen, remedy)``.

    Notes
    -----
    A number as text is taken only if it can be read in one way: ``1.234`` is 1234 in Zagreb and 1.234 in London, and is
    refused unless `spelling` says which. Dates are ISO 8601 or in a stated format, never guessed.

    Examples
    --------
    >>> from hazardgeo.schema import HAZARDS
    >>> columns = {column.name: column for column in HAZARDS.columns}
    >>> parse_cell("UXO; AP", columns["contamination"]).value
    'AP;UXO'
    >>> parse_cell("mines", columns["contamination"]).fault[0]
    'term-unknown'
    >>> parse_cell("1.234", columns["declared_area_m2"]).fault[1]
    "declared_area_m2 is '1.234', which is 1.234 or 1234."
    """
    if isinstance(cell, bytes):
        seen = f"{column.name} is binary data ({len(cell)} bytes)."
        return Cell(None, ("cell-not-text", seen, f"Store {column.name} as text."))
    text = as_text(cell)
    if not text.strip():
        if column.required:
            return Cell(None, ("value-missing", f"{column.name} is empty.", f"Fill in {column.name}."))
        return Cell(None)
    if column.kind in ("number", "count"):
        return _number(cell, text.strip(), column, spelling, factor)
    if column.kind == "date":
        return _date(cell, text.strip(), column, spelling)
    # An id is the text as it stands: a link must find the id that it was copied from.
    return Cell(text) if column.kind == "id" else _PARSERS[column.kind](text.strip(), column)


def as_text(cell: object) -> str:
    """Write a cell as text; an empty cell, or one that holds no number or no time, is empty text.

    Examples
    --------
    >>> as_text(7), as_text(None), as_text(float("nan"))
    ('7', '', '')
    """
    if isinstance(cell, str):
        return cell
    # What is no number or no time is the one value that differs from itself.
    if cell is None or (isinstance(cell, (float, datetime.date)) and cell != cell):
        return ""
    return f"{len(cell)} bytes" if isinstance(cell, bytes) else str(cell)


def _text(text: str, column: ColumnSpec) -> Cell:  # noqa: ARG001  (all parsers are called alike)
    return Cell(text)


def _code(text: str, column: ColumnSpec) -> Cell:
    if re.fullmatch("[A-Z]{3}", text) or text == column.stand_in:
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


def _suggest(word: str, vocabulary: Vocabulary) -> str:
    meant = _by_label(word, vocabulary) or _by_spelling(word, vocabulary.words)
    hint = f" Did you mean {meant!r}?" if meant else ""
    return f"Use one of {', '.join(vocabulary.words)}.{hint}"


def _by_label(word: str, vocabulary: Vocabulary) -> str | None:
    """The only term in whose label all words of `word` stand."""
    said = set(re.findall(r"\w+", word.casefold()))
    found = [term.word for term in vocabulary.terms if said and said <= set(re.findall(r"\w+", term.label.casefold()))]
    return found[0] if len(found) == 1 else None


def _by_spelling(word: str, words: Sequence[str]) -> str | None:
    folded = {known.casefold(): known for known in words}
    close = difflib.get_close_matches(word.casefold(), folded, n=1)
    return folded[close[0]] if close else None


def _number(cell: object, text: str, column: ColumnSpec, spelling: Spelling, factor: float) -> Cell:
    if not isinstance(cell, bool) and isinstance(cell, numbers.Real):
        readings: tuple[float, ...] = (_as_float(cell),)
    else:
        readings = number_readings(text, spelling)
    if len(readings) > 1:
        seen = f"{column.name} is {text!r}, which is {' or '.join(f'{value:.15g}' for value in readings)}."
        remedy = "Say how numbers are written: --locale (such as hr or en), or decimal and group in a profile."
        return Cell(None, ("number-ambiguous", seen, remedy))
    if not readings or not math.isfinite(readings[0] * factor):
        remedy = _mend_number(cell, text, spelling, may_have_unit=bool(column.unit) and factor == 1)
        return Cell(None, ("number-unreadable", f"{column.name} is {text!r}.", remedy))
    return _in_range(readings[0] * factor, text, column)


def _as_float(cell: numbers.Real) -> float:
    try:
        return float(cell)
    except OverflowError:
        return math.inf


def _in_range(value: float, text: str, column: ColumnSpec) -> Cell:
    for bound, outside, where in (
        (column.minimum, column.minimum is not None and value < column.minimum, "below"),
        (column.maximum, column.maximum is not None and value > column.maximum, "above"),
    ):
        if outside:
            seen = f"{column.name} is {text}, {where} {bound:g}."
            return Cell(None, ("number-out-of-range", seen, "Correct the number."))
    if column.kind != "count":
        return Cell(value)
    if value != int(value):
        return Cell(None, ("number-unreadable", f"{column.name} is {text!r}.", "Write a whole number."))
    return Cell(int(value))


def _mend_number(cell: object, text: str, spelling: Spelling, *, may_have_unit: bool) -> str:
    if isinstance(cell, datetime.date):
        return "It is stored as a date: a spreadsheet may have turned the number into one. Write the number."
    if unit := _WITH_UNIT.fullmatch(text):
        where = f" Where the whole column is in {unit[1]}, say so in a profile, under [units]." if may_have_unit else ""
        return f"Write the number alone.{where}"
    if spelling.decimal:
        between = f"{spelling.group!r} between thousands" if spelling.group else "nothing between thousands"
        return f"Write numbers with {spelling.decimal!r} before the fraction and {between}, as was stated, or leave it empty."
    return "Write numbers with a point and without grouping, such as 1234.5, or leave the cell empty."


def _date(cell: object, text: str, column: ColumnSpec, spelling: Spelling) -> Cell:
    if isinstance(cell, datetime.datetime):
        # A time of day that a database added is of no interest here; the day is the one that is written.
        return Cell(cell.date())
    if isinstance(cell, datetime.date):
        return Cell(cell)
    if isinstance(cell, float):
        text = text.removesuffix(".0")
    readings = date_readings(text, spelling)
    if len(readings) == 1:
        return Cell(readings[0])
    if readings:
        remedy = "State one format in the profile, or write dates as YYYY-MM-DD."
        seen = f"{column.name} is {text!r}, which the stated formats read as {_either(readings)}."
        return Cell(None, ("date-unreadable", seen, remedy))
    return _unreadable_date(text, column, spelling)


def _unreadable_date(text: str, column: ColumnSpec, spelling: Spelling) -> Cell:
    seen, remedy = f"{column.name} is {text!r}.", "Write dates as YYYY-MM-DD."
    if (days := _DAY_NUMBER.fullmatch(text)) and int(days[1]) in _SPREADSHEET_DAYS:
        day = _SPREADSHEET_START + datetime.timedelta(days=int(days[1]))
        remedy = f"As a day number of a spreadsheet it is {day}. Format the column as a date, or write {day}."
    elif text.isdecimal() and (moment := date_readings(text, _EPOCH_SPELLING)) and moment[0].year in range(1980, 2100):
        remedy = (
            f"As milliseconds since 1970 it is {moment[0]} in universal time. Where the whole column counts these, "
            f'say dates = ["{EPOCH_MS}"] in a profile.'
        )
    elif (date := _NUMERIC_DATE.fullmatch(text)) and 4 in map(len, (date[1], date[4])) and not _formats_of(text):
        remedy = "There is no such day. Look it up in the source."
    elif formats := _formats_of(text):
        readings = {one: date_readings(text, Spelling(dates=(one,)))[0] for one in formats}
        days_meant = _either(sorted(set(readings.values())))
        seen = f"{column.name} is {text!r}, which is {'perhaps ' if len(formats) == 1 else ''}{days_meant}."
        to_state = " or ".join(f'dates = ["{one}"]' for one in formats)
        remedy = f"State the format in a profile, {to_state}, or the language by --locale, or write YYYY-MM-DD."
        if spelling.dates:
            remedy = f"Stated are {', '.join(spelling.dates)}. Write it in one of these, or as YYYY-MM-DD."
    return Cell(None, ("date-unreadable", seen, remedy))


_EPOCH_SPELLING = Spelling(dates=(EPOCH_MS,))


def _formats_of(text: str) -> list[str]:
    """Formats by which a date in digits exists."""
    found = _NUMERIC_DATE.fullmatch(text)
    if found is None:
        return []
    mark, end = found[2], found[5]
    space = " " if f"{mark} " in text else ""
    orders = (("%Y", "%m", "%d"),) if len(found[1]) == 4 else (("%d", "%m", "%Y"), ("%m", "%d", "%Y"))
    formats = [f"{mark}{space}".join(order) + end for order in orders]
    return [one for one in formats if date_readings(text, Spelling(dates=(one,)))]


def _either(days: Sequence[datetime.date]) -> str:
    """Name days in words, so that day and month cannot be taken for each other.

    Examples
    --------
    >>> _either([datetime.date(2021, 3, 4), datetime.date(2021, 4, 3)])
    '4 March 2021 or 3 April 2021'
    """
    return " or ".join(f"{day.day} {_MONTHS[day.month - 1]} {day.year}" for day in days)


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_PARSERS = {"text": _text, "code": _code, "term": _terms, "terms": _terms}
