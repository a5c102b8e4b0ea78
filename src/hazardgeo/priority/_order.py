"""Scores, the ranges that are left where a value is not known, and the ranks that follow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.constants import Constant
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCORE_TIE = Constant(
    "SCORE_TIE",
    1e-9,
    "1",
    "Scores that are no further apart share a rank.",
    Source("hazardgeo design choice: far above rounding, far below what any criterion is known to", Grade.ASSUMED),
)


def summed(contributions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum each row, rounded once, so that the order of the criteria does not matter; NaN where one is not known."""
    return np.array([math.fsum(row) for row in contributions.tolist()])


def levels(*scores: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Whole numbers in the order of the scores, the same for scores that are a tie; -1 for NaN."""
    every = np.concatenate(scores)
    known = np.flatnonzero(~np.isnan(every))
    order = known[np.argsort(every[known], kind="stable")]
    found = np.full(len(every), -1, dtype=np.int64)
    found[order] = np.cumsum(np.diff(every[order], prepend=every[order[:1]]) > SCORE_TIE.value)
    return np.split(found, np.cumsum([len(some) for some in scores])[:-1])


def how_many_above(own: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of `others`, how many lie higher than each of `own`."""
    return len(others) - np.searchsorted(np.sort(others), own, side="right")


def ranks(
    score: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Rank scores, the highest first.

    Parameters
    ----------
    score : ndarray of float
        NaN where one is not known.
    low, high : ndarray of float
        The range of each.

    Returns
    -------
    dict of str to ndarray of float
        ``place`` by the highest that each may be, a tie in the order given, so that nothing sinks for want of a figure;
        ``rank``, one more than those that certainly lie higher, NaN where the score is not known; ``rank_best`` and
        ``rank_worst`` that each may have whatever the unknown values of all are.
    """
    of_score, of_low, of_high = levels(score, low, high)
    place = np.empty(len(score))
    place[np.argsort(-of_high, kind="stable")] = np.arange(1, len(score) + 1)
    best = 1.0 + how_many_above(of_high, of_low)
    worst = 1.0 + how_many_above(of_low, of_high) - (of_high > of_low)  # none stands above itself
    return {"place": place, "rank": np.where(of_score < 0, np.nan, best), "rank_best": best, "rank_worst": worst}
