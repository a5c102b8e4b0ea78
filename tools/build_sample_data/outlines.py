"""Irregular outlines, as survey teams walk them and clerks draw them: no circles, no hexagons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from shapely import affinity, ops

Rng = np.random.Generator


def vertex_count(rng: Rng, area_m2: float, *, surveyed: bool) -> int:
    """Number of turning points: few for small and surveyed outlines, up to 40 for large digitised ones."""
    usual = 5 + 4.2 * math.log10(area_m2 / 300) * (0.8 if surveyed else 1.3)
    return int(np.clip(round(usual + rng.normal(0, 3)), 6, 40))


def former_line(rng: Rng, centre: np.ndarray[Any, Any], heading: float, length_m: float) -> Any:
    """Draw a former line of confrontation: a winding way through `centre` in about the direction `heading`."""
    halves = []
    for turn in (math.pi, 0.0):
        steps = int(length_m / 2 / 150)
        # Drawn back to the general direction, so that it winds without turning round.
        bend, direction = 0.0, []
        for kick in rng.normal(0, 0.13, steps):
            bend = 0.93 * bend + kick
            direction.append(heading + turn + bend)
        moves = 150 * np.column_stack([np.cos(direction), np.sin(direction)])
        halves.append(centre + np.cumsum(moves, axis=0))
    return shapely.LineString(np.vstack([halves[0][::-1], centre, halves[1]]))


def belt(rng: Rng, spine: Any, width_m: float, corners: int) -> Any:
    """Draw a belt around a spine, its two edges drawn independently of each other."""
    left = corners // 2
    edges = [_edge(rng, spine, sign * width_m / 2, n) for sign, n in ((1, left), (-1, corners - left))]
    return shapely.Polygon(np.vstack([edges[0], edges[1][::-1]]))


def _edge(rng: Rng, spine: Any, offset_m: float, corners: int) -> np.ndarray[Any, Any]:
    gaps = rng.dirichlet(np.full(corners + 1, 3.0))
    at = np.cumsum(gaps)[:-1] * spine.length
    ahead, here = (shapely.get_coordinates(spine.interpolate(at + step)) for step in (20.0, -20.0))
    along = ahead - here
    across = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(*along.T)[:, None]
    share = np.clip(np.minimum(at, spine.length - at) / spine.length * 5, 0.35, 1.0)  # a belt tapers off
    half = offset_m * share * np.exp(rng.normal(0, 0.32, corners))
    return shapely.get_coordinates(spine.interpolate(at)) + across * half[:, None]


def patch(rng: Rng, centre: np.ndarray[Any, Any], heading: float, stretch: float, corners: int) -> Any:
    """Draw a compact outline of unit size around a centre, `stretch` times as long as wide along `heading`."""
    angles = np.cumsum(rng.dirichlet(np.full(corners, 2.5))) * 2 * math.pi
    waves = sum(rng.normal(0, 0.16) * np.cos(k * angles + rng.uniform(0, 2 * math.pi)) for k in (2, 3, 4))
    radius = np.exp(waves + rng.normal(0, 0.2, corners))
    xy = np.column_stack([radius * np.cos(angles) * math.sqrt(stretch), radius * np.sin(angles) / math.sqrt(stretch)])
    turned = affinity.rotate(shapely.Polygon(xy), heading, origin=(0, 0), use_radians=True)
    return affinity.translate(turned, *centre)


def sized(shape: Any, area_m2: float) -> Any:
    """Scale a shape about its centre to an area."""
    factor = math.sqrt(area_m2 / shape.area) if shape.area > 0 else 1.0
    return affinity.scale(shape, factor, factor, origin="centroid")


def usable(shape: Any, smallest_edge_m: float = 3.0, neck: float = 0.06) -> bool:
    """Whether an outline is one valid polygon without edges or necks that nobody would walk."""
    if shape.geom_type != "Polygon" or not shape.is_valid or shape.is_empty:
        return False
    xy = shapely.get_coordinates(shape.exterior)
    if np.hypot(*np.diff(xy, axis=0).T).min() < smallest_edge_m:
        return False
    return shapely.buffer(shape, -neck * math.sqrt(shape.area)).geom_type == "Polygon"


def hazard_outline(rng: Rng, way: Any, along_m: float, aside_m: float, area_m2: float, *, surveyed: bool) -> Any:
    """Draw one hazard beside a former line; it may not be `usable`."""
    stretch = float(np.clip(rng.lognormal(math.log(2.4), 0.5), 1.1, 7.0))
    length = math.sqrt(area_m2 * stretch)
    corners = vertex_count(rng, area_m2, surveyed=surveyed)
    low = float(np.clip(along_m - length / 2, 0, way.length))
    spine = ops.substring(way, low, min(low + length, way.length))
    here, ahead = shapely.get_coordinates(spine)[[0, -1]]
    heading = math.atan2(*(ahead - here)[::-1]) + rng.normal(0, 0.2)
    aside = aside_m * np.array([-math.sin(heading), math.cos(heading)])
    if stretch < 2.2 or corners < 8:
        centre = shapely.get_coordinates(way.interpolate(along_m))[0]
        return sized(patch(rng, centre + aside, heading, stretch, corners), area_m2)
    spine = affinity.rotate(affinity.translate(spine, *aside), float(rng.normal(0, 12)))
    return sized(belt(rng, spine, area_m2 / length, corners), area_m2)


def redrawn(rng: Rng, shape: Any, sd_m: float, shift_m: float) -> Any:
    """Draw an outline as a second clerk would: every corner a little off, all of it shifted, perhaps a corner fewer."""
    ring = shapely.get_coordinates(shape.exterior)[:-1]
    keep = np.ones(len(ring), dtype=bool)
    if len(ring) > 9:
        keep[rng.integers(len(ring))] = False
    return shapely.Polygon(ring[keep] + rng.normal(0, sd_m, (keep.sum(), 2)) + rng.normal(0, shift_m, 2))
