"""Declared areas against the outlines, and the slip that would explain a difference."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hazardgeo.constants import DECLARED_AREA_M2, DECLARED_AREA_SHARE, Constant
from hazardgeo.crs import crs_label
from hazardgeo.errors import GeometryError, HazardgeoError, named
from hazardgeo.measure import geodesic_area_m2, grouped, wgs84_polygons
from hazardgeo.overlay._areas._planar import source_planes, utm_label, utm_m2, utm_zones
from hazardgeo.overlay._areas._slips import slips_in_words, slips_of, with_holes_filled
from hazardgeo.schema import require
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

PLANE_SHARE = Constant(
    "PLANE_SHARE",
    2e-6,
    "1",
    "A declared area that agrees so well with the one in a plane was measured there, if the geodesic one is twice as far off.",
    Source(
        "hazardgeo design choice: the areas that New York's boroughs declare agree with their grid to 1.4e-6",
        Grade.ASSUMED,
    ),
)
AGREES, DIFFERS, UNDECLARED, UNMEASURED = "agrees", "differs", "not declared", "not measured"


def area_discrepancy(
    frame: gpd.GeoDataFrame, *, share: float = DECLARED_AREA_SHARE.value, m2: float = DECLARED_AREA_M2.value
) -> pd.DataFrame:
    """Compare declared areas with those of the outlines, and name the slip that would explain a difference.

    A hint is no correction: the declared figure is the official one, and only its keeper knows whether it or the outline is
    wrong. The rule *declared-area-differs* of the intake asks the same of every record.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Polygons with a CRS and the column ``declared_area_m2``; ``source_crs`` where known.
    share, m2 : float
        The two agree if they differ by at most this share of the outline's area, or by at most this many square metres [m²].

    Returns
    -------
    pandas.DataFrame
        On the frame's index: ``declared_m2``, ``measured_m2`` (geodesic), ``difference_m2``, declared less measured, and
        ``ratio``, declared by measured; ``word``: *agrees*, *differs*, *not declared* or *not measured*; ``slip``, the nearest
        that would explain the figure, empty where none is needed or known: hectares, square_kilometres, dunams, jeribs, acres,
        square_feet, square_miles, hundreds, hundredfold, thousandfold, hectares_twice, square_kilometres_twice, digit_lacking,
        digit_too_many, web_mercator (also in hectares or square kilometres), hole_ignored, square_degrees; and, where the figure
        has the digits to tell, utm or source_plane. ``evidence`` says in a sentence what it rests on.

    Raises
    ------
    CRSError, GeometryError
        As `area_m2`; GeometryError too if a declared area is negative or infinite.
    SchemaError
        If there is no column ``declared_area_m2``, or an id stands twice.
    HazardgeoError
        If share or m2 is negative or no number.

    Notes
    -----
    A slip explains a figure where what remains is at most `share` of it; where two do, the sentence names both. That an area was
    taken in a plane (UTM, the one that the frame is in, or the one that ``source_crs`` names, straight edges), or without its
    holes though it agrees, is said only where the figure fits to half its last digit, or 2 parts per million, and the geodesic
    area is twice as far off.

    References
    ----------
    docs/explanation/areas.md of this project. Sizes of the units: `hazardgeo.constants`.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> frame = gpd.GeoDataFrame(
    ...     {"declared_area_m2": [2.0]}, geometry=[shapely.box(5e5, 5e6, 5e5 + 100, 5e6 + 200)], index=["a"], crs="EPSG:32633"
    ... )
    >>> area_discrepancy(frame)[["word", "slip"]]
          word      slip
    a  differs  hectares
    """
    import pandas as pd

    for name, limit in (("share", share), ("m2", m2)):
        if not 0 <= limit < math.inf:
            raise HazardgeoError(f"{name} is {limit!r}. Give a number, 0 or more.")
    require(frame, "declared_area_m2")
    declared = frame["declared_area_m2"].to_numpy(dtype=float, na_value=np.nan)
    impossible = (declared < 0) | np.isinf(declared)
    if impossible.any():
        raise GeometryError(f"{named(frame.index[impossible])}: declared_area_m2 is negative or infinite. Correct it.")
    polygons = wgs84_polygons(frame)
    measured = geodesic_area_m2(polygons)
    gap = np.abs(declared - measured)
    agrees = (gap <= share * measured) | (gap <= m2)
    word = np.select([np.isnan(declared), np.isnan(measured), agrees], [UNDECLARED, UNMEASURED, AGREES], DIFFERS)
    slip, evidence = _explained(frame, polygons, declared, measured, differs=word == DIFFERS, share=share)
    columns = {
        "declared_m2": declared,
        "measured_m2": measured,
        "difference_m2": declared - measured,
        "ratio": declared / measured,
        "word": word.astype(object),
        "slip": slip,
        "evidence": evidence,
    }
    return pd.DataFrame(columns, index=frame.index)


def _explained(
    frame: gpd.GeoDataFrame,
    polygons: NDArray[Any],
    declared: NDArray[np.float64],
    measured: NDArray[np.float64],
    *,
    differs: NDArray[np.bool_],
    share: float,
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """The slip of each record, and the evidence for it."""
    slip, evidence = (np.full(len(frame), "", dtype=object) for _ in range(2))
    unit_m2 = np.ones(len(frame))
    at = np.flatnonzero(differs)
    for i, slips in zip(at, slips_of(declared[at], measured[at], polygons[at], share=share), strict=True):
        evidence[i] = slips_in_words(declared[i], measured[i], slips)
        if slips:
            slip[i], unit_m2[i] = slips[0].name, slips[0].m2
        else:
            evidence[i] += " No slip that is known here explains it."
    told = np.zeros(len(frame), dtype=bool)
    for reading in (
        *_source_planes(frame, polygons, unit_m2),
        *_utm(polygons, unit_m2),
        _filled(measured, polygons, unit_m2),
    ):
        for k in np.flatnonzero(reading.explains(declared, measured / unit_m2) & ~told).tolist():
            slip[k] = slip[k] or reading.name
            evidence[k] = evidence[k] or slips_in_words(declared[k], measured[k], [])
            evidence[k] += f" {reading.in_words(k, declared[k])}"
            told[k] = True
    return slip, evidence


class _Reading(NamedTuple):
    """What outlines have when they are measured in another way, in the unit of the declared figures."""

    name: str
    words: NDArray[np.object_]
    figures: NDArray[np.float64]

    def explains(self, declared: NDArray[np.float64], geodesic: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether declared figures agree with it as far as their digits tell, and with the geodesic area clearly less."""
        half = np.array([_half_of_last_digit(figure) for figure in declared.tolist()], dtype=float)
        within = np.maximum(half, PLANE_SHARE.value * self.figures)
        with np.errstate(invalid="ignore"):
            fits = (np.abs(declared - self.figures) <= within) & (np.abs(declared - geodesic) >= 2 * within)
        return np.asarray(fits, dtype=bool)

    def in_words(self, at: int, declared: float) -> str:
        """The evidence for one record."""
        ppm = abs(declared - self.figures[at]) / self.figures[at] * 1e6
        return (
            f"{self.words[at]} the outline has {grouped(self.figures[at], 1)}: {ppm:.1f} ppm from the declared figure."
        )


def _filled(measured: NDArray[np.float64], polygons: NDArray[Any], unit_m2: NDArray[np.float64]) -> _Reading:
    words = np.full(len(polygons), "With its holes filled", dtype=object)
    return _Reading("hole_ignored", words, with_holes_filled(measured, polygons) / unit_m2)


def _utm(polygons: NDArray[Any], unit_m2: NDArray[np.float64]) -> list[_Reading]:
    zones = utm_zones(polygons)
    words = np.array(
        [f"In the plane of UTM ({utm_label(zone)}), edges straight," for zone in zones.tolist()], dtype=object
    )
    return [_Reading("utm", words, utm_m2(polygons, zones) / unit_m2)]


def _source_planes(frame: gpd.GeoDataFrame, polygons: NDArray[Any], unit_m2: NDArray[np.float64]) -> list[_Reading]:
    """The planes that the outlines were recorded in, as far as the frame knows them."""
    planes = []
    for crs, areas in source_planes(frame, polygons):
        axis = crs.axis_info[0]
        is_metre = axis.unit_conversion_factor == 1
        unit = "" if is_metre else f" (square {axis.unit_name})"
        words = np.full(len(polygons), f"In the plane of {crs_label(crs)}{unit}, edges straight,", dtype=object)
        planes.append(_Reading("source_plane", words, areas / unit_m2 if is_metre else areas))
    return planes


def _half_of_last_digit(figure: float) -> float:
    """Half of what one more in its last digit, before any noughts, would change a figure by; NaN for none.

    Examples
    --------
    >>> _half_of_last_digit(12_345.6), _half_of_last_digit(1_266_000.0)
    (0.05, 500.0)
    """
    if not figure or math.isnan(figure):
        return math.nan
    # Twelve digits: what a product of a recorded figure and a unit has beyond them is noise.
    exponent = Decimal(f"{figure:.12g}").normalize().as_tuple().exponent
    return 0.5 * 10.0 ** int(exponent)
