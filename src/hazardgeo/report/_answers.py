"""Every answer of a report, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from hazardgeo import borders as hzb
from hazardgeo.errors import BorderError
from hazardgeo.measure import area_m2
from hazardgeo.registers import combine, read_hazards, read_releases
from hazardgeo.vocabulary import OPEN_STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.borders import BorderSet, CountOnce


@dataclass(frozen=True)
class Version:
    """What one version of the border answers."""

    border: BorderSet
    relation: pd.DataFrame
    sides: pd.DataFrame


@dataclass(frozen=True)
class Answers:
    """What a report says."""

    hazards: gpd.GeoDataFrame
    releases: gpd.GeoDataFrame | None
    versions: tuple[Version, ...]
    overlaps: pd.DataFrame
    counted: tuple[CountOnce, ...]
    remarks: tuple[str, ...]

    @property
    def open_hazards(self) -> gpd.GeoDataFrame:
        """Hazards of open ground: open, worked on and suspended."""
        return self.hazards[self.hazards["work_status"].isin(OPEN_STATUSES)]


def read_all(
    files: Sequence[Path], releases: Sequence[Path], crs: Mapping[Path, str]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]:
    """Read and combine the registers; areas are measured here, once."""
    hazards = combine(*(read_hazards(file, crs=crs.get(file)) for file in files))
    hazards = hazards.assign(area_m2=area_m2(hazards))
    if not releases:
        return hazards, None
    released = combine(*(read_releases(file, crs=crs.get(file)) for file in releases))
    return hazards, released.assign(area_m2=area_m2(released))


def find_borders(codes: Sequence[str], own: Path | None, source: str | None) -> tuple[tuple[BorderSet, ...], list[str]]:
    """The versions of the border to ask: the user's own first, then those embedded; and what is to be said of it."""
    versions, remarks = [], []
    if own is not None:
        versions.append(hzb.read(own))
    if len(codes) < 2:
        remarks.append(f"The records name one country ({', '.join(codes)}), so no embedded border was asked.")
        return tuple(versions), remarks
    try:
        versions += [hzb.load(*codes, source=name) for name in ([source] if source else hzb.SOURCES)]
    except BorderError as error:
        if not versions:
            raise
        remarks.append(f"Only the border of your own was asked. {error}")
    return tuple(versions), remarks


def answer(
    hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame | None, borders: Sequence[BorderSet], remarks: Sequence[str]
) -> Answers:
    """Put every two-sided question to every version of the border, and every pair of registers to each other."""
    import pandas as pd

    versions = tuple(Version(b, hzb.relation(hazards, b), hzb.split_by_country(hazards, b)) for b in borders)
    open_ground = hazards[hazards["work_status"].isin(OPEN_STATUSES)]
    by_register = {name: open_ground[open_ground["register"] == name] for name in sorted(hazards["register"].unique())}
    pairs = list(combinations(by_register.values(), 2))
    found = [hzb.overlaps(a, b) for a, b in pairs]
    overlaps = pd.concat(found, ignore_index=True) if found else hzb.overlaps(open_ground.iloc[:0], open_ground)
    return Answers(hazards, releases, versions, overlaps, tuple(hzb.count_once(a, b) for a, b in pairs), tuple(remarks))
