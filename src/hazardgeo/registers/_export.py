"""Formats that cannot hold everything, and the list of what is lost in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.errors import FormatError
from hazardgeo.registers._column_names import fitting_names
from hazardgeo.registers._formats import read_layer
from hazardgeo.registers._formats._wkt import GEOMETRY_COLUMNS
from hazardgeo.registers._kml_text import write_kml
from hazardgeo.registers._losses import Reasons, Written, find_losses
from hazardgeo.registers._read_back import told_plainly
from hazardgeo.registers._shapefile_parts import replacing_shapefile, write_shapefile, write_zipped_shapefile
from hazardgeo.registers._table import table_of
from hazardgeo.registers._workbook import write_workbook
from hazardgeo.registers._writers import refuse_without_crs, require_extra
from hazardgeo.storage import replacing

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True)
class _Form:
    """How one format is written, and what it cannot do."""

    write: Callable[..., None]
    reasons: Reasons
    longest_name: int | None = None
    taken: tuple[str, ...] = ()
    replacing: Callable[[Path], AbstractContextManager[Path]] = replacing


_SHAPEFILE = Reasons(
    name="A Shapefile holds names of at most ten bytes, and tells no capital from a small letter.",
    text="A Shapefile holds at most 254 bytes of text in a cell.",
    sign="A Shapefile cannot hold one of its signs.",
    number="A Shapefile cannot hold the number as it is.",
    added="A Shapefile adds this column.",
)
_KML = Reasons(
    name="In KML a name is taken that is the same but for its capitals, or has a sign that cannot be shown.",
    text="KML cannot hold one of its signs.",
    sign="KML cannot hold one of its signs; of line breaks it knows one kind.",
    number="KML cannot hold the number as it is.",
    added="KML shows this name beside each record: its id.",
)
_EXCEL = Reasons(
    name="In the workbook that name means the shapes, is taken but for its capitals, or has a sign that cannot be shown.",
    text="A cell of Excel holds at most 32,767 characters.",
    sign="A workbook cannot hold one of its signs.",
    number="The workbook keeps 16 digits of a number.",
    added="The workbook adds this column.",
)
FORMS = {
    ".zip": _Form(write_zipped_shapefile, _SHAPEFILE, longest_name=10),
    ".shp": _Form(write_shapefile, _SHAPEFILE, longest_name=10, replacing=replacing_shapefile),
    ".kml": _Form(write_kml, _KML),
    ".xlsx": _Form(write_workbook, _EXCEL, taken=GEOMETRY_COLUMNS),
}


def export(frame: gpd.GeoDataFrame, path: str | os.PathLike[str]) -> pd.DataFrame:
    """Write a frame to a format that cannot hold everything, and list what it does not hold.

    The file is written beside, read back, compared cell by cell, and then moved into place. What reads back otherwise is
    in the list; if a record, an outline, a column or an id would be lost or changed, nothing is written. Where nothing
    may be lost, use `write`.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        With a CRS and a named, unique index, which becomes the first column.
    path : str or path
        ``.zip`` (Shapefile in an archive: one file), ``.shp`` (Shapefile: five files, put in place together, the ``.shp``
        last; while they are, there is none), ``.kml`` (WGS 84 only) or ``.xlsx`` (shapes as well-known text with the EPSG
        code before it; needs the extra *excel*).

    Returns
    -------
    pandas.DataFrame
        A row for each difference; none where nothing is lost. ``id``: the record, or *(the file)* where it concerns all.
        ``column``: its name in `frame`. ``was``, ``is``: the cell in `frame` and in the file; for an outline, how far it
        moved; for a column, its names. ``why``: the reason.

    Raises
    ------
    CRSError
        If the frame has no CRS, or one that the format cannot carry.
    FormatError
        If the format is not one of these, or needs a package that is not installed.
    StorageError
        If a record, an outline or a column would be lost or an id changed, or the file cannot be written; what stood
        there before is untouched.

    Notes
    -----
    In a Shapefile, names have ten bytes (a name of the schema is cut to its first ten; any other that is changed gets a
    number, so that it is not read as one of those), texts 254 bytes, and times of day stand as text. Heights are left out
    of all these formats.

    References
    ----------
    Esri, "ESRI Shapefile Technical Description", July 1998; OGC KML 2.2 (OGC 07-147r2).

    Examples
    --------
    >>> import hazardgeo as hz, tempfile, pathlib
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     losses = hz.export(hazards, pathlib.Path(folder, "hazards.zip"))
    >>> losses.loc[losses["column"] == "classification", ["was", "is"]].to_numpy().tolist()
    [['classification', 'classifica']]
    """
    target = Path(path)
    form = FORMS.get(target.suffix.casefold())
    if form is None:
        raise FormatError(
            f"{target}: hazardgeo exports {', '.join(FORMS)}. Choose one of these endings, or write .gpkg with "
            "hazardgeo.write."
        )
    refuse_without_crs(frame, target)
    require_extra(target)
    with told_plainly(target), form.replacing(target) as part:
        table, geometries = table_of(frame, target), np.asarray(frame.geometry.array, dtype=object)
        names = fitting_names(list(table.columns), form.longest_name, form.taken)
        form.write(table.set_axis(names, axis=1), geometries, frame, part)
        written = Written(table, names, geometries, frame, target)
        return find_losses(written, read_layer(part), form.reasons)
