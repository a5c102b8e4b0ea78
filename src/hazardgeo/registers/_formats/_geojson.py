"""GeoJSON, read by the standard library: strict, feature by feature."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import shapely

from hazardgeo.crs import WGS84, parse_file_crs
from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._layer import (
    RawFault,
    RawLayer,
    columns_of_rows,
    one_layer,
    plain_reason,
    shape_array,
    text_broken,
    unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyproj
    from shapely.geometry.base import BaseGeometry


def read_geojson(file: Path, layer: str | None = None) -> RawLayer:
    """Read a GeoJSON feature collection.

    Parameters
    ----------
    file : pathlib.Path
    layer : str, optional
        Its name, if the caller wants to be sure of it: that of the file.

    Returns
    -------
    RawLayer
        In WGS 84, as RFC 7946 says, unless the file carries the older ``crs`` member by name.

    Raises
    ------
    FormatError
        If it is no such collection, a key stands twice, or its ``crs`` is a link to somewhere.
    """
    name = one_layer(file, [file.stem], layer)
    collection = _load(file)
    if not isinstance(collection, dict) or not isinstance(features := collection.get("features"), list):
        raise FormatError(f"{file}: is JSON, but no GeoJSON feature collection. Export it again as GeoJSON.")
    if isinstance(collection, _Repeated):
        raise FormatError(f"{file}: the key {collection.key!r} stands twice in the collection. Keep the right one.")
    rows: list[dict[str, Any]] = []
    shapes: list[BaseGeometry | None] = []
    faults: list[RawFault] = []
    for i, feature in enumerate(features):
        row, shape, found = _record(i, feature)
        rows.append(row)
        shapes.append(shape)
        faults += found
    columns = columns_of_rows(rows, dict.fromkeys(name for row in rows for name in row))
    crs, unread = _crs(file, collection)
    return RawLayer(str(file), name, len(rows), columns, shape_array(shapes), crs, tuple(faults), unread_crs=unread)


class _Repeated(dict[str, Any]):
    """An object in which a key stands twice; which value is meant, nobody knows."""

    key = ""


def _load(file: Path) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            table = _Repeated(table)
            table.key = next(key for key in table if [k for k, _ in pairs].count(key) > 1)
        return table

    try:
        # NaN and Infinity are no JSON; as texts they are faults of the record that holds them, not of the file.
        return json.loads(file.read_text(encoding="utf-8-sig"), object_pairs_hook=unique, parse_constant=str)
    except UnicodeDecodeError as error:
        raise FormatError(f"{file}: is not UTF-8 at byte {error.start + 1}. Save it as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{file}: is not JSON ({error}). It may be cut off: get it again from its source.") from error


def _record(i: int, feature: Any) -> tuple[dict[str, Any], BaseGeometry | None, list[RawFault]]:
    """Cells, shape and faults of one feature; what is no feature is a record all the same."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties", {}) or {}, dict):
        remedy = "Write the record again as a GeoJSON feature."
        return {"text": json.dumps(feature)[:200]}, None, [RawFault(i, "row-broken", "The row is no feature.", remedy)]
    faults = [
        RawFault(i, "row-broken", f"The key {part.key!r} stands twice in it.", "Keep the right one.")
        for part in (feature, feature.get("properties"), feature.get("geometry"))
        if isinstance(part, _Repeated)
    ]
    row = _properties(feature)
    whole = _whole(row)
    if whole != row:
        faults.append(text_broken(i))
    shape, why = _shape(feature.get("geometry"))
    return whole, shape, faults + ([unreadable(i, why)] if why else [])


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = dict(feature.get("properties") or {})
    if "id" in feature:
        properties.setdefault("id", feature["id"])
    return {
        name: json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, (dict, list)) else value
        for name, value in properties.items()
    }


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    """The row with half a letter (a lone surrogate, which no file can hold) written as its code."""

    def whole(value: Any) -> Any:
        return value.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value

    return {whole(name): whole(value) for name, value in row.items()}


def _crs(file: Path, collection: dict[str, Any]) -> tuple[pyproj.CRS | None, str]:
    """The CRS, and how the file names it where that is not read. Null says that none may be assumed (GeoJSON 2008)."""
    if "crs" not in collection:
        return WGS84, ""
    member = collection["crs"]
    if isinstance(member, dict) and member.get("type") == "link":
        raise FormatError(f"{file}: its CRS is a link. hazardgeo follows no links: name the CRS in the file instead.")
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    crs = parse_file_crs(name) if isinstance(name, str) else None
    return crs, "" if crs is not None or member is None else ascii(name if isinstance(name, str) else member)[:80]


def _shape(geometry: Any) -> tuple[BaseGeometry | None, str]:
    """The geometry, or why there is none where there is something."""
    if geometry is None:
        return None, ""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str) or kind not in _BUILDERS:
        return None, f"has a geometry of type {kind!r}, not a point, line or polygon"
    try:
        return _BUILDERS[kind](geometry.get("coordinates")), ""
    except (TypeError, ValueError, OverflowError, shapely.errors.GEOSException) as error:
        return None, f"has a geometry that cannot be read ({plain_reason(error)})"


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


_BUILDERS: dict[str, Callable[[Any], Any]] = {
    "Point": lambda position: shapely.Point(_position(position)),
    "MultiPoint": lambda positions: shapely.MultiPoint([_position(position) for position in positions]),
    "LineString": lambda line: shapely.LineString([_position(p) for p in line]),
    "MultiLineString": lambda lines: shapely.MultiLineString([[_position(p) for p in line] for line in lines]),
    "Polygon": _polygon,
    "MultiPolygon": lambda polygons: shapely.MultiPolygon([_polygon(rings) for rings in polygons]),
}
