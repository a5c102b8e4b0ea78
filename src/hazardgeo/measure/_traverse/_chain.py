"""Legs from point to point, and how each point hangs on the one whose place is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.constants import Constant
from hazardgeo.errors import named
from hazardgeo.measure._traverse._units import NotDrawnError
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_LEGS = Constant(
    "MOST_LEGS",
    2000.0,
    "1",
    "A traverse of more legs is taken for a mistake.",
    Source("hazardgeo design choice: 100 km at 50 m a leg; what is computed grows with the square", Grade.ASSUMED),
)


@dataclass(frozen=True)
class MeasuredLeg:
    """A leg in degrees and metres, its bearings from the north of the traverse."""

    from_point: str
    to_point: str
    bearing_deg: float
    distance_m: float
    back_deg: float | None = None

    @property
    def label(self) -> str:
        """The leg as a sentence calls it."""
        return f"{self.from_point} to {self.to_point}"


@dataclass(frozen=True, eq=False)
class Chain:
    """Points in the order of the legs, each hung on one that was placed before it."""

    names: tuple[str, ...]
    steps: tuple[tuple[int, int, int], ...]
    """Leg, point that is placed already, new point; in the order of placing."""
    closing: int | None
    """The leg that comes back to a point that the others lead to."""
    weights: NDArray[np.float64]
    """How often, and in which sense, each leg leads from the known point to each point; shape (points, legs)."""
    loop: NDArray[np.float64]
    """The same, round the loop that the closing leg closes; zeros without one."""


def chain_of(legs: Sequence[MeasuredLeg], at: str) -> Chain:
    """Hang every point on the known one.

    Parameters
    ----------
    legs : sequence of MeasuredLeg
    at : str
        The point whose place is known.

    Returns
    -------
    Chain

    Raises
    ------
    NotDrawnError
        If there is no leg, a point hangs on nothing, or the legs close more than once.
    """
    if not 0 < len(legs) <= MOST_LEGS.value:
        raise NotDrawnError(f"It has {len(legs):,} legs.", f"Give between 1 and {MOST_LEGS.value:,.0f}.")
    names = tuple(dict.fromkeys(name for leg in legs for name in (leg.from_point, leg.to_point)))
    if at not in names:
        raise NotDrawnError(f"No leg leads from or to {at!r}, whose place is known.", "Check the names of the points.")
    number = {name: i for i, name in enumerate(names)}
    ends = [(number[leg.from_point], number[leg.to_point]) for leg in legs]
    closing = _closing(legs, ends)
    steps = _steps(ends, closing, number[at])
    if unplaced := set(range(len(names))) - {number[at]} - {new for *_, new in steps}:
        lost = named(names[i] for i in sorted(unplaced))
        raise NotDrawnError(f"No leg joins {lost} to {at!r}, whose place is known.", "Add the missing leg.")
    weights = np.zeros((len(names), len(legs)))
    for leg, placed, new in steps:
        weights[new] = weights[placed]
        weights[new, leg] += 1 if ends[leg] == (placed, new) else -1
    loop = np.zeros(len(legs))
    if closing is not None:
        start, end = ends[closing]
        loop = weights[start] - weights[end]
        loop[closing] = 1
    return Chain(names, steps, closing, weights, loop)


def _closing(legs: Sequence[MeasuredLeg], ends: Sequence[tuple[int, int]]) -> int | None:
    """The leg, in the order of the legs, whose two ends are joined already."""
    group = list(range(1 + max(max(pair) for pair in ends)))

    def root(point: int) -> int:
        while group[point] != point:
            group[point] = group[group[point]]
            point = group[point]
        return point

    found: list[int] = []
    for leg, (start, end) in enumerate(ends):
        if start == end:
            raise NotDrawnError(f"The leg {legs[leg].label} ends where it begins.", "Check the names of its points.")
        if root(start) == root(end):
            found.append(leg)
        group[root(start)] = root(end)
    if len(found) > 1:
        both = " and ".join(legs[leg].label for leg in found[:2])
        raise NotDrawnError(
            f"It closes more than once ({both}).", "Keep one closing leg; give side points one leg each."
        )
    return found[0] if found else None


def _steps(ends: Sequence[tuple[int, int]], closing: int | None, known: int) -> tuple[tuple[int, int, int], ...]:
    at: dict[int, list[int]] = {}
    for leg, pair in enumerate(ends):
        if leg != closing:
            for point in pair:
                at.setdefault(point, []).append(leg)
    steps: list[tuple[int, int, int]] = []
    placed, waiting = {known}, [known]
    while waiting:
        point = waiting.pop()
        for leg in at.get(point, ()):
            new = ends[leg][1] if ends[leg][0] == point else ends[leg][0]
            if new not in placed:
                placed.add(new)
                waiting.append(new)
                steps.append((leg, point, new))
    return tuple(steps)
