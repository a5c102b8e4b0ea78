"""How much of each hazard lies on whose side, as a range."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._drawn import Shares, shares_as_drawn
from hazardgeo.borders._line._local import (
    Line,
    LocalBorder,
    band,
    half_width_m,
    local_borders,
    not_kept_apart,
)
from hazardgeo.borders._line._settled import divided
from hazardgeo.borders._seam import seams_of_records
from hazardgeo.borders._sides._exposure import expected, reach
from hazardgeo.borders._sides._rare import beyond
from hazardgeo.constants import NORMAL_95
from hazardgeo.measure import geodesic_area_m2, wgs84_polygons
from hazardgeo.overlay import place_sd, plane_cells, vertex_sd
from hazardgeo.schema import require

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet


_FAR = 2.0  # half-widths; one line in 10,000 is further off to one side


@dataclass(frozen=True)
class _Near:
    """The line that decides, and the place on it nearest to the hazard's middle."""

    half_width_m: float = math.nan
    line: str = ""
    line_longitude: float = math.nan
    line_latitude: float = math.nan
    line_sd_m: float = math.nan
    common_share: float = math.nan
    correlation_km: float = math.nan


@dataclass(frozen=True)
class _Beyond:
    """What lies beyond the band and may lie across the line after all, in fewer than 2.5 cases of 100."""

    across: str = ""
    beyond_chance: float = 0.0
    beyond_mean_m2: float = 0.0
    beyond_sd_m2: float = 0.0


@dataclass(frozen=True)
class _Row:
    side: str
    area_low_m2: float
    area_m2: float
    area_high_m2: float
    plane_area_m2: float
    whole_area_m2: float
    near: _Near
    losing: tuple[float, float]
    winning: tuple[float, float]
    beyond: _Beyond = _Beyond()


_NOT_MEASURED = _Row("no_country", math.nan, math.nan, math.nan, math.nan, math.nan, _Near(), (1, 1), (1, 1))


def split_by_country(hazards: gpd.GeoDataFrame, border: BorderSet) -> pd.DataFrame:
    """Tell how much of each hazard lies on whose side: low, best and high.

    *Best* takes the drawn line as true. *Low* is what lies on a side whatever the line and the outline may be off;
    *high* is what may lie there. The sides of a hazard's best areas sum to its reference area.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index; ``vertex_sd_m`` where known, else 10 m is taken (an unverified default);
        ``datum_accuracy_m`` where known.
    border : BorderSet

    Returns
    -------
    pandas.DataFrame
        A row for each hazard and each side that it lies on or may lie on: ``hazard_id``, ``side`` (a country code,
        ``disputed``, ``undetermined``, ``no_country`` or ``beyond_extent``), ``area_low_m2``, ``area_m2``,
        ``area_high_m2`` [m²], ``plane_area_m2`` (the piece as measured in its plane), ``whole_area_m2`` (the
        hazard's reference area), ``half_width_m`` [m] of the band about the line, NaN where no line is near, ``seam_m``
        (the largest distance along the border between the record's way to WGS 84 and another's, `datum_seams`).
        Then what `side_totals` needs: ``area_mean_m2`` and ``area_sd_m2`` (expected area and its standard deviation),
        ``line`` (the pair whose line decides), ``line_longitude``, ``line_latitude`` (the place on it), ``line_sd_m``,
        ``datum_sd_m`` [m], from the line's error field ``common_share`` and ``correlation_km`` (NaN where not stated), and of
        what lies beyond the band, but not twice as far: ``across`` (the side that it would lie on), ``beyond_chance``,
        ``beyond_mean_m2`` and ``beyond_sd_m2`` (of the ground that would).
        A hazard without geometry has one row with side ``no_country`` and NaN areas: it is not lost, and not measured.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If the hazards cannot be measured or an id stands twice.
    BorderError
        If the countries of the border overlap.

    Notes
    -----
    The local displacement of the line decides for one hazard: with the band of half-width w = hypot(u, 1.96 sd, 1.96 d)
    about the line, low of side A is the hazard on A outside the band, high of A is that on A or within the band,
    so that low of A and high of B sum to the whole. Over many hazards offsets are neither equal nor independent:
    sum them with `side_totals`, not by hand.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> sides = hz.borders.split_by_country(hazards, hz.borders.load("HRV", "BIH"))
    >>> bool((sides["area_low_m2"] <= sides["area_m2"]).all() and (sides["area_m2"] <= sides["area_high_m2"]).all())
    True
    """
    import pandas as pd

    require(hazards)
    polygons = wgs84_polygons(hazards)
    whole = geodesic_area_m2(polygons)
    sd, _ = place_sd(hazards)
    missing = np.flatnonzero(shapely.is_missing(polygons)).tolist()
    rows = [(i, _NOT_MEASURED) for i in missing]
    widest = float(border.lines["offset_95_m"].max())
    drawn = _out_of_reach(border, polygons, _FAR * np.hypot(widest, NORMAL_95.value * sd))
    near = np.setdiff1d(np.flatnonzero(~shapely.is_missing(polygons)), drawn.hazard)
    for local, members in local_borders(
        border, border.lines, polygons[near], _FAR * half_width_m(widest, float(sd.max(initial=0)))
    ):
        for i, shape in zip(near[members].tolist(), local.plane.project(polygons[near[members]]), strict=True):
            rows += [(i, row) for row in _sides(local, shape, float(whole[i]), float(sd[i]))]
    rows.sort(key=lambda row: (row[0], row[1].side))
    at = np.concatenate([np.array([i for i, _ in rows], dtype=np.intp), drawn.hazard])
    order = np.argsort(at, kind="stable")
    table = pd.concat([_table([row for _, row in rows]), _as_drawn(drawn, polygons, whole)])
    table, at = table.iloc[order].reset_index(drop=True), at[order]
    table = table.assign(datum_sd_m=_datum_sd(hazards)[at], seam_m=seams_of_records(hazards, border)[at])
    table.insert(0, "hazard_id", pd.Series(hazards.index.to_numpy()[at], dtype=hazards.index.dtype))
    return table


def _out_of_reach(border: BorderSet, polygons: NDArray[Any], reach_m: NDArray[np.float64]) -> Shares:
    """What is certain as drawn: no line is in reach, and not the ground of two countries, whether or not a line is between."""
    away = np.flatnonzero(~shapely.is_missing(polygons) & ~divided(border, polygons, reach_m))
    drawn = shares_as_drawn(border, polygons[away])
    named = ~np.isin(drawn.side, ("no_country", "beyond_extent"))
    certain = np.bincount(drawn.hazard[named], minlength=len(away))[drawn.hazard] < 2
    return Shares(away[drawn.hazard[certain]], drawn.side[certain], drawn.share[certain])


def _as_drawn(drawn: Shares, polygons: NDArray[Any], whole: NDArray[np.float64]) -> pd.DataFrame:
    import pandas as pd

    flat = np.zeros(len(polygons))
    used = np.unique(drawn.hazard)
    for plane, members in plane_cells(polygons[used]).items():
        flat[used[members]] = shapely.area(plane.project(polygons[used[members]]))
    area = drawn.share * whole[drawn.hazard]
    same = dict.fromkeys(("area_low_m2", "area_m2", "area_high_m2", "area_mean_m2"), area)
    columns = {
        "side": drawn.side,
        "plane_area_m2": drawn.share * flat[drawn.hazard],
        "whole_area_m2": whole[drawn.hazard],
    }
    return pd.DataFrame({**columns, **same}).assign(area_sd_m2=0.0, **asdict(_Near()), **asdict(_Beyond()))


def _table(rows: list[_Row]) -> pd.DataFrame:
    import pandas as pd

    plain = _names(_Row)[:6]
    table = pd.DataFrame([[getattr(row, name) for name in plain] for row in rows], columns=plain)
    near, beyond_band = (
        pd.DataFrame([[getattr(getattr(row, part), name) for name in names] for row in rows], columns=names)
        for part, names in (("near", _names(_Near)), ("beyond", _names(_Beyond)))
    )
    ends = [
        np.array([getattr(row, name) for row in rows], dtype=float).reshape(-1, 2) for name in ("losing", "winning")
    ]
    mean, sd = expected(table[["area_low_m2", "area_m2", "area_high_m2"]].to_numpy(dtype=float), *ends)
    table = table.assign(half_width_m=near.pop("half_width_m"), area_mean_m2=mean, area_sd_m2=sd)
    return table.join(near).join(beyond_band)


def _names(kind: type) -> list[str]:
    return [field.name for field in fields(kind)]


def _datum_sd(hazards: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """What the way to WGS 84 adds to where a record lies, apart from its own corners [m]."""
    return np.sqrt(np.maximum(0, place_sd(hazards)[0] ** 2 - vertex_sd(hazards)[0] ** 2))


def _sides(local: LocalBorder, shape: Any, whole: float, sd: float) -> list[_Row]:
    pieces = local.pieces(shape)
    flat = {side: float(shapely.area(piece)) for side, piece in pieces.items()}
    scale = whole / math.fsum(flat.values())
    widths = [(line, half_width_m(line.offset_95_m, sd)) for line in local.lines]
    near = [(line, width) for line, width in widths if shapely.dwithin(line.shape, shape, width)]
    reachable = {side for line, _ in near for side in (line.country_a, line.country_b)} & set(local.sides)
    unsure = not_kept_apart(local, shape, widths, NORMAL_95.value * sd, local.sides)
    decides = _deciding(local, shape, near)
    if not near and not unsure and len(pieces) == 1:
        (side,) = pieces
        return [_beyond_band(local, shape, side, widths, whole)]
    strips: dict[tuple[int, ...], Any] = {}  # both sides of one line have one band, and to draw it is what takes time
    rows = []
    for side in sorted(reachable | unsure | set(flat)):
        best, piece = flat.get(side, 0.0), pieces.get(side)
        if side in unsure:
            areas = (0.0, best * scale, math.fsum(flat.values()) * scale)
            # Nothing says how well these sides are divided: no field, no place, no expectation but the drawn one.
            rows.append(_Row(side, *areas, best, whole, _Near(decides.half_width_m), (0, 1), (0, 1)))
            continue
        beside = bounding(side, near)
        key = tuple(id(line) for line, _ in beside)
        strip = strips[key] = strips[key] if key in strips else band(beside, shape)
        low, high = _range(piece, shape, strip, best)
        moving = beside if high > low else []
        others = [other for name, other in pieces.items() if name != side]
        ends = reach([] if piece is None else [piece], moving), reach(others, moving)
        rows.append(_Row(side, low * scale, best * scale, high * scale, best, whole, decides, *ends))
    return _fitting(rows, whole)


def _beyond_band(local: LocalBorder, shape: Any, side: str, widths: list[tuple[Line, float]], whole: float) -> _Row:
    """The row of what lies wholly on one side, further from every line than it may be off."""
    flat = float(shapely.area(shape))
    row = _Row(side, whole, whole, whole, flat, whole, _Near(), (1, 1), (1, 1))
    own = [(line, width) for line, width in widths if side in (line.country_a, line.country_b)]
    off = [float(shapely.distance(line.shape, shape)) / width for line, width in own]
    if not off or min(off) > _FAR:
        return row
    line, width = own[off.index(min(off))]
    corners = shapely.points(shapely.get_coordinates(shape))
    chance, mean, square = beyond(min(off), float(shapely.distance(corners, line.shape).max()) / width)
    across = line.country_b if side == line.country_a else line.country_a
    sd = math.sqrt(max(0.0, square - mean**2))
    lost = _Beyond(across, chance, mean * whole, sd * whole)
    return replace(row, near=_deciding(local, shape, [(line, width)]), beyond=lost)


def _fitting(rows: list[_Row], whole: float) -> list[_Row]:
    """What lies on one side for certain may lie on no other, whatever a line between two others may be off."""
    certain = math.fsum(row.area_low_m2 for row in rows)
    return [
        replace(row, area_high_m2=max(row.area_m2, min(row.area_high_m2, whole - (certain - row.area_low_m2))))
        for row in rows
    ]


def _deciding(local: LocalBorder, shape: Any, near: list[tuple[Line, float]]) -> _Near:
    if not near:
        return _Near()
    line, width = max(near, key=lambda one: one[1])
    middle = shapely.centroid(shape)
    place = shapely.get_point(shapely.shortest_line(line.shape, middle), 0)
    lon, lat = shapely.get_coordinates(local.plane.unproject(place))[0].tolist()
    field = line.field
    return _Near(
        width, line.pair, lon, lat, line.offset_95_m / NORMAL_95.value, field.common_share, field.correlation_km
    )


def bounding(side: str, near: list[tuple[Line, float]]) -> list[tuple[Line, float]]:
    """The lines near by that bound a side, with the half-width of each one's band."""
    # Ground of no country, and ground beyond the set, is bounded by whatever line is near.
    nobodys = side in ("no_country", "beyond_extent")
    return [(line, width) for line, width in near if nobodys or line.borders_on(side)]


def _range(piece: Any, shape: Any, strip: Any, best: float) -> tuple[float, float]:
    """Area of a shape that is on a side for certain, and that may be, in the plane."""
    if strip.is_empty:
        return best, best
    low = 0.0 if piece is None else float(shapely.area(shapely.difference(piece, strip)))
    other = shape if piece is None else shapely.difference(shape, piece)
    return min(low, best), best + float(shapely.area(shapely.intersection(other, strip)))
