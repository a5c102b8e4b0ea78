"""The rules that the readers and the engine find on the way, from the file to the outline."""

from __future__ import annotations

from hazardgeo.registers._rules._catalogue import NOTE, QUARANTINED, SERIOUS, declare
from hazardgeo.sources import Grade, Source

_OURS = Source("hazardgeo design choice", Grade.ASSUMED)
_GEOCHECK = Source("GICHD geocheck, README.md (github.com/GICHD/geocheck, commit 56f2a03)", Grade.READ)
_MDR = Source("GICHD Minimum Data Requirements (2018 draft)", Grade.SECONDARY)
_LOST = "Without a shape it cannot be drawn or measured; a hazard without one cannot be avoided."
_NO_PLACE = "Its place on the ground is not certain."
_NO_VALUE = "The value is not known; the record is kept without it."


def _declare_all(scope: str, source: Source, *rows: tuple[str, str, str, str]) -> None:
    for name, severity, what, means in rows:
        declare(name, severity, scope, what, means, source)


_declare_all(
    "file",
    _OURS,
    ("no-records", NOTE, "The layer holds no records.", "Nothing is known of any ground from it."),
    (
        "column-renamed",
        NOTE,
        "A column bears a name that is needed here, and was renamed.",
        "Look for it by the new name.",
    ),
    (
        "column-matched",
        NOTE,
        "A column was recognised by its name, without a profile.",
        "The records were read so; if the column means something else, they were read wrongly.",
    ),
    (
        "column-missing",
        SERIOUS,
        "A column that every record must have is not there.",
        "Nothing is known of it for any record; each counts as unstated there.",
    ),
    (
        "kind-unknown",
        QUARANTINED,
        "It cannot be told what kind of record it is, or how the land was released.",
        "A hazard taken for released land, or the other way round, is the gravest mistake that a register can make.",
    ),
    ("crs-missing", QUARANTINED, "Neither the file nor the caller names the CRS.", _NO_PLACE),
    ("crs-conflict", QUARANTINED, "Two CRSs are named for the same coordinates.", "One of the two is wrong."),
    (
        "crs-refused",
        QUARANTINED,
        "The CRS cannot be brought to WGS 84 by an operation that is certain.",
        _NO_PLACE,
    ),
)
_declare_all(
    "file",
    _OURS,
    (
        "datum-operation",
        NOTE,
        "There is something to know of the operation that brought the layer to WGS 84.",
        "The whole layer stands or falls with it: all its records lie elsewhere by another one.",
    ),
    (
        "provenance-replaced",
        NOTE,
        "What records say of their way to WGS 84 is not whole, or no longer true.",
        "How good the places are may be overstated: an earlier way from an old datum is forgotten.",
    ),
)
_declare_all(
    "cell",
    _OURS,
    ("id-missing", QUARANTINED, "The id is empty.", "A record without an id cannot be accounted for."),
    (
        "id-not-text",
        QUARANTINED,
        "The id is stored as a number with a fraction, a date or time, a true or false, or binary data.",
        "How the id is written in the register cannot be told from it (7, 7.0 and 007 are three ids).",
    ),
    (
        "fill-conflict",
        QUARANTINED,
        "The file says something else than the caller.",
        "One of the two is wrong.",
    ),
    (
        "cell-not-text",
        SERIOUS,
        "A cell holds binary data where text is wanted.",
        _NO_VALUE,
    ),
    (
        "code-unknown",
        SERIOUS,
        "A country is not given by a code of three letters.",
        "The record counts for no country until it is mended.",
    ),
    (
        "term-unknown",
        SERIOUS,
        "A word is none of the terms of its column.",
        "The word is not guessed: the record counts as unstated there.",
    ),
    ("date-unreadable", SERIOUS, "A date cannot be read, or does not exist.", _NO_VALUE),
    ("number-unreadable", SERIOUS, "A number cannot be read.", _NO_VALUE),
    (
        "number-ambiguous",
        SERIOUS,
        "A number reads differently in two languages, as 1.234 does, and none is named.",
        "It may be a thousand times larger or smaller; it is not guessed, and the record is kept without it.",
    ),
    ("number-out-of-range", SERIOUS, "A number lies outside what its column can hold.", _NO_VALUE),
    (
        "limit-cell",
        SERIOUS,
        "A cell is longer than the limit.",
        "The value is not known; the record is kept without it.",
    ),
)
_declare_all(
    "cell",
    _MDR,
    ("value-missing", SERIOUS, "A value that every record must have is empty.", "It counts as unstated there."),
    (
        "link-missing",
        SERIOUS,
        "A release names no hazard.",
        "What was released cannot be subtracted from any hazard.",
    ),
)
_declare_all(
    "geometry",
    _OURS,
    ("geometry-missing", QUARANTINED, "There is no geometry, or an empty one.", _LOST),
    ("geometry-unreadable", QUARANTINED, "There is a geometry, and it cannot be read.", _LOST),
    (
        "geometry-kind",
        QUARANTINED,
        "Its shape is not of the kind that such records have: areas for hazards and releases, points for points.",
        "A point or a line has a place but no area; an area taken for a point would lose its extent.",
    ),
    ("geometry-not-finite", QUARANTINED, "A coordinate is not a number.", _LOST),
    (
        "place-impossible",
        QUARANTINED,
        "Its coordinates are no place that its CRS has, or it runs round a pole or half round the globe.",
        "Where it lies is not known, or its area cannot be told; the other records of the layer are placed without it.",
    ),
    (
        "limit-vertices",
        QUARANTINED,
        "It has more corners than the limit.",
        "It was not examined, so that one record cannot stop all others.",
    ),
    (
        "geometry-repaired",
        NOTE,
        "Its outline was not valid and, as was asked, repaired: all readings of it come to the same ground.",
        "The record is used with an outline that is not the recorded one; the recorded one is in the worklist's sheet Repairs.",
    ),
    (
        "edge-not-geodesic",
        NOTE,
        "A straight edge of its source CRS departs from the geodesic by more than its accuracy, 1 m at least.",
        "The outline between two recorded points depends on the meaning of 'straight'.",
    ),
)
_declare_all(
    "geometry",
    _GEOCHECK,
    (
        "geometry-broken",
        QUARANTINED,
        "Its outline crosses or touches itself, or a hole does not lie within it.",
        "Its area has several readings.",
    ),
    ("geometry-too-few-points", QUARANTINED, "Its outline has fewer than three corners.", _LOST),
    (
        "parts-overlap",
        QUARANTINED,
        "Parts of one record overlap.",
        "The common ground counts twice or not at all, as one reads it.",
    ),
)
_declare_all(
    "register",
    _GEOCHECK,
    ("id-twice", QUARANTINED, "Several records have one id.", "It cannot be told which record is meant."),
)
_declare_all(
    "register",
    _OURS,
    (
        "record-repeated",
        QUARANTINED,
        "It is equal to an earlier record in every cell and in its outline.",
        "It says nothing new, and would count twice; the earlier record stands for it.",
    ),
)
_declare_all(
    "record",
    _OURS,
    ("row-broken", QUARANTINED, "A row could not be taken apart.", "It cannot be told which cell is which."),
    ("text-broken", QUARANTINED, "A text holds signs that are not of its encoding.", "What it said is not known."),
    (
        "record-costly",
        QUARANTINED,
        "The worker process was stopped on the record: it took too much time or memory, or brought it down.",
        "Whether the record is sound is not known; no other record was lost with it.",
    ),
)
