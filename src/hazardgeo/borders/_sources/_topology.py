"""Whether the countries and the lines of somebody's border belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from hazardgeo.errors import BorderError, named
from hazardgeo.measure import geodesic_area_m2
from hazardgeo.overlay import pairs_that_touch, polygonal

if TYPE_CHECKING:
    import geopandas as gpd


def refuse_stray_lines(lines: gpd.GeoDataFrame, countries: gpd.GeoDataFrame, path: str) -> None:
    """Refuse a line that leaves the edge of a country it names by more than it may be off: it is another version."""
    for line in lines.itertuples():
        corners = shapely.points(shapely.get_coordinates(line.geometry))
        # In degrees, generously: this is to find a line of another survey, not to measure.
        slack = (
            1.5
            * float(line.offset_95_m)
            / (111_000 * max(0.01, np.cos(np.radians(np.abs(shapely.get_y(corners)).max()))))
        )
        for code in (line.country_a, line.country_b):
            edge = shapely.boundary(shapely.union_all(countries.geometry[countries["code"] == code].to_numpy()))
            shapely.prepare(edge)
            stray = ~shapely.dwithin(edge, corners, slack)
            if not edge.is_empty and stray.any():
                lon, lat = shapely.get_coordinates(corners)[stray][0]
                raise BorderError(
                    f"{path}: the line {line.country_a}–{line.country_b} leaves the edge of {code} by more than its offset "
                    f"({line.offset_95_m:g} m), first at {lon:.4f} E, {lat:.4f} N. Lines and countries must be of one version."
                )


def refuse_overlap(countries: gpd.GeoDataFrame, path: str) -> None:
    """Refuse countries that hold common ground, which belongs to a row of its own."""
    shapes = countries.geometry.to_numpy()
    a, b = pairs_that_touch(shapes, shapes)
    for i, j in zip(a[a < b], b[a < b], strict=True):
        common = shapely.intersection(shapes[i], shapes[j])
        area = float(geodesic_area_m2(np.array([polygonal(common)], dtype=object)).sum())
        if area > 1:  # shared edges leave crumbs of rounding far below a square metre
            pair = named([countries["code"].iloc[i], countries["code"].iloc[j]])
            raise BorderError(
                f"{path}: {pair} overlap by {area:,.0f} m². Cut the ground that both claim out as 'disputed'."
            )
