"""Settlements, crossings and accidents of a region, for criteria to be worked out from: all of them fictional."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import hazardgeo as hz

from .attributes import CONFIDENTIALITY, SOURCE
from .ground import lonlat
from .regions import REGIONS

PLACES = ("southeast_europe",)
"""Regions with a file of places."""
REGISTER = "FICTIONAL-REGION"
_FROM_EDGE_M = {"settlement": (150.0, 4500.0), "accident": (0.0, 350.0)}
_CLEAR_OF_HAZARDS_M = 100.0
_EVERY = {"settlement": 2, "crossing": 7, "accident": 4}
_TRIES = 200


def build(name: str, hazards: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Make the places of a region.

    Parameters
    ----------
    name : str
        Of one of `PLACES`.
    hazards : geopandas.GeoDataFrame
        Of that region.
    rng : numpy.random.Generator

    Returns
    -------
    geopandas.GeoDataFrame
        Points in longitude and latitude, with ``kind`` (*place* or *accident*) and, of places, ``place`` (*settlement* or
        *crossing*).
    """
    border = hz.borders.load(*REGIONS[name].codes, source="osm")
    plane = hazards.estimate_utm_crs()
    shapes, line = hazards.to_crs(plane).geometry.to_numpy(), border.asked_lines.to_crs(plane).geometry.union_all()
    rows: list[dict[str, Any]] = []
    for what, every in _EVERY.items():
        for shape in shapes[::every]:
            at = _on_line(line, shape, rng) if what == "crossing" else _beside(shape, shapes, what, rng)
            rows.append({"what": what, "geometry": at})
    frame = gpd.GeoDataFrame(rows, crs=plane)
    return _with_attributes(lonlat(frame), border, rng)


def _on_line(line: Any, shape: Any, rng: np.random.Generator) -> Any:
    """A place on the border some way along from where a hazard is nearest to it."""
    parts = shapely.get_parts(shapely.line_merge(line))
    part = parts[np.argmin(shapely.distance(parts, shape))]
    along = shapely.line_locate_point(part, shape.centroid) + rng.uniform(-3000, 3000)
    return shapely.line_interpolate_point(part, min(max(along, 0.0), part.length))


def _beside(shape: Any, shapes: Any, what: str, rng: np.random.Generator) -> Any:
    """A place at some distance from a hazard's edge; a village lies clear of all of them."""
    near, far = _FROM_EDGE_M[what]
    for _ in range(_TRIES):
        angle, reach = rng.uniform(0, 2 * math.pi), rng.uniform(near, far)
        edge = shapely.get_coordinates(shape)[rng.integers(shapely.get_num_coordinates(shape))]
        at = shapely.Point(edge + reach * np.array([math.cos(angle), math.sin(angle)]))
        if what == "accident" or shapely.distance(shapes, at).min() > _CLEAR_OF_HAZARDS_M:
            return at
    raise RuntimeError("No place is left beside a hazard. Allow more tries.")


def _with_attributes(frame: gpd.GeoDataFrame, border: hz.BorderSet, rng: np.random.Generator) -> gpd.GeoDataFrame:
    countries = border.countries
    code = [str(countries["code"].iloc[int(np.argmin(shapely.distance(countries.geometry.to_numpy(), at)))])
            for at in frame.geometry]  # fmt: skip
    accident = (frame["what"] == "accident").to_numpy()
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1826, len(frame)), unit="D")
    # One accident of which nobody noted the day, as there always is.
    dated = accident & (np.arange(len(frame)) != np.flatnonzero(accident)[2])
    data = {
        "register": REGISTER,
        "country": [one if len(one) == 3 else "unstated" for one in code],
        "kind": np.where(accident, "accident", "place"),
        "place": np.where(accident, "", frame["what"]),
        "date_of_information": np.where(dated, days, pd.NaT),
        "source": SOURCE,
        "confidentiality": CONFIDENTIALITY,
    }
    ids = [f"P-{i:03}" for i in range(1, len(frame) + 1)]
    made = gpd.GeoDataFrame(data, geometry=frame.geometry.to_numpy(), crs=4326, index=pd.Index(ids, name="point_id"))
    return made.assign(date_of_information=pd.to_datetime(made["date_of_information"]))
