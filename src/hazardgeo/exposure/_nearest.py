"""How far the cells of a grid are from some of them, never said to be farther than they are. Numbers only, no files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_AT_ONCE = 1024
_FAR = 1e30
"""Stands for endlessly far, in a square: finite, so that differences of two are."""


def distance_between_cells(marked: NDArray[np.bool_], width: float, height: float) -> NDArray[np.float32]:
    """Distance from each cell to the nearest marked cell, edge to edge: 0 at and beside a marked one; infinite where none is.

    Parameters
    ----------
    marked : ndarray of bool, shape (rows, columns)
    width, height : float
        Of a cell.

    Returns
    -------
    ndarray of float32
        Rounded down to eighths: never more than the distance between any two points of the two cells.

    Notes
    -----
    The nearest points of two cells of a grid are corners of theirs, or share a line of the grid with such, so that it is
    enough to ask corners. Those of a row are asked first, then rows, as lower envelope of a parabola about each.
    """
    corners = np.zeros((marked.shape[0] + 1, marked.shape[1] + 1), dtype=bool)
    for down in (slice(None, -1), slice(1, None)):
        for right in (slice(None, -1), slice(1, None)):
            corners[down, right] |= marked
    along = _along_rows(corners)
    nearest = np.empty(marked.shape, dtype=np.float32)
    for first in range(0, marked.shape[1], _AT_ONCE):
        last = min(first + _AT_ONCE, marked.shape[1])
        ways = along[:, first : last + 1].astype(np.float64) * width  # 32 bits would round them up
        squares = _envelope(np.minimum(ways**2, _FAR), float(height))
        least = np.minimum(squares[:-1], squares[1:])
        nearest[:, first:last] = _rounded_down(np.sqrt(np.minimum(least[:, :-1], least[:, 1:])))
    return nearest


def _along_rows(marked: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Steps to the nearest marked place of the same row; infinite where there is none. Whole numbers, exact in 32 bits."""
    place = np.arange(marked.shape[1], dtype=np.float32)
    before = np.maximum.accumulate(np.where(marked, place, np.float32(-np.inf)), axis=1)
    after = np.minimum.accumulate(np.where(marked, place, np.float32(np.inf))[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(np.minimum(place - before, after - place), dtype=np.float32)


def _envelope(squares: NDArray[np.float64], height: float) -> NDArray[np.float64]:
    """Least, over all rows, of what stands there plus the square of the way to it, for each row; all columns at once.

    In each column a stack of rows is kept whose parabolas make the lower envelope, and from where on each does.
    """
    rows, columns = squares.shape
    column = np.arange(columns)
    top = np.zeros(columns, dtype=np.intp)
    stack = np.zeros((rows, columns), dtype=np.int32)
    starts = np.full((rows + 1, columns), np.inf)
    starts[0] = -np.inf
    step = height**2
    lifted = squares + step * np.arange(rows)[:, None] ** 2
    for row in range(1, rows):
        start = np.empty(columns)
        hidden = column
        while len(hidden):
            below = stack[top[hidden], hidden]
            start[hidden] = (lifted[row, hidden] - lifted[below, hidden]) / (2 * step * (row - below))
            hidden = hidden[start[hidden] <= starts[top[hidden], hidden]]
            top[hidden] -= 1
        top += 1
        stack[top, column] = row
        starts[top, column] = start
        starts[top + 1, column] = np.inf
    least = np.empty_like(squares)
    top[:] = 0
    for row in range(rows):
        while (passed := starts[top + 1, column] < row).any():
            top += passed
        best = stack[top, column]
        least[row] = squares[best, column] + step * (row - best) ** 2
    return np.where(least < _FAR / 2, least, np.inf)


def _rounded_down(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """In eighths, which pack well, and have no rounding of their own up to 2 000 km."""
    short = (np.floor(values * 8) / 8).astype(np.float32)
    return np.where(short > values, np.nextafter(short, np.float32(0)), short)
