"""Local planes, ground counted once, evidence areas."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.crs import GEOD
from hazardgeo.errors import CRSError, GeometryError
from hazardgeo.overlay import groups_that_touch, plane_at
from hazardgeo.overlay._planes import split_long_edges

boxes = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    st.floats(16, 16.05),
    st.floats(45, 45.05),
    st.floats(0.001, 0.03),
    st.floats(0.001, 0.03),
)


def series(*shapes: object) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs=4326)


@given(st.lists(boxes, min_size=1, max_size=6), st.lists(boxes, min_size=1, max_size=6))
def test_inclusion_and_exclusion(a, b):
    """net(A) + net(B) - net(A∩B) = net(A∪B), each term computed on its own in one plane."""
    plane = plane_at(16, 45)
    flat_a, flat_b = shapely.union_all(plane.project(np.array(a))), shapely.union_all(plane.project(np.array(b)))
    common, both = shapely.area(shapely.intersection(flat_a, flat_b)), shapely.area(shapely.union(flat_a, flat_b))
    assert shapely.area(flat_a) + shapely.area(flat_b) - common == pytest.approx(both, rel=1e-9)
    frames = [
        gpd.GeoDataFrame({"register": name}, index=range(len(s)), geometry=s, crs=4326)
        for name, s in (("A", a), ("B", b))
    ]
    counted = hz.borders.count_once(*frames)
    assert counted.a.net_m2 + counted.b.net_m2 - counted.overlap_m2 == pytest.approx(counted.once_m2, rel=1e-9)
    assert counted.once_m2 == pytest.approx(both, rel=1e-7)  # another plane, and the geodesic scale
    for net, shapes in ((counted.a.net_m2, a), (counted.b.net_m2, b), (counted.once_m2, [*a, *b])):
        assert net == pytest.approx(hz.net_area_m2(series(*shapes)), rel=1e-7)


@given(st.lists(boxes, min_size=1, max_size=8))
def test_net_is_between_the_largest_and_the_sum(shapes):
    areas = hz.area_m2(series(*shapes))
    net = hz.net_area_m2(series(*shapes))
    assert areas.max() * (1 - 1e-9) <= net <= areas.sum() * (1 + 1e-9)
    assert hz.net_area_m2(series(*shapes[::-1])) == pytest.approx(net, rel=1e-12)


def test_net_of_one_is_its_reference_area_and_of_none_is_zero():
    one = series(shapely.box(16, 45, 16.01, 45.01))
    assert hz.net_area_m2(one) == hz.area_m2(one).iloc[0]
    assert hz.net_area_m2(one.iloc[:0]) == 0
    assert np.isnan(hz.net_area_m2(series(None)))


def test_half_overlap_by_hand():
    """Two boxes between the same meridians, which are geodesics, cover the box from the lowest to the highest edge."""
    a, b, both = (shapely.box(16, low, 16.01, high) for low, high in ((45, 45.02), (45.01, 45.03), (45, 45.03)))
    assert hz.net_area_m2(series(a, b)) == pytest.approx(hz.area_m2(series(both)).iloc[0], rel=1e-9)


def test_projected_edges_stay_within_a_millimetre_of_their_geodesics():
    """Middle of the longest edge that is laid straight, 100 km from the centre, against its geodesic's middle."""
    plane = plane_at(16, 45)
    for azimuth in range(0, 360, 15):
        lon, lat, _ = GEOD.fwd(16, 45, azimuth, 100_000)
        for heading in range(0, 180, 15):
            end = GEOD.fwd(lon, lat, heading, 1000)[:2]
            middle = GEOD.fwd(lon, lat, heading, 500)[:2]
            flat = plane.project(shapely.LineString([(lon, lat), end]))
            on_edge = shapely.distance(flat, plane.project(shapely.Point(middle)))
            assert on_edge < 0.001


def test_long_edges_are_split_and_recorded_vertices_stay():
    ring = shapely.box(16, 45, 16.1, 45.1)
    fine = split_long_edges(ring)
    xy = shapely.get_coordinates(fine)
    assert max(GEOD.inv(*xy[:-1].T, *xy[1:].T)[2]) <= 1000 + 1e-6
    assert {tuple(p) for p in shapely.get_coordinates(ring)} <= {tuple(p) for p in xy}
    assert hz.area_m2(series(fine)).iloc[0] == pytest.approx(hz.area_m2(series(ring)).iloc[0], rel=1e-9)


def test_groups_hang_together_through_a_chain():
    chain = np.array([shapely.box(i, 0, i + 1, 1) for i in (0, 5, 1, 2, 6)])
    assert [group.tolist() for group in groups_that_touch(chain)] == [[0, 2, 3], [1, 4]]


def test_evidence_circle_is_outside_the_true_circle():
    """Every corner and every chord's middle lies at least the radius from the point, and at most 0.13 % beyond."""
    for lat in (0, 45, 80):
        area = hz.evidence_areas(gpd.GeoSeries.from_xy([20.0], [float(lat)], crs=4326), radius_m=50)
        xy = shapely.get_coordinates(area.geometry.iloc[0])
        middles = (xy[:-1] + xy[1:]) / 2
        for at in (xy, middles):
            distance = GEOD.inv(np.full(len(at), 20.0), np.full(len(at), float(lat)), *at.T)[2]
            assert distance.min() >= 50 - 1e-6
            assert distance.max() <= 50 * 1.0013


@given(st.floats(-84, 84), st.floats(1, 10_000))
def test_evidence_circle_is_never_too_small(lat, radius):
    area = hz.evidence_areas(gpd.GeoSeries.from_xy([20.0], [lat], crs=4326), radius_m=radius)
    xy = shapely.get_coordinates(shapely.segmentize(area.geometry.iloc[0], radius / 2_000_000))
    distance = GEOD.inv(np.full(len(xy), 20.0), np.full(len(xy), lat), *xy.T)[2]
    assert distance.min() >= radius - 1e-7  # a tenth of a micrometre is what geodesics in double precision can tell
    assert distance.max() <= radius * 1.02


def test_neighbours_across_the_antimeridian_are_neighbours():
    points = gpd.GeoSeries.from_xy([179.9999, -179.9999], [17.0, 17.0], crs=4326)
    areas = hz.evidence_areas(points, radius_m=50)
    assert areas["members"].tolist() == [2]
    assert shapely.bounds(areas.geometry.iloc[0]).tolist()[::2] == [-180, 180]


def test_points_all_around_the_globe():
    lon = [179.5, -0.001, 0.001, 90.0, -179.9999, 179.9999]
    areas = hz.evidence_areas(gpd.GeoSeries.from_xy(lon, [10.0] * 6, crs=4326), radius_m=500)
    assert sorted(areas["members"]) == [1, 1, 2, 2]
    assert np.abs(areas.total_bounds[[0, 2]]).max() <= 180


@pytest.mark.parametrize("lat", [0.0, 45.0])
def test_ground_across_the_antimeridian_counts_as_elsewhere(lat):
    def squares(lon: float) -> list[gpd.GeoDataFrame]:
        shapes = [
            shapely.box(lon - 0.02, lat, lon + 0.01, lat + 0.03),
            shapely.box(lon - 0.01, lat + 0.01, lon + 0.02, lat + 0.05),
        ]
        return [
            gpd.GeoDataFrame({"register": n}, index=[n], geometry=[s], crs=4326)
            for n, s in zip("AB", shapes, strict=True)
        ]

    here, there = (hz.borders.overlaps(*squares(lon)).iloc[0] for lon in (20.0, 180.0))
    assert there["area_m2"] == pytest.approx(here["area_m2"], rel=1e-6)
    assert there["width_m"] == pytest.approx(here["width_m"], rel=0.5)  # the cut at 180° adds to the perimeter
    once = [hz.borders.count_once(*squares(lon)).once_m2 for lon in (20.0, 180.0)]
    assert once[1] == pytest.approx(once[0], rel=1e-6)


def test_evidence_counts_every_record_once():
    """Five records: two on one point, one 60 m beside (circles of 50 m touch), two far off and apart."""
    lon = [106.0, 106.0, 106.0 + 60 / 106_000, 107.0, 108.0]
    areas = hz.evidence_areas(gpd.GeoSeries.from_xy(lon, [17.0] * 5, crs=4326), radius_m=50)
    assert areas["members"].tolist() == [3, 1, 1]
    assert areas["distinct_points"].tolist() == [2, 1, 1]


@pytest.mark.parametrize(
    ("points", "radius", "error", "words"),
    [
        (gpd.GeoSeries.from_xy([1.0], [1.0]), 50, CRSError, "no CRS"),
        (gpd.GeoSeries.from_xy([1.0], [100.0], crs=4326), 50, CRSError, "no longitude and latitude"),
        (gpd.GeoSeries.from_xy([1.0], [1.0], crs=4326), 0, GeometryError, "radius_m"),
        (gpd.GeoSeries.from_xy([1.0], [1.0], crs=4326), 20_000, GeometryError, "radius_m"),
        (gpd.GeoSeries.from_xy([1.0], [86.0], crs=4326), 50, GeometryError, "pole"),
        (gpd.GeoSeries([shapely.box(0, 0, 1, 1)], index=["x"], crs=4326), 50, GeometryError, "'x': no point"),
    ],
)
def test_evidence_refusals(points, radius, error, words):
    with pytest.raises(error, match=words):
        hz.evidence_areas(points, radius_m=radius)
