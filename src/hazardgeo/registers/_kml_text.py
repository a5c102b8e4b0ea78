"""KML for looking at: every record a placemark in our colours, all its cells with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ElementTree, SubElement

import shapely

from hazardgeo.registers._table import as_written, rows_of
from hazardgeo.registers._writers import refuse_other_than_wgs84
from hazardgeo.style import AREA_STYLES, AreaStyle, area_style, hazard_style

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_NAMESPACE = "http://www.opengis.net/kml/2.2"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SEVERAL = {"MultiPoint", "MultiLineString", "MultiPolygon"}


def write_kml(table: pd.DataFrame, geometries: NDArray[Any], frame: gpd.GeoDataFrame, part: Path) -> None:
    """Write KML 2.2 (OGC 07-147r2); the id is the name that is shown."""
    refuse_other_than_wgs84(frame, "KML")
    kml = Element("kml", xmlns=_NAMESPACE)
    document = SubElement(kml, "Document")
    _add(document, "name", part.stem)
    for style in AREA_STYLES:
        _add_style(document, style)
    for row, shape in zip(rows_of(table, part), shapely.force_2d(geometries), strict=True):
        _add_placemark(document, row, shape)
    with part.open("wb") as stream:
        ElementTree(kml).write(stream, encoding="utf-8", xml_declaration=True)


def _add(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = _NOT_IN_XML.sub("\ufffd", text)


def _add_style(document: Element, style: AreaStyle) -> None:
    element = SubElement(document, "Style", id=style.key)
    line, fill = SubElement(element, "LineStyle"), SubElement(element, "PolyStyle")
    _add(line, "color", _colour(style.outline, 1.0))
    _add(line, "width", f"{style.outline_width:g}")
    _add(fill, "color", _colour(style.fill, style.fill_opacity))


def _colour(colour: str, opacity: float) -> str:
    """A colour as KML writes it: opacity, blue, green, red."""
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    return f"{round(255 * opacity):02x}{blue}{green}{red}".lower()


def _add_placemark(document: Element, row: Mapping[str, Any], shape: Any) -> None:
    placemark = SubElement(document, "Placemark")
    _add(placemark, "name", str(next(iter(row.values()))))
    if style := _style_of(row):
        _add(placemark, "styleUrl", f"#{style}")
    cells = SubElement(placemark, "ExtendedData")
    for name, value in row.items():
        text = "" if value is None else value if isinstance(value, str) else as_written(value)
        _add(SubElement(cells, "Data", name=name), "value", text)
    if shape is not None:
        _add_shape(placemark, shape)


def _style_of(row: Mapping[str, Any]) -> str:
    try:
        if "classification" in row and "work_status" in row:
            return hazard_style(row["classification"], row["work_status"]).key
        return area_style(row["kind"]).key
    except KeyError:  # a word that is not drawn in a way of its own
        return ""


def _add_shape(parent: Element, shape: Any) -> None:
    kind = shape.geom_type
    if kind in _SEVERAL:
        several = SubElement(parent, "MultiGeometry")
        for one in shape.geoms:
            _add_shape(several, one)
        return
    element = SubElement(parent, kind)
    if kind != "Polygon":
        _add(element, "coordinates", _coordinates(shape))
        return
    for tag, ring in [("outerBoundaryIs", shape.exterior), *(("innerBoundaryIs", hole) for hole in shape.interiors)]:
        _add(SubElement(SubElement(element, tag), "LinearRing"), "coordinates", _coordinates(ring))


def _coordinates(shape: Any) -> str:
    return " ".join(f"{lon!r},{lat!r}" for lon, lat in shapely.get_coordinates(shape).tolist())
