"""Hostile files: no connection, no other file, no dead run; a hostile record costs only itself."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import sysconfig
import threading
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from corpus import sound

import hazardgeo as hz
from hazardgeo.errors import FormatError, HazardgeoError

COUNT = 300
MANY = 1_000_000


# --- Records that cost more than they may ---


def comb(teeth: int, *, upright: bool) -> shapely.Polygon:
    """A comb of about 800 m; two of them, one lying and one standing, cross teeth² times."""
    size, step = 0.01, 0.01 / teeth
    tooth = np.array([(0.0, size), (0.37 * step, size), (0.37 * step, 0.05 * size), (step, 0.05 * size)])
    xy = np.concatenate([[(0, 0)], *(tooth + np.array([k * step, 0]) for k in range(teeth)), [(size, 0)]])
    return shapely.Polygon((xy if upright else xy[:, ::-1]) + (18.4123417, 43.6123319))


def with_hostile(file: Path, hostile: dict[int, object]) -> Path:
    """300 sound records, but for these."""
    table = sound.frame(COUNT)
    table.geometry = gpd.GeoSeries([hostile.get(i, shape) for i, shape in enumerate(table.geometry)], crs=4326)
    return sound.write_gpkg(file, table)


@pytest.mark.parametrize("bounds", [{"memory_bytes": 2_500_000_000}, {"seconds": 1}], ids=["memory", "time"])
def test_two_combs_that_cross_a_million_times_cost_one_of_them(tmp_path, bounds):
    """The ground they have in common has 1,000 · 1,000 parts; to find it took 5 GB and a minute."""
    file = with_hostile(tmp_path / "x.gpkg", {5: comb(1000, upright=True), 9: comb(1000, upright=False)})
    found = hz.intake(file, worker=True, limits=hz.Limits(**{"memory_bytes": 4_000_000_000, **bounds}))
    assert set(sound.names(COUNT)) - set(found.records.index) == {"H-005"}
    assert found.findings[["record", "rule"]].to_numpy().tolist() == [["H-005", "record-costly"]]
    assert (found.records_in, len(found.quarantine)) == (COUNT, 1)


def test_a_ring_with_more_corners_than_the_limit_costs_itself(tmp_path):
    """1,000,000 corners are the limit; the ring is closed by one more, which is the first again."""
    turn = np.linspace(0, 2 * np.pi, MANY, endpoint=False)
    ring = shapely.Polygon(0.003 * np.column_stack([np.cos(turn), np.sin(turn)]) + (19.0123417, 43.7123319))
    found = hz.intake(with_hostile(tmp_path / "x.gpkg", {7: ring}), worker=True)
    assert found.findings[["record", "rule"]].to_numpy().tolist() == [["H-007", "limit-vertices"]]
    assert (len(found.records), len(found.quarantine)) == (COUNT - 1, 1)
    assert "1,000,001 corners" in found.findings["seen"][0]


@pytest.mark.parametrize("depth", [40, 100_000])
def test_collections_one_in_another_cost_themselves(tmp_path, depth):
    """GEOS takes such a thing apart by calling itself, and the process falls at 100,000."""
    nested = "GEOMETRYCOLLECTION (" * depth + "POINT (17 44)" + ")" * depth
    rows = [[*sound.row(i).values(), f"SRID=4326;{nested if i == 3 else sound.shape(i).wkt}"] for i in range(COUNT)]
    lines = [",".join([*sound.HEADER, "wkt"]), *(",".join(f'"{cell}"' for cell in row) for row in rows)]
    text = hz.intake(sound.write_text(tmp_path / "x.csv", "\n".join(lines)), worker=True)
    wkb = bytes.fromhex("010700000001000000") * depth + shapely.Point(17, 44).wkb
    table = gpd.pd.DataFrame(sound.frame(COUNT).drop(columns="geometry"))
    table["geometry"] = [wkb if i == 3 else sound.shape(i).wkb for i in range(COUNT)]
    binary = hz.intake(parquet(tmp_path / "x.parquet", table), worker=True)
    for found in (text, binary):
        assert found.findings[["record", "rule"]].to_numpy().tolist() == [["H-003", "geometry-unreadable"]]
        assert (len(found.records), len(found.quarantine)) == (COUNT - 1, 1)


def parquet(file: Path, table: object) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    pq.write_table(pa.Table.from_pandas(table).replace_schema_metadata({"geo": json.dumps(geo)}), file)
    return file


def test_a_tangle_of_three_thousand_corners_is_not_repaired(tmp_path):
    """To make it valid took more than 300 s; that it is not valid is seen at once."""
    tangle = shapely.Polygon(np.random.default_rng(5).random((3000, 2)) * 0.01 + (19.0123417, 43.7123319))
    found = hz.intake(with_hostile(tmp_path / "x.gpkg", {7: tangle}), worker=True, limits=hz.Limits(seconds=15))
    assert found.findings[["record", "rule"]].to_numpy().tolist() == [["H-007", "geometry-broken"]]


def test_too_little_memory_to_begin_with_is_told(tmp_path):
    file = with_hostile(tmp_path / "x.gpkg", {})
    with pytest.raises(FormatError, match=r"x\.gpkg: could not be read within 0 GB of memory and 60 s"):
        hz.intake(file, worker=True, limits=hz.Limits(memory_bytes=100_000_000))


# --- Files that lead elsewhere ---

PRIVATE = "hazard_id,password\nH-000,swordfish\n"


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine, and who came to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def wait() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                came.append(address)
                connection.close()

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def leading_elsewhere(folder: Path, port: int) -> dict[str, Path]:
    """Files that would have a program open another file, or a connection."""
    secret = sound.write_text(folder / "secret.txt", PRIVATE)
    url = f"http://127.0.0.1:{port}"
    texts = {
        "vrt.kml": vrt(str(secret)),
        "vrt.geojson": vrt(str(secret)),
        "vrt.csv": vrt(str(secret)),
        "vrt.gpx": vrt(f"/vsicurl/{url}/x.csv"),
        "vrt.gpkg": vrt(f"/vsicurl/{url}/x.gpkg"),
        "vrt.fgb": vrt(f"/vsicurl/{url}/x.fgb"),
        "service.kml": f"<OGRWFSDataSource><URL>{url}/wfs?SERVICE=WFS</URL></OGRWFSDataSource>",
        "gml.kml": f'<FeatureCollection xmlns="http://www.opengis.net/gml"><featureMember href="{url}"/></FeatureCollection>',
        "entity.kml": f'<!DOCTYPE kml [<!ENTITY a SYSTEM "file://{secret}">]><kml>&a;</kml>',
        "remote.kml": f'<!DOCTYPE kml SYSTEM "{url}/kml.dtd"><kml/>',
        "link.kml": sound.kml_text(
            f"{sound.placemark(0)}<NetworkLink><Link><href>{url}/x.kml</href></Link></NetworkLink>"
        ),
        "picture.kml": sound.kml_text(
            f"{sound.placemark(0)}<GroundOverlay><Icon><href>{url}/x.png</href></Icon></GroundOverlay>"
        ),
        "esri.geojson": f'{{"layers": [], "url": "{url}/arcgis/rest/services"}}',
        "address.csv": f'hazard_id,wkt\n"/vsicurl/{url}/a.csv","{url}"\n',
    }
    files = {name: sound.write_text(folder / name, text) for name, text in texts.items()}
    crs = {"type": "link", "properties": {"href": f"{url}/crs", "type": "proj4"}}
    files["link.geojson"] = sound.write_geojson(folder / "link.geojson", [sound.feature(0)], crs=crs)
    grid = {"type": "name", "properties": {"name": f"+proj=longlat +nadgrids={secret},{url}/grid.gsb +type=crs"}}
    files["grid.geojson"] = sound.write_geojson(folder / "grid.geojson", [sound.feature(0)], crs=grid)
    files["crs.shp"] = sound.write_shapefile(folder / "crs.shp", sound.frame(1))
    sound.write_text(folder / "crs.prj", f"{url}/crs.prj")
    return files


def vrt(source: str) -> str:
    """A description of a data set that lies elsewhere, as GDAL reads it."""
    layer = f'<OGRVRTLayer name="x"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>'
    return f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>"


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-P", "-m", "hazardgeo", "check", *map(str, arguments)]


def contents(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    "name",
    [
        "/vsicurl/http://127.0.0.1:{port}/x.gpkg", "/vsizip/x.zip", "/vsistdin/", "http://127.0.0.1:{port}/x.geojson",
        "WFS:http://127.0.0.1:{port}/wfs", "ESRIJSON:http://127.0.0.1:{port}/x", "zip://x.zip", "GPKG:x.gpkg:hazards",
        '{{"type": "FeatureCollection", "features": []}}', "PG:host=127.0.0.1 port={port}", "MVT:x",
    ],
)  # fmt: skip
def test_a_name_that_is_no_file_is_refused(listener, name):
    port, came = listener
    with pytest.raises(HazardgeoError, match=r"is an address|There is no file"):
        hz.intake(name.format(port=port))
    assert came == []


_OPENED = re.compile(r'open(?:at)?\((?:AT_FDCWD, )?"([^"]*)", ([A-Z_|]+)')
_SYSTEM = ("/proc", "/sys", "/etc", "/dev", "/usr", "/lib", "/lib64", "/run", "/bin")


def test_no_file_makes_a_connection_or_opens_another_file(tmp_path, listener):
    """The tracer, where there is one, sees what C libraries do, which no check in Python can."""
    port, came = listener
    log, given, scratch = (tmp_path / name for name in ("trace", "given", "scratch"))
    given.mkdir()
    scratch.mkdir()
    files, before = leading_elsewhere(given, port), contents(given)
    done = subprocess.run(
        [*tracer(log), *command("--json", *files.values())],
        capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(scratch)},
    )  # fmt: skip
    assert came == []
    assert "swordfish" not in done.stdout + done.stderr
    assert contents(given) == before
    assert list(scratch.iterdir()) == []
    read = {Path(json.loads(line)["file"]).name for line in done.stdout.splitlines()}
    assert read == {"link.kml", "picture.kml", "grid.geojson", "crs.shp", "address.csv"}
    assert len(done.stderr.splitlines()) == len(files) - len(read)
    assert {name for name in files if f"{name}: " in done.stderr} == set(files) - read
    assert done.returncode == 2
    if log.exists():
        traced = log.read_text(errors="replace")
        assert strange_opens(traced, files.values(), scratch) == set()
        assert re.findall(r"connect\(.*AF_INET.*", traced) == []


def tracer(log: Path) -> list[str]:
    """What goes before a command to trace it; nothing where there is no tracer."""
    strace = shutil.which("strace")
    if strace is None and os.environ.get("HAZARDGEO_REQUIRE_STRACE"):
        pytest.fail("strace is not here, and HAZARDGEO_REQUIRE_STRACE is set")
    calls = "trace=connect,openat,open,creat"
    return [strace, "-f", "-qq", "-s", "4096", "--seccomp-bpf", "-e", calls, "-o", str(log)] if strace else []


def strange_opens(traced: str, files: Iterable[Path], scratch: Path) -> set[tuple[Path, str]]:
    """What was opened beside the files named, those that belong to them, and what Python and the system need."""
    opened = {(Path(os.path.realpath(name)), flags) for name, flags in _OPENED.findall(traced) if name.startswith("/")}
    assert len(opened) > 100
    own = [Path(os.path.realpath(place)) for place in (*_SYSTEM, *own_places(), scratch)]
    named = {Path(os.path.realpath(file)) for file in files}
    named |= {
        file.with_suffix(end) for file in named for end in (".dbf", ".shx", ".prj", ".cpg") if file.suffix == ".shp"
    }
    listed = {file.parent for file in named}  # a shapefile looks for its parts, whatever their capitals
    fine = {(file, flags) for file, flags in opened if file in named and "RDONLY" in flags}
    fine |= {(file, flags) for file, flags in opened if file in listed and "O_DIRECTORY" in flags}
    return {one for one in opened - fine if not any(one[0].is_relative_to(place) for place in own)}


def own_places() -> set[str]:
    """Where the interpreter and its packages are, this one in a checkout included."""
    places = {
        sys.prefix,
        sys.base_prefix,
        *sysconfig.get_paths().values(),
        *sys.path,
        str(Path(hz.__file__).parents[2]),
    }
    return places - {""}


_AUDITED = """
import json, sys
import hazardgeo as hz
from hazardgeo.errors import HazardgeoError

WATCHED = ("socket.", "open", "urllib", "subprocess", "os.system", "os.exec", "os.remove", "os.rename", "ctypes.dlopen")
seen = []
sys.addaudithook(lambda event, given: seen.append((event, str(given[0]))) if event.startswith(WATCHED) else None)
for turn in (1, 2):
    seen.clear()  # at the second turn all that is imported late is in
    for file in sys.argv[2:]:
        try:
            hz.intake(file)
        except HazardgeoError:
            pass
found = json.dumps(seen)
open(sys.argv[1], "w").write(found)
"""


def test_python_opens_the_files_named_and_nothing_else(tmp_path, listener):
    port, came = listener
    given, log = tmp_path / "given", tmp_path / "seen.json"
    given.mkdir()
    files = leading_elsewhere(given, port)
    subprocess.run([sys.executable, "-P", "-c", _AUDITED, log, *files.values()], check=True, capture_output=True)
    seen = json.loads(log.read_text())
    assert {event for event, _ in seen} == {"open"}
    beside = {given / f"crs{end}" for end in (".dbf", ".shx", ".prj", ".cpg")}
    assert {Path(what) for _, what in seen} - beside <= set(files.values())
    assert came == []


# --- Archives ---


def workbook_of_blanks(file: Path) -> Path:
    """A workbook of one sheet that grows a thousandfold: 0.2 MB, and 200 MB unpacked."""
    book = sound.write_workbook(file, sound.table_rows(3))
    with zipfile.ZipFile(book) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", b"<row></row>" * 18_000_000 + b"</sheetData>")
    return sound.write_zip(file, members)


def archive(file: Path, name: str, content: bytes = b"x", mode: int = 0) -> Path:
    """A KMZ (or a zipped shapefile) with one member more, under a name or in a mode of one's own."""
    sound.write_zip(file, {"doc.kml": sound.kml_text(sound.placemark(0)).encode()})
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = mode << 16
    with zipfile.ZipFile(file, "a") as more:
        more.writestr(member, content)
    return file


LINK = stat.S_IFLNK | 0o777


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda folder: workbook_of_blanks(folder / "x.xlsx"), "limit"),
        (lambda folder: archive(folder / "x.kmz", "files/blank.png", bytes(60_000_000)), "limit"),
        (lambda folder: archive(folder / "x.kmz", "../../out.kml"), "leads out of the archive"),
        (lambda folder: archive(folder / "x.kmz", "/tmp/out.kml"), "leads out of the archive"),  # noqa: S108
        (lambda folder: archive(folder / "x.zip", "..\\out.shp"), "leads out of the archive"),
        (lambda folder: archive(folder / "x.zip", "C:/out.shp"), "leads out of the archive"),
        (lambda folder: archive(folder / "x.kmz", "out.kml", b"/etc/passwd", LINK), "is a link"),
        (lambda folder: archive(folder / "x.zip", "register.shp", b"/etc/passwd", LINK), "is a link"),
        (lambda folder: archive(folder / "x.kmz", "inner.kmz"), "is an archive itself"),
    ],
)
def test_an_archive_that_grows_or_leads_elsewhere_is_refused_and_nothing_is_written(tmp_path, monkeypatch, make, why):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    file = make(tmp_path)
    with pytest.raises(FormatError, match=why) as refusal:
        hz.intake(file)
    assert file.name in str(refusal.value)
    assert sorted(tmp_path.rglob("*")) == sorted([file, scratch])


@pytest.mark.parametrize("suffix", [".zip", ".kmz"])
def test_what_is_unpacked_on_the_way_is_removed(tmp_path, monkeypatch, suffix):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    assert hz.intake(sound.make_sound(tmp_path, suffix), "hazards").accepted == 12
    assert list(scratch.iterdir()) == []
