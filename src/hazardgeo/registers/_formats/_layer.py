"""A layer as it stands in a file: cells and shapes, nothing interpreted, nothing left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.errors import FormatError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    import pyproj
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class RawFault:
    """What a format has to say about one record, by position, or about the whole layer (None).

    The rule (``hazardgeo rules``) says how grave it is and what it means.
    """

    at: int | None
    rule: str
    seen: str
    remedy: str


@dataclass(frozen=True)
class RawLayer:
    """The records of one layer in the order of the file."""

    file: str
    layer: str
    count: int
    """How many records there are; every column and `shapes` are as long."""
    columns: Mapping[str, Sequence[Any]]
    """Cells by column, as they stand: text, number, true or false, date, bytes, or None where there is nothing."""
    shapes: NDArray[np.object_]
    """Geometries in the coordinates of the file; None where there is none or where a fault says what is there instead."""
    crs: pyproj.CRS | None
    faults: tuple[RawFault, ...] = ()
    row_numbers: Sequence[int] = ()
    """Numbers of the rows as a person counts them in the file, where they are not 1, 2, 3, …"""
    without_crs: tuple[int, ...] = ()
    """Records, by position, that name no CRS though the CRS of this layer is one that others name."""
    unread_crs: str = ""
    """How the file names its CRS, where that is not read."""
    written: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """Cells that the shapes were made of, by column, as they stand; a record that cannot be used keeps them."""

    def row_number(self, i: int) -> int:
        """Number of the record at a position as a person counts rows in the file."""
        return self.row_numbers[i] if self.row_numbers else i + 1

    def row(self, i: int) -> dict[str, Any]:
        """The cells of the record at a position."""
        return {name: cells[i] for name, cells in self.columns.items()}


def columns_of_rows(rows: Sequence[Mapping[str, Any]], names: Iterable[str]) -> dict[str, list[Any]]:
    """Turn rows into columns; a row that lacks a cell has None there."""
    return {name: [row.get(name) for row in rows] for name in names}


def shape_array(shapes: Sequence[BaseGeometry | None]) -> NDArray[np.object_]:
    """Geometries as an array, one for one (numpy would take one that can be iterated apart)."""
    array = np.full(len(shapes), None, dtype=object)
    for i, shape in enumerate(shapes):
        array[i] = shape
    return array


def unreadable(at: int, why: str) -> RawFault:
    """The fault of a record whose geometry is there and cannot be read; `why` completes *It …*."""
    return RawFault(at, "geometry-unreadable", f"It {why}.", "Mend the geometry in the source.")


def plain_reason(error: Exception) -> str:
    """Why a shape could not be made, without the names that programs give their errors.

    Examples
    --------
    >>> plain_reason(ValueError("IllegalArgumentException: Points of LinearRing do not form a closed linestring"))
    'a ring is not closed'
    """
    text = re.sub(r"^\w*(Exception|Error): ", "", str(error))
    return "a ring is not closed" if "closed linestring" in text else text[:200]


def text_broken(at: int) -> RawFault:
    """The fault of a record whose text is not whole."""
    return RawFault(at, "text-broken", "A text of it holds bytes that are no letters.", "Write the text again.")


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
        raise FormatError(f"{file}: there is no layer {asked!r}. Name one of these: {listed}.")
    if asked is None and len(names) != 1:
        raise FormatError(
            f"{file}: holds {len(names)} layers with shapes ({listed}). Name one: layer= (hazardgeo check: --layer), or "
            "layer in a profile."
        )
    return names[0] if asked is None else asked
