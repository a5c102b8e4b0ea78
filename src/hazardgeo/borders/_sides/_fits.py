"""Whether a hazard lies in the country that records it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._local import half_width_m
from hazardgeo.borders._line._search import beside_several, close_to
from hazardgeo.borders._sides._split import split_by_country
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay import place_sd
from hazardgeo.schema import UNSTATED
from hazardgeo.vocabulary import SIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet

_CERTAIN = 1 - 1e-9  # of the whole: what is left is rounding


def country_fits(hazards: gpd.GeoDataFrame, border: BorderSet) -> tuple[list[str], list[str]]:
    """Where each hazard lies for certain, and whether that is where its register says.

    Returns
    -------
    lies_in : list of str
        Countries in which some of its ground lies, whatever lines and outline may be off, joined by ``;``.
    fits : list of str
        ``yes`` where its ``country`` is one of them, ``no`` where all its ground lies for certain in others, else
        ``indeterminate``; ``unstated`` where the record names no country.
    """
    lies_in: list[list[str]] = [[] for _ in range(len(hazards))]
    elsewhere, country = np.zeros(len(hazards)), _countries(hazards)
    for i, code, share in _certain(hazards, border):
        lies_in[i].append(code)
        elsewhere[i] += share * (code != country[i])
    rows = zip(country, lies_in, elsewhere.tolist(), strict=True)
    return [";".join(sorted(codes)) for codes in lies_in], [_word(*row) for row in rows]


def _certain(hazards: gpd.GeoDataFrame, border: BorderSet) -> Iterator[tuple[int, str, float]]:
    """Position of a hazard, country, and the share of it that lies there for certain."""
    polygons = wgs84_polygons(hazards)
    sd, _ = place_sd(hazards)
    reach_m = half_width_m(float(border.lines["offset_95_m"].max()), float(sd.max(initial=0)))
    _, _, close = close_to(polygons, border.lines, reach_m)
    home = _home(polygons, border)
    home[close] = ""
    home[beside_several(polygons, reach_m, border.countries)] = ""
    for i in np.flatnonzero(home != "").tolist():
        yield i, str(home[i]), 1.0
    near = np.flatnonzero((home == "") & ~shapely.is_missing(polygons))
    sides = split_by_country(hazards.iloc[near], border)
    sides = sides[(sides["area_low_m2"] > 0) & ~sides["side"].isin(SIDE.words)]
    at = near[hazards.index[near].get_indexer(sides["hazard_id"])]
    shares = (sides["area_low_m2"] / sides["whole_area_m2"]).tolist()
    yield from zip(at.tolist(), sides["side"], shares, strict=True)


def _home(polygons: NDArray[Any], border: BorderSet) -> NDArray[np.object_]:
    """The country that holds all of a hazard as drawn; empty where none does."""
    home = np.full(len(polygons), "", dtype=object)
    for code, ground in zip(border.countries["code"], border.countries.geometry, strict=True):
        shapely.prepare(ground)
        if code not in SIDE.words:
            home[shapely.covers(ground, polygons)] = code
    return home


def _word(country: str, lies_in: list[str], elsewhere: float) -> str:
    if country == UNSTATED:
        return UNSTATED
    if country in lies_in:
        return "yes"
    return "no" if elsewhere >= _CERTAIN else "indeterminate"


def _countries(hazards: gpd.GeoDataFrame) -> list[str]:
    if "country" not in hazards.columns:
        return [UNSTATED] * len(hazards)
    return [str(code) if isinstance(code, str) and code else UNSTATED for code in hazards["country"]]
