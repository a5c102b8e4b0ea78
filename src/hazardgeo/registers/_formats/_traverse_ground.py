"""The datum that the points of a traverse are on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyproj

from hazardgeo.crs import crs_label
from hazardgeo.measure._traverse._units import NotDrawnError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Ground:
    """Its ellipsoid, and the way between the coordinates of a table and longitude and latitude on it."""

    geod: pyproj.Geod
    grid: pyproj.Transformer | None

    def lonlat(self, xy: NDArray[np.float64], name: str) -> tuple[float, float]:
        """Longitude and latitude of a point.

        Raises
        ------
        NotDrawnError
            If its coordinates are no place.
        """
        x, y = xy.tolist()
        try:
            lon, lat = (x, y) if self.grid is None else self.grid.transform(x, y, errcheck=True)
        except pyproj.exceptions.ProjError:
            lon, lat = float("nan"), float("nan")
        if not (abs(lon) <= 360 and abs(lat) < 90):
            raise NotDrawnError(
                f"The coordinates of {name} are no place that their CRS has.", "Check them in the source."
            )
        return float(lon), float(lat)

    def xy(self, lonlat: tuple[float, float], name: str) -> tuple[float, float]:
        """Coordinates of a point, as the table has them.

        Raises
        ------
        NotDrawnError
            If the CRS has none there.
        """
        if self.grid is None:
            return lonlat
        try:
            x, y = self.grid.transform(*lonlat, direction="INVERSE", errcheck=True)
        except pyproj.exceptions.ProjError as error:
            seen = f"{name} would lie where its CRS has no place."
            raise NotDrawnError(seen, "Look its bearings and distances up in the report.") from error
        return float(x), float(y)


def ground_of(crs: pyproj.CRS | None) -> Ground:
    """The datum of a CRS.

    Raises
    ------
    NotDrawnError
        If there is none, or it counts longitude from elsewhere than Greenwich.
    """
    if crs is None:
        raise NotDrawnError("The CRS of its known point is not named.", "State the CRS of the table.")
    geod, meridian = crs.get_geod(), crs.prime_meridian
    if geod is None or meridian is None or meridian.longitude != 0 or not (crs.is_projected or crs.is_geographic):
        raise NotDrawnError(
            f"{crs_label(crs)} is no longitude and latitude from Greenwich, and no grid of such.", "State another CRS."
        )
    grid = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True) if crs.is_projected else None
    return Ground(geod, grid)
