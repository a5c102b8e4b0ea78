"""Land that hazards lie on, by its use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.errors import HazardgeoError, named
from hazardgeo.measure import geodesic_area_m2, wgs84_polygons
from hazardgeo.overlay import ground_in_common, pairs_that_touch
from hazardgeo.schema import require

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

NOT_COVERED = "not_covered_m2"


def land_under_m2(hazards: gpd.GeoDataFrame, land: gpd.GeoDataFrame, *, by: str = "land_use") -> pd.DataFrame:
    """Measure how much land of each use lies under each hazard.

    It is ground that both outlines cover: whether it was used, by whom, and whether it would be again, it does not say; nor what
    is blocked beyond the outline because the way there leads through it. Ground under two hazards counts at both, so a column
    does not add up to land of a region.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index.
    land : geopandas.GeoDataFrame
        Polygons with a CRS, a unique index and the column `by`; those of one use may overlap and count once.
    by : str
        Column with the use of the land, as text; every row must have one.

    Returns
    -------
    pandas.DataFrame
        On the hazards' index: ``USE_m2`` for each use, in alphabetical order, and ``not_covered_m2``, ground of the hazard that
        no polygon of `land` covers [m²]. Of a hazard that `land` does not reach at all every use is NaN: not measured is not 0.
        Where uses overlap they sum to more than the hazard.

    Raises
    ------
    HazardgeoError
        If a row has no use, or a use is called as the last column.
    CRSError, GeometryError, SchemaError
        If hazards or land cannot be measured, or `by` is missing.

    Notes
    -----
    Cut in a local equal-area plane; the share of the hazard there, times its geodesic area.

    References
    ----------
    docs/explanation/planes.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz, geopandas as gpd
    >>> hazards = hz.read_hazards(hz.sample_data("hrv_register.geojson")).iloc[:1]
    >>> land = gpd.GeoDataFrame({"land_use": ["pasture"]}, geometry=hazards.geometry.array, index=["p1"])
    >>> found = hz.priority.land_under_m2(hazards, land)
    >>> bool(abs(found["pasture_m2"] - hz.area_m2(hazards)).iloc[0] < 1e-6), float(found["not_covered_m2"].round(6).iloc[0])
    (True, 0.0)
    """
    import pandas as pd

    require(hazards)
    require(land, by, what="land")
    uses = _uses(land, by)
    a, b = wgs84_polygons(hazards), wgs84_polygons(land)
    area = geodesic_area_m2(a)
    left, right = pairs_that_touch(a, b)
    _, left, right, ground, flat, _ = ground_in_common(a, b, left, right)
    names = sorted(set(uses.tolist()))
    found = {f"{name}_m2": np.where(np.isin(np.arange(len(a)), left), 0.0, np.nan) for name in names}
    covered = np.zeros(len(a))
    for i, pieces in _by_hazard(left).items():
        share = area[i] / flat[pieces[0]]
        for name in names:
            of_use = pieces[uses[right[pieces]] == name]
            found[f"{name}_m2"][i] = _once(ground[of_use]) * share
        covered[i] = _once(ground[pieces]) * share
    rest = np.maximum(area - covered, 0.0)
    return pd.DataFrame(found | {NOT_COVERED: rest}, index=hazards.index)


def _uses(land: gpd.GeoDataFrame, by: str) -> NDArray[np.object_]:
    uses: NDArray[np.object_] = land[by].to_numpy(dtype=object)
    bare = np.array([not (isinstance(use, str) and use.strip()) for use in uses], dtype=bool)
    if bare.any():
        raise HazardgeoError(
            f"{named(land.index[bare])}: no text in {by!r}. Say what the land is used for, or 'unstated'."
        )
    if NOT_COVERED in {f"{use}_m2" for use in uses}:
        raise HazardgeoError(f"A use in {by!r} is called 'not_covered', as a column of the answer is. Rename it.")
    return uses


def _by_hazard(left: NDArray[np.intp]) -> dict[int, NDArray[np.intp]]:
    order = np.argsort(left, kind="stable")
    who, first = np.unique(left[order], return_index=True)
    return dict(zip(who.tolist(), np.split(order, first[1:]), strict=True)) if len(who) else {}


def _once(ground: NDArray[Any]) -> float:
    return float(shapely.area(shapely.union_all(ground))) if len(ground) else 0.0
