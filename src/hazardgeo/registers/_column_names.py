"""Names of columns as a format can hold them: none lost, none that could be taken for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hazardgeo.schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_OURS = {name for schema in SCHEMAS.values() for name in (schema.index, *(column.name for column in schema.columns))}


def fitting_names(names: Sequence[str], longest: int | None, taken: Iterable[str] = ()) -> list[str]:
    """Give every column a name that fits, one for one, capitals or not.

    Parameters
    ----------
    names : sequence of str
    longest : int or None
        How many bytes (UTF-8) a name may have.
    taken : iterable of str
        Names that mean something else in the format.

    Returns
    -------
    list of str
        A name that is changed is never a name of the schema, nor one that such a name is cut to: it would be read as that
        column.

    Examples
    --------
    >>> fitting_names(["classification_old", "classification", "Source", "source"], 10)
    ['classifi_1', 'classifica', 'Source_1', 'source']
    """
    owner = {_fit(name, longest).casefold(): name for name in sorted(_OURS)}
    used = {name.casefold() for name in taken}
    new: dict[int, str] = {}
    # Names of the schema choose first, then those that fit as they are.
    for at in sorted(range(len(names)), key=lambda i: (names[i] not in _OURS, _fit(names[i], longest) != names[i], i)):
        name, number = _fit(names[at], longest), 0
        while name.casefold() in used or owner.get(name.casefold(), names[at]).casefold() != names[at].casefold():
            number += 1
            name = _fit(names[at], longest, ending=f"_{number}")
        used.add(name.casefold())
        new[at] = name
    return [new[at] for at in range(len(names))]


def _fit(name: str, longest: int | None, ending: str = "") -> str:
    name = "".join(sign if sign.isprintable() else "_" for sign in name).strip() or "column"
    return (name if longest is None else shortened(name, longest - len(ending)).strip()) + ending


def shortened(text: str, longest: int) -> str:
    """The beginning of a text that has at most so many bytes, no letter cut apart.

    Examples
    --------
    >>> shortened("međa", 3)
    'me'
    """
    return text.encode("utf-8")[:longest].decode("utf-8", "ignore")
