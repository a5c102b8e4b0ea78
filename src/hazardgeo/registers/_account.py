"""The account of a layer: what was found, about which record, and which records cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.registers._rules import RULES
from hazardgeo.schema import Finding, findings_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.registers._formats._layer import RawLayer

WHOLE_FILE = "(the file)"


class Account:
    """Findings gathered so far, and which records they quarantine.

    Parameters
    ----------
    raw : RawLayer
    ids : sequence of str
        Of every record, as in the source; empty where it has none.
    """

    def __init__(self, raw: RawLayer, ids: Sequence[str]) -> None:
        self.raw = raw
        self.ids = ids
        self.findings: list[Finding] = []
        self.usable = np.ones(raw.count, dtype=bool)

    def add(self, i: int, rule: str, seen: str, remedy: str) -> None:
        """Add a finding about one record; the rule says how grave it is."""
        self._add(self.ids[i] or "(no id)", self.raw.row_number(i), rule, seen, remedy)
        if RULES[rule].severity == "quarantined":
            self.usable[i] = False

    def add_file(self, rule: str, seen: str, remedy: str) -> None:
        """Add a finding about the whole layer; where it quarantines and there is no record, there is no fault."""
        if RULES[rule].severity == "quarantined":
            if not self.raw.count:
                return
            self.usable[:] = False
        self._add(WHOLE_FILE, 0, rule, seen, remedy)

    def _add(self, record: str, row: int, rule: str, seen: str, remedy: str) -> None:
        one = RULES[rule]
        self.findings.append(Finding(self.raw.file, record, row, rule, one.severity, seen, one.means, remedy))

    def has(self, rule: str) -> bool:
        """Whether there is a finding by this rule."""
        return any(finding.rule == rule for finding in self.findings)

    @property
    def good(self) -> NDArray[np.intp]:
        """Positions of the records that can be used."""
        return np.flatnonzero(self.usable)

    def table(self) -> pd.DataFrame:
        """All findings: those about the file first, then record by record."""
        return findings_table(sorted(self.findings, key=lambda finding: finding.row))
