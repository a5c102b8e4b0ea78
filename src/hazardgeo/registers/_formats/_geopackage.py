"""GeoPackage, read by SQLite itself.

GDAL believes the counts and the indexes inside a GeoPackage, and both can be wrong; a full scan is not.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._layer import RawFault, RawLayer, one_layer, text_broken, unreadable
from hazardgeo.registers._formats._two_names import crs_of
from hazardgeo.registers._formats._wkb import read_wkb

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyproj
    from numpy.typing import NDArray

MAGIC = b"SQLite format 3\x00"
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
# SQLite puts the damaged text itself into the words of its error, and those may be no letters.
_DAMAGE = (sqlite3.Error, UnicodeDecodeError)


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
        except _DAMAGE as error:
            raise FormatError(
                f"{file}: cannot be read as a GeoPackage ({error}). Get it again from its source."
            ) from error


def layers_of(file: Path) -> list[str]:
    """Names of the layers with shapes in a GeoPackage."""
    with _opened(file) as database:
        try:
            return [
                row[0] for row in database.execute("SELECT table_name FROM gpkg_geometry_columns ORDER BY table_name")
            ]
        except _DAMAGE as error:
            raise FormatError(
                f"{file}: is a database, but no GeoPackage ({error}). Export it again as GeoPackage."
            ) from error


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with file.open("rb") as stream:
        if stream.read(len(MAGIC)) != MAGIC:
            raise FormatError(f"{file}: is named like a GeoPackage and is none. Export it again as GeoPackage.")
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
    _refuse_damage(file, database)
    name = one_layer(file, layers_of(file), asked)
    geometry, srs_id = database.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (name,)
    ).fetchone()
    quoted = '"' + name.replace('"', '""') + '"'
    primary = {row[1] for row in database.execute(f"PRAGMA table_info({quoted})") if row[5]}
    names, records, broken = _scan(database, quoted)
    # SQLite, and so GeoPackage, tells no capital from a small letter in the name of a column.
    geometry = next((n for n in names if n.casefold() == str(geometry).casefold()), None)
    if geometry is None:
        raise FormatError(
            f"{file}: the layer {name!r} does not have the column that its list of shapes names. Export it again."
        )
    columns = dict(zip(names, zip(*records, strict=True) if records else [()] * len(names), strict=True))
    shapes, faults = _shapes(columns.pop(geometry), srs_id)
    crs, conflict, unread = _crs(database, srs_id)
    if conflict:
        faults.append(RawFault(None, "crs-conflict", conflict, "Correct the file."))
    faults += [text_broken(i) for i in broken]
    # The primary key is the database's own number, except where a register made it the id.
    kept = {n: cells for n, cells in columns.items() if n not in primary or n.endswith("_id")}
    return RawLayer(str(file), name, len(records), kept, shapes, crs, tuple(faults), unread_crs=unread)


def _refuse_damage(file: Path, database: sqlite3.Connection) -> None:
    """A damaged page can hide records from a scan without a word; the check of SQLite itself sees that."""
    (answer,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise FormatError(f"{file}: is damaged ({str(answer)[:200].strip()}). Get it again from its source.")


def _scan(database: sqlite3.Connection, quoted: str) -> tuple[list[str], list[tuple[Any, ...]], list[int]]:
    """Names of the columns, every row of a full scan, and the rows that hold text which is not UTF-8."""
    query = f"SELECT * FROM {quoted} ORDER BY rowid"  # noqa: S608  (the name comes from the file's own list and is quoted)
    try:
        cursor = database.execute(query)
        names = [column[0] for column in cursor.description]
        return names, cursor.fetchall(), []
    except sqlite3.OperationalError as error:
        if "decode" not in str(error).casefold():
            raise
    odd: set[str] = set()

    def decode(text: bytes) -> str:
        try:
            return text.decode("utf-8")
        except UnicodeDecodeError:
            readable = text.decode("utf-8", "backslashreplace")
            odd.add(readable)
            return readable

    database.text_factory = decode
    cursor = database.execute(query)
    names = [column[0] for column in cursor.description]
    records = cursor.fetchall()
    broken = [i for i, row in enumerate(records) if any(isinstance(cell, str) and cell in odd for cell in row)]
    return names, records, broken


def _shapes(blobs: Sequence[Any], srs_id: int) -> tuple[NDArray[np.object_], list[RawFault]]:
    wkb = np.full(len(blobs), None, dtype=object)
    faults: list[RawFault] = []
    for i, blob in enumerate(blobs):
        if blob is None:
            continue
        if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
            faults.append(unreadable(i, "has a geometry that is no GeoPackage geometry"))
            continue
        if (own := int.from_bytes(blob[4:8], "little" if blob[3] & 1 else "big", signed=True)) != srs_id:
            seen = f"Its geometry says that it is in the file's CRS {own}; the layer is in {srs_id}."
            remedy = "Correct the record in the source, or export the layer anew."
            faults.append(RawFault(i, "crs-conflict", seen, remedy))
        envelope = _ENVELOPE_BYTES.get(blob[3] >> 1 & 7)
        wkb[i] = blob[8 + envelope :] if envelope is not None else b""
    shapes, unread = read_wkb(wkb)
    return shapes, faults + unread


def _crs(database: sqlite3.Connection, srs_id: int) -> tuple[pyproj.CRS | None, str, str]:
    """The CRS, what was seen where the file names two, and how it names one that is not read."""
    row = database.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (srs_id,),
    ).fetchone()
    if row is None or srs_id in (0, -1):  # undefined by the standard
        return None, "", ""
    return crs_of(f"{row[0]}:{row[1]}", str(row[2]))
