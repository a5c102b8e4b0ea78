"""What is left of each hazard on a day: its outline without the products that released ground from it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.accounting._cuts import Cuts, cuts
from hazardgeo.accounting._findings import Asked, table_of
from hazardgeo.accounting._products import KINDS, Products, products
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import counted, format_area, geodesic_area_m2, wgs84_polygons
from hazardgeo.overlay import polygonal
from hazardgeo.schema import Shown, require, texts_of
from hazardgeo.vocabulary import CLOSED_STATUSES

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    Day = datetime.date | str

_KEPT = ("register", "country", "classification", "work_status")


@dataclass(frozen=True, repr=False)
class Remaining(Shown):
    """What is left of each hazard on a day.

    `frame` has a row a hazard with the ground left as geometry (empty where none is, missing where the hazard has no outline)
    and the columns that `remaining` lists; `findings` says what did not count and why, in the columns of an intake's
    findings.
    """

    frame: gpd.GeoDataFrame
    findings: pd.DataFrame
    on: datetime.date

    @property
    def sentences(self) -> list[str]:
        """What is left in all, and how much did not count."""
        area = format_area(float(self.frame["remaining_m2"].sum(min_count=1)), unit="km2", total=True)
        found = counted(len(self.findings), "finding tells", "findings tell")
        hazards = counted(len(self.frame), "hazard", "hazards")
        return [f"{hazards}, {area} left on {self.on} if added up; {found} what did not count, and why."]

    def to_frame(self) -> pd.DataFrame:
        """The table without its geometry."""
        import pandas as pd

        return pd.DataFrame(self.frame.drop(columns=self.frame.geometry.name))


def remaining(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, *, on: Day | None = None) -> Remaining:
    """Cut out of each hazard the products that released ground from it, and measure what is left.

    On the ground: what nobody has released by that day, as far as the records say. It is not what is dangerous: a record may
    be missing. A product counts from the day on which it was completed, within the hazard that it names and nowhere else. On
    the safe side a release lowers nothing where its kind, its day, the depth of a clearance or its outline is not known,
    where its dates run backwards, where it names no hazard of its register, or where it is older than what an open hazard
    rests on. Each is a finding.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index; ``register``, ``country``, ``classification``, ``work_status``,
        ``date_of_information`` and ``vertex_sd_m`` where known. Every hazard is asked, whenever it was recorded.
    releases : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index; ``hazard_id``, ``kind``, ``completed_on``; ``register``, ``started_on``,
        ``depth_m`` and ``method`` where known.
    on : date or str, optional
        The last day that counts; today unless given.

    Returns
    -------
    Remaining
        Its `frame`, on the index of `hazards`: ``register``, ``country``, ``classification``, ``work_status``, ``area_m2`` of
        the hazard as recorded, ``remaining_m2``, and what was released of it, each square metre once: ``cancelled_m2``,
        ``reduced_m2``, ``cleared_m2``. ``twice_released_m2`` is what its products have more than that within the hazard;
        ``outside_m2`` is ground of its products beyond the hazard, counted once and subtracted from nothing. NaN where a
        hazard has no outline.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If a hazard cannot be measured, a frame has no CRS or lacks a column, or an id stands twice.

    Notes
    -----
    Hazard and products are laid into one local equal-area plane, cut and measured there, and brought to the geodesic area of
    the hazard by one factor, so that ``area_m2 = remaining_m2 + cancelled_m2 + reduced_m2 + cleared_m2``. Ground that several
    products cover counts for the first of them; of products of one day, for the cleared before the reduced before the
    cancelled.

    References
    ----------
    docs/explanation/accounting.md and docs/explanation/planes.md of this project.

    Examples
    --------
    A hazard of which the western half was cleared:

    >>> import geopandas as gpd, shapely
    >>> hazards = gpd.GeoDataFrame(index=["h"], geometry=[shapely.box(16, 45, 16.02, 45.01)], crs="EPSG:4326")
    >>> releases = gpd.GeoDataFrame(
    ...     {"hazard_id": ["h"], "kind": ["cleared"], "depth_m": [0.2], "completed_on": ["2024-05-01"]},
    ...     index=["r"], geometry=[shapely.box(16, 45, 16.01, 45.01)], crs="EPSG:4326")
    >>> table = remaining(hazards, releases, on="2024-12-31").to_frame()
    >>> (table[["remaining_m2", "cleared_m2"]].loc["h"] / table.loc["h", "area_m2"]).round(3).tolist()
    [0.5, 0.5]
    >>> float(remaining(hazards, releases, on="2024-04-30").frame["cleared_m2"].sum())
    0.0
    """
    require(hazards)
    require(releases, "hazard_id", "kind", what="releases")
    day = day_of(on, "on") if on is not None else datetime.datetime.now().astimezone().date()
    polygons = wgs84_polygons(hazards)
    released = products(hazards, releases)
    use, cut = cut_by(released, polygons, geodesic_area_m2(polygons), number_of(day), left=True)
    frame = _frame(hazards, cut, released.hazard[use], released.rank[use])
    asked = Asked(hazards, releases, released, polygons)
    closed = np.isin(texts_of(hazards, "work_status"), CLOSED_STATUSES)
    told = (asked.of_registers(), asked.of_products(use, cut), asked.of_closed(closed, cut, number_of(day)))
    return Remaining(frame, table_of(chain(*told)), day)


def cut_by(
    released: Products, polygons: NDArray[Any], areas: NDArray[np.float64], day: int, *, left: bool
) -> tuple[NDArray[np.intp], Cuts]:
    """The products that count by a day, in their order, and what they cut out of their hazards."""
    use = released.order[(released.counts & (released.day <= day))[released.order]]
    return use, cuts(polygons, areas, released.polygons[use], released.hazard[use], left=left)


def number_of(day: datetime.date) -> int:
    """A day in days since 1970."""
    return int(np.datetime64(day, "D").astype(np.int64))


def day_of(day: Day, name: str) -> datetime.date:
    """A day that a person gave."""
    import pandas as pd

    try:
        moment = pd.Timestamp(day)
    except (ValueError, TypeError) as error:
        raise HazardgeoError(f"{name}={day!r} is no day. Write it as YYYY-MM-DD.") from error
    if pd.isna(moment):
        raise HazardgeoError(f"{name}={day!r} is no day. Write it as YYYY-MM-DD.")
    return moment.date()


def _frame(hazards: gpd.GeoDataFrame, cut: Cuts, link: NDArray[np.intp], rank: NDArray[np.intp]) -> gpd.GeoDataFrame:
    import geopandas as gpd

    count, known = len(hazards), ~np.isnan(cut.area_m2)

    def summed(values: NDArray[np.float64], mine: Any = slice(None)) -> NDArray[np.float64]:
        return np.where(known, np.bincount(link[mine], values[mine], minlength=count), np.nan)

    columns: dict[str, Any] = {name: hazards[name] for name in _KEPT if name in hazards.columns}
    columns |= {"area_m2": cut.area_m2, "remaining_m2": cut.left_m2}
    columns |= {f"{kind}_m2": summed(cut.first_m2, rank == KINDS.index(kind)) for kind in reversed(KINDS)}
    # Rounding may leave a sum below its own ground by the last digit.
    columns["twice_released_m2"] = np.maximum(summed(cut.inside_m2 - cut.first_m2), 0.0)
    columns["outside_m2"] = summed(cut.outside_m2)
    return gpd.GeoDataFrame(columns, index=hazards.index, geometry=_drawn(cut.left), crs=4326)


def _drawn(left: NDArray[Any]) -> NDArray[Any]:
    drawn = left.copy()
    drawn[shapely.is_empty(left)] = shapely.Polygon()
    # On the way back to degrees a corner may be rounded across an edge; what is drawn then is never smaller.
    odd = ~shapely.is_valid(drawn) & ~shapely.is_missing(drawn)
    drawn[odd] = [polygonal(shape) for shape in shapely.make_valid(drawn[odd])]
    return drawn
