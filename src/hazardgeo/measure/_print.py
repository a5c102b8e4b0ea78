"""Areas as a person reads them: groups of three that read the same in Zagreb and in London, three units."""

from __future__ import annotations

import math

from hazardgeo.constants import M2_PER_KM2, M2_PER_MI2

NARROW = "\u202f"  # a narrow no-break space is neither the point nor the comma of any language
UNMEASURED = "not measured"


def grouped(value: float, decimals: int = 0) -> str:
    """Write a number in groups of three.

    Examples
    --------
    >>> grouped(892381.4).replace(NARROW, "_")
    '892_381'
    """
    return f"{value:,.{decimals}f}".replace(",", NARROW)


def counted(count: int, one: str, many: str) -> str:
    """Count with its noun.

    Examples
    --------
    >>> counted(1, "area", "areas"), counted(12, "area", "areas")
    ('1 area', '12 areas')
    """
    return f"{grouped(count)} {one if count == 1 else many}"


def print_km2(area_m2: float) -> str:
    """Area in square kilometres, three decimals, without its unit."""
    return UNMEASURED if math.isnan(area_m2) else grouped(area_m2 / M2_PER_KM2.value, 3)


def print_mi2(area_m2: float) -> str:
    """Area in square international miles, three decimals, without its unit."""
    return UNMEASURED if math.isnan(area_m2) else grouped(area_m2 / M2_PER_MI2.value, 3)


def print_large_area(area_m2: float) -> str:
    """Area in square kilometres and square miles.

    Examples
    --------
    >>> print_large_area(892_381.4)
    '0.892 km² = 0.345 mi²'
    """
    return UNMEASURED if math.isnan(area_m2) else f"{print_km2(area_m2)} km² = {print_mi2(area_m2)} mi²"


def print_area(area_m2: float) -> str:
    """Area in square metres, square kilometres and square miles.

    Examples
    --------
    >>> print_area(892_381.4).replace(NARROW, "_")
    '892_381 m² = 0.892 km² = 0.345 mi²'
    """
    return UNMEASURED if math.isnan(area_m2) else f"{grouped(area_m2)} m² = {print_large_area(area_m2)}"
