"""A period in words, and what of the records lies in it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def period_in_words(since: datetime.date | None, until: datetime.date) -> str:
    """A whole year by its number, other periods by their days.

    Examples
    --------
    >>> period_in_words(datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
    '2024'
    """
    if since is None:
        return f"to {until}"
    if (since, until) == (datetime.date(until.year, 1, 1), datetime.date(until.year, 12, 31)):
        return str(until.year)
    return f"{since} to {until}"


def in_period(releases: gpd.GeoDataFrame, since: datetime.date | None, until: datetime.date) -> pd.Series[bool]:
    """Which releases were completed in a period; one without a readable day is in none."""
    import pandas as pd

    if "completed_on" not in releases:
        return pd.Series(False, index=releases.index)
    day = pd.to_datetime(releases["completed_on"], errors="coerce")
    within: pd.Series[bool] = day < pd.Timestamp(until) + pd.Timedelta(days=1)
    return within if since is None else within & (day >= pd.Timestamp(since))
