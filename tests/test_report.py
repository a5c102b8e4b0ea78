"""The main job end to end, through the function and through the command, on the fictional registers."""

from __future__ import annotations

import csv
import json
import math
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from by_hand import hazards_of

import hazardgeo as hz
from hazardgeo.cli import COULD_NOT, INTERRUPTED, OK, main
from hazardgeo.errors import FormatError, StorageError
from hazardgeo.storage import sha256

HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)>"
SQUARE = shapely.box(16, 45, 16.01, 45.01)


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    return hz.write_demo(tmp_path_factory.mktemp("demo") / "out")


class Page(HTMLParser):
    """Tags and text of a page, by a real parser."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_demo_has_map_report_tables_and_a_manifest_that_fits(demo):
    manifest = json.loads((demo / "manifest.json").read_text(encoding="utf-8"))
    files = {f.relative_to(demo).as_posix() for f in demo.rglob("*") if f.is_file()} - {"manifest.json"}
    assert (
        set(manifest["outputs"])
        == files
        >= {"map.html", "map.png", "map.pdf", "report.html", "hazards.gpkg", "tables/hazards.csv"}
    )
    assert all(sha256(demo / name) == digest for name, digest in manifest["outputs"].items())
    for entry in manifest["inputs"]:
        assert sha256(hz.sample_data(entry["file"])) == entry["sha256"]
    assert len(manifest["borders"]) == 3


def test_every_record_is_in_the_tables_and_the_geopackage_or_in_the_findings(demo):
    """Of the rows of the sheet (below two lines of title and the names) and the features of the GeoJSON, counted by
    themselves, every one is a hazard, a release or quarantined with its reason.
    """
    sheet = list(
        csv.reader(hz.sample_data("bih_register_dirty.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    )
    features = json.loads(hz.sample_data("hrv_register_dirty.geojson").read_text(encoding="utf-8"))["features"]
    tables = {
        name: pd.read_csv(demo / f"tables/{name}.csv", encoding="utf-8-sig")
        for name in ("hazards", "releases", "findings")
    }
    accounts = {account["file"]: account for account in json.loads((demo / "manifest.json").read_bytes())["accounts"]}
    assert accounts["bih_register_dirty.csv"]["records_in"] == len(sheet) - 3
    assert accounts["hrv_register_dirty.geojson"]["records_in"] == len(features)
    bad = tables["findings"][tables["findings"]["severity"] == "quarantined"].drop_duplicates(["file", "row"])
    total = sum(account["records_in"] for account in accounts.values())
    assert total == len(tables["hazards"]) + len(tables["releases"]) + len(bad)
    own = tables["hazards"][tables["hazards"]["register"] == "FICTIONAL-HRV"]
    ids = Counter(feature["properties"]["hazard_id"] or "(no id)" for feature in features)
    aside = Counter(bad.loc[bad["file"] == "hrv_register_dirty.geojson", "record"])
    assert Counter(own["source_id"]) + aside == ids
    in_qgis = gpd.read_file(demo / "hazards.gpkg", layer="hazards")
    assert set(in_qgis["hazard_id"]) == set(tables["hazards"]["hazard_id"])
    for path in (demo / "tables").glob("relation_*.csv"):
        assert set(pd.read_csv(path, encoding="utf-8-sig")["hazard_id"]) == set(in_qgis["hazard_id"])


def test_numbers_reconcile(demo):
    """Sides of each hazard sum to its area; the four words cover all records; all four appear with the demarcated line."""
    areas = pd.read_csv(demo / "tables/hazards.csv", encoding="utf-8-sig").set_index("hazard_id")["area_m2"]
    for path in (demo / "tables").glob("sides_*.csv"):
        sides = pd.read_csv(path, encoding="utf-8-sig")
        for name, rows in sides.groupby("hazard_id"):
            assert math.fsum(rows["area_m2"]) == pytest.approx(areas[name], rel=1e-9)
    own = pd.read_csv(demo / "tables/relation_a.csv", encoding="utf-8-sig")
    assert set(own["relation"]) == {"crossing", "indeterminate", "near", "away"}
    (path,) = (demo / "tables").glob("report_*_open_ground_that_*.csv")
    net = pd.read_csv(path, encoding="utf-8-sig").set_index("Register")["km² counted once"]
    once = net["FICTIONAL-BIH"] + net["FICTIONAL-HRV"] - net["in both registers"]
    assert once == pytest.approx(net["counted once"], abs=1e-6)


def test_the_reports_tables_are_files_and_tell_what_the_record_tables_tell(demo):
    """Counts by word and ground by side, from the tables of single records, open ones only."""
    tables = {
        path.name[10:]: pd.read_csv(path, encoding="utf-8-sig") for path in (demo / "tables").glob("report_*.csv")
    }
    page = Page((demo / "report.html").read_text(encoding="utf-8"))
    assert len(tables) == sum(tag == "table" for tag, _ in page.tags)
    relation = pd.read_csv(demo / "tables/relation_b.csv", encoding="utf-8-sig")
    is_open = relation["work_status"].isin(hz.vocabulary.OPEN_STATUSES)
    printed = tables["open_hazards_by_relation_to_the_border.csv"].set_index("Relation").iloc[:, 1]
    for word, label in (
        ("crossing", "Crossing"),
        ("indeterminate", "Indeterminate"),
        ("near", "Near"),
        ("away", "Away"),
    ):
        assert printed[label] == (relation.loc[is_open, "relation"] == word).sum()
    sides = pd.read_csv(demo / "tables/sides_b.csv", encoding="utf-8-sig")
    sides = sides[sides["work_status"].isin(hz.vocabulary.OPEN_STATUSES)]
    (name,) = (name for name in tables if "by_side_version_b" in name)
    for side, code in (("Croatia (HRV)", "HRV"), ("Bosnia and Herzegovina (BIH)", "BIH")):
        best = tables[name].set_index("Side").loc[side, "km² best"]
        assert best == pytest.approx(math.fsum(sides.loc[sides["side"] == code, "area_m2"]) / 1e6, abs=1e-6)


@pytest.fixture(scope="module")
def caucasus(tmp_path_factory) -> Path:
    return hz.write_demo(tmp_path_factory.mktemp("region") / "out", region="south_caucasus")


def test_a_region_is_asked_as_a_whole(caucasus):
    """Three registers: an outline that ends at a line is one finding, however many other registers there are."""
    manifest = json.loads((caucasus / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["borders"][0]["countries"] == ["ARM", "AZE", "GEO"]
    ends = pd.read_csv(caucasus / "tables" / "continuations.csv", keep_default_na=False)
    alone = ends[ends["kind"] == "nothing_opposite"]
    who = alone["hazard_a"].where(alone["hazard_a"] != "", alone["hazard_b"])
    assert len(alone)
    assert not who.duplicated().any()
    layers = set(gpd.list_layers(caucasus / "hazards.gpkg")["name"])
    drawn = {"hazards", "releases", "conflicts", "overlaps", "continuations", "frontage", "joint_tasks"}
    assert layers == drawn | {"layer_styles"}
    text = Page((caucasus / "report.html").read_text(encoding="utf-8")).text
    assert "Open ground by side, over all versions" in text


def test_the_range_over_all_versions_spans_that_of_each(caucasus):
    paths = sorted((caucasus / "tables").glob("report_*.csv"))
    tables = {path.name.split("_", 2)[2]: pd.read_csv(path) for path in paths}
    each = [table.set_index("Side") for name, table in tables.items() if name.startswith("open_ground_by_side_version")]
    (over,) = [table.set_index("Side") for name, table in tables.items() if "over_all_versions" in name]
    assert len(each) == 2
    for side in over.index:
        own = [table.loc[side] for table in each if side in table.index]
        assert over.loc[side, "km² low"] <= min(row["km² low"] for row in own) + 1e-9
        assert over.loc[side, "km² high"] >= max(row["km² high"] for row in own) - 1e-9
        assert over.loc[side, "km² best"] == pytest.approx(each[0].loc[side, "km² best"])


def test_headlines_of_many_registers_stay_few(caucasus):
    lines = json.loads((caucasus / "manifest.json").read_text(encoding="utf-8"))["headlines"]
    assert len(lines) < 16
    assert lines[0].startswith("CONFLICT: ")  # it outranks all else
    assert len(set(lines)) == len(lines)


def test_a_record_that_lies_in_the_neighbours_country_is_told(tmp_path):
    """Recorded by HRV, 5 km inside BIH; its own line is known to some hundreds of metres by one version, to 3 km by the other."""
    where = shapely.box(16.9, 44.6, 16.903, 44.603)
    hz.write(hazards_of(where, country="HRV", register="HRV-R", work_status="open"), tmp_path / "hrv.geojson")
    hz.write(hazards_of(shapely.box(17, 44.5, 17.003, 44.503), country="BIH", register="BIH-R", work_status="open"),
             tmp_path / "bih.geojson")  # fmt: skip
    out = hz.write_report([tmp_path / "hrv.geojson", tmp_path / "bih.geojson"], tmp_path / "out")
    (table,) = [pd.read_csv(path) for path in (out / "tables").glob("report_*recorded_by_one_country*.csv")]
    assert table["Hazard"].unique().tolist() == ["HRV-R/h0"]
    assert set(table["By version"]) == {"A", "B"}
    assert set(table["Lies in"]) == {"BIH"}


def test_the_demo_of_southeast_europe_ranks_its_hazards(tmp_path):
    """Each score is the sum of its contributions, each the scaled value times the weight; all hazards are in the list."""
    out = hz.write_demo(tmp_path / "out", region="southeast_europe")
    table = pd.read_csv(out / "tables/priority.csv", encoding="utf-8-sig")
    hazards = pd.read_csv(out / "tables/hazards.csv", encoding="utf-8-sig")
    assert sorted(table["hazard_id"]) == sorted(hazards["hazard_id"])
    names = [name.removesuffix("_contribution") for name in table if name.endswith("_contribution")]
    assert len(names) == 4
    parts = [table[f"{name}_scaled"] * table[f"{name}_weight"] for name in names]
    ranked = table["listed"] == "ranked"
    assert sum(parts)[ranked].tolist() == pytest.approx(table["score"][ranked].tolist(), abs=1e-12)
    assert set(table["listed"]) == {"ranked", "as a range", "apart"}
    assert set(hazards.set_index("hazard_id").loc[table["hazard_id"][table["listed"] == "apart"], "work_status"]) <= {
        "closed",
        "handed_over",
    }
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "Weights and places are fictional." in report
    page = (out / "map.html").read_text(encoding="utf-8")
    still = hazards["country"].isin(["BIH", "HRV"]) & ~hazards["work_status"].isin(["closed", "handed_over"])
    assert "People within 1 km" in page
    assert page.count(" Fictional.") == still.sum()  # in the popup of each
    inputs = [one["file"] for one in json.loads((out / "manifest.json").read_text(encoding="utf-8"))["inputs"]]
    assert "southeast_europe_places.geojson" in inputs


def test_no_such_region_is_refused_by_its_name(tmp_path):
    with pytest.raises(FormatError, match=r"no region 'balkans'.*southeast_europe, central_asia, south_caucasus"):
        hz.write_demo(tmp_path / "out", region="balkans")


def test_the_demo_tells_the_programme_of_2003_to_2006(demo):
    """Published: 1.74 km² (0.67 mi²), more than 2,700 mines, 536 UXO, EUR 2.85 million = US$ 4,151,000, hence 1.4565 USD/EUR."""
    table = pd.read_csv(demo / "tables/programme.csv", encoding="utf-8-sig")
    assert list(table.columns) == ["quantity", "value", "unit", "source"]
    published = table[table["source"].str.startswith("as published")].set_index("unit")["value"]
    assert published.to_dict() == {
        "km²": 1.74,
        "mi²": 0.67,
        "mines": 2700,
        "items": 536,
        "EUR": 2_850_000,
        "USD": 4_151_000,
    }
    assert table.loc[table["unit"] == "USD/EUR", "value"].round(4).tolist() == [1.4565]
    fictional = table[table["source"].str.startswith("fictional")]
    states = fictional[fictional["quantity"].str.match(r"area cleared, .*\([A-Z]{3}\)$")]
    assert states["value"].sum() == pytest.approx(1_740_000, abs=0.5)
    assert len(states) == 4
    text = Page((demo / "report.html").read_text(encoding="utf-8")).text
    assert "A programme in figures" in text
    assert "FICTIONAL split" in text
    headlines = json.loads((demo / "manifest.json").read_text(encoding="utf-8"))["headlines"]
    assert "1.74 km² = 0.67 mi² cleared" in headlines[-1]


def test_land_release_is_in_the_report_where_releases_have_dates(demo, tmp_path):
    """R1 to R3 once; the total of R1 is what R3 reports for the last year, as files tell them."""
    tables = {path.name[10:]: path for path in (demo / "tables").glob("report_*.csv")}
    found = [next(path for name, path in tables.items() if name.startswith(start))
             for start in ("recorded_contamination_on", "land_released_to", "balance_of_recorded_ground_2021")]  # fmt: skip
    assert "Land release" in Page((demo / "report.html").read_text(encoding="utf-8")).text
    done = pd.read_csv(found[1], encoding="utf-8-sig").set_index("State")
    kinds = ["Cancelled km²", "Reduced km²", "Cleared km²"]
    assert done.loc["Total", kinds].sum() == pytest.approx(done.loc["Total", "Total km²"], abs=1e-6)
    assert done.drop(index="Total")[kinds].sum().to_numpy() == pytest.approx(
        done.loc["Total", kinds].to_numpy(dtype=float), abs=1e-6
    )
    undated = hz.read_releases(hz.sample_data("hrv_releases.geojson")).drop(columns=["started_on", "completed_on"])
    hz.write(undated, tmp_path / "r.geojson")
    out = hz.write_report([hz.sample_data("hrv_register.geojson")], tmp_path / "out", releases=[tmp_path / "r.geojson"])
    assert not list((out / "tables").glob("report_*_recorded_contamination*"))


def test_no_heading_of_a_table_looks_like_a_formula(demo):
    """A heading that began with a sign would stand in the file with the mark of a text in front."""
    for path in (demo / "tables").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            assert not any(cell.startswith("'") for cell in next(csv.reader(stream))), path.name


def test_report_page_asks_nothing_runs_nothing_and_says_fictional(demo):
    page = Page((demo / "report.html").read_text(encoding="utf-8"))
    assert not [tag for tag, _ in page.tags if tag in ("script", "img", "link", "iframe", "object", "form")]
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") or name == "src" for name in attrs)]
    assert {attrs["href"] for _, attrs in page.tags if "href" in attrs} == {
        "map.html",
        "map.png",
        "map.pdf",
        "tables/README.txt",
    }
    assert "FICTIONAL DATA" in page.text
    assert "not thereby known to be safe" in " ".join(page.text.split())
    assert "© OpenStreetMap contributors, ODbL" in page.text


def test_tables_carry_no_column_that_the_schema_does_not_know(demo):
    for name in ("hazards", "releases"):
        columns = pd.read_csv(demo / f"tables/{name}.csv", encoding="utf-8-sig", nrows=1).columns
        assert not {"name", "keeper", "reported_by"} & set(columns)


def test_equal_runs_are_equal_bytes_and_the_demo_replaces_itself(demo, tmp_path):
    again = hz.write_demo(tmp_path / "out")
    for file in demo.rglob("*"):
        if file.is_file():
            assert file.read_bytes() == (again / file.relative_to(demo)).read_bytes(), file.name
    assert hz.write_demo(again) == again


def test_hostile_text_is_shown_as_it_stands(tmp_path):
    """A register, an organisation and an id that try to be HTML, a template and a formula."""
    frame = hazards_of(SQUARE, SQUARE, register=HOSTILE)
    frame.index = pd.Index([HOSTILE, "=1+1"], name="hazard_id", dtype=object)
    out = hz.write_report([hz.write(frame, tmp_path / "x.gpkg")], tmp_path / "out")
    page = Page((out / "report.html").read_text(encoding="utf-8"))
    assert HOSTILE in page.text
    assert "img" not in {tag for tag, _ in page.tags}
    table = pd.read_csv(out / "tables/hazards.csv", encoding="utf-8-sig")
    assert f"{HOSTILE}/{HOSTILE}" in set(table["hazard_id"])
    assert set(table["source_id"]) == {HOSTILE, "'=1+1"}


def test_a_carriage_return_in_a_cell_starts_no_row(tmp_path):
    path = hz.write(hazards_of(SQUARE, SQUARE, source="map 4\r=1+1"), tmp_path / "x.gpkg")
    out = hz.write_report([path], tmp_path / "out")
    table = pd.read_csv(out / "tables/hazards.csv", encoding="utf-8-sig")
    assert table["hazard_id"].tolist() == ["REG/h0", "REG/h1"]


def test_one_register_alone_is_reported_without_a_border(tmp_path, capsys):
    path = hz.write(hazards_of(SQUARE), tmp_path / "x.gpkg")
    assert main(["report", str(path), "--out", str(tmp_path / "out")]) == OK
    assert "alone, so no embedded border was asked" in (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "map.html" in capsys.readouterr().out


def test_the_map_on_paper_stands_beside_it_or_one_line_says_why_not(tmp_path, capsys, monkeypatch):
    path = str(hz.write(hazards_of(SQUARE), tmp_path / "x.gpkg"))
    empty = str(hz.write(hazards_of(SQUARE).iloc[:0], tmp_path / "empty.gpkg"))
    assert main(["report", path, "--out", str(tmp_path / "out")]) == OK
    assert "map.pdf" in capsys.readouterr().out
    assert (tmp_path / "out/map.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "out/map.pdf").read_bytes().startswith(b"%PDF")
    assert main(["report", empty, "--out", str(tmp_path / "empty")]) == OK
    assert "There is no map.png and no map.pdf. No record has an outline" in capsys.readouterr().out
    monkeypatch.setitem(sys.modules, "hazardgeo.maps._figure_sheet", None)  # as where matplotlib is not installed
    assert main(["report", path, "--out", str(tmp_path / "plain")]) == OK
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "map.pdf" in line]
    assert 'pip install "hazardgeo[plot]"' in line
    assert {file.name for file in (tmp_path / "out").iterdir()} - {file.name for file in (tmp_path / "plain").iterdir()} == {
        "map.png", "map.pdf"
    }  # fmt: skip
    assert "map.pdf" not in (tmp_path / "plain/report.html").read_text(encoding="utf-8").replace("no map.pdf", "")


def test_command_asks_one_version_when_told(tmp_path):
    files = [str(hz.sample_data(name)) for name in ("bih_register.gpkg", "hrv_register.geojson")]
    out = tmp_path / "out"
    assert main(["report", *files, "--source", "natural_earth", "--out", str(out)]) == OK
    assert len(json.loads((out / "manifest.json").read_text(encoding="utf-8"))["borders"]) == 1


def test_countries_that_no_set_holds_do_not_refuse_the_rest(tmp_path):
    """HRV and BIH are asked, Greece is said to be in no set with them; three registers, whatever their names."""
    frames = [
        hazards_of(shapely.box(x, 45.2, x + 0.01, 45.21), register=name).assign(country=country)
        for x, name, country in ((16.0, "Центр А", "HRV"), (16.005, "Центр Б", "BIH"), (16.007, "Центр В", "GRC"))
    ]
    files = [hz.write(frame, tmp_path / f"{i}.gpkg") for i, frame in enumerate(frames)]
    out = hz.write_report(files, tmp_path / "out")
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "GRC is in no embedded set with them" in page
    assert len(list((out / "tables").glob("report_*_open_ground_that_*.csv"))) == 3
    alone = hz.write_report([files[2]], tmp_path / "alone", countries=["HRV", "BIH"])
    assert len(json.loads((alone / "manifest.json").read_text(encoding="utf-8"))["borders"]) == 2


def test_faults_of_all_files_come_together_and_in_full(tmp_path, capsys):
    files = []
    for name in ("one.csv", "two.csv"):
        rows = "".join(f'h{i},R,HRV,SHA,open,"none {i}"\n' for i in range(30))
        files.append(tmp_path / name)
        files[-1].write_text(f"hazard_id,register,country,classification,work_status,wkt\n{rows}", encoding="utf-8")
    assert main(["report", *map(str, files), "--out", str(tmp_path / "out")]) == COULD_NOT
    message = capsys.readouterr().err
    assert message.count("'none ") == 60
    assert "one.csv" in message
    assert "two.csv" in message


def test_what_the_user_put_into_a_report_is_kept(tmp_path, capsys):
    path = hz.write(hazards_of(SQUARE), tmp_path / "x.gpkg")
    out = hz.write_report([path], tmp_path / "out")
    (out / "my-notes.txt").write_text("mine")
    assert main(["report", str(path), "--out", str(out), "--overwrite"]) == COULD_NOT
    assert "my-notes.txt" in capsys.readouterr().err
    assert (out / "my-notes.txt").read_text() == "mine"


def test_columns_left_out_are_named(demo):
    """Those of a sheet in the language of its office too."""
    text = " ".join(Page((demo / "report.html").read_text(encoding="utf-8")).text.split())
    assert "they may name people: Kraj radova, Metoda, Napomena" in text
    assert "Tim, keeper, municipality, name, reported_by." in text


def test_existing_folders_are_kept(tmp_path, capsys):
    path = str(hz.write(hazards_of(SQUARE), tmp_path / "x.gpkg"))
    out = tmp_path / "out"
    assert main(["report", path, "--out", str(out)]) == OK
    before = (out / "manifest.json").read_bytes()
    assert main(["report", path, "--out", str(out)]) == COULD_NOT
    assert "--overwrite" in capsys.readouterr().err
    assert main(["report", path, "--out", str(out), "--overwrite"]) == OK
    assert (out / "manifest.json").read_bytes() == before
    assert main(["demo", "--out", str(out)]) == COULD_NOT  # a report is not the demo's to replace
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    assert main(["report", path, "--out", str(mine), "--overwrite"]) == COULD_NOT
    assert "was not made by hazardgeo" in capsys.readouterr().err
    assert [file.name for file in mine.iterdir()] == ["thesis.txt"]


BAD = {
    "missing CRS": (
        "hazard_id,register,country,classification,work_status,wkt\na,R,HRV,SHA,open,{wkt}\n",
        "names no CRS",
    ),
    "bow-tie": (
        "hazard_id,register,country,classification,work_status,wkt\n"
        'tie,R,HRV,SHA,open,"SRID=4326;POLYGON((0 0,1 1,1 0,0 1,0 0))"\n',
        "tie (row 2): Its outline is not valid",
    ),
    "id twice": (
        "hazard_id,register,country,classification,work_status,wkt\n"
        "a,R,HRV,SHA,open,SRID=4326;{wkt}\na,R,HRV,CHA,open,SRID=4326;{wkt}\n",
        "is used by 2 records (rows 2 and 3)",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_get_a_plain_message_and_leave_nothing(name, tmp_path, capsys):
    text, words = BAD[name]
    path = tmp_path / "bad.csv"
    path.write_text(text.format(wkt='"' + SQUARE.wkt + '"').replace('SRID=4326;"', '"SRID=4326;'), encoding="utf-8")
    assert main(["report", str(path), "--out", str(tmp_path / "out")]) == COULD_NOT
    message = capsys.readouterr().err
    assert words in message
    assert "bad.csv" in message
    assert "Traceback" not in message
    assert [file.name for file in tmp_path.iterdir()] == ["bad.csv"]


def test_absent_file_register_twice_and_unused_crs(tmp_path, capsys):
    path = str(hz.write(hazards_of(SQUARE), tmp_path / "x.gpkg"))
    out = str(tmp_path / "out")
    for arguments, words in (
        (["absent.gpkg"], "There is no file absent.gpkg"),
        ([path, path], "The register is given twice"),
        ([path, "--crs", "other.csv=EPSG:3765"], "other.csv, which is not one of the files"),
        ([path, "--border", path], "has no layer 'countries'"),
        ([path, "--crs", "x.gpkg=EPSG:3765"], "The file says 'WGS 84'"),
    ):
        assert main(["report", *arguments, "--out", out]) == COULD_NOT
        assert words in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["x.gpkg"]


def test_failure_while_writing_leaves_the_old_report(tmp_path, monkeypatch):
    import hazardgeo.report._write as writer

    path = hz.write(hazards_of(SQUARE), tmp_path / "x.gpkg")
    out = hz.write_report([path], tmp_path / "out")
    before = {file: file.read_bytes() for file in out.rglob("*") if file.is_file()}

    def full(*args: object) -> None:
        raise StorageError("no space left")

    monkeypatch.setattr(writer, "write_geopackage", full)
    with pytest.raises(StorageError):
        hz.write_report([path], out, overwrite=True)
    assert {file: file.read_bytes() for file in out.rglob("*") if file.is_file()} == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out", "x.gpkg"]


def test_command_without_arguments_says_what_to_do_next(capsys):
    assert main([]) == OK
    assert "hazardgeo demo" in capsys.readouterr().out


def test_wrong_options_exit_with_2(capsys):
    for arguments in (["report"], ["report", "x", "--out", "y", "--crs", "nonsense"], ["fly"]):
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert stop.value.code == COULD_NOT
    capsys.readouterr()


def test_module_runs_as_the_command():
    run = subprocess.run([sys.executable, "-m", "hazardgeo", "--version"], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == f"hazardgeo {hz.__version__}"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to one process")
def test_interrupting_leaves_nothing_and_exits_with_130(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "hazardgeo", "demo", "--out", str(tmp_path / "out")],
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background job ignores interrupts, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:  # until it has begun to write
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    message = process.communicate(timeout=60)[1]
    assert process.returncode == INTERRUPTED, message
    assert "Traceback" not in message
    assert not list(tmp_path.iterdir())


def test_unknown_sample_lists_those_there_are():
    with pytest.raises(FormatError, match="hrv_register"):
        hz.sample_data("nothing.gpkg")


def two_sided_of(*frames: gpd.GeoDataFrame, releases: gpd.GeoDataFrame | None = None):
    from hazardgeo.borders import by_register
    from hazardgeo.report._two_sided import two_sided

    hazards = hz.combine(*frames)
    return two_sided(hazards, releases, by_register(hazards), {})


def test_a_register_without_outlines_leaves_the_common_total_unknown():
    """Of three registers one has three records and no outline: what all have together is not known, and the page says why."""
    from hazardgeo.report._answers import answer, headlines
    from hazardgeo.report._two_sided_tables import class_table

    frames = [
        hazards_of(SQUARE, register="A"), hazards_of(SQUARE, register="B"), hazards_of(None, None, None, register="C")
    ]  # fmt: skip
    table = class_table(two_sided_of(*frames))
    rows = {(row[0], row[1][:4]): [str(cell) for cell in row[2:]] for row in table.rows}
    assert rows["C", "Susp"] == ["3", "3", "–", "–", "–"]
    assert rows["counted once", "Susp"] == ["5", "3", "–", "–", "–"]
    assert rows["A", "Susp"][:2] == ["1", "0"]
    assert "no record of C has an outline" in table.note
    said = headlines(answer(hz.combine(*frames), None, (), (), ()))
    assert "What C has in common with others is not known: none of its records has an outline." in said
    assert not any("no open ground in common" in line for line in said)  # A and B have, and of C nothing is known


def test_one_release_on_two_hazards_is_one_and_an_unknown_date_is_said_to_be():
    from hazardgeo.report._two_sided import conflict_headlines
    from hazardgeo.report._two_sided_tables import conflict_table

    releases = gpd.GeoDataFrame(
        {"register": "B", "kind": "cleared", "hazard_id": ""}, geometry=[SQUARE], index=["r0"], crs=4326
    ).rename_axis("release_id")
    told = two_sided_of(hazards_of(SQUARE, SQUARE, register="A"), releases=releases)
    assert conflict_headlines(told)[0].startswith("CONFLICT: 1 release lies on ground")
    assert [row[3] for row in conflict_table(told).rows] == ["which is later is not known"] * 2
    day = pd.to_datetime("2024-05-01")
    dated = two_sided_of(
        hazards_of(SQUARE, register="A", date_of_information=day), releases=releases.assign(completed_on=day)
    )
    assert [row[3] for row in conflict_table(dated).rows] == ["both of one day"]


def test_open_ground_of_the_report_counts_records_whose_status_is_not_known():
    from hazardgeo.report._answers import answer

    frame = hazards_of(SQUARE, SQUARE, SQUARE, register="A", work_status=["closed", None, "Open"])
    assert answer(frame, None, (), (), ()).open_hazards.index.tolist() == ["h1", "h2"]


def test_the_map_draws_what_is_not_known_to_be_closed_as_the_hazard_that_it_may_be():
    from hazardgeo.style import hazard_style

    assert hazard_style("CHA", None) == hazard_style("CHA", "open")
    assert hazard_style("CHA", "handed_over").key == "closed"
