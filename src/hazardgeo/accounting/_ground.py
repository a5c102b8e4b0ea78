"""Entries by geometry: each square metre of a register is held once, by the confirmed record before the suspected one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hazardgeo.accounting._faces import Pairs, Taken, faces_ledger, is_before
from hazardgeo.accounting._ledger import Ledger, Why
from hazardgeo.accounting._products import NEVER
from hazardgeo.overlay import groups_of_links, pairs_that_touch, plane_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hazardgeo.accounting._cuts import Cuts
    from hazardgeo.accounting._products import Products
    from hazardgeo.accounting._records import Records

_SHARE = 1e-9  # of the smaller area; records that have less in common are side by side


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
    before = is_before(records, released, product, record)
    held = records.areas - np.bincount(record[before], first_m2[before], len(records))
    yield Ledger.filled(records.entry[alone], records.start[alone], held[alone], target=alone)
    day = np.maximum(released.day[product], records.start[record])
    yield Ledger.filled(Why.RELEASED, day[~before], first_m2[~before], source=record[~before], release=product[~before])
    ending = alone[records.end[alone] < NEVER]
    left = records.areas - np.bincount(record, first_m2, len(records))
    yield Ledger.filled(records.exit[ending], records.end[ending], np.maximum(left[ending], 0.0), source=ending)


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
    holds, takes = (tree.query(ground, predicate="intersects") for ground in (flat, pieces))
    of_faces = Pairs.of(holds[1], group[holds[0]]), Pairs.of(takes[1], takes[0])
    return faces_ledger(records, released, mine, shapely.area(faces) * scale, *of_faces)
