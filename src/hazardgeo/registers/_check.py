"""What ``hazardgeo check`` does: files in, accounts out, in words or as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hazardgeo.crs._versions import versions
from hazardgeo.errors import HazardgeoError
from hazardgeo.registers._compare import compare
from hazardgeo.registers._intake import Intake
from hazardgeo.registers._rules import RULES
from hazardgeo.registers._take import intake
from hazardgeo.schema import POLYGONS
from hazardgeo.vocabulary import SEVERITY

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

_SHOWN = 12
_CLOSED_TOO = {"hazards": ", closed ones included"}


@dataclass(frozen=True)
class Checked:
    """A file that was checked: its intake, or why it cannot be read."""

    file: str
    taken: Intake | None
    area_m2: float = 0.0
    """Ground of the accepted records, each square metre counted once [m²]."""
    by_kind_m2: Mapping[str, float] = field(default_factory=dict)
    """The same for each kind of record."""
    error: str = ""

    @property
    def status(self) -> int:
        """0 clean, 1 findings or quarantined records, 2 unreadable."""
        if self.taken is None:
            return 2
        return int(bool(len(self.taken.findings) or len(self.taken.quarantine)))

    def as_object(self) -> dict[str, Any]:
        """The account as a program reads it."""
        return {} if self.taken is None else _object(self, self.taken)

    def as_words(self) -> str:
        """The account as a person reads it."""
        return self.error if self.taken is None else _words(self, self.taken)


def check_files(files: Sequence[str | os.PathLike[str]], kind: str = "auto", **options: Any) -> list[Checked]:
    """Take files in, each by itself, and compare the releases among them with the hazards.

    Parameters
    ----------
    files : sequence of path
    kind : str
    **options
        Of `hazardgeo.intake`.

    Returns
    -------
    list of Checked
        One for each file.
    """
    checked = [_check(str(file), kind, options) for file in files]
    together = iter(compare([one.taken for one in checked if one.taken is not None]))
    return [one if one.taken is None else replace(one, taken=next(together)) for one in checked]


def _check(file: str, kind: str, options: dict[str, Any]) -> Checked:
    try:
        taken = intake(file, kind, **options)
        return Checked(file, taken, taken.area_m2, {kind: _ground(frame) for kind, frame in taken.frames.items()})
    except (HazardgeoError, OSError) as error:
        words = " ".join(str(error).split())
        return Checked(file, None, error=words if file in words else f"{file}: {words}")


def _ground(frame: gpd.GeoDataFrame) -> float:
    from hazardgeo.overlay import net_area_m2

    polygons = frame[frame.geometry.geom_type.isin(POLYGONS)]
    return net_area_m2(polygons) if len(polygons) else 0.0


def _object(checked: Checked, taken: Intake) -> dict[str, Any]:
    findings = taken.findings.rename(columns={"seen": "message"})
    keys = ["record", "row", "rule", "severity", "message", "means", "remedy"]
    return {
        "file": taken.file,
        "records_in": taken.records_in,
        "accepted": taken.accepted,
        "quarantined": len(taken.quarantine),
        "by_kind": {kind: len(frame) for kind, frame in taken.frames.items()},
        "area_m2": checked.area_m2,
        "area_by_kind_m2": dict(checked.by_kind_m2),
        "ids": list(taken.ids),
        "crs": taken.crs,
        "datum_operation": taken.datum_operation,
        "versions": versions(),
        "findings": findings[keys].to_dict("records"),
    }


def _words(checked: Checked, taken: Intake) -> str:
    from hazardgeo.measure import print_large_area

    lines = [taken.headline()]
    if taken.accepted:
        for kind, area_m2 in checked.by_kind_m2.items():
            if area_m2:
                lines.append(
                    f"Ground of the {kind}, counted once{_CLOSED_TOO.get(kind, '')}: {print_large_area(area_m2)}."
                )
        lines.append(f"Coordinates: {taken.crs}, brought to WGS 84 by: {taken.datum_operation}.")
    if not len(taken.findings):
        lines.append("Nothing was found. That does not say that every record is right.")
    for term in SEVERITY.terms:
        some = taken.findings[taken.findings["severity"] == term.word]
        if len(some):
            lines += ["", f"{term.label}: {term.meaning}", *_by_rule(some)]
    return "\n".join(lines)


def _by_rule(findings: pd.DataFrame) -> Iterator[str]:
    for rule in findings["rule"].unique().tolist():
        some = findings[findings["rule"] == rule]
        yield f"  {rule} ({len(some):,}): {RULES[rule].means}"
        for found in some.head(_SHOWN).itertuples():
            where = found.record if found.row == 0 else f"{found.record} (row {found.row})"
            yield f"    {where}: {found.seen} {found.remedy}".rstrip().replace("\n", "\n    ")
        if len(some) > _SHOWN:
            yield f"    and {len(some) - _SHOWN:,} more; --worklist OUT.xlsx lists them all"
