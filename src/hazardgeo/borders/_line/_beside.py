"""Where places lie beside the lines of a border: how far along, how far off, and on whose side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.errors import BorderError
from hazardgeo.overlay._planes import split_long_edges
from hazardgeo.registers._rules._rings import metres_per_degree

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders._line._course import Course
    from hazardgeo.borders._set import BorderSet
    from hazardgeo.overlay import LocalPlane

_BESIDE_M = 20.0  # where to ask whose ground lies beside a line; near it, and beyond rounding
_ASKED = 25
_CORNER = 1e-9  # share of an edge


@dataclass(frozen=True)
class Beside:
    """Where points lie beside a course.

    `edge` is the nearest edge to each, `along_m` the distance along its line, `left_m` that to
    the left of it, `direction` the edge's. `past_end`: beyond a loose end of the line, so beside nothing.
    """

    edge: NDArray[np.intp]
    along_m: NDArray[np.float64]
    left_m: NDArray[np.float64]
    direction: NDArray[np.float64]
    past_end: NDArray[np.bool_]


def beside(course: Course, edges: NDArray[np.intp], plane: LocalPlane, points: NDArray[np.float64]) -> Beside:
    """Find where points of a plane lie beside some edges of a course.

    Where the nearest place is a corner, both edges there are as near; the one from whose straight continuation the point lies
    further off is the one that tells the side.
    """
    flat = plane.project(course.edges[edges])
    first, last = (shapely.get_coordinates(shapely.get_point(flat, k)) for k in (0, -1))
    tree = shapely.STRtree(np.asarray(shapely.linestrings(np.stack([first, last], axis=1)), dtype=object))
    point, edge = tree.query_nearest(shapely.points(points), all_matches=True)
    vector = last[edge] - first[edge]
    size = np.hypot(*vector.T)
    direction, offset = vector / size[:, None], points[point] - first[edge]
    share = (offset * direction).sum(axis=1) / size
    off = direction[:, 0] * offset[:, 1] - direction[:, 1] * offset[:, 0]
    order = np.lexsort((-np.abs(off), point))
    chosen = order[np.unique(point[order], return_index=True)[1]]
    share, off, on_edge = share[chosen], off[chosen], np.clip(share[chosen], 0, 1)
    distance = np.hypot(off, (share - on_edge) * size[chosen])
    of = edges[edge[chosen]]
    return Beside(
        of,
        course.start_m[of] + on_edge * course.length_m[of],
        np.copysign(distance, off),
        direction[chosen],
        _past_end(course, of, share),
    )


def _past_end(course: Course, edge: NDArray[np.intp], share: NDArray[np.float64]) -> NDArray[np.bool_]:
    is_first = np.diff(course.part, prepend=-1) != 0
    is_last = np.append(is_first[1:], True)
    return np.asarray((is_first[edge] & (share < -_CORNER)) | (is_last[edge] & (share > 1 + _CORNER)))


def straightened(lines: NDArray[Any], bends_m: float) -> NDArray[Any]:
    """LineStrings without the bends that are narrower than this, to look along; edges of at most 1 km."""
    result = lines.copy()
    for k, line in enumerate(lines):
        _, south, _, north = line.bounds
        scale = np.column_stack(metres_per_degree(np.array([(south + north) / 2])))
        flat = shapely.transform(line, lambda lonlat, scale=scale: lonlat * scale)  # type: ignore[misc]
        # A small ring, such as an enclave's, keeps its form.
        simple = shapely.simplify(flat, min(bends_m, flat.length / 20))
        result[k] = shapely.transform(simple, lambda xy, scale=scale: xy / scale)  # type: ignore[misc]
    return np.asarray(split_long_edges(result), dtype=object)


def second_is_left(border: BorderSet, lines: pd.DataFrame, course: Course) -> NDArray[np.bool_]:
    """Whether the second country of each line lies on its left.

    Raises
    ------
    BorderError
        If the countries beside a line are not those that it names, or both hold the same ground.
    """
    answers = np.zeros(len(lines), dtype=bool)
    grounds = {code: _grounds(border, code) for code in {*lines["country_a"], *lines["country_b"]}}
    for k, (country_a, country_b) in enumerate(zip(lines["country_a"], lines["country_b"], strict=True)):
        mine = np.flatnonzero(course.line == k)
        left, right = _either_side(course, mine[:: max(1, len(mine) // _ASKED)])
        in_a, in_b = grounds[country_a], grounds[country_b]
        left_a, left_b, right_a, right_b = (_within(ground, at) for at in (left, right) for ground in (in_a, in_b))
        _refuse_twice(left_a & left_b, left, f"{country_a} and {country_b}")
        _refuse_twice(right_a & right_b, right, f"{country_a} and {country_b}")
        votes = int((left_b & right_a).sum()) - int((left_a & right_b).sum())
        if votes == 0:
            lon, lat = left[0]
            raise BorderError(
                f"{country_a} and {country_b} do not lie on either side of their line near {lon:.4f} E, {lat:.4f} N. "
                "Lines and countries must be of one version."
            )
        answers[k] = votes > 0
    return answers


def _either_side(course: Course, edges: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    middle = course.ends[edges].mean(axis=1)
    per_degree = np.column_stack(metres_per_degree(middle[:, 1]))
    east, north = (np.diff(course.ends[edges], axis=1)[:, 0] * per_degree).T
    to_left = np.column_stack([-north, east]) / np.hypot(east, north)[:, None] * _BESIDE_M / per_degree
    return _on_the_globe(middle + to_left), _on_the_globe(middle - to_left)


def _on_the_globe(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    # Beside a line that lies on the antimeridian the other side has longitudes of the other sign.
    return np.column_stack([(lonlat[:, 0] + 180) % 360 - 180, lonlat[:, 1]])


def _grounds(border: BorderSet, code: str) -> NDArray[Any]:
    grounds = border.countries.geometry.to_numpy()[(border.countries["code"] == code).to_numpy()]
    shapely.prepare(grounds)
    return np.asarray(grounds, dtype=object)


def _within(grounds: NDArray[Any], lonlat: NDArray[np.float64]) -> NDArray[np.bool_]:
    inside = np.zeros(len(lonlat), dtype=bool)
    for ground in grounds:
        inside |= shapely.contains_xy(ground, *lonlat.T)
    return inside


def _refuse_twice(twice: NDArray[np.bool_], places: NDArray[np.float64], countries: str) -> None:
    if twice.any():
        lon, lat = places[twice][0]
        raise BorderError(
            f"{countries} both hold the ground at {lon:.4f} E, {lat:.4f} N: they overlap, so that sides cannot be told. Cut the "
            "ground that two countries claim out as 'disputed'."
        )
