"""Whose ground lies in which tile, gathered for all tiles that were ever asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.measure._ragged import of_shapely
from hazardgeo.overlay._outlines import Outlines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.borders._line._tiles import Tile, Tiles

CRUMB = 1e-9
"""Share of a shape below which a piece is rounding along an edge, not ground."""


class Ground:
    """What of some countries, and of the extent behind them, lies in each tile; the extent not where it is all of the tile.

    Parameters
    ----------
    tiles : Tiles
    """

    def __init__(self, tiles: Tiles) -> None:
        self._whole = tiles.whole
        self._places: dict[Tile, tuple[int, int, bool]] = {}
        self._outlines: Outlines | None = None
        self.rows, self.shapes = np.zeros(0, dtype=np.intp), tiles.whole[:0]
        """Row of each piece, and the piece; those of one tile after those of the other."""

    def of(self, tiles: list[Tile]) -> NDArray[np.intp]:
        """For each tile, where its pieces begin, how many there are, and whether all of it lies in the extent; one row each."""
        new = [tile for tile in tiles if tile not in self._places]
        pieces, begin = [(self.rows, self.shapes)], len(self.rows)
        for tile in new:
            shapes, is_extent = tile.shapes(self._whole), tile.rows == len(self._whole) - 1
            area = shapely.area(shapes[is_extent]).sum()
            inside = tile.box is not None and area >= (1 - CRUMB) * shapely.area(shapely.box(*tile.box))
            here = ~(is_extent & inside)
            pieces.append((tile.rows[here], shapes[here]))
            self._places[tile] = begin, int(here.sum()), bool(inside)
            begin += int(here.sum())
        if new:
            self.rows, self.shapes = map(np.concatenate, zip(*pieces, strict=True))
        return np.array([self._places[tile] for tile in tiles], dtype=np.intp).T

    def outlines(self) -> Outlines:
        """The pieces as what is compiled takes them."""
        if self._outlines is None:
            self._outlines = Outlines.of(of_shapely(self.shapes))
        elif (known := len(self._outlines.size)) < len(self.shapes):
            new = Outlines.of(of_shapely(self.shapes[known:]))
            self._outlines = Outlines.joined([self._outlines, new])
        return self._outlines

    def laid(self, tile: Tile, plane: Any) -> NDArray[Any]:
        """The pieces of a tile in a plane."""
        key = ("ground", plane)
        if key not in tile.kept:
            begin, count, _ = self._places[tile]
            tile.kept[key] = np.asarray(plane.place(self.shapes[begin : begin + count]), dtype=object)
        return tile.kept[key]  # type: ignore[no-any-return]
