"""Land released from the hazards: cancelled, reduced, cleared."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import affinity

from .attributes import CONFIDENTIALITY, SOURCE, declared, prefix
from .drafts import Draft
from .ground import framed

Rng = np.random.Generator
_LAST = pd.Timestamp("2025-12-19")
_METHODS = {
    "cleared": ("manual clearance", "manual clearance with dogs", "mechanical and manual clearance"),
    "reduced": ("technical survey with dogs", "technical survey, manual lanes", "technical survey, mechanical"),
    "cancelled": ("non-technical survey",),
}
# A confirmed area is cleared for the most part; much of a suspected one turns out to need less.
_KINDS = {
    "CHA": {"cleared": 0.75, "reduced": 0.25, "cancelled": 0.0},
    "SHA": {"cleared": 0.35, "reduced": 0.35, "cancelled": 0.30},
}
_COUNTS = {"AP": "ap_mines", "AV": "av_mines", "CMR": "submunitions", "UXO": "uxo"}
_HANDS_M = (0.3, 0.2, 0.15)
_CRUMB_M2 = 25.0  # pieces below this are left out, as no team would report them


def register(
    rng: Rng, code: str, drafts: list[Draft], hazards: gpd.GeoDataFrame, *, first: int = 1
) -> gpd.GeoDataFrame:
    """Make the releases of one register.

    Parameters
    ----------
    rng : numpy.random.Generator
    code : str
    drafts : list of Draft
    hazards : geopandas.GeoDataFrame
        The register that was made of them, in the same order.
    first : int
        Number of the first id.

    Returns
    -------
    geopandas.GeoDataFrame
        In the plane of the hazards; index ``release_id``.
    """
    rows: list[dict[str, Any]] = []
    shapes: list[Any] = []
    for draft, hazard in zip(drafts, hazards.reset_index().itertuples(), strict=True):
        # Confirmed ground inside is released by its own record, or it would be released twice.
        own = shapely.difference(draft.shape, shapely.union_all([inside.shape for inside in draft.inside]))
        pieces = _pieces(rng, own, hazard.work_status)
        kinds = [_kind(rng, draft, hazard) for _ in pieces]
        pieces = _fade_out(rng, hazard.geometry, pieces, kinds)
        start = hazard.date_of_information
        for piece, kind in zip(pieces, kinds, strict=True):
            row = _row(rng, hazard, kind, piece.area, start)
            start = row["completed_on"]
            rows.append(row)
            shapes.append(_staked(piece))
    ids = [f"{prefix(code)}-R-{k:04d}" for k in range(first, first + len(rows))]
    data = {name: [row[name] for row in rows] for name in rows[0]}
    frame = framed(shapes, data, ids, "release_id", hazards.crs)
    frame[list(_COUNTS.values())] = frame[list(_COUNTS.values())].astype("Int64")
    frame["declared_area_m2"] = declared(rng, frame)
    return frame


def _staked(piece: Any) -> Any:
    """The outline without corners a hand apart, which no team would stake out."""
    apart = (shapely.remove_repeated_points(piece, hand) for hand in _HANDS_M)
    return next(shape for shape in (*apart, piece) if shape.is_valid)


def _kind(rng: Rng, draft: Draft, hazard: Any) -> str:
    # Ground that one side cleared and the other still suspects: the conflict that the sample is to show.
    if draft.partner is not None and hazard.work_status in ("closed", "handed_over"):
        return "cleared"
    chances = _KINDS["CHA" if hazard.classification == "CHA" else "SHA"]
    return str(rng.choice(list(chances), p=list(chances.values())))


def _pieces(rng: Rng, shape: Any, status: str) -> list[Any]:
    """Cut the released part of a hazard into pieces, one after the other along its long side."""
    share = {
        "open": 0.0,
        "worked_on": float(rng.uniform(0.3, 0.75)),
        "suspended": float(rng.uniform(0.1, 0.4)),
        "closed": 1.0 if rng.random() < 0.85 else float(rng.uniform(0.88, 0.96)),
        "handed_over": 1.0,
    }[status]
    if share == 0:
        return []
    count = int(rng.choice([1, 2, 3] if shape.area > 20_000 else [1, 1, 2]))
    cuts = np.cumsum(np.concatenate([[0.0], rng.dirichlet(np.full(count, 4.0))])) * share
    pieces = [_slice(shape, low, high) for low, high in pairwise(cuts)]
    return [piece for piece in pieces if shapely.area(piece) > _CRUMB_M2]


def _slice(shape: Any, low: float, high: float) -> Any:
    """Part of a shape between two shares of its length."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    sides = np.diff(corners[:3], axis=0)
    lengths = np.hypot(*sides.T)
    long = int(np.argmax(lengths))
    turn = math.atan2(sides[long][1], sides[long][0])
    lying = affinity.rotate(shape, -turn, origin=(0, 0), use_radians=True)
    west, south, east, north = lying.bounds
    # Beyond the ends, so that turning back and forth cannot leave a hair of the shape out.
    left = west - 1 if low <= 0 else west + low * (east - west)
    right = east + 1 if high >= 1 else west + high * (east - west)
    strip = affinity.rotate(shapely.box(left, south - 1, right, north + 1), turn, origin=(0, 0), use_radians=True)
    return _ground_of(shapely.intersection(shape, strip))


def _ground_of(shape: Any) -> Any:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 1]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _fade_out(rng: Rng, hazard: Any, pieces: list[Any], kinds: list[str]) -> list[Any]:
    """Let some cleared pieces run a little beyond the recorded hazard: teams clear until nothing more is found."""
    done: list[Any] = []
    for k, (piece, kind) in enumerate(zip(pieces, kinds, strict=True)):
        if kind == "cleared" and rng.random() < 0.35:
            reach = min(float(rng.uniform(4, 14)), 0.03 * math.sqrt(piece.area))
            wider = shapely.buffer(piece, reach, join_style="mitre", mitre_limit=2)
            elsewhere = [shapely.difference(hazard, piece), *done, *pieces[k + 1 :]]
            grown = _ground_of(shapely.difference(wider, shapely.union_all(elsewhere), grid_size=0.05))
            if _is_clean(grown) and len(shapely.get_parts(grown)) <= len(shapely.get_parts(piece)):
                piece = grown
        done.append(piece)
    return done


def _is_clean(shape: Any) -> bool:
    """Whether no neck, spike or edge is so narrow that rounding its vertices to a centimetre could break it."""
    return bool(shapely.minimum_clearance(shape) > 0.04)


def _row(rng: Rng, hazard: Any, kind: str, area_m2: float, after: pd.Timestamp) -> dict[str, Any]:
    left = (_LAST - after).days
    started = after + pd.Timedelta(days=int(rng.integers(10, max(12, min(700, left // 2)))))
    days = 3 if kind == "cancelled" else int(np.clip(area_m2 / 900 * rng.uniform(0.6, 1.4), 3, max(5, left // 5)))
    return {
        "hazard_id": hazard.hazard_id,
        "register": hazard.register,
        "country": hazard.country,
        "kind": kind,
        "method": str(rng.choice(_METHODS[kind])),
        "depth_m": float(rng.choice([0.1, 0.15, 0.2, 0.2, 0.3])) if kind == "cleared" else np.nan,
        "organisation": f"Fictional {'Survey' if kind == 'cancelled' else 'Demining'} Team {rng.integers(1, 10)}",
        "started_on": started,
        "completed_on": started + pd.Timedelta(days=days),
        **_items(rng, hazard.contamination, kind, area_m2),
        "declared_area_m2": np.nan,
        "source": SOURCE,
        "confidentiality": CONFIDENTIALITY,
    }


def _items(rng: Rng, contamination: Any, kind: str, area_m2: float) -> dict[str, int | None]:
    """Count what was found; a survey that digs nowhere counts nothing, which is not the same as nought."""
    if kind == "cancelled":
        return dict.fromkeys(_COUNTS.values())
    terms = contamination.split(";") if isinstance(contamination, str) else []
    mean = {"AP": 3e-4, "AV": 4e-5, "CMR": 3e-4, "UXO": 1e-4}
    few = 1.0 if kind == "cleared" else 0.05
    return {
        name: int(rng.poisson(min(60.0, mean[term] * area_m2) * few)) if term in terms else 0
        for term, name in _COUNTS.items()
    }
