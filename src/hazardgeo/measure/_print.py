"""Areas as a person reads them: groups of three that read the same in Zagreb and in London, in the unit that is asked for."""

from __future__ import annotations

import math
from typing import NamedTuple

from hazardgeo import constants as c
from hazardgeo.errors import HazardgeoError
from hazardgeo.schema import spelling_of

NARROW = "\u202f"  # a narrow no-break space is neither the point nor the comma of any language
UNMEASURED = "not measured"


class AreaUnit(NamedTuple):
    """A unit that areas are printed in: its size [m²], its sign, decimals of a single area and of a total."""

    m2: float
    sign: str
    decimals: int
    of_total: int


UNITS = {
    "m2": AreaUnit(1.0, "m²", 0, 0),
    "ha": AreaUnit(c.M2_PER_HA.value, "ha", 2, 1),
    "km2": AreaUnit(c.M2_PER_KM2.value, "km²", 3, 2),
    "mi2": AreaUnit(c.M2_PER_MI2.value, "mi²", 3, 2),
    "acre": AreaUnit(c.M2_PER_ACRE.value, "acre", 2, 1),
    "dunam": AreaUnit(c.M2_PER_DUNAM.value, "dunam", 2, 1),
    "jerib": AreaUnit(c.M2_PER_JERIB.value, "jerib", 2, 1),
}
# Languages whose readers know these units by their own letters (CLDR 47, short forms); all others by the Latin ones.
_CYRILLIC_UNITS = ("ru", "uk", "kk", "ky")
_CYRILLIC = {"m2": "м²", "ha": "га", "km2": "км²"}


def format_area(value_m2: float, *, unit: str = "m2", language: str = "en", total: bool = False) -> str:
    """Write an area as a person reads it, with its unit.

    Sum first and write then: a sum of rounded areas is another number. That an area is small does not make it nothing: one of
    half a square metre or more is never written as 0, whatever the unit.

    Parameters
    ----------
    value_m2 : float
        Area [m²]; NaN is written *not measured*.
    unit : {"m2", "ha", "km2", "mi2", "acre", "dunam", "jerib"}
        Unit to write it in; dunam and jerib are those of `hazardgeo.constants`, and others exist.
    language : str
        Language of the reader, such as ``hr`` or ``sr-Cyrl``: whether decimals follow a point or a comma, and the letters of
        m², ha and km².
    total : bool
        Whether it is a total, which has one decimal less than a single area.

    Returns
    -------
    str
        m² without decimals, km² with three (of a total, two), mi² with as many significant digits as its km², other units with
        two (of a total, one). Groups of three stand apart by a narrow no-break space (U+202F), which no language reads as a
        decimal mark.

    Raises
    ------
    HazardgeoError
        If the unit or the language is not known, or the area is infinite.

    References
    ----------
    Unicode CLDR 47, https://cldr.unicode.org, for the marks and letters of a language; sizes of the units: `hazardgeo.constants`.

    Examples
    --------
    >>> format_area(892_381.4).replace(NARROW, "_"), format_area(892_381.4, unit="km2", language="hr")
    ('892_381 m²', '0,892 km²')
    """
    if unit not in UNITS:
        raise HazardgeoError(f"There is no unit {unit!r}. Use one of {', '.join(UNITS)}.")
    decimal = spelling_of(language).decimal
    if math.isnan(value_m2):
        return UNMEASURED
    if math.isinf(value_m2):
        raise HazardgeoError("The area is infinite. Look for a division by 0 or a coordinate that is no number.")
    cyrillic = language.replace("_", "-").partition("-")[0].casefold() in _CYRILLIC_UNITS
    sign = _CYRILLIC.get(unit, UNITS[unit].sign) if cyrillic else UNITS[unit].sign
    return f"{_figure(value_m2, unit, total=total).replace('.', decimal)} {sign}"


def _figure(value_m2: float, unit: str, *, total: bool = False) -> str:
    value = value_m2 / UNITS[unit].m2
    return grouped(value, _decimals(value_m2, unit, total=total))


def _decimals(value_m2: float, unit: str, *, total: bool) -> int:
    value, usual = value_m2 / UNITS[unit].m2, UNITS[unit].of_total if total else UNITS[unit].decimals
    if unit == "mi2" and value:
        km2 = grouped(value_m2 / UNITS["km2"].m2, _decimals(value_m2, "km2", total=total))
        if digits := len("".join(sign for sign in km2 if sign.isdigit()).lstrip("0")):
            return digits - 1 - _exponent(value, digits)
    if round(value, usual) == 0 and abs(value_m2) >= 0.5:
        return -_exponent(value, 1)
    return usual


def _exponent(value: float, digits: int) -> int:
    """Power of ten of the first digit of a number that is written with so many significant digits."""
    return int(f"{value:.{digits - 1}e}".partition("e")[2])


def grouped(value: float, decimals: int = 0) -> str:
    """Write a number in groups of three.

    Examples
    --------
    >>> grouped(892381.4).replace(NARROW, "_"), grouped(-0.2)
    ('892_381', '0')
    """
    return f"{value:z,.{decimals}f}".replace(",", NARROW)


def counted(count: int, one: str, many: str) -> str:
    """Count with its noun.

    Examples
    --------
    >>> counted(1, "area", "areas"), counted(12, "area", "areas")
    ('1 area', '12 areas')
    """
    return f"{grouped(count)} {one if count == 1 else many}"


def print_km2(area_m2: float) -> str:
    """Area in square kilometres as `format_area` writes it, without its unit."""
    return UNMEASURED if math.isnan(area_m2) else _figure(area_m2, "km2")


def print_large_area(area_m2: float) -> str:
    """Area in square kilometres and square miles.

    Examples
    --------
    >>> print_large_area(892_381.4)
    '0.892 km² = 0.345 mi²'
    """
    return _in_units(area_m2, "km2", "mi2")


def print_area(area_m2: float) -> str:
    """Area in square metres, square kilometres and square miles.

    Examples
    --------
    >>> print_area(892_381.4).replace(NARROW, "_")
    '892_381 m² = 0.892 km² = 0.345 mi²'
    """
    return _in_units(area_m2, "m2", "km2", "mi2")


def _in_units(area_m2: float, *units: str) -> str:
    return UNMEASURED if math.isnan(area_m2) else " = ".join(format_area(area_m2, unit=unit) for unit in units)
