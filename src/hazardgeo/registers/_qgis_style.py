"""How QGIS draws a layer of a GeoPackage by itself: a row of the table ``layer_styles``, from the one style table."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from hazardgeo import vocabulary as voc
from hazardgeo.style import (
    AREA_STYLES,
    BORDER_STYLES,
    LEGEND_ORDER,
    PALETTE,
    AreaStyle,
    Hatch,
    LineStyle,
    area_style,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

TABLE = "layer_styles"
_MM_PER_PIXEL = 25.4 / 96  # the style table is in CSS pixels
_SYMBOLS_FROM = 300_000  # denominator of the scale from which on an area is too small to be told from its outline
_SYMBOL_MM = 3.0
_ANGLES: dict[Hatch, tuple[int, ...]] = {
    "down": (-45,), "up": (45,), "cross": (-45, 45), "horizontal": (0,), "vertical": (90,), "dots": (), "none": (),
}  # fmt: skip
_MARKERS = {
    "triangle": "triangle", "diamond": "diamond", "circle": "circle", "hexagon": "hexagon", "square": "square",
    "square-ring": "square", "square-hollow": "square",
}  # fmt: skip
# The table as QGIS makes it; GDAL needs to be told that it holds no shapes.
_CREATE = f"""CREATE TABLE IF NOT EXISTS {TABLE} (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""


@dataclass(frozen=True)
class _Rule:
    """Which records are drawn in one way, in QGIS's own expressions."""

    filter: str
    style: AreaStyle | LineStyle


def add_style(file: Path, layer: str, columns: Iterable[str], *, shapes: str, written: str) -> None:
    """Say in a GeoPackage how QGIS draws a layer of hazards, releases or border lines; any other layer is left alone.

    Parameters
    ----------
    file : pathlib.Path
        GeoPackage that holds the layer.
    layer : str
    columns : iterable of str
        Of the layer; they tell what it is.
    shapes : str
        Name of the column of shapes.
    written : str
        Time that the file says it was written at.
    """
    rules = _rules_for(set(columns))
    if not rules or layer.casefold() == TABLE:
        return
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute(_CREATE)
        database.execute(
            "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
            "VALUES (?, 'attributes', ?, '', ?, 0)",
            (TABLE, TABLE, written),
        )
        database.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, "
            "useAsDefault, description, owner, update_time) VALUES ('', '', ?, ?, 'hazardgeo', ?, 1, ?, '', ?)",
            (layer, shapes, qml(rules), "Colours, hatches and symbols of hazardgeo", written),
        )


def _rules_for(columns: set[str]) -> tuple[_Rule, ...]:
    if {"classification", "work_status"} <= columns:
        return tuple(sorted(_hazard_rules(), key=lambda rule: LEGEND_ORDER.index(rule.style.key)))
    if {"hazard_id", "kind"} <= columns:
        # A word that is no kind of release is not drawn: nothing says that its ground is released.
        return tuple(_Rule(f"\"kind\" = '{word}'", area_style(word)) for word in voc.RELEASE_KIND.words)
    if {"country_a", "country_b", "status"} <= columns:
        lines = [_Rule(f"\"status\" = '{style.key}'", style) for style in BORDER_STYLES if style.key != "unstated"]
        return (*lines, _Rule("ELSE", next(style for style in BORDER_STYLES if style.key == "unstated")))
    return ()


def _hazard_rules() -> Iterator[_Rule]:
    closed = ", ".join(f"'{word}'" for word in voc.CLOSED_STATUSES)
    yield _Rule(f'"work_status" IN ({closed})', area_style("closed"))
    # A status that is empty is none of the closed ones.
    is_open = f"coalesce(\"work_status\", '') NOT IN ({closed})"
    for word in ("SHA", "CHA"):
        yield _Rule(f"\"classification\" = '{word}' AND {is_open}", area_style(word))
    # Whatever else stands there: a record is never left undrawn.
    yield _Rule("ELSE", area_style("unstated"))


def qml(rules: Iterable[_Rule]) -> str:
    """Write the style as QGIS keeps it; every QGIS since 2.0 reads the properties in this form."""
    root = Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="1", forceraster="0")
    table, symbols = SubElement(renderer, "rules", key="all"), SubElement(renderer, "symbols")
    for i, rule in enumerate(rules):
        style, place = rule.style, str(2 * i)
        SubElement(table, "rule", filter=rule.filter, key=f"r{place}", symbol=place, label=style.label)
        if isinstance(style, LineStyle):
            symbol = SubElement(symbols, "symbol", type="line", name=place, alpha="1", clip_to_extent="1")
            _line(symbol, PALETTE.borders[0], style.width, style.dash)
            continue
        _area(symbols, place, style)
        SubElement(
            table, "rule", filter=rule.filter, key=f"r{place}s", symbol=f"{2 * i + 1}",
            label=f"{style.label}, at small scale", scalemindenom=str(_SYMBOLS_FROM),
        )  # fmt: skip
        _symbol(symbols, str(2 * i + 1), style)
    return tostring(root, encoding="unicode")


def _area(symbols: Element, name: str, style: AreaStyle) -> None:
    symbol = SubElement(symbols, "symbol", type="fill", name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    level = _level(style)
    _layer(symbol, "SimpleFill", level, color=_rgba(style.fill, style.fill_opacity), style="solid", outline_style="no")
    distance = {"distance": _mm(style.hatch_spacing), "distance_unit": "MM"}
    for angle in _ANGLES[style.hatch]:
        hatch = _layer(symbol, "LinePatternFill", level, angle=str(angle), **distance)
        inner = SubElement(
            hatch, "symbol", type="line", name=f"@{name}@{len(symbol) - 1}", alpha="1", clip_to_extent="1"
        )
        _line(inner, style.outline, 1.1, "")
    if style.hatch == "dots":
        spacing = {"distance_x": _mm(style.hatch_spacing), "distance_y": _mm(style.hatch_spacing)}
        dots = _layer(symbol, "PointPatternFill", level, **spacing, distance_x_unit="MM", distance_y_unit="MM")
        inner = SubElement(dots, "symbol", type="marker", name=f"@{name}@1", alpha="1", clip_to_extent="1")
        _marker(inner, "circle", style.outline, style.outline, size=1.8 * _MM_PER_PIXEL)
    _line(symbol, style.outline, style.outline_width, style.dash, level=level)


def _symbol(symbols: Element, name: str, style: AreaStyle) -> None:
    """What stands for an area that the scale makes too small to see."""
    symbol = SubElement(symbols, "symbol", type="fill", name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    level = _level(style) + 1
    centre = _layer(symbol, "CentroidFill", level, point_on_surface="1", point_on_all_parts="0")
    inner = SubElement(centre, "symbol", type="marker", name=f"@{name}@0", alpha="1", clip_to_extent="1")
    _marker(inner, _MARKERS[style.symbol], "#FFFFFF" if style.is_hollow else style.fill, style.outline, size=_SYMBOL_MM)
    if style.symbol == "square-ring":
        _marker(inner, "square", "#FFFFFF", style.outline, size=_SYMBOL_MM / 2.8)


def _level(style: AreaStyle) -> int:
    """Pass of the drawing, in the order of the style table: nothing hides a confirmed hazard."""
    return 2 * AREA_STYLES.index(style)


def _line(symbol: Element, colour: str, width: float, dash: str, *, level: int = 0) -> None:
    custom = {"use_custom_dash": "1", "customdash": ";".join(_mm(float(part)) for part in dash.split())} if dash else {}
    _layer(
        symbol, "SimpleLine", level, line_color=_rgba(colour, 1.0), line_width=_mm(width), line_width_unit="MM",
        capstyle="flat", joinstyle="round", customdash_unit="MM", **custom,
    )  # fmt: skip


def _marker(symbol: Element, shape: str, fill: str, edge: str, *, size: float) -> None:
    _layer(
        symbol, "SimpleMarker", 0, name=shape, color=_rgba(fill, 1.0), outline_color=_rgba(edge, 1.0),
        outline_width="0.3", size=f"{size:.2f}", size_unit="MM",
    )  # fmt: skip


def _layer(symbol: Element, kind: str, level: int, **properties: str) -> Element:
    attributes = {"class": kind, "enabled": "1", "locked": "0", "pass": str(level)}
    layer = SubElement(symbol, "layer", attributes)
    for key, value in properties.items():
        SubElement(layer, "prop", k=key, v=value)
    return layer


def _mm(pixels: float) -> str:
    return f"{pixels * _MM_PER_PIXEL:.2f}"


def _rgba(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"
