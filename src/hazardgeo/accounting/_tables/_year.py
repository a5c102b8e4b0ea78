"""All tables of a period at once, and where they are written."""

from __future__ import annotations

import datetime
import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting._balance import Balance, balance, balances, period_of
from hazardgeo.accounting._tables._balances import balance_table, closes, plan_table, reach
from hazardgeo.accounting._tables._belt import border_belt
from hazardgeo.accounting._tables._contamination import contamination_table
from hazardgeo.accounting._tables._draw import save_figures
from hazardgeo.accounting._tables._forms import as_page
from hazardgeo.accounting._tables._groups import check_by, contents_of
from hazardgeo.accounting._tables._methods import area_methods_table
from hazardgeo.accounting._tables._period import in_period, period_in_words
from hazardgeo.accounting._tables._released import release_table
from hazardgeo.accounting._tables._treaty_tables import cluster_munition_table, mined_area_table
from hazardgeo.accounting._tables._workbook import write_workbook
from hazardgeo.crs._versions import versions, versions_line
from hazardgeo.errors import HazardgeoError, StorageError
from hazardgeo.measure import grouped
from hazardgeo.schema import texts_of
from hazardgeo.storage import check_replaceable, replacing_directory, sha256, write_manifest

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.accounting._remaining import Day
    from hazardgeo.accounting._tables._methods import Grid
    from hazardgeo.accounting._tables._table import Table
    from hazardgeo.borders import BorderSet

MADE_BY = "hazardgeo balance"
_TREATY_TABLES = (("R5", "CMR", cluster_munition_table), ("R6", "AP", mined_area_table))


@dataclass(frozen=True, eq=False)
class YearTables:
    """The tables of a period, what they rest on, and what was found.

    `tables` in the order of a report; `account` the balance of the period in all; `years` the balance of each year up to it;
    `findings` what did not count and why; `about` what the tables are of.
    """

    tables: tuple[Table, ...]
    account: Balance
    years: tuple[Balance, ...]
    findings: pd.DataFrame
    about: tuple[str, ...]

    @property
    def title(self) -> str:
        """What they are, and of when."""
        return f"Land release and remaining ground, {period_in_words(self.account.since, self.account.until)}"

    @property
    def closes(self) -> bool:
        """Whether the balance leaves no residual, measured and declared."""
        return closes(self.account)

    def to_markdown(self) -> str:
        """All tables as Markdown."""
        return "\n".join(
            [f"# {self.title}", "", *(f"{line}\n" for line in self.about), *(t.to_markdown() for t in self.tables)]
        )

    def to_html(self) -> str:
        """All tables as one page without scripts and without requests."""
        return as_page(self.title, self.tables, [*self.about, f"Made with {versions_line()}."])

    def as_object(self) -> dict[str, Any]:
        """All of it as a program reads it; what is not known is null."""
        return {
            "since": None if self.account.since is None else str(self.account.since),
            "until": str(self.account.until),
            "closes": self.closes,
            "about": list(self.about),
            "tables": [_table_object(table) for table in self.tables],
            "findings": self.findings.to_dict("records"),
            "versions": versions(),
        }

    def write(self, out: str | os.PathLike[str], *, overwrite: bool = False, inputs: Sequence[Path] = ()) -> Path:
        """Write everything: one workbook where `out` ends in .xlsx, else a folder.

        Parameters
        ----------
        out : path
            A workbook, or a folder to make: ``tables.xlsx`` (with the extra *excel*), ``tables.html``, ``tables.md``,
            a CSV for each table, figures (with the extra *plot*), ``findings.csv``, and ``manifest.json`` last of all.
        overwrite : bool
            Replace what an earlier run made. A folder that holds anything else is kept.
        inputs : sequence of pathlib.Path
            Files that it was made of, for the manifest.

        Returns
        -------
        pathlib.Path
            `out`.

        Raises
        ------
        StorageError
            If it exists and is not to be replaced, or cannot be written; what stood there is untouched.
        FormatError
            If a workbook is asked for and the extra *excel* is not installed.
        """
        target = Path(out)
        if target.suffix.casefold() == ".xlsx":
            if target.exists() and not overwrite:
                raise StorageError(
                    f"{target} exists and is kept. Name another file, or say overwrite (--overwrite) to replace it."
                )
            return write_workbook(self.tables, target, about=self.about)
        made_by = (MADE_BY,) if overwrite else ()
        check_replaceable(target, made_by=made_by)
        with replacing_directory(target, made_by=made_by) as folder:
            self._fill(folder)
            outputs = {file.name: sha256(file) for file in sorted(folder.iterdir())}
            origin = [{"file": file.name, "sha256": sha256(file)} for file in inputs if file.is_file()]
            said = {
                key: value
                for key, value in self.as_object().items()
                if key in ("since", "until", "closes", "about", "versions")
            }
            write_manifest(folder, {"made_by": MADE_BY, "inputs": origin, "outputs": outputs} | said)
        return target

    def _fill(self, folder: Path) -> None:
        from hazardgeo.accounting._tables._table import write_table

        (folder / "tables.md").write_text(self.to_markdown(), encoding="utf-8", newline="\n")
        (folder / "tables.html").write_text(self.to_html(), encoding="utf-8", newline="\n")
        for i, table in enumerate(self.tables, start=1):
            write_table(table, folder / f"{i:02}_{_slug(table.name)}.csv")
        if len(self.findings):
            write_table(_findings_table(self.findings), folder / "findings.csv")
        if importlib.util.find_spec("xlsxwriter"):
            write_workbook(self.tables, folder / "tables.xlsx", about=self.about)
        if importlib.util.find_spec("matplotlib") and self.years:
            save_figures(self.years, folder)


def _table_object(table: Table) -> dict[str, Any]:
    frame = table.to_frame()
    rows = [
        {name: None if isinstance(value, float) and value != value else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]
    return {
        "name": table.name,
        "caption": table.caption,
        "columns": list(frame.columns),
        "rows": rows,
        "notes": list(table.footnotes),
    }


def _slug(text: str) -> str:
    return (
        "_".join("".join(sign if sign.isascii() and sign.isalnum() else " " for sign in text.casefold()).split())
        or "table"
    )


def _findings_table(findings: pd.DataFrame) -> Table:
    from hazardgeo.accounting._tables._table import Table

    rows = tuple(tuple(map(str, row)) for row in findings.itertuples(index=False))
    return Table("Findings", tuple(map(str, findings.columns)), rows, len(findings.columns))


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
    asked: dict[str, Any] = {"unit": unit, "notes": notes}
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
    ways = sorted(
        {
            f"{crs}, {way}" if way else crs
            for crs, way in zip(texts_of(hazards, "source_crs"), texts_of(hazards, "datum_operation"), strict=True)
        }
        - {""}
    )
    if ways:
        yield f"Coordinates were recorded in: {'; '.join(ways)}."
    if any("FICTIONAL" in name.upper() for name in registers):
        yield "FICTIONAL DATA: no hazard and no release here exists."
