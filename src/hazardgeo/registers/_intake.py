"""Intake: go on with what is usable, and say what became of every single record."""

from __future__ import annotations

import datetime
import html
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.crs import parse_crs
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import counted, grouped
from hazardgeo.registers._compare import compare
from hazardgeo.registers._countries import countries_of
from hazardgeo.registers._engine import take_in
from hazardgeo.registers._formats import read_layer
from hazardgeo.registers._limits import Limits
from hazardgeo.registers._profiles import Profile, load_profile
from hazardgeo.registers._progress import steps
from hazardgeo.registers._reading import Reading
from hazardgeo.registers._route import AUTO, parts_of
from hazardgeo.registers._rules import Thresholds
from hazardgeo.registers._watch import Watch
from hazardgeo.schema import HAZARDS, SCHEMAS, parse_cell, spelling_of
from hazardgeo.vocabulary import SEVERITY

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.registers._route import Part

CHECKS = {"records": frozenset({"record"}), "all": frozenset({"record", "register"})}


@dataclass(frozen=True, repr=False)
class Intake:
    """What became of every record of a file.

    Parameters
    ----------
    file : str
    frames : mapping of str to geopandas.GeoDataFrame
        The records that can be used, by kind: ``hazards``, ``releases``, ``points``, ``depots``.
    quarantine : pandas.DataFrame
        The rows that cannot be used, as they came; the index is the row as a person counts it in the file.
    findings : pandas.DataFrame
        Columns ``file``, ``record``, ``row``, ``rule``, ``severity``, ``seen``, ``means``, ``remedy``.
    records_in : int
        How many records the file holds; always ``len(records) + len(quarantine)``.
    ids : tuple of str
        The id of every record, accepted or quarantined, as in the source; empty text where it has none.
    all_rows : tuple of int
        The row of every record, in the order of `ids`.
    rows : mapping of str to tuple of int
        The row of each record that can be used, by kind, in the order of its frame.
    crs, datum_operation : str
        CRS that the coordinates were recorded in, and the operation that brought them to WGS 84.
    """

    file: str
    frames: Mapping[str, gpd.GeoDataFrame]
    quarantine: pd.DataFrame
    findings: pd.DataFrame
    records_in: int
    ids: tuple[str, ...]
    all_rows: tuple[int, ...]
    rows: Mapping[str, tuple[int, ...]]
    crs: str
    datum_operation: str

    @property
    def records(self) -> gpd.GeoDataFrame:
        """The records that can be used.

        One frame in the schema of its kind; for a sheet of several kinds all of them under each other, with the column
        ``record_kind`` to tell them apart (`frames` has each in its own schema).
        """
        frames = dict(self.frames)
        if len(frames) == 1:
            return next(iter(frames.values()))
        import pandas as pd

        together = [frame.assign(record_kind=kind) for kind, frame in frames.items()]
        return pd.concat(together).rename_axis("record_id")

    @property
    def hazards(self) -> gpd.GeoDataFrame:
        """The hazards among the records."""
        return self._frame("hazards")

    @property
    def releases(self) -> gpd.GeoDataFrame:
        """The releases among the records."""
        return self._frame("releases")

    def _frame(self, kind: str) -> gpd.GeoDataFrame:
        if kind not in self.frames:
            raise HazardgeoError(f"{self.file}: holds {' and '.join(self.frames)}, no {kind}.")
        return self.frames[kind]

    @property
    def accepted(self) -> int:
        """How many records can be used."""
        return sum(map(len, self.frames.values()))

    @property
    def area_m2(self) -> float:
        """Ground of the accepted records, each square metre counted once [m²]."""
        from hazardgeo.overlay import net_area_m2

        records = self.records
        polygons = records[records.geometry.geom_type.isin(HAZARDS.shapes)]
        return net_area_m2(polygons) if len(polygons) else 0.0

    @property
    def is_clean(self) -> bool:
        """Whether there is no finding but notes, and no record in quarantine."""
        return not len(self.quarantine) and not (self.findings["severity"] != "note").any()

    def write_worklist(self, path: str | os.PathLike[str]) -> Path:
        """Write the findings for the person who has to mend the source; see `hazardgeo.write_worklist`."""
        from hazardgeo.registers._worklist import write_worklist

        return write_worklist([self], path)

    def headline(self) -> str:
        """The account in one line."""
        kinds = " and ".join(counted(len(frame), SCHEMAS[kind].record, kind) for kind, frame in self.frames.items())
        records = counted(self.records_in, "record", "records")
        return f"{self.file}: {records} = {kinds} accepted + {grouped(len(self.quarantine))} quarantined."

    def by_rule(self) -> list[tuple[str, str, int]]:
        """Severity, rule and number of findings, the gravest and most frequent first."""
        counts = Counter(zip(self.findings["severity"], self.findings["rule"], strict=True))
        rows = [(severity, rule, count) for (severity, rule), count in counts.items()]
        return sorted(rows, key=lambda row: (SEVERITY.words.index(row[0]), -row[2], row[1]))

    def __repr__(self) -> str:
        lines = [self.headline(), *(f"  {count:>6,} {severity}: {rule}" for severity, rule, count in self.by_rule())]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{severity}</td><td>{rule}</td><td style='text-align:right'>{count:,}</td></tr>"
            for severity, rule, count in self.by_rule()
        )
        head = "<tr><th>severity</th><th>rule</th><th>findings</th></tr>"
        table = f"<table>{head}{rows}</table>" if rows else "<p>Nothing was found.</p>"
        return f"<p><b>{html.escape(self.headline())}</b></p>{table}"


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
    quarantined. Nothing is repaired, dropped or guessed.

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
        profile=profiled,
        limits=limits,
        countries=countries_of(countries),
        scopes=CHECKS[checks],
        watch=watch,
        **said,
    )
    limits.refuse_size(Path(path))
    raw = read_layer(path, layer or profiled.layer or None, profiled, reading.crs)
    return account_for(raw.file, parts_of(raw, kind, profiled), reading)


def account_for(file: str, parts: Sequence[Part], reading: Reading) -> Intake:
    """Take each part in and add the accounts up."""
    import pandas as pd

    taken = [take_in(part, replace(reading, profile=part.profile)) for part in parts]
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
    )
    if result.records_in != result.accepted + len(quarantine):  # a fault of ours; better no answer than a wrong one
        raise HazardgeoError(f"{file}: the account does not close. Please report this with the file.")
    return compare([result], reading.thresholds)[0] if len(frames) > 1 else result


def _given(name: str, value: str | None) -> str | None:
    if value is None:
        return None
    cell = parse_cell(str(value), SCHEMAS["hazards"].column(name))
    if cell.fault:
        raise HazardgeoError(f"{name}={value!r} cannot be used. {cell.fault[2]}")
    return str(cell.value)
