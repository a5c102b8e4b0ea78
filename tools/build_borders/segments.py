"""The edges of polygons as a table: which two polygons share which edge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

_ENDS = ["x0", "y0", "x1", "y1"]


def _edges(geometry: shapely.Geometry) -> NDArray[np.float64]:
    rings = shapely.get_rings(shapely.get_parts(geometry))
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[1:] == ring[:-1]
    return np.hstack([coords[:-1][inside], coords[1:][inside]])


def canonical(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Edges with their ends in one order, so that the same edge of two neighbours is the same row."""
    start, end = edges[:, :2], edges[:, 2:]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    return np.where(swap[:, None], np.hstack([end, start]), edges)


def edge_table(geometries: Sequence[shapely.Geometry]) -> pd.DataFrame:
    """Every edge of every polygon.

    Returns
    -------
    DataFrame
        Columns ``x0 y0 x1 y1 owner``, owner being the place of the polygon in `geometries`.
    """
    tables = [canonical(_edges(geometry)) for geometry in geometries]
    owners = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    return pd.DataFrame(np.vstack(tables), columns=_ENDS).assign(owner=owners)


def shared_edges(geometries: Sequence[shapely.Geometry]) -> pd.DataFrame:
    """The edges that exactly two polygons have in common.

    Returns
    -------
    DataFrame
        Columns ``x0 y0 x1 y1 a b`` with a < b.
    """
    grouped = edge_table(geometries).groupby(_ENDS, sort=True)["owner"].agg(["min", "max", "size"]).reset_index()
    shared = grouped[(grouped["size"] == 2) & (grouped["min"] != grouped["max"])]
    return shared.rename(columns={"min": "a", "max": "b"})[[*_ENDS, "a", "b"]].reset_index(drop=True)


def as_lines(edges: pd.DataFrame) -> NDArray[np.object_]:
    """One two-point line for each row."""
    return shapely.linestrings(edges[_ENDS].to_numpy().reshape(-1, 2, 2))


def edge_lengths_m(edges: pd.DataFrame, geod) -> NDArray[np.float64]:
    """Geodesic length of each row."""
    x0, y0, x1, y1 = edges[_ENDS].to_numpy().T
    return np.asarray(geod.inv(x0, y0, x1, y1)[2])
