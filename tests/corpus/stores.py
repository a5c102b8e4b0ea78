"""What databases and tables can hide: records that a program loses or changes without a word."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from corpus.case import case
from corpus.cells import cells, csv_of, sheet_of
from corpus.sound import HEADER, frame, row, shape, write_gpkg, write_text, write_workbook

_THREE = "H-000 H-001 H-002"

# --- GeoPackage and GeoParquet ---


def gpkg(*statements: str) -> Callable[[Path], Path]:
    """A sound GeoPackage of three records, and what SQL then does to it."""

    def make(folder: Path) -> Path:
        file = write_gpkg(folder / "register.gpkg", frame(3))
        with contextlib.closing(sqlite3.connect(file)) as database, database:
            # GDAL's triggers call functions that SQLite alone does not have.
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                database.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                database.execute(statement)
        return file

    return make


case(
    "shape that is no shape",
    "A foreign or damaged shape becomes none, in silence.",
    gpkg("UPDATE hazards SET geom = x'0102030405060708090a' WHERE fid = 2"),
    "H-000 H-002",
    "H-001:geometry-unreadable",
)
case(
    "count in the file that is wrong",
    "GDAL believes it and reads two of three.",
    gpkg("UPDATE gpkg_ogr_contents SET feature_count = 2"),
    _THREE,
)
case(
    "index of places that is stale",
    "A look-up by place finds one of three.",
    gpkg("DELETE FROM rtree_hazards_geom_rowid WHERE rowid > 1"),
    _THREE,
)
case(
    "trigger that empties the table",
    "It waits for whoever writes into the file; nobody does.",
    gpkg("CREATE TRIGGER empty AFTER INSERT ON hazards BEGIN DELETE FROM hazards; END"),
    _THREE,
)
case(
    "record in another CRS than its layer",
    "Its coordinates mean another place than those of the others.",
    gpkg("UPDATE hazards SET geom = CAST(substr(geom, 1, 4) || x'BE0E0000' || substr(geom, 9) AS BLOB) WHERE fid = 2"),
    "H-000 H-002",
    "H-001:crs-conflict",
)


def two_layers(folder: Path) -> Path:
    """Hazards and cleared land in one file."""
    write_gpkg(folder / "register.gpkg", frame(2), layer="hazards")
    return write_gpkg(folder / "register.gpkg", frame(3), layer="cleared", mode="a")


case(
    "several layers without a choice",
    "The first one is read, and it may be the wrong one.",
    two_layers,
    refused="'cleared', 'hazards'",
)


def parquet(change: Callable[[list[bytes]], list[bytes]] = list, **column: Any) -> Callable[[Path], Path]:
    """A GeoParquet of three records."""

    def make(folder: Path) -> Path:
        table = {name: [row(i)[name] for i in range(3)] for name in HEADER}
        table["geometry"] = change([shape(i).wkb for i in range(3)])
        geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"} | column}}
        pq.write_table(pa.table(table).replace_schema_metadata({"geo": json.dumps(geo)}), folder / "register.parquet")
        return folder / "register.parquet"

    return make


case(
    "one damaged shape in GeoParquet",
    "It costs the whole file elsewhere.",
    parquet(lambda shapes: [shapes[0], shapes[1][:40], shapes[2]]),
    "H-000 H-002",
    "H-001:geometry-unreadable",
)
case("GeoParquet without a word on its CRS", "Absent means longitude and latitude of WGS 84.", parquet(), _THREE)
case("GeoParquet whose CRS is null", "Null means that there is none.", parquet(crs=None), "", "file:crs-missing")

# --- CSV and Excel ---

case(
    "quote that is not closed where it should be",
    "Two records vanish in the cell of a third.",
    lambda folder: write_text(
        folder / "register.csv",
        "\n".join(
            [
                ",".join([*HEADER, "source", "wkt"]),
                *(
                    ",".join([*row(i).values(), note, f'"SRID=4326;{shape(i).wkt}"'])
                    for i, note in enumerate(("a", '"b', "c"))
                ),
            ]
        ),
    ),
    refused="quote that is not closed",
)
case(
    "one cell too many in every row",
    "The first column becomes the index elsewhere, and all others move by one.",
    csv_of(*([*cells(i), "x"] for i in range(2))),
    "",
    "H-000:row-broken",
    "H-001:row-broken",
    raw_rows=lambda _: [dict(zip([*HEADER, "wkt"], cells(i), strict=True)) for i in range(2)],
)
case(
    "one cell too few in a row",
    "It cannot be told which cell is missing.",
    csv_of(cells(0), cells(1)[1:], cells(2)),
    "H-000 H-002",
    "BHMAC:row-broken",
    found="BHMAC:term-unknown",
)
case(
    "several sheets without a choice",
    "The first one is read, and the hazards may be on the second.",
    lambda folder: write_workbook(
        folder / "register.xlsx", [[*HEADER, "wkt"], cells(0)], more=[[*HEADER, "wkt"], cells(1)]
    ),
    refused="'hazards', 'more'",
)
case(
    "formula without a result",
    "The sheet shows a status, and the file holds none.",
    sheet_of(cells(0), cells(1, work_status='=IF(TRUE,"open")'), cells(2)),
    _THREE,
    found="H-001:formula-without-value H-001:value-missing",
)


def hidden(folder: Path) -> Path:
    """A workbook whose third row is hidden."""
    file = write_workbook(folder / "register.xlsx", [[*HEADER, "wkt"], cells(0), cells(1), cells(2)])
    book = openpyxl.load_workbook(file)
    book.active.row_dimensions[3].hidden = True
    book.save(file)
    return file


case(
    "row that is hidden", "Its keeper does not see it, and a reader takes it.", hidden, _THREE, found="H-001:row-hidden"
)
