"""Whether the polygons of two neighbours fit: the gap and the overlap between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._course import course_of
from hazardgeo.borders._line._near import nearest, pairs_in_reach
from hazardgeo.errors import BorderError
from hazardgeo.measure import geodesic_area_m2, wgs84_polygons
from hazardgeo.overlay import LocalPlane, polygonal
from hazardgeo.overlay._planes import split_long_edges

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

_TILE_DEG = 0.5
_STEP_DEG = 0.02
_FARTHEST_M = 20_000.0  # a tile and the ground around it must lie in one plane
_DEGREE_AT_MOST_M = 111_700.0
_SAMPLE_M = 200.0
_CRUMB_M2 = 1.0  # shared edges leave crumbs of rounding far below a square metre
_HAIR_M = 0.01  # closing fills the sag of an edge, which is no wider than this
_TOUCH_M = 0.01
_SEGMENTS = 16
_NAN = math.nan


@dataclass(frozen=True)
class GapAndOverlap:
    """How the polygons of two neighbours fit.

    Areas in m²; `gap_m` and `overlap_m` are the widths at the widest [m], and `gap_at`, `overlap_at` its longitude
    and latitude; NaN where there is none. Gaps wider than `within_m` were not looked for; overlaps were, however wide.
    """

    gap_m2: float
    gap_m: float
    gap_at: tuple[float, float]
    overlap_m2: float
    overlap_m: float
    overlap_at: tuple[float, float]
    within_m: float


def gap_and_overlap(
    a: gpd.GeoDataFrame | gpd.GeoSeries, b: gpd.GeoDataFrame | gpd.GeoSeries, *, within_m: float
) -> GapAndOverlap:
    """Measure the gap and the overlap between the polygons of two neighbours, of one source or of two.

    Ground in the gap is in no country, and ground in the overlap in two, whatever the line may be: no analysis of two
    countries is better than that. A sea inlet or a third country's corner narrower than `within_m` counts as gap
    where both border on it.

    Parameters
    ----------
    a, b : geopandas.GeoDataFrame or geopandas.GeoSeries
        The polygons of one country each, with a CRS; all rows together are the country.
    within_m : float
        How wide a gap is looked for [m], at most 20 000. What is wider is not a gap but other ground.

    Returns
    -------
    GapAndOverlap

    Raises
    ------
    BorderError
        If `within_m` is no such length.
    CRSError, GeometryError
        If the polygons cannot be measured.

    Notes
    -----
    The gap is what closing adds: both countries widened by within_m / 2 and narrowed again, less themselves, where it
    touches both and lies within `within_m` of both. Its width at a point of one country's edge is the distance to the
    other; that of an overlap is how far one country's edge lies within the other.

    References
    ----------
    docs/explanation/frontage.md of this project.

    Examples
    --------
    Two boxes a tenth of a degree high with 0.01 degree between them, which is 788 m at 45 degrees:

    >>> import geopandas as gpd, shapely
    >>> west, east = (gpd.GeoSeries([shapely.box(x, 45, x + 0.1, 45.1)], crs="EPSG:4326") for x in (16, 16.11))
    >>> fit = gap_and_overlap(west, east, within_m=2000)
    >>> round(fit.gap_m), fit.overlap_m2
    (788, 0.0)
    """
    if not 0 < within_m <= _FARTHEST_M:
        raise BorderError(
            f"within_m is {within_m!r}. Give a length in metres of more than 0 and at most {_FARTHEST_M:g}."
        )
    grounds = (_parts(a), _parts(b))
    gaps = _Widest()
    for plane in _tiles(*grounds, within_m):
        one, other = (_laid(plane, parts, 2 * within_m) for parts in grounds)
        here = plane.project(shapely.segmentize(_box(plane), _STEP_DEG))
        gaps.take_in(plane, shapely.intersection(_gap(one, other, within_m), here), one, other)
    return GapAndOverlap(gaps.area_m2, gaps.width_m, gaps.at, *_overlap(*grounds), within_m)


class _Widest:
    """Area so far, and the widest place so far."""

    def __init__(self) -> None:
        self.area_m2, self.width_m, self.at = 0.0, _NAN, (_NAN, _NAN)

    def take_in(self, plane: LocalPlane, ground: Any, one: Any, other: Any) -> None:
        pieces = [part for part in shapely.get_parts(ground) if shapely.area(part) > _least_m2(part)]
        if not pieces:
            return
        self.area_m2 += math.fsum(shapely.area(pieces))
        xy = shapely.get_coordinates(shapely.segmentize(pieces, _SAMPLE_M))
        corners = np.asarray(shapely.points(xy), dtype=object)
        widths = np.maximum(shapely.distance(corners, one), shapely.distance(corners, other))
        widest = int(np.argmax(widths))
        if not widths[widest] <= self.width_m:
            lon, lat = shapely.get_coordinates(plane.unproject(corners))[widest].tolist()
            self.width_m, self.at = float(widths[widest]), (lon, lat)


def _least_m2(piece: Any) -> float:
    """Area that a piece must have to be ground, not rounding: a crumb, or a hair as long as the piece is."""
    return max(_CRUMB_M2, _HAIR_M * float(shapely.length(piece)) / 2)


def _overlap(a: NDArray[Any], b: NDArray[Any]) -> tuple[float, float, tuple[float, float]]:
    """Ground that both hold: its area, how far one's edge lies within the other at most, and where."""
    common = shapely.intersection(shapely.union_all(a), shapely.union_all(b))
    pieces = shapely.get_parts(polygonal(common))
    edges = course_of(np.asarray(shapely.boundary(pieces), dtype=object))
    area, length = geodesic_area_m2(pieces), np.bincount(edges.line, edges.length_m, minlength=len(pieces))
    some = area > np.maximum(_CRUMB_M2, _HAIR_M * length / 2)
    if not some.any():
        return 0.0, _NAN, (_NAN, _NAN)
    xy = shapely.get_coordinates(shapely.segmentize(pieces[some], _SAMPLE_M / _DEGREE_AT_MOST_M))
    points = np.asarray(shapely.points(xy), dtype=object)
    within = [nearest(points, course_of(np.asarray(shapely.boundary(one), dtype=object)).edges)[1] for one in (a, b)]
    width = np.max([one.distance_m for one in within], axis=0)
    widest = int(np.argmax(width))
    return math.fsum(area[some]), float(width[widest]), (float(xy[widest, 0]), float(xy[widest, 1]))


def _parts(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> NDArray[Any]:
    polygons = wgs84_polygons(frame)
    return np.asarray(split_long_edges(shapely.get_parts(polygons[~shapely.is_missing(polygons)])), dtype=object)


def _tiles(a: NDArray[Any], b: NDArray[Any], within_m: float) -> Iterator[LocalPlane]:
    """Planes about boxes of half a degree where the edges of the two come within reach of each other."""
    if not (len(a) and len(b)):
        return
    edges_a, edges_b = (course_of(np.asarray(shapely.boundary(parts), dtype=object)).edges for parts in (a, b))
    near, _ = pairs_in_reach(edges_a, edges_b, within_m)
    cells = np.floor(shapely.get_coordinates(edges_a[np.unique(near)]) / _TILE_DEG)
    # The edge of `a` may lie in the next tile while the gap reaches into this one.
    around = np.vstack([cells + np.array([x, y]) for x in (-1, 0, 1) for y in (-1, 0, 1)])
    turn = 360 / _TILE_DEG
    around[:, 0] = (around[:, 0] + turn / 2) % turn - turn / 2  # the next tile may lie beyond the antimeridian
    for lon, lat in ((np.unique(around, axis=0) + 0.5) * _TILE_DEG).tolist():
        yield LocalPlane(lon, lat)


def _box(plane: LocalPlane, more_lon: float = 0.0, more_lat: float = 0.0) -> Any:
    """The tile of a plane, in degrees, and some more."""
    lon, lat = _TILE_DEG / 2 + more_lon, _TILE_DEG / 2 + more_lat
    return shapely.box(plane.lon - lon, plane.lat - lat, plane.lon + lon, plane.lat + lat)


def _laid(plane: LocalPlane, parts: NDArray[Any], margin_m: float) -> Any:
    """The ground in a plane's tile and around it, in the plane."""
    dlat = margin_m / 110_000
    dlon = dlat / math.cos(math.radians(min(89.0, abs(plane.lat) + _TILE_DEG + dlat)))
    around = _box(plane, dlon, dlat)
    turned = [shapely.transform(parts, lambda lonlat, by=by: lonlat + by) for by in _turns(around)]  # type: ignore[misc]
    parts = np.concatenate([parts, *turned])
    near = parts[shapely.intersects(parts, around)]
    clipped = shapely.segmentize(shapely.intersection(near, around), _STEP_DEG)
    return shapely.union_all(plane.project(clipped)) if len(near) else shapely.Polygon()


def _turns(around: Any) -> list[NDArray[np.float64]]:
    """By how many degrees the ground beyond the antimeridian must be turned to lie in a box that reaches over it."""
    west, _, east, _ = shapely.bounds(around)
    return [np.array([by, 0.0]) for by, over in ((-360, west < -180), (360, east > 180)) if over]


def _gap(one: Any, other: Any, within_m: float) -> Any:
    both = shapely.union(one, other)
    wider = shapely.buffer(both, within_m / 2, quad_segs=_SEGMENTS)
    closed = shapely.buffer(wider, -within_m / 2, quad_segs=_SEGMENTS)
    pieces = shapely.get_parts(shapely.difference(closed, both))
    touching = shapely.dwithin(pieces, one, _TOUCH_M) & shapely.dwithin(pieces, other, _TOUCH_M)
    between = polygonal(shapely.GeometryCollection(pieces[touching].tolist()))
    # A bay of one country that opens into the gap is filled with it; what is far from the other country is none of it.
    for ground in (one, other):
        between = shapely.intersection(between, shapely.buffer(ground, within_m, quad_segs=_SEGMENTS))
    return between


def refuse_gap(lines: gpd.GeoDataFrame, countries: gpd.GeoDataFrame, path: str) -> None:
    """Refuse neighbours that leave more ground between them at their line than the line may be off.

    Parameters
    ----------
    lines, countries : geopandas.GeoDataFrame
        Of one border, in EPSG:4326, edges of at most 1 km.
    path : str
        Where they come from, for the message.

    Raises
    ------
    BorderError
        Naming the pair, the widest gap and its place, and what to do.
    """
    for line in lines.itertuples():
        grounds = [_of(countries, code) for code in (line.country_a, line.country_b)]
        if not all(map(len, grounds)):
            continue
        points, _ = course_of(np.array([line.geometry], dtype=object)).samples(_SAMPLE_M)
        width = np.sum([_distance_m(points, ground, line.offset_95_m / 2) for ground in grounds], axis=0)
        widest = int(np.argmax(width)) if len(width) else 0
        if len(width) and width[widest] > line.offset_95_m:
            lon, lat = shapely.get_coordinates(points[widest])[0]
            raise BorderError(
                f"{path}: {line.country_a} and {line.country_b} leave a gap of {width[widest]:.0f} m between them at "
                f"{lon:.4f} E, {lat:.4f} N, more than the offset of their line ({line.offset_95_m:g} m). "
                "Ground in it would be in no country. "
                "Take both countries from one source, or add the ground between them with the code 'undetermined', or "
                "state the offset that the line has."
            )


def _of(countries: gpd.GeoDataFrame, code: str) -> NDArray[Any]:
    shapes = countries.geometry[countries["code"] == code].to_numpy()
    return np.asarray(shapely.get_parts(shapes[~shapely.is_missing(shapes)]), dtype=object)


def _distance_m(points: NDArray[Any], ground: NDArray[Any], ignored_m: float) -> NDArray[np.float64]:
    """How far outside the ground points lie [m]; 0 within, and where it is certainly less than `ignored_m`."""
    whole = shapely.union_all(ground)
    shapely.prepare(whole)
    # No degree is longer than this, so what is near in degrees is nearer still in metres.
    outside = ~shapely.dwithin(whole, points, ignored_m / _DEGREE_AT_MOST_M)
    distance = np.zeros(len(points))
    if outside.any():
        distance[outside] = nearest(points[outside], course_of(shapely.boundary(ground)).edges)[1].distance_m
    return distance
