"""How a layer is to be read: what the caller says, what a profile says, and what the rules compare with."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hazardgeo.registers._limits import Limits
from hazardgeo.registers._profiles import Profile
from hazardgeo.registers._rules import Thresholds
from hazardgeo.registers._watch import Watch

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj


@dataclass(frozen=True)
class Reading:
    """What is known beside the file."""

    register: str | None = None
    country: str | None = None
    crs: pyproj.CRS | None = None
    datum_operation: str | None = None
    """Code of the operation that brings the layer to WGS 84, where the caller or the profile names one."""
    refused: str = ""
    """Why no record of the layer can be placed, where that is known beforehand."""
    repair: bool = False
    """Whether outlines that are not valid may be repaired where all their readings agree."""
    profile: Profile = field(default_factory=Profile)
    thresholds: Thresholds = field(default_factory=Thresholds)
    limits: Limits = field(default_factory=Limits)
    countries: gpd.GeoDataFrame | None = None
    today: datetime.date = field(default_factory=datetime.date.today)
    scopes: frozenset[str] = frozenset({"record", "register"})
    """Scopes of the rules that are asked of records that are well-formed."""

    watch: Watch = field(default_factory=Watch)

    def given(self, column: str) -> str | None:
        """What the caller says of a column of the schema."""
        return {"register": self.register, "country": self.country}.get(column)
