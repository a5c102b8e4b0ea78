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
_YARD = "International yard and pound agreement of 1959: 1 yd = 0.9144 m"
M2_PER_MI2 = Constant(
    "M2_PER_MI2",
    2_589_988.110336,
    "m²/mi²",
    "Square metres in a square international mile, exactly 2 589 988.110336.",
    Source(f"{_YARD}, hence 1 mi = 1760 yd = 1609.344 m", Grade.SECONDARY),
)
M2_PER_HA = Constant(
    "M2_PER_HA", 1e4, "m²/ha", "Square metres in a hectare.", Source("SI: hectare, used with it", Grade.SECONDARY)
)
M2_PER_FT2 = Constant(
    "M2_PER_FT2",
    0.092_903_04,
    "m²/ft²",
    "Square metres in a square international foot, exactly; a square US survey foot is larger by 4 in a million.",
    Source(f"{_YARD}, hence 1 ft = 0.3048 m", Grade.SECONDARY),
)
M_PER_FT = Constant(
    "M_PER_FT", 0.3048, "m/ft", "Metres in an international foot, exactly.", Source(_YARD, Grade.SECONDARY)
)
M_PER_US_FT = Constant(
    "M_PER_US_FT",
    1200 / 3937,
    "m/ft",
    "Metres in a US survey foot, exactly.",
    Source("EPSG register as in PROJ, unit 9003: 0.304800609601219 m, which is 1200/3937", Grade.SECONDARY),
)
M2_PER_ACRE = Constant(
    "M2_PER_ACRE",
    4046.856_422_4,
    "m²/acre",
    "Square metres in an international acre, exactly.",
    Source(f"{_YARD}; 1 acre = 4840 yd² = 43 560 ft²", Grade.SECONDARY),
)
M2_PER_DUNAM = Constant(
    "M2_PER_DUNAM",
    1000.0,
    "m²/dunam",
    "Square metres in a metric dunam (dunum, dulum, dynym); others exist, such as 2 500 m² in Iraq and 1 600 m² about Leskovac.",
    Source("Wikipedia, Dunam: the metric dunam is exactly one decare; so in Bosnia and Herzegovina", Grade.SECONDARY),
)
M2_PER_JERIB = Constant(
    "M2_PER_JERIB",
    2000.0,
    "m²/jerib",
    "Square metres in a jerib of Afghanistan; others exist, such as 10 000 m² in Iran, and what a farmer calls one varies.",
    Source(
        "Afghanistan, Ministry of Urban Development and Land, mudh.gov.af/en/node/1360: 68,790 jeribs (13,758 hectares)",
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
EDGE_REACH = Constant(
    "EDGE_REACH",
    4e-3,
    "1",
    "Longest edge that is measured by the series for its area, as a share of its distance from the axis of the Earth: "
    "25 km at the equator, 2.2 km at 85° of latitude. What is neglected is then below 2e-16 of the edge's square in an area "
    "and 6e-13 of itself in a length.",
    Source(f"{_OURS}, from the bounds in docs/explanation/geodesic_area.md", Grade.ASSUMED),
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
DATUM_CLAIM_M = Constant(
    "DATUM_CLAIM_M",
    100.0,
    "m",
    "An operation between datums that claims no better than this is taken only where a person names it.",
    Source(
        f"{_OURS}: mined belts are often about that wide; where an accuracy is not known, the EPSG register states 999 m",
        Grade.ASSUMED,
    ),
)
READ_BACK_M = Constant(
    "READ_BACK_M",
    0.001,
    "m",
    "A written position must read back to within this.",
    Source(_OURS, Grade.ASSUMED),
)

FORECAST_YEARS = Constant(
    "FORECAST_YEARS",
    5,
    "year",
    "Calendar years whose releases a projection rests on, unless others are asked for.",
    Source(
        f"{_OURS}: long enough to show good and bad years, short enough to be of the present programme", Grade.ASSUMED
    ),
)
FORECAST_YEARS_LEAST = Constant(
    "FORECAST_YEARS_LEAST",
    3,
    "year",
    "With fewer whole years on record nothing is projected.",
    Source(f"{_OURS}: two years show no spread", Grade.ASSUMED),
)
FORECAST_HORIZON_YEARS = Constant(
    "FORECAST_HORIZON_YEARS",
    100,
    "year",
    "A projection is drawn no further than this; beyond it, it says *later*.",
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

EDGE_ALARM_M = Constant(
    "EDGE_ALARM_M",
    5000.0,
    "m",
    "An edge longer than this between two recorded points is reported.",
    Source("GICHD geocheck, README and geocheck.sql (commit 56f2a03, 2020-07-02): default alarm", Grade.READ),
)


def _limit(name: str, value: float, unit: str, meaning: str) -> Constant:
    return Constant(name, value, unit, meaning, Source(f"{_OURS}; give limits= to change it", Grade.ASSUMED))


LIMIT_FILE_BYTES = _limit("LIMIT_FILE_BYTES", 4e9, "byte", "A larger file is refused before it is read.")
LIMIT_VERTICES = _limit("LIMIT_VERTICES", 1e6, "1", "A record with more corners is quarantined before it is examined.")
LIMIT_CELL_CHARACTERS = _limit("LIMIT_CELL_CHARACTERS", 1e5, "1", "A longer cell of a known column is not read.")
LIMIT_ARCHIVE_BYTES = _limit("LIMIT_ARCHIVE_BYTES", 1e9, "byte", "Bytes that an archive may have when unpacked.")
LIMIT_ARCHIVE_RATIO = _limit("LIMIT_ARCHIVE_RATIO", 100, "1", "Times that an archive may grow.")
LIMIT_MEMORY_BYTES = _limit("LIMIT_MEMORY_BYTES", 16e9, "byte", "Memory that the worker process may address.")
LIMIT_SECONDS = _limit("LIMIT_SECONDS", 60, "s", "Time that the worker process may spend on one step of one batch.")

RASTER_CELLS = Constant(
    "RASTER_CELLS",
    1e12,
    "1",
    "A raster that says it has more cells is damaged, or not what it seems.",
    Source(f"{_OURS}: cells of one second of arc over the whole globe are 8.4e11", Grade.ASSUMED),
)
RASTER_BLOCK_BYTES = Constant(
    "RASTER_BLOCK_BYTES",
    2.7e8,
    "byte",
    "A raster whose stored blocks are larger when decoded is refused: each must be held whole in memory.",
    Source(f"{_OURS}: a small laptop holds several", Grade.ASSUMED),
)
RASTER_CELL_LEAST_M = Constant(
    "RASTER_CELL_LEAST_M",
    0.05,
    "m",
    "Smaller cells in a plane CRS are taken for degrees.",
    Source(f"{_OURS}: no terrain or population is mapped so finely, and 0.05° are 5 km", Grade.ASSUMED),
)

RASTERIZED_CELLS = Constant(
    "RASTERIZED_CELLS",
    5e7,
    "1",
    "Hazards are not written on a grid of more cells than this.",
    Source(
        f"{_OURS}: a small laptop holds it in memory, and 7 000 by 7 000 cells of 30 m are 210 km across", Grade.ASSUMED
    ),
)
ELEVATION_LEAST_M = Constant(
    "ELEVATION_LEAST_M",
    -500.0,
    "m",
    "A lower elevation is that of no land: a void that is not declared, or the floor of a sea.",
    Source(f"{_OURS}: the shore of the Dead Sea, the lowest land, lies some 430 m below the sea", Grade.ASSUMED),
)
ELEVATION_GREATEST_M = Constant(
    "ELEVATION_GREATEST_M",
    9000.0,
    "m",
    "A higher elevation is that of no land: a void that is not declared, or another unit.",
    Source(f"{_OURS}: the highest mountain has some 8 850 m", Grade.ASSUMED),
)
FLAT_DEG = Constant(
    "FLAT_DEG",
    1.0,
    "degree",
    "Ground less steep than this faces no direction that means anything.",
    Source(f"{_OURS}: on cells of 30 m it is a rise of half a metre, less than elevations are known to", Grade.ASSUMED),
)
STEEP_DEG = Constant(
    "STEEP_DEG",
    15.0,
    "degree",
    "Ground steeper than this is counted as steep, unless other limits are asked for.",
    Source(f"{_OURS}; what a team or a machine can work on is for its operator to say (limits_deg)", Grade.ASSUMED),
)
VERY_STEEP_DEG = Constant(
    "VERY_STEEP_DEG",
    30.0,
    "degree",
    "Ground steeper than this is counted as very steep, unless other limits are asked for.",
    Source(f"{_OURS}; as STEEP_DEG", Grade.ASSUMED),
)

# Where the rules begin to speak (`registers/_rules/_thresholds.py`); each can be given.
_GEOCHECK = "GICHD geocheck (github.com/GICHD/geocheck, commit 56f2a03, 2020-07-02)"
_ENGESET = "Engeset (2003), Suspected Hazard Area Mapping in Non-Technical Landmine Surveys, Journal of Mine Action 7.3"
_CORE_DOC = "GICHD imsma-core-doc, Survey123/Integration_of_Collector_and_Survey123.md (commit 22c5dec)"


def _threshold(name: str, value: float, unit: str, meaning: str, why: str) -> Constant:
    return Constant(name, value, unit, meaning, Source(f"{_OURS}: {why}", Grade.ASSUMED))


REPEATED_POINT_DEG = Constant(
    "REPEATED_POINT_DEG",
    1e-6,
    "degree",
    "Two points closer than this in longitude and in latitude are one point twice.",
    Source(f"{_GEOCHECK}, ToolBox/README.md: resolution used for comparison 0.000001", Grade.READ),
)
CIRCLE_POINTS = _threshold(
    "CIRCLE_POINTS",
    12,
    "1",
    "An outline with fewer corners is not taken for a drawn circle.",
    f"with fewer, a surveyed outline may be round; that areas are shown as circles: {_ENGESET}",
)
CIRCLE_SHARE = _threshold(
    "CIRCLE_SHARE",
    0.99,
    "1",
    "An outline is a drawn circle where 4π · area / perimeter² reaches this share of the regular polygon's.",
    f"leaves room for rounded coordinates; that areas are shown as circles: {_ENGESET}",
)
DECLARED_AREA_SHARE = _threshold(
    "DECLARED_AREA_SHARE",
    0.05,
    "1",
    "A declared area may differ from the outline's by this share of it.",
    "registers round, and areas in a plane projection differ from the reference number by up to a few per cent",
)
DECLARED_AREA_M2 = _threshold(
    "DECLARED_AREA_M2",
    100.0,
    "m²",
    "A declared area may differ from the outline's by this much, however small it is.",
    "small areas are declared to the nearest hundred",
)
COORDINATE_DECIMALS = _threshold(
    "COORDINATE_DECIMALS",
    4,
    "1",
    "Coordinates in degrees with fewer decimals at every corner are cut.",
    f"three decimals are 111 m; that default formatting cuts decimals to two: {_CORE_DOC}",
)
COARSE_GRID_M = _threshold(
    "COARSE_GRID_M",
    100.0,
    "m",
    "Grid coordinates that are all whole multiples of this are cut.",
    "the step of three decimals of a degree",
)
ROUNDED_GRID_M = _threshold(
    "ROUNDED_GRID_M", 10.0, "m", "Grid coordinates that are all whole multiples of this are rounded.", "map reading"
)
CHANCE = _threshold(
    "CHANCE", 1e-6, "1", "A pattern in a layer less probable than this is not put down to chance.", "one in a million"
)
ZERO_PLACE_M = _threshold(
    "ZERO_PLACE_M",
    1000.0,
    "m",
    "A point closer than this to longitude 0, latitude 0 has lost its coordinates.",
    "that place is open sea, hundreds of kilometres from any land",
)
OUTSIDE_COUNTRY_M = _threshold(
    "OUTSIDE_COUNTRY_M",
    5000.0,
    "m",
    "A record further than this from the country that reports it is in the wrong place.",
    "belts along a border reach a few kilometres beyond it, and generalised borders err by as much",
)
ALONG_BORDER_M = _threshold(
    "ALONG_BORDER_M", 1.0, "m", "An outline so near a country's edge runs along it.", "no survey is so near"
)
ALONG_BORDER_LENGTH_M = _threshold(
    "ALONG_BORDER_LENGTH_M",
    50.0,
    "m",
    "A shorter stretch along a border is no sign of a cut.",
    "a crossing leaves a few metres",
)
ALONG_BORDER_SHARE = _threshold(
    "ALONG_BORDER_SHARE", 0.1, "1", "A smaller share of an outline is no sign of a cut.", "as above"
)
EARLIEST_YEAR = _threshold(
    "EARLIEST_YEAR",
    1914,
    "year",
    "Dates before this year are slips.",
    "ground of the First World War is the oldest in any register that we know of",
)
AREA_LARGEST_M2 = _threshold(
    "AREA_LARGEST_M2",
    500e6,
    "m²",
    "A larger area is a slip.",
    "a whole municipality",
)
AREA_SMALLEST_M2 = _threshold("AREA_SMALLEST_M2", 1.0, "m²", "A smaller area is a slip.", "no one can stand in it")
NEAR_DUPLICATE_SHARE = _threshold(
    "NEAR_DUPLICATE_SHARE",
    0.9,
    "1",
    "Two outlines whose common ground is this share of their joint ground are one area twice.",
    "a second survey of one area agrees to about this",
)
TWIN_NEAREST_M = _threshold(
    "TWIN_NEAREST_M", 30.0, "m", "An outline twice, moved by less, is no datum.", "below it, survey"
)
TWIN_FARTHEST_M = _threshold(
    "TWIN_FARTHEST_M",
    2000.0,
    "m",
    "An outline twice, moved by more than this, is not put down to a datum.",
    "the datums of border regions differ by some 50 to 650 m, as computed with PROJ 9.5.1 and EPSG 11.022 for MGI 1901 "
    "(413 m at 19.0° E 44.9° N), Pulkovo 1942, Arc 1950 and Indian 1975; errors in a chain add up",
)
TWIN_SHAPE_M = _threshold(
    "TWIN_SHAPE_M", 1.0, "m", "An outline twice, moved, is alike to within this.", "a datum moves a whole area alike"
)
COVER_SHARE = _threshold(
    "COVER_SHARE", 0.95, "1", "From this share an area counts as covered.", "outlines of two surveys differ"
)
