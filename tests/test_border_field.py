"""The error field that the border build fits, on lines whose displacement is known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from tools.build_borders import field

M_PER_DEGREE = 111_320.0


def equator(north_m: np.ndarray) -> shapely.LineString:
    """A line along the equator with a vertex every 100 m, displaced to the north."""
    east = np.arange(len(north_m)) * 100.0 / M_PER_DEGREE
    # A degree of latitude at the equator is 110,574 m on WGS 84.
    return shapely.LineString(np.column_stack([20 + east, north_m / 110_574.0]))


ALONG_M = np.arange(4000) * 100.0  # 400 km


def test_a_line_moved_as_a_whole_is_all_common():
    fitted = field.fit(equator(np.zeros(4000)), equator(np.full(4000, 700.0)))
    assert fitted is not None
    assert fitted.north_m == pytest.approx(700, rel=0.01)
    assert fitted.share == pytest.approx(1, abs=0.001)
    assert fitted.rms_m == pytest.approx(700, rel=0.01)


def test_a_wave_is_all_local_and_forgets_as_a_cosine_does():
    """The correlation of a wave of length w at lag h is cos(2 pi h / w): 1/e at h = w acos(1/e) / (2 pi), 7.60 km for 40 km."""
    fitted = field.fit(equator(np.zeros(4000)), equator(300 * np.sin(2 * np.pi * ALONG_M / 40_000)))
    assert fitted is not None
    assert fitted.share < 0.01
    assert fitted.correlation_km == pytest.approx(40 * math.acos(1 / math.e) / (2 * math.pi), rel=0.05)
    assert fitted.rms_m == pytest.approx(300 / math.sqrt(2), rel=0.02)


def test_a_shift_and_a_wave_share_the_square_by_their_squares():
    """Shift 400, wave 300 / sqrt 2 root mean square: 160,000 of 205,000."""
    fitted = field.fit(equator(np.zeros(4000)), equator(400 + 300 * np.sin(2 * np.pi * ALONG_M / 40_000)))
    assert fitted is not None
    assert fitted.share == pytest.approx(160_000 / 205_000, abs=0.01)


@pytest.mark.parametrize("other", [shapely.LineString(), equator(np.zeros(50))])
def test_too_little_says_nothing(other):
    line = equator(np.zeros(100))  # 10 km: 20 samples
    assert field.fit(line, other) is None
