"""Hazards and releases as the page wants them; only allow-listed columns leave this module."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hazardgeo import vocabulary as voc
from hazardgeo.errors import SchemaError
from hazardgeo.maps import _text
from hazardgeo.maps._coordinates import HAZARD_DECIMALS, polygon_parts
from hazardgeo.measure import geodesic_area_m2, print_area, print_km2, wgs84_polygons
from hazardgeo.schema import HAZARDS, RELEASES, Finding, Schema, findings_table, parse_cell, require
from hazardgeo.style import AreaStyle, area_style, hazard_style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

_DATES = ("date_of_information", "started_on", "completed_on")


@dataclass(frozen=True)
class Record:
    """One hazard or release, ready to be drawn and listed."""

    id: str
    group: str
    """``open``, ``closed`` or ``release``: they are listed apart."""
    style: AreaStyle
    area_m2: float
    row: tuple[str, str, str, str]
    """Class, status, register and km², for the table."""
    facts: tuple[tuple[str, str], ...]
    parts: list[Any]
    dates: tuple[str, ...]
    country: str
    unsure: bool = False
    """Whether it cannot be told on which side of the border it lies."""

    def as_json(self, words: Sequence[str]) -> dict[str, Any]:
        """Give what the page needs of it; the word of a fact is sent as its place among `words`."""
        return {
            "id": self.id,
            "group": self.group,
            "style": self.style.key,
            "row": self.row,
            "country": self.country,
            **({"unsure": 1} if self.unsure else {}),
            "m2": None if math.isnan(self.area_m2) else round(self.area_m2, 1),
            "facts": [(words.index(word), value) for word, value in self.facts],
            "parts": self.parts,
        }


@dataclass(frozen=True)
class Layer:
    """All records of one frame, with their checked polygons in the same order."""

    records: tuple[Record, ...]
    polygons: NDArray[Any]


def hazard_layer(
    hazards: gpd.GeoDataFrame, columns: Sequence[str], sides: Mapping[str, list[tuple[str, str]]] | None = None
) -> Layer:
    """Check hazards and lay them out; `sides` are further facts of each, by its id."""
    require(hazards, *HAZARDS.required)
    # Where a hazard stands to the border is an answer of this library, so that it needs no naming.
    columns = list(dict.fromkeys([*(["relation"] if "relation" in hazards.columns else []), *columns]))
    layer = _layer(hazards, HAZARDS, columns, ("classification", "work_status"), _hazard)
    if not sides:
        return layer
    records = [replace(one, facts=(*one.facts, *sides.get(one.id, ()))) for one in layer.records]
    return replace(layer, records=tuple(records))


def release_layer(releases: gpd.GeoDataFrame, columns: Sequence[str]) -> Layer:
    """Check releases and lay them out."""
    require(releases, *RELEASES.required, what="releases")
    return _layer(releases, RELEASES, columns, ("kind",), _release)


def _layer(frame: gpd.GeoDataFrame, schema: Schema, columns: Sequence[str], terms: tuple[str, ...], make: Any) -> Layer:
    _refuse_unknown_terms(frame, schema, terms)
    polygons = wgs84_polygons(frame)
    areas = geodesic_area_m2(polygons)
    extra = [name for name in columns if name in frame.columns and name != frame.geometry.name]
    rows = frame.drop(columns=frame.geometry.name).to_dict("records")
    records = (make(*each, extra) for each in zip(frame.index, rows, polygons, areas, strict=True))
    return Layer(tuple(records), polygons)


def _refuse_unknown_terms(frame: gpd.GeoDataFrame, schema: Schema, terms: tuple[str, ...]) -> None:
    # A word that is not known could only be drawn as something that it may not be.
    specs = [column for column in schema.columns if column.name in terms]
    faults = []
    for spec in specs:
        for place, (name, value) in enumerate(frame[spec.name].items(), start=1):
            text = _text.cell(value)
            fault = parse_cell("" if text == _text.UNSTATED else text, spec).fault
            if fault:
                rule, seen, remedy = fault
                faults.append(Finding(schema.name, str(name), place, rule, "quarantined", seen, "", remedy))
    if faults:
        raise SchemaError(f"These {schema.name} cannot be drawn as they are:", findings_table(faults))


def _hazard(name: Any, row: dict[str, Any], polygon: Any, area_m2: float, extra: list[str]) -> Record:
    style = hazard_style(row["classification"], row["work_status"])
    status = voc.WORK_STATUS.label(row["work_status"])
    return Record(
        id=str(name),
        group="closed" if style.key == "closed" else "open",
        style=style,
        area_m2=float(area_m2),
        row=(_short(row["classification"]), status, _text.cell(row["register"]), print_km2(area_m2)),
        facts=(
            ("Class", voc.CLASSIFICATION.label(row["classification"])),
            ("Work status", status),
            *_common_facts(row, area_m2, extra),
        ),
        parts=polygon_parts(polygon, HAZARD_DECIMALS),
        dates=_dates(row),
        country=_text.cell(row["country"]),
        unsure=row.get("relation") == "indeterminate",
    )


def _release(name: Any, row: dict[str, Any], polygon: Any, area_m2: float, extra: list[str]) -> Record:
    kind = voc.RELEASE_KIND.label(row["kind"])
    return Record(
        id=str(name),
        group="release",
        style=area_style(row["kind"]),
        area_m2=float(area_m2),
        row=(kind, "Released", _text.cell(row["register"]), print_km2(area_m2)),
        facts=(
            ("Release", f"{kind}. {_meaning(row['kind'])}"),
            ("Released from hazard", _text.cell(row["hazard_id"])),
            *_common_facts(row, area_m2, extra),
        ),
        parts=polygon_parts(polygon, HAZARD_DECIMALS),
        dates=_dates(row),
        country=_text.cell(row["country"]),
    )


def _common_facts(row: dict[str, Any], area_m2: float, extra: list[str]) -> list[tuple[str, str]]:
    facts = [("Register", _text.cell(row["register"])), ("Country reporting", _text.cell(row["country"]))]
    facts += [(_words(name), _text.cell(row[name])) for name in _DATES if name in row]
    facts.append(("Area", print_area(area_m2)))
    declared = _number(row.get("declared_area_m2"))
    if not math.isnan(declared):
        facts.append(("Area as declared", print_area(declared)))
    return facts + [_fact(name, _text.cell(row[name])) for name in extra]


def _fact(column: str, text: str) -> tuple[str, str]:
    if column == "relation":
        return "Relation to the border", voc.RELATION.label(text) if text in voc.RELATION.words else text
    return _words(column), text


def _short(classification: str) -> str:
    return "Not stated" if classification == "unstated" else classification


def _meaning(kind: str) -> str:
    return next(term.meaning for term in voc.RELEASE_KIND.terms if term.word == kind)


def _words(column: str) -> str:
    text = column.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def _dates(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(date for name in _DATES if name in row and (date := _text.day(row[name])))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def total_m2(records: Sequence[Record]) -> float:
    """Sum before rounding; NaN where nothing was measured.

    Examples
    --------
    >>> total_m2([])
    0.0
    """
    measured = [record.area_m2 for record in records if not math.isnan(record.area_m2)]
    return math.fsum(measured) if measured or not records else math.nan


def unmeasured(records: Sequence[Record]) -> int:
    """Count the records without a geometry: listed, and in no sum."""
    return sum(math.isnan(record.area_m2) for record in records)
