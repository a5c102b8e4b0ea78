"""What errors of compass, tape and known point do to positions and areas."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.constants import VERTEX_SD_M, Constant
from hazardgeo.errors import HazardgeoError
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.measure._traverse._draw import Drawn

_OURS = "hazardgeo design choice; give errors= (in a profile: under [traverse]) to change it"
BEARING_SD_DEG = Constant(
    "BEARING_SD_DEG",
    1.0,
    "degree",
    "Standard deviation of one bearing by compass, independent from leg to leg.",
    Source(
        f"{_OURS}: between the mean azimuth errors, about 0.5 and above 3 degrees, of the two compasses in the abstract of "
        "Tomaštík and Tunák (2015), doi:10.3846/20296991.2015.1011863",
        Grade.ASSUMED,
    ),
)
DISTANCE_SD_M = Constant(
    "DISTANCE_SD_M",
    0.5,
    "m",
    "Standard deviation of one distance, independent from leg to leg.",
    Source(f"{_OURS}: a marker is not set to the decimetre", Grade.ASSUMED),
)
NORTH_SD_DEG = Constant(
    "NORTH_SD_DEG",
    0.5,
    "degree",
    "Standard deviation of what all bearings have wrong together: the declination, and the compass itself.",
    Source(f"{_OURS}: half the error of one bearing", Grade.ASSUMED),
)
SCALE_SD = Constant(
    "SCALE_SD",
    0.005,
    "1",
    "Standard deviation of what all distances have wrong together, as a share: the tape, and measuring along slopes.",
    Source(f"{_OURS}: a slope of 10 % makes a distance 0.5 % too long", Grade.ASSUMED),
)
CHI2_95 = Constant(
    "CHI2_95",
    -2 * math.log(0.05),
    "1",
    "95 % of a normal distribution in the plane lie within the ellipse of this squared size.",
    Source("Closed form: the chi-square distribution of 2 degrees of freedom is 1 - exp(-x / 2)", Grade.SECONDARY),
)


@dataclass(frozen=True)
class SurveyErrors:
    """How well bearings, distances and known points are known: one standard deviation each.

    The values that stand here where none is given are choices of this library, not measurements of your compass. Bearings and
    distances have a part of their own in every leg, and a part that is the same in all.

    Parameters
    ----------
    bearing_sd_deg : float
        Of one bearing, independent from leg to leg [degree].
    distance_sd_m : float
        Of one distance, independent from leg to leg [m].
    north_sd_deg : float
        Of what all bearings have wrong together, such as the declination [degree].
    scale_sd : float
        Of what all distances have wrong together, as a share.
    known_sd_m : float
        Of a point whose coordinates are known, in each direction [m].

    Raises
    ------
    HazardgeoError
        If one is negative or no number.

    Examples
    --------
    >>> SurveyErrors(bearing_sd_deg=0.5).bearing_sd_deg
    0.5
    """

    bearing_sd_deg: float = BEARING_SD_DEG.value
    distance_sd_m: float = DISTANCE_SD_M.value
    north_sd_deg: float = NORTH_SD_DEG.value
    scale_sd: float = SCALE_SD.value
    known_sd_m: float = VERTEX_SD_M.value

    def __post_init__(self) -> None:
        for name in (one.name for one in fields(self)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
                raise HazardgeoError(f"{name} is {value!r}. Give a standard deviation, 0 or more.")

    def in_words(self) -> str:
        """The errors in one line, for whoever reads what rests on them."""
        return (
            f"errors taken as {self.bearing_sd_deg:g}° a bearing and {self.north_sd_deg:g}° in all, {self.distance_sd_m:g} m a "
            f"distance and {100 * self.scale_sd:g} % in all, {self.known_sd_m:g} m at known points"
        )


@dataclass(frozen=True, eq=False)
class Spread:
    """The errors of a drawn traverse, to the first order."""

    legs: NDArray[np.float64]
    """Covariance of the own errors of each leg [m²]: east-east, east-north, north-north; shape (legs, 3)."""
    vectors: NDArray[np.float64]
    """East and north of each leg [m]; shape (legs, 2)."""
    errors: SurveyErrors

    def of_sum(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Covariance of weighted sums of legs, own and common errors together.

        Parameters
        ----------
        weights : ndarray of float, shape (n, legs)

        Returns
        -------
        ndarray of float, shape (n, 2, 2)
            [m²].
        """
        east, both, north = ((weights**2) @ self.legs).T
        east_m, north_m = (weights @ self.vectors).T
        turn, scale = math.radians(self.errors.north_sd_deg) ** 2, self.errors.scale_sd**2
        east = east + turn * north_m**2 + scale * east_m**2
        north = north + turn * east_m**2 + scale * north_m**2
        both = both + (scale - turn) * east_m * north_m
        return np.stack([np.stack([east, both], axis=-1), np.stack([both, north], axis=-1)], axis=-2)


def spread_of(drawn: Drawn, distance_m: NDArray[np.float64], errors: SurveyErrors, *, widened: bool = True) -> Spread:
    """Say how far errors carry each leg.

    Parameters
    ----------
    drawn : Drawn
    distance_m : ndarray of float
        Length of each leg.
    errors : SurveyErrors
    widened : bool
        Whether a leg is taken to be as unsure as its two bearings show. Positions need that; a check does not, as an error
        would explain itself.

    Returns
    -------
    Spread

    Notes
    -----
    A leg of length L and azimuth a errs by s along it and by L·b across it, where s and b (in radians) are the standard
    deviations of its distance and its bearing: b is that of one bearing, divided by √2 where fore and back were read, but,
    widened, never less than half of what the two differ by.
    """
    azimuth = np.radians(drawn.azimuth_deg)
    unit = np.column_stack([np.sin(azimuth), np.cos(azimuth)])
    one = math.radians(errors.bearing_sd_deg)
    has_two = ~np.isnan(drawn.gap_deg)
    half_gap = np.radians(np.abs(np.nan_to_num(drawn.gap_deg))) / 2 * widened
    across = (np.where(has_two, np.maximum(one / math.sqrt(2), half_gap), one) * distance_m) ** 2
    along = errors.distance_sd_m**2
    east, north = unit.T
    own = [
        along * east**2 + across * north**2,
        (along - across) * east * north,
        along * north**2 + across * east**2,
    ]
    return Spread(np.column_stack(own), unit * distance_m[:, None], errors)


def worst_sd(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard deviation in the worst direction: the longer half-axis of the error ellipse [m]."""
    return np.asarray(np.sqrt(np.maximum(np.linalg.eigvalsh(covariance)[..., -1], 0.0)), dtype=float)


def explained(offset_m: NDArray[np.float64], covariance: NDArray[np.float64]) -> float:
    """How far the errors explain an offset in its own direction, at 95 % [m].

    Parameters
    ----------
    offset_m : ndarray of float
        East and north [m].
    covariance : ndarray of float, shape (2, 2)
        [m²].

    Returns
    -------
    float
        Reach of the 95 % ellipse; in its longest direction where there is no offset.
    """
    length = float(np.hypot(*offset_m))
    if length == 0 or np.linalg.det(covariance) <= 0:
        return math.sqrt(CHI2_95.value) * float(worst_sd(covariance))
    squared = float(offset_m @ np.linalg.solve(covariance, offset_m))
    return length * math.sqrt(CHI2_95.value / squared)


def area_sd(corners: NDArray[np.float64], weights: NDArray[np.float64], spread: Spread) -> float:
    """Standard deviation of the area of a polygon drawn by a traverse.

    Parameters
    ----------
    corners : ndarray of float, shape (n, 2)
        East and north of its corners in a local plane [m], in order.
    weights : ndarray of float, shape (n, legs)
        As those of the chain, for the corners.
    spread : Spread

    Returns
    -------
    float
        [m²].

    Notes
    -----
    The area is A = ½ Σ (e_k n_{k+1} − e_{k+1} n_k). Its derivatives by the corners, carried to the legs by their weights,
    give its variance; an error of all bearings leaves it as it is, and one of all distances by the share s adds 2·A·s.
    """
    gap = np.roll(corners, -1, axis=0) - np.roll(corners, 1, axis=0)
    by_leg = weights.T @ (np.column_stack([gap[:, 1], -gap[:, 0]]) / 2)
    east, both, north = spread.legs.T
    own = float(np.sum(by_leg[:, 0] ** 2 * east + 2 * by_leg[:, 0] * by_leg[:, 1] * both + by_leg[:, 1] ** 2 * north))
    turned = float(np.sum(by_leg[:, 0] * spread.vectors[:, 1] - by_leg[:, 1] * spread.vectors[:, 0]))
    scaled = float(np.sum(by_leg * spread.vectors))
    common = (turned * math.radians(spread.errors.north_sd_deg)) ** 2 + (scaled * spread.errors.scale_sd) ** 2
    return math.sqrt(own + common)
