"""What is looked up in a border again and again, made once for each border and kept with it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from hazardgeo.borders._line._chunks import Chunks
from hazardgeo.borders._line._field import error_fields
from hazardgeo.borders._line._ground import Ground
from hazardgeo.borders._line._nearest import Balls
from hazardgeo.borders._line._tiles import Tiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet

NOWHERE, TWICE = -1, -2


class Index:
    """A border's countries and its extent, in this order, and its lines, in tiles; and short chunks of their edges.

    Each part is made when it is first needed.
    """

    def __init__(self, border: BorderSet) -> None:
        self.grounds = np.asarray(border.countries.geometry.to_numpy(), dtype=object)
        self.codes = border.countries["code"].to_numpy(dtype=str)
        self._extent, self._lines = border.extent, np.asarray(border.lines.geometry.to_numpy(), dtype=object)
        self._asked: dict[tuple[int, ...], tuple[Chunks, Balls]] = {}
        columns = (border.lines[name] for name in ("country_a", "country_b", "status", "offset_95_m"))
        self.offsets: dict[frozenset[str], float] = {}
        for a, b, offset in border.lines[["country_a", "country_b", "offset_95_m"]].itertuples(index=False):
            self.offsets[frozenset((a, b))] = max(self.offsets.get(frozenset((a, b)), 0.0), float(offset))
        self.facts = list(zip(*columns, error_fields(border.lines), range(len(border.lines)), strict=True))

    @cached_property
    def code_numbers(self) -> NDArray[np.intp]:
        """For each row of the countries its code's place among all codes that there are, in their order."""
        return np.unique(self.codes, return_inverse=True)[1]

    @cached_property
    def tiles(self) -> Tiles:
        """Countries and extent."""
        return Tiles(np.array([*self.grounds, self._extent], dtype=object))

    @cached_property
    def ground(self) -> Ground:
        """What of them lies in the tiles that were asked for."""
        return Ground(self.tiles)

    @cached_property
    def lines(self) -> Tiles:
        """The lines."""
        return Tiles(self._lines)

    @cached_property
    def apart(self) -> bool:
        """Whether neighbours meet vertex by vertex, so that no two countries overlap anywhere."""
        return bool(shapely.coverage_is_valid(self.grounds))

    @cached_property
    def outlines(self) -> Chunks:
        """The outlines of the countries and of the extent."""
        return Chunks(shapely.boundary(np.array([*self.grounds, self._extent], dtype=object)))

    @cached_property
    def line_chunks(self) -> Chunks:
        """The lines in chunks."""
        return Chunks(self._lines)

    def asked(self, rows: NDArray[np.intp]) -> tuple[Chunks, Balls]:
        """Some of the lines, to find the nearest of them; rows are then counted among these."""
        key = tuple(rows.tolist())
        if key not in self._asked:
            chunks = Chunks(self._lines[rows])
            self._asked[key] = chunks, Balls.of(chunks)
        return self._asked[key]

    def country_at(self, lonlat: NDArray[np.float64]) -> NDArray[np.intp]:
        """Row of the country that holds each place; `NOWHERE`, or `TWICE` where two codes do."""
        found = np.full(len(lonlat), NOWHERE, dtype=np.intp)
        for row, inside in enumerate(self.inside(lonlat)):
            at = np.flatnonzero(inside)
            before = found[at]
            same = (before == NOWHERE) | ((before != TWICE) & (self.code_numbers[before] == self.code_numbers[row]))
            found[at] = np.where(same, row, TWICE)
        return found

    def inside(self, lonlat: NDArray[np.float64]) -> list[NDArray[np.bool_]]:
        """For each row of the countries, which places lie in it."""
        return [_within(ground, lonlat) for ground in self.grounds]

    def in_extent(self, lonlat: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether the border can say on which side each place lies."""
        return _within(self._extent, lonlat)


def _within(ground: Any, lonlat: NDArray[np.float64]) -> NDArray[np.bool_]:
    shapely.prepare(ground)
    west, south, east, north = shapely.bounds(ground)
    lon, lat = lonlat.T
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    inside[inside] = shapely.contains_xy(ground, lon[inside], lat[inside])
    return np.asarray(inside, dtype=bool)


_KEPT: WeakKeyDictionary[BorderSet, Index] = WeakKeyDictionary()


def index_of(border: BorderSet) -> Index:
    """The index of a border; made at the first call, kept as long as the border is."""
    if border not in _KEPT:
        _KEPT[border] = Index(border)
    return _KEPT[border]
