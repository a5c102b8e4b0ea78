"""Outlines that are no outlines, and outlines that only look as if they were none."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity

from corpus.case import case
from corpus.sound import feature, frame, shape, write_geojson, write_gpkg

_EAST, _NORTH, _SIZE = 17.6123417, 44.7123319, 0.000371311


def on_the_ground(wkt: str) -> Any:
    """A shape drawn in units of about 30 m, near the sound records."""
    return affinity.affine_transform(shapely.from_wkt(wkt), [_SIZE, 0, 0, _SIZE, _EAST, _NORTH])


def between(*shapes: Any, **changed: Any) -> Callable[[Path], Path]:
    """A GeoPackage of a sound record, one for each of these shapes, and a sound one."""

    def make(folder: Path) -> Path:
        table = frame(len(shapes) + 2, **changed)
        table.geometry = gpd.GeoSeries([shape(0), *shapes, shape(len(shapes) + 1)], crs=4326)
        return write_gpkg(folder / "register.gpkg", table)

    return make


def positions(*rings: list[Any], kind: str = "Polygon") -> Callable[[Path], Path]:
    """A GeoJSON of a sound record, one with these positions, and a sound one."""

    def make(folder: Path) -> Path:
        odd = feature(1, {"type": kind, "coordinates": list(rings)})
        return write_geojson(folder / "register.geojson", [feature(0), odd, feature(2)])

    return make


_BROKEN = {
    "bow-tie": ("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))", "Repairs of it cover one half, or none of the ground."),
    "bow-tie with unequal wings": ("POLYGON ((0 0, 4 4, 4 0, 0 2, 0 0))", "Its readings are 4, 5.33 and 6.67 units."),
    "ring that overlaps itself": (
        "POLYGON ((0 0, 4 0, 4 3, 1 3, 1 1, 3 1, 3 4, 0 4, 0 0))",
        "Its readings differ by the part that is covered twice.",
    ),
    "hole outside the shell": (
        "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0), (3 0, 4 0, 4 1, 3 1, 3 0))",
        "The hole may be ground that is hazardous, or none.",
    ),
    "hole as large as the shell": (
        "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0), (0 0, 2 0, 2 2, 0 2, 0 0))",
        "A repair leaves nothing of the hazard.",
    ),
    "holes that overlap": (
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (1 1, 5 1, 5 5, 1 5, 1 1), (3 3, 7 3, 7 7, 3 7, 3 3))",
        "The ground in both holes becomes hazardous, or not, as one repairs it.",
    ),
    "spike": ("POLYGON ((0 0, 2 0, 2 2, 5 2, 2 2, 0 2, 0 0))", "A repair makes a collection of it, and loses it."),
    "ring that touches itself along a hole": (
        "POLYGON ((0 0, 6 0, 3 3, 3 5, 5 5, 3 3, 0 0))",
        "A banana or a hole: the ground inside is in doubt.",
    ),
}
for _name, (_wkt, _why) in _BROKEN.items():
    case(_name, _why, between(on_the_ground(_wkt)), "H-000 H-002", "H-001:geometry-broken")

case(
    "bow-tie beside a record without a shape",
    "One empty shape switches the repair of all others off in overlays, in silence.",
    between(on_the_ground(_BROKEN["bow-tie"][0]), None),
    "H-000 H-003",
    "H-001:geometry-broken",
    "H-002:geometry-missing",
)
case(
    "hole outside the shell beside a record without a shape",
    "An overlay then gives 4 units for 5, in silence.",
    between(on_the_ground(_BROKEN["hole outside the shell"][0]), None),
    "H-000 H-003",
    "H-001:geometry-broken",
    "H-002:geometry-missing",
)
case(
    "part in another part",
    "Areas of the parts count the inner one twice, and a repair takes it out.",
    between(on_the_ground("MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((1 1, 2 1, 2 2, 1 2, 1 1)))")),
    "H-000 H-002",
    "H-001:parts-overlap",
)
case(
    "parts that overlap",
    "The common ground counts twice, or by the even-odd rule not at all.",
    between(on_the_ground("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((1 1, 3 1, 3 3, 1 3, 1 1)))")),
    "H-000 H-002",
    "H-001:parts-overlap",
)
case(
    "two equal parts",
    "One part was sent in twice; its ground counts twice.",
    between(on_the_ground("MULTIPOLYGON (((0 0, 2 0, 2 1, 0 0)), ((2 0, 2 1, 0 0, 2 0)))")),
    "H-000 H-002",
    "H-001:part-repeated",
)
case(
    "empty polygon",
    "Overlays drop such rows without a word.",
    between(shapely.Polygon()),
    "H-000 H-002",
    "H-001:geometry-missing",
)
case(
    "flat polygon",
    "Three corners on a line have no ground; overlays drop the row.",
    between(on_the_ground("POLYGON ((0 0, 1 0, 3 0, 0 0))")),
    "H-000 H-002",
    "H-001:geometry-broken",
)
case(
    "two corners",
    "Two points make no outline; a line drawn from them has no ground.",
    between(on_the_ground("POLYGON ((0 0, 1 0, 0 0, 0 0))")),
    "H-000 H-002",
    "H-001:geometry-too-few-points",
)
case(
    "collection of shapes",
    "Overlays stop at it, and a filter by type loses it.",
    between(shapely.GeometryCollection([shape(1), shapely.Point(17.5, 44.7)])),
    "H-000 H-002",
    "H-001:geometry-unreadable",
)
case(
    "point among outlines",
    "It has a place and no ground: counted as a hazard it has no area.",
    between(shapely.Point(17.6123417, 44.7123319)),
    "H-000 H-002",
    "H-001:geometry-kind",
)
with np.errstate(invalid="ignore"):
    _NOWHERE = shapely.Polygon([*shape(1).exterior.coords[:3], (math.nan, math.nan)])
case(
    "corner that is no number",
    "The area of such a polygon is not a number and vanishes from sums.",
    between(_NOWHERE),
    "H-000 H-002",
    "H-001:geometry-not-finite",
)
case(
    "strip four centimetres wide",
    "It is narrow and real ground: a minimum area or a snap to a grid would delete it.",
    between(shapely.box(17.6123417, 44.7123319, 17.6249731, 44.7123319 + 0.04 / 111_130)),
    "H-000 H-001 H-002",
    found="H-001:point-repeated",  # to a millionth of a degree its two ends are one corner each
)
case(
    "corner repeated at the end and in the middle",
    "A list of points to be walked has one too many; the ground is the same.",
    between(
        shapely.Polygon([*shape(1).exterior.coords[:2], *shape(1).exterior.coords[1:4], shape(1).exterior.coords[0]])
    ),
    "H-000 H-001 H-002",
    found="H-001:point-repeated",
)
case(
    "last two corners that are the first two",
    "The perimeter was walked a little further than round: two points too many.",
    between(shapely.Polygon([*shape(1).exterior.coords[:4], *shape(1).exterior.coords[:2]])),
    "H-000 H-002",
    "H-001:geometry-broken",
)
case(
    "edge of six kilometres",
    "One mistyped corner draws a hazard across a district.",
    between(shapely.Polygon([*shape(1).exterior.coords[:3], (17.2479123, 44.6113317)])),
    "H-000 H-001 H-002",
    found="H-001:edge-long",
)
case(
    "circle drawn from a size",
    "Only a place and a size were known; the hazard may lie outside the circle.",
    between(affinity.scale(shapely.Point(17.6123417, 44.7123319).buffer(0.0005, quad_segs=16), 1.40704, 1)),
    "H-000 H-001 H-002",
    found="H-001:outline-circle",
)
case(
    "corner without a second number",
    "GDAL makes a place without a shape of it, in silence.",
    positions([[17.1, 44.1], [17.2], [17.2, 44.2], [17.1, 44.1]]),
    "H-000 H-002",
    "H-001:geometry-unreadable",
)
case(
    "corner that is null",
    "GDAL makes a record without a shape of it, in silence.",
    positions([[17.1, 44.1], [17.2, None], [17.2, 44.2], [17.1, 44.1]]),
    "H-000 H-002",
    "H-001:geometry-unreadable",
)
case(
    "corner written as text",
    "GDAL makes a record without a shape of it, in silence.",
    positions([[17.1, 44.1], ["17.2", "44.1"], [17.2, 44.2], [17.1, 44.1]]),
    "H-000 H-002",
    "H-001:geometry-unreadable",
)
case(
    "decimal comma in positions",
    "18,01 and 44 become longitude 18, latitude 1, height 44: off by 5,000 km.",
    positions([[18, 1111117, 44, 1], [18, 1211117, 44, 1], [18, 1211117, 44, 2], [18, 1111117, 44, 1]]),
    "H-000 H-002",
    "H-001:geometry-unreadable",
)
case(
    "ring that is not closed",
    "GDAL refuses the whole file for one ring that is not closed.",
    positions([list(p) for p in shape(1).exterior.coords[:4]]),
    "H-000 H-002",
    "H-001:geometry-unreadable",
)
case(
    "heights in some records",
    "Mixed heights make another CRS of the whole layer.",
    positions([[x, y, 220.5] for x, y in shape(1).exterior.coords]),
    "H-000 H-001 H-002",
)
