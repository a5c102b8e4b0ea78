"""The one door for coordinate reference systems.

Everything is measured on WGS 84. A frame whose datum is WGS 84 or a realisation of ETRS89 or ITRF passes with one
named operation for the whole layer; any other datum is refused, because an operation chosen by default can
be hundreds of metres off and says nothing about it. PROJ asks no network, and no text of a CRS makes it open a file.
"""

from __future__ import annotations

import pyproj.network

from hazardgeo.crs._datum import WGS84, crs_label, is_modern, refuse_datum
from hazardgeo.crs._door import GEOD, DatumOperation, misplaced, on_arrays, to_wgs84
from hazardgeo.crs._names import parse_crs, parse_file_crs, same_crs, same_places

__all__ = [
    "GEOD",
    "WGS84",
    "DatumOperation",
    "crs_label",
    "is_modern",
    "misplaced",
    "on_arrays",
    "parse_crs",
    "parse_file_crs",
    "refuse_datum",
    "same_crs",
    "same_places",
    "to_wgs84",
]

# A grid fetched on the way would change coordinates from one day, or one line, to the next.
pyproj.network.set_network_enabled(active=False)  # type: ignore[attr-defined]  # pyproj does not list it, and documents it
