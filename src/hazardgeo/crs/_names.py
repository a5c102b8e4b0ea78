"""What a text says about a CRS, and whether two CRSs are one."""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import pyproj

from hazardgeo.crs._datum import is_modern
from hazardgeo.errors import CRSError

# What would make PROJ open a file, or put other parameters in the place of those that stand there.
_LEADS_ELSEWHERE = re.compile(r"init\s*=|grids\s*=|file\s*=|catalog\s*=|@|PARAMETERFILE|EXTENSION", re.IGNORECASE)
_PROJ_TEXT = re.compile(r"\bproj\s*=", re.IGNORECASE)
_WKT = re.compile(r"\s*[A-Za-z_0-9]+\s*[\[(]")
_NAME_OF_RECORD = re.compile(
    r"[A-Za-z]+:[A-Za-z0-9]+|urn:(ogc|x-ogc|EPSG)[\w:.-]*|https?://www\.opengis\.net/(def/crs/|gml/srs/)[\w./#-]+",
    re.IGNORECASE,
)


def parse_crs(given: Any) -> pyproj.CRS:
    """Read a CRS from an EPSG code, a name, WKT or a CRS object.

    Parameters
    ----------
    given : str, int or pyproj.CRS

    Returns
    -------
    pyproj.CRS

    Raises
    ------
    CRSError
        If it names no CRS.

    Examples
    --------
    >>> parse_crs("EPSG:3765").name
    'HTRS96 / Croatia TM'
    """
    text = str(given)
    if _LEADS_ELSEWHERE.search(text) or (_PROJ_TEXT.search(text) and re.search(r"[/\\]", text)):
        raise CRSError(f"{given!r} leads to a file or to other parameters. Give a code such as EPSG:3765.")
    try:
        return pyproj.CRS.from_user_input(given)
    except pyproj.exceptions.CRSError as error:
        raise CRSError(f"{given!r} is no CRS that PROJ knows. Give a code such as EPSG:3765.") from error


def parse_file_crs(text: str) -> pyproj.CRS | None:
    """Read the text by which a file names its CRS: a code, an OGC name or WKT, and nothing that leads elsewhere.

    Parameters
    ----------
    text : str

    Returns
    -------
    pyproj.CRS or None
        None if it is anything else, a PROJ string included.

    Examples
    --------
    >>> parse_file_crs("urn:ogc:def:crs:EPSG::3765").name
    'HTRS96 / Croatia TM'
    >>> parse_file_crs("+proj=utm +zone=33 +datum=WGS84") is None
    True
    """
    if not (_NAME_OF_RECORD.fullmatch(text) or _WKT.match(text)):
        return None
    try:
        return parse_crs(text)
    except CRSError:
        return None


def same_crs(a: pyproj.CRS, b: pyproj.CRS) -> bool:
    """Whether two CRSs are one, however their axes are ordered or their texts are written."""
    if a.equals(b, ignore_axis_order=True):
        return True
    try:
        # This form of WKT knows no order of axes.
        plain = [pyproj.CRS.from_wkt(crs.to_wkt("WKT1_ESRI")) for crs in (a, b)]
    except (pyproj.exceptions.CRSError, TypeError):
        return False
    return plain[0].equals(plain[1], ignore_axis_order=True)


def same_places(a: pyproj.CRS, b: pyproj.CRS) -> bool:
    """Whether two CRSs put the same numbers on the same ground, to about a metre.

    Registers of different years name one datum differently, so the comparison is by what the projections do; a datum
    that is not known to agree with WGS 84 is the same as none but itself.
    """
    if same_crs(a, b):
        return True
    area = a.area_of_use
    if (
        area is None
        or a.is_bound
        or b.is_bound
        or not (is_modern(a) and is_modern(b) and a.is_projected == b.is_projected)
    ):
        return False
    lon, lat = np.meshgrid(np.linspace(area.west, area.east, 3), np.linspace(area.south, area.north, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a projection by itself leaves the datum out, which is what is wanted
        xy_a, xy_b = (np.asarray(pyproj.Proj(crs)(lon, lat)) for crs in (a, b))
    return bool(np.allclose(xy_a, xy_b, rtol=0, atol=1 if a.is_projected else 1e-5))
