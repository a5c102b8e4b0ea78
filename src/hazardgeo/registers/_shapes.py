"""What is wrong with an outline as such, before it has a place on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.registers._rules import RULES, repeated_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.registers._account import Account
    from hazardgeo.registers._limits import Limits
    from hazardgeo.registers._watch import Watch
    from hazardgeo.schema import Schema

_KINDS = np.array(
    ["Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "collection"]
)


def check_shapes(account: Account, schema: Schema, limits: Limits, watch: Watch) -> NDArray[np.object_]:
    """Find the records without an outline that can be measured.

    Parameters
    ----------
    account : Account
    schema : Schema
    limits : Limits
    watch : Watch

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
    _check_validity(account, shapes, sound, watch)
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


def _check_validity(account: Account, shapes: NDArray[Any], sound: NDArray[np.bool_], watch: Watch) -> None:
    positions = np.flatnonzero(sound)
    rows = [(account.raw.row_number(int(i)),) for i in positions]
    for batch in watch.batches("outlines", rows):
        _check_valid(account, shapes, positions[batch])


def _check_valid(account: Account, shapes: NDArray[Any], positions: NDArray[np.intp]) -> None:
    for i in positions[~shapely.is_valid(shapes[positions])]:
        reason = shapely.is_valid_reason(shapes[i])
        parts = shapely.get_parts(shapes[i])
        if "few points" in reason.casefold():
            seen = "Its outline has fewer than three corners."
            account.add(int(i), "geometry-too-few-points", seen, "Add the missing corners.")
        elif len(parts) > 1 and shapely.is_valid(parts).all():
            _add_overlap(account, int(i), parts)
        else:
            seen = f"Its outline is not valid: {_in_words(reason)}."
            remedy = "Put the points in the order walked (a bow-tie has two of them swapped)."
            if "hole" in reason.casefold():
                remedy = "Check each hole: it must lie within the outline. A part beyond it is a part of its own."
            account.add(int(i), "geometry-broken", seen, remedy)


def _in_words(reason: str) -> str:
    """What is wrong and where, with no more digits than a person can use.

    Examples
    --------
    >>> _in_words("Self-intersection[755220.476828033 4732008.8473454]")
    'self-intersection at 755220.4768 4732008.847'
    """
    what, _, place = reason.partition("[")
    at = [f"{float(number):.10g}" for number in place.removesuffix("]").split()]
    return f"{what.strip().lower()}{' at ' if at else ''}{' '.join(at)}"


def _add_overlap(account: Account, i: int, parts: NDArray[Any]) -> None:
    united = shapely.union_all(parts).area
    share = (shapely.area(parts).sum() - united) / united if united else 0.0
    seen = f"{len(parts)} parts of it overlap or share an edge; {share:.2%} of its ground counts twice."
    account.add(i, "parts-overlap", seen, "Merge the parts that overlap, or delete the repeated one.")
