"""A ranking with what is needed to check it: how each criterion was laid out, sentences, and a workbook."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting import Figure, Table, write_workbook
from hazardgeo.accounting._tables._table import each
from hazardgeo.measure import counted
from hazardgeo.priority._inputs import ADDED

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

SAYS_NOT = (
    "A late rank says that others come first by these figures. It says nothing of what is in the ground, and not that a hazard "
    "can wait."
)
_HEADS = {
    "listed": "listed",
    "remark": "remark",
    "place": "place",
    "rank": "rank",
    "rank_best": "best rank",
    "rank_worst": "worst rank",
    "score": "score",
    "score_low": "score, low",
    "score_high": "score, high",
}
_SCORE_DECIMALS, _VALUE_DECIMALS = 4, 3
_FORMULA = (
    "Scaled value = (value − value at 0) / (value at 1 − value at 0), at least 0 and at most 1; all alike: 0.5. Contribution = "
    "scaled value × weight. Score = sum of the contributions."
)


@dataclass(frozen=True, eq=False)
class Ranking:
    """A ranking: `table` as `hazardgeo.rank` gives it, `criteria` with a row for each, and the sum of the weights as given.

    ``criteria`` by ``criterion``: ``weight_given``, ``weight`` (divided by the sum), ``more_urgent`` (*more* or *less*),
    ``scaling``, ``value_at_0`` and ``value_at_1`` (NaN where all known values are alike), and of the ranked hazards
    ``not_known`` and ``beyond_bounds`` (how many), ``all_alike``.
    """

    table: pd.DataFrame
    criteria: pd.DataFrame
    weights_sum: float

    @property
    def listed(self) -> pd.DataFrame:
        """The table in the order of the list: those with a place, then those that are listed apart."""
        first: pd.DataFrame = self.table.sort_values("place", kind="stable", na_position="last")
        return first

    @property
    def sentences(self) -> list[str]:
        """What there is to say of it."""
        of = self.table["listed"].value_counts()
        ranked, as_range, apart = (int(of.get(word, 0)) for word in ("ranked", "as a range", "apart"))
        hazards, criteria = (
            counted(ranked + as_range, "hazard", "hazards"),
            counted(len(self.criteria), "criterion", "criteria"),
        )
        lines = [
            f"{hazards} ranked by {criteria}; rank 1 is the most urgent by these. Weights as given sum to {self.weights_sum:g}; "
            "each is divided by that.",
        ]
        if as_range:
            lacking = self.criteria["not_known"][self.criteria["not_known"] > 0]
            which = ", ".join(f"{name} of {count}" for name, count in lacking.items())
            lines.append(
                f"Of {counted(as_range, 'hazard', 'hazards')} not every figure is known ({which}): score and rank are a range, "
                "and the place in the list is that of the highest score that may be."
            )
        alike = [str(name) for name in self.criteria.index[self.criteria["all_alike"]]]
        if alike and ranked + as_range:
            lines.append(f"All known values are alike, so that nothing is told apart, in: {', '.join(alike)}.")
        beyond = self.criteria["beyond_bounds"][self.criteria["beyond_bounds"] > 0]
        lines += [f"{name}: {count} beyond the bounds, counted as the bound." for name, count in beyond.items()]
        if apart:
            lines.append(f"Closed or handed over, and listed apart without a rank: {apart}.")
        return [*lines, SAYS_NOT]

    @property
    def tables(self) -> tuple[Table, Table]:
        """The list and how its criteria were laid out, as tables for a page or a file."""
        return _ranking_table(self), _criteria_table(self)

    def write(self, path: str | os.PathLike[str], *, about: Sequence[str] = ()) -> Path:
        """Write both tables as an Excel workbook: numbers as numbers, from which every score can be worked out again.

        Parameters
        ----------
        path : str or path
            ``.xlsx``; what stands there is replaced when the new file is whole.
        about : sequence of str
            What its first sheet says besides: files, dates, who set the weights.

        Returns
        -------
        pathlib.Path
            `path`.

        Raises
        ------
        FormatError
            If the ending is another, or the extra *excel* is not installed.
        StorageError
            If it cannot be written; what stood there is untouched.
        """
        return write_workbook(self.tables, path, about=about)


def _ranking_table(ranking: Ranking) -> Table:
    names = [str(name) for name in ranking.criteria.index]
    wholly = {name for name in names if _is_whole(ranking.table[name])}
    heads = _HEADS | {name: name for name in _columns_of(names)}
    frame = ranking.listed
    columns = [[_cell(value, name, wholly) for value in frame[name].tolist()] for name in heads]
    rows = tuple(zip(map(str, frame.index), *columns, strict=True))
    lines = [*ranking.sentences, _FORMULA]
    return Table(
        "Hazards by rank", ("Hazard", *heads.values()), rows, words=3, note="\n".join(lines),
        columns=("hazard_id", *heads), name="Ranking",
    )  # fmt: skip


def _columns_of(names: Sequence[str]) -> list[str]:
    return [column for name in names for column in (name, *(f"{name}_{word}" for word in ADDED))]


def _is_whole(values: pd.Series[Any]) -> bool:
    return bool((values.dropna() % 1 == 0).all())


def _cell(value: Any, name: str, wholly: set[str]) -> str | Figure:
    import pandas as pd

    if isinstance(value, str):
        return value
    if pd.isna(value):
        return Figure(math.nan)
    if isinstance(value, int) or name in wholly:
        return Figure(int(value))
    is_score = name.startswith("score") or name.endswith(ADDED)
    return Figure(float(value), _SCORE_DECIMALS if is_score else _VALUE_DECIMALS)


def _criteria_table(ranking: Ranking) -> Table:
    rows = tuple(
        (
            str(row.Index),
            str(row.more_urgent),
            str(row.scaling),
            "yes" if row.all_alike else "",
            _plain(row.weight_given),
            Figure(row.weight, _SCORE_DECIMALS),
            _plain(row.value_at_0),
            _plain(row.value_at_1),
            Figure(int(row.not_known)),
            Figure(int(row.beyond_bounds)),
        )
        for row in each(ranking.criteria)
    )
    return Table(
        "Criteria and weights",
        ("Criterion", "more urgent", "scaling", "all alike", "weight as given", "weight", "value at 0", "value at 1", "not known",
         "beyond the bounds"),
        rows,
        words=4,
        note=f"Weights as given sum to {_plain(ranking.weights_sum)}.\n{_FORMULA}",
        name="Criteria",
    )  # fmt: skip


def _plain(value: float) -> Figure:
    """A whole number as one."""
    return (
        Figure(value, 0 if value == round(value, 0) else _VALUE_DECIMALS) if math.isfinite(value) else Figure(math.nan)
    )
