"""Borders on a figure: each version in its own colour, with the band that its line may lie in, below the hazards."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from matplotlib.collections import LineCollection, PathCollection

from hazardgeo.maps._figure_areas import POINTS_PER_PIXEL, as_path, dashes
from hazardgeo.maps._figure_canvas import add
from hazardgeo.overlay._planes import outward
from hazardgeo.style import BORDER_STYLES, PALETTE, LineStyle

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from hazardgeo.borders import BorderSet
    from hazardgeo.maps._figure_frame import Frame

BAND_OPACITY = 0.16
_BAND_MM = 0.6  # a band that is narrower than that is hidden by its own line
_LINE_MM = 0.01  # lines are drawn to this of the sheet, a fiftieth of their own width
_QUADRANT = 16


@dataclass(frozen=True)
class Shown:
    """What there is to be seen of one version of the border."""

    statuses: tuple[str, ...]
    """Keys of `hazardgeo.style.BORDER_STYLES`: of the lines that are in question."""
    has_band: bool
    has_others: bool
    """Whether lines are drawn that are not in question."""


@dataclass(frozen=True)
class _Line:
    """A line, or what of it is on the sheet [mm]."""

    style: LineStyle
    offset_m: float
    shape: Any


def draw_borders(axes: Any, borders: Sequence[BorderSet], frame: Frame) -> tuple[tuple[Shown, ...], Any]:
    """Draw each version, the first on top; all below the hazards, so that none is lost under a line.

    Returns
    -------
    tuple of Shown
        One for each version.
    shapely geometry
        The lines in question of all versions, on the paper.
    """
    lines = [_on_sheet(border.asked_lines, frame) for border in borders]
    shown = tuple(
        _draw_version(axes, border, place, own, frame)
        for place, (border, own) in enumerate(zip(borders, lines, strict=True))
    )
    return shown, shapely.union_all([line.shape for own in lines for line in own])


def version_colour(place: int) -> str:
    """Colour of a version of the border, by its place among those given."""
    return PALETTE.borders[min(place, len(PALETTE.borders) - 1)]


def line_width(style: LineStyle, place: int) -> float:
    """Width of a border line in points: the first version is the one in question."""
    return style.width * POINTS_PER_PIXEL * (1.0 if place == 0 else 0.6)


def _draw_version(axes: Any, border: BorderSet, place: int, lines: Sequence[_Line], frame: Frame) -> Shown:
    # Lines between other states are told once: several versions of them would be a tangle.
    others = _on_sheet(border.lines.drop(border.asked_lines.index), frame) if place == 0 else []
    band = band_of(lines, frame)
    if band is not None:
        pale: dict[str, Any] = {"facecolor": version_colour(place), "alpha": BAND_OPACITY, "linewidth": 0}
        add(axes, PathCollection([as_path(band)], zorder=4 - place / 10, gid="border-band", **pale))
    if place == 0:
        _stroke(axes, lines, "#FFFFFF", 3.75, zorder=9.5, alpha=0.85, gid="border-casing")
    for style in BORDER_STYLES:
        width = line_width(style, place)
        look = {"zorder": 10 - place, "gid": f"border-{style.key}", "capstyle": "butt"}
        _stroke(
            axes, [line for line in lines if line.style == style], version_colour(place), width, dash=style.dash, **look
        )
        thin = {**look, "zorder": 6, "alpha": 0.55}
        _stroke(
            axes,
            [line for line in others if line.style == style],
            version_colour(place),
            width / 2,
            dash=style.dash,
            **thin,
        )
    statuses = tuple(style.key for style in BORDER_STYLES if any(line.style == style for line in lines))
    return Shown(statuses, band is not None, bool(others))


def countries_on(border: BorderSet, frame: Frame) -> list[tuple[str, Any]]:
    """Countries by name, on the paper, where the overview base is too coarse to say which side ground lies on."""
    own = border.countries[
        (border.countries["claimants"].fillna("") == "") & (border.countries["name"].fillna("") != "")
    ]
    box = _box(frame)
    near = own[shapely.intersects(own.geometry.to_numpy(), box)]
    cut = shapely.intersection(near.geometry.to_numpy(), box)
    return list(zip(near["name"].astype(str), frame.on_paper(cut), strict=True))


def _box(frame: Frame) -> Any:
    """The ground of the sheet in degrees, and roughly: what is of a continent need not be projected whole."""
    west, south, east, north = frame.ground()
    if east > 180:
        return shapely.box(-180, -90, 180, 90)
    margin = 0.1 * max(east - west, north - south) + 0.01
    return shapely.box(west - margin, south - margin, east + margin, north + margin)


def _stroke(axes: Any, lines: Sequence[_Line], colour: str, width: float, *, dash: str = "", **look: Any) -> None:
    paths = [shapely.get_coordinates(part) for line in lines for part in shapely.get_parts(line.shape)]
    if paths:
        add(axes, LineCollection(paths, colors=colour, linewidths=width, linestyles=[dashes(dash, width)], **look))


def _on_sheet(lines: gpd.GeoDataFrame, frame: Frame) -> list[_Line]:
    """Lay lines on the sheet and leave out what lies beyond it."""
    there = lines[shapely.intersects(lines.geometry.to_numpy(), _box(frame))]
    on_paper = shapely.simplify(frame.on_paper(there.geometry.to_numpy(), split=True), _LINE_MM)
    cut = shapely.intersection(on_paper, shapely.buffer(frame.paper, 3))
    styles = {style.key: style for style in BORDER_STYLES}
    found = zip(there["status"], there["offset_95_m"], cut, strict=True)
    return [
        _Line(styles.get(status, styles["unstated"]), float(offset), shapely.line_merge(shape))
        for status, offset, shape in found
        if not shape.is_empty
    ]


def band_of(lines: Sequence[_Line], frame: Frame) -> Any:
    """Where the true line may lie, as one shape, so that parts of it do not add up; None where the line itself hides it."""
    wide = [
        shapely.buffer(
            line.shape, outward(line.offset_m / frame.metres_per_mm + _LINE_MM, _QUADRANT), quad_segs=_QUADRANT
        )
        for line in lines
        if math.isfinite(line.offset_m) and 2 * line.offset_m / frame.metres_per_mm >= _BAND_MM
    ]
    return shapely.union_all(wide) if wide else None
