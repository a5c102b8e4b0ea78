"""One layer, one named operation to WGS 84."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyproj
import shapely
from pyproj.transformer import AreaOfInterest, TransformerGroup

from hazardgeo.constants import ROUND_TRIP_M
from hazardgeo.crs._comparison import Comparison, choose, remarks_on
from hazardgeo.crs._datum import WGS84, crs_label, geographic, is_modern, recorded_in
from hazardgeo.crs._geod import GEOD, on_arrays
from hazardgeo.crs._names import same_crs
from hazardgeo.crs._operations import AGREES_M, Move, in_turn, named_operation, of_transformer
from hazardgeo.errors import CRSError

if TYPE_CHECKING:
    from numpy.typing import NDArray

# How far beyond the area that a CRS is made for a layer may lie: one zone of UTM, since neighbours are often
# recorded in one zone. Coordinates with x and y swapped land tens of degrees away.
_BEYOND_AREA_DEG = 6.0


@dataclass(frozen=True)
class DatumOperation:
    """The one operation that brought a layer to WGS 84.

    `name` is what each record carries: code, name, versions. `accuracy_m` is what it may be off: its publisher's claim, or the
    distance to the other operations that agree with it, whichever is more; None where nobody claims anything. `remarks` is what
    a person should know of it.
    """

    source_crs: str
    name: str
    accuracy_m: float | None
    nothing_done: bool = False
    old_datum: bool = False
    """Whether it leads from a datum that does not agree with WGS 84."""
    remarks: tuple[str, ...] = ()


def to_wgs84(
    geometries: NDArray[Any], crs: pyproj.CRS, what: str, operation: str | None = None
) -> tuple[NDArray[Any], DatumOperation]:
    """Bring the geometries of one layer to WGS 84 longitude and latitude by one named operation.

    Parameters
    ----------
    geometries : ndarray of shapely geometries
    crs : pyproj.CRS
        The CRS they are in.
    what : str
        File or frame, for the message.
    operation : str, optional
        Code of the operation to take, such as ``EPSG:9486``; without it, PROJ's first, if all that are published for that
        ground agree within what they claim.

    Returns
    -------
    ndarray of shapely geometries
        In EPSG:4326, longitude first; height is dropped, since every measure here is in the plan.
    DatumOperation

    Raises
    ------
    CRSError
        If the CRS names no datum, is deprecated or brings a shift of its own along and no operation is named; if the
        published operations disagree, or none is published, or none claims an accuracy; or if a coordinate does not
        transform, or not back to within 1 cm.
    """
    if (shapely.get_coordinate_dimension(geometries) > 2).any():  # to force them copies all
        geometries = shapely.force_2d(geometries)
    recorded = recorded_in(crs, what, named=operation is not None)
    _refuse_metres(geometries, crs, what)
    if same_crs(recorded, WGS84):
        _refuse_needless(operation, recorded, what)
        _refuse_impossible(shapely.get_coordinates(geometries), what)
        return geometries, DatumOperation(crs_label(crs), "none needed", 0.0, nothing_done=True)
    way, done = _way(geometries, crs, recorded, what, operation)
    moved = shapely.transform(geometries, lambda xy: _forward(way, xy, what))
    _refuse_impossible(shapely.get_coordinates(moved), what)
    _refuse_far_away(geometries, moved, recorded, what)
    return moved, done


def from_wgs84(
    geometries: NDArray[Any], crs: pyproj.CRS, what: str, operation: str | None = None
) -> tuple[NDArray[Any], DatumOperation]:
    """Lay geometries of WGS 84 into another CRS, by the way of `to_wgs84` gone backwards.

    Parameters
    ----------
    geometries : ndarray of shapely geometries
        In EPSG:4326.
    crs : pyproj.CRS
        Where they are to be laid.
    what : str
        What is in that CRS, for the message.
    operation : str, optional
        As in `to_wgs84`.

    Returns
    -------
    ndarray of shapely geometries
        In `crs`, x before y.
    DatumOperation

    Raises
    ------
    CRSError
        As `to_wgs84`.
    """
    recorded = recorded_in(crs, what, named=operation is not None)
    if same_crs(recorded, WGS84):
        _refuse_needless(operation, recorded, what)
        return geometries, DatumOperation(crs_label(crs), "none needed", 0.0, nothing_done=True)
    # Which operation is for this ground can be told from where it lies to within a kilometre, which any of them gives.
    rough = pyproj.Transformer.from_crs(WGS84, recorded, always_xy=True)
    there = shapely.transform(geometries, lambda lonlat: np.column_stack(on_arrays(rough.transform, *lonlat.T)))
    way, done = _way(there, crs, recorded, what, operation)
    return shapely.transform(geometries, lambda lonlat: _backward(way, lonlat, what)), done


def _way(
    geometries: NDArray[Any], crs: pyproj.CRS, recorded: pyproj.CRS, what: str, operation: str | None
) -> tuple[_Way, DatumOperation]:
    if is_modern(recorded):
        _refuse_needless(operation, recorded, what)
        return _modern(recorded, geometries, what)
    return _by_operation(crs, recorded, geometries, what, operation)


def _refuse_needless(operation: str | None, crs: pyproj.CRS, what: str) -> None:
    if operation is not None:
        raise CRSError(
            f"{what}: {crs_label(crs)} ({crs.name}) agrees with WGS 84, and needs no {operation}. If the coordinates were "
            "recorded on another datum, name the CRS that they were recorded in; else do not name an operation."
        )


def _modern(crs: pyproj.CRS, geometries: NDArray[Any], what: str) -> tuple[_Way, DatumOperation]:
    bounds = shapely.total_bounds(geometries)
    group = TransformerGroup(
        crs, WGS84, always_xy=True, area_of_interest=AreaOfInterest(*_extent(crs, bounds, what)), allow_ballpark=False
    )
    if not group.transformers:  # the register has none for that ground, or none at all; the datum agrees all the same
        return _own_degrees(crs), DatumOperation(crs_label(crs), f"{crs.name}, taken for WGS 84", AGREES_M)
    operation = of_transformer(group.transformers[0])
    way = _Way(operation.there, operation.back)
    return way, DatumOperation(crs_label(crs), operation.label, operation.accuracy_m)


class _Way(NamedTuple):
    """From the coordinates of a layer to longitude and latitude on WGS 84, and back."""

    there: Move
    back: Move


def _by_operation(
    crs: pyproj.CRS, recorded: pyproj.CRS, geometries: NDArray[Any], what: str, named: str | None
) -> tuple[_Way, DatumOperation]:
    """The way from an old datum: first to its own longitude and latitude, which is exact, then by the operation."""
    base = geographic(recorded)
    lonlat = to_lonlat(geometries, recorded, what)
    present = ~(shapely.is_missing(lonlat) | shapely.is_empty(lonlat))
    comparison = Comparison(base, lonlat[present], geometries[present])
    off: float | None
    if named is None:
        operation, off = choose(comparison, crs, what)
    else:
        operation = named_operation(named, base, what)
        off = operation.accuracy_m
    remarks = tuple(remarks_on(comparison, operation, off, named=named is not None))
    unproject, project = _own_degrees(recorded)
    there, back = partial(in_turn, [unproject, operation.there]), partial(in_turn, [operation.undo, project])
    return _Way(there, back), DatumOperation(crs_label(crs), operation.label, off, old_datum=True, remarks=remarks)


def to_lonlat(geometries: NDArray[Any], crs: pyproj.CRS, what: str) -> NDArray[Any]:
    """Give the longitudes and latitudes of a layer on its own datum; this is exact, and says nothing of WGS 84."""
    _extent(crs, shapely.total_bounds(geometries), what)
    unproject, _ = _own_degrees(crs)
    return np.asarray(shapely.transform(geometries, lambda xy: np.column_stack(unproject(*xy.T))), dtype=object)


def _own_degrees(crs: pyproj.CRS) -> _Way:
    """From the coordinates of a CRS to longitude and latitude on its own datum, and back."""
    own = pyproj.Transformer.from_crs(crs, geographic(crs), always_xy=True)
    there, back = (partial(own.transform, errcheck=True, direction=way) for way in ("FORWARD", "INVERSE"))
    return _Way(partial(on_arrays, there), partial(on_arrays, back))


def _range(bounds: NDArray[np.float64]) -> str:
    return f"x {bounds[0]:.8g} to {bounds[2]:.8g}, y {bounds[1]:.8g} to {bounds[3]:.8g}"


def _outside(crs: pyproj.CRS, bounds: NDArray[np.float64], what: str) -> CRSError:
    return CRSError(
        f"{what}: the coordinates ({_range(bounds)}) lie outside the area that {crs_label(crs)} ({crs.name}) is made "
        "for. Check the CRS, and whether x and y are swapped."
    )


def _extent(crs: pyproj.CRS, bounds: NDArray[np.float64], what: str) -> tuple[float, float, float, float]:
    """Box of a layer in longitude and latitude on its own datum."""
    unproject: Any = pyproj.Transformer.from_crs(crs, geographic(crs), always_xy=True)
    try:
        # Without its own check of errors: it asks at the poles too, where a Lambert cone has no value.
        box = unproject.transform_bounds(*bounds.tolist())
    except pyproj.exceptions.ProjError:
        box = (np.inf,) * 4
    if not np.isfinite(box).all():
        raise CRSError(
            f"{what}: the coordinates ({_range(bounds)}) do not fit {crs_label(crs)}. Check the CRS, and whether x and y "
            "are swapped."
        )
    west, south, east, north = box
    return west, south, east, north


def _refuse_metres(geometries: NDArray[Any], crs: pyproj.CRS, what: str) -> None:
    bounds = shapely.total_bounds(geometries)
    if crs.is_geographic and np.abs(bounds).max(initial=0) > 400:  # 400 gon are a full circle
        raise CRSError(
            f"{what}: {crs_label(crs)} is a longitude/latitude system, but the coordinates ({_range(bounds)}) look like "
            "metres. Name the grid that they were recorded in."
        )


def misplaced(geometries: NDArray[Any], crs: pyproj.CRS) -> dict[int, str]:
    """Find the shapes of a layer that cannot be in its CRS, each by itself.

    Parameters
    ----------
    geometries : ndarray of shapely geometries
    crs : pyproj.CRS

    Returns
    -------
    dict of int to str
        What was seen, by position.
    """
    xy, of = shapely.get_coordinates(geometries, return_index=True)
    if crs.is_projected:
        projection: Any = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
        lon, lat = on_arrays(projection.transform, *xy.T)
        again = on_arrays(partial(projection.transform, direction="INVERSE"), lon, lat)
        # A projection is not to be followed where it does not come back: a few metres in its own plane are too many.
        stray = ~(np.hypot(again[0] - xy[:, 0], again[1] - xy[:, 1]) < 1)
    else:
        lon, lat = xy.T
        stray = np.zeros(len(xy), dtype=bool)
    with np.errstate(invalid="ignore"):
        stray |= ~((np.abs(lon) <= 360) & (np.abs(lat) <= 90))
    label, positions = crs_label(crs), set(of[stray].tolist())
    sound = np.array([i for i in range(len(geometries)) if i not in positions], dtype=int)
    if crs.is_projected and len(sound):
        lonlat = shapely.transform(
            geometries[sound], lambda at: np.column_stack(on_arrays(projection.transform, *at.T))
        )
        positions |= set(sound[far_away(lonlat, crs)].tolist())
    elif len(sound):
        positions |= set(sound[far_away(geometries[sound], crs)].tolist())
    return {
        i: f"Its coordinates ({_range(shapely.total_bounds(geometries[i]))}) lie outside the area that {label} is made for."
        for i in sorted(positions)
    }


def _refuse_far_away(geometries: NDArray[Any], moved: NDArray[Any], crs: pyproj.CRS, what: str) -> None:
    """Refuse the layer where a single shape lies nowhere near the area of its CRS: it would be drawn elsewhere."""
    far = far_away(moved, crs)
    if far.any():
        raise _outside(crs, shapely.bounds(geometries[far][0]), what)


def far_away(lonlat: NDArray[Any], crs: pyproj.CRS) -> NDArray[np.bool_]:
    """Whether each geometry lies nowhere near the area that a CRS is made for."""
    authority = crs.to_authority()
    area = crs.area_of_use or (pyproj.CRS.from_authority(*authority).area_of_use if authority else None)
    if area is None:
        return np.zeros(len(lonlat), dtype=bool)
    west, south, east, north = shapely.bounds(lonlat).T
    start = area.west - _BEYOND_AREA_DEG
    width = (area.east - area.west) % 360 + 2 * _BEYOND_AREA_DEG
    far = (south > area.north + _BEYOND_AREA_DEG) | (north < area.south - _BEYOND_AREA_DEG)
    if area.east - area.west < 360:
        far |= ((west - start) % 360 > width) & ((east - start) % 360 > width)
    return np.asarray(far)


def _forward(way: _Way, xy: NDArray[np.float64], what: str) -> NDArray[np.float64]:
    try:
        lon, lat = way.there(*xy.T)
        again = way.there(*way.back(lon, lat))
    except pyproj.exceptions.ProjError as error:
        raise CRSError(f"{what}: a coordinate does not transform to WGS 84 ({error}). Check the CRS.") from error
    _refuse_astray(np.column_stack([lon, lat]), again, what)
    return np.column_stack([lon, lat])


def _backward(way: _Way, lonlat: NDArray[np.float64], what: str) -> NDArray[np.float64]:
    try:
        x, y = way.back(*lonlat.T)
        again = way.there(x, y)
    except pyproj.exceptions.ProjError as error:
        raise CRSError(f"{what}: some ground cannot be laid into its CRS ({error}). Check the CRS.") from error
    _refuse_astray(lonlat, again, what)
    return np.column_stack([x, y])


def _refuse_astray(lonlat: NDArray[np.float64], again: tuple[NDArray[np.float64], ...], what: str) -> None:
    gap = np.max(on_arrays(GEOD.inv, *lonlat.T, *again)[2], initial=0.0)
    if not gap <= ROUND_TRIP_M.value:
        raise CRSError(
            f"{what}: the transformation to WGS 84 does not come back to within 1 cm ({gap:.3g} m). Check the CRS."
        )


def _refuse_impossible(lonlat: NDArray[np.float64], what: str) -> None:
    # Longitudes up to 360 occur where a polygon is written across the antimeridian without a cut.
    wrong = ~((np.abs(lonlat[:, 0]) <= 360) & (np.abs(lonlat[:, 1]) <= 90))
    if wrong.any():
        x, y = lonlat[wrong][0]
        raise CRSError(
            f"{what}: ({x:.6g}, {y:.6g}) is no longitude and latitude. Check the CRS, and whether x and y are swapped."
        )
