"""What is found when records meet others: releases and hazards of several files, and the countries that report them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.crs import WGS84
from hazardgeo.registers._rules import NEEDING_COUNTRIES, RULES, Seen, Thresholds, between
from hazardgeo.schema import SCHEMAS, Finding, findings_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from hazardgeo.registers._intake import Intake

_OF_BOTH = tuple(name for name in RULES if name.startswith("release-"))


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
    # What was found before, with fewer hazards at hand, gives way.
    before = taken.findings[~taken.findings["rule"].isin(_OF_BOTH)]
    findings = pd.concat([before, findings_table(found)], ignore_index=True)
    return replace(taken, findings=findings.sort_values("row", kind="stable", ignore_index=True))


def is_out_of_place(taken: Intake, countries: gpd.GeoDataFrame) -> bool:
    """Whether the rules that need countries have anything to say of a file that was taken in without any.

    Parameters
    ----------
    taken : Intake
    countries : geopandas.GeoDataFrame
        Whole countries, with the column ``code``.

    Returns
    -------
    bool
    """
    for kind, frame in taken.frames.items():
        seen = Seen(
            frame, SCHEMAS[kind], np.asarray(frame.geometry.array, dtype=object), WGS84, Thresholds(), countries
        )
        for name in NEEDING_COUNTRIES if len(frame) else ():
            find = RULES[name].find
            if find is not None and any(True for _ in find(seen)):
                return True
    return False
