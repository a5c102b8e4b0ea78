"""What follows from the defects for the releases, whose hazards were lost, renamed or laid open: from the shapes, by GEOS.

The same ground is looked at in the plane of the sample data, not by hazardgeo: the test compares the two.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd
import shapely

from .dirty_cells import LINKS
from .dirty_records import FOLLOWS, HAZARDS_TOO, Done, Record, Twin

_SD_M, _COVERED, _NORMAL_95 = 10.0, 0.95, 1.96
_SURE = 0.02  # no verdict of the sample may hang on a number closer than this to its threshold
_NARROW = 4e-4  # a circle is found to a millimetre, and a plane's scale is known


def follow(twin: Twin, hazards: Twin) -> None:
    """Enter what the releases of a file give rise to besides, against the hazards of their register.

    Parameters
    ----------
    twin : Twin
        The file with the releases.
    hazards : Twin
        The file with the hazards; the same one, or another.
    """
    needs = "" if hazards is twin else HAZARDS_TOO
    told = {(id(done.record), done.rule) for done in twin.done}
    whats = {id(done.record): done.what for done in twin.done if done.what in LINKS}
    for record, rule in _found(twin, hazards):
        if (id(record), rule) not in told:
            twin.done.append(Done(record, whats.get(id(record), FOLLOWS), rule, needs))
            told.add((id(record), rule))


def _found(twin: Twin, hazards: Twin) -> Iterator[tuple[Record, str]]:
    ground = [one for one in hazards.records if one.is_hazard and not one.lost]
    releases = [one for one in twin.records if not one.is_hazard and not one.lost]
    known = {one.name: one for one in ground}
    for release in releases:
        own = known.get(release.cells["hazard_id"])
        if own is None and release.cells["hazard_id"].strip():
            yield release, "release-hazard-missing"
        if own is not None and own.shape is not None:
            yield from _with_own(release, own)
        if any(_lies_on(release, other, own) for other in ground if other is not own and other.is_open):
            yield release, "release-over-open-hazard"
    for hazard in ground:
        mine = [one for one in releases if one.cells["hazard_id"] == hazard.name]
        if hazard.is_open and hazard.shape is not None and mine and _is_covered(hazard, mine):
            yield mine[-1], "release-covers-open-hazard"


def _with_own(release: Record, own: Record) -> Iterator[tuple[Record, str]]:
    gap = shapely.distance(release.shape, own.shape)
    if gap > 0 and _is_beyond(gap, _explained(release, own)):
        yield release, "release-apart"
    told, done = own.value("date_of_information"), release.value("completed_on")
    if own.is_open and told is not None and done is not None and pd.Timestamp(done) < pd.Timestamp(told):
        yield release, "release-before-hazard"


def _explained(release: Record, hazard: Record) -> float:
    """Distance that the accuracy of both outlines explains [m]."""
    return _NORMAL_95 * math.hypot(_sd(release), _sd(hazard))


def _sd(record: Record) -> float:
    stated = record.value("vertex_sd_m")
    return _SD_M if stated is None else float(stated)


def _lies_on(release: Record, hazard: Record, own: Record | None) -> bool:
    if hazard.shape is None or not shapely.intersects(release.shape, hazard.shape):
        return False
    common: Any = shapely.intersection(release.shape, hazard.shape)
    if own is not None and own.shape is not None:
        common = shapely.difference(common, own.shape)
    circles = [shapely.maximum_inscribed_circle(part, 0.001) for part in shapely.get_parts(common) if part.area > 0]
    widest = 2 * max(map(shapely.length, circles), default=0.0)
    return _is_beyond(widest, _explained(release, hazard), _NARROW)


def _is_covered(hazard: Record, releases: list[Record]) -> bool:
    covered = shapely.intersection(shapely.union_all([one.shape for one in releases]), hazard.shape)
    share = covered.area / hazard.shape.area
    if abs(share - _COVERED) < 0.005:
        raise RuntimeError(f"{hazard.name}: {share:.3f} of it are released, too close to {_COVERED}. Change the seed.")
    return bool(share > _COVERED)


def _is_beyond(value: float, threshold: float, sure: float = _SURE) -> bool:
    if abs(value / threshold - 1) < sure:
        raise RuntimeError(f"{value:.1f} m are too close to the threshold of {threshold:.1f} m. Change the seed.")
    return value > threshold
