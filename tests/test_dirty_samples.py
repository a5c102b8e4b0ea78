"""The dirty twins: every defect that was planted is found, nothing else is, and no record is lost.

``dirty_expected.csv`` is written by the tool that planted the defects, from shapes in a plane and by GEOS, before hazardgeo
has read a word of the files. Here the two are compared in both directions.
"""

import csv
import json
import struct
import zipfile

import numpy as np
import pytest
import shapely

import hazardgeo as hz
from hazardgeo.datasets import sample_folder
from hazardgeo.registers._compare import compare

SHEET, REGISTER, RELEASES = "bih_register_dirty.csv", "hrv_register_dirty.geojson", "hrv_releases_dirty.zip"
PROFILES = {SHEET: "bih_register_dirty.toml", RELEASES: "hrv_releases_dirty.toml"}
CLEAN = {"bih": ("bih_register.gpkg", "bih_releases.gpkg"), "hrv": ("hrv_register.geojson", "hrv_releases.geojson")}
FOLLOWS = "nothing was done to it; its hazard was lost, renamed or laid open"
FILES = (SHEET, REGISTER, RELEASES)
ALONE, COMPARED, WITH_COUNTRIES = "", "hazards", "countries"


def _intake(name, **options):
    profile = hz.sample_data(PROFILES[name]) if name in PROFILES else None
    return hz.intake(hz.sample_data(name), profile=profile, **options)


@pytest.fixture(scope="module")
def expected():
    with hz.sample_data("dirty_expected.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def alone():
    return {name: _intake(name) for name in FILES}


@pytest.fixture(scope="module")
def taken(alone):
    """Every file in the three ways in which it can be looked at."""
    countries = hz.borders.load("HRV", "BIH")
    register, releases = compare([alone[REGISTER], alone[RELEASES]])
    return {
        ALONE: alone,
        COMPARED: {SHEET: alone[SHEET], REGISTER: register, RELEASES: releases},
        WITH_COUNTRIES: {name: _intake(name, countries=countries) for name in FILES},
    }


@pytest.fixture(scope="module")
def clean():
    """What hazardgeo says of the clean registers: notes that the dirty ones inherit."""
    found = {}
    for way, options in ((ALONE, {}), (WITH_COUNTRIES, {"countries": hz.borders.load("HRV", "BIH")})):
        for code, names in CLEAN.items():
            both = compare([hz.intake(hz.sample_data(name), **options) for name in names])
            found[way, code] = {(r.record, r.rule) for one in both for r in one.findings.itertuples()}
    return found | {(COMPARED, code): found[ALONE, code] for code in CLEAN}


def _planned(expected, name, way):
    return {
        (int(one["row"]), one["record"], one["rule"])
        for one in expected
        if one["file"] == name and one["rule"] and one["needs"] in ("", way)
    }


def _touched(expected, name):
    return {int(one["row"]) for one in expected if one["file"] == name and one["done"] != FOLLOWS} - {0}


@pytest.mark.parametrize("way", [ALONE, COMPARED, WITH_COUNTRIES])
@pytest.mark.parametrize("name", FILES)
def test_what_was_planted_is_found_and_nothing_else(name, way, taken, expected, clean):
    found = {(int(one.row), one.record, one.rule) for one in taken[way][name].findings.itertuples()}
    inherited = clean[way, name[:3]]
    planned = _planned(expected, name, way)
    assert planned - found == set()
    assert {one for one in found - planned if one[1:] not in inherited} == set()
    # A note of the clean register goes only with a record that something was done to, or whose partner was.
    there = {record: i for i, record in enumerate(taken[way][name].ids)}
    touched = {record for row, record, _ in planned} | {
        one["record"] for one in expected if one["file"] == name and one["done"] != FOLLOWS
    }
    said = {one[1:] for one in found}
    gone = {one for one in inherited - said if one[0] in there and one[0] not in touched}
    assert {rule for _, rule in gone} <= {"outline-overlaps"}


def test_inherited_notes_are_only_notes(clean):
    severity = hz.rules().set_index("name")["severity"]
    assert {severity[rule] for found in clean.values() for _, rule in found} == {"note"}


@pytest.mark.parametrize("name", FILES)
def test_quarantine_is_what_was_planned(name, alone, expected):
    severity = hz.rules().set_index("name")["severity"]
    planned = {row for row, _, rule in _planned(expected, name, ALONE) if severity[rule] == "quarantined"}
    assert set(alone[name].quarantine.index) == planned
    assert len(alone[name].quarantine) == len(planned)


def _rows_of_sheet():
    with hz.sample_data(SHEET).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream, delimiter=";"))


def _ids_in_file(name):
    """Ids of all records by other means than hazardgeo's: csv, json, or the bytes of the table."""
    path = hz.sample_data(name)
    if name == SHEET:
        return [row[0] for row in _rows_of_sheet()[3:]]
    if name == REGISTER:
        collection = json.loads(path.read_text(encoding="utf-8"))
        return [feature["properties"]["hazard_id"] for feature in collection["features"]]
    with zipfile.ZipFile(path) as archive:
        table = archive.read("hrv_releases_dirty.dbf")
        index = archive.read("hrv_releases_dirty.shx")
    count, start, width = struct.unpack_from("<IHH", table, 4)
    assert len(index) == 100 + 8 * count  # as many shapes as rows
    first_column = table[32 + 16]  # width of the first column, the ids
    rows = [table[start + i * width : start + (i + 1) * width] for i in range(count)]
    return [row[1 : 1 + first_column].decode("ascii").rstrip() for row in rows]


@pytest.mark.parametrize("name", FILES)
def test_every_record_of_the_raw_file_is_accounted_for(name, alone):
    ids = _ids_in_file(name)
    one = alone[name]
    assert list(one.ids) == ids
    assert one.records_in == len(ids) == len(one.records) + len(one.quarantine)
    rows = sorted([row for kind in one.rows.values() for row in kind] + list(one.quarantine.index))
    first = 4 if name == SHEET else 1
    assert rows == list(range(first, first + len(ids)))


@pytest.mark.parametrize("name", FILES)
def test_most_records_are_as_they_were(name, alone, expected):
    """Real registers are mostly right: three quarters and more of the records have nothing done to them."""
    share = 1 - len(_touched(expected, name)) / alone[name].records_in
    assert 0.74 < share < 0.85


def _defective(expected, name, done):
    return len({int(one["row"]) for one in expected if one["file"] == name and one["done"] == done})


@pytest.mark.parametrize("name", FILES)
def test_the_commonest_defects_are_as_common_as_in_reality(name, alone, expected):
    """About 4 % without geometry and 3 % bow-ties."""
    count = alone[name].records_in
    assert 0.03 < _defective(expected, name, "no geometry") / count < 0.05
    assert 0.02 < _defective(expected, name, "two corners swapped (bow-tie)") / count < 0.04


PAIRS = ((SHEET, "hazards", CLEAN["bih"][0]), (SHEET, "releases", CLEAN["bih"][1]),
         (REGISTER, "hazards", CLEAN["hrv"][0]), (RELEASES, "releases", CLEAN["hrv"][1]))  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "clean_name"), PAIRS)
def test_untouched_records_say_what_the_clean_register_says(name, kind, clean_name, alone, expected):
    """Read from Bosnian words, cut names and text dates, or from a GeoPackage: the same values."""
    theirs, mine = hz.intake(hz.sample_data(clean_name)).records, alone[name].frames[kind]
    touched = _touched(expected, name)
    rows = dict(zip(mine.index, alone[name].rows[kind], strict=True))
    same = [record for record in mine.index if rows[record] not in touched]
    assert len(same) > 0.7 * len(theirs)
    mine, theirs = mine.loc[same], theirs.loc[same]
    words = ["register", "country", "source", "confidentiality"]
    words += ["classification", "work_status", "contamination", "geometry_kind"] if kind == "hazards" else ["kind"]
    dates = ["date_of_information"] if kind == "hazards" else ["started_on", "completed_on"]
    numbers = ["declared_area_m2"] + (["vertex_sd_m"] if kind == "hazards" else ["depth_m", "ap_mines", "uxo"])
    for column in words:
        assert mine[column].fillna("").tolist() == theirs[column].fillna("").tolist(), column
    for column in dates:
        assert mine[column].tolist() == theirs[column].tolist(), column
    for column in numbers:
        np.testing.assert_array_equal(*(f[column].to_numpy(dtype=float, na_value=np.nan) for f in (mine, theirs)))
    if kind == "releases":
        assert mine["hazard_id"].tolist() == theirs["hazard_id"].tolist()
    # Two decimals of a metre, or seven of a degree: a centimetre is 1.3e-7 of a degree here at most.
    apart = shapely.hausdorff_distance(mine.geometry.to_numpy(), theirs.geometry.to_numpy())
    assert apart.max() < 2e-7


def test_text_stays_text(alone):
    """What a spreadsheet would run and what a browser would run are passed on, letter by letter."""
    hazards, register = alone[SHEET].hazards, alone[REGISTER].hazards
    assert (hazards["Naziv lokacije"] == '=HYPERLINK("#A1";"klik")').sum() == 1
    markup = "<b onmouseover=alert(1)>Fiktivni šljivik</b> & {{ 7*7 }}"
    assert (hazards["Napomena"] == markup).sum() == 1
    assert (register["name"] == "{{ 7*7 }}<img src=x onerror=alert(1)>").sum() <= 1
    assert "<b onmouseover" not in alone[SHEET]._repr_html_()


def test_a_release_that_nobody_understands_is_never_released_land(alone, expected):
    """A word that is not known makes the row a hazard in the mixed sheet, and quarantines it where all rows are releases."""
    (name,) = {one["record"] for one in expected if one["done"] == "word for released ground that nobody knows"}
    assert alone[SHEET].hazards.loc[name, "classification"] == "unstated"
    assert name not in alone[SHEET].releases.index
    unknown = {one["record"] for one in expected if one["done"] == "way of release that is no word of the field"}
    assert len(unknown) == 2
    assert not unknown & set(alone[RELEASES].releases.index)


def test_the_class_that_is_not_stated_stays_unstated(alone, expected):
    empty = {int(one["row"]) for one in expected if one["file"] == SHEET and one["done"] == "no class"}
    rows = alone[SHEET].rows["hazards"]
    found = alone[SHEET].hazards["classification"][[row in empty for row in rows]]
    assert found.tolist() == ["unstated"] * 3


def test_the_strict_door_refuses_what_intake_sorts():
    with pytest.raises(hz.errors.SchemaError) as refused:
        hz.read_hazards(hz.sample_data(REGISTER))
    assert {"geometry-missing", "id-twice"} <= set(refused.value.problems["rule"])


def test_the_readme_lists_every_record_and_rule(expected):
    """One list made both: what a person reads is what the tests compare."""
    readme = (sample_folder() / "README.md").read_text(encoding="utf-8")
    for name in FILES:
        section = readme.split(f"### `{name}`")[1].split("\n### ")[0].split("\n## ")[0]
        lines = {line.split(" (")[0].removeprefix("| "): line for line in section.splitlines()}
        for one in expected:
            if one["file"] == name:
                line = lines[one["done"].split(" (")[0]]
                assert f"`{one['rule']}`" in line or not one["rule"]
                assert f"`{one['record'].replace(' ', '␣')}`" in line or one["row"] == "0"


def test_the_sheet_opens_in_a_spreadsheet():
    """Excel knows UTF-8 by its mark and takes 32,767 characters in a cell; all rows are equally long."""
    assert hz.sample_data(SHEET).read_bytes().startswith(b"\xef\xbb\xbfFIKTIVNO / FICTIONAL")
    rows = _rows_of_sheet()
    assert len({len(row) for row in rows}) == 1
    assert max(len(cell) for row in rows for cell in row) <= 32_767


def test_everything_is_fictional_and_says_so(alone):
    for one in alone.values():
        for frame in one.frames.values():
            assert set(frame["register"]) <= {"FICTIONAL-BIH", "FICTIONAL-HRV"}
            assert set(frame["source"]) == {"fictional"}
    assert "fictional" in hz.sample_data(PROFILES[SHEET]).read_text(encoding="utf-8").casefold()


def test_dirty_files_are_small():
    assert (
        sum(hz.sample_data(name).stat().st_size for name in (*FILES, *PROFILES.values(), "dirty_expected.csv")) < 1.5e6
    )
