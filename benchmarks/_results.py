"""One page of results, a section for each benchmark; running one replaces its section and leaves the others."""

from __future__ import annotations

import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
import pyproj
import shapely

import hazardgeo as hz

if TYPE_CHECKING:
    from collections.abc import Sequence

RESULTS = Path(__file__).parent / "results.md"


def made_with() -> str:
    """Versions and machine, in one line."""
    return (
        f"hazardgeo {hz.__version__}, Python {platform.python_version()}, geopandas {gpd.__version__}, pandas "
        f"{pd.__version__}, pyogrio {pyogrio.__version__} (GDAL {pyogrio.__gdal_version_string__}), shapely "
        f"{shapely.__version__} (GEOS {shapely.geos_version_string}), pyproj {pyproj.__version__} (PROJ "
        f"{pyproj.proj_version_str}), {platform.machine()}, two cores, shared: compare within one table only."
    )


def write_section(title: str, lines: Sequence[str]) -> None:
    """Put a section into the page of results, in the place of an older one of the same title."""
    sections = {}
    for part in re.split(r"^## ", RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "", flags=re.MULTILINE)[
        1:
    ]:
        name, _, body = part.partition("\n")
        sections[name.strip()] = body.strip()
    sections[title] = "\n".join([made_with(), "", *lines]).strip()
    text = "\n\n".join(f"## {name}\n\n{body}" for name, body in sorted(sections.items()))
    RESULTS.write_text(f"# Results\n\n{text}\n", encoding="utf-8")
    print(f"## {title}\n\n{sections[title]}")
