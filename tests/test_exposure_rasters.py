"""Sums, statistics and classes of rasters under polygons: 3x3 grids whose answers can be seen, and independent counts."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import Affine
from rasters_by_hand import CELL, NINE, NORTH, UTM, WEST, cells, from_origin, write

import hazardgeo as hz
from hazardgeo.errors import CRSError, FormatError, GeometryError
from hazardgeo.exposure import open_raster, raster_by_class, raster_stats, raster_sum
from hazardgeo.exposure._cell_area import cell_areas_m2
from hazardgeo.exposure._raster import Window

pytest.importorskip("exactextract")


def approx(*values: float) -> object:
    """To one in a million, which is what 32 bits of a covered share carry."""
    return pytest.approx(list(values), rel=1e-6, nan_ok=True)


# --- counts ------------------------------------------------------------------------------------------------------


def test_sums_on_three_by_three_cells(tmp_path):
    """Rows 1 2 3 / 4 5 6 / 7 8 9.

    All of it: 45. The middle cell: 5. A quarter of the middle cell: 1.25. The square about the middle that takes half a cell on
    each side: 5 + (2 + 4 + 6 + 8) / 2 + (1 + 3 + 7 + 9) / 4 = 20.
    """
    found = raster_sum(
        cells((0, 0, 3, 3), (1, 1, 2, 2), (1.25, 1.25, 1.75, 1.75), (0.5, 0.5, 2.5, 2.5)),
        write(tmp_path / "nine.tif", NINE),
        kind="count",
    )
    assert found["sum"].tolist() == approx(45, 5, 1.25, 20)
    assert found.index.tolist() == ["z0", "z1", "z2", "z3"]
    assert found["covered_share"].tolist() == [1, 1, 1, 1]
    assert found["nodata_share"].tolist() == [0, 0, 0, 0]
    assert not found["at_least"].any()


def test_nodata_and_what_lies_outside_stand_beside_the_sum(tmp_path):
    """The middle cell (5) has no value.

    All: 40 over 8/9. The middle cell alone: nothing is known, which is NaN and not 0. The right half of the right column and as
    much beyond it: (3 + 6 + 9) / 2 = 9 over a half of the zone; the other half is outside. Far away: NaN, 0.
    """
    values = NINE.copy()
    values[1, 1] = -9999
    found = raster_sum(
        cells((0, 0, 3, 3), (1, 1, 2, 2), (1.2, 1.2, 1.8, 1.8), (2.5, 0, 3.5, 3), (50, 50, 51, 51)),
        write(tmp_path / "hole.tif", values, nodata=-9999),
        kind="count",
    )
    assert found["sum"].tolist() == approx(40, math.nan, math.nan, 9, math.nan)
    assert found["covered_share"].tolist() == approx(8 / 9, 0, 0, 0.5, 0)
    assert found["nodata_share"].tolist() == approx(1 / 9, 1, 1, 0, 0)
    assert found["at_least"].all()


def test_nodata_may_be_nan_a_mask_or_said_by_the_caller(tmp_path):
    """The same hole, declared in three ways: 40 over 8/9 each time."""
    values = NINE.copy()
    values[1, 1] = math.nan
    by_nan = write(tmp_path / "nan.tif", values, nodata=math.nan)
    masked = write(tmp_path / "mask.tif", NINE)
    with rasterio.open(masked, "r+") as dataset:
        dataset.write_mask(NINE != 5)
    said = open_raster(write(tmp_path / "said.tif", np.where(NINE == 5, -9999, NINE)), nodata=-9999)
    for raster in (by_nan, masked, said):
        found = raster_sum(cells((0, 0, 3, 3)), raster, kind="count")
        assert found["sum"].tolist() == approx(40)
        assert found["covered_share"].tolist() == approx(8 / 9)


def test_scale_and_offset_are_applied_and_nodata_is_meant_as_stored(tmp_path):
    """Stored 10 20 … 90 and 255 for nothing, a tenth of each and 100 more: 101 … 109; without the middle (105) that is 840."""
    stored = (10 * NINE).astype(np.uint8)
    stored[1, 1] = 255
    path = write(tmp_path / "scaled.tif", stored, nodata=255, scale=0.1, offset=100.0)
    assert raster_sum(cells((0, 0, 3, 3)), path, kind="count")["sum"].tolist() == approx(840)


def test_what_has_no_geometry_is_not_measured(tmp_path):
    zones = gpd.GeoSeries([None, *cells((1, 1, 2, 2))], crs=UTM)
    found = raster_sum(zones, write(tmp_path / "nine.tif", NINE), kind="count")
    assert found["sum"].tolist() == approx(math.nan, 5)
    assert math.isnan(found["covered_share"].iloc[0])
    assert found["at_least"].tolist() == [True, False]


def test_a_zone_of_several_parts_and_one_with_a_hole(tmp_path):
    """Corners 1 and 9 together: 10. All without the middle: 40."""
    (whole, middle, one, nine) = cells((0, 0, 3, 3), (1, 1, 2, 2), (0, 0, 1, 1), (2, 2, 3, 3))
    zones = gpd.GeoSeries([shapely.union(one, nine), shapely.difference(whole, middle)], crs=UTM)
    found = raster_sum(zones, write(tmp_path / "nine.tif", NINE), kind="count")
    assert found["sum"].tolist() == approx(10, 40)
    assert not found["at_least"].any()


# --- densities ---------------------------------------------------------------------------------------------------


def test_a_density_counts_on_the_true_area_of_its_cell(tmp_path):
    """100 on each km² of a cell of one degree by one degree, 45 to 46° N: 100 times its area in km².

    That area is independent of the library: pyproj's Geod over the cell with its parallels in steps of 0.001°.
    """
    path = write(tmp_path / "degree.tif", np.full((1, 1), 100.0), "EPSG:4326", from_origin(16, 46, 1, 1))
    zone = gpd.GeoSeries([shapely.segmentize(shapely.box(16, 45, 17, 46), 0.001)], crs="EPSG:4326")
    area, _ = pyproj.Geod(ellps="WGS84").geometry_area_perimeter(zone.iloc[0])
    found = raster_sum(zone, path, kind="density")
    assert found["sum"].tolist() == approx(100 * abs(area) / 1e6)


def test_a_density_in_a_plane_that_stretches_is_not_counted_on_the_plane(tmp_path):
    """Web Mercator at 60° N shows ground about four times too large; 1 on each km² is its true area all the same."""
    west, north, size = 1_800_000.0, 8_400_000.0, 1000.0
    path = write(tmp_path / "mercator.tif", np.ones((4, 4)), "EPSG:3857", from_origin(west, north, size, size))
    square = shapely.box(west + 500, north - 3500, west + 3500, north - 500)
    zone = gpd.GeoSeries([square], crs="EPSG:3857")
    found = raster_sum(zone, path, kind="density")["sum"].iloc[0]
    assert found == pytest.approx(float(hz.area_km2(zone).iloc[0]), rel=1e-5)
    assert found < 9 / 3.8


def test_areas_of_cells_are_those_of_their_polygons():
    """All cells of a global grid of 10° by 10° together are the ellipsoid, 510 065 621.724 km² (WGS 84)."""
    raster = open_raster_of(10.0)
    whole = 36 * cell_areas_m2(raster, Window(0, 0, 18, 36)).sum()
    assert whole / 1e6 == pytest.approx(510_065_621.724, rel=1e-9)


def open_raster_of(degrees: float) -> object:
    from hazardgeo.exposure import Raster

    size = round(180 / degrees)
    grid = pyproj.CRS.from_epsg(4326), -180.0, 90.0, degrees, degrees, 2 * size, size
    return Raster(Path("none.tif"), 1, *grid, None, 1.0, 0.0, (1, 1), "")


def test_what_a_raster_says_of_itself_is_not_overruled(tmp_path):
    density = write(tmp_path / "density.tif", NINE, description="Population density", unit="persons per km2")
    count = write(tmp_path / "count.tif", NINE, description="Population count")
    zone = cells((1, 1, 2, 2))
    with pytest.raises(FormatError, match="kind='density'"):
        raster_sum(zone, density, kind="count")
    with pytest.raises(FormatError, match="kind='count'"):
        raster_sum(zone, count, kind="density")
    assert raster_sum(zone, count, kind="count")["sum"].tolist() == approx(5)
    assert len(raster_sum(zone, density, kind="density")) == 1
    with pytest.raises(FormatError, match="kind='people'"):
        raster_sum(zone, count, kind="people")  # type: ignore[arg-type]


# --- where polygons and grid are not alike -----------------------------------------------------------------------


def test_polygons_are_brought_to_the_raster_and_counts_never_resampled(tmp_path):
    """The same zone in longitude and latitude: it is laid into UTM, and 20 people are 20."""
    path = write(tmp_path / "nine.tif", NINE)
    zones = cells((0.5, 0.5, 2.5, 2.5)).to_crs("EPSG:4326")
    assert raster_sum(zones, path, kind="count")["sum"].tolist() == approx(20)


def test_a_grid_in_an_old_datum_goes_through_the_door_for_datums(tmp_path):
    """Ground of one cell of 1 km on MGI 1901 in Bosnia, as the door brings it to WGS 84, is laid back onto that cell.

    By the same operation it is all of it; by PROJ's first, which agrees to 1 m, all but about a thousandth.
    """
    path = write(tmp_path / "old.tif", NINE, "EPSG:8678", from_origin(6_500_000, 4_900_000, 1000, 1000))
    cell = gpd.GeoDataFrame(geometry=[shapely.box(6_501_000, 4_898_000, 6_502_000, 4_899_000)], crs="EPSG:8678")
    there = hz.bring_to_wgs84(cell, datum_operation="EPSG:8823")
    named = open_raster(path, datum_operation="EPSG:8823")
    assert raster_sum(there, named, kind="count")["sum"].tolist() == approx(5)
    assert raster_sum(there, path, kind="count")["sum"].tolist() == pytest.approx([5], abs=0.01)


def test_a_grid_in_a_datum_whose_operations_disagree_is_refused_until_one_is_named(tmp_path):
    """Those for MGI 1901 in Kosovo differ by more than 1.6 km, as published."""
    path = write(tmp_path / "old.tif", np.ones((60, 60)), "EPSG:6316", from_origin(7_480_000, 4_740_000, 1000, 1000))
    zone = gpd.GeoSeries([shapely.box(21.15, 42.6, 21.16, 42.61)], crs="EPSG:4326")
    with pytest.raises(CRSError, match="datum_operation="):
        raster_sum(zone, path, kind="count")
    assert not raster_sum(zone, open_raster(path, datum_operation="EPSG:3962"), kind="count")["at_least"].any()


def test_a_grid_that_counts_longitudes_to_360(tmp_path):
    """Columns of 90° by 180° from 0 to 360 hold 1 2 3 4: a square degree is 1/16200 of one.

    What lies about 90° W is in the last, and what lies about Greenwich half in the last and half in the first.
    """
    path = write(tmp_path / "turn.tif", np.array([[1.0, 2.0, 3.0, 4.0]]), "EPSG:4326", from_origin(0, 90, 90, 180))
    zones = gpd.GeoSeries([shapely.box(-90, -0.5, -89, 0.5), shapely.box(-0.5, -0.5, 0.5, 0.5)], crs="EPSG:4326")
    found = raster_sum(zones, path, kind="count")
    assert (found["sum"] * 16200).tolist() == pytest.approx([4, 2.5], rel=1e-4)  # the edges of the zones are geodesics
    assert not found["at_least"].any()


# --- sums add up, and agree with other ways ----------------------------------------------------------------------


@settings(max_examples=25)
@given(
    at=st.tuples(st.floats(-1, 4), st.floats(-1, 4)),
    size=st.floats(0.01, 4),
    cut=st.floats(0.05, 0.95),
    hole=st.integers(0, 8),
)
def test_sums_add_over_a_partition(tmp_path_factory, at, size, cut, hole):
    """A zone cut in two has the people of its halves, and as much unknown ground."""
    values = NINE.copy()
    values.ravel()[hole] = -1
    path = write(tmp_path_factory.mktemp("partition") / "nine.tif", values, nodata=-1)
    (west, top), middle = at, at[0] + cut * size
    zones = cells(
        (west, top, west + size, top + size), (west, top, middle, top + size), (middle, top, west + size, top + size)
    )
    found = raster_sum(zones, path, kind="count")
    known = np.nan_to_num(found["sum"].to_numpy())
    assert known[1] + known[2] == pytest.approx(known[0], rel=1e-5, abs=1e-6)
    share = found["covered_share"].to_numpy()
    assert cut * share[1] + (1 - cut) * share[2] == pytest.approx(share[0], abs=1e-5)


def test_sums_agree_with_oversampling_by_brute_force(tmp_path):
    """Any polygon over 20 x 20 cells: a million points on a lattice, each worth its cell's value over the points in the cell."""
    random = np.random.default_rng(4)
    values = random.gamma(0.5, 20, (20, 20))
    path = write(tmp_path / "random.tif", values, tiled=True, blockxsize=16, blockysize=16)
    fine = (np.arange(1000) + 0.5) / 50
    x, y = np.meshgrid(fine, fine)
    worth = values[y.astype(int), x.astype(int)] / 2500
    points = shapely.points(x.ravel(), -y.ravel())
    for _ in range(3):
        hull = shapely.convex_hull(shapely.multipoints(random.uniform([2, -18], [18, -2], (6, 2))))
        inside = shapely.contains_xy(hull, shapely.get_coordinates(points))
        zone = shapely.transform(hull, lambda xy: xy * CELL + [WEST, NORTH])
        found = raster_sum(gpd.GeoSeries([zone], crs=UTM), path, kind="count")["sum"].iloc[0]
        assert found == pytest.approx(worth.ravel()[inside].sum(), rel=2e-3)


def test_blocks_and_tiles_make_no_difference(tmp_path, monkeypatch):
    """One value in each cell is the zone's own size in cells, however the file is stored and however small the tiles are."""
    from hazardgeo.exposure import _zonal

    zones = cells((3.3, 2.2, 40.7, 55.5), (0, 0, 64, 64), (31.5, 31.5, 32.5, 32.5), (-5, 60, 5, 70))
    size = [37.4 * 53.3, 4096, 1, 20]
    ones = np.ones((64, 64), dtype=np.float32)
    for cells_at_once, side in ((2**22, 512), (1, 1)):
        monkeypatch.setattr(_zonal, "_TILE_CELLS", cells_at_once)
        monkeypatch.setattr(_zonal, "_TILE_SIDE", side)
        for name, stored in (("strips", {}), ("tiles", {"tiled": True, "blockxsize": 16, "blockysize": 16})):
            path = write(tmp_path / f"{name}{side}.tif", ones, **stored)
            assert raster_sum(zones, path, kind="count")["sum"].tolist() == approx(*size)


def test_each_stored_block_is_read_once(tmp_path, monkeypatch):
    """Windows of one question never share a block, whatever the order of the polygons."""
    from hazardgeo.exposure._zonal import Zones
    from hazardgeo.measure import wgs84_polygons

    monkeypatch.setattr("hazardgeo.exposure._zonal._TILE_SIDE", 32)
    path = write(tmp_path / "blocks.tif", np.ones((256, 256), np.float32), tiled=True, blockxsize=16, blockysize=16)
    random = np.random.default_rng(2)
    corners = random.uniform(0, 250, (200, 2))
    zones = cells(*((x, y, x + 5, y + 5) for x, y in corners.tolist()))
    seen: set[tuple[int, int]] = set()
    for _, window in Zones(wgs84_polygons(zones), open_raster(path)).tiles:
        blocks = {
            (row, column)
            for row in range(window.row // 16, (window.row + window.rows - 1) // 16 + 1)
            for column in range(window.column // 16, (window.column + window.columns - 1) // 16 + 1)
        }
        assert not blocks & seen
        seen |= blocks


# --- statistics and classes --------------------------------------------------------------------------------------


def test_statistics_weigh_cells_by_what_is_covered_of_them(tmp_path):
    """Over 1 and a half of 2: mean (1 + 1) / 1.5 = 4/3, mean square (1 + 2) / 1.5 = 2, sd √(2 - 16/9) = √(2/9)."""
    found = raster_stats(cells((0, 0, 1.5, 1), (0, 0, 3, 3), (9, 9, 10, 10)), write(tmp_path / "nine.tif", NINE - 5))
    assert found["mean"].tolist() == approx(4 / 3 - 5, 0, math.nan)
    assert found["sd"].tolist() == approx(math.sqrt(2 / 9), math.sqrt(60 / 9), math.nan)
    assert found["minimum"].tolist() == approx(-4, -4, math.nan)
    assert found["maximum"].tolist() == approx(-3, 4, math.nan)
    assert found["at_least"].tolist() == [False, False, True]


def test_classes_account_for_all_of_a_zone(tmp_path):
    """Classes 1 1 2 / 1 - 2 / 3 3 2 and a zone of 4 x 3 cells of which a column lies outside, each cell 1/12 of it."""
    classes = np.array([[1, 1, 2], [1, 0, 2], [3, 3, 2]], dtype=np.uint8)
    path = write(tmp_path / "classes.tif", classes, nodata=0)
    zones = gpd.GeoDataFrame(geometry=cells((0, 0, 4, 3), (0, 0, 1, 1)))
    found = raster_by_class(zones, path, names={1: "cropland", 2: "pasture"})
    shares = found.set_index(["zone", "class"])["share"].to_dict()
    assert {key: round(share * 12, 5) for key, share in shares.items()} == {
        ("z0", 1): 3, ("z0", 2): 3, ("z0", 3): 2, ("z0", "nodata"): 1, ("z0", "outside"): 3, ("z1", 1): 12,
    }  # fmt: skip
    assert found["class_name"].tolist() == ["cropland", "pasture", "", "", "", "cropland"]
    assert found.groupby("zone")["area_m2"].sum().to_numpy() == pytest.approx(hz.area_m2(zones).to_numpy(), rel=1e-6)


def test_a_class_is_a_whole_number_and_what_has_no_outline_has_one_row(tmp_path):
    zones = gpd.GeoSeries([None, *cells((0, 0, 1, 1))], index=pd.Index(["a", "b"], name="hazard_id"), crs=UTM)
    found = raster_by_class(zones, write(tmp_path / "nine.tif", NINE))
    assert found["hazard_id"].tolist() == ["a", "b"]
    assert found["class"].tolist() == ["nodata", 1]
    assert math.isnan(found["share"].iloc[0])
    with pytest.raises(FormatError, match="whole number"):
        raster_by_class(zones, write(tmp_path / "half.tif", NINE / 2))


# --- refusals ----------------------------------------------------------------------------------------------------


def test_a_value_that_cannot_be_counted_is_refused_with_its_place(tmp_path):
    values = NINE.copy()
    values[1, 2] = -9999
    path = write(tmp_path / "undeclared.tif", values)
    with pytest.raises(FormatError, match=r"row 1, column 2.* -9999, which is less than nothing.*nodata="):
        raster_sum(cells((0, 0, 3, 3)), path, kind="count")
    assert raster_sum(cells((0, 0, 1, 1)), path, kind="count")["sum"].tolist() == approx(
        1
    )  # nobody asked about that cell
    values[1, 2] = math.inf
    with pytest.raises(FormatError, match="no finite number"):
        raster_sum(cells((0, 0, 3, 3)), write(tmp_path / "inf.tif", values), kind="count")
    values[1, 2] = math.nan
    with pytest.raises(FormatError, match="no finite number"):
        raster_sum(cells((0, 0, 3, 3)), write(tmp_path / "nan.tif", values), kind="count")


def test_a_file_that_is_cut_off_is_refused_and_not_summed(tmp_path):
    random = np.random.default_rng(0).random((256, 256))
    path = write(tmp_path / "whole.tif", random, compress="deflate", tiled=True, blockxsize=64, blockysize=64)
    (tmp_path / "cut.tif").write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(FormatError, match=r"cut\.tif.*(cut off|no GeoTIFF)"):
        raster_sum(cells((0, 0, 256, 256)), tmp_path / "cut.tif", kind="count")


def test_a_raster_without_a_place_is_refused(tmp_path):
    zone = cells((0, 0, 1, 1))
    with pytest.raises(CRSError, match="names no CRS"):
        raster_sum(zone, write(tmp_path / "no_crs.tif", NINE, None), kind="count")
    said = open_raster(tmp_path / "no_crs.tif", crs=UTM)
    assert raster_sum(zone, said, kind="count")["sum"].tolist() == approx(1)
    with pytest.raises(CRSError, match="Correct one of the two"):
        open_raster(write(tmp_path / "utm.tif", NINE), crs="EPSG:4326")
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        bare = write(tmp_path / "bare.tif", NINE, UTM, Affine.identity())
    with pytest.raises(FormatError, match="no georeference"):
        open_raster(bare)


@pytest.mark.parametrize(
    ("transform", "crs", "match"),
    [
        (Affine(100, 5, WEST, 5, -100, NORTH), UTM, "turned"),
        (Affine(100, 0, WEST, 0, 100, NORTH), UTM, "upside down"),
        (from_origin(16, 45, 0.01, 0.01), UTM, "counts metres"),
        (from_origin(WEST, NORTH, 100, 100), "EPSG:4326", "longitude and latitude"),
    ],
)
def test_a_grid_that_cannot_be_laid_out_is_refused(tmp_path, transform, crs, match):
    with pytest.raises((FormatError, CRSError), match=match):
        open_raster(write(tmp_path / "grid.tif", NINE, crs, transform))


def test_absurd_dimensions_are_refused_before_anything_is_read(tmp_path, monkeypatch):
    """A file of a few hundred bytes may say that it has any number of cells, or that its blocks are huge."""
    sparse = {"driver": "GTiff", "count": 1, "dtype": "uint8", "crs": UTM, "SPARSE_OK": "TRUE", "BIGTIFF": "YES"}
    grid = from_origin(WEST, NORTH, 1, 1)
    with rasterio.open(
        tmp_path / "wide.tif", "w", width=2_000_000, height=600_000, transform=grid, tiled=True, blockxsize=8192,
        blockysize=8192, **sparse,
    ):  # fmt: skip
        pass
    with pytest.raises(FormatError, match="2000000 x 600000 cells"):
        open_raster(tmp_path / "wide.tif")
    with rasterio.open(
        tmp_path / "block.tif", "w", width=20_000, height=20_000, transform=grid, tiled=True, blockxsize=17_408,
        blockysize=17_408, **sparse,
    ):  # fmt: skip
        pass
    with pytest.raises(FormatError, match="TILED=YES"):
        open_raster(tmp_path / "block.tif")


def test_what_is_no_geotiff_is_not_opened(tmp_path):
    (tmp_path / "text.tif").write_text('<VRTDataset rasterXSize="1" rasterYSize="1"></VRTDataset>')
    with pytest.raises(FormatError, match="no GeoTIFF"):
        open_raster(tmp_path / "text.tif")
    with pytest.raises(FormatError, match="address"):
        open_raster("https://example.org/a.tif")
    with pytest.raises(FormatError, match="no file"):
        open_raster(tmp_path / "none.tif")


def test_bands_are_named_where_there_are_several(tmp_path):
    path = write(tmp_path / "two.tif", np.stack([NINE, 10 * NINE]))
    with pytest.raises(FormatError, match="2 bands"):
        open_raster(path)
    with pytest.raises(FormatError, match="no band 3"):
        open_raster(path, band=3)
    zone = cells((1, 1, 2, 2))
    assert raster_sum(zone, open_raster(path, band=2), kind="count")["sum"].tolist() == approx(50)


def test_without_the_extra_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "exactextract", None)
    monkeypatch.delitem(sys.modules, "hazardgeo.exposure._extract", raising=False)
    with pytest.raises(FormatError, match=r'pip install "hazardgeo\[raster\]"'):
        raster_sum(cells((0, 0, 1, 1)), write(tmp_path / "nine.tif", NINE), kind="count")


def test_zones_that_are_no_polygons_are_refused(tmp_path):
    with pytest.raises(GeometryError, match="no polygon"):
        raster_sum(gpd.GeoSeries([shapely.Point(0, 0)], crs=UTM), write(tmp_path / "nine.tif", NINE), kind="count")


def test_a_zone_that_crosses_itself_by_rounding_counts_no_cell_beside_it(tmp_path):
    """Outlines that an overlay made may cross themselves in the last digits once they are laid elsewhere.

    exactextract takes no offence, and may count whole cells beside such an outline. The two triangles of a bow-tie over cells
    of one each are worth their area.
    """
    from hazardgeo.exposure._zonal import Zones

    path = write(tmp_path / "ones.tif", np.ones((9, 9)))
    bow_tie = shapely.Polygon([(1, -1), (7, -7), (7, -1), (1, -7), (1, -1)])
    laid = shapely.transform(bow_tie, lambda xy: xy * CELL + [WEST, NORTH])
    lonlat = gpd.GeoSeries([laid], crs=UTM).to_crs("EPSG:4326")
    from hazardgeo.exposure._sums import sums

    zones = Zones(np.asarray(lonlat.array, dtype=object), open_raster(path))
    assert sums(zones, "count")["sum"].tolist() == pytest.approx([18], rel=1e-3)


# --- a published example -----------------------------------------------------------------------------------------

SAO_MIGUEL = "rasters/sao_miguel/inst/sao_miguel"


@pytest.fixture(scope="module")
def sao_miguel():
    """Vignettes of exactextractr; their data are not in this project (HAZARDGEO_TRIALS names the folder that holds them)."""
    import os

    folder = Path(os.environ.get("HAZARDGEO_TRIALS", "")) / SAO_MIGUEL
    if not os.environ.get("HAZARDGEO_TRIALS") or not folder.is_dir():
        pytest.skip("the data of exactextractr's vignettes are not here")
    return folder, gpd.read_file(folder / "concelhos.gpkg").set_index("name")


def test_the_vignette_on_population(sao_miguel):
    """What it prints: summing the counts of coastal cells loses 9 % of the island, densities on true areas less than 1 %."""
    folder, concelhos = sao_miguel
    with rasterio.open(folder / "gpw_v411_2020_count_2020.tif") as dataset:
        island = float(dataset.read(1, masked=True).sum())
    counted = raster_sum(concelhos, folder / "gpw_v411_2020_count_2020.tif", kind="count")["sum"].sum()
    on_ground = raster_sum(concelhos, folder / "gpw_v411_2020_density_2020.tif", kind="density")["sum"].sum()
    assert int(100 * (island - counted) / island) == 9
    assert abs(island - on_ground) / island < 0.01


def test_the_vignette_on_land_cover(sao_miguel):
    """It is done with exactextractr's own package, so exactextract as called is what its numbers are: shares by class."""
    from exactextract import exact_extract

    folder, concelhos = sao_miguel
    theirs = exact_extract(
        folder / "clc2018_v2020_20u1.tif", concelhos.reset_index(), ["unique", "frac"], output="pandas"
    )
    ours = raster_by_class(concelhos.rename_axis("zone"), folder / "clc2018_v2020_20u1.tif")
    for name, classes, shares in zip(concelhos.index, theirs["unique"], theirs["frac"], strict=True):
        mine = ours[ours["zone"] == name].set_index("class")["share"]
        assert mine.reindex(classes.astype(int)).to_numpy() == pytest.approx(shares, abs=1e-6)
