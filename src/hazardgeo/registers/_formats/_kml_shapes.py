"""The shape of a placemark: written as KML writes coordinates, or not read at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.registers._formats._layer import plain_reason
from hazardgeo.registers._formats._rings import refuse_open_ring
from hazardgeo.registers._formats._xml import children, position, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

    from shapely.geometry.base import BaseGeometry

_MOST_SHOWN = 40


def shape_of(placemark: Element) -> tuple[BaseGeometry | None, str]:
    """Read the shape of a placemark.

    Parameters
    ----------
    placemark : xml.etree.ElementTree.Element

    Returns
    -------
    geometry or None
    str
        Why there is none though one stands there; empty where there is none to read.
    """
    found = [child for child in placemark if child.tag in (*_READERS, "Model")]
    if len(found) > 1:
        return None, f"has {len(found)} geometries ({', '.join(child.tag for child in found)}), not one"
    try:
        return (_read(found[0]) if found else None), ""
    except (ValueError, shapely.errors.GEOSException) as error:
        return None, f"has a geometry that cannot be read: {plain_reason(error)}"


def _read(element: Element) -> BaseGeometry | None:
    if element.tag not in _READERS:
        raise ValueError(f"a {element.tag} is no point, line or polygon")
    return _READERS[element.tag](element)


def _coordinates(element: Element) -> list[tuple[float, float]]:
    """Longitude and latitude of each point; a height may stand with them."""
    found = list(children(element, "coordinates"))
    if len(found) != 1:
        raise ValueError(f"{element.tag} has {len(found)} lists of coordinates, not one")
    points = []
    for word in text_of(found[0]).split():
        numbers = word.split(",")
        if len(numbers) not in (2, 3) or not all(numbers):
            raise ValueError(
                f"{word[:_MOST_SHOWN]!r} stands where longitude,latitude should (blanks only between points)"
            )
        points.append(position(numbers[0], numbers[1], *numbers[2:]))
    if not points:
        raise ValueError(f"{element.tag} has no coordinates")
    return points


def _point(element: Element) -> BaseGeometry:
    points = _coordinates(element)
    if len(points) != 1:
        raise ValueError(f"a point has {len(points)} positions")
    return shapely.Point(points[0])


def _line(element: Element) -> BaseGeometry:
    points = _coordinates(element)
    if len(points) < 2:
        raise ValueError("a line has one position")
    return shapely.LineString(points)


def _ring(boundary: Element) -> Iterator[list[tuple[float, float]]]:
    for ring in children(boundary, "LinearRing"):
        points = _coordinates(ring)
        refuse_open_ring(np.array(points))
        yield points


def _polygon(element: Element) -> BaseGeometry:
    outer = [ring for boundary in children(element, "outerBoundaryIs") for ring in _ring(boundary)]
    inner = [ring for boundary in children(element, "innerBoundaryIs") for ring in _ring(boundary)]
    if len(outer) != 1:
        raise ValueError(f"a polygon has {len(outer)} outer rings, not one")
    return shapely.Polygon(outer[0], inner)


def _track(element: Element) -> BaseGeometry | None:
    """A line through the positions of a receiver; one position is a point."""
    points = []
    for place in children(element, "coord"):
        numbers = text_of(place).split()
        if len(numbers) not in (2, 3):
            raise ValueError(f"{text_of(place)[:_MOST_SHOWN]!r} stands where longitude and latitude should")
        points.append(position(numbers[0], numbers[1], *numbers[2:]))
    if len(points) < 2:
        return shapely.Point(points[0]) if points else None
    return shapely.LineString(points)


def _several(element: Element) -> BaseGeometry | None:
    """Shapes of one kind, as one shape; a shape of several kinds has no one meaning here."""
    parts = list(_plain_parts(element))
    kinds = {part.geom_type for part in parts}
    if len(kinds) > 1:
        raise ValueError(f"it is made of several kinds of shapes ({', '.join(sorted(kinds))})")
    if not parts:
        return None
    return _MULTI[kinds.pop()](parts)


def _plain_parts(element: Element) -> Iterator[BaseGeometry]:
    for child in element:
        if child.tag in ("MultiGeometry", "MultiTrack"):
            yield from _plain_parts(child)
        elif child.tag in (*_READERS, "Model") and (shape := _read(child)) is not None:
            yield shape


_READERS: dict[str, Callable[[Element], BaseGeometry | None]] = {
    "Point": _point,
    "LineString": _line,
    "LinearRing": _line,
    "Polygon": _polygon,
    "MultiGeometry": _several,
    "Track": _track,
    "MultiTrack": _several,
}
_MULTI: dict[str, Callable[[Any], BaseGeometry]] = {
    "Point": shapely.MultiPoint,
    "LineString": shapely.MultiLineString,
    "Polygon": shapely.MultiPolygon,
}
