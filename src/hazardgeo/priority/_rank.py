"""A weighted sum that an auditor can work out again: every value, scaled value, weight and contribution in sight."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.priority._inputs import FIRST, criteria_table, refuse_unknown, weights_of
from hazardgeo.priority._order import ranks, summed
from hazardgeo.priority._ranking import Ranking
from hazardgeo.priority._scale import Scale, refuse_scaling, scale_of
from hazardgeo.schema import is_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray


def rank(
    hazards: gpd.GeoDataFrame | pd.DataFrame,
    criteria: pd.DataFrame | Mapping[str, pd.Series[Any]],
    weights: Mapping[str, float],
    *,
    less_is_more: Iterable[str] = (),
    scaling: str = "minmax",
    bounds: Mapping[str, tuple[float, float]] | None = None,
    closed_too: bool = False,
) -> pd.DataFrame:
    """Rank hazards by a weighted sum of criteria, rank 1 the most urgent.

    The order says who comes first by these figures and these weights, and nothing else: not what is in the ground, and not
    that a hazard which comes late can wait. Weights are values, and whoever answers for the work sets them.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame or pandas.DataFrame
        A unique index; ``work_status`` where known. No geometry is looked at.
    criteria : pandas.DataFrame or mapping of str to pandas.Series
        Figures by name, on the hazards' index in any order, NaN where one is not known. The functions of
        `hazardgeo.priority` give ready ones; a count of people comes as the Series that exposure gave.
    weights : mapping of str to float
        For each criterion one, 0 or more; they are divided by their sum.
    less_is_more : iterable of str
        Criteria of which a smaller value is more urgent, such as a distance.
    scaling : {"minmax", "sum", "max"}
        What comes to 0 and to 1 on a straight line between: the least and the largest value known; 0 and the sum of all; 0
        and the largest.
    bounds : mapping of str to pair of float, optional
        The two values of a criterion instead. Values beyond count as the bound. With bounds for all criteria the order of two
        records does not move when others join.
    closed_too : bool
        Rank closed and handed-over hazards as well; without it they are listed apart.

    Returns
    -------
    pandas.DataFrame
        On the hazards' index, in its order (``sort_values("place")`` gives the list): ``place``, by the highest score that each
        may have, a tie in the order given; ``rank``, one more than those that certainly score higher, so that a tie shares one
        (missing where the score is not known); ``rank_best`` and ``rank_worst``, which each may have whatever is not known;
        ``score`` (0 to 1; NaN where a criterion is not known), ``score_low``, ``score_high`` (what is not known at its least
        and at its most urgent); ``listed`` (*ranked*, *as a range*, *apart*); ``remark``, in words; and for each criterion
        NAME: ``NAME`` as given, ``NAME_scaled``, ``NAME_weight``, ``NAME_contribution``. What is listed apart has no place,
        rank or score.

    Raises
    ------
    HazardgeoError
        If an id, a name, a weight, a scaling or a bound does not fit; the message names it.

    Notes
    -----
    score = Σ w x, with x = (value - value at 0) / (value at 1 - value at 0) and Σ w = 1; where less is more urgent the two
    values change places. A criterion whose known values are all alike tells nothing apart and stands at 0.5 for all. A
    value that is not known may lie anywhere between the least and the largest that are known, or the bounds. Scores within
    `SCORE_TIE` are a tie. `hazardgeo.priority.ranking` gives the two values beside the weights, and writes a workbook.

    References
    ----------
    docs/explanation/priority.md of this project.

    Examples
    --------
    Three hazards, of which the distance weighs three times the people. Scaled, distances are 1, 0.5 and 0 and people 0.5, 1 and
    0; the weights are 0.75 and 0.25; so the scores are 0.75 + 0.125, 0.375 + 0.25 and 0.

    >>> import hazardgeo as hz, pandas as pd
    >>> hazards = pd.DataFrame(index=["A", "B", "C"])
    >>> criteria = pd.DataFrame({"distance_m": [200, 600, 1000], "people_1km": [50, 100, 0]}, index=hazards.index)
    >>> table = hz.rank(hazards, criteria, {"distance_m": 3, "people_1km": 1}, less_is_more=["distance_m"])
    >>> table[["rank", "score", "distance_m_contribution", "people_1km_contribution"]]
       rank  score  distance_m_contribution  people_1km_contribution
    A     1  0.875                    0.750                    0.125
    B     2  0.625                    0.375                    0.250
    C     3  0.000                    0.000                    0.000
    """
    options: dict[str, Any] = {"scaling": scaling, "bounds": bounds, "closed_too": closed_too}
    return ranking(hazards, criteria, weights, less_is_more=less_is_more, **options).table


def ranking(
    hazards: gpd.GeoDataFrame | pd.DataFrame,
    criteria: pd.DataFrame | Mapping[str, pd.Series[Any]],
    weights: Mapping[str, float],
    *,
    less_is_more: Iterable[str] = (),
    scaling: str = "minmax",
    bounds: Mapping[str, tuple[float, float]] | None = None,
    closed_too: bool = False,
) -> Ranking:
    """Rank hazards as `hazardgeo.rank` does, and give with the table how each criterion was laid out, in words and in files.

    Parameters
    ----------
    hazards, criteria, weights, less_is_more, scaling, bounds, closed_too
        As `hazardgeo.rank` takes them.

    Returns
    -------
    Ranking
        ``table`` as `hazardgeo.rank` gives it, ``criteria``, ``sentences``, ``tables`` and ``write``.

    Raises
    ------
    HazardgeoError
        As `hazardgeo.rank`.

    References
    ----------
    docs/explanation/priority.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz, pandas as pd
    >>> hazards = pd.DataFrame(index=["A", "B"])
    >>> people = pd.Series([30.0, float("nan")], index=hazards.index)
    >>> found = hz.priority.ranking(hazards, {"people_1km": people}, {"people_1km": 1}, bounds={"people_1km": (0, 100)})
    >>> found.table[["score_low", "score_high", "rank_best", "rank_worst", "remark"]]
       score_low  score_high  rank_best  rank_worst                   remark
    A        0.3         0.3          1           2
    B        0.0         1.0          1           2  people_1km is not known
    >>> found.criteria[["weight_given", "weight", "value_at_0", "value_at_1"]]
                weight_given  weight  value_at_0  value_at_1
    criterion
    people_1km           1.0     1.0         0.0       100.0
    """
    values = criteria_table(hazards, criteria)
    given = weights_of(weights, values.columns)
    turned, limits = list(less_is_more) if not isinstance(less_is_more, str) else less_is_more, bounds or {}
    refuse_unknown("less_is_more", turned, [*values])
    refuse_unknown("bounds", limits, [*values])
    refuse_scaling(scaling)
    asked = np.ones(len(values), dtype=bool) if closed_too else is_open(hazards)
    open_ones = values[asked]
    scales = {name: scale_of(open_ones[name], scaling, limits.get(name), less_is_more=name in turned) for name in given}
    total = math.fsum(given.values())
    shares = {name: weight / total for name, weight in given.items()}
    table = _table(values, asked, scales, shares)
    return Ranking(table, _criteria(open_ones, scales, given, turned), total)


def _table(
    values: pd.DataFrame, asked: NDArray[np.bool_], scales: dict[str, Scale], shares: dict[str, float]
) -> pd.DataFrame:
    import pandas as pd

    known = values.notna().to_numpy()
    parts, low, high = (np.full(values.shape, np.nan) for _ in range(3))
    columns: dict[str, Any] = {}
    for at, (name, scale) in enumerate(scales.items()):
        scaled = np.where(asked, scale.of(values[name].to_numpy()), np.nan)
        parts[:, at] = scaled * shares[name]
        low[:, at] = np.where(known[:, at], parts[:, at], scale.unknown_low * shares[name])
        high[:, at] = np.where(known[:, at], parts[:, at], scale.unknown_high * shares[name])
        added = (scaled, np.full(len(values), shares[name]), parts[:, at])
        columns |= {name: values[name].to_numpy()} | dict(
            zip((f"{name}_{word}" for word in ("scaled", "weight", "contribution")), added, strict=True)
        )
    scores = [np.where(asked, summed(one), np.nan) for one in (parts, low, high)]
    whole = known.all(axis=1)
    first = dict.fromkeys(FIRST) | dict(zip(("score", "score_low", "score_high"), scores, strict=True))
    first |= _places(asked, *scores)
    first["listed"] = np.select([~asked, whole], ["apart", "ranked"], "as a range").astype(object)
    first["remark"] = [
        "closed or handed over" if not is_asked else _lacking(row, [*scales])
        for is_asked, row in zip(asked.tolist(), known, strict=True)
    ]
    return pd.DataFrame(first | columns, index=values.index)


def _places(asked: NDArray[np.bool_], *scores: NDArray[np.float64]) -> dict[str, Any]:
    """Place and ranks, missing for what is listed apart."""
    import pandas as pd

    found = {}
    for name, one in ranks(*(some[asked] for some in scores)).items():
        every = np.full(len(asked), np.nan)
        every[asked] = one
        found[name] = pd.array(every, dtype="Int64")
    return found


def _lacking(known: NDArray[np.bool_], names: list[str]) -> str:
    lacking = [name for name, is_known in zip(names, known, strict=True) if not is_known]
    return f"{', '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} not known" if lacking else ""


def _criteria(
    values: pd.DataFrame, scales: dict[str, Scale], given: dict[str, float], turned: Iterable[str]
) -> pd.DataFrame:
    """How each criterion was laid out."""
    import pandas as pd

    total = math.fsum(given.values())
    rows = []
    for name, scale in scales.items():
        beyond = 0 if scale.is_alike else int(scale.beyond(values[name].to_numpy()).sum())
        direction = "less" if name in turned else "more"
        counts = (int(values[name].isna().sum()), beyond)
        rows.append(
            (given[name], given[name] / total, direction, scale.how, scale.at_0, scale.at_1, *counts, scale.is_alike)
        )
    names = (
        "weight_given", "weight", "more_urgent", "scaling", "value_at_0", "value_at_1", "not_known", "beyond_bounds", "all_alike",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(names), index=pd.Index([*scales], name="criterion", dtype=object))
