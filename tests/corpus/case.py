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
    accepted (`accepted`, ids) or quarantined (`quarantined`, ids with the rule), and `found` lists every other finding
    as (record, rule); the file as a whole is ``"file"``.
    """

    name: str
    why: str
    made: Callable[[Path], Path]
    accepted: str = ""
    quarantined: tuple[tuple[str, str], ...] = ()
    found: frozenset[tuple[str, str]] = frozenset()
    refused: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    raw_rows: Callable[[Path], list[dict[str, Any]]] | None = None
    """Another way to take the records from the file than that of its format, where a record is no row of it."""


ALL: list[Case] = []


def case(
    name: str,
    why: str,
    made: Callable[[Path], Path],
    accepted: str = "",
    *quarantined: str,
    found: str = "",
    **more: Any,
) -> None:
    """Enter a case; pairs are written ``id:rule``, findings several in one text."""
    pairs = tuple((one.partition(":")[0], one.partition(":")[2]) for one in quarantined)
    others = frozenset((one.partition(":")[0], one.partition(":")[2]) for one in found.split())
    if name in {one.name for one in ALL}:
        raise ValueError(f"the case {name!r} is entered twice")
    ALL.append(Case(name, why, made, accepted, pairs, others, **more))
