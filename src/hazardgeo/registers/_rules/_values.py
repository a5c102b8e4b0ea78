"""Rules about the values of one record, alone and against its outline: areas, dates, accuracies, depths."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.constants import M2_PER_KM2
from hazardgeo.measure import geodesic_area_m2
from hazardgeo.overlay import slips_in_words, slips_of
from hazardgeo.registers._rules._catalogue import NOTE, SERIOUS, Hit, Seen, rule
from hazardgeo.registers._rules._rings import length_text
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_OURS = "hazardgeo design choice"
_IMAS = Source(
    "IMAS 04.10 Ed. 2 Am. 10, as quoted in the GICHD IED Clearance Good Practice Guide, glossary: clearance is of a "
    "specified area to a specified depth",
    Grade.SECONDARY,
)


@rule(
    "declared-area-differs",
    SERIOUS,
    "record",
    "One of the two is wrong: totals that add declared areas and totals from outlines will not agree.",
    Source(f"{_OURS}: both areas are in the GICHD Minimum Data Requirements (2018 draft)", Grade.ASSUMED),
)
def declared_area_differs(seen: Seen) -> Iterator[Hit]:
    """The declared area differs from the outline's by more than 5 % and 100 m² (thresholds.declared_off_…)."""
    declared = _numbers(seen, "declared_area_m2")
    if declared is None:
        return
    area, least = seen.rings.area_m2, seen.thresholds
    gap = np.abs(declared - area)
    differs = (gap > least.declared_off_m2) & (gap > least.declared_off_share * area) & (seen.rings.perimeter_m > 0)
    at = np.flatnonzero(differs)
    measured = geodesic_area_m2(seen.lonlat[at])
    explained = slips_of(declared[at], measured, seen.lonlat[at], share=least.declared_off_share)
    for i, outline, slips in zip(at.tolist(), measured.tolist(), explained, strict=True):
        words = slips_in_words(float(declared[i]), outline, slips)
        yield Hit(i, words, "Correct the one that is wrong; declared areas are in m².")


def _numbers(seen: Seen, name: str) -> NDArray[np.float64] | None:
    if name not in seen.records.columns:
        return None
    return np.asarray(seen.records[name].to_numpy(dtype=float, na_value=np.nan))


@rule(
    "area-implausible",
    NOTE,
    "record",
    "Hardly an area of land is recorded at such a size: corners may be missing, mistyped, or in another unit.",
    Source(_OURS, Grade.ASSUMED),
)
def area_implausible(seen: Seen) -> Iterator[Hit]:
    """The outline is larger than 500 km² or smaller than 1 m² (thresholds.area_…)."""
    area, least = seen.rings.area_m2, seen.thresholds
    outside = (area > least.area_largest_m2) | (area < least.area_smallest_m2)
    for at in np.flatnonzero(outside & (seen.rings.perimeter_m > 0)):
        size = f"{area[at] / M2_PER_KM2.value:,.0f} km²" if area[at] > 1e6 else f"{area[at]:.2g} m²"
        yield Hit(int(at), f"Its outline has {size}.", "Check the corners and their unit against the source.")


@rule(
    "accuracy-exceeds-shape",
    SERIOUS,
    "record",
    "The outline is smaller than the uncertainty of its own corners: neither its place nor its extent is known from it.",
    Source(_OURS, Grade.ASSUMED),
)
def accuracy_exceeds_shape(seen: Seen) -> Iterator[Hit]:
    """The stated vertex_sd_m is larger than the radius of a circle of the same area (symbolic outlines may)."""
    sd = _numbers(seen, "vertex_sd_m")
    if sd is None:
        return
    radius = np.sqrt(np.maximum(seen.rings.area_m2, 0) / np.pi)
    wrong = (sd > radius) & (seen.rings.perimeter_m > 0) & (seen.words("geometry_kind") != "symbolic")
    for at in np.flatnonzero(wrong):
        words = f"vertex_sd_m is {sd[at]:g} m; a circle of its area has a radius of {length_text(radius[at])}."
        yield Hit(int(at), words, "Check vertex_sd_m and its unit, or record geometry_kind as symbolic.")


def _dates(seen: Seen) -> Iterator[tuple[str, NDArray[Any]]]:
    for spec in seen.schema.columns:
        values = seen.column(spec.name) if spec.kind == "date" else None
        if values is not None:
            yield spec.name, values.astype("datetime64[D]")


@rule(
    "date-in-future",
    SERIOUS,
    "record",
    "What is dated in the future has not happened; a later report will be taken for an older one.",
    Source(_OURS, Grade.ASSUMED),
)
def date_in_future(seen: Seen) -> Iterator[Hit]:
    """A date lies after today."""
    today = np.datetime64(seen.today, "D")
    for name, values in _dates(seen):
        for at in np.flatnonzero(values > today):
            words = f"{name} is {values[at]}, after today ({today})."
            yield Hit(int(at), words, "Correct the date; look for day and month exchanged.")


@rule(
    "date-too-early",
    SERIOUS,
    "record",
    "The date is a slip or stands for none; what is ordered or filtered by it goes wrong.",
    Source(_OURS, Grade.ASSUMED),
)
def date_too_early(seen: Seen) -> Iterator[Hit]:
    """A date lies before 1914 (thresholds.earliest_year)."""
    year = math.floor(seen.thresholds.earliest_year)
    for name, values in _dates(seen):
        for at in np.flatnonzero(values < np.datetime64(f"{year:04}-01-01", "D")):
            words = f"{name} is {values[at]}, before {year}."
            yield Hit(int(at), words, "Correct the date; leave it empty if it is not known.")


@rule(
    "dates-reversed",
    SERIOUS,
    "record",
    "One of the two dates is wrong, and with it the year in which the land counts as released.",
    Source(_OURS, Grade.ASSUMED),
)
def dates_reversed(seen: Seen) -> Iterator[Hit]:
    """The work was completed before it was started."""
    dates = dict(_dates(seen))
    if not {"started_on", "completed_on"} <= set(dates):
        return
    started, completed = dates["started_on"], dates["completed_on"]
    for at in np.flatnonzero(completed < started):
        words = f"It was completed on {completed[at]} and started on {started[at]}."
        yield Hit(int(at), words, "Correct the date that is wrong.")


@rule(
    "depth-missing",
    NOTE,
    "record",
    "Cleared is cleared to a depth: below it, and where it is not known, ordnance may remain.",
    _IMAS,
)
def depth_missing(seen: Seen) -> Iterator[Hit]:
    """A cleared release does not state the depth; where none does, it is said once."""
    if seen.schema.name != "releases":
        return
    cleared = seen.words("kind") == "cleared"
    depth = _numbers(seen, "depth_m")
    missing = np.flatnonzero(cleared if depth is None else cleared & np.isnan(depth))
    remedy = "Fill in depth_m from the completion report or the national standard."
    if len(missing) == cleared.sum() > 1:
        yield Hit(None, f"None of the {len(missing)} cleared releases of this layer states its depth.", remedy)
        return
    for at in missing:
        yield Hit(int(at), "It is cleared, and depth_m is empty.", remedy)
