"""Borders from the package."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import shapely

from hazardgeo.borders._set import BorderSet, set_from_layers
from hazardgeo.borders._sources._topojson import Topology
from hazardgeo.borders._sources._views import seen_status, unite
from hazardgeo.datasets import BORDERS
from hazardgeo.errors import BorderError
from hazardgeo.overlay._planes import split_long_edges

if TYPE_CHECKING:
    import geopandas as gpd

SOURCES = ("osm", "natural_earth")
"""Embedded versions. Neither is official; they are for screening, and two are needed to see how far lines differ."""

_ABOUT = ("source", "version", "licence", "attribution")


def embedded() -> tuple[tuple[str, ...], ...]:
    """List the countries of each embedded set, whose borders with each other can be asked.

    Returns
    -------
    tuple of tuple of str

    Examples
    --------
    >>> ("ARM", "AZE", "GEO") in embedded()
    True
    """
    return tuple(tuple(region["codes"]) for region in _index(SOURCES[0])["regions"].values())


def _index(source: str) -> dict[str, Any]:
    index: dict[str, Any] = json.loads((BORDERS / source / "index.json").read_text(encoding="utf-8"))
    return index


def load(*codes: str, source: str = "osm", point_of_view: str | None = None) -> BorderSet:
    """Load an embedded version of the borders between countries.

    Embedded borders are for screening. The line that binds is the one of the states' own commission: read that with
    `hazardgeo.borders.read` when you have it. Of other countries the set holds a strip of some 60 km around those asked for.

    Parameters
    ----------
    *codes : str
        ISO 3166-1 alpha-3 codes (XKX for Kosovo), two or more, of one region of `embedded`; or of its neighbours beside one that
        they border, such as ``"ALB", "GRC"``. Of a neighbour the set holds no more than the strip.
    source : {"osm", "natural_earth"}
        Version of the lines.
    point_of_view : str, optional
        Code of a state: countries and lines as Natural Earth says that state sees them. What it says may be incomplete
        or no longer so, and it tells the views of some states only. Without it, every line that any of them disputes is
        *disputed*.

    Returns
    -------
    BorderSet

    Raises
    ------
    BorderError
        If the version or a country is not embedded, no embedded set holds all of them, or nothing is known of that point of view.

    References
    ----------
    ``LICENCE.md`` and ``PROVENANCE.md`` beside the data, in ``hazardgeo/_borders``.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hz.borders.load("HRV", "BIH").attribution
    '© OpenStreetMap contributors, ODbL 1.0'
    >>> sorted(hz.borders.load("SRB", "XKX").asked_lines["status"].unique())
    ['disputed']
    >>> "XKX" in set(hz.borders.load("ALB", "SRB", point_of_view="RUS").countries["code"])
    False
    """
    if source not in SOURCES:
        raise BorderError(f"There is no embedded version {source!r}. Versions: {', '.join(SOURCES)}.")
    if len(set(codes)) < 2:
        raise BorderError("A border has two sides. Name at least two countries, such as 'HRV', 'BIH'.")
    index = _index(source)
    region = _region_with(set(codes), index, source)
    about = {name: index[name] for name in _ABOUT}
    path = BORDERS / source / region["file"]
    if point_of_view is None:
        return _around(path, region, set(codes), about)
    parts = _parts(set(codes), point_of_view, region, index)
    return _seen_by(_around(path, region, set(codes) | set(parts), about), point_of_view, parts)


def _region_with(codes: set[str], index: dict[str, Any], source: str) -> dict[str, Any]:
    regions: list[dict[str, Any]] = list(index["regions"].values())
    fitting = next((region for region in regions if _known_together(codes, region, source) == codes), None)
    if fitting is None:
        known = "; ".join(", ".join(region["codes"]) for region in regions)
        raise BorderError(
            f"No embedded set holds {', '.join(sorted(codes))} together. Sets: {known}; and a neighbour, with one of them "
            "that it borders. Give a border of your own: --border FILE, or hz.borders.read in Python."
        )
    return fitting


def _known_together(codes: set[str], region: dict[str, Any], source: str) -> set[str]:
    """Those countries whose borders with each other a region has; of a neighbour there is a strip, enough for their line."""
    of_region, beside = codes & set(region["codes"]), codes & set(region["neighbours"])
    if not of_region or not beside:
        return of_region
    lines = Topology(BORDERS / source / region["file"]).layer("lines")
    pairs = [{a, b} for a, b in zip(lines["country_a"], lines["country_b"], strict=True)]
    return of_region | {code for code in beside if any(code in pair and pair & of_region for pair in pairs)}


def most_embedded(codes: set[str]) -> tuple[str, ...]:
    """As many of the countries as one embedded set holds, and at least two, or none."""
    regions = _index(SOURCES[0])["regions"].values()
    most = max((tuple(sorted(_known_together(codes, region, SOURCES[0]))) for region in regions), key=len)
    return most if len(most) > 1 else ()


def _around(path: Any, region: dict[str, Any], codes: set[str], about: dict[str, str]) -> BorderSet:
    """The set with a strip around the countries asked for; the whole region where all of them are asked."""
    topology = Topology(path)
    extent = topology.layer("extent").geometry.iloc[0]
    if codes == set(region["codes"]):
        layers = (topology.layer("countries"), topology.layer("lines"), extent)
        return set_from_layers(*layers, tuple(codes), **about)
    strips = topology.layer("strips")
    # Its long edges are laid before anything is cut by them; afterwards each piece's would bow in its own way.
    strip = split_long_edges(shapely.union_all(strips.geometry.to_numpy()[strips["code"].isin(codes)]))
    countries, lines = (topology.layer(name, within=strip.bounds) for name in ("countries", "lines"))
    countries = _cut(countries, strip, 2, whole=countries["code"].isin(codes).to_numpy())
    lines = _cut(
        lines, strip, 1, whole=lines["country_a"].isin(codes).to_numpy() & lines["country_b"].isin(codes).to_numpy()
    )
    return set_from_layers(countries, lines, shapely.intersection(extent, strip), tuple(codes), **about)


def _cut(frame: gpd.GeoDataFrame, strip: Any, dimension: int, *, whole: Any) -> gpd.GeoDataFrame:
    """What lies in the strip; rows that are known to lie in it whole are left as they are, vertex for vertex."""
    shapes = frame.geometry.to_numpy().copy()
    for i in range(len(shapes)):
        if not whole[i]:
            parts = shapely.get_parts(shapely.intersection(shapes[i], strip))
            parts = parts[shapely.get_dimensions(parts) == dimension]
            shapes[i] = shapely.multipolygons(parts) if dimension == 2 else shapely.multilinestrings(parts)
    return frame.set_geometry(shapes, crs=frame.crs)[~shapely.is_empty(shapes)].reset_index(drop=True)


def _parts(codes: set[str], state: str, region: dict[str, Any], index: dict[str, Any]) -> dict[str, str]:
    """The countries that a state takes for part of one that is asked for."""
    if state not in index["viewpoints"]:
        raise BorderError(f"Nothing is known of what {state} sees. Points of view: {', '.join(index['viewpoints'])}.")
    whole_of = {code: seen[state] for code, seen in region["views"].items() if state in seen}
    for code in sorted(codes & set(whole_of)):
        raise BorderError(f"As {state} sees it, {code} is part of {whole_of[code]}. Ask for {whole_of[code]}.")
    return {code: whole for code, whole in whole_of.items() if whole in codes}


def _seen_by(border: BorderSet, state: str, parts: dict[str, str]) -> BorderSet:
    for code, whole in parts.items():
        border = unite(border, whole, whole, code)
    status = [seen_status(line.status, line.points_of_view, state) for line in border.lines.itertuples()]
    claimants = border.lines["claimants"].where([word == "disputed" for word in status], "")
    lines = border.lines.assign(status=status, claimants=claimants)
    return replace(border, lines=lines, version=f"{border.version}, as {state} sees it")


def disputed_areas() -> gpd.GeoDataFrame:
    """List ground that both embedded versions draw in one country and that another power controls or claims.

    These areas are not cut out: a side stays the country that the versions draw there. The list is older than the lines
    and may no longer hold (of Nagorno-Karabakh it does not). It says nothing of whose ground it is, and ground that is not
    in it may be disputed.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4326: ``name``, ``drawn_in`` (country code), ``type`` and ``note`` as Natural Earth 4.0.0 has them.

    References
    ----------
    ``DISPUTED.md`` beside the data, in ``hazardgeo/_borders/natural_earth``.

    Examples
    --------
    >>> sorted(disputed_areas()["drawn_in"])
    ['AZE', 'GEO', 'GEO', 'PAK']
    """
    return Topology(BORDERS / "natural_earth" / "disputed_areas.topojson.gz").layer("areas")
