"""Coordinates as the page wants them: latitude first, rounded, nothing simplified."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

HAZARD_DECIMALS = 7
"""One unit of the last place is 11 mm of latitude: a vertex moves by 6 mm at most in either direction."""
LINE_DECIMALS = 6
"""Borders: 0.06 m, far within the offset of any line."""
BASE_DECIMALS = 3

Position = list[float]
Path = list[Position]


def polygon_parts(geometry: Any, decimals: int) -> list[list[Path]]:
    """Lay a polygon or multipolygon out as parts of rings, shell first; rings stay open, as Leaflet likes them."""
    if geometry is None or shapely.is_missing(geometry):
        return []
    parts = shapely.get_parts(geometry)
    return [[_ring(ring, decimals) for ring in (part.exterior, *part.interiors)] for part in parts]


def packed(path: Path, decimals: int) -> list[int]:
    """Write a path as whole numbers of the last decimal, each corner after the first as the step from the one before.

    Half as long as the decimals themselves, and the same to the last digit.

    Examples
    --------
    >>> packed([[45.0000001, 16.0], [45.0000003, 15.9999999]], 7)
    [450000001, 160000000, 2, -1]
    """
    whole = np.rint(np.array(path) * 10.0**decimals).astype(np.int64)
    steps: list[int] = np.diff(whole, axis=0, prepend=0).ravel().tolist()
    return steps


def line_paths(geometry: Any, decimals: int) -> list[Path]:
    """Lay a line or multiline out as paths."""
    if geometry is None or shapely.is_missing(geometry):
        return []
    return [_rounded(part, decimals) for part in shapely.get_parts(geometry) if not part.is_empty]


def lat_lon_bounds(geometries: Any) -> list[Position] | None:
    """South-west and north-east corner of all geometries; None where there is nothing."""
    present = geometries[~(shapely.is_missing(geometries) | shapely.is_empty(geometries))]
    if not len(present):
        return None
    west, south, east, north = shapely.total_bounds(present).tolist()
    return [[south, west], [north, east]]


def _ring(ring: Any, decimals: int) -> Path:
    return _rounded(ring, decimals)[:-1]


def _rounded(geometry: Any, decimals: int) -> Path:
    lat_lon = np.round(shapely.get_coordinates(geometry)[:, ::-1], decimals) + 0.0  # no -0.0 in the file
    path: Path = lat_lon.tolist()
    return path
