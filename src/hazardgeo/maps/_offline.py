"""What a child of the map wants from the network is refused by name, never blocked in silence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import MapError

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOST = r"(?:https?:)?//[\w\[]"
_SINKS = re.compile(
    rf"""
    [\w$]\(\s*\\?["'`]\s*{_HOST}                                    # L.tileLayer("https://…"), fetch("https://…")
    | (?:icon|iconRetina|shadow)Url["']?\s*:\s*["'`]{_HOST}
    | \b(?:src|poster|data)\s*=\s*\\?["']?\s*{_HOST}
    | <(?:link|image|use)\b[^>]*?href\s*=\s*\\?["']?\s*{_HOST}
    | \burl\(\s*\\?["']?\s*{_HOST}
    | @import\s+["']?{_HOST}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ICON = "it needs Bootstrap, Font Awesome and Leaflet.awesome-markers; use folium.DivIcon or folium.CircleMarker"


def refuse_online_elements(of: Any) -> None:
    """Refuse children that link to scripts or style sheets, fetch tiles, or draw icons from a web font.

    Parameters
    ----------
    of : branca.element.Element

    Raises
    ------
    MapError
        Naming the first that does.
    """
    import folium

    for element in (of, *_descendants(of)):
        links = [*getattr(element, "default_js", ()), *getattr(element, "default_css", ())]
        if links:
            _refuse(_name(element), f"it needs {links[0][1]}")
        if isinstance(element, folium.TileLayer | folium.WmsTileLayer):
            server = getattr(element, "tiles", None) or getattr(element, "url", "a server")
            _refuse(_name(element), f"it fetches tiles from {server}, which tells that server where you look")
        if isinstance(element, folium.Icon) and not isinstance(element, folium.CustomIcon):
            _refuse(_name(element), _ICON)


def refuse_online_text(part: Any, *, ours: type) -> None:
    """Refuse what children have written into head, body or script, where it names a host to fetch from.

    Parameters
    ----------
    part : branca.element.Element
        ``header``, ``html`` or ``script`` of the figure, after its children have been rendered.
    ours : type
        Class of the elements that this library wrote itself.

    Raises
    ------
    MapError
        Naming the element and what it asks for.
    """
    for key, element in part._children.items():
        name = re.sub("_[0-9a-f]{32}$", "", key)
        if isinstance(element, ours):
            continue
        if hasattr(element, "url"):
            _refuse(name, f"it needs {element.url}")
        found = _SINKS.search(element.render())
        if found:
            _refuse(name, f"it asks for {found.string[found.start() : found.start() + 80]!r}")


def _descendants(element: Any) -> Iterator[Any]:
    inner = [*element._children.values()]
    inner += [getattr(element, name) for name in ("html", "script", "header", "icon") if hasattr(element, name)]
    for child in inner:
        if hasattr(child, "_children"):
            yield child
            yield from _descendants(child)


def _name(element: Any) -> str:
    return f"{type(element).__module__.split('.')[0]}.{type(element).__name__}"


def _refuse(name: str, why: str) -> None:
    raise MapError(
        f"{name} cannot be part of a map without internet: {why}. Remove it, or draw the same with elements "
        "that need nothing from outside, such as folium.GeoJson, PolyLine, Polygon, CircleMarker or Marker."
    )
