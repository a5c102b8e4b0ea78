"""Versions of a border as the page wants them: lines by status, with how far they may be off."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hazardgeo.maps._coordinates import LINE_DECIMALS, line_paths
from hazardgeo.measure import grouped
from hazardgeo.style import BORDER_STYLES, PALETTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hazardgeo.borders import BorderSet


def border_versions(borders: Sequence[BorderSet]) -> list[dict[str, Any]]:
    """Lay out each version; the first is the one in question and is shown, the others wait for a tick."""
    return [_version(border, place) for place, border in enumerate(borders)]


def _version(border: BorderSet, place: int) -> dict[str, Any]:
    asked_lines = set(border.asked_lines.index)
    lines = [_line(line, asked=line.Index in asked_lines) for line in border.lines.itertuples()]
    asked = [line for line in lines if line["asked"]]
    return {
        "name": f"{border.source}, {border.version}",
        "shown": place == 0,
        "colour": PALETTE.borders[min(place, len(PALETTE.borders) - 1)],
        "note": offset_note([line["offset"] for line in asked or lines]),
        "lines": lines,
    }


def _line(line: Any, *, asked: bool) -> dict[str, Any]:
    known = {style.key for style in BORDER_STYLES}
    offset = float(line.offset_95_m)
    return {
        "status": line.status if line.status in known else "unstated",
        "asked": asked,
        "pair": " – ".join(sorted((str(line.country_a), str(line.country_b)))),
        "offset": offset if math.isfinite(offset) else None,
        "paths": line_paths(line.geometry, LINE_DECIMALS),
    }


def offset_note(offsets: Sequence[float | None]) -> str:
    """Say how far the line may lie from where it is drawn.

    Examples
    --------
    >>> offset_note([12.0, 380.0])
    'The line may lie up to ±12–380 m from where it is drawn (95 %), depending on the stretch.'
    >>> offset_note([100.0])
    'The line may lie up to ±100 m from where it is drawn (95 %).'
    """
    known = [offset for offset in offsets if offset is not None]
    if not known:
        return "The source does not say how far the line may lie from where it is drawn."
    low, high = grouped(math.floor(min(known))), grouped(math.ceil(max(known)))
    if low == high:
        return f"The line may lie up to ±{low} m from where it is drawn (95 %)."
    return f"The line may lie up to ±{low}–{high} m from where it is drawn (95 %), depending on the stretch."


def border_credits(borders: Sequence[BorderSet]) -> list[str]:
    """Say whom to credit, each once; the licence too, unless the credit names it already."""
    return list(dict.fromkeys(f"{_credit(border)}." for border in borders))


def border_names(borders: Sequence[BorderSet]) -> str:
    """Name source and version of each; empty without a border."""
    names = dict.fromkeys(f"{border.source}, {border.version}" for border in borders)
    return f"Border as in {'; '.join(names)}." if names else ""


def _credit(border: BorderSet) -> str:
    credit = border.attribution.strip().rstrip(".")
    if _letters(border.licence) in _letters(credit):
        return credit
    return f"{credit} ({border.licence})".strip()


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
