"""What is looked up in a border again and again, made once for each border and kept with it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from hazardgeo.borders._line._chunks import Chunks
from hazardgeo.borders._line._field import error_fields
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
        self.facts = list(zip(*columns, error_fields(border.lines), range(len(border.lines)), strict=True))

    @cached_property
    def tiles(self) -> Tiles:
        """Countries and extent."""
        return Tiles(np.array([*self.grounds, self._extent], dtype=object))

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
    def divides(self) -> Chunks:
        """The lines, and edges where two codes meet and no line is; all outlines, where neighbours' vertices differ."""
        outlines = shapely.boundary(self.grounds)
        edges, of = _edges(np.append(outlines, self._lines))
        if self.apart:
            edges = edges[_without_line(edges, np.append(self.codes, [""] * len(self._lines))[of])]
        else:
            edges = edges[of < len(outlines)]
        bare = np.asarray(shapely.linestrings(edges), dtype=object)
        return Chunks(np.append(self._lines, bare))

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
        for row, ground in enumerate(self.grounds):
            inside = _within(ground, lonlat) & (found != TWICE)
            other = inside & (found != NOWHERE) & (self.codes[found] != self.codes[row])
            found[inside] = np.where(other[inside], TWICE, row)
        return found

    def in_extent(self, lonlat: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether the border can say on which side each place lies."""
        return _within(self._extent, lonlat)


def _edges(lines: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Both ends of each edge of some lines, and which line it is of."""
    parts, of = shapely.get_parts(lines, return_index=True)
    lonlat, part = shapely.get_coordinates(parts, return_index=True)
    within = np.flatnonzero(part[1:] == part[:-1])
    return np.stack([lonlat[within], lonlat[within + 1]], axis=1), of[part[within]]


def _without_line(edges: NDArray[np.float64], codes: NDArray[np.str_]) -> NDArray[np.intp]:
    """One of each two edges that are the same and of two codes, where no line, which has no code, is a third."""
    _, place = np.unique(edges[..., 0] + 1j * edges[..., 1], return_inverse=True)
    ends = np.sort(place.reshape(-1, 2), axis=1).astype(np.int64)
    _, first, same = np.unique(ends[:, 0] * len(edges) * 2 + ends[:, 1], return_index=True, return_inverse=True)
    _, code = np.unique(codes, return_inverse=True)
    least, most = np.full(len(first), len(codes)), np.full(len(first), -1)
    np.minimum.at(least, same, code)
    np.maximum.at(most, same, code)
    lined = np.bincount(same, codes == "", minlength=len(first)) > 0
    return np.asarray(first[(least < most) & ~lined])


def _within(ground: Any, lonlat: NDArray[np.float64]) -> NDArray[np.bool_]:
    shapely.prepare(ground)
    return np.asarray(shapely.contains_xy(ground, *lonlat.T), dtype=bool)


_KEPT: WeakKeyDictionary[BorderSet, Index] = WeakKeyDictionary()


def index_of(border: BorderSet) -> Index:
    """The index of a border; made at the first call, kept as long as the border is."""
    if border not in _KEPT:
        _KEPT[border] = Index(border)
    return _KEPT[border]
