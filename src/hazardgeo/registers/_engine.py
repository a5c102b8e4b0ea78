"""The one engine of every reader: rows, cells, shapes, CRS, checks; every record accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import WGS84, DatumOperation, to_wgs84
from hazardgeo.errors import CRSError
from hazardgeo.registers._edges import straight_edges
from hazardgeo.schema import Finding, Schema, findings_table, parse_cell

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import pyproj

    from hazardgeo.registers._layer import RawLayer, Shape

_POLYGONAL = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Intake:
    """What became of every record of a layer."""

    records: gpd.GeoDataFrame
    quarantine: pd.DataFrame
    findings: pd.DataFrame
    records_in: int


@dataclass(frozen=True)
class Fill:
    """What the caller says that a file lacks."""

    register: str | None = None
    country: str | None = None
    crs: pyproj.CRS | None = None

    def items(self) -> dict[str, str]:
        """Columns to fill."""
        return {name: value for name in ("register", "country") if (value := getattr(self, name)) is not None}


class _Account:
    """Findings gathered so far, and which rows they quarantine."""

    def __init__(self, raw: RawLayer, ids: list[str]) -> None:
        self.raw, self.ids = raw, ids
        self.findings: list[Finding] = []
        self.bad: set[int] = set()

    def add(self, i: int, rule: str, seen: str, means: str, remedy: str, severity: str = "quarantined") -> None:
        record = self.ids[i] or "(no id)"
        row = i + self.raw.first_row
        self.findings.append(Finding(self.raw.file, record, row, rule, severity, seen, means, remedy))
        if severity == "quarantined":
            self.bad.add(i)

    def add_all(self, rule: str, seen: str, means: str, remedy: str) -> None:
        """Add a fault of the whole layer: no record of it can be used."""
        self.findings.append(Finding(self.raw.file, "(all records)", 0, rule, "quarantined", seen, means, remedy))
        self.bad.update(range(len(self.raw.rows)))


def take_in(raw: RawLayer, schema: Schema, fill: Fill) -> Intake:
    """Run a raw layer through every check.

    Parameters
    ----------
    raw : RawLayer
    schema : Schema
    fill : Fill
        Values for what the file lacks; a conflict with the file is a fault.

    Returns
    -------
    Intake
        ``records_in == len(records) + len(quarantine)``, always.
    """
    account = _Account(raw, [_as_text(row.get(schema.index)) for row in raw.rows])
    _check_rows(account, schema)
    columns = _columns(account, schema, fill)
    crs = _layer_crs(account, fill)
    geometries = _geometries(account)
    operation = None
    good = _good(account)
    if crs is not None and good:
        try:
            source = geometries[good]
            geometries[good], operation = to_wgs84(source, crs, raw.file)
            sd = columns.get("vertex_sd_m")
            for i, departure in straight_edges(source, crs, sd and [sd[k] for k in good]):
                _note_edge(account, good[i], departure)
        except CRSError as error:
            account.add_all(
                "crs-refused", str(error).removeprefix(f"{raw.file}: "), "Its place on the ground is not certain.", ""
            )
    return _result(account, schema, columns, geometries, operation)


def _good(account: _Account) -> list[int]:
    return [i for i in range(len(account.raw.rows)) if i not in account.bad]


def _as_text(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    return str(value)


def _check_rows(account: _Account, schema: Schema) -> None:
    for i, seen in account.raw.row_faults.items():
        account.add(i, "row-broken", f"The row {seen}.", "It cannot be told which cell is which.", "Mend the row.")
    if schema.index not in account.raw.columns:
        seen = f"There is no column {schema.index!r}."
        account.add_all(
            "column-missing", seen, "Records without an id cannot be accounted for.", f"Add {schema.index!r}."
        )
        return
    count = Counter(account.ids)
    for i, record in enumerate(account.ids):
        if not record.strip():
            account.add(
                i, "id-missing", "The id is empty.", "A record without an id cannot be accounted for.", "Give it an id."
            )
        elif count[record] > 1:
            seen = f"The id stands {count[record]} times."
            account.add(i, "id-twice", seen, "It cannot be told which record is meant.", "Give each record its own id.")


def _columns(account: _Account, schema: Schema, fill: Fill) -> dict[str, list[Any]]:
    raw = account.raw
    columns: dict[str, list[Any]] = {}
    for spec in schema.columns:
        given = fill.items().get(spec.name)
        if spec.name not in raw.columns and given is None:
            if spec.required:
                option = f", or say {spec.name}=" if spec.name in ("register", "country") else ""
                account.add_all(
                    "column-missing", f"There is no column {spec.name!r}.", spec.meaning, f"Add {spec.name!r}{option}."
                )
            continue
        columns[spec.name] = []
        for i, row in enumerate(raw.rows):
            text = _as_text(row.get(spec.name))
            if given is not None and text.strip() not in ("", given):
                seen = f"{spec.name} is {text!r} in the file and {given!r} was given."
                account.add(
                    i,
                    "fill-conflict",
                    seen,
                    "One of the two is wrong.",
                    f"Correct the file, or do not say {spec.name}=.",
                )
            cell = parse_cell(text if text.strip() else given, spec)
            columns[spec.name].append(cell.value)
            if cell.fault:
                rule, seen, remedy = cell.fault
                account.add(i, rule, seen, spec.meaning, remedy)
    return columns


def _layer_crs(account: _Account, fill: Fill) -> pyproj.CRS | None:
    in_file, given = account.raw.crs, fill.crs
    if in_file is None and given is None:
        account.add_all(
            "crs-missing",
            "The file names no CRS.",
            "Without it the place on the ground is not known.",
            'Say crs="EPSG:…", the system that the coordinates were recorded in.',
        )
    elif in_file is not None and given is not None and not in_file.equals(given, ignore_axis_order=True):
        seen = f"The file says {in_file.name!r} and {given.name!r} was given."
        account.add_all("crs-conflict", seen, "One of the two is wrong.", "Correct the file, or do not say crs=.")
        return None
    return given if in_file is None else in_file


def _geometries(account: _Account) -> np.ndarray[Any, Any]:
    geometries = np.full(len(account.raw.shapes), None, dtype=object)
    for i, shape in enumerate(account.raw.shapes):
        if fault := _shape_fault(shape):
            account.add(i, *fault)
        else:
            geometries[i] = shapely.force_2d(shape.geometry)
    return geometries


def _shape_fault(shape: Shape) -> tuple[str, str, str, str] | None:
    lost = "A hazard without an outline cannot be drawn, measured or avoided."
    if shape.geometry is None:
        return "geometry-missing", f"It {shape.fault}.", lost, "Add the outline."
    if shape.geometry.is_empty:
        return "geometry-missing", "Its geometry is empty.", lost, "Add the outline."
    if shape.geometry.geom_type not in _POLYGONAL:
        seen = f"It is a {shape.geometry.geom_type}, not a polygon."
        return (
            "geometry-kind",
            seen,
            "It has a place but no area.",
            "Record points in a file of points; give hazards an outline.",
        )
    if not np.isfinite(shapely.get_coordinates(shape.geometry)).all():
        return "geometry-not-finite", "A coordinate is not a number.", lost, "Correct the coordinate."
    if not shape.geometry.is_valid:
        reason = shapely.is_valid_reason(shape.geometry)
        seen = f"Its outline is not valid: {reason[0].lower()}{reason[1:]}."
        remedy = "Put the points in the order walked (a bow-tie has two of them swapped)."
        return "geometry-broken", seen, "Its area has several readings.", remedy
    return None


def _note_edge(account: _Account, i: int, departure: float) -> None:
    account.add(
        i,
        "edge-not-geodesic",
        f"A straight edge of its source CRS lies {departure:.1f} m from the geodesic.",
        "The outline between two recorded points depends on the meaning of 'straight'.",
        "Add points along the long edge in the source.",
        severity="note",
    )


def _result(
    account: _Account,
    schema: Schema,
    columns: dict[str, list[Any]],
    geometries: np.ndarray[Any, Any],
    operation: DatumOperation | None,
) -> Intake:
    import geopandas as gpd
    import pandas as pd

    raw, good = account.raw, _good(account)
    data = {
        spec.name: _typed([columns[spec.name][i] for i in good], spec.kind)
        for spec in schema.columns
        if spec.name in columns
    }
    if operation is not None:
        data |= _provenance(data, operation, len(good))
    known = {schema.index, *data}
    data |= {name: [raw.rows[i].get(name) for i in good] for name in raw.columns if name not in known}
    index = pd.Index([account.ids[i] for i in good], name=schema.index, dtype=object)
    records = gpd.GeoDataFrame(data, index=index, geometry=list(geometries[good]), crs=WGS84)
    bad = sorted(account.bad)
    quarantine = pd.DataFrame(
        [raw.rows[i] for i in bad], columns=list(raw.columns), index=pd.Index(bad, name="row") + raw.first_row
    )
    return Intake(records, quarantine, findings_table(account.findings), len(raw.rows))


def _typed(values: list[Any], kind: str) -> Any:
    import pandas as pd

    if kind == "date":
        return np.array(values, dtype="datetime64[s]")
    if kind == "number":
        return np.array([np.nan if value is None else value for value in values], dtype=float)
    return pd.array(values, dtype="Int64") if kind == "count" else np.array(values, dtype=object)


def _provenance(data: dict[str, Any], operation: DatumOperation, count: int) -> dict[str, Any]:
    # A file that hazardgeo wrote is in WGS 84 and carries what was done before; that history is kept.
    if "datum_operation" in data:
        return {}
    accuracy = np.nan if operation.accuracy_m is None else operation.accuracy_m
    return {
        "source_crs": [operation.source_crs] * count,
        "datum_operation": [operation.name] * count,
        "datum_accuracy_m": [accuracy] * count,
    }
