"""What the sample data tell besides registers of hazards: each with a heading, a sentence and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hazardgeo.report._munitions import munitions, munitions_files
from hazardgeo.report._people import people_files, people_on_both_sides
from hazardgeo.report._priority import places_files, priorities
from hazardgeo.report._terrain import elevation_files, terrain_of

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
    tell: Callable[[gpd.GeoDataFrame, Sequence[BorderSet]], Story | str]
    """The story, or why it is not told: a package is missing, and the report is whole without."""
    files: Callable[[], tuple[Path, ...]]


_TELLERS = (
    Teller("southeast_europe", people_on_both_sides, people_files),
    Teller("southeast_europe", priorities, places_files),
    Teller("central_asia", terrain_of, elevation_files),
    Teller("central_asia", munitions, munitions_files),
)


def stories_of(region: str) -> tuple[Teller, ...]:
    """The stories of a region; an empty name is the border of Croatia and Bosnia and Herzegovina."""
    return tuple(teller for teller in _TELLERS if teller.region == region)
