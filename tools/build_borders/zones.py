"""Countries from the time zones of npm geo-tz, which were built from OpenStreetMap.

The package holds a quad-tree over the world box. A leaf is either a list of zones that fill the cell, or the position
of a geobuf piece with the polygons inside the cell. Coordinates are integers, in millionths of a degree.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geobuf
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import box, shape

from .borrowed import carved, with_enclaves
from .config import Box, Config, Zone
from .download import tar_member
from .errors import require

_WORLD: Box = (-180.0, -90.0, 180.0, 90.0)
_MEMBER = "package/data/timezones.geojson"
_UNITS_PER_DEGREE = 1e6
_SLIT_DEG = (
    1e-4  # some 10 m wide, as narrow as what is called a sliver; the smallest enclaves are hundreds of metres wide
)


def _quarters(cell: Box) -> dict[str, Box]:
    x0, y0, x1, y1 = cell
    mx, my = (x0 + x1) / 2, (y0 + y1) / 2
    return {"a": (mx, my, x1, y1), "b": (x0, my, mx, y1), "c": (x0, y0, mx, my), "d": (mx, y0, x1, my)}


def _meets(a: Box, b: Box) -> bool:
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


def _leaves(node: Any, cell: Box, wanted: Box) -> Iterator[tuple[Any, Box]]:
    if not _meets(cell, wanted):
        return
    if isinstance(node, list) or "pos" in node:
        yield node, cell
        return
    for key, quarter in _quarters(cell).items():
        if key in node:
            yield from _leaves(node[key], quarter, wanted)


def _piece(data: bytes, leaf: dict[str, int]) -> Iterator[tuple[str, shapely.Geometry]]:
    pieces = geobuf.decode(data[leaf["pos"] : leaf["pos"] + leaf["len"]])
    for feature in pieces["features"]:
        scaled = shapely.transform(shape(feature["geometry"]), lambda c: c / _UNITS_PER_DEGREE)
        yield feature["properties"]["tzid"], shapely.make_valid(scaled)


def read_zones(archive: Path, wanted: Box) -> dict[str, shapely.Geometry]:
    """The polygons of each zone in the cells that meet a box; cell edges still show as seams.

    Parameters
    ----------
    archive : Path
        The package geo-tz.
    wanted : tuple
        West, south, east, north in degrees.

    Returns
    -------
    dict
        Zone name to a collection of pieces.
    """
    index = json.loads(tar_member(archive, f"{_MEMBER}.index.json"))
    data = tar_member(archive, f"{_MEMBER}.geo.dat")
    found: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for leaf, cell in _leaves(index["lookup"], _WORLD, wanted):
        if isinstance(leaf, list):
            for number in leaf:
                found[index["timezones"][number]].append(box(*cell))
        else:
            for name, piece in _piece(data, leaf):
                found[name].append(piece)
    return {name: shapely.GeometryCollection(found[name]) for name in sorted(found)}


def close_seams(pieces: shapely.Geometry, seam_deg: float) -> shapely.Geometry:
    """One polygon from the pieces of the cells: a little out, united, and the same back in; slits that are left are filled."""
    grown = shapely.buffer(shapely.get_parts(pieces), seam_deg, join_style="mitre", mitre_limit=2.0)
    united = shapely.buffer(shapely.union_all(grown), -seam_deg, join_style="mitre", mitre_limit=2.0)
    return shapely.union_all(
        [shapely.Polygon(r[0], _holes(r[1:])) for r in map(shapely.get_rings, shapely.get_parts(united))]
    )


def _holes(rings: NDArray[np.object_]) -> NDArray[np.object_]:
    """The rings that are holes in a country, and not a slit along the edge of two cells."""
    return rings[2 * shapely.area(shapely.polygons(rings)) / shapely.length(rings) > _SLIT_DEG]


def _owner(part: shapely.Geometry, codes: tuple[str, ...], natural_earth: dict[str, shapely.Geometry]) -> str:
    shared = {code: shapely.area(shapely.intersection(part, natural_earth[code])) for code in codes}
    if max(shared.values()) > 0:
        return max(codes, key=lambda code: shared[code])
    return min(codes, key=lambda code: shapely.distance(part, natural_earth[code]))


def _shared_out(
    polygon: shapely.Geometry, zone: Zone, natural_earth: dict[str, shapely.Geometry]
) -> Iterator[tuple[str, shapely.Geometry]]:
    if zone.carve:
        yield from carved(polygon, zone, natural_earth).items()
        return
    for part in shapely.get_parts(polygon):
        yield (_owner(part, (zone.code, *zone.parts), natural_earth) if zone.parts else zone.code), part


def countries(
    archive: Path, wanted: Box, config: Config, natural_earth: dict[str, shapely.Geometry]
) -> dict[str, shapely.Geometry]:
    """Countries from zones, by the tables in the configuration.

    Parameters
    ----------
    archive, wanted
        As in `read_zones`.
    config : Config
    natural_earth : dict
        Countries of Natural Earth, which decide where a zone holds several and lend what the zones do not hold.

    Returns
    -------
    dict
        Code to polygon. Zones that the table does not name are kept under ``?zone`` so that a check can find them.
    """
    found: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for name, pieces in read_zones(archive, wanted).items():
        polygon = close_seams(pieces, config.settings.seam_deg)
        if name not in config.zones:
            found[f"?{name}"].append(polygon)
            continue
        for code, part in _shared_out(polygon, config.zones[name], natural_earth):
            found[code].append(part)
    seam = config.settings.seam_deg
    merged = {code: close_seams(shapely.GeometryCollection(found[code]), seam) for code in sorted(found)}
    require(bool(merged), f"no zone was found in {wanted}")
    for code, other in config.yields.items():
        if code in merged and other in merged:
            merged[code] = shapely.difference(merged[code], merged[other])
    return with_enclaves(merged, config, natural_earth)
