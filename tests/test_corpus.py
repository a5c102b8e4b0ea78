"""One file for each thing that is known to go wrong in registers, and what becomes of every record in it."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from pathlib import Path
from typing import Any

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


def verdict(found: Intake) -> dict[str, Any]:
    """What became of the records, in the words of a case."""
    findings = found.findings
    set_aside = findings[findings["severity"] == "quarantined"]
    others = findings[findings["severity"] != "quarantined"]
    named = {"(the file)": "file", "(no id)": "-"}
    return {
        "accepted": " ".join(map(str, sorted(found.records.index))),
        "quarantined": sorted(
            (named.get(r, r), rule) for r, rule in zip(set_aside["record"], set_aside["rule"], strict=True)
        ),
        "found": sorted({(named.get(r, r), rule) for r, rule in zip(others["record"], others["rule"], strict=True)}),
    }


@pytest.mark.parametrize("case", [one for one in ALL if not one.refused], ids=lambda one: one.name)
def test_what_becomes_of_every_record(case, tmp_path):
    file, found = taken(case, tmp_path)
    assert verdict(found) == {
        "accepted": case.accepted,
        "quarantined": sorted(case.quarantined),
        "found": sorted(case.found),
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
