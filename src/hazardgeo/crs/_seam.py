"""How far two datum operations disagree on the same ground: the seam between two registers."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyproj

from hazardgeo.crs._datum import WGS84, geographic, is_modern, may_be_datum, recorded_in
from hazardgeo.crs._geod import GEOD, on_arrays
from hazardgeo.crs._names import parse_crs, same_crs
from hazardgeo.crs._operations import named_operation
from hazardgeo.errors import CRSError

if TYPE_CHECKING:
    from numpy.typing import NDArray

ONE, COMPUTED, CLAIMED, UNKNOWN = (
    "one way for both",
    "computed on the same coordinates",
    "what both claim, added up",
    "not known",
)


class Origin(NamedTuple):
    """How coordinates came to WGS 84: the provenance that every record carries."""

    source_crs: str
    datum_operation: str
    datum_accuracy_m: float

    @property
    def codes(self) -> str:
        """Codes of the operation."""
        return self.datum_operation.partition(" (")[0]


class Seam(NamedTuple):
    """The largest disagreement of two origins, where it is, and how it is known.

    `metres` is NaN where it is not known, `longitude` and `latitude` where it is one figure for all the ground.
    """

    metres: float
    longitude: float
    latitude: float
    basis: str


def seam(one: Origin, other: Origin, lonlat: NDArray[np.float64]) -> Seam:
    """Find how far two origins may disagree on the same ground.

    Operations that start on one datum are both applied to the same coordinates of it. Where the datums differ, coordinates of
    the one are none of the other, and all that is known is what each operation claims: the two claims are added up.

    Parameters
    ----------
    one, other : Origin
    lonlat : ndarray of float, shape (n, 2)
        Places in WGS 84 to ask at [degree].

    Returns
    -------
    Seam
    """
    if one == other and one.codes:
        return Seam(0.0, math.nan, math.nan, ONE)
    base, base_of_other = _datum(one.source_crs), _datum(other.source_crs)
    if base is not None and base_of_other is not None and not may_be_datum(base, base_of_other):
        base, base_of_other = base_of_other, base  # one of them may bear a name that the other's datum bears as well
    same = base is not None and base_of_other is not None and may_be_datum(base, base_of_other)
    if same and base is not None and (one.codes == other.codes or same_crs(base, WGS84)):
        return Seam(0.0, math.nan, math.nan, ONE)
    if same and base is not None and not is_modern(base) and len(lonlat):
        found = _computed(base, one, other, lonlat)
        if found is not None:
            return found
    claimed = one.datum_accuracy_m + other.datum_accuracy_m
    return Seam(claimed, math.nan, math.nan, UNKNOWN if math.isnan(claimed) else CLAIMED)


def _computed(base: pyproj.CRS, one: Origin, other: Origin, lonlat: NDArray[np.float64]) -> Seam | None:
    try:
        first, second = (named_operation(origin.codes, base, "the register") for origin in (one, other))
        again = second.there(*first.undo(*lonlat.T))
    except (
        CRSError,
        pyproj.exceptions.ProjError,
    ):  # an operation of another version of the register, or without a code
        return None
    distance = on_arrays(GEOD.inv, *lonlat.T, *again)[2]
    if not np.isfinite(distance).all():
        return None
    k = int(distance.argmax())
    return Seam(float(distance[k]), float(lonlat[k, 0]), float(lonlat[k, 1]), COMPUTED)


@lru_cache(maxsize=256)
def _datum(source_crs: str) -> pyproj.CRS | None:
    try:
        return geographic(recorded_in(parse_crs(source_crs), "the register", named=True))
    except CRSError:
        return None
