"""Area and perimeter against published and independent answers."""

from __future__ import annotations

from fractions import Fraction

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.constants import M2_PER_MI2
from hazardgeo.errors import CRSError, GeometryError

# Published with GeographicLib as tests of its planimeter: latitude, longitude; perimeter [m]; area [m²].
DIAMOND = ([(0, -1), (-1, 0), (0, 1), (1, 0)], 627598.2731, 24619419146.0, 1e-4)
OCTANT = ([(90, 0), (0, 0), (0, 90)], 30022685.0, 63758202715511.0, 1.0)
NO_POLYGONS = {
    "north polar cap": [(89, 0), (89, 90), (89, 180), (89, 270)],
    "south polar cap": [(-89, 0), (-89, 90), (-89, 180), (-89, 270)],
    "edge over the pole": [(89, 0.1), (89, 90.1), (89, -179.9)],
    "degenerate at 180 degrees": [(9, -1e-14), (9, 180), (9, 0)],
}


def polygons(*shapes: object, crs: object = 4326) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), index=[f"h{i}" for i in range(len(shapes))], crs=crs)


def from_latlon(points: list[tuple[float, float]]) -> shapely.Polygon:
    return shapely.Polygon([(lon, lat) for lat, lon in points])


def karney(ring: object) -> float:
    """Area of one ring by the pure-Python GeographicLib, another implementation than PROJ's."""
    polygon = Geodesic.WGS84.Polygon()
    for lon, lat in shapely.get_coordinates(ring)[:-1]:
        polygon.AddPoint(lat, lon)
    return abs(polygon.Compute(False, True)[2])


@pytest.mark.parametrize(("points", "perimeter", "area", "within"), [DIAMOND, OCTANT])
@pytest.mark.parametrize("backwards", [False, True])
def test_published_planimeter_cases(points, perimeter, area, within, backwards):
    series = polygons(from_latlon(points[::-1] if backwards else points))
    assert hz.area_m2(series).iloc[0] == pytest.approx(area, abs=1)
    assert hz.perimeter_m(series).iloc[0] == pytest.approx(perimeter, abs=within)


@pytest.mark.parametrize("name", NO_POLYGONS)
def test_rings_that_are_no_polygons_are_refused_by_name(name):
    series = gpd.GeoSeries([shapely.box(0, 0, 1, 1), from_latlon(NO_POLYGONS[name])], index=["good", name], crs=4326)
    with pytest.raises(GeometryError, match=name) as refusal:
        hz.area_m2(series)
    assert "good" not in str(refusal.value)


def test_square_mile_is_exact():
    """1 mi = 1760 yd of 0.9144 m, so 1 mi² = 1609.344² m², as fractions without any rounding."""
    assert Fraction(str(M2_PER_MI2.value)) == Fraction(1609344, 1000) ** 2
    assert Fraction("2.589988110336") * 10**6 == Fraction(1609344, 1000) ** 2


def test_units_are_the_same_area():
    series = polygons(shapely.box(16, 45, 16.1, 45.1))
    m2 = hz.area_m2(series).iloc[0]
    assert hz.area_km2(series).iloc[0] * 1e6 == pytest.approx(m2, rel=1e-15)
    assert hz.area_mi2(series).iloc[0] * 1609.344**2 == pytest.approx(m2, rel=1e-15)


def test_hole_is_taken_out_in_any_order_of_vertices():
    shell, hole = shapely.box(16, 45, 16.1, 45.1), shapely.box(16.02, 45.02, 16.05, 45.05)
    expected = karney(shell.exterior) - karney(hole.exterior)
    for ring in (hole.exterior.coords, list(hole.exterior.coords)[::-1]):
        assert hz.area_m2(polygons(shapely.Polygon(shell.exterior, [ring]))).iloc[0] == pytest.approx(
            expected, abs=1e-3
        )


def test_parts_of_opposite_winding_do_not_cancel():
    a, b = shapely.box(16, 45, 16.1, 45.1), shapely.box(16.2, 45, 16.3, 45.1)
    both = shapely.MultiPolygon([shapely.Polygon(a.exterior.coords[::-1]), b])
    assert hz.area_m2(polygons(both)).iloc[0] == pytest.approx(2 * karney(a.exterior), rel=1e-9)


def test_antimeridian_cut_or_not_is_the_same_ground():
    """The same box at 20° E is the oracle: on an ellipsoid of revolution area does not depend on longitude."""
    expected = hz.area_m2(polygons(shapely.box(20, 50, 22, 51))).iloc[0]
    cut = shapely.MultiPolygon([shapely.box(179, 50, 180, 51), shapely.box(-180, 50, -179, 51)])
    written_across = shapely.Polygon([(179, 50), (-179, 50), (-179, 51), (179, 51)])
    beyond = shapely.box(179, 50, 181, 51)
    # A cut adds a vertex on each long edge, and a parallel is no geodesic: the two readings of a 2° edge differ.
    one_degree = 2 * hz.area_m2(polygons(shapely.box(20, 50, 21, 51))).iloc[0]
    assert hz.area_m2(polygons(cut)).iloc[0] == pytest.approx(one_degree, rel=1e-12)
    for shape in (written_across, beyond):
        assert hz.area_m2(polygons(shape)).iloc[0] == pytest.approx(expected, rel=2e-4)


@given(st.floats(-170, 170), st.floats(-80, 80), st.floats(1e-4, 0.5), st.floats(1e-4, 0.5), st.floats(-180, 180))
def test_agrees_with_another_implementation_and_longitude_does_not_matter(lon, lat, width, height, turn):
    box = shapely.box(lon, lat, lon + width, lat + height)
    area = hz.area_m2(polygons(box)).iloc[0]
    assert area == pytest.approx(karney(box.exterior), rel=1e-9, abs=1e-3)
    turned = shapely.box(lon + turn, lat, lon + turn + width, lat + height)
    assert hz.area_m2(polygons(turned)).iloc[0] == pytest.approx(area, rel=1e-6, abs=1e-2)


def test_missing_geometry_is_not_measured_and_not_zero():
    areas = hz.area_m2(polygons(None, shapely.box(0, 0, 1, 1)))
    assert np.isnan(areas["h0"])
    assert areas["h1"] > 0


def test_index_is_kept_and_input_is_not_touched():
    frame = gpd.GeoDataFrame({"x": [1]}, geometry=[shapely.box(0, 0, 1, 1)], index=["only"], crs=4326)
    before = frame.copy()
    assert hz.area_m2(frame).index.tolist() == ["only"]
    assert frame.equals(before)


def test_projected_frame_is_brought_to_wgs84():
    """HTRS96/TM is on ETRS89: the same ground to about a metre, so the same area to far better than 1e-6."""
    box = polygons(shapely.box(16, 45, 16.01, 45.01))
    assert hz.area_m2(box.to_crs(3765)).iloc[0] == pytest.approx(hz.area_m2(box).iloc[0], rel=1e-8)


@pytest.mark.parametrize(
    ("series", "error", "words"),
    [
        (polygons(shapely.box(0, 0, 1, 1), crs=None), CRSError, "no CRS"),
        (polygons(shapely.box(5_000_000, 5_000_000, 5_001_000, 5_001_000), crs=31275), CRSError, "is deprecated"),
        (polygons(shapely.box(0, 0, 200, 95)), CRSError, "no longitude and latitude"),
        (polygons(shapely.Point(0, 0)), GeometryError, "'h0': no polygon"),
        (polygons(shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])), GeometryError, "'h0': not valid"),
        (polygons(shapely.box(-100, 0, 100, 10)), GeometryError, "half the globe"),
    ],
)
def test_refusals_name_the_record_and_the_reason(series, error, words):
    with pytest.raises(error, match=words):
        hz.area_m2(series)
