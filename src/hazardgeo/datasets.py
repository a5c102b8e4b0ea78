"""Paths to what the package carries: borders, base map, sample data."""

from __future__ import annotations

from pathlib import Path

from hazardgeo.errors import FormatError

PACKAGE = Path(__file__).parent
BORDERS = PACKAGE / "_borders"
BASEMAP = PACKAGE / "_basemap" / "basemap.gpkg"


def sample_folder() -> Path:
    """Folder of the sample data: inside the wheel, or at the top of a checkout."""
    inside = PACKAGE / "_sample_data"
    return inside if inside.is_dir() else PACKAGE.parents[1] / "sample_data"


def sample_data(name: str) -> Path:
    """Give the path of a sample file; all sample records are fictional.

    Parameters
    ----------
    name : str
        Such as ``"hrv_register.geojson"``.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FormatError
        If there is no such sample; the message lists those there are.

    References
    ----------
    ``sample_data/README.md`` says how each file was made.

    Examples
    --------
    >>> sample_data("hrv_register.geojson").name
    'hrv_register.geojson'
    """
    folder = sample_folder()
    path = folder / name
    if not path.is_file():
        there = sorted(file.name for file in folder.iterdir() if file.is_file())
        raise FormatError(f"There is no sample {name!r}. Samples: {', '.join(there)}.")
    return path
