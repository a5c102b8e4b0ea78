"""What one geodesic edge adds to the area and perimeter of its ring, for whole arrays of rings at once.

The formulas are derived in docs/explanation/geodesic_area.md, whose symbols are used here. Lengths are in units of the
semi-major axis, so that areas come out in units of its square.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hazardgeo.constants import EDGE_REACH
from hazardgeo.crs import GEOD

if TYPE_CHECKING:
    from numpy.typing import NDArray

A, E2, EP2 = GEOD.a, GEOD.es, GEOD.es / (1 - GEOD.es)  # semi-major axis [m]; first and second eccentricity squared
RAD = np.pi / 180
REACH2 = EDGE_REACH.value**2
# 320 m at the equator: to there `leading` alone lacks 1e-15 of the edge's square, and of the length 2e-12.
SHORT2 = 5e-5**2
_M = 1 - E2
_M2 = _M**2
_HIGH = 0.99  # sine of 82° of latitude

# Temporaries of this many vertices stay in a core's cache; three times as fast as whole arrays.
BLOCK = 1 << 15


class Measured(NamedTuple):
    """Area [m²] and perimeter [m] of rings, and which of them the series does not reach."""

    area: NDArray[np.float64]
    perimeter: NDArray[np.float64]
    beyond: NDArray[np.bool_]


def by_series(lon: NDArray[np.float64], lat: NDArray[np.float64], offsets: NDArray[np.int64]) -> Measured:
    """Measure rings, each of one vertex or more, closed or not."""
    rings = len(offsets) - 1
    found = Measured(np.empty(rings), np.empty(rings), np.empty(rings, dtype=bool))
    for start, stop in _blocks(offsets):
        here = slice(offsets[start], offsets[stop])
        for whole, part in zip(
            found, _block(lon[here], lat[here], offsets[start : stop + 1] - here.start), strict=True
        ):
            whole[start:stop] = part
    return found


def _blocks(offsets: NDArray[np.int64]) -> list[tuple[int, int]]:
    steps = np.searchsorted(offsets, np.arange(offsets[0], offsets[-1], BLOCK), side="right") - 1
    edges = np.unique(np.append(steps, len(offsets) - 1)).tolist()
    return list(itertools.pairwise(edges))


def _block(lon: NDArray[np.float64], lat: NDArray[np.float64], offsets: NDArray[np.int64]) -> Measured:
    first = offsets[:-1]
    x, dx, s, c, dphi = middles(lon, lat, offsets)
    area, length2, plain2 = leading(x, dx, s, c, dphi)
    reach2 = plain2 / (c * c)
    longest = reach2.max()
    beyond = np.zeros(len(first), dtype=bool)
    if not longest <= SHORT2:
        long = np.flatnonzero(~(reach2 <= SHORT2))
        more, more2 = following(x[long], dx[long], s[long], c[long], dphi[long])
        area[long] += more
        length2[long] += more2
    if not longest <= REACH2:
        # Not <= rather than >, so that what is no number is beyond, too.
        beyond = ~(np.maximum.reduceat(reach2, first) <= REACH2)
        length2 = np.maximum(length2, 0)
    return Measured(np.abs(np.add.reduceat(area, first)) * A**2, np.add.reduceat(np.sqrt(length2), first) * A, beyond)


def middles(
    lon: NDArray[np.float64], lat: NDArray[np.float64], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.float64], ...]:
    """Give `x, dx, s, c, dphi` of the edge from each vertex to the next of its ring, as `leading` takes them."""
    first, last = offsets[:-1], offsets[1:] - 1
    begun = np.repeat(lon[first], np.diff(offsets))
    x = lon - begun
    if not max(x.max(), -x.min()) <= 180:  # nor where one is no number
        # In degrees, where a whole turn is exact, and before the difference is taken, which then is exact too.
        x = (lon - 360 * np.rint(x / 360)) - begun
    dx, dphi = _steps(x, first, last), _steps(lat, first, last)
    phi = (lat + dphi / 2) * RAD
    x = (x + dx / 2) * RAD
    dx *= RAD
    dphi *= RAD
    s = np.sin(phi)
    # Half the time of a second sine; not near the poles, where it would lose digits. Decided edge by edge, so that the
    # number of a ring does not depend on which others are measured with it.
    c = np.sqrt(1 - s * s)
    if not max(s.max(), -s.min()) < _HIGH:
        high = np.flatnonzero(~(np.abs(s) < _HIGH))
        c[high] = np.cos(phi[high])
    return x, dx, s, c, dphi


def _steps(values: NDArray[np.float64], first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.float64]:
    """Difference to the next vertex of the ring, from its last to its first."""
    steps = np.empty_like(values)
    np.subtract(values[1:], values[:-1], out=steps[:-1])
    steps[last] = values[first] - values[last]
    return steps


def leading(x: Any, dx: Any, s: Any, c: Any, dphi: Any) -> tuple[Any, Any, Any]:
    """Measure short edges: the area to the third order of their length, the length to the second and on a sphere the fourth.

    Written with plain operators, so that numba compiles the same lines for one edge that numpy runs on many.

    Parameters
    ----------
    x, dx : array or float
        Longitude of the middle from the ring's first vertex, and step of longitude [rad].
    s, c : array or float
        Sine and cosine of the middle latitude.
    dphi : array or float
        Step of latitude [rad].

    Returns
    -------
    area, length2, plain2
        Signed area between edge and first meridian [a²]; squared length [a²], and to the second order alone: that over
        the squared cosine is the squared reach, which bounds what is neglected.
    """
    s2, c2 = s * s, c * c
    g = 1 / (1 - E2 * s2)  # N²; M² = (1 - e²)² N⁶
    g2, b2, u = g * g, dphi * dphi, dx * dx * g
    east2, turn2 = u * c2, u * s2
    north2 = (g2 * g) * (b2 * _M2)
    # The authalic ordinate's step, from its first and third derivative.
    dy = (c * dphi) * g2 * (b2 * (g * ((E2 / 6) * c2 - (E2 / 2) * s2) - 1 / 24) + 1) * _M
    three = east2 + 3 * north2
    area = x * dy - (s * dx) * three * (1 / 12)
    plain2 = east2 + north2
    return area, plain2 - (turn2 * three + east2 * north2) * (1 / 12), plain2


def following(x: Any, dx: Any, s: Any, c: Any, dphi: Any) -> tuple[Any, Any]:
    """Give what `leading` leaves out of longer edges: area [a²] and squared length [a²]."""
    s2, c2 = s * s, c * c
    e = 1 - E2 * s2
    g = 1 / e
    b2, u, k = dphi * dphi, dx * dx * g, EP2 * c2
    east2, turn2, north2 = u * c2, u * s2, _M2 * g * g * g * b2
    fifth = (
        east2 * (2 * turn2 - (4 + 4 * k) * east2)
        + north2 * ((10 + 30 * k) * turn2 - (5 + (16 + 11 * k) * k) * east2)
        - north2 * north2 * (5 + (68 + 63 * k) * k - (30 - 120 * k) * EP2 * s2)
    )
    dy = _M * c * g * g * dphi * b2 * (E2**2 * g * g * s2 * c2 + b2 / 1920)
    # To the lengths only what the leading terms, those of a sphere of radius a, left out.
    sphere = turn2 * (east2 + 3 * north2) + east2 * north2
    whole = sphere + north2 * k * (9 * turn2 + east2)
    whole -= 3 * EP2 * ((1 + k) * c2 - (1 - 4 * k) * s2) * north2 * north2
    return x * dy + s * dx * e * fifth / 480, (sphere - e * whole) / 12
