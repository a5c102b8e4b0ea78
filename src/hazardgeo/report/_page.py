"""The report as one HTML page without scripts and without requests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hazardgeo._version import __version__
from hazardgeo.measure import print_km2, print_mi2
from hazardgeo.overlay import net_area_m2
from hazardgeo.report import _tables as tables

if TYPE_CHECKING:
    from hazardgeo.report._answers import Answers


def render_report(answers: Answers, *, title: str, notice: str, as_of: str) -> str:
    """Render the report.

    Parameters
    ----------
    answers : Answers
    title : str
    notice : str
        What must stand on top, such as that all data are fictional; empty for none.
    as_of : str
        Date of the latest information, or empty.

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
        as_of=as_of,
        version=__version__,
        headlines=_headlines(answers),
        sections=_sections(answers),
        remarks=answers.remarks,
        attributions=sorted({version.border.attribution for version in answers.versions} - {""}),
    )


def _headlines(answers: Answers) -> list[str]:
    open_ground = answers.open_hazards
    net = net_area_m2(open_ground)
    registers = answers.hazards["register"].nunique()
    lines = [
        f"{len(answers.hazards)} hazardous areas in {registers} register{'s' if registers > 1 else ''}; {len(open_ground)} of "
        f"them are open, on {print_km2(net)} km² ({print_mi2(net)} mi²) of ground counted once."
    ]
    lines += [
        f"{pair.register_a} and {pair.register_b} both report {print_km2(pair.overlap_m2)} km² "
        f"({print_mi2(pair.overlap_m2)} mi²): added up, that ground would count twice."
        for pair in answers.counted
    ]
    for version in answers.versions:
        words = version.relation.loc[open_ground.index, "relation"].value_counts()
        lines.append(
            f"By {tables.version_label(version)}, {words.get('crossing', 0)} open hazards cross the border and for "
            f"{words.get('indeterminate', 0)} it cannot be told."
        )
    return lines


def _sections(answers: Answers) -> list[tuple[str, list[tables.Table]]]:
    sections = [
        ("Ground", [tables.totals(answers), tables.statuses(answers), tables.released(answers)]),
        ("The border", [tables.relations(answers), *tables.sides(answers)]),
        ("Counted twice", [*tables.counted_once(answers), tables.overlapping(answers)]),
        ("Sources and methods", [tables.provenance(answers), tables.border_sources(answers)]),
    ]
    return [(name, [table for table in some if table is not None]) for name, some in sections]
