"""A small base map for offline maps: countries that share their simplified lines, and places."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import box

from .config import Config
from .errors import require
from .natural_earth import read_countries
from .planes import METRES_PER_DEGREE

_PLACES = Path(__file__).with_name("populated_places.csv")
_DIGITS = 5


def _names(frame_codes: list[str], names: dict[str, str]) -> list[str]:
    return [names.get(code, code) for code in frame_codes]


def countries(folder: Path, names: dict[str, str], config: Config) -> gpd.GeoDataFrame:
    """Countries of each extent, simplified as one coverage.

    Parameters
    ----------
    folder : Path
        The unpacked Natural Earth.
    names : dict
        Code to English name.
    config : Config

    Returns
    -------
    GeoDataFrame
        ``extent code name`` and geometry; a country that reaches into two extents has two rows.
    """
    frames = []
    for extent, limits in sorted(config.basemap_extents.items()):
        found = read_countries(folder, limits, config)
        clipped = shapely.intersection(np.array(list(found.values())), box(*limits))
        simple = shapely.coverage_simplify(clipped, config.basemap_tolerance_m / METRES_PER_DEGREE)
        rounded = shapely.transform(simple, lambda c: np.round(c, _DIGITS))
        require(bool(shapely.coverage_is_valid(rounded)), f"{extent}: the base map is not a valid coverage")
        rows = {"extent": extent, "code": list(found), "name": _names(list(found), names)}
        parts = [shapely.multipolygons(_polygons(g)) for g in rounded]
        frames.append(gpd.GeoDataFrame(rows, geometry=parts, crs=4326))
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=4326).loc[lambda f: ~f.is_empty]


def _polygons(geometry: shapely.Geometry) -> np.ndarray:
    parts = shapely.get_parts(shapely.normalize(geometry))
    return parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]


def places(config: Config) -> gpd.GeoDataFrame:
    """Populated places in the extents, with their country, rank and population as Natural Earth gives them."""
    table = pd.read_csv(_PLACES, keep_default_na=False).assign(code=lambda t: t["code"].replace(config.ne_codes))
    points = shapely.points(table[["lon", "lat"]].to_numpy())
    frame = gpd.GeoDataFrame(table.drop(columns=["lon", "lat"]), geometry=points, crs=4326)
    inside = shapely.intersects(shapely.union_all([box(*e) for e in config.basemap_extents.values()]), frame.geometry)
    return frame[inside].sort_values(["code", "name", "pop_max"]).reset_index(drop=True)
