"""The embedded borders' own file: layers that share their lines, each line stored once.

Reads gzipped TopoJSON as ``tools/build_borders`` writes it. A geometry is put together only when it is asked for, so that
a pair of countries does not cost a continent.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import WGS84

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

Box = tuple[float, float, float, float]


class Topology:
    """The layers of one file.

    Parameters
    ----------
    path : pathlib.Path
    """

    def __init__(self, path: Path) -> None:
        self._content = json.loads(gzip.decompress(path.read_bytes()))
        # A division gives the decimal that was written; a multiplication by the scale would miss it by the last digit.
        self._units_per_degree = round(1 / self._content["transform"]["scale"][0])
        self._arc = cache(self._decoded)

    def _decoded(self, number: int) -> NDArray[np.float64]:
        units = np.cumsum(self._content["arcs"][number], axis=0)
        return np.asarray(units / self._units_per_degree)

    def _chain(self, references: Sequence[int]) -> NDArray[np.float64]:
        pieces = [self._arc(r) if r >= 0 else self._arc(~r)[::-1] for r in references]
        # Each arc begins where the one before ended.
        return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])

    def _shape(self, row: dict[str, Any]) -> Any:
        if row["type"] == "MultiLineString":
            return shapely.MultiLineString([self._chain(line) for line in row["arcs"]])
        rings = ([self._chain(ring) for ring in polygon] for polygon in row["arcs"])
        return shapely.MultiPolygon([shapely.Polygon(outer, holes) for outer, *holes in rings])

    def layer(self, name: str, within: Box | None = None) -> gpd.GeoDataFrame:
        """Put one layer together; where `within` is given, only rows whose box meets it (west, south, east, north)."""
        import geopandas as gpd

        rows = self._content["objects"][name]["geometries"]
        rows = [row for row in rows if within is None or _meet(row["bbox"], within)]
        shapes = [self._shape(row) for row in rows]
        return gpd.GeoDataFrame([row["properties"] for row in rows], geometry=shapes, crs=WGS84)


def _meet(a: Sequence[float], b: Sequence[float]) -> bool:
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]
