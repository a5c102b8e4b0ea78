"""The lines of a border as a course: edge after edge, with the distance from the start of the line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.constants import M2_PER_MI2
from hazardgeo.crs import GEOD, on_arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray

M_PER_KM = 1000.0
M_PER_MI = math.sqrt(M2_PER_MI2.value)  # 1609.344
_HAIR_M = 1e-3


@dataclass(frozen=True, eq=False)
class Course:
    """Edges of lines in their order.

    `ends` are longitude and latitude of each edge's two ends; `line` is the position of its line among those given,
    `part` that of the unbroken part it belongs to, among all; `start_m` is how far along its line it begins, over all
    of the line's parts in turn, and `length_m` its geodesic length [m].
    """

    ends: NDArray[np.float64]
    line: NDArray[np.intp]
    part: NDArray[np.intp]
    start_m: NDArray[np.float64]
    length_m: NDArray[np.float64]

    @cached_property
    def edges(self) -> NDArray[Any]:
        """The edges as geometries."""
        return np.asarray(shapely.linestrings(self.ends), dtype=object)

    def length_of(self, lines: Any) -> float:
        """Length of some of the lines together [m]."""
        return math.fsum(self.length_m[np.isin(self.line, lines)])

    def places(self, edge: NDArray[np.intp], share: NDArray[np.float64]) -> NDArray[np.float64]:
        """Longitude and latitude at a share of an edge."""
        start, end = self.ends[edge, 0], self.ends[edge, 1]
        return np.asarray(start + share[:, None] * (end - start))

    def samples(self, spacing_m: float) -> tuple[NDArray[Any], NDArray[np.intp]]:
        """Points every `spacing_m` along each part, the first half of that from its start, and the line of each."""
        found = [self._samples_of(part, spacing_m) for part in np.unique(self.part).tolist()]
        edge = np.concatenate([one for one, _ in found]) if found else np.zeros(0, dtype=np.intp)
        share = np.concatenate([one for _, one in found]) if found else np.zeros(0)
        return np.asarray(shapely.points(self.places(edge, share)), dtype=object), self.line[edge]

    def _samples_of(self, part: int, spacing_m: float) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        edges = np.flatnonzero(self.part == part)
        start, length = self.start_m[edges], self.length_m[edges]
        first, last = start[0], start[-1] + length[-1]
        # A part shorter than half a step is asked in its middle, so that none goes unasked.
        at = np.arange(first + min(spacing_m, last - first) / 2, last, spacing_m)
        inside = np.searchsorted(start, at, side="right") - 1
        return edges[inside], (at - start[inside]) / length[inside]

    def stretch(self, part: int, from_m: float, to_m: float) -> Any:
        """The piece of a part between two distances along its line."""
        edges = np.flatnonzero(self.part == part)
        start, length = self.start_m[edges], self.length_m[edges]
        first, last = np.clip(np.searchsorted(start, [from_m, to_m], side="right") - 1, 0, None)
        shares = np.clip((np.array([from_m, to_m]) - start[[first, last]]) / length[[first, last]], 0, 1)
        head, tail = self.places(edges[[first, last]], shares)
        between = edges[(start > from_m + _HAIR_M) & (start < to_m - _HAIR_M)]
        return shapely.LineString([head, *self.ends[between, 0], tail])


def course_of(lines: NDArray[Any]) -> Course:
    """Take lines apart into their edges.

    Parameters
    ----------
    lines : ndarray of shapely geometries
        LineStrings or MultiLineStrings in EPSG:4326, edges of at most 1 km, as a `BorderSet` holds them.

    Returns
    -------
    Course
    """
    parts, of_line = shapely.get_parts(shapely.line_merge(lines), return_index=True)
    lonlat, of_part = shapely.get_coordinates(parts, return_index=True)
    ends = np.stack([lonlat[:-1], lonlat[1:]], axis=1)[of_part[:-1] == of_part[1:]]
    part = of_part[:-1][of_part[:-1] == of_part[1:]]
    lon, lat = ends[..., 0], ends[..., 1]
    length = on_arrays(GEOD.inv, lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])[2] if len(ends) else np.zeros(0)
    real = length > 0
    ends, part, length = ends[real], part[real], length[real]
    line = of_line[part]
    before = np.concatenate([[0.0], np.cumsum(length)])[:-1]
    # From the start of its own line: what all the lines before it are long is taken off.
    _, first = np.unique(line, return_index=True)
    origin = before[first] if len(first) else before
    start = before - np.repeat(origin, np.diff(np.append(first, len(line))))
    return Course(ends, line, part, start, length)
