"""The kernel of areas: against 40 digits, against GeographicLib, by its laws, and from each kind of input."""

from __future__ import annotations

import math

import geodesic_oracle as oracle
import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.crs import GEOD
from hazardgeo.errors import CRSError, GeometryError
from hazardgeo.measure import _edges, _rings, geodesic_area_m2
from hazardgeo.measure._compiled import by_compiled_series

# Published with GeographicLib as tests of its planimeter: latitude, longitude; perimeter [m]; area [m²]; within.
PLANIMETER = {
    "north polar cap": ([(89, 0), (89, 90), (89, 180), (89, 270)], 631819.8745, 24952305678.0, 1e-4),
    "south polar cap": ([(-89, 0), (-89, 90), (-89, 180), (-89, 270)], 631819.8745, 24952305678.0, 1e-4),
    "diamond on the equator": ([(0, -1), (-1, 0), (0, 1), (1, 0)], 627598.2731, 24619419146.0, 1e-4),
    "one octant": ([(90, 0), (0, 0), (0, 90)], 30022685.0, 63758202715511.0, 1.0),
    "edge over the pole": ([(89, 0.1), (89, 90.1), (89, -179.9)], 539297.0, 12476152838.5, 1.0),
    "degenerate at 180 degrees": ([(9, -1e-14), (9, 180), (9, 0)], 36026861.0, 0.0, 1.0),
}
POLAR_SEMI_AXIS_M = 6356752.314245  # of WGS 84


def gon(lon: float, lat: float, edge_m: float, corners: int = 12) -> list[tuple[float, float]]:
    """A ring of edges of about that length, not quite regular, around a place, counter-clockwise."""
    bearing = -360 / corners * (np.arange(corners) + 0.2 * np.sin(np.arange(corners)))
    radius = edge_m / (2 * math.sin(math.pi / corners)) * (1 - 0.1 * np.cos(np.radians(3 * bearing)))
    x, y, _ = GEOD.fwd(np.full(corners, lon), np.full(corners, lat), bearing, radius)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def measured(*rings: list[tuple[float, float]]) -> hz.Measures:
    return hz.measure_rings([vertex for ring in rings for vertex in ring], np.append(0, np.cumsum([*map(len, rings)])))


def geographiclib(ring: list[tuple[float, float]]) -> tuple[float, float]:
    polygon = Geodesic.WGS84.Polygon()
    for lon, lat in ring:
        polygon.AddPoint(lat, lon)
    _, perimeter, area = polygon.Compute(False, True)
    return abs(area), perimeter


def test_the_oracle_agrees_with_what_is_known_in_closed_form():
    """The area of the ellipsoid as GeographicLib has it; an edge on the equator is an arc of a circle of 6378137 m, and
    bounds no area with it; a quarter of a meridian is 10 001 965.729 m."""
    whole = 4 * oracle.mpmath.pi * oracle.authalic(oracle.mpf(1))
    assert float(whole) == pytest.approx(4 * math.pi * Geodesic.WGS84._c2, rel=1e-15)
    area, length = oracle.edge(0.0, oracle.mpf(1) / 2, 0.0)
    assert abs(area) < 1e-30
    assert float(length) == pytest.approx(math.radians(0.5) * 6378137, rel=1e-15)
    quarter = math.fsum(float(oracle.edge(lat, oracle.mpf(0), lat + 0.5)[1]) for lat in np.arange(0, 90, 0.5))
    assert quarter == pytest.approx(10001965.729, abs=1e-3)


@pytest.mark.parametrize("lon", [16.3, 180.0])
@pytest.mark.parametrize("lat", [0.0, 10.0, 45.0, -60.0, 70.0, 85.0])
@pytest.mark.parametrize(
    ("edge_m", "within", "length_within"),
    [(1, 1e-12, 1e-12), (100, 1e-12, 1e-12), (1000, 1e-11, 1e-11), (10_000, 1e-9, 1e-10), (50_000, 1e-9, 1e-9)],
)
def test_area_and_perimeter_to_forty_digits(edge_m, within, length_within, lat, lon):
    """The oracle is tests/geodesic_oracle.py; the bounds are those that the documentation promises."""
    ring = gon(lon, lat, edge_m, 6)
    area, perimeter = oracle.ring(ring)
    found = measured(ring)
    assert abs(found.area_m2[0] / area - 1) <= within
    assert abs(found.perimeter_m[0] / perimeter - 1) <= length_within


@pytest.mark.parametrize(("lat", "edge_m"), [(89.0, 1), (89.0, 100), (-89.9, 10), (89.9, 1000)])
def test_close_to_a_pole_at_least_as_good_as_karney_in_double_precision(lat, edge_m):
    ring = gon(-30.0, lat, edge_m, 6)
    area, perimeter = oracle.ring(ring)
    karney = GEOD.polygon_area_perimeter(*zip(*ring, strict=True))
    found = measured(ring)
    assert abs(found.area_m2[0] / area - 1) <= max(abs(abs(karney[0]) / area - 1), 1e-13)
    assert abs(found.perimeter_m[0] / perimeter - 1) <= 1e-12


@pytest.mark.parametrize("name", PLANIMETER)
@pytest.mark.parametrize("backwards", [False, True])
def test_published_planimeter_cases_at_the_level_of_rings(name, backwards):
    points, perimeter, area, within = PLANIMETER[name]
    ring = [(lon, lat) for lat, lon in (points[::-1] if backwards else points)]
    found = measured(ring)
    assert found.area_m2[0] == pytest.approx(area, abs=1)
    assert found.perimeter_m[0] == pytest.approx(perimeter, abs=within)


def test_whole_countries_agree_with_geographiclib():
    countries = hz.borders.load("HRV", "BIH", "SRB", source="natural_earth").countries
    parts = shapely.get_parts(countries.geometry[countries["code"].isin(["HRV", "BIH", "SRB"])].to_numpy())
    assert len(parts) >= 3
    expected = [geographiclib(shapely.get_coordinates(part.exterior)[:-1].tolist())[0] for part in parts]
    shells = np.array([shapely.Polygon(part.exterior) for part in parts])
    assert geodesic_area_m2(shells) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("width", [5.0, 100.0, 179.0])
def test_rings_wider_than_the_series_reaches(width):
    """Edges of thousands of kilometres: GeographicLib is another implementation of Karney's algorithm than PROJ."""
    ring = [(150.0, 20.0), (150.0 + width, 21.0), (150.0 + width, 45.0), (150.0, 60.0)]
    area, perimeter = geographiclib(ring)
    found = measured(ring)
    assert found.area_m2[0] == pytest.approx(area, rel=1e-9)
    assert found.perimeter_m[0] == pytest.approx(perimeter, rel=1e-12)


rings = st.builds(
    gon,
    st.floats(-180, 180),
    st.floats(-84, 84),
    st.sampled_from([1.0, 30.0, 400.0, 5_000.0, 60_000.0]),
    st.integers(3, 15),
)


@given(rings, st.integers(1, 14), st.floats(-180, 180))
def test_order_start_and_longitude_do_not_matter(ring, start, turn):
    """Shifting longitudes by a number that is not representable rounds each by up to 3e-14 degrees, 3e-9 m."""
    start %= len(ring)
    # To a whole number of 2^-20 degrees, and vertices to 2^-44: then no shift rounds.
    ring = [(round(lon * 2**44) / 2**44, lat) for lon, lat in ring]
    moved = [(lon + round(turn * 2**20) / 2**20, lat) for lon, lat in ring]
    found = measured(ring, ring[::-1], ring[start:] + ring[:start], [*ring, ring[0]], moved)
    assert (found.area_m2 >= 0).all()
    assert found.area_m2 == pytest.approx(found.area_m2[0], rel=1e-11)
    assert found.perimeter_m == pytest.approx(found.perimeter_m[0], rel=1e-11)


@given(rings, st.integers(0, 14), st.floats(0.1, 0.9))
def test_a_point_added_on_the_geodesic_changes_nothing(ring, at, share):
    """The point is rounded to 3e-14 degrees or 3e-9 m across, which moves the area by that times half the edge."""
    at %= len(ring)
    (lon1, lat1), (lon2, lat2) = ring[at], ring[(at + 1) % len(ring)]
    azimuth, _, length = GEOD.inv(lon1, lat1, lon2, lat2)
    lon, lat, _ = GEOD.fwd(lon1, lat1, azimuth, share * length)
    found = measured(ring, [*ring[: at + 1], (lon, lat), *ring[at + 1 :]])
    assert found.area_m2[1] == pytest.approx(found.area_m2[0], rel=1e-11, abs=2e-8 * length)
    assert found.perimeter_m[1] == pytest.approx(found.perimeter_m[0], rel=1e-11, abs=2e-8)


@given(rings.filter(lambda ring: len(ring) > 3))
def test_a_ring_split_along_a_diagonal_is_the_sum_of_its_parts(ring):
    middle = len(ring) // 2
    whole, left, right = measured(ring, ring[: middle + 1], [*ring[middle:], ring[0]]).area_m2
    assert left + right == pytest.approx(whole, rel=1e-11)


@given(rings)
def test_no_ring_encloses_more_than_its_perimeter_allows(ring):
    """Where the Gaussian curvature is at most K, L² ≥ 4πA - K A² for what a simple ring encloses (R. Osserman 1978, The
    isoperimetric inequality). On an oblate ellipsoid it is 1 / (M N), which is greatest on the equator, where M = b² / a
    and N = a: K = 1 / b²."""
    area, perimeter = (values[0] for values in measured(ring))
    assert perimeter**2 >= 4 * math.pi * area - (area / POLAR_SEMI_AXIS_M) ** 2


@given(st.lists(rings, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_rows_may_come_in_any_order(some, random):
    order = list(range(len(some)))
    random.shuffle(order)
    plain, mixed = measured(*some), measured(*[some[i] for i in order])
    assert mixed.area_m2.tolist() == plain.area_m2[order].tolist()
    assert mixed.perimeter_m.tolist() == plain.perimeter_m[order].tolist()


@given(st.lists(rings, min_size=2, max_size=6))
def test_the_number_of_a_ring_does_not_depend_on_its_company(some):
    """To the last digit, though numpy measures all together: one close to a pole and one across ±180 among them."""
    together = measured(*some, gon(10.0, 89.0, 50), gon(180.0, 3.0, 50), [(0, 0), (math.nan, 1), (1, 1)])
    for i, ring in enumerate(some):
        assert (together.area_m2[i], together.perimeter_m[i]) == tuple(value[0] for value in measured(ring))


@settings(deadline=None)
@given(st.lists(rings, min_size=1, max_size=6))
def test_compiled_gives_the_same_numbers(some):
    lonlat = np.array([vertex for ring in some for vertex in ring])
    offsets = np.append(0, np.cumsum([*map(len, some)]))
    plain = _edges.by_series(lonlat[:, 0], lonlat[:, 1], offsets)
    fast = by_compiled_series(lonlat[:, 0], lonlat[:, 1], offsets)
    assert fast.beyond.tolist() == plain.beyond.tolist()
    assert fast.area == pytest.approx(plain.area, rel=1e-12)
    assert fast.perimeter == pytest.approx(plain.perimeter, rel=1e-12)


def test_compiled_gives_the_same_numbers_for_many_and_for_long_rings():
    """More rings than a buffer holds, among them one of 5,000 vertices, one that is no number and one round a pole."""
    some = [gon(16 + 0.01 * i, 45, 50, 3 + i % 40) for i in range(400)]
    some += [gon(179.99, -30, 40, 5000), [(0, 0), (math.nan, 1), (1, 1)], [(0, 89), (120, 89), (240, 89)]]
    lonlat = np.array([vertex for ring in some for vertex in ring])
    offsets = np.append(0, np.cumsum([*map(len, some)]))
    plain = _edges.by_series(lonlat[:, 0], lonlat[:, 1], offsets)
    lonlat.flags.writeable = False  # as a column of Arrow is
    fast = by_compiled_series(lonlat[:, 0], lonlat[:, 1], offsets)
    assert plain.beyond.tolist() == fast.beyond.tolist() == [False] * 401 + [True, True]
    assert fast.area[:401] == pytest.approx(plain.area[:401], rel=1e-12)
    assert fast.perimeter[:401] == pytest.approx(plain.perimeter[:401], rel=1e-12)


def test_which_way_is_taken_depends_on_size_and_on_what_is_installed(monkeypatch):
    assert _rings._series(_rings.COMPILED_FROM - 1) is _edges.by_series
    assert _rings._series(_rings.COMPILED_FROM) is by_compiled_series
    monkeypatch.setattr(_rings, "_compiled", lambda: None)  # as where numba cannot be imported
    assert _rings._series(_rings.COMPILED_FROM) is _edges.by_series


def test_without_numba_numpy_measures(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "hazardgeo.measure._compiled", None)
    assert _rings._compiled.__wrapped__() is None


def test_a_ring_that_is_no_number_is_not_measured_and_does_not_touch_its_neighbours():
    good = gon(16, 45, 100)
    found = measured(good, [(0, 0), (math.nan, 1), (1, 1)], good)
    assert np.isnan(found.area_m2).tolist() == [False, True, False]
    assert found.area_m2[0] == found.area_m2[2]


@pytest.mark.parametrize("compiled_from", [0, 10**9], ids=["compiled", "numpy"])
def test_the_edges_of_the_globe_are_on_it(compiled_from, monkeypatch):
    """A box to the pole, and one told with longitudes of one turn more, 359° to 360°: each half a degree square or more."""
    monkeypatch.setattr(_rings, "COMPILED_FROM", compiled_from)
    found = measured(
        [(0, 89), (1, 89), (1, 90), (0, 90)],
        [(359, 0), (360, 0), (360, 0.5), (359, 0.5)],
        [(-1, 0), (0, 0), (0, 0.5), (-1, 0.5)],
    )
    assert np.isfinite(found.area_m2).all()
    assert found.area_m2[1] == pytest.approx(found.area_m2[2], rel=1e-12)


def test_rings_without_vertices_or_with_few_have_no_area():
    found = measured([], [(16, 45)], [(16, 45), (16.001, 45)], [])
    assert found.area_m2 == pytest.approx([0, 0, 0, 0], abs=1e-6)
    assert found.perimeter_m[2] == pytest.approx(2 * GEOD.inv(16, 45, 16.001, 45)[2], rel=1e-9)
    assert hz.measure_rings(np.empty((0, 2)), [0]).area_m2.tolist() == []


@pytest.mark.parametrize(
    ("lonlat", "offsets", "words"),
    [
        ([(0, 91), (1, 0), (1, 1)], [0, 3], "no longitude and latitude"),
        ([(500_000, 0), (1, 0), (1, 1)], [0, 3], "no longitude and latitude"),
        ([(0, 0), (1, 0), (1, 1)], [0, 4], "do not rise"),
        ([(0, 0), (1, 0), (1, 1)], [2, 1], "do not rise"),
        ([(0, 0), (1, 0), (1, 1)], [0.0, 3.0], "no run of whole numbers"),
        ([0, 1, 2], [0, 3], "n by 2"),
        # One that is no number does not hide another that is none of latitude, at any place of a long table.
        ([(math.nan, math.nan), *[(1, 1)] * 700, (1, 91), *[(1, 1)] * 500], [0, 1202], "no longitude and latitude"),
        ([*[(1, 1)] * 1200, (1, -91)], [0, 1201], "no longitude and latitude"),
    ],
)
@pytest.mark.parametrize("compiled_from", [0, 10**9], ids=["compiled", "numpy"])
def test_arrays_that_do_not_fit_are_refused(lonlat, offsets, words, compiled_from, monkeypatch):
    monkeypatch.setattr(_rings, "COMPILED_FROM", compiled_from)
    with pytest.raises(GeometryError, match=words):
        hz.measure_rings(lonlat, offsets)


SHELL, HOLE = gon(16.5, 45.0, 200), gon(16.5, 45.0, 50)
PLAIN = shapely.Polygon(SHELL)
HOLED = shapely.Polygon(SHELL, [HOLE])
SEVERAL = shapely.MultiPolygon([HOLED, shapely.Polygon(gon(17.0, 45.0, 80)[::-1])])


def expected_areas() -> list[float]:
    shell, hole, other = measured(SHELL, HOLE, gon(17.0, 45.0, 80)).area_m2
    return [shell, math.nan, shell - hole, math.nan, shell - hole + other]


def test_from_geometry_objects():
    series = gpd.GeoSeries([PLAIN, None, HOLED, shapely.Polygon(), SEVERAL], crs=4326)
    assert hz.area_m2(series).to_numpy() == pytest.approx(expected_areas(), rel=1e-15, nan_ok=True)


@pytest.mark.parametrize("interleaved", [True, False])
@pytest.mark.parametrize("cut", [slice(None), slice(1, 4)])
def test_from_geoarrow_without_geometry_objects(interleaved, cut, monkeypatch):
    series = gpd.GeoSeries([SEVERAL, None, shapely.MultiPolygon([PLAIN]), shapely.MultiPolygon(), SEVERAL], crs=4326)
    column = pa.array(series.to_arrow(geometry_encoding="geoarrow", interleaved=interleaved))[cut]
    monkeypatch.setattr(shapely, "get_coordinates", None)
    found = hz.measure_column(pa.chunked_array([column, column]))
    plain, _, _, _, several = expected_areas()
    expected = [several, math.nan, plain, math.nan, several][cut]
    assert found.area_m2 == pytest.approx(expected * 2, rel=1e-15, nan_ok=True)
    assert np.isnan(found.perimeter_m).tolist() == np.isnan(expected * 2).tolist()


def test_from_geoarrow_single_polygons_and_from_wkb():
    series = gpd.GeoSeries([PLAIN, None, HOLED, shapely.Polygon()], crs=4326)
    for encoding in ("geoarrow", "WKB"):
        column = pa.array(series.to_arrow(geometry_encoding=encoding))
        found = hz.measure_column(column)
        assert found.area_m2 == pytest.approx(expected_areas()[:4], rel=1e-15, nan_ok=True)
    shell, hole = measured(SHELL, HOLE).perimeter_m
    assert found.perimeter_m[[0, 2]] == pytest.approx([shell, shell + hole], rel=1e-15)


def test_from_wkb_of_plain_outlines_without_geometry_objects(monkeypatch):
    series = gpd.GeoSeries([None, PLAIN, shapely.Polygon(gon(17.0, 45.0, 80)), PLAIN, None], crs=4326)
    column = pa.array(series.to_arrow(geometry_encoding="WKB"))
    large = column.cast(pa.large_binary()) if not isinstance(column, pa.ExtensionArray) else column
    monkeypatch.setattr(shapely, "from_wkb", None)
    shell, other = measured(SHELL, gon(17.0, 45.0, 80)).area_m2
    expected = [math.nan, shell, other, shell, math.nan]
    for one in (column, large):
        assert hz.measure_column(one).area_m2 == pytest.approx(expected, rel=1e-15, nan_ok=True)
        assert hz.measure_column(one[2:]).area_m2 == pytest.approx(expected[2:], rel=1e-15, nan_ok=True)


def test_wkb_in_the_other_order_of_bytes_or_with_heights_is_the_same_ground():
    high = shapely.force_3d(PLAIN, 100.0)
    for written in (shapely.to_wkb([PLAIN], byte_order=0), shapely.to_wkb([high])):
        assert hz.measure_column(pa.array(written)).area_m2 == pytest.approx(expected_areas()[:1], rel=1e-15)


def test_a_column_without_rows():
    assert hz.measure_column(pa.chunked_array([], type=pa.binary())).area_m2.tolist() == []
    assert hz.measure_column(pa.array([], type=pa.binary())).area_m2.tolist() == []


class Named(pa.ExtensionType):
    """As a package registers GeoArrow's types."""

    def __init__(self, storage: pa.DataType, name: str, said: str) -> None:
        self.said = said.encode()
        super().__init__(storage, name)

    def __arrow_ext_serialize__(self) -> bytes:
        return self.said

    @classmethod
    def __arrow_ext_deserialize__(cls, storage: pa.DataType, said: bytes) -> Named:
        return cls(storage, "geoarrow.polygon", said.decode())


def named(name: str, said: str) -> pa.ExtensionArray:
    storage = pa.array(gpd.GeoSeries([PLAIN], crs=4326).to_arrow(geometry_encoding="geoarrow"))
    storage = getattr(storage, "storage", storage)
    return pa.ExtensionArray.from_storage(Named(storage.type, name, said), storage)


@pytest.mark.parametrize("said", ["", "{}", '{"crs": "EPSG:4326"}', '{"crs": "OGC:CRS84"}', '{"crs": "EPSG:4258"}'])
def test_a_column_that_says_it_is_on_wgs84_is_measured(said):
    assert hz.measure_column(named("geoarrow.polygon", said)).area_m2 == pytest.approx(expected_areas()[:1])


@pytest.mark.parametrize("said", ['{"crs": "EPSG:3765"}', '{"crs": "EPSG:4312"}'])
def test_a_column_in_another_crs_is_refused(said):
    with pytest.raises(CRSError, match="Bring it to longitude and latitude"):
        hz.measure_column(named("geoarrow.polygon", said))


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1.0]),
        pa.array([[[1.0]]]),
        pa.array([[[[0.0, 0.0, 1.0]]]], type=pa.list_(pa.list_(pa.list_(pa.float32(), 3)))),
        named("geoarrow.multilinestring", ""),
        pa.array(gpd.GeoSeries([shapely.Point(0, 0)]).to_arrow(geometry_encoding="WKB")),
    ],
    ids=str,
)
def test_columns_that_hold_no_polygons_are_refused(column):
    with pytest.raises(GeometryError, match="Nothing was measured"):
        hz.measure_column(column)
