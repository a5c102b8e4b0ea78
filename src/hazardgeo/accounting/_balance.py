"""The balance of a period: what was there, what came, what went and by which method, what should be left and what is."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.accounting._account import Account
from hazardgeo.accounting._ledger import NOWHERE, Ledger, Why
from hazardgeo.accounting._products import ALWAYS, KINDS, NEVER
from hazardgeo.accounting._records import IN_ACCOUNT
from hazardgeo.accounting._remaining import day_of
from hazardgeo.errors import HazardgeoError
from hazardgeo.vocabulary import EXCLUSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.accounting._remaining import Day

FLOWS = ("new_m2", "increase_m2", "decrease_m2", "reappraisal_m2", "cancelled_m2", "reduced_m2", "cleared_m2")
AREAS = ("opening_m2", *FLOWS, "expected_m2", "reported_m2", "residual_m2")
BESIDE = ("confirmed_m2", *(f"{word}_m2" for word in EXCLUSION.words), "closed_left_m2")
COUNTS = ("hazards_opening", "hazards_new", "hazards_closed", "releases", "unmeasured", "undated")
ALL = "all"


@dataclass(frozen=True)
class Balance:
    """The balance of a period, by group and basis; `to_frame` gives the table.

    `since` and `until` are its first and last day (`since` is None where it has no beginning), `findings` what did not count and why,
    `notes` the sentences that belong under the table.
    """

    since: datetime.date | None
    until: datetime.date
    by: tuple[str, ...]
    findings: pd.DataFrame
    notes: tuple[str, ...]
    table: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """A row for each group and basis, indexed by what it is grouped by (*all* where by nothing)."""
        return self.table.copy()


def balance(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame | None = None,
    *,
    year: int | None = None,
    since: Day | None = None,
    until: Day | None = None,
    by: str | Sequence[str] = (),
    closing: gpd.GeoDataFrame | None = None,
    declared: bool = True,
) -> Balance:
    """TODO."""
    names = (by,) if isinstance(by, str) else tuple(by)
    first, last = period_of(year, since, until)
    account = Account.of(hazards, releases, names, closing=closing, period=(first, last), declared=declared)
    return balance_of(account, first, last)


def balances(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame | None = None,
    *,
    years: Iterable[int],
    by: str | Sequence[str] = (),
    declared: bool = True,
) -> tuple[Balance, ...]:
    """TODO."""
    names = (by,) if isinstance(by, str) else tuple(by)
    account = Account.of(hazards, releases, names, declared=declared)
    return tuple(balance_of(account, *period_of(year, None, None)) for year in years)


def period_of(year: int | None, since: Day | None, until: Day | None) -> tuple[datetime.date | None, datetime.date]:
    """First and last day of what was asked for."""
    if year is not None:
        if since is not None or until is not None:
            raise HazardgeoError("Give either year= or since= and until=, not both.")
        if not (isinstance(year, (int, np.integer)) and 1 <= year <= 9999):
            raise HazardgeoError(f"year={year!r} is no year. Write it as 2024.")
        return datetime.date(int(year), 1, 1), datetime.date(int(year), 12, 31)
    if since is None and until is None:
        raise HazardgeoError("A balance is of a period. Give year=, or since= and until=.")
    first = None if since is None else day_of(since, "since")
    last = datetime.datetime.now().astimezone().date() if until is None else day_of(until, "until")
    if first is not None and first > last:
        raise HazardgeoError(f"The period ends on {last}, before it begins on {first}. Exchange since= and until=.")
    return first, last


def balance_of(account: Account, since: datetime.date | None, until: datetime.date) -> Balance:
    """Add up an account's entries of a period."""
    import pandas as pd

    before = ALWAYS if since is None else _number(since) - 1
    last = _number(until)
    parts = [_rows(account, basis, ledger, before, last) for basis, ledger in account.ledgers.items()]
    table = pd.concat(parts)
    if len(parts) > 1:
        each = np.arange(len(table)).reshape(len(parts), -1).T.ravel()
        table = table.iloc[each]
    return Balance(since, until, account.by, account.findings, account.notes(since, until), table)


def _number(day: datetime.date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def _rows(account: Account, basis: str, ledger: Ledger, before: int, last: int) -> pd.DataFrame:
    """One basis: a row for each group."""
    import pandas as pd

    holders = len(account.group)
    opening, reported = ledger.stock(before, holders), ledger.stock(last, holders)
    entries = ledger.between(before, last)
    columns: dict[str, NDArray[Any]] = {"opening_m2": account.summed(opening)}
    columns |= _flows(account, entries)
    columns["expected_m2"] = columns["opening_m2"] + _net(columns)
    columns["reported_m2"] = account.summed(reported)
    columns["residual_m2"] = columns["reported_m2"] - columns["expected_m2"]
    columns["confirmed_m2"] = _confirmed(account, entries)
    for place, word in enumerate(EXCLUSION.words, start=1):
        columns[f"{word}_m2"] = account.summed(reported, bucket=place)
    columns["closed_left_m2"] = account.summed(np.where(account.closed(basis, last), reported, 0.0))
    columns |= account.counts(basis, entries, opening, reported, before, last)
    for name in AREAS + BESIDE:
        columns[name] = np.where(account.unknown[basis], np.nan, columns[name])
    table = pd.DataFrame(columns, index=account.index)
    table.insert(0, "basis", basis)
    return table


def _flows(account: Account, entries: Ledger) -> dict[str, NDArray[np.float64]]:
    inside = np.append(account.bucket == IN_ACCOUNT, False)  # noqa: FBT003  (the last is nowhere)
    came, went = inside[entries.target], inside[entries.source]

    def summed(mine: NDArray[np.bool_], holder: NDArray[np.intp]) -> NDArray[np.float64]:
        return account.grouped(holder[mine], entries.area_m2[mine])

    flows = {
        "new_m2": summed(came & (entries.why == Why.NEW), entries.target),
        "increase_m2": summed(came & (entries.why == Why.INCREASE), entries.target),
        "decrease_m2": summed(went & (entries.why == Why.DECREASE), entries.source),
    }
    changed = np.isin(entries.why, (Why.MOVED, Why.REAPPRAISED))
    # What stays within a group is no entry of it: its two halves would leave rounding behind.
    changed &= ~(came & went & (account.group[entries.source] == account.group[entries.target]))
    flows["reappraisal_m2"] = summed(came & changed, entries.target) - summed(went & changed, entries.source)
    is_release = went & (entries.why == Why.RELEASED)
    for place, kind in reversed(list(enumerate(KINDS))):
        of_kind = is_release & (account.kind_of[entries.release] == place)
        flows[f"{kind}_m2"] = summed(of_kind, entries.source)
    return flows


def _net(flows: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    out = ("decrease_m2", *(f"{kind}_m2" for kind in KINDS))
    added = sum(flows[name] for name in FLOWS if name not in out)
    return np.asarray(added - sum(flows[name] for name in out))


def _confirmed(account: Account, entries: Ledger) -> NDArray[np.float64]:
    """Ground that went from a record of another class to a confirmed one."""
    mine = (entries.why == Why.MOVED) & (entries.source != NOWHERE) & (entries.target != NOWHERE)
    mine &= account.is_confirmed[entries.target] & ~account.is_confirmed[entries.source]
    mine &= account.bucket[entries.target] == IN_ACCOUNT
    return account.grouped(entries.target[mine], entries.area_m2[mine])


__all__ = ["ALL", "AREAS", "BESIDE", "COUNTS", "NEVER", "Balance", "balance", "balance_of", "balances", "period_of"]
