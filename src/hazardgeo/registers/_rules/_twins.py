"""Pairs of records with one outline in two places, as when coordinates of one datum were read as another's."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import GEOD, on_arrays
from hazardgeo.registers._rules._outline import circles
from hazardgeo.registers._rules._rings import metres_per_degree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hazardgeo.registers._rules._catalogue import Seen

_FEWEST_CORNERS = 6  # with fewer, two boxes of one size are no wonder
_TEMPLATE = 10  # a shape that stands more often than this in a layer is a symbol


@dataclass(frozen=True)
class Twin:
    """Two records, by position, the later one's place as seen from the earlier one's."""

    first: int
    later: int
    shift_m: float
    azimuth_deg: float


def is_whole(seen: Seen) -> NDArray[np.bool_]:
    """Whether a record is a polygon whose longitudes can be compared: it does not run across the antimeridian."""
    west, _, east, _ = shapely.bounds(seen.lonlat).T
    return np.asarray((east - west < 180) & (seen.rings.perimeter_m > 0))


def twins(seen: Seen) -> list[Twin]:
    """Find the pairs of records of one register with one outline in two places.

    Parameters
    ----------
    seen : Seen

    Returns
    -------
    list of Twin
        Sorted by the later record and the shift.
    """
    layer = np.unique(seen.words("register"), return_inverse=True)[1]
    return _twins(seen, layer, layer)


def twins_between(seen: Seen, first: int) -> list[Twin]:
    """Find the pairs with one outline in two places of which one record is of one layer, the other of another.

    Parameters
    ----------
    seen : Seen
        The records of both layers, one after the other.
    first : int
        How many of them are of the first layer.

    Returns
    -------
    list of Twin
        `Twin.first` is of the first layer.
    """
    layer = (np.arange(len(seen.lonlat)) >= first).astype(int)
    return [twin for twin in _twins(seen, layer, np.zeros_like(layer)) if layer[twin.first] != layer[twin.later]]


def _twins(seen: Seen, layer: NDArray[np.intp], together: NDArray[np.intp]) -> list[Twin]:
    """Pairs among records for which `together` is equal; symbols are told in each layer by itself."""
    least, centre, size = seen.thresholds, centres(seen), _sizes(seen)
    a, b = _candidates(seen, centre, size, (layer, together))
    alike = (np.abs(size[a] - size[b]) <= 2 * least.twin_shape_m).all(axis=1)
    a, b = a[alike], b[alike]
    if not len(a):
        return []
    azimuth, _, shift = on_arrays(GEOD.inv, *centre[a].T, *centre[b].T)
    near = np.flatnonzero((shift >= least.twin_nearest_m) & (shift <= least.twin_farthest_m))
    found = [
        Twin(int(a[k]), int(b[k]), float(shift[k]), float(azimuth[k]) % 360)
        for now in seen.batches("moved", a[near], b[near])
        for k in near[now]
        if _is_same(seen.lonlat[a[k]], seen.lonlat[b[k]], least.twin_shape_m)
    ]
    return sorted(found, key=lambda twin: (twin.later, twin.shift_m))


def _candidates(
    seen: Seen,
    centre: NDArray[np.float64],
    size: NDArray[np.float64],
    groups: tuple[NDArray[np.intp], NDArray[np.intp]],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs with as many corners, about as wide, and not far apart, the earlier record first."""
    least, (layer, together) = seen.thresholds, groups
    corners = np.bincount(seen.rings.record, seen.rings.points, minlength=len(seen.lonlat)).astype(int)
    drawn = (seen.words("geometry_kind") == "symbolic") | circles(seen)
    use = np.flatnonzero(is_whole(seen) & (corners >= _FEWEST_CORNERS) & ~drawn)
    if not len(use):
        return use, use
    form = np.column_stack([np.round(size, 1), corners, layer])[use]
    _, group, count = np.unique(form, axis=0, return_inverse=True, return_counts=True)
    use = use[count[group.ravel()] <= _TEMPLATE]
    wide = np.floor(size[use, 0] / (2 * least.twin_shape_m))
    place = np.floor(centre[use].T * _cells_per_degree(centre[use], least.twin_farthest_m))
    a, b = _neighbours(np.column_stack([corners[use], together[use], wide, *place]).astype(np.int64))
    return use[np.minimum(a, b)], use[np.maximum(a, b)]


def centres(seen: Seen) -> NDArray[np.float64]:
    """Mean of each record's corners, whatever the first one is."""
    rings = seen.rings
    corner = np.append(rings.inner, False)[: len(rings.lonlat)]
    owner = rings.record[rings.ring[corner]]
    count = np.maximum(np.bincount(owner, minlength=rings.count), 1)
    return np.column_stack([np.bincount(owner, rings.lonlat[corner, k], minlength=rings.count) / count for k in (0, 1)])


def _sizes(seen: Seen) -> NDArray[np.float64]:
    """Width and height of each record's box [m]."""
    west, south, east, north = shapely.bounds(seen.lonlat).T
    per_lon, per_lat = metres_per_degree((south + north) / 2)
    return np.column_stack([(east - west) * per_lon, (north - south) * per_lat])


def _cells_per_degree(centre: NDArray[np.float64], distance_m: float) -> NDArray[np.float64]:
    """Cells per degree of longitude and of latitude, each at least `distance_m` wide all over the layer."""
    if not len(centre):
        return np.ones((2, 1))
    farthest = np.array([min(float(np.abs(centre[:, 1]).max()), 89.0)])
    per_lon, per_lat = metres_per_degree(farthest)[0], metres_per_degree(np.zeros(1))[1]
    return np.concatenate([per_lon, per_lat])[:, None] / distance_m


def _neighbours(cells: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs whose first two cell numbers are equal and whose others differ by at most one."""
    if not len(cells):
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    span = cells.max(axis=0) - cells.min(axis=0) + 3  # room for a neighbour on either side
    weight = np.append(np.cumprod(span[:0:-1])[::-1], 1)
    key = (cells - cells.min(axis=0) + 1) @ weight
    order = np.argsort(key, kind="stable")
    found = [_matches(key, order, int(np.dot(step, weight[2:]))) for step in _half(cells.shape[1] - 2)]
    return np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found])


def _half(dimensions: int) -> Iterator[tuple[int, ...]]:
    """Steps to a cell's neighbours and itself, each pair of cells once."""
    zero = (0,) * dimensions
    yield from (step for step in itertools.product((-1, 0, 1), repeat=dimensions) if step >= zero)


def _matches(key: NDArray[Any], order: NDArray[np.intp], step: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    ranked = key[order]
    low, high = (np.searchsorted(ranked, ranked + step, side) for side in ("left", "right"))
    if step == 0:
        low = np.arange(1, len(ranked) + 1)  # each pair once, and none with itself
    count = np.maximum(high - low, 0)
    a = np.repeat(np.arange(len(ranked)), count)
    b = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
    return order[a], order[b]


def _is_same(one: Any, other: Any, within_m: float) -> bool:
    """Whether two outlines are alike to within a distance once their centres are laid on each other."""
    flat = [_about_centre(shape) for shape in (one, other)]
    return bool(shapely.hausdorff_distance(*flat) <= within_m)


def _about_centre(shape: Any) -> Any:
    west, south, east, north = shape.bounds
    (per_lon,), (per_lat,) = metres_per_degree(np.array([(south + north) / 2]))
    middle, scale = np.array([(west + east) / 2, (south + north) / 2]), np.array([per_lon, per_lat])
    return shapely.transform(shape, lambda lonlat: (lonlat - middle) * scale)
