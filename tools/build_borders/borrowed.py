"""What the zones do not hold and Natural Earth lends: the line of a country without a zone, and enclaves."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from .config import Config, Zone
from .errors import require

_ACROSS = 1e-3  # of a leg's length, so that it surely crosses the edge it is led to


def carved(
    polygon: shapely.Geometry, zone: Zone, natural_earth: dict[str, shapely.Geometry]
) -> dict[str, shapely.Geometry]:
    """Cut a country without a zone of its own out of a zone, along the line that Natural Earth draws between the two.

    The line alone is taken, and led on to the nearest edge of the zone: Natural Earth's other edges of that country are not
    those of the zone, and to cut along them too would leave strips of the one country behind the other.
    """
    own, cut_out = natural_earth[zone.code], natural_earth[zone.carve]
    cut = _to_the_edge(shared_line(own, cut_out), shapely.boundary(polygon))
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union(shapely.boundary(polygon), cut))))
    pieces = pieces[shapely.intersects(polygon, shapely.point_on_surface(pieces))]
    firm = {code: pieces[_mostly_in(pieces, ground)] for code, ground in ((zone.code, own), (zone.carve, cut_out))}
    require(all(map(len, firm.values())), f"{zone.carve} was not cut out of the zone of {zone.code}")
    shares = {code: shapely.union_all(held) for code, held in firm.items()}
    crumbs = pieces[~_mostly_in(pieces, own) & ~_mostly_in(pieces, cut_out)]
    beside = [_beside(crumb, shares) for crumb in crumbs]
    return {
        code: shapely.union_all([share, *(crumb for crumb, near in zip(crumbs, beside, strict=True) if near == code)])
        for code, share in shares.items()
    }


def _mostly_in(pieces: NDArray[np.object_], ground: shapely.Geometry) -> NDArray[np.bool_]:
    return np.asarray(shapely.area(shapely.intersection(pieces, ground)) > 0.5 * shapely.area(pieces))


def _to_the_edge(line: shapely.Geometry, edge: shapely.Geometry) -> shapely.Geometry:
    """The line with both ends led on to the nearest point of an edge, and a hair across it."""
    ends = [shapely.get_point(line, i) for i in (0, -1)]
    legs = [shapely.get_coordinates(shapely.shortest_line(end, edge)) for end in ends]
    across = [shapely.linestrings([leg[0], leg[1] + _ACROSS * (leg[1] - leg[0])]) for leg in legs]
    return shapely.union_all([line, *across])


def _beside(crumb: shapely.Geometry, shares: dict[str, shapely.Geometry]) -> str:
    return max(sorted(shares), key=lambda code: shapely.length(shapely.intersection(crumb, shares[code])))


def shared_line(a: shapely.Geometry, b: shapely.Geometry) -> shapely.Geometry:
    """The longest line that two countries of one source share."""
    shared = shapely.get_parts(shapely.intersection(shapely.boundary(a), shapely.boundary(b)))
    merged = shapely.line_merge(shapely.multilinestrings(shared[shapely.get_type_id(shared) == 1]))
    return max(shapely.get_parts(merged), key=shapely.length)


def _enclave(name: str, config: Config, natural_earth: dict[str, shapely.Geometry]) -> shapely.Geometry | None:
    enclave = config.enclaves[name]
    parts = shapely.get_parts(natural_earth.get(enclave.code, shapely.MultiPolygon()))
    holding = parts[shapely.intersects(parts, shapely.Point(enclave.at))]
    return holding[0] if len(holding) else None


def with_enclaves(
    countries: dict[str, shapely.Geometry], config: Config, natural_earth: dict[str, shapely.Geometry]
) -> dict[str, shapely.Geometry]:
    """The countries, with the enclaves that the zones do not hold."""
    result = dict(countries)
    for name, enclave in config.enclaves.items():
        outline = _enclave(name, config, natural_earth) if enclave.borrow and enclave.within in result else None
        if outline is not None:
            result[enclave.code] = shapely.union(result[enclave.code], outline)
            result[enclave.within] = shapely.difference(result[enclave.within], outline)
    return result


def borrowed_ground(
    config: Config, natural_earth: dict[str, shapely.Geometry]
) -> dict[tuple[str, str], shapely.Geometry]:
    """Where a line between two countries is lent by Natural Earth: everywhere, or along the outline of an enclave."""
    found: dict[tuple[str, str], list[shapely.Geometry]] = {}
    for zone in config.zones.values():
        if zone.carve:
            # The legs that lead the line on to the edge of the zone are no line of the zones' either.
            found.setdefault(_pair(zone.code, zone.carve), []).append(shapely.box(-180, -90, 180, 90))
    for name, enclave in config.enclaves.items():
        outline = _enclave(name, config, natural_earth) if enclave.borrow else None
        if outline is not None:
            found.setdefault(_pair(enclave.code, enclave.within), []).append(shapely.boundary(outline))
    return {pair: shapely.union_all(parts) for pair, parts in found.items()}


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)
