"""How much of each hazard lies on whose side, as a range."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._local import (
    Line,
    LocalBorder,
    band,
    half_width_m,
    local_borders,
    not_kept_apart,
)
from hazardgeo.borders._seam import seams_of_records
from hazardgeo.measure import geodesic_area_m2, wgs84_polygons
from hazardgeo.overlay import place_sd
from hazardgeo.schema import require

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from hazardgeo.borders._set import BorderSet

_COLUMNS = (
    "hazard_id",
    "side",
    "area_low_m2",
    "area_m2",
    "area_high_m2",
    "plane_area_m2",
    "whole_area_m2",
    "half_width_m",
)


def split_by_country(hazards: gpd.GeoDataFrame, border: BorderSet) -> pd.DataFrame:
    """Tell how much of each hazard lies on whose side: low, best and high.

    *Best* takes the drawn line as true. *Low* is what lies on a side whatever the line and the outline may be off;
    *high* is what may lie there. The sides of a hazard's best areas sum to its reference area.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index; ``vertex_sd_m`` where known, else 10 m is taken (an unverified default);
        ``datum_accuracy_m`` where known.
    border : BorderSet

    Returns
    -------
    pandas.DataFrame
        A row for each hazard and each side that it lies on or may lie on: ``hazard_id``, ``side`` (a country code,
        ``disputed``, ``undetermined``, ``no_country`` or ``beyond_extent``), ``area_low_m2``, ``area_m2``,
        ``area_high_m2`` [m²], ``plane_area_m2`` (the piece as measured in its plane), ``whole_area_m2`` (the
        hazard's reference area), ``half_width_m`` [m] of the band about the line, NaN where no line is near, ``seam_m``
        (the largest distance along the border between the record's way to WGS 84 and another's, `datum_seams`).
        A hazard without geometry has one row with side ``no_country`` and NaN areas: it is not lost, and not measured.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If the hazards cannot be measured or an id stands twice.
    BorderError
        If the countries of the border overlap.

    Notes
    -----
    The local displacement of the line decides for one hazard: with the band of half-width w = hypot(u, 1.96 sd, 1.96 d)
    about the line, low of side A is the hazard on A outside the band, high of A is that on A or within the band,
    so that low of A and high of B sum to the whole. Over many hazards offsets are neither equal nor independent;
    `side_totals` gives the fully correlated range.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> sides = hz.borders.split_by_country(hazards, hz.borders.load("HRV", "BIH"))
    >>> bool((sides["area_low_m2"] <= sides["area_m2"]).all() and (sides["area_m2"] <= sides["area_high_m2"]).all())
    True
    """
    import pandas as pd

    require(hazards)
    polygons = wgs84_polygons(hazards)
    whole = geodesic_area_m2(polygons)
    sd, _ = place_sd(hazards)
    rows: list[tuple[Any, ...]] = [
        (i, "no_country", *[math.nan] * 6) for i in np.flatnonzero(shapely.is_missing(polygons))
    ]
    reach = half_width_m(float(border.lines["offset_95_m"].max()), float(sd.max(initial=0)))
    for local, members in local_borders(border, border.lines, polygons, reach):
        for i, shape in zip(members, local.plane.project(polygons[members]), strict=True):
            rows += [(i, *row) for row in _sides(local, shape, float(whole[i]), float(sd[i]))]
    rows.sort(key=lambda row: (row[0], row[1]))
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    at = table["hazard_id"].to_numpy(dtype=int)
    return table.assign(hazard_id=hazards.index.to_numpy()[at], seam_m=seams_of_records(hazards, border)[at])


def _sides(local: LocalBorder, shape: Any, whole: float, sd: float) -> list[tuple[Any, ...]]:
    pieces = local.pieces(shape)
    flat = {side: float(shapely.area(piece)) for side, piece in pieces.items()}
    scale = whole / math.fsum(flat.values())
    widths = [(line, half_width_m(line.offset_95_m, sd)) for line in local.lines]
    near = [(line, width) for line, width in widths if shapely.dwithin(line.shape, shape, width)]
    reachable = {side for line, _ in near for side in (line.country_a, line.country_b)} & set(local.sides)
    width = max((width for _, width in near), default=math.nan)
    unsure = not_kept_apart({side: piece for side, piece in pieces.items() if side in local.sides}, widths, shape)
    rows = []
    for side in sorted(reachable | set(flat)):
        best = flat.get(side, 0.0)
        low, high = _range(pieces.get(side), shape, side, near, best)
        if side in unsure:
            low, high = 0.0, math.fsum(flat.values())
        rows.append((side, low * scale, best * scale, high * scale, best, whole, width))
    return rows


def _range(piece: Any, shape: Any, side: str, near: list[tuple[Line, float]], best: float) -> tuple[float, float]:
    """Area of a shape that is on a side for certain, and that may be, in the plane."""
    # Ground of no country, and ground beyond the set, is bounded by whatever line is near.
    nobodys = side in ("no_country", "beyond_extent")
    strip = band([(line, width) for line, width in near if nobodys or line.borders_on(side)], shape)
    if strip.is_empty:
        return best, best
    low = 0.0 if piece is None else float(shapely.area(shapely.difference(piece, strip)))
    other = shape if piece is None else shapely.difference(shape, piece)
    return min(low, best), best + float(shapely.area(shapely.intersection(other, strip)))


def side_totals(sides: pd.DataFrame) -> pd.DataFrame:
    """Sum a split by side, with the range that holds if all lines are off the same way.

    Parameters
    ----------
    sides : pandas.DataFrame
        As `split_by_country` gives it.

    Returns
    -------
    pandas.DataFrame
        Index ``side``: ``hazards`` (how many lie or may lie there), ``area_low_m2``, ``area_m2``, ``area_high_m2``
        [m²]. The range is the fully correlated one, the widest: lows and highs summed.

    Raises
    ------
    KeyError
        If `sides` is no such table.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import pandas as pd
    >>> one = dict(hazard_id=["a", "a"], side=["BIH", "HRV"], area_low_m2=[1.0, 0.0], area_m2=[2.0, 1.0], area_high_m2=[3.0, 2.0])
    >>> side_totals(pd.DataFrame(one))["area_high_m2"].tolist()
    [3.0, 2.0]
    """
    groups = sides.groupby("side", sort=True, dropna=False)
    areas = groups[["area_low_m2", "area_m2", "area_high_m2"]].sum(min_count=1)
    areas.insert(0, "hazards", groups["hazard_id"].nunique())
    return areas
