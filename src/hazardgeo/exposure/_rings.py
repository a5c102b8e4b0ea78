"""Ground about hazards, by how far it is from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.constants import EDGE_M
from hazardgeo.crs import WGS84
from hazardgeo.errors import GeometryError
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay import plane_cells, polygonal
from hazardgeo.overlay._planes import outward, split_long_edges
from hazardgeo.schema import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

DISTANCES_M = (500.0, 1000.0, 2000.0, 5000.0)
INSIDE = "inside"
_SEGMENTS = 16
_FARTHEST_M = 50_000.0
_STRETCH = 5e-5
"""By which share lengths in a plane may be too long, within 100 km of its centre (`LocalPlane`), and some more."""


def distance_rings(
    hazards: gpd.GeoDataFrame, distances_m: Sequence[float] = DISTANCES_M, *, together: bool = False
) -> gpd.GeoDataFrame:
    """Lay rings about hazards: the ground inside, and that between one distance and the next from their outlines.

    A ring reaches as far as its distance at least, on the ellipsoid, and at most 0.13 % beyond it; it is never drawn too narrow.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index.
    distances_m : sequence of float
        Outer edges of the rings [m], the nearest first.
    together : bool
        Lay them about all hazards together, so that no ground is in two rings, nor twice in one; else about each by itself.

    Returns
    -------
    geopandas.GeoDataFrame
        A row for each hazard (for all of them, with `together`) and zone, in EPSG:4326: ``hazard_id`` (empty with `together`),
        ``zone`` (``inside``, ``0–500 m``, …), ``from_m``, ``to_m`` [m] (0 and 0 inside). A hazard without geometry has
        its rows, and none of them a geometry.

    Raises
    ------
    GeometryError
        If the distances do not grow, or reach beyond 50 km; or if a hazard cannot be measured.
    CRSError, SchemaError
        If the hazards cannot be laid on WGS 84, or an id stands twice.

    References
    ----------
    docs/explanation/exposure.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> hazard = gpd.GeoDataFrame(geometry=[shapely.box(16, 45, 16.01, 45.01)], index=["h1"], crs="EPSG:4326")
    >>> distance_rings(hazard, (500, 1000))["zone"].tolist()
    ['inside', '0–500 m', '500–1000 m']
    """
    import geopandas as gpd

    require(hazards)
    far = _checked(distances_m)
    discs = _discs(wgs84_polygons(hazards), far)
    ids: list[Any] = hazards.index.tolist()
    if together:
        discs = np.array([[_united(one)] for one in discs], dtype=object)
        ids = [""]
    rings = [discs[0], *(_between(outer, inner) for outer, inner in zip(discs[1:], discs[:-1], strict=True))]
    near = [0.0, 0.0, *far[:-1]]
    zones = [INSIDE, *(f"{start:.15g}–{end:.15g} m" for start, end in zip(near[1:], far, strict=True))]
    count = len(ids)
    columns = {
        "hazard_id": [one for one in ids for _ in zones],
        "zone": zones * count,
        "from_m": near * count,
        "to_m": [0.0, *far] * count,
    }
    shapes = np.array(rings, dtype=object).reshape(len(zones), count).T.ravel()
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=WGS84)


def _checked(distances_m: Sequence[float]) -> list[float]:
    far = [float(distance) for distance in distances_m]
    if not far or not np.isfinite(far).all() or (np.diff([0.0, *far]) <= 0).any():
        raise GeometryError(
            f"{list(distances_m)} are no distances of rings. Give metres, the nearest first: (500, 1000)."
        )
    if far[-1] > _FARTHEST_M:
        raise GeometryError(f"A ring of {far[-1]:g} m is too wide for one plane. Give at most {_FARTHEST_M:g} m.")
    return far


def _discs(polygons: NDArray[Any], far: list[float]) -> NDArray[Any]:
    """A row for the polygons themselves and for each distance: all ground that is no further from each of them."""
    import geopandas as gpd

    discs = np.full((1 + len(far), len(polygons)), None, dtype=object)
    discs[0] = split_long_edges(polygons)
    for plane, members in plane_cells(polygons).items():
        flat = plane.project(polygons[members])
        for row, distance_m in enumerate(far, start=1):
            grown = shapely.buffer(flat, outward(distance_m * (1 + _STRETCH), _SEGMENTS), quad_segs=_SEGMENTS)
            # A long edge is a geodesic in the plane, and a straight line among longitudes and latitudes.
            discs[row, members] = plane.unproject(shapely.segmentize(grown, EDGE_M.value))
    # Over the antimeridian what comes out of a plane is cut as everything else is.
    for row in range(1, len(discs)):
        discs[row] = wgs84_polygons(gpd.GeoSeries(discs[row], crs=WGS84))
    return discs


def _united(shapes: NDArray[Any]) -> Any:
    there = shapes[~shapely.is_missing(shapes)]
    return polygonal(shapely.union_all(there)) if len(there) else None


def _between(outer: NDArray[Any], inner: NDArray[Any]) -> NDArray[Any]:
    rings = shapely.difference(outer, inner)
    return np.array([None if ring is None else polygonal(ring) for ring in rings], dtype=object)
