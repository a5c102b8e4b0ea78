"""A word on long work, only where somebody looks: on a terminal, or in a notebook."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE_S = 1.0


@contextlib.contextmanager
def steps(what: str) -> Iterator[Callable[[str], None]]:
    """Give a function that tells the step; it speaks once the work has taken a second, and wipes its line at the end.

    Parameters
    ----------
    what : str
        File or job.

    Yields
    ------
    callable
        Takes the name of the step that begins.
    """
    started, width = time.monotonic(), 0
    looked_at = sys.stderr.isatty() or "ipykernel" in sys.modules

    def tell(step: str) -> None:
        nonlocal width
        if looked_at and time.monotonic() - started > _PATIENCE_S:
            line = f"{what}: {step} …"
            print(f"\r{line:<{width}}", end="", file=sys.stderr, flush=True)
            width = max(width, len(line))

    try:
        yield tell
    finally:
        if width:
            print(f"\r{'':<{width}}\r", end="", file=sys.stderr, flush=True)
