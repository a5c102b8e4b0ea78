"""What the columns of a frame mean, and one check that finds every fault of every row.

Frames are plain GeoDataFrames. The readers guarantee the schema; each function re-checks in one line
(`require`) that the columns it needs are there. A column that is not listed passes through untouched.
"""

from __future__ import annotations

from hazardgeo.schema._cells import Cell, parse_cell
from hazardgeo.schema._columns import HAZARDS, RELEASES, SCHEMAS, ColumnSpec, Schema
from hazardgeo.schema._findings import Finding, findings_table, require

__all__ = [
    "HAZARDS",
    "RELEASES",
    "SCHEMAS",
    "Cell",
    "ColumnSpec",
    "Finding",
    "Schema",
    "findings_table",
    "parse_cell",
    "require",
]
