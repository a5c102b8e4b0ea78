"""The columns of each kind of record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hazardgeo import vocabulary as voc
from hazardgeo.constants import COUNT_MAX, VERTEX_SD_MAX_M

Kind = Literal["id", "text", "code", "term", "terms", "date", "number", "count"]


@dataclass(frozen=True)
class ColumnSpec:
    """One column: its name, kind of value, unit, meaning, and whether every record must have it."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    vocabulary: voc.Vocabulary | None = None
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    stand_in: str | None = None
    """What stands where a required cell is empty or cannot be read; without it such a record cannot be used."""


POLYGONS = ("Polygon", "MultiPolygon")
POINTS_ONLY = ("Point", "MultiPoint")


@dataclass(frozen=True)
class Schema:
    """The columns of one kind of record."""

    name: str
    index: str
    columns: tuple[ColumnSpec, ...]
    shapes: tuple[str, ...] = POLYGONS
    """Kinds of geometry that a record may have."""

    @property
    def record(self) -> str:
        """One record, as a sentence calls it."""
        return self.name.removesuffix("s")

    def column(self, name: str) -> ColumnSpec:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that every record must fill."""
        return tuple(column.name for column in self.columns if column.required)


UNSTATED = "unstated"
"""Stands in a required column where the source does not say, or not readably; a finding says so."""


def _register_and_country() -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec("register", "text", "Who keeps the record.", required=True, stand_in=UNSTATED),
        ColumnSpec(
            "country",
            "code",
            "Who reports it: ISO 3166-1 alpha-3, or a user's code such as XKX.",
            required=True,
            stand_in=UNSTATED,
        ),
    )


def _provenance() -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec("declared_area_m2", "number", "Area as the register declares it.", unit="m²", minimum=0),
        ColumnSpec("source", "text", "Document or system that the record comes from."),
        ColumnSpec("source_crs", "text", "CRS that the coordinates were recorded in."),
        ColumnSpec("datum_operation", "text", "Operation that brought them to WGS 84."),
        ColumnSpec("datum_accuracy_m", "number", "Accuracy of that operation.", unit="m", minimum=0),
        ColumnSpec("confidentiality", "text", "How far the record may travel."),
    )


def _count(name: str, meaning: str) -> ColumnSpec:
    return ColumnSpec(name, "count", meaning, minimum=0, maximum=COUNT_MAX.value)


HAZARDS = Schema(
    "hazards",
    "hazard_id",
    (
        *_register_and_country(),
        ColumnSpec(
            "classification", "term", "Evidence.", required=True, vocabulary=voc.CLASSIFICATION, stand_in=UNSTATED
        ),
        ColumnSpec("work_status", "term", "Process.", required=True, vocabulary=voc.WORK_STATUS, stand_in=UNSTATED),
        ColumnSpec("contamination", "terms", "Contents.", vocabulary=voc.CONTAMINATION),
        ColumnSpec("exclusion", "term", "Why it is stated apart from all other ground.", vocabulary=voc.EXCLUSION),
        ColumnSpec("date_of_information", "date", "Date that the record speaks of."),
        ColumnSpec(
            "vertex_sd_m",
            "number",
            "Standard deviation of a vertex.",
            unit="m",
            minimum=0,
            maximum=VERTEX_SD_MAX_M.value,
        ),
        ColumnSpec("geometry_kind", "term", "How the outline was obtained.", vocabulary=voc.GEOMETRY_KIND),
        *_provenance(),
    ),
)

RELEASES = Schema(
    "releases",
    "release_id",
    (
        ColumnSpec("hazard_id", "id", "The hazard that this land is released from.", required=True, stand_in=""),
        *_register_and_country(),
        ColumnSpec("kind", "term", "How the land was released.", required=True, vocabulary=voc.RELEASE_KIND),
        ColumnSpec("method", "text", "Method or asset."),
        ColumnSpec("depth_m", "number", "Depth cleared to.", unit="m", minimum=0),
        ColumnSpec("organisation", "text", "Who did the work."),
        ColumnSpec("started_on", "date", "First day of the work."),
        ColumnSpec("completed_on", "date", "Last day of the work."),
        _count("ap_mines", "Anti-personnel mines found."),
        _count("av_mines", "Anti-vehicle mines found."),
        _count("submunitions", "Submunitions found."),
        _count("uxo", "Other unexploded ordnance found."),
        *_provenance(),
    ),
)

POINTS = Schema(
    "points",
    "point_id",
    (
        *_register_and_country(),
        ColumnSpec("kind", "term", "What the point is.", required=True, vocabulary=voc.POINT_KIND, stand_in=UNSTATED),
        ColumnSpec("hazard_id", "id", "The hazard that it belongs to."),
        ColumnSpec("contamination", "terms", "What was found there.", vocabulary=voc.CONTAMINATION),
        ColumnSpec("date_of_information", "date", "Date that the record speaks of."),
        *(column for column in _provenance() if column.name != "declared_area_m2"),
    ),
    POINTS_ONLY,
)

DEPOTS = Schema(
    "depots",
    "depot_id",
    (
        *_register_and_country(),
        ColumnSpec("net_explosive_quantity_kg", "number", "Net explosive quantity stored.", unit="kg", minimum=0),
        ColumnSpec("hazard_division", "text", "Hazard division of what is stored, such as 1.1."),
        ColumnSpec("date_of_information", "date", "Date that the record speaks of."),
        *_provenance(),
    ),
    (*POLYGONS, *POINTS_ONLY),
)

SCHEMAS = {schema.name: schema for schema in (HAZARDS, RELEASES, POINTS, DEPOTS)}
