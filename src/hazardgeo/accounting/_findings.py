"""What an account has to say of single records: what did not count and why, and what contradicts itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.accounting._products import KINDS, NEVER, days_of, numbers_of
from hazardgeo.constants import AREA_SMALLEST_M2, DECLARED_AREA_M2, DECLARED_AREA_SHARE
from hazardgeo.measure import counted, grouped
from hazardgeo.overlay import sliver_m, vertex_sd
from hazardgeo.registers._rules import RULES, Thresholds, between
from hazardgeo.registers._rules._rings import Rings, width_m
from hazardgeo.schema import Finding, findings_table, texts_of
from hazardgeo.vocabulary import EXCLUSION, RELEASE_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.accounting._cuts import Cuts
    from hazardgeo.accounting._products import Products

Told = tuple[str, str, str, str, str]
"""File, record, rule, what was seen and what to do."""
_ALL_ALIKE = ("depth-missing", "method-missing")
"""Rules that are said once where they speak of all cleared releases."""


def table_of(told: Iterable[Told]) -> pd.DataFrame:
    """Lay out what was found, by rule and record, so that the order of the records has no say."""
    return findings_table(
        Finding(file, record, 0, rule, RULES[rule].severity, seen, RULES[rule].means, remedy)
        for file, record, rule, seen, remedy in sorted(told, key=lambda one: (one[2], one[1], one[3]))
    )


class Asked:
    """The frames of an account, what was taken from them, and what was cut: all that its findings need."""

    def __init__(
        self, hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, released: Products, polygons: Any
    ) -> None:
        self.hazards, self.releases, self.released, self.polygons = hazards, releases, released, polygons
        self.hazard_ids, self.ids = (np.asarray(f.index.astype(str), dtype=object) for f in (hazards, releases))
        (self.sd_hazard, _), (self.sd_release, _) = vertex_sd(hazards), vertex_sd(releases)

    def of_registers(self) -> Iterator[Told]:
        """What does not depend on a day: releases that lower nothing, and what the rules of registers say."""
        found = list(_shared(self))
        yield from found
        known = {(record, rule) for _, record, rule, _, _ in found}
        for rule, mask in self.released.faults.items():
            yield from (one for one in _of_rule(self, rule, mask) if (one[1], rule) not in known)
        cleared = self.released.rank == KINDS.index("cleared")
        no_method = np.array([not text.strip() for text in texts_of(self.releases, "method")], dtype=bool)
        yield from _of_rule(self, "method-missing", cleared & no_method)
        words = texts_of(self.hazards, EXCLUSION.name)
        for at in np.flatnonzero((words != "") & ~np.isin(words, EXCLUSION.words)):
            seen = f"exclusion is {str(words[at])!r}."
            yield (
                "hazards",
                self.hazard_ids[at],
                "exclusion-unknown",
                seen,
                "Write military or inaccessible, or leave it empty.",
            )
        yield from _declared_too_much(self)

    def of_products(self, use: NDArray[np.intp], cut: Cuts) -> Iterator[Told]:
        """What lies outside the hazards that it was to release, or was released before."""
        link = self.released.hazard[use]
        width = np.divide(2 * cut.outside_m2, cut.outside_edge_m, out=np.zeros(len(use)), where=cut.outside_edge_m > 0)
        for at in np.flatnonzero(width >= sliver_m(self.sd_release[use], self.sd_hazard[link])):
            seen = f"{grouped(cut.outside_m2[at])} m² of it lie outside {self.hazard_ids[link[at]]!r}, the hazard that it names."
            remedy = "If that ground was hazardous, record it as a hazard; else correct the outline that is wrong."
            yield "releases", self.ids[use[at]], "release-outside-hazard", seen, remedy
        yield from _in_common(self, use, cut)

    def of_closed(self, closed: NDArray[np.bool_], cut: Cuts, day: int) -> Iterator[Told]:
        """Hazards that are closed, and what no release by a day covers of them."""
        link = self.released.hazard
        # A status is of today: it was not closed before its last release.
        later = link[(link >= 0) & (self.released.day > day) & (self.released.day < NEVER)]
        asked = closed & ~np.isin(np.arange(len(closed)), later) & ~shapely.is_missing(cut.left)
        at = np.flatnonzero(asked & (cut.left_m2 >= AREA_SMALLEST_M2.value))
        wide = width_m(Rings(cut.left[at])) >= sliver_m(self.sd_hazard[at], self.sd_hazard[at])
        for one in at[wide]:
            seen = f"It is closed, and {grouped(cut.left_m2[one])} of its {grouped(cut.area_m2[one])} m² were never released."
            remedy = "Add the release that is missing, or open the hazard again."
            yield "hazards", self.hazard_ids[one], "closed-with-ground-left", seen, remedy


def _shared(asked: Asked) -> Iterator[Told]:
    """What the rules between hazards and releases say, of all that has an outline."""
    import geopandas as gpd

    there = ~shapely.is_missing(asked.polygons)
    link = asked.released.hazard
    fit = ~shapely.is_missing(asked.released.polygons) & ((link < 0) | np.append(there, True)[link])
    names = ("register", "work_status", "vertex_sd_m", "hazard_id")

    def plain(frame: gpd.GeoDataFrame, shapes: Any, date: str, mask: Any) -> gpd.GeoDataFrame:
        columns = {name: frame[name] for name in names if name in frame.columns} | {date: days_of(frame, date)}
        # By id, so that the order of the records has no say in which of them a rule names.
        return gpd.GeoDataFrame(columns, index=frame.index.astype(str), geometry=shapes, crs=4326)[mask].sort_index()

    hazards = plain(asked.hazards, asked.polygons, "date_of_information", there)
    releases = plain(asked.releases, asked.released.polygons, "completed_on", fit)
    for one in between(hazards, releases, Thresholds()):
        yield "releases", one.release_id, one.rule, one.seen, one.remedy


def _of_rule(asked: Asked, rule: str, mask: NDArray[np.bool_]) -> Iterator[Told]:
    seen, remedy = _WORDS[rule]
    at = np.flatnonzero(mask)
    if rule in _ALL_ALIKE and len(at) > 1 and len(at) == (asked.released.rank == KINDS.index("cleared")).sum():
        what = rule.partition("-")[0]
        yield (
            "releases",
            "-",
            rule,
            f"None of the {counted(len(at), 'cleared release', 'cleared releases')} states its {what}.",
            remedy,
        )
        return
    for one in at:
        yield (
            "releases",
            asked.ids[one],
            rule,
            seen.format(*(_shown(asked.releases, name, int(one)) for name in _SHOWN)),
            remedy,
        )


def _shown(releases: gpd.GeoDataFrame, name: str, at: int) -> Any:
    value = releases[name].iloc[at] if name in releases else ""
    return "empty" if name == "depth_m" and (value == "" or value != value) else value


_SHOWN = ("hazard_id", "kind", "started_on", "completed_on", "register", "depth_m")
_WORDS = {
    "release-hazard-missing": (
        "It names the hazard {0!r}, which its register does not hold.",
        "Fill in or correct hazard_id, or add the hazard; until then it lowers nothing.",
    ),
    "release-kind-unknown": ("kind is {1!r}.", f"Write one of {', '.join(RELEASE_KIND.words)}; until then it lowers nothing."),
    "release-undated": ("completed_on is empty.", "Fill in the day of completion; until then it lowers nothing."),
    "dates-reversed": (
        "It was completed on {3} and started on {2}.",
        "Correct the date that is wrong; until then it lowers nothing.",
    ),
    "depth-missing": (
        "It is cleared, and depth_m is {5}.",
        "Fill in depth_m from the completion report or the national standard; until then it lowers nothing.",
    ),
    "release-outline-unclear": (
        "It has no outline that says which ground was released: none, one that is not valid, or a symbol.",
        "Mend or add the outline; until then it lowers nothing.",
    ),
    "release-before-hazard": (
        "It was completed on {3}, before the information that the hazard {0!r}, still open, rests on.",
        "Find out what the later information says of the released ground; until then it lowers nothing.",
    ),
    "method-missing": ("It is cleared, and method is empty.", "Fill in the method from the completion report."),
}  # fmt: skip


def _in_common(asked: Asked, use: NDArray[np.intp], cut: Cuts) -> Iterator[Told]:
    """Pairs of releases of one hazard that share ground within it."""
    link = asked.released.hazard[use]
    twice = np.bincount(link, cut.inside_m2 - cut.first_m2, len(asked.hazards)) > AREA_SMALLEST_M2.value
    at = np.flatnonzero(twice[link])
    shapes = asked.released.polygons[use[at]]
    later, earlier = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    keep = (earlier < later) & (link[at[later]] == link[at[earlier]])
    later, earlier = at[later[keep]], at[earlier[keep]]
    ground = shapely.intersection(asked.released.polygons[use[later]], asked.released.polygons[use[earlier]])
    rings = Rings(np.asarray(shapely.intersection(ground, asked.polygons[link[later]]), dtype=object))
    least = sliver_m(asked.sd_release[use[later]], asked.sd_release[use[earlier]])
    for i in np.flatnonzero((width_m(rings) >= least) & (rings.area_m2 >= AREA_SMALLEST_M2.value)):
        a, b, m2 = use[earlier[i]], use[later[i]], grouped(rings.area_m2[i])
        seen = f"{m2} m² of it were released before, as {asked.ids[a]!r} ({KINDS[asked.released.rank[a]]})."
        yield (
            "releases",
            asked.ids[b],
            "released-twice",
            seen,
            "Correct the outline that is wrong; by geometry the ground counts once.",
        )
        if (
            KINDS[asked.released.rank[b]] == "cancelled" != KINDS[asked.released.rank[a]]
            and asked.released.day[a] < asked.released.day[b]
        ):
            seen = f"{m2} m² of it had been {KINDS[asked.released.rank[a]]} as {asked.ids[a]!r}."
            yield (
                "releases",
                asked.ids[b],
                "cancelled-after-work",
                seen,
                "Record what work was done there, or correct the kind or the date.",
            )


def _declared_too_much(asked: Asked) -> Iterator[Told]:
    declared, link = numbers_of(asked.releases, "declared_area_m2"), asked.released.hazard
    own = numbers_of(asked.hazards, "declared_area_m2")
    mine = (link >= 0) & ~np.isnan(declared) & asked.released.stated
    total = np.bincount(link[mine], declared[mine], len(own))
    gap = total - own
    for at in np.flatnonzero((gap > DECLARED_AREA_M2.value) & (gap > DECLARED_AREA_SHARE.value * own)):
        seen = f"It declares {grouped(own[at])} m², and its releases {grouped(total[at])} m² together."
        remedy = "Correct the declared area that is wrong; releases may overlap or reach beyond the hazard."
        yield "hazards", asked.hazard_ids[at], "declared-release-exceeds-hazard", seen, remedy
