"""How the error of a line at one place goes along with its error at another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_COLUMNS = ("common_sd_m", "local_sd_m", "correlation_km")
_EARTH_KM = 6371.0  # a sphere is near enough: correlation lengths are known to a tenth at best
_TINY_KM = 1e-9
_CELLS = 1_000_000  # of the matrix of correlations that are held at once


@dataclass(frozen=True)
class ErrorField:
    """Error of one line: the share of its variance that is common to the pair, and how far the rest is remembered.

    Both are NaN where the line does not state them; then its error is taken to be the same everywhere.
    """

    common_share: float = math.nan
    correlation_km: float = math.nan


def error_fields(lines: gpd.GeoDataFrame) -> list[ErrorField]:
    """Read the fitted error of each line of a border, where it states one.

    The stated parts give the *share* alone; how large the error is, is ``offset_95_m``'s to say, so the two cannot disagree.
    """
    return [_field(*row) for row in zip(*(lines[name].astype(float) for name in _COLUMNS), strict=True)]


def _field(common: float, local: float, length_km: float) -> ErrorField:
    variance = common**2 + local**2
    return ErrorField(common**2 / variance, length_km) if variance > 0 else ErrorField()


@dataclass(frozen=True)
class Places:
    """Where on which line each of many hazards lies, and what its displacement is made of.

    Parameters
    ----------
    pair : ndarray of int
        Number of the line's pair of countries.
    lonlat : ndarray, shape (n, 2)
        Place on the line [degrees].
    common_share, correlation_km : ndarray, shape (n,)
        As in `ErrorField`.
    of_line, of_datum : ndarray, shape (n,)
        Standard deviations of the line and of the way to WGS 84, as shares of that of the whole displacement.
    """

    pair: NDArray[np.intp]
    lonlat: NDArray[np.float64]
    common_share: NDArray[np.float64]
    correlation_km: NDArray[np.float64]
    of_line: NDArray[np.float64]
    of_datum: NDArray[np.float64]

    @property
    def stated(self) -> NDArray[np.bool_]:
        """Where the line says how its error goes along."""
        return ~(np.isnan(self.common_share) | np.isnan(self.lonlat).any(axis=1))

    def spread(self, amounts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Root of the sum over all pairs of places of amount · amount · correlation.

        Parameters
        ----------
        amounts : ndarray, shape (n, k)
            Not negative.

        Returns
        -------
        ndarray, shape (k,)
            Between the root of the sum of squares and the sum.
        """
        squares, step = np.zeros(amounts.shape[1]), max(1, _CELLS // max(1, len(amounts)))
        for start in range(0, len(amounts), step):
            rows = np.arange(start, min(start + step, len(amounts)))
            squares += np.einsum("ik,ik->k", amounts[rows], self._correlation(rows) @ amounts)
        return np.sqrt(squares)

    def _correlation(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Correlation of the displacements at some places with those at all."""
        xyz = _on_sphere(self.lonlat)
        # The straight way is never longer than the way along the line, so it never makes the errors less alike.
        apart = np.sqrt(np.maximum(0, 2 * _EARTH_KM**2 - 2 * xyz[rows] @ xyz.T))
        local = np.sqrt(1 - self.common_share)
        common = np.sqrt(self.common_share) * (self.pair[rows, None] == self.pair)
        # A local part is no matter of the pair: where three countries meet, three lines meet.
        # Of two lengths the longer: neither line is made less alike than it says.
        remembered = np.exp(
            -apart / np.maximum(np.maximum(self.correlation_km[rows, None], self.correlation_km), _TINY_KM)
        )
        alike = np.sqrt(self.common_share[rows, None]) * common + local[rows, None] * local * remembered
        found = self.of_line[rows, None] * self.of_line * alike + self.of_datum[rows, None] * self.of_datum
        found[~(self.stated[rows, None] & self.stated)] = 1.0
        found[np.arange(len(rows)), rows] = 1.0
        return np.asarray(np.minimum(found, 1.0))


def _on_sphere(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    lon, lat = np.radians(lonlat).T
    return _EARTH_KM * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
