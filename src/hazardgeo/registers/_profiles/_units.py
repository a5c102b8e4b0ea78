"""Units that a register may state numbers in, each with its size and source."""

from __future__ import annotations

from typing import NamedTuple

from hazardgeo import constants as c
from hazardgeo.sources import Grade, Source

_SI = Source("The International System of Units (SI): prefixes", Grade.SECONDARY)


class Unit(NamedTuple):
    """How many of our unit one of theirs is."""

    factor: float
    of: str
    source: Source


def _area(size: c.Constant) -> Unit:
    return Unit(size.value, "m²", size.source)


UNITS = {
    "m2": Unit(1.0, "m²", _SI),
    "ha": _area(c.M2_PER_HA),
    "km2": _area(c.M2_PER_KM2),
    "dunum": _area(c.M2_PER_DUNAM),
    "dunam": _area(c.M2_PER_DUNAM),
    "jerib": _area(c.M2_PER_JERIB),
    "ft2": _area(c.M2_PER_FT2),
    "acre": _area(c.M2_PER_ACRE),
    "m": Unit(1.0, "m", _SI),
    "km": Unit(1000.0, "m", _SI),
    "cm": Unit(0.01, "m", _SI),
}
"""By the name that a profile uses."""
