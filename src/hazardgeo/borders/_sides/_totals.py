"""Totals over many hazards: lines are neither off the same way everywhere nor off by chance at each hazard."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.borders._line._field import Places
from hazardgeo.borders._sides._rare import rare_total_m2
from hazardgeo.constants import NORMAL_95
from hazardgeo.errors import BorderError, named

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

_AREAS = ["area_low_m2", "area_m2", "area_high_m2"]
_OF_LINE = ["line_longitude", "line_latitude", "line_sd_m", "datum_sd_m", "common_share", "correlation_km"]
_BEYOND = ["across", "beyond_chance", "beyond_mean_m2", "beyond_sd_m2"]
_NEEDED = ["hazard_id", "side", *_AREAS, "half_width_m", "area_mean_m2", "area_sd_m2", "line", *_OF_LINE, *_BEYOND]
FITTED, FULLY = "fitted", "fully correlated"
_AREAS_OF_TOTALS = [*_AREAS, "independent_low_m2", "independent_high_m2", "correlated_low_m2", "correlated_high_m2"]


def side_totals(sides: pd.DataFrame, *others: pd.DataFrame) -> pd.DataFrame:
    """Sum splits by side, with the range in which each total lies at 95 %.

    The range in the first columns takes the lines' errors to go along as their fitted fields say. Beside it stand the two ends of
    what could be: errors that have nothing to do with each other, and errors that are the same everywhere. Ground that two
    records cover counts twice.

    Parameters
    ----------
    sides : pandas.DataFrame
        As `split_by_country` gives it, or some of its rows (those of open ground, say).
    *others : pandas.DataFrame
        The same hazards split by other versions of the border: each range then spans those of all versions.

    Returns
    -------
    pandas.DataFrame
        Index ``side``: ``hazards`` (how many lie or may lie there by any version), ``area_low_m2``, ``area_m2`` (of the
        first version), ``area_high_m2``, ``independent_low_m2``, ``independent_high_m2``, ``correlated_low_m2``,
        ``correlated_high_m2`` [m²], and ``correlation``: ``fitted``, or ``fully correlated`` where a line that matters
        states no field, so that its error is taken to be the same everywhere.

    Raises
    ------
    BorderError
        If one of them is no such table, or of other hazards.

    Notes
    -----
    With a, b the hazards' distances from best down to low and up to high, m and s the expected area and its standard
    deviation, R the correlation of the displacements, and sums over hazards:

    low = min(Σ best − √(aᵀRa), Σ m − 1.96 √(sᵀRs)), not below Σ low; high likewise with b. R = 1 gives Σ low and Σ high.
    R of two hazards is the line's share of both variances times κ + (1 − κ) exp(−d/L), κ the common share (for one pair),
    d the distance between their places on the line, L the correlation length; what the way to WGS 84 adds is common to all,
    what the outline adds is each hazard's own.

    Each record beyond the band is decided; of many, a few lie across the line after all. What they may be, at 97.5 %, is taken
    from a gamma variable with the mean and the standard deviation of their rare losses, where any loss is not rarer than 2.5 %;
    it joins the range by the root of the sum of squares. So a side on which no record lies may have a total. The widest range
    is never narrower than the fitted one.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> border = hz.borders.read(hz.sample_data("demarcated_border.gpkg"))
    >>> totals = side_totals(hz.borders.split_by_country(hazards, border))
    >>> bool((totals["correlated_low_m2"] <= totals["area_low_m2"]).all())
    True
    """
    import pandas as pd

    versions = (sides, *others)
    for version in versions:
        _refuse_other(version)
    _refuse_other_hazards(versions)
    tables = [_totals(version) for version in versions]
    found = pd.concat([version[["hazard_id", "side"]] for version in versions]).drop_duplicates().groupby("side").size()
    found = found.reindex(sorted({side for table in tables for side in table.index}), fill_value=0).rename_axis("side")
    # A side that a version does not know has no ground by that version.
    tables = [table.reindex(found.index, fill_value=0.0) for table in tables]
    stacked = pd.concat([table[_AREAS_OF_TOTALS] for table in tables]).groupby(level=0)
    low, high = stacked.min(), stacked.max()
    totals = pd.DataFrame({name: (low if "low" in name else high)[name] for name in _AREAS_OF_TOTALS})
    totals["area_m2"] = tables[0]["area_m2"]
    totals.insert(0, "hazards", found)
    unknown = np.any([table["unknown"] > 0 for table in tables], axis=0)
    return totals.assign(correlation=np.where(unknown, FULLY, FITTED))


def _refuse_other(sides: pd.DataFrame) -> None:
    missing = [name for name in _NEEDED if name not in sides.columns]
    if missing:
        raise BorderError(
            f"This is no table of hazards by side: it has no column {missing[0]!r}. Give what split_by_country gives, whole or "
            "some of its rows."
        )


def _refuse_other_hazards(versions: tuple[pd.DataFrame, ...]) -> None:
    every = [set(version["hazard_id"]) for version in versions]
    for number, ids in enumerate(every[1:], start=2):
        if other := sorted(map(str, ids ^ every[0])):
            raise BorderError(
                f"Tables 1 and {number} are not of the same hazards: {named(other)} stand in one of them. Ranges of different "
                "ground cannot be put together; split the same hazards by both versions, and keep the same of them in both."
            )


def _totals(sides: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    # A side on which no record lies, but some may after all, has a total too.
    names = sorted({*sides["side"], *sides["across"]} - {""})
    rows = [_total(sides[sides["side"] == name], sides[sides["across"] == name]) for name in names]
    columns = [*_AREAS_OF_TOTALS, "unknown"]
    totals = pd.DataFrame(rows, index=pd.Index(names, name="side"), columns=columns, dtype=float)
    return totals[totals.index.isin(sides["side"]) | (totals["area_high_m2"] > 0)]


def _total(of_side: pd.DataFrame, across: pd.DataFrame) -> list[float]:
    """Fitted, independent and fully correlated range of one side, and how many rows had no field."""
    measured = of_side[of_side["area_m2"].notna()]
    if measured.empty and across.empty:
        return [np.nan] * len(_AREAS_OF_TOTALS) + [0.0]
    unsure = measured[measured["area_high_m2"] > measured["area_low_m2"]]
    sums = measured[_AREAS].sum().to_numpy()
    shift = float((unsure["area_mean_m2"] - unsure["area_m2"]).sum())
    low, best, high = unsure[_AREAS].to_numpy(dtype=float).T
    amounts = np.column_stack([best - low, high - best, NORMAL_95.value * unsure["area_sd_m2"]])
    places = _places(unsure)
    lost, won = measured[measured["beyond_chance"] > 0], across
    alone = _wider(
        _range(sums, shift, np.sqrt((amounts**2).sum(axis=0))), sums, _rare(lost, _by_itself), _rare(won, _by_itself)
    )
    fitted = _wider(
        _range(sums, shift, places.spread(amounts)), sums, _rare(lost, Places.spread), _rare(won, Places.spread)
    )
    fitted = min(fitted[0], alone[0]), max(fitted[1], alone[1])
    widest = min(float(sums[0]), fitted[0]), max(float(sums[2]), fitted[1])
    unknown = float(np.count_nonzero(~places.stated))
    return [fitted[0], float(sums[1]), fitted[1], *alone, *widest, unknown]


def _range(sums: NDArray[Any], shift: float, spread: NDArray[Any]) -> tuple[float, float]:
    low, best, high = sums.tolist()
    down, up, both = spread.tolist()
    return (
        max(low, min(best - down, best + shift - both)),
        min(high, max(best + up, best + shift + both)),
    )


def _wider(within: tuple[float, float], sums: NDArray[Any], lost_m2: float, won_m2: float) -> tuple[float, float]:
    """The range with what may be lost and won of ground beyond the band, which errs independently of that within."""
    best = float(sums[1])
    return max(0.0, best - math.hypot(best - within[0], lost_m2)), best + math.hypot(within[1] - best, won_m2)


def _rare(rows: pd.DataFrame, spread: Callable[[Places, NDArray[np.float64]], NDArray[np.float64]]) -> float:
    """What may change sides of the ground of records that are each decided."""
    if rows.empty:
        return 0.0
    chances = rows["beyond_chance"].to_numpy(dtype=float)
    amounts = np.column_stack([rows["beyond_sd_m2"].to_numpy(dtype=float), chances])
    sd, together = spread(_places(rows), amounts).tolist()
    # Of records that are off together, any is as rare as one: the sum of chances is that of so many as err by themselves.
    chance = float(chances.mean() * (chances.sum() / together) ** 2)
    return rare_total_m2(float(rows["beyond_mean_m2"].sum()), sd, chance)


def _by_itself(_: Places, amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.sqrt((amounts**2).sum(axis=0)))


def _places(unsure: pd.DataFrame) -> Places:
    sd = unsure["half_width_m"].to_numpy(dtype=float) / NORMAL_95.value
    column = {name: unsure[name].to_numpy(dtype=float) for name in _OF_LINE}
    return Places(
        np.unique(unsure["line"].to_numpy(dtype=str), return_inverse=True)[1],
        np.column_stack([column["line_longitude"], column["line_latitude"]]),
        column["common_share"],
        column["correlation_km"],
        column["line_sd_m"] / sd,
        column["datum_sd_m"] / sd,
    )
