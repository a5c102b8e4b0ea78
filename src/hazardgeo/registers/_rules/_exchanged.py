"""Coordinates whose two numbers stand the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import crs_label, misplaced
from hazardgeo.crs._door import to_lonlat
from hazardgeo.registers._rules._catalogue import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyproj
    from numpy.typing import NDArray


def exchanged(shapes: NDArray[Any], crs: pyproj.CRS) -> Iterator[Hit]:
    """Find the shapes that cannot be in their CRS, and can with their two coordinates exchanged.

    To be asked where the layer, or a record of it, has no place on the ground; what can be where it stands is left alone. A CRS
    that is made for the whole globe gives no evidence, so nothing is said of it.

    Parameters
    ----------
    shapes : ndarray of shapely geometries
        As recorded.
    crs : pyproj.CRS

    Yields
    ------
    Hit
        One for the whole layer where it is so with every record of several.
    """
    outside = misplaced(shapes, crs)
    at = np.array(sorted(outside), dtype=int)
    hits = at[_in_area(possible_exchanged(shapes[at], crs), crs)]
    both = two_names(crs)
    remedy = f"Exchange {both} in the source, or name its columns the other way round."
    if len(hits) == len(shapes) > 1:
        west, south, east, north = shapely.total_bounds(shapes)
        words = f"All {len(shapes)} records (x {west:.8g} to {east:.8g}, y {south:.8g} to {north:.8g}) lie outside the area "
        yield Hit(None, f"{words}that {crs_label(crs)} is made for, and inside it if {both} are exchanged.", remedy)
        return
    for i in hits.tolist():
        yield Hit(i, f"{outside[i]} They lie inside it if {both} are exchanged.", remedy)


def two_names(crs: pyproj.CRS) -> str:
    """What the two coordinates of a CRS are called."""
    return "easting and northing" if crs.is_projected else "latitude and longitude"


def possible_exchanged(shapes: NDArray[Any], crs: pyproj.CRS) -> NDArray[np.object_]:
    """Exchange the two coordinates of each shape, and give its longitudes and latitudes.

    Parameters
    ----------
    shapes : ndarray of shapely geometries
        As recorded.
    crs : pyproj.CRS

    Returns
    -------
    ndarray of shapely geometries
        On the datum of the CRS, so up to a kilometre off; None where a shape cannot lie so.
    """
    found = np.full(len(shapes), None, dtype=object)
    if not len(shapes):
        return found
    turned = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    impossible = misplaced(turned, crs)
    can = np.array([i for i in range(len(shapes)) if i not in impossible], dtype=int)
    if len(can):
        found[can] = to_lonlat(turned[can], crs, "the layer")
    return found


def _in_area(lonlat: NDArray[Any], crs: pyproj.CRS) -> NDArray[np.bool_]:
    """Whether shapes lie in the area that the CRS is made for; of one made for the whole globe, that proves nothing."""
    area = crs.area_of_use
    if area is None or area.east - area.west >= 360:
        return np.zeros(len(lonlat), dtype=bool)
    west, south, east, north = shapely.bounds(lonlat).T
    along = (west - area.west) % 360 + east - west <= (area.east - area.west) % 360
    return np.asarray(along & (south >= area.south) & (north <= area.north))
