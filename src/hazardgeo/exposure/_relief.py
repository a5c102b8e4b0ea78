"""What a grid of elevations says of each of its cells: slope, direction, ruggedness, surface. Numbers only, no files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Steps(NamedTuple):
    """Metres eastwards and northwards that one cell along the grid leads, each for every cell or to be broadcast."""

    east_by_column: NDArray[np.float64]
    north_by_column: NDArray[np.float64]
    east_by_row: NDArray[np.float64]
    """By a row northwards, though rows are counted southwards."""
    north_by_row: NDArray[np.float64]

    @property
    def area_m2(self) -> NDArray[np.float64]:
        """Ground plan of a cell."""
        return np.asarray(self.east_by_column * self.north_by_row - self.east_by_row * self.north_by_column)

    def gradient(
        self, by_column: NDArray[np.float64], by_row: NDArray[np.float64]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Rise to the east and to the north, of a rise by cell of the grid."""
        east = (by_column * self.north_by_row - by_row * self.north_by_column) / self.area_m2
        north = (by_row * self.east_by_column - by_column * self.east_by_row) / self.area_m2
        return east, north


class Relief(NamedTuple):
    """Of each cell; NaN where it or one of its eight neighbours has no elevation."""

    slope_deg: NDArray[np.float64]
    east: NDArray[np.float64]
    """Of the unit vector downhill; NaN where the ground is level."""
    north: NDArray[np.float64]
    ruggedness_m: NDArray[np.float64]
    surface_ratio: NDArray[np.float64]
    """Of the surface to its ground plan, 1 or more."""


def relief(elevation: NDArray[np.float64], steps: Steps) -> Relief:
    """Slope, direction, ruggedness and surface of each cell that has eight neighbours.

    Parameters
    ----------
    elevation : ndarray of float, shape (rows + 2, columns + 2)
        With one row and column more on each side [m]; NaN where there is none.
    steps : Steps
        Of the inner cells.

    Returns
    -------
    Relief
        Of the inner cells, shape (rows, columns).
    """
    ring = _ring(elevation)
    centre = elevation[1:-1, 1:-1]
    e, ne, n, nw, w, sw, s, se = ring
    east, north = steps.gradient((ne + 2 * e + se - nw - 2 * w - sw) / 8, (nw + 2 * n + ne - sw - 2 * s - se) / 8)
    steepness = np.hypot(east, north) + 0 * centre  # a void in the middle is none of Horn's eight
    with np.errstate(invalid="ignore"):  # level ground leads nowhere
        downhill = -east / steepness, -north / steepness
    rugged = np.sqrt(sum(((one - centre) ** 2 for one in ring), np.zeros_like(centre)))
    return Relief(np.degrees(np.arctan(steepness)), *downhill, rugged, _surface_ratio(ring, centre, steps))


def _ring(elevation: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The eight neighbours, from the east against the clock; rows run southwards."""
    rows, columns = elevation.shape
    around = [(0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1)]
    return [elevation[1 + down : rows - 1 + down, 1 + right : columns - 1 + right] for down, right in around]


def _surface_ratio(ring: list[NDArray[np.float64]], centre: NDArray[np.float64], steps: Steps) -> NDArray[np.float64]:
    """Mean over the eight triangles between a cell and its neighbours, of which an eighth of the cell lies below each."""
    e, ne, n, nw, w, sw, s, se = ring
    rises = [
        (e - centre, ne - e),
        (ne - n, n - centre),
        (n - nw, n - centre),
        (centre - w, nw - w),
        (centre - w, w - sw),
        (s - sw, centre - s),
        (se - s, centre - s),
        (e - centre, e - se),
    ]
    total = np.zeros_like(centre)
    for by_column, by_row in rises:
        east, north = steps.gradient(by_column, by_row)
        total += np.sqrt(1 + east**2 + north**2)
    return total / 8
