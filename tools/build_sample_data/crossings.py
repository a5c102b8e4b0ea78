"""Hazards that the line matters to: belts across it, outlines that stop dead at it, ground in both registers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from .drafts import Draft, Scene
from .outlines import belt, former_line, patch, redrawn, sized, usable, vertex_count

Span = tuple[float, float]  # shares of the way along the line
_TRIES = 400


class NoPlaceError(RuntimeError):
    """Nothing of the kind fits there."""


def _first(draw: Callable[[], Any | None], what: str) -> Any:
    for _ in range(_TRIES):
        if (found := draw()) is not None:
            return found
    raise NoPlaceError(f"No place for {what} in {_TRIES} tries: choose another stretch of the line or another seed.")


def add_belt(scene: Scene, code: str, share: float, reach_m: float, width_m: float) -> None:
    """Add a belt along a former line that runs across the border, reaching `reach_m` into both countries."""
    rng, ground = scene.rng, scene.ground

    def draw() -> Draft | None:
        at = ground.at(share) + rng.uniform(-1500, 1500)
        heading = ground.inland(at, code) + rng.normal(0, 0.25)
        way = former_line(rng, ground.point(at), heading, 2 * reach_m * rng.uniform(1.1, 1.5))
        corners = int(rng.integers(34, 41)) if reach_m > 2000 else int(rng.integers(14, 30))
        shape = belt(rng, way, width_m * rng.uniform(0.8, 1.2), corners)
        if not usable(shape, neck=0.015) or min(ground.depth(shape, side) for side in ground.sides) < reach_m:
            return None
        role = "long belt" if reach_m > 2000 else "belt"
        return Draft(code, shape, "SHA", role) if scene.is_free(shape, code) else None

    scene.add(_first(draw, f"a belt of {reach_m:.0f} m at {share}"))


def _at_line(scene: Scene, span: Span, area_m2: float, code: str, inland_m: float) -> Any:
    """Draw an outline along the line, its middle `inland_m` into a country."""
    rng, ground = scene.rng, scene.ground
    at = ground.at(rng.uniform(*span))
    inland = ground.inland(at, code)
    centre = ground.point(at) + inland_m * np.array([math.cos(inland), math.sin(inland)])
    heading = ground.heading(at) + rng.normal(0, 0.4)
    stretch, corners = rng.uniform(1.4, 3.5), vertex_count(rng, area_m2, surveyed=False)
    if stretch < 2.2:
        return sized(patch(rng, centre, heading, stretch, corners), area_m2)
    length = math.sqrt(area_m2 * stretch)
    return sized(belt(rng, former_line(rng, centre, heading, length + 300), area_m2 / length, corners), area_m2)


def add_stop_dead(scene: Scene, code: str, span: Span, *, continued: bool) -> None:
    """Add an outline that was cut along the line, and, if `continued`, the neighbour's record of the rest."""
    rng, ground = scene.rng, scene.ground

    def draw() -> tuple[Draft, ...] | None:
        area = scene.area(120_000, 0.6)
        whole = _at_line(scene, span, area, code, rng.uniform(0.05, 0.3) * math.sqrt(area))
        if not usable(whole):
            return None
        halves = {side: shapely.intersection(whole, ground.sides[side]) for side in ground.sides}
        mine, rest = halves[code], halves[ground.other(code)]
        if not usable(mine, 0.02) or not 0.5 < mine.area / whole.area < 0.9:
            return None
        along = shapely.length(shapely.intersection(shapely.boundary(mine), shapely.buffer(ground.line, 0.05)))
        if along < 200 or not scene.is_free(mine, code) or not scene.is_free(whole, ground.other(code)):
            return None
        first = Draft(code, mine, "SHA", "met at the line" if continued else "stops dead")
        if not continued:
            return (first,)
        if not usable(rest, 0.02):
            return None
        first.partner = Draft(ground.other(code), rest, "SHA", "met at the line", partner=first)
        return first, first.partner

    scene.add(*_first(draw, f"an outline that stops dead in {span}"))


def add_twice(scene: Scene, span: Span, *, cleared_by: str = "") -> None:
    """Add ground that both registers report: one outline, drawn twice."""
    rng, (one, other) = scene.rng, scene.ground.sides
    classification = "CHA" if rng.random() < 0.3 else "SHA"

    def draw() -> tuple[Draft, Draft] | None:
        shape = _at_line(scene, span, scene.area(70_000, 0.8), one, rng.normal(0, 250))
        sds = float(rng.uniform(1, 4)), float(rng.uniform(4, 11))
        ours, theirs = redrawn(rng, shape, sds[0], 1.0), redrawn(rng, shape, sds[1], 4.0)
        if not (usable(shape, 12) and usable(ours) and usable(theirs)):
            return None
        if not (scene.is_free(ours, *scene.ground.sides) and scene.is_free(theirs, *scene.ground.sides)):
            return None
        first = Draft(one, ours, classification, "twice", sd_m=2.0 if sds[0] < 2.5 else 5.0)
        first.partner = Draft(other, theirs, classification, "twice", sd_m=5.0 if sds[1] < 6 else 10.0, partner=first)
        return first, first.partner

    pair = _first(draw, f"ground in both registers in {span}")
    for draft in pair if cleared_by else ():
        draft.work_status = "closed" if draft.code == cleared_by else "open"
    scene.add(*pair)


def add_partly_twice(scene: Scene, span: Span) -> None:
    """Add two records, one of each register, that overlap in part."""
    rng, (one, other) = scene.rng, scene.ground.sides

    def draw() -> tuple[Draft, Draft] | None:
        ours = _at_line(scene, span, scene.area(90_000, 0.6), one, rng.uniform(-50, 350))
        theirs = _at_line(scene, span, scene.area(90_000, 0.6), other, 0.0)
        aside = np.array(ours.centroid.coords[0]) - np.array(theirs.centroid.coords[0])
        reach = 0.5 * (math.sqrt(ours.area) + math.sqrt(theirs.area))
        turn = rng.uniform(0, 2 * math.pi)
        theirs = affinity.translate(theirs, *(aside + 0.6 * reach * np.array([math.cos(turn), math.sin(turn)])))
        if not (usable(ours) and usable(theirs) and scene.ground.share_in(theirs, other) > 0.4):
            return None
        common = shapely.area(shapely.intersection(ours, theirs)) / min(ours.area, theirs.area)
        if not 0.15 < common < 0.6 or not all(scene.is_free(shape, *scene.ground.sides) for shape in (ours, theirs)):
            return None
        first = Draft(one, ours, "SHA", "partly twice")
        first.partner = Draft(other, theirs, "SHA", "partly twice", partner=first)
        return first, first.partner

    scene.add(*_first(draw, f"records that overlap in part in {span}"))


def add_confirmed_in_suspected(scene: Scene, code: str, span: Span, *, cleared: bool = False) -> None:
    """Add a suspected area of one register with a confirmed area of the other's inside it."""
    rng = scene.rng

    def draw() -> tuple[Draft, Draft] | None:
        host = _at_line(scene, span, scene.area(250_000, 0.4), code, rng.uniform(-100, 200))
        if not usable(host) or not scene.is_free(host, *scene.ground.sides):
            return None
        small = _at_line(scene, span, float(rng.uniform(0.05, 0.2)) * host.area, code, 0.0)
        small = affinity.translate(small, *(np.array(host.centroid.coords[0]) - np.array(small.centroid.coords[0])))
        if not usable(small) or not shapely.contains_properly(host, small):
            return None
        inside = Draft(scene.ground.other(code), small, "CHA", "confirmed in the other's suspected", surveyed=True)
        inside.partner = Draft(code, host, "SHA", "suspected around the other's confirmed", partner=inside)
        return inside, inside.partner

    inside, host = _first(draw, f"a confirmed area in the other's suspected one in {span}")
    host.work_status = "open"
    inside.work_status = "closed" if cleared else "open"
    scene.add(inside, host)


def add_inland(scene: Scene, code: str, span: Span, inland_m: float) -> None:
    """Add a record of one register well within its own country."""

    def draw() -> Draft | None:
        shape = _at_line(scene, span, scene.area(70_000, 0.8), code, inland_m)
        if not usable(shape) or scene.ground.share_in(shape, code) < 1 or not scene.is_free(shape, code):
            return None
        return Draft(code, shape, "CHA" if scene.rng.random() < 0.3 else "SHA", "inland")

    scene.add(_first(draw, f"a record {inland_m:.0f} m inland in {span}"))
