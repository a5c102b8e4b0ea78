"""The balance of a period: what was there, what came, what went and by which method, what should be left and what is."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.accounting._account import Account
from hazardgeo.accounting._ledger import NOWHERE, Ledger, Why
from hazardgeo.accounting._notes import notes_of
from hazardgeo.accounting._products import ALWAYS, KINDS
from hazardgeo.accounting._records import IN_ACCOUNT
from hazardgeo.accounting._remaining import day_of, number_of
from hazardgeo.errors import HazardgeoError
from hazardgeo.schema import Shown
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
_SHARE = 1e-9


@dataclass(frozen=True, repr=False)
class Balance(Shown):
    """The balance of a period, by group and basis; `to_frame` gives the table.

    `since` and `until` are its first and last day (`since` is None where it has no beginning), `findings` what did not count
    and why, `notes` the sentences that belong under the table.
    """

    since: datetime.date | None
    until: datetime.date
    by: tuple[str, ...]
    findings: pd.DataFrame
    notes: tuple[str, ...]
    table: pd.DataFrame

    @property
    def sentences(self) -> list[str]:
        """What belongs under the table."""
        return list(self.notes)

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
    """Draw up the balance of a period: opening, what came, what went by which method, what should be left, and what is reported.

    On the ground: ``opening + new + increase - decrease + reappraisal - cancelled - reduced - cleared = expected``, and the
    residual is ``reported - expected``. By geometry, ground leaves the account where a release covers it, and in no other
    way; a closed hazard that no release covers is still in it, and `closed_left_m2` says how much of that there is. By
    declared figures, the register is taken at its word. The two stand side by side, and neither is corrected by the other.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        A register with dates; or, with `closing`, its state before the period. Polygons with a CRS and a unique index;
        ``classification``, ``work_status``, ``date_of_information`` (since when the record stands), ``declared_area_m2``,
        ``register`` where known, and ``exclusion`` (*military* or *inaccessible*) for what is kept apart.
    releases : geopandas.GeoDataFrame, optional
        As for `remaining`, with ``declared_area_m2`` where known; none unless given.
    year : int, optional
        The calendar year to balance.
    since, until : date or str, optional
        First and last day, instead of a year. Without `since` the balance is of everything up to `until`; without `until`, to
        today.
    by : str or sequence of str
        Columns of the hazards to group by, such as ``"country"``. Rows of groups add up to the row of all.
    closing : geopandas.GeoDataFrame, optional
        The state of the register at the end of the period; hazards are matched by register and id.
    declared : bool
        Whether to balance declared figures too.

    Returns
    -------
    Balance
        Its `to_frame` has a row for each group and ``basis`` (*geometry*, *declared*) with the columns

        - ``opening_m2``, ``new_m2`` (recorded in the period), ``increase_m2`` and ``decrease_m2`` (the outline of a known
          hazard grew or shrank
          without a release), ``reappraisal_m2`` (another figure for the same ground; ground that went from group to group),
          ``cancelled_m2``, ``reduced_m2``, ``cleared_m2``, ``expected_m2``, ``reported_m2``, ``residual_m2``: only
          reappraisal and residual may be negative;
        - beside the balance: ``confirmed_m2``, ground that went from suspected or unstated to confirmed, which changes no
          total;
          ``military_m2`` and ``inaccessible_m2``, what excluded hazards have left; ``closed_left_m2``, the part of what is
          reported that is on hazards which the register has closed;
        - ``hazards_opening``, ``hazards_new``, ``hazards_closed`` (nothing is left of them), ``releases`` that count;
          ``unmeasured``, records
          without an outline or a figure; ``undated``, records without the date that is needed.

        NaN where a group has records and none was measured. `findings` and `notes` say what did not count and why.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If a hazard cannot be measured, a frame has no CRS or lacks a column, or an id stands twice.
    HazardgeoError
        If the period cannot be understood.

    Notes
    -----
    Ground that hazards of one register share counts once, under the confirmed record before the suspected one: recording a
    confirmed area inside a suspected one is a transfer, and its release releases the ground of both. Under two records of one
    class, or where the other was recorded after the release, ground is left until both are released. Registers are
    independent of each other.

    References
    ----------
    docs/explanation/accounting.md of this project; the form is that of a physical asset account (System of
    Environmental-Economic Accounting 2012, Central Framework, as the balance of opening stock, additions, reductions and
    closing stock).

    Examples
    --------
    The year in which the western half of a hazard was cleared:

    >>> import geopandas as gpd, shapely
    >>> hazards = gpd.GeoDataFrame(
    ...     {"date_of_information": ["2020-03-01"]}, index=["h"], geometry=[shapely.box(16, 45, 16.02, 45.01)], crs="EPSG:4326")
    >>> releases = gpd.GeoDataFrame(
    ...     {"hazard_id": ["h"], "kind": ["cleared"], "depth_m": [0.2], "completed_on": ["2024-05-01"]},
    ...     index=["r"], geometry=[shapely.box(16, 45, 16.01, 45.01)], crs="EPSG:4326")
    >>> row = balance(hazards, releases, year=2024, declared=False).to_frame().loc["all"]
    >>> (row[["opening_m2", "cleared_m2", "expected_m2", "residual_m2"]].astype(float) / row["opening_m2"]).round(3).tolist()
    [1.0, 0.5, 0.5, 0.0]
    """
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
    """Draw up the balances of several years of a register with dates, cutting each hazard once.

    Parameters
    ----------
    hazards, releases, by, declared
        As for `balance`.
    years : iterable of int
        Calendar years, in any order.

    Returns
    -------
    tuple of Balance
        One for each year, in that order; the findings of each are those of the last year's end.

    Raises
    ------
    CRSError, GeometryError, SchemaError, HazardgeoError
        As `balance`.

    References
    ----------
    docs/explanation/accounting.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("southeast_europe.geojson"))
    >>> releases = hz.read_releases(hz.sample_data("southeast_europe_releases.geojson"))
    >>> tables = [one.to_frame().iloc[0] for one in balances(hazards, releases, years=(2022, 2023))]
    >>> bool(tables[0]["reported_m2"] == tables[1]["opening_m2"])
    True
    """
    names = (by,) if isinstance(by, str) else tuple(by)
    periods = [period_of(year, None, None) for year in years]
    if not periods:
        return ()
    whole = (None, max(until for _, until in periods))
    account = Account.of(hazards, releases, names, period=whole, declared=declared)
    return tuple(balance_of(account, *period) for period in periods)


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

    before = ALWAYS if since is None else number_of(since) - 1
    last = number_of(until)
    parts = [_rows(account, basis, ledger, before, last) for basis, ledger in account.ledgers.items()]
    table = pd.concat(parts)
    if len(parts) > 1:
        each = np.arange(len(table)).reshape(len(parts), -1).T.ravel()
        table = table.iloc[each]
    return Balance(since, until, account.by, account.findings, notes_of(account, since, until), table)


def _rows(account: Account, basis: str, ledger: Ledger, before: int, last: int) -> pd.DataFrame:
    """One basis: a row for each group."""
    import pandas as pd

    holders = len(account.group)
    opening, reported = ledger.stock(before, holders), ledger.stock(last, holders)
    entries = ledger.between(before, last)
    columns: dict[str, NDArray[Any]] = {"opening_m2": account.summed(opening)}
    columns |= _flows(account, entries)
    expected = columns["opening_m2"] + _net(columns)
    # What rounding leaves below nothing, beside what was added up, is nothing.
    least = -_SHARE * (
        columns["opening_m2"] + columns["new_m2"] + columns["increase_m2"] + np.abs(columns["reappraisal_m2"])
    )
    columns["expected_m2"] = np.where((expected < 0) & (expected >= least), 0.0, expected)
    columns["reported_m2"] = account.summed(reported)
    columns["residual_m2"] = columns["reported_m2"] - columns["expected_m2"]
    columns["confirmed_m2"] = _confirmed(account, entries)
    for place, word in enumerate(EXCLUSION.words, start=1):
        columns[f"{word}_m2"] = account.summed(reported, bucket=place)
    columns["closed_left_m2"] = account.summed(np.where(account.closed(basis, last), reported, 0.0))
    columns |= account.counts(basis, entries, opening, reported, before, last)
    unknown = account.unknown(basis)
    for name in AREAS + BESIDE:
        columns[name] = np.where(unknown, np.nan, columns[name])
    table = pd.DataFrame(columns, index=account.index)
    table.insert(0, "basis", basis)
    return table


def _flows(account: Account, entries: Ledger) -> dict[str, NDArray[np.float64]]:
    inside = np.append(account.bucket == IN_ACCOUNT, False)  # the last is nowhere
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
    kind_of = np.append(account.kind_of, -1)  # the last is of what no release did
    for place, kind in reversed(list(enumerate(KINDS))):
        of_kind = is_release & (kind_of[entries.release] == place)
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
