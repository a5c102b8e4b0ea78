"""The tables of a report, in words and figures that can be pasted into a paper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo import borders as hzb
from hazardgeo import vocabulary as voc
from hazardgeo.measure import grouped, print_km2, print_mi2
from hazardgeo.overlay import net_area_m2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.report._answers import Answers, Version

_WHOLE = "Counted once"
_SIDES_NOTE = (
    "Best takes the drawn line as true. Low and high are what the offset of the line and the accuracy of the outlines "
    "allow if all are off the same way (fully correlated): the widest range. Ground that two records cover counts twice."
)


@dataclass(frozen=True)
class Table:
    """A table as it is printed: the first `words` columns are text, the others are figures."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    note: str = ""


def _or_dash(value: float, words: Callable[[float], str]) -> str:
    """A figure, or a dash where the table has none to give."""
    return "–" if math.isnan(value) else words(value)


def _each(table: pd.DataFrame) -> Iterator[Any]:
    """Rows by name; what the columns hold is known to whoever made the table, not to a type checker."""
    yield from table.itertuples()


def _figures(area_m2: float) -> tuple[str, str, str]:
    return grouped(area_m2), print_km2(area_m2), print_mi2(area_m2)


def totals(answers: Answers) -> Table:
    """Open ground by register and class, and counted once."""
    rows = []
    for register, records in answers.open_hazards.groupby("register", sort=True):
        rows += [
            (str(register), voc.CLASSIFICATION.label(word), str(len(some)), *_figures(math.fsum(some["area_m2"])))
            for word, some in _by_words(records, "classification", voc.CLASSIFICATION)
        ]
        rows.append(
            (str(register), f"{_WHOLE} within the register", str(len(records)), *_figures(net_area_m2(records)))
        )
    open_ground = answers.open_hazards
    rows.append(("All registers", _WHOLE, str(len(open_ground)), *_figures(net_area_m2(open_ground))))
    return Table(
        "Open ground by register and class",
        ("Register", "Class", "Records", "m²", "km²", "mi²"),
        tuple(rows),
        words=2,
        note="Open ground is open, worked on and suspended. Sums by class count ground twice where records overlap; sums "
        "are made before rounding.",
    )


def _by_words(
    frame: gpd.GeoDataFrame, column: str, vocabulary: voc.Vocabulary
) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    for word in vocabulary.words:
        some = frame[frame[column] == word]
        if len(some):
            yield word, some


def statuses(answers: Answers) -> Table:
    """Records and ground by register and work status, closed ones included."""
    rows = [
        (str(register), voc.WORK_STATUS.label(word), str(len(some)), *_figures(math.fsum(some["area_m2"])))
        for register, records in answers.hazards.groupby("register", sort=True)
        for word, some in _by_words(records, "work_status", voc.WORK_STATUS)
    ]
    return Table(
        "Every record by work status",
        ("Register", "Work status", "Records", "m²", "km²", "mi²"),
        tuple(rows),
        words=2,
        note="Closed and handed-over records are listed and stay in the files; they are not in the totals of open ground.",
    )


def released(answers: Answers) -> Table | None:
    """Land released by register and kind."""
    if answers.releases is None:
        return None
    rows = [
        (str(register), voc.RELEASE_KIND.label(word), str(len(some)), *_figures(net_area_m2(some)))
        for register, records in answers.releases.groupby("register", sort=True)
        for word, some in _by_words(records, "kind", voc.RELEASE_KIND)
    ]
    return Table(
        "Land released by register and kind",
        ("Register", "Kind", "Records", "m²", "km²", "mi²"),
        tuple(rows),
        words=2,
        note="Each kind counted once within its register. Whether the balance of hazards and releases closes is not "
        "tested here.",
    )


def relations(answers: Answers) -> Table | None:
    """How many open hazards cross, are near or away, or cannot be told, by version of the border."""
    if not answers.versions:
        return None
    is_open = answers.open_hazards.index
    rows = [
        (
            voc.RELATION.label(word),
            *(str(int((v.relation.loc[is_open, "relation"] == word).sum())) for v in answers.versions),
        )
        for word in voc.RELATION.words
    ]
    words = [tuple(v.relation.loc[is_open, "relation"]) for v in answers.versions]
    differ = sum(len(set(row)) > 1 for row in zip(*words, strict=True))
    rows.append(("Records in all", *(str(len(is_open)) for _ in answers.versions)))
    note = f"{differ} records get different words from different versions. " if len(words) > 1 else ""
    return Table(
        "Open hazards by relation to the border",
        ("Relation", *(version_label(version) for version in answers.versions)),
        tuple(rows),
        note=f"{note}Near is within 2 km. Indeterminate: the line, or the outline, is not known well enough for a yes "
        "or a no; tables/relation_*.csv says for each record why, and what would settle it.",
    )


def version_label(version: Version) -> str:
    """Source, version and offset of a border in one line."""
    lines = version.border.asked_lines["offset_95_m"]
    low, high = grouped(float(lines.min())), grouped(float(lines.max()))
    offset = low if low == high else f"{low} to {high}"
    return f"{version.border.source}, {version.border.version} (±{offset} m)"


def sides(answers: Answers) -> list[Table]:
    """Open ground by side, as a range, for each version of the border."""
    tables: list[Table] = []
    for version in answers.versions:
        of_open = version.sides[version.sides["hazard_id"].isin(answers.open_hazards.index)]
        names = dict(zip(version.border.countries["code"], version.border.countries["name"], strict=True))
        rows = tuple(
            (
                _side_label(str(row.Index), names),
                str(row.hazards),
                *(print_km2(area) for area in (row.area_low_m2, row.area_m2, row.area_high_m2)),
                print_mi2(row.area_m2),
            )
            for row in _each(hzb.side_totals(of_open))
        )
        tables.append(
            Table(
                f"Open ground by side: {version_label(version)}",
                ("Side", "Records", "km² low", "km² best", "km² high", "mi² best"),
                rows,
                note="" if tables else _SIDES_NOTE,
            )
        )
    return tables


def _side_label(side: str, names: dict[str, str]) -> str:
    return voc.SIDE.label(side) if side in voc.SIDE.words else f"{names.get(side, side)} ({side})"


def counted_once(answers: Answers) -> list[Table]:
    """Each pair of registers: their own totals, what both report, and the ground once."""
    tables: list[Table] = []
    for pair in answers.counted:
        rows = tuple(
            (
                str(row.Index),
                _or_dash(row.records, grouped),
                _or_dash(row.declared_records, grouped),
                *(_or_dash(area, print_km2) for area in (row.declared_m2, row.sum_m2, row.net_m2)),
                _or_dash(row.net_m2, print_mi2),
            )
            for row in _each(pair.to_frame())
        )
        tables.append(
            Table(
                f"Open ground that both {pair.register_a} and {pair.register_b} report",
                (
                    "Register",
                    "Records",
                    "declaring an area",
                    "km² declared",
                    "km² summed",
                    "km² counted once",
                    "mi² counted once",
                ),
                rows,
                note="Each register's own totals are untouched. Declared areas are as the registers state them, and only "
                "of the records that state one.",
            )
        )
    return tables


def overlapping(answers: Answers, most: int = 25) -> Table | None:
    """The largest pieces of ground that two registers both report."""
    if answers.overlaps.empty:
        return None
    rows = tuple(
        (
            str(row.hazard_a),
            str(row.hazard_b),
            grouped(row.area_m2),
            f"{row.share_a:.0%}",
            f"{row.share_b:.0%}",
            grouped(row.width_m),
            "sliver" if row.sliver else "",
        )
        for row in _each(answers.overlaps.sort_values("area_m2", ascending=False).head(most))
    )
    slivers = int(answers.overlaps["sliver"].sum())
    return Table(
        "Records of two registers on the same ground",
        ("First", "Second", "m² in common", "of first", "of second", "width m", ""),
        rows,
        words=2,
        note=f"{len(rows)} of {len(answers.overlaps)} pairs, the largest first; {slivers} are slivers, narrower than the "
        "outlines' own accuracy explains. All are in tables/overlaps.csv.",
    )


def provenance(answers: Answers) -> Table:
    """How each register's coordinates came to WGS 84."""
    columns = ["register", "source_crs", "datum_operation", "datum_accuracy_m"]
    groups = answers.hazards[columns].value_counts(dropna=False, sort=False).sort_index()
    rows = tuple(
        (str(register), str(crs), str(operation), "not stated" if math.isnan(accuracy) else f"{accuracy:g}", str(count))
        for (register, crs, operation, accuracy), count in groups.items()
    )
    return Table(
        "Where the coordinates come from",
        ("Register", "Recorded in", "Brought to WGS 84 by", "accuracy m", "Records"),
        rows,
        words=3,
    )


def border_sources(answers: Answers) -> Table | None:
    """Source, date, licence and offset evidence of each line asked."""
    if not answers.versions:
        return None
    rows = tuple(
        (
            f"{version.border.source}, {version.border.version}",
            f"{line.country_a}–{line.country_b}, {voc.BORDER_STATUS.label(line.status).lower()}",
            line.offset_evidence,
            version.border.licence,
            grouped(line.offset_95_m),
        )
        for version in answers.versions
        for line in _each(version.border.asked_lines)
    )
    return Table(
        "Versions of the border",
        ("Version", "Line", "How the offset is known", "Licence", "offset m (95 %)"),
        rows,
        words=4,
    )
