"""Rules that need the countries: places outside the one that reports, and outlines cut off at a border."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import GEOD, on_arrays
from hazardgeo.overlay import plane_cells
from hazardgeo.registers._rules._catalogue import NOTE, QUARANTINED, SERIOUS, Hit, Seen, rule
from hazardgeo.registers._rules._exchanged import possible_exchanged, two_names
from hazardgeo.registers._rules._rings import length_text, metres_per_degree
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

_OURS = Source("hazardgeo design choice", Grade.ASSUMED)
_PIECE = 32  # points of a country's edge that are indexed together
_TURNS: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "latitude and longitude are exchanged": lambda lonlat: lonlat[:, ::-1],
    "the sign of its longitudes is turned": lambda lonlat: lonlat * (-1, 1),
    "the sign of its latitudes is turned": lambda lonlat: lonlat * (1, -1),
    "both signs are turned": lambda lonlat: -lonlat,
}
_TWO = ("latitude and longitude", "easting and northing")


@rule(
    "place-swapped",
    QUARANTINED,
    "record",
    "It is drawn in another part of the world, and not where the hazard is.",
    _OURS,
)
def place_swapped(seen: Seen) -> Iterator[Hit]:
    """It lies outside the country that reports it, or the area of its CRS, and inside with its two coordinates exchanged."""
    for at, (turn, words) in seen.once(_elsewhere).items():
        if turn.startswith(_TWO):
            yield Hit(at, words, f"Exchange {turn.removesuffix(' are exchanged')} in the source.")


@rule(
    "place-sign-lost",
    QUARANTINED,
    "record",
    "It is drawn in another part of the world, and not where the hazard is.",
    _OURS,
)
def place_sign_lost(seen: Seen) -> Iterator[Hit]:
    """It lies outside the country that reports it, and inside with a sign (W, S) turned."""
    for at, (turn, words) in seen.once(_elsewhere).items():
        if turn and not turn.startswith(_TWO):
            yield Hit(at, words, "Correct the sign: west and south are negative.")


@rule(
    "place-outside-country",
    SERIOUS,
    "record",
    "Either its place or its country is wrong; totals by country count it where it is not.",
    Source(
        "Somalia Explosive Management Authority, Mine Action Data Catalogue v1.2: a record of a live register lies so",
        Grade.SECONDARY,
    ),
)
def place_outside_country(seen: Seen) -> Iterator[Hit]:
    """It lies further than 5 km (thresholds.outside_m) from the country that reports it."""
    for at, (turn, words) in seen.once(_elsewhere).items():
        if not turn:
            yield Hit(at, words, "Check the coordinates, their CRS and the country against the source.")


def _elsewhere(seen: Seen) -> dict[int, tuple[str, str]]:
    """Records outside their country: what would bring them inside, if anything, and what is seen."""
    found = {}
    for code, ground, at in _by_country(seen):
        outside = at[~shapely.intersects(ground, seen.lonlat[at])]
        shapes = seen.lonlat[outside]
        turns = _turns_inside(ground, shapes)
        if seen.crs.is_projected:
            axes = possible_exchanged(seen.shapes[outside], seen.crs)
            turns[shapely.intersects(ground, axes)] = f"{two_names(seen.crs)} are exchanged"
        near = _near_box(ground, shapes, seen.thresholds.outside_m)
        ask = (turns == "") | near  # how far the others lie is of no interest
        gap = np.full(len(shapes), np.inf)
        gap[ask] = _gaps_m(ground, shapes[ask])
        west, south, east, north = shapely.bounds(shapes).T
        for k in np.flatnonzero(gap > seen.thresholds.outside_m):
            x, y = (west[k] + east[k]) / 2, (south[k] + north[k]) / 2
            words = f"It lies at longitude {x:.4f}, latitude {y:.4f}, outside {code}"
            more = f"; inside it if {turns[k]}." if turns[k] else f" by {length_text(gap[k])}."
            found[int(outside[k])] = (turns[k], words + more)
    return found


def _turns_inside(ground: Any, shapes: NDArray[Any]) -> NDArray[np.object_]:
    """What brings each shape into the country; empty text where nothing does."""
    turns = np.full(len(shapes), "", dtype=object)
    for turn, turned in _TURNS.items():
        todo = np.flatnonzero(turns == "")
        turns[todo[shapely.intersects(ground, shapely.transform(shapes[todo], turned))]] = turn
    return turns


def _near_box(ground: Any, shapes: NDArray[Any], distance_m: float) -> NDArray[np.bool_]:
    """Whether shapes may lie within a distance of the country: they do of its box."""
    west, south, east, north = ground.bounds
    per_lon, per_lat = metres_per_degree(np.array([min(max(abs(south), abs(north)) + 1, 89.0), 0.0]))
    by_lon, by_lat = distance_m / per_lon[0], distance_m / per_lat[1]
    box = shapely.box(west - by_lon, south - by_lat, east + by_lon, north + by_lat)
    return np.asarray(shapely.intersects(box, shapes))


def _by_country(seen: Seen) -> Iterator[tuple[str, Any, NDArray[np.intp]]]:
    """Each country that records name and that is there, its ground, and the records' positions."""
    if seen.countries is None:
        return
    codes, declared = seen.countries["code"].to_numpy(dtype=object), seen.words("country")
    polygons = np.asarray(seen.countries.geometry.array, dtype=object)
    for code in np.unique(codes):
        at = np.flatnonzero(declared == code)
        if len(at):
            ground = shapely.union_all(polygons[codes == code])
            shapely.prepare(ground)
            yield str(code), ground, at


def _gaps_m(ground: Any, shapes: NDArray[Any]) -> NDArray[np.float64]:
    """Distance between a country and each shape outside it [m]."""
    if not len(shapes):
        return np.empty(0)
    pieces, _ = _edge_pieces(np.array([ground], dtype=object))
    _, south, _, north = ground.bounds
    per_lon, per_lat = metres_per_degree(np.array([(south + north) / 2]))
    # A degree to the east is then about as long as one to the north, so that the nearest piece is the nearest.
    scale = np.array([per_lon[0] / per_lat[0], 1.0])
    edges, flat = (shapely.transform(these, lambda lonlat: lonlat * scale) for these in (pieces, shapes))
    nearest = shapely.STRtree(edges).nearest(flat)
    ends = shapely.get_coordinates(shapely.shortest_line(edges[nearest], flat)) / scale
    return on_arrays(GEOD.inv, *ends[::2].T, *ends[1::2].T)[2]


@rule(
    "outline-along-border",
    NOTE,
    "record",
    "A hazard seldom ends where a state does: the outline may have been cut, and go on beyond the line in no register.",
    _OURS,
)
def outline_along_border(seen: Seen) -> Iterator[Hit]:
    """The outline runs along a country's edge, within 1 m, for more than 50 m and a tenth of its length."""
    polygons = np.flatnonzero(seen.rings.perimeter_m > 0)
    if seen.countries is None or not len(polygons):
        return
    codes = [str(code) for code in seen.countries["code"]]
    pieces, country = _edge_pieces(np.asarray(seen.countries.geometry.array, dtype=object))
    least = seen.thresholds
    along: dict[int, dict[str, float]] = {}
    for k, i, length in _lengths_along(seen.lonlat[polygons], pieces, country, least.along_border_m):
        of_record = along.setdefault(int(polygons[i]), {})
        of_record[codes[k]] = of_record.get(codes[k], 0.0) + length
    for at, lengths in sorted(along.items()):
        longest = max(lengths.values())
        share = longest / seen.rings.perimeter_m[at]
        if longest > least.along_border_length_m and share > least.along_border_share:
            edges = " and ".join(sorted(code for code, length in lengths.items() if length >= longest / 2))
            words = f"{length_text(longest)} of its outline ({share:.0%}) run along the edge of {edges}."
            yield Hit(at, words, "Look for the rest of it beyond the line, and in the neighbour's register.")


def _edge_pieces(polygons: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Edges of countries in short pieces, and the country of each."""
    parts, part_of = shapely.get_parts(polygons, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    lonlat, ring = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(ring[1:] == ring[:-1])  # the edge from each point to the next
    group = np.cumsum(np.diff(ring[start], prepend=-1) > 0) * (len(lonlat) + 1) + np.arange(len(start)) // _PIECE
    _, group = np.unique(group, return_inverse=True)
    edges: Any = shapely.linestrings(np.stack([lonlat[start], lonlat[start + 1]], axis=1))
    pieces = np.asarray(shapely.multilinestrings(edges, indices=group), dtype=object)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    return pieces, np.asarray(part_of[ring_of[ring[start[first]]]])


def _lengths_along(
    shapes: NDArray[Any], pieces: NDArray[Any], country: NDArray[np.intp], within_m: float
) -> Iterator[tuple[int, int, float]]:
    """Length of each outline that lies within a distance of each piece of edge near it."""
    west, south, east, north = shapely.bounds(shapes).T
    margin = within_m / metres_per_degree(np.minimum(np.maximum(np.abs(south), np.abs(north)), 89.0))[0]
    at, piece = shapely.STRtree(pieces).query(shapely.box(west - margin, south - margin, east + margin, north + margin))
    if not len(at):
        return
    outlines = np.asarray(shapely.boundary(shapes), dtype=object)
    touched = np.unique(at)
    for plane, members in plane_cells(shapes[touched]).items():
        mine = np.isin(at, touched[members])
        of, line = at[mine], piece[mine]
        flat = dict(zip(touched[members].tolist(), plane.project(outlines[touched[members]]), strict=True))
        used = np.unique(line)
        strips = shapely.buffer(plane.project(pieces[used]), within_m, cap_style="flat")
        common = shapely.intersection(
            np.array([flat[i] for i in of.tolist()], dtype=object), strips[np.searchsorted(used, line)]
        )
        lengths = shapely.length(common)
        for k in np.flatnonzero(lengths > 0):
            yield int(country[line[k]]), int(of[k]), float(lengths[k])
