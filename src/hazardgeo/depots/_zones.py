"""Zones about munitions sites, and what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import WGS84, to_wgs84
from hazardgeo.depots._distance import Stored, distance, divisions_of, refuse_quantities
from hazardgeo.depots._table import DistanceTable, as_table
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay import common_area_m2, ground_around, pairs_that_touch
from hazardgeo.schema import require

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

QUANTITY = "net_explosive_quantity_kg"
PLANNING_AID = "Planning aid, not a licence."


def safety_zones(
    depots: gpd.GeoDataFrame,
    table: DistanceTable | str | os.PathLike[str] = "Finland",
    *,
    protects: Sequence[str] = (),
    columns: Sequence[str] = (),
) -> gpd.GeoDataFrame:
    """Draw the zone that each kind of object must keep out of, about every storage building.

    Planning aid, not a licence. Ground outside a zone is not safe from everything: fragments fly further, and a register may
    not tell all that is stored. A zone tells its quantity to whoever knows the table: whom you give it to, you tell.

    Parameters
    ----------
    depots : geopandas.GeoDataFrame
        Storage buildings, polygons or points with a CRS and a unique index; ``net_explosive_quantity_kg`` [kg], and where
        known ``hazard_division`` (such as ``1.1`` or ``1.1; 1.3``), ``barricaded`` and ``projection`` (True or False).
    table : DistanceTable, str or path
        A table, the name of one that comes with the library, or a TOML file (`read_table`).
    protects : sequence of str
        Objects of the table; all of them unless given.
    columns : sequence of str
        Columns of the depots to take along. Quantities, divisions and names are left behind unless named here.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a depot and object: ``depot_id``, ``country`` where the depots have it, ``protects``, ``object`` (its words),
        ``distance_m``, ``rule``, ``note``, ``table``, ``source``, ``grade``, what `columns` names; polygons in EPSG:4326 that
        hold every place within the geodesic distance of the building's edge. A depot whose quantity is not known has its rows,
        with NaN and without a zone.

    Raises
    ------
    SchemaError
        If there is no CRS, an id stands twice, or the quantity has no column.
    CRSError, GeometryError
        If a building cannot be brought to WGS 84, or a distance is above 50 km.
    HazardgeoError
        If a quantity is negative or infinite or in another unit, or the table has no such object.

    References
    ----------
    The table's own source, in each row.

    Examples
    --------
    >>> import geopandas as gpd
    >>> depots = gpd.GeoDataFrame(
    ...     {"net_explosive_quantity_kg": [1000.0], "hazard_division": ["1.1"]},
    ...     geometry=gpd.points_from_xy([51.0], [49.0]), index=["D-1"], crs="EPSG:4326",
    ... )
    >>> safety_zones(depots, "Finland", protects=["C"])[["depot_id", "distance_m", "rule"]].round(6).values.tolist()
    [['D-1', 220.0, '22·∛Q']]
    """
    import geopandas as gpd
    import pandas as pd

    _refuse_units(depots)
    require(depots, QUANTITY, *columns, what="depots")
    found = as_table(table)
    objects = tuple(protects) or tuple(found.objects)
    if unknown := [code for code in objects if code not in found.objects]:
        raise HazardgeoError(f"{found.name} has no object {', '.join(unknown)}, only {', '.join(found.objects)}.")
    rows = [(at, code, distance(found, code, stored)) for at, stored in enumerate(_stored(depots)) for code in objects]
    at = np.array([row[0] for row in rows], dtype=np.intp)
    kept = ["country", *columns] if "country" in depots.columns else list(columns)
    frame = pd.DataFrame(
        {
            "depot_id": depots.index.to_numpy()[at],
            **{name: depots[name].array[at] for name in dict.fromkeys(kept)},
            "protects": [code for _, code, _ in rows],
            "object": [found.objects[code] for _, code, _ in rows],
            "distance_m": [asked.distance_m for _, _, asked in rows],
            "rule": [asked.rule.formula if asked.rule else "" for _, _, asked in rows],
            "note": [asked.note for _, _, asked in rows],
            "table": found.name,
            "source": found.source.label,
            "grade": str(found.source.grade),
        }
    )
    return gpd.GeoDataFrame(
        frame, geometry=ground_around(_buildings(depots)[at], frame["distance_m"].to_numpy()), crs=WGS84
    )


def zones_in_common(zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find zones of neighbouring depots that overlap: ground that two explosions would reach.

    Parameters
    ----------
    zones : geopandas.GeoDataFrame
        As `safety_zones` gives them.

    Returns
    -------
    pandas.DataFrame
        One row a pair and object: ``depot_a``, ``depot_b``, ``protects``, ``common_m2``.

    Raises
    ------
    SchemaError
        If a column is missing.

    References
    ----------
    docs/how_to/munitions_sites.md of this project.

    Examples
    --------
    >>> import geopandas as gpd
    >>> depots = gpd.GeoDataFrame(
    ...     {"net_explosive_quantity_kg": [1000.0, 1000.0], "hazard_division": ["1.1", "1.1"]},
    ...     geometry=gpd.points_from_xy([51.0, 51.001], [49.0, 49.0]), index=["D-1", "D-2"], crs="EPSG:4326",
    ... )
    >>> zones_in_common(safety_zones(depots, protects=["C"]))[["depot_a", "depot_b", "protects"]].values.tolist()
    [['D-1', 'D-2', 'C']]
    """
    import pandas as pd

    require(zones, "depot_id", "protects", what="zones")
    shapes, names, objects = wgs84_polygons(zones), zones["depot_id"].to_numpy(), zones["protects"].to_numpy()
    a, b = pairs_that_touch(shapes, shapes)
    same = (a < b) & (objects[a] == objects[b]) & (names[a] != names[b])
    a, b = a[same], b[same]
    table = pd.DataFrame(
        {
            "depot_a": names[a],
            "depot_b": names[b],
            "protects": objects[a],
            "common_m2": common_area_m2(shapes, shapes, a, b),
        }
    )
    return table[table["common_m2"] > 0].sort_values(["depot_a", "depot_b", "protects"], ignore_index=True)


def _stored(depots: gpd.GeoDataFrame) -> list[Stored]:
    import pandas as pd

    quantities = pd.to_numeric(depots[QUANTITY]).to_numpy(dtype=float, na_value=np.nan)
    refuse_quantities(quantities, depots.index)
    words = depots["hazard_division"] if "hazard_division" in depots.columns else [""] * len(depots)
    barricaded, projection = (_said(depots, name) for name in ("barricaded", "projection"))
    return [
        Stored(float(q), divisions_of(text), b, p, _unread(text))
        for q, text, b, p in zip(quantities, words, barricaded, projection, strict=True)
    ]


def _unread(text: object) -> str:
    return text.strip() if isinstance(text, str) and not divisions_of(text) else ""


def _said(depots: gpd.GeoDataFrame, name: str) -> list[bool | None]:
    if name not in depots.columns:
        return [None] * len(depots)
    return [bool(value) if isinstance(value, (bool, np.bool_)) else None for value in depots[name]]


def _refuse_units(depots: gpd.GeoDataFrame) -> None:
    other = [str(name) for name in depots.columns if str(name).startswith(QUANTITY[:-2]) and name != QUANTITY]
    if other and QUANTITY not in depots.columns:
        raise HazardgeoError(
            f"The quantity stands in {other[0]!r}. Bring it to kilograms (1 lb = 0.45359237 kg) in a column {QUANTITY!r}."
        )


def _buildings(depots: gpd.GeoDataFrame) -> NDArray[Any]:
    shapes = np.asarray(depots.geometry.array, dtype=object)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    placed = np.full(len(shapes), None, dtype=object)
    if there.any():
        placed[there] = to_wgs84(shapes[there], depots.crs, "the depots")[0]
    return placed
