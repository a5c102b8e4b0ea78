"""What a format can hide: records that a program loses or changes without a word."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus.case import case
from corpus.sound import (
    feature,
    frame,
    kml_text,
    placemark,
    write_geojson,
    write_shapefile,
    write_text,
)

_THREE = "H-000 H-001 H-002"
_CUT = "file:column-name-cut"


# --- Shapefile ---


def shapefile(change: Callable[[Path], object], **columns: Any) -> Callable[[Path], Path]:
    """A sound shapefile of three records, and what is then done to it."""

    def make(folder: Path) -> Path:
        file = write_shapefile(folder / "register.shp", frame(3, **columns))
        change(file)
        return file

    return make


def patch(file: Path, at: int, content: bytes) -> None:
    """Overwrite some bytes."""
    data = bytearray(file.read_bytes())
    data[at : at + len(content)] = content
    file.write_bytes(bytes(data))


def one_row(file: Path) -> None:
    """Leave the first row in the table: three shapes, one row."""
    table = file.with_suffix(".dbf")
    first, width = struct.unpack_from("<HH", table.read_bytes(), 8)
    patch(table, 4, struct.pack("<I", 1))
    table.write_bytes(table.read_bytes()[: first + width] + b"\x1a")


def delete_second(file: Path) -> None:
    """Mark the second row as deleted."""
    table = file.with_suffix(".dbf")
    first, width = struct.unpack_from("<HH", table.read_bytes(), 8)
    patch(table, first + width, b"*")


def half(file: Path) -> None:
    """Cut the shapes in the middle of the second; a box of four corners takes 136 bytes, after a header of 100."""
    file.write_bytes(file.read_bytes()[: 100 + 136 + 68])


def in_cyrillic(file: Path) -> None:
    """Write a name in Windows Cyrillic, and say so nowhere."""
    file.with_suffix(".cpg").unlink()
    table = file.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace("čš".encode(), "Минн".encode("cp1251")))


case(
    "three shapes and one row",
    "GDAL reads one record, in silence.",
    shapefile(one_row),
    "H-000",
    "-:id-missing",
    "-:id-missing",
    "-:record-without-row",
    "-:record-without-row",
    found=f"{_CUT} -:value-missing",
)
case(
    "row marked as deleted",
    "GDAL passes it over; somebody may have marked it by mistake.",
    shapefile(delete_second),
    "H-000 H-002",
    "H-001:record-deleted",
    found=_CUT,
)
case(
    "shapes cut in half",
    "GDAL makes empty shapes of those that are lost.",
    shapefile(half),
    "H-000",
    "H-001:geometry-unreadable",
    "H-002:geometry-unreadable",  # the index still says where it was
    found=f"{_CUT} file:count-differs",
)
case(
    "letters whose encoding is not said",
    "Minsko polje in Cyrillic comes as other letters, and ids do not match.",
    shapefile(in_cyrillic, place=["a", "čš", "b"]),
    _THREE,
    found=f"{_CUT} H-001:encoding-unstated",
)
case(
    "text that fills its field",
    "254 letters are all that a shapefile holds; the rest was cut off.",
    shapefile(Path.exists, source=["a", "x" * 254, "b"]),
    _THREE,
    found=f"{_CUT} H-001:text-cut",
)

# --- GeoJSON and KML ---

case(
    "record that is null",
    "GDAL leaves it out: three in, two out.",
    lambda folder: write_geojson(folder / "register.geojson", [feature(0), None, feature(2)]),
    "H-000 H-002",
    "-:id-missing",
    "-:row-broken",
    found="-:value-missing",
)
case(
    "key that stands twice",
    "The last one wins: an open hazard becomes a closed one.",
    lambda folder: write_text(
        folder / "register.geojson",
        json.dumps({"type": "FeatureCollection", "features": [feature(0), feature(1)]}).replace(
            '"work_status": "open"}', '"work_status": "open", "work_status": "closed"}', 1
        ),
    ),
    "H-001",
    "H-000:row-broken",
)


def kml(body: str) -> Callable[[Path], Path]:
    """A KML of this body."""
    return lambda folder: write_text(folder / "register.kml", kml_text(body))


case(
    "placemarks in several folders",
    "A reader takes the first folder only: cleared land for hazards.",
    kml(f"<Folder><name>Hazards</name>{placemark(0)}</Folder><Folder><name>Cleared</name>{placemark(1)}</Folder>"),
    refused="'Hazards'.*'Cleared'",
)
_RING = "<Polygon><outerBoundaryIs><LinearRing><coordinates>{}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
case(
    "semicolons between coordinates",
    "GDAL makes an empty polygon of them, in silence.",
    kml(placemark(0) + placemark(1, _RING.format("17.1;44.1 17.2;44.1 17.2;44.2 17.1;44.1")) + placemark(2)),
    "H-000 H-002",
    "H-001:geometry-unreadable",
)
case(
    "names of cells that differ in a capital",
    "status and Status: the last one wins.",
    kml(placemark(0) + placemark(1, WORK_STATUS="closed")),
    "H-000",
    "H-001:row-broken",
)
case(
    "track of one point",
    "It costs GDAL the whole file.",
    kml(placemark(0) + placemark(1, "<gx:Track><when>2021-01-01</when><gx:coord>17 44 0</gx:coord></gx:Track>")),
    "H-000",
    "H-001:geometry-kind",
)
case(
    "picture laid over the ground",
    "GDAL makes a polygon of its frame: 8,986 km² of hazard.",
    kml(placemark(0) + "<GroundOverlay><LatLonBox><north>45</north><south>44</south></LatLonBox></GroundOverlay>"),
    "H-000",
    found="file:overlay-not-read",
)
case(
    "link to further records",
    "They are not there, and no one says so.",
    kml(placemark(0) + "<NetworkLink><Link><href>http://127.0.0.1/more.kml</href></Link></NetworkLink>"),
    "H-000",
    found="file:link-not-followed",
)
case(
    "placemark under another name",
    "A letter too few in its name, and no program reads the record.",
    kml(placemark(0) + placemark(1).replace("Placemark", "Placmark")),
    "H-000",
    found="file:count-differs",
)
