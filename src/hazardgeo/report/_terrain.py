"""What is printed of the ground in hazards."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hazardgeo.accounting._tables._table import Figure, Rows, Table, areas, each
from hazardgeo.constants import STEEP_DEG
from hazardgeo.datasets import sample_data
from hazardgeo.exposure import terrain
from hazardgeo.measure import counted, grouped
from hazardgeo.report._story import Story
from hazardgeo.schema import is_open

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.borders import BorderSet

_NOT_ASKED = 'Slopes are not computed, which needs one more package: pip install "hazardgeo[raster]".'
_MOST = 20


def elevation_files() -> tuple[Path]:
    """Elevations about the border of Afghanistan and Tajikistan."""
    return (sample_data("central_asia_elevation.tif"),)


def terrain_of(hazards: gpd.GeoDataFrame, _borders: Sequence[BorderSet]) -> Story | str:
    """Tell of the slopes of the hazards on the raster."""
    if importlib.util.find_spec("exactextract") is None:
        return _NOT_ASKED
    raster = elevation_files()[0]
    ground = Ground(raster.name, terrain(hazards, raster))
    still = hazards[is_open(hazards)]
    table = ground.table(still)
    about = hazards[["register", "country", "classification", "work_status"]]
    frames = {"terrain": about.join(ground.by_hazard.drop(columns="area_m2"))}  # the area is in hazards.csv
    facts = {"mean_slope": ground.words}
    return Story("Terrain", ground.headline(still), () if table is None else (table,), frames=frames, facts=facts)


@dataclass(frozen=True, eq=False)
class Ground:
    """Slope and surface of hazards by one raster of elevations; a row for each hazard, off the raster too."""

    raster: str
    by_hazard: pd.DataFrame

    def known(self, hazards: gpd.GeoDataFrame) -> pd.DataFrame:
        """Those of some hazards of which some ground has a slope."""
        some = self.by_hazard[self.by_hazard.index.isin(hazards.index)]
        return some[some["covered_share"] > 0]

    @property
    def words(self) -> pd.Series[str]:
        """The mean slope of each hazard for a popup, which has no footnotes."""
        known = self.by_hazard["slope_mean_deg"].notna()
        told = [
            f"{row.slope_mean_deg:.1f}°, understated: cells of {row.cell_m:.0f} m"
            for row in each(self.by_hazard[known])
        ]
        words = self.by_hazard["slope_mean_deg"].astype(object).where(known, "not known")
        words[known] = told
        return words

    def headline(self, hazards: gpd.GeoDataFrame) -> str:
        """What it comes to for some hazards, and how coarse it is."""
        known = self.known(hazards)
        if known.empty:
            return f"No open hazard lies on {self.raster}: of none the slope is known."
        larger = known["surface_area_m2"].sum() / known["area_m2"].sum() - 1
        steep = int((known["slope_max_deg"] > STEEP_DEG.value).sum())
        return (
            f"By {self.raster}, the slope of {len(known)} of {counted(len(hazards), 'open hazard', 'open hazards')} is known: "
            f"{steep} have ground steeper than {STEEP_DEG.value:g}°, and the surface of all is at least {larger:.1%} larger than "
            f"their plan. {_caveat(known)}"
        )

    def table(self, hazards: gpd.GeoDataFrame) -> Table | None:
        """The steepest of some hazards."""
        known = self.known(hazards)
        if known.empty:
            return None
        rows: Rows = tuple(
            (
                str(row.Index),
                str(hazards.loc[row.Index, "classification"]),
                Figure(row.slope_mean_deg, 1),
                Figure(row.slope_max_deg, 1),
                *areas(row.area_m2, "m²"),
                *areas(row.surface_area_m2, "m²"),
                Figure(row.cells, 1),
            )
            for row in each(known.sort_values("slope_mean_deg", ascending=False, kind="stable").head(_MOST))
        )
        return Table(
            "Open hazards on the steepest ground",
            ("Hazard", "Class", "mean slope °", "largest slope °", "m² plan", "m² surface", "cells"),
            rows,
            words=2,
            note=f"{len(rows)} of {len(known)}, the steepest first; all are in tables/terrain.csv. The plan is the reference "
            f"number. {_caveat(known)}",
        )


def _caveat(known: pd.DataFrame) -> str:
    """How coarse the raster is, and what follows."""
    cell, small = grouped(known["cell_m"].median()), int((known["cells"] < 1).sum())
    return (
        f"The cells are about {cell} m wide, so that slopes and surfaces are understated: in places the ground is steeper. "
        f"{counted(small, 'hazard is', 'hazards are')} smaller than one cell; what is said of these is said of the mountainside "
        "about them."
    )
