"""The score of the Landmine Impact Surveys, as far as it is known: a documented variant, not the survey's own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.constants import Constant
from hazardgeo.errors import HazardgeoError, named
from hazardgeo.priority._inputs import criteria_table, refuse_unknown
from hazardgeo.schema import texts_of
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

_SIDA = "Sida's contributions to humanitarian mine action, p. 30, on the Landmine Impact Surveys"
_FRAHLER = "Frahler (2003), Current LIS, Journal of Mine Action 7.3"
_KNOWN_OF = "working knowledge of the Landmine Impact Surveys; their protocols were not read"


def _points(name: str, value: float, meaning: str, citation: str = _KNOWN_OF) -> Constant:
    return Constant(name, value, "point", meaning, Source(citation, Grade.ASSUMED))


IMPACT_MINES = _points("IMPACT_MINES", 2, "Points for the presence of mines, however many.")
IMPACT_UXO = _points("IMPACT_UXO", 1, "Points for the presence of unexploded or abandoned ordnance, however much.")
IMPACT_VICTIM = _points(
    "IMPACT_VICTIM",
    2,
    "Points for each recent victim.",
    f"{_SIDA}: each victim weighs as much as the presence of mines; that this is 2: {_KNOWN_OF}",
)
IMPACT_BLOCKAGES = _points(
    "IMPACT_BLOCKAGES", 10, "Points that all blockages together may have; their weights are national."
)
IMPACT_MEDIUM = _points("IMPACT_MEDIUM", 6, "From this score on impact is called medium.")
IMPACT_HIGH = _points("IMPACT_HIGH", 11, "From this score on impact is called high.")
IMPACT_MONTHS = Constant(
    "IMPACT_MONTHS", 24, "month", "A victim counts as recent for so long.", Source(_FRAHLER, Grade.SECONDARY)
)

_PARTS = ("mines", "uxo", "blockages", "victims")
_MINES, _ORDNANCE = {"AP", "AV"}, {"UXO", "CMR", "AXO"}
_MAY_BE_MINES = {"IED", "BT", "unknown"}


def impact_score(
    hazards: pd.DataFrame,
    blockages: pd.DataFrame | Mapping[str, pd.Series[Any]],
    victims: pd.Series[Any],
    *,
    blockage_weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Score impact as the Landmine Impact Surveys did, in a variant: contents, blockages and recent victims.

    Presence counts, not extent: a belt of 10 km scores as a single mine. The surveys scored communities, by what people there
    said; scored by hazard it is another thing, and not to be put beside their results. A low score is not a low hazard.

    Parameters
    ----------
    hazards : pandas.DataFrame
        Communities or hazards, by a unique index, with ``contamination`` where known: AP or AV are mines; UXO, CMR or AXO are
        ordnance. Where only IED, BT or *unknown* is stated, or nothing, whether there are mines is not known.
    blockages : pandas.DataFrame or mapping of str to pandas.Series
        What is blocked (cropland, pasture, water, housing …), on the same index: yes or no, NaN where not known.
    victims : pandas.Series
        Victims of the last `IMPACT_MONTHS` months, on the same index; NaN where not known.
    blockage_weights : mapping of str to float, optional
        National weights, 0 or more, which sum to at most `IMPACT_BLOCKAGES`; 1 for each unless given.

    Returns
    -------
    pandas.DataFrame
        On the same index: ``mines_points``, ``uxo_points``, ``blockages_points``, ``victims_points``; ``score``, NaN where
        one of these is not known; ``score_low`` and ``score_high``, what is not known left out and at its most (infinite where
        victims are not known); ``impact`` (*high*, *medium*, *low*, *nothing recorded*, or two of them as a range);
        ``not_known``, in words; ``source``, which says which numbers are unverified defaults.

    Raises
    ------
    HazardgeoError
        If ids, weights or values do not fit; the message names them.

    Notes
    -----
    score = 2 (mines) + 1 (ordnance) + Σ weight (blocked) + 2 · victims; high from 11, medium from 6, low from 1. All of these
    numbers are unverified defaults; the reference lists each with its source. What is known with a source: the binary
    presence, ten blockages, the 24 months, and that each victim weighs as much as the presence of mines.

    References
    ----------
    Sida's contributions to humanitarian mine action, p. 30; Frahler (2003), Journal of Mine Action 7.3. What is known of them:
    docs/explanation/priority.md of this project.

    Examples
    --------
    Mines, two blockages and three victims: 2 + 2 + 6 = 10.

    >>> import hazardgeo as hz, pandas as pd
    >>> hazards = pd.DataFrame({"contamination": ["AP"]}, index=["A"])
    >>> blocked = pd.DataFrame({"cropland": [True], "water": [True], "housing": [False]}, index=["A"])
    >>> hz.priority.impact_score(hazards, blocked, pd.Series([3], index=["A"]))[["score", "impact"]]
       score  impact
    A   10.0  medium
    """
    import pandas as pd

    blocked = criteria_table(hazards, blockages)
    weights = _weights(blockage_weights, [*blocked])
    victims_known = criteria_table(hazards, {"victims": victims})["victims"]
    _refuse_values(blocked, victims_known)
    yes, mines_and_ordnance = blocked.to_numpy(), _contents(hazards)
    low, high = np.nan_to_num(yes) @ weights, np.nan_to_num(yes, nan=1.0) @ weights
    points = np.column_stack(
        [
            mines_and_ordnance * (IMPACT_MINES.value, IMPACT_UXO.value),
            np.where(np.isnan(yes).any(axis=1), np.nan, low),
            IMPACT_VICTIM.value * victims_known.to_numpy(),
        ]
    )
    lacking, most = np.isnan(points), (IMPACT_MINES.value, IMPACT_UXO.value)
    least = np.where(lacking, np.column_stack([np.zeros((len(low), 2)), low, np.zeros(len(low))]), points).sum(axis=1)
    at_most = np.column_stack([np.tile(most, (len(high), 1)), high, np.full(len(high), math.inf)])
    largest = np.where(lacking, at_most, points).sum(axis=1)
    table = pd.DataFrame(points, columns=[f"{name}_points" for name in _PARTS], index=hazards.index)
    return table.assign(
        score=points.sum(axis=1),
        score_low=least,
        score_high=largest,
        impact=[_in_words(*pair) for pair in zip(least.tolist(), largest.tolist(), strict=True)],
        not_known=[", ".join(np.array(_PARTS)[row]) for row in lacking],
        source=_source(),
    )


def _weights(given: Mapping[str, float] | None, names: list[str]) -> NDArray[np.float64]:
    weights = dict.fromkeys(names, 1.0) if given is None else dict(given)
    refuse_unknown("blockage_weights", weights, names)
    lacking = [name for name in names if name not in weights]
    if lacking:
        raise HazardgeoError(f"{named(lacking)} has no weight. Give one to each blockage; 0 leaves it out.")
    wrong = [name for name in names if not 0 <= weights[name] < math.inf]
    total, most = math.fsum(weights.values()), IMPACT_BLOCKAGES.value
    if wrong or total > most:
        raise HazardgeoError(
            f"The weights of the blockages sum to {total:g}. Give each 0 or more, and together at most {most:g} (an unverified "
            "default)."
        )
    return np.array([weights[name] for name in names])


def _refuse_values(blocked: pd.DataFrame, victims: pd.Series[Any]) -> None:
    for name, values in blocked.items():
        odd = ~(values.isna() | values.isin((0, 1)))
        if odd.any():
            raise HazardgeoError(
                f"{name}: neither yes nor no at {named(blocked.index[odd])}. Presence counts, not extent."
            )
    odd = ~(victims.isna() | ((victims >= 0) & (victims % 1 == 0)))
    if odd.any():
        raise HazardgeoError(
            f"victims: no count at {named(victims.index[odd])}. Give whole numbers, 0 or more, or NaN."
        )


def _contents(hazards: pd.DataFrame) -> NDArray[np.float64]:
    """Whether there are mines, and whether there is ordnance: 1, 0, or NaN where it is not known."""
    found = np.zeros((len(hazards), 2))
    for row, text in enumerate(texts_of(hazards, "contamination")):
        words = {word.strip() for word in text.split(";")} - {""}
        ordnance_open = not words or "unknown" in words
        found[row, 0] = 1 if words & _MINES else np.nan if not words or words & _MAY_BE_MINES else 0
        found[row, 1] = 1 if words & _ORDNANCE else np.nan if ordnance_open else 0
    return found


def _in_words(low: float, high: float) -> str:
    one, other = _class_of(low), _class_of(high)
    return one if one == other else f"{one} to {other}"


def _class_of(score: float) -> str:
    if score >= IMPACT_HIGH.value:
        return "high"
    if score >= IMPACT_MEDIUM.value:
        return "medium"
    return "low" if score > 0 else "nothing recorded"


def _source() -> str:
    numbers = (IMPACT_MINES, IMPACT_UXO, IMPACT_VICTIM, IMPACT_BLOCKAGES, IMPACT_MEDIUM, IMPACT_HIGH)
    said = ", ".join(f"{one.name.removeprefix('IMPACT_').lower()} {one.value:g}" for one in numbers)
    return f"{said}: {Source(_KNOWN_OF, Grade.ASSUMED).label}"
