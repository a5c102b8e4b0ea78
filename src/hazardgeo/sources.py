"""Where a term or a number comes from, and how well that was checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How far a source was followed."""

    READ = "read"
    """The primary document was read."""
    SECONDARY = "secondary"
    """Another source that quotes the primary was read."""
    ASSUMED = "assumed"
    """Working knowledge or a choice of this library; prints as *unverified default*."""


@dataclass(frozen=True)
class Source:
    """A citation with its grade; neither can be left out.

    Examples
    --------
    >>> Source("IMAS 04.10, as quoted elsewhere", Grade.SECONDARY).label
    'IMAS 04.10, as quoted elsewhere'
    >>> Source("a choice of this library", Grade.ASSUMED).label
    'a choice of this library (unverified default)'
    """

    citation: str
    grade: Grade

    def __post_init__(self) -> None:
        if not self.citation.strip():
            raise ValueError("a source needs a citation: say where this comes from")
        Grade(self.grade)

    @property
    def label(self) -> str:
        """The citation as it is printed beside a value."""
        return f"{self.citation} (unverified default)" if self.grade is Grade.ASSUMED else self.citation
