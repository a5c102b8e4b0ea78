"""The ground: the border and its two sides, in one plane of metres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

import hazardgeo as hz

PLANE = pyproj.CRS.from_epsg(32633)
CODES = ("BIH", "HRV")
# Beyond this nothing is placed, so nothing further needs to be known.
REACH_M = 45_000.0
_TANGENT_M = 1200.0  # over shorter ways a river's bends would turn everything that is laid along the line


@dataclass(frozen=True)
class Ground:
    """The longest unbroken piece of a border, and the ground of either country around it; metres in `plane`."""

    line: Any
    sides: dict[str, Any]
    plane: pyproj.CRS

    def other(self, code: str) -> str:
        """The country across the line."""
        return next(side for side in self.sides if side != code)

    def at(self, share: float) -> float:
        """Distance along the line [m] of a share of its whole length."""
        return share * float(self.line.length)

    def point(self, along_m: float) -> np.ndarray[Any, Any]:
        """Point of the line at a distance along it."""
        return shapely.get_coordinates(self.line.interpolate(along_m))[0]

    def heading(self, along_m: float) -> float:
        """General direction of the line at a distance along it [rad, from east, counter-clockwise]."""
        before, after = self.point(max(0.0, along_m - _TANGENT_M)), self.point(along_m + _TANGENT_M)
        return math.atan2(after[1] - before[1], after[0] - before[0])

    def inland(self, along_m: float, code: str) -> float:
        """Direction from the line into a country [rad]."""
        across = self.heading(along_m) + math.pi / 2
        ahead = self.point(along_m) + 2500 * np.array([math.cos(across), math.sin(across)])
        nearer = min(self.sides, key=lambda one: shapely.distance(self.sides[one], shapely.Point(ahead)))
        return across if nearer == code else across + math.pi

    def share_in(self, shape: Any, code: str) -> float:
        """Share of a shape's area that lies in a country."""
        side = self.sides[code]
        if shapely.contains_properly(side, shape):
            return 1.0
        return float(shapely.area(shapely.intersection(shape, side)) / shapely.area(shape))

    def depth(self, shape: Any, code: str) -> float:
        """How far a shape reaches from the line into a country [m]; 0 where it does not."""
        piece = shapely.intersection(shape, self.sides[code])
        corners = shapely.points(shapely.get_coordinates(piece))
        return float(shapely.distance(corners, self.line).max(initial=0.0))


def between(border: hz.BorderSet, codes: tuple[str, ...] = CODES) -> gpd.GeoDataFrame:
    """Rows of the line between two countries, without those around pockets that neither or both claim."""
    lines = border.lines
    return lines[lines["country_a"].isin(codes) & lines["country_b"].isin(codes)]


def ground(border: hz.BorderSet, codes: tuple[str, ...] = CODES, plane: pyproj.CRS = PLANE, *, part: int = 0) -> Ground:
    """Lay the border between two countries into a plane.

    Parameters
    ----------
    border : hazardgeo.BorderSet
    codes : tuple of str
    plane : pyproj.CRS
    part : int
        Which unbroken piece of the line, by length: 0 the longest; the others are, as a rule, enclaves.

    Returns
    -------
    Ground
    """
    lines = between(border, codes).geometry.to_crs(plane)
    merged = shapely.line_merge(shapely.union_all(lines.to_numpy()))
    line = sorted(shapely.get_parts(merged), key=shapely.length, reverse=True)[part]
    if shapely.get_coordinates(line)[0, 1] > shapely.get_coordinates(line)[-1, 1]:
        line = shapely.reverse(line)
    around = shapely.buffer(shapely.simplify(line, 500), REACH_M, quad_segs=4)
    named = border.countries[border.countries["code"].isin(codes)].to_crs(plane)
    sides = {code: shapely.union_all(named.geometry[named["code"] == code].to_numpy()) for code in codes}
    sides = {code: shapely.intersection(side, around) for code, side in sides.items()}
    shapely.prepare([line, *sides.values()])
    return Ground(line, sides, plane)


def framed(
    shapes: list[Any], data: dict[str, list[Any]], index: list[str], name: str, plane: pyproj.CRS = PLANE
) -> gpd.GeoDataFrame:
    """Make a frame in a plane, vertices on whole centimetres as a register would hold them."""
    rounded = [shapely.transform(shape, lambda xy: np.round(xy, 2)) for shape in shapes]
    frame = gpd.GeoDataFrame(data, geometry=rounded, crs=plane, index=index)
    frame.index.name = name
    return frame


def lonlat(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Bring a frame to WGS 84, vertices on the seventh decimal (about 1 cm)."""
    moved = frame.to_crs(4326)
    return moved.set_geometry(shapely.transform(moved.geometry.to_numpy(), lambda xy: np.round(xy, 7)))


def in_degrees(shape: Any) -> Any:
    """Bring one shape in `PLANE` to WGS 84."""
    return lonlat(gpd.GeoDataFrame(geometry=[shape], crs=PLANE)).geometry.iloc[0]


def in_plane(shape: Any) -> Any:
    """Bring one shape in WGS 84 to `PLANE`."""
    return gpd.GeoSeries([shape], crs=4326).to_crs(PLANE).iloc[0]
