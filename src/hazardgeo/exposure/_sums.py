"""Sums and statistics of a raster under polygons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hazardgeo.constants import M2_PER_KM2
from hazardgeo.errors import FormatError
from hazardgeo.exposure._cell_area import cell_areas_m2
from hazardgeo.exposure._raster import Raster, Window, open_raster
from hazardgeo.exposure._zonal import Zones
from hazardgeo.measure import wgs84_polygons

if TYPE_CHECKING:
    import os

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

Kind = Literal["count", "density"]
KINDS = ("count", "density")


def raster_sum(
    zones: gpd.GeoDataFrame | gpd.GeoSeries, raster: str | os.PathLike[str] | Raster, *, kind: Kind
) -> pd.DataFrame:
    """Sum what a raster counts over each polygon, each cell by the exact share of it that the polygon covers.

    A sum over ground of which the raster knows only a part is no smaller than what it says: *at least*. Where it knows nothing,
    the sum is NaN, which is not 0. Polygons that overlap each count their common ground.

    Parameters
    ----------
    zones : geopandas.GeoDataFrame or geopandas.GeoSeries
        Polygons with a CRS.
    raster : path or Raster
        A GeoTIFF, or what `open_raster` gave of it.
    kind : {"count", "density"}
        What a cell holds: how many there are in it (people), or how many on each km² of it.

    Returns
    -------
    pandas.DataFrame
        The index of `zones`; ``sum``; ``covered_share`` (share of the polygon over cells that have a value), ``nodata_share``
        (over cells without; the rest lies outside the raster) and ``at_least`` (whether the polygon is not covered whole).
        NaN, with a covered share of 0, where no cell has a value; NaN throughout where there is no geometry.

    Raises
    ------
    FormatError
        If the raster cannot be used (`open_raster`), says that it holds the other kind, or a cell under a polygon cannot be
        read, is negative or is no finite number.
    CRSError, GeometryError
        If the polygons cannot be measured, or not be laid into the CRS of the raster by a known operation.

    Notes
    -----
    What a cell counts is taken to be spread evenly over it. Polygons are laid into the CRS of the raster, long edges first split
    on their geodesics; the raster is never resampled. A density counts on the true area of its cell on the ellipsoid, whatever
    the grid. It is read by tiles, each stored block once, so that its size does not matter.

    References
    ----------
    docs/explanation/exposure.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> people = raster_sum(hazards, hz.sample_data("fictional_population.tif"), kind="count")
    >>> bool((people["sum"] >= 0).all())
    True
    """
    import pandas as pd

    opened = open_raster(raster) if not isinstance(raster, Raster) else raster
    laid = Zones(wgs84_polygons(zones), opened)
    return pd.DataFrame(sums(laid, kind), index=zones.index)


def sums(zones: Zones, kind: Kind) -> dict[str, NDArray[Any]]:
    """Sum a raster of counts or densities over polygons that are laid onto it; columns of `raster_sum`."""
    if kind not in KINDS:
        raise FormatError(
            f"kind={kind!r} is not known. Say kind='count' (in each cell) or kind='density' (on each km²)."
        )
    _refuse_other_kind(zones.raster, kind)
    total, covered = np.zeros(zones.count), np.zeros(zones.count)
    raster = zones.raster

    def counted(window: Window, values: np.ma.MaskedArray[Any, Any]) -> NDArray[np.float64]:
        raster.refuse(window, ~values.mask & (values.data < 0), values.data, "is less than nothing")
        if kind == "count":
            return values.data
        return np.asarray(values.data * (cell_areas_m2(raster, window) / M2_PER_KM2.value))

    for part, found in zones.extract(["sum", "count"], counted):
        total += zones.add(part, np.array(found["sum"], dtype=float))
        covered += zones.add(part, np.array(found["count"], dtype=float))
    shares = zones.shares(covered)
    return {"sum": np.where(shares["covered_share"] > 0, total, np.nan), **shares}


_WORDS = {
    "density": re.compile(r"densit|per km|/ ?km|per sq|km\^?-2", re.IGNORECASE),
    "count": re.compile(r"\bcounts?\b|per (cell|pixel|grid)", re.IGNORECASE),
}


def _refuse_other_kind(raster: Raster, kind: Kind) -> None:
    """A density taken for a count is wrong by the area of a cell, and looks plausible."""
    said = {one for one, words in _WORDS.items() if words.search(raster.about)}
    if said and kind not in said:
        raise FormatError(
            f"{raster.path}: its band is called {raster.about!r}, which is no {kind}. Say kind={min(said)!r} "
            f"(--kind {min(said)}), or correct what the file says."
        )


def raster_stats(zones: gpd.GeoDataFrame | gpd.GeoSeries, raster: str | os.PathLike[str] | Raster) -> pd.DataFrame:
    """Describe the values of a raster under each polygon: mean, spread, least and greatest.

    Parameters
    ----------
    zones : geopandas.GeoDataFrame or geopandas.GeoSeries
        Polygons with a CRS.
    raster : path or Raster
        A GeoTIFF, or what `open_raster` gave of it.

    Returns
    -------
    pandas.DataFrame
        The index of `zones`; ``mean`` and ``sd`` (each cell weighs as much as the share of it that is covered), ``minimum`` and
        ``maximum`` (of all cells that are touched), in the raster's unit; ``covered_share``, ``nodata_share`` and ``at_least``
        as in `raster_sum`.

    Raises
    ------
    FormatError, CRSError, GeometryError
        As `raster_sum`; values may be negative.

    References
    ----------
    docs/explanation/exposure.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> stats = raster_stats(hazards, hz.sample_data("fictional_population.tif"))
    >>> bool((stats["minimum"] <= stats["mean"]).all() and (stats["mean"] <= stats["maximum"]).all())
    True
    """
    import pandas as pd

    opened = open_raster(raster) if not isinstance(raster, Raster) else raster
    laid = Zones(wgs84_polygons(zones), opened)
    covered, total, squares = np.zeros((3, laid.count))
    least, most = np.full(laid.count, np.inf), np.full(laid.count, -np.inf)
    for part, found in laid.extract(["count", "mean", "variance", "min", "max"]):
        cells, mean, variance, low, high = (np.array(column, dtype=float) for column in found.values())
        some = cells > 0
        covered += laid.add(part, cells)
        total += laid.add(part[some], (cells * mean)[some])
        squares += laid.add(part[some], (cells * (variance + mean**2))[some])
        np.minimum.at(least, laid.owner[part[some]], low[some])
        np.maximum.at(most, laid.owner[part[some]], high[some])
    shares = laid.shares(covered)
    known = np.where(shares["covered_share"] > 0, covered, np.nan)
    mean = total / known
    spread = {"sd": np.sqrt(np.maximum(squares / known - mean**2, 0))}
    ends = {"minimum": np.where(np.isinf(least), np.nan, least), "maximum": np.where(np.isinf(most), np.nan, most)}
    return pd.DataFrame({"mean": mean, **spread, **ends, **shares}, index=zones.index)
