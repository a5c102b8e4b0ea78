"""Ranking by a weighted sum: against fractions worked out by hand, against scikit-criteria, and by its laws."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.errors import FormatError, HazardgeoError
from hazardgeo.priority import ranking

NAN = math.nan
IDS = ["A", "B", "C", "D"]
DISTANCE, PEOPLE = "distance_m", "people_1km"


def hazards_of(*status: str, ids: list[str] | None = None) -> pd.DataFrame:
    return pd.DataFrame({"work_status": list(status)}, index=pd.Index(ids or IDS[: len(status)], name="hazard_id"))


def table_of(weights: dict[str, float] | None = None, *, status: str = "open", **columns: list[float]):
    hazards = hazards_of(*[status] * len(next(iter(columns.values()))))
    return hazards, pd.DataFrame(columns, index=hazards.index), weights or dict.fromkeys(columns, 1.0)


def test_three_hazards_by_hand():
    """Distances 200, 600, 1000 come to 1, 1/2, 0 and people 50, 100, 0 to 1/2, 1, 0; weights 3 and 1 to 3/4 and 1/4."""
    hazards, criteria, _ = table_of(distance_m=[200, 600, 1000], people_1km=[50, 100, 0])
    found = hz.rank(hazards, criteria, {DISTANCE: 3, PEOPLE: 1}, less_is_more=[DISTANCE])
    assert found.index.equals(hazards.index)
    assert found["score"].tolist() == [0.875, 0.625, 0.0]
    assert found["rank"].tolist() == found["place"].tolist() == [1, 2, 3]
    assert found["rank_best"].tolist() == found["rank_worst"].tolist() == [1, 2, 3]
    assert found[f"{DISTANCE}_scaled"].tolist() == [1, 0.5, 0]
    assert found[f"{PEOPLE}_scaled"].tolist() == [0.5, 1, 0]
    assert found[f"{DISTANCE}_weight"].tolist() == [0.75] * 3
    assert found[f"{PEOPLE}_contribution"].tolist() == [0.125, 0.25, 0]
    assert found[DISTANCE].tolist() == [200, 600, 1000]
    assert found["listed"].tolist() == ["ranked"] * 3


@pytest.mark.parametrize(
    ("scaling", "less", "scaled"),
    [
        ("minmax", False, [0, Fraction(1, 3), 1]),
        ("minmax", True, [1, Fraction(2, 3), 0]),
        ("sum", False, [Fraction(1, 7), Fraction(2, 7), Fraction(4, 7)]),
        ("sum", True, [Fraction(6, 7), Fraction(5, 7), Fraction(3, 7)]),
        ("max", False, [Fraction(1, 4), Fraction(1, 2), 1]),
        ("max", True, [Fraction(3, 4), Fraction(1, 2), 0]),
    ],
)
def test_scalings_of_one_two_four(scaling, less, scaled):
    """Least 1, largest 4, sum 7; where less is more, one less the share."""
    hazards, criteria, weights = table_of(x=[1, 2, 4])
    found = ranking(hazards, criteria, weights, scaling=scaling, less_is_more=["x"] if less else [])
    assert found.table["score"].tolist() == pytest.approx([float(one) for one in scaled], abs=1e-15)
    low, high = {"minmax": (1, 4), "sum": (0, 7), "max": (0, 4)}[scaling]
    at = (high, low) if less else (low, high)
    assert tuple(found.criteria.loc["x", ["value_at_0", "value_at_1"]]) == at


def test_ties_share_a_rank_and_keep_the_order_given():
    """Scores 0, 1, 1, 0: two share rank 1, two rank 3; places by the order given."""
    found = hz.rank(*table_of(x=[1, 5, 5, 1]))
    assert found["rank"].tolist() == [3, 1, 1, 3]
    assert found["place"].tolist() == [3, 1, 2, 4]


def test_what_is_not_known_is_a_range_and_no_nought():
    """B may be 0 or 1, above or below A (1/2) and C (0.2, of bounds 0 to 10); it stands where 1 would put it."""
    hazards, criteria, weights = table_of(x=[5, NAN, 2])
    found = ranking(hazards, criteria, weights, bounds={"x": (0, 10)})
    b = found.table.loc["B"]
    assert math.isnan(b["score"])
    assert math.isnan(b["x_scaled"])
    assert math.isnan(b["x_contribution"])
    assert (b["score_low"], b["score_high"]) == (0, 1)
    assert pd.isna(b["rank"])
    assert (b["rank_best"], b["rank_worst"], b["place"]) == (1, 3, 1)
    assert (b["listed"], b["remark"]) == ("as a range", "x is not known")
    a, c = found.table.loc["A"], found.table.loc["C"]
    assert (a["rank"], a["rank_best"], a["rank_worst"]) == (1, 1, 2)
    assert (c["rank"], c["rank_best"], c["rank_worst"]) == (2, 2, 3)
    assert any("1 hazard not every figure is known (x of 1)" in line for line in found.sentences)


@pytest.mark.parametrize(("scaling", "low", "high"), [("minmax", 0, 1), ("sum", 1 / 5, 4 / 5), ("max", 1 / 4, 1)])
def test_what_is_not_known_lies_between_the_least_and_the_largest_known(scaling, low, high):
    """Of 1 and 4 the shares are 1/5 and 4/5 of the sum, 1/4 and 1 of the largest."""
    b = hz.rank(*table_of(x=[1, NAN, 4]), scaling=scaling).loc["B"]
    assert (b["score_low"], b["score_high"]) == pytest.approx((low, high), abs=1e-15)


def test_values_that_are_all_alike_tell_nothing_apart_and_it_is_said():
    """Each 1/2 of weight 1/2; what is not known may be anything, so that the range is that of the whole weight."""
    hazards, criteria, weights = table_of(x=[7, 7, NAN], y=[0, 1, 0])
    found = ranking(hazards, criteria, weights)
    assert found.table["score"].tolist()[:2] == [0.25, 0.75]
    assert found.table.loc["C", ["score_low", "score_high"]].tolist() == [0, 0.5]
    assert found.criteria["all_alike"].tolist() == [True, False]
    assert any(line.endswith("in: x.") for line in found.sentences)


def test_a_rank_lies_in_its_range_where_one_that_is_not_known_stands_certainly_higher():
    """B has 3/4 of y for certain, and so at least 3/8; A has 1/4 in all, and is second whatever x of B is."""
    bounds = dict.fromkeys("xy", (0, 4))
    found = hz.rank(*table_of(x=[1, NAN], y=[1, 3]), bounds=bounds)
    assert found.loc["A", ["rank", "rank_best", "rank_worst"]].tolist() == [2, 2, 2]
    assert found.loc["B", ["rank_best", "rank_worst"]].tolist() == [1, 1]


def test_a_criterion_of_which_nothing_is_known():
    found = hz.rank(*table_of(x=[NAN, NAN]))
    assert found[["score_low", "score_high"]].to_numpy().tolist() == [[0, 1], [0, 1]]
    assert found["rank"].isna().all()
    assert found["place"].tolist() == [1, 2]


def test_closed_hazards_are_listed_apart_and_do_not_move_the_scale():
    """Without the closed one 1 and 3 are least and largest, so that the scores are 0 and 1; with it 0, 2/98 and 1."""
    hazards = hazards_of("open", "closed", "suspended")
    criteria = {"x": pd.Series([1.0, 99.0, 3.0], index=hazards.index)}
    found = ranking(hazards, criteria, {"x": 1})
    assert found.table["listed"].tolist() == ["ranked", "apart", "ranked"]
    assert found.table.loc["B", "remark"] == "closed or handed over"
    assert found.table.loc["B", "x"] == 99
    assert found.table.loc["B", ["place", "rank", "rank_best", "score", "score_high", "x_scaled"]].isna().all()
    assert found.table["score"].tolist()[::2] == [0, 1]
    assert found.listed.index.tolist() == ["C", "A", "B"]
    assert "Closed or handed over, and listed apart without a rank: 1." in found.sentences
    every = hz.rank(hazards, criteria, {"x": 1}, closed_too=True)
    assert every["score"].tolist() == [0, 1, pytest.approx(2 / 98)]


def test_only_closed_hazards_or_none():
    hazards, criteria, weights = table_of(x=[1, 2], status="handed_over")
    assert hz.rank(hazards, criteria, weights)["listed"].tolist() == ["apart"] * 2
    assert len(hz.rank(hazards.iloc[:0], criteria.iloc[:0], weights)) == 0


def test_bounds_count_what_lies_beyond_as_the_bound():
    """Of 0 to 4: -2 as 0, 1 as 1/4, 9 as 1."""
    found = ranking(*table_of(x=[-2, 1, 9]), bounds={"x": (0, 4)})
    assert found.table["score"].tolist() == [0, 0.25, 1]
    assert "x: 2 beyond the bounds, counted as the bound." in found.sentences


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": {"x": 1}}, "'y' has no weight"),
        ({"weights": {"x": 1, "y": 1, "z": 1}}, "weights names 'z', which is no criterion"),
        ({"weights": {"x": -1, "y": 1}}, "The weight of 'x' is not 0 or more"),
        ({"weights": {"x": NAN, "y": 1}}, "The weight of 'x'"),
        ({"weights": {"x": "2", "y": 1}}, "The weight of 'x'"),
        ({"weights": {"x": 0, "y": 0}}, "come to 0"),
        ({"weights": [1, 1]}, "no mapping"),
        ({"less_is_more": ["z"]}, "less_is_more names 'z'"),
        ({"less_is_more": "x"}, "one text"),
        ({"bounds": {"z": (0, 1)}}, "bounds names 'z'"),
        ({"bounds": {"x": (1, 1)}}, "bounds of x"),
        ({"bounds": {"x": (0, math.inf)}}, "bounds of x"),
        ({"bounds": {"x": 3}}, "bounds of x"),
        ({"scaling": "log"}, "scaling='log' is not known"),
        ({"criteria": {}}, "no criterion"),
        ({"criteria": {"x": pd.Series([1.0], index=["A"])}, "weights": {"x": 1}}, "x says nothing of 'B'"),
        ({"criteria": {"x": pd.Series([1, 2, 3], index=["A", "B", "Z"])}, "weights": {"x": 1}}, "x speaks of 'Z'"),
        ({"criteria": {"x": pd.Series([1, 2], index=["A", "A"])}, "weights": {"x": 1}}, "'A' stands more than once in x"),
        ({"criteria": {"x": [1, 2]}, "weights": {"x": 1}}, "x: has no ids"),
        ({"criteria": {"x": pd.Series([1, "2"], index=["A", "B"])}, "weights": {"x": 1}}, "x: no number at 'B'"),
        ({"criteria": {"x": pd.Series([1, np.inf], index=["A", "B"])}, "weights": {"x": 1}}, "x: infinite at 'B'"),
        ({"criteria": {"rank": pd.Series([1, 2], index=["A", "B"])}, "weights": {"rank": 1}}, "'rank': the ranking has"),
        ({"criteria": {" ": pd.Series([1, 2], index=["A", "B"])}, "weights": {" ": 1}}, "no name of a criterion"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(change, message):
    hazards, criteria, weights = table_of(x=[1, 2], y=[3, 4])
    options = {"hazards": hazards, "criteria": criteria, "weights": weights} | change
    with pytest.raises(HazardgeoError, match=message.replace("(", r"\(")):
        hz.rank(options.pop("hazards"), options.pop("criteria"), options.pop("weights"), **options)


def test_shares_of_what_is_below_0_are_refused():
    with pytest.raises(HazardgeoError, match="x: below 0 at 'B'"):
        hz.rank(*table_of(x=[1, -2]), scaling="sum")


def test_a_hazard_twice_is_refused():
    hazards = hazards_of("open", "open", ids=["A", "A"])
    with pytest.raises(HazardgeoError, match="'A' stands more than once among the hazards"):
        hz.rank(hazards, {"x": pd.Series([1, 2], index=["A", "B"])}, {"x": 1})


def test_criteria_are_taken_by_id_and_inputs_stay_as_they_are():
    hazards = hazards_of("open", "open")
    shuffled = pd.Series([2, 1], index=["B", "A"], dtype="Int64")
    yes = pd.Series([True, None], index=["A", "B"], dtype=object)
    found = hz.rank(hazards, {"x": shuffled, "yes": yes}, {"x": 1, "yes": 1})
    assert found["x"].tolist() == [1, 2]
    assert found["yes"].tolist() == pytest.approx([1, NAN], nan_ok=True)
    assert shuffled.index.tolist() == ["B", "A"]
    assert hazards.columns.tolist() == ["work_status"]


def test_it_never_calls_anything_safe_or_without_priority():
    hazards = hazards_of("open", "closed", "open")
    found = ranking(hazards, {"x": pd.Series([0, 1, NAN], index=hazards.index)}, {"x": 1})
    words = " ".join([*found.sentences, *map(str, found.tables), found.table.to_string()]).casefold()
    assert "safe" not in words
    assert "no priority" not in words
    assert "nothing of what is in the ground" in words


def test_a_workbook_from_which_the_scores_can_be_worked_out(tmp_path):
    """The sheet's own numbers: Σ contribution = score, and (value - at 0) / (at 1 - at 0) · weight = contribution."""
    ids = ["=1+1", "B", "C"]
    hazards = hazards_of("open", "open", "closed", ids=ids)
    criteria = pd.DataFrame({DISTANCE: [200.5, 600.0, 1.0], PEOPLE: [50, 100, 3]}, index=ids)
    found = ranking(hazards, criteria, {DISTANCE: 3, PEOPLE: 1}, less_is_more=[DISTANCE])
    book = openpyxl.load_workbook(
        found.write(tmp_path / "ranks.xlsx", about=["Weights: set by nobody, for this test."])
    )
    sheet, laid = (
        [[c.value for c in row] for row in book[name].iter_rows(min_row=2)] for name in ("Ranking", "Criteria")
    )
    at = {head: k for k, head in enumerate(sheet[0])}
    scales = {row[0]: dict(zip(laid[0], row, strict=True)) for row in laid[1:3]}
    assert sheet[1][0] == "=1+1"
    assert {cell.data_type for row in book["Ranking"].iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    for row in sheet[1:3]:
        parts = []
        for name, scale in scales.items():
            x = (row[at[name]] - scale["value at 0"]) / (scale["value at 1"] - scale["value at 0"])
            assert row[at[f"{name}_scaled"]] == pytest.approx(x, abs=1e-12)
            parts.append(x * scale["weight as given"] / 4)
            assert row[at[f"{name}_contribution"]] == pytest.approx(parts[-1], abs=1e-12)
        assert row[at["score"]] == pytest.approx(sum(parts), abs=1e-12)
    assert sheet[3][at["score"]] is None
    with pytest.raises(FormatError, match=r"\.xlsx"):
        found.write(tmp_path / "ranks.csv")


MATRIX = st.integers(1, 4).flatmap(
    lambda m: st.lists(st.lists(st.integers(-50, 50), min_size=m, max_size=m), min_size=1, max_size=7)
)


def by_fractions(rows: list[list[int]], weights: list[int], less: list[bool]) -> list[Fraction]:
    """The weighted sum of min-max scaled columns in exact fractions, written from the formula and from nothing else."""
    scores = [Fraction(0)] * len(rows)
    for k, weight in enumerate(weights):
        column = [row[k] for row in rows]
        low, high = min(column), max(column)
        for i, value in enumerate(column):
            x = Fraction(1, 2) if low == high else Fraction(high - value if less[k] else value - low, high - low)
            scores[i] += Fraction(weight, sum(weights)) * x
    return scores


@st.composite
def cases(draw):
    rows = draw(MATRIX)
    m = len(rows[0])
    weights = draw(st.lists(st.integers(0, 9), min_size=m, max_size=m).filter(any))
    return rows, weights, draw(st.lists(st.booleans(), min_size=m, max_size=m))


def framed(rows: list[list[float]], weights: list[float], less: list[bool]):
    names = [f"c{k}" for k in range(len(weights))]
    ids = [f"h{i}" for i in range(len(rows))]
    criteria = pd.DataFrame(rows, columns=names, index=ids, dtype=float)
    options = {"less_is_more": [name for name, is_less in zip(names, less, strict=True) if is_less]}
    return pd.DataFrame(index=ids), criteria, dict(zip(names, weights, strict=True)), options


@given(cases())
def test_scores_and_ranks_are_those_of_exact_fractions(case):
    hazards, criteria, weights, options = framed(*case)
    found = hz.rank(hazards, criteria, weights, **options)
    exact = by_fractions(*case)
    assert found["score"].tolist() == pytest.approx([float(score) for score in exact], abs=1e-14)
    assert found["rank"].tolist() == [1 + sum(other > score for other in exact) for score in exact]
    order = sorted(range(len(exact)), key=lambda i: -exact[i])  # Python's sort keeps the order of equals
    assert found.sort_values("place").index.tolist() == [f"h{i}" for i in order]


@given(cases(), st.data())
def test_a_range_holds_every_way_to_fill_what_is_not_known(case, data):
    """A known value is forgotten; put back, its score and rank lie in the range that stood beside it. Bounds keep the scale."""
    hazards, criteria, weights, options = framed(*case)
    options["bounds"] = dict.fromkeys(criteria.columns, (-50, 50))
    forgotten = criteria.copy()
    for _ in range(data.draw(st.integers(1, 3))):
        i, k = data.draw(st.integers(0, len(criteria) - 1)), data.draw(st.integers(0, len(weights) - 1))
        forgotten.iloc[i, k] = NAN
    whole, ranged = (hz.rank(hazards, some, weights, **options) for some in (criteria, forgotten))
    assert (ranged["score_low"] <= whole["score"] + 1e-12).all()
    assert (whole["score"] <= ranged["score_high"] + 1e-12).all()
    assert (ranged["rank_best"] <= whole["rank"]).all()
    known = ranged[ranged["rank"].notna()]
    assert ((known["rank_best"] <= known["rank"]) & (known["rank"] <= known["rank_worst"])).all()
    assert (whole["rank"] <= ranged["rank_worst"]).all()


def test_scikit_criteria_says_the_same():
    """Its min-max scaling of both directions and its weighted sum, on random cases."""
    skc = pytest.importorskip("skcriteria", reason="scikit-criteria weighs more than the rest of the tests together")
    from skcriteria.agg.simple import WeightedSumModel
    from skcriteria.preprocessing.scalers import CenitDistanceMatrixScaler

    rng = np.random.default_rng(11)
    for _ in range(50):
        n, m = rng.integers(2, 30), rng.integers(1, 7)
        rows, weights, less = rng.normal(size=(n, m)), rng.uniform(0.1, 5, m), rng.random(m) < 0.5
        problem = skc.mkdm(rows, [min if one else max for one in less], weights=weights / weights.sum())
        theirs = WeightedSumModel().evaluate(_all_max(skc, CenitDistanceMatrixScaler().transform(problem)))
        hazards, criteria, ours, options = framed(rows.tolist(), weights.tolist(), less.tolist())
        found = hz.rank(hazards, criteria, ours, **options)
        assert found["score"].to_numpy() == pytest.approx(theirs.e_.score, abs=1e-12)
        assert found["rank"].tolist() == theirs.rank_.tolist()


def _all_max(skc, problem):
    # Scaled, more is better in every column.
    return skc.mkdm(problem.matrix.to_numpy(), [max] * len(problem.weights), weights=problem.weights.to_numpy())


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_criteria_does_not_matter(case, random):
    hazards, criteria, weights, options = framed(*case)
    ids, names = random.sample([*hazards.index], len(hazards)), random.sample([*criteria], len(criteria.columns))
    one = hz.rank(hazards, criteria, weights, **options)
    other = hz.rank(hazards.loc[ids], criteria.loc[ids, names], {name: weights[name] for name in names}, **options)
    columns = [name for name in one if name != "place"]
    pd.testing.assert_frame_equal(other.loc[one.index, columns], one[columns], check_exact=True)


@given(cases(), st.floats(1e-6, 1e6))
def test_the_size_of_the_weights_does_not_matter(case, factor):
    hazards, criteria, weights, options = framed(*case)
    one = hz.rank(hazards, criteria, weights, **options)
    other = hz.rank(hazards, criteria, {name: weight * factor for name, weight in weights.items()}, **options)
    assert other["rank"].tolist() == one["rank"].tolist()
    assert other["score"].to_numpy() == pytest.approx(one["score"].to_numpy(), abs=1e-12)


@given(cases(), st.sampled_from(["minmax", "sum", "max", "bounds"]))
def test_what_is_as_urgent_or_more_by_every_criterion_never_ranks_later(case, scaling):
    rows, weights, less = case
    rows = [[value + 50 for value in row] for row in rows]
    hazards, criteria, given_weights, options = framed(rows, weights, less)
    if scaling == "bounds":
        options["bounds"] = dict.fromkeys(criteria.columns, (20, 80))
    else:
        options["scaling"] = scaling
    found = hz.rank(hazards, criteria, given_weights, **options)["rank"].tolist()
    turned = [[-v if is_less else v for v, is_less in zip(row, less, strict=True)] for row in rows]
    for i, one in enumerate(turned):
        for j, other in enumerate(turned):
            if all(a >= b for a, b in zip(one, other, strict=True)):
                assert found[i] <= found[j]


@settings(max_examples=50)
@given(cases(), st.lists(st.integers(-500, 500), min_size=4, max_size=4))
def test_with_bounds_the_order_of_two_does_not_move_when_another_joins(case, row):
    hazards, criteria, weights, options = framed(*case)
    options["bounds"] = dict.fromkeys(criteria.columns, (-50, 50))
    joined = pd.concat(
        [criteria, pd.DataFrame([row[: len(weights)]], columns=criteria.columns, index=["new"], dtype=float)]
    )
    one = hz.rank(hazards, criteria, weights, **options)
    other = hz.rank(pd.DataFrame(index=joined.index), joined, weights, **options)
    assert other.loc[one.index, "score"].tolist() == one["score"].tolist()
