"""Local planes, pairs, cuts, ground counted once, evidence areas, repair."""

from hazardgeo.overlay._accuracy import place_sd, sliver_m, vertex_sd
from hazardgeo.overlay._areas._choice import ProjectionChoice, choose_equal_area
from hazardgeo.overlay._areas._compare import AreaComparison, compare_area_methods
from hazardgeo.overlay._areas._discrepancy import area_discrepancy
from hazardgeo.overlay._areas._slips import slips_in_words, slips_of
from hazardgeo.overlay._areas._uncertainty import area_uncertainty_m2
from hazardgeo.overlay._around import FARTHEST_M, ground_around
from hazardgeo.overlay._by_group import net_area_by
from hazardgeo.overlay._common import ground_in_common, is_sliver, width_of
from hazardgeo.overlay._common_area import common_area_m2
from hazardgeo.overlay._evidence import evidence_areas
from hazardgeo.overlay._mend import Mended, RecordedPlane, candidates_in_words, fault_in_words, mend
from hazardgeo.overlay._net import net_area_m2
from hazardgeo.overlay._once import CLASSES, Measured, ground_once
from hazardgeo.overlay._pairs import groups_of_links, groups_that_touch, pairs_that_touch
from hazardgeo.overlay._parts import polygonal
from hazardgeo.overlay._planes import LocalPlane, plane_at, plane_cells, plane_of
from hazardgeo.overlay._repair import repair_geometry, repair_log

__all__ = [
    "CLASSES",
    "FARTHEST_M",
    "AreaComparison",
    "LocalPlane",
    "Measured",
    "Mended",
    "ProjectionChoice",
    "RecordedPlane",
    "area_discrepancy",
    "area_uncertainty_m2",
    "candidates_in_words",
    "choose_equal_area",
    "common_area_m2",
    "compare_area_methods",
    "evidence_areas",
    "fault_in_words",
    "ground_around",
    "ground_in_common",
    "ground_once",
    "groups_of_links",
    "groups_that_touch",
    "is_sliver",
    "mend",
    "net_area_by",
    "net_area_m2",
    "pairs_that_touch",
    "place_sd",
    "plane_at",
    "plane_cells",
    "plane_of",
    "polygonal",
    "repair_geometry",
    "repair_log",
    "slips_in_words",
    "slips_of",
    "sliver_m",
    "vertex_sd",
    "width_of",
]
