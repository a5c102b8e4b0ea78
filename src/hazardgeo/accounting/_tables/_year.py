"""All tables of a period at once."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting._balance import Balance, balance, balances, period_of
from hazardgeo.accounting._tables._balances import balance_table, plan_table, reach
from hazardgeo.accounting._tables._belt import border_belt
from hazardgeo.accounting._tables._cluster_munitions import cluster_munition_table
from hazardgeo.accounting._tables._contamination import contamination_table
from hazardgeo.accounting._tables._contents import contents_of, unknown_contents
from hazardgeo.accounting._tables._groups import check_by
from hazardgeo.accounting._tables._methods import area_methods_table
from hazardgeo.accounting._tables._mined_areas import mined_area_table
from hazardgeo.accounting._tables._period import in_period, period_in_words
from hazardgeo.accounting._tables._released import release_table
from hazardgeo.accounting._tables._year_files import YearTables
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import counted, grouped
from hazardgeo.schema import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

    from hazardgeo.accounting._remaining import Day
    from hazardgeo.accounting._tables._methods import Grid
    from hazardgeo.accounting._tables._table import Table
    from hazardgeo.borders import BorderSet

_TREATY_TABLES = (("R5", "CMR", cluster_munition_table), ("R6", "AP", mined_area_table))


def year_tables(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame,
    *,
    year: int | None = None,
    since: Day | None = None,
    until: Day | None = None,
    by: str = "country",
    unit: str = "m2",
    border: BorderSet | None = None,
    within_m: float | None = None,
    national_grid: Grid = None,
    plan: Mapping[int, float] | None = None,
    treaties: Any = None,
) -> YearTables:
    """Make the tables that a year ends in: R1 to R6, areas by method, and the balance by group.

    Parameters
    ----------
    hazards, releases : geopandas.GeoDataFrame
        As in `contamination_table` and `release_table`.
    year, since, until
        The period, as in `release_table`.
    by : str
        Column to group by; where the releases alone have it, tables of hazards are by country.
    unit : {"m2", "ha", "km2", "mi2"}
        Unit to print areas in.
    border, within_m : BorderSet and float, optional
        Make the tables of the belt within this distance [m] of the border, of two or more states.
    national_grid : str, int or mapping, optional
        As in `area_methods_table`.
    plan : mapping of int to float, optional
        As in `plan_table`; without it there is no R4.
    treaties : mapping or path, optional
        As in `treaty_status`. R5 and R6 are made for each state by itself, where records name such contents.

    Returns
    -------
    YearTables

    Raises
    ------
    HazardgeoError
        If the period is none, or only one of `border` and `within_m` is given.
    BorderError, CRSError, GeometryError, SchemaError
        As the functions that make the tables.

    References
    ----------
    docs/how_to/year_tables.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("programme_2003_2006.geojson"))
    >>> releases = hz.read_releases(hz.sample_data("programme_2003_2006_releases.geojson"))
    >>> made = hz.accounting.year_tables(hazards, releases, year=2005)
    >>> made.closes, [table.name for table in made.tables][:3]
    (True, ['R1 contamination', 'areas by method', 'R2 release'])
    """
    first, last = period_of(year, since, until)
    notes: tuple[str, ...] = ()
    if (border is None) != (within_m is None):
        raise HazardgeoError("A border belt needs both: border= and within_m= (--border or --countries, and --within).")
    if border is not None and within_m is not None:
        belt = border_belt(hazards, releases, border, within_m=within_m)
        hazards, releases, notes = belt.hazards, belt.releases, belt.notes
    check_by(by, hazards, releases)
    of_hazards = by if by in hazards else "country"
    asked: dict[str, Any] = {"unit": unit, "notes": (*_of_fiction(hazards), *notes)}
    span: dict[str, Any] = {"since": first, "until": last}
    account = balance(hazards, releases, **span)
    tables = [
        contamination_table(hazards, releases, on=last, by=of_hazards, national_grid=national_grid, **asked),
        area_methods_table(hazards, by=of_hazards, national_grid=national_grid, **asked),
        release_table(hazards, releases, **span, by=by, national_grid=national_grid, **asked),
    ]
    if "method" in releases and in_period(releases, first, last).any():
        tables.append(replace(release_table(hazards, releases, **span, by="method", **asked), name="R2 by method"))
    tables.append(balance_table(account, **asked))
    if len(hazards[of_hazards].unique()) > 1:
        tables.append(
            replace(balance_table(balance(hazards, releases, **span, by=of_hazards), **asked), name="R3 by group")
        )
    if plan:
        tables.append(plan_table(hazards, releases, plan, **asked))
    tables += _treaty_tables(hazards, releases, treaties, {**span, **asked})
    if within_m is not None:
        tables = [replace(table, caption=f"{table.caption}; border belt of {grouped(within_m)} m") for table in tables]
    years = _years(hazards, releases, last)
    about = (*_about(hazards, releases, first, last), *notes)
    return YearTables(tuple(tables), account, years, account.findings, about)


def _treaty_tables(
    hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, treaties: Any, asked: dict[str, Any]
) -> Iterator[Table]:
    """R5 and R6 of each state by itself: what one of them may be titled does not depend on its neighbour."""
    states = texts_of(hazards, "country")
    contents = contents_of(hazards)
    for name, term, make in _TREATY_TABLES:
        for state in sorted(set(states)):
            mine = hazards[[one == state for one in states]]
            if any(term in words for words, one in zip(contents, states, strict=True) if one == state):
                theirs = releases[releases["hazard_id"].isin(mine.index).to_numpy()]
                yield replace(make(mine, theirs, treaties=treaties, **asked), name=f"{name} {state}")


def _years(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, last: datetime.date) -> tuple[Balance, ...]:
    """The balance of each year that the records reach, up to the last of the period."""
    known = reach(hazards, releases)
    if known is None:
        return ()
    return balances(hazards, releases, years=range(known[0], min(known[1], last.year) + 1))


def _about(
    hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, since: datetime.date | None, until: datetime.date
) -> Iterator[str]:
    yield f"Period: {period_in_words(since, until)}."
    registers = sorted({str(name) for name in texts_of(hazards, "register")})
    yield f"Registers: {', '.join(registers)}. Hazards: {grouped(len(hazards))}; releases: {grouped(len(releases))}."
    if silent := int(unknown_contents(hazards).sum()):
        yield (
            f"{counted(silent, 'hazard has', 'hazards have')} contents that are not known or not stated; each of them may belong "
            f"in R5 or R6, and is in neither by that."
        )
    ways = sorted(
        {
            f"{crs}, {way}" if way else crs
            for crs, way in zip(texts_of(hazards, "source_crs"), texts_of(hazards, "datum_operation"), strict=True)
        }
        - {""}
    )
    if ways:
        yield f"Coordinates were recorded in: {'; '.join(ways)}."
    yield from _of_fiction(hazards)


def _of_fiction(hazards: gpd.GeoDataFrame) -> Iterator[str]:
    """Said under every table, since each may be pasted somewhere by itself."""
    names = {str(name) for name in texts_of(hazards, "register")}
    if invented := sorted(name for name in names if "FICTIONAL" in name.upper()):
        rest = "" if len(invented) == len(names) else f" of {', '.join(invented)}"
        yield f"FICTIONAL DATA: no hazard and no release{rest} here exists."
