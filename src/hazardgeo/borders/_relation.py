"""How each hazard lies to a border: crossing, indeterminate, near, away."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, fields, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._local import (
    Line,
    LocalBorder,
    beyond_band,
    half_width_m,
    local_borders,
    not_kept_apart,
)
from hazardgeo.borders._seam import seams_of_records
from hazardgeo.borders._set import CONTESTED
from hazardgeo.constants import NEAR_M, NORMAL_95
from hazardgeo.crs import GEOD, on_arrays
from hazardgeo.errors import BorderError
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay import place_sd
from hazardgeo.overlay._planes import plane_cells, split_long_edges
from hazardgeo.schema import require

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet

_SEGMENTS = 16  # a search tree over whole border lines would look at all of a line for each hazard
_STANDARD = NormalDist()


@dataclass(frozen=True)
class _Answer:
    relation: str
    pair: str
    distance_m: float
    depth_a_m: float
    depth_b_m: float
    offset_95_m: float
    half_width_m: float
    crossing_probability: float
    why: str


def relation(hazards: gpd.GeoDataFrame, border: BorderSet, *, near_m: float = NEAR_M.value) -> pd.DataFrame:
    """Tell how each hazard lies to the border between the asked countries.

    - *crossing*: reaches further than the offset beyond the line on both sides;
    - *near*: on one side, further from the line than the offset, within `near_m`;
    - *away*: further than `near_m`;
    - *indeterminate*: all else; the line or the outline is not known well enough for a yes or a no.

    A hazard that is *away* is not thereby of no concern to the neighbour.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index; ``vertex_sd_m`` where known, else 10 m is taken (an unverified default);
        ``datum_accuracy_m`` where known.
    border : BorderSet
    near_m : float
        Distance within which a hazard is *near* [m].

    Returns
    -------
    pandas.DataFrame
        On the hazards' index: ``relation``, ``pair`` (such as ``BIH-HRV``), ``distance_m`` to the line (0 where it
        touches; good to 1 % beyond ``near_m``), ``depth_a_m`` and ``depth_b_m`` (how far it reaches from the line into
        the first and the second country of the pair), ``offset_95_m`` of the line, ``half_width_m`` of the band
        that decides, ``crossing_probability``, ``why`` (in words), ``vertex_sd_stated``, ``seam_m`` (the largest distance
        along the border between its way to WGS 84 and another record's, `datum_seams`). A hazard without geometry is
        *indeterminate*.

    Raises
    ------
    BorderError
        If the asked countries share no line in this set.
    CRSError, GeometryError, SchemaError
        If the hazards cannot be measured or an id stands twice.

    Notes
    -----
    The line's true place along its normal is taken as normal with sigma = w / 1.96, where
    w = hypot(u, 1.96 sd, 1.96 d), d the ``datum_accuracy_m``; the probability of crossing is that the true line lies between
    the hazard's two extremes.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> border = hz.borders.read(hz.sample_data("demarcated_border.gpkg"))
    >>> sorted(hz.borders.relation(hazards, border)["relation"].unique())
    ['away', 'crossing', 'indeterminate', 'near']
    """
    import pandas as pd

    require(hazards)
    lines = border.asked_lines
    if lines.empty:
        raise BorderError(f"{', '.join(border.codes)} share no land border in {border.source} {border.version}.")
    if not 0 <= near_m < math.inf:
        raise BorderError(f"near_m is {near_m!r}. Give a length in metres.")
    polygons = wgs84_polygons(hazards)
    sd, stated = place_sd(hazards)
    reach = max(near_m, half_width_m(float(lines["offset_95_m"].max()), float(sd.max(initial=0))))
    answers, close = _away_or_close(polygons, lines, reach)
    for local, members in local_borders(border, lines, polygons[close], 2 * reach):
        for i in close[members]:
            answers[i] = _answer(local, local.plane.project(polygons[i]), float(sd[i]), near_m)
    for i in np.flatnonzero(_in_two_countries(polygons, border)):
        if answers[i].relation in ("near", "away"):
            answers[i] = _on_both_sides(answers[i], polygons[i], border)
    for i in np.flatnonzero(_on_contested_ground(polygons, border)):
        answers[i] = replace(answers[i], relation="indeterminate", crossing_probability=math.nan, why=_CONTESTED)
    table = pd.DataFrame([astuple(a) for a in answers], columns=[f.name for f in fields(_Answer)], index=hazards.index)
    return table.assign(vertex_sd_stated=stated, seam_m=seams_of_records(hazards, border))


_NAN = math.nan
_NO_LINE = "Lies in two countries of this border set, and no line of it is there: its lines and countries do not fit."
_IN_PARTS = "Its parts lie on both sides of the line, each beyond what line and outline may be off."
_CONTESTED = "Lies on ground that both sides claim; agreement on the line would settle it."
_MISSING = "The record has no geometry; add its outline."
_NO_GEOMETRY = _Answer("indeterminate", "", _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _MISSING)


def _away_or_close(
    polygons: NDArray[Any], lines: gpd.GeoDataFrame, reach_m: float
) -> tuple[list[_Answer], NDArray[np.intp]]:
    """Answer what is far away from every line, and find what needs a closer look."""
    chunks, row = _chunks(lines)
    pairs = (lines["country_a"] + "-" + lines["country_b"]).to_numpy()
    offsets = lines["offset_95_m"].to_numpy(dtype=float)
    answers, close = [_NO_GEOMETRY] * len(polygons), []
    for plane, members in plane_cells(polygons).items():
        # Degrees, with longitude shrunk to the length it has here, rank distances well enough to find the nearest.
        shrink = max(0.01, math.cos(math.radians(plane.lat)))
        here = _around(chunks, plane.lon, shrink)
        west, _, east, _ = shapely.bounds(here).T
        whole = np.flatnonzero(east - west < 180)  # a chunk that is torn lies on the other side of the globe
        tree = shapely.STRtree(here[whole])
        shapes = _around(polygons[members], plane.lon, shrink)
        nearest = tree.nearest(shapes)
        ends = shapely.get_coordinates(shapely.shortest_line(shapes, tree.geometries[nearest])) / [shrink, 1]
        distance = on_arrays(GEOD.inv, *ends.reshape(-1, 4).T)[
            2
        ]  # longitudes about the plane's; only their difference counts
        for i, k, d in zip(members, row[whole[nearest]], distance, strict=True):
            why = f"{d:.0f} m from {pairs[k].replace('-', '–')}."
            answers[i] = _Answer("away", pairs[k], float(d), math.nan, math.nan, offsets[k], offsets[k], 0.0, why)
        # The ranking is good to a few per cent near by; whatever could be within reach is looked at in its plane.
        close += [int(i) for i in members[distance <= 1.1 * reach_m + 100]]
    return answers, np.array(sorted(close), dtype=np.intp)


def _around(shapes: NDArray[Any], lon: float, shrink: float) -> NDArray[Any]:
    """Degrees about a meridian, so that the antimeridian is nothing special, longitudes shrunk."""

    def about(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([((lonlat[:, 0] - lon + 180) % 360 - 180) * shrink, lonlat[:, 1]])

    return np.asarray(shapely.transform(shapes, about), dtype=object)


def _chunks(lines: gpd.GeoDataFrame) -> tuple[NDArray[Any], NDArray[np.intp]]:
    chunks, rows = [], []
    for k, shape in enumerate(lines.geometry):
        for part in shapely.get_parts(split_long_edges(shape)):
            xy = shapely.get_coordinates(part)
            starts = range(0, len(xy) - 1, _SEGMENTS)
            chunks += [shapely.LineString(xy[s : s + _SEGMENTS + 1]) for s in starts]
            rows += [k] * len(starts)
    return np.array(chunks, dtype=object), np.array(rows, dtype=np.intp)


def _on_contested_ground(polygons: NDArray[Any], border: BorderSet) -> NDArray[np.bool_]:
    """Which hazards lie on ground that asked countries contest; there is no line to be on one side of."""
    ground = border.countries[border.countries["code"].isin(CONTESTED)]
    asked = np.array([border.contests(row.code, row.claimants) for row in ground.itertuples()], dtype=bool)
    contested = shapely.union_all(ground.geometry.to_numpy()[asked])
    return np.asarray(shapely.intersects(polygons, contested), dtype=bool)


def _in_two_countries(polygons: NDArray[Any], border: BorderSet) -> NDArray[np.bool_]:
    """Which hazards reach into two of the asked countries, whatever the lines say."""
    inside = np.zeros(len(polygons), dtype=int)
    for code in border.codes:
        grounds = border.countries.loc[border.countries["code"] == code].geometry.to_numpy()
        shapely.prepare(grounds)
        on_one = [shapely.intersects(ground, polygons) & ~shapely.touches(ground, polygons) for ground in grounds]
        inside += np.any(on_one, axis=0)
    return inside > 1


def _on_both_sides(answer: _Answer, polygon: Any, border: BorderSet) -> _Answer:
    """Answer for what lies in two countries and far from every line: in parts, or because the line is elsewhere."""
    if _in_two_countries(shapely.get_parts(polygon), border).any():
        return replace(answer, relation="indeterminate", crossing_probability=math.nan, why=_NO_LINE)
    reach = _STANDARD.cdf(answer.distance_m * NORMAL_95.value / answer.half_width_m)
    return replace(answer, relation="crossing", crossing_probability=2 * reach - 1, why=_IN_PARTS)


def _answer(local: LocalBorder, shape: Any, sd: float, near_m: float) -> _Answer:
    widths = [(line, half_width_m(line.offset_95_m, sd)) for line in _lines_around(local, shape)]
    distances = {id(line): float(shapely.distance(line.shape, shape)) for line, _ in widths}
    decided = all(distances[id(one)] > its_width for one, its_width in widths)
    # What decides is the nearest line, or the one whose band reaches furthest over the hazard.
    line, width = min(widths, key=lambda one: distances[id(one[0])] - (0 if decided else one[1]))
    pieces = local.pieces(shape)
    rest = {} if decided else beyond_band(pieces, widths, shape)
    # Only the countries asked about: where a third begins is no matter of these lines.
    asked = {side for one, _ in widths for side in (one.country_a, one.country_b)}
    unsure = not_kept_apart({side: piece for side, piece in pieces.items() if side in asked}, widths, shape)
    crossed = [one for one in widths if {one[0].country_a, one[0].country_b} <= set(rest) - unsure]
    line, width = min(crossed, key=lambda one: distances[id(one[0])], default=(line, width))
    depth_a, depth_b = (_depth(pieces.get(side), rest.get(side), line) for side in (line.country_a, line.country_b))
    distance = distances[id(line)]
    word, why = _word(line, distance, width, decided, bool(crossed), near_m)
    probability = _crossing_probability(line, shape, (depth_a, depth_b), distance, width)
    if unsure:
        word, why, probability = "indeterminate", _NO_LINE, math.nan
    return _Answer(word, _pair(line), distance, depth_a, depth_b, line.offset_95_m, width, probability, why)


def _lines_around(local: LocalBorder, shape: Any) -> list[Line]:
    """The lines near enough to matter to one hazard: distances are asked many times, and lines are long."""
    west, south, east, north = shapely.bounds(shape)
    # No corner is further from the line than the hazard is, and the hazard's own size.
    reach = 1.2 * local.reach_m + math.hypot(east - west, north - south)
    box = (west - reach, south - reach, east + reach, north + reach)
    near = [replace(line, shape=shapely.clip_by_rect(line.shape, *box)) for line in local.lines]
    return [line for line in near if not line.shape.is_empty] or list(local.lines)


def _pair(line: Line) -> str:
    return f"{line.country_a}-{line.country_b}"


def _depth(piece: Any, rest: Any, line: Line) -> float:
    corners = [shapely.get_coordinates(part) for part in (piece, rest) if part is not None]
    if not corners:
        return 0.0
    return float(shapely.distance(shapely.points(np.vstack(corners)), line.shape).max())


def _word(line: Line, distance: float, width: float, decided: bool, crossed: bool, near_m: float) -> tuple[str, str]:
    pair = f"{line.country_a}–{line.country_b}"
    band_words = f"±{width:.0f} m (line ±{line.offset_95_m:.0f} m, and the outline's own accuracy)"
    if crossed:
        return "crossing", f"Reaches beyond {band_words} on both sides of {pair}."
    if not decided:
        remedy = "a better line or a survey would settle it"
        if distance == 0:
            why = f"{pair} as drawn runs through it, but on one side it stays within {band_words}; {remedy}."
            return "indeterminate", why
        return "indeterminate", f"{distance:.0f} m from {pair}, within {band_words}; {remedy}."
    if distance <= near_m:
        return "near", f"{distance:.0f} m from {pair}, beyond {band_words}."
    return "away", f"{distance:.0f} m from {pair}."


def _crossing_probability(line: Line, shape: Any, depths: tuple[float, float], distance: float, width: float) -> float:
    sigma = width / NORMAL_95.value
    if distance > 0:
        # On one side: the line would have to move by more than the nearest point and less than the farthest.
        farthest = float(shapely.distance(shapely.points(shapely.get_coordinates(shape)), line.shape).max())
        return _STANDARD.cdf(farthest / sigma) - _STANDARD.cdf(distance / sigma)
    return _STANDARD.cdf(depths[0] / sigma) - _STANDARD.cdf(-depths[1] / sigma)
