"""Borders and hazards whose answers are known by hand."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from hazardgeo.borders import BorderSet

LON, SOUTH, NORTH = 16.0, 44.5, 46.0


def fine(shape: object) -> object:
    """The shape with a vertex at least every 0.01°, as embedded borders have, so that parallels stay parallels."""
    return shapely.segmentize(shape, 0.01)


def meridian_border(offset_95_m: float = 100.0, **changes: object) -> BorderSet:
    """AAA west and BBB east of the meridian 16° E, from 44.5° to 46° N; a meridian is a geodesic."""
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "BBB"], "name": ["A", "B"], "claimants": ["", ""]},
        geometry=[fine(shapely.box(15, SOUTH, LON, NORTH)), fine(shapely.box(LON, SOUTH, 17, NORTH))],
        crs=4326,
    )
    lines = gpd.GeoDataFrame(
        {
            "country_a": ["AAA"],
            "country_b": ["BBB"],
            "status": ["agreed"],
            "claimants": [""],
            "offset_95_m": [offset_95_m],
            "offset_evidence": ["by construction"],
        },
        geometry=[shapely.LineString([(LON, SOUTH), (LON, NORTH)])],
        crs=4326,
    )
    parts: dict[str, object] = {
        "countries": countries,
        "lines": lines,
        "extent": fine(shapely.box(15, SOUTH, 17, NORTH)),
        "codes": ("AAA", "BBB"),
        "source": "by hand",
        "version": "2026-01-01",
        "licence": "none",
        "attribution": "",
    }
    return BorderSet(**(parts | changes))  # type: ignore[arg-type]


def hazards_of(*shapes: object, register: str = "REG", **columns: object) -> gpd.GeoDataFrame:
    """Hazards h0, h1, … with what the schema requires."""
    data = {"register": register, "country": "AAA", "classification": "SHA", "work_status": "open"} | columns
    index = pd.Index([f"h{i}" for i in range(len(shapes))], name="hazard_id", dtype=object)
    return gpd.GeoDataFrame(data, geometry=list(shapes), index=index, crs=4326)
