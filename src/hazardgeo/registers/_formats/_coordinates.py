"""Coordinates as people write them, read strictly: every reading is tried, and exactly one must fit.

Degrees with a point or a comma; degrees, minutes and seconds with any usual signs; letters N, S, E and W; and the plain
numbers of a grid. What has no reading, or several, is refused with what was seen. Nothing is guessed.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from hazardgeo.schema._spelling import number_readings

Kind = Literal["degrees", "grid"]
Bounds = tuple[float, float, float, float]

NOTATIONS = ("", "decimal", "dms", "mgrs", "utm", "grid")
"""Ways to write a position that can be asked for; empty: whichever fits."""

_HOW = "Write it in degrees such as 45.504222 or 45°30'15.2\"N, or as grid numbers such as 512345.6."
_LETTERS = "Use the letters N, S, E and W."
_WHICH = "Say in a profile which is meant, or write it so that it has one reading."
_SIGNS = str.maketrans("º˚′’‘`´ʹ″”“„ʺ−‑–\u00a0\u2009\u202f", "°°''''''\"\"\"\"\"---   ")
_N = r"(\d{1,2}(?:[.,]\d+)?)"
_DEGREES = [
    re.compile(text, re.ASCII | re.IGNORECASE)
    for text in (
        rf"(\d{{1,3}})\s*°\s*{_N}\s*'?",
        rf"(\d{{1,3}})\s*°\s*(\d{{1,2}})\s*'\s*{_N}\s*(?:\"|(?-i:s))?",
        rf"(\d{{1,3}})\s*d(?:eg)?\s*{_N}\s*m(?:in)?",
        rf"(\d{{1,3}})\s*d(?:eg)?\s*(\d{{1,2}})\s*m(?:in)?\s*{_N}\s*s(?:ec)?",
        rf"(\d{{1,3}})\s+{_N}",
        rf"(\d{{1,3}})\s+(\d{{1,2}})\s+{_N}",
        rf"(\d{{1,3}})-{_N}",
        rf"(\d{{1,3}})-(\d{{1,2}})-{_N}",
        rf"(\d{{1,3}}):{_N}",
        rf"(\d{{1,3}}):(\d{{1,2}}):{_N}",
    )
]
_ANGLE = re.compile(r"(?P<front>[NSEW]?)\s*(?P<sign>[+-]?)(?P<body>\d.*?)\s*(?P<back>[NSEW]?)", re.IGNORECASE)
_LONGEST = 200
_AMBIGUOUS = re.compile(r"\d\s*[°'\"]?\s*[OZ]\s*$|^\s*[OZ]\s*\d", re.IGNORECASE)


class NotReadError(ValueError):
    """A text that has no reading as a position, or several; `why` completes *It …*."""

    def __init__(self, why: str, remedy: str = _HOW) -> None:
        super().__init__(why)
        self.why, self.remedy = why, remedy


@dataclass(frozen=True)
class Position:
    """A place, in degrees of longitude and latitude or in the numbers of a grid."""

    x: float
    y: float
    kind: Kind
    plain: bool = False
    """Whether it is two bare numbers, which say nothing of what they are."""
    wgs84: bool = False
    """Whether its notation stands on WGS 84."""
    size_m: float = 0.0
    """Side of the square that it names, where that is no point."""


class _Angle(NamedTuple):
    value: float
    letter: str
    form: str


def numbers(text: str) -> set[float]:
    """All readings of a number, by its decimal mark and by marks that group its digits in threes.

    Examples
    --------
    >>> sorted(numbers("1.234")), sorted(numbers("16,5")), sorted(numbers("4 990 000"))
    ([1.234, 1234.0], [16.5], [4990000.0])
    """
    plain = text.translate(_SIGNS)
    # Nobody writes a coordinate with an exponent, and an E may be east.
    return set(number_readings(plain)) if plain.isascii() and "e" not in plain.casefold() else set()


def read_pair(
    x: Any, y: Any, notation: str = "", crs_is_geographic: bool | None = None, within: Bounds | None = None
) -> Position:
    """Read a position from two cells.

    Parameters
    ----------
    x, y : str or number
        Longitude or easting, and latitude or northing. Letters that say the opposite, in both, are believed.
    notation : str
        One of `NOTATIONS`; anything else is then refused.
    crs_is_geographic : bool, optional
        Whether plain numbers are degrees; None: they are if they can be.
    within : tuple of float, optional
        Least x and y and greatest x and y of the CRS: decides between readings of grid numbers.

    Returns
    -------
    Position

    Raises
    ------
    NotReadError
        If there is no reading, or several.

    Examples
    --------
    >>> read_pair("16°15'E", "45,5")
    Position(x=16.25, y=45.5, kind='degrees', plain=False, wgs84=False, size_m=0.0)
    """
    for cell in (x, y):
        _refuse_type(cell)
        _refuse_long(cell)
    grid = set() if notation in ("decimal", "dms") else _grid_pairs(x, y)
    if notation == "grid" or (crs_is_geographic is False and grid):
        return _one_on_grid(x, y, grid, within)
    try:
        return _on_globe(x, y, notation)
    except NotReadError:
        if crs_is_geographic is None and grid:
            return _one_on_grid(x, y, grid, within)
        raise


def _refuse_type(cell: Any) -> None:
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        what = "true or false" if isinstance(cell, bool) else f"a {type(cell).__name__} ({cell})"
        raise NotReadError(f"has {what} where a coordinate should stand; a spreadsheet may have changed it")


def _refuse_long(cell: Any) -> None:
    # Before any pattern is tried: what one costs on a long run of blanks grows with its square.
    if isinstance(cell, str) and len(cell) > _LONGEST:
        raise NotReadError(
            f"has a coordinate that cannot be read: a text of {len(cell):,} characters ({cell[:30]!r} …)"
        )


def _cell_numbers(cell: str | float) -> set[float]:
    return numbers(cell) if isinstance(cell, str) else {float(cell)}


def _grid_pairs(x: Any, y: Any) -> set[tuple[float, float]]:
    return set(itertools.product(_cell_numbers(x), _cell_numbers(y)))


def _one_on_grid(x: Any, y: Any, pairs: set[tuple[float, float]], within: Bounds | None) -> Position:
    if len(pairs) > 1 and within is not None:
        pairs = {(a, b) for a, b in pairs if within[0] <= a <= within[2] and within[1] <= b <= within[3]}
    if len(pairs) != 1:
        raise _not_one(f"{str(x)!r}, {str(y)!r}", [f"{a:.12g}, {b:.12g}" for a, b in sorted(pairs)])
    return Position(*pairs.pop(), "grid", plain=True)


def _not_one(seen: str, found: list[str]) -> NotReadError:
    if found:
        return NotReadError(f"has coordinates with several readings: {seen} is {' or '.join(found[:4])}", _WHICH)
    return NotReadError(f"has coordinates that cannot be read ({seen})")


def _on_globe(x: Any, y: Any, notation: str) -> Position:
    first, second = (angles(cell) for cell in (x, y))
    found: dict[tuple[float, float], bool] = {}
    reasons: list[str] = []
    for a, b in itertools.product(first, second):
        if notation in ("decimal", "dms") and notation not in (a.form, b.form):
            continue
        pair = _lonlat(a, b, reasons)
        if pair:
            found[pair] = not (a.letter or b.letter) and a.form == b.form == "decimal"
    if not found and reasons:
        raise NotReadError(f"{reasons[0]} ({str(x)!r}, {str(y)!r})")
    if len(found) != 1:
        raise _not_one(f"{str(x)!r}, {str(y)!r}", [f"{lon:.12g}, {lat:.12g}" for lon, lat in sorted(found)])
    ((lon, lat), plain) = found.popitem()
    return Position(lon, lat, "degrees", plain)


def _lonlat(a: _Angle, b: _Angle, reasons: list[str]) -> tuple[float, float] | None:
    """Longitude and latitude of two angles as their letters say; without letters, in this order."""
    if a.letter and b.letter and a.letter in "NS" and b.letter in "EW":
        a, b = b, a
    if (a.letter and a.letter in "NS") or (b.letter and b.letter in "EW"):
        reasons.append("has the letter of a latitude at its longitude, or the other way round")
        return None
    if abs(a.value) > 180 or abs(b.value) > 90:
        reasons.append("has coordinates that are no longitude and latitude")
        return None
    return a.value, b.value


@lru_cache(maxsize=100_000)
def angles(cell: str | float) -> tuple[_Angle, ...]:
    """All readings of one coordinate in degrees, with the letter N, S, E or W that stands there.

    Parameters
    ----------
    cell : str or number

    Returns
    -------
    tuple

    Raises
    ------
    NotReadError
        If it is written as an angle that there is not, such as one of 75 minutes.
    """
    if not isinstance(cell, str):
        return (_Angle(float(cell), "", "decimal"),)
    text = cell.translate(_SIGNS).replace("''", '"').strip()
    if _AMBIGUOUS.search(text):
        raise NotReadError(
            f"has the letter O or Z in {cell!r}, which is east in some languages and west in others", _LETTERS
        )
    found = _ANGLE.fullmatch(text)
    if not found:
        return ()
    front, back = found["front"].upper(), found["back"].upper()
    readings: list[_Angle] = []
    if not (front and back):
        readings += _readings(found["body"], found["sign"], front or back, cell)
    if back:  # the last letter of "min", or the mark of seconds, it may be
        readings += _readings(f"{found['body']}{found['back']}", found["sign"], front, cell)
    return tuple(readings)


def _readings(body: str, sign: str, letter: str, cell: str) -> list[_Angle]:
    values = {(value, "decimal") for value in numbers(body.removesuffix("°").rstrip()) if value >= 0}
    for pattern in _DEGREES:
        if found := pattern.fullmatch(body):
            degrees, *parts = (float(part.replace(",", ".")) for part in found.groups())
            if max(parts) >= 60:
                raise NotReadError(f"has 60 or more minutes or seconds in {cell!r}")
            values.add((degrees + sum(part / 60**k for k, part in enumerate(parts, start=1)), "dms"))
    if values and sign == "-" and letter:
        raise NotReadError(f"has both a minus sign and a letter in {cell!r}", "Keep one of the two.")
    minus = sign == "-" or letter in ("S", "W")
    return [_Angle(-value if minus else value, letter, form) for value, form in sorted(values)]
