"""An equal-area projection for a frame, chosen by how much it distorts lengths there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from hazardgeo.constants import Constant
from hazardgeo.crs import on_arrays
from hazardgeo.errors import GeometryError
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay._planes import box_of
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

EQUAL_AREA_DISTORTION = Constant(
    "EQUAL_AREA_DISTORTION",
    1e-3,
    "1",
    "Where the azimuthal plane distorts no length by more than this share, none that distorts less is looked for.",
    Source("hazardgeo design choice: the simpler projection, as long as it does for a map", Grade.ASSUMED),
)
_AZIMUTHAL, _CONIC = "Lambert azimuthal equal-area", "Albers conical equal-area"
_SIDE = 21  # points a side at which the distortion of a box is looked at
_LARGEST = 1.0  # where lengths are doubled, 120° from the centre, a plane serves nobody
_ALBERS_DEG = 85.0  # nearer to a pole a cone is drawn out to a fan


@dataclass(frozen=True)
class ProjectionChoice:
    """An equal-area projection and how far it departs from the ground.

    Parameters
    ----------
    name : str
        Of the projection.
    proj : str
        As PROJ and GIS take it, on WGS 84, in metres.
    lon, lat : float
        Its centre [degree].
    largest_distortion : float
        The most by which a length is wrong within the box of the frame, as a share. Areas are not distorted at all.
    """

    name: str
    proj: str
    lon: float
    lat: float
    largest_distortion: float

    @property
    def crs(self) -> pyproj.CRS:
        """The same as a CRS, for ``frame.to_crs``."""
        return pyproj.CRS(self.proj)

    @property
    def sentence(self) -> str:
        """The choice in one line."""
        return (
            f"{self.name} about longitude {self.lon:g}, latitude {self.lat:g} ({self.proj}): areas are true, lengths to "
            f"{self.largest_distortion:.2g}."
        )

    def forward(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Longitude and latitude, laid into the plane [m]."""
        return np.column_stack(on_arrays(pyproj.Proj(self.proj), *lonlat.T))


def choose_equal_area(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> ProjectionChoice:
    """Choose an equal-area projection for a frame.

    For maps and for other software: areas in the plane are those of the ground. hazardgeo itself needs no such choice. An edge
    that is drawn straight in the plane is no geodesic; split edges longer than a kilometre before you project.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame or geopandas.GeoSeries
        Polygons with a CRS.

    Returns
    -------
    ProjectionChoice
        Lambert's azimuthal projection about the middle of the frame's box, if it distorts no length there by more than 1 in 1000
        (some 570 km from the centre); else that one or Albers' conical one with parallels a sixth of the height within the box,
        whichever distorts lengths less: the second one suits what is far wider than high.

    Raises
    ------
    CRSError, GeometryError
        As `area_m2`; GeometryError too if no row has a geometry, or the frame spans more than either projection can hold.

    Notes
    -----
    The distortion is the larger half-axis of Tissot's indicatrix less 1, at 21 by 21 points of the box. The centre and the
    parallels are rounded to a hundredth of a degree, so that they can be copied by hand.

    References
    ----------
    J. P. Snyder (1987), Map Projections: A Working Manual, USGS Professional Paper 1395, for both projections, as PROJ implements
    them; the sixth as a rule of thumb is an unverified default of this library.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> choice = choose_equal_area(gpd.GeoSeries([shapely.box(15.6, 44.8, 16.4, 45.2)], crs="EPSG:4326"))
    >>> choice.proj
    '+proj=laea +lat_0=45 +lon_0=16 +datum=WGS84 +units=m +no_defs'
    >>> choice.largest_distortion < 2e-5
    True
    """
    polygons = wgs84_polygons(frame)
    present = polygons[~shapely.is_missing(polygons)]
    if not len(present):
        raise GeometryError("No row has a geometry: there is nothing to choose a projection for.")
    choice = best_choice(present)
    if choice is None:
        raise GeometryError(
            "The frame spans more of the globe than one equal-area plane can hold. Divide it by region."
        )
    return choice


def best_choice(present: NDArray[Any]) -> ProjectionChoice | None:
    """As `choose_equal_area`, for polygons that are checked and on WGS 84; None where there is none to choose."""
    if not len(present):
        return None
    box = box_of(present)
    west, south, east, north = box
    lon, lat = round((west + east) / 2 - 360 * (west + east > 360), 2), round((south + north) / 2, 2)
    about = f"+lat_0={lat:g} +lon_0={lon:g} +datum=WGS84 +units=m +no_defs"
    texts = {_AZIMUTHAL: f"+proj=laea {about}"}
    first, second = round(south + (north - south) / 6, 2), round(north - (north - south) / 6, 2)
    if abs(first + second) > 1 and max(-south, north) < _ALBERS_DEG:  # a cone about the equator has no apex
        texts[_CONIC] = f"+proj=aea +lat_1={first:g} +lat_2={second:g} {about}"
    off = {name: _distortion(text, box) for name, text in texts.items()}
    best = _AZIMUTHAL if off[_AZIMUTHAL] <= EQUAL_AREA_DISTORTION.value else min(off, key=lambda name: off[name])
    if off[best] > _LARGEST:
        return None
    return ProjectionChoice(best, texts[best], lon, lat, off[best])


def _distortion(text: str, box: tuple[float, float, float, float]) -> float:
    west, south, east, north = box
    lon, lat = (axis.ravel() for axis in np.meshgrid(np.linspace(west, east, _SIDE), np.linspace(south, north, _SIDE)))
    return max(float(np.max(pyproj.Proj(text).get_factors(lon, lat).tissot_semimajor)) - 1, 0.0)
