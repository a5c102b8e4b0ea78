"""Both sources of one region, from the archives to what is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import shapely
from shapely.geometry import box

from . import lines, natural_earth, offsets, osm_2017, regions, stretches, uncertainty, zones
from .borrowed import borrowed_ground
from .config import Box, Config, Region
from .coverage import Coverage
from .errors import require
from .lines import Pair
from .planes import length_m

_LONG_M = 50_000.0  # a pair shorter than this may be cut differently by the two strips


@dataclass(frozen=True)
class Inputs:
    """The archives, and Natural Earth unpacked."""

    geo_tz: Path
    natural_earth: Path
    osm_2017: Path


@dataclass(frozen=True)
class Built:
    """Both sources of one region before they are written; the edges carry status, kind and points of view."""

    coverages: dict[str, Coverage]
    edges: dict[str, pd.DataFrame]
    known: dict[str, dict[uncertainty.Key, uncertainty.Uncertainty]]
    measured: dict[Pair, offsets.Measured | None]


def _wider(limits: Box, by: float) -> Box:
    return (limits[0] - by, limits[1] - by, limits[2] + by, limits[3] + by)


def _within(pairs: dict[Pair, shapely.Geometry], extent: shapely.Geometry) -> dict[Pair, shapely.Geometry]:
    return {pair: offsets.lines_within(line, extent) for pair, line in pairs.items()}


def _check_lengths(osm: dict[Pair, shapely.Geometry], ne: dict[Pair, shapely.Geometry], region: Region) -> None:
    for pair in sorted(set(osm) & set(ne)):
        ratio = length_m(osm[pair]) / length_m(ne[pair])
        short = min(length_m(osm[pair]), length_m(ne[pair])) < _LONG_M and not set(pair) <= set(region.asked)
        require(short or 0.5 <= ratio <= 2, f"{region.name}: {pair} is {ratio:.2f} times as long as in Natural Earth")


def _coverages(
    region: Region, inputs: Inputs, config: Config, ne: dict[str, shapely.Geometry], certain: shapely.Geometry
) -> dict[str, Coverage]:
    osm = zones.countries(inputs.geo_tz, _wider(region.box, config.settings.box_margin_deg), config, ne)
    found = {
        name: regions.build_coverage(polygons, certain, region, config.sources[name], config.settings)
        for name, polygons in (("natural_earth", ne), ("osm", osm))
    }
    for coverage in found.values():
        regions.check_no_gap(coverage, certain)
    return found


def _stated(inputs: Inputs, region: Region, config: Config, edges: pd.DataFrame) -> pd.DataFrame:
    drawn = natural_earth.read_lines(inputs.natural_earth, _wider(region.box, config.settings.box_margin_deg), config)
    return lines.status_by_line(edges, drawn)


def _edges_of_osm(
    coverage: Coverage, ne: dict[str, shapely.Geometry], fine: dict[str, shapely.Geometry], certain: shapely.Geometry,
    config: Config,
) -> pd.DataFrame:  # fmt: skip
    edges = lines.pair_edges(coverage, lines.land_mask(ne, fine, config.settings))
    kinds = stretches.kinds(edges, borrowed_ground(config, ne), fine, certain)
    return edges.assign(status=lines.status_by_label(edges), points_of_view="", **kinds)


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
    certain = regions.certain_land(ne, config.settings)
    coverages = _coverages(region, inputs, config, ne, certain)
    fine = osm_2017.read_land(inputs.osm_2017, set(region.codes), _wider(region.box, 2.0))
    drawn = lines.pair_edges(coverages["natural_earth"], None)
    edges = {"natural_earth": drawn.join(_stated(inputs, region, config, drawn)).assign(kind="", bank_m=0.0)}
    edges["osm"] = _edges_of_osm(coverages["osm"], ne, fine, certain, config)
    lent = edges["osm"]["kind"] == stretches.BORROWED
    # What Natural Earth lends comes with what it says of it.
    edges["osm"].update(_stated(inputs, region, config, edges["osm"][lent]))
    return _measured(region, config, coverages, edges, fine)


def _measured(
    region: Region, config: Config, coverages: dict[str, Coverage], edges: dict[str, pd.DataFrame],
    fine: dict[str, shapely.Geometry],
) -> Built:  # fmt: skip
    # A line that runs on beyond what the other source covers would be compared with the other's end.
    common = shapely.intersection(coverages["osm"].extent, coverages["natural_earth"].extent)
    pairs = {name: _within(lines.by_base_pair(table), common) for name, table in edges.items()}
    _check_lengths(pairs["osm"], pairs["natural_earth"], region)
    truth = uncertainty.stand_ins(edges["osm"], fine, pairs["natural_earth"], common, config)
    of_ne, measured = uncertainty.of_natural_earth(pairs["natural_earth"], truth, config)
    of_osm = uncertainty.of_osm(edges["osm"], fine, of_ne, common, config)
    known = {"natural_earth": {(pair, ""): found for pair, found in of_ne.items()}, "osm": of_osm}
    return Built(coverages, edges, known, measured)
