"""The edges of outlines that face a border: where along it, how far from it, and whether the outline ends there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._beside import beside, second_is_left, straightened
from hazardgeo.borders._line._course import Course, course_of
from hazardgeo.borders._line._near import pairs_in_reach
from hazardgeo.constants import NORMAL_95
from hazardgeo.errors import BorderError
from hazardgeo.overlay import LocalPlane, plane_cells
from hazardgeo.registers._rules._rings import metres_per_degree

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet
    from hazardgeo.registers import Thresholds

STEP_M = 10.0
"""Outlines are looked at in pieces of this length: finer than most corners are known."""
BENDS_M = 100.0
"""Bends of a line narrower than this are looked at as one direction."""
_FACING = 0.5  # cosine of 60°: an edge that is turned away by more leads away from the line
_OWN = ("country_a", "country_b")


@dataclass(frozen=True)
class Records:
    """What is known of the hazards: outlines in EPSG:4326, accuracy of their place [m], country that reports each."""

    polygons: NDArray[Any]
    place_sd_m: NDArray[np.float64]
    country: NDArray[np.object_]


@dataclass(frozen=True)
class Facing:
    """What faces one version of the border.

    `pieces` has a row for each short piece of outline turned to the line: ``hazard`` (position), ``line``, ``second`` (whether
    it looks from the second country's side), ``place_m`` (along the straightened line), ``ahead_m`` (how far beyond that line,
    negative before it), ``covers_m`` (length along it), ``along_m`` and ``beyond_m`` (the same of the line as drawn),
    ``width_m`` (of the band that decides), ``length_m``, ``ring`` (of the outline). `ends` has a row for each hazard that is in
    `pieces`: ``ends`` (at the
    line, as far as line and outline are known), ``cut`` (its outline runs on the line), ``off_m`` (how far from it), ``width_m``.
    """

    course: Course
    lines: pd.DataFrame
    pieces: pd.DataFrame
    ends: pd.DataFrame


def facing(border: BorderSet, records: Records, reach_m: float, least: Thresholds) -> Facing:
    """Look along every asked line of a border at the outlines within reach of it.

    Raises
    ------
    BorderError
        If the asked countries share no line in this set, or lines and countries do not fit.
    """
    lines, parts = _parts_of(border)
    course, straight = course_of(parts), course_of(straightened(parts, BENDS_M))
    turns = np.where(second_is_left(border, lines, course), 1.0, -1.0)
    shapes, owner = shapely.get_parts(records.polygons, return_index=True)
    used = np.unique(pairs_in_reach(shapes, course.edges, reach_m)[0])
    shapes, owner = shapes[used], owner[used]
    # What comes near is looked at whole, so that it is known how far it reaches over the line.
    room = reach_m + BENDS_M + _sizes_m(shapes)
    (near, edge), (near_straight, edge_straight) = (pairs_in_reach(shapes, c.edges, room) for c in (course, straight))
    seen: list[dict[str, NDArray[Any]]] = []
    ring_m = np.zeros(0)
    for plane, mine in plane_cells(shapes).items():
        roads = [
            (one, np.unique(edges[np.isin(at, mine)]))
            for one, at, edges in ((course, near, edge), (straight, near_straight, edge_straight))
        ]
        outline = _outlines(shapes[mine], owner[mine], plane, len(ring_m))
        ring_m = np.append(ring_m, np.bincount(outline["ring"] - len(ring_m), outline["length_m"]))
        seen.append(_beside_lines(outline, plane, roads))
    pieces = _turned(_joined(seen), records, lines, turns, least)
    pieces = pieces[~_behind_its_own(pieces)].drop(columns=["is_hole", "part"])
    return Facing(course, lines, pieces, _ends(pieces, ring_m, least))


def _parts_of(border: BorderSet) -> tuple[pd.DataFrame, NDArray[Any]]:
    """Each asked line in one piece, and what is known of it."""
    asked = border.asked_lines
    if asked.empty:
        raise BorderError(f"{', '.join(border.codes)} share no land border in {border.source} {border.version}.")
    merged = [
        shapely.line_merge(line) if line.geom_type == "MultiLineString" else line for line in asked.geometry.to_numpy()
    ]
    parts, of = shapely.get_parts(merged, return_index=True)
    lines = asked.drop(columns=asked.geometry.name).iloc[of].reset_index(drop=True)
    return lines, parts


def _sizes_m(shapes: NDArray[Any]) -> NDArray[np.float64]:
    """No two places of a polygon are further apart than this [m]."""
    west, south, east, north = shapely.bounds(shapes).T
    per_lon, per_lat = metres_per_degree((south + north) / 2)
    return np.asarray(1.1 * np.hypot((east - west) * per_lon, (north - south) * per_lat), dtype=np.float64)


def _outlines(
    shapes: NDArray[Any], owner: NDArray[np.intp], plane: LocalPlane, first_ring: int
) -> dict[str, NDArray[Any]]:
    """All rings in short pieces, the hazard on the left of each: one that was cut out round an enclave ends at a hole."""
    rings, of = shapely.get_rings(plane.project(shapes), return_index=True)
    is_hole = np.diff(of, prepend=-1) == 0
    rings = np.where(shapely.is_ccw(rings) ^ is_hole, rings, shapely.reverse(rings))
    xy, ring = shapely.get_coordinates(shapely.segmentize(rings, STEP_M), return_index=True)
    start = np.flatnonzero(ring[1:] == ring[:-1])
    vector = xy[start + 1] - xy[start]
    length = np.hypot(*vector.T)
    start, vector, length = (values[length > 0] for values in (start, vector, length))
    return {
        "hazard": owner[of[ring[start]]],
        "ring": first_ring + ring[start],
        "part": first_ring + np.flatnonzero(~is_hole)[of[ring[start]]],
        "is_hole": is_hole[ring[start]],
        "middle": (xy[start] + xy[start + 1]) / 2,
        "outward": np.column_stack([vector[:, 1], -vector[:, 0]]) / length[:, None],
        "length_m": length,
    }


def _beside_lines(
    outline: dict[str, NDArray[Any]], plane: LocalPlane, roads: list[tuple[Course, NDArray[np.intp]]]
) -> dict[str, NDArray[Any]]:
    """Lay the pieces beside the line as drawn and as straightened; left out is what is past a loose end."""
    (course, _), (straight, _) = roads
    drawn, seen = (beside(one, edges, plane, outline["middle"]) for one, edges in roads)
    keep = ~(seen.past_end | drawn.past_end) & (straight.line[seen.edge] == course.line[drawn.edge])
    left = np.column_stack([-seen.direction[keep, 1], seen.direction[keep, 0]])
    return {
        **{name: outline[name][keep] for name in _OF_OUTLINE},
        "line": straight.line[seen.edge[keep]],
        "place_m": seen.along_m[keep],
        "ahead_m": seen.left_m[keep],
        "along_m": drawn.along_m[keep],
        "beyond_m": drawn.left_m[keep],
        "cosine": (outline["outward"][keep] * left).sum(axis=1),
    }


_OF_OUTLINE = ("hazard", "ring", "part", "is_hole", "length_m")


def _joined(seen: list[dict[str, NDArray[Any]]]) -> pd.DataFrame:
    import pandas as pd

    names = (*_OF_OUTLINE, "line", "place_m", "ahead_m", "along_m", "beyond_m", "cosine")
    kinds: dict[str, Any] = {"hazard": np.intp, "ring": np.intp, "part": np.intp, "line": np.intp, "is_hole": np.bool_}
    empty: dict[str, NDArray[Any]] = {name: np.empty(0, dtype=kinds.get(name, np.float64)) for name in names}
    return pd.DataFrame({name: np.concatenate([one[name] for one in [empty, *seen]]) for name in names})


def _turned(
    pieces: pd.DataFrame, records: Records, lines: pd.DataFrame, turns: NDArray[np.float64], least: Thresholds
) -> pd.DataFrame:
    """The pieces that look from their hazard's own side over the line; distances count from there."""
    at, line = pieces["hazard"].to_numpy(), pieces["line"].to_numpy()
    offset = lines["offset_95_m"].to_numpy(dtype=float)[line]
    width = np.hypot(offset, NORMAL_95.value * records.place_sd_m[at])
    to_second = pieces["beyond_m"].to_numpy() * turns[line]
    second = _from_second(pieces, lines, records.country, (to_second, width))
    turn = np.where(second, -1.0, 1.0) * turns[line]
    table = pieces.assign(second=second, width_m=width, covers_m=pieces["cosine"] * turn * pieces["length_m"])
    table = table.assign(**{name: table[name] * turn for name in ("ahead_m", "beyond_m", "cosine")})
    on_line = table["beyond_m"].abs() <= least.along_border_m
    return table[(table["cosine"] > 0) & (on_line | (table["cosine"] >= _FACING))].drop(columns="cosine")


def _behind_its_own(pieces: pd.DataFrame) -> NDArray[np.bool_]:
    """Pieces of a hole with more of their own hazard before them: there it goes on, and ends nowhere."""
    step = np.floor(pieces["place_m"] / STEP_M)
    shell = pieces["ahead_m"].where(~pieces["is_hole"], -np.inf)
    foremost = shell.groupby([pieces["hazard"], pieces["line"], pieces["second"], step]).transform("max")
    return np.asarray(pieces["is_hole"] & (pieces["ahead_m"] < foremost), dtype=bool)


def _from_second(
    pieces: pd.DataFrame,
    lines: pd.DataFrame,
    country: NDArray[np.object_],
    where: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.bool_]:
    """Whether each piece's part of its hazard is on the side of its line's second country.

    Ground beyond the band tells, if it is on one side only; else the country that reports it; else where most of it is.
    """
    to_second, width = where
    at, line = pieces["hazard"].to_numpy(), pieces["line"].to_numpy()
    _, group = np.unique(pieces["part"].to_numpy() * len(lines) + line, return_inverse=True)
    length = pieces["length_m"].to_numpy()
    beyond = np.bincount(group, length * (to_second > width)) > 0
    before = np.bincount(group, length * (to_second < -width)) > 0
    most = np.bincount(group, length * np.sign(to_second)) > 0
    first, second = ((country[at] == lines[name].to_numpy(dtype=object)[line]) for name in _OWN)
    by_report = np.where(first ^ second, second, most[group])
    return np.asarray(np.where(beyond[group] ^ before[group], beyond[group], by_report), dtype=bool)


def _ends(pieces: pd.DataFrame, ring_m: NDArray[np.float64], least: Thresholds) -> pd.DataFrame:
    """Whether each hazard's outline ends at the line, over a length and a share of one of its rings that are no accident."""
    off = pieces["beyond_m"].abs()
    near, on_line = off <= pieces["width_m"], off <= least.along_border_m
    covers, length = pieces["covers_m"], pieces["length_m"]
    measured = pieces.assign(near_m=covers.where(near, 0.0), on_line_m=length.where(on_line, 0.0))
    rings = measured.assign(off_m=off * measured["near_m"]).groupby(["hazard", "ring"])
    table = rings[["near_m", "on_line_m", "off_m"]].sum().assign(width_m=rings["width_m"].max()).reset_index()
    enough = np.maximum(least.along_border_length_m, least.along_border_share * ring_m[table["ring"]])
    cut = table["on_line_m"] >= enough
    each = table.assign(cut=cut, ends=cut | (table["near_m"] >= enough)).groupby("hazard")
    sums = each[["near_m", "off_m"]].sum()
    off_m = sums["off_m"] / sums["near_m"].where(sums["near_m"] > 0)
    return each[["ends", "cut"]].any().assign(off_m=off_m, width_m=each["width_m"].max())[list(_ENDS)]


_ENDS = ("ends", "cut", "off_m", "width_m")
