"""The ``hazardgeo`` command; it holds no logic, all that it does is a function that a script can call."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from hazardgeo._version import __version__
from hazardgeo.errors import HazardgeoError, SchemaError, StorageError

if TYPE_CHECKING:
    from collections.abc import Sequence

OK, FOUND, COULD_NOT, INTERRUPTED = 0, 1, 2, 130

_NEXT = """\
hazardgeo measures explosive hazards along borders, counts shared ground once, and draws maps that open offline.

Start here:
  hazardgeo demo                              the main job on fictional data, into the folder hazardgeo-demo
  hazardgeo check register.xlsx               what became of every record of a file, and what to mend
  hazardgeo report a.gpkg b.geojson --out X   the main job on your registers, into the folder X
  hazardgeo balance a.gpkg --releases r.gpkg --year 2024   the tables that the year ends in
  hazardgeo exposure a.gpkg --population people.tif   people in the hazards and about them, on either side
  hazardgeo where a.gpkg --at 16.28 45.09     what is recorded at a place, and how sure that is
  hazardgeo rules                             every rule that a record is judged by
  hazardgeo doctor                            versions, whether they differ, and what is missing for what
  hazardgeo report --help                     what the files must hold
"""

_FILES_HELP = """\
Each file is a GeoPackage, GeoJSON, GeoParquet, FlatGeobuf, File Geodatabase, Shapefile, KML, KMZ, GPX, CSV or Excel
file, and holds these columns: hazard_id, register (who keeps it), country (who reports it: HRV, BIH, ...),
classification (SHA, CHA, unstated), work_status (open, worked_on, suspended, closed, handed_over, unstated).
Releases: release_id, hazard_id, register, country, kind (cleared, reduced, cancelled).
All columns are listed in the README; a profile (--profile) maps other names onto them.
"""

_REPORT_EXAMPLE = """
example:
  hazardgeo report bih.gpkg hrv.csv --crs hrv.csv=EPSG:3765 --releases bih_releases.gpkg --out border-report
"""

_CHECK_EXAMPLE = """
exit status: 0 nothing was found; 1 findings or quarantined records; 2 a file cannot be read. Over several files the worst.

example:
  hazardgeo check register.xlsx --profile my_register.toml --locale hr --worklist to_do.xlsx
"""


_WHERE_EXAMPLE = """
exit status: 0 nothing is recorded at the place; 1 something is, or it cannot be told; 2 a file cannot be read. That nothing is
recorded does not say that there is no hazard.

example:
  hazardgeo where bih.gpkg hrv.geojson --releases bih_releases.gpkg --at 16.28 45.09
"""


_BALANCE_EXAMPLE = """
The period is --year, or --since and --until. In a border belt (--within) the tables are of all hazards that may lie so
near the line. exit status: 0 the balance closes; 1 it does not, something was found, or a record cannot be used; 2 a
file cannot be read.

examples:
  hazardgeo balance bih.gpkg hrv.geojson --releases bih_releases.gpkg --releases hrv_releases.geojson --year 2024 --out tables
  hazardgeo balance bih.gpkg hrv.geojson --releases all_releases.gpkg --year 2024 --within 2000 --grid HRV=EPSG:3765
  --out tables.xlsx
"""


_EXPOSURE_EXAMPLE = """
People are counted inside open hazards and in rings about them, on each side of the border, everybody once. exit status: 0 every
record was used and the raster has a value for all of the ground; 1 a record cannot be used or contradicts itself, or the
raster knows only part of the ground, so that at least so many live there; 2 a file cannot be read.

example:
  hazardgeo exposure bih.gpkg hrv.geojson --population people.tif --countries BIH,HRV
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without it, those of the process.

    Returns
    -------
    int
        0 done, 1 something was found (``balance``, ``check``, ``doctor``, ``exposure``, ``where``), 2 could not, 130 interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        _never_fail_on_a_letter(stream)
    try:
        options = _parser().parse_args(arguments)
        if options.command is None:
            print(_NEXT)
            return OK
        return _COMMANDS[options.command](options)
    except BrokenPipeError:  # whoever read the output has enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        print("Interrupted. Nothing was changed.", file=sys.stderr)
        return INTERRUPTED
    except SchemaError as error:
        print(f"hazardgeo: {error.full}", file=sys.stderr)
        return COULD_NOT
    except (HazardgeoError, OSError) as error:
        print(f"hazardgeo: {error}", file=sys.stderr)
        return COULD_NOT
    except Exception as error:  # an officer needs a sentence; who mends it needs the kind and the words
        print(f"hazardgeo: this should not have happened ({type(error).__name__}: {error}).", file=sys.stderr)
        print("Nothing was written. Please report it with the command that you gave.", file=sys.stderr)
        return COULD_NOT


def _never_fail_on_a_letter(stream: TextIO) -> None:
    # A Windows console may lack a letter of somebody's file name; a message must not end in an error.
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hazardgeo", description=_NEXT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"hazardgeo {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_check(commands)
    _add_report(commands)
    _add_balance(commands)
    _add_exposure(commands)
    _add_where(commands)
    rules = commands.add_parser("rules", help="every rule that a record is judged by, with its reason and source")
    rules.add_argument("--json", action="store_true", help="as JSON")
    doctor = commands.add_parser("doctor", help="versions, whether they differ, and what is missing for what")
    doctor.add_argument("--json", action="store_true", help="as JSON")
    demo = commands.add_parser(
        "demo",
        help="the main job on the fictional data that the package carries",
        epilog="examples:\n  hazardgeo demo --out build/demo\n  hazardgeo demo --region central_asia --out build/central_asia",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    demo.add_argument(
        "--region",
        choices=("southeast_europe", "central_asia", "south_caucasus"),
        help="the registers of a whole region (default: those of Croatia and Bosnia and Herzegovina, dirty as real ones are)",
    )
    demo.add_argument("--out", type=Path, default=Path("hazardgeo-demo"), metavar="DIR", help="folder to make")
    return parser


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser(
        "check",
        help="what became of every record of a file, and what to mend",
        epilog=_FILES_HELP + _CHECK_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument("files", nargs="+", metavar="FILE", help="files to check, each by itself")
    check.add_argument(
        "--kind",
        choices=("auto", "hazards", "releases", "points", "depots"),
        default="auto",
        help="what the records are (default: told by the id column or by the words of the rows)",
    )
    check.add_argument("--layer", metavar="L", help="layer, sheet or folder, where a file holds several")
    check.add_argument("--crs", metavar="C", help="CRS of files that name none, or a deprecated one, such as EPSG:3765")
    check.add_argument(
        "--datum-operation",
        metavar="OP",
        help="operation from an old datum to WGS 84, such as EPSG:9486, where those that are published disagree",
    )
    check.add_argument(
        "--repair", action="store_true", help="repair outlines that are not valid, where all readings of them agree"
    )
    check.add_argument("--register", metavar="R", help="who keeps the records, where the files do not say")
    check.add_argument("--country", metavar="ABC", help="who reports them, where the files do not say")
    check.add_argument(
        "--countries", metavar="FILE", help="polygons of countries with a column of codes; places outside are found"
    )
    check.add_argument("--profile", metavar="P", help="a ready-made profile, or a TOML file, for other column names")
    check.add_argument("--locale", metavar="L", help="language that numbers and dates are written in, such as hr")
    check.add_argument("--json", action="store_true", help="one line of JSON for each file")
    check.add_argument("--worklist", metavar="OUT.xlsx", help="write what is to be mended as a list (.xlsx or .csv)")


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = commands.add_parser(
        "report",
        help="registers in; map, report and tables out",
        epilog=_FILES_HELP + _REPORT_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    report.add_argument("files", nargs="+", metavar="FILE", help="registers of hazards, one or more")
    _add_releases(report)
    report.add_argument(
        "--crs",
        action=_OncePerFile,
        default={},
        metavar="FILE=CRS",
        help="CRS of a file that does not name its own; say it again for each such file",
    )
    for name, what, example in (
        ("datum-operation", "operation from an old datum to WGS 84, such as EPSG:9486,", "FILE=OP"),
        ("profile", "profile (a ready-made one or a TOML file)", "FILE=P"),
        ("locale", "language that numbers and dates are written in", "FILE=L"),
    ):
        report.add_argument(f"--{name}", action=_OncePerFile, default={}, metavar=example, help=f"{what} of a file")
    report.add_argument(
        "--source", choices=("osm", "natural_earth"), help="ask one embedded border only (default: both)"
    )
    report.add_argument("--border", metavar="FILE", help="a border of your own, asked before the embedded ones")
    report.add_argument(
        "--countries", default="", metavar="A,B", help="countries to ask (default: those of the records)"
    )
    report.add_argument(
        "--repair", action="store_true", help="repair outlines that are not valid, where all readings of them agree"
    )
    report.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder to make")
    report.add_argument(
        "--overwrite", action="store_true", help="replace DIR if hazardgeo made it and nothing else is in it"
    )


def _add_balance(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    balance = commands.add_parser(
        "balance",
        help="the tables that a year ends in: contamination, release, and a balance with its residual",
        epilog=_FILES_HELP + _BALANCE_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    balance.add_argument("files", nargs="+", metavar="FILE", help="registers of hazards, one or more")
    _add_releases(balance)
    balance.add_argument("--year", type=int, metavar="Y", help="the year")
    balance.add_argument("--since", metavar="DAY", help="first day, instead of a year (2024-04-01)")
    balance.add_argument("--until", metavar="DAY", help="last day")
    balance.add_argument("--by", default="country", metavar="COLUMN", help="column to group by (default: country)")
    balance.add_argument("--unit", choices=("m2", "ha", "km2", "mi2"), default="m2", help="unit of areas (default: m2)")
    balance.add_argument("--within", type=float, metavar="M", help="only the belt within so many metres of the border")
    balance.add_argument(
        "--border", metavar="FILE", help="a border of your own, for the belt (default: an embedded one)"
    )
    balance.add_argument(
        "--countries", default="", metavar="A,B", help="countries whose border it is (default: those of the records)"
    )
    balance.add_argument(
        "--grid",
        action=_OncePerFile,
        default={},
        metavar="STATE=CRS",
        help="national grid of a state, such as HRV=EPSG:3765; say it again for each",
    )
    balance.add_argument("--plan", metavar="FILE.csv", help="what should be left: the columns year and planned_m2")
    balance.add_argument("--treaties", metavar="FILE.toml", help="which state is a party to which treaty, since when")
    _add_reading(balance)
    balance.add_argument("--out", metavar="DIR|FILE.xlsx", help="a folder to make, or one workbook")
    balance.add_argument("--overwrite", action="store_true", help="replace what an earlier run made there")
    balance.add_argument("--json", action="store_true", help="as JSON")


def _add_exposure(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    exposure = commands.add_parser(
        "exposure",
        help="people in hazards and about them, on either side of a border",
        epilog=_FILES_HELP + _EXPOSURE_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    exposure.add_argument("files", nargs="+", metavar="FILE", help="registers of hazards, one or more")
    exposure.add_argument("--population", required=True, metavar="RASTER", help="a GeoTIFF of people")
    exposure.add_argument(
        "--kind",
        choices=("count", "density"),
        default="count",
        help="what a cell holds: the people in it, or those on each km² of it (default: count)",
    )
    exposure.add_argument("--band", type=int, metavar="N", help="band of the raster, where it has several")
    exposure.add_argument(
        "--nodata", type=float, metavar="V", help="value that stands for none, where the raster does not declare it"
    )
    exposure.add_argument("--border", metavar="FILE", help="a border of your own (default: an embedded one)")
    exposure.add_argument(
        "--countries", default="", metavar="A,B", help="countries whose border it is (default: those of the records)"
    )
    exposure.add_argument(
        "--distances",
        default="500,1000,2000,5000",
        metavar="M,M",
        help="outer edges of the rings in metres (default: 500,1000,2000,5000)",
    )
    _add_reading(exposure)
    exposure.add_argument("--json", action="store_true", help="as JSON")


def _add_where(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    where = commands.add_parser(
        "where",
        help="what is recorded at a place, and how sure that is",
        epilog=_FILES_HELP + _WHERE_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    where.add_argument("files", nargs="+", metavar="FILE", help="registers of hazards, one or more")
    where.add_argument(
        "--at", required=True, nargs=2, type=float, metavar=("LON", "LAT"), help="the place, in degrees of WGS 84"
    )
    _add_releases(where)
    where.add_argument("--within", type=float, metavar="M", help="how far to look, in metres (default: 10000)")
    _add_reading(where)
    where.add_argument("--json", action="store_true", help="as JSON")


def _add_releases(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--releases",
        action="append",
        default=[],
        metavar="FILE",
        help="land released from them; say it again for each file",
    )


_READING = ("crs", "datum_operation", "profile", "locale")


def _add_reading(parser: argparse.ArgumentParser) -> None:
    """How all files of a command are read."""
    parser.add_argument("--crs", metavar="C", help="CRS of files that name none, such as EPSG:3765")
    parser.add_argument(
        "--datum-operation", metavar="OP", help="operation from an old datum to WGS 84, such as EPSG:9486"
    )
    parser.add_argument("--profile", metavar="P", help="a ready-made profile, or a TOML file, for other column names")
    parser.add_argument("--locale", metavar="L", help="language that numbers and dates are written in, such as hr")


class _OncePerFile(argparse.Action):
    """Gather FILE=VALUE; two values for one file are a mistake, not a choice."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:  # noqa: ARG002  (argparse's signature)
        file, equals, value = str(values).rpartition("=")
        if not (equals and file and value):
            parser.error(f"{values!r} is not {self.metavar}: name the file, then = and what is said of it")
        there = getattr(namespace, self.dest)
        if file in there:
            parser.error(f"two are given for {file}: {there[file]} and {value}")
        setattr(namespace, self.dest, {**there, file: value})


def _check(options: argparse.Namespace) -> int:
    from hazardgeo.registers import check_files, write_worklist

    names = ("layer", "crs", "datum_operation", "repair", "register", "country", "countries", "profile", "locale")
    given = {name: getattr(options, name) for name in names}
    _refuse_input_as_output(options.worklist, [*options.files, options.profile, options.countries])
    checked = check_files(options.files, options.kind, worker=True, **given)
    for i, one in enumerate(checked):
        if one.taken is None:
            print(f"hazardgeo: {one.error}", file=sys.stderr)
        elif options.json:
            print(json.dumps(one.as_object(), ensure_ascii=False))
        else:
            print(*([""] if i else []), one.as_words(), sep="\n")
    taken = [one.taken for one in checked if one.taken is not None]
    if options.worklist and taken:
        out = write_worklist(taken, options.worklist)
        print(f"{out}: the list of what is to be mended.", file=sys.stderr if options.json else sys.stdout)
    return max(one.status for one in checked)


def _refuse_input_as_output(worklist: str | None, inputs: Sequence[str | None]) -> None:
    """Before any work: a slip of the hand must not replace a register by its own worklist."""
    if worklist and Path(worklist).resolve() in {Path(name).resolve() for name in inputs if name}:
        raise StorageError(f"{worklist} is one of the files to read; it is kept. Name another file with --worklist.")


def _where(options: argparse.Namespace) -> int:
    from hazardgeo.borders import where

    given = {name: getattr(options, name) for name in _READING}
    if options.within is not None:
        given["within_m"] = options.within
    longitude, latitude = options.at
    found = where(options.files, longitude, latitude, releases=options.releases, worker=True, **given)
    print(json.dumps(found.as_object(), ensure_ascii=False) if options.json else found.as_words())
    return found.exit_status


def _balance(options: argparse.Namespace) -> int:
    from hazardgeo.report import balance_files

    names = (
        "releases", "year", "since", "until", "by", "unit", "border", "plan", "treaties", "crs", "datum_operation",
        "profile", "locale",
    )  # fmt: skip
    made = balance_files(
        options.files,
        **{name: getattr(options, name) for name in names},
        within_m=options.within,
        countries=_listed(options.countries),
        national_grid=options.grid,
        worker=True,
    )
    print(json.dumps(made.as_object(), ensure_ascii=False) if options.json else made.as_words())
    if options.out:
        out = made.write(options.out, overwrite=options.overwrite)
        print(f"{out}: all tables.", file=sys.stderr if options.json else sys.stdout)
    return made.exit_status


def _exposure(options: argparse.Namespace) -> int:
    from hazardgeo.report import exposure_files

    names = ("kind", "band", "nodata", "border", "crs", "datum_operation", "profile", "locale")
    found = exposure_files(
        options.files,
        options.population,
        **{name: getattr(options, name) for name in names},
        countries=_listed(options.countries),
        distances_m=_metres(options.distances),
        worker=True,
    )
    print(json.dumps(found.as_object(), ensure_ascii=False) if options.json else found.as_words())
    return found.exit_status


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _metres(text: str) -> list[float]:
    try:
        return [float(part) for part in _listed(text)]
    except ValueError as error:
        raise HazardgeoError(f"--distances {text}: give metres parted by commas, such as 500,1000.") from error


def _codes(options: argparse.Namespace) -> list[str]:
    return [code.strip() for code in options.countries.split(",") if code.strip()]


def _rules(options: argparse.Namespace) -> int:
    from hazardgeo.registers import rules

    table = rules()
    if options.json:
        print(json.dumps(table.to_dict("records"), ensure_ascii=False, indent=2))
        return OK
    for scope, some in table.groupby("scope", sort=False):
        print(f"\n{scope}")
        for rule in some.itertuples():
            print(f"  {rule.name} ({rule.severity}): {rule.what} {rule.means}\n      Source: {rule.source}")
    return OK


def _doctor(options: argparse.Namespace) -> int:
    from hazardgeo.report import doctor

    found = doctor()
    print(json.dumps(found.as_object(), ensure_ascii=False, indent=2) if options.json else found)
    return FOUND if found.problems else OK


def _demo(options: argparse.Namespace) -> int:
    from hazardgeo.report import write_demo

    return _tell_report(write_demo(options.out, region=options.region))


def _report(options: argparse.Namespace) -> int:
    from hazardgeo.report import write_report

    out = write_report(
        options.files,
        options.out,
        releases=options.releases,
        crs=options.crs,
        datum_operation=options.datum_operation,
        profile=options.profile,
        locale=options.locale,
        source=options.source,
        border=options.border,
        countries=_listed(options.countries),
        repair=options.repair,
        overwrite=options.overwrite,
        worker=True,
    )
    return _tell_report(out)


def _tell_report(out: Path) -> int:
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    print(*manifest["headlines"], *(f"Note: {remark}" for remark in manifest["remarks"]), sep="\n")
    print(f"Done. Open {out / 'map.html'} and {out / 'report.html'} in a browser; no internet is needed.")
    if "map.pdf" in manifest["outputs"]:
        print(f"{out / 'map.pdf'} and {out / 'map.png'} show the map where mail takes no page with a script.")
    print(f"Tables are in {out / 'tables'}; {out / 'hazards.gpkg'} opens in QGIS, in the same colours.")
    return OK


_COMMANDS = {
    "balance": _balance, "check": _check, "exposure": _exposure, "report": _report, "where": _where, "rules": _rules,
    "doctor": _doctor, "demo": _demo,
}  # fmt: skip
