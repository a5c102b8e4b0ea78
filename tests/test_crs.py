"""The one door: which datums pass, what a text may name, and what is said where coordinates do not fit."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings

import numpy as np
import pyproj
import pytest
import shapely

from hazardgeo.crs import WGS84, parse_crs, parse_file_crs, recorded_in, same_crs, same_places, to_wgs84
from hazardgeo.errors import CRSError

BOX = shapely.box(16, 44, 16.01, 44.01)
UTM33 = pyproj.CRS.from_epsg(32633)


def on(crs: object, shape: object = BOX) -> np.ndarray:
    """The shape, given in longitude and latitude of the CRS's own datum, in that CRS."""
    crs = pyproj.CRS.from_user_input(crs)
    move = pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)
    return np.array([shapely.transform(shape, move.transform, interleaved=False)], dtype=object)


MODERN = [
    4326,
    32633,
    32634,
    3857,
    9057,
    4979,
    3765,
    4761,
    10328,
    10329,
    8682,
    8685,
    3035,
    4258,
    25833,
    6962,
    9140,
    9141,
]
MODERN += [9000, 7912, 9059, 9069]
DEPRECATED = [31275, 31276, 31277, 31278, 3907, 3908, 3909, 3910]
NO_OPERATION_THERE = [4314, 28411, 4240, 4131, 4191, 4210, 4255, 4222, 4267]
NO_DATUM = [4019, 4030]


@pytest.mark.parametrize("code", MODERN)
def test_datums_that_agree_with_wgs84_pass(code):
    recorded_in(pyproj.CRS.from_epsg(code), "x")


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (DEPRECATED, "is deprecated|bears|is given to another datum"),
        (NO_OPERATION_THERE, "no operation to WGS 84 is published for this ground"),
        (NO_DATUM, "names no datum"),
        ([4312], "a name that is given to another datum, MGI 1901, as well"),
    ],
)
def test_old_and_unknown_datums_are_refused(codes, words):
    """At 16° E, 44° N; what is published for other ground only is none for this."""
    for code in codes:
        crs = pyproj.CRS.from_epsg(code)
        shape = on(code) if crs.is_projected else np.array([BOX], dtype=object)
        with pytest.raises(CRSError, match=words):
            to_wgs84(shape, crs, "x")


@pytest.mark.parametrize("form", ["WKT1_GDAL", "WKT1_ESRI", "WKT2_2019"])
@pytest.mark.parametrize("code", [4326, 32633, 3765, 10329, 8682, 3035, 4258, 9140])
def test_the_words_of_a_crs_pass_as_its_code_does(code, form):
    crs = pyproj.CRS.from_epsg(code)
    again = parse_file_crs(crs.to_wkt(form))
    recorded_in(again, "x")
    assert same_crs(crs, again)
    assert same_places(crs, again)


@pytest.mark.parametrize(
    "text",
    [
        "+proj=longlat +ellps=bessel +towgs84=0,0,0",
        "+proj=longlat +ellps=bessel +towgs84=682,-203,480",
        "+proj=longlat +datum=WGS84 +towgs84=100,0,0",
        "+proj=utm +zone=33 +ellps=GRS80 +towgs84=0,0,0",
        "+proj=utm +zone=33 +ellps=bessel +towgs84=1,2,3 +vunits=m +geoid_crs=WGS84",
        "+proj=utm +zone=33 +ellps=WGS84",
        "+proj=longlat +a=6378137 +b=6378137",
        "EPSG:31276+5195",
        "EPSG:4978",
    ],
)
def test_what_brings_its_own_shift_or_no_datum_is_refused(text):
    """PROJ makes up the datum name 'Unknown based on Bessel 1841 ellipsoid using towgs84=0,0,0': WGS 84 stands in it."""
    with pytest.raises(CRSError):
        to_wgs84(np.array([BOX], dtype=object), pyproj.CRS.from_user_input(text), "x")


def test_a_bound_part_of_a_compound_is_refused():
    part = pyproj.CRS("+proj=longlat +datum=WGS84 +towgs84=100,0,0")
    compound = pyproj.crs.CompoundCRS("both", [part, pyproj.CRS.from_epsg(5773)])
    assert not compound.is_bound
    with pytest.raises(CRSError, match="its own shift"):
        recorded_in(compound, "x")


def test_a_proj_string_hidden_in_words_is_refused():
    """PROJ would compute with the string and not with the words: here with another ellipsoid and a shift."""
    words = UTM33.to_wkt("WKT1_GDAL").removesuffix("]")
    crs = pyproj.CRS.from_wkt(f'{words},EXTENSION["PROJ4","+proj=utm +zone=33 +ellps=bessel +towgs84=600,200,500"]]')
    with pytest.raises(CRSError, match="its own shift"):
        recorded_in(crs, "x")


def test_a_good_name_on_a_wrong_ellipsoid_is_refused():
    wkt = WGS84.to_wkt("WKT1_GDAL").replace("6378137,298.257223563", "6377397.155,299.1528128")
    with pytest.raises(CRSError, match="no operation to WGS 84 is published"):
        to_wgs84(np.array([BOX], dtype=object), pyproj.CRS.from_wkt(wkt), "x")


def test_no_network_whatever_the_environment_says():
    run = subprocess.run(
        [sys.executable, "-c", "import hazardgeo.crs, pyproj; print(pyproj.network.is_network_enabled())"],
        env=os.environ | {"PROJ_NETWORK": "ON"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "False"


@pytest.mark.parametrize(
    "text",
    [
        "+proj=longlat +datum=WGS84 +nadgrids=/etc/passwd",
        "+proj=longlat +datum=WGS84 +geoidgrids=x.gtx",
        "+proj=longlat +datum=WGS84 +nadgrids=@null",
        "+init=epsg:4326",
        "init=epsg:4326",
        "+init=/tmp/x:1",
        "+proj=pipeline +file=../x",
        'BOUNDCRS[SOURCECRS[x],PARAMETERFILE["a","/etc/passwd"]]',
    ],
)
def test_no_text_leads_to_a_file(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(CRSError, match="leads to a file"):
            parse_crs(text)
        assert parse_file_crs(text) is None


@pytest.mark.parametrize("text", ["EPSG:3765", "3765", 3765, "HTRS96 / Croatia TM", "WGS 84 / UTM zone 33N", UTM33])
def test_a_person_names_a_crs_as_is_convenient(text):
    assert parse_crs(text).is_projected


def test_a_person_may_give_a_proj_string_with_a_datum():
    assert same_crs(parse_crs("+proj=utm +zone=33 +datum=WGS84"), UTM33)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EPSG:3765", 3765),
        ("urn:ogc:def:crs:EPSG::3765", 3765),
        ("http://www.opengis.net/def/crs/EPSG/0/3765", 3765),
        (UTM33.to_wkt(), 32633),
        ("+proj=utm +zone=33 +datum=WGS84", None),
        ("HTRS96 / Croatia TM", None),
        ("/etc/passwd", None),
        ("https://example.org/crs", None),
        ("EPSG:1", None),
        ("undefined", None),
        ("", None),
    ],
)
def test_a_file_names_a_crs_by_code_name_of_record_or_words(text, code):
    crs = parse_file_crs(text)
    assert (crs and crs.to_epsg()) == code


@pytest.mark.parametrize(("a", "b"), [(32633, 32634), (3765, 25833), (4326, 32633), (3035, 3034), (32633, 31276)])
def test_different_crss_are_not_the_same(a, b):
    a, b = pyproj.CRS.from_epsg(a), pyproj.CRS.from_epsg(b)
    assert not same_crs(a, b)
    assert not same_places(a, b)


def test_metres_in_a_system_of_degrees_are_told():
    for code in (4761, 4326):
        with pytest.raises(CRSError, match=r"longitude/latitude system, but the coordinates .* look like metres"):
            to_wgs84(on(3765), pyproj.CRS.from_epsg(code), "x")


def test_coordinates_outside_the_area_of_the_crs_are_told_with_their_range():
    swapped = np.array([shapely.transform(on(code)[0], lambda xy: xy[:, ::-1]) for code in (3765,)], dtype=object)
    for code in (3765, 32633, 8682):
        with pytest.raises(CRSError, match=rf"\(x [\d.e+]+ to .* EPSG:{code}.*swapped"):
            to_wgs84(swapped, pyproj.CRS.from_epsg(code), "x")


def test_the_area_is_told_and_not_that_proj_has_no_operation():
    """HTRS96 has an operation in Croatia; the ground of these coordinates is in Spain."""
    shape = on(3765, shapely.box(-3, 40, -2.99, 40.01))
    with pytest.raises(CRSError, match=r"lie outside the area that EPSG:3765 .* is made for") as error:
        to_wgs84(shape, pyproj.CRS.from_epsg(3765), "x")
    assert "no operation" not in str(error.value)


def test_one_swapped_shape_among_many_is_told():
    """WGS 84 / UTM zone 33N has an operation everywhere; swapped, Bosnia lands in the Indian Ocean."""
    right = on(32633)[0]
    wrong = shapely.transform(right, lambda xy: xy[:, ::-1])
    with pytest.raises(CRSError, match=r"lie outside the area that EPSG:32633 .*swapped"):
        to_wgs84(np.array([right, wrong], dtype=object), UTM33, "x")


def test_a_neighbouring_zone_and_the_antimeridian_pass():
    moved, _ = to_wgs84(on(32633, shapely.box(19.5, 44, 19.51, 44.01)), UTM33, "x")
    assert shapely.hausdorff_distance(moved[0], shapely.box(19.5, 44, 19.51, 44.01)) < 1e-8
    fiji = shapely.box(-179.9, -17, -179.8, -16.9)
    moved, _ = to_wgs84(on(32760, fiji), pyproj.CRS.from_epsg(32760), "x")
    assert shapely.bounds(moved[0])[1] == pytest.approx(-17)
