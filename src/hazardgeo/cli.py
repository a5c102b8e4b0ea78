"""The ``hazardgeo`` command; it holds no logic, all that it does is a function that a script can call."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from hazardgeo._version import __version__
from hazardgeo.errors import FindingWarning, HazardgeoError, SchemaError

if TYPE_CHECKING:
    from collections.abc import Sequence

OK, COULD_NOT, INTERRUPTED = 0, 2, 130

_NEXT = """\
hazardgeo measures explosive hazards along borders, counts shared ground once, and draws maps that open offline.

Start here:
  hazardgeo demo                              the main job on fictional data, into the folder hazardgeo-demo
  hazardgeo report a.gpkg b.geojson --out X   the main job on your registers, into the folder X
  hazardgeo report --help                     what the files must hold
"""

_FILES_HELP = """\
Each file is a GeoPackage, a GeoJSON, or a CSV with a column of well-known text, and holds these columns:
hazard_id, register (who keeps it), country (who reports it: HRV, BIH, ...), classification (SHA, CHA, unstated),
work_status (open, worked_on, suspended, closed, handed_over).
Releases: release_id, hazard_id, register, country, kind (cleared, reduced, cancelled).
All columns are listed in the README.

example:
  hazardgeo report bih.gpkg hrv.csv --crs hrv.csv=EPSG:3765 --releases bih_releases.gpkg --out border-report
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
        0 done, 2 could not, 130 interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        _never_fail_on_a_letter(stream)
    try:
        options = _parser().parse_args(arguments)
        if options.command is None:
            print(_NEXT)
            return OK
        with warnings.catch_warnings(record=True) as remarks:
            warnings.simplefilter("always", FindingWarning)
            out = _run(options)
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
    for remark in remarks:
        if issubclass(remark.category, FindingWarning):
            print(f"Note: {remark.message}")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    print(*manifest["headlines"], *(f"Note: {remark}" for remark in manifest["remarks"]), sep="\n")
    print(f"Done. Open {out / 'map.html'} and {out / 'report.html'} in a browser; no internet is needed.")
    print(f"Tables are in {out / 'tables'}; {out / 'hazards.gpkg'} opens in QGIS.")
    return OK


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
    _add_report(commands)
    demo = commands.add_parser(
        "demo",
        help="the main job on the fictional data that the package carries",
        epilog="example:\n  hazardgeo demo --out build/demo",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    demo.add_argument("--out", type=Path, default=Path("hazardgeo-demo"), metavar="DIR", help="folder to make")
    return parser


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = commands.add_parser(
        "report",
        help="registers in; map, report and tables out",
        epilog=_FILES_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    report.add_argument("files", nargs="+", metavar="FILE", help="registers of hazards, one or more")
    report.add_argument(
        "--releases",
        action="append",
        default=[],
        metavar="FILE",
        help="land released from them; say it again for each file",
    )
    report.add_argument(
        "--crs",
        action=_OncePerFile,
        default={},
        metavar="FILE=CRS",
        help="CRS of a file that does not name its own; say it again for each such file",
    )
    report.add_argument(
        "--source", choices=("osm", "natural_earth"), help="ask one embedded border only (default: both)"
    )
    report.add_argument("--border", metavar="FILE", help="a border of your own, asked before the embedded ones")
    report.add_argument(
        "--countries", default="", metavar="A,B", help="countries to ask (default: those of the records)"
    )
    report.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder to make")
    report.add_argument(
        "--overwrite", action="store_true", help="replace DIR if hazardgeo made it and nothing else is in it"
    )


class _OncePerFile(argparse.Action):
    """Gather FILE=CRS; two systems for one file are a mistake, not a choice."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:  # noqa: ARG002  (argparse's signature)
        file, equals, crs = str(values).rpartition("=")
        if not (equals and file and crs):
            parser.error(f"{values!r} is not FILE=CRS, such as bih.csv=EPSG:3765")
        if file in namespace.crs:
            parser.error(f"two systems are given for {file}: {namespace.crs[file]} and {crs}")
        namespace.crs = {**namespace.crs, file: crs}


def _run(options: argparse.Namespace) -> Path:
    from hazardgeo.report import write_demo, write_report

    if options.command == "demo":
        return write_demo(options.out)
    return write_report(
        options.files,
        options.out,
        releases=options.releases,
        crs=options.crs,
        source=options.source,
        border=options.border,
        countries=[code.strip() for code in options.countries.split(",") if code.strip()],
        overwrite=options.overwrite,
    )
