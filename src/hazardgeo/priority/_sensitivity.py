"""What becomes of a ranking when the weights are moved: nobody knows them to the last percent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import counted, grouped
from hazardgeo.priority._order import SCORE_TIE, ranks

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.priority._ranking import Ranking

_CHUNK = 2_000_000  # numbers that are held at once
_NAMED = 3


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """How firm a ranking is when each weight is moved by up to `share` of itself, by itself.

    `ranks` on the ranking's index: ``rank`` among the scores that are known; ``rank_best_drawn`` and ``rank_worst_drawn``
    over all draws; ``rank_best_bound`` and ``rank_worst_bound``, beyond which no such weights lead; ``share_in_top`` of the
    draws with a rank of at most `top`. Missing where the score is not known or the hazard is listed apart. `swaps` has a row
    for every two that follow each other in the list, the first to change places first: ``first``, ``second`` (ids),
    ``rank_first``, ``rank_second``, ``score_apart`` and ``swap_share``, the least share by which weights must be moved for it
    (0 where they are a tie; 1 where no weights change it, except by leaving a criterion out; NaN where they are alike in
    every criterion).
    """

    ranks: pd.DataFrame
    swaps: pd.DataFrame
    share: float
    top: int
    draws: int
    seed: int

    @property
    def sentence(self) -> str:
        """What there is to say of it."""
        known = self.ranks[self.ranks["rank"].notna()]
        moved = f"With each weight moved by up to {self.share:.0%} ({grouped(self.draws)} draws, seed {self.seed})"
        if not len(known):
            return f"{moved}: no score is known, so that nothing can be told."
        inside, first = known["share_in_top"], known["rank"] <= self.top
        always = int((known["rank_worst_bound"] <= self.top).sum())
        changing = known.index[(inside > 0) & (inside < 1)]
        parts = [
            f"{moved}, rank {self.top} or better is held by {counted(int(first.sum()), 'hazard', 'hazards')}, of which {always} "
            "hold it whatever these weights are"
        ]
        if len(changing):
            parts.append(f"{len(changing)} are there in some of the draws only")
        return " ".join(["; ".join(parts) + ".", *self._first_swaps(), *self._left_out(len(known))])

    def _first_swaps(self) -> list[str]:
        first = self.swaps[self.swaps["rank_first"] <= self.top]
        soon = first[first["swap_share"] < self.share].head(_NAMED)
        if not len(soon):
            return [f"Below {self.share:.0%} no two of these that follow each other change places."]
        at = ["a tie" if swap == 0 else f"at {swap:.1%}" for swap in soon["swap_share"]]
        named = [
            f"{one} and {other} ({how})" for one, other, how in zip(soon["first"], soon["second"], at, strict=True)
        ]
        return [f"The first of these to change places: {', '.join(named)}."]

    def _left_out(self, known: int) -> list[str]:
        rest = len(self.ranks) - known
        return [f"Without a known score, and not in this: {rest}."] if rest else []


def sensitivity(
    ranking: Ranking, *, share: float = 0.2, top: int = 10, draws: int = 1000, seed: int = 1
) -> Sensitivity:
    """Move each weight of a ranking by up to a share of itself, and see which ranks hold.

    A rank that no such weights change does not rest on a judgement of a few percent; one that does is a matter to talk about.
    It says nothing of errors of the criteria themselves.

    Parameters
    ----------
    ranking : Ranking
        As `hazardgeo.priority.ranking` gives it.
    share : float
        How far each weight is moved, up or down, as a share of itself: above 0, at most 1.
    top : int
        The ranks that matter, such as those that a season's work reaches.
    draws : int
        How many times all weights are drawn, each evenly between its two ends.
    seed : int
        The same seed gives the same draws, whatever the order of records and criteria.

    Returns
    -------
    Sensitivity

    Raises
    ------
    HazardgeoError
        If `share`, `top` or `draws` is no such number.

    Notes
    -----
    For two hazards with scaled values x and y, the score of the first is higher by d = Σ w (x - y); weights moved by at most t
    of themselves change that by at most t Σ w abs(x - y). So they change places from t = d / Σ w abs(x - y) on, exactly. Of all
    pairs, one that follows each other is the first to do so. The bounds count for each hazard those that could stand above
    it, and those that cannot be brought below it; they hold for all weights, and the draws lie inside them.

    References
    ----------
    docs/explanation/priority.md of this project.

    Examples
    --------
    Scores 0.7 and 0.3 from weights 0.7 and 0.3; they change places where 0.7 (1 - t) = 0.3 (1 + t), at t = 0.4.

    >>> import hazardgeo as hz, pandas as pd
    >>> hazards = pd.DataFrame(index=["A", "B"])
    >>> criteria = pd.DataFrame({"people_1km": [100, 0], "blocked_m2": [0, 5000]}, index=hazards.index)
    >>> ranking = hz.priority.ranking(hazards, criteria, {"people_1km": 7, "blocked_m2": 3})
    >>> found = hz.priority.sensitivity(ranking, share=0.2, top=1)
    >>> found.swaps["swap_share"].round(12).tolist(), found.ranks["share_in_top"].tolist()
    ([0.4], [1.0, 0.0])
    """
    if not 0 < share <= 1:
        raise HazardgeoError(f"share is {share!r}. Give a share of each weight, above 0 and at most 1, such as 0.2.")
    if top < 1 or draws < 1:
        raise HazardgeoError(f"top is {top!r} and draws is {draws!r}. Give whole numbers from 1 on.")
    listed = ranking.listed
    known = listed[listed["rank"].notna()]
    names = sorted(map(str, ranking.criteria.index))  # so that the draws are the same however the criteria were given
    scaled = known[[f"{name}_scaled" for name in names]].to_numpy(dtype=float)
    weights = ranking.criteria.loc[names, "weight"].to_numpy(dtype=float)
    score = known["score"].to_numpy(dtype=float)
    known = known.assign(rank=ranks(score, score, score)["rank"])  # a range above it is no matter of weights
    found = known[["rank"]].assign(
        **_drawn(scaled, weights, share, top, draws, seed), **_bounds(scaled, weights, share)
    )
    order = ["rank", "rank_best_drawn", "rank_worst_drawn", "rank_best_bound", "rank_worst_bound", "share_in_top"]
    table = found[order].reindex(ranking.table.index).astype(dict.fromkeys(order[:-1], "Int64"))
    return Sensitivity(table, _swaps(known, scaled, weights), float(share), int(top), int(draws), int(seed))


def _drawn(
    scaled: NDArray[np.float64], weights: NDArray[np.float64], share: float, top: int, draws: int, seed: int
) -> dict[str, Any]:
    n = len(scaled)
    best, worst, inside = np.full(n, n), np.ones(n, dtype=int), np.zeros(n)
    moved = weights * np.random.default_rng(seed).uniform(1 - share, 1 + share, (draws, len(weights)))
    moved /= moved.sum(axis=1, keepdims=True)
    for row in moved if n else ():
        # Rounded, so that what is alike in every criterion stays a tie however the sum is made.
        scores = np.round((scaled * row).sum(axis=1), round(-math.log10(SCORE_TIE.value)))
        rank = 1 + n - np.searchsorted(np.sort(scores), scores, side="right")
        best, worst = np.minimum(best, rank), np.maximum(worst, rank)
        inside += rank <= top
    return {"rank_best_drawn": best, "rank_worst_drawn": worst, "share_in_top": inside / draws}


def _bounds(scaled: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> dict[str, Any]:
    """Of each, how many certainly stand above it, and how many may."""
    n, m = scaled.shape
    best, worst = np.ones(n, dtype=int), np.ones(n, dtype=int)
    step = max(1, _CHUNK // max(1, n * m))
    for start in range(0, n, step):
        parts = (scaled[None] - scaled[start : start + step, None]) * weights
        lead, play = parts.sum(axis=2), share * np.abs(parts).sum(axis=2)
        some = slice(start, start + step)
        best[some] += (lead - play > SCORE_TIE.value).sum(axis=1)
        worst[some] += (lead + play > SCORE_TIE.value).sum(axis=1)
    return {"rank_best_bound": best, "rank_worst_bound": worst}


def _swaps(known: pd.DataFrame, scaled: NDArray[np.float64], weights: NDArray[np.float64]) -> pd.DataFrame:
    import pandas as pd

    parts = (scaled[:-1] - scaled[1:]) * weights
    lead, most = parts.sum(axis=1), np.abs(parts).sum(axis=1)
    rank = known["rank"].to_numpy(dtype=int)
    tie = np.diff(rank) == 0
    share = np.divide(lead, most, out=np.full(len(lead), np.nan), where=most > SCORE_TIE.value)
    ids = known.index.to_numpy()
    table = pd.DataFrame(
        {
            "first": ids[:-1],
            "second": ids[1:],
            "rank_first": rank[:-1],
            "rank_second": rank[1:],
            "score_apart": np.where(tie, 0.0, lead),
            "swap_share": np.where(tie & ~np.isnan(share), 0.0, share),
        }
    )
    return table.sort_values("swap_share", kind="stable", ignore_index=True)
