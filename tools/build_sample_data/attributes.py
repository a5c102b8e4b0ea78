"""What the registers say about each hazard besides its outline."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

import hazardgeo as hz

from .drafts import Draft
from .ground import PLANE, framed, lonlat

Rng = np.random.Generator
COUNTRIES = {
    "AFG": "Afghanistan", "ALB": "Albania", "ARM": "Armenia", "AZE": "Azerbaijan", "BIH": "Bosnia and Herzegovina",
    "GEO": "Georgia", "HRV": "Croatia", "KAZ": "Kazakhstan", "KGZ": "Kyrgyzstan", "SCG": "Serbia and Montenegro", "SRB": "Serbia",
    "TJK": "Tajikistan", "TKM": "Turkmenistan", "UZB": "Uzbekistan",
}  # fmt: skip
_PREFIX = {"HRV": "HR"}
SOURCE, CONFIDENTIALITY = "fictional", "fictional - may be shared"
# Text from a register is text. Whatever shows it must not run it.
HOSTILE_NAME = "{{ 7*7 }}<img src=x onerror=alert(1)>"

_NAMES = (
    "Fiktivno polje", "Izmišljena livada", "Zamišljena šuma", "Nepostojeće brdo", "Fiktivni čair", "Izmišljeni žlijeb",
    "Zamišljena međa", "Nepostojeća kosa", "Fiktivni šljivik", "Izmišljena strana", "Zamišljeni bunar",
    "Fiktivna ćuprija",
)  # fmt: skip
_CONTAMINATION = {
    "AP": 0.33, "AP;AV": 0.20, "AP;UXO": 0.19, "UXO": 0.09, "AP;AV;UXO": 0.08, "AV": 0.03, "CMR": 0.03, "CMR;UXO": 0.02,
    "BT;UXO": 0.01, "unknown": 0.02,
}  # fmt: skip
_STATUS = {"open": 0.60, "worked_on": 0.13, "suspended": 0.06, "closed": 0.14, "handed_over": 0.07}


def _lot(rng: Rng, weights: dict[str, float]) -> str:
    share = np.array(list(weights.values()))
    return str(rng.choice(list(weights), p=share / share.sum()))


def _day(rng: Rng, first: str, last: str) -> pd.Timestamp:
    span = (pd.Timestamp(last) - pd.Timestamp(first)).days
    return pd.Timestamp(first) + pd.Timedelta(days=int(rng.integers(span + 1)))


def prefix(code: str) -> str:
    """What the ids of a register begin with."""
    return _PREFIX.get(code, code)


def register(
    rng: Rng, code: str, drafts: list[Draft], *, plane: pyproj.CRS = PLANE, first: int = 1, hostile: bool = False
) -> gpd.GeoDataFrame:
    """Give ids and attributes to the drafts of one register.

    Parameters
    ----------
    rng : numpy.random.Generator
    code : str
    drafts : list of Draft
    plane : pyproj.CRS
    first : int
        Number of the first id.
    hostile : bool
        Let one of the names look like code.

    Returns
    -------
    geopandas.GeoDataFrame
        In the plane; index ``hazard_id``.
    """
    _settle_status(rng, drafts)
    rows = [_row(rng, code, draft) for draft in drafts]
    ids = [f"{prefix(code)}-{k:04d}" for k in range(first, first + len(rows))]
    if hostile:
        rows[len(rows) // 3]["name"] = HOSTILE_NAME
    data = {name: [row[name] for row in rows] for name in rows[0]}
    frame = framed([draft.shape for draft in drafts], data, ids, "hazard_id", plane)
    frame["declared_area_m2"] = declared(rng, frame)
    return frame


def _settle_status(rng: Rng, drafts: list[Draft]) -> None:
    for draft in drafts:
        draft.work_status = draft.work_status or _lot(rng, _STATUS)
    for draft in drafts:
        for inside in draft.inside:
            # A suspected area is not closed while work on a confirmed one inside it is open.
            inside.work_status = "closed" if draft.work_status in ("closed", "handed_over") else inside.work_status


def _row(rng: Rng, code: str, draft: Draft) -> dict[str, Any]:
    status = draft.work_status
    # Work on ground begins well after it was recorded.
    day = _day(rng, "2019-01-07", "2025-09-30" if status == "open" else "2024-05-31")
    kind = "surveyed" if draft.surveyed else "digitised"
    sd = draft.sd_m or (2.0 if draft.surveyed else float(rng.choice([10.0, 10.0, 15.0, 20.0, 25.0])))
    contamination = _lot(rng, _CONTAMINATION) if rng.random() > 0.03 else None
    return {
        "register": f"FICTIONAL-{code}",
        "country": code,
        "name": f"{_NAMES[rng.integers(len(_NAMES))]} {rng.integers(1, 60)}",
        "classification": "unstated" if draft.role == "chain" and rng.random() < 0.03 else draft.classification,
        "work_status": status,
        "contamination": contamination,
        "date_of_information": day,
        "declared_area_m2": np.nan,
        "vertex_sd_m": np.nan if rng.random() < 0.08 else sd,
        "geometry_kind": None if rng.random() < 0.03 else kind,
        "source": SOURCE,
        "confidentiality": CONFIDENTIALITY,
        "keeper": f"Fictional Mine Action Office of {COUNTRIES[code]}",
        "reported_by": f"Fictional Survey Team {rng.integers(1, 8)}",
    }


def declared(rng: Rng, frame: gpd.GeoDataFrame) -> list[float]:
    """Areas as a register would declare them: rounded, some a few per cent off, some not stated."""
    areas = []
    for area in hz.area_m2(lonlat(frame)):
        off = rng.choice([-1, 1]) * rng.uniform(0.01, 0.03) if rng.random() < 0.12 else 0.0
        unit = 1 if area < 5000 or rng.random() < 0.6 else 10 if area < 50_000 else 100
        areas.append(float(round(area * (1 + off) / unit) * unit) if rng.random() > 0.06 else np.nan)
    return areas
