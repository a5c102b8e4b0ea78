"""How firm a ranking is: swaps worked out by hand, bounds against corners of the box of weights, and seeded draws."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hazardgeo.errors import HazardgeoError
from hazardgeo.priority import ranking, sensitivity


def ranking_of(rows: list[list[float]], weights: list[float], **options: object):
    """Values are scaled values already: bounds 0 and 1."""
    names = [f"c{k}" for k in range(len(weights))]
    criteria = pd.DataFrame(rows, columns=names, index=[f"h{i}" for i in range(len(rows))], dtype=float)
    bounds = dict.fromkeys(names, (0, 1))
    weighted = dict(zip(names, weights, strict=True))
    return ranking(pd.DataFrame(index=criteria.index), criteria, weighted, bounds=bounds, **options)


def test_two_change_places_where_their_scores_meet():
    """Scores 0.5 and 0.3 + 0.1: a lead of 0.1, which 0.5 (1 - t) = 0.4 (1 + t) uses up at t = 1/9."""
    found = sensitivity(ranking_of([[1, 0, 0], [0, 1, 0.5]], [5, 3, 2]), share=0.2, top=1)
    swap = found.swaps.loc[0]
    assert (swap["first"], swap["second"], swap["rank_first"], swap["rank_second"]) == ("h0", "h1", 1, 2)
    assert swap["score_apart"] == pytest.approx(0.1)
    assert swap["swap_share"] == pytest.approx(1 / 9)
    ranks = found.ranks
    assert ranks[["rank_best_bound", "rank_worst_bound"]].to_numpy().tolist() == [[1, 2], [1, 2]]
    assert ranks[["rank_best_drawn", "rank_worst_drawn"]].to_numpy().tolist() == [[1, 2], [1, 2]]
    assert 0 < ranks.loc["h1", "share_in_top"] < 0.5 < ranks.loc["h0", "share_in_top"] < 1
    assert "The first of these to change places: h0 and h1 (at 11.1%)." in found.sentence
    assert found.sentence.startswith("With each weight moved by up to 20%")


def test_below_that_share_nothing_moves():
    found = sensitivity(ranking_of([[1, 0, 0], [0, 1, 0.5]], [5, 3, 2]), share=0.11, top=1)
    assert found.ranks["share_in_top"].tolist() == [1, 0]
    assert (found.ranks["rank_worst_bound"] == found.ranks["rank"]).all()
    assert "rank 1 or better is held by 1 hazard, of which 1 hold it whatever" in found.sentence
    assert "Below 11% no two of these that follow each other change places." in found.sentence


def test_what_is_ahead_in_every_criterion_stays_ahead_until_weights_vanish():
    found = sensitivity(ranking_of([[1, 0.5], [0.5, 0]], [1, 1]), share=1, top=1)
    assert found.swaps["swap_share"].tolist() == [1]


def test_ties():
    """h0 and h1 tie by different criteria: any move parts them. h2 and h3 are alike: nothing does."""
    found = sensitivity(ranking_of([[1, 0], [0, 1], [0.2, 0.2], [0.2, 0.2]], [1, 1]), share=0.1, top=2)
    assert found.swaps["swap_share"].tolist() == pytest.approx([0, 0.6, math.nan], nan_ok=True)
    assert found.ranks["rank"].tolist() == [1, 1, 3, 3]
    assert found.ranks["rank_worst_drawn"].tolist() == [2, 2, 3, 3]
    assert "h0 and h1 (a tie)" in found.sentence


def test_hazards_without_a_known_score_are_named_and_not_counted():
    """The range of h1 lies above h0 (0.75 to 1 against 0.125), which all the same is the first whose score is known."""
    found = sensitivity(ranking_of([[0.5, 0], [math.nan, 1.0]], [1, 3]), draws=10)
    assert found.ranks.loc["h1"].isna().all()
    assert found.ranks.loc["h0", "rank"] == found.ranks.loc["h0", "rank_worst_bound"] == 1
    assert found.sentence.endswith("Without a known score, and not in this: 1.")
    assert "nothing can be told" in sensitivity(ranking_of([[math.nan]], [1])).sentence


@pytest.mark.parametrize(
    ("options", "message"),
    [({"share": 0}, "share is 0"), ({"share": 1.1}, "share is"), ({"share": math.nan}, "share is"), ({"top": 0}, "top is 0"),
     ({"draws": 0}, "draws is 0")],
)  # fmt: skip
def test_what_is_no_share_or_number_is_refused(options, message):
    with pytest.raises(HazardgeoError, match=message):
        sensitivity(ranking_of([[1]], [1]), **options)


@st.composite
def cases(draw):
    m = draw(st.integers(1, 4))
    row = st.lists(st.integers(0, 8).map(lambda eighths: eighths / 8), min_size=m, max_size=m)
    weights = draw(st.lists(st.integers(1, 9), min_size=m, max_size=m))
    return draw(st.lists(row, min_size=1, max_size=6)), weights, draw(st.sampled_from([0.05, 0.3, 0.75]))


@settings(max_examples=60, deadline=None)
@given(cases())
def test_bounds_and_swaps_are_those_of_the_corners_of_the_box(case):
    """A lead is linear in the weights, so over a box of them it is least and largest at a corner: all of them are tried."""
    rows, weights, share = case
    found = sensitivity(ranking_of(rows, weights), share=share, draws=40)
    x = np.array(rows)
    corners = [np.array(weights) * corner for corner in product((1 - share, 1 + share), repeat=len(weights))]
    leads = np.array([[[(x[j] - x[i]) @ corner for j in range(len(x))] for i in range(len(x))] for corner in corners])
    ids = [f"h{i}" for i in range(len(rows))]
    assert found.ranks.loc[ids, "rank_best_bound"].tolist() == (1 + (leads.min(axis=0) > 1e-7).sum(axis=1)).tolist()
    assert found.ranks.loc[ids, "rank_worst_bound"].tolist() == (1 + (leads.max(axis=0) > 1e-7).sum(axis=1)).tolist()
    assert (found.ranks["rank_best_bound"] <= found.ranks["rank_best_drawn"]).all()
    assert (found.ranks["rank_worst_drawn"] <= found.ranks["rank_worst_bound"]).all()
    if (found.swaps["swap_share"] > share + 1e-9).all():  # then no pair at all changes places, neighbours or not
        assert (found.ranks["rank_worst_bound"] == found.ranks["rank"]).all()


@given(cases(), st.randoms(use_true_random=False))
def test_draws_are_the_same_in_any_order_of_criteria_and_rows(case, random):
    rows, weights, share = case
    one = ranking_of(rows, weights)
    names, ids = random.sample([*one.criteria.index], len(weights)), random.sample([*one.table.index], len(rows))
    bounds, weighted = dict.fromkeys(names, (0, 1)), one.criteria["weight_given"][names].to_dict()
    other = ranking(pd.DataFrame(index=ids), one.table.loc[ids, names], weighted, bounds=bounds)
    first, second = (sensitivity(some, share=share, draws=20, top=2).ranks for some in (one, other))
    pd.testing.assert_frame_equal(first, second.loc[first.index])
