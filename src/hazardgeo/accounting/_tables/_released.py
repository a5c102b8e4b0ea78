"""R2: land released in a period, by region and method, with what was found."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting._account import Account
from hazardgeo.accounting._balance import balance, period_of
from hazardgeo.accounting._notes import notes_of
from hazardgeo.accounting._products import ALWAYS, KINDS
from hazardgeo.accounting._remaining import number_of
from hazardgeo.accounting._tables._groups import (
    NOT_ROUNDED,
    TOTAL,
    all_or_none,
    check_by,
    count_of,
    group_of_releases,
    heading_of,
    in_three_units,
    label_of,
    notes_besides,
    summed,
)
from hazardgeo.accounting._tables._methods import grid_areas_m2
from hazardgeo.accounting._tables._period import in_period, period_in_words
from hazardgeo.accounting._tables._stock import BASES
from hazardgeo.accounting._tables._table import Area, Cell, Figure, Table, sign_of
from hazardgeo.errors import HazardgeoError, named
from hazardgeo.measure import area_m2, format_area
from hazardgeo.registers._rules._between import link_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.accounting._remaining import Day
    from hazardgeo.accounting._tables._methods import Grid

ITEMS = {"ap_mines": "AP mines", "av_mines": "AV mines", "submunitions": "Submunitions", "uxo": "Other UXO"}
ORDER = tuple(reversed(KINDS))  # as a report lists them: cancelled, reduced, cleared


def release_table(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame,
    *,
    year: int | None = None,
    since: Day | None = None,
    until: Day | None = None,
    by: str = "country",
    basis: str = "geometry",
    unit: str = "m2",
    national_grid: Grid = None,
    notes: Sequence[str] = (),
) -> Table:
    """Print the land released in a period, by region and method, and what was found (R2).

    On the ground: what was cancelled, reduced and cleared within the recorded hazards, each square metre once. Beside
    it stands what the outlines of the releases sum to, what they declare, and their area in the national grid where one is named.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        The hazards that the land was released from.
    releases : geopandas.GeoDataFrame
        Polygons: ``hazard_id``, ``kind``, ``completed_on``, ``declared_area_m2`` and counts of items where known.
    year : int, optional
    since, until : date or str, optional
        First and last day, instead of a year.
    by : str
        Column to group by: one of the hazards, or of the releases, such as ``organisation``.
    basis : {"geometry", "declared"}
        What the areas by method rest on: the outlines within the hazards, or the declared figures.
    unit : {"m2", "ha", "km2", "mi2"}
        Unit to print areas in.
    national_grid : str, int or mapping, optional
        As in `area_methods_table`.
    notes : sequence of str
        Footnotes besides.

    Returns
    -------
    Table
        A row a group and the total: ``releases``, ``cancelled_m2``, ``reduced_m2``, ``cleared_m2``, ``total_m2``,
        ``outlines_m2`` (geodesic sum of the outlines), ``declared_m2``, ``national_grid_m2`` where a grid is named,
        ``ap_mines``, ``av_mines``, ``submunitions``, ``uxo`` (NaN where nobody counted), ``areas_closed`` (hazards of
        which nothing is left).

    Raises
    ------
    HazardgeoError
        If the period, `basis`, `by` or `unit` is none.
    CRSError, GeometryError, SchemaError
        As `balance`.

    References
    ----------
    Landmine Monitor 2018 (Bosnia and Herzegovina) prints a table of this form.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("programme_2003_2006.geojson"))
    >>> releases = hz.read_releases(hz.sample_data("programme_2003_2006_releases.geojson"))
    >>> table = hz.accounting.release_table(hazards, releases, since="2003-04-01", until="2006-12-31", unit="km2")
    >>> [str(cell) for cell in table.rows[-1][:5]]
    ['Total', '15', '0.00', '0.00', '1.74']
    """
    if basis not in BASES:
        raise HazardgeoError(f"basis={basis!r}. Give one of {', '.join(BASES)}.")
    check_by(by, hazards, releases)
    first, last = period_of(year, since, until)
    mine = _measured(releases[in_period(releases, first, last).to_numpy()], national_grid)
    groups = group_of_releases(mine, hazards, by)
    flows, own = _flows(hazards, releases, mine, groups, by, basis, first, last)
    names = sorted({*groups, *flows.index}, key=str)
    rows = [_row(label_of(one), flows.reindex([one]), mine[(groups == one).to_numpy()], unit) for one in names]
    rows.append(_row(TOTAL, flows, mine, unit))
    header, columns = _headings(by, unit)
    shown = [
        i for i, column in enumerate(columns)
        if (column != "national_grid_m2" or national_grid is not None)
        and (column != "areas_closed" or flows["hazards_closed"].notna().any())
    ]  # fmt: skip
    rows = [tuple(row[i] for i in shown) for row in rows]
    header, columns = (tuple(texts[i] for i in shown) for texts in (header, columns))
    said = _said(hazards, releases, mine, flows, by, basis, first, last)
    note = "\n".join(line for line in [*notes, *said, *notes_besides(own), NOT_ROUNDED] if line)
    caption = f"Land released, {period_in_words(first, last)}, by {heading_of(by).lower()}"
    return Table(caption, header, tuple(rows), 1, note, (len(rows) - 1,), columns, "R2 release")


def _measured(mine: gpd.GeoDataFrame, national_grid: Grid) -> gpd.GeoDataFrame:
    columns: dict[str, Any] = {"outline": area_m2(mine), "grid": grid_areas_m2(mine, national_grid)}
    declared = mine["declared_area_m2"].astype(float) if "declared_area_m2" in mine else math.nan
    return mine.assign(**columns, declared=declared)


def _flows(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame,
    mine: gpd.GeoDataFrame,
    groups: pd.Series[Any],
    by: str,
    basis: str,
    since: datetime.date | None,
    until: datetime.date,
) -> tuple[pd.DataFrame, Sequence[str]]:
    """By group: what was released by each kind, and how many hazards were closed by it; and what the balance says of it."""
    import pandas as pd

    columns = [f"{kind}_m2" for kind in ORDER]
    if basis == "geometry" and by in hazards:
        account = balance(hazards, releases, since=since, until=until, by=by, declared=False)
        return account.to_frame()[[*columns, "hazards_closed"]], account.notes
    if basis == "geometry":
        return _of_own_column(hazards, releases, by, since, until)
    declared = [
        mine["declared"]
        .groupby(groups)
        .apply(lambda some, kind=kind: summed(some[mine.loc[some.index, "kind"] == kind]))
        for kind in ORDER
    ]
    closed = pd.Series(math.nan, index=declared[0].index)
    return pd.concat([*declared, closed], axis=1, keys=[*columns, "hazards_closed"]), ()


def _of_own_column(
    hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, by: str, since: datetime.date | None, until: datetime.date
) -> tuple[pd.DataFrame, Sequence[str]]:
    """By a column that the releases alone have: what the releases of each group took, each square metre by the first of them."""
    import pandas as pd

    account = Account.of(hazards, releases, (), period=(since, until), declared=False)
    taken = account.released_m2(ALWAYS if since is None else number_of(since) - 1, number_of(until))
    of_kind = {f"{kind}_m2": taken * (releases["kind"] == kind).to_numpy() for kind in ORDER}
    groups = group_of_releases(releases, hazards, by)
    mine = in_period(releases, since, until).to_numpy() | (taken > 0)
    table = pd.DataFrame(of_kind, index=releases.index)[mine].groupby(groups[mine]).agg(summed)
    return table.assign(hazards_closed=math.nan), notes_of(account, since, until)


def _row(name: str, flows: pd.DataFrame, some: pd.DataFrame, unit: str) -> tuple[Cell, ...]:
    kinds = [summed(flows[f"{kind}_m2"]) for kind in ORDER]
    areas = [*kinds, all_or_none(kinds), summed(some["outline"]), summed(some["declared"])]
    areas.append(all_or_none(some.loc[some["outline"].notna(), "grid"]))
    items = [count_of(some[column]) if column in some else math.nan for column in ITEMS]
    closed = summed(flows["hazards_closed"])
    return (
        name,
        Figure(len(some)),
        *(Area(area, unit) for area in areas),
        *map(Figure, items),
        Figure(closed),
    )


def _headings(by: str, unit: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sign = sign_of(unit)
    header = [heading_of(by), "Releases", *(f"{kind.capitalize()} {sign}" for kind in ORDER), f"Total {sign}"]
    columns = [by, "releases", *(f"{kind}_m2" for kind in ORDER), "total_m2"]
    header += [f"Outlines, geodesic {sign}", f"Declared {sign}", f"National grid {sign}"]
    columns += ["outlines_m2", "declared_m2", "national_grid_m2"]
    return (*header, *ITEMS.values(), "Areas closed"), (*columns, *ITEMS, "areas_closed")


def _said(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame,
    mine: gpd.GeoDataFrame,
    flows: pd.DataFrame,
    by: str,
    basis: str,
    since: datetime.date | None,
    until: datetime.date,
) -> Iterator[str]:
    total = all_or_none([summed(flows[f"{kind}_m2"]) for kind in ORDER])
    yield "Total released: not known." if math.isnan(total) else f"Total released: {in_three_units(total)}."
    if mine.empty:
        yield f"No release of {period_in_words(since, until)} is in the records. That is no statement that none was made."
    elif none := [
        label_of(name) for name in sorted(set(flows.index) - set(group_of_releases(mine, hazards, by)), key=str)
    ]:
        yield f"No release of the period is on record for {', '.join(none)}. That is no statement that none was made."
    yield {
        "geometry": "Cancelled, reduced and cleared: within the recorded hazards, for the first release that covers the "
        "ground. What outlines "
        "sum to beyond that lies outside the hazard, was released before, or did not count.",
        "declared": "Areas released are those that the releases declare, as they state them.",
    }[basis]
    if basis == "geometry" and by not in hazards:
        yield (
            f"Ground that releases of two rows cover counts for the first of them. How many areas were closed cannot be said by "
            f"{heading_of(by).lower()}."
        )
    yield f"{len(mine)} of {len(releases)} releases were completed in the period."
    if silent := int(mine["declared"].isna().sum()):
        yield f"Releases that declare no area: {silent} of {len(mine)}; in declared figures they are nothing."
    yield from left_out(hazards, releases, mine)


def left_out(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, mine: gpd.GeoDataFrame) -> Iterator[str]:
    """What of the releases is in no sum, or not as it stands: named, so that nothing is lost."""
    import pandas as pd

    day = pd.to_datetime(releases["completed_on"], errors="coerce") if "completed_on" in releases else None
    undated = releases if day is None else releases[day.isna().to_numpy()]
    if len(undated):
        yield (
            f"Releases without a readable date: {len(undated)} ({_area_of(undated)}); they are in no period: "
            f"{named(undated.index)}."
        )
    alone = mine[link_of(hazards, mine) < 0]
    if len(alone):
        yield (
            f"Releases that name no hazard of these registers: {len(alone)} ({_area_of(alone)}); they are counted, and by "
            f"geometry "
            f"subtracted from nothing: {named(alone.index)}."
        )
    odd = mine[~mine["kind"].isin(KINDS).to_numpy()]
    if len(odd):
        kinds = ", ".join(sorted({repr(str(kind)) for kind in odd["kind"]}))
        yield (
            f"Releases of a kind that is not known ({kinds}): {len(odd)} ({_area_of(odd)}); they are in no column: "
            f"{named(odd.index)}."
        )
    empty = {what: int(mine[column].isna().sum()) for column, what in ITEMS.items() if column in mine}
    for count in sorted(set(empty.values()) - {0, len(mine)}):
        what = ", ".join(name for name, lacking in empty.items() if lacking == count)
        yield f"{what}: {count} of {len(mine)} releases state no count; the sum is of the others."


def _area_of(some: gpd.GeoDataFrame) -> str:
    return format_area(summed(area_m2(some)))
