"""Tables of what the numbers rest on: coordinates, and versions of the border."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hazardgeo import vocabulary as voc
from hazardgeo.accounting._tables._table import Figure, Rows, Table, each
from hazardgeo.registers._account import short_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hazardgeo.report._answers import Answers, Version


def provenance(answers: Answers) -> Table:
    """How each register's coordinates came to WGS 84."""
    columns = ["register", "source_crs", "datum_operation", "datum_accuracy_m"]
    groups = answers.hazards[columns].value_counts(dropna=False, sort=False).sort_index()
    rows: Rows = tuple(
        (str(register), str(crs), str(operation), Figure(accuracy, 1), Figure(int(count)))
        for (register, crs, operation, accuracy), count in groups.items()
    )
    return Table(
        "Where the coordinates come from",
        ("Register", "Recorded in", "Brought to WGS 84 by", "accuracy of that step m", "Records"),
        rows,
        words=3,
        note="The accuracy is that of the conversion: what its publisher claims, or how far other published ones that agree lie "
        "from it, whichever is more. It says nothing about the survey." + _remarks(answers),
    )


def _remarks(answers: Answers) -> str:
    """What is to be known of operations, file by file."""
    names = short_names(answers.intakes)
    said = [
        f" {names[taken.file]}: {seen}"
        for taken in answers.intakes
        for seen in taken.findings.loc[taken.findings["rule"] == "datum-operation", "seen"]
    ]
    return "".join(said)


def seams(answers: Answers) -> Table | None:
    """How far the registers' ways to WGS 84 disagree along the border."""
    rows: Rows = tuple(
        (str(row.register_a), str(row.register_b), str(row.basis), Figure(row.seam_m, 1)) for row in each(answers.seams)
    )
    if not rows:
        return None
    return Table(
        "The seam: how far the registers' ways to WGS 84 disagree",
        ("First", "Second", "How it is known", "up to m"),
        rows,
        words=3,
        note="The same stone on the border has two places, this far apart: an overlap or a gap no wider than that says nothing.",
    )


def border_sources(versions: Sequence[Version]) -> Table | None:
    """Source, date, licence and offset evidence of each line asked."""
    if not versions:
        return None
    rows: Rows = tuple(
        (
            version.key,
            f"{version.border.source}, {version.border.version}",
            f"{line.country_a} – {line.country_b}: {voc.BORDER_STATUS.label(line.status).lower()}",
            line.offset_evidence,
            version.border.licence,
            Figure(float(line.offset_95_m)),
        )
        for version in versions
        for line in each(version.border.asked_lines)
    )
    return Table(
        "Versions of the border",
        ("", "Source and version", "Line", "How it is known how far the line may be off", "Licence", "off by m (95 %)"),
        rows,
        words=5,
    )
