"""The slips by which a declared area becomes another figure than that of its outline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo import constants as c
from hazardgeo.measure import geodesic_area_m2, grouped
from hazardgeo.overlay._areas._planar import mercator_m2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_TOLD = 2  # slips that a sentence names; beyond the nearest ones it is guesswork


class Slip(NamedTuple):
    """One slip that would explain a declared figure."""

    name: str
    words: str
    """How a sentence goes on that begins with *the declared figure fits if it*."""
    m2: float
    """How many m² one unit of the figure is, where the slip is one of unit or digits; 1 where it is one of the area."""
    off: float
    """What remains between the figure and the one that the slip would have made, as a share of that."""


# By how much a declared figure is to be multiplied where it was meant otherwise.
_UNITS = (
    ("hectares", c.M2_PER_HA.value, "is in hectares"),
    ("square_kilometres", c.M2_PER_KM2.value, "is in km²"),
    ("dunams", c.M2_PER_DUNAM.value, "is in thousands of m² (dunams), or a point or comma was read as a decimal sign"),
    ("jeribs", c.M2_PER_JERIB.value, "is in jeribs of 2,000 m²"),
    ("acres", c.M2_PER_ACRE.value, "is in acres"),
    ("square_feet", c.M2_PER_FT2.value, "is in square feet"),
    ("square_miles", c.M2_PER_MI2.value, "is in square miles"),
    ("hundreds", 100.0, "is in hundreds of m² (ares), or lacks two digits"),
    ("hundredfold", 0.01, "is 100 times too large, as when two decimals were read as digits"),
    ("thousandfold", 0.001, "is 1,000 times too large, as when a decimal sign was read as one of thousands"),
    ("hectares_twice", 1 / c.M2_PER_HA.value, "was multiplied from hectares twice"),
    ("square_kilometres_twice", 1 / c.M2_PER_KM2.value, "was multiplied from km² twice"),
    ("digit_lacking", 10.0, "lacks a digit"),
    ("digit_too_many", 0.1, "has a digit too many"),
)
_MERCATOR = "was measured in Web Mercator, the plane of web maps"
_OF_MERCATOR = (
    ("web_mercator", 1.0, _MERCATOR),
    ("web_mercator_hectares", c.M2_PER_HA.value, f"{_MERCATOR}, and is in hectares"),
    ("web_mercator_square_kilometres", c.M2_PER_KM2.value, f"{_MERCATOR}, and is in km²"),
)


def slips_of(
    declared: NDArray[np.float64], measured_m2: NDArray[np.float64], polygons: NDArray[Any], *, share: float
) -> list[list[Slip]]:
    """Find the slips that would explain declared figures, the nearest first.

    Parameters
    ----------
    declared : ndarray of float
        As they stand, taken for m².
    measured_m2 : ndarray of float
        Geodesic areas of the outlines.
    polygons : ndarray of shapely geometries
        In EPSG:4326, as `wgs84_polygons` gives them.
    share : float
        What may remain, as a share.

    Returns
    -------
    list of list of Slip
        For each record; empty where none explains it.
    """
    found: list[list[Slip]] = [[] for _ in declared]
    for name, words, m2, expected in _expected(measured_m2, polygons):
        with np.errstate(divide="ignore", invalid="ignore"):
            off = np.abs(declared - expected) / expected
        for i in np.flatnonzero(off <= share):
            found[i].append(Slip(name, words, m2, float(off[i])))
    return [sorted(slips, key=lambda slip: slip.off) for slips in found]


def _expected(
    measured_m2: NDArray[np.float64], polygons: NDArray[Any]
) -> Iterator[tuple[str, str, float, NDArray[np.float64]]]:
    """What a register would declare by each slip."""
    for name, m2, words in _UNITS:
        yield name, words, m2, measured_m2 / m2
    mercator = mercator_m2(polygons)  # edges straight, as whoever measures there takes them
    for name, m2, words in _OF_MERCATOR:
        yield name, words, 1.0, mercator / m2
    yield "hole_ignored", "leaves the holes out of account", 1.0, with_holes_filled(measured_m2, polygons)
    yield "square_degrees", "is in square degrees", 1.0, shapely.area(polygons)


def with_holes_filled(measured_m2: NDArray[np.float64], polygons: NDArray[Any]) -> NDArray[np.float64]:
    """Areas with their holes filled; NaN where there is none."""
    areas = np.full(len(polygons), np.nan)
    for i in np.flatnonzero(shapely.get_num_coordinates(polygons)):
        parts = shapely.get_parts(polygons[i])
        if shapely.get_num_interior_rings(parts).any():
            holes = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
            areas[i] = measured_m2[i] + geodesic_area_m2(np.array(holes, dtype=object)).sum()
    return areas


def slips_in_words(declared: float, measured_m2: float, slips: Sequence[Slip]) -> str:
    """Say what is declared, what was measured, and which slip would explain it.

    Examples
    --------
    >>> slips_in_words(2.0, 19_990.0, [Slip("hectares", "is in hectares", 1e4, 0.0005)])
    'Declared are 2 m², the outline has 19\u202f990 m². The declared figure fits if it is in hectares.'
    """
    words = f"Declared are {_figure(declared)} m², the outline has {_figure(measured_m2)} m²."
    if slips:
        words += f" The declared figure fits if it {', or if it '.join(slip.words for slip in slips[:_TOLD])}."
    return words


def _figure(value: float) -> str:
    """A figure as it may stand in a register: whole, or with three digits where it is small."""
    return grouped(value) if value >= 100 or value == round(value) else f"{value:.3g}"
