"""The table of a shapefile (dBASE III) as exact as the format allows.

GDAL would turn whole numbers beside an empty cell into fractions, round all fractions alike, and date the file.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import StorageError
from hazardgeo.registers._column_names import shortened
from hazardgeo.registers._table import as_written, kind_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

LONGEST_TEXT = 254
_LONGEST_NUMBER, _MOST_DECIMALS = 24, 15
_DAY_BYTES = 8
_VERSION, _YEAR, _MONTH, _DAY = 3, 100, 1, 1  # 2000-01-01: equal frames give equal files
_MOST_BYTES = 0xFFFF


@dataclass(frozen=True)
class _Field:
    """One column: its name, type, width, decimals and cells."""

    name: bytes
    kind: bytes
    width: int
    decimals: int
    cells: Sequence[bytes]


def write_dbf(table: pd.DataFrame, path: Path) -> None:
    """Write a table; names have at most ten bytes.

    Parameters
    ----------
    table : pandas.DataFrame
    path : pathlib.Path

    Raises
    ------
    StorageError
        If a row or the list of columns is longer than the format allows.
    """
    rows = rows_of(table, path)
    fields = [_field(name, [row[name] for row in rows], kind_of(table[name])) for name in table.columns]
    header_bytes, row_bytes = 32 * (len(fields) + 1) + 1, 1 + sum(field.width for field in fields)
    if max(header_bytes, row_bytes) > _MOST_BYTES:
        raise StorageError(
            f"{path.name}: its {len(fields)} columns take {row_bytes:,} bytes in a row; a Shapefile holds {_MOST_BYTES:,}. "
            "Leave columns out. Nothing was changed."
        )
    with path.open("wb") as stream:
        stream.write(struct.pack("<4BIHH20x", _VERSION, _YEAR, _MONTH, _DAY, len(rows), header_bytes, row_bytes))
        for field in fields:
            stream.write(struct.pack("<11sc4xBB14x", field.name, field.kind, field.width, field.decimals))
        stream.write(b"\r")
        for cells in zip(*(field.cells for field in fields), strict=True):
            stream.write(b" " + b"".join(cells))
        stream.write(b"\x1a")


def _field(name: str, values: Sequence[Any], kind: str) -> _Field:
    if kind == "day" and all(value is None or len(value) == 10 for value in values):
        days = [b"" if value is None else value.replace("-", "").encode("ascii") for value in values]
        return _laid(name, b"D", days, width=_DAY_BYTES)
    if kind in ("whole", "number") and all(value is None or math.isfinite(value) for value in values):
        decimals = max((_decimals(value) for value in values if isinstance(value, float)), default=0)
        decimals = 4 if decimals == 3 else decimals  # 1.500 could be 1500
        numbers = [b"" if value is None else _number(value, decimals).encode("ascii") for value in values]
        return _laid(name, b"N", numbers, decimals=decimals)
    return _laid(name, b"C", [b"" if value is None else _text(value) for value in values])


def _laid(name: str, kind: bytes, cells: Sequence[bytes], *, width: int = 0, decimals: int = 0) -> _Field:
    width = width or max(map(len, cells), default=0) or 1
    laid = [cell.rjust(width) if kind == b"N" else cell.ljust(width) for cell in cells]
    return _Field(name.encode("utf-8"), kind, width, decimals, laid)


def _decimals(value: float) -> int:
    text = as_written(value)
    return min(len(text.partition(".")[2]), _MOST_DECIMALS) if "e" not in text else 0


def _number(value: int | float, decimals: int) -> str:
    if not isinstance(value, float):
        return str(value)
    text = f"{value:.{decimals}f}"
    return text if len(text) <= _LONGEST_NUMBER and float(text) == value else as_written(value)


def _text(value: Any) -> bytes:
    text = value if isinstance(value, str) else as_written(value)
    # Nothing after a NUL is read by most programs.
    return shortened(text.replace("\0", "\ufffd"), LONGEST_TEXT).encode("utf-8")
