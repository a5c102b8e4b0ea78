"""The same areas by method, side by side: declared, in a national grid, geodesic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.accounting._tables._groups import NOT_ROUNDED, TOTAL, all_or_none, check_by, heading_of, label_of, summed
from hazardgeo.accounting._tables._table import Area, Cell, Figure, Table, sign_of
from hazardgeo.measure import area_m2
from hazardgeo.overlay import compare_area_methods
from hazardgeo.schema import UNSTATED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    Grid = str | int | Mapping[str, str | int] | None


def area_methods_table(
    frame: gpd.GeoDataFrame,
    *,
    by: str = "country",
    national_grid: Grid = None,
    unit: str = "m2",
    notes: Sequence[str] = (),
) -> Table:
    """Print the areas of records declared, in a national grid, and geodesic, side by side.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Hazards or releases: polygons with a CRS, ``declared_area_m2`` where known, and the column `by`.
    by : str
        Column to group by.
    national_grid : str, int or mapping, optional
        The grid of the authority, such as ``"EPSG:3765"``, or one for each state: ``{"HRV": "EPSG:3765"}``. Where records have
        none, the column has a dash.
    unit : {"m2", "ha", "km2", "mi2"}
        Unit to print areas in.
    notes : sequence of str
        Footnotes besides, such as those of `BorderBelt`.

    Returns
    -------
    Table
        A row a group and the total: ``records``, ``declaring`` (how many state an area), ``declared_m2``,
        ``national_grid_m2``, ``geodesic_m2``, sums over the records; and ``measured_declaring_m2``, the geodesic sum
        of those that declare, which is the one to compare.

    Raises
    ------
    CRSError, GeometryError
        As `compare_area_methods`.

    References
    ----------
    docs/explanation/areas.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("hrv_register.geojson"))
    >>> table = hz.accounting.area_methods_table(hazards, national_grid={"HRV": "EPSG:3765"})
    >>> list(table.to_frame()["country"])
    ['HRV', 'Total']
    """
    check_by(by, frame)
    measured = _measured(frame, national_grid)
    groups = frame[by].astype(object).where(frame[by].notna(), UNSTATED)
    rows = [_row(label_of(name), measured[(groups == name).to_numpy()], unit) for name in sorted(set(groups), key=str)]
    rows.append(_row(TOTAL, measured, unit))
    sign = sign_of(unit)
    header = (
        heading_of(by), "Records", "Declaring an area", f"Declared {sign}", f"National grid {sign}", f"Geodesic {sign}",
        f"Geodesic {sign} of those that declare",
    )  # fmt: skip
    columns = (by, "records", "declaring", "declared_m2", "national_grid_m2", "geodesic_m2", "measured_declaring_m2")
    unmeasured = int(measured["geodesic"].isna().sum())
    said = [
        "Sums over whole records; ground in two of them is in both. Declared areas are the official ones and stand as the "
        "registers "
        "state them; geodesic areas are on the WGS 84 ellipsoid.",
        _grid_note(measured, national_grid),
        f"Records without an outline: {unmeasured}; they are in no measured sum." if unmeasured else "",
        NOT_ROUNDED,
        *notes,
    ]
    note = "\n".join(line for line in said if line)
    caption = "Areas of whole records: declared, in the national grid, and geodesic"
    return Table(caption, header, tuple(rows), 1, note, (len(rows) - 1,), columns, "areas by method")


def _measured(frame: gpd.GeoDataFrame, national_grid: Grid) -> pd.DataFrame:
    import pandas as pd

    columns = {"geodesic": area_m2(frame), "grid": np.nan, "declared": frame.get("declared_area_m2", np.nan)}
    table = pd.DataFrame(columns, index=frame.index)
    table["declared"] = table["declared"].astype(float)
    table["grid"] = grid_areas_m2(frame, national_grid)
    return table


def grid_areas_m2(frame: gpd.GeoDataFrame, national_grid: Grid) -> Any:
    """Area of each record in its authority's grid, edges as straight lines of it [m²]; NaN where it has no grid."""
    areas = np.full(len(frame), np.nan)
    for mine, grid in _grids(frame, national_grid):
        if mine.any():
            compared = compare_area_methods(frame[mine], national_grid=grid)
            # As the authority itself measures: the straight line of the grid between two recorded points.
            areas[mine] = compared.areas_m2["national_grid_straight"]
    return areas


def _grids(frame: gpd.GeoDataFrame, national_grid: Grid) -> list[tuple[Any, str | int]]:
    if national_grid is None:
        return []
    if isinstance(national_grid, (str, int)):
        return [(np.ones(len(frame), dtype=bool), national_grid)]
    return [((frame["country"] == code).to_numpy(), grid) for code, grid in national_grid.items()]


def _grid_note(measured: pd.DataFrame, national_grid: Grid) -> str:
    if national_grid is None:
        return "No national grid was named, so no area is given in one."
    if isinstance(national_grid, (str, int)):
        named = str(national_grid)
    else:
        named = ", ".join(f"{code} in {grid}" for code, grid in national_grid.items())
    without = int((measured["grid"].isna() & measured["geodesic"].notna()).sum())
    rest = (
        f" Records of states without a grid: {without}; a row with one of them has no area in the grid."
        if without
        else ""
    )
    return f"National grid: {named}, edges as straight lines of the grid, as an authority measures in it.{rest}"


def _row(name: str, some: pd.DataFrame, unit: str) -> tuple[Cell, ...]:
    declaring = some["declared"].notna()
    grid = all_or_none(some.loc[some["geodesic"].notna(), "grid"])
    sums = (summed(some["declared"]), grid, summed(some["geodesic"]))
    compared = summed(some.loc[declaring, "geodesic"])
    figures = (Area(area, unit) for area in (*sums, compared))
    return name, Figure(len(some)), Figure(int(declaring.sum())), *figures
