"""Columns of a frame in words: each text once, and which of them each record has."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.maps import _text
from hazardgeo.measure import print_area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd
    from numpy.typing import NDArray

NONE = -1
"""Code of a record that has nothing in a column."""


@dataclass(frozen=True)
class Words:
    """Texts, and for each record the place of its own among them."""

    codes: NDArray[np.int32]
    texts: tuple[str, ...]

    def of(self, place: int) -> str | None:
        """Give the text of one record; None where it has none."""
        code = self.codes[place]
        return None if code == NONE else self.texts[code]

    def all(self) -> list[str]:
        """Give the text of each record, of a column in which all have one."""
        return np.array(self.texts, dtype=object)[self.codes].tolist() if len(self.texts) else []

    def retold(self, tell: Callable[[str], str]) -> Words:
        """Say the same in other words, each text once."""
        return Words(self.codes, tuple(map(tell, self.texts)))


@dataclass(frozen=True)
class Areas:
    """Areas [m²], told in all units when they are asked for."""

    m2: NDArray[np.float64]
    stated: NDArray[np.bool_]
    """Which records have one to tell of; it may be one that was not measured."""

    def of(self, place: int) -> str | None:
        """Give the words of one record; None where it has none."""
        return print_area(self.m2[place]) if self.stated[place] else None


def cells(column: pd.Series[Any]) -> list[Any]:
    """Give the cells of a column as they are; by an array, which takes a tenth of the time of iterating over it."""
    values: list[Any] = column.to_numpy(dtype=object).tolist()
    return values


def words_of(values: Iterable[Any]) -> Words:
    """Write the cells of a column, equal ones once.

    Examples
    --------
    >>> made = words_of(["AP", None, "AP", True, 1])
    >>> made.texts, made.codes.tolist()
    (('AP', 'not stated', 'True', '1'), [0, 1, 0, 2, 3])
    """
    known: dict[tuple[type, Any], int] = {}
    texts: dict[str, int] = {}
    codes = []
    for value in values:
        try:
            key = (type(value), value)  # with its type: True and 1 are equal, and read differently
            code = known.get(key)
        except TypeError:  # a list, say
            key, code = None, None
        if code is None:
            code = texts.setdefault(_text.cell(value), len(texts))
            if key is not None:
                known[key] = code
        codes.append(code)
    return Words(np.array(codes, dtype=np.int32), tuple(texts))


def words_by_place(texts: dict[int, str], count: int) -> Words:
    """Make a column of which only some records have something, given by their places.

    Examples
    --------
    >>> words_by_place({2: "near"}, 3).codes.tolist()
    [-1, -1, 0]
    """
    codes = np.full(count, NONE, dtype=np.int32)
    places = {text: code for code, text in enumerate(dict.fromkeys(texts.values()))}
    for place, text in texts.items():
        codes[place] = places[text]
    return Words(codes, tuple(places))


def areas_of(values: Iterable[Any]) -> Areas:
    """Take a column of areas [m²]; what is no number is left out."""
    m2 = np.array([_number(value) for value in values], dtype=np.float64)
    return Areas(m2, ~np.isnan(m2))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan
