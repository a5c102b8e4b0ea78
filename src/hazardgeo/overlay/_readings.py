"""The ground that a broken outline may mean: every consistent reading of its rings.

All rings together cut the plane into faces. A reading says of each face whether it is ground of the record; so all readings
share their corners and edges to the last bit, the largest contains every reading, and the smallest lies in every one. Works
in any plane in which edges are straight; no corner moves, and new ones arise only where edges cross.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.errors import GeometryError
from hazardgeo.overlay._loosen import REPAIR_NEAR, loosened
from hazardgeo.overlay._untangle import edges_of, open_ring, refuse_tangle, untangled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

AS_DRAWN = "as drawn"
"""All that the line goes round, in either direction: non-zero winding, outlines turned one way and holes the other."""
EVEN_ODD = "ground enclosed twice left out"
HOLES_OUT = "holes taken out"
HOLES_AS_GROUND = "holes beyond the outline taken for ground"
LINEWORK = "edges put together anew"
"""GEOS MakeValid by linework."""
STRUCTURE = "rings put together anew"
"""GEOS MakeValid by structure."""
SWAPPED = "corners swapped"
SWAPPED_LAST_FIRST = "corners swapped from the last crossing on"
LOOSENED = "corners at crossings left out, the others swapped"
LOOSENED_NEARLY = "corners near crossings left out, the others swapped"

_LEAST_CORNERS = 3
_ALMOST = 1e-3  # a hole that leaves its outline by less than this share of itself was drawn badly, and is a hole still
_AT_ONCE = 1_000_000


class _Rings(NamedTuple):
    """The rings of one part: the outline, and its holes."""

    shell: NDArray[Any]
    holes: Sequence[NDArray[Any]]


@dataclass(frozen=True)
class Readings:
    """All readings of one outline."""

    faces: NDArray[Any]
    """Polygons that share edges and no ground."""
    covers: Mapping[str, NDArray[np.bool_]]
    """For each reading, which faces are ground of the record."""
    strokes: Any
    """Lines that are walked there and back: spikes, slits and rings without width. They enclose nothing in any reading."""
    apart: float
    """By how much the area of faces differs from what MakeValid makes of the same ground; more than rounding where edges were so
    close to others that a face was lost."""

    @property
    def largest(self) -> NDArray[np.bool_]:
        """Faces that are ground in any reading."""
        return np.asarray(np.any(list(self.covers.values()), axis=0))

    @property
    def smallest(self) -> NDArray[np.bool_]:
        """Faces that are ground in every reading."""
        return np.asarray(np.all(list(self.covers.values()), axis=0))

    def ground(self, cover: NDArray[np.bool_]) -> Any:
        """Some faces as one polygon or multipolygon."""
        if not cover.any():
            return shapely.Polygon()
        try:
            ground = shapely.coverage_union_all(self.faces[cover])
        except shapely.errors.GEOSException:  # faces that overlap by rounding
            ground = shapely.union_all(self.faces[cover])
        if not ground.is_valid:  # older GEOS joins holes that touch
            ground = shapely.union_all(self.faces[cover])
        parts = shapely.get_parts(ground)
        return parts[0] if len(parts) == 1 else ground


def readings_of(shape: Any) -> Readings:
    """Read a broken polygon or multipolygon in every consistent way.

    Parameters
    ----------
    shape : shapely Polygon or MultiPolygon
        Finite, in any plane.

    Returns
    -------
    Readings

    Raises
    ------
    GeometryError
        If a ring has fewer than three corners, or the rings are too tangled; the message completes *It cannot be read: …*.

    Notes
    -----
    The winding number of a face about a ring is counted with the edges that a ray from the face crosses. Rings that cross
    themselves are also read with the corners between two crossing edges in reverse order; and so without the corners that were
    recorded at a crossing.

    References
    ----------
    docs/decisions/0014 of this project. GEOS, ``MakeValid``: the methods *linework* and *structure*.

    Examples
    --------
    A bow-tie over a square of 2 by 2: two triangles of one unit each, or the square.

    >>> found = readings_of(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]))
    >>> found.ground(found.smallest).area, found.ground(found.largest).area
    (2.0, 4.0)
    """
    shape = shapely.force_2d(shape)
    parts = [_Rings(_corners(part.exterior), [_corners(hole) for hole in part.interiors]) for part in _parts(shape)]
    rings = [ring for part in parts for ring in (part.shell, *part.holes)]
    refuse_tangle(rings)
    swapped = _all_swapped(parts)
    drawn = [ring for turned in swapped.values() for part in turned for ring in (part.shell, *part.holes)]
    faces = _faces([*rings, *drawn])
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    windings = _Windings(inside)
    covers = _covers([windings.of(part) for part in parts], shapely.area(faces))
    covers |= {name: _holes_out([windings.of(part) for part in turned]) for name, turned in swapped.items()}
    apart = 0.0
    made_valid = {
        LINEWORK: shapely.make_valid(shape, method="linework"),
        STRUCTURE: shapely.make_valid(shape, method="structure"),
    }
    for name, made in made_valid.items():
        covers[name] = shapely.intersects_xy(made, *inside.T)
        apart = max(apart, abs(made.area - shapely.area(faces[covers[name]]).sum()))
    return Readings(faces, covers, _strokes(rings), apart)


def _parts(shape: Any) -> Iterable[Any]:
    return [part for part in shapely.get_parts(shape) if not part.is_empty]


def _corners(ring: Any) -> NDArray[np.float64]:
    corners = open_ring(shapely.get_coordinates(ring))
    if len(np.unique(corners, axis=0)) < _LEAST_CORNERS:
        raise GeometryError("a ring of it has fewer than three corners")
    return corners


def _all_swapped(parts: Sequence[_Rings]) -> dict[str, list[_Rings]]:
    """All parts, with the corners of rings that cross themselves in other orders; nothing where there is no such ring."""
    found = {
        SWAPPED: _changed(parts, untangled),
        SWAPPED_LAST_FIRST: _changed(parts, partial(untangled, last_first=True)),
        LOOSENED: _changed(_changed(parts, loosened), untangled),
        LOOSENED_NEARLY: _changed(_changed(parts, partial(loosened, share=REPAIR_NEAR.value)), untangled),
    }
    return {name: turned for name, turned in found.items() if turned}


def _changed(
    parts: Sequence[_Rings], change: Callable[[NDArray[np.float64]], NDArray[np.float64] | None]
) -> list[_Rings]:
    """All parts with their rings changed; none where there is nothing to change in any."""
    turned = [[change(ring) for ring in (part.shell, *part.holes)] for part in parts]
    if all(ring is None for rings in turned for ring in rings):
        return []
    both = [zip((part.shell, *part.holes), rings, strict=True) for part, rings in zip(parts, turned, strict=True)]
    chosen = [[old if new is None else new for old, new in rings] for rings in both]
    return [_Rings(rings[0], rings[1:]) for rings in chosen]


def _faces(rings: list[NDArray[np.float64]]) -> NDArray[Any]:
    edges = shapely.get_parts(shapely.union_all(edges_of(rings)))
    return np.asarray(shapely.get_parts(shapely.polygonize(edges)), dtype=object)


class _Windings:
    """How often rings go round points; a ring that is the same in several readings is looked at once."""

    def __init__(self, points: NDArray[np.float64]) -> None:
        self._points = points
        self._known: dict[int, NDArray[np.int_]] = {}

    def of(self, part: _Rings) -> _Rings:
        """How often each ring of a part goes round each point: the outline counts upward, the holes downward."""
        return _Rings(self._of(part.shell), [-self._of(hole) for hole in part.holes])

    def _of(self, ring: NDArray[np.float64]) -> NDArray[np.int_]:
        if id(ring) not in self._known:
            self._known[id(ring)] = _winding(ring, self._points)
        return self._known[id(ring)]


def _winding(ring: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.int_]:
    """Winding number of a ring about points, counted as positive where the ring as a whole runs so."""
    start, end = ring, np.roll(ring, -1, axis=0)
    (x0, y0), (x1, y1) = start.T, end.T
    count = np.zeros(len(points), dtype=int)
    step = max(1, _AT_ONCE // len(ring))
    for first in range(0, len(points), step):
        x, y = points[first : first + step, :, None].swapaxes(0, 1)
        side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
        upward = ((y0 <= y) & (y1 > y) & (side > 0)).sum(axis=1)
        downward = ((y0 > y) & (y1 <= y) & (side < 0)).sum(axis=1)
        count[first : first + step] = upward - downward
    x, y = (ring - ring[0]).T
    return count if (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() >= 0 else -count


def _covers(parts: Sequence[_Rings], area: NDArray[np.float64]) -> dict[str, NDArray[np.bool_]]:
    together = sum(part.shell + _sum(part.holes) for part in parts)
    return {
        AS_DRAWN: np.any([part.shell + _sum(part.holes) != 0 for part in parts], axis=0),
        EVEN_ODD: np.asarray(together % 2 == 1),
        HOLES_OUT: _holes_out(parts),
        HOLES_AS_GROUND: np.any([_holes_as_ground(part, area) for part in parts], axis=0),
    }


def _sum(holes: Sequence[NDArray[Any]]) -> Any:
    return np.sum(holes, axis=0) if holes else 0


def _holes_out(parts: Sequence[_Rings]) -> NDArray[np.bool_]:
    return np.asarray(np.any([(part.shell != 0) & ~_any(part.holes, part.shell) for part in parts], axis=0))


def _holes_as_ground(part: _Rings, area: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The part, with a hole that leaves its outline or is equal to it taken for a part of its own."""
    shell = part.shell != 0
    grounds: list[NDArray[Any]] = []
    holes: list[NDArray[Any]] = []
    for hole in part.holes:
        share = _ALMOST * area[hole != 0].sum()
        leaves = area[(hole != 0) & ~shell].sum() > share or area[shell & (hole == 0)].sum() <= share
        (grounds if leaves else holes).append(hole)
    return np.asarray((shell & ~_any(holes, part.shell)) | _any(grounds, part.shell))


def _any(holes: Sequence[NDArray[Any]], like: NDArray[Any]) -> NDArray[np.bool_]:
    return np.any([hole != 0 for hole in holes], axis=0) if holes else np.zeros(len(like), dtype=bool)


def _strokes(rings: Iterable[NDArray[np.float64]]) -> Any:
    """What is left of each ring as a line once its polygons are put together."""
    alone = shapely.make_valid(np.array([shapely.Polygon(ring) for ring in rings], dtype=object), method="linework")
    pieces = shapely.get_parts(shapely.get_parts(alone))
    return shapely.union_all(pieces[shapely.get_dimensions(pieces) == 1])
