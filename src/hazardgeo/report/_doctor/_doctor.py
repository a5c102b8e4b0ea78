"""What is installed, whether its parts agree, and what is missing for what."""

from __future__ import annotations

import html
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from hazardgeo._version import __version__
from hazardgeo.report._doctor._checkup import Check
from hazardgeo.report._doctor._installation import computer, embedded_data, environment, fonts, packages
from hazardgeo.report._doctor._libraries import COLUMNS, Library, as_rows, check_proj, libraries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

_HEADER = ("library", "version", "PROJ", "EPSG register", "GDAL", "GEOS")


@dataclass(frozen=True, repr=False)
class Doctor:
    """What was found of an installation.

    Parameters
    ----------
    libraries : tuple of Library
        The libraries that bring a PROJ, a GDAL or a GEOS of their own, with their versions.
    checks : tuple of Check
        Each with ``topic``, ``what``, ``found``, ``means`` and ``is_problem``.
    """

    libraries: tuple[Library, ...]
    checks: tuple[Check, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """What has to be mended, a sentence or two for each; empty where nothing is wrong."""
        return tuple(f"{one.what}: {one.found}. {one.means}" for one in self.checks if one.is_problem)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Two tables: ``libraries``, a row for each, and ``checks``, as `to_frame` gives them."""
        import pandas as pd

        return {"libraries": pd.DataFrame(as_rows(self.libraries), columns=list(COLUMNS)), "checks": self.to_frame()}

    def to_frame(self) -> pd.DataFrame:
        """The checks: columns ``topic``, ``what``, ``found``, ``means`` (what it means, what to do), ``is_problem``."""
        import pandas as pd

        return pd.DataFrame([vars(one) for one in self.checks], columns=list(Check.__dataclass_fields__))

    def as_object(self) -> dict[str, Any]:
        """All of it as a program reads it."""
        return {
            "hazardgeo": __version__,
            "problems": list(self.problems),
            "libraries": [vars(one) for one in self.libraries],
            "checks": [vars(one) for one in self.checks],
        }

    def _headline(self) -> str:
        count = len(self.problems)
        if not count:
            return f"hazardgeo {__version__}: nothing is wrong with this installation."
        return f"hazardgeo {__version__}: {count} {'problem was' if count == 1 else 'problems were'} found."

    def __repr__(self) -> str:
        lines = [self._headline(), *(f"  {i}. {text}" for i, text in enumerate(self.problems, start=1))]
        lines += ["", "Bundled libraries", *_aligned([_HEADER, *_shown(self.libraries)])]
        for topic, checks in groupby(self.checks, key=lambda one: one.topic):
            lines += ["", topic, *(f"  {one.what}: {one.found}{f'. {one.means}' * bool(one.means)}" for one in checks)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        problems = "".join(f"<li>{html.escape(text)}</li>" for text in self.problems)
        rows = [(one.topic, one.what, one.found, one.means) for one in self.checks]
        return (
            f"<p><b>{html.escape(self._headline())}</b></p>"
            f"{f'<ol>{problems}</ol>' * bool(problems)}"
            f"{_html_table(_HEADER, _shown(self.libraries))}"
            f"{_html_table(('topic', 'what', 'found', 'what it means'), rows)}"
        )


def doctor() -> Doctor:
    """Look at this installation: versions, whether they differ, what is missing and for what.

    Run it when two computers give different places for one file, before a long job on a new computer, and with every report
    of a fault. It changes nothing and asks no network. That nothing is wrong here does not say that a register is right.

    Returns
    -------
    Doctor
        `problems`, `tables`, `to_frame()`; shown in full where it is printed.

    Notes
    -----
    The libraries of one installation each bring a PROJ with a database of its own. Coordinates are transformed here by
    pyproj's alone; where the databases differ, other software may put the same file elsewhere. The EPSG register of each is
    read from the table ``metadata`` of its ``proj.db``.

    References
    ----------
    PROJ documentation, "Environment variables" and "Resource files"; docs/how_to/doctor.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> found = hz.doctor()
    >>> found.tables["libraries"]["library"].tolist()
    ['pyproj', 'pyogrio', 'rasterio', 'shapely']
    """
    found, checks = libraries()
    return Doctor(
        found,
        (*computer(), *checks, *check_proj(found), *environment(), *packages(), *fonts(), *embedded_data()),
    )


def _shown(found: Sequence[Library]) -> list[tuple[str, ...]]:
    rows = [(one.library, one.version, one.proj, one.epsg, one.gdal, one.geos) for one in found]
    return [tuple(cell or "–" for cell in row) for row in rows]


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _html_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"
