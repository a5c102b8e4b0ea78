"""How far apart two editions of the same line lie, and what that allows us to say about its offset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from .config import Settings
from .planes import Plane, distance_m

_ENOUGH = 50  # samples; fewer say nothing about a 95th percentile
_END_M = 1.0  # a nearest point this close to a loose end is the loose end
_WET_M = 15.0  # a sample this far outside both lands is in the water between them


@dataclass(frozen=True)
class Measured:
    """Distances between two lines, pooled from both directions."""

    median_m: float
    p95_m: float
    count: int
    kept: float
    """Share of the samples of the line in question that found the other line, not a loose end of it."""


@dataclass(frozen=True)
class Offset:
    """A number and the sentence that says where it comes from."""

    metres: float
    evidence: str


def _samples(line: shapely.Geometry, spacing_m: float) -> NDArray[np.object_]:
    """Points along each part, the first half a spacing from its start."""
    points = []
    for part in shapely.get_parts(line):
        coords = shapely.get_coordinates(part)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(coords, axis=0).T))])
        at = np.arange(spacing_m / 2, along[-1], spacing_m)
        points.append(np.column_stack([np.interp(at, along, axis) for axis in coords.T]))
    return shapely.points(np.concatenate(points))


def _loose_ends(line: shapely.Geometry) -> shapely.Geometry:
    return shapely.boundary(shapely.line_merge(line))


def _segments(line: shapely.Geometry) -> NDArray[np.object_]:
    coords, part = shapely.get_coordinates(shapely.get_parts(line), return_index=True)
    inside = part[1:] == part[:-1]
    return shapely.linestrings(np.stack([coords[:-1][inside], coords[1:][inside]], axis=1))


def _one_way(
    plane: Plane, start: shapely.Geometry, target: shapely.Geometry, spacing_m: float
) -> tuple[NDArray[np.float64], float]:
    """Geodesic distances from samples of `start` to the nearest point of `target`, and the share that was kept."""
    points = _samples(start, spacing_m)
    pieces = _segments(target)
    found, nearest = shapely.STRtree(pieces).query_nearest(points, all_matches=False)
    landings = shapely.get_point(shapely.shortest_line(points[found], pieces[nearest]), 1)
    ends = _loose_ends(target)
    kept = np.ones(len(landings), bool) if ends.is_empty else shapely.distance(landings, ends) > _END_M
    from_ = shapely.get_coordinates(plane.to_degrees(points[found][kept]))
    to = shapely.get_coordinates(plane.to_degrees(landings[kept]))
    return distance_m(from_, to), float(np.mean(kept))


def measure(line: shapely.Geometry, other: shapely.Geometry, spacing_m: float) -> Measured | None:
    """Sample both lines, take the nearest point on the other, drop what lands on a loose end, and pool.

    Parameters
    ----------
    line, other : Geometry
        In degrees.
    spacing_m : float

    Returns
    -------
    Measured or None
        None where too little is left to speak of a 95th percentile.
    """
    if line.is_empty or other.is_empty:
        return None
    plane = Plane.about(line)
    a, b = plane.to_plane(line), plane.to_plane(other)
    there, kept = _one_way(plane, a, b, spacing_m)
    back, _ = _one_way(plane, b, a, spacing_m)
    pooled = np.concatenate([there, back])
    if len(pooled) < _ENOUGH:
        return None
    median, p95 = np.percentile(pooled, [50, 95])
    return Measured(float(median), float(p95), len(pooled), kept)


def lines_within(line: shapely.Geometry, extent: shapely.Geometry) -> shapely.Geometry:
    """The stretches of a line inside an extent, without stray points."""
    parts = shapely.get_parts(shapely.intersection(line, extent))
    return shapely.line_merge(shapely.multilinestrings(parts[shapely.get_type_id(parts) == 1]))


@dataclass(frozen=True)
class Banks:
    """The part of a line that runs in water, and how far its farther bank is."""

    wet: float
    p95_m: float


def banks(
    line: shapely.Geometry,
    lands: tuple[shapely.Geometry, shapely.Geometry],
    inland: shapely.Geometry,
    spacing_m: float,
) -> Banks:
    """Where a line runs in water between two lands, the distance to the farther of the two; 0 on dry ground.

    The true line of a river border may be its thalweg, its middle or a bank. All of them lie between the banks.
    Only what lies inland counts: the far side of a bay is no bank.
    """
    plane = Plane.about(line)
    points = _samples(plane.to_plane(line), spacing_m)
    a, b = (shapely.distance(_near(plane, land, line), points) for land in lands)
    wet = (a > _WET_M) & (b > _WET_M) & shapely.intersects(inland, plane.to_degrees(points))
    return Banks(float(np.mean(wet)), float(np.percentile(np.where(wet, np.maximum(a, b), 0.0), 95)))


def _near(plane: Plane, land: shapely.Geometry, line: shapely.Geometry) -> shapely.Geometry:
    x0, y0, x1, y1 = line.bounds
    near = plane.to_plane(shapely.clip_by_rect(land, x0 - 0.1, y0 - 0.1, x1 + 0.1, y1 + 0.1))
    shapely.prepare(near)
    return near


def osm_offset(pair: str, editions: Measured | None, river: Banks, settings: Settings, *, carved: bool) -> Offset:
    """The offset of a line of OpenStreetMap: never below the floor, and graded *assumed* whatever it is."""
    found = [settings.osm_floor_m]
    said = []
    if editions is not None:
        found.append(editions.p95_m)
        said.append(
            f"dry stretches lie {editions.median_m:.0f} m (median) and {editions.p95_m:.0f} m (95th percentile) from "
            f"the OpenStreetMap edition of December 2017, {editions.count} samples, {editions.kept:.0%} of it covered"
        )
    else:
        said.append("not measured against another edition")
    if river.wet >= 0.01:
        found.append(river.p95_m)
        said.append(
            f"{river.wet:.0%} of the line runs in water; distance to the farther bank, 0 on dry ground: "
            f"{river.p95_m:.0f} m (95th percentile); whether thalweg, middle or bank was drawn is not recorded"
        )
    if carved:
        said.append("this line comes from Natural Earth, because the zones hold none")
    worst = float(np.ceil(max(found)))
    floor = f"{settings.osm_floor_m:.0f} m (a floor, assumed)"
    basis = f"Largest of {floor} and what was measured on {pair}: {'; '.join(said)}."
    return Offset(worst, f"{basis} Agreement of editions, not accuracy; graded assumed.")


def natural_earth_offset(pair: str, against_osm: Measured | None, fallback_m: float, osm_version: str) -> Offset:
    """The offset of a line of Natural Earth: its 95th percentile from OpenStreetMap."""
    if against_osm is None:
        return Offset(
            float(np.ceil(fallback_m)),
            f"Not measured on {pair}: too short here. "
            "The largest 95th percentile of the region stands in; graded assumed.",
        )
    return Offset(
        float(np.ceil(against_osm.p95_m)),
        f"95th percentile of {against_osm.count} nearest distances on {pair} to the OpenStreetMap line "
        f"({osm_version}), sampled both ways: {against_osm.p95_m:.0f} m; median {against_osm.median_m:.0f} m. "
        "OpenStreetMap stands in for the truth here and is not the truth.",
    )
