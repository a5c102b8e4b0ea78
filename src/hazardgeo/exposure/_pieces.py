"""Polygons cut by side, with what is certain and what is possible of each."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._sides._ground import ground_by_side
from hazardgeo.crs import WGS84
from hazardgeo.measure import wgs84_polygons
from hazardgeo.schema import require

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from hazardgeo.borders import BorderSet

NOT_ASKED = "not_asked"
GROUNDS = ("geometry", "certain", "possible")


def pieces_by_side(zones: gpd.GeoDataFrame, border: BorderSet | None) -> gpd.GeoDataFrame:
    """Cut polygons by side: as the line is drawn, what lies there wherever in its band the line is, and what may.

    `hazardgeo.borders.split_by_country` gives areas; this gives the ground itself, to ask rasters and other layers about. Only
    the line is uncertain here, and not the polygons' own outlines: the question is on whose side a place lies.

    Parameters
    ----------
    zones : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index: hazards, or rings about them.
    border : BorderSet or None
        Without one, each polygon is one piece whose side is ``not_asked``.

    Returns
    -------
    geopandas.GeoDataFrame
        A row for each polygon and each side that it lies on or may lie on, in EPSG:4326: the polygon's index under its name
        (``zone`` if it has none), ``side`` and three geometries: ``geometry`` (there as drawn), ``certain`` (that beyond the
        band of ±u about the line) and ``possible`` (ground of other sides within it), each empty where there is none. A polygon
        without geometry has one row, side ``no_country``, and none.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If the polygons cannot be cut.
    BorderError
        If the countries of the border overlap.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> pieces = pieces_by_side(hazards, hz.borders.load("HRV", "BIH"))
    >>> set(pieces["hazard_id"]) == set(hazards.index)
    True
    """
    import geopandas as gpd
    import pandas as pd

    require(zones)
    polygons = wgs84_polygons(zones)
    rows = _undivided(polygons) if border is None else _divided(polygons, border)
    rows += [(int(i), "no_country", None, None, None) for i in np.flatnonzero(shapely.is_missing(polygons))]
    rows.sort(key=lambda row: row[:2])
    of, sides, *grounds = zip(*rows, strict=True) if rows else ((),) * 5
    key = pd.Series(zones.index.to_numpy()[np.array(of, dtype=np.intp)], dtype=zones.index.dtype)
    columns = {name: gpd.GeoSeries(list(some), crs=WGS84) for name, some in zip(GROUNDS, grounds, strict=True)}
    return gpd.GeoDataFrame({zones.index.name or "zone": key, "side": list(sides), **columns}, geometry="geometry")


def _undivided(polygons: NDArray[Any]) -> list[tuple[Any, ...]]:
    there = np.flatnonzero(~shapely.is_missing(polygons)).tolist()
    return [(i, NOT_ASKED, polygons[i], polygons[i], shapely.MultiPolygon()) for i in there]


def _divided(polygons: NDArray[Any], border: BorderSet) -> list[tuple[Any, ...]]:
    """A row for each polygon and side; what its parts have there is put together again."""
    rows: list[tuple[Any, ...]] = []
    for (of, side), some in groupby(ground_by_side(border, polygons), key=attrgetter("of", "side")):
        grounds = zip(*(one[2:] for one in some), strict=True)
        rows.append((of, side, *(_together(parts) for parts in grounds)))
    return rows


def _together(parts: tuple[Any, ...]) -> Any:
    return parts[0] if len(parts) == 1 else shapely.multipolygons(shapely.get_parts(np.array(parts, dtype=object)))
