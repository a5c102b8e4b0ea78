"""What each published operation makes of the data at hand, and whether they agree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from hazardgeo.constants import VERTEX_SD_M
from hazardgeo.crs._datum import AMBIGUOUS, SAY_OPERATION, crs_label, horizontal, meridian_rad, successor
from hazardgeo.crs._geod import GEOD, compass_point, on_arrays
from hazardgeo.crs._operations import Operation, missing_grids, published
from hazardgeo.errors import CRSError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_MOST_POINTS = 1000
_MOST_SHOWN = 12
_FEWEST_FOR_STRAY = 3


@dataclass(frozen=True)
class Comparison:
    """The operations from a layer's datum to WGS 84, compared at the layer's own coordinates.

    Parameters
    ----------
    base : pyproj.CRS
        Longitude and latitude on the layer's datum.
    shapes : ndarray of shapely geometries
        In `base`.
    recorded : ndarray of shapely geometries
        The same as they stand in the file.
    """

    base: pyproj.CRS
    shapes: NDArray[Any]
    recorded: NDArray[Any]

    @cached_property
    def extent(self) -> tuple[float, float, float, float]:
        """Box of the layer [degree]."""
        west, south, east, north = self._boxes(shapely.total_bounds(self.shapes)[None, :])[0].tolist()
        return west, south, east, north

    def _boxes(self, bounds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Boxes in degrees from Greenwich, as areas of use are; the datum may count grads, or from Paris."""
        start, unit = meridian_rad(self.base), self.base.axis_info[0].unit_conversion_factor
        return np.asarray(np.degrees(bounds * unit + np.array([start, 0.0, start, 0.0])))

    @cached_property
    def reaching(self) -> list[Operation]:
        """Operations whose area reaches the layer, in the order in which PROJ would take them."""
        return published(self.base, self.extent)

    @cached_property
    def elsewhere(self) -> list[Operation]:
        """Those that are meant for other ground."""
        here = {operation.code for operation in self.reaching}
        return [one for one in published(self.base) if one.code not in here]

    @cached_property
    def first_corner(self) -> NDArray[np.float64]:
        """The first corner of the first record."""
        return np.asarray(shapely.get_coordinates(self.shapes)[:1])

    @cached_property
    def _points(self) -> NDArray[np.float64]:
        # The distance between two similarity transformations is greatest on the hull of the points; shift grids bend in
        # between, so some corners are looked at too.
        corners = shapely.get_coordinates(self.shapes)
        hull = shapely.get_coordinates(shapely.convex_hull(shapely.multipoints(corners)))
        step = max(1, len(corners) // _MOST_POINTS)
        return np.vstack([self.first_corner, hull, corners[::step]])

    def moved(self, operation: Operation) -> NDArray[np.float64]:
        """Where an operation puts the layer's points; the first is `first_corner`.

        Returns
        -------
        ndarray of float, shape (n, 2)
            NaN where it has no value.
        """
        try:
            return np.column_stack(operation.there(*self._points.T))
        except pyproj.exceptions.ProjError:  # a grid of shifts that ends before the layer does
            return np.full_like(self._points, np.nan)

    def shift(self, operation: Operation) -> tuple[float, float]:
        """How far and to where an operation moves the first corner [m, degree]: what is lost if the datum is ignored."""
        ignored = self._boxes(np.tile(self.first_corner, 2))[:, :2]
        azimuth, _, length = on_arrays(GEOD.inv, *ignored.T, *self.moved(operation)[:1].T)
        return float(length[0]), float(azimuth[0])

    def apart_m(self, operations: list[Operation]) -> NDArray[np.float64]:
        """Largest distance, over the layer, between where each two operations put it [m]; infinite where one has no value."""
        moved = [self.moved(operation) for operation in operations]
        apart = np.zeros((len(moved), len(moved)))
        for i, one in enumerate(moved):
            for j, other in enumerate(moved[:i]):
                distance = on_arrays(GEOD.inv, *one.T, *other.T)[2]
                apart[i, j] = apart[j, i] = np.inf if np.isnan(distance).any() else distance.max()
        return apart

    def records_within(self, operation: Operation) -> int:
        """How many records lie wholly in the area that an operation is meant for."""
        return int(operation.holds(self._boxes(shapely.bounds(self.shapes))).sum())


def is_claimed(operation: Operation) -> bool:
    """Whether an operation claims an accuracy that anything can be built upon."""
    return operation.accuracy_m is not None


def agree(operations: list[Operation], apart_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each two operations are no further apart than both claim together; one without a claim agrees with none."""
    claims = np.array([one.accuracy_m if one.accuracy_m is not None else np.nan for one in operations], dtype=float)
    together: NDArray[np.bool_] = apart_m <= claims[:, None] + claims
    return together


def choose(comparison: Comparison, crs: pyproj.CRS, what: str) -> tuple[Operation, float]:
    """Take PROJ's first operation where all that reach the layer agree, or refuse and show them.

    Parameters
    ----------
    comparison : Comparison
    crs : pyproj.CRS
        As the layer names it.
    what : str
        File or frame, for the message.

    Returns
    -------
    Operation
    float
        What it may be off [m]: its own claim, or the distance to those that agree, whichever is more.

    Raises
    ------
    CRSError
        If a person has to say which.
    """
    sound = [operation for operation in comparison.reaching if is_claimed(operation)]
    apart = comparison.apart_m(sound)
    why = _why_not(comparison, crs, sound, apart)
    if why:
        corner = f"The first corner of the first record ({_as_recorded(comparison)}) lies, by"
        listed = f"{corner}\n{as_list(comparison)}" if comparison.reaching or comparison.elsewhere else _UNHEARD
        raise CRSError(f"{what}: {crs_label(crs)} ({crs.name}) {why}{_stray(comparison)} {listed}\n{_ADVICE}")
    return sound[0], max(float(apart[0].max()), sound[0].accuracy_m or 0.0)


_UNHEARD = "PROJ knows none from a datum of that name, and perhaps not the datum: name the CRS by its code."
_ADVICE = (
    "Boxes are in degrees and reach beyond the state. What one operation says against all others deserves doubt, however "
    "little it claims to be off.\n"
    "What to do: ask the authority that keeps the register, or its surveying authority, which operation is theirs; or find the "
    "first corner of the first record on a map, a satellite image or with a receiver, and see which place above is the right "
    f"one. Then {SAY_OPERATION}."
)


def _why_not(comparison: Comparison, crs: pyproj.CRS, sound: list[Operation], apart: NDArray[np.float64]) -> str:
    """Why no operation is to be taken unasked; empty text where one is."""
    datum = comparison.base.datum.name if comparison.base.datum else "unknown"
    if datum in AMBIGUOUS:
        others = " and ".join(AMBIGUOUS[datum])
        return f"is on the datum {datum!r} (MGI), a name that is given to another datum, {others}, as well. Which is meant?"
    if (later := successor(horizontal(crs))) is not None:
        return (
            f"is deprecated: the EPSG register has {crs_label(later)} ({later.name}) in its place, and software reads the "
            "old one in several ways. If the coordinates were recorded in that one, name an operation from its datum."
        )
    if not comparison.reaching:
        return f"is on the datum {datum!r}, and no operation to WGS 84 is published for this ground."
    if not sound:
        return f"is on the datum {datum!r}, and no operation to WGS 84 for this ground claims to be better than 100 m."
    worst = np.unravel_index(np.argmax(apart), apart.shape)
    if not agree(sound, apart).all():
        return (
            f"is on the datum {datum!r}. {len(sound)} operations to WGS 84 are published for this ground, and they put it up to "
            f"{_grouped(apart[worst])} m apart, more than they claim. hazardgeo does not choose between them."
        )
    return ""


def _stray(comparison: Comparison) -> str:
    """Where the operations agree but for one record, that record is what to look at first."""
    if len(comparison.shapes) < _FEWEST_FOR_STRAY:
        return ""
    centres = shapely.get_coordinates(shapely.centroid(comparison.shapes))
    far = int(np.abs(centres - np.median(centres, axis=0)).max(axis=1).argmax())
    rest = np.arange(len(centres)) != far
    others = Comparison(comparison.base, comparison.shapes[rest], comparison.recorded[rest])
    sound = [operation for operation in others.reaching if is_claimed(operation)]
    apart = others.apart_m(sound)
    if not sound or not agree(sound, apart).all():
        return ""
    x, y = shapely.get_coordinates(comparison.recorded[far])[0]
    return (
        f" Without one record, that at x {x:.10g}, y {y:.10g}, which lies far from the others, they agree to "
        f"{_grouped(apart.max())} m: look at that record first."
    )


def remarks_on(comparison: Comparison, operation: Operation, off_m: float | None, *, named: bool) -> Iterator[str]:
    """What a person should know of the operation that was taken."""
    if named:
        rivals = [one for one in comparison.reaching if is_claimed(one) and one.code != operation.code]
        apart = comparison.apart_m([operation, *rivals])[0]
        far = apart > [(operation.accuracy_m or 0.0) + (one.accuracy_m or 0.0) for one in (operation, *rivals)]
        if far.any():
            others = ", ".join(
                f"{one.code} {_grouped(distance)} m" for one, distance in zip(rivals, apart[1:], strict=True)
            )
            yield f"{operation.code} ({operation.name}) was named; by others that are published it lies elsewhere: {others}."
        within = comparison.records_within(operation)
        if within < len(comparison.shapes):
            outside = len(comparison.shapes) - within
            yield (
                f"{operation.code} ({operation.name}) was named, which is meant for {operation.area}; {_grouped(outside)} of "
                f"{_grouped(len(comparison.shapes))} records lie outside of that."
            )
    if off_m is None:
        yield f"How good {operation.code} ({operation.name}) is, nobody claims: how far off the layer lies is not known."
    elif off_m > VERTEX_SD_M.value:
        yield f"{operation.code} ({operation.name}) puts the layer in its place to about {off_m:.0f} m, and no better."


def _grouped(number: float) -> str:
    """Groups of three that no language takes for decimals."""
    return f"{number:,.0f}".replace(",", "\u202f")


def _as_recorded(comparison: Comparison) -> str:
    x, y = shapely.get_coordinates(comparison.recorded)[0]
    return f"x {x:.10g}, y {y:.10g}"


def as_list(comparison: Comparison) -> str:
    """Every operation for this ground with what a person needs to decide, and what those for other ground say of it."""
    here, others = comparison.reaching, comparison.elsewhere
    apart = comparison.apart_m(here)
    lines = [_entry(comparison, one, _rivals(here, apart, k)) for k, one in enumerate(here)]
    if others and here:
        lines.append(f"  {_in_short(comparison, others)}")
    else:
        lines += [_entry(comparison, one, "meant for other ground") for one in others[:_MOST_SHOWN]]
    lines += [f"  Not installed: {text}." for text in missing_grids(comparison.base, comparison.extent)]
    return "\n".join(lines) or "  (PROJ knows none.)"


def _entry(comparison: Comparison, operation: Operation, more: str) -> str:
    claim = f"claims {operation.accuracy_m:g} m" if is_claimed(operation) else "its accuracy is not known"
    (lon, lat), (length, azimuth) = comparison.moved(operation)[0], comparison.shift(operation)
    within, count = comparison.records_within(operation), len(comparison.shapes)
    where = f" ({_grouped(within)} of {_grouped(count)} records lie in its box)"

    lines = [
        f"{operation.code}  {operation.name}, for {operation.area}{where}; {claim}",
        f"latitude {lat:.5f}, longitude {lon:.5f}; {_grouped(length)} m {compass_point(azimuth)} of where it lies if the datum "
        "is ignored",
        more,
    ]
    return "\n".join(f"  {'' if k == 0 else '    '}{line}" for k, line in enumerate(lines) if line)


def _rivals(operations: list[Operation], apart_m: NDArray[np.float64], at: int) -> str:
    order = [int(k) for k in np.argsort(apart_m[at], kind="stable") if k != at]
    return ", ".join(f"{_grouped(apart_m[at, k])} m from {operations[k].code}" for k in order)


def _in_short(comparison: Comparison, others: list[Operation]) -> str:
    shifts = [comparison.shift(one) for one in others]
    lengths = [length for length, _ in shifts]
    ways = " and ".join(sorted({compass_point(azimuth) for _, azimuth in shifts}))
    codes = ", ".join(one.code for one in others[:_MOST_SHOWN])
    low, high = f"{_grouped(min(lengths))}", f"{_grouped(max(lengths))}"
    by = low if low == high else f"{low} to {high}"
    return f"Those meant for other ground ({codes}) put it {by} m {ways}."
