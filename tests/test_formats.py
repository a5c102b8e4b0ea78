"""Readers of vector files: every record of a damaged, cut or odd file is there, and what is wrong with it is said.

The files are made by hand, byte by byte where it matters; the number of records comes from how they were made.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import random
import stat
import struct
import sys
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from by_hand import hazards_of
from hypothesis import given
from hypothesis import strategies as st
from pyogrio import raw

from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._archive import ArchiveLimits, check_zip, unpacked
from hazardgeo.registers._formats._flatgeobuf import read_flatgeobuf
from hazardgeo.registers._formats._gdal import layers_of_geodatabase, read_geodatabase
from hazardgeo.registers._formats._geoparquet import read_geoparquet
from hazardgeo.registers._formats._gpx import layers_of_gpx, read_gpx
from hazardgeo.registers._formats._kml import layers_of_kml, read_kml
from hazardgeo.registers._formats._rings import polygon_of_rings
from hazardgeo.registers._formats._shapefile import layers_of_shapefile, read_shapefile
from hazardgeo.schema import HAZARDS

SQUARE = shapely.box(16, 45, 16.01, 45.01)
CLOCKWISE = [(0, 0), (0, 9), (9, 9), (9, 0), (0, 0)]
HOLE = [(1, 1), (2, 1), (2, 2), (1, 2), (1, 1)]
PRJ = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'  # noqa: E501


def rules(layer, at=...):
    """Rules of the faults of a layer, or of one record."""
    return [fault.rule for fault in layer.faults if at is ... or fault.at == at]


def shp(*records: bytes) -> bytes:
    """A .shp file: records are numbered from 1, and say their length in words of two bytes."""
    body = b"".join(struct.pack(">ii", i, len(r) // 2) + r for i, r in enumerate(records, start=1))
    header = struct.pack(">i20xi", 9994, (100 + len(body)) // 2) + struct.pack("<ii64x", 1000, 5)
    return header + body


def shx(*offsets: int) -> bytes:
    """A .shx file: offset and length of each record in words (64 for a square)."""
    header = struct.pack(">i20xi", 9994, 50 + 4 * len(offsets)) + struct.pack("<ii64x", 1000, 5)
    return header + b"".join(struct.pack(">ii", offset // 2, 64) for offset in offsets)


def parts(code: int, *rings: list[tuple[float, float]]) -> bytes:
    """A record of lines or a polygon; heights (code 13, 15) are zeros."""
    points = [point for ring in rings for point in ring]
    starts = [sum(map(len, rings[:i])) for i in range(len(rings))]
    heights = bytes(16 + 8 * len(points)) if code // 10 == 1 else b""
    head = struct.pack(f"<i4d2i{len(rings)}i", code, 0, 0, 0, 0, len(rings), len(points), *starts)
    return head + b"".join(struct.pack("<2d", *point) for point in points) + heights


def point(code: int = 1) -> bytes:
    return struct.pack("<i2d", code, 16, 45) + bytes({1: 0, 11: 16, 21: 8}[code])


def dbf(fields: list[tuple[str, str, int]], *rows: bytes, count: int | None = None, language: int = 0) -> bytes:
    """A .dbf file; each row begins with a blank, or with * where it is deleted."""
    size = 1 + sum(width for _, _, width in fields)
    header = struct.pack(
        "<B3xIHH17xB2x", 3, len(rows) if count is None else count, 33 + 32 * len(fields), size, language
    )
    described = b"".join(
        struct.pack("<11sc4xB15x", name.encode(), kind.encode(), width) for name, kind, width in fields
    )
    return header + described + b"\r" + b"".join(row.ljust(size) for row in rows) + b"\x1a"


def shapefile(folder: Path, shapes: bytes, table: bytes | None = None, **others: bytes) -> Path:
    files = {"shp": shapes, "dbf": table, "prj": PRJ.encode()} | others
    for ending, content in files.items():
        if content is not None:
            (folder / f"x.{ending}").write_bytes(content)
    return folder / "x.shp"


ID = [("hazard_id", "C", 4)]


# --- Shapefile ---


def test_a_shapefile_reads_as_gdal_reads_a_sound_one(tmp_path):
    """GDAL is the oracle where nothing is wrong: shapes to the last bit, texts, dates, and what is empty."""
    hole = SQUARE.difference(shapely.box(16.002, 45.002, 16.004, 45.004))
    two = shapely.MultiPolygon([hole, shapely.box(17, 45, 17.1, 45.1)])
    frame = hazards_of(
        SQUARE, hole, two, None, name=["Mina", "polje č", None, "x"], seen=[datetime.date(2024, 2, 29)] * 4
    )
    frame = frame.reset_index().rename(columns={"classification": "class"})
    frame = frame.rename(columns={name: name[:10] for name in frame.columns})
    frame.to_file(tmp_path / "x.shp")
    layer, oracle = read_shapefile(tmp_path / "x.shp"), gpd.read_file(tmp_path / "x.shp")
    assert layer.count == 4
    assert layer.columns["hazard_id"] == ["h0", "h1", "h2", "h3"]
    assert layer.columns["name"] == ["Mina", "polje č", None, "x"]
    assert layer.columns["seen"] == ["2024-02-29"] * 4
    assert layer.shapes[3] is None
    assert all(
        a.normalize().equals_exact(b.normalize(), 0) for a, b in zip(layer.shapes[:3], oracle.geometry[:3], strict=True)
    )
    assert layer.crs.to_epsg() == 4326
    assert layer.faults == ()


def test_the_longer_of_shapes_and_rows_counts(tmp_path):
    square = parts(5, CLOCKWISE)
    few_rows = read_shapefile(shapefile(tmp_path, shp(square, square, square), dbf(ID, b" a")))
    assert (few_rows.count, few_rows.columns["hazard_id"]) == (3, ["a", None, None])
    assert [(f.at, f.rule) for f in few_rows.faults if f.at is not None] == [
        (1, "record-without-row"),
        (2, "record-without-row"),
    ]
    assert "There are 3 shapes and 1 rows." in few_rows.faults[-1].seen
    few_shapes = read_shapefile(shapefile(tmp_path, shp(square), dbf(ID, b" a", b" b")))
    assert (few_shapes.count, rules(few_shapes, 1)) == (2, ["record-without-shape"])
    (tmp_path / "x.dbf").unlink()
    no_table = read_shapefile(tmp_path / "x.shp")
    assert (no_table.count, dict(no_table.columns), rules(no_table, 0)) == (1, {}, ["record-without-row"])
    assert "no .dbf file" in no_table.faults[-1].seen


def test_deleted_rows_and_rows_beyond_the_count_stay_records(tmp_path):
    square = parts(5, CLOCKWISE)
    table = dbf(ID, b" a", b"*b", b" c", b" d", count=3)
    index = shx(*(100 + 136 * i for i in range(4)))
    layer = read_shapefile(shapefile(tmp_path, shp(*[square] * 4), table, shx=index))
    assert layer.columns["hazard_id"] == ["a", "b", "c", "d"]
    assert [rules(layer, i) for i in range(4)] == [[], ["record-deleted"], [], ["row-broken"]]
    assert len(gpd.read_file(tmp_path / "x.shp")) == 2  # GDAL: neither the deleted one nor the last


@pytest.mark.parametrize("kept", [0, 3, 10])
def test_a_shapefile_cut_in_half_names_every_shape_that_is_lost(tmp_path, kept):
    """One record takes 8 + 44 + 4 + 5 · 16 = 136 bytes; the file ends 60 bytes into the one after those kept."""
    records = shp(*[parts(5, CLOCKWISE)] * 11)
    table = dbf(ID, *(f" h{i}".encode() for i in range(11)))
    layer = read_shapefile(shapefile(tmp_path, records[: 100 + 136 * kept + 60], table))
    assert layer.count == 11
    assert [shape is not None for shape in layer.shapes] == [True] * kept + [False] * (11 - kept)
    assert rules(layer, kept) == ["geometry-unreadable"]
    assert all(rules(layer, i) == ["record-without-shape"] for i in range(kept + 1, 11))


def test_a_table_cut_short_keeps_its_rows_and_says_how_many_there_were(tmp_path):
    table = dbf(ID, b" a", b" b", b" c")
    layer = read_shapefile(
        shapefile(tmp_path, shp(*[point()] * 3), table[: 65 + 5 + 3])
    )  # 65 of header, 5 for each row
    assert layer.columns["hazard_id"] == ["a", "b", None]
    assert rules(layer, 1) == ["row-broken"]
    assert "counts 3 rows, and 2 are there" in next(
        f.seen for f in layer.faults if f.at is None and f.rule == "count-differs"
    )


def test_cells_stay_the_text_that_stands_there(tmp_path):
    fields = [("hazard_id", "N", 6), ("area", "C", 7), ("n", "N", 3), ("yes", "L", 1), ("day", "D", 8)]
    table = dbf(fields, b"    007   1,5  12T20240229", b"      712 345 ***?20230229", b"    1E5           00000000")
    layer = read_shapefile(shapefile(tmp_path, shp(*[point()] * 3), table))
    assert layer.columns["hazard_id"] == ["007", "7", "1E5"]
    assert layer.columns["area"] == ["   1,5", "12 345", None]
    assert layer.columns["n"] == ["12", None, None]
    assert layer.columns["yes"] == ["T", None, None]
    assert layer.columns["day"] == ["2024-02-29", "20230229", None]


@pytest.mark.parametrize(
    ("cell", "others", "given", "text", "rule"),
    [
        ("polje č".encode("cp1250"), {"cpg": b"1250"}, None, "polje č", None),
        ("polje č".encode("cp1250"), {"cpg": b"ANSI 1250\r\n"}, None, "polje č", None),
        ("Минно".encode("cp1251"), {"language": 0xC9}, None, "Минно", None),
        ("Минно".encode("cp1251"), {"language": 0xC9, "cpg": b"UTF-8"}, None, None, "text-broken"),
        ("Минно".encode("cp1251"), {}, "cp1251", "Минно", None),
        ("Минно".encode(), {}, None, "Минно", None),
        ("Минно".encode("cp1251"), {"language": 0x57}, None, "Ìèííî", "encoding-unstated"),
        ("Минно".encode("cp1251"), {"cpg": b"utf-16"}, None, "Ìèííî", "encoding-unstated"),
        (b"plain", {}, None, "plain", None),
        (b"a\0b", {}, None, "a\0b", "text-broken"),
    ],
)
def test_letters_are_read_as_stated_and_never_guessed_in_silence(tmp_path, cell, others, given, text, rule):
    others = dict(others)
    table = dbf([("name", "C", 20)], b" " + cell, language=others.pop("language", 0))
    layer = read_shapefile(shapefile(tmp_path, shp(point()), table, **others), encoding=given)
    if text is not None:
        assert layer.columns["name"] == [text]
    assert rules(layer, 0) == ([rule] if rule else [])


def test_an_encoding_that_is_none_is_refused(tmp_path):
    file = shapefile(tmp_path, shp(point()), dbf(ID, b" a"))
    for name in ("rot13", "unicode_escape", "nonsense", "utf-16"):
        with pytest.raises(FormatError, match="is no encoding"):
            read_shapefile(file, encoding=name)


def test_names_cut_to_ten_characters_are_completed_where_only_one_is_meant(tmp_path):
    known = [HAZARDS.index, *(column.name for column in HAZARDS.columns)]
    fields = [("classifica", "C", 4), ("datum_oper", "C", 2), ("source_crs", "C", 2), ("unheard_of", "C", 2)]
    file = shapefile(tmp_path, shp(point()), dbf(fields, b" SHA a b c"))
    layer = read_shapefile(file, known=known)
    assert list(layer.columns) == ["classification", "datum_operation", "source_crs", "unheard_of"]
    assert rules(layer).count("column-name-cut") == 2
    assert list(read_shapefile(file).columns) == [name for name, _, _ in fields]
    # Two known names begin so: nothing is chosen.
    assert "classifica" in read_shapefile(file, known=[*known, "classificator"]).columns


def test_a_text_that_fills_its_field_is_named(tmp_path):
    """254 bytes are the most; č takes two in UTF-8, so that 3 bytes hold one and a half."""
    table = dbf([("note", "C", 254), ("name", "C", 3)], b" " + b"x" * 254, b" y".ljust(255) + "čč".encode()[:3])
    layer = read_shapefile(shapefile(tmp_path, shp(point(), point()), table, cpg=b"UTF-8"))
    assert [rules(layer, i) for i in (0, 1)] == [["text-cut"], ["text-cut"]]
    assert ["note" in layer.faults[0].seen, "name" in layer.faults[1].seen] == [True, True]


def test_a_column_that_keeps_its_text_elsewhere_is_named(tmp_path):
    layer = read_shapefile(shapefile(tmp_path, shp(point()), dbf([("memo", "M", 10)], b"          7")))
    assert (layer.columns["memo"], rules(layer, None)[0]) == ([None], "column-not-read")


SHAPES = {
    "null": (struct.pack("<i", 0), None),
    "point": (point(), "POINT (16 45)"),
    "point z": (point(11), "POINT (16 45)"),
    "point m": (point(21), "POINT (16 45)"),
    "multipoint": (struct.pack("<i4di4d", 8, 0, 0, 0, 0, 2, 1, 2, 3, 4), "MULTIPOINT ((1 2), (3 4))"),
    "line": (parts(3, [(0, 0), (1, 1)]), "LINESTRING (0 0, 1 1)"),
    "lines z": (parts(13, [(0, 0), (1, 1)], [(2, 2), (3, 3)]), "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))"),
    "polygon m": (parts(25, CLOCKWISE), "POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0))"),
    "the one ring counter-clockwise": (parts(15, CLOCKWISE[::-1]), "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0))"),
    "with a hole": (parts(5, CLOCKWISE, HOLE), "POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))"),
}
UNREADABLE = {
    "multipatch": (struct.pack("<i", 31), "multipatch"),
    "unknown type": (struct.pack("<i", 7), "type 7"),
    "open ring": (parts(5, CLOCKWISE[:-1]), "not closed"),
    "hole with the direction of an outline": (parts(5, CLOCKWISE, HOLE[::-1]), "contradict each other"),
    "two outlines with the direction of holes": (parts(5, HOLE, [(x + 5, y) for x, y in HOLE]), "contradict"),
    "outline within an outline": (parts(5, CLOCKWISE, HOLE[::-1]), "contradict"),
    "hole over the edge": (parts(5, CLOCKWISE, [(x - 1.5, y) for x, y in HOLE]), "contradict"),
    "more points than bytes": (parts(5, CLOCKWISE)[:60], "do not fit"),
    "part behind the last point": (struct.pack("<i4d4i2d", 3, 0, 0, 0, 0, 2, 3, 0, 9, 0, 0), "do not follow"),
    "line of one point": (parts(3, [(0, 0)]), "cannot be read"),
}


@pytest.mark.parametrize(("record", "wkt"), SHAPES.values(), ids=SHAPES)
def test_each_type_of_shape(tmp_path, record, wkt):
    layer = read_shapefile(shapefile(tmp_path, shp(record), dbf(ID, b" a")))
    assert (layer.shapes[0] is None) if wkt is None else layer.shapes[0].equals_exact(shapely.from_wkt(wkt), 0)
    assert rules(layer, 0) == []


@pytest.mark.parametrize(("record", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_shape_that_cannot_be_read_costs_only_itself(tmp_path, record, why):
    layer = read_shapefile(shapefile(tmp_path, shp(point(), record, point()), dbf(ID, b" a", b" b", b" c")))
    assert [shape is None for shape in layer.shapes] == [False, True, False]
    assert rules(layer, 1) == ["geometry-unreadable"]
    assert why in next(fault.seen for fault in layer.faults if fault.at == 1)


def test_a_ring_that_crosses_itself_is_left_to_the_check_of_validity():
    tie = [(20, 0), (21, 1), (21, 0), (20, 1), (20, 0)]
    shape, why = polygon_of_rings([np.array(CLOCKWISE, dtype=float), np.array(tie, dtype=float)])
    assert (why, shape.is_valid) == ("", False)


@given(st.integers(1, 4), st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_of_the_rings_does_not_matter(outlines, holes, order):
    """Squares of side 10 with up to three holes of side 1, in each of which an island of side ½ stands.

    Area: outlines · (100 − holes · (1 − ¼)), whatever the order in which the rings stand in the record.
    """
    rings = []
    for i in range(outlines):
        rings.append(shapely.box(20 * i, 0, 20 * i + 10, 10, ccw=False))
        for k in range(holes):
            x = 20 * i + 2 * k + 1
            rings += [shapely.box(x, 1, x + 1, 2), shapely.box(x + 0.25, 1.25, x + 0.75, 1.75, ccw=False)]
    order.shuffle(rings)
    shape, why = polygon_of_rings([shapely.get_coordinates(ring) for ring in rings])
    assert why == ""
    assert shape.is_valid
    assert shape.area == pytest.approx(outlines * (100 - holes * 0.75))


def test_the_index_is_not_needed_and_helps_where_records_do_not_follow_one_another(tmp_path):
    """The second record (28 bytes with its header) begins at 128; 6 bytes that belong to none are put before it."""
    whole = shp(point(), point(11))
    sound = read_shapefile(shapefile(tmp_path, whole, dbf(ID, b" a", b" b"), shx=shx(100, 128)))
    assert sound.faults == ()
    stale = read_shapefile(shapefile(tmp_path, whole, dbf(ID, b" a", b" b"), shx=shx(100)))
    assert (stale.count, rules(stale), "not its own" in stale.faults[0].seen) == (2, ["index-stale"], True)
    (tmp_path / "x.shx").unlink()
    assert "no readable .shx" in read_shapefile(tmp_path / "x.shp").faults[0].seen
    gap = whole[:128] + bytes(6) + whole[128:]
    mended = read_shapefile(shapefile(tmp_path, gap, dbf(ID, b" a", b" b"), shx=shx(100, 134)))
    assert [shape.wkt for shape in mended.shapes] == ["POINT (16 45)"] * 2
    (tmp_path / "x.shx").unlink()
    assert rules(read_shapefile(tmp_path / "x.shp"), 1) == ["record-without-shape"]


@pytest.mark.parametrize(
    ("shapes", "table", "why"),
    [
        (b"no", dbf(ID), "is named like a shapefile and is none"),
        (shp()[:28] + struct.pack("<i", 7) + shp()[32:], dbf(ID), "version 7"),
        (shp(point()), b"SQLite", "table of a shapefile and is none"),
        (shp(point()), dbf(ID, b" a")[:40], "header does not fit"),
        (shp(point()), dbf([("a", "C", 2), ("a", "C", 2)], b" xy"), "stands twice"),
        (shp(point()), dbf(ID)[:10] + struct.pack("<H", 99) + dbf(ID)[12:], "cannot be told where a cell begins"),
    ],
)
def test_a_file_of_which_nothing_can_be_trusted_is_refused(tmp_path, shapes, table, why):
    with pytest.raises(FormatError, match=why):
        read_shapefile(shapefile(tmp_path, shapes, table))


def test_a_crs_in_other_words_than_wkt_is_named_and_not_read(tmp_path):
    file = shapefile(tmp_path, shp(point()), dbf(ID, b" a"), prj=b"+proj=utm +zone=33")
    assert (read_shapefile(file).crs, read_shapefile(file).unread_crs) == (None, "+proj=utm +zone=33")
    (tmp_path / "x.prj").unlink()
    assert (read_shapefile(file).crs, read_shapefile(file).unread_crs) == (None, "")


def test_files_beside_are_found_whatever_their_capitals_and_never_chosen_among_two(tmp_path):
    file = shapefile(tmp_path, shp(point()), dbf(ID, b" a"))
    (tmp_path / "x.dbf").rename(tmp_path / "x.DBF")
    assert read_shapefile(file).columns["hazard_id"] == ["a"]
    (tmp_path / "x.dbf").write_bytes(dbf(ID, b" b"))
    if len(list(tmp_path.glob("x.[dD]*"))) == 2:  # not so where capitals make no difference
        with pytest.raises(FormatError, match="Keep the right one"):
            read_shapefile(file)


# --- Archives ---


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_shapefile_in_an_archive(tmp_path):
    one = {"a/x.shp": shp(point()), "a/x.dbf": dbf(ID, b" a"), "__MACOSX/a/._x.shp": b"junk", "a/x.shp.xml": b"<m/>"}
    file = zipped(tmp_path / "x.zip", one)
    layer = read_shapefile(file)
    assert (layer.file, layer.layer, layer.columns["hazard_id"]) == (str(file), "a/x", ["a"])
    file = zipped(tmp_path / "x.zip", one | {"y.SHP": shp(point(), point()), "y.dbf": dbf(ID, b" b", b" c")})
    assert layers_of_shapefile(file) == ["a/x", "y"]
    with pytest.raises(FormatError, match=r"holds 2 layers with shapes \('a/x', 'y'\)"):
        read_shapefile(file)
    assert read_shapefile(file, "y").columns["hazard_id"] == ["b", "c"]
    with pytest.raises(FormatError, match="holds 0 layers"):
        read_shapefile(zipped(tmp_path / "none.zip", {"a.txt": b""}))


@pytest.mark.parametrize(
    "name", ["../x.shp", "/x.shp", "a/../../x", "C:x.shp", "a\\..\\x", "in.zip", "in.kmz", "in.tar.gz"]
)
def test_names_that_lead_elsewhere_and_archives_in_archives_are_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        archive.writestr(info, b"")
    with (
        pytest.raises(FormatError, match=r"leads out of the archive|is an archive itself"),
        unpacked(tmp_path / "x.zip"),
    ):
        pass


def test_links_locks_doubles_and_damage_are_refused(tmp_path):
    link = zipfile.ZipInfo("x.shp")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(FormatError, match="is a link"):
        check_zip(tmp_path / "link.zip")
    with pytest.raises(FormatError, match="twice"):
        check_zip(zipped(tmp_path / "twice.zip", {"x.shp": b"", "X.SHP": b""}))
    content = zipped(tmp_path / "sound.zip", {"a.txt": b"abc" * 99}).read_bytes()
    (tmp_path / "locked.zip").write_bytes(
        content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    )
    with pytest.raises(FormatError, match="password"):
        check_zip(tmp_path / "locked.zip")
    at = content.index(b"a.txt") + 7
    (tmp_path / "hurt.zip").write_bytes(content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :])
    with pytest.raises(FormatError, match="is damaged"), unpacked(tmp_path / "hurt.zip"):
        pass
    (tmp_path / "no.zip").write_bytes(content[:40])
    with pytest.raises(FormatError, match="cannot be opened as a zip"):
        check_zip(tmp_path / "no.zip")


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (ArchiveLimits(total_bytes=99_999), "grows to 100,000 bytes"),
        (ArchiveLimits(floor_bytes=99_999), "100 times is the limit"),
        (ArchiveLimits(members=0), "0 are the limit"),
    ],
)
def test_limits_hold_before_anything_is_unpacked(tmp_path, limits, why):
    """100,000 zeros shrink to about a thousandth."""
    file = zipped(tmp_path / "x.zip", {"zeros": bytes(100_000)})
    assert check_zip(file) == ["zeros"]
    assert check_zip(file, ArchiveLimits(total_bytes=100_000, floor_bytes=100_000, members=1)) == ["zeros"]
    with pytest.raises(FormatError, match=why):
        check_zip(file, limits)


def test_an_unpacked_archive_is_removed_afterwards(tmp_path):
    with unpacked(zipped(tmp_path / "x.zip", {"a/b.txt": b"c"})) as folder:
        assert (folder / "a/b.txt").read_bytes() == b"c"
    assert not folder.exists()


# --- KML ---

RING = "<LinearRing><coordinates>16,45 16.1,45 16.1,45.1 16,45</coordinates></LinearRing>"
POLYGON = f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs></Polygon>"


def kml(path: Path, body: str, namespace: str = "http://www.opengis.net/kml/2.2") -> Path:
    path.write_text(
        f'<?xml version="1.0"?><kml xmlns="{namespace}" xmlns:gx="http://www.google.com/kml/ext/2.2">{body}</kml>'
    )
    return path


def placemark(body: str, geometry: str = POLYGON) -> str:
    return f"<Placemark>{body}{geometry}</Placemark>"


def data(**cells: str) -> str:
    listed = "".join(f'<Data name="{name}"><value>{value}</value></Data>' for name, value in cells.items())
    return f"<ExtendedData>{listed}</ExtendedData>"


@pytest.mark.parametrize("namespace", ["http://earth.google.com/kml/2.0", "http://www.opengis.net/kml/2.2", ""])
def test_cells_of_a_placemark(tmp_path, namespace):
    body = (
        '<Document><Placemark id="k1"><name>Polje č</name><description><b>two</b> words</description>'
        "<TimeSpan><begin>2024-01-01</begin><end>2024-02-01</end></TimeSpan>"
        '<ExtendedData><Data name="hazard_id"><value>007</value></Data>'
        f'<SchemaData><SimpleData name="status">open</SimpleData></SchemaData></ExtendedData>{POLYGON}</Placemark></Document>'
    )
    layer = read_kml(kml(tmp_path / "x.kml", body, namespace))
    assert layer.row(0) == {
        "name": "Polje č",
        "description": "two words",
        "begin": "2024-01-01",
        "end": "2024-02-01",
        "kml_id": "k1",
        "hazard_id": "007",
        "status": "open",
    }
    assert layer.crs.to_epsg() == 4326
    assert layer.faults == ()


def test_folders_are_layers_and_none_is_left_out(tmp_path):
    one, two = placemark(data(hazard_id="a")), placemark(data(hazard_id="b"))
    body = (
        f"<Document><name>d</name><Folder><name>A</name>{one}<Folder><name>B</name>{two}{two}</Folder></Folder>"
        f"<Folder><name>A</name>{one}</Folder><Folder><name>empty</name></Folder>{one}</Document>"
    )
    file = kml(tmp_path / "x.kml", body)
    assert layers_of_kml(file) == ["A", "A/B", "A (2)", "d"]
    with pytest.raises(FormatError, match=r"holds 4 layers with shapes \('A', 'A/B', 'A \(2\)', 'd'\)"):
        read_kml(file)
    assert read_kml(file, "A/B").count == 2
    every = read_kml(file, "*")
    assert every.columns["folder"] == ["A", "A/B", "A/B", "A (2)", "d"]
    assert every.count == file.read_text().count("<Placemark>") == 5
    only = read_kml(kml(tmp_path / "y.kml", f"<Document><Folder><name>A</name>{one}</Folder></Document>"))
    assert (only.layer, only.count) == ("A", 1)
    assert read_kml(kml(tmp_path / "z.kml", "<Document/>")).count == 0


def test_a_key_that_stands_twice_is_named_and_costs_only_its_record(tmp_path):
    body = placemark(data(status="open", Status="cleared")) + placemark(data(status="open"))
    layer = read_kml(kml(tmp_path / "x.kml", f"<Document>{body}</Document>"))
    assert (rules(layer, 0), rules(layer, 1)) == (["row-broken"], [])
    assert "'status', 'Status'" in layer.faults[0].seen
    # A key of the data that is also a part of each placemark is no contradiction: both are kept.
    both = read_kml(kml(tmp_path / "x.kml", placemark("<name>label</name>" + data(name="Polje"))))
    assert (both.row(0), both.faults) == ({"kml_name": "label", "name": "Polje"}, ())


KML_SHAPES = {
    "point": ("<Point><coordinates> 16,45,120 </coordinates></Point>", "POINT (16 45)"),
    "line": ("<LineString><coordinates>16,45\n17,45</coordinates></LineString>", "LINESTRING (16 45, 17 45)"),
    "ring": (RING, "LINESTRING (16 45, 16.1 45, 16.1 45.1, 16 45)"),
    "polygon": (POLYGON, "POLYGON ((16 45, 16.1 45, 16.1 45.1, 16 45))"),
    "two of one kind": (f"<MultiGeometry>{RING}{RING}</MultiGeometry>", "MULTILINESTRING ((16 45, 16.1 45, 16.1 45.1, 16 45), (16 45, 16.1 45, 16.1 45.1, 16 45))"),  # noqa: E501
    "track": ("<gx:Track><gx:coord>16 45 9</gx:coord><gx:coord>17 45 9</gx:coord></gx:Track>", "LINESTRING (16 45, 17 45)"),
    "track of one point": ("<gx:Track><gx:coord>16 45 9</gx:coord></gx:Track>", "POINT (16 45)"),
    "none": ("", None),
}  # fmt: skip
KML_UNREADABLE = {
    "semicolons": (POLYGON.replace(" ", ";"), "'16,45;16.1,45;16.1,45.1;16,45' stands where"),
    "blank after the comma": (POLYGON.replace("16,45 ", "16, 45 "), "blanks only between points"),
    "letters": (POLYGON.replace("16,45 ", "16E,45N "), "'16E' is no number"),
    "four numbers": (POLYGON.replace("16,45 ", "16,45,1,2 "), "'16,45,1,2'"),
    "height in words": (POLYGON.replace("16,45 ", "16,45,high "), "'high' is no number"),
    "impossible": (POLYGON.replace("45", "95"), "no longitude and latitude"),
    "nan": (POLYGON.replace("16,45 ", "nan,45 "), "'nan' is no number"),
    "open ring": (POLYGON.replace("45.1 16,45", "45.1 16,45.05"), "not closed"),
    "no outer ring": ("<Polygon/>", "0 outer rings"),
    "no coordinates": ("<Point><coordinates/></Point>", "no coordinates"),
    "two geometries": (POLYGON + RING, "has 2 geometries"),
    "several kinds": (f"<MultiGeometry>{RING}{POLYGON}</MultiGeometry>", "several kinds"),
    "model": ("<Model/>", "a Model is no point"),
    "line of one point": ("<LineString><coordinates>16,45</coordinates></LineString>", "one position"),
}


@pytest.mark.parametrize(("geometry", "wkt"), KML_SHAPES.values(), ids=KML_SHAPES)
def test_each_kind_of_geometry_in_kml(tmp_path, geometry, wkt):
    layer = read_kml(kml(tmp_path / "x.kml", placemark("", geometry)))
    assert (layer.shapes[0] is None) if wkt is None else layer.shapes[0].equals_exact(shapely.from_wkt(wkt), 0)
    assert layer.faults == ()


@pytest.mark.parametrize(("geometry", "why"), KML_UNREADABLE.values(), ids=KML_UNREADABLE)
def test_a_geometry_in_kml_that_cannot_be_read_costs_only_itself(tmp_path, geometry, why):
    layer = read_kml(kml(tmp_path / "x.kml", f"<Document>{placemark('')}{placemark('', geometry)}</Document>"))
    assert [shape is None for shape in layer.shapes] == [False, True]
    assert rules(layer) == ["geometry-unreadable"]
    assert why in layer.faults[0].seen


def test_pictures_and_links_are_named_and_never_shapes(tmp_path):
    body = (
        "<Document><GroundOverlay><name>scan</name><LatLonBox><north>46</north><south>45</south><east>17</east>"
        "<west>16</west></LatLonBox></GroundOverlay><NetworkLink><name>more</name><Link><href>http://127.0.0.1:9/x.kml"
        f"</href></Link></NetworkLink>{placemark('')}</Document>"
    )
    layer = read_kml(kml(tmp_path / "x.kml", body))
    assert layer.count == 1
    assert [(fault.at, fault.rule) for fault in layer.faults] == [
        (None, "overlay-not-read"),
        (None, "link-not-followed"),
    ]
    assert ["'scan'" in layer.faults[0].seen, "'more'" in layer.faults[1].seen] == [True, True]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('<!DOCTYPE kml [<!ENTITY a "b">]><kml>&a;</kml>', "document type or entities"),
        ('<!DOCTYPE kml SYSTEM "file:///etc/passwd"><kml/>', "document type or entities"),
        ("<kml><Document>", "not well-formed"),
        ("", "not well-formed"),
        ("<kml>" + "<a>" * 99 + "</a>" * 99 + "</kml>", "more than 64 elements one in another"),
        ("<OGRVRTDataSource/>", "no KML"),
        ('<kml><Document><Schema name="Mine" parent="Placemark"/><Mine/></Document></kml>', "names of its own"),
    ],
)
def test_xml_that_is_no_kml_or_leads_elsewhere_is_refused(tmp_path, content, why):
    (tmp_path / "x.kml").write_text(content)
    with pytest.raises(FormatError, match=why):
        read_kml(tmp_path / "x.kml")


def test_a_kmz_is_its_main_file_and_says_what_else_it_holds(tmp_path):
    content = kml(tmp_path / "x.kml", placemark("")).read_bytes()
    assert read_kml(zipped(tmp_path / "x.kmz", {"my.kml": content, "files/a.png": b""})).faults == ()
    more = read_kml(zipped(tmp_path / "x.kmz", {"a.kml": b"", "doc.kml": content}))
    assert (more.count, rules(more), "'a.kml'" in more.faults[0].seen) == (1, ["link-not-followed"], True)
    for members in ({"a.kml": content, "b.kml": content}, {"a.txt": b""}):
        with pytest.raises(FormatError, match=r"of which none is doc\.kml"):
            read_kml(zipped(tmp_path / "x.kmz", members))


# --- GPX ---


def gpx(path: Path, body: str) -> Path:
    path.write_text(f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>')
    return path


WAYPOINT = '<wpt lat="45" lon="16"><ele>120.5</ele><name>007</name><link href="a"/><link href="b"/></wpt>'
TRACK = '<trk><name>t</name><trkseg><trkpt lat="45" lon="16"/><trkpt lat="45" lon="17"/></trkseg></trk>'


def test_waypoints_routes_and_tracks_are_layers(tmp_path):
    file = gpx(tmp_path / "x.gpx", WAYPOINT + TRACK)
    assert layers_of_gpx(file) == ["waypoints", "tracks"]
    with pytest.raises(FormatError, match="holds 2 layers"):
        read_gpx(file)
    points = read_gpx(file, "waypoints")
    assert points.row(0) == {"ele": "120.5", "name": "007", "link": "a;b"}
    assert (points.shapes[0].wkt, points.crs.to_epsg()) == ("POINT (16 45)", 4326)
    assert read_gpx(file, "tracks").shapes[0].wkt == "LINESTRING (16 45, 17 45)"
    assert read_gpx(gpx(tmp_path / "y.gpx", "")).count == 0


@pytest.mark.parametrize(
    ("body", "wkt"),
    [
        ('<rte><rtept lat="45" lon="16"/><rtept lat="46" lon="16"/></rte>', "LINESTRING (16 45, 16 46)"),
        (TRACK.replace("</trk>", "<trkseg/></trk>"), "LINESTRING (16 45, 17 45)"),
        (TRACK.replace("</trk>", TRACK[TRACK.index("<trkseg>") :]), "MULTILINESTRING ((16 45, 17 45), (16 45, 17 45))"),
        ('<trk><trkseg><trkpt lat="45" lon="16"/></trkseg></trk>', "POINT (16 45)"),
        ("<trk/>", None),
    ],
)
def test_lines_of_a_receiver(tmp_path, body, wkt):
    layer = read_gpx(gpx(tmp_path / "x.gpx", body))
    assert (layer.count, layer.faults) == (1, ())
    assert (layer.shapes[0] and layer.shapes[0].wkt) == wkt


@pytest.mark.parametrize("bad", ['lat="95" lon="16"', 'lat="45,0" lon="16"', 'lat="45"', 'lat="45" lon="181"'])
def test_a_waypoint_that_is_nowhere_costs_only_itself(tmp_path, bad):
    layer = read_gpx(gpx(tmp_path / "x.gpx", f"<wpt {bad}/>{WAYPOINT}"))
    assert [shape is None for shape in layer.shapes] == [True, False]
    assert rules(layer) == ["geometry-unreadable"]


# --- FlatGeobuf and file geodatabase ---


def written(path: Path, ids: list[str], shapes: list[bytes | None], layer: str = "hazards", **options: object) -> Path:
    """A layer written by GDAL: an id, a whole number that is empty in the second record, and shapes as binary."""
    numbers, empty = np.arange(len(ids)) + 2**53 + 1, np.arange(len(ids)) == 1
    fields = [np.array(ids, dtype=object), numbers]
    masks = [np.zeros(len(ids), dtype=bool), empty]
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    driver = {".fgb": "FlatGeobuf", ".gdb": "OpenFileGDB"}[path.suffix]
    kind = "MultiPolygon" if driver == "OpenFileGDB" else "Unknown"
    if driver == "OpenFileGDB":
        options = {"TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"} | options
    raw.write(
        path, geometry, fields, np.array(["hazard_id", "n"]), field_mask=masks, driver=driver, layer=layer,
        geometry_type=kind, crs="EPSG:4326", **options,
    )  # fmt: skip
    return path


READERS = {".fgb": read_flatgeobuf, ".gdb": read_geodatabase}


@pytest.mark.parametrize("ending", READERS)
@pytest.mark.parametrize("count", [0, 1, 3, 40])
def test_records_are_as_many_as_were_written_and_whole_numbers_stay_whole(tmp_path, ending, count):
    """2⁵³ + 2 and so on: a fraction (as numbers beside an empty cell come from GDAL) would lose the odd ones."""
    ids = [f"{i:03}" for i in range(count)]
    file = written(
        tmp_path / f"x{ending}", ids, [shapely.MultiPolygon([shapely.box(i, 0, i + 1, 1)]).wkb for i in range(count)]
    )
    layer = READERS[ending](file)
    assert (layer.count, layer.layer, layer.faults) == (count, "hazards", ())
    assert dict(zip(layer.columns["hazard_id"], layer.columns["n"], strict=True)) == {
        name: None if i == 1 else 2**53 + 1 + i for i, name in enumerate(ids)
    }
    bounds = {name: shape.bounds for name, shape in zip(layer.columns["hazard_id"], layer.shapes, strict=True)}
    assert bounds == {name: (i, 0, i + 1, 1) for i, name in enumerate(ids)}
    assert layer.crs.to_epsg() == 4326


@pytest.mark.parametrize("index", ["YES", "NO"])
def test_flatgeobuf_reads_as_gdal_reads_it(tmp_path, index):
    """The file is in the order of its index; GDAL, another implementation, is the oracle for shapes and cells."""
    hole = SQUARE.difference(shapely.box(16.002, 45.002, 16.004, 45.004))
    kinds = [
        SQUARE, hole, shapely.MultiPolygon([hole, shapely.box(1, 1, 2, 2)]), shapely.Point(1, 2),
        shapely.LineString([(0, 0), (1, 1)]), shapely.MultiPoint([(0, 0), (1, 1)]),
        shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]), shapely.Polygon([(0, 0, 5), (1, 0, 5), (1, 1, 5)]),
    ]  # fmt: skip
    file = written(tmp_path / "x.fgb", list("abcdefgh"), [shape.wkb for shape in kinds], SPATIAL_INDEX=index)
    layer, oracle = read_flatgeobuf(file), pyogrio.read_dataframe(file)
    assert layer.columns["hazard_id"] == oracle["hazard_id"].tolist()
    assert all(a.equals_exact(shapely.force_2d(b), 0) for a, b in zip(layer.shapes, oracle.geometry, strict=True))


def test_flatgeobuf_keeps_a_text_whole_where_gdal_ends_it(tmp_path):
    file = written(tmp_path / "x.fgb", ["h-12", "zzzz"], [SQUARE.wkb, None], SPATIAL_INDEX="NO")
    file.write_bytes(file.read_bytes().replace(b"h-12", b"h\x0012").replace(b"zzzz", b"z\xffzz"))
    layer = read_flatgeobuf(file)
    assert layer.columns["hazard_id"] == ["h\x0012", "z\\xffzz"]
    assert rules(layer) == ["text-broken", "text-broken"]


def test_flatgeobuf_that_holds_more_or_less_than_it_says_is_refused(tmp_path):
    file = written(tmp_path / "x.fgb", ["a", "b", "c"], [SQUARE.wkb] * 3, SPATIAL_INDEX="NO")
    content = file.read_bytes()
    last = content.rindex(b"c\x01\x00") - 300  # somewhere in the last record
    for wrong, counted in (
        (content[:last], "counts 3 records"),
        (content + b"more", "and 3 are in the file, and 4 bytes"),
    ):
        file.write_bytes(wrong)
        with pytest.raises(FormatError, match=counted):
            read_flatgeobuf(file)
    for wrong in (b"fgb\x02" + content[4:], content[:30], b"", b"<OGRVRTDataSource>"):
        file.write_bytes(wrong)
        with pytest.raises(FormatError, match=r"is none|cannot be read"):
            read_flatgeobuf(file)


def test_one_damaged_shape_in_flatgeobuf_costs_only_itself(tmp_path):
    """The length of the vector of coordinates (10 numbers: five corners) of the first record is made 11."""
    file = written(tmp_path / "x.fgb", ["a", "b"], [SQUARE.wkb, SQUARE.wkb], SPATIAL_INDEX="NO")
    corner = struct.pack("<I", 10) + struct.pack("<d", shapely.get_coordinates(SQUARE)[0, 0])
    content = file.read_bytes()
    assert content.count(corner) == 2
    file.write_bytes(content.replace(corner, struct.pack("<I", 11) + corner[4:], 1))
    layer = read_flatgeobuf(file)
    assert (layer.count, rules(layer, 0), rules(layer, 1)) == (2, ["geometry-unreadable"], [])
    assert layer.columns["hazard_id"] == ["a", "b"]


def arc() -> bytes:
    """A polygon whose one ring is two half circles, as some programs draw a buffer."""
    points = [(0, 0), (1, 1), (2, 0), (1, -1), (0, 0)]
    curve = struct.pack("<BII", 1, 8, 5) + b"".join(struct.pack("<2d", *p) for p in points)
    return struct.pack("<BII", 1, 10, 1) + curve


def test_curves_in_a_geodatabase_are_named_and_not_bent_straight(tmp_path):
    file = written(tmp_path / "x.gdb", ["a", "b", "c"], [SQUARE.wkb, arc(), None])
    layer = read_geodatabase(file)
    assert [shape is None for shape in layer.shapes] == [False, True, True]
    assert [rules(layer, i) for i in range(3)] == [[], ["geometry-unreadable"], []]
    assert "curve" in layer.faults[0].seen


def test_several_layers_of_a_geodatabase_are_refused_without_a_choice(tmp_path):
    file = written(tmp_path / "x.gdb", ["a"], [SQUARE.wkb], layer="hazards")
    written(file, ["r", "s"], [SQUARE.wkb] * 2, layer="releases", append=False)
    assert layers_of_geodatabase(file) == ["hazards", "releases"]
    with pytest.raises(FormatError, match=r"holds 2 layers with shapes \('hazards', 'releases'\)"):
        read_geodatabase(file)
    assert read_geodatabase(file, "releases").columns["hazard_id"] == ["r", "s"]


def test_a_geodatabase_in_an_archive(tmp_path):
    folder = written(tmp_path / "x.gdb", ["a"], [SQUARE.wkb])
    file = zipped(tmp_path / "x.zip", {f"out/x.gdb/{path.name}": path.read_bytes() for path in folder.iterdir()})
    layer = read_geodatabase(file)
    assert (layer.file, layer.columns["hazard_id"]) == (str(file), ["a"])
    with pytest.raises(FormatError, match="holds 0 file geodatabases"):
        read_geodatabase(zipped(tmp_path / "y.zip", {"a.txt": b""}))


def test_a_geodatabase_that_counts_more_than_is_read_is_refused(tmp_path):
    """Bytes 4 to 7 of a table count its rows; the table with the shapes is the last one made."""
    file = written(tmp_path / "x.gdb", ["a", "b"], [SQUARE.wkb] * 2)
    table = max(file.glob("*.gdbtable"))
    content = table.read_bytes()
    assert content[4:8] == struct.pack("<i", 2)
    table.write_bytes(content[:4] + struct.pack("<i", 3) + content[8:])
    with pytest.raises(FormatError, match="counts 3 records, and 2 were read"):
        read_geodatabase(file)


def test_a_folder_with_something_else_in_it_is_refused(tmp_path):
    file = written(tmp_path / "x.gdb", ["a"], [SQUARE.wkb])
    (file / "other.shp").write_bytes(shp(point()))
    with pytest.raises(FormatError, match=r"does not belong there: 'other.shp'"):
        read_geodatabase(file)
    (tmp_path / "y.gdb").mkdir()
    with pytest.raises(FormatError, match="is none"):
        read_geodatabase(tmp_path / "y.gdb")
    (tmp_path / "z.gdb").write_bytes(b"no")
    with pytest.raises(FormatError, match="no folder"):
        read_geodatabase(tmp_path / "z.gdb")


# --- GeoParquet ---


def geoparquet(path: Path, geo: object = ..., **columns: object) -> Path:
    shapes = {"geometry": pa.array([SQUARE.wkb], pa.binary())}
    table = pa.table(shapes | {name: pa.array(cells) for name, cells in columns.items()})
    if geo is ...:
        geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    if geo is not None:
        table = table.replace_schema_metadata({"geo": geo if isinstance(geo, str) else json.dumps(geo)})
    pq.write_table(table, path)
    return path


def described(**more: object) -> dict[str, object]:
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"} | more}}


def test_geoparquet_keeps_cells_as_they_stand(tmp_path):
    times = pa.array([2**40], pa.timestamp("s"))  # in the year 36812, which no date in Python can be
    file = geoparquet(
        tmp_path / "x.parquet", hazard_id=["007"], big=[2**53 + 1], day=[datetime.date(2024, 2, 29)], none=[None],
        nested=[{"a": ["č", None]}], yes=[True], late=times, kind=pa.array(["SHA"]).dictionary_encode(),
    )  # fmt: skip
    row = read_geoparquet(file).row(0)
    assert "1099511627776" in row.pop("late")
    assert row == {
        "hazard_id": "007",
        "big": 2**53 + 1,
        "day": "2024-02-29",
        "none": None,
        "nested": '{"a": ["č", null]}',
        "yes": True,
        "kind": "SHA",
    }


def test_geoparquet_written_by_geopandas_reads_back(tmp_path):
    frame = hazards_of(SQUARE, None).reset_index().to_crs(3765)
    frame.to_parquet(tmp_path / "x.parquet")
    layer = read_geoparquet(tmp_path / "x.parquet")
    assert (layer.count, layer.columns["hazard_id"], layer.crs.to_epsg()) == (2, ["h0", "h1"], 3765)
    assert layer.shapes[0].equals_exact(frame.geometry[0], 0)
    assert layer.shapes[1] is None


def test_one_bad_shape_and_one_bad_text_in_geoparquet_cost_only_their_records(tmp_path):
    table = pa.table(
        {
            "id": pa.array([b"a", b"b\xff", b"c"], pa.binary()).view(pa.string()),
            "geometry": pa.array([SQUARE.wkb, SQUARE.wkb, SQUARE.wkb[:40]], pa.binary()),
        }
    )
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(described())}), tmp_path / "x.parquet")
    layer = read_geoparquet(tmp_path / "x.parquet")
    assert [rules(layer, i) for i in range(3)] == [[], ["text-broken"], ["geometry-unreadable"]]
    assert layer.columns["id"] == ["a", "b\\xff", "c"]


def test_crs_of_geoparquet(tmp_path):
    """Absent means longitude and latitude of WGS 84, null means that there is none (GeoParquet 1.1.0, crs)."""

    def crs_of(**more):
        layer = read_geoparquet(geoparquet(tmp_path / "x.parquet", described(**more)))
        return layer.crs and layer.crs.to_epsg(), layer.unread_crs

    grid = gpd.GeoSeries([], crs=3765).crs.to_json_dict()
    assert crs_of() == (4326, "")
    assert crs_of(crs=None) == (None, "")
    assert crs_of(crs=grid) == (3765, "")
    assert crs_of(crs={"type": "no such thing"}) == (None, '{"type": "no such thing"}')
    assert crs_of(crs="+proj=utm +zone=33 +nadgrids=/etc/passwd")[0] is None


@pytest.mark.parametrize(
    ("geo", "why"),
    [
        (None, "no GeoParquet"),
        ("{", "is not JSON"),
        ([], "which column"),
        ({"primary_column": "geometry", "columns": {}}, "which column"),
        ({"primary_column": "g", "columns": {"g": {"encoding": "WKB"}}}, "no such column"),
        (described(encoding="polygon"), "export it with the encoding WKB"),
    ],
)
def test_parquet_that_does_not_say_where_its_shapes_are_is_refused(tmp_path, geo, why):
    with pytest.raises(FormatError, match=why):
        read_geoparquet(geoparquet(tmp_path / "x.parquet", geo))


def test_a_parquet_file_that_is_cut_is_refused(tmp_path):
    file = geoparquet(tmp_path / "x.parquet")
    content = file.read_bytes()
    for wrong, why in ((content[:-9], "cannot be read as Parquet"), (b"PK" + content, "is none")):
        file.write_bytes(wrong)
        with pytest.raises(FormatError, match=why):
            read_geoparquet(file)


def test_without_arrow_the_extra_to_install_is_named(tmp_path, monkeypatch):
    file = geoparquet(tmp_path / "x.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as Python itself marks what cannot be imported
    with pytest.raises(FormatError, match=r'pip install "hazardgeo\[parquet\]"'):
        read_geoparquet(file)


# --- Flips and cuts ---

SEEDED = {
    "shp": (read_shapefile, "x.shp"),
    "zip": (read_shapefile, "y.zip"),
    "fgb": (read_flatgeobuf, "x.fgb"),
    "parquet": (read_geoparquet, "x.parquet"),
    "kml": (read_kml, "x.kml"),
    "gpx": (read_gpx, "x.gpx"),
    "gdb": (read_geodatabase, "x.gdb"),
}


def sound(folder: Path, format_: str) -> None:
    frame = hazards_of(*(shapely.box(i, 0, i + 0.5, 1) for i in range(8)), name="polje č").reset_index()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of GDAL, on names that it cuts
        if format_ in ("shp", "zip"):
            frame.to_file(folder / "x.shp")
        elif format_ == "parquet":
            frame.to_parquet(folder / "x.parquet")
        elif format_ == "kml":
            kml(folder / "x.kml", "".join(placemark(data(hazard_id=f"h{i}")) for i in range(8)))
        elif format_ == "gpx":
            gpx(folder / "x.gpx", WAYPOINT * 8)
        else:
            written(folder / f"x.{format_}", [f"h{i}" for i in range(8)], [shapely.MultiPolygon([SQUARE]).wkb] * 8)
    if format_ == "zip":
        files = list(folder.glob("x.*"))
        zipped(folder / "y.zip", {file.name: file.read_bytes() for file in files})
        for file in files:
            file.unlink()


@pytest.mark.parametrize("format_", SEEDED)
def test_flipped_bits_and_cuts_never_lose_a_record_in_silence(tmp_path, format_):
    """Either the file is refused, or all eight records are there, or the file's own account of them is said to differ."""
    sound(tmp_path, format_)
    read, name = SEEDED[format_]
    assert read(tmp_path / name).count == 8
    chance = random.Random(f"{format_} 1")  # noqa: S311  (the same damage on every run)
    files = {file: file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file() and file.stat().st_size}
    for _ in range(60):
        file, content = chance.choice(list(files.items()))
        hurt = bytearray(content)
        if chance.random() < 0.25:
            del hurt[chance.randrange(len(hurt)) :]
        else:
            hurt[chance.randrange(len(hurt))] ^= 1 << chance.randrange(8)
        file.write_bytes(hurt)
        layer = None
        with contextlib.suppress(FormatError):
            layer = read(tmp_path / name)
        if layer is not None:
            assert {layer.count, len(layer.shapes)} | {len(cells) for cells in layer.columns.values()} == {layer.count}
            assert layer.count >= 8 or None in {fault.at for fault in layer.faults}
        file.write_bytes(content)


def test_days_of_a_geodatabase_are_read(tmp_path):
    """pyogrio 0.12.0 gave empty text for every day, without a word."""
    frame = gpd.GeoDataFrame(
        {"hazard_id": ["a", "b"], "date_of_information": pd.to_datetime(["2024-02-29", None])},
        geometry=[shapely.box(16, 45, 16.01, 45.01), shapely.box(17, 45, 17.01, 45.01)],
        crs=4326,
    )
    frame.to_file(tmp_path / "x.gdb", driver="OpenFileGDB")
    first, second = read_geodatabase(tmp_path / "x.gdb").columns["date_of_information"]
    assert (str(first)[:10].replace("/", "-"), second or None) == ("2024-02-29", None)
