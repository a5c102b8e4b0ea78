"""R6: areas with anti-personnel mines, one by one; a state that is no party gets the figures, and no treaty's title."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting._balance import period_of
from hazardgeo.accounting._remaining import remaining
from hazardgeo.accounting._tables._contents import of_unknown_contents, with_content
from hazardgeo.accounting._tables._groups import NOT_ROUNDED, NOT_SAFE, TOTAL, count_of, in_three_units, summed
from hazardgeo.accounting._tables._period import in_period, period_in_words
from hazardgeo.accounting._tables._released import ITEMS, ORDER, left_out
from hazardgeo.accounting._tables._stock import recorded_by
from hazardgeo.accounting._tables._table import Area, Cell, Figure, Table, sign_of
from hazardgeo.accounting._tables._treaties import title_of
from hazardgeo.schema import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.accounting._remaining import Day


def mined_area_table(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame,
    *,
    year: int | None = None,
    since: Day | None = None,
    until: Day | None = None,
    locations: bool = False,
    unit: str = "m2",
    treaties: Any = None,
    notes: Sequence[str] = (),
) -> Table:
    """Print each area with anti-personnel mines, what was released of it in a period, and what is left (R6; APMBC Article 7).

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index; those whose ``contamination`` names AP are in the table.
    releases : geopandas.GeoDataFrame
        Land released from them.
    year, since, until
        The period, as in `release_table`.
    locations : bool
        Give the place of each area as latitude and longitude (a point of it, five decimals). Places are for those only whom the
        register's confidentiality allows, so they are left out unless asked for.
    unit : {"m2", "ha", "km2", "mi2"}
        Unit to print areas in.
    treaties : mapping or path, optional
        As in `treaty_status`. The table bears the treaty's title where it is in force for every state in it on the last day.
    notes : sequence of str
        Footnotes besides.

    Returns
    -------
    Table
        A row an area and the total: ``country``, ``classification``, ``contamination``, ``recorded_m2``, ``cancelled_m2``,
        ``reduced_m2``, ``cleared_m2`` (in the period, within the area), ``left_m2`` (at its end), ``ap_mines``,
        ``av_mines``, ``uxo``.

    Raises
    ------
    HazardgeoError
        If the period is none.
    CRSError, GeometryError, SchemaError
        As `remaining`.

    References
    ----------
    ICBL, fact sheet on Article 5 reporting, May 2003, for forms C, F and G of the Article 7 report.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg")).head(20)
    >>> releases = hz.read_releases(hz.sample_data("bih_releases.gpkg"))
    >>> hz.accounting.mined_area_table(hazards, releases, year=2024, treaties={"APMBC": {"BIH": False}}).caption
    'Areas with anti-personnel mines, 2024'
    """
    first, last = period_of(year, since, until)
    every, theirs = with_content(hazards, releases, "AP")
    mine = every[recorded_by(every, last)]
    area = _by_area(mine, theirs, first, last)
    counts = _counted(theirs[in_period(theirs, first, last).to_numpy()])
    shown = area[(area["left"].fillna(1.0) > 0) | (area[list(ORDER)].sum(axis=1) > 0)]
    rows: list[tuple[Cell, ...]] = [
        _area_row(name, row, mine, counts, unit, locations=locations) for name, row in shown.iterrows()
    ]
    rows.append(_total_row(shown, counts.reindex(shown.index), unit, locations=locations))
    title = title_of("APMBC", texts_of(hazards, "country"), last, treaties)
    done = int((~area.index.isin(shown.index)).sum())
    said = [
        title.note,
        *of_unknown_contents(hazards, "AP"),
        f"Left at the end of the period: {in_three_units(summed(shown['left']))}.",
        f"Areas of which nothing was left before the period: {done}; they are in no row. Recorded later than {last}, and in "
        f"no row: "
        f"{len(every) - len(mine)}.",
        "Areas are geodesic on WGS 84, of single records: ground in two of them is in both. Found items are those of the period.",
        ""
        if locations
        else "Places are left out; they are given on request to those whom the register's confidentiality allows.",
        *left_out(mine, theirs, theirs[in_period(theirs, first, last).to_numpy()]),
        NOT_ROUNDED,
        NOT_SAFE,
    ]
    header, columns = _area_headings(unit, locations=locations)
    caption = title.above("areas with anti-personnel mines", period_in_words(first, last))
    note = "\n".join(dict.fromkeys(line for line in [*notes, *said] if line))
    return Table(caption, header, tuple(rows), 4, note, (len(rows) - 1,), columns, "R6 mined areas")


def _by_area(
    mine: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, since: datetime.date | None, until: datetime.date
) -> pd.DataFrame:
    """Of each hazard: recorded, released by kind in the period, left at its end."""
    at_end = remaining(mine, releases, on=until).to_frame()
    done = at_end[[f"{kind}_m2" for kind in ORDER]].set_axis(list(ORDER), axis=1)
    if since is not None:
        before = remaining(mine, releases, on=since - datetime.timedelta(days=1)).to_frame()
        done = (done - before[[f"{kind}_m2" for kind in ORDER]].set_axis(list(ORDER), axis=1)).clip(lower=0.0)
    return done.assign(recorded=at_end["area_m2"], left=at_end["remaining_m2"])


_FOUND = ("ap_mines", "av_mines", "uxo")


def _counted(mine: gpd.GeoDataFrame) -> pd.DataFrame:
    """Items found by hazard; NaN where no release of it states a count."""
    import pandas as pd

    columns = {
        name: mine[name].astype(float).groupby(mine["hazard_id"]).apply(count_of)
        if len(mine) and name in mine
        else pd.Series(dtype=float)
        for name in _FOUND
    }
    return pd.DataFrame(columns)


def _area_row(
    name: Any, row: Any, mine: gpd.GeoDataFrame, counts: pd.DataFrame, unit: str, *, locations: bool
) -> tuple[Cell, ...]:
    record = mine.loc[name]
    words = (str(name), *(_word(record.get(column)) for column in ("country", "classification", "contamination")))
    place: tuple[Cell, ...] = ()
    if locations:
        point = record.geometry.representative_point() if record.geometry is not None else None
        place = tuple(
            Figure(math.nan if point is None else at, 5) for at in ((point.y, point.x) if point else (0.0, 0.0))
        )
    found = [float(counts.loc[name, column]) if name in counts.index else math.nan for column in _FOUND]
    return (*words, *place, *_areas(row, unit), *map(Figure, found))


def _areas(row: Any, unit: str) -> Iterator[Area]:
    yield from (Area(float(row[column]), unit) for column in ("recorded", *ORDER, "left"))


def _total_row(shown: pd.DataFrame, counts: pd.DataFrame, unit: str, *, locations: bool) -> tuple[Cell, ...]:
    sums = {column: summed(shown[column]) for column in shown.columns}
    found = [summed(counts[column].dropna()) if counts[column].notna().any() else math.nan for column in _FOUND]
    place = ("", "") if locations else ()
    return (TOTAL, f"{len(shown)} areas", "", "", *place, *_areas(sums, unit), *map(Figure, found))


def _area_headings(unit: str, *, locations: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sign = sign_of(unit)
    place = (("Latitude WGS 84", "Longitude WGS 84"), ("latitude", "longitude")) if locations else ((), ())
    kinds = [f"{kind.capitalize()} {sign}" for kind in ORDER]
    found = [ITEMS[name] for name in _FOUND]
    header = ("Area", "State", "Class", "Contents", *place[0], f"Recorded {sign}", *kinds, f"Left {sign}", *found)
    columns = ("hazard_id", "country", "classification", "contamination", *place[1], "recorded_m2")
    return header, (*columns, *(f"{kind}_m2" for kind in ORDER), "left_m2", *_FOUND)


def _word(value: Any) -> str:
    return "" if value is None or value != value else str(value)
