"""Taking a file in: go on with what is usable, and say what became of every single record."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.crs import SAY_OPERATION, parse_crs
from hazardgeo.errors import HazardgeoError
from hazardgeo.registers._compare import compare
from hazardgeo.registers._countries import countries_of
from hazardgeo.registers._engine import take_in
from hazardgeo.registers._formats import read_layer
from hazardgeo.registers._formats._archive import ArchiveLimits, archives_within
from hazardgeo.registers._intake import Intake
from hazardgeo.registers._limits import Limits
from hazardgeo.registers._profiles import Profile, load_profile
from hazardgeo.registers._progress import steps
from hazardgeo.registers._reading import Reading
from hazardgeo.registers._route import AUTO, parts_of
from hazardgeo.registers._rules import Thresholds
from hazardgeo.registers._watch import Watch
from hazardgeo.schema import SCHEMAS, parse_cell, spelling_of

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from hazardgeo.registers._engine import Taken
    from hazardgeo.registers._route import Part

CHECKS = {"records": frozenset({"record"}), "all": frozenset({"record", "register"})}


def intake(
    path: str | os.PathLike[str],
    kind: str = AUTO,
    *,
    layer: str | None = None,
    crs: str | None = None,
    register: str | None = None,
    country: str | None = None,
    profile: str | os.PathLike[str] | None = None,
    locale: str | None = None,
    datum_operation: str | None = None,
    repair: bool = False,
    countries: Any = None,
    thresholds: Thresholds | None = None,
    limits: Limits | None = None,
    checks: str = "all",
    today: datetime.date | None = None,
    worker: bool = False,
) -> Intake:
    """Read a register's file, go on with what is usable, and account for every record.

    One bad record never costs the others, and one bad cell never costs the record: what cannot be read of it is a
    finding, and the word *unstated* or nothing stands in its place. A record without an id, a place or an outline is
    quarantined. Nothing is dropped or guessed, and
    nothing repaired unless asked.

    Parameters
    ----------
    path : str or path
        GeoPackage, GeoJSON, GeoParquet, FlatGeobuf, File Geodatabase, Shapefile, KML, KMZ, GPX, CSV or Excel.
    kind : {"auto", "hazards", "releases", "points", "depots"}
        What the records are. With *auto* the name of the id column says it, or, in a sheet of several kinds, the words of
        its rows: SHA and CHA are hazards; cleared, reduced and cancelled are releases.
    layer : str, optional
        Layer, sheet or folder, where the file holds several.
    crs : str, optional
        CRS of the coordinates, where the file names none, such as ``"EPSG:3765"``.
    register, country : str, optional
        Who keeps and who reports the records, where the file does not say.
    profile : str or path, optional
        Name of a ready-made profile, or a TOML file, that says how the columns and words of the file map onto ours.
    locale : str, optional
        Language code that says how numbers and dates are written, such as ``"hr"``.
    datum_operation : str, optional
        Code of the operation that brings coordinates on an old datum to WGS 84, such as ``"EPSG:9486"``; needed where those that
        are published disagree by more than they claim (`compare_datum_operations` shows them).
    repair : bool
        Repair outlines that are not valid, where all readings of them come to the same ground (`repair_geometry`): the largest
        reading of a hazard, the smallest of released land. ``repairs`` of the result says what was done.
    countries : path, GeoDataFrame or BorderSet, optional
        Polygons of countries with their codes; with them, places outside the declared country are found.
    thresholds : Thresholds, optional
        Where the rules begin to speak.
    limits : Limits, optional
        How large a file, a record and a cell may be.
    checks : {"all", "records"}
        With *records*, the rules that compare records with each other are left out.
    today : datetime.date, optional
        The day that dates are compared with; the day of the computer unless given.
    worker : bool
        Read in a process of its own that opens no connection and is bounded in memory and time (`limits`), as the command
        does: a record that would stop it is quarantined, and the others go on.

    Returns
    -------
    Intake
        ``records_in == len(records) + len(quarantine)``, always.

    Raises
    ------
    FormatError
        If the file is not there, is not what its name says, or holds several layers and none is named.
    HazardgeoError
        If an argument cannot be used.

    References
    ----------
    GICHD Minimum Data Requirements (2018 draft); the rules name their own sources (`hazardgeo.rules`).

    Examples
    --------
    >>> import hazardgeo as hz
    >>> taken = hz.intake(hz.sample_data("bih_register.gpkg"))
    >>> taken.records_in == len(taken.records) + len(taken.quarantine)
    True
    """
    if checks not in CHECKS:
        raise HazardgeoError(f"checks={checks!r} is none. Use one of {', '.join(CHECKS)}.")
    limits = limits or Limits()
    options: dict[str, Any] = {
        "layer": layer,
        "crs": crs,
        "datum_operation": datum_operation,
        "repair": repair,
        "register": _given("register", register),
        "country": _given("country", country),
        "profile": profile,
        "locale": locale,
        "countries": countries,
        "thresholds": thresholds or Thresholds(),
        "checks": checks,
        "today": today or datetime.date.today(),  # noqa: DTZ011  (the day as the person at the desk knows it)
    }
    with steps(str(path)) as step:
        if worker:
            from hazardgeo.registers._worker import intake_in_worker

            step("reading and checking")
            return intake_in_worker(path, kind, options, limits)
        return take(path, kind, limits=limits, watch=Watch(lambda name, _: step(name)), **options)


def take(
    path: str | os.PathLike[str],
    kind: str,
    *,
    limits: Limits,
    watch: Watch,
    layer: str | None = None,
    crs: str | None = None,
    profile: str | os.PathLike[str] | None = None,
    datum_operation: str | None = None,
    locale: str | None = None,
    countries: Any = None,
    checks: str = "all",
    **said: Any,
) -> Intake:
    """Do what `intake` promises, here and now; `watch` is told of every step."""
    watch.tell("reading")
    profiled = load_profile(profile) if profile is not None else Profile()
    if locale is not None:
        usual = spelling_of(locale)
        profiled = replace(profiled, spelling=replace(usual, dates=profiled.spelling.dates or usual.dates))
    reading = Reading(
        crs=parse_crs(named) if (named := crs or profiled.crs) else None,
        datum_operation=datum_operation or profiled.datum_operation or None,
        profile=profiled,
        limits=limits,
        countries=countries_of(countries),
        scopes=CHECKS[checks],
        watch=watch,
        **said,
    )
    limits.refuse_size(Path(path))
    with archives_within(ArchiveLimits(total_bytes=limits.archive_bytes, ratio=limits.archive_ratio)):
        raw = read_layer(path, layer or profiled.layer or None, profiled, reading.crs)
    return account_for(raw.file, parts_of(raw, kind, profiled), reading)


def account_for(file: str, parts: Sequence[Part], reading: Reading) -> Intake:
    """Take each part in and add the accounts up."""
    import pandas as pd

    taken = [take_in(part, replace(reading, profile=part.profile)) for part in parts]
    if reading.datum_operation is None and (why := _not_one_way(taken)):
        taken = [take_in(part, replace(reading, profile=part.profile, refused=why)) for part in parts]
    quarantine = pd.concat([one.quarantine for one in taken]).sort_index(kind="stable")
    findings = pd.concat([one.findings for one in taken], ignore_index=True)
    if len(taken) > 1:
        findings = findings.drop_duplicates().sort_values("row", kind="stable", ignore_index=True)
    frames = {part.schema.name: one.records for part, one in zip(parts, taken, strict=True)}
    operations = [one.operation for one in taken if one.operation is not None]
    ids = sorted(
        (part.raw.row_number(i), name) for part, one in zip(parts, taken, strict=True) for i, name in enumerate(one.ids)
    )
    result = Intake(
        file,
        frames,
        quarantine,
        findings,
        sum(part.raw.count for part in parts),
        tuple(name for _, name in ids),
        tuple(row for row, _ in ids),
        {part.schema.name: one.rows for part, one in zip(parts, taken, strict=True)},
        operations[0].source_crs if operations else "",
        operations[0].name if operations else "",
        pd.concat([one.repairs for one in taken]).sort_index(kind="stable"),
    )
    if result.records_in != result.accepted + len(quarantine):  # a fault of ours; better no answer than a wrong one
        raise HazardgeoError(f"{file}: the account does not close. Please report this with the file.")
    return compare([result], reading.thresholds)[0] if len(frames) > 1 else result


def _not_one_way(taken: Sequence[Taken]) -> str:
    """Why a sheet cannot come to WGS 84 as a whole; its hazards and releases may lie where PROJ prefers different operations."""
    names = sorted({one.operation.name for one in taken if one.operation is not None and one.operation.old_datum})
    refused = [str(seen) for one in taken for seen in one.findings.loc[one.findings["rule"] == "crs-refused", "seen"]]
    if names and refused:
        return refused[0]
    if len(names) > 1:
        say = f"{SAY_OPERATION[0].upper()}{SAY_OPERATION[1:]}."
        return (
            f"Some of its records would come to WGS 84 by {names[0]}, others by {names[1]}; a layer comes by one. {say}"
        )
    return ""


def _given(name: str, value: str | None) -> str | None:
    if value is None:
        return None
    cell = parse_cell(str(value), SCHEMAS["hazards"].column(name))
    if cell.fault:
        raise HazardgeoError(f"{name}={value!r} cannot be used. {cell.fault[2]}")
    return str(cell.value)
