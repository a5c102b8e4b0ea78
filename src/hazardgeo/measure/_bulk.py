"""Area and perimeter straight from coordinates, where no frame and no geometry object is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hazardgeo.errors import GeometryError
from hazardgeo.measure import _rings
from hazardgeo.measure._ragged import of_geoarrow

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class Measures(NamedTuple):
    """Areas [m²] and perimeters [m], in the order of what was measured."""

    area_m2: NDArray[np.float64]
    perimeter_m: NDArray[np.float64]


def measure_rings(lonlat: ArrayLike, offsets: ArrayLike) -> Measures:
    """Measure rings from plain arrays, on the WGS 84 ellipsoid.

    For many outlines whose coordinates are at hand, and which are known to be valid: **nothing is checked** but that the
    numbers can be longitude and latitude. An outline that crosses itself gets a number here, and is refused by
    `area_m2`. Which rings are holes is the caller's to know.

    Parameters
    ----------
    lonlat : array_like of float, shape (n, 2)
        Longitude and latitude of all vertices on WGS 84, ring after ring [degrees].
    offsets : array_like of int
        Where each ring begins among the vertices, and the end of the last: one more than there are rings. A ring
        may repeat its first vertex at its end or not, and run either way round.

    Returns
    -------
    Measures
        ``area_m2`` [m²] and ``perimeter_m`` [m] of each ring, never negative; NaN where a coordinate is NaN.

    Raises
    ------
    GeometryError
        If the arrays do not fit together, or a latitude lies beyond ±90 or a longitude beyond ±360 degrees.

    Notes
    -----
    As `area_m2`.

    References
    ----------
    As `area_m2`.

    Examples
    --------
    Two quadrangles of one minute by one minute, at the equator and at 60° N, where a degree of longitude is half as
    long; the second ring repeats its first vertex:

    >>> minute = 1 / 60
    >>> south = [(0, 0), (minute, 0), (minute, minute), (0, minute)]
    >>> north = [(x, y + 60) for x, y in [*south, south[0]]]
    >>> measure_rings(south + north, [0, 4, 9]).area_m2.round(-4).tolist()
    [3420000.0, 1730000.0]
    """
    vertices, starts = np.asarray(lonlat, dtype=float), np.asarray(offsets)
    if vertices.ndim != 2 or vertices.shape[1] < 2:
        raise GeometryError(f"Vertices of shape {vertices.shape}: n by 2 are needed. Nothing was measured.")
    if starts.ndim != 1 or len(starts) == 0 or starts.dtype.kind not in "iu":
        raise GeometryError("The offsets are no run of whole numbers. Nothing was measured.")
    starts = starts.astype(np.int64)
    if starts[0] < 0 or starts[-1] > len(vertices) or (np.diff(starts) < 0).any():
        raise GeometryError(f"The offsets do not rise from 0 to the {len(vertices)} vertices. Nothing was measured.")
    here = slice(starts[0], starts[-1])
    lon, lat = vertices[here, 0], vertices[here, 1]
    return Measures(*_rings.measure_rings(lon, lat, starts - starts[0], unchecked=True))


def measure_column(column: Any) -> Measures:
    """Measure the polygons of an Arrow column, on the WGS 84 ellipsoid, without making a geometry object of any.

    For a table read by pyarrow, of outlines known to be valid: **nothing is checked** but that the numbers can be
    longitude and latitude, and that the column's type, where it says so, is on WGS 84. An outline that crosses itself
    gets a number here, and is refused by `area_m2`.

    Parameters
    ----------
    column : pyarrow.Array or pyarrow.ChunkedArray
        Polygons or multipolygons in longitude and latitude on WGS 84, in GeoArrow's encodings (interleaved or separate
        coordinates) or as WKB. Of WKB that holds anything but polygons of one ring, geometry objects are made after all.

    Returns
    -------
    Measures
        ``area_m2`` [m²] (shells minus holes) and ``perimeter_m`` [m] (of all rings) of each row; NaN where a row has no
        geometry.

    Raises
    ------
    CRSError
        If the column's type says that it is in another CRS.
    GeometryError
        If the column holds no polygons, or a latitude beyond ±90 or a longitude beyond ±360 degrees.

    Notes
    -----
    As `area_m2`.

    References
    ----------
    GeoArrow specification 0.2, native encodings of polygons and multipolygons.

    Examples
    --------
    >>> import pyarrow as pa
    >>> minute = 1 / 60
    >>> ring = [[0.0, 0.0], [minute, 0.0], [minute, minute], [0.0, minute], [0.0, 0.0]]
    >>> kind = pa.list_(pa.list_(pa.list_(pa.float64(), 2)))
    >>> measure_column(pa.array([[ring], None], type=kind)).area_m2.round(-3).tolist()
    [3419000.0, nan]
    """
    # Chunk by chunk, since to join them would copy them.
    found = [_of_chunk(chunk) for chunk in getattr(column, "chunks", [column])]
    return (
        Measures(*(np.concatenate([np.empty(0), *values]) for values in zip(*found, strict=True))) if found else _NONE
    )


_NONE = Measures(np.empty(0), np.empty(0))


def _of_chunk(chunk: Any) -> Measures:
    rings = of_geoarrow(chunk)
    found = Measures(*rings.measured(unchecked=True))
    vertices = np.bincount(rings.owner, np.diff(rings.offsets), minlength=rings.geometries)
    nothing = (vertices == 0) | np.asarray(chunk.is_null())
    for values in found:
        values[nothing] = np.nan
    return found
