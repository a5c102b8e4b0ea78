"""What a report says, table by table."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hazardgeo import borders as hzb
from hazardgeo import vocabulary as voc
from hazardgeo.accounting._tables._table import Figure, Rows, Table, areas, each
from hazardgeo.overlay import net_area_m2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.borders import CountOnce
    from hazardgeo.report._answers import Answers, Version

_UNITS = ("m²", "km²", "mi²")
_ONCE = "All classes, ground counted once"


def _by_words(
    frame: gpd.GeoDataFrame, column: str, vocabulary: voc.Vocabulary, area: Callable[[gpd.GeoDataFrame], float]
) -> Iterator[tuple[str | Figure, ...]]:
    """A row for each register and each word of a column that it uses."""
    for register, records in _by_register(frame):
        for word in vocabulary.words:
            some = records[records[column] == word]
            if len(some):
                yield _row(register, vocabulary.label(word), some, area(some))


def _by_register(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    for register, records in frame.groupby("register", sort=True):
        yield str(register), records


def _row(register: str, what: str, records: gpd.GeoDataFrame, area_m2: float) -> tuple[str | Figure, ...]:
    return (register, what, Figure(len(records)), *areas(area_m2, *_UNITS))


def _summed(records: gpd.GeoDataFrame) -> float:
    return math.fsum(records["area_m2"])


def totals(answers: Answers) -> Table:
    """Open ground by register and class, and counted once."""
    rows: list[tuple[str | Figure, ...]] = []
    bold = []
    for register, records in _by_register(answers.open_hazards):
        rows += _by_words(records, "classification", voc.CLASSIFICATION, _summed)
        bold.append(len(rows))
        rows.append(_row(register, _ONCE, records, net_area_m2(records)))
    bold.append(len(rows))
    rows.append(_row("All registers", _ONCE, answers.open_hazards, net_area_m2(answers.open_hazards)))
    return Table(
        "Open ground by register and class",
        ("Register", "Class", "Records", *_UNITS),
        tuple(rows),
        words=2,
        note="Open ground is open, worked on, suspended, or of no stated status. A class is the sum of its records, made "
        "before rounding; it counts ground twice where records overlap, so classes need not add up to the ground counted once.",
        totals=tuple(bold),
    )


def statuses(answers: Answers) -> Table:
    """Records and ground by register and work status, closed ones included."""
    return Table(
        "Every record by work status",
        ("Register", "Work status", "Records", *_UNITS),
        tuple(_by_words(answers.hazards, "work_status", voc.WORK_STATUS, _summed)),
        words=2,
        note="Closed and handed-over records are listed and stay in the files; they are not in the totals of open "
        "ground.",
    )


def released(answers: Answers) -> Table | None:
    """Land released by register and kind."""
    if answers.releases is None:
        return None
    return Table(
        "Land released by register and kind",
        ("Register", "Kind", "Records", *_UNITS),
        tuple(_by_words(answers.releases, "kind", voc.RELEASE_KIND, net_area_m2)),
        words=2,
        note="Each kind counted once within its register, as its outlines lie: nothing is subtracted from the hazards here. "
        "Where releases state dates, the tables under Land release do that.",
    )


def relations(answers: Answers) -> Table | None:
    """How many open hazards cross, are near or away, or cannot be told, by version of the border."""
    if not answers.versions:
        return None
    is_open = answers.open_hazards.index
    words = [version.relation.loc[is_open, "relation"] for version in answers.versions]
    rows: list[tuple[str | Figure, ...]] = [
        (voc.RELATION.label(word), *(Figure(int((column == word).sum())) for column in words))
        for word in voc.RELATION.words
    ]
    rows.append(("Open hazards in all", *(Figure(len(is_open)) for _ in words)))
    differ = sum(len(set(row)) > 1 for row in zip(*words, strict=True))
    note = f"{differ} hazards get different words from different versions. " if len(words) > 1 else ""
    return Table(
        "Open hazards by relation to the border",
        ("Relation", *(version.label for version in answers.versions)),
        tuple(rows),
        note=f"{note}Near is within 2 000 m of the line, and beyond what the line may be off; a version that may be off "
        "by more than 2 000 m can call nothing near. Indeterminate: line or outline are not known well enough for a yes "
        "or a no; tables/relation_*.csv says for each record why, and what would settle it.",
        totals=(len(rows) - 1,),
    )


def crossing(answers: Answers, most: int = 50) -> Table | None:
    """The open hazards that cross the border by the first version, the largest first."""
    if not answers.versions:
        return None
    version, ground = answers.versions[0], answers.open_hazards
    found = ground.join(version.relation[["relation", "pair", "depth_a_m", "depth_b_m"]])
    found = found[found["relation"] == "crossing"].sort_values("area_m2", ascending=False)
    if found.empty:
        return None
    rows: Rows = tuple(
        (
            str(row.Index),
            str(row.classification),
            str(row.pair).replace("-", " – "),
            *areas(row.area_m2, *_UNITS),
            Figure(row.depth_a_m),
            Figure(row.depth_b_m),
        )
        for row in each(found.head(most))
    )
    return Table(
        f"Open hazards that cross the border, by version {version.key}",
        ("Hazard", "Class", "Border", *_UNITS, "reaches m into the first", "m into the second"),
        rows,
        words=3,
        note=f"{len(rows)} of {len(found)}, the largest first.",
    )


def sides(answers: Answers) -> list[Table]:
    """Open ground by side, as a range, for each version of the border."""
    is_open = answers.open_hazards.index
    tables = [_sides(version, version.sides[version.sides["hazard_id"].isin(is_open)]) for version in answers.versions]
    return [table if i == 0 else replace(table, note="") for i, table in enumerate(tables)]


def over_versions(answers: Answers) -> Table | None:
    """Open ground by side, as the range that spans all versions of the border."""
    if len(answers.versions) < 2:
        return None
    is_open = answers.open_hazards.index
    split = [version.sides[version.sides["hazard_id"].isin(is_open)] for version in answers.versions]
    totals = hzb.side_totals(*split)
    names: dict[str, str] = {}
    for version in answers.versions:
        names = dict(zip(version.border.countries["code"], version.border.countries["name"], strict=True)) | names
    rows: Rows = tuple(
        (
            _side_label(str(row.Index), names),
            Figure(int(row.hazards)),
            *(areas(area, "km²")[0] for area in (row.area_low_m2, row.area_m2, row.area_high_m2)),
            *(areas(area, "mi²")[0] for area in (row.area_low_m2, row.area_m2, row.area_high_m2)),
        )
        for row in each(totals)
    )
    return Table(
        "Open ground by side, over all versions",
        ("Side", "Records", "km² low", "km² best", "km² high", "mi² low", "mi² best", "mi² high"),
        rows,
        note=f"From the lowest to the highest of versions {', '.join(version.key for version in answers.versions)}; best is that "
        f"of version {answers.versions[0].key}. Where one version is known to be better than another, quote that one alone.",
    )


def elsewhere(answers: Answers, most: int = 25) -> Table | None:
    """Open hazards that lie for certain in other countries than the one that records them, by any version."""
    rows: list[tuple[str | Figure, ...]] = []
    for version in answers.versions:
        found = answers.open_hazards.join(version.relation[["country_fits", "lies_in", "distance_m"]])
        rows += [
            (str(row.Index), str(row.country), str(row.lies_in).replace(";", "; "), version.key, *areas(row.area_m2, "m²"),
             Figure(row.distance_m))
            for row in each(found[found["country_fits"] == "no"].sort_values("area_m2", ascending=False))
        ]  # fmt: skip
    if not rows:
        return None
    return Table(
        "Open hazards recorded by one country that lie in another",
        ("Hazard", "Recorded by", "Lies in", "By version", "m²", "from the line m"),
        tuple(rows[:most]),
        words=4,
        note=f"{min(most, len(rows))} of {len(rows)}. All of their ground lies beyond what line and outline may be off. A slip "
        "in the coordinates, a datum, or a record that belongs to the neighbour's register: ask who keeps it.",
    )


def _sides(version: Version, of_open: pd.DataFrame) -> Table:
    totals = hzb.side_totals(of_open)
    known = bool((totals["correlation"] == "fitted").all())
    names = dict(zip(version.border.countries["code"], version.border.countries["name"], strict=True))
    rows: Rows = tuple(
        (
            _side_label(str(row.Index), names),
            Figure(int(row.hazards)),
            *(areas(area, "km²")[0] for area in (row.area_low_m2, row.area_m2, row.area_high_m2)),
            *(areas(area, "km²")[0] for area in (row.correlated_low_m2, row.correlated_high_m2)),
            *areas(row.area_m2, "mi²"),
        )
        for row in each(totals)
    )
    return Table(
        f"Open ground by side, version {version.label}",
        ("Side", "Records", "km² low", "km² best", "km² high", "km² low, widest", "km² high, widest", "mi² best"),
        rows,
        note="Best takes the drawn line as true. The total lies between low and high at 95 %, by what is known of how the "
        "line's error goes along it; the widest range holds if all is off the same way. "
        + ("" if known else "A line here states no such thing, so low and high of its sides are the widest. ")
        + "A record that may lie on both sides counts on both. Ground that two records cover counts twice here.",
    )


def _side_label(side: str, names: dict[str, str]) -> str:
    return voc.SIDE.label(side) if side in voc.SIDE.words else f"{names.get(side, side)} ({side})"


def counted_once(answers: Answers) -> list[Table]:
    """Each pair of registers: their own totals, what both report, and the ground once."""
    return [_counted(pair) for pair in answers.counted]


def _counted(pair: CountOnce) -> Table:
    rows: Rows = tuple(
        (
            str(row.Index),
            _count(row.records),
            _count(row.declared_records),
            *(areas(area, "km²")[0] for area in (row.declared_m2, row.sum_m2, row.net_m2)),
            *areas(row.net_m2, "mi²"),
        )
        for row in each(pair.to_frame())
    )
    return Table(
        f"Open ground that {pair.a.register} and {pair.b.register} report",
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
        note="Each register's own totals are untouched. Declared areas are as the registers state them, and only of the "
        "records that state one.",
        totals=(len(rows) - 1,),
    )


def _count(value: Any) -> Figure:
    import pandas as pd

    return Figure(math.nan if pd.isna(value) else int(value))


def overlapping(answers: Answers, most: int = 25) -> Table | None:
    """The largest pieces of ground that two registers both report."""
    if answers.overlaps.empty:
        return None
    rows: Rows = tuple(
        (
            str(row.hazard_a),
            str(row.hazard_b),
            "sliver" if row.sliver else "",
            Figure(row.area_m2),
            Figure(row.share_a, percent=True),
            Figure(row.share_b, percent=True),
            Figure(row.width_m, 1),
        )
        for row in each(answers.overlaps.sort_values("area_m2", ascending=False).head(most))
    )
    slivers = int(answers.overlaps["sliver"].sum())
    return Table(
        "Open hazards of two registers on the same ground",
        ("First", "Second", "Remark", "m² in common", "of the first", "of the second", "width m"),
        rows,
        words=3,
        note=f"{len(rows)} of {len(answers.overlaps)}, the largest first; slivers among all: {slivers}. A sliver is "
        "narrower than the outlines' own accuracy explains. All are in tables/overlaps.csv.",
    )
