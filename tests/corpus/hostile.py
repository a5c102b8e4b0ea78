"""Files made to lead elsewhere, to stop a program, or to be taken for what they are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.case import case
from corpus.cells import cells, csv_of
from corpus.sound import feature, kml_text, placemark, row, write_geojson, write_text

_VRT = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
_DTD = '<!DOCTYPE kml [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def text(name: str, content: str) -> Callable[[Path], Path]:
    """A file of this text."""
    return lambda folder: write_text(folder / name, content)


for _suffix, _words in {
    ".kml": "no KML", ".geojson": "is not JSON", ".gpx": "no GPX", ".csv": "", ".gpkg": "is none", ".fgb": "is none",
}.items():  # fmt: skip
    case(
        f"description of another file, called {_suffix}",
        "GDAL follows it to any file of this computer, or to an address.",
        text(f"register{_suffix}", _VRT),
        refused=_words or "no column holds shapes",
    )
case(
    "entities that grow",
    "Eight letters become a gigabyte.",
    text("register.kml", kml_text(f"{placemark(0)}").replace("<kml", f"{_DTD}<kml", 1)),
    refused="document type or entities",
)
case(
    "entity that is a file of this computer",
    "Its text would come to stand in a cell.",
    text("register.gpx", '<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]><gpx><wpt lat="1" lon="1"/></gpx>'),
    refused="document type or entities",
)
case(
    "GML under the name of KML",
    "GDAL finds no records in it, in silence.",
    text("register.kml", '<FeatureCollection xmlns="http://www.opengis.net/gml"><featureMember/></FeatureCollection>'),
    refused="no KML",
)
_DEEP = "SRID=4326;" + "GEOMETRYCOLLECTION (" * 100_000 + "POINT (1 1)" + ")" * 100_000
case(
    "collections one in another",
    "A hundred thousand of them end the process of whoever reads the text.",
    csv_of(cells(0), [*row(1).values(), _DEEP], cells(2)),
    "H-000 H-002",
    "H-001:geometry-unreadable",
)
case(
    "lists one in another",
    "JSON so deep ends the process of a careless reader.",
    text("register.geojson", '{"type": "FeatureCollection", "features": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    refused="is not JSON",
)
case(
    "lists one in another in one record",
    "Thirty are read, and are no outline; the other records are.",
    lambda folder: write_geojson(
        folder / "register.geojson",
        [feature(0), feature(1, {"type": "Polygon", "coordinates": eval("[" * 30 + "]" * 30)}), feature(2)],  # noqa: S307
    ),
    "H-000 H-002",
    "H-001:geometry-unreadable",
)
case(
    "elements one in another",
    "XML a thousand deep is no register.",
    text("register.kml", kml_text("<Folder>" * 1000 + placemark(0) + "</Folder>" * 1000)),
    refused="elements one in another",
)
