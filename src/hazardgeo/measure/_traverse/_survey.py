"""A traverse computed: positions, their errors, and every check that its measurements allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.measure._traverse._chain import chain_of
from hazardgeo.measure._traverse._checks import (
    BackBearings,
    Closure,
    PositionCheck,
    back_bearings_of,
    closure_of,
    position_check,
)
from hazardgeo.measure._traverse._draw import Drawn, draw
from hazardgeo.measure._traverse._errors import Spread, SurveyErrors, spread_of, worst_sd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyproj
    from numpy.typing import NDArray

    from hazardgeo.measure._traverse._chain import MeasuredLeg
    from hazardgeo.measure._traverse._north import North


@dataclass(frozen=True, eq=False)
class Survey:
    """The points of a traverse in the order of its legs, and what they say about themselves."""

    names: tuple[str, ...]
    drawn: Drawn
    spread: Spread
    position_sd_m: NDArray[np.float64]
    """Of each point, in its worst direction, the error of the known point included [m]."""
    closure: Closure | None
    back_bearings: BackBearings | None
    checks: tuple[PositionCheck, ...]

    def at(self, name: str) -> tuple[float, float]:
        """Longitude and latitude of a point, balanced."""
        lon, lat = self.drawn.lonlat[self.names.index(name)].tolist()
        return lon, lat

    @property
    def shown_m(self) -> float:
        """The most that a check which fails shows [m]; 0 where none fails. The errors are larger than was said."""
        shown = [check.distance_m for check in self.checks if not check.passes]
        if self.closure is not None and not self.closure.passes:
            shown.append(self.closure.misclosure_m)
        return max(shown, default=0.0)

    def outline_sd_m(self, names: Sequence[str]) -> float:
        """Standard deviation of the worst of some points [m]; never less than what a check that fails shows."""
        return max([float(self.position_sd_m[self.names.index(name)]) for name in names] + [self.shown_m])


def survey(
    legs: Sequence[MeasuredLeg],
    at: str,
    known: Mapping[str, tuple[float, float]],
    *,
    north: North,
    errors: SurveyErrors,
    geod: pyproj.Geod,
) -> Survey:
    """Compute a traverse.

    Parameters
    ----------
    legs : sequence of MeasuredLeg
    at : str
        The known point that all others hang on.
    known : mapping of str to tuple of float
        Longitude and latitude of `at`, and of other points that are only compared [degree].
    north : North
    errors : SurveyErrors
    geod : pyproj.Geod
        Ellipsoid of the datum of the known points.

    Returns
    -------
    Survey

    Raises
    ------
    NotDrawnError
        If a point hangs on nothing, the legs close more than once, or two bearings contradict each other.
    """
    chain = chain_of(legs, at)
    drawn = draw(legs, chain, known[at], north=north, geod=geod)
    lengths = np.array([leg.distance_m for leg in legs])
    spread = spread_of(drawn, lengths, errors)
    covariance = spread.of_sum(drawn.weights) + np.eye(2) * errors.known_sd_m**2
    # What two bearings of a leg differ by would excuse the misclosure that one of them makes.
    loop = spread_of(drawn, lengths, errors, widened=False).of_sum(chain.loop[None, :])[0]
    checks = tuple(
        position_check(
            name,
            tuple(drawn.lonlat[i].tolist()),
            known[name],
            start=known[at],
            covariance=covariance[i] + np.eye(2) * errors.known_sd_m**2,
            geod=geod,
        )
        for i, name in enumerate(chain.names)
        if name in known and name != at
    )
    return Survey(
        chain.names,
        drawn,
        spread,
        worst_sd(covariance),
        closure_of(drawn, loop, float(np.abs(chain.loop) @ lengths)),
        back_bearings_of(legs, drawn.gap_deg, errors.bearing_sd_deg),
        checks,
    )
