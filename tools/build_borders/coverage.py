"""One valid coverage out of countries that overlap a little, leave hairline gaps, or claim the same ground.

All linework is noded on one grid and cut into faces. Each face goes to the country that holds it, faces narrower than
a sliver go to a neighbour, and what is left in two countries is a disputed pocket of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from .config import Settings
from .errors import require
from .planes import GEOD, METRES_PER_DEGREE, area_m2
from .segments import edge_lengths_m, shared_edges

SEA = "sea"
DISPUTED = "disputed"
UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Coverage:
    """Polygons by label: a code, ``sea``, ``disputed:AAA;BBB`` (claimed by) or ``undetermined:AAA;BBB`` (between)."""

    labels: tuple[str, ...]
    polygons: tuple[shapely.Geometry, ...]

    def __getitem__(self, label: str) -> shapely.Geometry:
        """The polygon of a label."""
        return self.polygons[self.labels.index(label)]

    @property
    def extent(self) -> shapely.Geometry:
        """All of it, the sea too: the ground of which this set can speak."""
        return shapely.normalize(shapely.coverage_union_all(np.array(self.polygons)))

    def without_sea(self) -> Coverage:
        """The countries and pockets alone."""
        kept = [i for i, label in enumerate(self.labels) if label != SEA]
        return Coverage(tuple(self.labels[i] for i in kept), tuple(self.polygons[i] for i in kept))


def widths_m(geometries: NDArray[np.object_]) -> NDArray[np.float64]:
    """Twice the area over the perimeter, roughly in metres: enough to tell a sliver from a pocket."""
    lat = np.radians(shapely.get_y(shapely.centroid(geometries)))
    perimeter = shapely.length(geometries) * METRES_PER_DEGREE
    return 2 * shapely.area(geometries) * METRES_PER_DEGREE**2 * np.cos(lat) / perimeter


def _faces(outlines: list[shapely.Geometry], frame: shapely.Geometry, grid_deg: float) -> NDArray[np.object_]:
    lines = [*(shapely.boundary(g) for g in outlines), shapely.boundary(frame)]
    noded = shapely.union_all(shapely.set_precision(lines, grid_deg), grid_size=grid_deg)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = shapely.intersects(shapely.point_on_surface(faces), frame)
    return faces[inside]


def _holders(faces: NDArray[np.object_], countries: dict[str, shapely.Geometry]) -> list[tuple[str, ...]]:
    points = shapely.point_on_surface(faces)
    codes, polygons = zip(*sorted(countries.items()), strict=True)
    shapely.prepare(np.array(polygons))
    inside = np.array([shapely.intersects(polygon, points) for polygon in polygons])
    return [tuple(code for code, holds in zip(codes, column, strict=True) if holds) for column in inside.T]


def codes_of(label: str) -> tuple[str, ...]:
    """The countries that a label speaks of: itself, the claimants of a pocket, the countries around one."""
    if label == SEA:
        return ()
    return tuple(label.partition(":")[2].split(";")) if ":" in label else (label,)


def _label(holders: tuple[str, ...]) -> str:
    if len(holders) == 1:
        return holders[0]
    return f"{DISPUTED}:{';'.join(holders)}" if holders else SEA


def _absorb(faces: NDArray[np.object_], labels: list[str], weak: NDArray[np.bool_]) -> list[str]:
    """Give weak faces to the country along their longest edge, again and again until none can be given."""
    edges = shared_edges(faces)
    edges["metres"] = edge_lengths_m(edges, GEOD)
    both = np.vstack([edges[["a", "b", "metres"]].to_numpy(), edges[["b", "a", "metres"]].to_numpy()])
    waiting = set(np.flatnonzero(weak).tolist())
    beside: dict[int, dict[int, float]] = {i: {} for i in waiting}
    for a, b, metres in both:
        if int(a) in waiting:
            beside[int(a)][int(b)] = beside[int(a)].get(int(b), 0.0) + metres
    return _settle(labels, waiting, beside)


def _settle(labels: list[str], waiting: set[int], beside: dict[int, dict[int, float]]) -> list[str]:
    settled = list(labels)
    while waiting:
        given = {}
        for face in sorted(waiting):
            firm = {i: m for i, m in beside[face].items() if i not in waiting and settled[i] != SEA}
            if firm:
                given[face] = settled[max(sorted(firm), key=firm.__getitem__)]
        if not given:
            return settled
        for face, label in given.items():
            settled[face] = label
        waiting -= set(given)
    return settled


def _weak(faces: NDArray[np.object_], holders: list[tuple[str, ...]], settings: Settings) -> NDArray[np.bool_]:
    unsure = np.array([len(held) != 1 for held in holders])
    small = np.array([area_m2(face) < settings.pocket_m2 for face in faces])
    return unsure & (small | (widths_m(faces) < settings.sliver_m))


def _is_land(face: shapely.Geometry, land: shapely.Geometry) -> bool:
    return bool(shapely.area(shapely.intersection(face, land)) > 0.5 * shapely.area(face))


def _mark_unclaimed(faces: NDArray[np.object_], labels: list[str], land: shapely.Geometry) -> list[str]:
    """Ground that no country holds and that is not sea is undetermined, never silently sea."""
    edges = shared_edges(faces)
    marked = list(labels)
    for i in (i for i, label in enumerate(labels) if label == SEA and _is_land(faces[i], land)):
        beside = {*edges.loc[edges["a"] == i, "b"], *edges.loc[edges["b"] == i, "a"]}
        around = sorted({code for j in beside for code in codes_of(labels[j])})
        marked[i] = f"{UNDETERMINED}:{';'.join(around)}"
    return marked


def resolve(
    countries: dict[str, shapely.Geometry], frame: shapely.Geometry, land: shapely.Geometry, settings: Settings
) -> Coverage:
    """Cut countries and frame into faces, and put the faces together again without overlap or gap.

    Parameters
    ----------
    countries : dict
        Code to polygon; they may overlap.
    frame : Polygon
        Nothing outside it is kept.
    land : Geometry
        What is land for certain: a gap that lies on it is *undetermined*, one that does not is sea.
    settings : Settings

    Returns
    -------
    Coverage
    """
    clipped = {code: shapely.intersection(polygon, frame) for code, polygon in sorted(countries.items())}
    clipped = {code: polygon for code, polygon in clipped.items() if not polygon.is_empty}
    faces = _faces(list(clipped.values()), shapely.set_precision(frame, settings.grid_deg), settings.grid_deg)
    holders = _holders(faces, clipped)
    labels = _absorb(faces, [_label(held) for held in holders], _weak(faces, holders, settings))
    return _joined(faces, _mark_unclaimed(faces, labels, land))


def _joined(faces: NDArray[np.object_], labels: list[str]) -> Coverage:
    names = tuple(sorted(set(labels)))
    chosen = np.array(labels)
    polygons = [shapely.normalize(shapely.coverage_union_all(faces[chosen == name])) for name in names]
    return Coverage(names, tuple(polygons))


def check(coverage: Coverage) -> None:
    """Fail unless every polygon is valid and all of them form a coverage."""
    for label, polygon in zip(coverage.labels, coverage.polygons, strict=True):
        require(bool(shapely.is_valid(polygon)), f"{label}: {shapely.is_valid_reason(polygon)}")
    require(bool(shapely.coverage_is_valid(np.array(coverage.polygons))), "the polygons are not a valid coverage")
