"""How large a file, a record and a cell may be; beyond that a record is set aside, or a file refused, before it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hazardgeo import constants as c
from hazardgeo.errors import FormatError, HazardgeoError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """Bounds on what is read.

    Parameters
    ----------
    file_bytes : int
        A larger file is refused.
    vertices : int
        A record with more corners is quarantined.
    cell_characters : int
        A longer cell of a column of the schema is not read.
    archive_bytes : int
        An archive (also .kmz and .xlsx) that grows beyond it is refused before it is unpacked.
    archive_ratio : float
        And one that grows more times than this, once it is larger than 10 MB.
    memory_bytes : int
        What the worker process of the command may take, on systems that can bound it.
    seconds : int
        How long that process may work without getting on.

    Raises
    ------
    HazardgeoError
        If one of them is not above 0.
    """

    file_bytes: int = int(c.LIMIT_FILE_BYTES.value)
    vertices: int = int(c.LIMIT_VERTICES.value)
    cell_characters: int = int(c.LIMIT_CELL_CHARACTERS.value)
    archive_bytes: int = int(c.LIMIT_ARCHIVE_BYTES.value)
    archive_ratio: float = c.LIMIT_ARCHIVE_RATIO.value
    memory_bytes: int = int(c.LIMIT_MEMORY_BYTES.value)
    seconds: int = int(c.LIMIT_SECONDS.value)

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise HazardgeoError(f"{name} is {value!r}. Give a number above 0.")

    def refuse_size(self, file: Path) -> None:
        """Refuse a file that is too large.

        Raises
        ------
        FormatError
        """
        size = file.stat().st_size if file.is_file() else 0
        if size > self.file_bytes:
            raise FormatError(
                f"{file}: has {size:,} bytes, more than the limit of {self.file_bytes:,}. Split it, or raise the limit "
                "(hazardgeo.Limits)."
            )
