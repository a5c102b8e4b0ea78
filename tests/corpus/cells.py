"""Ids, words, numbers and dates that are not what they seem."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyproj

from corpus.case import case
from corpus.sound import HEADER, feature, row, shape, write_geojson, write_text, write_workbook

_HEAD = [*HEADER, "wkt"]
# Of record number 1 [m²], by pyproj itself.
_AREA = abs(pyproj.Geod(ellps="WGS84").geometry_area_perimeter(shape(1))[0])


def cells(i: int, **changed: Any) -> list[Any]:
    """Cells of record number i, its outline as text with its CRS last."""
    return [*row(i, **changed).values(), f"SRID=4326;{shape(i).wkt}"]


def csv_of(*rows: list[Any], head: list[str] = _HEAD, quoted: bool = True) -> Callable[[Path], Path]:
    """A CSV of these rows."""

    def line(one: list[Any]) -> str:
        return ",".join(f'"{cell}"' if quoted or "," in str(cell) else str(cell) for cell in one)

    return lambda folder: write_text(folder / "register.csv", "\n".join([",".join(head), *map(line, rows)]) + "\n")


def between(**changed: Any) -> Callable[[Path], Path]:
    """A CSV of a sound record, one with these cells (columns that are new stand in all rows), and a sound one."""
    new = [name for name in changed if name not in HEADER]
    head = [*HEADER, *new, "wkt"]
    empty = dict.fromkeys(new, "")
    return csv_of(cells(0, **empty), cells(1, **changed), cells(2, **empty), head=head)


def sheet_of(*rows: list[Any], head: list[str] = _HEAD) -> Callable[[Path], Path]:
    """A workbook of these rows."""
    return lambda folder: write_workbook(folder / "register.xlsx", [head, *rows])


for _word in ("NA", "null", "None", "nan", "007", "1E5", "=1+1", "@H", "TRUE"):
    case(
        f"id that reads {_word}",
        "Spreadsheet readers make nothing, another number or a formula of it; it is the id that the register gave.",
        csv_of(cells(0), cells(1, hazard_id=_word), cells(2), quoted=False),
        " ".join(sorted(["H-000", _word, "H-002"])),
    )
case(
    "id that is empty",
    "Nobody could say which record it was.",
    between(hazard_id=""),
    "H-000 H-002",
    "-:id-missing",
)
case(
    "two records of one id",
    "It cannot be told which record is meant; neither is thrown away.",
    csv_of(cells(0), cells(1), [*row(1).values(), f"SRID=4326;{shape(2).wkt}"], cells(3)),
    "H-000 H-003",
    "H-001:id-twice",
    "H-001:id-twice",
)
case(
    "record sent in twice, word for word",
    "Two equal records would count the ground twice; one stands for both.",
    csv_of(cells(0), cells(1), cells(1), cells(2)),
    "H-000 H-001 H-002",
    "H-001:record-repeated",
)
case(
    "ids that differ by a trailing blank",
    "A report that writes the id without the blank meets the other record.",
    csv_of(cells(0), cells(1), cells(2, hazard_id="H-001 ")),
    "H-000 H-001 H-001_",
    found="H-001_:id-alike",
)
case(
    "ids that differ in the way a letter is encoded",
    "c with a caron is one sign or two; on the screen the ids are the same, and a join loses one.",
    csv_of(cells(0), cells(1, hazard_id="Č-1"), cells(2, hazard_id="C\u030c-1")),
    " ".join(sorted(["H-000", "Č-1", "C\u030c-1"])),
    found="C\u030c-1:id-alike",
)
case(
    "number beside a text as id",
    "7 and 007 are two ids, and in a workbook the first may be a number.",
    sheet_of(cells(0), cells(1, hazard_id=7), cells(2, hazard_id="007")),
    "007 7 H-000",
)
case(
    "id that is a number with a fraction",
    "7.5 may be any id that a spreadsheet took for a number.",
    sheet_of(cells(0), cells(1, hazard_id=7.5), cells(2)),
    "H-000 H-002",
    "7.5:id-not-text",
)
case(
    "status that is empty",
    "Empty is not closed: a filter that leaves closed ones out leaves this one out as well.",
    between(work_status=""),
    "H-000 H-001 H-002",
    found="H-001:value-missing",
)
case(
    "class that no one knows",
    "A guess would make a hazard of released land, or the other way round.",
    between(classification="Dangerous"),
    "H-000 H-001 H-002",
    found="H-001:term-unknown",
)
case(
    "country in words",
    "Totals by code leave the record out.",
    between(country="Bosnia"),
    "H-000 H-001 H-002",
    found="H-001:code-unknown",
)
case(
    "number with a dot before three figures",
    "In Croatian 1.234 m2 is a thousand times 1.234 in English.",
    between(declared_area_m2="1.234"),
    "H-000 H-001 H-002",
    found="H-001:number-ambiguous",
)
case(
    "decimal comma where the language is said",
    "12.345,6 is a number in Croatian; read otherwise it is lost, or a thousand times off.",
    between(declared_area_m2=f"{_AREA:,.1f}".translate(str.maketrans(",.", ".,"))),
    "H-000 H-001 H-002",
    options={"locale": "hr"},
)
case(
    "number with a blank in it",
    "12 345 becomes 12 in a reader that stops at the blank.",
    between(declared_area_m2="12 345 678"),
    "H-000 H-001 H-002",
    found="H-001:declared-area-differs",
)
case(
    "declared area in hectares",
    "A factor of ten thousand: the sum of declared areas is off by nearly all of it.",
    between(declared_area_m2=f"{_AREA / 10_000:.4f}"),
    "H-000 H-001 H-002",
    found="H-001:declared-area-differs",
)
case(
    "day before or after the month",
    "03/04/2021 is a day in March, or in April.",
    between(date_of_information="03/04/2021"),
    "H-000 H-001 H-002",
    found="H-001:date-unreadable",
)
case(
    "two orders of day and month in one column",
    "A reader that tries both reads 13/04 and 04/13 without a word.",
    csv_of(
        [*row(0).values(), "13/04/2021", f"SRID=4326;{shape(0).wkt}"],
        [*row(1).values(), "04/13/2021", f"SRID=4326;{shape(1).wkt}"],
        head=[*HEADER, "date_of_information", "wkt"],
    ),
    "H-000 H-001",
    found="H-000:date-unreadable H-001:date-unreadable",
)
case(
    "day that does not exist",
    "20211304 and 30 February cost GDAL the whole file, or become another day.",
    lambda folder: write_geojson(
        folder / "register.geojson", [feature(0), feature(1, date_of_information="2021-02-30"), feature(2)]
    ),
    "H-000 H-001 H-002",
    found="H-001:date-unreadable",
)
case(
    "time with a zone among times without",
    "Mixed, the ones without become UTC, and a day may change; the day that is written is the one that counts.",
    lambda folder: write_geojson(
        folder / "register.geojson",
        [
            feature(0, date_of_information="2021-03-01T23:30:00"),
            feature(1, date_of_information="2021-03-01T23:30:00+01:00"),
        ],
    ),
    "H-000 H-001",
)
case(
    "day of the future",
    "What is dated after today has not happened.",
    between(date_of_information="2027-01-01"),
    "H-000 H-001 H-002",
    found="H-001:date-in-future",
)
case(
    "name of a district in two spellings",
    "nugal and Nugaal are one region; totals by name split it.",
    csv_of(
        *(
            [*row(i).values(), name, f"SRID=4326;{shape(i).wkt}"]
            for i, name in enumerate(("Nugaal", "Nugaal", "nugal"))
        ),
        head=[*HEADER, "region", "wkt"],
    ),
    "H-000 H-001 H-002",
    found="H-002:name-spelled-differently",
)
case(
    "accuracy wider than the outline",
    "Neither its place nor its extent is known from it.",
    between(vertex_sd_m="500"),
    "H-000 H-001 H-002",
    found="H-001:accuracy-exceeds-shape",
)
case(
    "cell with the beginning of a web page",
    "A text is text, whatever it would do in a browser, a template or a spreadsheet.",
    between(source="<script>{{7*7}}</script>=HYPERLINK(1)"),
    "H-000 H-001 H-002",
)
case(
    "cell as long as a book",
    "One cell of a megabyte is not read; its record stays.",
    between(source="x" * 1_000_000),
    "H-000 H-001 H-002",
    found="H-001:limit-cell",
)
case(
    "number beyond what a fraction can hold",
    "9007199254740993 beside an empty cell becomes ...992.",
    lambda folder: write_geojson(
        folder / "register.geojson", [feature(0, hazard_id=9007199254740993), feature(1, hazard_id=9007199254740992)]
    ),
    "9007199254740992 9007199254740993",
)
case(
    "zero byte in an id",
    "GDAL ends the id there, and two ids become one.",
    lambda folder: write_geojson(folder / "register.geojson", [feature(0), feature(1, hazard_id="H-001\0x")]),
    "H-000 H-001\0x",
)
