"""In which unit a raster states elevations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.constants import ELEVATION_GREATEST_M, ELEVATION_LEAST_M, M_PER_FT, M_PER_US_FT
from hazardgeo.errors import FormatError
from hazardgeo.exposure._raster import Window, opened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.exposure._raster import Raster

UNITS = {"m": 1.0, "ft": M_PER_FT.value, "us-ft": M_PER_US_FT.value}

_SPELT = {
    "m": ("m", "metre", "metres", "meter", "meters"),
    "ft": ("ft", "foot", "feet", "international foot"),
    "us-ft": ("us-ft", "us_ft", "ftus", "us survey foot", "us survey feet", "us foot"),
}
_SAY = "Say vertical_unit='m', 'ft' (international feet) or 'us-ft' (US survey feet)"


def metres_per_unit(raster: Raster, given: str | None) -> float:
    """Metres in the unit of a raster of elevations: what the file says, or what is given where it says nothing.

    Parameters
    ----------
    raster : Raster
    given : str, optional
        ``"m"``, ``"ft"`` or ``"us-ft"``.

    Returns
    -------
    float

    Raises
    ------
    FormatError
        If nobody says it, the file says one that is not known, or what is given contradicts the file.
    """
    if given is not None and given not in UNITS:
        raise FormatError(f"vertical_unit={given!r} is not known. {_SAY}.")
    stated = _stated(raster)
    unknown = [text for text in stated if _unit(text) is None]
    if unknown:
        raise FormatError(
            f"{raster.path}: gives its values in {unknown[0]!r}, which is no unit of elevation known here. Convert it to metres."
        )
    units = {_unit(text) for text in stated} | ({given} if given else set())
    if len(units) > 1:
        said = " and ".join(repr(text) for text in stated)
        also = f", and {given!r} was given" if given else ""
        raise FormatError(
            f"{raster.path}: its elevations are said to be in {said}{also}. Correct what is wrong: feet taken for metres make "
            "slopes three times as steep."
        )
    if not units:
        raise FormatError(
            f"{raster.path}: does not say in which unit its elevations are; feet taken for metres make slopes three times as "
            f"steep. {_SAY}."
        )
    return UNITS[str(units.pop())]


def _unit(text: str) -> str | None:
    return next((unit for unit, spelt in _SPELT.items() if text.strip().casefold() in spelt), None)


def _stated(raster: Raster) -> list[str]:
    """What the band and a vertical CRS say."""
    import pyproj

    with opened(raster.path) as dataset:
        of_band, crs = dataset.units[raster.band - 1], dataset.crs
    parts: list[Any] = [] if crs is None else pyproj.CRS.from_wkt(crs.to_wkt(version="WKT2_2019")).sub_crs_list
    axes = [part.axis_info[0].unit_name for part in parts if part.is_vertical]
    return [text for text in (of_band, *axes) if text]


def refuse_impossible(raster: Raster, window: Window, elevation: NDArray[np.float64], cells: NDArray[np.intp]) -> None:
    """Refuse elevations that no ground has, in cells of hazards or beside them: most often a void that is not declared.

    Parameters
    ----------
    raster : Raster
    window : Window
    elevation : ndarray of float
        Of the window, with one row and column more on each side [m]; NaN where there is none.
    cells : ndarray of int
        Places of the cells that are asked, row after row of the window.
    """
    wrong = (elevation < ELEVATION_LEAST_M.value) | (elevation > ELEVATION_GREATEST_M.value)
    if not wrong.any():
        return
    near = np.zeros_like(wrong)
    row, column = cells // window.columns, cells % window.columns
    for down in range(3):
        for right in range(3):
            near[row + down, column + right] = True
    around = Window(window.row - 1, window.column - 1, *elevation.shape)
    raster.refuse(around, wrong & near, elevation, "taken as metres is the elevation of no land on Earth")
