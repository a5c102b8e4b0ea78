"""A CRS that a file names twice, by a code and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hazardgeo.crs import is_modern, parse_file_crs, same_places

if TYPE_CHECKING:
    import pyproj

_SHOWN = 80


def crs_of(code: str, words: str) -> tuple[pyproj.CRS | None, str, str]:
    """Read the CRS of a layer.

    Parameters
    ----------
    code, words : str
        As the file has them; empty where it has none.

    Returns
    -------
    pyproj.CRS or None
    str
        What was seen where the two contradict each other.
    str
        How the file names the CRS, where that is not read.
    """
    by_code, by_words = parse_file_crs(code), _without_zero_shift(parse_file_crs(words))
    if by_code is None or by_words is None:
        found = by_code if by_words is None else by_words
        return found, "", "" if found is not None else (words or code)[:_SHOWN]
    # An old datum is refused later, with the better reason.
    if is_modern(by_code) and not same_places(by_code, by_words):
        seen = f"The file names its CRS twice: as {code} ({by_code.name}), and as another in words ({by_words.name})."
        return None, seen, ""
    return by_code, "", ""


def _without_zero_shift(crs: pyproj.CRS | None) -> pyproj.CRS | None:
    """Take the TOWGS84 of zeros away that older programs wrote beside a datum that agrees with WGS 84."""
    if crs is None or not crs.is_bound or crs.coordinate_operation is None:
        return crs
    shift = crs.coordinate_operation.towgs84
    return crs.source_crs if shift and not any(shift) else crs
