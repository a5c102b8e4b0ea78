"""Area and perimeter of polygons on the ellipsoid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hazardgeo.constants import M2_PER_KM2, M2_PER_MI2
from hazardgeo.measure._polygons import geodesic_area_m2, geodesic_perimeter_m, wgs84_polygons

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def area_m2(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> pd.Series[float]:
    """Measure the area of each polygon on the WGS 84 ellipsoid, in square metres.

    This is the reference number of a whole polygon. It says nothing about how well the outline was surveyed, and it
    counts ground twice where two polygons overlap: for ground counted once see `net_area_m2`.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame or geopandas.GeoSeries
        Polygons or multipolygons with a CRS, in any order of vertices, holes allowed, cut at the antimeridian
        or not.

    Returns
    -------
    pandas.Series
        ``area_m2`` [m²] on the frame's index; NaN where a row has no geometry (not measured, which is not 0).

    Raises
    ------
    CRSError
        If the frame has no CRS, or one whose datum needs a named operation.
    GeometryError
        If a geometry is no polygon, is not valid, or spans half the globe; the message names the records.

    Notes
    -----
    Edges are geodesics between the recorded vertices. All rings are measured at once by a series about the middle of
    each edge in the equal-area plane of longitude and authalic latitude [2]_; an edge that is too long for it is split
    on the geodesic, and a ring around a pole is measured by Karney's algorithm [1]_ as PROJ implements it. An area is
    its shells minus its holes, by absolute value. Relative error: below 1e-12 for edges up to 100 m, 1e-11 up to 1 km
    and 1e-9 up to 50 km, to 85° of latitude (derivation and proof in docs/explanation/geodesic_area.md).

    References
    ----------
    .. [1] C. F. F. Karney (2013), Algorithms for geodesics, J. Geodesy 87, 43-55, doi:10.1007/s00190-012-0578-z.
    .. [2] J. P. Snyder (1987), Map Projections: A Working Manual, U.S. Geological Survey Professional Paper 1395.

    Examples
    --------
    A quadrangle of one minute by one minute at the equator is about 1843 m by 1855 m:

    >>> import geopandas as gpd, shapely
    >>> minute = 1 / 60
    >>> frame = gpd.GeoSeries([shapely.box(0, 0, minute, minute)], index=["a"], crs="EPSG:4326")
    >>> area_m2(frame).round(-3)
    a    3419000.0
    Name: area_m2, dtype: float64
    """
    import pandas as pd

    return pd.Series(geodesic_area_m2(wgs84_polygons(frame)), index=frame.index, name="area_m2")


def area_km2(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> pd.Series[float]:
    """Measure the area of each polygon as `area_m2` does, in square kilometres.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame or geopandas.GeoSeries
        Polygons with a CRS.

    Returns
    -------
    pandas.Series
        ``area_km2`` [km²] on the frame's index.

    Raises
    ------
    CRSError, GeometryError
        As `area_m2`.

    References
    ----------
    As `area_m2`.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> area_km2(gpd.GeoSeries([shapely.box(0, 0, 1 / 60, 1 / 60)], crs="EPSG:4326")).round(3).tolist()
    [3.419]
    """
    return (area_m2(frame) / M2_PER_KM2.value).rename("area_km2")


def area_mi2(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> pd.Series[float]:
    """Measure the area of each polygon as `area_m2` does, in square international miles.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame or geopandas.GeoSeries
        Polygons with a CRS.

    Returns
    -------
    pandas.Series
        ``area_mi2`` [mi²] on the frame's index; 1 mi² is 2.589988110336 km² exactly.

    Raises
    ------
    CRSError, GeometryError
        As `area_m2`.

    References
    ----------
    International yard and pound agreement of 1959: 1 mi = 1760 yd of 0.9144 m.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> area_mi2(gpd.GeoSeries([shapely.box(0, 0, 1 / 60, 1 / 60)], crs="EPSG:4326")).round(2).tolist()
    [1.32]
    """
    return (area_m2(frame) / M2_PER_MI2.value).rename("area_mi2")


def perimeter_m(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> pd.Series[float]:
    """Measure the length of all rings of each polygon along geodesics, in metres.

    Holes count: their edge is edge to be marked as well. Where a polygon is cut at the antimeridian the cut counts
    on both sides.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame or geopandas.GeoSeries
        Polygons with a CRS.

    Returns
    -------
    pandas.Series
        ``perimeter_m`` [m] on the frame's index; NaN where a row has no geometry.

    Raises
    ------
    CRSError, GeometryError
        As `area_m2`.

    References
    ----------
    As `area_m2`.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> perimeter_m(gpd.GeoSeries([shapely.box(0, 0, 1 / 60, 1 / 60)], crs="EPSG:4326")).round(-1).tolist()
    [7400.0]
    """
    import pandas as pd

    return pd.Series(geodesic_perimeter_m(wgs84_polygons(frame)), index=frame.index, name="perimeter_m")
