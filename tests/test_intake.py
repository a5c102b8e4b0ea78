"""Intake: whatever a file holds, every record of it is accounted for, and the usable ones go on."""

from __future__ import annotations

import csv
import datetime
import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from by_hand import hazards_of, meridian_border
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.cli import main
from hazardgeo.errors import FormatError, HazardgeoError, StorageError
from hazardgeo.registers import check_files

HEADER = ("hazard_id", "register", "country", "classification", "work_status", "wkt")
GOOD = {"hazard_id": "a", "register": "R", "country": "HRV", "classification": "SHA", "work_status": "open"}


def ewkt(i: int) -> str:
    """A square of 0.01° at a place of its own."""
    west, south = 16.00013 + i / 50, 45.00017
    return f"SRID=4326;{shapely.box(west, south, west + 0.01, south + 0.01).wkt}"


def table(path: Path, *rows: dict[str, str], header: tuple[str, ...] = ()) -> Path:
    """A CSV file; every row that states no outline gets a square of its own."""
    rows = tuple({"wkt": ewkt(i)} | row for i, row in enumerate(rows))
    names = header or tuple(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, names)
        out.writeheader()
        out.writerows(rows)
    return path


def csv_rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def rules_of(taken: hz.Intake) -> dict[str, set[str]]:
    return {str(record): set(some["rule"]) for record, some in taken.findings.groupby("record")}


def closes(taken: hz.Intake) -> bool:
    accepted = sum(len(frame) for frame in taken.frames.values())
    return taken.records_in == accepted + len(taken.quarantine) == len(taken.ids)


# --- one bad cell, one bad record --------------------------------------------------------------------------------


def test_one_bad_cell_never_costs_the_record(tmp_path):
    """Every cell but the id is unreadable, and the ground is still on the map, as of no known class."""
    bad = GOOD | {
        "register": "",
        "country": "Croatia",
        "classification": "minefield",
        "work_status": "?",
        "contamination": "mines",
        "date_of_information": "31.02.2024",
        "declared_area_m2": "1.234",
    }
    taken = hz.intake(table(tmp_path / "x.csv", bad))
    assert closes(taken)
    row = taken.records.iloc[0]
    assert row[["register", "country", "classification", "work_status"]].tolist() == ["unstated"] * 4
    assert row[["contamination", "date_of_information", "declared_area_m2"]].isna().all()
    assert sorted(taken.findings["rule"]) == [
        "code-unknown", "date-unreadable", "number-ambiguous", "term-unknown", "term-unknown", "term-unknown",
        "value-missing",
    ]  # fmt: skip
    assert set(taken.findings["severity"]) == {"serious"}
    assert row["work_status"] in hz.vocabulary.OPEN_STATUSES  # what is not known to be closed is open


def test_unstated_hazards_are_counted_as_open_and_apart(tmp_path):
    taken = hz.intake(table(tmp_path / "x.csv", GOOD, GOOD | {"hazard_id": "b", "classification": ""}))
    assert taken.records["classification"].tolist() == ["SHA", "unstated"]
    out = hz.write_report([tmp_path / "x.csv"], tmp_path / "out", source="osm", countries=["HRV", "BIH"])
    rows = csv_rows(out / "tables" / "report_01_open_ground_by_register_and_class.csv")
    assert [row[1:3] for row in rows[1:3]] == [
        ["Suspected hazardous area (SHA)", "1"],
        ["Class not stated", "1"],
    ]


def test_a_missing_column_is_one_finding_and_costs_no_record(tmp_path):
    taken = hz.intake(table(tmp_path / "x.csv", *({"hazard_id": str(i), "register": "R"} for i in range(5))))
    assert (len(taken.records), closes(taken)) == (5, True)
    assert taken.findings["rule"].tolist() == ["column-missing"] * 3
    assert set(taken.findings["row"]) == {0}


def test_a_column_of_ids_is_needed(tmp_path):
    taken = hz.intake(table(tmp_path / "x.csv", {"name": "a"}, {"name": "b"}))
    assert (len(taken.records), len(taken.quarantine), closes(taken)) == (0, 2, True)
    assert "id-missing" in set(taken.findings["rule"])


def test_the_quarantine_holds_the_rows_as_they_came(tmp_path):
    rows = [GOOD, GOOD | {"hazard_id": " b", "name": "=1+1", "wkt": ""}, {"hazard_id": "", "register": "R"}]
    taken = hz.intake(table(tmp_path / "x.csv", *rows))
    assert taken.quarantine.index.tolist() == [3, 4]
    assert taken.quarantine["hazard_id"].tolist() == [" b", ""]
    assert taken.quarantine["name"].tolist() == ["=1+1", ""]
    assert taken.ids == ("a", " b", "")


def test_a_record_that_lies_nowhere_costs_only_itself(tmp_path):
    """Latitude 95 is no place; where most records lie nowhere it is the CRS that is wrong, and nothing is usable."""
    nowhere = "SRID=4326;POLYGON((16 95,16.1 95,16.1 95.1,16 95))"
    few = [GOOD | {"hazard_id": str(i)} for i in range(4)] + [GOOD | {"hazard_id": "x", "wkt": nowhere}]
    taken = hz.intake(table(tmp_path / "few.csv", *few))
    assert (taken.records.index.tolist(), rules_of(taken)["x"]) == (["0", "1", "2", "3"], {"place-impossible"})
    most = [GOOD | {"hazard_id": str(i), "wkt": nowhere} for i in range(3)] + [GOOD]
    taken = hz.intake(table(tmp_path / "most.csv", *most))
    assert (len(taken.records), set(taken.findings["rule"]), closes(taken)) == (0, {"crs-refused"}, True)


cells = st.sampled_from(
    ["", " ", "SHA", "CHA", "open", "?", "1.234", "=1", "HRV", "2024-01-01", "POINT(1 1)", ewkt(0), "{{x}}"]
)


@given(rows=st.lists(st.lists(cells, min_size=6, max_size=6), max_size=8))
def test_the_account_always_closes(tmp_path_factory, rows):
    """Whatever stands in the cells; the rows are counted by the csv module."""
    path = tmp_path_factory.mktemp("any") / "x.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    there = [row for row in csv_rows(path) if any(cell.strip() for cell in row)]
    taken = hz.intake(path)
    assert taken.records_in == len(there) - 1
    assert closes(taken)


def test_a_slip_in_one_srid_costs_only_its_record(tmp_path):
    """One of eleven shapes says 4236 for 4326. Of two that differ, neither is the rule."""
    rows = [GOOD | {"hazard_id": str(i)} for i in range(10)] + [GOOD | {"wkt": ewkt(10).replace("4326", "4236")}]
    taken = hz.intake(table(tmp_path / "x.csv", *rows))
    assert (len(taken.records), taken.crs, rules_of(taken)) == (10, "EPSG:4326", {"a": {"crs-conflict"}})
    with pytest.raises(FormatError, match="several SRIDs"):
        hz.intake(table(tmp_path / "y.csv", *rows[9:]))


def test_the_id_of_a_feature_is_its_id(tmp_path):
    """RFC 7946 gives a feature its identifier as ``id``; that it was taken is a note."""
    feature = {
        "type": "Feature",
        "id": "A1",
        "properties": {name: value for name, value in GOOD.items() if name != "hazard_id"},
        "geometry": json.loads(shapely.to_geojson(shapely.from_wkt(ewkt(0)[10:]))),
    }
    path = tmp_path / "x.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, None]}), encoding="utf-8")
    taken = hz.intake(path)
    assert (taken.records.index.tolist(), taken.ids) == (["A1"], ("A1", ""))
    assert rules_of(taken)["(the file)"] == {"column-matched"}
    assert "id" not in taken.records.columns


# --- kinds -------------------------------------------------------------------------------------------------------


def mixed(path: Path) -> Path:
    return table(
        path,
        {"id": "1", "status": "SHA", "register": "R", "country": "HRV", "work_status": "open"},
        {"id": "2", "status": "Confirmed hazardous area", "register": "R", "country": "HRV", "work_status": "open"},
        {"id": "3", "status": "cleared", "register": "R", "country": "HRV", "depth_m": "0.2", "hazard_id": "1"},
        {"id": "4", "status": "Cancelled", "register": "R", "country": "HRV"},
        {"id": "5", "status": "destroyed", "register": "R", "country": "HRV", "work_status": "open"},
        {"id": "6", "status": "reduced", "register": "R", "country": "HRV", "wkt": ""},
        {"id": "6", "status": "SHA", "register": "R", "country": "HRV", "work_status": "open"},
    )


def test_a_mixed_sheet_is_divided_row_by_row(tmp_path):
    """A word that nobody knows is a hazard of no stated class: ground is never taken for released by a guess."""
    taken = hz.intake(mixed(tmp_path / "x.csv"))
    assert closes(taken)
    assert taken.hazards["classification"].to_dict() == {"1": "SHA", "2": "CHA", "5": "unstated", "6": "SHA"}
    assert taken.releases["kind"].to_dict() == {"3": "cleared", "4": "cancelled"}
    assert taken.releases["hazard_id"].fillna("").tolist() == ["1", ""]
    assert taken.records["record_kind"].tolist() == ["hazards"] * 4 + ["releases"] * 2
    assert taken.quarantine["status"].tolist() == ["reduced"]  # their word, not ours
    assert rules_of(taken)["4"] == {"link-missing"}
    assert rules_of(taken)["5"] == {"term-unknown"}
    assert "release-apart" in rules_of(taken)["3"]  # its square is not that of hazard 1


def test_the_kind_can_be_said_and_is_told_by_the_ids(tmp_path):
    release = {"release_id": "r", "hazard_id": "a", "register": "R", "country": "HRV", "kind": "reduced"}
    path = table(tmp_path / "r.csv", release)
    assert list(hz.intake(path).frames) == ["releases"]
    assert list(hz.intake(path, "hazards").frames) == ["hazards"]
    with pytest.raises(HazardgeoError, match="Use one of hazards, releases, points, depots, auto"):
        hz.intake(path, "minefields")
    with pytest.raises(HazardgeoError, match="holds releases, no hazards"):
        _ = hz.intake(path).hazards


def test_a_release_of_unknown_kind_is_not_used(tmp_path):
    """Released how? A wrong answer shows land as cleared that is not."""
    release = {"release_id": "r", "hazard_id": "a", "register": "R", "country": "HRV", "kind": "finished"}
    taken = hz.intake(table(tmp_path / "r.csv", release))
    assert (len(taken.records), rules_of(taken)) == (0, {"r": {"kind-unknown"}})


def test_points_and_depots(tmp_path):
    point = {
        "point_id": "p",
        "register": "R",
        "country": "HRV",
        "kind": "accident",
        "wkt": "SRID=4326;POINT(16.12345 45.12345)",
    }
    taken = hz.intake(table(tmp_path / "p.csv", point, point | {"point_id": "q", "wkt": ewkt(0)}))
    assert (taken.records.index.tolist(), rules_of(taken)) == (["p"], {"q": {"geometry-kind"}})
    assert taken.area_m2 == 0
    depot = {
        "depot_id": "d",
        "register": "R",
        "country": "KAZ",
        "net_explosive_quantity_kg": "1000",
        "hazard_division": "1.1",
    }
    depots = hz.intake(
        table(tmp_path / "d.csv", depot, depot | {"depot_id": "e", "wkt": "SRID=4326;POINT(70.1234 45.1234)"})
    )
    assert depots.records["net_explosive_quantity_kg"].tolist() == [1000, 1000]
    assert depots.records["hazard_division"].tolist() == ["1.1", "1.1"]
    assert depots.is_clean


# --- what the caller says ----------------------------------------------------------------------------------------


def test_thresholds_today_locale_and_countries(tmp_path):
    path = table(
        tmp_path / "x.csv",
        GOOD | {"country": "BBB", "date_of_information": "31.12.2025", "declared_area_m2": "875.700"},
        GOOD | {"hazard_id": "b", "country": "AAA", "date_of_information": "", "declared_area_m2": ""},
    )
    today = datetime.date(2025, 6, 1)
    near = hz.Thresholds(outside_m=1_000)
    said = {"today": today, "locale": "hr", "countries": meridian_border(), "thresholds": near}
    taken = hz.intake(path, **said)
    assert taken.records["declared_area_m2"].iloc[0] == 875_700  # an area as people of Croatia write it
    assert rules_of(taken) == {"a": {"date-in-future"}, "b": {"place-outside-country"}}
    assert rules_of(hz.intake(path, **said | {"today": datetime.date(2026, 1, 1)})) == {"b": {"place-outside-country"}}
    # Its west edge lies 0.02013° or 1.6 km from the country that ends at 16° E: with 5 km allowed it is not told.
    assert rules_of(hz.intake(path, **said | {"thresholds": None})) == {"a": {"date-in-future"}}


@pytest.mark.parametrize("worker", [False, True])
def test_countries_from_a_file(tmp_path, worker):
    """A border of ours, whose layer of countries is found; and any file with codes."""
    path = table(tmp_path / "x.csv", GOOD | {"country": "AAA"})
    border = meridian_border()
    near = hz.Thresholds(outside_m=10.0)
    frame = border.countries[["code", "geometry"]].set_index("code")
    for file in (hz.borders.write(border, tmp_path / "b.gpkg"), hz.write(frame, tmp_path / "c.geojson")):
        taken = hz.intake(path, countries=str(file), thresholds=near, worker=worker)
        assert rules_of(taken)["a"] == {"place-outside-country"}


def test_limits(tmp_path):
    path = table(tmp_path / "x.csv", GOOD, GOOD | {"hazard_id": "b", "source": "x" * 2000})
    with pytest.raises(FormatError, match="more than the limit of 100"):
        hz.intake(path, limits=hz.Limits(file_bytes=100))
    taken = hz.intake(path, limits=hz.Limits(vertices=4, cell_characters=1000))
    assert rules_of(taken) == {"a": {"limit-vertices"}, "b": {"limit-vertices", "limit-cell"}}
    assert closes(taken)
    kept = hz.intake(path, limits=hz.Limits(cell_characters=1000))
    assert kept.records["source"].isna().all()
    assert len(kept.records) == 2


def test_limits_of_archives(tmp_path):
    """20 MB of blanks pack to some twenty kilobytes: a thousand times smaller."""
    with zipfile.ZipFile(tmp_path / "x.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        kml = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>' + " " * 20_000_000 + "</Document></kml>"
        archive.writestr("doc.kml", kml)
    with pytest.raises(FormatError, match="times is the limit"):
        hz.intake(tmp_path / "x.kmz")
    with pytest.raises(FormatError, match="1,000,000 are the limit"):
        hz.intake(tmp_path / "x.kmz", limits=hz.Limits(archive_bytes=1_000_000))
    let_through = hz.intake(tmp_path / "x.kmz", limits=hz.Limits(archive_ratio=10_000), worker=True)
    assert let_through.records_in == 0


def test_arguments_that_cannot_be_used(tmp_path):
    path = table(tmp_path / "x.csv", GOOD)
    for said, words in (
        ({"checks": "some"}, "Use one of records, all"),
        ({"locale": "xx"}, "xx"),
        ({"profile": "nobody"}, "nobody"),
        ({"country": "Croatia"}, "three-letter"),
        ({"countries": gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)}, "column of codes"),
    ):
        with pytest.raises(HazardgeoError, match=words):
            hz.intake(path, **said)
    with pytest.raises(HazardgeoError, match="vertices is 0"):
        hz.Limits(vertices=0)
    with pytest.raises(HazardgeoError, match="edge_m is -1"):
        hz.Thresholds(edge_m=-1)


def test_checks_of_records_alone_leave_the_comparisons_out(tmp_path):
    path = table(tmp_path / "x.csv", GOOD | {"wkt": ewkt(0)}, GOOD | {"hazard_id": "b", "wkt": ewkt(0)})
    assert rules_of(hz.intake(path)) == {"b": {"outline-repeated"}}
    assert hz.intake(path, checks="records").is_clean


# --- how it shows itself -----------------------------------------------------------------------------------------


def test_it_says_what_became_of_every_record(tmp_path, capsys):
    taken = hz.intake(table(tmp_path / "<b>.csv", GOOD, GOOD | {"hazard_id": "b", "wkt": ""}))
    assert repr(taken).splitlines()[0].endswith("<b>.csv: 2 records = 1 hazard accepted + 1 quarantined.")
    assert "&lt;b&gt;.csv" in taken._repr_html_()
    assert "<b>.csv" not in taken._repr_html_()
    assert "geometry-missing" in taken._repr_html_()
    assert capsys.readouterr().err == ""  # progress is for those who look


def test_progress_speaks_on_a_terminal_only_and_wipes_its_line(monkeypatch):
    from hazardgeo.registers import _progress

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(_progress, "_PATIENCE_S", -1.0)
    for stream, speaks in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr("sys.stderr", stream)
        with _progress.steps("x.csv") as step:
            step("reading")
        assert ("x.csv: reading" in stream.getvalue()) is speaks
        assert not speaks or stream.getvalue().endswith("\r")


def test_the_worklist_is_a_sheet_of_texts(tmp_path):
    """Whatever a record says, nothing in the workbook is a formula or a link."""
    rows = [
        GOOD | {"hazard_id": "=1+1", "wkt": "", "name": '=HYPERLINK("http://127.0.0.1")'},
        GOOD | {"country": "Croatia"},
    ]
    taken = hz.intake(table(tmp_path / "x.csv", *rows))
    book = openpyxl.load_workbook(hz.write_worklist([taken], tmp_path / "w.xlsx"))
    assert book.sheetnames == ["Read me", "To do", "Quarantined"]
    todo = list(book["To do"].values)
    assert [row[:1] + row[2:4] for row in todo[1:]] == [("quarantined", 2, "=1+1"), ("serious", 3, "a")]
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type in "sn" and cell.hyperlink is None for cell in row)
    quarantined = list(book["Quarantined"].values)
    assert quarantined[1][quarantined[0].index("name")] == rows[0]["name"]
    again = tmp_path / "again.xlsx"
    taken.write_worklist(again)
    assert again.read_bytes() == (tmp_path / "w.xlsx").read_bytes()


def test_the_worklist_as_csv_and_its_refusals(tmp_path):
    taken = hz.intake(table(tmp_path / "x.csv", GOOD | {"hazard_id": "=1+1", "wkt": ""}, GOOD))
    rows = csv_rows(hz.write_worklist([taken], tmp_path / "w.csv"))
    assert (len(rows), rows[1][3]) == (2, "'=1+1")
    with pytest.raises(FormatError, match=r"\.xlsx or \.csv"):
        hz.write_worklist([taken], tmp_path / "w.pdf")


# --- in a process of its own -------------------------------------------------------------------------------------


def test_the_worker_gives_what_the_process_itself_gives(tmp_path):
    """Frames, dtypes, quarantine, findings: all come over as they are."""
    rows = [
        GOOD | {"date_of_information": "2024-02-29", "declared_area_m2": "875700.5", "name": "Šuma\n2"},
        GOOD | {"hazard_id": "b", "wkt": "", "declared_area_m2": "", "date_of_information": ""},
        GOOD | {"hazard_id": "c", "date_of_information": "?"},
    ]
    path = table(tmp_path / "x.csv", *rows)
    here, there = hz.intake(path), hz.intake(path, worker=True)
    assert_geodataframe_equal(here.records, there.records)
    pd.testing.assert_frame_equal(here.quarantine, there.quarantine)
    pd.testing.assert_frame_equal(here.findings, there.findings)
    assert (here.ids, here.rows, here.crs) == (there.ids, there.rows, there.crs)
    releases = hz.sample_data("bih_releases.gpkg")
    assert_geodataframe_equal(hz.intake(releases).records, hz.intake(releases, worker=True).records)
    with pytest.raises(FormatError, match="There is no file"):
        hz.intake(tmp_path / "none.csv", worker=True)
    with pytest.raises(FormatError, match=r"http://127\.0\.0\.1/x\.csv is an address"):
        hz.intake("http://127.0.0.1/x.csv", worker=True)


# --- the command -------------------------------------------------------------------------------------------------


def test_check_tells_the_account_and_the_worst_wins(tmp_path, capsys):
    good = table(tmp_path / "good.csv", GOOD | {"hazard_id": "g"})
    bad = table(tmp_path / "bad.csv", GOOD | {"wkt": ""})
    (tmp_path / "no.gpkg").write_text("no database")
    assert main(["check", str(good)]) == 0
    assert "Nothing was found." in capsys.readouterr().out
    assert main(["check", str(good), str(bad)]) == 1
    assert "a (row 2): It has no geometry. Add the outline." in capsys.readouterr().out
    assert main(["check", str(bad), str(tmp_path / "no.gpkg"), str(good)]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "no.gpkg" in said.err
    assert "good.csv: 1 record = 1 hazard accepted + 0 quarantined." in said.out


def test_check_as_json_has_one_object_for_each_file(tmp_path, capsys):
    """0.01° squares at 45° N: 788.5 m × 1111.4 m each, to half a per cent."""
    path = table(tmp_path / "x.csv", GOOD, GOOD | {"hazard_id": "b", "wkt": ""}, GOOD | {"hazard_id": " c"})
    other = table(tmp_path / "y.csv", GOOD)
    assert main(["check", str(path), str(other), "--json", "--worklist", str(tmp_path / "w.csv")]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert {key: first[key] for key in ("file", "records_in", "accepted", "quarantined", "ids", "crs")} == {
        "file": str(path), "records_in": 3, "accepted": 2, "quarantined": 1, "ids": ["a", "b", " c"], "crs": "EPSG:4326",
    }  # fmt: skip
    assert first["area_m2"] == pytest.approx(2 * 788.5 * 1111.4, rel=0.005)
    assert (
        first["findings"][0].items() >= {"record": "b", "rule": "geometry-missing", "severity": "quarantined"}.items()
    )
    assert {"message", "remedy"} <= set(first["findings"][0])
    assert (second["findings"], second["datum_operation"]) == ([], "none needed")
    assert (tmp_path / "w.csv").is_file()


def test_releases_are_compared_with_the_hazards_of_the_other_files(tmp_path):
    hazards = hz.write(hazards_of(shapely.from_wkt(ewkt(0)[10:]), country="HRV"), tmp_path / "h.gpkg")
    release = {"release_id": "r", "hazard_id": "h9", "register": "REG", "country": "HRV", "kind": "reduced"}
    releases = table(tmp_path / "r.csv", release)
    _, alone = hz.intake(hazards), hz.intake(releases)
    assert alone.is_clean
    together = check_files([hazards, releases])[1].taken
    assert "release-hazard-missing" in rules_of(together)["r"]
    assert together.findings["row"].tolist() == [2] * len(together.findings)


def test_the_rules_are_listed_with_their_sources(capsys):
    assert main(["rules"]) == 0
    text = capsys.readouterr().out
    assert all(f"  {name} (" in text for name in hz.rules()["name"])
    assert main(["rules", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(hz.rules())


def test_a_report_goes_on_and_accounts_for_every_record(tmp_path):
    path = table(
        tmp_path / "x.csv",
        GOOD | {"country": "BIH"},
        GOOD | {"country": "BIH", "hazard_id": "b", "wkt": ""},
        GOOD | {"hazard_id": "c", "country": "Croatia"},
    )
    out = hz.write_report([path], tmp_path / "out", source="osm", countries=["HRV", "BIH"])
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["accounts"] == [{"file": "x.csv", "records_in": 3, "accepted": 2, "quarantined": 1, "findings": 2}]
    assert manifest["headlines"][0].startswith("Of 3 records in 1 file, 2 are taken in and 1 is quarantined")
    assert "1 of 3 records of the registers is NOT on this map" in (out / "map.html").read_text(encoding="utf-8")
    found = pd.read_csv(out / "tables" / "findings.csv", encoding="utf-8-sig")
    assert found["record"].tolist() == ["b", "c"]
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "Records that are in no total and not on the map" in report


# --- what an adversary and a newcomer found ----------------------------------------------------------------------


def sample_with(tmp_path: Path, **columns: list[object]) -> Path:
    """The first three hazards of a sample register, with more columns."""
    frame = hz.read_hazards(hz.sample_data("bih_register.gpkg")).head(3)[
        ["register", "country", "classification", "work_status", "geometry"]
    ]
    return hz.write(frame.assign(**columns), tmp_path / "x.gpkg")


def test_a_word_in_a_remark_releases_nothing(tmp_path):
    """The columns of ours say what the records are; a plan, a history or a remark does not."""
    path = sample_with(tmp_path, planned=["Cleared", "CHA", None], previous_status=["cleared", "SHA", "SHA"])
    taken = hz.intake(path)
    assert list(taken.frames) == ["hazards"]
    assert "unstated" not in set(taken.records["classification"])


def test_two_columns_that_divide_a_sheet_are_not_chosen_between(tmp_path):
    row = {"register": "R", "country": "HRV", "work_status": "open"}
    path = table(
        tmp_path / "x.csv",
        {"id": "1", "before": "cleared", "now": "SHA"} | row,
        {"id": "2", "before": "SHA", "now": "cleared"} | row,
    )
    with pytest.raises(FormatError, match=r"several columns tell hazards from released land \('before', 'now'\)"):
        hz.intake(path)
    assert list(hz.intake(path, "hazards").frames) == ["hazards"]  # said by the caller


def test_one_missing_id_does_not_change_the_column_of_ids(tmp_path):
    row = {"register": "R", "country": "HRV"}
    path = table(
        tmp_path / "x.csv",
        {"id": "1", "hazard_id": "H1", "status": "SHA"} | row,
        {"id": "2", "hazard_id": "", "status": "CHA"} | row,
        {"id": "3", "hazard_id": "H1", "status": "cleared"} | row,
    )
    taken = hz.intake(path)
    assert taken.hazards.index.tolist() == ["H1"]
    assert (taken.releases.index.tolist(), taken.releases["hazard_id"].tolist()) == (["3"], ["H1"])
    assert taken.ids == ("H1", "", "3")


def test_a_remark_of_the_reader_never_hides_a_missing_outline(tmp_path):
    """A hidden row, a cell in error and a formula without its result each have a finding of their own."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([*HEADER, "declared_area_m2"])
    for i, area in enumerate((1, "#REF!", "=SUM(A1:A2)", 4)):
        sheet.append([f"h{i}", "R", "HRV", "SHA", "open", ewkt(i) if i == 0 else None, area])
    sheet.row_dimensions[5].hidden = True
    book.save(tmp_path / "x.xlsx")
    taken = hz.intake(tmp_path / "x.xlsx")
    assert taken.records.index.tolist() == ["h0"]
    assert all("geometry-missing" in rules_of(taken)[f"h{i}"] for i in (1, 2, 3))
    assert closes(taken)


def test_ids_that_a_spreadsheet_made_dates_are_not_ids(tmp_path):
    """3-1 typed into a sheet is the first of March; what stood there cannot be told."""
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for i, name in enumerate((datetime.date(2024, 3, 1), datetime.time(1, 2), "3-1")):
        book.active.append([name, "R", "HRV", "SHA", "open", ewkt(i)])
    book.save(tmp_path / "x.xlsx")
    taken = hz.intake(tmp_path / "x.xlsx")
    assert taken.records.index.tolist() == ["3-1"]
    assert set(taken.findings.loc[taken.findings["severity"] == "quarantined", "rule"]) == {"id-not-text"}


def test_a_worklist_never_replaces_what_was_checked(tmp_path, capsys):
    path = table(tmp_path / "x.csv", GOOD | {"wkt": ""})
    before = path.read_bytes()
    assert main(["check", str(path), "--worklist", str(tmp_path / "." / "x.csv")]) == 2
    assert "is one of the files to read; it is kept" in capsys.readouterr().err
    with pytest.raises(StorageError, match="it is kept"):
        hz.intake(path).write_worklist(path)
    assert path.read_bytes() == before


def test_the_report_accounts_for_points_and_for_files_of_one_name(tmp_path):
    """Two registers of one name, each with a record in quarantine, and a file of points that a report does not show."""
    files = []
    for i, (folder, code) in enumerate((("bih", "BIH"), ("hrv", "BIH"))):
        (tmp_path / folder).mkdir()
        rows = [GOOD | {"hazard_id": f"{folder}-{k}", "register": folder, "country": code} for k in range(2)]
        rows[0]["wkt"], rows[1]["wkt"] = ewkt(i), ""
        files.append(table(tmp_path / folder / "register.csv", *rows))
    point = {
        "point_id": "p",
        "register": "R",
        "country": "BIH",
        "kind": "place",
        "wkt": "SRID=4326;POINT(16.12345 45.12345)",
    }
    files.append(table(tmp_path / "points.csv", point))
    out = hz.write_report(files, tmp_path / "out", source="osm", countries=["HRV", "BIH"])
    tables = {path.name[10:]: csv_rows(path) for path in (out / "tables").glob("report_*.csv")}
    account = [row[1:6] for row in tables["the_account_of_every_record.csv"][1:]]
    assert account == [
        ["2", "1", "0", "0", "1"],
        ["2", "1", "0", "0", "1"],
        ["1", "0", "0", "1", "0"],
        ["5", "2", "0", "1", "2"],
    ]
    missing = tables["records_that_are_in_no_total_and_not_on_the_map.csv"][1:]
    assert [(row[0], row[1].replace("\\", "/")) for row in missing] == [
        ("bih-1", "bih/register.csv"),
        ("hrv-1", "hrv/register.csv"),
    ]
    headline = json.loads((out / "manifest.json").read_bytes())["headlines"][0]
    assert "1 point or depot among them stand in no table" in headline


def test_serious_findings_about_records_in_quarantine_are_not_about_records_in_use(tmp_path):
    rows = [GOOD | {"country": "BIH"}, GOOD | {"hazard_id": "b", "country": "?", "wkt": ""}]
    out = hz.write_report([table(tmp_path / "x.csv", *rows)], tmp_path / "out", source="osm", countries=["HRV", "BIH"])
    assert "Serious" not in json.loads((out / "manifest.json").read_bytes())["headlines"][0]


def test_check_tells_ground_by_kind(tmp_path, capsys):
    """A sheet of hazards and releases has no one ground."""
    main(["check", str(mixed(tmp_path / "x.csv"))])
    text = capsys.readouterr().out
    assert "Ground of the hazards, counted once, closed ones included: " in text
    assert "Ground of the releases, counted once: " in text


def test_a_column_called_kind_beside_a_status_hides_nothing(tmp_path):
    """Their `kind` is of mines; it is the status that tells hazards from released land."""
    row = {"register": "R", "country": "HRV", "kind": "AP"}
    path = table(tmp_path / "x.csv", {"id": "1", "status": "SHA"} | row, {"id": "2", "status": "cleared"} | row)
    taken = hz.intake(path)
    assert (taken.hazards.index.tolist(), taken.releases.index.tolist()) == (["1"], ["2"])


def test_a_route_by_a_column_that_is_not_there_is_told(tmp_path):
    profile = tmp_path / "p.toml"
    profile.write_text('[route]\ncolumn = "Vrsta"\n[route.hazards]\nS = "SHA"\n[route.releases]\nO = "cleared"\n')
    with pytest.raises(FormatError, match=r"x\.csv: has no column 'Vrsta', by which the profile divides it"):
        hz.intake(table(tmp_path / "x.csv", GOOD), profile=profile)
    assert hz.intake(table(tmp_path / "empty.csv", header=HEADER), profile=profile).records_in == 0
