"""R3 and R4: the balance year by year with its residual, and the plan beside what is there."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting._balance import Balance, balances
from hazardgeo.accounting._tables._groups import NOT_ROUNDED, NOT_SAFE, heading_of, label_of, plainly, summed
from hazardgeo.accounting._tables._period import period_in_words
from hazardgeo.accounting._tables._stock import BASES
from hazardgeo.accounting._tables._table import Area, Cell, Table, sign_of
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import format_area

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

_CLOSES_SHARE = 1e-9  # of opening and new; below it a residual is rounding
_BASIS = {"geometry": "measured", "declared": "declared"}
_SILENT = {
    "measured": "has an outline, so nothing is measured, and whether it would balance cannot be said.",
    "declared": "declares an area, so there are no declared figures, and whether they would balance cannot be said.",
}
_COLUMNS = ("opening", "new", "resurvey", "cancelled", "reduced", "cleared", "expected", "reported", "difference")
# The signs stand behind: in front of a text of a file they would be the start of a formula.
_HEADER = (
    "Opening",
    "New (+)",
    "Re-survey (±)",
    "Cancelled (−)",
    "Reduced (−)",
    "Cleared (−)",
    "Expected (=)",
    "Reported",
    "Difference",
)


def balance_table(*accounts: Balance, unit: str = "m2", notes: Sequence[str] = ()) -> Table:
    """Print balances, one period below the other, with what does not close (R3).

    Published series do not close from year to year. The difference is printed, and not spread over the other columns.

    Parameters
    ----------
    *accounts : Balance
        As `balance` gives them, of one year or several.
    unit : {"m2", "ha", "km2", "mi2"}
        Unit to print areas in.
    notes : sequence of str
        Footnotes besides.

    Returns
    -------
    Table
        A row a period, group and basis: ``opening_m2``, ``new_m2``, ``resurvey_m2`` (increase less decrease, and reappraisal),
        ``cancelled_m2``, ``reduced_m2``, ``cleared_m2``, ``expected_m2``, ``reported_m2``, ``difference_m2`` (reported
        less expected).

    Raises
    ------
    HazardgeoError
        If there is no balance, or they are grouped by different columns.

    References
    ----------
    System of Environmental-Economic Accounting 2012, Central Framework: the form of an asset account.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("programme_2003_2006.geojson"))
    >>> releases = hz.read_releases(hz.sample_data("programme_2003_2006_releases.geojson"))
    >>> accounts = hz.accounting.balances(hazards, releases, years=(2003, 2004))
    >>> table = hz.accounting.balance_table(*accounts, unit="km2")
    >>> [" ".join(map(str, row[:2])) for row in table.rows]
    ['2003 measured', '2003 declared', '2004 measured', '2004 declared']
    """
    if not accounts or len({account.by for account in accounts}) > 1:
        raise HazardgeoError("Give one balance or more, all of them grouped by the same columns.")
    by = accounts[0].by
    rows = [row for account in accounts for row in _rows(account, unit)]
    header = ("Period", *map(heading_of, by), "Basis", *(f"{words} {sign_of(unit)}" for words in _HEADER))
    columns = ("period", *by, "basis", *(f"{name}_m2" for name in _COLUMNS))
    spans = sorted({period_in_words(account.since, account.until) for account in accounts})
    said = [line for account in accounts for line in _said(account)]
    method = (
        "Opening + new ± re-survey − cancelled − reduced − cleared = expected. Re-survey is what records gained less what "
        "they lost, and "
        "reappraisals. Difference = reported − expected. Measured: by geometry."
    )
    note = "\n".join(dict.fromkeys([*notes, *said, method, *_own_notes(accounts), NOT_ROUNDED, NOT_SAFE]))
    grouped = f", by {' and '.join(heading_of(name).lower() for name in by)}" if by else ""
    caption = f"Balance of recorded ground, {', '.join(spans)}{grouped}"
    return Table(caption, header, tuple(rows), 2 + len(by), note, (), columns, "R3 balance")


def _rows(account: Balance, unit: str) -> Iterator[tuple[Cell, ...]]:
    table = account.to_frame()
    period = period_in_words(account.since, account.until)
    for key, row in zip(table.index, table.to_dict("records"), strict=True):
        groups = () if not account.by else key if isinstance(key, tuple) else (key,)
        areas = [row["opening_m2"], row["new_m2"], row["increase_m2"] - row["decrease_m2"] + row["reappraisal_m2"]]
        areas += [row[f"{name}_m2"] for name in ("cancelled", "reduced", "cleared", "expected", "reported", "residual")]
        yield period, *map(label_of, groups), _BASIS[row["basis"]], *(Area(area, unit) for area in areas)


def closes(account: Balance) -> bool:
    """Whether no residual of a balance is more than rounding; by a basis that no record has, there is none to ask about."""
    table = account.to_frame()
    known = table[table["residual_m2"].notna()]
    scale = (known["opening_m2"] + known["new_m2"]).clip(lower=1.0)
    return bool((len(known) or table.empty) and (known["residual_m2"].abs() <= _CLOSES_SHARE * scale).all())


def silent_bases(account: Balance) -> list[str]:
    """By what the balance knows nothing at all: the outlines (*measured*), or what is declared."""
    table = account.to_frame()
    of_basis = ((basis, table.loc[table["basis"] == basis, "residual_m2"]) for basis in BASES)
    return [_BASIS[basis] for basis, residual in of_basis if len(residual) and residual.isna().all()]


def _said(account: Balance) -> Iterator[str]:
    table, period = account.to_frame(), period_in_words(account.since, account.until)
    yield from (f"{period}: no record {_SILENT[basis]}" for basis in silent_bases(account))
    for basis in BASES:
        mine = table[table["basis"] == basis]
        residual = summed(mine["residual_m2"])
        scale = max(summed(mine["opening_m2"]) + summed(mine["new_m2"]), 1.0) if len(mine) else 1.0
        if abs(residual) > _CLOSES_SHARE * scale:
            way = "more" if residual > 0 else "less"
            yield (
                f"{period}, {_BASIS[basis]}: the balance does not close. {format_area(abs(residual))} {way} are reported than "
                f"expected, and "
                "no record says why."
            )
    one = table[table["basis"] == "geometry"]
    for column, words in (
        ("confirmed_m2", "of suspected ground became confirmed, which changes no total"),
        ("military_m2", "are military areas, apart and in no column"),
        ("inaccessible_m2", "are inaccessible areas, apart and in no column"),
    ):
        if (area := summed(one[column])) >= 0.5:
            yield f"{period}: {format_area(area)} {words}."


def _own_notes(accounts: Sequence[Balance]) -> Iterator[str]:
    """What the balances say themselves: once where all say it, else with the period that it is of."""
    for account in accounts:
        for line in account.notes:
            if all(line in other.notes for other in accounts):
                yield plainly(line)
            else:
                yield f"{period_in_words(account.since, account.until)}: {line}"


def plan_table(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame | None,
    plan: Mapping[int, float],
    *,
    basis: str = "geometry",
    unit: str = "m2",
    notes: Sequence[str] = (),
) -> Table:
    """Print what a plan says should be left at the end of each year, and what is (R4).

    Parameters
    ----------
    hazards, releases : geopandas.GeoDataFrame
        As in `balance`.
    plan : mapping of int to float
        Ground [m²] that should be left at the end of each year.
    basis : {"geometry", "declared"}
        What is left by the outlines, or by declared figures.
    unit : {"m2", "ha", "km2", "mi2"}
        Unit to print areas in.
    notes : sequence of str
        Footnotes besides, such as where the plan comes from.

    Returns
    -------
    Table
        A row a year: ``planned_m2``, ``actual_m2`` (NaN in years that the records do not reach), ``difference_m2`` (actual less
        planned: above 0, behind the plan).

    Raises
    ------
    HazardgeoError
        If the plan is empty, or `basis` is none.
    CRSError, GeometryError, SchemaError
        As `balance`.

    References
    ----------
    The Monitor's profile of Bosnia and Herzegovina compares with the projection of the extension request in this form.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("programme_2003_2006.geojson"))
    >>> releases = hz.read_releases(hz.sample_data("programme_2003_2006_releases.geojson"))
    >>> table = hz.accounting.plan_table(hazards, releases, {2005: 1_500_000.0, 2008: 0.0}, unit="km2")
    >>> [tuple(map(str, row)) for row in table.rows]
    [('2005', '1.50', '1.67', '0.17'), ('2008', '0.00', '–', '–')]
    """
    if not plan or basis not in BASES:
        raise HazardgeoError("Give a plan of at least one year, and basis as geometry or declared.")
    known = reach(hazards, releases)
    years = sorted(int(year) for year in plan)
    told = [year for year in years if known is not None and known[0] <= year <= known[1]]
    left = {}
    for account in balances(hazards, releases, years=told) if told else ():
        table = account.to_frame()
        left[account.until.year] = float(table.loc[table["basis"] == basis, "reported_m2"].iloc[0])
    rows: list[tuple[Cell, ...]] = []
    for year in years:
        planned, actual = float(plan[year]), left.get(year, math.nan)
        rows.append((str(year), *(Area(area, unit) for area in (planned, actual, actual - planned))))
    sign = sign_of(unit)
    silent = [str(year) for year in years if year not in left]
    said = [
        f"Actual: what was recorded and not released at the end of the year, {_BASIS[basis]}. Above 0, the difference is "
        f"behind the plan.",
        f"The records do not reach {', '.join(silent)}; nothing is said of what is left then." if silent else "",
    ]
    header = ("Year", f"Planned remaining {sign}", f"Actual remaining {sign}", f"Actual − planned {sign}")
    columns = ("year", "planned_m2", "actual_m2", "difference_m2")
    note = "\n".join(line for line in [*notes, *said, NOT_SAFE] if line)
    return Table("Remaining ground: plan and records", header, tuple(rows), 1, note, (), columns, "R4 plan")


def reach(hazards: gpd.GeoDataFrame | None, releases: gpd.GeoDataFrame | None) -> tuple[int, int] | None:
    """First and last year that a record is dated in; a date that lies ahead is a slip, and reaches nowhere."""
    import pandas as pd

    columns: list[pd.Series[Any]] = [
        pd.to_datetime(frame[name], errors="coerce").dropna()
        for frame, name in ((hazards, "date_of_information"), (releases, "completed_on"))
        if frame is not None and name in frame
    ]
    past = [day for column in columns for day in column if day.date() <= datetime.datetime.now().astimezone().date()]
    return (min(past).year, max(past).year) if past else None
