"""Joint tasks: hazards on both sides of a border near enough to be worked as one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._along._access import nearest_access
from hazardgeo.borders._along._registers import registers_and_borders
from hazardgeo.borders._line._near import connect, pairs_in_reach, refuse_distance
from hazardgeo.borders._set import CONTESTED
from hazardgeo.borders._sides._split import split_by_country
from hazardgeo.crs import WGS84
from hazardgeo.errors import BorderError, HazardgeoError, SchemaError
from hazardgeo.measure import counted, wgs84_polygons
from hazardgeo.overlay import groups_of_links, net_area_m2, plane_of
from hazardgeo.schema import Finding, Shown, findings_table, is_open, require, texts_of

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet

_FARTHEST_M = 50_000.0
_AROUND_M, _HULL_EDGE_M = 0.05, 500.0
_AREAS = ("area_low_m2", "area_m2", "area_high_m2")
_ACROSS = (("area_low_m2", "certain"), ("area_m2", "as_drawn"))
_TASK_COLUMNS = (
    "task", "sides", "across", "hazards", "registers", "records", "ground_m2", "nearest_m", "team_overlap_m", "geometry_is",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class JointTasks(Shown):
    """Groups of hazards that lie on both sides of a border within a distance of each other.

    `tasks` has a row for each group, `sides` one for each group and side. Of `records` that were asked, `in_tasks`
    are in a group; `without_outline` could not be placed; `left_out` besides them are closed or handed over. `source`
    and `version` are the border's.
    """

    tasks: gpd.GeoDataFrame
    sides: pd.DataFrame
    within_m: float
    team_distance_m: float
    records: int
    in_tasks: int
    without_outline: int
    left_out: int
    source: str
    version: str

    @property
    def sentences(self) -> list[str]:
        """How many there are, and by which line."""
        return [
            f"{counted(len(self.tasks), 'task', 'tasks')} of {self.in_tasks} hazards on both sides of the line and within "
            f"{self.within_m:g} m of each other, of {self.records} that were asked: what to talk about, not who may work where. "
            f"Line: {self.source} {self.version}."
        ]

    def to_frame(self) -> pd.DataFrame:
        """The tasks as a table without geometry."""
        table: pd.DataFrame = self.tasks.drop(columns="geometry").reset_index()
        return table


def joint_tasks(
    a: gpd.GeoDataFrame,
    b: gpd.GeoDataFrame,
    *more: gpd.GeoDataFrame | BorderSet,
    within_m: float,
    team_distance_m: float = math.nan,
    access: gpd.GeoDataFrame | None = None,
    closed_too: bool = False,
) -> JointTasks:
    """Group hazards across the border that are near enough to be worked as one task.

    Two hazards belong together if they lie, or may lie, on different sides and within `within_m` of each other; a
    hazard that may lie on both sides is a task by itself. What is near only on its own side is not drawn in. The
    groups say what to talk about; they do not say who may work where.

    Parameters
    ----------
    a, b : geopandas.GeoDataFrame
        Two registers: polygons with a CRS, a unique index, ``register`` and ``work_status``.
    *more : geopandas.GeoDataFrame or BorderSet
        Further registers, and last the border.
    within_m : float
        How near two hazards must lie to be worked as one [m], at most 50 000.
    team_distance_m : float, optional
        Distance that two teams must keep from each other [m], as the authorities set it; without it the overlap is
        not told.
    access : geopandas.GeoDataFrame, optional
        Roads, tracks or places (lines or points) with a CRS and a unique index, to find the nearest on each side.
    closed_too : bool
        Take closed and handed-over hazards as well; without it, open ground only.

    Returns
    -------
    JointTasks
        ``tasks`` by ``task`` (the first of its ids, so that it stays while the group does): ``sides``, ``across``
        (*certain* where it lies on two sides whatever line and outlines may be off, *as_drawn* where it does by the
        drawn line, *possible* where it may), ``hazards`` (as ``REGISTER/id``), ``registers`` (each joined by ``;``),
        ``records``, ``ground_m2`` (counted once), ``nearest_m`` between its hazards of different sides (0 where one
        is or may be on both), ``team_overlap_m`` (how much the distance of teams there is more than that; 0 where it
        is not; NaN where it was not given), ``geometry_is``, and the convex hull, for display only. ``sides`` by
        ``task`` and ``side``: ``hazards`` that lie or may lie there, ``area_low_m2``, ``area_m2``, ``area_high_m2``
        as `split_by_country` gives them, summed (ground in two records counts twice), and where access was given
        ``access``, ``access_m`` (geodesic, from the hazards' nearest ground; no route, and it may lead across
        hazards), ``access_longitude``, ``access_latitude``, ``access_side_certain``.

    Raises
    ------
    BorderError
        If the asked countries share no line in this set, or a distance is none.
    HazardgeoError
        If no border is given, or more than one.
    CRSError, GeometryError, SchemaError
        If the hazards cannot be measured, an id stands twice, or a column is missing.

    References
    ----------
    docs/explanation/frontage.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> bih = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> hrv = hz.read_hazards(hz.sample_data("hrv_register.geojson"))
    >>> joint = hz.borders.joint_tasks(bih, hrv, hz.borders.load("HRV", "BIH"), within_m=200)
    >>> joint.in_tasks == int(joint.tasks["records"].sum())
    True
    """
    registers, (border, *others) = registers_and_borders((a, b, *more))
    if others:
        raise HazardgeoError("Give one version of the border: on which side ground lies is a matter of one line.")
    _refuse_distances(within_m, team_distance_m)
    if border.asked_lines.empty:
        raise BorderError(f"{', '.join(border.codes)} share no land border in {border.source} {border.version}.")
    hazards = _together(registers, closed_too)
    polygons = wgs84_polygons(hazards)
    sides = split_by_country(hazards, border)
    sides = sides[sides["side"].isin([*border.codes, *CONTESTED])]
    left, right, apart = _links(polygons, _possible(sides, hazards.index), within_m)
    groups = _groups(len(hazards), left, right)
    tasks = _tasks(hazards, groups, (left, right, apart), sides, team_distance_m)
    by_side = _sides(groups, hazards, sides)
    if access is not None:
        by_side = by_side.join(nearest_access(by_side, _grounds(hazards, polygons, groups), access, border))
    counts = (
        len(hazards),
        sum(map(len, groups)),
        int(shapely.is_missing(polygons).sum()),
        sum(map(len, registers)) - len(hazards),
    )
    return JointTasks(tasks, by_side, float(within_m), float(team_distance_m), *counts, border.source, border.version)


def _refuse_distances(within_m: float, team_distance_m: float) -> None:
    refuse_distance("within_m", within_m, _FARTHEST_M)
    if team_distance_m < 0 or math.isinf(team_distance_m):
        raise BorderError(f"team_distance_m is {team_distance_m!r}. Give the distance that teams keep, in metres.")


def _together(registers: tuple[gpd.GeoDataFrame, ...], closed_too: bool) -> gpd.GeoDataFrame:
    """One frame with ids REGISTER/id, in their order, whichever register came first."""
    import geopandas as gpd
    import pandas as pd

    frames = []
    for whole in registers:
        require(whole, "register", "work_status")
        frame = whole if closed_too else whole[is_open(whole)]
        qualified = _qualified(frame)
        columns = [name for name in ("register", "vertex_sd_m", "datum_accuracy_m") if name in frame.columns]
        polygons = gpd.GeoSeries(wgs84_polygons(frame), index=qualified, crs=WGS84)
        frames.append(gpd.GeoDataFrame(frame[columns].set_index(qualified), geometry=polygons))
    some = [frame for frame in frames if len(frame)] or frames[:1]
    together = pd.concat(some).sort_index()
    twice = together.index[together.index.duplicated()].unique()
    if len(twice):
        do = "Give registers with names of their own; a register's hazards stand in one of the frames."
        problems = [
            Finding("-", str(name), 0, "id-twice", "quarantined", "It stands in two of them.", "", do) for name in twice
        ]
        raise SchemaError("These registers cannot be put side by side:", findings_table(problems))
    return together


def _qualified(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Ids as REGISTER/id, as those of a frame that was combined are already."""
    ids, registers = frame.index.astype(str).to_numpy(dtype=object), texts_of(frame, "register")
    if "source_id" in frame.columns and (ids == registers + "/" + texts_of(frame, "source_id")).all():
        return np.asarray(ids)
    return np.asarray(registers + "/" + ids)


def _possible(sides: pd.DataFrame, index: Any) -> list[frozenset[str]]:
    """The sides that each hazard lies on or may lie on."""
    may = sides[sides["area_high_m2"] > 0].groupby("hazard_id")["side"].agg(frozenset)
    return [may.get(name, frozenset()) for name in index]


def _links(
    polygons: NDArray[Any], possible: list[frozenset[str]], within_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Pairs that belong together, and how far apart they lie; a hazard that may be on both sides is paired with itself."""
    left, right = pairs_in_reach(polygons, polygons, within_m)
    across = np.array(
        [i <= j and _on_both(possible[i], possible[j]) for i, j in zip(left, right, strict=True)], dtype=bool
    )
    left, right = left[across], right[across]
    distance = connect(polygons, polygons, left, right).distance_m
    near = distance <= within_m
    return left[near], right[near], distance[near]


def _on_both(one: frozenset[str], other: frozenset[str]) -> bool:
    # Contested ground is a matter of both sides by itself.
    return bool(one and other) and (len(one | other) > 1 or bool(one & set(CONTESTED)))


def _groups(count: int, left: NDArray[np.intp], right: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Groups of what hangs together by links; what has no link, not even with itself, is in none."""
    linked = np.zeros(count, dtype=bool)
    linked[left] = linked[right] = True
    return [group for group in groups_of_links(count, left, right) if linked[group[0]]]


def _tasks(
    hazards: gpd.GeoDataFrame, groups: list[NDArray[np.intp]], links: Any, sides: pd.DataFrame, team_distance_m: float
) -> gpd.GeoDataFrame:
    import geopandas as gpd

    left, _, apart = links
    rows, hulls = [], []
    for group in groups:
        members = hazards.iloc[group]
        nearest_m = float(apart[np.isin(left, group)].min())
        overlap = math.nan if math.isnan(team_distance_m) else max(0.0, team_distance_m - nearest_m)
        theirs = sides[sides["hazard_id"].isin(members.index) & (sides["area_high_m2"] > 0)]
        names = (";".join(some) for some in (members.index, sorted(set(members["register"].astype(str)))))
        who = (members.index[0], ";".join(sorted(set(theirs["side"]))), _across(theirs), *names)
        rows.append((*who, len(group), net_area_m2(members), nearest_m, overlap, "convex hull"))
        hulls.append(_hull(members.geometry.to_numpy()))
    return gpd.GeoDataFrame(rows, columns=list(_TASK_COLUMNS), geometry=hulls, crs=WGS84).set_index("task")


def _across(sides: pd.DataFrame) -> str:
    """How sure it is that the ground lies on more than one side."""
    for areas, word in _ACROSS:
        if len(set(sides["side"][sides[areas] > 0])) > 1:
            return word
    return "possible"


def _hull(polygons: NDArray[Any]) -> Any:
    plane = plane_of(polygons)
    hull = shapely.convex_hull(shapely.union_all(plane.project(polygons)))
    # Drawn straight in longitude and latitude, its edges must not cut what it holds.
    return plane.unproject(shapely.segmentize(shapely.buffer(hull, _AROUND_M), _HULL_EDGE_M))


def _sides(groups: list[NDArray[np.intp]], hazards: gpd.GeoDataFrame, sides: pd.DataFrame) -> pd.DataFrame:
    task = {name: str(hazards.index[group[0]]) for group in groups for name in hazards.index[group]}
    in_tasks = sides[sides["hazard_id"].isin(list(task))]
    by = in_tasks.assign(task=in_tasks["hazard_id"].map(task).astype(object)).groupby(["task", "side"], sort=True)
    table = by[list(_AREAS)].sum(min_count=1)
    table.insert(0, "hazards", by["hazard_id"].nunique())
    return table


def _grounds(hazards: gpd.GeoDataFrame, polygons: NDArray[Any], groups: list[NDArray[np.intp]]) -> dict[str, Any]:
    return {
        str(hazards.index[some[0]]): shapely.MultiPolygon(shapely.get_parts(polygons[some]).tolist()) for some in groups
    }
