"""One band of a GeoTIFF: looked at before it is used, and read by windows."""

from __future__ import annotations

import contextlib
import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hazardgeo.constants import RASTER_BLOCK_BYTES, RASTER_CELL_LEAST_M, RASTER_CELLS
from hazardgeo.crs import crs_label, parse_crs, parse_file_crs, recorded_in
from hazardgeo.errors import CRSError, FormatError
from hazardgeo.registers._formats import regular_file

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyproj
    from numpy.typing import NDArray


_ALONE = {"CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}", "GDAL_HTTP_PROXY": "127.0.0.1:9"}
_CACHE_BYTES = 64_000_000  # each block is read once, so that to keep many (a twentieth of the memory) is for nothing


class Window(NamedTuple):
    """A rectangle of cells: the first row and column, and how many there are of each."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True)
class Raster:
    """A band of a GeoTIFF whose grid runs along the axes of its CRS, north up; nothing of its cells is read yet.

    `cell_height` is positive though rows run southwards. `about` is what the file says of its values: name and unit of the band.
    """

    path: Path
    band: int
    crs: pyproj.CRS
    west: float
    north: float
    cell_width: float
    cell_height: float
    width: int
    height: int
    nodata: float | None
    scale: float
    offset: float
    block: tuple[int, int]
    """Rows and columns that are stored, and so decoded, together."""
    about: str
    datum_operation: str | None = None
    """Operation between its datum and WGS 84, where one was named."""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north, in the CRS of the raster."""
        return (
            self.west,
            self.north - self.height * self.cell_height,
            self.west + self.width * self.cell_width,
            self.north,
        )

    def bounds_of(self, window: Window) -> tuple[float, float, float, float]:
        """West, south, east and north of a window."""
        west, north = self.west + window.column * self.cell_width, self.north - window.row * self.cell_height
        return west, north - window.rows * self.cell_height, west + window.columns * self.cell_width, north

    @contextlib.contextmanager
    def reading(self) -> Iterator[Callable[[Window], np.ma.MaskedArray[Any, Any]]]:
        """Give a function that reads a window: values as 64-bit floats, scale and offset applied, nodata masked.

        Raises
        ------
        FormatError
            From that function, where cells cannot be decoded (the file is cut off or damaged), or where one that is not nodata
            is no finite number.
        """
        with opened(self.path) as dataset:
            yield lambda window: self._read(dataset, window)

    def _read(self, dataset: Any, window: Window) -> np.ma.MaskedArray[Any, Any]:
        import rasterio
        from rasterio.windows import Window as Part

        part = Part(window.column, window.row, window.columns, window.rows)
        try:
            cells = dataset.read(self.band, window=part)
            known = _in_mask(dataset, self.band, part)
        except rasterio.errors.RasterioError as error:
            raise FormatError(
                f"{self.path}: rows {window.row} to {window.row + window.rows - 1} cannot be read; the file is cut off or "
                "damaged. Copy or download it again."
            ) from error
        if self.nodata is not None:
            known &= ~np.isnan(cells) if math.isnan(self.nodata) else cells != self.nodata
        values = cells.astype(np.float64) * self.scale + self.offset
        wrong = known & ~np.isfinite(values)
        if wrong.any():
            raise FormatError(self._odd(window, wrong, values, "is no finite number, and not declared as nodata"))
        return np.ma.masked_array(np.where(known, values, 0.0), ~known)

    def refuse(self, window: Window, wrong: NDArray[np.bool_], values: NDArray[np.float64], why: str) -> None:
        """Refuse the raster if any of these cells of a window is wrong; `why` completes *the cell … is 5.0, which …*."""
        if wrong.any():
            raise FormatError(self._odd(window, wrong, values, f"which {why}"))

    def _odd(self, window: Window, wrong: NDArray[np.bool_], values: NDArray[np.float64], why: str) -> str:
        row, column = np.argwhere(wrong)[0].tolist()
        return (
            f"{self.path}: the cell in row {window.row + row}, column {window.column + column}, counted from 0, is "
            f"{values[row, column]:g}, {why}. If that stands for no value, say nodata=, or declare it in the file "
            "(gdal_edit.py -a_nodata)."
        )


def open_raster(
    path: str | os.PathLike[str],
    *,
    band: int | None = None,
    nodata: float | None = None,
    crs: Any = None,
    datum_operation: str | None = None,
) -> Raster:
    """Look at a GeoTIFF and give one band of it, or refuse what cannot be read rightly.

    Parameters
    ----------
    path : path
        A GeoTIFF on this machine.
    band : int, optional
        Which band, counted from 1; needed where there are several.
    nodata : float, optional
        The value, as it is stored, that stands for no value, where the file does not declare one.
    crs : str, int or pyproj.CRS, optional
        CRS of the grid, where the file names none.
    datum_operation : str, optional
        Code of the operation between its datum and WGS 84, such as ``"EPSG:8823"``, where those that are published disagree.

    Returns
    -------
    Raster

    Raises
    ------
    FormatError
        If the file is no GeoTIFF, has no georeference or a grid that is turned, absurd dimensions, or several bands and none is
        named; or if what is given contradicts it.
    CRSError
        If it names no CRS and none is given, or its coordinates do not fit the CRS.

    References
    ----------
    docs/explanation/exposure.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> raster = open_raster(hz.sample_data("fictional_population.tif"))
    >>> raster.crs.name, raster.about
    ('WGS 84', 'FICTIONAL population count, people per cell')
    """
    file = regular_file(path)
    with opened(file) as dataset:
        number = _band(file, dataset.count, band)
        _refuse_grid(file, dataset, number)
        named = recorded_in(_crs(file, dataset.crs, crs), str(file), named=datum_operation is not None)
        at = number - 1
        shift = dataset.transform
        raster = Raster(
            file,
            number,
            named,
            shift.c,
            shift.f,
            shift.a,
            -shift.e,
            dataset.width,
            dataset.height,
            _nodata(file, dataset.nodatavals[at], nodata),
            float(dataset.scales[at]),
            float(dataset.offsets[at]),
            dataset.block_shapes[at],
            _about(dataset, number),
            datum_operation,
        )
    _refuse_place(raster)
    return raster


@contextlib.contextmanager
def opened(file: Path) -> Iterator[Any]:
    """Open a file as a GeoTIFF and as nothing else, and follow nothing that leads out of this machine."""
    import rasterio

    with rasterio.Env(**_ALONE, GDAL_CACHEMAX=_CACHE_BYTES):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)  # it is refused by us
            try:
                dataset = rasterio.open(file, driver="GTiff")
            except rasterio.errors.RasterioError as error:
                raise FormatError(
                    f"{file}: is no GeoTIFF that can be read ({error}). Export the raster as GeoTIFF."
                ) from error
        with dataset:
            yield dataset


def _in_mask(dataset: Any, band: int, part: Any) -> NDArray[np.bool_]:
    """Cells that no mask of the file takes out; what its value takes out is not told here."""
    # Without one, to ask for it costs as much as to read the cells.
    if {flag.name for flag in dataset.mask_flag_enums[band - 1]} <= {"all_valid", "nodata"}:
        return np.ones((part.height, part.width), dtype=bool)
    return np.asarray(dataset.read_masks(band, window=part) != 0)


def _band(file: Path, count: int, asked: int | None) -> int:
    if asked is None and count > 1:
        raise FormatError(f"{file}: has {count} bands. Name one with band= (--band), counted from 1.")
    band = 1 if asked is None else asked
    if not 1 <= band <= count:
        raise FormatError(f"{file}: has no band {band}; it has {count}.")
    return band


def _refuse_grid(file: Path, dataset: Any, band: int) -> None:
    shift, at = dataset.transform, band - 1
    if shift.is_identity:
        raise FormatError(f"{file}: has no georeference, so that nobody knows where its cells lie. Export it with one.")
    if shift.b or shift.d or shift.a <= 0 or shift.e >= 0:
        raise FormatError(
            f"{file}: its grid is turned or upside down. Bring it north up; where its values are counts, never by resampling "
            "them."
        )
    if dataset.width * dataset.height > RASTER_CELLS.value:
        raise FormatError(
            f"{file}: says that it has {dataset.width} x {dataset.height} cells, more than any grid of the Earth needs. It is "
            "damaged, or not what it seems."
        )
    kind = str(dataset.dtypes[at])
    if not kind.startswith(("int", "uint", "float")):
        raise FormatError(f"{file}: its values are {kind}, not plain numbers. Export them as such.")
    rows, columns = dataset.block_shapes[at]
    if rows * columns * np.dtype(kind).itemsize > RASTER_BLOCK_BYTES.value:
        raise FormatError(
            f"{file}: is stored in blocks of {columns} x {rows} cells, each of which has to be held whole in memory. Store it "
            "in tiles: gdal_translate -co TILED=YES -co COMPRESS=DEFLATE."
        )
    if not (math.isfinite(dataset.scales[at]) and dataset.scales[at] and math.isfinite(dataset.offsets[at])):
        raise FormatError(f"{file}: its scale or offset is no number to reckon with. Correct it (gdal_edit.py).")


def _crs(file: Path, own: Any, given: Any) -> pyproj.CRS:
    asked = None if given is None else parse_crs(given)
    if own is None:
        if asked is None:
            raise CRSError(f'{file}: names no CRS. Say crs="EPSG:…", the one that its grid was laid in.')
        return asked
    authority = own.to_authority()
    text = ":".join(authority) if authority else own.to_wkt(version="WKT2_2019")
    named = parse_file_crs(text)
    if named is None:
        raise CRSError(f"{file}: its CRS cannot be read ({text[:60]} …). Write it anew with a code, such as EPSG:4326.")
    if asked is not None and not named.equals(asked, ignore_axis_order=True):
        raise CRSError(f"{file}: is in {crs_label(named)}, and {crs_label(asked)} was given. Correct one of the two.")
    return named


def _nodata(file: Path, own: float | None, given: float | None) -> float | None:
    if own is None or given is None:
        return given if own is None else own
    if own != given and not (math.isnan(own) and math.isnan(given)):
        raise FormatError(f"{file}: declares {own:g} as nodata, and {given:g} was given. Correct one of the two.")
    return own


def _about(dataset: Any, band: int) -> str:
    return ", ".join(text for text in (dataset.descriptions[band - 1], dataset.units[band - 1]) if text)


def _refuse_place(raster: Raster) -> None:
    west, south, east, north = raster.bounds
    label = crs_label(raster.crs)
    if raster.crs.is_geographic:
        half = 0.5 * raster.cell_height  # grids whose cells are centred on the poles reach so far beyond them
        if south < -90 - half or north > 90 + half or east - west > 360 + half or max(-west, east) > 540:
            raise CRSError(
                f"{raster.path}: {label} is longitude and latitude, but the grid reaches from {west:g} to {east:g} and {south:g} "
                f"to {north:g}. Name the CRS that it was laid in."
            )
    elif min(raster.cell_width, raster.cell_height) < RASTER_CELL_LEAST_M.value:
        raise CRSError(
            f"{raster.path}: {label} counts metres, but a cell is {raster.cell_width:g} wide. If that is degrees, name the CRS "
            "that it was laid in."
        )
