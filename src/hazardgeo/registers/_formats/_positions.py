"""The positions of all rows of a table, in one CRS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from hazardgeo.crs import WGS84, same_crs
from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._coordinates import NOTATIONS, Bounds, Kind, NotReadError, Position, read_pair
from hazardgeo.registers._formats._grid_text import ORDERS, read_position
from hazardgeo.registers._formats._layer import RawFault
from hazardgeo.registers._formats._sheet import Sheet, is_blank

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.registers._formats._places import Places

_UNREADABLE = "geometry-unreadable"


@dataclass(frozen=True)
class Positions:
    """Where each row of a table lies, or why that is not known."""

    xy: NDArray[np.float64]
    """Coordinates, row by row; NaN where there are none."""
    faults: dict[int, RawFault]
    """By row, why its position cannot be used."""
    remarks: tuple[RawFault, ...]
    crs: pyproj.CRS | None


def positions_of(
    sheet: Sheet, places: Places, crs: pyproj.CRS | None, *, axes_unsure: bool, degrees: bool
) -> Positions:
    """Read the positions of all rows.

    Parameters
    ----------
    sheet : Sheet
    places : Places
        Names the column or the two columns, and how they are written.
    crs : pyproj.CRS, optional
        CRS that the caller states.
    axes_unsure : bool
        Whether it is not known which of the two columns is east: grids of the former Yugoslavia call north X.
    degrees : bool
        Whether the names of the columns speak of longitude and latitude.

    Returns
    -------
    Positions

    Raises
    ------
    FormatError
        If the notation or order is none that is known, or the axes are not sure and stay so.
    """
    if places.notation not in NOTATIONS or places.order not in ORDERS:
        raise FormatError(
            f"{sheet.file}: the notation {places.notation!r} or the order {places.order!r} is not known. "
            f"Notations: {', '.join(NOTATIONS[1:])}. Orders: {', '.join(ORDERS[1:])}."
        )
    geographic = crs.is_geographic if crs is not None else (True if degrees else None)
    bounds = bounds_of(crs) if crs is not None and not geographic else None
    found, faults = _read(sheet, places, geographic, bounds)
    kind = _kind(found, geographic)
    for i, position in enumerate(found):
        if position is not None and (fault := _conflict(i, position, kind, crs)):
            faults[i] = fault
    xy = np.full((len(found), 2), np.nan)
    for i, position in enumerate(found):
        if position is not None and i not in faults:
            xy[i] = position.x, position.y
    if axes_unsure and kind == "grid" and _north_is_x(sheet.file, places, xy, bounds):
        xy = xy[:, ::-1].copy()
    remarks = [_coarse(i, p) for i, p in enumerate(found) if p is not None and p.size_m > 1 and i not in faults]
    if kind == "degrees" and crs is None:
        remarks.insert(0, _by_notation(found))
    return Positions(xy, faults, tuple(remarks), WGS84 if kind == "degrees" and crs is None else crs)


def _read(
    sheet: Sheet, places: Places, geographic: bool | None, bounds: Bounds | None
) -> tuple[list[Position | None], dict[int, RawFault]]:
    columns = [sheet.cells(name) for name in ((places.text,) if places.text else (places.x, places.y))]
    found: list[Position | None] = [None] * len(sheet.rows)
    faults: dict[int, RawFault] = {}
    for i, cells in enumerate(zip(*columns, strict=True)):
        if all(map(is_blank, cells)):
            continue
        try:
            found[i] = _one(cells, places, geographic, bounds)
        except NotReadError as refused:
            faults[i] = RawFault(i, _UNREADABLE, f"It {refused.why}.", refused.remedy)
    return found, faults


def _one(cells: tuple[Any, ...], places: Places, geographic: bool | None, bounds: Bounds | None) -> Position:
    if len(cells) == 1:
        return read_position(cells[0], places.order, places.notation, geographic, bounds)
    if any(map(is_blank, cells)):
        raise NotReadError("has only one of its two coordinates", "Fill in the other.")
    x, y = cells
    return read_pair(x, y, places.notation, geographic, bounds)


def _kind(found: list[Position | None], geographic: bool | None) -> Kind:
    if geographic is not None:
        return "degrees" if geographic else "grid"
    kinds = [position.kind for position in found if position is not None]
    return "degrees" if kinds.count("degrees") * 2 >= len(kinds) else "grid"


def _conflict(at: int, position: Position, kind: Kind, crs: pyproj.CRS | None) -> RawFault | None:
    if position.plain and kind == "degrees":
        remedy = "Correct the coordinates, or state the CRS if they are numbers of a grid."
        seen = f"Its coordinates {position.x:.12g}, {position.y:.12g} are no longitude and latitude."
        return RawFault(at, _UNREADABLE, seen, remedy) if position.kind == "grid" else None
    if position.kind != kind:
        words = {"degrees": "degrees", "grid": "numbers of a grid"}
        rest = f"{crs.name} is stated" if crs is not None else f"the table has {words[kind]}"
        remedy = "Correct the coordinates, or read such records from a file of their own."
        return RawFault(at, "crs-conflict", f"Its coordinates are {words[position.kind]}, and {rest}.", remedy)
    if position.wgs84 and crs is not None and not same_crs(crs, WGS84):
        remedy = "State no CRS for them, or write the coordinates in the CRS that is stated."
        return RawFault(
            at, "crs-conflict", f"It is written in MGRS or UTM on WGS 84, and {crs.name} is stated.", remedy
        )
    return None


def bounds_of(crs: pyproj.CRS) -> Bounds | None:
    """Where the coordinates of a projected CRS lie, a tenth of its extent beyond its area of use included."""
    area, base = crs.area_of_use, crs.geodetic_crs
    if area is None or base is None:
        return None
    try:
        door = pyproj.Transformer.from_crs(base, crs, always_xy=True)
        west, south, east, north = door.transform_bounds(*area.bounds, errcheck=True)
    except pyproj.exceptions.ProjError:
        return None
    dx, dy = (east - west) / 10, (north - south) / 10
    return west - dx, south - dy, east + dx, north + dy


def _north_is_x(file: str, places: Places, xy: NDArray[np.float64], bounds: Bounds | None) -> bool:
    """Whether the first column is north, where the CRS leaves only one reading; refused where it does not."""
    if bounds is not None:
        as_named, swapped = _inside(xy, bounds), _inside(xy[:, ::-1], bounds)
        only_named, only_swapped = bool((as_named & ~swapped).any()), bool((swapped & ~as_named).any())
        if only_named != only_swapped:
            return only_swapped
    raise FormatError(
        f"{file}: which of the columns {places.x!r} and {places.y!r} is east and which is north is not known; some grids "
        "call north X. Say so in a profile (x = the column that is east, y = the one that is north), or state the CRS."
    )


def _inside(xy: NDArray[np.float64], bounds: Bounds) -> NDArray[np.bool_]:
    west, south, east, north = bounds
    inside = (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)
    return np.asarray(inside, dtype=bool)


def _coarse(at: int, position: Position) -> RawFault:
    seen = f"Its position names a square of {position.size_m:g} m and no point; the middle of it is taken."
    return RawFault(at, "coordinates-coarse", seen, "Write all ten figures of the position.")


def _by_notation(found: list[Position | None]) -> RawFault:
    grids = any(position is not None and position.wgs84 for position in found)
    written = "MGRS or UTM" if grids else "degrees"
    seen = f"The table names no CRS; its positions are written in {written} and are taken as WGS 84."
    return RawFault(None, "crs-by-notation", seen, "Make sure that they are, or state the CRS.")
