"""Local planes, pairs, cuts, ground counted once, evidence areas."""

from hazardgeo.overlay._accuracy import sliver_m, vertex_sd
from hazardgeo.overlay._evidence import evidence_areas
from hazardgeo.overlay._net import net_area_m2
from hazardgeo.overlay._pairs import groups_that_touch, pairs_that_touch
from hazardgeo.overlay._planes import LocalPlane, plane_at, plane_cells, plane_of

__all__ = [
    "LocalPlane",
    "evidence_areas",
    "groups_that_touch",
    "net_area_m2",
    "pairs_that_touch",
    "plane_at",
    "plane_cells",
    "plane_of",
    "sliver_m",
    "vertex_sd",
]
