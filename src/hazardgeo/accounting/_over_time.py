"""Release over time: by month or by year, by kind or whatever else the records say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from hazardgeo.accounting._cuts import cuts
from hazardgeo.accounting._products import days_of, numbers_of, outlines_of, products
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import geodesic_area_m2, wgs84_polygons
from hazardgeo.schema import UNSTATED, require, words_of
from hazardgeo.vocabulary import RELEASE_KIND

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

UNDATED = "undated"
_UNITS = {"month": "M", "year": "Y"}


def over_time(
    releases: gpd.GeoDataFrame,
    *,
    by: str | Sequence[str] = ("kind",),
    freq: Literal["month", "year"] = "year",
    hazards: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Add up releases by month or by year, by kind or by other columns.

    On the ground: how fast land is released, and by which method. A period without a release stands in the table with the
    count 0 and no area: nothing was done then, or nothing was recorded, and the data do not say which.

    Parameters
    ----------
    releases : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index; ``completed_on``, the columns of `by`, and ``declared_area_m2`` where known.
    by : str or sequence of str
        Columns of the releases to group by besides the period, such as ``"organisation"``.
    freq : {"month", "year"}
        Length of a period.
    hazards : geopandas.GeoDataFrame, optional
        Hazards that the releases name, as for `remaining`. With them ``released_m2`` is told.

    Returns
    -------
    pandas.DataFrame
        A row for each period from the first release to the last and each group, indexed by ``period`` (such as *2023* or
        *2023-05*; *undated* where a release has no day) and the columns of `by` (*unstated* where a release does not say).
        ``releases``; ``unmeasured``, those without an outline that can be measured; ``area_m2``, their outlines added up;
        ``declared_m2``, what they declare; with `hazards`, ``released_m2``: ground that they released from the hazards that
        they name, each hazard by itself (`balance` counts ground under two hazards once). Counts sum to the number of
        releases. NaN where a period has no release at all, or none that was measured.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If the frame has no CRS or lacks a column, or an id stands twice.
    HazardgeoError
        If `freq` is neither month nor year.

    References
    ----------
    docs/explanation/accounting.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> releases = gpd.GeoDataFrame(
    ...     {"kind": ["cleared", "cleared"], "completed_on": ["2021-05-01", "2023-02-01"]},
    ...     geometry=[shapely.box(16, 45, 16.01, 45.01)] * 2, crs="EPSG:4326")
    >>> over_time(releases)["releases"].to_dict()
    {('2021', 'cleared'): 1, ('2022', 'cleared'): 0, ('2023', 'cleared'): 1}
    """
    import pandas as pd

    if freq not in _UNITS:
        raise HazardgeoError(f"freq={freq!r}. Use 'month' or 'year'.")
    names = [by] if isinstance(by, str) else list(by)
    require(releases, *names, what="releases")
    columns = _columns(releases, hazards)
    keys = releases[names].astype(object)
    keys = keys.where(keys.notna(), UNSTATED)
    if RELEASE_KIND.name in names:
        keys[RELEASE_KIND.name] = words_of(releases, RELEASE_KIND)
    periods, texts = _periods(days_of(releases, "completed_on"), _UNITS[freq])
    table = pd.DataFrame({"period": texts, **{name: keys[name].to_numpy() for name in names}, **columns})
    groups = [list(dict.fromkeys(table[name])) for name in names]
    areas = [name for name in columns if name not in ("releases", "unmeasured")]
    grouped = table.groupby(["period", *names], sort=False)
    summed = grouped[list(columns)].sum(min_count=1).astype({"releases": int, "unmeasured": int})
    full = pd.MultiIndex.from_product([periods, *groups], names=["period", *names])
    # Of several columns only what occurs together is asked for; a period without a release has all of them.
    there = set(table[names].itertuples(index=False, name=None))
    full = full[[key[1:] in there for key in full]]
    result = summed.reindex(full)
    result[["releases", "unmeasured"]] = result[["releases", "unmeasured"]].fillna(0).astype(int)
    some = result.groupby("period")["releases"].transform("sum") > 0
    absent = (result["releases"] == 0) & some
    result.loc[absent, areas] = 0.0
    return result


def _columns(releases: gpd.GeoDataFrame, hazards: gpd.GeoDataFrame | None) -> dict[str, NDArray[np.float64]]:
    polygons = outlines_of(releases, symbolic=True)
    area = geodesic_area_m2(polygons)
    columns = {
        "releases": np.ones(len(releases)),
        "unmeasured": shapely.is_missing(polygons).astype(float),
        "area_m2": area,
        "declared_m2": numbers_of(releases, "declared_area_m2"),
    }
    if hazards is not None:
        columns["released_m2"] = _released(hazards, releases)
    return columns


def _released(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame) -> NDArray[np.float64]:
    require(hazards)
    require(releases, "hazard_id", "kind", what="releases")
    released, polygons = products(hazards, releases), wgs84_polygons(hazards)
    use = released.order[released.counts[released.order]]
    cut = cuts(polygons, geodesic_area_m2(polygons), released.polygons[use], released.hazard[use], left=False)
    first = np.zeros(len(releases))
    first[use] = np.nan_to_num(cut.first_m2)
    return first


def _periods(days: NDArray[np.datetime64], unit: str) -> tuple[list[str], list[str]]:
    """All periods from the first to the last, and that of each day."""
    known = days[~np.isnat(days)].astype(f"datetime64[{unit}]")
    every = [str(one) for one in np.arange(known.min(), known.max() + 1)] if len(known) else []
    texts = [UNDATED if np.isnat(day) else str(day) for day in days.astype(f"datetime64[{unit}]")]
    return every + [UNDATED] * (UNDATED in texts), texts
