"""exactextract, asked with arrays: imported only where it is needed, and where it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from exactextract import exact_extract
from exactextract.feature import Feature, FeatureSource
from exactextract.raster import NumPyRasterSource
from exactextract.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hazardgeo.exposure._raster import Window


class _Shape(Feature):  # type: ignore[misc]
    """A polygon as its bytes; exactextract's own would be written as GeoJSON and read again."""

    def __init__(self, wkb: bytes | None = None) -> None:
        super().__init__()
        self.found: dict[str, Any] = {}
        self._wkb = wkb

    def geometry(self) -> bytes | None:
        return self._wkb

    def set_geometry(self, _: Any) -> None:
        """Nothing is wanted back but what was found."""

    def set(self, name: str, value: Any) -> None:
        self.found[name] = value


class _Shapes(FeatureSource):  # type: ignore[misc]
    def __init__(self, shapes: NDArray[Any]) -> None:
        super().__init__()
        self._wkb = shapely.to_wkb(shapes)

    def count(self) -> int:
        return len(self._wkb)

    def __iter__(self) -> Iterator[_Shape]:
        return map(_Shape, self._wkb)

    def srs_wkt(self) -> None:  # grid and polygons are both in cells
        return None


class _Rows(Writer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self._rows: list[dict[str, Any]] = []

    def write(self, feature: Any) -> None:
        row = _Shape()
        feature.copy_to(row)
        self._rows.append(row.found)

    def features(self) -> list[dict[str, Any]]:
        return self._rows


def extracted(
    values: np.ma.MaskedArray[Any, Any], window: Window, shapes: NDArray[Any], statistics: list[str]
) -> dict[str, list[Any]]:
    """Statistics of a window under polygons, in cells of the grid: x eastwards, y northwards from its north-west corner.

    Parameters
    ----------
    values : numpy.ma.MaskedArray
        Of the cells of the window.
    window : Window
    shapes : ndarray of shapely geometries
    statistics : list of str
        Operations of exactextract.

    Returns
    -------
    dict of list
        A value, or an array, for each polygon; None where none of its cells has a value.
    """
    bounds = window.column, -(window.row + window.rows), window.column + window.columns, -window.row
    # exactextract 0.3.0 takes the value of a masked cell where a polygon lies in that cell alone; NaN it leaves out.
    source = NumPyRasterSource(values.filled(np.nan), *bounds)
    rows = exact_extract(source, _Shapes(shapes), statistics, output=_Rows())
    return {name: [row.get(name) for row in rows] for name in statistics}
