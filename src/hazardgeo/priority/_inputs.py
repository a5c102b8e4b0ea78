"""What is ranked by: criteria on the hazards' ids, weights and bounds, checked by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.errors import HazardgeoError, named

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

ADDED = ("scaled", "weight", "contribution")
"""What stands beside each criterion in a ranking, after its name and an underscore."""
FIRST = (
    "place", "rank", "rank_best", "rank_worst", "score", "score_low", "score_high", "listed", "remark",
)  # fmt: skip
"""The first columns of a ranking."""


def criteria_table(hazards: pd.DataFrame, criteria: pd.DataFrame | Mapping[str, pd.Series[Any]]) -> pd.DataFrame:
    """Bring criteria onto the hazards' ids, as numbers; NaN where one is not known.

    Raises
    ------
    HazardgeoError
        If an id stands twice or is not on both sides, a name cannot stand in a table, or a value is no number.
    """
    import pandas as pd

    _refuse_twice(hazards.index, "among the hazards")
    names = [*criteria]
    _refuse_names(names)
    columns = {}
    for at, name in enumerate(names):
        values = criteria.iloc[:, at] if isinstance(criteria, pd.DataFrame) else criteria[name]
        columns[name] = _numbers(_on_ids(values, hazards.index, name), name)
    return pd.DataFrame(columns, index=hazards.index)


def _refuse_twice(ids: pd.Index[Any], where: str) -> None:
    twice = ids[ids.duplicated()].unique()
    if len(twice):
        raise HazardgeoError(f"{named(twice)} stands more than once {where}. Give each record its own id.")


def _refuse_names(names: list[Any]) -> None:
    if not names:
        raise HazardgeoError("There is no criterion. Give at least one.")
    wrong = [name for name in names if not (isinstance(name, str) and name.strip())]
    if wrong:
        raise HazardgeoError(
            f"{named(wrong)}: no name of a criterion. Give a text with its unit, such as 'people_1km'."
        )
    taken = [*FIRST, *(f"{name}_{word}" for name in names for word in ADDED), *names]
    twice = sorted({name for name in names if taken.count(name) > 1})
    if twice:
        raise HazardgeoError(f"{named(twice)}: the ranking has a column of that name already. Rename the criterion.")


def _on_ids(values: Any, ids: pd.Index[Any], name: str) -> pd.Series[Any]:
    import pandas as pd

    if not isinstance(values, pd.Series):
        raise HazardgeoError(
            f"{name}: has no ids ({type(values).__name__}). Give a Series on the hazards' index, since an order alone can "
            "be that of other records."
        )
    _refuse_twice(values.index, f"in {name}")
    lacking, strange = ids.difference(values.index, sort=False), values.index.difference(ids, sort=False)
    if len(lacking):
        raise HazardgeoError(
            f"{name} says nothing of {named(lacking)}. Give every hazard a value; NaN where it is not known."
        )
    if len(strange):
        raise HazardgeoError(
            f"{name} speaks of {named(strange)}, which is not among the hazards. Compute it for these."
        )
    return values.reindex(ids)


def _numbers(values: pd.Series[Any], name: str) -> pd.Series[Any]:
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(values.dtype):
        wrong = [key for key, value in values.items() if not (pd.isna(value) or _is_number(value))]
        if wrong:
            raise HazardgeoError(f"{name}: no number at {named(wrong)}. Give numbers; NaN where one is not known.")
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    endless = np.isinf(numbers)
    if endless.any():
        raise HazardgeoError(f"{name}: infinite at {named(values.index[endless])}. Give NaN where it is not known.")
    return pd.Series(numbers, index=values.index)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating, np.bool_))


def weights_of(given: Mapping[str, float], names: Iterable[str]) -> dict[str, float]:
    """The weights in the order of the criteria, as they were given.

    Raises
    ------
    HazardgeoError
        If a criterion has no weight, a weight no criterion, or one is negative, no number, or all are 0.
    """
    if not isinstance(given, Mapping):
        raise HazardgeoError("weights is no mapping. Name the criterion of each weight, such as {'people_1km': 2}.")
    names = list(names)
    refuse_unknown("weights", given, names)
    lacking = [name for name in names if name not in given]
    if lacking:
        raise HazardgeoError(
            f"{named(lacking)} has no weight. Give one; 0 leaves a criterion in sight and out of the sum."
        )
    wrong = [name for name in names if not (_is_number(given[name]) and 0 <= given[name] < math.inf)]
    if wrong:
        raise HazardgeoError(
            f"The weight of {named(wrong)} is not 0 or more. Where less is more urgent, name the criterion in less_is_more."
        )
    weights = {name: float(given[name]) for name in names}
    if not 0 < math.fsum(weights.values()) < math.inf:
        raise HazardgeoError("The weights come to 0, or to no number. Give at least one criterion some weight.")
    return weights


def refuse_unknown(what: str, given: Iterable[str], names: list[str]) -> None:
    """Refuse names that are no criterion.

    Raises
    ------
    HazardgeoError
        Naming them, and the criteria that there are.
    """
    if isinstance(given, str):
        raise HazardgeoError(f"{what} is one text. Give the names in a tuple, such as ({given!r},).")
    strange = [name for name in given if name not in names]
    if strange:
        raise HazardgeoError(f"{what} names {named(strange)}, which is no criterion. Criteria: {', '.join(names)}.")
