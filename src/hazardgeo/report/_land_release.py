"""The section of a report on land release, and that of a programme."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hazardgeo.accounting import (
    Programme,
    balance_table,
    balances,
    contamination_table,
    programme_states_table,
    programme_table,
    read_programme,
    release_table,
)
from hazardgeo.accounting._tables._balances import reach
from hazardgeo.accounting._tables._groups import in_three_units
from hazardgeo.accounting._tables._period import in_period
from hazardgeo.datasets import sample_data
from hazardgeo.measure import grouped
from hazardgeo.registers import read_hazards, read_releases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from hazardgeo.accounting import Balance, Table

_YEARS = 5  # of the balance; older ones are asked for with hazardgeo balance


@dataclass(frozen=True, eq=False)
class ProgrammeAnswers:
    """A programme of the sample data with its records."""

    programme: Programme
    hazards: gpd.GeoDataFrame
    releases: gpd.GeoDataFrame

    @classmethod
    def of(cls, name: str) -> ProgrammeAnswers:
        """Read a programme of the sample data."""
        figures, hazards, releases = programme_files(name)
        return cls(read_programme(figures), read_hazards(hazards), read_releases(releases))

    @property
    def headline(self) -> str:
        """What it came to, in a sentence."""
        area = self.programme.area_m2
        money = [
            f"{one['unit']} {grouped(one['value'])} or {grouped(one['value'] / area, 4)} {one['unit']} for each square metre"
            for one in self.programme.costs
        ]
        counts = [
            f"{one['quantity']}: {grouped(one['value'])}"
            for one in self.programme.figures
            if one["unit"] in ("mines", "items")
        ]
        kind = "published totals, fictional outlines" if self.programme.published else "fictional throughout"
        return f"{self.programme.title} ({kind}): {in_three_units(area)} cleared; {'; '.join([*counts, *money])}."

    @property
    def figures(self) -> Table:
        """What was published, what follows from it, and what the records come to."""
        return programme_table(self.programme, self.releases)

    @property
    def tables(self) -> list[Table]:
        """The figures, the fictional split over the states, and the balance year by year."""
        years = reach(None, self.releases)
        accounts = balances(self.hazards, self.releases, years=range(years[0], years[1] + 1)) if years else ()
        split = programme_states_table(self.programme, self.releases)
        return [self.figures, split, *([_fictional(balance_table(*accounts))] if accounts else [])]


def programme_files(name: str) -> tuple[Path, Path, Path]:
    """Figures, hazards and releases of a programme of the sample data."""
    return sample_data(f"{name}.toml"), sample_data(f"{name}.geojson"), sample_data(f"{name}_releases.geojson")


def _fictional(table: Table) -> Table:
    return replace(table, caption=f"{table.caption}: the programme's records (fictional)")


def land_release_tables(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame | None) -> list[Table]:
    """R1 to R3 where releases state dates: what is left, what was released, and the balance of the last years.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
    releases : geopandas.GeoDataFrame or None

    Returns
    -------
    list of Table
        Empty where no release states a day that has passed.
    """
    known = None if releases is None else reach(None, releases)
    if releases is None or known is None:
        return []
    last = _last_day(releases)
    years = range(max(known[0], known[1] - _YEARS + 1), known[1] + 1)
    accounts: Sequence[Balance] = balances(hazards, releases, years=years)
    return [
        contamination_table(hazards, releases, on=last, unit="km2"),
        release_table(hazards, releases, until=last, unit="km2"),
        balance_table(*accounts, unit="km2"),
    ]


def _last_day(releases: gpd.GeoDataFrame) -> datetime.date:
    """The last day on which work was completed; a day that lies ahead is a slip."""
    import pandas as pd

    today = datetime.datetime.now().astimezone().date()
    past = pd.to_datetime(releases.loc[in_period(releases, None, today).to_numpy(), "completed_on"])
    day: datetime.date = past.max().date()
    return day
