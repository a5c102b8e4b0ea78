"""An Excel workbook with a row for each record: text stays text, and nothing in it is run or followed."""

from __future__ import annotations

import datetime
import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.errors import StorageError, named
from hazardgeo.registers._table import as_written, kind_of, rows_of
from hazardgeo.registers._writers import shapes_as_text

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

LONGEST_CELL = 32_767
_MOST_RECORDS = 1_048_575
_EXACT_DIGITS = 15
_FIRST_DAY = datetime.date(1900, 3, 1)  # before it Excel counts a day that there was not
_CREATED = datetime.datetime(2000, 1, 1)  # noqa: DTZ001  (equal frames shall give equal files)
_WIDTH = 16


def write_workbook(table: pd.DataFrame, geometries: NDArray[Any], frame: gpd.GeoDataFrame, part: Path) -> None:
    """Write a workbook of one sheet, the shapes as well-known text in its last column.

    Raises
    ------
    StorageError
        If there are more records than rows, or an outline is too long for a cell.
    """
    shapes = _shapes(table, geometries, frame, part)
    rows = rows_of(table, part)
    if len(rows) > _MOST_RECORDS:
        raise StorageError(
            f"{part.name}: has {len(rows):,} records and a sheet holds {_MOST_RECORDS:,}. Write .gpkg. Nothing was changed."
        )
    content = io.BytesIO()
    with open_workbook(content) as book:
        sheet, bold = book.add_worksheet("records"), book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        formats = [day if kind_of(table[name]) == "day" else None for name in table.columns]
        sheet.set_column(0, len(table.columns), _WIDTH)
        for column, heading in enumerate((*table.columns, "geometry")):
            sheet.write_string(0, column, heading, bold)
        for at, (row, shape) in enumerate(zip(rows, shapes, strict=True), start=1):
            for column, value in enumerate(row.values()):
                _write_cell(sheet, at, column, value, formats[column])
            _write_cell(sheet, at, len(row), shape, None)
        sheet.freeze_panes(1, 1)
    part.write_bytes(content.getvalue())


def open_workbook(content: io.BytesIO) -> Any:
    """Open a workbook in which text stays text: no formula, no link, no number, whatever a record says.

    Equal content gives equal bytes.
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"created": _CREATED})
    return book


def _shapes(table: pd.DataFrame, geometries: NDArray[Any], frame: gpd.GeoDataFrame, part: Path) -> NDArray[Any]:
    """Shapes as text, those that would not fit with fewer decimals: to a tenth of a millimetre."""
    texts = np.array(shapes_as_text(geometries, frame), dtype=object)
    long = _too_long(texts)
    texts[long] = shapes_as_text(geometries[long], frame, 9 if frame.crs.is_geographic else 4)
    if (long := _too_long(texts)).any():
        raise StorageError(
            f"{part.name}: the outline of {named(table.iloc[:, 0][long])} has more corners than a cell of Excel can hold. "
            "Export a Shapefile (.zip) or KML, or write .gpkg. Nothing was changed."
        )
    return texts


def _too_long(texts: NDArray[Any]) -> NDArray[np.bool_]:
    # A cell that is full to the last letter counts as cut off when it is read.
    return np.array([len(text) >= LONGEST_CELL for text in texts], dtype=bool)


def _write_cell(sheet: Any, row: int, column: int, value: Any, day_format: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif _is_exact(value):
        sheet.write_number(row, column, value)
    elif day_format is not None and (day := datetime.date.fromisoformat(value)) >= _FIRST_DAY:
        sheet.write_datetime(row, column, day, day_format)
    else:
        sheet.write_string(row, column, fitting(value if isinstance(value, str) else as_written(value)))


def _is_exact(value: Any) -> bool:
    """Whether a value is a number of Excel; a long id or infinity is kept as text instead."""
    if isinstance(value, int):
        return len(str(abs(value))) <= _EXACT_DIGITS
    return isinstance(value, float) and math.isfinite(value)


def fitting(text: str) -> str:
    """The beginning of a text that fits a cell, which counts in units of UTF-16."""
    return text.encode("utf-16-le")[: 2 * LONGEST_CELL].decode("utf-16-le", "ignore")
