"""The sample data shows what it says it shows, and can be made again."""

import subprocess
import sys
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import rasterio
import shapely

import hazardgeo as hz
from hazardgeo.datasets import sample_folder

FILES = (
    "README.md", "bih_register.gpkg", "bih_register_dirty.csv", "bih_register_dirty.toml", "bih_releases.gpkg",
    "central_asia.geojson", "central_asia_elevation.tif", "central_asia_releases.geojson", "demarcated_border.gpkg",
    "dirty_expected.csv", "fictional_land_cover.tif", "fictional_population.tif",
    "hrv_register.geojson", "hrv_register_dirty.geojson", "hrv_releases.geojson", "hrv_releases_dirty.toml",
    "hrv_releases_dirty.zip", "kazakhstan_depots.geojson", "kazakhstan_points.geojson",
    "programme_2003_2006.geojson", "programme_2003_2006.toml",
    "programme_2003_2006_releases.geojson", "programme_central_asia.geojson", "programme_central_asia.toml",
    "programme_central_asia_releases.geojson", "south_caucasus.geojson", "south_caucasus_releases.geojson",
    "southeast_europe.geojson", "southeast_europe_places.geojson", "southeast_europe_releases.geojson",
)  # fmt: skip
CODES = ("BIH", "HRV")
NAMES = {"BIH": ("bih_register.gpkg", "bih_releases.gpkg"), "HRV": ("hrv_register.geojson", "hrv_releases.geojson")}
OPEN = hz.vocabulary.OPEN_STATUSES
PLANE = 32633
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def hazards():
    return {code: hz.read_hazards(hz.sample_data(NAMES[code][0])) for code in CODES}


@pytest.fixture(scope="module")
def releases():
    return {code: hz.read_releases(hz.sample_data(NAMES[code][1])) for code in CODES}


@pytest.fixture(scope="module")
def border():
    return hz.borders.read(hz.sample_data("demarcated_border.gpkg"))


@pytest.fixture(scope="module")
def pairs(hazards):
    return hz.borders.overlaps(hazards["BIH"], hazards["HRV"])


def _flat(frame):
    return frame.geometry.to_crs(PLANE).to_numpy()


def test_files_are_few_and_small():
    assert tuple(sorted(path.name for path in sample_folder().iterdir())) == FILES
    assert sum(path.stat().st_size for path in sample_folder().iterdir()) < 3e6


@pytest.mark.parametrize("code", CODES)
def test_everything_is_fictional_and_says_so(code, hazards, releases, border):
    for frame in (hazards[code], releases[code]):
        assert set(frame["register"]) == {f"FICTIONAL-{code}"}
        assert set(frame["country"]) == {code}
        assert set(frame["source"]) == {"fictional"}
        assert set(frame["confidentiality"]) == {"fictional - may be shared"}
    assert hazards[code]["keeper"].str.startswith("Fictional ").all()
    assert hazards[code]["reported_by"].str.startswith("Fictional ").all()
    assert releases[code]["organisation"].str.startswith("Fictional ").all()
    assert border.source.startswith("FICTIONAL")
    assert border.attribution == "© OpenStreetMap contributors, ODbL 1.0"
    first = (sample_folder() / "README.md").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("**Everything here is FICTIONAL")
    assert first.endswith("**")


@pytest.mark.parametrize("name", [name for pair in NAMES.values() for name in pair])
def test_records_are_read_without_a_finding(name):
    read = hz.read_releases if "releases" in name else hz.read_hazards
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = read(hz.sample_data(name))
    assert frame.is_valid.all()
    assert frame.crs.to_epsg() == 4326


def test_counts_and_terms(hazards):
    assert 250 <= len(hazards["BIH"]) <= 350
    assert 200 <= len(hazards["HRV"]) <= 300
    for frame in hazards.values():
        assert set(frame["classification"]) == {"SHA", "CHA", "unstated"}
        assert set(frame["work_status"]) == set(hz.vocabulary.WORK_STATUS.words) - {"unstated"}
        assert frame["date_of_information"].between("2019-01-01", "2025-12-31").all()
        assert (frame["work_status"] == "open").mean() > 0.5


def test_two_formats_in_two_coordinate_systems(hazards):
    assert set(hazards["BIH"]["source_crs"]) == {"EPSG:32633"}
    assert set(hazards["HRV"]["source_crs"]) == {"EPSG:4326"}


@pytest.mark.parametrize("code", CODES)
def test_sizes_are_those_of_real_registers(code, hazards):
    """Median 4.4 ha in 7 970 real suspected areas of the region; here from some 300 m² to some km²."""
    area = hz.area_m2(hazards[code])
    assert 2e4 < area.median() < 8e4
    assert area.between(300, 1200).any()
    assert 1e6 < area.max() < 5e6


@pytest.mark.parametrize("code", CODES)
def test_outlines_are_irregular(code, hazards):
    shapes = shapely.get_parts(_flat(hazards[code]))
    roundness = 4 * np.pi * shapely.area(shapes) / shapely.length(shapes) ** 2
    assert roundness.max() < 0.9  # a regular hexagon has 0.907, a circle 1
    assert np.median(roundness) < 0.7
    whole = _flat(hazards[code])
    assert (shapely.get_num_geometries(whole) > 1).sum() >= 3
    assert sum(len(part.interiors) > 0 for part in shapes) >= 3


@pytest.mark.parametrize("code", CODES)
def test_declared_areas_are_rounded_sometimes_off_and_sometimes_missing(code, hazards):
    declared, area = hazards[code]["declared_area_m2"], hz.area_m2(hazards[code])
    assert 5 <= declared.isna().sum() <= 40
    off = (declared / area - 1).abs()
    assert off.max() < 0.05
    assert 10 <= (off > 0.009).sum() <= 60
    assert (off < 0.009).sum() > 150
    stated = declared.dropna()
    assert (stated == stated.round()).all()


def test_all_four_words_appear_with_the_demarcated_border(hazards, border):
    relation = hz.borders.relation(hz.combine(*hazards.values()), border)
    assert set(relation["relation"]) == {"crossing", "near", "away", "indeterminate"}
    # On the demarcated stretch an outline near the line gets an answer that the line drawn elsewhere cannot give.
    embedded = hz.borders.relation(hz.combine(*hazards.values()), hz.borders.load("HRV", "BIH"))
    settled = (embedded["relation"] == "indeterminate") & relation["relation"].isin(["crossing", "near", "away"])
    assert settled.sum() >= 5
    assert set(relation["offset_95_m"][settled]) == {5.0}


def test_most_hazards_lie_near_the_border(hazards, border):
    distance = hz.borders.relation(hz.combine(*hazards.values()), border)["distance_m"]
    assert (distance < 10_000).mean() > 0.75
    assert 15_000 < distance.max() < 30_000


@pytest.mark.parametrize(("source", "least"), [("osm", 15), ("natural_earth", 3)])
def test_belts_cross_whatever_the_offset(source, least, hazards):
    relation = hz.borders.relation(hz.combine(*hazards.values()), hz.borders.load("HRV", "BIH", source=source))
    crossing = relation[relation["relation"] == "crossing"]
    assert len(crossing) >= least
    assert (crossing[["depth_a_m", "depth_b_m"]].min(axis=1) > crossing["offset_95_m"]).all()


def test_some_outlines_stop_dead_at_the_line(hazards, border):
    """Three corners or more within 5 cm of the line, and nothing to speak of beyond it."""
    line = shapely.union_all(_flat(border.asked_lines))
    grounds = border.countries.to_crs(PLANE).set_index("code").geometry
    for code, frame in hazards.items():
        shapes = _flat(frame)
        corners, owner = shapely.get_coordinates(shapely.boundary(shapes), return_index=True)
        on_line = np.bincount(owner, shapely.distance(shapely.points(corners), line) < 0.05, len(shapes))
        beyond = shapely.area(shapely.difference(shapes, grounds[code])) / shapely.area(shapes)
        assert ((on_line >= 3) & (beyond < 1e-3)).sum() >= 8


def test_ground_is_in_both_registers(pairs, hazards):
    same = pairs[(pairs["share_a"] > 0.75) & (pairs["share_b"] > 0.75)]
    assert len(same) >= 12
    partly = pairs[pairs[["share_a", "share_b"]].max(axis=1).between(0.1, 0.75)]
    assert len(partly) >= 4
    a, b = (hazards[code]["classification"] for code in CODES)
    a_in_b = (a[pairs["hazard_a"]].to_numpy() == "CHA") & (b[pairs["hazard_b"]].to_numpy() == "SHA")
    b_in_a = (b[pairs["hazard_b"]].to_numpy() == "CHA") & (a[pairs["hazard_a"]].to_numpy() == "SHA")
    inside = (a_in_b & (pairs["share_a"] > 0.999)) | (b_in_a & (pairs["share_b"] > 0.999))
    assert inside.sum() >= 4


@pytest.mark.parametrize("code", CODES)
def test_confirmed_areas_lie_inside_suspected_ones(code, hazards):
    shapes = _flat(hazards[code])
    inner, outer = shapely.STRtree(shapes).query(shapes, predicate="within")
    inner, outer = inner[inner != outer], outer[inner != outer]
    assert len(inner) >= 30
    assert set(hazards[code]["classification"].iloc[inner]) == {"CHA"}
    # The class of a few hosts is not stated, as in a real register.
    assert (hazards[code]["classification"].iloc[outer] == "SHA").mean() > 0.9
    assert np.bincount(outer).max() <= 3


@pytest.mark.parametrize("code", CODES)
def test_releases_follow_their_hazards(code, hazards, releases):
    done = releases[code]
    parents = hazards[code].loc[done["hazard_id"]]
    assert set(done["kind"]) == {"cancelled", "reduced", "cleared"}
    assert (done["started_on"].to_numpy() > parents["date_of_information"].to_numpy()).all()
    assert (done["completed_on"] > done["started_on"]).all()
    assert done["completed_on"].max() < np.datetime64("2026-01-01")
    assert (parents["work_status"] != "open").all()
    cleared = done["kind"] == "cleared"
    assert done["method"].notna().all()
    assert (done["depth_m"].notna() == cleared).all()
    counts = done[["ap_mines", "av_mines", "submunitions", "uxo"]]
    assert counts[cleared].notna().all(axis=None)
    assert counts[cleared].sum().sum() > 0


@pytest.mark.parametrize("code", CODES)
def test_releases_lie_on_their_hazards_and_off_each_other(code, hazards, releases):
    done, parents = _flat(releases[code]), _flat(hazards[code].loc[releases[code]["hazard_id"]])
    beyond = shapely.area(shapely.difference(done, parents)) / shapely.area(done)
    fading = beyond > 0.005
    assert 5 <= fading.sum() < len(done) / 2
    assert set(releases[code]["kind"][fading]) == {"cleared"}
    assert beyond.max() < 0.25
    a, b = shapely.STRtree(done).query(done, predicate="intersects")
    ids = releases[code]["hazard_id"].to_numpy()
    own = (a < b) & (ids[a] == ids[b])
    common = shapely.intersection(done[a[own]], done[b[own]])
    width = 2 * shapely.area(common) / np.maximum(shapely.length(common), 1)
    assert width.max() < 0.1  # shared edges are recorded to some centimetres
    twice = shapely.area(shapely.intersection(done[a[a < b]], done[b[a < b]])).sum() / shapely.area(done).sum()
    assert twice < 0.01


@pytest.mark.parametrize("code", CODES)
def test_closed_hazards_are_mostly_released(code, hazards, releases):
    closed = hazards[code][hazards[code]["work_status"].isin(["closed", "handed_over"])]
    shapes = closed.to_crs(PLANE).geometry
    # All releases together: confirmed ground inside a suspected area is released by its own record.
    done = shapely.union_all(_flat(releases[code]))
    left = np.array([shapely.area(shapely.difference(shape, done)) / shape.area for shape in shapes])
    assert (left < 0.01).mean() > 0.7
    assert left.max() < 0.2


def test_some_ground_is_cleared_in_one_register_and_suspected_in_the_other(hazards, releases):
    for done, suspected in (CODES, CODES[::-1]):
        cleared = releases[done][releases[done]["kind"] == "cleared"]
        still = hazards[suspected][hazards[suspected]["work_status"].isin(OPEN)]
        assert (hz.borders.overlaps(cleared, still)["share_a"] > 0.5).sum() >= 2


# Who keeps a register, what is asked besides, and every line along which they have records.
REGIONS = {
    "southeast_europe": (
        {"ALB", "BIH", "HRV", "SRB"}, {"GRC", "MKD", "MNE", "XKX"},
        {"BIH-HRV", "BIH-SRB", "HRV-SRB", "ALB-GRC", "ALB-MKD", "ALB-MNE", "ALB-XKX"},
    ),
    "central_asia": (
        {"AFG", "KAZ", "KGZ", "TJK", "TKM", "UZB"}, set(),
        {"AFG-TJK", "AFG-TKM", "AFG-UZB", "KAZ-KGZ", "KAZ-TKM", "KAZ-UZB", "KGZ-TJK", "KGZ-UZB", "TJK-UZB", "TKM-UZB"},
    ),
    "south_caucasus": ({"ARM", "AZE", "GEO"}, set(), {"ARM-AZE", "ARM-GEO", "AZE-GEO"}),
}  # fmt: skip


@pytest.fixture(scope="module", params=REGIONS)
def region(request):
    registers, beside, lines = REGIONS[request.param]
    hazards = hz.combine(hz.read_hazards(hz.sample_data(f"{request.param}.geojson")))
    released = hz.combine(hz.read_releases(hz.sample_data(f"{request.param}_releases.geojson")))
    return hazards, released, hz.borders.load(*registers, *beside), registers, lines


def test_a_regions_registers_are_those_of_its_states_and_fictional(region):
    hazards, released, _, registers, _ = region
    assert set(hazards["country"]) == registers
    for frame in (hazards, released):
        assert (frame["register"] == "FICTIONAL-" + frame["country"]).all()
        assert set(frame["source"]) == {"fictional"}
        assert set(frame["confidentiality"]) == {"fictional - may be shared"}


def test_along_every_line_of_a_region_something_crosses_stops_and_is_counted_twice(region):
    """Crossing by the drawn line: ground on both sides. Where one side alone keeps a register, nothing is there twice."""
    hazards, _, border, registers, lines = region
    relation = hz.borders.relation(hazards, border)
    asked = relation[relation["pair"].isin(lines)]
    assert set(asked["pair"]) == lines
    across = asked[(asked["distance_m"] == 0) & (asked["depth_a_m"] > 200) & (asked["depth_b_m"] > 200)]
    assert set(across["pair"]) == lines
    by_register = hz.borders.by_register(hazards)
    ends = hz.borders.find_continuations(*by_register.values(), border)
    assert set(ends["pair"][ends["cut_a"] | ends["cut_b"]]) >= lines
    twice = {
        f"{a[-3:]}-{b[-3:]}"
        for (a, b), table in hz.borders.over_pairs(hz.borders.overlaps, by_register).items()
        if (table["kind"] == "same").any()
    }
    assert twice <= {line for line in lines if set(line.split("-")) <= registers}


def test_a_region_has_ground_that_one_calls_released_and_another_hazardous(region):
    hazards, released, *_ = region
    table = hz.borders.conflicts(hazards, released)
    assert (table["register_of_release"] != table["register_of_hazard"])[~table["sliver"]].any()


def test_albanias_line_before_june_2006_was_with_one_state():
    """Serbia and Montenegro were a state union until then, Kosovo a part of it: Albania's three lines with them are one."""
    hazards = hz.read_hazards(hz.sample_data("southeast_europe.geojson"))
    today = hz.borders.load("ALB", "BIH", "HRV", "SRB", "MNE", "XKX", "MKD", "GRC")
    then = hz.borders.unite(today, "SCG", "SRB", "MNE", "XKX")
    now, before = (hz.borders.relation(hazards, border) for border in (today, then))
    with_them = now["pair"].isin(["ALB-MNE", "ALB-XKX"])
    assert with_them.any()
    assert set(before["pair"][with_them]) == {"ALB-SCG"}
    assert set(before["pair"]) & {"ALB-GRC", "ALB-MKD"}
    assert (before["relation"][with_them] == now["relation"][with_them]).all()


def test_ground_that_both_claim_is_on_neither_side():
    hazards = hz.read_hazards(hz.sample_data("southeast_europe.geojson"))
    sides = hz.borders.split_by_country(hazards, hz.borders.load("HRV", "SRB"))
    disputed = sides[sides["side"] == "disputed"].set_index("hazard_id")
    assert set(hazards.loc[disputed.index, "country"]) == {"HRV", "SRB"}


def test_one_name_looks_like_code(hazards):
    assert (hazards["HRV"]["name"] == "{{ 7*7 }}<img src=x onerror=alert(1)>").sum() == 1
    others = hazards["BIH"]["name"]
    assert others.str.contains("[čćšžđ]").any()


def test_the_demarcated_stretch_is_cut_out_of_the_embedded_line(border):
    lines = hz.borders.load("HRV", "BIH").lines
    embedded = lines[lines["country_a"].isin(CODES) & lines["country_b"].isin(CODES)]
    assert border.codes == ("BIH", "HRV")
    assert sorted(border.lines["status"]) == ["demarcated", "unstated", "unstated"]
    assert sorted(border.lines["stretch"]) == ["", "land", "water"]
    stretch = border.lines.set_index("status").loc["demarcated"]
    assert stretch["offset_95_m"] == 5.0
    assert stretch["offset_evidence"] == "fictional joint demarcation, for this sample only"
    assert 40_000 < shapely.length(_flat(border.lines[border.lines["status"] == "demarcated"])).sum() < 60_000
    assert set(border.lines["offset_95_m"]) == {5.0, *embedded["offset_95_m"]}
    assert border.lines.set_index("status")["common_sd_m"].loc["unstated"].notna().all()
    assert np.isnan(stretch["common_sd_m"])
    # No vertex was made, moved or lost.
    mine, theirs = (shapely.get_coordinates(one.geometry.to_numpy()) for one in (border.lines, embedded))
    assert {tuple(xy) for xy in mine.tolist()} == {tuple(xy) for xy in theirs.tolist()}
    assert "© OpenStreetMap contributors" in border.attribution
    assert border.licence == "ODbL-1.0"


def _build(folder):
    if not (ROOT / "tools" / "build_sample_data").is_dir():
        pytest.skip("tools/build_sample_data is in a checkout only")
    subprocess.run([sys.executable, "-m", "tools.build_sample_data", "--out", str(folder)], cwd=ROOT, check=True)
    return folder


def test_the_samples_can_be_made_again(tmp_path):
    """Equal versions of the tools give equal bytes; other versions give the same records, drawn alike."""
    made = _build(tmp_path / "made")
    line = next(one for one in (made / "README.md").read_text(encoding="utf-8").splitlines() if "Made with: " in one)
    if line in (sample_folder() / "README.md").read_text(encoding="utf-8"):
        for name in FILES:
            assert (made / name).read_bytes() == (sample_folder() / name).read_bytes(), name
        return
    for register, done in NAMES.values():
        for read, name in ((hz.read_hazards, register), (hz.read_releases, done)):
            again, shipped = read(made / name), read(hz.sample_data(name))
            drawn = ["geometry", "declared_area_m2"]
            assert again.drop(columns=drawn).equals(shipped.drop(columns=drawn))
            # A search for a cut of a given size ends elsewhere with other rounding: metres, on the ground.
            apart = shapely.hausdorff_distance(again.geometry.to_numpy(), shipped.geometry.to_numpy())
            assert apart.max() < 1e-4


def test_rasters_say_that_they_are_fictional_wherever_one_looks():
    for name, size in (("population", 400), ("land_cover", 100)):
        path = hz.sample_data(f"fictional_{name}.tif")
        assert path.stat().st_size < size * 1000
        with rasterio.open(path) as dataset:
            assert dataset.descriptions[0].startswith("FICTIONAL ")
            assert "drawn by lot" in dataset.tags()["FICTIONAL"]


def test_the_elevations_are_real_and_say_where_they_come_from():
    """Not fictional, unlike all else: within what is known of the Pamir and the Amu Darya, with source, licence and unit."""
    path = hz.sample_data("central_asia_elevation.tif")
    assert path.stat().st_size < 300_000
    with rasterio.open(path) as dataset:
        values = dataset.read(1)
        tags = dataset.tags()
        assert dataset.units == ("m",)
    assert "GLOBE" in tags["SOURCE"]
    assert "public domain" in tags["LICENCE"]
    assert 250 < values.min() < 500  # the Amu Darya where it leaves the clip
    assert (
        6000 < values.max() < 7200
    )  # mountains of the Pamir and the Hindu Kush, whose peaks are lost in cells of 0.8 km
    row = next(
        line for line in (sample_folder() / "README.md").read_text(encoding="utf-8").splitlines() if path.name in line
    )
    assert "**not fictional**" in row


PROGRAMMES = {
    "programme_2003_2006": (
        {"ALB", "BIH", "HRV", "SCG"}, 1_740_000.0, 2_701, 536, "2003-04-01", "2006-12-31",
    ),
    "programme_central_asia": (
        {"AFG", "KAZ", "KGZ", "TJK", "TKM", "UZB"}, 2_410_000.0, 1_846, 911, "2021-04-01", "2024-12-31",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_programmes_records_come_to_its_totals(name):
    """Areas by geographiclib's way (pyproj.Geod), added up; the total to the last square metre, mines and UXO exactly."""
    states, total, mines, uxo, first, last = PROGRAMMES[name]
    hazards = hz.read_hazards(hz.sample_data(f"{name}.geojson"))
    done = hz.read_releases(hz.sample_data(f"{name}_releases.geojson"))
    assert set(done["country"]) == set(hazards["country"]) == states
    assert (
        abs(sum(abs(pyproj.Geod(ellps="WGS84").geometry_area_perimeter(shape)[0]) for shape in done.geometry) - total)
        < 0.5
    )
    assert int(done[["ap_mines", "av_mines"]].sum().sum()) == mines
    assert int(done["uxo"].sum()) == uxo
    assert done["completed_on"].between(first, last).all()
    assert set(done["kind"]) == {"cleared"}
    for frame in (hazards, done):
        assert all(text.startswith("FICTIONAL-") for text in frame["register"])
        assert set(frame["source"]) == {"fictional"}
    parents = hazards.loc[done["hazard_id"]]
    assert shapely.equals(parents.geometry.to_numpy(), done.geometry.to_numpy()).all()
    assert (parents["work_status"] == "closed").all()
    assert (parents["date_of_information"].to_numpy() < done["started_on"].to_numpy()).all()
    a, b = shapely.STRtree(done.geometry.to_numpy()).query(done.geometry.to_numpy(), predicate="overlaps")
    assert len(a) == len(b) == 0, "ground that is cleared twice would count twice"


def test_serbia_and_montenegro_reports_as_long_as_it_was_a_state():
    done = hz.read_releases(hz.sample_data("programme_2003_2006_releases.geojson"))
    assert done.loc[done["country"] == "SCG", "completed_on"].max() < np.datetime64("2006-06-03")
    assert not {"SRB", "MNE"} & set(done["country"])


@pytest.mark.parametrize("name", PROGRAMMES)
def test_the_balance_of_a_programme_closes(name):
    hazards = hz.read_hazards(hz.sample_data(f"{name}.geojson"))
    done = hz.read_releases(hz.sample_data(f"{name}_releases.geojson"))
    _, total, _, _, first, last = PROGRAMMES[name]
    table = hz.accounting.balance(hazards, done, since=first, until=last).to_frame().set_index("basis")
    assert table.loc["geometry", "cleared_m2"] == pytest.approx(total, abs=0.5)
    assert table["residual_m2"].abs().max() == pytest.approx(0, abs=1e-3)


def test_places_are_fictional_and_on_record_as_points():
    """Settlements lie clear of the hazards, crossings on the line as drawn, accidents within 350 m of one; one has no day."""
    taken = hz.intake(hz.sample_data("southeast_europe_places.geojson"), "points")
    assert taken.is_clean
    points, hazards = taken.records, hz.read_hazards(hz.sample_data("southeast_europe.geojson"))
    assert set(points["register"]) == {"FICTIONAL-REGION"}
    assert set(points["source"]) == {"fictional"}
    line = hz.borders.load("ALB", "BIH", "GRC", "HRV", "MKD", "MNE", "SRB", "XKX").asked_lines.geometry.to_crs(PLANE)
    shapes, at = shapely.union_all(_flat(hazards)), gpd.GeoSeries(_flat(points), index=points.index)
    of = {what: at[points["place"] == what].to_numpy() for what in ("settlement", "crossing")}
    accidents = points["kind"] == "accident"
    assert shapely.distance(of["settlement"], shapes).min() > 95
    assert shapely.distance(of["crossing"], shapely.union_all(line.to_numpy())).max() < 0.5
    assert shapely.distance(at[accidents].to_numpy(), shapes).max() < 360
    assert points["date_of_information"][accidents].isna().sum() == 1
    assert len(of["settlement"]) + len(of["crossing"]) + accidents.sum() == len(points) == taken.records_in
