"""What becomes of one broken outline: repaired where all readings come to the same ground, else left for a person."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from hazardgeo.constants import EDGE_ALARM_M, Constant
from hazardgeo.crs import on_arrays
from hazardgeo.errors import GeometryError
from hazardgeo.measure import grouped
from hazardgeo.overlay._readings import readings_of
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hazardgeo.overlay._readings import Readings

REPAIR_SHARE = Constant(
    "REPAIR_SHARE",
    1e-3,
    "1",
    "Readings of an outline that differ by more than this share of the largest are left for a person.",
    Source("hazardgeo design choice", Grade.ASSUMED),
)
REPAIR_M2 = Constant(
    "REPAIR_M2",
    10.0,
    "m²",
    "Readings of an outline that differ by more than this are left for a person.",
    Source("hazardgeo design choice", Grade.ASSUMED),
)
REPAIR_STROKE_M = Constant(
    "REPAIR_STROKE_M",
    0.1,
    "m",
    "A longer line without width, out of a hazard or into cleared land, is left for a person.",
    Source("hazardgeo design choice: no tape or receiver in a field is that exact", Grade.ASSUMED),
)
ROLES = ("hazard", "cleared")
_POLYGONAL = ("Polygon", "MultiPolygon")
_ROUNDING = 1e-9
_FACE_LOST = 1e-6  # 0.01 m² of a hectare
_TOO_CLOSE = "It cannot be read: some of its edges lie so close to others that they cannot be told apart."
_SAME_M2 = 0.05  # what would be printed as 0.0 m²


@dataclass(frozen=True)
class Mended:
    """What became of one outline."""

    original_wkb: bytes
    """As it was recorded; empty where there was none."""
    shape: Any = None
    """The repaired outline; None where it is left for a person."""
    fault: str = ""
    """What is wrong and where; empty where there is no outline."""
    why: str = ""
    """Why it was repaired, or was not."""
    method: str = ""
    """Which reading was taken; empty where none was."""
    reading: str = ""
    """Name of the reading that comes to the same ground as the one taken; empty where none does by itself."""
    candidates: Mapping[str, float] = field(default_factory=dict)
    """Area of every reading [m²]."""
    smallest_m2: float = math.nan
    largest_m2: float = math.nan
    before_m2: float = math.nan
    """Outlines minus holes, each ring by the absolute value of its signed area, as software that looks no further prints it."""
    after_m2: float = math.nan

    @property
    def reason(self) -> str:
        """What is wrong, and why it was repaired or not."""
        return f"{self.fault.capitalize()}. {self.why}" if self.fault else self.why


class RecordedPlane:
    """Coordinates as they were recorded, and how to measure in them on the ground.

    Areas need no operation between datums: they are measured on the ellipsoid of the coordinates' own datum.

    Parameters
    ----------
    crs : pyproj.CRS
    """

    def __init__(self, crs: pyproj.CRS) -> None:
        self._crs = crs

    def area_m2(self, shape: Any) -> float:
        """Outlines minus holes, each ring geodesic and by absolute value [m²]."""
        parts = shapely.get_parts(self._lonlat(shape))
        shells, holes = shapely.get_exterior_ring(parts), [hole for part in parts for hole in part.interiors]
        return math.fsum([*map(self._ring_m2, shells), *(-self._ring_m2(hole) for hole in holes)])

    def length_m(self, lines: Any) -> float:
        """Geodesic length of lines [m]; of anything else 0."""
        pieces = shapely.get_parts(lines)
        return math.fsum(
            self._geod.geometry_length(self._lonlat(one)) for one in pieces[shapely.get_dimensions(pieces) == 1]
        )

    def is_valid(self, shape: Any) -> bool:
        """Whether a shape is valid here, and as longitude and latitude, where its corners are rounded otherwise."""
        return bool(shape.is_valid and self._lonlat(shape).is_valid)

    def refuse_unfit(self, shape: Any) -> None:
        """Refuse an outline for which straight edges in this plane may not be what was meant.

        Raises
        ------
        GeometryError
            The message completes *It cannot be read: …*.
        """
        try:
            rings = shapely.get_rings(shapely.get_parts(self._lonlat(shape)))
        except pyproj.exceptions.ProjError as error:
            raise GeometryError("its coordinates do not fit its CRS") from error
        lonlat, ring = shapely.get_coordinates(rings, return_index=True)
        lon, lat = lonlat.T
        if np.abs(lat).max() > 90 or np.abs(lon).max() > 180 or np.ptp(lon) >= 180:
            raise GeometryError("it lies across the antimeridian, or beyond what longitude and latitude can be")
        inner = ring[1:] == ring[:-1]
        length = on_arrays(self._geod.inv, lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
        if (longest := length[inner].max()) > EDGE_ALARM_M.value:
            raise GeometryError(
                f"one of its edges is {longest / 1000:.1f} km long, and what is straight depends on the CRS there"
            )

    def _ring_m2(self, ring: Any) -> float:
        lon, lat = shapely.get_coordinates(ring)[:-1].T
        return abs(float(self._geod.polygon_area_perimeter(lon, lat)[0]))

    @cached_property
    def _geod(self) -> pyproj.Geod:
        geod = self._crs.get_geod()
        if geod is None:
            raise GeometryError("its CRS has no ellipsoid")
        return geod

    @cached_property
    def _unproject(self) -> Any:
        base = self._crs.geodetic_crs
        if base is None:
            raise GeometryError("its CRS has no longitude and latitude")
        radians = base.axis_info[0].unit_conversion_factor
        to_base = partial(pyproj.Transformer.from_crs(self._crs, base, always_xy=True).transform, errcheck=True)
        is_degree = math.isclose(radians, math.pi / 180)
        return lambda xy: np.column_stack(on_arrays(to_base, *xy.T)) * (1 if is_degree else math.degrees(radians))

    def _lonlat(self, shape: Any) -> Any:
        return shapely.transform(shapely.force_2d(shape), self._unproject)


def mend(
    shape: Any, plane: RecordedPlane, role: str, *, share: float = REPAIR_SHARE.value, m2: float = REPAIR_M2.value
) -> Mended:
    """Repair one broken outline, if all its readings come to the same ground.

    Parameters
    ----------
    shape : shapely geometry or None
        Not valid.
    plane : RecordedPlane
        That of its coordinates.
    role : {"hazard", "cleared"}
        The largest reading is taken of a hazard, the smallest of cleared land.
    share, m2 : float
        Readings that differ by more than this share of the largest, or by more than this many square metres, do not agree.

    Returns
    -------
    Mended
    """
    original = b"" if shape is None else shapely.to_wkb(shape)
    if why := _why_not(shape):
        return Mended(original, why=why)
    fault = fault_in_words(shapely.is_valid_reason(shape))
    try:
        plane.refuse_unfit(shape)
        before = plane.area_m2(shape)
        so_far = Mended(original, fault=fault, before_m2=before)
        return _decide(readings_of(shape), plane, role, (share, m2), so_far)
    except GeometryError as error:
        why = f"It cannot be read: {error}."
    except shapely.errors.GEOSException:
        why = _TOO_CLOSE
    return Mended(original, fault=fault, why=why)


def fault_in_words(reason: str) -> str:
    """What is wrong and where, with no more digits than a person can use.

    Examples
    --------
    >>> fault_in_words("Self-intersection[755220.476828033 4732008.8473454]")
    'self-intersection at 755220.4768 4732008.847'
    """
    what, _, place = reason.partition("[")
    at = [f"{float(number):.10g}" for number in place.removesuffix("]").split()]
    return f"{what.strip().lower()}{' at ' if at else ''}{' '.join(at)}"


def candidates_in_words(candidates: Mapping[str, float]) -> str:
    """Readings with their areas; those that come to the same area are named by the first.

    Examples
    --------
    >>> candidates_in_words({"as drawn": 2.0, "holes taken out": 2.0, "corners swapped": 4.0})
    'as drawn 2.0 m², corners swapped 4.0 m²'
    """
    names: dict[str, str] = {}
    for name, area in candidates.items():
        names.setdefault(_square_metres(area), name)
    return ", ".join(f"{name} {area}" for area, name in names.items())


def _square_metres(area: float) -> str:
    return f"{grouped(area, 0 if area >= 100 else 1)} m²"


def _why_not(shape: Any) -> str:
    if shape is None or shape.is_empty:
        return "It has no geometry." if shape is None else "Its geometry is empty."
    if shape.geom_type not in _POLYGONAL:
        return f"It is a {shape.geom_type}, not a polygon."
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return "A coordinate is not a number."
    return ""


def _decide(readings: Readings, plane: RecordedPlane, role: str, most: tuple[float, float], so_far: Mended) -> Mended:
    candidates = {name: plane.area_m2(readings.ground(cover)) for name, cover in readings.covers.items()}
    smallest, largest = (plane.area_m2(readings.ground(cover)) for cover in (readings.smallest, readings.largest))
    gap = plane.area_m2(readings.ground(readings.largest & ~readings.smallest))
    chosen = readings.largest if role == "hazard" else readings.smallest
    taken = readings.ground(chosen)
    so_far = replace(so_far, candidates=candidates, smallest_m2=smallest, largest_m2=largest)
    if why := _not_agreed(gap, largest, most) or _not_kept(readings, taken, plane, role):
        return replace(so_far, why=why)
    why = (
        f"Its readings differ by {_square_metres(gap)}." if gap >= _SAME_M2 else "All its readings are the same ground."
    )
    method = "largest reading" if role == "hazard" else "smallest reading"
    reading = next((name for name, cover in readings.covers.items() if np.array_equal(cover, chosen)), "")
    return replace(so_far, shape=taken, why=why, method=method, reading=reading, after_m2=plane.area_m2(taken))


def _not_agreed(gap: float, largest: float, most: tuple[float, float]) -> str:
    share, m2 = most
    if largest == 0:
        return "It encloses no ground in any reading."
    if gap <= min(share * largest, m2):
        return ""
    return f"Its readings differ by {_square_metres(gap)}, {gap / largest:.2%} of the largest."


def _not_kept(readings: Readings, taken: Any, plane: RecordedPlane, role: str) -> str:
    """Why the reading that would be taken is not on the safe side after all."""
    if role == "hazard":
        stray = shapely.difference(readings.strokes, taken)
        where = "out of its ground"
    else:
        stray = shapely.difference(shapely.intersection(readings.strokes, taken), shapely.boundary(taken))
        where = "into its ground"
    if (length := plane.length_m(stray)) > REPAIR_STROKE_M.value:
        return f"A line without width leads {length:.1f} m {where}; what ground it stood for is not known."
    if readings.apart > _FACE_LOST * shapely.area(readings.faces[readings.largest]).sum():
        return _TOO_CLOSE
    faces = readings.faces[readings.largest if role == "hazard" else readings.smallest]
    area, whole = shapely.area(taken), shapely.area(faces).sum()
    if not (plane.is_valid(taken) and taken.geom_type in _POLYGONAL and abs(area - whole) <= _ROUNDING * whole):
        return "Put together, its pieces make no outline that is valid."
    return ""
