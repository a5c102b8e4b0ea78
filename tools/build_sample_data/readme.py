"""The README of the sample data, with what is in it counted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import rasterio
import shapely

import hazardgeo as hz

from .demarcation import EVIDENCE, OFFSET_M
from .drafts import Draft
from .ground import lonlat

_SCENES = {
    "long belt": "belts across the line that reach more than 3 km into both countries",
    "belt": "belts across the line",
    "stops dead": "outlines cut off along the line, with nothing of the neighbour's beyond",
    "met at the line": "outlines cut off along the line, with the neighbour's record of the rest beyond",
    "twice": "ground in both registers, drawn twice",
    "partly twice": "records of both registers that overlap in part",
    "confirmed in the other's suspected": "confirmed areas inside a suspected one of the other register",
}


def tools() -> str:
    """Name the versions that the bytes of the files depend on."""
    gdal = ".".join(map(str, pyogrio.__gdal_version__))
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}, numpy {np.__version__}"
    libraries = f"GEOS {shapely.geos_version_string}, GDAL {gdal}, PROJ {pyproj.proj_version_str}"
    return f"{python}, {libraries}, rasters by GDAL {rasterio.__gdal_version__}"


def text(
    frames: dict[str, gpd.GeoDataFrame],
    drafts: list[Draft],
    ids: dict[int, str],
    border: hz.BorderSet,
    *,
    regions: dict[str, tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]],
    places: dict[str, gpd.GeoDataFrame],
    dirty: str,
    seed: int,
    people: int,
) -> str:
    """Write the README.

    Parameters
    ----------
    frames : dict of str to geopandas.GeoDataFrame
        ``BIH``, ``HRV`` and the releases of each.
    drafts : list of Draft
    ids : dict of int to str
        Id of each draft, by ``id(draft)``.
    border : hazardgeo.BorderSet
    regions : dict of str to (geopandas.GeoDataFrame, geopandas.GeoDataFrame)
        Hazards and releases of each region.
    places : dict of str to geopandas.GeoDataFrame
        Of some regions, settlements, crossings and accidents.
    dirty : str
        What is said of the dirty twins.
    seed : int
    people : int
        How many the raster of people holds.

    Returns
    -------
    str
    """
    template = Path(__file__).with_name("README.template.md").read_text(encoding="utf-8")
    return template.format(
        bih=_counts(frames["BIH"]),
        hrv=_counts(frames["HRV"]),
        bih_releases=_kinds(frames["BIH releases"]),
        hrv_releases=_kinds(frames["HRV releases"]),
        scenes="\n".join(f"- {words}: {_examples(drafts, ids, role)}" for role, words in _SCENES.items()),
        border=f"{border.source} ({border.version})",
        offset=OFFSET_M,
        evidence=EVIDENCE,
        regions="\n".join(_region(name, *both, places.get(name)) for name, both in regions.items()),
        dirty=dirty,
        seed=seed,
        people=people,
        tools=tools(),
    )


def _region(name: str, hazards: gpd.GeoDataFrame, released: gpd.GeoDataFrame, places: gpd.GeoDataFrame | None) -> str:
    registers = ", ".join(sorted(hazards["register"].unique()))
    lines = [
        f"| `{name}.geojson` | {len(hazards)} hazards of {registers}. GeoJSON, WGS 84 |",
        f"| `{name}_releases.geojson` | {_kinds(released)} of these registers. WGS 84 |",
    ]
    if places is not None:
        counts = [*places["place"].value_counts().items(), ("accident", (places["kind"] == "accident").sum())]
        words = ", ".join(f"{count} {what}s" for what, count in counts if what)
        lines.append(f"| `{name}_places.geojson` | points beside these hazards: {words}. WGS 84 |")
    return "\n".join(lines)


def _counts(frame: gpd.GeoDataFrame) -> str:
    by_class = frame["classification"].value_counts()
    classes = ", ".join(f"{by_class[word]} {word}" for word in ("SHA", "CHA", "unstated"))
    area = hz.area_m2(lonlat(frame))
    return f"{len(frame)} hazards ({classes}); median {area.median() / 1e4:.1f} ha, sum {area.sum() / 1e6:.1f} km²"


def _kinds(frame: gpd.GeoDataFrame) -> str:
    by_kind = frame["kind"].value_counts()
    kinds = ", ".join(f"{by_kind[kind]} {kind}" for kind in ("cleared", "reduced", "cancelled"))
    return f"{len(frame)} releases ({kinds})"


def _examples(drafts: list[Draft], ids: dict[int, str], role: str) -> str:
    names: list[Any] = []
    for draft in drafts:
        if draft.role == role:
            pair = sorted(ids[id(one)] for one in (draft, draft.partner) if one is not None)
            names.append(" with ".join(pair))
    return ", ".join(dict.fromkeys(names))
