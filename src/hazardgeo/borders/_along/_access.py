"""The nearest access to a piece of ground on each side of a border."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._course import course_of
from hazardgeo.borders._line._near import nearest
from hazardgeo.crs import to_wgs84
from hazardgeo.errors import GeometryError, named
from hazardgeo.overlay._planes import split_long_edges
from hazardgeo.schema import require

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet

_KINDS = (
    shapely.GeometryType.POINT,
    shapely.GeometryType.MULTIPOINT,
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.MULTILINESTRING,
)
_COLUMNS = ("access", "access_m", "access_longitude", "access_latitude", "access_side_certain")
_NOWHERE = (None, math.nan, math.nan, math.nan, False)


def nearest_access(
    wanted: pd.DataFrame, grounds: dict[str, Any], access: gpd.GeoDataFrame, border: BorderSet
) -> pd.DataFrame:
    """Find the nearest access on each side to each task's ground.

    Parameters
    ----------
    wanted : pandas.DataFrame
        Its index holds task and side.
    grounds : dict of str to shapely geometry
        Ground of each task, in EPSG:4326.
    access : geopandas.GeoDataFrame
        Points and lines with a CRS.
    border : BorderSet

    Returns
    -------
    pandas.DataFrame
        On the index of `wanted`; NaN where there is no access on that side.
    """
    import pandas as pd

    require(access, what="ways of access")
    shapes, names = _ways(access)
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for side in sorted({side for _, side in wanted.index}):
        tasks = [task for task, there in wanted.index if there == side]
        pieces, of_way = on_side(shapes, border, side)
        if len(pieces):
            who, ways = nearest(np.array([grounds[task] for task in tasks], dtype=object), pieces)
            certain = side_is_certain(ways.end, border)
            rows = zip(
                names[of_way[who]], ways.distance_m.tolist(), *ways.end.T.tolist(), certain.tolist(), strict=True
            )
            found |= {(task, side): row for task, row in zip(tasks, rows, strict=True)}
    return pd.DataFrame([found.get(key, _NOWHERE) for key in wanted.index], columns=list(_COLUMNS), index=wanted.index)


def _ways(access: gpd.GeoDataFrame) -> tuple[NDArray[Any], NDArray[Any]]:
    shapes = np.asarray(access.geometry.array, dtype=object)
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    wrong = present & ~np.isin(shapely.get_type_id(shapes), _KINDS)
    if wrong.any():
        raise GeometryError(
            f"{named(access.index[wrong])}: neither a point nor a line. Give access as roads or places."
        )
    lonlat, _ = to_wgs84(shapes[present], access.crs, "the ways of access")
    return split_long_edges(lonlat), np.array([str(name) for name in access.index[present]], dtype=object)


def on_side(shapes: NDArray[Any], border: BorderSet, side: str) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """The pieces of each way that lie on a side."""
    ground = shapely.union_all(border.countries.geometry[border.countries["code"] == side].to_numpy())
    shapely.prepare(ground)
    touching = np.flatnonzero(shapely.intersects(ground, shapes)) if len(shapes) else np.zeros(0, dtype=np.intp)
    whole = shapely.covers(ground, shapes[touching])
    pieces = shapes[touching].copy()
    pieces[~whole] = shapely.intersection(pieces[~whole], ground)
    parts, of = shapely.get_parts(pieces, return_index=True)
    return parts, touching[of]


def side_is_certain(places: NDArray[np.float64], border: BorderSet) -> NDArray[np.bool_]:
    """Whether each place lies further from every asked line than that line may be off."""
    lines = border.asked_lines
    course = course_of(lines.geometry.to_numpy())
    offsets = lines["offset_95_m"].to_numpy(dtype=float)
    points = np.asarray(shapely.points(places), dtype=object)
    certain = np.ones(len(points), dtype=bool)
    for row in range(len(lines)):
        certain &= nearest(points, course.edges[course.line == row])[1].distance_m > offsets[row]
    return certain
