"""What happens to outlines in degrees."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from .dirty_records import COUNTRIES, Record, Twin, area_text
from .dirty_shapes import SWAPPED, TO_2_DECIMALS, TO_3_DECIMALS, area_too
from .ground import in_degrees, in_plane


def swapped(twin: Twin, count: int) -> None:
    """Write the latitude first."""
    for record in twin.draw(count, fits=twin.is_plain):
        record.geometry = shapely.transform(in_degrees(record.shape), lambda xy: xy[:, ::-1])
        record.shape = None
        twin.tell(record, SWAPPED, *area_too(record))
        twin.tell(record, SWAPPED, "place-swapped", needs=COUNTRIES)


def _cut(record: Record, decimals: int) -> Any:
    scale = 10.0**decimals
    # By its figures, as a form that shows so many of them does; dividing keeps the nearest number in binary.
    return shapely.transform(in_degrees(record.shape), lambda xy: np.trunc(xy * scale) / scale)


def cut_to_three(twin: Twin, count: int) -> None:
    """Keep three decimals; about 100 m are lost, and the outline is still one."""

    def fits(one: Record) -> bool:
        if not (twin.is_plain(one) and (shape := _cut(one, 3)).is_valid):
            return False
        apart = np.abs(np.diff(shapely.get_coordinates(shape), axis=0)).max(axis=1).min()
        return bool(apart > 0 and twin.is_free(in_plane(shape), one))

    for record in twin.draw(count, fits=fits):
        record.geometry = _cut(record, 3)
        record.shape = in_plane(record.geometry)
        record.cells["declared_area_m2"] = area_text(record.shape)
        twin.tell(record, TO_3_DECIMALS, "coordinates-cut")


def cut_to_two(twin: Twin, count: int) -> None:
    """Keep two decimals; of a small outline one point is left."""

    def fits(one: Record) -> bool:
        flat = one.shape.geom_type == "Polygon" and not one.shape.interiors
        return bool(flat and len(np.unique(shapely.get_coordinates(_cut(one, 2)), axis=0)) == 1)

    for record in twin.draw(count, fits=fits):
        record.geometry, record.shape = _cut(record, 2), None
        twin.tell(record, TO_2_DECIMALS, "geometry-too-few-points", lost=True)
