"""Places and ways about hazards: the nearest, and how much of a way runs inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo import datasets
from hazardgeo.borders._along._access import on_side, side_is_certain
from hazardgeo.borders._line._near import nearest
from hazardgeo.crs import GEOD, on_arrays, to_wgs84
from hazardgeo.errors import FormatError, GeometryError, named
from hazardgeo.exposure._pieces import NOT_ASKED
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay import pairs_that_touch, plane_of
from hazardgeo.overlay._planes import split_long_edges
from hazardgeo.schema import require

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders import BorderSet

_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)
_POINTS = (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)
_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def nearest_places(
    hazards: gpd.GeoDataFrame, places: gpd.GeoDataFrame, border: BorderSet | None = None
) -> pd.DataFrame:
    """Find the place nearest to each hazard: the nearest settlement, road, school, crossing; with a border, on each side.

    The distance is that of the outline from the place as drawn, as the crow flies; no route, and none is meant: it may lead
    across hazards.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index.
    places : geopandas.GeoDataFrame
        Points, lines or polygons of one kind, with a CRS and a unique index: your own, or `embedded_places`.
    border : BorderSet, optional
        To find the nearest on each side of it; a line that crosses it counts on both.

    Returns
    -------
    pandas.DataFrame
        A row for each hazard, and with a border for each of the countries that it was asked for: ``hazard_id``, ``side``
        (``not_asked`` without one), ``place`` (its index; missing where there is none), ``distance_m`` [m] (0 where it touches
        the hazard), ``longitude`` and ``latitude`` of its nearest point, ``azimuth_deg`` from the hazard to it (NaN where they
        touch) and ``side_certain`` (whether that point lies further from the line than the line may be off).

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If hazards or places cannot be laid on WGS 84, or an id stands twice.

    References
    ----------
    docs/explanation/exposure.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> towns = nearest_places(hazards, embedded_places("BIH", "HRV"), hz.borders.load("HRV", "BIH"))
    >>> sorted(set(towns["side"]))
    ['BIH', 'HRV']
    """
    import pandas as pd

    require(hazards)
    require(places, what="places")
    polygons = wgs84_polygons(hazards)
    shapes, rows = _shapes(places, (*_POINTS, *_LINES, *_POLYGONS), "places")
    asked = np.flatnonzero(~shapely.is_missing(polygons))
    tables = []
    for side in (NOT_ASKED,) if border is None else border.codes:
        pieces, of = (shapes, np.arange(len(shapes))) if border is None else on_side(shapes, border, side)
        found = np.full((len(hazards), 4), np.nan)
        which = np.full(len(hazards), -1)
        certain = np.zeros(len(hazards), dtype=bool)
        if len(pieces) and len(asked):
            who, ways = nearest(np.asarray(split_long_edges(polygons[asked]), dtype=object), pieces)
            azimuth = np.where(ways.distance_m > 0, ways.azimuth_deg % 360, np.nan)
            found[asked] = np.column_stack([ways.distance_m, ways.end, azimuth])
            which[asked] = rows[of[who]]
            certain[asked] = False if border is None else side_is_certain(ways.end, border)
        columns = dict(zip(("distance_m", "longitude", "latitude", "azimuth_deg"), found.T, strict=True))
        names = pd.Series(places.index.to_numpy(), dtype=object).reindex(which).to_numpy()
        order = np.arange(len(hazards))
        tables.append(pd.DataFrame({"order": order, "side": side, "place": names, **columns, "side_certain": certain}))
    table = pd.concat(tables).sort_values(["order", "side"], kind="stable", ignore_index=True)
    table.insert(0, "hazard_id", pd.Series(hazards.index.to_numpy()[table.pop("order")], dtype=hazards.index.dtype))
    return table


def length_inside_m(hazards: gpd.GeoDataFrame, ways: gpd.GeoDataFrame) -> pd.Series:
    """Measure how much of roads, rivers or other lines runs inside each hazard.

    A way drawn twice counts twice, and so does a stretch in the ground of two hazards; on the outline of a hazard it is inside.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index.
    ways : geopandas.GeoDataFrame
        Lines with a CRS and a unique index.

    Returns
    -------
    pandas.Series
        ``length_m`` [m], geodesic, on the index of `hazards`; 0 where no way is inside, NaN where there is no outline.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If hazards or ways cannot be laid on WGS 84, or are no polygons and lines.

    Notes
    -----
    Ways are cut in the local plane of each hazard, and the pieces brought back and measured along geodesics.

    References
    ----------
    docs/explanation/exposure.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> hazard = gpd.GeoDataFrame(geometry=[shapely.box(16, 0, 16.01, 0.01)], index=["h1"], crs="EPSG:4326")
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(15, 0.005), (17, 0.005)])], crs="EPSG:4326")
    >>> length_inside_m(hazard, road).round(0).tolist()
    [1113.0]
    """
    import pandas as pd

    require(hazards)
    require(ways, what="ways")
    polygons = wgs84_polygons(hazards)
    shapes, _ = _shapes(ways, _LINES, "ways")
    present = np.flatnonzero(~shapely.is_missing(polygons))
    length = np.where(shapely.is_missing(polygons), np.nan, 0.0)
    left, right = pairs_that_touch(polygons[present], shapes)
    for i in np.unique(left).tolist():
        own = present[i]
        plane = plane_of(polygons[own : own + 1])
        inside = shapely.intersection(plane.project(shapes[right[left == i]]), plane.project(polygons[own]))
        length[own] = _geodesic_length_m(plane.unproject(inside))
    return pd.Series(length, index=hazards.index, name="length_m")


def embedded_places(*countries: str) -> gpd.GeoDataFrame:
    """Give the places of the embedded overview map: towns and cities, some hundred in all regions together.

    They are for finding one's way. The nearest of them is seldom the nearest settlement: for that, give your own layer.

    Parameters
    ----------
    *countries : str
        Codes of the countries that they lie in; all unless given.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in EPSG:4326; index ``place``, their name and country (``Zagreb, HRV``); ``name``, ``country``, ``kind``.

    Raises
    ------
    FormatError
        If the map has no place of a country.

    References
    ----------
    Natural Earth, 1:10m populated places, 4.0.0 (public domain).

    Examples
    --------
    >>> embedded_places("HRV").loc["Zagreb, HRV", "country"]
    'HRV'
    """
    import geopandas as gpd
    import pandas as pd

    places = gpd.read_file(datasets.BASEMAP, layer="places").rename(columns={"code": "country"})
    if none := sorted(set(countries) - set(places["country"])):
        raise FormatError(f"The embedded map has no places of {', '.join(none)}. Give a layer of your own.")
    if countries:
        places = places[places["country"].isin(countries)]
    label = places["name"] + ", " + places["country"]
    again = label.groupby(label).cumcount()
    index = pd.Index(label.where(again == 0, label + " (" + (again + 1).astype(str) + ")"), name="place", dtype=object)
    return places[["name", "country", "kind", "geometry"]].set_index(index)


def _shapes(frame: gpd.GeoDataFrame, kinds: tuple[Any, ...], what: str) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Geometries of a frame on WGS 84, and the positions of the rows that have one."""
    given = np.asarray(frame.geometry.array, dtype=object)
    there = np.flatnonzero(~(shapely.is_missing(given) | shapely.is_empty(given)))
    wrong = ~np.isin(shapely.get_type_id(given[there]), kinds)
    if wrong.any():
        raise GeometryError(f"{named(frame.index[there[wrong]])}: not of a kind that {what} may have. Take them out.")
    if not len(there):
        return given[there], there
    lonlat, _ = to_wgs84(given[there], frame.crs, f"the {what}")
    return np.asarray(split_long_edges(lonlat), dtype=object), there


def _geodesic_length_m(lines: NDArray[Any]) -> float:
    xy, of = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    same = np.flatnonzero(of[1:] == of[:-1])
    if not len(same):
        return 0.0
    return float(on_arrays(GEOD.inv, *xy[same].T, *xy[same + 1].T)[2].sum())
