"""A story: a heading, a sentence and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hazardgeo.accounting import Table


@dataclass(frozen=True, eq=False)
class Story:
    """What is told besides the registers; a table with a name is a file of that name as well."""

    heading: str
    headline: str
    tables: tuple[Table, ...]
