"""Where the work is, told before each step that a hostile record could make endless.

In a worker process somebody listens: when the process is stopped, the record that stopped it is known. Elsewhere
nobody does, and telling costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

_BATCH = 1000


class Watch:
    """Tells the rows that are about to be worked on, and cuts the work into batches.

    Parameters
    ----------
    tell : callable, optional
        Takes the step and the rows.
    careful : collection of int
        Rows that are worked on one at a time.
    skip : collection of int
        Rows that stopped a worker before.
    """

    def __init__(
        self,
        tell: Callable[[str, list[int]], None] | None = None,
        careful: Collection[int] = (),
        skip: Collection[int] = (),
    ) -> None:
        self._tell = tell
        self._careful = frozenset(careful)
        self.skip = frozenset(skip)

    def tell(self, step: str, rows: Sequence[int] = ()) -> None:
        """Tell that this step begins on these rows."""
        if self._tell is not None:
            self._tell(step, [int(row) for row in rows])

    def batches(self, step: str, rows: Sequence[Sequence[int]]) -> Iterator[slice]:
        """Cut work into batches and tell each before it is given.

        Parameters
        ----------
        step : str
        rows : sequence of sequence of int
            Rows that each piece of work touches, the one that probably costs most first.

        Yields
        ------
        slice
            Of the pieces; those that touch a careful row come alone.
        """
        start = 0
        while start < len(rows):
            stop = start + 1
            if not self._is_careful(rows[start]):
                limit = min(start + _BATCH, len(rows))
                while stop < limit and not self._is_careful(rows[stop]):
                    stop += 1
            self.tell(step, list(dict.fromkeys(row for piece in rows[start:stop] for row in piece)))
            yield slice(start, stop)
            start = stop

    def _is_careful(self, rows: Sequence[int]) -> bool:
        return bool(self._careful) and not self._careful.isdisjoint(rows)
