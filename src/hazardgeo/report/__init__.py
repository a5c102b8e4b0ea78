"""The whole job at once: files in; map, report, tables and a manifest out; and a look at what it runs on."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

_WHERE = {
    "Doctor": "_doctor._doctor",
    "FilesBalance": "_balance",
    "FilesExposure": "_exposure",
    "balance_files": "_balance",
    "doctor": "_doctor._doctor",
    "exposure_files": "_exposure",
    "write_demo": "_write",
    "write_report": "_write",
}

__all__ = [
    "Doctor",
    "FilesBalance",
    "FilesExposure",
    "balance_files",
    "doctor",
    "exposure_files",
    "write_demo",
    "write_report",
]

if TYPE_CHECKING:
    from hazardgeo.report._balance import FilesBalance, balance_files
    from hazardgeo.report._doctor._doctor import Doctor, doctor
    from hazardgeo.report._exposure import FilesExposure, exposure_files
    from hazardgeo.report._write import write_demo, write_report


def __getattr__(name: str) -> Any:
    # Late, so that the doctor can look at an installation in which nothing else can be loaded.
    if name in _WHERE:
        return getattr(importlib.import_module(f"hazardgeo.report.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'hazardgeo.report' has no attribute {name!r}")
