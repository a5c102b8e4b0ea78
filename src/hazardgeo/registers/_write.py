"""Frames written beside, read back, compared, and only then moved into place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.constants import READ_BACK_M
from hazardgeo.errors import FormatError, StorageError
from hazardgeo.registers._export import FORMS
from hazardgeo.registers._formats import read_layer
from hazardgeo.registers._read_back import moves_m, refuse_lost_records, refuse_other_crs, told_plainly
from hazardgeo.registers._table import rows_of, same_cell, table_of
from hazardgeo.registers._writers import WRITERS, refuse_without_crs, require_extra, write_geopackage
from hazardgeo.storage import replacing

if TYPE_CHECKING:
    import os

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.registers._formats import RawLayer


def write(frame: gpd.GeoDataFrame, path: str | os.PathLike[str], *, qgis_style: bool = False) -> Path:
    """Write a frame to a file, whole or not at all.

    The file is written beside, read back, compared record by record, and then moved into place; if anything is
    different or fails, what stood at `path` before is untouched.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        With a CRS and a named, unique index, which becomes the first column.
    path : str or path
        ``.gpkg`` (GeoPackage), ``.geojson`` (WGS 84 only, as RFC 7946 says), ``.parquet`` or ``.geoparquet`` (GeoParquet;
        needs the extra *parquet*), ``.fgb`` (FlatGeobuf, without its index, which would change the order) or ``.csv``
        (shapes as well-known text with the EPSG code before it; text that a spreadsheet would run is given its text mark,
        an apostrophe; a number such as 1.234, which could be read as thousands, is written 1.2340).
    qgis_style : bool
        For a GeoPackage of hazards or releases: add the table ``layer_styles``, by which QGIS draws them in the colours, hatches
        and symbols of `hazardgeo.style` by itself. It is a second table, so that ``geopandas.read_file`` asks for ``layer=``.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    CRSError
        If the frame has no CRS, or one that the format cannot carry.
    FormatError
        If the format is not one of these, or needs a package that is not installed; if `qgis_style` is asked of another
        format than ``.gpkg``.
    StorageError
        If the folder is not there, the index is not unique, two columns have one name, a column holds what the format
        cannot, or the file reads back differently.

    References
    ----------
    OGC GeoPackage Encoding Standard 1.3 (OGC 12-128r17); RFC 7946; RFC 4180; GeoParquet 1.1.0; FlatGeobuf 3.

    Examples
    --------
    >>> import hazardgeo as hz, tempfile, pathlib
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     hz.write(hazards, pathlib.Path(folder, "copy.geojson")).name
    'copy.geojson'
    """
    target = Path(path)
    suffix = target.suffix.casefold()
    if suffix not in WRITERS:
        which = f"hazardgeo.export writes {suffix} and says what is lost on the way" if suffix in FORMS else ""
        raise FormatError(
            f"{target}: hazardgeo writes {', '.join(WRITERS)}. Choose one of these endings{which and '; ' + which}."
        )
    if qgis_style and suffix != ".gpkg":
        raise FormatError(f"{target}: only a GeoPackage carries a style for QGIS. Choose a name that ends in .gpkg.")
    refuse_without_crs(frame, target)
    require_extra(target)
    options = {"qgis_style": True} if qgis_style else {}
    with told_plainly(target), replacing(target) as part:
        table, geometries = table_of(frame, target), np.asarray(frame.geometry.array, dtype=object)
        WRITERS[suffix](table, geometries, frame, part, **options)
        _compare(table, geometries, frame, read_layer(part), target)
    return target


def write_layers(layers: dict[str, gpd.GeoDataFrame], path: str | os.PathLike[str]) -> Path:
    """Write several layers to one GeoPackage with their style for QGIS, each read back and compared, whole or not at all.

    Parameters
    ----------
    layers : dict of str to geopandas.GeoDataFrame
        Each with a CRS and a unique index.
    path : str or path
        Ending in ``.gpkg``.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FormatError, StorageError
        As `write`.
    """
    target = Path(path)
    if target.suffix.casefold() != ".gpkg":
        raise FormatError(f"{target}: several layers go into a GeoPackage. Choose a name that ends in .gpkg.")
    with told_plainly(target), replacing(target) as part:
        for name, frame in layers.items():
            table, geometries = table_of(frame, target), np.asarray(frame.geometry.array, dtype=object)
            write_geopackage(table, geometries, frame, part, layer=name, append=part.exists(), qgis_style=True)
            _compare(table, geometries, frame, read_layer(part, name), target)
    return target


def _compare(
    table: pd.DataFrame, geometries: NDArray[Any], frame: gpd.GeoDataFrame, back: RawLayer, target: Path
) -> None:
    wrote = rows_of(table, target)
    ids = table.iloc[:, 0].tolist()
    refuse_lost_records(ids, back, target)
    if wrote and list(back.columns) != list(table.columns):
        lost = [name for name in table.columns if name not in back.columns] or list(table.columns)
        raise StorageError(f"{target}: the column {lost[0]!r} reads back otherwise. Nothing was changed.")
    # A CSV names its CRS with its shapes; where there is none, there is nothing to compare.
    if wrote and (target.suffix.casefold() != ".csv" or not shapely.is_missing(geometries).all()):
        refuse_other_crs(frame, back, target)
    for i, row in enumerate(wrote):
        again = back.row(i)
        if different := [name for name, value in row.items() if not same_cell(value, again[name])]:
            raise StorageError(f"{target}: {ids[i]!r} reads back with another {different[0]!r}. Nothing was changed.")
    moved = ~(moves_m(geometries, frame, back) <= READ_BACK_M.value)
    if moved.any():
        first = ids[int(np.flatnonzero(moved)[0])]
        raise StorageError(f"{target}: {first!r} reads back with another outline. Nothing was changed.")
