"""The words of a column, whatever stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.schema._columns import UNSTATED

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.vocabulary import Vocabulary


def texts_of(records: pd.DataFrame, name: str) -> NDArray[np.object_]:
    """Words of a column, empty text where a record has none."""
    values = records[name] if name in records.columns else [""] * len(records)
    return np.array([value if isinstance(value, str) else "" for value in values], dtype=object)


def words_of(records: pd.DataFrame, vocabulary: Vocabulary) -> NDArray[np.object_]:
    """The words of a column; *unstated* where there is none, or one that the vocabulary does not know."""
    words = texts_of(records, vocabulary.name)
    return np.where(np.isin(words, vocabulary.words), words, UNSTATED).astype(object)
