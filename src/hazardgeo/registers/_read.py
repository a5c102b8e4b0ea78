"""The strict door: every record is right, or the file is refused with the list of all faults."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from hazardgeo.crs import parse_crs
from hazardgeo.errors import FindingWarning, FormatError, HazardgeoError, SchemaError
from hazardgeo.registers._account import Fill
from hazardgeo.registers._csv import read_csv
from hazardgeo.registers._engine import Intake, take_in
from hazardgeo.registers._geojson import read_geojson
from hazardgeo.registers._geopackage import read_geopackage
from hazardgeo.registers._layer import RawLayer, regular_file
from hazardgeo.schema import HAZARDS, RELEASES, Schema, parse_cell

if TYPE_CHECKING:
    import os
    from pathlib import Path

    import geopandas as gpd

SUFFIXES = (".gpkg", ".geojson", ".json", ".csv")


def read_layer(path: str | os.PathLike[str], layer: str | None = None) -> RawLayer:
    """Read a layer as it stands in a file, nothing interpreted.

    Parameters
    ----------
    path : str or path
        GeoPackage, GeoJSON, or CSV with well-known text; a local file.
    layer : str, optional
        Needed where a GeoPackage holds several.

    Returns
    -------
    RawLayer

    Raises
    ------
    FormatError
        If the file is not there, or is not what its name says.
    """
    file = regular_file(path)
    suffix = file.suffix.casefold()
    if suffix == ".gpkg":
        return read_geopackage(file, layer)
    if suffix in (".xlsx", ".xls", ".ods"):
        raise FormatError(f"{file}: hazardgeo reads {', '.join(SUFFIXES)}. Save the sheet as CSV UTF-8.")
    if suffix not in SUFFIXES:
        raise FormatError(f"{file}: hazardgeo reads {', '.join(SUFFIXES)}. Export the layer as GeoPackage.")
    return _only_layer(file, read_csv(file) if suffix == ".csv" else read_geojson(file), layer)


def _only_layer(file: Path, raw: RawLayer, asked: str | None) -> RawLayer:
    if asked not in (None, raw.layer):
        raise FormatError(f"{file}: holds one layer, {raw.layer!r}, and {asked!r} was asked for.")
    return raw


def read_hazards(
    path: str | os.PathLike[str],
    *,
    layer: str | None = None,
    crs: str | None = None,
    register: str | None = None,
    country: str | None = None,
) -> gpd.GeoDataFrame:
    """Read hazardous areas from a register's file, strictly.

    Every record is checked. If any cannot be used the file is refused, with the list of all faults of all records, and
    nothing is repaired, dropped or guessed.

    Parameters
    ----------
    path : str or path
        GeoPackage, GeoJSON, or CSV with a column of well-known text. Columns: ``hazard_id``, ``register``, ``country``,
        ``classification`` (SHA, CHA, unstated), ``work_status`` (open, worked_on, suspended, closed, handed_over), and
        those of the schema that the register has; others pass through.
    layer : str, optional
        Needed where a GeoPackage holds several.
    crs : str, optional
        CRS of the coordinates, where the file names none, such as ``"EPSG:3765"``.
    register : str, optional
        Who keeps the records, where the file does not say.
    country : str, optional
        Who reports them (ISO 3166-1 alpha-3 or a user's code), where the file does not say.

    Returns
    -------
    geopandas.GeoDataFrame
        Index ``hazard_id``, polygons in EPSG:4326, columns of the schema, and ``source_crs``, ``datum_operation`` and
        ``datum_accuracy_m`` [m] to say how they came there.

    Raises
    ------
    FormatError
        If the file is not there or is not what its name says.
    SchemaError
        If any record cannot be used; ``.problems`` is the table of all faults. A missing CRS is one of them.

    Warns
    -----
    FindingWarning
        If every record is accepted and there is something to know about some of them.

    References
    ----------
    GICHD Minimum Data Requirements (2018 draft), object *contaminated area*.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> hazards.index.name, hazards.crs.to_epsg()
    ('hazard_id', 4326)
    """
    return _read(path, HAZARDS, layer, crs, register, country)


def read_releases(
    path: str | os.PathLike[str],
    *,
    layer: str | None = None,
    crs: str | None = None,
    register: str | None = None,
    country: str | None = None,
) -> gpd.GeoDataFrame:
    """Read land released from hazardous areas, strictly, as `read_hazards` reads hazards.

    Parameters
    ----------
    path : str or path
        Columns: ``release_id``, ``hazard_id``, ``register``, ``country``, ``kind`` (cleared, reduced, cancelled), and
        those of the schema that the register has; others pass through.
    layer, crs, register, country : str, optional
        As in `read_hazards`.

    Returns
    -------
    geopandas.GeoDataFrame
        Index ``release_id``, polygons in EPSG:4326.

    Raises
    ------
    FormatError, SchemaError
        As `read_hazards`.

    Warns
    -----
    FindingWarning
        As `read_hazards`.

    References
    ----------
    GICHD Minimum Data Requirements (2018 draft), object *land-release product*.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> sorted(set(hz.read_releases(hz.sample_data("hrv_releases.geojson"))["kind"]))
    ['cancelled', 'cleared', 'reduced']
    """
    return _read(path, RELEASES, layer, crs, register, country)


def _read(
    path: str | os.PathLike[str],
    schema: Schema,
    layer: str | None,
    crs: str | None,
    register: str | None,
    country: str | None,
) -> gpd.GeoDataFrame:
    fill = Fill(
        _given("register", register, schema),
        _given("country", country, schema),
        None if crs is None else parse_crs(crs),
    )
    intake = take_in(read_layer(path, layer), schema, fill)
    _refuse_faults(intake, str(path), schema)
    if len(intake.findings):
        first = intake.findings.iloc[0]
        warnings.warn(
            f"{path}: every record is accepted; {len(intake.findings)} to know about, such as {first.record}: "
            f"{first.seen} {first.remedy}",
            FindingWarning,
            stacklevel=3,
        )
    return intake.records


def _given(name: str, value: str | None, schema: Schema) -> str | None:
    if value is None:
        return None
    spec = next(column for column in schema.columns if column.name == name)
    cell = parse_cell(str(value), spec)
    if cell.fault:
        raise HazardgeoError(f"{name}={value!r} cannot be used. {cell.fault[2]}")
    return str(cell.value)


def _refuse_faults(intake: Intake, path: str, schema: Schema) -> None:
    faults = intake.findings[intake.findings["severity"] != "note"]
    if len(faults):
        refused = len(intake.quarantine)
        raise SchemaError(
            f"{path}: {refused} of {intake.records_in} {schema.name} cannot be used, so the file is not taken in. "
            f"Mend the source and read it again:",
            faults.reset_index(drop=True),
        )
