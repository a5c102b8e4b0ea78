"""Traverses: an outline drawn by bearings and distances from a point whose place is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.crs import GEOD, on_arrays
from hazardgeo.errors import GeometryError, HazardgeoError
from hazardgeo.measure._traverse._chain import MeasuredLeg
from hazardgeo.measure._traverse._errors import SurveyErrors, area_sd
from hazardgeo.measure._traverse._north import north_of
from hazardgeo.measure._traverse._roles import CORNERS, FEWEST_CORNERS, roles_of
from hazardgeo.measure._traverse._survey import survey
from hazardgeo.measure._traverse._units import NotDrawnError, read_bearing, read_distance
from hazardgeo.measure._traverse._value import Traverse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from hazardgeo.measure._traverse._survey import Survey


class Leg(NamedTuple):
    """One leg of a traverse: from a point to a point, by bearing and distance.

    Parameters
    ----------
    from_point, to_point : str
        Names of the points; a leg to a point that is there already closes the traverse.
    bearing : float or str
        Where the leg starts, clockwise from the north that the traverse names, in its unit of angles.
    distance : float or str
        In its unit of lengths.
    back_bearing : float or str, optional
        Read at the other end, back to where the leg starts.

    Examples
    --------
    >>> Leg("SP", "TP1", "90°30'", 120).to_point
    'TP1'
    """

    from_point: str
    to_point: str
    bearing: float | str
    distance: float | str
    back_bearing: float | str | None = None


def traverse(
    start: tuple[float, float],
    legs: Iterable[Leg | Sequence[Any]],
    *,
    north: str,
    declination_deg: float | None = None,
    crs: Any = None,
    angles: str = "degrees",
    lengths: str | float = "m",
    at: str | None = None,
    roles: Mapping[str, str] | None = None,
    known: Mapping[str, tuple[float, float]] | None = None,
    errors: SurveyErrors | None = None,
) -> Traverse:
    """Draw an outline by bearings and distances from a point whose place is known.

    Landmark, benchmark, start point, turning points, and a leg that closes: as a field book has it. The checks find a leg
    that was read or written wrongly. They do not find what is wrong in all legs alike: with a declination left out, the
    area is right, the traverse closes, and the whole outline lies elsewhere. Only a second point whose coordinates are
    known tells (`known`).

    Parameters
    ----------
    start : tuple of float
        Longitude and latitude of the point `at`, on WGS 84 [degree].
    legs : sequence of Leg or tuple
        ``(from, to, bearing, distance)``, and the back bearing where one was read.
    north : {"true", "grid", "magnetic"}
        Which north the bearings are counted from. There is no default: it is known or it is not.
    declination_deg : float, optional
        For magnetic north: the declination at the place on the day, east positive [degree].
    crs : str or pyproj.CRS, optional
        For grid north: the grid, such as ``"EPSG:3765"``. It is not that of `start`.
    angles : {"degrees", "gon", "mils_6400", "mils_6000"}
        Unit of the bearings; degrees also as text such as ``123°30'15"``.
    lengths : {"m", "ft"} or float
        Unit of the distances, or metres in one of it, such as 0.75 for a pace.
    at : str, optional
        Name of the point whose place `start` is; the point that the first leg starts from unless given.
    roles : mapping of str to str, optional
        What points are, in the words of IMSMA: landmark or reference point, benchmark (these are no corners); start point or
        datum point, turning point, intermediate point, end point. A point that is not named is a corner.
    known : mapping of str to tuple of float, optional
        Longitude and latitude of further points. They are compared, and move nothing.
    errors : SurveyErrors, optional
        How well bearings, distances and known points are known.

    Returns
    -------
    Traverse

    Raises
    ------
    HazardgeoError
        If north, a unit or a role is not one that is known, or not whole.
    GeometryError
        If it cannot be drawn: a point hangs on nothing, two bearings contradict each other, it closes more than once, it
        has fewer than three corners, or its outline crosses itself.

    Notes
    -----
    Each leg is a geodesic on WGS 84, its bearing that at the point where it starts; from grid north, the convergence there is
    added. Fore and back bearing give their mean. The misclosure is spread by the compass rule, in proportion to the lengths
    of the legs. Errors are carried on to the first order, those of single legs and those that all legs share; a check
    passes where a deviation lies within the 95 % ellipse. Distances are taken as level ground distances.

    References
    ----------
    Points and roles: GICHD IMSMA wiki, Point Types. Compass rule: J. Mahun, Open Access Surveying Library, Traverse
    Computations, chapter I (jerrymahun.com). Geodesics: C. F. F. Karney (2013), doi:10.1007/s00190-012-0578-z.

    Examples
    --------
    A square of 100 m to the side, whose landmark lies 50 m west of it:

    >>> book = [("LM", "A", 90, 50), ("A", "B", 0, 100), ("B", "C", 90, 100), ("C", "D", 180, 100), ("D", "A", 270, 100)]
    >>> square = traverse((16.0, 45.0), book, north="true", roles={"LM": "landmark"})
    >>> round(square.area_m2), round(square.misclosure_m, 1), square.points["role"]["A"]
    (10000, 0.0, 'start point')
    """
    book = [_measured(Leg(*one), angles, lengths) for one in legs]
    if crs is not None and north in ("true", "magnetic"):
        raise HazardgeoError(
            f"A grid is given, crs={crs!r}, and north is {north!r}. crs= names the grid of grid north and nothing else: start "
            "must be longitude and latitude on WGS 84, whatever north is. Take one of the two away."
        )
    direction = north_of(north, declination_deg, crs)
    if not book:
        raise NotDrawnError("There are no legs.", "Give one for each bearing and distance.")
    at = at if at is not None else book[0].from_point
    if at in (known or {}):
        raise HazardgeoError(f"known= names {at!r}, whose place is start. Give it once.")
    places = {name: _place(name, place) for name, place in {at: start, **(known or {})}.items()}
    errors = errors or SurveyErrors()
    drawn = survey(book, at, places, north=direction, errors=errors, geod=GEOD)
    if lost := [name for name in places if name not in drawn.names]:
        raise HazardgeoError(
            f"known= names {lost[0]!r}, and no leg has such a point. The points are {', '.join(drawn.names)}."
        )
    said = f"{len(book)} legs from {at}; bearings from {direction.label}; {errors.in_words()}."
    return _finished(drawn, roles_of(drawn.names, roles or {}), places[at], said)


def _measured(leg: Leg, angles: str, lengths: str | float) -> MeasuredLeg:
    try:
        back = None if leg.back_bearing is None else read_bearing(leg.back_bearing, angles)
        bearing, distance = read_bearing(leg.bearing, angles), read_distance(leg.distance, lengths)
    except NotDrawnError as error:
        raise NotDrawnError(f"The leg {leg.from_point} to {leg.to_point}: {error.seen}", error.remedy) from error
    return MeasuredLeg(str(leg.from_point), str(leg.to_point), bearing, distance, back)


def _place(name: str, place: tuple[float, float]) -> tuple[float, float]:
    lon, lat = (float(value) for value in place)
    if not (abs(lon) <= 360 and abs(lat) < 90):
        raise HazardgeoError(f"{name}: ({lon:g}, {lat:g}) is no longitude and latitude. Give longitude first.")
    return lon, lat


def _finished(drawn: Survey, roles: list[str], start: tuple[float, float], method: str) -> Traverse:
    import pandas as pd

    is_corner = np.array([role in CORNERS for role in roles])
    corners = np.flatnonzero(is_corner)
    if len(corners) < FEWEST_CORNERS:
        raise NotDrawnError(f"It has {len(corners)} corners; an outline has three at least.", "Add the missing legs.")
    lonlat, raw = drawn.drawn.lonlat, drawn.drawn.raw
    polygon, before = _ring(lonlat[corners]), _ring(raw[corners])
    if not polygon.is_valid:
        why = shapely.is_valid_reason(polygon).partition("[")[0].lower()
        raise GeometryError(f"Its outline is not valid ({why}). Give the legs in the order walked.")
    moved = on_arrays(GEOD.inv, *raw.T, *lonlat.T)[2]
    columns = {"role": roles, "is_corner": is_corner, "lon": lonlat[:, 0], "lat": lonlat[:, 1]}
    points = pd.DataFrame(
        columns | {"position_sd_m": drawn.position_sd_m, "moved_m": moved}, index=pd.Index(drawn.names, name="point")
    )
    flat = _plane(lonlat[corners])
    farthest = max(GEOD.inv(*start, lon, lat)[2] for lon, lat in lonlat[corners].tolist())
    return Traverse(
        points,
        polygon,
        _area(polygon),
        _area(before) if before.is_valid else math.nan,
        area_sd(flat, drawn.drawn.weights[corners], drawn.spread),
        drawn.closure,
        drawn.back_bearings,
        drawn.checks,
        drawn.outline_sd_m([drawn.names[i] for i in corners]),
        farthest * math.radians(1),
        method,
    )


def _ring(lonlat: NDArray[np.float64]) -> shapely.Polygon:
    # Continuous across the antimeridian, as the measures take it.
    return shapely.Polygon(np.column_stack([np.unwrap(lonlat[:, 0], period=360), lonlat[:, 1]]))


def _area(polygon: shapely.Polygon) -> float:
    lon, lat = shapely.get_coordinates(polygon)[:-1].T
    return abs(float(GEOD.polygon_area_perimeter(lon, lat)[0]))


def _plane(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """East and north of places in a plane around the first of them [m]."""
    azimuth, _, distance = on_arrays(GEOD.inv, *np.broadcast_to(lonlat[0], lonlat.shape).T, *lonlat.T)
    angle = np.radians(azimuth)
    return np.column_stack([distance * np.sin(angle), distance * np.cos(angle)])
