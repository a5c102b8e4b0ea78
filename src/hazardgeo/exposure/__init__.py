"""Who and what lies in hazards and about them, on either side of a border."""

from hazardgeo.exposure._raster import Raster, open_raster
from hazardgeo.exposure._sums import raster_stats, raster_sum
from hazardgeo.exposure._terrain import terrain

__all__ = [
    "Raster",
    "open_raster",
    "raster_stats",
    "raster_sum",
    "terrain",
]
