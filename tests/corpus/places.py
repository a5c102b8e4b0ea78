"""Outlines in the wrong place: another CRS, another datum, axes exchanged, signs lost."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from corpus.case import case
from corpus.sound import (
    feature,
    frame,
    shape,
    write_geojson,
    write_gpkg,
    write_shapefile,
    write_text,
)

# A box round the sound records stands for their country.
BIH = gpd.GeoDataFrame({"code": ["BIH"]}, geometry=[shapely.box(15.7, 42.6, 19.6, 45.3)], crs=4326)
IN_BIH = {"countries": BIH}


def in_grid(code: int, count: int = 3) -> Any:
    """Sound records in another CRS."""
    return frame(count).to_crs(code)


def grid_gpkg(table: Any, code: int) -> Callable[[Path], Path]:
    """A GeoPackage that says a CRS of these coordinates."""

    def make(folder: Path) -> Path:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of GDAL, which writes another code for one that is no longer used
            return write_gpkg(folder / "register.gpkg", table.set_crs(code, allow_override=True))

    return make


def moved(geometry: Any, code: int = 4326) -> Callable[[Path], Path]:
    """A GeoPackage of a sound record, one with this shape, and a sound one."""
    table = frame(3) if code == 4326 else in_grid(code)
    table.geometry = gpd.GeoSeries([table.geometry[0], geometry, table.geometry[2]], crs=code)
    return grid_gpkg(table, code)


def shifted(geometry: Any, change: Callable[[Any], Any]) -> Any:
    """A shape with its coordinates changed."""
    return shapely.transform(geometry, change)


def by(east: float, north: float) -> Callable[[Any], Any]:
    """A move, for `shifted`."""
    return lambda xy: xy + np.array([east, north])


def with_prj(text: str, code: int = 4326) -> Callable[[Path], Path]:
    """A shapefile with a .prj of one's own."""

    def make(folder: Path) -> Path:
        file = write_shapefile(folder / "register.shp", in_grid(code, 2))
        write_text(folder / "register.prj", text)
        return file

    return make


_ALL = "H-000 H-001 H-002"
_CUT = "file:column-name-cut"

for _code, _why in {
    31276: "PROJ moves nothing and says no word; the truth is 409 m away.",
    4220: "Camacupa: 338 m from the nearest official set if it is taken for WGS 84.",
    4209: "Arc 1950: the shift changes at borders, and a hazard across one grows.",
    4240: "Indian 1975: two official sets are 188 m apart.",
    4255: "Herat North: hundreds of metres if it is ignored.",
    28404: "Pulkovo 1942: 126 m.",
}.items():
    case(
        f"coordinates on the old datum of EPSG:{_code}",
        _why,
        grid_gpkg(in_grid(_code, 2), _code),
        "",
        "file:crs-refused",
    )
case(
    "file that names no CRS",
    "Degrees of which datum, or metres of which grid, nobody knows.",
    with_prj(""),
    "",
    "file:crs-missing",
    found=_CUT,
)
case(
    "CRS in the words of ArcGIS for an old datum",
    "MGI_Balkans_6 is read as another code without a word, and 409 m are lost.",
    with_prj(
        'PROJCS["MGI_Balkans_6",GEOGCS["GCS_MGI",DATUM["D_MGI",SPHEROID["Bessel_1841",6377397.155,299.1528128]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        'PARAMETER["False_Easting",6500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",18.0],'
        'PARAMETER["Scale_Factor",0.9999],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]',
        8678,
    ),
    "",
    "file:crs-refused",
    found=_CUT,
)
case(
    "GeoJSON whose CRS is null",
    "Null says that there is none; readers say WGS 84.",
    lambda folder: write_geojson(folder / "register.geojson", [feature(0), feature(1)], crs=None),
    "",
    "file:crs-missing",
)
case(
    "GeoJSON whose CRS nobody knows",
    "Readers take WGS 84 for it, in silence.",
    lambda folder: write_geojson(
        folder / "register.geojson", [feature(0)], crs={"type": "name", "properties": {"name": "LOCAL:1"}}
    ),
    "",
    "file:crs-missing",
)
case(
    "GeoJSON whose CRS is a link",
    "To follow it would tell a stranger who looks at what.",
    lambda folder: write_geojson(
        folder / "register.geojson", [feature(0)], crs={"type": "link", "properties": {"href": "http://127.0.0.1/"}}
    ),
    refused="its CRS is a link",
)
case(
    "metres where degrees are said",
    "Coordinates of a grid in a file that says WGS 84.",
    moved(in_grid(32634).geometry[1]),
    "H-000 H-002",
    "H-001:place-impossible",
)
case(
    "latitude of 95 degrees",
    "A transformation makes infinity of it, and an area that is no number.",
    moved(shifted(shape(1), by(0, 50.5))),
    "H-000 H-002",
    "H-001:place-impossible",
)
case(
    "longitude of 500 degrees",
    "It is accepted everywhere, and lies nowhere.",
    moved(shifted(shape(1), by(482.8, 0))),
    "H-000 H-002",
    "H-001:place-impossible",
)
case(
    "latitude and longitude exchanged",
    "The hazard is drawn in the Arabian Sea.",
    moved(shifted(shape(1), lambda xy: xy[:, ::-1])),
    "H-000 H-002",
    "H-001:place-swapped",
    options=IN_BIH,
)
case(
    "sign of the longitude lost",
    "West for east: the hazard is drawn in the Atlantic.",
    moved(shifted(shape(1), lambda xy: xy * (-1, 1))),
    "H-000 H-002",
    "H-001:place-sign-lost",
    options=IN_BIH,
)
case(
    "place outside the country that reports it",
    "Either the place or the country is wrong.",
    moved(shifted(shape(1), by(5, 0))),
    _ALL,
    found="H-001:place-outside-country",
    options=IN_BIH,
)
case(
    "corner at longitude 0, latitude 0",
    "There empty coordinates end up: a spike across a continent, or a hazard in the sea.",
    moved(shapely.Polygon([(0, 0), (0.0021371, 0.0001913), (0.0018457, 0.0016239)])),
    "H-000 H-002",
    "H-001:place-zero",
)
for _name, _change, _why in (
    (
        "easting without the number of its zone",
        by(-6_000_000, 0),
        "The place is in the Atlantic, without complaint.",
    ),
    (
        "easting and northing exchanged",
        lambda xy: xy[:, ::-1],
        "In grids of the former Yugoslavia X is north and Y is east.",
    ),
    (
        "easting with the number of another zone",
        by(-1_000_000, 0),
        "5 for 6: the place is a zone further west.",
    ),
):
    # The record costs only itself; the others are on MGI 1901, whose operations agree there.
    case(
        _name,
        _why,
        moved(shifted(in_grid(8678).geometry[1], _change), 8678),
        "H-000 H-002",
        "H-001:place-swapped" if "exchanged" in _name else "H-001:place-impossible",
        found="H-001:zone-prefix",
    )
case(
    "UTM zone a third of the globe away",
    "The projection gives an answer for it all the same, and an area a quarter too large.",
    moved(shifted(in_grid(32634).geometry[1], by(9_000_000, 0)), 32634),
    "H-000 H-002",
    "H-001:place-impossible",
)
case(
    "Web Mercator",
    "Areas in its plane are 97 % too large here; the records themselves are sound.",
    grid_gpkg(in_grid(3857), 3857),
    _ALL,
)
case(
    "grid edge of some kilometres",
    "Straight in a grid is not straight on the ground.",
    moved(shapely.box(2_000_000.7, 5_560_000.3, 2_015_000.9, 5_575_000.1), 3857),
    _ALL,
    found="H-001:edge-not-geodesic H-001:edge-long",
)
case(
    "coordinates cut to two decimals",
    "The form that took them cut them: the corners lie anywhere within a kilometre.",
    moved(shapely.Polygon([(17.31, 44.52), (17.33, 44.52), (17.32, 44.54)])),
    _ALL,
    found="H-001:coordinates-cut",
)
case(
    "outline across the date line, not cut there",
    "Areas in most projections are that of a belt round the globe.",
    moved(shapely.Polygon([(179.9993171, -16.5123), (-179.9991713, -16.5121), (-179.9992317, -16.5107)])),
    _ALL,
)
case(
    "ring around the pole",
    "Its area is 0 by the usual formula.",
    moved(shapely.box(-180, 80, 180, 90)),
    "H-000 H-002",
    "H-001:place-impossible",
)
