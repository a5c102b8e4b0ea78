"""Area and perimeter of geodesic polygons at 40 digits, by quadrature on Bessel's auxiliary sphere.

Another method than the library's (series about the middle of an edge) and than Karney's (Fourier series): the geodesic is
followed on the auxiliary sphere (F. W. Bessel 1825, as in C. F. F. Karney 2013, section 2), where it is a great circle in
the reduced latitude β, tan β = (1 - f) tan φ. With arc τ from the first point, azimuth α there, and Clairaut's constant
sin α0 = sin α cos β1:

    sin β = sin β1 cos τ + cos β1 sin τ cos α
    ds = b √(1 + e'² sin² β) dτ,    dλ = (b / a) √(1 + e'² sin² β) sin α0 / cos² β dτ

Azimuth and arc are found by Newton's method from the latitude and longitude of the end. The area between an edge and the
equator is ∫ Q(φ) dλ, where Q is the area of the ellipsoid between equator and parallel for a radian of longitude, in
closed form. The integrals are by Gauss's rule of 24 nodes, exact to 40 digits for arcs that are short beside the distance
to the pole.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import mpmath
from mpmath import mp, mpf

mp.dps = 40
A, F = mpf(6378137), 1 / mpf("298.257223563")
B, E2 = A * (1 - F), F * (2 - F)
E, EP2 = mpmath.sqrt(E2), E2 / (1 - E2)


@functools.cache
def _nodes(count: int = 24) -> list[tuple[mpf, mpf]]:
    """Nodes and weights of Gauss's rule on 0 to 1: zeros of Legendre's polynomial, by Newton from Chebyshev's."""
    rule = []
    for i in range(count):
        x = mpmath.cos(mpmath.pi * (i + mpf(3) / 4) / (count + mpf(1) / 2))
        for _ in range(6):
            p = mpmath.legendre(count, x)
            slope = count * (x * p - mpmath.legendre(count - 1, x)) / (x * x - 1)
            x -= p / slope
        slope = count * (x * mpmath.legendre(count, x) - mpmath.legendre(count - 1, x)) / (x * x - 1)
        rule.append(((1 + x) / 2, 1 / ((1 - x * x) * slope**2)))
    return rule


def authalic(sine: mpf) -> mpf:
    """Area between equator and parallel for a radian of longitude [m²], by the sine of the latitude."""
    return B**2 / 2 * (sine / (1 - E2 * sine**2) + mpmath.atanh(E * sine) / E)


def edge(lat1: float, dlon: mpf, lat2: float) -> tuple[mpf, mpf]:
    """Area between an edge and the equator [m²], signed by its direction, and its length [m]."""
    if dlon == 0 and lat1 == lat2:
        return mpf(0), mpf(0)
    beta1, beta2 = (mpmath.atan((1 - F) * mpmath.tan(mpmath.radians(mpf(lat)))) for lat in (lat1, lat2))
    turn = mpmath.radians(dlon)
    s1, c1 = mpmath.sin(beta1), mpmath.cos(beta1)

    def along(azimuth: mpf, arc: mpf) -> tuple[mpf, mpf, mpf, mpf]:
        lon = length = area = mpf(0)
        sin_a0 = mpmath.sin(azimuth) * c1
        for node, weight in _nodes():
            sine = s1 * mpmath.cos(node * arc) + c1 * mpmath.sin(node * arc) * mpmath.cos(azimuth)
            stretch = mpmath.sqrt(1 + EP2 * sine**2) * weight * arc
            step = stretch * (B / A) * sin_a0 / (1 - sine**2)
            tangent2 = sine**2 / (1 - sine**2) / (1 - F) ** 2
            lon += step
            length += B * stretch
            area += step * authalic(mpmath.sign(sine) * mpmath.sqrt(tangent2 / (1 + tangent2)))
        end = s1 * mpmath.cos(arc) + c1 * mpmath.sin(arc) * mpmath.cos(azimuth)
        return lon, end, length, area

    # Newton in two unknowns, from the great circle; derivatives by differences, which costs it only some steps.
    c2, s2 = mpmath.cos(beta2), mpmath.sin(beta2)
    east, north = mpmath.sin(turn) * c2, c1 * s2 - s1 * c2 * mpmath.cos(turn)
    azimuth = mpmath.atan2(east, north)
    arc = mpmath.atan2(mpmath.hypot(east, north), s1 * s2 + c1 * c2 * mpmath.cos(turn))
    tiny = mpf(10) ** -20
    for _ in range(12):
        lon, end, length, area = along(azimuth, arc)
        miss = mpmath.matrix([turn - lon, mpmath.sin(beta2) - end])
        if mpmath.norm(miss) < mpf(10) ** -36:
            return area, length
        by_azimuth, by_arc = along(azimuth + tiny, arc), along(azimuth, arc + arc * tiny)
        slopes = mpmath.matrix(
            [[(by_azimuth[i] - (lon, end)[i]) / tiny, (by_arc[i] - (lon, end)[i]) / (arc * tiny)] for i in (0, 1)]
        )
        more = mpmath.lu_solve(slopes, miss)
        azimuth, arc = azimuth + more[0], arc + more[1]
    raise AssertionError("Newton's method did not end")


def ring(vertices: Sequence[tuple[float, float]]) -> tuple[mpf, mpf]:
    """Area [m²] and perimeter [m] of a ring of (longitude, latitude), as the exact numbers that the floats are."""
    area = perimeter = mpf(0)
    for (lon1, lat1), (lon2, lat2) in zip(vertices, [*vertices[1:], vertices[0]], strict=True):
        dlon = mpf(lon2) - mpf(lon1)
        dlon -= 360 * mpmath.nint(dlon / 360)
        under, length = edge(lat1, dlon, lat2)
        area += under
        perimeter += length
    return abs(area), perimeter
