"""Tiles for those who ask: one host, named in the page's policy and on the page; the reader's tick comes first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from hazardgeo.errors import MapError
from hazardgeo.sources import Grade, Source

Online = bool | tuple[str, str]
_URL = re.compile(r"(https://|http://(?=localhost[:/]|127\.0\.0\.1[:/]))([\w.-]+(?::\d+)?)/[\w./{}@?&=%~+-]*", re.ASCII)


@dataclass(frozen=True)
class Tiles:
    """A server of map tiles in Web Mercator."""

    url: str
    attribution: str
    max_zoom: int = 19

    @property
    def origin(self) -> str:
        """What the policy of the page is opened to."""
        found = _URL.fullmatch(self.url)
        return f"{found[1]}{found[2]}" if found else ""

    def as_json(self) -> dict[str, Any]:
        """Give what the page needs of it."""
        host = self.origin.partition("//")[2]
        return {"url": self.url, "host": host, "attribution": self.attribution, "maxZoom": self.max_zoom}


OPEN_TOPO_MAP = Tiles(
    "https://a.tile.opentopomap.org/{z}/{x}/{y}.png",
    "Tiles: map data © OpenStreetMap contributors, SRTM; map style © OpenTopoMap (CC-BY-SA).",
    17,
)
OPEN_TOPO_MAP_SOURCE = Source("xyzservices 2026.9.1, provider OpenTopoMap", Grade.SECONDARY)


def tiles_for(online: Online) -> Tiles | None:
    """Choose the tiles that were asked for: none, OpenTopoMap, or those of a server that is named.

    Raises
    ------
    MapError
        If the address is none of a tile server, or is that of OpenStreetMap itself.

    Examples
    --------
    >>> tiles_for(False), tiles_for(True).origin
    (None, 'https://a.tile.opentopomap.org')
    """
    if isinstance(online, bool):
        return OPEN_TOPO_MAP if online else None
    url, attribution = online
    tiles = Tiles(str(url), str(attribution))
    if not tiles.origin or not all(part in tiles.url for part in ("{z}", "{x}", "{y}")):
        raise MapError(
            f"{url!r} is no address of tiles. Give one such as ('https://tiles.example.org/{{z}}/{{x}}/{{y}}.png', "
            "'© whom to credit')."
        )
    if re.search(r"//([\w-]+\.)*openstreetmap\.org[:/]", tiles.url, re.IGNORECASE):
        raise MapError(
            "The tiles of openstreetmap.org are refused to pages that are opened from disk. Use online=True, which "
            "asks OpenTopoMap, or name a server of your own."
        )
    if not tiles.attribution.strip():
        raise MapError(f"Say whom to credit for the tiles of {url}: online=(address, credit).")
    return tiles
