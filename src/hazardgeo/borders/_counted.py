"""Ground that two registers both report."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._seam import largest_seam_m, seams_of_pairs
from hazardgeo.measure import geodesic_area_m2, wgs84_polygons
from hazardgeo.overlay import groups_that_touch, pairs_that_touch, plane_of, sliver_m, vertex_sd
from hazardgeo.schema import require

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_COLUMNS = ("hazard_a", "hazard_b", "area_m2", "share_a", "share_b", "width_m", "seam_m", "sliver")


def overlaps(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find every pair of hazards, one of each register, that cover common ground.

    Parameters
    ----------
    a, b : geopandas.GeoDataFrame
        Two registers: polygons with a CRS and a unique index.

    Returns
    -------
    pandas.DataFrame
        A row a pair: ``hazard_a``, ``hazard_b``, ``area_m2`` of the common ground [m²], ``share_a``, ``share_b``
        (of each hazard's area), ``width_m`` of the common ground, ``seam_m`` (how far the two records'
        ways to WGS 84 disagree, `datum_seams`; NaN where it is not known), and ``sliver``: narrower than what the
        outlines' own accuracy and the seam explain. Slivers are named, not dropped. Pairs that only touch have no row.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If a register cannot be measured or an id stands twice.

    Notes
    -----
    Width is 2 · area / perimeter. A sliver is narrower than hypot(1.96 · sd of a, 1.96 · sd of b, seam), sd 10 m each where a
    record states none (an unverified default). Each pair is cut in one local equal-area plane; the area is its
    share of `a` there times the geodesic area of the hazard of `a`.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> a = gpd.GeoDataFrame(geometry=[shapely.box(16.0, 45, 16.01, 45.02)], index=["a"], crs="EPSG:4326")
    >>> b = gpd.GeoDataFrame(geometry=[shapely.box(16.0, 45.01, 16.01, 45.03)], index=["b"], crs="EPSG:4326")
    >>> overlaps(a, b)["share_a"].round(3).tolist()
    [0.5]
    """
    import pandas as pd

    require(a)
    require(b)
    pa, pb = wgs84_polygons(a), wgs84_polygons(b)
    (sa, _), (sb, _) = vertex_sd(a), vertex_sd(b)
    left, right, common, flat_a, flat_b = _common_ground(pa, pb)
    width = 2 * shapely.area(common) / shapely.length(common)
    share = shapely.area(common) / flat_a
    seam = seams_of_pairs(a, b, left, right)
    columns = (
        a.index.to_numpy()[left],
        b.index.to_numpy()[right],
        share * geodesic_area_m2(pa)[left],
        share,
        shapely.area(common) / flat_b,
        width,
        seam,
        width < np.hypot(sliver_m(sa[left], sb[right]), np.nan_to_num(seam)),
    )
    return pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True)))


def _common_ground(a: NDArray[Any], b: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Pairs with common ground, that ground in a plane, and both areas in that plane."""
    left, right = pairs_that_touch(a, b)
    common, flat_a, flat_b = np.empty(len(left), dtype=object), np.zeros(len(left)), np.zeros(len(left))
    for k, (i, j) in enumerate(zip(left, right, strict=True)):
        plane = plane_of(a[i])
        one, other = plane.project(a[i]), plane.project(b[j])
        common[k] = _polygons_of(shapely.intersection(one, other))
        flat_a[k], flat_b[k] = shapely.area(one), shapely.area(other)
    some = shapely.area(common) > 0
    return left[some], right[some], common[some], flat_a[some], flat_b[some]


def _polygons_of(shape: Any) -> Any:
    # Where edges also run together, an intersection holds lines and points besides the ground.
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


@dataclass(frozen=True)
class RegisterTotal:
    """One register's own totals, areas in m².

    `declared_m2` sums what records declare, and `declared_records` says how many of them declare anything; `net_m2` is
    ground covered, counted once within the register. `unmeasured` records have no outline and are in no area.
    """

    register: str
    records: int
    unmeasured: int
    declared_records: int
    declared_m2: float
    sum_m2: float
    net_m2: float


@dataclass(frozen=True)
class CountOnce:
    """Two registers' totals, the ground that both report, and the ground of either counted once [m²].

    `seam_m` is how far their ways to WGS 84 disagree (`datum_seams`): an overlap no wider than that says nothing.
    """

    a: RegisterTotal
    b: RegisterTotal
    overlap_m2: float
    once_m2: float
    seam_m: float

    def to_frame(self) -> pd.DataFrame:
        """One row for each register, one for the ground in both and one for the ground counted once; areas in m²."""
        import pandas as pd

        together = {
            "records": self.a.records + self.b.records,
            "unmeasured": self.a.unmeasured + self.b.unmeasured,
            "sum_m2": self.a.sum_m2 + self.b.sum_m2,
            "net_m2": self.once_m2,
        }
        rows = [asdict(self.a), asdict(self.b), {"register": IN_BOTH, "net_m2": self.overlap_m2, "seam_m": self.seam_m}]
        table = pd.DataFrame([*rows, {"register": ONCE, **together}]).set_index("register")
        counts = ["records", "unmeasured", "declared_records"]
        return table.astype(dict.fromkeys(counts, "Int64"))


IN_BOTH, ONCE = "in both registers", "counted once"


def count_once(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame) -> CountOnce:
    """Count the ground of two registers once, with each register's own total beside it.

    Parameters
    ----------
    a, b : geopandas.GeoDataFrame
        Two registers: polygons with a CRS, a unique index and the column ``register``; ``declared_area_m2`` where
        known.

    Returns
    -------
    CountOnce
        Declared and measured totals of each, the overlap, and the once-only total, each measured on its own.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If a register cannot be measured, an id stands twice, or ``register`` is missing.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> a = gpd.GeoDataFrame({"register": ["A"]}, geometry=[shapely.box(16, 45, 16.02, 45.01)], crs="EPSG:4326")
    >>> counted = count_once(a, a.assign(register="B"))
    >>> round(counted.once_m2 / counted.a.net_m2, 9)
    1.0
    """
    require(a, "register")
    require(b, "register")
    pa, pb = wgs84_polygons(a), wgs84_polygons(b)
    of_a, of_b, overlap, once = _ground_m2(pa[~shapely.is_missing(pa)], pb[~shapely.is_missing(pb)])
    total_a, total_b = _total(a, pa, of_a), _total(b, pb, of_b)
    known = not (math.isnan(total_a.net_m2) or math.isnan(total_b.net_m2))
    seam = largest_seam_m(a, b)
    return CountOnce(total_a, total_b, overlap if known else math.nan, once if known else math.nan, seam)


def _total(frame: gpd.GeoDataFrame, polygons: NDArray[Any], net_m2: float) -> RegisterTotal:
    missing = int(shapely.is_missing(polygons).sum())
    measured = len(polygons) == 0 or missing < len(polygons)  # not measured is not 0
    total = math.fsum(geodesic_area_m2(polygons[~shapely.is_missing(polygons)]))
    return RegisterTotal(
        " + ".join(sorted(str(name) for name in frame["register"].unique())) or "(empty)",
        len(frame),
        missing,
        *_declared(frame),
        total if measured else math.nan,
        net_m2 if measured else math.nan,
    )


def _declared(frame: gpd.GeoDataFrame) -> tuple[int, float]:
    if "declared_area_m2" not in frame.columns:
        return 0, math.nan
    stated = frame["declared_area_m2"].dropna()
    return len(stated), math.fsum(stated) if len(stated) else math.nan


def _ground_m2(a: NDArray[Any], b: NDArray[Any]) -> list[float]:
    """Ground of `a`, of `b`, of both at once and of either, each united on its own.

    What hangs together, of either register, is united in one plane and brought to the ellipsoid by one factor, so that
    the four figures reconcile to the last digits.
    """
    polygons = np.concatenate([a, b])
    areas, of_a = geodesic_area_m2(polygons), np.arange(len(polygons)) < len(a)
    rows = []
    for group in groups_that_touch(polygons):
        flat = plane_of(polygons[group]).project(polygons[group])
        one, other = shapely.union_all(flat[of_a[group]]), shapely.union_all(flat[~of_a[group]])
        united = [one, other, shapely.intersection(one, other), shapely.union(one, other)]
        rows.append(shapely.area(united) * (math.fsum(areas[group]) / math.fsum(shapely.area(flat))))
    return [math.fsum(column) for column in np.reshape(rows, (-1, 4)).T]
