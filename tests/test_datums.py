"""Old datums: one operation for a layer, named, that agrees with all others that are published; or a refusal with the list."""

from __future__ import annotations

import json
import math
import re

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from by_hand import hazards_of, meridian_border
from hypothesis import given
from hypothesis import strategies as st
from pyproj.crs import BoundCRS, CoordinateOperation
from pyproj.crs.coordinate_operation import ToWGS84Transformation

import hazardgeo as hz
from hazardgeo.cli import main
from hazardgeo.crs import GEOD, Origin, parse_crs, seam, to_wgs84
from hazardgeo.crs._operations import named_operation, published
from hazardgeo.errors import CRSError, FindingWarning

MGI = "EPSG:3906"
SERBIA, KOSOVO, GENERAL, BOSNIA, CROATIA = "EPSG:9486", "EPSG:9143", "EPSG:3962", "EPSG:8823", "EPSG:3964"


def square(lon: float, lat: float, side_m: float = 110.0) -> shapely.Polygon:
    """A square of that side about a place, in degrees of whatever datum."""
    dy = side_m / 2 / 111_000
    dx = dy / math.cos(math.radians(lat))
    return shapely.box(lon - dx, lat - dy, lon + dx, lat + dy)


def recorded(crs: object, *places: tuple[float, float]) -> tuple[np.ndarray, pyproj.CRS]:
    """Squares at longitudes and latitudes on the datum of a CRS, in that CRS."""
    crs = parse_crs(crs)
    project = pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)
    shapes = [shapely.transform(square(*place), project.transform, interleaved=False) for place in places]
    return np.array(shapes, dtype=object), crs


def moved(crs: object, *places: tuple[float, float], operation: str | None = None):
    shapes, crs = recorded(crs, *places)
    return to_wgs84(shapes, crs, "x.shp", operation)


def refusal(crs: object, *places: tuple[float, float], operation: str | None = None) -> str:
    with pytest.raises(CRSError) as error:
        moved(crs, *places, operation=operation)
    return str(error.value)


def centre(shape: shapely.Polygon) -> tuple[float, float]:
    return shape.centroid.x, shape.centroid.y


def by_proj(code: str, lon: float, lat: float) -> tuple[float, float]:
    """What PROJ itself makes of a place by an operation; the register's order of axes is latitude first."""
    urn = f"urn:ogc:def:coordinateOperation:{code.replace(':', '::')}"
    lat, lon = pyproj.Transformer.from_pipeline(urn).transform(lat, lon)
    return lon, lat


def apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    return GEOD.inv(*a, *b)[2]


# --- an oracle of its own -------------------------------------------------------------------------------------------------


def helmert(code: str, lon: float, lat: float) -> tuple[float, float]:
    """Apply an operation by the formulas of EPSG Guidance Note 7-2, methods 9603, 9606 and 9607: geocentric, and back.

    X' = T + (1 + s) R X; the signs of the rotations are those of the position vector (9606) or of the frame (9607).
    """
    operation = CoordinateOperation.from_authority(*code.split(":"))
    p = {one.name: one.value * one.unit_conversion_factor for one in operation.params}
    record = operation.to_json_dict()
    first, last = (pyproj.CRS.from_json_dict(record[end]).ellipsoid for end in ("source_crs", "target_crs"))
    sign = -1.0 if "Coordinate Frame" in operation.method_name else 1.0
    rx, ry, rz = (sign * p.get(f"{axis}-axis rotation", 0.0) for axis in "XYZ")
    rotation = np.array([[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]])
    shift = np.array([p[f"{axis}-axis translation"] for axis in "XYZ"])
    xyz = shift + (1 + p.get("Scale difference", 0.0)) * rotation @ geocentric(first, lon, lat)
    return geographic(last, xyz)


def geocentric(ellipsoid: pyproj.crs.Ellipsoid, lon: float, lat: float) -> np.ndarray:
    a, f = ellipsoid.semi_major_metre, 1 / ellipsoid.inverse_flattening
    lam, phi = math.radians(lon), math.radians(lat)
    nu = a / math.sqrt(1 - f * (2 - f) * math.sin(phi) ** 2)
    return np.array(
        [
            nu * math.cos(phi) * math.cos(lam),
            nu * math.cos(phi) * math.sin(lam),
            nu * (1 - f) ** 2 * math.sin(phi),
        ]
    )


def geographic(ellipsoid: pyproj.crs.Ellipsoid, xyz: np.ndarray) -> tuple[float, float]:
    a, f = ellipsoid.semi_major_metre, 1 / ellipsoid.inverse_flattening
    e2, (x, y, z) = f * (2 - f), xyz
    phi = math.atan2(z, math.hypot(x, y))
    for _ in range(20):
        nu = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
        phi = math.atan2(z + e2 * nu * math.sin(phi), math.hypot(x, y))
    return math.degrees(math.atan2(y, x)), math.degrees(phi)


@pytest.mark.parametrize(
    ("crs", "code", "place"),
    [
        (MGI, SERBIA, (21.16, 42.66)),
        (MGI, KOSOVO, (21.16, 42.66)),
        (MGI, BOSNIA, (18.4, 43.85)),
        (MGI, "EPSG:6205", (21.43, 42.0)),
        (MGI, "EPSG:9142", (21.16, 42.66)),
        ("EPSG:4240", "EPSG:1812", (102.5, 13.6)),
        ("EPSG:4284", "EPSG:15865", (69.5, 37.6)),
        ("EPSG:4191", "EPSG:7834", (20.4, 42.2)),
        ("EPSG:4209", "EPSG:1117", (33.5, -12.5)),
        ("EPSG:4255", "EPSG:1246", (69.0, 37.0)),
    ],
)
def test_a_named_operation_is_the_one_of_the_register(crs, code, place):
    """Right way round, right order of axes, right parameters: by the formulas, to a millimetre."""
    shapes, _ = moved(crs, place, operation=code)
    corner = shapely.get_coordinates(shapes[0])[0]
    expected = helmert(code, *shapely.get_coordinates(square(*place))[0])
    assert apart(tuple(corner), expected) < 0.001


def test_a_published_point_comes_back_by_the_inverse():
    """42.2° N 20.7° E on ETRS89 is 42°11'58.825" N 20°42'19.036" E on MGI 1901 by "MGI 1901 to ETRS89 (5)" backwards;
    left out, the place is off by 438.23 m (PROJ pull request 4736). 0.0005" are 15 mm.
    """
    operation = named_operation("EPSG:6205", parse_crs(MGI), "x")
    assert operation.name == "MGI 1901 to ETRS89 (5)"
    lon, lat = (float(value[0]) for value in operation.undo([20.7], [42.2]))
    assert lat == pytest.approx(42 + 11 / 60 + 58.825 / 3600, abs=0.0005 / 3600)
    assert lon == pytest.approx(20 + 42 / 60 + 19.036 / 3600, abs=0.0005 / 3600)
    assert apart((lon, lat), (20.7, 42.2)) == pytest.approx(438.23, abs=0.02)


def test_the_operation_that_leads_out_and_back_is_found_by_its_datums():
    """MGI 1901 to KOSOVAREF01 has no way on to WGS 84 but that both agree; backwards it leads from there to MGI 1901."""
    base = pyproj.CRS.from_epsg(9140)
    back = named_operation(f"EPSG:9142+{SERBIA}", base, "x")
    assert back.code == f"EPSG:9142+{SERBIA}"
    there = named_operation("EPSG:9142", parse_crs(MGI), "x")
    on_mgi = there.undo([21.16], [42.66])
    expected = named_operation(SERBIA, parse_crs(MGI), "x").there(*on_mgi)
    assert np.allclose(back.there([21.16], [42.66]), expected, atol=2e-6)  # PROJ's own inverse leaves a decimetre


# --- the traps --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", [(21.16, 42.66), (21.43, 42.0), (20.97, 42.01), (21.71, 42.14), (21.77, 42.46)], ids=str
)
@pytest.mark.parametrize("crs", ["EPSG:6316", "EPSG:3906"])
def test_kosovo_skopje_tetovo_kumanovo_and_bujanovac_are_refused(crs, place):
    """PROJ's default moves these by 1.2 km to the east, all others by 0.44 km to the west."""
    said = refusal(crs, place)
    lon, lat = shapely.get_coordinates(square(*place))[0]
    far = apart(by_proj(KOSOVO, lon, lat), by_proj(GENERAL, lon, lat))
    assert 1590 < far < 1640
    assert re.search(r"put it up to 1\u202f6\d\d m apart, more than they claim", said)
    for code in (KOSOVO, GENERAL):
        x, y = by_proj(code, lon, lat)
        entry = said[said.index(f"  {code}  ") :].splitlines()[1]
        assert f"latitude {y:.5f}, longitude {x:.5f}" in entry
        assert ("m east" if code == KOSOVO else "m west") in entry
    assert f"{far:,.0f} m from {KOSOVO}".replace(",", "\u202f") in said


def test_the_refusal_names_the_file_the_corner_and_what_to_do():
    said = refusal("EPSG:6316", (21.16, 42.66))
    x, y = shapely.get_coordinates(recorded("EPSG:6316", (21.16, 42.66))[0])[0]
    assert said.startswith("x.shp: EPSG:6316 (MGI 1901 / Balkans zone 7) is on the datum 'MGI 1901'.")
    assert f"(x {x:.10g}, y {y:.10g})" in said
    assert 'say datum_operation="EPSG:…" (hazardgeo check: --datum-operation EPSG:…' in said
    assert "Those meant for other ground (" in said
    assert "435 to 45" in said  # all the neighbours' put it to the west


@pytest.mark.parametrize(
    ("crs", "place"),
    [
        ("EPSG:8677", (16.4, 45.3)),
        ("EPSG:8678", (18.4, 43.85)),
        ("EPSG:6316", (19.6, 44.8)),
        ("EPSG:6316", (20.45, 44.8)),
    ],
    ids=["Petrinja", "Sarajevo", "Šabac", "Belgrade"],
)
def test_where_the_operations_agree_the_first_is_taken_and_the_spread_is_its_accuracy(crs, place):
    """Every published operation whose area holds the place lies within its claim and the accuracy that is stated."""
    (shape,), done = moved(crs, place)
    taken = done.name.partition(" (")[0]
    lon, lat = square(*place).centroid.coords[0]
    claims = {SERBIA: 1.0, BOSNIA: 1.0, CROATIA: 1.0, GENERAL: 5.0}
    areas = {code: CoordinateOperation.from_authority(*code.split(":")).area_of_use for code in claims}
    here = [c for c, area in areas.items() if area.west <= lon <= area.east and area.south <= lat <= area.north]
    distances = {code: apart(by_proj(taken, lon, lat), by_proj(code, lon, lat)) for code in here}
    assert len(here) >= 2
    assert apart(centre(shape), by_proj(taken, lon, lat)) < 0.001
    assert done.accuracy_m == pytest.approx(max(claims[taken], *distances.values()), abs=0.01)
    assert not done.remarks


@pytest.mark.parametrize("code", [31275, 31276, 31277, 3907, 3908, 3909])
def test_deprecated_codes_are_refused_with_their_successor(code):
    zone = {31275: 5, 31276: 6, 31277: 7, 3907: 5, 3908: 6, 3909: 7}[code]
    later = {5: "EPSG:8677", 6: "EPSG:8678", 7: "EPSG:6316"}[zone]
    said = refusal(f"EPSG:{code}", (zone * 3 + 0.4, 44.0))
    assert f"is deprecated: the EPSG register has {later} (MGI 1901 / Balkans zone {zone}) in its place" in said
    assert f"  {GENERAL}  MGI 1901 to WGS 84 (1)" in said


@pytest.mark.parametrize("code", [31276, 31277])
def test_a_deprecated_code_with_a_named_operation_is_taken_in_that_sense(code):
    """PROJ's default leaves the place where it is, 410 m away; a named operation says which datum is meant."""
    place = (18.4, 43.85)
    (shape,), done = moved(f"EPSG:{code}", place, operation=BOSNIA)
    lon, lat = square(*place).centroid.coords[0]
    assert apart(centre(shape), by_proj(BOSNIA, lon, lat)) < 0.001
    assert 400 < apart(centre(shape), (lon, lat)) < 430
    assert done.source_crs == f"EPSG:{code}"


def test_an_arcgis_prj_says_no_more_than_the_deprecated_code():
    """ArcGIS writes no code; PROJ recognises EPSG:31276 in the words, whose default moves nothing."""
    words = pyproj.CRS.from_epsg(31276).to_wkt("WKT1_ESRI")
    assert "31276" not in words
    assert "is deprecated" in refusal(words, (18.4, 43.85))
    (shape,), _ = moved(words, (18.4, 43.85), operation=BOSNIA)
    lon, lat = square(18.4, 43.85).centroid.coords[0]
    assert apart(centre(shape), by_proj(BOSNIA, lon, lat)) < 0.001


def test_heights_beside_an_old_datum_change_nothing():
    """A compound CRS was refused as deprecated, in favour of itself: its heights had been taken off on the way."""
    shapes, _ = recorded("EPSG:8678", (18.4, 43.85))
    plain, done = to_wgs84(shapes, parse_crs("EPSG:8678"), "x")
    high, done_too = to_wgs84(shapes, parse_crs("EPSG:8678+5773"), "x")
    assert high[0].equals_exact(plain[0], 0)
    assert done_too.name == done.name
    with pytest.raises(CRSError, match="is deprecated"):
        to_wgs84(shapes, parse_crs("EPSG:31276+5773"), "x")


def test_an_arcgis_prj_of_mgi_1901_finds_its_operations_by_name():
    words = pyproj.CRS.from_epsg(6316).to_wkt("WKT1_ESRI")
    assert f"  {SERBIA}  MGI 1901 to WGS 84 (15)" in refusal(words, (21.16, 42.66))
    _, done = moved(words, (21.16, 42.66), operation=SERBIA)
    assert done.name.startswith(f"{SERBIA} (MGI 1901 to WGS 84 (15); PROJ ")


def test_the_name_mgi_is_borne_by_two_datums():
    """Međimurje lies in the box of Austria: by Austria's operation a place is moved 90 m, by Croatia's 410 m."""
    place = (16.4, 46.42)
    said = refusal("EPSG:4312", place)
    assert "a name that is given to another datum, MGI 1901, as well" in said
    austrian, croatian = (moved("EPSG:4312", place, operation=code)[0][0] for code in ("EPSG:1618", CROATIA))
    assert 300 < apart(centre(austrian), centre(croatian)) < 400


def test_poipet_on_indian_1960_is_refused_and_not_left_where_it_is():
    place = (102.56, 13.66)
    default = pyproj.Transformer.from_crs(4131, 4326, always_xy=True).transform(*place)
    assert apart(default, place) == 0  # what PROJ does, without a word
    said = refusal("EPSG:4131", place)
    assert "no operation to WGS 84 is published for this ground" in said
    assert (
        "  EPSG:1542  Indian 1960 to WGS 84 (2), for Vietnam - onshore between 14°N and 18°N (0 of 1 records lie in its box)"
        in said
    )
    (shape,), done = moved("EPSG:4131", place, operation="EPSG:1542")
    assert 400 < apart(centre(shape), place) < 470
    assert done.accuracy_m == 44.0
    assert "1 of 1 records lie outside of that" in done.remarks[0]
    assert "about 44 m, and no better" in done.remarks[1]


def test_the_two_official_operations_of_thailand_disagree():
    said = refusal("EPSG:4240", (102.5, 13.8))
    far = apart(by_proj("EPSG:1812", 102.5, 13.8), by_proj("EPSG:1304", 102.5, 13.8))
    assert 180 < far < 195
    assert f"up to {far:.0f} m apart" in said
    _, done = moved("EPSG:4240", (102.5, 13.8), operation="EPSG:1812")
    assert f"EPSG:1304 {far:.0f} m" in done.remarks[0]


def test_herat_north_has_an_operation_of_which_nothing_is_known():
    said = refusal("EPSG:4255", (69.0, 37.0))
    assert "no operation to WGS 84 for this ground claims to be better than 100 m" in said
    assert "its accuracy is not known" in said
    _, done = moved("EPSG:4255", (69.0, 37.0), operation="EPSG:1246")
    assert done.accuracy_m is None  # the register writes 999 m where nothing is known
    assert "nobody claims" in done.remarks[0]


@pytest.mark.parametrize("place", [(20.4, 42.2), (19.8, 40.5)])
def test_pulkovo_83_has_no_operation_in_albania(place):
    """PROJ's default leaves it where it is, 130 m away."""
    assert "no operation to WGS 84 is published for this ground" in refusal("EPSG:4178", place)


@pytest.mark.parametrize(
    ("crs", "place", "most_m"),
    [
        ("EPSG:28412", (69.5, 37.6), 4.5),
        ("EPSG:28413", (75.0, 42.9), 7.0),
        ("EPSG:4284", (44.5, 40.5), 7.0),
        ("EPSG:4191", (20.4, 42.2), 1.0),
        ("EPSG:4179", (20.4, 42.2), 6.0),
        ("EPSG:4179", (19.8, 40.5), 6.0),
    ],
    ids=["Panj", "Bishkek", "Yerevan", "Albanian 1987", "north Albania", "south Albania"],
)
def test_places_where_one_operation_is_sure_enough(crs, place, most_m):
    (shape,), done = moved(crs, place)
    code = done.name.partition(" (")[0]
    lon, lat = square(*place).centroid.coords[0]
    assert apart(centre(shape), by_proj(code, lon, lat)) < 0.001
    assert done.accuracy_m <= most_m


def test_a_crs_whose_operations_cannot_be_listed_is_refused():
    """pyproj 3.7.2 fails with an IndexError for PZ-90.02."""
    assert "EPSG:9474" in refusal("EPSG:9474", (40.0, 50.0))


# --- one operation for a layer, and never corner by corner ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crs", "edge", "inside"),
    [
        ("EPSG:4209", (33.08, -19.0), (33.04, -19.0)),
        ("EPSG:4179", (19.14, 41.8), (19.24, 41.8)),
    ],
    ids=["Arc 1950, edge of Zimbabwe's", "Pulkovo, edge of north Albania's"],
)
def test_a_square_on_the_edge_of_an_area_of_use_keeps_its_area(crs, edge, inside):
    """A square across the edge of an operation's area and an equal one some kilometres within it grow alike, to 1e-6. Where PROJ
    chooses corner by corner, the first is torn: by 4 % in Zimbabwe, to a fifth in Albania.
    """
    growth = []
    for place in (edge, inside):
        shapes, crs_ = recorded(crs, place)
        corners = shapely.get_coordinates(shapes[0])
        own = pyproj.Geod(a=crs_.ellipsoid.semi_major_metre, rf=crs_.ellipsoid.inverse_flattening)
        before = abs(own.polygon_area_perimeter(*corners.T)[0])
        after, _ = to_wgs84(shapes, crs_, "x", "EPSG:6906" if crs == "EPSG:4209" else "EPSG:7835")
        growth.append(abs(GEOD.polygon_area_perimeter(*shapely.get_coordinates(after[0]).T)[0]) / before)
    assert growth[0] == pytest.approx(growth[1], rel=1e-6)
    assert growth[0] == pytest.approx(1, rel=1e-4)  # another ellipsoid, a scale of some parts in a million
    corners = shapely.get_coordinates(recorded(crs, edge)[0][0])
    naive = np.column_stack(pyproj.Transformer.from_crs(crs, 4326, always_xy=True).transform(*corners.T))
    area = abs(GEOD.polygon_area_perimeter(*naive.T)[0]) / 110.0**2
    assert max(area, 1 / area) > 1.03


def test_a_layer_over_two_states_comes_by_one_operation():
    """Croatia's and Bosnia's own differ by a metre; both records are moved by the same one."""
    shapes, done = moved("EPSG:8677", (16.8, 45.3), (16.8, 44.2))
    code = done.name.partition(" (")[0]
    for shape, place in zip(shapes, [(16.8, 45.3), (16.8, 44.2)], strict=True):
        lon, lat = square(*place).centroid.coords[0]
        assert apart(centre(shape), by_proj(code, lon, lat)) < 0.001


ALL = [(crs, one) for crs in (3906, 4240, 4284, 4191, 4179, 4209, 4255, 4131) for one in published(parse_crs(crs))]


@given(st.sampled_from(ALL), st.floats(0, 1), st.floats(0, 1))
def test_every_operation_goes_there_and_back(pair, u, v):
    """To a tenth of a millimetre (1e-9 degree), anywhere in its area."""
    west, south, east, north = pair[1].areas[0]
    lon, lat = west + u * ((east - west) % 360 or 360), south + v * (north - south)
    there = pair[1].there([lon], [lat])
    again = pair[1].undo(*there)
    assert abs((again[0][0] - lon + 180) % 360 - 180) < 1e-8
    assert abs(again[1][0] - lat) < 1e-9


# --- what cannot be named -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (
            "EPSG:1812",
            r"EPSG:1812 \(Indian 1975 to WGS 84 \(4\)\) starts on Indian 1975; the coordinates are on MGI 1901",
        ),
        ("EPSG:6316", "knows no operation EPSG:6316"),
        ("9486", "'9486' is no code of an operation"),
        ("", "'' is no code"),
        ("EPSG:9486; rm", "is no code"),
        ("+proj=helmert +x=1", "is no code"),
        ("EPSG:9142+EPSG:1812", "starts on Indian 1975"),
    ],
)
def test_what_is_no_operation_from_this_datum_is_refused(operation, words):
    with pytest.raises(CRSError, match=words):
        moved("EPSG:6316", (21.16, 42.66), operation=operation)


def test_an_operation_that_does_not_end_on_wgs84_is_refused():
    with pytest.raises(CRSError, match=r"ends on WGS 72BE and not on WGS 84"):
        moved("EPSG:4131", (107.0, 9.5), operation="EPSG:1541")
    _, done = moved("EPSG:4131", (107.0, 9.5), operation="EPSG:1541+EPSG:1240")
    assert done.name.startswith("EPSG:1541+EPSG:1240 (Indian 1960 to WGS 72BE (1) + WGS 72BE to WGS 84 (1); PROJ ")


def test_an_operation_for_coordinates_that_need_none_is_refused():
    for crs in ("EPSG:4326", "EPSG:3765"):
        with pytest.raises(CRSError, match="needs no EPSG:9486"):
            moved(crs, (16.0, 45.0), operation=SERBIA)


def test_a_shift_that_a_file_brings_along_gives_way_to_a_named_operation():
    """QGIS writes TOWGS84 into many a .prj; who means what by its signs is not known."""
    shift = ToWGS84Transformation(pyproj.CRS.from_epsg(3906), 682, -203, 480)
    crs = BoundCRS(pyproj.CRS.from_epsg(6316), pyproj.CRS.from_epsg(4326), shift)
    assert crs.is_bound
    assert "brings its own shift" in refusal(crs, (21.16, 42.66))
    (shape,), _ = moved(crs, (21.16, 42.66), operation=SERBIA)
    lon, lat = square(21.16, 42.66).centroid.coords[0]
    assert apart(centre(shape), by_proj(SERBIA, lon, lat)) < 0.001


def test_a_datum_that_is_not_known_is_told_by_the_operation_if_the_ellipsoid_is_right():
    bessel, clarke = (f"+proj=tmerc +lon_0=21 +k=0.9999 +x_0=7500000 +ellps={name}" for name in ("bessel", "clrk80"))
    assert "names no datum" in refusal(bessel, (21.16, 42.66))
    (shape,), _ = moved(bessel, (21.16, 42.66), operation=SERBIA)
    lon, lat = square(21.16, 42.66).centroid.coords[0]
    assert apart(centre(shape), by_proj(SERBIA, lon, lat)) < 0.001
    assert "starts on MGI 1901" in refusal(clarke, (21.16, 42.66), operation=SERBIA)


# --- names, units, meridians, axes that mislead -------------------------------------------------------------------------------


def gauss_krueger(datum: str, ellipsoid: str = '"Bessel 1841",6377397.155,299.1528128') -> pyproj.CRS:
    """A grid about 15° E in the words of a .prj, on a datum of that name."""
    return pyproj.CRS.from_wkt(
        f'PROJCS["a grid",GEOGCS["GCS",DATUM["{datum}",SPHEROID[{ellipsoid}]],PRIMEM["Greenwich",0],'
        'UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],'
        'PARAMETER["central_meridian",15],PARAMETER["scale_factor",0.9999],PARAMETER["false_easting",500000],'
        'PARAMETER["false_northing",-5000000],UNIT["metre",1]]'
    )


@pytest.mark.parametrize("datum", ["MGI", "Hermannskogel"])
def test_a_nickname_of_the_datum_is_not_taken_for_austrias(datum):
    """PROJ finds Austria's operation by it, whose box reaches into Slovenia; what Slovenia calls so lies 300 m off."""
    said = refusal(gauss_krueger(datum), (15.8, 46.5))
    assert "EPSG:1618" not in said
    assert "no operation to WGS 84 is published" in said


@pytest.mark.parametrize("datum", ["MGI_1901", "Pulkovo_1942", "European_Datum_1950", "Indian_1960"])
def test_a_good_name_on_another_ellipsoid_finds_nothing(datum):
    """PROJ would take the operation's shift with the ellipsoid of the text: 66 m off for MGI 1901 on that of WGS 84."""
    assert "no operation to WGS 84 is published" in refusal(
        gauss_krueger(datum, '"WGS 84",6378137,298.257223563'), (16.5, 45.0)
    )


def test_degrees_are_not_taken_for_grads():
    """Carthage in grads from Greenwich: EPSG:1130 starts on degrees, and would put 40.56 gon at 40.56°."""
    assert "of another ellipsoid, unit or meridian" in refusal("ESRI:37225", (11.11, 40.56), operation="EPSG:1130")


def test_axes_that_count_westward_and_rotated_poles_are_refused():
    west = (
        pyproj.CRS.from_epsg(3906)
        .to_wkt()
        .replace('"geodetic longitude (Lon)",east', '"geodetic longitude (Lon)",west')
    )
    rotated = pyproj.crs.DerivedGeographicCRS(
        base_crs=pyproj.CRS.from_epsg(3906),
        conversion=pyproj.crs.coordinate_operation.RotatedLatitudeLongitudeConversion(o_lat_p=50, o_lon_p=0),
    )
    for crs in (
        pyproj.CRS.from_wkt(west),
        rotated,
        pyproj.CRS.from_wkt(west.replace("MGI 1901", "World Geodetic System 1984")),
    ):
        with pytest.raises(CRSError, match="from a pole of its own, or to the west"):
            to_wgs84(np.array([square(18.4, 44.0)], dtype=object), crs, "x", BOSNIA)


@pytest.mark.parametrize(
    ("crs", "place"),
    [
        ("EPSG:2154", (3.0, 47.0)),
        ("EPSG:6962", (20.0, 41.0)),
        ("EPSG:22770", (37.0, 35.0)),
        ("EPSG:3034", (20.0, 45.0)),
    ],
    ids=["France", "Albania", "Syria", "Europe"],
)
def test_lambert_cones_pass(crs, place):
    """A cone has no value at one of the poles, which PROJ's box of a layer asks as well; each was refused as *swapped*."""
    (shape,), done = moved(crs, place)
    lon, lat = square(*place).centroid.coords[0]
    expected = by_proj(done.name.partition(" (")[0], lon, lat) if done.old_datum else (lon, lat)
    assert apart(centre(shape), expected) < 0.001


def test_longitudes_from_ferro_and_paris_are_counted_from_there():
    """MGI (Ferro) 34° is 16°20' from Greenwich, which EPSG:3913 turns; PROJ's own chain is the oracle."""
    ferro, paris = ("EPSG:4805", (33.9, 44.5), "EPSG:3913+EPSG:3962"), ("EPSG:4807", (0.5, 52.0), "EPSG:1763+EPSG:1193")
    for crs, place, code in (ferro, paris):
        (shape,), done = moved(crs, place, operation=code)
        assert done.name.startswith(code)
        lon, lat = square(*place).centroid.coords[0]
        first = [CoordinateOperation.from_authority(*one.split(":")) for one in code.split("+")]
        step = pyproj.Transformer.from_crs(crs, first[0].to_json_dict()["target_crs"], always_xy=True)
        between = step.transform(lon, lat)
        assert apart(centre(shape), by_proj(code.partition("+")[2], *between)) < 0.06


def test_a_shift_of_nought_beside_a_datum_that_agrees_is_none():
    nought = ToWGS84Transformation(pyproj.CRS.from_epsg(4326), 0, 0, 0)
    crs = BoundCRS(pyproj.CRS.from_epsg(32633), pyproj.CRS.from_epsg(4326), nought)
    (shape,), _ = moved(pyproj.CRS.from_epsg(32633), (15.5, 45.0))
    again, _ = to_wgs84(recorded("EPSG:32633", (15.5, 45.0))[0], crs, "x")
    assert again[0].equals_exact(shape, 1e-9)


@pytest.mark.parametrize("code", [7907, 8993, 10283])
def test_modern_frames_without_an_operation_are_taken_as_they_agree(code):
    """ITRF96, ITRF97, ETRS89/DREF91/2016: to about a metre all are WGS 84."""
    crs = pyproj.CRS.from_epsg(code)
    placed, done = to_wgs84(np.array([square(11.0, 50.0)], dtype=object), crs, "x")
    assert apart(centre(placed[0]), centre(square(11.0, 50.0))) < 1.5
    assert done.accuracy_m is not None


def test_one_stray_record_is_named():
    """Ten near Sarajevo, one within Kosovo's box: without it the others agree to two metres."""
    places = [(18.3 + 0.01 * k, 43.85) for k in range(10)]
    said = refusal("EPSG:3906", (20.5, 42.5), *places)
    x, y = shapely.get_coordinates(square(20.5, 42.5))[0]
    assert (
        f"Without one record, that at x {x:.10g}, y {y:.10g}, which lies far from the others, they agree to 2 m" in said
    )


# --- from Python ------------------------------------------------------------------------------------------------------------


def frame(crs: object, *places: tuple[float, float], register: str = "A") -> gpd.GeoDataFrame:
    shapes, crs = recorded(crs, *places)
    columns = {"register": register, "country": "XKX", "classification": "CHA", "work_status": "open"}
    ids = [f"{register}-{i}" for i in range(len(places))]
    return gpd.GeoDataFrame({"hazard_id": ids, **columns}, geometry=shapes, crs=crs)


def test_the_operations_are_compared_in_a_table():
    """Where they put the first corner, by PROJ; apart_m is from the first in the table."""
    table = hz.compare_datum_operations(frame("EPSG:6316", (21.16, 42.66), (21.2, 42.7)))
    assert {SERBIA, KOSOVO, GENERAL} == set(table.index[table["reaches"]])
    assert table.loc[KOSOVO, ["name", "accuracy_m", "records_within"]].tolist() == ["MGI 1901 to WGS 84 (14)", 1.0, 2]
    corner = shapely.get_coordinates(square(21.16, 42.66))[0]
    for code in table.index:
        place = (table.loc[code, "longitude"], table.loc[code, "latitude"])
        assert apart(place, by_proj(code, *corner)) < 0.001
        assert table.loc[code, "shift_m"] == pytest.approx(apart(tuple(corner), place), abs=0.001)
        assert table.loc[code, "azimuth_deg"] == pytest.approx(GEOD.inv(*corner, *place)[0] % 360, abs=1e-6)
    first = table.index[0]
    farthest = max(
        apart(by_proj(KOSOVO, *one), by_proj(first, *one))
        for place in ((21.16, 42.66), (21.2, 42.7))
        for one in shapely.get_coordinates(square(*place))
    )
    assert table.loc[KOSOVO, "apart_m"] == pytest.approx(farthest, abs=0.001)


def test_what_needs_no_comparison_or_cannot_be_compared_is_refused():
    with pytest.raises(CRSError, match="nothing to compare"):
        hz.compare_datum_operations(frame("EPSG:3765", (16.0, 45.0)))
    bare = frame("EPSG:6316", (21.16, 42.66)).set_crs(None, allow_override=True)
    with pytest.raises(CRSError, match="has no CRS"):
        hz.compare_datum_operations(bare)
    assert len(hz.compare_datum_operations(bare, crs="EPSG:6316"))
    with pytest.raises(CRSError, match="Correct one of the two"):
        hz.compare_datum_operations(frame("EPSG:6316", (21.16, 42.66)), crs="EPSG:8678")


def test_a_frame_is_brought_to_wgs84_with_its_provenance():
    given = frame("EPSG:6316", (21.16, 42.66))
    with pytest.raises(CRSError, match="does not choose"):
        hz.bring_to_wgs84(given)
    placed = hz.bring_to_wgs84(given, datum_operation=SERBIA)
    assert given.crs.to_epsg() == 6316
    assert placed.crs.to_epsg() == 4326
    assert list(placed.columns) == [*given.columns, "source_crs", "datum_operation", "datum_accuracy_m"]
    assert placed.loc[0, "datum_operation"].startswith(
        f"{SERBIA} (MGI 1901 to WGS 84 (15); PROJ {pyproj.proj_version_str}, EPSG "
    )
    again = hz.bring_to_wgs84(given, datum_operation=placed.loc[0, "datum_operation"])  # as it stands in a record
    assert again.geometry.iloc[0].equals_exact(placed.geometry.iloc[0], 0)


def test_measures_take_an_old_datum_through_the_same_door():
    """2 squares of 110 m near Belgrade; where the operations disagree, no area is given either."""
    assert hz.area_m2(frame("EPSG:6316", (20.45, 44.8))).iloc[0] == pytest.approx(110.0**2, rel=0.01)
    with pytest.raises(CRSError, match="does not choose"):
        hz.area_m2(frame("EPSG:6316", (21.16, 42.66)))


# --- files ------------------------------------------------------------------------------------------------------------------


def kosovo(folder, name="kosovo.gpkg", crs="EPSG:6316"):
    path = folder / name
    frame(crs, (21.16, 42.66), (21.2, 42.7)).to_file(path)
    return path


def test_a_file_is_refused_with_the_list_and_taken_with_the_operation(tmp_path):
    path = kosovo(tmp_path)
    refused = hz.intake(path)
    assert (refused.accepted, len(refused.quarantine), refused.findings["rule"].tolist()) == (0, 2, ["crs-refused"])
    assert f"  {KOSOVO}  " in refused.findings["seen"].iloc[0]
    taken = hz.intake(path, datum_operation=SERBIA)
    assert taken.accepted == 2
    assert taken.datum_operation.startswith(SERBIA)
    assert taken.findings["rule"].tolist() == ["datum-operation"]
    assert re.search(
        rf"{SERBIA} .* was named; .* lies elsewhere: {KOSOVO} 1\u202f61\d m", taken.findings["seen"].iloc[0]
    )
    with pytest.warns(FindingWarning, match="was named"):
        read = hz.read_hazards(path, datum_operation=SERBIA)
    lon, lat = square(21.16, 42.66).centroid.coords[0]
    assert apart(centre(read.geometry.iloc[0]), by_proj(SERBIA, lon, lat)) < 0.01


def test_the_worker_and_a_profile_name_the_operation_too(tmp_path):
    path = kosovo(tmp_path)
    (tmp_path / "kmac.toml").write_text(f'datum_operation = "{SERBIA}"\n', encoding="utf-8")
    assert hz.intake(path, profile=tmp_path / "kmac.toml").accepted == 2
    assert hz.intake(path, datum_operation=SERBIA, worker=True).accepted == 2


def test_what_only_touches_may_not_be_valid_in_its_place(tmp_path):
    """Two parts, a corner of one on an edge of the other, valid in a grid in whole metres; on WGS 84 the last digits of that
    corner decide whether it lies across the edge. It was accepted, and then no area of the file could be told.
    """
    parts = [[(0, 0), (0, 1), (1, 2)], [(0, 2), (0, 3), (2, 2)]]
    shape = shapely.multipolygons([shapely.Polygon(np.array(ring) * 10 + (4321000, 3210000)) for ring in parts])
    assert shape.is_valid
    file = frame("EPSG:4326", (16.0, 45.0)).set_geometry(gpd.GeoSeries([shape], crs=3035))
    file.to_file(tmp_path / "x.gpkg")
    taken = hz.intake(tmp_path / "x.gpkg")
    assert taken.findings.loc[taken.findings["severity"] == "quarantined", "rule"].tolist() == ["geometry-broken"]
    assert taken.area_m2 == 0


def test_one_sheet_comes_by_one_operation(tmp_path):
    """PROJ would take Croatia's operation for the hazard near Sarajevo, since its box is the larger, and another one for the
    release near Višegrad, which lies east of that box.
    """
    rows = ["id,hazard_id,register,country,kind,work_status,wkt"]
    for name, kind, place in (("H1", "SHA", (18.4, 43.85)), ("R1", "cleared", (19.5, 43.9))):
        shape = recorded("EPSG:8678", place)[0][0]
        rows.append(f'{name},H1,BHMAC,BIH,{kind},open,"{shape.wkt}"')
    path = tmp_path / "both.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    refused = hz.intake(path, crs="EPSG:8678")
    assert (refused.accepted, len(refused.quarantine)) == (0, 2)
    said = refused.findings.loc[refused.findings["rule"] == "crs-refused", "seen"].unique()
    assert len(said) == 1
    assert re.search(r"Some of its records would come to WGS 84 by EPSG:\d+ .* others by EPSG:\d+ ", said[0])
    taken = hz.intake(path, crs="EPSG:8678", datum_operation=BOSNIA)
    assert (len(taken.hazards), len(taken.releases)) == (1, 1)


def test_a_deprecated_file_is_read_as_its_successor_where_that_is_given(tmp_path):
    """In GeoJSON, since GDAL puts the successor into a GeoPackage of its own accord."""
    path = tmp_path / "x.geojson"
    layer = frame("EPSG:8678", (18.4, 43.85)).set_crs(None, allow_override=True).to_geo_dict()
    layer["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3908"}}
    path.write_text(json.dumps(layer), encoding="utf-8")
    assert hz.intake(path).findings["rule"].tolist() == ["crs-refused"]
    taken = hz.intake(path, crs="EPSG:8678")
    assert (taken.accepted, taken.crs) == (1, "EPSG:8678")
    assert hz.intake(path, crs="EPSG:6316").findings["rule"].tolist() == ["crs-conflict"]


def test_the_command_prints_the_list_and_takes_the_operation(tmp_path, capsys):
    path = kosovo(tmp_path)
    assert main(["check", str(path)]) == 1
    said = capsys.readouterr().out
    assert (
        f"{SERBIA}  MGI 1901 to WGS 84 (15), for Serbia including Vojvodina (2 of 2 records lie in its box); claims 1 m"
        in said
    )
    assert main(["check", str(path), "--datum-operation", SERBIA, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["accepted"], told["datum_operation"].partition(" ")[0]) == (2, SERBIA)
    out = tmp_path / "out"
    assert main(["report", str(path), "--out", str(out)]) == 2
    assert not out.exists()
    assert "--datum-operation FILE=EPSG:…" in capsys.readouterr().err
    assert main(["report", str(path), "--datum-operation", f"{path}={SERBIA}", "--out", str(out)]) == 0
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["coordinates"][0]["datum_operation"].startswith(SERBIA)


def test_the_history_of_a_record_survives_another_grid_and_its_accuracy_adds_up(tmp_path):
    """Written by hazardgeo, laid into UTM by other software: it is still only as good as the operation from Indian 1960."""
    placed = hz.bring_to_wgs84(frame("EPSG:4131", (102.56, 13.66)), datum_operation="EPSG:1542")
    placed.to_crs(32648).to_file(tmp_path / "utm.gpkg")
    taken = hz.intake(tmp_path / "utm.gpkg")
    assert taken.hazards["datum_operation"].iloc[0].startswith("EPSG:1542 (")
    assert taken.hazards["datum_accuracy_m"].tolist() == [44.0]
    placed.assign(datum_operation="").to_crs(32648).to_file(tmp_path / "half.gpkg")
    half = hz.intake(tmp_path / "half.gpkg")
    assert half.hazards["datum_accuracy_m"].tolist() == [44.0]
    assert "provenance-replaced" in half.findings["rule"].tolist()


def test_a_half_of_a_sheet_is_not_taken_in_alone(tmp_path):
    """Hazards at Šabac, where the operations agree; a release in Kosovo, where they do not."""
    rows = ["id,hazard_id,register,country,kind,work_status,wkt"]
    for name, kind, place in (("H1", "SHA", (19.6, 44.8)), ("R1", "cleared", (21.16, 42.66))):
        rows.append(f'{name},H1,SMAC,SRB,{kind},open,"{recorded("EPSG:6316", place)[0][0].wkt}"')
    path = tmp_path / "both.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    refused = hz.intake(path, crs="EPSG:6316")
    assert (refused.accepted, len(refused.quarantine)) == (0, 2)


def test_what_is_given_goes_before_a_text_that_says_the_same_and_more(tmp_path):
    """A .prj that is HTRS96 with a shift of nought, or on an unknown datum: `crs=` is what the message asks for."""
    path = tmp_path / "x.geojson"
    layer = frame("EPSG:3765", (16.0, 45.0)).set_crs(None, allow_override=True).to_geo_dict()
    words = pyproj.CRS.from_epsg(3765).to_wkt("WKT1_GDAL")
    layer["crs"] = {"type": "name", "properties": {"name": words}}
    path.write_text(json.dumps(layer), encoding="utf-8")
    assert hz.intake(path, crs="EPSG:3765").crs == "EPSG:3765"


# --- the seam ---------------------------------------------------------------------------------------------------------------


def on_line(register: str, operation: str, *places: tuple[float, float]) -> gpd.GeoDataFrame:
    placed = hz.bring_to_wgs84(frame(MGI, *places, register=register), datum_operation=operation)
    return placed.set_index("hazard_id")


LINE = [(16.0, 45.1), (16.4, 45.1)]


def test_the_seam_of_two_operations_from_one_datum_is_computed_along_the_line():
    """BiH by its own operation, Croatia by its own: by PROJ, the same MGI coordinates come to lie that far apart."""
    both = hz.combine(on_line("BIH", BOSNIA, *LINE), on_line("HRV", CROATIA, *LINE))
    border = hz.borders.load("BIH", "HRV")
    row = hz.borders.datum_seams(both, border).iloc[0]
    assert (row["register_a"], row["register_b"], row["basis"]) == ("BIH", "HRV", "computed on the same coordinates")
    line = shapely.get_coordinates(border.asked_lines.geometry.to_numpy())
    assert np.abs(line - (row["longitude"], row["latitude"])).sum(axis=1).min() < 1e-9
    # The shift varies slowly: at the place of the largest, the MGI coordinates are those of WGS 84 to half a kilometre.
    here = apart(
        by_proj(BOSNIA, row["longitude"], row["latitude"]), by_proj(CROATIA, row["longitude"], row["latitude"])
    )
    assert row["seam_m"] == pytest.approx(here, abs=0.02)
    assert 0.3 < row["seam_m"] < 2


def test_a_seam_of_a_kilometre_and_more_is_told_with_every_two_sided_answer():
    both = [on_line("A", SERBIA, (21.16, 42.66)), on_line("B", KOSOVO, (21.16, 42.66))]
    far = apart(by_proj(SERBIA, 21.16, 42.66), by_proj(KOSOVO, 21.16, 42.66))
    joined = hz.combine(*both)
    border = hz.borders.load("BIH", "HRV", source="natural_earth")  # far away: asked at the hazards themselves
    assert hz.borders.relation(joined, border)["seam_m"].tolist() == pytest.approx([far] * 2, abs=0.1)
    assert set(hz.borders.split_by_country(joined, border)["seam_m"].round(1)) == {round(far, 1)}
    assert hz.borders.count_once(*both).seam_m == pytest.approx(far, abs=0.1)
    assert hz.borders.count_once(both[0], both[0]).seam_m == 0


def test_an_overlap_no_wider_than_the_seam_is_a_sliver():
    """Two squares of 110 m, 100 m apart, share a strip 10 m wide; by one operation too narrow for outlines of 10 m, but not for
    outlines of 1 m; with a seam of 190 m, it says nothing.
    """
    a, b = (
        gpd.GeoDataFrame(
            {"register": name, "vertex_sd_m": 1.0, "source_crs": "EPSG:4240", "datum_accuracy_m": 3.0},
            geometry=[square(102.5 + east, 13.8)],
            crs=4326,
            index=[name],
        )
        for name, east in (("A", 0.0), ("B", 100 / 108_200))
    )
    one, other = (f"{code} (Indian 1975; x)" for code in ("EPSG:1812", "EPSG:1304"))
    alike = hz.borders.overlaps(a.assign(datum_operation=one), b.assign(datum_operation=one)).iloc[0]
    assert (alike["seam_m"], bool(alike["sliver"])) == (0, False)
    seamed = hz.borders.overlaps(a.assign(datum_operation=one), b.assign(datum_operation=other)).iloc[0]
    assert seamed["seam_m"] == pytest.approx(187, abs=2)
    assert bool(seamed["sliver"])


def test_between_two_datums_the_claims_are_added_up():
    mgi, htrs = Origin(MGI, f"{BOSNIA} (x)", 2.0), Origin("EPSG:3765", "EPSG:1901 (x)", 1.0)
    here = np.array([[16.4, 45.1]])
    assert seam(mgi, htrs, here)[::3] == (3.0, "what both claim, added up")
    assert seam(mgi, Origin("EPSG:4326", "none needed", 0.0), here).metres == 2.0
    assert seam(Origin("EPSG:4326", "none needed", 0.0), Origin("EPSG:32633", "x", 0.0), here).metres == 0
    unknown = seam(mgi, Origin("EPSG:4255", "EPSG:1246 (x)", math.nan), here)
    assert math.isnan(unknown.metres)
    assert unknown.basis == "not known"
    assert seam(mgi, Origin("EPSG:8678", f"{BOSNIA} (y)", 2.0), here)[::3] == (0.0, "one way for both")
    assert seam(mgi, Origin("typed by hand", "?", 5.0), here).metres == 7.0


def test_the_seam_is_the_same_from_both_sides():
    """One register names the datum MGI, as ArcGIS does, the other MGI 1901."""
    one, other = Origin("EPSG:4312", f"{SERBIA} (x)", 1.0), Origin("EPSG:6316", f"{KOSOVO} (x)", 1.0)
    here = np.array([[21.16, 42.66]])
    assert seam(one, other, here).metres == pytest.approx(seam(other, one, here).metres, abs=0.1)
    assert seam(one, other, here).metres > 1600
    by_hand = Origin("GK6", f"{SERBIA} (x)", 1.0)
    assert seam(by_hand, by_hand, here).metres == 0


def test_many_accuracies_of_one_way_are_one_way():
    """One register read layer by layer: each layer has a spread of its own, and the operation is one."""
    both = hz.combine(on_line("BIH", BOSNIA, *LINE * 20), on_line("HRV", CROATIA, *LINE * 20))
    both["datum_accuracy_m"] = np.linspace(1, 2, len(both))
    seams = hz.borders.datum_seams(both)
    assert len(seams) == 1
    assert 0.3 < seams["seam_m"].iloc[0] < 2


def test_how_good_the_way_to_wgs84_was_widens_the_band():
    """hypot(u, 1.96 · 10, 1.96 · 44) for an operation that claims 44 m, u the offset of the line."""
    border = meridian_border(offset_95_m=100.0)
    ways, accuracy = ["x", "x", "EPSG:1246 (x)", ""], [0.0, 44.0, np.nan, np.nan]
    hazards = hazards_of(*[square(16.0001, 45.0)] * 4, vertex_sd_m=10.0)
    hazards = hazards.assign(source_crs="x", datum_operation=ways, datum_accuracy_m=accuracy)
    # Where a way is named and nobody claims how good it is, 100 m; where nothing is said of a way, nothing.
    widths = [math.hypot(100, 19.6, 1.96 * sd) for sd in (0, 44, 100, 0)]
    assert hz.borders.relation(hazards, border)["half_width_m"].tolist() == pytest.approx(widths, abs=0.01)
    sides = hz.borders.split_by_country(hazards, border).groupby("hazard_id")["half_width_m"].max()
    assert sides.tolist() == pytest.approx(widths, abs=0.01)


def test_the_report_names_one_outline_in_two_registers(tmp_path, capsys):
    """One field, kept by two centres, each read by another operation: no ground in common, and 1.6 km apart."""
    corners = [(0, 0), (300, 0), (320, 200), (150, 260), (-40, 180), (-60, 70), (-20, 20)]
    field = shapely.Polygon([(7_513_200 + x, 4_724_000 + y) for x, y in corners])
    for register in ("KMAC", "KFOR"):
        one = frame("EPSG:6316", (21.16, 42.66), register=register)
        one.set_geometry(gpd.GeoSeries([field], crs=6316)).to_file(tmp_path / f"{register}.gpkg")
    files = [str(tmp_path / f"{name}.gpkg") for name in ("KMAC", "KFOR")]
    said = [
        one
        for file, code in zip(files, (SERBIA, KOSOVO), strict=True)
        for one in ("--datum-operation", f"{file}={code}")
    ]
    assert main(["report", *files, *said, "--out", str(tmp_path / "out")]) == 0
    assert re.search(r"1 outline stands in two registers, 1\u202f61\d to 1\u202f61\d m apart", capsys.readouterr().out)
    assert "One outline in two registers, in two places" in (tmp_path / "out/report.html").read_text(encoding="utf-8")
