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
    """The cells of a row that hold something, as text."""
    return tuple(
        sorted((name, str(cell)) for name, cell in row.items() if name and cell not in (None, "") and cell == cell)
    )


@pytest.mark.parametrize("case", [one for one in ALL if one.refused], ids=lambda one: one.name)
def test_what_is_refused_and_why(case, tmp_path):
    file = case.made(tmp_path)
    with pytest.raises(HazardgeoError, match=case.refused) as refusal:
        hz.intake(file, today=TODAY, **case.options)
    assert Path(file).name in str(refusal.value)
