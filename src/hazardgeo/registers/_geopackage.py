"""GeoPackage, read by SQLite itself.

GDAL believes the counts and the indexes inside a GeoPackage, and both can be wrong; a full scan is not.
"""

from __future__ import annotations

import contextlib
import sqlite3
import struct
from typing import TYPE_CHECKING, Any

import pyproj
import shapely

from hazardgeo.errors import FormatError
from hazardgeo.registers._layer import RawLayer, Shape, one_layer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = b"SQLite format 3\x00"
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_COLLECTION = 7


def read_geopackage(file: Path, layer: str | None = None) -> RawLayer:
    """Read one layer of a GeoPackage.

    Parameters
    ----------
    file : pathlib.Path
    layer : str, optional
        Needed where the file holds several.

    Returns
    -------
    RawLayer

    Raises
    ------
    FormatError
        If it is no GeoPackage, is being written to, or holds several layers and none is named.
    """
    with _opened(file) as database:
        try:
            return _layer(file, database, layer)
        except sqlite3.Error as error:
            raise FormatError(f"{file}: cannot be read as a GeoPackage ({error}).") from error


def layers_of(file: Path) -> list[str]:
    """Names of the layers with shapes in a GeoPackage."""
    with _opened(file) as database:
        try:
            return [
                row[0] for row in database.execute("SELECT table_name FROM gpkg_geometry_columns ORDER BY table_name")
            ]
        except sqlite3.Error as error:
            raise FormatError(f"{file}: is a database, but no GeoPackage ({error}).") from error


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with file.open("rb") as stream:
        if stream.read(len(MAGIC)) != MAGIC:
            raise FormatError(f"{file}: is named like a GeoPackage and is none.")
    for suffix in ("-wal", "-journal"):
        beside = file.with_name(file.name + suffix)
        if beside.exists() and beside.stat().st_size:
            raise FormatError(
                f"{file}: {beside.name} beside it holds changes. Close the program that has the file open."
            )
    # Immutable: no lock, no journal, no trigger; a reader must leave the folder as it was.
    with contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        yield database


def _layer(file: Path, database: sqlite3.Connection, asked: str | None) -> RawLayer:
    name = one_layer(file, layers_of(file), asked)
    geometry, srs_id = database.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (name,)
    ).fetchone()
    quoted = '"' + name.replace('"', '""') + '"'
    info = database.execute(f"PRAGMA table_info({quoted})").fetchall()
    primary = {row[1] for row in info if row[5]}
    cursor = database.execute(f"SELECT * FROM {quoted} ORDER BY rowid")  # noqa: S608  (the name comes from the file's own list and is quoted)
    names = [column[0] for column in cursor.description]
    rows, shapes = [], []
    for values in cursor:
        row = dict(zip(names, values, strict=True))
        shapes.append(_shape(row.pop(geometry)))
        # The primary key is the database's own number, except where a register made it the id.
        rows.append({k: _plain(v) for k, v in row.items() if k not in primary or k.endswith("_id")})
    columns = tuple(n for n in names if n != geometry and (n not in primary or n.endswith("_id")))
    return RawLayer(str(file), name, columns, rows, shapes, _crs(database, srs_id), {})


def _plain(value: Any) -> Any:
    return f"{len(value)} bytes" if isinstance(value, bytes) else value


def _crs(database: sqlite3.Connection, srs_id: int) -> pyproj.CRS | None:
    row = database.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (srs_id,),
    ).fetchone()
    if row is None or srs_id in (0, -1):  # undefined by the standard
        return None
    for given in (f"{row[0]}:{row[1]}", row[2]):
        with contextlib.suppress(pyproj.exceptions.CRSError):
            return pyproj.CRS.from_user_input(given)
    return None


def _shape(blob: Any) -> Shape:
    if blob is None:
        return Shape(None, "has no geometry")
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        return Shape(None, "has a geometry that is no GeoPackage geometry")
    envelope = _ENVELOPE_BYTES.get(blob[3] >> 1 & 7)
    wkb = blob[8 + envelope :] if envelope is not None else b""
    if len(wkb) < 5:
        return Shape(None, "has a geometry that is cut short")
    (kind,) = struct.unpack("<I" if wkb[0] else ">I", wkb[1:5])
    if (kind & 0x1FFFFFFF) % 1000 == _COLLECTION:  # nested collections can crash the parser
        return Shape(None, "has a collection of geometries, not one shape")
    try:
        return Shape(shapely.from_wkb(wkb))
    except shapely.errors.GEOSException as error:
        return Shape(None, f"has a geometry that cannot be read ({error})")
