"""Hazards, releases and a border on one page that needs no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo import vocabulary as voc
from hazardgeo.maps import _base, _text, _words
from hazardgeo.maps._compact import compact_records
from hazardgeo.maps._confidentiality import confidentiality_line, order_line
from hazardgeo.maps._coordinates import lat_lon_bounds
from hazardgeo.maps._findings import drawn_findings
from hazardgeo.maps._lines import border_names, border_versions
from hazardgeo.maps._online import tiles_for
from hazardgeo.maps._page import Page
from hazardgeo.maps._raster import raster_overlay
from hazardgeo.maps._records import Layer, Record, hazard_layer, release_layer, total_m2, unmeasured
from hazardgeo.maps._renderer import on_canvas
from hazardgeo.maps._side_facts import side_facts
from hazardgeo.maps._switches import country_switches, register_switches
from hazardgeo.measure import counted, print_large_area
from hazardgeo.schema import require
from hazardgeo.style import AREA_STYLES, BORDER_STYLES, LEGEND_ORDER, PALETTE

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import folium
    import geopandas as gpd
    import pandas as pd

    from hazardgeo.borders import BorderSet
    from hazardgeo.maps._coordinates import Position
    from hazardgeo.maps._online import Online
    from hazardgeo.maps._renderer import Renderer


BEYOND = "#E3E3E3"
"""Grey of what lies beyond the base map: neither land nor sea."""


def hazard_map(
    hazards: gpd.GeoDataFrame,
    *,
    releases: gpd.GeoDataFrame | None = None,
    border: BorderSet | Sequence[BorderSet] | None = None,
    sides: pd.DataFrame | None = None,
    findings: Mapping[str, gpd.GeoDataFrame] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    columns: Sequence[str] = (),
    notice: str = "",
    disclaimer: str | None = None,
    raster: str | os.PathLike[str] | None = None,
    online: Online = False,
    renderer: Renderer = "auto",
) -> folium.Map:
    """Draw hazards, released land and a border on a map that opens without internet.

    The map is one file that asks no server for anything. Every record is drawn and listed, closed ones too; a confirmed
    hazardous area lies above everything else. What the map does not say: that land outside the polygons is safe.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Hazards: ``register``, ``country``, ``classification``, ``work_status``, polygons with a CRS. Where it has the column
        ``relation`` (of `hazardgeo.borders.relation`), those that are *indeterminate* are marked; where it has
        ``confidentiality``, the strictest level stands on top.
    releases : geopandas.GeoDataFrame, optional
        Released land: ``hazard_id``, ``register``, ``country``, ``kind``, polygons with a CRS.
    border : BorderSet or sequence of BorderSet, optional
        One version of the border or several: the first is shown, the others wait for a tick in the legend. Around
        each line a band shows how far it may be off.
    sides : pandas.DataFrame, optional
        As `hazardgeo.borders.split_by_country` gives it for these hazards: how much of each lies on which side, from low to high,
        for the popups.
    findings : mapping of str to geopandas.GeoDataFrame, optional
        Answers to two-sided questions, each a layer with a list: ``conflicts`` and ``overlaps`` (asked with ``ground=True``),
        ``continuations``, ``frontage`` (its ``stretches``), ``joint_tasks`` (their ``tasks``); ``zones`` of munitions sites
        (`hazardgeo.depots.safety_zones`: sites are numbered, and nothing is told of a quantity, unless the zones were asked for
        with the columns ``site_name`` and ``net_explosive_quantity_kg``) and ``accidents`` (points). They are strokes without a
        fill, and hide no hazard. Conflicts, zones and accidents are shown, the others wait for a tick.
    title : str, optional
        Heading; names the countries of the border unless given.
    subtitle : str, optional
        Stands before the date of the newest information. That records are fictional is said by itself, where their
        register's name says so.
    columns : sequence of str, optional
        Further columns for the popups, and for the words that the search finds. Whoever has the file can read them; no
        column that is not named, and is not among id, class or kind, work status, register, country, dates, areas and
        relation, is in it; of the confidentiality its levels alone.
    notice : str, optional
        What must stand on top, such as how many records of the registers are not on the map.
    disclaimer : str, optional
        Replaces the sentence on boundaries and names; an empty string leaves it out.
    raster : path, optional
        A GeoTIFF to lie below the hazards, such as a scanned map or a hillshade; embedded, and told in the legend.
    online : bool or (str, str)
        Offer tiles from a server, which is told by every request where the reader looks: True for OpenTopoMap, or an
        address with ``{z}``, ``{x}`` and ``{y}`` and whom to credit. The page asks for none before the reader sets its tick.
    renderer : {"auto", "svg", "canvas"}
        How areas are drawn: unless said otherwise as elements of SVG up to 5,000 records, and above, up to 100,000, on
        canvas from packed numbers. Both look and answer alike; on canvas a vertex stands within ±0.06 m instead of ±6 mm.

    Returns
    -------
    folium.Map
        Save it with ``.save("map.html")``, show it in a notebook, or add layers of folium to it. Equal calls
        give equal files.

    Raises
    ------
    SchemaError
        If a column is missing, an id stands twice, or a class, status or kind is not a known word.
    CRSError, GeometryError
        If the polygons cannot be measured, or the raster has no CRS.
    FormatError
        If the raster cannot be read.
    MapError
        If there are more records than a page holds, a kind of finding is not known or has no geometry, sides are of other
        hazards, the raster holds no picture of this ground, or `online` names no server of tiles; on saving or showing, if
        a layer that was added needs something from the network.

    References
    ----------
    Colours of confirmed and suspected areas: GICHD IMSMA wiki, Symbology; TN 07.11/01. All else that is drawn:
    `hazardgeo.style`.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> hazards = gpd.GeoDataFrame(
    ...     {"register": ["A"], "country": ["HRV"], "classification": ["CHA"], "work_status": ["open"]},
    ...     geometry=[shapely.box(16, 45, 16.01, 45.01)], index=["HR-1"], crs="EPSG:4326",
    ... )
    >>> page = hazard_map(hazards, title="One area").get_root().render()
    >>> "<title>One area</title>" in page
    True
    """
    from hazardgeo.maps._folium import HazardMap

    columns = (columns,) if isinstance(columns, str) else tuple(columns)
    _refuse_unknown_columns(hazards, releases, columns)
    layers = [hazard_layer(hazards, columns, side_facts(sides, hazards))]
    if releases is not None:
        layers.append(release_layer(releases, columns))
    canvas = on_canvas(renderer, sum(len(layer.ids) for layer in layers))
    borders, tiles = _words.as_versions(border), tiles_for(online)
    view = _view(layers, borders)
    base = _base.base_around(view)
    records = [record for layer in layers for record in layer.records]
    data = {"view": view, "limits": base.limits, "base": base.drawn, **_payload(layers, borders, canvas=canvas)}
    data["totals"] = _words.totals(hazards, layers[0].records)
    if drawn := drawn_findings(findings or {}):
        data["findings"] = drawn
    if raster is not None:
        data["raster"] = raster_overlay(raster, base.limits)
    if tiles:
        data["tiles"] = tiles.as_json()
    (south, west), (north, east) = view or base.limits
    confidentiality = confidentiality_line((hazards, releases))
    details = (
        _words.METHOD_PACKED if canvas else _words.METHOD,
        _words.registers(records),
        order_line(confidentiality),
        _words.origin(hazards),
        *_words.seams(hazards, borders),
        border_names(borders),
        _words.made(tiles),
    )
    page = Page(
        title=title if title is not None else _words.title(borders),
        confidentiality=confidentiality,
        notice=" ".join(filter(None, (_text.fictional_notice(hazards["register"]), notice))),
        subtitle=_words.subtitle(subtitle, records),
        footer=_words.footer(disclaimer, borders, base=base.note, tiles=tiles),
        details=tuple(filter(None, details)),
        data=data,
        centre=((south + north) / 2, (west + east) / 2),
        asks=tiles.origin if tiles else "",
    )
    return HazardMap(page)


def _refuse_unknown_columns(
    hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame | None, columns: tuple[str, ...]
) -> None:
    there = set() if releases is None else set(releases.columns)
    require(hazards, *[name for name in columns if name not in there])


def _view(layers: Sequence[Layer], borders: Sequence[BorderSet]) -> list[Position] | None:
    bounds = lat_lon_bounds(np.concatenate([layer.polygons for layer in layers]))
    if bounds is None and borders:
        return lat_lon_bounds(borders[0].lines.geometry.to_numpy())
    return bounds


def _payload(layers: Sequence[Layer], borders: Sequence[BorderSet], *, canvas: bool) -> dict[str, Any]:
    records = [record for layer in layers for record in layer.records]
    words = list(dict.fromkeys(word for layer in layers for word, _ in layer.facts))
    packed: dict[str, Any] = {"compact": compact_records(layers, words)} if canvas else {}
    return {
        "styles": [_style(style, records) for style in AREA_STYLES],
        "legend": LEGEND_ORDER,
        "words": words,
        **(packed or {"records": [record.as_json(words) for record in records]}),
        "undrawn": unmeasured(records),
        "countries": country_switches(records, borders),
        "registers": register_switches(records),
        "borders": border_versions(borders),
        "borderStyles": {
            style.key: {"label": style.label, "width": style.width, "dash": style.dash} for style in BORDER_STYLES
        },
        "palette": {"sea": PALETTE.sea, "land": PALETTE.land, "edge": PALETTE.edge, "beyond": BEYOND},
    }


def _style(style: Any, records: Sequence[Record]) -> dict[str, Any]:
    own = [record for record in records if record.style.key == style.key]
    return {
        "key": style.key,
        "group": "open" if style.key in voc.CLASSIFICATION.words else "other",
        "label": style.label,
        "fill": style.fill,
        "opacity": style.fill_opacity,
        "hatch": style.hatch,
        "spacing": style.hatch_spacing,
        "outline": style.outline,
        "width": style.outline_width,
        "dash": style.dash,
        "symbol": style.symbol,
        "count": len(own),
        "total": counted(len(own), "area", "areas") + (f" · {print_large_area(total_m2(own))}" if own else ""),
    }
