"""Hazards that end at the border, and what lies opposite."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._along._facing import Records, facing
from hazardgeo.borders._along._opposite import alone, foremost, fronts, opposite, pairs_of, stretches_of
from hazardgeo.borders._along._registers import Registers, registers_and_borders
from hazardgeo.borders._along._visits import visits
from hazardgeo.borders._line._near import refuse_distance
from hazardgeo.constants import NORMAL_95
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay import place_sd
from hazardgeo.registers import Thresholds
from hazardgeo.schema import require, texts_of

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders._along._facing import Facing
    from hazardgeo.borders._set import BorderSet


def find_continuations(
    a: gpd.GeoDataFrame,
    b: gpd.GeoDataFrame,
    *more: gpd.GeoDataFrame | BorderSet,
    across_m: float | None = None,
    thresholds: Thresholds | None = None,
) -> gpd.GeoDataFrame:
    """Find hazards that end at the border, and what another register has opposite, or that none has anything there.

    On the ground: a mined belt does not end where a state does. Where an outline ends at the line and nothing lies opposite,
    the rest of it may be in no register; where both end there, a gap between the two may be mined and is in neither. This does
    not say that the ground opposite is hazardous, nor that any other ground is not: that takes a survey.

    Parameters
    ----------
    a, b : geopandas.GeoDataFrame
        Two registers: polygons with a CRS and a unique index, ``register`` and ``country``; ``classification``, ``work_status``,
        ``vertex_sd_m``, ``datum_accuracy_m`` where known. Give open hazards alone if a closed one is no counterpart.
    *more : geopandas.GeoDataFrame or BorderSet
        Further registers, then one version of the border or several. What a register that is left out has opposite is not seen.
        A hazard that was cut at one of the versions is asked along that one; any other along the one that is known best, since
        the true line lies within the offset of that one too.
    across_m : float, optional
        How far apart two outlines may end and still be opposite [m]; else what the lines and both outlines may be off, added up.
    thresholds : Thresholds, optional
        ``along_border_m`` (1 m), ``along_border_length_m`` (50 m) and ``along_border_share`` (a tenth of the outline).

    Returns
    -------
    geopandas.GeoDataFrame
        A row for each stretch to visit, in EPSG:4326, the geometry along the border as drawn: ``register_a``, ``hazard_a``,
        ``register_b``, ``hazard_b`` (those of one side missing where nothing lies opposite), ``kind`` (*nothing_opposite*;
        *one_ends*: the other reaches over the line or stays back from it; *both_end*), ``stretch_m`` (length along the line,
        bends narrower than 100 m not followed), ``gap_m``,
        ``gap_least_m``, ``gap_most_m`` (between the two outlines along it; negative where they overlap; NaN where nothing lies
        opposite), ``accuracy_m`` (a gap or overlap up to this says nothing), ``seam_m``, ``beyond_a_m``, ``beyond_b_m`` (how far
        each reaches beyond the line as drawn, negative before it), ``ends_a``, ``ends_b``, ``cut_a``, ``cut_b`` (the outline
        runs on the line as drawn: it was cut there), ``class_a``, ``class_b``, ``status_a``, ``status_b``, ``pair``,
        ``border`` (version), ``offset_95_m``, ``across_m`` (how far apart was still opposite), ``priority`` (1 first), ``why``
        (in words).

    Raises
    ------
    HazardgeoError
        If a register holds no outline, no border is given, or `across_m` is no length.
    BorderError
        If the asked countries share no line in a version, its countries overlap, or they do not lie beside it.
    CRSError, GeometryError, SchemaError
        If a register cannot be measured, lacks a column, or an id stands twice.

    Notes
    -----
    An edge faces the line if it is turned to it by less than 60° and the hazard lies on its own side: that on which it has ground
    beyond the band of half-width hypot(u, 1.96 sd, 1.96 d), else that of the country which reports it. A hazard *ends* at the
    line where such edges lie within the band over 50 m and a tenth of the outline, and no other of its own register lies before
    it. Where the offset is large, so is the band, and many hazards may end there: ``cut_a`` and ``cut_b`` tell what is plain.
    Opposite is the first outline of another register that is met across the line. Lengths and gaps are taken every 10 m.

    Visited first: outlines that were cut; then nothing opposite, then one that ends, then both; then the longer stretch.

    References
    ----------
    docs/explanation/counted_twice.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> bih, hrv = (hz.read_hazards(hz.sample_data(name)) for name in ("bih_register.gpkg", "hrv_register.geojson"))
    >>> border = hz.borders.read(hz.sample_data("demarcated_border.gpkg"))
    >>> there, back = find_continuations(bih, hrv, border), find_continuations(hrv, bih, border)
    >>> sorted(there["hazard_a"].dropna()) == sorted(back["hazard_b"].dropna())
    True
    """
    registers, borders = registers_and_borders((a, b, *more))
    if across_m is not None:
        refuse_distance("across_m", across_m, error=HazardgeoError)
    asked = _Asked(Registers(registers), borders, across_m, thresholds or Thresholds())
    seen = asked.facing()
    fronts_seen = [fronts(one) for one in seen]
    ends = _plainest(seen)
    rows = _rows(asked, ends, fronts_seen)
    rows = rows.assign(geometry=_geometries(rows, seen, fronts_seen))
    titles = [border.title for border in borders]
    rows = rows.assign(border=[titles[v] for v in rows["version"]])
    return visits(asked.registers, ends, rows, [one.lines for one in seen])


@dataclass(frozen=True)
class _Asked:
    """The question."""

    registers: Registers
    borders: tuple[BorderSet, ...]
    across_m: float | None
    least: Thresholds

    def facing(self) -> list[Facing]:
        records = self._records()
        farthest = float(records.place_sd_m.max())
        offset = max(float(border.asked_lines["offset_95_m"].max()) for border in self.borders)
        width = math.hypot(offset, NORMAL_95.value * farthest)
        seam = self.registers.largest_seam_m
        across = 2 * width + (0.0 if math.isnan(seam) else seam) if self.across_m is None else self.across_m
        return [facing(border, records, width + across, self.least) for border in self.borders]

    def _records(self) -> Records:
        parts = []
        for number, frame in enumerate(self.registers.frames, start=1):
            require(frame, "register", "country", what=f"hazards of register {number}")
            parts.append((wgs84_polygons(frame), place_sd(frame)[0], texts_of(frame, "country")))
            if shapely.is_missing(parts[-1][0]).all():
                raise HazardgeoError(
                    f"Register {number} holds no outline, so nothing of it can lie opposite anything. Give one that does."
                )
        return Records(*(np.concatenate(every) for every in zip(*parts, strict=True)))

    def allowed_m(self, width: NDArray[np.float64], one: NDArray[np.intp], other: NDArray[np.intp]) -> Any:
        """How far apart two hazards may end and still be opposite [m]."""
        if self.across_m is not None:
            return np.full(len(one), self.across_m)
        pairs = np.sort(np.column_stack([one, other]), axis=1)
        used, of = np.unique(pairs, axis=0, return_inverse=True)
        seams = np.nan_to_num(self.registers.seams_m(used[:, 0], used[:, 1]))
        return (width[used].sum(axis=1) + seams)[of.ravel()]


def _plainest(seen: list[Facing]) -> pd.DataFrame:
    """Of each hazard that ends at the line, the version to take: one at which it was cut, else the one known best."""
    import pandas as pd

    each = pd.concat([one.ends.assign(version=k) for k, one in enumerate(seen)]).reset_index()
    each = each.assign(uncut=~each["cut"], rank_m=each["off_m"].round().where(each["cut"], each["width_m"]))
    first = each.sort_values(["hazard", "uncut", "rank_m", "version"]).drop_duplicates("hazard").set_index("hazard")
    ending: pd.DataFrame = first[first["ends"]]
    return ending


def _rows(asked: _Asked, ends: pd.DataFrame, fronts_seen: list[pd.DataFrame]) -> pd.DataFrame:
    """Each pair, along the version at which one of the two ends most plainly, and each hazard without one."""
    import pandas as pd

    found = []
    for version, front in enumerate(fronts_seen):
        front = front.assign(register=asked.registers.number[front["hazard"]])
        here = ends.index[ends["version"] == version]
        ending = front[front["hazard"].isin(here) & (front["beyond_m"].abs() <= front["width_m"]) & foremost(front)]
        width = _widths(asked, ends, front)
        met = opposite(front, ending, lambda one, other, width=width: asked.allowed_m(width, one, other))  # type: ignore[misc]
        pairs, rest = pairs_of(met), alone(ending, met, asked.least.along_border_length_m)
        pairs = pairs.assign(across_m=asked.allowed_m(width, pairs["at_a"].to_numpy(), pairs["at_b"].to_numpy()))
        found += [pairs.assign(version=version), _one_sided(asked, rest, width).assign(version=version)]
    rows = pd.concat(found, ignore_index=True)
    return rows[~_said_more_plainly(rows, ends)].reset_index(drop=True)


def _widths(asked: _Asked, ends: pd.DataFrame, front: pd.DataFrame) -> NDArray[np.float64]:
    width = np.zeros(len(asked.registers.number))
    here = front.groupby("hazard")["width_m"].max()
    width[here.index] = here
    width[ends.index] = ends["width_m"]
    return width


def _one_sided(asked: _Asked, rest: pd.DataFrame, width: NDArray[np.float64]) -> pd.DataFrame:
    hazard = rest["hazard"].to_numpy()
    of_a, beyond = asked.registers.number[hazard] == 0, rest["beyond_m"].to_numpy()
    across = 2 * width[hazard] if asked.across_m is None else asked.across_m
    return rest.drop(columns=["hazard", "beyond_m"]).assign(
        at_a=np.where(of_a, hazard, -1),
        at_b=np.where(of_a, -1, hazard),
        beyond_a_m=np.where(of_a, beyond, np.nan),
        beyond_b_m=np.where(of_a, np.nan, beyond),
        across_m=across,
    )


def _said_more_plainly(rows: pd.DataFrame, ends: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows of pairs that stand a second time, along a version at which they end less plainly."""
    rank = {(h, row.version): (row.uncut, row.rank_m) for h, row in zip(ends.index, ends.itertuples(), strict=True)}
    never = (True, math.inf)
    plain = [
        (*min(rank.get((a, version), never), rank.get((b, version), never)), version)
        for a, b, version in zip(rows["at_a"], rows["at_b"], rows["version"], strict=True)
    ]
    best: dict[tuple[int, int], int] = {}
    alone = ((rows["at_a"] < 0) | (rows["at_b"] < 0)).to_numpy()
    for k, pair in enumerate(zip(rows["at_a"], rows["at_b"], strict=True)):
        if pair not in best or plain[k] < plain[best[pair]]:
            best[pair] = k
    return np.asarray(~np.isin(np.arange(len(rows)), list(best.values())) & ~alone)


def _geometries(rows: pd.DataFrame, seen: list[Facing], fronts_seen: list[pd.DataFrame]) -> NDArray[Any]:
    shapes = np.full(len(rows), None, dtype=object)
    for version, (one, front) in enumerate(zip(seen, fronts_seen, strict=True)):
        mine = np.flatnonzero(rows["version"] == version)
        some = rows.iloc[mine]
        asked = list(zip(zip(some["at_a"], some["at_b"], strict=True), some["steps"], strict=True))
        for at, shape in zip(mine, stretches_of(one, front, asked), strict=True):
            shapes[at] = shape
    return shapes
