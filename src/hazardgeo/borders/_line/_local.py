"""The part of a border that matters to a group of hazards, laid into their plane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._field import ErrorField, error_fields
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
_MARGIN_M = 5000.0
_CRUMB = 1e-9  # share of a shape below which a piece is rounding along an edge, not ground
_HAIR_M = 1.0
_BOX_EDGE_DEG = 0.02
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

    def side_at(self, shape: Any) -> str | None:
        """The one side that covers a shape whole, or None."""
        return next((side for side, ground in self.sides.items() if shapely.covers(ground, shape)), None)

    def pieces(self, shape: Any) -> dict[str, Any]:
        """Cut a shape by side; what no side covers is ``no_country``, or ``beyond_extent``."""
        if (side := self.side_at(shape)) is not None:
            return {side: shape}
        pieces = {side: shapely.intersection(shape, ground) for side, ground in self.sides.items()}
        rest = shapely.difference(shape, shapely.union_all(list(pieces.values())))
        pieces["no_country"] = shapely.intersection(rest, self.extent)
        pieces["beyond_extent"] = shapely.difference(rest, self.extent)
        return {side: piece for side, piece in pieces.items() if shapely.area(piece) > _CRUMB * shapely.area(shape)}


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
    codes = border.countries["code"].to_numpy()
    grounds, shapes = border.countries.geometry.to_numpy(), lines.geometry.to_numpy()
    columns = (lines[name] for name in ("country_a", "country_b", "status", "offset_95_m"))
    facts = list(zip(*columns, error_fields(lines), strict=True))
    offsets: dict[frozenset[str], float] = {}
    for line in border.lines.itertuples():
        pair = frozenset((line.country_a, line.country_b))
        offsets[pair] = max(offsets.get(pair, 0.0), float(line.offset_95_m))
    for plane, members in plane_cells(polygons).items():
        boxes = _boxes_around(polygons[members], reach_m + _MARGIN_M)
        sides: dict[str, list[Any]] = {}
        for code, ground in ((c, g) for box in boxes for c, g in zip(codes, _clipped(grounds, box), strict=True)):
            if not ground.is_empty:
                sides.setdefault(str(code), []).append(plane.project(ground))
        flat = {code: parts[0] if len(parts) == 1 else shapely.union_all(parts) for code, parts in sides.items()}
        shapely.prepare(list(flat.values()))
        near = tuple(
            Line(plane.project(shape), *fact)
            for box in boxes
            for shape, fact in zip(shapely.clip_by_rect(shapes, *box), facts, strict=True)
            if not shape.is_empty
        )
        _refuse_overlap(flat, near, plane)
        whole = np.array([border.extent], dtype=object)
        extent = shapely.union_all([plane.project(_clipped(whole, box)[0]) for box in boxes])
        yield LocalBorder(plane, flat, extent, near, offsets, reach_m), members


def _refuse_overlap(sides: dict[str, Any], lines: tuple[Line, ...], plane: LocalPlane) -> None:
    twice = math.fsum(map(shapely.area, sides.values())) - shapely.area(shapely.union_all(list(sides.values())))
    # Neighbours that share an edge but not all its vertices overlap by a hair when the edge is laid along its geodesic.
    hair = _HAIR_M * math.fsum(shapely.length(line.shape) for line in lines)
    if twice > hair + _CRUMBS_M2:
        raise BorderError(
            f"The countries {', '.join(sorted(sides))} overlap by {twice:,.0f} m² near {plane.lon} E, {plane.lat} N, so "
            "sides cannot be told. Cut the ground that two of them claim out as 'disputed'."
        )


def _boxes_around(polygons: NDArray[Any], reach_m: float) -> list[tuple[float, float, float, float]]:
    """Box around what is asked, and where it reaches over the antimeridian, the same box from the other side."""
    west, south, east, north = shapely.total_bounds(polygons)
    # A large hazard's far corners ask for lines further off: as far as it is high and wide.
    left, low, right, high = shapely.bounds(polygons).T
    wide = np.where(
        right - left < 180, right - left, 0
    )  # what is cut at the antimeridian has the whole globe for a box
    dlat = reach_m / _M_PER_DEGREE + float((high - low + wide).max())
    dlon = dlat / max(0.01, math.cos(math.radians(min(89.0, max(abs(south), abs(north)) + dlat))))
    west, south, east, north = west - dlon, south - dlat, east + dlon, north + dlat
    turns = [0, *([360] if west < -180 else []), *([-360] if east > 180 else [])]
    return [(west + turn, south, east + turn, north) for turn in turns]


def _clipped(polygons: NDArray[Any], box: tuple[float, float, float, float]) -> NDArray[Any]:
    # Clipping to a rectangle is many times faster than an intersection, and on rare shapes it is not valid.
    quick = shapely.clip_by_rect(polygons, *box)
    broken = ~shapely.is_valid(quick)
    if broken.any():
        quick[broken] = shapely.intersection(polygons[broken], shapely.box(*box))
    # The long edges that are left are those of the box; they are straight in longitude and latitude.
    return np.asarray(shapely.segmentize(quick, _BOX_EDGE_DEG), dtype=object)
