"""Write GeoPackages whose bytes depend on their content and the versions of the tools, not on the day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio

_FIXED_DATE = "2026-01-01T00:00:00.000Z"


def write_layers(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Write the layers to one new GeoPackage, without spatial index, under a fixed date.

    Parameters
    ----------
    path : Path
        Replaced if it exists.
    layers : dict
        Layer name to frame, in the order of writing.
    """
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    for name, frame in layers.items():
        pyogrio.write_dataframe(
            frame,
            path,
            layer=name,
            driver="GPKG",
            layer_options={"SPATIAL_INDEX": "NO"},
            dataset_options={"ADD_GPKG_OGR_CONTENTS": "NO"} if not path.exists() else None,
        )


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write JSON with sorted keys and a newline at its end."""
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def write_text(path: Path, text: str) -> None:
    """Write text with one newline at its end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text.strip()}\n", encoding="utf-8")
