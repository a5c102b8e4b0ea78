"""A traverse as it is handed over: the outline, its points, and what its measurements say about themselves."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo.crs import WGS84
from hazardgeo.measure._print import grouped, print_area
from hazardgeo.schema import HAZARDS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import shapely

    from hazardgeo.measure._traverse._checks import BackBearings, Closure, PositionCheck


@dataclass(frozen=True, eq=False, repr=False)
class Traverse:
    """An outline drawn by bearings and distances, and what its measurements say about themselves.

    Parameters
    ----------
    points : pandas.DataFrame
        One row for each point, its name as the index: ``role``, ``is_corner``, ``lon`` and ``lat`` (WGS 84, balanced)
        [degree], ``position_sd_m`` (in its worst direction, the error of the known point included) [m], ``moved_m`` (by
        how much balancing moved it) [m].
    polygon : shapely.Polygon
        The corners, in longitude and latitude on WGS 84, balanced; landmark and benchmark are no corners.
    area_m2, area_unbalanced_m2, area_sd_m2 : float
        Geodesic area after and before balancing (NaN where the outline crosses itself before), and its standard deviation.
    closure : Closure or None
        ``misclosure_m``, ``explained_m``, ``length_m``, ``ratio``, ``passes``; None where no leg closes.
    back_bearings : BackBearings or None
        ``sum_deg`` (the angular misclosure), ``worst_leg``, ``worst_deg``, ``explained_deg``, ``passes``.
    checks : tuple of PositionCheck
        For each other known point ``name``, ``distance_m``, ``explained_m``, ``turn_deg``, ``stretch``, ``passes``.
    vertex_sd_m : float
        Standard deviation of the worst corner; never less than what a check that fails shows.
    metres_per_degree : float
        How far its farthest corner moves if north was taken one degree wrong.
    method : str
        How it was drawn, in one line.
    """

    points: pd.DataFrame
    polygon: shapely.Polygon
    area_m2: float
    area_unbalanced_m2: float
    area_sd_m2: float
    closure: Closure | None
    back_bearings: BackBearings | None
    checks: tuple[PositionCheck, ...]
    vertex_sd_m: float
    metres_per_degree: float
    method: str

    @property
    def misclosure_m(self) -> float:
        """Linear misclosure [m]; NaN where no leg closes, which is not 0."""
        return math.nan if self.closure is None else self.closure.misclosure_m

    @property
    def angular_misclosure_deg(self) -> float:
        """Sum over the legs of back bearing, turned round, less fore bearing [degree]; NaN without back bearings."""
        return math.nan if self.back_bearings is None else self.back_bearings.sum_deg

    @property
    def passes(self) -> bool:
        """Whether no check fails; True says nothing where `closure` is None and there are no `checks`."""
        closes = self.closure is None or self.closure.passes
        agrees = self.back_bearings is None or self.back_bearings.passes
        return closes and agrees and all(check.passes for check in self.checks)

    def remarks(self) -> list[str]:
        """What the measurements say about themselves, one sentence each; what they cannot say too."""
        said = [self.closure.in_words() if self.closure else "No leg closes: its misclosure is not known."]
        if self.back_bearings:
            said.append(self.back_bearings.in_words())
        said += [check.in_words() for check in self.checks]
        if not self.checks:
            said.append(
                "No second point has coordinates: bearings that are all wrong by one angle, such as a declination left out, "
                f"cannot be seen. One degree moves its farthest corner by {self.metres_per_degree:.1f} m."
            )
        return said

    def to_frame(self, hazard_id: str, **columns: Any) -> gpd.GeoDataFrame:
        """Make it a hazard of one row, as the readers give them.

        Parameters
        ----------
        hazard_id : str
        **columns
            Other columns of the schema, such as ``register="NORTH-MAC"``; what must be there and is not given is unstated.

        Returns
        -------
        geopandas.GeoDataFrame
            With ``vertex_sd_m``, and ``geometry_kind`` *surveyed* unless given.
        """
        import geopandas as gpd
        import pandas as pd

        row: dict[str, Any] = {spec.name: spec.stand_in for spec in HAZARDS.columns if spec.required}
        row |= {"vertex_sd_m": self.vertex_sd_m, "geometry_kind": "surveyed", "source": self.method}
        row |= {"source_crs": "EPSG:4326", "datum_operation": "none needed", "datum_accuracy_m": 0.0}
        index = pd.Index([hazard_id], name=HAZARDS.index, dtype=object)
        return gpd.GeoDataFrame([row | columns], geometry=[self.polygon], index=index, crs=WGS84)

    def __repr__(self) -> str:
        return "\n".join([self._headline(), *(f"  {said}" for said in self.remarks())])

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{html.escape(one)}</li>" for one in self.remarks())
        table = self.points.round({"lon": 7, "lat": 7, "position_sd_m": 1, "moved_m": 1}).to_html()
        return f"<p><b>{html.escape(self._headline())}</b></p><ul>{said}</ul>{table}"

    def _headline(self) -> str:
        corners = int(self.points["is_corner"].sum())
        area = f"{print_area(self.area_m2)} ± {grouped(self.area_sd_m2)} m²"
        within = f"worst corner ± {self.vertex_sd_m:.1f} m (each one standard deviation)"
        return f"Traverse of {corners} corners: {area}; {within}. {self.method}"
