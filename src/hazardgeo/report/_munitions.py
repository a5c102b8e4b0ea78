"""The munitions sites of the sample data: zones, whose ground they reach, and what lies inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hazardgeo.accounting import Area, Figure, Table
from hazardgeo.borders import load
from hazardgeo.datasets import sample_data
from hazardgeo.depots import inside_zones, safety_zones, zone_sides, zones_in_common
from hazardgeo.registers import intake
from hazardgeo.report._story import Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.borders import BorderSet

_M_PER_KM = 1000.0
POLICY = (
    "That the register of a state has no minefield along its border is no sign that there is none: Kazakhstan has said that it "
    "needs mines to protect its border (ITF Enhancing Human Security, Kazakhstan, problem statement), and such ground need not "
    "stand in a humanitarian register."
)


def munitions_files() -> tuple[Path, Path]:
    """The depots, and the points about them."""
    return sample_data("kazakhstan_depots.geojson"), sample_data("kazakhstan_points.geojson")


def munitions(_hazards: gpd.GeoDataFrame, _borders: Sequence[BorderSet]) -> Story:
    """Tell of the fictional munitions sites along the border of Kazakhstan."""
    depots, points = (
        intake(path, kind).records for path, kind in zip(munitions_files(), ("depots", "points"), strict=True)
    )
    border = load("KAZ", "KGZ", "TKM", "UZB", source="osm")
    zones = safety_zones(depots, "Finland")
    sides = zone_sides(zones, border)
    inside = inside_zones(zones, points[points["kind"] == "place"], border=border)
    lines = inside_zones(zones, border.asked_lines)
    about = (
        f"FICTIONAL sites, quantities and villages. Planning aid, not a licence. Distances: {zones['source'].iloc[0]}. "
        f"Border: {border.source} ({border.version})."
    )
    abroad = sides[sides["abroad"]]
    reach = sorted(set(abroad.loc[abroad["area_m2"] > 0, "depot_id"]))
    headline = (
        f"Munitions sites (fictional): the zones of {len(reach)} of {len(depots)} sites reach ground of another country, "
        f"by the line as drawn; of {int(depots['net_explosive_quantity_kg'].isna().sum())} no quantity is known, so no zone is "
        "drawn. " + POLICY
    )
    tables = (_sites(zones, sides, lines, about), _places(inside, points, about), _pairs(zones, about))
    layers = {"zones": zones, "accidents": points[points["kind"] == "accident"]}
    return Story("Munitions sites", headline, tables, layers)


def _sites(zones: pd.DataFrame, sides: pd.DataFrame, lines: pd.DataFrame, about: str) -> Table:
    rows = [_site(zones, own, lines) for _, own in sides.groupby(["depot_id", "protects"], sort=False)]
    header = (
        "Site", "Protects", "Rule", "Other side", "Distance, m", "Zone, km²", "Abroad at least, km²", "Abroad, km²",
        "Abroad at most, km²", "Border inside, km", "Note",
    )  # fmt: skip
    objects = zones.drop_duplicates("protects")
    words = "; ".join(f"{code}: {what}" for code, what in zip(objects["protects"], objects["object"], strict=True))
    note = f"{words}.\nQ: net explosive quantity in kg, which this table leaves out on purpose.\n{about}"
    caption = "Munitions sites: zones, and whose ground they reach"
    return Table(caption, header, tuple(rows), 4, note, name="munitions_sites")


def _site(zones: pd.DataFrame, own: pd.DataFrame, lines: pd.DataFrame) -> tuple[str | Figure | Area, ...]:
    depot, protects = own.iloc[0][["depot_id", "protects"]]
    zone, inside = (one[(one["depot_id"] == depot) & (one["protects"] == protects)] for one in (zones, lines))
    whole, other = float(own["area_m2"].sum(min_count=1)), own[own["abroad"]]
    abroad = [float(other[name].sum()) + 0 * whole for name in ("area_low_m2", "area_m2", "area_high_m2")]
    return (
        *map(str, (depot, protects, zone["rule"].iloc[0], _words(other["side"]))),
        Figure(float(zone["distance_m"].iloc[0])),
        *(Area(area, "km2") for area in (whole, *abroad)),  # where nothing is known of the whole, nothing is of a part
        Figure(float(inside["length_m"].sum()) / _M_PER_KM + 0 * whole, 1),
        str(zone["note"].iloc[0]),
    )


def _places(inside: pd.DataFrame, points: pd.DataFrame, about: str) -> Table:
    what = points["what"].to_dict()
    rows = tuple(
        (
            str(own["thing"].iloc[0]),
            str(what[own["thing"].iloc[0]]),
            str(own["side"].iloc[0]),
            str(own["depot_id"].iloc[0]),
            _words(own["protects"]),
        )
        for _, own in inside.groupby(["thing", "depot_id"])
    )
    header = ("Place", "What it is", "Lies or may lie in", "Inside the zone of", "For")
    return Table("Places inside the zones of munitions sites", header, rows, 5, about, name="munitions_places")


def _pairs(zones: Any, about: str) -> Table:
    rows = tuple(
        (str(row["depot_a"]), str(row["depot_b"]), str(row["protects"]), Area(float(row["common_m2"]), "km2"))
        for row in zones_in_common(zones).to_dict("records")
    )
    header = ("Site", "Other site", "Protects", "Ground in both zones, km²")
    return Table("Zones of munitions sites that overlap", header, rows, 3, about, name="munitions_overlaps")


def _words(values: Iterable[object]) -> str:
    return ", ".join(dict.fromkeys(map(str, values)))
