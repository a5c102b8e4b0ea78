"""The tables of a year from files: registers in; balance, tables and figures out."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting import YearTables, treaty_status, year_tables
from hazardgeo.accounting._balance import period_of
from hazardgeo.accounting._tables._balances import silent_bases
from hazardgeo.errors import FormatError, HazardgeoError
from hazardgeo.registers._formats import input_file, regular_file
from hazardgeo.report._account import account_objects, headline
from hazardgeo.report._answers import countries_named, find_borders, take_in, together

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from hazardgeo.borders import BorderSet
    from hazardgeo.registers import Intake

_SHOWN = ("R1", "R2", "R3")
_MOST = 10


@dataclass(frozen=True, eq=False)
class FilesBalance:
    """The tables of a year and what became of every record of the files that they were made of."""

    year: YearTables
    intakes: tuple[Intake, ...]
    files: tuple[Path, ...]

    @property
    def exit_status(self) -> int:
        """0 the balance closes, every record was used and none contradicts itself; else 1."""
        lost = any(len(taken.quarantine) for taken in self.intakes)
        grave = bool((self.year.findings["severity"] != "note").any())
        return int(lost or grave or not self.year.closes)

    def as_words(self) -> str:
        """The first tables, whether the balance closes, and what was found, as a person reads it."""
        shown = [table for table in self.year.tables if table.name.startswith(_SHOWN) and " by " not in table.name]
        lines = [headline(self.intakes), "", *(table.to_markdown() for table in shown)]
        lines.append(self._verdict)
        found = self.year.findings
        lines += [f"{row['record']}: {row['seen']} {row['remedy']}" for row in found.head(_MOST).to_dict("records")]
        if len(found) > _MOST:
            lines.append(f"And {len(found) - _MOST} findings more; --json or --out gives all of them.")
        return "\n".join(lines)

    @property
    def _verdict(self) -> str:
        """Whether the balance closes, and by what that cannot be said."""
        silent = silent_bases(self.year.account)
        if len(silent) > 1:
            return "Nothing is measured or declared: whether the balance closes cannot be said."
        words = (
            "The balance closes" if self.year.closes else "The balance does not close; the footnotes say by how much"
        )
        return f"{words}{f' (nothing is {silent[0]}, so only the other figures are asked)' if silent else ''}."

    def as_object(self) -> dict[str, Any]:
        """All of it as a program reads it."""
        return {**self.year.as_object(), "files": account_objects(self.intakes)}

    def write(self, out: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write everything, as `YearTables.write` does; one of the files that were read is never replaced."""
        target = Path(out)
        if target.resolve() in {file.resolve() for file in self.files}:
            raise HazardgeoError(f"{target} is one of the files to read; it is kept. Name another with --out.")
        return self.year.write(target, overwrite=overwrite, inputs=self.files)


def balance_files(
    files: Sequence[str | os.PathLike[str]],
    *,
    releases: Sequence[str | os.PathLike[str]],
    year: int | None = None,
    since: str | None = None,
    until: str | None = None,
    by: str = "country",
    unit: str = "m2",
    border: str | os.PathLike[str] | None = None,
    countries: Sequence[str] = (),
    within_m: float | None = None,
    national_grid: Mapping[str, str] | None = None,
    plan: str | os.PathLike[str] | None = None,
    treaties: str | os.PathLike[str] | None = None,
    worker: bool = False,
    **options: Any,
) -> FilesBalance:
    """Make the tables of a year from registers' files.

    Parameters
    ----------
    files : sequence of path
        Registers of hazards, or sheets of hazards and releases.
    releases : sequence of path
        Land released from them.
    year, since, until
        The period: a year, or a first and a last day (YYYY-MM-DD).
    by : str
        Column to group by; a column that is not in the schema is taken as it stands.
    unit : {"m2", "ha", "km2", "mi2"}
        Unit to print areas in.
    border : path, optional
        A border of your own, for the belt along it.
    countries : sequence of str
        Countries whose embedded border is asked, where none is given; those of the records unless given.
    within_m : float, optional
        Make the tables of the belt within this distance [m] of the border.
    national_grid : mapping of str to str, optional
        The grid of each state: ``{"HRV": "EPSG:3765"}``.
    plan : path, optional
        A CSV with the columns ``year`` and ``planned_m2``.
    treaties : path, optional
        A TOML file, as `hazardgeo.accounting.treaty_status` takes it.
    worker : bool
        Read in a process of its own, bounded in memory and time, as the command does.
    **options
        Of `hazardgeo.intake`, for every file.

    Returns
    -------
    FilesBalance

    Raises
    ------
    HazardgeoError
        If a file cannot be read, holds no hazards, or the question is none.

    References
    ----------
    docs/how_to/year_tables.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> from hazardgeo.report import balance_files
    >>> names = (hz.sample_data("programme_2003_2006.geojson"), hz.sample_data("programme_2003_2006_releases.geojson"))
    >>> made = balance_files(names[:1], releases=names[1:], year=2005)
    >>> made.exit_status, made.year.closes
    (0, True)
    """
    # What is no question is refused before the long work.
    period_of(year, since, until)
    treaty_status(treaties)
    planned = None if plan is None else _read_plan(Path(plan))
    if border is not None and within_m is None:
        raise HazardgeoError("A border makes a belt only with its width. Give within_m= (--within), in metres.")
    inputs = [input_file(file) for file in files], [input_file(file) for file in releases]
    intakes = take_in(*inputs, lambda _file: {**options, "worker": worker})
    hazards, released = together(intakes)
    if released is None:
        raise FormatError("None of the files holds releases. Name them with releases= (--releases).")
    made = year_tables(
        hazards,
        released,
        year=year,
        since=since,
        until=until,
        by=by,
        unit=unit,
        border=_border(intakes, border, countries, within_m),
        within_m=within_m,
        national_grid=national_grid or None,
        plan=planned,
        treaties=treaties,
    )
    return FilesBalance(made, tuple(intakes), (*inputs[0], *inputs[1]))


def _border(
    intakes: Sequence[Intake], own: str | os.PathLike[str] | None, countries: Sequence[str], within_m: float | None
) -> BorderSet | None:
    if within_m is None:
        return None
    versions, remarks = find_borders(
        countries or countries_named(intakes), None if own is None else regular_file(own), None
    )
    if not versions:
        raise HazardgeoError(" ".join(remarks) or "There is no border to make a belt along. Give border= (--border).")
    return versions[0]


def _read_plan(path: Path) -> dict[int, float]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return {int(row["year"]): float(row["planned_m2"]) for row in csv.DictReader(stream)}
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise FormatError(
            f"{path}: cannot be read as a plan ({error}). It is a CSV with the columns year and planned_m2, such as 2026,1500000."
        ) from error
