"""One thing that the doctor looked at, and what that means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """What was looked at, what was found, what that means, and whether it has to be mended."""

    topic: str
    what: str
    found: str
    means: str = ""
    is_problem: bool = False
