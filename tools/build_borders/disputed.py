"""Ground that a source draws in one country and that is not under its control, or is claimed by another."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely

from .download import sha256_of
from .output import write_text
from .topojson import write_topojson

_AREAS = Path(__file__).with_name("disputed_areas.geojson")


def layer() -> gpd.GeoDataFrame:
    """Areas of Natural Earth 4.0.0 in the mission's regions, with what it says of each."""
    frame = gpd.read_file(_AREAS).sort_values("name").reset_index(drop=True)
    shapes = [shapely.multipolygons(shapely.get_parts(shape)) for shape in frame.geometry]
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=4326)


def write(folder: Path) -> dict[str, str]:
    """Write the areas beside the borders of Natural Earth, with where they come from.

    Returns
    -------
    dict
        ``file`` and ``sha256``, for the index.
    """
    path = folder / "disputed_areas.topojson.gz"
    write_topojson(path, {"areas": layer()})
    write_text(folder / "DISPUTED.md", _ABOUT)
    return {"file": path.name, "sha256": sha256_of(path)}


_ABOUT = """
# Disputed areas

Natural Earth 4.0.0, 1:10m Admin 0 breakaway and disputed areas, public domain, from the GitHub repository
`martynafford/natural-earth-geojson` at 0b9a6ce (CC0); those that reach into the embedded regions, four fields kept, coordinates
on a grid of 1e-6 degree. The table is `tools/build_borders/disputed_areas.geojson`.

What it says of who controls and who claims an area is older than the borders beside it and may no longer hold: of
Nagorno-Karabakh it does not. The
areas are told, not cut out: a side stays the country that both border sources draw there. Nothing here says whose ground it is.
"""
