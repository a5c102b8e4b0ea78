"""R1: what is recorded as contaminated on a day, by region and class."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.accounting._balance import Balance, balance
from hazardgeo.accounting._remaining import day_of, remaining
from hazardgeo.accounting._tables._groups import (
    NOT_ROUNDED,
    NOT_SAFE,
    TOTAL,
    all_or_none,
    check_by,
    heading_of,
    in_three_units,
    label_of,
    notes_besides,
    summed,
)
from hazardgeo.accounting._tables._methods import grid_areas_m2
from hazardgeo.accounting._tables._stock import BASES, area_of, recorded_by, stock_on
from hazardgeo.accounting._tables._table import Area, Cell, Figure, Table, sign_of
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import area_m2, counted, format_area
from hazardgeo.overlay import CLASSES, net_area_by, net_area_m2, polygonal
from hazardgeo.vocabulary import CLASSIFICATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.accounting._remaining import Day
    from hazardgeo.accounting._tables._methods import Grid

_SHORT = {"unstated": "Class not stated"}


def contamination_table(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame | None = None,
    *,
    on: Day,
    by: str = "country",
    basis: str = "geometry",
    unit: str = "m2",
    national_grid: Grid = None,
    notes: Sequence[str] = (),
) -> Table:
    """Print what is recorded as contaminated on a day, by region and class (R1).

    On the ground: what was recorded by that day and not released by it, each square metre once within its register; a
    confirmed area within a suspected one is taken out of it. Ground that two registers record is in both rows, and a
    footnote says how much. Beside it stands what the register declares, and the ground in the national grid where one is named.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index: ``classification``, ``date_of_information``, ``declared_area_m2`` where
        known, and the column `by`.
    releases : geopandas.GeoDataFrame, optional
        Land released from them; without it the records are taken whole.
    on : date or str
        The day.
    by : str
        Column to group by, such as ``country`` or a column of regions.
    basis : {"geometry", "declared"}
        What the areas by class and the total rest on: the outlines, or the declared figures.
    unit : {"m2", "ha", "km2", "mi2"}
        Unit to print areas in.
    national_grid : str, int or mapping, optional
        As in `area_methods_table`.
    notes : sequence of str
        Footnotes besides, such as those of `BorderBelt`.

    Returns
    -------
    Table
        A row a group and the total: ``cha_areas``, ``cha_m2``, ``sha_areas``, ``sha_m2`` (and ``unstated_…`` where
        records state no class), ``areas``, then all of them by either basis, that of the classes first:
        ``geodesic_m2``, ``declared_m2``; and ``national_grid_m2`` where a grid is named.

    Raises
    ------
    HazardgeoError
        If `basis`, `by`, `on` or `unit` is none.
    CRSError, GeometryError, SchemaError
        As `balance`.

    References
    ----------
    Landmine Monitor 2015 (Tajikistan, Croatia, Zimbabwe) prints tables of this form.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("programme_2003_2006.geojson"))
    >>> releases = hz.read_releases(hz.sample_data("programme_2003_2006_releases.geojson"))
    >>> table = hz.accounting.contamination_table(hazards, releases, on="2006-12-31", unit="km2")
    >>> print(table.to_frame()[["country", "cha_areas", "sha_areas"]].to_string(index=False))
    country  cha_areas  sha_areas
        ALB          0          0
        BIH          1          4
        HRV          0          3
        SCG          1          4
      Total          2         11
    """
    if basis not in BASES:
        raise HazardgeoError(f"basis={basis!r}. Give one of {', '.join(BASES)}.")
    day = day_of(on, "on")
    check_by(by, hazards)
    account = balance(hazards, releases, until=day, by=(by, CLASSIFICATION.name))
    stock = stock_on(account, by, hazards, day)
    counts = stock[f"{basis}_areas"]
    classes = [word for word in CLASSES if word != "unstated" or (word in counts and counts[word].sum() > 0)]
    left = _left(hazards, releases, day)
    ratio = None if national_grid is None else _grid_ratio(left, national_grid, by)
    groups = sorted(counts.index, key=str)
    rows = [_row(label_of(name), stock, [name], classes, basis, unit, ratio) for name in groups]
    rows.append(_row(TOTAL, stock, groups, classes, basis, unit, ratio))
    header, columns = _headings(by, classes, basis, unit, grid=ratio is not None)
    said = [
        *_said(account, stock, groups, day, basis, hazards, releases),
        _in_two_registers(left),
        _grid_said(national_grid),
        *notes_besides(account.notes, "Releases of the period", "Ground that two registers"),
        NOT_ROUNDED,
    ]
    note = "\n".join(dict.fromkeys(line for line in [*notes, *said, NOT_SAFE] if line))
    caption = f"Recorded contamination on {day}, by {heading_of(by).lower()} and class"
    return Table(caption, header, tuple(rows), 1, note, (len(rows) - 1,), columns, "R1 contamination")


def _row(
    name: str,
    stock: dict[str, pd.DataFrame],
    groups: Sequence[Any],
    classes: Sequence[str],
    basis: str,
    unit: str,
    ratio: dict[Any, float] | None,
) -> tuple[Cell, ...]:
    cells: list[Cell] = [name]
    areas = stock[f"{basis}_areas"].loc[list(groups)]
    for word in classes:
        cells.append(Figure(int(areas[word].sum()) if word in areas else 0))
        cells.append(Area(area_of(stock, basis, groups, [word]), unit))
    every = list(areas.columns)
    cells.append(Figure(int(areas.to_numpy().sum())))
    cells += [Area(area_of(stock, one, groups, every), unit) for one in _in_order(basis)]
    if ratio is not None:
        ground = {one: area_of(stock, "geometry", [one], every) for one in groups}
        cells.append(
            Area(all_or_none(area * ratio.get(one, math.nan) for one, area in ground.items() if area != 0), unit)
        )
    return tuple(cells)


def _in_order(basis: str) -> list[str]:
    """Both bases, that of the table first."""
    return [basis, *(one for one in BASES if one != basis)]


def _headings(
    by: str, classes: Sequence[str], basis: str, unit: str, *, grid: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sign = sign_of(unit)
    header, columns = [heading_of(by)], [by]
    for word in classes:
        header += [f"{_SHORT.get(word, word)} areas", f"{_SHORT.get(word, word)} {sign}"]
        columns += [f"{word.lower()}_areas", f"{word.lower()}_m2"]
    first, second = ({"geometry": "geodesic"}.get(one, one) for one in _in_order(basis))
    header += ["All areas", f"All {sign}, {first}", f"{second.capitalize()} {sign}"]
    columns += ["areas", f"{first}_m2", f"{second}_m2"]
    if grid:
        header.append(f"National grid {sign}")
        columns.append("national_grid_m2")
    return tuple(header), tuple(columns)


def _said(
    account: Balance,
    stock: dict[str, pd.DataFrame],
    groups: Sequence[Any],
    day: datetime.date,
    basis: str,
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame | None,
) -> Iterable[str]:
    table = account.to_frame()
    every = list(stock[f"{basis}_areas"].columns)
    yield f"Total: {in_three_units(area_of(stock, basis, groups, every))}."
    yield f"What was recorded by {day} and not released by it; a confirmed area within a suspected one is taken out of it."
    if basis == "declared":
        yield "Areas by class are those that the registers declare, as they state them."
    later = int((~recorded_by(hazards, day)).sum())
    yield (
        f"From {counted(len(hazards), 'record', 'records')} of hazards and {0 if releases is None else len(releases)} of "
        f"releases; hazards "
        f"dated later, which are in no row: {later}."
    )
    silent = int(table.loc[table["basis"] == "declared", "unmeasured"].sum())
    if silent:
        yield f"Records that declare no area: {silent}; in declared figures they are nothing."
    one = table[table["basis"] == basis]
    if (area := summed(table.loc[table["basis"] == "geometry", "closed_left_m2"])) >= 0.5:
        yield (
            f"Of the ground by outlines, {format_area(area)} belong to records that their register has closed, and no release "
            f"covers them."
        )
    for column, words in (("military_m2", "Military areas"), ("inaccessible_m2", "Inaccessible areas")):
        if (area := summed(one[column])) > 0:
            yield f"{words}, stated apart and in no row: {format_area(area)}."


def _left(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame | None, day: datetime.date) -> gpd.GeoDataFrame:
    """The ground that is left of each hazard that was recorded by a day; without those of which none is."""
    known = hazards[recorded_by(hazards, day)]
    if releases is not None:
        known = known.set_geometry(remaining(known, releases, on=day).frame.geometry)
    there = known[~(known.geometry.isna() | known.geometry.is_empty).to_numpy()]
    return there.set_geometry([polygonal(shape) for shape in there.geometry], crs=there.crs)


def _grid_ratio(left: gpd.GeoDataFrame, grid: Grid, by: str) -> dict[Any, float]:
    """How many square metres of the grid one geodesic square metre is, in each group: over its records as they are left."""
    areas, in_grid = area_m2(left).to_numpy(), grid_areas_m2(left, grid)
    ratios = {}
    for name in left[by].unique():
        mine = (left[by] == name).to_numpy() & ~np.isnan(in_grid)
        ratios[name] = float(in_grid[mine].sum() / areas[mine].sum()) if mine.any() else math.nan
    return ratios


def _in_two_registers(left: gpd.GeoDataFrame) -> str:
    """How much ground is in the figures of two registers; empty where none is."""
    if "register" not in left or left["register"].nunique() < 2:
        return ""
    apart = summed(net_area_by(left, "register")["net_m2"])
    twice = apart - net_area_m2(left)
    if twice < 0.5:
        return "No ground is in two registers."
    return (
        f"Ground that two registers record is in the figures of both: {format_area(twice)}. Counted once, the total is less "
        f"by as much."
    )


def _grid_said(grid: Grid) -> str:
    if grid is None:
        return ""
    named = str(grid) if isinstance(grid, (str, int)) else ", ".join(f"{code} in {one}" for code, one in grid.items())
    return (
        f"National grid: {named}; the ground of a row at the ratio that its records have in their grid, edges as straight "
        f"lines of it."
    )
