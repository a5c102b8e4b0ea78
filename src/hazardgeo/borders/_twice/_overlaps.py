"""Pairs of hazards that two registers both report: on common ground, or as one outline in two places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._seam import seams_of_pairs
from hazardgeo.crs import WGS84, compass_point
from hazardgeo.measure import geodesic_area_m2, wgs84_polygons
from hazardgeo.overlay import ground_in_common, is_sliver, pairs_that_touch, plane_cells, sliver_m, vertex_sd, width_of
from hazardgeo.registers import Thresholds, find_datum_shifts
from hazardgeo.registers._rules._rings import length_text
from hazardgeo.schema import require, words_of
from hazardgeo.vocabulary import CLASSIFICATION, WORK_STATUS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_MOVED = ("shift_m", "azimuth_deg", "signature", "residual_m", "also_fitting", "sharing")


def overlaps(
    a: gpd.GeoDataFrame, b: gpd.GeoDataFrame, *, thresholds: Thresholds | None = None, ground: bool = False
) -> pd.DataFrame:
    """Find every pair of hazards, one of each register, that cover common ground.

    On the ground: both registers would send a team there. Which of the two outlines is the right one, this does not say, and
    a pair that is *same* is not proved to be one hazard. One outline in two places, too far apart to overlap, is found by
    `moved_twins`.

    Parameters
    ----------
    a, b : geopandas.GeoDataFrame
        Two registers: polygons with a CRS and a unique index; ``classification`` and ``work_status`` where known.
    thresholds : Thresholds, optional
        ``near_duplicate_share`` (0.9) and ``cover_share`` (0.95) decide between the kinds.
    ground : bool
        Give the common ground as geometry too, in EPSG:4326.

    Returns
    -------
    pandas.DataFrame, or geopandas.GeoDataFrame with `ground`
        A row a pair: ``hazard_a``, ``hazard_b``, ``area_m2`` of the common ground [m²], ``share_a``, ``share_b``
        (of each hazard's area), ``width_m`` of the common ground (mean), ``seam_m`` (how far the two records'
        ways to WGS 84 disagree, `datum_seams`; NaN where it is not known), ``sliver``: nowhere as wide as what the
        outlines' own accuracy and the seam explain, ``kind`` (*same*, *a_in_b*, *b_in_a*, *partly*, *sliver*), ``class_a``,
        ``class_b``, ``status_a``, ``status_b``. Slivers are named, not dropped. Pairs that only touch have no row.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If a register cannot be measured or an id stands twice.

    Notes
    -----
    The mean width is 2 · area / perimeter. A sliver is narrower than hypot(1.96 · sd of a, 1.96 · sd of b, seam) at its widest
    place, sd 10 m each where a record states none (an unverified default). Each pair is cut in one local equal-area plane; the
    area is its share of `a` there times the geodesic area of the hazard of `a`.

    *Same*: the common ground is 90 % of the joint ground, or 95 % of either hazard. *a_in_b*: it is 95 % of the hazard of `a`.
    A small hazard that lies wholly in another is *contained* however narrow it is; only what is neither same nor contained is
    called a *sliver*.

    References
    ----------
    docs/explanation/counted_twice.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> a = gpd.GeoDataFrame(geometry=[shapely.box(16.0, 45, 16.01, 45.02)], index=["a"], crs="EPSG:4326")
    >>> b = gpd.GeoDataFrame(geometry=[shapely.box(16.0, 45.01, 16.01, 45.03)], index=["b"], crs="EPSG:4326")
    >>> overlaps(a, b)[["share_a", "kind"]].round(3).to_numpy().tolist()
    [[0.5, 'partly']]
    """
    import pandas as pd

    require(a)
    require(b)
    pa, pb = wgs84_polygons(a), wgs84_polygons(b)
    (sa, _), (sb, _) = vertex_sd(a), vertex_sd(b)
    _, left, right, common, flat_a, flat_b = ground_in_common(pa, pb, *pairs_that_touch(pa, pb))
    width, area = width_of(common), shapely.area(common)
    share_a, share_b = area / flat_a, area / flat_b
    seam = seams_of_pairs(a, b, left, right)
    sliver = is_sliver(common, np.hypot(sliver_m(sa[left], sb[right]), np.nan_to_num(seam)))
    columns = {
        "hazard_a": a.index.to_numpy()[left],
        "hazard_b": b.index.to_numpy()[right],
        "area_m2": share_a * areas_at(pa, left),
        "share_a": share_a,
        "share_b": share_b,
        "width_m": width,
        "seam_m": seam,
        "sliver": sliver,
        "kind": _kinds(share_a, share_b, sliver, thresholds or Thresholds()),
    }
    table = pd.DataFrame(columns | words_of_pairs(a, b, left, right))
    return on_the_globe(table, pa[left], common) if ground else table


def on_the_globe(table: pd.DataFrame, where: NDArray[Any], common: NDArray[Any]) -> gpd.GeoDataFrame:
    """Add common ground to its table: cut in the plane of each of `where`, and brought back from there."""
    import geopandas as gpd

    shapes = np.full(len(common), None, dtype=object)
    for plane, members in plane_cells(where).items():
        shapes[members] = plane.unproject(common[members])
    return gpd.GeoDataFrame(table, geometry=shapes, crs=WGS84)


def _kinds(
    share_a: NDArray[np.float64], share_b: NDArray[np.float64], sliver: NDArray[np.bool_], least: Thresholds
) -> NDArray[np.object_]:
    joint = 1 / (1 / share_a + 1 / share_b - 1)  # common / (a + b - common), by the shares alone
    in_b, in_a = share_a >= least.cover_share, share_b >= least.cover_share
    same = (joint >= least.near_duplicate_share) | (in_a & in_b)
    words = np.select([same, in_b, in_a, sliver], ["same", "a_in_b", "b_in_a", "sliver"], "partly")
    return words.astype(object)


def areas_at(polygons: NDArray[Any], at: NDArray[np.intp]) -> NDArray[np.float64]:
    """Geodesic areas of the polygons at these positions, each measured once [m²]."""
    used, of = np.unique(at, return_inverse=True)
    return geodesic_area_m2(polygons[used])[of]


def words_of_pairs(
    a: gpd.GeoDataFrame, b: gpd.GeoDataFrame, left: NDArray[np.intp], right: NDArray[np.intp]
) -> dict[str, NDArray[np.object_]]:
    """Class and status of both members of each pair; missing where a pair has only one (position -1)."""
    sides = (("a", a, left), ("b", b, right))
    kinds = (("class", CLASSIFICATION), ("status", WORK_STATUS))
    return {
        f"{name}_{side}": at_or_none(words_of(frame, vocabulary), at)
        for name, vocabulary in kinds
        for side, frame, at in sides
    }


def at_or_none(values: Any, at: NDArray[np.intp]) -> NDArray[np.object_]:
    """The values at these positions; None at -1."""
    return np.array([*values, None], dtype=object)[at]


def moved_twins(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame, *, thresholds: Thresholds | None = None) -> pd.DataFrame:
    """Find hazards that stand in both registers with one outline in two places, and the datum that would explain it.

    On the ground: one hazard, twice in the sum of both registers, and in one of them beside its true place. `count_once` cannot
    see it, because the ground is not common. Which place is right, this does not say. Nothing is moved.

    Parameters
    ----------
    a, b : geopandas.GeoDataFrame
        Two registers: polygons with a CRS and a unique index; ``classification`` and ``work_status`` where known.
    thresholds : Thresholds, optional
        ``twin_nearest_m``, ``twin_farthest_m`` and ``twin_shape_m``, as in `hazardgeo.find_datum_shifts`.

    Returns
    -------
    pandas.DataFrame
        A row a pair: ``hazard_a``, ``hazard_b``, ``shift_m`` and ``azimuth_deg`` (how far and whereto the hazard of `b` lies
        from its twin), ``signature`` (the two readings of one set of coordinates that lie so far apart, in words; empty where
        none is known), ``residual_m``, ``also_fitting``, ``sharing`` (how many pairs have this shift: one may be chance, many
        are not), ``area_a_m2``, ``area_b_m2``, ``class_a``, ``class_b``, ``status_a``, ``status_b``, ``words`` (one sentence).

    Raises
    ------
    CRSError, GeometryError, SchemaError
        As `hazardgeo.find_datum_shifts`.

    References
    ----------
    docs/explanation/counted_twice.md and docs/explanation/datums.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> corners = [(0, 0), (3, 0), (3, 1), (1.2, 1.4), (0.9, 4), (-0.2, 2)]
    >>> shapes = [shapely.Polygon([(x + 19 + 0.001 * e, 44.9 + 0.001 * n) for e, n in corners]) for x in (0, 0.0052)]
    >>> a, b = (gpd.GeoDataFrame(geometry=[one], index=["H"], crs="EPSG:4326") for one in shapes)
    >>> moved_twins(a, b)["words"].str[:58].tolist()
    ['The same outline twice, 411 m apart, the second to the eas']
    """
    found = find_datum_shifts(b, a, thresholds=thresholds)
    left, right = a.index.get_indexer(found["reference"]), b.index.get_indexer(found["record"])
    table = found[list(_MOVED)].assign(signature=[_named(words) for words in found["signature"]])
    table.insert(0, "hazard_a", found["reference"])
    table.insert(1, "hazard_b", found["record"])
    areas = {
        f"area_{side}_m2": areas_at(wgs84_polygons(frame), at) for side, frame, at in (("a", a, left), ("b", b, right))
    }
    table = table.assign(**areas, **words_of_pairs(a, b, left, right))
    return table.assign(words=[_in_words(*row) for row in zip(*(table[name] for name in _TOLD), strict=True)])


_TOLD = ("shift_m", "azimuth_deg", "signature", "sharing")


def _named(signature: str) -> str:
    return signature.replace("in the reference", "in the first register").replace("in the record", "in the second")


def _in_words(shift_m: float, azimuth_deg: float, signature: str, sharing: int) -> str:
    words = f"The same outline twice, {length_text(shift_m)} apart, the second to the {compass_point(azimuth_deg)}"
    words += f", as would be {signature}" if signature else ", and no known datum explains it"
    return f"{words}; {sharing} pairs share this shift." if sharing > 1 else f"{words}."
