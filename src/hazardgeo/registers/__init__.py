"""Registers: taken in, combined, written; every record accounted for."""

from hazardgeo.registers._check import check_files
from hazardgeo.registers._combine import combine
from hazardgeo.registers._export import export
from hazardgeo.registers._intake import Intake
from hazardgeo.registers._limits import Limits
from hazardgeo.registers._profiles import profile_text, profiles
from hazardgeo.registers._read import read_hazards, read_releases
from hazardgeo.registers._rules import Thresholds, rules
from hazardgeo.registers._signatures import find_datum_shifts
from hazardgeo.registers._take import intake
from hazardgeo.registers._worklist import write_worklist
from hazardgeo.registers._write import write

__all__ = [
    "Intake",
    "Limits",
    "Thresholds",
    "check_files",
    "combine",
    "export",
    "find_datum_shifts",
    "intake",
    "profile_text",
    "profiles",
    "read_hazards",
    "read_releases",
    "rules",
    "write",
    "write_worklist",
]
