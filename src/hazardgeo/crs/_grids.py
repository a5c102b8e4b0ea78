"""National grids: the planes in which an authority measures areas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from hazardgeo.crs._datum import crs_label, geographic, is_modern, recorded_in
from hazardgeo.crs._door import far_away
from hazardgeo.crs._geod import on_arrays
from hazardgeo.crs._names import parse_crs
from hazardgeo.errors import CRSError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WHAT = "national_grid"


@dataclass(frozen=True)
class Grid:
    """A grid on a datum that agrees with WGS 84, in metres."""

    crs: pyproj.CRS

    @property
    def label(self) -> str:
        """Code and name."""
        return f"{crs_label(self.crs)} ({self.crs.name})"

    def forward(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Longitude and latitude, laid into the grid [m]."""
        move = pyproj.Transformer.from_crs(geographic(self.crs), self.crs, always_xy=True)
        metre = self.crs.axis_info[0].unit_conversion_factor
        return np.column_stack(on_arrays(partial(move.transform, errcheck=True), *lonlat.T)) * metre

    def far_from(self, lonlat: NDArray[Any]) -> NDArray[np.bool_]:
        """Whether each geometry lies nowhere near the area that the grid is made for."""
        return far_away(lonlat, self.crs)


def national_grid(given: Any) -> Grid:
    """Take a grid in which areas on WGS 84 can be measured without an operation between datums.

    Parameters
    ----------
    given : str, int or pyproj.CRS
        Such as ``"EPSG:3765"``.

    Returns
    -------
    Grid

    Raises
    ------
    CRSError
        If it names no grid, a Mercator projection, or one on a datum that needs a named operation.

    Examples
    --------
    >>> national_grid("EPSG:3765").label
    'EPSG:3765 (HTRS96 / Croatia TM)'
    """
    crs = recorded_in(parse_crs(given), _WHAT)
    label = f"{_WHAT}: {crs_label(crs)} ({crs.name})"
    if not crs.is_projected:
        raise CRSError(
            f"{label} is longitude and latitude, in which nothing has an area. Name a grid, such as EPSG:3765."
        )
    if is_mercator(crs):
        raise CRSError(
            f"{label} is a Mercator projection, which is made for courses at sea and no authority measures land in. Name the "
            "grid of the authority, such as EPSG:3765."
        )
    if not is_modern(crs):
        raise CRSError(
            f"{label} is on {crs.datum.name if crs.datum else 'a datum of its own'}, and from WGS 84 an area comes there only by "
            "an operation that somebody has named and checked. Name the country's grid on ETRS89, an ITRF or WGS 84, and print "
            "the area that the authority itself declares beside it (declared_area_m2)."
        )
    return Grid(crs)


def is_mercator(crs: pyproj.CRS) -> bool:
    """Whether a grid is a Mercator projection about the equator, Web Mercator among them; transverse ones are not.

    Examples
    --------
    >>> is_mercator(pyproj.CRS(3857)), is_mercator(pyproj.CRS(3395)), is_mercator(pyproj.CRS(32633))
    (True, True, False)
    """
    method = crs.coordinate_operation.method_name if crs.coordinate_operation else ""
    return method.startswith(("Mercator", "Popular Visualisation"))
