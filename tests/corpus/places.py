"""Outlines in the wrong place: another CRS, another datum, axes exchanged, signs lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from corpus.case import case
from corpus.cells import cells
from corpus.sound import (
    HEADER,
    corners,
    feature,
    frame,
    row,
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
    """Sound records in a grid on WGS 84 or ETRS89."""
    return frame(count).to_crs(code)


def grid_gpkg(table: Any, code: int) -> Callable[[Path], Path]:
    """A GeoPackage that says a CRS of these coordinates."""
    return lambda folder: write_gpkg(folder / "register.gpkg", table.set_crs(code, allow_override=True))


def moved(geometry: Any, code: int = 4326) -> Callable[[Path], Path]:
    """A GeoPackage of a sound record, one with this shape, and a sound one."""
    table = frame(3) if code == 4326 else in_grid(code)
    table.geometry = gpd.GeoSeries([table.geometry[0], geometry, table.geometry[2]], crs=code)
    return grid_gpkg(table, code)


def shifted(geometry: Any, change: Callable[[Any], Any]) -> Any:
    """A shape with its coordinates changed."""
    return shapely.transform(geometry, change)


def with_prj(text: str) -> Callable[[Path], Path]:
    """A shapefile with a .prj of one's own."""

    def make(folder: Path) -> Path:
        file = write_shapefile(folder / "register.shp", frame(2))
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
    _table = frame(2) if pyproj.CRS(_code).is_geographic else in_grid(25834, 2)
    case(
        f"coordinates on the old datum of EPSG:{_code}",
        _why,
        grid_gpkg(_table, _code),
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
        'PARAMETER["Scale_Factor",0.9999],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
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
    moved(shifted(shape(1), lambda xy: xy + (0, 50.5))),
    "H-000 H-002",
    "H-001:place-impossible",
)
case(
    "longitude of 500 degrees",
    "It is accepted everywhere, and lies nowhere.",
    moved(shifted(shape(1), lambda xy: xy + (482.8, 0))),
    "H-000 H-002",
    "H-001:place-impossible",
)
case(
    "latitude and longitude exchanged",
    "The hazard is drawn in the Arabian Sea.",
    moved(shifted(shape(1), lambda xy: xy[:, ::-1])),
    _ALL,
    found="H-001:place-swapped",
    options=IN_BIH,
)
case(
    "sign of the longitude lost",
    "West for east: the hazard is drawn in the Atlantic.",
    moved(shifted(shape(1), lambda xy: xy * (-1, 1))),
    _ALL,
    found="H-001:place-sign-lost",
    options=IN_BIH,
)
case(
    "place outside the country that reports it",
    "Either the place or the country is wrong.",
    moved(shifted(shape(1), lambda xy: xy + (5, 0))),
    _ALL,
    found="H-001:place-outside-country",
    options=IN_BIH,
)
case(
    "corner at longitude 0, latitude 0",
    "There empty coordinates end up: a spike across a continent, or a hazard in the sea.",
    moved(shapely.Polygon([(0, 0), (0.0021371, 0.0001913), (0.0018457, 0.0016239)])),
    _ALL,
    found="H-001:place-zero",
)
case(
    "easting without the number of its zone",
    "500,000 for 6,500,000 in Gauss-Kruger: the place is in the Atlantic, without complaint.",
    moved(shifted(in_grid(3908).geometry[1], lambda xy: xy - (6_000_000, 0)), 3908),
    "H-000 H-002",
    "H-001:place-impossible",
)
case(
    "easting and northing exchanged",
    "In grids of the former Yugoslavia X is north and Y is east.",
    moved(shifted(in_grid(3908).geometry[1], lambda xy: xy[:, ::-1]), 3908),
    _ALL,
    found="H-001:zone-prefix",
)
case(
    "easting with the number of another zone",
    "5 for 6: the place is a zone further west.",
    moved(shifted(in_grid(3908).geometry[1], lambda xy: xy - (1_000_000, 0)), 3908),
    _ALL,
    found="H-001:zone-prefix",
)
case(
    "UTM zone a third of the globe away",
    "The projection gives an answer for it all the same, and an area a quarter too large.",
    moved(shifted(in_grid(32634).geometry[1], lambda xy: xy + (9_000_000, 0)), 32634),
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
    moved(shapely.box(*(np.array([0, 0, 4800, 4700]) + [*in_grid(3857).geometry[1].centroid.coords[0]] * 2)), 3857),
    _ALL,
    found="H-001:edge-not-geodesic",
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
    "H-000 H-002",
    "H-001:place-impossible",
)
case(
    "ring around the pole",
    "Its area is 0 by the usual formula.",
    moved(shapely.box(-180, 80, 180, 90)),
    "H-000 H-002",
    "H-001:place-impossible",
)
_MINUTES = np.random.default_rng(7).integers(0, 60, (40, 2, 2))


def packed(folder: Path) -> Path:
    """Corners at 16° and 44°, minutes and seconds written behind the point."""
    rows = []
    for i, (minutes, seconds) in enumerate(_MINUTES):
        x, y = (d + m / 100 + s / 10000 for d, m, s in zip((16, 44), minutes, seconds, strict=True))
        xs = [f"{x:.4f} {y:.4f}", f"{x:.4f} {y + 0.0001:.4f}", f"{x + 0.0001:.4f} {y:.4f}", f"{x:.4f} {y:.4f}"]
        rows.append([*row(i).values(), f"SRID=4326;POLYGON (({', '.join(xs)}))"])
    lines = (",".join(f'"{cell}"' for cell in one) for one in rows)
    return write_text(folder / "register.csv", "\n".join([",".join([*HEADER, "wkt"]), *lines]))


case(
    "degrees, minutes and seconds read as decimals",
    "16.3045 for 16° 30' 45\" is up to 45 km off; in no record do the decimals reach 60.",
    packed,
    " ".join(f"H-{i:03}" for i in range(40)),
    found="file:minutes-as-decimals",
)


def by_corner(order: list[int], *, texts: bool = False) -> Callable[[Path], Path]:
    """A CSV with a row for each corner, numbered, in this order."""

    def make(folder: Path) -> Path:
        lines = [",".join([*HEADER, "point_number", "longitude", "latitude"])]
        for i in range(2):
            for k in order:
                x, y = (str(n).replace(".", ",") if texts else n for n in corners(i)[k])
                lines.append(",".join(f'"{cell}"' for cell in (*row(i).values(), k + 1, x, y)))
        return write_text(folder / "register.csv", "\n".join(lines))

    return make


def by_id(file: Path) -> list[dict[str, Any]]:
    """One record for each id."""
    ids = dict.fromkeys(line.split(",")[0].strip('"') for line in file.read_text().splitlines()[1:])
    return [{"hazard_id": one} for one in ids]


case(
    "corners in another order than their numbers",
    "Drawn in the order of the rows it is a bow-tie; the numbers say how it was walked.",
    by_corner([0, 2, 1, 3]),
    "H-000 H-001",
    found="H-000:points-reordered H-001:points-reordered file:crs-by-notation",
    raw_rows=by_id,
)
case(
    "decimal commas in coordinates",
    "17,2347191 has one reading as a longitude, and is no thousand.",
    by_corner([0, 1, 2, 3], texts=True),
    "H-000 H-001",
    found="file:crs-by-notation",
    raw_rows=by_id,
)
case(
    "corner that is missing from the numbers",
    "The third of four corners was lost on the way: the area is too small.",
    by_corner([0, 1, 3]),
    "H-000 H-001",
    found="H-000:points-skipped H-001:points-skipped file:crs-by-notation",
    raw_rows=by_id,
)
case(
    "records in two CRSs in one table",
    "Laid on each other, two registers do not meet, and an overlay is empty without a word.",
    lambda folder: write_text(
        folder / "register.csv",
        "\n".join([",".join([*HEADER, "wkt"]), *(",".join(f'"{c}"' for c in one) for one in (cells(0), _other_crs()))]),
    ),
    refused="name several SRIDs",
)


def _other_crs() -> list[Any]:
    return [*row(1).values(), f"SRID=3857;{in_grid(3857).geometry[1].wkt}"]
