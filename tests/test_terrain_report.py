"""The ground of hazards in the demo of Central Asia: every record is in the table, and how coarse it is beside every number."""

from __future__ import annotations

import csv
import importlib.util
import json
import re

import pytest

import hazardgeo as hz


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return hz.write_demo(tmp_path_factory.mktemp("demo") / "out", region="central_asia")


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_table_has_every_hazard_and_the_function_s_numbers(demo):
    hazards = hz.read_hazards(hz.sample_data("central_asia.geojson"))
    expected = hz.exposure.terrain(hazards, hz.sample_data("central_asia_elevation.tif"))
    table = {row["hazard_id"].rpartition("/")[2]: row for row in rows(demo / "tables" / "terrain.csv")}
    assert set(table) == set(expected.index)
    for name, row in table.items():
        told, known = row["slope_mean_deg"], expected["covered_share"][name] > 0
        assert (told != "") == known
        assert not known or float(told) == pytest.approx(expected["slope_mean_deg"][name])
    assert "terrain.csv" in (demo / "tables" / "README.txt").read_text(encoding="utf-8")


def test_wherever_a_slope_is_told_it_is_said_to_be_understated(demo):
    """In the headline that the command prints, and under the table of the report."""
    manifest = json.loads((demo / "manifest.json").read_text(encoding="utf-8"))
    said = [line for line in manifest["headlines"] if "central_asia_elevation.tif" in line]
    assert len(said) == 1
    assert "slopes and surfaces are understated" in said[0]
    assert "smaller than one cell" in said[0]
    assert "central_asia_elevation.tif" in {one["file"] for one in manifest["inputs"]}
    report = (demo / "report.html").read_text(encoding="utf-8")
    assert report.count("slopes and surfaces are understated") == 2
    assert "Open hazards on the steepest ground" in report


def test_the_map_tells_the_slope_in_its_popups(demo):
    """With how coarse the raster is, since a popup has no footnotes; and that it is not known where no raster is."""
    page = (demo / "map.html").read_text(encoding="utf-8")
    assert '"Mean slope"' in page
    assert re.search(r"\d\.\d°, understated: cells of 8\d\d m", page)
    assert '"not known"' in page


def test_without_what_it_takes_the_report_says_so(tmp_path, monkeypatch):
    """Where exactextract is not installed, all else is there, and a remark says how to have the rest."""
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "exactextract" else find(name, *rest)
    )
    out = hz.write_demo(tmp_path / "out", region="central_asia")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert any("hazardgeo[raster]" in remark for remark in manifest["remarks"])
    assert not (out / "tables" / "terrain.csv").exists()
