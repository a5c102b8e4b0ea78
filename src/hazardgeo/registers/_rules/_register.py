"""Rules that compare the outlines of one register's records: repeated, nearly repeated, moved, overlapping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import compass_point
from hazardgeo.crs._signatures import explain_shift
from hazardgeo.errors import named
from hazardgeo.measure import grouped
from hazardgeo.overlay import pairs_that_touch, sliver_m
from hazardgeo.registers._rules._catalogue import NOTE, SERIOUS, Hit, Seen, rule
from hazardgeo.registers._rules._rings import Rings, width_m
from hazardgeo.registers._rules._twins import Twin, centres, is_whole, twins
from hazardgeo.sources import Grade, Source
from hazardgeo.vocabulary import CLOSED_STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

_OURS = Source("hazardgeo design choice", Grade.ASSUMED)


def first_of_outline(seen: Seen) -> NDArray[np.intp]:
    """For each record the first one with its very outline, whatever the first corner and the direction; else itself."""
    first = np.arange(len(seen.lonlat))
    keys = np.column_stack([shapely.bounds(seen.lonlat), shapely.get_num_coordinates(seen.lonlat)])
    _, group, count = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    group = group.ravel()
    alike = np.flatnonzero((count[group] > 1) & (seen.rings.perimeter_m > 0))
    known: dict[bytes, int] = {}
    for at, outline in zip(alike.tolist(), shapely.to_wkb(shapely.normalize(seen.lonlat[alike])), strict=True):
        first[at] = known.setdefault(outline, at)
    return first


@rule(
    "outline-repeated",
    SERIOUS,
    "register",
    "One area stands in the register twice: it counts twice, and closing one record leaves the other.",
    Source(
        "hazardgeo design choice; within one record: GICHD geocheck, view geocheck_duplicate_polygons", Grade.ASSUMED
    ),
)
def outline_repeated(seen: Seen) -> Iterator[Hit]:
    """Its outline is that of an earlier record, corner by corner, whatever the first corner and the direction."""
    first = seen.once(first_of_outline)
    for at in np.flatnonzero(first != np.arange(len(first))):
        words = f"Its outline is that of {seen.ids[first[at]]!r}, corner by corner."
        yield Hit(int(at), words, "Keep one of the two; if both are meant, give each its own outline.")


@dataclass(frozen=True)
class _Overlaps:
    """Pairs with common ground, the earlier record first; area, both shares and width of the common ground."""

    first: NDArray[np.intp]
    later: NDArray[np.intp]
    area_m2: NDArray[np.float64]
    share_first: NDArray[np.float64]
    share_later: NDArray[np.float64]
    width_m: NDArray[np.float64]


def _overlaps(seen: Seen) -> _Overlaps:
    first, later = np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    use = np.flatnonzero(is_whole(seen))
    if len(use):
        a, b = pairs_that_touch(seen.lonlat[use], seen.lonlat[use])
        first, later = use[a[a < b]], use[b[a < b]]
    registers, outline = seen.words("register"), seen.once(first_of_outline)
    keep = (registers[first] == registers[later]) & (outline[first] != outline[later])
    first, later = first[keep], later[keep]
    ground, width = _common(seen, first, later)
    area, some = seen.rings.area_m2, ground > 0
    first, later, ground = first[some], later[some], ground[some]
    share_first, share_later = (np.asarray(ground / np.maximum(area[k], 1e-9), dtype=float) for k in (first, later))
    return _Overlaps(first, later, ground, share_first, share_later, width[some])


def _common(
    seen: Seen, first: NDArray[np.intp], later: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Area [m²] and width [m] of the ground that each pair has in common."""
    area, width = np.zeros(len(first)), np.zeros(len(first))
    for now in seen.batches("overlaps", first, later):
        common = shapely.intersection(seen.lonlat[first[now]], seen.lonlat[later[now]])
        rings = Rings(np.asarray(common, dtype=object))
        area[now], width[now] = rings.area_m2, width_m(rings)
    return area, width


def _near_duplicates(seen: Seen) -> dict[tuple[int, int], float]:
    """Pairs of records and the share of their joint ground that they have in common, where that is most of it."""
    over = seen.once(_overlaps)
    joint = seen.rings.area_m2[over.first] + seen.rings.area_m2[over.later] - over.area_m2
    share = over.area_m2 / np.maximum(joint, 1e-9)
    moved = {(twin.first, twin.later) for twin in seen.once(twins)}
    alike = np.flatnonzero(share >= seen.thresholds.near_duplicate_share)
    pairs = {(int(over.first[k]), int(over.later[k])): float(share[k]) for k in alike}
    return {pair: value for pair, value in pairs.items() if pair not in moved}


@rule(
    "outline-nearly-repeated",
    SERIOUS,
    "register",
    "One area was probably recorded twice, by two teams or after a new survey: it counts twice.",
    Source("hazardgeo design choice (intersection over union)", Grade.ASSUMED),
)
def outline_nearly_repeated(seen: Seen) -> Iterator[Hit]:
    """Its ground is that of an earlier record to 90 % (thresholds.near_duplicate_share)."""
    best: dict[int, tuple[float, int]] = {}
    for (first, later), share in seen.once(_near_duplicates).items():
        best[later] = max(best.get(later, (0.0, first)), (share, first))
    for later, (share, first) in sorted(best.items()):
        words = f"Of the ground of it and {seen.ids[first]!r} together, {share:.0%} are common."
        yield Hit(later, words, "Find out whether they are one area; if so, keep the record that is valid.")


@rule(
    "outline-moved",
    SERIOUS,
    "register",
    "Probably one area, once with its coordinates in another datum: one of the two places is wrong.",
    Source(
        "EPSG register (v11.022) with PROJ 9.5.1, computed: read as WGS 84, MGI 1901 puts a place at 19.0° E 44.9° N "
        "413 m off, Indian 1975 one at 102.6° E 14.4° N 424 or 610 m",
        Grade.READ,
    ),
)
def outline_moved(seen: Seen) -> Iterator[Hit]:
    """Its outline is that of an earlier record, moved as a whole by 30 m to 2 km (thresholds.twin_…)."""
    told: set[int] = set()
    for twin in seen.once(twins):
        if twin.later not in told:
            told.add(twin.later)
            yield Hit(twin.later, _moved(seen, twin), "Find the CRS that each was recorded in; keep the right one.")


def _moved(seen: Seen, twin: Twin) -> str:
    to = compass_point(twin.azimuth_deg)
    words = f"Its outline is that of {seen.ids[twin.first]!r}, moved by {twin.shift_m:.0f} m to the {to}."
    return f"{words}{_explained(seen, twin)}"


def _explained(seen: Seen, twin: Twin) -> str:
    """What a known shift between datums says of a pair; empty text where none fits."""
    if len(seen.rows):
        seen.watch.tell("outline-moved", [seen.rows[twin.later]])  # each place costs a look into the register of datums
    lon, lat = seen.once(centres)[twin.later]
    found = explain_shift((lon, lat), twin.shift_m, twin.azimuth_deg, seen.thresholds.twin_shape_m)
    if not found:
        return ""
    best, *others = found
    told = best.told(repr(str(seen.ids[twin.first])), "this record")
    also = f"; others fit too: {', '.join(one.crs for one in others)}" if others else ""
    return f" So far apart lie {told}; it fits to {best.off_m(twin.shift_m, twin.azimuth_deg):.1f} m{also}."


@rule(
    "outline-overlaps",
    NOTE,
    "register",
    "The common ground counts twice wherever the areas of records are added.",
    Source("hazardgeo design choice; slivers as in docs/explanation/borders.md", Grade.ASSUMED),
)
def outline_overlaps(seen: Seen) -> Iterator[Hit]:
    """It shares ground with an earlier record of its register, more than the accuracy of both outlines explains."""
    over, sd = seen.once(_overlaps), seen.vertex_sd_m
    wide = over.width_m >= sliver_m(sd[over.first], sd[over.later])
    count_twice = wide & _both_count(seen, over)
    duplicates = seen.once(_near_duplicates)
    pairs = [k for k in np.flatnonzero(count_twice) if (over.first[k], over.later[k]) not in duplicates]
    for later, ks in _grouped(pairs, over.later):
        others = named(seen.ids[over.first[ks]])
        words = f"It shares {grouped(over.area_m2[ks].sum())} m² with {others}."
        yield Hit(later, words, "Check which record the ground belongs to.")


def _both_count(seen: Seen, over: _Overlaps) -> NDArray[np.bool_]:
    """Whether a pair's common ground counts twice: both are open, and it is no confirmed area within a suspected one."""
    status, kind = seen.words("work_status"), seen.words("classification")
    is_open = ~np.isin(status, CLOSED_STATUSES)
    inside = seen.thresholds.cover_share
    nested = ((kind[over.first] == "CHA") & (kind[over.later] != "CHA") & (over.share_first >= inside)) | (
        (kind[over.first] != "CHA") & (kind[over.later] == "CHA") & (over.share_later >= inside)
    )
    return np.asarray(is_open[over.first] & is_open[over.later] & ~nested)


def _grouped(pairs: Iterable[Any], by: NDArray[np.intp]) -> Iterator[tuple[int, list[int]]]:
    """Group positions of pairs by the record that `by` gives for each."""
    groups: dict[int, list[int]] = {}
    for k in pairs:
        groups.setdefault(int(by[k]), []).append(int(k))
    yield from sorted(groups.items())
