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
_COUNTRY = "Admin-0 country"


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
    codes, shapes = frame["ADM0_A3"].replace(config.ne_codes).to_numpy(), shapely.make_valid(frame.geometry.to_numpy())
    # Two of its codes may be one country here (Baikonur is Kazakhstan).
    return {str(code): shapely.union_all(shapes[codes == code]) for code in sorted(set(codes))}


def _status(row: dict[str, object], words: dict[str, str]) -> str:
    """The most cautious status that any point of view gives: a line that one country disputes is disputed."""
    said = {words[str(value)] for value in row.values() if str(value) in words}
    return next((word for word in ("disputed", "undetermined") if word in said), _ORDINARY)


def _view_codes(folder: Path, columns: list[str], prefix: str, config: Config) -> dict[str, str]:
    """Columns that tell a state's view, to the code of that state."""
    frame = pyogrio.read_dataframe(
        folder / f"{_COUNTRIES}.shp", columns=["ISO_A2_EH", "ISO_A3_EH"], read_geometry=False
    )
    letters = dict(zip(frame["ISO_A2_EH"], frame["ISO_A3_EH"], strict=True)) | config.ne_views
    found = {column: letters.get(column.removeprefix(prefix)) for column in columns if column.startswith(prefix)}
    return {column: code for column, code in found.items() if code is not None}


def _said_by(row: dict[str, object], views: dict[str, str], words: dict[str, str]) -> str:
    """What states see along a line, as ``word: CODE CODE; word: *``, * all others; empty where none differs."""
    held: dict[str, list[str]] = {}
    for column, code in sorted(views.items()):
        if isinstance(row[column], str):
            held.setdefault(words.get(row[column], row[column].casefold()), []).append(code)
    if held:
        held.setdefault(words.get(str(row["FEATURECLA"]), str(row["FEATURECLA"]).casefold()), []).append("*")
    return "; ".join(f"{word}: {' '.join(sorted(codes))}" for word, codes in sorted(held.items()))


def viewpoints(folder: Path, config: Config) -> list[str]:
    """The states whose views are told."""
    columns = pyogrio.read_info(folder / f"{_COUNTRIES}.shp")["fields"].tolist()
    return sorted(_view_codes(folder, columns, "ADM0_A3_", config).values())


def read_views(folder: Path, codes: tuple[str, ...], config: Config) -> dict[str, dict[str, str]]:
    """Countries that some states take for part of another: code, to the state that sees it so, to the other.

    Two columns must agree: the one that names the country it is part of, and the one that says that it is none itself. In
    5.1.1 they do not everywhere (for Kosovo, the United Kingdom's name Serbia in the one and a country in the other).
    """
    columns = pyogrio.read_info(folder / f"{_COUNTRIES}.shp")["fields"].tolist()
    states = _view_codes(folder, columns, "ADM0_A3_", config)
    frame = pyogrio.read_dataframe(folder / f"{_COUNTRIES}.shp", read_geometry=False).replace(config.ne_codes)
    found: dict[str, dict[str, str]] = {}
    for row in frame[frame["ADM0_A3"].isin(codes)].to_dict("records"):
        for column, state in states.items():
            whole, seen = str(row[column]), row[f"FCLASS_{column.removeprefix('ADM0_A3_')}"]
            if whole != row["ADM0_A3"] and whole in codes and seen != _COUNTRY:
                found.setdefault(row["ADM0_A3"], {})[state] = whole
    return {code: dict(sorted(seen.items())) for code, seen in sorted(found.items())}


def read_lines(folder: Path, wanted: Box, config: Config) -> gpd.GeoDataFrame:
    """Boundary lines that meet a box, with the pair of codes and a status of this project.

    Natural Earth calls an ordinary line "International boundary (verify)". That says neither agreed nor delimited,
    so it stays *unstated*.

    Returns
    -------
    GeoDataFrame
        Columns ``pair`` (two codes joined by ``-``), ``status``, ``points_of_view`` and geometry.
    """
    frame = pyogrio.read_dataframe(folder / f"{_LINES}.shp", bbox=wanted)
    views = _view_codes(folder, list(frame.columns), "FCLASS_", config)
    codes = frame[["ADM0_A3_L", "ADM0_A3_R"]].replace(config.ne_codes)
    pairs = ["-".join(sorted(map(str, row))) for row in codes.to_numpy()]
    rows = frame[["FEATURECLA", *views]].to_dict("records")
    status = [_status(row, config.ne_status) for row in rows]
    said = [_said_by(row, views, config.ne_words) for row in rows]
    columns = {"pair": pairs, "status": status, "points_of_view": said}
    return gpd.GeoDataFrame(columns, geometry=frame.geometry.to_numpy(), crs=4326)
