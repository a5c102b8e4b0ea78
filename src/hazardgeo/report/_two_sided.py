"""What registers along one border say to each other: conflicts, ground by class, cut outlines, frontage, joint tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from hazardgeo import borders as hzb
from hazardgeo.constants import NEAR_M, Constant
from hazardgeo.measure import counted, grouped
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.borders import BorderSet, CountOnce, Frontage

JOINT_TASK_M = Constant(
    "JOINT_TASK_M",
    500.0,
    "m",
    "Hazards on the two sides of a border that are no further apart are shown as one joint task.",
    Source("hazardgeo design choice", Grade.ASSUMED),
)
_SENTENCES = 4


@dataclass(frozen=True)
class TwoSided:
    """Answers about open ground; a frame is None where the question cannot be put."""

    conflicts: pd.DataFrame | None
    classes: CountOnce | None
    continuations: gpd.GeoDataFrame | None
    frontages: Mapping[str, Frontage]
    """By the letter of the border's version."""
    tasks: gpd.GeoDataFrame | None
    twins: pd.DataFrame | None


def two_sided(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame | None,
    by_register: Mapping[str, gpd.GeoDataFrame],
    borders: Mapping[str, BorderSet],
) -> TwoSided:
    """Put every question of two sides.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Open ones, of all registers.
    releases : geopandas.GeoDataFrame, optional
    by_register : mapping of str to geopandas.GeoDataFrame
    borders : mapping of str to BorderSet
        The versions that were asked, by their letters, the first asked first.

    Returns
    -------
    TwoSided
    """
    found = {
        name: register for name, register in by_register.items() if not shapely.is_missing(register.geometry).all()
    }
    shared = {key: border for key, border in borders.items() if len(border.asked_lines)}
    several = len(found) > 1
    # What was not measured is not 0: a register without an outline leaves what all have together unknown.
    counting = [register for register in by_register.values() if len(register)]
    continuations = tasks = None
    if several and shared:
        first = next(iter(shared.values()))
        lines = tuple(shared.values())
        continuations = hzb.find_continuations(*found.values(), *lines)
        tasks = hzb.joint_tasks(*found.values(), first, within_m=JOINT_TASK_M.value).tasks
    return TwoSided(
        None if releases is None or not len(hazards) else hzb.conflicts(hazards, releases, ground=True),
        hzb.count_once(*counting) if len(counting) > 1 else None,
        continuations,
        {key: hzb.frontage(hazards, border, within_m=NEAR_M.value) for key, border in shared.items() if len(hazards)},
        tasks,
        hzb.stacked(hzb.over_pairs(hzb.moved_twins, found)) if several else None,
    )


def conflict_headlines(answers: TwoSided) -> list[str]:
    """A conflict outranks all else that a report says."""
    if answers.conflicts is None or not len(plain := answers.conflicts[~answers.conflicts["sliver"]]):
        return []
    return [
        f"CONFLICT: {counted(plain['release_id'].nunique(), 'release lies', 'releases lie')} on ground that a register "
        "reports as an open hazard. Until it is cleared up, the ground is hazardous."
    ]


def headlines(answers: TwoSided) -> list[str]:
    """What there is to be said of them besides conflicts, in sentences."""
    lines = []
    if answers.twins is not None and len(answers.twins):
        low, high = answers.twins["shift_m"].min(), answers.twins["shift_m"].max()
        lines.append(
            f"{counted(len(answers.twins), 'outline stands', 'outlines stand')} in two registers, {grouped(low)} to "
            f"{grouped(high)} m apart: probably one hazard each, in two datums, and counted twice in every total here."
        )
    if answers.continuations is not None:
        cut = answers.continuations[answers.continuations["cut_a"] | answers.continuations["cut_b"]]
        alone = cut[cut["kind"] == "nothing_opposite"]
        if len(alone):
            lines.append(
                f"{counted(len(alone), 'outline stops', 'outlines stop')} at the border line with nothing recorded opposite: "
                "ground for a joint survey."
            )
    return lines + _frontage_sentences(next(iter(answers.frontages.values()), None))


def _frontage_sentences(frontage: Frontage | None) -> list[str]:
    """Of the lines with the longest frontage, and how many have none as drawn."""
    if frontage is None:
        return []
    together = frontage.totals[frontage.totals["side"] == "together"].reset_index()
    order = together.sort_values("frontage_km", ascending=False, kind="stable").index
    some = [i for i in order if together["frontage_km"][i] > 0]
    without = len(together) - len(some)
    lines = [frontage.sentences[i] for i in some[:_SENTENCES]]
    if len(some) > _SENTENCES:
        lines.append(f"Of {len(some) - _SENTENCES} more lines with a hazard near them, see the table of frontages.")
    if without:
        none, within = counted(without, "line has", "lines have"), grouped(frontage.within_m)
        lines.append(f"{none} no open hazard on record within {within} m, which is no proof that there is none.")
    return lines


def layers(answers: TwoSided) -> dict[str, gpd.GeoDataFrame]:
    """What there is to be drawn: ground in conflict, lines to visit, stretches of the border, hulls of joint tasks."""
    found = {"conflicts": answers.conflicts, "continuations": answers.continuations, "joint_tasks": answers.tasks}
    if answers.frontages:
        stretches = next(iter(answers.frontages.values())).stretches
        found["frontage"] = stretches[stretches["side"] == "together"]
    return {name: frame for name, frame in found.items() if frame is not None and len(frame)}


def frames(answers: TwoSided) -> dict[str, Any]:
    """Every answer as a frame for a file, by the name of the file."""
    found: dict[str, Any] = {}
    if answers.conflicts is not None:
        found["conflicts"] = answers.conflicts.drop(columns="geometry").set_index("release_id")
    if answers.twins is not None and len(answers.twins):
        found["moved_twins"] = answers.twins.set_index("hazard_a")
    if answers.continuations is not None:
        found["continuations"] = answers.continuations.drop(columns="geometry").set_index("hazard_a")
    if answers.tasks is not None:
        found["joint_tasks"] = answers.tasks.drop(columns="geometry")
    for key, one in answers.frontages.items():
        found[f"frontage_{key.lower()}"] = one.to_frame().set_index("pair")
        found[f"frontage_stretches_{key.lower()}"] = one.stretches.drop(columns="geometry").set_index("pair")
    return found
