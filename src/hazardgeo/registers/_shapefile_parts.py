"""A shapefile, the several files of it as one: in a zip archive, or beside each other and put in place together."""

from __future__ import annotations

import contextlib
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.errors import CRSError, StorageError
from hazardgeo.registers._dbf_table import write_dbf
from hazardgeo.storage import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_PARTS = (".dbf", ".shx", ".prj", ".cpg")
_INDEXES = (".qix", ".sbn", ".sbx", ".idm", ".ind", ".ain", ".aih", ".ixs", ".mxs", ".atx", ".fbn", ".fbx", ".qpj")
_KINDS = {
    "Polygon": {"Polygon", "MultiPolygon"},
    "Point": {"Point"},
    "MultiPoint": {"Point", "MultiPoint"},
    "LineString": {"LineString", "MultiLineString"},
}


def write_shapefile(table: pd.DataFrame, geometries: NDArray[Any], frame: gpd.GeoDataFrame, part: Path) -> None:
    """Write ``.shp`` and, beside it, ``.shx``, ``.dbf``, ``.prj`` and ``.cpg``.

    Raises
    ------
    StorageError
        If the shapes are not of one kind.
    CRSError
        If the CRS cannot be named there.
    """
    import pyogrio

    kind = _kind_of(geometries, part)
    pyogrio.raw.write(
        part,
        shapely.to_wkb(shapely.force_2d(geometries), flavor="iso"),
        [],
        np.array([], dtype=object),
        driver="ESRI Shapefile",
        geometry_type=kind,
        promote_to_multi=kind == "MultiPoint",
        crs="EPSG:4326",  # written anew below
    )
    part.with_suffix(".prj").write_text(_crs_text(frame, part), encoding="utf-8", newline="\n")
    part.with_suffix(".cpg").write_text("UTF-8", encoding="ascii")
    write_dbf(table, part.with_suffix(".dbf"))


def _kind_of(geometries: NDArray[Any], part: Path) -> str:
    kinds = {shape.geom_type for shape in geometries if shape is not None}
    for kind, held in _KINDS.items():
        if kinds <= held:
            return kind
    raise StorageError(
        f"{part.name}: a Shapefile holds one kind of shape, and these are {' and '.join(sorted(kinds))}. Export each kind "
        "by itself. Nothing was changed."
    )


def _crs_text(frame: gpd.GeoDataFrame, part: Path) -> str:
    import pyproj

    try:
        return str(frame.crs.to_wkt("WKT1_ESRI"))
    except pyproj.exceptions.CRSError as error:
        raise CRSError(f"{part.name}: a Shapefile cannot name the CRS {frame.crs.name!r}. Write .gpkg.") from error


def write_zipped_shapefile(table: pd.DataFrame, geometries: NDArray[Any], frame: gpd.GeoDataFrame, part: Path) -> None:
    """Write a shapefile in a zip archive: one file to send, and nothing of it can be left behind."""
    folder = part.with_name("parts")
    folder.mkdir()
    shp = folder / f"{part.stem.removesuffix('.shp')}.shp"
    write_shapefile(table, geometries, frame, shp)
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (shp, *map(shp.with_suffix, _PARTS)):
            # Without the time of writing, equal frames give equal archives.
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)


@contextlib.contextmanager
def replacing_shapefile(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write a shapefile to; move all its files into place only when the block ends well.

    First the old files, and indexes that would be stale, are moved away; then the new ones come, the ``.shp`` last. Between
    the two a reader finds no shapefile, and never files of both. What fails is undone. If the computer stops between the
    two, the old files stand in the folder ``old`` in the hidden folder beside `path`.

    Parameters
    ----------
    path : pathlib.Path
        Ending in ``.shp``.

    Yields
    ------
    pathlib.Path

    Raises
    ------
    StorageError
        As `hazardgeo.storage.replacing`.
    """
    moved: list[tuple[Path, Path]] = []
    placed: list[Path] = []
    folder: Path | None = None
    try:
        with replacing(path) as part:
            folder = part.parent
            yield part
            _move_away(path, folder / "old", moved)
            placed += [path, *map(path.with_suffix, _PARTS)]
            for file in placed[1:]:
                with replacing(file) as beside:
                    part.with_suffix(file.suffix).replace(beside)
    except BaseException:
        _undo(moved, placed)
        _remove(folder)
        raise
    _remove(folder)


def _remove(folder: Path | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def _move_away(path: Path, old: Path, moved: list[tuple[Path, Path]]) -> None:
    """Move the files of a shapefile, the ``.shp`` first: without it the others are none."""
    endings = (path.suffix.casefold(), *_PARTS, *_INDEXES)
    beside = (file for file in path.parent.iterdir() if file.stem == path.stem and file.is_file())
    family = [file for file in beside if file.suffix.casefold() in endings]
    for file in sorted(family, key=lambda file: endings.index(file.suffix.casefold())):
        old.mkdir(exist_ok=True)
        moved.append((file, old / file.name))  # before it is: whoever interrupts in between loses nothing
        file.replace(old / file.name)


def _undo(moved: list[tuple[Path, Path]], placed: list[Path]) -> None:
    for file in placed:
        if file.is_file():
            file.unlink()
    for file, away in reversed(moved):
        if away.exists():
            away.replace(file)
