"""On whose side hazards lie as the border is drawn, by area alone: no piece is made that nobody asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.borders._line._ground import CRUMB, Ground
from hazardgeo.borders._line._index import Index, index_of
from hazardgeo.borders._line._settled import HAIR_M, side_of_all
from hazardgeo.constants import EDGE_M
from hazardgeo.measure._ragged import of_shapely
from hazardgeo.overlay import plane_cells
from hazardgeo.overlay._common_area import compiled_for, shares_by_edges
from hazardgeo.overlay._outlines import Outlines
from hazardgeo.overlay._planes import split_long_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.borders._line._tiles import Tile
    from hazardgeo.borders._set import BorderSet
    from hazardgeo.overlay import LocalPlane

_M_PER_DEGREE = 110_000.0  # of latitude, at least
_WIDEST_DEG = 2.0  # more than one plane is good for, or cut at the antimeridian


class Shares(NamedTuple):
    """Which part of which hazard lies on which side; the parts of one hazard sum to 1."""

    hazard: NDArray[np.intp]
    side: NDArray[np.object_]
    share: NDArray[np.float64]


def shares_as_drawn(border: BorderSet, polygons: NDArray[Any]) -> Shares:
    """Tell which part of each hazard lies on which side, the drawn line taken as true.

    Parameters
    ----------
    border : BorderSet
    polygons : ndarray of shapely geometries
        In EPSG:4326; some may be missing.

    Returns
    -------
    Shares
        Sorted by hazard and side. A hazard that only cutting can tell about has no row: where neighbours do not meet vertex by
        vertex, where ground of nobody reaches beyond the extent of the border, and on both sides of the antimeridian.
    """
    index = index_of(border)
    polygons = np.asarray(split_long_edges(polygons), dtype=object)
    # To measure a few too many takes less time than to ask who is near, where it is done by what is compiled.
    quick = index.apart and compiled_for(len(polygons))
    near = (index.outlines.within_box if quick else index.outlines.within)(polygons, HAIR_M)
    home = side_of_all(index, polygons, np.flatnonzero(~near))
    west, south, east, north = shapely.bounds(polygons).T
    narrow = np.maximum(east - west, north - south) <= _WIDEST_DEG  # a missing one has no bounds, and is not
    unsettled = home == ""
    alone, rest = np.flatnonzero(~unsettled), np.flatnonzero(unsettled & narrow)
    at, side, share = (
        _measured(index, polygons[rest]) if index.apart and len(rest) else Shares(rest[:0], home[:0], np.zeros(0))
    )
    at, side = np.append(alone, rest[at]), np.append(home[alone], side)
    order = np.argsort(at, kind="stable")
    return Shares(at[order], side[order], np.append(np.ones(len(alone)), share)[order])


def _measured(index: Index, polygons: NDArray[Any]) -> Shares:
    # So far around that no edge which runs through a hazard is cut short: in degrees it is straight, in a plane it bends.
    members = index.tiles.around(_boxes(polygons, EDGE_M.value))
    tiles, tile = list(members), np.empty(len(polygons), dtype=np.intp)
    for k, at in enumerate(members.values()):
        tile[at] = k
    ground = index.ground
    begin, count, in_extent = ground.of(tiles)
    hazard, piece = _pairs(tile, begin, count)
    if compiled_for(len(hazard)):
        own = Outlines.of(of_shapely(polygons))
        share = shares_by_edges(polygons, ground.shapes, own, ground.outlines(), hazard, piece)
    else:
        share = _by_cutting(ground, [tiles[k] for k in tile.tolist()], polygons)
    return _by_side(index, in_extent[tile].astype(bool), hazard, ground.rows[piece], share)


def _boxes(polygons: NDArray[Any], around_m: float) -> NDArray[np.float64]:
    west, south, east, north = shapely.bounds(polygons).T
    high = around_m / _M_PER_DEGREE
    wide = high / np.maximum(0.01, np.cos(np.radians(np.maximum(np.abs(south), np.abs(north)) + high)))
    return np.column_stack([west - wide, south - high, east + wide, north + high])


def _pairs(
    of: NDArray[np.intp], begin: NDArray[np.intp], count: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each hazard with all pieces of what it is of."""
    many = count[of]
    hazard = np.repeat(np.arange(len(of)), many)
    return hazard, np.arange(len(hazard)) + (begin[of] - np.cumsum(many) + many)[hazard]


def _by_cutting(ground: Ground, tiles: list[Tile], polygons: NDArray[Any]) -> NDArray[np.float64]:
    flat, planes = _each_in_its_plane(polygons)
    places: dict[tuple[Tile, LocalPlane], int] = {}
    place = np.array([places.setdefault(both, len(places)) for both in zip(tiles, planes, strict=True)])
    laid = [ground.laid(*both) for both in places]
    count = np.array([len(pieces) for pieces in laid])
    hazard, piece = _pairs(place, np.cumsum(count) - count, count)
    common = shapely.intersection(flat[hazard], np.concatenate(laid)[piece])
    return np.asarray(shapely.area(common) / shapely.area(flat)[hazard])


def _by_side(
    index: Index,
    in_extent: NDArray[np.bool_],
    hazard: NDArray[np.intp],
    row: NDArray[np.intp],
    share: NDArray[np.float64],
) -> Shares:
    codes = np.unique(index.codes)
    names, column = np.unique([*codes, "no_country", "beyond_extent"], return_inverse=True)
    nobody, beyond = column[-2:]
    # The last column is for the extent, which is nobody's ground.
    of_row = np.append(column[index.code_numbers], len(names))
    sums = np.bincount(hazard * (len(names) + 1) + of_row[row], share, minlength=len(in_extent) * (len(names) + 1))
    by_side = sums.reshape(len(in_extent), -1)
    within, by_side = by_side[:, -1], by_side[:, :-1]
    nobodys = np.maximum(0, 1 - by_side.sum(axis=1))
    inside = in_extent | (within >= 1 - CRUMB)
    by_side[:, nobody] += np.where(inside, nobodys, 0)
    by_side[:, beyond] += np.where(inside, 0, nobodys)
    told = inside | (within <= CRUMB) | (nobodys <= CRUMB)
    some = (by_side > CRUMB) & told[:, None]
    at, of = np.nonzero(some)
    kept = np.where(some, by_side, 0)
    return Shares(at, names.astype(object)[of], (kept / np.maximum(kept.sum(axis=1), 1e-300)[:, None])[at, of])


def _each_in_its_plane(polygons: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.object_]]:
    """Polygons without long edges, each laid into the plane of its cell, and those planes."""
    planes = np.full(len(polygons), None, dtype=object)
    cells = plane_cells(polygons)
    order = np.concatenate(list(cells.values()))
    sizes = shapely.get_num_coordinates(polygons[order])
    stops = np.cumsum([sizes_of.sum() for sizes_of in np.split(sizes, np.cumsum([*map(len, cells.values())])[:-1])])

    def forward(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.vstack([plane.forward(part) for plane, part in zip(cells, np.split(lonlat, stops[:-1]), strict=True)])

    flat = polygons.copy()
    flat[order] = shapely.transform(polygons[order], forward)  # all at once: there may be many planes of few polygons
    for plane, members in cells.items():
        planes[members] = plane
    return flat, planes
