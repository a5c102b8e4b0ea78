"""What border questions look up: tiles, sides of what no line is near, areas without geometry, nearest edges."""

from __future__ import annotations

import sys

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from by_hand import fine, meridian_border
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.borders._line import _nearest
from hazardgeo.borders._line._chunks import Chunks
from hazardgeo.borders._line._drawn import shares_as_drawn
from hazardgeo.borders._line._index import index_of
from hazardgeo.borders._line._nearest import Balls, nearest_edges
from hazardgeo.borders._line._search import close_to
from hazardgeo.borders._line._settled import settled
from hazardgeo.borders._line._tiles import Tiles
from hazardgeo.measure._ragged import of_shapely
from hazardgeo.overlay import _common_area, common_area_m2, plane_of
from hazardgeo.overlay._planes import plane_at
from hazardgeo.overlay._series import FACTORS, ROOM_DEG, series_of

MEKONG = hz.borders.load("KHM", "LAO", "THA", "VNM", source="natural_earth")
LINES = MEKONG.lines.geometry.to_numpy()
shapely.prepare(LINES)
seeds = st.integers(0, 2**32 - 1)


def stars(centre: np.ndarray, rng: np.random.Generator, degrees: float) -> np.ndarray:
    """Star-shaped outlines about these places, of up to so many degrees across."""
    corners = rng.integers(5, 30, len(centre))
    return np.array(
        [
            shapely.Polygon(
                at
                + rng.uniform(0.05, 0.5)
                * degrees
                * rng.uniform(0.3, 1, (n, 1))
                * np.column_stack(
                    [f((np.arange(n) + rng.uniform(0.1, 0.9, n)) * 2 * np.pi / n) for f in (np.cos, np.sin)]
                )
            )
            for at, n in zip(centre, corners, strict=True)
        ],
        dtype=object,
    )


def along_the_lines(rng: np.random.Generator, count: int, off: float = 0.05, degrees: float = 0.05) -> np.ndarray:
    on = shapely.get_coordinates(MEKONG.asked_lines.geometry.to_numpy())
    return stars(on[rng.integers(0, len(on), count)] + rng.normal(0, off, (count, 2)), rng, degrees)


@given(seeds)
def test_a_tile_holds_what_the_whole_countries_hold(seed):
    """Whatever the box: what a country has in it is what its tile has in it."""
    rng = np.random.default_rng(seed)
    grounds = MEKONG.countries.geometry.to_numpy()
    tiles = index_of(MEKONG).tiles
    west, south = rng.uniform(97, 109), rng.uniform(6, 23)
    box = shapely.box(west, south, west + 10 ** rng.uniform(-4, 0.5), south + 10 ** rng.uniform(-4, 0.5))
    ((tile, _),) = tiles.around(np.array([box.bounds])).items()
    expected = shapely.area(shapely.intersection(grounds, box))
    found = np.zeros(len(tiles.whole))
    found[tile.rows] = shapely.area(shapely.intersection(tile.shapes(tiles.whole), box))
    assert found[: len(grounds)] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_tiles_are_made_once_and_a_broken_clip_is_cut_properly():
    """A comb whose teeth touch the edge of a tile from within: its area in the tile stays what it is."""
    comb = shapely.union_all([shapely.box(0, 0, 90, 10), *(shapely.box(x, 10, x + 1, 45) for x in range(0, 90, 2))])
    tiles = Tiles(np.array([comb, shapely.segmentize(comb, 0.5)], dtype=object))
    box = np.array([[1.0, 20.0, 20.0, 40.0]])
    ((tile, _),) = tiles.around(box).items()
    assert ((tile, np.array([0])),) == tuple(tiles.around(box).items())
    clipped = shapely.intersection(tile.shapes(tiles.whole), shapely.box(*box[0]))
    assert shapely.area(clipped) == pytest.approx(shapely.area(shapely.intersection(tiles.whole, shapely.box(*box[0]))))


@settings(max_examples=20)
@given(seeds)
def test_shares_as_drawn_are_those_of_the_whole_countries_cut_in_a_plane(seed):
    """Oracle: whole countries, cut out generously around the hazard, laid into its plane and cut there with it."""
    rng = np.random.default_rng(seed)
    (hazard,) = along_the_lines(rng, 1)
    shares = shares_as_drawn(MEKONG, np.array([hazard], dtype=object))
    around = shapely.buffer(hazard, 0.1, quad_segs=2)
    plane = plane_of(np.array([hazard]))
    flat = plane.project(hazard)
    expected = {
        code: plane.project(shapely.segmentize(shapely.intersection(ground, around), 0.02)).intersection(flat).area
        for code, ground in zip(MEKONG.countries["code"], MEKONG.countries.geometry, strict=True)
    }
    total = flat.area
    expected["nobody"] = total - sum(expected.values())
    found = dict.fromkeys(expected, 0.0)
    for side, share in zip(shares.side, shares.share, strict=True):
        found[side if side in found else "nobody"] += share
    if len(shares.hazard):  # else only cutting can tell
        assert sum(found.values()) == pytest.approx(1, abs=1e-12)
        assert [found[side] for side in expected] == pytest.approx(
            [area / total for area in expected.values()], abs=2e-9
        )


@settings(max_examples=20)
@given(seeds)
def test_what_is_settled_lies_in_one_country_and_out_of_reach(seed):
    rng = np.random.default_rng(seed)
    hazards = along_the_lines(rng, 20, off=0.2)
    reach = rng.uniform(0, 20_000, 20)
    side = settled(MEKONG, hazards, reach)
    for hazard, word, metres in zip(hazards, side, reach, strict=True):
        inside = MEKONG.countries["code"][
            shapely.contains_properly(MEKONG.countries.geometry.to_numpy(), hazard)
        ].tolist()
        if word == "":
            continue
        assert inside == ([] if word in ("no_country", "beyond_extent") else [word])
        # A degree is at most 111.7 km long.
        assert not shapely.dwithin(LINES, hazard, metres / 111_700).any()


def test_an_edge_without_a_line_divides_as_well():
    """Two countries that meet where the set has a line for the northern half alone: south of it nothing is settled."""
    border = meridian_border(100)
    (line,) = border.lines.geometry
    _, south, _, north = line.bounds
    middle = (south + north) / 2
    half = shapely.clip_by_rect(line, 0, middle, 90, 90)
    bare = meridian_border(100, lines=border.lines.assign(geometry=[half]))
    west, _, east, _ = shapely.box(15.995, 0, 15.999, 1).bounds  # 80 m to 400 m from the line
    beside = np.array([shapely.box(west, at, east, at + 0.001) for at in (middle - 0.1, middle + 0.1)], dtype=object)
    assert settled(bare, beside, 500.0).tolist() == ["", ""]
    assert settled(bare, beside, 10.0).tolist() == ["AAA", "AAA"]


def ways() -> list[int]:
    return [0, sys.maxsize]


@pytest.mark.parametrize("from_count", ways(), ids=["fast", "numpy"])
@pytest.mark.parametrize(("lon", "lat"), [(103.0, 15.0), (179.99, 60.0), (20.0, 84.0), (-70.0, -50.0)])
def test_distances_are_those_of_a_plane_about_each_hazard(monkeypatch, from_count, lon, lat):
    """Oracle: an azimuthal equidistant plane about the hazard, of a few hundred metres, where what starts at it is true."""
    monkeypatch.setattr(_nearest, "COMPILED_FROM", from_count)
    rng = np.random.default_rng(5)
    squeeze = np.array([1 / np.cos(np.radians(lat)), 1])
    steps = np.cumsum(rng.normal(0, 0.003, (400, 2)), axis=0)
    line = shapely.LineString([lon, lat] + steps * squeeze)
    centres = [lon, lat] + rng.normal(0, 0.3, (60, 2)) * rng.uniform(0, 1, (60, 1)) * squeeze
    hazards = shapely.transform(stars(np.zeros((60, 2)), rng, 0.004), lambda xy: xy * squeeze)
    hazards = np.array([shapely.transform(h, lambda xy, c=c: xy + c) for h, c in zip(hazards, centres, strict=True)])
    _, found = nearest_edges(Balls.of(Chunks(np.array([line]))), hazards)
    for hazard, metres in zip(hazards, found, strict=True):
        middle = hazard.centroid
        plane = pyproj.Proj(proj="aeqd", lon_0=middle.x, lat_0=middle.y, ellps="WGS84")
        flat, other = (shapely.transform(g, lambda xy, p=plane: np.column_stack(p(*xy.T))) for g in (hazard, line))
        if not flat.intersects(other):
            truth = flat.distance(other)
            assert abs(metres - truth) <= 1e-3 + 1e-5 * truth


def test_what_a_line_runs_through_is_at_no_distance():
    """One that the line crosses between far corners; one that holds all of a short line; one beside; one without outline."""
    line = shapely.segmentize(shapely.LineString([(16, 45), (16, 45.1)]), 0.009)
    border = meridian_border(100, lines=meridian_border().lines.assign(geometry=[line]))
    shapes = [
        shapely.box(15.7, 45.02, 16.3, 45.021),
        shapely.box(15, 44, 17, 46),
        shapely.box(16.1, 45, 16.2, 45.1),
        None,
    ]
    nearest, distance, close = close_to(border, border.lines, np.array(shapes, dtype=object), 0.0)
    assert nearest.tolist() == [0, 0, 0, -1]
    assert distance[:2].tolist() == [0.0, 0.0]
    assert distance[2] == pytest.approx(pyproj.Geod(ellps="WGS84").inv(16, 45.1, 16.1, 45.1)[2], rel=1e-5)
    assert close.tolist() == [0, 1]


SHAPES = {
    "half": (shapely.box(0, 0, 4, 4), shapely.box(2, 0, 6, 4), 8),
    "corner": (shapely.box(0, 0, 4, 4), shapely.box(3, 3, 6, 6), 1),
    "touching": (shapely.box(0, 0, 4, 4), shapely.box(4, 0, 6, 4), 0),
    "apart": (shapely.box(0, 0, 4, 4), shapely.box(5, 5, 6, 6), 0),
    "same": (shapely.box(0, 0, 4, 4), shapely.box(0, 0, 4, 4), 16),
    "in a hole": (shapely.box(0, 0, 9, 9) - shapely.box(1, 1, 8, 8), shapely.box(2, 2, 3, 3), 0),
    "over a hole": (shapely.box(0, 0, 9, 9) - shapely.box(1, 1, 8, 8), shapely.box(0, 0, 2, 9), 9 * 2 - 7),
    "two parts": (
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 0, 6, 1)]),
        shapely.box(0, 0, 6, 0.5),
        1,
    ),
    "clockwise": (shapely.box(0, 0, 4, 4, ccw=False), shapely.box(2, 2, 6, 6), 4),
    "slanting": (shapely.Polygon([(0, 0), (2, 0), (0, 2)]), shapely.Polygon([(0, 0), (2, 2), (0, 2)]), 1),
}


def common_areas(a: np.ndarray, b: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """By sums over edges in a plane that is longitude and latitude themselves."""
    from hazardgeo.overlay._compiled import common_shares
    from hazardgeo.overlay._outlines import Outlines

    factors = np.zeros((1, FACTORS))
    factors[0, [0, 13]] = ROOM_DEG  # x = longitude, y = latitude
    both = (Outlines.of(of_shapely(shapes)) for shapes in (a, b))
    shares = common_shares(*both, left, right, np.zeros(len(a), dtype=int), np.zeros((1, 2)), factors)
    return shares * shapely.area(a)[left]


@pytest.mark.parametrize(("a", "b", "area"), SHAPES.values(), ids=SHAPES.keys())
def test_common_areas_by_hand(a, b, area):
    """Areas counted in squares of the grid, of 1/40 degree; also elsewhere, and with the two the other way round."""
    at = np.array([0])
    for one, other in ((a, b), (b, a)):
        for moved in (0.0, 5.0, -9.0):
            drawn = (
                shapely.transform(np.array([s], dtype=object), lambda xy, m=moved: (xy + m) / 40) for s in (one, other)
            )
            assert common_areas(*drawn, at, at) * 1600 == pytest.approx([area], abs=1e-9)


@given(seeds)
def test_the_sum_over_edges_gives_what_cutting_gives(seed):
    """With `fast` and without, to 1e-12 of the smaller outline's box, stars with holes and parts among them."""
    rng = np.random.default_rng(seed)
    a, b = (stars(rng.uniform(-0.1, 0.1, (12, 2)), rng, 0.2) for _ in "ab")
    a[:4] = shapely.difference(a[:4], shapely.buffer(shapely.centroid(a[:4]), 0.005, quad_segs=2))
    b[0] = shapely.union_all([b[0], shapely.box(0.3, 0.3, 0.4, 0.4)])
    left, right = (at.ravel() for at in np.indices((12, 12)))
    found = common_areas(a, b, left, right)
    assert found == pytest.approx(shapely.area(shapely.intersection(a[left], b[right])), abs=4e-14)


@settings(max_examples=20)
@given(seeds)
def test_what_lies_around_makes_no_difference(seed):
    """Ground of thousands of vertices, most of it far from each hazard, with lakes and in parts: as cutting it gives."""
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, 3000))
    coast = np.column_stack([np.cos(angle), np.sin(angle)]) * rng.uniform(0.19, 0.2, (3000, 1)) * (1, 3)
    ground = shapely.Polygon(coast) - shapely.union_all(stars(rng.uniform(-0.1, 0.1, (3, 2)), rng, 0.1))
    ground = shapely.union(ground, shapely.segmentize(shapely.box(0.2, -2, 3, 2) - shapely.Polygon(coast * 1.1), 0.01))
    a, b = stars(rng.uniform(-0.25, 0.25, (30, 2)), rng, 0.1), np.array([ground], dtype=object)
    at = np.arange(30)
    found = common_areas(a, b, at, 0 * at)
    assert found == pytest.approx(shapely.area(shapely.intersection(a, ground)), abs=4e-14)


def test_common_area_is_the_same_either_way_and_as_overlaps_says(monkeypatch):
    rng = np.random.default_rng(3)
    a, b = (stars(rng.uniform((102, 15), (102.3, 15.3), (60, 2)), rng, 0.05) for _ in "ab")
    frames = [gpd.GeoDataFrame(geometry=some, index=[f"H{i:02}" for i in range(60)], crs=4326) for some in (a, b)]
    table = hz.borders.overlaps(*frames)
    left, right = (
        frame.index.get_indexer(table[name]) for frame, name in zip(frames, ("hazard_a", "hazard_b"), strict=True)
    )
    for from_count in ways():
        monkeypatch.setattr(_common_area, "COMPILED_FROM", from_count)
        assert common_area_m2(a, b, left, right) == pytest.approx(table["area_m2"].to_numpy(), rel=1e-9)


def test_common_area_is_the_same_wherever_and_however_large(monkeypatch):
    """Near a pole, across 180°, wider than a plane's room, long edges, lakes and parts: compiled as by cutting."""
    pole = shapely.box(10, 89.3, 14, 89.5)
    nearer = shapely.box(10, 89.35, 10.2, 89.4)
    wide = shapely.segmentize(shapely.box(15, 45, 17, 45.3), 0.005)
    lake = shapely.box(16, 45, 16.3, 45.3) - shapely.box(16.1, 45.1, 16.2, 45.2)
    across = shapely.MultiPolygon([shapely.box(179.9, 60, 180, 60.1), shapely.box(-180, 60, -179.9, 60.1)])
    a = np.array([pole, nearer, wide, lake, across, shapely.box(16.05, 45.05, 16.15, 45.15)], dtype=object)
    b = np.array(
        [shapely.transform(one, lambda xy: xy + 0.03) if one is not across else one for one in a], dtype=object
    )
    pairs = np.indices((6, 6)).reshape(2, -1)
    left, right = pairs[:, shapely.intersects(a[pairs[0]], b[pairs[1]])]
    found = []
    for from_count in ways():
        monkeypatch.setattr(_common_area, "COMPILED_FROM", from_count)
        found.append(common_area_m2(a, b, left, right))
    assert len(left) >= 9
    assert found[0] == pytest.approx(found[1], rel=1e-8)


def test_without_numba_it_is_cut(monkeypatch):
    for module in ("hazardgeo.overlay._compiled", "hazardgeo.borders._line._compiled"):
        monkeypatch.setitem(sys.modules, module, None)
    assert _common_area._compiled.__wrapped__() is None
    assert _nearest._compiled.__wrapped__() is None


def test_a_border_is_indexed_once_and_forgotten_with_it():
    border = meridian_border(50)
    assert index_of(border) is index_of(border)
    assert index_of(meridian_border(50)) is not index_of(border)


def test_countries_whose_vertices_differ_are_cut_and_checked():
    """Neighbours with other vertices on their common edge: nothing is answered by area alone, and the split is as ever."""
    west = shapely.box(15, 44, 16, 46)
    east = fine(shapely.box(16, 44, 17, 46))
    countries = gpd.GeoDataFrame({"code": ["AAA", "BBB"], "name": "", "claimants": ""}, geometry=[west, east], crs=4326)
    border = meridian_border(50, countries=countries)
    hazard = np.array([shapely.box(15.99, 45, 16.01, 45.01)], dtype=object)
    if not index_of(border).apart:
        assert len(shares_as_drawn(border, hazard).hazard) == 0
    frame = gpd.GeoDataFrame({"vertex_sd_m": [1.0]}, geometry=hazard, index=["H"], crs=4326)
    table = hz.borders.split_by_country(frame, border)
    assert table["area_m2"].sum() == pytest.approx(hz.area_m2(frame).sum(), rel=1e-9)


def test_on_both_sides_of_the_antimeridian_only_cutting_can_tell():
    """Half of a hazard about 180° lies on each side of it; the country ends at 60° N, half way up either part."""
    countries = gpd.GeoDataFrame(
        {"code": ["AAA", "AAA", "BBB"], "name": "", "claimants": ""},
        geometry=[
            fine(shapely.box(-180, 59, -179, 60)),
            fine(shapely.box(179, 59, 180, 60)),
            fine(shapely.box(16, 45, 17, 46)),
        ],
        crs=4326,
    )
    border = meridian_border(10, countries=countries, extent=shapely.box(-180, 40, 180, 61))
    whole = shapely.MultiPolygon([shapely.box(-180, 59.99, -179.99, 60.01), shapely.box(179.99, 59.99, 180, 60.01)])
    assert len(shares_as_drawn(border, np.array([whole], dtype=object)).hazard) == 0
    frame = gpd.GeoDataFrame({"vertex_sd_m": [1.0]}, geometry=[whole], index=["H"], crs=4326)
    table = hz.borders.split_by_country(frame, border).set_index("side")
    assert table["area_m2"].to_dict() == pytest.approx(
        dict.fromkeys(("AAA", "no_country"), hz.area_m2(frame).sum() / 2), rel=1e-3
    )


@given(seeds)
def test_a_plane_as_polynomials_is_that_of_proj(seed):
    """To the stated rounding of PROJ, anywhere in its room; where a pole is too near there are none."""
    from hazardgeo.overlay._compiled import _laid

    rng = np.random.default_rng(seed)
    plane = plane_at(rng.uniform(-180, 180), rng.uniform(-89.2, 89.2))
    places = rng.uniform(-1, 1, (300, 2)).clip(-0.999, 0.999)
    x, y = np.empty((2, 300))
    _laid(*np.ascontiguousarray(places.T), 300, series_of(plane), x, y)
    expected = plane.forward(places * ROOM_DEG + (plane.lon, plane.lat))
    most = 3e-8 if abs(plane.lat) <= 75 else 2e-7 if abs(plane.lat) <= 85 else 5e-6
    assert np.abs(np.column_stack([x, y]) - expected).max() <= most
    assert np.isnan(series_of(plane_at(0.0, 89.5))).all()


@given(seeds)
def test_compiled_distances_are_those_of_numpy(seed):
    """Whatever the place and the size, across the antimeridian too; and no hazard's answer depends on its neighbours."""
    from hazardgeo.borders._line._compiled import nearest_compiled

    rng = np.random.default_rng(seed)
    at = np.array([rng.uniform(-180, 180), rng.uniform(-85, 85)])
    balls = Balls.of(Chunks(np.array([shapely.LineString(rng.uniform(-0.05, 0.05, (40, 2)) + at)])))
    shapes = stars(rng.uniform(-1, 1, (12, 2)) + at, rng, 10 ** rng.uniform(-4, 0.8))
    lonlat, of = shapely.get_coordinates(shapes, return_index=True)
    turned = lonlat - np.outer((rng.uniform(size=12) < 0.5)[of], (360, 0))
    given_as = np.diff(of, append=-1) == 0, np.append(0, np.cumsum(np.bincount(of)))
    _, metres = nearest_compiled(balls, turned, *given_as)
    expected = _nearest._by_numpy(balls, lonlat, *given_as)
    assert metres == pytest.approx(expected[1], abs=1e-7)
    for k, shape in enumerate(shapes):
        own = shapely.get_coordinates(shape)
        alone = nearest_compiled(balls, own, np.arange(len(own)) < len(own) - 1, np.array([0, len(own)]))
        assert alone[1][0] == pytest.approx(metres[k], abs=1e-7)


def test_of_two_lines_that_meet_the_first_is_the_nearest():
    """Whoever is asked before: a hazard nearest to the common end of several lines has the first of them, either way."""
    lines = np.array(
        [
            shapely.LineString([(103, 15), (103 + x, 15 + y)])
            for x, y in ((-0.005, 0), (-0.005, 0.005), (-0.005, -0.005))
        ]
    )
    balls = Balls.of(Chunks(lines))
    shapes = np.array([shapely.box(103 + x, 14.999, 103.003 + x, 15.001) for x in (-0.01, 0.004, 0.012)])
    lonlat, of = shapely.get_coordinates(shapes, return_index=True)
    given_as = lonlat, np.diff(of, append=-1) == 0, np.append(0, np.cumsum(np.bincount(of)))
    from hazardgeo.borders._line._compiled import nearest_compiled

    for way in (nearest_compiled, _nearest._by_numpy):
        assert balls.row[way(balls, *given_as)[0]].tolist() == [0, 0, 0]
