"""Which treaty's title a table may bear: the status of a state is data, with its date and its source."""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import FormatError, HazardgeoError
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    import pandas as pd

_OURS = Path(__file__).with_name("treaties.toml")
_GIVEN = Source("as given by whoever made the table", Grade.SECONDARY)


@dataclass(frozen=True)
class Status:
    """A state's status under a treaty: in force for it from `since` to `until`, as known at `as_of`."""

    treaty: str
    state: str
    party: bool
    since: datetime.date | None
    until: datetime.date | None
    as_of: datetime.date | None
    source: Source

    def holds(self, on: datetime.date) -> bool:
        """Whether the treaty is in force for the state on a day."""
        return self.party and (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def in_words(self, on: datetime.date) -> str:
        """What a footnote says of it."""
        if self.holds(on):
            begun = f" since {self.since}" if self.since else ""
            words = f"{self.state} is a party{begun}"
        elif self.party and self.since and on < self.since:
            words = f"{self.state} is no party on that day; the treaty is in force for it since {self.since}"
        elif self.party:
            words = f"{self.state} was a party until {self.until}"
        else:
            words = f"{self.state} is no party"
        known = f", as known on {self.as_of}" if self.as_of else ""
        return f"{words} ({self.source.label}{known})"


@dataclass(frozen=True)
class Title:
    """What stands above a table: the treaty's name and form where every state of it is a party, else none."""

    heading: str
    note: str

    def above(self, what: str, period: str) -> str:
        """The caption of a table of something, of a period."""
        return f"{self.heading}: {what}, {period}" if self.heading else f"{what[0].upper()}{what[1:]}, {period}"


def treaty_status(treaties: Any = None) -> pd.DataFrame:
    """List which states are parties to which treaty, and since when, with source and grade.

    Parameters
    ----------
    treaties : mapping or path, optional
        Your own, which goes before the table of this package: a mapping such as ``{"APMBC": {"KAZ": "2031-03-01", "SRB":
        False}}`` (the day from which the treaty is in force for the state, or False), or a TOML file of the same form.

    Returns
    -------
    pandas.DataFrame
        One row a treaty and state: ``treaty`` (APMBC: anti-personnel mines; CCM: cluster munitions), ``state``, ``party``,
        ``since``, ``until``, ``as_of`` (the date of the source), ``source``, ``grade``.

    Raises
    ------
    FormatError
        If a file cannot be read.
    HazardgeoError
        If a status is neither a day nor False.

    References
    ----------
    The sources that the table names; those of grade *assumed* are unverified defaults.

    Examples
    --------
    >>> table = treaty_status({"APMBC": {"KAZ": "2031-03-01"}}).set_index(["treaty", "state"])
    >>> bool(table.loc[("APMBC", "KAZ"), "party"]), bool(table.loc[("CCM", "KAZ"), "party"])
    (True, False)
    """
    import pandas as pd

    found = sorted(statuses(treaties).items())
    rows = [
        (one.treaty, one.state, one.party, one.since, one.until, one.as_of, one.source.citation, str(one.source.grade))
        for _, one in found
    ]
    columns = ["treaty", "state", "party", "since", "until", "as_of", "source", "grade"]
    return pd.DataFrame(rows, columns=columns)


def title_of(treaty: str, states: Iterable[str], on: datetime.date, treaties: Any = None) -> Title:
    """The title that a table of these states may bear on a day, and the footnote that says why.

    Parameters
    ----------
    treaty : str
        APMBC or CCM.
    states : iterable of str
    on : datetime.date
        Last day of the table's period.
    treaties : mapping or path, optional
        As in `treaty_status`.

    Returns
    -------
    Title
        An empty heading where a state is no party, or nothing is known of it.
    """
    known, name = statuses(treaties), _names()[treaty]
    named = sorted(set(states))
    found = [known.get((treaty, state)) for state in named]
    bears = bool(named) and all(one is not None and one.holds(on) for one in found)
    words = [
        f"of {state} nothing is known here: give its status" if one is None else one.in_words(on)
        for state, one in zip(named, found, strict=True)
    ]
    note = f"{name['name']} on {on}: {'; '.join(words)}."
    if not bears:
        note += " The table therefore bears no treaty's title."
    return Title(f"{name['name']}, {name['form']}" if bears else "", note)


def statuses(treaties: Any = None) -> dict[tuple[str, str], Status]:
    """Every status by treaty and state; those given go before those of the package."""
    ours = _read(_OURS)
    found = _parsed(ours, {name: Source(one["citation"], Grade(one["grade"])) for name, one in ours["sources"].items()})
    if treaties is None:
        return found
    given = treaties if hasattr(treaties, "items") else _read(Path(treaties))
    own = {name: Source(one["citation"], Grade(one["grade"])) for name, one in given.get("sources", {}).items()}
    return found | _parsed(given, own)


def _parsed(table: Mapping[str, Any], sources: Mapping[str, Source]) -> dict[tuple[str, str], Status]:
    found = {}
    for treaty in set(table) - {"treaties", "sources"}:
        if treaty not in _names():
            raise HazardgeoError(f"Treaty {treaty!r} is not known. Known are {', '.join(sorted(_names()))}.")
        for state, said in table[treaty].items():
            found[treaty, state] = _status(treaty, state, said, sources)
    return found


def _status(treaty: str, state: str, said: Any, sources: Mapping[str, Source]) -> Status:
    if not hasattr(said, "items"):
        said = {"party": said} if isinstance(said, bool) else {"since": said}
    since, until, as_of = (_day(treaty, state, said.get(name)) for name in ("since", "until", "as_of"))
    source = sources.get(
        str(said.get("source")), Source(said["source"], Grade.SECONDARY) if said.get("source") else _GIVEN
    )
    return Status(treaty, state, bool(said.get("party", True)), since, until, as_of, source)


def _day(treaty: str, state: str, value: Any) -> datetime.date | None:
    if value is None or isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise HazardgeoError(
            f"{treaty} of {state}: {value!r} is no day. Write 2004-03-01, or false where the state is no party."
        ) from error


def _read(path: str | os.PathLike[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FormatError(f"{path}: cannot be read as a table of treaties ({error}).") from error


@cache
def _names() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = _read(_OURS)["treaties"]
    return names
