"""The list of what was done to the dirty twins: as a table for programs, and as text for people. Both from one list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from .dirty_cells import FORMULA, HARMLESS, MARKUP, REOPENED, SPELLED_AGAIN
from .dirty_records import COUNTRIES, FOLLOWS, HAZARDS_TOO, WHOLE_FILE, Done, Twin

EXPECTED = "dirty_expected.csv"
_NEEDS = {"": "", COUNTRIES: " (with `countries=`)", HAZARDS_TOO: " (compared with the hazards)"}
# What is said where no rule stands at the record itself.
_ELSEWHERE = {
    REOPENED: "`release-covers-open-hazard`, at its last release",
    SPELLED_AGAIN: "`name-spelled-differently`, at the first of them",
    HARMLESS: "nothing: it is understood",
    FORMULA: "nothing: it stays text",
    MARKUP: "nothing: it stays text",
}


def numbered(twin: Twin) -> list[tuple[int, Done]]:
    """What was done to a file, each with the row as a person counts it, in the order of the rows."""
    row = {id(record): twin.first_row + k for k, record in enumerate(twin.records)}
    row[id(WHOLE_FILE)] = 0
    ruled = {(id(done.record), done.what) for done in twin.done if done.rule}
    told = [done for done in twin.done if done.rule or (id(done.record), done.what) not in ruled]
    return sorted(((row[id(done.record)], done) for done in told), key=lambda one: one[0])


def table_text(twins: list[Twin]) -> str:
    """The list as CSV: one line for each record and rule.

    Parameters
    ----------
    twins : list of Twin

    Returns
    -------
    str
    """
    stream = io.StringIO(newline="")
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(["file", "row", "record", "done", "rule", "needs"])
    for twin in twins:
        table.writerows(
            [twin.file, row, done.record.name, done.what, done.rule, done.needs] for row, done in numbered(twin)
        )
    return stream.getvalue()


def readme_text(twins: list[Twin]) -> str:
    """The list as tables of the README, one for each file.

    Parameters
    ----------
    twins : list of Twin

    Returns
    -------
    str
    """
    return "\n\n".join(f"### `{twin.file}`\n\n{_summary(twin)}\n\n" + "\n".join(_lines(twin)) for twin in twins)


def _summary(twin: Twin) -> str:
    lost = sum(one.lost for one in twin.records)
    own = {id(done.record) for done in twin.done if done.what != FOLLOWS} - {id(WHOLE_FILE)}
    share = 1 - len(own) / len(twin.records)
    return (
        f"{len(twin.records)} records, of which {len(twin.records) - lost} can be used and {lost} cannot. "
        f"{share:.0%} of the records were left as they were."
    )


def _lines(twin: Twin) -> Iterator[str]:
    yield "| what was done | records | what hazardgeo says |"
    yield "|---|---|---|"
    groups: dict[str, list[Done]] = {}
    for _, done in numbered(twin):
        groups.setdefault(done.what, []).append(done)
    for what in sorted(groups, key=lambda one: (one == FOLLOWS, -len(groups[one]), one)):
        found = groups[what]
        records = list(dict.fromkeys(done.record for done in found))
        names = ", ".join(f"`{one.name.replace(' ', '␣')}`" for one in records if one is not WHOLE_FILE)
        said = ", ".join(dict.fromkeys(f"`{done.rule}`{_NEEDS[done.needs]}" for done in found if done.rule))
        yield f"| {what} ({len(records)}) | {names or 'all'} | {said or _ELSEWHERE[what]} |"
