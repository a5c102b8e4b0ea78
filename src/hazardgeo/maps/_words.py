"""What a page says around its map: title, sub-title, footer, sources and method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.borders._seam import datum_seams, seam_lines
from hazardgeo.crs._versions import versions_line
from hazardgeo.maps import _text
from hazardgeo.maps._compact import STEP_M
from hazardgeo.maps._coordinates import HAZARD_DECIMALS, LINE_DECIMALS
from hazardgeo.maps._lines import border_credits
from hazardgeo.maps._records import total_m2, unmeasured
from hazardgeo.maps._renderer import MOST_COUNTED_ONCE
from hazardgeo.maps._switches import register_versions
from hazardgeo.measure import counted, print_large_area
from hazardgeo.overlay import net_area_m2

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from hazardgeo.borders import BorderSet
    from hazardgeo.maps._online import Tiles
    from hazardgeo.maps._records import Record

DISCLAIMER = (
    "The boundaries and names shown and the designations used on this map do not imply official endorsement or "
    "acceptance."
)
NOT_SAFE = "Land outside the polygons is not thereby known to be safe. Not for navigation in hazardous areas."
_METHOD = (
    "Areas: geodesic on WGS 84, of the outlines as recorded, summed before rounding; 1 mi² = 2.589988110336 km². "
    "Outlines are not simplified at any scale; their coordinates are kept to {kept} in each direction; border lines to "
    f"{LINE_DECIMALS} decimals of a degree (±0.06 m). Drawn in Web Mercator: the scale bar is true at the map's centre."
)
METHOD = _METHOD.format(kept=f"{HAZARD_DECIMALS} decimals of a degree, which moves a vertex by at most ±6 mm")
METHOD_PACKED = _METHOD.format(
    kept=f"steps of {STEP_M} m or less on the ground, which moves a vertex by at most ±0.06 m"
)


_NAMED = 4
"""Registers that the sub-title names; more are named under sources and method."""


def title(borders: Sequence[BorderSet]) -> str:
    """Name the countries of the border."""
    return f"Explosive hazards along the border {borders[0].names}" if borders else "Explosive hazards"


def subtitle(given: str | None, records: Sequence[Record]) -> str:
    """Say how old the information is, of which registers, and whether all of it is drawn."""
    dates = _text.not_ahead(date for record in records for date in record.dates)
    undated = sum(not record.dates for record in records)
    parts = [given] if given else []
    parts.append(f"Information as of {max(dates)}" if dates else "Date of information not stated")
    if dates and min(dates) != max(dates):
        parts.append(f"oldest date {min(dates)}")
    if dates and undated:
        parts.append(f"{counted(undated, 'record', 'records')} without a date")
    registers = {record.row[2] for record in records}
    versions = register_versions(records) if len(registers) <= _NAMED else f"{len(registers)} registers"
    return " · ".join([*parts, *filter(None, (versions, _completeness(records)))])


def _completeness(records: Sequence[Record]) -> str:
    """Say how many records the page holds, and how many it cannot draw."""
    if not records:
        return ""
    missing = unmeasured(records)
    undrawn = f", {missing} of them without an outline and not drawn" if missing else ", all drawn"
    return f"{counted(len(records), 'record', 'records')}{undrawn}"


def footer(disclaimer: str | None, borders: Sequence[BorderSet], *, base: str, tiles: Tiles | None) -> tuple[str, ...]:
    """Say what is always in sight: what the map is not, the sentence on names, whom to credit."""
    names = DISCLAIMER if disclaimer is None else disclaimer
    credit = [tiles.attribution] if tiles else []
    return tuple(filter(None, (NOT_SAFE, names, " ".join([*border_credits(borders), base, *credit]))))


def made(tiles: Tiles | None) -> str:
    """Say by what the page was made, and whom it asks for anything."""
    network = (
        "This file connects to no network."
        if tiles is None
        else f"This file connects to {tiles.origin} alone, and only while its tick is set."
    )
    return f"Made with {versions_line()}; drawn with Leaflet 1.9.4. {network}"


def registers(records: Sequence[Record]) -> str:
    """Name the registers with their dates, for whoever asks for sources."""
    versions = register_versions(records)
    return f"{versions}." if versions else ""


def origin(hazards: gpd.GeoDataFrame) -> str:
    """By which operations the coordinates came to WGS 84."""
    if "datum_operation" not in hazards.columns:
        return ""
    names = sorted({name for name in hazards["datum_operation"] if isinstance(name, str) and name})
    return f"Coordinates were brought to WGS 84 by: {'; '.join(names)}." if names else ""


def seams(hazards: gpd.GeoDataFrame, borders: Sequence[BorderSet]) -> list[str]:
    """How far the registers' ways to WGS 84 disagree along the border."""
    if not any(name in hazards.columns for name in ("source_crs", "datum_operation", "datum_accuracy_m")):
        hazards = hazards.drop_duplicates("register")  # they say nothing of their ways: no place needs to be asked
    return seam_lines(datum_seams(hazards, borders[0] if borders else None))


def as_versions(border: BorderSet | Sequence[BorderSet] | None) -> tuple[BorderSet, ...]:
    """One version of the border, several or none, as several."""
    if border is None:
        return ()
    from collections.abc import Sequence

    return tuple(border) if isinstance(border, Sequence) else (border,)


def totals(hazards: gpd.GeoDataFrame, records: Sequence[Record]) -> list[list[str]]:
    """The totals of the open hazards, by name and in words; summed before rounding."""
    is_open = np.array([record.group == "open" for record in records], dtype=bool)
    open_records = [record for record in records if record.group == "open"]
    if not open_records:
        return []
    return [
        ["Open hazards", counted(len(open_records), "area", "areas")],
        ["Sum of their areas", print_large_area(total_m2(open_records))],
        ["Ground counted once", _once(hazards[is_open])],
    ]


def _once(hazards: gpd.GeoDataFrame) -> str:
    if len(hazards) > MOST_COUNTED_ONCE:
        return "not worked out for so many"
    return print_large_area(net_area_m2(hazards))
