"""What an account has to say of single records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hazardgeo.schema import findings_table

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.accounting._cuts import Cuts
    from hazardgeo.accounting._products import Products


def findings_of(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame,
    released: Products,
    frame: gpd.GeoDataFrame,
    use: NDArray[np.intp],
    cut: Cuts,
) -> pd.DataFrame:
    """TODO."""
    return findings_table([])
