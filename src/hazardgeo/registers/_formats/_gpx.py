"""GPX, as receivers write it: waypoints, routes and tracks are layers of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from hazardgeo.crs import WGS84
from hazardgeo.errors import FormatError, named
from hazardgeo.registers._formats._layer import RawFault, RawLayer, columns_of_rows, one_layer, shape_array, unreadable
from hazardgeo.registers._formats._xml import children, parse_xml, position, row_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from shapely.geometry.base import BaseGeometry

_LAYERS = {"waypoints": "wpt", "routes": "rte", "tracks": "trk"}
_GEOMETRY = ("rtept", "trkseg")
_PLACES = ("wpt", "rtept", "trkpt")


def read_gpx(file: Path, layer: str | None = None) -> RawLayer:
    """Read the waypoints, the routes or the tracks of a GPX file.

    Parameters
    ----------
    file : pathlib.Path
    layer : str, optional
        ``waypoints``, ``routes`` or ``tracks``; needed where the file holds more than one of them.

    Returns
    -------
    RawLayer
        In WGS 84, as GPX is.

    Raises
    ------
    FormatError
        If it is no such file, or holds several of them and none is named.
    """
    root = _root(file)
    name = one_layer(file, _names(root) or ["waypoints"], layer)
    rows, shapes, faults = [], [], []
    # Wherever they stand: one that damage put into another is a record still.
    for i, element in enumerate(root.iter(_LAYERS[name])):
        row, twice = row_of(i, _cells(element))
        shape, why = _shape(element)
        rows.append(row)
        shapes.append(shape)
        faults += [*twice, *([unreadable(i, why)] if why else [])]
    faults += _strays(root)
    columns = columns_of_rows(rows, dict.fromkeys(key for row in rows for key in row))
    return RawLayer(str(file), name, len(rows), columns, shape_array(shapes), WGS84, tuple(faults))


def layers_of_gpx(file: Path) -> list[str]:
    """Which of waypoints, routes and tracks a GPX file holds."""
    return _names(_root(file))


def _root(file: Path) -> Element:
    root = parse_xml(file, file.read_bytes())
    if root.tag != "gpx":
        raise FormatError(f"{file}: is XML, but no GPX (it begins with {root.tag!r}). Export it again as GPX.")
    return root


def _names(root: Element) -> list[str]:
    return [name for name, kind in _LAYERS.items() if next(root.iter(kind), None) is not None]


def _strays(root: Element) -> list[RawFault]:
    """Elements with a place whose name is none of GPX: a record may be lost in a misspelled one."""
    tags = {one.tag for one in root.iter() if one.get("lat") is not None and one.tag not in _PLACES}
    if not tags:
        return []
    seen = f"It holds places in elements that GPX does not have ({named(sorted(tags))}), which are not read."
    return [RawFault(None, "count-differs", seen, "Look whether they are records, and export the file again.")]


def _cells(element: Element) -> Iterator[tuple[str, str]]:
    several: dict[str, list[str]] = {}
    for child in element:
        kind = child.tag
        if kind == "link":
            several.setdefault(kind, []).append(child.get("href", ""))
        elif kind == "extensions":
            for leaf in (one for one in child.iter() if not len(one)):
                several.setdefault(f"extensions.{leaf.tag}", []).append(text_of(leaf))
        elif kind not in _GEOMETRY:
            yield kind, text_of(child)
    yield from ((name, ";".join(texts)) for name, texts in several.items())


def _shape(element: Element) -> tuple[BaseGeometry | None, str]:
    try:
        if element.tag == "wpt":
            return shapely.Point(_position(element)), ""
        lines = [element] if element.tag == "rte" else children(element, "trkseg")
        return _line([points for line in lines if (points := [_position(p) for p in children(line, "rtept", "trkpt")])])
    except ValueError as error:
        return None, f"has a geometry that cannot be read: {error}"


def _line(parts: list[list[tuple[float, float]]]) -> tuple[BaseGeometry | None, str]:
    if not parts:
        return None, ""
    if len(parts) == 1 and len(parts[0]) == 1:
        return shapely.Point(parts[0][0]), ""
    if any(len(points) == 1 for points in parts):
        return None, f"is a track of {len(parts)} segments of which one is a single point, which makes no line"
    return (shapely.LineString(parts[0]) if len(parts) == 1 else shapely.MultiLineString(parts)), ""


def _position(point: Element) -> tuple[float, float]:
    return position(point.get("lon"), point.get("lat"))
