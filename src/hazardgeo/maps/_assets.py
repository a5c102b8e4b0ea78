"""What goes into every page: Leaflet, the page's own script and its style sheet, all inline."""

from __future__ import annotations

import base64
import functools
import re
from pathlib import Path

_HERE = Path(__file__).parent
_VENDOR = _HERE / "_vendor"
_MARKER_IMAGES = {
    "iconUrl": "marker-icon.png",
    "iconRetinaUrl": "marker-icon-2x.png",
    "shadowUrl": "marker-shadow.png",
}
_SCRIPTS = (
    "nodes.js",
    "geodesy.js",
    "areas.js",
    "crowding.js",
    "lines.js",
    "names.js",
    "legend.js",
    "switches.js",
    "table.js",
    "search.js",
    "popup.js",
    "findings.js",
    "overlays.js",
    "measure.js",
    "position.js",
    "tools.js",
    "print.js",
    "decode.js",
    "canvas.js",
    "canvas_shapes.js",
    "canvas_pick.js",
    "page.js",
)
_STYLES = ("page.css", "tools.css", "findings.css", "print.css")
LARGE = frozenset({"decode", "canvas", "canvas_shapes", "canvas_pick"})
"""What a page needs whose records come packed."""
PARTS = frozenset({"findings", "overlays"}) | LARGE
"""Files of these names are in a page only if it needs them."""


@functools.cache
def leaflet_css() -> str:
    """Leaflet's style sheet with its images as data URIs."""
    css = (_VENDOR / "leaflet.css").read_text("utf-8")
    return re.sub(r"url\(images/([\w-]+\.png)\)", lambda found: f"url({image(found[1])})", css)


@functools.cache
def leaflet_js() -> str:
    """Leaflet with its licence, without the comment that points to a source map beside it."""
    licence = (_VENDOR / "LICENSE.leaflet").read_text("utf-8").strip()
    code = (_VENDOR / "leaflet.js").read_text("utf-8")
    return f"/*! Leaflet 1.9.4\n{licence}\n*/\n" + re.sub(r"\n//# sourceMappingURL=.*\s*$", "\n", code)


@functools.cache
def page_css(parts: frozenset[str] = PARTS) -> str:
    """The page's own style sheet."""
    return _together(_STYLES, parts)


@functools.cache
def page_js(parts: frozenset[str] = PARTS) -> str:
    """The page's own script: its files one after the other in one scope."""
    return f'(() => {{\n"use strict";\n{_together(_SCRIPTS, parts)}\n}})();'


def _together(names: tuple[str, ...], parts: frozenset[str]) -> str:
    wanted = [name for name in names if Path(name).stem in parts or Path(name).stem not in PARTS]
    text = "\n".join((_HERE / name).read_text("utf-8") for name in wanted)
    return re.sub(r"^\s*//.*\n|^\s+", "", text, flags=re.MULTILINE)  # comments and indents are a tenth of it


@functools.cache
def image(name: str) -> str:
    """One of Leaflet's images as a data URI."""
    return "data:image/png;base64," + base64.b64encode((_VENDOR / name).read_bytes()).decode()


@functools.cache
def folium_js() -> str:
    """What folium's own layers expect beside Leaflet: a marker image, and the two uses they make of jQuery."""
    images = (f'{name}: "{image(file)}"' for name, file in _MARKER_IMAGES.items())
    code = (_HERE / "folium.js").read_text("utf-8")
    return f"const hazardgeoMarker = {{{', '.join(images)}}};\n{code}"
