"""Two versions of a border compared, and whether two neighbours' polygons fit, on lines whose answers are known by hand.

The line is the meridian 16° E from 44.5° to 46° N; another version lies a little east of it. On the parallel of
latitude the two are as far apart as `GEOD` says.
"""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from by_hand import LON, NORTH, SOUTH, fine, meridian_border

import hazardgeo as hz
from hazardgeo.borders._sources._gaps import gap_and_overlap, refuse_gap
from hazardgeo.borders._sources._versions import compare
from hazardgeo.crs import GEOD
from hazardgeo.errors import BorderError, CRSError

LENGTH = GEOD.inv(LON, SOUTH, LON, NORTH)[2]


def east(metres: float, lat: float = 45.0) -> float:
    """The longitude so many metres east of the line at a latitude."""
    return float(GEOD.fwd(LON, lat, 90, metres)[0])


def apart(lon: float, lat: float) -> float:
    return float(GEOD.inv(LON, lat, lon, lat)[2])


def area(shape: shapely.Polygon) -> float:
    """Geodesic area, by way of pyproj's own reading of a geometry."""
    return abs(GEOD.geometry_area_perimeter(fine(shape))[0])


def version_at(lon: float, offset_95_m: float = 100.0, north: float = NORTH, **changes: object) -> hz.BorderSet:
    """The countries of `meridian_border` with their line at another meridian."""
    border = meridian_border(offset_95_m)
    grounds = [fine(shapely.box(15, SOUTH, lon, NORTH)), fine(shapely.box(lon, SOUTH, 17, NORTH))]
    line = shapely.LineString([(lon, SOUTH), (lon, north)])
    parts = {"countries": border.countries.assign(geometry=grounds), "lines": border.lines.assign(geometry=[line])}
    return meridian_border(**(parts | changes))


def test_a_version_against_itself():
    row = compare(meridian_border(), meridian_border()).loc["AAA-BBB"]
    assert row[["median_m", "p95_m", "p99_m", "max_m", "moved_m2"]].tolist() == pytest.approx([0] * 5, abs=1e-6)
    assert row[["found_a", "found_b", "within_offsets"]].tolist() == [1, 1, 1]
    assert row["samples"] == 2 * round(LENGTH / 200)


def test_distances_by_hand():
    """The meridians draw together northwards, so the p-th percentile lies that share of the way from the north end."""
    lon = east(500)
    row = compare(meridian_border(), version_at(lon)).loc["AAA-BBB"]
    at = [GEOD.fwd(LON, NORTH, 180, LENGTH * share)[1] for share in (0.5, 0.95, 0.99)]
    assert row[["median_m", "p95_m", "p99_m"]].tolist() == pytest.approx([apart(lon, lat) for lat in at], abs=0.05)
    first = GEOD.fwd(LON, SOUTH, 0, 100)[1]  # the first sample is half a step from the south end
    assert row["max_m"] == pytest.approx(apart(lon, first), abs=0.01)
    assert (row["longitude"], row["latitude"]) == pytest.approx((LON, first), abs=1e-4)
    assert row[["length_a_km", "length_b_km"]].tolist() == pytest.approx([LENGTH / 1000] * 2, rel=1e-9)


def test_ground_that_changes_sides_is_the_strip_between():
    lon = east(500)
    row = compare(meridian_border(), version_at(lon)).loc["AAA-BBB"]
    assert row["moved_m2"] == pytest.approx(area(shapely.box(LON, SOUTH, lon, NORTH)), rel=1e-6)


def test_swapping_the_versions_swaps_the_columns():
    one, other = meridian_border(100), version_at(east(500), north=45.7)
    there, back = compare(one, other).loc["AAA-BBB"], compare(other, one).loc["AAA-BBB"]
    same = ["median_m", "p95_m", "p99_m", "max_m", "samples", "within_offsets", "moved_m2"]
    assert there[same].tolist() == pytest.approx(back[same].tolist())
    for name in ("length_{}_km", "found_{}", "offset_{}_m"):
        assert there[name.format("a")] == back[name.format("b")]
        assert there[name.format("b")] == back[name.format("a")]


@pytest.mark.parametrize(("metres", "share"), [(490, 1.0), (520, 0.0)])
def test_whether_both_offsets_explain_the_distance(metres, share):
    """hypot(300, 400) = 500; from one end of the line to the other the distance changes by 2.6 %, 13 m."""
    lon = east(metres, 44.5 if share else 46.0)  # at its widest, or at its narrowest
    border = meridian_border(300)
    other = version_at(lon, lines=version_at(lon).lines.assign(offset_95_m=400.0))
    assert compare(border, other).loc["AAA-BBB", "within_offsets"] == share


def test_what_has_no_counterpart_is_left_out_and_told():
    """The other version ends at 45.25° N: what lies further north would all go to its loose end."""
    half = GEOD.inv(LON, SOUTH, LON, 45.25)[2] / LENGTH
    row = compare(meridian_border(), version_at(east(500), north=45.25)).loc["AAA-BBB"]
    assert row["found_a"] == pytest.approx(half, abs=0.002)
    assert row["found_b"] == 1
    assert row["max_m"] < 510


def test_few_samples_tell_no_percentiles():
    """4 km of line are 20 samples each way."""
    short = [shapely.LineString([(lon, 45), (lon, 45.036)]) for lon in (LON, east(100))]
    one, other = (version_at(s.coords[0][0], lines=meridian_border().lines.assign(geometry=[s])) for s in short)
    row = compare(one, other).loc["AAA-BBB"]
    assert row["samples"] == 40
    assert np.isnan(row["p95_m"])
    assert row["median_m"] == pytest.approx(100, abs=0.1)


def test_a_pair_that_only_one_version_has_stands_in_the_table():
    osm = hz.borders.load("KHM", "LAO", "THA")
    less = hz.borders.load("KHM", "LAO", "THA", source="natural_earth")
    less = hz.BorderSet(
        less.countries, less.lines[less.lines["country_b"] != "THA"], less.extent, less.codes,
        less.source, less.version, less.licence, less.attribution,
    )  # fmt: skip
    table = compare(osm, less)
    assert table.index.tolist() == ["KHM-LAO", "KHM-THA", "LAO-THA"]
    assert table["median_m"].isna().tolist() == [False, True, True]
    assert table["length_b_km"].isna().tolist() == [False, True, True]
    assert (table["source_b"] == less.source).all()


def test_nothing_in_common_is_refused():
    with pytest.raises(BorderError, match=r"no line between the same two countries. Load both"):
        compare(meridian_border(), hz.borders.load("HRV", "BIH"))


def test_the_embedded_versions_lie_apart_as_the_offsets_say():
    """The build measured the 95th percentile with planes, samples and search of its own, and rounded it up to a metre."""
    osm, other = (hz.borders.load("HRV", "BIH", source=source) for source in hz.borders.SOURCES)
    row = compare(osm, other).loc["BIH-HRV"]
    assert row["p95_m"] == pytest.approx(row["offset_b_m"], rel=0.01)


def neighbours(gap_m: float, lat: float = 45.0, crs: str = "EPSG:4326") -> tuple[gpd.GeoSeries, gpd.GeoSeries]:
    """Two boxes 0.3° high whose edges are so many metres apart at a latitude; less than nothing is an overlap."""
    west = shapely.box(15.9, 44.9, LON, 45.2)
    other = shapely.box(east(gap_m, lat), 44.9, 16.2, 45.2)
    return tuple(gpd.GeoSeries([fine(one)], crs=4326).to_crs(crs) for one in (west, other))


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32633"])
def test_a_gap_by_hand(crs):
    """300 m apart at 44.9° N, where it is widest."""
    fit = gap_and_overlap(*neighbours(300, 44.9, crs), within_m=1000)
    strip = shapely.box(LON, 44.9, east(300, 44.9), 45.2)
    assert fit.gap_m == pytest.approx(300, abs=0.2)
    assert fit.gap_m2 == pytest.approx(area(strip), rel=0.002)  # its open ends sag a little
    assert fit.gap_at == pytest.approx((LON, 44.9), abs=0.005)
    assert fit.overlap_m2 == 0
    assert np.isnan(fit.overlap_m)


def test_an_overlap_by_hand():
    fit = gap_and_overlap(*neighbours(-300, 44.9), within_m=1000)
    assert fit.overlap_m2 == pytest.approx(area(shapely.box(east(-300, 44.9), 44.9, LON, 45.2)), rel=1e-5)
    assert fit.overlap_m == pytest.approx(300, abs=0.2)
    assert fit.gap_m2 == 0


def test_which_neighbour_comes_first_does_not_matter():
    one, other = neighbours(300)
    there, back = gap_and_overlap(one, other, within_m=1000), gap_and_overlap(other, one, within_m=1000)
    assert (there.gap_m2, there.gap_m) == pytest.approx((back.gap_m2, back.gap_m))


def test_what_is_wider_than_asked_is_no_gap_and_what_fits_has_none():
    wide = gap_and_overlap(*neighbours(1500), within_m=1000)
    fitting = gap_and_overlap(*neighbours(0), within_m=1000)
    for fit in (wide, fitting):
        assert (fit.gap_m2, fit.overlap_m2) == pytest.approx((0, 0))


def test_a_bay_of_one_country_is_no_gap():
    """A bay 500 m wide and 5 km deep in the west, far from the east."""
    west, east_ = neighbours(0)
    bay = shapely.box(15.93, 45.0, 15.935, 45.05)
    fit = gap_and_overlap(west.difference(bay), east_, within_m=1000)
    assert fit.gap_m2 == 0


@pytest.mark.parametrize("within_m", [0, -5, np.nan, 25_000])
def test_no_width_to_look_for_is_refused(within_m):
    with pytest.raises(BorderError, match="Give a length in metres"):
        gap_and_overlap(*neighbours(300), within_m=within_m)


def test_polygons_without_a_crs_are_refused():
    with pytest.raises(CRSError, match="no CRS"):
        gap_and_overlap(gpd.GeoSeries([shapely.box(15, 45, 16, 46)]), neighbours(0)[1], within_m=100)


def with_gap(gap_m: float, extra: str = "") -> hz.BorderSet:
    """The meridian border with its eastern country so many metres further east, and perhaps ground with a code between."""
    border = meridian_border(100)
    west, strip = border.countries.geometry.iloc[0], shapely.box(LON, SOUTH, east(gap_m, SOUTH), NORTH)
    grounds = [west, fine(shapely.box(east(gap_m, SOUTH), SOUTH, 17, NORTH))]
    countries = border.countries.assign(geometry=grounds)
    if extra:
        row = gpd.GeoDataFrame({"code": [extra], "name": [""], "claimants": [""]}, geometry=[fine(strip)], crs=4326)
        countries = pd.concat([countries, row], ignore_index=True)
    return meridian_border(100, countries=countries)


@pytest.mark.parametrize("gap_m", [0, 95, -95])
def test_neighbours_within_the_offset_are_accepted(gap_m):
    border = with_gap(gap_m)
    refuse_gap(border.lines, border.countries, "b.gpkg")


def test_a_gap_of_more_than_the_offset_is_refused_with_what_to_do():
    border = with_gap(110)
    with pytest.raises(
        BorderError, match=r"b.gpkg: AAA and BBB leave a gap of 110 m .* offset of their line \(100 m\).*undetermined"
    ):
        refuse_gap(border.lines, border.countries, "b.gpkg")


def test_ground_between_that_has_a_name_and_lines_of_its_own_is_no_gap():
    border = with_gap(500, "undetermined")
    lines = pd.concat([border.lines.assign(country_b="undetermined"), border.lines.assign(country_a="undetermined")])
    lines = lines.assign(geometry=[shapely.LineString([(x, SOUTH), (x, NORTH)]) for x in (LON, east(500, SOUTH))])
    refuse_gap(lines, border.countries, "b.gpkg")


@pytest.mark.parametrize("source", ["osm", "natural_earth"])
def test_the_embedded_sets_have_no_gap(source):
    for codes in hz.borders.embedded():
        border = hz.borders.load(*codes, source=source)
        refuse_gap(border.lines, border.countries, source)


def boxes(*bounds: tuple[float, float, float, float]) -> list[gpd.GeoSeries]:
    return [gpd.GeoSeries([shapely.box(*one)], crs=4326) for one in bounds]


def test_a_country_that_lies_wholly_in_another_overlaps_with_all_it_has():
    """0.2° by 0.2° in the middle of 2° by 2°: their edges lie some 70 km apart, and all its ground is common."""
    fit = gap_and_overlap(*boxes((16, 45, 18, 47), (16.9, 45.9, 17.1, 46.1)), within_m=2000)
    inner = abs(GEOD.geometry_area_perimeter(shapely.box(16.9, 45.9, 17.1, 46.1))[0])
    assert fit.overlap_m2 == pytest.approx(inner, rel=1e-6)
    # The place of the inner edge that lies deepest is (17, 45.9), a degree of longitude from the sides of the outer.
    assert fit.overlap_m == pytest.approx(GEOD.inv(17, 45.9, 18, 45.9)[2], rel=2e-3)
    assert fit.gap_m2 == 0


def test_an_overlap_of_any_width_is_measured_whole():
    """2° by 0.6°; the northern and the southern edge are geodesics of 3°, so that the reference is drawn along them."""
    one, other = boxes((16, 45, 19, 46), (17, 45.2, 20, 45.8))
    common = gpd.GeoSeries(fine_geodesics(one.iloc[0]).intersection(fine_geodesics(other.iloc[0])), crs=4326)
    fit = gap_and_overlap(one, other, within_m=2000)
    assert fit.overlap_m2 == pytest.approx(hz.area_m2(common).iloc[0], rel=1e-6)
    assert fit.overlap_m2 > 10e9


def fine_geodesics(box: shapely.Polygon) -> shapely.Polygon:
    """The box with a place every kilometre or so of each edge, along its geodesic."""
    corners = list(box.exterior.coords)
    xy: list[tuple[float, float]] = []
    for (lon, lat), (to_lon, to_lat) in itertools.pairwise(corners):
        count = int(GEOD.inv(lon, lat, to_lon, to_lat)[2] / 500)
        xy += [(lon, lat), *GEOD.npts(lon, lat, to_lon, to_lat, count)]
    return shapely.Polygon(xy)


def test_a_gap_over_the_antimeridian_is_a_gap():
    """0.02° of longitude at 45° N, as it is at 170° E, where no tile ends."""
    over = gap_and_overlap(*boxes((179.8, 45, 179.99, 45.1), (-179.99, 45, -179.8, 45.1)), within_m=2000)
    elsewhere = gap_and_overlap(*boxes((169.8, 45, 169.99, 45.1), (170.01, 45, 170.2, 45.1)), within_m=2000)
    assert over.gap_m == pytest.approx(GEOD.inv(179.99, 45, -179.99, 45)[2], abs=0.2)
    assert (over.gap_m, over.gap_m2) == pytest.approx((elsewhere.gap_m, elsewhere.gap_m2), rel=1e-6)
    turned = gap_and_overlap(*boxes((-179.99, 45, -179.8, 45.1), (179.8, 45, 179.99, 45.1)), within_m=2000)
    assert turned.gap_m2 == pytest.approx(over.gap_m2, rel=1e-6)
