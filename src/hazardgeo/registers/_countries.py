"""Polygons of countries, from whatever the caller has of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import WGS84, to_wgs84
from hazardgeo.errors import BorderError, CRSError
from hazardgeo.registers._formats import read_layer, regular_file

if TYPE_CHECKING:
    import geopandas as gpd

CODE_COLUMNS = ("code", "country", "iso_a3", "iso3", "adm0_a3", "adm0_pcode", "shapegroup")


def countries_of(given: Any) -> gpd.GeoDataFrame | None:
    """Polygons of countries with their codes.

    Parameters
    ----------
    given : path, GeoDataFrame, BorderSet or None
        A file or frame with a column of three-letter codes, or a border that knows its countries.

    Returns
    -------
    geopandas.GeoDataFrame or None
        In WGS 84, with the column ``code``.

    Raises
    ------
    BorderError
        If there is no column of codes, or there are no polygons.
    """
    if given is None:
        return None
    import geopandas as gpd

    frame = getattr(given, "countries", given)
    if not isinstance(frame, gpd.GeoDataFrame):
        frame = _read(frame)
    column = next((name for name in frame.columns if str(name).casefold() in CODE_COLUMNS), None)
    if column is None:
        columns = ", ".join(map(str, frame.columns))
        raise BorderError(f"The countries have no column of codes ({columns}). Call it code, with codes such as HRV.")
    if frame.crs is None:
        raise CRSError("The countries have no CRS. Set the CRS that their coordinates are in.")
    shapes, _ = to_wgs84(np.asarray(frame.geometry.array, dtype=object), frame.crs, "countries")
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6))
    if not polygonal.any():
        raise BorderError("The countries have no polygons. Give polygons with their codes.")
    return gpd.GeoDataFrame({"code": frame[column].to_numpy()[polygonal]}, geometry=shapes[polygonal], crs=WGS84)


def _read(path: Any) -> gpd.GeoDataFrame:
    import geopandas as gpd

    from hazardgeo.registers._formats._geopackage import layers_of

    file = regular_file(path)
    # A border of ours holds its countries in a layer of that name.
    layer = "countries" if file.suffix.casefold() == ".gpkg" and "countries" in layers_of(file) else None
    raw = read_layer(file, layer)
    return gpd.GeoDataFrame(dict(raw.columns), geometry=list(raw.shapes), crs=raw.crs)
