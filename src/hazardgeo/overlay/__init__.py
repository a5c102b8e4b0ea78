"""Local planes, pairs, cuts, ground counted once, evidence areas, repair."""

from hazardgeo.overlay._accuracy import place_sd, sliver_m, vertex_sd
from hazardgeo.overlay._common import ground_in_common, is_sliver, width_of
from hazardgeo.overlay._evidence import evidence_areas
from hazardgeo.overlay._mend import Mended, RecordedPlane, candidates_in_words, fault_in_words, mend
from hazardgeo.overlay._net import net_area_m2
from hazardgeo.overlay._pairs import groups_of_links, groups_that_touch, pairs_that_touch
from hazardgeo.overlay._parts import polygonal
from hazardgeo.overlay._planes import LocalPlane, plane_at, plane_cells, plane_of
from hazardgeo.overlay._repair import repair_geometry, repair_log

__all__ = [
    "LocalPlane",
    "Mended",
    "RecordedPlane",
    "candidates_in_words",
    "evidence_areas",
    "fault_in_words",
    "ground_in_common",
    "groups_of_links",
    "groups_that_touch",
    "is_sliver",
    "mend",
    "net_area_m2",
    "pairs_that_touch",
    "place_sd",
    "plane_at",
    "plane_cells",
    "plane_of",
    "polygonal",
    "repair_geometry",
    "repair_log",
    "sliver_m",
    "vertex_sd",
    "width_of",
]
