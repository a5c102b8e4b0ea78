"""Cells of a raster under polygons, by the exact share of each cell that lies in each of them."""

from __future__ import annotations

import math
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.crs import from_wgs84
from hazardgeo.errors import FormatError
from hazardgeo.exposure._raster import Window
from hazardgeo.overlay import polygonal
from hazardgeo.overlay._planes import split_long_edges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from hazardgeo.exposure._raster import Raster

_TILE_CELLS = 2**22
_TILE_SIDE = 512
_ROUNDING = 1e-6
"""Share of a polygon below which cells are rounding: exactextract keeps the covered share of a cell in 32 bits."""


class Found(NamedTuple):
    """What exactextract says of some parts over one tile: an array, or a list of arrays, for each statistic."""

    part: NDArray[np.intp]
    values: dict[str, Any]


class Zones:
    """Polygons laid onto the grid of a raster: x counts columns from its west edge, y rows northwards from its north edge.

    `operation` is the one between WGS 84 and the datum of the grid; empty where none was needed.
    """

    def __init__(self, polygons: NDArray[Any], raster: Raster) -> None:
        self.raster = raster
        self.count = len(polygons)
        parts, self.owner = shapely.get_parts(np.asarray(split_long_edges(polygons), dtype=object), return_index=True)
        # Vectors go to the raster, never cells to the vectors: resampled counts are other counts.
        moved, self.operation = parts, ""
        if len(parts):
            moved, done = from_wgs84(parts, raster.crs, str(raster.path), raster.datum_operation)
            self.operation = "" if done.nothing_done else done.name
        self.parts, self.owner = _sound(shapely.transform(moved, partial(_in_cells, raster)), self.owner)
        cells = np.zeros(self.count)
        np.add.at(cells, self.owner, shapely.area(self.parts))
        self.cells = np.where(np.bincount(self.owner, minlength=self.count) > 0, cells, np.nan)
        self._repeat_around_the_globe()

    def _repeat_around_the_globe(self) -> None:
        """A grid of longitudes may run from 0 to 360: then ground of the west lies a whole turn further east in it."""
        west, _, east, _ = self.raster.bounds
        if not self.raster.crs.is_geographic or (west >= -180.001 and east <= 180.001):
            return
        turn = np.array([360 / self.raster.cell_width, 0])
        before, after = (shapely.transform(self.parts, partial(np.add, by)) for by in (-turn, turn))
        self.parts, self.owner = np.concatenate([before, self.parts, after]), np.tile(self.owner, 3)

    def add(self, part: NDArray[np.intp], amounts: Any) -> NDArray[np.float64]:
        """Sum what was found of parts by polygon."""
        return np.asarray(np.bincount(self.owner[part], weights=amounts, minlength=self.count), dtype=float)

    @cached_property
    def tiles(self) -> list[tuple[NDArray[np.intp], Window]]:
        """Which parts reach into which tile, and the cells of it that they may touch.

        Tiles are made of whole stored blocks and visited one after the other, so that each block is decoded once.
        """
        raster = self.raster
        rows, columns = _tile_size(raster)
        west, south, east, north = shapely.bounds(self.parts).T
        first = np.column_stack([np.floor(-north), np.floor(west)])
        last = np.column_stack([np.ceil(-south), np.ceil(east)]) - 1
        size = np.array([raster.height, raster.width])
        there = np.flatnonzero(((first < size) & (last >= 0)).all(axis=1))
        low = np.maximum(first[there], 0).astype(np.int64)
        high = np.minimum(np.maximum(last[there], first[there]), size - 1).astype(np.int64)
        each = np.array([rows, columns])
        spans = high // each - low // each + 1
        at = np.repeat(np.arange(len(there)), spans.prod(axis=1))
        step = np.arange(len(at)) - np.repeat(np.cumsum(spans.prod(axis=1)) - spans.prod(axis=1), spans.prod(axis=1))
        tile = low[at] // each + np.column_stack([step // spans[at, 1], step % spans[at, 1]])
        order = np.lexsort((tile[:, 1], tile[:, 0]))
        at, tile = at[order], tile[order]
        begins = np.flatnonzero((np.diff(tile, axis=0, prepend=-1) != 0).any(axis=1))
        found = []
        for members, (row, column) in zip(np.split(at, begins[1:]), tile[begins], strict=True) if len(at) else ():
            corner = np.array([row, column]) * each
            start = np.maximum(low[members].min(axis=0), corner)
            end = np.minimum(high[members].max(axis=0), corner + each - 1)
            found.append((there[members], Window(*start.tolist(), *(end - start + 1).tolist())))
        return found

    def extract(
        self,
        statistics: list[str],
        change: Callable[[Window, np.ma.MaskedArray[Any, Any]], NDArray[np.float64]] | None = None,
    ) -> Iterator[Found]:
        """Ask exactextract for statistics of each part over each tile that it reaches into.

        Parameters
        ----------
        statistics : list of str
            Operations of exactextract.
        change : callable, optional
            Makes of the values of a window those that are summed.

        Yields
        ------
        Found
            A polygon of several parts, or over several tiles, comes several times; their ground does not overlap.
        """
        ask = _exactextract()
        with self.raster.reading() as read:
            for part, window in self.tiles:
                values = read(window)
                if change is not None:
                    values = np.ma.masked_array(change(window, values), values.mask)
                yield Found(part, ask(values, window, self.parts[part], statistics))

    def cover(self) -> Iterator[tuple[NDArray[np.intp], Window, NDArray[np.intp], NDArray[np.float64]]]:
        """Tell which cells each part covers, and how much of each, whatever they hold: the raster is not read.

        Yields
        ------
        ndarray of int, Window, ndarray of int, ndarray of float
            Part, tile, place of the cell in it (row after row) and share of the cell, as in `extract`.
        """
        ask = _exactextract()
        for part, window in self.tiles:
            nothing = np.ma.masked_array(np.zeros((window.rows, window.columns)), False)
            found = ask(nothing, window, self.parts[part], ["cell_id", "coverage"])
            each = np.repeat(part, [len(cells) for cells in found["cell_id"]])
            yield each, window, np.concatenate(found["cell_id"]), np.concatenate(found["coverage"])

    def shares(self, covered: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
        """Columns that stand beside every number: which share of each polygon has values, and whether it is all of it.

        Parameters
        ----------
        covered : ndarray of float
            Cells with a value under each polygon.
        """
        some = np.where(self.cells > 0, self.cells, np.nan)  # what has no ground has no share of it
        covered_share, within_share = (_near_whole(cells / some) for cells in (covered, self.cells_within))
        nodata = np.maximum(within_share - covered_share, 0)
        return {
            "covered_share": covered_share,
            "nodata_share": np.where(nodata < _ROUNDING, 0, nodata),
            "at_least": ~(covered_share == 1),
        }

    @cached_property
    def cells_within(self) -> NDArray[np.float64]:
        """Cells of the raster in each polygon."""
        edge = shapely.box(0, -self.raster.height, self.raster.width, 0)
        west, south, east, north = shapely.bounds(self.parts).T
        inside = (west >= 0) & (east <= self.raster.width) & (north <= 0) & (south >= -self.raster.height)
        area = shapely.area(self.parts)
        area[~inside] = shapely.area(shapely.intersection(self.parts[~inside], edge))
        return np.where(np.isnan(self.cells), np.nan, self.add(np.arange(len(self.parts)), area))


def _in_cells(raster: Raster, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Columns and rows of places; an edge that runs along cells and is off by rounding touches none beside them."""
    cells = (xy - np.array([raster.west, raster.north])) / np.array([raster.cell_width, raster.cell_height])
    edge = np.rint(cells)
    return np.asarray(np.where(np.abs(cells - edge) < _ROUNDING, edge, cells))


def _sound(parts: NDArray[Any], owner: NDArray[np.intp]) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Mend what came to cross itself by rounding, as a splinter along an edge does: exactextract would count cells beside it."""
    torn = ~shapely.is_valid(parts)
    if not torn.any():
        return parts, owner
    mended = np.array([polygonal(shapely.make_valid(part)) for part in parts[torn]], dtype=object)
    whole, of = shapely.get_parts(mended, return_index=True)
    return np.concatenate([parts[~torn], whole]), np.concatenate([owner[~torn], owner[torn][of]])


def _near_whole(share: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.where(np.abs(share - 1) < _ROUNDING, 1, share)
    return np.where(share < _ROUNDING * 1e-3, 0, share)


def _tile_size(raster: Raster) -> tuple[int, int]:
    """Rows and columns of a tile: whole blocks, and few cells enough to hold them in memory."""
    rows, columns = raster.block
    across = max(1, min(math.ceil(raster.width / columns), _TILE_SIDE // columns))
    down = max(1, min(_TILE_SIDE, _TILE_CELLS // (across * columns)) // rows)
    return down * rows, across * columns


def _exactextract() -> Callable[[Any, Window, NDArray[Any], list[str]], dict[str, Any]]:
    try:
        from hazardgeo.exposure._extract import extracted
    except ImportError as error:
        raise FormatError(
            'Sums over rasters need one more package: pip install "hazardgeo[raster]" (or "hazardgeo[office]").'
        ) from error
    return extracted
