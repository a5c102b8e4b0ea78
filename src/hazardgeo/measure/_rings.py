"""Area and perimeter of many rings: which way each is measured is decided here, and nowhere else."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.crs import GEOD, on_arrays
from hazardgeo.errors import GeometryError
from hazardgeo.measure._edges import REACH2, Measured, by_series, leading, middles
from hazardgeo.measure._possible import IMPOSSIBLE, refuse_impossible

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

# To load numba takes some tenths of a second, in which numpy measures more than this many vertices.
COMPILED_FROM = 1_000_000
# An edge that needs more pieces runs close to a pole or over a good part of the Earth, where Karney's 2e-4 m² is little.
MOST_PIECES = 32


def measure_rings(
    lon: NDArray[np.float64], lat: NDArray[np.float64], offsets: NDArray[np.int64], *, unchecked: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Measure rings by the series, those that it does not reach by splitting their edges, and else by Karney's algorithm.

    Parameters
    ----------
    lon, lat : ndarray of float
        All vertices, ring after ring [degrees]. A ring may repeat its first vertex at its end.
    offsets : ndarray of int
        Where each ring begins, and the end of the last.
    unchecked : bool
        Whether numbers may be among them that are no longitude and latitude.

    Returns
    -------
    area, perimeter : ndarray of float
        [m²] and [m], never negative; 0 for a ring without vertices, NaN where a coordinate is no number.

    Raises
    ------
    GeometryError
        If a longitude is beyond ±360 or a latitude beyond ±90 degrees.
    """
    area, perimeter = np.zeros(len(offsets) - 1), np.zeros(len(offsets) - 1)
    filled = np.diff(offsets) > 0
    if not filled.any():
        return area, perimeter
    kept = np.append(offsets[:-1][filled], offsets[-1])
    series = _series(len(lon))
    if unchecked and series is by_series:
        refuse_impossible(lon, lat)
    found = series(lon, lat, kept)
    if np.isinf(found.area).any():  # what is compiled looks at each number while it has it
        raise GeometryError(IMPOSSIBLE)
    if found.beyond.any():
        rings = np.flatnonzero(found.beyond)
        found.area[rings], found.perimeter[rings] = _beyond_reach(*_taken(lon, lat, kept, rings))
    area[filled], perimeter[filled] = found.area, found.perimeter
    return area, perimeter


def _series(vertices: int) -> Callable[..., Measured]:
    return (_compiled() or by_series) if vertices >= COMPILED_FROM else by_series


@functools.cache
def _compiled() -> Callable[..., Measured] | None:
    try:
        from hazardgeo.measure._compiled import by_compiled_series
    except ImportError:  # the extra `fast` is not installed, or its numba and this numpy do not go together
        return None
    return by_compiled_series


def _beyond_reach(
    lon: NDArray[np.float64], lat: NDArray[np.float64], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, dx, s, c, dphi = middles(lon, lat, offsets)
    pieces = np.ceil(np.sqrt(leading(x, dx, s, c, dphi)[2] / REACH2) / c)
    # A step of more than half a turn is the other way round after all, or the ring goes around a pole.
    few = (pieces <= MOST_PIECES) & (np.abs(dx) < np.pi)
    rings = np.flatnonzero(np.logical_and.reduceat(few, offsets[:-1]))
    area, perimeter = np.empty(len(offsets) - 1), np.empty(len(offsets) - 1)
    left = np.ones(len(area), dtype=bool)
    if len(rings):
        own_lon, own_lat, own = _taken(lon, lat, offsets, rings)
        # One more piece than the middle of the edge asks for, since its end may lie closer to the pole.
        own_pieces = pieces[_within(offsets, rings)].astype(int)
        found = by_series(*_split(own_lon, own_lat, own, own_pieces + (own_pieces > 1)))
        area[rings], perimeter[rings], left[rings] = found
    for ring in np.flatnonzero(left).tolist():
        area[ring], perimeter[ring] = _karney(*(part[offsets[ring] : offsets[ring + 1]] for part in (lon, lat)))
    return area, perimeter


def _split(
    lon: NDArray[np.float64], lat: NDArray[np.float64], offsets: NDArray[np.int64], pieces: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Put points on the geodesics of edges, so that each comes in as many equal pieces as asked."""
    pieces = np.maximum(pieces, 1)
    follows = np.arange(1, len(lon) + 1)
    follows[offsets[1:] - 1] = offsets[:-1]
    long = np.flatnonzero(pieces > 1)
    azimuth, _, length = on_arrays(GEOD.inv, lon[long], lat[long], lon[follows[long]], lat[follows[long]])
    begins = np.append(0, np.cumsum(pieces))
    at = np.repeat(np.arange(len(long)), pieces[long] - 1)
    step = np.arange(len(at)) - np.repeat(np.cumsum(pieces[long] - 1) - (pieces[long] - 1), pieces[long] - 1) + 1
    edge = long[at]
    between_lon, between_lat, _ = on_arrays(
        GEOD.fwd, lon[edge], lat[edge], azimuth[at], length[at] * step / pieces[edge]
    )
    new_lon, new_lat = np.repeat(lon, pieces), np.repeat(lat, pieces)
    new_lon[begins[edge] + step], new_lat[begins[edge] + step] = between_lon, between_lat
    return new_lon, new_lat, begins[offsets]


def _karney(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[float, float]:
    area, perimeter = GEOD.polygon_area_perimeter(lon, lat)
    return abs(area), perimeter


def _within(offsets: NDArray[np.int64], rings: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of the vertices of some rings."""
    counts = offsets[rings + 1] - offsets[rings]
    vertices: NDArray[np.int64] = np.arange(counts.sum()) + np.repeat(
        offsets[rings] - np.cumsum(counts) + counts, counts
    )
    return vertices


def _taken(
    lon: NDArray[np.float64], lat: NDArray[np.float64], offsets: NDArray[np.int64], rings: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    vertices = _within(offsets, rings)
    counts = offsets[rings + 1] - offsets[rings]
    return lon[vertices], lat[vertices], np.append(0, np.cumsum(counts))
