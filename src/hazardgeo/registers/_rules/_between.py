"""Rules between the hazards and the releases of one register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from hazardgeo.crs import GEOD, on_arrays
from hazardgeo.measure import counted, grouped
from hazardgeo.overlay import ground_in_common, is_sliver, pairs_that_touch, sliver_m, vertex_sd
from hazardgeo.overlay._planes import split_long_edges
from hazardgeo.registers._rules._catalogue import SERIOUS, declare
from hazardgeo.registers._rules._rings import Rings, length_text
from hazardgeo.schema import is_open, texts_of
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from hazardgeo.registers._rules._thresholds import Thresholds

_OURS = Source("hazardgeo design choice", Grade.ASSUMED)
_WIKI = Source(
    "GICHD IMSMA wiki, Understanding IMSMA Information Model (revision 24062): with the completion report the land's "
    "status should be updated to Closed",
    Grade.READ,
)

declare(
    "release-hazard-missing",
    SERIOUS,
    "register",
    "A release names a hazard that its register does not hold.",
    "What was released cannot be subtracted from anything: the balance does not close.",
    _OURS,
)
declare(
    "release-apart",
    SERIOUS,
    "register",
    "A release does not touch the hazard that it names.",
    "Either the link or a place is wrong; the hazard's ground counts as released where no work was done.",
    _OURS,
)
declare(
    "release-before-hazard",
    SERIOUS,
    "register",
    "A release is dated before the information that its hazard, still open, rests on.",
    "What was learned after the work says that there is a hazard: the release must not be subtracted from it unseen.",
    _OURS,
)
declare(
    "release-over-open-hazard",
    SERIOUS,
    "register",
    "Released ground lies on an open hazard that the release is not linked to.",
    "The same ground is called released and hazardous: one of the two records will mislead whoever walks there.",
    _OURS,
)
declare(
    "release-covers-open-hazard",
    SERIOUS,
    "register",
    "The releases linked to a hazard cover it wholly (95 %, thresholds.cover_share), and it is still open.",
    "Either the status of the hazard was not updated, or not all of that ground was released.",
    _WIKI,
)


class Between(NamedTuple):
    """What a rule says of one release, by its id."""

    release_id: str
    rule: str
    seen: str
    remedy: str


def between(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, thresholds: Thresholds) -> Iterator[Between]:
    """Ask the rules between the hazards and the releases of the same registers.

    A release of a register of which no hazard is given is not judged.

    Parameters
    ----------
    hazards, releases : geopandas.GeoDataFrame
        As the readers give them: in EPSG:4326, unique ids.
    thresholds : Thresholds

    Yields
    ------
    Between
        The release, the name of the rule, what was seen and what to do.
    """
    if not (len(hazards) and len(releases)):
        return
    both = Both(hazards, releases)
    yield from _missing(both)
    yield from _apart(both)
    yield from _before(both)
    yield from _over_open(both)
    yield from _covers_open(both, thresholds)


def link_of(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame) -> NDArray[np.intp]:
    """Position of the hazard that each release names, in the register that keeps both; -1 where there is none."""
    keepers, ids = texts_of(hazards, "register"), hazards.index.astype(str)
    where = {key: at for at, key in enumerate(zip(keepers, ids, strict=True))}
    keys = zip(texts_of(releases, "register"), texts_of(releases, "hazard_id"), strict=True)
    return np.array([where.get(key, -1) for key in keys], dtype=np.intp)


class Both:
    """Hazards and releases side by side, as arrays; `link` is the position of a release's hazard, or -1."""

    def __init__(self, hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame) -> None:
        self.hazards, self.releases = hazards, releases
        self.hazard_ids, self.ids = (np.asarray(f.index.astype(str), dtype=object) for f in (hazards, releases))
        # Edges are geodesics: what is cut from what, and what touches what, is so along them.
        self.ground, self.released = (
            split_long_edges(np.asarray(f.geometry.array, dtype=object)) for f in (hazards, releases)
        )
        self.keeper, self.released_by = texts_of(hazards, "register"), texts_of(releases, "register")
        self.named = texts_of(releases, "hazard_id")
        self.link = link_of(hazards, releases)
        self.linked = np.flatnonzero(self.link >= 0)
        self.is_open, self.is_confirmed = is_open(hazards), texts_of(hazards, "classification") == "CHA"
        (self.sd_hazard, _), (self.sd_release, _) = vertex_sd(hazards), vertex_sd(releases)

    def sliver_m(self, release: Any, hazard: Any) -> Any:
        """Width that the accuracy of both outlines explains [m]."""
        return sliver_m(self.sd_release[release], self.sd_hazard[hazard])


def _missing(both: Both) -> Iterator[Between]:
    known = set(both.keeper)
    for at in np.flatnonzero(both.link < 0):
        if both.named[at].strip() and both.released_by[at] in known:
            words = f"It names the hazard {both.named[at]!r}, which {both.released_by[at]!r} does not hold."
            remedy = "Correct hazard_id, or add the hazard; a hazard in quarantine comes back when it is mended."
            yield Between(both.ids[at], "release-hazard-missing", words, remedy)


def _apart(both: Both) -> Iterator[Between]:
    at = both.linked
    at = at[~shapely.intersects(both.released[at], both.ground[both.link[at]])]
    ends = shapely.get_coordinates(shapely.shortest_line(both.released[at], both.ground[both.link[at]]))
    if not len(ends):
        return
    gap = on_arrays(GEOD.inv, *ends[::2].T, *ends[1::2].T)[2]
    for i in np.flatnonzero(gap > both.sliver_m(at, both.link[at])):
        words = f"It lies {length_text(gap[i])} from {both.named[at[i]]!r}, the hazard that it names."
        yield Between(both.ids[at[i]], "release-apart", words, "Check hazard_id and the coordinates of both.")


def _before(both: Both) -> Iterator[Between]:
    if "date_of_information" not in both.hazards.columns or "completed_on" not in both.releases.columns:
        return
    known = both.hazards["date_of_information"].to_numpy().astype("datetime64[D]")
    done = both.releases["completed_on"].to_numpy().astype("datetime64[D]")
    for at in both.linked[both.is_open[both.link[both.linked]]]:
        told = known[both.link[at]]
        if done[at] < told:
            words = f"It was completed on {done[at]}; the information on {both.named[at]!r}, still open, is of {told}."
            remedy = "Find out what the later information says of the released ground; correct the date that is wrong."
            yield Between(both.ids[at], "release-before-hazard", words, remedy)


def released_over_open(both: Both, *, within_suspected: bool = False) -> tuple[NDArray[Any], ...]:
    """Find released ground on an open hazard that is not the release's own.

    Parameters
    ----------
    both : Both
    within_suspected : bool
        Whether the release of a confirmed area that is closed excuses the suspected area around it, which stays open until its
        own survey: no fault of the register, and yet ground that one record calls released and another suspected.

    Returns
    -------
    tuple of ndarray
        Release and hazard of each pair, the released ground to ask about, what it has in common with the hazard in a plane, and
        the areas of both there [m²].
    """
    at, hazard = pairs_that_touch(both.released, both.ground)
    keep = both.is_open[hazard] & (both.link[at] != hazard)
    at, hazard = at[keep], hazard[keep]
    rest = both.released[at]
    # Ground that the release's own hazard covers too is released with it, in the register that keeps both: that the two
    # hazards overlap is another matter. Where its own is closed, the other may have been opened on ground that was done.
    covered = both.is_open[both.link[at]]
    if within_suspected:
        covered = covered | (both.is_confirmed[both.link[at]] & ~both.is_confirmed[hazard])
    own = np.flatnonzero((both.link[at] >= 0) & covered & (both.keeper[hazard] == both.released_by[at]))
    rest[own] = shapely.difference(rest[own], both.ground[both.link[at[own]]])
    some, _, _, common, *flat = ground_in_common(rest, both.ground[hazard], *np.tile(np.arange(len(rest)), (2, 1)))
    return at[some], hazard[some], rest[some], common, *flat


def _over_open(both: Both) -> Iterator[Between]:
    at, hazard, _, common, _, _ = released_over_open(both, within_suspected=True)
    same = both.keeper[hazard] == both.released_by[at]
    at, hazard, common = at[same], hazard[same], common[same]
    area = shapely.area(common)
    for i in np.flatnonzero(~is_sliver(common, both.sliver_m(at, hazard))):
        other = both.hazard_ids[hazard[i]]
        words = f"{grouped(area[i])} m² of it lie on the open hazard {other!r}, which it does not name."
        remedy = "Link it to that hazard, or correct the outline that is wrong."
        yield Between(both.ids[at[i]], "release-over-open-hazard", words, remedy)


def _covers_open(both: Both, thresholds: Thresholds) -> Iterator[Between]:
    at = both.linked[both.is_open[both.link[both.linked]]]
    at = at[np.argsort(both.link[at], kind="stable")]
    named, own = np.unique(both.link[at], return_inverse=True)
    whole = Rings(both.ground[named]).area_m2[own]  # each hazard once, however many releases name it
    share = Rings(shapely.intersection(both.released[at], both.ground[both.link[at]])).area_m2 / np.maximum(whole, 1e-9)
    total = np.bincount(both.link[at], share, minlength=len(both.ground))
    links = both.link[at]
    for hazard in np.flatnonzero(total >= thresholds.cover_share):
        mine = at[slice(*np.searchsorted(links, [hazard, hazard + 1]))]
        united = shapely.intersection(shapely.union_all(both.released[mine]), both.ground[hazard])
        covered = Rings(np.array([united, both.ground[hazard]], dtype=object)).area_m2
        if covered[0] >= thresholds.cover_share * covered[1]:
            who = (
                "It covers"
                if len(mine) == 1
                else f"It and {counted(len(mine) - 1, 'other release', 'other releases')} cover"
            )
            words = f"{who} {covered[0] / covered[1]:.0%} of its hazard {both.hazard_ids[hazard]!r}, which is open."
            remedy = "Close the hazard, or say in its outline what is left of it."
            yield Between(both.ids[mine[-1]], "release-covers-open-hazard", words, remedy)
