"""What hazards lie beside along a border: crossings, roads and settlements, on each side, stretch by stretch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._along._belts import TOGETHER, Along, reached
from hazardgeo.borders._line._course import M_PER_KM
from hazardgeo.borders._line._near import refuse_distance
from hazardgeo.borders._sources._versions import pair_names
from hazardgeo.crs import WGS84
from hazardgeo.errors import BorderError
from hazardgeo.measure import counted
from hazardgeo.overlay import place_sd
from hazardgeo.priority._beside import Places, Roads
from hazardgeo.priority._crossings import FARTHEST_M
from hazardgeo.priority._near import hazard_polygons
from hazardgeo.schema import is_open, require

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders import BorderSet
    from hazardgeo.borders._line._reach import Stretch

_NO_PROOF = "What has no hazard on record near it is not shown to have none."


@dataclass(frozen=True, eq=False)
class BorderAccess:
    """What lies within a distance of the hazards along a border.

    `totals` by ``pair``, with a row for all *together* and for each country; `stretches` the same for each stretch of line
    that has hazards near it, with the ids of what lies there. Of `records` that were asked, those `beyond` are further from
    the line as drawn, which may be off; `without_outline` could not be placed; `left_out` besides them are closed or handed
    over.
    """

    totals: pd.DataFrame
    stretches: gpd.GeoDataFrame
    within_m: float
    records: int
    beyond: int
    without_outline: int
    left_out: int

    def to_frame(self) -> pd.DataFrame:
        """The stretches as rows of a table without geometry."""
        table: pd.DataFrame = self.stretches.drop(columns="geometry")
        return table

    @property
    def sentences(self) -> list[str]:
        """What there is to say, a sentence for each pair of countries, and what it is no proof of."""
        rows = self.totals.reset_index().to_dict("records")
        found = []
        for row in rows:
            if row["side"] == TOGETHER:
                mine = [one for one in rows if one["pair"] == row["pair"]]
                asked = "; ".join(_said(mine, name, what) for name, what in _WHAT.items() if not math.isnan(row[name]))
                hazards = counted(row["hazards"], "hazard", "hazards")
                found.append(
                    f"{row['pair']}: within {self.within_m:g} m of the {hazards} along the line as drawn: {asked}."
                )
        return [*found, _NO_PROOF]


_WHAT = {"crossings": "crossings", "roads_km": "km of road", "settlements": "settlements"}


def _said(rows: list[dict[Any, Any]], name: str, what: str) -> str:
    """How much there is in all, and on each side."""
    decimals = 1 if name == "roads_km" else 0
    all_of_it, *sides = (f"{row[name]:.{decimals}f}" for row in rows)
    names = [row["side"] for row in rows[1:]]
    return f"{what} {all_of_it} ({', '.join(f'{side} {some}' for side, some in zip(names, sides, strict=True))})"


def border_access(
    hazards: gpd.GeoDataFrame,
    border: BorderSet,
    *,
    within_m: float,
    crossings: gpd.GeoDataFrame | None = None,
    roads: gpd.GeoDataFrame | None = None,
    settlements: gpd.GeoDataFrame | None = None,
    closed_too: bool = False,
) -> BorderAccess:
    """Tell which crossings, roads and settlements lie near the hazards along a border, per side and stretch by stretch.

    Where a belt lies beside a crossing, a road or a village it is a matter of border security, of commerce and of development as
    well: this is the table to talk about it with. It knows what it was given; how many use a crossing or a road, or live in a
    settlement, it does not say.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS, a unique index and ``work_status``. Those within `within_m` of the line are asked.
    border : BorderSet
        Its asked lines are followed.
    within_m : float
        How near the line must lie to a hazard, and a hazard to what is asked about [m], at most 50 000.
    crossings, settlements : geopandas.GeoDataFrame, optional
        Points (or outlines) with a CRS and a unique index, of both sides in one frame.
    roads : geopandas.GeoDataFrame, optional
        Lines with a CRS and a unique index; one that stands in it twice counts twice.
    closed_too : bool
        Take closed and handed-over hazards as well; without it, open ground only.

    Returns
    -------
    BorderAccess
        ``totals``: ``side``, ``hazards`` (how many lie near the line), ``line_km`` with one near, ``crossings``,
        ``settlements`` (how many), ``roads_km``; NaN where none were given. ``stretches`` in EPSG:4326, three rows for each
        stretch: ``pair``, ``line``, ``from_km``, ``to_km``, ``length_km``, ``side``, ``hazards`` (ids joined by ``;``),
        ``crossings``, ``settlements`` (ids joined by ``;``; empty where none were given), ``crossings_count``,
        ``settlements_count``, ``roads_km``, ``source``, ``version``.

    Raises
    ------
    BorderError
        If the asked countries share no line in this set, or `within_m` is no such length.
    CRSError, GeometryError, SchemaError
        If anything cannot be measured, an id stands twice, or ``work_status`` is missing.

    Notes
    -----
    Hazards, places and the line are taken as drawn: where the line may be off by more than `within_m`, give a larger one. A
    crossing or settlement that lies no further from the line than the line may be off counts on both sides, and once
    *together*; what lies in a third country counts *together* only. A place near hazards of two stretches stands in both, and
    once in the totals. Roads are cut along the drawn line.

    References
    ----------
    docs/explanation/priority.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("hrv_register.geojson"))
    >>> border = hz.borders.load("HRV", "BIH")
    >>> villages = hazards.iloc[:3].set_geometry(hazards.geometry.iloc[:3].representative_point())
    >>> found = hz.priority.border_access(hazards, border, settlements=villages, within_m=1000)
    >>> found.totals["side"].tolist(), bool(found.totals["crossings"].isna().all())
    (['together', 'BIH', 'HRV'], True)
    """
    require(hazards, "work_status")
    refuse_distance("within_m", within_m, FARTHEST_M)
    if border.asked_lines.empty:
        raise BorderError(f"{', '.join(border.codes)} share no land border in {border.source} {border.version}.")
    asked = hazards if closed_too else hazards[is_open(hazards)]
    polygons = hazard_polygons(asked)
    along = Along.of(border, float(within_m))
    stretches = _stretches(along, polygons, place_sd(asked)[0])
    members = sorted({member for _, one in stretches for member in one.members})
    near = {member: polygons[member] for member in members}
    table = _Table(
        along,
        np.array([str(name) for name in asked.index], dtype=object),
        Places.of(crossings, near, along),
        Places.of(settlements, near, along),
        Roads.of(roads, near, along),
    )
    bare = int(shapely.is_missing(polygons).sum())
    counts = (len(asked), len(asked) - len(members) - bare, bare, len(hazards) - len(asked))
    return BorderAccess(table.totals(stretches), table.stretches(stretches), float(within_m), *counts)


def _stretches(along: Along, polygons: NDArray[Any], sd: NDArray[np.float64]) -> list[tuple[int, Stretch]]:
    """Each stretch of line with a hazard near it as drawn, and the position of its line."""
    found = reached(along, polygons, sd)
    return [
        (row, one)
        for (row, side, level), some in sorted(found.items(), key=lambda item: item[0])
        if (side, level) == (TOGETHER, "best")
        for one in some.stretches(along.course)
    ]


@dataclass(frozen=True, eq=False)
class _Table:
    along: Along
    ids: NDArray[np.object_]
    crossings: Places | None
    settlements: Places | None
    roads: Roads | None

    def totals(self, stretches: Sequence[tuple[int, Stretch]]) -> pd.DataFrame:
        import pandas as pd

        names = pair_names(self.along.lines)
        rows = []
        for pair in sorted(set(names.tolist())):
            mine = [one for row, one in stretches if names[row] == pair]
            members = sorted({member for one in mine for member in one.members})
            length = math.fsum(one.length_m for one in mine) / M_PER_KM
            for side, counts, _ in self._sides(pair, members):
                rows.append({"pair": pair, "side": side, "hazards": len(members), "line_km": length, **counts})
        return pd.DataFrame(rows).set_index("pair")

    def stretches(self, stretches: Sequence[tuple[int, Stretch]]) -> gpd.GeoDataFrame:
        import geopandas as gpd

        names, lines = pair_names(self.along.lines), self.along.lines.index.to_numpy()
        rows, shapes = [], []
        for row, one in stretches:
            where = (names[row], lines[row], one.from_m / M_PER_KM, one.to_m / M_PER_KM, one.length_m / M_PER_KM)
            hazards = ";".join(sorted(self.ids[list(one.members)].tolist()))
            for side, counts, who in self._sides(names[row], one.members):
                rows.append((*where, side, hazards, *who, *counts.values()))
                shapes.append(self.along.course.stretch(one.part, one.from_m, one.to_m))
        border = self.along.border
        return gpd.GeoDataFrame(rows, columns=list(_COLUMNS), geometry=shapes, crs=WGS84).assign(
            source=border.source, version=border.version
        )

    def _sides(self, pair: str, members: Sequence[int]) -> Iterator[tuple[str, dict[str, float], tuple[str, str]]]:
        """For all together and for each side: how much, and the ids of the places."""
        for side in (TOGETHER, *pair.split("-", 1)):
            places = [
                None if some is None else some.beside(members, side) for some in (self.crossings, self.settlements)
            ]
            crossings, settlements = (math.nan if some is None else len(some) for some in places)
            length = math.nan if self.roads is None else self.roads.length_m(members, side) / M_PER_KM
            counts = {"crossings": crossings, "settlements": settlements, "roads_km": length}
            yield side, counts, tuple(";".join(some or ()) for some in places)  # type: ignore[misc]


_COLUMNS = (
    "pair", "line", "from_km", "to_km", "length_km", "side", "hazards", "crossings", "settlements", "crossings_count",
    "settlements_count", "roads_km",
)  # fmt: skip
