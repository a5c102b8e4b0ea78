"""R5: cluster munition remnants; a state that is no party gets the figures, and no treaty's title."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting._balance import period_of
from hazardgeo.accounting._tables._contamination import contamination_table
from hazardgeo.accounting._tables._contents import of_unknown_contents, with_content
from hazardgeo.accounting._tables._period import period_in_words
from hazardgeo.accounting._tables._released import ORDER, release_table
from hazardgeo.accounting._tables._table import Cell, Figure, Table
from hazardgeo.accounting._tables._treaties import title_of
from hazardgeo.schema import texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from hazardgeo.accounting._remaining import Day


def cluster_munition_table(
    hazards: gpd.GeoDataFrame,
    releases: gpd.GeoDataFrame,
    *,
    year: int | None = None,
    since: Day | None = None,
    until: Day | None = None,
    by: str = "country",
    unit: str = "m2",
    treaties: Any = None,
    notes: Sequence[str] = (),
) -> Table:
    """Print areas with cluster munition remnants and what was released of them (R5; CCM Article 7, Form F).

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        As in `contamination_table`, with ``contamination``; those that name CMR are in the table.
    releases : geopandas.GeoDataFrame
        As in `release_table`.
    year, since, until
        The period, as in `release_table`.
    by : str
        Column to group by.
    unit : {"m2", "ha", "km2", "mi2"}
        Unit to print areas in.
    treaties : mapping or path, optional
        As in `treaty_status`. The table bears the treaty's title where it is in force for every state in it on the last day.
    notes : sequence of str
        Footnotes besides.

    Returns
    -------
    Table
        A row a group and the total: ``cha_areas``, ``cha_m2``, ``sha_areas``, ``sha_m2`` (``unstated_…``) at the end
        of the period, and ``cancelled_m2``, ``reduced_m2``, ``cleared_m2``, ``submunitions``, ``uxo`` in it.

    Raises
    ------
    HazardgeoError
        If the period is none.
    CRSError, GeometryError, SchemaError
        As `balance`.

    References
    ----------
    CCM Article 7 reporting formats (CCM/MSP/2010/PM/10), Form F.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> releases = hz.read_releases(hz.sample_data("bih_releases.gpkg"))
    >>> hz.accounting.cluster_munition_table(hazards, releases, year=2024).caption
    'Convention on Cluster Munitions, Article 7 report, Form F: areas with cluster munition remnants, 2024'
    """
    first, last = period_of(year, since, until)
    mine, theirs = with_content(hazards, releases, "CMR")
    stock = contamination_table(mine, theirs, on=last, by=by, unit=unit)
    done = release_table(mine, theirs, since=first, until=last, by=by, unit=unit)
    kept = [f"{kind}_m2" for kind in ORDER] + ["submunitions", "uxo"]
    table = _joined(stock, done, kept)
    title = title_of("CCM", texts_of(hazards, "country"), last, treaties)
    said = [title.note, *of_unknown_contents(hazards, "CMR"), *table.footnotes]
    caption = title.above("areas with cluster munition remnants", period_in_words(first, last))
    return replace(table, caption=caption, note="\n".join(dict.fromkeys([*notes, *said])), name="R5 cluster munitions")


def _joined(stock: Table, done: Table, kept: list[str]) -> Table:
    """Stock and release side by side, row by row of the same group."""
    released = {row[0]: row for row in done.rows}
    last = stock.columns.index("areas")
    places = [done.columns.index(name) for name in kept]
    rows = tuple((*row[:last], *(_cell(released.get(row[0]), at) for at in places)) for row in stock.rows)
    header = (*stock.header[:last], *(done.header[at] for at in places))
    columns = (*stock.columns[:last], *kept)
    note = "\n".join(dict.fromkeys([*stock.footnotes, *done.footnotes]))
    return replace(stock, header=header, columns=columns, rows=rows, note=note)


def _cell(row: tuple[Cell, ...] | None, at: int) -> Cell:
    return Figure(math.nan) if row is None else row[at]
