"""Which north a bearing is counted from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyproj

from hazardgeo.crs import crs_label, parse_crs
from hazardgeo.errors import CRSError, HazardgeoError

if TYPE_CHECKING:
    from collections.abc import Callable

NORTHS = ("true", "grid", "magnetic")


@dataclass(frozen=True)
class North:
    """What turns a bearing into an azimuth from true north."""

    label: str
    turn_deg: Callable[[float, float], float]
    """Azimuth of this north at a longitude and latitude [degree, clockwise]."""

    def azimuth(self, bearing_deg: float, lon: float, lat: float) -> float:
        """Azimuth from true north of a bearing taken at a place."""
        return bearing_deg + self.turn_deg(lon, lat)


def north_of(kind: str, declination_deg: float | None = None, crs: Any = None) -> North:
    """Say which north bearings are counted from.

    Parameters
    ----------
    kind : {"true", "grid", "magnetic"}
    declination_deg : float, optional
        For magnetic north: how far it lies from true north at the place and on the day of the survey, east positive.
    crs : str or pyproj.CRS, optional
        For grid north: the grid.

    Returns
    -------
    North

    Raises
    ------
    HazardgeoError
        If it is not said, or not whole.

    Examples
    --------
    >>> north_of("magnetic", 4.5).azimuth(90.0, 16.0, 45.0)
    94.5
    """
    if kind not in NORTHS:
        raise HazardgeoError(
            f'north={kind!r} is none. Say which north the bearings are counted from: "true", "grid" (with the grid, crs=) or '
            '"magnetic" (with declination_deg=). It stands in the report, or the survey team knows; it is not guessed.'
        )
    if kind != "magnetic" and declination_deg is not None:
        raise HazardgeoError(f"A declination is given, and north is {kind!r}. Take one of the two away.")
    if kind != "grid" and crs is not None:
        raise HazardgeoError(f"A grid is given, and north is {kind!r}. Take one of the two away.")
    if kind == "magnetic":
        return _magnetic(declination_deg)
    return _grid(crs) if kind == "grid" else North("true north", lambda _lon, _lat: 0.0)


def _magnetic(declination_deg: float | None) -> North:
    if declination_deg is None:
        raise HazardgeoError(
            "Bearings from magnetic north need the declination of the place on the day of the survey, in degrees, east "
            "positive. It stands on the map sheet, or a geomagnetic service gives it. 0 is a value as any other: say it."
        )
    if isinstance(declination_deg, bool) or not (math.isfinite(declination_deg) and abs(declination_deg) <= 180):
        raise HazardgeoError(f"The declination {declination_deg!r} is none. Give degrees, east positive.")
    side = "east" if declination_deg >= 0 else "west"
    label = f"magnetic north, declination {abs(declination_deg):g}° {side}"
    return North(label, lambda _lon, _lat: float(declination_deg))


def _grid(given: Any) -> North:
    if given is None:
        raise HazardgeoError("Bearings from grid north need the grid, such as EPSG:3765.")
    crs = parse_crs(given)
    if not crs.is_projected or {axis.direction for axis in crs.axis_info} - {"east", "north", "up"}:
        raise CRSError(f"{crs_label(crs)} ({crs.name}) is no grid of eastings and northings. Name the grid of the map.")
    if crs.prime_meridian is None or crs.prime_meridian.longitude != 0:
        seen = f"{crs_label(crs)} ({crs.name}) counts longitude from elsewhere than Greenwich."
        raise CRSError(f"{seen} Name the same grid counted from Greenwich, or give bearings from true north.")
    projection = pyproj.Proj(crs)

    def convergence(lon: float, lat: float) -> float:
        # By the longitude and latitude as they are: a datum moves them by so little that north turns by less than 0.02 degrees.
        return float(projection.get_factors(lon, lat).meridian_convergence)

    return North(f"grid north of {crs_label(crs)}", convergence)
