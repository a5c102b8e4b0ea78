"""Registers: read, combined, written; every record accounted for."""

from hazardgeo.registers._combine import combine
from hazardgeo.registers._read import read_hazards, read_releases
from hazardgeo.registers._write import write

__all__ = ["combine", "read_hazards", "read_releases", "write"]
