"""The answer for one hazard near a line: what decides, and what would settle what is not decided."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._local import (
    Line,
    LocalBorder,
    beyond_band,
    half_width_m,
    not_kept_apart,
)
from hazardgeo.constants import NORMAL_95

if TYPE_CHECKING:
    from collections.abc import Collection

STANDARD = NormalDist()
_NAN = math.nan
NO_LINE = (
    "Lies in two countries of this border set, or nearer to the second than their edge and its own outline are known, and no "
    "line of the set is there: its lines and countries do not fit."
)
IN_PARTS = "Its parts lie on both sides of the line, each beyond what line and outline may be off."
MISSING = "The record has no geometry; add its outline."
_INMOST_M, _STEPS, _MOST_STEPS = 0.1, 10, 500
# Bands are drawn a little too wide, never too narrow; what is to settle a question must be better by as much.
_DRAWN = 0.998


@dataclass(frozen=True)
class Answer:
    """How one hazard lies to the line that decides; columns of `relation`."""

    relation: str
    pair: str
    distance_m: float
    depth_a_m: float
    depth_b_m: float
    offset_95_m: float
    half_width_m: float
    crossing_probability: float
    settling_offset_m: float
    settling_sd_m: float
    why: str


NO_GEOMETRY = Answer("indeterminate", "", _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, MISSING)


def far_answer(pair: str, distance_m: float, offset_95_m: float, sd: float) -> Answer:
    """For what is further away than any line matters."""
    why = f"{distance_m:.0f} m from {pair.replace('-', '–')}."
    return Answer(
        "away", pair, distance_m, _NAN, _NAN, offset_95_m, half_width_m(offset_95_m, sd), 0.0, _NAN, _NAN, why
    )


def undecided(answer: Answer, why: str) -> Answer:
    """For what no better line or survey of this kind would settle."""
    unknown = dict.fromkeys(("crossing_probability", "settling_offset_m", "settling_sd_m"), _NAN)
    return replace(answer, relation="indeterminate", why=why, **unknown)  # type: ignore[arg-type]


def near_answer(local: LocalBorder, shape: Any, sd: float, near_m: float) -> Answer:
    """Answer for a hazard in the plane, by the line that decides.

    Parameters
    ----------
    local : LocalBorder
    shape : shapely geometry
        In the plane.
    sd : float
        Of where its corners lie [m].
    near_m : float
        Distance within which a hazard is *near* [m].

    Returns
    -------
    Answer
    """
    widths = [(line, half_width_m(line.offset_95_m, sd)) for line in _lines_around(local, shape)]
    distances = {id(line): float(shapely.distance(line.shape, shape)) for line, _ in widths}
    decided = all(distances[id(one)] > its_width for one, its_width in widths)
    # What decides is the nearest line, or the one whose band reaches furthest over the hazard.
    line, width = min(widths, key=lambda one: distances[id(one[0])] - (0 if decided else one[1]))
    pieces = local.pieces(shape)
    rest = {} if decided else beyond_band(pieces, widths, shape)
    # Only the countries asked about: where a third begins is no matter of these lines.
    asked = {side for one, _ in widths for side in (one.country_a, one.country_b)}
    unsure = not_kept_apart(local, shape, widths, NORMAL_95.value * sd, asked)
    crossed = [one for one in widths if {one[0].country_a, one[0].country_b} <= set(rest) - unsure]
    line, width = min(crossed, key=lambda one: distances[id(one[0])], default=(line, width))
    distance, sides = distances[id(line)], (line.country_a, line.country_b)
    depth_a, depth_b = (_depth(pieces.get(side), rest.get(side), line, width) for side in sides)
    depths, on_both = (depth_a, depth_b), min(depth_a, depth_b) > 0
    word = "crossing" if crossed else "indeterminate" if not decided else "near" if distance <= near_m else "away"
    narrower = _DRAWN * min(depths) if on_both or distance == 0 else distance
    settling = _settling(narrower, line.offset_95_m, sd) if word == "indeterminate" else (_NAN, _NAN)
    answer = Answer(
        word,
        line.pair,
        distance,
        *depths,
        line.offset_95_m,
        width,
        _crossing_probability(line, shape, depths, distance, width),
        *settling,
        _why(word, line, distance, width, settling, on_both),
    )
    return undecided(answer, NO_LINE) if unsure else answer


def beyond_lines(answer: Answer, local: LocalBorder, shape: Any, sd: float, asked: Collection[str]) -> Answer:
    """Answer for what is beyond every line's band and beside two of the asked countries' ground.

    It lies there in parts, or a line of theirs is missing there, or it is none of that.
    """
    widths = [(line, half_width_m(line.offset_95_m, sd)) for line in local.lines]
    if not_kept_apart(local, shape, widths, NORMAL_95.value * sd, asked):
        return undecided(answer, NO_LINE)
    if len(set(local.pieces(shape)) & set(asked)) < 2:
        return answer
    # How deep it reaches is not measured far from a line; no less than that it lies off it.
    depths = [answer.distance_m if math.isnan(depth) else depth for depth in (answer.depth_a_m, answer.depth_b_m)]
    one, other = (STANDARD.cdf(depth * NORMAL_95.value / answer.half_width_m) for depth in depths)
    return replace(answer, relation="crossing", crossing_probability=one + other - 1, why=IN_PARTS)


def _lines_around(local: LocalBorder, shape: Any) -> list[Line]:
    """The lines near enough to matter to one hazard: distances are asked many times, and lines are long."""
    west, south, east, north = shapely.bounds(shape)
    # No corner is further from the line than the hazard is, and the hazard's own size.
    reach = 1.2 * local.reach_m + math.hypot(east - west, north - south)
    box = (west - reach, south - reach, east + reach, north + reach)
    near = [replace(line, shape=shapely.clip_by_rect(line.shape, *box)) for line in local.lines]
    return [line for line in near if not line.shape.is_empty] or list(local.lines)


def _depth(piece: Any, rest: Any, line: Line, width: float) -> float:
    corners = [shapely.get_coordinates(part) for part in (piece, rest) if part is not None]
    if not corners:
        return 0.0
    depth = float(shapely.distance(shapely.points(np.vstack(corners)), line.shape).max())
    if piece is None or depth > width:
        return depth
    # All the corners of an enclave lie on its line, and those of a pocket in a bend near it: their ground reaches further, in the
    # middle or on an edge.
    along = shapely.segmentize(piece, max(width / _STEPS, shapely.length(piece) / _MOST_STEPS))
    depth = max(depth, float(shapely.distance(shapely.points(shapely.get_coordinates(along)), line.shape).max()))
    parts = shapely.get_parts(piece)
    parts = parts[shapely.area(parts) > 0]
    inmost = shapely.get_point(shapely.maximum_inscribed_circle(parts, tolerance=_INMOST_M), 0)
    return max(depth, float(shapely.distance(inmost, line.shape).max(initial=0)))


def _settling(narrower_m: float, offset_95_m: float, sd: float) -> tuple[float, float]:
    """The offset, the outline being as it is, and the outline's accuracy, the line being as it is, that would decide."""
    own = NORMAL_95.value * sd
    line = math.sqrt(narrower_m**2 - own**2) if narrower_m > own else _NAN
    survey = math.sqrt(narrower_m**2 - offset_95_m**2) / NORMAL_95.value if narrower_m > offset_95_m else _NAN
    return line, survey


def _why(word: str, line: Line, distance: float, width: float, settling: tuple[float, float], on_both: bool) -> str:
    pair = f"{line.country_a}–{line.country_b}"
    band_words = f"±{width:.0f} m (line ±{line.offset_95_m:.0f} m, and the outline's own accuracy)"
    if word == "crossing":
        return f"Reaches beyond {band_words} on both sides of {pair}."
    if word == "near":
        return f"{distance:.0f} m from {pair}, beyond {band_words}."
    if word == "away":
        return f"{distance:.0f} m from {pair}."
    if distance == 0:
        seen = f"{pair} as drawn runs through it, but on one side it stays within {band_words}"
    elif on_both:
        seen = f"Its parts lie on both sides of {pair} as drawn, but on one side they stay within {band_words}"
    else:
        seen = f"{distance:.0f} m from {pair}, within {band_words}"
    return f"{seen}; {_remedy(*settling)}."


def _remedy(offset_m: float, sd_m: float) -> str:
    line = f"a line that is known to ±{_rounded(offset_m)} m"
    survey = f"an outline whose corners are known to {_rounded(sd_m)} m (standard deviation, with the way to WGS 84)"
    if math.isnan(offset_m) and math.isnan(sd_m):
        return "neither a better line nor a better outline alone would settle it; a joint survey of both would"
    if math.isnan(sd_m):
        return f"{line} would settle it"
    if math.isnan(offset_m):
        return f"{survey} would settle it"
    return f"{line} would settle it, or {survey}"


def _rounded(metres: float) -> str:
    """Downwards, so that what is asked for is enough."""
    if math.isnan(metres):
        return ""
    return f"{math.floor(metres)}" if metres >= 10 else f"{math.floor(metres * 10) / 10:.1f}"


def _crossing_probability(line: Line, shape: Any, depths: tuple[float, float], distance: float, width: float) -> float:
    sigma = width / NORMAL_95.value
    if min(depths) == 0 < distance:
        # On one side: the line would have to move by more than the nearest point and less than the farthest.
        farthest = float(shapely.distance(shapely.points(shapely.get_coordinates(shape)), line.shape).max())
        return STANDARD.cdf(farthest / sigma) - STANDARD.cdf(distance / sigma)
    return STANDARD.cdf(depths[0] / sigma) - STANDARD.cdf(-depths[1] / sigma)
