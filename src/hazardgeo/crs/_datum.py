"""Which datums agree with WGS 84, which a layer is on, and the refusal of what names none."""

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


def recorded_in(crs: pyproj.CRS, what: str, *, named: bool = False) -> pyproj.CRS:
    """Give the CRS that a layer's numbers are to be taken in, or refuse one that names no datum to start from.

    Parameters
    ----------
    crs : pyproj.CRS
    what : str
        File or frame, for the message.
    named : bool
        Whether a person has named the operation to WGS 84: it takes the place of a shift that a file brings along, and tells
        the datum of a CRS that names none, and of a deprecated one.

    Returns
    -------
    pyproj.CRS
        `crs` itself; that without its shift; or its successor in the register, if it is deprecated.

    Raises
    ------
    CRSError
    """
    label = crs_label(crs)
    crs = horizontal(crs)
    if crs.is_bound and crs.source_crs is not None and (named or _is_no_shift(crs)):
        crs = crs.source_crs
    if any(part.is_bound for part in _parts(crs)) or "PROJ CRS string:" in crs.to_wkt():
        raise CRSError(
            f"{what}: {label} ({crs.name}) brings its own shift to WGS 84 along (TOWGS84, a grid or a PROJ string), which "
            f"nobody has named or checked. Name the CRS by its code, such as EPSG:3765, or {SAY_OPERATION}."
        )
    if not (crs.is_geographic or crs.is_projected):
        raise CRSError(f"{what}: {label} ({crs.name}) is neither a grid nor longitude and latitude.")
    base = geographic(crs)
    if base.is_derived or {axis.direction.casefold() for axis in base.axis_info[:2]} != {"north", "east"}:
        raise CRSError(
            f"{what}: {label} ({crs.name}) counts its degrees from a pole of its own, or to the west or the south. Name the CRS "
            "by its code, such as EPSG:3765."
        )
    if not named and _is_unknown(crs):
        raise CRSError(
            f"{what}: {label} ({crs.name}) names no datum. Name the CRS by its code, such as EPSG:3765, or {SAY_OPERATION}."
        )
    return crs if is_modern(crs) else successor(crs) or crs


def _is_no_shift(crs: pyproj.CRS) -> bool:
    """Whether the shift that a CRS brings along is none, as older software writes it beside datums that agree with WGS 84."""
    shift = crs.coordinate_operation
    noughts = shift is not None and bool(shift.params) and all(float(one.value) == 0 for one in shift.params)
    return noughts and crs.source_crs is not None and is_modern(crs.source_crs)


SAY_OPERATION = (
    'say datum_operation="EPSG:…" (hazardgeo check: --datum-operation EPSG:…; hazardgeo report: --datum-operation '
    "FILE=EPSG:…)"
)


def horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    """A CRS without its heights, which are dropped, and so is what they are counted from."""
    return crs.sub_crs_list[0] if crs.is_compound else crs


def geographic(crs: pyproj.CRS) -> pyproj.CRS:
    """Longitude and latitude on the datum of a CRS."""
    base = crs.geodetic_crs
    if base is None:
        raise CRSError(
            f"{crs_label(crs)} ({crs.name}) has no longitude and latitude of its own. Name the CRS by its code."
        )
    return base


def successor(crs: pyproj.CRS) -> pyproj.CRS | None:
    """Give the CRS that the register names in the place of a deprecated one; None if it is not deprecated or has none.

    Examples
    --------
    >>> successor(pyproj.CRS.from_epsg(31277)).name, successor(WGS84)
    ('MGI 1901 / Balkans zone 7', None)
    """
    later = None
    authority = crs.to_authority()  # of a text too, as of an ArcGIS .prj, which cannot say that it is deprecated
    while authority is not None:
        record = pyproj.CRS.from_authority(*authority)
        candidates = record.get_non_deprecated() if record.is_deprecated else []
        authority = candidates[0].to_authority() if candidates else None
        later = candidates[0] if candidates else later
    return later


def may_be_datum(crs: pyproj.CRS, start: pyproj.CRS) -> bool:
    """Whether the longitudes and latitudes of a CRS may be those that an operation starts from.

    They are if both have one datum; if the first names none and has the ellipsoid of the other; or if it bears a name that is
    borne by both.
    """
    ellipsoids = [
        (one.ellipsoid.semi_major_metre, one.ellipsoid.inverse_flattening) for one in (crs, start) if one.ellipsoid
    ]
    if len(ellipsoids) < 2 or any(abs(a - b) > 1e-3 for a, b in zip(*ellipsoids, strict=True)):
        return False
    # To 6 mm: what a text and the register say of a meridian differs in the last digits.
    if abs(meridian_rad(crs) - meridian_rad(start)) > 1e-9:
        return False
    one, other = (part.datum.name if part.datum else "" for part in (crs, start))
    return one == other or _is_unknown(crs) or other in AMBIGUOUS.get(one, ())


def meridian_rad(crs: pyproj.CRS) -> float:
    """Where a CRS counts longitudes from, from Greenwich [rad]."""
    meridian = crs.prime_meridian
    return 0.0 if meridian is None else float(meridian.longitude) * float(meridian.unit_conversion_factor)


AMBIGUOUS = {"Militar-Geographische Institut": ("MGI 1901",)}
"""Datums whose name is borne by others as well: Austria's MGI (EPSG:4312), and Yugoslavia's (EPSG:3906), which ArcGIS and
old codes of EPSG (31275 to 31278) call MGI too."""


def _is_unknown(crs: pyproj.CRS) -> bool:
    datum = crs.datum.name if crs.datum else "unknown"
    return datum.casefold().removeprefix("d_").startswith(("unknown", "not specified", "unnamed"))


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
