"""The impact score by hand: mines 2, ordnance 1, blockages by weight, each victim 2; high from 11, medium from 6."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from hazardgeo.errors import HazardgeoError
from hazardgeo.priority import impact_score

NAN = math.nan


def score_of(contamination: object, blocked: list[object], victims: float, **options: object) -> pd.Series:
    hazards = pd.DataFrame({"contamination": [contamination]}, index=["A"])
    names = [f"b{k}" for k in range(len(blocked))]
    blockages = pd.DataFrame([blocked], columns=names, index=["A"], dtype=object)
    return impact_score(hazards, blockages, pd.Series([victims], index=["A"]), **options).loc["A"]


@pytest.mark.parametrize(
    ("contamination", "blocked", "victims", "score", "impact"),
    [
        ("AP", [True, True, False], 3, 2 + 2 + 6, "medium"),
        ("AP;UXO", [True] * 10, 0, 2 + 1 + 10, "high"),
        ("AV;CMR", [True] * 6, 1, 2 + 1 + 6 + 2, "high"),
        ("CMR", [False], 0, 1, "low"),
        ("AXO", [1, 0], 2, 1 + 1 + 4, "medium"),
        ("AP;UXO", [False], 1, 5, "low"),
        ("UXO", [False], 5, 11, "high"),
    ],
)
def test_scores_by_hand(contamination, blocked, victims, score, impact):
    found = score_of(contamination, blocked, victims)
    assert (found["score"], found["score_low"], found["score_high"]) == (score, score, score)
    assert (found["impact"], found["not_known"]) == (impact, "")


@pytest.mark.parametrize(
    ("contamination", "blocked", "victims", "low", "high", "impact", "lacking"),
    [
        ("", [True], 0, 1, 4, "low", "mines, uxo"),
        (None, [False], 0, 0, 3, "nothing recorded to low", "mines, uxo"),
        ("unknown", [False], 0, 0, 3, "nothing recorded to low", "mines, uxo"),
        ("IED", [True], 0, 1, 3, "low", "mines"),
        ("AP", [True, None], 2, 7, 8, "medium", "blockages"),
        ("AP", [True], NAN, 3, math.inf, "low to high", "victims"),
    ],
)
def test_what_is_not_known_is_a_range(contamination, blocked, victims, low, high, impact, lacking):
    found = score_of(contamination, blocked, victims)
    assert math.isnan(found["score"])
    assert (found["score_low"], found["score_high"], found["impact"], found["not_known"]) == (
        low,
        high,
        impact,
        lacking,
    )


def test_national_weights():
    """AP 2, blockages 3 and 0.5 of which the first holds: 5; both: 5.5."""
    weights = {"b0": 3, "b1": 0.5}
    assert score_of("AP", [True, False], 0, blockage_weights=weights)["score"] == 5
    assert score_of("AP", [True, True], 0, blockage_weights=weights)["score"] == 5.5


def test_numbers_that_were_not_read_say_so():
    source = score_of("AP", [True], 0)["source"]
    assert source.startswith("mines 2, uxo 1, victim 2, blockages 10, medium 6, high 11: ")
    assert source.endswith("(unverified default)")


@pytest.mark.parametrize(
    ("blocked", "victims", "weights", "message"),
    [
        ([2], 0, None, "b0: neither yes nor no at 'A'"),
        ([True], -1, None, "victims: no count at 'A'"),
        ([True], 1.5, None, "victims: no count"),
        ([True], 0, {"b0": 1, "b1": 1}, "blockage_weights names 'b1'"),
        ([True, True], 0, {"b0": 1}, "'b1' has no weight"),
        ([True], 0, {"b0": 10.5}, "sum to 10.5"),
        ([True], 0, {"b0": -1}, "sum to -1"),
        ([True] * 11, 0, None, "sum to 11"),
    ],
)
def test_what_does_not_fit_is_refused(blocked, victims, weights, message):
    with pytest.raises(HazardgeoError, match=message):
        score_of("AP", blocked, victims, blockage_weights=weights)
