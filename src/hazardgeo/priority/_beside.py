"""What lies beside hazards, and on which side of a border."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._along._belts import TOGETHER
from hazardgeo.borders._line._course import Course, course_of
from hazardgeo.borders._line._near import connect, pairs_in_reach
from hazardgeo.borders._line._reach import Reached, shares_within, within
from hazardgeo.borders._parcel._places import places_of
from hazardgeo.errors import GeometryError, named
from hazardgeo.overlay import plane_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from hazardgeo.borders import BorderSet
    from hazardgeo.borders._along._belts import Along

_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


@dataclass(frozen=True, eq=False)
class Places:
    """Places by the hazards that they lie near, and the sides that they may lie on."""

    ids: NDArray[np.object_]
    near: Mapping[int, NDArray[np.intp]]
    sides: Mapping[str, NDArray[np.bool_]]

    @classmethod
    def of(cls, places: gpd.GeoDataFrame | None, hazards: Mapping[int, Any], along: Along) -> Places | None:
        """Places within reach of hazards, which are given by their positions."""
        if places is None:
            return None
        shapes = np.array(list(places_of(places)), dtype=object) if len(places) else np.zeros(0, dtype=object)
        polygons, members = np.array([*hazards.values()], dtype=object), [*hazards]
        left, right = pairs_in_reach(polygons, shapes, along.within_m)
        close = connect(polygons, shapes, left, right).distance_m <= along.within_m
        some, at = np.unique(right[close], return_inverse=True)
        near = {member: at[left[close] == k] for k, member in enumerate(members)}
        ids = np.array([str(name) for name in places.index], dtype=object)
        return cls(ids[some], near, _sides(shapes[some], along))

    def beside(self, members: Iterable[int], side: str) -> list[str]:
        """Ids of the places near any of some hazards that lie or may lie on a side; *together* takes all."""
        found = np.unique(np.concatenate([np.zeros(0, dtype=np.intp), *(self.near[member] for member in members)]))
        kept = found if side == TOGETHER else found[self.sides[side][found]]
        return sorted(self.ids[kept].tolist())


def _sides(shapes: NDArray[Any], along: Along) -> dict[str, NDArray[np.bool_]]:
    """For each side, which shapes touch its ground or lie no further from a line of it than that may be off."""
    found = {side: shapely.intersects(ground_of(along.border, side), shapes) for side in _codes(along)}
    for row, line in enumerate(along.line_rows):
        edges = along.course.edges[along.course.line == row]
        left, right = pairs_in_reach(shapes, edges, line.offset_95_m)
        unsure = left[connect(shapes, edges, left, right).distance_m <= line.offset_95_m]
        for side in (line.country_a, line.country_b):
            found[side][unsure] = True
    return found


def _codes(along: Along) -> list[str]:
    return sorted({code for line in along.line_rows for code in (line.country_a, line.country_b)})


def ground_of(border: BorderSet, side: str) -> Any:
    """The ground of a side, prepared."""
    ground = shapely.union_all(border.countries.geometry[border.countries["code"] == side].to_numpy())
    shapely.prepare(ground)
    return ground


@dataclass(frozen=True, eq=False)
class Roads:
    """Roads of each side and of both, with the pieces of them that are near each hazard."""

    courses: Mapping[str, Course]
    pieces: Mapping[str, Mapping[int, tuple[NDArray[np.intp], NDArray[np.float64]]]]

    @classmethod
    def of(cls, roads: gpd.GeoDataFrame | None, hazards: Mapping[int, Any], along: Along) -> Roads | None:
        """Roads within reach of hazards, which are given by their positions."""
        if roads is None:
            return None
        shapes = np.array(list(places_of(roads)), dtype=object) if len(roads) else np.zeros(0, dtype=object)
        wrong = ~np.isin(shapely.get_type_id(shapes), _LINES)
        if wrong.any():
            raise GeometryError(f"{named(roads.index[wrong])}: no line. Give roads as lines.")
        courses = {TOGETHER: course_of(shapes)}
        for side in _codes(along):
            cut = shapely.intersection(shapes, ground_of(along.border, side))
            parts = shapely.get_parts(cut)
            courses[side] = course_of(parts[np.isin(shapely.get_type_id(parts), _LINES)])
        pieces = {side: _pieces(course, hazards, along.within_m) for side, course in courses.items()}
        return cls(courses, pieces)

    def length_m(self, members: Sequence[int], side: str) -> float:
        """Length of road near any of some hazards [m]."""
        gathered = Reached()
        for member in members:
            if member in self.pieces[side]:
                gathered.add(member, *self.pieces[side][member])
        return math.fsum(one.length_m for one in gathered.stretches(self.courses[side]))


def _pieces(
    course: Course, hazards: Mapping[int, Any], within_m: float
) -> dict[int, tuple[NDArray[np.intp], NDArray[np.float64]]]:
    """The pieces of a course that are within reach of each hazard, in a plane of its own."""
    polygons, members = np.array([*hazards.values()], dtype=object), [*hazards]
    if not len(polygons) or not len(course.length_m):
        return {}
    left, right = pairs_in_reach(polygons, course.edges, within_m)
    found = {}
    for k in np.unique(left).tolist():
        edges, plane = right[left == k], plane_of(polygons[k])
        at, shares = shares_within(within(plane.project(polygons[k]), within_m), plane.project(course.edges[edges]))
        if len(at):
            found[members[k]] = (edges[at], shares)
    return found
