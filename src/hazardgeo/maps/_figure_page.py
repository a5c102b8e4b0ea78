"""What stands around the map on a figure's sheet: heading, legend, scale, north, locator and what has to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.patches import Polygon, Rectangle

from hazardgeo.maps._figure_areas import SMALLEST_POLYGON_MM, dashes, draw_polygons, draw_symbols
from hazardgeo.maps._figure_borders import BAND_OPACITY, line_width, version_colour
from hazardgeo.maps._figure_canvas import INK, write
from hazardgeo.maps._figure_frame import scale_bars
from hazardgeo.maps._figure_text import line_mm, wrapped
from hazardgeo.measure import grouped
from hazardgeo.style import BORDER_STYLES, LineStyle, area_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hazardgeo.maps._figure_borders import Shown
    from hazardgeo.maps._figure_frame import Frame
    from hazardgeo.maps._figure_words import BorderEntry, Entry, Words

SOFT = "#4B535C"
TITLE, SUBTITLE, NOTICE, HEADING, LABEL, SMALL, FOOT = 15.0, 8.5, 9.0, 9.0, 7.5, 6.5, 5.8
SWATCH = 12.5
_VERSIONS = 4  # after that the colours repeat
_NOTICE_FILL, _NOTICE_EDGE = "#FFF3CD", "#7A5B00"


class Column:
    """A column of text that grows downwards; `k` makes everything in it smaller."""

    def __init__(self, axes: Any, width: float, top: float, k: float = 1.0) -> None:
        self.axes, self.width, self.y, self.k = axes, width, top, k

    def say(self, text: str, size: float, *, x: float = 0.0, most: int = 99, **look: Any) -> None:
        """Write a text in as many lines as it needs."""
        size *= self.k
        for line in wrapped(text, self.width - x, size, bold=look.get("bold", False), most=most):
            self.y -= line_mm(size)
            write(self.axes, x, self.y + 0.25 * line_mm(size), line, size, **look)

    def gap(self, mm: float) -> None:
        """Leave some room."""
        self.y -= mm * self.k


def draw_heading(column: Column, words: Words) -> None:
    """Title, what must stand on top, and how old the information is."""
    column.say(words.title, TITLE, bold=True, most=2)
    if words.notice:
        column.gap(0.8)
        lines = wrapped(words.notice, column.width - 4, NOTICE, bold=True, most=3)
        height = line_mm(NOTICE) * len(lines) + 1.6
        box = Rectangle(
            (0, column.y - height), column.width, height, facecolor=_NOTICE_FILL, edgecolor=_NOTICE_EDGE, linewidth=0.8
        )
        column.axes.add_patch(box)
        column.gap(0.8)
        for line in lines:
            column.say(line, NOTICE, x=2, bold=True)
        column.gap(1.2)
    column.gap(0.4)
    column.say(words.subtitle, SUBTITLE, color=SOFT, most=2)


def draw_legend(column: Column, words: Words, shown: Sequence[Shown], *, has_symbols: bool) -> None:
    """Classes with their totals, the ground in all, and the versions of the border."""
    column.say("Legend", HEADING, bold=True)
    column.gap(1)
    for entry in words.entries:
        _draw_entry(column, entry)
    if has_symbols:
        text = f"A symbol stands for an area that is smaller than {SMALLEST_POLYGON_MM:.0f} mm on this sheet; it shows no size."
        column.say(text, SMALL, color=SOFT)
        column.gap(1)
    for name, total in words.totals:
        column.say(f"{name}: {total}", LABEL)
    if words.undrawn:
        noun = "record without an outline is" if words.undrawn == 1 else "records without an outline are"
        column.say(f"{grouped(words.undrawn)} {noun} NOT drawn, and in no sum.", LABEL, bold=True)
    for place, border in enumerate(words.borders[:_VERSIONS]):
        column.gap(1.2)
        _draw_border(column, border, place, shown[place])
    if (more := len(words.borders) - _VERSIONS) > 0:
        column.say(f"And {more} more, named at the foot.", SMALL, color=SOFT)


def _draw_entry(column: Column, entry: Entry) -> None:
    style, k, top = area_style(entry.key), column.k, column.y
    swatch = shapely.box(0.3, top - 6.0 * k, SWATCH - 4.2, top - 0.6 * k)
    draw_polygons(column.axes, np.array([swatch]), style, 2, where="legend-")
    draw_symbols(column.axes, np.array([[SWATCH - 1.8, top - 3.3 * k]]), style, 2, where="legend-")
    column.gap(0.4)
    column.say(style.label, LABEL, x=SWATCH + 1.2, bold=True)
    column.say(entry.total, SMALL, x=SWATCH + 1.2)
    column.y = min(column.y, top - 6.0 * k)
    column.gap(1.2)


def _draw_border(column: Column, border: BorderEntry, place: int, shown: Shown) -> None:
    column.say(f"Border: {border.name}", LABEL, bold=place == 0, most=3)
    for style in BORDER_STYLES:
        if style.key in shown.statuses:
            _draw_line(column, style, place, has_band=shown.has_band)
    if not shown.statuses:
        column.say("Not on this sheet.", SMALL, color=SOFT)
        return
    column.say(border.note + (" The pale band shows it." if shown.has_band else ""), SMALL, color=SOFT, most=4)
    if shown.has_others:
        column.say("Thin: lines between other states.", SMALL, color=SOFT)


def _draw_line(column: Column, style: LineStyle, place: int, *, has_band: bool) -> None:
    colour, width = version_colour(place), line_width(style, place)
    y = column.y - 0.5 * line_mm(SMALL * column.k)
    if has_band:
        band = Rectangle((0, y - 1.2), SWATCH, 2.4, facecolor=colour, alpha=BAND_OPACITY, linewidth=0)
        column.axes.add_patch(band)
    look = {"color": colour, "linewidth": width, "linestyle": dashes(style.dash, width), "dash_capstyle": "butt"}
    column.axes.plot([0, SWATCH], [y, y], **look)
    column.say(style.label, SMALL, x=SWATCH + 1.2)


def draw_scale(column: Column, frame: Frame) -> None:
    """Scale bars in kilometres and miles, the scale itself, and north."""
    top = column.y
    for bar in scale_bars(frame, column.width - 30):
        column.gap(2.8)
        _draw_bar(column.axes, bar.mm, column.y)
        write(column.axes, bar.mm + 1.5, column.y + 0.8, bar.label, SMALL, va="center")
    column.gap(0.8)
    column.say(f"1 : {grouped(frame.scale)} at full size; true at the centre", SMALL)
    _draw_north(column.axes, column.width - 3.5, top, 9.5)


def _draw_bar(axes: Any, length: float, y: float) -> None:
    for i in range(4):
        face = INK if i % 2 == 0 else "white"
        axes.add_patch(Rectangle((i * length / 4, y), length / 4, 1.6, facecolor=face, edgecolor=INK, linewidth=0.6))


def _draw_north(axes: Any, x: float, top: float, height: float) -> None:
    tip, foot = top - 2.6, top - height
    axes.add_patch(Polygon([(x, tip), (x - 1.9, foot), (x, foot + 1.4)], facecolor=INK, edgecolor=INK, linewidth=0.6))
    axes.add_patch(
        Polygon([(x, tip), (x + 1.9, foot), (x, foot + 1.4)], facecolor="white", edgecolor=INK, linewidth=0.6)
    )
    write(axes, x, top - 2.2, "N", LABEL, bold=True, ha="center")


def footer_lines(footer: Sequence[str], width: float) -> list[tuple[str, bool]]:
    """Lines at the foot of the sheet, and whether each is the one that matters most."""
    return [(line, i == 0) for i, text in enumerate(footer) for line in wrapped(text, width, FOOT, bold=i == 0)]


def draw_footer(column: Column, footer: Sequence[str]) -> None:
    """Write what has to be said."""
    for line, matters in footer_lines(footer, column.width):
        column.say(line, FOOT, bold=matters, color=INK if matters else SOFT)
