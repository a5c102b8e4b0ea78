"""The formats that hold everything a frame does: one writer for each, to a new file."""

from __future__ import annotations

import contextlib
import csv
import importlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import WGS84, crs_label
from hazardgeo.errors import CRSError, FormatError
from hazardgeo.registers._qgis_style import add_style
from hazardgeo.registers._table import as_written, field_of, rows_of
from hazardgeo.storage import escape_cell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_FIXED_DATE = "2000-01-01T00:00:00.000Z"
_EXTRAS = {
    ".parquet": ("parquet", ("pyarrow",)),
    ".geoparquet": ("parquet", ("pyarrow",)),
    ".xlsx": ("excel", ("xlsxwriter", "python_calamine")),
}


def require_extra(target: Path) -> None:
    """Refuse a format whose packages are not installed, before any work is done.

    Raises
    ------
    FormatError
        With the command that installs them.
    """
    extra, packages = _EXTRAS.get(target.suffix.casefold(), ("", ()))
    try:
        for package in packages:
            importlib.import_module(package)
    except ImportError as error:
        raise FormatError(
            f'{target}: this format needs the extra {extra!r}. Install it with: pip install "hazardgeo[{extra}]"'
        ) from error


def refuse_without_crs(frame: gpd.GeoDataFrame, target: Path) -> None:
    """Refuse a frame that does not say where its coordinates are.

    Raises
    ------
    CRSError
    """
    if frame.crs is None:
        raise CRSError(f"{target}: the frame has no CRS. Set the CRS that the coordinates were recorded in.")


def refuse_other_than_wgs84(frame: gpd.GeoDataFrame, form: str) -> None:
    """Refuse a frame in another CRS than the one that a format is in by its standard.

    Raises
    ------
    CRSError
    """
    if not frame.crs.equals(WGS84, ignore_axis_order=True):
        raise CRSError(f"{form} is WGS 84 by its standard and the frame is in {crs_label(frame.crs)}. Write .gpkg.")


def write_geojson(table: pd.DataFrame, geometries: NDArray[Any], frame: gpd.GeoDataFrame, part: Path) -> None:
    """Write GeoJSON (RFC 7946), a line for each record."""
    refuse_other_than_wgs84(frame, "GeoJSON")
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


def write_csv(table: pd.DataFrame, geometries: NDArray[Any], frame: gpd.GeoDataFrame, part: Path) -> None:
    """Write CSV (RFC 4180) with the shapes as well-known text, the EPSG code before it."""
    shapes = shapes_as_text(geometries, frame)
    with part.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\r\n")
        out.writerow([*map(escape_cell, table.columns), "geometry"])
        for row, shape in zip(rows_of(table, part), shapes, strict=True):
            out.writerow([*map(_csv_cell, row.values()), shape])


def shapes_as_text(geometries: NDArray[Any], frame: gpd.GeoDataFrame, decimals: int = -1) -> list[str]:
    """Shapes as well-known text with the EPSG code before it; empty text for none.

    Raises
    ------
    CRSError
        If the CRS has no code.
    """
    epsg = frame.crs.to_epsg()
    if epsg is None:
        raise CRSError("A table names its CRS by EPSG code and this one has none. Write .gpkg.")
    texts = shapely.to_wkt(geometries, rounding_precision=decimals)
    return ["" if text is None else f"SRID={epsg};{text}" for text in texts]


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    return escape_cell(value) if isinstance(value, str) else as_written(value)


def write_parquet(table: pd.DataFrame, geometries: NDArray[Any], frame: gpd.GeoDataFrame, part: Path) -> None:
    """Write GeoParquet 1.1 with the shapes as well-known binary and the CRS as PROJJSON."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    shapes = free_name("geometry", table)
    fields = {name: field_of(table[name], part) for name in table.columns}
    # Without their own type, cells that are all empty would make a column of nothing.
    arrays = {
        name: pa.array(values, mask=mask, type=pa.string() if values.dtype == object else None)
        for name, (values, mask) in fields.items()
    }
    arrays[shapes] = pa.array(shapely.to_wkb(geometries, flavor="iso"), type=pa.binary())
    solid = geometries[~shapely.is_missing(geometries)]
    kinds = sorted({f"{shape.geom_type}{' Z' if shape.has_z else ''}" for shape in solid})
    described = {"encoding": "WKB", "geometry_types": kinds, "crs": frame.crs.to_json_dict()}
    geo = {"version": "1.1.0", "primary_column": shapes, "columns": {shapes: described}}
    named = pa.table(arrays).replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(named, part)


def write_flatgeobuf(table: pd.DataFrame, geometries: NDArray[Any], frame: gpd.GeoDataFrame, part: Path) -> None:
    """Write FlatGeobuf in the order of the frame: its index would put the records in another."""
    _write_by_gdal(table, geometries, frame, part, driver="FlatGeobuf", layer_options={"SPATIAL_INDEX": "NO"})


def write_geopackage(
    table: pd.DataFrame,
    geometries: NDArray[Any],
    frame: gpd.GeoDataFrame,
    part: Path,
    *,
    layer: str = "",
    append: bool = False,
    qgis_style: bool = False,
) -> None:
    """Write a layer of a GeoPackage; with `qgis_style` QGIS draws it in our colours by itself."""
    options = {"FID": free_name("fid", table), "GEOMETRY_NAME": free_name("geom", table)}
    _write_by_gdal(table, geometries, frame, part, driver="GPKG", layer_options=options, layer=layer, append=append)
    if qgis_style:
        add_style(part, layer or part.stem, table.columns, shapes=options["GEOMETRY_NAME"], written=_FIXED_DATE)


def _write_by_gdal(
    table: pd.DataFrame,
    geometries: NDArray[Any],
    frame: gpd.GeoDataFrame,
    part: Path,
    *,
    driver: str,
    layer_options: dict[str, str],
    layer: str = "",
    append: bool = False,
) -> None:
    import pyogrio

    data, masks = zip(*(field_of(table[name], part) for name in table.columns), strict=True)
    kind, multi = _kind_of(geometries)
    with _gdal_set():
        pyogrio.raw.write(
            part,
            shapely.to_wkb(geometries, flavor="iso"),
            list(data),
            np.array(table.columns, dtype=object),
            field_mask=list(masks),
            layer=layer or part.stem,
            driver=driver,
            geometry_type=kind,
            promote_to_multi=multi,
            append=append,
            layer_options=layer_options,
            crs=crs_label(frame.crs) if frame.crs.to_authority() else frame.crs.to_wkt(),
        )


def _kind_of(geometries: NDArray[Any]) -> tuple[str, bool]:
    """The one kind of shape of a layer, and whether polygons are to be made multipolygons for its sake."""
    kinds = {shape.geom_type for shape in geometries if shape is not None}
    if kinds == {"Polygon", "MultiPolygon"}:
        return "MultiPolygon", True
    return (kinds.pop() if len(kinds) == 1 else "Unknown"), False


@contextlib.contextmanager
def _gdal_set() -> Iterator[None]:
    import pyogrio

    options = {
        # The format stores the time of writing; a fixed one makes equal runs give equal files.
        "OGR_CURRENT_DATE": pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") or _FIXED_DATE,
        # Else a withdrawn CRS is written as its successor, which may be on another datum.
        "OSR_USE_NON_DEPRECATED": "NO",
    }
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def free_name(name: str, table: pd.DataFrame) -> str:
    """A name that no column has, for what a format adds of its own."""
    taken = {column.casefold() for column in table.columns}
    while name in taken:
        name = f"own_{name}"
    return name


WRITERS = {
    ".gpkg": write_geopackage,
    ".geojson": write_geojson,
    ".parquet": write_parquet,
    ".geoparquet": write_parquet,
    ".fgb": write_flatgeobuf,
    ".csv": write_csv,
}
