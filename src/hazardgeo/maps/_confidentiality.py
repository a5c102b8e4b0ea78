"""How far the records on a page may travel, as their registers state it: the strictest level, in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hazardgeo.maps import _text
from hazardgeo.measure import counted
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd

LEVELS = (
    ("public", "unclassified", "unrestricted", "open"),
    ("partner", "partners", "shared"),
    ("restricted", "limited", "internal", "official use only"),
    ("confidential",),
    ("strictly confidential", "secret", "top secret"),
)
"""Words for how far a record may travel, from the widest circle to the narrowest; words of one row rank alike."""
LEVELS_SOURCE = Source("hazardgeo: an order of words in common use; no register was seen to publish one", Grade.ASSUMED)
_COLUMN = "confidentiality"


_QUOTED = 3


def confidentiality_line(frames: Iterable[gpd.GeoDataFrame | None]) -> str:
    """Say the strictest level that any record states; empty where no record states one.

    A wording that is not known is quoted: it may be the strictest of all, so no known one is put above it.

    Examples
    --------
    >>> import pandas as pd
    >>> confidentiality_line([pd.DataFrame({"confidentiality": ["public", "internal", "public", None]})])
    'Confidentiality: INTERNAL, the strictest level stated (1 of 4 records; others: public 2, not stated 1).'
    >>> confidentiality_line([pd.DataFrame({"confidentiality": ["may be shared", "may be shared"]})])
    'Confidentiality as stated: “may be shared” (2 records).'
    >>> confidentiality_line([pd.DataFrame({"register": ["A"]})])
    ''
    """
    stated = [_plain(_text.cell(value)) for frame in frames if frame is not None for value in _values(frame)]
    counts = Counter(stated)
    words = [word for word in counts if word != _text.UNSTATED]
    if not words:
        return ""
    unknown = sorted((word for word in words if _rank(word) is None), key=lambda word: (-counts[word], word))
    if unknown:
        return _as_stated(counts, unknown)
    highest = _by_rank(counts)[0][0]
    if len(counts) == 1:
        return f"Confidentiality: {highest.upper()} ({counted(len(stated), 'record', 'records')})."
    others = ", ".join(f"{word} {count}" for word, count in _by_rank(counts) if word != highest)
    of_all = f"{counts[highest]} of {counted(len(stated), 'record', 'records')}"
    return f"Confidentiality: {highest.upper()}, {_STRICTEST} ({of_all}; others: {others})."


def order_line(line: str) -> str:
    """Say by which order the strictest level was found, where a page claims one."""
    return f"Order of the levels of confidentiality: {LEVELS_SOURCE.label}." if _STRICTEST in line else ""


_STRICTEST = "the strictest level stated"


def _values(frame: gpd.GeoDataFrame) -> Sequence[object]:
    return list(frame[_COLUMN]) if _COLUMN in frame.columns else [None] * len(frame)


def _plain(word: str) -> str:
    """One spelling of a known level; any other wording as it stands."""
    plain = " ".join(word.casefold().replace("_", " ").replace("-", " ").split())
    return plain if _rank(plain) is not None else word


def _rank(word: str) -> int | None:
    return next((rank for rank, row in enumerate(LEVELS) if word in row), None)


def _by_rank(counts: Counter[str]) -> list[tuple[str, int]]:
    """Give the words with their counts, the strictest first and what is not stated last."""
    ranks = {word: rank if (rank := _rank(word)) is not None else -1 for word in counts}
    return sorted(counts.items(), key=lambda pair: (-ranks[pair[0]], pair[0]))


def _as_stated(counts: Counter[str], unknown: list[str]) -> str:
    quoted = [f"“{word}” ({counted(counts[word], 'record', 'records')})" for word in unknown[:_QUOTED]]
    more = [f"{len(unknown) - _QUOTED} other wordings"] if len(unknown) > _QUOTED else []
    known = [f"{word} ({count})" for word, count in _by_rank(counts) if word not in unknown]
    strictest = " Keep to the strictest of them." if len(unknown) + len(known) > 1 else ""
    return f"Confidentiality as stated: {', '.join([*quoted, *more, *known])}.{strictest}"
