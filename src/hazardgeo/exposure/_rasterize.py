"""Hazards written as a raster: what is on record in each cell, how much of it, and how far the nearest is."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo._version import __version__
from hazardgeo.errors import FormatError, GeometryError, named
from hazardgeo.exposure._cog import Band, write_cog
from hazardgeo.exposure._grid import Grid, grid_about, grid_like, least_cell_m, widened
from hazardgeo.exposure._nearest import distance_between_cells
from hazardgeo.exposure._zonal import Zones
from hazardgeo.measure import counted, wgs84_polygons
from hazardgeo.overlay import CLASSES
from hazardgeo.schema import require, words_of
from hazardgeo.vocabulary import CLASSIFICATION

if TYPE_CHECKING:
    import os

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.exposure._raster import Raster, Window

NODATA = -1.0
CODES = {word: len(CLASSES) - rank for rank, word in enumerate(CLASSES)}
"""Number of each class in the raster; where several are on record, the greatest. 0 is no record."""


def rasterize(
    hazards: gpd.GeoDataFrame,
    path: str | os.PathLike[str],
    *,
    like: str | os.PathLike[str] | Raster | None = None,
    resolution_m: float | None = None,
) -> pd.DataFrame:
    """Write hazards as a Cloud-Optimised GeoTIFF: class, covered share and distance to the nearest, cell by cell.

    A cell in which nothing is on record, however far from the nearest hazard, is not thereby known to be safe. Every hazard that
    is given is drawn, closed ones too: leave out what is not to be drawn.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index; ``classification``.
    path : path
        A ``.tif`` to write; one that stands there is replaced when the new one has been read back.
    like : path or Raster, optional
        A GeoTIFF whose grid is taken, so that cells lie on cells.
    resolution_m : float, optional
        Side of a cell [m] of an equal-area grid about the hazards. Give this or `like`.

    Returns
    -------
    pandas.DataFrame
        On the hazards' index, what became of each: ``cells`` (of the file, that it covers some of) and ``within`` (whether all of
        it lies on the file's grid; False without geometry, which may lie anywhere).

    Raises
    ------
    FormatError
        If not one of both is given, the grid cannot be used, or it and the hazards together need more than 50 million cells.
    CRSError, GeometryError, SchemaError
        If the hazards cannot be laid onto the grid, none has a geometry, or an id stands twice.
    StorageError
        If the file cannot be written or reads back differently; what stood there is untouched.

    Notes
    -----
    - Band 1, ``class``: 3 confirmed (CHA), 2 suspected (SHA), 1 of no stated class, 0 no record. Every cell that a hazard touches
      has its class, however little of it; a confirmed hazard wins over a suspected one.
    - Band 2, ``covered_share``: exact share of the cell under any hazard, ground counted once.
    - Band 3, ``distance_m``: at most the distance from any place in the cell to the nearest hazard, those beyond the grid too. It
      is measured between the edges of cells that hazards touch, with the shortest cell of the grid: short by up to the diagonal
      of a cell, and by as much as cells differ in length on the ground (nothing to speak of with `resolution_m`, some percent on
      a grid of longitude and latitude some degrees high). 0 in and beside a touched cell.

    Where pictures are halved for a wide view, a cell takes the gravest class, the mean share and the least distance of its four.

    References
    ----------
    docs/decisions/0024-hazards-as-a-raster.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz, tempfile, pathlib
    >>> hazards = hz.read_hazards(hz.sample_data("hrv_register.geojson"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     drawn = rasterize(hazards, pathlib.Path(folder, "hazards.tif"), resolution_m=500)
    >>> bool((drawn["cells"] > 0).all() and drawn["within"].all())
    True
    """
    import pandas as pd

    require(hazards, CLASSIFICATION.name)
    target = Path(path)
    if target.suffix.casefold() not in (".tif", ".tiff"):
        raise FormatError(f"{target}: a GeoTIFF is written. Choose a name that ends in .tif.")
    polygons = wgs84_polygons(hazards)
    if shapely.is_missing(polygons).all():
        raise GeometryError(
            "No hazard has an outline: there is nothing to write, and nothing may be known about any cell."
        )
    grid = _grid(hazards, target, like, resolution_m)
    zones = Zones(polygons, grid.raster)
    _refuse_lost(hazards.index[~shapely.is_missing(polygons) & ~(zones.cells > 0)], grid.raster)
    wide, asked = widened(grid.raster, zones.parts)
    zones = Zones(polygons, wide)
    share = _share(_joined(zones))
    codes = np.array([CODES[word] for word in words_of(hazards, CLASSIFICATION)])
    classes, cells = _classes(zones, codes, asked)
    within = _within(zones, asked)
    _refuse_lost(hazards.index[within & (cells == 0)], grid.raster)
    distance = distance_between_cells(classes > 0, *least_cell_m(wide))
    part = slice(asked.row, asked.row + asked.rows), slice(asked.column, asked.column + asked.columns)
    bands = [
        Band("class", classes[part].astype(np.float32), np.max),
        Band("covered_share", share[part], np.mean),
        Band("distance_m", distance[part], np.min, "m"),
    ]
    write_cog(grid.raster, bands, NODATA, _tags(hazards, polygons, grid, zones))
    return pd.DataFrame({"cells": cells, "within": within}, index=hazards.index)


def _grid(hazards: gpd.GeoDataFrame, path: Path, like: Any, resolution_m: float | None) -> Grid:
    if (like is None) == (resolution_m is None):
        raise FormatError("Give the grid: like= (that of another raster) or resolution_m= (cells of so many metres).")
    return grid_like(like, path) if resolution_m is None else grid_about(hazards, resolution_m, path)


def _joined(zones: Zones) -> Zones:
    """The same ground, each piece of it once: joined in the grid's own plane, where its edges are straight."""
    joined = copy(zones)
    joined.parts = shapely.get_parts(shapely.union_all(zones.parts))
    joined.owner = np.zeros(len(joined.parts), dtype=np.intp)
    vars(joined).pop("tiles", None)  # those of the other parts
    return joined


def _classes(zones: Zones, codes: NDArray[np.intp], asked: Window) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """The gravest class of each cell, and how many cells of the file each hazard touches.

    Any share above nought counts, however small, and so does what GDAL says is touched by an edge.
    """
    classes = _touched_by_edges(zones, codes)
    cells = np.zeros(zones.count, dtype=np.intp)
    for part, window, at, _ in zones.cover():
        owner, rows, columns = zones.owner[part], window.row + at // window.columns, window.column + at % window.columns
        np.maximum.at(classes, (rows, columns), codes[owner].astype(np.uint8))
        down, right = rows - asked.row, columns - asked.column
        inside = (down >= 0) & (down < asked.rows) & (right >= 0) & (right < asked.columns)
        # Two parts of a hazard may touch one cell; a cell lies in one tile.
        pairs = np.unique(np.column_stack([owner, at])[inside], axis=0)
        cells += np.bincount(pairs[:, 0], minlength=zones.count)
    return classes, cells


def _refuse_lost(lost: pd.Index[Any], grid: Raster) -> None:
    """A hazard narrower than about a millionth of a cell is a point on a grid, and would be in no cell."""
    if len(lost):
        raise GeometryError(
            f"{grid.path}: {named(lost)}: so small that nothing is left on this grid. Ask for smaller cells."
        )


def _touched_by_edges(zones: Zones, codes: NDArray[np.intp]) -> NDArray[np.uint8]:
    from rasterio.features import rasterize as burn

    shape = zones.raster.height, zones.raster.width
    southwards = shapely.transform(zones.parts, lambda xy: xy * [1, -1])
    of_part = codes[zones.owner]
    order = np.argsort(of_part, kind="stable")  # the last one stays
    shapes = zip(southwards[order].tolist(), of_part[order].tolist(), strict=True)
    return np.asarray(burn(shapes, out_shape=shape, all_touched=True, dtype="uint8"))


def _share(joined: Zones) -> NDArray[np.float32]:
    share = np.zeros((joined.raster.height, joined.raster.width), dtype=np.float32)
    for _, window, at, covered in joined.cover():
        np.add.at(share, (window.row + at // window.columns, window.column + at % window.columns), covered)
    return np.minimum(share, np.float32(1))


def _within(zones: Zones, asked: Window) -> NDArray[np.bool_]:
    """Whether all of each hazard lies on the grid that was asked for; False where there is nothing that could."""
    west, south, east, north = shapely.bounds(zones.parts).T
    inside = (west >= asked.column) & (east <= asked.column + asked.columns)
    inside &= (-north >= asked.row) & (-south <= asked.row + asked.rows)
    return np.asarray(~np.isnan(zones.cells) & (np.bincount(zones.owner[~inside], minlength=zones.count) == 0))


def _tags(hazards: gpd.GeoDataFrame, polygons: NDArray[Any], grid: Grid, zones: Zones) -> dict[str, str]:
    """What the file says of itself: numbers of records, and nothing of any single one."""
    without = int(shapely.is_missing(polygons).sum())
    classes = [f"{code} {CLASSIFICATION.label(word)}" for word, code in CODES.items()]
    return {
        "SOFTWARE": f"hazardgeo {__version__}",
        "CONTENT": f"{counted(len(hazards), 'hazard', 'hazards')} on record; without an outline, and so not drawn: {without}",
        "CLASSES": "; ".join([*classes, "0 no record, which does not say that there is no hazard"]),
        "METHOD": "class: the gravest of all hazards that touch the cell; covered_share: exact share under any hazard, counted "
        "once; distance_m: at most that from any place in the cell to the nearest hazard, 0 in and beside cells that one touches",
        "GRID": grid.words,
        "DATUM": zones.operation or "agrees with WGS 84: no operation between datums",
        "NOT_SAFE": "Land outside the recorded areas is not thereby known to be safe. Not for navigation in hazardous areas.",
    }
