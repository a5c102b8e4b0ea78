"""On whose side hazards lie as the border is drawn, by area alone: no piece is made that nobody asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.borders._line._index import Index, index_of
from hazardgeo.borders._line._local import CRUMB, boxes_around
from hazardgeo.borders._line._settled import settled
from hazardgeo.constants import EDGE_M
from hazardgeo.overlay import plane_cells
from hazardgeo.overlay._common_area import flat_common_area
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


def _measured(index: Index, polygons: NDArray[Any]) -> Shares:
    flat, plane_of = _each_in_its_plane(polygons)
    grounds: list[Any] = []
    rows, left, right, covered = [], [], [], np.zeros(len(polygons), dtype=bool)
    # So far around that no edge which runs through a hazard is cut short: in degrees it is straight, in a plane it bends.
    for tile, members in index.tiles.around(boxes_around(polygons, EDGE_M.value)).items():
        for plane in dict.fromkeys(plane_of[members].tolist()):
            here, shapes, in_extent = _laid(index, tile, plane)
            mine = members[plane_of[members] == plane]
            covered[mine] = in_extent
            left.append(np.repeat(mine, len(here)))
            right.append(np.tile(np.arange(len(grounds), len(grounds) + len(here)), len(mine)))
            rows.append(here)
            grounds += shapes
    left_at, right_at, row = np.concatenate(left), np.concatenate(right), np.concatenate(rows)
    area = flat_common_area(flat, np.array([*grounds, None], dtype=object)[:-1], left_at, right_at)
    codes, column = np.unique(index.codes, return_inverse=True)
    names = np.array([*codes, "no_country", "beyond_extent"], dtype=object)
    by_side = np.zeros((len(polygons), len(codes) + 3))
    # The last column is for the extent, which is nobody's ground.
    np.add.at(by_side, (left_at, np.append(column, -1)[row[right_at]]), area)
    whole, within = shapely.area(flat), by_side[:, -1].copy()
    crumb = CRUMB * whole
    nobodys = np.maximum(0, whole - by_side[:, : len(codes)].sum(axis=1))
    inside = covered | (within >= whole - crumb)
    by_side[:, len(codes)], by_side[:, len(codes) + 1] = np.where(inside, nobodys, 0), np.where(inside, 0, nobodys)
    told = inside | (within <= crumb) | (nobodys <= crumb)
    some = (by_side[:, :-1] > crumb[:, None]) & told[:, None]
    at, of = np.nonzero(some)
    kept = np.where(some, by_side[:, :-1], 0)
    return Shares(at, names[of], (kept / np.maximum(kept.sum(axis=1), 1e-300)[:, None])[at, of])


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


def _laid(index: Index, tile: Tile, plane: LocalPlane) -> tuple[NDArray[np.intp], list[Any], bool]:
    """Countries and extent of a tile in a plane, and whether all of the tile lies in the extent, which then is left out."""
    key = ("grounds", plane)
    if key not in tile.kept:
        shapes, extent = tile.shapes(index.tiles.whole), len(index.grounds)
        here = tile.rows <= extent
        is_extent = tile.rows == extent
        area = shapely.area(shapes[is_extent]).sum()
        whole = tile.box is not None and area >= (1 - CRUMB) * shapely.area(shapely.box(*tile.box))
        here &= ~(is_extent & whole)
        tile.kept[key] = tile.rows[here], list(plane.place(shapes[here])), bool(whole)
    return tile.kept[key]  # type: ignore[no-any-return]
