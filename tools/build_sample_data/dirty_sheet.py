"""The mixed sheet of the fictional office in Bosnia and Herzegovina: its columns, its words, and the file."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from .dirty_records import Record

PROFILE = Path(__file__).with_name("bih_register_dirty.toml")
FIRST_ROW = 4  # the names of the columns stand in row 3
_TITLE = "FIKTIVNO / FICTIONAL: Registar opasnih površina. Nijedan zapis ne postoji. Ne koristiti za stvarno zemljište."
_PRINTED = "Odštampano 9.1.2026."
# Heading, and our column for hazards and for releases.
COLUMNS = (
    ("Oznaka", "", ""), ("Vrsta", "classification", "kind"), ("Opasna površina", "", "hazard_id"),
    ("Status rada", "work_status", ""), ("Općina", "municipality", "municipality"), ("Naziv lokacije", "name", ""),
    ("Zagađenje", "contamination", ""), ("Površina (m2)", "declared_area_m2", "declared_area_m2"),
    ("Datum informacije", "date_of_information", ""), ("Početak radova", "", "started_on"),
    ("Kraj radova", "", "completed_on"), ("Metoda", "", "method"), ("Dubina (m)", "", "depth_m"),
    ("PP mine", "", "ap_mines"), ("PT mine", "", "av_mines"), ("Kasetna", "", "submunitions"), ("NUS", "", "uxo"),
    ("Tim", "reported_by", "organisation"), ("Tačnost (m)", "vertex_sd_m", ""), ("Snimanje", "geometry_kind", ""),
    ("Napomena", "remark", "remark"), ("Granica", "", ""),
)  # fmt: skip
_NEW_FORMS, _OLD_WORD = 2021, "Rizična površina"
_METHODS = {
    "manual clearance": "ručno čišćenje",
    "manual clearance with dogs": "ručno čišćenje i psi",
    "mechanical and manual clearance": "mašinsko i ručno čišćenje",
    "technical survey with dogs": "tehničko izviđanje, psi",
    "technical survey, manual lanes": "tehničko izviđanje, ručne staze",
    "technical survey, mechanical": "tehničko izviđanje, mašinsko",
    "non-technical survey": "netehničko izviđanje",
}
_TEAMS = {
    "Fictional Survey Team": "Fiktivni izviđački tim",
    "Fictional Demining Team": "Fiktivni deminerski tim",
}


def sheet_bytes(records: list[Record]) -> bytes:
    """Write the sheet as the office's spreadsheet saves it.

    Parameters
    ----------
    records : list of Record
        In the order of the rows.

    Returns
    -------
    bytes
        UTF-8 with its mark, semicolons, rows ended as on Windows.
    """
    words = _words()
    stream = io.StringIO(newline="")
    rows = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    blank = [""] * (len(COLUMNS) - 1)
    rows.writerows([[_TITLE, *blank], [_PRINTED, *blank], [heading for heading, _, _ in COLUMNS]])
    rows.writerows(_row(record, words) for record in records)
    return stream.getvalue().encode("utf-8-sig")


def _words() -> dict[str, dict[str, str]]:
    """The office's word for each of ours, from its profile; of two the second, which is the one of its new forms."""
    profile = tomllib.loads(PROFILE.read_text(encoding="utf-8"))
    theirs = {
        "classification": profile["route"]["hazards"],
        "kind": profile["route"]["releases"],
        **profile["terms"],
    }
    return {column: {ours: word for word, ours in words.items()} for column, words in theirs.items()}


def _row(record: Record, words: dict[str, dict[str, str]]) -> list[str]:
    cells = [_cell(record, hazard if record.kind == "hazards" else release, words) for _, hazard, release in COLUMNS]
    cells[0], cells[-1] = record.name, _wkt(record)
    return cells


def _cell(record: Record, column: str, words: dict[str, dict[str, str]]) -> str:
    if column in record.written:
        return str(record.written[column])
    value = record.cells.get(column)
    if not column or value is None or pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value.day:02}.{value.month:02}.{value.year}."
    if column == "classification" and value == "SHA" and record.cells["date_of_information"].year < _NEW_FORMS:
        return _OLD_WORD
    if column == "contamination":
        return ", ".join(words[column][one] for one in value.split(";"))
    if column in ("reported_by", "organisation"):
        team, _, number = value.rpartition(" ")
        return f"{_TEAMS[team]} {number}"
    if column == "method":
        return _METHODS[value]
    return _number(value) if isinstance(value, (int, float)) else words.get(column, {}).get(value, str(value))


def _number(value: float) -> str:
    """A number as it is written in the region.

    Examples
    --------
    >>> _number(54321.0), _number(0.15)
    ('54.321', '0,15')
    """
    return f"{value:,.3f}".rstrip("0").rstrip(".").translate(str.maketrans(",.", ".,"))


def _wkt(record: Record) -> str:
    if record.geometry is None:
        return "" if record.shape is None else _wkt_of(record.shape)
    if isinstance(record.geometry, str):
        return record.geometry
    if isinstance(record.geometry, list):
        return f"POLYGON ({', '.join(_positions(ring) for ring in record.geometry)})"
    return _wkt_of(record.geometry)


def _wkt_of(shape: Any) -> str:
    return str(shapely.to_wkt(shape, rounding_precision=2))


def _positions(ring: Any) -> str:
    return "(" + ", ".join(f"{x:.2f} {y:.2f}" for x, y in ring) + ")"
