"""Borders as data, and every question that has two sides."""

from hazardgeo.borders._along._continuations import find_continuations
from hazardgeo.borders._along._frontage import Frontage, frontage
from hazardgeo.borders._along._joint import JointTasks, joint_tasks
from hazardgeo.borders._parcel._status import StatusAt, status_at
from hazardgeo.borders._parcel._where import Where, where
from hazardgeo.borders._seam import datum_seams
from hazardgeo.borders._set import BorderSet
from hazardgeo.borders._sides._relation import relation
from hazardgeo.borders._sides._split import split_by_country
from hazardgeo.borders._sides._totals import side_totals
from hazardgeo.borders._sources._gaps import GapAndOverlap, gap_and_overlap
from hazardgeo.borders._sources._load import SOURCES, disputed_areas, embedded, load
from hazardgeo.borders._sources._own import read, write
from hazardgeo.borders._sources._versions import compare
from hazardgeo.borders._sources._views import unite
from hazardgeo.borders._states._each_pair import by_register, over_pairs, stacked
from hazardgeo.borders._states._matrix import enclaves, matrix, pairs, tripoints
from hazardgeo.borders._twice._conflicts import conflicts
from hazardgeo.borders._twice._counted import ClassTotal, CountOnce, RegisterTotal, count_once
from hazardgeo.borders._twice._overlaps import moved_twins, overlaps

__all__ = [
    "SOURCES",
    "BorderSet",
    "ClassTotal",
    "CountOnce",
    "Frontage",
    "GapAndOverlap",
    "JointTasks",
    "RegisterTotal",
    "StatusAt",
    "Where",
    "by_register",
    "compare",
    "conflicts",
    "count_once",
    "datum_seams",
    "disputed_areas",
    "embedded",
    "enclaves",
    "find_continuations",
    "frontage",
    "gap_and_overlap",
    "joint_tasks",
    "load",
    "matrix",
    "moved_twins",
    "over_pairs",
    "overlaps",
    "pairs",
    "read",
    "relation",
    "side_totals",
    "split_by_country",
    "stacked",
    "status_at",
    "tripoints",
    "unite",
    "where",
    "write",
]
