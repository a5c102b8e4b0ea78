"""The seam: how far the datum operations of registers along one border disagree."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import Origin, Seam, seam
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import grouped, wgs84_polygons
from hazardgeo.schema import require

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet

_AROUND_DEG = 0.1
_MOST_POINTS = 500
_PROVENANCE = ("source_crs", "datum_operation", "datum_accuracy_m")


def datum_seams(hazards: gpd.GeoDataFrame, border: BorderSet | None = None) -> pd.DataFrame:
    """Tell how far the registers' ways to WGS 84 disagree along the border.

    Two registers may have been brought to WGS 84 by different operations. The same stone on the border then has two places, this
    far apart, before any error of a survey or of the line. An overlap or a gap no wider than that says nothing.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Of two or more registers, in EPSG:4326, with ``register``, ``source_crs``, ``datum_operation`` and ``datum_accuracy_m`` as
        the readers give them.
    border : BorderSet, optional
        Asked along its lines where the hazards lie; without it, or where none is near, at the hazards themselves.

    Returns
    -------
    pandas.DataFrame
        A row for each two registers, and ways to WGS 84 of theirs: ``register_a``, ``operation_a``, ``register_b``,
        ``operation_b``, ``seam_m`` (0 where both came by one operation; NaN where it is not known), ``longitude`` and
        ``latitude`` of the place where it is largest (NaN where it is one figure), ``basis`` (how it is known).

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If the hazards cannot be measured, an id stands twice, or ``register`` is missing.

    Notes
    -----
    Operations from one datum are compared on the same coordinates of it. From two datums (MGI 1901 here, HTRS96 there) there
    is nothing to compare on: then the claims of both are added up, which is a bound only as good as they are.

    References
    ----------
    docs/explanation/datums.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> files = ["bih_register.gpkg", "hrv_register.geojson"]
    >>> both = hz.combine(*(hz.read_hazards(hz.sample_data(name)) for name in files))
    >>> hz.borders.datum_seams(both, hz.borders.load("HRV", "BIH"))["basis"].tolist()
    ['one way for both']
    """
    import pandas as pd

    if not (border is None or hasattr(border, "asked_lines")):
        raise HazardgeoError(
            "datum_seams takes one frame of all registers: hz.borders.datum_seams(hz.combine(a, b), border)."
        )
    require(hazards, "register")
    places = places_to_ask(hazards, border)
    by_register: dict[str, list[Origin]] = {}
    for name in dict.fromkeys(map(str, hazards["register"])):
        by_register[name] = _ways(hazards[(hazards["register"].astype(str) == name).to_numpy()])
    rows = [
        (a, one.datum_operation, b, other.datum_operation, *seam(one, other, places))
        for (a, ones), (b, others) in combinations(sorted(by_register.items()), 2)
        for one in ones
        for other in others
    ]
    columns = ["register_a", "operation_a", "register_b", "operation_b", "seam_m", "longitude", "latitude", "basis"]
    return pd.DataFrame(rows, columns=columns)


def seam_lines(seams: pd.DataFrame) -> list[str]:
    """What there is to be said of seams, a sentence for each that is not nought."""
    return [
        f"{row.register_a} and {row.register_b} came to WGS 84 by different operations, which "
        + (
            "may disagree by an amount that is not known."
            if math.isnan(row.seam_m)
            else f"disagree by up to {grouped(row.seam_m, 1)} m ({row.basis})."
        )
        for row in _rows(seams)
        if row.seam_m != 0
    ]


def _rows(table: pd.DataFrame) -> Iterator[Any]:
    yield from table.itertuples()


def origins(frame: gpd.GeoDataFrame) -> list[Origin | None]:
    """How each record came to WGS 84; None where it does not say."""
    if any(name not in frame.columns for name in _PROVENANCE):
        return [None] * len(frame)
    columns = (frame[name] for name in _PROVENANCE)
    return [
        # One and the same NaN, so that records of one origin are equal.
        Origin(crs, operation, math.nan if np.isnan(accuracy) else float(accuracy))
        if isinstance(crs, str) and isinstance(operation, str)
        else None
        for crs, operation, accuracy in zip(*columns, strict=True)
    ]


def _ways(frame: gpd.GeoDataFrame) -> list[Origin]:
    """The ways of some records, each once, at the worst accuracy that any record of it states."""
    worst: dict[tuple[str, str], float] = {}
    for origin in origins(frame):
        if origin is not None:
            known = worst.get(origin[:2], 0.0)
            worst[origin[:2]] = math.nan if math.isnan(known + origin[2]) else max(known, origin[2])
    return [Origin(*way, accuracy) for way, accuracy in worst.items()]


def places_to_ask(hazards: gpd.GeoDataFrame, border: BorderSet | None) -> NDArray[np.float64]:
    """Places along the border's lines near the hazards; corners of the hazards where there is none."""
    polygons = wgs84_polygons(hazards)
    corners = shapely.get_coordinates(polygons[~shapely.is_missing(polygons)])
    if border is not None and len(corners):
        (west, south), (east, north) = corners.min(axis=0) - _AROUND_DEG, corners.max(axis=0) + _AROUND_DEG
        line = shapely.get_coordinates(border.asked_lines.geometry.to_numpy())
        inside = line[((line >= (west, south)) & (line <= (east, north))).all(axis=1)]
        corners = inside if len(inside) else corners
    return np.asarray(corners[:: max(1, len(corners) // _MOST_POINTS)])


def seams_of_records(hazards: gpd.GeoDataFrame, border: BorderSet | None) -> NDArray[np.float64]:
    """For each record, the largest seam between its way to WGS 84 and those of the other records [m].

    NaN where it is not known; a frame that says nothing of its provenance is taken to have come by one way, whatever it was.
    """
    ways = [None if origin is None else origin[:2] for origin in origins(hazards)]
    distinct = list(dict.fromkeys(ways))
    if len(distinct) < 2:
        return np.zeros(len(hazards))
    places = places_to_ask(hazards, border)
    worst: dict[Any, Origin | None] = {None: None, **{origin[:2]: origin for origin in _ways(hazards)}}
    metres = {(one, other): _metres(worst[one], worst[other], places) for one, other in combinations(distinct, 2)}
    largest = {
        one: max((metres[pair] for pair in metres if one in pair), key=_unknown_last, default=0.0) for one in distinct
    }
    return np.array([largest[way] for way in ways], dtype=float)


def seams_of_pairs(
    a: gpd.GeoDataFrame, b: gpd.GeoDataFrame, left: NDArray[np.intp], right: NDArray[np.intp]
) -> NDArray[np.float64]:
    """The seam between the records of each pair [m], asked where the records of `a` lie; NaN where it is not known."""
    of_a, of_b = origins(a), origins(b)
    pairs = [(of_a[i], of_b[j]) for i, j in zip(left.tolist(), right.tolist(), strict=True)]
    places = places_to_ask(a, None) if pairs else np.empty((0, 2))
    known: Mapping[Any, float] = {pair: _metres(*pair, places) for pair in dict.fromkeys(pairs)}
    return np.array([known[pair] for pair in pairs], dtype=float)


def largest_seam_m(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame) -> float:
    """The largest seam between any record of `a` and any of `b` [m]; NaN where one is not known."""
    places, ways = (
        places_to_ask(a, None),
        [[*_ways(frame), *([None] if None in origins(frame) else [])] for frame in (a, b)],
    )
    return max((_metres(one, other, places) for one in ways[0] for other in ways[1]), key=_unknown_last, default=0.0)


def _metres(one: Origin | None, other: Origin | None, places: NDArray[np.float64]) -> float:
    if one is None or other is None:
        return 0.0 if one is other else math.nan
    found: Seam = seam(one, other, places)
    return found.metres


def _unknown_last(metres: float) -> float:
    return math.inf if math.isnan(metres) else metres
