"""Which geometries are near which, and how far apart they lie on the ellipsoid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import GEOD, on_arrays
from hazardgeo.errors import BorderError, HazardgeoError
from hazardgeo.overlay import LocalPlane, plane_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_M_PER_DEGREE = 110_000.0  # of latitude, at least
_SLACK_M = 1.0  # an edge of 1 km bulges beyond the box of its ends by centimetres


def refuse_distance(
    name: str, metres: float, farthest_m: float = math.inf, error: type[HazardgeoError] = BorderError
) -> None:
    """Refuse what is no distance from 0 to the farthest that is answered for.

    Every comparison with NaN is false, so what is looked for within NaN is never found, and nothing says so.

    Parameters
    ----------
    name : str
        Of the argument, for the message.
    metres : float
    farthest_m : float
        No limit unless given.
    error : type
        What to raise.

    Raises
    ------
    HazardgeoError
        Of that type.
    """
    if not (0 <= metres <= farthest_m and math.isfinite(metres)):
        most = f", at most {farthest_m:g}" if math.isfinite(farthest_m) else ""
        raise error(f"{name} is {metres!r}. Give a length in metres{most}.")


@dataclass(frozen=True)
class Connections:
    """The shortest connections of pairs of geometries: geodesic length [m], and both ends in longitude and latitude."""

    distance_m: NDArray[np.float64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]

    @property
    def azimuth_deg(self) -> NDArray[np.float64]:
        """Direction from the start to the end, clockwise from north."""
        return on_arrays(GEOD.inv, *self.start.T, *self.end.T)[0] if len(self.start) else np.zeros(0)

    def take(self, rows: NDArray[Any]) -> Connections:
        """Some of them."""
        return Connections(self.distance_m[rows], self.start[rows], self.end[rows])


def pairs_in_reach(a: NDArray[Any], b: NDArray[Any], reach_m: Any) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find every pair that may lie within reach; none that does is left out, and some that do not are among them.

    Parameters
    ----------
    a, b : ndarray of shapely geometries
        In EPSG:4326, edges of at most 1 km; those without geometry are in no pair.
    reach_m : float or ndarray of float
        For all of `a`, or for each [m].

    Returns
    -------
    ndarray of int, ndarray of int
        Positions in `a` and in `b`, sorted.
    """
    present = np.flatnonzero(~(shapely.is_missing(a) | shapely.is_empty(a)))
    west, south, east, north = shapely.bounds(a[present]).T
    dlat = (np.broadcast_to(reach_m, len(a))[present] + _SLACK_M) / _M_PER_DEGREE
    farthest = np.minimum(89.5, np.maximum(np.abs(south), np.abs(north)) + dlat)
    dlon = np.minimum(360.0, dlat / np.cos(np.radians(farthest)))
    tree = shapely.STRtree(b)
    # Asked once more from the other side of the antimeridian.
    turned = [shapely.box(west - dlon + t, south - dlat, east + dlon + t, north + dlat) for t in (-360, 0, 360)]
    left, right = np.unique(np.hstack([tree.query(boxes) for boxes in turned]), axis=1)
    return present[left], right


def connect(
    a: NDArray[Any], b: NDArray[Any], left: NDArray[np.intp], right: NDArray[np.intp], *, centred: bool = False
) -> Connections:
    """Give the shortest connection of each pair.

    Parameters
    ----------
    a, b : ndarray of shapely geometries
        In EPSG:4326.
    left, right : ndarray of int
        Positions in `a` and in `b`.
    centred : bool
        Lay each pair into a plane about the geometry of `a` itself, which costs a plane for each; without it, into the
        plane of the half degree that it lies in.

    Returns
    -------
    Connections

    Notes
    -----
    The nearest points are found in the plane and their distance is measured on the ellipsoid. A plane that prefers a
    wrong pair of points by its distortion errs by at most twice that: 1e-5 within 28 km of its centre.
    """
    planes: dict[LocalPlane, list[int]] = {}
    for k, i in enumerate(left):
        planes.setdefault(_plane_about(a[i]) if centred else plane_of(a[i]), []).append(k)
    ends = np.zeros((len(left), 2, 2))
    for plane, rows in planes.items():
        one, other = _laid(plane, a, left[rows]), _laid(plane, b, right[rows])
        lonlat = plane.unproject(shapely.shortest_line(one, other))
        ends[rows] = shapely.get_coordinates(lonlat).reshape(-1, 2, 2)
    start, end = ends[:, 0], ends[:, 1]
    distance = on_arrays(GEOD.inv, *start.T, *end.T)[2] if len(left) else np.zeros(0)
    return Connections(distance, start, end)


def _plane_about(geometry: Any) -> LocalPlane:
    west, south, east, north = shapely.bounds(geometry)
    if east - west > 180:  # cut at the antimeridian
        return plane_of(geometry)
    return LocalPlane(round((west + east) / 2, 3), round((south + north) / 2, 3))


def _laid(plane: LocalPlane, geometries: NDArray[Any], at: NDArray[np.intp]) -> NDArray[Any]:
    distinct, again = np.unique(at, return_inverse=True)
    return np.asarray(plane.project(geometries[distinct]), dtype=object)[again]


def nearest(a: NDArray[Any], b: NDArray[Any]) -> tuple[NDArray[np.intp], Connections]:
    """Find for each of `a` the nearest of `b`, however far.

    Parameters
    ----------
    a, b : ndarray of shapely geometries
        In EPSG:4326, none of them missing, and at least one in `b`.

    Returns
    -------
    ndarray of int, Connections
        Positions in `b`, and the connections.
    """
    every = np.arange(len(a))
    # What is nearest in degrees is not nearest on the ground, and tells how far to look for that.
    guess = shapely.STRtree(b).nearest(a)
    left, right = pairs_in_reach(a, b, connect(a, b, every, guess).distance_m)
    found = connect(a, b, left, right)
    order = np.lexsort((right, found.distance_m, left))
    first = order[np.unique(left[order], return_index=True)[1]]
    return right[first], found.take(first)
