"""How far a straight edge of a projected source lies from the geodesic between the same two points."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from hazardgeo.constants import EDGE_DEPARTURE_M
from hazardgeo.crs import GEOD, on_arrays

_SHORT_M = 1000.0

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray


def straight_edges(
    source: NDArray[Any], crs: pyproj.CRS, vertex_sd_m: Sequence[float | None] | None
) -> Iterator[tuple[int, float]]:
    """Find the shapes whose edges depend on what *straight* means.

    Parameters
    ----------
    source : ndarray of shapely geometries
        Polygons as recorded, in `crs`.
    crs : pyproj.CRS
    vertex_sd_m : sequence of float or None
        Standard deviation of a vertex, by shape [m]; a departure below it is of no interest.

    Yields
    ------
    int, float
        Position and largest departure [m], where it exceeds max(1 m, the vertex's standard deviation).
    """
    if not crs.is_projected:
        return
    for i, departure in enumerate(_largest_departure(source, crs)):
        sd = vertex_sd_m[i] if vertex_sd_m else None
        if departure > max(EDGE_DEPARTURE_M.value, sd or 0):
            yield i, float(departure)


def _metre(crs: pyproj.CRS) -> float:
    return max(axis.unit_conversion_factor for axis in crs.axis_info)


def _largest_departure(source: NDArray[Any], crs: pyproj.CRS) -> NDArray[np.float64]:
    parts, owner = shapely.get_parts(source, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    # A shorter edge stays within the departure that is reported, in any projection that is of use here: it departs by
    # length² / (8 · radius of the earth) times a small number.
    long = np.hypot(*(xy[1:] - xy[:-1]).T) * _metre(crs) > _SHORT_M
    edge = np.flatnonzero((ring[1:] == ring[:-1]) & long)
    largest = np.zeros(len(source))
    if not len(edge):
        return largest
    unproject = partial(pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform, errcheck=True)
    start, end, middle = (on_arrays(unproject, *at.T) for at in (xy[edge], xy[edge + 1], (xy[edge] + xy[edge + 1]) / 2))
    azimuth, _, length = on_arrays(GEOD.inv, *start, *end)
    lon, lat, _ = on_arrays(GEOD.fwd, *start, azimuth, length / 2)
    np.maximum.at(largest, owner[part[ring[edge]]], on_arrays(GEOD.inv, *middle, lon, lat)[2])
    return largest
