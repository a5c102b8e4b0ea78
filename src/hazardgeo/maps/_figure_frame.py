"""Where a figure's sheet lies on the ground: its plane, its scale, and what is true of lengths and of north on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.constants import M2_PER_MI2
from hazardgeo.measure import grouped
from hazardgeo.overlay._planes import LocalPlane, box_of, split_long_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EARTH_M = 6_371_000.0
_MILE_M = math.sqrt(M2_PER_MI2.value)
_LEAST_M = 1_000.0
_ROOM = 1.12  # of the sheet's width for the data's: symbols and names need some around them
_DIGITS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_STEPS = (30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005)


@dataclass(frozen=True)
class Frame:
    """A rectangle of paper and the ground on it; paper is measured in millimetres from its lower left corner.

    The plane is Lambert's azimuthal equal-area projection about the sheet's own centre: areas are true to each other
    everywhere, the scale is true at the centre, and north is up there.
    """

    plane: LocalPlane
    width: float
    height: float
    metres_per_mm: float

    @property
    def scale(self) -> int:
        """Denominator of the scale at the centre."""
        return round(self.metres_per_mm * 1000)

    @property
    def paper(self) -> Any:
        """The rectangle, as a polygon in millimetres."""
        return shapely.box(0, 0, self.width, self.height)

    def on_paper(self, lonlat: Any, *, split: bool = False) -> Any:
        """Lay longitude and latitude on the paper; `split` first cuts edges that would bend."""
        there = split_long_edges(lonlat, 50 * self.metres_per_mm) if split else lonlat
        return shapely.transform(there, self._mm)

    def _mm(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.plane.forward(lonlat) / self.metres_per_mm + [self.width / 2, self.height / 2]

    def lonlat(self, mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Longitude and latitude of places on the paper."""
        metres = (np.atleast_2d(mm) - [self.width / 2, self.height / 2]) * self.metres_per_mm
        return np.asarray(shapely.get_coordinates(self.plane.unproject(shapely.points(metres))))

    def ground(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the ground on the paper; east beyond 180 across the antimeridian."""
        return box_of(shapely.linestrings([self.edge_lonlat()]))

    def edge_lonlat(self) -> NDArray[np.float64]:
        """The edge of the paper, as longitude and latitude."""
        return self.lonlat(shapely.get_coordinates(shapely.segmentize(self.paper.exterior, self.width / 40)))

    @property
    def stretch(self) -> float:
        """By which part a length at a corner may be drawn too long across, and too short along, the way to the centre."""
        reach = math.hypot(self.width, self.height) / 2 * self.metres_per_mm
        return 1 / math.sqrt(1 - min(0.99, reach / (2 * _EARTH_M)) ** 2) - 1

    @property
    def convergence_deg(self) -> float:
        """Largest angle between the meridians on the sheet and its own up."""
        corners = shapely.points([(0, 0), (self.width, 0), (0, self.height), (self.width, self.height)])
        lonlat = self.lonlat(shapely.get_coordinates(corners))
        north = np.column_stack([lonlat[:, 0], np.minimum(lonlat[:, 1] + 1e-3, 90)])
        east, up = (self._mm(north) - self._mm(lonlat)).T
        return float(np.degrees(np.abs(np.arctan2(east, up))).max())

    def said(self) -> str:
        """The projection, and what is true on the sheet, in words."""
        text = "Drawn in Lambert's azimuthal equal-area projection about the sheet's centre (WGS 84): the scale bar is true there"
        within = self.stretch * 100
        text += (
            f", and everywhere on the sheet within {within:.1f} %." if within >= 0.05 else " and on the whole sheet."
        )
        if self.convergence_deg > 1:
            return f"{text} North is up at the centre; at the corners it leans by up to {self.convergence_deg:.0f}°."
        return f"{text} North is up."


def frame_around(lonlat: Any, width: float, height: float) -> Frame:
    """Lay shapes on a sheet so that they fill it, at a scale that is a round number.

    Parameters
    ----------
    lonlat : ndarray of shapely geometries
        In EPSG:4326; one at least is not empty.
    width, height : float
        Of the map on the paper [mm].

    Returns
    -------
    Frame
    """
    west, south, east, north = box_of(lonlat)
    plane = LocalPlane((west + east) / 2, (south + north) / 2)
    # Once more from the middle of what lies in the plane: the middle in degrees is not the middle on paper.
    x0, y0, x1, y1 = shapely.total_bounds(plane.place(lonlat))
    middle = shapely.get_coordinates(plane.unproject(shapely.points([((x0 + x1) / 2, (y0 + y1) / 2)])))[0]
    plane = LocalPlane(float(middle[0]), float(middle[1]))
    x0, y0, x1, y1 = shapely.total_bounds(plane.place(lonlat))
    reach_x, reach_y = 2 * max(-x0, x1), 2 * max(-y0, y1)
    needed = _ROOM * max(reach_x / width, reach_y / height, _LEAST_M / width)
    return Frame(plane, width, height, _round_up(needed))


def frame_within(frame: Frame, around: Any, width: float, height: float) -> Frame:
    """Lay the country around a sheet on a smaller one with the same centre, no larger than it fills to every edge.

    Parameters
    ----------
    frame : Frame
        The sheet.
    around : shapely geometry
        Box in EPSG:4326 that holds it.
    width, height : float
        Of the smaller sheet, at most [mm].

    Returns
    -------
    Frame
    """
    x0, y0, x1, y1 = shapely.bounds(frame.plane.place(shapely.segmentize(around, 0.5)))
    wide_m, high_m = 2 * min(-x0, x1), 2 * min(-y0, y1)
    metres_per_mm = max(wide_m / width, high_m / height)
    return Frame(frame.plane, wide_m / metres_per_mm, high_m / metres_per_mm, metres_per_mm)


def _round_up(metres_per_mm: float) -> float:
    power = 10 ** math.floor(math.log10(metres_per_mm))
    return float(power * next(digit for digit in _DIGITS if digit * power >= metres_per_mm * (1 - 1e-12)))


@dataclass(frozen=True)
class Bar:
    """One scale bar: its length on paper and what it stands for."""

    mm: float
    label: str


def scale_bars(frame: Frame, longest_mm: float) -> tuple[Bar, Bar]:
    """A bar in kilometres (or metres) and one in miles, each the longest round one that fits."""
    metres = _round_down(longest_mm * frame.metres_per_mm)
    miles = _round_down(longest_mm * frame.metres_per_mm / _MILE_M)
    return (
        Bar(metres / frame.metres_per_mm, f"{grouped(metres / 1000)} km" if metres >= 1000 else f"{metres:g} m"),
        Bar(miles * _MILE_M / frame.metres_per_mm, f"{miles:.6g} mi"),
    )


def _round_down(value: float) -> float:
    power = 10 ** math.floor(math.log10(value))
    return float(power * next(digit for digit in (5, 2, 1) if digit * power <= value * (1 + 1e-12)))


@dataclass(frozen=True)
class GridLine:
    """A meridian or a parallel on the paper, and its name."""

    line: Any
    label: str
    is_meridian: bool


def graticule(frame: Frame) -> list[GridLine]:
    """Meridians and parallels, three at least of each kind where degrees allow."""
    west, south, east, north = frame.ground()
    step = next((step for step in _STEPS if min(east - west, north - south) / step >= 3), _STEPS[-1])
    margin_lon, margin_lat = (east - west) * 0.2, (north - south) * 0.2
    lats = np.clip(np.linspace(south - margin_lat, north + margin_lat, 60), -89.9, 89.9)
    lons = np.linspace(west - margin_lon, east + margin_lon, 60)
    lines = [
        GridLine(shapely.linestrings(np.column_stack([np.full(60, lon), lats])), _degrees(lon, step, "EW"), True)
        for lon in _multiples(lons[0], lons[-1], step)
    ]
    lines += [
        GridLine(shapely.linestrings(np.column_stack([lons, np.full(60, lat)])), _degrees(lat, step, "NS"), False)
        for lat in _multiples(lats[0], lats[-1], step)
    ]
    return [GridLine(frame.on_paper(each.line), each.label, each.is_meridian) for each in lines]


def _multiples(low: float, high: float, step: float) -> list[float]:
    return [i * step for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _degrees(value: float, step: float, signs: str) -> str:
    value = (value + 180) % 360 - 180 if signs == "EW" else value
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9))
    sign = "" if round(value, decimals) in (0, -180) else f" {signs[value < 0]}"
    return f"{abs(value):.{decimals}f}°{sign}"
