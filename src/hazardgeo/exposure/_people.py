"""People in hazards and about them, on either side of a border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hazardgeo.borders._set import CONTESTED
from hazardgeo.exposure._pieces import GROUNDS, NOT_ASKED, pieces_by_side
from hazardgeo.exposure._raster import Raster, open_raster
from hazardgeo.exposure._rings import DISTANCES_M, distance_rings
from hazardgeo.exposure._sums import Kind, sums
from hazardgeo.exposure._zonal import Zones

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders import BorderSet

NOBODYS = (*CONTESTED, "no_country", "beyond_extent", NOT_ASKED)
"""Sides that are no country's."""
_WHOLE = 1 - 1e-6
_ZONE = ["zone", "from_m", "to_m"]
_COUNTED = ("people_low", "people", "people_high", "covered_share", "nodata_share", "at_least")


@dataclass(frozen=True, eq=False)
class PeopleNear:
    """How many people live in hazards and about them, and what that was counted from.

    `by_hazard` counts for each hazard by itself: who lives near two of them stands in both. `totals` and `together` count
    everybody once, `totals` by side and `together` on all sides.
    """

    by_hazard: pd.DataFrame
    totals: pd.DataFrame
    together: pd.DataFrame
    population: Raster
    kind: Kind
    border: str
    datum_operation: str
    """Operation by which the zones were laid onto the raster; empty where none was needed."""

    @property
    def method(self) -> str:
        """What was counted, and how, in a paragraph."""
        holds = "people in each cell" if self.kind == "count" else "people on each km²"
        line = (
            f"Sides by {self.border}, ± its offset everywhere the same way." if self.border else "No border was asked."
        )
        line += f" Zones laid onto the raster by {self.datum_operation}." if self.datum_operation else ""
        return (
            f"Counted from {self.population.path.name} ({holds}), each cell by the exact share of it that lies in a zone, its "
            f"people taken to live evenly over it. {line} Zones reach as far as their distance at least. Where the covered "
            "share is below 1 the raster has no value for part of the ground, and at least so many live there. Not a count of "
            "people at risk."
        )


def people_near(
    hazards: gpd.GeoDataFrame,
    population: str | os.PathLike[str] | Raster,
    border: BorderSet | None = None,
    distances_m: Sequence[float] = DISTANCES_M,
    *,
    kind: Kind = "count",
) -> PeopleNear:
    """Count the people inside hazards and in rings about them, on either side of a border.

    It says how many the raster puts there. It does not say that they are in danger, or that others are not.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index.
    population : path or Raster
        A GeoTIFF of people, or what `open_raster` gave of it.
    border : BorderSet, optional
        Without one, people are counted and not told by side (``not_asked``).
    distances_m : sequence of float
        Outer edges of the rings [m], the nearest first.
    kind : {"count", "density"}
        Whether a cell holds the people in it, or those on each km² of it.

    Returns
    -------
    PeopleNear
        Three tables. ``by_hazard``: a row for each hazard (``hazard_id``), zone (``zone``, ``from_m``, ``to_m``) and side that it
        reaches or may reach: ``people`` with the line as drawn, ``people_low`` who are on that side wherever in its band of ±u
        the line is, ``people_high`` who may be, and ``covered_share``, ``nodata_share``, ``at_least`` as in `raster_sum`, of the
        ground that is or may be on that side. ``totals``: the same for all hazards, everybody once. ``together``: on all
        sides, with ``people_unattributed``, who cannot be put on one country's side for certain.

    Raises
    ------
    FormatError, CRSError, GeometryError, SchemaError, BorderError
        If the raster, the hazards or the border cannot be used.

    Notes
    -----
    Over zones, the people of all sides sum to those of the ground within the last distance. Ranges take the line to be off the
    same way everywhere (fully correlated), so that those of totals are wide.

    References
    ----------
    docs/explanation/exposure.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> near = people_near(hazards, hz.sample_data("fictional_population.tif"), hz.borders.load("HRV", "BIH"))
    >>> near.together["zone"].tolist()
    ['inside', '0–500 m', '500–1000 m', '1000–2000 m', '2000–5000 m']
    >>> bool((near.totals["people_low"] <= near.totals["people_high"]).all())
    True
    """
    import pandas as pd

    opened = open_raster(population) if not isinstance(population, Raster) else population
    each = distance_rings(hazards, distances_m)
    once = distance_rings(hazards, distances_m, together=True)
    zones = pd.concat([each, once], ignore_index=True).rename_axis("number")
    pieces = pieces_by_side(zones, border)
    laid = _laid(pieces, opened)
    table = _counted(pieces, laid, kind)
    table = zones.drop(columns="geometry").loc[table.pop("number")].reset_index(drop=True).join(table)
    own = pieces["number"].to_numpy() < len(each)
    columns = [*_ZONE, "side", *_COUNTED]
    by_hazard = table.loc[own, ["hazard_id", *columns]].reset_index(drop=True)
    if len(hazards):
        by_hazard = by_hazard.astype({"hazard_id": hazards.index.dtype})
    totals = table[~own].reset_index(drop=True)
    title = "" if border is None else border.title
    return PeopleNear(by_hazard, totals[columns], _on_all_sides(totals), opened, kind, title, laid.operation)


def people_by_side(
    zones: gpd.GeoDataFrame,
    population: str | os.PathLike[str] | Raster,
    border: BorderSet | None = None,
    *,
    kind: Kind = "count",
) -> pd.DataFrame:
    """Count the people in each polygon, on either side of a border.

    Polygons that overlap each count their common ground.

    Parameters
    ----------
    zones : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index: hazards, rings, or zones about munitions sites.
    population : path or Raster
        A GeoTIFF of people, or what `open_raster` gave of it.
    border : BorderSet, optional
        Without one, people are counted and not told by side (``not_asked``).
    kind : {"count", "density"}
        Whether a cell holds the people in it, or those on each km² of it.

    Returns
    -------
    pandas.DataFrame
        A row for each polygon and each side that it lies on or may lie on: the polygon's index under its name (``zone`` if it has
        none), ``side``, ``people_low``, ``people``, ``people_high``, ``covered_share``, ``nodata_share``, ``at_least``, as
        `people_near` tells them.

    Raises
    ------
    FormatError, CRSError, GeometryError, SchemaError, BorderError
        If the raster, the polygons or the border cannot be used.

    References
    ----------
    docs/explanation/exposure.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> table = people_by_side(hazards, hz.sample_data("fictional_population.tif"), hz.borders.load("HRV", "BIH"))
    >>> set(table["hazard_id"]) == set(hazards.index)
    True
    """
    opened = open_raster(population) if not isinstance(population, Raster) else population
    name = zones.index.name or "zone"
    pieces = pieces_by_side(zones.rename_axis(name), border).rename(columns={name: "number"})
    table = _counted(pieces, _laid(pieces, opened), kind).rename(columns={"number": name})
    return table[[name, "side", *_COUNTED]]


def _laid(pieces: gpd.GeoDataFrame, raster: Raster) -> Zones:
    return Zones(np.concatenate([np.asarray(pieces[name].array, dtype=object) for name in GROUNDS]), raster)


def _counted(pieces: gpd.GeoDataFrame, laid: Zones, kind: Kind) -> pd.DataFrame:
    """People of each piece: low, best and high, and the share of its ground that the raster knows."""
    import pandas as pd

    found = {name: values.reshape(3, -1) for name, values in sums(laid, kind).items()}
    cells = np.nan_to_num(laid.cells.reshape(3, -1))
    # Where there is no ground nobody lives; where it is not known, nobody knows.
    no_ground = (cells == 0) & ~shapely.is_missing(np.asarray(pieces.geometry.array, dtype=object))
    low, best, high = _range(np.where(no_ground, 0.0, found["sum"]))
    covered, nodata = (cells * np.nan_to_num(found[name]) for name in ("covered_share", "nodata_share"))
    with np.errstate(invalid="ignore"):  # what has no geometry has no share of its ground
        covered_share, nodata_share = (
            part[[0, 2]].sum(axis=0) / cells[[0, 2]].sum(axis=0) for part in (covered, nodata)
        )
    columns = {
        "number": pieces["number"],
        "side": pieces["side"],
        "people_low": low,
        "people": best,
        "people_high": high,
        "covered_share": covered_share,
        "nodata_share": nodata_share,
        "at_least": ~(covered_share > _WHOLE),
        "drawn_cells": cells[0],
        "drawn_covered": covered[0],
        "drawn_nodata": nodata[0],
    }
    return _fitting(pd.DataFrame(columns))


def _range(people: NDArray[np.float64]) -> NDArray[np.float64]:
    """Low, best and high of the people on ground that is drawn on a side, certain and possible there."""
    drawn, certain, possible = people
    low = np.where(np.isnan(drawn), np.nan, np.minimum(np.nan_to_num(certain), drawn))
    high = np.nan_to_num(drawn) + np.nan_to_num(possible)
    unknown = (np.isnan(drawn) | np.isnan(possible)) & (high == 0)
    return np.stack([low, drawn, np.where(unknown, np.nan, high)])


def _fitting(table: pd.DataFrame) -> pd.DataFrame:
    """Who is on one side for certain may be on no other, whatever a line between two others may be off."""
    by_zone = table.groupby("number")
    others = by_zone["people_low"].transform("sum") - table["people_low"].fillna(0)
    most = by_zone["people"].transform("sum") - others
    return table.assign(people_high=table["people_high"].clip(upper=most.clip(lower=table["people"].fillna(0))))


def _on_all_sides(totals: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for (zone, near, far), some in totals.groupby(_ZONE, sort=False):
        cells = some["drawn_cells"].sum()
        covered, nodata = (some[name].sum() / cells if cells else np.nan for name in ("drawn_covered", "drawn_nodata"))
        people = some["people"].sum(min_count=1)
        told = some.loc[~some["side"].isin(NOBODYS), "people_low"].sum()
        rows.append((zone, near, far, people, max(0.0, people - told), covered, nodata, not covered > _WHOLE))
    names = [*_ZONE, "people", "people_unattributed", "covered_share", "nodata_share", "at_least"]
    return pd.DataFrame(rows, columns=names)
