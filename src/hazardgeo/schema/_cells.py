"""One cell of text, read as its column says, or the reason why it cannot be."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hazardgeo.schema._columns import ColumnSpec
    from hazardgeo.vocabulary import Vocabulary


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
    >>> from hazardgeo.schema import HAZARDS
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
