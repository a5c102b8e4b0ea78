"""What became of every record of every file, for the report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hazardgeo import vocabulary as voc
from hazardgeo.measure import counted, grouped
from hazardgeo.registers import rules
from hazardgeo.report._table import Figure, Rows, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from hazardgeo.registers import Intake

_MOST = 40


def findings_of(intakes: Sequence[Intake]) -> pd.DataFrame:
    """All findings, files by their names, the gravest first."""
    import pandas as pd

    findings = pd.concat([taken.findings for taken in intakes], ignore_index=True)
    findings["file"] = [Path(name).name for name in findings["file"]]
    order = {word: k for k, word in enumerate(voc.SEVERITY.words)}
    return findings.sort_values(
        ["severity", "file", "row"], key=lambda column: column.map(order) if column.name == "severity" else column,
        kind="stable", ignore_index=True,
    )  # fmt: skip


def accounts(intakes: Sequence[Intake]) -> Table:
    """Each file's account: records in the file, taken in by kind, and quarantined."""
    counts = [_counts(taken) for taken in intakes]
    rows: Rows = tuple((Path(taken.file).name, *map(Figure, own)) for taken, own in zip(intakes, counts, strict=True))
    total = (Figure(sum(column)) for column in zip(*counts, strict=True))
    return Table(
        "The account of every record",
        ("File", "records in it", "hazards", "releases", "quarantined", "with serious findings", "with notes"),
        (*rows, ("All files", *total)),
        note="Records in a file = hazards + releases + quarantined. A quarantined record is in no total, no table and not on "
        "the map until its source is mended; a record with a serious finding is used, and whoever uses it has to know. "
        "Every finding is in tables/findings.csv.",
        totals=(len(rows),),
    )


def _counts(taken: Intake) -> tuple[int, ...]:
    frames = {kind: len(frame) for kind, frame in taken.frames.items()}
    records = taken.findings[taken.findings["row"] > 0]
    by_severity = [records.loc[records["severity"] == word, "row"].nunique() for word in ("serious", "note")]
    return (taken.records_in, frames.get("hazards", 0), frames.get("releases", 0), len(taken.quarantine), *by_severity)


def what_was_found(intakes: Sequence[Intake]) -> Table | None:
    """What was found, by rule."""
    findings = findings_of(intakes)
    if findings.empty:
        return None
    means = rules().set_index("name")["means"].to_dict()
    counts = findings[["severity", "rule"]].value_counts(sort=False)
    found = findings[["severity", "rule"]].drop_duplicates()  # in their order, the gravest first
    rows: Rows = tuple(
        (voc.SEVERITY.label(severity), rule, str(means[rule]), Figure(int(counts[severity, rule])))
        for severity, rule in found.itertuples(index=False)
    )
    return Table("What was found", ("Severity", "Rule", "What it means", "Findings"), rows, words=3)


def not_used(intakes: Sequence[Intake]) -> Table | None:
    """The quarantined records, each with its reason."""
    findings = findings_of(intakes)
    bad = findings[findings["severity"] == "quarantined"].drop_duplicates(["file", "row"])
    if bad.empty:
        return None
    rows: Rows = tuple(
        (str(one.record), str(one.file), str(one.seen), str(one.remedy), Figure(int(str(one.row))))
        for one in bad.head(_MOST).itertuples()
    )
    return Table(
        "Records that are in no total and not on the map",
        ("Record", "File", "What was seen", "What to do", "Row"),
        rows,
        words=4,
        note=f"{len(rows)} of {len(bad)}, each with its first reason; all are in tables/findings.csv.",
    )


def headline(intakes: Sequence[Intake]) -> str:
    """The account of all files in one sentence."""
    records, bad = sum(taken.records_in for taken in intakes), sum(len(taken.quarantine) for taken in intakes)
    serious = sum(int((taken.findings["severity"] == "serious").sum()) for taken in intakes)
    text = f"Of {counted(records, 'record', 'records')} in {counted(len(intakes), 'file', 'files')}, "
    text += f"{grouped(records - bad)} are taken in"
    text += f" and {_are(bad)} quarantined: in no total and not on the map." if bad else "; none is quarantined."
    return f"{text} Serious findings about records that are used: {grouped(serious)}." if serious else text


def _are(count: int) -> str:
    return f"{grouped(count)} {'is' if count == 1 else 'are'}"


def missing_notice(intakes: Sequence[Intake]) -> str:
    """What must stand on a map that lacks records; empty where it lacks none."""
    records, bad = sum(taken.records_in for taken in intakes), sum(len(taken.quarantine) for taken in intakes)
    if not bad:
        return ""
    verb = "is" if bad == 1 else "are"
    return f"{grouped(bad)} of {counted(records, 'record', 'records')} of the registers {verb} NOT on this map."
