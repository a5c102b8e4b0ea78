"""On whose side hazards lie as the border is drawn, by area alone: no piece is made that nobody asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.borders._line._index import Index, index_of
from hazardgeo.borders._line._local import CRUMB, boxes_around
from hazardgeo.borders._line._settled import settled
from hazardgeo.constants import EDGE_M
from hazardgeo.measure._ragged import of_shapely
from hazardgeo.overlay import plane_cells
from hazardgeo.overlay._common_area import compiled_for, shares_by_edges
from hazardgeo.overlay._planes import split_long_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.borders._line._tiles import Tile
    from hazardgeo.borders._set import BorderSet
    from hazardgeo.overlay import LocalPlane


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
    home = settled(border, polygons)
    west, south, east, north = shapely.bounds(polygons).T
    narrow = np.maximum(east - west, north - south) <= _WIDEST_DEG  # a missing one has no bounds, and is not
    alone, rest = np.flatnonzero(home != ""), np.flatnonzero((home == "") & narrow)
    at, side, share = (
        _measured(index, polygons[rest]) if index.apart and len(rest) else Shares(rest[:0], home[:0], np.zeros(0))
    )
    at, side = np.append(alone, rest[at]), np.append(home[alone], side)
    order = np.lexsort((side.astype(str), at))
    return Shares(at[order], side[order], np.append(np.ones(len(alone)), share)[order])


class _Ground(NamedTuple):
    """What of the countries and of the extent lies in a tile; the extent is left out where it is all of the tile."""

    rows: NDArray[np.intp]
    shapes: NDArray[Any]
    in_extent: bool


def _measured(index: Index, polygons: NDArray[Any]) -> Shares:
    # So far around that no edge which runs through a hazard is cut short: in degrees it is straight, in a plane it bends.
    members = index.tiles.around(boxes_around(polygons, EDGE_M.value))
    tiles, tile = list(members), np.empty(len(polygons), dtype=np.intp)
    for k, at in enumerate(members.values()):
        tile[at] = k
    grounds = [_ground(index, one) for one in tiles]
    count = np.array([len(ground.rows) for ground in grounds])
    hazard, piece = _pairs(tile, count)
    if compiled_for(len(hazard)):
        share = _by_edges(tiles, grounds, polygons, hazard, piece)
    else:
        share = _by_cutting(tiles, grounds, polygons, hazard, tile)
    in_extent = np.array([ground.in_extent for ground in grounds])[tile]
    return _by_side(index, in_extent, hazard, np.concatenate([ground.rows for ground in grounds])[piece], share)


def _pairs(of: NDArray[np.intp], count: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each hazard with all of what there is in its place, which holds so many."""
    many = count[of]
    hazard = np.repeat(np.arange(len(of)), many)
    return hazard, np.arange(len(hazard)) + ((np.cumsum(count) - count)[of] - np.cumsum(many) + many)[hazard]


def _by_edges(
    tiles: list[Tile],
    grounds: list[_Ground],
    polygons: NDArray[Any],
    hazard: NDArray[np.intp],
    piece: NDArray[np.intp],
) -> NDArray[np.float64]:
    from hazardgeo.overlay._outlines import Outlines

    for one, ground in zip(tiles, grounds, strict=True):
        if "outlines" not in one.kept:
            one.kept["outlines"] = Outlines.of(of_shapely(ground.shapes))
    outlines = Outlines.joined([one.kept["outlines"] for one in tiles])
    shapes = np.concatenate([ground.shapes for ground in grounds])
    return shares_by_edges(polygons, shapes, Outlines.of(of_shapely(polygons)), outlines, hazard, piece)


def _by_cutting(
    tiles: list[Tile],
    grounds: list[_Ground],
    polygons: NDArray[Any],
    hazard: NDArray[np.intp],
    tile: NDArray[np.intp],
) -> NDArray[np.float64]:
    flat, planes = _each_in_its_plane(polygons)
    places: dict[tuple[int, LocalPlane], int] = {}
    place = np.array([places.setdefault(both, len(places)) for both in zip(tile.tolist(), planes, strict=True)])
    laid = []
    for k, plane in places:
        if ("grounds", plane) not in (kept := tiles[k].kept):
            kept["grounds", plane] = plane.place(grounds[k].shapes)
        laid.append(kept["grounds", plane])
    _, other = _pairs(place, np.array([len(some) for some in laid]))
    return np.asarray(
        shapely.area(shapely.intersection(flat[hazard], np.concatenate(laid)[other])) / shapely.area(flat)[hazard]
    )


def _by_side(
    index: Index,
    in_extent: NDArray[np.bool_],
    hazard: NDArray[np.intp],
    row: NDArray[np.intp],
    share: NDArray[np.float64],
) -> Shares:
    codes, column = np.unique(index.codes, return_inverse=True)
    names = np.array([*codes, "no_country", "beyond_extent"], dtype=object)
    # The last column is for the extent, which is nobody's ground.
    many, at = len(codes) + 3, np.append(column, -1)[row] % (len(codes) + 3)
    sums = np.bincount(hazard * many + at, share, minlength=len(in_extent) * many)
    by_side = sums.reshape(-1, many)
    within = by_side[:, -1].copy()
    nobodys = np.maximum(0, 1 - by_side[:, : len(codes)].sum(axis=1))
    inside = in_extent | (within >= 1 - CRUMB)
    by_side[:, -3], by_side[:, -2] = np.where(inside, nobodys, 0), np.where(inside, 0, nobodys)
    told = inside | (within <= CRUMB) | (nobodys <= CRUMB)
    some = (by_side[:, :-1] > CRUMB) & told[:, None]
    at, of = np.nonzero(some)
    kept = np.where(some, by_side[:, :-1], 0)
    return Shares(at, names[of], (kept / np.maximum(kept.sum(axis=1), 1e-300)[:, None])[at, of])


def _ground(index: Index, tile: Tile) -> _Ground:
    if "ground" not in tile.kept:
        shapes, extent = tile.shapes(index.tiles.whole), len(index.grounds)
        is_extent = tile.rows == extent
        area = shapely.area(shapes[is_extent]).sum()
        whole = tile.box is not None and area >= (1 - CRUMB) * shapely.area(shapely.box(*tile.box))
        here = ~(is_extent & whole)
        tile.kept["ground"] = _Ground(tile.rows[here], shapes[here], bool(whole))
    return tile.kept["ground"]  # type: ignore[no-any-return]


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
