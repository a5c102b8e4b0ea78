"""The embedded overview map: countries and places around the data, for finding one's way and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from hazardgeo import datasets
from hazardgeo.maps._coordinates import BASE_DECIMALS, Position, polygon_parts
from hazardgeo.overlay import polygonal

if TYPE_CHECKING:
    import geopandas as gpd

ATTRIBUTION = "Base map: Natural Earth 1:10m (public domain), overview only."
_LEAST_DEGREES = 2.0
_MARGIN_LON, _MARGIN_LAT = 2.0, 1.5
_PLACES = 400


@dataclass(frozen=True)
class Base:
    """The base around some data, and the box that the map does not leave."""

    limits: list[Position]
    """South-west and north-east corner."""
    drawn: dict[str, Any] | None
    """What the page draws; None where the embedded base does not reach the data."""
    note: str


def base_around(bounds: list[Position] | None) -> Base:
    """Cut the embedded base around the data, wide enough to fill the view on any screen.

    The embedded base ends somewhere. Where the data lie inside it, so does the map, and its edge is never seen; where
    they do not, the note says so.
    """
    if bounds is None:
        return Base([[-60.0, -180.0], [80.0, 180.0]], None, "No base map: there is no outline to draw it around.")
    limits = _limits(bounds)
    found = _extent(bounds)
    if found is None:
        return Base(limits, None, "No base map: the data lie outside the embedded one.")
    name, extent = found
    inside = extent.covers(_box(bounds))
    frame = shapely.intersection(extent, _box(limits))
    note = ATTRIBUTION if inside else f"{ATTRIBUTION} Part of the data lies outside it."
    return Base(_corners(frame) if inside else limits, _cut(name, frame), note)


def _limits(bounds: list[Position]) -> list[Position]:
    (south, west), (north, east) = bounds
    size = max(east - west, (north - south) * 1.4, _LEAST_DEGREES)
    lon, lat = (west + east) / 2, (south + north) / 2
    return [
        [max(lat - _MARGIN_LAT * size, -85.0), max(lon - _MARGIN_LON * size, -360.0)],
        [min(lat + _MARGIN_LAT * size, 85.0), min(lon + _MARGIN_LON * size, 360.0)],
    ]


def _extent(bounds: list[Position]) -> tuple[str, Any] | None:
    """Name and box of the embedded region that holds most of the data; None where none reaches them."""
    if not datasets.BASEMAP.is_file():
        return None
    import geopandas as gpd

    countries = gpd.read_file(datasets.BASEMAP, layer="countries")
    boxes = {
        str(name): shapely.box(*shapely.total_bounds(own.geometry.to_numpy()))
        for name, own in countries.groupby("extent")
    }
    box = _box(bounds)
    # Extents overlap: of those that hold as much, the smaller one, which was made for these data.
    best = max(boxes, key=lambda name: (shapely.intersection(boxes[name], box).area, -boxes[name].area))
    return (best, boxes[best]) if boxes[best].intersects(box) else None


def _cut(extent: str, frame: Any) -> dict[str, Any]:
    import geopandas as gpd

    countries = gpd.read_file(datasets.BASEMAP, layer="countries", bbox=frame.bounds)
    places = gpd.read_file(datasets.BASEMAP, layer="places", bbox=frame.bounds)
    own = countries[countries["extent"] == extent]
    return {"sea": _corners(frame), "countries": _countries(own, frame), "places": _places(places)}


def _box(corners: list[Position]) -> Any:
    (south, west), (north, east) = corners
    return shapely.box(west, south, east, north)


def _corners(box: Any) -> list[Position]:
    west, south, east, north = box.bounds
    return [[south, west], [north, east]]


def _countries(countries: gpd.GeoDataFrame, frame: Any) -> list[dict[str, Any]]:
    cut = shapely.intersection(shapely.make_valid(countries.geometry.to_numpy()), frame)
    return [
        {"name": str(name), "parts": polygon_parts(polygonal(geometry), BASE_DECIMALS)}
        for name, geometry in sorted(zip(countries["name"], cut, strict=True), key=lambda pair: str(pair[0]))
        if not geometry.is_empty
    ]


def _places(places: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """List places by population, the largest first; none is marked as a capital, which can itself be in dispute."""
    rows = [
        (-int(place.pop_max or 0), str(place.name), place.geometry.y, place.geometry.x)
        for place in places.itertuples(index=False)
    ]
    return [{"name": name, "at": [round(lat, 4), round(lon, 4)]} for _, name, lat, lon in sorted(rows)[:_PLACES]]
