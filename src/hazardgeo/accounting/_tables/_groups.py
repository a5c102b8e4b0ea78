"""What rows of a table are grouped by, and sums that know the difference between nothing and not known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.accounting._tables._table import printed
from hazardgeo.errors import HazardgeoError
from hazardgeo.schema import UNSTATED
from hazardgeo.vocabulary import CLASSIFICATION

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd

TOTAL = "Total"
NOT_ROUNDED = "Totals are summed before rounding; they may differ from the sum of the rounded cells."
NOT_SAFE = "The absence of a record does not say that ground is without hazard."
_HEADINGS = {"country": "State", "register": "Register", "organisation": "Operator", "kind": "Method"}


def heading_of(by: str) -> str:
    """What stands above the column of a group."""
    return _HEADINGS.get(by, by.replace("_", " ").capitalize())


def check_by(by: str, *frames: gpd.GeoDataFrame) -> None:
    """Refuse a column to group by that no frame has, or that is no group of records."""
    there = [frame for frame in frames if by in frame.columns and by != frame.geometry.name]
    if not there or by == CLASSIFICATION.name:
        names = sorted({str(name) for frame in frames for name in frame.columns} - {"geometry", CLASSIFICATION.name})
        raise HazardgeoError(f"by={by!r} is no column to group by. Name one of: {', '.join(names)}.")


def label_of(value: Any) -> str:
    """A group as its row is named."""
    return "(not stated)" if value is None or value != value or value == UNSTATED else str(value)


def summed(values: Iterable[float]) -> float:
    """Sum of what is known; NaN where nothing is, and 0 of an empty list.

    Examples
    --------
    >>> summed([1.0, float("nan")]), summed([float("nan")]), summed([])
    (1.0, nan, 0.0)
    """
    numbers = [float(value) for value in values]
    known = [value for value in numbers if not math.isnan(value)]
    return math.nan if numbers and not known else math.fsum(known)


def all_or_none(values: Iterable[float]) -> float:
    """Sum of all; NaN where one of them is not known, since part of a total is none.

    Examples
    --------
    >>> all_or_none([1.0, 2.0]), all_or_none([1.0, float("nan")])
    (3.0, nan)
    """
    numbers = [float(value) for value in values]
    return math.nan if any(map(math.isnan, numbers)) else math.fsum(numbers)


def group_of_releases(releases: gpd.GeoDataFrame, hazards: gpd.GeoDataFrame, by: str) -> pd.Series[Any]:
    """The group of each release: that of its hazard, or its own where it names none that is there."""
    import pandas as pd

    own = releases[by] if by in releases else pd.Series(None, index=releases.index, dtype=object)
    if by not in hazards or "hazard_id" not in releases:
        return own.astype(object).where(own.notna(), UNSTATED)
    known = releases["hazard_id"].isin(hazards.index)
    groups = own.astype(object).copy()
    groups[known] = hazards[by].loc[releases.loc[known, "hazard_id"]].to_numpy()
    return groups.where(groups.notna(), UNSTATED)


def count_of(values: pd.Series[Any]) -> float:
    """Sum of counts; NaN where none is stated: not counted is not nought."""
    return summed(np.asarray(values, dtype=float) if values.dtype != object else values.astype(float))


def notes_besides(notes: Iterable[str], *without: str) -> list[str]:
    """The footnotes of a balance for a table that has no residual, but for those that begin with one of some words."""
    mute = (
        "The residual",
        "Measured: of the residual",
        "Declared: of the residual",
        "In the account",
        "Of what is reported",
        *without,
    )
    return [plainly(line) for line in notes if not line.startswith(mute)]


def plainly(note: str) -> str:
    """A footnote without the name of a function, which no reader of a report can call."""
    return note.partition("; borders.count_once")[0] + "." if "; borders.count_once" in note else note


def in_three_units(area_m2: float) -> str:
    """An area in m², km² and mi², as a total is printed.

    Examples
    --------
    >>> in_three_units(62_991_706.0).replace(chr(0x202F), " ")
    '62 991 706 m² = 62.99 km² = 24.32 mi²'
    """
    return " = ".join(printed(area_m2, unit) for unit in ("m2", "km2", "mi2"))
