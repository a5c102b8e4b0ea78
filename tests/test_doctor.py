"""What the doctor says of an installation, beside what the libraries say themselves and in installations that are broken."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pyogrio
import pyproj
import pytest
import python_calamine
import rasterio
import shapely

import hazardgeo as hz
from hazardgeo._version import __version__
from hazardgeo.crs._versions import versions, versions_line
from hazardgeo.registers._check import check_files
from hazardgeo.report import Doctor, doctor
from hazardgeo.report._doctor._checkup import Check
from hazardgeo.report._doctor._installation import NEEDED_FOR, NOT_YET

SOURCE = Path(hz.__file__).parent
ALL = "import json\nfrom hazardgeo.report import doctor\nprint(json.dumps(doctor().as_object()))"


@pytest.fixture(scope="module")
def here() -> Doctor:
    return doctor()


def looked_at(before: str = "", **environment: str) -> dict:
    """What the doctor says in a process of its own, after `before` and with these variables beside a clean environment."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PROJ_", "GDAL_", "OSR_", "OGR_"))
    }
    result = subprocess.run(
        [sys.executable, "-c", f"{before}\n{ALL}"], capture_output=True, text=True, check=True, env=clean | environment
    )
    return json.loads(result.stdout)


def check(said: dict, what: str) -> dict:
    (one,) = [one for one in said["checks"] if one["what"] == what]
    return one


def library(said: dict, name: str) -> dict:
    (one,) = [one for one in said["libraries"] if one["library"] == name]
    return one


# --- versions ----------------------------------------------------------------------------------------------------


def test_versions_are_those_that_the_libraries_state(here):
    table = here.tables["libraries"].set_index("library")
    assert table.loc["pyproj", ["version", "proj"]].tolist() == [pyproj.__version__, pyproj.proj_version_str]
    date = pyproj.database.get_database_metadata("EPSG.DATE")
    assert table.loc["pyproj", "epsg"] == f"{pyproj.database.get_database_metadata('EPSG.VERSION')} ({date})"
    assert table.loc["pyogrio", "gdal"] == pyogrio.__gdal_version_string__
    assert table.loc["pyogrio", "geos"] == ".".join(map(str, pyogrio.__gdal_geos_version__))
    assert table.loc["rasterio", ["version", "gdal"]].tolist() == [rasterio.__version__, rasterio.__gdal_version__]
    assert table.loc["shapely", ["version", "geos"]].tolist() == [shapely.__version__, shapely.geos_version_string]


@pytest.mark.parametrize("name", ["pyproj", "pyogrio", "rasterio"])
def test_the_register_of_each_library_is_what_gdal_reads_in_its_database(here, name):
    row = here.tables["libraries"].set_index("library").loc[name]
    about = pyogrio.read_dataframe(row["database"], layer="metadata").set_index("key")["value"]
    assert row["epsg"] == f"{about['EPSG.VERSION']} ({about['EPSG.DATE']})"
    assert row["proj"] == about["PROJ.VERSION"]


def test_databases_that_differ_are_named_with_what_that_means_and_are_no_problem_of_ours(here):
    epsg = {one.library: one.epsg for one in here.libraries if one.epsg}
    (one,) = [one for one in here.checks if one.what == "PROJ databases"]
    assert one.found.startswith("they differ" if len(set(epsg.values())) > 1 else "the same in all")
    assert not one.is_problem
    if len(set(epsg.values())) > 1:
        assert all(f"{name}: {version}" in one.found for name, version in epsg.items())
        assert "pyproj's PROJ alone" in one.means
        assert "400 m" in one.means


def test_looking_at_the_databases_leaves_no_file_beside_them(here):
    folders = {Path(one.database).parent for one in here.libraries if one.database}
    before = {folder: sorted(folder.iterdir()) for folder in folders}
    doctor()
    assert {folder: sorted(folder.iterdir()) for folder in folders} == before


def test_versions_of_an_output_are_those_of_the_libraries():
    assert versions()["PROJ"] == pyproj.proj_version_str
    assert versions()["EPSG"] == pyproj.database.get_database_metadata("EPSG.VERSION")
    assert versions()["GEOS"] == shapely.geos_version_string
    assert versions_line() == (
        f"hazardgeo {__version__}, PROJ {pyproj.proj_version_str}, EPSG {versions()['EPSG']}, GEOS {versions()['GEOS']}"
    )


def test_every_output_of_a_job_says_what_it_was_made_with(tmp_path):
    files = [hz.sample_data("bih_register.gpkg"), hz.sample_data("hrv_register.geojson")]
    out = hz.write_report(files, tmp_path / "out", source="osm")
    for page in ("map.html", "report.html"):
        assert f"Made with {versions_line()}" in (out / page).read_text(encoding="utf-8")
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["versions"] == versions()
    (checked,) = check_files(files[:1])
    assert checked.as_object()["versions"] == versions()
    book = python_calamine.CalamineWorkbook.from_path(str(hz.write_worklist([checked.taken], tmp_path / "list.xlsx")))
    cells = [cell for row in book.get_sheet_by_name("Read me").to_python() for cell in row]
    assert f"Made with {versions_line()}." in cells


# --- a sound installation, and broken ones -----------------------------------------------------------------------


def test_in_a_clean_environment_proj_works_offline_and_nothing_is_redirected():
    said = looked_at(PYTHONIOENCODING="utf-8")
    assert check(said, "PROJ works")["found"] == "yes"
    assert check(said, "PROJ network")["found"] == "off"
    assert check(said, "variables of PROJ and GDAL")["found"] == "none that leads elsewhere"
    assert not check(said, "encoding of the console")["is_problem"]
    assert said["problems"] == []


def test_a_folder_of_proj_that_leads_elsewhere_is_a_problem_and_rasterio_follows_it(tmp_path):
    """rasterio itself then knows no CRS at all, and pyproj, where it brings its own database, does not care."""
    said = looked_at(PROJ_DATA=str(tmp_path))
    one = check(said, "PROJ_DATA")
    assert one["is_problem"]
    assert one["found"] == str(tmp_path)
    assert any(text.startswith(f"PROJ_DATA: {tmp_path}. ") for text in said["problems"])
    itself = subprocess.run(
        [sys.executable, "-c", "import rasterio.crs; rasterio.crs.CRS.from_epsg(3765)"],
        capture_output=True, text=True, env=os.environ | {"PROJ_DATA": str(tmp_path)},
    )  # fmt: skip
    assert (library(said, "rasterio")["database"] == "") == (itself.returncode != 0)
    own = Path(pyproj.__file__).parent / "proj_dir" / "share" / "proj" / "proj.db"
    if own.is_file():
        assert library(said, "pyproj")["database"] == str(own)
        assert check(said, "PROJ works")["found"] == "yes"


def test_a_network_that_the_environment_switches_on_is_a_problem_and_stays_off_here():
    said = looked_at(PROJ_NETWORK="ON")
    assert check(said, "PROJ_NETWORK")["is_problem"]
    assert check(said, "PROJ network") == {
        "topic": "PROJ", "what": "PROJ network", "found": "off", "means": "", "is_problem": False,
    }  # fmt: skip


def test_variables_as_conda_sets_them_and_those_that_switch_off_are_no_problem():
    said = looked_at(GDAL_DATA=sys.prefix, PROJ_NETWORK="OFF")
    assert not check(said, "GDAL_DATA")["is_problem"]
    assert said["problems"] == []


def test_a_proj_whose_database_is_damaged_is_found_and_the_rest_is_still_looked_at(tmp_path):
    """A database that says what it is and holds no CRS: hazardgeo.crs itself cannot be loaded with it."""
    with contextlib.closing(sqlite3.connect(tmp_path / "proj.db")) as database, database:
        database.execute("CREATE TABLE metadata (key TEXT, value TEXT)")
        rows = [("DATABASE.LAYOUT.VERSION.MAJOR", "1"), ("DATABASE.LAYOUT.VERSION.MINOR", "4"), ("EPSG.VERSION", "v0")]
        database.executemany("INSERT INTO metadata VALUES (?, ?)", rows)
    said = looked_at(f"import pyproj\npyproj.datadir.set_data_dir({str(tmp_path)!r})")
    assert library(said, "pyproj")["epsg"] == "v0 (no date)"
    assert check(said, "PROJ works")["found"] == "no"
    assert any(text.startswith("PROJ works: no.") and "Install pyproj again" in text for text in said["problems"])
    assert library(said, "shapely")["geos"] == shapely.geos_version_string
    assert check(said, "coords")["topic"] == "Extras"


def test_a_database_that_is_none_is_found(tmp_path):
    (tmp_path / "proj.db").write_bytes(b"this is no database")
    said = looked_at(f"import pyproj\npyproj.datadir.set_data_dir({str(tmp_path)!r})")
    assert library(said, "pyproj")["epsg"] == ""
    assert check(said, "PROJ database")["found"].endswith("in its folder is none that can be read")
    assert check(said, "PROJ database")["is_problem"]


def test_a_package_that_is_there_and_cannot_be_loaded_is_a_problem():
    said = looked_at("import sys\nsys.modules['xlsxwriter'] = None")
    one = check(said, "excel")
    assert one["is_problem"]
    assert "cannot be loaded" in one["found"]
    assert one["means"].startswith(f"Needed for: {NEEDED_FOR['excel']}. xlsxwriter cannot be loaded")
    assert one["means"].endswith('pip install "hazardgeo[excel]".')


def test_a_library_that_cannot_be_loaded_is_named_and_the_others_are_looked_at():
    said = looked_at("import sys\nsys.modules['rasterio'] = None")
    assert [one["library"] for one in said["libraries"]] == ["pyproj", "pyogrio", "shapely"]
    (one,) = [one for one in said["checks"] if one["what"] == "rasterio" and one["topic"] == "Libraries"]
    assert one["is_problem"]


def test_a_console_without_the_letters_of_names_is_a_problem():
    one = check(looked_at(PYTHONIOENCODING="cp1250"), "encoding of the console")
    assert one["is_problem"]
    assert "Cyrillic, Arabic script" in one["means"].replace("Latin with diacritics, ", "")


# --- extras and fonts --------------------------------------------------------------------------------------------


def imported() -> set[str]:
    """Every package that the library imports anywhere."""
    texts = (file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py"))
    return {name for text in texts for name in re.findall(r"^ *(?:import|from) (\w+)", text, flags=re.MULTILINE)}


def test_what_each_extra_is_for_is_said_and_nothing_is_said_to_be_needed_that_is_never_loaded(here):
    extras = {one.what: one for one in here.checks if one.topic == "Extras"}
    assert set(extras) == set(NEEDED_FOR)
    for name, one in extras.items():
        packages = {part.rpartition(" ")[0].partition(" ")[0].replace("-", "_") for part in one.found.split(", ")}
        assert (NEEDED_FOR[name] == NOT_YET) == packages.isdisjoint(imported()), name
        assert one.means.startswith(f"Needed for: {NEEDED_FOR[name]}.")


def test_fonts_are_looked_at_where_there_is_something_to_draw_with(here):
    fonts = [one.what for one in here.checks if one.topic == "Fonts"]
    if importlib.util.find_spec("matplotlib") is None:
        assert fonts == ["letters in figures"]
    else:
        assert fonts == ["Latin with diacritics", "Cyrillic", "Arabic script"]


# --- an installed copy -------------------------------------------------------------------------------------------


def digest(file: Path) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(file.read_bytes()).digest()).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with the package as pip would put it there: its files, its metadata, and the hash of every file."""
    site = tmp_path_factory.mktemp("site")
    shutil.copytree(SOURCE, site / "hazardgeo", ignore=shutil.ignore_patterns("__pycache__"))
    if not (site / "hazardgeo" / "_sample_data").is_dir():
        shutil.copytree(SOURCE.parents[1] / "sample_data", site / "hazardgeo" / "_sample_data")
    about = site / f"hazardgeo-{__version__}.dist-info"
    about.mkdir()
    asked = ["numpy>=1", "pyproj>=99", "no-such-package-1>=2; extra == 'excel'", "numpy>=1; extra == 'fast'"]
    asked += [line.replace("'excel'", "'all'").replace("'fast'", "'all'") for line in asked[2:]]
    lines = ["Metadata-Version: 2.4", "Name: hazardgeo", f"Version: {__version__}"]
    lines += [f"Provides-Extra: {name}" for name in ("all", "excel", "fast")]
    (about / "METADATA").write_text(
        "\n".join([*lines, *(f"Requires-Dist: {one}" for one in asked), ""]), encoding="utf-8"
    )
    files = sorted(file for file in (site / "hazardgeo").rglob("*") if file.is_file())
    rows = [f"{file.relative_to(site).as_posix()},{digest(file)},{file.stat().st_size}" for file in files]
    (about / "RECORD").write_text("\n".join([*rows, f"{about.name}/RECORD,,", ""]), encoding="utf-8")
    return site


@pytest.fixture(scope="module")
def said_of_it(installed) -> dict:
    return looked_at(PYTHONPATH=str(installed))


def test_an_installed_copy_is_compared_with_the_hashes_that_pip_keeps(installed, said_of_it):
    said = said_of_it
    assert check(said, "hazardgeo")["found"] == f"{__version__} ({installed / 'hazardgeo'})"
    assert check(said, "base map, sample data and code")["found"] == "as packed"


def test_a_package_that_is_missing_or_too_old_is_told_from_one_that_is_there(said_of_it):
    said = said_of_it
    assert not check(said, "numpy")["is_problem"]
    assert check(said, "pyproj") == {
        "topic": "Packages", "what": "pyproj", "found": pyproj.__version__, "is_problem": True,
        "means": f"pyproj {pyproj.__version__} is not what hazardgeo was tried with (>=99). "
                 'Install it: pip install "pyproj>=99".',
    }  # fmt: skip
    excel = check(said, "excel")
    assert excel["found"] == "no-such-package-1 missing"
    assert (
        excel["means"]
        == f'Needed for: {NEEDED_FOR["excel"]}. Install it if you need that: pip install "hazardgeo[excel]".'
    )
    assert not excel["is_problem"]


@pytest.mark.parametrize(
    "name", ["_basemap/basemap.gpkg", "_sample_data/hrv_register.geojson", "_borders/osm/mekong.topojson.gz"]
)
def test_one_byte_of_the_embedded_data_that_changed_is_found(installed, name):
    file = installed / "hazardgeo" / name
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        said = looked_at(PYTHONPATH=str(installed))
    finally:
        file.write_bytes(whole)
    damaged = [one for one in said["checks"] if one["found"] == "damaged"]
    assert all(one["is_problem"] and name.rpartition("/")[2] in one["means"] for one in damaged)
    assert len(damaged) == (2 if name.startswith("_borders") else 1)  # a border by its own index, too


# --- what is shown -----------------------------------------------------------------------------------------------


def test_what_is_printed_begins_with_what_is_wrong_and_names_every_check(here):
    said = repr(Doctor(here.libraries, (*here.checks, Check("Data", "borders", "damaged", "Install it again.", True))))
    lines = said.splitlines()
    assert "found" in lines[0]
    assert "borders: damaged. Install it again." in said.split("Bundled libraries")[0]
    assert all(
        f"  {one.what}: {one.found}" in lines or f"  {one.what}: {one.found}. {one.means}" in lines
        for one in here.checks
    )


def test_a_sound_installation_says_so_in_its_first_line():
    assert repr(Doctor((), (Check("Data", "borders", "as packed"),))).splitlines()[0] == (
        f"hazardgeo {__version__}: nothing is wrong with this installation."
    )


def test_text_of_the_environment_is_never_code_in_a_notebook():
    page = Doctor((), (Check("Environment", "PROJ_DATA", "<script>x</script>", "Unset it.", True),))._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page


def test_the_frame_has_a_row_for_each_check_and_json_holds_all_of_it(here):
    assert here.to_frame().columns.tolist() == ["topic", "what", "found", "means", "is_problem"]
    assert len(here.to_frame()) == len(here.checks)
    again = json.loads(json.dumps(here.as_object(), allow_nan=False))
    assert [one["what"] for one in again["checks"]] == [one.what for one in here.checks]
    assert again["problems"] == list(here.problems)
