"""What is recorded at a place: inside, near, or nothing, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from hazardgeo.borders._line._near import refuse_distance
from hazardgeo.borders._parcel._beside_records import CLOSED, OPEN, RELEASED, records_at
from hazardgeo.borders._parcel._places import places_of, refuse_swapped
from hazardgeo.constants import Constant
from hazardgeo.errors import GeometryError
from hazardgeo.measure import wgs84_polygons
from hazardgeo.schema import Shown, require
from hazardgeo.sources import Grade, Source
from hazardgeo.vocabulary import Term, Vocabulary

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_OURS = "hazardgeo: definitions in docs/how_to/parcel.md"
SEARCH_M = Constant(
    "SEARCH_M",
    10_000.0,
    "m",
    "Records further from a place than this are not looked for.",
    Source("hazardgeo design choice; give within_m to change it", Grade.ASSUMED),
)
_FARTHEST_M = 30_000.0  # a place and a record within reach of it must lie in one plane
AT_PLACE = Vocabulary(
    "at_place",
    tuple(
        Term(word, label, meaning, Source(_OURS, Grade.ASSUMED))
        for word, label, meaning in (
            ("inside", "Inside", "All of it lies in the outline, deeper than the outline may be off."),
            (
                "partly_inside",
                "Partly inside",
                "Some of it lies in the outline, deeper than the outline may be off; or it holds the whole outline, and all "
                "that this may be off.",
            ),
            ("cannot_be_told", "Cannot be told", "It lies within what the outline may be off of the outline's edge."),
            ("outside", "Outside", "It lies beyond the outline by more than the outline may be off."),
            ("no_record", "No record", "Nothing is recorded within the distance that was asked."),
        )
    ),
)
"""Words for how a place lies to a record, the gravest first; *no record* does not say that there is no hazard."""


@dataclass(frozen=True, eq=False, repr=False)
class StatusAt(Shown):
    """What is recorded at places.

    `places` has a row for each place, `records` one for each place and record within `within_m` of it, open ground,
    closed and released apart. Records `without_outline` may be anywhere.
    """

    places: pd.DataFrame
    records: pd.DataFrame
    within_m: float
    without_outline: tuple[str, ...]

    @property
    def is_recorded(self) -> bool:
        """Whether a record of any kind holds one of the places, or cannot be told not to."""
        return bool(self.records["word"].isin(AT_PLACE.words[:3]).any()) or bool(self.without_outline)

    @property
    def sentences(self) -> list[str]:
        """What is recorded at each place."""
        return [f"{place}: {words}" for place, words in self.places["words"].items()]

    def to_frame(self) -> pd.DataFrame:
        """The records at the places."""
        return self.records.copy()

    def __str__(self) -> str:
        return "\n".join(self.sentences)


def status_at(
    geometry: Any,
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame | None = None,
    *,
    within_m: float = SEARCH_M.value,
) -> StatusAt:
    """Tell what is recorded at a place: a point, a line or a parcel.

    The answer is about records. Where nothing is recorded nothing is known; where land is released, that is what the
    release says. The datum of the place matters as much as that of the records: a place read from a map in an old datum
    lies hundreds of metres off.

    Parameters
    ----------
    geometry : shapely geometry, geopandas.GeoSeries or geopandas.GeoDataFrame
        A point, line or polygon in longitude and latitude of WGS 84, or several with a CRS and a unique index.
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS, a unique index, ``register`` and ``work_status``.
    releases : geopandas.GeoDataFrame, optional
        Polygons with a CRS, a unique index, ``register`` and ``kind``.
    within_m : float
        How far to look [m], at most 30 000; 10 000 unless given (an unverified default).

    Returns
    -------
    StatusAt
        ``records``: ``place``, ``record``, ``register``, ``country``, ``ground`` (open, closed, released), ``word``
        (inside, partly_inside, cannot_be_told, outside), ``inside`` and ``touches`` (by the outline as recorded),
        ``distance_m`` (geodesic; 0 where it touches), ``edge_m`` (to the nearest edge of the outline), ``direction``
        (of the record, from the place), ``accuracy_m`` (what the outline may be off, at 95 %), ``accuracy_stated``,
        ``classification``, ``work_status``, ``kind``, ``geometry_kind``, ``date`` (of information, or of completion),
        ``source``; the nearest first. ``places`` by place: ``word`` (of open ground), ``open``, ``closed``,
        ``released`` (how many records hold it or may), ``nearest``, ``nearest_m`` (of open ground; NaN where none is
        within `within_m`), ``words``.

    Raises
    ------
    GeometryError
        If a place is missing or is no point, line or polygon on the globe, or `within_m` is no such length.
    CRSError, SchemaError
        If a frame has no CRS, an id stands twice, or a column is missing.

    Notes
    -----
    An outline may be off by 1.96 times the sd of its vertices and of its way to WGS 84, 10 m each vertex where a
    record states none (an unverified default). One whose ``geometry_kind`` is *symbolic* shows a size and not a
    shape: it may be off by its own longest dimension besides. Distances are good to 1 mm and 1e-5 of themselves.

    References
    ----------
    docs/how_to/parcel.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz, shapely
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> print(hz.borders.status_at(hazards.geometry.iloc[0].centroid, hazards).places["word"].iloc[0])
    inside
    >>> print(hz.borders.status_at(shapely.Point(10, 50), hazards).places["word"].iloc[0])
    no_record
    """
    refuse_far(within_m)
    require(hazards, "register", "work_status")
    places = places_of(geometry)
    refuse_swapped(places, wgs84_polygons(hazards))
    found = [records_at(places, hazards, within_m)]
    if releases is not None:
        require(releases, "register", "kind", what="releases")
        found.append(records_at(places, releases, within_m, released=True))
    return summed_up(list(places.index), under_each_other(found), float(within_m), without_outline(hazards))


def refuse_far(within_m: float) -> None:
    """Refuse a distance within which no record can be asked, before any is."""
    refuse_distance("within_m", within_m, _FARTHEST_M, GeometryError)


def under_each_other(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Records of several frames in one table, the nearest of each place first."""
    import pandas as pd

    some = [table for table in tables if len(table)] or tables[:1]
    # A column that is empty in one frame and not in another has no type of its own.
    table = pd.concat([one.astype(object) for one in some], ignore_index=True).astype(_TYPES)
    return table.sort_values(["place", "distance_m", "ground", "record"], ignore_index=True)


_TYPES = {
    "inside": bool,
    "touches": bool,
    "accuracy_stated": bool,
    "distance_m": float,
    "edge_m": float,
    "accuracy_m": float,
}


def without_outline(hazards: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Ids of the records that have no geometry."""
    return tuple(str(name) for name in hazards.index[shapely.is_missing(wgs84_polygons(hazards))])


def summed_up(names: list[Any], records: pd.DataFrame, within_m: float, missing: tuple[str, ...]) -> StatusAt:
    """Sum the records up for each place."""
    import pandas as pd

    rows = []
    for name in names:
        here = records[records["place"] == name]
        open_ground = here[here["ground"] == OPEN]
        held = here[here["word"].isin(AT_PLACE.words[:3])]
        word = next((word for word in AT_PLACE.words if (open_ground["word"] == word).any()), AT_PLACE.words[-1])
        nearest = open_ground.iloc[0] if len(open_ground) else None
        rows.append(
            {
                "word": word,
                **{ground: int((held["ground"] == ground).sum()) for ground in (OPEN, CLOSED, RELEASED)},
                "nearest": None if nearest is None else nearest["record"],
                "nearest_m": math.nan if nearest is None else float(nearest["distance_m"]),
                "words": " ".join(_sentences(held, nearest, within_m, len(missing))),
            }
        )
    index = pd.Index(names, name="place", dtype=object)
    return StatusAt(pd.DataFrame(rows, index=index), records, within_m, missing)


def _sentences(held: pd.DataFrame, nearest: Any, within_m: float, missing: int) -> list[str]:
    lines = [_sentence(row) for ground in (OPEN, CLOSED, RELEASED) for row in _rows(held[held["ground"] == ground])]
    if not (held["ground"] == OPEN).any():
        if nearest is None:
            lines.append(f"No open hazard is recorded within {within_m:g} m.")
        else:
            lines.append(
                f"The nearest open hazard on record, {nearest['record']} of {nearest['register']}, is "
                f"{math.floor(nearest['distance_m'])} m away to the {nearest['direction']}."
            )
        lines.append("That does not say that there is no hazard.")
    if missing:
        lines.append(f"{missing} of the hazards on record have no outline; they may lie here.")
    return lines


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


_OPENING = {
    OPEN: {"inside": "Inside the open hazard", "partly_inside": "Partly inside the open hazard"},
    CLOSED: {"inside": "Inside the closed hazard", "partly_inside": "Partly inside the closed hazard"},
    RELEASED: {"inside": "Inside the land released by", "partly_inside": "Partly inside the land released by"},
}
_CANNOT = {
    OPEN: "It cannot be told whether this is inside the open hazard",
    CLOSED: "It cannot be told whether this is inside the closed hazard",
    RELEASED: "It cannot be told whether this is inside the land released by",
}


def _sentence(row: dict[str, Any]) -> str:
    opening = _OPENING[row["ground"]].get(row["word"], _CANNOT[row["ground"]])
    about = [str(row[name]) for name in ("classification", "work_status", "kind") if isinstance(row[name], str)]
    date = f", {row['date']}" if isinstance(row["date"], str) else ", no date stated"
    stated = "" if row["accuracy_stated"] else ", its own accuracy not stated"
    symbol = "; its outline is a symbol of its size" if row["geometry_kind"] == "symbolic" else ""
    return (
        f"{opening} {row['record']} of {row['register']} ({', '.join(about)}{date}), {row['edge_m']:.0f} m from its edge, "
        f"which may be off by {row['accuracy_m']:.0f} m{stated}{symbol}."
    )
