"""A Cloud-Optimised GeoTIFF whose overviews are ours: a driver's own would thin hazards out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from hazardgeo.crs import same_crs
from hazardgeo.errors import StorageError
from hazardgeo.exposure._raster import open_raster
from hazardgeo.storage import replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hazardgeo.exposure._raster import Raster

_SMALLEST = 512
"""No overview is made of a picture that is no wider or higher."""


class Band:
    """One band: its cells, what it is, and what becomes of four cells (axes 1 and 3) where the picture is halved."""

    def __init__(self, name: str, cells: NDArray[np.float32], halve: Callable[..., Any], unit: str = "") -> None:
        self.name, self.unit, self.halve = name, unit, halve
        self.levels = [cells]
        while max(self.levels[-1].shape) > _SMALLEST:
            self.levels.append(self._halved(self.levels[-1]))

    def _halved(self, cells: NDArray[np.float32]) -> NDArray[np.float32]:
        rows, columns = cells.shape
        even = np.pad(cells, ((0, rows % 2), (0, columns % 2)), mode="edge")
        fours = even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2)
        return np.asarray(self.halve(fours, axis=(1, 3)), dtype=np.float32)


def write_cog(grid: Raster, bands: Sequence[Band], nodata: float, tags: dict[str, str]) -> None:
    """Write bands to `grid.path`, read them back, compare, and only then put the file in place.

    Parameters
    ----------
    grid : Raster
        Where the cells lie, and what file is to be written.
    bands : sequence of Band
    nodata : float
    tags : dict of str
        What the file says of itself.

    Raises
    ------
    StorageError
        If it cannot be written, or reads back differently. What stood there is untouched.
    """
    import rasterio
    from rasterio.shutil import copy

    with replacing(grid.path) as part:
        sources = [part.with_name(f"level_{level}.tif") for level in range(len(bands[0].levels))]
        whole = part.with_name("whole.vrt")
        try:
            for level, source in enumerate(sources):
                _write_level(source, [band.levels[level] for band in bands], grid, level, nodata)
            whole.write_text(_together(sources, grid, bands, nodata, tags), encoding="utf-8")
            copy(whole, part, driver="COG", COMPRESS="DEFLATE", PREDICTOR="YES", OVERVIEWS="FORCE_USE_EXISTING")
        except rasterio.errors.RasterioError as error:
            raise StorageError(
                f"{grid.path}: could not be written ({error}). What stood there is untouched."
            ) from error
        _refuse_difference(part, grid, bands, nodata, tags)


def _write_level(path: Path, cells: list[NDArray[np.float32]], grid: Raster, level: int, nodata: float) -> None:
    import rasterio

    rows, columns = cells[0].shape
    shift = rasterio.Affine(grid.cell_width * 2**level, 0, grid.west, 0, -grid.cell_height * 2**level, grid.north)
    shape = {"width": columns, "height": rows, "count": len(cells), "dtype": "float32"}
    stored = {"tiled": True, "nodata": nodata, "crs": _crs(grid), "transform": shift, "BIGTIFF": "IF_SAFER"}
    with rasterio.open(path, "w", "GTiff", **shape, **stored) as dataset:
        for band, one in enumerate(cells, start=1):
            dataset.write(one, band)


def _crs(grid: Raster) -> Any:
    import rasterio

    authority = grid.crs.to_authority()
    return rasterio.CRS.from_user_input(":".join(authority) if authority else grid.crs.to_wkt("WKT2_2019"))


def _together(sources: list[Path], grid: Raster, bands: Sequence[Band], nodata: float, tags: dict[str, str]) -> str:
    """The levels as one picture with its overviews; rasterio cannot write into overviews."""
    said = "".join(f"<MDI key={quoteattr(key)}>{escape(text)}</MDI>" for key, text in tags.items())
    shift = ", ".join(map(repr, (grid.west, grid.cell_width, 0.0, grid.north, 0.0, -grid.cell_height)))
    parts = [
        f'<VRTDataset rasterXSize="{grid.width}" rasterYSize="{grid.height}">',
        f"<SRS>{escape(_crs(grid).to_wkt(version='WKT2_2019'))}</SRS>",
        f"<GeoTransform>{shift}</GeoTransform><Metadata>{said}</Metadata>",
    ]
    for number, band in enumerate(bands, start=1):
        cells, *overviews = (_source(source, number) for source in sources)
        parts += [
            f'<VRTRasterBand dataType="Float32" band="{number}"><Description>{escape(band.name)}</Description>',
            f"<UnitType>{escape(band.unit)}</UnitType><NoDataValue>{nodata!r}</NoDataValue>",
            f"<SimpleSource>{cells}</SimpleSource>",
            *(f"<Overview>{overview}</Overview>" for overview in overviews),
            "</VRTRasterBand>",
        ]
    return "".join([*parts, "</VRTDataset>"])


def _source(path: Path, band: int) -> str:
    return f'<SourceFilename relativeToVRT="1">{escape(path.name)}</SourceFilename><SourceBand>{band}</SourceBand>'


def _refuse_difference(part: Path, grid: Raster, bands: Sequence[Band], nodata: float, tags: dict[str, str]) -> None:
    import rasterio

    again = open_raster(part, band=1)
    same = {
        "grid": again.bounds == grid.bounds and (again.width, again.height) == (grid.width, grid.height),
        "CRS": same_crs(again.crs, grid.crs),
        "nodata": again.nodata == nodata,
    }
    for level in range(len(bands[0].levels)):
        with rasterio.open(part, driver="GTiff", **({"overview_level": level - 1} if level else {})) as dataset:
            if level == 0:
                same["layout"] = dataset.tags(ns="IMAGE_STRUCTURE").get("LAYOUT") == "COG"
                same["tags"] = tags.items() <= dataset.tags().items()
                same["bands"] = dataset.descriptions == tuple(band.name for band in bands)
            for number, band in enumerate(bands, start=1):
                same[f"{band.name}, level {level}"] = np.array_equal(dataset.read(number), band.levels[level])
    lost = [name for name, kept in same.items() if not kept]
    if lost:
        raise StorageError(
            f"{grid.path}: reads back differently from what was written ({', '.join(lost)}). What stood there is untouched."
        )
