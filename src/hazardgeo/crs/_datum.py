"""Which datums agree with WGS 84, and the refusal of all others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyproj

from hazardgeo.errors import CRSError

if TYPE_CHECKING:
    from collections.abc import Iterator

WGS84 = pyproj.CRS.from_epsg(4326)

# Datums that agree with WGS 84 to about a metre, by their whole names in the EPSG register (those of 2026 too): its
# realisations, the ITRF and ETRS89 families, and national realisations of ETRS89. Anything else needs a named operation.
_MODERN = re.compile(
    r"World Geodetic System 1984( ensemble| \((G\d+|Transit)\))?"
    r"|International Terrestrial Reference Frame (19|20)\d\d(-u\d{4})?"
    r"|European Terrestrial Reference (System 1989( ensemble)?|Frame (19|20)\d\d)"
    r"|ETRS89/DREF91 Realization \d{4}|ETRS89-[A-Z]{3}([ _]\[?[\w -]+\]?)?"
    r"|ETRF2000 Poland|(NKG_|Nordic Geodetic Commission )ETRF\d\d|Lithuania 1994 \(ETRS89\)|AGRS2010 \(ETRF2000\)"
    r"|Mexico ITRF(92|2008)|Moznet \(ITRF94\)"
    r"|Croatian Terrestrial Reference System( 1996)?|HTRS96|BH_ETRS89|KRGJSH-2010"
    r"|Serbian Spatial Reference System 2000|Serbian Reference Network 1998|SRB_ETRS89|SREF98"
    r"|Kosovo Reference System 2001|KOSOVAREF01"
)


def crs_label(crs: pyproj.CRS) -> str:
    """Name a CRS by authority code where it has one, else by name.

    Examples
    --------
    >>> crs_label(WGS84)
    'EPSG:4326'
    """
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)


def refuse_datum(crs: pyproj.CRS, what: str) -> None:
    """Refuse a CRS whose datum is not known to agree with WGS 84, or that brings a shift of its own along.

    Parameters
    ----------
    crs : pyproj.CRS
    what : str
        File or frame, for the message.

    Raises
    ------
    CRSError
    """
    label = crs_label(crs)
    if any(part.is_bound for part in _parts(crs)) or "PROJ CRS string:" in crs.to_wkt():
        raise CRSError(
            f"{what}: {label} ({crs.name}) brings its own shift to WGS 84 along (TOWGS84, a grid or a PROJ string), which "
            "nobody has named or checked. Name the CRS by its code, such as EPSG:3765."
        )
    datum = crs.datum.name if crs.datum else "unknown"
    if datum.casefold().startswith(("unknown", "not specified")):
        raise CRSError(f"{what}: {label} ({crs.name}) names no datum. Name the CRS by its code, such as EPSG:3765.")
    if not is_modern(crs):
        raise CRSError(
            f"{what}: {label} ({crs.name}) is on the datum {datum!r}, which differs from WGS 84 by up to hundreds of "
            "metres and has several operations to WGS 84. hazardgeo does not choose one for you: transform the layer "
            "with the operation that your surveying authority names, then read it again with its new CRS."
        )
    if not (crs.is_geographic or crs.is_projected):
        raise CRSError(f"{what}: {label} ({crs.name}) is neither a grid nor longitude and latitude.")


def _parts(crs: pyproj.CRS) -> Iterator[pyproj.CRS]:
    yield crs
    for part in (*crs.sub_crs_list, crs.source_crs):
        if part is not None:
            yield from _parts(part)


def is_modern(crs: pyproj.CRS) -> bool:
    """Whether the datum is known to agree with WGS 84 to about a metre."""
    # The ellipsoid too: a text can give any name to any datum.
    if crs.datum is None or crs.ellipsoid is None or not _MODERN.fullmatch(crs.datum.name):
        return False
    size, flattening = crs.ellipsoid.semi_major_metre, crs.ellipsoid.inverse_flattening
    return abs(size - 6_378_137) < 0.001 and abs(flattening - 298.2572) < 0.0001
