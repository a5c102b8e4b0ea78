"""The lines between two polygons of a coverage: the very edges that they share."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import box

from .config import Settings
from .coverage import DISPUTED, SEA, UNDETERMINED, Coverage, codes_of
from .planes import Plane, buffer_m
from .segments import as_lines, shared_edges

Pair = tuple[str, str]


@dataclass(frozen=True)
class LandMask:
    """Land for certain (far inland, rivers and all) and, near the coast, land by a finer source."""

    inland: shapely.Geometry
    fine: shapely.Geometry
    settings: Settings

    def holds(self, edges: pd.DataFrame) -> NDArray[np.bool_]:
        """Whether the middle of each edge is on land."""
        middle = shapely.centroid(as_lines(edges))
        inland = shapely.intersects(self.inland, middle)
        coastal = np.flatnonzero(~inland)
        if len(coastal):
            inland[coastal] = shapely.intersects(self._coast(middle[coastal]), middle[coastal])
        return inland

    def _coast(self, points: NDArray[np.object_]) -> shapely.Geometry:
        """Fine land around points, with river mouths closed."""
        x0, y0, x1, y1 = shapely.total_bounds(points)
        near = shapely.intersection(self.fine, box(x0 - 0.1, y0 - 0.1, x1 + 0.1, y1 + 0.1))
        if near.is_empty:
            return near
        close, out = self.settings.coast_close_m, self.settings.coast_out_m
        plane = Plane.about(near)
        closed = shapely.buffer(shapely.buffer(plane.to_plane(near), close), -close)
        return plane.to_degrees(shapely.buffer(closed, out))


def land_mask(
    natural_earth: dict[str, shapely.Geometry], fine: dict[str, shapely.Geometry], settings: Settings
) -> LandMask:
    """The mask from Natural Earth inland and a finer source at the coast."""
    inland = buffer_m(shapely.union_all(list(natural_earth.values())), -settings.inland_m)
    shapely.prepare(inland)
    return LandMask(inland, shapely.union_all(list(fine.values())), settings)


def base_pairs(a: str, b: str) -> list[Pair]:
    """The pairs of countries between which a line runs; a pocket stands for its claimants."""
    pairs = {tuple(sorted(pair)) for pair in product(codes_of(a), codes_of(b)) if pair[0] != pair[1]}
    return sorted(pairs)  # type: ignore[arg-type]


def pair_edges(coverage: Coverage, mask: LandMask | None) -> pd.DataFrame:
    """Every edge that two polygons share on land, with their labels in ``la`` and ``lb``.

    Parameters
    ----------
    coverage : Coverage
    mask : LandMask or None
        None where the polygons are land already.

    Returns
    -------
    DataFrame
        ``x0 y0 x1 y1 la lb``, with la before lb in the alphabet.
    """
    edges = shared_edges(coverage.polygons)
    labels = np.array(coverage.labels)
    ends = np.sort(np.column_stack([labels[edges["a"]], labels[edges["b"]]]), axis=1)
    edges = edges.drop(columns=["a", "b"]).assign(la=ends[:, 0], lb=ends[:, 1])
    edges = edges[(edges["la"] != SEA) & (edges["lb"] != SEA)].reset_index(drop=True)
    if mask is None:
        return edges
    kept = [group[mask.holds(group)] for _, group in edges.groupby(["la", "lb"], sort=True)]
    return pd.concat(kept, ignore_index=True)


def joined(edges: pd.DataFrame) -> shapely.Geometry:
    """Edges as one MultiLineString, in an order that does not depend on how they came."""
    merged = shapely.line_merge(shapely.multilinestrings(as_lines(edges)))
    return shapely.normalize(shapely.multilinestrings(shapely.get_parts(merged)))


def by_base_pair(edges: pd.DataFrame) -> dict[Pair, shapely.Geometry]:
    """The lines between each pair of countries, with both sides of a pocket that they both claim."""
    held: dict[Pair, list[pd.DataFrame]] = {}
    for (la, lb), group in edges.groupby(["la", "lb"], sort=True):
        for pair in base_pairs(la, lb):
            held.setdefault(pair, []).append(group)
    return {pair: joined(pd.concat(held[pair])) for pair in sorted(held)}


def status_by_label(edges: pd.DataFrame) -> pd.Series:
    """*disputed* or *undetermined* beside a pocket, *unstated* elsewhere: the source says no more."""
    words = edges["la"].str.partition(":")[0] + " " + edges["lb"].str.partition(":")[0]
    found = np.select(
        [words.str.contains(DISPUTED), words.str.contains(UNDETERMINED)], [DISPUTED, UNDETERMINED], "unstated"
    )
    return pd.Series(found, index=edges.index)


def status_by_line(edges: pd.DataFrame, stated: gpd.GeoDataFrame) -> pd.DataFrame:
    """The status and the points of view of the nearest boundary line that Natural Earth draws for the same two countries."""
    result = pd.DataFrame({"status": "unstated", "points_of_view": ""}, index=edges.index)
    for (la, lb), group in edges.groupby(["la", "lb"], sort=True):
        drawn = stated[stated["pair"] == f"{la}-{lb}"]
        if len(drawn):
            middle = shapely.centroid(as_lines(group))
            _, nearest = shapely.STRtree(drawn.geometry.to_numpy()).query_nearest(middle, all_matches=False)
            result.loc[group.index] = drawn[["status", "points_of_view"]].to_numpy()[nearest]
    return result
