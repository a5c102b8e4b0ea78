"""What was written, read again: whether every record is there, in its place, and with its own outline."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import crs_label, same_places
from hazardgeo.errors import FormatError, StorageError
from hazardgeo.registers._rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from hazardgeo.registers._formats import RawLayer

_DEGREE_M = 111_320
_ANYWHERE = 1e12


@contextlib.contextmanager
def told_plainly(target: Path) -> Iterator[None]:
    """Whatever the format underneath objects to, tell the caller which file it was and that nothing changed.

    Raises
    ------
    StorageError
    """
    try:
        yield
    except (ValueError, TypeError, KeyError, OverflowError, RuntimeError, OSError, FormatError) as error:
        raise StorageError(f"{target}: could not be written ({error}). Nothing was changed.") from error


def refuse_lost_records(ids: Sequence[Any], back: RawLayer, target: Path) -> None:
    """Refuse a file that reads back with more or fewer records, or with one that could not be used.

    Raises
    ------
    StorageError
    """
    if back.count != len(ids):
        raise StorageError(
            f"{target}: {len(ids)} records were written and {back.count} read back. Nothing was changed."
        )
    for fault in back.faults if back.count else ():
        if RULES[fault.rule].severity == "quarantined":
            which = "every record" if fault.at is None else repr(ids[fault.at])
            raise StorageError(f"{target}: {which} would be lost: {fault.seen} Nothing was changed.")


def refuse_other_crs(frame: gpd.GeoDataFrame, back: RawLayer, target: Path) -> None:
    """Refuse a file that names another CRS than the frame.

    Raises
    ------
    StorageError
    """
    if back.crs is None or not same_places(frame.crs, back.crs):
        raise StorageError(f"{target}: the CRS {crs_label(frame.crs)} reads back otherwise. Nothing was changed.")


def moves_m(geometries: NDArray[Any], frame: gpd.GeoDataFrame, back: RawLayer) -> NDArray[np.float64]:
    """How far the corners of each outline moved, at most.

    Parameters
    ----------
    geometries : ndarray of shapely geometries
        As they were to be written.
    frame : geopandas.GeoDataFrame
        Says by its CRS what the coordinates are.
    back : RawLayer
        As they read back.

    Returns
    -------
    ndarray of float
        0 where an outline is the same, wherever it begins and however it runs round; NaN where it is another one [m].
    """
    metre = _DEGREE_M if frame.crs.is_geographic else 1
    flat = shapely.force_2d(geometries)
    moves = np.zeros(len(flat))
    # Most are the very same, and all of these are seen at once.
    for i in np.flatnonzero(~shapely.equals_exact(flat, back.shapes)):
        moves[i] = _move(flat[i], back.shapes[i]) * metre
    return moves


def _move(shape: Any, again: Any) -> float:
    if shape is None or again is None:
        return 0.0 if shape is again else np.nan
    parts, parts_again = shapely.get_parts(shape), shapely.get_parts(again)
    if len(parts) != len(parts_again):
        return np.nan
    if shapely.equals_exact(parts, parts_again).all():
        return 0.0
    a, b = (shapely.normalize(shapely.GeometryCollection(list(those))) for those in (parts, parts_again))
    if shapely.equals_exact(a, b):
        return 0.0
    if not shapely.equals_exact(parts, parts_again, _ANYWHERE).all():
        return np.nan
    steps = shapely.get_coordinates(parts) - shapely.get_coordinates(parts_again)
    return float(np.hypot(*steps.T).max())
