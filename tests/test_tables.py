"""Tables: cells as they stand, shapes in every usual spelling, one row for each point; nothing lost, nothing guessed."""

from __future__ import annotations

import datetime
import re
import zipfile
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hazardgeo.crs import WGS84
from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._coordinates import NotReadError, numbers, read_pair
from hazardgeo.registers._formats._grid_text import looks_like_position, read_position
from hazardgeo.registers._formats._layer import RawLayer
from hazardgeo.registers._formats._places import Places, shapes_of
from hazardgeo.registers._formats._positions import bounds_of
from hazardgeo.registers._formats._tables import Sheet, read_sheets, read_table

calamine = pytest.importorskip("python_calamine")
xlsxwriter = pytest.importorskip("xlsxwriter")


def rules(raw: RawLayer | Sheet) -> list[tuple[int | None, str]]:
    return [(fault.at, fault.rule) for fault in raw.faults]


def seen(raw: RawLayer | Sheet, rule: str) -> str:
    return next(fault.seen for fault in raw.faults if fault.rule == rule)


def csv(folder: Path, text: str | bytes, name: str = "x.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def table(*rows: list[object], numbers_from: int = 2) -> Sheet:
    """A sheet whose first row names the columns."""
    header, *cells = rows
    return Sheet(
        "t", tuple(map(str, header)), cells, tuple(range(numbers_from, numbers_from + len(cells))), (), "t.csv"
    )


# CSV


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path):
    """Row 1 is blank, 2 the header, 3 has a line break in a cell, 4 and 6 are blank (6 by its commas), 5 and 7 records."""
    sheet = read_sheets(csv(tmp_path, '\nid,name,wkt\na,"two\nlines",\n\nb,,\n,,\nc,,\n'))["x"]
    assert (sheet.columns, sheet.row_numbers) == (("id", "name", "wkt"), (3, 5, 7))
    assert sheet.rows[0] == ["a", "two\nlines", ""]
    assert sheet.faults == ()


def test_text_marks_of_spreadsheets_are_taken_away(tmp_path):
    assert read_sheets(csv(tmp_path, "id\n'=1\n'tis\n"))["x"].rows == [["'=1"[1:]], ["'tis"]]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("id;wkt\nčć;\n".encode(), ""),
        (b"\xef\xbb\xbf" + "id;wkt\nčć;\n".encode(), ""),
        (b"\xef\xbb\xbf" + "id;wkt\nčć;\n".encode(), "cp1250"),  # the mark of the file is believed
        ("id;wkt\nčć;\n".encode("cp1250"), "cp1250"),
        ("id;wkt\nčć;\n".encode("utf-16"), ""),
        ("\ufeffid;wkt\nčć;\n".encode("utf-16-be"), ""),
        ("sep=;\nid;wkt\nčć;\n".encode(), ""),
        ("\ufeffsep=;\r\nid;wkt\r\nčć;\r\n".encode(), ""),
        ("id\twkt\nčć\t\n".encode(), ""),
    ],
)
def test_encodings_and_separators(tmp_path, content, encoding):
    sheet = read_sheets(csv(tmp_path, content), encoding=encoding)["x"]
    assert (sheet.columns, sheet.rows, sheet.row_numbers) == (("id", "wkt"), [["čć", ""]], (2,))


@pytest.mark.parametrize(
    ("content", "encoding", "words"),
    [
        ('id,wkt\n"a\nb",\nPodruč'.encode() + b"\xe8je,\n", "", r"is not UTF-8 in row 3 \(byte 22\)"),
        (b"id,wkt\na\x81,\n", "cp1250", r"is not cp1250 in row 2 \(byte 9\)"),
        (b"id,wkt\n", "cp9999", "no encoding is called 'cp9999'"),
        (b'id,wkt\n"a,\n', "", "quote that is not closed"),
        (b"id,id\na,b\n", "", "'id' stands twice"),
        (b"\n\n", "", "is empty"),
        (b"i\0d,wkt\na,\n", "", "zero bytes"),
        ("id,wkt\na,\n".encode("utf-16-le"), "", "zero bytes"),
    ],
)
def test_csv_that_is_refused(tmp_path, content, encoding, words):
    with pytest.raises(FormatError, match=words):
        read_sheets(csv(tmp_path, content), encoding=encoding)


def test_uneven_rows_are_records_with_a_fault(tmp_path):
    """One field more in all rows does not move the columns: every row is broken, and what stands beyond is told."""
    raw = read_table(csv(tmp_path, "id,wkt\na,b,POINT(1 1)\nc,d,POINT(2 2)\n"))
    assert raw.count == 2
    assert list(raw.columns["id"]) == ["a", "c"]
    assert [at for at, rule in rules(raw) if rule == "row-broken"] == [0, 1]
    assert "'POINT(1 1)'" in seen(raw, "row-broken")
    short = read_table(csv(tmp_path, "id,name,wkt\na\n"))
    assert rules(short) == [(0, "row-broken")]
    zero = read_table(csv(tmp_path, b"id,wkt\na\0,POINT(1 1)\n"))
    assert rules(zero) == [(0, "row-broken")]


def test_rows_swallowed_by_a_stray_quote_are_told(tmp_path):
    """Two stray quotes join rows 2 to 4 into one that looks right: two line breaks with two times two separators."""
    text = 'id,name,wkt\n1,"Polje,\n2,Brod,\n3,Gaj",\n4,Most,\n'
    sheet = read_sheets(csv(tmp_path, text))["x"]
    assert len(sheet.rows) == 2
    assert rules(sheet) == [(0, "rows-in-cell"), (0, "row-broken")]
    assert "row 2 seems to hold 2 other rows" in seen(sheet, "rows-in-cell")
    shape = 'id,name,wkt\n1,a,"POLYGON((0 0,1 0,\n1 1,0 0))"\n'  # a shape over two lines is no row
    assert read_sheets(csv(tmp_path, shape))["x"].faults == ()


@pytest.mark.parametrize(
    ("text", "at", "count"),
    [
        ('id;a;b;c;wkt\n1;x;"y;z;P\n2;x;y\n3;x;y";z;P\n', 0, 2),  # the row in the middle is two cells short
        ('id;a;b;c;wkt\n1;x;"y;z;P\n2;x;y;more;z;P\n3;x;y";z;P\n', 0, 2),  # and here it has one too many
        ('id;a;b;c;wkt\n1;x;y;z;P\n"2;x;y;z;P\n3";x;y;z;P\n', 1, 1),  # the last line has no separator at all
        ('id;mgrs\nA;"33TXL1\nB;33TXL2\nC;33TXL3"\n', 0, 2),
        ('id;mgrs;;;\nA;"33TXL1;;;\nB;33TXL2;;;\nC;33TXL3";;;\n', 0, 2),  # two columns, and four separators a row
        ('id,wkt\nA,"POINT(1 1)\nB,POINT(2 2)\nC,POINT(3 3)"\n', 0, 2),  # begins as a shape does
        ('id;"name;wkt\n1;a;P\n2;b";P\n3;c;P\n', None, 2),  # the names of the columns took two rows with them
    ],
)
def test_rows_that_are_uneven_do_not_hide_a_stray_quote(tmp_path, text, at, count):
    """Rows of w columns have w - 1 separators; half of them in one line of a cell are a row, whatever the others have."""
    sheet = read_sheets(csv(tmp_path, text))["x"]
    told = [(at, "rows-in-cell")] if at is None else [(at, "rows-in-cell"), (at, "row-broken")]
    assert rules(sheet) == told
    assert ("another row" if count == 1 else f"{count} other rows") in seen(sheet, "rows-in-cell")


@pytest.mark.parametrize(
    "cell",
    [
        "Gajeva 1\n10000 Zagreb, Hrvatska",
        "Sector 4, near the bridge\nsee the map, sheet 3",
        "one\n\ntwo, and the rest\n",
        "POLYGON Z((0 0 1,1 0 1,\n1 1 1,0 1 1,\n0 0 1e0,0 0 1))",
    ],
)
def test_texts_over_several_lines_are_no_rows(tmp_path, cell):
    """Six separators make a row here, three half of one; the address has one, the remark two in two lines."""
    assert read_sheets(csv(tmp_path, f'id,a,b,c,d,remark,e\n1,,,,,"{cell}",x\n'))["x"].faults == ()


def test_a_record_that_swallowed_the_next_is_not_used(tmp_path):
    """Of record b the first row took the rows of c with it: 3 records of 4 are left, and b is a broken one."""
    rows = [f"{name},{'' if n > 1 else remark},{n},{x},{y}" for name, remark in REMARKS for n, x, y in square()]
    raw = read_table(csv(tmp_path, "\n".join(["hazard_id,remark,point_no,lon,lat", *rows])))
    assert raw.columns["hazard_id"] == ["a", "b", "d"]
    assert [at for at, rule in rules(raw) if rule == "row-broken"] == [1]
    assert "row 6 seems to hold 8 other rows" in seen(raw, "rows-in-cell")  # 3 of b, 4 of c, 1 of d


REMARKS = (("a", ""), ("b", '"near Gaj'), ("c", "left, right"), ("d", 'the bridge"'))


def test_header_in_another_row_and_columns_without_a_name(tmp_path):
    """A title, whose comma is no separator, stands above; the third column is empty throughout, the fourth is not."""
    path = csv(tmp_path, "Register, 2024\n\nid;wkt;;\na;POINT(1 1);;x\n")
    sheet = read_sheets(path, header_row=2)["x"]
    assert sheet.columns == ("id", "wkt", "column D")
    assert sheet.rows == [["a", "POINT(1 1)", "x"]]
    assert (rules(sheet), sheet.row_numbers) == ([(None, "column-unnamed")], (4,))


def test_well_known_text(tmp_path):
    nested = "GEOMETRYCOLLECTION(" * 50_000
    raw = read_table(csv(tmp_path, f"id,wkt\na,SRID=3765;POINT(1 2)\nb,POINT(3 4)\nc,{nested}\nd,POINT(1\ne,\n"))
    assert raw.crs.to_epsg() == 3765
    assert raw.without_crs == (1, 2, 3)
    assert [shape and shape.wkt for shape in raw.shapes] == ["POINT (1 2)", "POINT (3 4)", None, None, None]
    assert rules(raw) == [(2, "geometry-unreadable"), (3, "geometry-unreadable")]
    assert list(raw.columns) == ["id"]
    for texts, words in (("SRID=1;\nSRID=2;", "several SRIDs"), ("SRID=99999;POINT(1 1)", "no EPSG code")):
        with pytest.raises(FormatError, match=words):
            read_table(csv(tmp_path, f"wkt\n{texts}\n"))


# Coordinates


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("16.25", "45.504222"),
        ("16,25", "45,504222"),
        ("16.25°", "45.504222 °"),
        ("16.25 E", "45.504222N"),
        ("E16.25", "N 45.504222"),
        ("45.504222N", "16.25E"),  # both letters say the opposite: they are believed
        ("16°15'E", "45°30'15.2\"N"),
        ("16°15′00″E", "45°30′15,2″ N"),
        ("16º15’", "45˚30’15.2”"),
        ("16° 15' 00''", "45° 30' 15.2''"),
        ("16 15 E", "45 30 15.2 N"),
        ("16 15", "45 30 15.2"),
        ("E16-15-00", "N45-30-15.2"),
        ("16:15:00", "45:30:15.2"),
        ("16d15m", "45d30m15.2s"),
        ("E16d15m00s", "45D30M15.2SN"),
        ("16 deg 15 min", "45deg 30min 15.2sec N"),
        ("16°15.0'", "45°30.25333'"),
        (16.25, 45.504222),
    ],
)
def test_degrees_in_every_usual_spelling(x, y):
    """45° 30' 15.2" = 45 + 30/60 + 15.2/3600 = 45.504222…; 16° 15' = 16.25."""
    found = read_pair(x, y)
    assert (found.x, found.y) == pytest.approx((16.25, 45 + 30 / 60 + 15.2 / 3600), abs=3e-7)
    assert found.kind == "degrees"


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ("16°75'", "45", "60 or more minutes"),
        ("16 15 60", "45", "60 or more minutes"),
        ("16 -30 10", "45", "cannot be read"),
        ("-16 W", "45", "minus sign and a letter"),
        ("45.5N", "16.5", "letter of a latitude at its longitude"),
        ("16.5E", "45.5E", "letter of a latitude at its longitude"),
        ("16 O", "45", "letter O or Z"),
        ("N 16 E", "45", "cannot be read"),
        ("16.5.3", "45", "cannot be read"),
        ("16.5°30'", "45", "cannot be read"),
        ("1,6E1", "45", "cannot be read"),
        ("север 45", "16", "cannot be read"),
        ("nan", "45", "cannot be read"),
        ("٤٥", "16", "cannot be read"),
        ("16", "45°30'15s", "several readings"),  # seconds, or south
        (True, 45, "true or false"),
        (datetime.date(2024, 5, 16), 45, "a date"),
    ],
)
def test_coordinates_that_are_refused(x, y, words):
    with pytest.raises(NotReadError, match=words) as refused:
        read_pair(x, y)
    assert refused.value.remedy


def test_numbers_with_two_readings_are_taken_only_where_one_fits():
    """As degrees 16.123 fits and 16123 does not; as grid numbers 500 and 500000 both may, unless the CRS says."""
    assert read_pair("16.123", "45.123").x == 16.123
    with pytest.raises(NotReadError, match="500, 4990000 or 500000, 4990000"):
        read_pair("500.000", "4.990.000")
    utm = bounds_of(pyproj.CRS.from_epsg(32633))
    found = read_pair("500.000", "4.990.000", crs_is_geographic=False, within=utm)
    assert (found.x, found.y, found.kind) == (500_000, 4_990_000, "grid")
    assert numbers("1.234") == {1.234, 1234}
    assert numbers("0.123") == {0.123}
    assert numbers("1.234.567") == numbers("1'234'567") == numbers("1\u202f234\u202f567") == {1_234_567}
    assert numbers("1,234.5") == numbers("1.234,5") == numbers("1 234,5") == {1234.5}
    assert numbers("12 34") == numbers("1,23,456") == numbers("1.5e3") == set()


def test_longitude_and_latitude_out_of_range():
    for x, y in (("181", "45"), ("16", "90.5")):
        with pytest.raises(NotReadError, match="no longitude and latitude"):
            read_pair(x, y, crs_is_geographic=True)
    assert read_pair("180", "-90").y == -90


@given(
    st.floats(-180, 180),
    st.floats(-90, 90),
    st.sampled_from(["{d}°{m}'{s}\"{h}", "{h}{d}-{m}-{s}", "{d} {m} {s} {h}"]),
)
def test_degrees_minutes_and_seconds_come_back(lon, lat, form):
    """Written to a hundredth of a second, an angle comes back within half of that: 0.005/3600 = 1.4e-6 degrees."""

    def write(value: float, letters: str) -> str:
        hundredths = round(abs(value) * 360_000)
        degrees, rest = divmod(hundredths, 360_000)
        minutes, rest = divmod(rest, 6_000)
        return form.format(d=degrees, m=minutes, s=f"{rest / 100:.2f}", h=letters[value < 0])

    found = read_pair(write(lon, "EW"), write(lat, "NS"))
    assert (found.x, found.y) == pytest.approx((lon, lat), abs=1.5e-6)


@given(st.text("0123456789.,°'\" NSEW-+d:ms", max_size=16), st.text("0123456789.,°'\" NSEW-+", max_size=16))
def test_no_text_brings_the_reader_down(x, y):
    """Whatever is taken as degrees lies on the globe."""
    for read in (lambda: read_pair(x, y), lambda: read_position(f"{x} {y}"), lambda: read_position(x)):
        try:
            found = read()
        except NotReadError:
            continue
        assert found.kind == "grid" or (abs(found.x) <= 180 and abs(found.y) <= 90)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("45°30'N 16°15'E", ""),
        ("16°15'E, 45°30'N", ""),
        ("N45.5E16.25", ""),
        ("N 45 30, E 16 15", ""),
        ("45.5, 16.25", "lat lon"),
        ("16.25;45.5", "lon lat"),
        ("45,5 16,25", "lat lon"),  # and not 45 and 5°16.25'
        ("45,5,16,25", "lat lon"),
        ("45 30 16 15", "lat lon"),
    ],
)
def test_positions_in_one_text(text, order):
    found = read_position(text, order)
    assert (found.x, found.y) == (16.25, 45.5)


@pytest.mark.parametrize(
    "text", ["45.5, 16.25", "45 30 00 16 15 00", "500000 4990000", "45.5N", "45.5 N, 16.5 O", "near Gaj"]
)
def test_positions_whose_order_or_sense_is_not_known_are_refused(text):
    with pytest.raises(NotReadError):
        read_position(text)
    assert read_position("16.5 145.2").x == 145.2  # no latitude is 145


@pytest.mark.parametrize(
    ("text", "lat"),
    [
        ("33T 500000 4990000", 45.0635),
        ("33N 500000 4990000", 45.0635),  # in the band N the latitude is 0 to 8, so N is the hemisphere
        ("33N 500000 500000", 4.5236),  # band and hemisphere say the same
        ("33S 500000 7000000", -27.1225),  # in the band S the latitude is 32 to 40
        ("33T 500 000 4 990 000", 45.0635),
        ("33T E500000 N4990000", 45.0635),
        ("33t 500000mE, 4990000mN", 45.0635),
    ],
)
def test_utm_in_one_text(text, lat):
    """On the central meridian (easting 500 km) of zone 33 the longitude is 15, and northing = 0.9996 × meridian arc.

    With the mean 111 132 m for a degree, corrected by 16 038 sin 2φ (the WGS 84 series), the arc to 45.0635° is
    5 008 050 − 16 038 · sin 90.13° = 4 992 012 m, × 0.9996 = 4 990 015 m: within 20 m of 4 990 000 (0.0002°).
    """
    found = read_position(text)
    assert (found.x, found.y) == pytest.approx((15, lat), abs=2e-4)
    assert found.wgs84


@pytest.mark.parametrize(
    "text",
    [
        "33S 500000 4000000",  # 36° N in the band S, 54° S in the southern hemisphere
        "33K 500000 4990000",
        "33I 500000 4990000",
        "61T 500000 4990000",
        "33 500000 4990000",
        "33T 50000 4990000",
        "33T XL 123 4567",
        "33TXL123",
        "33TXL",
        "33TXL1267",
        "33TZZ1234567890",
    ],
)
def test_grid_texts_that_are_refused(text):
    pytest.importorskip("mgrs")
    with pytest.raises(NotReadError):
        read_position(text)


@pytest.mark.parametrize(
    ("text", "x", "y", "size"),
    [
        ("33TXL1234567890", 612345.5, 5067890.5, 1),
        ("33t xl 12345 67890", 612345.5, 5067890.5, 1),
        ("33TXL12346789", 612345, 5067895, 10),
        ("33TXL123678", 612350, 5067850, 100),
    ],
)
def test_mgrs_is_the_middle_of_its_square(text, x, y, size):
    """Square XL of zone 33T begins at easting 600 km and northing 5 000 km; the figures count on from there."""
    pytest.importorskip("mgrs")
    found = read_position(text)
    back = pyproj.Transformer.from_crs(4326, 32633, always_xy=True).transform(found.x, found.y)
    assert back == pytest.approx((x, y), abs=1e-3)
    assert found.size_m == size


def test_a_notation_that_is_asked_for_is_kept_to():
    assert read_pair("16 15", "45 30", "dms").x == 16.25
    for x, notation in (("16.25", "dms"), ("16 15", "decimal"), ("16 15", "grid")):
        with pytest.raises(NotReadError):
            read_pair(x, x, notation)
    assert read_pair("16.25", "45.5", "grid").kind == "grid"
    with pytest.raises(NotReadError, match="not written in MGRS"):
        read_position("45.5N 16.25E", notation="mgrs")


def test_names_of_places_are_no_positions():
    assert not any(map(looks_like_position, ["Sector 4 12", "Gaj", "12", None, 45.5, "x" * 100]))
    assert all(map(looks_like_position, ["45.5 16.2", "33TXL1234567890", "33T 500000 4990000", "45°30'N 16°15'E"]))


def test_cells_without_end_are_refused_before_they_are_looked_through(tmp_path):
    """A pattern that tries every blank of such a run tries n²/2 times: the last two cells would take many minutes."""
    for x in ("16" + " " * 199 + "x", "16" + " " * 200_000 + "x"):
        with pytest.raises(NotReadError, match=f"a text of {len(x):,} characters"):
            read_pair(x, "45")
    assert read_pair("16" + " " * 198, "45").x == 16
    for text in ("POINT(1 1) SRID=3765;", "SRID=" + "9" * 5000 + ";POINT(1 1)", " " * 200_000 + "POLYGON"):
        raw = read_table(csv(tmp_path, f"id,wkt\na,{text}\n"))
        assert (rules(raw), raw.crs) == ([(0, "geometry-unreadable")], None)
    assert read_table(csv(tmp_path, f"wkt\n{' ' * 200_000}SRID=4326; POINT(1 1)\n")).crs.to_epsg() == 4326


# Where the shapes of a table stand


def test_longitude_and_latitude_are_read_as_wgs84_and_said_to_be(tmp_path):
    raw = read_table(csv(tmp_path, "id,Longitude,LATITUDE,name\na,16.25,45.5,x\nb,,,y\nc,16.25,,z\nd,16.25,95,z\n"))
    assert (raw.crs, list(raw.columns)) == (WGS84, ["id", "name"])
    assert [shape and shape.wkt for shape in raw.shapes] == ["POINT (16.25 45.5)", None, None, None]
    assert rules(raw) == [(None, "crs-by-notation"), (2, "geometry-unreadable"), (3, "geometry-unreadable")]
    assert "only one of its two" in [fault.seen for fault in raw.faults][1]
    mgi = pyproj.CRS.from_epsg(3906)
    stated = read_table(tmp_path / "x.csv", crs=mgi)
    assert stated.crs == mgi
    assert (None, "crs-by-notation") not in rules(stated)


def test_a_wrong_notation_among_others_costs_only_its_record():
    rows = [["id", "x", "y"], ["a", "16.25", "45.5"], ["b", "16.25", "45.6"], ["c", "1625", "45"]]
    raw = shapes_of(table(*rows))
    assert rules(raw) == [(None, "crs-by-notation"), (2, "geometry-unreadable")]
    grid = [["id", "E", "N"], ["a", "500000", "4990000"], ["b", "500100", "4990000"], ["c", "16°15'", "45°30'"]]
    raw = shapes_of(table(*grid))
    assert raw.crs is None
    assert rules(raw) == [(2, "crs-conflict")]
    assert raw.shapes[0].coords[0] == (500_000, 4_990_000)


def test_mgrs_and_a_stated_crs_contradict_each_other():
    pytest.importorskip("mgrs")
    sheet = table(["id", "MGRS"], ["a", "33TXL1234567890"], ["b", "33TXL123678"])
    raw = shapes_of(sheet)
    assert rules(raw) == [(None, "crs-by-notation"), (1, "coordinates-coarse")]
    assert "100 m" in seen(raw, "coordinates-coarse")
    assert rules(shapes_of(sheet, crs=WGS84)) == [(1, "coordinates-coarse")]
    assert rules(shapes_of(sheet, crs=pyproj.CRS.from_epsg(3906))) == [(0, "crs-conflict"), (1, "crs-conflict")]
    assert rules(shapes_of(sheet, crs=pyproj.CRS.from_epsg(3765))) == [(0, "crs-conflict"), (1, "crs-conflict")]


def test_x_and_y_of_a_grid_are_not_guessed():
    """In the zone 6 of MGI 1901 eastings are 6.2 to 6.8 million and northings 4.6 to 5.2 million: one order fits alone.

    At easting 500 km and northing 600 km of UTM 33, near the equator, both orders are on the map.
    """
    sheet = table(["id", "X", "Y"], ["a", "4990123", "6412345"], ["b", "4990200", "6412400"])
    with pytest.raises(FormatError, match="'X' and 'Y' is east"):
        shapes_of(sheet)
    raw = shapes_of(sheet, crs=pyproj.CRS.from_epsg(8678))
    assert raw.shapes[0].coords[0] == (6_412_345, 4_990_123)
    said = shapes_of(sheet, Places(x="Y", y="X"))
    assert said.shapes[0].coords[0] == (6_412_345, 4_990_123)
    either = table(["id", "x", "y"], ["a", "500000", "600000"])
    with pytest.raises(FormatError, match="which is north is not known"):
        shapes_of(either, crs=pyproj.CRS.from_epsg(32633))


def test_columns_are_chosen_only_where_one_choice_is_there():
    point = ["a", "POINT(1 1)", "16.25", "45.5", "500000", "4990000", "near Gaj"]
    names = ["id", "wkt", "lon", "lat", "easting", "northing", "location"]
    raw = shapes_of(table(names, point))  # a centre beside the outline stays a cell
    assert list(raw.columns) == ["id", "lon", "lat", "easting", "northing", "location"]
    with pytest.raises(FormatError, match="'lon' and 'lat' and 'easting' and 'northing' could hold"):
        shapes_of(table([names[0], *names[2:]], [point[0], *point[2:]]))
    raw = shapes_of(table(["id", "lon", "lat", "location"], ["a", "16.25", "45.5", "near Gaj"]))
    assert raw.columns["location"] == ["near Gaj"]
    with pytest.raises(FormatError, match="no column holds shapes"):
        shapes_of(table(["id", "location"], ["a", "near Gaj"]))
    for places, words in (
        (Places(wkt="shape"), "no column 'shape'"),
        (Places(x="lon"), "name both columns"),
        (Places(wkt="wkt", text="location"), "name one place"),
        (Places(text="location", order="north first"), "order 'north first' is not known"),
    ):
        with pytest.raises(FormatError, match=words):
            shapes_of(table(names, point), places)
    empty = shapes_of(table(["hazard_id", "wkt"]))
    assert (empty.count, len(empty.shapes)) == (0, 0)


# One row for each point

SQUARE = [("16", "45"), ("16.01", "45"), ("16.01", "45.01"), ("16", "45.01")]


def points(*records: tuple[str, list[tuple[object, str, str]]], **more: list[str]) -> Sheet:
    """Rows of id, number, longitude and latitude, in the order given."""
    rows = [[name, *point] for name, corners in records for point in corners]
    return table(
        ["hazard_id", "point_no", "lon", "lat", *more],
        *([*row, *(cells[i] for cells in more.values())] for i, row in enumerate(rows)),
    )


def square(*order: object) -> list[tuple[object, str, str]]:
    return [(number, *SQUARE[i % 4]) for i, number in enumerate(order or (1, 2, 3, 4))]


def test_rows_of_a_record_make_its_outline():
    sheet = points(("a", square()), ("b", square("1", "2", "3", "4", "5")), name=["x"] * 4 + ["y"] * 5)
    raw = shapes_of(sheet)
    assert raw.count == 2
    assert raw.columns == {"hazard_id": ["a", "b"], "name": ["x", "y"], "rows": ["2-5", "6-10"]}
    assert raw.row_numbers == (2, 6)
    for shape in raw.shapes:  # open in the table, or closed by a fifth point: closed here
        assert shape.equals(shapely.box(16, 45, 16.01, 45.01))
        assert len(shape.exterior.coords) == 5
    assert rules(raw) == [(None, "crs-by-notation")]


@given(st.permutations(range(12)))
def test_the_order_of_the_rows_does_not_change_the_outline(order):
    """Twelve points on a circle; ten comes after nine and not after one."""
    angle = np.arange(12) * np.pi / 6
    corners = [(str(i + 1), f"{16 + np.cos(a):.6f}", f"{45 + np.sin(a):.6f}") for i, a in enumerate(angle)]
    raw = shapes_of(points(("a", [corners[i] for i in order])))
    expected = shapely.Polygon([(float(x), float(y)) for _, x, y in corners])
    assert raw.shapes[0].equals_exact(expected)
    assert ((0, "points-reordered") in rules(raw)) == (list(order) != list(range(12)))


@pytest.mark.parametrize(
    ("numbers_", "words"),
    [
        ((1, 2, "", 4), r"point without a number \(row 4\) whose number cannot be read"),
        ((1, 2, "TP3", 4), "point TP3"),
        ((1, 2, "2.5", 4), "point 2.5"),
        ((1, 2, 2, 4), "two places for its point 2 .row 3. and point 2 .row 4."),
        ((1, 2, True, 4), "point True"),
    ],
)
def test_points_whose_order_is_not_known_make_no_outline(numbers_, words):
    raw = shapes_of(points(("a", square(*numbers_)), ("b", square())))
    assert raw.shapes[0] is None
    assert raw.shapes[1] is not None
    assert [at for at, rule in rules(raw) if rule == "geometry-unreadable"] == [0]
    assert re.search(words, seen(raw, "geometry-unreadable"))


def test_a_point_that_cannot_be_read_is_named():
    corners = square()
    corners[2] = (3, "16°75'", "45")
    corners_b = square()
    corners_b[1] = (2, "", "")
    raw = shapes_of(points(("a", corners), ("b", corners_b), ("c", [(1, "", ""), (2, "", "")])))
    assert list(raw.shapes) == [None] * 3
    first, second = (fault.seen for fault in raw.faults if fault.rule == "geometry-unreadable")
    assert "point 3 (row 4)" in first
    assert "16°75'" in first
    assert "point 2 (row 7) without coordinates" in second
    assert all(fault.at != 2 for fault in raw.faults)  # nothing is there: the engine says that the geometry is missing


def test_too_few_points_and_points_left_out():
    raw = shapes_of(
        points(("a", square(1, 2)), ("b", square(1, 2, 4, 5)), ("c", square(2, 3, 4, 5)), ("d", square(10, 20, 30, 40)))
    )
    assert raw.shapes[0] is None
    told = [(fault.at, fault.rule, fault.seen) for fault in raw.faults if fault.at is not None]
    assert [one[:2] for one in told] == [
        (0, "geometry-too-few-points"),
        (1, "points-skipped"),
        (3, "points-skipped"),  # the others count in ones
    ]
    assert "after 2 comes 4" in told[1][2]
    later = shapes_of(points(("a", square()), ("b", square()), ("c", square(2, 3, 4, 5))))
    assert "begin at 2, those of the other records at 1" in seen(later, "points-skipped")


def test_every_second_point_missing_is_told_by_the_other_records():
    """Steps are 2 in b, 1 in a and c; tens throughout, or an inserted 25 among them, is how some count."""
    octagon = [(n, f"{16 + np.cos(n):.4f}", f"{45 + np.sin(n):.4f}") for n in range(1, 9)]
    raw = shapes_of(points(("a", octagon), ("b", octagon[::2]), ("c", square())))
    assert rules(raw) == [(None, "crs-by-notation"), (1, "points-skipped")]
    assert "after 1 comes 3; after 3 comes 5; after 5 comes 7" in seen(raw, "points-skipped")
    many = [(2 * i + 1, f"{16 + np.cos(i / 9):.4f}", f"{45 + np.sin(i / 9):.4f}") for i in range(50)]
    raw = shapes_of(points(("a", square()), ("b", square()), ("c", many)))  # 6 steps of 1 and 49 of 2, in one record
    assert rules(raw) == [(None, "crs-by-notation"), (2, "points-skipped")]
    tens = shapes_of(points(("a", square(10, 20, 30, 40)), ("b", square(10, 20, 30, 40))))
    assert rules(tens) == [(None, "crs-by-notation")]


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [
        ("status", "cleared", "CHA"),
        ("Work Status", "open", "done"),
        ("kind", "očišćeno", "smanjeno"),
        ("stanje", "Cleared", "Suspected hazardous area (SHA)"),
        ("type", "turning point", "reference point"),
    ],
)
def test_rows_that_do_not_agree_on_what_a_record_is(column, first, second):
    """Points 1 to 4 of cleared ground and 5 to 8 of a hazard, under one id, are no release over eight corners."""
    sheet = points(("a", square(*range(1, 9))), ("b", square()), **{column: [first] * 4 + [second] * 4 + [first] * 4})
    raw = shapes_of(sheet)
    assert rules(raw) == [(None, "crs-by-notation"), (0, "row-broken")]
    assert f"{column!r} that it is {first!r} and {second!r}" in seen(raw, "row-broken")
    assert "its own id" in next(fault.remedy for fault in raw.faults if fault.rule == "row-broken")


@pytest.mark.parametrize(
    ("column", "cells", "rule"),
    [
        ("status", ["CHA", "", None, " "], None),  # filled in the first row only
        ("status", ["CHA", "cha", "CHA ", "CHA"], "rows-disagree"),  # one word in several spellings
        ("remark", ["cleared", "see the map", "", ""], "rows-disagree"),
        ("type", ["Start point", "turning point", "turning_point", "end point"], "rows-disagree"),  # all are corners
    ],
)
def test_rows_that_differ_in_something_else_are_one_record(column, cells, rule):
    raw = shapes_of(points(("a", square()), ("b", square()), **{column: [*cells, *[""] * 4]}))
    assert rules(raw)[1:] == ([(0, rule)] if rule else [])


def test_reference_points_and_benchmarks_are_no_corners():
    types = ["Reference Point", "benchmark", "Start point", "Turning_Point", "turning point", "End point"]
    corners = [(1, "15", "44"), (2, "15.5", "44.5"), *square(3, 4, 5, 6)]
    raw = shapes_of(points(("a", corners), point_type=types))
    assert raw.shapes[0].equals(shapely.box(16, 45, 16.01, 45.01))
    assert rules(raw) == [(None, "crs-by-notation"), (0, "points-not-vertices")]
    assert "reference point, point 1 (row 2), benchmark, point 2 (row 3)" in seen(raw, "points-not-vertices")
    unknown = shapes_of(points(("a", corners), point_type=[*types[:5], "XP"]))
    assert unknown.shapes[0] is None
    assert "is a 'xp'" in seen(unknown, "geometry-unreadable")
    said = Places(vertex_types=("Turning Point", "Start point", "End point", "Benchmark"))
    assert len(shapes_of(points(("a", corners), point_type=types), said).shapes[0].exterior.coords) == 6
    none = shapes_of(points(("a", square()), point_type=[""] * 4))
    assert none.shapes[0] is not None


def test_parts_of_a_record():
    other = [(n, str(float(x) + 1), y) for n, x, y in square(1, 2, 3, 4)]
    raw = shapes_of(points(("a", [*square(), *other]), part=["1"] * 4 + ["2"] * 4))
    assert raw.shapes[0].equals(shapely.union(shapely.box(16, 45, 16.01, 45.01), shapely.box(17, 45, 17.01, 45.01)))
    assert rules(raw) == [(None, "crs-by-notation")]


def test_rows_that_do_not_agree_and_rows_without_a_record():
    """The cell is the first that is filled; the rows below that name no record may hold corners, and that is said."""
    sheet = points(("a", square()), ("", [(5, "16", "45")]), name=["", "x", "x", "y", "z"])
    raw = shapes_of(sheet)
    assert raw.count == 2
    assert raw.columns["name"] == ["x", "z"]
    assert raw.columns["hazard_id"] == ["a", ""]
    assert [(at, rule) for at, rule in rules(raw) if at is not None] == [
        (0, "rows-disagree"),
        (0, "points-unassigned"),
        (1, "geometry-too-few-points"),
    ]
    assert "'name'" in seen(raw, "rows-disagree")
    assert seen(raw, "points-unassigned").startswith("Row 6 below it")


def test_points_of_one_record_under_two_ids_make_no_outline():
    raw = shapes_of(points(("A1", square()[:3]), ("a1 ", square()[3:]), ("B", square()), ("b", square())))
    assert list(map(bool, raw.shapes)) == [False, False, True, True]
    assert "'A1' and 'a1 '" in seen(raw, "geometry-unreadable")


def test_faults_of_rows_become_those_of_the_record(tmp_path):
    rows = "\n".join(f"a,{n},{x},{y}" for n, x, y in square())
    raw = read_table(csv(tmp_path, f"hazard_id,point_no,lon,lat\n{rows},extra\nb,1,16,45\n"))
    assert (0, "row-broken") in rules(raw)
    assert seen(raw, "row-broken").startswith("Row 5: It has 5 cells")
    assert raw.count == 2


def test_which_column_names_the_record():
    """A release settles its hazard and not the other way round: the rows are those of the release."""
    rows = [[release, hazard, n, x, y] for release, hazard in (("r1", "h"), ("r2", "h")) for n, x, y in square()]
    raw = shapes_of(table(["release_id", "hazard_id", "no.", "lon", "lat"], *rows))
    assert raw.columns["release_id"] == ["r1", "r2"]
    crossed = [["r1", "h1", 1], ["r1", "h2", 2], ["r2", "h2", 3]]
    with pytest.raises(FormatError, match="'release_id' and 'hazard_id' could say"):
        shapes_of(table(["release_id", "hazard_id", "no", "lon", "lat"], *([*row, "16", "45"] for row in crossed)))
    with pytest.raises(FormatError, match="no column of ids repeats"):
        shapes_of(table(["id", "lon", "lat", "n"], ["a", "16", "45", 1], ["b", "16", "46", 2]), Places(number="n"))
    with pytest.raises(FormatError, match="'no' and 'order' could number"):
        shapes_of(table(["id", "no", "order", "lon", "lat"], ["a", 1, 1, "16", "45"], ["a", 2, 2, "16", "46"]))
    singles = shapes_of(table(["point_id", "no", "lon", "lat"], ["p", 1, "16", "45"], ["q", 2, "16", "46"]))
    assert (singles.count, singles.columns["no"]) == (2, [1, 2])  # no id repeats: each row is a record


def test_points_of_a_hazard_are_not_taken_for_its_corners():
    """Each row has an id of its own beside the hazard's: with a bare number they are points; with a point number, ask."""
    rows = [[f"p{n}", "h", n, x, y] for n, x, y in square()]
    raw = shapes_of(table(["point_id", "hazard_id", "no", "lon", "lat"], *rows))
    assert (raw.count, raw.shapes[0].geom_type) == (4, "Point")
    unclear = table(["point_id", "hazard_id", "point_no", "lon", "lat"], *rows)
    with pytest.raises(FormatError, match="record = 'point_id' or record = 'hazard_id'"):
        shapes_of(unclear)
    assert shapes_of(unclear, Places(record="point_id")).count == 4
    assert shapes_of(unclear, Places(record="hazard_id")).shapes[0].equals(shapely.box(16, 45, 16.01, 45.01))


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "A", ""]), st.sampled_from(["1", "2", "3", "4", "x", ""])), min_size=1
    )
)
def test_every_row_is_in_one_record(rows):
    """The rows that the records name, taken together, are the rows of the table."""
    cells = [[name, n, str(16 + i / 100), str(45 + i * i / 1000)] for i, (name, n) in enumerate(rows)]
    sheet = table(["hazard_id", "point_no", "lon", "lat"], *cells)
    raw = shapes_of(sheet, Places(record="hazard_id", number="point_no"))
    listed: list[int] = []
    for text in raw.columns["rows"]:
        for run in text.split(", "):
            first, _, last = run.partition("-")
            listed += range(int(first), int(last or first) + 1)
    assert sorted(listed) == list(sheet.row_numbers)
    assert raw.count == len(raw.shapes) == len({name for name, _ in rows if name}) + sum(not name for name, _ in rows)


# Excel


def workbook(path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    """Write cells as they are given; None stays empty."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(r, c, cell)
                    elif cell is not None:
                        sheet.write(r, c, cell)
    return path


def altered(path: Path, member: str, *changes: tuple[str, str]) -> Path:
    """Change the text of one file in a workbook."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    text = contents[member].decode()
    for old, new in changes:
        assert old in text, (old, text)
        text = text.replace(old, new)
    contents[member] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_excel_cells_as_they_are_stored(tmp_path):
    day = datetime.date(2024, 2, 29)
    path = workbook(
        tmp_path / "x.xlsx",
        ("Register", [["id", "n", "d", "b"], ["007", 7, day, True], [None] * 4, ["x", 1.5, None, False], [2.0**60]]),
    )
    sheet = read_sheets(path)["Register"]
    assert sheet.rows == [
        ["007", 7, day, True],
        ["x", 1.5, None, False],
        [pytest.approx(2.0**60, rel=1e-14), None, None, None],
    ]
    assert [type(cell) for cell in sheet.rows[0]] == [str, int, datetime.date, bool]
    assert type(sheet.rows[2][0]) is float  # beyond what a double holds exactly it is no whole number any more
    assert (sheet.row_numbers, sheet.faults) == ((2, 4, 5), ())


def test_excel_times_and_durations_stay_what_they_are(tmp_path):
    """An id 1:02 that Excel took for a time, and 36:00 for a day and a half: as text they would look like ids."""
    time, duration = datetime.time(1, 2), datetime.timedelta(hours=36)
    rows: list[list[object]] = [["hazard_id", "wkt"], [time, "POINT(1 1)"], [duration, "POINT(2 2)"]]
    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as book:
        sheet = book.add_worksheet("S")
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell, book.add_format({"num_format": "[h]:mm" if cell is duration else "h:mm"}))
    assert list(read_table(tmp_path / "x.xlsx").columns["hazard_id"]) == [time, duration]


def test_rows_below_a_merged_id_say_so(tmp_path):
    """A2:A5 are one cell in the sheet: the id stands in row 2 alone, and rows 3 to 5 cannot be told to be its corners."""
    rows = [["hazard_id", "point_no", "lon", "lat"]]
    rows += [[name, n, float(x), float(y)] for name in ("a", "b") for n, x, y in square()]
    for row in rows[2:5]:
        row[0] = None
    path = workbook(tmp_path / "x.xlsx", ("S", rows))
    assert not any("merged" in fault.seen for fault in read_table(path).faults)
    altered(path, SHEET, ("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A2:A5"/></mergeCells>'))
    raw = read_table(path)
    assert raw.row_numbers == (2, 3, 4, 5, 6)
    told = [fault for fault in raw.faults if fault.rule == "geometry-unreadable"]
    assert [fault.at for fault in told] == [1, 2, 3]
    assert all("names no record" in fault.seen and "merged" in fault.seen for fault in told)
    assert {fault.remedy for fault in told} == {"Part the cells and fill each row."}


def test_excel_with_well_known_text_and_several_sheets(tmp_path):
    rows = [["id", "wkt"], ["a", "SRID=4326;POINT(16 45)"]]
    path = workbook(tmp_path / "x.xlsx", ("SHA", rows), ("CHA", rows), ("empty", []))
    with pytest.raises(FormatError, match="'SHA', 'CHA'"):
        read_table(path)
    raw = read_table(path, "CHA")
    assert (raw.layer, raw.count, raw.crs.to_epsg()) == ("CHA", 1, 4326)


def test_excel_title_rows_and_names(tmp_path):
    path = workbook(
        tmp_path / "x.xlsx", ("S", [["A register"], [], ["id", None, "lon", "lat"], ["a", None, 16.5, 45.5]])
    )
    with pytest.raises(FormatError, match="header_row"):
        read_table(path)
    raw = read_table(path, header_row=3)
    assert (raw.shapes[0].wkt, raw.row_numbers) == ("POINT (16.5 45.5)", (4,))


def test_what_a_spreadsheet_hides_is_said(tmp_path):
    path = workbook(
        tmp_path / "x.xlsx", ("S", [["id", "n", "wkt"], ["a", 1, ""], ["b", 2, ""], ["c", 3, ""], ["d", 4, ""]])
    )
    altered(
        path,
        SHEET,
        ('<c r="B2"><v>1</v></c>', '<c r="B2"><f>1+1</f><v></v></c>'),
        ('<c r="B3"><v>2</v></c>', '<c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
        ('<c r="B4"><v>3</v></c>', '<c r="B4" t="str"><f>""</f><v></v></c>'),
        ('<row r="5"', '<row r="5" hidden="1"'),
        ("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="B4:B5"/></mergeCells>'),
    )
    sheet = read_sheets(path)["S"]
    assert [row[1] for row in sheet.rows] == [None, "#DIV/0!", None, 4]
    assert rules(sheet) == [(1, "cell-error"), (0, "formula-without-value"), (3, "row-hidden"), (None, "cells-merged")]
    assert "Cell B2" in seen(sheet, "formula-without-value")
    assert "B4:B5" in seen(sheet, "cells-merged")


def test_a_row_of_formulas_without_results_is_a_record(tmp_path):
    path = workbook(tmp_path / "x.xlsx", ("S", [["id", "wkt"], ["a", "POINT(1 1)"], [5], [], ["d", "x"]]))
    altered(path, SHEET, ('<c r="A3"><v>5</v></c>', '<c r="A3"><f>A2</f></c>'))
    raw = read_table(path)
    assert (raw.count, raw.row_numbers) == (3, (2, 3, 5))
    assert (1, "formula-without-value") in rules(raw)


def test_blank_shared_texts_do_not_disturb_the_count(tmp_path):
    path = workbook(tmp_path / "x.xlsx", ("S", [["id", "wkt"], ["a", "POINT(1 1)"], [" ", "\u00a0"], ["b", ""]]))
    assert read_sheets(path)["S"].row_numbers == (2, 4)


@pytest.mark.parametrize(
    ("member", "changes", "words"),
    [
        (
            SHEET,
            [('<row r="3"', '<row r="2"'), ('r="A3"', 'r="A2"'), ('r="B3"', 'r="B2"')],
            "row 2 of the sheet 'S' stands twice",
        ),
        (SHEET, [('r="A3"', 'r="A9"')], "stands in row 3"),
        (
            SHEET,
            [('<row r="3"', '<row r="1048576"'), ('r="A3"', 'r="A1048576"'), ('r="B3"', 'r="XFD1048576"')],
            "more than is read",
        ),
        (SHEET, [("<sheetData>", "<sheetData><oops>")], "is damaged"),
        (SHEET, [("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet')], "declares what no workbook needs"),
        ("xl/workbook.xml", [("<sheets>", "<sheets><oops>")], "is damaged"),
        ("xl/_rels/workbook.xml.rels", [("worksheets/sheet1.xml", "worksheets/other.xml")], "other.xml is not in it"),
    ],
)
def test_workbooks_that_contradict_themselves_are_refused(tmp_path, member, changes, words):
    path = workbook(tmp_path / "x.xlsx", ("S", [["id", "n"], ["a", 1], ["b", 2]]))
    with pytest.raises(FormatError, match=words):
        read_sheets(altered(path, member, *changes))


def test_a_count_that_differs_is_refused(tmp_path, monkeypatch):
    """The reader of values is made to lose the last row, as a fault in it might."""
    path = workbook(tmp_path / "x.xlsx", ("S", [["id", "n"], ["a", 1], ["b", 2]]))
    from hazardgeo.registers._formats import _excel

    whole = _excel._values
    monkeypatch.setattr(_excel, "_values", lambda file: ((name, rows[:-1]) for name, rows in whole(file)))
    with pytest.raises(FormatError, match=r"sees 2 rows and another 3; the first that differs is row 3"):
        read_sheets(path)


def test_files_that_are_no_workbooks(tmp_path):
    for name, content, words in (
        ("x.xlsx", b"id,wkt\n", "is none"),
        ("x.xls", b"<html><table>", "is none"),
        ("x.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "password"),
        ("x.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "cannot be read as a workbook"),
    ):
        with pytest.raises(FormatError, match=words):
            read_sheets(csv(tmp_path, content, name))
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as archive:
        archive.writestr("a.txt", "b")
    with pytest.raises(FormatError, match="is no Excel workbook"):
        read_sheets(tmp_path / "zip.xlsx")


MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="O">{}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)


def test_other_workbooks_are_read_and_said_to_be_unchecked(tmp_path):
    def row(*cells: str) -> str:
        inside = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in cells
        )
        return f"<table:table-row>{inside}</table:table-row>"

    with zipfile.ZipFile(tmp_path / "x.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.format(row("id", "wkt") + row("a", "POINT(1 1)") + row("b", "")))
    raw = read_table(tmp_path / "x.ods")
    assert (raw.layer, raw.count) == ("O", 2)
    assert rules(raw) == [(None, "workbook-unchecked")]


def test_texts_as_long_as_a_cell_can_hold(tmp_path):
    raw = read_table(workbook(tmp_path / "x.xlsx", ("S", [["id", "wkt", "remark"], ["a", "POINT(1 1)", "x" * 32_767]])))
    assert rules(raw) == [(0, "text-cut")]


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_damaged_tables_are_read_or_refused(tmp_path, suffix):
    """Seeded flips and cuts: a layer whose columns are as long as its shapes, or one refusal; nothing else."""
    rows: list[list[object]] = [
        ["hazard_id", "point_no", "lon", "lat"],
        *([f"h{i // 4}", i % 4, *map(float, SQUARE[i % 4])] for i in range(24)),
    ]
    whole = (
        workbook(tmp_path / "whole.xlsx", ("S", rows)).read_bytes()
        if suffix == "xlsx"
        else "\n".join(",".join(map(str, row)) for row in rows).encode()
    )
    chance = np.random.default_rng(3)
    refused = read = 0
    for _ in range(150):
        content = bytearray(whole)
        for at in chance.integers(len(content), size=chance.integers(1, 5)):
            content[at] = chance.integers(256)
        end = chance.choice([len(content), chance.integers(len(content))])
        path = csv(tmp_path, bytes(content[:end]), f"x.{suffix}")
        try:
            raw = read_table(path)
        except FormatError as error:
            refused += path.name in str(error)
            continue
        read += 1
        assert raw.count == len(raw.shapes) == len(raw.row_numbers)
        assert all(len(cells) == raw.count for cells in raw.columns.values())
        assert all(fault.at is None or 0 <= fault.at < raw.count for fault in raw.faults)
    assert refused + read == 150
    assert refused
