"""Hazards, releases and a border on one page that needs no network."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.borders._seam import datum_seams, seam_lines
from hazardgeo.crs._versions import versions_line
from hazardgeo.maps import _base, _text
from hazardgeo.maps._coordinates import HAZARD_DECIMALS, LINE_DECIMALS, lat_lon_bounds
from hazardgeo.maps._findings import drawn_findings
from hazardgeo.maps._lines import border_credits, border_names, border_versions
from hazardgeo.maps._page import Page
from hazardgeo.maps._records import Layer, Record, hazard_layer, release_layer, total_m2, unmeasured
from hazardgeo.measure import counted, print_large_area
from hazardgeo.overlay import net_area_m2
from hazardgeo.schema import require
from hazardgeo.style import AREA_STYLES, BORDER_STYLES, LEGEND_ORDER, PALETTE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import folium
    import geopandas as gpd

    from hazardgeo.borders import BorderSet
    from hazardgeo.maps._coordinates import Position

DISCLAIMER = (
    "The boundaries and names shown and the designations used on this map do not imply official endorsement or "
    "acceptance."
)
NOT_SAFE = "Land outside the polygons is not thereby known to be safe. Not for navigation in hazardous areas."
METHOD = (
    "Areas: geodesic on WGS 84, of the outlines as recorded, summed before rounding; 1 mi² = 2.589988110336 km². "
    f"Outlines are not simplified; their coordinates are kept to {HAZARD_DECIMALS} decimals of a degree, which moves a "
    f"vertex by at most ±6 mm in each direction; border lines to {LINE_DECIMALS} (±0.06 m). Drawn in Web Mercator: the "
    "scale bar is true at the map's centre."
)
MADE = f"Made with {versions_line()}; drawn with Leaflet 1.9.4. This file connects to no network."


def hazard_map(
    hazards: gpd.GeoDataFrame,
    *,
    releases: gpd.GeoDataFrame | None = None,
    border: BorderSet | Sequence[BorderSet] | None = None,
    findings: Mapping[str, gpd.GeoDataFrame] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    columns: Sequence[str] = (),
    notice: str = "",
    disclaimer: str | None = None,
) -> folium.Map:
    """Draw hazards, released land and a border on a map that opens without internet.

    The map is one file that asks no server for anything. Every record is drawn and listed, closed ones too; a confirmed
    hazardous area lies above everything else. What the map does not say: that land outside the polygons is safe.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Hazards: ``register``, ``country``, ``classification``, ``work_status``, polygons with a CRS.
    releases : geopandas.GeoDataFrame, optional
        Released land: ``hazard_id``, ``register``, ``country``, ``kind``, polygons with a CRS.
    border : BorderSet or sequence of BorderSet, optional
        One version of the border or several: the first is shown, the others wait for a tick in the legend. Around
        each line a band shows how far it may be off.
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
        Further columns for the popups, and for the words that the table's filter finds; ``relation`` is told in the
        words of `vocabulary.RELATION`. Whoever has the file can read them; no column that is not named, and is
        not among id, class or kind, work status, register, country, dates and areas, is in it.
    notice : str, optional
        What must stand on top, such as how many records of the registers are not on the map.
    disclaimer : str, optional
        Replaces the sentence on boundaries and names; an empty string leaves it out.

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
        If the polygons cannot be measured.
    MapError
        If a kind of finding is not known or has no geometry; on saving or showing, if a layer that was added needs something
        from the network.

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
    layers = [hazard_layer(hazards, columns)]
    if releases is not None:
        layers.append(release_layer(releases, columns))
    borders = _as_versions(border)
    view = _view(layers, borders)
    base = _base.base_around(view)
    data = {"view": view, "limits": base.limits, "base": base.drawn, **_payload(layers, borders)}
    data["totals"] = _totals(hazards, layers[0].records)
    if drawn := drawn_findings(findings or {}):
        data["findings"] = drawn
    (south, west), (north, east) = view or base.limits
    page = Page(
        title=title if title is not None else _title(borders),
        notice=" ".join(filter(None, (_text.fictional_notice(hazards["register"]), notice))),
        subtitle=_subtitle(subtitle, layers),
        footer=_footer(disclaimer, borders, base=base.note),
        details=tuple(filter(None, (METHOD, _origin(hazards), *_seams(hazards, borders), border_names(borders), MADE))),
        data=data,
        centre=((south + north) / 2, (west + east) / 2),
    )
    return HazardMap(page)


def _refuse_unknown_columns(
    hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame | None, columns: tuple[str, ...]
) -> None:
    there = set() if releases is None else set(releases.columns)
    require(hazards, *[name for name in columns if name not in there])


def _origin(hazards: gpd.GeoDataFrame) -> str:
    """By which operations the coordinates came to WGS 84."""
    if "datum_operation" not in hazards.columns:
        return ""
    names = sorted({name for name in hazards["datum_operation"] if isinstance(name, str) and name})
    return f"Coordinates were brought to WGS 84 by: {'; '.join(names)}." if names else ""


def _seams(hazards: gpd.GeoDataFrame, borders: Sequence[BorderSet]) -> list[str]:
    return seam_lines(datum_seams(hazards, borders[0] if borders else None))


def _as_versions(border: BorderSet | Sequence[BorderSet] | None) -> tuple[BorderSet, ...]:
    if border is None:
        return ()
    from collections.abc import Sequence

    return tuple(border) if isinstance(border, Sequence) else (border,)


def _view(layers: Sequence[Layer], borders: Sequence[BorderSet]) -> list[Position] | None:
    bounds = lat_lon_bounds(np.concatenate([layer.polygons for layer in layers]))
    if bounds is None and borders:
        return lat_lon_bounds(borders[0].lines.geometry.to_numpy())
    return bounds


def _payload(layers: Sequence[Layer], borders: Sequence[BorderSet]) -> dict[str, Any]:
    records = [record for layer in layers for record in layer.records]
    words = list(dict.fromkeys(word for record in records for word, _ in record.facts))
    return {
        "styles": [_style(style, records) for style in AREA_STYLES],
        "legend": LEGEND_ORDER,
        "words": words,
        "records": [record.as_json(words) for record in records],
        "undrawn": unmeasured(records),
        "borders": border_versions(borders),
        "borderStyles": {
            style.key: {"label": style.label, "width": style.width, "dash": style.dash} for style in BORDER_STYLES
        },
        "palette": {"sea": PALETTE.sea, "land": PALETTE.land, "edge": PALETTE.edge, "names": PALETTE.names},
    }


def _style(style: Any, records: Sequence[Record]) -> dict[str, Any]:
    own = [record for record in records if record.style.key == style.key]
    return {
        "key": style.key,
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


def _totals(hazards: gpd.GeoDataFrame, records: Sequence[Record]) -> list[list[str]]:
    is_open = np.array([record.group == "open" for record in records], dtype=bool)
    open_records = [record for record in records if record.group == "open"]
    if not open_records:
        return []
    return [
        ["Open hazards", counted(len(open_records), "area", "areas")],
        ["Sum of their areas", print_large_area(total_m2(open_records))],
        ["Ground counted once", print_large_area(net_area_m2(hazards[is_open]))],
    ]


def _title(borders: Sequence[BorderSet]) -> str:
    return f"Explosive hazards along the border {borders[0].names}" if borders else "Explosive hazards"


def _subtitle(given: str | None, layers: Sequence[Layer]) -> str:
    records = [record for layer in layers for record in layer.records]
    today = datetime.date.today().isoformat()  # noqa: DTZ011  (a date that lies ahead is a slip, and no age of anything)
    dates = [date for record in records for date in record.dates if date <= today]
    undated = sum(not record.dates for record in records)
    parts = [given] if given else []
    parts.append(f"Information as of {max(dates)}" if dates else "Date of information not stated")
    if dates and min(dates) != max(dates):
        parts.append(f"oldest date {min(dates)}")
    if dates and undated:
        parts.append(f"{counted(undated, 'record', 'records')} without a date")
    return " · ".join(parts)


def _footer(disclaimer: str | None, borders: Sequence[BorderSet], *, base: str) -> tuple[str, ...]:
    names = DISCLAIMER if disclaimer is None else disclaimer
    return tuple(filter(None, (NOT_SAFE, names, " ".join([*border_credits(borders), base]))))
