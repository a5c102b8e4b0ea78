"""Layers that share their lines as one gzipped TopoJSON: each line once, on a grid, as differences.

The format is that of the TopoJSON specification: `arcs` are lists of positions on the grid of `transform`, each relative
to the one before; geometries name the arcs that they are made of, an arc that runs backwards by its one's complement.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

UNITS_PER_DEGREE = 10_000_000
Vertex = tuple[int, int]
Edge = tuple[Vertex, Vertex]


def _units(geometry: shapely.Geometry) -> list[Vertex]:
    return [(int(x), int(y)) for x, y in np.round(shapely.get_coordinates(geometry) * UNITS_PER_DEGREE)]


def _edge(a: Vertex, b: Vertex) -> Edge:
    return (a, b) if a < b else (b, a)


def _chains(geometry: shapely.Geometry) -> list[list[Vertex]]:
    parts = shapely.get_parts(geometry)
    return [_units(chain) for chain in (shapely.get_rings(parts) if geometry.geom_type.endswith("Polygon") else parts)]


class _Arcs:
    """The arcs of some geometries: stretches whose every edge belongs to the same of them."""

    def __init__(self, geometries: Iterable[shapely.Geometry]) -> None:
        owners: dict[Edge, tuple[int, ...]] = {}
        for i, geometry in enumerate(geometries):
            for chain in _chains(geometry):
                for edge in map(_edge, chain[:-1], chain[1:]):
                    owners[edge] = (*owners.get(edge, ()), i)
        self.arcs: list[list[Vertex]] = []
        self._of_edge: dict[Edge, int] = {}
        together: dict[tuple[int, ...], list[Edge]] = {}
        for edge in sorted(owners):
            together.setdefault(owners[edge], []).append(edge)
        for key in sorted(together):
            self._take(together[key])

    def _take(self, edges: list[Edge]) -> None:
        lines = shapely.linestrings(np.array(edges, dtype=float))
        merged = shapely.normalize(shapely.line_merge(shapely.multilinestrings(lines)))
        for part in shapely.get_parts(merged):
            arc = [(int(x), int(y)) for x, y in shapely.get_coordinates(part)]
            for edge in map(_edge, arc[:-1], arc[1:]):
                self._of_edge[edge] = len(self.arcs)
            self.arcs.append(arc)

    def refs(self, chain: list[Vertex]) -> list[int]:
        """The arcs that a chain runs along, in its order."""
        along = [self._of_edge[_edge(a, b)] for a, b in pairwise(chain)]
        if chain[0] == chain[-1]:
            start = next(i for i, arc in enumerate(along) if chain[i] in (self.arcs[arc][0], self.arcs[arc][-1]))
            chain, along = [*chain[start:-1], *chain[: start + 1]], [*along[start:], *along[:start]]
        found, i = [], 0
        while i < len(along):
            arc = self.arcs[along[i]]
            found.append(along[i] if (chain[i], chain[i + 1]) == (arc[0], arc[1]) else ~along[i])
            i += len(arc) - 1
        return found


def _geometry(geometry: shapely.Geometry, arcs: _Arcs) -> dict[str, Any]:
    """A geometry of TopoJSON, always of several parts."""
    if geometry.geom_type.endswith("Polygon"):
        parts = [[arcs.refs(_units(ring)) for ring in shapely.get_rings(part)] for part in shapely.get_parts(geometry)]
        return {"type": "MultiPolygon", "arcs": parts}
    return {"type": "MultiLineString", "arcs": [arcs.refs(_units(part)) for part in shapely.get_parts(geometry)]}


def _deltas(arc: list[Vertex]) -> list[list[int]]:
    return np.diff(np.array(arc), axis=0, prepend=[[0, 0]]).tolist()


def _plain(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and np.isnan(value) else value


def _collection(frame: gpd.GeoDataFrame, arcs: _Arcs) -> dict[str, Any]:
    rows = frame.drop(columns=frame.geometry.name).to_dict("records")
    geometries = [
        _geometry(shape, arcs)
        | {"bbox": list(shape.bounds), "properties": {name: _plain(value) for name, value in row.items()}}
        for shape, row in zip(frame.geometry, rows, strict=True)
    ]
    return {"type": "GeometryCollection", "geometries": geometries}


def write_topojson(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Write layers of polygons and lines that share their edges; the bytes depend on the layers and the version of zlib.

    Parameters
    ----------
    path : Path
        Replaced if it exists.
    layers : dict
        Layer name to frame, in EPSG:4326.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    arcs = _Arcs(shape for frame in layers.values() for shape in frame.geometry)
    topology = {
        "type": "Topology",
        "transform": {"scale": [1 / UNITS_PER_DEGREE] * 2, "translate": [0, 0]},
        "objects": {name: _collection(frame, arcs) for name, frame in layers.items()},
        "arcs": [_deltas(arc) for arc in arcs.arcs],
    }
    text = json.dumps(topology, separators=(",", ":"), ensure_ascii=False)
    path.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
