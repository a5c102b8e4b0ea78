"""The account of a layer: what was found, about which record, and which records cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.schema import Finding, findings_table

if TYPE_CHECKING:
    import pandas as pd
    import pyproj

    from hazardgeo.registers._layer import RawLayer

WHOLE_FILE = "(the file)"


@dataclass(frozen=True)
class Fill:
    """What the caller says that a file lacks."""

    register: str | None = None
    country: str | None = None
    crs: pyproj.CRS | None = None

    def items(self) -> dict[str, str]:
        """Columns to fill."""
        return {name: value for name in ("register", "country") if (value := getattr(self, name)) is not None}


class Account:
    """Findings gathered so far, and which rows they quarantine."""

    def __init__(self, raw: RawLayer, id_column: str) -> None:
        self.raw = raw
        self.ids = [as_text(row.get(id_column)) for row in raw.rows]
        self.findings: list[Finding] = []
        self.bad: set[int] = set()

    def add(self, i: int, rule: str, seen: str, means: str, remedy: str, severity: str = "quarantined") -> None:
        """Add a finding about one record."""
        record = self.ids[i] or "(no id)"
        self.findings.append(
            Finding(self.raw.file, record, self.raw.row_number(i), rule, severity, seen, means, remedy)
        )
        if severity == "quarantined":
            self.bad.add(i)

    def add_all(self, rule: str, seen: str, means: str, remedy: str) -> None:
        """Add a fault of the whole layer: no record of it can be used. Where there is no record, there is no fault."""
        if self.raw.rows:
            self.findings.append(Finding(self.raw.file, WHOLE_FILE, 0, rule, "quarantined", seen, means, remedy))
            self.bad.update(range(len(self.raw.rows)))

    def note(self, rule: str, seen: str, means: str, remedy: str) -> None:
        """Add a remark about the whole layer."""
        self.findings.append(Finding(self.raw.file, WHOLE_FILE, 0, rule, "note", seen, means, remedy))

    @property
    def good(self) -> list[int]:
        """Positions of the records that can be used."""
        return [i for i in range(len(self.raw.rows)) if i not in self.bad]

    def table(self) -> pd.DataFrame:
        """All findings: those about the file first, then record by record."""
        return findings_table(sorted(self.findings, key=lambda finding: finding.row))


def as_text(value: Any) -> str:
    """Write a cell as text; an empty cell is empty text."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    return f"{len(value)} bytes" if isinstance(value, bytes) else str(value)
