"""Shapefiles, read from their bytes.

GDAL leaves records out without a word where the files of a shapefile disagree: it skips rows marked as deleted, stops at
the shorter of table and shapes, and gives up the whole file for one impossible date. Here the longer one counts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hazardgeo.crs import parse_file_crs
from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._archive import DEFAULT_LIMITS, ArchiveLimits, check_zip, is_zip, unpacked
from hazardgeo.registers._formats._dbf import DbfTable, read_dbf
from hazardgeo.registers._formats._layer import RawFault, RawLayer, one_layer, shape_array
from hazardgeo.registers._formats._shp import read_shp

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyproj

_SHP = ".shp"


def read_shapefile(
    file: Path,
    layer: str | None = None,
    *,
    known: Sequence[str] = (),
    encoding: str | None = None,
    limits: ArchiveLimits = DEFAULT_LIMITS,
) -> RawLayer:
    """Read a shapefile, by itself or in a zip archive.

    Parameters
    ----------
    file : pathlib.Path
        The ``.shp``; the files of the same name beside it are read with it. Or a ``.zip`` with them.
    layer : str, optional
        Which one, where an archive holds several.
    known : sequence of str
        Names of columns that a name cut to ten characters may be the beginning of.
    encoding : str, optional
        How letters are stored, where that is known better than the files say.
    limits : ArchiveLimits

    Returns
    -------
    RawLayer

    Raises
    ------
    FormatError
        If it is no shapefile, an archive is not to be trusted, or it holds several and none is named.
    """
    if not is_zip(file):
        one_layer(file, [file.stem], layer)
        return _read(file, str(file), file.stem, known, encoding)
    name = one_layer(file, layers_of_shapefile(file, limits), layer)
    with unpacked(file, limits) as folder:
        inner = next(path for path in _shapefiles(folder) if _name(path.relative_to(folder)) == name)
        return _read(inner, str(file), name, known, encoding)


def layers_of_shapefile(file: Path, limits: ArchiveLimits = DEFAULT_LIMITS) -> list[str]:
    """Names of the shapefiles in a zip archive, or the one name of a shapefile that stands by itself."""
    if not is_zip(file):
        return [file.stem]
    return sorted(_name(Path(inner)) for inner in check_zip(file, limits) if _is_shapefile(Path(inner)))


def _shapefiles(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if _is_shapefile(path)]


def _is_shapefile(path: Path) -> bool:
    # A Mac puts a file of its own, with the same name after "._", beside each in an archive.
    return path.suffix.casefold() == _SHP and not path.name.startswith("._")


def _name(path: Path) -> str:
    return path.with_suffix("").as_posix()


def _beside(file: Path) -> dict[str, Path]:
    """The files of the same name, by their endings in small letters."""
    found: dict[str, Path] = {}
    for path in sorted(file.parent.iterdir()):
        ending = path.suffix.casefold()
        if path.stem != file.stem or not path.is_file() or ending == _SHP:
            continue
        if ending in found:
            raise FormatError(f"{file}: {found[ending].name} and {path.name} stand beside it. Keep the right one.")
        found[ending] = path
    return found


def _read(file: Path, shown: str, name: str, known: Sequence[str], encoding: str | None) -> RawLayer:
    beside = _beside(file)
    index, cpg = beside.get(".shx"), beside.get(".cpg")
    shp = read_shp(file, index.read_bytes() if index else None)
    table = DbfTable(0)
    if ".dbf" in beside:
        stated = cpg.read_text(encoding="latin-1") if cpg else None
        table = read_dbf(beside[".dbf"], encoding=encoding, cpg=stated, known=known)
    count = max(len(shp.shapes), table.count)
    columns = {column: [*cells, *[None] * (count - table.count)] for column, cells in table.columns.items()}
    shapes = shape_array([*shp.shapes, *[None] * (count - len(shp.shapes))])
    faults = (*table.faults, *shp.faults, *_unpaired(len(shp.shapes), table.count, ".dbf" in beside))
    crs, unread = _crs(beside.get(".prj"))
    return RawLayer(shown, name, count, columns, shapes, crs, faults, unread_crs=unread)


def _unpaired(shapes: int, rows: int, has_table: bool) -> list[RawFault]:
    """The faults of shapes without a row and of rows without a shape."""
    counts = f"There are {shapes} shapes and {rows} rows."
    if not has_table:
        counts = "There is no .dbf file, which holds the table, beside it."
    without_row = f"It has a shape and no row in the table. {counts}"
    without_shape = f"It has a row in the table and no shape. {counts}"
    remedy = "Copy all files of the shapefile from the source again."
    return [
        *(RawFault(i, "record-without-row", without_row, remedy) for i in range(rows, shapes)),
        *(RawFault(i, "record-without-shape", without_shape, remedy) for i in range(shapes, rows)),
    ]


def _crs(prj: Path | None) -> tuple[pyproj.CRS | None, str]:
    """The CRS, and how the file names it where that is not read."""
    text = prj.read_text(encoding="utf-8-sig", errors="replace").strip() if prj else ""
    crs = parse_file_crs(text) if "[" in text else None
    return crs, "" if crs is not None else text[:80]
