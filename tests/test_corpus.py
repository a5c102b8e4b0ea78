"""One file for each thing that is known to go wrong in registers, and what becomes of every record in it."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from corpus import ALL, Case
from corpus.raw_rows import raw_rows

import hazardgeo as hz
from hazardgeo.cli import main
from hazardgeo.errors import HazardgeoError
from hazardgeo.registers import Intake

TODAY = datetime.date(2026, 6, 1)


def taken(case: Case, folder: Path) -> tuple[Path, Intake]:
    file = case.made(folder)
    return file, hz.intake(file, today=TODAY, **case.options)


def verdict(found: Intake) -> dict[str, list[str]]:
    """What became of the records, in the words of a case."""
    findings, severities = found.findings, found.findings["severity"] == "quarantined"
    return {
        "accepted": sorted(map(plain, found.records.index)),
        "quarantined": pairs(findings[severities]),
        "found": sorted(set(pairs(findings[~severities]))),
    }


def pairs(findings: pd.DataFrame) -> list[str]:
    return sorted(f"{plain(one.record)}:{one.rule}" for one in findings.itertuples())


def plain(record: str) -> str:
    """An id without blanks; the file and a record without an id have signs of their own."""
    return {"(the file)": "file", "(no id)": "-"}.get(record, record.replace(" ", "_"))


@pytest.mark.parametrize("case", [one for one in ALL if not one.refused], ids=lambda one: one.name)
def test_what_becomes_of_every_record(case, tmp_path):
    file, found = taken(case, tmp_path)
    assert verdict(found) == {
        "accepted": sorted(case.accepted.split()),
        "quarantined": sorted(case.quarantined),
        "found": sorted(case.found.split()),
    }
    rows = (case.raw_rows or raw_rows)(file)
    assert found.records_in == len(rows) == len(found.ids)
    assert found.records_in == len(found.records) + len(found.quarantine)
    came = Counter(cells_of(row) for row in rows)
    assert not Counter(cells_of(row) for row in found.quarantine.to_dict("records")) - came


def cells_of(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The cells of a row that hold something, as text; a shapefile cuts names to ten letters."""
    return tuple(
        sorted((name[:10], str(cell)) for name, cell in row.items() if name and cell not in (None, "") and cell == cell)
    )


@pytest.mark.parametrize("case", [one for one in ALL if one.refused], ids=lambda one: one.name)
def test_what_is_refused_and_why(case, tmp_path):
    file = case.made(tmp_path)
    with pytest.raises(HazardgeoError, match=case.refused) as refusal:
        hz.intake(file, today=TODAY, **case.options)
    assert Path(file).name in str(refusal.value)


# --- The command ---

SHOWN = {
    "id that reads 007": 0,
    "bow-tie": 1,
    "status that is empty": 1,
    "corner at longitude 0, latitude 0": 1,
    "ring around the pole": 1,
    "several sheets without a choice": 2,
    "description of another file, called .kml": 2,
}


def checked(capsys: pytest.CaptureFixture[str], *files: Path) -> tuple[int, list[dict[str, Any]], list[str]]:
    status = main(["check", "--json", *map(str, files)])
    said = capsys.readouterr()
    return status, [json.loads(line) for line in said.out.splitlines()], said.err.splitlines()


@pytest.mark.parametrize("name", SHOWN)
def test_the_command_says_the_same(tmp_path, capsys, name):
    case = next(one for one in ALL if one.name == name)
    file = case.made(tmp_path)
    status, objects, errors = checked(capsys, file)
    assert status == SHOWN[name]
    if status == 2:
        assert objects == []
        assert len(errors) == 1
        assert str(file) in errors[0]
        return
    (said,) = objects
    assert errors == []
    assert said["records_in"] == said["accepted"] + said["quarantined"] == len(said["ids"]) == len(raw_rows(file))
    pairs_said = {f"{plain(one['record'])}:{one['rule']}" for one in said["findings"]}
    assert pairs_said == {*case.quarantined, *case.found.split()}


def test_over_several_files_the_worst_wins_and_each_is_told(tmp_path, capsys):
    files = []
    for name in ("bow-tie", "several sheets without a choice", "id that reads 007"):
        folder = tmp_path / str(len(files))
        folder.mkdir()
        files.append(next(one for one in ALL if one.name == name).made(folder))
    status, objects, errors = checked(capsys, *files)
    assert status == 2
    assert [one["file"] for one in objects] == [str(files[0]), str(files[2])]
    assert len(errors) == 1
    assert str(files[1]) in errors[0]
