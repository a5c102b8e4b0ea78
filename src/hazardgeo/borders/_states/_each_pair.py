"""Questions about two registers, asked of every two of many."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import SchemaError
from hazardgeo.schema import UNSTATED, Finding, findings_table, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import geopandas as gpd
    import pandas as pd

A, B = "register_a", "register_b"


def by_register(hazards: gpd.GeoDataFrame, names: Iterable[object] = ()) -> dict[str, gpd.GeoDataFrame]:
    """Take a combined frame apart by register.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        With ``register``.
    names : iterable of str, optional
        Registers that must be among them though they hold nothing here, such as those without open ground.

    Returns
    -------
    dict of str to geopandas.GeoDataFrame
        In alphabetical order; every record is in one of them, those without a register in one that is named *unstated*.

    Raises
    ------
    SchemaError
        If ``register`` is missing or an id stands twice.

    References
    ----------
    docs/explanation/frontage.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> files = ["bih_register.gpkg", "hrv_register.geojson"]
    >>> both = hz.combine(*(hz.read_hazards(hz.sample_data(name)) for name in files))
    >>> registers = by_register(both)
    >>> sum(map(len, registers.values())) == len(both)
    True
    """
    require(hazards, "register")
    of_record = hazards["register"].astype(object).where(hazards["register"].notna(), UNSTATED).astype(str)
    return {name: hazards[of_record == name] for name in sorted({*of_record, *map(str, names)})}


def over_pairs(
    function: Callable[..., Any],
    registers: gpd.GeoDataFrame | Mapping[str, gpd.GeoDataFrame],
    *more: Any,
    **options: Any,
) -> dict[tuple[str, str], Any]:
    """Ask a question about two registers of every two of many.

    Each pair is asked once, the two in alphabetical order; a register is never put to itself.

    Parameters
    ----------
    function : callable
        Takes two registers, such as `overlaps`, `count_once` or `joint_tasks`.
    registers : geopandas.GeoDataFrame or mapping of str to geopandas.GeoDataFrame
        A combined frame with ``register``, or the registers by name.
    *more, **options
        Go on to the function after the two registers.

    Returns
    -------
    dict of (str, str) to what the function gives

    Raises
    ------
    SchemaError
        If there are fewer than two registers.

    References
    ----------
    docs/explanation/frontage.md of this project.

    Examples
    --------
    >>> import geopandas as gpd
    >>> three = dict.fromkeys("CAB", gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    >>> list(over_pairs(lambda a, b: len(a) + len(b), three))
    [('A', 'B'), ('A', 'C'), ('B', 'C')]
    """
    named = registers if not hasattr(registers, "geometry") else by_register(registers)
    if len(named) < 2:
        problem = Finding(
            "-", "-", 0, "one-register", "quarantined", f"Registers: {', '.join(named) or 'none'}.", "", _DO
        )
        raise SchemaError("A question about two registers needs two:", findings_table([problem]))
    return {(a, b): function(named[a], named[b], *more, **options) for a, b in combinations(sorted(named), 2)}


_DO = "Combine the registers of two authorities or more with hz.combine."


def stacked(answers: Mapping[tuple[str, str], Any]) -> pd.DataFrame:
    """Put the tables of many pairs under each other, with the names of the two registers in front.

    Parameters
    ----------
    answers : mapping
        As `over_pairs` gives it: tables, or values with ``to_frame``.

    Returns
    -------
    pandas.DataFrame
        ``register_a``, ``register_b``, and the tables' own columns; an index that has a name becomes a column. A
        GeoDataFrame where the tables are.

    Raises
    ------
    KeyError
        If there is no table.

    References
    ----------
    docs/explanation/frontage.md of this project.

    Examples
    --------
    >>> import pandas as pd
    >>> stacked({("A", "B"): pd.DataFrame({"area_m2": [5.0]}), ("A", "C"): pd.DataFrame({"area_m2": []})})
      register_a register_b  area_m2
    0          A          B      5.0
    """
    import pandas as pd

    if not answers:
        raise KeyError("there is no table to stack")
    tables = []
    for (a, b), answer in answers.items():
        table = answer.to_frame() if not hasattr(answer, "columns") else answer
        table = table.reset_index() if table.index.name else table
        own = [name for name in table.columns if name not in (A, B)]
        tables.append(table.assign(**{A: a, B: b})[[A, B, *own]])
    some = [table for table in tables if len(table)] or tables[:1]
    under: pd.DataFrame = pd.concat(some, ignore_index=True)
    return under
