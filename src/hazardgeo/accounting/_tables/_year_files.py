"""The tables of a year as one thing: as text, as a page, as an object, and as files."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting._tables._balances import closes
from hazardgeo.accounting._tables._draw import save_figures
from hazardgeo.accounting._tables._forms import as_page
from hazardgeo.accounting._tables._period import period_in_words
from hazardgeo.accounting._tables._table import Table, write_table
from hazardgeo.accounting._tables._workbook import write_workbook
from hazardgeo.crs._versions import versions, versions_line
from hazardgeo.errors import StorageError
from hazardgeo.storage import check_replaceable, replacing_directory, sha256, write_manifest

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import pandas as pd

    from hazardgeo.accounting._balance import Balance

MADE_BY = "hazardgeo balance"


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
    rows = tuple(tuple(map(str, row)) for row in findings.itertuples(index=False))
    return Table("Findings", tuple(map(str, findings.columns)), rows, len(findings.columns))
