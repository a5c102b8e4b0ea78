"""A local plane as two polynomials, which lay many vertices sooner than PROJ lays them."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.overlay._planes import LocalPlane

ROOM_DEG = 0.75
"""How far from the centre of the plane they are good, in longitude and in latitude [degrees]."""
FACTORS = 28
_DEGREE, _NODES = 6, 12


@lru_cache(maxsize=4096)
def series_of(plane: LocalPlane) -> NDArray[np.float64]:
    """Give what a plane is as polynomials in longitude and latitude from its centre, in units of `ROOM_DEG`.

    Parameters
    ----------
    plane : LocalPlane

    Returns
    -------
    ndarray of float
        The 12 factors of x, which is odd in the longitude: of every longitude · latitudeⁿ, then of longitude³ · latitudeⁿ, and so
        on; and the 16 of y, which is even. NaN where a pole is too near.

    Notes
    -----
    Found from 144 places that PROJ lays, by least squares. What a polynomial of the sixth degree leaves out is below 1e-9 m up
    to latitude 89; PROJ rounds to some 1e-8 m, to 1e-7 m at 85 and 1e-6 m at 89.
    """
    if abs(plane.lat) + ROOM_DEG > 90:
        return np.full(FACTORS, np.nan)
    places, *ways = _solved()
    xy = plane.forward(np.array([plane.lon, plane.lat]) + ROOM_DEG * places)
    return np.concatenate([solve @ values for solve, values in zip(ways, xy.T, strict=True)])


@cache
def _solved() -> tuple[NDArray[np.float64], ...]:
    """Places to be laid, and the matrices that make the factors of x and y of them."""
    node = np.cos((np.arange(_NODES) + 0.5) * np.pi / _NODES)
    east, north = (part.ravel() for part in np.meshgrid(node, node))
    powers = ([(i, j) for i in range(odd, _DEGREE + 1, 2) for j in range(_DEGREE + 1 - i)] for odd in (1, 0))
    return np.column_stack([east, north]), *(
        np.linalg.pinv(np.column_stack([east**i * north**j for i, j in some])) for some in powers
    )
