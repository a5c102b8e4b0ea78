"""Every answer of a report, computed once."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hazardgeo import borders as hzb
from hazardgeo.borders._seam import seam_lines
from hazardgeo.borders._sources._load import most_embedded
from hazardgeo.errors import HazardgeoError, SchemaError
from hazardgeo.measure import area_m2, counted, grouped, print_large_area
from hazardgeo.overlay import net_area_m2
from hazardgeo.registers import combine, intake
from hazardgeo.report._account import headline as account_headline
from hazardgeo.report._people import headline as people_headline
from hazardgeo.report._two_sided import TwoSided, conflict_headlines, layers, two_sided
from hazardgeo.report._two_sided import headlines as two_sided_headlines
from hazardgeo.schema import HAZARDS, RELEASES, UNSTATED, Schema, is_open

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.borders import BorderSet, CountOnce
    from hazardgeo.exposure import PeopleNear
    from hazardgeo.registers import Intake
    from hazardgeo.report._land_release import ProgrammeAnswers
    from hazardgeo.report._terrain import Ground

MEASURED = ("source_id", "area_m2")
_MOST = 5  # sentences of one kind; the tables have all


@dataclass(frozen=True)
class Version:
    """What one version of the border answers; `key` is the letter that the report knows it by."""

    key: str
    border: BorderSet
    relation: pd.DataFrame
    sides: pd.DataFrame

    @property
    def label(self) -> str:
        """Letter, source and offset in one line."""
        offsets = self.border.asked_lines["offset_95_m"]
        low, high = grouped(float(offsets.min())), grouped(float(offsets.max()))
        return f"{self.key}: {self.border.source} (±{low if low == high else f'{low} to {high}'} m)"


@dataclass(frozen=True)
class Answers:
    """What a report says."""

    hazards: gpd.GeoDataFrame
    releases: gpd.GeoDataFrame | None
    versions: tuple[Version, ...]
    overlaps: gpd.GeoDataFrame
    counted: tuple[CountOnce, ...]
    seams: pd.DataFrame
    beyond: TwoSided
    intakes: tuple[Intake, ...]
    remarks: tuple[str, ...]
    programme: ProgrammeAnswers | None = None
    people: PeopleNear | None = None
    ground: Ground | None = None

    @property
    def open_hazards(self) -> gpd.GeoDataFrame:
        """Hazards of open ground: all but those that are closed or handed over."""
        return self.hazards[is_open(self.hazards)]


def take_in(
    files: Sequence[Path], releases: Sequence[Path], options: Callable[[Path], Mapping[str, Any]]
) -> list[Intake]:
    """Take every file in.

    Parameters
    ----------
    files : sequence of pathlib.Path
        Hazards, or sheets of hazards and releases.
    releases : sequence of pathlib.Path
    options : callable
        Gives the options of `hazardgeo.intake` for a file.

    Returns
    -------
    list of Intake
        One for each file, the releases last.
    """
    kinds = [*((file, "auto") for file in files), *((file, "releases") for file in releases)]
    return [intake(file, kind, **options(file)) for file, kind in kinds]


def countries_named(intakes: Sequence[Intake]) -> tuple[str, ...]:
    """Codes of the countries that the hazards name."""
    frames = [taken.frames["hazards"] for taken in intakes if "hazards" in taken.frames]
    return tuple(sorted({str(code) for frame in frames for code in frame["country"]} - {UNSTATED}))


def together(intakes: Sequence[Intake]) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]:
    """Combine what is usable; areas are measured here, once.

    Returns
    -------
    geopandas.GeoDataFrame
        Hazards.
    geopandas.GeoDataFrame or None
        Releases.

    Raises
    ------
    SchemaError
        If no hazard of any file can be used.
    """
    frames = {
        kind: [taken.frames[kind] for taken in intakes if kind in taken.frames] for kind in ("hazards", "releases")
    }
    if not any(map(len, frames["hazards"])) and any(taken.records_in for taken in intakes):
        raise _nothing_usable(intakes)
    combined = [combine(*some) if some else None for some in frames.values()]
    hazards, released = (None if some is None else some.assign(area_m2=area_m2(some)) for some in combined)
    if hazards is None:
        raise HazardgeoError("None of the files holds hazards. Name at least one register of hazards.")
    return hazards, released


def _nothing_usable(intakes: Sequence[Intake]) -> SchemaError:
    import pandas as pd

    problems = pd.concat([taken.findings for taken in intakes], ignore_index=True)
    problems = problems[problems["severity"] != "note"].reset_index(drop=True)
    names = ", ".join(taken.file for taken in intakes)
    return SchemaError(f"{names}: no hazard can be used. Mend the sources and read them again:", problems)


def find_borders(codes: Sequence[str], own: Path | None, source: str | None) -> tuple[tuple[BorderSet, ...], list[str]]:
    """The versions of the border to ask: the user's own first, then those embedded; and what is to be said of it."""
    versions = [] if own is None else [hzb.read(own)]
    asked = most_embedded(set(codes))
    if asked:
        versions += [hzb.load(*asked, source=name) for name in ([source] if source else hzb.SOURCES)]
    left = sorted(set(codes) - set(asked))
    if len(codes) < 2:
        remark = f"The countries asked are {', '.join(codes)} alone, so no embedded border was asked."
    elif left and asked:
        remark = (
            f"Embedded borders were asked for {', '.join(asked)}; {', '.join(left)} is in no embedded set with them."
        )
    elif left:
        remark = f"No embedded set holds a border between {', '.join(codes)}."
    else:
        return tuple(versions), []
    return tuple(versions), [f"{remark} Give --countries to ask for others, or --border for a border of your own."]


def answer(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame | None,
    borders: Sequence[BorderSet],
    intakes: tuple[Intake, ...],
    remarks: Sequence[str],
) -> Answers:
    """Put every two-sided question to every version of the border, and every pair of registers to each other."""
    import pandas as pd

    versions = []
    for i, border in enumerate(borders):
        relation, sides = hzb.relation(hazards, border), hzb.split_by_country(hazards, border)
        versions.append(Version(chr(ord("A") + i), border, relation, sides))
    open_ground = hazards[is_open(hazards)]
    by_register = hzb.by_register(open_ground, hazards["register"])
    many = len(by_register) > 1
    found = hzb.over_pairs(hzb.overlaps, by_register, ground=True) if many else {}
    some = [table for table in found.values() if len(table)]
    overlaps = (
        pd.concat(some, ignore_index=True) if some else hzb.overlaps(open_ground.iloc[:0], open_ground, ground=True)
    )
    totals = hzb.over_pairs(hzb.count_once, by_register) if many else {}
    counted = tuple(_named(one, *names) for names, one in totals.items())
    beyond = two_sided(open_ground, releases, by_register, {one.key: one.border for one in versions})
    seams = hzb.datum_seams(hazards, versions[0].border if versions else None)
    left_out = [*_left_out(hazards, HAZARDS), *([] if releases is None else _left_out(releases, RELEASES))]
    return Answers(hazards, releases, tuple(versions), overlaps, counted, seams, beyond, intakes, (*remarks, *left_out))


def _named(counted: CountOnce, name_a: str, name_b: str) -> CountOnce:
    """A register without open ground would otherwise lose its name."""
    return replace(counted, a=replace(counted.a, register=name_a), b=replace(counted.b, register=name_b))


def findings(answers: Answers) -> dict[str, gpd.GeoDataFrame]:
    """What there is to be drawn of the answers to two-sided questions, by the names of the functions that gave them."""
    found = layers(answers.beyond)
    return found | ({"overlaps": answers.overlaps} if len(answers.overlaps) else {})


def known_columns(frame: gpd.GeoDataFrame, schema: Schema) -> list[str]:
    """Columns that leave the house: those of the schema; what a register keeps besides may be somebody's name."""
    return [name for name in (*(column.name for column in schema.columns), *MEASURED) if name in frame.columns]


def _left_out(frame: gpd.GeoDataFrame, schema: Schema) -> list[str]:
    ours = {frame.geometry.name, "rows"}  # the latter says where the corners of a record stand in its sheet
    left = sorted(set(frame.columns) - set(known_columns(frame, schema)) - ours)
    if not left:
        return []
    return [
        f"Columns of the {schema.name} that are in none of the files here, since hazardgeo does not know them and they may "
        f"name people: {', '.join(left)}."
    ]


def headlines(answers: Answers) -> list[str]:
    """What the report comes to, in sentences."""
    ground = answers.open_hazards
    registers = answers.hazards["register"].nunique()
    lines = [
        *conflict_headlines(answers.beyond),
        account_headline(answers.intakes),
        f"Hazardous areas: {len(answers.hazards)}, in {registers} {'registers' if registers > 1 else 'register'}; open: "
        f"{len(ground)}, on {print_large_area(net_area_m2(ground))} of ground counted once.",
    ]
    common = [pair for pair in answers.counted if pair.overlap_m2 > 0]
    for pair in sorted(common, key=lambda one: one.overlap_m2, reverse=True)[:_MOST]:
        area = print_large_area(pair.overlap_m2)
        lines.append(
            f"{pair.a.register} and {pair.b.register} both report {area} of open ground; added up, it would count twice."
        )
    lines += _not_known(answers.counted)
    known = [pair for pair in answers.counted if not math.isnan(pair.overlap_m2)]
    lines += _rest_of_pairs(len(known), len(common))
    lines += [*seam_lines(answers.seams), *two_sided_headlines(answers.beyond)]
    for version in answers.versions:
        words = version.relation.loc[ground.index, "relation"].value_counts()
        cross = counted(int(words.get("crossing", 0)), "open hazard crosses", "open hazards cross")
        lines.append(
            f"By version {version.label}: {cross} the border; of {words.get('indeterminate', 0)} it cannot be told."
        )
    lines += [] if answers.people is None else [people_headline(answers.people)]
    lines += [] if answers.ground is None else [answers.ground.headline(answers.open_hazards)]
    return lines if answers.programme is None else [*lines, answers.programme.headline]


def _not_known(pairs: Sequence[CountOnce]) -> list[str]:
    """Registers that cannot be compared with any other, since no record of theirs has an outline."""
    totals = [total for pair in pairs for total in pair.registers]
    bare = sorted({total.register for total in totals if total.records and total.unmeasured == total.records})
    return [f"What {name} has in common with others is not known: none of its records has an outline." for name in bare]


def _rest_of_pairs(pairs: int, in_common: int) -> list[str]:
    """What is to be said of the pairs of registers that have no sentence of their own."""
    lines = []
    if in_common > _MOST:
        lines.append(f"Ground in common is reported by {in_common} pairs of registers; the largest are named here.")
    if pairs > in_common:
        rest = counted(pairs - in_common, "pair of registers reports", "pairs of registers report")
        lines.append(f"{rest} no open ground in common.")
    return lines
