"""How much of a hazard lies on which side, as a range, in the words of its popup."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import MapError
from hazardgeo.measure import format_area

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("hazard_id", "side", "area_low_m2", "area_m2", "area_high_m2")
_SHOWN = 5


def side_facts(sides: pd.DataFrame | None, hazards: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Give each hazard its sides, low – as the line is drawn – high, by its id.

    Parameters
    ----------
    sides : pandas.DataFrame or None
        As `hazardgeo.borders.split_by_country` gives it: a row for each hazard and side.
    hazards : pandas.DataFrame
        The hazards of the map, by whose ids the rows must go.

    Returns
    -------
    dict of str to list of (str, str)

    Raises
    ------
    MapError
        If a column is missing, or a row is of a hazard that is not on the map.
    """
    facts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    if sides is None:
        return facts
    missing = [name for name in _COLUMNS if name not in sides.columns]
    if missing:
        raise MapError(f"The sides have no column {missing[0]!r}. Give what hz.borders.split_by_country returns.")
    there = set(hazards.index)
    strangers = [str(name) for name in dict.fromkeys(sides["hazard_id"]) if name not in there]
    if strangers:
        raise MapError(
            f"The sides are of hazards that are not on the map: {', '.join(strangers[:_SHOWN])}"
            f"{', …' if len(strangers) > _SHOWN else ''}. Ask hz.borders.split_by_country for those that are."
        )
    for row in sides[list(_COLUMNS)].itertuples(index=False):
        facts[str(row.hazard_id)].append((f"Side {row.side}".replace("_", " "), _range(row)))
    return facts


def _range(row: Any) -> str:
    areas = (row.area_low_m2, row.area_m2, row.area_high_m2)
    sure = len(set(areas)) == 1
    return " = ".join(_in_unit(areas, unit) for unit in ("m2", "km2", "mi2")) + (
        "" if sure else " (low – drawn – high)"
    )


def _in_unit(areas: tuple[float, float, float], unit: str) -> str:
    """Three areas with the unit once; one that is sure is written once.

    Examples
    --------
    >>> _in_unit((0.0, 1_500_000.0, 2_000_000.0), "km2"), _in_unit((5.0, 5.0, 5.0), "m2")
    ('0.000 – 1.500 – 2.000 km²', '5 m²')
    """
    written = [format_area(area, unit=unit) for area in areas]
    if len(set(written)) == 1:
        return written[0]
    *_, sign = written[0].rpartition(" ")
    return f"{' – '.join(one.removesuffix(f' {sign}') for one in written)} {sign}"
