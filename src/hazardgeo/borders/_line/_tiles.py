"""Shapes clipped ever smaller around what is asked there, and kept for the next who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_VERTICES = 64  # fewer are cut as quickly as they are clipped once more
_DEEPEST = 20  # a tile of 40 m
_ROOM = 0.9  # share of its tile that a box may fill: seams are straight in degrees and bend in a plane
_SEAM_DEG = 0.02

Box = tuple[float, float, float, float]
Clipped = tuple["NDArray[np.intp]", "NDArray[Any]"]
"""Which shapes, and what of them."""


class Tile:
    """What of some shapes lies in one square of degrees, and half its width around it.

    Parameters
    ----------
    rows : ndarray of int
        Which shapes those are.
    shapes : ndarray of shapely geometries
        What of each lies here, as quick clipping gives it.
    box : tuple of float, optional
        The square and what is around it; None for all the world.
    """

    def __init__(self, rows: NDArray[np.intp], shapes: NDArray[Any], box: Box | None) -> None:
        self.rows, self.box, self.vertices = rows, box, int(shapely.get_num_coordinates(shapes).sum())
        self._clipped = shapes
        self._sound: NDArray[Any] | None = None
        self._inner: dict[tuple[int, int], Tile] = {}
        self.kept: dict[Any, Any] = {}
        """What was made of this tile, by whoever made it."""

    def inner(self, column: int, line: int, side: float) -> Tile:
        """The tile of half the side about this place."""
        found = self._inner.get((column, line))
        if found is None:
            west, south = (column - 0.5) * side - 180, (line - 0.5) * side - 90
            box = (west, south, west + 2 * side, south + 2 * side)
            clipped = shapely.clip_by_rect(self._clipped, *box)
            some = ~shapely.is_empty(clipped)
            found = self._inner[column, line] = Tile(self.rows[some], clipped[some], box)
        return found

    def shapes(self, whole: NDArray[Any]) -> NDArray[Any]:
        """What of the whole shapes lies here: valid, the edges along the seam short enough to be laid into a plane."""
        if self.box is None:
            return whole
        if self._sound is None:
            self._sound = _sound(self._clipped, whole[self.rows], self.box)
        return self._sound


def clipped_soundly(shapes: NDArray[Any], box: Box) -> NDArray[Any]:
    """Shapes clipped to a box: valid, and the edges along the seam short enough to be laid into a plane."""
    return _sound(shapely.clip_by_rect(shapes, *box), shapes, box)


def _sound(clipped: NDArray[Any], whole: NDArray[Any], box: Box) -> NDArray[Any]:
    # Clipping to a rectangle is many times faster than an intersection, and on rare shapes it is not valid.
    broken = ~shapely.is_valid(clipped)
    clipped[broken] = shapely.intersection(whole[broken], shapely.box(*box))
    # The long edges that are left are those of the box; they are straight in longitude and latitude.
    return np.asarray(shapely.segmentize(clipped, _SEAM_DEG), dtype=object)


class Tiles:
    """Shapes in EPSG:4326, and all tiles that were ever asked for.

    The tile of a place reaches half its width beyond its square, so that whatever is no wider than the square lies whole
    in the tile of its middle: no seam runs through it, and what is cut out for it comes in one piece.
    """

    def __init__(self, shapes: NDArray[Any]) -> None:
        self.whole = shapes
        self._world = Tile(np.arange(len(shapes)), shapes, None)

    def clipped(self, box: Box | None) -> Clipped:
        """What of the shapes lies in a box, or in all the world."""
        if box is None:
            return np.arange(len(self.whole)), self.whole
        (tile,) = self.around(np.array([box]))
        clipped = shapely.clip_by_rect(tile.shapes(self.whole), *box)
        some = ~shapely.is_empty(clipped)
        return tile.rows[some], clipped[some]

    def around(self, boxes: NDArray[np.float64]) -> dict[Tile, NDArray[np.intp]]:
        """Find the smallest tile in which each box lies, down to tiles of few vertices.

        Parameters
        ----------
        boxes : ndarray, shape (n, 4)
            West, south, east, north [degrees].

        Returns
        -------
        dict of Tile to ndarray of int
            And the positions of the boxes that it is for.
        """
        west, south, east, north = boxes.T
        size = np.maximum(east - west, north - south) / _ROOM
        x, y = (west + east) / 2 + 180, (south + north) / 2 + 90
        tile = np.full(len(boxes), self._world, dtype=object)
        going = np.flatnonzero((size <= 180) & (self._world.vertices > _MOST_VERTICES))
        for level in range(1, _DEEPEST + 1):
            side = 360 / 2**level
            going = going[size[going] <= side]
            if not len(going):
                break
            column, line = np.floor(x[going] / side).astype(np.int64), np.floor(y[going] / side).astype(np.int64)
            _, first, again = np.unique((column << 32) + line, return_index=True, return_inverse=True)
            inner = [tile[going[k]].inner(int(column[k]), int(line[k]), side) for k in first.tolist()]
            vertices = np.array([one.vertices for one in inner])
            tile[going] = np.array([*inner, None], dtype=object)[again]
            going = going[vertices[again] > _MOST_VERTICES]
        members: dict[Tile, list[int]] = {}
        for k, one in enumerate(tile.tolist()):
            members.setdefault(one, []).append(k)
        return {one: np.array(at, dtype=np.intp) for one, at in members.items()}
