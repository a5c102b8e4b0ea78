"""Areas by several methods, against the closed forms of each projection's scale."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.crs import GEOD, is_mercator, national_grid
from hazardgeo.errors import CRSError, GeometryError

E2 = GEOD.es


def radii(lat: float) -> tuple[float, float]:
    """Radii of curvature of the meridian and of the prime vertical [m]."""
    w = math.sqrt(1 - E2 * math.sin(math.radians(lat)) ** 2)
    return GEOD.a * (1 - E2) / w**3, GEOD.a / w


def square(lon: float, lat: float, side: float = 0.005) -> shapely.Polygon:
    return shapely.box(lon - side, lat - side, lon + side, lat + side)


def frame_of(*shapes: object, **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), index=[f"h{i}" for i in range(len(shapes))], crs=4326)


def ppm(compared: hz.AreaComparison, method: str) -> list[float]:
    return compared.to_frame().xs(method, level="method")["difference_ppm"].tolist()


@pytest.mark.parametrize(("lon", "zone"), [(15.0, 33), (17.9, 33), (18.1, 34), (-180.0 + 0.01, 1), (179.9, 60)])
@pytest.mark.parametrize("lat", [45.0, -20.0])
def test_utm_by_the_scale_of_the_transverse_mercator_projection(lon, zone, lat):
    """At a distance x from the central meridian lengths are drawn 0.9996 · (1 + x²/2MN) as long, areas the square of that; x is
    about N · cos φ · Δλ. The next terms are of the order of (Δλ)⁴/24: 3e-7 at 3°.
    """
    m, n = radii(lat)
    x = n * math.cos(math.radians(lat)) * math.radians(lon - (6 * zone - 183))
    expected = (0.9996 * (1 + x**2 / (2 * m * n))) ** 2 - 1
    compared = hz.compare_area_methods(frame_of(square(lon, lat)))
    assert ppm(compared, "utm")[0] == pytest.approx(expected * 1e6, abs=3)
    assert compared.utm_zone.tolist() == [f"EPSG:{327 if lat < 0 else 326}{zone:02}"]


@pytest.mark.parametrize("lat", [0.0, 44.88, -33.0, 60.0])
def test_web_mercator_by_its_scales(lat):
    """Along the parallel a / (N cos φ), along the meridian a / (M cos φ): their product is a²/(M N cos² φ)."""
    m, n = radii(lat)
    expected = GEOD.a**2 / (m * n * math.cos(math.radians(lat)) ** 2) - 1
    got = ppm(hz.compare_area_methods(frame_of(square(19.02, lat, 0.001))), "web_mercator")[0]
    assert got == pytest.approx(expected * 1e6, rel=1e-5, abs=5)


def test_the_tripoint_as_measured_elsewhere():
    """Errors at 19.02° E 44.88° N, from a table made by other means: UTM 34N about -0.02 %, HTRS96/TM about +0.08 %, Web
    Mercator about +99 %, equal-area below 1e-6.
    """
    compared = hz.compare_area_methods(frame_of(square(19.02, 44.88)), national_grid=3765)
    assert ppm(compared, "utm")[0] / 1e4 == pytest.approx(-0.02, abs=0.005)
    assert ppm(compared, "national_grid")[0] / 1e4 == pytest.approx(0.08, abs=0.005)
    assert ppm(compared, "web_mercator")[0] / 1e4 == pytest.approx(99, abs=0.5)
    assert abs(ppm(compared, "equal_area")[0]) < 1
    assert ppm(compared, "geodesic") == [0]
    assert compared.national_grid == "EPSG:3765 (HTRS96 / Croatia TM)"


def test_only_the_projection_differs_and_an_authority_takes_straight_edges():
    """A triangle of half a degree. In the equal-area plane it has the geodesic area, though its edges are 40 to 60 km long; laid
    straight into the grid it departs by more than the split one does, and agrees with PROJ and shapely used plainly.
    """
    triangle = shapely.Polygon([(16, 45), (16.5, 45), (16, 45.5)])
    compared = hz.compare_area_methods(frame_of(triangle), national_grid="EPSG:3765")
    assert abs(ppm(compared, "equal_area")[0]) < 0.01
    plain = gpd.GeoSeries([triangle], crs="EPSG:4258").to_crs("EPSG:3765").area.iloc[0]
    areas = compared.areas_m2.iloc[0]
    assert areas["national_grid_straight"] == pytest.approx(plain, rel=1e-12)
    assert abs(areas["national_grid_straight"] - areas["national_grid"]) > 10


def test_a_grid_in_feet_is_measured_in_metres():
    """Two grids of one place, which differ in the unit alone."""
    metres = pyproj.CRS("EPSG:32633")
    text = metres.to_json_dict()
    for axis in text["coordinate_system"]["axis"]:
        axis["unit"] = {"type": "LinearUnit", "name": "foot", "conversion_factor": 0.3048}
    feet = pyproj.CRS.from_json_dict({key: value for key, value in text.items() if key != "id"})
    frame = frame_of(square(15, 45))
    both = [
        hz.compare_area_methods(frame, national_grid=crs).areas_m2["national_grid_straight"][0:1]
        for crs in (metres, feet)
    ]
    assert feet.axis_info[0].unit_conversion_factor == 0.3048
    assert both[1].tolist() == pytest.approx(both[0].tolist(), rel=1e-9)


def test_declared_areas_stand_beside_and_what_is_not_known_is_nan():
    frame = frame_of(square(16, 45), None, square(16.1, 45), declared_area_m2=[1.0e6, 5.0, None])
    compared = hz.compare_area_methods(frame)
    assert compared.areas_m2["declared"].tolist()[:2] == [1e6, 5.0]
    long = compared.to_frame()
    assert long.loc[("h1", "declared"), "difference_m2"] is not None
    assert math.isnan(long.loc[("h1", "declared"), "difference_m2"])
    assert long.loc[("h1", "utm")].isna().all()
    table = compared.by_method()
    assert table.loc["declared", "records"] == 1
    assert table.loc["geodesic", "records"] == 2
    geodesic = float(hz.area_m2(frame).iloc[0])
    assert table.loc["declared", "difference_m2"] == pytest.approx(1e6 - geodesic)
    assert table.loc["declared", "difference_ppm"] == pytest.approx((1e6 - geodesic) / geodesic * 1e6)


def test_the_sentence_says_what_to_print():
    said = hz.compare_area_methods(
        frame_of(square(19.02, 44.88), declared_area_m2=[878_000.0]), national_grid=3765
    ).sentence
    assert said.startswith("Print the geodesic areas, ")
    assert "print those in EPSG:3765 (HTRS96 / Croatia TM)" in said
    assert "straight lines of the grid" in said
    assert "Never print areas from Web Mercator" in said
    assert "here 1.99 times the true ones" in said
    assert "Declared areas are the official ones" in said


def test_text_of_a_grid_is_no_html():
    compared = hz.compare_area_methods(frame_of(square(19.02, 44.88)))
    shown = hz.AreaComparison(
        compared.areas_m2.assign(national_grid=1.0, national_grid_straight=1.0), compared.utm_zone, None, "<b>"
    )
    assert "<b>" not in shown._repr_html_()
    assert "&lt;b&gt;" in shown._repr_html_()


def test_a_frame_without_geometry_or_rows_is_compared_to_nothing():
    for frame in (frame_of(None, None), frame_of()):
        compared = hz.compare_area_methods(frame)
        assert compared.equal_area is None
        assert compared.areas_m2.isna().all().all()
        assert "nothing was measured" in compared.sentence
        assert compared.by_method()["records"].tolist() == [0, 0, 0, 0]


def test_across_the_antimeridian_and_near_a_pole():
    """Half on either side of 180°: the zone is that of the middle, the figure that of a square beside it."""
    compared = hz.compare_area_methods(frame_of(square(180.001, -10), square(10, 84.5), square(-179.999, -10)))
    assert compared.utm_zone.tolist() == ["EPSG:32701", "", "EPSG:32701"]
    utm = ppm(compared, "utm")
    assert utm[0] == pytest.approx(utm[2], abs=1)
    assert math.isnan(utm[1])
    assert all(abs(off) < 0.1 for off in ppm(compared, "equal_area"))


@pytest.mark.parametrize(
    ("grid", "why"),
    [
        ("EPSG:4326", "is longitude and latitude"),
        (3857, "is a Mercator projection"),
        (3395, "is a Mercator projection"),
        (6316, "on MGI 1901, and from WGS 84 an area comes there only by an operation"),
        (31277, "on MGI 1901"),
        (2263, "North American Datum 1983"),
        ("+proj=utm +zone=33 +ellps=bessel +towgs84=500,0,0", "brings its own shift"),
        ("EPSG:99999", "no CRS that PROJ knows"),
        ("EPSG:2180", "'h0': far outside the area that EPSG:2180"),
    ],
)
def test_grids_that_cannot_be_measured_in_are_refused(grid, why):
    with pytest.raises(CRSError, match=why):
        hz.compare_area_methods(frame_of(square(45, 41)), national_grid=grid)


def test_a_mercator_projection_is_known_by_its_method():
    assert [is_mercator(pyproj.CRS(code)) for code in (3857, 3395, 3832, 32633, 3765, 3035)] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert national_grid(3035).label.startswith("EPSG:3035")


def test_the_frame_is_not_touched():
    frame = frame_of(square(16, 45), declared_area_m2=[1.0])
    before = frame.copy()
    hz.compare_area_methods(frame)
    hz.choose_equal_area(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_the_azimuthal_plane_distorts_by_the_half_of_the_squared_half_angle():
    """At an angle c from the centre lengths across are 1 / cos(c / 2) as long: 1 + c²/8. The corner of a box of 2° by 2° at the
    equator lies √2° from its centre: c²/8 = (√2 π/180)²/8 = 7.62e-5.
    """
    choice = hz.choose_equal_area(frame_of(shapely.box(-1, -1, 1, 1)))
    assert choice.name == "Lambert azimuthal equal-area"
    assert (choice.lon, choice.lat) == (0, 0)
    assert choice.largest_distortion == pytest.approx((math.sqrt(2) * math.pi / 180) ** 2 / 8, rel=0.02)


def test_a_belt_across_a_continent_gets_a_cone():
    """From the Adriatic to the Pamir, 15 to 75° E: 30° from the centre the azimuthal plane is 1 / cos(11°) off, almost 2 %."""
    frame = frame_of(shapely.box(15, 41, 15.5, 43), shapely.box(74.5, 41, 75, 43))
    choice = hz.choose_equal_area(frame)
    assert choice.name == "Albers conical equal-area"
    assert choice.largest_distortion < 1e-3
    plane = frame.set_geometry(frame.geometry.segmentize(0.001)).to_crs(choice.crs)
    shares = plane.area / hz.area_m2(frame.set_geometry(frame.geometry.segmentize(0.001)))
    assert shares.tolist() == pytest.approx([1, 1], abs=1e-8)


def test_no_plane_is_chosen_for_nothing_or_for_the_whole_globe():
    globe = frame_of(*(square(lon, lat) for lon in range(-175, 180, 50) for lat in (-89, 0, 89)))
    with pytest.raises(GeometryError, match="No row has a geometry"):
        hz.choose_equal_area(frame_of(None))
    with pytest.raises(GeometryError, match="Divide it by region"):
        hz.choose_equal_area(globe)
    compared = hz.compare_area_methods(globe)
    assert compared.equal_area is None
    assert np.isnan(ppm(compared, "equal_area")).all()


places = st.tuples(st.floats(-179, 179), st.floats(-70, 70), st.floats(0.001, 0.3))


@settings(max_examples=60)
@given(st.lists(places, min_size=1, max_size=3))
def test_equal_area_planes_agree_wherever_the_frame_lies(drawn):
    """Chosen for each record, the plane gives its geodesic area to 1e-7, and it says how far it is off as a length."""
    for lon, lat, side in drawn:
        compared = hz.compare_area_methods(frame_of(square(lon, lat, side)))
        assert abs(ppm(compared, "equal_area")[0]) < 0.1
        assert compared.equal_area is not None
        assert 0 <= compared.equal_area.largest_distortion <= 1e-3
        assert np.isfinite(ppm(compared, "utm")).all()
