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


def loose_ends(line: shapely.Geometry) -> shapely.Geometry:
    """The points at which a line just stops."""
    return shapely.boundary(shapely.line_merge(line))


def segments(line: shapely.Geometry) -> NDArray[np.object_]:
    """Each edge of a line by itself."""
    coords, part = shapely.get_coordinates(shapely.get_parts(line), return_index=True)
    inside = part[1:] == part[:-1]
    return shapely.linestrings(np.stack([coords[:-1][inside], coords[1:][inside]], axis=1))


def _one_way(
    plane: Plane, start: shapely.Geometry, target: shapely.Geometry, spacing_m: float
) -> tuple[NDArray[np.float64], float]:
    """Geodesic distances from samples of `start` to the nearest point of `target`, and the share that was kept."""
    points = _samples(start, spacing_m)
    pieces = segments(target)
    found, nearest = shapely.STRtree(pieces).query_nearest(points, all_matches=False)
    landings = shapely.get_point(shapely.shortest_line(points[found], pieces[nearest]), 1)
    ends = loose_ends(target)
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


def osm_offset(pair: str, editions: Measured | None, bank_m: float | None, settings: Settings) -> Offset:
    """The offset of a line of OpenStreetMap: never below the floor, and graded *assumed* whatever it is.

    Parameters
    ----------
    pair : str
    editions : Measured or None
        Against the edition of 2017.
    bank_m : float or None
        For a stretch in water: how far its farther bank is at 95 % of its length.
    settings : Settings

    Returns
    -------
    Offset
    """
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
    if bank_m is not None:
        found.append(bank_m)
        said.append(
            f"this stretch runs in water, and the farther bank is {bank_m:.0f} m away (95th percentile along it); "
            "whether thalweg, middle or bank was drawn is not recorded"
        )
    worst = float(np.ceil(max(found)))
    floor = f"{settings.osm_floor_m:.0f} m (a floor, assumed)"
    basis = f"Largest of {floor} and what was measured on {pair}: {'; '.join(said)}."
    return Offset(worst, f"{basis} Agreement of editions, not accuracy; graded assumed.")


def natural_earth_offset(pair: str, against: Measured | None, fallback_m: float, stand_in: str) -> Offset:
    """The offset of a line of Natural Earth: its 95th percentile from what stands in for the truth."""
    if against is None:
        return Offset(
            float(np.ceil(fallback_m)),
            f"Not measured on {pair}: too short here. "
            "The largest 95th percentile of the region stands in; graded assumed.",
        )
    return Offset(
        float(np.ceil(against.p95_m)),
        f"95th percentile of {against.count} nearest distances on {pair} to the OpenStreetMap line "
        f"({stand_in}), sampled both ways: {against.p95_m:.0f} m; median {against.median_m:.0f} m. "
        "OpenStreetMap stands in for the truth here and is not the truth.",
    )


def borrowed_offset(lent: Offset) -> Offset:
    """The offset of a stretch that OpenStreetMap's zones do not hold and Natural Earth lends."""
    return Offset(
        lent.metres, f"This line comes from Natural Earth, because the time zones hold none here. {lent.evidence}"
    )
