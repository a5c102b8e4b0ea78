"""The records of an account: those of a register with dates, or of its states on two days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.accounting._ledger import Why
from hazardgeo.accounting._products import ALWAYS, NEVER, days_of, numbers_of
from hazardgeo.measure import geodesic_area_m2, wgs84_polygons
from hazardgeo.overlay import CLASSES
from hazardgeo.schema import UNSTATED, texts_of, words_of
from hazardgeo.vocabulary import CLASSIFICATION, CLOSED_STATUSES, EXCLUSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

IN_ACCOUNT = 0
"""The bucket of what is not excluded; the others stand in the order of `EXCLUSION`."""


@dataclass(frozen=True)
class Records:
    """What holds ground open in an account: a hazard, or one of two versions of it, from one day to another."""

    frame: gpd.GeoDataFrame
    identity: NDArray[np.intp]
    """The same for both versions of a hazard."""
    polygons: NDArray[Any]
    areas: NDArray[np.float64]
    declared: NDArray[np.float64]
    declared_end: NDArray[np.float64]
    """The figure at the end of the account."""
    rank: NDArray[np.intp]
    """Place of its class in `CLASSES`."""
    bucket: NDArray[np.intp]
    keeper: NDArray[np.object_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    entry: NDArray[np.intp]
    exit: NDArray[np.intp]
    closed: NDArray[np.bool_]
    closed_end: NDArray[np.bool_]
    dated: NDArray[np.bool_]
    again: NDArray[np.bool_]
    """A later version of a hazard: what was released from it before is not in it."""
    reopened: NDArray[np.bool_]
    """The version that stands since a hazard, once closed, was opened again: what was released before says nothing of it."""

    def __len__(self) -> int:
        """How many there are."""
        return len(self.frame)

    def by(self, names: Sequence[str]) -> Any:
        """What they are grouped by; *unstated* where a record does not say."""
        keys = self.frame[list(names)].astype(object)
        if CLASSIFICATION.name in names:
            keys = keys.assign(classification=words_of(self.frame, CLASSIFICATION))
        return keys.where(keys.notna(), UNSTATED).reset_index(drop=True)


def dated_records(hazards: gpd.GeoDataFrame) -> Records:
    """Records of a register that says by ``date_of_information`` since when each stands there; undated ones always did."""
    told = days_of(hazards, "date_of_information")
    dated = ~np.isnat(told)
    start = np.where(dated, told.astype(np.int64), ALWAYS)
    return _records(hazards, np.arange(len(hazards)), start, dated=dated)


def records_of_states(
    opening: gpd.GeoDataFrame, closing: gpd.GeoDataFrame, by: Sequence[str], since: int, until: int
) -> Records:
    """Records of a register's states before and at the end of a period.

    What did not change is one record. What changed is two, the earlier of which stands to the end of the period: until then
    it holds what the later one leaves open, and what a release takes from both is taken once. What was opened again is two
    as well: what the earlier one no longer holds is new on the day of the information by which the later one was opened.
    """
    import pandas as pd

    closing = _drawn_as_before(opening, closing)
    own, known = same_hazards(opening, closing)
    partner = np.full(len(closing), -1, dtype=np.intp)
    partner[known] = own
    reopened = np.zeros(len(closing), dtype=bool)
    reopened[known] = _closed(opening)[own] & ~_closed(closing)[known]
    same = np.zeros(len(closing), dtype=bool)
    same[known] = _unchanged(opening.iloc[own], closing.iloc[known], by) & ~reopened[known]
    later = np.flatnonzero(~same)
    frame = pd.concat([opening, closing.iloc[later].to_crs(opening.crs)])
    fresh = partner[later] < 0
    identity = np.concatenate(
        [np.arange(len(opening)), np.where(fresh, len(opening) + np.arange(len(later)), partner[later])]
    )
    stood = days_of(opening, "date_of_information")
    stood = np.where(np.isnat(stood), ALWAYS, np.minimum(stood.astype(np.int64), since - 1))
    told = days_of(closing, "date_of_information")[later]
    came = np.where(np.isnat(told), since, np.clip(told.astype(np.int64), since, until))
    back = reopened[later]
    start = np.concatenate([stood, np.where(fresh | back, came, since)])
    records = _records(frame, identity, start, dated=np.ones(len(frame), dtype=bool))
    stays = known[same[known]]
    declared_end = numbers_of(closing, "declared_area_m2")[stays]
    # A figure that is no longer declared is not 0: the earlier one stands.
    told_end = ~np.isnan(declared_end)
    records.declared_end[partner[stays][told_end]] = declared_end[told_end]
    records.closed_end[partner[stays]] = _closed(closing)[stays]
    standing = np.isin(np.arange(len(opening)), partner[same])
    records.end[: len(opening)][~standing] = until
    gone = ~np.isin(np.arange(len(opening)), partner)
    records.exit[: len(opening)] = np.where(gone, Why.LOST, Why.DECREASE)
    records.entry[len(opening) :] = np.where(fresh | back, Why.NEW, Why.INCREASE)
    records.again[len(opening) :] = ~fresh & ~back
    records.reopened[len(opening) :] = back
    _between_buckets(records, len(opening))
    return records


def _closed(frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    return np.isin(texts_of(frame, "work_status"), CLOSED_STATUSES)


def _drawn_as_before(opening: gpd.GeoDataFrame, closing: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The later state, with the earlier outline of each hazard that has lost its own: ground does not go with a drawing."""
    own, known = lost_outlines(opening, closing)
    shapes = np.array(closing.geometry.array, dtype=object)
    shapes[known] = np.asarray(opening.geometry.iloc[own].to_crs(closing.crs).array, dtype=object)
    return closing.set_geometry(shapes, crs=closing.crs)


def lost_outlines(opening: gpd.GeoDataFrame, closing: gpd.GeoDataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions in both states of the hazards that have an outline in the earlier one and none in the later."""
    own, known = same_hazards(opening, closing)
    bare = [np.asarray(f.geometry.isna() | f.geometry.is_empty) for f in (opening, closing)]
    lost = ~bare[0][own] & bare[1][known]
    return own[lost], known[lost]


def first_versions(records: Records) -> NDArray[np.intp]:
    """Position of the first version of each hazard."""
    return np.unique(records.identity, return_index=True)[1]


def last_versions(records: Records) -> NDArray[np.intp]:
    """Position of the last version of each hazard, in the same order."""
    return len(records) - 1 - np.unique(records.identity[::-1], return_index=True)[1]


def whole_outlines(records: Records) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Outline of each hazard, of two versions all the ground of either, and its area [m²]."""
    first, last = first_versions(records), last_versions(records)
    whole, areas = records.polygons[first], records.areas[first]
    two = first != last
    whole[two] = shapely.union(whole[two], records.polygons[last[two]])
    areas[two] = geodesic_area_m2(whole[two])
    return whole, areas


def same_hazards(opening: gpd.GeoDataFrame, closing: gpd.GeoDataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions in both states of the hazards that stand in both, by register and id, in the order of the later one."""
    where = {key: at for at, key in enumerate(_keys(opening))}
    partner = np.array([where.get(key, -1) for key in _keys(closing)], dtype=np.intp)
    known = np.flatnonzero(partner >= 0)
    return partner[known], known


def _between_buckets(records: Records, count: int) -> None:
    """What a hazard takes along into an exclusion, or out of one, is a reappraisal: the ground is as large as before."""
    bucket_before = {int(records.identity[at]): int(records.bucket[at]) for at in range(count)}
    for at in range(count, len(records)):
        other = int(records.identity[at])
        if bucket_before.get(other, int(records.bucket[at])) != records.bucket[at]:
            records.entry[at] = records.exit[other] = Why.REAPPRAISED


def _records(
    frame: gpd.GeoDataFrame, identity: NDArray[np.intp], start: NDArray[np.int64], *, dated: NDArray[np.bool_]
) -> Records:
    polygons = wgs84_polygons(frame)
    words = texts_of(frame, EXCLUSION.name)
    bucket = np.array(
        [EXCLUSION.words.index(word) + 1 if word in EXCLUSION.words else IN_ACCOUNT for word in words], dtype=np.intp
    )
    return Records(
        frame,
        identity,
        polygons,
        geodesic_area_m2(polygons),
        numbers_of(frame, "declared_area_m2"),
        numbers_of(frame, "declared_area_m2"),
        np.array([CLASSES.index(word) for word in words_of(frame, CLASSIFICATION)], dtype=np.intp),
        bucket,
        texts_of(frame, "register"),
        start,
        np.full(len(frame), NEVER),
        np.full(len(frame), Why.NEW, dtype=np.intp),
        np.full(len(frame), Why.LOST, dtype=np.intp),
        _closed(frame),
        _closed(frame),
        dated,
        np.zeros(len(frame), dtype=bool),
        np.zeros(len(frame), dtype=bool),
    )


def _keys(frame: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    return list(zip(texts_of(frame, "register"), frame.index.astype(str), strict=True))


def _unchanged(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, by: Sequence[str]) -> NDArray[np.bool_]:
    """Whether hazards hold the same ground under the same class, bucket and group."""
    same = same_outlines(before, after)
    for name in {CLASSIFICATION.name, EXCLUSION.name, *by}:
        a, b = (_told(frame, name) for frame in (before, after))
        same &= np.array([one == other for one, other in zip(a, b, strict=True)], dtype=bool)
    return same


def _told(frame: gpd.GeoDataFrame, name: str) -> list[object]:
    return (
        frame[name].astype(object).where(frame[name].notna(), None).tolist()
        if name in frame.columns
        else [None] * len(frame)
    )


def same_outlines(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Whether outlines are the same, whatever the first corner and the direction; one that is lost later stands as it was."""
    a, b = (np.asarray(frame.geometry.array, dtype=object) for frame in (before, after.to_crs(before.crs)))
    return np.asarray(shapely.is_missing(b) | shapely.equals_exact(shapely.normalize(a), shapely.normalize(b)))
