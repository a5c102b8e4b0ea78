"""Reading, combining and writing: every record accounted for, every fault named, nothing half-written."""

from __future__ import annotations

import json
import sqlite3
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
from hazardgeo.registers._engine import Fill, take_in
from hazardgeo.registers._read import read_layer
from hazardgeo.schema import HAZARDS

SQUARE = shapely.box(16, 45, 16.01, 45.01)
HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)>"
GOOD = {"hazard_id": "a", "register": "R", "country": "HRV", "classification": "SHA", "work_status": "open"}


def write_csv(path: Path, *rows: dict[str, str], wkt: str | list[str] = f"SRID=4326;{SQUARE.wkt}") -> Path:
    shapes = [wkt] * len(rows) if isinstance(wkt, str) else wkt
    pd.DataFrame([row | {"geometry": shape} for row, shape in zip(rows, shapes, strict=True)]).to_csv(path, index=False)
    return path


def refusal(path: Path, **given: str) -> pd.DataFrame:
    with pytest.raises(SchemaError) as error:
        hz.read_hazards(path, **given)
    return error.value.problems.set_index("record")


frames = st.integers(1, 5).map(
    lambda n: hazards_of(
        *(shapely.box(16 + i / 10, 45, 16.05 + i / 10, 45.05) for i in range(n)),
        declared_area_m2=[float(i) + 0.125 if i % 2 else np.nan for i in range(n)],
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
    frame = hazards_of(SQUARE, SQUARE, name=["=1+1", HOSTILE])
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
        wkt=[f"SRID=4326;{SQUARE.wkt}"] * 2 + [bow_tie, "SRID=4326;POINT(16 45)", ""] + [f"SRID=4326;{SQUARE.wkt}"] * 2,
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
    intake = take_in(read_layer(path), HAZARDS, Fill())
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
        ("declared_area_m2", "1,5", "number-unreadable"),
        ("declared_area_m2", "1 234", "number-unreadable"),
        ("declared_area_m2", "nan", "number-unreadable"),
        ("declared_area_m2", "-1", "number-out-of-range"),
        ("contamination", "AP;mines", "term-unknown"),
    ],
)
def test_cells_that_cannot_be_read(tmp_path, column, text, rule):
    assert refusal(write_csv(tmp_path / "x.csv", GOOD | {column: text}))["rule"].tolist() == [rule]


def test_old_datum_is_refused_by_name(tmp_path):
    path = write_csv(tmp_path / "x.csv", GOOD, wkt=shapely.box(6_400_000, 4_990_000, 6_400_100, 4_990_100).wkt)
    problem = refusal(path, crs="EPSG:31276").iloc[0]
    assert problem["rule"] == "crs-refused"
    assert "does not choose one for you" in problem["seen"]


def test_swapped_coordinates_are_refused(tmp_path):
    path = write_csv(tmp_path / "x.csv", GOOD, wkt=f"SRID=4326;{shapely.box(16, 95, 17, 96).wkt}")
    assert "no longitude and latitude" in refusal(path)["seen"].iloc[0]


def test_long_straight_edge_of_a_grid_is_a_note_and_a_warning(tmp_path):
    """Arc-to-chord correction of a transverse Mercator: an edge of 100 km northward, 100 km east of the meridian, turns by
    N·E / 2R² = 1e5·1e5 / 8.1e13 = 1.2e-4 at each end, and so bulges by 1e5·1.2e-4 / 4 = 3 m.
    """
    belt = shapely.box(600_000, 4_950_000, 601_000, 5_050_000)
    frame = hazards_of(belt).set_crs(3765, allow_override=True)
    path = hz.write(frame, tmp_path / "x.gpkg")
    with pytest.warns(FindingWarning, match=r"lies 3\.\d m from the geodesic"):
        assert len(hz.read_hazards(path)) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        hz.read_hazards(hz.write(hazards_of(SQUARE).to_crs(3765), tmp_path / "small.gpkg"))


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
    (tmp_path / "latin.csv").write_bytes("hazard_id,geometry\nPodru\xe8je,\n".encode("latin-1"))
    for name, words in {
        "x.gpkg": "is named like a GeoPackage",
        "x.geojson": "is not JSON",
        "link.geojson": "follows no links",
        "twice.geojson": "stands twice",
        "x.csv": "quote that is not closed",
        "bare.csv": "no column holds shapes",
        "x.shp": "Export the layer as GeoPackage",
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
    path = hz.write(hazards_of(SQUARE, SQUARE, SQUARE), tmp_path / "x.gpkg")
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
    intake = take_in(read_layer(path), HAZARDS, Fill())
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
    import hazardgeo.registers._write as writer

    def lossy(*args: object, **options: object) -> None:
        table, geometries, *rest = args
        whole(table.iloc[:1], geometries[:1], *rest, **options)

    whole = writer._write_geopackage
    monkeypatch.setitem(writer._WRITERS, ".gpkg", lossy)
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
