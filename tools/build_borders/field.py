"""The error of a line as a field along it: a part that is common to all of it, and a local part that forgets.

At each sample the displacement to the other line is taken along the normal, because that is the direction in which an offset
decides sides. The common part is one shift of the whole line, fitted by least squares; what it leaves is the local part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from .offsets import loose_ends, segments
from .planes import Plane

STEP_M = 500.0
_ENOUGH = 40  # samples; fewer do not tell a shift from a local part
_MOST_LAGS = 200  # 100 km: where a correlation still holds so far, the line moves as one


@dataclass(frozen=True)
class Field:
    """What was fitted: the shift to the other line, its share of the squared displacement, and how far the rest remembers."""

    east_m: float
    north_m: float
    share: float
    correlation_km: float
    rms_m: float
    count: int


@dataclass(frozen=True)
class _Samples:
    """Signed displacement along the normal, the normal, and the place along each part; a row a sample."""

    displacement: NDArray[np.float64]
    normal: NDArray[np.float64]
    part: NDArray[np.intp]
    step: NDArray[np.intp]


def fit(line: shapely.Geometry, other: shapely.Geometry) -> Field | None:
    """Fit the field of a line's displacement to another edition of it.

    Parameters
    ----------
    line, other : Geometry
        In degrees.

    Returns
    -------
    Field or None
        None where too little is left to tell a shift from a local part.

    Notes
    -----
    e = b · n + r, e the signed displacement along the unit normal n, b the shift, r the local part. The share is
    1 - sum(r²) / sum(e²). The correlation length is the lag at which the correlation of r along the line falls to 1/e.
    """
    if line.is_empty or other.is_empty:
        return None
    plane = Plane.about(line)
    samples = _sample(shapely.line_merge(plane.to_plane(line)), plane.to_plane(other))
    e = samples.displacement
    if len(e) < _ENOUGH or not np.any(e):
        return None
    shift, *_ = np.linalg.lstsq(samples.normal, e, rcond=None)
    rest = e - samples.normal @ shift
    share = max(0.0, 1.0 - float(rest @ rest) / float(e @ e))
    rms = float(np.sqrt(np.mean(e**2)))
    return Field(float(shift[0]), float(shift[1]), share, _correlation_km(rest, samples), rms, len(e))


def _sample(line: shapely.Geometry, other: shapely.Geometry) -> _Samples:
    places, normals, parts, steps = [], [], [], []
    for k, part in enumerate(shapely.get_parts(line)):
        at = np.arange(STEP_M / 2, shapely.length(part), STEP_M)
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(part, at + STEP_M / 2))
        behind = shapely.get_coordinates(shapely.line_interpolate_point(part, at - STEP_M / 2))
        along = ahead - behind
        size = np.maximum(np.hypot(*along.T), 1e-9)
        places.append(shapely.get_coordinates(shapely.line_interpolate_point(part, at)))
        normals.append(np.column_stack([-along[:, 1], along[:, 0]]) / size[:, None])
        parts.append(np.full(len(at), k))
        steps.append(np.arange(len(at)))
    here, normal = np.concatenate(places), np.concatenate(normals)
    there, kept = _landings(here, other)
    e = np.einsum("ij,ij->i", there - here, normal)
    return _Samples(e[kept], normal[kept], np.concatenate(parts)[kept], np.concatenate(steps)[kept])


def _landings(places: NDArray[np.float64], other: shapely.Geometry) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The nearest point of the other line to each place, and whether it is more than a loose end of it."""
    points, pieces = shapely.points(places), segments(other)
    _, nearest = shapely.STRtree(pieces).query_nearest(points, all_matches=False)
    landed = shapely.get_point(shapely.shortest_line(points, pieces[nearest]), 1)
    ends = loose_ends(other)
    kept = np.ones(len(points), bool) if ends.is_empty else shapely.distance(landed, ends) > 1.0
    return shapely.get_coordinates(landed), kept


def _correlation_km(rest: NDArray[np.float64], samples: _Samples) -> float:
    place = {(p, s): i for i, (p, s) in enumerate(zip(samples.part.tolist(), samples.step.tolist(), strict=True))}
    before, variance = 1.0, float(np.mean(rest**2))
    if variance == 0:
        return STEP_M / 1000
    for lag in range(1, _MOST_LAGS):
        pairs = [(i, place[p, s + lag]) for (p, s), i in place.items() if (p, s + lag) in place]
        if len(pairs) < _ENOUGH // 2:
            break
        a, b = np.array(pairs).T
        now = float(np.mean(rest[a] * rest[b])) / variance
        if now < np.exp(-1):
            part = (before - np.exp(-1)) / (before - now)
            return (lag - 1 + part) * STEP_M / 1000
        before = now
    return lag * STEP_M / 1000
