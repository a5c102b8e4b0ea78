"""The part of a border that matters to a group of hazards, laid into their plane."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._field import ErrorField
from hazardgeo.borders._line._ground import CRUMB
from hazardgeo.borders._line._index import Index, index_of
from hazardgeo.borders._line._tiles import Clipped, clipped_soundly
from hazardgeo.borders._set import CONTESTED
from hazardgeo.constants import NORMAL_95
from hazardgeo.errors import BorderError
from hazardgeo.overlay import LocalPlane, plane_cells
from hazardgeo.overlay._planes import outward

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet

_QUADRANT_SEGMENTS = 16
# Ground kept around what is asked, so that the cut edges of the clipping are nowhere near it.
_MARGIN_M = 1000.0
_HAIR_M = 1.0
_CRUMBS_M2 = 100.0  # of rounding along shared edges; the clipping box may be thousands of square kilometres
_M_PER_DEGREE = 110_000.0  # of latitude, at least


@dataclass(frozen=True)
class Line:
    """One line of a border in the plane."""

    shape: Any
    country_a: str
    country_b: str
    status: str
    offset_95_m: float
    field: ErrorField
    row: int

    @property
    def pair(self) -> str:
        """The two countries, as in ``BIH-HRV``."""
        return f"{self.country_a}-{self.country_b}"

    def borders_on(self, side: str) -> bool:
        """Whether ground of `side` lies along this line."""
        return side in (self.country_a, self.country_b) or (side in CONTESTED and self.status in CONTESTED)


@dataclass(frozen=True)
class LocalBorder:
    """Sides and lines around a group of hazards, in its plane, and the largest offset of each pair's lines anywhere."""

    plane: LocalPlane
    sides: dict[str, Any]
    extent: Any
    lines: tuple[Line, ...]
    offsets: dict[frozenset[str], float]
    reach_m: float
    apart: bool = False
    """Whether the sides are known not to overlap, not by a hair."""

    def asking(self, lines: set[int], reach_m: float) -> LocalBorder:
        """The same with these rows of the border's lines alone."""
        return replace(self, lines=tuple(line for line in self.lines if line.row in lines), reach_m=reach_m)

    def side_at(self, shape: Any) -> str | None:
        """The one side that covers a shape whole, or None."""
        return next((side for side, ground in self.sides.items() if shapely.covers(ground, shape)), None)

    def pieces(self, shape: Any) -> dict[str, Any]:
        """Cut a shape by side; what no side covers is ``no_country``, or ``beyond_extent``."""
        if (side := self.side_at(shape)) is not None:
            return {side: shape}
        pieces = {side: shapely.intersection(shape, ground) for side, ground in self.sides.items()}
        crumb = CRUMB * shapely.area(shape)
        flat = {side: float(shapely.area(piece)) for side, piece in pieces.items()}
        if self.apart and math.fsum(flat.values()) >= shapely.area(shape) - crumb:
            return {side: piece for side, piece in pieces.items() if flat[side] > crumb}
        rest = shapely.difference(shape, shapely.union_all(list(pieces.values())))
        pieces["no_country"] = shapely.intersection(rest, self.extent)
        pieces["beyond_extent"] = shapely.difference(rest, self.extent)
        return {side: piece for side, piece in pieces.items() if shapely.area(piece) > crumb}


def half_width_m(offset_95_m: float, vertex_sd_m: float) -> float:
    """Half-width of the band in which a hazard's side cannot be told [m].

    Notes
    -----
    hypot(u, 1.96 sd): the line and the hazard's own outline are off independently of each other.

    Examples
    --------
    >>> half_width_m(3.0, 4.0 / 1.96)
    5.0
    """
    return math.hypot(offset_95_m, NORMAL_95.value * vertex_sd_m)


def near_part(line: Line, shape: Any, reach_m: float) -> Any:
    """The part of a line that is within reach of a shape, and some more."""
    west, south, east, north = shapely.bounds(shape)
    more = 2 * reach_m
    return shapely.clip_by_rect(line.shape, west - more, south - more, east + more, north + more)


def band(lines: list[tuple[Line, float]], shape: Any) -> Any:
    """Ground within each line's half-width of it, as far as it can touch `shape`; never too narrow."""
    strips = []
    for line, width in lines:
        reach = outward(width, _QUADRANT_SEGMENTS)
        near = near_part(line, shape, reach)
        if not near.is_empty:
            strips.append(shapely.buffer(near, reach, quad_segs=_QUADRANT_SEGMENTS))
    return shapely.union_all(strips)


def beyond_band(pieces: dict[str, Any], widths: list[tuple[Line, float]], shape: Any) -> dict[str, Any]:
    """What is left of each side's piece beyond every line's band; what is not, is not there."""
    strip = band(widths, shape)
    rest = {side: shapely.difference(piece, strip) for side, piece in pieces.items()}
    return {side: piece for side, piece in rest.items() if shapely.area(piece) > 0}


def not_kept_apart(
    local: LocalBorder, shape: Any, widths: list[tuple[Line, float]], own_m: float, among: Collection[str]
) -> set[str]:
    """Sides that meet where no line is, on this shape or as near to it as their edge and its own outline may be off.

    How well they are divided there is not known: no better than where they have a line, and no better than the outline.

    Parameters
    ----------
    local : LocalBorder
    shape : shapely geometry
        A hazard, in the plane.
    widths : list of (Line, float)
        Lines about it, with the half-width of each one's band [m].
    own_m : float
        What the hazard's outline may be off [m].
    among : collection of str
        The sides that are asked about.
    """
    widest = math.hypot(max(local.offsets.values(), default=0.0), own_m)
    there = [side for side in local.sides if side in among and shapely.dwithin(local.sides[side], shape, widest)]
    return {side for two in combinations(there, 2) if _meet_bare(local, shape, widths, own_m, two) for side in two}


def _meet_bare(
    local: LocalBorder, shape: Any, widths: list[tuple[Line, float]], own_m: float, two: tuple[str, str]
) -> bool:
    reach_m = math.hypot(local.offsets.get(frozenset(two), 0.0), own_m)
    if not all(shapely.dwithin(local.sides[side], shape, reach_m) for side in two):
        return False
    around = shapely.buffer(shape, outward(reach_m, _QUADRANT_SEGMENTS), quad_segs=_QUADRANT_SEGMENTS)
    rest = beyond_band({side: shapely.intersection(around, local.sides[side]) for side in two}, widths, around)
    # Across a line of half-width w, what lies beyond its band on one side is 2w or more from what lies beyond it on the other.
    # Where two sides come nearer, the edge between their countries has no line there.
    nearest = min((width for _, width in widths), default=1.0)
    return len(rest) == 2 and bool(shapely.dwithin(rest[two[0]], rest[two[1]], nearest))


def local_borders(
    border: BorderSet, lines: gpd.GeoDataFrame, polygons: NDArray[Any], reach_m: float
) -> Iterator[tuple[LocalBorder, NDArray[np.intp]]]:
    """Lay the border into the plane of each group of hazards.

    Parameters
    ----------
    border : BorderSet
    lines : geopandas.GeoDataFrame
        Those of its lines that are asked about.
    polygons : ndarray of shapely geometries
        Hazards in EPSG:4326.
    reach_m : float
        How far from a hazard the border matters [m].

    Yields
    ------
    LocalBorder, ndarray of int
        And the positions in `polygons` that it is for.
    """
    index, wanted = index_of(border), set(border.lines.index.get_indexer(lines.index).tolist())
    boxes = boxes_around(polygons, reach_m + _MARGIN_M)
    there = ~(shapely.is_missing(polygons) | shapely.is_empty(polygons))
    torn = (boxes[:, 0] < -180) | (boxes[:, 2] > 180)
    plain, planes = np.flatnonzero(there & ~torn), np.full(len(polygons), None, dtype=object)
    for plane, members in plane_cells(polygons).items():
        planes[members] = plane
    for tile, at in index.tiles.around(boxes[plain]).items():
        for plane in dict.fromkeys(planes[plain[at]].tolist()):
            members = plain[at][planes[plain[at]] == plane]
            if (local := tile.kept.get(plane)) is None:
                grounds = tile.rows, tile.shapes(index.tiles.whole)
                local = tile.kept[plane] = _laid(index, plane, grounds, index.lines.clipped(tile.box))
            yield local.asking(wanted, reach_m), members
    over = np.flatnonzero(there & torn)
    for plane, members in plane_cells(polygons[over]).items():
        box = boxes[over[members]]
        local = _laid(index, plane, *(_on_both_sides(some.whole, box) for some in (index.tiles, index.lines)))
        yield local.asking(wanted, reach_m), over[members]


def _laid(index: Index, plane: LocalPlane, grounds: Clipped, lines: Clipped) -> LocalBorder:
    """What of a border's countries and extent, in this order, and of its lines was clipped out, in a plane."""
    # Only seams are long, and they are not near.
    (rows, flat), extent = (grounds[0], np.asarray(plane.place(grounds[1]), dtype=object)), len(index.grounds)
    parts: dict[str, list[Any]] = {}
    for row, shape in zip(rows[rows < extent].tolist(), flat[rows < extent], strict=True):
        parts.setdefault(str(index.codes[row]), []).append(shape)
    sides = {code: some[0] if len(some) == 1 else shapely.union_all(some) for code, some in parts.items()}
    shapely.prepare(list(sides.values()))
    laid = zip(lines[0].tolist(), plane.place(lines[1]), strict=True)
    near = tuple(Line(shape, *index.facts[row]) for row, shape in laid)
    if not index.apart:
        _refuse_overlap(sides, near, plane)
    return LocalBorder(
        plane, sides, shapely.union_all(flat[rows == extent]), near, index.offsets, math.nan, index.apart
    )


def _refuse_overlap(sides: dict[str, Any], lines: tuple[Line, ...], plane: LocalPlane) -> None:
    twice = math.fsum(map(shapely.area, sides.values())) - shapely.area(shapely.union_all(list(sides.values())))
    # Neighbours that share an edge but not all its vertices overlap by a hair when the edge is laid along its geodesic.
    hair = _HAIR_M * math.fsum(shapely.length(line.shape) for line in lines)
    if twice > hair + _CRUMBS_M2:
        raise BorderError(
            f"The countries {', '.join(sorted(sides))} overlap by {twice:,.0f} m² near {plane.lon} E, {plane.lat} N, so "
            "sides cannot be told. Cut the ground that two of them claim out as 'disputed'."
        )


def boxes_around(polygons: NDArray[Any], reach_m: float) -> NDArray[np.float64]:
    """Box around each of what is asked; it may reach over the antimeridian."""
    west, south, east, north = shapely.bounds(polygons).T
    # A large hazard's far corners ask for lines further off: as far as it is high and wide.
    wide = np.where(east - west < 180, east - west, 0)  # what is cut at the antimeridian has the whole globe for a box
    dlat = reach_m / _M_PER_DEGREE + north - south + wide
    farthest = np.minimum(89.0, np.maximum(np.abs(south), np.abs(north)) + dlat)
    dlon = dlat / np.maximum(0.01, np.cos(np.radians(farthest)))
    return np.column_stack([west - dlon, south - dlat, east + dlon, north + dlat])


def _on_both_sides(whole: NDArray[Any], boxes: NDArray[np.float64]) -> Clipped:
    """What lies in the box around all of these boxes, and where it reaches over the antimeridian, in it on the other side."""
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    turns = [0, *([360] if west < -180 else []), *([-360] if east > 180 else [])]
    clipped = np.concatenate([clipped_soundly(whole, (west + turn, south, east + turn, north)) for turn in turns])
    some = ~shapely.is_empty(clipped)
    return np.tile(np.arange(len(whole)), len(turns))[some], clipped[some]
