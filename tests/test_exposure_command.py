"""``hazardgeo exposure``, and what it says to people and to programs."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import shapely
from by_hand import hazards_of, meridian_border
from rasters_by_hand import from_origin, write

import hazardgeo as hz
from hazardgeo.cli import COULD_NOT, FOUND, OK, main
from hazardgeo.errors import HazardgeoError
from hazardgeo.report import exposure_files

pytest.importorskip("exactextract")

WEST, EAST = shapely.box(15.99, 45, 15.995, 45.005), shapely.box(16.005, 45, 16.01, 45.005)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A hazard on each side of the meridian 16° E, 400 m from it; 100 people on each km²; a border known to ±100 m."""
    folder = tmp_path_factory.mktemp("exposure")
    hz.write(hazards_of(WEST, EAST), folder / "hazards.geojson")
    hz.borders.write(meridian_border(), folder / "border.gpkg")
    even = np.full((100, 100), 100.0)
    write(folder / "even.tif", even, "EPSG:4326", from_origin(15.5, 45.5, 0.01, 0.01))
    write(folder / "west.tif", even[:, :50], "EPSG:4326", from_origin(15.5, 45.5, 0.01, 0.01))
    return folder


def asked(folder, raster="even.tif", *more):
    """The command on these files."""
    return [
        "exposure", str(folder / "hazards.geojson"), "--population", str(folder / raster), "--kind", "density",
        "--border", str(folder / "border.gpkg"), "--distances", "300", *more,
    ]  # fmt: skip


def test_people_by_side_as_json(folder, capsys):
    """Each box is 0.005° by 0.005°: 0.2190 km² (394.3 m by 555.7 m), so that 21.9 people are in each."""
    assert main(asked(folder, "even.tif", "--json")) == OK
    found = json.loads(capsys.readouterr().out)
    assert (found["accepted"], found["quarantined"]) == (2, 0)
    inside = {row["side"]: row for row in found["people"]["by_side"] if row["zone"] == "inside"}
    for side in ("AAA", "BBB"):
        low, best, high = (inside[side][name] for name in ("people_low", "people", "people_high"))
        assert low == pytest.approx(21.9, rel=3e-3)
        assert best == pytest.approx(low)
        assert high == pytest.approx(low)
    assert found["people"]["together"][0]["people"] == pytest.approx(43.8, rel=3e-3)
    assert {row["hazard_id"] for row in found["people"]["by_hazard"]} == {"REG/h0", "REG/h1"}
    assert found["population"] == {"file": "even.tif", "kind": "density", "about": ""}
    assert found["border"].startswith("AAA–BBB, by hand")
    assert not [one for one in found["findings"] if one["severity"] != "note"]


def test_ground_that_the_raster_does_not_know_is_a_finding(folder, capsys):
    """The raster ends at 16° E: half of the ground inside is beyond it, and the hazard there has no number, which is null."""
    assert main(asked(folder, "west.tif", "--json")) == FOUND
    found = json.loads(capsys.readouterr().out)
    unknown = [one for one in found["findings"] if one["rule"] == "population-unknown"]
    assert [one["record"] for one in unknown] == ["inside", "0–300 m"]
    assert "50.0%" in unknown[0]["seen"]
    inside = {row["side"]: row["people"] for row in found["people"]["by_side"] if row["zone"] == "inside"}
    assert inside["BBB"] is None
    assert main(asked(folder, "west.tif")) == FOUND
    said = capsys.readouterr().out
    assert "The raster has a value for 50.0% of this ground." in said
    assert "| inside | BBB | – | – | – | 0% |" in said


def test_a_record_that_cannot_be_used_is_told_and_the_others_are_counted(folder, tmp_path, capsys):
    frame = hazards_of(WEST, EAST)
    lines = json.loads(frame.to_json())
    lines["features"][1]["geometry"]["coordinates"] = [[[16, 45], [16.1, 45.1], [16.1, 45], [16, 45.1], [16, 45]]]
    for one in lines["features"]:
        one["properties"]["hazard_id"] = one.pop("id")
    (tmp_path / "hazards.geojson").write_text(json.dumps(lines), encoding="utf-8")
    arguments = asked(folder, "even.tif", "--json")
    arguments[1] = str(tmp_path / "hazards.geojson")
    assert main(arguments) == FOUND
    found = json.loads(capsys.readouterr().out)
    assert (found["accepted"], found["quarantined"]) == (1, 1)
    assert found["people"]["together"][0]["people"] == pytest.approx(21.9, rel=3e-3)


def test_closed_ground_is_left_out_and_named(folder, tmp_path):
    hazards = hazards_of(WEST, EAST, work_status=["open", "closed"])
    hz.write(hazards, tmp_path / "some.geojson")
    made = exposure_files(
        [tmp_path / "some.geojson"],
        folder / "even.tif",
        kind="density",
        border=folder / "border.gpkg",
        distances_m=(300,),
    )
    assert made.near.together["people"].iloc[0] == pytest.approx(21.9, rel=3e-3)
    assert any("1 hazard is closed or handed over and is not in these numbers" in line for line in made.remarks)
    hz.write(hazards.assign(work_status="closed"), tmp_path / "closed.geojson")
    with pytest.raises(HazardgeoError, match="no open ground"):
        exposure_files([tmp_path / "closed.geojson"], folder / "even.tif", kind="density")


def test_without_a_border_people_are_counted_and_not_told_by_side(folder):
    """AAA is in no embedded border: it says so, and counts all the same."""
    made = exposure_files([folder / "hazards.geojson"], folder / "even.tif", kind="density", distances_m=(300,))
    assert set(made.near.totals["side"]) == {"not_asked"}
    assert made.near.together["people"].iloc[0] == pytest.approx(43.8, rel=3e-3)
    assert any("no embedded border was asked" in line for line in made.remarks)
    assert made.exit_status == OK


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("--population", "none.tif"), "There is no file"),
        (("--distances", "500,far"), "give metres parted by commas"),
        (("--distances", "500,100"), "no distances of rings"),
        (("--band", "3"), "no band 3"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(folder, change, words, capsys):
    assert main([*asked(folder), *change]) == COULD_NOT
    assert words in capsys.readouterr().err


def test_a_synthetic_raster_is_called_fictional(capsys):
    sample = [str(hz.sample_data(name)) for name in ("bih_register.gpkg", "fictional_population.tif")]
    assert main(["exposure", sample[0], "--population", sample[1], "--countries", "BIH,HRV"]) == OK
    said = capsys.readouterr().out
    assert said.startswith("FICTIONAL PEOPLE")
    assert "| inside | HRV |" in said


# --- the demo ----------------------------------------------------------------------------------------------------


def test_the_demo_of_southeast_europe_tells_people_on_both_sides(tmp_path):
    """A table with rows for all sides and for each, a headline, files, and that all is invented; the raster is an input."""
    out = hz.write_demo(tmp_path / "out", region="southeast_europe")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert "fictional_population.tif" in [one["file"] for one in manifest["inputs"]]
    assert any("fictional people live in open hazards" in line for line in manifest["headlines"])
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "People on both sides" in page
    assert "FICTIONAL PEOPLE: fictional_population.tif was drawn by lot." in page
    near = pd.read_csv(out / "tables" / "people_near.csv")
    assert {"BIH", "HRV"} <= set(near["side"])
    assert (near["people_low"].fillna(0) <= near["people_high"].fillna(0)).all()
    by_hazard = pd.read_csv(out / "tables" / "people_by_hazard.csv")
    assert by_hazard.groupby("zone")["people"].sum()["inside"] >= near.groupby("zone")["people"].sum()["inside"] - 1e-6


def test_the_demo_goes_on_where_the_extra_is_not_installed(tmp_path, monkeypatch):
    from hazardgeo.report import _people

    monkeypatch.setattr(_people.importlib.util, "find_spec", lambda _name: None)
    out = hz.write_demo(tmp_path / "out", region="southeast_europe")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert any('pip install "hazardgeo[raster]"' in line for line in manifest["remarks"])
    assert not (out / "tables" / "people_near.csv").exists()
