"""Names and words that are written a little differently, recognised as the same."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hazardgeo.schema import Schema


def fold(text: str) -> str:
    """A word without its capitals, the spaces around it, and the ways in which an accent can be encoded.

    Examples
    --------
    >>> fold(" Open ") == fold("open")
    True
    """
    return unicodedata.normalize("NFC", text.strip().casefold())


def match_columns(columns: Iterable[str], schema: Schema) -> dict[str, str]:
    """Find the columns that are named as ours but for capitals, spaces, dashes or dots.

    Parameters
    ----------
    columns : iterable of str
        As they are named in the file.
    schema : Schema

    Returns
    -------
    dict of str to str
        Ours to theirs. Where several could be meant, the one that is written exactly as ours is, or else none.

    Examples
    --------
    >>> from hazardgeo.schema import HAZARDS
    >>> match_columns(["Hazard ID", "WORK-STATUS", "remark"], HAZARDS)
    {'hazard_id': 'Hazard ID', 'work_status': 'WORK-STATUS'}
    >>> match_columns(["Hazard ID", "HAZARD-ID"], HAZARDS)
    {}
    """
    candidates: dict[str, list[str]] = {}
    for name in columns:
        candidates.setdefault(re.sub(r"[\s._-]+", "_", fold(name)).strip("_"), []).append(name)
    found = {}
    for ours in (schema.index, *(column.name for column in schema.columns)):
        theirs = candidates.get(ours, [])
        if ours in theirs:
            found[ours] = ours
        elif len(theirs) == 1:
            found[ours] = theirs[0]
    return found
