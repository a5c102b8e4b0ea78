"""One region of one source, from polygons to layers."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import box

from .config import Config, Region, Settings, SourceNote
from .coverage import DISPUTED, Coverage, check, codes_of, resolve
from .errors import require
from .lines import Pair, base_pairs, joined
from .offsets import Offset
from .planes import area_m2, buffer_m
from .vertices import densify, deviation_m, simplify

_OUTLINE_DEG = 0.005  # the outline of the strip needs no detail
_CRUMB_M2 = 1e6


@dataclass(frozen=True)
class Layers:
    """The three layers of a file."""

    countries: gpd.GeoDataFrame
    lines: gpd.GeoDataFrame
    extent: gpd.GeoDataFrame


def strip(asked: list[shapely.Geometry], region: Region, settings: Settings) -> shapely.Geometry:
    """The ground within the strip around the countries asked for, limited by the region's box, without holes."""
    around = buffer_m(shapely.simplify(shapely.union_all(asked), _OUTLINE_DEG), settings.strip_m, quad_segs=4)
    limited = shapely.intersection(around, box(*region.box))
    main = max(shapely.get_parts(limited), key=shapely.area)
    return shapely.Polygon(shapely.get_exterior_ring(main))


def check_listed(countries: dict[str, shapely.Geometry], frame: shapely.Geometry, region: Region) -> None:
    """Fail if the frame holds ground of a country that the region does not list: it would look like nobody's."""
    for code, polygon in countries.items():
        if code not in region.codes:
            inside = area_m2(shapely.intersection(polygon, frame))
            require(inside < _CRUMB_M2, f"{region.name}: {code} has {inside / 1e6:.1f} km² in the strip; list it")


def build_coverage(
    countries: dict[str, shapely.Geometry], land: shapely.Geometry, region: Region, note: SourceNote, settings: Settings
) -> Coverage:
    """Resolve, simplify, densify and check the coverage of a region.

    Parameters
    ----------
    countries : dict
        Code to polygon, of the whole box; unlisted ones too.
    land : Geometry
        Land for certain.
    region : Region
    note : SourceNote
    settings : Settings

    Returns
    -------
    Coverage
    """
    frame = strip([countries[code] for code in region.asked], region, settings)
    check_listed(countries, frame, region)
    listed = {code: countries[code] for code in region.codes}
    exact = resolve(listed, frame, land, settings)
    simple = simplify(exact, note.tolerance_m, settings.grid_deg)
    moved = deviation_m(exact, simple)
    require(moved <= note.deviation_m + 0.02, f"{region.name}: simplification moved a line by {moved:.1f} m")
    final = densify(simple, settings)
    check(final)
    return final


def _code(label: str) -> str:
    return label.partition(":")[0]


def _claimants(label: str) -> str:
    return ";".join(codes_of(label)) if _code(label) == DISPUTED else ""


def _name(label: str, config: Config) -> str:
    names = " and ".join(config.countries[code].name for code in codes_of(label))
    if ":" not in label:
        return names
    return (
        f"Claimed by {names}"
        if _code(label) == DISPUTED
        else f"In the zone of neither {names.replace(' and ', ' nor ')}"
    )


def country_layer(coverage: Coverage, region: Region, config: Config) -> gpd.GeoDataFrame:
    """One row for each country and each kind of pocket."""
    land = coverage.without_sea()
    rows = {
        "code": [_code(label) for label in land.labels],
        "name": [_name(label, config) for label in land.labels],
        "claimants": [_claimants(label) for label in land.labels],
        "complete": [int(set(codes_of(label)) <= set(region.asked)) for label in land.labels],
    }
    shapes = [shapely.multipolygons(shapely.get_parts(polygon)) for polygon in land.polygons]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=4326)


def extent_layer(coverage: Coverage, region: Region) -> gpd.GeoDataFrame:
    """The ground of which the set can say on which side it lies."""
    return gpd.GeoDataFrame({"region": [region.name]}, geometry=[coverage.extent], crs=4326)


def _line_claimants(la: str, lb: str, status: str) -> str:
    claimed = {code for label in (la, lb) if _code(label) == DISPUTED for code in codes_of(label)}
    if not claimed and status == DISPUTED:
        claimed = {*codes_of(la), *codes_of(lb)}
    return ";".join(sorted(claimed))


def _widest(pairs: list[Pair], offsets: dict[Pair, Offset]) -> Offset:
    return max((offsets[pair] for pair in pairs), key=lambda offset: offset.metres)


def line_layer(
    edges: pd.DataFrame, status: pd.Series, offsets: dict[Pair, Offset], note: SourceNote
) -> gpd.GeoDataFrame:
    """One row for each pair of polygons and each status along their line."""
    rows = []
    for (la, lb, word), group in edges.groupby(["la", "lb", status], sort=True):
        offset = _widest(base_pairs(la, lb), offsets)
        a, b = sorted([_code(la), _code(lb)])
        rows.append(
            {
                "country_a": a,
                "country_b": b,
                "status": word,
                "claimants": _line_claimants(la, lb, word),
                "offset_95_m": offset.metres,
                "offset_evidence": offset.evidence,
                "source": note.source,
                "version": note.version,
                "licence": note.licence,
                "geometry": joined(group),
            }
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=4326)


def check_towns(countries: gpd.GeoDataFrame, region: Region, config: Config) -> None:
    """Fail unless each country holds its three towns."""
    codes, shapes = countries["code"].to_numpy(), countries.geometry.to_numpy()
    for code in region.codes:
        for town, place in config.countries[code].towns.items():
            holders = codes[shapely.intersects(shapes, shapely.Point(place))]
            require(list(holders) == [code], f"{region.name}: {town} should be in {code}, found {list(holders)}")


def check_no_gap(coverage: Coverage, land: shapely.Geometry) -> None:
    """Fail if what is called sea holds land for certain: no gap between neighbours."""
    if "sea" in coverage.labels:
        gap = area_m2(shapely.intersection(coverage["sea"], land))
        require(gap < _CRUMB_M2, f"{gap / 1e6:.2f} km² of land belong to nobody")


def certain_land(countries: dict[str, shapely.Geometry], settings: Settings) -> shapely.Geometry:
    """Land for certain: Natural Earth, well back from its coast."""
    land = buffer_m(shapely.union_all(np.array(list(countries.values()))), -settings.inland_m)
    shapely.prepare(land)
    return land
