"""How well the corners of outlines are known, and how wide a strip that explains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.constants import DATUM_CLAIM_M, NORMAL_95, VERTEX_SD_M
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
    of where the record lies, and none of how large it is. Where the way is named and nobody claims how good it is, 100 m are
    taken (`DATUM_CLAIM_M`, the worst claim that counts as one); where a record says nothing of a way, nothing is added.

    Raises
    ------
    GeometryError
        As `vertex_sd`.
    """
    sd, stated = vertex_sd(frame)
    if "datum_accuracy_m" not in frame.columns:
        return sd, stated
    claimed = frame["datum_accuracy_m"].to_numpy(dtype=float, na_value=np.nan)
    has_way = np.zeros(len(frame), dtype=bool)
    if "datum_operation" in frame.columns:
        has_way = np.array([isinstance(name, str) and bool(name) for name in frame["datum_operation"]], dtype=bool)
    return np.hypot(sd, np.where(np.isnan(claimed), np.where(has_way, DATUM_CLAIM_M.value, 0.0), claimed)), stated


def sliver_m(sd_a: Any, sd_b: Any) -> Any:
    """Width of common ground that the accuracy of two outlines explains [m]: 1.96 · hypot of both.

    Examples
    --------
    >>> round(float(sliver_m(3.0, 4.0)), 2)
    9.8
    """
    return NORMAL_95.value * np.hypot(sd_a, sd_b)
