"""Small rasters whose answers can be seen."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.transform import Affine

NINE = np.arange(1.0, 10.0).reshape(3, 3)
UTM = "EPSG:32633"
WEST, NORTH, CELL = 500_000.0, 5_000_000.0, 100.0


def from_origin(west: float, north: float, width: float, height: float) -> Affine:
    """A grid from its north-west corner."""
    return Affine(width, 0, west, 0, -height, north)


def write(
    path: Path, values: np.ndarray, crs: str | None = UTM, transform: Affine | None = None, **more: object
) -> Path:
    """A GeoTIFF of these values; three columns of 100 m east of 500000 and south of 5000000 unless another grid is given."""
    about = {name: more.pop(name) for name in ("scale", "offset", "unit", "description") if name in more}
    transform = transform or from_origin(WEST, NORTH, CELL, CELL)
    bands = values if values.ndim == 3 else values[None]
    with rasterio.open(
        path, "w", driver="GTiff", width=bands.shape[2], height=bands.shape[1], count=len(bands), dtype=bands.dtype,
        crs=crs, transform=transform, **more,
    ) as dataset:  # fmt: skip
        dataset.write(bands)
        if "scale" in about:
            dataset.scales = (about["scale"],) * len(bands)
        if "offset" in about:
            dataset.offsets = (about["offset"],) * len(bands)
        if "unit" in about:
            dataset.units = (about["unit"],) * len(bands)
        if "description" in about:
            dataset.descriptions = (about["description"],) * len(bands)
    return path


def cells(*boxes: tuple[float, float, float, float]) -> gpd.GeoSeries:
    """Rectangles in cells of that grid: west, top, east, bottom, counted from its corner."""
    shapes = [shapely.box(WEST + w * CELL, NORTH - b * CELL, WEST + e * CELL, NORTH - t * CELL) for w, t, e, b in boxes]
    return gpd.GeoSeries(shapes, index=[f"z{i}" for i in range(len(boxes))], crs=UTM)
