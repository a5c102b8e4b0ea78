"""Kinds of stretches of a line: on land, in water, or lent by the other source. Each kind has an offset of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .lines import Pair, base_pairs
from .planes import GEOD, Plane
from .segments import as_lines, edge_lengths_m

LAND, WATER, WIDE_WATER, BORROWED = "land", "water", "wide_water", "borrowed"
_WIDE_M = 2000.0  # with the farther bank beyond this it is a lake, and says nothing of how sure a river is (our choice)
_WET_M = 15.0  # the middle of an edge this far outside both lands is in the water between them
_BORROWED_DEG = 4e-4  # some 40 m: simplification moves a borrowed line by 12.5 m at most


def kinds(
    edges: pd.DataFrame,
    borrowed: dict[Pair, shapely.Geometry],
    lands: dict[str, shapely.Geometry],
    inland: shapely.Geometry,
) -> pd.DataFrame:
    """Tell for each edge of which kind it is, and how far the farther bank is from an edge in water.

    The true line of a river border may be its thalweg, its middle or a bank; all of them lie between the banks. Only what lies
    inland counts: the far side of a bay is no bank.

    Parameters
    ----------
    edges : DataFrame
        From `pair_edges`.
    borrowed : dict
        Where Natural Earth lends the line, by pair.
    lands : dict
        Land of the edition of 2017, water cut out, by code.
    inland : Geometry
        Land well back from the sea, rivers and all.

    Returns
    -------
    DataFrame
        ``kind`` and ``bank_m`` (0 on land), on the index of `edges`.
    """
    found = pd.DataFrame({"kind": LAND, "bank_m": 0.0}, index=edges.index)
    lent: list[int] = []
    for (la, lb), group in edges.groupby(["la", "lb"], sort=True):
        middle = shapely.centroid(as_lines(group))
        for pair in base_pairs(la, lb):
            banks = _farther_bank_m(middle, (lands[pair[0]], lands[pair[1]]), inland)
            found.loc[group.index, "bank_m"] = np.maximum(found.loc[group.index, "bank_m"], banks)
        for pair in base_pairs(la, lb):
            if pair in borrowed:
                lent += group.index[shapely.dwithin(borrowed[pair], middle, _BORROWED_DEG)].tolist()
    found["kind"] = wetness(found["bank_m"])
    found.loc[lent, ["kind", "bank_m"]] = [BORROWED, 0.0]
    return found


def wetness(bank_m: pd.Series) -> NDArray[np.str_]:
    """Land, water or wide water, by how far the farther bank is."""
    return np.select([bank_m > _WIDE_M, bank_m > 0], [WIDE_WATER, WATER], LAND)


def _farther_bank_m(
    points: NDArray[np.object_], lands: tuple[shapely.Geometry, shapely.Geometry], inland: shapely.Geometry
) -> NDArray[np.float64]:
    box = shapely.box(*shapely.total_bounds(points))
    plane = Plane.about(box)
    flat = shapely.transform(points, plane.forward)
    a, b = (shapely.distance(_near(plane, land, box), flat) for land in lands)
    return np.where((a > _WET_M) & (b > _WET_M) & shapely.intersects(inland, points), np.maximum(a, b), 0.0)


def _near(plane: Plane, land: shapely.Geometry, around: shapely.Geometry) -> shapely.Geometry:
    x0, y0, x1, y1 = around.bounds
    near = plane.to_plane(shapely.clip_by_rect(land, x0 - 0.1, y0 - 0.1, x1 + 0.1, y1 + 0.1))
    shapely.prepare(near)
    return near


def bank_p95_m(edges: pd.DataFrame) -> float:
    """The distance to the farther bank that 95 % of the length of these edges stay within."""
    metres, banks = edge_lengths_m(edges, GEOD), edges["bank_m"].to_numpy()
    order = np.argsort(banks)
    along = np.cumsum(metres[order])
    return float(banks[order][np.searchsorted(along, 0.95 * along[-1])])
