"""What a person opens: the report, the map, and the map on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hazardgeo.errors import FormatError, MapError
from hazardgeo.maps import hazard_figure, hazard_map
from hazardgeo.maps._text import fictional_notice
from hazardgeo.report._account import missing_notice
from hazardgeo.report._answers import findings
from hazardgeo.report._page import render_report, sections

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from hazardgeo.report._answers import Answers


def write_pages(answers: Answers, said: Sequence[str], folder: Path) -> list[str]:
    """Write them, with what they come to on top; gives what there is to say of a page that is not there."""
    """Write map and report; give what is to be said of them besides."""
    if answers.versions:
        title = f"Explosive hazards along the border {answers.versions[-1].border.names}"
    else:
        title = f"Explosive hazards, {', '.join(sorted(answers.hazards['country'].unique()))}"
    parts = sections(answers)
    notice = fictional_notice(answers.hazards["register"])
    missing = missing_notice(answers.intakes)
    hazards, sides = answers.hazards, None
    if answers.versions:
        first = answers.versions[0]
        hazards, sides = hazards.assign(relation=first.relation["relation"]), first.sides
    facts = {name: words for story in answers.stories for name, words in story.facts.items()}
    drawn: dict[str, Any] = {
        "releases": answers.releases,
        "border": [version.border for version in answers.versions] or None,
        "title": title,
        "notice": missing,
    }
    layers = {key: frame for story in answers.stories for key, frame in story.layers.items()}
    page = hazard_map(
        hazards.assign(**facts), sides=sides, findings={**findings(answers), **layers}, columns=list(facts), **drawn
    )
    page.save(str(folder / "map.html"))
    sheets, told = _write_sheets(hazards, drawn, folder)
    report = render_report(
        answers, parts, title=title, notice=notice, dates=_dates(answers), headlines=said, sheets=sheets
    )
    (folder / "report.html").write_text(report, encoding="utf-8", newline="\n")
    return told


def _write_sheets(hazards: gpd.GeoDataFrame, drawn: dict[str, Any], folder: Path) -> tuple[list[str], list[str]]:
    """The map for those whose mail takes no page with a script: names of the files, or why there are none."""
    try:
        figure = hazard_figure(hazards, **drawn)
    except (FormatError, MapError) as error:  # no matplotlib, or no outline: the report is whole without
        return [], [f"There is no map.png and no map.pdf. {error}"]
    names = ["map.png", "map.pdf"]
    for name in names:
        figure.savefig(folder / name)
    return names, []


def _dates(answers: Answers) -> str:
    """How old the information is, by the dates that the records state."""
    import pandas as pd

    columns = [(answers.hazards, "date_of_information"), (answers.releases, "completed_on")]
    there = [frame[name] for frame, name in columns if frame is not None and name in frame.columns]
    # A date that lies ahead is a finding, and no age of anything.
    past = sorted(day for dates in there for day in dates.dropna() if day <= pd.Timestamp.now())
    if not past:
        return "No record states a date."
    records = len(answers.hazards) + (0 if answers.releases is None else len(answers.releases))
    undated = f", {records - len(past)} records without a usable date" if records > len(past) else ""
    newest, oldest = (str(day)[:10] for day in (past[-1], past[0]))
    return f"Newest record {newest}, oldest {oldest}{undated}."
