"""Stretches of a border to visit: what is said of each, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.borders._along._opposite import line_of
from hazardgeo.borders._twice._overlaps import at_or_none
from hazardgeo.crs import WGS84
from hazardgeo.overlay import sliver_m, vertex_sd
from hazardgeo.registers._rules._rings import length_text
from hazardgeo.schema import texts_of, words_of
from hazardgeo.vocabulary import CLASSIFICATION, WORK_STATUS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders._along._registers import Registers

KINDS = ("nothing_opposite", "one_ends", "both_end")
"""From what a joint survey should visit first."""
_COLUMNS = (
    "register_a", "hazard_a", "register_b", "hazard_b", "kind", "stretch_m", "gap_m", "gap_least_m", "gap_most_m",
    "accuracy_m", "seam_m", "beyond_a_m", "beyond_b_m", "ends_a", "ends_b", "cut_a", "cut_b",
    "class_a", "class_b", "status_a", "status_b",
    "pair", "border", "offset_95_m", "across_m", "priority", "why", "geometry",
)  # fmt: skip


def visits(registers: Registers, ends: pd.DataFrame, rows: pd.DataFrame, lines: list[pd.DataFrame]) -> gpd.GeoDataFrame:
    """Give the rows their words and their order.

    Parameters
    ----------
    registers : Registers
    ends : pandas.DataFrame
        Each hazard that ends at a line, by position, with ``cut``.
    rows : pandas.DataFrame
        ``at_a``, ``at_b`` (positions, -1 where nothing lies opposite), ``version``, ``steps``, what was measured, geometry.
    lines : list of pandas.DataFrame
        The lines of each version.
    """
    import geopandas as gpd

    in_a, in_b = rows["at_a"].to_numpy(dtype=np.intp), rows["at_b"].to_numpy(dtype=np.intp)
    every_sd = np.append(registers.each(lambda frame: vertex_sd(frame)[0]), np.nan)
    seam, both, cut = np.full(len(rows), np.nan), (in_a >= 0) & (in_b >= 0), ends.index[ends["cut"]]
    seam[both] = registers.seams_m(in_a[both], in_b[both])
    along = [lines[v].iloc[line_of(steps[0])] for v, steps in zip(rows["version"], rows["steps"], strict=True)]
    table = rows.assign(
        **_names(registers, in_a, in_b),
        ends_a=np.isin(in_a, ends.index),
        ends_b=np.isin(in_b, ends.index),
        cut_a=np.isin(in_a, cut),
        cut_b=np.isin(in_b, cut),
        accuracy_m=np.hypot(sliver_m(every_sd[in_a], every_sd[in_b]), np.nan_to_num(seam)),
        seam_m=seam,
        pair=[f"{line.country_a}-{line.country_b}" for line in along],
        offset_95_m=[float(line.offset_95_m) for line in along],
    )
    table = table.assign(kind=_kinds(table))
    table = _first_to_visit(table.assign(why=[_why(row) for row in table.itertuples()]))
    return gpd.GeoDataFrame(table[list(_COLUMNS)], geometry="geometry", crs=WGS84)


def _names(registers: Registers, in_a: NDArray[np.intp], in_b: NDArray[np.intp]) -> dict[str, NDArray[np.object_]]:
    """Register, id, class and status of both members of each pair; missing where a pair has only one."""
    what = {
        "register": lambda frame: texts_of(frame, "register"),
        "hazard": lambda frame: frame.index.to_numpy(dtype=object),
        "class": lambda frame: words_of(frame, CLASSIFICATION),
        "status": lambda frame: words_of(frame, WORK_STATUS),
    }
    every = {name: registers.each(values) for name, values in what.items()}
    return {f"{name}_{side}": at_or_none(values, at) for name, values in every.items()
            for side, at in (("a", in_a), ("b", in_b))}  # fmt: skip


def _kinds(table: pd.DataFrame) -> NDArray[np.object_]:
    lacking = table["hazard_a"].isna() | table["hazard_b"].isna()
    return np.select([lacking, table["ends_a"] & table["ends_b"]], [KINDS[0], KINDS[2]], KINDS[1]).astype(object)


def _first_to_visit(table: pd.DataFrame) -> pd.DataFrame:
    ids = [" ".join(sorted(map(str, pair))) for pair in zip(table["hazard_a"], table["hazard_b"], strict=True)]
    rank = table.assign(
        uncut=~(table["cut_a"] | table["cut_b"]),
        kind=table["kind"].map(KINDS.index),
        stretch_m=-table["stretch_m"].round(1),
        ids=ids,
    )
    order = rank.sort_values(["uncut", "kind", "stretch_m", "ids"]).index
    return table.loc[order].reset_index(drop=True).assign(priority=np.arange(1, len(table) + 1))


def _why(row: Any) -> str:
    length, line = length_text(row.stretch_m), row.pair.replace("-", "–")
    cut = " Its outline runs on the line as drawn: it was cut there." if row.cut_a or row.cut_b else ""
    if row.kind == KINDS[0]:
        name = row.hazard_a if row.at_b < 0 else row.hazard_b
        return f"{name} ends at {line} for {length}, and no other register has anything opposite.{cut}"
    apart = f"{length_text(row.gap_m)} apart" if row.gap_m > 0 else f"overlapping by {length_text(-row.gap_m)}"
    same = ", which is no more than both outlines may be off" if abs(row.gap_m) <= row.accuracy_m else ""
    ends = {KINDS[1]: "one of the two ends", KINDS[2]: "both end"}[row.kind]
    cut = cut.replace("Its outline runs", "An outline runs")
    return (
        f"{row.hazard_a} and {row.hazard_b} face each other over {length} of {line}, {apart}{same}; {ends} there.{cut}"
    )
