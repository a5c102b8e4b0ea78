"""Rules that a reader of one format finds on the way."""

from __future__ import annotations

from hazardgeo.registers._rules._catalogue import NOTE, QUARANTINED, SERIOUS, declare
from hazardgeo.sources import Grade, Source

_OURS = Source("hazardgeo: what a format can hide, seen in files made for it", Grade.ASSUMED)

for _name, _severity, _scope, _what, _means in (
    # Shapefile
    ("record-deleted", QUARANTINED, "record", "The row is marked as deleted, and still there.",
     "Somebody may have withdrawn the record, or marked it by mistake."),
    ("record-without-shape", QUARANTINED, "record", "There is a row and no shape for it.",
     "Without a shape it cannot be drawn or measured; a hazard without one cannot be avoided."),
    ("record-without-row", QUARANTINED, "record", "There is a shape and no row for it.",
     "Nobody can say what it is: an outline without a record."),
    ("column-name-cut", NOTE, "file", "A column's name was cut to ten letters by the format, and was completed.",
     "Another column may be meant."),
    ("text-cut", SERIOUS, "cell", "A text fills its field to the last letter.", "Its end is probably lost."),
    ("encoding-unstated", SERIOUS, "cell", "It holds letters whose encoding the file does not state.",
     "Names may be wrong, and ids with such letters may not match."),
    ("index-stale", NOTE, "file", "The index (.shx) is missing or not that of the shapes.",
     "Files of two exports may have been mixed."),
    ("count-differs", SERIOUS, "file", "The file holds other than it says, or shapes that belong to no record.",
     "Records may be missing."),
    # File geodatabase
    ("column-not-read", SERIOUS, "file", "A column is of a kind that is not read here.", "What stands there is not known."),
    ("gdal-remark", SERIOUS, "file", "GDAL, which reads this format, warned of something.", "A part may be damaged."),
    # KML
    ("overlay-not-read", SERIOUS, "file", "It holds a picture laid over the ground, which is no record.",
     "A scanned map may show hazards that are no records here."),
    ("link-not-followed", SERIOUS, "file", "It refers to records elsewhere, or holds a second file of them, which are not read.",
     "What stands there is not known."),
    # Tables
    ("rows-in-cell", SERIOUS, "record", "A cell seems to hold further rows.",
     "A stray quote may have swallowed records, which are then counted nowhere."),
    ("column-unnamed", NOTE, "file", "A column has cells and no name.", "It passes through under its letter."),
    ("cell-error", SERIOUS, "cell", "A cell holds an error such as #REF!.", "The value is not known."),
    ("formula-without-value", SERIOUS, "cell", "A formula has no stored result.",
     "The cell is read as empty although the sheet shows something."),
    ("row-hidden", NOTE, "record", "The row is hidden in the workbook.", "It is read; its keeper may not see it."),
    ("cells-merged", NOTE, "file", "Cells are merged.", "Only the first cell of a merge has the value."),
    ("workbook-unchecked", SERIOUS, "file", "An .xls or .ods workbook, whose hidden faults cannot be seen.",
     "Error values, and formulas without a result, read as empty there."),
    ("coordinates-coarse", SERIOUS, "geometry", "A position names a square of 10 or 100 m; its middle is taken.",
     "The place is off by up to 0.7 of the side of that square."),
    ("crs-by-notation", SERIOUS, "file",
     "No CRS is named; degrees, MGRS or UTM positions are taken to be on WGS 84.",
     "If they are on an old datum, every place is off by up to hundreds of metres."),
    ("rows-disagree", SERIOUS, "record", "Rows of one record differ; the first is kept.", "One of the values is wrong."),
    ("points-reordered", NOTE, "geometry", "The rows do not stand in the order of the point numbers.",
     "The outline goes by the numbers."),
    ("points-skipped", SERIOUS, "geometry", "Point numbers are missing, or begin later than usual.",
     "A corner may be missing, and the area too small."),
    ("points-unassigned", SERIOUS, "record", "Rows below it name no record.", "Corners of it may stand there."),
    # IMSMA NG, in several tables
    ("join-leads-nowhere", SERIOUS, "file", "Rows of one table lead to no row of another.",
     "A hazard, or a part of its outline, may be missing."),
    ("join-table-fault", SERIOUS, "file", "A row of a joined table has a fault that leads to no one record.",
     "What it belonged to is not known."),
    ("shape-inactive", SERIOUS, "record", "A shape that is marked out of use was left out of the outline.",
     "The hazard may be larger than drawn."),
):  # fmt: skip
    declare(_name, _severity, _scope, _what, _means, _OURS)
_TRAVERSE = Source("hazardgeo: traverses, docs/how_to/traverse.md", Grade.ASSUMED)
for _name, _severity, _scope, _what, _means in (
    ("traverse-north-unstated", QUARANTINED, "geometry",
     "It is drawn by bearings, and which north they are counted from is not said, or not whole.",
     "Between true, grid and magnetic north lie degrees; each moves a corner by 17 m for each kilometre from its known point."),
    ("traverse-not-drawn", QUARANTINED, "geometry", "Its bearings and distances do not give an outline.",
     "Where it lies is not known; a hazard without an outline cannot be avoided."),
    ("traverse-drawn", NOTE, "geometry", "Its outline was drawn by bearings and distances.",
     "What is wrong in all bearings alike, such as a declination left out, does not show in its shape."),
    ("traverse-misclosure", SERIOUS, "geometry", "It does not close to within what compass and tape explain.",
     "A leg was read or written wrongly, and the outline may leave hazardous ground out."),
    ("traverse-not-closed", NOTE, "geometry", "No leg closes it.", "A leg that was read or written wrongly cannot be seen."),
    ("traverse-off-position", SERIOUS, "geometry",
     "A point of it lies elsewhere than its own coordinates say, further than the errors explain.",
     "The whole outline may lie elsewhere: the declination, the datum or the known point may be wrong."),
    ("traverse-local-attraction", NOTE, "geometry", "Fore and back bearing of a leg differ by more than two readings explain.",
     "Iron near one end may have pulled the needle, or a bearing was read wrongly; their mean was drawn."),
):  # fmt: skip
    declare(_name, _severity, _scope, _what, _means, _TRAVERSE)
_POINT_TYPES = Source("GICHD IMSMA wiki, Point Types", Grade.SECONDARY)
declare("shape-no-polygon", NOTE, "record", "Points or lines that belong to it are no part of the outline.",
        "They mark places, not the perimeter.", _POINT_TYPES)  # fmt: skip
declare("points-not-vertices", NOTE, "geometry",
        "Reference, landmark, benchmark, evidence or usage points were left out of the outline.",
        "They lie outside the outline, or are no part of it.", _POINT_TYPES)  # fmt: skip
