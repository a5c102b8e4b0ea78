"""Sound registers of hazards, in every format that hazardgeo reads; nothing is to be found in them."""

from __future__ import annotations

import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import shapely
from pyogrio import raw

import hazardgeo as hz

HEADER = ("hazard_id", "register", "country", "classification", "work_status")
CELLS = ("BHMAC", "BIH", "CHA", "open")
# Metres are of no matter here: four corners that are no box, no circle, not round, and of no two records alike.
_CORNERS = np.array([(0, 0), (0.0021371, 0.0001913), (0.0018457, 0.0016239), (0.0003719, 0.0013127)])


def corners(i: int) -> list[tuple[float, float]]:
    """Corners of the outline of record number i, each record on ground of its own."""
    grown = _CORNERS * (1 + 0.0371 * (i % 11)) + np.array(
        [17.2347191 + 0.0131713 * i, 44.5371937 + 0.0079193 * (i % 7)]
    )
    return [(round(float(x), 7), round(float(y), 7)) for x, y in grown]


def shape(i: int) -> shapely.Polygon:
    """Outline of record number i."""
    return shapely.Polygon(corners(i))


def names(count: int) -> list[str]:
    """Ids of a register."""
    return [f"H-{i:03}" for i in range(count)]


def row(i: int, **changed: Any) -> dict[str, Any]:
    """Cells of record number i."""
    return dict(zip(HEADER, (f"H-{i:03}", *CELLS), strict=True)) | changed


def frame(count: int = 12, **changed: Any) -> gpd.GeoDataFrame:
    """A register with the id as a column; `changed` are whole columns."""
    cells = [row(i) for i in range(count)]
    columns = {name: [one[name] for one in cells] for name in HEADER} | changed
    return gpd.GeoDataFrame(columns, geometry=[shape(i) for i in range(count)], crs=4326)


def write_gpkg(path: Path, table: gpd.GeoDataFrame, layer: str = "hazards", **options: Any) -> Path:
    """As GDAL writes it."""
    table.to_file(path, layer=layer, **options)
    return path


def write_shapefile(path: Path, table: gpd.GeoDataFrame) -> Path:
    """As GDAL writes it, with the id first and names cut to ten letters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of GDAL, on names that it cuts
        table.to_file(path)
    return path


def write_zip(path: Path, files: dict[str, bytes | Path]) -> Path:
    """An archive of members by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content.read_bytes() if isinstance(content, Path) else content)
    return path


def feature(i: int, geometry: Any = ..., **changed: Any) -> dict[str, Any]:
    """Record number i as GeoJSON."""
    geometry = json.loads(shapely.to_geojson(shape(i))) if geometry is ... else geometry
    return {"type": "Feature", "properties": row(i, **changed), "geometry": geometry}


def write_geojson(path: Path, features: list[Any], **members: Any) -> Path:
    """A feature collection."""
    path.write_text(json.dumps({"type": "FeatureCollection", **members, "features": features}), encoding="utf-8")
    return path


def ring(i: int, separator: str = ",") -> str:
    """Coordinates of record number i as KML writes them."""
    closed = [*corners(i), corners(i)[0]]
    return " ".join(f"{x}{separator}{y}" for x, y in closed)


def placemark(i: int, shape_text: str = "", **changed: Any) -> str:
    """Record number i as KML."""
    data = "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in row(i, **changed).items())
    rings = f"<outerBoundaryIs><LinearRing><coordinates>{ring(i)}</coordinates></LinearRing></outerBoundaryIs>"
    return f"<Placemark><ExtendedData>{data}</ExtendedData>{shape_text or f'<Polygon>{rings}</Polygon>'}</Placemark>"


def kml_text(body: str) -> str:
    """A KML document."""
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"'
    return f'{head} xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>hazards</name>{body}</Document></kml>'


def write_text(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text as it is, line ends included."""
    path.write_bytes(text.encode(encoding))
    return path


def write_workbook(path: Path, rows: list[list[Any]], sheet: str = "hazards", **more: list[list[Any]]) -> Path:
    """A workbook of sheets of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in {sheet: rows, **more}.items():
        page = book.create_sheet(name)
        for cells in table:
            page.append(cells)
    book.save(path)
    return path


def table_rows(count: int = 12) -> list[list[Any]]:
    """A header and records with their outline as well-known text."""
    return [[*HEADER, "wkt"], *([*row(i).values(), shape(i).wkt] for i in range(count))]


def gpx_text(count: int = 12) -> str:
    """Waypoints, as a receiver writes them."""
    points = (f'<wpt lat="{y}" lon="{x}"><name>P-{i:03}</name></wpt>' for i in range(count) for x, y in corners(i)[:1])
    return f'<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{"".join(points)}</gpx>'


def write_geodatabase(path: Path, table: gpd.GeoDataFrame) -> Path:
    """A folder, as GDAL writes it."""
    shapes = np.array([shapely.MultiPolygon([one]).wkb for one in table.geometry], dtype=object)
    fields = [np.array(table[name], dtype=object) for name in HEADER]
    raw.write(
        path, shapes, fields, np.array(HEADER), driver="OpenFileGDB", layer="hazards", geometry_type="MultiPolygon",
        crs="EPSG:4326", TARGET_ARCGIS_VERSION="ARCGIS_PRO_3_2_OR_LATER",
    )  # fmt: skip
    return path


def make_sound(folder: Path, suffix: str, count: int = 12) -> Path:
    """Write a sound register in a format.

    The GeoPackage, the GeoParquet, the FlatGeobuf and the CSV are as `hazardgeo.write` writes them.
    """
    file, table = folder / f"register{suffix}", frame(count)
    if suffix in (".gpkg", ".parquet", ".fgb", ".csv"):
        hz.write(table.set_index("hazard_id"), file)
    elif suffix == ".geojson":
        write_geojson(file, [feature(i) for i in range(count)])
    elif suffix == ".xlsx":
        write_workbook(file, table_rows(count))
    elif suffix == ".shp":
        write_shapefile(file, table)
    elif suffix == ".zip":
        shp = write_shapefile(folder / "register.shp", table)
        write_zip(file, {f"register.{end}": shp.with_suffix(f".{end}") for end in ("shp", "shx", "dbf", "prj", "cpg")})
    elif suffix == ".kml":
        write_text(file, kml_text("".join(placemark(i) for i in range(count))))
    elif suffix == ".kmz":
        write_zip(file, {"doc.kml": kml_text("".join(placemark(i) for i in range(count))).encode()})
    elif suffix == ".gpx":
        write_text(file, gpx_text(count))
    else:
        write_geodatabase(file, table)
    return file
