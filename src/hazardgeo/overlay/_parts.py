"""The ground in what an overlay gave."""

from __future__ import annotations

from typing import Any

import shapely


def polygonal(shape: Any) -> Any:
    """The ground of a shape as a multipolygon; where edges run together an overlay gives lines and points besides.

    Examples
    --------
    >>> polygonal(shapely.GeometryCollection([shapely.box(0, 0, 1, 2), shapely.Point(9, 9)])).area
    2.0
    """
    parts = shapely.get_parts(shapely.get_parts(shape))  # a collection may hold a multipolygon
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
