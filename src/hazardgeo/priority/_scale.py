"""Criteria made comparable: each on a straight line from 0, least urgent, to 1, most urgent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.errors import HazardgeoError, named

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

SCALINGS = ("minmax", "sum", "max")
ALIKE = 0.5  # where nothing tells the records apart, each stands in the middle of what an unknown one may be


@dataclass(frozen=True)
class Scale:
    """How one criterion is laid out: the values that come to 0 and to 1, and what a value that is not known may come to."""

    how: str
    at_0: float
    at_1: float
    unknown_low: float = 0.0
    unknown_high: float = 1.0

    @property
    def is_alike(self) -> bool:
        """Whether no two known values differ, so that the criterion tells nothing apart."""
        return math.isnan(self.at_0)

    def of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scaled values; NaN stays NaN."""
        if self.is_alike:
            return np.where(np.isnan(values), np.nan, ALIKE)
        scaled = (values - self.at_0) / (self.at_1 - self.at_0)
        return np.clip(scaled, 0.0, 1.0) + 0.0  # never -0.0

    def beyond(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which values lie beyond the bounds that were given."""
        low, high = sorted((self.at_0, self.at_1))
        return np.asarray((values < low) | (values > high))


def scale_of(values: pd.Series[Any], how: str, bounds: Any, *, less_is_more: bool) -> Scale:
    """Lay out a criterion by the values that are known, or between the bounds that were given.

    Parameters
    ----------
    values : pandas.Series
        Of the hazards that are ranked; NaN where not known.
    how : {"minmax", "sum", "max"}
    bounds : pair of float or None
    less_is_more : bool

    Returns
    -------
    Scale

    Raises
    ------
    HazardgeoError
        If bounds are none, or a value is below 0 where shares are taken.
    """
    if bounds is not None:
        low, high = _bounds(values.name, bounds)
        return Scale("bounds", high, low) if less_is_more else Scale("bounds", low, high)
    known = values.to_numpy()[values.notna().to_numpy()]
    if how != "minmax" and (known < 0).any():
        wrong = values.index[(values < 0).to_numpy()]
        raise HazardgeoError(f"{values.name}: below 0 at {named(wrong)}, of which scaling={how!r} can make no share.")
    if not len(known) or known.min() == known.max():
        return Scale(how, math.nan, math.nan)
    low = float(known.min()) if how == "minmax" else 0.0
    high = math.fsum(known) if how == "sum" else float(known.max())
    scale = Scale(how, high, low) if less_is_more else Scale(how, low, high)
    seen = scale.of(known)
    return Scale(how, scale.at_0, scale.at_1, float(seen.min()), float(seen.max()))


def _bounds(name: Any, bounds: Any) -> tuple[float, float]:
    try:
        low, high = (float(bound) for bound in bounds)
    except (TypeError, ValueError):
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise HazardgeoError(f"bounds of {name} are {bounds!r}. Give two numbers, the lower first.")
    return low, high


def refuse_scaling(how: str) -> None:
    """Refuse a scaling that there is not.

    Raises
    ------
    HazardgeoError
        With those there are.
    """
    if how not in SCALINGS:
        raise HazardgeoError(f"scaling={how!r} is not known. Give one of {', '.join(SCALINGS)}, or bounds.")
