"""Frontage: how much of a border has hazards near it, stretch by stretch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.borders._along._belts import LEVELS, TOGETHER, Along, ground_m2, reached
from hazardgeo.borders._line._course import M_PER_KM, M_PER_MI
from hazardgeo.borders._line._near import refuse_distance
from hazardgeo.borders._sources._versions import pair_names
from hazardgeo.crs import WGS84
from hazardgeo.errors import BorderError
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay import place_sd
from hazardgeo.schema import Shown, is_open, require

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders._line._reach import Stretch
    from hazardgeo.borders._set import BorderSet

_FARTHEST_M = 50_000.0  # a hazard and the line within reach of it must lie in one plane


@dataclass(frozen=True, eq=False, repr=False)
class Frontage(Shown):
    """The frontage of hazards along a border.

    `totals` has a row for each pair of countries and side, `stretches` one for each stretch of line; both name the
    source and the version of the border, since its length depends on them. `records` were asked; `without_outline` of
    them could not be placed, and `left_out` are closed or handed over.
    """

    totals: pd.DataFrame
    stretches: gpd.GeoDataFrame
    within_m: float
    records: int
    without_outline: int
    left_out: int

    def to_frame(self) -> pd.DataFrame:
        """The totals, as rows of a table without an index."""
        return self.totals.reset_index()

    @property
    def sentences(self) -> list[str]:
        """What there is to say, a sentence for each pair of countries."""
        together = self.totals[self.totals["side"] == TOGETHER]
        return [
            f"{row['pair']}: {row['frontage_km']:.1f} km ({row['frontage_mi']:.1f} mi) of {row['line_km']:.1f} km of line have a "
            f"hazard within {self.within_m:g} m; {row['frontage_low_km']:.1f} to {row['frontage_high_km']:.1f} km with what "
            f"line and outlines may be off. Line: {row['source']} {row['version']}."
            for row in together.reset_index().to_dict("records")
        ]


def frontage(hazards: gpd.GeoDataFrame, border: BorderSet, *, within_m: float, closed_too: bool = False) -> Frontage:
    """Measure how much of the border has a hazard within a distance, per side and together, stretch by stretch.

    The rest of the line has no record near it; that does not say that there is no hazard.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS, a unique index and ``work_status``; ``vertex_sd_m`` where known, else 10 m is taken (an
        unverified default); ``datum_accuracy_m`` where known.
    border : BorderSet
        Its asked lines are measured.
    within_m : float
        How near a hazard must lie [m], at most 50 000.
    closed_too : bool
        Count closed and handed-over hazards as well; without it, open ground only.

    Returns
    -------
    Frontage
        ``totals`` by ``pair``: ``side`` (*together*, then each country), ``line_km``, ``line_mi``,
        ``frontage_low_km``, ``frontage_km``, ``frontage_high_km`` and the same in ``mi``, ``share`` of the line,
        ``belt_m2`` (ground of the hazards within reach of the line, counted once), ``belt_width_m`` (that by the
        frontage; NaN without any, or within 0 m), ``hazards`` (how many), ``offset_95_m`` (the largest),
        ``within_m``, ``source``, ``version``. ``stretches`` in EPSG:4326: ``pair``, ``side``, ``line`` (its position
        in the border's lines), ``from_km`` and ``to_km`` along that line as it is drawn, ``length_km``,
        ``length_mi``, ``hazards`` (ids joined by ``;``), ``records`` (how many), ``offset_95_m``, ``source``,
        ``version``.

    Raises
    ------
    BorderError
        If the asked countries share no line in this set, or `within_m` is no such length.
    CRSError, GeometryError, SchemaError
        If the hazards cannot be measured, an id stands twice, or ``work_status`` is missing.

    Notes
    -----
    *Best* takes line and outlines as drawn. With w = hypot(u, 1.96 sd) of line and hazard, *low* of both sides
    together is the line within d - w of a hazard, or deeper than w in it, and *high* within d + w. *Low* of a side is
    the line within d - w of ground that is on that side beyond w, or deeper than w in a hazard; *high* that within d
    + w of ground that is or may be on it. Length is always that of the drawn line. The edges of contested ground are
    lines of their own: pairs do not sum up.

    References
    ----------
    docs/explanation/frontage.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> border = hz.borders.load("HRV", "BIH")
    >>> front = hz.borders.frontage(hz.read_hazards(hz.sample_data("bih_register.gpkg")), border, within_m=500)
    >>> row = front.totals[front.totals["side"] == "together"].loc["BIH-HRV"]
    >>> bool(row["frontage_low_km"] <= row["frontage_km"] <= row["frontage_high_km"] < row["line_km"])
    True
    """
    require(hazards, "work_status")
    if border.asked_lines.empty:
        raise BorderError(f"{', '.join(border.codes)} share no land border in {border.source} {border.version}.")
    refuse_distance("within_m", within_m, _FARTHEST_M)
    asked = hazards if closed_too else hazards[is_open(hazards)]
    polygons = wgs84_polygons(asked)
    along = Along.of(border, float(within_m))
    found = {key: one.stretches(along.course) for key, one in reached(along, polygons, place_sd(asked)[0]).items()}
    belts = ground_m2(along, polygons)
    ids = np.array([str(name) for name in asked.index], dtype=object)
    return Frontage(
        _totals(along, found, belts),
        _stretches(along, found, ids),
        float(within_m),
        len(asked),
        sum(polygon is None for polygon in polygons),
        len(hazards) - len(asked),
    )


_Found = dict[tuple[int, str, str], list["Stretch"]]


def _totals(along: Along, found: _Found, belts: dict[tuple[int, str], float]) -> pd.DataFrame:
    import pandas as pd

    names = pair_names(along.lines)
    rows = [
        {"pair": pair, "side": side, **_total(along, found, belts, np.flatnonzero(names == pair), side)}
        for pair in sorted(set(names.tolist()))
        for side in (TOGETHER, *pair.split("-", 1))
    ]
    return pd.DataFrame(rows).set_index("pair")


def _total(
    along: Along, found: _Found, belts: dict[tuple[int, str], float], at: NDArray[np.intp], side: str
) -> dict[str, Any]:
    of = {level: [one for row in at for one in found.get((int(row), side, level), [])] for level in LEVELS}
    low, best, high = (math.fsum(one.length_m for one in of[level]) for level in LEVELS)
    line, belt = along.course.length_of(at), math.fsum(belts.get((int(row), side), 0.0) for row in at)
    lengths = {"line": line, "frontage_low": min(low, best), "frontage": best, "frontage_high": max(high, best)}
    return {
        **{f"{name}_km": metres / M_PER_KM for name, metres in lengths.items()},
        **{f"{name}_mi": metres / M_PER_MI for name, metres in lengths.items()},
        "share": best / line,
        "belt_m2": belt,
        "belt_width_m": belt / best if best > 0 and along.within_m > 0 else math.nan,
        "hazards": len({member for one in of["best"] for member in one.members}),
        "offset_95_m": float(along.lines["offset_95_m"].iloc[at].max()),
        "within_m": along.within_m,
        "source": along.border.source,
        "version": along.border.version,
    }


def _stretches(along: Along, found: _Found, ids: NDArray[Any]) -> gpd.GeoDataFrame:
    import geopandas as gpd

    names, lines = pair_names(along.lines), along.lines.index.to_numpy()
    offsets = along.lines["offset_95_m"].to_numpy(dtype=float)
    rows, places = [], []
    for (row, side, level), stretches in found.items():
        for one in stretches if level == "best" else ():
            where = (names[row], side, lines[row], one.from_m / M_PER_KM, one.to_m / M_PER_KM)
            length = (one.length_m / M_PER_KM, one.length_m / M_PER_MI)
            who = sorted(ids[list(one.members)].tolist())
            rows.append((*where, *length, ";".join(who), len(who), offsets[row]))
            places.append(along.course.stretch(one.part, one.from_m, one.to_m))
    frame = gpd.GeoDataFrame(rows, columns=list(_COLUMNS), geometry=places, crs=WGS84)
    frame = frame.assign(source=along.border.source, version=along.border.version)
    order = frame["side"].where(frame["side"] != TOGETHER, "")
    return (
        frame.assign(_order=order)
        .sort_values(["pair", "_order", "line", "from_km"], ignore_index=True)
        .drop(columns="_order")
    )


_COLUMNS = (
    "pair", "side", "line", "from_km", "to_km", "length_km", "length_mi", "hazards", "records", "offset_95_m",
)  # fmt: skip
