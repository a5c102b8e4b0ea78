"""The files beside the pages: tables for a spreadsheet, layers for a GIS."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting._tables._table import write_table
from hazardgeo.registers._account import gravest_first
from hazardgeo.registers._write import write_layers
from hazardgeo.report._answers import findings, known_columns
from hazardgeo.report._page import sections
from hazardgeo.report._two_sided import frames
from hazardgeo.schema import HAZARDS, RELEASES
from hazardgeo.storage import write_rows

if TYPE_CHECKING:
    import pandas as pd

    from hazardgeo.report._answers import Answers


def write_tables(answers: Answers, folder: Path) -> None:
    folder.mkdir()
    shutil.copyfile(Path(__file__).parent / "tables.txt", folder / "README.txt")
    _csv(answers.hazards[known_columns(answers.hazards, HAZARDS)], folder / "hazards.csv")
    if answers.releases is not None:
        _csv(answers.releases[known_columns(answers.releases, RELEASES)], folder / "releases.csv")
    _csv(gravest_first(answers.intakes).set_index("file"), folder / "findings.csv")
    _csv(answers.overlaps.drop(columns="geometry").set_index("hazard_a"), folder / "overlaps.csv")
    about = answers.hazards[["register", "country", "classification", "work_status"]]
    for version in answers.versions:
        key = version.key.lower()
        _csv(about.join(version.relation), folder / f"relation_{key}.csv")
        _csv(version.sides.join(about, on="hazard_id").set_index("hazard_id"), folder / f"sides_{key}.csv")
    for name, frame in frames(answers.beyond).items():
        _csv(frame, folder / f"{name}.csv")
    if answers.people is not None:
        _csv(answers.people.totals.set_index("zone"), folder / "people_near.csv")
        _csv(answers.people.by_hazard.set_index("hazard_id"), folder / "people_by_hazard.csv")
    if answers.ground is not None:
        about_ground = answers.ground.by_hazard.drop(columns="area_m2")  # as in hazards.csv
        _csv(about.join(about_ground), folder / "terrain.csv")
    if answers.programme is not None:
        write_table(answers.programme.figures, folder / "programme.csv")
    for i, table in enumerate((table for _, some in sections(answers) for table in some), start=1):
        write_table(table, folder / f"report_{i:02}_{_slug(table.caption)}.csv")


def _slug(text: str) -> str:
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in text.casefold()).split()
    return "_".join(words)[:50]


def _csv(table: pd.DataFrame, path: Path) -> None:
    table = table.reset_index()
    rows = [tuple(_cell(value) for value in row) for row in table.itertuples(index=False)]
    write_rows([tuple(map(str, table.columns)), *rows], path)


def _cell(value: Any) -> str:
    import pandas as pd

    if isinstance(value, pd.Timestamp):
        return str(value.date())
    return "" if pd.isna(value) else str(value)


def write_geopackage(answers: Answers, path: Path) -> None:
    hazards = answers.hazards[[*known_columns(answers.hazards, HAZARDS), "geometry"]]
    for version in answers.versions:
        hazards = hazards.assign(**{f"relation_{version.key.lower()}": version.relation["relation"]})
    layers = {"hazards": hazards}
    if answers.releases is not None:
        layers["releases"] = answers.releases[[*known_columns(answers.releases, RELEASES), "geometry"]]
    found = {name: frame.reset_index().rename_axis("row") for name, frame in findings(answers).items()}
    write_layers(layers | {name: frame.drop(columns="index", errors="ignore") for name, frame in found.items()}, path)
