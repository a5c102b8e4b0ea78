"""In the demo of a region: its hazards ranked by the places of the sample data, with weights that nobody set."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting import Figure, Table
from hazardgeo.accounting._tables._table import Rows, each
from hazardgeo.datasets import sample_data
from hazardgeo.priority import (
    BorderAccess,
    Ranking,
    accidents_near,
    border_access,
    distance_m,
    ranking,
    sensitivity,
)
from hazardgeo.registers import intake
from hazardgeo.report._story import Story

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from hazardgeo.borders import BorderSet

# Fictional as the records are: whoever answers for the work sets weights and bounds.
_WEIGHTS = {"distance_to_settlement_m": 3, "distance_to_crossing_m": 1, "accidents_1000m_24mo": 4, "area_m2": 2}
_BOUNDS = {
    "distance_to_settlement_m": (0, 5_000),
    "distance_to_crossing_m": (0, 20_000),
    "accidents_1000m_24mo": (0, 3),
    "area_m2": (0, 200_000),
}
_HEADINGS = {
    "distance_to_settlement_m": "m to a settlement",
    "distance_to_crossing_m": "m to a crossing",
    "accidents_1000m_24mo": "accidents, 1 km, 2 years",
    "area_m2": "m²",
}
_ACCIDENTS_M, _MONTHS, _BESIDE_M = 1000.0, 24, 2000.0
_MOST, _DRAWS = 25, 500


def priorities(hazards: gpd.GeoDataFrame, borders: Sequence[BorderSet]) -> Story:
    """Rank the hazards of Southeast Europe by the fictional places of the sample data."""
    points = intake(places_files()[0], "points").records
    settlements, crossings = (points[points["place"] == what] for what in ("settlement", "crossing"))
    until = points["date_of_information"].max()
    found = [
        distance_m(hazards, settlements),
        distance_m(hazards, crossings, to="crossing"),
        accidents_near(hazards, points, within_m=_ACCIDENTS_M, months=_MONTHS, until=until),
        hazards["area_m2"],
    ]
    criteria = {str(one.name): one for one in found}
    turned = [one for one in criteria if one.startswith("distance")]
    ranked = ranking(hazards, criteria, _WEIGHTS, less_is_more=turned, bounds=_BOUNDS)
    access = border_access(hazards, borders[0], within_m=_BESIDE_M, crossings=crossings, settlements=settlements)
    tables = (_first(ranked), replace(ranked.tables[1], name=""), _beside(access))
    headline = f"Priorities (fictional places and weights): {ranked.sentences[0]}"
    return Story("Priorities", headline, tables, frames={"priority": ranked.listed})


def _first(ranked: Ranking) -> Table:
    listed = ranked.listed.head(_MOST)
    rows: Rows = tuple(
        (
            str(record),
            str(row["remark"]),
            *(_figure(row[name]) for name in ("rank", "rank_best", "rank_worst")),
            *(_figure(row[name], 3) for name in ("score_low", "score_high")),
            *(_figure(row[name]) for name in _HEADINGS),
        )
        for record, row in zip(listed.index, listed.to_dict("records"), strict=True)
    )
    firm = sensitivity(ranked, draws=_DRAWS).sentence
    lines = [
        *ranked.sentences,
        firm,
        "Weights and places are fictional. All figures are in tables/priority.csv.",
    ]
    return Table(
        f"The first {len(rows)} hazards by rank (fictional weights)",
        ("Hazard", "Remark", "rank", "best", "worst", "score, low", "score, high", *_HEADINGS.values()),
        rows,
        words=2,
        note="\n".join(lines),
    )


def _beside(access: BorderAccess) -> Table:
    counts = ("hazards", "line_km", "crossings", "settlements")
    rows: Rows = tuple(
        (str(row.pair), str(row.side), *(_figure(getattr(row, name), int(name == "line_km")) for name in counts))
        for row in each(access.totals.reset_index())
        if row.hazards
    )
    return Table(
        f"Crossings and settlements within {_BESIDE_M:g} m of hazards along the border (fictional places)",
        ("Border", "Side", "Hazards along it", "km of line", "Crossings", "Settlements"),
        rows,
        words=2,
        note="A place that lies no further from the line than the line may be off counts on both sides.\n"
        f"{access.sentences[-1]}",
    )


def places_files() -> tuple[Path]:
    """Places of Southeast Europe in the sample data."""
    return (sample_data("southeast_europe_places.geojson"),)


def _figure(value: Any, decimals: int = 0) -> Figure:
    import pandas as pd

    return Figure(math.nan if pd.isna(value) else float(value), decimals)
