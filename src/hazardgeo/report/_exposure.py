"""People near hazards from files: registers and a raster in; people inside and about them, by side, out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import HazardgeoError
from hazardgeo.exposure import PeopleNear, open_raster, people_near
from hazardgeo.exposure._rings import DISTANCES_M
from hazardgeo.measure import counted
from hazardgeo.registers._account import gravest_first
from hazardgeo.registers._formats import input_file, regular_file
from hazardgeo.report._account import account_objects, headline
from hazardgeo.report._answers import countries_named, find_borders, take_in, together
from hazardgeo.report._people import fictional, people_table, unknown_ground
from hazardgeo.schema import is_open

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import pandas as pd

    from hazardgeo.exposure._sums import Kind
    from hazardgeo.registers import Intake

_MOST = 10


@dataclass(frozen=True, eq=False)
class FilesExposure:
    """People near the open hazards of some files, and what became of every record of them."""

    near: PeopleNear
    intakes: tuple[Intake, ...]
    remarks: tuple[str, ...]

    @property
    def findings(self) -> pd.DataFrame:
        """What was found in the files, and where the raster knows only part of the ground."""
        import pandas as pd

        found = [gravest_first(self.intakes), unknown_ground(self.near)]
        return pd.concat([table for table in found if len(table)] or found[:1], ignore_index=True)

    @property
    def exit_status(self) -> int:
        """0 every record was used, none contradicts itself, and the raster has a value for all of their ground; else 1."""
        lost = any(len(taken.quarantine) for taken in self.intakes)
        grave = bool((self.findings["severity"] != "note").any())
        return int(lost or grave)

    def as_words(self) -> str:
        """The table, how it was made and what was found, as a person reads it."""
        lines = [
            *fictional(self.near),
            headline(self.intakes),
            *self.remarks,
            "",
            people_table(self.near).to_markdown(),
        ]
        found = self.findings
        found = found[found["severity"] != "note"]
        lines += [f"{row['record']}: {row['seen']} {row['remedy']}" for row in found.head(_MOST).to_dict("records")]
        if len(found) > _MOST:
            lines.append(f"And {len(found) - _MOST} findings more; --json gives all of them.")
        return "\n".join(lines)

    def as_object(self) -> dict[str, Any]:
        """All of it as a program reads it; a number that is not known is null."""
        near = self.near
        tables = {"by_side": near.totals, "together": near.together, "by_hazard": near.by_hazard}
        return {
            "accepted": sum(taken.accepted for taken in self.intakes),
            "quarantined": sum(len(taken.quarantine) for taken in self.intakes),
            "people": {name: _rows(table) for name, table in tables.items()},
            "findings": _rows(self.findings),
            "population": {
                "file": near.population.path.name,
                "kind": near.kind,
                "about": near.population.about,
            },
            "border": near.border,
            "method": near.method,
            "remarks": [*fictional(near), *self.remarks],
            "files": account_objects(self.intakes),
        }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = table.to_dict("records")
    return [{str(name): None if _is_nan(cell) else cell for name, cell in row.items()} for row in rows]


def _is_nan(cell: Any) -> bool:
    return isinstance(cell, float) and math.isnan(cell)


def exposure_files(
    files: Sequence[str | os.PathLike[str]],
    population: str | os.PathLike[str],
    *,
    kind: Kind = "count",
    band: int | None = None,
    nodata: float | None = None,
    border: str | os.PathLike[str] | None = None,
    countries: Sequence[str] = (),
    distances_m: Sequence[float] = DISTANCES_M,
    worker: bool = False,
    **options: Any,
) -> FilesExposure:
    """Count the people inside the open hazards of registers' files and in rings about them, by side.

    Parameters
    ----------
    files : sequence of path
        Registers of hazards.
    population : path
        A GeoTIFF of people.
    kind : {"count", "density"}
        Whether a cell holds the people in it, or those on each km² of it.
    band : int, optional
        Of the raster, counted from 1, where it has several.
    nodata : float, optional
        The value that stands for none, where the raster does not declare it.
    border : path, optional
        A border of your own, as `hazardgeo.borders.read` takes it; else the embedded one between `countries`.
    countries : sequence of str
        Those of the records unless given.
    distances_m : sequence of float
        Outer edges of the rings [m], the nearest first.
    worker : bool
        Read the registers in a process of its own, bounded in memory and time, as the command does.
    **options
        Of `hazardgeo.intake`, for every file.

    Returns
    -------
    FilesExposure

    Raises
    ------
    HazardgeoError
        If a file or the raster cannot be read, or no file holds hazards.

    References
    ----------
    docs/how_to/exposure.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> from hazardgeo.report import exposure_files
    >>> made = exposure_files([hz.sample_data("bih_register.gpkg")], hz.sample_data("fictional_population.tif"),
    ...                       countries=["BIH", "HRV"])
    >>> made.exit_status, made.as_object()["quarantined"]
    (0, 0)
    """
    # What is no question is refused before the long work.
    raster = open_raster(regular_file(population), band=band, nodata=nodata)
    intakes = take_in([input_file(file) for file in files], [], lambda _file: {**options, "worker": worker})
    hazards, _ = together(intakes)
    versions, remarks = find_borders(
        countries or countries_named(intakes), None if border is None else regular_file(border), None
    )
    still = is_open(hazards)
    if not still.any():
        raise HazardgeoError("All hazards are closed or handed over: there is no open ground to count people about.")
    if left := int((~still).sum()):
        what = counted(left, "hazard is closed or handed over and is", "hazards are closed or handed over and are")
        remarks = [*remarks, f"Only open ground is counted: {what} not in these numbers."]
    near = people_near(hazards[still], raster, versions[0] if versions else None, distances_m, kind=kind)
    return FilesExposure(near, tuple(intakes), tuple(remarks))
