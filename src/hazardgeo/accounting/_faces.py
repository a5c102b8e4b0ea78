"""The history of faces, all at once: who holds each open from which day to which, and what changes that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hazardgeo.accounting._ledger import NOWHERE, Ledger, Why
from hazardgeo.accounting._products import NEVER
from hazardgeo.overlay import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hazardgeo.accounting._products import Products
    from hazardgeo.accounting._records import Records

    Ints = NDArray[np.int64]

_CHA, _SHA = CLASSES.index("CHA"), CLASSES.index("SHA")
_CAME, _RELEASED, _ENDED = 0, 1, 2  # in which order what happens on one day is asked
_AT_ONCE = 4_000_000  # pairs of a turn and a record


class Taken(NamedTuple):
    """Each product with each record that it releases ground from, in the order in which they do."""

    product: NDArray[np.intp]
    record: NDArray[np.intp]

    def of(self, records: NDArray[np.bool_]) -> Taken:
        """Those of some records."""
        keep = records[self.record]
        return Taken(self.product[keep], self.record[keep])


class Pairs(NamedTuple):
    """Faces, and what lies on each; in the order of the faces."""

    face: Ints
    at: Ints

    @classmethod
    def of(cls, face: Any, at: Any) -> Pairs:
        """In their order."""
        order = np.lexsort((at, face))
        return cls(np.asarray(face)[order], np.asarray(at)[order])


class _Happened(NamedTuple):
    """What comes to or leaves a record on a face: of one day, phase and place it happens at once."""

    face: Ints
    day: Ints
    phase: Ints
    place: Ints
    held: Ints
    """Position among the pairs of a face and a record."""
    release: Ints


def is_before(records: Records, released: Products, product: Any, record: Any) -> Any:
    """Whether a release is older than the later version of a hazard: its ground is not in that version at all."""
    return records.again[record] & (released.day[product] < records.start[record])


def faces_ledger(
    records: Records, released: Products, taken: Taken, areas: NDArray[np.float64], holds: Pairs, takes: Pairs
) -> Ledger:
    """Enter when ground of faces came into the account, changed hands and left it.

    Parameters
    ----------
    records : Records
    released : Products
    taken : Taken
    areas : ndarray of float
        Of each face [m²].
    holds : Pairs
        Faces, and the records that cover them.
    takes : Pairs
        Faces, and the positions in `taken` of what covers them.

    Returns
    -------
    Ledger
    """
    held, pair = _released_from(records, released, taken, holds, takes)
    product = taken.product[pair]
    # Released before this version of the hazard, a face is not in it.
    absent = np.zeros(len(holds.face), dtype=bool)
    absent[held[is_before(records, released, product, holds.at[held])]] = True
    happened = _happened(records, released, taken, holds, held, pair)
    parts = (_entered(records, one, holds, areas) for one in _in_parts(happened, holds, ~absent))
    return Ledger.joined([Ledger.of([]), *parts])


def _released_from(records: Records, released: Products, taken: Taken, holds: Pairs, takes: Pairs) -> tuple[Ints, Ints]:
    """Which pair of a face and a record each release lowers: its own, and suspected ground that a confirmed area took over."""
    take, held = _joined(takes.face, holds.face)
    own = taken.record[takes.at[take]]
    is_own = holds.at[held] == own
    there = np.zeros(len(takes.face), dtype=bool)
    there[take[is_own]] = True
    record = holds.at[held]
    since = _since(records, holds)[held]
    along = (records.rank[own] == _CHA) & (records.rank[record] == _SHA)
    # Not where the suspected one was recorded, or grew to there, after the release: it has come under suspicion again.
    along &= since <= released.day[taken.product[takes.at[take]]]
    keep = there[take] & (is_own | along)
    return held[keep], takes.at[take[keep]]


def _since(records: Records, holds: Pairs) -> Ints:
    """Since when the hazard of each pair has stood on its face; what was opened again, since then."""
    key = holds.face * (len(records) + 1) + records.identity[holds.at]
    _, group = np.unique(key, return_inverse=True)
    first = np.full(len(key), NEVER)
    np.minimum.at(first, group, records.start[holds.at])
    return np.where(records.reopened[holds.at], records.start[holds.at], first[group])


def _happened(records: Records, released: Products, taken: Taken, holds: Pairs, held: Ints, pair: Ints) -> _Happened:
    every = np.arange(len(holds.face))
    ends = every[records.end[holds.at] < NEVER]
    own = taken.record[pair]
    day = np.maximum(released.day[taken.product[pair]], records.start[own])
    parts = (
        (every, records.start[holds.at], _CAME, holds.at, NOWHERE),
        (held, day, _RELEASED, pair, taken.product[pair]),
        (ends, records.end[holds.at[ends]], _ENDED, 0, NOWHERE),
    )
    columns = [np.broadcast_arrays(*part) for part in parts]
    at, when, phase, place, release = (np.concatenate(column) for column in zip(*columns, strict=True))
    face = holds.face[at]
    order = np.lexsort((at, place, phase, when, face))
    return _Happened(*(column[order] for column in (face, when, phase, place, at, release)))


def _in_parts(happened: _Happened, holds: Pairs, present: NDArray[np.bool_]) -> Iterator[_Happened]:
    """Of records that are on their face, so many faces at a time that memory holds what is asked of them."""
    keep = present[happened.held]
    happened = _Happened(*(column[keep] for column in happened))
    asked = np.bincount(holds.face[present], minlength=int(holds.face.max(initial=-1)) + 1)[happened.face]
    part = np.cumsum(asked) // _AT_ONCE
    # A face is not divided.
    first = np.searchsorted(happened.face, happened.face)
    part = part[first]
    cuts = np.flatnonzero(np.diff(part)) + 1
    for rows in np.split(np.arange(len(part)), cuts):
        if len(rows):
            yield _Happened(*(column[rows] for column in happened))


def _entered(records: Records, happened: _Happened, holds: Pairs, areas: NDArray[np.float64]) -> Ledger:
    """Entries of some faces, turn by turn: after each, the first of the records that hold the face."""
    keys = np.column_stack([happened.face, happened.day, happened.phase, happened.place])
    is_first = np.append(True, (np.diff(keys, axis=0) != 0).any(axis=1))
    turn, at = np.cumsum(is_first) - 1, np.flatnonzero(is_first)
    face, day, release = (column[at] for column in (happened.face, happened.day, happened.release))
    came, gone = _span(happened, turn, len(at))
    held = np.flatnonzero(came < len(at))  # of these faces
    place = _precedence(records)[holds.at[held]]
    asked, pair = _joined(face, holds.face[held])
    open_ = (came[held[pair]] <= asked) & (asked < gone[held[pair]])
    starts = np.searchsorted(asked, np.arange(len(at)))
    first = np.minimum.reduceat(np.where(open_, place[pair], len(records)), starts)
    now = np.append(np.argsort(_precedence(records)), NOWHERE)[first]
    before = np.where(np.append(True, np.diff(face) != 0), NOWHERE, np.append(NOWHERE, now[:-1]))
    changed = now != before
    face, day, release, before, now = (column[changed] for column in (face, day, release, before, now))
    release = np.where(now == NOWHERE, release, NOWHERE)
    why = np.where(release != NOWHERE, int(Why.RELEASED), records.exit[before])
    why = np.where(now != NOWHERE, int(Why.MOVED), why)
    why = np.where(before == NOWHERE, records.entry[now], why)
    return Ledger.filled(why, day, areas[face], source=before, target=now, release=release)


def _span(happened: _Happened, turn: Ints, turns: int) -> tuple[Ints, Ints]:
    """Turn in which each pair of a face and a record comes, and the first after it in which it goes."""
    count = int(happened.held.max(initial=-1)) + 1
    came, gone = np.full(count, turns), np.full(count, turns)
    is_start = happened.phase == _CAME
    came[happened.held[is_start]] = turn[is_start]
    later = ~is_start & (turn > came[happened.held])
    np.minimum.at(gone, happened.held[later], turn[later])
    return came, gone


def _precedence(records: Records) -> NDArray[np.intp]:
    """Place of each record among those that hold ground open: by class, then by day, then by position."""
    place = np.empty(len(records), dtype=np.intp)
    place[np.lexsort((records.start, records.rank))] = np.arange(len(records))
    return place


def _joined(a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Positions of all pairs of equal numbers, of the second in ascending order."""
    first, after = np.searchsorted(b, a, "left"), np.searchsorted(b, a, "right")
    count = after - first
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(np.arange(len(a)), count), np.repeat(first, count) + within
