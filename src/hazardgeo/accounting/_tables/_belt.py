"""The belt along a border: the records of two or more states within a distance of the line between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hazardgeo.borders import relation
from hazardgeo.errors import BorderError, named
from hazardgeo.measure import counted, grouped

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from hazardgeo.borders import BorderSet


@dataclass(frozen=True, eq=False)
class BorderBelt:
    """The records within a distance of a border, and what is to be said of the choice.

    `hazards` and `releases` are whole records, not cut at the belt's edge; `notes` are footnotes for a table: border source and
    date, counts, what was left out.
    """

    hazards: gpd.GeoDataFrame
    releases: gpd.GeoDataFrame | None
    within_m: float
    notes: tuple[str, ...]


def border_belt(
    hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame | None, border: BorderSet, *, within_m: float
) -> BorderBelt:
    """Choose the records of a belt along a border, for the tables of a year.

    A hazard is in the belt if it may lie within the distance, what line and outline may be off taken in its favour: the belt is
    rather too large than too small. Its releases come with it. Records are not cut.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index.
    releases : geopandas.GeoDataFrame or None
        Land released from them.
    border : BorderSet
        Of two states or more; the lines between those that were asked count.
    within_m : float
        How near to a line a hazard must lie [m].

    Returns
    -------
    BorderBelt

    Raises
    ------
    BorderError
        If the countries of the border share no line, or `within_m` is no such length.
    CRSError, GeometryError, SchemaError
        As `borders.relation`.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> border = hz.borders.read(hz.sample_data("demarcated_border.gpkg"))
    >>> belt = hz.accounting.border_belt(hazards, None, border, within_m=2000)
    >>> 0 < len(belt.hazards) < len(hazards)
    True
    """
    if not within_m > 0:
        raise BorderError(f"within_m is {within_m!r}. Give a length in metres above 0.")
    found = relation(hazards, border, near_m=within_m)
    distance, off = found["distance_m"], found["half_width_m"].fillna(0.0)
    unplaced = distance.isna()
    inside = (distance - off <= within_m) & ~unplaced
    unsure = inside & ((distance - within_m).abs() <= off)
    mine = hazards[inside.to_numpy()]
    chosen = None if releases is None else _of_belt(releases, hazards, mine, border, within_m)
    notes = _notes(border, within_m, found, inside, unsure, unplaced)
    if releases is not None and chosen is not None:
        notes.append(
            f"Releases: {grouped(len(chosen))} of {grouped(len(releases))} belong to the belt, with their hazards or, where they "
            f"name "
            "none that is there, by their own place."
        )
    return BorderBelt(mine, chosen, float(within_m), tuple(notes))


def _of_belt(
    releases: gpd.GeoDataFrame, hazards: gpd.GeoDataFrame, mine: gpd.GeoDataFrame, border: BorderSet, within_m: float
) -> gpd.GeoDataFrame:
    linked = releases["hazard_id"].isin(hazards.index)
    belongs = releases["hazard_id"].isin(mine.index)
    if not linked.all():
        alone = relation(releases[~linked.to_numpy()], border, near_m=within_m)
        near = alone.index[(alone["distance_m"] - alone["half_width_m"].fillna(0.0) <= within_m)]
        belongs = belongs | releases.index.isin(near)
    return releases[belongs.to_numpy()]


def _notes(
    border: BorderSet,
    within_m: float,
    found: pd.DataFrame,
    inside: pd.Series[bool],
    unsure: pd.Series[bool],
    unplaced: pd.Series[bool],
) -> list[str]:
    lines = border.asked_lines["offset_95_m"]
    notes = [
        f"Border belt: {counted(int(inside.sum()), 'hazard', 'hazards')} of {grouped(len(found))} that lie within "
        f"{grouped(within_m)} m of the border {border.names}, whole records, not cut at the belt's edge. "
        f"Border: {border.source}, {border.version}; it may be off by {grouped(float(lines.min()))} to "
        f"{grouped(float(lines.max()))} m (95 %)."
    ]
    if unsure.any():
        notes.append(
            f"Of {grouped(int(unsure.sum()))} of them it cannot be told whether they lie within that distance; they are in the "
            f"table."
        )
    if unplaced.any():
        notes.append(
            f"Hazards without an outline cannot be placed and are not in the table: {grouped(int(unplaced.sum()))} "
            f"({named(found.index[unplaced.to_numpy()])})."
        )
    return notes
