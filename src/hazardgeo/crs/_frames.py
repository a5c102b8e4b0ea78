"""Frames brought to WGS 84, and the operations for them compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from hazardgeo.crs._comparison import Comparison
from hazardgeo.crs._datum import WGS84, crs_label, geographic, is_modern, recorded_in
from hazardgeo.crs._door import to_lonlat, to_wgs84
from hazardgeo.crs._names import parse_crs, same_crs
from hazardgeo.errors import CRSError, GeometryError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_THE_FRAME = "the frame"


def compare_datum_operations(frame: gpd.GeoDataFrame | gpd.GeoSeries, *, crs: Any = None) -> pd.DataFrame:
    """List every published operation from a layer's datum to WGS 84, and where each puts this layer.

    It says how far the operations disagree here. It does not say which is right: only the authority that keeps the register,
    or a place that is known on the ground, can.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame or geopandas.GeoSeries
        Geometries as they were recorded.
    crs : str, int or pyproj.CRS, optional
        CRS that they were recorded in, where the frame has none.

    Returns
    -------
    pandas.DataFrame
        A row an operation, index ``operation`` (its code, which `bring_to_wgs84`, `intake` and the command take), those for
        this ground first, in PROJ's order: ``name``; ``accuracy_m``, as its publisher claims (NaN where nothing is claimed,
        for which the register writes 999 m); ``area`` that it is meant for and ``records_within`` it; ``reaches``: whether
        its area reaches this layer; ``shift_m`` and ``azimuth_deg``: by how much and whereto it moves the first corner, which
        is what is lost if the datum is ignored; ``longitude`` and ``latitude`` of that corner; ``apart_m``: the largest distance,
        over the layer, from where the first operation puts it.

    Raises
    ------
    CRSError
        If the layer has no CRS or two, or one that names no datum, or needs no operation.

    Notes
    -----
    Each operation is applied to the whole layer. Distances are geodesic, at the layer's hull and at about a thousand of its
    corners. Operations whose shift grid is not installed cannot be compared; `doctor` lists the grids.

    References
    ----------
    docs/explanation/datums.md of this project; EPSG Geodetic Parameter Dataset, as PROJ carries it.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> recorded = gpd.GeoSeries([shapely.box(21.15, 42.66, 21.16, 42.67)], crs="EPSG:3906")
    >>> table = compare_datum_operations(recorded)
    >>> bool(table["apart_m"].max() > 1600)
    True
    """
    import pandas as pd

    recorded = recorded_in(_crs_of(frame, crs), _THE_FRAME, named=True)
    if is_modern(recorded):
        raise CRSError(
            f"{_THE_FRAME}: {crs_label(recorded)} ({recorded.name}) agrees with WGS 84; there is nothing to compare."
        )
    shapes = _present(frame)
    comparison = Comparison(geographic(recorded), to_lonlat(shapes, recorded, _THE_FRAME), shapes)
    operations = [*comparison.reaching, *comparison.elsewhere]
    shifts = np.array([comparison.shift(one) for one in operations]).reshape(-1, 2)
    corners = np.array([comparison.moved(one)[0] for one in operations]).reshape(-1, 2)
    columns = {
        "name": [one.name for one in operations],
        "accuracy_m": [np.nan if one.accuracy_m is None else one.accuracy_m for one in operations],
        "area": [one.area for one in operations],
        "records_within": [comparison.records_within(one) for one in operations],
        "reaches": [one in comparison.reaching for one in operations],
        "shift_m": shifts[:, 0],
        "azimuth_deg": shifts[:, 1] % 360,
        "longitude": corners[:, 0],
        "latitude": corners[:, 1],
        "apart_m": comparison.apart_m(operations)[0] if operations else [],
    }
    return pd.DataFrame(columns, index=pd.Index([one.code for one in operations], name="operation", dtype=object))


def bring_to_wgs84(frame: gpd.GeoDataFrame, *, crs: Any = None, datum_operation: str | None = None) -> gpd.GeoDataFrame:
    """Bring a frame to WGS 84 by one operation for all of it, and say by which.

    The readers do the same; this is for frames that come from elsewhere. No record is dropped.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
    crs : str, int or pyproj.CRS, optional
        CRS that the coordinates were recorded in, where the frame has none.
    datum_operation : str, optional
        Code of the operation, such as ``"EPSG:9486"``, or several joined by ``+``; needed where those that are published
        disagree.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows in EPSG:4326, height dropped, with the columns ``source_crs``, ``datum_operation`` and
        ``datum_accuracy_m`` [m] (NaN where nobody claims any).

    Raises
    ------
    CRSError
        If the layer has no CRS or two; if the published operations disagree by more than they claim, or there is none, and
        none is named; if the one that is named does not start on its datum; or if a coordinate does not fit its CRS.

    References
    ----------
    docs/explanation/datums.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> recorded = gpd.GeoDataFrame(geometry=[shapely.box(21.15, 42.66, 21.16, 42.67)], crs="EPSG:3906")
    >>> bring_to_wgs84(recorded, datum_operation="EPSG:9486")["datum_accuracy_m"].tolist()
    [1.0]
    """
    import geopandas as gpd

    source = _crs_of(frame, crs)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    _present(frame)
    moved, operation = to_wgs84(shapes, source, _THE_FRAME, datum_operation)
    placed = frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=WGS84))
    accuracy = np.nan if operation.accuracy_m is None else operation.accuracy_m
    return placed.assign(
        source_crs=operation.source_crs, datum_operation=operation.name, datum_accuracy_m=float(accuracy)
    )


def _crs_of(frame: gpd.GeoDataFrame | gpd.GeoSeries, given: Any) -> pyproj.CRS:
    own = frame.geometry.crs
    if own is None and given is None:
        raise CRSError(f'{_THE_FRAME}: has no CRS. Say crs="EPSG:…", the one that the coordinates were recorded in.')
    named = None if given is None else parse_crs(given)
    if own is not None and named is not None and not same_crs(pyproj.CRS(own), named):
        raise CRSError(f"{_THE_FRAME}: is in {own.name!r} and {named.name!r} was given. Correct one of the two.")
    return named or pyproj.CRS(own)


def _present(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> Any:
    shapes = np.asarray(frame.geometry.array, dtype=object)
    present = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if not len(present):
        raise GeometryError(f"{_THE_FRAME}: no row has a geometry.")
    return present
