"""Hazards and releases as the page wants them; only allow-listed columns leave this module."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo import vocabulary as voc
from hazardgeo.errors import SchemaError
from hazardgeo.maps import _text
from hazardgeo.maps._columns import Areas, Words, areas_of, cells, words_by_place, words_of
from hazardgeo.maps._coordinates import HAZARD_DECIMALS, packed, polygon_parts
from hazardgeo.measure import geodesic_area_m2, print_km2, wgs84_polygons
from hazardgeo.schema import HAZARDS, RELEASES, ColumnSpec, Finding, Schema, findings_table, parse_cell, require
from hazardgeo.style import AreaStyle, area_style, hazard_style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

_DATES = ("date_of_information", "started_on", "completed_on")
Facts = tuple[tuple[str, Words | Areas], ...]


@dataclass(slots=True)
class Record:
    """One hazard or release; what takes long to tell is told when it is asked for."""

    layer: Layer
    place: int
    id: str
    style: AreaStyle
    area_m2: float
    register: str
    country: str
    dates: tuple[str, ...]

    @property
    def group(self) -> str:
        """``open``, ``closed`` or ``release``: they are listed apart."""
        return self.layer.group_of(self.style)

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Class, status, register and km², for the table."""
        short, status, register = (column.of(self.place) or "" for column in self.layer.row)
        return short, status, register, print_km2(self.area_m2)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What its popup says, word and value."""
        told = ((word, column.of(self.place)) for word, column in self.layer.facts)
        return tuple((word, text) for word, text in told if text is not None)

    @property
    def parts(self) -> list[Any]:
        """Its outline."""
        return polygon_parts(self.layer.polygons[self.place], HAZARD_DECIMALS)

    def as_json(self, words: Sequence[str]) -> dict[str, Any]:
        """Give what the page needs of it; the word of a fact is sent as its place among `words`."""
        return {
            "id": self.id,
            "group": self.group,
            "style": self.style.key,
            "row": self.row,
            "country": self.country,
            **({"unsure": 1} if self.layer.unsure[self.place] else {}),
            "m2": None if math.isnan(self.area_m2) else round(self.area_m2, 1),
            "facts": [(words.index(word), value) for word, value in self.facts],
            "parts": [[packed(ring, HAZARD_DECIMALS) for ring in part] for part in self.parts],
        }


@dataclass(frozen=True)
class Layer:
    """All records of one frame, column by column, with their checked polygons in the same order."""

    ids: tuple[str, ...]
    styles: tuple[AreaStyle, ...]
    is_release: bool
    row: tuple[Words, Words, Words]
    """Class, status and register, for the table."""
    country: Words
    facts: Facts
    days: tuple[Words, ...]
    unsure: NDArray[np.bool_]
    """Of which it cannot be told on which side of the border they lie."""
    area_m2: NDArray[np.float64]
    polygons: NDArray[Any]

    def group_of(self, style: AreaStyle) -> str:
        """In which part of the table a style of this layer is listed."""
        return "release" if self.is_release else "closed" if style.key == "closed" else "open"

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """The same, record by record."""
        columns = zip(
            self.ids,
            self.styles,
            self.area_m2.tolist(),
            self.row[2].all(),
            self.country.all(),
            self._dates(),
            strict=True,
        )
        return tuple(Record(self, place, *each) for place, each in enumerate(columns))

    def _dates(self) -> Iterator[tuple[str, ...]]:
        if not self.days:
            return iter([()] * len(self.ids))
        return (tuple(filter(None, each)) for each in zip(*(column.all() for column in self.days), strict=True))


@dataclass(frozen=True)
class _Kind:
    """What hazards and releases do not share."""

    is_release: bool
    row: tuple[Words, Words]
    styles: tuple[AreaStyle, ...]
    unsure: NDArray[np.bool_]
    first: Facts
    last: Facts = ()


def hazard_layer(
    hazards: gpd.GeoDataFrame, columns: Sequence[str], sides: Mapping[str, list[tuple[str, str]]] | None = None
) -> Layer:
    """Check hazards and lay them out; `sides` are further facts of each, by its id."""
    require(hazards, *HAZARDS.required)
    _refuse_unknown_terms(hazards, HAZARDS, ("classification", "work_status"))
    # Where a hazard stands to the border is an answer of this library, so that it needs no naming.
    columns = list(dict.fromkeys([*(["relation"] if "relation" in hazards.columns else []), *columns]))
    classes, statuses = words_of(cells(hazards["classification"])), words_of(cells(hazards["work_status"]))
    status = statuses.retold(voc.WORK_STATUS.label)
    pairs = list(zip(classes.all(), statuses.all(), strict=True))
    styles = {pair: hazard_style(*pair) for pair in set(pairs)}
    relation = cells(hazards["relation"]) if "relation" in hazards.columns else [None] * len(hazards)
    kind = _Kind(
        is_release=False,
        row=(classes.retold(_short), status),
        styles=tuple(styles[pair] for pair in pairs),
        unsure=np.array([value == "indeterminate" for value in relation], dtype=bool),
        first=(("Class", classes.retold(voc.CLASSIFICATION.label)), ("Work status", status)),
        last=_side_columns(hazards, sides or {}),
    )
    return _layer(hazards, columns, kind)


def release_layer(releases: gpd.GeoDataFrame, columns: Sequence[str]) -> Layer:
    """Check releases and lay them out."""
    require(releases, *RELEASES.required, what="releases")
    _refuse_unknown_terms(releases, RELEASES, ("kind",))
    kinds = words_of(cells(releases["kind"]))
    labels = kinds.retold(voc.RELEASE_KIND.label)
    styles = {word: area_style(word) for word in kinds.texts}
    kind = _Kind(
        is_release=True,
        row=(labels, Words(np.zeros(len(releases), dtype=np.int32), ("Released",))),
        styles=tuple(styles[word] for word in kinds.all()),
        unsure=np.zeros(len(releases), dtype=bool),
        first=(
            ("Release", kinds.retold(lambda word: f"{voc.RELEASE_KIND.label(word)}. {_meaning(word)}")),
            ("Released from hazard", words_of(cells(releases["hazard_id"]))),
        ),
    )
    return _layer(releases, columns, kind)


def _layer(frame: gpd.GeoDataFrame, columns: Sequence[str], kind: _Kind) -> Layer:
    polygons = wgs84_polygons(frame)
    areas = geodesic_area_m2(polygons)
    register, country = (words_of(cells(frame[name])) for name in ("register", "country"))
    days = {name: words_of(cells(frame[name])) for name in _DATES if name in frame.columns}
    extra = [name for name in columns if name in frame.columns and name != frame.geometry.name]
    facts = [("Register", register), ("Country reporting", country)]
    facts += [(_words(name), column) for name, column in days.items()]
    areas_told: Facts = (("Area", Areas(areas, np.ones(len(areas), dtype=bool))),)
    if "declared_area_m2" in frame.columns:
        areas_told = (*areas_told, ("Area as declared", areas_of(cells(frame["declared_area_m2"]))))
    return Layer(
        ids=tuple(map(str, frame.index)),
        styles=kind.styles,
        is_release=kind.is_release,
        row=(*kind.row, register),
        country=country,
        facts=(*kind.first, *facts, *areas_told, *(_fact(name, cells(frame[name])) for name in extra), *kind.last),
        days=tuple(column.retold(lambda text: _text.day(text) or "") for column in days.values()),
        unsure=kind.unsure,
        area_m2=areas,
        polygons=polygons,
    )


def _side_columns(hazards: gpd.GeoDataFrame, sides: Mapping[str, list[tuple[str, str]]]) -> Facts:
    """Lay the facts of each hazard out by their words."""
    by_word: dict[str, dict[int, str]] = {}
    for place, name in enumerate(map(str, hazards.index) if sides else ()):
        for word, text in sides.get(name, ()):
            own = by_word.setdefault(word, {})
            own[place] = f"{own[place]}; {text}" if place in own else text
    return tuple((word, words_by_place(texts, len(hazards))) for word, texts in by_word.items())


def _refuse_unknown_terms(frame: gpd.GeoDataFrame, schema: Schema, terms: tuple[str, ...]) -> None:
    # A word that is not known could only be drawn as something that it may not be.
    specs = [column for column in schema.columns if column.name in terms]
    faults = []
    for spec in specs:
        column = words_of(cells(frame[spec.name]))
        wrong = {text: fault for text in column.texts if (fault := _fault(text, spec))}
        for place, text in enumerate(column.all() if wrong else ()):
            if text in wrong:
                rule, seen, remedy = wrong[text]
                name = str(frame.index[place])
                faults.append(Finding(schema.name, name, place + 1, rule, "quarantined", seen, "", remedy))
    if faults:
        raise SchemaError(f"These {schema.name} cannot be drawn as they are:", findings_table(faults))


def _fault(text: str, spec: ColumnSpec) -> tuple[str, str, str] | None:
    return parse_cell("" if text == _text.UNSTATED else text, spec).fault


def _fact(column: str, values: Sequence[Any]) -> tuple[str, Words]:
    told = words_of(values)
    if column == "relation":
        label = voc.RELATION.label
        return "Relation to the border", told.retold(lambda text: label(text) if text in voc.RELATION.words else text)
    return _words(column), told


def _short(classification: str) -> str:
    return "Not stated" if classification == "unstated" else classification


def _meaning(kind: str) -> str:
    return next(term.meaning for term in voc.RELEASE_KIND.terms if term.word == kind)


def _words(column: str) -> str:
    text = column.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


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
