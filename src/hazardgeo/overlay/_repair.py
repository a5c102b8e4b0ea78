"""Frames with broken outlines: repaired where all readings agree, and every record accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import recorded_in
from hazardgeo.errors import CRSError, GeometryError
from hazardgeo.overlay._mend import REPAIR_M2, REPAIR_SHARE, ROLES, Mended, RecordedPlane, candidates_in_words, mend

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

_THE_FRAME = "the frame"


def repair_geometry(
    frame: gpd.GeoDataFrame, role: str, *, share: float = REPAIR_SHARE.value, m2: float = REPAIR_M2.value
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Repair outlines that are not valid, where all consistent readings of them come to the same ground.

    A hazard takes the largest reading and cleared land the smallest. Where the readings differ by more than a trifle, the
    record is not in the frame that is returned: the log says what each reading comes to, and only the source knows which
    is right. A repaired outline is not thereby surveyed; and an outline that is valid may still be wrong.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Polygons or multipolygons with a CRS. Valid ones pass untouched.
    role : {"hazard", "cleared"}
        What the polygons stand for: hazards, of which none may be drawn too small, or land that was cleared, reduced or
        cancelled, of which none may be drawn too large.
    share, m2 : float
        Readings agree if they differ by at most this share of the largest, and by at most this many square metres [m²].

    Returns
    -------
    geopandas.GeoDataFrame
        The records that are valid or repaired, in their order and in the CRS of `frame`. Repaired ones are flat (no height),
        keep every recorded corner that bounds the ground, and have new corners only where edges crossed.
    pandas.DataFrame
        One row a record that was touched or refused, on the index of `frame`: ``action`` (repaired or quarantined),
        ``reason``, ``method``, ``smallest_m2``, ``largest_m2``, ``area_before_m2`` (outlines minus holes, each ring by the
        absolute value of its signed area, as software that looks no further prints it), ``area_after_m2`` (NaN where
        quarantined), ``candidates`` in words, ``candidates_m2`` (a mapping of every reading to its area), ``original_wkb``.
        The rows of the frame and the quarantined ones of the log are together those of `frame`.

    Raises
    ------
    CRSError
        If the frame has no CRS, or one that names no datum.
    GeometryError
        If the role is none of the two, or a limit is no such number.

    Notes
    -----
    The readings are non-zero winding with outlines turned one way and holes the other; even-odd over all rings; holes taken
    out; holes that leave or equal their outline taken for ground; GEOS MakeValid by linework and by structure; and, for a
    ring that crosses itself, the corners between two crossing edges in reverse order, also without corners that were
    recorded at a crossing. They are made in the plane of the frame's coordinates; areas are geodesic, on the ellipsoid of
    its datum. A line without width of more than 0.1 m that leads out of a hazard or into cleared land, an edge of more than
    5 km, an outline across the antimeridian, one whose edges cannot be told apart and one that is too tangled are left for a
    person.

    References
    ----------
    docs/decisions/0014 of this project. C. F. F. Karney (2013), Algorithms for geodesics, J. Geodesy 87, 43-55.

    Examples
    --------
    A bow-tie may be two triangles or a square with two corners swapped; it is left for a person:

    >>> import geopandas as gpd, shapely
    >>> corners = [(500000, 5000000), (500020, 5000020), (500020, 5000000), (500000, 5000020)]
    >>> frame = gpd.GeoDataFrame(geometry=[shapely.Polygon(corners)], index=["tie"], crs="EPSG:32633")
    >>> kept, log = repair_geometry(frame, role="hazard")
    >>> len(kept), log.loc["tie", "action"], log.loc["tie", "candidates"]
    (0, 'quarantined', 'as drawn 200 m², corners swapped 400 m²')
    """
    import geopandas as gpd

    _refuse_arguments(role, share, m2)
    if frame.crs is None:
        raise CRSError("The frame has no CRS. Set the CRS that the coordinates were recorded in.")
    plane = RecordedPlane(recorded_in(frame.crs, _THE_FRAME))
    shapes = np.array(frame.geometry.array, dtype=object)
    broken = np.flatnonzero(~sound_polygons(shapes))
    mended = [mend(shapes[i], plane, role, share=share, m2=m2) for i in broken]
    keep = np.ones(len(frame), dtype=bool)
    for i, one in zip(broken, mended, strict=True):
        shapes[i] = one.shape
        keep[i] = one.shape is not None
    kept = frame[keep].copy()
    if any(one.shape is not None for one in mended):
        repaired = gpd.GeoSeries(shapes[keep], index=kept.index, crs=frame.crs, name=frame.geometry.name)
        kept = kept.set_geometry(repaired)
    return kept, repair_log(mended, frame.index[broken])


def sound_polygons(shapes: Any) -> Any:
    """Whether each shape is a valid polygon or multipolygon that is not empty."""
    polygonal = np.isin(shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    return polygonal & ~shapely.is_empty(shapes) & shapely.is_valid(shapes)


def repair_log(mended: Sequence[Mended], index: pd.Index[Any]) -> pd.DataFrame:
    """Write down what became of broken outlines, as `repair_geometry` describes it.

    Parameters
    ----------
    mended : sequence of Mended
    index : pandas.Index
        Their records.

    Returns
    -------
    pandas.DataFrame
    """
    import pandas as pd

    columns = {
        "action": ["quarantined" if one.shape is None else "repaired" for one in mended],
        "reason": [one.reason for one in mended],
        "method": [one.method for one in mended],
        "smallest_m2": np.array([one.smallest_m2 for one in mended], dtype=float),
        "largest_m2": np.array([one.largest_m2 for one in mended], dtype=float),
        "area_before_m2": np.array([one.before_m2 for one in mended], dtype=float),
        "area_after_m2": np.array([one.after_m2 for one in mended], dtype=float),
        "candidates": [candidates_in_words(one.candidates) for one in mended],
        "candidates_m2": [dict(one.candidates) for one in mended],
        "original_wkb": [one.original_wkb for one in mended],
    }
    log: pd.DataFrame = pd.DataFrame(columns, index=index)
    return log


def _refuse_arguments(role: str, share: float, m2: float) -> None:
    if role not in ROLES:
        raise GeometryError(f"role={role!r} is none. Say {' or '.join(map(repr, ROLES))}: what the polygons stand for.")
    if not (0 <= share < 1 and 0 <= m2 < np.inf):
        raise GeometryError(f"share={share!r}, m2={m2!r}. Give a share from 0 to below 1, and an area of 0 or more.")
