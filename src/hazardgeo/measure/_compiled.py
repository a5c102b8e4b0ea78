"""The series compiled by numba: the same formulas on every core. Imported only where it is used."""

from __future__ import annotations

import math
import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from hazardgeo.measure import _edges
from hazardgeo.measure._edges import RAD, REACH2, SHORT2, A, Measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
# Only that a product and a sum may be rounded once: nothing may assume that all are numbers, or one that is none is lost.
_FUSED = {"contract"}
_leading = numba.njit(_edges.leading, fastmath=_FUSED, **_OPTIONS)
_following = numba.njit(_edges.following, fastmath=_FUSED, **_OPTIONS)
# Taylor, to 2e-18 at a quarter of a turn: a library's sine is not done four at a time.
_SINE = tuple((-1) ** n / math.factorial(2 * n + 1) for n in range(12))
_COSINE = tuple((-1) ** n / math.factorial(2 * n) for n in range(12))
_BUFFER = 1024  # vertices, so that four buffers stay in the nearest cache
_LONG = -1.0  # no length


def _short_edges(x, lat, area, length, count):  # type: ignore[no-untyped-def]
    """Measure short edges from each place of a buffer to the next; mark the others by their length."""
    for i in range(count):
        step = lat[i + 1] - lat[i]
        phi = (lat[i] + step * 0.5) * RAD
        phi2 = phi * phi
        s, c = _SINE[11], _COSINE[11]
        for n in range(10, -1, -1):
            s, c = s * phi2 + _SINE[n], c * phi2 + _COSINE[n]
        s *= phi
        middle, dx = (x[i] + x[i + 1]) * (0.5 * RAD), (x[i + 1] - x[i]) * RAD
        more, length2, plain2 = _leading(middle, dx, s, c, step * RAD)
        area[i] = more
        length[i] = math.sqrt(length2) if plain2 <= SHORT2 * c * c else _LONG


def _any_edge(x1, x2, lat1, lat2):  # type: ignore[no-untyped-def]
    """Measure any edge; its squared reach besides."""
    step = lat2 - lat1
    phi = (lat1 + step / 2) * RAD
    s, c = math.sin(phi), math.cos(phi)
    x, dx, dphi = (x1 + x2) * (0.5 * RAD), (x2 - x1) * RAD, step * RAD
    area, length2, plain2 = _leading(x, dx, s, c, dphi)
    more, more2 = _following(x, dx, s, c, dphi)
    return area + more, math.sqrt(max(length2 + more2, 0.0)), plain2 / (c * c)


_many: Any = numba.njit(_short_edges, fastmath=_FUSED, **_OPTIONS)
_one: Any = numba.njit(_any_edge, fastmath=_FUSED, **_OPTIONS)


def _written(stamp: int) -> Callable[..., None]:
    # numba keeps what it compiled by the date of this file alone, and the formulas stand in another: their stamp is
    # enclosed, which is part of the key, so that changed formulas are compiled anew.
    def loop(lon, lat, offsets, start, stop, size, areas, perimeters, beyond):  # type: ignore[no-untyped-def]
        stamp  # noqa: B018
        x, y, area, length = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
        ring = start
        while ring < stop:
            # As many rings as the buffer holds, each with its first vertex once more at its end.
            begun, filled = ring, 0
            while ring < stop and filled + offsets[ring + 1] - offsets[ring] < size:
                first, possible = offsets[ring], True
                for i in range(first, offsets[ring + 1]):
                    if abs(lon[i]) > 360 or abs(lat[i]) > 90:
                        possible = False
                    turn = lon[i] - lon[first]
                    if abs(turn) > 180:
                        turn = lon[i] - 360 * round(turn / 360) - lon[first]
                    x[filled], y[filled] = turn, lat[i]
                    filled += 1
                areas[ring] = 0.0 if possible else np.inf
                x[filled], y[filled] = 0.0, lat[first]
                filled += 1
                ring += 1
            _many(x, y, area, length, filled - 1)
            at = 0
            for done in range(begun, ring):
                total, perimeter, reached = 0.0, 0.0, True
                for i in range(at, at + offsets[done + 1] - offsets[done]):
                    if not length[i] >= 0:
                        area[i], length[i], reach2 = _one(x[i], x[i + 1], y[i], y[i + 1])
                        reached = reached and reach2 <= REACH2
                    total += area[i]
                    perimeter += length[i]
                at += offsets[done + 1] - offsets[done] + 1
                if areas[done] == 0.0:  # else it holds what is no place, and has none
                    areas[done] = abs(total) * A**2
                perimeters[done], beyond[done] = perimeter * A, not reached

    return loop


def _compiled() -> Any:
    stamp = zlib.crc32(Path(_edges.__file__).read_bytes())
    real, whole = numba.float64, numba.int64
    given = numba.types.Array(real, 1, "A", readonly=True)  # what comes from Arrow may not be written to
    signature = numba.void(given, given, whole[::1], whole, whole, whole, real[::1], real[::1], numba.boolean[::1])
    try:
        return numba.njit(signature, cache=True, **_OPTIONS)(_written(stamp))
    except RuntimeError:  # nowhere to keep what was compiled
        return numba.njit(signature, **_OPTIONS)(_written(stamp))


_LOOP = _compiled()


def by_compiled_series(lon: NDArray[np.float64], lat: NDArray[np.float64], offsets: NDArray[np.int64]) -> Measured:
    """Measure rings as `by_series` does."""
    rings = len(offsets) - 1
    found = Measured(np.empty(rings), np.empty(rings), np.empty(rings, dtype=bool))
    size = max(_BUFFER, int(np.diff(offsets).max()) + 1)
    shares = np.linspace(offsets[0], offsets[-1], 4 * (os.cpu_count() or 1) + 1)
    cuts = np.unique(np.searchsorted(offsets, shares)).tolist()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        # Threads rather than numba's own, of which some layers end the process when two of ours ask at once.
        list(pool.map(lambda start, stop: _LOOP(lon, lat, offsets, start, stop, size, *found), cuts[:-1], cuts[1:]))
    return found
