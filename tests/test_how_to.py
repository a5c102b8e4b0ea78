"""What the how-to pages and the README say in Python runs, on files of the names that they use."""

import re
import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import hazardgeo as hz

ROOT = Path(__file__).parents[1]
PAGES = [*sorted((ROOT / "docs" / "how_to").glob("*.md")), ROOT / "README.md"]
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
ELSEWHERE = {"profiles.md"}  # its example is read from the page itself, in test_profiles.py


def degrees(value, letters):
    """A coordinate as offices write it: 45°10'02.310"N."""
    whole = abs(value)
    minutes = whole % 1 * 60
    return f"{int(whole)}°{int(minutes):02}'{minutes % 1 * 60:06.3f}\"{letters[value < 0]}"


def corners(hazards):
    """A row for each corner."""
    rows = []
    for name, record in hazards.iterrows():
        ring = record.geometry.exterior.coords[:-1]
        said = {column: record[column] for column in ("register", "country", "classification", "work_status")}
        for number, (lon, lat) in enumerate(ring, start=1):
            rows.append(
                {
                    "hazard_id": name,
                    **said,
                    "vertex": number,
                    "latitude": degrees(lat, "NS"),
                    "longitude": degrees(lon, "EW"),
                }
            )
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A folder with the files that the pages speak of."""
    folder = tmp_path_factory.mktemp("office")
    samples = {
        "bih_register.gpkg": "bih.gpkg", "hrv_register.geojson": "hrv.geojson", "bih_releases.gpkg": "bih_releases.gpkg",
        "bih_register_dirty.csv": "sheet.csv", "bih_register_dirty.toml": "sheet.toml",
        "fictional_population.tif": "people.tif", "fictional_land_cover.tif": "land_cover.tif",
        "central_asia_elevation.tif": "elevation.tif", "demarcated_border.gpkg": "border.gpkg",
    }  # fmt: skip
    for sample, name in samples.items():
        shutil.copyfile(hz.sample_data(sample), folder / name)
    shutil.copyfile(folder / "bih.gpkg", folder / "register.gpkg")
    for kind in ("depots", "points"):
        hz.write(hz.intake(hz.sample_data(f"kazakhstan_{kind}.geojson"), kind).records, folder / f"{kind}.gpkg")
    schools = gpd.GeoDataFrame(
        {"name": ["a", "b"]}, geometry=gpd.points_from_xy([16.3, 16.2], [45.0, 45.2]), crs="EPSG:4326"
    )
    schools.to_file(folder / "schools.gpkg")
    roads = gpd.GeoDataFrame(
        {"name": ["a"]}, geometry=[shapely.LineString([(15.8, 45.2), (19.0, 44.9)])], crs="EPSG:4326"
    )
    roads.to_file(folder / "roads.gpkg")
    region = hz.read_hazards(hz.sample_data("central_asia.geojson"))
    hz.write(region[region["country"] == "KAZ"], folder / "kaz.gpkg")
    hrv = hz.read_hazards(hz.sample_data("hrv_register.geojson"))
    some = hrv[hrv.geometry.geom_type == "Polygon"].head(6)
    grid = some.to_crs("EPSG:3908")
    table = some[["register", "country", "classification", "work_status"]].assign(wkt=grid.geometry.to_wkt())
    table.to_csv(folder / "gk.csv")
    for name in ("corners.xlsx", "register.xlsx"):
        corners(some).to_excel(folder / name, index=False, engine="xlsxwriter")
    return folder


@pytest.mark.filterwarnings("ignore::hazardgeo.errors.FindingWarning")
@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in ELSEWHERE], ids=lambda page: page.stem)
def test_what_a_page_says_in_python_runs(page, office, tmp_path, monkeypatch):
    for file in office.iterdir():
        shutil.copyfile(file, tmp_path / file.name)
    monkeypatch.chdir(tmp_path)
    names = {}
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)  # noqa: S102  (our own pages)
    assert blocks
    assert "hz" in names


def test_the_coordinates_of_the_grid_page_come_back(office):
    """By EPSG:3964, which claims 1 m, the records come back to where they were, to what the operations differ."""
    there = hz.intake(office / "gk.csv", crs="EPSG:8678", datum_operation="EPSG:3964").records
    true = hz.read_hazards(hz.sample_data("hrv_register.geojson")).loc[there.index]
    apart = there.geometry.to_crs(3035).hausdorff_distance(true.geometry.to_crs(3035))
    assert apart.max() < 15  # any of the three operations for that ground; without one it would be 410
