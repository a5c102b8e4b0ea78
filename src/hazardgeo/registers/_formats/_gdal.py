"""File geodatabases, the one format that only GDAL reads here, and what GDAL says checked against the bytes."""

from __future__ import annotations

import contextlib
import re
import struct
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.crs import parse_file_crs
from hazardgeo.errors import FormatError, named
from hazardgeo.registers._formats._archive import DEFAULT_LIMITS, ArchiveLimits, is_zip, unpacked
from hazardgeo.registers._formats._layer import RawFault, RawLayer, one_layer, unreadable
from hazardgeo.registers._formats._wkb import read_wkb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

FOLDER_ENDING = ".gdb"
_CATALOGUE, _CATALOGUE_FILE = "GDB_SystemCatalog", "a00000001.gdbtable"
_OWN_FILES = re.compile(r"a[0-9a-f]{8}\..*|gdb|timestamps|.*\.lock|desktop\.ini|thumbs\.db|\.ds_store", re.IGNORECASE)
_DRIVER = "OpenFileGDB"
_CURVES = ("CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE", "CURVE", "SURFACE")
_AGAIN = "Export it again, or copy the whole folder from the source again."


def read_geodatabase(file: Path, layer: str | None = None, *, limits: ArchiveLimits = DEFAULT_LIMITS) -> RawLayer:
    """Read one layer with shapes of a file geodatabase.

    Parameters
    ----------
    file : pathlib.Path
        The folder that ends in ``.gdb``, or a zip archive with one such folder.
    layer : str, optional
        Needed where it holds several.
    limits : ArchiveLimits

    Returns
    -------
    RawLayer

    Raises
    ------
    FormatError
        If it is no file geodatabase, holds several layers and none is named, or GDAL reads more or fewer records than
        the table says that it has.
    """
    with _folder(file, limits) as folder, _asking_gdal(file) as said:
        name = one_layer(file, _layers(file, folder), layer)
        raw_layer = _read(file, folder, name)
    remarks = dict.fromkeys(str(one.message).replace(str(folder), file.name) for one in said)
    faults = (RawFault(None, "gdal-remark", f"GDAL says: {remark[:300]}", _AGAIN) for remark in remarks)
    return replace(raw_layer, faults=(*raw_layer.faults, *faults))


def layers_of_geodatabase(file: Path, limits: ArchiveLimits = DEFAULT_LIMITS) -> list[str]:
    """Names of the layers with shapes in a file geodatabase."""
    with _folder(file, limits) as folder, _asking_gdal(file):
        return _layers(file, folder)


@contextlib.contextmanager
def _folder(file: Path, limits: ArchiveLimits) -> Iterator[Path]:
    """The folder of a geodatabase, looked through before GDAL sees it."""
    if file.is_dir():
        _refuse_folder(file, file)
        yield file
        return
    if not is_zip(file):
        raise FormatError(f"{file}: is no folder of a file geodatabase and no zip archive of one. {_AGAIN}")
    with unpacked(file, limits) as outer:
        inner = [path for path in outer.rglob("*") if path.is_dir() and path.suffix.casefold() == FOLDER_ENDING]
        if len(inner) != 1:
            raise FormatError(f"{file}: holds {len(inner)} file geodatabases. Unpack it and name the folder in it.")
        _refuse_folder(file, inner[0])
        yield inner[0]


def _refuse_folder(file: Path, folder: Path) -> None:
    # GDAL chooses by what lies in a folder; what does not belong there could make it read something else.
    strange = [path.name for path in folder.iterdir() if path.is_symlink() or not _OWN_FILES.fullmatch(path.name)]
    if strange:
        raise FormatError(f"{file}: holds what does not belong there: {named(sorted(strange))}. Move that away.")
    if folder.suffix.casefold() != FOLDER_ENDING or not (folder / _CATALOGUE_FILE).is_file():
        raise FormatError(f"{file}: is named like a file geodatabase and is none. {_AGAIN}")


@contextlib.contextmanager
def _asking_gdal(file: Path) -> Iterator[list[warnings.WarningMessage]]:
    """Collect what GDAL warns of on the way, and put its errors into words."""
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            yield said
    except (RuntimeError, ValueError, LookupError, struct.error, OSError) as error:
        reason = str(error).replace(str(file), file.name)[:200]
        raise FormatError(f"{file}: cannot be read as a file geodatabase ({reason}). {_AGAIN}") from error


def _layers(file: Path, folder: Path) -> list[str]:
    import pyogrio

    found = pyogrio.read_info(folder, layer=_CATALOGUE)
    if found["driver"] != _DRIVER:
        raise FormatError(f"{file}: is read as {found['driver']}, not as a file geodatabase. {_AGAIN}")
    return [str(name) for name, kind in pyogrio.list_layers(folder) if kind is not None]


def _read(file: Path, folder: Path, name: str) -> RawLayer:
    from pyogrio import raw

    # Dates as text: one that does not exist must not cost the others.
    meta, fids, wkb, cells = raw.read(folder, layer=name, return_fids=True, datetime_as_string=True)
    _compare(file, folder, name, len(fids))
    columns = {
        str(key): _column(folder, name, str(key), kind, fids, values) for key, kind, values in _typed(meta, cells)
    }
    wkb = np.array([None if one is None else bytes(one) for one in wkb] + [None], dtype=object)[:-1]
    curved = np.isin(_kinds(folder, name), _CURVES)
    wkb[curved] = None
    shapes, faults = read_wkb(wkb)
    faults += [unreadable(int(i), "is a curve; convert it to straight edges") for i in np.flatnonzero(curved)]
    text = str(meta["crs"] or "")
    crs = parse_file_crs(text)
    return RawLayer(
        str(file), name, len(fids), columns, shapes, crs, tuple(faults), unread_crs="" if crs else text[:80]
    )


def _typed(meta: dict[str, Any], cells: list[NDArray[Any]]) -> Iterator[tuple[str, str, NDArray[Any]]]:
    return zip(meta["fields"], meta["ogr_types"], cells, strict=True)


def _column(folder: Path, layer: str, name: str, kind: str, fids: NDArray[Any], values: NDArray[Any]) -> list[Any]:
    """The cells of one column; whole numbers beside an empty cell come as fractions, and are read again without it."""
    if kind in ("OFTInteger", "OFTInteger64") and values.dtype.kind == "f":
        return _whole_numbers(folder, layer, name, fids)
    if values.dtype.kind == "f":
        return [None if np.isnan(value) else value for value in values.tolist()]
    return list(values.tolist())


def _whole_numbers(folder: Path, layer: str, name: str, fids: NDArray[Any]) -> list[Any]:
    from pyogrio import raw

    _, found, _, cells = raw.read(
        folder, layer=layer, columns=[name], where=f"{_quoted(name)} IS NOT NULL", read_geometry=False, return_fids=True
    )
    by_fid = dict(zip(found.tolist(), cells[0].tolist(), strict=True))
    return [by_fid.get(fid) for fid in fids.tolist()]


def _kinds(folder: Path, layer: str) -> NDArray[Any]:
    """The kind of each shape as it stands there: on the way out GDAL turns curves into short edges without a word."""
    from pyogrio import raw

    query = f"SELECT OGR_GEOMETRY AS kind FROM {_quoted(layer)}"  # noqa: S608  (a name from the file's own list, quoted)
    cells = raw.read(folder, sql=query, sql_dialect="OGRSQL", read_geometry=False)[3]
    return np.asarray(cells[0], dtype=object).astype(str)


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _compare(file: Path, folder: Path, name: str, read: int) -> None:
    """Compare the number of records with the one in the table's own header."""
    from pyogrio import raw

    _, numbers, _, cells = raw.read(folder, layer=_CATALOGUE, columns=["Name"], read_geometry=False, return_fids=True)
    of_name = dict(zip(cells[0].tolist(), numbers.tolist(), strict=True))
    if name not in of_name:
        raise FormatError(f"{file}: its catalogue does not list the layer {name!r}. {_AGAIN}")
    declared = _declared(folder / f"a{of_name[name]:08x}.gdbtable")
    if declared != read:
        raise FormatError(f"{file}: the table of {name!r} counts {declared} records, and {read} were read. {_AGAIN}")


def _declared(table: Path) -> int:
    """Number of valid rows (Rouault, "FGDB Spec", wiki of dump_gdbtable: header of .gdbtable, versions 3 and 4)."""
    with table.open("rb") as stream:
        header = stream.read(40)
    (version,) = struct.unpack_from("<i", header)
    (count,) = struct.unpack_from("<i", header, 4) if version == 3 else struct.unpack_from("<q", header, 16)
    return int(count)
