"""How numbers and dates are written as text, and every value that a piece of text can stand for."""

from __future__ import annotations

import datetime
import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from hazardgeo.errors import HazardgeoError

EPOCH_MS = "milliseconds since 1970"
"""Date format of numbers that count milliseconds since 1970-01-01 in universal time, as ArcGIS services write dates."""
_DECIMALS = (".", ",")
_GROUPS = (".", ",", " ", "'")
# The signs for minus, spaces and apostrophes that print alike; the Arabic marks have one meaning and need no choice.
_ALIKE = str.maketrans("\u2212\u00a0\u2009\u202f\u2019\u02bc", "-   ''")
_ARABIC_DECIMAL, _ARABIC_GROUP = "\u066b", "\u066c"
_DIRECTIVES = re.compile(r"%(.)")
_KNOWN = set("YymdbBHMSfpIzjAa%")
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Spelling:
    """How a source writes numbers and dates; what is not stated is not assumed.

    Parameters
    ----------
    decimal : str
        Mark before the fraction, ``.`` or ``,``. Empty: not stated.
    group : str
        Mark between thousands: ``.``, ``,``, a space (any space) or ``'``. Empty, with `decimal` stated: none is used.
    dates : tuple of str
        Formats of dates beside ISO 8601, such as ``%d.%m.%Y``, or ``milliseconds since 1970``.

    Raises
    ------
    HazardgeoError
        If the marks cannot be told apart, or a format does not give a day, a month and a year.

    Examples
    --------
    >>> Spelling(decimal=",", group=".").decimal
    ','
    """

    decimal: str = ""
    group: str = ""
    dates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.decimal not in ("", *_DECIMALS):
            raise HazardgeoError(f"The decimal mark {self.decimal!r} is none. Use '.' or ','.")
        if self.group not in ("", *_GROUPS):
            raise HazardgeoError(f"The mark between thousands {self.group!r} is none. Use '.', ',', ' ' or \"'\".")
        if self.group and self.group == self.decimal:
            raise HazardgeoError(
                f"The decimal mark and the mark between thousands are both {self.group!r}. Change one."
            )
        if self.group and not self.decimal:
            raise HazardgeoError(f"The mark between thousands is {self.group!r}. Say the decimal mark too.")
        for date_format in self.dates:
            _check_date_format(date_format)


PLAIN = Spelling()
"""Nothing is stated: what can be read in one way only is read."""


def _check_date_format(date_format: str) -> None:
    if date_format == EPOCH_MS:
        return
    said = set(_DIRECTIVES.findall(date_format))
    if unknown := sorted(said - _KNOWN):
        raise HazardgeoError(f"The date format {date_format!r} uses %{unknown[0]}. Use such as %d.%m.%Y.")
    has_day = "j" in said or ("d" in said and said & set("mbB"))
    if not (said & set("Yy")) or not has_day:
        # strptime would fill in 1900, or the first of the month.
        raise HazardgeoError(f"The date format {date_format!r} lacks day, month or year. Use such as %d.%m.%Y.")


@lru_cache(maxsize=4096)
def number_readings(text: str, spelling: Spelling = PLAIN) -> tuple[float, ...]:
    """Give every number that a piece of text can stand for.

    Parameters
    ----------
    text : str
    spelling : Spelling
        Where it states marks, these alone are read.

    Returns
    -------
    tuple of float
        Ascending; empty where it is no number, several where it can be read in several ways.

    Examples
    --------
    >>> number_readings("1.234")
    (1.234, 1234.0)
    >>> number_readings("1.234,5")
    (1234.5,)
    >>> number_readings("1.234", Spelling(decimal=",", group="."))
    (1234.0,)
    """
    plain = _in_plain_signs(text)
    stated = ((spelling.decimal, spelling.group),) if spelling.decimal else _ALL_MARKS
    values = {_read_number(plain, *marks) for marks in (*stated, (_ARABIC_DECIMAL, _ARABIC_GROUP))}
    return tuple(sorted(value for value in values if value is not None))


def number_text(value: float) -> str:
    """Write a number so that it can be read in one way only, without losing a digit.

    Examples
    --------
    >>> number_text(12.5), number_text(12.345)
    ('12.5', '12.3450')
    """
    text = str(value)
    # Three digits after the mark could be a group of thousands; four cannot.
    return f"{text}0" if len(number_readings(text)) > 1 else text


_ALL_MARKS = tuple((d, g) for d, g in itertools.product(_DECIMALS, ("", *_GROUPS)) if d != g)


def _in_plain_signs(text: str) -> str:
    text = text.strip().translate(_ALIKE)
    if text.isascii():
        return text
    # A digit is a digit in every script (Arabic, Persian, Khmer, Lao, Thai ...).
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


@lru_cache(maxsize=64)
def _patterns(decimal: str, group: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    d, g = re.escape(decimal), re.escape(group)
    simple = re.compile(rf"[+-]?(?:[0-9]+(?:{d}[0-9]+)?|{d}[0-9]+)(?:[eE][+-]?[0-9]+)?")
    # Groups of three; a number does not begin with a group of zeros, so that 0.123 has one reading.
    grouped = re.compile(rf"[+-]?[1-9][0-9]{{0,2}}(?:{g}[0-9]{{3}})+(?:{d}[0-9]+)?") if group else None
    return simple, grouped


def _read_number(text: str, decimal: str, group: str) -> float | None:
    simple, grouped = _patterns(decimal, group)
    if simple.fullmatch(text):
        return float(text.replace(decimal, "."))
    if grouped and grouped.fullmatch(text):
        return float(text.replace(group, "").replace(decimal, "."))
    return None


@lru_cache(maxsize=4096)
def date_readings(text: str, spelling: Spelling = PLAIN) -> tuple[datetime.date, ...]:
    """Give every day that a piece of text can stand for: as ISO 8601, and in the formats of the spelling.

    The day is the one that is written: a time of day, and its zone, do not move it.

    Examples
    --------
    >>> date_readings("2021-04-13T23:30:00+02:00")
    (datetime.date(2021, 4, 13),)
    >>> date_readings("13.04.2021", Spelling(dates=("%d.%m.%Y",)))
    (datetime.date(2021, 4, 13),)
    >>> date_readings("13.04.2021")
    ()
    """
    text = text.strip()
    days = {_read_date(text, date_format) for date_format in ("", *spelling.dates)}
    return tuple(sorted(day for day in days if day is not None))


def _read_date(text: str, date_format: str) -> datetime.date | None:
    try:
        if not date_format:
            return datetime.datetime.fromisoformat(text).date()
        if date_format == EPOCH_MS:
            # Fewer digits would be a day number of a spreadsheet or a year.
            return (_EPOCH + datetime.timedelta(milliseconds=int(text))).date() if len(text) > 8 else None
        return datetime.datetime.strptime(text, date_format).date()  # noqa: DTZ007  (the day as it is written)
    except (ValueError, OverflowError):
        return None
