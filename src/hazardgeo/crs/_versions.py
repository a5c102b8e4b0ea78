"""What an output was made with: the programs whose versions can change a number."""

from __future__ import annotations

import importlib.metadata
import platform

import pyproj
import shapely

from hazardgeo._version import __version__


def versions() -> dict[str, str]:
    """List the versions of what computes: hazardgeo, Python and the libraries, with the EPSG register that PROJ carries.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> sorted(versions(), key=str.casefold)
    ['EPSG', 'geopandas', 'GEOS', 'hazardgeo', 'PROJ', 'pyproj', 'python', 'shapely']
    """
    return {
        "hazardgeo": __version__,
        "python": platform.python_version(),
        # By its metadata: what only computes with arrays shall not load it.
        "geopandas": importlib.metadata.version("geopandas"),
        "shapely": shapely.__version__,
        "GEOS": shapely.geos_version_string,
        "pyproj": pyproj.__version__,
        "PROJ": pyproj.proj_version_str,
        "EPSG": str(pyproj.database.get_database_metadata("EPSG.VERSION")),
    }


def versions_line() -> str:
    """Say in one line, for the foot of an output, which programs its coordinates and areas depend on.

    Returns
    -------
    str

    Examples
    --------
    >>> versions_line().startswith("hazardgeo ")
    True
    """
    own = versions()
    return ", ".join(f"{name} {own[name]}" for name in ("hazardgeo", "PROJ", "EPSG", "GEOS"))
