"""Hazards along a border: which of its line they reach, and how much ground of theirs is within reach of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._course import Course, course_of
from hazardgeo.borders._line._local import half_width_m, local_borders
from hazardgeo.borders._line._near import pairs_in_reach
from hazardgeo.borders._line._reach import Reached, shares_within, within
from hazardgeo.measure import geodesic_area_m2
from hazardgeo.overlay import groups_that_touch, polygonal
from hazardgeo.overlay._planes import outward

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet

_SEGMENTS = 16
TOGETHER = "together"
LEVELS = ("low", "best", "high")


@dataclass(frozen=True, eq=False)
class Along:
    """The lines that are asked about, and the polygons, in EPSG:4326, that are looked for along them within `within_m`."""

    border: BorderSet
    lines: Any
    course: Course
    within_m: float

    @classmethod
    def of(cls, border: BorderSet, within_m: float) -> Along:
        """The asked lines of a border."""
        lines = border.asked_lines
        return cls(border, lines, course_of(lines.geometry.to_numpy()), within_m)

    @property
    def line_rows(self) -> list[Any]:
        """The lines in their order."""
        return list(self.lines.itertuples())

    def near(
        self, polygons: NDArray[Any], reach_m: float
    ) -> Iterator[tuple[Any, int, Any, dict[str, Any], dict[int, Any]]]:
        """Each polygon that may be within reach, in its plane.

        Yields
        ------
        LocalBorder, int, shapely geometry, dict, dict
            Its plane and the ground about it; its position; its shape there; that by side; and for each line in
            reach, positions of the edges and the edges in the plane.
        """
        edges = self.course.edges
        at, edge = pairs_in_reach(polygons, edges, reach_m)
        close = np.unique(at)
        if not len(close):
            return
        for local, members in local_borders(self.border, self.lines, polygons[close], reach_m):
            here = np.isin(at, close[members])
            used, again = np.unique(edge[here], return_inverse=True)
            flat, of_member = local.plane.project(edges[used])[again], at[here]
            for i in close[members].tolist():
                shape = _one(local.plane.project(polygons[i]))
                mine, laid = edge[here][of_member == i], flat[of_member == i]
                rows = self.course.line[mine]
                pieces = {side: polygonal(piece) for side, piece in local.pieces(shape).items()}
                yield local, i, shape, pieces, {int(k): (mine[rows == k], laid[rows == k]) for k in np.unique(rows)}


def _one(shape: Any) -> Any:
    # A group comes as parts that may overlap: their ground counts once.
    return shape if shapely.is_valid(shape) else shapely.union_all(shapely.get_parts(shape))


def reached(along: Along, polygons: NDArray[Any], sd: NDArray[np.float64]) -> dict[tuple[int, str, str], Reached]:
    """Gather the pieces of each line within reach: for each line, side and level (low, best, high)."""
    widest = half_width_m(float(along.lines["offset_95_m"].max()), float(sd.max(initial=0)))
    found: dict[tuple[int, str, str], Reached] = {}
    rows = along.line_rows
    for _, i, shape, pieces, near in along.near(polygons, along.within_m + widest):
        for row, (edge, flat) in near.items():
            width = half_width_m(float(rows[row].offset_95_m), float(sd[i]))
            sides = (rows[row].country_a, rows[row].country_b)
            for key, zone in _zones(shape, {side: pieces.get(side) for side in sides}, flat, along.within_m, width):
                positions, shares = shares_within(zone, flat)
                if len(positions):
                    found.setdefault((row, *key), Reached()).add(i, edge[positions], shares)
    return found


def _zones(
    shape: Any, pieces: dict[str, Any], flat: NDArray[Any], within_m: float, width_m: float
) -> Iterator[tuple[tuple[str, str], Any]]:
    """Where the line must lie to be within reach of one hazard: of all of it, and of its ground on each side."""
    line = shapely.multilinestrings(flat)
    if shapely.distance(line, shape) > within_m + width_m:
        return
    deep = within(shape, -width_m, certain=True)  # here the hazard lies on both sides, wherever in its band the line is
    yield (TOGETHER, "low"), shapely.union(within(shape, within_m - width_m, certain=True), deep)
    yield (TOGETHER, "best"), within(shape, within_m)
    yield (TOGETHER, "high"), within(shape, within_m + width_m)
    band = _strip(line, width_m, shape)
    unsure = polygonal(shapely.intersection(shape, band))
    for side, piece in pieces.items():
        ground = shapely.Polygon() if piece is None else piece
        certain = shapely.difference(ground, band)
        low = within(certain, within_m - width_m, certain=True) if within_m > width_m else shapely.Polygon()
        yield (side, "low"), shapely.union(low, deep)
        yield (side, "best"), within(ground, within_m)
        yield (side, "high"), within(shapely.union(ground, unsure), within_m + width_m)


def ground_m2(along: Along, polygons: NDArray[Any]) -> dict[tuple[int, str], float]:
    """Ground within reach of each line, counted once, of all and of each side [m²]."""
    polygons = polygons[~shapely.is_missing(polygons)]
    members = groups_that_touch(polygons)
    groups = np.array(
        [shapely.MultiPolygon(shapely.get_parts(polygons[some]).tolist()) for some in members], dtype=object
    )
    areas = geodesic_area_m2(polygons)
    found: dict[tuple[int, str], float] = {}
    rows = along.line_rows
    for local, i, shape, pieces, near in along.near(groups, along.within_m):
        flat_m2 = math.fsum(shapely.area(local.plane.project(polygons[members[i]])))
        scale = math.fsum(areas[members[i]]) / flat_m2
        for row, (_, flat) in near.items():
            line = shapely.multilinestrings(flat)
            grounds = {
                TOGETHER: shape,
                **{side: pieces.get(side) for side in (rows[row].country_a, rows[row].country_b)},
            }
            for side, ground in grounds.items():
                area = 0.0 if ground is None else _area_within(ground, line, along.within_m) * scale
                found[row, side] = found.get((row, side), 0.0) + area
    return found


def _area_within(ground: Any, line: Any, within_m: float) -> float:
    xy = shapely.get_coordinates(ground)
    if not len(xy):
        return 0.0
    # Between two corners ground is no further from the line than the nearer corner and half the way between them.
    farthest = (
        float(shapely.distance(shapely.points(xy), line).max()) + float(np.hypot(*np.diff(xy, axis=0).T).max()) / 2
    )
    near = ground if farthest <= within_m else shapely.intersection(ground, _strip(line, within_m, ground))
    return float(shapely.area(near))


def _strip(line: Any, reach_m: float, shape: Any) -> Any:
    """Ground within reach of a line, as far as it can touch `shape`; never too narrow."""
    west, south, east, north = shapely.bounds(shape)
    reach = outward(reach_m, _SEGMENTS)
    near = shapely.clip_by_rect(line, west - 2 * reach, south - 2 * reach, east + 2 * reach, north + 2 * reach)
    return shapely.buffer(shapely.line_merge(near), reach, quad_segs=_SEGMENTS)
