"""Shapes as well-known text, with or without ``SRID=…;`` before it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._layer import RawFault, RawLayer, plain_reason, unreadable
from hazardgeo.registers._formats._sheet import Sheet, is_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

GEOMETRY_COLUMNS = ("geometry", "wkt", "geom", "the_geom", "shape_wkt")
_NEARLY_ALL = 0.9
_SRID = re.compile(r"SRID\s*=\s*(\d{1,9})\s*;\s*", re.IGNORECASE | re.ASCII)
_SHAPES = re.compile(r"(MULTI)?(POINT|LINESTRING|POLYGON)\b", re.IGNORECASE)


def is_shape(text: str) -> bool:
    """Whether a text begins as the shapes that are read here do."""
    return _SHAPES.match(_bare(text)) is not None


def _bare(text: str) -> str:
    """A text without its SRID; each pattern is tried at the beginning only, so that blanks without end cost no time."""
    text = text.strip()
    found = _SRID.match(text)
    return text[found.end() :] if found else text


def wkt_layer(sheet: Sheet, column: str) -> RawLayer:
    """Take the shapes from one column of well-known text.

    Parameters
    ----------
    sheet : Sheet
    column : str

    Returns
    -------
    RawLayer

    Raises
    ------
    FormatError
        If the shapes name several CRSs and none of them mostly, or one that is no EPSG code.
    """
    texts = ["" if is_blank(cell) else str(cell).strip() for cell in sheet.cells(column)]
    shapes, faults = _shapes(texts)
    code, others = _code(sheet.file, texts)
    faults += others
    return RawLayer(
        sheet.file,
        sheet.name,
        len(sheet.rows),
        {name: sheet.cells(name) for name in sheet.columns if name != column},
        shapes,
        _crs(sheet.file, code),
        sheet.faults + tuple(faults),
        sheet.row_numbers,
        tuple(i for i, text in enumerate(texts) if text and not _SRID.match(text)),
        written={column: sheet.cells(column)},
    )


def _code(file: str, texts: Sequence[str]) -> tuple[str, list[RawFault]]:
    """The SRID that nearly all shapes name, and a fault for each that names another, by a slip of the pen as it seems."""
    named = {i: found[1] for i, text in enumerate(texts) if (found := _SRID.match(text))}
    counts = Counter(named.values()).most_common()
    if not counts:
        return "", []
    code, times = counts[0]
    if times < _NEARLY_ALL * len(named):
        codes = ", ".join(sorted(code for code, _ in counts))
        raise FormatError(f"{file}: its shapes name several SRIDs ({codes}). Use one file for each.")
    remedy = "Correct it in the source, or put the record into a file of its own."
    return code, [
        RawFault(i, "crs-conflict", f"Its shape names the SRID {other}; nearly all others name {code}.", remedy)
        for i, other in named.items()
        if other != code
    ]


def _crs(file: str, code: str) -> pyproj.CRS | None:
    try:
        return pyproj.CRS.from_epsg(int(code)) if code else None
    except pyproj.exceptions.CRSError as error:
        raise FormatError(f"{file}: its SRID is no EPSG code ({error}).") from error


def _shapes(texts: Sequence[str]) -> tuple[NDArray[np.object_], list[RawFault]]:
    bare: NDArray[Any] = np.full(len(texts), None, dtype=object)
    faults: list[RawFault] = []
    for i, text in enumerate(texts):
        # Nothing else goes to the parser: collections nested deeply enough make it crash.
        if is_shape(text):
            bare[i] = _bare(text)
        elif text:
            faults.append(unreadable(i, f"has a geometry that is no point, line or polygon ({text[:30]!r})"))
    shapes = np.asarray(shapely.from_wkt(bare, on_invalid="ignore"), dtype=object)
    unread = np.flatnonzero(shapely.is_missing(shapes) & (bare != None))  # noqa: E711  (element by element)
    faults += [unreadable(int(i), f"has a geometry that cannot be read ({_reason(bare[i])})") for i in unread]
    return shapes, faults


def _reason(text: str) -> str:
    try:
        shapely.from_wkt(text)
    except shapely.errors.GEOSException as error:
        return plain_reason(error)
    return "no reason is known"
