"""What contradicts itself between a register's states of two days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.accounting._products import days_of
from hazardgeo.accounting._records import lost_outlines, same_hazards, same_outlines
from hazardgeo.constants import AREA_SMALLEST_M2
from hazardgeo.measure import geodesic_area_m2, grouped, wgs84_polygons
from hazardgeo.schema import words_of
from hazardgeo.vocabulary import CLASSIFICATION, CLOSED_STATUSES, WORK_STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from hazardgeo.accounting._findings import Told

_STEPS = {"open": 0.0, "worked_on": 1.0, "suspended": 1.0, "closed": 2.0, "handed_over": 3.0}
"""How far along a status is; work rests and goes on again without going back."""


def between_states(opening: gpd.GeoDataFrame, closing: gpd.GeoDataFrame) -> Iterator[Told]:
    """Compare each hazard with what it was.

    Parameters
    ----------
    opening, closing : geopandas.GeoDataFrame

    Yields
    ------
    tuple of str
        File, record, rule, what was seen and what to do.
    """
    own, known = same_hazards(opening, closing)
    before, after = opening.iloc[own], closing.iloc[known]
    ids = before.index.astype(str)
    was, now = words_of(before, WORK_STATUS), words_of(after, WORK_STATUS)
    told, tells = days_of(before, "date_of_information"), days_of(after, "date_of_information")
    # What is not stated is neither before nor after anything.
    steps = np.array([[_STEPS.get(word, np.nan) for word in words] for words in (was, now)])
    is_back = steps[0] > steps[1]
    reopened = np.isin(was, CLOSED_STATUSES) & ~np.isin(now, CLOSED_STATUSES) & (tells > told)
    for at in np.flatnonzero(is_back & ~reopened):
        seen = f"work_status was {was[at]} and is {now[at]}."
        remedy = "Correct the status, or give the date of the information by which the hazard was opened again."
        yield "closing", ids[at], "status-backwards", seen, remedy
    classes = words_of(before, CLASSIFICATION), words_of(after, CLASSIFICATION)
    for at in np.flatnonzero((classes[0] == "CHA") & (classes[1] == "SHA")):
        remedy = (
            "Keep it confirmed and cancel what a new survey has found to be free of evidence, or correct the class."
        )
        yield "closing", ids[at], "class-backwards", "classification was CHA and is SHA.", remedy
    for at in np.flatnonzero(tells < told):
        seen = f"date_of_information was {told[at]} and is {tells[at]}."
        yield "closing", ids[at], "information-backwards", seen, "Find out which report is the later one."
    what = {
        "work_status": was != now,
        "classification": classes[0] != classes[1],
        "outline": ~same_outlines(before, after),
    }
    for at in np.flatnonzero(np.logical_or.reduce(list(what.values())) & (tells == told)):
        names = ", ".join(name for name, differs in what.items() if differs[at])
        seen = f"It was changed ({names}), and date_of_information is {told[at]} as before."
        yield "closing", ids[at], "information-tied", seen, "Give the date of the information that changed it."


def outlines_lost(opening: gpd.GeoDataFrame, closing: gpd.GeoDataFrame) -> Iterator[Told]:
    """Name hazards that are drawn before and not in the end.

    Parameters
    ----------
    opening, closing : geopandas.GeoDataFrame

    Yields
    ------
    tuple of str
        File, record, rule, what was seen and what to do.
    """
    own, known = lost_outlines(opening, closing)
    areas = geodesic_area_m2(wgs84_polygons(opening.iloc[own]))
    for one, area in zip(closing.index[known].astype(str), areas, strict=True):
        seen = f"It had an outline of {grouped(area)} m², and has none in the closing state."
        remedy = "Bring the outline back; until then it stands as it was, and only a release lowers it."
        yield "closing", one, "outline-lost", seen, remedy


def vanished(hazards: gpd.GeoDataFrame, record: NDArray[np.intp], area_m2: NDArray[np.float64]) -> Iterator[Told]:
    """Name hazards that are gone with ground left.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
    record : ndarray of int
        Position of the hazard of each piece of ground.
    area_m2 : ndarray of float

    Yields
    ------
    tuple of str
        File, record, rule, what was seen and what to do.
    """
    lost = np.bincount(record, area_m2, len(hazards))
    for at in np.flatnonzero(lost >= AREA_SMALLEST_M2.value):
        seen = f"It had {grouped(lost[at])} m² left, and is not in the closing state."
        yield "hazards", str(hazards.index[at]), "hazard-vanished", seen, "Add its release, or bring the record back."
