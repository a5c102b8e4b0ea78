"""What registers along one border say to each other, table by table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hazardgeo import vocabulary as voc
from hazardgeo.accounting._tables._table import Figure, Rows, Table, areas, each
from hazardgeo.constants import NEAR_M
from hazardgeo.measure import grouped
from hazardgeo.report._two_sided import JOINT_TASK_M

if TYPE_CHECKING:
    from hazardgeo.report._two_sided import TwoSided

_MOST = 20


def conflict_table(answers: TwoSided) -> Table | None:
    """Released ground on open hazards, the gravest first."""
    if answers.conflicts is None or not len(answers.conflicts):
        return None
    rows: Rows = tuple(
        (
            row.release_id,
            row.hazard_id,
            f"{row.kind} over {row.classification}",
            _remark(row),
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


def _remark(conflict: Any) -> str:
    if conflict.sliver:
        return "sliver"
    if conflict.later:
        return f"{conflict.later} is later"
    dated = not (
        conflict.completed_on != conflict.completed_on or conflict.date_of_information != conflict.date_of_information
    )
    return "both of one day" if dated else "which is later is not known"


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
            Figure(int(row.unmeasured)),
            *areas(row.once_m2, "m²", "km²", "mi²"),
        )
        for row in each(answers.classes.by_class().reset_index())
    )
    bare = [one.register for one in answers.classes.registers if one.unmeasured == one.records]
    unknown = f" What all have together is not known: no record of {', '.join(bare)} has an outline." if bare else ""
    return Table(
        "Open ground counted once, by class",
        ("Register", "Class", "Records", "without outline", "m²", "km²", "mi²"),
        rows,
        words=2,
        note="A confirmed area takes its ground out of a suspected one, so that classes add up to the ground counted once. "
        f"Records without an outline are in no area.{unknown}",
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
