"""What registers' files record at one place, for a person who has the files and the place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._parcel._beside_records import records_at
from hazardgeo.borders._parcel._places import places_of, refuse_swapped
from hazardgeo.borders._parcel._status import (
    SEARCH_M,
    StatusAt,
    refuse_far,
    summed_up,
    under_each_other,
    without_outline,
)
from hazardgeo.crs._versions import versions
from hazardgeo.errors import FormatError
from hazardgeo.measure import wgs84_polygons
from hazardgeo.registers import intake

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import geopandas as gpd

    from hazardgeo.registers import Intake

_ASKED = ("hazards", "releases")


@dataclass(frozen=True, eq=False)
class Where:
    """What files record at one place.

    `status` is what their usable records say; `intakes` tell what became of the others, which may lie there too.
    """

    longitude: float
    latitude: float
    status: StatusAt
    intakes: tuple[Intake, ...]

    @property
    def exit_status(self) -> int:
        """0 nothing recorded within its accuracy, and every record could be asked; else 1."""
        return int(self.status.is_recorded or any(len(taken.quarantine) for taken in self.intakes))

    def as_words(self) -> str:
        """The answer as a person reads it."""
        lines = [str(self.status)]
        lines += [
            f"{taken.file}: {len(taken.quarantine)} of {taken.records_in} records cannot be used, and may lie here; "
            f"'hazardgeo check {taken.file}' tells what to mend."
            for taken in self.intakes
            if len(taken.quarantine)
        ]
        return "\n".join(lines)

    def as_object(self) -> dict[str, Any]:
        """The answer as a program reads it."""
        place = self.status.places.iloc[0]
        return {
            "longitude": self.longitude,
            "latitude": self.latitude,
            **{name: _plain(place[name]) for name in self.status.places.columns},
            "within_m": self.status.within_m,
            "without_outline": list(self.status.without_outline),
            "records": [
                {str(name): _plain(value) for name, value in row.items()}
                for row in self.status.records.to_dict("records")
            ],
            "files": [_account(taken) for taken in self.intakes],
            "versions": versions(),
        }


def _account(taken: Intake) -> dict[str, Any]:
    counts = {"records_in": taken.records_in, "accepted": taken.accepted, "quarantined": len(taken.quarantine)}
    return {"file": taken.file, **counts, "crs": taken.crs, "datum_operation": taken.datum_operation}


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and math.isnan(value) else value


def where(
    files: Sequence[str | os.PathLike[str]],
    longitude: float,
    latitude: float,
    *,
    releases: Sequence[str | os.PathLike[str]] = (),
    within_m: float = SEARCH_M.value,
    **options: Any,
) -> Where:
    """Tell what registers' files record at a place, as `status_at` does, with an account of every record.

    Parameters
    ----------
    files : sequence of path
        Hazards, or sheets of hazards and releases.
    longitude, latitude : float
        Of the place, in degrees of WGS 84.
    releases : sequence of path
        Land released from them.
    within_m : float
        How far to look [m], at most 30 000; 10 000 unless given (an unverified default).
    **options
        Of `hazardgeo.intake`, for every file.

    Returns
    -------
    Where
        ``records`` have the column ``file`` besides.

    Raises
    ------
    FormatError
        If a file cannot be read, or holds neither hazards nor releases: then nothing is answered.
    GeometryError
        If the place is not on the globe, longitude and latitude seem to be exchanged, or `within_m` is no such length.

    References
    ----------
    docs/how_to/parcel.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> answer = hz.borders.where([hz.sample_data("bih_register.gpkg")], 10.0, 50.0)
    >>> answer.exit_status, answer.status.places["word"].iloc[0]
    (0, 'no_record')
    """
    refuse_far(within_m)
    kinds = [*((file, "auto") for file in files), *((file, "releases") for file in releases)]
    intakes = tuple(intake(file, kind, **options) for file, kind in kinds)
    frames = [(taken.file, kind, frame) for taken in intakes for kind, frame in _frames(taken)]
    if not any(kind == "hazards" for _, kind, _ in frames):
        raise FormatError("None of the files holds hazards. Name at least one register of hazards.")
    places = places_of(shapely.Point(longitude, latitude))
    refuse_swapped(places, np.concatenate([wgs84_polygons(frame) for _, _, frame in frames]))
    found = [
        records_at(places, frame, within_m, released=kind == "releases").assign(file=file)
        for file, kind, frame in frames
    ]
    missing = tuple(name for _, kind, frame in frames if kind == "hazards" for name in without_outline(frame))
    status = summed_up(list(places.index), under_each_other(found), float(within_m), missing)
    return Where(float(longitude), float(latitude), status, intakes)


def _frames(taken: Intake) -> list[tuple[str, gpd.GeoDataFrame]]:
    frames = [(kind, taken.frames[kind]) for kind in _ASKED if kind in taken.frames]
    if not frames:
        raise FormatError(f"{taken.file}: holds neither hazards nor releases, so it cannot be asked about a place.")
    return frames
