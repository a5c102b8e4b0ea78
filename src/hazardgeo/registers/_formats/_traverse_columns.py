"""Which columns of a table hold bearings and distances, and what a profile says of all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import FormatError
from hazardgeo.measure._traverse._errors import SurveyErrors
from hazardgeo.measure._traverse._units import NotDrawnError
from hazardgeo.registers._formats._sheet import is_blank
from hazardgeo.schema import PLAIN, Spelling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hazardgeo.registers._formats._sheet import Sheet

_ANGLES = {
    "degrees": ("degrees", "degree", "deg", "°"),
    "gon": ("gon",),
    "mils_6400": ("mils 6400", "mils6400", "6400"),
    "mils_6000": ("mils 6000", "mils6000", "6000"),
    "mils": ("mils", "mil"),  # of which circle, something else has to say
}
_LENGTHS = {"m": ("m", "metre", "metres", "meter", "meters"), "ft": ("ft", "foot", "feet")}
_WORDS = {
    "bearing": ("bearing", "azimuth", "azimut", "fore bearing", "forward bearing"),
    "distance": ("distance", "leg", "leg length"),
    "back_bearing": ("back bearing", "backbearing", "back azimuth"),
    "from_point": ("from", "from point", "frompoint", "frompoint guid", "frompointinput"),
    "point_name": ("point", "point name", "point id", "pointlocal id", "geopoint guid", "station"),
    "north": ("north", "north reference", "bearing reference", "bearings from"),
    "declination": ("declination", "magnetic declination"),
    "angle_unit": ("angle unit", "angles", "bearing unit"),
    "length_unit": ("length unit", "lengths", "distance unit"),
}
_WITH_UNIT = {"bearing": _ANGLES, "back_bearing": _ANGLES, "declination": _ANGLES, "distance": _LENGTHS}
COLUMNS = tuple(_WORDS)


@dataclass(frozen=True)
class Stated:
    """What is said of every traverse of a table, where its rows do not say it.

    Parameters
    ----------
    north, grid : str
        Which north bearings are counted from; for grid north, the grid where it is not that of the coordinates.
    declination_deg : float, optional
        East positive [degree].
    angle_unit : str
    length_unit : str or float
    errors : SurveyErrors
    spelling : Spelling
        How text writes numbers.
    vertex_sd : str
        Their column of `vertex_sd_m`.
    vertex_sd_factor : float
        Metres in one of its unit.
    vertex_sd_m : float, optional
        What is said of the corners of every record [m].
    """

    north: str = ""
    grid: str = ""
    declination_deg: float | None = None
    angle_unit: str = ""
    length_unit: str | float = ""
    errors: SurveyErrors = field(default_factory=SurveyErrors)
    spelling: Spelling = PLAIN
    vertex_sd: str = "vertex_sd_m"
    vertex_sd_factor: float = 1.0
    vertex_sd_m: float | None = None


@dataclass(frozen=True)
class Legs:
    """Names of the columns of a table of legs; empty: to be found out, or not there."""

    bearing: str = ""
    distance: str = ""
    back_bearing: str = ""
    from_point: str = ""
    point_name: str = ""
    north: str = ""
    declination: str = ""
    angle_unit: str = ""
    length_unit: str = ""
    stated: Stated = field(default_factory=Stated)
    unsure: str = ""
    """Which columns could be meant; then nothing is drawn."""
    asked: bool = False
    """Whether a profile has ``[traverse]``, so that a table without columns of legs lacks something."""
    lacking: tuple[str, ...] = ()
    """Of bearing and distance, those for which no column was found."""

    def refuse_unsure(self) -> None:
        """Refuse to draw by columns of which it is not known which is meant.

        Raises
        ------
        NotDrawnError
            Names them.
        """
        if self.unsure:
            raise NotDrawnError(self.unsure, "Name the one that is meant in a profile, under [traverse.columns].")

    def refuse_lacking(self) -> None:
        """Refuse to draw where a profile says how, and no column was found for the bearing or the distance.

        Raises
        ------
        NotDrawnError
            Names what is lacking.
        """
        if self.asked and self.lacking:
            what = " and for the ".join(self.lacking)
            keys = " and ".join(self.lacking)
            seen = f"There is a [traverse] in the profile, but no column was taken for the {what}."
            raise NotDrawnError(seen, f"Name the column in the profile, under [traverse.columns] ({keys}).")

    @property
    def are_there(self) -> bool:
        """Whether a row can hold a leg."""
        return bool(self.bearing and self.distance)

    @property
    def of_points(self) -> set[str]:
        """Columns that speak of a point, not of its record."""
        if not self.are_there:
            return set()
        return {self.bearing, self.distance, self.back_bearing, self.from_point, self.point_name} - {""}


def find_legs(sheet: Sheet, known: Legs, used: Sequence[str] = ()) -> Legs:
    """Find the columns of legs by their names, where a profile does not name them.

    Parameters
    ----------
    sheet : Sheet
    known : Legs
    used : sequence of str
        Columns that hold something else.

    Returns
    -------
    Legs
        Where several columns could be meant, `unsure` says so; it is no fault of a table that draws nothing.

    Raises
    ------
    FormatError
        If a column that is named is not there.
    """
    named: dict[str, Any] = {name: getattr(known, name) for name in COLUMNS}
    for name, column in named.items():
        if column and column not in sheet.columns:
            raise FormatError(f"{sheet.file}: there is no column {column!r} (traverse.columns.{name}).")
    taken = {column for column in (*named.values(), *used) if column}
    free = [column for column in sheet.columns if column not in taken]
    found = {
        name: [column] if column else [one for one in free if _word_and_unit(one, name) is not None]
        for name, column in named.items()
    }
    if not (found["bearing"] and found["distance"]):
        return replace(known, lacking=tuple(name for name in ("bearing", "distance") if not found[name]))
    several = [
        f"{' and '.join(map(repr, columns))} could hold the {name.replace('_', ' ')}"
        for name, columns in found.items()
        if len(columns) > 1
    ]
    unsure = f"The columns {'; '.join(several)}." if several else ""
    chosen: dict[str, Any] = {name: next(iter(columns), "") for name, columns in found.items()}
    return replace(known, **chosen, unsure=unsure)


def has_legs_to_draw(sheet: Sheet, legs: Legs, placed: Sequence[bool]) -> bool:
    """Whether any row has a bearing or a distance and no place of its own; else such columns say something else.

    Parameters
    ----------
    sheet : Sheet
    legs : Legs
    placed : sequence of bool
        Of every row: whether coordinates stand in it.

    Returns
    -------
    bool
    """
    if not legs.are_there:
        return False
    cells = zip(placed, sheet.cells(legs.bearing), sheet.cells(legs.distance), strict=True)
    return any(not there and not (is_blank(bearing) and is_blank(distance)) for there, bearing, distance in cells)


def unit_in_name(column: str, name: str) -> str:
    """The unit that the name of a column says, such as ``bearing_mils_6000``; empty where it says none.

    Examples
    --------
    >>> unit_in_name("Distance (ft)", "distance"), unit_in_name("distance", "distance")
    ('ft', '')
    """
    return _word_and_unit(column, name) or ""


def unit_of_word(word: str, name: str) -> str:
    """The unit that a word stands for; the word itself where it is none that is known.

    Examples
    --------
    >>> unit_of_word("Feet", "distance"), unit_of_word("mils", "bearing")
    ('ft', 'mils')
    """
    plain = _plain(word)
    return next((unit for unit, words in _WITH_UNIT[name].items() if plain in words), word.strip())


def _word_and_unit(column: str, name: str) -> str | None:
    """The unit in the name of a column that bears one of the words; empty without one, None for another column."""
    plain = _plain(column)
    if plain in _WORDS[name]:
        return ""
    for unit, words in _WITH_UNIT.get(name, {}).items():
        if any(plain == f"{word} {said}" for word in _WORDS[name] for said in words):
            return unit
    return None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w°]|_", " ", text.casefold()).split())
