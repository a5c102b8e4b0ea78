"""Values in words: grouped numbers, areas in three units, ISO dates."""

from __future__ import annotations

import datetime
import math
from typing import Any

from hazardgeo.constants import M2_PER_KM2, M2_PER_MI2

NARROW = "\u202f"
UNSTATED = "not stated"
UNMEASURED = "not measured"


def grouped(value: float, decimals: int = 0) -> str:
    """Write a number in groups of three, which reads the same in Zagreb and in London.

    Examples
    --------
    >>> grouped(892381.4).replace(NARROW, "_")
    '892_381'
    """
    return f"{value:,.{decimals}f}".replace(",", NARROW)


def km2(area_m2: float) -> str:
    """Area in square kilometres, three decimals, without its unit."""
    return UNMEASURED if math.isnan(area_m2) else grouped(area_m2 / M2_PER_KM2.value, 3)


def large_area(area_m2: float) -> str:
    """Area in square kilometres and square miles.

    Examples
    --------
    >>> large_area(892_381.4)
    '0.892 km² = 0.345 mi²'
    """
    if math.isnan(area_m2):
        return UNMEASURED
    return f"{km2(area_m2)} km² = {grouped(area_m2 / M2_PER_MI2.value, 3)} mi²"


def area(area_m2: float) -> str:
    """Area in square metres, square kilometres and square miles.

    Examples
    --------
    >>> area(892_381.4).replace(NARROW, "_")
    '892_381 m² = 0.892 km² = 0.345 mi²'
    """
    return UNMEASURED if math.isnan(area_m2) else f"{grouped(area_m2)} m² = {large_area(area_m2)}"


def cell(value: Any) -> str:
    """Write one value of a frame as a person reads it; nothing is interpreted.

    Examples
    --------
    >>> cell(None), cell(float("nan")), cell(2.0), cell("{{ x }}")
    ('not stated', 'not stated', '2', '{{ x }}')
    """
    import pandas as pd

    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return UNSTATED
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or UNSTATED


def day(value: Any) -> str | None:
    """ISO date of a cell that holds one, for finding the newest; None for anything else."""
    text = cell(value)[:10]
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def counted(count: int, one: str, many: str) -> str:
    """Count with its noun.

    Examples
    --------
    >>> counted(1, "area", "areas"), counted(12, "area", "areas")
    ('1 area', '12 areas')
    """
    return f"{grouped(count)} {one if count == 1 else many}"
