"""Numbers that the library uses, each with unit, meaning, source and grade."""

from __future__ import annotations

from dataclasses import dataclass

from hazardgeo.sources import Grade, Source


@dataclass(frozen=True)
class Constant:
    """A number that cannot be had without its unit, meaning and source."""

    name: str
    value: float
    unit: str
    meaning: str
    source: Source


_OURS = "hazardgeo design choice"

M2_PER_KM2 = Constant(
    "M2_PER_KM2", 1e6, "m²/km²", "Square metres in a square kilometre.", Source("SI prefix kilo", Grade.SECONDARY)
)
M2_PER_MI2 = Constant(
    "M2_PER_MI2",
    2_589_988.110336,
    "m²/mi²",
    "Square metres in a square international mile, exactly 2 589 988.110336.",
    Source(
        "International yard and pound agreement of 1959: 1 yd = 0.9144 m, hence 1 mi = 1760 yd = 1609.344 m",
        Grade.SECONDARY,
    ),
)
NORMAL_95 = Constant(
    "NORMAL_95",
    1.96,
    "1",
    "Half-width of the central 95 % of a normal distribution, in standard deviations.",
    Source("Standard normal table, 0.975 quantile = 1.95996", Grade.SECONDARY),
)
NEAR_M = Constant(
    "NEAR_M",
    2000.0,
    "m",
    "A hazard closer to a border than this, and not closer than the border's offset, is *near* it.",
    Source(f"{_OURS}; give near_m to change it", Grade.ASSUMED),
)
VERTEX_SD_M = Constant(
    "VERTEX_SD_M",
    10.0,
    "m",
    "Standard deviation of a vertex where a record states none.",
    Source(
        f"{_OURS}: wider than the 2.2 m mean error of a handheld receiver in the abstract of Herrera and "
        "Fonseca (2023), doi:10.22335/rlct.v15i2.1742, since most registers mix surveyed and digitised shapes",
        Grade.ASSUMED,
    ),
)
EDGE_M = Constant(
    "EDGE_M",
    1000.0,
    "m",
    "Longest edge that is laid straight in a local plane; longer ones are first split on the geodesic.",
    Source(f"{_OURS}; keeps an edge within 1 mm of its geodesic (docs/explanation/planes.md)", Grade.ASSUMED),
)
EDGE_DEPARTURE_M = Constant(
    "EDGE_DEPARTURE_M",
    1.0,
    "m",
    "A straight edge of a projected source that lies further than this from the geodesic is reported.",
    Source(_OURS, Grade.ASSUMED),
)
ROUND_TRIP_M = Constant(
    "ROUND_TRIP_M",
    0.01,
    "m",
    "A transformation must bring every coordinate back to within this.",
    Source(_OURS, Grade.ASSUMED),
)
READ_BACK_M = Constant(
    "READ_BACK_M",
    0.001,
    "m",
    "A written position must read back to within this.",
    Source(_OURS, Grade.ASSUMED),
)

# Bounds of plausibility, wide on purpose: beyond them a number is a slip of a pen or of a column, not a measurement.
VERTEX_SD_MAX_M = Constant(
    "VERTEX_SD_MAX_M",
    10_000.0,
    "m",
    "A standard deviation of a vertex above this is taken for a mistake.",
    Source(_OURS, Grade.ASSUMED),
)
COUNT_MAX = Constant(
    "COUNT_MAX",
    1e9,
    "1",
    "A count of items above this is taken for a mistake.",
    Source(_OURS, Grade.ASSUMED),
)

CONSTANTS = (
    M2_PER_KM2,
    M2_PER_MI2,
    NORMAL_95,
    NEAR_M,
    VERTEX_SD_M,
    EDGE_M,
    EDGE_DEPARTURE_M,
    ROUND_TRIP_M,
    READ_BACK_M,
    VERTEX_SD_MAX_M,
    COUNT_MAX,
)
