"""Munitions sites: how far from them what must keep away, and what lies inside that zone on either side of a border.

Planning aid, not a licence.
"""

from hazardgeo.depots._distance import largest_quantity_kg, safety_distance_m
from hazardgeo.depots._inside import inside_zones, people_inside, zone_sides
from hazardgeo.depots._table import DistanceTable, Rule, read_table, table
from hazardgeo.depots._zones import safety_zones, zones_in_common

__all__ = [
    "DistanceTable",
    "Rule",
    "inside_zones",
    "largest_quantity_kg",
    "people_inside",
    "read_table",
    "safety_distance_m",
    "safety_zones",
    "table",
    "zone_sides",
    "zones_in_common",
]
