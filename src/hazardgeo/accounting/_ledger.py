"""The account's entries: on which day how much ground came from where, went where, and why."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NOWHERE = -1
"""Where ground is that no record holds open, and the release of what no release moved."""


class Why(IntEnum):
    """Why ground came, went or changed hands."""

    NEW = 0
    INCREASE = 1
    RELEASED = 2
    DECREASE = 3
    LOST = 4
    """Gone without a word: it stands in the residual."""
    MOVED = 5
    """From one record to another; both of the account."""
    REAPPRAISED = 6


class Ledger(NamedTuple):
    """Entries, each a column's row: day, ground [m²], from and to which record, by which release, and why."""

    day: NDArray[np.int64]
    area_m2: NDArray[np.float64]
    source: NDArray[np.intp]
    target: NDArray[np.intp]
    release: NDArray[np.intp]
    why: NDArray[np.intp]

    @classmethod
    def of(cls, entries: Sequence[tuple[Any, ...]]) -> Ledger:
        """From entries one by one."""
        columns = list(zip(*entries, strict=True)) if entries else [()] * 6
        return cls._make(np.array(c, dtype=d) for c, d in zip(columns, _TYPES, strict=True))

    @classmethod
    def filled(
        cls, why: Any, day: Any, area_m2: Any, *, source: Any = NOWHERE, target: Any = NOWHERE, release: Any = NOWHERE
    ) -> Ledger:
        """From columns; single values stand in every row."""
        columns = np.broadcast_arrays(day, area_m2, source, target, release, why)
        return cls._make(np.array(c, dtype=d) for c, d in zip(columns, _TYPES, strict=True))

    @classmethod
    def joined(cls, parts: Sequence[Ledger]) -> Ledger:
        """Several, one after the other; what is no ground is no entry."""
        joined = cls._make(np.concatenate(columns) for columns in zip(*parts, strict=True))
        return cls._make(column[joined.area_m2 != 0] for column in joined)

    def between(self, after: int, until: int) -> Ledger:
        """The entries later than one day and not later than another."""
        keep = (self.day > after) & (self.day <= until)
        return Ledger._make(column[keep] for column in self)

    def stock(self, day: int, records: int) -> NDArray[np.float64]:
        """Ground that each record holds open at the end of a day [m²]."""
        now = self.day <= day
        came, went = now & (self.target >= 0), now & (self.source >= 0)
        held = np.bincount(self.target[came], self.area_m2[came], records)
        return np.asarray(held - np.bincount(self.source[went], self.area_m2[went], records))


_TYPES = (np.int64, np.float64, np.intp, np.intp, np.intp, np.intp)
