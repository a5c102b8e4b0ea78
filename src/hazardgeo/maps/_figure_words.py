"""What a figure says, as literal text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo.crs._versions import versions_line
from hazardgeo.maps import _text
from hazardgeo.maps import _words as page
from hazardgeo.maps._confidentiality import confidentiality_line, order_line
from hazardgeo.maps._figure_text import literal
from hazardgeo.maps._lines import border_credits, border_names, offset_note
from hazardgeo.maps._records import total_m2, unmeasured
from hazardgeo.measure import counted, print_large_area
from hazardgeo.style import LEGEND_ORDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from hazardgeo.borders import BorderSet
    from hazardgeo.maps._records import Layer

METHOD = (
    "Areas: geodesic on WGS 84, of the outlines as recorded, summed before rounding; 1 mi² = 2.589988110336 km². Outlines are "
    "not simplified."
)


@dataclass(frozen=True)
class Entry:
    """A class of areas as the legend tells it."""

    key: str
    total: str


@dataclass(frozen=True)
class BorderEntry:
    """A version of the border as the legend tells it."""

    name: str
    note: str


@dataclass(frozen=True)
class Words:
    """Everything that a sheet says, but for what depends on its scale."""

    title: str
    notice: str
    subtitle: str
    entries: tuple[Entry, ...]
    totals: tuple[tuple[str, str], ...]
    undrawn: int
    borders: tuple[BorderEntry, ...]
    foot: tuple[str, ...]
    """The first line is the one that matters most."""
    details: tuple[str, ...]


def words_of(
    hazards: gpd.GeoDataFrame, layers: Sequence[Layer], borders: Sequence[BorderSet], given: dict[str, Any]
) -> Words:
    """Gather what is said; a user's text is literal from here on.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
    layers : sequence of Layer
        Hazards, then releases.
    borders : sequence of BorderSet
    given : dict
        ``title``, ``subtitle``, ``notice``, ``disclaimer`` and ``releases`` as the user gave them.

    Returns
    -------
    Words
    """
    title = page.title(borders) if given["title"] is None else given["title"]
    records = [record for layer in layers for record in layer.records]
    confidentiality = confidentiality_line((hazards, given["releases"]))
    fictional = _text.fictional_notice(hazards["register"])
    notice = " ".join(filter(None, (confidentiality, fictional, given["notice"])))
    disclaimer = page.DISCLAIMER if given["disclaimer"] is None else given["disclaimer"]
    details = (
        page.origin(hazards),
        *page.seams(hazards, borders),
        border_names(borders),
        page.registers(records),
        order_line(confidentiality),
        f"Made with {versions_line()}.",
    )
    return Words(
        title=literal(title),
        notice=literal(notice),
        subtitle=literal(page.subtitle(given["subtitle"], records)),
        entries=tuple(_entries(layers)),
        totals=tuple((name, total) for name, total in page.totals(hazards, layers[0].records)),
        undrawn=sum(unmeasured(layer.records) for layer in layers),
        borders=tuple(_border(version) for version in borders),
        foot=tuple(map(literal, filter(None, (page.NOT_SAFE, disclaimer, " ".join(border_credits(borders)))))),
        details=tuple(map(literal, filter(None, details))),
    )


def _entries(layers: Sequence[Layer]) -> list[Entry]:
    """The classes that there are, each with its areas: counted and summed before rounding."""
    records = [record for layer in layers for record in layer.records]
    found = {key: [record for record in records if record.style.key == key] for key in LEGEND_ORDER}
    return [
        Entry(key, f"{counted(len(own), 'area', 'areas')} · {print_large_area(total_m2(own))}")
        for key, own in found.items()
        if own
    ]


def _border(border: BorderSet) -> BorderEntry:
    offsets = [float(offset) for offset in border.asked_lines["offset_95_m"] if math.isfinite(offset)]
    return BorderEntry(literal(f"{border.source}, {border.version}"), offset_note(offsets))
