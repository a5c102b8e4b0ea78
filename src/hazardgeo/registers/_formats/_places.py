"""Where the shapes of a table stand: said by a profile, or found by the names of the columns, never guessed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hazardgeo.errors import FormatError
from hazardgeo.measure._traverse._units import NotDrawnError
from hazardgeo.registers._formats._grid_text import looks_like_position
from hazardgeo.registers._formats._layer import RawFault, RawLayer
from hazardgeo.registers._formats._positions import Positions, positions_of
from hazardgeo.registers._formats._sheet import Sheet, is_blank
from hazardgeo.registers._formats._traverse_columns import Legs, find_legs, has_legs_to_draw
from hazardgeo.registers._formats._wkt import GEOMETRY_COLUMNS, wkt_layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyproj

_LONLAT = (("lon", "long", "lng", "longitude"), ("lat", "latitude"))
_EAST_NORTH = (("easting", "east", "e"), ("northing", "north", "n"))
_XY = (("x", "point_x", "coord_x"), ("y", "point_y", "coord_y"))
_TEXT = ("coordinates", "coords", "mgrs", "position", "location", "koordinate")
_POINT_NUMBER = (
    "point_no", "pointno", "point no", "point no.", "point_number", "point number", "vertex", "vertex_no", "vertex no",
)  # fmt: skip
_ANY_NUMBER = ("seq", "order", "number", "nr", "nr.", "no", "no.")
_RECORD = (
    "hazard_id", "release_id", "point_id", "depot_id", "id", "record", "record_id", "record id", "hazard", "hazard id",
    "polygon", "polygon_id", "polygon id", "area_id", "shape_id",
)  # fmt: skip
_PART = ("part", "part_no", "partno", "part no", "part number", "part_number")
_POINT_TYPE = ("point_type", "pointtype", "point type", "pointtypeenum", "type_of_point", "type of point")


@dataclass(frozen=True)
class Places:
    """Names of the columns in which the shapes of a table stand; empty: to be found out.

    Parameters
    ----------
    wkt : str
        Well-known text.
    x, y : str
        Longitude or easting, and latitude or northing.
    text : str
        Both coordinates, MGRS or UTM, in one text.
    order : str
        ``"lon lat"`` or ``"lat lon"``: which comes first in such a text.
    notation : str
        ``"decimal"``, ``"dms"``, ``"mgrs"``, ``"utm"`` or ``"grid"``: positions written otherwise are then refused.
    record : str
        In tables with a row for each point: which record the point belongs to.
    number : str
        Number of the point; the outline goes in this order.
    part : str
        Part of the record, where it has several.
    point_type : str
        What the point is.
    vertex_types : tuple of str
        The words there that make the point a corner of the outline; empty: those of IMSMA.
    legs : Legs
        Bearings and distances, where points have these in place of coordinates.
    """

    wkt: str = ""
    x: str = ""
    y: str = ""
    text: str = ""
    order: str = ""
    notation: str = ""
    record: str = ""
    number: str = ""
    part: str = ""
    point_type: str = ""
    vertex_types: tuple[str, ...] = ()
    legs: Legs = field(default_factory=Legs)


def shapes_of(sheet: Sheet, places: Places | None = None, crs: pyproj.CRS | None = None) -> RawLayer:
    """Make a layer of a sheet.

    Parameters
    ----------
    sheet : Sheet
    places : Places, optional
        What is known of the columns; the rest is found by their names.
    crs : pyproj.CRS, optional
        CRS that the caller states for the file. It decides between readings, and nothing is transformed.

    Returns
    -------
    RawLayer
        One record for each row, or for each id where a row is a point. The columns that make the shape are not among
        its cells.

    Raises
    ------
    FormatError
        If no column holds shapes, several could, or one that is named is not there.
    """
    places = places or Places()
    _refuse_absent(sheet, places)
    known = _with_shapes(sheet, places)
    if known.wkt:
        return wkt_layer(sheet, known.wkt)
    folded = (known.x.strip().casefold(), known.y.strip().casefold())
    positions = positions_of(
        sheet,
        known,
        crs,
        axes_unsure=not places.x and not known.text and folded[0] in _XY[0],
        degrees=folded[0] in _LONLAT[0] and folded[1] in _LONLAT[1],
    )
    known = _with_points(sheet, replace(known, legs=_legs(sheet, known, positions)))
    if known.number:
        from hazardgeo.registers._formats._vertices import outlines

        return outlines(sheet, known, positions)
    return _points(sheet, known, positions)


def _legs(sheet: Sheet, places: Places, positions: Positions) -> Legs:
    """The columns of legs; none where every row has its place, so that a bearing there says something else."""
    legs = find_legs(sheet, places.legs, (places.x, places.y, places.text))
    placed = [i in positions.faults or bool(np.isfinite(xy).all()) for i, xy in enumerate(positions.xy)]
    return (
        legs
        if has_legs_to_draw(sheet, legs, placed)
        else Legs(stated=legs.stated, asked=legs.asked, lacking=legs.lacking)
    )


def _refuse_absent(sheet: Sheet, places: Places) -> None:
    named = (places.wkt, places.x, places.y, places.text, places.record, places.number, places.part, places.point_type)
    if absent := [name for name in named if name and name not in sheet.columns]:
        raise FormatError(
            f"{sheet.file}: there is no column {absent[0]!r}. The sheet {sheet.name!r} has: {_all(sheet)}."
        )
    if bool(places.x) != bool(places.y):
        raise FormatError(f"{sheet.file}: name both columns of coordinates, x (east) and y (north).")
    if sum(map(bool, (places.wkt, places.x, places.text))) > 1:
        raise FormatError(f"{sheet.file}: name one place for the shapes: wkt, or x and y, or text.")


def _all(sheet: Sheet) -> str:
    return ", ".join(sheet.columns)


def _with_shapes(sheet: Sheet, places: Places) -> Places:
    """Name the columns that hold shapes. Well-known text goes before coordinates beside it, such as those of a centre."""
    if places.wkt or places.x or places.text:
        return places
    if found := _called(sheet, GEOMETRY_COLUMNS):
        return replace(places, wkt=_only(sheet, [(name,) for name in found])[0])
    pairs = [(x, y) for xs, ys in (_LONLAT, _EAST_NORTH, _XY) for x in _called(sheet, xs) for y in _called(sheet, ys)]
    texts = [
        (name,) for name in _called(sheet, _TEXT) if not sheet.rows or any(map(looks_like_position, sheet.cells(name)))
    ]
    chosen = _only(sheet, [*pairs, *texts])
    return replace(places, text=chosen[0]) if len(chosen) == 1 else replace(places, x=chosen[0], y=chosen[1])


def _called(sheet: Sheet, names: Iterable[str]) -> list[str]:
    wanted = set(names)
    return [name for name in sheet.columns if name.strip().casefold() in wanted]


def _only(sheet: Sheet, candidates: list[tuple[str, ...]]) -> tuple[str, ...]:
    if not candidates:
        raise FormatError(
            f"{sheet.file}: no column holds shapes. The columns are: {_all(sheet)}. Name one of well-known text "
            f"{GEOMETRY_COLUMNS[0]!r} or {GEOMETRY_COLUMNS[1]!r}, or two 'longitude' and 'latitude', or say in a profile where "
            "they stand (and header_row, if the names of the columns stand in another row)."
        )
    if len(candidates) > 1:
        listed = " and ".join(dict.fromkeys(repr(name) for names in candidates for name in names))
        raise FormatError(
            f"{sheet.file}: the columns {listed} could hold the shapes. Rename one, or say in a profile which is meant."
        )
    return candidates[0]


def _with_points(sheet: Sheet, places: Places) -> Places:
    """Name the columns of a table that has a row for each point; without a number and a record that repeats, it is none."""
    rows_are_records = replace(places, record="", number="")
    taken = {places.x, places.y, places.text}
    names = [name for name in sheet.columns if name not in taken and name in {*_called(sheet, _RECORD), places.record}]
    ids = {name: [None if is_blank(cell) else str(cell) for cell in sheet.cells(name)] for name in names}
    record = places.record or _record(sheet, ids)
    if not record and places.number:
        raise FormatError(f"{sheet.file}: no column of ids repeats from point to point. Name it in a profile (record).")
    if not places.number and (not record or not _repeats(ids[record])):
        return rows_are_records
    found = [name for name in _called(sheet, (*_POINT_NUMBER, *_ANY_NUMBER)) if name not in {*taken, record}]
    # A traverse goes in the order of its rows, and its points need no more than names.
    number = places.number or _one_called(sheet, "number the points", found) or places.legs.point_name
    own = [name for name, cells in ids.items() if _tells_rows_apart(cells)]
    if number and own and not (places.number or places.record):
        # Each row has an id of its own, and one that it shares: points of a hazard, or the corners of its outline.
        if number.strip().casefold() in _ANY_NUMBER:
            return rows_are_records
        raise FormatError(
            f"{sheet.file}: whether a row is a record ({own[0]!r}) or a corner of one ({record!r}) is not known. "
            f"Say in a profile: record = {own[0]!r} or record = {record!r}."
        )
    if not number:
        return rows_are_records
    part = places.part or _one_called(sheet, "name the part", _called(sheet, _PART))
    kind = places.point_type or _one_called(sheet, "say what a point is", _called(sheet, _POINT_TYPE))
    return replace(places, record=record, number=number, part=part, point_type=kind)


def _one_called(sheet: Sheet, what: str, found: list[str]) -> str:
    if len(found) > 1:
        raise FormatError(
            f"{sheet.file}: the columns {' and '.join(map(repr, found))} could {what}. Name one in a profile."
        )
    return found[0] if found else ""


def _record(sheet: Sheet, ids: Mapping[str, list[str | None]]) -> str:
    """The column whose ids repeat; of several, the one that settles the others (a release settles its hazard)."""
    repeating = {name: cells for name, cells in ids.items() if _repeats(cells)}
    for name, cells in repeating.items():
        if all(_settles(cells, others) for others in repeating.values()):
            return name
    if not repeating:
        return ""
    raise FormatError(
        f"{sheet.file}: the columns {' and '.join(map(repr, repeating))} could say which record a point belongs to. "
        "Name one in a profile (record)."
    )


def _repeats(cells: list[str | None]) -> bool:
    filled = [cell for cell in cells if cell is not None]
    return len(set(filled)) < len(filled)


def _tells_rows_apart(cells: list[str | None]) -> bool:
    return None not in cells and not _repeats(cells)


def _settles(cells: list[str | None], others: list[str | None]) -> bool:
    return len(set(zip(cells, others, strict=True))) == len(set(cells))


def _points(sheet: Sheet, places: Places, positions: Positions) -> RawLayer:
    shapes = np.full(len(sheet.rows), None, dtype=object)
    there = np.isfinite(positions.xy).all(axis=1)
    shapes[there] = shapely.points(positions.xy[there])
    made_of = (places.x, places.y, places.text)
    return RawLayer(
        sheet.file,
        sheet.name,
        len(sheet.rows),
        {name: sheet.cells(name) for name in sheet.columns if name not in made_of},
        shapes,
        positions.crs,
        (*sheet.faults, *_in_order(positions), *_undrawn(places.legs, positions)),
        sheet.row_numbers,
        written={name: sheet.cells(name) for name in made_of if name},
    )


def _undrawn(legs: Legs, positions: Positions) -> Iterator[RawFault]:
    """Rows without a place, where a profile says how to draw them and the columns were not found."""
    try:
        legs.refuse_lacking()
    except NotDrawnError as error:
        for i in np.flatnonzero(np.isnan(positions.xy).all(axis=1)):
            if i not in positions.faults:
                yield RawFault(int(i), "traverse-not-drawn", error.seen, error.remedy)


def _in_order(positions: Positions) -> Iterator[RawFault]:
    yield from positions.remarks
    yield from positions.faults.values()
