"""The one engine of every reader: rows, cells, shapes, CRS, checks; every record accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import WGS84, DatumOperation, same_crs, to_wgs84
from hazardgeo.errors import CRSError
from hazardgeo.registers._account import Account, Fill, as_text
from hazardgeo.registers._cells import check_rows, columns_of
from hazardgeo.registers._edges import straight_edges

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import pyproj

    from hazardgeo.registers._layer import RawLayer, Shape
    from hazardgeo.schema import Schema

_POLYGONAL = ("Polygon", "MultiPolygon")
_LOST = "A hazard without an outline cannot be drawn, measured or avoided."
_NO_PLACE = "Without it the place on the ground is not known."
_SAY_CRS = 'Say crs="EPSG:…" (command: --crs FILE=EPSG:…), the system that the coordinates were recorded in.'
_SHAPE_COLUMN = "geometry"


@dataclass(frozen=True)
class Intake:
    """What became of every record of a layer."""

    records: gpd.GeoDataFrame
    quarantine: pd.DataFrame
    findings: pd.DataFrame
    records_in: int


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
    account = Account(raw, schema.index)
    if not raw.rows:
        account.note("no-records", "It holds no records.", "Nothing is known of any ground.", "Check that it is so.")
    check_rows(account, schema)
    columns = columns_of(account, schema, fill)
    crs = _layer_crs(account, fill)
    geometries = _geometries(account)
    operation = None
    good = account.good
    if crs is not None and good:
        try:
            source = geometries[good]
            geometries[good], operation = to_wgs84(source, crs, raw.file)
            sd = columns.get("vertex_sd_m")
            for i, departure in straight_edges(source, crs, sd and [sd[k] for k in good]):
                _note_edge(account, good[i], departure)
        except CRSError as error:
            seen = str(error).removeprefix(f"{raw.file}: ")
            account.add_all(
                "crs-refused", f"{seen[0].upper()}{seen[1:]}", "Its place on the ground is not certain.", ""
            )
    return _result(account, schema, columns, geometries, operation)


def _layer_crs(account: Account, fill: Fill) -> pyproj.CRS | None:
    raw, given = account.raw, fill.crs
    if any(fault.at is None for fault in raw.faults):  # the file has contradicted itself already
        return None
    if raw.crs is None and given is None:
        seen = f"The file names its CRS in no way that is read here ({raw.unread_crs})." if raw.unread_crs else ""
        account.add_all("crs-missing", seen or "The file names no CRS.", _NO_PLACE, _SAY_CRS)
    elif raw.crs is not None and given is not None and not same_crs(raw.crs, given):
        seen = f"The file says {raw.crs.name!r} and {given.name!r} was given."
        remedy = "Correct the file, or do not say crs= (command: --crs)."
        account.add_all("crs-conflict", seen, "One of the two is wrong.", remedy)
        return None
    elif given is None:
        for i in raw.without_crs:
            seen = "The record names no CRS, and others of the file do."
            account.add(i, "crs-missing", seen, _NO_PLACE, f"Name it as the others do. {_SAY_CRS}")
    return given if raw.crs is None else raw.crs


def _geometries(account: Account) -> np.ndarray[Any, Any]:
    geometries = np.full(len(account.raw.shapes), None, dtype=object)
    for i, shape in enumerate(account.raw.shapes):
        if fault := _shape_fault(shape):
            account.add(i, *fault)
        else:
            geometries[i] = shapely.force_2d(shape.geometry)
    return geometries


def _shape_fault(shape: Shape) -> tuple[str, str, str, str] | None:
    if shape.geometry is None and shape.fault:
        return "geometry-unreadable", f"It {shape.fault}.", _LOST, "Mend the geometry in the source."
    if shape.geometry is None:
        return "geometry-missing", "It has no geometry.", _LOST, "Add the outline."
    if shape.geometry.is_empty:
        return "geometry-missing", "Its geometry is empty.", _LOST, "Add the outline."
    if shape.geometry.geom_type not in _POLYGONAL:
        seen = f"It is a {shape.geometry.geom_type}, not a polygon."
        remedy = "Record points in a file of points; give hazards an outline."
        return "geometry-kind", seen, "It has a place but no area.", remedy
    if not np.isfinite(shapely.get_coordinates(shape.geometry)).all():
        return "geometry-not-finite", "A coordinate is not a number.", _LOST, "Correct the coordinate."
    if not shape.geometry.is_valid:
        reason = shapely.is_valid_reason(shape.geometry)
        seen = f"Its outline is not valid: {reason[0].lower()}{reason[1:]}."
        remedy = "Put the points in the order walked (a bow-tie has two of them swapped)."
        return "geometry-broken", seen, "Its area has several readings.", remedy
    return None


def _note_edge(account: Account, i: int, departure: float) -> None:
    account.add(
        i,
        "edge-not-geodesic",
        f"A straight edge of its source CRS lies {departure:.1f} m from the geodesic.",
        "The outline between two recorded points depends on the meaning of 'straight'.",
        "Add points along the long edge in the source.",
        severity="note",
    )


def _result(
    account: Account,
    schema: Schema,
    columns: dict[str, list[Any]],
    geometries: np.ndarray[Any, Any],
    operation: DatumOperation | None,
) -> Intake:
    import geopandas as gpd
    import pandas as pd

    raw, good = account.raw, account.good
    data = {
        spec.name: _typed([columns[spec.name][i] for i in good], spec.kind)
        for spec in schema.columns
        if spec.name in columns
    }
    data |= _provenance(data, operation or DatumOperation("", "", None), len(good))
    known = {schema.index, *data}
    for name in raw.columns:
        if name not in known:
            data[_column_name(account, name)] = [_passed_through(raw.rows[i].get(name)) for i in good]
    index = pd.Index([account.ids[i] for i in good], name=schema.index, dtype=object)
    records = gpd.GeoDataFrame(data, index=index, geometry=list(geometries[good]), crs=WGS84)
    bad = sorted(account.bad)
    quarantine = pd.DataFrame(
        [raw.rows[i] for i in bad],
        columns=list(raw.columns),
        index=pd.Index([raw.row_number(i) for i in bad], name="row", dtype=int),
    )
    return Intake(records, quarantine, account.table(), len(raw.rows))


def _column_name(account: Account, name: str) -> str:
    """Keep the name of a column that passes through, unless it is that of the shapes."""
    if name != _SHAPE_COLUMN:
        return name
    new = f"{name}_text"
    while new in account.raw.columns:
        new += "_"
    seen = f"Its column {name!r} is called {new!r} here."
    account.note("column-renamed", seen, "The shapes have that name.", "Rename the column in the source.")
    return new


def _passed_through(value: Any) -> Any:
    return as_text(value) if isinstance(value, bytes) else value


def _typed(values: list[Any], kind: str) -> Any:
    import pandas as pd

    if kind == "date":
        return np.array(values, dtype="datetime64[s]")
    if kind == "number":
        return np.array([np.nan if value is None else value for value in values], dtype=float)
    return pd.array(values, dtype="Int64") if kind == "count" else np.array(values, dtype=object)


def _provenance(data: dict[str, Any], operation: DatumOperation, count: int) -> dict[str, Any]:
    """Say how each record came to WGS 84.

    A file that hazardgeo wrote is in WGS 84 and carries what was done before; that history is kept, an accuracy that
    is not known included. Elsewhere such columns speak of something else.
    """
    accuracy = np.nan if operation.accuracy_m is None else operation.accuracy_m
    ours = {"source_crs": operation.source_crs, "datum_operation": operation.name, "datum_accuracy_m": accuracy}
    carried = operation.nothing_done and all(name in data for name in ours)
    keep = [carried and bool(data["source_crs"][i]) and bool(data["datum_operation"][i]) for i in range(count)]
    return {
        name: np.array(
            [data[name][i] if keep[i] else own for i in range(count)],
            dtype=float if name == "datum_accuracy_m" else object,
        )
        for name, own in ours.items()
    }
