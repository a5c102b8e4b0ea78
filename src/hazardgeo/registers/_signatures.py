"""Outlines that stand in two layers at a distance, and the datums that would explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import WGS84
from hazardgeo.crs._signatures import explain_shift
from hazardgeo.measure import wgs84_polygons
from hazardgeo.registers._rules import Seen, Thresholds
from hazardgeo.registers._rules._twins import Twin, centres, twins_between
from hazardgeo.schema import HAZARDS, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_NUMBERS = ("shift_m", "azimuth_deg", "signature_shift_m", "signature_azimuth_deg", "residual_m")
_COLUMNS = ("record", "reference", *_NUMBERS[:2], "signature", *_NUMBERS[2:], "also_fitting", "sharing")


def find_datum_shifts(
    frame: gpd.GeoDataFrame, reference: gpd.GeoDataFrame, *, thresholds: Thresholds | None = None
) -> pd.DataFrame:
    """Find outlines that stand in a second layer too, moved as a whole, and the datum that would explain it.

    On the ground: one of the two layers lies beside the hazard by that distance. Which one, this does not say; the CRS that
    each was recorded in has to be found out from who made it. Nothing is moved. Where no twin is found, the layers may still
    be on different datums: they may hold no outline in common.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index: a register.
    reference : geopandas.GeoDataFrame
        The same: a neighbour's register, an earlier version, or any layer whose place is known.
    thresholds : Thresholds, optional
        ``twin_nearest_m``, ``twin_farthest_m`` and ``twin_shape_m`` say how far outlines may be apart (30 m to 2 km) and how
        alike they must be (1 m).

    Returns
    -------
    pandas.DataFrame
        A row for each pair of twins: ``record`` and ``reference``, their ids; ``shift_m`` and ``azimuth_deg``: how far, and
        whereto, the record lies from its twin; ``signature``: the two readings of the same coordinates that lie so far apart,
        in words, empty where none is known; ``signature_shift_m``, ``signature_azimuth_deg``: what lies between these two
        readings there; ``residual_m``: what it leaves unexplained (NaN where there is none); ``also_fitting``: other CRSs that
        would explain it as well, joined by ``;``; ``sharing``: how many of the pairs have this shift. One pair may be chance;
        many that share a shift are not.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If a layer cannot be brought to WGS 84 or measured, or an id stands twice.

    Notes
    -----
    The shift is the geodesic between the means of the corners. A signature fits if it is off by no more than ``twin_shape_m`` and
    what its operations claim. A datum moves all places by nearly the same arrow in space, of length T; seen from the ground, it
    turns with the ground, by up to T · d / R between places d apart on a globe of radius R. So two pairs share a shift if their
    arrows differ by no more than 2 · ``twin_shape_m`` + ``twin_farthest_m`` · d / R. Outlines of fewer than six corners, circles,
    symbols, and outlines that stand more than ten times in a layer are left out: they say nothing.

    References
    ----------
    EPSG Geodetic Parameter Dataset, as PROJ carries it; docs/explanation/datums.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, hazardgeo as hz, shapely
    >>> corners = [(0, 0), (3, 0), (3, 1), (1.2, 1.4), (0.9, 4), (-0.2, 2)]
    >>> shapes = [shapely.Polygon([(x + 19 + 0.001 * a, 44.9 + 0.001 * b) for a, b in corners]) for x in (0, 0.0052)]
    >>> ours, theirs = (gpd.GeoDataFrame(geometry=[one], index=["H"], crs="EPSG:4326") for one in shapes)
    >>> hz.find_datum_shifts(theirs, ours)[["record", "reference", "shift_m"]].round(-1).to_numpy().tolist()
    [['H', 'H', 410.0]]
    """
    import pandas as pd

    least = thresholds or Thresholds()
    ids, seen, first = _together(reference, frame, least)
    found = twins_between(seen, first)
    middle = centres(seen)
    shared = _sharing(found, middle, least) if found else []
    rows = [
        (ids[twin.later], ids[twin.first], *_row(twin, middle[twin.later], least.twin_shape_m), count)
        for twin, count in zip(found, shared, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(dict.fromkeys(_NUMBERS, float) | {"sharing": int})


def _together(
    reference: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, thresholds: Thresholds
) -> tuple[list[Any], Seen, int]:
    """Both layers as one, the reference first: ids, what rules see, and how many records are of the reference."""
    import geopandas as gpd

    ids: list[Any] = []
    shapes: list[NDArray[Any]] = []
    kinds: list[Any] = []
    for layer, what in ((reference, "reference"), (frame, "records")):
        require(layer, what=what)
        polygons = wgs84_polygons(layer)
        there = np.flatnonzero(~shapely.is_missing(polygons))
        ids += layer.index[there].tolist()
        shapes.append(polygons[there])
        kinds += layer["geometry_kind"].iloc[there].tolist() if "geometry_kind" in layer.columns else [""] * len(there)
    both = np.concatenate(shapes)
    records = gpd.GeoDataFrame({"geometry_kind": kinds}, geometry=both, crs=WGS84)
    return ids, Seen(records, HAZARDS, both, WGS84, thresholds), len(shapes[0])


def _row(twin: Twin, at: NDArray[np.float64], within_m: float) -> tuple[Any, ...]:
    """What is seen of a pair, and the signature that fits best, if any."""
    seen = twin.shift_m, twin.azimuth_deg
    fitting = explain_shift((float(at[0]), float(at[1])), *seen, within_m)
    if not fitting:
        return *seen, "", np.nan, np.nan, np.nan, ""
    best, *others = fitting
    words, also = best.told("the reference", "the record"), ";".join(one.crs for one in others)
    return *seen, words, best.shift_m, best.azimuth_deg, best.off_m(*seen), also


def _sharing(found: Sequence[Twin], places: NDArray[np.float64], least: Thresholds) -> list[int]:
    """How many pairs have the shift of each, itself included."""
    angle, shift = np.radians([twin.azimuth_deg for twin in found]), np.array([twin.shift_m for twin in found])
    arrows = np.column_stack([shift * np.sin(angle), shift * np.cos(angle)])
    lon, lat = np.radians(places[[twin.later for twin in found]]).T
    globe = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    count = []
    for arrow, at in zip(arrows, globe, strict=True):
        allowed = 2 * least.twin_shape_m + least.twin_farthest_m * np.linalg.norm(globe - at, axis=1)
        count.append(int((np.linalg.norm(arrows - arrow, axis=1) <= allowed).sum()))
    return count
