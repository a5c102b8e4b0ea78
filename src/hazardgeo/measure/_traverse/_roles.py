"""What a point of a traverse is, in the words of IMSMA."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hazardgeo.errors import HazardgeoError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

# The perimeter is made of the first; a reference point, also called landmark, and a benchmark lie outside of it
# (IMSMA wiki, "Point Types").
CORNERS = frozenset({"start point", "datum point", "turning point", "intermediate point", "end point"})
OUTSIDE = frozenset({"reference point", "landmark", "benchmark"})
FEWEST_CORNERS = 3
_SHORT = {
    "lm": "landmark",
    "rp": "reference point",
    "bm": "benchmark",
    "sp": "start point",
    "tp": "turning point",
    "ip": "intermediate point",
    "ep": "end point",
}
_SHORT_TYPE = re.compile(rf"({'|'.join(_SHORT)})[ .-]*\d{{0,4}}", re.ASCII)


def point_type(word: str, known: Collection[str] = ()) -> str:
    """Write out what a point is said to be, where it stands as in a field book.

    Parameters
    ----------
    word : str
        In small letters, such as ``tp1``.
    known : collection of str
        Words that somebody gave a meaning; they stay as they are, such as ``tp``.

    Returns
    -------
    str
        The word of IMSMA; the word itself where it is no such abbreviation.

    Examples
    --------
    >>> point_type("tp1"), point_type("tp1", {"tp"}), point_type("corner")
    ('turning point', 'tp', 'corner')
    """
    found = _SHORT_TYPE.fullmatch(word)
    if word in known or not found:
        return word
    return found[1] if found[1] in known else _SHORT[found[1]]


def roles_of(names: Sequence[str], given: Mapping[str, str]) -> list[str]:
    """Say what each point is: the first corner is the start point unless another is given, the others turn.

    Raises
    ------
    HazardgeoError
        If a word is none of IMSMA's, or speaks of a point that no leg has.

    Examples
    --------
    >>> roles_of(["LM", "A", "B"], {"LM": "landmark"})
    ['landmark', 'start point', 'turning point']
    """
    if lost := [name for name in given if name not in names]:
        raise HazardgeoError(
            f"roles= names {lost[0]!r}, and no leg has such a point. The points are {', '.join(names)}."
        )
    words = {name: " ".join(word.casefold().replace("_", " ").split()) for name, word in given.items()}
    for name, word in words.items():
        if word not in CORNERS | OUTSIDE:
            listed = ", ".join(sorted(CORNERS | OUTSIDE))
            raise HazardgeoError(f"roles= says that {name!r} is a {given[name]!r}. Use one of {listed}.")
    roles = [words.get(name, "turning point") for name in names]
    first = next((i for i, name in enumerate(names) if name not in words), None)
    if first is not None and not {"start point", "datum point"} & set(roles):
        roles[first] = "start point"
    return roles
