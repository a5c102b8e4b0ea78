"""What is wrong with an outline as such, before it has a place on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.measure import grouped
from hazardgeo.overlay import Mended, RecordedPlane, candidates_in_words, fault_in_words, mend
from hazardgeo.registers._rules import RULES, repeated_parts
from hazardgeo.schema import RELEASES

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray

    from hazardgeo.registers._account import Account
    from hazardgeo.registers._limits import Limits
    from hazardgeo.registers._watch import Watch
    from hazardgeo.schema import Schema

_KINDS = np.array(
    ["Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "collection"]
)


_MEND = "Mend the outline in the source; as recorded it is in the worklist's sheet Repairs (Python: repairs)."
_ASK = "Where all readings of an outline agree, it is repaired on demand: repair=True (command: --repair)."


def check_shapes(
    account: Account, schema: Schema, limits: Limits, watch: Watch, *, repair_in: pyproj.CRS | None = None
) -> NDArray[np.object_]:
    """Find the records without an outline that can be measured.

    Parameters
    ----------
    account : Account
    schema : Schema
    limits : Limits
    watch : Watch
    repair_in : pyproj.CRS, optional
        CRS of the coordinates, where broken outlines may be repaired; what became of each is entered in the account.

    Returns
    -------
    ndarray of shapely geometries
        In the plan; None where there is none.
    """
    shapes = account.raw.shapes.copy()
    if shapely.has_z(shapes).any():
        shapes = np.asarray(shapely.force_2d(shapes), dtype=object)
    _leave_out(account, shapes, watch)
    sound = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    told = {fault.at for fault in account.raw.faults if RULES[fault.rule].severity == "quarantined"}
    for i in np.flatnonzero(~sound):
        if i not in told and account.raw.row_number(int(i)) not in watch.skip:
            seen = "It has no geometry." if shapes[i] is None else "Its geometry is empty."
            account.add(int(i), "geometry-missing", seen, _add_it(schema))
    _check_kinds(account, shapes, schema, sound)
    _check_coordinates(account, shapes, limits, sound)
    for hit in repeated_parts(shapes):
        if hit.at is not None and sound[hit.at]:
            account.add(hit.at, "part-repeated", hit.seen, hit.remedy)
            sound[hit.at] = False
    positions = np.flatnonzero(sound)
    rows = [(account.raw.row_number(int(i)),) for i in positions]
    plane = None if repair_in is None else RecordedPlane(repair_in)
    for batch in watch.batches("outlines", rows):
        for i in positions[batch][~shapely.is_valid(shapes[positions[batch]])]:
            if plane is None:
                _refuse(account, int(i), shapes[i], None)
            else:
                _repair(account, int(i), shapes, mend(account.raw.shapes[i], plane, _role(schema)))
    return shapes


def _leave_out(account: Account, shapes: NDArray[np.object_], watch: Watch) -> None:
    """Set the records aside that stopped a worker before."""
    for i in range(account.raw.count if watch.skip else 0):
        if account.raw.row_number(i) in watch.skip:
            seen = "Work on its outline took more memory or time than it may, and was stopped."
            account.add(i, "record-costly", seen, "Look for damage in it; simplify or split it.")
            shapes[i] = None


def _add_it(schema: Schema) -> str:
    return "Add the outline." if "Polygon" in schema.shapes else "Add the coordinates."


def _check_kinds(account: Account, shapes: NDArray[Any], schema: Schema, sound: NDArray[np.bool_]) -> None:
    kinds = shapely.get_type_id(shapes)
    wanted = [int(np.flatnonzero(kind == _KINDS)[0]) for kind in schema.shapes]
    for i in np.flatnonzero(sound & ~np.isin(kinds, wanted)):
        seen = f"It is a {_KINDS[kinds[i]]}, not a {schema.shapes[0].casefold()}."
        remedy = (
            "Record points in a file of points; give hazards an outline."
            if schema.shapes[0] == "Polygon"
            else "Record outlines in a file of hazards or releases; give points one place each."
        )
        account.add(int(i), "geometry-kind", seen, remedy)
        sound[i] = False


def _check_coordinates(account: Account, shapes: NDArray[Any], limits: Limits, sound: NDArray[np.bool_]) -> None:
    corners = shapely.get_num_coordinates(shapes)
    for i in np.flatnonzero(sound & (corners > limits.vertices)):
        seen = f"It has {corners[i]:,} corners, more than the limit of {limits.vertices:,}."
        account.add(int(i), "limit-vertices", seen, "Simplify or split it, or raise the limit (hazardgeo.Limits).")
        sound[i] = False
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    for i in np.unique(of[~np.isfinite(xy).all(axis=1)]):
        if sound[i]:
            account.add(int(i), "geometry-not-finite", "A coordinate is not a number.", "Correct the coordinate.")
            sound[i] = False


def _role(schema: Schema) -> str:
    return "cleared" if schema is RELEASES else "hazard"


def _repair(account: Account, i: int, shapes: NDArray[Any], mended: Mended) -> None:
    account.repairs[i] = mended
    if mended.shape is None:
        _refuse(account, i, shapes[i], mended)
        return
    shapes[i] = mended.shape
    named = f" ({mended.reading})" if mended.reading else ""
    seen = (
        f"Its outline was not valid ({mended.fault}) and was repaired: {mended.method}{named}, {grouped(mended.after_m2, 1)} m²; "
        f"as recorded its rings give {grouped(mended.before_m2, 1)} m². {mended.why}"
    )
    account.add(i, "geometry-repaired", seen, _MEND)


def _refuse(account: Account, i: int, shape: Any, mended: Mended | None) -> None:
    """Say what is wrong with an outline that is not valid and, where its readings were looked at, what they come to."""
    reason = shapely.is_valid_reason(shape)
    parts = shapely.get_parts(shape)
    read, ask = ("", f" {_ASK}") if mended is None else (f" {mended.why}", "")
    if mended is not None and mended.candidates:
        read += f" Readings: {candidates_in_words(mended.candidates)}."
    if "few points" in reason.casefold():
        account.add(
            i, "geometry-too-few-points", "Its outline has fewer than three corners.", "Add the missing corners."
        )
    elif len(parts) > 1 and shapely.is_valid(parts).all():
        remedy = f"Merge the parts that overlap, or delete the repeated one.{ask}"
        account.add(i, "parts-overlap", _overlap(parts) + read, remedy)
    else:
        remedy = "Put the points in the order walked (a bow-tie has two of them swapped), or cut off what overshoots."
        if "hole" in reason.casefold():
            remedy = "Check each hole: it must lie within the outline. A part beyond it is a part of its own."
        account.add(i, "geometry-broken", f"Its outline is not valid: {fault_in_words(reason)}.{read}", remedy + ask)


def _overlap(parts: NDArray[Any]) -> str:
    united = shapely.union_all(parts).area
    share = (shapely.area(parts).sum() - united) / united if united else 0.0
    return f"{len(parts)} parts of it overlap or share an edge; {share:.2%} of its ground counts twice."
