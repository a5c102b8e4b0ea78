"""A folder of answers: map, report, tables, and last of all a manifest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.datasets import sample_data
from hazardgeo.errors import FormatError
from hazardgeo.registers._compare import compare, is_out_of_place
from hazardgeo.registers._formats import input_file, regular_file
from hazardgeo.report._answers import (
    answer,
    countries_named,
    find_borders,
    headlines,
    take_in,
    together,
)
from hazardgeo.report._files import write_geopackage, write_tables
from hazardgeo.report._land_release import ProgrammeAnswers, programme_files
from hazardgeo.report._manifest import manifest_of
from hazardgeo.report._pages import write_pages
from hazardgeo.report._stories import stories_of
from hazardgeo.storage import check_replaceable, replacing_directory, write_manifest

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from hazardgeo.borders import BorderSet
    from hazardgeo.registers import Intake
    from hazardgeo.report._stories import Teller

REPORT, DEMO = "hazardgeo report", "hazardgeo demo"


@dataclass(frozen=True)
class _Job:
    """What goes into a report."""

    hazards: list[Path]
    releases: list[Path] = field(default_factory=list)
    said: dict[str, dict[Path, str]] = field(default_factory=dict)
    """What is said of single files: their CRS, datum operation, profile or locale."""
    source: str | None = None
    border: Path | None = None
    countries: tuple[str, ...] = ()
    worker: bool = False
    repair: bool = False
    programme: str = ""
    """Name of a programme of the sample data that is told besides."""
    stories: tuple[Teller, ...] = ()
    """What else the sample data tell."""

    def options(self, file: Path) -> dict[str, Any]:
        """How a file is to be taken in."""
        return {name: files[file] for name, files in self.said.items() if file in files} | {
            "worker": self.worker,
            "repair": self.repair,
        }

    @property
    def inputs(self) -> list[Path]:
        """Every file that is read."""
        told = programme_files(self.programme) if self.programme else ()
        stories = [file for teller in self.stories for file in teller.files()]
        return [*self.hazards, *self.releases, *([self.border] if self.border else []), *told, *stories]


def write_report(
    files: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    releases: Sequence[str | os.PathLike[str]] = (),
    crs: Mapping[str, str] | None = None,
    datum_operation: Mapping[str, str] | None = None,
    profile: Mapping[str, str] | None = None,
    locale: Mapping[str, str] | None = None,
    source: str | None = None,
    border: str | os.PathLike[str] | None = None,
    countries: Sequence[str] = (),
    repair: bool = False,
    overwrite: bool = False,
    worker: bool = False,
) -> Path:
    """Do the main job: registers in; map, report, tables and a manifest out.

    Every register is taken in (`hazardgeo.intake`): what is usable goes on, and the report accounts for every record; areas
    are measured; every two-sided question is put to each version of the border;
    every pair of registers is compared.

    Parameters
    ----------
    files : sequence of path
        Registers, one or more: hazards, or sheets of hazards and releases.
    out : path
        Folder to make: ``map.html``, ``report.html``, ``hazards.gpkg``, ``tables/*.csv``, with the extra *plot* the map on a
        sheet of paper as ``map.png`` and ``map.pdf``, and ``manifest.json``, which is written last and holds the hash of every
        input and output.
    releases : sequence of path
        Land released from these hazards.
    crs : mapping of file to CRS, optional
        Where a file names none, such as ``{"bih.csv": "EPSG:3765"}``.
    datum_operation : mapping of file to code, optional
        Operation from an old datum to WGS 84, where those that are published disagree: ``{"kosovo.shp": "EPSG:9486"}``.
    profile, locale : mapping of file to profile or language code, optional
        As `hazardgeo.intake` takes them, for the files that need them.
    source : {"osm", "natural_earth"}, optional
        The one embedded version of the border to ask; both unless given, since no version is silently the truth.
    border : path, optional
        A border of your own, as `hazardgeo.borders.read` takes it; it is asked first.
    countries : sequence of str
        Countries whose border is asked; those of the records unless given.
    repair : bool
        Repair outlines that are not valid, where all readings of them come to the same ground (`hazardgeo.intake`); the
        report lists them.
    overwrite : bool
        Replace `out` if hazardgeo made it and nothing else is in it. Nothing of yours is ever replaced.
    worker : bool
        Read in a process of its own, bounded in memory and time, as the command does.

    Returns
    -------
    pathlib.Path
        `out`.

    Raises
    ------
    HazardgeoError
        If anything cannot be read, asked or written; then nothing is written and what stood at `out` is untouched.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz, tempfile, pathlib
    >>> files = [hz.sample_data("bih_register.gpkg"), hz.sample_data("hrv_register.geojson")]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     out = hz.write_report(files, pathlib.Path(folder, "out"), source="osm")
    ...     sorted(file.name for file in out.iterdir())
    ['hazards.gpkg', 'manifest.json', 'map.html', 'map.pdf', 'map.png', 'report.html', 'tables']
    """
    hazards, released = [input_file(file) for file in files], [input_file(file) for file in releases]
    own = None if border is None else regular_file(border)
    said = {
        name: _by_file(name, given or {}, [*hazards, *released])
        for name, given in (
            ("crs", crs),
            ("datum_operation", datum_operation),
            ("profile", profile),
            ("locale", locale),
        )
    }
    job = _Job(hazards, released, said, source, own, tuple(countries), worker, repair)
    return _write(job, Path(out), REPORT, (REPORT, DEMO) if overwrite else ())


# Countries whose borders are asked where the registers do not name them all: Albania's neighbours keep no register in this story.
_REGIONS: dict[str, tuple[str, ...]] = {
    "southeast_europe": ("ALB", "BIH", "GRC", "HRV", "MKD", "MNE", "SRB", "XKX"),
    "central_asia": (),
    "south_caucasus": (),
}
_PROGRAMMES = {"central_asia": "programme_central_asia"}
REGIONS = tuple(_REGIONS)
"""What `write_demo` tells besides the border of Croatia and Bosnia and Herzegovina."""


def write_demo(out: str | os.PathLike[str], *, region: str | None = None) -> Path:
    """Do the main job on the fictional registers that the package carries.

    Parameters
    ----------
    out : path
        Folder to make; what an earlier demo made there is replaced.
    region : {"southeast_europe", "central_asia", "south_caucasus"}, optional
        The registers of a whole region, all of its lines asked at once; without it those of Croatia and Bosnia and Herzegovina,
        dirty as real ones are, and the programme of 2003 to 2006 in figures (``tables/programme.csv``). In Southeast Europe the
        hazards are ranked by fictional places and weights (``tables/priority.csv``).

    Returns
    -------
    pathlib.Path
        `out`.

    Raises
    ------
    FormatError
        If there is no such region.
    StorageError
        If `out` exists and no demo made it.

    References
    ----------
    ``sample_data/README.md``: everything in it is fictional.

    Examples
    --------
    >>> import hazardgeo as hz, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     hz.write_demo(pathlib.Path(folder, "demo"), region="south_caucasus").joinpath("map.html").is_file()
    True
    """
    return _write(_one_border() if region is None else _region(region), Path(out), DEMO, (DEMO,))


def _one_border() -> _Job:
    bih, hrv, released = (
        sample_data(name) for name in ("bih_register_dirty.csv", "hrv_register_dirty.geojson", "hrv_releases_dirty.zip")
    )
    said = {"profile": {file: str(sample_data(f"{file.stem}.toml")) for file in (bih, released)}}
    return _Job([bih, hrv], [released], said, border=sample_data("demarcated_border.gpkg"), worker=True,
                programme="programme_2003_2006")  # fmt: skip


def _region(name: str) -> _Job:
    if name not in REGIONS:
        raise FormatError(f"There is no region {name!r} in the sample data. Regions: {', '.join(REGIONS)}.")
    hazards, released = (sample_data(f"{name}{kind}.geojson") for kind in ("", "_releases"))
    return _Job([hazards], [released], countries=_REGIONS[name], programme=_PROGRAMMES.get(name, ""),
                stories=stories_of(name))  # fmt: skip


def _write(job: _Job, out: Path, maker: str, made_by: tuple[str, ...]) -> Path:
    # Refuse what can be refused before the long work, then let nothing be seen until all is done.
    check_replaceable(out, made_by=made_by)
    intakes = take_in(job.hazards, job.releases, job.options)
    codes = job.countries or countries_named(intakes)
    versions, remarks = find_borders(codes, job.border, job.source)
    # The countries of a border of one's own may be cut some way behind it; those of the embedded ones that are asked are whole.
    intakes = compare(_in_their_countries(intakes, versions[1:] if job.border else versions, job))
    hazards, released = together(intakes)
    answers = answer(hazards, released, versions, tuple(intakes), remarks)
    if job.programme:
        answers = replace(answers, programme=ProgrammeAnswers.of(job.programme))
    borders = [version.border for version in answers.versions]
    told = [teller.tell(hazards, borders) for teller in job.stories]
    untold = [one for one in told if isinstance(one, str)]
    stories = tuple(one for one in told if not isinstance(one, str))
    answers = replace(answers, stories=stories, remarks=(*answers.remarks, *untold))
    with replacing_directory(out, made_by=made_by) as folder:
        said = headlines(answers)
        missing = write_pages(answers, said, folder)
        write_tables(answers, folder / "tables")
        write_geopackage(answers, folder / "hazards.gpkg")
        said_too = {"headlines": said, "remarks": [*remarks, *untold, *missing]}
        write_manifest(folder, manifest_of(answers, job.inputs, folder, maker) | said_too)
    return out


def _in_their_countries(intakes: list[Intake], borders: Sequence[BorderSet], job: _Job) -> list[Intake]:
    """Take those files in again, with the countries, in which records lie outside the country that reports them."""
    if not borders:
        return intakes
    countries = borders[0].countries[borders[0].countries["code"].isin(borders[0].codes)]
    if "complete" in countries:  # of a neighbour there is a strip: ground beyond it may be its own
        countries = countries[countries["complete"] == 1]

    def options(file: Path) -> dict[str, Any]:
        return {**job.options(file), "countries": countries}

    files = [*job.hazards, *job.releases]
    again = [file for file, taken in zip(files, intakes, strict=True) if is_out_of_place(taken, countries)]
    anew = iter(take_in([f for f in job.hazards if f in again], [f for f in job.releases if f in again], options))
    return [next(anew) if file in again else taken for file, taken in zip(files, intakes, strict=True)]


def _by_file(what: str, given: Mapping[str, str], files: Sequence[Path]) -> dict[Path, str]:
    """Find the file that each was given for, by its path or, where only one file has it, by its name."""
    found: dict[Path, str] = {}
    for name, said in given.items():
        same = [file for file in files if file.resolve() == Path(name).resolve()]
        same = same or [file for file in files if file.name == name]
        if len(same) != 1:
            there = ", ".join(str(file) for file in files)
            raise FormatError(f"{what}= was given for {name}, which is not one of the files ({there}). Check its name.")
        found[same[0]] = said
    return found
