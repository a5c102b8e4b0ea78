"""The one door for coordinate reference systems.

Everything is measured on WGS 84. A frame whose datum is WGS 84 or a realisation of ETRS89 or ITRF passes with one
named operation for the whole layer; any other datum is refused, because an operation chosen by default can
be hundreds of metres off and says nothing about it. PROJ asks no network, and no text of a CRS makes it open a file.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import pyproj.network
import shapely
from pyproj.transformer import AreaOfInterest, TransformerGroup

from hazardgeo.constants import ROUND_TRIP_M
from hazardgeo.errors import CRSError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

# A grid fetched on the way would change coordinates from one day, or one line, to the next.
pyproj.network.set_network_enabled(active=False)

WGS84 = pyproj.CRS.from_epsg(4326)
GEOD = pyproj.Geod(ellps="WGS84")

# Datums that agree with WGS 84 to about a metre, by their whole names in the EPSG register (those of 2026 too): its
# realisations, the ITRF and ETRS89 families, and national realisations of ETRS89. Anything else needs a named operation.
_MODERN = re.compile(
    r"World Geodetic System 1984( ensemble| \((G\d+|Transit)\))?"
    r"|International Terrestrial Reference Frame (19|20)\d\d(-u\d{4})?"
    r"|European Terrestrial Reference (System 1989( ensemble)?|Frame (19|20)\d\d)"
    r"|ETRS89/DREF91 Realization \d{4}|ETRS89-[A-Z]{3}([ _]\[?[\w -]+\]?)?"
    r"|ETRF2000 Poland|(NKG_|Nordic Geodetic Commission )ETRF\d\d|Lithuania 1994 \(ETRS89\)|AGRS2010 \(ETRF2000\)"
    r"|Mexico ITRF(92|2008)|Moznet \(ITRF94\)"
    r"|Croatian Terrestrial Reference System( 1996)?|HTRS96|BH_ETRS89|KRGJSH-2010"
    r"|Serbian Spatial Reference System 2000|Serbian Reference Network 1998|SRB_ETRS89|SREF98"
    r"|Kosovo Reference System 2001|KOSOVAREF01"
)
# What would make PROJ open a file, or put other parameters in the place of those that stand there.
_LEADS_ELSEWHERE = re.compile(r"init\s*=|grids\s*=|file\s*=|catalog\s*=|@|PARAMETERFILE|EXTENSION", re.IGNORECASE)
_PROJ_TEXT = re.compile(r"\bproj\s*=", re.IGNORECASE)
_WKT = re.compile(r"\s*[A-Za-z_0-9]+\s*[\[(]")
_NAME_OF_RECORD = re.compile(
    r"[A-Za-z]+:[A-Za-z0-9]+|urn:(ogc|x-ogc|EPSG)[\w:.-]*|https?://www\.opengis\.net/(def/crs/|gml/srs/)[\w./#-]+",
    re.IGNORECASE,
)
# How far beyond the area that a CRS is made for a layer may lie: one zone of UTM, since neighbours are often
# recorded in one zone. Coordinates with x and y swapped land tens of degrees away.
_BEYOND_AREA_DEG = 6.0


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
    if isinstance(given, str) and (
        _LEADS_ELSEWHERE.search(given) or (_PROJ_TEXT.search(given) and re.search(r"[/\\]", given))
    ):
        raise CRSError(f"{given!r} leads to a file or to other parameters. Give a code such as EPSG:3765.")
    try:
        return pyproj.CRS.from_user_input(given)
    except pyproj.exceptions.CRSError as error:
        raise CRSError(f"{given!r} is no CRS that PROJ knows. Give a code such as EPSG:3765.") from error


def parse_file_crs(text: str) -> pyproj.CRS | None:
    """Read the text by which a file names its CRS: a code, an OGC name or WKT, and nothing that leads elsewhere.

    Parameters
    ----------
    text : str

    Returns
    -------
    pyproj.CRS or None
        None if it is anything else, a PROJ string included.

    Examples
    --------
    >>> parse_file_crs("urn:ogc:def:crs:EPSG::3765").name
    'HTRS96 / Croatia TM'
    >>> parse_file_crs("+proj=utm +zone=33 +datum=WGS84") is None
    True
    """
    if not (_NAME_OF_RECORD.fullmatch(text) or _WKT.match(text)):
        return None
    try:
        return parse_crs(text)
    except CRSError:
        return None


def same_crs(a: pyproj.CRS, b: pyproj.CRS) -> bool:
    """Whether two CRSs are one, however their axes are ordered or their texts are written."""
    if a.equals(b, ignore_axis_order=True):
        return True
    try:
        # This form of WKT knows no order of axes.
        plain = [pyproj.CRS.from_wkt(crs.to_wkt("WKT1_ESRI")) for crs in (a, b)]
    except (pyproj.exceptions.CRSError, TypeError):
        return False
    return plain[0].equals(plain[1], ignore_axis_order=True)


def same_places(a: pyproj.CRS, b: pyproj.CRS) -> bool:
    """Whether two CRSs put the same numbers on the same ground, to about a metre.

    Registers of different years name one datum differently, so the comparison is by what the projections do; a datum
    that is not known to agree with WGS 84 is the same as none but itself.
    """
    if same_crs(a, b):
        return True
    area = a.area_of_use
    if area is None or not (_is_modern(a) and _is_modern(b) and a.is_projected == b.is_projected):
        return False
    lon, lat = np.meshgrid(np.linspace(area.west, area.east, 3), np.linspace(area.south, area.north, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a projection by itself leaves the datum out, which is what is wanted
        xy_a, xy_b = (np.asarray(pyproj.Proj(crs)(lon, lat)) for crs in (a, b))
    return bool(np.allclose(xy_a, xy_b, rtol=0, atol=1 if a.is_projected else 1e-5))


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
    refuse_datum(crs, what)
    _refuse_metres(geometries, crs, what)
    if same_crs(crs, WGS84):
        _refuse_impossible(shapely.get_coordinates(geometries), what)
        return geometries, DatumOperation(crs_label(crs), "none needed", 0.0)
    transformer = _one_operation(crs, shapely.total_bounds(geometries), what)
    moved = shapely.transform(geometries, lambda xy: _forward(transformer, xy, what))
    _refuse_impossible(shapely.get_coordinates(moved), what)
    _refuse_far_away(geometries, moved, crs, what)
    accuracy = transformer.accuracy if transformer.accuracy is not None and transformer.accuracy >= 0 else None
    return moved, DatumOperation(crs_label(crs), transformer.description, accuracy)


def refuse_datum(crs: pyproj.CRS, what: str) -> None:
    """Refuse a CRS whose datum is not known to agree with WGS 84, or that brings a shift of its own along.

    Parameters
    ----------
    crs : pyproj.CRS
    what : str
        File or frame, for the message.

    Raises
    ------
    CRSError
    """
    label = crs_label(crs)
    if any(part.is_bound for part in _parts(crs)) or "PROJ CRS string:" in crs.to_wkt():
        raise CRSError(
            f"{what}: {label} ({crs.name}) brings its own shift to WGS 84 along (TOWGS84, a grid or a PROJ string), which "
            "nobody has named or checked. Name the CRS by its code, such as EPSG:3765."
        )
    datum = crs.datum.name if crs.datum else "unknown"
    if datum.casefold().startswith(("unknown", "not specified")):
        raise CRSError(f"{what}: {label} ({crs.name}) names no datum. Name the CRS by its code, such as EPSG:3765.")
    if not _is_modern(crs):
        raise CRSError(
            f"{what}: {label} ({crs.name}) is on the datum {datum!r}, which differs from WGS 84 by up to hundreds of "
            "metres and has several operations to WGS 84. hazardgeo does not choose one for you: transform the layer "
            "with the operation that your surveying authority names, then read it again with its new CRS."
        )
    if not (crs.is_geographic or crs.is_projected):
        raise CRSError(f"{what}: {label} ({crs.name}) is neither a grid nor longitude and latitude.")


def _parts(crs: pyproj.CRS) -> Iterator[pyproj.CRS]:
    yield crs
    for part in (*crs.sub_crs_list, crs.source_crs):
        if part is not None:
            yield from _parts(part)


def _is_modern(crs: pyproj.CRS) -> bool:
    # The ellipsoid too: a text can give any name to any datum.
    if crs.datum is None or crs.ellipsoid is None or not _MODERN.fullmatch(crs.datum.name):
        return False
    size, flattening = crs.ellipsoid.semi_major_metre, crs.ellipsoid.inverse_flattening
    return abs(size - 6_378_137) < 0.001 and abs(flattening - 298.2572) < 0.0001


def _one_operation(crs: pyproj.CRS, bounds: NDArray[np.float64], what: str) -> pyproj.Transformer:
    area = _area_of_interest(crs, bounds, what)
    group = TransformerGroup(crs, WGS84, always_xy=True, area_of_interest=area, allow_ballpark=False)
    if group.transformers:
        return group.transformers[0]
    if TransformerGroup(crs, WGS84, always_xy=True, allow_ballpark=False).transformers:
        raise _outside(crs, bounds, what)
    raise CRSError(
        f"{what}: PROJ has no operation from {crs_label(crs)} to WGS 84. Transform the layer to EPSG:4326 first."
    )


def _range(bounds: NDArray[np.float64]) -> str:
    return f"x {bounds[0]:.8g} to {bounds[2]:.8g}, y {bounds[1]:.8g} to {bounds[3]:.8g}"


def _outside(crs: pyproj.CRS, bounds: NDArray[np.float64], what: str) -> CRSError:
    return CRSError(
        f"{what}: the coordinates ({_range(bounds)}) lie outside the area that {crs_label(crs)} ({crs.name}) is made "
        "for. Check the CRS, and whether x and y are swapped."
    )


def _area_of_interest(crs: pyproj.CRS, bounds: NDArray[np.float64], what: str) -> AreaOfInterest:
    unproject: Any = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    try:
        west, south, east, north = unproject.transform_bounds(*bounds.tolist(), errcheck=True)
    except pyproj.exceptions.ProjError as error:
        raise CRSError(
            f"{what}: the coordinates ({_range(bounds)}) do not fit {crs_label(crs)}. Check the CRS, and whether x and y "
            "are swapped."
        ) from error
    return AreaOfInterest(west, south, east, north)


def _refuse_metres(geometries: NDArray[Any], crs: pyproj.CRS, what: str) -> None:
    bounds = shapely.total_bounds(geometries)
    if crs.is_geographic and np.abs(bounds).max(initial=0) > 400:  # 400 gon are a full circle
        raise CRSError(
            f"{what}: {crs_label(crs)} is a longitude/latitude system, but the coordinates ({_range(bounds)}) look like "
            "metres. Name the grid that they were recorded in."
        )


def _refuse_far_away(geometries: NDArray[Any], moved: NDArray[Any], crs: pyproj.CRS, what: str) -> None:
    """Refuse the layer where a single shape lies nowhere near the area of its CRS: it would be drawn elsewhere."""
    authority = crs.to_authority()
    area = crs.area_of_use or (pyproj.CRS.from_authority(*authority).area_of_use if authority else None)
    if area is None:
        return
    west, south, east, north = shapely.bounds(moved).T
    start = area.west - _BEYOND_AREA_DEG
    width = (area.east - area.west) % 360 + 2 * _BEYOND_AREA_DEG
    far = (south > area.north + _BEYOND_AREA_DEG) | (north < area.south - _BEYOND_AREA_DEG)
    if area.east - area.west < 360:
        far |= ((west - start) % 360 > width) & ((east - start) % 360 > width)
    if far.any():
        raise _outside(crs, shapely.bounds(geometries[far][0]), what)


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
