"""Ground counted once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import shapely

from hazardgeo.measure import geodesic_area_m2, wgs84_polygons
from hazardgeo.overlay._pairs import groups_that_touch
from hazardgeo.overlay._planes import plane_of

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray


def net_area_m2(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> float:
    """Measure the ground that the polygons cover together, each square metre counted once.

    Where polygons overlap, the sum of their areas counts ground twice; this does not.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame or geopandas.GeoSeries
        Polygons with a CRS. Rows without geometry cover nothing.

    Returns
    -------
    float
        Area [m²]; 0 where the frame has no row; NaN where it has rows and none of them a geometry.

    Raises
    ------
    CRSError, GeometryError
        As `area_m2`.

    Notes
    -----
    Polygons that hang together are united in one local equal-area plane. The group's share there, union over sum, times
    the sum of the geodesic areas is its net area, so that a group of one gives the reference number itself.

    References
    ----------
    docs/explanation/planes.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> one = shapely.box(16, 45, 16.01, 45.01)
    >>> twice = gpd.GeoSeries([one, one], crs="EPSG:4326")
    >>> round(net_area_m2(twice) / net_area_m2(twice.iloc[:1]), 9)
    1.0
    """
    polygons = wgs84_polygons(frame)
    if len(polygons) and shapely.is_missing(polygons).all():
        return math.nan
    present = polygons[~shapely.is_missing(polygons)]
    areas = geodesic_area_m2(present)
    return math.fsum(_union_m2(present[group], areas[group]) for group in groups_that_touch(present))


def _union_m2(polygons: NDArray[Any], areas: NDArray[np.float64]) -> float:
    if len(polygons) == 1:
        return float(areas[0])
    flat = plane_of(polygons).project(polygons)
    share = shapely.area(shapely.union_all(flat)) / math.fsum(shapely.area(flat))
    return float(share * math.fsum(areas))
