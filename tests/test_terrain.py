"""Slope, direction, ruggedness and surface: planes, cones and spheres by hand, and what a file may do to them."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rasters_by_hand import from_origin, write

import hazardgeo as hz
from hazardgeo.errors import CRSError, FormatError
from hazardgeo.exposure import open_raster, terrain
from hazardgeo.exposure._relief import Steps, relief

# Equal-area; near its centre, at 10° E 52° N, its metres are those of the ground. PROJ 9.5 brings a place there and back within
# 0.3 mm, so that a share of a cell of 10 m is good to 3e-5.
LAEA = "EPSG:3035"
X, Y = 4_321_000, 3_210_000
RISE = st.floats(-3, 3)
SIDE = st.floats(0.1, 1000)


def steps(width: float, height: float, turned_deg: float = 0) -> Steps:
    """Cells of a grid that is turned against the clock."""
    c, s = math.cos(math.radians(turned_deg)), math.sin(math.radians(turned_deg))
    return Steps(*(np.full((1, 1), value) for value in (width * c, width * s, -height * s, height * c)))


def laid(function: Any, one: Steps, cells: int) -> np.ndarray:
    """Elevations over metres east and north of the middle of a square grid, with one cell more on each side."""
    at = np.arange(cells + 2) - (cells + 1) / 2
    column, row = np.meshgrid(at, -at)
    east, north = (one[i] * column + one[i + 2] * row for i in (0, 1))
    return np.asarray(function(east, north))


@given(RISE, RISE, SIDE, SIDE, st.floats(0, 360))
def test_a_plane_is_exact(east, north, width, height, turned) -> None:
    """Of z = a·e + b·n: slope atan |(a, b)|, downhill -(a, b), surface √(1 + a² + b²). Of the eight neighbours, i columns and j
    rows off, six have i² = 1, six j² = 1, and the products cancel: ruggedness is √(6 (rise by column)² + 6 (rise by row)²).
    """
    one = steps(width, height, turned)
    found = relief(laid(lambda e, n: east * e + north * n, one, 3), one)
    steepness = math.hypot(east, north)
    by_column, by_row = (east * one[i][0, 0] + north * one[i + 1][0, 0] for i in (0, 2))
    assert found.slope_deg == pytest.approx(math.degrees(math.atan(steepness)), abs=1e-9)
    assert found.surface_ratio == pytest.approx(math.sqrt(1 + steepness**2), rel=1e-12)
    assert found.ruggedness_m == pytest.approx(math.sqrt(6 * (by_column**2 + by_row**2)), rel=1e-9, abs=1e-9)
    if steepness > 1e-6:
        assert found.east == pytest.approx(-east / steepness, abs=1e-6)
        assert found.north == pytest.approx(-north / steepness, abs=1e-6)


def orders(function: Any, expected: Any, pick: Any) -> tuple[float, float]:
    """Order at which the largest error of slope and of surface falls when cells are halved, over the ground that `pick` takes.

    The field is 128 m across; `expected` gives the slope's tangent at a place.
    """
    slope_errors, surface_errors = [], []
    for cells in (64, 128):
        one = steps(128 / cells, 128 / cells)
        found = relief(laid(function, one, cells), one)
        at = (np.arange(cells) - (cells - 1) / 2) * 128 / cells
        east, north = np.meshgrid(at, -at)
        there = pick(np.hypot(east, north))
        tangent = expected(east, north)
        slope_errors.append(np.abs(np.tan(np.radians(found.slope_deg)) - tangent)[there].max())
        surface_errors.append(np.abs(found.surface_ratio - np.sqrt(1 + tangent**2))[there].max())
    return tuple(math.log2(errors[0] / errors[1]) for errors in (slope_errors, surface_errors))  # type: ignore[return-value]


def test_a_cone_is_met_at_second_order() -> None:
    """z = -0.7 r is everywhere as steep as 0.7, but at its tip; central differences err by a share of the cell's square."""
    found = orders(
        lambda e, n: -0.7 * np.hypot(e, n),
        lambda e, n: np.full(np.broadcast(e, n).shape, 0.7),
        lambda r: (r > 20) & (r < 60),
    )
    assert found == pytest.approx((2, 2), abs=0.1)


def test_a_sphere_is_met_at_second_order() -> None:
    """z = √(R² - r²): the ground leans by r / √(R² - r²), whose surface is R / √(R² - r²) of its plan; R = 100 m."""
    found = orders(
        lambda e, n: np.sqrt(100**2 - e**2 - n**2),
        lambda e, n: np.hypot(e, n) / np.sqrt(100**2 - e**2 - n**2),
        lambda r: r < 60,
    )
    assert found == pytest.approx((2, 2), abs=0.1)


GROUND = arrays(float, (5, 6), elements=st.floats(-400, 8000, width=32))


@given(GROUND, SIDE, SIDE)
def test_mirrored_ground_faces_the_mirrored_way(ground, width, height) -> None:
    """East and west change places in a grid read backwards, north and south in one read upwards; nothing else changes."""
    one = steps(width, height)
    found, mirrored, upturned = (relief(z, one) for z in (ground, ground[:, ::-1], ground[::-1]))
    for again, back, signs in (
        (mirrored, (slice(None), slice(None, None, -1)), (-1, 1)),
        (upturned, slice(None, None, -1), (1, -1)),
    ):
        for name in ("slope_deg", "ruggedness_m", "surface_ratio"):
            np.testing.assert_allclose(getattr(again, name)[back], getattr(found, name), rtol=1e-9, atol=1e-9)
        level = found.slope_deg < 1e-3  # the way down is decided by rounding
        for name, sign in zip(("east", "north"), signs, strict=True):
            there, here = getattr(again, name)[back], sign * getattr(found, name)
            np.testing.assert_allclose(there[~level], here[~level], rtol=0, atol=1e-6)


@given(GROUND, SIDE, SIDE, st.floats(0, 360))
def test_a_surface_is_never_smaller_than_its_plan(ground, width, height, turned) -> None:
    assert (relief(ground, steps(width, height, turned)).surface_ratio >= 1).all()


@given(GROUND, st.integers(0, 4), st.integers(0, 5))
def test_a_void_is_never_filled(ground, row, column) -> None:
    """Whoever has it for a neighbour, or is it, says nothing; all others say what they said before."""
    one = steps(30, 30)
    holed = ground.copy()
    holed[row, column] = np.nan
    rows, columns = np.indices((3, 4)) + 1
    beside = (np.abs(rows - row) <= 1) & (np.abs(columns - column) <= 1)
    for before, after in zip(relief(ground, one), relief(holed, one), strict=True):
        assert np.isnan(after[beside]).all()
        np.testing.assert_array_equal(after[~beside], before[~beside])


# From here on: files.


def write_dem(path: Any, values: np.ndarray, *, crs: Any = LAEA, west: float = X, north: float = Y, cell: float = 10,
              unit: str | None = "m", **more: Any) -> Any:  # fmt: skip
    """A GeoTIFF of elevations."""
    unit_of = {"unit": unit} if unit else {}
    return write(path, values, crs, from_origin(west, north, cell, cell), **unit_of, **more)


def cells(
    west: float,
    south: float,
    east: float,
    north: float,
    *,
    crs: Any = LAEA,
    x: float = X,
    y: float = Y,
    cell: float = 10,
) -> gpd.GeoDataFrame:
    """One hazard, in columns and rows from the north-west corner of the grid, rows counted southwards."""
    box = shapely.box(x + west * cell, y - south * cell, x + east * cell, y - north * cell)
    return gpd.GeoDataFrame(index=pd.Index(["H-1"], name="hazard_id"), geometry=[box], crs=crs)


def by_column(tangents: Any, cell: float = 10, rows: int = 20) -> np.ndarray:
    """Ground that rises eastwards by so much at each column: sums of rises, so that Horn's central difference is their mean."""
    return np.tile(np.cumsum(np.asarray(tangents, dtype=float)) * cell, (rows, 1))


def one(frame: pd.DataFrame) -> Any:
    assert len(frame) == 1
    return frame.iloc[0]


@pytest.fixture
def ramp(tmp_path):
    """20 by 20 cells of 10 m that rise by 3 in 4 to the east: 36.87°, which faces west."""
    return write_dem(tmp_path / "ramp.tif", by_column([0.75] * 20))


def test_a_hazard_on_a_ramp(ramp) -> None:
    """tan = 3/4: slope 36.87°, surface √(1 + 9/16) = 5/4 of the plan. Four by two and a half cells are ten, 1000 m²; eight
    neighbours are 7.5 m higher, as high or lower, six of them by 7.5 m: ruggedness 7.5 √6.
    """
    found = one(terrain(cells(5, 9.5, 9, 7), ramp))
    assert found["area_m2"] == pytest.approx(1000, rel=1e-6)
    assert found["surface_area_m2"] == pytest.approx(1250, rel=1e-6)
    assert found[["slope_mean_deg", "slope_max_deg"]].to_numpy(float) == pytest.approx(
        math.degrees(math.atan(0.75)), abs=1e-4
    )
    assert found["aspect_deg"] == pytest.approx(270, abs=0.01)
    assert found["aspect_agreement"] == pytest.approx(1, abs=1e-9)
    assert found["flat_share"] == 0
    assert found["ruggedness_m"] == pytest.approx(7.5 * math.sqrt(6))
    assert found[["steeper_than_15_deg_share", "steeper_than_30_deg_share", "covered_share"]].tolist() == [1, 1, 1]
    assert found["cells"] == pytest.approx(10, rel=1e-6)
    assert found["cell_m"] == pytest.approx(10, rel=1e-6)
    assert not found["at_least"]


def test_each_cell_weighs_as_much_as_lies_in_the_hazard(tmp_path) -> None:
    """Rises of 0, 0, 0, 1, 1 … : columns 0 and 1 are level, column 2 rises by (0 + 1) / 2, column 3 and on by 1.

    The hazard covers the whole of column 1, column 2 and a quarter of column 3: slopes 0°, 26.565°, 45°, which weigh 1, 1 and
    1/4. Level ground has no direction, so the rest alone says it.
    """
    dem = write_dem(tmp_path / "steps.tif", by_column([0, 0, 0, 1, 1, 1, 1, 1]))
    found = one(terrain(cells(1, 6, 3.25, 5), dem, limits_deg=(10, 40)))
    half = math.degrees(math.atan(0.5))
    assert found["slope_mean_deg"] == pytest.approx((half + 45 / 4) / 2.25, abs=1e-4)
    assert found["slope_max_deg"] == pytest.approx(45, abs=1e-4)
    assert found["flat_share"] == pytest.approx(1 / 2.25)
    assert found["aspect_deg"] == pytest.approx(270, abs=0.01)
    assert found["aspect_agreement"] == pytest.approx(1)
    assert found["steeper_than_10_deg_share"] == pytest.approx(1.25 / 2.25)
    assert found["steeper_than_40_deg_share"] == pytest.approx(0.25 / 2.25)


def test_a_ridge_faces_both_ways_and_so_none(tmp_path) -> None:
    """As much ground falls to the east as to the west: no way prevails. Its crest, two rises of which cancel, is level."""
    dem = write_dem(tmp_path / "ridge.tif", by_column([1] * 5 + [-1] * 5))
    found = one(terrain(cells(2, 6, 7, 5), dem))
    assert found["aspect_agreement"] == pytest.approx(0, abs=1e-4)
    assert math.isnan(found["aspect_deg"])
    assert found["flat_share"] == pytest.approx(1 / 5)


def test_the_surface_of_a_spherical_cap_is_met_at_second_order(tmp_path) -> None:
    """A cap whose foot is a circle of radius a on a sphere of radius R has 2πR (R - √(R² - a²)) of surface, over πa² of plan.

    R = 1000 m, a = 400 m, cells of 40 and of 20 m; the circle is drawn with 1440 chords, which leaves 3e-6 of it out of both.
    """
    circle = shapely.Point(X + 1000, Y - 1000).buffer(400, quad_segs=360)
    hazard = gpd.GeoDataFrame(geometry=[circle], crs=LAEA)
    expected = 2 * 1000 * (1000 - math.sqrt(1000**2 - 400**2)) / 400**2
    errors = []
    for cell in (40, 20):
        at = (np.arange(2000 // cell) + 0.5) * cell - 1000
        dem = write_dem(
            tmp_path / f"cap{cell}.tif", np.sqrt(np.maximum(1000**2 - at**2 - at[:, None] ** 2, 1)), cell=cell
        )
        found = one(terrain(hazard, dem))
        errors.append(abs(found["surface_area_m2"] / found["area_m2"] - expected))
    assert errors[1] < 3e-4
    assert math.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.3)


@pytest.mark.parametrize("lat", [0.0, 44.0, 60.0])
def test_degrees_are_as_long_as_on_the_ellipsoid(tmp_path, lat) -> None:
    """Ground that rises by a tenth of the geodesic distance northwards is as steep as 0.1, and ground that rises eastwards by
    10 km in a degree as 10 km over the length of that degree: both lengths by geodesics of PROJ, over a short way.
    """
    cell, n = 1 / 1200, 12
    lats = lat + n / 2 * cell - (np.arange(n) + 0.5) * cell
    north = np.array([pyproj.Geod(ellps="WGS84").inv(20, lat - 0.1, 20, one)[2] for one in lats]) / 10
    grid = {"crs": "EPSG:4326", "west": 20, "north": lat + n / 2 * cell, "cell": cell}
    where = {"crs": "EPSG:4326", "x": 20, "y": lat + n / 2 * cell, "cell": cell}
    found = one(terrain(cells(4, 7, 8, 5, **where), write_dem(tmp_path / "n.tif", np.tile(north[:, None], n), **grid)))
    assert math.tan(math.radians(found["slope_mean_deg"])) == pytest.approx(0.1, rel=1e-8)
    assert found["aspect_deg"] == pytest.approx(180)
    row = np.arange(n) * cell * 10_000
    found = one(terrain(cells(4, 7, 8, 6, **where), write_dem(tmp_path / "e.tif", np.tile(row, (n, 1)), **grid)))
    degree_m = pyproj.Geod(ellps="WGS84").inv(20, lats[6], 20.001, lats[6])[2] * 1000
    assert math.tan(math.radians(found["slope_mean_deg"])) == pytest.approx(10_000 / degree_m, rel=1e-6)
    assert found["aspect_deg"] == pytest.approx(270)


def mercator_scale(lat: float) -> tuple[float, float]:
    """Of Web Mercator against the ellipsoid: a over the radius of the parallel, and a / cos φ over the meridian's radius."""
    geod, sine = pyproj.Geod(ellps="WGS84"), math.sin(math.radians(lat))
    w = math.sqrt(1 - geod.es * sine**2)
    return w / math.cos(math.radians(lat)), w**3 / (1 - geod.es) / math.cos(math.radians(lat))


def test_web_mercator_is_brought_to_the_ground(tmp_path) -> None:
    """At 60° N its metres are half a metre of the ground: 0.1 by metre of the grid is 0.2 by metre."""
    x, y = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(20, 60)
    dem = write_dem(tmp_path / "plane.tif", by_column([0.1] * 20).T[::-1], crs="EPSG:3857", west=x - 100, north=y + 100)
    found = one(terrain(cells(9, 11, 11, 9, crs="EPSG:3857", x=x - 100, y=y + 100), dem))
    across, up = mercator_scale(60)
    assert math.tan(math.radians(found["slope_mean_deg"])) == pytest.approx(0.1 * up, rel=1e-5)
    assert found["cell_m"] == pytest.approx(10 / math.sqrt(across * up), rel=1e-5)


@pytest.mark.parametrize(("crs", "lon", "lat"), [("EPSG:32633", 20.5, 44.0), ("EPSG:32633", 15, 44.0)])
def test_a_plane_grid_is_brought_to_the_ground(tmp_path, crs, lon, lat) -> None:
    """A rise of 0.1 by metre of the grid is one of 0.1 k by metre of the ground, k the scale there; and what falls to the grid's
    south falls to the true south and its convergence. Both by PROJ's own factors (its convergence counts against the clock).
    """
    x, y = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
    factors = pyproj.Proj(crs).get_factors(lon, lat)
    dem = write_dem(tmp_path / "plane.tif", by_column([0.1] * 20).T[::-1], crs=crs, west=x - 100, north=y + 100)
    found = one(terrain(cells(9, 11, 11, 9, crs=crs, x=x - 100, y=y + 100), dem))
    assert math.tan(math.radians(found["slope_mean_deg"])) == pytest.approx(0.1 * factors.meridional_scale, rel=1e-5)
    assert found["aspect_deg"] == pytest.approx(180 + factors.meridian_convergence, abs=1e-3)
    assert found["cell_m"] == pytest.approx(10 / math.sqrt(factors.areal_scale), rel=1e-5)


def test_feet_are_feet(tmp_path, ramp) -> None:
    """The same ramp in feet: by the file's own word, or by what is given where it says nothing."""
    metres = by_column([0.75] * 20)
    hazard = cells(5, 9, 9, 7)
    expected = one(terrain(hazard, ramp))
    for unit, said, per_m in (
        ("ft", None, 1 / 0.3048),
        ("Feet", None, 1 / 0.3048),
        ("US survey foot", None, 3937 / 1200),
        (None, "ft", 1 / 0.3048),
        (None, "us-ft", 3937 / 1200),
        ("metre", "m", 1),
    ):
        dem = write_dem(tmp_path / "feet.tif", metres * per_m, unit=unit)
        found = one(terrain(hazard, dem, vertical_unit=said))
        pd.testing.assert_series_equal(found, expected, rtol=1e-9, check_exact=False)


def test_a_vertical_crs_says_the_unit(tmp_path) -> None:
    """EPSG:6360 counts US survey feet above NAVD 88."""
    dem = write_dem(
        tmp_path / "feet.tif",
        by_column([0.75] * 20) * 3937 / 1200,
        crs="EPSG:32633+6360",
        unit=None,
        west=500_000,
        north=5_000_000,
    )
    found = one(terrain(cells(5, 9, 9, 7, crs="EPSG:32633", x=500_000, y=5_000_000), dem))
    assert math.tan(math.radians(found["slope_mean_deg"])) == pytest.approx(0.75 * 0.9996, rel=1e-5)


@pytest.mark.parametrize(
    ("unit", "said", "message"),
    [
        (None, None, "does not say in which unit"),
        ("m", "ft", "'m', and 'ft' was given"),
        ("ft", "us-ft", "'ft', and 'us-ft' was given"),
        ("fathom", "m", "'fathom', which is no unit"),
        ("m", "yard", "vertical_unit='yard' is not known"),
    ],
)
def test_a_unit_that_nobody_knows_is_refused(tmp_path, unit, said, message) -> None:
    dem = write_dem(tmp_path / "dem.tif", by_column([1] * 9), unit=unit)
    with pytest.raises(FormatError, match=message):
        terrain(cells(1, 3, 2, 2), dem, vertical_unit=said)


def test_scale_and_offset_are_applied(tmp_path, ramp) -> None:
    """Decimetres above 100 m as whole numbers, as many rasters keep them: 7.5 m a column are 75 of them."""
    stored = by_column([0.75] * 20) * 10 - 1000
    dem = write_dem(tmp_path / "dem.tif", stored.astype("int16"), scale=0.1, offset=100)
    found, expected = (one(terrain(cells(5, 9, 9, 7), file)) for file in (dem, ramp))
    pd.testing.assert_series_equal(found, expected, rtol=1e-9, check_exact=False)


@pytest.mark.parametrize("void", [-9999.0, math.nan])
def test_a_void_takes_its_neighbours_along_and_says_so(tmp_path, void) -> None:
    """One cell in five by five: nine have no slope, and sixteen have 3 in 4. What has none counts as level in the surface:
    25 + 16 / 4 = 29 of 25.
    """
    ground = by_column([0.75] * 20)
    ground[10, 10] = void
    dem = write_dem(tmp_path / "void.tif", ground, nodata=void)
    found = one(terrain(cells(8, 13, 13, 8), dem))
    assert found["covered_share"] == pytest.approx(16 / 25)
    assert found["void_share"] == pytest.approx(1 / 25)
    assert found["at_least"]
    assert found["slope_mean_deg"] == pytest.approx(math.degrees(math.atan(0.75)), abs=1e-4)
    assert found["steeper_than_30_deg_share"] == pytest.approx(16 / 25)
    assert found["surface_area_m2"] / found["area_m2"] == pytest.approx(29 / 25, rel=1e-6)


def test_nothing_known_is_not_nought(tmp_path) -> None:
    """A hazard on voids, one off the raster, one without geometry: not measured, and each is still there."""
    ground = by_column([0.75] * 20)
    ground[5:15, 5:15] = -9999
    dem = write_dem(tmp_path / "void.tif", ground, nodata=-9999)
    geometry = [*(cells(*box).geometry.iloc[0] for box in ((8, 11, 11, 8), (30, 33, 33, 30))), None]
    hazards = gpd.GeoDataFrame(geometry=geometry, index=["void", "off", "none"], crs=LAEA)
    found = terrain(hazards, dem)
    assert found.index.tolist() == ["void", "off", "none"]
    measured = found.drop(columns=["area_m2", "cells", "covered_share", "void_share", "at_least"])
    assert measured.isna().all(axis=None)
    assert found["at_least"].all()
    np.testing.assert_allclose(found["covered_share"], [0, 0, np.nan])
    np.testing.assert_allclose(found["void_share"], [1, 0, np.nan], rtol=1e-6)


def test_the_edge_of_a_raster_has_no_slope(ramp) -> None:
    """The outermost cells have no eight neighbours: of four columns about the edge, one lies inside and has a slope."""
    found = one(terrain(cells(18, 9, 22, 7), ramp))
    assert found["covered_share"] == pytest.approx(1 / 4)
    assert found["void_share"] == 0
    assert found["at_least"]


@pytest.mark.parametrize("value", [-9999.0, -32768.0, 32767.0])
def test_a_void_that_is_not_declared_is_refused(tmp_path, value) -> None:
    """A neighbour of a hazard at -9999 m would be a cliff; `nodata=` or the file can say what it is."""
    ground = by_column([0.75] * 20)
    ground[6, 10] = value
    dem = write_dem(tmp_path / "void.tif", ground)
    with pytest.raises(FormatError, match=r"row 6, column 10.*elevation of no land"):
        terrain(cells(9, 9, 11, 7), dem)
    assert one(terrain(cells(9, 9, 11, 7), open_raster(dem, nodata=value)))["covered_share"] == pytest.approx(
        1 / 2, abs=1e-4
    )


def test_the_floor_of_a_sea_far_from_all_hazards_hinders_nobody(tmp_path) -> None:
    """Two cells from the hazard it is no neighbour, though it lies in the same window as another hazard."""
    ground = by_column([0.75] * 20)
    ground[12, 12] = -3000
    dem = write_dem(tmp_path / "sea.tif", ground)
    hazards = pd.concat([cells(5, 9, 9, 7), cells(15, 18, 18, 15).set_axis(["H-2"])])
    assert terrain(hazards, dem)["covered_share"].tolist() == pytest.approx([1, 1])


def test_hazards_come_in_any_crs_that_is_known(ramp) -> None:
    """The same outline in another CRS, or as longitude and latitude, lies on the same cells."""
    hazard = cells(5, 9, 9, 7)
    expected = one(terrain(hazard, ramp))
    for crs in ("EPSG:4326", "EPSG:32632"):
        pd.testing.assert_series_equal(one(terrain(hazard.to_crs(crs), ramp)), expected, rtol=1e-5, check_exact=False)
    with pytest.raises(CRSError, match="no CRS"):
        terrain(gpd.GeoDataFrame(geometry=hazard.geometry.array, crs=None).set_crs(None, allow_override=True), ramp)


def test_pieces_make_up_the_whole(tmp_path) -> None:
    """Means weigh by ground, so those of two pieces of a hazard, weighed by their ground, are those of the whole."""
    rng = np.random.default_rng(5)
    dem = write_dem(tmp_path / "rough.tif", rng.uniform(0, 30, (40, 40)), blockxsize=16, blockysize=16, tiled=True)
    whole, west, east = (
        one(terrain(cells(*box), dem)) for box in ((3.3, 31, 30, 5.5), (3.3, 31, 17.7, 5.5), (17.7, 31, 30, 5.5))
    )
    for name in ("slope_mean_deg", "flat_share", "ruggedness_m", "steeper_than_30_deg_share"):
        together = (west[name] * west["area_m2"] + east[name] * east["area_m2"]) / whole["area_m2"]
        assert together == pytest.approx(whole[name], rel=1e-5)
    assert west["surface_area_m2"] + east["surface_area_m2"] == pytest.approx(whole["surface_area_m2"], rel=1e-6)
    assert max(west["slope_max_deg"], east["slope_max_deg"]) == pytest.approx(whole["slope_max_deg"])


def test_the_frame_that_was_given_stays_as_it_was(ramp) -> None:
    hazards = cells(5, 9, 9, 7).assign(register="X")
    before = hazards.copy()
    found = terrain(hazards, ramp)
    pd.testing.assert_frame_equal(hazards, before)
    pd.testing.assert_index_equal(found.index, hazards.index)


@pytest.mark.parametrize("limits", [(-1,), (90,), (math.nan,), (15, 15)])
def test_limits_are_slopes(ramp, limits) -> None:
    with pytest.raises(FormatError, match="limits_deg"):
        terrain(cells(5, 9, 9, 7), ramp, limits_deg=limits)


def test_what_the_demo_shows() -> None:
    """Every hazard of the sample that lies on the clip has a slope; the others are there, unmeasured."""
    hazards = hz.read_hazards(hz.sample_data("central_asia.geojson"))
    found = terrain(hazards, hz.sample_data("central_asia_elevation.tif"))
    known = found["covered_share"] > 0
    assert len(found) == len(hazards)
    assert 10 <= known.sum() < len(hazards)
    assert (found.loc[known, "surface_area_m2"] >= found.loc[known, "area_m2"]).all()
    assert found.loc[~known, "slope_mean_deg"].isna().all()
