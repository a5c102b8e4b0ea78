"""Files as they stand: one reader for each format, every one giving a `RawLayer`.

The ending of the name chooses the reader, and the reader looks at the bytes: no program but the one for that format ever
sees a file, so that a description of another file, or of an address, is never followed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._layer import RawFault, RawLayer, regular_file
from hazardgeo.schema import SCHEMAS

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import pyproj

    from hazardgeo.registers._profiles import Profile

__all__ = ["SUFFIXES", "TABLES", "RawFault", "RawLayer", "input_file", "read_layer", "regular_file"]

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
SUFFIXES = (
    ".gpkg", ".geojson", ".json", ".shp", ".zip", ".kml", ".kmz", ".gpx", ".fgb", ".gdb", ".parquet", ".geoparquet",
    *TABLES,
)  # fmt: skip


# A coordinate that is no number is found and told later, record by record; numpy shall not warn of it on the way.
@np.errstate(invalid="ignore")
def read_layer(
    path: str | os.PathLike[str],
    layer: str | None = None,
    profile: Profile | None = None,
    crs: pyproj.CRS | None = None,
) -> RawLayer:
    """Read a layer as it stands in a file, nothing interpreted.

    Parameters
    ----------
    path : str or path
        A local file in one of the formats of `SUFFIXES` (a File Geodatabase is a folder).
    layer : str, optional
        Needed where a file holds several.
    profile : Profile, optional
        Says where the shapes of a table stand and how its text is encoded.
    crs : pyproj.CRS, optional
        What the caller says of the coordinates; a table of coordinates cannot be read without it in every case.

    Returns
    -------
    RawLayer

    Raises
    ------
    FormatError
        If the file is not there, is not what its name says, or holds several layers and none is named.
    """
    if profile is not None and profile.join:
        from hazardgeo.registers._profiles import read_joined

        return read_joined(Path(path), profile)
    file = input_file(path)
    suffix = file.suffix.casefold()
    if suffix not in SUFFIXES:
        raise FormatError(f"{file}: hazardgeo reads {', '.join(SUFFIXES)}. Export the layer as GeoPackage.")
    if suffix in TABLES:
        return _read_table(file, layer, profile, crs)
    return _reader(suffix, file, profile)(file, layer)


def input_file(path: str | os.PathLike[str]) -> Path:
    """Accept only a local file that is there, or the folder that a file geodatabase is.

    Raises
    ------
    FormatError
        Otherwise.
    """
    folder = Path(path)
    return folder if folder.suffix.casefold() == ".gdb" and folder.is_dir() else regular_file(path)


def _read_table(file: Path, layer: str | None, profile: Profile | None, crs: pyproj.CRS | None) -> RawLayer:
    from hazardgeo.registers._formats._tables import read_table

    if profile is None:
        return read_table(file, layer, crs=crs)
    return read_table(
        file,
        layer or profile.layer or None,
        profile.places,
        encoding=profile.encoding,
        header_row=profile.header_row,
        crs=crs,
    )


def _reader(suffix: str, file: Path, profile: Profile | None) -> Callable[[Path, str | None], RawLayer]:
    # Late, each by itself: reading a GeoPackage shall not cost the parsers of all other formats.
    if suffix == ".gpkg":
        from hazardgeo.registers._formats._geopackage import read_geopackage

        return read_geopackage
    if suffix in (".geojson", ".json"):
        from hazardgeo.registers._formats._geojson import read_geojson

        return read_geojson
    if suffix == ".shp" or (suffix == ".zip" and not _holds_geodatabase(file)):
        from hazardgeo.registers._formats._shapefile import read_shapefile

        known = {name for schema in SCHEMAS.values() for name in (schema.index, *(one.name for one in schema.columns))}
        encoding = profile.encoding if profile is not None and profile.encoding else None
        return lambda path, layer: read_shapefile(path, layer, encoding=encoding, known=sorted(known))
    if suffix in (".kml", ".kmz"):
        from hazardgeo.registers._formats._kml import read_kml

        return read_kml
    if suffix == ".gpx":
        from hazardgeo.registers._formats._gpx import read_gpx

        return read_gpx
    if suffix in (".parquet", ".geoparquet"):
        from hazardgeo.registers._formats._geoparquet import read_geoparquet

        return read_geoparquet
    if suffix == ".fgb":
        from hazardgeo.registers._formats._flatgeobuf import read_flatgeobuf

        return read_flatgeobuf
    from hazardgeo.registers._formats._gdal import read_geodatabase

    return read_geodatabase


def _holds_geodatabase(file: Path) -> bool:
    from hazardgeo.registers._formats._archive import check_zip

    names = [name.casefold() for name in check_zip(file)]
    is_geodatabase = any(".gdb/" in name for name in names)
    if is_geodatabase and any(name.endswith(".shp") for name in names):
        raise FormatError(f"{file}: holds a shapefile and a file geodatabase. Put each into an archive of its own.")
    return is_geodatabase
