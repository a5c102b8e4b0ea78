"""What a profile says of traverses: columns of legs, the north, units, and how well all is measured."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from hazardgeo.measure._traverse._errors import SurveyErrors
from hazardgeo.measure._traverse._north import NORTHS, north_of
from hazardgeo.measure._traverse._units import circle_of, metres_of

if TYPE_CHECKING:
    from hazardgeo.registers._formats._traverse_columns import Legs
    from hazardgeo.registers._profiles._said import Said

_ERRORS = tuple(one.name for one in fields(SurveyErrors))
_TEXTS = ("north", "grid", "angle_unit")
_KEYS = (*_TEXTS, "declination_deg", "length_unit", *_ERRORS, "columns")


def legs_of(said: Said) -> Legs:
    """Read the table ``[traverse]`` of a profile.

    Raises
    ------
    HazardgeoError
        If it says something that cannot be; the message names the file and the key.
    """
    from hazardgeo.registers._formats._traverse_columns import COLUMNS, Legs, Stated

    table = said.table("traverse")
    said.refuse_unknown("traverse", table, _KEYS)
    columns: dict[str, Any] = said.texts(
        "traverse.columns", table.pop("columns", {}), "the name of the one column of theirs"
    )
    said.refuse_unknown("traverse.columns", columns, COLUMNS)
    texts: dict[str, Any] = said.texts("traverse", {name: table[name] for name in _TEXTS if name in table})
    declination = _number(said, table, "declination_deg")
    _check_north(said, texts, declination)
    if "angle_unit" in texts:
        said.told("traverse.angle_unit", lambda: circle_of(texts["angle_unit"]))
    length = said.of_type(
        "traverse.length_unit", table.get("length_unit", ""), str | int | float, "text, or a number of metres"
    )
    if length != "":
        said.told("traverse.length_unit", lambda: metres_of(length))
    stated = {name: value for name in _ERRORS if (value := _number(said, table, name)) is not None}
    errors = said.told("traverse", lambda: SurveyErrors(**stated))
    said_of_all = Stated(**texts, declination_deg=declination, length_unit=length, errors=errors)
    return Legs(**columns, stated=said_of_all, asked="traverse" in said.keys)


def _number(said: Said, table: dict[str, Any], name: str) -> float | None:
    if name not in table:
        return None
    return float(said.of_type(f"traverse.{name}", table[name], int | float, "a number"))


def _check_north(said: Said, texts: dict[str, str], declination: float | None) -> None:
    """Refuse what no row could make good; what a row may still say is left open."""
    north = texts.get("north", "")
    if north and north not in NORTHS:
        raise said.fail("traverse.north", f"is {north!r}. Use one of {', '.join(NORTHS)}.")
    if declination is not None:
        said.told("traverse.declination_deg", lambda: north_of(north or "magnetic", declination))
    if "grid" in texts:
        said.told("traverse.grid", lambda: north_of(north or "grid", crs=texts["grid"]))
