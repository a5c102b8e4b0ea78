"""The report as one HTML page without scripts and without requests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hazardgeo.crs._versions import versions_line
from hazardgeo.report import _tables as tables
from hazardgeo.report._account import accounts, not_used, repaired, what_was_found
from hazardgeo.report._land_release import land_release_tables
from hazardgeo.report._people import people_table
from hazardgeo.report._sources import border_sources, provenance, seams
from hazardgeo.report._two_sided_tables import (
    class_table,
    conflict_table,
    continuation_table,
    frontage_table,
    task_table,
    twin_table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hazardgeo.accounting._tables._table import Table
    from hazardgeo.report._answers import Answers


def sections(answers: Answers) -> list[tuple[str, list[Table]]]:
    """All tables of a report under their headings, in the order of the page."""
    found: list[tuple[str, list[Table | None]]] = [
        ("Conflicts", [conflict_table(answers.beyond)]),
        ("Ground", [tables.totals(answers), tables.statuses(answers), tables.released(answers)]),
        ("Land release", list(land_release_tables(answers.hazards, answers.releases))),
        (
            "The border",
            [
                tables.relations(answers),
                tables.crossing(answers),
                tables.elsewhere(answers),
                *tables.sides(answers),
                tables.over_versions(answers),
            ],
        ),
        (
            "Counted twice",
            [
                twin_table(answers.beyond),
                class_table(answers.beyond),
                *tables.counted_once(answers),
                tables.overlapping(answers),
            ],
        ),
        (
            "Across the line",
            [frontage_table(answers.beyond), continuation_table(answers.beyond), task_table(answers.beyond)],
        ),
        ("People on both sides", [] if answers.people is None else [people_table(answers.people)]),
        ("Terrain", [] if answers.ground is None else [answers.ground.table(answers.open_hazards)]),
        ("A programme in figures", [] if answers.programme is None else list(answers.programme.tables)),
        (
            "Every record accounted for",
            [table(answers.intakes) for table in (accounts, not_used, repaired, what_was_found)],
        ),
        ("Sources and methods", [provenance(answers), seams(answers), border_sources(answers.versions)]),
    ]
    present = [(name, [table for table in some if table is not None]) for name, some in found]
    return [(name, some) for name, some in present if some]


def render_report(
    answers: Answers,
    parts: Sequence[tuple[str, list[Table]]],
    *,
    title: str,
    notice: str,
    dates: str,
    headlines: Sequence[str],
) -> str:
    """Render the report.

    Parameters
    ----------
    answers : Answers
    parts : sequence of (str, list of Table)
        As `sections` gives them.
    title : str
    notice : str
        What must stand on top, such as that all data are fictional; empty for none.
    dates : str
        What is known of the age of the information.
    headlines : sequence of str
        What it comes to.

    Returns
    -------
    str
        HTML; every text of a register is escaped.
    """
    from jinja2 import Environment, StrictUndefined

    # Register texts go in as values and are escaped; they are never part of a template.
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((Path(__file__).parent / "report.html.jinja").read_text(encoding="utf-8"))
    return template.render(
        title=title,
        notice=notice,
        dates=dates,
        made_with=versions_line(),
        headlines=headlines,
        sections=parts,
        several=len(answers.versions) > 1,
        remarks=answers.remarks,
        attributions=sorted({version.border.attribution for version in answers.versions} - {""}),
    )
