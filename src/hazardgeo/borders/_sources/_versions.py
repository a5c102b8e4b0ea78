"""Two versions of a border compared: how far their lines lie apart, and where."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._course import M_PER_KM, course_of
from hazardgeo.borders._line._near import Connections, nearest
from hazardgeo.constants import Constant
from hazardgeo.errors import BorderError
from hazardgeo.measure import geodesic_area_m2
from hazardgeo.overlay import polygonal
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    import pandas as pd

    from hazardgeo.borders._line._course import Course
    from hazardgeo.borders._set import BorderSet

SAMPLE_M = Constant(
    "SAMPLE_M",
    200.0,
    "m",
    "Two lines are compared at points this far apart along each.",
    Source(
        "hazardgeo design choice: the step at which the offsets of the embedded borders are measured", Grade.ASSUMED
    ),
)
ENOUGH_SAMPLES = Constant(
    "ENOUGH_SAMPLES",
    50,
    "1",
    "With fewer samples the 95th and the 99th percentile are not told.",
    Source("hazardgeo design choice: of fewer than 50 the upper twentieth is one or two", Grade.ASSUMED),
)
_END_M = 1.0  # a nearest point this close to a loose end is the loose end


def compare(a: BorderSet, b: BorderSet) -> pd.DataFrame:
    """Tell how far two versions of the same borders lie apart, pair of countries by pair, and where most.

    Two versions that agree may both be wrong: they are often copies of one another. Two that differ by more than they
    both claim to be off cannot both be right in what they claim.

    Parameters
    ----------
    a, b : BorderSet
        Their asked lines are compared; a pair that only one of them has stands in the table with nothing measured.

    Returns
    -------
    pandas.DataFrame
        Index ``pair`` (such as ``BIH-HRV``): ``length_a_km``, ``length_b_km``; ``median_m``, ``p95_m``, ``p99_m``,
        ``max_m`` of the distance between the lines, both ways; ``longitude`` and ``latitude`` of the place where it
        is largest; ``samples``; ``found_a`` and ``found_b``, the share of each line's samples with a counterpart in
        the other; ``offset_a_m`` and ``offset_b_m``, the largest that the lines state; ``within_offsets``, the share
        of samples no farther apart than both offsets explain; ``moved_m2``, ground that lies on the other side of
        this border by `b` than by `a`; ``source_a``, ``version_a``, ``source_b``, ``version_b``.

    Raises
    ------
    BorderError
        If the two have no pair in common.

    Notes
    -----
    Each line is sampled every 200 m, from the middle of the first step; a sample goes to the nearest point of the
    other line. Where that is a loose end of the other line, the sample has no counterpart and is left out, and the
    share of the others is told. Both ways are pooled. Offsets explain hypot(offset_a, offset_b). ``moved_m2`` is cut
    in longitude and latitude along edges of at most 1 km, good to some 10 m² a kilometre of border.

    References
    ----------
    docs/explanation/frontage.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> osm, other = (hz.borders.load("HRV", "BIH", source=name) for name in hz.borders.SOURCES)
    >>> table = hz.borders.compare(osm, other)
    >>> bool(table.loc["BIH-HRV", "p95_m"] > table.loc["BIH-HRV", "median_m"] > 100)
    True
    """
    import pandas as pd

    lines_a, lines_b = _by_pair(a), _by_pair(b)
    if not set(lines_a) & set(lines_b):
        raise BorderError(
            f"{a.title} and {b.title} have no line between the same two countries. Load both for the same countries."
        )
    rows: list[dict[str, Any]] = []
    for pair in sorted(set(lines_a) | set(lines_b)):
        row: dict[str, Any] = {"pair": pair, **_who("a", a), **_who("b", b)}
        row |= {**_of_one("a", lines_a.get(pair)), **_of_one("b", lines_b.get(pair))}
        if pair in lines_a and pair in lines_b:
            one, other = (course_of(lines[pair].geometry.to_numpy()) for lines in (lines_a, lines_b))
            row |= _apart(one, other, math.hypot(row["offset_a_m"], row["offset_b_m"]))
            row["moved_m2"] = _moved_m2(a, b, pair)
        rows.append(row)
    return pd.DataFrame(rows, columns=list(_COLUMNS)).set_index("pair")


_COLUMNS = (
    "pair", "length_a_km", "length_b_km", "median_m", "p95_m", "p99_m", "max_m", "longitude", "latitude", "samples",
    "found_a", "found_b", "offset_a_m", "offset_b_m", "within_offsets", "moved_m2",
    "source_a", "version_a", "source_b", "version_b",
)  # fmt: skip


def pair_names(lines: Any) -> Any:
    """The name of each line's pair of countries, the two in alphabetical order."""
    both = lines[["country_a", "country_b"]].to_numpy(dtype=str)
    return np.array(["-".join(sorted(two)) for two in both.tolist()], dtype=object)


def _by_pair(border: BorderSet) -> dict[str, Any]:
    lines = border.asked_lines
    names = pair_names(lines)
    return {name: lines[names == name] for name in sorted(set(names.tolist()))}


def _of_one(which: str, lines: Any) -> dict[str, float]:
    if lines is None:
        return {}
    length = course_of(lines.geometry.to_numpy()).length_m.sum() / M_PER_KM
    return {f"length_{which}_km": float(length), f"offset_{which}_m": float(lines["offset_95_m"].max())}


def _who(which: str, border: BorderSet) -> dict[str, str]:
    return {f"source_{which}": border.source, f"version_{which}": border.version}


def _apart(a: Course, b: Course, explained_m: float) -> dict[str, float]:
    (there, found_a), (back, found_b) = _one_way(a, b), _one_way(b, a)
    distance = np.concatenate([there.distance_m, back.distance_m])
    row: dict[str, float] = {"samples": len(distance), "found_a": found_a, "found_b": found_b}
    if not len(distance):
        return row
    row |= {"median_m": float(np.median(distance)), "max_m": float(distance.max())}
    row["within_offsets"] = float(np.mean(distance <= explained_m))
    # The largest lies between two points; where it is told is the end on the line of `a`.
    on_a = np.concatenate([there.start, back.end])[int(np.argmax(distance))]
    row |= {"longitude": float(on_a[0]), "latitude": float(on_a[1])}
    if len(distance) >= ENOUGH_SAMPLES.value:
        row |= dict(zip(("p95_m", "p99_m"), np.percentile(distance, [95, 99]).tolist(), strict=True))
    return row


def _one_way(start: Course, target: Course) -> tuple[Connections, float]:
    """Connections from samples of one line to the other, and the share that did not end at a loose end of it."""
    points, _ = start.samples(SAMPLE_M.value)
    _, found = nearest(points, target.edges)
    loose = shapely.get_parts(shapely.boundary(shapely.line_merge(shapely.multilinestrings(target.edges))))
    kept = np.ones(len(points), dtype=bool)
    if len(loose):
        _, to_end = nearest(np.asarray(shapely.points(found.end), dtype=object), loose)
        kept = to_end.distance_m > _END_M
    return found.take(kept), float(np.mean(kept))


def _moved_m2(a: BorderSet, b: BorderSet, pair: str) -> float:
    """Ground that one version gives to the first country of the pair and the other to the second."""
    one, other = pair.split("-", 1)
    grounds = [(_ground(a, one), _ground(b, other)), (_ground(a, other), _ground(b, one))]
    return math.fsum(_common_m2(*two) for two in grounds)


def _ground(border: BorderSet, code: str) -> Any:
    return shapely.union_all(border.countries.geometry[border.countries["code"] == code].to_numpy())


def _common_m2(a: Any, b: Any) -> float:
    return math.fsum(geodesic_area_m2(shapely.get_parts(polygonal(shapely.intersection(a, b)))))
