"""What lies below all else on a figure: the overview base, the graticule, and the small map that says where on Earth it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection

from hazardgeo.maps._figure_areas import as_path
from hazardgeo.maps._figure_canvas import INK, add
from hazardgeo.maps._figure_frame import frame_within, graticule
from hazardgeo.overlay import polygonal
from hazardgeo.style import PALETTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hazardgeo.maps._base import Base
    from hazardgeo.maps._figure_frame import Frame

BASE_TOO_COARSE = 200_000  # denominator of the scale below which the lines of the overview base would mislead
_GRID = "#7D8B94"
_LARGEST_SHARE = 0.75  # of the locator that the sheet may take up


def draw_base(axes: Any, base: Base, frame: Frame) -> list[tuple[str, Any]]:
    """Sea and countries; nothing where the base would mislead.

    Returns
    -------
    list of (str, shapely geometry)
        Countries on the paper by name.
    """
    if base.drawn is None or frame.scale < BASE_TOO_COARSE:
        axes.set_facecolor(PALETTE.land)
        return []
    axes.set_facecolor("#FFFFFF")  # beyond the embedded base nobody says what is land
    sea = frame.on_paper(shapely.segmentize(_reach(base), 0.25))
    _fill(axes, [sea], PALETTE.sea, 1)
    countries = [(country["name"], _country(country["parts"], frame)) for country in base.drawn["countries"]]
    _fill(axes, [shape for _, shape in countries if not shape.is_empty], PALETTE.land, 2, edge=PALETTE.edge)
    return [(name, polygonal(shape)) for name, shape in countries]


def _country(parts: list[Any], frame: Frame) -> Any:
    polygons = [shapely.Polygon(_lonlat(rings[0]), [_lonlat(hole) for hole in rings[1:]]) for rings in parts]
    on_paper = frame.on_paper(shapely.multipolygons(polygons))
    room = shapely.buffer(frame.paper, 5)  # so that no edge is made along the frame
    return shapely.intersection(shapely.make_valid(on_paper), room)


def _lonlat(ring: list[list[float]]) -> NDArray[np.float64]:
    return np.array(ring, dtype=float)[:, ::-1]


def _fill(axes: Any, shapes: Sequence[Any], colour: str, order: float, *, edge: str = "none") -> None:
    paths = [as_path(polygonal(shape)) for shape in shapes]
    add(axes, PathCollection(paths, facecolor=colour, edgecolor=edge, linewidth=0.6, zorder=order, gid="base"))


def draw_graticule(axes: Any, frame: Frame) -> list[tuple[float, float, str, bool]]:
    """Meridians and parallels.

    Returns
    -------
    list of (x, y, label, whether on the lower edge)
        Where each leaves the sheet on the left or at its lower edge [mm].
    """
    lines = graticule(frame)
    paths = [shapely.get_coordinates(each.line) for each in lines]
    add(axes, LineCollection(paths, colors=_GRID, linewidths=0.4, alpha=0.6, zorder=3, gid="graticule"))
    bottom = shapely.linestrings([(0, 0), (frame.width, 0)])
    left = shapely.linestrings([(0, 0), (0, frame.height)])
    ends = []
    for each in lines:
        at = shapely.intersection(each.line, bottom if each.is_meridian else left)
        ends += [(x, y, each.label, each.is_meridian) for x, y in shapely.get_coordinates(at)[:1]]
    return ends


def locator_frame(base: Base, frame: Frame, width: float, height: float) -> Frame | None:
    """The country around a sheet on a small one; None where the embedded base shows hardly more than the sheet does."""
    if not is_covered(base, frame):
        return None
    wide = frame_within(frame, _reach(base), width, height)
    shrunk = frame.metres_per_mm / wide.metres_per_mm
    return wide if shrunk * max(frame.width / wide.width, frame.height / wide.height) < _LARGEST_SHARE else None


def is_covered(base: Base, frame: Frame) -> bool:
    """Whether the embedded base reaches to every corner of a sheet."""
    return base.drawn is not None and bool(_reach(base).contains(shapely.Polygon(frame.edge_lonlat())))


def _reach(base: Base) -> Any:
    (south, west), (north, east) = base.drawn["sea"] if base.drawn else base.limits
    return shapely.box(west, south, east, north)


def draw_locator(axes: Any, base: Base, frame: Frame, wide: Frame) -> None:
    """Where on Earth the sheet lies: the base around it, and its outline."""
    axes.patch.set_visible(True)
    draw_base(axes, base, wide)
    ring = wide.on_paper(shapely.Polygon(frame.edge_lonlat()))
    x0, y0, x1, y1 = shapely.bounds(ring)
    grown = max(0.0, 2.0 - max(x1 - x0, y1 - y0)) / 2  # a sheet of a village is a mark here
    outline = shapely.get_coordinates(shapely.buffer(ring, grown, join_style="mitre") if grown else ring)
    add(axes, LineCollection([outline], colors="#8B0000", linewidths=1.2, zorder=8))
    add(axes, LineCollection([shapely.get_coordinates(wide.paper)], colors=INK, linewidths=1.2, zorder=9))
