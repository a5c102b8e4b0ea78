"""What the sample data tell besides registers of hazards: each with a heading, a sentence and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hazardgeo.report._munitions import munitions, munitions_files
from hazardgeo.report._priority import places_files, priorities

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import geopandas as gpd

    from hazardgeo.borders import BorderSet
    from hazardgeo.report._story import Story


@dataclass(frozen=True)
class Teller:
    """A story of a region: what tells it of the hazards and the border, and the sample files that it reads."""

    region: str
    tell: Callable[[gpd.GeoDataFrame, Sequence[BorderSet]], Story]
    files: Callable[[], tuple[Path, ...]]


_TELLERS = (
    Teller("central_asia", munitions, munitions_files),
    Teller("southeast_europe", priorities, places_files),
)


def stories_of(region: str) -> tuple[Teller, ...]:
    """The stories of a region; an empty name is the border of Croatia and Bosnia and Herzegovina."""
    return tuple(teller for teller in _TELLERS if teller.region == region)
