"""Two cross-border clearance programmes: outlines drawn by lot whose totals are given, along the lines of the states in them.

The programme of 2003 to 2006 in Southeast Europe was a real one, and its totals are published; where its ground lay, and how
much of it in which state, is drawn by lot here. The programme in Central Asia is fiction from end to end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import affinity

import hazardgeo as hz

from . import attributes, crossings
from .drafts import Scene
from .ground import between, ground, lonlat
from .regions import plane_between, somewhere, spans, staked

Rng = np.random.Generator
_INLAND_M = (300.0, 2500.0)
_OFF_M2 = 0.02  # of a total; below it nothing is printed
_COUNTS = ("ap_mines", "av_mines", "submunitions", "uxo")


@dataclass(frozen=True)
class Programme:
    """States, days, and the totals that the outlines and counts shall come to."""

    states: tuple[str, ...]
    first: str
    last: str
    cleared_m2: float
    mines: int
    uxo: int
    united: tuple[str, ...] = ()
    """States of today that were one, the first of `states` that is not a state of today."""
    last_of: tuple[tuple[str, str], ...] = ()
    """Last day of a state that ended before the programme did."""


PROGRAMMES = {
    # Serbia and Montenegro were one state until 3 June 2006; what that state reports ends with it. "More than 2,700" mines are
    # 2 701 here: the least that the words allow.
    "programme_2003_2006": Programme(
        ("ALB", "BIH", "HRV", "SCG"), "2003-04-07", "2006-12-15", 1_740_000.0, 2_701, 536,
        united=("MNE", "SRB"), last_of=(("SCG", "2006-06-02"),),
    ),
    "programme_central_asia": Programme(
        ("AFG", "KAZ", "KGZ", "TJK", "TKM", "UZB"), "2021-04-05", "2024-11-29", 2_410_000.0, 1_846, 911,
    ),
}  # fmt: skip


def build(name: str, rng: Rng) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Make the hazards and the releases of a programme.

    Parameters
    ----------
    name : str
        Of one of `PROGRAMMES`.
    rng : numpy.random.Generator

    Returns
    -------
    geopandas.GeoDataFrame, geopandas.GeoDataFrame
        In longitude and latitude, all states in one frame each. Every release covers its hazard to the last corner.
    """
    programme = PROGRAMMES[name]
    border = _border(programme)
    table = hz.borders.pairs(border.codes, border)
    pairs = [(row.country_a, row.country_b) for row in table[table["shared"]].itertuples()]
    scenes = [_scene(border, pair, rng) for pair in pairs]
    hazards = [_register(rng, programme, code, scenes) for code in programme.states]
    every = _apart(pd.concat(hazards))
    done = _cleared(rng, programme, every)
    every = _of_given_size(rng, programme, every, done)
    every["work_status"] = np.where(every.index.isin(done), "closed", "open")
    every["declared_area_m2"] = hz.area_m2(every).round()
    return every, _releases(rng, programme, every.loc[done])


def _border(programme: Programme) -> hz.BorderSet:
    today = [code for code in programme.states if code != "SCG"] + list(programme.united)
    border = hz.borders.load(*today, source="osm")
    if programme.united:
        border = hz.borders.unite(border, "SCG", *programme.united, name="Serbia and Montenegro")
    return border


def _scene(border: hz.BorderSet, pair: tuple[str, str], rng: Rng) -> Scene:
    scene = Scene(ground(border, pair, plane_between(border, pair)), rng)
    reach = max(600.0, 1.3 * float(between(border, pair)["offset_95_m"].min()))
    stretches = spans(rng)
    for code in pair:
        somewhere(stretches, lambda span, code=code: crossings.add_stop_dead(scene, code, span, continued=False))
        for _ in range(2):
            inland = rng.uniform(*_INLAND_M)
            somewhere(stretches, lambda span, code=code, inland=inland: crossings.add_inland(scene, code, span, inland))
    somewhere(stretches, lambda span: crossings.add_belt(scene, pair[0], span[0], reach, 150.0))
    return scene


def _register(rng: Rng, programme: Programme, code: str, scenes: list[Scene]) -> gpd.GeoDataFrame:
    frames: list[gpd.GeoDataFrame] = []
    for scene in scenes:
        if own := scene.of(code):
            first = 1 + sum(map(len, frames))
            frames.append(staked(lonlat(attributes.register(rng, code, own, plane=scene.ground.plane, first=first))))
    frame = pd.concat(frames)
    before = (pd.Timestamp(programme.first) - pd.Timestamp("2000-01-01")).days
    days = rng.integers(before - 700, before - 60, len(frame))
    frame["date_of_information"] = pd.Timestamp("2000-01-01") + pd.to_timedelta(days, unit="D")
    frame["contamination"] = rng.choice(["AP", "AP;AV", "AP;UXO", "AP;AV;UXO"], len(frame))
    return frame


def _apart(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Without records on the ground of an earlier one: whatever is cleared here is cleared once."""
    shapes = frame.geometry.to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return frame[~np.isin(np.arange(len(frame)), b[a < b])]


def _cleared(rng: Rng, programme: Programme, frame: gpd.GeoDataFrame) -> list[str]:
    """Ids of what is cleared, in the order of the work: from every state, until the next would pass the total."""
    areas = hz.area_m2(frame)
    by_state = [rng.permutation(frame.index[frame["country"] == code]).tolist() for code in programme.states]
    queue = [ids.pop() for _ in range(len(frame)) for ids in by_state if ids]
    done: list[str] = []
    left = programme.cleared_m2
    for name in queue:
        if areas[name] < 0.85 * left:
            done.append(name)
            left -= areas[name]
    return done


def _of_given_size(rng: Rng, programme: Programme, frame: gpd.GeoDataFrame, done: list[str]) -> gpd.GeoDataFrame:
    """Scale what is cleared until its geodesic areas, corners on the seventh decimal, come to the given total."""
    shapes = frame.geometry.copy()
    factor = np.sqrt(programme.cleared_m2 / float(hz.area_m2(frame.loc[done]).sum()))
    for name in done:
        shapes[name] = _laid(shapes[name], factor)
    *rest, last = done
    wanted = programme.cleared_m2 - float(hz.area_m2(shapes[rest]).sum())
    factor = np.sqrt(wanted / float(hz.area_m2(shapes[[last]]).iloc[0]))
    for _ in range(4000):  # by how the corners fall on the seventh decimal, the area differs by some square metres
        tuned = _laid(shapes[last], factor, float(rng.normal(0, 0.02)))
        off = float(hz.area_m2(gpd.GeoSeries([tuned], crs=4326)).iloc[0]) - wanted
        if abs(off) < _OFF_M2:
            shapes[last] = tuned
            return frame.set_geometry(shapes)
    raise RuntimeError("The total was not met. Try another seed.")


def _laid(shape: Any, factor: float, turn_deg: float = 0.0) -> Any:
    larger = affinity.rotate(affinity.scale(shape, factor, factor, origin=shape.centroid), turn_deg, origin="centroid")
    return shapely.transform(larger, lambda xy: np.round(xy, 7))


def _releases(rng: Rng, programme: Programme, done: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    days = _days(rng, programme, done)
    frame = gpd.GeoDataFrame(
        {
            "hazard_id": done.index,
            "register": done["register"].to_numpy(),
            "country": done["country"].to_numpy(),
            "kind": "cleared",
            "method": rng.choice(["manual clearance", "manual clearance with dogs"], len(done)),
            "depth_m": rng.choice([0.15, 0.2, 0.2, 0.3], len(done)),
            "organisation": [f"Fictional Demining Team {k}" for k in rng.integers(1, 10, len(done))],
            "started_on": days - pd.to_timedelta(rng.integers(20, 80, len(done)), unit="D"),
            "completed_on": days,
        },
        geometry=done.geometry.to_numpy(),
        crs=done.crs,
        index=pd.Index([f"{name}-R" for name in done.index], name="release_id"),
    )
    share = hz.area_m2(frame).to_numpy() / float(hz.area_m2(frame).sum())
    anti_vehicle = round(0.06 * programme.mines)
    totals = dict(zip(_COUNTS, (programme.mines - anti_vehicle, anti_vehicle, 0, programme.uxo), strict=True))
    for column, total in totals.items():
        frame[column] = pd.array(rng.multinomial(total, share), dtype="Int64")
    frame["declared_area_m2"] = done["declared_area_m2"].to_numpy()
    return frame.assign(source=attributes.SOURCE, confidentiality=attributes.CONFIDENTIALITY)


def _days(rng: Rng, programme: Programme, done: gpd.GeoDataFrame) -> Any:
    """Last day of each work: one after the other in each state, over the whole of its time in the programme."""
    begin = pd.Timestamp(programme.first) + pd.Timedelta(days=90)
    days = []
    ends = dict(programme.last_of)
    for code in done["country"]:
        end = pd.Timestamp(ends.get(code, programme.last))
        days.append(begin + pd.Timedelta(days=int(rng.integers((end - begin).days + 1))))
    return pd.DatetimeIndex(days)
