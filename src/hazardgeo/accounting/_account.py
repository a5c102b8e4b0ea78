"""An account drawn up: its entries by geometry and by declared figures, and how its holders are grouped."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.accounting._cuts import Cuts, cuts
from hazardgeo.accounting._declared import declared_ledger
from hazardgeo.accounting._faces import Taken
from hazardgeo.accounting._findings import Asked, Told, table_of
from hazardgeo.accounting._ground import ground_ledger
from hazardgeo.accounting._ledger import Ledger, Why
from hazardgeo.accounting._products import ALWAYS, KINDS, NEVER, Products, numbers_of, products
from hazardgeo.accounting._records import (
    IN_ACCOUNT,
    Records,
    dated_records,
    first_versions,
    last_versions,
    records_of_states,
    whole_outlines,
)
from hazardgeo.accounting._remaining import cut_by, number_of
from hazardgeo.accounting._states import between_states, outlines_lost, vanished
from hazardgeo.constants import AREA_SMALLEST_M2
from hazardgeo.errors import HazardgeoError
from hazardgeo.overlay import CLASSES
from hazardgeo.schema import UNSTATED, findings_table, require

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

GEOMETRY, DECLARED = "geometry", "declared"
_CHA = CLASSES.index("CHA")


@dataclass(frozen=True)
class Account:
    """Entries of an account, and the groups that their holders are in.

    Holders are the records and, after them, one for each release that names no hazard of its register.
    """

    records: Records
    released: Products
    ledgers: dict[str, Ledger]
    by: tuple[str, ...]
    index: pd.Index[Any]
    group: NDArray[np.intp]
    """Of each holder."""
    bucket: NDArray[np.intp]
    release_group: NDArray[np.intp]
    release_m2: dict[str, NDArray[np.float64]]
    use: NDArray[np.intp]
    """Releases that count, in the order in which they do."""
    cut: Cuts
    """What each of them takes."""
    findings: pd.DataFrame

    @classmethod
    def of(
        cls,
        hazards: gpd.GeoDataFrame,
        releases: gpd.GeoDataFrame | None,
        by: tuple[str, ...],
        *,
        closing: gpd.GeoDataFrame | None = None,
        period: tuple[datetime.date | None, datetime.date],
        declared: bool = True,
    ) -> Account:
        """Draw up the account of a register with dates, or of its states before and at the end of a period."""
        releases = no_releases(hazards) if releases is None else releases
        for frame in (hazards,) if closing is None else (hazards, closing):
            require(frame, *by)
        require(releases, "hazard_id", "kind", what="releases")
        days = _days(period) if closing is not None else None
        records = dated_records(hazards) if days is None else records_of_states(hazards, closing, by, *days)
        released = products(records.frame.iloc[first_versions(records)], releases)
        account = _drawn_up(records, released, releases, by, days, declared=declared)
        told = list(account.told(hazards, closing, releases, number_of(period[1])))
        return replace(account, findings=table_of(told))

    def told(
        self, hazards: gpd.GeoDataFrame, closing: gpd.GeoDataFrame | None, releases: gpd.GeoDataFrame, day: int
    ) -> Iterator[Told]:
        """Findings of the registers, of what was cut out by a day, and between two states."""
        records, first, last = self.records, first_versions(self.records), last_versions(self.records)
        asked = Asked(records.frame.iloc[first], releases, self.released, whole_outlines(records)[0])
        yield from asked.of_registers()
        done = self.released.day[self.use] <= day
        yield from asked.of_products(self.use[done], self.cut.of(done))
        closed = records.polygons[last]
        closed[~records.closed_end[last]] = None
        _, cut = cut_by(self.released, closed, records.areas[last], day, left=True)
        yield from asked.of_closed(records.closed_end[last], cut, day)
        if closing is not None:
            yield from between_states(hazards, closing)
            yield from outlines_lost(hazards, closing)
            ledger = self.ledgers[GEOMETRY]
            lost = (ledger.why == Why.LOST) & (ledger.source >= 0)
            yield from vanished(self.records.frame, ledger.source[lost], ledger.area_m2[lost])

    def closed(self, basis: str, day: int) -> NDArray[Any]:
        """Whether the register has closed a holder by a day: a status is of today, and not older than the last release."""
        ledger = self.ledgers[basis]
        later = ledger.source[(ledger.why == Why.RELEASED) & (ledger.day > day)]
        closed = self._of_holders(self.records.closed_end, other=False)
        closed[later] = False
        return closed

    @property
    def is_confirmed(self) -> NDArray[Any]:
        """Whether a holder is a confirmed hazardous area."""
        return self._of_holders(self.records.rank == _CHA, other=False)

    @property
    def kind_of(self) -> NDArray[np.intp]:
        """Place of each release's kind; the last is that of no release."""
        return np.append(self.released.rank, len(KINDS))

    def _of_holders(self, values: NDArray[Any], *, other: Any) -> NDArray[Any]:
        return np.concatenate([values, np.full(len(self.group) - len(self.records), other)])

    def grouped(self, holder: NDArray[np.intp], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum of values by the group of their holder."""
        return np.asarray(np.bincount(self.group[holder], values, len(self.index)))

    def summed(self, stock: NDArray[np.float64], bucket: int = IN_ACCOUNT) -> NDArray[np.float64]:
        """Stock of each group; what rounding leaves below nothing is nothing."""
        mine = np.flatnonzero(self.bucket == bucket)
        return np.maximum(self.grouped(mine, stock[mine]), 0.0)

    def released_m2(self, before: int, last: int) -> NDArray[np.float64]:
        """Ground that each release took out of the account between two days [m²], by geometry; NaN where nothing was measured."""
        if self.unknown(GEOMETRY).all() and len(self.records):
            return np.full(len(self.released.day), np.nan)
        entries = self.ledgers[GEOMETRY].between(before, last)
        mine = (entries.why == Why.RELEASED) & (self.bucket[entries.source] == IN_ACCOUNT)
        return np.asarray(np.bincount(entries.release[mine], entries.area_m2[mine], len(self.released.day)))

    def unknown(self, basis: str) -> NDArray[np.bool_]:
        """Groups that have records, and none that was measured: that is not 0."""
        count = len(self.records)
        known = ~np.isnan(self._figures(basis))
        have = np.bincount(self.group[:count], minlength=len(self.index))
        none = np.bincount(self.group[:count], known, len(self.index)) == 0
        return np.asarray((have > 0) & none)

    def _figures(self, basis: str) -> NDArray[np.float64]:
        return self.records.areas if basis == GEOMETRY else self.records.declared

    def counts(
        self,
        basis: str,
        entries: Ledger,
        opening: NDArray[np.float64],
        reported: NDArray[np.float64],
        before: int,
        last: int,
    ) -> dict[str, NDArray[np.intp]]:
        """How many hazards and releases there are in each group, and how many of them could not be counted."""
        count, groups = len(self.records), len(self.index)
        # Where less is left than anyone can stand in, nothing is.
        least = np.minimum(AREA_SMALLEST_M2.value, np.nan_to_num(self._figures(basis)) / 2)
        own, mine = self.group[:count], self.bucket[:count] == IN_ACCOUNT
        there, left = (mine & (stock[:count] > least) for stock in (opening, reported))
        fresh = mine & (self.records.entry == Why.NEW) & (self.records.start > before) & (self.records.start <= last)
        identity = self.records.identity
        closed = (there | fresh) & ~np.isin(identity, identity[left])
        releases = np.unique(entries.release[entries.why == Why.RELEASED])
        asked = self.released.day <= last
        unknown_release = np.isnan(self.release_m2[basis]) & asked & (self.released.day > before)

        def per(mask: NDArray[np.bool_], of: NDArray[np.intp] = own) -> NDArray[np.intp]:
            return np.bincount(of[mask], minlength=groups)

        return {
            "hazards_opening": self._distinct(there),
            "hazards_new": per(fresh),
            "hazards_closed": self._distinct(closed),
            "releases": np.bincount(self.release_group[releases], minlength=groups),
            "unmeasured": self._distinct(np.isnan(self._figures(basis))) + per(unknown_release, self.release_group),
            "undated": per(~self.records.dated) + per(self.released.day == NEVER, self.release_group),
        }

    def _distinct(self, mask: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Hazards among these records, by group; two versions are one."""
        at = np.flatnonzero(mask)
        pairs = np.unique(np.column_stack([self.group[at], self.records.identity[at]]), axis=0)
        return np.bincount(pairs[:, 0], minlength=len(self.index))


def no_releases(hazards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A frame of releases that holds none."""
    import geopandas as gpd

    return gpd.GeoDataFrame({"hazard_id": [], "kind": []}, geometry=[], crs=hazards.crs)


def _days(period: tuple[datetime.date | None, datetime.date]) -> tuple[int, int]:
    if period[0] is None:
        raise HazardgeoError("Two states of a register are of two days. Give year=, or since= and until=.")
    return number_of(period[0]), number_of(period[1])


def _drawn_up(
    records: Records,
    released: Products,
    releases: gpd.GeoDataFrame,
    by: tuple[str, ...],
    days: tuple[int, int] | None,
    *,
    declared: bool,
) -> Account:
    first = first_versions(records)
    nameless = np.flatnonzero(released.hazard < 0)
    holder = np.append(first, 0)[released.hazard]  # the last is of those that name none
    holder[nameless] = len(records) + np.arange(len(nameless))
    declared_m2 = numbers_of(releases, "declared_area_m2")
    use, cut = _cut_in_turn(records, released)
    ledgers = {GEOMETRY: _by_geometry(records, released, _taken(records, released, use, holder), cut)}
    if declared:
        ledgers[DECLARED] = declared_ledger(records, released, declared_m2, holder, days)
    index, group = _grouped(records, releases.iloc[nameless], by)
    return Account(
        records,
        released,
        ledgers,
        by,
        index,
        group,
        np.concatenate([records.bucket, np.full(len(nameless), IN_ACCOUNT)]),
        group[holder],
        {GEOMETRY: np.where(shapely.is_missing(released.polygons), np.nan, 0.0), DECLARED: declared_m2},
        use,
        cut,
        findings_table([]),
    )


def _cut_in_turn(records: Records, released: Products) -> tuple[NDArray[np.intp], Cuts]:
    """What each release takes; what one takes of a hazard before it is opened again, another may take afterwards."""
    polygons, areas = whole_outlines(records)
    if not records.reopened.any():
        return cut_by(released, polygons, areas, NEVER, left=False)
    opened = np.full(len(records) + 1, ALWAYS)  # the last is of those that name none
    opened[records.identity[records.reopened]] = records.start[records.reopened]
    early = released.day < opened[np.append(first_versions(records), -1)[released.hazard]]
    apart = replace(released, hazard=released.hazard + early * len(polygons))
    return cut_by(apart, np.tile(polygons, 2), np.tile(areas, 2), NEVER, left=False)


def _by_geometry(records: Records, released: Products, taken: Taken, cut: Cuts) -> Ledger:
    if (records.again | records.reopened).any():  # versions of a hazard are cut each by itself
        shapes = released.polygons[taken.product]
        cut = cuts(records.polygons, records.areas, shapes, taken.record, left=False)
    return ground_ledger(records, released, taken, cut)


def _taken(records: Records, released: Products, use: NDArray[np.intp], holder: NDArray[np.intp]) -> Taken:
    """Each release that counts, with each version of its hazard that it says something of."""
    later = np.full(len(records), -1, dtype=np.intp)
    again = np.flatnonzero(records.again | records.reopened)
    later[records.identity[again]] = again
    product, record = np.repeat(use, 2), np.column_stack([holder[use], later[holder[use]]]).ravel()
    keep = (record >= 0) & ~(records.reopened[record] & (released.day[product] < records.start[record]))
    return Taken(product[keep], record[keep])


def _grouped(
    records: Records, nameless: gpd.GeoDataFrame, by: tuple[str, ...]
) -> tuple[pd.Index[Any], NDArray[np.intp]]:
    """Groups, in the order in which they first stand, and that of each record and of each release that names none."""
    import pandas as pd

    count = len(records) + len(nameless)
    if not by:
        return pd.Index(["all"], name="group"), np.zeros(count, dtype=np.intp)
    own = nameless.reindex(columns=list(by)).astype(object)
    keys = pd.concat([records.by(by), own.where(own.notna(), UNSTATED)], ignore_index=True)
    group = keys.groupby(list(by), sort=False, observed=True).ngroup().to_numpy(dtype=np.intp)
    first = keys[~pd.Series(group).duplicated()]
    return (pd.Index(first[by[0]], name=by[0]) if len(by) == 1 else pd.MultiIndex.from_frame(first)), group
