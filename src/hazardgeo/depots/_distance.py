"""Safety distances from a table: what a quantity asks for, and what a distance allows."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.depots._table import DistanceTable, as_table, kinds_of
from hazardgeo.errors import HazardgeoError

if TYPE_CHECKING:
    import os

    import pandas as pd

    from hazardgeo.depots._table import Rule

_DIVISION = re.compile(r"\b(1\.[1-6](?:\.[1-9])?)(?:[A-L,NS]?\b)")


@dataclass(frozen=True)
class Stored:
    """What one building holds, as far as it is known; None and an empty tuple are *not stated*."""

    quantity_kg: float
    divisions: tuple[str, ...] = ()
    barricaded: bool | None = None
    projection: bool | None = None
    unread: str = ""
    """The register's words for the divisions, where they are none that are known."""


@dataclass(frozen=True)
class Asked:
    """The distance that one object asks for, by which rule, and what there is to say of it."""

    distance_m: float
    rule: Rule | None
    note: str = ""


def divisions_of(text: object) -> tuple[str, ...]:
    """Find the hazard divisions in a register's words, such as ``1.1D; 1.3``.

    Examples
    --------
    >>> divisions_of("HD 1.1D; 1.3")
    ('1.1', '1.3')
    """
    return tuple(dict.fromkeys(_DIVISION.findall(text))) if isinstance(text, str) else ()


def safety_distance_m(
    net_explosive_quantity_kg: Any,
    table: DistanceTable | str | os.PathLike[str] = "Finland",
    *,
    division: str = "",
    barricaded: bool | None = None,
    projection: bool | None = None,
) -> pd.DataFrame | pd.Series[float]:
    """Tell the safety distance that a table asks for, for each kind of object that is to be protected.

    Planning aid, not a licence: distances are from the edge of the storage building, and the authority of the country
    decides. Outside them people are not safe from everything: fragments fly further.

    Parameters
    ----------
    net_explosive_quantity_kg : float, sequence of float or pandas.Series
        Quantity in one building [kg], finite and not negative; NaN where it is not known.
    table : DistanceTable, str or path
        A table, the name of one that comes with the library, or a TOML file (`read_table`).
    division : str
        Hazard division or divisions, such as ``"1.1"`` or ``"1.1; 1.3"``. Without one, the largest distance of all
        divisions of the table is taken.
    barricaded, projection : bool, optional
        Whether there is a barricade, and whether fragments are thrown. Not stated: the larger distance is taken.

    Returns
    -------
    pandas.Series or pandas.DataFrame
        Distances [m] by object of the table: a Series for one quantity, a row a quantity for several. NaN where the
        quantity is not known, or the table has no rule for the division or for so large a quantity.

    Raises
    ------
    FormatError
        If the table cannot be read.
    HazardgeoError
        If a quantity is negative or infinite, or the division is in no known words.

    References
    ----------
    Tukes (Finnish Safety and Chemicals Agency), Separation distances: s = k·∛m.

    Examples
    --------
    >>> safety_distance_m(1000, "Finland", division="1.1").round(6).to_dict()
    {'A': 600.0, 'B': 300.0, 'C': 220.0, 'D': 150.0, 'E': 100.0}
    """
    import pandas as pd

    found = as_table(table)
    divisions = divisions_of(division)
    if division and not divisions:
        raise HazardgeoError(f"Hazard division {division!r} is not known. Write it as '1.1'.")
    quantities = np.atleast_1d(np.asarray(net_explosive_quantity_kg, dtype=float))
    refuse_quantities(quantities, range(len(quantities)))
    rows = [
        {code: distance(found, code, Stored(q, divisions, barricaded, projection)).distance_m for code in found.objects}
        for q in quantities.tolist()
    ]
    if np.ndim(net_explosive_quantity_kg) == 0:
        return pd.Series(rows[0], name="distance_m", dtype=float)
    return pd.DataFrame(rows, index=getattr(net_explosive_quantity_kg, "index", None), columns=list(found.objects))


def largest_quantity_kg(
    distance_m: float,
    protects: str,
    table: DistanceTable | str | os.PathLike[str] = "Finland",
    *,
    division: str = "",
    barricaded: bool | None = None,
    projection: bool | None = None,
) -> float:
    """Tell the largest net explosive quantity that may lie so far from an object by a table.

    Planning aid, not a licence.

    Parameters
    ----------
    distance_m : float
        From the edge of the storage building to the object [m].
    protects : str
        Object of the table.
    table : DistanceTable, str or path
    division : str
    barricaded, projection : bool, optional
        As in `safety_distance_m`; not stated, the smaller quantity is taken.

    Returns
    -------
    float
        Quantity [kg]: this and every smaller one ask for no more than the distance. At most what the table has rules for.

    Raises
    ------
    FormatError
        If the table cannot be read.
    HazardgeoError
        If the distance is no length, or the table has no such object or no rule for it.

    References
    ----------
    Tukes (Finnish Safety and Chemicals Agency), Separation distances: m = (s/k)³.

    Examples
    --------
    >>> round(largest_quantity_kg(220, "C", "Finland", division="1.1"), 6)
    1000.0
    """
    found = as_table(table)
    if not 0 <= distance_m < math.inf:
        raise HazardgeoError(f"distance_m is {distance_m!r}. Give a length in metres.")
    if protects not in found.objects:
        raise HazardgeoError(f"{found.name} has no object {protects!r}, only {', '.join(found.objects)}.")
    kinds = _kinds(found, protects, Stored(math.nan, divisions_of(division), barricaded, projection))
    if not kinds:
        raise HazardgeoError(f"{found.name} has no rule for {protects} and division {division!r}.")
    return min(_allowed(kind, distance_m) for kind in kinds)


def distance(table: DistanceTable, protects: str, stored: Stored) -> Asked:
    """The distance that one object asks for; the largest that may be the right one, where something is not stated."""
    if math.isnan(stored.quantity_kg):
        return Asked(
            math.nan, None, "The quantity is not known, so no distance is: this does not mean that none is needed."
        )
    if stored.quantity_kg == 0:
        return Asked(0.0, None, "Nothing is stored.")
    kinds = _kinds(table, protects, stored)
    without = [name for name in stored.divisions if not _named(table, protects, name)]
    missing = f"{table.name} has no rule for division {', '.join(without)}" if without else ""
    if not kinds:
        return Asked(math.nan, None, f"{missing or f'{table.name} has no rule for it'}: no distance can be given.")
    found = [_binding(kind, stored.quantity_kg) for kind in kinds]
    if any(rule is None for rule in found):
        return Asked(math.nan, None, f"{table.name} has no rule for so large a quantity: no distance can be given.")
    rule = max((rule for rule in found if rule), key=lambda one: one.distance_m(max(stored.quantity_kg, one.above_kg)))
    said = [f"{missing}: at least this" if missing else ""]
    if not stored.divisions:
        why = (
            f"Hazard division {stored.unread!r} is in no known words" if stored.unread else "Hazard division not stated"
        )
        said.append(f"{why}: the largest distance of all")
    if len(kinds) > len(stored.divisions) > 0:
        said.append("Where barricade or projection is not stated, the larger distance")
    note = ". ".join(filter(None, said))
    return Asked(rule.distance_m(max(stored.quantity_kg, rule.above_kg)), rule, f"{note}." if note else "")


def refuse_quantities(quantities: np.ndarray, names: Any) -> None:
    """A quantity is finite and not negative, or not known."""
    wrong = np.isinf(quantities) | (quantities < 0)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise HazardgeoError(
            f"Record {names[at]!r}: a net explosive quantity of {quantities[at]:g} kg. Give 0 kg or more, or leave it empty."
        )


def _named(table: DistanceTable, protects: str, division: str) -> str:
    """The division as the table names it: 1.2.1 stands under 1.2 where the table makes no difference."""
    there = {name for rule in table.rules if rule.object == protects for name in rule.divisions}
    return next((name for name in (division, division[:3]) if name in there), "")


def _kinds(table: DistanceTable, protects: str, stored: Stored) -> list[list[Rule]]:
    """Rules that may hold, those of one kind together: one such list is the right one, and which is not always known."""
    wanted = [_named(table, protects, name) for name in stored.divisions or table.divisions]
    wanted = [name for name in wanted if name]
    if table.order and stored.divisions:
        wanted = sorted(wanted, key=lambda name: table.order.index(name) if name in table.order else -1)[:1]
    return [
        kind
        for name in dict.fromkeys(wanted)
        for kind in kinds_of(table.rules, protects, name, stored.barricaded, stored.projection)
    ]


def _binding(kind: list[Rule], quantity_kg: float) -> Rule | None:
    """The rule for a quantity; below the smallest that a table speaks of, the smallest one's."""
    covering = [rule for rule in kind if rule.covers(quantity_kg)]
    if not covering and quantity_kg <= min(rule.above_kg for rule in kind):
        return min(kind, key=lambda rule: rule.above_kg)
    return max(covering, key=lambda rule: rule.distance_m(quantity_kg), default=None)


def _allowed(kind: list[Rule], distance_m: float) -> float:
    """The largest quantity up to which every quantity asks for no more than the distance."""
    steps = sorted({edge for rule in kind for edge in (rule.above_kg, rule.up_to_kg)})
    allowed = 0.0
    for above, up_to in itertools.pairwise(steps):
        binding = [rule for rule in kind if rule.above_kg <= above and up_to <= rule.up_to_kg]
        if any(rule.minimum_m > distance_m for rule in binding):
            return allowed
        here = min((distance_m / rule.k) ** (1 / rule.exponent) for rule in binding)
        if here < up_to:
            return max(allowed, here) if here > above else allowed
        allowed = up_to
    return allowed
