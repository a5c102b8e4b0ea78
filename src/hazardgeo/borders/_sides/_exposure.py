"""How much of a hazard changes sides as the line moves: what is to be expected, and how far it strays."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._local import Line, near_part
from hazardgeo.constants import NORMAL_95

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEPS = 200
# Displacements of equal probability on one side of the drawn line, in half-widths of the band.
_MOVES = np.array([NormalDist().inv_cdf(0.5 + (k + 0.5) / (2 * _STEPS)) for k in range(_STEPS)]) / NORMAL_95.value
_AT_ONCE = 1e-9


def reach(pieces: list[Any], lines: list[tuple[Line, float]]) -> tuple[float, float]:
    """How far the line must move to begin to take this ground, and to have taken all that its band holds.

    Parameters
    ----------
    pieces : list of shapely geometries
        The ground, in the plane.
    lines : list of (Line, float)
        Lines near by, with the half-width of each one's band [m].

    Returns
    -------
    tuple of float
        In half-widths of the band, from 0 to 1.
    """
    if not pieces or not lines:
        return 1.0, 1.0
    ground = pieces[0] if len(pieces) == 1 else shapely.geometrycollections(pieces)
    near = [(near_part(line, ground, width), width) for line, width in lines]
    near = [(shape, width) for shape, width in near if not shape.is_empty]
    if not near:
        return 1.0, 1.0
    corners = shapely.points(shapely.get_coordinates(ground))
    farthest = np.min([shapely.distance(corners, shape) / width for shape, width in near], axis=0).max()
    nearest = min(shapely.distance(ground, shape) / width for shape, width in near)
    return min(1.0, float(nearest)), min(1.0, float(farthest))


def expected(
    areas: NDArray[np.float64], losing: NDArray[np.float64], winning: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Expected area on a side, and its standard deviation, for a normal displacement of the line.

    Parameters
    ----------
    areas : ndarray, shape (n, 3)
        Low, best and high [m²].
    losing, winning : ndarray, shape (n, 2)
        `reach` of the hazard's ground on this side, and of its ground elsewhere.

    Returns
    -------
    mean, sd : ndarray, shape (n,)
        [m²].

    Notes
    -----
    Between the two ends of `reach` the area changes evenly. As the line moves in by t half-widths it is
    best - (best - low) r(t; losing), as it moves out best + (high - best) r(t; winning), where r rises from 0 at the first end to
    1 at the second. Beyond the band nothing more is counted.
    """
    low, best, high = areas.T
    (loss, loss2), (gain, gain2) = _ramp(losing), _ramp(winning)
    shift = (high - best) * gain - (best - low) * loss
    square = (high - best) ** 2 * gain2 + (best - low) ** 2 * loss2
    return best + shift, np.sqrt(np.maximum(0, square - shift**2))


def _ramp(ends: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First and second moment of a ramp over the half of all displacements that go its way."""
    begins, width = ends[:, :1], np.maximum(ends[:, 1:] - ends[:, :1], _AT_ONCE)
    part = np.clip((_MOVES - begins) / width, 0, 1)
    return part.mean(axis=1) / 2, (part**2).mean(axis=1) / 2
