"""What a traverse says about itself: how it closes, how its bearings agree, and whether it meets other known points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.measure._traverse._errors import explained

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyproj
    from numpy.typing import NDArray

    from hazardgeo.measure._traverse._chain import MeasuredLeg
    from hazardgeo.measure._traverse._draw import Drawn

ROUNDING_M = 0.001  # what no one measures
_TURN_REACHES_M = 1.0  # a known point nearer to the start says nothing of directions


@dataclass(frozen=True)
class Closure:
    """How the loop of a traverse closes."""

    misclosure_m: float
    explained_m: float
    """What errors of compass and tape explain in that direction, at 95 % [m]."""
    length_m: float
    """Length walked round the loop [m]."""

    @property
    def passes(self) -> bool:
        """Whether compass and tape explain the misclosure."""
        return self.misclosure_m <= self.explained_m + ROUNDING_M

    @property
    def ratio(self) -> float:
        """The n of 1:n; infinite where it closes to the millimetre."""
        return math.inf if self.misclosure_m < ROUNDING_M else self.length_m / self.misclosure_m

    def in_words(self) -> str:
        """How it closes, in one sentence."""
        ratio = "" if math.isinf(self.ratio) else f" (1:{self.ratio:.0f})"
        than = "compass and tape explain" if self.passes else "more than compass and tape explain:"
        return f"It closes to {self.misclosure_m:.1f} m after {self.length_m:,.0f} m{ratio}; {than} {self.explained_m:.1f} m."


@dataclass(frozen=True)
class BackBearings:
    """How fore and back bearings agree, where both were read."""

    legs: int
    sum_deg: float
    """The angular misclosure: what the back bearings, turned round, are more than the fore bearings, over all legs."""
    worst_leg: str
    worst_deg: float
    explained_deg: float
    """What two readings explain at 95 % in the worst of so many legs [degree]."""

    @property
    def passes(self) -> bool:
        """Whether no leg differs by more than two readings explain."""
        return abs(self.worst_deg) <= self.explained_deg

    def in_words(self) -> str:
        """How they agree, in one sentence."""
        than = "two readings explain" if self.passes else "more than two readings explain:"
        return (
            f"Fore and back bearings differ most on the leg {self.worst_leg}, by {abs(self.worst_deg):.1f}°; {than} "
            f"{self.explained_deg:.1f}°. Over {self.legs} legs they sum to {self.sum_deg:+.1f}°."
        )


@dataclass(frozen=True)
class PositionCheck:
    """How far a point lies from where its own coordinates put it."""

    name: str
    distance_m: float
    explained_m: float
    """What all errors explain in that direction, those of both known points included, at 95 % [m]."""
    turn_deg: float
    """By how much all bearings would have to turn for the point to lie in the right direction; NaN near the start."""
    stretch: float
    """By how much all distances would have to grow for it to lie as far as it should; NaN near the start."""

    @property
    def passes(self) -> bool:
        """Whether the errors explain the distance."""
        return self.distance_m <= self.explained_m + ROUNDING_M

    def in_words(self) -> str:
        """How far it is off and what would bring it there, in one or two sentences."""
        than = "the errors explain" if self.passes else "more than the errors explain:"
        said = f"{self.name} lies {self.distance_m:.1f} m from its own coordinates; {than} {self.explained_m:.1f} m."
        if self.passes or math.isnan(self.turn_deg):
            return said
        turned = f"if all bearings turned by {self.turn_deg:+.1f}° and all distances were × {self.stretch:.3f}"
        return f"{said} It would lie right {turned}."


def closure_of(drawn: Drawn, covariance: NDArray[np.float64], length_m: float) -> Closure | None:
    """How the loop closes, with the covariance of its end; None where no leg closes."""
    azimuth, length = drawn.misclosure
    if math.isnan(length):
        return None
    offset = length * np.array([math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))])
    return Closure(length, explained(offset, covariance), length_m)


def back_bearings_of(legs: Sequence[MeasuredLeg], gap_deg: NDArray[np.float64], sd_deg: float) -> BackBearings | None:
    """How fore and back bearings agree; None where no back bearing was read.

    The limit holds for the worst of n legs: each is within it with probability 0.95 to the power of 1/n.
    """
    read = np.flatnonzero(~np.isnan(gap_deg))
    if not len(read):
        return None
    worst = int(read[np.argmax(np.abs(gap_deg[read]))])
    limit = NormalDist().inv_cdf((1 + 0.95 ** (1 / len(read))) / 2) * math.sqrt(2) * sd_deg
    return BackBearings(len(read), float(gap_deg[read].sum()), legs[worst].label, float(gap_deg[worst]), limit)


def position_check(
    name: str,
    drawn_at: tuple[float, float],
    known_at: tuple[float, float],
    *,
    start: tuple[float, float],
    covariance: NDArray[np.float64],
    geod: pyproj.Geod,
) -> PositionCheck:
    """Compare a point with its own coordinates; places are longitude and latitude on the ellipsoid of the traverse."""
    azimuth, _, distance = geod.inv(*drawn_at, *known_at)
    offset = distance * np.array([math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))])
    drawn_azimuth, _, drawn_m = geod.inv(*start, *drawn_at)
    known_azimuth, _, known_m = geod.inv(*start, *known_at)
    turn, stretch = math.nan, math.nan
    if min(drawn_m, known_m) > max(_TURN_REACHES_M, distance / 2):
        turn, stretch = (known_azimuth - drawn_azimuth + 180) % 360 - 180, known_m / drawn_m
    return PositionCheck(name, float(distance), explained(offset, covariance), float(turn), float(stretch))
