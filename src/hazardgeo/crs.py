"""The one door for coordinate reference systems.

Everything is measured on WGS 84. A frame whose datum is WGS 84 or a realisation of ETRS89 or ITRF passes with one
named operation for the whole layer; any other datum is refused, because an operation chosen by default can
be hundreds of metres off and says nothing about it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely
from pyproj.transformer import AreaOfInterest, TransformerGroup

from hazardgeo.constants import ROUND_TRIP_M
from hazardgeo.errors import CRSError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

WGS84 = pyproj.CRS.from_epsg(4326)
GEOD = pyproj.Geod(ellps="WGS84")

# Datums that agree with WGS 84 to about a metre: its realisations, the ITRF and ETRS89 families, and the national
# realisations of ETRS89 whose names do not say so. Anything else needs a named operation.
_MODERN = re.compile(
    r"World Geodetic System 1984|WGS ?84|International Terrestrial Reference Frame|ITRF|"
    r"European Terrestrial Reference (System|Frame)|ETR[SF]|Croatian Terrestrial Reference System|HTRS96|"
    r"Serbian (Reference Network|Spatial Reference System)|SRB_ETRS|SREF98|BH_ETRS|"
    r"KRGJSH|Kosovo Reference System|KOSOVAREF",
    re.IGNORECASE,
)


def on_arrays(function: Callable[..., Any], *arrays: Any) -> tuple[NDArray[np.float64], ...]:
    """Call a function of PROJ with arrays and get arrays, for one point as for many.

    Under numpy before 2.4 an array of one would be taken for a number, with a warning, and give numbers back.
    """
    given = [np.ravel(array).tolist() for array in arrays] if np.size(arrays[0]) == 1 else arrays
    return tuple(np.asarray(result, dtype=float) for result in function(*given))


@dataclass(frozen=True)
class DatumOperation:
    """The one operation that brought a layer to WGS 84."""

    source_crs: str
    name: str
    accuracy_m: float | None


def parse_crs(given: Any) -> pyproj.CRS:
    """Read a CRS from an EPSG code, a name, WKT or a CRS object.

    Parameters
    ----------
    given : str, int or pyproj.CRS

    Returns
    -------
    pyproj.CRS

    Raises
    ------
    CRSError
        If it names no CRS.

    Examples
    --------
    >>> parse_crs("EPSG:3765").name
    'HTRS96 / Croatia TM'
    """
    try:
        return pyproj.CRS.from_user_input(given)
    except pyproj.exceptions.CRSError as error:
        raise CRSError(f"{given!r} is no CRS that PROJ knows. Give a code such as EPSG:3765.") from error


def crs_label(crs: pyproj.CRS) -> str:
    """Name a CRS by authority code where it has one, else by name.

    Examples
    --------
    >>> crs_label(WGS84)
    'EPSG:4326'
    """
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)


def to_wgs84(geometries: NDArray[Any], crs: pyproj.CRS, what: str) -> tuple[NDArray[Any], DatumOperation]:
    """Bring the geometries of one layer to WGS 84 longitude and latitude by one named operation.

    Parameters
    ----------
    geometries : ndarray of shapely geometries
    crs : pyproj.CRS
        The CRS they are in.
    what : str
        File or frame, for the message.

    Returns
    -------
    ndarray of shapely geometries
        In EPSG:4326, longitude first; height is dropped, since every measure here is in the plan.
    DatumOperation

    Raises
    ------
    CRSError
        If the datum is not known to agree with WGS 84, if PROJ offers no operation but a guess, or if a
        coordinate does not transform, or not back to within 1 cm.
    """
    geometries = shapely.force_2d(geometries)
    if crs == WGS84 or crs.equals(WGS84, ignore_axis_order=True):
        _refuse_impossible(shapely.get_coordinates(geometries), what)
        return geometries, DatumOperation(crs_label(crs), "none needed", 0.0)
    transformer = _one_operation(crs, shapely.total_bounds(geometries), what)
    moved = shapely.transform(geometries, lambda xy: _forward(transformer, xy, what))
    _refuse_impossible(shapely.get_coordinates(moved), what)
    accuracy = transformer.accuracy if transformer.accuracy is not None and transformer.accuracy >= 0 else None
    return moved, DatumOperation(crs_label(crs), transformer.description, accuracy)


def _one_operation(crs: pyproj.CRS, bounds: NDArray[np.float64], what: str) -> pyproj.Transformer:
    label = crs_label(crs)
    datum = crs.datum.name if crs.datum else "unknown"
    if not _MODERN.search(datum):
        raise CRSError(
            f"{what}: {label} ({crs.name}) is on the datum {datum!r}, which differs from WGS 84 by up to hundreds of "
            "metres and has several operations to WGS 84. hazardgeo does not choose one for you: transform the layer "
            "with the operation that your surveying authority names, then read it again with its new CRS."
        )
    area = _area_of_interest(crs, bounds, what)
    group = TransformerGroup(crs, WGS84, always_xy=True, area_of_interest=area, allow_ballpark=False)
    if not group.transformers:
        raise CRSError(
            f"{what}: PROJ has no operation from {label} to WGS 84 here. Transform the layer to EPSG:4326 first."
        )
    return group.transformers[0]


def _area_of_interest(crs: pyproj.CRS, bounds: NDArray[np.float64], what: str) -> AreaOfInterest:
    unproject: Any = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    try:
        west, south, east, north = unproject.transform_bounds(*bounds.tolist(), errcheck=True)
    except pyproj.exceptions.ProjError as error:
        raise CRSError(
            f"{what}: its coordinates (x {bounds[0]:.6g} to {bounds[2]:.6g}, y {bounds[1]:.6g} to {bounds[3]:.6g}) do "
            f"not fit {crs_label(crs)}. Check the CRS, and whether x and y are swapped."
        ) from error
    return AreaOfInterest(west, south, east, north)


def _forward(transformer: pyproj.Transformer, xy: NDArray[np.float64], what: str) -> NDArray[np.float64]:
    try:
        there = partial(transformer.transform, errcheck=True)
        lon, lat = on_arrays(there, *xy.T)
        again = on_arrays(there, *on_arrays(partial(there, direction="INVERSE"), lon, lat))
    except pyproj.exceptions.ProjError as error:
        raise CRSError(f"{what}: a coordinate does not transform to WGS 84 ({error}). Check the CRS.") from error
    gap = np.max(on_arrays(GEOD.inv, lon, lat, *again)[2], initial=0.0)
    if not gap <= ROUND_TRIP_M.value:
        raise CRSError(
            f"{what}: the transformation to WGS 84 does not come back to within 1 cm ({gap:.3g} m). Check the CRS."
        )
    return np.column_stack([lon, lat])


def _refuse_impossible(lonlat: NDArray[np.float64], what: str) -> None:
    # Longitudes up to 360 occur where a polygon is written across the antimeridian without a cut.
    wrong = ~((np.abs(lonlat[:, 0]) <= 360) & (np.abs(lonlat[:, 1]) <= 90))
    if wrong.any():
        x, y = lonlat[wrong][0]
        raise CRSError(
            f"{what}: ({x:.6g}, {y:.6g}) is no longitude and latitude. Check the CRS, and whether x and y are swapped."
        )
