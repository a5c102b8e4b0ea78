"""Units that a register may state numbers in, each with its size and source."""

from __future__ import annotations

from typing import NamedTuple

from hazardgeo.sources import Grade, Source

_SI = Source("The International System of Units (SI): prefixes; hectare = 10,000 m²", Grade.SECONDARY)
_FOOT = Source(
    "International yard and pound agreement of 1959: 1 ft = 0.3048 m exactly; 1 acre = 43,560 square feet",
    Grade.SECONDARY,
)
_DUNUM = Source(
    "The metric dunum of 1,000 m²; others exist, such as 2,500 m² in Iraq: give those as a number", Grade.ASSUMED
)


class Unit(NamedTuple):
    """How many of our unit one of theirs is."""

    factor: float
    of: str
    source: Source


UNITS = {
    "m2": Unit(1.0, "m²", _SI),
    "ha": Unit(1e4, "m²", _SI),
    "km2": Unit(1e6, "m²", _SI),
    "dunum": Unit(1000.0, "m²", _DUNUM),
    "ft2": Unit(0.3048**2, "m²", _FOOT),
    "acre": Unit(4046.8564224, "m²", _FOOT),
    "m": Unit(1.0, "m", _SI),
    "km": Unit(1000.0, "m", _SI),
    "cm": Unit(0.01, "m", _SI),
}
"""By the name that a profile uses."""
