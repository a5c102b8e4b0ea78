"""The geography of explosive hazards along international borders.

In the order of a datum's path: read, measure, ask two-sided questions, draw, report.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from hazardgeo._version import __version__

_WHERE = {
    "intake": "registers",
    "Intake": "registers",
    "Thresholds": "registers",
    "Limits": "registers",
    "rules": "registers",
    "profiles": "registers",
    "profile_text": "registers",
    "write_worklist": "registers",
    "read_hazards": "registers",
    "read_releases": "registers",
    "combine": "registers",
    "write": "registers",
    "export": "registers",
    "find_datum_shifts": "registers",
    "bring_to_wgs84": "crs",
    "compare_datum_operations": "crs",
    "area_m2": "measure",
    "area_km2": "measure",
    "area_mi2": "measure",
    "perimeter_m": "measure",
    "format_area": "measure",
    "measure_rings": "measure",
    "measure_column": "measure",
    "Measures": "measure",
    "traverse": "measure",
    "Traverse": "measure",
    "Leg": "measure",
    "SurveyErrors": "measure",
    "area_uncertainty_m2": "overlay",
    "area_discrepancy": "overlay",
    "compare_area_methods": "overlay",
    "AreaComparison": "overlay",
    "choose_equal_area": "overlay",
    "ProjectionChoice": "overlay",
    "net_area_m2": "overlay",
    "net_area_by": "overlay",
    "repair_geometry": "overlay",
    "evidence_areas": "overlay",
    "BorderSet": "borders",
    "status_at": "borders",
    "hazard_map": "maps",
    "literal": "maps",
    "doctor": "report",
    "Doctor": "report",
    "write_report": "report",
    "write_demo": "report",
    "sample_data": "datasets",
}
_MODULES = ("accounting", "borders", "constants", "depots", "errors", "vocabulary")

__all__ = ["__version__", *_WHERE, *_MODULES]

if TYPE_CHECKING:
    from hazardgeo import accounting, borders, constants, depots, errors, vocabulary
    from hazardgeo.borders import BorderSet, status_at
    from hazardgeo.crs import bring_to_wgs84, compare_datum_operations
    from hazardgeo.datasets import sample_data
    from hazardgeo.maps import hazard_map, literal
    from hazardgeo.measure import (
        Leg,
        Measures,
        SurveyErrors,
        Traverse,
        area_km2,
        area_m2,
        area_mi2,
        format_area,
        measure_column,
        measure_rings,
        perimeter_m,
        traverse,
    )
    from hazardgeo.overlay import (
        AreaComparison,
        ProjectionChoice,
        area_discrepancy,
        area_uncertainty_m2,
        choose_equal_area,
        compare_area_methods,
        evidence_areas,
        net_area_by,
        net_area_m2,
        repair_geometry,
    )
    from hazardgeo.registers import (
        Intake,
        Limits,
        Thresholds,
        combine,
        export,
        find_datum_shifts,
        intake,
        profile_text,
        profiles,
        read_hazards,
        read_releases,
        rules,
        write,
        write_worklist,
    )
    from hazardgeo.report import Doctor, doctor, write_demo, write_report


def __getattr__(name: str) -> Any:
    # Late, so that `import hazardgeo` costs next to nothing and a script pays only for what it uses.
    if name in _WHERE:
        return getattr(importlib.import_module(f"hazardgeo.{_WHERE[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"hazardgeo.{name}")
    raise AttributeError(f"module 'hazardgeo' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
