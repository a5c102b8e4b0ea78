"""The bulk of both registers: chains of hazards along former lines, and confirmed areas inside suspected ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from .drafts import Draft, Scene
from .outlines import former_line, hazard_outline, patch, sized, usable, vertex_count

_TRIES = 60


@dataclass(frozen=True)
class Cluster:
    """A stretch of a former line: where, how long, how many hazards of each register lie along it.

    ``share`` is of the way along the border from its southern end; ``inland_km`` is into Bosnia and Herzegovina,
    negative into Croatia; ``turn_deg`` is from the direction of the border; nothing lies within ``bank_m`` of a border
    that is a river.
    """

    share: float
    inland_km: float
    length_km: float
    turn_deg: float
    bih: int
    hrv: int
    bank_m: float = 0.0


def add_chain(scene: Scene, cluster: Cluster) -> None:
    """Add the hazards of one cluster."""
    rng, ground = scene.rng, scene.ground
    at = ground.at(cluster.share)
    inland = ground.inland(at, "BIH")
    centre = ground.point(at) + 1000 * cluster.inland_km * np.array([math.cos(inland), math.sin(inland)])
    heading = ground.heading(at) + math.radians(cluster.turn_deg)
    way = former_line(rng, centre, heading, 1000 * cluster.length_km)
    for code, count in (("BIH", cluster.bih), ("HRV", cluster.hrv)):
        added = sum(_add_one(scene, code, way, cluster.bank_m) for _ in range(count))
        if added < 0.8 * count:
            raise RuntimeError(f"{cluster}: {added} of {count} of {code} found a place. Move it or change the seed.")


def _add_one(scene: Scene, code: str, way: Any, bank_m: float) -> bool:
    rng = scene.rng
    surveyed = bool(rng.random() < 0.35)
    area = scene.area(56_000 if not surveyed else 30_000)
    for _ in range(_TRIES):
        # Most stand close to the former line; a few were laid well off it.
        aside = rng.normal(0, 120 if rng.random() < 0.75 else 1000)
        shape = hazard_outline(rng, way, rng.uniform(0, way.length), aside, area, surveyed=surveyed)
        if not usable(shape) or not scene.is_free(shape, code):
            continue
        share = scene.ground.share_in(shape, code)
        if bank_m and shapely.distance(shape, scene.ground.line) < bank_m:
            continue
        # A register is about its own country; now and then a record reaches over the line.
        if share < 0.55 or (share < 0.999 and rng.random() > 0.3):
            continue
        if not scene.is_free(shape, scene.ground.other(code)) and rng.random() > 0.15:
            continue
        classification = "CHA" if surveyed and rng.random() < 0.4 else "SHA"
        scene.add(Draft(code, shape, classification, "chain", surveyed=surveyed))
        return True
    return False


def add_confirmed_inside(scene: Scene, hosts: dict[str, int]) -> None:
    """Put one to three confirmed areas inside as many suspected areas of the same register as asked."""
    rng = scene.rng
    for code, wanted in hosts.items():
        fit = [d for d in scene.of(code) if d.classification == "SHA" and d.role == "chain" and d.shape.area > 40_000]
        for k in sorted(rng.choice(len(fit), min(wanted, len(fit)), replace=False)):
            for _ in range(int(rng.choice([1, 1, 2, 3]))):
                _add_inside(scene, fit[k])


def _add_inside(scene: Scene, host: Draft) -> None:
    rng = scene.rng
    room = shapely.buffer(host.shape, -6)
    for attempt in range(_TRIES):
        area = host.shape.area * rng.uniform(0.05, 0.28) * (1 - attempt / (2 * _TRIES))
        corners = vertex_count(rng, area, surveyed=True)
        west, south, east, north = room.bounds
        centre = np.array([rng.uniform(west, east), rng.uniform(south, north)])
        shape = sized(patch(rng, centre, _lie(host.shape), rng.uniform(1.2, 3), corners), area)
        apart = all(shapely.distance(shape, other.shape) > 8 for other in host.inside)
        if usable(shape) and apart and shapely.contains_properly(room, shape):
            inside = Draft(host.code, shape, "CHA", "inside", surveyed=True)
            host.inside.append(inside)
            scene.add(inside)
            return


def _lie(shape: Any) -> float:
    """Direction of the long side of a shape [rad]."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    sides = np.diff(corners[:3], axis=0)
    long = sides[np.argmax(np.hypot(*sides.T))]
    return math.atan2(long[1], long[0])


def add_parts_and_holes(scene: Scene, parts: dict[str, int], holes: dict[str, int]) -> None:
    """Make some records of two parts, and leave a known farmyard out of some."""
    for code in parts:
        plain = [d for d in scene.of(code) if d.role == "chain" and not d.inside and d.shape.area > 15_000]
        order = [plain[k] for k in scene.rng.permutation(len(plain))]
        _until(parts[code], order, scene, _add_part)
        _until(holes[code], [d for d in order if d.shape.geom_type == "Polygon"], scene, _cut_hole)


def _until(wanted: int, drafts: list[Draft], scene: Scene, act: Callable[[Scene, Draft], bool]) -> None:
    done = 0
    for draft in drafts:
        if done == wanted:
            return
        done += act(scene, draft)


def _add_part(scene: Scene, draft: Draft) -> bool:
    rng, shape = scene.rng, draft.shape
    lie = _lie(shape)
    reach = math.sqrt(shape.minimum_rotated_rectangle.area) * rng.uniform(0.9, 1.4)
    centre = np.array(shape.centroid.coords[0]) + reach * np.array([math.cos(lie), math.sin(lie)])
    area = shape.area * rng.uniform(0.15, 0.6)
    part = sized(patch(rng, centre, lie, rng.uniform(1.2, 2.5), vertex_count(rng, area, surveyed=True)), area)
    if not usable(part) or not 15 < shapely.distance(part, shape) < 200 or scene.ground.share_in(part, draft.code) < 1:
        return False
    if any(other is not draft and shapely.dwithin(other.shape, part, 12) for other in scene.drafts):
        return False
    draft.shape = shapely.MultiPolygon([shape, part])
    return True


def _cut_hole(scene: Scene, draft: Draft) -> bool:
    rng, room = scene.rng, shapely.buffer(draft.shape, -10)
    area = draft.shape.area * rng.uniform(0.04, 0.1)
    hole = sized(patch(rng, np.array(draft.shape.centroid.coords[0]), _lie(draft.shape), 1.5, 7), area)
    if not usable(hole) or not shapely.contains_properly(room, hole):
        return False
    draft.shape = shapely.Polygon(draft.shape.exterior, [hole.exterior])
    return True
