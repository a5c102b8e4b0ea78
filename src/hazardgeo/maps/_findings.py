"""Answers to two-sided questions as the page wants them: what is drawn of each, and what is said of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo import vocabulary as voc
from hazardgeo.errors import MapError
from hazardgeo.maps._coordinates import LINE_DECIMALS, line_paths
from hazardgeo.measure import grouped, print_area
from hazardgeo.overlay import ground_around, polygonal
from hazardgeo.schema import require
from hazardgeo.style import FINDING_STYLES, FindingStyle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

_IDS_SHOWN = 6
_PLACE_M = 25.0  # what is drawn about a place; its sign shows it


def drawn_findings(findings: Mapping[str, gpd.GeoDataFrame]) -> list[dict[str, Any]]:
    """Lay out each kind of finding that there is one of, in the order of the style table.

    Parameters
    ----------
    findings : mapping of str to geopandas.GeoDataFrame
        By a key of `hazardgeo.style.FINDING_STYLES`, with geometry in EPSG:4326.

    Returns
    -------
    list of dict

    Raises
    ------
    MapError
        If a kind is not known, or its table has no geometry.
    SchemaError
        If it is not the table of the function of this name.
    """
    known = [style.key for style in FINDING_STYLES]
    for key in findings:
        if key not in known:
            raise MapError(f"There is no kind of finding {key!r}. Kinds: {', '.join(known)}.")
    return [_kind(style, findings[style.key]) for style in FINDING_STYLES if len(findings.get(style.key, ()))]


def _kind(style: FindingStyle, frame: gpd.GeoDataFrame) -> dict[str, Any]:
    columns, said = _SAID[style.key]
    if not hasattr(frame, "geometry"):
        raise MapError(f"The {style.key} have no geometry. Ask the function that finds them for it, with ground=True.")
    require(frame.reset_index(drop=True), *columns, what=style.key)
    frame = _with_sites(frame.reset_index()) if style.key == "zones" else frame.reset_index()
    lonlat = _with_width(frame.geometry.to_crs(4326).to_numpy())
    rows = zip(frame.itertuples(), lonlat, strict=True)
    return {
        "key": style.key,
        "label": style.label,
        "colour": style.colour,
        "width": style.width,
        "dash": style.dash,
        "sign": style.sign,
        "shown": style.shown,
        "items": [
            {"name": name, "words": words, "paths": _strokes(shape), "grave": not getattr(row, "sliver", False)}
            for row, shape in rows
            for name, words in [said(row)]
        ],
    }


def _strokes(shape: Any) -> list[Any]:
    """Lines as they are; of ground its edge."""
    if shapely.is_missing(shape) or shapely.is_empty(shape):
        return []
    if shapely.get_dimensions(shape) < 2:
        return line_paths(shape, LINE_DECIMALS)
    return line_paths(shapely.boundary(polygonal(shape)), LINE_DECIMALS)


def _with_width(shapes: NDArray[Any]) -> NDArray[Any]:
    """A place has no edge to draw: it is given a small one."""
    places = ~shapely.is_missing(shapes) & (shapely.get_dimensions(shapes) == 0)
    return np.where(places, ground_around(shapes, np.where(places, _PLACE_M, np.nan)), shapes)


def _with_sites(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sites by number: names leave the house only where somebody asked for them by name."""
    numbers = zones["depot_id"].factorize()[0] + 1
    named = zones["site_name"] if "site_name" in zones.columns else [None] * len(zones)
    sites = [name if isinstance(name, str) else f"Site {number}" for name, number in zip(named, numbers, strict=True)]
    return zones.assign(site=sites)


def _conflict(row: Any) -> tuple[str, str]:
    thin = " No wider than outlines and datums explain." if row.sliver else ""
    return (
        f"{row.release_id} on {row.hazard_id}",
        f"{row.register_of_release} says {row.kind}, {row.register_of_hazard} says {row.classification} "
        f"({_status(row.work_status)}): {print_area(row.area_m2)}.{thin} Until it is cleared up, the ground is hazardous.",
    )


def _status(word: Any) -> str:
    return voc.WORK_STATUS.label(word).lower() if word in voc.WORK_STATUS.words else "status not known"


def _overlap(row: Any) -> tuple[str, str]:
    kind = {"a_in_b": "the first within the second", "b_in_a": "the second within the first"}.get(row.kind, row.kind)
    return (
        f"{row.hazard_a} and {row.hazard_b}",
        f"{print_area(row.area_m2)} in common: {kind}. {row.share_a:.0%} of the first, {row.share_b:.0%} of the second.",
    )


def _continuation(row: Any) -> tuple[str, str]:
    names = [str(name) for name in (row.hazard_a, row.hazard_b) if isinstance(name, str)]
    return f"{row.priority}. {' and '.join(names)}", f"{row.why} Line: {row.border}."


def _stretch(row: Any) -> tuple[str, str]:
    return (
        f"{row.pair}, km {row.from_km:.1f} to {row.to_km:.1f}",
        f"{row.length_km:.1f} km = {row.length_mi:.1f} mi with a hazard near, {row.side}: {_listed(row.hazards)}. Line: "
        f"{row.source} {row.version}, ±{grouped(row.offset_95_m)} m.",
    )


def _task(row: Any) -> tuple[str, str]:
    apart = "" if math.isnan(row.nearest_m) else f" {grouped(row.nearest_m)} m between the nearest of different sides."
    sure = {"certain": "on both sides for certain", "as_drawn": "on both sides as the line is drawn"}
    return (
        str(row.task),
        f"{_listed(row.hazards)}: {sure.get(row.across, 'possibly on both sides')}, {print_area(row.ground_m2)} of ground."
        f"{apart} What to talk about, not who may work where.",
    )


def _listed(hazards: str) -> str:
    names = str(hazards).split(";")
    more = f" and {len(names) - _IDS_SHOWN} more" if len(names) > _IDS_SHOWN else ""
    return ", ".join(names[:_IDS_SHOWN]) + more


def _zone(row: Any) -> tuple[str, str]:
    quantity = getattr(row, "net_explosive_quantity_kg", math.nan)
    stored = "" if math.isnan(quantity) else f" {grouped(quantity)} kg net explosive quantity."
    keep = (
        "" if math.isnan(row.distance_m) else f"{grouped(row.distance_m)} m from the edge of the building, {row.rule}. "
    )
    return (
        f"{row.site}, {row.protects}",
        f"{row.object}: {keep}{row.note}{' ' * bool(row.note)}{row.table}; {row.source}. Planning aid, not a licence.{stored}",
    )


def _accident(row: Any) -> tuple[str, str]:
    day = row.date_of_information
    when = f" Information of {str(day)[:10]}." if str(day) not in ("NaT", "nan", "None") else ""
    return f"Accident {row.Index + 1}", f"Recorded by {row.register}.{when}"


_SAID: dict[str, tuple[tuple[str, ...], Callable[[Any], tuple[str, str]]]] = {
    "conflicts": (
        ("release_id", "hazard_id", "register_of_release", "register_of_hazard", "kind", "sliver"),
        _conflict,
    ),
    "overlaps": (("hazard_a", "hazard_b", "kind", "area_m2", "share_a", "share_b"), _overlap),
    "continuations": (("hazard_a", "hazard_b", "priority", "why", "border"), _continuation),
    "frontage": (("pair", "side", "from_km", "to_km", "length_km", "length_mi", "hazards", "source"), _stretch),
    "joint_tasks": (("hazards", "across", "ground_m2", "nearest_m"), _task),
    "zones": (("depot_id", "protects", "object", "distance_m", "rule", "note", "table", "source"), _zone),
    "accidents": (("register", "date_of_information"), _accident),
}
