"""Names of countries and places on a figure, where they cover no hazard. A name that finds no room is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.maps._figure_canvas import write
from hazardgeo.maps._figure_text import line_mm, literal, width_mm
from hazardgeo.style import PALETTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hazardgeo.maps._base import Base
    from hazardgeo.maps._figure_frame import Frame

_COUNTRY, _PLACE = 9.0, 6.5  # points
_STEP = 6.0  # between places tried for the name of a country [mm]
_ROOM = 2.0  # between a name and the frame [mm]
_PLACES = 40


class Taken:
    """Where no name may stand [mm]."""

    def __init__(self, boxes: NDArray[np.float64], lines: Any) -> None:
        self.boxes, self.lines = boxes, lines
        shapely.prepare(lines)

    def takes(self, box: NDArray[np.float64]) -> bool:
        """Take a box, where it is free."""
        boxes = self.boxes
        apart = (boxes[:, 0] > box[2]) | (boxes[:, 2] < box[0]) | (boxes[:, 1] > box[3]) | (boxes[:, 3] < box[1])
        if not apart.all() or shapely.intersects(self.lines, shapely.box(*box)):
            return False
        self.boxes = np.vstack([boxes, box])
        return True


def draw_names(axes: Any, base: Base, countries: Sequence[tuple[str, Any]], taken: Taken, frame: Frame) -> None:
    """Write the names of countries, then of places from the largest on.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    base : Base
    countries : sequence of (str, shapely geometry)
        On the paper.
    taken : Taken
    frame : Frame
    """
    for name, shape in countries:
        spot = _country_spot(literal(name).upper(), shape, taken, frame)
        if spot is None:
            continue
        lines, box = spot
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        write(
            axes,
            x,
            y,
            "\n".join(lines),
            _COUNTRY,
            ha="center",
            va="center",
            color=PALETTE.names,
            zorder=12,
            gid="country",
        )
    if base.drawn is not None and countries:
        _draw_places(axes, base.drawn["places"], taken, frame)


def _country_spot(name: str, shape: Any, taken: Taken, frame: Frame) -> tuple[list[str], NDArray[np.float64]] | None:
    inside = shapely.intersection(shape, shapely.buffer(frame.paper, -_ROOM))
    if inside.is_empty:
        return None
    west, south, east, north = shapely.bounds(inside)
    grid = np.stack(np.meshgrid(np.arange(west, east, _STEP), np.arange(south, north, _STEP)), axis=-1).reshape(-1, 2)
    grid = grid[np.argsort(np.hypot(*(grid - shapely.get_coordinates(inside.centroid)).T), kind="stable")]
    shapely.prepare(inside)
    for lines in _broken(name):
        half = np.array([max(width_mm(line, _COUNTRY) for line in lines) / 2 + 1, line_mm(_COUNTRY) * len(lines) / 2])
        boxes = np.hstack([grid - half, grid + half])
        boxes = boxes[shapely.contains(inside, shapely.box(*boxes.T))]
        for box in boxes:
            if taken.takes(box):
                return lines, box
    return None


def _broken(name: str) -> list[list[str]]:
    """A name in one line, and in two where it is long."""
    spaces = [i for i, letter in enumerate(name) if letter == " "]
    if len(name) < 14 or not spaces:
        return [[name]]
    cut = min(spaces, key=lambda i: abs(i - len(name) / 2))
    return [[name], [name[:cut], name[cut + 1 :]]]


def _draw_places(axes: Any, places: Sequence[dict[str, Any]], taken: Taken, frame: Frame) -> None:
    lonlat = np.array([place["at"][::-1] for place in places], dtype=float).reshape(-1, 2)
    on_paper = shapely.get_coordinates(frame.on_paper(shapely.points(lonlat)))
    written = 0
    for place, (x, y) in zip(places, on_paper, strict=True):
        if not (_ROOM < x < frame.width - _ROOM and _ROOM < y < frame.height - _ROOM) or written >= _PLACES:
            continue
        name = literal(place["name"])
        width, height = width_mm(name, _PLACE), line_mm(_PLACE)
        for ha, left in (("left", x + 1.2), ("right", x - 1.2 - width)):
            box = np.array([min(left, x - 0.7), y - height / 2, max(left + width, x + 0.7), y + height / 2])
            if box[0] < _ROOM or box[2] > frame.width - _ROOM or not taken.takes(box):
                continue
            at = x + 1.2 if ha == "left" else x - 1.2
            write(axes, at, y, name, _PLACE, ha=ha, va="center", color=PALETTE.names, zorder=12, gid="place")
            axes.plot([x], [y], "o", markersize=2, color=PALETTE.names, zorder=12)
            written += 1
            break
