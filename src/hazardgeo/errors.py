"""What can go wrong, named so that a caller can tell the cases apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

_SHOWN = 20


class HazardgeoError(Exception):
    """Base of every error that hazardgeo raises on purpose."""


class FormatError(HazardgeoError):
    """A file is not there, is not of a supported format, or cannot be read as one."""


class CRSError(HazardgeoError):
    """A coordinate reference system is missing, conflicting, or needs a datum operation to be named."""


class GeometryError(HazardgeoError):
    """A geometry cannot be measured or cut; the message names the records."""


class BorderError(HazardgeoError):
    """A border is missing, carries no source or offset, or cannot answer what was asked."""


class StorageError(HazardgeoError):
    """An output could not be written, or read back differently; what stood there before is untouched."""


class FindingWarning(UserWarning):
    """A reader accepted every record but has something to say about some of them."""


class MapError(HazardgeoError):
    """A map cannot be drawn as asked, or not so that it is whole without a network."""


class SchemaError(HazardgeoError):
    """Records do not meet the schema.

    Parameters
    ----------
    message : str
        One sentence: what was refused.
    problems : pandas.DataFrame
        Every fault of every record, one row each; columns ``file``, ``record``, ``row``, ``rule``,
        ``severity``, ``seen``, ``means``, ``remedy``.
    """

    def __init__(self, message: str, problems: pd.DataFrame) -> None:
        self.problems = problems
        self._message = message
        super().__init__(_with_problems(message, problems.head(_SHOWN), len(problems) - _SHOWN))

    @property
    def full(self) -> str:
        """The message with every problem, however many."""
        return _with_problems(self._message, self.problems, 0)


def _with_problems(message: str, problems: pd.DataFrame, more: int) -> str:
    lines = [message]
    files = problems["file"].astype(str).tolist()
    columns = (problems[name].astype(str) for name in ("record", "row", "seen", "remedy"))
    for i, (record, row, seen, remedy) in enumerate(zip(*columns, strict=True)):
        if len(set(files)) > 1 and files[i] not in files[:i]:
            lines.append(f" {files[i]}")
        where = record if row == "0" else f"{record} (row {row})"
        lines.append(f"  {where}: {seen} {remedy}".rstrip())
    if more > 0:
        lines.append(f"  and {more} more; the whole list is in this error's .problems table")
    return "\n".join(lines)


def named(records: Iterable[object], *, most: int = 5) -> str:
    """Name records in a sentence, the first few in full.

    Examples
    --------
    >>> named(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    names = [repr(str(record)) for record in records]
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
