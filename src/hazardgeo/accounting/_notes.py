"""The sentences that belong under a balance: how it was made, what is in it, what is not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.accounting._ledger import Why
from hazardgeo.accounting._products import ALWAYS
from hazardgeo.accounting._records import first_versions
from hazardgeo.accounting._remaining import number_of
from hazardgeo.measure import counted, grouped
from hazardgeo.vocabulary import EXCLUSION

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from hazardgeo.accounting._account import Account

_GEOMETRY = (
    "By geometry: hazards and releases are cut and measured in local equal-area planes and brought to geodesic areas on WGS 84. "
    "Within a register each square metre counts once, under the confirmed area before the suspected one, and a release lowers "
    "only what it covers of the hazard that it names, from the day on which it was completed."
)
_DECLARED = (
    "By declared figures: the register is taken at its word, its statuses included. What releases declare beyond their hazards "
    "stands under reappraisal."
)
_RESIDUAL = (
    "The residual is what is reported less what is expected; it is printed as it is and not spread over other columns."
)
_REASONS = {
    "release-hazard-missing": "name no hazard of their register",
    "release-kind-unknown": "are of no known kind",
    "release-undated": "have no day of completion",
    "dates-reversed": "were completed before they were started",
    "depth-missing": "are cleared to no stated depth",
    "release-outline-unclear": "have no clear outline",
    "release-before-hazard": "are older than what their open hazard rests on",
}


def notes_of(account: Account, since: datetime.date | None, until: datetime.date) -> tuple[str, ...]:
    """Write the sentences under the balance of a period.

    Parameters
    ----------
    account : Account
    since : datetime.date or None
    until : datetime.date

    Returns
    -------
    tuple of str
    """
    before, last = ALWAYS if since is None else number_of(since) - 1, number_of(until)
    return (
        _GEOMETRY,
        *([_DECLARED] if len(account.ledgers) > 1 else []),
        _RESIDUAL,
        *_records(account),
        *_not_subtracted(account),
        *_of_period(account, before, last),
    )


def _records(account: Account) -> Iterator[str]:
    records, first = account.records, first_versions(account.records)
    yield (
        f"In the account: {counted(len(first), 'hazard', 'hazards')} and "
        f"{counted(len(account.released.day), 'release', 'releases')}."
    )
    if undated := int((~records.dated).sum()):
        yield f"{counted(undated, 'hazard has', 'hazards have')} no date of information and stand in the opening of every period."
    if unmeasured := int(np.isnan(records.areas[first]).sum()):
        yield f"{counted(unmeasured, 'hazard has', 'hazards have')} no outline and no area by geometry: that is not 0."
    for place, term in enumerate(EXCLUSION.terms, start=1):
        if excluded := int((records.bucket[first] == place).sum()):
            yield f"Apart, under {term.word}: {counted(excluded, 'hazard', 'hazards')}; no other column holds them."
    if len(np.unique(records.keeper)) > 1:
        yield "Ground that two registers record counts in each of them; borders.count_once tells how much that is."


def _not_subtracted(account: Account) -> Iterator[str]:
    faults = account.released.faults
    if none := int((~account.released.counts).sum()):
        reasons = [f"{grouped(int(mask.sum()))} {_REASONS[rule]}" for rule, mask in faults.items() if mask.any()]
        words = counted(none, "release lowers", "releases lower")
        yield f"{words} nothing by geometry: {', '.join(reasons)}. The findings name them."


def _of_period(account: Account, before: int, last: int) -> Iterator[str]:
    mine = (account.released.day > before) & (account.released.day <= last)
    cut = account.cut.of(mine[account.use])
    outside, twice = math.fsum(cut.outside_m2), math.fsum(cut.inside_m2 - cut.first_m2)
    if outside >= 0.5:
        yield f"Releases of the period reach {grouped(outside)} m² beyond the hazards that they name; that lowers nothing."
    if twice >= 0.5:
        yield f"Releases of the period cover {grouped(twice)} m² that had been released before; that counts once."
    closed = [
        float(ledger.stock(last, len(account.group))[account.closed(basis, last)].sum())
        for basis, ledger in account.ledgers.items()
    ]
    if closed[0] >= 0.5:
        yield f"Of what is reported by geometry, {grouped(closed[0])} m² are on closed hazards, and no release covers them."
    for basis, ledger in account.ledgers.items():
        entries = ledger.between(before, last)
        if (entries.why == Why.LOST).any():
            lost = entries.why == Why.LOST
            net = math.fsum(np.where(entries.source[lost] >= 0, -1.0, 1.0) * entries.area_m2[lost])
            what = {"geometry": "Measured", "declared": "Declared"}[basis]
            way = "left the register" if net < 0 else "came into the register"
            yield f"{what}: of the residual, {grouped(abs(net))} m² {way} without a release or a word."
    back = account.records.reopened & (account.records.start > before) & (account.records.start <= last)
    if back.any():
        yield (
            f"Opened again in the period: {counted(int(back.sum()), 'hazard', 'hazards')}. What had been released of them is new "
            f"again, and only later releases lower it."
        )
    came = account.records.start[(account.records.start > before) & (account.records.start <= last)]
    if not mine.any() and not len(came):
        yield "No hazard and no release is dated in this period: nothing was done, or nothing was recorded; the data do not say."
