"""Munitions sites: distances by table, zones on the ground, and what lies inside them."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from by_hand import hazards_of, meridian_border
from hypothesis import given
from hypothesis import strategies as st
from rasters_by_hand import from_origin, write

import hazardgeo as hz
from hazardgeo.errors import FormatError, GeometryError, HazardgeoError, SchemaError
from hazardgeo.overlay import ground_around

GEOD = pyproj.Geod(ellps="WGS84")

OWN = """
name = "Invented"
length_unit = "m"
mass_unit = "kg"
[source]
citation = "invented for a test"
grade = "assumed"
[objects]
IBD = "Inhabited building"
[[rules]]
divisions = ["1.1"]
up_to = 4500
exponent = 0.5
k = { IBD = 5.5 }
minimum = { IBD = 180 }
[[rules]]
divisions = ["1.1"]
above = 4500
up_to = 1000000
k = { IBD = 22.2 }
barricaded = true
[[rules]]
divisions = ["1.1"]
above = 4500
up_to = 1000000
k = { IBD = 44.4 }
barricaded = false
[[rules]]
divisions = ["1.3"]
k = { IBD = 6.4 }
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return hz.depots.read_table(path)


def depots(*quantities, places=((51.0, 49.0), (51.01, 49.0), (51.02, 49.0)), **columns):
    places = places[: len(quantities)]
    index = [f"D-{i + 1}" for i in range(len(quantities))]
    data = {"country": ["KAZ"] * len(quantities), "net_explosive_quantity_kg": list(quantities), **columns}
    return gpd.GeoDataFrame(data, geometry=[shapely.Point(*at) for at in places], index=index, crs="EPSG:4326")


class TestDistances:
    def test_the_finnish_formula(self):
        """s = k · ∛1000 = 10 k, k as printed: 60, 30, 22, 15, 10."""
        found = hz.depots.safety_distance_m(1000, "Finland", division="1.1")
        np.testing.assert_allclose(found, [600, 300, 220, 150, 100], rtol=1e-14)
        assert list(found.index) == ["A", "B", "C", "D", "E"]

    def test_its_inverse(self):
        """(220 / 22)³ = 1000; (76 / 76)³ = 1."""
        assert hz.depots.largest_quantity_kg(220, "C", division="1.1") == pytest.approx(1000, rel=1e-14)
        assert hz.depots.largest_quantity_kg(76, "A", division="1.2", projection=True) == pytest.approx(1, rel=1e-14)

    def test_what_is_not_stated_asks_for_the_larger_distance(self):
        """At 1,000 kg 1.2 asks of C for 580 m, with fragments 760 m, 1.1 for 220 m; of A 1.1 asks for 600 m."""
        of = {p: hz.depots.safety_distance_m(1000, division="1.2", projection=p)["C"] for p in (True, False, None)}
        assert of == pytest.approx({True: 760, False: 580, None: 760})
        assert hz.depots.safety_distance_m(1000)["C"] == pytest.approx(760)
        assert hz.depots.largest_quantity_kg(760, "C") == pytest.approx(1000)

    def test_a_row_a_quantity_with_its_index(self):
        series = depots(1.0, 8.0, math.nan)["net_explosive_quantity_kg"]
        found = hz.depots.safety_distance_m(series, division="1.1")
        assert list(found.index) == ["D-1", "D-2", "D-3"]
        np.testing.assert_allclose(found["C"], [22, 44, math.nan])

    def test_mixed_storage_takes_all_at_the_division_that_asks_for_most(self, own):
        """8,000 kg: 1.1 barricaded 22.2 · 20 = 444 m; 1.3 6.4 · 20 = 128 m."""
        asked = [
            hz.depots.safety_distance_m(8000, own, division=one, barricaded=True)["IBD"]
            for one in ("1.1", "1.3", "1.3D; 1.1B")
        ]
        assert asked == pytest.approx([444, 128, 444])

    def test_mixed_storage_by_an_order_of_divisions(self, tmp_path):
        text = OWN + '[mixed]\nrule = "most hazardous division"\norder = ["1.3", "1.1"]\n'
        (tmp_path / "order.toml").write_text(text, encoding="utf-8")
        found = hz.depots.safety_distance_m(8000, tmp_path / "order.toml", division="1.1; 1.3", barricaded=True)
        assert found["IBD"] == pytest.approx(128)

    def test_small_quantities_minima_and_barricades(self, own):
        """5.5·√900 = 165, at least 180; 5.5·√2500 = 275; 22.2·∛8000 = 444, without a barricade 888."""
        of = [
            hz.depots.safety_distance_m(q, own, division="1.1", barricaded=b)["IBD"]
            for q, b in ((900, True), (2500, True), (8000, True), (8000, False), (8000, None))
        ]
        assert of == pytest.approx([180, 275, 444, 888, 888])

    def test_the_inverse_stops_where_the_distance_is_first_too_short(self, own):
        """179 m is below the minimum, so nothing may lie there; 275 m ends in the small rule; 400 m lies between 22.2·∛4500 =
        366.5 and 22.2·∛Q = 400 at Q = (400 / 22.2)³ = 5849.6; without a barricade 44.4·∛4500 = 733 > 400 stops at 4,500."""
        asked = [
            hz.depots.largest_quantity_kg(d, "IBD", own, division="1.1", barricaded=b)
            for d, b in ((179, True), (275, True), (400, True), (400, False), (400, None), (1e5, True))
        ]
        assert asked == pytest.approx([0, 2500, (400 / 22.2) ** 3, 4500, 4500, 1e6])

    def test_beyond_the_table_there_is_no_distance(self, own):
        assert math.isnan(hz.depots.safety_distance_m(2e6, own, division="1.1")["IBD"])
        assert math.isnan(hz.depots.safety_distance_m(10, "Finland", division="1.4")["A"])
        with pytest.raises(HazardgeoError, match=r"no rule for A and division '1\.4'"):
            hz.depots.largest_quantity_kg(100, "A", division="1.4")

    @given(st.floats(1e-3, 1e6), st.floats(1e-3, 1e6), st.sampled_from("ABCDE"), st.sampled_from(["1.1", "1.2", ""]))
    def test_more_never_asks_for_less(self, a, b, protects, division):
        less, more = (hz.depots.safety_distance_m(q, division=division)[protects] for q in sorted((a, b)))
        assert less <= more
        back = hz.depots.largest_quantity_kg(more, protects, division=division)
        assert back == pytest.approx(max(a, b), rel=1e-9)

    @pytest.mark.parametrize("quantity", [-1, math.inf])
    def test_no_such_quantity(self, quantity):
        with pytest.raises(HazardgeoError, match="Give 0 kg or more"):
            hz.depots.safety_distance_m(quantity)

    def test_words_that_are_no_division(self):
        with pytest.raises(HazardgeoError, match=r"Write it as '1\.1'"):
            hz.depots.safety_distance_m(10, division="grenades")

    def test_no_such_object_or_length(self):
        with pytest.raises(HazardgeoError, match="no object 'Z', only A, B, C, D, E"):
            hz.depots.largest_quantity_kg(100, "Z")
        with pytest.raises(HazardgeoError, match="Give a length in metres"):
            hz.depots.largest_quantity_kg(math.nan, "A")


class TestTables:
    def test_feet_and_pounds_are_converted(self, tmp_path):
        """K40: 40 ft/lb^(1/3) = 40 · 0.3048 / 0.45359237^(1/3) = 15.868 m/kg^(1/3), so 158.68 m for 1,000 kg."""
        text = OWN.replace('"m"', '"ft"').replace('"kg"', '"lb"').split("[[rules]]")[0]
        text += '[[rules]]\ndivisions = ["1.1"]\nk = { IBD = 40 }\nminimum = { IBD = 100 }\nup_to = 10000\n'
        (tmp_path / "us.toml").write_text(text, encoding="utf-8")
        us = hz.depots.read_table(tmp_path / "us.toml")
        assert hz.depots.safety_distance_m(1000, us)["IBD"] == pytest.approx(158.68, abs=0.01)
        assert hz.depots.safety_distance_m(0.1, us)["IBD"] == pytest.approx(30.48)
        assert us.rules[0].up_to_kg == pytest.approx(4535.9237)

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ('mass_unit = "kg"', 'mass_unit = "lb"', "are mixed; write m with kg, or ft with lb"),
            ('mass_unit = "kg"\n', "", "'mass_unit' is missing"),
            ("above = 4500", "above = 5000", r"no rule from 4500 to 5000 kg"),
            ("k = { IBD = 6.4 }", "k = { PTR = 6.4 }", r"k is given for PTR, which \[objects\] does not name"),
            ("k = { IBD = 6.4 }", "k = { IBD = -6.4 }", "must be more than 0"),
            ("up_to = 4500", "up_to = 0", "which is nothing"),
            ('grade = "assumed"', 'grade = "sure"', "'sure' is not a valid Grade"),
            ('citation = "invented for a test"', 'citation = ""', "a source needs a citation"),
            ("name", "= name", "cannot be read"),
        ],
    )
    def test_what_a_table_must_say(self, tmp_path, old, new, words):
        path = tmp_path / "own.toml"
        path.write_text(OWN.replace(old, new), encoding="utf-8")
        with pytest.raises(FormatError, match=words):
            hz.depots.read_table(path)

    def test_no_table_of_that_name(self, tmp_path):
        with pytest.raises(FormatError, match="only Finland"):
            hz.depots.safety_distance_m(1, "Atlantis")
        with pytest.raises(FormatError, match="cannot be read"):
            hz.depots.safety_distance_m(1, tmp_path / "none.toml")

    def test_a_source_that_was_not_read_says_so(self, own):
        assert "unverified default" in hz.depots.safety_zones(depots(1.0), own)["source"].iloc[0]
        assert hz.depots.table("Finland").source.grade == "read"


class TestZones:
    @pytest.mark.parametrize("lat", [0.0, 45.0, 70.0, -70.0])
    @pytest.mark.parametrize("distance", [30.0, 600.0, 16_000.0])
    def test_never_inside_the_true_circle(self, lat, distance):
        """Places at the geodesic distance from a point are in the zone, which reaches at most 0.1 % and 1 m further."""
        zone = ground_around(np.array([shapely.Point(20.0, lat)]), np.array([distance]))[0]
        azimuth = np.linspace(0, 360, 721)
        lon, north, _ = GEOD.fwd(np.full(721, 20.0), np.full(721, lat), azimuth, np.full(721, distance))
        assert shapely.contains_xy(zone, lon, north).all()
        corners = shapely.get_coordinates(shapely.segmentize(zone.exterior, 0.01))
        far = GEOD.inv(*np.broadcast_arrays(20.0, lat, *corners.T))[2]
        assert far.min() > distance
        assert far.max() < 1.001 * distance + 1

    @pytest.mark.parametrize("lat", [45.0, 70.0])
    def test_from_the_edge_of_the_building(self, lat):
        """A square of 2 km: places 600 m out from points of its edges, square to them, are in the zone; 601 + 1 m are not."""
        plane = pyproj.CRS.from_proj4(f"+proj=aeqd +lon_0=20 +lat_0={lat} +ellps=WGS84")
        square = shapely.box(-1000, -1000, 1000, 1000)
        building = gpd.GeoSeries([square], crs=plane).to_crs("EPSG:4326").to_numpy()
        zone = ground_around(building, np.array([600.0]))[0]
        side = np.linspace(-1000, 1000, 41)
        for out, inside in ((1600.0, True), (1601.7, False)):
            ends = [*zip(side, np.full(41, out), strict=True), *zip(np.full(41, -out), side, strict=True)]
            places = gpd.GeoSeries(gpd.points_from_xy(*np.array(ends).T), crs=plane).to_crs("EPSG:4326")
            assert places.within(zone).all() == inside
            assert places.within(zone).any() == inside
        assert zone.contains(building[0])

    def test_across_the_antimeridian_and_near_a_pole(self):
        zone = ground_around(np.array([shapely.Point(179.999, 65.0)]), np.array([600.0]))[0]
        assert shapely.get_num_geometries(zone) == 2
        assert np.abs(shapely.get_coordinates(zone)[:, 0]).max() <= 180
        with pytest.raises(GeometryError, match="of a pole"):
            ground_around(np.array([shapely.Point(0, 84.999)]), np.array([600.0]))

    @pytest.mark.parametrize("distance", [-1.0, math.inf, 50_001.0])
    def test_no_such_distance(self, distance):
        with pytest.raises(GeometryError, match="Give metres from 0 to 50000"):
            ground_around(np.array([shapely.Point(0, 0)]), np.array([distance]))

    def test_a_depot_whose_quantity_is_not_known_keeps_its_row(self):
        zones = hz.depots.safety_zones(depots(1000.0, math.nan, hazard_division=["1.1", "1.1"]), protects=["C"])
        assert zones["depot_id"].tolist() == ["D-1", "D-2"]
        assert zones["distance_m"].round(6).tolist()[0] == 220
        assert zones.geometry.isna().tolist() == [False, True]
        assert "does not mean that none is needed" in zones["note"].iloc[1]

    def test_what_was_assumed_is_said(self):
        assert (
            "'1,1' is in no known words" in hz.depots.safety_zones(depots(8.0, hazard_division=["1,1"]))["note"].iloc[0]
        )
        zones = hz.depots.safety_zones(depots(8.0, 8.0, 8.0, hazard_division=[None, "1.2", "1.1; 1.4"]), protects=["E"])
        assert zones["distance_m"].tolist() == pytest.approx([102, 102, 20])
        assert zones["note"].tolist() == [
            "Hazard division not stated: the largest distance of all.",
            "Where barricade or projection is not stated, the larger distance.",
            "Finland, storage above ground has no rule for division 1.4: at least this.",
        ]

    def test_columns_of_the_depots_decide_by_row(self):
        frame = depots(8.0, 8.0, hazard_division=["1.2", "1.2"], projection=[True, False])
        assert hz.depots.safety_zones(frame, protects=["A"])["distance_m"].tolist() == pytest.approx([152, 116])

    def test_quantities_and_names_stay_unless_asked_for_by_name(self):
        frame = depots(1000.0, site_name=["Secret hill"], hazard_division=["1.1"])
        assert not {"net_explosive_quantity_kg", "site_name", "hazard_division"} & set(
            hz.depots.safety_zones(frame).columns
        )
        assert hz.depots.safety_zones(frame, columns=["site_name"])["site_name"].unique().tolist() == ["Secret hill"]

    def test_refusals(self):
        with pytest.raises(HazardgeoError, match=r"Bring it to kilograms \(1 lb = 0\.45359237 kg\)"):
            hz.depots.safety_zones(
                depots(1.0).rename(columns={"net_explosive_quantity_kg": "net_explosive_quantity_lb"})
            )
        with pytest.raises(HazardgeoError, match="Record 'D-2': a net explosive quantity of -5 kg"):
            hz.depots.safety_zones(depots(1.0, -5.0))
        with pytest.raises(HazardgeoError, match="no object Z"):
            hz.depots.safety_zones(depots(1.0), protects=["Z"])
        with pytest.raises(SchemaError, match="no CRS"):
            hz.depots.safety_zones(depots(1.0).set_crs(None, allow_override=True))

    def test_the_frame_is_left_as_it_was(self):
        frame = depots(1.0)
        before = frame.copy()
        hz.depots.safety_zones(frame)
        assert frame.equals(before)

    def test_zones_of_neighbours(self):
        """0.01° of longitude at 49° N are 732 m, 0.02° are 1,463 m: zones of 600 m of neighbours overlap."""
        frame = depots(1000.0, 1000.0, 1000.0, hazard_division=["1.1"] * 3)
        found = hz.depots.zones_in_common(hz.depots.safety_zones(frame, protects=["A", "C"]))
        assert found[["depot_a", "depot_b", "protects"]].to_numpy().tolist() == [
            ["D-1", "D-2", "A"],
            ["D-2", "D-3", "A"],
        ]
        # Two circles of radius r whose centres are d apart: 2r²·acos(d/2r) − (d/2)·√(4r² − d²).
        d = GEOD.inv(51.0, 49.0, 51.01, 49.0)[2]
        lens = 2 * 600**2 * math.acos(d / 1200) - d / 2 * math.sqrt(4 * 600**2 - d**2)
        assert found["common_m2"].tolist() == pytest.approx([lens, lens], rel=5e-3)
        assert (found["common_m2"] > lens).all()


@pytest.fixture
def border():
    """AAA and BBB meet on the meridian 16° E, with a line good to 5 m."""
    return meridian_border(5.0)


class TestInside:
    @pytest.fixture
    def zones(self):
        """One site 300 m west of the line; its zone for A reaches 600 m, for C 220 m."""
        west = GEOD.fwd(16.0, 45.0, 270, 300)[:2]
        frame = depots(1000.0, places=(west,), hazard_division=["1.1"]).assign(country="AAA", vertex_sd_m=1.0)
        return hz.depots.safety_zones(frame, protects=["A", "C"], columns=["vertex_sd_m"])

    def test_a_zone_that_crosses_the_border(self, zones, border):
        """A circle of radius r cut by a chord h = r/2 from its middle: beyond it r²·(acos(1/2) − (1/2)·√(3/4))."""
        sides = hz.depots.zone_sides(zones, border)
        assert sides[["protects", "side", "abroad"]].to_numpy().tolist() == [
            ["A", "AAA", False],
            ["A", "BBB", True],
            ["C", "AAA", False],
        ]
        across = 600**2 * (math.acos(0.5) - 0.5 * math.sqrt(0.75))
        row = sides.iloc[1]
        assert row["area_m2"] == pytest.approx(across, rel=5e-3)
        assert row["area_low_m2"] < row["area_m2"] < row["area_high_m2"]

    def test_a_zone_that_is_not_drawn_is_not_lost(self, border):
        zones = hz.depots.safety_zones(depots(math.nan, places=((16.0, 45.0),)), protects=["A"])
        sides = hz.depots.zone_sides(zones, border)
        assert sides[["depot_id", "side", "abroad"]].to_numpy().tolist() == [["D-1", "no_country", False]]

    def test_places_roads_and_ground_on_either_side(self, zones, border):
        """A school 250 m beyond the line is inside A only (550 m); a road along the parallel has a chord of 2·600 m in A and
        440 m in C; a field is a box of about 100 m by 100 m inside A."""
        school = shapely.Point(*GEOD.fwd(16.0, 45.0, 90, 250)[:2])
        lat = zones.geometry.iloc[0].centroid.y
        road = shapely.LineString([(15.98, lat), (16.02, lat)])
        x, y = GEOD.fwd(16.0, 45.0, 90, 100)[:2]
        field = shapely.box(x, y, x + 0.001, y + 0.001)
        things = gpd.GeoDataFrame(
            geometry=[school, road, field, shapely.Point(16.1, 45)],
            index=["school", "road", "field", "far"],
            crs="EPSG:4326",
        )
        found = hz.depots.inside_zones(zones, things, border=border).set_index(["protects", "thing"])
        assert list(found.index) == [("A", "school"), ("A", "road"), ("A", "field"), ("C", "road")]
        assert found["length_m"].loc[[("A", "road"), ("C", "road")]].tolist() == pytest.approx([1200, 440], abs=3)
        area = GEOD.geometry_area_perimeter(field)[0]
        assert found["area_m2"].loc[("A", "field")] == pytest.approx(area, rel=1e-6)
        assert found["side"].to_dict() == {
            ("A", "school"): "BBB",
            ("A", "road"): "AAA;BBB",
            ("A", "field"): "BBB",
            ("C", "road"): "AAA",
        }

    def test_the_border_itself(self, zones, border):
        """A chord 300 m from the middle of a circle of 600 m: 2·√(600² − 300²) = 1039 m."""
        found = hz.depots.inside_zones(zones, border.asked_lines)
        assert found["protects"].tolist() == ["A"]
        assert found["length_m"].iloc[0] == pytest.approx(2 * math.sqrt(600**2 - 300**2), rel=2e-3)

    def test_people_on_each_side_of_a_zone_that_crosses(self, zones, border, tmp_path):
        """A density of 100 people on each km² west of 16° E and of 10 east of it, so that a zone holds density times area; the
        zone of 600 m has a segment beyond the line, 300 m from its middle."""
        values = np.where(np.arange(40) < 20, 100.0, 10.0)[None, :].repeat(40, axis=0)
        path = write(tmp_path / "people.tif", values, "EPSG:4326", from_origin(15.98, 45.02, 0.001, 0.001))
        found = hz.depots.people_inside(zones, path, border, kind="density").set_index(["protects", "side"])
        across = 600**2 * (math.acos(0.5) - 0.5 * math.sqrt(0.75)) / 1e6
        own = math.pi * 600**2 / 1e6 - across
        assert found["people"].loc[[("A", "AAA"), ("A", "BBB")]].tolist() == pytest.approx(
            [100 * own, 10 * across], rel=5e-3
        )
        assert found["people"].loc[("C", "AAA")] == pytest.approx(100 * math.pi * 220**2 / 1e6, rel=5e-3)
        assert (found["people_low"] < found["people"]).loc[[("A", "AAA"), ("A", "BBB")]].all()
        assert (found["people_high"] > found["people"]).loc[[("A", "AAA"), ("A", "BBB")]].all()

    def test_nothing_inside(self, zones, border):
        far = gpd.GeoDataFrame(geometry=[shapely.Point(16.5, 45)], index=["far"], crs="EPSG:4326")
        assert len(hz.depots.inside_zones(zones, far, border=border)) == 0


class TestMap:
    def test_zones_and_accidents_are_layers_that_tell_no_quantity(self):
        frame = depots(40_000.0, math.nan, hazard_division=["1.1", ""], site_name=["Secret hill", "Secret dale"])
        hazards = hazards_of(shapely.box(51, 49, 51.01, 49.01))
        accident = {"kind": ["accident"], "register": ["REG"], "date_of_information": ["2024-05-01"]}
        points = gpd.GeoDataFrame(accident, geometry=[shapely.Point(51, 49)], crs="EPSG:4326")
        zones = hz.depots.safety_zones(frame, protects=["A"])
        page = hz.hazard_map(hazards, findings={"zones": zones, "accidents": points}).get_root().render()
        assert "Secret" not in page
        assert "40\u202f000 kg" not in page
        assert "Site 1, A" in page
        assert "Site 2, A" in page  # listed, though nothing of it can be drawn
        assert "Planning aid, not a licence" in page
        assert "Recorded by REG. Information of 2024-05-01" in page
        told = hz.depots.safety_zones(frame, protects=["A"], columns=["site_name", "net_explosive_quantity_kg"])
        page = hz.hazard_map(hazards, findings={"zones": told}).get_root().render()
        assert "Secret hill, A" in page
        assert "40\u202f000 kg net explosive quantity" in page


class TestSampleData:
    def test_the_story_is_told_and_every_site_accounted_for(self):
        from hazardgeo.report._munitions import munitions

        story = munitions(None, ())
        sites = story.tables[0].to_frame()
        depots = hz.intake(hz.sample_data("kazakhstan_depots.geojson"), "depots").records
        assert sorted(sites["Site"].unique()) == sorted(depots.index)
        unknown = depots.index[depots["net_explosive_quantity_kg"].isna()]
        assert (
            sites.loc[sites["Site"].isin(unknown), ["Distance, m", "Zone, km²", "Border inside, km"]].isna().all().all()
        )
        assert "fictional" in story.headline
        assert "no sign that there is none" in story.headline
        assert all("Planning aid, not a licence" in table.note for table in story.tables)
        text = " ".join(map(str, sites.to_numpy().ravel()))
        assert not any(f"{quantity:.0f}" in text for quantity in depots["net_explosive_quantity_kg"].dropna())
