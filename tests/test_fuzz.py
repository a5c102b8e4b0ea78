"""Flipped bits and cut ends: a file is refused in words, or every record of it is accounted for.

There are 1,000 damaged files for each format; HAZARDGEO_FUZZ sets another number, for a shorter run.
"""

from __future__ import annotations

import multiprocessing
import os
import re
from pathlib import Path

import pytest
from corpus.damage import COUNT, FORMATS, Outcome, damaged_file, outcomes
from corpus.raw_rows import csv_rows

NUMBERS = range(int(os.environ.get("HAZARDGEO_FUZZ", "1000")))
# What GDAL and Arrow do to a damaged file could end the process; there it ends one of its own.
APART = (".gdb", ".parquet")
NAMED = re.compile(r"/(register|copy)\.\w+: ")
# Words for records that are not there any more.
SAID = {"count-differs", "rows-in-cell", "row-broken", "no-records"}


def of_format(suffix: str, folder: Path) -> list[Outcome]:
    if suffix not in APART:
        return outcomes(suffix, NUMBERS, folder)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply_async(outcomes, (suffix, NUMBERS, folder)).get(timeout=300)


@pytest.mark.parametrize("suffix", FORMATS)
def test_damage_is_refused_in_words_or_accounted_for(tmp_path, suffix):
    found = of_format(suffix, tmp_path)
    assert [one for one in found if one.crash] == []
    read = [one for one in found if not one.refused]
    assert [
        one for one in read if one.records_in != one.accepted + one.quarantined or one.records_in != len(one.ids)
    ] == []
    if suffix == ".csv":
        # Rows that a cut took with it leave no trace in a CSV: those that are left are all there is to count.
        fewer = [one for one in read if one.records_in != len(csv_rows(damaged_file(suffix, one.number, tmp_path)))]
    else:
        fewer = [one for one in read if one.records_in < COUNT and not SAID & set(one.rules)]
    assert fewer == []
    assert [one.refused for one in found if one.refused and not NAMED.search(one.refused)] == []
    assert read, "no damaged file was read: the damage is too large to show anything"
