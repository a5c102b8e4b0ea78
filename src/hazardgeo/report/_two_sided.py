"""What registers along one border say to each other: conflicts, ground by class, cut outlines, frontage, joint tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from hazardgeo import borders as hzb
from hazardgeo import vocabulary as voc
from hazardgeo.accounting._tables._table import Figure, Rows, Table, areas, each
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
_MOST, _SENTENCES = 20, 4


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
    continuations = tasks = None
    if several and shared:
        first = next(iter(shared.values()))
        lines = tuple(shared.values())
        continuations = hzb.find_continuations(*found.values(), *lines)
        tasks = hzb.joint_tasks(*found.values(), first, within_m=JOINT_TASK_M.value).tasks
    return TwoSided(
        None if releases is None or not len(hazards) else hzb.conflicts(hazards, releases, ground=True),
        hzb.count_once(*found.values()) if several else None,
        continuations,
        {key: hzb.frontage(hazards, border, within_m=NEAR_M.value) for key, border in shared.items() if len(hazards)},
        tasks,
        hzb.stacked(hzb.over_pairs(hzb.moved_twins, found)) if several else None,
    )


def headlines(answers: TwoSided) -> list[str]:
    """What there is to be said of them, in sentences; a conflict first, since it outranks all else."""
    lines = []
    if answers.conflicts is not None and len(plain := answers.conflicts[~answers.conflicts["sliver"]]):
        lines.append(
            f"CONFLICT: {counted(len(plain), 'release lies', 'releases lie')} on ground that a register reports as an open "
            "hazard. Until it is cleared up, the ground is hazardous."
        )
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


def conflict_table(answers: TwoSided) -> Table | None:
    """Released ground on open hazards, the gravest first."""
    if answers.conflicts is None or not len(answers.conflicts):
        return None
    rows: Rows = tuple(
        (
            row.release_id,
            row.hazard_id,
            f"{row.kind} over {row.classification}",
            "sliver" if row.sliver else f"{row.later} is later",
            Figure(row.area_m2),
            Figure(row.width_m),
        )
        for row in each(answers.conflicts.head(_MOST))
    )
    return Table(
        "Conflicts: released ground on open hazards",
        ("Release", "Hazard", "What over what", "Remark", "m² in common", "width m"),
        rows,
        words=4,
        note=f"{len(rows)} of {len(answers.conflicts)}, the gravest first. One of the two records misleads whoever walks there; "
        "nothing is subtracted. All are in tables/conflicts.csv.",
    )


def twin_table(answers: TwoSided) -> Table | None:
    """Outlines that two registers hold in two places."""
    if answers.twins is None or not len(answers.twins):
        return None
    rows: Rows = tuple(
        (str(row.hazard_a), str(row.hazard_b), str(row.words), Figure(row.shift_m))
        for row in each(answers.twins.head(_MOST))
    )
    return Table(
        "One outline in two registers, in two places",
        ("First", "Second", "What was seen", "apart m"),
        rows,
        words=3,
        note=f"{len(rows)} of {len(answers.twins)}. One of the two places is wrong. All are in tables/moved_twins.csv.",
    )


def class_table(answers: TwoSided) -> Table | None:
    """Open ground of each register and of all, counted once by class."""
    if answers.classes is None:
        return None
    rows: Rows = tuple(
        (
            str(row.register),
            voc.CLASSIFICATION.label(row.classification),
            Figure(int(row.records)),
            *areas(row.once_m2, "m²", "km²", "mi²"),
        )
        for row in each(answers.classes.by_class().reset_index())
    )
    return Table(
        "Open ground counted once, by class",
        ("Register", "Class", "Records", "m²", "km²", "mi²"),
        rows,
        words=2,
        note="A confirmed area takes its ground out of a suspected one, so that classes add up to the ground counted once.",
    )


def continuation_table(answers: TwoSided) -> Table | None:
    """Outlines that stop at the border, in the order in which a joint survey should visit them."""
    if answers.continuations is None or not len(answers.continuations):
        return None
    rows: Rows = tuple(
        (str(row.why), Figure(row.stretch_m), Figure(row.gap_m))
        for row in each(answers.continuations.sort_values("priority", kind="stable").head(_MOST))
    )
    return Table(
        "Hazards that stop at the border line",
        ("What was seen", "along the line m", "gap m"),
        rows,
        note=f"{len(rows)} of {len(answers.continuations)}, the first to visit first; a gap below 0 is an overlap. All are in "
        "tables/continuations.csv, with the line to visit in hazards.gpkg.",
    )


def frontage_table(answers: TwoSided) -> Table | None:
    """Length of border with open hazards near it."""
    rows: Rows = tuple(
        (
            key,
            f"{pair}, {row['side']}",
            Figure(row["frontage_low_km"], 1),
            Figure(row["frontage_km"], 1),
            Figure(row["frontage_high_km"], 1),
            Figure(row["frontage_mi"], 1),
            Figure(row["share"], percent=True),
            Figure(row["belt_width_m"]),
        )
        for key, one in answers.frontages.items()
        for pair, row in one.totals.iterrows()
        if row["frontage_high_km"] > 0
    )
    if not rows:
        return None
    within = grouped(NEAR_M.value)
    asked = {pair for one in answers.frontages.values() for pair in one.totals.index}
    none = len(asked - {str(row[1]).rpartition(", ")[0] for row in rows})
    return Table(
        f"Frontage: border with an open hazard within {within} m",
        ("", "Line, side", "at least km", "as drawn km", "at most km", "as drawn mi", "of the line", "mean belt m"),
        rows,
        words=2,
        note="The length of a border depends on who drew it, by half and more: quote the version with it. The mean belt is the "
        "ground within that distance, divided by the frontage."
        + (f" Lines that have nothing on record within it, by any version, are left out here: {none}." if none else ""),
    )


def task_table(answers: TwoSided) -> Table | None:
    """Groups of open hazards across the border that are near enough to be worked as one."""
    if answers.tasks is None or not len(answers.tasks):
        return None
    sure = answers.tasks[answers.tasks["across"] != "possible"].sort_values("ground_m2", ascending=False)
    rows: Rows = tuple(
        (
            str(row.hazards).replace(";", "; "),
            str(row.across).replace("_", " "),
            Figure(int(row.records)),
            Figure(row.ground_m2),
        )
        for row in each(sure.head(_MOST))
    )
    return Table(
        f"Joint tasks: open hazards on both sides within {grouped(JOINT_TASK_M.value)} m of each other",
        ("Hazards", "On both sides", "Records", "m²"),
        rows,
        words=2,
        note=f"{len(rows)} of {len(answers.tasks)}, the largest first; those that only may lie on both sides are in "
        "tables/joint_tasks.csv. What to talk about, not who may work where.",
    )


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
