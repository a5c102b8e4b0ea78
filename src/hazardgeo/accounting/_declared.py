"""Entries by the figures that the register declares: taken at its word, status included."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hazardgeo.accounting._ledger import NOWHERE, Ledger, Why

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.accounting._products import Products
    from hazardgeo.accounting._records import Records

_Entry = tuple[int, float, int, int, int, int]


def declared_ledger(
    records: Records,
    released: Products,
    declared_m2: NDArray[np.float64],
    identity: NDArray[np.intp],
    period: tuple[int, int] | None = None,
) -> Ledger:
    """Enter what came and went, by declared figures.

    A release takes what it declares from the hazard that it names; what it declares beyond what is left there, or without
    naming one, is first entered as a reappraisal, so that no stock falls below nothing. A hazard that the register has closed
    holds nothing after its last release: what was left is gone without a word.

    Parameters
    ----------
    records : Records
    released : Products
    declared_m2 : ndarray of float
        Of each release.
    identity : ndarray of int
        Of the hazard that each release names; a number beyond all records where it names none.
    period : tuple of int, int, optional
        First and last day, where the records are a register's states before and at the end of it.

    Returns
    -------
    Ledger
        A release that names no hazard takes from the record of its own number.
    """
    mine: dict[int, list[int]] = {}
    for product in released.order[(released.stated & (declared_m2 > 0))[released.order]].tolist():
        mine.setdefault(int(identity[product]), []).append(product)
    versions: dict[int, list[int]] = {}
    for record, one in enumerate(records.identity.tolist()):
        versions.setdefault(one, []).append(record)
    entries: list[_Entry] = []
    for one, of_hazard in versions.items():
        history = _History(released, declared_m2, mine.pop(one, []), entries)
        if period is None:
            history.dated(records, of_hazard[0])
        else:
            history.states(records, of_hazard, *period)
    for one, products in mine.items():
        _History(released, declared_m2, products, entries, holder=one).release()
    return Ledger.joined([Ledger.of(entries)])


@dataclass
class _History:
    """The declared history of one hazard, written entry by entry."""

    released: Products
    declared_m2: NDArray[np.float64]
    products: list[int]
    entries: list[_Entry]
    holder: int = NOWHERE
    stock: float = 0.0
    last: int = field(default=0)

    def hold(self, day: int, m2: float, record: int, why: int) -> None:
        """The record comes to hold an area."""
        self.entries.append((day, m2, NOWHERE, record, NOWHERE, why))
        self.holder, self.stock, self.last = record, m2, day

    def release(self, *, after: int | None = None, until: int | None = None) -> None:
        """Its releases, of some days."""
        for product in self.products:
            day, m2 = int(self.released.day[product]), float(self.declared_m2[product])
            if (after is not None and day <= after) or (until is not None and day > until):
                continue
            self.last = max(day, self.last)
            if m2 > self.stock:
                self.entries.append((self.last, m2 - self.stock, NOWHERE, self.holder, NOWHERE, Why.REAPPRAISED))
            self.entries.append((self.last, m2, self.holder, NOWHERE, product, Why.RELEASED))
            self.stock = max(self.stock - m2, 0.0)

    def become(self, day: int, m2: float, why: int) -> None:
        """The figure is another one from that day."""
        ends = (self.holder, NOWHERE) if m2 < self.stock else (NOWHERE, self.holder)
        self.entries.append((day, abs(m2 - self.stock), *ends, NOWHERE, why))
        self.stock = m2

    def dated(self, records: Records, record: int) -> None:
        """A hazard of a register with dates."""
        self.hold(int(records.start[record]), _figure(records.declared, record), record, int(records.entry[record]))
        self.release()
        if records.closed_end[record]:
            self.become(self.last, 0.0, Why.LOST)

    def states(self, records: Records, versions: list[int], since: int, until: int) -> None:
        """A hazard of a register's two states."""
        first, last = versions[0], versions[-1]
        before, after = _figure(records.declared, first), _figure(records.declared_end, last)
        if np.isnan(records.declared_end[last]):  # no longer declared, which is not 0
            after = before
        if first == last and records.entry[first] == Why.NEW and records.start[first] >= since:
            self.dated(records, first)
            return
        if records.reopened[last]:
            self.reopened(records, first, last, since, until)
            return
        # A figure that stays as it was while the register goes on is that of the whole hazard; one that changes is what is left.
        is_whole = before == after
        held = before
        if is_whole:
            earlier = [self.declared_m2[p] for p in self.products if self.released.day[p] < since]
            held = max(before - float(np.sum(earlier)), 0.0)
        self.hold(int(records.start[first]), 0.0 if records.closed[first] else held, first, int(records.entry[first]))
        if first != last:
            self.entries.append((since, self.stock, first, last, NOWHERE, Why.MOVED))
            self.holder = last
        self.last = since
        self.release(after=since - 1, until=until)
        if records.end[last] <= until or records.closed_end[last]:
            self.become(until, 0.0, Why.LOST)
        elif not is_whole:
            self.become(until, after, self._why_changed(records, first, last, since))

    def reopened(self, records: Records, first: int, last: int, since: int, until: int) -> None:
        """A hazard that was closed and is open again: what is declared of it is new on that day."""
        day, after = int(records.start[last]), _figure(records.declared_end, last)
        whole = _figure(records.declared, first)
        self.hold(int(records.start[first]), 0.0, first, int(records.entry[first]))
        self.last = since
        self.release(after=since - 1, until=day - 1)
        if np.isnan(records.declared_end[last]) or after == whole:  # the figure is that of the whole hazard
            self.hold(day, whole, last, int(records.entry[last]))
        else:  # it is what is left in the end
            later = [self.declared_m2[p] for p in self.products if day <= self.released.day[p] <= until]
            self.hold(day, after + float(np.sum(later)), last, int(records.entry[last]))
        self.release(after=day - 1, until=until)

    def _why_changed(self, records: Records, first: int, last: int, since: int) -> int:
        if any(self.released.day[p] >= since for p in self.products):
            return Why.LOST
        if shapely.equals(records.polygons[first], records.polygons[last]):
            return Why.REAPPRAISED
        return Why.INCREASE if _figure(records.declared_end, last) > self.stock else Why.DECREASE


def _figure(figures: NDArray[np.float64], record: int) -> float:
    return float(np.nan_to_num(figures[record]))
