"""Lines in chunks of a few edges: a search tree over whole lines would look at all of a line for each hazard."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EDGES = 4
_M_PER_DEGREE = 110_000.0  # of latitude, at least
_STEEPEST_DEG = 89.5


class Chunks:
    """Chunks of lines.

    Parameters
    ----------
    lines : ndarray of shapely geometries
        In EPSG:4326, edges of at most 1 km.
    """

    def __init__(self, lines: NDArray[Any]) -> None:
        parts, of_line = shapely.get_parts(lines, return_index=True)
        self.lonlat, part = shapely.get_coordinates(parts, return_index=True)
        begins = np.flatnonzero(np.diff(part, prepend=-1))
        place = np.arange(len(part)) - begins[part] if len(part) else part
        last = np.append(begins[1:], len(part))[part] - 1 if len(part) else part
        self.start = np.flatnonzero((place % _EDGES == 0) & (np.arange(len(part)) < last))
        self.stop = np.minimum(self.start + _EDGES, last[self.start])  # the vertex at which it ends
        self.row = of_line[part[self.start]]

    @cached_property
    def shapes(self) -> NDArray[Any]:
        """The chunks as geometries."""
        return self.moved(self.lonlat)

    def moved(self, coordinates: NDArray[np.float64]) -> NDArray[Any]:
        """The chunks as geometries, with other coordinates for the vertices."""
        size = self.stop - self.start + 1
        of_chunk = np.repeat(np.arange(len(size)), size)
        vertex = np.arange(len(of_chunk)) - np.repeat(np.cumsum(size) - size, size) + self.start[of_chunk]
        return np.asarray(shapely.linestrings(coordinates[vertex], indices=of_chunk), dtype=object)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Search tree over the chunks, in degrees."""
        return shapely.STRtree(self.shapes)

    def within(self, shapes: NDArray[Any], reach_m: Any) -> NDArray[np.bool_]:
        """Which shapes may lie within reach of a chunk; none that does is left out."""
        found = np.zeros(len(shapes), dtype=bool)
        found[self.in_reach(shapes, reach_m)[0]] = True
        return found

    def within_box(self, shapes: NDArray[Any], reach_m: float) -> NDArray[np.bool_]:
        """Which shapes may have a chunk within reach of their box, between the antimeridian's sides; in a tenth of the time."""
        west, south, east, north = shapely.bounds(shapes).T
        high = reach_m / _M_PER_DEGREE
        wide = high / np.cos(np.radians(np.minimum(_STEEPEST_DEG, np.maximum(np.abs(south), np.abs(north)) + high)))
        found = np.zeros(len(shapes), dtype=bool)
        found[self.tree.query(shapely.box(west - wide, south - high, east + wide, north + high))[0]] = True
        return found

    def in_reach(self, shapes: NDArray[Any], reach_m: Any) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Which shapes may lie within reach of which lines; no pair that does is left out, and one may be named many times.

        Parameters
        ----------
        shapes : ndarray of shapely geometries
            In EPSG:4326, edges of at most 1 km; those without geometry are not within reach.
        reach_m : float or ndarray of float
            For all, or for each [m].

        Returns
        -------
        ndarray of int, ndarray of int
            Positions of shapes, and rows of lines.
        """
        there = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
        west, south, east, north = shapely.bounds(shapes[there]).T
        reach_deg = np.broadcast_to(reach_m, len(shapes))[there] / _M_PER_DEGREE
        farthest = np.minimum(_STEEPEST_DEG, np.maximum(np.abs(south), np.abs(north)) + reach_deg)
        degrees = reach_deg / np.cos(np.radians(farthest))  # a degree of longitude is the shorter one
        pairs = [self.tree.query(shapes[there], "dwithin", distance=degrees)]
        for turn, over in ((360, west - degrees < -180), (-360, east + degrees > 180)):
            at = np.flatnonzero(over)
            # Asked once more from the other side of the antimeridian.
            turned = shapely.set_coordinates(
                shapes[there[at]].copy(), shapely.get_coordinates(shapes[there[at]]) + np.array([turn, 0])
            )
            shape, chunk = self.tree.query(turned, "dwithin", distance=degrees[at])
            pairs.append(np.stack([at[shape], chunk]))
        shape, chunk = np.hstack(pairs)
        return there[shape], self.row[chunk]

    def through(self, shapes: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Row of a line, and position, of each shape that a line runs through or lies in; none missing."""
        at, chunk = self.tree.query(shapes, "intersects")
        positions, first = np.unique(at, return_index=True)
        return self.row[chunk[first]], positions
