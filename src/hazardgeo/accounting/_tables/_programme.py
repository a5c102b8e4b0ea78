"""A programme in figures: what was published of it, what follows from that, and what its records come to."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting._tables._groups import in_three_units
from hazardgeo.accounting._tables._table import Area, Cell, Figure, Table
from hazardgeo.errors import FormatError
from hazardgeo.measure import area_m2
from hazardgeo.measure._print import UNITS
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    import geopandas as gpd

_COLUMNS = ("quantity", "value", "unit", "source")
_UNITS = {unit.sign: unit.m2 for unit in UNITS.values()}
_ITEMS = {"mines": ("ap_mines", "av_mines"), "UXO": ("uxo",)}
_PER_M2 = 4  # decimals of a cost per square metre


@dataclass(frozen=True)
class Programme:
    """What was published of a programme: its title, its states by code, and its figures with their source.

    Parameters
    ----------
    title : str
    states : dict of str to str
        Names of the states by the code that its records bear.
    figures : tuple of dict
        ``quantity``, ``value``, ``unit`` (km², mi², a currency code, or what was counted), ``as_published``, and
        ``converted_from``: the currency whose amount this is the same money as.
    published : bool
        Whether the figures are of a real programme.
    remarks : tuple of str
    source : Source
    """

    title: str
    states: dict[str, str]
    figures: tuple[dict[str, Any], ...]
    published: bool
    remarks: tuple[str, ...]
    source: Source

    @property
    def area_m2(self) -> float:
        """The area that the first figure with a unit of area gives [m²]; NaN without one."""
        return next((one["value"] * _UNITS[one["unit"]] for one in self.figures if one["unit"] in _UNITS), float("nan"))

    @property
    def costs(self) -> list[dict[str, Any]]:
        """The figures of money: those whose unit is a code of three capital letters."""
        return [one for one in self.figures if is_currency(one["unit"])]


def is_currency(unit: str) -> bool:
    """Whether a unit is written as a currency code of ISO 4217."""
    return len(unit) == 3 and unit.isascii() and unit.isalpha() and unit.isupper() and unit not in _ITEMS


def read_programme(path: str | os.PathLike[str]) -> Programme:
    """Read what was published of a programme from a TOML file.

    Parameters
    ----------
    path : str or path
        ``sample_data/programme_2003_2006.toml`` shows the form.

    Returns
    -------
    Programme

    Raises
    ------
    FormatError
        If the file cannot be read, or lacks a part; the message names it.

    References
    ----------
    hazardgeo's own form.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> programme = hz.accounting.read_programme(hz.sample_data("programme_2003_2006.toml"))
    >>> programme.area_m2, programme.published
    (1740000.0, True)
    """
    try:
        said = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        figures = tuple({"as_published": "", "converted_from": "", **one} for one in said["figure"])
        for one in figures:
            one["quantity"], one["unit"], one["value"] = str(one["quantity"]), str(one["unit"]), float(one["value"])
        source = Source(said["source"], Grade(said["grade"]))
        return Programme(
            said["title"], said["states"], figures, bool(said["published"]), tuple(said.get("remarks", ())), source
        )
    except KeyError as error:
        raise FormatError(f"{path}: lacks {error}. sample_data/programme_2003_2006.toml shows the form.") from error
    except (OSError, ValueError, TypeError) as error:
        raise FormatError(f"{path}: cannot be read as the figures of a programme ({error}).") from error


def programme_table(programme: Programme, releases: gpd.GeoDataFrame) -> Table:
    """Print what was published of a programme, what follows from it, and what its records come to.

    Amounts in different currencies are never added up; the cost of a square metre is given in each of them.

    Parameters
    ----------
    programme : Programme
    releases : geopandas.GeoDataFrame
        Its records, with ``kind`` and counts of items.

    Returns
    -------
    Table
        Columns ``quantity``, ``value``, ``unit``, ``source``.

    Raises
    ------
    CRSError, GeometryError
        As `area_m2`.

    References
    ----------
    The source that the programme names.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> programme = hz.accounting.read_programme(hz.sample_data("programme_2003_2006.toml"))
    >>> releases = hz.read_releases(hz.sample_data("programme_2003_2006_releases.geojson"))
    >>> frame = hz.accounting.programme_table(programme, releases).to_frame()
    >>> frame.loc[frame["unit"] == "USD/EUR", "value"].round(4).tolist()
    [1.4565]
    """
    rows = [*_published(programme), *_computed(programme), *_recorded(programme, releases)]
    kind = "published" if programme.published else "fictional"
    notes = [
        f"The figures marked as given are {kind}; those marked computed follow from them; those marked fictional are of "
        f"records that "
        "were drawn by lot to come to the totals, and say nothing about any ground.",
        *programme.remarks,
        "Amounts in different currencies are not added up.",
    ]
    return Table(programme.title, _COLUMNS, tuple(rows), 1, "\n".join(notes), (), _COLUMNS, "programme")


def _published(programme: Programme) -> Iterator[tuple[Cell, ...]]:
    word = "as published" if programme.published else "fictional"
    for one in programme.figures:
        said = f", {one['as_published']}" if one["as_published"] else ""
        decimals = 2 if one["unit"] in _UNITS else 0
        given = f"{word}{said}: {programme.source.label}" if programme.published else word
        yield one["quantity"], Figure(one["value"], decimals), one["unit"], given


def _computed(programme: Programme) -> Iterator[tuple[Cell, ...]]:
    area, computed = programme.area_m2, "computed" if programme.published else "fictional, computed"
    given = next((f"{one['value']:g} {one['unit']}" for one in programme.figures if one["unit"] in _UNITS), "")
    for unit, decimals in (("m2", 0), ("ha", 0), ("mi2", 4)):
        value = area / UNITS[unit].m2
        yield "area cleared", Figure(value, decimals), UNITS[unit].sign, f"{computed} from {given}"
    amounts = {one["unit"]: one["value"] for one in programme.costs}
    for one in programme.costs:
        code, other = one["unit"], one["converted_from"]
        if other in amounts:
            rate = one["value"] / amounts[other]
            words = f"{computed}: {one['value']:,.0f} {code} / {amounts[other]:,.0f} {other}".replace(",", " ")
            yield "rate of exchange", Figure(rate, 4), f"{code}/{other}", words
    for code, amount in amounts.items():
        words = f"{computed}: {amount:,.0f} {code} / {area:,.0f} m²".replace(",", " ")
        yield "cost of a square metre cleared", Figure(amount / area, _PER_M2), f"{code}/m²", words


def _recorded(programme: Programme, releases: gpd.GeoDataFrame) -> Iterator[tuple[Cell, ...]]:
    words = "fictional: measured on outlines drawn by lot" + (
        " to come to the published total" if programme.published else ""
    )
    yield "area cleared, geodesic", Figure(float(area_m2(releases).sum())), "m²", words
    for what, columns in _ITEMS.items():
        count = int(releases[list(columns)].sum().sum())
        yield f"{what} in the records", Figure(count), "items", "fictional: counts given by lot"
    split = "fictional: no split by state is published" if programme.published else "fictional"
    for code, name in programme.states.items():
        own = releases[releases["country"] == code]
        area = Figure(float(area_m2(own).sum()))
        yield f"area cleared, {name} ({code})", area, "m²", split


def programme_states_table(programme: Programme, releases: gpd.GeoDataFrame) -> Table:
    """Print how the records of a programme split over its states.

    Parameters
    ----------
    programme : Programme
    releases : geopandas.GeoDataFrame
        Its records, with ``country`` and counts of items.

    Returns
    -------
    Table
        A row a state and the total: ``releases``, ``cleared_m2`` in m², km² and mi², ``share``, ``mines``, ``uxo``.

    Raises
    ------
    CRSError, GeometryError
        As `area_m2`.

    References
    ----------
    The source that the programme names; the split is fictional.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> programme = hz.accounting.read_programme(hz.sample_data("programme_2003_2006.toml"))
    >>> releases = hz.read_releases(hz.sample_data("programme_2003_2006_releases.geojson"))
    >>> hz.accounting.programme_states_table(programme, releases).to_frame()["cleared_m2"].round().tolist()[-1]
    1740000.0
    """
    measured = releases.assign(area=area_m2(releases))
    total = float(measured["area"].sum())
    rows = [_state_row(f"{name} ({code})", measured[measured["country"] == code], total)
            for code, name in programme.states.items()]  # fmt: skip
    rows.append(_state_row("All states", measured, total))
    header = ("State", "Releases", "Cleared m²", "km²", "mi²", "Share", "Mines", "UXO")
    columns = ("state", "releases", "cleared_m2", "cleared_km2", "cleared_mi2", "share", "mines", "uxo")
    notes = [
        "FICTIONAL split: the outlines were drawn by lot"
        + (", and no split by state is published." if programme.published else ", as all of this programme was."),
        f"Total: {in_three_units(total)}, geodesic.",
        "Totals are summed before rounding.",
        *programme.remarks,
    ]
    caption = f"By state (fictional split): {programme.title}"
    return Table(caption, header, tuple(rows), 1, "\n".join(notes), (len(rows) - 1,), columns, "programme by state")


def _state_row(name: str, own: Any, total_m2: float) -> tuple[Cell, ...]:
    area = float(own["area"].sum())
    km2, mi2 = (Figure(area / UNITS[unit].m2, 2) for unit in ("km2", "mi2"))
    counts = (Figure(int(own[list(columns)].sum().sum())) for columns in _ITEMS.values())
    return (name, Figure(len(own)), Area(area), km2, mi2, Figure(area / total_m2, percent=True), *counts)
