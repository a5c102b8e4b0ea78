"""What lies inside the zones of munitions sites, on whose side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders import split_by_country
from hazardgeo.crs import GEOD, WGS84, to_wgs84
from hazardgeo.exposure import people_by_side
from hazardgeo.measure import geodesic_area_m2, wgs84_polygons
from hazardgeo.overlay import ground_around, plane_of, polygonal
from hazardgeo.schema import require

if TYPE_CHECKING:
    import os

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders import BorderSet
    from hazardgeo.exposure import Raster
    from hazardgeo.exposure._sums import Kind

_ABOUT_M = 1.0  # what has no width is given one, so that it can be asked on whose side it lies


def zone_sides(zones: gpd.GeoDataFrame, border: BorderSet) -> pd.DataFrame:
    """Tell how much of each zone lies on whose side of a border: low, best and high.

    Parameters
    ----------
    zones : geopandas.GeoDataFrame
        As `safety_zones` gives them; ``vertex_sd_m`` of the building's place where known, else 10 m is taken (an
        unverified default).
    border : BorderSet

    Returns
    -------
    pandas.DataFrame
        One row a zone and side: ``depot_id``, ``protects``, ``distance_m``, ``side``, ``abroad`` (whether that side is another
        country than the depot's, where that is known), ``area_low_m2``, ``area_m2``, ``area_high_m2``. A zone that could
        not be drawn has a row with side ``no_country`` and NaN.

    Raises
    ------
    SchemaError
        If a column is missing.
    BorderError
        If the countries of the border overlap.

    References
    ----------
    `hazardgeo.borders.split_by_country`; docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, hazardgeo as hz
    >>> depots = gpd.GeoDataFrame(
    ...     {"country": ["HRV"], "net_explosive_quantity_kg": [1000.0]},
    ...     geometry=gpd.points_from_xy([16.0], [45.6]), index=["D-1"], crs="EPSG:4326",
    ... )
    >>> zones = hz.depots.safety_zones(depots, protects=["C"])
    >>> zone_sides(zones, hz.borders.load("HRV", "BIH"))[["side", "abroad"]].values.tolist()
    [['HRV', False]]
    """
    require(zones, "depot_id", "protects", "distance_m", what="zones")
    sides = split_by_country(zones.set_axis(range(len(zones))), border)
    at = sides["hazard_id"].to_numpy(dtype=np.intp)
    table = _rows(zones, at)
    table["side"] = sides["side"].to_numpy()
    home = zones["country"].to_numpy()[at] if "country" in zones.columns else table["side"].to_numpy()
    table["abroad"] = table["side"].isin(border.countries["code"]).to_numpy() & (table["side"].to_numpy() != home)
    for name in ("area_low_m2", "area_m2", "area_high_m2"):
        table[name] = sides[name].to_numpy()
    return table


def inside_zones(zones: gpd.GeoDataFrame, things: gpd.GeoDataFrame, *, border: BorderSet | None = None) -> pd.DataFrame:
    """List what lies inside each zone: places, buildings, roads, crossings, or the border's own lines.

    What is on the list is inside the zone as drawn, which is a little too large. What is not on the list may still be there:
    the layer may not show it.

    Parameters
    ----------
    zones : geopandas.GeoDataFrame
        As `safety_zones` gives them.
    things : geopandas.GeoDataFrame
        Points, lines or polygons with a CRS and a unique index; ``border.asked_lines`` are such.
    border : BorderSet, optional
        Tells on whose side each thing lies.

    Returns
    -------
    pandas.DataFrame
        One row a zone and thing: ``depot_id``, ``protects``, ``distance_m`` (of the zone), ``thing`` (its index), ``length_m``
        (of a line, inside), ``area_m2`` (of a polygon, inside; both geodesic, NaN where it is another kind), and with a border
        ``side``: every side that the part inside lies on or may lie on, joined by ``;``.

    Raises
    ------
    SchemaError
        If there is no CRS, an id stands twice, or a column is missing.
    CRSError
        If the things cannot be brought to WGS 84.

    References
    ----------
    docs/how_to/munitions_sites.md of this project.

    Examples
    --------
    >>> import geopandas as gpd
    >>> depots = gpd.GeoDataFrame(
    ...     {"net_explosive_quantity_kg": [1000.0], "hazard_division": ["1.1"]},
    ...     geometry=gpd.points_from_xy([51.0], [49.0]), index=["D-1"], crs="EPSG:4326",
    ... )
    >>> school = gpd.GeoDataFrame(geometry=gpd.points_from_xy([51.003], [49.0]), index=["School"], crs="EPSG:4326")
    >>> from hazardgeo.depots import safety_zones
    >>> inside_zones(safety_zones(depots), school)[["protects", "thing"]].values.tolist()
    [['A', 'School'], ['B', 'School'], ['C', 'School']]
    """
    import pandas as pd

    require(zones, "depot_id", "protects", "distance_m", what="zones")
    require(things, what="things")
    shapes, others = wgs84_polygons(zones), _placed(things)
    at, which = (found for found in shapely.STRtree(others).query(shapes, predicate="intersects"))
    order = np.lexsort((which, at))
    at, which = at[order], which[order]
    pieces = np.array([_piece(shapes[i], others[k]) for i, k in zip(at, which, strict=True)], dtype=object)
    dimension = shapely.get_dimensions(others[which])
    table = _rows(zones, at)
    table["thing"] = things.index.to_numpy()[which]
    lengths = [
        GEOD.geometry_length(piece) if dim == 1 else np.nan for piece, dim in zip(pieces, dimension, strict=True)
    ]
    table["length_m"] = pd.Series(lengths, index=table.index, dtype=float)
    table["area_m2"] = np.where(dimension == 2, geodesic_area_m2(_grounds(pieces, dimension)), np.nan)
    if border is not None:
        table["side"] = _sides(pieces, border)
    return table


def people_inside(
    zones: gpd.GeoDataFrame,
    population: str | os.PathLike[str] | Raster,
    border: BorderSet | None = None,
    *,
    kind: Kind = "count",
) -> pd.DataFrame:
    """Count the people inside each zone, on either side of a border.

    It says how many the raster puts there; zones of one site lie in each other, so that their people do not add up.

    Parameters
    ----------
    zones : geopandas.GeoDataFrame
        As `safety_zones` gives them.
    population : path or Raster
        A GeoTIFF of people, or what `hazardgeo.exposure.open_raster` gave of it.
    border : BorderSet, optional
        Tells on whose side they live.
    kind : {"count", "density"}
        Whether a cell holds the people in it, or those on each km² of it.

    Returns
    -------
    pandas.DataFrame
        One row a zone and side: ``depot_id``, ``protects``, ``distance_m``, ``side``, ``people_low``, ``people``,
        ``people_high``, ``covered_share``, ``nodata_share``, ``at_least`` (`hazardgeo.exposure.people_by_side`). NaN where the
        zone could not be drawn or the raster knows nothing of it.

    Raises
    ------
    SchemaError
        If a column is missing.
    FormatError, CRSError, GeometryError, BorderError
        If the raster or the border cannot be used.

    References
    ----------
    docs/explanation/exposure.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, hazardgeo as hz
    >>> depots = gpd.GeoDataFrame(
    ...     {"net_explosive_quantity_kg": [1000.0]}, geometry=gpd.points_from_xy([16.0], [45.6]), index=["D-1"], crs="EPSG:4326"
    ... )
    >>> zones = hz.depots.safety_zones(depots, protects=["A"])
    >>> people_inside(zones, hz.sample_data("fictional_population.tif"))[["depot_id", "side"]].values.tolist()
    [['D-1', 'not_asked']]
    """
    require(zones, "depot_id", "protects", "distance_m", what="zones")
    found = people_by_side(zones.set_axis(range(len(zones))).rename_axis("zone"), population, border, kind=kind)
    at = found.pop("zone").to_numpy(dtype=np.intp)
    return _rows(zones, at).join(found.reset_index(drop=True))


def _rows(zones: gpd.GeoDataFrame, at: NDArray[np.intp]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: zones[name].array[at] for name in ("depot_id", "protects", "distance_m")})


def _placed(things: gpd.GeoDataFrame) -> NDArray[Any]:
    shapes = np.asarray(things.geometry.array, dtype=object)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    placed = np.full(len(shapes), None, dtype=object)
    if there.any():
        placed[there] = to_wgs84(shapes[there], things.crs, "the things")[0]
    return placed


def _piece(zone: Any, thing: Any) -> Any:
    """The part of a thing that lies in a zone: cut in a plane, since edges are geodesics."""
    if thing.geom_type == "Point":
        return thing
    plane = plane_of(np.array([zone]))
    return plane.unproject(shapely.intersection(plane.project(zone), plane.project(thing)))


def _grounds(pieces: NDArray[Any], dimension: NDArray[Any]) -> NDArray[Any]:
    grounds = np.full(len(pieces), None, dtype=object)
    for at in np.flatnonzero(dimension == 2):
        grounds[at] = polygonal(pieces[at])
    return grounds


def _sides(pieces: NDArray[Any], border: BorderSet) -> list[str]:
    import geopandas as gpd

    about = gpd.GeoDataFrame(geometry=ground_around(pieces, np.full(len(pieces), _ABOUT_M)), crs=WGS84)
    sides = split_by_country(about, border).groupby("hazard_id")["side"]
    names = sides.agg(lambda found: ";".join(sorted(set(found))))
    return [str(names[at]) for at in range(len(pieces))]
