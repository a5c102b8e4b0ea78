"""Hazards as a raster: no touched cell is missed, none is said to be farther from a hazard than it is, and the file is whole."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from rasters_by_hand import CELL, NORTH, UTM, WEST, from_origin, write

from hazardgeo.errors import FormatError, GeometryError, SchemaError, StorageError
from hazardgeo.exposure import _cog as cog
from hazardgeo.exposure import open_raster, rasterize
from hazardgeo.exposure._nearest import distance_between_cells

GEOD = pyproj.Geod(ellps="WGS84")


def box(west: float, top: float, east: float, bottom: float) -> Any:
    """A rectangle in cells of the grid, rows counted southwards."""
    return shapely.box(WEST + west * CELL, NORTH - bottom * CELL, WEST + east * CELL, NORTH - top * CELL)


def frame(*hazards: tuple[str, Any], crs: str = UTM) -> gpd.GeoDataFrame:
    """Hazards by class and outline."""
    index = pd.Index([f"H-{i}" for i in range(len(hazards))], name="hazard_id")
    return gpd.GeoDataFrame(
        {"classification": [word for word, _ in hazards]}, geometry=[one for _, one in hazards], index=index, crs=crs
    )


@pytest.fixture
def like(tmp_path):
    """Ten by ten cells of 100 m."""
    return write(tmp_path / "like.tif", np.zeros((10, 10)))


def bands(path: Any) -> np.ndarray:
    with rasterio.open(path) as dataset:
        return dataset.read()


def test_what_stands_in_each_cell(tmp_path, like) -> None:
    """A suspected area over a cell and a half, a confirmed one over a quarter of the first of these and of the one above, one of
    no stated class over the tenth part of a cell: the confirmed one wins where it lies, and shared ground counts once.
    """
    hazards = frame(("SHA", box(2, 4, 3.5, 5)), ("CHA", box(2, 3.5, 2.5, 4.5)), ("unstated", box(8, 8, 8.1, 9)))
    out = tmp_path / "hazards.tif"
    found = rasterize(hazards, out, like=like)
    classes, share, distance = bands(out)
    expected = np.zeros((10, 10))
    expected[4, 2:4], expected[3, 2], expected[8, 8] = (3, 2), 3, 1
    # The edges at whole numbers touch the cells beyond, and those may be said to be touched; nothing else may.
    touches = np.zeros((10, 10), dtype=bool)
    touches[2:7, 1:5] = touches[7:10, 7:10] = True
    assert (classes >= expected).all()
    assert not classes[~touches].any()
    covered = np.zeros((10, 10))
    covered[4, 2:4], covered[3, 2], covered[8, 8] = (1, 0.5), 0.25, 0.1
    np.testing.assert_allclose(share, covered, atol=1e-5)
    assert not distance[classes > 0].any()
    assert found["cells"].tolist() == pytest.approx([2, 2, 1], abs=4)
    assert found["within"].all()


corner = st.tuples(st.floats(1, 9), st.floats(1, 9))
triangles = st.lists(
    st.tuples(st.sampled_from(["CHA", "SHA", "unstated"]), corner, corner, corner), min_size=1, max_size=4
)


@settings(max_examples=15, deadline=None)
@given(triangles)
def test_no_touched_cell_is_missed(tmp_path_factory, drawn) -> None:
    """Against GEOS: each cell has at least the gravest class of all hazards that cover some of it, and the share of their union;
    none has a class that no hazard within a millimetre of it has.
    """
    folder = tmp_path_factory.mktemp("drawn")
    shapes = [
        (word, shapely.Polygon([(WEST + x * CELL, NORTH - y * CELL) for x, y in corners])) for word, *corners in drawn
    ]
    hazards = frame(*((word, one) for word, one in shapes if one.is_valid and one.area > 1e-3))
    if not len(hazards):
        return
    grid = write(folder / "like.tif", np.zeros((10, 10)))
    rasterize(hazards, folder / "out.tif", like=grid)
    classes, share, _ = bands(folder / "out.tif")
    code = hazards["classification"].map({"CHA": 3, "SHA": 2, "unstated": 1}).to_numpy()
    together = hazards.union_all()
    for row in range(10):
        for column in range(10):
            cell = box(column, row, column + 1, row + 1)
            under = shapely.area(shapely.intersection(hazards.geometry.to_numpy(), cell)) > 1e-3
            near = shapely.distance(hazards.geometry.to_numpy(), cell) < 1e-3
            assert max(code[under], default=0) <= classes[row, column] <= max(code[near], default=0)
            assert share[row, column] == pytest.approx(together.intersection(cell).area / CELL**2, abs=1e-5)


@pytest.mark.parametrize("size", [1e-2, 1e-4])
def test_a_hazard_that_is_a_speck_in_its_cell_is_drawn(tmp_path, like, size) -> None:
    """A metre and a centimetre wide in a cell of 100 m."""
    found = rasterize(frame(("CHA", box(4.3, 5.6, 4.3 + size, 5.6 + size))), tmp_path / "out.tif", like=like)
    classes, share, _ = bands(tmp_path / "out.tif")
    assert np.argwhere(classes).tolist() == [[5, 4]]
    assert share[5, 4] == pytest.approx(size**2, rel=1e-3)
    assert found["cells"].tolist() == [1]


def test_a_hazard_that_a_grid_cannot_hold_is_refused_and_not_lost(tmp_path) -> None:
    """A square of a centimetre in a cell of 9 degrees; the same on the line between two cells, to which its corners are put."""
    grid = write(tmp_path / "like.tif", np.zeros((4, 4)), "EPSG:4326", from_origin(0, 36, 9, 9))
    for lon, kept in ((13, True), (18, False)):
        hazards = frame(("CHA", shapely.box(lon, 13, lon + 1e-7, 13 + 1e-7)), crs="EPSG:4326")
        if kept:
            assert rasterize(hazards, tmp_path / "out.tif", like=grid)["cells"].tolist() == [1]
        else:
            with pytest.raises(GeometryError, match="'H-0': so small that nothing is left"):
                rasterize(hazards, tmp_path / "lost.tif", like=grid)
    assert not (tmp_path / "lost.tif").exists()


def test_parts_of_a_hazard_in_one_cell_make_one_cell(tmp_path, like) -> None:
    parts = shapely.MultiPolygon([box(4.1, 5.1, 4.2, 5.2), box(4.5, 5.5, 4.6, 5.6)])
    assert rasterize(frame(("SHA", parts)), tmp_path / "out.tif", like=like)["cells"].tolist() == [1]


@given(arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=12)), st.floats(0.5, 100), st.floats(0.5, 100))
def test_distance_between_cells_is_that_of_their_edges(marked, width, height) -> None:
    """Against all pairs: |i - i'| - 1 rows and |j - j'| - 1 columns lie between two cells. Rounded down to eighths."""
    found = distance_between_cells(marked, width, height)
    if not marked.any():
        assert np.isinf(found).all()
        return
    row, column = np.indices(marked.shape)
    at = np.argwhere(marked)
    down = np.maximum(np.abs(row[..., None] - at[:, 0]) - 1, 0) * height
    right = np.maximum(np.abs(column[..., None] - at[:, 1]) - 1, 0) * width
    expected = np.hypot(down, right).min(axis=-1)
    assert (found <= expected + 1e-9).all()
    assert (found > expected - 0.125 - 1e-6).all()


def test_distance_between_cells_is_exact_far_away() -> None:
    """4,000 cells of 123.4567 m, in 64 bits to the last eighth; whole numbers of metres, whose squares need more than 32 bits."""
    marked = np.zeros((3, 4000), dtype=bool)
    marked[0, 0] = True
    expected = math.floor(3998 * 123.4567 * 8) / 8
    assert distance_between_cells(marked, 123.4567, 1)[0, -1] == expected
    assert distance_between_cells(marked.T, 1, 123.4567)[-1, 0] == expected
    assert distance_between_cells(marked.T, 100, 100)[-1, 0] == 399_800


def geodesic_m(shape: Any, hazard: Any) -> float:
    """Least geodesic distance between points along two outlines in longitude and latitude; a little more than the true one."""
    a, b = (shapely.get_coordinates(shapely.segmentize(one, one.length / 80)) for one in (shape, hazard))
    lon, lat = np.repeat(a, len(b), axis=0).T
    return float(GEOD.inv(lon, lat, *np.tile(b, (len(a), 1)).T)[2].min())


@pytest.mark.parametrize(
    ("crs", "cell", "shortened"),
    [("EPSG:4326", 0.02, 0.04), (UTM, 2000, 0.002), ("EPSG:3035", 2000, 0.05), ("EPSG:3857", 2500, 0.06)],
)
def test_distance_is_never_larger_than_on_the_ground(tmp_path, crs, cell, shortened) -> None:
    """Geodesics, between outlines cut into 80, for cells drawn by lot on a grid of some 200 km: none is shorter than what the
    raster says, and none is longer by more than a cell's diagonal and what the scale of the grid differs by in it.
    """
    there = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x, y = there.transform(16.0, 45.0)
    n, across = 100, 100 * cell
    grid = write(
        tmp_path / "like.tif", np.zeros((n, n), "uint8"), crs, from_origin(x - across / 2, y + across / 2, cell, cell)
    )
    hazards = gpd.GeoDataFrame(
        {"classification": ["SHA", "CHA"]},
        geometry=[shapely.Point(15.55, 45.45).buffer(0.013), shapely.Point(16.4, 44.7).buffer(0.004)],
        crs="EPSG:4326",
    )
    rasterize(hazards, tmp_path / "out.tif", like=grid)
    distance = bands(tmp_path / "out.tif")[2]
    rng = np.random.default_rng(3)
    for row, column in rng.integers(0, n, (12, 2)):
        west, north = x - across / 2 + column * cell, y + across / 2 - row * cell
        corners = shapely.get_coordinates(
            shapely.segmentize(shapely.box(west, north - cell, west + cell, north), cell / 20)
        )
        ground = shapely.Polygon(np.column_stack(there.transform(*corners.T, direction="INVERSE")))
        true = min(geodesic_m(ground, one) for one in hazards.geometry)
        diagonal = GEOD.line_length(*np.array(ground.exterior.coords)[[0, 40]].T)
        assert distance[row, column] <= true
        assert distance[row, column] >= true * (1 - shortened) - 1.1 * diagonal - 1


def test_the_nearest_hazard_may_lie_beyond_the_grid(tmp_path, like) -> None:
    """Five cells east of the grid lies a hazard: its distance counts, its row says that it is not on it, and nothing is drawn."""
    hazards = frame(("CHA", box(15, 4, 16, 5)), ("SHA", box(-1, 8, 0.5, 9)))
    found = rasterize(hazards, tmp_path / "out.tif", like=like)
    classes, _, distance = bands(tmp_path / "out.tif")
    assert classes.shape == (10, 10)
    assert not classes[:, 2:].any()
    assert classes[8, 0] == 2
    # From the last cell of row 4 to the first that is touched: 5 cells, or 4 where its edge is said to be touched; the grid is
    # shorter than the ground by 4 in 10,000.
    assert 400 <= distance[4, 9] <= 500 / 0.9996
    assert found["within"].tolist() == [False, False]
    assert found["cells"].iloc[0] == 0
    assert found["cells"].iloc[1] >= 1


def test_a_grid_of_its_own_is_equal_area_and_holds_all(tmp_path) -> None:
    """Cells of 50 m: as many square metres under hazards as their union has on the ellipsoid."""
    hazards = frame(("SHA", box(0, 0, 7.3, 4.2)), ("CHA", box(5, 3, 9.1, 8.8)))
    found = rasterize(hazards, tmp_path / "out.tif", resolution_m=50)
    _, share, _ = bands(tmp_path / "out.tif")
    union = hazards.to_crs("EPSG:4326").union_all()
    area = abs(GEOD.geometry_area_perimeter(union)[0])
    assert share.astype(float).sum() * 2500 == pytest.approx(area, rel=1e-5)
    assert found["within"].all()
    grid = open_raster(tmp_path / "out.tif", band=1)
    assert grid.crs.coordinate_operation.method_name == "Lambert Azimuthal Equal Area"
    assert (grid.cell_width, grid.cell_height) == (50, 50)
    assert (grid.west % 50, grid.north % 50) == (0, 0)


def test_a_wide_view_loses_no_hazard(tmp_path) -> None:
    """1,301 by 1,100 cells, hazards in four of them: halved to below 512, each is still there by its class; no distance grew."""
    grid = write(tmp_path / "like.tif", np.zeros((1100, 1301), "uint8"))
    places = [(3, 5, "SHA"), (700, 1300, "CHA"), (1099, 642, "unstated"), (512, 511, "SHA")]
    hazards = frame(*((word, box(column + 0.4, row + 0.4, column + 0.6, row + 0.6)) for row, column, word in places))
    rasterize(hazards, tmp_path / "out.tif", like=grid)
    with rasterio.open(tmp_path / "out.tif") as dataset:
        whole = dataset.read()
        assert dataset.overviews(1) == [2, 4]
    for level, factor in enumerate((2, 4)):
        with rasterio.open(tmp_path / "out.tif", overview_level=level) as dataset:
            classes, share, distance = dataset.read()
        assert np.count_nonzero(classes) == 4
        for row, column, word in places:
            at = row // factor, column // factor
            assert classes[at] == {"CHA": 3, "SHA": 2, "unstated": 1}[word]
            assert share[at] > 0
            assert distance[at] == 0
        rows, columns = (
            np.minimum(np.arange(size) // factor, most - 1)
            for size, most in zip(whole.shape[1:], classes.shape, strict=True)
        )
        assert (distance[np.ix_(rows, columns)] <= whole[2]).all()


def test_the_file_says_what_it_is(tmp_path, like) -> None:
    """A Cloud-Optimised GeoTIFF with its grid, its words and its method; no record's id or text is in it."""
    hazards = frame(("SHA", box(2, 4, 3, 5)), ("CHA", None)).assign(name="SECRET-PERSON")
    found = rasterize(hazards, tmp_path / "out.tif", like=like)
    with rasterio.open(tmp_path / "out.tif") as dataset, rasterio.open(like) as asked:
        assert (dataset.transform, dataset.crs, dataset.shape) == (asked.transform, asked.crs, asked.shape)
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.descriptions == ("class", "covered_share", "distance_m")
        assert dataset.nodata == -1
        tags = dataset.tags()
    assert "3 Confirmed hazardous area (CHA); 2 Suspected" in tags["CLASSES"]
    assert "does not say that there is no hazard" in tags["CLASSES"]
    assert tags["CONTENT"] == "2 hazards on record; without an outline, and so not drawn: 1"
    assert tags["SOFTWARE"].startswith("hazardgeo ")
    assert "at most" in tags["METHOD"]
    assert "not thereby known to be safe" in tags["NOT_SAFE"]
    assert "like.tif" in tags["GRID"]
    raw = (tmp_path / "out.tif").read_bytes()
    assert b"SECRET-PERSON" not in raw
    assert b"H-0" not in raw
    assert found["cells"].tolist()[1] == 0
    assert found["within"].tolist() == [True, False]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["like.tif", "out.tif"]


def test_equal_runs_give_equal_bytes(tmp_path, like) -> None:
    hazards = frame(("SHA", box(2, 4, 3.5, 5)))
    for name in ("a.tif", "b.tif"):
        rasterize(hazards, tmp_path / name, like=like)
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, "Give the grid"),
        ({"resolution_m": 10, "like": "x.tif"}, "Give the grid"),
        ({"resolution_m": 0}, "resolution_m=0"),
        ({"resolution_m": math.nan}, "resolution_m=nan"),
        ({"resolution_m": 1e-4}, "more than 50"),
    ],
)
def test_a_grid_that_is_none_is_refused(tmp_path, said, message) -> None:
    with pytest.raises(FormatError, match=message):
        rasterize(frame(("SHA", box(2, 4, 3.5, 5))), tmp_path / "out.tif", **said)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_drawn_is_refused(tmp_path, like) -> None:
    hazards = frame(("SHA", box(2, 4, 3.5, 5)))
    with pytest.raises(FormatError, match=r"ends in \.tif"):
        rasterize(hazards, tmp_path / "out.png", like=like)
    with pytest.raises(FormatError, match="is the raster whose grid was to be taken"):
        rasterize(hazards, like, like=like)
    with pytest.raises(SchemaError, match="classification"):
        rasterize(hazards.drop(columns="classification"), tmp_path / "out.tif", like=like)
    with pytest.raises(GeometryError, match="No hazard has an outline"):
        rasterize(frame(("SHA", None)), tmp_path / "out.tif", like=like)
    with pytest.raises(StorageError, match="is not there"):
        rasterize(hazards, tmp_path / "nowhere" / "out.tif", like=like)


def test_a_grid_about_the_globe_is_refused_and_one_over_the_antimeridian_is_not(tmp_path) -> None:
    """Hazards at 179.9° E and W are 15 km apart, and not 360°: a grid of longitudes cannot say so, a plane can."""
    hazards = frame(*(("SHA", shapely.Point(lon, 52).buffer(0.01)) for lon in (179.9, -179.9)), crs="EPSG:4326")
    grid = write(tmp_path / "like.tif", np.zeros((10, 10)), "EPSG:4326", from_origin(179, 53, 0.1, 0.1))
    with pytest.raises(FormatError, match="more than half the globe"):
        rasterize(hazards, tmp_path / "out.tif", like=grid)
    beyond = write(tmp_path / "beyond.tif", np.zeros((10, 20)), "EPSG:4326", from_origin(179, 53, 0.1, 0.1))
    with pytest.raises(FormatError, match="beyond 180"):
        rasterize(hazards, tmp_path / "out.tif", like=beyond)
    rasterize(hazards, tmp_path / "out.tif", resolution_m=500)
    with rasterio.open(tmp_path / "out.tif") as dataset:
        assert 10_000 < dataset.width * 500 < 20_000


def test_a_file_that_reads_back_differently_does_not_replace_the_old_one(tmp_path, like, monkeypatch) -> None:
    """Two cells exchanged on the way to the file: what stood there stays, and nothing is left beside it."""
    (tmp_path / "out.tif").write_bytes(b"what stood there")
    write_level = cog._write_level

    def changed(path: Any, cells: list[np.ndarray], *rest: Any) -> None:
        write_level(path, [one[::-1] for one in cells], *rest)

    monkeypatch.setattr(cog, "_write_level", changed)
    with pytest.raises(StorageError, match=r"reads back differently.*class, level 0"):
        rasterize(frame(("SHA", box(2, 4, 3.5, 5))), tmp_path / "out.tif", like=like)
    assert (tmp_path / "out.tif").read_bytes() == b"what stood there"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["like.tif", "out.tif"]


def test_the_frame_that_was_given_stays_as_it_was(tmp_path, like) -> None:
    hazards = frame(("SHA", box(2, 4, 3.5, 5)), ("CHA", None))
    before = hazards.copy()
    found = rasterize(hazards, tmp_path / "out.tif", like=like)
    pd.testing.assert_frame_equal(hazards, before)
    pd.testing.assert_index_equal(found.index, hazards.index)
