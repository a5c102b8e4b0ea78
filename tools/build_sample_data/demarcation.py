"""A border of the user's own: the embedded lines with one stretch that was, so the fiction goes, demarcated jointly."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import hazardgeo as hz

from .ground import CODES, PLANE, REACH_M, Ground, between

STRETCH = (0.446, 0.496)  # shares of the way along the border
SOURCE = "FICTIONAL joint demarcation"
VERSION = "2026-10-15, elsewhere OpenStreetMap {version}"
LICENCE = "ODbL-1.0"
EVIDENCE = "fictional joint demarcation, for this sample only"
OFFSET_M = 5.0


def demarcated(border: hz.BorderSet, ground: Ground) -> hz.BorderSet:
    """Cut the stretch out of the line, at vertices of its own, and say of it what a joint commission would.

    Parameters
    ----------
    border : hazardgeo.BorderSet
    ground : Ground

    Returns
    -------
    hazardgeo.BorderSet
        Only the asked countries' line, and the ground on either side of it as far as any sample hazard.
    """
    lines = between(border)
    if len(lines) != 1:
        raise RuntimeError(
            f"The border {border.title} has {len(lines)} lines between {CODES}; the cut is written for one."
        )
    parts = list(shapely.get_parts(shapely.line_merge(lines.geometry.iloc[0])))
    ends = shapely.points([ground.point(ground.at(share)) for share in STRETCH])
    first, last = shapely.get_coordinates(gpd.GeoSeries(ends, crs=PLANE).to_crs(4326).to_numpy())
    k = int(np.argmin([shapely.distance(part, shapely.Point(first)) for part in parts]))
    before, stretch, after = _cut(parts[k], first, last)
    rest = shapely.MultiLineString([*parts[:k], before, after, *parts[k + 1 :]])
    rows = pd.concat([lines, lines], ignore_index=True).set_geometry([rest, shapely.MultiLineString([stretch])])
    rows.loc[1, ["status", "offset_95_m", "offset_evidence"]] = ["demarcated", OFFSET_M, EVIDENCE]
    near = gpd.GeoSeries([shapely.buffer(shapely.simplify(ground.line, 500), REACH_M - 5000, quad_segs=4)], crs=PLANE)
    extent = shapely.intersection(shapely.set_precision(near.to_crs(4326).iloc[0], 1e-4), border.extent)
    version = VERSION.format(version=border.version)
    return replace(
        border, countries=_within(border.countries, extent), lines=rows, extent=extent, codes=tuple(sorted(CODES)),
        source=SOURCE, version=version, licence=LICENCE,
    )  # fmt: skip


def _cut(line: Any, first: np.ndarray[Any, Any], last: np.ndarray[Any, Any]) -> tuple[Any, Any, Any]:
    """Cut a line at its vertices nearest to two points, so that no vertex is made or moved."""
    xy = shapely.get_coordinates(line)
    i, j = sorted(int(np.argmin(np.hypot(*(xy - point).T))) for point in (first, last))
    return tuple(shapely.LineString(piece) for piece in (xy[: i + 1], xy[i : j + 1], xy[j:]))  # type: ignore[return-value]


def _within(countries: gpd.GeoDataFrame, extent: Any) -> gpd.GeoDataFrame:
    """Keep the ground within the extent; where it is cut, it is cut along the extent and nowhere else."""
    cut = shapely.intersection(countries.geometry.to_numpy(), extent)
    kept = countries.assign(complete=0).set_geometry([_ground_of(shape) for shape in cut])
    return kept[~kept.geometry.is_empty].reset_index(drop=True)


def _ground_of(shape: Any) -> Any:
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])
