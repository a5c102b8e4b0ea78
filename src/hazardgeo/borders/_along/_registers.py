"""Several registers as one row of records: positions count through the first, then through the second, and so on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.borders._seam import largest_seam_m, seams_of_pairs
from hazardgeo.borders._set import BorderSet
from hazardgeo.errors import HazardgeoError

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Registers:
    """Two registers or more, side by side."""

    frames: tuple[gpd.GeoDataFrame, ...]

    @cached_property
    def number(self) -> NDArray[np.intp]:
        """Which register each record stands in."""
        return np.repeat(np.arange(len(self.frames)), [len(frame) for frame in self.frames])

    def each(self, values: Callable[[gpd.GeoDataFrame], Any]) -> NDArray[Any]:
        """What a function gives for each register, one after the other."""
        return np.concatenate([np.asarray(values(frame)) for frame in self.frames])

    @property
    def largest_seam_m(self) -> float:
        """The largest seam between records of different registers [m]; NaN where one is not known."""
        return float(np.max([largest_seam_m(a, b) for a, b in combinations(self.frames, 2)]))

    def seams_m(self, one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.float64]:
        """The seam of pairs of records, the first of which stands in an earlier register than the second [m]."""
        seams, first = np.full(len(one), np.nan), np.searchsorted(self.number, np.arange(len(self.frames)))
        numbers = np.column_stack([self.number[one], self.number[other]])
        for a, b in np.unique(numbers, axis=0).tolist():
            rows = np.flatnonzero((numbers == (a, b)).all(axis=1))
            at_a, at_b = one[rows] - first[a], other[rows] - first[b]
            seams[rows] = seams_of_pairs(self.frames[a], self.frames[b], at_a, at_b)
        return seams


def registers_and_borders(
    given: tuple[gpd.GeoDataFrame | BorderSet, ...],
) -> tuple[tuple[gpd.GeoDataFrame, ...], tuple[BorderSet, ...]]:
    """Tell registers from versions of a border.

    Raises
    ------
    HazardgeoError
        If there are fewer than two registers, or no border.
    """
    borders = tuple(one for one in given if isinstance(one, BorderSet))
    registers = tuple(one for one in given if not isinstance(one, BorderSet))
    if len(registers) < 2 or not borders:
        raise HazardgeoError("Give two registers or more, and at least one border after them.")
    return registers, borders
