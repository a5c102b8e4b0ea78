"""How well the corners of outlines are known, and how wide a strip that explains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.constants import NORMAL_95, VERTEX_SD_M
from hazardgeo.errors import GeometryError, named

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray


def vertex_sd(frame: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Standard deviation of each record's vertices [m], and whether the record states it.

    Raises
    ------
    GeometryError
        If one is negative or infinite.
    """
    if "vertex_sd_m" not in frame.columns:
        return np.full(len(frame), VERTEX_SD_M.value), np.zeros(len(frame), dtype=bool)
    stated = frame["vertex_sd_m"].to_numpy(dtype=float, na_value=np.nan)
    impossible = (stated < 0) | np.isinf(stated)
    if impossible.any():
        raise GeometryError(f"{named(frame.index[impossible])}: vertex_sd_m is negative or infinite. Correct it.")
    return np.where(np.isnan(stated), VERTEX_SD_M.value, stated), ~np.isnan(stated)


def place_sd(frame: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Standard deviation of where each record's vertices lie on the ground [m], and whether the record states its own.

    Besides the survey, the way to WGS 84 counts (``datum_accuracy_m``): it moves a record as a whole, so it widens every question
    of where the record lies, and none of how large it is. Where a record does not say how good that way was, nothing is added.

    Raises
    ------
    GeometryError
        As `vertex_sd`.
    """
    sd, stated = vertex_sd(frame)
    if "datum_accuracy_m" not in frame.columns:
        return sd, stated
    return np.hypot(sd, np.nan_to_num(frame["datum_accuracy_m"].to_numpy(dtype=float, na_value=np.nan))), stated


def sliver_m(sd_a: Any, sd_b: Any) -> Any:
    """Width of common ground that the accuracy of two outlines explains [m]: 1.96 · hypot of both.

    Examples
    --------
    >>> round(float(sliver_m(3.0, 4.0)), 2)
    9.8
    """
    return NORMAL_95.value * np.hypot(sd_a, sd_b)
