"""A hazard before it has an id and attributes, and the ground that is already taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from .ground import Ground

Rng = np.random.Generator


@dataclass(eq=False)
class Draft:
    """One hazard to be: whose record, its outline in the plane, and what it is there to show."""

    code: str
    shape: Any
    classification: str
    role: str
    surveyed: bool = False
    work_status: str = ""  # set where the scene needs it; drawn by lot otherwise
    sd_m: float | None = None  # likewise
    partner: Draft | None = None  # the other register's record of the same ground
    inside: list[Draft] = field(default_factory=list)


class Scene:
    """All drafts so far. Records of one register keep off each other, unless one is inside the other."""

    def __init__(self, ground: Ground, rng: Rng) -> None:
        self.ground, self.rng = ground, rng
        self.drafts: list[Draft] = []

    def add(self, *drafts: Draft) -> None:
        """Take drafts in."""
        self.drafts += drafts

    def of(self, code: str) -> list[Draft]:
        """The drafts of one register."""
        return [draft for draft in self.drafts if draft.code == code]

    def is_free(self, shape: Any, *codes: str, gap_m: float = 12.0) -> bool:
        """Whether no record of these registers lies within a gap of a shape."""
        return all(not shapely.dwithin(draft.shape, shape, gap_m) for draft in self.drafts if draft.code in codes)

    def area(self, median_m2: float = 60_000.0, spread: float = 1.35) -> float:
        """Draw an area [m²], lognormal as in real registers."""
        return float(np.clip(self.rng.lognormal(np.log(median_m2), spread), 320.0, 2.5e6))
