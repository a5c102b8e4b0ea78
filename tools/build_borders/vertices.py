"""Fewer vertices, then no long edges: both the same way for every polygon that shares a line."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from .config import Settings
from .coverage import Coverage
from .errors import require
from .planes import GEOD, METRES_PER_DEGREE
from .segments import as_lines, edge_lengths_m, edge_table

_ROUNDS = 8


def _arcs(coverage: Coverage, scale: NDArray[np.float64]) -> NDArray[np.object_]:
    """The linework of a coverage, cut where three or more polygons meet, in metres."""
    edges = edge_table(coverage.polygons).drop(columns="owner").drop_duplicates()
    merged = shapely.line_merge(shapely.multilinestrings(as_lines(edges)))
    return shapely.transform(shapely.get_parts(shapely.normalize(merged)), lambda c: c * scale)


def _bad(simple: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Arcs that collapsed, cross themselves or cross another after they were simplified."""
    bad = ~shapely.is_simple(simple) | (shapely.is_closed(simple) & (shapely.get_num_coordinates(simple) < 4))
    left, right = shapely.STRtree(simple).query(simple, predicate="intersects")
    other = left < right
    crossing = shapely.relate_pattern(simple[left[other]], simple[right[other]], "T********")
    bad[left[other][crossing]] = True
    bad[right[other][crossing]] = True
    return bad


def _simple_arcs(arcs: NDArray[np.object_], tolerance_m: float) -> NDArray[np.object_]:
    tolerances = np.full(len(arcs), tolerance_m)
    simple = shapely.simplify(arcs, tolerances, preserve_topology=False)
    for _ in range(_ROUNDS):
        bad = _bad(simple)
        if not bad.any():
            return simple
        tolerances[bad] /= 2
        simple = shapely.simplify(arcs, tolerances, preserve_topology=False)
    tolerances[_bad(simple)] = 0.0
    return shapely.simplify(arcs, tolerances, preserve_topology=False)


def _relabelled(faces: NDArray[np.object_], coverage: Coverage) -> Coverage:
    """Give each face the label of the polygon that it overlaps most."""
    shares = [shapely.area(shapely.intersection(polygon, faces)) for polygon in coverage.polygons]
    owner = np.argmax(np.array(shares), axis=0)
    polygons = [shapely.normalize(shapely.coverage_union_all(faces[owner == i])) for i in range(len(coverage.labels))]
    return Coverage(coverage.labels, tuple(polygons))


def simplify(coverage: Coverage, tolerance_m: float, grid_deg: float, scale_lat: float | None = None) -> Coverage:
    """Simplify each line once for both its sides; no vertex that is left out lies further than the tolerance away.

    `shapely.coverage_simplify` bounds areas, not distances: at the same number of vertices it moved lines by four
    to eight times as much at the worst place. So each arc between two corners of the coverage is simplified by
    Douglas and Peucker, and an arc that then crosses something is simplified less.
    """
    if tolerance_m <= 0:
        return coverage
    _, y0, _, y1 = shapely.total_bounds(np.array(coverage.polygons))
    # The larger cosine of the region makes a metre here never shorter than a metre there.
    lat = min(abs(y0), abs(y1)) if scale_lat is None else scale_lat
    scale = np.array([np.cos(np.radians(lat)), 1.0]) * METRES_PER_DEGREE
    simple = shapely.transform(
        _simple_arcs(_arcs(coverage, scale), tolerance_m), lambda c: on_grid(c / scale, grid_deg)
    )
    faces = shapely.get_parts(shapely.polygonize(simple))
    held = sum(len(shapely.get_parts(polygon)) for polygon in coverage.polygons)
    require(len(faces) == held, f"simplification changed the number of polygons from {held} to {len(faces)}")
    return _relabelled(faces, coverage)


def deviation_m(before: Coverage, after: Coverage) -> float:
    """The largest distance from a vertex of `before` to the linework of `after`, roughly in metres."""
    points = shapely.points(np.unique(shapely.get_coordinates(np.array(before.polygons)), axis=0))
    lines = as_lines(edge_table(after.polygons).drop(columns="owner").drop_duplicates())
    found, nearest = shapely.STRtree(lines).query_nearest(points, all_matches=False)
    ends = shapely.get_coordinates(shapely.shortest_line(points[found], lines[nearest])).reshape(-1, 4)
    return float(np.max(GEOD.inv(*ends.T)[2]))


def on_grid(coords: NDArray[np.float64], grid_deg: float) -> NDArray[np.float64]:
    """Coordinates rounded to the grid."""
    return np.round(coords, round(-np.log10(grid_deg)))


def _between(edge: tuple[float, ...], count: int, grid_deg: float) -> NDArray[np.float64]:
    return on_grid(np.array(GEOD.npts(*edge, count)), grid_deg)


def _long_edges(coverage: Coverage, settings: Settings) -> dict[tuple[float, ...], NDArray[np.float64]]:
    edges = edge_table(coverage.polygons).drop(columns="owner").drop_duplicates()
    metres = edge_lengths_m(edges, GEOD)
    extra = np.ceil(metres / settings.edge_m).astype(int) - 1
    rows = zip(edges.itertuples(index=False, name=None), extra, strict=True)
    return {edge: _between(edge, count, settings.grid_deg) for edge, count in rows if count > 0}


def _with_points(
    coords: NDArray[np.float64], points: dict[tuple[float, ...], NDArray[np.float64]]
) -> NDArray[np.float64]:
    pieces = [coords[:1]]
    for start, end in zip(coords[:-1].tolist(), coords[1:].tolist(), strict=True):
        forward, backward = points.get((*start, *end)), points.get((*end, *start))
        if forward is not None:
            pieces.append(forward)
        elif backward is not None:
            pieces.append(backward[::-1])
        pieces.append(np.array([end]))
    return np.vstack(pieces)


def _densified(polygon: shapely.Geometry, points: dict[tuple[float, ...], NDArray[np.float64]]) -> shapely.Geometry:
    parts = []
    for part in shapely.get_parts(polygon):
        rings = [_with_points(shapely.get_coordinates(ring), points) for ring in shapely.get_rings(part)]
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.normalize(shapely.MultiPolygon(parts))


def densify(coverage: Coverage, settings: Settings) -> Coverage:
    """Split long edges on the geodesic, the same way from both sides, so that neighbours get the same vertices."""
    points = _long_edges(coverage, settings)
    return Coverage(coverage.labels, tuple(_densified(polygon, points) for polygon in coverage.polygons))
