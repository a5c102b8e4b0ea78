"""Questions about two sides of a border, against what else answers them: splits, distances, common ground.

Usage: python benchmarks/border_speed.py

The countries are the embedded OpenStreetMap version of mainland Southeast Asia with a point put in at least every 150 m and moved
aside a little, the same on either side, which is the detail that offices have. Hazards lie along the lines between
the six countries. Jobs run in turn; CPU seconds count, of all processes, since other work shares the machine. Results are
compared; a peer that differs by more than 1e-6 is printed and not ranked. DuckDB (its wheel of 1.5.5 and
`duckdb-extension-spatial`) and PostGIS (a server of its own in a temporary folder, through `psycopg`) take part where they
are installed.
"""

from __future__ import annotations

import contextlib
import sys
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from _peers import MISSING, Job, cpu_of, cpu_seconds, duckdb_spatial, postgis
from _results import write_section

import hazardgeo as hz
from hazardgeo.borders import BorderSet
from hazardgeo.borders._line import _nearest
from hazardgeo.borders._line._drawn import shares_as_drawn
from hazardgeo.borders._line._search import close_to
from hazardgeo.measure import geodesic_area_m2
from hazardgeo.overlay import _common_area, common_area_m2, pairs_that_touch

CODES = ("KHM", "LAO", "MMR", "MYS", "THA", "VNM")
FEW, MANY, RUNS, SEED, SAME = 3_000, 100_000, 3, 7, 1e-6
STEP_M, ASIDE = 150.0, 0.1
GEOD = pyproj.Geod(ellps="WGS84")


def rough(lonlat: np.ndarray) -> np.ndarray:
    """Points put into the edges of a line, the same for whoever draws the edge, in either direction."""
    start, end = lonlat[:-1], lonlat[1:]
    turned = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    a, b = np.where(turned[:, None], end, start), np.where(turned[:, None], start, end)
    count = np.ceil(GEOD.inv(*a.T, *b.T)[2] / STEP_M).astype(int).clip(1)
    edge = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    step = np.where(turned[edge], count[edge] - step, step)
    moved = ASIDE * np.sin(1e6 * a.sum(axis=1)[edge] + 2.4 * step) * ((step > 0) & (step < count[edge]))
    share, along = (step / count[edge])[:, None], ((b - a) / count[:, None])[edge]
    points = np.where(share == 1, b[edge], a[edge] + share * (b - a)[edge])
    points = points + moved[:, None] * np.column_stack([-along[:, 1], along[:, 0]])
    return np.vstack([points, lonlat[-1:]])


def roughened(shape: Any) -> Any:
    """A line or polygon with more points."""
    if shape.geom_type == "Polygon":
        shell, *holes = (rough(shapely.get_coordinates(ring)) for ring in (shape.exterior, *shape.interiors))
        return shapely.Polygon(shell, holes)
    if shape.geom_type == "LineString":
        return shapely.LineString(rough(shapely.get_coordinates(shape)))
    return type(shape)([roughened(part) for part in shape.geoms])


def detailed() -> BorderSet:
    """The border."""
    border = hz.borders.load(*CODES, source="osm")
    countries, lines = (
        frame.set_geometry([roughened(one) for one in frame.geometry], crs=4326)
        for frame in (border.countries, border.lines)
    )
    assert countries.is_valid.all()
    return replace(border, countries=countries, lines=lines)


def stars(centre: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Star-shaped outlines of 0.001 to 2 km² and 8 to 60 corners."""
    corners = np.clip((8 + rng.gamma(1.3, 10, len(centre))).astype(int), 8, 60)
    of = np.repeat(np.arange(len(centre)), corners)
    # One corner in each sector, so that no outline crosses itself.
    at = np.arange(len(of)) - np.repeat(np.cumsum(corners) - corners, corners)
    angle = (at + rng.uniform(0.1, 0.9, len(of))) / corners[of] * 2 * np.pi
    size = np.exp(rng.uniform(np.log(20), np.log(800), len(centre)))[of]
    radius = size * rng.uniform(0.7, 1, len(of)) / 111_000
    east = radius * np.cos(angle) / np.cos(np.radians(centre[of, 1]))
    lonlat = centre[of] + np.column_stack([east, radius * np.sin(angle)])
    return shapely.polygons(shapely.linearrings(lonlat, indices=of))


def hazards(border: BorderSet, count: int, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Hazards along the lines, most within some kilometres of them."""
    on = shapely.get_coordinates(border.asked_lines.geometry.to_numpy())
    off = rng.normal(0, 0.1, (count, 2)) * rng.uniform(0, 1, (count, 1)) ** 2
    polygons = stars(on[rng.integers(0, len(on), count)] + off, rng)
    facts = {"register": "R", "country": "LAO", "vertex_sd_m": 5.0}
    return gpd.GeoDataFrame(facts, geometry=polygons, index=[f"H-{i:06}" for i in range(count)], crs=4326)


def fresh(border: BorderSet) -> BorderSet:
    """The same border as nobody has asked it yet."""
    return replace(border)


def drawn(border: BorderSet, polygons: np.ndarray) -> pd.Series:
    """Geodesic area of each hazard on each side, the drawn line taken as true: what the peers answer."""
    shares = shares_as_drawn(border, polygons)
    area = shares.share * geodesic_area_m2(polygons)[shares.hazard]
    return pd.Series(area, index=[shares.hazard, shares.side])


def by_overlay(frame: gpd.GeoDataFrame, countries: gpd.GeoDataFrame) -> pd.Series:
    """What one writes without hazardgeo."""
    pieces = gpd.overlay(frame, countries, keep_geom_type=True)
    area = [abs(GEOD.geometry_area_perimeter(piece)[0]) for piece in pieces.geometry]
    return pd.Series(area, index=[pieces["i"], pieces["code"]]).groupby(level=[0, 1]).sum()


def quarters(shape: Any, box: tuple[float, float, float, float]) -> list[Any]:
    """A country in tiles that do not overlap, of at most 64 vertices, for those who have no tiles of their own."""
    shape = shapely.clip_by_rect(shape, *box)
    if shape.is_empty or shapely.get_num_coordinates(shape) <= 64:
        return [] if shape.is_empty else [shape]
    west, south, east, north = box
    x, y = (west + east) / 2, (south + north) / 2
    boxes = ((west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north))
    return [tile for one in boxes for tile in quarters(shape, one)]


def databases(stack: contextlib.ExitStack, many: np.ndarray, tiles: gpd.GeoDataFrame) -> Any:
    """Those that are installed, with hazards and tiles loaded: jobs, clocks, and what to say of the others."""
    jobs: dict[str, Job] = {}
    clocks: dict[str, Any] = {}
    missing = []
    cut = "CASE WHEN ST_CoveredBy(h.g, t.g) THEN h.g ELSE ST_Intersection(h.g, t.g) END"
    try:
        duck, load = duckdb_spatial()
        load("h", many, np.arange(len(many)))
        load("t", tiles.geometry.to_numpy(), tiles["code"].to_numpy())
        import duckdb

        jobs[f"DuckDB {duckdb.__version__} spatial, our tiles, 2 threads"] = lambda: duck.execute(
            "SELECT h.i, t.i AS code, sum(ST_Area_Spheroid(ST_Intersection(h.g, t.g))) AS m2 FROM h JOIN t "
            "ON ST_Intersects(h.g, t.g) GROUP BY 1, 2"
        ).df()
    except MISSING as error:
        missing.append(f"DuckDB with its spatial extension could not be had here ({type(error).__name__}: {error}).")
    try:
        base, load = stack.enter_context(postgis())
        load("h", many, np.arange(len(many)))
        load("t", tiles.geometry.to_numpy(), tiles["code"].to_numpy())
        version = base.execute("SELECT postgis_lib_version()").fetchone()[0]
        name = f"PostGIS {version} (PostgreSQL {base.info.server_version // 10000}), our tiles, 1 process"
        jobs[name] = lambda: pd.DataFrame(
            base.execute(
                f"SELECT h.i, t.i, sum(ST_Area(({cut})::geography)) FROM h JOIN t ON ST_Intersects(h.g, t.g) GROUP BY 1, 2"  # noqa: S608
            ).fetchall(),
            columns=["i", "code", "m2"],
        )
        clocks[name] = cpu_of(base)
    except MISSING as error:
        missing.append(f"PostGIS could not be had here ({type(error).__name__}: {error}).")
    return jobs, clocks, missing


def fast(on: bool) -> None:
    """Take what numba compiled, or do without."""
    _common_area.COMPILED_FROM = _nearest.COMPILED_FROM = 0 if on else sys.maxsize


def by(on: bool, job: Job) -> Job:
    """A job with or without what numba compiled."""

    def run() -> Any:
        fast(on)
        return job()

    return run


def apart(found: pd.Series, ours: pd.Series) -> tuple[float, float]:
    """Differences of the totals by country, relative, and of one piece at most [m²]."""
    both = pd.DataFrame({"a": found, "b": ours}).fillna(0.0)
    both = both[both.index.get_level_values(1).isin(CODES)]
    totals = both.groupby(level=1).sum()
    return float((totals["a"] / totals["b"] - 1).abs().max()), float((both["a"] - both["b"]).abs().max())


def rows(times: dict[str, float], differ: dict[str, tuple[float, float]], first: str, count: int) -> list[str]:
    """A table of ratios to the first."""
    lines = [
        "| | CPU s | µs/hazard | times faster | totals differ by | a piece by at most, m² |",
        "|---|---|---|---|---|---|",
    ]
    for name, took in times.items():
        total, piece = differ.get(name, (float("nan"),) * 2)
        ratio = "not ranked" if total > SAME else f"{times[first] / took:.1f}"
        told = ("", "") if np.isnan(total) else (f"{total:.0e}", f"{piece:.1e}")
        lines.append(f"| {name} | {took:.3f} | {took / count * 1e6:.1f} | {ratio} | {told[0]} | {told[1]} |")
    return lines


def splits(border: BorderSet, rng: np.random.Generator) -> list[str]:
    """Areas by side."""
    few, many = hazards(border, FEW, rng), hazards(border, MANY, rng)
    six = border.countries[border.countries["code"].isin(CODES)]
    few_of, many_of = few.geometry.to_numpy(), many.geometry.to_numpy()
    given = gpd.GeoDataFrame({"i": np.arange(FEW)}, geometry=few_of, crs=4326)
    boxed = [
        (code, tile) for code, one in zip(six["code"], six.geometry, strict=True) for tile in quarters(one, one.bounds)
    ]
    tiles = gpd.GeoDataFrame({"code": [code for code, _ in boxed]}, geometry=[tile for _, tile in boxed], crs=4326)
    drawn(border, few_of)
    hz.borders.split_by_country(few, border)
    whole = "`geopandas.overlay`, whole countries, and a loop over the areas"
    jobs: dict[str, Job] = {whole: lambda: by_overlay(given, six[["code", "geometry"]])}
    jobs["`geopandas.overlay`, our tiles"] = lambda: by_overlay(given, tiles)
    jobs |= {
        "ours, best areas, first call: index and tiles included": by(False, lambda: drawn(fresh(border), few_of)),
        "ours, best areas, numpy": by(False, lambda: drawn(border, few_of)),
        "ours, best areas, `fast`": by(True, lambda: drawn(border, few_of)),
        "`split_by_country`: low, best, high and more, first call": by(
            False, lambda: hz.borders.split_by_country(few, fresh(border))
        ),
        "`split_by_country`": by(False, lambda: hz.borders.split_by_country(few, border)),
    }
    ours = drawn(border, few_of)
    differ = {name: apart(jobs[name](), ours) for name in list(jobs)[:5]}
    lines = [f"Splitting {FEW:,} hazards:", "", *rows(cpu_seconds(jobs, RUNS), differ, whole, FEW), ""]
    with contextlib.ExitStack() as stack:
        others, clocks, missing = databases(stack, many_of, tiles)
        more: dict[str, Job] = {
            "ours, best areas, first call": by(False, lambda: drawn(fresh(border), many_of)),
            "ours, best areas, numpy": by(False, lambda: drawn(border, many_of)),
            "ours, best areas, `fast`": by(True, lambda: drawn(border, many_of)),
            **others,
            "`split_by_country`": by(True, lambda: hz.borders.split_by_country(many, border)),
        }
        ours = drawn(border, many_of)
        found = {name: job().set_index(["i", "code"])["m2"] for name, job in others.items()}
        differ = {name: apart(one, ours) for name, one in found.items()}
        times = cpu_seconds(dict(list(more.items())[:-1]), RUNS, clocks) | cpu_seconds(dict(list(more.items())[-1:]), 1)
    slowest = next(iter(others), next(iter(more)))
    return [*lines, f"Splitting {MANY:,} hazards:", "", *missing, *rows(times, differ, slowest, MANY)]


def distances(border: BorderSet, rng: np.random.Generator) -> list[str]:
    """Distances to the nearest line, per hazard, since the peers cannot be given as many."""
    lines = border.asked_lines
    parts = shapely.get_parts(shapely.get_parts(lines.geometry.to_numpy()))
    cut = [
        shapely.LineString(xy[k : k + 9])
        for xy in map(shapely.get_coordinates, parts)
        for k in range(0, len(xy) - 1, 8)
    ]
    wholes, pieces = (
        gpd.GeoDataFrame(geometry=some, crs=4326).to_crs(32648) for some in (lines.geometry.to_numpy(), cut)
    )
    counts = {"sjoin_nearest, UTM 48, whole lines": 500, "sjoin_nearest, UTM 48, pieces of 8 edges": 10_000}
    given = {name: hazards(border, count, rng) for name, count in counts.items()}
    many = hazards(border, MANY, rng)
    every = many.geometry.to_numpy()
    close_to(border, lines, every, 0.0)
    jobs: dict[str, Job] = {
        name: lambda name=name, right=right: gpd.sjoin_nearest(given[name].to_crs(32648), right, distance_col="m")
        for name, right in zip(counts, (wholes, pieces), strict=True)
    }
    jobs["ours, first call"] = by(False, lambda: close_to(fresh(border), lines, every[: MANY // 5], 0.0))
    jobs["ours, numpy"] = by(False, lambda: close_to(border, lines, every[: MANY // 5], 0.0))
    jobs["ours, `fast`"] = by(True, lambda: close_to(border, lines, every, 0.0))
    times = cpu_seconds(jobs, RUNS)
    asked = [*counts.values(), MANY // 5, MANY // 5, MANY]
    each = {name: took / count * 1e6 for (name, took), count in zip(times.items(), asked, strict=True)}
    wrong = {name: worst(jobs[name](), frame, lines) for name, frame in given.items()}
    wrong["ours, `fast`"] = worst(jobs["ours, `fast`"](), many, lines)
    table = ["| | hazards | µs/hazard | worst error in 1 mm + 1e-5 |", "|---|---|---|---|"]
    for (name, took), count in zip(each.items(), asked, strict=True):
        table.append(f"| {name} | {count:,} | {took:.1f} | {f'{wrong[name]:.2g}' if name in wrong else ''} |")
    whole, piece, _, numpy, compiled = each.values()
    ratios = (
        f"Whole lines take {whole / compiled:,.0f} times as long as ours with `fast` and {whole / numpy:,.0f} times as long "
        f"as ours without; pieces {piece / compiled:.1f} and {piece / numpy:.1f} times. Truth: 150 hazards, each in an azimuthal "
        "equidistant plane about itself."
    )
    return [
        "",
        f"Distances to the nearest of {len(shapely.get_coordinates(parts)):,} points of lines:",
        "",
        *table,
        "",
        ratios,
    ]


def worst(found: Any, frame: gpd.GeoDataFrame, lines: gpd.GeoDataFrame) -> float:
    """Largest error, in shares of what is allowed, against a plane at each hazard in which distances from its middle are true."""
    metres = found[1] if isinstance(found, tuple) else found.groupby(level=0)["m"].min().reindex(frame.index).to_numpy()
    line = shapely.union_all(lines.geometry.to_numpy())
    errors = []
    for k in np.random.default_rng(SEED).choice(len(frame), min(150, len(frame)), replace=False):
        shape = frame.geometry.iloc[k]
        plane = pyproj.Proj(proj="aeqd", lon_0=shape.centroid.x, lat_0=shape.centroid.y, ellps="WGS84")
        one, other = (shapely.transform(g, lambda xy, p=plane: np.column_stack(p(*xy.T))) for g in (shape, line))
        truth = one.distance(other)
        errors.append(abs(metres[k] - truth) / (1e-3 + 1e-5 * truth))
    return max(errors)


def common_ground(rng: np.random.Generator) -> list[str]:
    """Areas of the ground that the pairs of two registers have in common."""
    side = (MANY / 40) ** 0.5 * 0.05
    a, b = (
        stars(np.column_stack([102 + rng.uniform(0, side, MANY), 14 + rng.uniform(0, side, MANY)]), rng) for _ in "ab"
    )
    frames = [gpd.GeoDataFrame({name: np.arange(MANY)}, geometry=some, crs=4326) for name, some in (("a", a), ("b", b))]

    def overlay() -> pd.Series:
        pieces = gpd.overlay(*frames, keep_geom_type=True)
        return pd.Series(pieces.to_crs(6933).area.to_numpy(), index=[pieces["a"], pieces["b"]])

    def boxes() -> pd.Series:
        left, right = shapely.STRtree(b).query(a)
        return pd.Series(common_area_m2(a, b, left, right), index=[left, right])

    def touching() -> pd.Series:
        left, right = pairs_that_touch(a, b)
        return pd.Series(common_area_m2(a, b, left, right), index=[left, right])

    jobs: dict[str, Job] = {
        "`geopandas.overlay` and `to_crs(6933).area`": overlay,
        "GEOS in local planes: `pairs_that_touch`, `common_area_m2` without `fast`": by(False, touching),
        "boxes and `common_area_m2` with `fast`": by(True, boxes),
    }
    peer, plain, ours = (job() for job in jobs.values())
    ours = ours[ours > 1]
    both = pd.DataFrame({"a": peer, "b": plain, "c": ours}).dropna()
    exact, other = float((both["c"] / both["b"] - 1).abs().max()), float((both["c"] / both["a"] - 1).abs().max())
    times = cpu_seconds(jobs, RUNS)
    first = next(iter(times.values()))
    return [
        "",
        f"Common ground of two registers of {MANY:,} hazards each, {len(ours):,} pairs with more than 1 m²:",
        "",
        "| | CPU s | times faster |",
        "|---|---|---|",
        *(f"| {name} | {took:.2f} | {first / took:.1f} |" for name, took in times.items()),
        "",
        f"With and without `fast` a pair's area differs by {exact:.0e} at most, and from the overlay in degrees by {other:.0e}, "
        f"all together by {abs(both['c'].sum() / both['a'].sum() - 1):.0e}.",
    ]


def main() -> None:
    """Measure, and write the results."""
    rng = np.random.default_rng(SEED)
    border = detailed()
    vertices = shapely.get_num_coordinates(border.countries.geometry.to_numpy()).sum()
    head = (
        f"{', '.join(CODES)} and their neighbours' strips: {vertices:,} vertices. Median of {RUNS}, in turn; CPU seconds of all "
        "processes that work for a job."
    )
    lines = [head, "", *splits(border, rng), *distances(border, rng), *common_ground(rng)]
    write_section("Two sides of a border at speed (`benchmarks/border_speed.py`)", lines)


if __name__ == "__main__":
    main()
