"""How much of a border has a hazard near it where people cross."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from hazardgeo.borders._along._belts import Along
from hazardgeo.borders._line._near import pairs_in_reach, refuse_distance
from hazardgeo.borders._line._reach import shares_within, within
from hazardgeo.borders._parcel._places import places_of
from hazardgeo.errors import BorderError
from hazardgeo.priority._near import hazard_polygons

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from hazardgeo.borders import BorderSet

FARTHEST_M = 50_000.0  # a hazard and what is within reach of it must lie in one plane


def frontage_at_crossings_m(
    hazards: gpd.GeoDataFrame,
    border: BorderSet,
    crossings: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    within_m: float,
    at_m: float,
) -> pd.Series[float]:
    """Measure the border that is near a crossing and has the hazard within reach.

    It says where a hazard lies beside a place at which people, goods and patrols cross; not how many do, nor whether the
    crossing is open. People also cross elsewhere.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index.
    border : BorderSet
        Its asked lines are measured.
    crossings : geopandas.GeoDataFrame or geopandas.GeoSeries
        Points with a CRS and a unique index, at least one.
    within_m : float
        How near the line must lie to the hazard [m], at most 50 000.
    at_m : float
        How near to a crossing [m], at most 50 000; more than the line may be off, or a crossing beside it is not found.

    Returns
    -------
    pandas.Series
        ``frontage_at_crossings_m`` on the hazards' index, along the line as drawn [m]; NaN without an outline. Stretches of
        several hazards overlap and do not add up: `hazardgeo.borders.frontage` gives those of all together.

    Raises
    ------
    BorderError
        If the asked countries share no line in this set, or a distance is none.
    CRSError, GeometryError, SchemaError
        If hazards or crossings cannot be measured.

    References
    ----------
    docs/explanation/frontage.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("hrv_register.geojson"))
    >>> border = hz.borders.load("HRV", "BIH")
    >>> front = hz.borders.frontage(hazards, border, within_m=500)
    >>> somewhere = front.stretches.head(1).representative_point()
    >>> found = hz.priority.frontage_at_crossings_m(hazards, border, somewhere, within_m=500, at_m=2000)
    >>> bool(0 < found.max() <= front.totals["frontage_km"].iloc[0] * 1000)
    True
    """
    import pandas as pd

    refuse_distance("within_m", within_m, FARTHEST_M)
    refuse_distance("at_m", at_m, FARTHEST_M)
    if border.asked_lines.empty:
        raise BorderError(f"{', '.join(border.codes)} share no land border in {border.source} {border.version}.")
    polygons = hazard_polygons(hazards)
    points = np.array(list(places_of(crossings)), dtype=object)
    found = np.where(shapely.is_missing(polygons), np.nan, 0.0)
    left, right = pairs_in_reach(polygons, points, within_m + at_m)
    some, of = np.unique(left, return_inverse=True)
    along = Along.of(border, float(within_m))
    for local, k, shape, _, near in along.near(polygons[some], within_m):
        about = shapely.union_all(within(local.plane.project(points[right[of == k]]), at_m))
        zone = shapely.intersection(within(shape, within_m), about)
        for edge, flat in near.values():
            at, shares = shares_within(zone, flat)
            found[some[k]] += float((np.diff(shares, axis=1).ravel() * along.course.length_m[edge[at]]).sum())
    return pd.Series(found, index=hazards.index, name="frontage_at_crossings_m")
