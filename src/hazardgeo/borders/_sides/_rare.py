"""Ground beyond the band: each hazard there is decided, and of many a few lie across the line after all."""

from __future__ import annotations

import math
from statistics import NormalDist

from hazardgeo.constants import NORMAL_95

_ONE_SIDED = 0.025
_ENOUGH = 1e-12
_STEPS, _TAIL_STEPS = 80, 20


def rare_total_m2(mean_m2: float, sd_m2: float, chance: float) -> float:
    """Ground that is lost to the other side at most, in 97.5 of 100 cases.

    Parameters
    ----------
    mean_m2, sd_m2 : float
        Expected loss of all hazards together, and its standard deviation [m²].
    chance : float
        Sum of the chances of each hazard to lose anything, which bounds that of any loss.

    Returns
    -------
    float
        [m²]; 0 where a loss of any kind is rarer than 2.5 in 100.

    Notes
    -----
    A sum of rare losses is no normal variable: it is mostly nought, and skewed. It is taken as a gamma variable of the same mean
    and standard deviation.

    Examples
    --------
    Of an exponential variable (standard deviation equal to the mean) 97.5 % lie below 3.689 means:

    >>> round(rare_total_m2(100.0, 100.0, 1.0), 1)
    368.9
    >>> rare_total_m2(100.0, 100.0, 0.02)
    0.0
    """
    if chance <= _ONE_SIDED * (1 + 1e-9) or mean_m2 <= 0 or sd_m2 <= 0:
        return 0.0
    shape, scale = (mean_m2 / sd_m2) ** 2, sd_m2**2 / mean_m2
    low, high = 0.0, mean_m2 + 10 * sd_m2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _gamma_below(shape, middle / scale) < 1 - _ONE_SIDED else (low, middle)
    return high


def _gamma_below(shape: float, x: float) -> float:
    """Regularised lower incomplete gamma function, by its power series (all terms are positive)."""
    if x <= 0:
        return 0.0
    log_first = shape * math.log(x) - x - math.lgamma(shape + 1)
    total, term, n = 1.0, 1.0, 0
    while term > _ENOUGH * total:
        n += 1
        term *= x / (shape + n)
        total += term
    return math.exp(log_first + math.log(total))


def beyond(begins: float, ends: float) -> tuple[float, float, float]:
    """Loss of ground that lies beyond the band, as the line moves further than `begins` half-widths.

    Parameters
    ----------
    begins, ends : float
        How far the line must move to begin to take the ground, and to have taken all of it, in half-widths; 1 or more.

    Returns
    -------
    chance, mean, square : float
        Of any loss, and the first two moments of the share that is lost; in between, it grows evenly.

    Examples
    --------
    A point one half-width off is lost, whole, as often as the line is further off to that side:

    >>> [round(value, 3) for value in beyond(1.0, 1.0)]
    [0.025, 0.025, 0.025]
    """
    chance = 0.5 * math.erfc(begins * NORMAL_95.value / math.sqrt(2))
    steps = (chance * (k + 0.5) / _TAIL_STEPS for k in range(_TAIL_STEPS))
    moves = [NormalDist().inv_cdf(1 - rest) / NORMAL_95.value for rest in steps]
    shares = [min(1.0, (move - begins) / max(ends - begins, _ENOUGH)) for move in moves]
    mean, square = (math.fsum(share**power for share in shares) / _TAIL_STEPS for power in (1, 2))
    return chance, chance * mean, chance * square
