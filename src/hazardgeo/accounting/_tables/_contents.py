"""Hazards by what they hold, and those of which nobody knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.accounting._tables._groups import summed
from hazardgeo.measure import area_m2, format_area
from hazardgeo.schema import texts_of
from hazardgeo.vocabulary import CONTAMINATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_UNKNOWN = "unknown"


def contents_of(hazards: pd.DataFrame) -> list[list[str]]:
    """What each hazard is said to hold, word by word; a word that nobody knows counts as *unknown*."""
    every = [
        [word.strip() for word in words.split(";") if word.strip()] for words in texts_of(hazards, "contamination")
    ]
    return [[word if word in CONTAMINATION.words else _UNKNOWN for word in words] for words in every]


def with_content(
    hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, term: str
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Hazards that name a content, and what was released from them."""
    mine = hazards[[term in words for words in contents_of(hazards)]]
    return mine, releases[releases["hazard_id"].isin(mine.index).to_numpy()]


def unknown_contents(hazards: pd.DataFrame, term: str = "") -> NDArray[np.bool_]:
    """Which hazards may hold a content that they do not name: those that state none, or a word that nobody knows."""
    every = contents_of(hazards)
    return np.array([(not words or _UNKNOWN in words) and term not in words for words in every], dtype=bool)


def of_unknown_contents(hazards: gpd.GeoDataFrame, term: str) -> Iterator[str]:
    """Records of which nobody knows what they hold: named, since each of them may belong in the table of a content."""
    silent = unknown_contents(hazards, term)
    if silent.any():
        yield (
            f"Hazards whose contents are not known or not stated: {int(silent.sum())}, on "
            f"{format_area(summed(area_m2(hazards[silent])))} as "
            "recorded; they are in no row, and may hold what this table is about."
        )
