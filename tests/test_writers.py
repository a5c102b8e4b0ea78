"""Writers: what each format is given, what it refuses, and what stands in the folder when something fails."""

from __future__ import annotations

import datetime
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from by_hand import hazards_of
from hypothesis import given
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.errors import CRSError, FormatError, StorageError
from hazardgeo.registers._column_names import fitting_names
from hazardgeo.registers._export import export
from hazardgeo.registers._formats import read_layer
from hazardgeo.registers._table import as_written, same_cell
from hazardgeo.schema import HAZARDS, SCHEMAS
from hazardgeo.schema._spelling import number_readings

SQUARE = shapely.box(16, 45, 16.01, 45.01)
WRITTEN = ("gpkg", "geojson", "parquet", "fgb", "csv")
EXPORTED = ("zip", "shp", "kml", "xlsx")
OURS = {name for schema in SCHEMAS.values() for name in (schema.index, *(column.name for column in schema.columns))}


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def put(frame: gpd.GeoDataFrame, path: Path) -> Path:
    """Write or export, as the ending says."""
    if path.suffix[1:] in WRITTEN:
        return hz.write(frame, path)
    export(frame, path)
    return path


def ring_of(corners: int) -> shapely.Polygon:
    """A polygon of so many corners, each with as many digits as a double has."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return shapely.Polygon(np.column_stack([16.1 + np.cos(angles) / 97, 45.1 + np.sin(angles) / 97]))


def test_a_format_that_cannot_hold_everything_is_exported(tmp_path):
    for suffix in EXPORTED:
        with pytest.raises(FormatError, match=rf"Choose one of these endings; hazardgeo\.export writes \.{suffix}"):
            hz.write(hazards_of(SQUARE), tmp_path / f"x.{suffix}")
    with pytest.raises(FormatError, match="hazardgeo exports"):
        export(hazards_of(SQUARE), tmp_path / "x.gpkg")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "package", "extra"),
    [("x.parquet", "pyarrow", "parquet"), ("x.xlsx", "xlsxwriter", "excel"), ("x.xlsx", "python_calamine", "excel")],
)
def test_a_missing_package_is_named_with_what_installs_it(tmp_path, monkeypatch, name, package, extra):
    monkeypatch.setitem(sys.modules, package, None)  # so Python marks a module that cannot be imported
    with pytest.raises(FormatError, match=rf'pip install "hazardgeo\[{extra}\]"'):
        put(hazards_of(SQUARE), tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [*WRITTEN, *EXPORTED])
def test_equal_frames_give_equal_files(tmp_path, suffix):
    frame = hazards_of(SQUARE, ring_of(40), date_of_information=pd.to_datetime(["2024-01-01", None]))
    for folder in "ab":
        (tmp_path / folder).mkdir()
        put(frame, tmp_path / folder / f"x.{suffix}")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


@pytest.mark.parametrize("suffix", WRITTEN)
def test_whole_numbers_beside_an_empty_cell_keep_every_digit(tmp_path, suffix):
    """As a fraction 9,007,199,254,740,993 (2⁵³ + 1) would become …992."""
    frame = hazards_of(SQUARE, SQUARE, serial=pd.array([2**53 + 1, None], dtype="Int64"))
    cells = read_layer(hz.write(frame, tmp_path / f"x.{suffix}")).columns["serial"]
    assert [int(cells[0]), cells[1] or None] == [9007199254740993, None]


def test_a_cell_is_the_same_only_to_the_last_digit_and_in_its_own_kind():
    assert same_cell(2**53 + 1, "9007199254740993")
    assert not same_cell(2**53 + 1, 2**53)
    assert same_cell(1.5, "1.50")
    assert same_cell("2024-02-29", datetime.date(2024, 2, 29))
    assert not same_cell("7", 7)
    assert not same_cell("x", None)
    assert same_cell("", None)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_as_text_is_read_in_one_way(number):
    assert number_readings(as_written(number)) == (number,)


def test_a_number_that_could_be_thousands_gets_one_more_zero(tmp_path):
    frame = hazards_of(SQUARE, SQUARE, SQUARE, SQUARE, declared_area_m2=[1.234, 0.125, 1234.567, 12.5])
    path = hz.write(frame, tmp_path / "x.csv")
    assert pd.read_csv(path, dtype=str)["declared_area_m2"].tolist() == ["1.2340", "0.125", "1234.567", "12.5"]


@pytest.mark.parametrize("suffix", WRITTEN)
def test_rows_stay_in_their_order(tmp_path, suffix):
    """The index of FlatGeobuf sorts records along a curve through the plane; these zigzag between two corners of it."""
    shapes = [shapely.box(x, y, x + 0.01, y + 0.01) for x, y in [(16, 45), (17, 46), (16.1, 45), (17, 45.9)] * 5]
    frame = hazards_of(*shapes)
    assert list(read_layer(hz.write(frame, tmp_path / f"x.{suffix}")).columns["hazard_id"]) == frame.index.tolist()


@pytest.mark.parametrize("suffix", ["parquet", "fgb"])
@pytest.mark.parametrize("code", [31276, 3908, 32633, 4326])
def test_a_crs_is_written_as_itself(tmp_path, suffix, code):
    """GDAL, not told otherwise, writes the withdrawn EPSG:31276 as EPSG:3908, which is on another datum."""
    from hazardgeo.crs import same_places

    frame = hazards_of(SQUARE).set_crs(code, allow_override=True)
    assert same_places(frame.crs, read_layer(hz.write(frame, tmp_path / f"x.{suffix}")).crs)


def test_other_programs_read_geoparquet_and_flatgeobuf(tmp_path):
    frame = hazards_of(SQUARE, SQUARE, date_of_information=pd.to_datetime(["2024-02-29", None]))
    by_arrow = gpd.read_parquet(hz.write(frame, tmp_path / "x.parquet"))
    by_gdal = gpd.read_file(hz.write(frame, tmp_path / "x.fgb"))
    for again in (by_arrow, by_gdal):
        assert again.crs.to_epsg() == 4326
        assert again["hazard_id"].tolist() == ["h0", "h1"]
        assert pd.to_datetime(again["date_of_information"]).isna().tolist() == [False, True]
        assert shapely.normalize(again.geometry.iloc[0]).equals_exact(shapely.normalize(SQUARE))
    assert by_arrow["date_of_information"].iloc[0] == datetime.date(2024, 2, 29)


@pytest.mark.parametrize("suffix", ["csv", "fgb"])
def test_a_text_that_would_cost_its_record_is_refused(tmp_path, suffix):
    """A CSV with a zero byte in a row is not taken in; through GDAL a text ends there."""
    with pytest.raises(StorageError, match="'h0'"):
        hz.write(hazards_of(SQUARE, source="before\0behind"), tmp_path / f"x.{suffix}")
    assert not list(tmp_path.iterdir())


# Shapefile


@given(
    st.lists(
        st.one_of(st.sampled_from([*sorted(OURS), *(f"{name}_old" for name in sorted(OURS))]), st.text(max_size=14)),
        unique=True,
        max_size=8,
    )
)
def test_names_that_are_cut_stay_apart_and_are_never_those_of_other_columns(names):
    new = fitting_names(names, 10)
    assert len({name.casefold() for name in new}) == len(names) == len(new)
    assert all(1 <= len(name.encode()) <= 10 for name in new)
    cut = {name[:10] for name in OURS}
    for was, name in zip(names, new, strict=True):
        if was in OURS:
            assert name == was[:10]
        elif was.casefold() not in OURS:
            assert name.casefold() not in cut


def test_names_that_would_be_cut_alike_are_numbered_and_no_column_is_lost(tmp_path):
    """``source_crs_old`` cut to ten bytes would be ``source_crs``, which means something else."""
    frame = hazards_of(SQUARE, hazard_identity="a", hazard_identifier="b", source_crs_old="c", Pojašnjenje_č="d")
    losses = export(frame, tmp_path / "x.shp").set_index("column")
    renamed = {
        "classification": "classifica",
        "work_status": "work_statu",
        "hazard_identity": "hazard_ide",
        "hazard_identifier": "hazard_i_1",
        "source_crs_old": "source_c_1",
        "Pojašnjenje_č": "Pojašnjen",  # š has two bytes
    }
    assert losses["is"].to_dict() == renamed
    assert set(losses["id"]) == {"(the file)"}
    by_gdal = gpd.read_file(tmp_path / "x.shp")
    assert by_gdal.columns.tolist() == ["hazard_id", "register", "country", *renamed.values(), "geometry"]
    assert by_gdal.iloc[0, 5:9].tolist() == ["a", "b", "c", "d"]


def test_other_programs_read_the_shapefile(tmp_path):
    """GDAL, by itself, gives the types and values that went in; it reads whole numbers with a gap as fractions."""
    frame = hazards_of(
        SQUARE,
        SQUARE.difference(shapely.box(16.002, 45.002, 16.004, 45.004)),
        date_of_information=pd.to_datetime(["2024-02-29", None]),
        declared_area_m2=[1234.5678, 1e-7],
        mines=pd.array([7, None], dtype="Int64"),
        name=["Šušnjar", None],
    )
    export(frame, tmp_path / "x.shp")
    again = gpd.read_file(tmp_path / "x.shp")
    meta, _, _, cells = pyogrio.raw.read(tmp_path / "x.shp", datetime_as_string=True)
    first, second = cells[list(meta["fields"]).index("date_of_in")]
    assert (str(first)[:10].replace("/", "-"), second) == ("2024-02-29", None)
    assert again["declared_a"].tolist() == [1234.5678, 1e-7]
    assert again["mines"].iloc[0] == 7
    assert pd.isna(again["mines"].iloc[1])
    assert again["name"].iloc[0] == "Šušnjar"
    assert again.crs.to_epsg() == 4326
    assert shapely.equals_exact(*(shapely.normalize(one.geometry.to_numpy()) for one in (again, frame))).all()


def test_texts_are_cut_between_letters_and_listed(tmp_path):
    """``međa`` has five bytes: fifty of them and ``međ`` are 254."""
    losses = export(hazards_of(SQUARE, SQUARE, source=["međa" * 80, "y" * 254]), tmp_path / "x.zip").set_index("column")
    row = losses.loc["source"]
    assert (row["id"], row["was"], row["is"]) == ("h0", "međa" * 80, "međa" * 50 + "međ")
    assert "254 bytes" in row["why"]


def test_a_projected_shapefile_names_its_crs(tmp_path):
    frame = hazards_of(SQUARE).to_crs(3765)
    export(frame, tmp_path / "x.shp")
    assert hz.intake(tmp_path / "x.shp", "hazards").crs == "EPSG:3765"


def test_a_zip_holds_one_whole_shapefile(tmp_path):
    export(hazards_of(SQUARE), tmp_path / "register.zip")
    with zipfile.ZipFile(tmp_path / "register.zip") as archive:
        assert archive.namelist() == [f"register.{ending}" for ending in ("shp", "dbf", "shx", "prj", "cpg")]
    assert [file.name for file in tmp_path.iterdir()] == ["register.zip"]


def test_a_shapefile_takes_the_place_of_another_whole_and_stale_indexes_go(tmp_path):
    """Its style (.qml) is the user's and stays; an index of the old shapes (.qix) would hide new ones."""
    export(hazards_of(SQUARE, SQUARE), tmp_path / "x.shp")
    (tmp_path / "x.qix").write_bytes(b"index of two")
    (tmp_path / "x.qml").write_bytes(b"style")
    (tmp_path / "x2.dbf").write_bytes(b"another")
    export(hazards_of(SQUARE), tmp_path / "x.shp")
    kept = ["x.cpg", "x.dbf", "x.prj", "x.qml", "x.shp", "x.shx", "x2.dbf"]
    assert sorted(file.name for file in tmp_path.iterdir()) == kept
    assert read_layer(tmp_path / "x.shp").count == 1


def test_a_shapefile_that_cannot_be_put_in_place_leaves_the_old_one_whole(tmp_path):
    """A folder stands where one of its files would come: real, and met after others are in place already."""
    export(hazards_of(SQUARE), tmp_path / "x.shp")
    (tmp_path / "x.prj").unlink()
    (tmp_path / "x.prj").mkdir()
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    with pytest.raises(StorageError, match="could not be put in place"):
        export(hazards_of(SQUARE, SQUARE), tmp_path / "x.shp")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == before
    assert [file.name for file in tmp_path.iterdir() if file.is_dir()] == ["x.prj"]


# KML


def test_other_programs_read_the_kml_and_it_bears_our_colours(tmp_path):
    """CHA is filled #FF0000 at 0.5 (128 of 255); KML writes opacity, blue, green, red: 800000ff."""
    confirmed = hazards_of(SQUARE, SQUARE).assign(classification=["CHA", "unheard of"])
    export(confirmed, tmp_path / "x.kml")
    assert pyogrio.read_info(tmp_path / "x.kml")["features"] == 2
    text = (tmp_path / "x.kml").read_text(encoding="utf-8")
    assert '<Style id="CHA"><LineStyle><color>ff00008b</color><width>2.4</width></LineStyle>' in text
    assert "<PolyStyle><color>800000ff</color></PolyStyle>" in text
    assert text.count("<styleUrl>#CHA</styleUrl>") == text.count("<styleUrl>") == 1


def test_kml_escapes_what_is_markup_and_lists_signs_that_xml_has_not(tmp_path):
    frame = hazards_of(SQUARE, SQUARE, SQUARE, source=["<b>&amp;", "a\x01b", "a\rb"], name="x", Name="y")
    losses = export(frame, tmp_path / "x.kml")
    listed = losses[["id", "column", "was", "is"]].to_numpy().tolist()
    assert listed == [
        ["(the file)", "Name", "Name", "Name_1"],
        ["(the file)", "kml_name", None, "kml_name"],
        ["h1", "source", "a\x01b", "a\ufffdb"],
        ["h2", "source", "a\rb", "a\nb"],
    ]
    assert read_layer(tmp_path / "x.kml").columns["source"][0] == "<b>&amp;"


# Excel


def test_a_workbook_holds_text_as_text_numbers_as_numbers_and_days_as_days(tmp_path):
    frame = hazards_of(
        SQUARE,
        name="=HYPERLINK(1)",
        declared_area_m2=1.5,
        date_of_information=pd.to_datetime(["2024-02-29"]),
        page="http://example.org",
        serial=10**17,
        geom="text",
    )
    frame.index = pd.Index(["007"], name="hazard_id")
    losses = export(frame, tmp_path / "x.xlsx")
    assert losses[["column", "was", "is"]].to_numpy().tolist() == [["geom", "geom", "geom_1"]]
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["records"]
    cells = {head.value: cell for head, cell in zip(*sheet.iter_rows(), strict=True)}
    assert [cells[name].data_type for name in ("hazard_id", "name", "declared_area_m2", "date_of_information")] == list(
        "ssnd"
    )
    assert cells["page"].hyperlink is None
    assert cells["serial"].value == str(10**17)
    assert cells["date_of_information"].value == pd.Timestamp(2024, 2, 29)
    assert cells["geometry"].value.startswith("SRID=4326;POLYGON")


def test_days_that_excel_counts_wrongly_stand_as_text(tmp_path):
    """Excel believes in 29 February 1900."""
    frame = hazards_of(
        SQUARE, SQUARE, date_of_information=np.array(["1900-02-28", "1900-03-01"], dtype="datetime64[s]")
    )
    assert not len(export(frame, tmp_path / "x.xlsx"))
    taken = hz.intake(tmp_path / "x.xlsx", "hazards", checks="records")
    assert taken.hazards["date_of_information"].dt.strftime("%Y-%m-%d").tolist() == ["1900-02-28", "1900-03-01"]


def test_a_number_of_seventeen_digits_is_listed(tmp_path):
    losses = export(hazards_of(SQUARE, declared_area_m2=0.1 + 0.2), tmp_path / "x.xlsx")
    assert losses[["id", "column", "was", "is"]].to_numpy().tolist() == [["h0", "declared_area_m2", 0.1 + 0.2, 0.3]]
    assert "16 digits" in losses["why"].iloc[0]


def test_an_outline_too_long_for_a_cell_is_written_with_fewer_decimals_or_refused(tmp_path):
    """Nine decimals of a degree err by half of 1e-9 in each direction: 1e-9 / √2 · 111,320 m = 0.08 mm at most.

    A corner takes about 38 letters in full and 26 with nine decimals; a cell holds 32,767.
    """
    frame = hazards_of(SQUARE, ring_of(1000))
    (row,) = export(frame, tmp_path / "x.xlsx").itertuples()
    assert (row.id, row.column, row.was) == ("h1", "geometry", "as recorded")
    again = hz.intake(tmp_path / "x.xlsx", "hazards", checks="records").hazards.geometry.to_numpy()
    steps = (shapely.get_coordinates(again) - shapely.get_coordinates(frame.geometry.to_numpy())) * 111_320
    moved = np.hypot(*steps.T).max()
    assert 0 < moved < 7.9e-5
    assert float(row[4].split()[4]) == pytest.approx(moved, rel=0.05)
    before = contents(tmp_path)
    with pytest.raises(StorageError, match="'h1' has more corners than a cell of Excel can hold"):
        export(hazards_of(SQUARE, ring_of(2000)), tmp_path / "x.xlsx")
    assert contents(tmp_path) == before


# What would be lost with a record


def renamed(frame: gpd.GeoDataFrame, *ids: str) -> gpd.GeoDataFrame:
    return frame.set_axis(pd.Index(ids, name=frame.index.name, dtype=object), axis=0)


@pytest.mark.parametrize(
    ("frame", "name", "words"),
    [
        (renamed(hazards_of(SQUARE), "x" * 255), "x.zip", "the id 'x+' would become"),
        (renamed(hazards_of(SQUARE, SQUARE), "a", "a "), "x.shp", "the id 'a ' would become 'a'"),
        (renamed(hazards_of(SQUARE), "a\rb"), "x.kml", "the id .* would become"),
        (hazards_of(SQUARE, shapely.Point(16, 45)), "x.shp", "one kind of shape, and these are Point and Polygon"),
        (hazards_of(SQUARE, shapely.Polygon()), "x.zip", "the outline of 'h1' would be another"),
        (hazards_of(SQUARE, **{f"text_{i}": "x" * 254 for i in range(300)}), "x.zip", "Leave columns out"),
        (renamed(hazards_of(None), "").drop(columns=["register", "country", "classification", "work_status"]), "x.xlsx",
         "1 records were written and 0 read back"),
    ],
)  # fmt: skip
def test_nothing_is_written_where_a_record_would_be_lost(tmp_path, frame, name, words):
    with pytest.raises(StorageError, match=words):
        export(frame, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_exports_need_a_crs_that_they_can_carry(tmp_path):
    with pytest.raises(CRSError, match="no CRS"):
        export(gpd.GeoDataFrame(geometry=[SQUARE]), tmp_path / "x.zip")
    with pytest.raises(CRSError, match="KML is WGS 84 by its standard"):
        export(hazards_of(SQUARE).to_crs(3765), tmp_path / "x.kml")
    with pytest.raises(CRSError, match="this one has none"):
        export(hazards_of(SQUARE).to_crs("+proj=laea +lat_0=45 +lon_0=16 +datum=WGS84"), tmp_path / "x.xlsx")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", EXPORTED)
def test_heights_are_left_out_and_listed(tmp_path, suffix):
    frame = hazards_of(shapely.force_3d(SQUARE, 120.0), SQUARE)
    losses = export(frame, tmp_path / f"x.{suffix}")
    assert losses.loc[losses["column"] == "geometry", ["id", "is"]].to_numpy().tolist() == [["h0", "without heights"]]


@pytest.mark.parametrize("suffix", EXPORTED)
def test_a_frame_without_records_or_without_outlines_is_exported(tmp_path, suffix):
    export(hazards_of(SQUARE).iloc[:0], tmp_path / f"none.{suffix}")
    assert read_layer(tmp_path / f"none.{suffix}").count == 0
    export(hazards_of(None, SQUARE), tmp_path / f"one.{suffix}")
    assert [shape is None for shape in read_layer(tmp_path / f"one.{suffix}").shapes] == [True, False]


@pytest.mark.parametrize("suffix", EXPORTED)
def test_columns_of_every_kind_are_exported(tmp_path, suffix):
    columns = {
        "time": pd.to_datetime(["2024-02-29T10:30:00", None]),
        "flag": pd.array([True, None], dtype="boolean"),
        "share": pd.array([0.5, None], dtype="Float64"),
        "mixed": np.array([1.234, "x"], dtype=object),
        "bound": [np.inf, 1.0],
        "empty": None,
        "=x": ["a", ""],
    }
    losses = export(hazards_of(SQUARE, SQUARE, **columns), tmp_path / f"x.{suffix}")
    assert not set(columns) & set(losses["column"])
    first = read_layer(tmp_path / f"x.{suffix}").row(0)
    assert [str(first[name]) for name in ("time", "flag", "share")] == ["2024-02-29T10:30:00", "True", "0.5"]
    assert float(first["mixed"]) == 1.234


# The disk

FULL_DISK = """
import resource, sys
from pathlib import Path
sys.path.insert(0, "tests")
import shapely
from by_hand import hazards_of
from hazardgeo.errors import StorageError
from hazardgeo.registers._export import FORMS, export
from hazardgeo.registers._write import write
import pyarrow.parquet, xlsxwriter, pyogrio, python_calamine
folder = Path(sys.argv[1])
shapes = [shapely.box(16 + i / 1e4, 45, 16.01 + i / 1e4, 45.01) for i in range(900)]
big = hazards_of(*shapes, source=[str(i) * 9 for i in range(900)])
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
for file in sorted(folder.iterdir()):
    if file.suffix in (".dbf", ".shx", ".prj", ".cpg"):
        continue
    try:
        (export if file.suffix in FORMS else write)(big, file)
    except StorageError as error:
        assert str(error).startswith(str(file)) or error.args[0].startswith(file.name), error
        print(file.name)
"""


def test_a_disk_that_is_full_leaves_the_old_files(tmp_path):
    """The system itself refuses to write more than 4,096 bytes to any file."""
    pytest.importorskip("resource")
    names = sorted(f"x_{suffix}.{suffix}" for suffix in (*WRITTEN, *EXPORTED))
    for name in names:
        put(hazards_of(SQUARE), tmp_path / name)
    before = contents(tmp_path)
    done = subprocess.run([sys.executable, "-c", FULL_DISK, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == names
    assert contents(tmp_path) == before


def test_the_schema_names_that_a_shapefile_cuts_are_read_back_whole(tmp_path):
    frame = hazards_of(SQUARE, date_of_information=pd.to_datetime(["2024-02-29"]), geometry_kind="surveyed")
    export(frame, tmp_path / "x.zip")
    again = hz.intake(tmp_path / "x.zip", "hazards").hazards
    assert set(frame.columns) <= set(again.columns)
    assert {column.name[:10] for column in HAZARDS.columns if column.name in frame} <= {
        name[:10] for name in again.columns
    }
