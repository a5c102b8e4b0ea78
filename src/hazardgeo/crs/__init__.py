"""The one door for coordinate reference systems.

Everything is measured on WGS 84. A layer comes there by one named operation, never corner by corner. From an old datum
PROJ's first is taken if all that are published for that ground agree within what they claim; else the layer is refused with
the list of them, because one chosen by default can be more than a kilometre off and says nothing about it. PROJ asks no
network, and no text of a CRS makes it open a file.
"""

from __future__ import annotations

import pyproj.network

from hazardgeo.crs._datum import SAY_OPERATION, WGS84, crs_label, is_modern, recorded_in, successor
from hazardgeo.crs._door import DatumOperation, from_wgs84, misplaced, to_wgs84
from hazardgeo.crs._frames import bring_to_wgs84, compare_datum_operations
from hazardgeo.crs._geod import GEOD, compass_point, metres_per_degree, on_arrays
from hazardgeo.crs._grids import Grid, is_mercator, national_grid
from hazardgeo.crs._names import parse_crs, parse_file_crs, same_crs, same_places
from hazardgeo.crs._seam import Origin, Seam, seam

__all__ = [
    "GEOD",
    "SAY_OPERATION",
    "WGS84",
    "DatumOperation",
    "Grid",
    "Origin",
    "Seam",
    "bring_to_wgs84",
    "compare_datum_operations",
    "compass_point",
    "crs_label",
    "from_wgs84",
    "is_mercator",
    "is_modern",
    "metres_per_degree",
    "misplaced",
    "national_grid",
    "on_arrays",
    "parse_crs",
    "parse_file_crs",
    "recorded_in",
    "same_crs",
    "same_places",
    "seam",
    "successor",
    "to_wgs84",
]

# A grid fetched on the way would change coordinates from one day, or one line, to the next.
pyproj.network.set_network_enabled(active=False)  # type: ignore[attr-defined]  # pyproj does not list it, and documents it
