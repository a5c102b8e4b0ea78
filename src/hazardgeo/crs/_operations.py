"""Operations from an old datum to WGS 84: which are published, and how each is applied."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
from pyproj.crs import CoordinateOperation  # type: ignore[attr-defined]  # pyproj documents it, and does not list it
from pyproj.transformer import AreaOfInterest, TransformerGroup

from hazardgeo.constants import DATUM_CLAIM_M
from hazardgeo.crs._datum import WGS84, crs_label, is_modern, may_be_datum
from hazardgeo.crs._geod import on_arrays
from hazardgeo.errors import CRSError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Bounds = tuple[float, float, float, float]
"""West, south, east, north [degree]."""
Move = Callable[[Any, Any], tuple[Any, ...]]
_CODE = re.compile(r"(?:urn:ogc:def:coordinateOperation:)?([A-Za-z_]+):{1,2}([A-Za-z0-9_]+)")
_WORLD: Bounds = (-180.0, -90.0, 180.0, 90.0)
# An operation to a modern datum that is not WGS 84 itself ends a metre from it, as PROJ counts it (EPSG:1149 and its like).
AGREES_M = 1.0


@dataclass(frozen=True)
class Operation:
    """One operation from longitude and latitude on some datum to those on WGS 84.

    `code` is what names it (``EPSG:9486``; several, in turn, joined by ``+``), empty where nothing does. `accuracy_m` is what
    its publisher claims, None where he claims nothing. `areas` are boxes outside of which it is not meant to be used; several
    operations in turn have one each.
    """

    code: str
    name: str
    accuracy_m: float | None
    area: str
    areas: tuple[Bounds, ...]
    there: Move
    back: Move

    @property
    def label(self) -> str:
        """Code, name and the versions of PROJ and of the EPSG register, in one line; what a record carries."""
        versions = f"PROJ {pyproj.proj_version_str}, EPSG {pyproj.database.get_database_metadata('EPSG.VERSION')}"
        return f"{self.code} ({self.name}; {versions})" if self.code else f"{self.name} ({versions})"

    def undo(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Find the longitude and latitude on the old datum that the operation brings to these.

        `back` is PROJ's inverse, which leaves centimetres: it turns small angles by their negatives, and knows nothing of the
        height that the way there has dropped. So what is left is taken off until the way there ends where it should.
        """
        x, y = self.back(lon, lat)
        for _ in range(3):
            again = self.there(x, y)
            x, y = x + (lon - again[0] + 180) % 360 - 180, y + lat - again[1]
        return x, y

    def holds(self, bounds: NDArray[np.float64], *, whole: bool = True) -> NDArray[np.bool_]:
        """Whether boxes lie within the areas it is meant for, wholly or in part.

        Parameters
        ----------
        bounds : ndarray of float, shape (n, 4)
            West, south, east, north [degree].
        whole : bool

        Returns
        -------
        ndarray of bool
        """
        held = np.ones(len(bounds), dtype=bool)
        for west, south, east, north in self.areas:
            # An area across the antimeridian ends west of where it begins.
            width = (east - west) % 360 or 360.0
            left, right = (bounds[:, 0] - west) % 360, (bounds[:, 0] - west) % 360 + bounds[:, 2] - bounds[:, 0]
            if whole:
                held &= (right <= width) & (bounds[:, 1] >= south) & (bounds[:, 3] <= north)
            else:
                held &= ((left <= width) | (right >= 360)) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
        return held


def published(base: pyproj.CRS, extent: Bounds | None = None) -> list[Operation]:
    """List the operations from a geographic CRS to WGS 84 that PROJ knows and can apply, none of them a guess.

    Parameters
    ----------
    base : pyproj.CRS
        Geographic.
    extent : Bounds, optional
        Those whose area reaches there, as PROJ would choose them; without it, all.

    Returns
    -------
    list of Operation
    """
    found = [of_transformer(transformer) for transformer in _group(base, extent).transformers]
    # What no register has a code for is made up on the way. PROJ also takes a good name on a wrong ellipsoid, and a nickname
    # ("Hermannskogel") for one of the datums that bear it; those keep the code.
    return [operation for operation in found if operation.code and _starts_on(base, operation.code)]


def _starts_on(base: pyproj.CRS, codes: str) -> bool:
    first = CoordinateOperation.from_authority(*codes.partition("+")[0].split(":")).to_json_dict()
    return any(may_be_datum(base, pyproj.CRS.from_json_dict(first[end])) for end in ("source_crs", "target_crs"))


def _group(base: pyproj.CRS, extent: Bounds | None) -> TransformerGroup:
    area = None if extent is None else AreaOfInterest(*extent)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of grids that are missing: `missing_grids` names them
        try:
            return TransformerGroup(base, WGS84, always_xy=True, area_of_interest=area, allow_ballpark=False)
        except IndexError as error:  # of pyproj 3.7.2, for EPSG:9474 and its like
            raise CRSError(
                f"PROJ cannot list the operations from {crs_label(base)} ({base.name}) to WGS 84."
            ) from error


def missing_grids(base: pyproj.CRS, extent: Bounds) -> list[str]:
    """Operations that PROJ knows and cannot apply here, as a grid of shifts is not installed."""
    return [
        f"{operation.name} (needs {', '.join(grid.short_name for grid in operation.grids if not grid.available)})"
        for operation in _group(base, extent).unavailable_operations
    ]


def of_transformer(transformer: pyproj.Transformer) -> Operation:
    """Give an operation that PROJ has put together: the steps of it that are no mere change of axes or of projection."""
    every = list(_steps(transformer.to_json_dict()))
    steps = [step for step in every if step["type"] != "Conversion"]
    projections = [step["name"] for step in every if not step["name"].startswith("axis order change")]
    codes = [step["id"] for step in steps if "id" in step]
    accuracy, area = transformer.accuracy, transformer.area_of_use
    boxes = [_box(step) for step in steps if "bbox" in step]
    return Operation(
        "+".join(f"{_authority(code)}:{code['code']}" for code in codes) if len(codes) == len(steps) else "",
        " + ".join([step["name"] for step in steps] or projections) or transformer.description,
        _claim(accuracy),
        "" if area is None else area.name.rstrip("."),
        tuple(boxes) or ((_WORLD,) if area is None else (area.bounds,)),
        partial(on_arrays, partial(transformer.transform, errcheck=True)),
        partial(on_arrays, partial(transformer.transform, errcheck=True, direction="INVERSE")),
    )


def _claim(accuracy_m: float | None) -> float | None:
    """What a publisher claims; None where that is nothing, for which the register writes 999 m."""
    return None if accuracy_m is None or not 0 <= accuracy_m < DATUM_CLAIM_M.value else float(accuracy_m)


def _steps(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The steps of an operation, down to those that have a code or no parts."""
    if "steps" not in operation or "id" in operation:
        yield operation
    else:
        for step in operation["steps"]:
            yield from _steps(step)


def _authority(code: dict[str, Any]) -> str:
    # Such as INVERSE(EPSG), or DERIVED_FROM(EPSG) where a file has the datum by its name: which way is told by the datums.
    return str(code["authority"]).rpartition("(")[2].rstrip(")")


def _box(step: dict[str, Any]) -> Bounds:
    box = step["bbox"]
    return (box["west_longitude"], box["south_latitude"], box["east_longitude"], box["north_latitude"])


def named_operation(text: str, base: pyproj.CRS, what: str) -> Operation:
    """Make the operation that a person names by its code, whatever PROJ would choose.

    Parameters
    ----------
    text : str
        Such as ``EPSG:9486``; several in turn are joined by ``+``. Each is applied in the direction that fits.
    base : pyproj.CRS
        Geographic; where it starts.
    what : str
        File or frame, for the message.

    Returns
    -------
    Operation

    Raises
    ------
    CRSError
        If there is no such operation, if it does not start on the datum of `base` or does not end on one that agrees with
        WGS 84, or if it needs a grid that is not installed.
    """
    # A record carries more than the code (`Operation.label`), and may be named as it stands there.
    codes = text.strip().partition(" (")[0].split("+")
    steps, here = [], base
    for code in codes:
        step = _Step(code.strip(), here, what)
        here = step.end
        steps.append(step)
    if not is_modern(here):
        raise CRSError(
            f"{what}: {text} ends on {here.name} and not on WGS 84. Name one that ends on WGS 84 or ETRS89, or add the next "
            "one to it, joined by +."
        )
    claims = [_claim(step.operation.accuracy) for step in steps]
    ends_beside = 0.0 if crs_label(here) == crs_label(WGS84) else AGREES_M
    areas = [step.operation.area_of_use for step in steps]
    return Operation(
        "+".join(step.code for step in steps),
        " + ".join(step.operation.name for step in steps),
        None if None in claims else sum(claim or 0.0 for claim in claims) + ends_beside,
        "; ".join(area.name.rstrip(".") for area in areas if area is not None),
        tuple(_WORLD if area is None else area.bounds for area in areas),
        partial(in_turn, [step.there for step in steps]),
        partial(in_turn, [step.back for step in reversed(steps)]),
    )


def in_turn(moves: list[Move], lon: Any, lat: Any) -> tuple[Any, ...]:
    """Apply moves one after the other."""
    for move in moves:
        lon, lat = move(lon, lat)
    return lon, lat


class _Step:
    """One operation of a register, in the direction that leads on from where one stands."""

    def __init__(self, code: str, here: pyproj.CRS, what: str) -> None:
        self.code, self.operation = _look_up(code, what)
        record = self.operation.to_json_dict()
        ends = [pyproj.CRS.from_json_dict(record[name]) for name in ("source_crs", "target_crs")]
        if not all(end.is_geographic and len(end.axis_info) == 2 for end in ends):
            raise CRSError(f"{what}: {self.code} ({self.operation.name}) is no operation on longitude and latitude.")
        missing = [grid.short_name for grid in self.operation.grids if not grid.available]
        if missing:
            raise CRSError(
                f"{what}: {self.code} ({self.operation.name}) needs {', '.join(missing)}, which is not installed."
            )
        forward, backward = (may_be_datum(here, end) and _same_unit(here, end) for end in ends)
        if not forward and not backward:
            one_datum = here.datum is not None and here.datum.name in [end.datum.name for end in ends if end.datum]
            same = ", of another ellipsoid, unit or meridian" if one_datum else ""
            raise CRSError(
                f"{what}: {self.code} ({self.operation.name}) starts on {ends[0].name}; the coordinates are on "
                f"{here.name}{same}. Name an operation that starts there."
            )
        self.end = ends[1] if forward else ends[0]
        urn = f"urn:ogc:def:coordinateOperation:{self.code.replace(':', '::')}"
        self._transformer = pyproj.Transformer.from_pipeline(urn)
        self._ends = ends
        self._directions = ("FORWARD", "INVERSE") if forward else ("INVERSE", "FORWARD")

    def there(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Apply it."""
        return self._move(self._directions[0], lon, lat)

    def back(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Undo it."""
        return self._move(self._directions[1], lon, lat)

    def _move(self, direction: str, lon: Any, lat: Any) -> tuple[Any, Any]:
        # The register's own order of axes holds here, which is latitude first for nearly all of it.
        first, last = self._ends if direction == "FORWARD" else self._ends[::-1]
        given = (lat, lon) if _latitude_first(first) else (lon, lat)
        moved = on_arrays(partial(self._transformer.transform, errcheck=True, direction=direction), *given)
        return (moved[1], moved[0]) if _latitude_first(last) else (moved[0], moved[1])


def _same_unit(here: pyproj.CRS, end: pyproj.CRS) -> bool:
    return math.isclose(here.axis_info[0].unit_conversion_factor, end.axis_info[0].unit_conversion_factor, rel_tol=1e-9)


def _latitude_first(crs: pyproj.CRS) -> bool:
    return bool(crs.axis_info[0].direction.casefold() == "north")


def _look_up(code: str, what: str) -> tuple[str, CoordinateOperation]:
    match = _CODE.fullmatch(code)
    if match is None:
        raise CRSError(f"{what}: {code!r} is no code of an operation. Give one such as EPSG:9486.")
    authority, number = match.group(1).upper(), match.group(2)
    try:
        return f"{authority}:{number}", CoordinateOperation.from_authority(authority, number)
    except pyproj.exceptions.CRSError as error:
        raise CRSError(
            f"{what}: PROJ {pyproj.proj_version_str} knows no operation {authority}:{number}. Check the code; a code of a CRS "
            "is none of an operation. hazardgeo.compare_datum_operations lists them."
        ) from error
