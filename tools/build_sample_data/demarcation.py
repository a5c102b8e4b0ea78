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
FIELD = ("bias_east_m", "bias_north_m", "common_sd_m", "local_sd_m", "correlation_km")


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
    parts = shapely.get_parts(shapely.line_merge(shapely.union_all(lines.geometry.to_numpy())))
    ends = shapely.points([ground.point(ground.at(share)) for share in STRETCH])
    first, last = shapely.get_coordinates(gpd.GeoSeries(ends, crs=PLANE).to_crs(4326).to_numpy())
    stretch = _between(min(parts, key=lambda part: shapely.distance(part, shapely.Point(first))), first, last)
    rest = [_lines_of(shapely.difference(line, stretch)) for line in lines.geometry]
    rows = pd.concat([lines, lines.iloc[:1]], ignore_index=True).set_geometry(
        [*rest, shapely.MultiLineString([stretch])]
    )
    said = {
        "status": "demarcated",
        "offset_95_m": OFFSET_M,
        "offset_evidence": EVIDENCE,
        "stretch": "",
        "field_evidence": "",
    }
    rows.loc[len(lines), list(said)] = list(said.values())
    rows.loc[len(lines), list(FIELD)] = np.nan
    near = gpd.GeoSeries([shapely.buffer(shapely.simplify(ground.line, 500), REACH_M - 5000, quad_segs=4)], crs=PLANE)
    extent = shapely.intersection(shapely.set_precision(near.to_crs(4326).iloc[0], 1e-4), border.extent)
    version = VERSION.format(version=border.version)
    return replace(
        border, countries=_within(border.countries, extent), lines=rows, extent=extent, codes=tuple(sorted(CODES)),
        source=SOURCE, version=version, licence=LICENCE,
    )  # fmt: skip


def _between(line: Any, first: np.ndarray[Any, Any], last: np.ndarray[Any, Any]) -> Any:
    """The stretch of a line between its vertices nearest to two points, so that no vertex is made or moved."""
    xy = shapely.get_coordinates(line)
    i, j = sorted(int(np.argmin(np.hypot(*(xy - point).T))) for point in (first, last))
    return shapely.LineString(xy[i : j + 1])


def _lines_of(shape: Any) -> Any:
    return shapely.multilinestrings(shapely.get_parts(shapely.line_merge(shape)))


def _within(countries: gpd.GeoDataFrame, extent: Any) -> gpd.GeoDataFrame:
    """Keep the ground within the extent; where it is cut, it is cut along the extent and nowhere else."""
    cut = shapely.intersection(countries.geometry.to_numpy(), extent)
    kept = countries.assign(complete=0).set_geometry([_ground_of(shape) for shape in cut])
    return kept[~kept.geometry.is_empty].reset_index(drop=True)


def _ground_of(shape: Any) -> Any:
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])
