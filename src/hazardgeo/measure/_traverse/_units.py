"""Bearings and distances as field books have them: by the circle of the compass and the length of the tape."""

from __future__ import annotations

import math
import numbers
import re
from typing import TYPE_CHECKING

from hazardgeo.constants import Constant
from hazardgeo.errors import GeometryError, HazardgeoError
from hazardgeo.schema import PLAIN
from hazardgeo.schema._spelling import number_readings
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from hazardgeo.schema import Spelling

_SI = Source("The International System of Units (SI): degree, gon, metre", Grade.SECONDARY)
_ZRAK = Source(
    "Zrak Sarajevo, product page of the artillery compasses PB-1 (1/6400) and PB-2 (1/6000), www.zrak.ba", Grade.READ
)
_FOOT = Source("International yard and pound agreement of 1959: 1 ft = 0.3048 m exactly", Grade.SECONDARY)

CIRCLES = {
    one.name: one
    for one in (
        Constant("degrees", 360.0, "degree", "Degrees in a circle.", _SI),
        Constant("gon", 400.0, "gon", "Gon in a circle.", _SI),
        Constant("mils_6400", 6400.0, "mil", "Mils in a circle, as NATO counts them.", _ZRAK),
        Constant("mils_6000", 6000.0, "mil", "Mils in a circle, as the Warsaw Pact counted them.", _ZRAK),
    )
}
"""Units of bearings, each by how many make the circle."""
LENGTHS = {
    "m": Constant("m", 1.0, "m", "A metre.", _SI),
    "ft": Constant("ft", 0.3048, "m", "An international foot.", _FOOT),
}
"""Units of distances, each in metres."""
LONGEST_LEG_M = Constant(
    "LONGEST_LEG_M",
    100_000.0,
    "m",
    "A longer leg is a slip of the pen.",
    Source("hazardgeo design choice: beyond any line of sight", Grade.ASSUMED),
)

_SIGNS = str.maketrans("º˚′’‘`´ʹ″”“„ʺ−‑–\u00a0\u2009\u202f", "°°''''''\"\"\"\"\"---   ")
_PART = r"(\d{1,2}(?:[.,]\d+)?)"
_SEXAGESIMAL = [
    re.compile(text, re.ASCII)
    for text in (
        rf"(\d{{1,3}})\s*°\s*{_PART}\s*'?",
        rf"(\d{{1,3}})\s*°\s*(\d{{1,2}})\s*'\s*{_PART}\s*\"?",
        rf"(\d{{1,3}})[\s:-]+{_PART}",
        rf"(\d{{1,3}})[\s:-]+(\d{{1,2}})[\s:-]+{_PART}",
    )
]
# 15-00 is 1500 mils, as gunners of the Warsaw Pact write them: of 6000. On a circle of 6400 it is a slip, or the other circle.
_GUNNERS = re.compile(r"(\d{1,2})-(\d{2})", re.ASCII)
_HOW = "Write it in degrees such as 123.5 or 123°30'15\", or name the unit."


class NotDrawnError(GeometryError):
    """Something without which a traverse cannot be drawn: what was seen, and what to do."""

    def __init__(self, seen: str, remedy: str) -> None:
        super().__init__(f"{seen} {remedy}")
        self.seen, self.remedy = seen, remedy


def circle_of(unit: str) -> float:
    """How many of a unit of bearings make the circle.

    Raises
    ------
    HazardgeoError
        If the unit is none that is known, or does not say which circle.

    Examples
    --------
    >>> circle_of("gon")
    400.0
    """
    if unit in CIRCLES:
        return CIRCLES[unit].value
    if "mil" in str(unit).casefold():
        raise HazardgeoError(
            f"Bearings in {unit!r}: which circle? Say mils_6400 (NATO) or mils_6000 (Warsaw Pact, and compasses of the "
            "former Yugoslavia and Soviet Union). Taken for the other, a leg of 1,000 m ends up to 390 m off."
        )
    raise HazardgeoError(f"{unit!r} is no unit of bearings. Use one of {', '.join(CIRCLES)}.")


def metres_of(unit: str | float) -> float:
    """Metres in one unit of distance, which may be given as a number, such as 0.75 for a pace.

    Raises
    ------
    HazardgeoError
        If the unit is none that is known, or a number that no length has.

    Examples
    --------
    >>> metres_of("ft"), metres_of(0.75)
    (0.3048, 0.75)
    """
    if isinstance(unit, str) and unit in LENGTHS:
        return LENGTHS[unit].value
    if isinstance(unit, (int, float)) and not isinstance(unit, bool) and math.isfinite(unit) and unit > 0:
        return float(unit)
    raise HazardgeoError(
        f"{unit!r} is no unit of distances. Use {', '.join(LENGTHS)}, or say how many metres one is, such as 0.75 for a pace."
    )


def read_bearing(cell: object, unit: str, spelling: Spelling = PLAIN) -> float:
    """Read a bearing, clockwise from north.

    Parameters
    ----------
    cell : str or number
        ``123.5``, ``123°30'15"``, ``123 30 15``, and for mils of 6000 ``15-00``.
    unit : str
        One of `CIRCLES`.
    spelling : Spelling
        How text writes numbers.

    Returns
    -------
    float
        Degrees, 0 to 360.

    Raises
    ------
    NotDrawnError
        If there is no reading within the circle, or several.

    Examples
    --------
    >>> read_bearing("123°30'", "degrees"), read_bearing("15-00", "mils_6000")
    (123.5, 90.0)
    """
    circle = circle_of(unit)
    values = {value for value in _angles(cell, unit, spelling) if 0 <= value <= circle}
    if len(values) == 1:
        return values.pop() * 360 / circle
    if values:
        raise _several("bearing", cell, values)
    raise NotDrawnError(f"The bearing {_shown(cell)} is none of 0 to {circle:g} ({unit}).", _HOW)


def read_distance(cell: object, unit: str | float, spelling: Spelling = PLAIN) -> float:
    """Read the distance of a leg.

    Parameters
    ----------
    cell : str or number
    unit : str or float
        One of `LENGTHS`, or metres in one unit.
    spelling : Spelling
        How text writes numbers.

    Returns
    -------
    float
        Metres, above 0.

    Raises
    ------
    NotDrawnError
        If there is no reading that a leg can have, or several.

    Examples
    --------
    >>> read_distance("250", "ft")
    76.2
    """
    metre = metres_of(unit)
    values = {value for value in _numbers(cell, spelling) if 0 < value * metre <= LONGEST_LEG_M.value}
    if len(values) == 1:
        return values.pop() * metre
    if values:
        raise _several("distance", cell, values)
    raise NotDrawnError(f"The distance {_shown(cell)} is none that a leg can have.", "Write the number alone, above 0.")


def is_sexagesimal(cell: object) -> bool:
    """Whether a cell bears the sign of degrees, so that its unit is said.

    Examples
    --------
    >>> is_sexagesimal("123°"), is_sexagesimal("123")
    (True, False)
    """
    return isinstance(cell, str) and "°" in cell.translate(_SIGNS)


def _several(what: str, cell: object, values: set[float]) -> NotDrawnError:
    readings = " or ".join(f"{value:.12g}" for value in sorted(values))
    remedy = "Say how numbers are written: --locale (such as hr or en), or decimal and group in a profile."
    return NotDrawnError(f"The {what} {_shown(cell)} is {readings}.", remedy)


def _shown(cell: object) -> str:
    return repr(cell[:40] if isinstance(cell, str) else cell)


def _angles(cell: object, unit: str, spelling: Spelling) -> set[float]:
    if not isinstance(cell, str):
        return _numbers(cell, spelling)
    text = cell.translate(_SIGNS).replace("''", '"').strip()
    if len(text) > 40:
        return set()
    if unit == "degrees":
        for pattern in _SEXAGESIMAL:
            if found := pattern.fullmatch(text):
                degrees, *parts = (float(part.replace(",", ".")) for part in found.groups())
                if max(parts) >= 60:
                    raise NotDrawnError(f"The bearing {_shown(cell)} has 60 or more minutes or seconds.", _HOW)
                return {degrees + sum(part / 60**k for k, part in enumerate(parts, start=1))}
        text = text.removesuffix("°").rstrip()
    elif found := _GUNNERS.fullmatch(text) if unit.startswith("mils") else None:
        if unit != "mils_6000":
            seen = f"The bearing {_shown(cell)} is written as mils of a circle of 6000 are, and its unit is {unit}."
            raise NotDrawnError(seen, "If the compass counts 6000, say mils_6000; else write it without the dash.")
        return {float(found[1] + found[2])}
    return set(number_readings(text, spelling))


def _numbers(cell: object, spelling: Spelling) -> set[float]:
    if isinstance(cell, bool) or not isinstance(cell, (str, numbers.Real)):
        return set()
    return set(number_readings(cell, spelling)) if isinstance(cell, str) else {float(cell)}
