"""What lies opposite an outline that ends at a line: looked up along the line, a few metres at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._along._facing import BENDS_M, STEP_M

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders._along._facing import Facing

_SPAN = 10**8  # steps; more than any line is long
_HAIR_M = 1e-3


def fronts(seen: Facing) -> pd.DataFrame:
    """For each hazard and each step along the line, the piece of its outline that is furthest ahead.

    Columns of `Facing.pieces`, and ``step``; ``covers_m`` is how much of the step the hazard faces, at most all of it;
    ``from_m`` and ``to_m`` bound what it faces of the line as drawn.
    """
    pieces = _per_step(seen.pieces).sort_values(["hazard", "step", "ahead_m", "beyond_m"], kind="stable")
    by = ["hazard", "step"]
    front = pieces.drop_duplicates(by, keep="last").set_index(by)
    groups = pieces.groupby(by)
    bounds = groups.agg(covers_m=("covers_m", "sum"), from_m=("from_m", "min"), to_m=("to_m", "max"))
    return front.assign(covers_m=bounds["covers_m"].clip(upper=STEP_M), **bounds[["from_m", "to_m"]]).reset_index()


def _per_step(pieces: pd.DataFrame) -> pd.DataFrame:
    """Pieces, those that lie over the edge of a step in two."""
    half = pieces["covers_m"].to_numpy() / 2
    start, end = (pieces["place_m"].to_numpy() + side * half for side in (-1, 1))
    first, last = np.floor(start / STEP_M).astype(np.int64), np.floor(end / STEP_M).astype(np.int64)
    count = last - first + 1
    row = np.repeat(np.arange(len(pieces)), count)
    step = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    low, high = np.maximum(start[row], step * STEP_M), np.minimum(end[row], (step + 1) * STEP_M)
    drawn = (pieces["along_m"] - pieces["place_m"]).to_numpy()[row]
    table = pieces.iloc[row].assign(
        step=pieces["line"].to_numpy()[row] * _SPAN + step, covers_m=high - low, from_m=low + drawn, to_m=high + drawn
    )
    some: pd.DataFrame = table[high > low]
    return some


def foremost(front: pd.DataFrame) -> pd.Series[bool]:
    """Whether no other hazard of the same register, on the same side, is further ahead at that step."""
    first: pd.Series[bool] = front["ahead_m"] == front.groupby(["step", "second", "register"])["ahead_m"].transform(
        "max"
    )
    return first


def opposite(
    front: pd.DataFrame, ending: pd.DataFrame, allowed_m: Callable[[NDArray[np.intp], NDArray[np.intp]], Any]
) -> pd.DataFrame:
    """For each step at which a hazard ends, the hazard of another register that is met first across the line.

    Parameters
    ----------
    front : pandas.DataFrame
        As `fronts` gives it, with ``register`` (its number).
    ending : pandas.DataFrame
        The rows of it at which a hazard ends.
    allowed_m : callable
        How far apart two hazards may end and still be opposite, for arrays of positions of both.

    Returns
    -------
    pandas.DataFrame
        ``step``, ``hazard``, ``other``, ``gap_m`` (negative where they overlap), ``covers_m`` (of the step, by both),
        ``beyond_m``, ``beyond_other_m``.
    """
    names = ["step", "hazard", "second", "register", "ahead_m", "beyond_m", "covers_m"]
    other = front[names].assign(second=~front["second"])
    met = ending[names].merge(other, on=["step", "second"], suffixes=("", "_other"))
    met = met[met["register"] != met["register_other"]]
    met = met.assign(gap_m=-(met["ahead_m"] + met["ahead_m_other"]), covers_m=met[_COVERS].min(axis=1))
    near = met["gap_m"].to_numpy() <= allowed_m(met["hazard"].to_numpy(), met["hazard_other"].to_numpy())
    met = met[near].sort_values(["hazard", "step", "gap_m", "hazard_other"]).drop_duplicates(["hazard", "step"])
    first: pd.DataFrame = met.rename(columns={"hazard_other": "other", "beyond_m_other": "beyond_other_m"})[list(_MET)]
    return first


_COVERS = ["covers_m", "covers_m_other"]
_MET = ("step", "hazard", "other", "gap_m", "covers_m", "beyond_m", "beyond_other_m")


def pairs_of(met: pd.DataFrame) -> pd.DataFrame:
    """One row for each pair, over all the steps at which either meets the other.

    Columns ``at_a``, ``at_b`` (positions), ``stretch_m``, ``gap_m``, ``gap_least_m``, ``gap_most_m``, ``beyond_a_m``,
    ``beyond_b_m``, ``steps``.
    """
    turned = met["hazard"] > met["other"]  # a later register's hazards come after those of an earlier one
    one, other = met.assign(at_a=met["hazard"], at_b=met["other"]), met.assign(at_a=met["other"], at_b=met["hazard"])
    both = one.assign(beyond_a_m=met["beyond_m"], beyond_b_m=met["beyond_other_m"]).mask(
        turned, other.assign(beyond_a_m=met["beyond_other_m"], beyond_b_m=met["beyond_m"])
    )
    both = both.drop_duplicates(["at_a", "at_b", "step"])
    weighted = {name: both[name] * both["covers_m"] for name in _MEANS}
    groups = both.assign(**weighted).groupby(["at_a", "at_b"])
    table = groups[["covers_m", *_MEANS]].sum()
    table = table.assign(**{name: table[name] / table["covers_m"] for name in _MEANS})
    spread = both.groupby(["at_a", "at_b"])["gap_m"].agg(gap_least_m="min", gap_most_m="max")
    return table.join(spread).assign(steps=groups["step"].agg(list)).rename(columns=_STRETCH).reset_index()


_MEANS = ["gap_m", "beyond_a_m", "beyond_b_m"]
_STRETCH = {"covers_m": "stretch_m"}


def alone(ending: pd.DataFrame, met: pd.DataFrame, least_m: float) -> pd.DataFrame:
    """One row for each hazard that ends where nothing lies opposite: ``hazard``, ``stretch_m``, ``beyond_m``, ``steps``.

    Where a part of it has a counterpart, a rest shorter than `least_m` is no finding of its own.
    """
    by = ["hazard", "step"]
    shared = ending[by].merge(met[[*by, "covers_m"]], on=by, how="left")["covers_m"].to_numpy()
    rest = ending.assign(covers_m=ending["covers_m"] - np.nan_to_num(shared))
    rest = rest[rest["covers_m"] > _HAIR_M]
    groups = rest.assign(beyond_m=rest["beyond_m"] * rest["covers_m"]).groupby("hazard")
    table = groups[["covers_m", "beyond_m"]].sum()
    table = table.assign(beyond_m=table["beyond_m"] / table["covers_m"], steps=groups["step"].agg(list))
    keep = (table["covers_m"] >= least_m) | ~table.index.isin(met["hazard"])
    return table[keep].rename(columns=_STRETCH).reset_index()


def line_of(step: int) -> int:
    """Position of the line that a step lies along."""
    return step // _SPAN


def stretches_of(seen: Facing, front: pd.DataFrame, rows: list[tuple[Any, list[int]]]) -> Iterator[Any]:
    """For each row, given as hazards and steps, the border as drawn that these steps lie along."""
    hazard, step = front["hazard"].to_numpy(), front["step"].to_numpy()
    where = {key: k for k, key in enumerate(zip(hazard.tolist(), step.tolist(), strict=True))}
    line, start, end = (front[name].to_numpy() for name in ("line", "from_m", "to_m"))
    for hazards, steps in rows:
        at = np.array([where[key] for h in hazards for s in steps if (key := (h, s)) in where], dtype=np.intp)
        yield _drawn(seen, line[at], start[at], end[at])


def _drawn(seen: Facing, line: NDArray[np.intp], start: NDArray[np.float64], end: NDArray[np.float64]) -> Any:
    order = np.lexsort((start, line))
    line, start, end = line[order], start[order], end[order]
    # Pieces further apart than a bend is wide are stretches of their own.
    first = np.flatnonzero((np.diff(line, prepend=-1) != 0) | (np.diff(start, prepend=start[:1]) > BENDS_M))
    ends = np.maximum.reduceat(end, first)
    parts = [seen.course.stretch(int(line[k]), start[k], last) for k, last in zip(first, ends, strict=True)]
    return parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)
