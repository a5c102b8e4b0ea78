"""Areas on a figure: hatched polygons where the sheet shows them, symbols where it does not. Every record is one or the other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from hazardgeo.maps._figure_canvas import add
from hazardgeo.style import AREA_STYLES, AreaStyle, Hatch, Shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hazardgeo.maps._figure_frame import Frame
    from hazardgeo.maps._records import Layer

MM_PER_PIXEL = 25.4 / 96  # the style table is in CSS pixels
POINTS_PER_PIXEL = 72 / 96
SMALLEST_POLYGON_MM = 4.0  # below that a polygon on paper cannot be told from its outline
SYMBOL_MM = 1.3
AREAS_FROM = 20
_HATCH_PIXELS, _DOT_PIXELS = 1.1, 1.8
_ANGLES: dict[Hatch, tuple[int, ...]] = {
    "down": (-45,), "up": (45,), "cross": (45, -45), "horizontal": (0,), "vertical": (90,), "dots": (), "none": (),
}  # fmt: skip


def _polygon(*corners: tuple[float, float]) -> Path:
    return Path([*corners, corners[0]], closed=True)


def _box(r: float, *, inner: bool = False) -> Path:
    corners = [(-r, -r), (r, -r), (r, r), (-r, r)]
    return _polygon(*(corners[::-1] if inner else corners))


# The forms of the interactive map, about the origin, of radius 1, y upwards.
SHAPES: dict[Shape, Path] = {
    "triangle": _polygon((0, 1.1), (-1.1, -0.8), (1.1, -0.8)),
    "diamond": _polygon((0, 1.1), (-1.1, 0), (0, -1.1), (1.1, 0)),
    "circle": Path.circle((0, 0), 0.9),
    "hexagon": _polygon(*((0.85 * math.sin(i * math.pi / 3), 0.85 * math.cos(i * math.pi / 3)) for i in range(6))),
    "square": _box(0.7),
    "square-ring": Path.make_compound_path(_box(0.7), _box(0.25, inner=True)),
    "square-hollow": _box(0.7),
}
# The lower of two classes is drawn a little larger: it shows behind the higher one.
_SIZES: dict[Shape, float] = {"diamond": 1.15, "triangle": 0.9}


def draw_areas(axes: Any, layers: Sequence[Layer], frame: Frame) -> tuple[NDArray[np.float64], bool]:
    """Draw every record that has an outline, in the order of the style table.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        In millimetres of the frame.
    layers : sequence of Layer
    frame : Frame

    Returns
    -------
    ndarray of float, shape (n, 4)
        Boxes that names must not stand in [mm].
    bool
        Whether some are drawn as symbols.
    """
    keys = np.array([record.style.key for layer in layers for record in layer.records], dtype=object)
    polygons = np.concatenate([layer.polygons for layer in layers])
    there = ~shapely.is_missing(polygons)
    keys, on_paper = keys[there], frame.on_paper(polygons[there], split=True)
    boxes, has_symbols = np.empty((0, 4)), False
    for place, style in enumerate(AREA_STYLES):
        own = on_paper[keys == style.key]
        west, south, east, north = shapely.bounds(own).T
        large = np.maximum(east - west, north - south) >= SMALLEST_POLYGON_MM
        draw_polygons(axes, own[large], style, AREAS_FROM + 2 * place)
        at = shapely.get_coordinates(shapely.point_on_surface(own[~large]))
        draw_symbols(axes, at, style, AREAS_FROM + 2 * place + 1)
        has_symbols |= bool(len(at))
        boxes = np.vstack([boxes, shapely.bounds(own[large]), np.hstack([at - SYMBOL_MM - 0.4, at + SYMBOL_MM + 0.4])])
    return boxes, has_symbols


def draw_polygons(axes: Any, polygons: NDArray[Any], style: AreaStyle, order: float, *, where: str = "") -> None:
    """Fill, hatch and outline; a hatch is lines on the paper, so that every format and every printer shows the same."""
    if not len(polygons):
        return
    paths = [as_path(polygon) for polygon in polygons]
    name = f"{where}{style.key}"
    fill: dict[str, Any] = {"facecolor": style.fill, "alpha": style.fill_opacity, "linewidth": 0}
    add(axes, PathCollection(paths, zorder=order, gid=f"{name}-fills", **fill))
    lines, width = _hatch(polygons, style)
    ink = {"colors": style.outline, "capstyle": "butt"}
    add(axes, LineCollection(lines, linewidths=width, zorder=order + 0.1, gid=f"{name}-hatches", **ink))
    width = style.outline_width * POINTS_PER_PIXEL
    line: dict[str, Any] = {"facecolor": "none", "edgecolor": style.outline, "linewidth": width, "joinstyle": "round"}
    dash = dashes(style.dash, width)
    add(axes, PathCollection(paths, linestyle=dash, zorder=order + 0.2, gid=f"{name}-outlines", **line))


def as_path(polygon: Any) -> Path:
    """Shells and holes of a polygon or multipolygon as one path."""
    # Shells one way and holes the other: some formats fill by winding.
    rings = [
        ring
        for part in shapely.get_parts(shapely.orient_polygons(polygon))
        for ring in (part.exterior, *part.interiors)
    ]
    return Path.make_compound_path(*(Path(shapely.get_coordinates(ring), closed=True) for ring in rings))


def dashes(pattern: str, width: float) -> Any:
    """A dash pattern of the style table for a line of so many points; matplotlib counts in widths of the line."""
    return (0, [float(part) * POINTS_PER_PIXEL / width for part in pattern.split()]) if pattern else "solid"


def _hatch(polygons: NDArray[Any], style: AreaStyle) -> tuple[list[NDArray[np.float64]], float]:
    """Pieces of hatch lines, and their width in points."""
    spacing = style.hatch_spacing * MM_PER_PIXEL
    if style.hatch == "dots":
        dot = _DOT_PIXELS * MM_PER_PIXEL
        centres: list[Any] = [shapely.points(_grid(polygon, spacing)) for polygon in polygons]
        within = [at[shapely.contains(polygon, at)] for polygon, at in zip(polygons, centres, strict=True)]
        places = shapely.get_coordinates(np.concatenate(within))
        return [np.array([(x - dot / 2, y), (x + dot / 2, y)]) for x, y in places], _DOT_PIXELS * POINTS_PER_PIXEL
    # What is valid on the ground can touch itself by rounding on the paper.
    polygons = np.where(shapely.is_valid(polygons), polygons, shapely.make_valid(polygons))
    pieces: list[NDArray[np.float64]] = []
    for angle in _ANGLES[style.hatch]:
        for polygon in polygons:
            cut = shapely.intersection(_ruling(polygon, angle, spacing), polygon)
            pieces += [
                shapely.get_coordinates(line) for line in shapely.get_parts(cut) if line.geom_type == "LineString"
            ]
    return pieces, _HATCH_PIXELS * POINTS_PER_PIXEL


def _grid(polygon: Any, spacing: float) -> NDArray[np.float64]:
    west, south, east, north = (edge / spacing for edge in shapely.bounds(polygon))
    xs, ys = np.arange(math.floor(west), east), np.arange(math.floor(south), north)
    return np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2) * spacing


def _ruling(polygon: Any, angle: float, spacing: float) -> Any:
    """Parallel lines over the box of a polygon, at the same places on the whole sheet."""
    along = np.array([math.cos(math.radians(angle)), math.sin(math.radians(angle))])
    across = np.array([-along[1], along[0]])
    corners = shapely.get_coordinates(shapely.envelope(polygon))
    s, t = corners @ along, corners @ across
    steps = np.arange(math.floor(t.min() / spacing), math.ceil(t.max() / spacing) + 1) * spacing
    middle = across * steps[:, None]
    ends: Any = np.stack([middle + along * (s.min() - 1), middle + along * (s.max() + 1)], axis=1)
    lines: Any = shapely.linestrings(ends)
    return shapely.multilinestrings(lines)


def draw_symbols(axes: Any, at: NDArray[np.float64], style: AreaStyle, order: float, *, where: str = "") -> None:
    """Symbols with a dark edge that tells them from the land and a pale one that tells them from each other."""
    if not len(at):
        return
    name, shape = f"{where}{style.key}", [_scaled(style.symbol)]
    place: dict[str, Any] = {"offsets": at, "offset_transform": axes.transData, "transform": IdentityTransform()}
    halo: dict[str, Any] = {"facecolor": "#FFFFFF", "edgecolor": "#FFFFFF", "linewidth": 2.2}
    add(axes, PathCollection(shape, sizes=[1], zorder=order, gid=f"{name}-halos", **place, **halo))
    fill, width = ("#FFFFFF", 1.0) if style.is_hollow else (style.fill, 0.7)
    look: dict[str, Any] = {"facecolor": fill, "edgecolor": style.outline, "linewidth": width}
    add(axes, PathCollection(shape, sizes=[1], zorder=order + 0.1, gid=f"{name}-symbols", **place, **look))


def _scaled(symbol: Shape) -> Path:
    radius = SYMBOL_MM * 72 / 25.4 * _SIZES.get(symbol, 1.0)
    path = SHAPES[symbol]
    return Path(np.asarray(path.vertices, dtype=float) * radius, path.codes)
