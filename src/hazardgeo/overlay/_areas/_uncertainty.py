"""How sure an area is: from errors of its vertices, of its scale, or of the traverse that it was drawn by."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.constants import NORMAL_95, VERTEX_SD_M, Constant
from hazardgeo.crs import metres_per_degree, to_wgs84
from hazardgeo.errors import GeometryError, HazardgeoError, named
from hazardgeo.measure import Traverse, geodesic_area_m2, grouped, wgs84_polygons
from hazardgeo.overlay._accuracy import vertex_sd
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

SHAPE_SHARE = Constant(
    "SHAPE_SHARE",
    0.1,
    "1",
    "An area has an interval where the standard deviation of a vertex is at most this share of its mean radius √(area / π).",
    Source(
        "hazardgeo design choice: tests/test_area_uncertainty.py shows the interval to hold up to here", Grade.ASSUMED
    ),
)
INTERVAL, UNSHAPED = "interval", "shape within its own accuracy"
CONTRADICTED, UNMEASURED = "traverse contradicts itself", "not measured"


def area_uncertainty_m2(
    frame: gpd.GeoDataFrame,
    *,
    vertex_sd_m: float | pd.Series[float] | None = None,
    scale_sd: float = 0.0,
    traverses: Mapping[Hashable, Traverse] | None = None,
) -> pd.DataFrame:
    """Say how sure the area of each polygon is, from how well its vertices are known.

    On the ground: between which figures the area lies in 95 of 100 cases, *if* errors are as stated and independent from vertex
    to vertex. Errors that all vertices share, as of a datum, move a record and leave its area; a corner that was forgotten, and
    edges that bend between two recorded points, are not in it. Where the outline is hardly larger than its own errors there is
    no interval but that finding: neither its extent nor its shape is known from it, and the hazard may be far larger.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Polygons with a CRS; ``vertex_sd_m`` [m] where known.
    vertex_sd_m : float or pandas.Series, optional
        Standard deviation of a vertex in each direction [m], instead of the column; a Series on the frame's index, NaN where the
        column stands.
    scale_sd : float
        Standard deviation of what all lengths have wrong together, as a share: of a map that was digitised, or a tape.
    traverses : mapping of record to Traverse, optional
        For records drawn by `traverse`: their errors of bearings and distances instead of those of vertices.

    Returns
    -------
    pandas.DataFrame
        On the frame's index: ``area_m2``; ``sd_m2``, its standard deviation; ``low_m2`` and ``high_m2``, the ends of the 95 %
        interval; ``word``: *interval*, *shape within its own accuracy*, *traverse contradicts itself* (where a check of it fails)
        or *not measured*; all but the first without ``sd_m2`` and interval (NaN). ``vertex_sd_m`` is what was used, and ``basis``
        where that comes from; where nobody states it 10 m are taken, an unverified default.

    Raises
    ------
    CRSError
        As `area_m2`.
    GeometryError
        As `area_m2`; if a standard deviation is negative or infinite; or if a traverse is not the outline of its record.
    HazardgeoError
        If scale_sd is negative or no number, or traverses or vertex_sd_m name a record that is not there.

    Notes
    -----
    The area is A = ½ Σ Pᵢ × Pᵢ₊₁ over all rings, shells one way round and holes the other. For independent errors of standard
    deviation s in each direction its variance is ``s²/4 · Σ |Gᵥ|²``, where Gᵥ is Pᵢ₊₁ − Pᵢ₋₁, summed over every place at which
    the vertex stands: a vertex that two rings share errs once. A scale error adds (2 A scale_sd)². The distribution is taken as
    normal. Beyond s = √(A/π)/10, and where the interval would reach 0 (a strip hardly wider than its errors), nothing of this
    holds. Of a track whose points follow each other closely, errors are alike from point to point, and the interval is too
    narrow.

    References
    ----------
    docs/explanation/areas.md of this project, with the derivation.

    Examples
    --------
    A square of 100 m to the side, whose corners are known to 1 m: G is the diagonal at each corner, so that the variance is
    ¼ · 4 · (100² + 100²) m⁴ and the standard deviation 141 m².

    >>> import geopandas as gpd, shapely
    >>> square = gpd.GeoDataFrame(geometry=[shapely.box(5e5, 5e6, 5e5 + 100, 5e6 + 100)], index=["a"], crs="EPSG:32633")
    >>> area_uncertainty_m2(square, vertex_sd_m=1.0)[["sd_m2", "word"]].round(0)
       sd_m2      word
    a  141.0  interval
    """
    import pandas as pd

    if not 0 <= scale_sd < math.inf:
        raise HazardgeoError(f"scale_sd is {scale_sd!r}. Give a share, 0 or more.")
    polygons = wgs84_polygons(frame)
    area = geodesic_area_m2(polygons)
    sd, basis = _vertex_sds(frame, vertex_sd_m)
    own = np.sqrt(_variance(frame, sd) + (2 * area * scale_sd) ** 2)
    found = _Found(area, own, sd, sd.copy(), basis, np.zeros(len(frame), dtype=bool))
    for record, drawn in (traverses or {}).items():
        found.take(frame.index, record, drawn)
    with np.errstate(invalid="ignore"):
        wide = found.shape_sd > SHAPE_SHARE.value * np.sqrt(area / np.pi)
        wide |= NORMAL_95.value * found.sd >= area
    word = np.select([np.isnan(area), found.contradicted, wide], [UNMEASURED, CONTRADICTED, UNSHAPED], INTERVAL)
    known = np.where(word == INTERVAL, found.sd, np.nan)
    half = NORMAL_95.value * known
    columns = {
        "area_m2": area,
        "sd_m2": known,
        "low_m2": area - half,
        "high_m2": area + half,
        "word": word.astype(object),
    }
    return pd.DataFrame(columns | {"vertex_sd_m": found.vertex_sd, "basis": found.basis}, index=frame.index)


class _Found(NamedTuple):
    """What is known of each record."""

    area: NDArray[np.float64]
    sd: NDArray[np.float64]
    """Of the area [m²]."""
    vertex_sd: NDArray[np.float64]
    shape_sd: NDArray[np.float64]
    """Of a vertex within the shape, without what moves the whole [m]."""
    basis: NDArray[np.object_]
    contradicted: NDArray[np.bool_]

    def take(self, index: pd.Index[Any], record: Hashable, drawn: Traverse) -> None:
        """Put the errors of a traverse in the place of those of vertices."""
        at = np.flatnonzero(index == record)
        if len(at) != 1:
            raise HazardgeoError(
                f"traverses= names {record!r}, which is {'no' if not len(at) else 'more than one'} record."
            )
        if not abs(self.area[at] - drawn.area_m2) <= 1e-6 * drawn.area_m2:
            raise GeometryError(
                f"{named([record])}: its outline has {grouped(self.area[at].item())} m², and the traverse "
                f"{grouped(drawn.area_m2)} m². Give the traverse that it was drawn by."
            )
        sds = drawn.points["position_sd_m"].to_numpy(dtype=float)
        # Every point shares the error of the known one, whose own legs are none: it moves the whole.
        within = math.sqrt(max(np.max(sds[drawn.points["is_corner"]]) ** 2 - np.min(sds) ** 2, 0.0))
        self.sd[at], self.vertex_sd[at], self.shape_sd[at] = drawn.area_sd_m2, drawn.vertex_sd_m, within
        self.basis[at], self.contradicted[at] = "errors of the traverse", not drawn.passes


def _vertex_sds(frame: gpd.GeoDataFrame, given: Any) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    sd, stated = vertex_sd(frame)
    default = f"nothing stated: {VERTEX_SD_M.value:g} m, unverified default"
    basis = np.where(stated, "stated by the record", default).astype(object)
    if given is None:
        return sd, basis
    if hasattr(given, "reindex"):
        if not given.index.is_unique or len(given.index.difference(frame.index)):
            raise HazardgeoError("vertex_sd_m has an index that is not the frame's. Give one value for each record.")
        values = given.reindex(frame.index).to_numpy(dtype=float, na_value=np.nan)
    else:
        values = np.full(len(frame), float(given))
        if np.isnan(values).any():
            raise HazardgeoError("vertex_sd_m is no number. Give a length in metres, or leave it out.")
    impossible = (values < 0) | np.isinf(values)
    if impossible.any():
        raise GeometryError(f"{named(frame.index[impossible])}: vertex_sd_m is negative or infinite. Correct it.")
    use = ~np.isnan(values)
    return np.where(use, values, sd), np.where(use, "given", basis).astype(object)


def _variance(frame: gpd.GeoDataFrame, sd: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance of each area from independent errors of its vertices [m⁴]."""
    ring = _Rings.of(frame)
    first = np.flatnonzero(np.diff(ring.number, prepend=-1))
    last = np.flatnonzero(np.diff(ring.number, append=-1))  # the first vertex again
    before = np.arange(len(ring.number)) - 1
    before[first] = last - 1
    at = np.setdiff1d(np.arange(len(ring.number)), last)
    gap_m = (ring.east_north[at + 1] - ring.east_north[before[at]]) * np.column_stack(
        metres_per_degree(ring.lonlat[at, 1])
    )
    gap_m = gap_m * ring.turn[ring.number[at], None]
    # The same place in the same record is one vertex, at +180 degrees as at -180.
    record = ring.record[ring.number[at]]
    place = np.column_stack([record, ring.lonlat[at, 0] % 360, ring.lonlat[at, 1]])
    order = np.lexsort(place.T)
    vertex = np.cumsum((np.diff(place[order], axis=0, prepend=-1) != 0).any(axis=1)) - 1
    east, north = (np.bincount(vertex, axis[order]) for axis in gap_m.T)
    of_vertex = record[order][np.flatnonzero(np.diff(vertex, prepend=-1))]
    squares = np.bincount(of_vertex, east**2 + north**2, minlength=len(frame))
    return np.asarray(sd**2 / 4 * squares)


class _Rings(NamedTuple):
    """The recorded vertices of all rings: not those at which a polygon is cut at the antimeridian, which nobody surveyed."""

    lonlat: NDArray[np.float64]
    east_north: NDArray[np.float64]
    """Longitude from the first vertex of the ring, and latitude [degree]."""
    number: NDArray[np.intp]
    """Ring of each vertex."""
    record: NDArray[np.intp]
    """Record of each ring, by position."""
    turn: NDArray[np.float64]
    """1 for a shell that runs counter-clockwise and a hole that runs clockwise, else -1."""

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame) -> _Rings:
        shapes = np.array(frame.geometry.array, dtype=object)  # a copy
        there = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
        if len(there):
            shapes[there], _ = to_wgs84(shapes[there], frame.geometry.crs, "the frame")
        parts, owner = shapely.get_parts(shapes[there], return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        lonlat, number = shapely.get_coordinates(rings, return_index=True)
        first = np.flatnonzero(np.diff(number, prepend=-1))
        x = (lonlat[:, 0] - lonlat[first[number], 0] + 180) % 360 - 180
        y = lonlat[:, 1] - lonlat[first[number], 1]  # small numbers, so that small rings keep their digits
        twice = (x[:-1] * y[1:] - x[1:] * y[:-1]) * (number[1:] == number[:-1])
        is_shell = np.diff(part, prepend=-1) > 0
        turn = np.where(is_shell, 1.0, -1.0) * np.sign(np.bincount(number[:-1], twice, minlength=len(rings)))
        return cls(lonlat, np.column_stack([x, lonlat[:, 1]]), number, there[owner[part]], turn)
