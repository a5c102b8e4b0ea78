"""What there is on a day, by group and class and by either basis; not known is not 0."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.accounting._tables._groups import summed
from hazardgeo.schema import UNSTATED, texts_of, words_of
from hazardgeo.vocabulary import CLASSIFICATION, CLOSED_STATUSES, EXCLUSION

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.accounting._balance import Balance

BASES = ("geometry", "declared")


def stock_on(account: Balance, by: str, hazards: gpd.GeoDataFrame, day: datetime.date) -> dict[str, pd.DataFrame]:
    """What there is on the last day, by group and class: areas by either basis, how many are known, how many areas."""
    table = account.to_frame().reset_index()
    table["left"] = table["hazards_opening"] + table["hazards_new"] - table["hazards_closed"]
    found = {}
    for basis in BASES:
        mine = table[table["basis"] == basis]
        found[basis] = mine.pivot_table("reported_m2", by, CLASSIFICATION.name, "sum", dropna=False)
        found[f"{basis}_known"] = mine.pivot_table("reported_m2", by, CLASSIFICATION.name, "count", dropna=False)
        counts = mine.pivot_table("left", by, CLASSIFICATION.name, "sum", fill_value=0)
        # An account holds areas; one of unknown size is nothing to it, and is an area nevertheless.
        found[f"{basis}_areas"] = counts.add(_of_unknown_size(hazards, day, by, basis), fill_value=0).astype(int)
    return found


def _of_unknown_size(hazards: gpd.GeoDataFrame, day: datetime.date, by: str, basis: str) -> pd.DataFrame:
    """How many open hazards, recorded by a day, have no area by a basis, by group and class."""
    import pandas as pd

    nothing = pd.Series(math.nan, index=hazards.index)
    silent = (hazards.geometry if basis == "geometry" else hazards.get("declared_area_m2", nothing)).isna()
    is_open = ~np.isin(texts_of(hazards, "work_status"), CLOSED_STATUSES)
    apart = np.isin(texts_of(hazards, EXCLUSION.name), EXCLUSION.words)
    mine = silent.to_numpy() & is_open & ~apart & recorded_by(hazards, day)
    groups = hazards[by].astype(object).where(hazards[by].notna(), UNSTATED)[mine]
    return pd.crosstab(groups, pd.Series(words_of(hazards, CLASSIFICATION), index=hazards.index)[mine])


def area_of(stock: dict[str, pd.DataFrame], basis: str, groups: Sequence[Any], words: Sequence[str]) -> float:
    """Sum over groups and classes; NaN where there are records and none of them is known."""
    table, known, areas = stock[basis], stock[f"{basis}_known"], stock[f"{basis}_areas"]
    values = []
    for group in groups:
        for word in words:
            if word in known and known.loc[group, word] > 0:
                values.append(float(table.loc[group, word]))
            elif word in areas and areas.loc[group, word] > 0:
                values.append(math.nan)
    return summed(values)


def recorded_by(hazards: gpd.GeoDataFrame, day: datetime.date) -> Any:
    """Which hazards were recorded by a day; one without a readable date is taken to have been."""
    import pandas as pd

    if "date_of_information" not in hazards:
        return np.ones(len(hazards), dtype=bool)
    told = pd.to_datetime(hazards["date_of_information"], errors="coerce")
    return ~(told >= pd.Timestamp(day) + pd.Timedelta(days=1)).to_numpy()
