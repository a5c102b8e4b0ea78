"""One file with one thing wrong, and what is to become of every record in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """A file and its verdict.

    `made` writes the file into a folder. Either it is refused in words (`refused`, a pattern), or each record is
    accepted (`accepted`, ids) or quarantined (`quarantined`, each ``id:rule``), and `found` lists all other findings,
    ``record:rule``. The file as a whole is called ``file``, a record without an id ``-``, and a blank in an id ``_``.
    """

    name: str
    why: str
    made: Callable[[Path], Path]
    accepted: str = ""
    quarantined: tuple[str, ...] = ()
    found: str = ""
    refused: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    raw_rows: Callable[[Path], list[dict[str, Any]]] | None = None
    """Another way to take the records from the file than that of its format, where a record is no row of it."""


ALL: list[Case] = []


def case(name: str, why: str, made: Callable[[Path], Path], accepted: str = "", *quarantined: str, **more: Any) -> None:
    """Enter a case."""
    if name in {one.name for one in ALL}:
        raise ValueError(f"the case {name!r} is entered twice")
    ALL.append(Case(name, why, made, accepted, quarantined, **more))
