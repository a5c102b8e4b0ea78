"""What ground lies under polygons, by the classes of a raster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.exposure._raster import Raster, Window, open_raster
from hazardgeo.exposure._zonal import Zones
from hazardgeo.measure import geodesic_area_m2, wgs84_polygons

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

NODATA, OUTSIDE = "nodata", "outside"


def raster_by_class(
    zones: gpd.GeoDataFrame | gpd.GeoSeries,
    raster: str | os.PathLike[str] | Raster,
    *,
    names: Mapping[int, str] | None = None,
) -> pd.DataFrame:
    """Tell how much of each polygon is of which class of a raster: blocked land by its use, say.

    All of each polygon is accounted for: what the raster has no value for is of class ``nodata``, and what lies beyond it of
    class ``outside``. Ground that two polygons cover counts in both.

    Parameters
    ----------
    zones : geopandas.GeoDataFrame or geopandas.GeoSeries
        Polygons with a CRS.
    raster : path or Raster
        A GeoTIFF of whole numbers that stand for classes, or what `open_raster` gave of it.
    names : mapping of int to str, optional
        What each number stands for.

    Returns
    -------
    pandas.DataFrame
        A row for each polygon and each class in it: the polygon's index under its name (``zone`` if it has none), ``class``
        (the number, or ``nodata`` or ``outside``), ``class_name`` (empty where not given), ``share`` of the polygon and
        ``area_m2`` [m²], that share of its geodesic area. A polygon without geometry has one row, class ``nodata`` and NaN.

    Raises
    ------
    FormatError, CRSError, GeometryError
        As `raster_sum`; also if a cell under a polygon holds no whole number.

    References
    ----------
    docs/explanation/exposure.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> table = raster_by_class(hazards, hz.sample_data("fictional_land_cover.tif"))
    >>> bool((table.groupby("hazard_id")["share"].sum().round(6) == 1).all())
    True
    """
    import pandas as pd

    opened = open_raster(raster) if not isinstance(raster, Raster) else raster
    polygons = wgs84_polygons(zones)
    laid = Zones(polygons, opened)
    zone, number, cells = _cells_by_class(laid)
    covered = np.bincount(zone, weights=cells, minlength=laid.count).astype(float)
    shares = laid.shares(covered)
    rest = {NODATA: shares["nodata_share"], OUTSIDE: 1 - shares["covered_share"] - shares["nodata_share"]}
    at = [zone, *(np.flatnonzero(~(share < 1e-6)) for share in rest.values())]
    at[2] = at[2][~np.isnan(laid.cells[at[2]])]  # what has no geometry has one row, not two
    share = np.concatenate([cells / laid.cells[zone], rest[NODATA][at[1]], rest[OUTSIDE][at[2]]])
    words: list[Any] = [*number.tolist(), *[NODATA] * len(at[1]), *[OUTSIDE] * len(at[2])]
    table = pd.DataFrame(
        {
            "class": pd.Series(words, dtype=object),
            "class_name": [(names or {}).get(word, "") for word in words],
            "share": share,
            "area_m2": share * geodesic_area_m2(polygons)[np.concatenate(at)],
        }
    )
    key = pd.Series(zones.index.to_numpy()[np.concatenate(at)], dtype=zones.index.dtype)
    table.insert(0, zones.index.name or "zone", key)
    return table.iloc[np.argsort(np.concatenate(at), kind="stable")].reset_index(drop=True)


def _cells_by_class(zones: Zones) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.float64]]:
    """Cells of each class in each polygon, sorted by both."""
    raster = zones.raster

    def whole(window: Window, values: np.ma.MaskedArray[Any, Any]) -> NDArray[np.float64]:
        raster.refuse(window, ~values.mask & (values.data % 1 != 0), values.data, "is no whole number, and so no class")
        return values.data

    owners, numbers, amounts = [np.zeros(0, dtype=np.intp)], [np.zeros(0)], [np.zeros(0)]
    for part, found in zones.extract(["unique", "frac", "count"], whole):
        sizes = [len(some) for some in found["unique"]]
        if sum(sizes):
            owners.append(np.repeat(zones.owner[part], sizes))
            numbers.append(np.concatenate(found["unique"]))
            amounts.append(np.concatenate(found["frac"]) * np.repeat(np.array(found["count"], dtype=float), sizes))
    pairs = np.column_stack([np.concatenate(owners), np.concatenate(numbers).astype(np.int64)])
    some, at = np.unique(pairs, axis=0, return_inverse=True)
    cells = np.bincount(at.ravel(), weights=np.concatenate(amounts), minlength=len(some)).astype(float)
    return some[:, 0].astype(np.intp), some[:, 1], cells
