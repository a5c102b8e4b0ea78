"""A layer as it stands in a file: rows and shapes, nothing interpreted, nothing left out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import FormatError

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import pyproj
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Shape:
    """A geometry, or why there is none."""

    geometry: BaseGeometry | None
    fault: str = ""
    """What was seen where there is something that is no geometry; empty where there is nothing at all."""


@dataclass(frozen=True)
class RawFault:
    """What a format has to say about one record, by position, or about the whole layer (None)."""

    at: int | None
    rule: str
    seen: str
    means: str
    remedy: str


@dataclass(frozen=True)
class RawLayer:
    """Rows of one layer in the order of the file."""

    file: str
    layer: str
    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    shapes: list[Shape]
    crs: pyproj.CRS | None
    row_faults: dict[int, str]
    """Rows that could not be taken apart, by position, with what was seen."""
    faults: tuple[RawFault, ...] = ()
    """Other faults; no record that one of them names can be used."""
    row_numbers: tuple[int, ...] = ()
    """Numbers of the rows as a person counts them in the file, where they are not 1, 2, 3, …"""
    without_crs: tuple[int, ...] = ()
    """Records, by position, that name no CRS though the CRS of this layer is one that others name."""
    unread_crs: str = ""
    """How the file names its CRS, where that is not read."""

    def row_number(self, i: int) -> int:
        """Number of the record at a position as a person counts rows in the file."""
        return self.row_numbers[i] if self.row_numbers else i + 1


def regular_file(path: str | os.PathLike[str]) -> Path:
    """Accept only a local file that is there: no address, no virtual file system, no pipe.

    Raises
    ------
    FormatError
        Otherwise.
    """
    text = str(path)
    if "://" in text or text.startswith("/vsi"):
        raise FormatError(f"{text} is an address. hazardgeo reads local files only: save it first.")
    file = Path(path)
    if not file.exists():
        raise FormatError(f"There is no file {text}. Check the name and the folder ({Path.cwd()}).")
    if not file.is_file():
        raise FormatError(f"{text} is not a file. Name a file in it, such as {file / 'register.gpkg'}.")
    return file


def one_layer(file: Path, names: Sequence[str], asked: str | None) -> str:
    """Choose the layer that was asked for, or the only one; refuse to guess among several."""
    listed = ", ".join(repr(name) for name in names) or "none"
    if asked is not None and asked not in names:
        raise FormatError(f"{file}: there is no layer {asked!r}. Layers: {listed}.")
    if asked is None and len(names) != 1:
        raise FormatError(f"{file}: holds {len(names)} layers with shapes ({listed}). Name one with layer=.")
    return names[0] if asked is None else asked
