"""How far a place is moved, and whereto, when its coordinates are read on a datum, or by an operation, that is not theirs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

import pyproj
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType

from hazardgeo.constants import TWIN_NEAREST_M
from hazardgeo.crs._datum import is_modern
from hazardgeo.crs._geod import GEOD
from hazardgeo.crs._operations import published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hazardgeo.crs._operations import Bounds, Operation

# Layers are read beside their border by the operations of the neighbour as well.
_BESIDE_DEG = 2.0
_IGNORED = "taken for WGS 84"


@dataclass(frozen=True)
class Signature:
    """What lies between two readings of the same numbers: of one outline, drawn here by one and there by the other.

    Which of the two readings is right, it does not say.
    """

    crs: str
    """Geographic CRS that the numbers are on, or were taken to be on."""
    there: str
    here: str
    shift_m: float
    azimuth_deg: float
    """Whereto *here* lies, seen from *there*."""
    claim_m: float
    """Sum of the accuracies that the operations claim."""

    def told(self, there: str, here: str) -> str:
        """The two readings in words, *there* and *here* by the names that are given."""
        return f"coordinates on {self.crs}, {self.there} in {there} and {self.here} in {here}"

    def off_m(self, shift_m: float, azimuth_deg: float) -> float:
        """How far a shift that was seen is from this one [m]."""
        angle = math.radians(azimuth_deg - self.azimuth_deg)
        # The law of cosines, written so that small differences keep their digits.
        return math.hypot(shift_m - self.shift_m, 2 * math.sqrt(shift_m * self.shift_m) * math.sin(angle / 2))


def signatures(lon: float, lat: float) -> list[Signature]:
    """List what the readings of old coordinates lie apart at a place, for every datum that is in use there.

    Parameters
    ----------
    lon, lat : float
        Longitude and latitude [degree].

    Returns
    -------
    list of Signature
        Of at least `TWIN_NEAREST_M`, in both directions. Operations that claim no accuracy, or a worse one than that, are left
        out: they would explain any shift.

    Notes
    -----
    Each geographic CRS of the EPSG register on an old datum whose area of use reaches the place's degree is asked, and each
    published operation to WGS 84 whose area reaches within 2° of it. CRSs of the whole globe and those that do not count from
    Greenwich are left out: the former lie within metres of WGS 84, the latter degrees from it.
    """
    return [
        found
        for base, operations in _old_datums(math.floor(lon), math.floor(lat))
        for found in _between(base, operations, (lon, lat))
    ]


def explain_shift(at: tuple[float, float], shift_m: float, azimuth_deg: float, within_m: float) -> list[Signature]:
    """Find the readings that explain a shift: of each datum the one that fits best.

    Parameters
    ----------
    at : (float, float)
        Longitude and latitude of the place [degree].
    shift_m, azimuth_deg : float
        What was seen: how far, and whereto.
    within_m : float
        How far a shift may be off, besides what the operations claim [m].

    Returns
    -------
    list of Signature
        The best first; empty where none explains it.
    """
    fitting = [one for one in signatures(*at) if one.off_m(shift_m, azimuth_deg) <= within_m + one.claim_m]
    best: dict[str, Signature] = {}
    for one in sorted(fitting, key=lambda one: one.off_m(shift_m, azimuth_deg)):
        best.setdefault(one.crs, one)
    return list(best.values())


def _between(base: str, operations: tuple[Operation, ...], at: tuple[float, float]) -> Iterator[Signature]:
    """All pairs of readings of the same numbers."""
    readings = [_Reading(_IGNORED, *at, 0.0)]
    for one in operations:
        try:
            lon, lat = one.there([at[0]], [at[1]])
        except pyproj.exceptions.ProjError:  # a grid of shifts that ends before this place
            continue
        readings.append(
            _Reading(f"brought to WGS 84 by {one.code}", float(lon[0]), float(lat[0]), one.accuracy_m or 0.0)
        )
    for there, here in permutations(readings, 2):
        azimuth, _, shift = GEOD.inv(there.lon, there.lat, here.lon, here.lat)
        if shift >= TWIN_NEAREST_M.value:
            claim = there.claim_m + here.claim_m
            yield Signature(base, there.words, here.words, float(shift), float(azimuth) % 360, claim)


class _Reading(NamedTuple):
    """Where one way of reading puts the numbers."""

    words: str
    lon: float
    lat: float
    claim_m: float


@lru_cache(maxsize=64)
def _old_datums(west: int, south: int) -> tuple[tuple[str, tuple[Operation, ...]], ...]:
    """The old datums that are in use in a cell of one degree, and the operations from them to WGS 84."""
    cell = (
        max(west - _BESIDE_DEG, -180),
        max(south - _BESIDE_DEG, -90),
        min(west + 1 + _BESIDE_DEG, 180),
        min(south + 1 + _BESIDE_DEG, 90),
    )
    return tuple((name, some) for name, base in _in_use(west, south) if (some := _telling(base, cell)))


def _in_use(west: int, south: int) -> Iterator[tuple[str, pyproj.CRS]]:
    area = AreaOfInterest(west, south, west + 1, south + 1)
    for one in query_crs_info("EPSG", PJType.GEOGRAPHIC_2D_CRS, area_of_interest=area):
        if one.area_of_use is None or one.area_of_use.east - one.area_of_use.west >= 360:
            continue
        base = pyproj.CRS.from_authority(one.auth_name, one.code)
        from_greenwich = base.prime_meridian is not None and base.prime_meridian.longitude == 0
        if from_greenwich and not is_modern(base):
            yield f"{one.name} (EPSG:{one.code})", base


def _telling(base: pyproj.CRS, cell: Bounds) -> tuple[Operation, ...]:
    """Operations that claim enough for a shift to be told from others by them."""
    return tuple(
        one for one in published(base, cell) if one.accuracy_m is not None and one.accuracy_m <= TWIN_NEAREST_M.value
    )
