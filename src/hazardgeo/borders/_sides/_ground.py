"""The ground of each side itself, not its area: what is there as drawn, what is there for certain, and what may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.borders._line._local import LocalBorder, band, local_borders, not_kept_apart
from hazardgeo.borders._line._settled import settled
from hazardgeo.borders._sides._split import bounding
from hazardgeo.overlay import polygonal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet


class Ground(NamedTuple):
    """What of one polygon lies or may lie on one side, in EPSG:4326; each may be empty.

    `drawn` lies there as the line is drawn, `certain` is the part of it beyond the line's band, and `possible` is ground of other
    sides within it. What is certain of one side and what lies or may lie on the other are the whole.
    """

    of: int
    side: str
    drawn: Any
    certain: Any
    possible: Any


def ground_by_side(border: BorderSet, polygons: NDArray[Any]) -> list[Ground]:
    """Cut polygons by side, with a band of half the width that each line is known to.

    Only the line is uncertain here, and not where the polygons' own outlines lie: what is asked is on whose side a place is,
    and not which places a hazard reaches.

    Parameters
    ----------
    border : BorderSet
    polygons : ndarray of shapely geometries
        In EPSG:4326, as `wgs84_polygons` gives them; one that is missing gives nothing.

    Returns
    -------
    list of Ground
        In the order of the polygons. Each part of a polygon comes by itself, since parts may lie far from each other.
    """
    parts, of = shapely.get_parts(polygons, return_index=True)
    widest = float(border.lines["offset_95_m"].max())
    home = settled(border, parts, widest)
    found = [Ground(int(of[i]), str(home[i]), parts[i], parts[i], _NOTHING) for i in np.flatnonzero(home != "")]
    rest = np.flatnonzero(home == "")
    for local, members in local_borders(border, border.lines, parts[rest], widest):
        for i, shape in zip(of[rest[members]].tolist(), local.plane.project(parts[rest[members]]), strict=True):
            found += [
                Ground(i, side, *(local.plane.unproject(polygonal(ground)) for ground in grounds))
                for side, *grounds in _cut(local, shape)
            ]
    return sorted(found, key=lambda one: (one.of, one.side))


_NOTHING = shapely.MultiPolygon()


def _cut(local: LocalBorder, shape: Any) -> Iterator[tuple[str, Any, Any, Any]]:
    pieces = local.pieces(shape)
    widths = [(line, line.offset_95_m) for line in local.lines]
    near = [(line, width) for line, width in widths if shapely.dwithin(line.shape, shape, width)]
    reachable = {side for line, _ in near for side in (line.country_a, line.country_b)} & set(local.sides)
    unsure = not_kept_apart(local, shape, widths, 0.0, local.sides)
    strips: dict[tuple[int, ...], Any] = {}
    for side in sorted(reachable | unsure | set(pieces)):
        piece = pieces.get(side, _NOTHING)
        other = shapely.difference(shape, piece)
        if side in unsure:
            yield side, piece, _NOTHING, other
            continue
        beside = bounding(side, near)
        key = tuple(id(line) for line, _ in beside)
        strip = strips[key] = strips[key] if key in strips else band(beside, shape)
        yield side, piece, shapely.difference(piece, strip), shapely.intersection(other, strip)
