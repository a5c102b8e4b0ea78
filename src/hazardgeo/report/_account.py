"""What became of every record of every file, for the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hazardgeo import vocabulary as voc
from hazardgeo.accounting._tables._table import Figure, Rows, Table, each
from hazardgeo.measure import counted, grouped
from hazardgeo.registers import rules
from hazardgeo.registers._account import gravest_first, short_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from hazardgeo.registers import Intake

_MOST = 40


def _used(taken: Intake) -> pd.DataFrame:
    """Findings about records that are used, and about the file as a whole."""
    return taken.findings[~taken.findings["row"].isin(set(taken.quarantine.index))]


def accounts(intakes: Sequence[Intake]) -> Table:
    """Each file's account: records in the file, taken in by kind, and quarantined."""
    counts, names = [_counts(taken) for taken in intakes], short_names(intakes)
    rows: Rows = tuple((names[taken.file], *map(Figure, own)) for taken, own in zip(intakes, counts, strict=True))
    total = (Figure(sum(column)) for column in zip(*counts, strict=True))
    return Table(
        "The account of every record",
        (
            "File",
            "records in it",
            "hazards",
            "releases",
            "others",
            "quarantined",
            "with serious findings",
            "with notes",
        ),
        (*rows, ("All files", *total)),
        note="Records in a file = hazards + releases + others + quarantined. Others are points and depots: they are in no other "
        "table and not on the map. A quarantined record is in no total, no table and not on "
        "the map until its source is mended; a record with a serious finding is used, and whoever uses it has to know. "
        "Every finding is in tables/findings.csv.",
        totals=(len(rows),),
    )


def _counts(taken: Intake) -> tuple[int, ...]:
    frames = {kind: len(frame) for kind, frame in taken.frames.items()}
    records = _used(taken).loc[lambda found: found["row"] > 0]
    by_severity = [records.loc[records["severity"] == word, "row"].nunique() for word in ("serious", "note")]
    shown = frames.get("hazards", 0), frames.get("releases", 0)
    return (taken.records_in, *shown, _others(taken), len(taken.quarantine), *by_severity)


def _others(taken: Intake) -> int:
    """Records of kinds that a report does not show: points and depots."""
    return sum(len(frame) for kind, frame in taken.frames.items() if kind not in ("hazards", "releases"))


def what_was_found(intakes: Sequence[Intake]) -> Table | None:
    """What was found, by rule."""
    findings = gravest_first(intakes)
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


def repaired(intakes: Sequence[Intake]) -> Table | None:
    """Outlines that were not valid, and what they were taken for."""
    names = short_names(intakes)
    done = [
        (
            str(one.record),
            names[taken.file],
            f"{one.reason} {one.method.capitalize()}.",
            one.area_before_m2,
            one.area_after_m2,
        )
        for taken in intakes
        for one in each(taken.repairs[taken.repairs["action"] == "repaired"])
    ]
    if not done:
        return None
    rows: Rows = tuple((*words, Figure(before), Figure(after)) for *words, before, after in done[:_MOST])
    return Table(
        "Outlines that were repaired, as asked",
        ("Record", "File", "What was seen and done", "m² before", "m² after"),
        rows,
        words=3,
        note=f"{len(rows)} of {len(done)}. A repaired outline is not a surveyed one: mend the source. Outlines as recorded are "
        "in the sheet Repairs of hazardgeo check --repair --worklist.",
    )


def not_used(intakes: Sequence[Intake]) -> Table | None:
    """The quarantined records, each with its first reason."""
    names = short_names(intakes)
    bad = [(names[taken.file], *reason) for taken in intakes for reason in _reasons(taken)]
    if not bad:
        return None
    rows: Rows = tuple((record, file, seen, remedy, Figure(row)) for file, row, record, seen, remedy in bad[:_MOST])
    return Table(
        "Records that are in no total and not on the map",
        ("Record", "File", "What was seen", "What to do", "Row"),
        rows,
        words=4,
        note=f"{len(rows)} of {len(bad)}, each with its first reason; all are in tables/findings.csv.",
    )


def _reasons(taken: Intake) -> Iterator[tuple[int, str, str, str]]:
    """Row, id, what was seen and what to do, for each quarantined record; a fault of the file is one of every record."""
    faults = taken.findings[taken.findings["severity"] == "quarantined"]
    first = faults.drop_duplicates("row").set_index("row")
    ids = dict(zip(taken.all_rows, taken.ids, strict=True))
    for row in taken.quarantine.index.tolist():
        reason = first.loc[row if row in first.index else 0]
        yield row, ids[row] or "(no id)", str(reason["seen"]), str(reason["remedy"])


def headline(intakes: Sequence[Intake]) -> str:
    """The account of all files in one sentence."""
    records, bad = sum(taken.records_in for taken in intakes), sum(len(taken.quarantine) for taken in intakes)
    serious = sum(int((_used(taken)["severity"] == "serious").sum()) for taken in intakes)
    text = f"Of {counted(records, 'record', 'records')} in {counted(len(intakes), 'file', 'files')}, "
    text += f"{_are(records - bad)} taken in"
    text += f" and {_are(bad)} quarantined: in no total and not on the map." if bad else "; none is quarantined."
    if others := sum(map(_others, intakes)):
        text += f" {counted(others, 'point or depot', 'points and depots')} among them stand in no table and not on the map."
    if mended := sum(int((taken.repairs["action"] == "repaired").sum()) for taken in intakes):
        text += f" {counted(mended, 'outline was', 'outlines were')} repaired, as asked."
    return f"{text} Serious findings about records that are used: {grouped(serious)}." if serious else text


def account_objects(intakes: Sequence[Intake]) -> list[dict[str, str | int]]:
    """The account of each file as a program reads it."""
    return [
        {
            "file": taken.file,
            "records_in": taken.records_in,
            "accepted": taken.accepted,
            "quarantined": len(taken.quarantine),
        }
        for taken in intakes
    ]


def _are(count: int) -> str:
    return f"{grouped(count)} {'is' if count == 1 else 'are'}"


def missing_notice(intakes: Sequence[Intake]) -> str:
    """What must stand on a map that lacks records; empty where it lacks none."""
    records = sum(taken.records_in for taken in intakes)
    bad = sum(len(taken.quarantine) + _others(taken) for taken in intakes)
    if not bad:
        return ""
    verb = "is" if bad == 1 else "are"
    return f"{grouped(bad)} of {counted(records, 'record', 'records')} of the registers {verb} NOT on this map."
