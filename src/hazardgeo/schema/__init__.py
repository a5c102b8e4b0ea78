"""What the columns of a frame mean, and one check that finds every fault of every row.

Frames are plain GeoDataFrames. The readers guarantee the schema; each function re-checks in one line
(`require`) that the columns it needs are there. A column that is not listed passes through untouched.
"""

from __future__ import annotations

from hazardgeo.schema._cells import Cell, as_text, parse_cell
from hazardgeo.schema._columns import DEPOTS, HAZARDS, POINTS, POLYGONS, RELEASES, SCHEMAS, UNSTATED, ColumnSpec, Schema
from hazardgeo.schema._findings import Finding, findings_table, is_open, require
from hazardgeo.schema._locales import spelling_of
from hazardgeo.schema._shown import Shown
from hazardgeo.schema._spelling import PLAIN, Spelling
from hazardgeo.schema._texts import texts_of, words_of

__all__ = [
    "DEPOTS",
    "HAZARDS",
    "PLAIN",
    "POINTS",
    "POLYGONS",
    "RELEASES",
    "SCHEMAS",
    "UNSTATED",
    "Cell",
    "ColumnSpec",
    "Finding",
    "Schema",
    "Shown",
    "Spelling",
    "as_text",
    "findings_table",
    "is_open",
    "parse_cell",
    "require",
    "spelling_of",
    "texts_of",
    "words_of",
]
