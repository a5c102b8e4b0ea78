"""Rules about the outline of one record: its edges, its points, and shapes that nobody walks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.registers._rules._catalogue import NOTE, QUARANTINED, SERIOUS, Hit, Seen, declare, rule
from hazardgeo.registers._rules._rings import length_text
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hazardgeo.registers._rules._rings import Rings

_GEOCHECK = "GICHD geocheck (github.com/GICHD/geocheck, commit 56f2a03)"
_ENGESET = Source(
    "Engeset (2003), Suspected Hazard Area Mapping in Non-Technical Landmine Surveys, Journal of Mine Action 7.3, "
    "IMSMA and SHAs: the size of an area is displayed as a circle of the same area",
    Grade.READ,
)


@rule(
    "edge-long",
    NOTE,
    "record",
    "A corner may be missing, mistyped, or from another area; the ground along the edge may be wrongly in or out.",
    Source(f"{_GEOCHECK}, view geocheck_adv_distance_polygon_points", Grade.READ),
)
def edge_long(seen: Seen) -> Iterator[Hit]:
    """An edge between two neighbouring corners is longer than 5,000 m (thresholds.edge_m)."""
    rings, limit = seen.rings, seen.thresholds.edge_m
    long = np.flatnonzero(rings.edge_m > limit)
    for at, edges in _by_record(rings, long):
        longest = edges[rings.edge_m[edges].argmax()]
        more = (
            f", and {len(edges) - 1} more of its edges are longer than {length_text(limit)}" if len(edges) > 1 else ""
        )
        words = f"The edge {_from_to(rings, longest)} is {length_text(rings.edge_m[longest])} long{more}."
        yield Hit(at, words, "Check both corners against the source, and whether corners between them are missing.")


def _by_record(rings: Rings, points: NDArray[np.intp]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Group positions of points by the record that they belong to."""
    owner = rings.record[rings.ring[points]]
    records, start = np.unique(owner, return_index=True)
    if len(records):  # numpy splits nothing into one piece
        yield from zip(records.tolist(), np.split(points, start[1:]), strict=True)


def _from_to(rings: Rings, at: Any) -> str:
    """Say between which corners, counted from 1 in their ring, an edge runs."""
    ring = rings.ring[at]
    number = int(at - rings.first[ring]) + 1
    of_record = np.flatnonzero(rings.record == rings.record[ring])
    where = f" of its ring {int(np.searchsorted(of_record, ring)) + 1}" if len(of_record) > 1 else ""
    return f"from corner {number} to corner {number % int(rings.points[ring]) + 1}{where}"


@rule(
    "point-repeated",
    NOTE,
    "record",
    "The area is not changed; a list of points to be walked or staked out has one too many.",
    Source(f"{_GEOCHECK}, ToolBox: Global Delete Dup Consecutive Points, Dup Last 2 Points with FirstSec", Grade.READ),
)
def point_repeated(seen: Seen) -> Iterator[Hit]:
    """Two neighbouring corners are one place, or the last two corners are the first two again (1e-6 degree)."""
    rings, near = seen.rings, seen.thresholds.repeated_point_deg
    same = rings.inner & (np.abs(np.diff(rings.lonlat, axis=0)) <= near).all(axis=1)
    points = np.union1d(np.flatnonzero(same), _begun_again(rings, near))
    for at, group in _by_record(rings, points):
        more = f" and {len(group) - 1} more of its corners" if len(group) > 1 else ""
        words = f"Corner {int(group[0] - rings.first[rings.ring[group[0]]]) + 1}{more} stands twice."
        yield Hit(at, words, "Delete the repeated corner.")


def _begun_again(rings: Rings, near: float) -> NDArray[np.intp]:
    """Positions of the last corner but one, where the last two are the first two."""
    first = rings.first[rings.points >= 5]
    end = first + rings.points[rings.points >= 5]  # where the ring closes
    gap = np.abs(rings.lonlat[end - 2] - rings.lonlat[first]).max(axis=1, initial=0)
    gap = np.maximum(gap, np.abs(rings.lonlat[end - 1] - rings.lonlat[first + 1]).max(axis=1, initial=0))
    return np.asarray(end[gap <= near] - 2)


@rule(
    "outline-circle",
    SERIOUS,
    "record",
    "Only a place and a size are known, not a boundary: contaminated ground may lie outside the circle.",
    _ENGESET,
)
def outline_circle(seen: Seen) -> Iterator[Hit]:
    """The outline is a circle, as drawn from a size alone, and geometry_kind does not say symbolic."""
    symbolic = seen.words("geometry_kind") == "symbolic"
    for at in np.flatnonzero(circles(seen) & ~symbolic):
        radius = length_text(math.sqrt(seen.rings.area_m2[at] / math.pi))
        words = f"Its outline is a circle of {radius} radius."
        remedy = (
            "Record geometry_kind as symbolic if it was drawn from a size or around a point; else survey the boundary."
        )
        yield Hit(int(at), words, remedy)


def circles(seen: Seen) -> NDArray[np.bool_]:
    """Whether an outline of a record is a regular polygon of many corners: drawn, not walked."""
    rings, least = seen.rings, seen.thresholds
    n = np.maximum(rings.points, 3)
    quotient = 4 * np.pi * rings.ring_m2 / np.maximum(rings.ring_m, 1e-9) ** 2
    # A square with points along its sides has the quotient of a square and the corners of a circle: it is no circle.
    regular = np.pi / n / np.tan(np.pi / n)
    round_ = rings.is_shell & (n >= least.circle_points) & (quotient >= least.circle_share * regular)
    return np.isin(np.arange(rings.count), rings.record[round_])


declare(
    "part-repeated",
    QUARANTINED,
    "geometry",
    "Two parts of the record are the same outline.",
    "The same ground counts twice in the area of one record.",
    Source(f"{_GEOCHECK}, view geocheck_duplicate_polygons", Grade.READ),
)


def repeated_parts(shapes: NDArray[Any]) -> Iterator[Hit]:
    """Find records of which a part stands twice, whatever its first corner and its direction.

    Such a shape is not valid, so this is asked before validity is.

    Parameters
    ----------
    shapes : ndarray of shapely geometries

    Yields
    ------
    Hit
    """
    several = np.flatnonzero(shapely.get_num_geometries(shapes) > 1)
    parts, owner = shapely.get_parts(shapes[several], return_index=True)
    normal = shapely.to_wkb(shapely.normalize(parts))
    for k, at in enumerate(several.tolist()):
        own = normal[slice(*np.searchsorted(owner, [k, k + 1]))]
        if twice := len(own) - len(set(own)):
            yield Hit(at, f"{twice} of its {len(own)} parts stand twice.", "Delete the repeated parts.")
