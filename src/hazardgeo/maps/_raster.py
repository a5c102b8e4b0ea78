"""A picture below the hazards: a GeoTIFF, warped to the plane of the page and embedded in it."""

from __future__ import annotations

import base64
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyproj

from hazardgeo.crs import crs_label, is_modern, parse_crs
from hazardgeo.errors import CRSError, FormatError, MapError
from hazardgeo.measure import grouped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hazardgeo.maps._coordinates import Position

LONGEST_SIDE = 1200
"""Pixels of the embedded picture: it stays within some megabytes, and says how much of the ground one pixel is."""
MOST_PIXELS = 1_000_000_000
"""Of the file; beyond it the warp takes minutes for a picture that shows a thousandth of them."""
_PERCENTILES = (2, 98)
_MERCATOR = pyproj.CRS.from_epsg(3857)
_BANDS = {1: "grey", 2: "grey", 3: "colour", 4: "colour"}


class _Grid(NamedTuple):
    """The pixels of the picture in Web Mercator: corner, size of a pixel [m of the plane], numbers."""

    left: float
    top: float
    pixel: float
    width: int
    height: int


def raster_overlay(path: str | os.PathLike[str], limits: list[Position]) -> dict[str, Any]:
    """Warp a GeoTIFF to Web Mercator, cut to the ground of the map, and say how that was done.

    Parameters
    ----------
    path : path
        A GeoTIFF with a CRS on WGS 84 or a datum that agrees with it: one band (drawn in grey, or by its colour table), or red,
        green and blue in 8 bits; with or without a mask.
    limits : list of Position
        South-west and north-east corner of the ground that the map shows.

    Returns
    -------
    dict
        ``name``, ``note``, ``bounds`` and ``image``, a data URI.

    Raises
    ------
    FormatError
        If the file is not there or is no GeoTIFF.
    CRSError
        If it has no CRS or no position, or is on a datum that needs a named operation.
    MapError
        If it is absurdly large, holds no picture, or does not reach the map.
    """
    import rasterio

    file = Path(os.fsdecode(path))
    if not file.is_file():
        raise FormatError(f"{file}: there is no such file. Give the path of a GeoTIFF.")
    try:
        with warnings.catch_warnings():
            # What it warns of, a picture without a position, is refused below.
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            with rasterio.open(file, driver="GTiff") as source:
                return _overlay(source, file.name, limits)
    except rasterio.errors.RasterioError as error:
        raise FormatError(f"{file}: it cannot be read as a GeoTIFF ({error}).") from error


def _overlay(source: Any, name: str, limits: list[Position]) -> dict[str, Any]:
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.vrt import WarpedVRT

    crs = _crs(source, name)
    _refuse_what_is_no_picture(source, name)
    grid = _grid(source, name, limits)
    palette = _palette(source)
    resampling = Resampling.nearest if palette is not None else Resampling.bilinear
    transform = rasterio.Affine(grid.pixel, 0.0, grid.left, 0.0, -grid.pixel, grid.top)
    options = {"transform": transform, "width": grid.width, "height": grid.height}
    with WarpedVRT(source, crs="EPSG:3857", resampling=resampling, **options) as warped:
        bands, mask = warped.read(), warped.dataset_mask()
    if not mask.any():
        raise MapError(f"{name}: there is no picture on the ground of the map; all of it is marked as empty there.")
    picture, drawn = _picture(bands[: 3 if source.count > 2 else 1], mask, palette)
    lat = sum(corner[0] for corner in _bounds(grid)) / 2
    pixel_m = grid.pixel * np.cos(np.radians(lat))
    return {
        "name": name,
        "note": (
            f"{drawn} Warped from {crs_label(crs)} to Web Mercator ({resampling.name} resampling); one pixel is about "
            f"{grouped(pixel_m, 0 if pixel_m >= 10 else 1)} m. For orientation: no number here is taken from it."
        ),
        "bounds": _bounds(grid),
        "image": _as_uri(picture, mask, lossless=palette is not None),
    }


def _crs(source: Any, name: str) -> pyproj.CRS:
    if source.crs is None or source.transform.is_identity:
        raise CRSError(f"{name}: the picture has no CRS or no position. Georeference it first.")
    crs = parse_crs(source.crs.to_wkt(version="WKT2_2019"))
    if not is_modern(crs):
        raise CRSError(
            f"{name}: the picture is in {crs_label(crs)}, whose datum is not that of WGS 84. Warp it there first, by an "
            "operation that you choose: hz.compare_datum_operations lists them."
        )
    return crs


def _refuse_what_is_no_picture(source: Any, name: str) -> None:
    if source.width * source.height > MOST_PIXELS:
        raise MapError(
            f"{name}: {source.width} × {source.height} pixels are more than {grouped(MOST_PIXELS)}. Cut it to the ground of the "
            "map, or make it coarser, first."
        )
    if source.count not in _BANDS or np.dtype(source.dtypes[0]).kind not in "uif":
        raise MapError(
            f"{name}: {source.count} bands of {source.dtypes[0]} are no picture. Choose 1 band, or 3 colours."
        )
    if _BANDS[source.count] == "colour" and set(source.dtypes) != {"uint8"}:
        raise MapError(f"{name}: colours of {source.dtypes[0]}. Bring them to 8 bits first.")


def _grid(source: Any, name: str, limits: list[Position]) -> _Grid:
    from rasterio.warp import transform_bounds

    (south, west), (north, east) = limits
    to_plane = pyproj.Transformer.from_crs(4326, _MERCATOR, always_xy=True)
    box = (*to_plane.transform(west, max(south, -85)), *to_plane.transform(east, min(north, 85)))
    own = transform_bounds(source.crs, "EPSG:3857", *source.bounds, densify_pts=21)
    left, bottom = max(own[0], box[0]), max(own[1], box[1])
    right, top = min(own[2], box[2]), min(own[3], box[3])
    if not (np.isfinite([left, bottom, right, top]).all() and left < right and bottom < top):
        raise MapError(f"{name}: the picture does not reach the ground of the map.")
    native = (own[2] - own[0]) / source.width
    pixel = max((right - left) / LONGEST_SIDE, (top - bottom) / LONGEST_SIDE, native)
    width, height = (max(1, int(np.ceil(size / pixel - 1e-9))) for size in (right - left, top - bottom))
    return _Grid(float(left), float(top), float(pixel), width, height)


def _bounds(grid: _Grid) -> list[list[float]]:
    to_degrees = pyproj.Transformer.from_crs(_MERCATOR, 4326, always_xy=True)
    west, south = to_degrees.transform(grid.left, grid.top - grid.height * grid.pixel)
    east, north = to_degrees.transform(grid.left + grid.width * grid.pixel, grid.top)
    return [[round(south, 7), round(west, 7)], [round(north, 7), round(east, 7)]]


def _palette(source: Any) -> NDArray[np.uint8] | None:
    from rasterio.enums import ColorInterp

    if source.colorinterp[0] is not ColorInterp.palette:
        return None
    colours = np.zeros((256, 3), dtype=np.uint8)
    for value, colour in source.colormap(1).items():
        colours[value] = colour[:3]
    return colours


def _picture(
    bands: NDArray[Any], mask: NDArray[np.uint8], palette: NDArray[np.uint8] | None
) -> tuple[NDArray[np.uint8], str]:
    if palette is not None:
        return np.moveaxis(palette[bands[0]], -1, 0), "By its own colour table."
    if len(bands) == 3:
        return bands, "In its own colours."
    seen = mask.astype(bool) & np.isfinite(bands[0])
    mask[~seen] = 0
    low, high = np.percentile(bands[0][seen].astype(float), _PERCENTILES) if seen.any() else (0.0, 1.0)
    stretched = (np.nan_to_num(bands[0].astype(float)) - low) / (max(high - low, 1e-12))
    grey = (np.clip(stretched, 0, 1) * 255).round().astype(np.uint8)
    return grey[
        None
    ], f"Grey from {low:.6g} (dark) to {high:.6g} (light), its {_PERCENTILES[0]}nd to {_PERCENTILES[1]}th percentile."


def _as_uri(picture: NDArray[np.uint8], mask: NDArray[np.uint8], *, lossless: bool) -> str:
    """JPEG where colours cover all of it, which is smaller; else PNG, which mixes none and can be empty in places."""
    import rasterio

    whole = bool(mask.all())
    driver = "JPEG" if whole and len(picture) == 3 and not lossless else "PNG"
    layers = picture if whole else np.concatenate([picture, mask[None]])
    count, height, width = layers.shape
    with rasterio.MemoryFile() as memory:
        with memory.open(driver=driver, width=width, height=height, count=count, dtype="uint8") as made:
            made.write(layers)
        encoded = base64.b64encode(memory.read()).decode()
    return f"data:image/{driver.lower()};base64,{encoded}"
