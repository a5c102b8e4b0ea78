"""Records that are each sound, and wrong together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from corpus.case import case
from corpus.places import BIH, by, moved, shifted
from corpus.shapes import between
from corpus.sound import HEADER, corners, row, shape, write_text

_ALL = "H-000 H-001 H-002"
# Seven corners that no box has, about 200 m across.
_WALKED = np.array(
    [
        (0, 0),
        (0.0013, -0.0002),
        (0.0021371, 0.0001913),
        (0.0025, 0.0009),
        (0.0018457, 0.0016),
        (0.0007, 0.0019),
        (-0.0003, 0.0008),
    ]
)
_AT = np.array([17.6123417, 44.7123319])
_AREA = shapely.Polygon(_WALKED + _AT)

case(
    "outline that stands twice, from another corner and in the other direction",
    "Compared byte by byte it is another outline; it counts twice.",
    moved(shapely.Polygon([*corners(0)[2:], *corners(0)[:2]][::-1])),
    _ALL,
    found="H-001:outline-repeated",
)
case(
    "one area surveyed twice",
    "Two teams walked the same area; each corner is a few metres elsewhere.",
    between(_AREA, shapely.Polygon(_WALKED * 1.01 + _AT)),
    f"{_ALL} H-003",
    found="H-002:outline-nearly-repeated",
)
case(
    "one area on two datums",
    "The old datum, read as WGS 84, puts it 409 m away: two areas where there is one.",
    between(_AREA, shifted(_AREA, by(0.0049, -0.0009))),
    f"{_ALL} H-003",
    found="H-002:outline-moved",
)
case(
    "two areas that overlap",
    "The common ground counts twice wherever areas are added.",
    between(_AREA, shifted(_AREA, by(0.0012, 0.0003)).buffer(0.0001, quad_segs=1)),
    f"{_ALL} H-003",
    found="H-002:outline-overlaps",
)
case(
    "outline that stops at the border",
    "It was cut there: the hazard goes on beyond the line, in no register.",
    between(shapely.Polygon([(19.6, 44.1123417), (19.6, 44.1223419), (19.5931711, 44.1177311)])),
    _ALL,
    found="H-001:outline-along-border",
    options={"countries": BIH},
)


def mixed(folder: Path) -> Path:
    """A suspected area, a cleared one on another open one, and a word that nobody knows."""
    lines = [",".join([*HEADER, "wkt"]).replace("hazard_id", "id")]
    for i, word in enumerate(("SHA", "CHA", "Cleared", "Done")):
        ground = shape(1 if word == "Cleared" else i)
        cells = [*row(i, classification=word).values(), f"SRID=4326;{ground.wkt}"]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return write_text(folder / "register.csv", "\n".join(lines))


case(
    "hazards and cleared land in one sheet, and an unknown word",
    "A hazard taken for cleared land is the gravest mistake; the unknown word counts as a hazard.",
    mixed,
    f"{_ALL} H-003",
    found="file:link-missing H-002:release-over-open-hazard H-002:depth-missing H-003:term-unknown",
)
