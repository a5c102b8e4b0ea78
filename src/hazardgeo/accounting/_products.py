"""Land release products as the account takes them: whose each is, when it counts from, and why it counts for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.measure import wgs84_polygons
from hazardgeo.registers._rules._between import link_of
from hazardgeo.schema import texts_of
from hazardgeo.vocabulary import CLOSED_STATUSES, RELEASE_KIND

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

KINDS = RELEASE_KIND.words
"""In the order in which ground counts that products of one day share: cleared before reduced before cancelled."""
ALWAYS = np.iinfo(np.int64).min // 4
"""The day of what has no date: before every other."""
NEVER = np.iinfo(np.int64).max // 4
_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def days_of(frame: pd.DataFrame, name: str) -> NDArray[np.datetime64]:
    """Days of a column; not-a-time where a record has none, or none that can be read."""
    import pandas as pd

    if name not in frame.columns:
        return np.full(len(frame), np.datetime64("NaT"), dtype="datetime64[D]")
    column = frame[name]
    if column.dtype.kind != "M":
        column = pd.to_datetime(column, errors="coerce", format="ISO8601")
    return np.asarray(column.dt.tz_localize(None).to_numpy().astype("datetime64[D]"))


def numbers_of(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Numbers of a column; NaN where a record has none."""
    if name not in frame.columns:
        return np.full(len(frame), np.nan)
    return np.array(frame[name].to_numpy(dtype=float, na_value=np.nan))


def is_depth(depth_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which numbers state a depth to which ground was cleared; nothing, less than nothing and without end are none."""
    return np.asarray((depth_m > 0) & ~np.isinf(depth_m))


@dataclass(frozen=True)
class Products:
    """Releases beside the hazards that they name, as arrays."""

    hazard: NDArray[np.intp]
    """Position of the hazard that each names; -1 where its register holds none of that name."""
    day: NDArray[np.int64]
    """Day from which each counts, in days since 1970; `NEVER` where that is not known."""
    rank: NDArray[np.intp]
    """Place of its kind in `KINDS`; their number where the kind is not known."""
    polygons: NDArray[Any]
    """Outlines in EPSG:4326; None where there is none that says what ground was released."""
    faults: dict[str, NDArray[np.bool_]]
    """By rule: the releases that lower nothing because of it."""
    order: NDArray[np.intp]
    """All releases by day, then kind, then id, so that the order of the reports has no say."""

    @property
    def counts(self) -> NDArray[np.bool_]:
        """Whether a release lowers what is left of its hazard, wherever the two have ground in common."""
        return np.asarray(~np.logical_or.reduce(list(self.faults.values())))

    @property
    def stated(self) -> NDArray[np.bool_]:
        """Whether its kind and its day are known: enough to count what it declares."""
        return (self.rank < len(KINDS)) & (self.day < NEVER)


def products(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame) -> Products:
    """Lay releases beside the hazards that they name, and find those that must lower nothing.

    Parameters
    ----------
    hazards, releases : geopandas.GeoDataFrame
        With unique ids and a CRS.

    Returns
    -------
    Products
    """
    hazard = link_of(hazards, releases)
    completed, started = days_of(releases, "completed_on"), days_of(releases, "started_on")
    kind = texts_of(releases, "kind")
    rank = np.full(len(releases), len(KINDS), dtype=np.intp)
    for at, word in enumerate(KINDS):
        rank[kind == word] = at
    polygons = outlines_of(releases, symbolic=False)
    undated, reversed_ = np.isnat(completed), completed < started
    faults = {
        "release-hazard-missing": hazard < 0,
        "release-kind-unknown": rank == len(KINDS),
        "release-undated": undated,
        "dates-reversed": reversed_,
        "depth-missing": (kind == "cleared") & ~is_depth(numbers_of(releases, "depth_m")),
        "release-outline-unclear": shapely.is_missing(polygons),
        "release-before-hazard": _before_open(hazards, hazard, completed),
    }
    day = np.where(undated | reversed_, NEVER, completed.astype(np.int64))
    ids = np.asarray(releases.index.astype(str), dtype=object)
    order = np.array(sorted(range(len(ids)), key=lambda at: (day[at], rank[at], ids[at])), dtype=np.intp)
    return Products(hazard, day, rank, polygons, faults, order)


def _before_open(
    hazards: gpd.GeoDataFrame, link: NDArray[np.intp], completed: NDArray[np.datetime64]
) -> NDArray[np.bool_]:
    """Completed before the information that an open hazard rests on: that may be what was found afterwards."""
    is_open = ~np.isin(texts_of(hazards, "work_status"), CLOSED_STATUSES)
    told = days_of(hazards, "date_of_information")
    before = np.zeros(len(link), dtype=bool)
    linked = link >= 0
    before[linked] = is_open[link[linked]] & (completed[linked] < told[link[linked]])
    return before


def outlines_of(releases: gpd.GeoDataFrame, *, symbolic: bool) -> NDArray[Any]:
    """Outlines of releases in EPSG:4326; None where there is none that is valid, or only a symbol and none is asked for."""
    shapes = np.asarray(releases.geometry.array, dtype=object)
    clear = np.isin(shapely.get_type_id(shapes), _POLYGONAL) & ~shapely.is_empty(shapes) & shapely.is_valid(shapes)
    if not symbolic:
        clear &= texts_of(releases, "geometry_kind") != "symbolic"
    polygons = np.full(len(shapes), None, dtype=object)
    polygons[clear] = wgs84_polygons(releases[clear])
    return polygons
