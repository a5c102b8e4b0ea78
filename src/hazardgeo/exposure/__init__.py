"""Who and what lies in hazards and about them, on either side of a border."""

from hazardgeo.exposure._classes import raster_by_class
from hazardgeo.exposure._people import PeopleNear, people_by_side, people_near
from hazardgeo.exposure._pieces import pieces_by_side
from hazardgeo.exposure._places import embedded_places, length_inside_m, nearest_places
from hazardgeo.exposure._raster import Raster, open_raster
from hazardgeo.exposure._rasterize import rasterize
from hazardgeo.exposure._rings import distance_rings
from hazardgeo.exposure._sums import raster_stats, raster_sum
from hazardgeo.exposure._terrain import terrain

__all__ = [
    "PeopleNear",
    "Raster",
    "distance_rings",
    "embedded_places",
    "length_inside_m",
    "nearest_places",
    "open_raster",
    "people_by_side",
    "people_near",
    "pieces_by_side",
    "raster_by_class",
    "raster_stats",
    "raster_sum",
    "rasterize",
    "terrain",
]
