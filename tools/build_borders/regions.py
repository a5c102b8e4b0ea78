"""One region of one source, from polygons to layers."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import box

from .config import Config, Region, Settings, SourceNote
from .coverage import DISPUTED, Coverage, check, codes_of, resolve
from .errors import require
from .lines import Pair, base_pairs, joined
from .planes import area_m2, buffer_m
from .uncertainty import Key, Uncertainty, columns
from .vertices import densify, deviation_m, simplify

_OUTLINE_DEG = 0.005  # the outline of the strip needs no detail
_CRUMB_M2 = 1e6


def strip_around(country: shapely.Geometry, region: Region, settings: Settings) -> shapely.Geometry:
    """The ground within the strip around a country, limited by the region's box."""
    around = buffer_m(shapely.simplify(country, _OUTLINE_DEG), settings.strip_m, quad_segs=4)
    limited = shapely.simplify(shapely.intersection(around, box(*region.box)), _OUTLINE_DEG)
    return shapely.normalize(shapely.set_precision(limited, settings.grid_deg))


def strip(asked: list[shapely.Geometry], region: Region, settings: Settings) -> shapely.Geometry:
    """The ground within the strip around the countries asked for, limited by the region's box, without holes."""
    around = buffer_m(shapely.simplify(shapely.union_all(asked), _OUTLINE_DEG), settings.strip_m, quad_segs=4)
    limited = shapely.intersection(around, box(*region.box))
    main = max(shapely.get_parts(limited), key=shapely.area)
    outline = Coverage(("strip",), (shapely.Polygon(shapely.get_exterior_ring(main)),))
    # Long edges are laid on their geodesics before anything is cut by them: afterwards they could bow across a coast.
    return shapely.get_geometry(densify(outline, settings)["strip"], 0)


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
    simple = simplify(exact, note.tolerance_m, settings.grid_deg, region.scale_lat)
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


def strip_layer(coverage: Coverage, region: Region, settings: Settings) -> gpd.GeoDataFrame:
    """The ground around each country asked for that a set made for it alone would cover."""
    shapes = [strip_around(coverage[code], region, settings) for code in region.asked]
    return gpd.GeoDataFrame({"code": region.asked}, geometry=shapes, crs=4326)


def _line_claimants(la: str, lb: str, status: str) -> str:
    claimed = {code for label in (la, lb) if _code(label) == DISPUTED for code in codes_of(label)}
    if not claimed and status == DISPUTED:
        claimed = {*codes_of(la), *codes_of(lb)}
    return ";".join(sorted(claimed))


def _widest(pairs: list[Pair], kind: str, known: dict[Key, Uncertainty]) -> Uncertainty:
    found = [known[pair, kind] for pair in pairs if (pair, kind) in known]
    return max(found, key=lambda one: one.offset.metres)


def line_layer(edges: pd.DataFrame, known: dict[Key, Uncertainty], note: SourceNote) -> gpd.GeoDataFrame:
    """One row for each pair of polygons and each status, view and kind of stretch along their line."""
    rows = []
    for (la, lb, word, views, kind), group in edges.groupby(
        ["la", "lb", "status", "points_of_view", "kind"], sort=True
    ):
        a, b = sorted([_code(la), _code(lb)])
        rows.append(
            {
                "country_a": a,
                "country_b": b,
                "status": word,
                "claimants": _line_claimants(la, lb, word),
                **columns(_widest(base_pairs(la, lb), kind, known)),
                "stretch": kind,
                "points_of_view": views,
                "source": note.source,
                "version": note.version,
                "licence": note.licence,
                "geometry": joined(group),
            }
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=4326)


def _holders(countries: gpd.GeoDataFrame, place: tuple[float, float]) -> list[str]:
    shapes = countries.geometry.to_numpy()
    return list(countries["code"].to_numpy()[shapely.intersects(shapes, shapely.Point(place))])


def check_towns(countries: gpd.GeoDataFrame, extent: shapely.Geometry, region: Region, config: Config) -> None:
    """Fail unless each country holds its towns in the extent, three at least."""
    for code in region.codes:
        towns = config.countries[code].towns
        inside = {town: place for town, place in towns.items() if shapely.intersects(extent, shapely.Point(place))}
        require(len(inside) >= 3, f"{region.name}: {code} has {len(inside)} towns in the extent; name three")
        for town, place in inside.items():
            holders = _holders(countries, place)
            require(holders == [code], f"{region.name}: {town} should be in {code}, found {holders}")


def check_enclaves(countries: gpd.GeoDataFrame, extent: shapely.Geometry, source: str, config: Config) -> None:
    """Fail unless each enclave in the extent that this source should hold lies in its country."""
    for name, enclave in config.enclaves.items():
        if source in enclave.sources and shapely.intersects(extent, shapely.Point(enclave.at)):
            holders = _holders(countries, enclave.at)
            require(holders == [enclave.code], f"{name} should be in {enclave.code}, found {holders}")


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
