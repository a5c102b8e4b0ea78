"""Countries and boundary lines of Natural Earth 1:10m."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely
from shapely.geometry import box

from .config import Box, Config
from .download import unzip

_COUNTRIES = "ne_10m_admin_0_countries"
_LINES = "ne_10m_admin_0_boundary_lines_land"
_ORDINARY = "unstated"


def unpack(archive: Path, cache: Path) -> Path:
    """The folder with the shapefiles of the package."""
    folder = cache / "natural_earth"
    for layer in (_COUNTRIES, _LINES):
        unzip(archive, f"/{layer}.", folder)
    return folder


def read_countries(folder: Path, wanted: Box, config: Config) -> dict[str, shapely.Geometry]:
    """Countries that meet a box, whole, by code.

    Parameters
    ----------
    folder : Path
        From `unpack`.
    wanted : tuple
        West, south, east, north in degrees.
    config : Config

    Returns
    -------
    dict
    """
    frame = pyogrio.read_dataframe(folder / f"{_COUNTRIES}.shp", columns=["ADM0_A3"], bbox=wanted)
    frame = frame[frame.intersects(box(*wanted))]
    codes = frame["ADM0_A3"].replace(config.ne_codes)
    return dict(sorted(zip(codes, shapely.make_valid(frame.geometry.to_numpy()), strict=True)))


def _status(row: dict[str, object], words: dict[str, str]) -> str:
    """The most cautious status that any point of view gives: a line that one country disputes is disputed."""
    said = {words[str(value)] for value in row.values() if str(value) in words}
    return next((word for word in ("disputed", "undetermined") if word in said), _ORDINARY)


def read_lines(folder: Path, wanted: Box, config: Config) -> gpd.GeoDataFrame:
    """Boundary lines that meet a box, with the pair of codes and a status of this project.

    Natural Earth calls an ordinary line "International boundary (verify)". That says neither agreed nor delimited,
    so it stays *unstated*.

    Returns
    -------
    GeoDataFrame
        Columns ``pair`` (two codes joined by ``-``), ``status`` and geometry.
    """
    frame = pyogrio.read_dataframe(folder / f"{_LINES}.shp", bbox=wanted)
    views = [column for column in frame.columns if column.startswith(("FEATURECLA", "FCLASS_"))]
    codes = frame[["ADM0_A3_L", "ADM0_A3_R"]].replace(config.ne_codes)
    pairs = ["-".join(sorted(map(str, row))) for row in codes.to_numpy()]
    status = [_status(row, config.ne_status) for row in frame[views].to_dict("records")]
    return gpd.GeoDataFrame({"pair": pairs, "status": status}, geometry=frame.geometry.to_numpy(), crs=4326)
