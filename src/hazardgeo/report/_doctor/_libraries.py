"""The libraries that bring a PROJ, a GDAL or a GEOS of their own, and whether these differ."""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import os
import sqlite3
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.report._doctor._checkup import Check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOPIC = "Libraries"
_GRIDS = frozenset({".tif", ".gsb", ".gtx", ".gvb", ".lla", ".las", ".los"})
_DATABASES_DIFFER = (
    "hazardgeo transforms coordinates with pyproj's PROJ alone, so its results do not depend on the others. But the same file "
    "read by other software, or by geopandas once from GeoPackage and once from GeoParquet, may lie elsewhere: for EPSG:31276 "
    "about 400 m were seen."
)
_GEOS_DIFFER = "hazardgeo cuts and compares outlines with shapely's GEOS alone."


@dataclass(frozen=True)
class Library:
    """A library and what it brings along; empty text for what it does not hold."""

    library: str
    version: str
    proj: str = ""
    epsg: str = ""
    """Version and date of the EPSG register in its PROJ database."""
    gdal: str = ""
    geos: str = ""
    database: str = ""
    """Its PROJ database."""


COLUMNS = tuple(field.name for field in fields(Library))


def libraries() -> tuple[tuple[Library, ...], tuple[Check, ...]]:
    """Ask each library what it brings along.

    Returns
    -------
    tuple of Library
        Those that can be loaded.
    tuple of Check
        What was found of them together, and those that cannot be loaded.
    """
    found, checks = [], []
    for name, ask in (("pyproj", _pyproj), ("pyogrio", _pyogrio), ("rasterio", _rasterio), ("shapely", _shapely)):
        try:
            found.append(ask(importlib.import_module(name)))
        except Exception as error:  # a broken library may raise anything, and the doctor is there to say so
            checks.append(Check(TOPIC, name, "cannot be loaded", f"{_words(error)} Install it again.", is_problem=True))
    return tuple(found), (*checks, *_differences(found))


def _words(error: Exception) -> str:
    text = " ".join(str(error).split()).rstrip(".")
    return f"{type(error).__name__}: {text}."


def _differences(found: Sequence[Library]) -> Iterator[Check]:
    for what, column, means in (
        ("PROJ databases", "epsg", _DATABASES_DIFFER),
        ("PROJ", "proj", "As for their databases."),
        ("GEOS", "geos", _GEOS_DIFFER),
    ):
        there = {one.library: getattr(one, column) for one in found if getattr(one, column)}
        if len(set(there.values())) > 1:
            said = ", ".join(f"{library}: {version}" for library, version in there.items())
            yield Check(TOPIC, what, f"they differ ({said})", means)
        elif there:
            yield Check(TOPIC, what, f"the same in all ({next(iter(there.values()))})")


def _pyproj(module: Any) -> Library:
    database = _database_in(*data_folders())
    return Library("pyproj", module.__version__, module.proj_version_str, _epsg(database), database=database)


def _pyogrio(module: Any) -> Library:
    # It takes the database of its wheel before any other (pyogrio 0.13).
    database = _database_in(Path(module.__file__).parent / "proj_data", *data_folders())
    geos = ".".join(map(str, module.__gdal_geos_version__ or ()))
    gdal = module.__gdal_version_string__
    return Library(
        "pyogrio",
        module.__version__,
        _metadata(database).get("PROJ.VERSION", ""),
        _epsg(database),
        gdal,
        geos,
        database,
    )


def _rasterio(module: Any) -> Library:
    # It takes the folder that the environment names before that of its wheel (rasterio 1.4).
    named = [os.environ[name] for name in ("PROJ_DATA", "PROJ_LIB") if name in os.environ][:1]
    elsewhere = [Path(folder) for folders in named for folder in folders.split(os.pathsep)]
    database = _database_in(*(elsewhere or (Path(module.__file__).parent / "proj_data", *data_folders())))
    geos = str(getattr(module, "__geos_version__", ""))
    proj = str(getattr(module, "__proj_version__", ""))
    return Library("rasterio", module.__version__, proj, _epsg(database), module.__gdal_version__, geos, database)


def _shapely(module: Any) -> Library:
    return Library("shapely", module.__version__, geos=module.geos_version_string)


def data_folders() -> tuple[Path, ...]:
    """Folders in which pyproj's PROJ looks for its database and for grids of shifts; none where it finds no database."""
    import pyproj

    try:
        return tuple(Path(folder) for folder in pyproj.datadir.get_data_dir().split(os.pathsep))
    except pyproj.exceptions.DataDirError:
        return ()


def _database_in(*folders: Path) -> str:
    there = (folder / "proj.db" for folder in folders)
    return next((str(database) for database in there if database.is_file()), "")


def _epsg(database: str) -> str:
    about = _metadata(database)
    return f"{about['EPSG.VERSION']} ({about.get('EPSG.DATE', 'no date')})" if "EPSG.VERSION" in about else ""


def _metadata(database: str) -> dict[str, str]:
    """What a PROJ database says of itself, if it can be read; nothing is changed, and no file left beside it."""
    if not database:
        return {}
    address = f"{Path(database).resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            return {str(key): str(value) for key, value in connection.execute("SELECT key, value FROM metadata")}
    except sqlite3.Error:
        return {}


def check_proj(found: Sequence[Library]) -> Iterator[Check]:
    """Look at the PROJ that brings every coordinate to WGS 84: does it work, on which data, and without a network."""
    import pyproj

    try:
        importlib.import_module("hazardgeo.crs")  # it puts the network off
        used = str(pyproj.database.get_database_metadata("EPSG.VERSION"))
    except Exception as error:  # without its database PROJ fails in many ways
        remedy = "No coordinate can be read. Install pyproj again, and unset PROJ_DATA and PROJ_LIB."
        yield Check("PROJ", "PROJ works", "no", f"{_words(error)} {remedy}", is_problem=True)
        return
    said = next((one.epsg for one in found if one.library == "pyproj"), "")
    if said.partition(" ")[0] == used:
        yield Check("PROJ", "PROJ works", "yes")
    else:
        there = f"{used} is in use, and in its folder is {said or 'none that can be read'}"
        means = (
            "What PROJ knows will change with the next start. Install pyproj again, and unset PROJ_DATA and PROJ_LIB."
        )
        yield Check("PROJ", "PROJ database", there, means, is_problem=True)
    folders = data_folders()
    yield Check("PROJ", "data folder", "; ".join(map(str, folders)))
    proj: Any = pyproj  # it does not list what it documents
    yield _grids((*folders, Path(proj.datadir.get_user_data_dir())))
    on = bool(proj.network.is_network_enabled())
    means = "A grid fetched on the way would move coordinates from one day to the next. Do not switch it on." * on
    yield Check("PROJ", "PROJ network", "on" if on else "off", means, is_problem=on)


def _grids(folders: Sequence[Path]) -> Check:
    files = (file for folder in dict.fromkeys(folders) if folder.is_dir() for file in folder.iterdir())
    grids = sorted({file.name for file in files if file.suffix.casefold() in _GRIDS})
    if not grids:
        means = "Operations that need one are named as missing and never replaced by another unsaid."
        return Check("PROJ", "grids of shifts", "none installed", means)
    means = "An operation that needs one of them works here, and is missing on a computer without it."
    return Check("PROJ", "grids of shifts", ", ".join(grids), means)


def as_rows(found: Sequence[Library]) -> list[tuple[str, ...]]:
    """The libraries as rows of a table with `COLUMNS`."""
    return [astuple(one) for one in found]
