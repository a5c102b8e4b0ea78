"""Releases against the hazards that they are said to come from, whichever files both stand in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hazardgeo.registers._rules import RULES, Thresholds, between
from hazardgeo.schema import Finding, findings_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from hazardgeo.registers._intake import Intake


def compare(intakes: Sequence[Intake], thresholds: Thresholds | None = None) -> list[Intake]:
    """Compare the releases of all intakes with the hazards of all; what is found joins the findings of the release.

    Parameters
    ----------
    intakes : sequence of Intake
    thresholds : Thresholds, optional

    Returns
    -------
    list of Intake
    """
    import pandas as pd

    hazards = [taken.frames["hazards"] for taken in intakes if len(taken.frames.get("hazards", ()))]
    if not hazards:
        return list(intakes)
    ground = pd.concat(hazards)
    return [_compared(taken, ground, thresholds or Thresholds()) for taken in intakes]


def _compared(taken: Intake, ground: gpd.GeoDataFrame, thresholds: Thresholds) -> Intake:
    import pandas as pd

    releases = taken.frames.get("releases")
    if releases is None or not len(releases):
        return taken
    rows = dict(zip(releases.index, taken.rows["releases"], strict=True))
    found = [
        Finding(taken.file, record, rows[record], rule, RULES[rule].severity, seen, RULES[rule].means, remedy)
        for record, rule, seen, remedy in between(ground, releases, thresholds)
    ]
    if not found:
        return taken
    findings = pd.concat([taken.findings, findings_table(found)], ignore_index=True)
    return replace(taken, findings=findings.sort_values("row", kind="stable", ignore_index=True))
