"""The command line: make every file of the sample data."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import numpy as np

import hazardgeo as hz

from . import attributes, demarcation, dirty, programme, rasters, readme, regions, releases, scenario
from .dirty_list import readme_text
from .ground import CODES, ground, lonlat

SEED = 20_260_115
ROOT = Path(__file__).resolve().parents[2]


def build(folder: Path) -> None:
    """Write all files into a folder.

    Parameters
    ----------
    folder : pathlib.Path
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    border = hz.borders.load("HRV", "BIH", source="osm")
    land = ground(border)
    drafts = scenario.hazards(land, rng)
    frames, examples = {}, {}
    for code in CODES:
        own = [draft for draft in drafts if draft.code == code]
        frames[code] = attributes.register(rng, code, own, hostile=code == "HRV")
        frames[f"{code} releases"] = releases.register(rng, code, own, frames[code])
        examples |= {id(draft): name for draft, name in zip(own, frames[code].index, strict=True)}
    hz.write(frames["BIH"], folder / "bih_register.gpkg")
    hz.write(lonlat(frames["HRV"]), folder / "hrv_register.geojson")
    hz.write(frames["BIH releases"], folder / "bih_releases.gpkg")
    hz.write(lonlat(frames["HRV releases"]), folder / "hrv_releases.geojson")
    hz.borders.write(demarcation.demarcated(border, land), folder / "demarcated_border.gpkg")
    made = {name: regions.build(name, np.random.default_rng(SEED + k)) for k, name in enumerate(regions.REGIONS)}
    for name, (hazards, released) in made.items():
        hz.write(hazards, folder / f"{name}.geojson")
        hz.write(released, folder / f"{name}_releases.geojson")
    for k, name in enumerate(programme.PROGRAMMES, start=len(regions.REGIONS)):
        hazards, released = programme.build(name, np.random.default_rng(SEED + k))
        hz.write(hazards, folder / f"{name}.geojson")
        hz.write(released, folder / f"{name}_releases.geojson")
        shutil.copyfile(Path(__file__).with_name(f"{name}.toml"), folder / f"{name}.toml")
    people = rasters.build(folder, border, np.random.default_rng(SEED))
    twins = dirty.build(folder, frames, land.line, SEED)
    text = readme.text(
        frames, drafts, examples, border, regions=made, dirty=readme_text(twins), seed=SEED, people=people
    )
    (folder / "README.md").write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Run the build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "sample_data", help="folder to write into")
    build(parser.parse_args().out)


if __name__ == "__main__":
    main()
