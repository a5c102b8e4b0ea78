"""The numbers that rules compare with, each with its source and grade; every one can be given."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from hazardgeo import constants as c
from hazardgeo.errors import HazardgeoError

_SHARES = ("circle_share", "declared_off_share", "along_border_share", "near_duplicate_share", "cover_share")


@dataclass(frozen=True)
class Thresholds:
    """Where a rule begins to speak.

    Parameters
    ----------
    edge_m : float
        Longest edge that passes without a word [m].
    repeated_point_deg : float
        Two points closer than this in longitude and in latitude are one point twice [degree].
    circle_points : float
        Fewest corners of an outline that is taken for a drawn circle.
    circle_share : float
        Isoperimetric quotient, as a share of the regular polygon's, from which it is one.
    declared_off_share, declared_off_m2 : float
        A declared area may differ by this share of the outline's area, or by this many square metres.
    decimals : float
        Fewest decimals of a degree that a record needs.
    coarse_m, rounded_m : float
        Grid coordinates that are all whole multiples of this are cut, or rounded [m].
    chance : float
        Largest probability at which a pattern in a layer is still not put down to chance.
    zero_m : float
        A point closer than this to longitude 0, latitude 0 has lost its coordinates [m].
    outside_m : float
        A record further than this from the country that reports it is in the wrong place [m].
    along_border_m, along_border_length_m, along_border_share : float
        An outline within this distance of a country's edge runs along it [m]; at least this long [m] and this share of
        the outline.
    earliest_year : float
        Dates before this year are slips.
    area_largest_m2, area_smallest_m2 : float
        Areas beyond these are slips [m²].
    near_duplicate_share : float
        Two outlines whose common ground is this share of their joint ground are one hazard twice.
    twin_nearest_m, twin_farthest_m, twin_shape_m : float
        One outline twice, moved by a distance between these [m], alike to within the third [m].
    cover_share : float
        Share of an area from which it counts as wholly covered.
    """

    edge_m: float = c.EDGE_ALARM_M.value
    repeated_point_deg: float = c.REPEATED_POINT_DEG.value
    circle_points: float = c.CIRCLE_POINTS.value
    circle_share: float = c.CIRCLE_SHARE.value
    declared_off_share: float = c.DECLARED_AREA_SHARE.value
    declared_off_m2: float = c.DECLARED_AREA_M2.value
    decimals: float = c.COORDINATE_DECIMALS.value
    coarse_m: float = c.COARSE_GRID_M.value
    rounded_m: float = c.ROUNDED_GRID_M.value
    chance: float = c.CHANCE.value
    zero_m: float = c.ZERO_PLACE_M.value
    outside_m: float = c.OUTSIDE_COUNTRY_M.value
    along_border_m: float = c.ALONG_BORDER_M.value
    along_border_length_m: float = c.ALONG_BORDER_LENGTH_M.value
    along_border_share: float = c.ALONG_BORDER_SHARE.value
    earliest_year: float = c.EARLIEST_YEAR.value
    area_largest_m2: float = c.AREA_LARGEST_M2.value
    area_smallest_m2: float = c.AREA_SMALLEST_M2.value
    near_duplicate_share: float = c.NEAR_DUPLICATE_SHARE.value
    twin_nearest_m: float = c.TWIN_NEAREST_M.value
    twin_farthest_m: float = c.TWIN_FARTHEST_M.value
    twin_shape_m: float = c.TWIN_SHAPE_M.value
    cover_share: float = c.COVER_SHARE.value

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise HazardgeoError(f"{name} is {value!r}. Give a number above 0.")
            if name in _SHARES and value > 1:
                raise HazardgeoError(f"{name} is {value!r}. Give a share, above 0 and at most 1.")
        for low, high in (("area_smallest_m2", "area_largest_m2"), ("twin_nearest_m", "twin_farthest_m")):
            if getattr(self, low) >= getattr(self, high):
                raise HazardgeoError(f"{low} is not below {high}. Give two numbers in that order.")
