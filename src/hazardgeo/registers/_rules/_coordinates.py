"""Rules about coordinates as they were recorded: cut, rounded, coarser than claimed, minutes as decimals, zero."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from hazardgeo.crs import GEOD, on_arrays
from hazardgeo.registers._rules._catalogue import NOTE, QUARANTINED, SERIOUS, Hit, Seen, declare, rule
from hazardgeo.registers._rules._rings import length_text, metres_per_degree
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_OURS = Source("hazardgeo design choice", Grade.ASSUMED)
_CORE_DOC = Source(
    "GICHD imsma-core-doc, Survey123/Integration_of_Collector_and_Survey123.md (commit 22c5dec): default formatting "
    "rules cut decimal values to two",
    Grade.READ,
)
_EPSG = Source(
    "EPSG register as PROJ carries it (v11.022): false easting 5 500 000 m of MGI 1901 / Balkans zone 5 (EPSG:8677) and "
    "its like in other zones",
    Grade.READ,
)
_ROUNDING = 1e-6  # of the unit that is tested for: what a coordinate loses in binary
_DECIMALS_OF_DEGREES, _DECIMALS_OF_GRIDS = (7, 0), (2, -3)  # the finest that binary numbers can tell, and the coarsest


@rule(
    "coordinates-cut",
    SERIOUS,
    "record",
    "The true corners lie anywhere within that distance: the outline may miss the hazard altogether.",
    _CORE_DOC,
)
def coordinates_cut(seen: Seen) -> Iterator[Hit]:
    """No corner has four decimals of a degree (thresholds.decimals), or all are whole hundreds of metres (coarse_m)."""
    boxes = _boxes(seen.shapes)
    yield from (hit for hit in seen.once(_coarse) if not boxes[hit.at])


@rule(
    "outline-box",
    NOTE,
    "record",
    "It was drawn as a cell of a grid, not surveyed; the hazard may end elsewhere.",
    _OURS,
)
def outline_box(seen: Seen) -> Iterator[Hit]:
    """The outline is a box between round coordinates, as a cell of a map's grid is."""
    coarse = seen.once(_coarse)
    if coarse:
        boxes = _boxes(seen.shapes)
        yield from (hit._replace(remedy="Say in geometry_kind how it was drawn.") for hit in coarse if boxes[hit.at])


def _boxes(shapes: NDArray[Any]) -> NDArray[np.bool_]:
    """Which shapes fill the rectangle around them."""
    west, south, east, north = shapely.bounds(shapes).T
    around = (east - west) * (north - south)
    return np.asarray((around > 0) & (np.abs(shapely.area(shapes) - around) <= 1e-9 * around))


def _coarse(seen: Seen) -> list[Hit]:
    if seen.crs.is_geographic:
        return list(_decimals_cut(seen))
    step = length_text(seen.thresholds.coarse_m)
    words = f"All its coordinates are whole multiples of {step}: a place may be off by {_diagonal(seen)}."
    remedy = "Take the coordinates from the source again, in full."
    return [Hit(int(at), words, remedy) for at in np.flatnonzero(_all_multiples(seen.shapes, seen.thresholds.coarse_m))]


def _decimals_cut(seen: Seen) -> Iterator[Hit]:
    wanted = math.ceil(seen.thresholds.decimals)
    if wanted < 1:
        return
    lat = shapely.bounds(seen.lonlat)[:, 1]
    kept = _decimals(seen.shapes, wanted - 1, 0)
    for at in np.flatnonzero(kept < wanted):
        east, north = metres_per_degree(lat[at])
        off = length_text(float(np.hypot(east, north)) * 10.0 ** -int(kept[at]))
        count = f"{kept[at] or 'no'} decimal{'' if kept[at] == 1 else 's'}"
        words = f"Its coordinates have {count} of a degree: a place may be off by {off}."
        yield Hit(int(at), words, "Take the coordinates from the source again, in full.")


def _diagonal(seen: Seen) -> str:
    return length_text(math.hypot(seen.thresholds.coarse_m, seen.thresholds.coarse_m))


def _decimals(shapes: NDArray[Any], finest: int, coarsest: int) -> NDArray[np.intp]:
    """Fewest decimals that hold all coordinates of each shape (-1 for tens); ``finest + 1`` where more are needed."""
    kept, cut = np.full(len(shapes), finest + 1), np.arange(len(shapes))
    for decimals in range(finest, coarsest - 1, -1):
        cut = cut[_all_multiples(shapes[cut], 10.0**-decimals)]
        kept[cut] = decimals
    return kept


def _all_multiples(shapes: NDArray[Any], step: float) -> NDArray[np.bool_]:
    """Whether all coordinates of a shape are whole multiples of a step."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    steps = xy / step
    whole = (np.abs(steps - np.round(steps)) <= _ROUNDING).all(axis=1)
    count = np.bincount(owner, minlength=len(shapes))
    return np.asarray((np.bincount(owner, whole, minlength=len(shapes)) == count) & (count > 0))


@rule("coordinates-rounded", NOTE, "record", "The outline was read off a map, or rounded, to that step.", _OURS)
def coordinates_rounded(seen: Seen) -> Iterator[Hit]:
    """All coordinates in a grid are whole multiples of 10 m (thresholds.rounded_m)."""
    if seen.crs.is_geographic:
        return
    step = seen.thresholds.rounded_m
    rounded = _all_multiples(seen.shapes, step) & ~_all_multiples(seen.shapes, seen.thresholds.coarse_m)
    for at in np.flatnonzero(rounded):
        words = f"All its coordinates are whole multiples of {length_text(step)}."
        yield Hit(int(at), words, "State vertex_sd_m accordingly, or take the full coordinates from the source.")


@rule(
    "decimals-against-accuracy",
    SERIOUS,
    "record",
    "The outline is less certain than it says: hazardous ground may lie outside of it by more than the stated accuracy.",
    Source(
        "hazardgeo design choice: a number rounded to a step has the standard deviation step / √12 (uniform distribution)",
        Grade.ASSUMED,
    ),
)
def decimals_against_accuracy(seen: Seen) -> Iterator[Hit]:
    """Its coordinates are rounded to a step whose spread alone, step / √12 in each direction, exceeds its vertex_sd_m."""
    stated = seen.column("vertex_sd_m")
    if stated is None or not len(seen.shapes):
        return
    claimed = np.asarray(stated, dtype=float)
    finest, coarsest = _DECIMALS_OF_DEGREES if seen.crs.is_geographic else _DECIMALS_OF_GRIDS
    kept = _decimals(seen.shapes, finest, coarsest)
    step = np.column_stack(_unit_m(seen)) * 10.0 ** -kept[:, None]
    spread = np.hypot(*step.T) / math.sqrt(24)  # of one direction, the mean square of both: step² / 12 in each
    told = ~_boxes(
        seen.shapes
    )  # a box between round numbers was drawn so, and what is cut is told as such: other rules
    told[[hit.at for hit in seen.once(_coarse) if hit.at is not None]] = False
    for at in np.flatnonzero((kept <= finest) & (claimed > 0) & (spread > claimed) & told):
        decimals = math.ceil(math.log10(spread[at] / claimed[at]))
        if _ends_in_zeros(seen.shapes[at], decimals) < seen.thresholds.chance:
            of_degree = f"{kept[at]} decimals of a degree, " * seen.crs.is_geographic
            words = f"Its coordinates are rounded ({of_degree}steps of {step[at].max():.2g} m), which alone spreads a corner "
            words += f"by {spread[at]:.2g} m; it states a vertex_sd_m of {claimed[at]:g} m."
            yield Hit(int(at), words, "Take the coordinates from the source again, in full, or state what they allow.")


def _unit_m(seen: Seen) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Length of one unit of each record's coordinates, to the east and to the north [m]."""
    if seen.crs.is_geographic:
        return metres_per_degree(shapely.bounds(seen.lonlat)[:, 1])
    unit = np.full(len(seen.shapes), seen.crs.axis_info[0].unit_conversion_factor)
    return unit, unit


def _ends_in_zeros(shape: Any, decimals: int) -> float:
    """Chance that coordinates with that many decimals more all end in zeros; a number that stands twice is one trial."""
    xy = shapely.get_coordinates(shape)
    return float(0.1 ** (decimals * sum(len(np.unique(values)) for values in xy.T)))


@rule(
    "minutes-as-decimals",
    SERIOUS,
    "record",
    "Degrees, minutes and seconds written one after the other are not decimals: read so, places are off by up to 45 km.",
    _OURS,
)
def minutes_as_decimals(seen: Seen) -> Iterator[Hit]:
    """In no coordinate of the layer do the first or the next two decimals reach 60, as minutes and seconds do not."""
    if not (seen.crs.is_geographic and len(seen.shapes)):
        return
    tens = np.floor(np.abs(shapely.get_coordinates(seen.shapes)) * 1e4 + 1e-4).astype(np.int64)
    minutes, seconds = tens // 100 % 100, tens % 100
    if (minutes >= 60).any() or (seconds >= 60).any():
        return
    # Corners of one hazard share their first decimals, so what counts is how many different ones there are: in each of
    # them the next two decimals stay below 60 with a chance of 0.6. Those without further decimals tell nothing.
    tests = sum(len(np.unique(tens[seconds[:, axis] > 0, axis] // 100)) for axis in (0, 1))
    if 0.6**tests < seen.thresholds.chance:
        words = (
            f"In none of the coordinates of the {len(seen.shapes)} records of this layer do the first two or the next two "
            "decimals reach 60."
        )
        yield Hit(
            None, words, "Check against the source whether 45.3015 means 45° 30' 15\"; if so, convert all coordinates."
        )


@rule("place-zero", QUARANTINED, "record", "Empty coordinates end up there: its true place is not known.", _OURS)
def place_zero(seen: Seen) -> Iterator[Hit]:
    """A corner lies within 1 km of 0, 0 (thresholds.zero_m), where empty coordinates end up."""
    lonlat, owner = shapely.get_coordinates(seen.lonlat, return_index=True)
    if seen.crs.is_projected:  # there the origin of the grid is where empty coordinates end up
        where = f"within {length_text(seen.thresholds.zero_m)} of the origin of the grid"
        recorded = shapely.get_coordinates(seen.shapes)
        near = np.flatnonzero(np.hypot(*recorded.T) <= seen.thresholds.zero_m)
        near = near[:0] if len(near) and _has_ground_at_its_origin(seen.crs) else near
    else:
        where = f"within {length_text(seen.thresholds.zero_m)} of longitude 0, latitude 0"
        near = np.flatnonzero((np.abs(lonlat) <= np.ceil(seen.thresholds.zero_m / 100_000)).all(axis=1))
        zero = np.zeros(len(near))
        near = (
            near[on_arrays(GEOD.inv, zero, zero, *lonlat[near].T)[2] <= seen.thresholds.zero_m] if len(near) else near
        )
    for at, corners in zip(*np.unique(owner[near], return_counts=True), strict=True):
        words = f"{corners} of its points lie{'s' if corners == 1 else ''} {where}."
        yield Hit(int(at), words, "Fill in the coordinates from the source.")


def _has_ground_at_its_origin(crs: pyproj.CRS) -> bool:
    """Whether a grid may be used where its coordinates are nought; that of a local grid often lies amid the works."""
    area = crs.area_of_use
    if area is None:
        return True
    to_degrees: Any = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    lon, lat = to_degrees.transform(0.0, 0.0)
    return bool(area.west <= lon <= area.east and area.south <= lat <= area.north)


declare(
    "zone-prefix",
    SERIOUS,
    "record",
    "The million digit of the easting is not the number of the layer's zone.",
    "The place is off by a whole zone or more: hundreds of kilometres.",
    _EPSG,
)


def zone_prefix(shapes: NDArray[Any], crs: pyproj.CRS) -> Iterator[Hit]:
    """Find the shapes whose eastings do not carry the zone number that their CRS puts before them.

    To be asked before the coordinates are transformed, as most such layers are refused there.

    Parameters
    ----------
    shapes : ndarray of shapely geometries
        As recorded, easting first.
    crs : pyproj.CRS

    Yields
    ------
    Hit
    """
    zone = _zone_of(crs)
    if zone is None:
        return
    bounds = shapely.bounds(shapes)
    west, east = np.floor(bounds[:, [0, 2]] / 1e6).T
    for at in np.flatnonzero((west != zone) | (east != zone)):
        x, y = bounds[at, 0], bounds[at, 1]
        found = int(west[at] if west[at] != zone else east[at])
        has = "carry no zone number" if found == 0 else f"begin with {found}"
        words = f"Its eastings (from {x:.0f}) {has}; those of {crs.name} begin with {zone}."
        swapped = math.floor(y / 1e6) == zone and found != 0
        remedy = "Name the CRS of the zone that it was recorded in, or add the zone number to the easting."
        yield Hit(int(at), words, "Check whether easting and northing are exchanged. " * swapped + remedy)


def _zone_of(crs: pyproj.CRS) -> int | None:
    """Number that the false easting puts before an easting, as 5 in 5 500 000 m."""
    operation = crs.coordinate_operation
    if not crs.is_projected or operation is None:
        return None
    eastings = [float(p.value) * float(p.unit_conversion_factor) for p in operation.params if p.name == "False easting"]
    zone, rest = divmod(eastings[0], 1e6) if eastings else (0.0, 0.0)
    return int(zone) if zone >= 1 and rest == 500_000 else None
