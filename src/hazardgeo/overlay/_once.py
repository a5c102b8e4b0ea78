"""Ground of several keepers, each square metre counted once: of each, of all, and under one class and no other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.measure import geodesic_area_m2, wgs84_polygons
from hazardgeo.overlay._pairs import groups_that_touch
from hazardgeo.overlay._planes import plane_of
from hazardgeo.schema import words_of
from hazardgeo.vocabulary import CLASSIFICATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

CLASSES = CLASSIFICATION.words
"""In the order in which ground is counted that records of several classes cover: confirmed before suspected before unstated."""


class Measured(NamedTuple):
    """Outlines, their areas [m²], whose each is, and the place of its class in the order that ground is counted in."""

    polygons: NDArray[Any]
    areas: NDArray[np.float64]
    owner: NDArray[np.intp]
    rank: NDArray[np.intp]

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame, owner: Any = 0, *, by_class: bool = True) -> Measured:
        """Measure a frame; without classes all records are of one rank."""
        polygons = wgs84_polygons(frame)
        rank = np.zeros(len(frame), dtype=np.intp)
        if by_class:
            rank = np.array([CLASSES.index(word) for word in words_of(frame, CLASSIFICATION)], dtype=np.intp)
        return cls(polygons, geodesic_area_m2(polygons), np.broadcast_to(owner, len(frame)).astype(np.intp), rank)

    @classmethod
    def joined(cls, parts: Sequence[Measured]) -> Measured:
        """Several frames, one after the other."""
        return cls(*(np.concatenate(values) for values in zip(*parts, strict=True)))

    def sum_m2(self, mine: Any = slice(None)) -> float:
        """Sum of the areas of these records; NaN where there are some, and none was measured: that is not 0."""
        areas = self.areas[mine]
        known = areas[~np.isnan(areas)]
        return math.nan if len(areas) and not len(known) else math.fsum(known)

    def unmeasured(self, mine: Any = slice(None)) -> int:
        """How many of these records have no outline."""
        return int(np.isnan(self.areas[mine]).sum())

    def present(self) -> Measured:
        """The records that have an outline."""
        there = ~shapely.is_missing(self.polygons)
        return Measured(*(values[there] for values in self))


class Ground(NamedTuple):
    """Ground counted once [m²], and that of two owners or more."""

    nested: NDArray[np.float64]
    """A row an owner and, in the last row, all together; a column for ground under the first rank, the first two, and so on."""
    shared_m2: float

    @property
    def by_rank(self) -> NDArray[np.float64]:
        """As `nested`, but the ground under each rank and under none before it."""
        return np.diff(self.nested, axis=1, prepend=0.0)


def ground_once(measured: Measured, owners: int, ranks: int, *, together: bool = True) -> Ground:
    """Count the ground of each owner once, up to each rank.

    Parameters
    ----------
    measured : Measured
    owners, ranks : int
        How many there are.
    together : bool
        Whether to count all owners together as well; else the last row and the shared ground are NaN.

    Returns
    -------
    Ground

    Notes
    -----
    What hangs together, of whatever owner, is united in one plane and brought to the ellipsoid by one factor, so that all
    figures reconcile to the last digits.
    """
    polygons, areas, owner, rank = measured.present()
    rows, shared = [np.zeros((owners + 1, ranks))], []
    for group in groups_that_touch(polygons):
        if len(group) == 1:
            united, twice, scale = _alone(owner[group[0]], rank[group[0]], owners, ranks), 0.0, areas[group[0]]
        else:
            flat = plane_of(polygons[group]).project(polygons[group])
            united = np.zeros((owners + 1, ranks))
            for one in np.unique(owner[group]):
                united[one] = _up_to_each(flat[owner[group] == one], rank[group][owner[group] == one], ranks)
            united[-1] = _up_to_each(flat, rank[group], ranks) if together else 0.0
            twice = _shared(flat, owner[group]) if together else 0.0
            scale = math.fsum(areas[group]) / math.fsum(shapely.area(flat))
        rows.append(united * scale)
        shared.append(twice * scale)
    stacked = np.array(rows)
    nested = np.array([[math.fsum(stacked[:, r, c]) for c in range(ranks)] for r in range(owners + 1)])
    if not together:
        nested[-1] = math.nan
    return Ground(nested, math.fsum(shared) if together else math.nan)


def _alone(owner: int, rank: int, owners: int, ranks: int) -> NDArray[np.float64]:
    table = np.zeros((owners + 1, ranks))
    table[[owner, -1], rank:] = 1.0
    return table


def _shared(flat: NDArray[Any], owner: NDArray[np.intp]) -> float:
    """Area in the plane that lies under records of two owners or more."""
    covered: Any = shapely.MultiPolygon()
    twice: Any = shapely.MultiPolygon()
    for one in np.unique(owner):
        ground = shapely.union_all(flat[owner == one])
        twice = shapely.union(twice, shapely.intersection(covered, ground))
        covered = shapely.union(covered, ground)
    return float(shapely.area(twice))


def _up_to_each(flat: NDArray[Any], rank: NDArray[np.intp], ranks: int) -> list[float]:
    """Area under records of the first rank, of the first two, and so on to all."""
    grounds = [shapely.union_all(flat[rank == k]) for k in range(ranks)]
    return [float(shapely.area(shapely.union_all(grounds[: k + 1]))) for k in range(ranks)]
