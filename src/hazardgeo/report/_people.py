"""What is printed of people near hazards."""

from __future__ import annotations

import importlib.util
import math
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting._tables._table import Figure, Table, each
from hazardgeo.borders import load
from hazardgeo.datasets import sample_data
from hazardgeo.exposure import people_near
from hazardgeo.report._story import Story
from hazardgeo.schema import Finding, findings_table, is_open
from hazardgeo.vocabulary import SIDE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.borders import BorderSet
    from hazardgeo.exposure import PeopleNear

_NONE = Figure(float("nan"))


_COUNTED = ("BIH", "HRV")
_POPUP_M = 1000.0
_NOT_COUNTED = 'People near the hazards are not counted, which needs one more package: pip install "hazardgeo[raster]".'


def people_files() -> tuple[Path]:
    """The fictional people of the sample data."""
    return (sample_data("fictional_population.tif"),)


def people_on_both_sides(hazards: gpd.GeoDataFrame, _borders: Sequence[BorderSet]) -> Story | str:
    """Tell of the people near the open hazards that Croatia and Bosnia and Herzegovina report, on either side."""
    if importlib.util.find_spec("exactextract") is None:
        return _NOT_COUNTED
    reported = hazards[is_open(hazards) & hazards["country"].isin(_COUNTED).to_numpy()]
    near = people_near(reported, people_files()[0], load(*_COUNTED))
    frames = {"people_near": near.totals.set_index("zone"), "people_by_hazard": near.by_hazard.set_index("hazard_id")}
    facts = {"people_within_1_km": _about_each(near, hazards)}
    return Story("People on both sides", headline(near), (people_table(near),), frames=frames, facts=facts)


def _about_each(near: PeopleNear, hazards: gpd.GeoDataFrame) -> pd.Series[str]:
    """What a popup says of the people near one hazard, by side."""
    import pandas as pd

    by_hazard = near.by_hazard[near.by_hazard["to_m"] <= _POPUP_M]
    said = by_hazard.groupby(["hazard_id", "side"], sort=True)[["people_low", "people", "people_high"]].sum(min_count=1)
    words: dict[object, list[str]] = {}
    for (hazard, side), (low, drawn, high) in zip(said.index, said.to_numpy(), strict=True):
        told = "not known" if math.isnan(drawn) else f"{_people(drawn)} ({_people(low)} to {_people(high)})"
        words.setdefault(hazard, []).append(f"{_side(str(side))}: {told}")
    end = " Fictional." if fictional(near) else ""
    told_of = {hazard: "; ".join(lines) + "." + end for hazard, lines in words.items()}
    return pd.Series(
        [told_of.get(hazard, "not counted") for hazard in hazards.index], index=hazards.index, dtype=object
    )


def people_table(near: PeopleNear) -> Table:
    """People inside open hazards and in each ring, everybody once: on all sides, and on each."""
    rows: list[tuple[str | Figure, ...]] = []
    totals = []
    for whole in each(near.together):
        totals.append(len(rows))
        rows.append((whole.zone, "All sides", _NONE, _people(whole.people), _NONE, _share(whole)))
        for one in each(near.totals[near.totals["zone"] == whole.zone]):
            figures = map(_people, (one.people_low, one.people, one.people_high))
            rows.append((one.zone, _side(one.side), *figures, _share(one)))
    return Table(
        "People in open hazards and about them, everybody counted once",
        ("Distance", "Side", "certain", "as drawn", "possible", "raster knows"),
        tuple(rows),
        words=2,
        note="\n".join([*fictional(near), *_partly_known(near), _not_attributed(near), near.method]),
        totals=tuple(totals),
    )


def headline(near: PeopleNear) -> str:
    """People inside and within the last distance, in a sentence."""
    inside, within = near.together["people"].iloc[0], near.together["people"].sum()
    who = "fictional people" if fictional(near) else "people"
    least = "At least " if near.together["at_least"].any() else ""
    return (
        f"{least}{_people(inside)} {who} live in open hazards, and {_people(within)} in them or within "
        f"{near.together['to_m'].iloc[-1]:g} m, by {near.population.path.name}."
    )


def fictional(near: PeopleNear) -> list[str]:
    """What must be said of people that nobody counted."""
    said = f"{near.population.path.name} {near.population.about}".casefold()
    return [f"FICTIONAL PEOPLE: {near.population.path.name} was drawn by lot."] if "fictional" in said else []


def unknown_ground(near: PeopleNear) -> pd.DataFrame:
    """A finding for each zone of which the raster knows only part."""
    name = near.population.path.name
    return findings_table(
        Finding(
            name,
            zone.zone,
            0,
            "population-unknown",
            "serious",
            f"The raster has a value for {_per_cent(zone)} of this ground.",
            "At least so many people live there as are counted; how many more is not known.",
            "Give a raster that covers the hazards and the ground about them.",
        )
        for zone in each(near.together[near.together["at_least"]])
    )


def _partly_known(near: PeopleNear) -> list[str]:
    zones = [f"{zone.zone} {_per_cent(zone)}" for zone in each(near.together[near.together["at_least"]])]
    return [f"At least so many, since the raster knows only part of the ground: {'; '.join(zones)}."] if zones else []


def _not_attributed(near: PeopleNear) -> str:
    zones = "; ".join(f"{zone.zone} {_people(zone.people_unattributed)}" for zone in each(near.together))
    return f"People who cannot be put on one country's side for certain: {zones}."


def _side(word: str) -> str:
    return SIDE.label(word) if word in SIDE.words else word


def _people(people: float) -> Figure:
    # Fewer than ten with a decimal: a third of a person in a hazard is not nobody.
    return Figure(people, decimals=int(0 < people < 10))


def _share(row: Any) -> Figure:
    return Figure(_downwards(row.covered_share, 100), percent=True)


def _per_cent(row: Any) -> str:
    return f"{_downwards(row.covered_share, 1000):.1%}"


def _downwards(share: float, steps: int) -> float:
    """Rounded so that what is not all never prints as all."""
    return share if math.isnan(share) else math.floor(share * steps + 1e-6) / steps
