"""The rules: every one a small named function, or declared where a reader finds it, with reason and source."""

from __future__ import annotations

from typing import TYPE_CHECKING

# Each of these modules enters its rules on import.
from hazardgeo.registers._rules import (  # noqa: F401
    _accounts,
    _countries,
    _declared,
    _declared_formats,
    _names,
    _register,
    _values,
)
from hazardgeo.registers._rules._between import Between, between
from hazardgeo.registers._rules._catalogue import RULES, Hit, Rule, Seen, declare, rule
from hazardgeo.registers._rules._coordinates import zone_prefix
from hazardgeo.registers._rules._outline import repeated_parts
from hazardgeo.registers._rules._thresholds import Thresholds

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "NEEDING_COUNTRIES",
    "RULES",
    "Between",
    "Hit",
    "Rule",
    "Seen",
    "Thresholds",
    "between",
    "declare",
    "repeated_parts",
    "rule",
    "rules",
    "zone_prefix",
]
NEEDING_COUNTRIES = tuple(one.name for one in RULES.values() if one.find and one.find.__module__ == _countries.__name__)
"""Rules that are silent without polygons of countries."""
_SCOPES = ("file", "cell", "geometry", "record", "register")


def rules() -> pd.DataFrame:
    """List every rule: what it finds, how grave that is, what it means, and where the rule comes from.

    Returns
    -------
    pandas.DataFrame
        Columns ``name``, ``severity``, ``scope``, ``what``, ``means``, ``source``, ``grade``; from the file to the
        register, by name within each scope.

    Examples
    --------
    >>> table = rules().set_index("name")
    >>> table.loc["id-twice", ["severity", "scope"]].tolist()
    ['quarantined', 'register']
    """
    import pandas as pd

    rows = [
        (one.name, one.severity, one.scope, one.what, one.means, one.source.citation, str(one.source.grade))
        for one in sorted(RULES.values(), key=lambda one: (_SCOPES.index(one.scope), one.name))
    ]
    return pd.DataFrame(rows, columns=["name", "severity", "scope", "what", "means", "source", "grade"])
