"""How places lie to records: in, near, or within what their outlines may be off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._near import Connections, connect, pairs_in_reach
from hazardgeo.constants import NORMAL_95
from hazardgeo.crs import compass_point
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay import place_sd, plane_of
from hazardgeo.overlay._planes import outward, split_long_edges
from hazardgeo.schema import is_open

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

OPEN, CLOSED, RELEASED = "open", "closed", "released"
_SEGMENTS = 16
_ABOUT = ("classification", "work_status", "kind", "geometry_kind")
_COLUMNS = (
    "place", "record", "register", "country", "ground", "word", "inside", "touches", "distance_m", "edge_m", "direction",
    "accuracy_m", "accuracy_stated", *_ABOUT, "date", "source",
)  # fmt: skip


def records_at(
    places: pd.Series[Any], frame: gpd.GeoDataFrame, within_m: float, *, released: bool = False
) -> pd.DataFrame:
    """List the records of one frame within a distance of each place, or within what they may be off.

    Parameters
    ----------
    places : pandas.Series
        As `places_of` gives them.
    frame : geopandas.GeoDataFrame
        Hazards or releases.
    within_m : float
    released : bool
        Whether these are releases, whatever columns they have.

    Returns
    -------
    pandas.DataFrame
        A row for each place and record.
    """
    import pandas as pd

    polygons = split_long_edges(wgs84_polygons(frame))
    shapes = places.to_numpy(dtype=object)
    accuracy, stated = _accuracy(frame, polygons)
    left, right = pairs_in_reach(polygons, shapes, np.maximum(within_m, accuracy))
    to_ground = connect(polygons, shapes, left, right, centred=True)
    near = to_ground.distance_m <= np.maximum(within_m, accuracy[left])
    left, right, to_ground = left[near], right[near], to_ground.take(near)
    to_edge = connect(_edges(polygons, left), shapes, left, right, centred=True)
    words = [
        _word(polygons[i], shapes[j], accuracy[i], d) for i, j, d in zip(left, right, to_ground.distance_m, strict=True)
    ]
    rows = frame.iloc[left]
    table = {
        "place": places.index.to_numpy()[right],
        "record": frame.index.astype(str).to_numpy()[left],
        "ground": _ground(rows, released),
        "word": words,
        "inside": shapely.covers(polygons[left], shapes[right]),
        "touches": to_ground.distance_m == 0,
        "distance_m": to_ground.distance_m,
        "edge_m": to_edge.distance_m,
        "direction": _directions(to_ground),
        "accuracy_m": accuracy[left],
        "accuracy_stated": stated[left],
        "date": _dates(rows),
        **{name: _texts(rows, name) for name in ("register", "country", *_ABOUT, "source")},
    }
    return pd.DataFrame(table, columns=list(_COLUMNS))


def _accuracy(frame: gpd.GeoDataFrame, polygons: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What each outline may be off, at 95 % [m], and whether the record states its own."""
    sd, stated = place_sd(frame)
    accuracy = NORMAL_95.value * sd
    for i in np.flatnonzero(_texts(frame, "geometry_kind") == "symbolic"):
        if polygons[i] is not None:  # a symbol shows how large the ground is, and not how it lies
            flat = plane_of(polygons[i]).project(polygons[i])
            accuracy[i] = np.hypot(accuracy[i], 2 * shapely.minimum_bounding_radius(flat))
    return accuracy, stated


def _edges(polygons: NDArray[Any], used: NDArray[np.intp]) -> NDArray[Any]:
    edges = np.full(len(polygons), None, dtype=object)
    some = np.unique(used)
    edges[some] = shapely.boundary(polygons[some])
    return edges


def _word(polygon: Any, place: Any, accuracy_m: float, distance_m: float) -> str:
    if distance_m > accuracy_m:
        return "outside"
    plane = plane_of(polygon)
    # What an outline holds whatever it may be off: never drawn too large.
    core = shapely.buffer(plane.project(polygon), -accuracy_m, quad_segs=_SEGMENTS)
    flat = plane.project(place)
    if shapely.covers(core, flat):
        return "inside"
    if shapely.intersects(core, flat):
        return "partly_inside"
    # An outline too narrow to hold anything for certain lies, for certain, in a place that holds it and all that it may be off.
    held = shapely.buffer(plane.project(polygon), outward(accuracy_m, _SEGMENTS), quad_segs=_SEGMENTS)
    return "partly_inside" if shapely.covers(flat, held) else "cannot_be_told"


def _ground(rows: gpd.GeoDataFrame, released: bool) -> NDArray[Any]:
    if released:
        return np.full(len(rows), RELEASED, dtype=object)
    return np.where(is_open(rows), OPEN, CLOSED).astype(object)


def _directions(to_ground: Connections) -> list[str]:
    # The connection runs from the record to the place.
    back = to_ground.azimuth_deg + 180
    return [
        "" if d == 0 else compass_point(a) for d, a in zip(to_ground.distance_m.tolist(), back.tolist(), strict=True)
    ]


def _texts(rows: gpd.GeoDataFrame, name: str) -> NDArray[Any]:
    import pandas as pd

    if name not in rows.columns:
        return np.full(len(rows), None, dtype=object)
    return np.array([None if pd.isna(value) else str(value) for value in rows[name]], dtype=object)


def _dates(rows: gpd.GeoDataFrame) -> NDArray[Any]:
    """The date that each record speaks of, as text; None where it states none."""
    import pandas as pd

    for name in ("date_of_information", "completed_on"):
        if name in rows.columns:
            return np.array([None if pd.isna(day) else str(day)[:10] for day in rows[name]], dtype=object)
    return np.full(len(rows), None, dtype=object)
