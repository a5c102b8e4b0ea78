"""Tables, CSV and Excel alike: sheets of cells, and the layer that a sheet makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hazardgeo.registers._formats._layer import RawLayer, one_layer
from hazardgeo.registers._formats._sheet import Sheet

if TYPE_CHECKING:
    from pathlib import Path

    import pyproj

    from hazardgeo.registers._formats._places import Places

__all__ = ["Sheet", "read_sheets", "read_table"]


def read_sheets(file: Path, *, encoding: str = "", header_row: int = 1) -> dict[str, Sheet]:
    """Read all sheets of a table file that hold something.

    Parameters
    ----------
    file : pathlib.Path
        CSV (one sheet, named as the file) or an Excel workbook.
    encoding : str
        Of a CSV; empty: UTF-8, or UTF-16 where its mark says so.
    header_row : int
        Row that names the columns.

    Returns
    -------
    dict of str to Sheet

    Raises
    ------
    FormatError
        If it cannot be taken apart.
    """
    from hazardgeo.registers._formats._excel import SUFFIXES, excel_sheets

    if file.suffix.casefold() in SUFFIXES:
        return excel_sheets(file, header_row)
    from hazardgeo.registers._formats._csv import csv_sheet

    sheet = csv_sheet(file, encoding, header_row)
    return {sheet.name: sheet}


def read_table(
    file: Path,
    layer: str | None = None,
    places: Places | None = None,
    *,
    encoding: str = "",
    header_row: int = 1,
    crs: pyproj.CRS | None = None,
) -> RawLayer:
    """Read one sheet of a CSV file or an Excel workbook as a layer.

    Parameters
    ----------
    file : pathlib.Path
    layer : str, optional
        Name of the sheet; needed where the file holds several.
    places : Places, optional
        Where the shapes stand; what it leaves open is found by the names of the columns.
    encoding, header_row
        As in `read_sheets`.
    crs : pyproj.CRS, optional
        CRS that the caller states. It decides between readings of the coordinates; nothing is transformed.

    Returns
    -------
    RawLayer

    Raises
    ------
    FormatError
        If it cannot be taken apart, holds several sheets and none is named, or does not say where its shapes stand.
    """
    from hazardgeo.registers._formats._places import shapes_of

    sheets = read_sheets(file, encoding=encoding, header_row=header_row)
    return shapes_of(sheets[one_layer(file, list(sheets), layer)], places, crs)
