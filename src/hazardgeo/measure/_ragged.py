"""Coordinates of many polygons as one run of numbers, ring after ring, wherever they come from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.crs import crs_label, is_modern, parse_crs
from hazardgeo.errors import CRSError, GeometryError
from hazardgeo.measure._rings import measure_rings

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POLYGONAL = ("geoarrow.polygon", "geoarrow.multipolygon", "geoarrow.wkb")
_TYPES = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_HEAD = 13  # bytes before the first vertex of a polygon of one ring: order, type, number of rings, number of vertices


class Rings(NamedTuple):
    """Rings, and which geometry each belongs to."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    offsets: NDArray[np.int64]
    owner: NDArray[np.int64]
    hole: NDArray[np.bool_]
    geometries: int

    def measured(self, *, unchecked: bool = False) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Area [m²] and perimeter [m] of each geometry; 0 for one without a ring.

        By absolute value of each ring: the sign only tells the order of its vertices, and a signed sum turns a hole of
        the wrong order into an island. `unchecked` coordinates may be none, and are then refused.
        """
        area, perimeter = measure_rings(self.lon, self.lat, self.offsets, unchecked=unchecked)
        area[self.hole] *= -1
        return self._summed(area), self._summed(perimeter)

    def _summed(self, of_rings: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(self.owner, of_rings, minlength=self.geometries).astype(float, copy=False)


def of_shapely(polygons: NDArray[Any]) -> Rings:
    """Take the rings of polygons and multipolygons, none of them missing."""
    parts, owner = polygons, np.arange(len(polygons))
    if (shapely.get_type_id(polygons) != shapely.GeometryType.POLYGON).any():
        parts, owner = shapely.get_parts(polygons, return_index=True)
    hole = np.zeros(len(parts), dtype=bool)
    holed = shapely.get_num_interior_rings(parts) > 0
    if holed.any():  # only these are taken apart: it makes an object of each ring
        rings, of = shapely.get_rings(parts[holed], return_index=True)
        hole = np.append(hole[~holed], np.append(False, of[1:] == of[:-1]))
        owner = np.append(owner[~holed], owner[holed][of])
        parts = np.append(parts[~holed], rings)
    lonlat = shapely.get_coordinates(parts)
    offsets = np.append(0, np.cumsum(shapely.get_num_coordinates(parts)))
    return Rings(lonlat[:, 0], lonlat[:, 1], offsets, owner, hole, len(polygons))


def of_geoarrow(column: Any) -> Rings:
    """Take the rings of a column of polygons or multipolygons in one of GeoArrow's encodings, without copying them.

    Raises
    ------
    CRSError
        If the column says that it is not in longitude and latitude on WGS 84.
    GeometryError
        If it is in no such encoding.
    """
    import pyarrow as pa

    if isinstance(column, pa.ExtensionArray):
        # Lines in several parts are stored as polygons are; only the name tells them apart.
        if column.type.extension_name not in _POLYGONAL:
            raise GeometryError(f"A column of {column.type} is none of polygons. Nothing was measured.")
        _refuse_other_crs(column.type)
        column = column.storage
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return of_wkb(column)
    levels, inner = [], column
    while pa.types.is_list(inner.type) or pa.types.is_large_list(inner.type):
        levels.append(inner.offsets.to_numpy().astype(np.int64))
        inner = inner.values
    if len(levels) not in (2, 3):
        raise GeometryError(f"A column of {column.type} is none of polygons or multipolygons. Nothing was measured.")
    lon, lat = _xy(inner, column.type)
    # Parts of rows, rings of parts, vertices of rings; a row of single polygons is its own part.
    return _nested(lon, lat, np.arange(len(column) + 1) if len(levels) == 2 else levels[0], *levels[-2:])


def of_wkb(column: Any) -> Rings:
    """Take the rings of WKB: its numbers as they lie where all are plain polygons of one ring, else through geometry objects."""
    wide = str(column.type).startswith("large")
    _, starts, data = column.buffers()
    offsets = np.frombuffer(starts, dtype=np.int64 if wide else np.int32)[column.offset :][: len(column) + 1].astype(
        np.int64
    )
    written = np.frombuffer(data or b"", dtype=np.uint8)[offsets[0] : offsets[-1]]
    length = np.diff(offsets)
    rows = np.flatnonzero(length)
    if (length[rows] >= _HEAD).all():
        at = (offsets[rows] - offsets[0])[:, None] + np.arange(_HEAD)
        head = np.ascontiguousarray(written[at])
        kind, rings, vertices = np.ascontiguousarray(head[:, 1:]).view("<u4").astype(np.int64).T
        plain = (head[:, 0] == 1) & (kind == 3) & (rings == 1) & (length[rows] == _HEAD + 16 * vertices)
        if plain.all():
            kept = np.ones(len(written), dtype=bool)
            kept[at] = False
            lon, lat = written[kept].view("<f8").reshape(-1, 2).T
            return Rings(
                lon, lat, np.append(0, np.cumsum(vertices)), rows, np.zeros(len(rows), dtype=bool), len(column)
            )
    shapes = shapely.from_wkb(column.to_numpy(zero_copy_only=False))
    if not np.isin(shapely.get_type_id(shapes), (-1, *_TYPES)).all():
        raise GeometryError("Not all of the column's geometries are polygons. Nothing was measured.")
    shapes[shapely.is_missing(shapes)] = shapely.Polygon()
    return of_shapely(shapes)


def _nested(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    rows: NDArray[np.int64],
    parts: NDArray[np.int64],
    rings: NDArray[np.int64],
) -> Rings:
    parts = parts[rows[0] : rows[-1] + 1]
    rows = rows - rows[0]
    rings = rings[parts[0] : parts[-1] + 1]
    parts = parts - parts[0]
    hole = np.ones(len(rings) - 1, dtype=bool)
    hole[parts[:-1][np.diff(parts) > 0]] = False
    owner = np.repeat(np.arange(len(rows) - 1), np.diff(parts[rows]))
    here = slice(rings[0], rings[-1])
    return Rings(lon[here], lat[here], rings - rings[0], owner, hole, len(rows) - 1)


def _xy(inner: Any, of: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    import pyarrow as pa

    doubles = (
        {field.name for field in inner.type if field.type == pa.float64()} if pa.types.is_struct(inner.type) else ()
    )
    if "x" in doubles and "y" in doubles:
        lon, lat = inner.field("x").to_numpy(), inner.field("y").to_numpy()
    elif pa.types.is_fixed_size_list(inner.type) and pa.types.is_float64(inner.type.value_type):
        lonlat = inner.flatten().to_numpy().reshape(-1, inner.type.list_size)
        lon, lat = lonlat[:, 0], lonlat[:, 1]
    else:
        raise GeometryError(f"A column of {of} holds no coordinates in GeoArrow's encodings. Nothing was measured.")
    return lon, lat


def _refuse_other_crs(kind: Any) -> None:
    said = getattr(kind, "__arrow_ext_serialize__", bytes)() or b"{}"
    crs = json.loads(said).get("crs")
    if crs is None:
        return
    parsed = parse_crs(json.dumps(crs) if isinstance(crs, dict) else crs)
    if not (parsed.is_geographic and is_modern(parsed)):
        raise CRSError(
            f"The column is in {crs_label(parsed)} ({parsed.name}). Bring it to longitude and latitude on WGS 84 first."
        )
