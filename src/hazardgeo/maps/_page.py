"""The page around the map: its head, its frame and its data, as text that no template ever reads.

branca compiles text that is already rendered as a Jinja template once more; what is made here goes past it
(`_folium.RawElement`). The data of the user stand in one JSON block, and the page's script turns them into text nodes.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass
from typing import Any

from hazardgeo.maps import _assets

CSP = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:{asks}; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
DATA_ID = "hazardgeo-data"


@dataclass(frozen=True)
class Page:
    """Everything that one page says."""

    title: str
    confidentiality: str
    notice: str
    subtitle: str
    footer: tuple[str, ...]
    """Always in sight, a line each; the first is the one that matters most."""
    details: tuple[str, ...]
    """Sources and method, behind a word to click; always on paper."""
    data: dict[str, Any]
    centre: tuple[float, float]
    asks: str = ""
    """The one origin that it may ask for pictures; empty for none."""

    @property
    def policy(self) -> str:
        """What the browser enforces."""
        return CSP.format(asks=f" {self.asks}" if self.asks else "")

    @property
    def parts(self) -> frozenset[str]:
        """Which parts of script and style this page needs beside those of every page."""
        needed = {"findings": self.data.get("findings"), "overlays": self.data.get("raster") or self.data.get("tiles")}
        large = _assets.LARGE if self.data.get("compact") else frozenset()
        return frozenset(name for name, there in needed.items() if there) | large

    @property
    def digest(self) -> str:
        """Id that depends on the content alone, so that equal calls give equal files."""
        words = [self.title, self.confidentiality, self.notice, self.subtitle, self.footer, self.details]
        said = json.dumps([*words, self.data], sort_keys=True)
        return hashlib.sha256(said.encode("utf-8")).hexdigest()[:32]


def json_block(data: Any) -> str:
    r"""Write data as JSON that stays data wherever it stands in a page.

    Examples
    --------
    >>> print(json_block({"name": "</script>"}))
    {"name":"\u003c/script\u003e"}
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def escaped(text: str) -> str:
    """Write text as HTML text or attribute value.

    Examples
    --------
    >>> escaped('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return html.escape(re.sub("[\x00\ud800-\udfff]", "\ufffd", text), quote=True)


def head(page: Page) -> str:
    """Everything within ``<head>``; the policy comes first, since it binds only what follows."""
    return f"""<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{page.policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{escaped(page.title)}</title>
<style>
{_assets.leaflet_css()}
{_assets.page_css(page.parts)}
</style>
<script>
{_assets.leaflet_js()}
</script>"""


def body(page: Page, map_id: str) -> str:
    """Everything within ``<body>`` but the last script."""
    said = "\n".join(f"<p>{escaped(line)}</p>" for line in page.footer)
    details = "\n".join(f"<p>{escaped(line)}</p>" for line in page.details)
    notices = "".join(
        f'<p class="{kind}">{escaped(text)}</p>'
        for kind, text in (("hz-confidential", page.confidentiality), ("hz-notice", page.notice))
        if text
    )
    label = escaped(f"Map: {page.title}. Arrow keys move it, plus and minus zoom.")
    return f"""<div class="hz-page">
<header class="hz-header"><h1>{escaped(page.title)}</h1>
<div class="hz-subtitle">{notices}<p>{escaped(page.subtitle)}</p></div>
<p class="hz-hidden-note" id="hz-hidden-note" role="status"></p></header>
<div class="hz-fault" id="hz-fault" role="alert" hidden></div>
<noscript><p class="hz-fault">This map is drawn by a script within this file. Allow scripts to see it.</p></noscript>
<main class="hz-main">
<div class="hz-tools" id="hz-tools" role="group" aria-label="Map tools"></div>
<div class="hz-map" id="{map_id}" role="region" aria-label="{label}"></div>
<div class="hz-panel" id="hz-panel">
<section class="hz-legend" id="hz-legend" aria-label="Legend"></section>
<section class="hz-records" id="hz-records" aria-label="Records"></section>
</div>
</main>
<footer class="hz-footer">
{said}
<details id="hz-details"><summary>Sources and method</summary>
{details}
</details>
</footer>
</div>
<script type="application/json" id="{DATA_ID}">{json_block(page.data)}</script>"""


def script(page: Page, map_id: str) -> str:
    """Draw the page; the map is a global of folium's name, to which folium's own layers add themselves."""
    code = _assets.page_js(page.parts)
    return f"{code}\nvar {map_id} = hazardgeoMap({json.dumps(map_id)}, {json.dumps(DATA_ID)});"
