"""Positions in one text: two coordinates, or a place in the grids of MGRS and UTM."""

from __future__ import annotations

import contextlib
import itertools
import re
from functools import cache
from typing import Any

import pyproj

from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._coordinates import Bounds, NotReadError, Position, numbers, read_pair

ORDERS = ("", "lon lat", "lat lon")
"""Which coordinate comes first in a text; easting goes with longitude. Empty: as its letters say, or as alone fits."""

_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_MGRS = re.compile(r"(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z]{2})\s*(\d*)\s*(\d*)", re.ASCII)
_UTM = re.compile(r"(\d{1,2})\s*([A-Z])[\s,;]*(E?\s*\d.*)", re.ASCII)
_EAST = re.compile(r"E?\s*(\d[\d.,' ]*?)\s*(?:M?E|M)?", re.ASCII)
_NORTH = re.compile(r"N?\s*(\d[\d.,' ]*?)\s*(?:M?N|M)?", re.ASCII)
_BETWEEN = " ,;/|\t"
_LIKE = re.compile(r"[\d\s.,;:/|°º˚'′’‘`´ʹ\"″”“„ʺNSEWnsew+−-]+", re.ASCII)
_FIGURES = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_LONGEST = 80
_TEN_FIGURES = "Write all ten figures, such as 33T XL 12345 67890."


def looks_like_position(cell: Any) -> bool:
    """Whether a text may be a position; the name of a place is none."""
    if not isinstance(cell, str) or len(cell) > _LONGEST:
        return False
    text = cell.strip().upper()
    if _MGRS.fullmatch(text) or _UTM.fullmatch(text):
        return True
    return _LIKE.fullmatch(text) is not None and len(re.findall(r"\d+", text)) >= 2


def read_position(
    cell: Any, order: str = "", notation: str = "", crs_is_geographic: bool | None = None, within: Bounds | None = None
) -> Position:
    """Read a position from one cell.

    Parameters
    ----------
    cell : str
    order : str
        One of `ORDERS`.
    notation : str
        One of `hazardgeo.registers._formats._coordinates.NOTATIONS`.
    crs_is_geographic, within
        As in `read_pair`.

    Returns
    -------
    Position

    Raises
    ------
    NotReadError
        If there is no reading, or several.

    Examples
    --------
    >>> read_position("45°30'N 16°15'E")
    Position(x=16.25, y=45.5, kind='degrees', plain=False, wgs84=False, size_m=0.0)
    """
    if not isinstance(cell, str) or len(cell) > _LONGEST:
        raise NotReadError(f"has {str(cell)[:30]!r} where a position should stand")
    text = cell.strip().upper()
    if (found := _MGRS.fullmatch(text)) and notation in ("", "mgrs"):
        return _mgrs(cell, found)
    if (found := _UTM.fullmatch(text)) and notation in ("", "utm"):
        return _utm(cell, found)
    if notation in ("mgrs", "utm"):
        raise NotReadError(
            f"has a position that is not written in {notation.upper()} ({cell!r})", "Write it as the others."
        )
    return _two(cell, order, notation, crs_is_geographic, within)


def _mgrs(cell: str, found: re.Match[str]) -> Position:
    zone, band, square, east, north = found.groups()
    if not north:
        east, north = east[: len(east) // 2], east[len(east) // 2 :]
    if len(east) != len(north) or not 1 <= len(east) <= 5:
        raise NotReadError(f"has an MGRS text whose figures are not two equal halves ({cell!r})", _TEN_FIGURES)
    size = 10.0 ** (5 - len(east))
    if size > 100:
        raise NotReadError(
            f"has an MGRS text that names a square of {size / 1000:.0f} km, no place ({cell!r})", _TEN_FIGURES
        )
    zone_read, hemisphere, x, y = _corner(cell, f"{zone}{band}{square}{east:0<5}{north:0<5}")
    lon, lat = _to_lonlat(zone_read, hemisphere == "N", x + size / 2, y + size / 2)
    return Position(lon, lat, "degrees", wgs84=True, size_m=size)


def _corner(cell: str, text: str) -> tuple[int, str, float, float]:
    """Zone, hemisphere, and the south-west corner of a square of one metre, whatever point of it the package gives."""
    try:
        import mgrs
    except ImportError as error:
        raise FormatError('MGRS needs one more package: pip install "hazardgeo[coords]".') from error
    try:
        zone, hemisphere, x, y = mgrs.MGRS().MGRSToUTM(text)
    except mgrs.core.MGRSError as error:
        raise NotReadError(f"has an MGRS text that names no square ({cell!r})", _TEN_FIGURES) from error
    return int(zone), str(hemisphere), float(x // 1), float(y // 1)


def _utm(cell: str, found: re.Match[str]) -> Position:
    zone, letter, rest = int(found[1]), found[2], found[3]
    pairs = {
        (x, y)
        for left, right in _splits(rest)
        if (east := _EAST.fullmatch(left)) and (north := _NORTH.fullmatch(right))
        for x, y in itertools.product(numbers(east[1]), numbers(north[1]))
        if 100_000 <= x < 900_000 and 0 <= y <= 10_000_000
    }
    if len(pairs) != 1 or not 1 <= zone <= 60:
        raise NotReadError(f"has a UTM text that cannot be read ({cell!r})", "Write it as 33T 512345 4990123.")
    places = {place for place in _by_letter(zone, letter, *pairs.pop()) if place}
    if len(places) != 1:
        why = "fits no reading" if not places else "is a band and a hemisphere at once"
        raise NotReadError(
            f"has a UTM text whose letter {letter} {why} ({cell!r})", "Write zone and band, such as 33T."
        )
    lon, lat = places.pop()
    return Position(lon, lat, "degrees", wgs84=True)


def _by_letter(zone: int, letter: str, x: float, y: float) -> list[tuple[float, float] | None]:
    """The place if the letter is the band of latitude, and the place if it is the hemisphere."""
    places: list[tuple[float, float] | None] = []
    if letter in _BANDS:
        lon, lat = _to_lonlat(zone, letter >= "N", x, y)
        south = -80 + 8 * _BANDS.index(letter)
        places.append((lon, lat) if south <= lat <= (84 if letter == "X" else south + 8) else None)
    if letter in "NS":
        lon, lat = _to_lonlat(zone, letter == "N", x, y)
        places.append((lon, lat) if -80 <= lat <= 84 else None)
    return places


@cache
def _utm_to_lonlat(zone: int, north: bool) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs((32600 if north else 32700) + zone, 4326, always_xy=True)


def _to_lonlat(zone: int, north: bool, x: float, y: float) -> tuple[float, float]:
    lon, lat = _utm_to_lonlat(zone, north).transform(x, y)
    return float(lon), float(lat)


def _splits(text: str) -> list[tuple[str, str]]:
    """All ways to part a text in two at a separator, or beside a letter."""
    parts = {
        (text[:i].rstrip(_BETWEEN), text[i:].lstrip(_BETWEEN))
        for i in range(1, len(text))
        if text[i] in _BETWEEN or text[i - 1] in _BETWEEN or text[i].isalpha() or text[i - 1].isalpha()
    }
    return sorted(parts - {("", text), (text, "")})


def _two(cell: str, order: str, notation: str, crs_is_geographic: bool | None, within: Bounds | None) -> Position:
    found: dict[Position, bool] = {}
    for left, right in _splits(cell.strip()):
        alike = len(_FIGURES.findall(left)) == len(_FIGURES.findall(right))
        pairs = {"lon lat": [(left, right)], "lat lon": [(right, left)]}.get(order, [(left, right), (right, left)])
        for x, y in pairs:
            with contextlib.suppress(NotReadError):
                position = read_pair(x, y, notation, crs_is_geographic, within)
                found[position] = alike or found.get(position, False)
    # Both halves are written alike where they can be: "45,5 16,5" is not 45 and 5°16.5'.
    likely = [position for position, alike in found.items() if alike] or list(found)
    likely = [position for position in likely if position.kind == "degrees"] or likely
    if len({(position.x, position.y) for position in likely}) == 1:
        return likely[0]
    if likely:
        seen = " or ".join(f"{p.x:.12g}, {p.y:.12g}" for p in sorted(likely, key=lambda p: (p.x, p.y))[:4])
        remedy = 'Say in a profile which comes first (order = "lat lon"), or add the letters N, S, E, W.'
        raise NotReadError(f"has a position with several readings: {cell!r} is {seen}", remedy)
    raise NotReadError(f"has a position that cannot be read ({cell!r})")
