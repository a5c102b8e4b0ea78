"""The sheet of a figure: what stands where on the paper.

Imported inside `hazard_figure` only, because it needs matplotlib to exist at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.patches import Rectangle

from hazardgeo.maps._base import Base, base_around
from hazardgeo.maps._coordinates import lat_lon_bounds
from hazardgeo.maps._figure_areas import draw_areas
from hazardgeo.maps._figure_borders import Shown, countries_on, draw_borders
from hazardgeo.maps._figure_canvas import INK, MM_PER_INCH, HazardFigure, paper_axes, plain_settings, write
from hazardgeo.maps._figure_frame import Frame, frame_around
from hazardgeo.maps._figure_ground import (
    BASE_TOO_COARSE,
    draw_base,
    draw_graticule,
    draw_locator,
    is_covered,
    locator_frame,
)
from hazardgeo.maps._figure_names import Taken, draw_names
from hazardgeo.maps._figure_page import (
    FOOT,
    SOFT,
    Column,
    draw_footer,
    draw_heading,
    draw_legend,
    draw_scale,
    footer_lines,
)
from hazardgeo.maps._figure_text import line_mm
from hazardgeo.maps._figure_words import METHOD, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hazardgeo.borders import BorderSet
    from hazardgeo.maps._records import Layer

_MARGIN = 9.0
_LEGEND, _GAP = 72.0, 5.0
_LABELS = 4.0  # for degrees along the frame
_SCALE = 16.0  # for scale and north
_LOCATOR, _LEAST_LOCATOR = 42.0, 18.0
_SMALLEST_FOR_LOCATOR = 0.85


def draw_sheet(
    words: Words, layers: Sequence[Layer], borders: Sequence[BorderSet], around: Any, sheet: tuple[float, float]
) -> HazardFigure:
    """Draw everything.

    Parameters
    ----------
    words : Words
    layers : sequence of Layer
    borders : sequence of BorderSet
    around : ndarray of shapely geometries
        What has to be on the map.
    sheet : (float, float)
        Width and height [mm].

    Returns
    -------
    HazardFigure
    """
    width, height = sheet
    width, height = sheet
    inner = width - 2 * _MARGIN
    base = base_around(lat_lon_bounds(around))
    with plain_settings():
        figure = HazardFigure(width, height, words.title)
        heading = Column(paper_axes(figure, _MARGIN, _MARGIN, inner, height - 2 * _MARGIN), inner, height - 2 * _MARGIN)
        draw_heading(heading, words)
        top, map_width = heading.y - 2, inner - _LEGEND - _GAP - _LABELS
        # Twice: the foot says what is true of the frame, and the frame is as high as the foot leaves room.
        rough = frame_around(around, map_width, 0.85 * top)
        low = line_mm(FOOT) * len(footer_lines(_foot(words, base, rough), inner)) + _LABELS + 2
        frame = frame_around(around, map_width, top - low)
        draw_footer(Column(heading.axes, inner, low - _LABELS - 1), _foot(words, base, frame))
        axes = paper_axes(figure, _MARGIN + _LABELS, _MARGIN + low, frame.width, frame.height)
        shown, has_symbols = _draw_map(axes, layers, borders, base, frame)
        _draw_degrees(heading.axes, draw_graticule(axes, frame), frame, low)
        side = (width - _MARGIN - _LEGEND, _MARGIN + low, _LEGEND, frame.height)
        trial = Column(paper_axes(HazardFigure(width, height, ""), *side), _LEGEND, frame.height)
        draw_legend(trial, words, shown, has_symbols=has_symbols)
        smaller = _shrunk(frame.height - trial.y, frame.height)
        column = Column(paper_axes(figure, *side), _LEGEND, frame.height, smaller)
        draw_legend(column, words, shown, has_symbols=has_symbols)
        _draw_below_legend(figure, column, base, frame)
    return figure


def _shrunk(needed: float, height: float) -> float:
    """How much smaller a legend has to be for scale and north to fit below it, and the locator if it need not be much."""
    left = height - _SCALE - 1
    with_locator = (left - _LEAST_LOCATOR - 4) / needed
    return min(1.0, with_locator if with_locator >= _SMALLEST_FOR_LOCATOR else left / needed)


def _draw_map(
    axes: Any, layers: Sequence[Layer], borders: Sequence[BorderSet], base: Base, frame: Frame
) -> tuple[tuple[Shown, ...], bool]:
    """The map itself, and what of it the legend has to explain: what is seen of the borders, and whether there are symbols."""
    axes.patch.set_visible(True)
    countries = draw_base(axes, base, frame) or [each for border in borders[:1] for each in countries_on(border, frame)]
    shown, lines = draw_borders(axes, borders, frame)
    boxes, has_symbols = draw_areas(axes, layers, frame)
    draw_names(axes, base, countries, Taken(boxes, lines), frame)
    axes.add_patch(Rectangle((0, 0), frame.width, frame.height, fill=False, edgecolor=INK, linewidth=1.6, zorder=90))
    return shown, has_symbols


def _draw_degrees(axes: Any, ends: Sequence[tuple[float, float, str, bool]], frame: Frame, low: float) -> None:
    """Degrees beside the frame, where they cover nothing."""
    for x, y, label, is_below in ends:
        if is_below and 6 < x < frame.width - 6:
            write(axes, _LABELS + x, low - 1, label, FOOT, ha="center", va="top", color=SOFT)
        elif not is_below and 6 < y < frame.height - 6:
            write(axes, _LABELS - 1, low + y, label, FOOT, ha="right", va="center", rotation=90, color=SOFT)


def _draw_below_legend(figure: HazardFigure, column: Column, base: Base, frame: Frame) -> None:
    """Scale and north, and below them where on Earth this is, as far as there is room."""
    height = min(column.y - _SCALE - 3, _LOCATOR)
    wide = locator_frame(base, frame, _LEGEND, height) if height >= _LEAST_LOCATOR else None
    column.y = _SCALE + (wide.height + 3 if wide else 0)
    column.k = 1.0
    draw_scale(column, frame)
    if wide:
        box = column.axes.get_position().bounds
        whole_x, whole_y = (inches * MM_PER_INCH for inches in figure.get_size_inches())
        axes = paper_axes(figure, box[0] * whole_x, box[1] * whole_y, wide.width, wide.height)
        draw_locator(axes, base, frame, wide)


def _foot(words: Words, base: Base, frame: Frame) -> tuple[str, ...]:
    if frame.scale < BASE_TOO_COARSE:
        note = "No base map: the embedded one is too coarse for this scale."
    else:
        beyond = base.drawn is not None and not is_covered(base, frame)
        note = f"{base.note} White: beyond it; what lies there is not told." if beyond else base.note
    about = f"{METHOD} {frame.said()}"
    made = f"{words.details[-1]} Drawn with matplotlib {mpl.__version__}."
    first, *rest = words.foot
    return (first, " ".join([*rest, note]), " ".join([about, *words.details[:-1], made]))
