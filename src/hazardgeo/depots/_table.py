"""Tables of safety distances: data with a source, never numbers in the code."""

from __future__ import annotations

import itertools
import math
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import FormatError
from hazardgeo.schema import Shown
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    import pandas as pd

_BUILT_IN = {"Finland": Path(__file__).with_name("finland.toml")}
_LENGTHS_M = {"m": 1.0, "ft": 0.3048}  # the international foot, exactly
_MASSES_KG = {"kg": 1.0, "lb": 0.453_592_37}  # the international pound, exactly
_SYSTEMS = ({"m", "kg"}, {"ft", "lb"})
_MIXED = ("largest distance", "most hazardous division")


@dataclass(frozen=True)
class Rule:
    """One line of a table: k · Q^exponent metres for Q kilograms, and never less than `minimum_m`."""

    object: str
    divisions: tuple[str, ...]
    k: float
    exponent: float
    minimum_m: float = 0.0
    above_kg: float = 0.0
    up_to_kg: float = math.inf
    barricaded: bool | None = None
    """Holds with a barricade, without one, or (None) for both."""
    projection: bool | None = None
    """Holds where fragments are thrown, where none are, or (None) for both."""

    def distance_m(self, quantity_kg: float) -> float:
        """Distance for a quantity that the rule is for."""
        return max(self.minimum_m, float(self.k * quantity_kg**self.exponent))

    def covers(self, quantity_kg: float) -> bool:
        """Whether the rule is for such a quantity."""
        return self.above_kg < quantity_kg <= self.up_to_kg

    @property
    def formula(self) -> str:
        """The rule as it is printed."""
        power = "∛Q" if math.isclose(self.exponent, 1 / 3) else f"Q^{self.exponent:g}"
        least = f", at least {self.minimum_m:g} m" if self.minimum_m else ""
        return f"{self.k:g}·{power}{least}"


@dataclass(frozen=True, repr=False)
class DistanceTable(Shown):
    """Safety distances by what is to be protected and by what is stored.

    Planning aid, not a licence: the authority of the country decides.
    """

    name: str
    source: Source
    objects: Mapping[str, str] = field(hash=False)
    """What is protected: code and words."""
    rules: tuple[Rule, ...]
    mixed: str = _MIXED[0]
    """How divisions in one building are taken: all of it at the division that asks for the *largest distance*, or at the
    first of `order` that is there."""
    order: tuple[str, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """Whose table it is."""
        return [f"{self.name}. {self.source.label}. Planning aid, not a licence."]

    def to_frame(self) -> pd.DataFrame:
        """One row a rule, in metres and kilograms."""
        import pandas as pd

        rows = [
            (
                rule.object, self.objects[rule.object], ", ".join(rule.divisions), rule.formula, rule.above_kg, rule.up_to_kg,
                rule.barricaded, rule.projection,
            )
            for rule in self.rules
        ]  # fmt: skip
        columns = ["protects", "object", "divisions", "rule", "above_kg", "up_to_kg", "barricaded", "projection"]
        return pd.DataFrame(rows, columns=columns).set_index("protects")

    @property
    def divisions(self) -> tuple[str, ...]:
        """Hazard divisions that it has rules for."""
        return tuple(sorted({division for rule in self.rules for division in rule.divisions}))


def read_table(path: str | os.PathLike[str]) -> DistanceTable:
    """Read a table of safety distances: a national one, or that of the International Ammunition Technical Guidelines.

    The guidelines and most national tables are not free to pass on; whoever may use one writes it down once in this form.

    Parameters
    ----------
    path : str or path
        A TOML file: ``name``; ``length_unit`` (m or ft) with ``mass_unit`` (kg or lb), both metric or both not;
        ``[source]`` with ``citation`` and ``grade`` (read, secondary, assumed); ``[objects]``, a code and words each; and
        ``[[rules]]``: ``divisions``, ``k`` (by object), and where the table has them ``exponent`` (1/3 unless given),
        ``minimum`` (a length by object), ``above`` and ``up_to`` (masses), ``barricaded`` and ``projection`` (true or
        false). ``[mixed]`` with ``rule = "most hazardous division"`` and ``order``, where not all of a mixed storage is
        taken at the division that asks for the largest distance.

    Returns
    -------
    DistanceTable
        In metres and kilograms.

    Raises
    ------
    FormatError
        If the file is not there or not of that form; if units are mixed, or a quantity has no rule between two that have.

    References
    ----------
    docs/how_to/munitions_sites.md of this project; the source that each table names.

    Examples
    --------
    >>> table("Finland").objects["E"]
    'Public roads with little traffic'
    """
    try:
        said = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FormatError(f"{path}: cannot be read as a table of safety distances ({error}).") from error
    try:
        return _parsed(said)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        missing = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise FormatError(f"{path}: {missing}. See hazardgeo.depots.read_table for the form.") from error


@cache
def table(name: str) -> DistanceTable:
    """Give a table that comes with the library.

    Parameters
    ----------
    name : str
        ``"Finland"``.

    Returns
    -------
    DistanceTable

    Raises
    ------
    FormatError
        If there is none of that name.

    References
    ----------
    Tukes (Finnish Safety and Chemicals Agency), Separation distances.

    Examples
    --------
    >>> table("Finland").divisions
    ('1.1', '1.2', '1.5', '1.6')
    """
    if name not in _BUILT_IN:
        raise FormatError(
            f"No table {name!r} comes with hazardgeo, only {', '.join(_BUILT_IN)}. Read yours: read_table(path)."
        )
    return read_table(_BUILT_IN[name])


def as_table(given: DistanceTable | str | os.PathLike[str]) -> DistanceTable:
    """Take a table, the name of one that comes with the library, or a file."""
    if isinstance(given, DistanceTable):
        return given
    return table(given) if isinstance(given, str) and not given.endswith(".toml") else read_table(given)


def _parsed(said: Mapping[str, Any]) -> DistanceTable:
    objects = {str(code): str(words) for code, words in said["objects"].items()}
    units = {said["length_unit"], said["mass_unit"]}
    if units not in _SYSTEMS:
        raise ValueError(
            f"units {said['length_unit']!r} and {said['mass_unit']!r} are mixed; write m with kg, or ft with lb"
        )
    metres, kilograms = _LENGTHS_M[said["length_unit"]], _MASSES_KG[said["mass_unit"]]
    rules = tuple(rule for one in said["rules"] for rule in _rules(one, objects, metres, kilograms))
    _refuse_gaps(rules)
    mixed = said.get("mixed", {})
    order = tuple(map(str, mixed.get("order", ())))
    how = mixed.get("rule", _MIXED[0])
    if how not in _MIXED or (how == _MIXED[1] and not order):
        raise ValueError(f"mixed storage by {how!r}: write one of {', '.join(_MIXED)}; the second with an order")
    source = Source(said["source"]["citation"], Grade(said["source"]["grade"]))
    return DistanceTable(str(said["name"]), source, objects, rules, how, order)


def _rules(one: Mapping[str, Any], objects: Mapping[str, str], metres: float, kilograms: float) -> list[Rule]:
    unknown = set(one["k"]) - set(objects)
    if unknown:
        raise ValueError(f"k is given for {', '.join(sorted(unknown))}, which [objects] does not name")
    exponent = float(one.get("exponent", 1 / 3))
    rules = [
        Rule(
            code,
            tuple(map(str, one["divisions"])),
            float(k) * metres / kilograms**exponent,
            exponent,
            float(one.get("minimum", {}).get(code, 0.0)) * metres,
            float(one.get("above", 0.0)) * kilograms,
            float(one.get("up_to", math.inf)) * kilograms,
            one.get("barricaded"),
            one.get("projection"),
        )
        for code, k in one["k"].items()
    ]
    for rule in rules:
        if not (0 < rule.k < math.inf and 0 < rule.exponent <= 1 and 0 <= rule.minimum_m < math.inf):
            raise ValueError(
                f"object {rule.object}: k and exponent must be more than 0, exponent and 1 at most, minimum not below 0"
            )
        if not 0 <= rule.above_kg < rule.up_to_kg:
            raise ValueError(
                f"object {rule.object}: the rule is for more than {rule.above_kg:g} and up to {rule.up_to_kg:g}, which is nothing"
            )
    return rules


def _refuse_gaps(rules: tuple[Rule, ...]) -> None:
    """Between the smallest and the largest quantity that has a rule, every quantity has one."""
    for code in {rule.object for rule in rules}:
        for division in {name for rule in rules for name in rule.divisions}:
            for kind in kinds_of(rules, code, division):
                reached = min(rule.above_kg for rule in kind)
                for rule in sorted(kind, key=lambda one: one.above_kg):
                    if rule.above_kg > reached:
                        raise ValueError(
                            f"object {code}, division {division}: no rule from {reached:g} to {rule.above_kg:g} kg"
                        )
                    reached = max(reached, rule.up_to_kg)


def kinds_of(
    rules: tuple[Rule, ...],
    protects: str,
    division: str,
    barricaded: bool | None = None,
    projection: bool | None = None,
) -> list[list[Rule]]:
    """Rules that hold together, a list for each case that may be the right one: with a barricade or without, and so on."""
    own = [rule for rule in rules if rule.object == protects and division in rule.divisions]
    cases = itertools.product(*((True, False) if known is None else (known,) for known in (barricaded, projection)))
    kinds = [
        [rule for rule in own if rule.barricaded in (None, wall) and rule.projection in (None, thrown)]
        for wall, thrown in cases
    ]
    return [kind for at, kind in enumerate(kinds) if kind and kind not in kinds[:at]]
