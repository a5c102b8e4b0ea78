"""Points placed leg by leg along geodesics, and the misclosure spread over the loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.constants import Constant
from hazardgeo.crs import on_arrays
from hazardgeo.measure._traverse._units import NotDrawnError
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyproj
    from numpy.typing import NDArray

    from hazardgeo.measure._traverse._chain import Chain, MeasuredLeg
    from hazardgeo.measure._traverse._north import North

CONTRADICTION_DEG = Constant(
    "CONTRADICTION_DEG",
    10.0,
    "degree",
    "Two bearings of one leg that differ by more are two directions, and their mean is neither.",
    Source(
        "hazardgeo design choice: more than a needle is pulled aside where a compass is still of use", Grade.ASSUMED
    ),
)
# A leg drawn backwards begins where nobody knows yet; each round brings its bearing a thousand times nearer.
_ROUNDS = 6


@dataclass(frozen=True, eq=False)
class Drawn:
    """Points as measured and as balanced, on the ellipsoid of the traverse."""

    raw: NDArray[np.float64]
    """Longitude and latitude of each point of the chain [degree], before the misclosure is spread."""
    lonlat: NDArray[np.float64]
    """The same, after."""
    azimuth_deg: NDArray[np.float64]
    """Of each leg, where it starts, from true north."""
    gap_deg: NDArray[np.float64]
    """Of each leg, what its back bearing, turned round, is more than its fore bearing; NaN without a back bearing."""
    misclosure: tuple[float, float]
    """Azimuth [degree] and length [m] from where the loop should end to where it ends; NaN where nothing closes."""
    weights: NDArray[np.float64]
    """As those of the chain, for the balanced points."""


def draw(
    legs: Sequence[MeasuredLeg], chain: Chain, start: tuple[float, float], *, north: North, geod: pyproj.Geod
) -> Drawn:
    """Place every point of a chain, and spread the misclosure over the legs of the loop.

    Parameters
    ----------
    legs : sequence of MeasuredLeg
    chain : Chain
    start : tuple of float
        Longitude and latitude of the known point [degree].
    north : North
    geod : pyproj.Geod
        The ellipsoid of the datum that `start` is on.

    Returns
    -------
    Drawn

    Raises
    ------
    NotDrawnError
        If the two bearings of a leg contradict each other.

    Notes
    -----
    A leg is a geodesic, and its bearing is that at the point where it starts. Where a back bearing is given, the mean of
    the fore bearing and of the back bearing turned round is used. The misclosure is spread by the compass rule: each leg
    of the loop takes a share of it in proportion to its length.

    References
    ----------
    J. Mahun, Open Access Surveying Library, Traverse Computations, chapter I (the compass rule), jerrymahun.com;
    C. F. F. Karney (2013), Algorithms for geodesics, J. Geodesy 87, 43-55, doi:10.1007/s00190-012-0578-z.
    """
    pen = _Pen(legs, north, geod)
    raw = np.full((len(chain.names), 2), np.nan)
    raw[sorted(set(range(len(raw))) - {new for *_, new in chain.steps})] = start
    for leg, placed, new in chain.steps:
        goes = chain.names[placed] == legs[leg].from_point
        raw[new] = pen.forwards(leg, raw[placed]) if goes else pen.backwards(leg, raw[placed])
    if chain.closing is None:
        return Drawn(raw, raw, pen.azimuth_deg, pen.gap_deg, (np.nan, np.nan), chain.weights)
    ends = [chain.names.index(name) for name in (legs[chain.closing].from_point, legs[chain.closing].to_point)]
    end = pen.forwards(chain.closing, raw[ends[0]])
    azimuth, length = _from_to(geod, raw[ends[1]], end)
    share = np.abs(chain.loop) * [leg.distance_m for leg in legs]
    share = chain.loop * share / share.sum()
    spread = chain.weights @ share
    lon, lat, _ = on_arrays(geod.fwd, *raw.T, np.full(len(raw), azimuth + 180), spread * length)
    weights = chain.weights - np.outer(spread, chain.loop)
    return Drawn(raw, np.column_stack([lon, lat]), pen.azimuth_deg, pen.gap_deg, (azimuth, length), weights)


class _Pen:
    """Draws a leg from either end, and notes the azimuth that it took."""

    def __init__(self, legs: Sequence[MeasuredLeg], north: North, geod: pyproj.Geod) -> None:
        self._legs, self._north, self._geod = legs, north, geod
        self.azimuth_deg = np.full(len(legs), np.nan)
        self.gap_deg = np.full(len(legs), np.nan)

    def forwards(self, leg: int, start: Sequence[float] | NDArray[np.float64]) -> tuple[float, float]:
        """Where a leg ends that starts here."""
        one = self._legs[leg]
        lon, lat = float(start[0]), float(start[1])
        azimuth = self._north.azimuth(one.bearing_deg, lon, lat)
        if one.back_deg is not None:
            end_lon, end_lat, back = self._geod.fwd(lon, lat, azimuth, one.distance_m)
            gap = _turned(self._north.azimuth(one.back_deg, end_lon, end_lat) - back)
            self._refuse_contradiction(leg, gap)
            self.gap_deg[leg] = gap
            azimuth += gap / 2
        self.azimuth_deg[leg] = azimuth % 360
        end_lon, end_lat, _ = self._geod.fwd(lon, lat, azimuth, one.distance_m)
        return float(end_lon), float(end_lat)

    def backwards(self, leg: int, end: Sequence[float] | NDArray[np.float64]) -> tuple[float, float]:
        """Where a leg starts that ends here."""
        lon, lat = float(end[0]), float(end[1])
        for _ in range(_ROUNDS):
            at = self.forwards(leg, (lon, lat))
            azimuth, length = _from_to(self._geod, at, end)
            lon, lat, _ = self._geod.fwd(lon, lat, azimuth, length)
        self.forwards(leg, (lon, lat))
        return float(lon), float(lat)

    def _refuse_contradiction(self, leg: int, gap_deg: float) -> None:
        if abs(gap_deg) > CONTRADICTION_DEG.value:
            raise NotDrawnError(
                f"The two bearings of the leg {self._legs[leg].label} contradict each other: turned round, the back bearing "
                f"differs from the fore bearing by {abs(gap_deg):.1f}°.",
                "Look both up in the field book; leave the wrong one out.",
            )


def _from_to(geod: pyproj.Geod, start: Sequence[float] | NDArray[np.float64], end: Any) -> tuple[float, float]:
    """Azimuth where it starts, and length, of the geodesic between two places."""
    azimuth, _, length = geod.inv(float(start[0]), float(start[1]), float(end[0]), float(end[1]))
    return float(azimuth), float(length)


def _turned(angle_deg: float) -> float:
    """The same angle between -180 and 180 degrees."""
    return (angle_deg + 180) % 360 - 180
