"""Frames written beside, read back, compared, and only then moved into place."""

from __future__ import annotations

import contextlib
import csv
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.constants import READ_BACK_M
from hazardgeo.crs import WGS84, crs_label, same_places
from hazardgeo.errors import CRSError, FormatError, StorageError
from hazardgeo.registers._read import read_layer
from hazardgeo.registers._table import field_of, rows_of, same_cell, table_of
from hazardgeo.storage import escape_cell, replacing

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.registers._layer import RawLayer

_FIXED_DATE = "2000-01-01T00:00:00.000Z"


def write(frame: gpd.GeoDataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a frame to a file, whole or not at all.

    The file is written beside, read back, compared record by record, and then moved into place; if anything is
    different or fails, what stood at `path` before is untouched.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        With a CRS and a named, unique index, which becomes the first column.
    path : str or path
        ``.gpkg`` (GeoPackage), ``.geojson`` (WGS 84 only, as RFC 7946 says) or ``.csv`` (shapes as well-known text with
        the EPSG code before it; text that a spreadsheet would run is given its text mark, an apostrophe).

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    CRSError
        If the frame has no CRS, or one that the format cannot carry.
    FormatError
        If the format is not one of these.
    StorageError
        If the folder is not there, the index is not unique, two columns have one name, a column holds what the format
        cannot, or the file reads back differently.

    References
    ----------
    OGC GeoPackage Encoding Standard 1.3 (OGC 12-128r17); RFC 7946; RFC 4180.

    Examples
    --------
    >>> import hazardgeo as hz, tempfile, pathlib
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     hz.write(hazards, pathlib.Path(folder, "copy.geojson")).name
    'copy.geojson'
    """
    target = Path(path)
    writer = _WRITERS.get(target.suffix.casefold())
    if writer is None:
        raise FormatError(f"{target}: hazardgeo writes {', '.join(_WRITERS)}. Choose one of these endings.")
    if frame.crs is None:
        raise CRSError(f"{target}: the frame has no CRS. Set the CRS that the coordinates were recorded in.")
    with _told_plainly(target), replacing(target) as part:
        table, geometries = table_of(frame, target), np.asarray(frame.geometry.array, dtype=object)
        writer(table, geometries, frame, part)
        _compare(table, geometries, frame, read_layer(part), target)
    return target


@contextlib.contextmanager
def _told_plainly(target: Path) -> Iterator[None]:
    # Whatever the format underneath objects to, the caller learns which file it was and that nothing changed.
    try:
        yield
    except (ValueError, TypeError, KeyError, OverflowError, RuntimeError, FormatError) as error:
        raise StorageError(f"{target}: could not be written ({error}). Nothing was changed.") from error


def write_layers(layers: dict[str, gpd.GeoDataFrame], path: str | os.PathLike[str]) -> Path:
    """Write several layers to one GeoPackage, each read back and compared, whole or not at all.

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
    with _told_plainly(target), replacing(target) as part:
        for name, frame in layers.items():
            table, geometries = table_of(frame, target), np.asarray(frame.geometry.array, dtype=object)
            _write_geopackage(table, geometries, frame, part, layer=name, append=part.exists())
            _compare(table, geometries, frame, read_layer(part, name), target)
    return target


def _write_geojson(table: pd.DataFrame, geometries: Any, frame: gpd.GeoDataFrame, part: Path) -> None:
    if not frame.crs.equals(WGS84, ignore_axis_order=True):
        raise CRSError(f"GeoJSON is WGS 84 by its standard and the frame is in {crs_label(frame.crs)}. Write .gpkg.")
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for row, shape in zip(rows_of(table, part), geometries, strict=True)
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, allow_nan=False) for feature in features)
    part.write_text(f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n', encoding="utf-8", newline="\n")


def _write_csv(table: pd.DataFrame, geometries: Any, frame: gpd.GeoDataFrame, part: Path) -> None:
    epsg = frame.crs.to_epsg()
    if epsg is None:
        raise CRSError("A CSV names its CRS by EPSG code and this one has none. Write .gpkg.")
    with part.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\r\n")
        out.writerow([*map(escape_cell, table.columns), "geometry"])
        for row, shape in zip(rows_of(table, part), geometries, strict=True):
            wkt = "" if shape is None else f"SRID={epsg};{shapely.to_wkt(shape, rounding_precision=-1)}"
            out.writerow([*(_cell(value) for value in row.values()), wkt])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return escape_cell(value) if isinstance(value, str) else str(value)


def _write_geopackage(
    table: pd.DataFrame, geometries: Any, frame: gpd.GeoDataFrame, part: Path, *, layer: str = "", append: bool = False
) -> None:
    import pyogrio

    data, masks = zip(*(field_of(table[name], part) for name in table.columns), strict=True)
    multi = len(set(shapely.get_type_id(geometries[~shapely.is_missing(geometries)])) & {3, 6}) == 2
    kinds = {shape.geom_type for shape in geometries if shape is not None}
    kind = (
        "MultiPolygon"
        if multi and kinds <= {"Polygon", "MultiPolygon"}
        else kinds.pop()
        if len(kinds) == 1
        else "Unknown"
    )
    options = {
        # The format stores the time of writing; a fixed one makes equal runs give equal files.
        "OGR_CURRENT_DATE": pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") or _FIXED_DATE,
        # Else a withdrawn CRS is written as its successor, which may be on another datum.
        "OSR_USE_NON_DEPRECATED": "NO",
    }
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        pyogrio.raw.write(
            part,
            shapely.to_wkb(geometries, flavor="iso"),
            list(data),
            np.array(table.columns, dtype=object),
            field_mask=list(masks),
            layer=layer or part.stem,
            driver="GPKG",
            geometry_type=kind,
            promote_to_multi=multi,
            append=append,
            layer_options={"FID": _free("fid", table), "GEOMETRY_NAME": _free("geom", table)},
            crs=crs_label(frame.crs) if frame.crs.to_authority() else frame.crs.to_wkt(),
        )
    finally:
        pyogrio.set_gdal_config_options(before)


def _free(name: str, table: pd.DataFrame) -> str:
    """A name that no column has, for what the format adds of its own."""
    taken = {column.casefold() for column in table.columns}
    while name in taken:
        name = f"gpkg_{name}"
    return name


def _compare(table: pd.DataFrame, geometries: Any, frame: gpd.GeoDataFrame, back: RawLayer, target: Path) -> None:
    wrote = rows_of(table, target)
    if len(back.rows) != len(wrote):
        raise StorageError(
            f"{target}: {len(wrote)} records were written and {len(back.rows)} read back. Nothing was changed."
        )
    if wrote and list(back.columns) != list(table.columns):
        lost = [name for name in table.columns if name not in back.columns] or list(table.columns)
        raise StorageError(f"{target}: the column {lost[0]!r} reads back otherwise. Nothing was changed.")
    # A CSV names its CRS with its shapes; where there is none, there is nothing to compare.
    says_crs = target.suffix.casefold() != ".csv" or not shapely.is_missing(geometries).all()
    if wrote and says_crs and (back.crs is None or not same_places(frame.crs, back.crs)):
        raise StorageError(f"{target}: the CRS {crs_label(frame.crs)} reads back otherwise. Nothing was changed.")
    near = READ_BACK_M.value / (111_320 if frame.crs.is_geographic else 1)
    id_name = table.columns[0]
    for row, again, shape, shape_again in zip(wrote, back.rows, geometries, back.shapes, strict=True):
        different = [name for name, value in row.items() if not same_cell(value, again.get(name))]
        if different:
            raise StorageError(
                f"{target}: {row[id_name]!r} reads back with another {different[0]!r}. Nothing was changed."
            )
        if not _same_shape(shape, shape_again.geometry, near):
            raise StorageError(f"{target}: {row[id_name]!r} reads back with another outline. Nothing was changed.")


def _same_shape(shape: Any, again: Any, near: float) -> bool:
    if shape is None or again is None:
        return shape is None and again is None
    parts, parts_again = shapely.get_parts(shapely.force_2d(shape)), shapely.get_parts(again)
    return len(parts) == len(parts_again) and bool(shapely.equals_exact(parts, parts_again, near).all())


_WRITERS = {".gpkg": _write_geopackage, ".geojson": _write_geojson, ".csv": _write_csv}
