"""How the areas of a page are drawn: few as elements of SVG, many on canvas from packed numbers."""

from __future__ import annotations

from typing import Literal, get_args

from hazardgeo.errors import MapError
from hazardgeo.measure import grouped

Renderer = Literal["auto", "svg", "canvas"]
CANVAS_FROM = 5_001
"""Records from which on a page is drawn on canvas: with more, each step of the zoom would keep the reader waiting."""
MOST_RECORDS = 100_000
"""Records on one page. Up to here size and speed were measured: benchmarks/map_size.py."""
MOST_COUNTED_ONCE = 20_000
"""Open hazards up to which a page says how much ground they cover together: their union takes longer than all the rest."""


def on_canvas(renderer: Renderer, count: int) -> bool:
    """Choose how so many records are drawn.

    Parameters
    ----------
    renderer : {"auto", "svg", "canvas"}
    count : int
        Hazards and releases together.

    Returns
    -------
    bool

    Raises
    ------
    MapError
        If there is no such way, or there are more records than a page can hold.

    Examples
    --------
    >>> on_canvas("auto", 5_000), on_canvas("auto", 5_001), on_canvas("svg", 5_001), on_canvas("canvas", 1)
    (False, True, False, True)
    """
    if renderer not in get_args(Renderer):
        raise MapError(f"There is no renderer {renderer!r}. Use one of {', '.join(get_args(Renderer))}.")
    if count > MOST_RECORDS:
        raise MapError(
            f"These are {grouped(count)} records, and one page holds {grouped(MOST_RECORDS)}. None is left out to make it "
            "smaller: make a map of each register, country or stretch of the border, such as "
            "hazards[hazards['register'] == …], or draw the open hazards alone and say so in `notice`."
        )
    return renderer == "canvas" or (renderer == "auto" and count >= CANVAS_FROM)
