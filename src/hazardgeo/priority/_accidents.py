"""Accidents near hazards, within so many months."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.borders._line._near import connect, pairs_in_reach, refuse_distance
from hazardgeo.borders._parcel._places import places_of
from hazardgeo.errors import HazardgeoError
from hazardgeo.priority._near import hazard_polygons
from hazardgeo.schema import require, words_of
from hazardgeo.vocabulary import POINT_KIND

if TYPE_CHECKING:
    import datetime

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_ACCIDENT, _UNSTATED = "accident", "unstated"


def accidents_near(
    hazards: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame,
    *,
    within_m: float,
    months: int,
    until: str | datetime.date,
) -> pd.Series[float]:
    """Count the accidents on record within a distance of each hazard's edge and so many months before a day.

    Accidents are where people go, and are recorded where somebody asks: few of them may mean that people know the place and
    keep out, or that nobody reported. One accident near two hazards counts at both, so the counts do not add up. How many
    people were hurt is not told.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index.
    points : geopandas.GeoDataFrame
        Points with a CRS, a unique index, ``kind`` (those that are *accident* count) and ``date_of_information``, the day
        of the accident. Those of both sides of a border in one frame.
    within_m : float
        How near [m].
    months : int
        How many calendar months back from `until`, at least 1.
    until : str or datetime.date
        The last day that counts.

    Returns
    -------
    pandas.Series
        ``accidents_Xm_Ymo`` on the hazards' index; NaN without an outline, and where a point within reach may or may not be
        such an accident, because its day or its kind is not stated: what is not known is not 0.

    Raises
    ------
    BorderError
        If `within_m` is no distance.
    HazardgeoError
        If `months` or `until` is none.
    CRSError, GeometryError, SchemaError
        If hazards or points cannot be used.

    References
    ----------
    docs/explanation/priority.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz, geopandas as gpd
    >>> hazards = hz.read_hazards(hz.sample_data("hrv_register.geojson")).iloc[:2]
    >>> at = hazards.geometry.representative_point().iloc[[0]]
    >>> points = gpd.GeoDataFrame({"kind": "accident", "date_of_information": "2024-05-31"}, geometry=at.array, index=["x"])
    >>> hz.priority.accidents_near(hazards, points, within_m=500, months=24, until="2024-12-31").iloc[0]
    np.float64(1.0)
    """
    import pandas as pd

    refuse_distance("within_m", within_m)
    first, last = _window(months, until)
    require(points, "kind", "date_of_information", what="points")
    polygons = hazard_polygons(hazards)
    counts = np.where([shape is None for shape in polygons], np.nan, 0.0)
    asked, certain = _asked(points, first, last)
    if asked.any():
        shapes = np.array(list(places_of(points[asked])), dtype=object)
        left, right = pairs_in_reach(polygons, shapes, within_m)
        near = connect(polygons, shapes, left, right).distance_m <= within_m
        np.add.at(counts, left[near], np.where(certain[asked][right[near]], 1.0, np.nan))
    return pd.Series(counts, index=hazards.index, name=f"accidents_{within_m:g}m_{months}mo")


def _window(months: int, until: str | datetime.date) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The day before the first that counts, and the last."""
    import pandas as pd

    try:
        last = pd.Timestamp(until)
    except (TypeError, ValueError):
        last = pd.NaT  # type: ignore[assignment]
    if pd.isna(last) or months < 1 or months != int(months):
        raise HazardgeoError(
            f"until={until!r}, months={months!r}: no time. Give a day such as '2024-12-31' and whole months, 1 or more."
        )
    last = last.normalize()
    return last - pd.DateOffset(months=int(months)), last


def _asked(
    points: gpd.GeoDataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which points are or may be accidents of the time, and which are for certain."""
    import pandas as pd

    days, kinds = pd.to_datetime(points["date_of_information"], errors="coerce"), words_of(points, POINT_KIND)
    in_time = ((days > first) & (days < last + pd.Timedelta(days=1))).to_numpy()
    undated = days.isna().to_numpy()
    certain = in_time & (kinds == _ACCIDENT)
    return certain | ((in_time | undated) & np.isin(kinds, (_ACCIDENT, _UNSTATED))), certain
