"""Reading, combining and writing: every record accounted for, every fault named, nothing half-written."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import struct
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from by_hand import hazards_of
from hypothesis import given
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.errors import CRSError, FindingWarning, FormatError, HazardgeoError, SchemaError, StorageError
from hazardgeo.registers._formats import read_layer
from hazardgeo.registers._formats._wkb import refuse_wkb
from hazardgeo.schema import HAZARDS

SQUARE = shapely.box(16.00013, 45.00017, 16.01013, 45.01017)
HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)>"
GOOD = {"hazard_id": "a", "register": "R", "country": "HRV", "classification": "SHA", "work_status": "open"}


def square(i: int) -> shapely.Polygon:
    """The square, moved east by i times 0.02°, so that no two records lie on the same ground."""
    return shapely.box(16.00013 + i / 50, 45.00017, 16.01013 + i / 50, 45.01017)


def ewkt(i: int) -> str:
    return f"SRID=4326;{square(i).wkt}"


def write_csv(path: Path, *rows: dict[str, str], wkt: str | list[str] | None = None) -> Path:
    if wkt is None:
        wkt = [ewkt(i) for i in range(len(rows))]
    shapes = [wkt] * len(rows) if isinstance(wkt, str) else wkt
    pd.DataFrame([row | {"geometry": shape} for row, shape in zip(rows, shapes, strict=True)]).to_csv(path, index=False)
    return path


def refusal(path: Path, **given: str) -> pd.DataFrame:
    with pytest.raises(SchemaError) as error:
        hz.read_hazards(path, **given)
    return error.value.problems.set_index("record")


frames = st.integers(1, 5).map(
    lambda n: hazards_of(
        *(square(i) for i in range(n)),
        date_of_information=pd.to_datetime(["2024-02-29" if i % 2 else None for i in range(n)]),
        contamination=["AP;UXO" if i % 2 else None for i in range(n)],
    )
)
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "csv"])
@given(frame=frames, name=texts)
def test_written_frames_read_back_equal(tmp_path_factory, suffix, frame, name):
    frame = frame.assign(name=name or None)
    path = hz.write(frame, tmp_path_factory.mktemp("w") / f"hazards.{suffix}")
    again = hz.read_hazards(path)
    assert again.index.tolist() == frame.index.tolist()
    assert shapely.equals_exact(again.geometry.to_numpy(), frame.geometry.to_numpy(), 0).all()
    for column in frame.columns.drop("geometry"):
        for new, old in zip(again[column], frame[column], strict=True):
            assert (pd.isna(new) or new == "") if pd.isna(old) else new == old


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "csv"])
def test_ids_stay_texts_and_formulas_stay_texts(tmp_path, suffix):
    frame = hazards_of(square(0), square(1), name=["=1+1", HOSTILE])
    frame.index = pd.Index(["-1", "007"], name="hazard_id", dtype=object)
    again = hz.read_hazards(hz.write(frame, tmp_path / f"x.{suffix}"))
    assert again.index.tolist() == ["-1", "007"]
    assert again["name"].tolist() == ["=1+1", HOSTILE]


def test_csv_cells_cannot_run_in_a_spreadsheet(tmp_path):
    path = hz.write(hazards_of(SQUARE, name="=HYPERLINK(1)"), tmp_path / "x.csv")
    assert "'=HYPERLINK(1)" in path.read_text(encoding="utf-8")


def test_projected_file_comes_to_wgs84_by_a_named_operation(tmp_path):
    frame = hazards_of(SQUARE)
    read = hz.read_hazards(hz.write(frame.to_crs(3765), tmp_path / "x.gpkg"))
    assert read.crs.to_epsg() == 4326
    assert shapely.hausdorff_distance(read.geometry.iloc[0], SQUARE) < 1e-8
    assert read["source_crs"].tolist() == ["EPSG:3765"]
    assert "HTRS96 to WGS 84" in read["datum_operation"].iloc[0]
    assert read["datum_accuracy_m"].tolist() == [1.0]


def test_every_fault_of_every_record_at_once(tmp_path):
    bow_tie = "SRID=4326;POLYGON((16 45,16.01 45.01,16.01 45,16 45.01,16 45))"
    path = write_csv(
        tmp_path / "x.csv",
        GOOD | {"hazard_id": "twice"},
        GOOD | {"hazard_id": "twice", "classification": "sha"},
        GOOD | {"hazard_id": "tie", "work_status": ""},
        GOOD | {"hazard_id": "point"},
        GOOD | {"hazard_id": "none"},
        GOOD | {"hazard_id": ""},
        GOOD | {"hazard_id": "fine"},
        wkt=[ewkt(0), ewkt(1), bow_tie, "SRID=4326;POINT(16 45)", "", ewkt(2), ewkt(3)],
    )
    problems = refusal(path)
    found = {(record, rule) for record, rule in problems["rule"].items()}
    assert found == {
        ("twice", "id-twice"),
        ("twice", "term-unknown"),
        ("tie", "value-missing"),
        ("tie", "geometry-broken"),
        ("point", "geometry-kind"),
        ("none", "geometry-missing"),
        ("(no id)", "id-missing"),
    }
    assert problems.loc["tie", "row"].tolist() == [4, 4]  # as a person counts, the header being row 1
    assert (problems["remedy"] != "").all()
    assert "Did you mean 'SHA'?" in " ".join(problems["remedy"])
    intake = hz.intake(path, "hazards")
    assert intake.records_in == 7 == len(intake.records) + len(intake.quarantine)
    assert intake.records.index.tolist() == ["fine"]


@pytest.mark.parametrize("column", ["register", "country", "classification", "work_status", "hazard_id"])
def test_a_missing_column_is_named(tmp_path, column):
    path = write_csv(tmp_path / "x.csv", {k: v for k, v in GOOD.items() if k != column})
    assert column in refusal(path)["seen"].iloc[0]


def test_missing_crs_is_refused_and_can_be_given(tmp_path):
    path = write_csv(tmp_path / "x.csv", GOOD, wkt=SQUARE.wkt)
    assert refusal(path)["rule"].tolist() == ["crs-missing"]
    assert len(hz.read_hazards(path, crs="EPSG:4326")) == 1


def test_records_without_a_crs_among_others_with_one_are_faults(tmp_path):
    """Only the caller may say what the silent ones are in."""
    a, b = GOOD, GOOD | {"hazard_id": "b"}
    path = write_csv(tmp_path / "x.csv", a, b, wkt=[ewkt(0), square(1).wkt])
    problems = refusal(path)
    assert problems["rule"].to_dict() == {"b": "crs-missing"}
    assert "--crs FILE=EPSG:…" in problems["remedy"].iloc[0]
    assert len(hz.read_hazards(path, crs="EPSG:4326")) == 2


def test_what_is_given_fills_what_lacks_and_conflicts_are_faults(tmp_path):
    bare = write_csv(tmp_path / "bare.csv", {k: v for k, v in GOOD.items() if k not in ("register", "country")})
    filled = hz.read_hazards(bare, register="MAC", country="BIH")
    assert filled[["register", "country"]].to_numpy().tolist() == [["MAC", "BIH"]]
    whole = write_csv(tmp_path / "whole.csv", GOOD)
    assert refusal(whole, register="OTHER")["rule"].tolist() == ["fill-conflict"]
    assert refusal(whole, crs="EPSG:3765")["rule"].tolist() == ["crs-conflict"]


@pytest.mark.parametrize(
    ("column", "text", "rule"),
    [
        ("date_of_information", "31.12.2024", "date-unreadable"),
        ("date_of_information", "2023-02-29", "date-unreadable"),
        ("declared_area_m2", "1,500", "number-ambiguous"),
        ("declared_area_m2", "1 23", "number-unreadable"),
        ("declared_area_m2", "nan", "number-unreadable"),
        ("declared_area_m2", "-1", "number-out-of-range"),
        ("vertex_sd_m", "10001", "number-out-of-range"),
        ("country", "hrv", "code-unknown"),
        ("country", "HR", "code-unknown"),
        ("country", "Croatia", "code-unknown"),
        ("country", " ", "value-missing"),
        ("contamination", "AP;mines", "term-unknown"),
    ],
)
def test_cells_that_cannot_be_read(tmp_path, column, text, rule):
    assert refusal(write_csv(tmp_path / "x.csv", GOOD | {column: text}))["rule"].tolist() == [rule]


def test_a_deprecated_crs_is_refused_by_name(tmp_path):
    path = write_csv(tmp_path / "x.csv", GOOD, wkt=shapely.box(6_400_000, 4_990_000, 6_400_100, 4_990_100).wkt)
    problem = refusal(path, crs="EPSG:31276").iloc[0]
    assert problem["rule"] == "crs-refused"
    assert "is deprecated: the EPSG register has EPSG:8678 (MGI 1901 / Balkans zone 6) in its place" in problem["seen"]
    assert 'say datum_operation="EPSG:…"' in problem["seen"]


def test_swapped_coordinates_are_refused(tmp_path):
    path = write_csv(tmp_path / "x.csv", GOOD, wkt=f"SRID=4326;{shapely.box(16, 95, 17, 96).wkt}")
    assert "no longitude and latitude" in refusal(path)["seen"].iloc[0]


def test_long_straight_edge_of_a_grid_is_a_note_and_a_warning(tmp_path):
    """Arc-to-chord correction of a transverse Mercator: an edge of 100 km northward, 100 km east of the meridian, turns by
    N·E / 2R² = 1e5·1e5 / 8.1e13 = 1.2e-4 at each end, and so bulges by 1e5·1.2e-4 / 4 = 3 m.
    """
    belt = shapely.box(600_013, 4_950_017, 601_013, 5_050_017)
    frame = hazards_of(belt).set_crs(3765, allow_override=True)
    path = hz.write(frame, tmp_path / "x.gpkg")
    with pytest.warns(FindingWarning, match=r"every record is accepted"):
        assert len(hz.read_hazards(path)) == 1
    found = hz.intake(path).findings.set_index("rule")["seen"]
    assert re.search(r"lies 3\.\d m from the geodesic", found["edge-not-geodesic"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        hz.read_hazards(hz.write(hazards_of(SQUARE).to_crs(3765), tmp_path / "small.gpkg"))


def test_a_long_edge_of_one_part_of_many_is_found_too(tmp_path):
    belt = shapely.MultiPolygon(
        [shapely.box(600_013, 4_950_017, 601_013, 5_050_017), shapely.box(0, 4_950_000, 9, 4_950_009)]
    )
    path = hz.write(hazards_of(belt).set_crs(3765, allow_override=True), tmp_path / "x.gpkg")
    assert "edge-not-geodesic" in hz.intake(path).findings["rule"].tolist()


def test_files_that_are_not_what_they_say(tmp_path):
    (tmp_path / "x.gpkg").write_text("no database")
    (tmp_path / "x.geojson").write_text("[1, 2")
    (tmp_path / "link.geojson").write_text(
        '{"type": "FeatureCollection", "crs": {"type": "link", "properties": {"href": "a"}}, "features": []}'
    )
    (tmp_path / "twice.geojson").write_text('{"type": "FeatureCollection", "features": [], "features": []}')
    (tmp_path / "x.csv").write_text('hazard_id,geometry\n"a,POINT(1 1)\n')
    (tmp_path / "bare.csv").write_text("hazard_id\na\n")
    (tmp_path / "x.shp").write_text("")
    (tmp_path / "x.dwg").write_text("")
    (tmp_path / "latin.csv").write_bytes("hazard_id,geometry\nPodru\xe8je,\n".encode("latin-1"))
    for name, words in {
        "x.gpkg": "is named like a GeoPackage",
        "x.geojson": "is not JSON",
        "link.geojson": "follows no links",
        "twice.geojson": "stands twice",
        "x.csv": "quote that is not closed",
        "bare.csv": "no column holds shapes",
        "x.shp": "is named like a shapefile and is none",
        "x.dwg": "Export the layer as GeoPackage",
        "latin.csv": "not UTF-8",
        "absent.csv": "There is no file",
    }.items():
        with pytest.raises(FormatError, match=words):
            hz.read_hazards(tmp_path / name)
    for address in ("https://example.org/x.geojson", "/vsicurl/x.gpkg"):
        with pytest.raises(FormatError, match="local files only"):
            hz.read_hazards(address)


def test_geopackage_with_a_wrong_count_and_an_open_journal(tmp_path):
    """GDAL believes gpkg_ogr_contents and reads one record of three; a full scan does not."""
    path = hz.write(hazards_of(square(0), square(1), square(2)), tmp_path / "x.gpkg")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE gpkg_ogr_contents SET feature_count = 1")
    database.close()
    assert len(hz.read_hazards(path)) == 3
    (tmp_path / "x.gpkg-wal").write_bytes(b"pages")
    with pytest.raises(FormatError, match="Close the program"):
        hz.read_hazards(path)


def test_several_layers_without_a_choice_are_refused(tmp_path):
    from hazardgeo.registers._write import write_layers

    frame = hazards_of(SQUARE)
    path = write_layers({"one": frame, "two": frame}, tmp_path / "x.gpkg")
    with pytest.raises(FormatError, match="'one', 'two'"):
        hz.read_hazards(path)
    assert len(hz.read_hazards(path, layer="two")) == 1


def test_geojson_shapes_that_cannot_be_read_cost_only_themselves(tmp_path):
    rings = {
        "open": [[[16, 45], [16.1, 45], [16.1, 45.1]]],
        "text": [[[16, "45"], [16.1, 45], [16.1, 45.1], [16, 45]]],
        "null": None,
    }
    features = [
        {
            "type": "Feature",
            "properties": GOOD | {"hazard_id": name},
            "geometry": {"type": "Polygon", "coordinates": ring},
        }
        for name, ring in rings.items()
    ]
    features += [
        {"type": "Feature", "properties": GOOD | {"hazard_id": "gone"}, "geometry": None},
        {
            "type": "Feature",
            "properties": GOOD | {"hazard_id": "fine"},
            "geometry": json.loads(shapely.to_geojson(SQUARE)),
        },
    ]
    path = tmp_path / "x.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    intake = hz.intake(path, "hazards")
    assert intake.records.index.tolist() == ["fine"]
    assert intake.records_in == 5 == len(intake.records) + len(intake.quarantine)


def test_combine_qualifies_ids_and_links():
    a, b = hazards_of(SQUARE, register="A"), hazards_of(SQUARE, register="B")
    both = hz.combine(a, b)
    assert both.index.tolist() == ["A/h0", "B/h0"]
    assert both["source_id"].tolist() == ["h0", "h0"]
    assert a.index.tolist() == ["h0"]
    releases = a.assign(hazard_id="h0", kind="cleared")
    releases.index = pd.Index(["r0"], name="release_id", dtype=object)
    combined = hz.combine(releases)
    assert (combined.index[0], combined["hazard_id"].iloc[0]) == ("A/r0", "A/h0")


def test_combine_takes_a_frame_with_numbers_for_ids():
    frame = hazards_of(SQUARE, SQUARE, register="A")
    frame.index = pd.RangeIndex(1, 3, name="hazard_id")
    assert hz.combine(frame).index.tolist() == ["A/1", "A/2"]


def test_combine_refusals():
    a = hazards_of(SQUARE, register="A")
    with pytest.raises(SchemaError, match="given twice"):
        hz.combine(a, a)
    with pytest.raises(HazardgeoError, match="combined before"):
        hz.combine(hz.combine(a))
    with pytest.raises(HazardgeoError, match="nothing to combine"):
        hz.combine()
    with pytest.raises(CRSError, match="readers"):
        hz.combine(a.to_crs(3765))
    releases = a.rename_axis("release_id")
    with pytest.raises(HazardgeoError, match="different kinds"):
        hz.combine(a, releases)


def test_failed_writes_leave_the_old_file(tmp_path, monkeypatch):
    path = hz.write(hazards_of(SQUARE), tmp_path / "x.gpkg")
    before = path.read_bytes()
    import hazardgeo.registers._writers as writer

    def lossy(*args: object, **options: object) -> None:
        table, geometries, *rest = args
        whole(table.iloc[:1], geometries[:1], *rest, **options)

    whole = writer.write_geopackage
    monkeypatch.setitem(writer.WRITERS, ".gpkg", lossy)
    with pytest.raises(StorageError, match="2 records were written and 1 read back"):
        hz.write(hazards_of(SQUARE, SQUARE), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["x.gpkg"]


@pytest.mark.parametrize(
    ("frame", "name", "error", "words"),
    [
        (hazards_of(SQUARE), "x.shp", FormatError, "Choose one of these"),
        (hazards_of(SQUARE).to_crs(3765), "x.geojson", CRSError, "WGS 84 by its standard"),
        (gpd.GeoDataFrame(geometry=[SQUARE]), "x.gpkg", CRSError, "no CRS"),
        (hazards_of(SQUARE), "absent/x.gpkg", StorageError, "is not there"),
    ],
)
def test_write_refusals_leave_nothing(tmp_path, frame, name, error, words):
    with pytest.raises(error, match=words):
        hz.write(frame, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_equal_writes_are_equal_bytes(tmp_path):
    frame = hazards_of(SQUARE, date_of_information=pd.to_datetime(["2024-01-01"]))
    for suffix in ("gpkg", "geojson", "csv"):
        first, second = (
            hz.write(frame, tmp_path / f"{i}" / f"x.{suffix}")
            for i in "ab"
            if (tmp_path / i).mkdir(exist_ok=True) is None
        )
        assert first.read_bytes() == second.read_bytes()


def write_geojson(path: Path, *features: dict, **members: object) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)} | members), encoding="utf-8")
    return path


def feature(name: object = "a", geometry: object = None, **properties: object) -> dict:
    geometry = geometry or json.loads(shapely.to_geojson(SQUARE))
    return {"type": "Feature", "properties": GOOD | {"hazard_id": name} | properties, "geometry": geometry}


@pytest.mark.parametrize(
    ("crs", "rule", "words"),
    [
        (None, "crs-missing", "names no CRS"),
        ({"type": "name", "properties": {"name": "+proj=longlat +datum=WGS84"}}, "crs-missing", "proj=longlat"),
        ({"type": "name", "properties": {"name": ["EPSG:4326"]}}, "crs-missing", "in no way that is read here"),
        ("EPSG:4326", "crs-missing", "in no way that is read here"),
        ({"type": "name", "properties": {"name": "EPSG:31276"}}, "crs-refused", "is deprecated"),
    ],
)
def test_a_geojson_that_names_no_crs_is_not_taken_for_wgs84(tmp_path, crs, rule, words):
    path = write_geojson(tmp_path / "x.geojson", feature(), crs=crs)
    problem = refusal(path).iloc[0]
    assert (problem["rule"], problem.name) == (rule, "(the file)")
    assert words in problem["seen"]


def test_geojson_names_its_crs_or_is_wgs84(tmp_path):
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert len(hz.read_hazards(write_geojson(tmp_path / "x.geojson", feature(), crs=named))) == 1
    assert len(hz.read_hazards(write_geojson(tmp_path / "y.geojson", feature()))) == 1
    assert len(hz.read_hazards(write_geojson(tmp_path / "z.geojson", feature(), crs=None), crs="EPSG:4326")) == 1


def test_hostile_geojson_costs_only_the_record(tmp_path):
    path = write_geojson(
        tmp_path / "x.geojson",
        feature("list", {"type": ["Polygon"], "coordinates": []}),
        feature("huge", {"type": "Polygon", "coordinates": [[[10**400, 45], [16, 45], [16, 46], [10**400, 45]]]}),
        feature("\ud800"),
        feature("half", remark="\udfff"),
        feature("fine"),
    )
    problems = refusal(path)
    assert problems["rule"].to_dict() == {
        "list": "geometry-unreadable",
        "huge": "geometry-unreadable",
        "\\ud800": "text-broken",
        "half": "text-broken",
    }
    assert problems.loc["list", "remedy"] == "Mend the geometry in the source."
    intake = hz.intake(path, "hazards")
    assert intake.records.index.tolist() == ["fine"]
    intake.findings.to_csv(tmp_path / "findings.csv")  # can be written at all


def test_a_column_called_geometry_is_kept_beside_the_shapes(tmp_path):
    one = feature()
    one["properties"]["geometry"] = "by hand"
    with pytest.warns(FindingWarning, match="'geometry' is called 'geometry_text'"):
        read = hz.read_hazards(write_geojson(tmp_path / "x.geojson", one))
    assert read["geometry_text"].tolist() == ["by hand"]
    assert read.geometry.iloc[0].equals(SQUARE)


def test_two_columns_that_could_hold_the_shapes_are_not_chosen_between(tmp_path):
    path = write_csv(tmp_path / "x.csv", GOOD | {"WKT": SQUARE.wkt})
    with pytest.raises(FormatError, match="'WKT' and 'geometry' could hold the shapes"):
        hz.read_hazards(path)


@pytest.mark.parametrize("name", ["x.geojson", "x.csv"])
def test_a_file_without_records_is_read_and_told(tmp_path, name):
    path = tmp_path / name
    path.write_text("hazard_id,wkt\n" if name == "x.csv" else '{"type": "FeatureCollection", "features": []}')
    with pytest.warns(FindingWarning, match="holds no records"):
        read = hz.read_hazards(path)
    assert len(read) == 0
    assert {*HAZARDS.required, "source_crs", "datum_operation", "datum_accuracy_m"} <= set(read.columns)
    full = hazards_of(SQUARE, register="A")
    assert hz.combine(full, read).index.tolist() == ["A/h0"]


HISTORY = {"source_crs": "EPSG:3765", "datum_operation": "HTRS96 to WGS 84 (1)", "datum_accuracy_m": 1.0}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (HISTORY, True),
        (HISTORY | {"datum_accuracy_m": ""}, True),  # not known is not 0
        (HISTORY | {"source_crs": ""}, False),
        (HISTORY | {"datum_operation": ""}, False),
        ({"datum_operation": "typed by hand"}, False),
    ],
)
def test_history_of_a_record_is_kept_only_whole(tmp_path, given, kept):
    """Where it is not whole, that is told, and the accuracy that is stated is not forgotten."""
    path = write_csv(tmp_path / "x.csv", GOOD | {name: str(value) for name, value in given.items()})
    taken = hz.intake(path)
    row = taken.hazards.iloc[0]
    accuracy = np.nan if given.get("datum_accuracy_m") == "" else given.get("datum_accuracy_m", 0.0)
    expected = [*list(HISTORY.values())[:2], accuracy] if kept else ["EPSG:4326", "none needed", accuracy]
    np.testing.assert_equal([row[name] for name in HISTORY], expected)
    assert ("provenance-replaced" in taken.findings["rule"].tolist()) == (not kept)


def test_history_in_a_projected_file_is_believed_only_as_hazardgeo_writes_it(tmp_path):
    frame = hazards_of(SQUARE, **HISTORY).to_crs(32633)
    taken = hz.intake(hz.write(frame, tmp_path / "x.gpkg"))
    assert taken.hazards["source_crs"].tolist() == ["EPSG:32633"]
    assert taken.findings["rule"].tolist() == ["provenance-replaced"]
    ours = frame.assign(datum_operation="EPSG:1901 (HTRS96 to WGS 84 (1); PROJ 9.5.1, EPSG v11.022)")
    assert hz.read_hazards(hz.write(ours, tmp_path / "y.gpkg"))["source_crs"].tolist() == ["EPSG:3765"]


def in_database(path: Path, *commands: str) -> Path:
    """Change a GeoPackage as a careless program would: past its triggers, which only GDAL could run."""
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        for command in commands:
            database.execute(command)
    return path


def test_geopackage_names_of_columns_know_no_case(tmp_path):
    path = hz.write(hazards_of(SQUARE), tmp_path / "x.gpkg")
    in_database(path, "PRAGMA foreign_keys=OFF", "UPDATE gpkg_geometry_columns SET column_name = 'GEOM'")
    assert len(hz.read_hazards(path)) == 1
    in_database(path, "UPDATE gpkg_geometry_columns SET column_name = 'elsewhere'")
    with pytest.raises(FormatError, match="does not have the column"):
        hz.read_hazards(path)


def test_geopackage_record_in_another_crs_than_its_layer(tmp_path):
    path = hz.write(hazards_of(SQUARE, SQUARE), tmp_path / "x.gpkg")
    with contextlib.closing(sqlite3.connect(path)) as database:
        blob = database.execute("SELECT geom FROM x").fetchone()[0]
    changed = (blob[:4] + (3765).to_bytes(4, "little") + blob[8:]).hex()
    in_database(path, f"UPDATE x SET geom = x'{changed}' WHERE hazard_id = 'h1'")  # noqa: S608
    assert refusal(path)["rule"].to_dict() == {"h1": "crs-conflict"}


def test_geopackage_that_names_its_crs_twice(tmp_path):
    """A code and words that disagree are a fault of the layer; where only one can be read it is used."""
    htrs, utm = wkt_of(3765), wkt_of(32633)
    frame = hazards_of(SQUARE).to_crs(3765)

    def changed(name: str, column: str, value: str) -> Path:
        path = hz.write(frame, tmp_path / name)
        return in_database(path, f"UPDATE gpkg_spatial_ref_sys SET {column} = '{value}' WHERE srs_id = 3765")  # noqa: S608

    problems = refusal(changed("a.gpkg", "definition", utm))
    assert problems["rule"].to_dict() == {"(the file)": "crs-conflict"}
    assert refusal(tmp_path / "a.gpkg", crs="EPSG:3765")["rule"].to_dict() == {"(the file)": "crs-conflict"}
    for number, (column, value) in enumerate(
        [
            ("definition", "undefined"),
            ("definition", htrs),
            ("definition", htrs.replace('AUTHORITY["EPSG","6761"]', "TOWGS84[0,0,0,0,0,0,0]")),
            ("definition", "+proj=utm +zone=33 +datum=WGS84"),
            ("organization", "NONE"),
        ]
    ):
        read = hz.read_hazards(changed(f"{number}.gpkg", column, value))
        assert shapely.hausdorff_distance(read.geometry.iloc[0], SQUARE) < 1e-8


def wkt_of(code: int) -> str:
    import pyproj

    return pyproj.CRS.from_epsg(code).to_wkt("WKT1_GDAL")


@pytest.mark.parametrize("code", [31276, 3908, 6316])
def test_geopackage_on_an_old_datum_gets_the_better_reason(tmp_path, code):
    """Newer versions of GDAL may write EPSG:31276 with the words of its successor; that is not what is wrong."""
    frame = hazards_of(SQUARE).set_crs(code, allow_override=True)
    assert refusal(hz.write(frame, tmp_path / "x.gpkg"))["rule"].tolist()[0] == "crs-refused"


@pytest.mark.parametrize(("kind", "value"), [("REAL", "7.0"), ("BLOB", "x'010203'")])
def test_ids_that_are_no_text_are_faults(tmp_path, kind, value):
    path = hz.write(hazards_of(SQUARE).rename_axis("old"), tmp_path / "x.gpkg")
    in_database(path, f"ALTER TABLE x ADD COLUMN hazard_id {kind}", f"UPDATE x SET hazard_id = {value}")  # noqa: S608
    problem = refusal(path).iloc[0]
    assert problem["rule"] == "id-not-text"
    assert "as text" in problem["remedy"]


def test_whole_numbers_are_ids_as_they_stand(tmp_path):
    assert hz.read_hazards(write_geojson(tmp_path / "x.geojson", feature(7))).index.tolist() == ["7"]
    assert refusal(write_geojson(tmp_path / "y.geojson", feature(7.0)))["rule"].tolist() == ["id-not-text"]


def test_counts_beyond_reason_are_faults(tmp_path):
    release = {"release_id": "r", "hazard_id": "h", "register": "R", "country": "HRV", "kind": "cleared"}
    with pytest.raises(SchemaError, match="ap_mines is 1e30, above 1e"):
        hz.read_releases(write_csv(tmp_path / "x.csv", release | {"ap_mines": "1e30"}))


def test_links_are_the_ids_that_they_were_copied_from(tmp_path):
    path = write_csv(tmp_path / "h.csv", GOOD | {"hazard_id": " a "})
    release = {"release_id": " r", "hazard_id": " a ", "register": "R", "country": "HRV", "kind": "reduced"}
    releases = hz.read_releases(write_csv(tmp_path / "r.csv", release))
    assert releases["hazard_id"].tolist() == hz.read_hazards(path).index.tolist() == [" a "]
    assert releases.index.tolist() == [" r"]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path):
    """Row 1 is blank, 2 the header, 3 a record with a line break in a cell, 4 blank, 5 has the fault."""
    path = tmp_path / "x.csv"
    path.write_text(
        "\nhazard_id,register,country,classification,work_status,name,wkt\n"
        f'a,R,HRV,SHA,open,"two\nlines","{ewkt(0)}"\n\nb,R,HRV,SHA,open,,"cut"\n',
        encoding="utf-8",
    )
    assert refusal(path)["row"].to_dict() == {"b": 5}
    assert hz.intake(path, "hazards").quarantine.index.tolist() == [5]


def test_a_letter_that_is_not_utf8_is_told_by_row(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes('hazard_id,wkt\n"a\nb",\nPodruč'.encode() + b"\xe8je,\n")
    with pytest.raises(FormatError, match=r"in row 3 \(byte 29\)"):
        hz.read_hazards(path)


def test_faults_stand_by_record_and_those_of_the_file_first(tmp_path):
    bad = {"hazard_id": "a", "country": "hrv", "classification": "confirmed"}
    path = write_csv(tmp_path / "x.csv", bad, bad | {"hazard_id": "b"}, wkt="")
    problems = refusal(path, register="R")
    assert problems.index.tolist() == ["(the file)"] * 2 + ["a"] * 3 + ["b"] * 3
    listed = [seen for seen in problems["seen"] if "The file has" in seen]
    assert listed == ["There is no column 'work_status'. The file has: hazard_id, country, classification."]


@pytest.mark.parametrize(
    ("column", "text", "hint"),
    [
        ("classification", "confirmed", "'CHA'"),
        ("classification", "Suspected Hazardous Area", "'SHA'"),
        ("classification", "sha", "'SHA'"),
        ("work_status", "opened", "'open'"),
        ("contamination", "anti-vehicle", "'AV'"),
        ("country", "hrv", "'HRV'"),
        ("classification", "hazardous area", None),
        ("contamination", "mines", None),
        ("country", "HR", None),
    ],
)
def test_hints(tmp_path, column, text, hint):
    remedy = refusal(write_csv(tmp_path / "x.csv", GOOD | {column: text}))["remedy"].iloc[0]
    assert (f"Did you mean {hint}?" in remedy) if hint else ("Did you mean" not in remedy)


@pytest.mark.parametrize(
    ("country", "words"), [("hrv", "Did you mean 'HRV'"), ("Croatia", "three-letter"), ("", "Fill in")]
)
def test_a_country_that_is_given_is_a_code(tmp_path, country, words):
    path = write_csv(tmp_path / "x.csv", {name: text for name, text in GOOD.items() if name != "country"})
    with pytest.raises(HazardgeoError, match=words):
        hz.read_hazards(path, country=country)


def test_ids_used_twice_are_told_with_their_rows(tmp_path):
    problems = refusal(write_csv(tmp_path / "x.csv", GOOD, GOOD))
    assert set(problems["seen"]) == {"The id is used by 2 records (rows 2 and 3), which differ."}


def test_a_record_repeated_word_for_word_costs_only_the_repetition(tmp_path):
    """The ground stays on the map; the copy is accounted for."""
    taken = hz.intake(write_csv(tmp_path / "x.csv", GOOD, GOOD, wkt=ewkt(0)))
    assert (taken.records_in, len(taken.records), taken.quarantine.index.tolist()) == (2, 1, [3])
    assert taken.findings["rule"].tolist() == ["record-repeated"]


def test_sheets_and_folders_get_a_remedy(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"PK")
    with pytest.raises(FormatError, match="is named like a workbook and is none"):
        hz.read_hazards(tmp_path / "x.xlsx")
    with pytest.raises(FormatError, match=r"is not a file\. Name a file in it"):
        hz.read_hazards(tmp_path)


def test_a_file_never_leads_to_another(tmp_path):
    path = hz.write(hazards_of(SQUARE).to_crs(3765), tmp_path / "x.gpkg")
    trap = "+proj=longlat +datum=WGS84 +nadgrids=/etc/passwd"
    set_to = f"organization = 'X', definition = '{trap}'"
    in_database(path, f"UPDATE gpkg_spatial_ref_sys SET {set_to} WHERE srs_id = 3765")  # noqa: S608
    assert refusal(path)["rule"].tolist() == ["crs-missing"]
    with pytest.raises(CRSError, match="leads to a file"):
        hz.read_hazards(path, crs=trap)


def test_a_register_with_a_source_id_of_its_own_is_told_so():
    with pytest.raises(HazardgeoError, match=r"needed for the ids of its source\. Rename it"):
        hz.combine(hazards_of(SQUARE, register="A", source_id="x"))


def unusual(**columns: object) -> gpd.GeoDataFrame:
    return hazards_of(SQUARE, **columns)


def broken_text() -> gpd.GeoDataFrame:
    frame = unusual()
    frame["name"] = pd.Series(["\ud800"], index=frame.index, dtype=object)
    return frame


TWICE = pd.concat([unusual(name="1"), pd.DataFrame({"name": ["2"]}, index=["h0"])], axis=1).rename_axis("hazard_id")
FORMATS = ("gpkg", "geojson", "csv")


@pytest.mark.parametrize(
    ("frame", "suffixes", "words"),
    [
        (TWICE, FORMATS, "the column 'name' stands twice"),
        (unusual(hazard_id="other"), FORMATS, "'hazard_id' is also the name of the index"),
        (unusual(id="other").rename_axis(None), FORMATS, "'id' is also the name of the index"),
        (unusual(name="x", Name="y"), ("gpkg",), "'Name' stands twice .*'name'"),
        (unusual(WKT="x"), ("csv",), "'WKT' would be taken for the shapes"),
        (unusual(depth=[float("inf")]), ("geojson",), "'depth' holds inf"),
        (unusual(parts=[["a", "b"]]), FORMATS, "'parts' holds a list"),
        (unusual(second=gpd.GeoSeries([SQUARE], index=["h0"], crs=4326)), FORMATS, "'second' holds a Polygon"),
        (broken_text(), FORMATS, "could not be written"),
        (unusual(name=[10**30]).astype({"name": object}).rename(columns={"name": 5}), FORMATS, "5 has no text"),
    ],
)
def test_what_a_file_cannot_hold_is_refused_by_name(tmp_path, frame, suffixes, words):
    for suffix in suffixes:
        with pytest.raises(StorageError, match=words):
            hz.write(frame, tmp_path / f"x.{suffix}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", FORMATS)
def test_unusual_columns_are_written_as_they_are(tmp_path, suffix):
    import datetime

    columns = {
        "fid": [7, 8],
        "day": [datetime.date(2024, 2, 29), None],
        "time": pd.to_datetime(["2024-02-29T10:30:00", None]),
        "flag": pd.array([True, None], dtype="boolean"),
        "share": pd.array([0.5, None], dtype="Float64"),
        "=x": ["", ""],
    }
    columns |= {} if suffix == "csv" else {"geom": ["text", ""]}
    path = hz.write(hazards_of(square(0), square(1), **columns), tmp_path / f"x.{suffix}")
    raw = read_layer(path)
    assert set(columns) <= set(raw.columns)
    first, second = raw.row(0), raw.row(1)
    assert [str(first[name]) for name in ("fid", "day", "time", "share")] == [
        "7",
        "2024-02-29",
        "2024-02-29T10:30:00",
        "0.5",
    ]
    assert str(first["flag"]) in ("True", "1")
    assert {second[name] or None for name in ("day", "time", "flag", "share")} == {None}


def test_a_column_that_is_lost_on_the_way_is_found(tmp_path, monkeypatch):
    """Empty cells and an absent column read alike; the names tell them apart."""
    import hazardgeo.registers._writers as writer

    whole = writer.write_csv
    monkeypatch.setitem(writer.WRITERS, ".csv", lambda table, *rest: whole(table.drop(columns="remark"), *rest))
    with pytest.raises(StorageError, match="the column 'remark' reads back otherwise"):
        hz.write(hazards_of(SQUARE, remark=None), tmp_path / "x.csv")


@pytest.mark.parametrize("code", [31276, 3908, 3035, 32633, 3857, 10329, 4326])
def test_a_crs_is_written_as_itself(tmp_path, code):
    """Without being told, GDAL writes the withdrawn EPSG:31276 as EPSG:3908, which is on another datum."""
    from hazardgeo.crs import same_places

    frame = hazards_of(SQUARE).set_crs(code, allow_override=True)
    for suffix in ("gpkg", "csv"):
        assert same_places(frame.crs, read_layer(hz.write(frame, tmp_path / f"x.{suffix}")).crs)


def test_a_crs_without_a_code_is_written_or_refused(tmp_path):
    frame = hazards_of(SQUARE).to_crs("+proj=laea +lat_0=45 +lon_0=16 +datum=WGS84")
    assert len(hz.read_hazards(hz.write(frame, tmp_path / "x.gpkg"))) == 1
    with pytest.raises(CRSError, match="this one has none"):
        hz.write(frame, tmp_path / "x.csv")


def test_a_crs_that_is_changed_on_the_way_is_found(tmp_path, monkeypatch):
    import hazardgeo.registers._writers as writer

    whole = writer.write_geopackage
    other = lambda table, shapes, frame, part: whole(table, shapes, frame.set_crs(32634, allow_override=True), part)  # noqa: E731
    monkeypatch.setitem(writer.WRITERS, ".gpkg", other)
    with pytest.raises(StorageError, match="the CRS EPSG:32633 reads back otherwise"):
        hz.write(hazards_of(SQUARE).to_crs(32633), tmp_path / "x.gpkg")


def blob_of(wkb: bytes) -> bytes:
    return b"GP\x00\x01" + struct.pack("<i", 4326) + wkb


@pytest.mark.parametrize(
    ("wkb", "words"),
    [
        (struct.pack("<BII", 1, 10, 1), "is a curve"),
        (struct.pack("<BII", 1, 12, 1), "is a curve"),
        (struct.pack("<BII", 1, 6, 1) + struct.pack("<BII", 1, 7, 1) * 300_000, "collection"),
        (struct.pack("<BII", 1, 7, 1) * 3, "collection"),
        (shapely.MultiPolygon([SQUARE]).wkb[:40], "cannot be read"),
        (b"\x01", "cut short"),
    ],
)
def test_shapes_that_would_stop_the_parser_cost_only_their_record(tmp_path, wkb, words):
    path = hz.write(hazards_of(SQUARE, SQUARE), tmp_path / "x.gpkg")
    with sqlite3.connect(path) as database:
        # The triggers of a GeoPackage ask for functions that only GDAL has.
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE x SET geom = ? WHERE hazard_id = 'h0'", (blob_of(wkb),))
    database.close()
    intake = hz.intake(path, "hazards")
    assert intake.records.index.tolist() == ["h1"]
    assert words in intake.findings["seen"].iloc[0]


@pytest.mark.parametrize(
    "shape", [SQUARE, shapely.MultiPolygon([SQUARE]), shapely.Point(1, 2), shapely.MultiPoint([(1, 2)])]
)
@pytest.mark.parametrize("flavor", ["iso", "extended"])
@pytest.mark.parametrize("byte_order", [0, 1])
def test_plain_shapes_pass(shape, flavor, byte_order):
    for dimensions in (2, 3):
        solid = shapely.force_3d(shape) if dimensions == 3 else shape
        assert refuse_wkb(shapely.to_wkb(solid, flavor=flavor, byte_order=byte_order)) == ""


@pytest.mark.parametrize("text", ["map 4\r=1+1", "two\nlines", "both\r\n=1+1", '"quoted", and so on'])
def test_line_breaks_in_a_cell_stay_in_the_cell(tmp_path, text):
    path = hz.write(hazards_of(square(0), square(1), source=text), tmp_path / "x.csv")
    assert hz.read_hazards(path)["source"].tolist() == [text, text]
    assert pd.read_csv(path)["hazard_id"].tolist() == ["h0", "h1"]


def test_a_frame_without_any_outline_is_written(tmp_path):
    path = hz.write(hazards_of(None, None), tmp_path / "x.csv")
    assert read_layer(path).count == 2
