"""How near things are to hazards: distances from a hazard's edge, on the ellipsoid, across any border."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._near import nearest
from hazardgeo.borders._parcel._places import places_of
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay._planes import split_long_edges
from hazardgeo.schema import require

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_WORD = re.compile(r"\w+")


def distance_m(
    hazards: gpd.GeoDataFrame, places: gpd.GeoDataFrame | gpd.GeoSeries, *, to: str = "settlement"
) -> pd.Series[float]:
    """Measure how far the nearest place is from each hazard's edge, whichever side of a border it lies on.

    Give settlements, schools, wells, crossings or roads, those of both sides in one frame. It is a line through the air: no
    route, no time, and it may lead across hazards, rivers and the border. It knows the places that it was given, and a hazard
    far from those need not be far from people.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index.
    places : geopandas.GeoDataFrame or geopandas.GeoSeries
        Points, lines or polygons with a CRS and a unique index, at least one.
    to : str
        What they are, in one word, for the name: *settlement*, *crossing*, *road*.

    Returns
    -------
    pandas.Series
        ``distance_to_TO_m`` [m] on the hazards' index; 0 where one touches the hazard; NaN without an outline.

    Raises
    ------
    HazardgeoError
        If `to` is no word.
    CRSError, GeometryError, SchemaError
        If hazards or places cannot be measured, or there is no place.

    Notes
    -----
    Geodesic between the two nearest points, which are found in a plane; up to 28 km that errs by at most 1e-5.

    References
    ----------
    docs/explanation/priority.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz, geopandas as gpd
    >>> hazards = hz.read_hazards(hz.sample_data("hrv_register.geojson"))
    >>> corner = gpd.GeoSeries.from_xy([float(hazards.geometry.iloc[0].exterior.xy[0][0])],
    ...                                [float(hazards.geometry.iloc[0].exterior.xy[1][0])], crs=4326)
    >>> bool(hz.priority.distance_m(hazards, corner, to="well").iloc[0] < 0.001)
    True
    """
    import pandas as pd

    if not _WORD.fullmatch(to):
        raise HazardgeoError(f"to={to!r} is no word. Say in one what the places are, such as 'settlement'.")
    polygons = hazard_polygons(hazards)
    shapes = np.array(list(places_of(places)), dtype=object)
    found = np.full(len(hazards), np.nan)
    there = np.flatnonzero(~shapely.is_missing(polygons))
    if len(there):
        found[there] = nearest(polygons[there], shapes)[1].distance_m
    return pd.Series(found, index=hazards.index, name=f"distance_to_{to}_m")


def hazard_polygons(hazards: gpd.GeoDataFrame) -> NDArray[Any]:
    """Outlines in longitude and latitude, long edges split; None where there is none."""
    require(hazards)
    return np.asarray(split_long_edges(wgs84_polygons(hazards)), dtype=object)
