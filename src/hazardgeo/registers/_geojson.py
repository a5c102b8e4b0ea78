"""GeoJSON, read by the standard library: strict, feature by feature."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NoReturn

import pyproj
import shapely

from hazardgeo.crs import WGS84
from hazardgeo.errors import FormatError
from hazardgeo.registers._layer import RawLayer, Shape

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def read_geojson(file: Path) -> RawLayer:
    """Read a GeoJSON feature collection.

    Parameters
    ----------
    file : pathlib.Path

    Returns
    -------
    RawLayer
        In WGS 84, as RFC 7946 says, unless the file carries the older ``crs`` member by name.

    Raises
    ------
    FormatError
        If it is no such collection, a key stands twice, or its ``crs`` is a link to somewhere.
    """
    collection = _load(file)
    if not isinstance(collection, dict) or not isinstance(features := collection.get("features"), list):
        raise FormatError(f"{file}: is JSON, but no GeoJSON feature collection.")
    rows, shapes, faults = [], [], {}
    for i, feature in enumerate(features):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties", {}) or {}, dict):
            faults[i], feature = "is no feature", {}
        rows.append(_properties(feature))
        shapes.append(_shape(feature.get("geometry")))
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    return RawLayer(str(file), file.stem, columns, rows, shapes, _crs(file, collection.get("crs")), faults)


def _load(file: Path) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            twice = next(key for key in table if [k for k, _ in pairs].count(key) > 1)
            raise FormatError(f"{file}: the key {twice!r} stands twice in one object. Keep the right one.")
        return table

    def no_number(text: str) -> NoReturn:
        raise FormatError(f"{file}: {text} is no number in JSON.")

    try:
        return json.loads(file.read_text(encoding="utf-8-sig"), object_pairs_hook=unique, parse_constant=no_number)
    except UnicodeDecodeError as error:
        raise FormatError(f"{file}: is not UTF-8 at byte {error.start}. Save it as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{file}: is not JSON ({error}).") from error


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    row = {
        name: json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, (dict, list)) else value
        for name, value in (feature.get("properties") or {}).items()
    }
    if "id" in feature and "id" not in row:
        row["id"] = feature["id"]
    return row


def _crs(file: Path, member: Any) -> pyproj.CRS | None:
    if member is None:
        return WGS84
    if isinstance(member, dict) and member.get("type") == "link":
        raise FormatError(f"{file}: its CRS is a link. hazardgeo follows no links: name the CRS in the file instead.")
    try:
        return pyproj.CRS.from_user_input(member["properties"]["name"])
    except (KeyError, TypeError, pyproj.exceptions.CRSError):
        return None


def _shape(geometry: Any) -> Shape:
    if geometry is None:
        return Shape(None, "has no geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _BUILDERS:
        return Shape(None, f"has a geometry of type {kind!r}, not a point, line or polygon")
    try:
        return Shape(_BUILDERS[kind](geometry.get("coordinates")))
    except (TypeError, ValueError, shapely.errors.GEOSException) as error:
        return Shape(None, f"has a geometry that cannot be read ({error})")


def _position(position: Any) -> tuple[float, ...]:
    numbers = all(isinstance(n, (int, float)) and not isinstance(n, bool) and math.isfinite(n) for n in position)
    if not numbers or len(position) not in (2, 3):
        raise ValueError(f"{position!r} is no position")
    return tuple(float(n) for n in position[:2])


def _ring(ring: Any) -> list[tuple[float, ...]]:
    positions = [_position(position) for position in ring]
    if len(positions) < 4 or positions[0] != positions[-1]:
        raise ValueError("a ring is not closed or has fewer than three corners")
    return positions


def _polygon(rings: Any) -> Any:
    shell, *holes = [_ring(ring) for ring in rings]
    return shapely.Polygon(shell, holes)


_BUILDERS: dict[str | None, Callable[[Any], Any]] = {
    "Point": lambda position: shapely.Point(_position(position)),
    "LineString": lambda line: shapely.LineString([_position(p) for p in line]),
    "MultiLineString": lambda lines: shapely.MultiLineString([[_position(p) for p in line] for line in lines]),
    "Polygon": _polygon,
    "MultiPolygon": lambda polygons: shapely.MultiPolygon([_polygon(rings) for rings in polygons]),
}
