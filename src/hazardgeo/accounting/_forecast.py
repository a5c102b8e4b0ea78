"""A projection of when nothing will be left, from the rate that was observed: a range, and no plan."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.accounting._account import GEOMETRY, Account
from hazardgeo.accounting._ledger import Why
from hazardgeo.accounting._products import NEVER
from hazardgeo.accounting._records import IN_ACCOUNT
from hazardgeo.accounting._remaining import day_of, number_of
from hazardgeo.constants import FORECAST_HORIZON_YEARS, FORECAST_YEARS, FORECAST_YEARS_LEAST
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import counted, print_km2
from hazardgeo.schema import Shown

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from hazardgeo.accounting._remaining import Day

OBSERVED, PROJECTED = "observed", "projection"


@dataclass(frozen=True, repr=False)
class Forecast(Shown):
    """A projection: when nothing would be left, if land went on being released as it was. It is no plan and no promise.

    `left_m2` is what was left `on` a day, `yearly_m2` what was released in each year that the projection rests on (0 in a
    year without a release). `earliest`, `middle` and `latest` are the years in which nothing would be left at the highest,
    the mean and the lowest of these rates; None where that is later than the horizon, or never. `new_m2` is what was recorded
    as new in the same years: it is in no rate.
    """

    on: datetime.date
    left_m2: float
    yearly_m2: pd.Series[float]
    new_m2: float
    earliest: int | None
    middle: int | None
    latest: int | None

    def to_frame(self) -> pd.DataFrame:
        """A row for the day itself (``basis`` *observed*) and one for the end of each later year (*projection*).

        Indexed by ``day``: ``left_m2`` at the mean rate, ``left_low_m2`` at the highest, ``left_high_m2`` at the lowest; to the
        latest of the years in which nothing would be left.
        """
        import pandas as pd

        last = max(year or self.on.year for year in (self.earliest, self.middle, self.latest))
        ends = [datetime.date(year, 12, 31) for year in range(self.on.year, last + 1)]
        days = [self.on, *(day for day in ends if day > self.on)]
        since = np.array([day.year + _share_of_year(day) for day in days]) - self.on.year - _share_of_year(self.on)
        rates = {
            "left_m2": self.yearly_m2.mean(),
            "left_low_m2": self.yearly_m2.max(),
            "left_high_m2": self.yearly_m2.min(),
        }
        columns = {name: np.maximum(self.left_m2 - rate * since, 0.0) for name, rate in rates.items()}
        basis = [OBSERVED, *[PROJECTED] * (len(days) - 1)]
        return pd.DataFrame({"basis": basis, **columns}, index=pd.Index(days, name="day", dtype=object))

    @property
    def sentences(self) -> list[str]:
        """The projection as a person reads it."""
        return [self.as_words()]

    def as_words(self) -> str:
        """The projection as a person reads it."""
        span = f"{self.yearly_m2.index[0]} to {self.yearly_m2.index[-1]}"
        empty = int((self.yearly_m2 == 0).sum())
        mean = print_km2(float(self.yearly_m2.mean()))
        words = (
            f"Projection, not a plan: on {self.on} {print_km2(self.left_m2)} km² were left. At the mean rate of {span} "
            f"({mean} km² a year) nothing would be left in {_year(self.middle)}; at the rate of the best of these years in "
            f"{_year(self.earliest)}, at that of the worst in {_year(self.latest)}."
        )
        if empty:
            words += f" {counted(empty, 'year', 'years')} of them had no release on record, and count as years without release."
        if self.new_m2 >= 0.5:
            words += (
                f" In the same years {print_km2(self.new_m2)} km² were newly recorded; what will be found is not in it."
            )
        return words


def forecast(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame,
    *,
    on: Day | None = None,
    years: int = int(FORECAST_YEARS.value),
) -> Forecast:
    """Project when nothing would be left, from the rates of the last whole years, with their spread.

    On the ground: how long it would take if land went on being released as it was. It does not know of funds, access, weather
    or of what will be found; ground that is the hardest to release is usually left to the end.

    Parameters
    ----------
    hazards, releases : geopandas.GeoDataFrame
        As for `balance`.
    on : date or str, optional
        The day to project from; today unless given.
    years : int
        Whole calendar years up to that day to take the rate from, as far as they are on record.

    Returns
    -------
    Forecast

    Raises
    ------
    CRSError, GeometryError, SchemaError
        As `balance`.
    HazardgeoError
        If there is nothing to project from: nothing left or nothing measured, no release in these years, or fewer than three
        whole years on record.

    Notes
    -----
    The range is that of the years themselves: from the best of them to the worst. Five years tell no more, and no
    distribution is assumed. A year without a release counts as one in which nothing was released. The first year on record is
    that of the first dated hazard or release.

    References
    ----------
    docs/explanation/accounting.md of this project.

    Examples
    --------
    Three strips of nine and a half were reduced in three years; six and a half are left, and as many years:

    >>> import geopandas as gpd, shapely
    >>> strips = [shapely.box(16 + k / 1000, 45, 16.001 + k / 1000, 45.01) for k in range(3)]
    >>> hazards = gpd.GeoDataFrame(
    ...     {"date_of_information": ["2020-03-01"]}, index=["h"], geometry=[shapely.box(16, 45, 16.0095, 45.01)], crs="EPSG:4326")
    >>> releases = gpd.GeoDataFrame(
    ...     {"hazard_id": "h", "kind": "reduced", "completed_on": ["2021-05-01", "2022-05-01", "2023-05-01"]},
    ...     geometry=strips, crs="EPSG:4326")
    >>> projection = forecast(hazards, releases, on="2023-12-31", years=3)
    >>> projection.middle
    2030
    """
    day = datetime.datetime.now().astimezone().date() if on is None else day_of(on, "on")
    account = Account.of(hazards, releases, (), period=(None, day), declared=False)
    ledger = account.ledgers[GEOMETRY]
    left = float(account.summed(ledger.stock(number_of(day), len(account.group)))[0])
    if account.unknown(GEOMETRY)[0] or left <= 0:
        raise HazardgeoError(f"On {day} nothing is left that was measured: there is nothing to project.")
    last = day.year if (day.month, day.day) == (12, 31) else day.year - 1
    first = max(last - years + 1, _first_year(account))
    if last - first + 1 < min(FORECAST_YEARS_LEAST.value, years) or years < FORECAST_YEARS_LEAST.value:
        raise HazardgeoError(
            f"{counted(max(last - first + 1, 0), 'whole year is', 'whole years are')} on record before {day}. A projection needs "
            f"{FORECAST_YEARS_LEAST.value} or more: wait, or take in the releases of earlier years."
        )
    yearly = {year: _sum(account, Why.RELEASED, year) for year in range(first, last + 1)}
    if not any(yearly.values()):
        raise HazardgeoError(f"No release from {first} to {last} lowers anything: there is no rate to project from.")
    return _projected(day, left, yearly, math.fsum(_sum(account, Why.NEW, year) for year in yearly))


def _projected(day: datetime.date, left_m2: float, yearly: dict[int, float], new_m2: float) -> Forecast:
    import pandas as pd

    rates = pd.Series(yearly, name="released_m2", dtype=float).rename_axis("year")
    best, mean, worst = (_done_in(day, left_m2, float(rate)) for rate in (rates.max(), rates.mean(), rates.min()))
    return Forecast(day, left_m2, rates, new_m2, best, mean, worst)


def _done_in(day: datetime.date, left_m2: float, rate: float) -> int | None:
    """Year in which nothing would be left."""
    if rate * FORECAST_HORIZON_YEARS.value < left_m2:
        return None
    # Done with the last day of a year is done in that year; rounding must not carry it into the next.
    return math.ceil(day.year + _share_of_year(day) + left_m2 / rate - 1e-9) - 1


def _share_of_year(day: datetime.date) -> float:
    """How much of its year is over at the end of a day."""
    first, after = datetime.date(day.year, 1, 1), datetime.date(day.year + 1, 1, 1)
    return ((day - first).days + 1) / (after - first).days


def _first_year(account: Account) -> int:
    days = np.concatenate(
        [account.records.start[account.records.dated], account.released.day[account.released.day < NEVER]]
    )
    return int(np.datetime64(int(days.min()), "D").astype(object).year) if len(days) else 9999


def _sum(account: Account, why: Why, year: int) -> float:
    entries = account.ledgers[GEOMETRY].between(
        number_of(datetime.date(year, 1, 1)) - 1, number_of(datetime.date(year, 12, 31))
    )
    holder = entries.target if why == Why.NEW else entries.source
    mine = (entries.why == why) & (account.bucket[holder] == IN_ACCOUNT)
    return math.fsum(entries.area_m2[mine])


def _year(year: int | None) -> str:
    return str(year) if year is not None else f"more than {FORECAST_HORIZON_YEARS.value} years, or never"
