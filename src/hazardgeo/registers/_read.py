"""The strict door: every record is right, or the file is refused with the list of all faults."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from hazardgeo.errors import FindingWarning, SchemaError
from hazardgeo.registers._intake import Intake
from hazardgeo.registers._take import intake

if TYPE_CHECKING:
    import os

    import geopandas as gpd
    import pandas as pd


def read_hazards(
    path: str | os.PathLike[str],
    *,
    layer: str | None = None,
    crs: str | None = None,
    datum_operation: str | None = None,
    register: str | None = None,
    country: str | None = None,
    profile: str | os.PathLike[str] | None = None,
    locale: str | None = None,
) -> gpd.GeoDataFrame:
    """Read hazardous areas from a register's file, strictly.

    Every record is checked. If any cannot be used, or could be used only by someone who knows of a serious finding, the
    file is refused with the list of all faults of all records; nothing is repaired, dropped or guessed.
    `hazardgeo.intake` goes on with what is usable.

    Parameters
    ----------
    path : str or path
        In any format that `hazardgeo.intake` takes. Columns: ``hazard_id``, ``register``, ``country``,
        ``classification`` (SHA, CHA, unstated), ``work_status`` (open, worked_on, suspended, closed, handed_over,
        unstated), and those of the schema that the register has; others pass through.
    layer : str, optional
        Needed where the file holds several.
    crs : str, optional
        CRS of the coordinates, where the file names none, such as ``"EPSG:3765"``.
    datum_operation : str, optional
        Code of the operation from an old datum to WGS 84, such as ``"EPSG:9486"``, where those that are published disagree.
    register : str, optional
        Who keeps the records, where the file does not say.
    country : str, optional
        Who reports them (ISO 3166-1 alpha-3 or a user's code), where the file does not say.
    profile : str or path, optional
        Name of a ready-made profile, or a TOML file, that maps the file's columns and words onto ours.
    locale : str, optional
        Language code that says how numbers and dates are written, such as ``"hr"``.

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
    taken = intake(
        path,
        "hazards",
        layer=layer,
        crs=crs,
        datum_operation=datum_operation,
        register=register,
        country=country,
        profile=profile,
        locale=locale,
    )
    return _strictly(taken, "hazards")


def read_releases(
    path: str | os.PathLike[str],
    *,
    layer: str | None = None,
    crs: str | None = None,
    datum_operation: str | None = None,
    register: str | None = None,
    country: str | None = None,
    profile: str | os.PathLike[str] | None = None,
    locale: str | None = None,
) -> gpd.GeoDataFrame:
    """Read land released from hazardous areas, strictly, as `read_hazards` reads hazards.

    Parameters
    ----------
    path : str or path
        Columns: ``release_id``, ``hazard_id``, ``register``, ``country``, ``kind`` (cleared, reduced, cancelled), and
        those of the schema that the register has; others pass through.
    layer, crs, datum_operation, register, country, profile, locale : optional
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
    taken = intake(
        path,
        "releases",
        layer=layer,
        crs=crs,
        datum_operation=datum_operation,
        register=register,
        country=country,
        profile=profile,
        locale=locale,
    )
    return _strictly(taken, "releases")


def _strictly(taken: Intake, kind: str) -> gpd.GeoDataFrame:
    """Refuse what is not in order; warn of what is to be known."""
    faults = taken.findings[taken.findings["severity"] != "note"].reset_index(drop=True)
    if len(faults):
        bad = _count(faults, taken)
        raise SchemaError(
            f"{taken.file}: {bad} of {taken.records_in} {kind} are not in order, so the file is not taken in. Mend the "
            "source and read it again (hazardgeo.intake goes on with what is usable):",
            faults,
        )
    if len(taken.findings):
        first = taken.findings.iloc[0]
        warnings.warn(
            f"{taken.file}: every record is accepted; {len(taken.findings)} to know about, such as {first.record}: "
            f"{first.seen} {first.remedy}",
            FindingWarning,
            stacklevel=3,
        )
    return taken.frames[kind]


def _count(faults: pd.DataFrame, taken: Intake) -> int:
    """How many records the faults speak of; one about the whole file speaks of all."""
    rows = set(faults["row"])
    return taken.records_in if 0 in rows else len(rows)
