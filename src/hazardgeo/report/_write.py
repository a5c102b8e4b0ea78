"""A folder of answers: map, report, tables, and last of all a manifest."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo import vocabulary as voc
from hazardgeo._version import __version__
from hazardgeo.borders import side_totals
from hazardgeo.datasets import sample_data
from hazardgeo.errors import FormatError
from hazardgeo.maps import hazard_map
from hazardgeo.maps._text import fictional_notice
from hazardgeo.registers._layer import regular_file
from hazardgeo.registers._write import write_layers
from hazardgeo.report._answers import Answers, Version, answer, find_borders, read_all
from hazardgeo.report._page import render_report
from hazardgeo.schema import HAZARDS, RELEASES
from hazardgeo.storage import MANIFEST, as_json, check_replaceable, escape_cell, replacing_directory, sha256

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

REPORT, DEMO = "hazardgeo report", "hazardgeo demo"
_MEASURED = ("source_id", "area_m2")


def write_report(
    files: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    releases: Sequence[str | os.PathLike[str]] = (),
    crs: Mapping[str, str] | None = None,
    source: str | None = None,
    border: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
) -> Path:
    """Do the main job: registers in; map, report, tables and a manifest out.

    Every register is read strictly; areas are measured; every two-sided question is put to each version of the border;
    every pair of registers is compared. The countries come from the records.

    Parameters
    ----------
    files : sequence of path
        Hazards, one or more registers.
    out : path
        Folder to make: ``map.html``, ``report.html``, ``hazards.gpkg``, ``tables/*.csv``, and ``manifest.json``,
        which is written last and holds the hash of every input and output.
    releases : sequence of path
        Land released from these hazards.
    crs : mapping of file to CRS, optional
        Where a file names none, such as ``{"bih.csv": "EPSG:3765"}``.
    source : {"osm", "natural_earth"}, optional
        The one embedded version of the border to ask; both unless given, since no version is silently the truth.
    border : path, optional
        A border of your own, as `hazardgeo.borders.read` takes it; it is asked first.
    overwrite : bool
        Replace `out` if hazardgeo made it. A folder that it did not make is never replaced.

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
    ['hazards.gpkg', 'manifest.json', 'map.html', 'report.html', 'tables']
    """
    made_by = (REPORT, DEMO) if overwrite else ()
    return _write(files, Path(out), releases, dict(crs or {}), source, border, REPORT, made_by)


def write_demo(out: str | os.PathLike[str]) -> Path:
    """Do the main job on the fictional registers that the package carries.

    Parameters
    ----------
    out : path
        Folder to make; what an earlier demo made there is replaced.

    Returns
    -------
    pathlib.Path
        `out`.

    Raises
    ------
    StorageError
        If `out` exists and no demo made it.

    References
    ----------
    ``sample_data/README.md``: everything in it is fictional.

    Examples
    --------
    >>> import hazardgeo as hz, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     hz.write_demo(pathlib.Path(folder, "demo")).joinpath("map.html").is_file()
    True
    """
    files = [sample_data(name) for name in ("bih_register.gpkg", "hrv_register.geojson")]
    releases = [sample_data(name) for name in ("bih_releases.gpkg", "hrv_releases.geojson")]
    return _write(files, Path(out), releases, {}, None, sample_data("demarcated_border.gpkg"), DEMO, (DEMO,))


def _write(
    files: Sequence[str | os.PathLike[str]],
    out: Path,
    releases: Sequence[str | os.PathLike[str]],
    crs: dict[str, str],
    source: str | None,
    border: str | os.PathLike[str] | None,
    maker: str,
    made_by: tuple[str, ...],
) -> Path:
    # Refuse what can be refused before the long work, then let nothing be seen until all is done.
    check_replaceable(out, made_by=made_by)
    hazard_files, release_files = [regular_file(f) for f in files], [regular_file(f) for f in releases]
    systems = _crs_by_file(crs, [*hazard_files, *release_files])
    own = None if border is None else regular_file(border)
    hazards, released = read_all(hazard_files, release_files, systems)
    versions, remarks = find_borders(sorted(hazards["country"].unique()), own, source)
    answers = answer(hazards, released, versions, remarks)
    inputs = [*hazard_files, *release_files, *([own] if own else [])]
    with replacing_directory(out, made_by=made_by) as folder:
        _write_pages(answers, folder)
        _write_tables(answers, folder / "tables")
        _write_geopackage(answers, folder / "hazards.gpkg")
        (folder / MANIFEST).write_text(
            as_json(_manifest(answers, inputs, folder, maker)), encoding="utf-8", newline="\n"
        )
    return out


def _crs_by_file(crs: dict[str, str], files: list[Path]) -> dict[Path, str]:
    given = {Path(name): system for name, system in crs.items()}
    if unused := [name for name in given if name not in files]:
        raise FormatError(f"A CRS was given for {unused[0]}, which is not among the files. Check its name.")
    return given


def _write_pages(answers: Answers, folder: Path) -> None:
    if answers.versions:
        title = f"Explosive hazards along the border {answers.versions[-1].border.names}"
    else:
        title = f"Explosive hazards, {', '.join(sorted(answers.hazards['country'].unique()))}"
    notice = fictional_notice(answers.hazards["register"])
    as_of = _as_of(answers)
    report = render_report(answers, title=title, notice=notice, as_of=as_of)
    (folder / "report.html").write_text(report, encoding="utf-8", newline="\n")
    page = hazard_map(
        answers.hazards,
        releases=answers.releases,
        border=[version.border for version in answers.versions] or None,
        title=title,
    )
    page.save(str(folder / "map.html"))


def _as_of(answers: Answers) -> str:
    dates = []
    for frame, columns in ((answers.hazards, ["date_of_information"]), (answers.releases, ["completed_on"])):
        dates += [frame[name].max() for name in columns if frame is not None and name in frame.columns]
    return max((date.date().isoformat() for date in dates if date == date), default="")  # NaT is not itself


def _write_tables(answers: Answers, folder: Path) -> None:
    folder.mkdir()
    _csv(_known(answers.hazards, HAZARDS.columns), folder / "hazards.csv", index=True)
    if answers.releases is not None:
        _csv(_known(answers.releases, RELEASES.columns), folder / "releases.csv", index=True)
    _csv(answers.overlaps, folder / "overlaps.csv")
    for pair in answers.counted:
        _csv(
            pair.to_frame(), folder / f"counted_once_{_slug(pair.register_a)}_{_slug(pair.register_b)}.csv", index=True
        )
    for name, version in _named(answers.versions):
        _csv(version.relation, folder / f"relation_{name}.csv", index=True)
        _csv(version.sides, folder / f"sides_{name}.csv")
        _csv(side_totals(version.sides), folder / f"side_totals_{name}.csv", index=True)


def _named(versions: Sequence[Version]) -> list[tuple[str, Version]]:
    return [(f"{i}_{_slug(version.border.source)}", version) for i, version in enumerate(versions, start=1)]


def _slug(text: str) -> str:
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in text.casefold()).split()
    return "_".join(words)[:40] or "register"


def _known(frame: gpd.GeoDataFrame, columns: tuple[Any, ...]) -> pd.DataFrame:
    """Only columns of the schema: what a register keeps besides may be somebody's name, and stays at home."""
    import pandas as pd

    names = [*(column.name for column in columns), *_MEASURED]
    return pd.DataFrame(frame[[name for name in names if name in frame.columns]])


def _csv(table: pd.DataFrame, path: Path, *, index: bool = False) -> None:
    table = table.reset_index() if index else table
    with path.open("w", encoding="utf-8-sig", newline="") as stream:  # Excel takes UTF-8 by the mark at its beginning
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(table.columns)
        out.writerows([_cell(value) for value in row] for row in table.itertuples(index=False))


def _cell(value: Any) -> str:
    import pandas as pd

    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return escape_cell(value) if isinstance(value, str) else str(value)


def _write_geopackage(answers: Answers, path: Path) -> None:
    hazards = answers.hazards[[*_known(answers.hazards, HAZARDS.columns).columns, "geometry"]]
    for name, version in _named(answers.versions):
        hazards = hazards.assign(**{f"relation_{name}": version.relation["relation"]})
    layers = {"hazards": hazards}
    if answers.releases is not None:
        layers["releases"] = answers.releases[[*_known(answers.releases, RELEASES.columns).columns, "geometry"]]
    write_layers(layers, path)


def _manifest(answers: Answers, inputs: Sequence[Path], folder: Path, maker: str) -> dict[str, Any]:
    outputs = sorted(file for file in folder.rglob("*") if file.is_file())
    return {
        "made_by": maker,
        "hazardgeo": __version__,
        "inputs": [{"file": file.name, "sha256": sha256(file), "bytes": file.stat().st_size} for file in inputs],
        "records": {
            "hazards": len(answers.hazards),
            "open_hazards": len(answers.open_hazards),
            "releases": 0 if answers.releases is None else len(answers.releases),
        },
        "borders": [
            {
                "countries": list(version.border.codes),
                "source": version.border.source,
                "version": version.border.version,
                "licence": version.border.licence,
                "offset_95_m": sorted({float(offset) for offset in version.border.asked_lines["offset_95_m"]}),
            }
            for version in answers.versions
        ],
        "method": {
            "area": "geodesic on WGS 84 (Karney 2013)",
            "cut": "local Lambert azimuthal equal-area planes, scaled to the geodesic area",
            "open_ground": list(voc.OPEN_STATUSES),
        },
        "outputs": {file.relative_to(folder).as_posix(): sha256(file) for file in outputs},
    }
