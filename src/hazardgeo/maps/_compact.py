"""Up to a hundred thousand records in one file: outlines and columns as packed numbers, unpacked by `decode.js`.

Whole numbers are written as four planes, all their lowest bytes first, and packed by deflate: a third smaller than the same
numbers as JSON, and a tenth smaller than as varints, because each plane has a code of its own.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.maps._columns import NONE, Areas, Words
from hazardgeo.measure import print_area, print_km2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hazardgeo.maps._records import Layer

STEP_M = 0.118
"""Step of the coordinates on the ground at the latitude where it is widest: a vertex moves by at most half of it, ±0.06 m."""
_EQUATOR_M = 40_075_016.686
_MERCATOR_END = 85.0511287798
_PLAIN_AREAS_FROM_M2 = 1000
"""Below it, and beside a mark where rounding turns, an area is sent in words, so that the page says what Python says."""


def compact_records(layers: Sequence[Layer], words: Sequence[str]) -> dict[str, Any]:
    """Pack all records of a page; the word of a fact is sent as its place among `words`.

    Returns
    -------
    dict
        ``world``: steps around the globe; ``outlines`` and ``columns``: packed numbers; ``texts``: packed JSON; ``layers``: which
        of the columns say what of a record.
    """
    polygons = np.concatenate([layer.polygons for layer in layers])
    planes = _Planes()
    described = [_layer(layer, planes, words) for layer in layers]
    world, outlines = _outlines(polygons)
    texts = {"ids": [name for layer in layers for name in layer.ids], "texts": planes.texts}
    return {
        "world": world,
        "outlines": _packed(outlines, zlib.Z_RLE),
        "columns": _packed(planes.numbers, zlib.Z_DEFAULT_STRATEGY),
        "lengths": [len(column) for column in planes.numbers],
        "texts": _text64(_deflate(json.dumps(texts, separators=(",", ":")).encode(), zlib.Z_DEFAULT_STRATEGY)),
        "layers": described,
    }


class _Planes:
    """Columns of numbers and lists of texts, equal ones once."""

    def __init__(self) -> None:
        self.numbers: list[NDArray[np.uint32]] = []
        self.texts: list[tuple[str, ...]] = []
        self._places: dict[bytes, int] = {}

    def add(self, numbers: NDArray[Any]) -> int:
        """Give the place of a column; a class and its short form share theirs."""
        whole = np.asarray(numbers).astype(np.uint32)
        key = whole.tobytes()
        if key not in self._places:
            self._places[key] = len(self.numbers)
            self.numbers.append(whole)
        return self._places[key]

    def words(self, column: Words) -> dict[str, int]:
        """Describe a column of texts."""
        self.texts.append(column.texts)
        return {"codes": self.add(column.codes - NONE), "texts": len(self.texts) - 1}

    def areas(self, column: Areas) -> dict[str, Any]:
        """Describe a column of areas: m² plus 1, 0 for none, and in words those that the page might round another way."""
        said = {place: print_area(column.m2[place]) for place in _to_be_said(column).tolist()}
        return {"m2": self.add(_whole_m2(column)), "said": said}


def _layer(layer: Layer, planes: _Planes, words: Sequence[str]) -> dict[str, Any]:
    styles = {style.key: style for style in layer.styles}
    place = {key: code for code, key in enumerate(styles)}
    area = Areas(layer.area_m2, np.ones(len(layer.ids), dtype=bool))
    return {
        "count": len(layer.ids),
        "styles": [{"key": key, "group": layer.group_of(style)} for key, style in styles.items()],
        "style": planes.add(np.array([place[style.key] for style in layer.styles])),
        "unsure": planes.add(layer.unsure),
        "row": [planes.words(column) for column in layer.row],
        "country": planes.words(layer.country),
        "area": {
            "m2": planes.add(_whole_m2(area)),
            "said": {at: print_km2(layer.area_m2[at]) for at in _to_be_said(area).tolist()},
        },
        "facts": [
            [words.index(word), planes.areas(column) if isinstance(column, Areas) else planes.words(column)]
            for word, column in layer.facts
        ],
    }


def _whole_m2(column: Areas) -> NDArray[np.uint32]:
    measured = column.stated & (column.m2 >= 0) & (column.m2 < 2**32 - 2)
    return np.where(measured, np.rint(np.where(measured, column.m2, 0)) + 1, 0).astype(np.uint32)


def _to_be_said(column: Areas) -> NDArray[np.intp]:
    """Records whose area the page cannot write from its whole m² alone: small, not measured, or where rounding turns."""
    m2 = column.m2
    plain = (m2 >= _PLAIN_AREAS_FROM_M2) & (m2 < 2**32 - 2)
    for unit in _steps_of_print():
        plain &= np.abs(np.mod(m2 / unit, 1.0) - 0.5) * unit > 1.0
    return np.flatnonzero(column.stated & ~plain)


def _steps_of_print() -> tuple[float, ...]:
    """What the last decimal of each unit stands for [m²]."""
    from hazardgeo.constants import M2_PER_KM2, M2_PER_MI2

    km2 = M2_PER_KM2.value / 1000
    # mi² have as many significant digits as km², which are three decimals or four.
    mi2 = [M2_PER_MI2.value * 10.0**-decimals for decimals in (3, 4)]
    return (km2, *mi2)


def _outlines(polygons: NDArray[Any]) -> tuple[float, list[NDArray[np.uint32]]]:
    """Lay all rings out: how many parts, rings and corners, then the corners, each as the step from the one before.

    The first corner of a ring is the step from that of the ring before. Rings stay open.
    """
    there = ~shapely.is_missing(polygons)
    counts = np.where(there, shapely.get_num_geometries(polygons), 0)
    parts = shapely.get_parts(polygons[there])
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    corners = shapely.get_num_coordinates(rings) - 1
    lonlat = shapely.get_coordinates(rings)
    world = _world(lonlat)
    ends = np.cumsum(corners + 1)
    starts = ends - corners - 1
    is_open = np.ones(len(lonlat), dtype=bool)
    is_open[ends - 1] = False
    places = _mercator(lonlat, world)
    steps = np.diff(places, axis=0, prepend=0)
    steps[starts] = np.diff(places[starts], axis=0, prepend=0)
    zigzag = (steps << 1) ^ (steps >> 63)
    return world, [
        counts.astype(np.uint32),
        np.bincount(part_of_ring, minlength=len(parts)).astype(np.uint32),
        corners.astype(np.uint32),
        zigzag[is_open].ravel().astype(np.uint32),
    ]


def _world(lonlat: NDArray[np.float64]) -> float:
    """Steps around the globe, so many that one is no longer than `STEP_M` at the lowest latitude, where it is longest."""
    lowest = float(np.abs(lonlat[:, 1]).min()) if len(lonlat) else 0.0
    return float(np.ceil(_EQUATOR_M * np.cos(np.radians(lowest)) / STEP_M))


def _mercator(lonlat: NDArray[np.float64], world: float) -> NDArray[np.int64]:
    """Web Mercator in steps, from the north-west corner of the world; the poles lie outside it."""
    lon, lat = lonlat[:, 0], np.clip(lonlat[:, 1], -_MERCATOR_END, _MERCATOR_END)
    x = lon / 360 + 0.5
    y = 0.5 - np.arctanh(np.sin(np.radians(lat))) / (2 * np.pi)
    return np.rint(np.column_stack([x, y]) * world).astype(np.int64)


def _packed(numbers: Sequence[NDArray[np.uint32]], strategy: int) -> str:
    planes = b"".join(
        np.ascontiguousarray(column.astype("<u4").view(np.uint8).reshape(-1, 4).T).tobytes() for column in numbers
    )
    return _text64(_deflate(planes, strategy))


def _deflate(raw: bytes, strategy: int) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 15, 9, strategy)
    return packer.compress(raw) + packer.flush()


def _text64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
