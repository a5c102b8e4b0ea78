"""Entries by geometry: each square metre of a register is held once, by the confirmed record before the suspected one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.accounting._ledger import NOWHERE, Ledger, Why
from hazardgeo.accounting._products import NEVER
from hazardgeo.overlay import CLASSES, groups_of_links, pairs_that_touch, plane_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hazardgeo.accounting._cuts import Cuts
    from hazardgeo.accounting._products import Products
    from hazardgeo.accounting._records import Records

_CHA, _SHA = CLASSES.index("CHA"), CLASSES.index("SHA")
_SHARE = 1e-9  # of the smaller area; records that have less in common are side by side


class Taken(NamedTuple):
    """Each product with each record that it releases ground from, in the order in which they do."""

    product: NDArray[np.intp]
    record: NDArray[np.intp]

    def of(self, records: NDArray[np.bool_]) -> Taken:
        """Those of some records."""
        keep = records[self.record]
        return Taken(self.product[keep], self.record[keep])


def ground_ledger(records: Records, released: Products, taken: Taken, cut: Cuts) -> Ledger:
    """Enter when ground came into the account and left it, by geometry.

    Parameters
    ----------
    records : Records
    released : Products
    taken : Taken
    cut : Cuts
        What they take, pair by pair.

    Returns
    -------
    Ledger
    """
    groups = _overlapping(records)
    alone = ~shapely.is_missing(records.polygons)
    for group in groups:
        alone[group] = False
    by_group = [_of_group(records, released, taken, group) for group in groups]
    return Ledger.joined([*_of_each(records, released, taken, cut.first_m2, alone), *by_group])


def _of_each(
    records: Records, released: Products, taken: Taken, first_m2: NDArray[np.float64], mine: NDArray[np.bool_]
) -> Iterator[Ledger]:
    """Entries of records that share no ground with another."""
    first_m2, (product, record), alone = first_m2[mine[taken.record]], taken.of(mine), np.flatnonzero(mine)
    before = _before(records, released, product, record)
    held = records.areas - np.bincount(record[before], first_m2[before], len(records))
    yield Ledger.filled(records.entry[alone], records.start[alone], held[alone], target=alone)
    day = np.maximum(released.day[product], records.start[record])
    yield Ledger.filled(Why.RELEASED, day[~before], first_m2[~before], source=record[~before], release=product[~before])
    ending = alone[records.end[alone] < NEVER]
    left = records.areas - np.bincount(record, first_m2, len(records))
    yield Ledger.filled(records.exit[ending], records.end[ending], np.maximum(left[ending], 0.0), source=ending)


def _before(records: Records, released: Products, product: Any, record: Any) -> Any:
    """Whether a release is older than the later version of a hazard: its ground is not in that version at all."""
    return records.again[record] & (released.day[product] < records.start[record])


def _overlapping(records: Records) -> list[NDArray[np.intp]]:
    """Groups of records of one register and bucket that have ground in common."""
    there = np.flatnonzero(~shapely.is_missing(records.polygons))
    shapes = records.polygons[there]
    a, b = pairs_that_touch(shapes, shapes)
    keeper, bucket = records.keeper[there], records.bucket[there]
    keep = (a < b) & (keeper[a] == keeper[b]) & (bucket[a] == bucket[b])
    a, b = a[keep], b[keep]
    common = shapely.area(shapely.intersection(shapes[a], shapes[b]))
    keep = common > _SHARE * np.minimum(shapely.area(shapes[a]), shapely.area(shapes[b]))
    return [there[group] for group in groups_of_links(len(there), a[keep], b[keep]) if len(group) > 1]


def _of_group(records: Records, released: Products, taken: Taken, group: NDArray[np.intp]) -> Ledger:
    """Entries of records that share ground: cut into faces, each with its own history."""
    member = np.zeros(len(records), dtype=bool)
    member[group] = True
    mine = taken.of(member)
    touches = shapely.intersects(released.polygons[mine.product], records.polygons[mine.record])
    mine = Taken(mine.product[touches], mine.record[touches])
    plane = plane_of(records.polygons[group])
    flat, pieces = plane.project(records.polygons[group]), plane.project(released.polygons[mine.product])
    scale = math.fsum(records.areas[group]) / math.fsum(shapely.area(flat))
    lines = shapely.union_all(shapely.boundary(np.concatenate([flat, pieces])))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    tree = shapely.STRtree(shapely.point_on_surface(faces))
    holds, takes = (
        _lists(tree.query(flat, predicate="intersects"), len(faces)),
        _lists(tree.query(pieces, predicate="intersects"), len(faces)),
    )
    entries: list[tuple[Any, ...]] = []
    for area, held, took in zip(shapely.area(faces) * scale, holds, takes, strict=True):
        here = [int(group[at]) for at in held]
        pairs = [(at, int(mine.product[at]), int(mine.record[at])) for at in took if mine.record[at] in here]
        entries += [(day, area, *rest) for day, *rest in _history(records, released, here, pairs)]
    return Ledger.of(entries)


def _lists(found: NDArray[np.intp], count: int) -> list[list[int]]:
    lists: list[list[int]] = [[] for _ in range(count)]
    for at, face in zip(*found.tolist(), strict=True):
        lists[face].append(at)
    return [sorted(one) for one in lists]


def _history(
    records: Records, released: Products, here: list[int], pairs: list[tuple[int, int, int]]
) -> Iterator[tuple[int, int, int, int, int]]:
    """Day, from, to, by which release and why, of one face: who holds it open changes with records and releases."""
    turns: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for record in here:
        mine = [one for one in pairs if one[2] == record or _takes_along(records, released, one, record, here)]
        if any(_before(records, released, product, record) for _, product, _ in mine):
            continue  # released before this version of the hazard, it is not in it
        turns.setdefault((int(records.start[record]), 0, record), []).append((record, NOWHERE))
        if records.end[record] < NEVER:
            turns.setdefault((int(records.end[record]), 2, 0), []).append((record, NOWHERE))
        for order, product, own in mine:
            day = max(int(released.day[product]), int(records.start[own]))
            turns.setdefault((day, 1, order), []).append((record, product))
    holding: set[int] = set()
    holder = NOWHERE
    for (day, phase, _), records_now in sorted(turns.items()):
        changed = {record for record, _ in records_now}
        if phase == 0:
            holding |= changed
        else:
            holding -= changed
        now = min(holding, key=lambda at: (records.rank[at], records.start[at], at), default=NOWHERE)
        if now != holder:
            release = records_now[0][1] if now == NOWHERE else NOWHERE
            yield day, holder, now, release, _why(records, holder, now, release)
        holder = now


def _takes_along(
    records: Records, released: Products, pair: tuple[int, int, int], record: int, here: list[int]
) -> bool:
    """Whether a release from another record releases this one's ground too: a confirmed area took it out of the suspected one.

    Not where the suspected one was recorded, or grew to there, after the release: such ground has come under suspicion again.
    """
    _, product, own = pair
    if records.rank[own] != _CHA or records.rank[record] != _SHA:
        return False
    if records.reopened[record]:
        return bool(records.start[record] <= released.day[product])
    since = min(records.start[one] for one in here if records.identity[one] == records.identity[record])
    return bool(since <= released.day[product])


def _why(records: Records, before: int, now: int, release: int) -> int:
    if before == NOWHERE:
        return int(records.entry[now])
    if now != NOWHERE:
        return Why.MOVED
    return Why.RELEASED if release != NOWHERE else int(records.exit[before])
