"""What is told of some hazards besides their registers: a heading, a sentence and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.accounting import Table


@dataclass(frozen=True, eq=False)
class Story:
    """What is told besides the registers; a table with a name is a file of that name as well."""

    heading: str
    headline: str
    tables: tuple[Table, ...]
    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    """What the map shows of it, by a key of `hazardgeo.style.FINDING_STYLES`."""
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """What is a file by itself besides, by its name."""
    facts: Mapping[str, pd.Series[str]] = field(default_factory=dict)
    """What popups of the map say of each hazard, by the name of a column."""
