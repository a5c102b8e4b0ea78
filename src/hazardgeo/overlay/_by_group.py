"""Ground counted once, by groups of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.errors import HazardgeoError
from hazardgeo.overlay._once import CLASSES, Measured, ground_once
from hazardgeo.schema import require, words_of
from hazardgeo.vocabulary import CLASSIFICATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray


def net_area_by(frame: gpd.GeoDataFrame, by: str | Sequence[str]) -> pd.DataFrame:
    """Measure the ground of each group of records, each square metre of it counted once.

    On the ground: how much land there is in each register, country or class, and how much of what its records sum to is counted
    twice. Where `by` names ``classification``, a confirmed hazardous area within a suspected one takes its ground out of the
    suspected total, so that the classes of a group add up to its ground. Without it, groups are independent: two registers may
    each count the same ground (`borders.count_once` says how much).

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Polygons with a CRS and the columns that `by` names. Rows without geometry cover nothing.
    by : str or sequence of str
        Column or columns to group by, such as ``"register"`` or ``["country", "classification"]``.

    Returns
    -------
    pandas.DataFrame
        One row a group, indexed by its key or keys in the order in which they first stand in the frame, classes in the order
        CHA, SHA, unstated. A record without a key is in a group of its own kind (NaN), and none is left out; a class that is
        missing or that nobody knows counts as *unstated*. Columns: ``records``; ``unmeasured``, those without geometry, which are
        in no area; ``sum_m2``, the areas of the records added up; ``net_m2``, ground counted once; ``counted_twice_m2``, what
        the sum has more than that, whether under records of the group or of a class that goes before. NaN where a group has
        records and none of them a geometry.

    Raises
    ------
    CRSError, GeometryError
        As `area_m2`.
    SchemaError
        If the frame has no such column, or an id stands twice.
    HazardgeoError
        If `by` names no column, one twice, or the geometry.

    Notes
    -----
    Polygons that hang together, of whatever group, are united in one local equal-area plane and brought to the ellipsoid by one
    factor, as in `borders.count_once`, which comes to the same figures.

    References
    ----------
    docs/explanation/planes.md and docs/explanation/counted_twice.md of this project.

    Examples
    --------
    A confirmed area that covers half of a suspected one:

    >>> import geopandas as gpd, shapely
    >>> shapes = [shapely.box(16, 45, 16.02, 45.01), shapely.box(16, 45, 16.01, 45.01)]
    >>> frame = gpd.GeoDataFrame({"classification": ["SHA", "CHA"]}, geometry=shapes, crs="EPSG:4326")
    >>> table = net_area_by(frame, "classification")
    >>> (table["net_m2"] / table["sum_m2"]).round(3)
    classification
    CHA    1.0
    SHA    0.5
    dtype: float64
    """
    import pandas as pd

    names: list[str] = [by] if isinstance(by, str) else list(by)
    if not names or len(set(names)) < len(names) or frame.geometry.name in names:
        raise HazardgeoError(f"by={by!r}. Name one or more columns, each once, and not the geometry.")
    require(frame, *names)
    by_class = CLASSIFICATION.name in names
    keys = pd.DataFrame(frame[names])
    if by_class:
        keys = keys.assign(classification=words_of(frame, CLASSIFICATION))
    owner = _numbered(keys.drop(columns=CLASSIFICATION.name) if by_class else keys)
    measured = Measured.of(frame, owner, by_class=by_class)
    ground = ground_once(measured, owner.max(initial=-1) + 1, len(CLASSES) if by_class else 1, together=False)
    once = ground.by_rank[owner, measured.rank]
    _, first, members = np.unique(owner * len(CLASSES) + measured.rank, return_index=True, return_inverse=True)
    each = np.split(np.argsort(members, kind="stable"), np.cumsum(np.bincount(members))[:-1]) if len(members) else []
    rows = [_row(measured, mine, once[mine[0]]) for mine in each]
    table = pd.DataFrame(rows, columns=["records", "unmeasured", "sum_m2", "net_m2", "counted_twice_m2"])
    table = table.astype({"records": int, "unmeasured": int})
    found = keys.take(first)
    table.index = pd.MultiIndex.from_frame(found) if len(names) > 1 else pd.Index(found[names[0]], name=names[0])
    return table


def _numbered(keys: pd.DataFrame) -> NDArray[np.intp]:
    """A number for each row, the same where all keys are; in the order in which they first stand."""
    if keys.columns.empty:
        return np.zeros(len(keys), dtype=np.intp)
    groups = keys.groupby(list(keys.columns), dropna=False, sort=False, observed=True)
    return np.asarray(groups.ngroup(), dtype=np.intp)


def _row(measured: Measured, mine: NDArray[np.intp], once_m2: float) -> tuple[Any, ...]:
    summed = measured.sum_m2(mine)
    net = np.nan if np.isnan(summed) else float(once_m2)
    # Rounding may leave a sum below its own ground by the last digit.
    return len(mine), measured.unmeasured(mine), summed, net, np.maximum(summed - net, 0.0)
