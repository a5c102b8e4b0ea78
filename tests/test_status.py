"""What is recorded at a place: words, distances and accuracies by hand, and never the word that nobody may say."""

from __future__ import annotations

import json
import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from by_hand import hazards_of
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.borders._parcel._status import AT_PLACE, status_at
from hazardgeo.borders._parcel._where import where
from hazardgeo.crs import GEOD
from hazardgeo.errors import CRSError, FormatError, GeometryError, SchemaError

BOX = shapely.box(16.0, 45.0, 16.01, 45.01)
SD = 10 / 1.96  # an outline good to 10 m at 95 %
INNER = shapely.Point(16.005, 45.005)


def beside(metres: float) -> shapely.Point:
    """A point so many metres east of the middle of the box's eastern edge, which is a geodesic."""
    return shapely.Point(GEOD.fwd(16.01, 45.005, 90, metres)[:2])


def at(place: object, *shapes: shapely.Polygon, sd: float = SD, **columns: object):
    return status_at(place, hazards_of(*(shapes or (BOX,)), vertex_sd_m=sd, **columns))


def releases_of(*shapes: shapely.Polygon, **columns: object) -> gpd.GeoDataFrame:
    data = {"hazard_id": "h0", "register": "REG", "country": "AAA", "kind": "cleared"} | columns
    index = [f"r{i}" for i in range(len(shapes))]
    return gpd.GeoDataFrame(data, geometry=list(shapes), index=index, crs=4326).rename_axis("release_id")


@pytest.mark.parametrize(
    ("metres", "word", "inside"),
    [(-11, "inside", True), (-9, "cannot_be_told", True), (9, "cannot_be_told", False), (11, "outside", False)],
)
def test_an_edge_that_may_be_off_by_ten_metres(metres, word, inside):
    answer = at(beside(metres))
    row = answer.records.iloc[0]
    assert (row["word"], bool(row["inside"]), bool(row["touches"])) == (word, inside, inside)
    assert row["edge_m"] == pytest.approx(abs(metres), abs=1e-3)
    assert row["distance_m"] == pytest.approx(max(0, metres), abs=1e-3)
    assert row["accuracy_m"] == pytest.approx(10)
    assert answer.is_recorded == (word != "outside")
    assert answer.places["word"].iloc[0] == word


def test_the_way_to_wgs84_counts_besides_and_a_missing_accuracy_is_said():
    """hypot(3, 4) = 5 m of standard deviation; without a statement 10 m is taken, and said."""
    assert at(INNER, sd=3.0, datum_accuracy_m=4.0).records["accuracy_m"].iloc[0] == pytest.approx(1.96 * 5)
    bare = status_at(INNER, hazards_of(BOX))
    assert bare.records["accuracy_m"].iloc[0] == pytest.approx(19.6)
    assert not bare.records["accuracy_stated"].iloc[0]
    assert "its own accuracy not stated" in bare.places["words"].iloc[0]


@pytest.mark.parametrize("metres", [0.5, 50, 2000, 9900])
def test_distance_and_direction_by_hand(metres):
    row = at(beside(metres)).records.iloc[0]
    assert row["distance_m"] == pytest.approx(metres, rel=1e-5, abs=1e-3)
    assert row["direction"] == "west"


def test_the_sentence_names_the_record_its_register_and_its_date():
    answer = at(INNER, date_of_information="2024-05-06")
    words = answer.places["words"].iloc[0]
    assert words.startswith("Inside the open hazard h0 of REG (SHA, open, 2024-05-06), ")
    assert "may be off by 10 m" in words
    assert str(answer) == f"45.00500° N, 16.00500° E: {words}"
    assert "no date stated" in at(INNER).places["words"].iloc[0]


def test_nothing_near_is_not_a_number_and_no_promise():
    answer = at(beside(10_050))
    place = answer.places.iloc[0]
    assert math.isnan(place["nearest_m"])
    assert place["nearest"] is None
    assert place[["word", "open", "closed", "released"]].tolist() == ["no_record", 0, 0, 0]
    assert place["words"] == "No open hazard is recorded within 10000 m. That does not say that there is no hazard."
    assert not answer.is_recorded
    assert answer.records.empty


def test_the_nearest_is_named_rounded_to_the_near_side():
    words = at(beside(127.9)).places["words"].iloc[0]
    assert words == (
        "The nearest open hazard on record, h0 of REG, is 127 m away to the west. That does not say that there is no hazard."
    )


def test_closed_and_released_ground_is_told_apart_and_changes_nothing_of_open_ground():
    hazards = hazards_of(BOX, BOX, vertex_sd_m=SD).assign(work_status=["closed", "open"])
    releases = releases_of(BOX, vertex_sd_m=SD, completed_on="2023-01-02")
    answer = status_at(INNER, hazards, releases)
    assert answer.places[["word", "open", "closed", "released"]].iloc[0].tolist() == ["inside", 1, 1, 1]
    assert answer.records["ground"].tolist() == ["closed", "open", "released"]
    words = answer.places["words"].iloc[0]
    assert words.startswith("Inside the open hazard h1 of REG")
    assert "Inside the closed hazard h0 of REG (SHA, closed, " in words
    assert "Inside the land released by r0 of REG (cleared, 2023-01-02)" in words
    closed = status_at(INNER, hazards.iloc[:1], releases)
    assert closed.places["word"].iloc[0] == "no_record"
    assert closed.is_recorded
    assert closed.places["words"].iloc[0].endswith("That does not say that there is no hazard.")


def test_a_status_that_is_not_stated_is_open():
    assert at(INNER, work_status="unstated").places["word"].iloc[0] == "inside"


@pytest.mark.parametrize(
    ("place", "word"),
    [
        (shapely.box(16.002, 45.002, 16.008, 45.008), "inside"),
        (shapely.box(16.002, 45.002, 16.02, 45.008), "partly_inside"),
        (shapely.box(15.99, 44.99, 16.02, 45.02), "partly_inside"),  # the hazard is in the parcel
        (shapely.LineString([(15.99, 45.005), (16.02, 45.005)]), "partly_inside"),
        (shapely.LineString([(16.01, 44.99), (16.01, 45.02)]), "cannot_be_told"),  # a track along the edge
        (shapely.box(16.01, 45.0, 16.02, 45.01), "cannot_be_told"),
        (shapely.MultiPoint([(16.005, 45.005), (16.3, 45.2)]), "partly_inside"),
        (shapely.box(16.011, 45.0, 16.02, 45.01), "outside"),
    ],
)
def test_lines_and_parcels(place, word):
    assert at(place).records["word"].iloc[0] == word


def test_a_symbol_may_lie_as_far_off_as_it_is_wide():
    """A hexagon 500 m across: what lies 400 m off cannot be told, and 600 m off it can."""
    centre = gpd.GeoSeries([shapely.Point(500_000, 5_000_000)] * 2, crs=32633)
    symbol = centre.buffer(250, 16).to_crs(4326).iloc[0]
    place = centre.translate(650, 0).to_crs(4326).iloc[0]
    far = centre.translate(850, 0).to_crs(4326).iloc[0]
    answer = at(place, symbol, geometry_kind="symbolic")
    assert answer.records["word"].tolist() == ["cannot_be_told"]
    assert answer.records["accuracy_m"].iloc[0] == pytest.approx(math.hypot(10, 500), rel=1e-3)
    assert "its outline is a symbol of its size" in answer.places["words"].iloc[0]
    assert at(far, symbol, geometry_kind="symbolic").records["word"].tolist() == ["outside"]
    assert at(place, symbol).records["word"].tolist() == ["outside"]


def test_records_without_outline_may_be_anywhere():
    hazards = hazards_of(BOX, BOX, vertex_sd_m=SD)
    hazards.loc["h1", "geometry"] = None
    answer = status_at(beside(5000), hazards)
    assert answer.without_outline == ("h1",)
    assert answer.is_recorded
    assert "1 of the hazards on record have no outline; they may lie here." in answer.places["words"].iloc[0]


def test_several_places_in_a_crs_of_their_own():
    places = gpd.GeoSeries([INNER, beside(2000), beside(20_000)], index=["p", "q", "r"], crs=4326).to_crs(32633)
    answer = status_at(places, hazards_of(BOX, vertex_sd_m=SD))
    assert answer.places.index.tolist() == ["p", "q", "r"]
    assert answer.places["word"].tolist() == ["inside", "outside", "no_record"]
    assert answer.places["nearest_m"].tolist() == pytest.approx([0, 2000, math.nan], abs=0.05, nan_ok=True)


def test_across_the_antimeridian():
    """A hazard that ends at 179.99° E, a place at 179.99° W: 0.02° of longitude apart."""
    hazard = shapely.box(179.98, 45.0, 179.99, 45.01)
    expected = GEOD.inv(179.99, 45.005, -179.99, 45.005)[2]
    row = at(shapely.Point(-179.99, 45.005), hazard).records.iloc[0]
    assert row["distance_m"] == pytest.approx(expected, rel=1e-5)
    assert row["direction"] == "west"


@settings(max_examples=30, deadline=None)
@given(st.floats(-0.08, 0.08), st.floats(-0.06, 0.06), st.floats(0.0005, 0.03), st.floats(0, 360))
def test_distance_against_points_along_the_edges(dlon, dlat, size, turn):
    """Independently: each edge is its geodesic with a point every metre, each asked for its distance by pyproj.

    A point at most h from the nearest place, along the edge, lies at most hypot(D, h) away where that lies D away. The points
    lie a little more than a metre apart, so that h is below 0.55 m.
    """
    angles = np.radians(turn + np.array([0, 90, 200, 290]))
    corners = np.column_stack([16 + size * np.cos(angles), 45 + size * np.sin(angles) * 0.7])
    place = shapely.Point(16 + dlon, 45 + dlat)
    rows = at(place, shapely.Polygon(corners), sd=0.0).records
    lon, lat = [], []
    for (x, y), (u, v) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        steps = np.array(GEOD.npts(x, y, u, v, int(GEOD.inv(x, y, u, v)[2]), initial_idx=0, terminus_idx=0))
        lon.append(steps[:, 0])
        lat.append(steps[:, 1])
    lon, lat = np.concatenate(lon), np.concatenate(lat)
    nearest = GEOD.inv(lon, lat, np.full_like(lon, place.x), np.full_like(lon, place.y))[2].min()
    if nearest > 10_001:
        assert rows.empty or rows["distance_m"].iloc[0] == 0
    elif nearest < 9_999:
        slack = 1e-3 + 1e-5 * nearest
        found = rows["edge_m"].iloc[0]
        assert found - slack <= nearest <= np.hypot(found, 0.55) + slack
        assert rows["distance_m"].iloc[0] in (0, rows["edge_m"].iloc[0])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(-0.03, 0.03), st.floats(-0.03, 0.03)), min_size=1, max_size=6))
def test_laws(offsets):
    """The order of the records changes nothing; a better outline never turns an answer into a worse one; more is never less."""
    shapes = [shapely.transform(BOX, lambda lonlat, move=move: lonlat + list(move)) for move in offsets]
    hazards = hazards_of(*shapes, vertex_sd_m=SD)
    answer, turned = status_at(INNER, hazards), status_at(INNER, hazards.iloc[::-1])
    assert answer.records.equals(turned.records)
    assert answer.places.equals(turned.places)
    exact = status_at(INNER, hazards.assign(vertex_sd_m=0.0)).records.set_index("record")["word"]
    for record, word in answer.records.set_index("record")["word"].items():
        assert word in (exact[record], "cannot_be_told")
    fewer = status_at(INNER, hazards.iloc[:1]).places.iloc[0]
    words = list(AT_PLACE.words)
    assert words.index(answer.places["word"].iloc[0]) <= words.index(fewer["word"])


def test_no_word_of_it_promises_anything():
    hazards = hazards_of(BOX, BOX, vertex_sd_m=SD).assign(work_status=["closed", "open"])
    texts = [
        str(status_at(place, hazards, releases_of(BOX))) for place in (INNER, beside(9), beside(100), beside(99_000))
    ]
    texts += [term.label + term.meaning for term in AT_PLACE.terms]
    assert not any(word in text.lower() for text in texts for word in ("safe", " free", "no risk", "no danger"))


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (shapely.Point(16, 95), "not on the globe"),
        (shapely.Point(), "no place"),
        (shapely.GeometryCollection([INNER, BOX]), "no place"),
        (shapely.Polygon([(16, 45), (16.1, 45.1), (16.1, 45), (16, 45.1)]), "not valid"),
        (shapely.box(10, 40, 20, 50), "wider than 5 degrees"),
        (shapely.Point(45.005, 16.005), "Give longitude first"),
    ],
)
def test_what_is_no_place_is_refused(place, why):
    with pytest.raises(GeometryError, match=why):
        at(place)


def test_a_pair_of_numbers_or_a_series_without_crs_is_refused():
    with pytest.raises(CRSError, match="shapely geometry in longitude and latitude"):
        at((16.0, 45.0))
    with pytest.raises(SchemaError, match="no CRS"):
        at(gpd.GeoSeries([INNER]))


@pytest.mark.parametrize("within_m", [-1, math.nan, 40_000])
def test_no_distance_is_refused(within_m):
    with pytest.raises(GeometryError, match="Give a length in metres"):
        status_at(INNER, hazards_of(BOX), within_m=within_m)


def test_frames_without_what_is_needed_are_refused():
    with pytest.raises(SchemaError, match="work_status"):
        status_at(INNER, hazards_of(BOX).drop(columns="work_status"))
    with pytest.raises(SchemaError, match="kind"):
        status_at(INNER, hazards_of(BOX), hazards_of(BOX))


def test_an_empty_register_records_nothing():
    answer = status_at(INNER, hazards_of(BOX).iloc[:0])
    assert answer.places["word"].tolist() == ["no_record"]


FILES = [hz.sample_data("bih_register.gpkg"), hz.sample_data("hrv_register.geojson")]


def test_where_inside_a_record_of_a_file():
    hazards = hz.read_hazards(FILES[0])
    place = hazards.geometry[hazards["work_status"] == "open"].iloc[0].representative_point()
    answer = where(FILES, place.x, place.y, releases=[hz.sample_data("bih_releases.gpkg")])
    assert answer.exit_status == 1
    assert hazards.index[hazards["work_status"] == "open"][0] in answer.as_words()
    said = json.loads(json.dumps(answer.as_object(), allow_nan=False))
    assert (said["longitude"], said["latitude"]) == (place.x, place.y)
    assert said["records"][0]["file"] == str(FILES[0])
    assert [Path(one["file"]).name for one in said["files"]] == [
        "bih_register.gpkg",
        "hrv_register.geojson",
        "bih_releases.gpkg",
    ]
    assert said["within_m"] == 10_000
    assert "proj" in " ".join(said["versions"]).lower()


def test_where_nothing_is_recorded():
    answer = where(FILES, 10.0, 50.0)
    assert answer.exit_status == 0
    assert json.loads(json.dumps(answer.as_object(), allow_nan=False))["nearest_m"] is None


def test_where_records_that_cannot_be_used_may_lie():
    """A register with quarantined records gives no clean answer anywhere."""
    dirty = hz.sample_data("hrv_register_dirty.geojson")
    answer = where([dirty], 10.0, 50.0)
    quarantined = len(answer.intakes[0].quarantine)
    assert quarantined > 0
    assert answer.exit_status == 1
    assert (
        f"{quarantined} of {answer.intakes[0].records_in} records cannot be used, and may lie here" in answer.as_words()
    )


def test_where_without_an_answer(tmp_path):
    with pytest.raises(FormatError):
        where([FILES[0], tmp_path / "gone.gpkg"], 16.0, 45.0)
    with pytest.raises(FormatError, match="None of the files holds hazards"):
        where([hz.sample_data("bih_releases.gpkg")], 16.0, 45.0)
    with pytest.raises(GeometryError, match="Give longitude first"):
        where(FILES, 45.0, 16.5)


@pytest.mark.parametrize("within_m", [float("nan"), -1, 30_001, 1e6, math.inf])
def test_no_distance_to_look_within_is_refused_before_any_file_is_answered_for(within_m):
    """Within NaN nothing is found, as every comparison with it is false: 'nothing is recorded', inside a hazard."""
    with pytest.raises(GeometryError, match=r"within_m is .* at most 30000"):
        where(FILES, 16.0, 45.0, within_m=within_m)
    with pytest.raises(GeometryError, match=r"within_m is .* at most 30000"):
        status_at(INNER, hazards_of(BOX), within_m=within_m)


def test_a_record_whose_status_is_not_known_is_open_and_a_release_is_released_whatever_its_columns():
    answer = status_at(INNER, hazards_of(BOX, work_status=None), releases_of(BOX, work_status="closed"))
    assert sorted(answer.records["ground"]) == ["open", "released"]


def test_a_place_that_holds_a_narrow_hazard_holds_it_for_certain():
    """30 m by 30 m, good to 20 m: no point lies in it for certain, and all of it lies in a place that reaches 30 m beyond it."""
    narrow = shapely.box(16.005, 45.005, 16.00538, 45.00527)
    wide, tight = (shapely.box(16.005 - d, 45.005 - d, 16.00538 + d, 45.00527 + d) for d in (0.0005, 0.0001))
    assert at(wide, narrow, sd=20 / 1.96).records["word"].tolist() == ["partly_inside"]
    assert at(tight, narrow, sd=20 / 1.96).records["word"].tolist() == ["cannot_be_told"]


@pytest.mark.parametrize(
    "place", [shapely.Point(math.nan, math.nan), shapely.Point(math.nan, 45), shapely.Point(16, math.inf)]
)
def test_a_place_that_is_no_number_is_refused_in_words(place):
    with pytest.raises(GeometryError, match="'the place': no place"):
        status_at(place, hazards_of(BOX))


def test_no_place_at_all_is_refused():
    with pytest.raises(GeometryError, match="No place was given"):
        status_at(gpd.GeoSeries([], crs=4326), hazards_of(BOX))
