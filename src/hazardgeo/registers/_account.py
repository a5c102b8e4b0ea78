"""The account of a layer: what was found, about which record, and which records cannot be used."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.overlay import repair_log
from hazardgeo.registers._rules import RULES
from hazardgeo.schema import Finding, findings_table
from hazardgeo.vocabulary import SEVERITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.overlay import Mended
    from hazardgeo.registers._formats._layer import RawLayer
    from hazardgeo.registers._intake import Intake

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
        self.repairs: dict[int, Mended] = {}
        """What became of broken outlines, by position, where repair was asked for."""

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

    @property
    def good(self) -> NDArray[np.intp]:
        """Positions of the records that can be used."""
        return np.flatnonzero(self.usable)

    def table(self) -> pd.DataFrame:
        """All findings: those about the file first, then record by record."""
        return findings_table(sorted(self.findings, key=lambda finding: finding.row))

    def repair_table(self) -> pd.DataFrame:
        """What became of broken outlines: the index is the row, ``record`` the id, the other columns those of `repair_log`."""
        import pandas as pd

        at = sorted(self.repairs)
        rows = pd.Index([self.raw.row_number(i) for i in at], name="row", dtype=int)
        log = repair_log([self.repairs[i] for i in at], rows)
        log.insert(0, "record", [self.ids[i] for i in at])
        return log


def gravest_first(intakes: Sequence[Intake]) -> pd.DataFrame:
    """All findings of several files, files by their names; the gravest first, then by file and row."""
    import pandas as pd

    names = short_names(intakes)
    findings = pd.concat([taken.findings.assign(file=names[taken.file]) for taken in intakes], ignore_index=True)
    order = findings["severity"].map(SEVERITY.words.index)
    by = findings.assign(order=order).sort_values(["order", "file", "row"], kind="stable", ignore_index=True)
    return by.drop(columns="order")


def short_names(intakes: Sequence[Intake]) -> dict[str, str]:
    """Each file's name, with its folder where two bear one name."""
    paths = {taken.file: Path(taken.file) for taken in intakes}
    times = Counter(path.name for path in paths.values())
    return {file: path.name if times[path.name] == 1 else str(Path(*path.parts[-2:])) for file, path in paths.items()}
