"""Coordinates in the cells of a table: minutes for decimals, corners out of order, two CRSs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from corpus.case import case
from corpus.cells import cells
from corpus.places import in_grid
from corpus.sound import HEADER, corners, row, write_text

_MINUTES = np.random.default_rng(7).integers(0, 59, (40, 2, 2))


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
